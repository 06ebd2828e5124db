//! A member's personal data on its way into the row and out of it.

use super::view::{HouseholdMember, NewHouseholdMember, RevealedMember};
use crate::secrecy::{Place, SecrecyError, Secrets};
use entity::household_member;
use entity::value::person::{mask, mask_name};
use entity::value::{HouseholdId, MemberId, ResidentId, Timestamp};

const TABLE: &str = "household_member";
const ID_NUMBER: &str = "id_number_cipher";
const PHONE: &str = "phone_cipher";
const BANK_ACCOUNT: &str = "bank_account_cipher";

fn place(row: MemberId, column: &'static str) -> Place {
    Place { table: TABLE, row: row.uuid(), column }
}

/// The keyed hash by which a person is found again.
pub(super) fn hash(secrets: &Secrets, id_number: &ResidentId) -> String {
    secrets.lookup("resident_id", id_number.reveal())
}

/// The row of a new member, encrypted for exactly that row.
pub(super) fn seal(
    secrets: &Secrets,
    household_id: HouseholdId,
    new: &NewHouseholdMember,
    now: Timestamp,
) -> Result<household_member::Model, SecrecyError> {
    let id = MemberId::generate();
    let phone = new.phone.as_ref().map(|phone| secrets.seal(place(id, PHONE), phone.reveal())).transpose()?;
    let bank_account =
        new.bank_account.as_ref().map(|card| secrets.seal(place(id, BANK_ACCOUNT), card.reveal())).transpose()?;
    Ok(household_member::Model {
        id,
        household_id,
        name: new.name.trim().to_owned(),
        relation: new.relation,
        id_number_cipher: secrets.seal(place(id, ID_NUMBER), new.id_number.reveal())?,
        id_number_hash: hash(secrets, &new.id_number),
        phone_cipher: phone,
        bank_account_cipher: bank_account,
        created_at: now,
    })
}

/// A member in clear.
///
/// # Errors
/// [`SecrecyError::DoesNotOpen`] when a ciphertext was made for another row or column.
pub(super) fn open(secrets: &Secrets, row: household_member::Model) -> Result<RevealedMember, SecrecyError> {
    let household_member::Model {
        id,
        household_id: _,
        name,
        relation,
        id_number_cipher,
        id_number_hash: _,
        phone_cipher,
        bank_account_cipher,
        created_at: _,
    } = row;
    let open =
        |column, cipher: Option<String>| cipher.map(|cipher| secrets.open(place(id, column), &cipher)).transpose();
    Ok(RevealedMember {
        id,
        name,
        relation,
        id_number: secrets.open(place(id, ID_NUMBER), &id_number_cipher)?,
        phone: open(PHONE, phone_cipher)?,
        bank_account: open(BANK_ACCOUNT, bank_account_cipher)?,
    })
}

/// What may be shown of a member to whoever may see the household.
pub(super) fn masked(clear: RevealedMember) -> HouseholdMember {
    let RevealedMember { id, name, relation, id_number, phone, bank_account } = clear;
    HouseholdMember {
        id,
        name: mask_name(&name),
        relation,
        id_number: mask(&id_number, 4, 4),
        phone: phone.map(|phone| mask(&phone, 3, 4)),
        bank_account: bank_account.map(|card| mask(&card, 4, 4)),
    }
}
