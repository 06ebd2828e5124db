//! Rules, pledges and what was entered, in the database. Every read for a caller begins at [`visible`].

use crate::access::Scope;
use crate::db::{Tx, dialect::sum_as_integer};
use crate::organisation;
use chrono::NaiveDate;
use entity::value::{
    AidClaimId, AidKind, AidState, ContributionKind, OrganisationId, PairingId, ProgrammeId, SupplierOrderId,
};
use entity::{aid_claim, aid_claim_step, contribution, pairing, pledge, programme_rule, supplier_order};
use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel,
    JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef, Select,
};
use uuid::Uuid;

/// What a scope sees: an enterprise and a village what concerns them, a county what concerns its villages.
fn visible(scope: &Scope) -> Select<aid_claim::Entity> {
    let rows = aid_claim::Entity::find();
    match scope {
        Scope::Everything => rows,
        Scope::Organisation(party) => rows.filter(
            Condition::any()
                .add(aid_claim::Column::EnterpriseId.eq(*party))
                .add(aid_claim::Column::VillageId.eq(*party)),
        ),
        Scope::County(_) | Scope::Tree(_) | Scope::AssignedHouseholds(_) => {
            rows.filter(aid_claim::Column::VillageId.in_subquery(organisation::ids_within(scope)))
        }
    }
}

pub(super) async fn rules(
    db: &impl ConnectionTrait,
    programme: ProgrammeId,
) -> Result<Vec<programme_rule::Model>, DbErr> {
    programme_rule::Entity::find()
        .filter(programme_rule::Column::ProgrammeId.eq(programme))
        .order_by_asc(programme_rule::Column::Number)
        .all(db)
        .await
}

