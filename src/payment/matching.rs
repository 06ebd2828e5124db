//! Which order a bank row pays: a pure decision over the row and the orders whose codes it carries.
//!
//! Promises: a row pays at most one order and an order is paid by at most one row; the amount is equal to the fen or
//! nothing happens. Knows no database.

use super::statement::Parsed;
use entity::supplier_order;
use entity::value::{OrderState, SupplierOrderId};
use std::collections::{HashMap, HashSet};

/// How many digits a transfer code has.
const CODE_DIGITS: usize = 10;

/// Why a row pays nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    /// The order is paid already.
    PaidAlready,
    /// The amount is not the accepted amount.
    AmountDiffers,
    /// The order is not invoiced, or closed.
    NotPayable,
    /// Nobody has the code.
    UnknownCode,
    /// There is no code in the memo.
    NoCode,
}

impl Reason {
    /// The word it is stored and shown as.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PaidAlready => "paid_already",
            Self::AmountDiffers => "amount_differs",
            Self::NotPayable => "not_payable",
            Self::UnknownCode => "unknown_code",
            Self::NoCode => "no_code",
        }
    }
}

/// The transfer codes in a memo: runs of exactly ten digits, wherever they stand; full-width digits count too.
pub(super) fn codes(memo: &str) -> Vec<String> {
    let plain = |c: char| match c {
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10).unwrap_or(c),
        other => other,
    };
    let memo: String = memo.chars().map(plain).collect();
    memo.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == CODE_DIGITS).map(str::to_owned).collect()
}

/// For each row, the order it pays or the reason why it pays none. Rows are decided in the order of the file.
pub(super) fn decide(
    rows: &[Parsed],
    orders: &HashMap<String, supplier_order::Model>,
) -> Vec<Result<SupplierOrderId, Reason>> {
    let mut paid = HashSet::new();
    rows.iter()
        .map(|row| {
            let codes = codes(&row.memo);
            if codes.is_empty() {
                return Err(Reason::NoCode);
            }
            let outcomes = codes.iter().filter_map(|code| orders.get(code)).map(|order| judge(row, order, &paid));
            // Of several codes the one that pays wins; else the reason that is nearest to paying.
            let mut nearest = Reason::UnknownCode;
            for outcome in outcomes {
                match outcome {
                    Ok(order) => {
                        paid.insert(order);
                        return Ok(order);
                    }
                    Err(reason) => nearest = nearest.min(reason),
                }
            }
            Err(nearest)
        })
        .collect()
}

fn judge(
    row: &Parsed,
    order: &supplier_order::Model,
    paid: &HashSet<SupplierOrderId>,
) -> Result<SupplierOrderId, Reason> {
    match order.state {
        OrderState::Paid | OrderState::Completed => Err(Reason::PaidAlready),
        OrderState::Invoiced if paid.contains(&order.id) => Err(Reason::PaidAlready),
        OrderState::Invoiced if row.amount == order.accepted_fen => Ok(order.id),
        OrderState::Invoiced => Err(Reason::AmountDiffers),
        OrderState::Placed
        | OrderState::Confirmed
        | OrderState::Shipped
        | OrderState::Accepted
        | OrderState::Cancelled
        | OrderState::Refused => Err(Reason::NotPayable),
    }
}
