//! `liannong keys rotate`: seal personal data with the present secret, while the house serves.

use crate::config::Config;
use crate::privacy::rotation::{self, Pace};
use crate::start::{self, StartError};
use entity::value::SystemClock;
use std::sync::Arc;

/// Seals anew whatever another key sealed, and says how it goes. Stopping it is harmless: the next run goes on.
///
/// # Errors
/// When the database or a secret cannot be read, or a ciphertext opens with neither.
pub async fn rotate(config: Config, batch: u32) -> Result<(), StartError> {
    let app = start::open(config, Arc::new(SystemClock)).await?;
    let rotated = rotation::rotate(&app, Pace { batch, batches: None }, |column, left| {
        eprintln!("{}.{}: {left} left 剩余", column.table, column.column);
    });
    let rotated = rotated.await?;
    println!("{} sealed anew 已重新加密, {} left 剩余", rotated.resealed, rotated.left);
    if rotated.left == 0 && app.secrets.accepts_another() {
        println!("the other secret is no longer needed for personal data; keep it until no token or seal needs it");
    }
    Ok(())
}