pub(super) async fn insert_rule(tx: &Tx, row: programme_rule::Model) -> Result<(), DbErr> {
    programme_rule::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn insert_pledge(tx: &Tx, row: pledge::Model) -> Result<(), DbErr> {
    pledge::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn pledges(db: &impl ConnectionTrait, pairing: PairingId) -> Result<Vec<pledge::Model>, DbErr> {
    pledge::Entity::find().filter(pledge::Column::PairingId.eq(pairing)).order_by_asc(pledge::Column::Id).all(db).await
}

pub(super) async fn insert_claim(tx: &Tx, row: aid_claim::Model) -> Result<(), DbErr> {
    aid_claim::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn find_claim(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: AidClaimId,
) -> Result<Option<aid_claim::Model>, DbErr> {
    visible(scope).filter(aid_claim::Column::Id.eq(id)).one(db).await
}

pub(super) async fn hold_claim(tx: &Tx, scope: &Scope, id: AidClaimId) -> Result<Option<aid_claim::Model>, DbErr> {
    visible(scope).filter(aid_claim::Column::Id.eq(id)).lock_exclusive().one(tx).await
}

pub(super) async fn save_claim(tx: &Tx, row: aid_claim::Model) -> Result<aid_claim::Model, DbErr> {
    let row = aid_claim::Model { version: row.version + 1, ..row };
    let all = row.clone().into_active_model().reset_all();
    aid_claim::Entity::update(all).exec(tx).await
}

pub(super) async fn list_claims(
    db: &impl ConnectionTrait,
    scope: &Scope,
    (pairing, state): (Option<PairingId>, Option<AidState>),
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<aid_claim::Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(aid_claim::Column::Id).limit(limit);
    if let Some(pairing) = pairing {
        rows = rows.filter(aid_claim::Column::PairingId.eq(pairing));
    }
    if let Some(state) = state {
        rows = rows.filter(aid_claim::Column::State.eq(state));
    }
    if let Some(before) = before {
        rows = rows.filter(aid_claim::Column::Id.lt(before));
    }
    rows.all(db).await
}

pub(super) async fn insert_step(tx: &Tx, row: aid_claim_step::Model) -> Result<(), DbErr> {
    aid_claim_step::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn steps(db: &impl ConnectionTrait, claim: AidClaimId) -> Result<Vec<aid_claim_step::Model>, DbErr> {
    aid_claim_step::Entity::find()
        .filter(aid_claim_step::Column::ClaimId.eq(claim))
        .order_by_asc(aid_claim_step::Column::StepNo)
        .all(db)
        .await
}

/// A supplier order, whoever asks.
pub(super) async fn order(
    db: &impl ConnectionTrait,
    id: SupplierOrderId,
) -> Result<Option<supplier_order::Model>, DbErr> {
    supplier_order::Entity::find_by_id(id).one(db).await
}

/// What a claim counts for, in fen, as SQL: an assisted sale no more than what still stands of its order, so that a refund
/// takes it back.
#[must_use]
pub const fn counted_fen() -> &'static str {
    r#"case when "aid_claim"."supplier_order_id" is null then "aid_claim"."amount_fen" else (
       select case when "sold"."accepted_fen" - "sold"."credited_fen" < "aid_claim"."amount_fen"
           then "sold"."accepted_fen" - "sold"."credited_fen" else "aid_claim"."amount_fen" end
       from "supplier_order" as "sold" where "sold"."id" = "aid_claim"."supplier_order_id") end"#
}

/// What was pledged of a kind.
#[derive(Debug, Clone, FromQueryResult)]
pub(super) struct Pledged {
    pub kind: AidKind,
    pub pledges: i64,
    pub amount_fen: i64,
    pub people: i64,
}

/// What was pledged in these pairings, kind by kind.
pub(super) async fn pledged(db: &impl ConnectionTrait, of: SelectStatement) -> Result<Vec<Pledged>, DbErr> {
    let sum = |column: &str| Expr::cust(sum_as_integer(db.get_database_backend(), column));
    pledge::Entity::find()
        .select_only()
        .column(pledge::Column::Kind)
        .column_as(pledge::Column::Id.count(), "pledges")
        .expr_as(sum(r#""amount_fen""#), "amount_fen")
        .expr_as(sum(r#""people""#), "people")
        .filter(pledge::Column::PairingId.in_subquery(of))
        .group_by(pledge::Column::Kind)
        .into_model()
        .all(db)
        .await
}

/// What was entered of a kind, added up by how far its review came.
#[derive(Debug, Clone, FromQueryResult)]
pub(super) struct Sum {
    pub kind: AidKind,
    pub state: AidState,
    pub claims: i64,
    pub amount_fen: i64,
    pub people: i64,
}

pub(super) async fn sums(db: &impl ConnectionTrait, of: SelectStatement) -> Result<Vec<Sum>, DbErr> {
    let sum = |column: &str| Expr::cust(sum_as_integer(db.get_database_backend(), column));
    aid_claim::Entity::find()
        .select_only()
        .columns([aid_claim::Column::Kind, aid_claim::Column::State])
        .column_as(aid_claim::Column::Id.count(), "claims")
        .expr_as(sum(counted_fen()), "amount_fen")
        .expr_as(sum(r#""people""#), "people")
        .filter(aid_claim::Column::PairingId.in_subquery(of))
        .group_by(aid_claim::Column::Kind)
        .group_by(aid_claim::Column::State)
        .into_model()
        .all(db)
        .await
}

/// What an enterprise gave of one kind.
#[derive(Debug, Clone, FromQueryResult)]
pub(super) struct Given {
    pub enterprise_id: OrganisationId,
    pub amount_fen: i64,
    pub people: i64,
    pub rows: i64,
}

fn claim_to_pairing() -> RelationDef {
    aid_claim::Entity::belongs_to(pairing::Entity).from(aid_claim::Column::PairingId).to(pairing::Column::Id).into()
}

/// What was verified of a kind within a programme, by enterprise.
pub(super) async fn verified(
    db: &impl ConnectionTrait,
    programme: ProgrammeId,
    kind: AidKind,
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Vec<Given>, DbErr> {
    let sum = |column: &str| Expr::cust(sum_as_integer(db.get_database_backend(), column));
    aid_claim::Entity::find()
        .select_only()
        .column(aid_claim::Column::EnterpriseId)
        .expr_as(sum(counted_fen()), "amount_fen")
        .expr_as(sum(r#""aid_claim"."people""#), "people")
        .column_as(aid_claim::Column::Id.count(), "rows")
        .join(JoinType::InnerJoin, claim_to_pairing())
        .filter(pairing::Column::ProgrammeId.eq(programme))
        .filter(aid_claim::Column::Kind.eq(kind))
        .filter(aid_claim::Column::State.eq(AidState::CountyVerified))
        .filter(aid_claim::Column::OccurredOn.between(from, until))
        .group_by(aid_claim::Column::EnterpriseId)
        .into_model()
        .all(db)
        .await
}

/// What orders came to within a programme, by enterprise: the last computation of each.
pub(super) async fn counted(
    db: &impl ConnectionTrait,
    programme: ProgrammeId,
    kind: ContributionKind,
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Vec<Given>, DbErr> {
    let sum = |column: &str| Expr::cust(sum_as_integer(db.get_database_backend(), column));
    let to_pairing =
        contribution::Entity::belongs_to(pairing::Entity).from(contribution::Column::PairingId).to(pairing::Column::Id);
    contribution::Entity::find()
        .select_only()
        .column_as(pairing::Column::EnterpriseId, "enterprise_id")
        .expr_as(sum(r#""contribution"."amount_fen""#), "amount_fen")
        .expr_as(Expr::cust(sum_as_integer(db.get_database_backend(), "0")), "people")
        .column_as(contribution::Column::Id.count(), "rows")
        .join(JoinType::InnerJoin, to_pairing.into())
        .filter(pairing::Column::ProgrammeId.eq(programme))
        .filter(contribution::Column::Kind.eq(kind))
        .filter(contribution::Column::OccurredOn.between(from, until))
        .filter(crate::pairing::store::is_last())
        .group_by(pairing::Column::EnterpriseId)
        .into_model()
        .all(db)
        .await
}
