//! Coming in: a code to the phone, a session for half an hour; or through the household's helper.

use super::sms::Sms;
use super::view::{HelpHousehold, OpenVoiceSession, VoiceSession};
use super::{VoiceError, card, store};
use crate::access::policy::SpeakForHousehold;
use crate::access::{Actor, Grant};
use crate::app::App;
use crate::db::{Change, Tx};
use crate::household;
use crate::problem::Failure;
use crate::secrecy::{self, Secrets, sha256_hex};
use chrono::Duration;
use entity::value::{HouseholdId, PersonId, Timestamp, VoiceChannel, VoiceCodeId, VoiceSessionId};
use entity::{voice_code, voice_session};
use sea_orm::ConnectionTrait;
use serde_json::json;

/// How long a code is good.
const CODE_MINUTES: i64 = 10;
/// How often it may be tried.
const MOST_TRIES: i32 = 5;
/// How long a session lasts.
const SESSION_MINUTES: i64 = 30;
/// At most so many codes to a household in a span of minutes.
const LIMITS: [(i64, u64); 3] = [(1, 1), (60, 5), (1_440, 10)];

/// Sends a code to the phone of whoever has the card. Nobody learns whether there is such a card, or whether it was too
/// often.
///
/// # Errors
/// Only what is ours: the database, the gateway.
pub(super) async fn send_code(app: &App, card_number: &str) -> Result<(), Failure> {
    let hashes = card::hashes(&app.secrets, card_number);
    let drawn = draw_code()?;
    let to = app.transact(&Actor::Public, async |tx| prepare(tx, &app.secrets, &hashes, &drawn).await).await?;
    let Some(phone) = to else { return Ok(()) };
    let text = format!(
        "【联农】您的收益查询验证码为 {drawn}，{CODE_MINUTES} 分钟内有效。请勿告诉他人。 \
         Your code is {drawn}, good for {CODE_MINUTES} minutes."
    );
    if let Err(error) = app.part::<Sms>()?.send(&phone, &text).await {
        // The caller is not told: a different answer would say that the card exists.
        tracing::error!(%error, "a code was not sent");
    }
    Ok(())
}

/// Six digits.
fn draw_code() -> Result<String, VoiceError> {
    let random = secrecy::random_bytes()?;
    let random = random.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    Ok(format!("{:06}", random % 1_000_000))
}

/// Keeps the hash of a code and answers the phone to send it to; nothing when there is none to send.
async fn prepare(tx: &Tx, secrets: &Secrets, card: &[String], code: &str) -> Result<Option<String>, VoiceError> {
    let Some(card) = store::good_card(tx, card).await? else { return Ok(None) };
    let household_id = card.household_id;
    household::hold(tx, household_id).await?;
    for (minutes, most) in LIMITS {
        if store::codes_since(tx, household_id, tx.now() - Duration::minutes(minutes)).await? >= most {
            return Ok(None);
        }
    }
    let Some(phone) = household::phone_of(tx, secrets, household_id).await? else { return Ok(None) };
    let row = voice_code::Model {
        id: VoiceCodeId::generate(),
        household_id,
        code_hash: code_hash(secrets, household_id, code),
        tries: 0,
        expires_at: tx.now() + Duration::minutes(CODE_MINUTES),
        used_at: None,
        created_at: tx.now(),
    };
    let id = row.id.uuid();
    store::insert_code(tx, row).await?;
    tx.audit(Change::made("voice_code.send", "voice_code", id, json!({}))).await?;
    Ok(Some(phone))
}

fn code_hash(secrets: &Secrets, household: HouseholdId, code: &str) -> String {
    secrets.lookup("voice_code", &format!("{household}/{code}"))
}

/// A code that was sent before the keys changed is good as well.
fn code_hashes(secrets: &Secrets, household: HouseholdId, code: &str) -> Vec<String> {
    secrets.lookups("voice_code", &format!("{household}/{code}"))
}

/// Opens a session with card and code. A wrong try is counted, so this commits either way.
///
/// # Errors
/// [`VoiceError::CodeWrong`], whatever is wrong with it.
pub(super) async fn open(app: &App, wanted: &OpenVoiceSession) -> Result<VoiceSession, Failure> {
    let opened = app
        .transact(&Actor::Public, async |tx| -> Result<Option<VoiceSession>, VoiceError> {
            let hashes = card::hashes(&app.secrets, &wanted.card_number);
            let Some(card) = store::good_card(tx, &hashes).await? else { return Ok(None) };
            let household = card.household_id;
            let Some(code) = store::newest_code(tx, household).await? else { return Ok(None) };
            if code.used_at.is_some() || code.tries >= MOST_TRIES || code.expires_at <= tx.now() {
                return Ok(None);
            }
            let is_right = code_hashes(&app.secrets, household, wanted.code.trim()).contains(&code.code_hash);
            store::tried(tx, code.id, is_right).await?;
            if !is_right {
                return Ok(None);
            }
            if card.number_cipher.is_none() {
                store::keep_number(tx, card.id, card::kept(&app.secrets, card.id, &wanted.card_number)?).await?;
            }
            Ok(Some(begin(tx, household, None).await?))
        })
        .await?;
    Ok(opened.ok_or(VoiceError::CodeWrong)?)
}

/// Opens a session for a household's helper, who is with it.
///
/// # Errors
/// The household is not one of the helper's.
pub(super) async fn help(
    tx: &Tx,
    grant: &Grant<SpeakForHousehold>,
    wanted: &HelpHousehold,
) -> Result<VoiceSession, VoiceError> {
    let household = household::find_in(tx, grant.scope(), wanted.household_id).await?;
    let household = household.ok_or(VoiceError::NotFound)?;
    begin(tx, household.id, Some(grant.person()?)).await
}

async fn begin(tx: &Tx, household_id: HouseholdId, helper: Option<PersonId>) -> Result<VoiceSession, VoiceError> {
    let token = hex::encode(secrecy::random_bytes()?);
    let channel = if helper.is_some() { VoiceChannel::Helper } else { VoiceChannel::Phone };
    let row = voice_session::Model {
        id: VoiceSessionId::generate(),
        household_id,
        token_hash: sha256_hex(token.as_bytes()),
        channel,
        helper_id: helper,
        expires_at: tx.now() + Duration::minutes(SESSION_MINUTES),
        ended_at: None,
        created_at: tx.now(),
    };
    store::insert_session(tx, row.clone()).await?;
    let after = json!({ "household_id": household_id, "channel": channel });
    tx.audit(Change::made("voice_session.open", "voice_session", row.id.uuid(), after)).await?;
    Ok(VoiceSession { token, channel, expires_at: row.expires_at })
}

/// The session that a token opens.
///
/// # Errors
/// [`VoiceError::NoSession`].
pub(super) async fn of(
    db: &impl ConnectionTrait,
    token: Option<&str>,
    now: Timestamp,
) -> Result<voice_session::Model, VoiceError> {
    let Some(token) = token else { return Err(VoiceError::NoSession) };
    store::session(db, &sha256_hex(token.trim().as_bytes()), now).await?.ok_or(VoiceError::NoSession)
}

/// Ends a session.
///
/// # Errors
/// The database.
pub(super) async fn end(tx: &Tx, session: &voice_session::Model) -> Result<(), VoiceError> {
    store::end_session(tx, session.id).await?;
    Ok(tx.audit(Change::made("voice_session.end", "voice_session", session.id.uuid(), json!({}))).await?)
}
