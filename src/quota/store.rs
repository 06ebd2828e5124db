//! Quotas in the database. Every read of filings for a caller begins at [`visible`].

use crate::access::Scope;
use crate::db::{Tx, dialect::sum_as_integer};
use crate::organisation;
use chrono::NaiveDate;
use entity::value::{
    AreaCode, Fen, FilingKind, FilingState, OrganisationId, PurchaseChannel, QuotaFigure, QuotaFilingId,
    SupplierOrderId,
};
use entity::{quota_attachment, quota_entry, quota_filing, quota_filing_step, quota_policy};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

/// What a scope sees: the filings of the units it reaches.
fn visible(scope: &Scope) -> Select<quota_filing::Entity> {
    let rows = quota_filing::Entity::find();
    match scope {
        Scope::Everything => rows,
        Scope::Organisation(unit) => rows.filter(quota_filing::Column::UnitId.eq(*unit)),
        _ => rows.filter(quota_filing::Column::UnitId.in_subquery(organisation::ids_within(scope))),
    }
}

/// The policies of a year that hold in one of these regions or in the whole country, each in its last version.
pub(super) async fn policies(
    db: &impl ConnectionTrait,
    year: i32,
    regions: &[AreaCode],
) -> Result<Vec<quota_policy::Model>, DbErr> {
    let here = Condition::any()
        .add(quota_policy::Column::RegionCode.is_null())
        .add(quota_policy::Column::RegionCode.is_in(regions.iter().cloned()));
    let rows = quota_policy::Entity::find()
        .filter(quota_policy::Column::Year.eq(year))
        .filter(here)
        .order_by_asc(quota_policy::Column::Number)
        .all(db)
        .await?;
    // Versions come in order: the last one of a region replaces those before it.
    let mut last: Vec<quota_policy::Model> = Vec::new();
    for row in rows {
        last.retain(|other| other.region_code != row.region_code);
        last.push(row);
    }
    Ok(last)
}

