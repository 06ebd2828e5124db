//! Periods in the database. Every read for a caller begins at [`visible`].
//!
//! What waits in a period is read from the journal, whose entries bear their orders.

use super::view::PeriodQuery;
use crate::access::Scope;
use crate::db::{Tx, dialect::sum_as_integer};
use crate::organisation;
use chrono::NaiveDate;
use entity::value::{
    AgreementId, BenefitMode, Fen, OrganisationId, PeriodId, PeriodPoolId, PeriodRecordId, PeriodState, PersonId,
    SupplierOrderId,
};
use entity::{account, entry, period, period_pool, period_record, period_run, period_share};
use sea_orm::sea_query::{Expr, LockType, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult, IntoActiveModel, JoinType,
    QueryFilter, QueryOrder, QuerySelect, Select,
};

/// Rows in one insert, values in one `in`.
const CHUNK: usize = 1000;

fn visible(scope: &Scope) -> Select<period::Entity> {
    let rows = period::Entity::find();
    match scope {
        Scope::Everything => rows,
        Scope::Organisation(supplier) => rows.filter(period::Column::SupplierId.eq(*supplier)),
        Scope::County(_) | Scope::Tree(_) | Scope::AssignedHouseholds(_) => {
            rows.filter(period::Column::SupplierId.in_subquery(organisation::ids_within(scope)))
        }
    }
}

pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &PeriodQuery,
    after: Option<PeriodId>,
    limit: u64,
) -> Result<Vec<period::Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(period::Column::Id).limit(limit + 1);
    if let Some(state) = query.state {
        rows = rows.filter(period::Column::State.eq(state));
    }
    if let Some(supplier) = query.supplier_id {
        rows = rows.filter(period::Column::SupplierId.eq(supplier));
    }
    if let Some(after) = after {
        rows = rows.filter(period::Column::Id.lt(after));
    }
    rows.all(db).await
}

pub(super) async fn find_visible(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: PeriodId,
) -> Result<Option<period::Model>, DbErr> {
    visible(scope).filter(period::Column::Id.eq(id)).one(db).await
}

/// Held alone: for who changes or closes it, or records in it.
pub(super) async fn hold(tx: &Tx, scope: &Scope, id: PeriodId) -> Result<Option<period::Model>, DbErr> {
    visible(scope).filter(period::Column::Id.eq(id)).lock(LockType::NoKeyUpdate).one(tx).await
}

/// Held together with others who post into it; nothing when it was closed meanwhile.
pub(super) async fn hold_open(tx: &Tx, id: PeriodId) -> Result<Option<period::Model>, DbErr> {
    period::Entity::find_by_id(id)
        .filter(period::Column::State.eq(PeriodState::Open))
        .lock(LockType::Share)
        .one(tx)
        .await
}

/// The earliest open period that ends on or after a day.
pub(super) async fn open_from(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    date: NaiveDate,
) -> Result<Option<period::Model>, DbErr> {
    period::Entity::find()
        .filter(period::Column::SupplierId.eq(supplier))
        .filter(period::Column::State.eq(PeriodState::Open))
        .filter(period::Column::EndsOn.gte(date))
        .order_by_asc(period::Column::EndsOn)
        .limit(1)
        .one(db)
        .await
}

/// The last day that any period of a supplier covers.
pub(super) async fn last_day(db: &impl ConnectionTrait, supplier: OrganisationId) -> Result<Option<NaiveDate>, DbErr> {
    let last = period::Entity::find()
        .filter(period::Column::SupplierId.eq(supplier))
        .order_by_desc(period::Column::EndsOn)
        .limit(1)
        .one(db)
        .await?;
    Ok(last.map(|period| period.ends_on))
}

