//! What a file says beside the number: sealed with the flag.

use crate::secrecy::{Place, SealedColumn, SecrecyError, Secrets};
use entity::value::ComparisonFlagId;

const TABLE: &str = "comparison_flag";
const DETAIL: &str = "detail_cipher";

/// The columns of comparisons that are sealed.
pub const SEALED: &[SealedColumn] = &[SealedColumn::new(TABLE, DETAIL)];

fn place(row: ComparisonFlagId) -> Place {
    Place { table: TABLE, row: row.uuid(), column: DETAIL }
}

/// Encrypted for exactly that flag.
pub(super) fn seal(secrets: &Secrets, row: ComparisonFlagId, detail: &str) -> Result<String, SecrecyError> {
    secrets.seal(place(row), detail)
}

/// In clear.
pub(super) fn open(secrets: &Secrets, row: ComparisonFlagId, cipher: &str) -> Result<String, SecrecyError> {
    secrets.open(place(row), cipher)
}
