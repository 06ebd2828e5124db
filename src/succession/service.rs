//! What can be done: record what became of an organisation, and read its history.

use super::error::SuccessionError;
use super::store;
use super::terms::{self, Fault};
use super::view::{ChangeOrganisation, OrganisationChange, OrganisationHistory};
use crate::access::Grant;
use crate::access::policy::{ChangeOrganisation as MayChange, ViewOrganisation};
use crate::db::{Change, Tx};
use crate::http::IfMatch;
use crate::problem::{FieldProblem, Text};
use crate::{document, identity, organisation};
use entity::organisation::Model as Organisation;
use entity::organisation_change::Model;
use entity::value::{OrganisationChangeId, OrganisationChangeKind, OrganisationId, SessionId, business_date};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::HashMap;

/// What was recorded, and the sessions that ended by it.
pub struct Recorded {
    /// The organisation's history from now on.
    pub history: OrganisationHistory,
    /// Their access tokens are worth nothing any more.
    pub ended: Vec<SessionId>,
}

/// Records what became of an organisation; whoever acted for one that ended is moved or stopped.
pub async fn record(
    tx: &Tx,
    grant: &Grant<MayChange>,
    id: OrganisationId,
    seen: IfMatch,
    wanted: &ChangeOrganisation,
) -> Result<Recorded, SuccessionError> {
    let held = organisation::hold(tx, id).await?.ok_or(SuccessionError::NotFound)?;
    seen.check(held.version).map_err(|_| SuccessionError::Stale)?;
    if !held.is_active {
        return Err(SuccessionError::Ended);
    }
    let before = store::changes_of(tx, id).await?;
    refuse_faults(tx, &held, &before, wanted)?;
    let successors = successors(tx, &held, &wanted.successor_ids).await?;
    document::require_own(tx, grant.organisation()?, &[wanted.document_id]).await?;
    let ends = terms::ends(wanted.kind);
    if ends {
        settle_units_below(tx, &held, wanted.kind, &successors).await?;
    }
    let name_after = wanted.new_name.as_ref().map_or_else(|| held.name.clone(), |name| name.as_str().to_owned());
    let row = Model {
        id: OrganisationChangeId::generate(),
        organisation_id: id,
        kind: wanted.kind,
        on_date: wanted.on_date,
        document_number: wanted.document_number.as_str().to_owned(),
        document_id: wanted.document_id,
        name_before: held.name.clone(),
        name_after: name_after.clone(),
        recorded_by: grant.person()?,
        created_at: tx.now(),
    };
    store::insert(tx, row.clone(), &wanted.successor_ids).await?;
    organisation::become_known_as(tx, id, &name_after, !ends).await?;
    let after = json!({
        "kind": row.kind, "on_date": row.on_date, "document_number": row.document_number, "name": row.name_after,
        "successors": wanted.successor_ids,
    });
    let mut change = Change::made("organisation.change", "organisation", id.uuid(), after);
    change.before = Some(json!({ "name": row.name_before, "is_active": true }));
    tx.audit(change).await?;
    let into = successors.first().filter(|_| wanted.move_members && wanted.kind == OrganisationChangeKind::Merged);
    let ended = if ends { identity::leave(tx, id, into).await? } else { Vec::new() };
    Ok(Recorded { history: told(tx, id).await?, ended })
}

