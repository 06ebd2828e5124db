//! What can be done with second factors: set up, confirm, demand at the door, take away.
//!
//! A refusal that must leave something behind (a counted failure) is given back inside `Ok`, as in `session`.

use super::view::{RecoveryCodes, SecondFactorSecret};
use super::{store, totp};
use crate::db::{Change, Tx};
use crate::identity::session::{Proof, end as sessions};
use crate::identity::{IdentityError, store as people};
use crate::secrecy::{Place, SealedColumn, Secrets, random_bytes, sha256_hex};
use entity::second_factor::Model;
use entity::value::{PersonId, Role, SessionEnd, SessionId};
use qrcode::QrCode;
use qrcode::render::svg;
use serde_json::json;
use uuid::Uuid;

/// How many recovery codes there are.
const RECOVERY_CODES: usize = 10;
/// Letters and digits that are not mistaken for each other: 32, so that five bits are one.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// The columns that hold secrets.
pub const SEALED: &[SealedColumn] =
    &[SealedColumn::new("second_factor", "secret_cipher"), SealedColumn::new("second_factor", "pending_cipher")];

fn place(person: PersonId, column: &'static str) -> Place {
    Place { table: "second_factor", row: person.uuid(), column }
}

fn opened(secrets: &Secrets, person: PersonId, column: &'static str, cipher: &str) -> Result<Vec<u8>, IdentityError> {
    let text = secrets.open(place(person, column), cipher)?;
    hex::decode(text).map_err(|_| IdentityError::NoRandomness)
}

fn recovery_hash(person: PersonId, code: &str) -> String {
    let plain: String = code.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    sha256_hex(format!("recovery/{person}/{plain}").as_bytes())
}

fn recovery_code() -> Result<String, IdentityError> {
    let bytes = random_bytes()?;
    let letters: Vec<char> = bytes.iter().take(16).map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    Ok(letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

/// Whether production demands a second factor of whoever acts in this role.
fn is_demanded_of(role: Role) -> bool {
    matches!(role, Role::PlatformOperator | Role::FinanceOfficer)
}

/// What is known of the second factor at the door.
pub struct Demand<'a> {
    /// Opens the secret.
    pub secrets: &'a Secrets,
    /// Whether this house is run in production.
    pub production: bool,
}

/// What was seen of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// The person has no second factor.
    NoneSet,
    /// It is right, and used up.
    Right,
    /// There is one, and no code was given.
    Missing,
    /// It is wrong, or was used.
    Wrong,
}

/// Looks at a code, and uses it up.
pub async fn see(tx: &Tx, secrets: &Secrets, person: PersonId, code: Option<&str>) -> Result<Seen, IdentityError> {
    let held = store::hold(tx, person).await?;
    let Some((row, cipher)) = held.and_then(|row| row.secret_cipher.clone().map(|cipher| (row, cipher))) else {
        return Ok(Seen::NoneSet);
    };
    let Some(code) = code.map(str::trim).filter(|code| !code.is_empty()) else { return Ok(Seen::Missing) };
    let secret = opened(secrets, person, "secret_cipher", &cipher)?;
    let is_right = match step_of(tx, &secret, code, row.last_step)? {
        Some(step) => store::use_step(tx, person, step).await?,
        None => store::use_recovery(tx, person, &recovery_hash(person, code)).await?,
    };
    Ok(if is_right { Seen::Right } else { Seen::Wrong })
}

fn step_of(tx: &Tx, secret: &[u8], code: &str, last_step: i64) -> Result<Option<i64>, IdentityError> {
    let seconds = u64::try_from(tx.now().timestamp()).unwrap_or_default();
    totp::step_of(secret, code, seconds, last_step)
}

/// Refuses a role that demands a second factor to whoever has none.
pub async fn refuse_without(tx: &Tx, demand: &Demand<'_>, person: PersonId, role: Role) -> Result<(), IdentityError> {
    if !demand.production || !is_demanded_of(role) {
        return Ok(());
    }
    let has_one = store::find(tx, person).await?.is_some_and(|row| row.secret_cipher.is_some());
    if has_one { Ok(()) } else { Err(IdentityError::SecondFactorToSetUp) }
}

