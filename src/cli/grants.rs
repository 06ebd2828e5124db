//! `liannong grants`: what the database account of a serving house may do on PostgreSQL.

use crate::config::Config;
use crate::db::{Database, grants};
use sea_orm::ConnectionTrait;
use std::process::ExitCode;

/// Prints the statements for an account that is there already; with `apply`, runs them too. To be called with
/// `DATABASE_URL` naming the owner of the tables.
pub async fn grants(config: Config, account: &str, apply: bool) -> ExitCode {
    match run(&config.database(), account, apply).await {
        Ok(statements) => {
            println!("-- Make the account first: create role {account} login password '…';");
            for statement in statements {
                println!("{statement};");
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("liannong: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(url: &str, account: &str, apply: bool) -> Result<Vec<String>, grants::GrantsError> {
    let db = Database::open(url, 1).await?;
    let statements = grants::statements(db.reader(), account).await?;
    if apply {
        // One statement at a time: each is whole by itself, and giving them again is harmless.
        for statement in &statements {
            db.reader().execute_unprepared(statement).await?;
        }
    }
    db.close().await?;
    Ok(statements)
}
