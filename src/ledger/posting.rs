//! Postings: built line by line, closed only when they balance, and fingerprinted.

use super::{Account, LedgerError};
use chrono::NaiveDate;
use entity::value::{AccountId, Fen, Side, SupplierOrderId};
use uuid::Uuid;

/// A posting being written: amounts from accounts to accounts, for one cause.
#[derive(Debug, Clone)]
pub struct Posting {
    cause: String,
    kind: &'static str,
    business_date: NaiveDate,
    object: Uuid,
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub account: Account,
    pub line: Line,
}

/// One line of a posting as the digest sees it: what an entry's row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The account it moves.
    pub account: AccountId,
    /// Debit or credit (借/贷).
    pub side: Side,
    /// How much.
    pub amount: Fen,
    /// The supplier order it belongs to, if any.
    pub supplier_order: Option<SupplierOrderId>,
}

/// A posting that balances. Only [`Posting::build`] makes one.
#[derive(Debug, Clone)]
pub struct Balanced {
    pub(super) cause: String,
    pub(super) kind: &'static str,
    pub(super) business_date: NaiveDate,
    pub(super) object: Uuid,
    pub(super) entries: Vec<Entry>,
    pub(super) digest: String,
}

impl Posting {
    /// Begins a posting. The same `cause` posts once.
    #[must_use]
    pub fn new(cause: String, kind: &'static str, business_date: NaiveDate, object: Uuid) -> Self {
        Self { cause, kind, business_date, object, entries: Vec::new() }
    }

    /// Debits an account (借). Nothing is written for zero.
    #[must_use]
    pub fn debit(self, account: Account, amount: Fen, supplier_order: Option<SupplierOrderId>) -> Self {
        self.with(account, Side::Debit, amount, supplier_order)
    }

    /// Credits an account (贷). Nothing is written for zero.
    #[must_use]
    pub fn credit(self, account: Account, amount: Fen, supplier_order: Option<SupplierOrderId>) -> Self {
        self.with(account, Side::Credit, amount, supplier_order)
    }

    fn with(mut self, account: Account, side: Side, amount: Fen, supplier_order: Option<SupplierOrderId>) -> Self {
        if !amount.is_zero() {
            self.entries.push(Entry { account, line: Line { account: account.id(), side, amount, supplier_order } });
        }
        self
    }

    /// Closes it.
    ///
    /// # Errors
    /// [`LedgerError::Empty`] without a line, [`LedgerError::Unbalanced`] when debits differ from credits,
    /// [`LedgerError::Overflow`] when their sum is beyond [`Fen::MAX`].
    pub fn build(self) -> Result<Balanced, LedgerError> {
        let Self { cause, kind, business_date, object, entries } = self;
        let sum_of = |side| Fen::checked_sum(entries.iter().filter(|e| e.line.side == side).map(|e| e.line.amount));
        let (debit, credit) = (sum_of(Side::Debit)?, sum_of(Side::Credit)?);
        if debit != credit {
            return Err(LedgerError::Unbalanced { cause, debit, credit });
        }
        if entries.is_empty() {
            return Err(LedgerError::Empty { cause });
        }
        let lines: Vec<Line> = entries.iter().map(|entry| entry.line).collect();
        let digest = digest(&cause, kind, business_date, object, &lines);
        Ok(Balanced { cause, kind, business_date, object, entries, digest })
    }
}

/// The fingerprint of a posting: SHA-256, hexadecimal, over these fields in this order, each as its length in
/// bytes (64 bits, big-endian) followed by the bytes:
///
/// the text `liannong.posting.v1`; cause; kind; business date as `YYYY-MM-DD`; the 16 bytes of the object's id;
/// the number of lines (64 bits, big-endian); then for each line, in the order of the lines, the 16 bytes of the
/// account's id, `debit` or `credit`, the amount in fen (64 bits, big-endian), and the 16 bytes of the supplier
/// order's id, or no bytes without one.
///
/// A length before every field, so that no two postings have the same bytes.
#[must_use]
pub fn digest(cause: &str, kind: &str, business_date: NaiveDate, object: Uuid, lines: &[Line]) -> String {
    let mut bytes = Vec::with_capacity(128 + lines.len() * 80);
    let mut field = |content: &[u8]| {
        bytes.extend_from_slice(&length_of(content).to_be_bytes());
        bytes.extend_from_slice(content);
    };
    field(b"liannong.posting.v1");
    field(cause.as_bytes());
    field(kind.as_bytes());
    field(business_date.format("%Y-%m-%d").to_string().as_bytes());
    field(object.as_bytes());
    field(&u64::try_from(lines.len()).unwrap_or(u64::MAX).to_be_bytes());
    for line in lines {
        field(line.account.uuid().as_bytes());
        field(line.side.as_str().as_bytes());
        field(&line.amount.get().to_be_bytes());
        field(line.supplier_order.map(|order| order.uuid().into_bytes()).as_ref().map_or(&[], |id| id.as_slice()));
    }
    crate::secrecy::sha256_hex(&bytes)
}

fn length_of(content: &[u8]) -> u64 {
    u64::try_from(content.len()).unwrap_or(u64::MAX)
}
