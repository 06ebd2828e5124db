//! Runs and snapshots in the database; and what reports are made of, which is others' and only read.
//!
//! Questions about sales and households are asked of what was summed up under each seal ([`gather`]); every answer is one
//! grouped statement ([`sums`]).

pub(super) mod reached;

use super::fold::{digits_of, is_within};
use crate::access::Scope;
use crate::db::{Tx, dialect::sum_as_integer};
use crate::organisation;
use crate::settlement::{PAYOUT, PAYOUT_CORRECTION};
use chrono::NaiveDate;
use entity::value::{AreaCode, OffPlatformSaleId, OrganisationId, ReportRunId, SupplierOrderId};
use entity::{
    account, division, entry, off_platform_sale, pairing, posting, report_run, report_snapshot, seal, seal_leaf,
    supplier_order,
};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel,
    JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationDef, Select,
};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

pub(super) mod gather;
pub(super) mod help;
pub(super) mod sums;

/// Identifiers in one question.
const CHUNK: usize = 5_000;

/// What goes into a report.
#[derive(Debug, Clone)]
pub struct Question {
    /// How far who asked could see.
    pub scope: Scope,
    /// Only suppliers of this division and those below it.
    pub region: Option<AreaCode>,
    /// The first and the last day.
    pub span: (NaiveDate, NaiveDate),
    /// The last seal.
    pub seal: i64,
}

/// Whose runs a scope sees: one's own organisation's.
fn visible(scope: &Scope) -> Select<report_run::Entity> {
    let rows = report_run::Entity::find();
    match scope {
        Scope::Everything => rows,
        Scope::Organisation(own) => rows.filter(report_run::Column::OrganisationId.eq(*own)),
        Scope::County(_) | Scope::Tree(_) | Scope::AssignedHouseholds(_) => {
            rows.filter(report_run::Column::OrganisationId.in_subquery(organisation::ids_within(scope)))
        }
    }
}

