//! Placing an order: everything in one transaction, or nothing.
//!
//! However many lines and suppliers there are, the number of statements is the same: one for the stock, one for all that
//! the order rests on, three inserts, three for the posting, the events, the audit. Ten; and one for the key of the request
//! before and after.

use super::NO_PACKS;
use super::known::{self, Known};
use super::terms::{Buyer, LineBasis, Terms};
use crate::access::Grant;
use crate::access::policy::PlaceOrder as MayPlace;
use crate::approval;
use crate::budget::{self, Spendable};
use crate::catalogue::{self, Reserved};
use crate::db::{Change, Tx};
use crate::procurement::error::OrderError;
use crate::procurement::event::{OrderPlaced, PlacedPart};
use crate::procurement::store;
use crate::procurement::view::{Order, PlaceOrder, SupplierOrder, WantedLine};
use crate::referral;
use entity::value::{
    Fen, OrderGroupId, OrderLineId, OrderState, OrderTerms, OrganisationId, Overflow, PlanId, SupplierOrderId,
    Timestamp, business_date,
};
use entity::{order_group, order_line, supplier_order};
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// How many lines an order may have.
const MOST_LINES: usize = 200;

/// Places an order over products of one or several suppliers: stock is reserved, prices are frozen, the order is split
/// into one supplier order each, and the budget is bound.
///
/// # Errors
/// Whatever is wanting: lines, stock, plan or budget; nothing is changed then.
pub async fn place(tx: &Tx, grant: &Grant<MayPlace>, wanted: &PlaceOrder) -> Result<Order, OrderError> {
    place_on(tx, &Buyer::of(grant)?, wanted, &Terms::default()).await
}

/// The same for a buyer who agreed to it before, on terms that were agreed to.
///
/// # Errors
/// As for any order; also when the price on the shelf is no longer the one agreed to.
pub async fn place_on(tx: &Tx, who: &Buyer, wanted: &PlaceOrder, terms: &Terms) -> Result<Order, OrderError> {
    check_lines(&wanted.lines)?;
    let choices = Choices::of(wanted)?;
    let buyer = who.organisation();
    let lines: Vec<_> = wanted.lines.iter().map(|line| (line.product_id, line.packs)).collect();
    let mut reserved = catalogue::reserve(tx, &lines).await?;
    let bases = terms.apply(&mut reserved)?;
    let known = known::ask(tx, buyer, wanted, &reserved).await?;
    let budget = known.budget;
    let mut parts = split(&reserved, &bases, &known)?;
    if let Some(budget) = budget.filter(|budget| budget.has_rules && !terms.approved) {
        let total = Fen::checked_sum(parts.iter().map(|part| part.total))?;
        require_no_approval(tx, buyer, &budget, (&reserved, total)).await?;
    }
    let referral_id = match &wanted.referral_code {
        Some(code) => Some(referral::taken(tx, code.as_str(), buyer).await?),
        None => None,
    };
    let mut group = order_group::Model {
        id: OrderGroupId::generate(),
        number: String::new(),
        buyer_id: buyer,
        budget_id: budget.map(|budget| budget.id),
        placed_by: who.person(),
        total_fen: Fen::checked_sum(parts.iter().map(|part| part.total))?,
        deliver_to: wanted.deliver_to.as_str().to_owned(),
        deliver_to_code: Some(known.place.clone()),
        referral_id,
        placed_at: tx.now(),
        version: 1,
    };
    let day = business_date(tx.now());
    store::insert_group(tx, &mut group, day).await?;
    let mut orders = parts.iter().map(|part| part.row(&group, choices, tx.now())).collect::<Result<Vec<_>, _>>()?;
    store::insert_supplier_orders(tx, &mut orders, day).await?;
    let rows: Vec<_> = parts.iter_mut().flat_map(|part| part.lines.iter().cloned()).collect();
    store::insert_lines(tx, &rows).await?;
    if let Some(budget) = budget {
        let bound: Vec<_> = parts.iter().map(|part| (part.id, part.total)).collect();
        budget::encumber(tx, &budget, group.id, &bound).await?;
    }
    tell(tx, &group, &orders).await?;
    let lines = parts.into_iter().map(|part| part.lines);
    let supplier_orders = orders
        .into_iter()
        .zip(lines)
        .map(|(order, lines)| SupplierOrder { head: order.into(), lines: lines.into_iter().map(Into::into).collect() });
    Ok(Order { supplier_orders: supplier_orders.collect(), head: group.into() })
}

