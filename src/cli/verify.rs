//! `liannong verify`: is every fen where it is said to be?

use crate::config::Config;
use crate::db::Database;
use crate::verify;
use std::process::ExitCode;

/// Prints one line; fails when the first fault is found, or when the database cannot be read.
pub async fn verify(config: Config) -> ExitCode {
    let url = config.database();
    let report = match Database::open(&url, 2).await {
        Ok(db) => verify::verify(db.reader(), |progress| eprintln!("{progress}")).await,
        Err(error) => Err(error),
    };
    match report {
        Ok(report) => {
            println!("{report}");
            if report.fault.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("liannong: the database cannot be read: {error}");
            ExitCode::from(2)
        }
    }
}
