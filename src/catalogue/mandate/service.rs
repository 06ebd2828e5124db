//! What can be done with a mandate: propose, confirm, end.

use super::error::MandateError;
use super::{store, view};
use crate::access::policy::{DecideMandate, ProposeMandate, ViewMandate};
use crate::access::{Grant, four_eyes};
use crate::catalogue::check::Check;
use crate::catalogue::product;
use crate::db::{Change, Tx};
use crate::http::{IfMatch, Page};
use crate::{document, organisation};
use chrono::NaiveDate;
use entity::mandate;
use entity::value::{MandateId, MandateState, OrganisationId, OrganisationKind, ProductId};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::{BTreeSet, HashSet};
use uuid::Uuid;

/// Those of the products that an agent offers without a mandate that holds on a day.
pub(in crate::catalogue) async fn lacking(
    db: &impl ConnectionTrait,
    products: &[entity::product::Model],
    day: NaiveDate,
) -> Result<HashSet<ProductId>, DbErr> {
    let suppliers: BTreeSet<_> = products.iter().map(|product| product.supplier_id).collect();
    let suppliers = organisation::find_many(db, &suppliers.into_iter().collect::<Vec<_>>()).await?;
    let agents: HashSet<OrganisationId> =
        suppliers.iter().filter(|found| found.kind == OrganisationKind::AgentTrader).map(|found| found.id).collect();
    let theirs: Vec<_> =
        products.iter().filter(|product| agents.contains(&product.supplier_id)).map(|product| product.id).collect();
    let covered = store::covered(db, &theirs, day).await?;
    Ok(theirs.into_iter().filter(|id| !covered.contains(id)).collect())
}

/// Proposes a mandate for one of the agent's products.
///
/// # Errors
/// When the product is not the agent's, the principal cannot be one, or the paper is wanting.
pub async fn propose(
    tx: &Tx,
    grant: &Grant<ProposeMandate>,
    product: ProductId,
    wanted: &view::ProposeMandate,
) -> Result<view::Mandate, MandateError> {
    let agent_id = grant.organisation()?;
    let offered = product::find_product(tx, product).await?.filter(|found| found.supplier_id == agent_id);
    if offered.is_none() {
        return Err(MandateError::NotFound);
    }
    let agent = organisation::find(tx, agent_id).await?.ok_or(MandateError::NotFound)?;
    if agent.kind != OrganisationKind::AgentTrader {
        return Err(MandateError::NotAnAgent);
    }
    let principal = match wanted.principal_id {
        Some(id) => organisation::find(tx, id).await?.filter(|found| is_principal(found.kind)),
        None => None,
    };
    let by_paper = wanted.principal_name.is_some() && wanted.evidence_file_id.is_some();
    Check::new()
        .text_if_any("/principal_name", wanted.principal_name.as_deref(), 200)
        .that(
            wanted.principal_id.is_none() || principal.is_some(),
            "/principal_id",
            "应为平台上的合作社、企业或家庭农场。",
            "A cooperative, company or family farm that is known here is expected.",
        )
        .that(
            wanted.principal_id.is_some() || by_paper,
            "/principal_name",
            "委托方没有账号时，应写明名称并提供证明文件。",
            "A principal without an account is named, and a paper shows the mandate.",
        )
        .that(
            wanted.valid_from <= wanted.valid_to,
            "/valid_to",
            "应不早于 valid_from。",
            "It cannot be before valid_from.",
        )
        .done()?;
    let files: Vec<_> = wanted.evidence_file_id.into_iter().collect();
    document::require_own(tx, agent_id, &files).await?;
    let named = wanted.principal_name.as_deref().map(|name| name.trim().to_owned());
    let row = mandate::Model {
        id: MandateId::generate(),
        agent_id,
        principal_id: wanted.principal_id,
        principal_name: principal.map(|found| found.name).or(named).unwrap_or_default(),
        product_id: product,
        valid_from: wanted.valid_from,
        valid_to: wanted.valid_to,
        evidence_file_id: wanted.evidence_file_id,
        state: MandateState::Proposed,
        decided_by: None,
        decided_at: None,
        created_by: grant.person()?,
        created_at: tx.now(),
        version: 1,
    };
    store::insert(tx, row.clone()).await?;
    let after = json!({
        "product_id": product, "principal_id": row.principal_id, "valid_from": row.valid_from, "valid_to": row.valid_to,
    });
    tx.audit(Change::made("mandate.propose", "mandate", row.id.uuid(), after)).await?;
    Ok(row.into())
}

