//! Cards, codes, sessions, confirmations, disputes and corrections in the database.

use super::card::Kept;
use crate::access::Scope;
use crate::db::Tx;
use chrono::NaiveDate;
use entity::value::{
    AgreementId, DisputeId, DisputeState, HouseholdCardId, HouseholdId, PayoutId, SupplierOrderId, Timestamp,
    VoiceCodeId, VoiceSessionId, VoiceSubject,
};
use entity::{agreement, confirmation, correction, dispute, household_card, payout, voice_code, voice_session};
use sea_orm::sea_query::{Expr, ExprTrait, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use uuid::Uuid;

pub(super) async fn insert_card(tx: &Tx, row: household_card::Model) -> Result<(), DbErr> {
    household_card::Entity::update_many()
        .col_expr(household_card::Column::RevokedAt, Expr::value(tx.now()))
        .filter(household_card::Column::HouseholdId.eq(row.household_id))
        .filter(household_card::Column::RevokedAt.is_null())
        .exec(tx)
        .await?;
    household_card::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// The card that is good and stands under one of these hashes.
pub(super) async fn good_card(
    db: &impl ConnectionTrait,
    hashes: &[String],
) -> Result<Option<household_card::Model>, DbErr> {
    household_card::Entity::find()
        .filter(household_card::Column::NumberHash.is_in(hashes.iter().map(String::as_str)))
        .filter(household_card::Column::RevokedAt.is_null())
        .one(db)
        .await
}

/// Keeps what was not kept of a number when its card was issued.
pub(super) async fn keep_number(tx: &Tx, id: HouseholdCardId, kept: Kept) -> Result<(), DbErr> {
    household_card::Entity::update_many()
        .col_expr(household_card::Column::NumberHash, Expr::value(kept.hash))
        .col_expr(household_card::Column::NumberCipher, Expr::value(kept.cipher))
        .filter(household_card::Column::Id.eq(id))
        .exec(tx)
        .await
        .map(drop)
}

/// How many codes were sent to a household since.
pub(super) async fn codes_since(
    db: &impl ConnectionTrait,
    household: HouseholdId,
    since: Timestamp,
) -> Result<u64, DbErr> {
    voice_code::Entity::find()
        .filter(voice_code::Column::HouseholdId.eq(household))
        .filter(voice_code::Column::CreatedAt.gt(since))
        .count(db)
        .await
}

pub(super) async fn insert_code(tx: &Tx, row: voice_code::Model) -> Result<(), DbErr> {
    voice_code::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// The newest code of a household, held.
pub(super) async fn newest_code(tx: &Tx, household: HouseholdId) -> Result<Option<voice_code::Model>, DbErr> {
    voice_code::Entity::find()
        .filter(voice_code::Column::HouseholdId.eq(household))
        .order_by_desc(voice_code::Column::CreatedAt)
        .order_by_desc(voice_code::Column::Id)
        .lock(LockType::Update)
        .one(tx)
        .await
}

/// Counts a try; a right one uses the code up.
pub(super) async fn tried(tx: &Tx, id: VoiceCodeId, is_right: bool) -> Result<(), DbErr> {
    let mut update = voice_code::Entity::update_many()
        .col_expr(voice_code::Column::Tries, Expr::col(voice_code::Column::Tries).add(1))
        .filter(voice_code::Column::Id.eq(id));
    if is_right {
        update = update.col_expr(voice_code::Column::UsedAt, Expr::value(tx.now()));
    }
    update.exec(tx).await.map(drop)
}

pub(super) async fn insert_session(tx: &Tx, row: voice_session::Model) -> Result<(), DbErr> {
    voice_session::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// A session that is not over.
pub(super) async fn session(
    db: &impl ConnectionTrait,
    token_hash: &str,
    now: Timestamp,
) -> Result<Option<voice_session::Model>, DbErr> {
    voice_session::Entity::find()
        .filter(voice_session::Column::TokenHash.eq(token_hash))
        .filter(voice_session::Column::EndedAt.is_null())
        .filter(voice_session::Column::ExpiresAt.gt(now))
        .one(db)
        .await
}

pub(super) async fn end_session(tx: &Tx, id: VoiceSessionId) -> Result<(), DbErr> {
    voice_session::Entity::update_many()
        .col_expr(voice_session::Column::EndedAt, Expr::value(tx.now()))
        .filter(voice_session::Column::Id.eq(id))
        .exec(tx)
        .await
        .map(drop)
}

pub(super) async fn insert_confirmation(tx: &Tx, row: confirmation::Model) -> Result<(), DbErr> {
    confirmation::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// What a household confirmed of a year, oldest first.
pub(super) async fn confirmations(
    db: &impl ConnectionTrait,
    household: HouseholdId,
    year: i32,
) -> Result<Vec<confirmation::Model>, DbErr> {
    confirmation::Entity::find()
        .filter(confirmation::Column::HouseholdId.eq(household))
        .filter(confirmation::Column::Year.eq(year))
        .order_by_asc(confirmation::Column::Id)
        .limit(1000)
        .all(db)
        .await
}

/// What a scope sees: a cooperative what it is to answer, a county what it is to decide.
fn visible(scope: &Scope) -> Select<dispute::Entity> {
    let rows = dispute::Entity::find();
    match scope {
        Scope::Everything => rows,
        Scope::Organisation(supplier) => rows.filter(dispute::Column::SupplierId.eq(*supplier)),
        Scope::County(code) => rows.filter(dispute::Column::CountyCode.eq(code.clone())),
        _ => rows.filter(Expr::value(false)),
    }
}

/// Which disputes are asked for.
pub(super) struct Wanted {
    pub state: Option<DisputeState>,
    /// Only those whose next step was due before this day.
    pub overdue_on: Option<NaiveDate>,
    pub before: Option<Uuid>,
    pub limit: u64,
}

pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    wanted: &Wanted,
) -> Result<Vec<dispute::Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(dispute::Column::Id).limit(wanted.limit);
    if let Some(state) = wanted.state {
        rows = rows.filter(dispute::Column::State.eq(state));
    }
    if let Some(today) = wanted.overdue_on {
        let waiting = [DisputeState::Open, DisputeState::Answered];
        rows = rows.filter(dispute::Column::DueOn.lt(today)).filter(dispute::Column::State.is_in(waiting));
    }
    if let Some(before) = wanted.before {
        rows = rows.filter(dispute::Column::Id.lt(before));
    }
    rows.all(db).await
}

/// A household's own disputes, newest first.
pub(super) async fn of_household(
    db: &impl ConnectionTrait,
    household: HouseholdId,
) -> Result<Vec<dispute::Model>, DbErr> {
    dispute::Entity::find()
        .filter(dispute::Column::HouseholdId.eq(household))
        .order_by_desc(dispute::Column::Id)
        .limit(200)
        .all(db)
        .await
}

/// Whether an entry is under a dispute that has no outcome.
pub(super) async fn is_disputed(
    db: &impl ConnectionTrait,
    household: HouseholdId,
    (agreement, order, subject): (AgreementId, SupplierOrderId, VoiceSubject),
) -> Result<bool, DbErr> {
    let found = dispute::Entity::find()
        .filter(dispute::Column::HouseholdId.eq(household))
        .filter(dispute::Column::AgreementId.eq(agreement))
        .filter(dispute::Column::SupplierOrderId.eq(order))
        .filter(dispute::Column::Subject.eq(subject))
        .filter(dispute::Column::State.is_in([DisputeState::Open, DisputeState::Answered]));
    Ok(found.count(db).await? > 0)
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: DisputeId,
) -> Result<Option<dispute::Model>, DbErr> {
    visible(scope).filter(dispute::Column::Id.eq(id)).one(db).await
}

pub(super) async fn hold(tx: &Tx, scope: &Scope, id: DisputeId) -> Result<Option<dispute::Model>, DbErr> {
    visible(scope).filter(dispute::Column::Id.eq(id)).lock_exclusive().one(tx).await
}

pub(super) async fn insert(tx: &Tx, row: dispute::Model) -> Result<(), DbErr> {
    dispute::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// Writes a held dispute anew.
pub(super) async fn update(tx: &Tx, row: &dispute::Model) -> Result<(), DbErr> {
    use sea_orm::ActiveModelTrait;
    let mut active = row.clone().into_active_model();
    for column in <dispute::Column as sea_orm::Iterable>::iter() {
        if !matches!(column, dispute::Column::Id) {
            active.reset(column);
        }
    }
    dispute::Entity::update(active).exec(tx).await.map(drop)
}

pub(super) async fn insert_correction(tx: &Tx, row: correction::Model) -> Result<(), DbErr> {
    correction::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// The corrections of these disputes.
pub(super) async fn corrections(
    db: &impl ConnectionTrait,
    disputes: &[DisputeId],
) -> Result<Vec<correction::Model>, DbErr> {
    correction::Entity::find().filter(correction::Column::DisputeId.is_in(disputes.iter().copied())).all(db).await
}

/// A payout, held.
pub(super) async fn hold_payout(tx: &Tx, id: PayoutId) -> Result<Option<payout::Model>, DbErr> {
    payout::Entity::find().filter(payout::Column::Id.eq(id)).lock_exclusive().one(tx).await
}

/// An agreement of a household.
pub(super) async fn agreement_of(
    db: &impl ConnectionTrait,
    household: HouseholdId,
    id: AgreementId,
) -> Result<Option<agreement::Model>, DbErr> {
    agreement::Entity::find()
        .filter(agreement::Column::HouseholdId.eq(household))
        .filter(agreement::Column::Id.eq(id))
        .one(db)
        .await
}
