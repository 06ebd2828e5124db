//! What can be done with complaints: file, answer, settle, take to the platform, decide, take back.

use super::state::{self, Step};
use super::view::{
    Complaint, ComplaintFilter, ComplaintStep, ComplaintWithSteps, DecideComplaint, FileComplaint, SayToComplaint,
    write_files,
};
use super::{ComplaintError, store};
use crate::access::policy::{
    AnswerComplaint, DecideComplaint as MayDecide, FileComplaint as MayFile, RunClocks, ViewComplaint,
};
use crate::access::{Action, Actor, Grant, Scope, four_eyes};
use crate::app::App;
use crate::config::ComplaintDays;
use crate::db::{self, Change, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::jobs::Scheduled;
use crate::problem::Failure;
use crate::{document, procurement};
use chrono::Duration;
use entity::value::{ComplaintId, ComplaintState, FileId, Overflow, Timestamp};
use entity::{complaint, complaint_step};
use sea_orm::ConnectionTrait;
use serde_json::json;

/// How many files may show something.
const MOST_FILES: usize = 20;

/// Takes complaints nobody answered in time to the platform.
pub const EVERY_HOUR: Scheduled = Scheduled {
    name: "complaint.unanswered",
    every_seconds: 3600,
    run: |app| Box::pin(async move { run(app).await.map_err(Into::into) }),
};

async fn run(app: &App) -> Result<(), Failure> {
    let grant = Grant::<RunClocks>::claim(&Actor::System)?;
    let due = store::unanswered(app.reader(), app.clock.now()).await.map_err(ComplaintError::from)?;
    for id in due {
        let days = app.config.complaint_days;
        app.transact(&Actor::System, async |tx| take_to_platform(tx, &grant, id, days).await).await?;
    }
    Ok(())
}

fn after(at: Timestamp, days: u32) -> Timestamp {
    at.checked_add_signed(Duration::days(i64::from(days))).unwrap_or(at)
}

/// When no answer came in time: behind the lock it is looked at again.
async fn take_to_platform(
    tx: &Tx,
    _grant: &Grant<RunClocks>,
    id: ComplaintId,
    days: ComplaintDays,
) -> Result<(), ComplaintError> {
    let Some(row) = store::hold(tx, &Scope::Everything, id).await? else { return Ok(()) };
    let Some(state) = state::unanswered(row.state).filter(|_| row.answer_by <= tx.now()) else { return Ok(()) };
    let moved = complaint::Model { state, decide_by: Some(after(tx.now(), days.decision_days)), ..row.clone() };
    record(tx, "unanswered", &row, moved, None).await.map(drop)
}

/// Files a complaint about an order, as one of its sides against the other.
///
/// # Errors
/// Not a side of the order; one of the kind is open; files that are not one's own.
pub(super) async fn file(
    tx: &Tx,
    grant: &Grant<MayFile>,
    wanted: &FileComplaint,
    days: ComplaintDays,
) -> Result<ComplaintWithSteps, ComplaintError> {
    let own = grant.organisation()?;
    let order = procurement::find_order(tx, &Scope::Organisation(own), wanted.supplier_order_id).await?;
    let order = order.ok_or(ComplaintError::OrderUnknown)?;
    let against = if order.buyer_id == own { order.supplier_id } else { order.buyer_id };
    check_files(tx, own, &wanted.files).await?;
    let row = complaint::Model {
        id: ComplaintId::generate(),
        supplier_order_id: order.id,
        filed_by: own,
        against,
        kind: wanted.kind,
        text: wanted.text.as_str().to_owned(),
        files: write_files(&wanted.files),
        state: ComplaintState::Open,
        answer_by: after(tx.now(), days.answer_days),
        decide_by: None,
        outcome: None,
        created_by: grant.person()?,
        created_at: tx.now(),
        closed_at: None,
        version: 1,
    };
    store::insert(tx, row.clone()).await.map_err(|error| {
        let columns = ["supplier_order_id", "filed_by", "kind"];
        if db::is_duplicate(&error, "complaint", &columns) { ComplaintError::Open } else { error.into() }
    })?;
    let after = json!({ "supplier_order_id": order.id, "against": against, "kind": row.kind });
    tx.audit(Change::made("complaint.file", "complaint", row.id.uuid(), after)).await?;
    show_row(tx, row, tx.now()).await
}

async fn check_files(tx: &Tx, own: entity::value::OrganisationId, files: &[FileId]) -> Result<(), ComplaintError> {
    if files.len() > MOST_FILES {
        return Err(ComplaintError::TooManyFiles);
    }
    document::require_own(tx, own, files).await?;
    Ok(())
}

/// A complaint in reach, locked, in the version that was read.
async fn hold<A: Action>(
    tx: &Tx,
    grant: &Grant<A>,
    id: ComplaintId,
    seen: IfMatch,
) -> Result<complaint::Model, ComplaintError> {
    let row = store::hold(tx, grant.scope(), id).await?.ok_or(ComplaintError::NotFound)?;
    seen.check(row.version).map_err(|_| ComplaintError::Stale)?;
    Ok(row)
}

/// What is said with a step.
struct Said<'a> {
    text: &'a str,
    files: &'a [FileId],
    by: (entity::value::OrganisationId, entity::value::PersonId),
}

