//! Everything that is known and may be public about one procurement.
//!
//! Promises: a fixed number of questions to the database, however large the order; nothing about a person or a household
//! is even read, beyond how many households there are.

use super::method::Way;
use super::store;
use crate::{catalogue, organisation, region};
use chrono::Datelike;
use entity::value::{
    AreaCode, BankRowId, CategoryCode, OrderGroupId, OrganisationId, ProductId, SupplierOrderId, business_date,
};
use entity::{
    acceptance, budget, invoice, order_group, order_line, payment, quota_filing, refund_payment, shipment,
    supplier_order,
};
use sea_orm::{ConnectionTrait, DbErr};
use std::collections::{BTreeSet, HashMap};

/// What households had of an order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Income {
    /// Promised (应得), in fen.
    pub promised: i64,
    /// Accrued (计提), in fen.
    pub accrued: i64,
    /// Paid out with evidence (发放), in fen.
    pub paid: i64,
}

/// The seal over what is known of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Its place in the chain.
    pub number: i64,
    /// The root of its tree of postings.
    pub root: String,
    /// Its hash.
    pub hash: String,
}

/// What is known of a product beyond the order's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goods {
    /// Its category.
    pub category: CategoryCode,
    /// Where it was grown.
    pub origin: AreaCode,
}

/// One supplier's part.
#[derive(Debug, Clone)]
pub struct Part {
    /// The supplier order.
    pub order: supplier_order::Model,
    /// Its lines.
    pub lines: Vec<order_line::Model>,
    /// Its shipments.
    pub shipments: Vec<shipment::Model>,
    /// Its acceptances.
    pub acceptances: Vec<acceptance::Model>,
    /// Its invoices.
    pub invoices: Vec<invoice::Model>,
    /// Its payments.
    pub payments: Vec<payment::Model>,
    /// What was given back.
    pub refunds: Vec<refund_payment::Model>,
    /// What households had of it.
    pub income: Income,
    /// How many households, when that may be told.
    pub households: Option<i64>,
    /// The newest seal over it.
    pub seal: Option<Sealed>,
}

/// Everything.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The order.
    pub group: order_group::Model,
    /// How it came about.
    pub way: Way,
    /// Its budget.
    pub budget: Option<budget::Model>,
    /// What the units to whose quota it belongs reserved for its year.
    pub quotas: Vec<quota_filing::Model>,
    /// The parts, one a supplier.
    pub parts: Vec<Part>,
    /// Everybody who takes part.
    pub organisations: HashMap<OrganisationId, entity::organisation::Model>,
    /// Names of divisions.
    pub divisions: HashMap<AreaCode, String>,
    /// Which divisions are among the 832, by their code of today.
    pub relief: BTreeSet<AreaCode>,
    /// Names of categories.
    pub categories: HashMap<CategoryCode, String>,
    /// The goods.
    pub goods: HashMap<ProductId, Goods>,
    /// On which day the bank booked a payment.
    pub booked: HashMap<BankRowId, chrono::NaiveDate>,
}

fn of<T: Clone>(rows: &[T], id: SupplierOrderId, order: impl Fn(&T) -> SupplierOrderId) -> Vec<T> {
    rows.iter().filter(|row| order(row) == id).cloned().collect()
}

/// Reads everything about an order; nothing when there is no such order.
///
/// # Errors
/// When the database cannot be asked.
pub async fn read(
    db: &impl ConnectionTrait,
    id: OrderGroupId,
    shown: impl Fn(i64) -> Option<i64>,
) -> Result<Option<Facts>, DbErr> {
    let Some(group) = store::group(db, id).await? else { return Ok(None) };
    let orders = store::orders(db, id).await?;
    let ids: Vec<SupplierOrderId> = orders.iter().map(|order| order.id).collect();
    let lines = store::lines(db, &ids).await?;
    let shipments = store::shipments(db, &ids).await?;
    let acceptances = store::acceptances(db, &ids).await?;
    let invoices = store::invoices(db, &ids).await?;
    let payments = store::payments(db, &ids).await?;
    let refunds = store::refunds(db, &ids).await?;
    let booked = store::booked(db, &payments).await?;
    let income = store::income(db, &ids).await?;
    let households = store::households(db, &ids).await?;
    let seals = store::seals(db, &ids).await?;
    // Attachments come in order: the last of each supplier order holds.
    let attached: HashMap<SupplierOrderId, OrganisationId> =
        store::attachments(db, &ids).await?.into_iter().map(|row| (row.supplier_order_id, row.unit_id)).collect();
    let units: Vec<OrganisationId> = attached.into_values().chain([group.buyer_id]).collect();
    let quotas = store::filings(db, &units, business_date(group.placed_at).year()).await?;
    let mut members: Vec<OrganisationId> = orders.iter().map(|order| order.supplier_id).collect();
    members.extend(units);
    members.sort_unstable();
    members.dedup();
    let organisations: HashMap<_, _> =
        organisation::find_many(db, &members).await?.into_iter().map(|row| (row.id, row)).collect();
    let mut products: Vec<ProductId> = lines.iter().map(|line| line.product_id).collect();
    products.sort_unstable();
    products.dedup();
    let goods: HashMap<ProductId, Goods> = store::goods(db, &products).await?;
    let codes: BTreeSet<CategoryCode> = goods.values().map(|one| one.category.clone()).collect();
    let categories = catalogue::find_categories(db, &codes.into_iter().collect::<Vec<_>>()).await?;
    let mut areas: BTreeSet<AreaCode> = goods.values().map(|one| one.origin.clone()).collect();
    areas.extend(organisations.values().map(|row| row.division_code.clone()));
    areas.extend(organisations.values().map(|row| region::province_of(&row.division_code)));
    let areas: Vec<AreaCode> = areas.into_iter().collect();
    let relief = region::relief_counties_of(db, &areas).await?.into_iter().map(|county| county.current_code).collect();
    let divisions = store::divisions(db, &areas).await?;
    let parts = orders.into_iter().map(|order| Part {
        lines: of(&lines, order.id, |row| row.supplier_order_id),
        shipments: of(&shipments, order.id, |row| row.supplier_order_id),
        acceptances: of(&acceptances, order.id, |row| row.supplier_order_id),
        invoices: of(&invoices, order.id, |row| row.supplier_order_id),
        payments: of(&payments, order.id, |row| row.supplier_order_id),
        refunds: of(&refunds, order.id, |row| row.supplier_order_id),
        income: income.get(&order.id).copied().unwrap_or_default(),
        households: households.get(&order.id).copied().or(Some(0)).and_then(&shown),
        seal: seals.get(&order.id).cloned(),
        order,
    });
    Ok(Some(Facts {
        budget: store::budget(db, group.budget_id).await?,
        way: store::way(db, group.id).await?,
        group,
        quotas,
        parts: parts.collect(),
        organisations,
        divisions,
        relief,
        categories: categories.into_iter().map(|row| (row.code, row.name_zh)).collect(),
        goods,
        booked,
    }))
}
