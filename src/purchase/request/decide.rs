//! Deciding a request: agreeing to its step, sending it back, handing the step on.

use super::event::RequestReturned;
use super::service::{History, place, placed, remind_at, tell_waits};
use super::store;
use super::view::{DelegateStep, PurchaseRequest};
use crate::access::policy::DecideRequest;
use crate::access::{Grant, four_eyes};
use crate::approval::{self, ApprovalError, Standing, Who};
use crate::db::{Change, Tx};
use crate::http::IfMatch;
use crate::procurement::Buyer;
use crate::purchase::PurchaseError;
use entity::value::{PersonId, PurchaseRequestId, RequestEvent, RequestState, business_date};
use entity::{purchase_request, purchase_step};

/// A request whose step is the caller's to decide.
struct Held {
    row: purchase_request::Model,
    steps: Vec<purchase_step::Model>,
    person: PersonId,
    standing: Standing,
}

impl Held {
    /// For whom it is decided, when not for oneself.
    fn for_whom(&self) -> Option<PersonId> {
        match self.standing {
            Standing::Own => None,
            Standing::For(person) => Some(person),
        }
    }

    fn step(&self) -> Result<&purchase_step::Model, PurchaseError> {
        self.steps.iter().find(|step| step.step_no == self.row.step_no).ok_or(PurchaseError::NotFound)
    }
}

/// Holds a request and sees whether its step is the caller's: not what they asked for, not a second step of it, and
/// not for somebody who asked or decided either.
async fn hold(
    tx: &Tx,
    grant: &Grant<DecideRequest>,
    id: PurchaseRequestId,
    seen: IfMatch,
) -> Result<Held, PurchaseError> {
    let row = store::hold(tx, grant.scope(), id).await?.ok_or(PurchaseError::NotFound)?;
    seen.check(row.version).map_err(|_| PurchaseError::Stale)?;
    if row.state != RequestState::Waiting {
        return Err(PurchaseError::WrongRequestState(row.state));
    }
    let steps = store::steps_of(tx, &row).await?;
    let (person, organisation) = (grant.person()?, grant.organisation()?);
    let role = grant.actor().member().map(|member| member.role).ok_or(PurchaseError::NotYourStep)?;
    let waits = steps.iter().find(|step| step.step_no == row.step_no).ok_or(PurchaseError::NotFound)?;
    let deputies = approval::deputies_on(tx, waits.organisation_id, business_date(tx.now())).await?;
    let seat = approval::Seat {
        role: waits.role,
        organisation: waits.organisation_id,
        person: waits.person_id,
        delegate: waits.delegate_id,
    };
    let who = Who { person, organisation, role };
    let standing = approval::standing_of(&seat, &who, &deputies, business_date(tx.now()));
    let standing = standing.ok_or(PurchaseError::NotYourStep)?;
    let held = Held { row, steps, person, standing };
    let others: Vec<_> = held.steps.iter().flat_map(|step| [step.decided_by, step.decided_for]).flatten().collect();
    let asked = || others.iter().copied().chain([held.row.asked_by]);
    four_eyes::apart(asked(), person)?;
    if let Some(principal) = held.for_whom() {
        four_eyes::apart(asked(), principal)?;
    }
    Ok(held)
}

