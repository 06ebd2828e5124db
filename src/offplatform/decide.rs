//! What is decided about a recorded sale: confirmed it is income, refused or withdrawn it never was, reversed it is no
//! longer.

use super::service::whole;
use super::state::next;
use super::view::{OffPlatformSaleWithShares, SaleReason};
use super::{INCOME, OffPlatformError, REVERSED, store};
use crate::access::policy::{ConfirmOffPlatformSale, RecordOffPlatformSale, ReverseOffPlatformSale};
use crate::access::{Action, Grant, Scope, four_eyes};
use crate::attribution::inputs::Inputs;
use crate::db::{Change, Tx};
use crate::harvest;
use crate::http::IfMatch;
use crate::ledger::{self, Account, Posting};
use crate::problem::{FieldProblem, Text};
use entity::value::{
    AccountId, Fen, OffPlatformSaleId, OffPlatformStep as Step, Overflow, PostingId, SupplierOrderId, business_date,
};
use entity::{off_platform_decision, off_platform_sale, off_platform_share};
use std::collections::HashMap;

/// Says that a sale is so: what households share of it is owed to them, in one posting.
///
/// # Errors
/// Not there or out of reach; moved on; decided before; recorded by the same person.
pub(super) async fn confirm(
    tx: &Tx,
    grant: &Grant<ConfirmOffPlatformSale>,
    at: (OffPlatformSaleId, IfMatch),
) -> Result<OffPlatformSaleWithShares, OffPlatformError> {
    let sale = hold(tx, grant.scope(), at).await?;
    four_eyes::apart([sale.recorded_by], grant.person()?)?;
    next(sale.state, Step::Confirm)?;
    let shares = store::shares(tx, &Scope::Everything, sale.id).await?;
    let posting = computed(income(&sale, &shares)?, &sale)?;
    let posting = ledger::post(tx, posting).await?;
    decided(tx, grant, sale, Step::Confirm, None, Some(posting)).await
}

/// Says that a sale is not so.
///
/// # Errors
/// As [`confirm`]; no reason.
pub(super) async fn refuse(
    tx: &Tx,
    grant: &Grant<ConfirmOffPlatformSale>,
    at: (OffPlatformSaleId, IfMatch),
    wanted: &SaleReason,
) -> Result<OffPlatformSaleWithShares, OffPlatformError> {
    let reason = checked(wanted)?;
    let sale = hold(tx, grant.scope(), at).await?;
    four_eyes::apart([sale.recorded_by], grant.person()?)?;
    next(sale.state, Step::Refuse)?;
    give_back(tx, sale.id).await?;
    decided(tx, grant, sale, Step::Refuse, Some(reason), None).await
}

/// Takes back what was recorded by mistake, before anybody decided.
///
/// # Errors
/// Not there or not yours; moved on; decided before; no reason.
pub(super) async fn withdraw(
    tx: &Tx,
    grant: &Grant<RecordOffPlatformSale>,
    at: (OffPlatformSaleId, IfMatch),
    wanted: &SaleReason,
) -> Result<OffPlatformSaleWithShares, OffPlatformError> {
    let reason = checked(wanted)?;
    let sale = hold(tx, grant.scope(), at).await?;
    next(sale.state, Step::Withdraw)?;
    give_back(tx, sale.id).await?;
    decided(tx, grant, sale, Step::Withdraw, Some(reason), None).await
}

/// Takes back what a confirmed sale brought: what households have in hand stays with them.
///
/// # Errors
/// As [`confirm`]; no reason; a payout of it is on its way.
pub(super) async fn reverse(
    tx: &Tx,
    grant: &Grant<ReverseOffPlatformSale>,
    at: (OffPlatformSaleId, IfMatch),
    wanted: &SaleReason,
) -> Result<OffPlatformSaleWithShares, OffPlatformError> {
    let reason = checked(wanted)?;
    let sale = hold(tx, grant.scope(), at).await?;
    next(sale.state, Step::Reverse)?;
    let shares = store::shares(tx, &Scope::Everything, sale.id).await?;
    give_back(tx, sale.id).await?;
    // All that the posting moves is locked in one order, so that nothing is handed over meanwhile.
    ledger::hold(tx, &accounts(&sale, &shares)).await?;
    if store::is_on_its_way(tx, order_of(&sale)).await? {
        return Err(OffPlatformError::OnItsWay);
    }
    let payable: Vec<AccountId> = shares.iter().map(|share| payable(share).id()).collect();
    let handed = store::handed_over(tx, &payable, order_of(&sale)).await?;
    let posting = computed(reversal(tx, &sale, &shares, &handed)?, &sale)?;
    let posting = ledger::post(tx, posting).await?;
    decided(tx, grant, sale, Step::Reverse, Some(reason), Some(posting)).await
}

async fn hold(
    tx: &Tx,
    scope: &Scope,
    (id, version): (OffPlatformSaleId, IfMatch),
) -> Result<off_platform_sale::Model, OffPlatformError> {
    let sale = store::hold(tx, scope, id).await?.ok_or(OffPlatformError::NotFound)?;
    version.check(sale.version).map_err(|_| OffPlatformError::Stale)?;
    Ok(sale)
}

fn checked(wanted: &SaleReason) -> Result<String, OffPlatformError> {
    let reason = wanted.reason.trim();
    if (1..=200).contains(&reason.chars().count()) {
        return Ok(reason.to_owned());
    }
    Err(OffPlatformError::Fields(vec![FieldProblem {
        pointer: "/reason".to_owned(),
        detail: Text::new("原因应为 1 至 200 个字。", "The reason has 1 to 200 characters."),
    }]))
}

