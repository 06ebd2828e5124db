//! What runs when: work that nobody enqueues, because it returns with the clock.
//!
//! Promises: with many servers, each turn is taken by one of them (it moves the row of its name on, and only one
//! can); a turn that was missed is taken late, once; a turn that fails is told in the log and left to the next.
//! Therefore such work must be safe to run twice, and must find by itself what there is to do.

use super::Running;
use crate::access::Actor;
use crate::app::App;
use crate::problem::Failure;
use entity::schedule;
use entity::value::Timestamp;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// Work that returns with the clock.
pub struct Scheduled {
    /// Stable name.
    pub name: &'static str,
    /// How many seconds lie between two turns.
    pub every_seconds: i64,
    /// Does it.
    pub run: for<'a> fn(&'a App) -> Running<'a>,
}

/// Takes the turns that are due. Says which were taken, and when the next one is.
///
/// # Errors
/// When the database cannot be asked.
pub async fn tick(app: &App, plan: &'static [Scheduled]) -> Result<(Vec<&'static str>, Timestamp), Failure> {
    let mut taken = Vec::new();
    let rows = schedule::Entity::find().all(app.reader()).await?;
    let now = app.clock.now();
    let mut next = now + chrono::Duration::minutes(1);
    for work in plan {
        let due = rows.iter().find(|row| row.name == work.name).map(|row| row.next_at);
        if due.is_some_and(|due| due > now) {
            next = next.min(due.unwrap_or(next));
            continue;
        }
        if take(app, work).await? {
            taken.push(work.name);
            if let Err(error) = (work.run)(app).await {
                tracing::warn!(name = work.name, %error, "scheduled work did not finish; it has its next turn");
            }
        }
        next = next.min(now + chrono::Duration::seconds(work.every_seconds));
    }
    Ok((taken, next))
}

/// Moves the row on; true for the one who did.
async fn take(app: &App, work: &Scheduled) -> Result<bool, Failure> {
    app.transact(&Actor::System, async |tx| -> Result<bool, Failure> {
        let first = schedule::ActiveModel { name: Set(work.name.to_owned()), next_at: Set(tx.now()) };
        schedule::Entity::insert(first)
            .on_conflict(OnConflict::column(schedule::Column::Name).do_nothing().to_owned())
            .exec_without_returning(tx)
            .await?;
        let moved = schedule::Entity::update_many()
            .col_expr(schedule::Column::NextAt, Expr::value(tx.now() + chrono::Duration::seconds(work.every_seconds)))
            .filter(schedule::Column::Name.eq(work.name))
            .filter(schedule::Column::NextAt.lte(tx.now()))
            .exec(tx)
            .await?;
        Ok(moved.rows_affected == 1)
    })
    .await
}
