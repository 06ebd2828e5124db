//! Recording payouts to households (发放), and showing them.
//!
//! A constant number of questions, whatever the number of payouts: the agreements, the references, one lock over the
//! accounts, one sum over their entries; then all postings and rows in common writes.

use super::fifo::{self, Open};
use super::view::{Payable, PayableQuery, Payout, PayoutQuery, RecordPayouts, RecordedPayouts, WantedPayout};
use super::{SettlementError, store};
use crate::access::policy::{RecordPayout, ViewPayout};
use crate::access::{Grant, Scope};
use crate::db::{self, Change, Tx};
use crate::http::{Page, PageQuery};
use crate::ledger::{self, Account, Posting};
use crate::problem::{Failure, FieldProblem, Text};
use crate::{attribution, document, household};
use entity::value::{
    AccountId, AgreementId, Fen, FileId, HouseholdId, OrganisationId, PayoutId, PayoutMethod, SupplierOrderId,
    business_date,
};
use entity::{agreement, payout};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// The most payouts in one request.
const MOST: usize = 500;

/// The kind of a posting by which a household was paid. Nothing else is income.
pub const PAYOUT: &str = "payout";
/// The kind of a posting that takes back a payout which a household did not have.
pub const PAYOUT_CORRECTION: &str = "payout_correction";

/// Records payouts of one day with their common evidence, all or none.
///
/// # Errors
/// A date, an amount or a reference that is not acceptable; evidence that is not yours; an agreement that is not
/// yours; more than accrued; a reference that was used.
pub async fn record(
    tx: &Tx,
    grant: &Grant<RecordPayout>,
    wanted: &RecordPayouts,
) -> Result<RecordedPayouts, SettlementError> {
    let supplier = grant.organisation()?;
    let faults = faults(wanted, business_date(tx.now()));
    if !faults.is_empty() {
        return Err(SettlementError::Fields(faults));
    }
    let papers: Vec<FileId> = [Some(wanted.evidence_file_id), wanted.witness_file_id].into_iter().flatten().collect();
    document::require_own(tx, supplier, &papers).await?;
    let agreements = own_agreements(tx, supplier, wanted).await?;
    refuse_used(tx, supplier, &wanted.payouts).await?;
    let mut open = hold_open(tx, supplier, agreements.values()).await?;
    let mut postings = Vec::with_capacity(wanted.payouts.len());
    let mut rows = Vec::with_capacity(wanted.payouts.len());
    for (index, payout) in wanted.payouts.iter().enumerate() {
        let unknown = SettlementError::AgreementUnknown { index, agreement: payout.agreement_id };
        let agreement = agreements.get(&payout.agreement_id).ok_or(unknown)?;
        let account = Account::household_payable(agreement.household_id, agreement.id);
        let of_account = open.entry(account.id()).or_default();
        let parts = fifo::take(of_account, payout.amount_fen)?.map_err(|exceeds| SettlementError::Exceeds {
            index,
            wanted: payout.amount_fen,
            open: exceeds.open_fen,
        })?;
        let id = PayoutId::generate();
        let posting = Posting::new(format!("payout:{id}"), PAYOUT, wanted.paid_on, id.uuid());
        let posting = parts.iter().fold(posting, |posting, (order, part)| posting.debit(account, *part, Some(*order)));
        // The cash of each order goes out as it came in, so that an order's entries balance by themselves.
        let cash = Account::supplier_cash(supplier);
        postings.push(parts.iter().fold(posting, |posting, (order, part)| posting.credit(cash, *part, Some(*order))));
        rows.push((id, payout, agreement.household_id));
    }
    let posted = ledger::post_all(tx, postings).await?;
    let recorded_by = grant.person()?;
    let rows: Vec<payout::Model> = rows
        .into_iter()
        .zip(posted)
        .map(|((id, payout, household_id), posting_id)| payout::Model {
            id,
            supplier_id: supplier,
            household_id,
            agreement_id: payout.agreement_id,
            amount_fen: payout.amount_fen,
            paid_on: wanted.paid_on,
            method: wanted.method,
            evidence_file_id: wanted.evidence_file_id,
            witness_file_id: wanted.witness_file_id,
            reference: payout.reference.trim().to_owned(),
            posting_id,
            recorded_by,
            created_at: tx.now(),
        })
        .collect();
    enter(tx, &rows).await?;
    let total_fen = Fen::checked_sum(rows.iter().map(|row| row.amount_fen))?;
    Ok(RecordedPayouts { total_fen, payouts: views(tx, rows).await? })
}

