//! Which orders a payout pays: the oldest first. Pure.
//!
//! Promises: the parts add up to the payout; no order is paid more than accrued from it.

use entity::value::{Fen, Overflow, SupplierOrderId};

/// What of an order is accrued to an agreement and not yet paid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    /// The order.
    pub order: SupplierOrderId,
    /// How much.
    pub open_fen: Fen,
}

/// More was to be paid out than accrued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exceeds {
    /// What is open.
    pub open_fen: Fen,
}

/// Takes `amount` from the orders in their order and leaves in `open` what is left of them.
///
/// # Errors
/// [`Exceeds`] when all of them together do not suffice; `open` is as it was then.
pub fn take(open: &mut [Open], amount: Fen) -> Result<Result<Vec<(SupplierOrderId, Fen)>, Exceeds>, Overflow> {
    let open_fen = Fen::checked_sum(open.iter().map(|order| order.open_fen))?;
    if amount > open_fen {
        return Ok(Err(Exceeds { open_fen }));
    }
    let mut left = amount;
    let mut parts = Vec::new();
    for order in open.iter_mut().filter(|order| !order.open_fen.is_zero()) {
        if left.is_zero() {
            break;
        }
        let part = left.min(order.open_fen);
        order.open_fen = order.open_fen.checked_sub(part)?;
        left = left.checked_sub(part)?;
        parts.push((order.order, part));
    }
    Ok(Ok(parts))
}
