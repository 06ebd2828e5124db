//! Mail and wishes as they come in and go out.

use super::wish;
use chrono::{DateTime, Utc};
use entity::value::{MailCategory, MailId, MailLanguage, MailState, OrganisationId, PersonId};
use entity::{mail, mail_preference};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// How somebody wishes to be told by mail (邮件偏好).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MailWish {
    /// In which language.
    pub language: MailLanguage,
    /// Whether the day's mails are gathered into one, in the morning.
    pub digest: bool,
    /// From which hour on nothing is sent, by the clocks of China (0–23).
    #[schema(example = 22)]
    pub quiet_from: i32,
    /// Until which hour; the same hour means never quiet.
    #[schema(example = 7)]
    pub quiet_until: i32,
    /// The kinds of mail that are not wanted; what concerns the account itself always comes.
    pub muted: Vec<MailCategory>,
    /// Grows with every change; 0 while nothing was said.
    pub version: i64,
}

impl From<mail_preference::Model> for MailWish {
    fn from(row: mail_preference::Model) -> Self {
        Self {
            muted: wish::muted(&row),
            language: row.language,
            digest: row.digest,
            quiet_from: row.quiet_from,
            quiet_until: row.quiet_until,
            version: row.version,
        }
    }
}

/// What somebody wishes from now on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepMailWish {
    /// In which language.
    pub language: MailLanguage,
    /// Whether the day's mails are gathered into one, in the morning.
    pub digest: bool,
    /// From which hour on nothing is sent, by the clocks of China.
    #[schema(minimum = 0, maximum = 23, example = 22)]
    pub quiet_from: i32,
    /// Until which hour; the same hour means never quiet.
    #[schema(minimum = 0, maximum = 23, example = 7)]
    pub quiet_until: i32,
    /// The kinds of mail that are not wanted.
    #[schema(max_items = 10)]
    pub muted: Vec<MailCategory>,
}

/// What takes a kind of mail off.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UnsubscribeQuery {
    /// The token of the mail.
    #[param(max_length = 400, example = "MDE5MzcyYTA")]
    pub token: String,
}

/// A kind of mail was taken off.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Unsubscribed {
    /// Which kind does not come any more.
    pub category: MailCategory,
}

/// What a list of mails is narrowed to.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MailFilter {
    /// Only those in this state: `bounced` came back.
    #[param(inline)]
    pub state: Option<MailState>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// A mail and what became of it, without its address and text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Mail {
    /// Its identifier.
    pub id: MailId,
    /// To whom.
    pub person_id: Option<PersonId>,
    /// For which organisation.
    pub organisation_id: Option<OrganisationId>,
    /// What kind of mail it is.
    pub category: MailCategory,
    /// What became of it.
    pub state: MailState,
    /// Its subject.
    #[schema(example = "订单 D20260302-XW1AKENR-1 已发货")]
    pub subject: String,
    /// Why it came back: the three digits of the server, or a few words.
    #[schema(example = "550")]
    pub error: Option<String>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it went out.
    pub sent_at: Option<DateTime<Utc>>,
}

impl From<mail::Model> for Mail {
    fn from(row: mail::Model) -> Self {
        Self {
            id: row.id,
            person_id: row.person_id,
            organisation_id: row.organisation_id,
            category: row.category,
            state: row.state,
            subject: row.subject,
            error: row.error,
            created_at: row.created_at,
            sent_at: row.sent_at,
        }
    }
}
