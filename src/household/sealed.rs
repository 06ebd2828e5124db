//! A member's personal data on its way into the row and out of it.

use super::history::MemberOn;
use super::view::{HouseholdMember, NewHouseholdMember, RevealedMember, WorkAway};
use crate::secrecy::{Place, SealedColumn, SecrecyError, Secrets};
use entity::household_member;
use entity::value::person::PersonalField;
use entity::value::{Health, HouseholdId, MemberChangeId, MemberId, PhoneNumber, ResidentId, Timestamp};

const TABLE: &str = "household_member";
const ID_NUMBER: &str = "id_number_cipher";
const PHONE: &str = "phone_cipher";
const BANK_ACCOUNT: &str = "bank_account_cipher";
/// Where health stands: with the entry of the history that says it.
const HISTORY: &str = "member_change";
const HEALTH: &str = "health_cipher";

fn place(row: MemberId, column: &'static str) -> Place {
    Place { table: TABLE, row: row.uuid(), column }
}

/// What the keyed hash of an identity number is called.
const RESIDENT_ID: &str = "resident_id";

/// The columns of the register that are sealed.
pub const SEALED: &[SealedColumn] = &[
    SealedColumn::new(TABLE, ID_NUMBER).found_by("id_number_hash", RESIDENT_ID),
    SealedColumn::new(TABLE, PHONE),
    SealedColumn::new(TABLE, BANK_ACCOUNT),
    SealedColumn::new(HISTORY, HEALTH),
];

fn health_place(entry: MemberChangeId) -> Place {
    Place { table: HISTORY, row: entry.uuid(), column: HEALTH }
}

/// Health, encrypted for exactly that entry.
pub(super) fn seal_health(secrets: &Secrets, entry: MemberChangeId, health: Health) -> Result<String, SecrecyError> {
    secrets.seal(health_place(entry), health.as_str())
}

/// Health in clear.
///
/// # Errors
/// [`SecrecyError::DoesNotOpen`] when it was made for another entry, or is none.
pub(super) fn open_health(secrets: &Secrets, entry: MemberChangeId, cipher: &str) -> Result<Health, SecrecyError> {
    secrets.open(health_place(entry), cipher)?.parse().map_err(|_| SecrecyError::DoesNotOpen)
}

/// The keyed hash under which a person is written.
pub(super) fn hash(secrets: &Secrets, id_number: &ResidentId) -> String {
    secrets.lookup(RESIDENT_ID, id_number.reveal())
}

/// Every keyed hash under which a person may be found again.
pub(super) fn hashes(secrets: &Secrets, id_number: &ResidentId) -> Vec<String> {
    secrets.lookups(RESIDENT_ID, id_number.reveal())
}

/// A member as the audit keeps them: who and what it was can be compared, not read.
pub(super) fn fingerprints(secrets: &Secrets, new: &NewHouseholdMember) -> serde_json::Value {
    serde_json::json!({
        "name": secrets.fingerprint("name", new.name.trim()),
        "id_number": secrets.fingerprint("id_number", new.id_number.reveal()),
        "phone": new.phone.as_ref().map(|phone| secrets.fingerprint("phone", phone.reveal())),
        "bank_account": new.bank_account.as_ref().map(|card| secrets.fingerprint("bank_account", card.reveal())),
    })
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
        left_on: None,
        created_at: now,
    })
}

/// A phone, encrypted for exactly that row.
pub(super) fn seal_phone(secrets: &Secrets, row: MemberId, phone: &PhoneNumber) -> Result<String, SecrecyError> {
    secrets.seal(place(row, PHONE), phone.reveal())
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
        left_on: _,
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
        health: None,
    })
}

/// What may be shown of a member, as they were on a day, to whoever may see the household.
pub(super) fn masked(clear: RevealedMember, on: MemberOn) -> HouseholdMember {
    let RevealedMember { id, name, relation, id_number, phone, bank_account, health: _ } = clear;
    let MemberOn { household: _, since, relation: then, education, health, skill, work, guarantee } = on;
    HouseholdMember {
        id,
        name: PersonalField::Name.masked(&name),
        relation: then.unwrap_or(relation),
        id_number: PersonalField::IdNumber.masked(&id_number),
        phone: phone.map(|phone| PersonalField::Phone.masked(&phone)),
        bank_account: bank_account.map(|card| PersonalField::BankAccount.masked(&card)),
        since,
        education,
        health_recorded: health.is_some(),
        skill,
        work: work.map(|(place, months)| WorkAway { place, months: u8::try_from(months).unwrap_or(u8::MAX) }),
        guarantee,
    }
}
