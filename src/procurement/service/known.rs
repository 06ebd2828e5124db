//! What an order rests on, asked of every room at once: its budget, its buyer, the plans of its products, the rates by
//! which its goods travel, and how many of them go in a month, to one buyer and to all.
//!
//! Promises: one statement, however many lines and suppliers there are. What goes in a month is counted after the
//! products are held: of orders at once each is counted after the one before.

use crate::attribution;
use crate::budget::{self, Spendable};
use crate::catalogue::{self, Load, Reserved, SaleTerms};
use crate::db::Tx;
use crate::db::facts;
use crate::organisation;
use crate::procurement::error::OrderError;
use crate::procurement::store::{self, Sold};
use crate::procurement::view::PlaceOrder;
use crate::region;
use chrono::Datelike;
use entity::value::{
    AreaCode, Fen, OrganisationId, OrganisationKind, Packs, PlanId, ProductId, Timestamp, business_date,
};
use std::collections::HashMap;

/// What was found.
pub(super) struct Known {
    /// The budget that pays; enterprises pay out of their own pocket.
    pub budget: Option<Spendable>,
    /// Where the goods are carried to.
    pub place: AreaCode,
    /// The plan that governs every product.
    pub plans: HashMap<ProductId, PlanId>,
    /// What is agreed on beside the prices.
    pub terms: SaleTerms,
}

/// Asks, and refuses an order without a budget that must have one, to a place that is not there, of a supplier without
/// a plan, or of more of a product than goes in a month.
pub(super) async fn ask(
    tx: &Tx,
    buyer: OrganisationId,
    wanted: &PlaceOrder,
    reserved: &[Reserved],
) -> Result<Known, OrderError> {
    let sold: Vec<_> = reserved.iter().map(|line| (line.product.supplier_id, line.product.id)).collect();
    let products: Vec<ProductId> = reserved.iter().map(|line| line.product.id).collect();
    let mut questions = vec![organisation::asked(buyer)];
    questions.extend(attribution::in_force(&sold));
    questions.extend(SaleTerms::questions(&products));
    questions.push(store::sold_asked(buyer, &products, business_month_start(tx.now())));
    questions.extend(wanted.budget_id.map(|budget| budget::spendable(budget, buyer)));
    questions.extend(wanted.deliver_to_code.as_ref().map(region::division_asked));
    let found = facts::ask(tx, questions).await?;
    let (kind, own_place) = organisation::kind_and_place(&found).ok_or(OrderError::NotFound)?;
    let budget = Spendable::among(&found)?;
    match wanted.budget_id {
        Some(_) if budget.is_none() => return Err(OrderError::BudgetUnknown),
        None if kind != OrganisationKind::Enterprise => return Err(OrderError::BudgetRequired),
        _ => {}
    }
    if wanted.deliver_to_code.is_some() && !region::is_division(&found) {
        return Err(OrderError::Field {
            pointer: "/deliver_to_code".to_owned(),
            zh: "没有这个行政区划代码。",
            en: "There is no division of this code.",
        });
    }
    let plans = attribution::in_force_among(&found, &sold);
    let without = |(index, line): (usize, &Reserved)| (!plans.contains_key(&line.product.id)).then_some(index);
    let lines: Vec<_> = reserved.iter().enumerate().filter_map(without).collect();
    if !lines.is_empty() {
        return Err(OrderError::SupplierWithoutPlan { lines });
    }
    let terms = SaleTerms::among(&found)?;
    let lines: Vec<_> = reserved.iter().map(|line| (line.product.id, line.packs)).collect();
    keep_month(&lines, &terms, &Sold::among(&found)?)?;
    let place = wanted.deliver_to_code.clone().unwrap_or(own_place);
    Ok(Known { budget, place, plans, terms })
}

/// Refuses packs of a product beyond what goes in this month, to the buyer or to all; `promised` of them are held for
/// others who have not ordered them yet.
///
/// # Errors
/// [`crate::catalogue::CatalogueError::Short`] with the numbers.
pub async fn require_within_month(
    tx: &Tx,
    buyer: OrganisationId,
    (product, packs): (ProductId, Packs),
    promised: Packs,
) -> Result<(), OrderError> {
    let mut questions = SaleTerms::questions(&[product]).to_vec();
    questions.push(store::sold_asked(buyer, &[product], business_month_start(tx.now())));
    let found = facts::ask(tx, questions).await?;
    let mut sold = Sold::among(&found)?;
    let all = sold.by_all.entry(product).or_insert(super::NO_PACKS);
    *all = all.checked_add(promised)?;
    keep_month(&[(product, packs)], &SaleTerms::among(&found)?, &sold)
}

fn keep_month(lines: &[(ProductId, Packs)], terms: &SaleTerms, sold: &Sold) -> Result<(), OrderError> {
    catalogue::within_limits(lines, &terms.limits, &sold.by_buyer)?;
    Ok(catalogue::within_capacity(lines, &terms.capacities, &sold.by_all)?)
}

/// The instant at which the calendar month of an instant began in Shanghai.
fn business_month_start(now: Timestamp) -> Timestamp {
    let day = business_date(now);
    let first = day.with_day(1).unwrap_or(day);
    // Midnight in Shanghai, which has kept +08:00 since 1991, is 16:00 UTC of the day before.
    first.and_time(chrono::NaiveTime::MIN).and_utc() - chrono::Duration::hours(8)
}

impl Known {
    /// What carrying the goods of each supplier costs (运费).
    pub(super) fn freight(&self, reserved: &[Reserved]) -> Result<HashMap<OrganisationId, Fen>, OrderError> {
        let mut loads = Vec::with_capacity(reserved.len());
        for line in reserved {
            loads.push(Load {
                supplier: line.product.supplier_id,
                template: self.terms.templates.get(&line.product.id).copied(),
                weight: line.product.pack_grams.checked_times(line.packs)?,
                goods: line.product.unit_price_fen.checked_mul(line.packs.get())?,
            });
        }
        let mut sums: HashMap<OrganisationId, Fen> = HashMap::new();
        for part in catalogue::carriages(&loads, &self.terms.rates, &self.place)? {
            let sum = sums.entry(part.supplier).or_insert(Fen::ZERO);
            *sum = sum.checked_add(part.freight)?;
        }
        Ok(sums)
    }
}
