//! People whom a case brings into the register: sealed until the case is decided.

use super::AdjustmentError;
use crate::household::view::NewHouseholdMember;
use crate::secrecy::{Place, SealedColumn, Secrets};
use entity::value::AdjustmentPersonId;
use serde_json::json;

const TABLE: &str = "adjustment_person";
const PERSON: &str = "person_cipher";

/// The columns of cases that are sealed.
pub const SEALED: &[SealedColumn] = &[SealedColumn::new(TABLE, PERSON)];

fn place(row: AdjustmentPersonId) -> Place {
    Place { table: TABLE, row: row.uuid(), column: PERSON }
}

/// A person, encrypted for exactly that row.
pub(super) fn seal(
    secrets: &Secrets,
    row: AdjustmentPersonId,
    new: &NewHouseholdMember,
) -> Result<String, AdjustmentError> {
    let clear = json!({
        "name": new.name.trim(), "relation": new.relation, "id_number": new.id_number.reveal(),
        "phone": new.phone.as_ref().map(|phone| phone.reveal()),
        "bank_account": new.bank_account.as_ref().map(|card| card.reveal()), "facts": new.facts,
    });
    Ok(secrets.seal(place(row), &clear.to_string())?)
}

/// A person in clear.
pub(super) fn open(
    secrets: &Secrets,
    row: AdjustmentPersonId,
    cipher: &str,
) -> Result<NewHouseholdMember, AdjustmentError> {
    Ok(serde_json::from_str(&secrets.open(place(row), cipher)?)?)
}