/// Whether a supplier has a period on any of these days; those it has are held.
pub(super) async fn overlaps(
    tx: &Tx,
    supplier: OrganisationId,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<bool, DbErr> {
    let all = period::Entity::find()
        .filter(period::Column::SupplierId.eq(supplier))
        .order_by_asc(period::Column::Id)
        .lock(LockType::Share)
        .all(tx)
        .await?;
    Ok(all.iter().any(|period| period.starts_on <= last && period.ends_on >= first))
}

/// Whether a supplier has an open period that ends before a day.
pub(super) async fn has_open_before(tx: &Tx, supplier: OrganisationId, date: NaiveDate) -> Result<bool, DbErr> {
    let found = period::Entity::find()
        .filter(period::Column::SupplierId.eq(supplier))
        .filter(period::Column::State.eq(PeriodState::Open))
        .filter(period::Column::EndsOn.lt(date))
        .limit(1)
        .one(tx)
        .await?;
    Ok(found.is_some())
}

/// Opens a period with its pools, unless one begins on the same day; says whether it did.
pub(super) async fn insert(tx: &Tx, row: period::Model, pools: Vec<period_pool::Model>) -> Result<bool, DbErr> {
    let nothing = OnConflict::new().do_nothing().to_owned();
    let made = period::Entity::insert(row.into_active_model()).on_conflict(nothing).exec_without_returning(tx).await;
    match made {
        Ok(1) => {}
        Ok(_) | Err(DbErr::RecordNotInserted) => return Ok(false),
        Err(error) => return Err(error),
    }
    let pools = pools.into_iter().map(IntoActiveModel::into_active_model);
    period_pool::Entity::insert_many(pools).exec_without_returning(tx).await?;
    Ok(true)
}

pub(super) async fn set_closed(tx: &Tx, id: PeriodId, by: PersonId) -> Result<(), DbErr> {
    period::Entity::update_many()
        .col_expr(period::Column::State, Expr::value(PeriodState::Closed.as_str()))
        .col_expr(period::Column::ClosedBy, Expr::value(by))
        .col_expr(period::Column::ClosedAt, Expr::value(tx.now()))
        .col_expr(period::Column::Version, Expr::col(period::Column::Version).add(1))
        .filter(period::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

pub(super) async fn touch(tx: &Tx, id: PeriodId) -> Result<(), DbErr> {
    period::Entity::update_many()
        .col_expr(period::Column::Version, Expr::col(period::Column::Version).add(1))
        .filter(period::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

pub(super) async fn pools_of(db: &impl ConnectionTrait, ids: &[PeriodId]) -> Result<Vec<period_pool::Model>, DbErr> {
    period_pool::Entity::find()
        .filter(period_pool::Column::PeriodId.is_in(ids.iter().copied()))
        .order_by_asc(period_pool::Column::PeriodId)
        .order_by_asc(period_pool::Column::Id)
        .all(db)
        .await
}

/// What stands on a pool's account.
#[derive(Debug, FromQueryResult)]
pub(super) struct PoolBalance {
    pub part_id: PeriodPoolId,
    pub credit_fen: i64,
    pub debit_fen: i64,
}

pub(super) async fn balances_of(db: &impl ConnectionTrait, pools: &[PeriodPoolId]) -> Result<Vec<PoolBalance>, DbErr> {
    account::Entity::find()
        .select_only()
        .column(account::Column::PartId)
        .column(account::Column::CreditFen)
        .column(account::Column::DebitFen)
        .filter(account::Column::Kind.eq(entity::value::AccountKind::PeriodPool))
        .filter(account::Column::PartId.is_in(pools.iter().map(|pool| pool.uuid())))
        .into_model()
        .all(db)
        .await
}

/// What an order brought to a pool.
#[derive(Debug, FromQueryResult)]
pub(super) struct Brought {
    pub part_id: PeriodPoolId,
    pub supplier_order_id: SupplierOrderId,
    pub amount_fen: i64,
}

/// What each order brought to each of these pools, less what was taken back.
pub(super) async fn brought(db: &impl ConnectionTrait, pools: &[PeriodPoolId]) -> Result<Vec<Brought>, DbErr> {
    let net = r#"case when "entry"."side" = 'credit' then "entry"."amount_fen" else -"entry"."amount_fen" end"#;
    let to_account =
        entry::Entity::belongs_to(account::Entity).from(entry::Column::AccountId).to(account::Column::Id).into();
    entry::Entity::find()
        .select_only()
        .column(account::Column::PartId)
        .column(entry::Column::SupplierOrderId)
        .expr_as(Expr::cust(sum_as_integer(db.get_database_backend(), net)), "amount_fen")
        .join(JoinType::InnerJoin, to_account)
        .filter(account::Column::Kind.eq(entity::value::AccountKind::PeriodPool))
        .filter(account::Column::PartId.is_in(pools.iter().map(|pool| pool.uuid())))
        .filter(entry::Column::SupplierOrderId.is_not_null())
        .group_by(account::Column::PartId)
        .group_by(entry::Column::SupplierOrderId)
        .into_model()
        .all(db)
        .await
}

/// What of an order waits in a pool.
#[derive(Debug, FromQueryResult)]
pub(super) struct WaitingRow {
    pub pool_id: PeriodPoolId,
    pub mode: BenefitMode,
    pub amount_fen: i64,
}

/// What of an order waits, pool by pool, the newest first.
pub(super) async fn waiting_of(db: &impl ConnectionTrait, order: SupplierOrderId) -> Result<Vec<WaitingRow>, DbErr> {
    let net = r#"case when "entry"."side" = 'credit' then "entry"."amount_fen" else -"entry"."amount_fen" end"#;
    let to_account =
        entry::Entity::belongs_to(account::Entity).from(entry::Column::AccountId).to(account::Column::Id).into();
    let to_pool = account::Entity::belongs_to(period_pool::Entity)
        .from(account::Column::PartId)
        .to(period_pool::Column::Id)
        .into();
    entry::Entity::find()
        .select_only()
        .column_as(period_pool::Column::Id, "pool_id")
        .column(period_pool::Column::Mode)
        .expr_as(Expr::cust(sum_as_integer(db.get_database_backend(), net)), "amount_fen")
        .join(JoinType::InnerJoin, to_account)
        .join(JoinType::InnerJoin, to_pool)
        .filter(entry::Column::SupplierOrderId.eq(order))
        .filter(account::Column::Kind.eq(entity::value::AccountKind::PeriodPool))
        .group_by(period_pool::Column::Id)
        .group_by(period_pool::Column::Mode)
        .order_by_desc(period_pool::Column::Id)
        .into_model()
        .all(db)
        .await
}

pub(super) async fn insert_records(tx: &Tx, rows: &[period_record::Model]) -> Result<(), DbErr> {
    for part in rows.chunks(CHUNK) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        period_record::Entity::insert_many(part).exec_without_returning(tx).await?;
    }
    Ok(())
}

pub(super) async fn list_records(
    db: &impl ConnectionTrait,
    id: PeriodId,
    after: Option<PeriodRecordId>,
    limit: u64,
) -> Result<Vec<period_record::Model>, DbErr> {
    let mut rows = period_record::Entity::find()
        .filter(period_record::Column::PeriodId.eq(id))
        .order_by_asc(period_record::Column::Id)
        .limit(limit + 1);
    if let Some(after) = after {
        rows = rows.filter(period_record::Column::Id.gt(after));
    }
    rows.all(db).await
}

/// What is recorded of a mode.
#[derive(Debug, FromQueryResult)]
pub(super) struct Recorded {
    pub mode: BenefitMode,
    pub agreement_id: Option<AgreementId>,
    pub quantity: Option<i64>,
    pub due_fen: Fen,
}

/// All that is due in a period, agreement by agreement.
pub(super) async fn recorded(db: &impl ConnectionTrait, id: PeriodId) -> Result<Vec<Recorded>, DbErr> {
    let sum = |column: &str| Expr::cust(sum_as_integer(db.get_database_backend(), column));
    period_record::Entity::find()
        .select_only()
        .column(period_record::Column::Mode)
        .column(period_record::Column::AgreementId)
        .expr_as(sum(r#"coalesce("quantity", 0)"#), "quantity")
        .expr_as(sum(r#""due_fen""#), "due_fen")
        .filter(period_record::Column::PeriodId.eq(id))
        .group_by(period_record::Column::Mode)
        .group_by(period_record::Column::AgreementId)
        .into_model()
        .all(db)
        .await
}

/// The rent due under these agreements in all periods that begin between two days.
pub(super) async fn rent_due(
    db: &impl ConnectionTrait,
    ids: &[AgreementId],
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<Recorded>, DbErr> {
    let to_period = period_record::Entity::belongs_to(period::Entity)
        .from(period_record::Column::PeriodId)
        .to(period::Column::Id)
        .into();
    period_record::Entity::find()
        .select_only()
        .column(period_record::Column::Mode)
        .column(period_record::Column::AgreementId)
        .expr_as(Expr::cust("cast(null as bigint)"), "quantity")
        .expr_as(Expr::cust(sum_as_integer(db.get_database_backend(), r#""due_fen""#)), "due_fen")
        .join(JoinType::InnerJoin, to_period)
        .filter(period_record::Column::AgreementId.is_in(ids.iter().copied()))
        .filter(period_record::Column::Mode.eq(BenefitMode::LandRent))
        .filter(period::Column::StartsOn.between(first, last))
        .group_by(period_record::Column::Mode)
        .group_by(period_record::Column::AgreementId)
        .into_model()
        .all(db)
        .await
}

pub(super) async fn insert_run(tx: &Tx, run: period_run::Model, shares: Vec<period_share::Model>) -> Result<(), DbErr> {
    period_run::Entity::insert(run.into_active_model()).exec_without_returning(tx).await?;
    for part in shares.chunks(CHUNK) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        period_share::Entity::insert_many(part).exec_without_returning(tx).await?;
    }
    Ok(())
}

pub(super) async fn runs_of(db: &impl ConnectionTrait, ids: &[PeriodId]) -> Result<Vec<period_run::Model>, DbErr> {
    period_run::Entity::find().filter(period_run::Column::PeriodId.is_in(ids.iter().copied())).all(db).await
}

pub(super) async fn shares_of(db: &impl ConnectionTrait, id: PeriodId) -> Result<Vec<period_share::Model>, DbErr> {
    period_share::Entity::find()
        .filter(period_share::Column::PeriodId.eq(id))
        .order_by_asc(period_share::Column::LineNo)
        .all(db)
        .await
}
