//! `liannong seal`: seal everything that is not sealed yet, now.

use crate::config::Config;
use crate::seal::{self, Reach};
use crate::start::{self, StartError};
use entity::value::SystemClock;
use std::sync::Arc;

/// Seals, and prints each seal as `<number>:<hash>`, which is what `verify --head` takes.
///
/// # Errors
/// When the database or the secret cannot be read or written.
pub async fn seal(config: Config) -> Result<(), StartError> {
    let app = start::open(config, Arc::new(SystemClock)).await?;
    let made = seal::seal_all(&app, Reach::Whole).await?;
    for seal in &made {
        let audited = seal.audit_count.unwrap_or_default();
        println!("{}:{} {} postings, {audited} rows of the audit", seal.number, seal.hash, seal.posting_count);
    }
    if made.is_empty() {
        println!("nothing is unsealed");
    }
    Ok(())
}
