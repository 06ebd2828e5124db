//! Work as operators see it.

use crate::http::Words;
use crate::jobs::{InHand, Progress, Scheduled, Standing};
use chrono::{DateTime, Utc};
use entity::value::{JobId, ProgressUnit, Timestamp};
use entity::{job, schedule};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// How far work has come (进度).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WorkProgress {
    /// How much is done.
    #[schema(example = 1200)]
    pub done: i64,
    /// Of how much.
    #[schema(example = 5000)]
    pub of: i64,
    /// What is counted.
    pub unit: ProgressUnit,
    /// In hundredths of the whole.
    #[schema(example = 24)]
    pub percent: i64,
    /// When that was so; it is written once a second at most.
    pub at: DateTime<Utc>,
}

impl From<Progress> for WorkProgress {
    fn from(progress: Progress) -> Self {
        let Progress { done, of, unit, at } = progress;
        let percent = i128::from(done) * 100 / i128::from(of.max(1));
        Self { done, of, unit, percent: i64::try_from(percent).unwrap_or(100).clamp(0, 100), at }
    }
}

/// A piece of work in hand that said how far it has come.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WorkInHand {
    /// The piece.
    pub job: JobId,
    /// Since when it is done.
    pub began_at: Option<DateTime<Utc>>,
    /// How far it has come.
    pub progress: WorkProgress,
}

/// How a piece of work stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// It is being done.
    Running,
    /// It was begun, and waits to be tried again or for its time.
    Waiting,
    /// It was done.
    Done,
    /// It was given up; see `GET /api/v1/parked-jobs`.
    GivenUp,
    /// It was given up and set aside.
    SetAside,
}

/// A piece of work that was begun (运行记录), without its input.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct JobRun {
    /// The piece.
    pub id: JobId,
    /// Which work.
    #[schema(example = "sheet.check")]
    pub name: String,
    /// How it stands.
    pub state: RunState,
    /// How far it has come; of work that is done, what it said last. None for work that says nothing.
    pub progress: Option<WorkProgress>,
    /// How often it was begun.
    pub attempts: i32,
    /// When it was last begun.
    pub began_at: Option<DateTime<Utc>>,
    /// When it was done, or given up.
    pub ended_at: Option<DateTime<Utc>>,
    /// How long its last run took, in milliseconds.
    pub took_ms: Option<i64>,
    /// What went wrong last.
    pub error: Option<String>,
}

impl JobRun {
    pub(super) fn of(row: job::Model, now: Timestamp) -> Self {
        let state = match (row.done_at, row.failed_at, row.locked_until) {
            (Some(_), Some(_), _) => RunState::SetAside,
            (Some(_), None, _) => RunState::Done,
            (None, Some(_), _) => RunState::GivenUp,
            (None, None, Some(until)) if until > now => RunState::Running,
            (None, None, _) => RunState::Waiting,
        };
        Self {
            id: row.id,
            progress: Progress::of_job(&row).map(WorkProgress::from),
            name: row.name,
            state,
            attempts: row.attempts,
            began_at: row.began_at,
            ended_at: row.done_at.or(row.failed_at),
            took_ms: row.took_ms,
            error: row.last_error,
        }
    }
}

/// A kind of work with its queue.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Worker {
    /// Its name.
    #[schema(example = "search.index")]
    pub name: &'static str,
    /// The events it hears; `*` for all of them, none for work that is ordered.
    #[schema(example = json!(["product.changed"]))]
    pub hears: Vec<&'static str>,
    /// Up to where it has done everything, in the count of events; `head` is the last.
    #[schema(example = 4711)]
    pub cursor: i64,
    /// How many pieces wait or are being done.
    pub waiting: i64,
    /// How many were given up; see `GET /api/v1/parked-jobs`.
    pub given_up: i64,
    /// Since when the oldest waits.
    pub oldest_waiting_since: Option<DateTime<Utc>>,
    /// When the next is due.
    pub next_at: Option<DateTime<Utc>>,
    /// How many were done in the last 24 hours.
    pub done_in_a_day: i64,
    /// When the last one was done.
    pub last_done_at: Option<DateTime<Utc>>,
    /// How long that took, in milliseconds.
    pub last_took_ms: Option<i64>,
    /// What is in hand and said how far it has come.
    pub in_hand: Vec<WorkInHand>,
}

impl Worker {
    pub(super) fn of(standing: Standing, in_hand: &[InHand]) -> Self {
        let own = in_hand.iter().filter(|work| work.name == standing.name);
        let shown =
            |work: &InHand| WorkInHand { job: work.id, began_at: work.began_at, progress: work.progress.into() };
        Self {
            in_hand: own.map(shown).collect(),
            name: standing.name,
            hears: standing.hears.to_vec(),
            cursor: standing.cursor,
            waiting: standing.waiting,
            given_up: standing.given_up,
            oldest_waiting_since: standing.oldest,
            next_at: standing.next_at,
            done_in_a_day: standing.done,
            last_done_at: standing.last.map(|(at, _)| at),
            last_took_ms: standing.last.and_then(|(_, took)| took),
        }
    }
}