fn faults(wanted: &RecordPayouts, today: chrono::NaiveDate) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    let mut fault = |pointer: String, zh: &'static str, en: &'static str| {
        faults.push(FieldProblem { pointer, detail: Text::new(zh, en) });
    };
    if wanted.paid_on > today {
        fault("/paid_on".to_owned(), "发放日期在将来。", "The date lies in the future.");
    }
    if !(1..=MOST).contains(&wanted.payouts.len()) {
        fault("/payouts".to_owned(), "应有 1 至 500 笔发放。", "1 to 500 payouts are expected.");
    }
    match (wanted.method, wanted.witness_file_id) {
        (PayoutMethod::Cash, None) => fault(
            "/witness_file_id".to_owned(),
            "现金发放须有两份凭据：农户签收单，以及村里见证人签字的单据。",
            "Cash needs two papers: what the household signed, and what a witness from the village signed.",
        ),
        (PayoutMethod::Cash, Some(witness)) if witness == wanted.evidence_file_id => fault(
            "/witness_file_id".to_owned(),
            "见证凭据应与签收凭据不同。",
            "The witness's paper is another one than the receipt.",
        ),
        _ => {}
    }
    let mut references = HashSet::new();
    for (index, payout) in wanted.payouts.iter().enumerate() {
        let reference = payout.reference.trim();
        if payout.amount_fen.is_zero() {
            fault(format!("/payouts/{index}/amount_fen"), "金额应大于零。", "The amount is more than zero.");
        }
        if !(1..=100).contains(&reference.chars().count()) || reference.chars().any(char::is_control) {
            fault(
                format!("/payouts/{index}/reference"),
                "凭证号应为 1 至 100 个字符。",
                "The reference has 1 to 100 characters.",
            );
        }
        if !references.insert(reference) {
            fault(
                format!("/payouts/{index}/reference"),
                "同一请求中重复的凭证号。",
                "The reference stands twice in this request.",
            );
        }
    }
    faults
}

async fn own_agreements(
    tx: &Tx,
    supplier: OrganisationId,
    wanted: &RecordPayouts,
) -> Result<HashMap<AgreementId, agreement::Model>, SettlementError> {
    let mut ids: Vec<AgreementId> = wanted.payouts.iter().map(|payout| payout.agreement_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut found = attribution::find_agreements(tx, &ids).await?;
    found.retain(|_, agreement| agreement.supplier_id == supplier);
    let mut faults = Vec::new();
    for (index, payout) in wanted.payouts.iter().enumerate() {
        match found.get(&payout.agreement_id) {
            None => return Err(SettlementError::AgreementUnknown { index, agreement: payout.agreement_id }),
            Some(agreement) if wanted.paid_on < agreement.starts_on => faults.push(FieldProblem {
                pointer: "/paid_on".to_owned(),
                detail: Text::new(
                    format!("发放日期早于第 {} 笔所依协议的起始日。", index + 1),
                    format!("The date lies before the first day of the agreement of payout {}.", index + 1),
                ),
            }),
            Some(_) => {}
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(SettlementError::Fields(faults)) }
}

async fn refuse_used(tx: &Tx, supplier: OrganisationId, payouts: &[WantedPayout]) -> Result<(), SettlementError> {
    let references = payouts.iter().map(|payout| payout.reference.trim());
    let used = store::used_references(tx, supplier, references).await?;
    match payouts.iter().position(|payout| used.iter().any(|used| used == payout.reference.trim())) {
        Some(index) => Err(SettlementError::ReferenceUsed { index: Some(index) }),
        None => Ok(()),
    }
}

/// Locks what households are owed under these agreements, and tells from which orders, oldest settlement first. What is
/// in a batch on its way to them is not open.
///
/// # Errors
/// When the database cannot be asked.
pub async fn hold_open(
    tx: &Tx,
    supplier: OrganisationId,
    agreements: impl Iterator<Item = &agreement::Model>,
) -> Result<HashMap<AccountId, Vec<Open>>, SettlementError> {
    let accounts: HashMap<AgreementId, Account> =
        agreements.map(|one| (one.id, Account::household_payable(one.household_id, one.id))).collect();
    let ids: Vec<AgreementId> = accounts.keys().copied().collect();
    let account_of = |agreement: AgreementId| accounts.get(&agreement).map(Account::id);
    let mut accounts: Vec<Account> = accounts.values().copied().collect();
    let payable: Vec<AccountId> = accounts.iter().map(Account::id).collect();
    // Posting moves it too: locked here, all locks are taken in one ascending order.
    accounts.push(Account::supplier_cash(supplier));
    ledger::hold(tx, &accounts).await?;
    let mut open: HashMap<AccountId, Vec<Open>> = HashMap::new();
    let mut pending: HashMap<(AccountId, SupplierOrderId), Fen> = HashMap::new();
    for part in store::pending_parts(tx, &ids).await? {
        let Some(account) = account_of(part.agreement_id) else { continue };
        let sum = pending.entry((account, part.supplier_order_id)).or_default();
        *sum = sum.checked_add(part.amount_fen)?;
    }
    for row in store::open_accruals(tx, &payable).await? {
        let pending = pending.get(&(row.account_id, row.supplier_order_id)).copied().unwrap_or_default();
        let open_fen = row.accrued_fen.checked_sub(row.paid_fen)?.checked_sub(pending)?;
        open.entry(row.account_id).or_default().push(Open { order: row.supplier_order_id, open_fen });
    }
    Ok(open)
}

/// Enters payouts that are posted, each with a line in the audit.
///
/// # Errors
/// A reference that was used before; the database.
pub async fn enter(tx: &Tx, rows: &[payout::Model]) -> Result<(), SettlementError> {
    store::insert_payouts(tx, rows).await.map_err(|error| {
        if db::is_duplicate(&error, "payout", &["supplier_id", "reference"]) {
            SettlementError::ReferenceUsed { index: None }
        } else {
            error.into()
        }
    })?;
    let changes = rows.iter().map(|row| {
        let after = json!({ "agreement_id": row.agreement_id, "amount_fen": row.amount_fen, "paid_on": row.paid_on });
        Change::made("payout.record", "payout", row.id.uuid(), after)
    });
    Ok(tx.audit_all(changes.collect()).await?)
}

async fn views(db: &impl ConnectionTrait, rows: Vec<payout::Model>) -> Result<Vec<Payout>, sea_orm::DbErr> {
    let households: Vec<HouseholdId> = rows.iter().map(|row| row.household_id).collect();
    let households = household::briefs(db, &households).await?;
    let view = |row: payout::Model| {
        let household = households.get(&row.household_id).cloned();
        Payout::of(row, household)
    };
    Ok(rows.into_iter().map(view).collect())
}

/// One page of payouts, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewPayout>,
    query: &PayoutQuery,
) -> Result<Page<Payout>, Failure> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let limit = page.limit()?;
    let rows = store::list_payouts(db, grant.scope(), query, page.after()?, limit + 1).await?;
    Ok(Page::of(views(db, rows).await?, limit, |view| view.id.uuid(), |view| view))
}

