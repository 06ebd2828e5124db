//! What people wish of their mail: pure rules, and the address that takes a kind of mail off with one request.

use crate::app::App;
use crate::secrecy::{Secrets, sha256_hex};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{Duration, FixedOffset, Timelike};
use entity::mail_preference::Model;
use entity::value::{MailCategory, MailLanguage, PersonId, Timestamp};

/// The hour at which the day's mails are gathered, by the clocks of China.
pub const DIGEST_HOUR: u32 = 8;

/// What somebody wishes who never said anything.
#[must_use]
pub fn usual(person_id: PersonId) -> Model {
    Model {
        person_id,
        language: MailLanguage::Both,
        digest: false,
        quiet_from: 0,
        quiet_until: 0,
        muted: String::new(),
        digested_at: None,
        version: 0,
    }
}

/// The kinds of mail that are not wanted.
#[must_use]
pub fn muted(wish: &Model) -> Vec<MailCategory> {
    wish.muted.split_whitespace().filter_map(|name| name.parse().ok()).collect()
}

/// Whether a kind of mail is not wanted. What concerns the account itself always comes.
#[must_use]
pub fn is_muted(wish: &Model, category: MailCategory) -> bool {
    category != MailCategory::Account && muted(wish).contains(&category)
}

/// The hour of an instant by the clocks of China.
#[must_use]
pub fn hour(at: Timestamp) -> u32 {
    FixedOffset::east_opt(8 * 3600).map_or(0, |offset| at.with_timezone(&offset).hour())
}

/// When the quiet hours end that it is in; none when it is not quiet. They may lie around midnight.
#[must_use]
pub fn quiet_until(wish: &Model, now: Timestamp) -> Option<Timestamp> {
    let (from, until, hour) = (wish.quiet_from, wish.quiet_until, i32::try_from(hour(now)).ok()?);
    let is_quiet = if from <= until { (from..until).contains(&hour) } else { hour >= from || hour < until };
    if !is_quiet {
        return None;
    }
    let whole = now
        - Duration::seconds(i64::from(now.minute() * 60 + now.second()))
        - Duration::nanoseconds(i64::from(now.nanosecond()));
    Some(whole + Duration::hours(i64::from((until - hour).rem_euclid(24))))
}

fn mark(secrets: &Secrets, person: PersonId, category: MailCategory) -> Vec<String> {
    secrets.lookups("mail.unsubscribe", &format!("{person}/{category}"))
}

/// The address that takes a kind of mail off, for one person.
#[must_use]
pub fn unsubscribe_address(app: &App, person: PersonId, category: MailCategory) -> String {
    let mark = mark(&app.secrets, person, category).into_iter().next().unwrap_or_default();
    let token = URL_SAFE_NO_PAD.encode(format!("{person}/{category}/{mark}"));
    format!("{}/api/v1/mail-unsubscriptions?token={token}", app.config.public_address())
}

/// Whom and what a token takes off; none when it is not one of ours.
#[must_use]
pub fn read_token(secrets: &Secrets, token: &str) -> Option<(PersonId, MailCategory)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let mut parts = text.split('/');
    let (person, category, given) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?);
    // Hashes are compared, so that how long it takes tells nothing of how much was right.
    let given = sha256_hex(given.as_bytes());
    let same = |known: &String| sha256_hex(known.as_bytes()) == given;
    mark(secrets, person, category).iter().any(same).then_some((person, category))
}
