//! `liannong journal export FILE`: the sealed journal as a file that anybody can check.

use crate::config::Config;
use crate::db::Database;
use crate::verify::export::{self, Exported};
use std::io::BufWriter;
use std::path::Path;
use std::process::ExitCode;

/// Writes the file, and says what is in it.
pub async fn export(config: Config, file: &Path, since: i64) -> ExitCode {
    let written = async {
        let db = Database::open(&config.database(), 2).await?;
        let out = BufWriter::with_capacity(1 << 20, std::fs::File::create(file)?);
        export::export(db.reader(), since, out, |progress| eprintln!("{progress}")).await
    };
    match written.await {
        Ok(Exported { seals, postings, entries }) => {
            println!("{seals} seals 封印, {postings} postings 凭证, {entries} entries 分录");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("liannong: {error}");
            ExitCode::from(2)
        }
    }
}
