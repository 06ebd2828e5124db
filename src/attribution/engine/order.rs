//! The shares of an order whose lines are under several plans.

use super::{AttributionError, Deduction, Held, Outcome, SplitError, attribute, split_by_weight};
use crate::attribution::inputs::OrderInputs;
use entity::value::{Fen, PlanId, SupplierOrderId};

/// What of an amount falls to each plan of an order, by what the lines under it are worth: accepted and not credited.
/// Equal remainders go as between households, by SHA-256 over the order and the plan.
///
/// When all is paid, each part is just what its lines are worth. Where nothing is left of any line there is nothing to
/// share; it falls to the first.
///
/// # Errors
/// [`SplitError::Overflow`], which amounts of money never reach.
pub fn divide_among_plans(total: Fen, order: SupplierOrderId, goods: &[(PlanId, Fen)]) -> Result<Vec<Fen>, SplitError> {
    let weights: Vec<_> =
        goods.iter().map(|(plan, goods)| (plan.uuid().into_bytes(), goods.get().unsigned_abs())).collect();
    match split_by_weight(total, order, &weights) {
        Err(SplitError::NoWeight) => {
            let first = (0..goods.len()).map(|index| if index == 0 { total } else { Fen::ZERO });
            Ok(first.collect())
        }
        split => split,
    }
}

/// Computes the shares of an order: those of each part by itself, one after the other. What waits and what repays costs
/// is added up over the parts.
///
/// # Errors
/// As [`attribute`], of the first part that is refused.
pub fn attribute_order(inputs: &OrderInputs) -> Result<Outcome, AttributionError> {
    let mut whole =
        Outcome { shares: Vec::new(), retained_fen: Default::default(), held: Vec::new(), deductions: Vec::new() };
    for part in inputs.parts() {
        let Outcome { shares, retained_fen, held, deductions } = attribute(part)?;
        whole.shares.extend(shares);
        whole.retained_fen = whole.retained_fen.checked_add(retained_fen)?;
        for Held { mode, amount_fen } in held {
            match whole.held.iter_mut().find(|held| held.mode == mode) {
                Some(held) => held.amount_fen = held.amount_fen.checked_add(amount_fen)?,
                None => whole.held.push(Held { mode, amount_fen }),
            }
        }
        for Deduction { agreement_id, amount_fen } in deductions {
            match whole.deductions.iter_mut().find(|deduction| deduction.agreement_id == agreement_id) {
                Some(deduction) => deduction.amount_fen = deduction.amount_fen.checked_add(amount_fen)?,
                None => whole.deductions.push(Deduction { agreement_id, amount_fen }),
            }
        }
    }
    whole.deductions.sort_unstable_by_key(|deduction| deduction.agreement_id);
    Ok(whole)
}
