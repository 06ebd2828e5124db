//! What can be done with keys: make, revoke, read, and act by one.

use super::view::{ApiKey, MadeApiKey, MakeApiKey};
use super::{scopes, store};
use crate::access::policy::{KeepApiKey, ViewApiKey};
use crate::access::{self, AccessError, Actor, Grant, Scope};
use crate::app::App;
use crate::db::{Change, Tx};
use crate::http::{Page, PageQuery};
use crate::identity::{IdentityError, NewPerson, service as identity};
use crate::organisation;
use crate::problem::Failure;
use crate::secrecy::{random_bytes, sha256_hex};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::Duration;
use entity::api_key::Model;
use entity::value::{ApiKeyId, Role, Timestamp};
use sea_orm::ConnectionTrait;
use serde_json::json;

/// How every key begins, so that one which leaked is recognised.
pub const PREFIX: &str = "lnk_";
/// So much of a key is shown in lists.
const SHOWN: usize = 12;
/// A use is written at most so often.
const TOUCH_EVERY: Duration = Duration::minutes(1);
/// No key is good for longer.
const MOST_DAYS: u32 = 366;

/// What is kept of a key.
#[must_use]
pub fn hash_of(key: &str) -> String {
    sha256_hex(key.as_bytes())
}

/// Makes a key for the organisation acted for.
pub async fn make(tx: &Tx, grant: &Grant<KeepApiKey>, wanted: &MakeApiKey) -> Result<MadeApiKey, IdentityError> {
    let organisation = organisation::find(tx, grant.organisation()?).await?.ok_or(IdentityError::NoOrganisation)?;
    if !(1..=MOST_DAYS).contains(&wanted.days) {
        return Err(IdentityError::KeyDays);
    }
    let may = scopes::allowed_in(organisation.kind);
    let mut allowed: Vec<&str> = wanted.scopes.iter().map(String::as_str).collect();
    allowed.sort_unstable();
    allowed.dedup();
    if allowed.is_empty() {
        return Err(IdentityError::KeyScope(0));
    }
    if let Some(unfit) = wanted.scopes.iter().position(|scope| !may.contains(&scope.as_str())) {
        return Err(IdentityError::KeyScope(unfit));
    }
    let key = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(random_bytes()?));
    let id = ApiKeyId::generate();
    let software = NewPerson {
        username: format!("key.{}", id.uuid().simple()),
        display_name: wanted.name.as_str().to_owned(),
        email: None,
        // No password has this hash.
        password_hash: "!".to_owned(),
        is_demonstration: false,
    };
    let software = identity::insert_person(tx, &software).await?;
    let membership = identity::insert_membership(tx, software.id, &organisation, Role::Integrator).await?;
    let row = Model {
        id,
        organisation_id: organisation.id,
        membership_id: membership.id,
        person_id: software.id,
        name: wanted.name.as_str().to_owned(),
        prefix: key.chars().take(SHOWN).collect(),
        hash: hash_of(&key),
        scopes: allowed.join(" "),
        expires_at: tx.now() + Duration::days(i64::from(wanted.days)),
        created_by: grant.person()?,
        created_at: tx.now(),
        revoked_at: None,
        revoked_by: None,
        last_used_at: None,
        version: 1,
    };
    store::insert(tx, row.clone()).await?;
    let after = json!({
        "organisation_id": row.organisation_id, "person_id": row.person_id, "scopes": allowed,
        "expires_at": row.expires_at,
    });
    tx.audit(Change::made("api_key.make", "api_key", id.uuid(), after)).await?;
    Ok(MadeApiKey { key, api_key: ApiKey::of(row, tx.now()) })
}

/// Revokes a key; at once, and for good.
pub async fn revoke(tx: &Tx, grant: &Grant<KeepApiKey>, id: ApiKeyId) -> Result<ApiKey, IdentityError> {
    let row = store::find(tx, grant.scope(), id).await?.ok_or(IdentityError::NotFound)?;
    if !store::revoke(tx, id, grant.person()?).await? {
        return Err(IdentityError::KeyRevoked);
    }
    store::end_membership(tx, row.membership_id).await?;
    tx.audit(Change::moved("api_key.revoke", "api_key", id.uuid(), "active", "revoked")).await?;
    show(tx, grant.scope(), id, tx.now()).await
}

/// One key in reach.
pub async fn show(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: ApiKeyId,
    now: Timestamp,
) -> Result<ApiKey, IdentityError> {
    Ok(ApiKey::of(store::find(db, scope, id).await?.ok_or(IdentityError::NotFound)?, now))
}

/// One page of keys, newest first.
pub async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewApiKey>,
    page: &PageQuery,
    now: Timestamp,
) -> Result<Page<ApiKey>, Failure> {
    let (limit, before) = (page.limit()?, page.after()?.map(ApiKeyId::from_uuid));
    let rows = store::list(db, grant.scope(), before, limit + 1).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), |row| ApiKey::of(row, now)))
}

/// The rights that a key of the organisation acted for may allow.
pub async fn scopes_of(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewApiKey>,
) -> Result<Vec<&'static str>, IdentityError> {
    let own = organisation::find(db, grant.organisation()?).await?.ok_or(IdentityError::NoOrganisation)?;
    Ok(scopes::allowed_in(own.kind))
}

/// Who a key speaks for: its software, with the rights the key allows.
///
/// # Errors
/// [`AccessError::TokenInvalid`] when no key that is good is this one; the database.
pub async fn actor_of(app: &App, key: &str) -> Result<Actor, Failure> {
    let now = app.clock.now();
    let row = store::find_good(app.reader(), &hash_of(key), now).await?.ok_or(AccessError::TokenInvalid)?;
    let organisation = organisation::find(app.reader(), row.organisation_id).await?;
    let organisation = organisation.filter(|row| row.is_active).ok_or(AccessError::TokenInvalid)?;
    if row.last_used_at.is_none_or(|at| at + TOUCH_EVERY <= now) {
        let since = now - TOUCH_EVERY;
        // A use that could not be noted is no reason to refuse.
        let noted: Result<(), Failure> =
            app.transact(&Actor::System, async |tx: &Tx| store::touch(tx, row.id, since).await).await;
        if let Err(error) = noted {
            tracing::warn!(%error, "the use of an API key was not noted");
        }
    }
    let member = access::Member {
        person: row.person_id,
        organisation: organisation.id,
        role: Role::Integrator,
        division: organisation.division_code,
        session: None,
    };
    Ok(Actor::Software { member, allowed: row.scopes.split(' ').map(str::to_owned).collect() })
}
