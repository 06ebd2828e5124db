//! Postings: built line by line, closed only when they balance, and fingerprinted.

use super::merkle::{self, Hash, Tree};
use super::{Account, LedgerError};
use chrono::NaiveDate;
use entity::value::{AccountId, Fen, Side, SupplierOrderId, Timestamp};
use uuid::Uuid;

/// A posting being written: amounts from accounts to accounts, for one cause.
#[derive(Debug, Clone)]
pub struct Posting {
    cause: String,
    kind: &'static str,
    business_date: NaiveDate,
    object: Uuid,
    computed: Option<(&'static str, String)>,
    entries: Vec<Entry>,
}

/// The rule of a posting that follows from a document as it stands, without a computation.
pub const DOCUMENT_RULE: &str = "document/1";

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
    pub(super) rule_version: &'static str,
    pub(super) inputs_hash: String,
    pub(super) entries: Vec<Entry>,
}

/// In which format a fingerprint is written, with what it needs beside the posting.
#[derive(Debug, Clone, Copy)]
pub(super) enum Format<'a> {
    /// Lines one after the other.
    First,
    /// Lines as a blinded tree.
    Second(&'a Salt),
    /// The same, and the posting time, the rule and the inputs are covered.
    Third(&'a Salt, Timestamp),
}

impl Balanced {
    /// Its fingerprint in a format.
    pub(super) fn digest(&self, format: Format<'_>) -> String {
        let Self { cause, kind, business_date, object, rule_version, inputs_hash, entries } = self;
        let lines: Vec<Line> = entries.iter().map(|entry| entry.line).collect();
        match format {
            Format::First => digest(cause, kind, *business_date, *object, &lines),
            Format::Second(salt) => digest_v2(salt, cause, kind, *business_date, *object, &lines),
            Format::Third(salt, posted_at) => {
                let (business_date, object) = (*business_date, *object);
                digest_v3(
                    salt,
                    &Head { cause, kind, business_date, object, posted_at, rule_version, inputs_hash },
                    &lines,
                )
            }
        }
    }
}

impl Posting {
    /// Begins a posting. The same `cause` posts once.
    #[must_use]
    pub fn new(cause: String, kind: &'static str, business_date: NaiveDate, object: Uuid) -> Self {
        Self { cause, kind, business_date, object, computed: None, entries: Vec::new() }
    }

    /// Says that its amounts were computed: by which rule, and the hash (SHA-256, hexadecimal) of all that went into
    /// it. Without this word a posting follows from its document alone, see [`DOCUMENT_RULE`].
    #[must_use]
    pub fn computed(mut self, rule_version: &'static str, inputs_hash: String) -> Self {
        self.computed = Some((rule_version, inputs_hash));
        self
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
        let Self { cause, kind, business_date, object, computed, entries } = self;
        let sum_of = |side| Fen::checked_sum(entries.iter().filter(|e| e.line.side == side).map(|e| e.line.amount));
        let (debit, credit) = (sum_of(Side::Debit)?, sum_of(Side::Credit)?);
        if debit != credit {
            return Err(LedgerError::Unbalanced { cause, debit, credit });
        }
        if entries.is_empty() {
            return Err(LedgerError::Empty { cause });
        }
        let (rule_version, inputs_hash) =
            computed.unwrap_or_else(|| (DOCUMENT_RULE, document_hash(&cause, kind, business_date, object)));
        Ok(Balanced { cause, kind, business_date, object, rule_version, inputs_hash, entries })
    }
}

/// What blinds the lines of a posting: whoever has it can recompute them, whoever has it not can guess nothing.
pub type Salt = [u8; 32];

/// A salt as its column keeps it.
#[must_use]
pub fn read_salt(text: &str) -> Option<Salt> {
    hex::decode(text).ok()?.try_into().ok()
}

/// The fingerprint of a posting in the first format, which is no longer written: SHA-256, hexadecimal, over these
/// fields in this order, each as its length in bytes (64 bits, big-endian) followed by the bytes:
///
/// the text `liannong.posting.v1`; cause; kind; business date as `YYYY-MM-DD`; the 16 bytes of the object's id;
/// the number of lines (64 bits, big-endian); then for each line, in the order of the lines, the 16 bytes of the
/// account's id, `debit` or `credit`, the amount in fen (64 bits, big-endian), and the 16 bytes of the supplier
/// order's id, or no bytes without one.
///
/// A length before every field, so that no two postings have the same bytes.
#[must_use]
pub fn digest(cause: &str, kind: &str, business_date: NaiveDate, object: Uuid, lines: &[Line]) -> String {
    let mut fields = head("liannong.posting.v1", cause, kind, business_date, object, lines.len());
    for line in lines {
        fields.line(line);
    }
    hex::encode(fields.hash())
}

/// The fingerprint of a posting in the second format, which is no longer written: SHA-256, hexadecimal, over the same fields as in the first
/// with the text `liannong.posting.v2`, but in place of the lines the 32 bytes of the root of the [`LineTree`].
///
/// So one line can be shown to belong to a posting without showing any other: see the receipts.
#[must_use]
pub fn digest_v2(
    salt: &Salt,
    cause: &str,
    kind: &str,
    business_date: NaiveDate,
    object: Uuid,
    lines: &[Line],
) -> String {
    let mut fields = head("liannong.posting.v2", cause, kind, business_date, object, lines.len());
    fields.put(&LineTree::new(salt, lines).root());
    hex::encode(fields.hash())
}

/// What a posting says beside its lines.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// What made it happen: its source.
    pub cause: &'a str,
    /// Which kind of event it records.
    pub kind: &'a str,
    /// The business day (记账日期).
    pub business_date: NaiveDate,
    /// The object that caused it.
    pub object: Uuid,
    /// When it was written (记账时间).
    pub posted_at: Timestamp,
    /// By which rule its amounts came about.
    pub rule_version: &'a str,
    /// The hash of what went into that rule, hexadecimal.
    pub inputs_hash: &'a str,
}

