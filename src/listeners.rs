//! Switchboard: every kind of background work, with it which topics it hears, what runs when, how long what is kept, and
//! which columns are sealed.

use crate::jobs::{self, JobKind, RetentionRule, Scheduled};
use crate::secrecy::SealedColumn;
use crate::{
    adjustment, bulk, catalogue, comparison, complaint, deadline, document, feed, household, http, identity,
    monitoring, notice, opendata, organisation, pairing, payment, privacy, purchase, quota, reminder, report, seal,
    search, settlement, upkeep, voice, webhook,
};

/// Every kind of background work.
pub static JOBS: &[JobKind] = &[
    payment::REMATCH,
    settlement::PROMISE,
    settlement::SETTLE,
    quota::FOLLOW,
    pairing::CONTRIBUTE,
    opendata::RELEASE,
    report::RUN,
    search::INDEX,
    search::REBUILD,
    notice::MAIL,
    notice::REMINDED,
    bulk::CHECK,
    bulk::COMMIT,
    notice::INVITATION,
    notice::PASSWORD_RESET,
    notice::SIGN_IN,
    notice::WARN,
    notice::REQUEST_WAITS,
    notice::REQUEST_RETURNED,
    notice::CALL_OFF_MADE,
    notice::DEMAND_PUBLISHED,
    notice::DEMAND_DECIDED,
    notice::GROUP_SETTLED,
    feed::PUBLISH,
    webhook::FAN,
    webhook::SEND,
    notice::TELL,
];

/// What returns with the clock.
pub static CLOCK: &[Scheduled] = &[
    seal::EVERY_MINUTE,
    seal::EVERY_DAY,
    report::EVERY_MINUTE,
    opendata::EVERY_MINUTE,
    privacy::EVERY_HOUR,
    catalogue::EVERY_HOUR,
    search::EVERY_MINUTE,
    deadline::EVERY_MINUTE,
    reminder::EVERY_HOUR,
    complaint::EVERY_HOUR,
    purchase::EVERY_MINUTE,
    monitoring::EVERY_NIGHT,
    monitoring::SUPERVISION,
    notice::DIGEST,
    upkeep::EVERY_HOUR,
];

/// How long what is kept, as each room says it.
pub static RETENTION: &[&[RetentionRule]] = &[
    http::idempotency::RETENTION,
    jobs::RETENTION,
    identity::RETENTION,
    document::RETENTION,
    bulk::RETENTION,
    notice::RETENTION,
    feed::RETENTION,
    webhook::RETENTION,
    privacy::retention::KEPT_BY_LAW,
];

/// Every column that holds ciphertexts.
pub static SEALED: &[&[SealedColumn]] = &[
    household::SEALED,
    adjustment::SEALED,
    comparison::SEALED,
    identity::SEALED,
    organisation::SEALED,
    payment::SEALED,
    purchase::SEALED,
    voice::SEALED,
    webhook::SEALED,
];
