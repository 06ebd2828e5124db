//! The same request twice has one effect and one answer.
//!
//! The key's row is written first, in the same transaction as the effect: a second request with the key waits for
//! the first to end and then finds its answer, or, when the first failed, does the work itself. Keys are kept
//! [`KEPT_DAYS`] days, longer than a cooperative stays offline.

use super::body;
use crate::access::Actor;
use crate::app::App;
use crate::db::{self, Tx};
use crate::jobs::{ERASED_AT_ONCE, Kept, RetentionRule};
use crate::problem::{self, Failure, Problem};
use crate::secrecy::sha256_hex;
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, http::StatusCode, http::header, web};
use entity::idempotency_key;
use entity::value::{OrganisationId, PersonId, Timestamp};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Serialize, de::DeserializeOwned};
use std::future::Future;
use std::pin::Pin;

/// How long a key is remembered.
pub const KEPT_DAYS: u32 = 30;

/// How long keys and their answers are kept.
pub const RETENTION: &[RetentionRule] = &[RetentionRule {
    name: "idempotency_key",
    what: ("幂等键及其应答", "Idempotency keys and their answers"),
    kept: Kept::Days {
        days: KEPT_DAYS,
        zh: "首次请求后三十天",
        erase: |app, before| Box::pin(async move { erase(app, before).await }),
    },
    why: (
        "离线重试所需；《个人信息保护法》第十九条：保存期限为最短时间",
        "For retries after being offline; kept no longer than needed (PIPL art. 19)",
    ),
}];

/// Erases a batch of the keys that were first used before an instant.
async fn erase(app: &App, before: Timestamp) -> Result<u64, Failure> {
    use idempotency_key::Column;
    app.transact(&Actor::System, async |tx| -> Result<u64, sea_orm::DbErr> {
        // The key has three columns, so the batch is the keys of its oldest instants; instants are hardly shared.
        let ordered = || idempotency_key::Entity::find().filter(Column::CreatedAt.lt(before));
        let oldest = ordered().order_by_asc(Column::CreatedAt).limit(ERASED_AT_ONCE).all(tx).await?;
        let Some(last) = oldest.last().map(|row| row.created_at) else { return Ok(0) };
        let gone = idempotency_key::Entity::delete_many().filter(Column::CreatedAt.lte(last)).exec(tx).await?;
        Ok(gone.rows_affected)
    })
    .await
}

/// The key of a request and a fingerprint of its content.
#[derive(Debug, Clone)]
pub struct IdempotencyKey {
    key: String,
    request_hash: String,
}

/// A JSON body that comes with an `Idempotency-Key`.
#[derive(Debug)]
pub struct Once<T> {
    /// The key.
    pub key: IdempotencyKey,
    /// The body.
    pub body: T,
}

/// The answer to a request, the first or a repeated one.
#[derive(Debug, Clone)]
pub struct Answer {
    status: u16,
    body: String,
    replayed: bool,
}

impl Answer {
    /// As a response; a repeated answer says so.
    #[must_use]
    pub fn into_response(self) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = HttpResponse::build(status);
        if self.replayed {
            response.insert_header(("Idempotent-Replayed", "true"));
        }
        response.insert_header((header::CONTENT_TYPE, "application/json")).body(self.body)
    }
}

impl IdempotencyKey {
    /// The key in the headers, over this content.
    ///
    /// # Errors
    /// 400 when it is missing, empty, longer than 255 characters, or not visible ASCII.
    pub fn read(request: &HttpRequest, content: &[u8]) -> Result<Self, Failure> {
        let key = request
            .headers()
            .get("Idempotency-Key")
            .and_then(|key| key.to_str().ok())
            .map(str::trim)
            .filter(|key| (1..=255).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()))
            .ok_or_else(|| Problem::plain(&problem::IDEMPOTENCY_KEY_MISSING))?;
        let mut whole = format!("{} {}\n", request.method(), request.uri()).into_bytes();
        whole.extend_from_slice(content);
        Ok(Self { key: key.to_owned(), request_hash: sha256_hex(&whole) })
    }

    /// A key for work that does not come over HTTP.
    #[must_use]
    pub fn internal(key: &str) -> Self {
        Self { key: key.to_owned(), request_hash: sha256_hex(key.as_bytes()) }
    }

    fn owner(tx: &Tx) -> (PersonId, OrganisationId) {
        let nobody = uuid::Uuid::nil();
        (
            tx.actor().person().unwrap_or(PersonId::from_uuid(nobody)),
            tx.actor().organisation().unwrap_or(OrganisationId::from_uuid(nobody)),
        )
    }

    /// Claims the key in this transaction, or gives the answer that the first request got.
    pub(crate) async fn claim(&self, tx: &Tx) -> Result<Option<Answer>, Failure> {
        let (person, organisation) = Self::owner(tx);
        let row = idempotency_key::ActiveModel {
            actor_id: Set(person),
            organisation_id: Set(organisation),
            key: Set(self.key.clone()),
            request_hash: Set(self.request_hash.clone()),
            status: Set(0),
            body: Set(String::new()),
            created_at: Set(tx.now()),
        };
        let nothing = OnConflict::new().do_nothing().to_owned();
        let claimed = idempotency_key::Entity::insert(row).on_conflict(nothing).exec_without_returning(tx).await;
        match claimed {
            Ok(1) => return Ok(None),
            Ok(_) | Err(sea_orm::DbErr::RecordNotInserted) => {}
            Err(error) if db::is_lock_timeout(&error) => {
                return Err(Problem::plain(&problem::IDEMPOTENCY_IN_PROGRESS).into());
            }
            Err(error) => return Err(error.into()),
        }
        let first = idempotency_key::Entity::find_by_id((person, organisation, self.key.clone()))
            .one(tx)
            .await?
            .ok_or_else(|| Problem::plain(&problem::IDEMPOTENCY_IN_PROGRESS))?;
        if first.request_hash != self.request_hash {
            return Err(Problem::plain(&problem::IDEMPOTENCY_KEY_REUSED).into());
        }
        let status = u16::try_from(first.status).map_err(|_| Problem::internal())?;
        Ok(Some(Answer { status, body: first.body, replayed: true }))
    }

    /// Keeps the answer beside the effect.
    pub(crate) async fn store(&self, tx: &Tx, status: u16, view: &impl Serialize) -> Result<Answer, Failure> {
        let (person, organisation) = Self::owner(tx);
        let body = serde_json::to_string(view).map_err(|error| {
            tracing::error!(%error, "an answer cannot be written as JSON");
            Problem::internal()
        })?;
        idempotency_key::Entity::update_many()
            .col_expr(idempotency_key::Column::Status, Expr::value(i32::from(status)))
            .col_expr(idempotency_key::Column::Body, Expr::value(body.clone()))
            .filter(idempotency_key::Column::ActorId.eq(person))
            .filter(idempotency_key::Column::OrganisationId.eq(organisation))
            .filter(idempotency_key::Column::Key.eq(self.key.clone()))
            .exec(tx)
            .await?;
        Ok(Answer { status, body, replayed: false })
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Once<T> {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let declared = body::check_type(request);
        let bytes = web::Bytes::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            declared?;
            let bytes = body::read(bytes).await?;
            Ok(Self { key: IdempotencyKey::read(&request, &bytes)?, body: body::parse(&bytes)? })
        })
    }
}
