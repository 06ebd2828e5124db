//! What a request or a job can reach, and the one place where transactions begin and end.
//!
//! Promises: `transact` commits on `Ok`, rolls back on `Err`, and runs its closure again when the database asks
//! for it; therefore nothing but the transaction may be touched inside. Parts that only some rooms need (the
//! search engine, the file store, the mailer) are put in by whoever starts the program and asked for by type,
//! so that this file knows none of them.

use crate::access::Actor;
use crate::access::token::Tokens;
use crate::config::Config;
use crate::db::{Database, Tx};
use crate::http::door::{Doorkeeper, Limits};
use crate::http::idempotency::{Answer, IdempotencyKey};
use crate::jobs::JobKind;
use crate::outage::{self, Place};
use crate::problem::{Failure, Problem};
use crate::secrecy::Secrets;
use entity::value::Clock;
use sea_orm::DatabaseConnection;
use serde::Serialize;
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::Arc;

/// How often a transaction is run again before the caller is told that the system is busy.
const TRIES: u32 = 5;

/// What a request or a job can reach.
pub struct App {
    /// The database.
    pub db: Database,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Keys for personal data.
    pub secrets: Arc<Secrets>,
    /// Access tokens.
    pub tokens: Tokens,
    /// The configuration.
    pub config: Config,
    /// Counts who knocks.
    pub doorkeeper: Doorkeeper,
    /// Every kind of background work.
    pub jobs: &'static [JobKind],
    /// Wakes the worker when there is something to do.
    pub wake: tokio::sync::Notify,
    /// Wakes the worker that speaks to the outside.
    pub wake_outward: tokio::sync::Notify,
    parts: HashMap<TypeId, Arc<dyn Any + Send + Sync>>,
}

impl App {
    /// Puts the house together; parts are added with [`App::with`].
    #[must_use]
    pub fn new(
        db: Database,
        clock: Arc<dyn Clock>,
        secrets: Arc<Secrets>,
        tokens: Tokens,
        config: Config,
        jobs: &'static [JobKind],
    ) -> Self {
        let limits = Limits {
            sign_ins: config.sign_ins_per_minute,
            account: config.requests_per_minute,
            address: config.public_requests_per_minute,
        };
        let doorkeeper = Doorkeeper::new(limits, &clock);
        let (wake, wake_outward) = (tokio::sync::Notify::new(), tokio::sync::Notify::new());
        Self { db, clock, secrets, tokens, config, doorkeeper, jobs, wake, wake_outward, parts: HashMap::new() }
    }

    /// Adds a part.
    #[must_use]
    pub fn with<P: Any + Send + Sync>(mut self, part: P) -> Self {
        self.parts.insert(TypeId::of::<P>(), Arc::new(part));
        self
    }

    /// A part.
    ///
    /// # Errors
    /// An internal problem when the program was started without it.
    pub fn part<P: Any + Send + Sync>(&self) -> Result<&P, Failure> {
        self.parts.get(&TypeId::of::<P>()).and_then(|part| part.downcast_ref()).ok_or_else(|| {
            tracing::error!(part = std::any::type_name::<P>(), "a part is missing");
            Problem::internal().into()
        })
    }

    /// The pool for reads.
    #[must_use]
    pub fn reader(&self) -> &DatabaseConnection {
        self.db.reader()
    }

    /// Runs `work` in one transaction, again when the database asks for it.
    ///
    /// # Errors
    /// What `work` refused, or that the system is busy.
    pub async fn transact<T, E: Into<Failure>>(
        &self,
        actor: &Actor,
        work: impl AsyncFn(&Tx) -> Result<T, E>,
    ) -> Result<T, Failure> {
        let request = crate::http::trace::current_request();
        let mut tries = 1;
        loop {
            let outcome = self.attempt(actor, &request, &work).await;
            match outcome {
                Err(failure) if failure.is_transient() && tries < TRIES => {
                    tracing::debug!(tries, error = %failure, "running the transaction again");
                    // Waiting a little, and not all alike, lets the others finish.
                    tokio::time::sleep(std::time::Duration::from_millis(fastrand::u64(5..25) << tries)).await;
                    tries += 1;
                }
                done => return done,
            }
        }
    }

    async fn attempt<T, E: Into<Failure>>(
        &self,
        actor: &Actor,
        request: &str,
        work: &impl AsyncFn(&Tx) -> Result<T, E>,
    ) -> Result<T, Failure> {
        let tx = self.db.begin(actor.clone(), self.clock.now(), request).await?;
        match work(&tx).await {
            Ok(done) => {
                let has_work = tx.has_work();
                outage::here(Place::BeforeCommit);
                tx.commit().await?;
                outage::here(Place::AfterCommit);
                if has_work {
                    self.wake.notify_one();
                    self.wake_outward.notify_one();
                }
                Ok(done)
            }
            Err(refusal) => {
                if let Err(error) = tx.rollback().await {
                    tracing::warn!(%error, "rolling back");
                }
                Err(refusal.into())
            }
        }
    }

    /// Like [`App::transact`], and a request sent again with the same key gets the first answer, and no second effect.
    ///
    /// # Errors
    /// As [`App::transact`]; 422 when the key was used with other content; 409 while the first is still running.
    pub async fn transact_once<T: Serialize, E: Into<Failure>>(
        &self,
        actor: &Actor,
        key: &IdempotencyKey,
        status: u16,
        work: impl AsyncFn(&Tx) -> Result<T, E>,
    ) -> Result<Answer, Failure> {
        self.transact(actor, async |tx| -> Result<Answer, Failure> {
            if let Some(first) = key.claim(tx).await? {
                return Ok(first);
            }
            let done = work(tx).await.map_err(Into::into)?;
            key.store(tx, status, &done).await
        })
        .await
    }
}