/// The fingerprint of a posting in the third format, in which postings are written: SHA-256, hexadecimal, over the same
/// fields as in the second with the text `liannong.posting.v3`, and between the number of lines and the root: the
/// posting time as `YYYY-MM-DDTHH:MM:SS.ffffffZ`, the rule, and the hash of its inputs in hexadecimal.
#[must_use]
pub fn digest_v3(salt: &Salt, said: &Head<'_>, lines: &[Line]) -> String {
    let Head { cause, kind, business_date, object, posted_at, rule_version, inputs_hash } = *said;
    let mut fields = head("liannong.posting.v3", cause, kind, business_date, object, lines.len());
    fields.put(posted_at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string().as_bytes());
    fields.put(rule_version.as_bytes());
    fields.put(inputs_hash.as_bytes());
    fields.put(&LineTree::new(salt, lines).root());
    hex::encode(fields.hash())
}

/// The inputs of a posting that follows from a document alone: SHA-256, hexadecimal, over the text
/// `liannong.document.v1`, cause, kind, business date and the 16 bytes of the object, each behind its length. No amount
/// is in it, for whoever holds a receipt sees it.
fn document_hash(cause: &str, kind: &str, business_date: NaiveDate, object: Uuid) -> String {
    let mut fields = Fields::default();
    fields.put(b"liannong.document.v1");
    fields.put(cause.as_bytes());
    fields.put(kind.as_bytes());
    fields.put(business_date.format("%Y-%m-%d").to_string().as_bytes());
    fields.put(object.as_bytes());
    hex::encode(fields.hash())
}

/// The Merkle tree over the lines of a posting, each blinded by a salt of its own, so that nobody who sees a hash
/// can find the line behind it by trying amounts.
///
/// A line's salt is SHA-256 over the text `liannong.salt.v2`, the posting's salt and the number of the line from 1
/// (64 bits, big-endian); its leaf is over the text `liannong.line.v2`, that salt, and the line's fields as in
/// [`digest`]; every field behind its length.
#[derive(Debug)]
pub struct LineTree {
    salts: Vec<Salt>,
    tree: Tree,
}

impl LineTree {
    /// The tree over these lines.
    #[must_use]
    pub fn new(salt: &Salt, lines: &[Line]) -> Self {
        // One buffer for all lines: this is the hot part of posting.
        let mut fields = Fields(Vec::with_capacity(192));
        let mut salt_of = |number: usize| {
            fields.0.clear();
            fields.put(b"liannong.salt.v2");
            fields.put(salt);
            fields.put(&count(number).to_be_bytes());
            fields.hash()
        };
        let salts: Vec<Salt> = (1..=lines.len()).map(&mut salt_of).collect();
        let leaf_of = |(salt, line): (&Salt, &Line)| {
            fields.0.clear();
            fields.put(b"liannong.line.v2");
            fields.put(salt);
            fields.line(line);
            merkle::leaf(&fields.0)
        };
        let tree = Tree::new(salts.iter().zip(lines).map(leaf_of).collect());
        Self { salts, tree }
    }

    /// Its root.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.tree.root()
    }

    /// What shows the line at `index` to be in it: the line's salt and the path to the root.
    #[must_use]
    pub fn opening(&self, index: usize) -> Option<(Salt, Vec<Hash>)> {
        Some((*self.salts.get(index)?, self.tree.path(index)?))
    }
}

/// Fields one after the other, each behind its length.
#[derive(Default)]
struct Fields(Vec<u8>);

impl Fields {
    fn put(&mut self, content: &[u8]) {
        self.0.extend_from_slice(&count(content.len()).to_be_bytes());
        self.0.extend_from_slice(content);
    }

    fn line(&mut self, line: &Line) {
        self.put(line.account.uuid().as_bytes());
        self.put(line.side.as_str().as_bytes());
        self.put(&line.amount.get().to_be_bytes());
        self.put(line.supplier_order.map(|order| order.uuid().into_bytes()).as_ref().map_or(&[], |id| id.as_slice()));
    }

    fn hash(&self) -> Hash {
        merkle::sha256(&[&self.0])
    }
}

fn head(format: &str, cause: &str, kind: &str, business_date: NaiveDate, object: Uuid, lines: usize) -> Fields {
    let mut fields = Fields(Vec::with_capacity(192 + lines * 80));
    fields.put(format.as_bytes());
    fields.put(cause.as_bytes());
    fields.put(kind.as_bytes());
    fields.put(business_date.format("%Y-%m-%d").to_string().as_bytes());
    fields.put(object.as_bytes());
    fields.put(&count(lines).to_be_bytes());
    fields
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
