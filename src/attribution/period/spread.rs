//! The arithmetic of a close. Pure: amounts in, amounts out.
//!
//! Promises: what the orders of a pool brought is exactly what households get and what is retained, in sum and order
//! by order; what a household gets is exactly the sum of its parts of the orders; nobody gets more than is due; the
//! order of the lists changes nothing.

use super::inputs::{Due, PeriodInputs, Waiting};
use crate::attribution::engine::{Claim, SplitError, split_below};
use crate::attribution::inputs::rank;
use entity::value::{BenefitMode, Fen, Overflow};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Why a period could not be closed. Nothing is shared then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SpreadError {
    /// An agreement or an order stands twice in one pool.
    #[error("{0} stands twice in one pool")]
    Twice(Uuid),
    /// What is due adds up beyond what can be counted.
    #[error(transparent)]
    Split(#[from] SplitError),
    /// An amount left its bounds.
    #[error("an amount of the period is out of bounds")]
    Amount(#[from] Overflow),
}

/// What an agreement gets of a period, also when it is nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodShare {
    /// What was due to it.
    pub due: Due,
    /// What it gets.
    pub amount_fen: Fen,
}

/// What becomes of what one order brought to one pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderSpread {
    /// What it brought.
    pub waiting: Waiting,
    /// What households get of it: the place in [`Closing::shares`], and the amount, always more than nothing.
    pub parts: Vec<(usize, Fen)>,
    /// What the supplier keeps of it.
    pub retained_fen: Fen,
}

/// The close of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// What waited.
    pub pool_fen: Fen,
    /// What was due.
    pub due_fen: Fen,
    /// What households get.
    pub shared_fen: Fen,
    /// What the supplier keeps.
    pub retained_fen: Fen,
    /// By mode and agreement.
    pub shares: Vec<PeriodShare>,
    /// By mode and order.
    pub orders: Vec<OrderSpread>,
}

/// Computes the close of a period.
///
/// 1. In each mode what waits is split by what is due, none above what is due to it: all is paid where it suffices, and
///    where it does not, each gets its proportion. Equal remainders by SHA-256 over the period's 16 bytes and the
///    agreement's.
/// 2. What is shared in the mode is spread over its orders in proportion to what each brought, none above that; equals
///    by SHA-256 over period and order. The rest of each order is retained.
/// 3. The orders are taken by identifier; of each, its spread amount is split among the households in proportion to
///    what each is still to get, equals by SHA-256 over order and agreement. As nobody gets more than is left to it, and
///    the last order brings just what is left to all, both sums come out.
///
/// # Errors
/// [`SpreadError`] when a list contradicts itself.
pub fn close(inputs: &PeriodInputs) -> Result<Closing, SpreadError> {
    check(inputs)?;
    let mut closing = Closing {
        pool_fen: Fen::checked_sum(inputs.waiting.iter().map(|waiting| waiting.amount_fen))?,
        due_fen: Fen::checked_sum(inputs.due.iter().map(|due| due.due_fen))?,
        shared_fen: Fen::ZERO,
        retained_fen: Fen::ZERO,
        shares: Vec::with_capacity(inputs.due.len()),
        orders: Vec::with_capacity(inputs.waiting.len()),
    };
    let modes: BTreeMap<u8, BenefitMode> = inputs
        .waiting
        .iter()
        .map(|waiting| waiting.mode)
        .chain(inputs.due.iter().map(|due| due.mode))
        .map(|mode| (rank(mode), mode))
        .collect();
    for mode in modes.into_values() {
        close_mode(inputs, mode, &mut closing)?;
    }
    closing.shared_fen = Fen::checked_sum(closing.shares.iter().map(|share| share.amount_fen))?;
    closing.retained_fen = Fen::checked_sum(closing.orders.iter().map(|order| order.retained_fen))?;
    Ok(closing)
}

fn check(inputs: &PeriodInputs) -> Result<(), SpreadError> {
    let mut seen = BTreeSet::new();
    let due = inputs.due.iter().map(|due| (rank(due.mode), false, due.agreement_id.uuid()));
    let waiting = inputs.waiting.iter().map(|waiting| (rank(waiting.mode), true, waiting.supplier_order_id.uuid()));
    for (mode, is_order, id) in due.chain(waiting) {
        if !seen.insert((mode, is_order, id)) {
            return Err(SpreadError::Twice(id));
        }
    }
    Ok(())
}

fn close_mode(inputs: &PeriodInputs, mode: BenefitMode, closing: &mut Closing) -> Result<(), SpreadError> {
    let mut due: Vec<Due> = inputs.due.iter().copied().filter(|due| due.mode == mode).collect();
    let mut waiting: Vec<Waiting> = inputs.waiting.iter().copied().filter(|waiting| waiting.mode == mode).collect();
    due.sort_unstable_by_key(|due| due.agreement_id);
    waiting.sort_unstable_by_key(|waiting| waiting.supplier_order_id);
    let seed = inputs.period_id.uuid();
    let pool = Fen::checked_sum(waiting.iter().map(|waiting| waiting.amount_fen))?;
    let claims: Vec<Claim> = due.iter().map(|due| bounded(due.agreement_id.uuid(), due.due_fen, due.due_fen)).collect();
    let (amounts, _) = split_below(pool, seed, &claims)?;
    let shared = Fen::checked_sum(amounts.iter().copied())?;
    let claims: Vec<Claim> = waiting
        .iter()
        .map(|waiting| bounded(waiting.supplier_order_id.uuid(), waiting.amount_fen, waiting.amount_fen))
        .collect();
    let (spread, _) = split_below(shared, seed, &claims)?;
    let first = closing.shares.len();
    let mut left = amounts.clone();
    for (waiting, amount) in waiting.into_iter().zip(spread) {
        let claims: Vec<Claim> =
            due.iter().zip(&left).map(|(due, left)| bounded(due.agreement_id.uuid(), *left, *left)).collect();
        let (parts, _) = split_below(amount, waiting.supplier_order_id.uuid(), &claims)?;
        for (left, part) in left.iter_mut().zip(&parts) {
            *left = left.checked_sub(*part)?;
        }
        let parts = (first..).zip(parts).filter(|(_, part)| !part.is_zero()).collect();
        closing.orders.push(OrderSpread { waiting, parts, retained_fen: waiting.amount_fen.checked_sub(amount)? });
    }
    closing.shares.extend(due.into_iter().zip(amounts).map(|(due, amount_fen)| PeriodShare { due, amount_fen }));
    Ok(())
}

fn bounded(key: Uuid, weight: Fen, room: Fen) -> Claim {
    Claim { key: key.into_bytes(), weight: weight.get().unsigned_abs(), room: Some(room.get()) }
}
