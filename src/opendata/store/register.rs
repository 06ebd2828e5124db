//! What is on the register, and public figures: others' tables, only read.

use super::facts::{is_last_run, net};
use crate::db::dialect::sum_as_integer;
use crate::settlement::{PAYOUT, PAYOUT_CORRECTION};
use entity::value::{
    AccountKind, AdmissionState, AreaCode, OrderState, OrganisationId, ProductId, ProductState, ShareBasis, Timestamp,
};
use entity::{
    account, admission, entry, organisation, posting, product, product_certificate, share, share_run, supplier_order,
};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, RelationDef, Select,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Admitted suppliers that may act, in the order of their identifiers.
pub(in crate::opendata) async fn suppliers(
    db: &impl ConnectionTrait,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<organisation::Model>, DbErr> {
    let admitted = admission::Entity::find()
        .select_only()
        .column(admission::Column::OrganisationId)
        .filter(admission::Column::State.eq(AdmissionState::Active))
        .into_query();
    let mut rows = organisation::Entity::find()
        .filter(organisation::Column::Id.in_subquery(admitted))
        .filter(organisation::Column::IsActive.eq(true))
        .order_by_asc(organisation::Column::Id)
        .limit(limit);
    if let Some(after) = after {
        rows = rows.filter(organisation::Column::Id.gt(after));
    }
    rows.all(db).await
}

/// How many products of these suppliers are on the shelf.
pub(in crate::opendata) async fn products_of(
    db: &impl ConnectionTrait,
    suppliers: &[OrganisationId],
) -> Result<HashMap<OrganisationId, i64>, DbErr> {
    let rows = product::Entity::find()
        .select_only()
        .column(product::Column::SupplierId)
        .column_as(product::Column::Id.count(), "products")
        .filter(product::Column::State.eq(ProductState::OnShelf))
        .filter(product::Column::SupplierId.is_in(suppliers.iter().copied()))
        .group_by(product::Column::SupplierId);
    Ok(rows.into_tuple::<(OrganisationId, i64)>().all(db).await?.into_iter().collect())
}

/// Products on the shelf, in the order of their identifiers.
pub(in crate::opendata) async fn products(
    db: &impl ConnectionTrait,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<product::Model>, DbErr> {
    let mut rows = product::Entity::find()
        .filter(product::Column::State.eq(ProductState::OnShelf))
        .order_by_asc(product::Column::Id)
        .limit(limit);
    if let Some(after) = after {
        rows = rows.filter(product::Column::Id.gt(after));
    }
    rows.all(db).await
}

pub(in crate::opendata) async fn certificates(
    db: &impl ConnectionTrait,
    products: &[ProductId],
) -> Result<Vec<product_certificate::Model>, DbErr> {
    product_certificate::Entity::find()
        .filter(product_certificate::Column::ProductId.is_in(products.iter().copied()))
        .order_by_asc(product_certificate::Column::Id)
        .all(db)
        .await
}

/// What was bought of a county's suppliers.
#[derive(Debug, FromQueryResult)]
pub(in crate::opendata) struct County {
    pub county_code: AreaCode,
    pub orders: i64,
    pub suppliers: i64,
    pub ordered_fen: i64,
    pub accepted_fen: i64,
    pub paid_fen: i64,
}

/// The orders that count in a span: placed in it, neither cancelled nor refused.
fn counted(span: (Timestamp, Timestamp)) -> Condition {
    Condition::all()
        .add(supplier_order::Column::PlacedAt.gte(span.0))
        .add(supplier_order::Column::PlacedAt.lt(span.1))
        .add(supplier_order::Column::State.is_not_in([OrderState::Cancelled, OrderState::Refused]))
}

fn order_to_supplier() -> RelationDef {
    supplier_order::Entity::belongs_to(organisation::Entity)
        .from(supplier_order::Column::SupplierId)
        .to(organisation::Column::Id)
        .into()
}

/// What was bought in a span, by the county of the supplier.
pub(in crate::opendata) async fn ordered(
    db: &impl ConnectionTrait,
    span: (Timestamp, Timestamp),
) -> Result<Vec<County>, DbErr> {
    let sum = |what: &str| Expr::cust(sum_as_integer(db.get_database_backend(), what));
    supplier_order::Entity::find()
        .select_only()
        .column_as(organisation::Column::DivisionCode, "county_code")
        .column_as(supplier_order::Column::Id.count(), "orders")
        .expr_as(Expr::cust(r#"count(distinct "supplier_order"."supplier_id")"#), "suppliers")
        .expr_as(sum(r#""supplier_order"."total_fen""#), "ordered_fen")
        .expr_as(sum(r#""supplier_order"."accepted_fen" - "supplier_order"."credited_fen""#), "accepted_fen")
        .expr_as(sum(r#""supplier_order"."paid_fen" - "supplier_order"."repaid_fen""#), "paid_fen")
        .join(JoinType::InnerJoin, order_to_supplier())
        .filter(counted(span))
        .group_by(organisation::Column::DivisionCode)
        .into_model()
        .all(db)
        .await
}

/// What was attributed and paid out to households of the orders of a span, by the county of the supplier.
pub(in crate::opendata) async fn income_of(
    db: &impl ConnectionTrait,
    span: (Timestamp, Timestamp),
) -> Result<HashMap<AreaCode, (i64, i64)>, DbErr> {
    let rows = household_entries(db)
        .column_as(organisation::Column::DivisionCode, "county_code")
        .filter(counted(span))
        .group_by(organisation::Column::DivisionCode);
    let rows: Vec<(i64, i64, AreaCode)> = rows.into_tuple().all(db).await?;
    Ok(rows.into_iter().map(|(attributed, paid, county)| (county, (attributed, paid))).collect())
}

/// The sums of what is owed and was paid to households, over entries joined to their orders and suppliers.
fn household_entries(db: &impl ConnectionTrait) -> Select<entry::Entity> {
    let to_account =
        entry::Entity::belongs_to(account::Entity).from(entry::Column::AccountId).to(account::Column::Id).into();
    let to_posting =
        entry::Entity::belongs_to(posting::Entity).from(entry::Column::PostingId).to(posting::Column::Id).into();
    let to_order = entry::Entity::belongs_to(supplier_order::Entity)
        .from(entry::Column::SupplierOrderId)
        .to(supplier_order::Column::Id)
        .into();
    let owed = format!(r#""posting"."kind" not in ('{PAYOUT}', '{PAYOUT_CORRECTION}')"#);
    let accrued = net(
        db,
        &format!(r#"{owed} and "entry"."side" = 'credit'"#),
        &format!(r#"{owed} and "entry"."side" = 'debit'"#),
    );
    let paid = net(
        db,
        &format!(r#""entry"."side" = 'debit' and "posting"."kind" = '{PAYOUT}'"#),
        &format!(r#""entry"."side" = 'credit' and "posting"."kind" = '{PAYOUT_CORRECTION}'"#),
    );
    entry::Entity::find()
        .select_only()
        .expr_as(accrued, "attributed_fen")
        .expr_as(paid, "paid_fen")
        .join(JoinType::InnerJoin, to_account)
        .join(JoinType::InnerJoin, to_posting)
        .join(JoinType::InnerJoin, to_order)
        .join(JoinType::InnerJoin, order_to_supplier())
        .filter(account::Column::Kind.eq(AccountKind::HouseholdPayable))
}

fn shares_of(span: (Timestamp, Timestamp)) -> Select<share::Entity> {
    let to_run =
        share::Entity::belongs_to(share_run::Entity).from(share::Column::RunId).to(share_run::Column::Id).into();
    let to_order = share_run::Entity::belongs_to(supplier_order::Entity)
        .from(share_run::Column::SupplierOrderId)
        .to(supplier_order::Column::Id)
        .into();
    share::Entity::find()
        .select_only()
        .expr_as(Expr::cust(r#"count(distinct "share"."household_id")"#), "households")
        .join(JoinType::InnerJoin, to_run)
        .join(JoinType::InnerJoin, to_order)
        .filter(share_run::Column::Basis.eq(ShareBasis::Accrued))
        .filter(share::Column::AmountFen.gt(0))
        .filter(is_last_run())
        .filter(counted(span))
}

/// How many households had anything of the orders of a span, by the county of the supplier; each once a county.
pub(in crate::opendata) async fn benefited(
    db: &impl ConnectionTrait,
    span: (Timestamp, Timestamp),
) -> Result<HashMap<AreaCode, i64>, DbErr> {
    let rows = shares_of(span)
        .column_as(organisation::Column::DivisionCode, "county_code")
        .join(JoinType::InnerJoin, order_to_supplier())
        .group_by(organisation::Column::DivisionCode);
    let rows: Vec<(i64, AreaCode)> = rows.into_tuple().all(db).await?;
    Ok(rows.into_iter().map(|(households, county)| (county, households)).collect())
}

/// How many households had anything of the orders of a span; each once.
pub(in crate::opendata) async fn benefited_in_all(
    db: &impl ConnectionTrait,
    span: (Timestamp, Timestamp),
) -> Result<i64, DbErr> {
    Ok(shares_of(span).into_tuple::<i64>().one(db).await?.unwrap_or_default())
}
