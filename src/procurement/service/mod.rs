//! What can be done with orders: one file for each act.

mod cancel;
mod place;
mod read;
mod receive;
mod serve;
mod settle;

pub(super) use cancel::cancel;
pub(super) use place::place;
pub(super) use read::{get, get_group, list, list_groups};
pub(super) use receive::{accept, rate};
pub(super) use serve::{confirm, ship};
pub use settle::{Settling, find_for_settling, mark_invoiced, mark_paid};

use super::error::OrderError;
use super::state::Step;
use super::store::{self, Side};
use crate::access::Scope;
use crate::db::{Change, Tx};
use crate::http::IfMatch;
use entity::supplier_order;
use entity::value::{OrderState, SupplierOrderId};

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
        Step::Refuse => "supplier_order.refuse",
        Step::Invoice => "supplier_order.invoice",
        Step::Pay => "supplier_order.pay",
        Step::Rate => "supplier_order.rate",
        Step::Cancel => "supplier_order.cancel",
    };
    Change::moved(operation, "supplier_order", id.uuid(), from.as_str(), to.as_str())
}
