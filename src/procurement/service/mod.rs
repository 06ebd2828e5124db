//! What can be done with orders: one file for each act.

mod amend;
mod cancel;
mod clocks;
mod known;
mod place;
mod rate;
mod read;
mod receive;
mod returns;
mod serve;
mod settle;
mod terms;

pub(super) use amend::amend;
pub(super) use cancel::cancel;
pub use clocks::{Ticket, act_on_clock, due_clocks};
pub(super) use clocks::{clocks, extend_payment};
pub use known::require_within_month;
pub(super) use place::place;
pub use place::{freight_of, place_on};
pub(super) use rate::{rate, rate_many, to_rate};
pub use read::get as describe;
pub(super) use read::{get, get_group, list, list_groups};
pub(super) use receive::accept;
pub(super) use returns::{credit_order, decline_return, receive_return, request_return};
pub(super) use serve::{confirm, ship};
pub use settle::{
    Received, Settling, find_for_settling, hold_for_invoice, hold_for_refund, mark_invoiced, mark_paid, mark_repaid,
    settling,
};
pub use terms::{Agreed, Buyer, Terms};

use super::error::OrderError;
use super::state::{Advance, Facts, Step, derive};
use super::store::{self, Side};
use crate::access::Scope;
use crate::db::{Change, Tx};
use crate::http::IfMatch;
use crate::ledger::{Account, Posting};
use chrono::NaiveDate;
use entity::value::{Fen, OrderState, Overflow, Packs, SupplierOrderId};
use entity::{order_line, supplier_order};

/// No packs.
const NO_PACKS: Packs = match Packs::new(0) {
    Ok(none) => none,
    Err(_) => panic!("nothing is a number of packs"),
};

/// The order in the state that follows from its money and these lines.
fn restated(order: supplier_order::Model, lines: &[order_line::Model]) -> supplier_order::Model {
    supplier_order::Model { state: derive(&Facts::of(&order, lines)), ..order }
}

/// Carriage that is not owed, when these lines leave an order over without any goods accepted.
fn freight_in_vain(order: &supplier_order::Model, lines: &[order_line::Model]) -> Fen {
    match derive(&Facts::of(order, lines)) {
        OrderState::Cancelled | OrderState::Refused => order.freight_fen,
        _ => Fen::ZERO,
    }
}

/// The number of the next document after so many.
fn next_number(before: usize) -> Result<i32, Overflow> {
    i32::try_from(before + 1).map_err(|_| Overflow)
}

/// The cause of the posting of the `number`-th document of its kind.
fn cause(order: SupplierOrderId, what: &str, number: i32) -> String {
    if number == 1 {
        format!("supplier_order:{order}:{what}")
    } else {
        format!("supplier_order:{order}:{what}:{number}")
    }
}

/// The postings by which money that came before the goods pays for them, or is owed back. `suffix` tells the causes of
/// several acts of one order apart.
fn advance_postings(order: &supplier_order::Model, advance: Advance, suffix: &str, day: NaiveDate) -> Vec<Posting> {
    let (supplier, buyer, of) = (order.supplier_id, order.buyer_id, Some(order.id));
    let from = Account::buyer_advance(supplier, buyer);
    let mut postings = Vec::new();
    for (kind, amount, to) in [
        ("advance_used", advance.used, Account::buyer_receivable(supplier, buyer)),
        ("advance_returned", advance.returned, Account::buyer_refund(supplier, buyer)),
    ] {
        if !amount.is_zero() {
            let cause = format!("supplier_order:{}:{kind}:{suffix}", order.id);
            postings
                .push(Posting::new(cause, kind, day, order.id.uuid()).debit(from, amount, of).credit(to, amount, of));
        }
    }
    postings
}

/// A supplier order in reach, locked, in the version that the caller read.
async fn hold(
    tx: &Tx,
    (scope, side): (&Scope, Side),
    id: SupplierOrderId,
    seen: IfMatch,
) -> Result<supplier_order::Model, OrderError> {
    let order = store::hold(tx, scope, side, id).await?.ok_or(OrderError::NotFound)?;
    seen.check(order.version).map_err(|_| OrderError::Stale)?;
    Ok(order)
}

/// The audit row of a step.
fn moved(step: Step, id: SupplierOrderId, from: OrderState, to: OrderState) -> Change<'static> {
    let operation = match step {
        Step::Confirm => "supplier_order.confirm",
        Step::Ship => "supplier_order.ship",
        Step::Accept => "supplier_order.accept",
        Step::Amend => "supplier_order.amend",
        Step::Return => "supplier_order.return",
        Step::Credit => "supplier_order.credit",
        Step::Invoice => "supplier_order.invoice",
        Step::Pay => "supplier_order.pay",
        Step::Extend => "supplier_order.extend_payment",
        Step::Rate => "supplier_order.rate",
        Step::Cancel => "supplier_order.cancel",
    };
    Change::moved(operation, "supplier_order", id.uuid(), from.as_str(), to.as_str())
}
