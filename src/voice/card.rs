//! Cards (收益卡): a number that opens nothing by itself, issued by the county and printed once.
//!
//! A card outlives the keys of the house: it is found by a keyed hash of its number, and the number is kept sealed, so
//! that the change of keys makes the hash anew. Meanwhile the hash under either key finds it.

use super::view::{IssueCard, IssuedCard};
use super::{VoiceError, store};
use crate::access::Grant;
use crate::access::policy::IssueCard as MayIssueCard;
use crate::db::{Change, Tx};
use crate::household;
use crate::secrecy::{self, Place, SealedColumn, SecrecyError, Secrets};
use entity::household_card;
use entity::value::{AreaCode, HouseholdCardId};
use serde_json::json;

/// Issues a card to a household; the cards it had before stop being good.
///
/// # Errors
/// The household is not in the county.
pub(super) async fn issue(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<MayIssueCard>,
    wanted: &IssueCard,
) -> Result<IssuedCard, VoiceError> {
    let household = household::find_in(tx, grant.scope(), wanted.household_id).await?;
    let household = household.ok_or(VoiceError::NotFound)?;
    let number = draw(&household.county_code)?;
    let id = HouseholdCardId::generate();
    let Kept { hash, cipher } = kept(secrets, id, &number)?;
    let row = household_card::Model {
        id,
        household_id: household.id,
        number_hash: hash,
        number_cipher: Some(cipher),
        number_end: number.chars().skip(12).collect(),
        issued_by: grant.person()?,
        revoked_at: None,
        created_at: tx.now(),
    };
    store::insert_card(tx, row.clone()).await?;
    let after = json!({ "household_id": household.id, "number_end": row.number_end });
    tx.audit(Change::made("household_card.issue", "household_card", row.id.uuid(), after)).await?;
    Ok(IssuedCard { id: row.id, household_id: household.id, card_number: grouped(&number), issued_at: row.created_at })
}

/// What numbers are hashed as.
const KIND: &str = "household_card";

/// The columns of cards that are sealed.
pub const SEALED: &[SealedColumn] =
    &[SealedColumn::new("household_card", "number_cipher").found_by("number_hash", KIND)];

/// What is kept of a number.
pub(super) struct Kept {
    /// By which it is found.
    pub hash: String,
    /// From which the hash is made anew when the keys change.
    pub cipher: String,
}

/// What is kept of a number, under the present key.
pub(super) fn kept(secrets: &Secrets, id: HouseholdCardId, number: &str) -> Result<Kept, SecrecyError> {
    let digits = digits(number);
    let place = Place { table: "household_card", row: id.uuid(), column: "number_cipher" };
    Ok(Kept { hash: secrets.lookup(KIND, &digits), cipher: secrets.seal(place, &digits)? })
}

/// The keyed hashes under which a card may stand: that of the present key, and that of the one before while it is
/// accepted.
pub(super) fn hashes(secrets: &Secrets, number: &str) -> Vec<String> {
    secrets.lookups(KIND, &digits(number))
}

/// A number as it was typed has blanks.
fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// Six digits of the county, nine that nobody can guess, and a check digit (Luhn), so that a slip is seen at once.
fn draw(county: &AreaCode) -> Result<String, VoiceError> {
    let random = secrecy::random_bytes()?;
    let random = random.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    let body = format!("{county}{:09}", random % 1_000_000_000);
    let check = luhn(&body);
    Ok(format!("{body}{check}"))
}

/// The digit that makes a number pass the check of ISO/IEC 7812.
fn luhn(body: &str) -> u32 {
    let digits = body.chars().rev().filter_map(|digit| digit.to_digit(10));
    let sum: u32 = digits
        .enumerate()
        .map(|(place, digit)| if place % 2 == 0 { (2 * digit) / 10 + (2 * digit) % 10 } else { digit })
        .sum();
    (10 - sum % 10) % 10
}

/// Four digits at a time, as it is printed.
fn grouped(number: &str) -> String {
    let digits: Vec<char> = number.chars().collect();
    digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
