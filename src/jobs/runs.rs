//! What ran (运行记录): the jobs that were begun, those in hand with how far they have come, and how each ended.

use super::progress::Progress;
use entity::job;
use entity::value::{JobId, Timestamp};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// So many jobs in hand are shown at most.
const SHOWN: u64 = 200;

/// A job in hand that said how far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InHand {
    /// The job.
    pub id: JobId,
    /// Its name.
    pub name: String,
    /// Since when it is done.
    pub began_at: Option<Timestamp>,
    /// How far it has come.
    pub progress: Progress,
}

/// The jobs in hand that said how far they have come, those first that were begun first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn in_hand(db: &impl ConnectionTrait, now: Timestamp) -> Result<Vec<InHand>, DbErr> {
    let rows = job::Entity::find()
        .filter(job::Column::DoneAt.is_null())
        .filter(job::Column::FailedAt.is_null())
        .filter(job::Column::LockedUntil.gt(now))
        .filter(job::Column::ProgressAt.is_not_null())
        .order_by_asc(job::Column::BeganAt)
        .limit(SHOWN)
        .all(db)
        .await?;
    let shown = |row: job::Model| {
        Some(InHand { id: row.id, began_at: row.began_at, progress: Progress::of_job(&row)?, name: row.name })
    };
    Ok(rows.into_iter().filter_map(shown).collect())
}

/// The jobs that were begun at least once, the newest first; of one kind of work when it is named.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list_runs(
    db: &impl ConnectionTrait,
    name: Option<&str>,
    before: Option<JobId>,
    limit: u64,
) -> Result<Vec<job::Model>, DbErr> {
    let mut rows =
        job::Entity::find().filter(job::Column::BeganAt.is_not_null()).order_by_desc(job::Column::Id).limit(limit);
    if let Some(name) = name {
        rows = rows.filter(job::Column::Name.eq(name));
    }
    if let Some(before) = before {
        rows = rows.filter(job::Column::Id.lt(before));
    }
    rows.all(db).await
}
