//! The clocks of a supplier order (时限): which run, until when. Pure; what happens then is for the acts.
//!
//! Days are counted from the instant at which the clock began, 24 hours each. The days are configuration, but for those
//! a buyer chose with its order.

use crate::config::OrderClocks;
use chrono::Duration;
use entity::supplier_order;
use entity::value::{ClockKind, OrderState, OrderTerms, Timestamp};

/// A clock that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Running {
    /// Which.
    pub kind: ClockKind,
    /// The number of the shipment it is about; 0 for the order itself.
    pub number: i32,
    /// When it runs out.
    pub runs_out_at: Timestamp,
}

/// So many days after an instant; the instant itself when the calendar ends before.
pub(super) fn after(at: Timestamp, days: u32) -> Timestamp {
    at.checked_add_signed(Duration::days(i64::from(days))).unwrap_or(at)
}

/// The clocks that run for an order, with its shipments nobody has judged yet: their numbers and when they left.
///
/// Credit orders have no silent acceptance whatever is configured: it would begin the payment term unseen.
#[must_use]
pub fn running(order: &supplier_order::Model, under_way: &[(i32, Timestamp)], clocks: &OrderClocks) -> Vec<Running> {
    let of_order = |kind, runs_out_at| Running { kind, number: 0, runs_out_at };
    let mut all = Vec::new();
    match order.state {
        OrderState::Placed => {
            all.push(of_order(ClockKind::Answer, after(order.placed_at, clocks.answer_days)));
        }
        OrderState::AwaitingPayment => all.extend(order.pay_by.map(|at| of_order(ClockKind::Payment, at))),
        OrderState::Confirmed | OrderState::PartlyShipped => {
            all.extend(order.ship_by.map(|at| of_order(ClockKind::Shipping, at)));
        }
        _ => {}
    }
    if matches!(order.state, OrderState::Shipped | OrderState::PartlyShipped) {
        for (number, shipped_at) in under_way {
            let of_shipment = |kind, days| Running { kind, number: *number, runs_out_at: after(*shipped_at, days) };
            all.push(of_shipment(ClockKind::Acceptance, clocks.acceptance_reminder_days));
            if clocks.silent_acceptance_days > 0 && order.terms == OrderTerms::PayFirst {
                all.push(of_shipment(ClockKind::SilentAcceptance, clocks.silent_acceptance_days));
            }
        }
    }
    all
}
