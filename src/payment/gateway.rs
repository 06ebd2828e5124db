//! Gateways (收款渠道): where money for orders comes in. The house needs two things of one: how somebody pays through it,
//! and what it reports to have come. By default that is a bank, its transfers and its statements; another is put in by
//! whoever puts the house together.

use super::statement::{self, Parsed};
use super::{PaymentError, camt};
use chrono::NaiveDate;
use entity::value::Fen;

/// How an order is paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    /// The gateway.
    pub gateway: &'static str,
    /// How much.
    pub amount: Fen,
    /// What is written on the payment, so that it finds its orders.
    pub memo: String,
}

/// A way in which money comes.
pub trait Gateway: Send + Sync {
    /// Its stable name.
    fn name(&self) -> &'static str;

    /// How what is payable is paid through it: transfer codes with their amounts, in one payment.
    ///
    /// # Errors
    /// The sum is out of range.
    fn instruct(&self, payable: &[(String, Fen)]) -> Result<Instruction, PaymentError>;

    /// Reads what it reports to have come. `today` bounds its dates.
    ///
    /// # Errors
    /// The report cannot be read, or has faulty rows, all of them named.
    fn read(&self, report: &[u8], today: NaiveDate) -> Result<Vec<Parsed>, PaymentError>;
}

/// Transfers through a bank, which reports them by its statements: CSV, or camt.053.
#[derive(Debug, Clone, Copy, Default)]
pub struct BankTransfer;

impl Gateway for BankTransfer {
    fn name(&self) -> &'static str {
        "bank_transfer"
    }

    fn instruct(&self, payable: &[(String, Fen)]) -> Result<Instruction, PaymentError> {
        let codes: Vec<&str> = payable.iter().map(|(code, _)| code.as_str()).collect();
        let amount = Fen::checked_sum(payable.iter().map(|(_, amount)| *amount))?;
        Ok(Instruction { gateway: self.name(), amount, memo: codes.join(" ") })
    }

    fn read(&self, report: &[u8], today: NaiveDate) -> Result<Vec<Parsed>, PaymentError> {
        if camt::is_message(report) { camt::parse(report, today) } else { statement::parse(report, today) }
    }
}

/// The gateway of this house.
pub struct PaidThrough(pub Box<dyn Gateway>);
