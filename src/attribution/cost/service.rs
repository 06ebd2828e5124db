//! Declaring costs, and deciding what an order repays of them.

use super::store;
use super::view::{Costs, DeclareCost};
use crate::access::policy::KeepAgreement;
use crate::access::{Grant, Scope};
use crate::attribution::agreement;
use crate::attribution::engine::Outcome;
use crate::attribution::error::{AgreementError, fault};
use crate::attribution::inputs::{Member, OrderInputs};
use crate::db::{Change, Tx};
use crate::document;
use entity::value::{
    AgreementId, BenefitMode, CostExcess, DeclaredCostId, Fen, OrganisationId, Overflow, SupplierOrderId, business_date,
};
use entity::{cost_deduction, declared_cost};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// Records something advanced to a household.
///
/// # Errors
/// Not found; not about produce; field problems; evidence that is not the supplier's.
pub async fn declare(
    tx: &Tx,
    grant: &Grant<KeepAgreement>,
    id: AgreementId,
    wanted: &DeclareCost,
) -> Result<(), AgreementError> {
    let agreement = agreement::find_in_scope(tx, grant.scope(), id).await?.ok_or(AgreementError::NotFound)?;
    if agreement.mode != BenefitMode::ProducePurchase {
        return Err(AgreementError::CostNeedsProduce);
    }
    let mut faults = Vec::new();
    if wanted.amount_fen.is_zero() {
        faults.push(fault("/amount_fen", "金额应大于零。", "The amount is above zero."));
    }
    if wanted.advanced_on > business_date(tx.now()) || wanted.advanced_on < agreement.starts_on {
        faults.push(fault(
            "/advanced_on",
            "垫付日期应在协议开始之后，且不晚于今天。",
            "The day lies within the agreement and not in the future.",
        ));
    }
    if !(2..=200).contains(&wanted.description.trim().chars().count()) {
        faults.push(fault("/description", "请以 2 至 200 个字说明。", "Describe it in 2 to 200 characters."));
    }
    if !faults.is_empty() {
        return Err(AgreementError::Fields(faults));
    }
    document::require_own(tx, grant.organisation()?, &[wanted.evidence_file_id]).await?;
    let row = declared_cost::Model {
        id: DeclaredCostId::generate(),
        agreement_id: id,
        kind: wanted.kind,
        amount_fen: wanted.amount_fen,
        advanced_on: wanted.advanced_on,
        description: wanted.description.trim().to_owned(),
        evidence_file_id: wanted.evidence_file_id,
        recorded_by: grant.person()?,
        created_at: tx.now(),
    };
    let after = json!({ "agreement_id": id, "kind": row.kind, "amount_fen": row.amount_fen });
    let made = Change::made("cost.declared", "declared_cost", row.id.uuid(), after);
    store::insert(tx, row).await?;
    tx.audit(made).await?;
    Ok(())
}

/// The costs under an agreement.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn show(db: &impl ConnectionTrait, scope: &Scope, id: AgreementId) -> Result<Costs, AgreementError> {
    agreement::find_in_scope(db, scope, id).await?.ok_or(AgreementError::NotFound)?;
    let costs = store::declared_under(db, id).await?;
    let deductions = store::deductions_under(db, id).await?;
    let declared_fen = Fen::checked_sum(costs.iter().map(|cost| cost.amount_fen))?;
    let deducted_fen = Fen::checked_sum(deductions.iter().map(|row| row.deducted_fen))?;
    let waived_fen = Fen::checked_sum(deductions.iter().map(|row| row.waived_fen))?;
    Ok(Costs {
        agreement_id: id,
        declared_fen,
        deducted_fen,
        waived_fen,
        open_fen: declared_fen.checked_sub(deducted_fen)?.checked_sub(waived_fen)?,
        costs: costs.into_iter().map(Into::into).collect(),
        deductions: deductions.into_iter().map(Into::into).collect(),
    })
}

/// Puts on the roster of an order what it may repay of advanced costs: what was decided with its first computation, or
/// else all that is open, whose agreements are then held until the transaction ends.
///
/// # Errors
/// When the database cannot be asked.
pub async fn with_costs(tx: &Tx, order: SupplierOrderId, roster: Vec<Member>) -> Result<Vec<Member>, DbErr> {
    let is_grower = |member: &&Member| member.mode == BenefitMode::ProducePurchase && !member.cost_cap_bp.is_zero();
    let growers: Vec<AgreementId> = roster.iter().filter(is_grower).map(|member| member.agreement_id).collect();
    if growers.is_empty() {
        return Ok(roster);
    }
    let costs = if store::is_decided(tx, order).await? {
        store::decided(tx, order).await?
    } else if store::open_of(tx, &growers).await?.is_empty() {
        HashMap::new()
    } else {
        agreement::hold_many(tx, &growers).await?;
        store::open_of(tx, &growers).await?
    };
    let with = |member: Member| match costs.get(&member.agreement_id) {
        Some(costs_fen) if member.mode == BenefitMode::ProducePurchase => Member { costs_fen: *costs_fen, ..member },
        _ => member,
    };
    Ok(roster.into_iter().map(with).collect())
}

/// Those of some suppliers that ever advanced costs to households, by what was declared.
///
/// # Errors
/// When the database cannot be asked.
pub async fn advancing(
    db: &impl ConnectionTrait,
    suppliers: &[OrganisationId],
) -> Result<HashSet<OrganisationId>, DbErr> {
    Ok(store::advancing(db, suppliers).await?.into_iter().collect())
}

/// Keeps what an order repays, with its first computation; must be asked before that is recorded.
pub(in crate::attribution) async fn keep_deductions(
    tx: &Tx,
    inputs: &OrderInputs,
    outcome: &Outcome,
) -> Result<(), DbErr> {
    let order = inputs.supplier_order_id();
    if outcome.deductions.is_empty() || store::is_decided(tx, order).await? {
        return Ok(());
    }
    let ids: Vec<AgreementId> = outcome.deductions.iter().map(|deduction| deduction.agreement_id).collect();
    let terms = agreement::terms_on(tx, &ids, business_date(tx.now())).await?;
    // The first part an agreement is in has all that is open of it, the others what is then left.
    let mut open: HashMap<AgreementId, Fen> = HashMap::new();
    for member in inputs.parts().flat_map(|part| &part.roster) {
        let most = open.entry(member.agreement_id).or_default();
        *most = member.costs_fen.max(*most);
    }
    let row = |deduction: &crate::attribution::engine::Deduction| {
        let id = deduction.agreement_id;
        let waives = terms.get(&id).is_some_and(|terms| terms.cost_excess == CostExcess::Waive);
        let left = open.get(&id).copied().unwrap_or(Fen::ZERO).checked_sub(deduction.amount_fen)?;
        Ok(cost_deduction::Model {
            supplier_order_id: order,
            agreement_id: id,
            deducted_fen: deduction.amount_fen,
            waived_fen: if waives { left } else { Fen::ZERO },
            created_at: tx.now(),
        })
    };
    let rows: Result<Vec<_>, Overflow> = outcome.deductions.iter().map(row).collect();
    store::insert_deductions(tx, rows.map_err(|error| DbErr::Custom(error.to_string()))?).await
}
