//! Sessions as they come in and go out. What holds a password or a token has no `Debug`.

use crate::identity::view::Me;
use crate::organisation::OrganisationBrief;
use chrono::{DateTime, Utc};
use entity::session;
use entity::value::{OrganisationId, Role, SessionId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Name and password, and for whom to act.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The user name.
    #[schema(example = "leishan-clerk")]
    pub username: String,
    /// The password.
    #[schema(format = Password, example = "correct horse battery")]
    pub password: String,
    /// For which organisation to act; the first membership when not given.
    pub organisation_id: Option<OrganisationId>,
    /// In which role, when there are several there.
    pub role: Option<Role>,
    /// The code of the second factor, or a recovery code, for those who have one.
    #[schema(max_length = 40, example = "123456")]
    pub code: Option<String>,
}

/// The refresh token last received.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// It is good for one use; the answer brings the next.
    pub refresh_token: String,
}

/// For whom to go on.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    /// The refresh token last received; an access token alone opens no new session.
    pub refresh_token: String,
    /// For which organisation.
    pub organisation_id: OrganisationId,
    /// In which role, when there are several there.
    pub role: Option<Role>,
}

// No `Debug`: the tokens would be in it.
/// A signed-in person and their tokens.
#[derive(Clone, Serialize, ToSchema)]
pub struct Session {
    /// The session, by which it can be ended.
    pub session_id: SessionId,
    /// The access token; send it as `Authorization: Bearer`.
    pub token: String,
    /// Until when it is valid.
    pub expires_at: DateTime<Utc>,
    /// Renews the access token, once; keep it where nobody else reads.
    pub refresh_token: String,
    /// Until when it can.
    pub refresh_expires_at: DateTime<Utc>,
    /// Who, for whom, and for whom else they could act.
    #[serde(flatten)]
    pub me: Me,
}

/// A session that has not ended (会话).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpenSession {
    /// Its identifier.
    pub id: SessionId,
    /// For whom.
    pub organisation: OrganisationBrief,
    /// As what.
    pub role: Role,
    /// Whether this request came through it.
    pub is_current: bool,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When its tokens were last renewed.
    pub last_used_at: DateTime<Utc>,
    /// When it ends unless it is used before.
    pub expires_at: DateTime<Utc>,
    /// What the browser or program said it is.
    #[schema(example = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")]
    pub user_agent: Option<String>,
    /// From which address it was begun.
    #[schema(example = "203.0.113.9")]
    pub address: Option<String>,
}

impl OpenSession {
    pub(super) fn of(
        row: session::Model,
        organisation: &entity::organisation::Model,
        current: Option<SessionId>,
    ) -> Self {
        let session::Model {
            id,
            person_id: _,
            membership_id: _,
            organisation_id: _,
            role,
            family: _,
            created_at,
            last_used_at,
            expires_at,
            user_agent,
            address,
            revoked_at: _,
            revoke_reason: _,
        } = row;
        let is_current = current == Some(id);
        let organisation = organisation.into();
        Self { id, organisation, role, is_current, created_at, last_used_at, expires_at, user_agent, address }
    }
}