/// The person, when the password and, where there is a second factor, the code are right.
async fn demand(
    tx: &Tx,
    secrets: &Secrets,
    proof: &Proof,
    code: Option<&str>,
) -> Result<Result<(entity::person::Model, Seen), IdentityError>, IdentityError> {
    let person = match proof.demand(tx).await? {
        Ok(person) => person,
        Err(refusal) => return Ok(Err(refusal)),
    };
    match see(tx, secrets, person.id, code).await? {
        Seen::Missing => Ok(Err(IdentityError::SecondFactorNeeded)),
        Seen::Wrong => {
            proof.count_failure(tx).await?;
            Ok(Err(IdentityError::SecondFactorWrong))
        }
        seen @ (Seen::NoneSet | Seen::Right) => Ok(Ok((person, seen))),
    }
}

/// Makes a secret to be confirmed; the one in use stays until then.
pub async fn begin(
    tx: &Tx,
    secrets: &Secrets,
    proof: &Proof,
    code: Option<&str>,
) -> Result<Result<SecondFactorSecret, IdentityError>, IdentityError> {
    let person = match demand(tx, secrets, proof, code).await? {
        Ok((person, _)) => person,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let bytes = random_bytes()?;
    let secret = bytes.get(..totp::SECRET_BYTES).unwrap_or_default();
    let cipher = secrets.seal(place(person.id, "pending_cipher"), &hex::encode(secret))?;
    store::set_pending(tx, person.id, cipher).await?;
    tx.audit(Change::made("second_factor.begin", "person", person.id.uuid(), json!({}))).await?;
    let (uri, secret) = totp::shown(secret, &person.username)?;
    let qr = QrCode::new(uri.as_bytes()).map_err(|_| IdentityError::NoRandomness)?;
    let qr_svg = qr.render::<svg::Color<'_>>().min_dimensions(240, 240).build();
    Ok(Ok(SecondFactorSecret { uri, secret, qr_svg }))
}

/// Takes a secret into use with its first code, gives recovery codes, and ends all sessions, which began without it.
pub async fn confirm(
    tx: &Tx,
    secrets: &Secrets,
    proof: &Proof,
    code: &str,
) -> Result<Result<(RecoveryCodes, Vec<SessionId>), IdentityError>, IdentityError> {
    let person = match proof.demand(tx).await? {
        Ok(person) => person,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let held = store::hold(tx, person.id).await?;
    let Some(cipher) = held.and_then(|Model { pending_cipher, .. }| pending_cipher) else {
        return Err(IdentityError::NoSecondFactorPending);
    };
    let secret = opened(secrets, person.id, "pending_cipher", &cipher)?;
    let Some(step) = step_of(tx, &secret, code.trim(), 0)? else {
        proof.count_failure(tx).await?;
        return Ok(Err(IdentityError::SecondFactorWrong));
    };
    let cipher = secrets.seal(place(person.id, "secret_cipher"), &hex::encode(&secret))?;
    store::confirm(tx, person.id, &cipher, step).await?;
    let codes = (0..RECOVERY_CODES).map(|_| recovery_code()).collect::<Result<Vec<_>, _>>()?;
    store::replace_recovery(tx, person.id, codes.iter().map(|code| recovery_hash(person.id, code)).collect()).await?;
    let ended = changed(tx, person.id, "second_factor.confirm").await?;
    Ok(Ok((RecoveryCodes { recovery_codes: codes }, ended)))
}

/// Takes the second factor away, unless a role demands it.
pub async fn remove(
    tx: &Tx,
    demand_of: &Demand<'_>,
    proof: &Proof,
    code: &str,
) -> Result<Result<Vec<SessionId>, IdentityError>, IdentityError> {
    let person = match demand(tx, demand_of.secrets, proof, Some(code)).await? {
        Ok((_, Seen::NoneSet)) => return Err(IdentityError::NoSecondFactorPending),
        Ok((person, _)) => person,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let held = people::memberships_of(tx, person.id).await?;
    if demand_of.production && held.iter().any(|membership| is_demanded_of(membership.role)) {
        return Err(IdentityError::SecondFactorDemanded);
    }
    store::delete(tx, person.id).await?;
    Ok(Ok(changed(tx, person.id, "second_factor.remove").await?))
}

async fn changed(tx: &Tx, person: PersonId, operation: &str) -> Result<Vec<SessionId>, IdentityError> {
    let ended = sessions::of_person(tx, person, None, SessionEnd::SecondFactorChanged).await?;
    let id: Uuid = person.uuid();
    tx.audit(Change::made(operation, "person", id, json!({ "sessions_ended": ended.len() }))).await?;
    Ok(ended)
}
