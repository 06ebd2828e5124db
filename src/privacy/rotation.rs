//! The change of keys (密钥轮换): whatever another key sealed is sealed with the present one, batch after batch, while the
//! house serves.
//!
//! Promises: a batch is one transaction, so stopping anywhere loses nothing and the next run goes on with what is left:
//! each ciphertext says itself which key made it; what somebody changes meanwhile is left alone, for it is sealed with
//! the present key already; the hash by which a value is found changes in the same statement as its ciphertext.

use super::PrivacyError;
use super::store::{self, Resealed};
use crate::access::Actor;
use crate::app::App;
use crate::db::{Change, Tx};
use crate::problem::Failure;
use crate::secrecy::{Place, SealedColumn, SecrecyError};
use serde_json::json;
use uuid::Uuid;

/// Every column that is sealed, as the rooms say it. A part of the house.
pub struct Columns(pub &'static [&'static [SealedColumn]]);

/// How a rotation goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Ciphertexts in one transaction.
    pub batch: u32,
    /// Stop after so many batches; never when absent.
    pub batches: Option<u32>,
}

impl Default for Pace {
    fn default() -> Self {
        Self { batch: 200, batches: None }
    }
}

/// What a rotation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rotated {
    /// Ciphertexts sealed anew.
    pub resealed: u64,
    /// Ciphertexts that another key made and that are left.
    pub left: i64,
}

/// Seals anew whatever another key sealed. `progress` is told the column and how many are left in it.
///
/// # Errors
/// When a ciphertext opens with neither key, or the database refuses; what was done until then stays done.
pub async fn rotate(app: &App, pace: Pace, mut progress: impl FnMut(&SealedColumn, i64)) -> Result<Rotated, Failure> {
    let Columns(lists) = app.part::<Columns>()?;
    let mark = app.secrets.present_mark();
    let mut done = Rotated::default();
    let mut batches = 0;
    for column in lists.iter().flat_map(|list| list.iter()) {
        let mut after = Uuid::nil();
        loop {
            if pace.batches.is_some_and(|most| batches >= most) {
                break;
            }
            let Some((last, resealed)) = batch(app, column, &mark, after, pace.batch).await? else { break };
            after = last;
            done.resealed += resealed;
            batches += 1;
            progress(column, store::count_sealed_otherwise(app.reader(), column, &mark).await?);
        }
        done.left += store::count_sealed_otherwise(app.reader(), column, &mark).await?;
    }
    if done.resealed > 0 {
        let after = json!({ "resealed": done.resealed, "left": done.left });
        let record = async |tx: &Tx| tx.audit(Change::made("keys.rotated", "secret", Uuid::nil(), after.clone())).await;
        app.transact(&Actor::System, record).await?;
    }
    Ok(done)
}

/// One transaction: the next ciphertexts after an identifier. Nothing when there are none.
async fn batch(
    app: &App,
    column: &SealedColumn,
    mark: &str,
    after: Uuid,
    limit: u32,
) -> Result<Option<(Uuid, u64)>, Failure> {
    let work = async |tx: &Tx| -> Result<_, PrivacyError> {
        let found = store::sealed_otherwise(tx, column, mark, after, i64::from(limit)).await?;
        let Some(last) = found.last().map(|(row, _)| *row) else { return Ok(None) };
        let resealed = found.into_iter().map(|(row, old)| reseal(app, column, row, old));
        let resealed = resealed.collect::<Result<Vec<_>, SecrecyError>>()?;
        Ok(Some((last, store::replace(tx, column, resealed).await?)))
    };
    app.transact(&Actor::System, work).await
}

fn reseal(app: &App, column: &SealedColumn, row: Uuid, old: String) -> Result<Resealed, SecrecyError> {
    let place = Place { table: column.table, row, column: column.column };
    let clear = app.secrets.open(place, &old)?;
    let hash = column.lookup.map(|lookup| app.secrets.lookup(lookup.kind, &clear));
    Ok(Resealed { row, old, new: app.secrets.seal(place, &clear)?, hash })
}