pub(super) async fn list_policies(
    db: &impl ConnectionTrait,
    year: Option<i32>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<quota_policy::Model>, DbErr> {
    let mut rows = quota_policy::Entity::find().order_by_desc(quota_policy::Column::Id).limit(limit);
    if let Some(year) = year {
        rows = rows.filter(quota_policy::Column::Year.eq(year));
    }
    if let Some(before) = before {
        rows = rows.filter(quota_policy::Column::Id.lt(before));
    }
    rows.all(db).await
}

pub(super) async fn versions_of(db: &impl ConnectionTrait, year: i32, region: Option<&AreaCode>) -> Result<i32, DbErr> {
    let region = match region {
        Some(code) => quota_policy::Column::RegionCode.eq(code.clone()),
        None => quota_policy::Column::RegionCode.is_null(),
    };
    let last = quota_policy::Entity::find()
        .filter(quota_policy::Column::Year.eq(year))
        .filter(region)
        .order_by_desc(quota_policy::Column::Number)
        .one(db)
        .await?;
    Ok(last.map_or(0, |row| row.number))
}

pub(super) async fn insert_policy(tx: &Tx, row: quota_policy::Model) -> Result<(), DbErr> {
    quota_policy::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn find_filing(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: QuotaFilingId,
) -> Result<Option<quota_filing::Model>, DbErr> {
    visible(scope).filter(quota_filing::Column::Id.eq(id)).one(db).await
}

/// A filing in reach, locked until the transaction ends.
pub(super) async fn hold_filing(
    tx: &Tx,
    scope: &Scope,
    id: QuotaFilingId,
) -> Result<Option<quota_filing::Model>, DbErr> {
    visible(scope).filter(quota_filing::Column::Id.eq(id)).lock_exclusive().one(tx).await
}

pub(super) async fn list_filings(
    db: &impl ConnectionTrait,
    scope: &Scope,
    (year, state): (Option<i32>, Option<FilingState>),
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<quota_filing::Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(quota_filing::Column::Id).limit(limit);
    if let Some(year) = year {
        rows = rows.filter(quota_filing::Column::Year.eq(year));
    }
    if let Some(state) = state {
        rows = rows.filter(quota_filing::Column::State.eq(state));
    }
    if let Some(before) = before {
        rows = rows.filter(quota_filing::Column::Id.lt(before));
    }
    rows.all(db).await
}

/// The filings of these units for a year, whoever asks.
pub(super) async fn filings_of(
    db: &impl ConnectionTrait,
    year: i32,
    units: &[OrganisationId],
) -> Result<Vec<quota_filing::Model>, DbErr> {
    if units.is_empty() {
        return Ok(Vec::new());
    }
    quota_filing::Entity::find()
        .filter(quota_filing::Column::Year.eq(year))
        .filter(quota_filing::Column::UnitId.is_in(units.iter().copied()))
        .all(db)
        .await
}

/// What confirmed units below a finance department spend on each diner in a year, for those that have diners.
pub(super) async fn spent_per_diner(
    db: &impl ConnectionTrait,
    scope: &Scope,
    year: i32,
) -> Result<Vec<(Fen, i32)>, DbErr> {
    visible(scope)
        .select_only()
        .column(quota_filing::Column::CanteenTotalFen)
        .column(quota_filing::Column::Diners)
        .filter(quota_filing::Column::Year.eq(year))
        .filter(quota_filing::Column::State.eq(FilingState::FinanceConfirmed))
        .filter(quota_filing::Column::Kind.is_in([
            FilingKind::HasCanteen,
            FilingKind::Outsourced,
            FilingKind::SharedRepresentative,
        ]))
        .filter(quota_filing::Column::Diners.gt(0))
        .into_tuple()
        .all(db)
        .await
}

pub(super) async fn insert_filing(tx: &Tx, row: quota_filing::Model) -> Result<(), DbErr> {
    quota_filing::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// Writes a held filing as it now is.
pub(super) async fn save_filing(tx: &Tx, row: quota_filing::Model) -> Result<quota_filing::Model, DbErr> {
    let row = quota_filing::Model { version: row.version + 1, ..row };
    let all = row.clone().into_active_model().reset_all();
    quota_filing::Entity::update(all).exec(tx).await
}

pub(super) async fn steps_of(
    db: &impl ConnectionTrait,
    filing: QuotaFilingId,
) -> Result<Vec<quota_filing_step::Model>, DbErr> {
    quota_filing_step::Entity::find()
        .filter(quota_filing_step::Column::FilingId.eq(filing))
        .order_by_asc(quota_filing_step::Column::StepNo)
        .all(db)
        .await
}

pub(super) async fn insert_step(tx: &Tx, row: quota_filing_step::Model) -> Result<(), DbErr> {
    quota_filing_step::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// How an order was attached, first to last.
pub(super) async fn attachments_of(
    db: &impl ConnectionTrait,
    order: SupplierOrderId,
) -> Result<Vec<quota_attachment::Model>, DbErr> {
    quota_attachment::Entity::find()
        .filter(quota_attachment::Column::SupplierOrderId.eq(order))
        .order_by_asc(quota_attachment::Column::AttachmentNo)
        .all(db)
        .await
}

pub(super) async fn insert_attachment(tx: &Tx, row: quota_attachment::Model) -> Result<(), DbErr> {
    quota_attachment::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// What is entered for an order, first to last.
pub(super) async fn entries_of(
    db: &impl ConnectionTrait,
    order: SupplierOrderId,
) -> Result<Vec<quota_entry::Model>, DbErr> {
    quota_entry::Entity::find()
        .filter(quota_entry::Column::SupplierOrderId.eq(order))
        .order_by_asc(quota_entry::Column::EntryNo)
        .all(db)
        .await
}

pub(super) async fn insert_entries(tx: &Tx, rows: Vec<quota_entry::Model>) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    quota_entry::Entity::insert_many(rows).exec_without_returning(tx).await.map(drop)
}

/// A figure of a unit, added up.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub(super) struct Sum {
    pub unit_id: OrganisationId,
    pub figure: QuotaFigure,
    pub channel: PurchaseChannel,
    pub amount_fen: i64,
}

/// The figures of units from the first of January to a day, in one statement.
pub(super) async fn sums(
    db: &impl ConnectionTrait,
    units: &[OrganisationId],
    year: i32,
    until: NaiveDate,
) -> Result<Vec<Sum>, DbErr> {
    if units.is_empty() {
        return Ok(Vec::new());
    }
    let sum = Expr::cust(sum_as_integer(db.get_database_backend(), r#""amount_fen""#));
    quota_entry::Entity::find()
        .select_only()
        .columns([quota_entry::Column::UnitId, quota_entry::Column::Figure, quota_entry::Column::Channel])
        .expr_as(sum, "amount_fen")
        .filter(quota_entry::Column::Year.eq(year))
        .filter(quota_entry::Column::OccurredOn.lte(until))
        .filter(quota_entry::Column::UnitId.is_in(units.iter().copied()))
        .group_by(quota_entry::Column::UnitId)
        .group_by(quota_entry::Column::Figure)
        .group_by(quota_entry::Column::Channel)
        .into_model()
        .all(db)
        .await
}

/// What one order moved of a unit's figures.
#[derive(Debug, Clone, FromQueryResult)]
pub(super) struct OfOrder {
    pub supplier_order_id: SupplierOrderId,
    pub figure: QuotaFigure,
    pub channel: PurchaseChannel,
    pub amount_fen: i64,
}

/// The figures of a unit from the first of January to a day, order by order: a page of orders, by their identifiers.
pub(super) async fn sums_of_orders(
    db: &impl ConnectionTrait,
    unit: OrganisationId,
    (year, until): (i32, NaiveDate),
    (after, limit): (Option<SupplierOrderId>, u64),
) -> Result<Vec<OfOrder>, DbErr> {
    use quota_entry::Column;
    let of_unit = Condition::all()
        .add(Column::UnitId.eq(unit))
        .add(Column::Year.eq(year))
        .add(Column::OccurredOn.lte(until))
        .add_option(after.map(|after| Column::SupplierOrderId.gt(after)));
    let page: Vec<SupplierOrderId> = quota_entry::Entity::find()
        .select_only()
        .column(Column::SupplierOrderId)
        .distinct()
        .filter(of_unit.clone())
        .order_by_asc(Column::SupplierOrderId)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    quota_entry::Entity::find()
        .select_only()
        .columns([Column::SupplierOrderId, Column::Figure, Column::Channel])
        .expr_as(Expr::cust(sum_as_integer(db.get_database_backend(), r#""amount_fen""#)), "amount_fen")
        .filter(of_unit)
        .filter(Column::SupplierOrderId.is_in(page))
        .group_by(Column::SupplierOrderId)
        .group_by(Column::Figure)
        .group_by(Column::Channel)
        .order_by_asc(Column::SupplierOrderId)
        .into_model()
        .all(db)
        .await
}
