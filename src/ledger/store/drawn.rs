//! A posting as its rows, written by somebody else: for measurements that fill a journal in bulk.
//!
//! Promises: the rows are those that posting would write, with their digest. Whoever writes them answers for the sums of
//! the accounts, which posting keeps.

use super::{Fresh, entry_rows, posting_row};
use crate::ledger::{LedgerError, Posting};
use crate::secrecy;
use entity::value::{Overflow, PostingId, Timestamp};
use entity::{entry, posting};

/// The rows of a posting.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// The posting, which is written after its entries and closes them.
    pub posting: posting::Model,
    /// Its entries.
    pub entries: Vec<entry::Model>,
}

/// The rows that a posting would write at a moment.
///
/// # Errors
/// What [`Posting::build`] refuses; no randomness.
pub fn draw(posting: Posting, at: Timestamp) -> Result<Drawn, LedgerError> {
    let mut fresh = Fresh::of(posting.build()?, at)?;
    // Identifiers say when a posting was written.
    let millis = u64::try_from(at.timestamp_millis()).map_err(|_| Overflow)?;
    let random = secrecy::random_bytes()?;
    let random = random.first_chunk::<10>().ok_or(Overflow)?;
    fresh.id = PostingId::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, random).into_uuid());
    let posting = posting_row(at, &fresh);
    Ok(Drawn { posting, entries: entry_rows(std::slice::from_ref(&fresh))? })
}