/// How a turn of the clock ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TurnOutcome {
    /// It was never taken.
    Never,
    /// It is being done.
    Running,
    /// It was done.
    Done,
    /// It did not finish; it has its next turn.
    Failed,
    /// Its server died; another takes it again.
    CutOff,
}

/// Work that returns with the clock.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Turn {
    /// Its name.
    #[schema(example = "seal.recent")]
    pub name: &'static str,
    /// How many seconds lie between two turns.
    #[schema(example = 60)]
    pub every_seconds: i64,
    /// When the next turn is due.
    pub next_at: Option<DateTime<Utc>>,
    /// When the last one began.
    pub last_began_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub last_ended_at: Option<DateTime<Utc>>,
    /// How long it took, in milliseconds.
    pub last_took_ms: Option<i64>,
    /// How it ended.
    pub outcome: TurnOutcome,
    /// How far the turn in hand has come, when it says so.
    pub progress: Option<WorkProgress>,
    /// What went wrong.
    pub last_error: Option<String>,
}

impl Turn {
    pub(super) fn of(work: &Scheduled, row: Option<&schedule::Model>, now: Timestamp) -> Self {
        let outcome = match row {
            None => TurnOutcome::Never,
            Some(row) => match (row.held_until, row.ended_at, &row.last_error) {
                (Some(until), ..) if until > now => TurnOutcome::Running,
                (Some(_), ..) => TurnOutcome::CutOff,
                (None, None, _) => TurnOutcome::Never,
                (None, Some(_), None) => TurnOutcome::Done,
                (None, Some(_), Some(_)) => TurnOutcome::Failed,
            },
        };
        Self {
            name: work.name,
            every_seconds: work.every_seconds,
            next_at: row.map(|row| row.next_at),
            last_began_at: row.and_then(|row| row.began_at),
            last_ended_at: row.and_then(|row| row.ended_at),
            last_took_ms: row.and_then(|row| row.took_ms),
            outcome,
            progress: row
                .filter(|_| outcome == TurnOutcome::Running)
                .and_then(Progress::of_turn)
                .map(WorkProgress::from),
            last_error: row.and_then(|row| row.last_error.clone()),
        }
    }
}

/// All of the house's own work.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Workload {
    /// How many events were handed to those who hear them.
    #[schema(example = 4711)]
    pub head: i64,
    /// Every kind of work.
    pub workers: Vec<Worker>,
    /// Everything that returns with the clock.
    pub turns: Vec<Turn>,
}

/// What a list of work is narrowed to.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WorkFilter {
    /// Only this kind of work.
    #[param(max_length = 100, example = "search.index")]
    pub name: Option<String>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// Work that was given up.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ParkedJob {
    /// Its identifier.
    pub id: JobId,
    /// Which work.
    #[schema(example = "search.index")]
    pub name: String,
    /// The kind of event it is for.
    #[schema(example = "product.changed")]
    pub topic: Option<String>,
    /// What that event is about.
    pub aggregate_id: Option<Uuid>,
    /// The place of the event in the count of events.
    pub position: Option<i64>,
    /// Its input, as it stands.
    #[schema(example = "{\"product\":\"019372a0-6c00-7000-8000-000000000001\"}")]
    pub payload: String,
    /// How often it was tried.
    pub attempts: i32,
    /// What went wrong last.
    #[schema(example = "internal <- asking the database")]
    pub error: String,
    /// Since when it is there.
    pub created_at: DateTime<Utc>,
    /// When it was given up.
    pub failed_at: Option<DateTime<Utc>>,
}

impl From<job::Model> for ParkedJob {
    fn from(row: job::Model) -> Self {
        Self {
            id: row.id,
            name: row.name,
            topic: row.topic,
            aggregate_id: row.aggregate_id,
            position: row.position,
            payload: row.payload,
            attempts: row.attempts,
            error: row.last_error.unwrap_or_default(),
            created_at: row.created_at,
            failed_at: row.failed_at,
        }
    }
}

/// Which parked work shall run again.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayParked {
    /// Which work.
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "search.index")]
    pub name: Words<100>,
}

/// Why parked work is set aside.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetAside {
    /// Why.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "对应的商品已删除")]
    pub reason: Words<200>,
}

/// How much was replayed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Replayed {
    /// How many pieces of work run again.
    #[schema(example = 3)]
    pub jobs: u64,
}
