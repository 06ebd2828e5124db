//! What an order adds to a unit's figures: pure functions.
//!
//! Promises: the figures of an order follow from the order alone; what has to be entered is the difference to what is
//! entered already, so that entering twice changes nothing and a fall is entered as what it is; accepted is at most
//! ordered, paid at most accepted, completed at most paid.

use entity::value::{Fen, OrderState, Overflow, QuotaFigure};

/// The truth of an order, as far as quotas look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderTruth {
    /// Where it is.
    pub state: OrderState,
    /// What was ordered.
    pub ordered: Fen,
    /// What is accepted, less what was given back.
    pub accepted: Fen,
    /// What is paid, less what was paid back.
    pub paid: Fen,
}

/// What the figures of an order should stand at.
///
/// `refunded_before` and `accepted_before` are what is entered so far: what has been accepted and is no longer was
/// given back.
///
/// # Errors
/// [`Overflow`] when amounts are out of range.
pub fn of(truth: &OrderTruth, accepted_before: i64, refunded_before: i64) -> Result<Vec<(QuotaFigure, i64)>, Overflow> {
    let accepted = truth.accepted.get();
    let paid = truth.paid.min(truth.accepted).get();
    let is_complete = truth.state == OrderState::Completed;
    let is_over = matches!(truth.state, OrderState::Cancelled | OrderState::Refused);
    // Of an order that still has goods on their way or due, nothing is released yet.
    let has_been_accepted = matches!(
        truth.state,
        OrderState::Accepted | OrderState::Invoiced | OrderState::Paid | OrderState::Completed | OrderState::Returned
    );
    let fall = (accepted_before - accepted).max(0);
    let refunded = refunded_before.checked_add(fall).ok_or(Overflow)?;
    // Given back is not released: it had been accepted.
    let released = if is_over || has_been_accepted { (truth.ordered.get() - accepted - refunded).max(0) } else { 0 };
    Ok(vec![
        (QuotaFigure::Ordered, truth.ordered.get()),
        (QuotaFigure::Released, released),
        (QuotaFigure::Accepted, accepted),
        (QuotaFigure::Paid, paid),
        (QuotaFigure::Completed, if is_complete { paid } else { 0 }),
        (QuotaFigure::Refunded, refunded),
    ])
}

/// What is to be entered so that what stands becomes what should stand; figures that do not move are left out.
#[must_use]
pub fn moves(should: &[(QuotaFigure, i64)], stands: &[(QuotaFigure, i64)]) -> Vec<(QuotaFigure, i64)> {
    let at = |list: &[(QuotaFigure, i64)], figure| {
        list.iter().find(|(one, _)| *one == figure).map_or(0, |(_, amount)| *amount)
    };
    QuotaFigure::ALL
        .iter()
        .map(|figure| (*figure, at(should, *figure) - at(stands, *figure)))
        .filter(|(_, amount)| *amount != 0)
        .collect()
}
