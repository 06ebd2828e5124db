//! The first bookings of several orders in one transaction (合并入账).
//!
//! What it is for: after a bank statement or a delivery round a worker finds many orders waiting at once. Together they
//! cost one commit, and an account that many of them move, as those of one cooperative do, is moved once.
//! Promises: each order has the posting, the computation and the event it would have had alone; nothing is booked when
//! one of them is refused. Locks are taken in the order in which one alone takes them, kind by kind: all orders, then
//! the periods, supplier by supplier, then all accounts.
//! A transaction books some thousands of lines at most, so that large orders do not hold the accounts of many for long.
//! Left to be done alone is whatever depends on what others of the same transaction book: an order that was computed
//! before, for it looks at balances, and those of a supplier that advances costs, for each repays what others left.

use super::SettlementError;
use super::service::{keep, prepare};
use crate::access::Grant;
use crate::access::policy::SettleOrder;
use crate::db::Tx;
use crate::{attribution, ledger, procurement};
use entity::value::{OrganisationId, ShareBasis, SupplierOrderId};

/// So many shares a transaction books before it leaves the rest to the next; one order is always booked whole.
const SHARES: usize = 5_000;

/// What was not booked.
#[derive(Debug, Default)]
pub(super) struct Left {
    /// To be done alone.
    pub alone: Vec<SupplierOrderId>,
    /// To be done together, in another transaction.
    pub rest: Vec<SupplierOrderId>,
}

/// Books the first computation of these orders on a basis, of as many as a transaction takes.
///
/// # Errors
/// As for one alone; then none is booked.
pub(super) async fn book_first(
    tx: &Tx,
    _grant: &Grant<SettleOrder>,
    basis: ShareBasis,
    orders: &[SupplierOrderId],
) -> Result<Left, SettlementError> {
    let mut held = procurement::hold_by_ids(tx, orders).await?;
    held.sort_unstable_by_key(|order| (order.supplier_id, order.id));
    let suppliers: Vec<OrganisationId> = held.iter().map(|order| order.supplier_id).collect();
    let advancing = attribution::advancing(tx, &suppliers).await?;
    let computed = attribution::computed_of(tx, orders, basis).await?;
    let (mut left, mut prepared, mut shares) = (Left::default(), Vec::with_capacity(held.len()), 0);
    // What is not there is refused, alone.
    left.alone.extend(orders.iter().filter(|id| held.iter().all(|order| order.id != **id)));
    for order in held {
        let id = order.id;
        if computed.contains(&id) || advancing.contains(&order.supplier_id) {
            left.alone.push(id);
        } else if shares >= SHARES {
            left.rest.push(id);
        } else if let Some(one) = prepare(tx, order, basis).await? {
            if one.repays() {
                // Its supplier declared its first costs a moment ago.
                left.alone.push(id);
            } else {
                shares += one.shares();
                prepared.push(one);
            }
        }
    }
    let postings = prepared.iter().map(|prepared| prepared.posting.clone()).collect();
    let posted = ledger::post_all(tx, postings).await?;
    for (prepared, posting_id) in prepared.iter().zip(posted) {
        keep(tx, prepared, posting_id).await?;
    }
    Ok(left)
}
