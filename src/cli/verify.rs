//! `liannong verify`: is every fen where it is said to be?

use crate::config::Config;
use crate::db::Database;
use crate::verify::{self, Report, Trust};
use std::path::Path;
use std::process::ExitCode;

/// Prints one line; fails when the first fault is found, or when the database cannot be read.
pub async fn verify(config: Config, trust: &Trust) -> ExitCode {
    let url = config.database();
    let report = match Database::open(&url, 4).await {
        Ok(db) => verify::verify_with(db.reader(), trust, |progress| eprintln!("{progress}")).await,
        Err(error) => Err(error),
    };
    match report {
        Ok(report) => tell(&report),
        Err(error) => {
            eprintln!("liannong: the database cannot be read: {error}");
            ExitCode::from(2)
        }
    }
}

/// The same of an exported journal, with nothing but the file.
#[must_use]
pub fn verify_file(path: &Path, trust: &Trust) -> ExitCode {
    let report = std::fs::File::open(path)
        .and_then(|file| verify::file::verify_file(file, trust, |progress| eprintln!("{progress}")));
    match report {
        Ok(report) => tell(&report),
        Err(error) => {
            eprintln!("liannong: {} cannot be read: {error}", path.display());
            ExitCode::from(2)
        }
    }
}

fn tell(report: &Report) -> ExitCode {
    println!("{report}");
    if let Some(key) = &report.unconfirmed_key {
        eprintln!("seals are signed with {key}; compare it with the published key, or give it as --key");
    }
    if let Some(head) = &report.head {
        eprintln!("the newest seal is {head}; note it, and give it as --head when you verify again");
    }
    if report.fault.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
