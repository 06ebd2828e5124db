//! The act of settling: an order's roster, its shares, its posting and its record, in one transaction.

use super::{IncomeBooked, SettlementError, VillageIncome, roster};
use crate::access::Grant;
use crate::access::policy::SettleOrder;
use crate::attribution::engine::{Outcome, attribute};
use crate::attribution::inputs::{Inputs, PlanTerms};
use crate::attribution::{self, RunToRecord};
use crate::db::Tx;
use crate::household;
use crate::ledger::{self, Account, Posting};
use crate::procurement;
use chrono::NaiveDate;
use entity::value::{Fen, HouseholdId, OrganisationId, Overflow, ShareBasis, SupplierOrderId, business_date};
use entity::{plan, supplier_order};
use std::collections::{BTreeMap, BTreeSet};

/// An order with its computed shares.
struct Computed {
    order: supplier_order::Model,
    inputs: Inputs,
    outcome: Outcome,
}

/// Promises households their shares of what was accepted. Does nothing the second time.
///
/// An order in which nobody shares makes no promise, so there is nothing to record.
///
/// # Errors
/// The order is not accepted; its shares cannot be computed.
pub async fn promise(tx: &Tx, _grant: &Grant<SettleOrder>, id: SupplierOrderId) -> Result<(), SettlementError> {
    if attribution::find_run(tx, id, ShareBasis::Promised).await?.is_some() {
        return Ok(());
    }
    let Computed { order, inputs, outcome } = compute(tx, id, ShareBasis::Promised).await?;
    if outcome.shares.is_empty() {
        return Ok(());
    }
    let accepted_at = order.accepted_at.ok_or(SettlementError::NotSettleable(id))?;
    let promised = Fen::checked_sum(outcome.shares.iter().map(|share| share.amount_fen))?;
    let cause = format!("supplier_order:{id}:promised");
    let posting = Posting::new(cause, "promised", business_date(accepted_at), id.uuid()).debit(
        Account::promise_given(order.supplier_id),
        promised,
        Some(id),
    );
    let posting = outcome.shares.iter().fold(posting, |posting, share| {
        posting.credit(Account::household_promised(share.household_id, share.agreement_id), share.amount_fen, Some(id))
    });
    let posting_id = ledger::post(tx, posting).await?;
    attribution::record_run(tx, RunToRecord { inputs: &inputs, outcome: &outcome, posting_id }).await?;
    Ok(())
}

/// Turns what was accepted and paid into income of households. Does nothing the second time.
///
/// # Errors
/// The order is not paid; its shares cannot be computed.
pub async fn settle(tx: &Tx, _grant: &Grant<SettleOrder>, id: SupplierOrderId) -> Result<(), SettlementError> {
    if attribution::find_run(tx, id, ShareBasis::Accrued).await?.is_some() {
        return Ok(());
    }
    let Computed { order, inputs, outcome } = compute(tx, id, ShareBasis::Accrued).await?;
    let paid_on = business_date(order.paid_at.ok_or(SettlementError::NotSettleable(id))?);
    let cause = format!("supplier_order:{id}:settled");
    let posting = Posting::new(cause, "settled", paid_on, id.uuid()).debit(
        Account::supplier_revenue(order.supplier_id),
        inputs.attributable_fen,
        Some(id),
    );
    let posting = outcome.shares.iter().fold(posting, |posting, share| {
        posting.credit(Account::household_payable(share.household_id, share.agreement_id), share.amount_fen, Some(id))
    });
    let posting = posting.credit(Account::supplier_retained(order.supplier_id), outcome.retained_fen, Some(id));
    let posting_id = ledger::post(tx, posting).await?;
    attribution::record_run(tx, RunToRecord { inputs: &inputs, outcome: &outcome, posting_id }).await?;
    let booked = booked(tx, &order, &outcome, paid_on).await?;
    Ok(tx.emit(&booked).await?)
}

async fn compute(tx: &Tx, id: SupplierOrderId, basis: ShareBasis) -> Result<Computed, SettlementError> {
    let settling = procurement::find_for_settling(tx, id).await?.ok_or(SettlementError::NotSettleable(id))?;
    let order = settling.order.clone();
    let accepted_at = order.accepted_at.ok_or(SettlementError::NotSettleable(id))?;
    let plan = attribution::find_plan(tx, order.plan_id).await?.ok_or(SettlementError::NotSettleable(id))?;
    let inputs = Inputs {
        supplier_order_id: id,
        basis,
        plan: terms(&plan),
        attributable_fen: match basis {
            ShareBasis::Promised => order.accepted_fen,
            ShareBasis::Accrued => order.paid_fen,
        },
        roster: roster::build(tx, &settling, business_date(accepted_at)).await?,
    };
    let outcome = attribute(&inputs)?;
    Ok(Computed { order, inputs, outcome })
}

fn terms(plan: &plan::Model) -> PlanTerms {
    let plan::Model { id, produce_bp, wages_bp, dividend_bp, rent_bp, .. } = *plan;
    PlanTerms { id, produce_bp, wages_bp, dividend_bp, rent_bp }
}

/// What others hear: what accrued in each village, no household by name.
async fn booked(
    tx: &Tx,
    order: &supplier_order::Model,
    outcome: &Outcome,
    business_date: NaiveDate,
) -> Result<IncomeBooked, SettlementError> {
    let households: BTreeSet<HouseholdId> = outcome.shares.iter().map(|share| share.household_id).collect();
    let village_of = household::village_of(tx, &households.into_iter().collect::<Vec<_>>()).await?;
    let mut villages: BTreeMap<OrganisationId, (Fen, BTreeSet<HouseholdId>)> = BTreeMap::new();
    for share in &outcome.shares {
        let Some(village) = village_of.get(&share.household_id) else { continue };
        let (accrued, households) = villages.entry(*village).or_default();
        *accrued = accrued.checked_add(share.amount_fen)?;
        households.insert(share.household_id);
    }
    let villages = villages
        .into_iter()
        .map(|(village, (accrued_fen, households))| {
            let households = i32::try_from(households.len()).map_err(|_| Overflow)?;
            Ok(VillageIncome { village, accrued_fen, households })
        })
        .collect::<Result<_, Overflow>>()?;
    Ok(IncomeBooked {
        supplier_order: order.id,
        supplier: order.supplier_id,
        buyer: order.buyer_id,
        paid_fen: order.paid_fen,
        retained_fen: outcome.retained_fen,
        business_date,
        villages,
    })
}
