//! Which orders a bank row pays: a pure decision over the row and the orders whose codes it carries.
//!
//! Promises: what a row brings is all given to orders, to the fen, or none of it is; orders are paid in the order in
//! which the memo names them, each at most what is open; what is left is an excess of the last of them, owed back to
//! its buyer; too little leaves the last of them open. Knows no database.

use crate::procurement;
use entity::supplier_order;
use entity::value::{Fen, OrderState, OrderTerms, OrganisationId, Overflow, SupplierOrderId};
use std::collections::HashMap;

/// How many digits a transfer code has.
const CODE_DIGITS: usize = 10;

/// Why a row pays nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    /// The order is paid already.
    PaidAlready,
    /// The order is not invoiced yet, or closed.
    NotPayable,
    /// Somebody paid who is neither who ordered nor whom they declared.
    WrongPayer,
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
            Self::NotPayable => "not_payable",
            Self::WrongPayer => "wrong_payer",
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

/// What a row says, wherever it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    /// Who paid.
    pub payer_name: String,
    /// From which account, where the bank says so.
    pub payer_account: Option<String>,
    /// How much.
    pub amount: Fen,
    /// What the payer wrote.
    pub memo: String,
}

/// What of a row goes to one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    /// The order.
    pub order: SupplierOrderId,
    /// What it pays.
    pub amount: Fen,
    /// What is too much, and is owed back.
    pub excess: Fen,
}

/// Why a row pays nothing, and the order that it may pay later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Waits {
    /// Why.
    pub reason: Reason,
    /// The order whose invoice or confirmation it waits for.
    pub awaits: Option<SupplierOrderId>,
}

/// Somebody in whose name a buyer's money may come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Payer {
    /// The name.
    pub name: String,
    /// The account, where it was declared.
    pub account: Option<String>,
}

impl Payer {
    /// Whether a row is theirs: by the account where both sides say it, for banks cut names short and two payers may
    /// have one; else by the name.
    fn is_behind(&self, row: &Said) -> bool {
        match (&self.account, &row.payer_account) {
            (Some(own), Some(said)) => plain_account(own) == plain_account(said),
            _ => plain_name(&self.name) == plain_name(&row.payer_name),
        }
    }
}

/// A name as it is compared: banks write full-width brackets and blanks as they like.
fn plain_name(name: &str) -> String {
    let plain = |c: char| match c {
        '（' => '(',
        '）' => ')',
        other => other,
    };
    name.chars().filter(|c| !c.is_whitespace()).map(plain).collect()
}

/// An account number as it is compared: letters and digits alone.
fn plain_account(account: &str) -> String {
    account.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// For every buyer, who may pay for it: itself, and whom it declared.
pub(super) type Payers = HashMap<OrganisationId, Vec<Payer>>;

fn may_pay(payers: &Payers, row: &Said, order: &supplier_order::Model) -> bool {
    payers.get(&order.buyer_id).is_some_and(|them| them.iter().any(|payer| payer.is_behind(row)))
}

/// For each row, the orders it pays or the reason why it pays none. Rows are decided in the order of the file.
///
/// `payers` says who may pay for whom: a code can be mistyped or read off somebody else's paper, so that money in any
/// other name waits until somebody has looked at it.
pub(super) fn decide(
    rows: &[Said],
    orders: &HashMap<String, supplier_order::Model>,
    payers: &Payers,
) -> Result<Vec<Result<Vec<Part>, Waits>>, Overflow> {
    let mut open: HashMap<SupplierOrderId, Fen> = HashMap::new();
    for order in orders.values() {
        open.insert(order.id, payable_fen(order)?);
    }
    rows.iter().map(|row| decide_one(row, orders, payers, &mut open)).collect()
}

/// What of an order can be paid: accepted, not credited and not paid, once it has an invoice; or what is to be paid
/// before its goods leave, once it is confirmed.
fn payable_fen(order: &supplier_order::Model) -> Result<Fen, Overflow> {
    let is_open = order.state == OrderState::AwaitingPayment || !order.invoiced_fen.is_zero();
    if is_open { procurement::payable_fen(order) } else { Ok(Fen::ZERO) }
}

fn decide_one(
    row: &Said,
    orders: &HashMap<String, supplier_order::Model>,
    payers: &Payers,
    open: &mut HashMap<SupplierOrderId, Fen>,
) -> Result<Result<Vec<Part>, Waits>, Overflow> {
    let refuse = |reason, awaits| Ok(Err(Waits { reason, awaits }));
    let codes = codes(&row.memo);
    if codes.is_empty() {
        return refuse(Reason::NoCode, None);
    }
    let mut named: Vec<&supplier_order::Model> = Vec::new();
    for order in codes.iter().filter_map(|code| orders.get(code)) {
        if !named.iter().any(|other| other.id == order.id) {
            named.push(order);
        }
    }
    if named.is_empty() {
        return refuse(Reason::UnknownCode, None);
    }
    if !named.iter().all(|order| may_pay(payers, row, order)) {
        return refuse(Reason::WrongPayer, None);
    }
    let mut left = row.amount;
    let mut parts: Vec<Part> = Vec::new();
    for order in &named {
        let of_order = open.entry(order.id).or_insert(Fen::ZERO);
        let amount = left.min(*of_order);
        if !amount.is_zero() {
            *of_order = of_order.checked_sub(amount)?;
            left = left.checked_sub(amount)?;
            parts.push(Part { order: order.id, amount, excess: Fen::ZERO });
        }
    }
    match parts.last_mut() {
        Some(last) => {
            last.excess = left;
            Ok(Ok(parts))
        }
        None => {
            let is_paid = |order: &&&supplier_order::Model| {
                let waits = matches!(order.state, OrderState::Placed | OrderState::AwaitingPayment);
                !order.invoiced_fen.is_zero() || (order.terms == OrderTerms::PayFirst && !waits)
            };
            let awaited = named.iter().find(|order| !is_paid(order)).map(|order| order.id);
            let reason =
                if named.iter().any(|order| is_paid(&order)) { Reason::PaidAlready } else { Reason::NotPayable };
            refuse(reason, awaited)
        }
    }
}