fn is_principal(kind: OrganisationKind) -> bool {
    matches!(kind, OrganisationKind::Cooperative | OrganisationKind::Company | OrganisationKind::FamilyFarm)
}

/// Confirms a mandate: the principal's own clerk, or the platform for a principal without an account.
///
/// # Errors
/// When somebody else confirms it, or it is not waiting.
pub async fn confirm(
    tx: &Tx,
    grant: &Grant<DecideMandate>,
    id: MandateId,
    seen: IfMatch,
) -> Result<view::Mandate, MandateError> {
    let held = hold(tx, grant, id, seen).await?;
    let is_theirs = match held.principal_id {
        Some(principal) => grant.organisation()? == principal,
        None => grant.organisation()? != held.agent_id,
    };
    if !is_theirs {
        return Err(MandateError::PrincipalConfirms);
    }
    if held.state != MandateState::Proposed {
        return Err(MandateError::WrongState(held.state));
    }
    four_eyes::apart([held.created_by], grant.person()?)?;
    let row = decide(tx, grant, held, MandateState::Confirmed).await?;
    product::hold::resume(tx, Some(row.agent_id)).await?;
    Ok(row.into())
}

/// Ends a mandate, or refuses a proposed one; what rests on it leaves the shelf.
///
/// # Errors
/// When it has ended.
pub async fn end(
    tx: &Tx,
    grant: &Grant<DecideMandate>,
    id: MandateId,
    seen: IfMatch,
) -> Result<view::Mandate, MandateError> {
    let held = hold(tx, grant, id, seen).await?;
    if held.state == MandateState::Ended {
        return Err(MandateError::WrongState(held.state));
    }
    let row = decide(tx, grant, held, MandateState::Ended).await?;
    product::hold::hold(tx, Some(&[row.product_id])).await?;
    Ok(row.into())
}

async fn hold(
    tx: &Tx,
    grant: &Grant<DecideMandate>,
    id: MandateId,
    seen: IfMatch,
) -> Result<mandate::Model, MandateError> {
    let held = store::find_for_change(tx, grant.scope(), id).await?.ok_or(MandateError::NotFound)?;
    if seen.0 == held.version { Ok(held) } else { Err(MandateError::Stale) }
}

async fn decide(
    tx: &Tx,
    grant: &Grant<DecideMandate>,
    held: mandate::Model,
    to: MandateState,
) -> Result<mandate::Model, MandateError> {
    let from = held.state;
    let version = held.version + 1;
    let row =
        mandate::Model { state: to, decided_by: Some(grant.person()?), decided_at: Some(tx.now()), version, ..held };
    store::update(tx, &row).await?;
    let operation = if to == MandateState::Confirmed { "mandate.confirm" } else { "mandate.end" };
    tx.audit(Change::moved(operation, "mandate", row.id.uuid(), from.as_str(), to.as_str())).await?;
    Ok(row)
}

/// A mandate in reach.
///
/// # Errors
/// When it is not.
pub async fn get(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewMandate>,
    id: MandateId,
) -> Result<view::Mandate, MandateError> {
    Ok(store::find(db, grant.scope(), id).await?.ok_or(MandateError::NotFound)?.into())
}

/// A page of the mandates in reach, newest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewMandate>,
    state: Option<MandateState>,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Page<view::Mandate>, MandateError> {
    let rows = store::list(db, grant.scope(), state, after, limit).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), view::Mandate::from))
}