fn refuse_faults(
    tx: &Tx,
    held: &Organisation,
    before: &[Model],
    wanted: &ChangeOrganisation,
) -> Result<(), SuccessionError> {
    let fault = |pointer: &str, zh: &'static str, en: &'static str| FieldProblem {
        pointer: pointer.to_owned(),
        detail: Text::new(zh, en),
    };
    let new_name = wanted.new_name.as_ref().map(organisation::Name::as_str);
    let faults = terms::faults(wanted.kind, &held.name, new_name, wanted.successor_ids.len());
    let mut errors: Vec<_> = faults
        .into_iter()
        .map(|found| match found {
            Fault::Name => fault(
                "/new_name",
                "仅在更名时填写与原名不同的新名称。",
                "A new name, another, when it was renamed; otherwise none.",
            ),
            Fault::Successors => fault(
                "/successor_ids",
                "合并填写一个承继单位，分立填写两个以上，更名与撤销不填。",
                "One when merged, two or more when split, none otherwise.",
            ),
        })
        .collect();
    let earliest = before.last().map(|change| change.on_date);
    if wanted.on_date > business_date(tx.now()) || earliest.is_some_and(|earliest| wanted.on_date < earliest) {
        let (zh, en) = ("日期不能晚于今天，也不能早于上一次变更。", "It lies between the change before and today.");
        errors.push(fault("/on_date", zh, en));
    }
    if errors.is_empty() { Ok(()) } else { Err(SuccessionError::Fields(errors)) }
}

/// Those who go on: others of the same kind, which may act and do not stand below.
async fn successors(
    tx: &Tx,
    held: &Organisation,
    ids: &[OrganisationId],
) -> Result<Vec<Organisation>, SuccessionError> {
    let found: HashMap<_, _> = organisation::find_many(tx, ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let below = if ids.is_empty() { Vec::new() } else { organisation::tree_ids(tx, held.id).await? };
    let mut all = Vec::with_capacity(ids.len());
    for (at, id) in ids.iter().enumerate() {
        let fits = |row: &&Organisation| row.is_active && row.kind == held.kind && !below.contains(&row.id);
        let is_again = ids.iter().take(at).any(|earlier| earlier == id);
        let row = found.get(id).filter(fits).filter(|_| !is_again).ok_or(SuccessionError::SuccessorUnfit(at))?;
        all.push(row.clone());
    }
    Ok(all)
}

/// What stands below an organisation that is merged stands below its successor, of the same kind; otherwise nothing
/// may stand below.
async fn settle_units_below(
    tx: &Tx,
    held: &Organisation,
    kind: OrganisationChangeKind,
    successors: &[Organisation],
) -> Result<(), SuccessionError> {
    match (kind, successors) {
        (OrganisationChangeKind::Merged, [into]) => Ok(organisation::hand_over(tx, held.id, into.id).await?),
        _ if organisation::has_active_below(tx, held.id).await? => Err(SuccessionError::HasUnits),
        _ => Ok(()),
    }
}

/// The history of an organisation in reach.
pub async fn history(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewOrganisation>,
    id: OrganisationId,
) -> Result<OrganisationHistory, SuccessionError> {
    if !organisation::is_within(db, grant.scope(), id).await? {
        return Err(SuccessionError::NotFound);
    }
    told(db, id).await
}

async fn told(db: &impl ConnectionTrait, id: OrganisationId) -> Result<OrganisationHistory, SuccessionError> {
    let row = organisation::find(db, id).await?.ok_or(SuccessionError::NotFound)?;
    let changes = store::changes_of(db, id).await?;
    let named = store::successors_of(db, &changes).await?;
    let before = store::predecessors_of(db, id).await?;
    let ids: Vec<_> = named.iter().map(|row| row.successor_id).chain(before.iter().copied()).collect();
    let found: HashMap<_, _> = organisation::find_many(db, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let brief = |id: &OrganisationId| found.get(id).map(Into::into);
    let show = |change: Model| OrganisationChange {
        successors: named
            .iter()
            .filter(|row| row.change_id == change.id)
            .filter_map(|row| brief(&row.successor_id))
            .collect(),
        id: change.id,
        kind: change.kind,
        on_date: change.on_date,
        document_number: change.document_number,
        document_id: change.document_id,
        name_before: change.name_before,
        name_after: change.name_after,
        created_at: change.created_at,
    };
    Ok(OrganisationHistory {
        organisation: (&row).into(),
        is_active: row.is_active,
        version: row.version,
        changes: changes.into_iter().map(show).collect(),
        predecessors: before.iter().filter_map(brief).collect(),
    })
}
