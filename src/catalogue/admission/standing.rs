//! The standing of a supplier that is or was admitted (供应商动态管理): the platform suspends, reinstates, strikes off and
//! lets apply again.
//!
//! Promises: what a supplier sells follows its standing in the same transaction; one that is struck off for a time is not
//! let in before that time is over.

use super::error::AdmissionError;
use super::service::{Verdict, decide, hold};
use super::state::{self, Step};
use super::{store, view};
use crate::access::Grant;
use crate::access::policy::ReviewAdmissionAsPlatform;
use crate::catalogue::check::Check;
use crate::catalogue::product;
use crate::db::Tx;
use crate::http::IfMatch;
use entity::value::{AdmissionId, AdmissionState, business_date};

/// Suspends, reinstates or strikes off a supplier, or lets it apply again.
///
/// # Errors
/// When its state knows no such step, or the time for which it is struck off is not over.
pub async fn decide_standing(
    tx: &Tx,
    grant: &Grant<ReviewAdmissionAsPlatform>,
    id: AdmissionId,
    seen: IfMatch,
    wanted: &view::StandingDecision,
) -> Result<view::Admission, AdmissionError> {
    let today = business_date(tx.now());
    let (step, is_removal) = match wanted.decision {
        view::StandingVerdict::Suspend => (Step::Suspend, false),
        view::StandingVerdict::Reinstate => (Step::Reinstate, false),
        view::StandingVerdict::Remove => (Step::Remove, true),
        view::StandingVerdict::Readmit => (Step::Readmit, false),
    };
    Check::new()
        .that(
            wanted.until_on.is_none_or(|until| is_removal && until > today),
            "/until_on",
            "只有清退可以带截止日，且应晚于今天。",
            "Only a removal has a last day, and it lies after today.",
        )
        .done()?;
    let verdict = Verdict { step, opinion: &wanted.opinion, items: &[], until_on: wanted.until_on };
    if step == Step::Readmit {
        let struck = store::decisions(tx, id).await?.into_iter().rev().find(|d| d.to_state == AdmissionState::Removed);
        match struck.map(|decision| decision.until_on) {
            Some(Some(until)) if until < today => {}
            Some(until) => {
                // Out of reach it is not there; in another state the step itself is refused.
                let held = hold(tx, grant, id, seen).await?;
                state::next(held.state, step)?;
                return Err(AdmissionError::RemovedUntil(until));
            }
            None => {}
        }
    }
    let shown = decide(tx, grant, id, seen, &verdict).await?;
    match shown.state {
        AdmissionState::Active => product::hold::resume(tx, Some(shown.organisation.id)).await?,
        _ => product::hold::hold_supplier(tx, shown.organisation.id).await?,
    }
    Ok(shown)
}
