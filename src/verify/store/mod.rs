//! The questions verification asks, in plain SQL over bare columns: no type of the tables stands between.
//!
//! Promises: each page is bounded and ordered by identifier; what must be compared at one instant is one statement.

mod audit;
mod income;
mod journal;
mod off_platform;
mod orders;
mod reports;
mod runs;
mod seals;

pub(super) use self::{audit::*, income::*, journal::*, off_platform::*, orders::*, reports::*, runs::*, seals::*};

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement, Value};
use uuid::Uuid;

/// Marks are numbered, which both databases take.
pub(super) async fn ask<R: FromQueryResult>(
    db: &impl ConnectionTrait,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<R>, DbErr> {
    R::find_by_statement(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).all(db).await
}

#[derive(FromQueryResult)]
struct Found {
    id: Uuid,
}
