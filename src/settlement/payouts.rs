//! What can be paid out to households (发放), entering payouts that are posted, and showing them.
//!
//! A constant number of questions, whatever the number of payouts: the agreements, one lock over the accounts, one sum
//! over their entries, the references; then all rows in common writes.

use super::fifo::{self, Open};
use super::view::{Payable, PayableQuery, Payout, PayoutQuery, RecordPayouts, WantedPayout};
use super::{SettlementError, store};
use crate::access::policy::ViewPayout;
use crate::access::{Grant, Scope};
use crate::db::{self, Change, Tx};
use crate::http::{Page, PageQuery};
use crate::ledger::{self, Account};
use crate::problem::{Failure, FieldProblem, Text};
use crate::{attribution, document, household};
use entity::value::{
    AccountId, AgreementId, Fen, FileId, HouseholdId, OrganisationId, Overflow, PayoutId, PayoutMethod,
    SupplierOrderId, business_date,
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

/// A payout that can be made: to whom, and which orders it pays.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// Under which agreement.
    pub agreement_id: AgreementId,
    /// To whom.
    pub household_id: HouseholdId,
    /// How much.
    pub amount_fen: Fen,
    /// The supplier's number of it.
    pub reference: String,
    /// The orders it pays, the oldest first; they add up to the amount.
    pub parts: Vec<(SupplierOrderId, Fen)>,
}

/// What can be paid out of these payouts of one day with their common evidence, all or none. Holds what is owed until
/// the transaction ends, and writes nothing.
///
/// # Errors
/// A date, an amount or a reference that is not acceptable; evidence that is not yours; an agreement that is not
/// yours; more than accrued; a reference that was used.
pub async fn prepare(
    tx: &Tx,
    supplier: OrganisationId,
    wanted: &RecordPayouts,
) -> Result<Vec<Prepared>, SettlementError> {
    let faults = faults(wanted, business_date(tx.now()));
    if !faults.is_empty() {
        return Err(SettlementError::Fields(faults));
    }
    let papers: Vec<FileId> = [Some(wanted.evidence_file_id), wanted.witness_file_id].into_iter().flatten().collect();
    document::require_own(tx, supplier, &papers).await?;
    let agreements = own_agreements(tx, supplier, wanted).await?;
    let mut open = hold_open(tx, supplier, agreements.values()).await?;
    // Whoever else of the supplier records payouts waits for the same accounts, and sees the references then.
    refuse_used(tx, supplier, &wanted.payouts).await?;
    let mut prepared = Vec::with_capacity(wanted.payouts.len());
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
        prepared.push(Prepared {
            agreement_id: agreement.id,
            household_id: agreement.household_id,
            amount_fen: payout.amount_fen,
            reference: payout.reference.trim().to_owned(),
            parts,
        });
    }
    Ok(prepared)
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
    let references: Vec<&str> = payouts.iter().map(|payout| payout.reference.trim()).collect();
    let used = store::used_references(tx, supplier, &references).await?;
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
    let whose = agreements.map(|one| (one.id, one.household_id)).collect();
    let mut open: HashMap<AccountId, Vec<Open>> = HashMap::new();
    for (account, order, left) in hold_left(tx, supplier, &whose).await? {
        open.entry(account).or_default().push(Open { order, open_fen: Fen::new(left.max(0))? });
    }
    Ok(open)
}

/// A payout in a batch: under which agreement, to whom, and the orders it pays.
pub type InBatch = (AgreementId, HouseholdId, Vec<SupplierOrderId>);

/// Refuses a batch in which an order pays more than is owed by now: what was taken back after it was put together is
/// not paid out.
///
/// # Errors
/// The first payout of which that is so; the database.
pub async fn require_owed(tx: &Tx, supplier: OrganisationId, payouts: &[InBatch]) -> Result<(), SettlementError> {
    let whose = payouts.iter().map(|(agreement, household, _)| (*agreement, *household)).collect();
    let left = hold_left(tx, supplier, &whose).await?;
    let short: HashSet<(AccountId, SupplierOrderId)> =
        left.into_iter().filter(|(_, _, left)| *left < 0).map(|(account, order, _)| (account, order)).collect();
    let is_short = |(agreement, household, orders): &InBatch| {
        let account = Account::household_payable(*household, *agreement).id();
        orders.iter().any(|order| short.contains(&(account, *order)))
    };
    match payouts.iter().position(is_short) {
        Some(index) => Err(SettlementError::NoLongerOwed { index }),
        None => Ok(()),
    }
}

type Left = (AccountId, SupplierOrderId, i64);

/// Locks the accounts of these agreements, and tells what of each order is left after what was paid and what is in
/// batches; less than nothing where something was taken back since.
async fn hold_left(
    tx: &Tx,
    supplier: OrganisationId,
    whose: &HashMap<AgreementId, HouseholdId>,
) -> Result<Vec<Left>, SettlementError> {
    let account_of = |agreement: &AgreementId| {
        whose.get(agreement).map(|household| Account::household_payable(*household, *agreement))
    };
    let ids: Vec<AgreementId> = whose.keys().copied().collect();
    let mut accounts: Vec<Account> = ids.iter().filter_map(account_of).collect();
    let payable: Vec<AccountId> = accounts.iter().map(Account::id).collect();
    // Posting moves it too: locked here, all locks are taken in one ascending order.
    accounts.push(Account::supplier_cash(supplier));
    ledger::hold(tx, &accounts).await?;
    let mut pending: HashMap<(AccountId, SupplierOrderId), Fen> = HashMap::new();
    for part in store::pending_parts(tx, &ids).await? {
        let Some(account) = account_of(&part.agreement_id) else { continue };
        let sum = pending.entry((account.id(), part.supplier_order_id)).or_default();
        *sum = sum.checked_add(part.amount_fen)?;
    }
    let left = |row: store::OpenAccrual| -> Result<Left, SettlementError> {
        let pending = pending.get(&(row.account_id, row.supplier_order_id)).copied().unwrap_or_default();
        let owed = row.accrued_fen.get().checked_sub(row.paid_fen.get());
        let left = owed.and_then(|owed| owed.checked_sub(pending.get())).ok_or(Overflow)?;
        Ok((row.account_id, row.supplier_order_id, left))
    };
    store::open_accruals(tx, &payable).await?.into_iter().map(left).collect()
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