/// Keeps a decision, moves the sale on, and shows it.
async fn decided<A: Action>(
    tx: &Tx,
    grant: &Grant<A>,
    sale: off_platform_sale::Model,
    step: Step,
    reason: Option<String>,
    posting_id: Option<PostingId>,
) -> Result<OffPlatformSaleWithShares, OffPlatformError> {
    let to = next(sale.state, step)?;
    let row = off_platform_decision::Model {
        sale_id: sale.id,
        step,
        reason: reason.clone(),
        posting_id,
        by_helper: matches!(grant.scope(), Scope::AssignedHouseholds(_)),
        decided_by: grant.person()?,
        organisation_id: grant.organisation()?,
        decided_at: tx.now(),
    };
    store::insert_decision(tx, row).await?;
    store::set_state(tx, sale.id, to).await?;
    let operation = format!("off_platform_sale.{step}");
    let change = Change::moved(&operation, "off_platform_sale", sale.id.uuid(), sale.state.as_str(), to.as_str());
    tx.audit(match &reason {
        Some(reason) => change.because(reason),
        None => change,
    })
    .await?;
    let version = sale.version.checked_add(1).ok_or(Overflow)?;
    whole(tx, grant.scope(), off_platform_sale::Model { state: to, version, ..sale }).await
}

/// What was taken out of lots for a sale that was none goes back into them.
async fn give_back(tx: &Tx, sale: OffPlatformSaleId) -> Result<(), OffPlatformError> {
    let lots: Vec<_> = store::lots(tx, sale).await?.into_iter().map(|row| (row.lot_id, row.grams)).collect();
    harvest::return_to_lots(tx, &lots).await?;
    Ok(())
}

/// Entries name a sale as they name an order.
fn order_of(sale: &off_platform_sale::Model) -> SupplierOrderId {
    SupplierOrderId::from_uuid(sale.id.uuid())
}

fn payable(share: &off_platform_share::Model) -> Account {
    Account::household_payable(share.household_id, share.agreement_id)
}

fn promised(share: &off_platform_share::Model) -> Account {
    Account::household_promised(share.household_id, share.agreement_id)
}

fn accounts(sale: &off_platform_sale::Model, shares: &[off_platform_share::Model]) -> Vec<Account> {
    let supplier = sale.supplier_id;
    let own = [
        Account::supplier_cash(supplier),
        Account::supplier_retained(supplier),
        Account::supplier_clawback(supplier),
        Account::off_platform_sales(supplier),
        Account::promise_given(supplier),
    ];
    own.into_iter().chain(shares.iter().flat_map(|share| [payable(share), promised(share)])).collect()
}

fn computed(posting: Posting, sale: &off_platform_sale::Model) -> Result<Posting, OffPlatformError> {
    let rule = Inputs::from_canonical(&sale.inputs)?.rule;
    Ok(posting.computed(rule.name(), sale.inputs_hash.clone()))
}

/// The money that came from elsewhere, promised and owed to households in one act, and what is retained.
fn income(sale: &off_platform_sale::Model, shares: &[off_platform_share::Model]) -> Result<Posting, Overflow> {
    let (supplier, order) = (sale.supplier_id, Some(order_of(sale)));
    let elsewhere = Account::off_platform_sales(supplier);
    let shared = Fen::checked_sum(shares.iter().map(|share| share.amount_fen))?;
    let posting = Posting::new(format!("off_platform:{}", sale.id), INCOME, sale.received_on, sale.id.uuid())
        .debit(Account::supplier_cash(supplier), sale.amount_fen, order)
        .credit(elsewhere, sale.amount_fen, order)
        .debit(elsewhere, sale.amount_fen, order)
        .credit(Account::supplier_retained(supplier), sale.retained_fen, order)
        .debit(Account::promise_given(supplier), shared, order);
    Ok(shares.iter().fold(posting, |posting, share| {
        posting.credit(payable(share), share.amount_fen, order).credit(promised(share), share.amount_fen, order)
    }))
}

/// All of it the other way round, but for what households were handed: that they keep, and the supplier bears it; as
/// much more it has to find elsewhere to give the money back.
fn reversal(
    tx: &Tx,
    sale: &off_platform_sale::Model,
    shares: &[off_platform_share::Model],
    handed: &HashMap<AccountId, Fen>,
) -> Result<Posting, Overflow> {
    let (supplier, order) = (sale.supplier_id, Some(order_of(sale)));
    let shared = Fen::checked_sum(shares.iter().map(|share| share.amount_fen))?;
    let (cause, today) = (format!("off_platform:{}:reversed", sale.id), business_date(tx.now()));
    let mut posting = Posting::new(cause, REVERSED, today, sale.id.uuid())
        .debit(Account::supplier_retained(supplier), sale.retained_fen, order)
        .credit(Account::promise_given(supplier), shared, order);
    let (mut kept, mut handed) = (Fen::ZERO, handed.clone());
    for share in shares {
        let account = payable(share);
        let of_account = handed.entry(account.id()).or_default();
        let stays = share.amount_fen.min(*of_account);
        *of_account = of_account.checked_sub(stays)?;
        kept = kept.checked_add(stays)?;
        posting = posting.debit(account, share.amount_fen.checked_sub(stays)?, order).debit(
            promised(share),
            share.amount_fen,
            order,
        );
    }
    Ok(posting
        .debit(Account::supplier_clawback(supplier), kept, order)
        .credit(Account::supplier_cash(supplier), sale.amount_fen.checked_sub(kept)?, order)
        .credit(Account::off_platform_sales(supplier), kept, order))
}