/// One page of what is owed, agreement by agreement.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn payables(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewPayout>,
    query: &PayableQuery,
) -> Result<Page<Payable>, Failure> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let limit = page.limit()?;
    let only_open = query.open.unwrap_or(false);
    let rows = store::payables(db, grant.scope(), only_open, page.after()?, limit + 1).await?;
    let households: Vec<HouseholdId> = rows.iter().map(|row| row.household_id).collect();
    let households = household::briefs(db, &households).await?;
    let agreements: Vec<AgreementId> = rows.iter().map(|row| row.agreement_id).collect();
    let mut pending: HashMap<AgreementId, Fen> = HashMap::new();
    for part in store::pending_parts(db, &agreements).await? {
        let sum = pending.entry(part.agreement_id).or_default();
        *sum = sum.checked_add(part.amount_fen)?;
    }
    let accounts = rows.iter().map(|row| Account::household_payable(row.household_id, row.agreement_id).id());
    let paid = store::paid_on(db, &accounts.collect::<Vec<_>>()).await?;
    let views = rows.into_iter().map(|row| {
        let household = households.get(&row.household_id).cloned();
        let account = Account::household_payable(row.household_id, row.agreement_id).id();
        let pending = pending.get(&row.agreement_id).copied().unwrap_or_default();
        Payable::of(row, household, paid.get(&account).copied().unwrap_or_default(), pending)
    });
    let views = views.collect::<Result<Vec<_>, _>>()?;
    Ok(Page::of(views, limit, |view| view.agreement_id.uuid(), |view| view))
}

/// The agreements under which a supplier owes something, at most so many.
///
/// # Errors
/// When the database cannot be asked.
pub async fn owed_by(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    most: u64,
) -> Result<Vec<AgreementId>, SettlementError> {
    let rows = store::payables(db, &Scope::Organisation(supplier), true, None, most).await?;
    Ok(rows.into_iter().map(|row| row.agreement_id).collect())
}

/// A supplier's payouts by their references: what a sheet knows them by.
///
/// # Errors
/// When the database cannot be asked.
pub async fn payouts_by_reference(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    references: &[&str],
) -> Result<HashMap<String, payout::Model>, sea_orm::DbErr> {
    let rows = store::by_references(db, supplier, references).await?;
    Ok(rows.into_iter().map(|row| (row.reference.clone(), row)).collect())
}

/// A supplier's payouts, oldest first, after one of them: for a copy of all of them.
///
/// # Errors
/// When the database cannot be asked.
pub async fn payouts_after(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    after: Option<PayoutId>,
    limit: u64,
) -> Result<Vec<payout::Model>, sea_orm::DbErr> {
    store::after(db, supplier, after, limit).await
}
