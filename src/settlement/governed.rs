//! Which plan governs which lines of an order, and what they are worth. Pure.
//!
//! Promises: every line is under one plan, the one of the day the order was placed.

use crate::procurement::Settling;
use entity::value::{Fen, OrderLineId, Overflow, PlanId};
use std::collections::{BTreeMap, BTreeSet};

/// The lines of an order under one plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Governed {
    /// The plan.
    pub plan: PlanId,
    /// Its lines.
    pub lines: BTreeSet<OrderLineId>,
    /// What is accepted and not credited of them.
    pub goods_fen: Fen,
}

/// The lines of an order by the plans they are under: the order's own first, then the others by their identifiers.
///
/// # Errors
/// [`Overflow`] when more is credited of a line than was accepted of it.
pub(super) fn by_plan(settling: &Settling) -> Result<Vec<Governed>, Overflow> {
    let own = settling.order.plan_id;
    let mut parts: BTreeMap<PlanId, Governed> = BTreeMap::new();
    for line in &settling.lines {
        let plan = line.plan_id.unwrap_or(own);
        let goods = line.unit_price_fen.checked_mul(line.accepted_packs.get())?.checked_sub(line.credited_fen)?;
        let part = parts.entry(plan).or_insert_with(|| Governed { plan, lines: BTreeSet::new(), goods_fen: Fen::ZERO });
        part.lines.insert(line.id);
        part.goods_fen = part.goods_fen.checked_add(goods)?;
    }
    let mut ordered: Vec<Governed> = parts.remove(&own).into_iter().collect();
    ordered.extend(parts.into_values());
    Ok(ordered)
}
