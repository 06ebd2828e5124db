//! What a household says to its statement, what the cooperative answers, and what the county decides.

use super::VoiceError;
use super::state::{self, Step};
use super::store::{self, Wanted};
use super::view::{
    AnswerDispute, Confirm, Confirmation, Correct, DecideDispute, Dispute, DisputeCorrection, DisputeQuery,
    RaiseDispute, WholeStatement,
};
use crate::access::policy::{AnswerDispute as MayAnswer, DecideDispute as MayDecide, ViewDispute};
use crate::access::{Grant, four_eyes};
use crate::db::{self, Change, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::ledger::{self, Account, Posting};
use crate::problem::{Failure, FieldProblem, Text};
use crate::settlement::statement;
use crate::settlement::view::IncomeStatement;
use crate::voice::event::DisputeRaised;
use crate::{document, household, organisation, settlement};
use chrono::{Days, NaiveDate};
use entity::value::{
    AgreementId, ConfirmationId, CorrectionId, CorrectionKind, DisputeId, DisputeState, HouseholdId, OrganisationKind,
    Overflow, Side, SupplierOrderId, VoiceSubject, business_date,
};
use entity::{confirmation, correction, dispute, payout, voice_session};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::HashMap;

/// How many days each step has.
const DAYS: u64 = 15;

/// The statement of the household that is asking, with what it said to it.
pub(super) async fn whole(
    db: &impl ConnectionTrait,
    household: HouseholdId,
    year: i32,
    today: NaiveDate,
) -> Result<WholeStatement, VoiceError> {
    let statement = statement::for_itself(db, household, year).await?;
    let confirmations = store::confirmations(db, household, year).await?.into_iter().map(Into::into).collect();
    let disputes = store::of_household(db, household).await?;
    let disputes = disputes.into_iter().filter(|dispute| dispute.year == year).collect();
    Ok(WholeStatement { statement, confirmations, disputes: views(db, disputes, today).await? })
}

/// The amount that the statement shows for an entry.
fn amount_of(
    shown: &IncomeStatement,
    (agreement, order, subject): (AgreementId, SupplierOrderId, VoiceSubject),
) -> Option<i64> {
    let agreement = shown.agreements.iter().find(|income| income.agreement_id == agreement)?;
    let order = agreement.orders.iter().find(|income| income.supplier_order_id == order)?;
    Some(match subject {
        VoiceSubject::Promised => order.amounts.promised_fen,
        VoiceSubject::Accrued => order.amounts.accrued_fen,
        VoiceSubject::Paid => order.amounts.paid_fen,
    })
}

/// Keeps the household's word that an entry is right.
///
/// # Errors
/// The statement has no such entry.
pub(super) async fn confirm(
    tx: &Tx,
    session: &voice_session::Model,
    wanted: &Confirm,
) -> Result<Confirmation, VoiceError> {
    let household = session.household_id;
    let entry = (wanted.agreement_id, wanted.supplier_order_id, wanted.subject);
    let shown = statement::for_itself(tx, household, wanted.year).await?;
    let amount_fen = amount_of(&shown, entry).ok_or(VoiceError::EntryUnknown)?;
    let row = confirmation::Model {
        id: ConfirmationId::generate(),
        household_id: household,
        agreement_id: wanted.agreement_id,
        supplier_order_id: wanted.supplier_order_id,
        subject: wanted.subject,
        year: wanted.year,
        amount_fen,
        channel: session.channel,
        helper_id: session.helper_id,
        created_at: tx.now(),
    };
    store::insert_confirmation(tx, row.clone()).await?;
    let after = json!({ "agreement_id": row.agreement_id, "subject": row.subject, "channel": row.channel });
    tx.audit(Change::made("confirmation.make", "confirmation", row.id.uuid(), after)).await?;
    Ok(row.into())
}

/// Raises a dispute over an entry: the cooperative has 15 days to answer.
///
/// # Errors
/// The statement has no such entry; it is under dispute; no words.
pub(super) async fn raise(
    tx: &Tx,
    session: &voice_session::Model,
    wanted: &RaiseDispute,
) -> Result<Dispute, VoiceError> {
    let household = household::hold(tx, session.household_id).await?.ok_or(VoiceError::NotFound)?;
    let entry = (wanted.agreement_id, wanted.supplier_order_id, wanted.subject);
    let words = checked(&wanted.words, "/words")?;
    let shown = statement::for_itself(tx, household.id, wanted.year).await?;
    let shown_fen = amount_of(&shown, entry).ok_or(VoiceError::EntryUnknown)?;
    let agreement = store::agreement_of(tx, household.id, wanted.agreement_id).await?;
    let agreement = agreement.ok_or(VoiceError::EntryUnknown)?;
    if store::is_disputed(tx, household.id, entry).await? {
        return Err(VoiceError::Exists);
    }
    let (id, today) = (DisputeId::generate(), business_date(tx.now()));
    let number = format!("YY{}-{}", today.format("%Y%m%d"), &id.to_string()[28..].to_ascii_uppercase());
    let row = dispute::Model {
        id,
        number,
        household_id: household.id,
        county_code: household.county_code,
        supplier_id: agreement.supplier_id,
        agreement_id: wanted.agreement_id,
        supplier_order_id: wanted.supplier_order_id,
        subject: wanted.subject,
        year: wanted.year,
        shown_fen,
        claimed_fen: wanted.claimed_fen.get(),
        words,
        channel: session.channel,
        helper_id: session.helper_id,
        state: DisputeState::Open,
        due_on: later(today)?,
        answer: None,
        answer_file_id: None,
        answered_by: None,
        answered_at: None,
        outcome: None,
        decided_by: None,
        decided_at: None,
        created_at: tx.now(),
        version: 1,
    };
    store::insert(tx, row.clone()).await?;
    let after = json!({ "number": row.number, "subject": row.subject, "channel": row.channel, "due_on": row.due_on });
    tx.audit(Change::made("dispute.raise", "dispute", id.uuid(), after)).await?;
    let office = organisation::find_seated(tx, OrganisationKind::RevitalisationOffice, &row.county_code).await?;
    let (supplier, due_on) = (row.supplier_id, row.due_on);
    let office = office.map_or(supplier, |office| office.id);
    tx.emit(&DisputeRaised { dispute: id, number: row.number.clone(), supplier, office, due_on }).await?;
    one(tx, row, today).await
}

fn later(day: NaiveDate) -> Result<NaiveDate, Overflow> {
    day.checked_add_days(Days::new(DAYS)).ok_or(Overflow)
}

fn checked(words: &str, pointer: &str) -> Result<String, VoiceError> {
    let words = words.trim();
    if (1..=500).contains(&words.chars().count()) {
        return Ok(words.to_owned());
    }
    let detail = Text::new("请用 1 至 500 字说明。", "Say it in 1 to 500 characters.");
    Err(VoiceError::Fields(vec![FieldProblem { pointer: pointer.to_owned(), detail }]))
}

/// Takes a step and writes the dispute.
async fn step(tx: &Tx, row: &mut dispute::Model, step: Step) -> Result<(), VoiceError> {
    let from = row.state;
    let is_overdue = row.due_on < business_date(tx.now());
    row.state = state::next(from, step, is_overdue)?;
    row.version += 1;
    store::update(tx, row).await?;
    let operation = match step {
        Step::Answer => "dispute.answer",
        Step::Uphold => "dispute.uphold",
        Step::Reject => "dispute.reject",
        Step::Withdraw => "dispute.withdraw",
    };
    let change = Change::moved(operation, "dispute", row.id.uuid(), from.as_str(), row.state.as_str());
    Ok(tx.audit(change).await?)
}

/// The household takes its dispute back.
///
/// # Errors
/// Not its own; decided already.
pub(super) async fn withdraw(tx: &Tx, session: &voice_session::Model, id: DisputeId) -> Result<Dispute, VoiceError> {
    let row = store::hold(tx, &crate::access::Scope::Everything, id).await?;
    let mut row = row.filter(|row| row.household_id == session.household_id).ok_or(VoiceError::NotFound)?;
    step(tx, &mut row, Step::Withdraw).await?;
    one(tx, row, business_date(tx.now())).await
}

/// The cooperative answers, with evidence; the county has 15 days to decide.
///
/// # Errors
/// Not its own; stale; answered already; a file that is not its own.
pub(super) async fn answer(
    tx: &Tx,
    grant: &Grant<MayAnswer>,
    (id, version): (DisputeId, IfMatch),
    wanted: &AnswerDispute,
) -> Result<Dispute, VoiceError> {
    let mut row = store::hold(tx, grant.scope(), id).await?.ok_or(VoiceError::NotFound)?;
    version.check(row.version).map_err(|_| VoiceError::Stale)?;
    document::require_own(tx, grant.organisation()?, &[wanted.evidence_file_id]).await?;
    let today = business_date(tx.now());
    row.answer = Some(checked(&wanted.answer, "/answer")?);
    row.answer_file_id = Some(wanted.evidence_file_id);
    row.answered_by = Some(grant.person()?);
    row.answered_at = Some(tx.now());
    step(tx, &mut row, Step::Answer).await?;
    row.due_on = later(today)?;
    store::update(tx, &row).await?;
    one(tx, row, today).await
}

/// The county decides. Upheld, it makes the correcting document, which has a posting of its own.
///
/// # Errors
/// Not in the county; stale; not to be decided yet; a correction that does not fit.
pub(super) async fn decide(
    tx: &Tx,
    grant: &Grant<MayDecide>,
    (id, version): (DisputeId, IfMatch),
    wanted: &DecideDispute,
) -> Result<Dispute, VoiceError> {
    let mut row = store::hold(tx, grant.scope(), id).await?.ok_or(VoiceError::NotFound)?;
    version.check(row.version).map_err(|_| VoiceError::Stale)?;
    let outcome = checked(&wanted.outcome, "/outcome")?;
    let decision = if wanted.correction.is_some() { Step::Uphold } else { Step::Reject };
    state::next(row.state, decision, row.due_on < business_date(tx.now()))?;
    four_eyes::apart(row.answered_by.into_iter().chain(row.helper_id), grant.person()?)?;
    row.outcome = Some(outcome.clone());
    row.decided_by = Some(grant.person()?);
    row.decided_at = Some(tx.now());
    step(tx, &mut row, decision).await?;
    if let Some(correct) = &wanted.correction {
        correct_entry(tx, grant, &row, correct, outcome).await?;
    }
    one(tx, row, business_date(tx.now())).await
}

/// The correcting document and its posting.
async fn correct_entry(
    tx: &Tx,
    grant: &Grant<MayDecide>,
    dispute: &dispute::Model,
    wanted: &Correct,
    reason: String,
) -> Result<(), VoiceError> {
    document::require_own(tx, grant.organisation()?, &[wanted.evidence_file_id]).await?;
    let id = CorrectionId::generate();
    let payable = Account::household_payable(dispute.household_id, dispute.agreement_id);
    let today = business_date(tx.now());
    let cause = format!("correction:{id}");
    let (kind, payout_id, amount_fen, posting) = match (dispute.subject, wanted.payout_id, wanted.amount_fen) {
        (VoiceSubject::Paid, Some(payout_id), None) => {
            let payout = store::hold_payout(tx, payout_id).await?.filter(|row| is_disputed_payout(row, dispute));
            let payout = payout.ok_or(VoiceError::Unfit)?;
            let posting = Posting::new(cause, settlement::PAYOUT_CORRECTION, today, id.uuid());
            let posting = take_back(tx, &payout, posting, payable).await?;
            (CorrectionKind::Payout, Some(payout_id), payout.amount_fen, posting)
        }
        (VoiceSubject::Promised | VoiceSubject::Accrued, None, Some(amount)) if !amount.is_zero() => {
            let order = Some(dispute.supplier_order_id);
            let posting = Posting::new(cause, "accrual_correction", today, id.uuid())
                .debit(Account::supplier_retained(dispute.supplier_id), amount, order)
                .credit(payable, amount, order);
            (CorrectionKind::Accrual, None, amount, posting)
        }
        _ => return Err(VoiceError::Unfit),
    };
    let posting_id = ledger::post(tx, posting).await?;
    let row = correction::Model {
        id,
        dispute_id: dispute.id,
        kind,
        household_id: dispute.household_id,
        agreement_id: dispute.agreement_id,
        supplier_id: dispute.supplier_id,
        supplier_order_id: dispute.supplier_order_id,
        payout_id,
        amount_fen,
        reason,
        evidence_file_id: wanted.evidence_file_id,
        posting_id,
        decided_by: grant.person()?,
        created_at: tx.now(),
    };
    store::insert_correction(tx, row).await.map_err(|error| {
        // A payout is taken back once.
        if db::is_duplicate(&error, "correction", &["payout_id"]) { VoiceError::Unfit } else { error.into() }
    })?;
    let after = json!({ "dispute": dispute.number, "kind": kind, "amount_fen": amount_fen });
    Ok(tx.audit(Change::made("correction.make", "correction", id.uuid(), after)).await?)
}

fn is_disputed_payout(payout: &payout::Model, dispute: &dispute::Model) -> bool {
    payout.household_id == dispute.household_id && payout.agreement_id == dispute.agreement_id
}

/// Every order that a payout paid is owed again, as it was.
async fn take_back(tx: &Tx, payout: &payout::Model, posting: Posting, payable: Account) -> Result<Posting, VoiceError> {
    let cash = Account::supplier_cash(payout.supplier_id);
    let posted = ledger::whole_postings(tx, &[payout.posting_id]).await?;
    let lines = posted.iter().flat_map(|(_, lines)| lines);
    let paid = lines.filter(|line| line.side == Side::Debit && line.account_id == payable.id());
    Ok(paid.fold(posting, |posting, line| {
        let order = line.supplier_order_id;
        posting.debit(cash, line.amount_fen, order).credit(payable, line.amount_fen, order)
    }))
}

async fn one(db: &impl ConnectionTrait, row: dispute::Model, today: NaiveDate) -> Result<Dispute, VoiceError> {
    views(db, vec![row], today).await?.pop().ok_or(VoiceError::NotFound)
}

async fn views(
    db: &impl ConnectionTrait,
    rows: Vec<dispute::Model>,
    today: NaiveDate,
) -> Result<Vec<Dispute>, VoiceError> {
    let households: Vec<HouseholdId> = rows.iter().map(|row| row.household_id).collect();
    let households = household::briefs(db, &households).await?;
    let ids: Vec<DisputeId> = rows.iter().map(|row| row.id).collect();
    let corrections =
        store::corrections(db, &ids).await?.into_iter().map(|row| (row.dispute_id, DisputeCorrection::from(row)));
    let mut corrections: HashMap<DisputeId, DisputeCorrection> = corrections.collect();
    let view = |row: dispute::Model| {
        let household = households.get(&row.household_id).cloned();
        let correction = corrections.remove(&row.id);
        Dispute::of(row, household, correction, today)
    };
    Ok(rows.into_iter().map(view).collect())
}

/// The household's own disputes, newest first.
///
/// # Errors
/// The database.
pub(super) async fn of_household(
    db: &impl ConnectionTrait,
    household: HouseholdId,
    today: NaiveDate,
) -> Result<Vec<Dispute>, VoiceError> {
    views(db, store::of_household(db, household).await?, today).await
}

/// One page of disputes, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewDispute>,
    query: &DisputeQuery,
    today: NaiveDate,
) -> Result<Page<Dispute>, Failure> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let limit = page.limit()?;
    let overdue_on = query.overdue.unwrap_or(false).then_some(today);
    let wanted = Wanted { state: query.state, overdue_on, before: page.after()?, limit: limit + 1 };
    let rows = store::list(db, grant.scope(), &wanted).await?;
    let views = views(db, rows, today).await?;
    Ok(Page::of(views, limit, |view| view.id.uuid(), |view| view))
}

/// A dispute in reach.
///
/// # Errors
/// Not there, or out of reach.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewDispute>,
    id: DisputeId,
    today: NaiveDate,
) -> Result<Dispute, VoiceError> {
    one(db, store::find(db, grant.scope(), id).await?.ok_or(VoiceError::NotFound)?, today).await
}