fn check_lines(lines: &[WantedLine]) -> Result<(), OrderError> {
    if !(1..=MOST_LINES).contains(&lines.len()) {
        return Err(OrderError::Field {
            pointer: "/lines".to_owned(),
            zh: "订单应有 1 至 200 行。",
            en: "An order has 1 to 200 lines.",
        });
    }
    let mut seen = HashSet::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        if line.packs.is_zero() {
            return Err(OrderError::Field {
                pointer: format!("/lines/{index}/packs"),
                zh: "件数应大于零。",
                en: "The number of packs is more than zero.",
            });
        }
        if !seen.insert(line.product_id) {
            return Err(OrderError::DuplicateProduct { line: index });
        }
    }
    Ok(())
}

/// What a buyer chooses with an order, beside what it buys.
#[derive(Clone, Copy)]
struct Choices {
    terms: OrderTerms,
    ship_days: i32,
    term_days: i32,
}

impl Choices {
    /// Goods first, seven days to ship and thirty to pay where nothing is said.
    fn of(wanted: &PlaceOrder) -> Result<Self, OrderError> {
        let ship_days = wanted.ship_days.unwrap_or(7);
        let term_days = wanted.term_days.unwrap_or(30);
        let refuse = |pointer: &str, zh, en| Err(OrderError::Field { pointer: pointer.to_owned(), zh, en });
        if ![7, 15, 30].contains(&ship_days) {
            return refuse("/ship_days", "发货期限为 7、15 或 30 天。", "Goods leave within 7, 15 or 30 days.");
        }
        if !(1..=60).contains(&term_days) {
            return refuse(
                "/term_days",
                "付款期限为验收后 1 至 60 天（《保障中小企业款项支付条例》）。",
                "Money is due 1 to 60 days after acceptance, by the regulation on payments to small enterprises.",
            );
        }
        Ok(Self { terms: wanted.terms.unwrap_or(OrderTerms::GoodsFirst), ship_days, term_days })
    }
}

/// Refuses what somebody has to agree to first. Costs nothing where no rules were ever made.
async fn require_no_approval(
    tx: &Tx,
    buyer: OrganisationId,
    budget: &Spendable,
    (reserved, total): (&[Reserved], Fen),
) -> Result<(), OrderError> {
    let mut lines = Vec::with_capacity(reserved.len());
    for line in reserved {
        let amount = line.product.unit_price_fen.checked_mul(line.packs.get())?;
        lines.push(approval::Line { category: line.product.category_code.clone(), amount });
    }
    let asked = approval::Asked { lines, fund_kind: budget.fund_kind, over_budget: total > budget.available };
    let steps = approval::needed(tx, buyer, &asked).await?.len();
    if steps == 0 { Ok(()) } else { Err(OrderError::ApprovalRequired { steps }) }
}

/// What carrying the goods of an order would cost (运费), before anything is reserved.
///
/// # Errors
/// What the order rests on is wanting.
pub async fn freight_of(
    tx: &Tx,
    buyer: OrganisationId,
    wanted: &PlaceOrder,
    reserved: &[Reserved],
) -> Result<Fen, OrderError> {
    let known = known::ask(tx, buyer, wanted, reserved).await?;
    Ok(Fen::checked_sum(known.freight(reserved)?.into_values())?)
}

/// One supplier's part of an order in the making.
struct Part {
    id: SupplierOrderId,
    supplier: OrganisationId,
    plan: PlanId,
    /// Goods and carriage.
    total: Fen,
    freight: Fen,
    lines: Vec<order_line::Model>,
}