/// Agrees to the step that waits. With the last one the order is placed.
///
/// # Errors
/// Not the caller's step; another version; whatever the order is refused for, and then nothing is changed.
pub(super) async fn approve(
    tx: &Tx,
    grant: &Grant<DecideRequest>,
    id: PurchaseRequestId,
    seen: IfMatch,
    opinion: Option<&str>,
) -> Result<PurchaseRequest, PurchaseError> {
    let held = hold(tx, grant, id, seen).await?;
    let (person, for_whom) = (held.person, held.for_whom());
    let decided = purchase_step::Model {
        decided_by: Some(person),
        decided_for: for_whom,
        decided_at: Some(tx.now()),
        ..held.step()?.clone()
    };
    store::save_step(tx, decided).await?;
    let mut history = History::after(tx, &held.row).await?;
    let event_no = history.add(RequestEvent::Approved, Some(person), for_whom, opinion, tx.now());
    let next = held.steps.iter().find(|step| step.step_no == held.row.step_no + 1);
    let row = match next {
        Some(next) => purchase_request::Model {
            step_no: next.step_no,
            remind_at: remind_at(tx.now(), Some(next.remind_hours)),
            ..held.row.clone()
        },
        None => {
            let who = Buyer::who_asked(grant, held.row.buyer_id, held.row.asked_by);
            let order = place(tx, &who, &held.row).await?;
            history.add(RequestEvent::Placed, Some(person), None, None, tx.now());
            placed(held.row.clone(), order, tx.now())
        }
    };
    store::insert_events(tx, history.entries).await?;
    let row = store::save(tx, row).await?;
    let (from, to) = (held.row.state.as_str(), row.state.as_str());
    tx.audit(Change::moved("purchase_request.approve", "purchase_request", id.uuid(), from, to)).await?;
    if let Some(next) = next {
        tell_waits(tx, &row, next.organisation_id, event_no, false).await?;
    }
    PurchaseRequest::of(row)
}

/// Sends a request back to whoever asked, with a reason.
///
/// # Errors
/// Not the caller's step; another version.
pub(super) async fn send_back(
    tx: &Tx,
    grant: &Grant<DecideRequest>,
    id: PurchaseRequestId,
    seen: IfMatch,
    reason: &str,
) -> Result<PurchaseRequest, PurchaseError> {
    let held = hold(tx, grant, id, seen).await?;
    let mut history = History::after(tx, &held.row).await?;
    let event_no = history.add(RequestEvent::Returned, Some(held.person), held.for_whom(), Some(reason), tx.now());
    store::insert_events(tx, history.entries).await?;
    let row = purchase_request::Model { state: RequestState::Returned, step_no: 0, remind_at: None, ..held.row };
    let row = store::save(tx, row).await?;
    let (from, to) = (RequestState::Waiting.as_str(), row.state.as_str());
    let moved = Change::moved("purchase_request.return", "purchase_request", id.uuid(), from, to);
    tx.audit(moved.because(reason)).await?;
    let (request, buyer, total_fen) = (id, row.buyer_id, row.total_fen);
    tx.emit(&RequestReturned { request, buyer, total_fen, event_no, is_expired: false }).await?;
    PurchaseRequest::of(row)
}

/// Hands the step that waits to a colleague of the same organisation.
///
/// # Errors
/// Not the caller's step; another version; nobody of that name who could decide, or one who may not.
pub(super) async fn delegate(
    tx: &Tx,
    grant: &Grant<DecideRequest>,
    id: PurchaseRequestId,
    seen: IfMatch,
    wanted: &DelegateStep,
) -> Result<PurchaseRequest, PurchaseError> {
    let held = hold(tx, grant, id, seen).await?;
    let step = held.step()?.clone();
    let unknown = || ApprovalError::DeciderUnknown("/username".to_owned());
    let found = approval::find_decider(tx, wanted.username.as_str(), step.organisation_id).await?;
    let to = found.filter(|to| *to != held.person).ok_or_else(unknown)?;
    let decided = held.steps.iter().filter_map(|step| step.decided_by).chain([held.row.asked_by]);
    four_eyes::apart(decided, to)?;
    let organisation = step.organisation_id;
    store::save_step(tx, purchase_step::Model { delegate_id: Some(to), ..step }).await?;
    let mut history = History::after(tx, &held.row).await?;
    let reason = wanted.reason.as_str();
    let event_no = history.add(RequestEvent::Delegated, Some(held.person), Some(to), Some(reason), tx.now());
    store::insert_events(tx, history.entries).await?;
    let row = store::save(tx, held.row).await?;
    let change = Change::made(
        "purchase_request.delegate",
        "purchase_request",
        id.uuid(),
        serde_json::json!({ "step_no": row.step_no, "to": to }),
    );
    tx.audit(change.because(reason)).await?;
    tell_waits(tx, &row, organisation, event_no, false).await?;
    PurchaseRequest::of(row)
}