pub(super) async fn insert_run(tx: &Tx, row: report_run::Model) -> Result<(), DbErr> {
    report_run::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn find_run(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: ReportRunId,
) -> Result<Option<report_run::Model>, DbErr> {
    visible(scope).filter(report_run::Column::Id.eq(id)).one(db).await
}

/// A run that will change.
pub(super) async fn hold_run(tx: &Tx, scope: &Scope, id: ReportRunId) -> Result<Option<report_run::Model>, DbErr> {
    visible(scope).filter(report_run::Column::Id.eq(id)).lock_exclusive().one(tx).await
}

pub(super) async fn list_runs(
    db: &impl ConnectionTrait,
    scope: &Scope,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<report_run::Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(report_run::Column::Id).limit(limit);
    if let Some(before) = before {
        rows = rows.filter(report_run::Column::Id.lt(before));
    }
    rows.all(db).await
}

pub(super) async fn save_run(tx: &Tx, row: report_run::Model) -> Result<report_run::Model, DbErr> {
    let row = report_run::Model { version: row.version + 1, ..row };
    let all = row.clone().into_active_model().reset_all();
    report_run::Entity::update(all).exec(tx).await
}

pub(super) async fn insert_snapshot(tx: &Tx, row: report_snapshot::Model) -> Result<(), DbErr> {
    report_snapshot::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn snapshot(
    db: &impl ConnectionTrait,
    run: ReportRunId,
) -> Result<Option<report_snapshot::Model>, DbErr> {
    report_snapshot::Entity::find_by_id(run).one(db).await
}

/// The newest seal with any posting under it: later ones, over the audit alone, change no report.
pub(super) async fn head(db: &impl ConnectionTrait) -> Result<Option<seal::Model>, DbErr> {
    seal::Entity::find().filter(seal::Column::PostingCount.gt(0)).order_by_desc(seal::Column::Number).one(db).await
}

fn net(db: &impl ConnectionTrait, plus: &str, minus: &str) -> SimpleExpr {
    let amount =
        format!(r#"case when {plus} then "entry"."amount_fen" when {minus} then -"entry"."amount_fen" else 0 end"#);
    Expr::cust(sum_as_integer(db.get_database_backend(), &amount))
}

fn to_account() -> RelationDef {
    entry::Entity::belongs_to(account::Entity).from(entry::Column::AccountId).to(account::Column::Id).into()
}

/// The organisations that sit in a division or below it.
fn seated_in(region: &AreaCode) -> sea_orm::sea_query::SelectStatement {
    let code = region.as_str();
    let head = code.get(..digits_of(region)).unwrap_or(code);
    entity::organisation::Entity::find()
        .select_only()
        .column(entity::organisation::Column::Id)
        .filter(entity::organisation::Column::DivisionCode.starts_with(head))
        .into_query()
}

const OWED: &str = r#""account"."kind" = 'household_payable'"#;

fn attributed(db: &impl ConnectionTrait) -> SimpleExpr {
    let owed = format!(r#"{OWED} and "posting"."kind" not in ('{PAYOUT}', '{PAYOUT_CORRECTION}')"#);
    net(db, &format!(r#"{owed} and "entry"."side" = 'credit'"#), &format!(r#"{owed} and "entry"."side" = 'debit'"#))
}

fn paid_out(db: &impl ConnectionTrait) -> SimpleExpr {
    net(
        db,
        &format!(r#"{OWED} and "entry"."side" = 'debit' and "posting"."kind" = '{PAYOUT}'"#),
        &format!(r#"{OWED} and "entry"."side" = 'credit' and "posting"."kind" = '{PAYOUT_CORRECTION}'"#),
    )
}

/// What was sold elsewhere.
#[derive(Debug, Clone, Copy, Default, FromQueryResult)]
pub(super) struct Elsewhere {
    pub sales: i64,
    pub sold: i64,
    pub attributed: i64,
}

/// What suppliers within reach sold outside the platform, less what was reversed.
fn sold_elsewhere(db: &impl ConnectionTrait, asked: &Question) -> Select<entry::Entity> {
    let to_posting: RelationDef =
        entry::Entity::belongs_to(posting::Entity).from(entry::Column::PostingId).to(posting::Column::Id).into();
    let to_leaf: RelationDef = entry::Entity::belongs_to(seal_leaf::Entity)
        .from(entry::Column::PostingId)
        .to(seal_leaf::Column::PostingId)
        .into();
    let to_sale: RelationDef = posting::Entity::belongs_to(off_platform_sale::Entity)
        .from(posting::Column::ObjectId)
        .to(off_platform_sale::Column::Id)
        .into();
    let (booked, reversed) = (r#""posting"."kind" = 'off_platform'"#, r#""posting"."kind" = 'off_platform_reversed'"#);
    let sold = net(
        db,
        &format!(r#"{booked} and "account"."kind" = 'supplier_cash' and "entry"."side" = 'debit'"#),
        &format!(
            r#"{reversed} and "account"."kind" in ('supplier_cash', 'off_platform_sales') and "entry"."side" = 'credit'"#
        ),
    );
    let attributed = net(
        db,
        &format!(r#"{booked} and {OWED} and "entry"."side" = 'credit'"#),
        &format!(r#"{reversed} and {OWED} and "entry"."side" = 'debit'"#),
    );
    let sales = format!(
        r#"count(distinct case when {booked} then "posting"."id" end) - count(distinct case when {reversed} then "posting"."id" end)"#
    );
    let mut rows = entry::Entity::find()
        .select_only()
        .expr_as(Expr::cust(sales), "sales")
        .expr_as(sold, "sold")
        .expr_as(attributed, "attributed")
        .join(JoinType::InnerJoin, to_posting)
        .join(JoinType::InnerJoin, to_leaf)
        .join(JoinType::InnerJoin, to_account())
        .join(JoinType::InnerJoin, to_sale)
        .filter(seal_leaf::Column::SealNumber.lte(asked.seal))
        .filter(posting::Column::BusinessDate.between(asked.span.0, asked.span.1));
    rows = match &asked.scope {
        Scope::Everything => rows,
        // Units buy on the platform only.
        Scope::Tree(_) => rows.filter(Expr::value(false)),
        scope => rows.filter(off_platform_sale::Column::SupplierId.in_subquery(organisation::ids_within(scope))),
    };
    if let Some(region) = &asked.region {
        rows = rows.filter(off_platform_sale::Column::SupplierId.in_subquery(seated_in(region)));
    }
    rows
}

/// What suppliers within reach sold outside the platform, less what was reversed, as one sum.
pub(super) async fn elsewhere(db: &impl ConnectionTrait, asked: &Question) -> Result<Elsewhere, DbErr> {
    Ok(sold_elsewhere(db, asked).into_model().one(db).await?.unwrap_or_default())
}

/// A sale outside the platform.
#[derive(Debug)]
pub(super) struct SoldElsewhere {
    pub id: OffPlatformSaleId,
    pub number: String,
    pub supplier_id: OrganisationId,
    pub of: Elsewhere,
}

/// A page of the sales that [`elsewhere`] adds up, by their identifiers.
pub(super) async fn elsewhere_behind(
    db: &impl ConnectionTrait,
    asked: &Question,
    (after, limit): (Option<Uuid>, u64),
) -> Result<Vec<SoldElsewhere>, DbErr> {
    use off_platform_sale::Column;
    let mut rows = sold_elsewhere(db, asked)
        .column(Column::Id)
        .column(Column::Number)
        .column(Column::SupplierId)
        .group_by(Column::Id)
        .order_by_asc(Column::Id)
        .limit(limit);
    if let Some(after) = after {
        rows = rows.filter(Column::Id.gt(OffPlatformSaleId::from_uuid(after)));
    }
    let rows = rows.into_tuple::<(i64, i64, i64, OffPlatformSaleId, String, OrganisationId)>().all(db).await?;
    let sale = |(sales, sold, attributed, id, number, supplier_id)| SoldElsewhere {
        id,
        number,
        supplier_id,
        of: Elsewhere { sales, sold, attributed },
    };
    Ok(rows.into_iter().map(sale).collect())
}

/// Which pairings a scope reports on: an enterprise its own, a county those of its villages.
fn pairings(asked: &Question) -> Condition {
    let ids = || organisation::ids_within(&asked.scope);
    let seen = match &asked.scope {
        Scope::Everything => Condition::all(),
        Scope::Organisation(_) => Condition::all().add(pairing::Column::EnterpriseId.in_subquery(ids())),
        Scope::County(_) | Scope::Tree(_) | Scope::AssignedHouseholds(_) => {
            Condition::all().add(pairing::Column::VillageId.in_subquery(ids()))
        }
    };
    match &asked.region {
        Some(region) => seen.add(pairing::Column::VillageId.in_subquery(seated_in(region))),
        None => seen,
    }
}

/// Who sold and who bought.
#[derive(Debug, FromQueryResult)]
pub(super) struct Parties {
    id: SupplierOrderId,
    pub number: String,
    pub supplier_id: OrganisationId,
    pub buyer_id: OrganisationId,
}

/// The numbers and parties of orders.
pub(super) async fn parties(
    db: &impl ConnectionTrait,
    ids: &[SupplierOrderId],
) -> Result<HashMap<SupplierOrderId, Parties>, DbErr> {
    use supplier_order::Column;
    let rows = supplier_order::Entity::find()
        .select_only()
        .columns([Column::Id, Column::Number, Column::SupplierId, Column::BuyerId])
        .filter(Column::Id.is_in(ids.iter().copied()))
        .into_model::<Parties>();
    Ok(rows.all(db).await?.into_iter().map(|row| (row.id, row)).collect())
}

/// Organisations by their identifiers.
pub(super) async fn organisations(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = OrganisationId>,
) -> Result<HashMap<OrganisationId, entity::organisation::Model>, DbErr> {
    let ids: Vec<OrganisationId> = ids.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    let mut found = HashMap::with_capacity(ids.len());
    for some in ids.chunks(CHUNK) {
        found.extend(organisation::find_many(db, some).await?.into_iter().map(|row| (row.id, row)));
    }
    Ok(found)
}

/// Whether there is such a division.
pub(super) async fn is_division(db: &impl ConnectionTrait, code: &AreaCode) -> Result<bool, DbErr> {
    let found = division::Entity::find_by_id(code.clone()).one(db).await?;
    Ok(found.is_some_and(|row| is_within(&row.code, code)))
}