impl Part {
    /// Its row; the number and the transfer code are drawn when it is stored.
    fn row(
        &self,
        group: &order_group::Model,
        choices: Choices,
        placed_at: Timestamp,
    ) -> Result<supplier_order::Model, Overflow> {
        let Choices { terms, ship_days, term_days } = choices;
        Ok(supplier_order::Model {
            id: self.id,
            group_id: group.id,
            number: String::new(),
            supplier_id: self.supplier,
            buyer_id: group.buyer_id,
            plan_id: self.plan,
            state: OrderState::Placed,
            transfer_code: String::new(),
            total_fen: self.total,
            accepted_fen: Fen::ZERO,
            paid_fen: Fen::ZERO,
            invoiced_fen: Fen::ZERO,
            credited_fen: Fen::ZERO,
            refunded_fen: Fen::ZERO,
            overpaid_fen: Fen::ZERO,
            repaid_fen: Fen::ZERO,
            terms,
            ship_days,
            term_days,
            dropped_fen: Fen::ZERO,
            prepaid_fen: Fen::ZERO,
            unused_fen: Fen::ZERO,
            pay_by: None,
            pay_extended: false,
            ship_by: None,
            expired_by: None,
            freight_fen: self.freight,
            freight_credited_fen: Fen::ZERO,
            late_interest_ppm: None,
            placed_at,
            confirmed_at: None,
            shipped_at: None,
            accepted_at: None,
            invoiced_at: None,
            paid_at: None,
            completed_at: None,
            cancelled_at: None,
            closed_reason: None,
            version: 1,
        })
    }
}

/// Splits an order by supplier, in the order in which suppliers first appear, at the prices of now. A part is under the
/// plan of its first line; lines whose products have another say so.
fn split(reserved: &[Reserved], bases: &[LineBasis], known: &Known) -> Result<Vec<Part>, OrderError> {
    let carried = known.freight(reserved)?;
    let mut parts: Vec<Part> = Vec::new();
    let mut places: HashMap<OrganisationId, usize> = HashMap::new();
    for (line, basis) in reserved.iter().zip(bases) {
        let supplier = line.product.supplier_id;
        let plan = *known.plans.get(&line.product.id).ok_or(OrderError::SupplierWithoutPlan { lines: Vec::new() })?;
        let place = match places.get(&supplier) {
            Some(place) => *place,
            None => {
                let id = SupplierOrderId::generate();
                let freight = carried.get(&supplier).copied().unwrap_or(Fen::ZERO);
                parts.push(Part { id, supplier, plan, total: freight, freight, lines: Vec::new() });
                places.insert(supplier, parts.len() - 1);
                parts.len() - 1
            }
        };
        let Some(part) = parts.get_mut(place) else { continue };
        part.total = part.total.checked_add(line.product.unit_price_fen.checked_mul(line.packs.get())?)?;
        let plan = (plan != part.plan).then_some(plan);
        part.lines.push(row_of(line, plan, *basis, (part.id, part.lines.len()))?);
    }
    Ok(parts)
}

fn row_of(
    line: &Reserved,
    plan_id: Option<PlanId>,
    (price_basis, basis_id): LineBasis,
    (order, index): (SupplierOrderId, usize),
) -> Result<order_line::Model, Overflow> {
    Ok(order_line::Model {
        id: OrderLineId::generate(),
        supplier_order_id: order,
        line_no: i32::try_from(index + 1).map_err(|_| Overflow)?,
        product_id: line.product.id,
        price_id: line.product.price_id,
        product_name: line.product.name.clone(),
        unit_price_fen: line.product.unit_price_fen,
        pack_grams: line.product.pack_grams,
        packs: line.packs,
        reserved_packs: line.packs,
        shipped_packs: NO_PACKS,
        accepted_packs: NO_PACKS,
        refused_packs: NO_PACKS,
        withdrawn_packs: NO_PACKS,
        returned_packs: NO_PACKS,
        credited_fen: Fen::ZERO,
        refusal_reason: None,
        plan_id,
        price_basis,
        basis_id,
    })
}

async fn tell(tx: &Tx, group: &order_group::Model, orders: &[supplier_order::Model]) -> Result<(), OrderError> {
    let part = |order: &supplier_order::Model| PlacedPart {
        id: order.id,
        number: order.number.clone(),
        supplier: order.supplier_id,
        total_fen: order.total_fen,
    };
    let supplier_orders: Vec<_> = orders.iter().map(part).collect();
    let after = json!({
        "number": group.number, "total_fen": group.total_fen, "budget_id": group.budget_id,
        "supplier_orders": supplier_orders,
    });
    tx.emit(&OrderPlaced {
        group: group.id,
        number: group.number.clone(),
        buyer: group.buyer_id,
        total_fen: group.total_fen,
        supplier_orders,
    })
    .await?;
    tx.audit(Change::made("order.place", "order_group", group.id.uuid(), after)).await?;
    Ok(())
}
