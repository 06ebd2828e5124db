//! Lists: a cursor in, a cursor out; no offset, no total.
//!
//! Promises: a cursor goes on in the list that gave it and is refused by every other one.

use super::trace::current_path;
use crate::problem::{Failure, Problem};
use crate::secrecy::sha256_hex;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a list is asked for.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// One page of a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Cursor of the next page, or null on the last.
    pub next: Option<String>,
}

impl PageQuery {
    /// How many items, within the bounds.
    ///
    /// # Errors
    /// 400 outside them.
    pub fn limit(&self) -> Result<u64, Failure> {
        match self.limit {
            None => Ok(20),
            Some(limit @ 1..=100) => Ok(limit),
            Some(_) => {
                Err(Problem::invalid("?limit", "limit 应在 1 至 100 之间。", "limit lies between 1 and 100.").into())
            }
        }
    }

    /// The identifier after which to go on.
    ///
    /// # Errors
    /// 400 when the cursor is not one of ours.
    pub fn after(&self) -> Result<Option<Uuid>, Failure> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        read_cursor(cursor).map(Some).ok_or_else(|| {
            Problem::invalid("?cursor", "cursor 不是本列表给出的。", "The cursor was not given by this list.").into()
        })
    }
}

/// So many characters of the hash of a list's address stand in its cursors.
const LIST: usize = 8;

/// What tells this list from others: a hash of its address.
fn list() -> String {
    let mut hash = sha256_hex(current_path().as_bytes());
    hash.truncate(LIST);
    hash
}

/// A cursor of the list that is being asked for, after the thing of this identifier.
#[must_use]
pub fn write_cursor(id: Uuid) -> String {
    let mut bytes = id.as_bytes().to_vec();
    bytes.extend_from_slice(list().as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

fn read_cursor(cursor: &str) -> Option<Uuid> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (id, of) = bytes.split_at_checked(16)?;
    if of == list().as_bytes() { Uuid::from_slice(id).ok() } else { None }
}

impl<T> Page<T> {
    /// A page out of at most `limit + 1` rows that were asked for.
    pub fn of<R>(mut rows: Vec<R>, limit: u64, id: impl Fn(&R) -> Uuid, view: impl FnMut(R) -> T) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let next = has_more.then(|| rows.last().map(|row| write_cursor(id(row)))).flatten();
        Self { items: rows.into_iter().map(view).collect(), next }
    }
}
