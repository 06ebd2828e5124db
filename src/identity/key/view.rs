//! Keys as they come in and go out. What holds a key has no `Debug`.

use crate::http::Words;
use chrono::{DateTime, Utc};
use entity::api_key;
use entity::value::{ApiKeyId, OrganisationId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A key to be made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeApiKey {
    /// What it is for.
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "仓储系统")]
    pub name: Words<100>,
    /// The names of the rights it allows, as `GET /api/v1/api-keys/scopes` lists them.
    #[schema(min_items = 1, max_items = 50, example = json!(["order.view"]))]
    pub scopes: Vec<String>,
    /// For how many days it is good: 1–366.
    #[schema(minimum = 1, maximum = 366, example = 90)]
    pub days: u32,
}

/// A key (接口密钥), without the key itself.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApiKey {
    /// Its identifier.
    pub id: ApiKeyId,
    /// For which organisation.
    pub organisation_id: OrganisationId,
    /// What it is for.
    #[schema(example = "仓储系统")]
    pub name: String,
    /// Its first characters.
    #[schema(example = "lnk_8sJ2kq0Z")]
    pub prefix: String,
    /// The rights it allows.
    #[schema(example = json!(["order.view"]))]
    pub scopes: Vec<String>,
    /// Whether it can be used now.
    pub is_active: bool,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Grows with every change.
    pub version: i64,
}

impl ApiKey {
    pub(super) fn of(row: api_key::Model, now: DateTime<Utc>) -> Self {
        Self {
            is_active: row.revoked_at.is_none() && row.expires_at > now,
            id: row.id,
            organisation_id: row.organisation_id,
            name: row.name,
            prefix: row.prefix,
            scopes: row.scopes.split(' ').map(str::to_owned).collect(),
            expires_at: row.expires_at,
            created_at: row.created_at,
            revoked_at: row.revoked_at,
            last_used_at: row.last_used_at,
            version: row.version,
        }
    }
}

/// A key that was just made; the key itself is shown this once.
#[derive(Clone, Serialize, ToSchema)]
pub struct MadeApiKey {
    /// Send it as `Authorization: Bearer`; nobody can show it again.
    #[schema(example = "lnk_8sJ2kq0ZxUuZ3h2b7vQ0o5mVt1c9yR4wE6aD8fG0hJk")]
    pub key: String,
    /// What is kept of it.
    #[serde(flatten)]
    pub api_key: ApiKey,
}

/// The rights that a key may allow.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Scopes {
    /// Their names.
    #[schema(example = json!(["order.view"]))]
    pub scopes: Vec<&'static str>,
}
