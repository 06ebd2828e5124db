//! The doors: so many requests a minute for an account, for an address without one, and fewer for who wants to sign in.
//!
//! Promises: a handler that takes a [`Door`] is reached no more often than configured from one address; every other one
//! no more often than configured by one account or, without an account, from one address; whoever is turned away learns
//! when to come back. Requests from inside the process are not counted. Counts are this process's own; what must hold over several servers,
//! the delay after wrong passwords, is kept in the database by `identity`.
//! Our own few lines around `governor`, because the ready-made middleware is under a licence that is not ours.

use super::Origin;
use crate::app::App;
use crate::problem::{self, Failure, Problem};
use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use entity::value::{Clock, PersonId};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter, middleware::NoOpMiddleware};
use std::future::{Ready, ready};
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// After so many knocks the addresses that stay away are forgotten.
const SWEEP: u32 = 1024;

/// The house's clock in the words of `governor`: time since 1970.
struct HouseClock(Arc<dyn Clock>);

impl governor::clock::Clock for HouseClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        (self.0.now() - chrono::DateTime::UNIX_EPOCH).to_std().unwrap_or_default()
    }
}

/// Counts by one kind of key.
struct Limiter<K: Hash + Eq + Clone> {
    limiter: RateLimiter<K, HashMapStateStore<K>, HouseClock, NoOpMiddleware<Duration>>,
    clock: HouseClock,
    knocks: AtomicU32,
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    fn new(per_minute: NonZeroU32, clock: &Arc<dyn Clock>) -> Self {
        let quota = Quota::per_minute(per_minute);
        let limiter = RateLimiter::new(quota, HashMapStateStore::default(), HouseClock(clock.clone()));
        Self { limiter, clock: HouseClock(clock.clone()), knocks: AtomicU32::new(0) }
    }

    fn knock(&self, key: &K) -> Result<(), Problem> {
        if self.knocks.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(key).map_err(|early| {
            let now = governor::clock::Clock::now(&self.clock);
            let wait = early.wait_time_from(now);
            let whole = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX);
            let seconds = whole.saturating_add(u32::from(wait.subsec_nanos() > 0));
            Problem::plain(&problem::TOO_MANY_REQUESTS).retry_after(seconds)
        })
    }
}

/// How many requests a minute pass which door.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Sign-ins and registrations from one address.
    pub sign_ins: NonZeroU32,
    /// Requests of one account.
    pub account: NonZeroU32,
    /// Requests without an account from one address.
    pub address: NonZeroU32,
}

/// Counts who knocks.
pub struct Doorkeeper {
    sign_ins: Limiter<IpAddr>,
    accounts: Limiter<PersonId>,
    addresses: Limiter<IpAddr>,
}

impl std::fmt::Debug for Doorkeeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Doorkeeper(…)")
    }
}

impl Doorkeeper {
    /// Lets so many through.
    #[must_use]
    pub fn new(limits: Limits, clock: &Arc<dyn Clock>) -> Self {
        Self {
            sign_ins: Limiter::new(limits.sign_ins, clock),
            accounts: Limiter::new(limits.account, clock),
            addresses: Limiter::new(limits.address, clock),
        }
    }

    /// Whether an address may try to sign in now.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub fn knock(&self, address: IpAddr) -> Result<(), Problem> {
        self.sign_ins.knock(&address)
    }

    /// Whether a request may pass: one of an account is counted for the account, any other for its address.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub fn pass(&self, account: Option<PersonId>, address: IpAddr) -> Result<(), Problem> {
        match account {
            Some(account) => self.accounts.knock(&account),
            None => self.addresses.knock(&address),
        }
    }
}

/// Proof that the sender did not knock too often. Requests from inside the process are not counted.
#[derive(Debug)]
pub struct Door;

impl FromRequest for Door {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let Ok(origin) = Origin::from_request(request, payload).into_inner();
        let passed = match (request.app_data::<web::Data<App>>(), origin.network()) {
            (Some(app), Some(address)) => app.doorkeeper.knock(address),
            // Without a house there is nothing behind the door, and with an address there is always one to count it.
            (_, None) | (None, _) => Ok(()),
        };
        ready(passed.map(|()| Self).map_err(Into::into))
    }
}
