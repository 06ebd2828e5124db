//! Places at which a test ends the process as a power cut would: nothing is flushed, nobody is told, no destructor runs.
//!
//! `LIANNONG_ENDS_AT=after_commit:15` ends it when it comes to that place for the fifteenth time; the fault battery
//! (`tests/it/faults.rs`) does so at each. Promises: a release knows no such place.

/// A place where ending must lose nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// All of a transaction is written, nothing is committed.
    BeforeCommit,
    /// It is committed; whoever asked for it has no answer yet.
    AfterCommit,
    /// Events became jobs; no job was begun.
    EventsHandedOn,
    /// Jobs are claimed; none was begun.
    JobsClaimed,
    /// A job did its work; that it is done stands nowhere.
    JobDone,
    /// A seal is written and not committed.
    SealWritten,
}

impl Place {
    /// How a test names it.
    #[cfg(debug_assertions)]
    const fn name(self) -> &'static str {
        match self {
            Self::BeforeCommit => "before_commit",
            Self::AfterCommit => "after_commit",
            Self::EventsHandedOn => "events_handed_on",
            Self::JobsClaimed => "jobs_claimed",
            Self::JobDone => "job_done",
            Self::SealWritten => "seal_written",
        }
    }
}

/// Ends the process here, when a test wants it.
#[cfg(debug_assertions)]
pub(crate) fn here(place: Place) {
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU32, Ordering};
    static WANTED: LazyLock<Option<(String, AtomicU32)>> = LazyLock::new(|| {
        let wanted = std::env::var("LIANNONG_ENDS_AT").ok()?;
        let (name, times) = wanted.split_once(':')?;
        Some((name.to_owned(), AtomicU32::new(times.parse().ok()?)))
    });
    if let Some((name, left)) = &*WANTED
        && name == place.name()
        && left.fetch_sub(1, Ordering::SeqCst) == 1
    {
        std::process::abort();
    }
}

/// A release goes on.
#[cfg(not(debug_assertions))]
pub(crate) const fn here(_: Place) {}
