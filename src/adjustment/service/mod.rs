//! What can be done with cases.
//!
//! Each step: the case is held, the life of cases says where the step leads, what belongs to the step is written, the
//! step itself is kept, the case saved.

mod decide;
mod effect;
mod object;
mod open;
mod read;
mod warning;
mod work;

pub(super) use decide::{approve, endorse, refuse, return_to_village, send_back};
pub(super) use object::{answer, object};
pub(super) use open::{open, withdraw};
pub(super) use read::{list, notice_board, show};
pub use warning::{Warning, known_cases, open_case_of, open_cases_among, open_warning, split_of};
pub(super) use work::{check, dismiss, publicise, review, submit};

use super::event::AdjustmentDecided;
use super::state;
use super::{AdjustmentError, store};
use crate::access::{Action, Grant};
use crate::db::{Change, Tx};
use crate::http::IfMatch;
use entity::value::{AdjustmentId, AdjustmentState, AdjustmentStep};
use entity::{adjustment, adjustment_step};

/// A case in reach, held, in the version that was read, with where a step leads from there.
async fn lead<A: Action>(
    tx: &Tx,
    grant: &Grant<A>,
    (id, seen): (AdjustmentId, IfMatch),
    step: AdjustmentStep,
) -> Result<(adjustment::Model, AdjustmentState), AdjustmentError> {
    let row = store::hold(tx, grant.scope(), id).await?.ok_or(AdjustmentError::NotFound)?;
    seen.check(row.version).map_err(|_| AdjustmentError::Stale)?;
    let to = state::next(row.state, step).ok_or(AdjustmentError::WrongState { from: row.state, step })?;
    Ok((row, to))
}

/// The number of the step that comes next.
fn number_after(row: &adjustment::Model) -> i32 {
    i32::try_from(row.version).unwrap_or(i32::MAX).saturating_add(1)
}

/// Writes a step and where the case is now; tells whoever hears when it is over.
async fn take<A: Action>(
    tx: &Tx,
    grant: &Grant<A>,
    (step, text): (AdjustmentStep, Option<&str>),
    before: AdjustmentState,
    now: adjustment::Model,
) -> Result<adjustment::Model, AdjustmentError> {
    let closed_at = state::is_closed(now.state).then_some(tx.now());
    let now = adjustment::Model { closed_at, ..now };
    let row = adjustment_step::Model {
        adjustment_id: now.id,
        number: number_after(&now),
        step,
        to_state: now.state,
        text: text.map(str::to_owned),
        organisation_id: grant.organisation()?,
        taken_by: grant.person()?,
        taken_at: tx.now(),
    };
    store::insert_step(tx, row).await?;
    let operation = format!("adjustment.{step}");
    let (from, to) = (before.as_str(), now.state.as_str());
    tx.audit(Change::moved(&operation, "adjustment", now.id.uuid(), from, to)).await?;
    let saved = store::save(tx, now).await?;
    if saved.closed_at.is_some() {
        tx.emit(&AdjustmentDecided {
            adjustment: saved.id,
            number: saved.number.clone(),
            village: saved.village_id,
            kind: saved.kind,
            outcome: saved.state,
            household: saved.household_id.or(saved.result_household_id),
        })
        .await?;
    }
    Ok(saved)
}