/// Writes a step and where it led.
async fn record(
    tx: &Tx,
    step: &str,
    from: &complaint::Model,
    moved: complaint::Model,
    said: Option<Said<'_>>,
) -> Result<complaint::Model, ComplaintError> {
    let before = store::steps_of(tx, from.id).await?.len();
    let row = complaint_step::Model {
        complaint_id: from.id,
        number: i32::try_from(before + 1).map_err(|_| Overflow)?,
        step: step.to_owned(),
        text: said.as_ref().map(|said| said.text.to_owned()),
        files: said.as_ref().map(|said| write_files(said.files)).unwrap_or_default(),
        organisation_id: said.as_ref().map(|said| said.by.0),
        taken_by: said.as_ref().map(|said| said.by.1),
        taken_at: tx.now(),
    };
    store::insert_step(tx, row).await?;
    let moved = store::save(tx, moved).await?;
    let operation: &'static str = match step {
        "answer" => "complaint.answer",
        "settle" => "complaint.settle",
        "escalate" => "complaint.escalate",
        "decide" => "complaint.decide",
        "withdraw" => "complaint.withdraw",
        _ => "complaint.unanswered",
    };
    let (from_state, to_state) = (from.state.as_str(), moved.state.as_str());
    tx.audit(Change::moved(operation, "complaint", from.id.uuid(), from_state, to_state)).await?;
    Ok(moved)
}

/// Where a step of one side leads; refused where it does not exist, or is for the other side.
fn lead(row: &complaint::Model, step: Step, is_theirs: bool) -> Result<ComplaintState, ComplaintError> {
    let to = state::next(row.state, step).filter(|_| is_theirs);
    to.ok_or(ComplaintError::WrongState { from: row.state, step })
}

/// Answers a complaint, as the side it is against.
///
/// # Errors
/// Not in reach, another version or state, or one's own complaint.
pub(super) async fn answer(
    tx: &Tx,
    grant: &Grant<AnswerComplaint>,
    (id, seen): (ComplaintId, IfMatch),
    wanted: &SayToComplaint,
) -> Result<ComplaintWithSteps, ComplaintError> {
    let row = hold(tx, grant, id, seen).await?;
    let own = grant.organisation()?;
    let state = lead(&row, Step::Answer, row.against == own)?;
    check_files(tx, own, &wanted.files).await?;
    let said = Said { text: wanted.text.as_str(), files: &wanted.files, by: (own, grant.person()?) };
    let moved = record(tx, "answer", &row, complaint::Model { state, ..row.clone() }, Some(said)).await?;
    show_row(tx, moved, tx.now()).await
}

/// Accepts the answer, takes the complaint to the platform, or takes it back: as whoever complained.
///
/// # Errors
/// Not in reach, another version or state, or the other side's complaint.
pub(super) async fn go_on(
    tx: &Tx,
    grant: &Grant<MayFile>,
    (id, seen): (ComplaintId, IfMatch),
    (step, wanted): (Step, &SayToComplaint),
    days: ComplaintDays,
) -> Result<ComplaintWithSteps, ComplaintError> {
    let row = hold(tx, grant, id, seen).await?;
    let own = grant.organisation()?;
    let state = lead(&row, step, row.filed_by == own)?;
    check_files(tx, own, &wanted.files).await?;
    let is_escalated = state == ComplaintState::Escalated;
    let moved = complaint::Model {
        state,
        decide_by: if is_escalated { Some(after(tx.now(), days.decision_days)) } else { row.decide_by },
        closed_at: (!is_escalated).then(|| tx.now()),
        ..row.clone()
    };
    let said = Said { text: wanted.text.as_str(), files: &wanted.files, by: (own, grant.person()?) };
    let moved = record(tx, step.as_str(), &row, moved, Some(said)).await?;
    show_row(tx, moved, tx.now()).await
}

/// Decides a complaint, as the platform.
///
/// # Errors
/// Not found, another version, or not before the platform.
pub(super) async fn decide(
    tx: &Tx,
    grant: &Grant<MayDecide>,
    (id, seen): (ComplaintId, IfMatch),
    wanted: &DecideComplaint,
) -> Result<ComplaintWithSteps, ComplaintError> {
    let row = hold(tx, grant, id, seen).await?;
    let own = grant.organisation()?;
    let state = lead(&row, Step::Decide, row.filed_by != own && row.against != own)?;
    // Neither side's own people decide, for whomever they act now.
    let said = store::steps_of(tx, id).await?;
    four_eyes::apart(said.iter().filter_map(|step| step.taken_by).chain([row.created_by]), grant.person()?)?;
    let moved = complaint::Model { state, outcome: Some(wanted.outcome), closed_at: Some(tx.now()), ..row.clone() };
    let said = Said { text: wanted.text.as_str(), files: &[], by: (own, grant.person()?) };
    let moved = record(tx, "decide", &row, moved, Some(said)).await?;
    show_row(tx, moved, tx.now()).await
}

/// A complaint in reach with its steps.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewComplaint>,
    id: ComplaintId,
    now: Timestamp,
) -> Result<ComplaintWithSteps, ComplaintError> {
    let row = store::find(db, grant.scope(), id).await?.ok_or(ComplaintError::NotFound)?;
    show_row(db, row, now).await
}

/// Complaints in reach, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewComplaint>,
    wanted: ComplaintFilter,
    now: Timestamp,
) -> Result<Page<Complaint>, Failure> {
    let ComplaintFilter { state, limit, cursor } = wanted;
    let page = PageQuery { limit, cursor };
    let limit = page.limit()?;
    let rows = store::list(db, grant.scope(), state, page.after()?, limit + 1).await.map_err(ComplaintError::from)?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), |row| Complaint::at(row, now)))
}

async fn show_row(
    db: &impl ConnectionTrait,
    row: complaint::Model,
    now: Timestamp,
) -> Result<ComplaintWithSteps, ComplaintError> {
    let steps = store::steps_of(db, row.id).await?.into_iter().map(ComplaintStep::from).collect();
    Ok(ComplaintWithSteps { complaint: Complaint::at(row, now), steps })
}
