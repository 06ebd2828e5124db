//! What can be done: record what became of an organisation, and read its history.

use super::error::SuccessionError;
use super::store;
use super::terms::{self, Fault};
use super::view::{ChangeOrganisation, OrganisationChange, OrganisationHistory, OrganisationPlacement};
use crate::access::Grant;
use crate::access::policy::{ChangeOrganisation as MayChange, ViewOrganisation};
use crate::db::{Change, Tx};
use crate::http::IfMatch;
use crate::problem::{FieldProblem, Text};
use crate::{document, identity, organisation};
use chrono::NaiveDate;
use entity::organisation::Model as Organisation;
use entity::organisation_change::Model;
use entity::organisation_move::Model as Move;
use entity::value::{
    OrganisationChangeId, OrganisationChangeKind, OrganisationId, OrganisationMoveId, SessionId, business_date,
};
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
    let moves = store::moves_of(tx, &[id]).await?;
    refuse_faults(tx, &held, &store::changes_of(tx, id).await?, &moves, wanted)?;
    let parent = new_parent(tx, &held, wanted).await?;
    let successors = successors(tx, &held, &wanted.successor_ids).await?;
    document::require_own(tx, grant.organisation()?, &[wanted.document_id]).await?;
    let ends = terms::ends(wanted.kind);
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
    if ends {
        settle_units_below(tx, &held, &row, &successors).await?;
    }
    organisation::become_known_as(tx, id, &name_after, !ends).await?;
    if let Some(parent) = parent {
        store::insert_moves(tx, vec![moved(tx, &row, id, held.parent_id, parent, row.on_date)]).await?;
        organisation::place_under(tx, id, parent).await?;
    }
    let after = json!({
        "kind": row.kind, "on_date": row.on_date, "document_number": row.document_number, "name": row.name_after,
        "parent_id": parent.or(held.parent_id), "successors": wanted.successor_ids,
    });
    let mut change = Change::made("organisation.change", "organisation", id.uuid(), after);
    change.before = Some(json!({ "name": row.name_before, "parent_id": held.parent_id, "is_active": true }));
    tx.audit(change).await?;
    let into = successors.first().filter(|_| wanted.move_members && wanted.kind == OrganisationChangeKind::Merged);
    let ended = if ends { identity::leave(tx, id, into).await? } else { Vec::new() };
    Ok(Recorded { history: told(tx, id).await?, ended })
}

fn refuse_faults(
    tx: &Tx,
    held: &Organisation,
    before: &[Model],
    moves: &[Move],
    wanted: &ChangeOrganisation,
) -> Result<(), SuccessionError> {
    let fault = |pointer: &str, zh: &'static str, en: &'static str| FieldProblem {
        pointer: pointer.to_owned(),
        detail: Text::new(zh, en),
    };
    let new_name = wanted.new_name.as_ref().map(organisation::Name::as_str);
    let names = (held.name.as_str(), new_name);
    let parents = (held.parent_id, wanted.new_parent_id);
    let faults = terms::faults(wanted.kind, names, parents, wanted.successor_ids.len());
    let mut errors: Vec<_> = faults
        .into_iter()
        .map(|found| match found {
            Fault::Name => fault(
                "/new_name",
                "仅在更名时填写与原名不同的新名称。",
                "A new name, another, when it was renamed; otherwise none.",
            ),
            Fault::Parent => fault(
                "/new_parent_id",
                "仅在划转时填写与现上级不同的新上级单位。",
                "A new parent, another, when it was moved; otherwise none.",
            ),
            Fault::Successors => fault(
                "/successor_ids",
                "合并填写一个承继单位，分立填写两个以上，更名与撤销不填。",
                "One when merged, two or more when split, none otherwise.",
            ),
        })
        .collect();
    let earliest = before.last().map(|change| change.on_date).max(moves.last().map(|one| one.on_date));
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

/// Under whom it stands from now on, when it is moved: one that acts, under which its kind can stand, and which does
/// not stand below it.
async fn new_parent(
    tx: &Tx,
    held: &Organisation,
    wanted: &ChangeOrganisation,
) -> Result<Option<OrganisationId>, SuccessionError> {
    let Some(id) = wanted.new_parent_id else { return Ok(None) };
    // Held, so that it does not end meanwhile.
    let parent = organisation::hold(tx, id).await?.ok_or(SuccessionError::ParentUnfit)?;
    let fits = parent.is_active && organisation::stands_under(held.kind, parent.kind);
    if !fits || organisation::is_below(tx, held.id, id).await? {
        return Err(SuccessionError::ParentUnfit);
    }
    Ok(Some(id))
}

/// By a change, one stands under another from a day on.
fn moved(
    tx: &Tx,
    change: &Model,
    organisation_id: OrganisationId,
    parent_before: Option<OrganisationId>,
    parent_after: OrganisationId,
    on_date: NaiveDate,
) -> Move {
    Move {
        id: OrganisationMoveId::generate(),
        change_id: change.id,
        organisation_id,
        on_date,
        parent_before,
        parent_after,
        created_at: tx.now(),
    }
}

/// What stands below an organisation that is merged stands below its successor, of the same kind; otherwise nothing
/// may stand below. Moves of one follow each other in time.
async fn settle_units_below(
    tx: &Tx,
    held: &Organisation,
    change: &Model,
    successors: &[Organisation],
) -> Result<(), SuccessionError> {
    match (change.kind, successors) {
        (OrganisationChangeKind::Merged, [into]) => {
            let below = organisation::ids_directly_below(tx, held.id).await?;
            let mut last = HashMap::new();
            for one in store::moves_of(tx, &below).await? {
                last.insert(one.organisation_id, one.on_date);
            }
            let day = |id| last.get(id).copied().max(Some(change.on_date)).unwrap_or(change.on_date);
            let rows = below.iter().map(|id| moved(tx, change, *id, Some(held.id), into.id, day(id))).collect();
            store::insert_moves(tx, rows).await?;
            Ok(organisation::hand_over(tx, held.id, into.id).await?)
        }
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
    let moves = store::moves_of(db, &[id]).await?;
    let parents = moves.iter().flat_map(|one| one.parent_before.into_iter().chain([one.parent_after]));
    let ids: Vec<_> = named.iter().map(|row| row.successor_id).chain(before.iter().copied()).chain(parents).collect();
    let found: HashMap<_, _> = organisation::find_many(db, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let brief = |id: &OrganisationId| found.get(id).map(Into::into);
    let own_move = |change| moves.iter().find(|one| one.change_id == change);
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
        parent_before: own_move(change.id).and_then(|one| one.parent_before).and_then(|id| brief(&id)),
        parent_after: own_move(change.id).and_then(|one| brief(&one.parent_after)),
        created_at: change.created_at,
    };
    Ok(OrganisationHistory {
        organisation: (&row).into(),
        is_active: row.is_active,
        version: row.version,
        changes: changes.into_iter().map(show).collect(),
        placements: moves
            .iter()
            .map(|one| OrganisationPlacement {
                on_date: one.on_date,
                parent_before: one.parent_before.and_then(|id| brief(&id)),
                parent_after: brief(&one.parent_after),
                change_id: one.change_id,
            })
            .collect(),
        predecessors: before.iter().filter_map(brief).collect(),
    })
}
