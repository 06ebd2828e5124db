//! What can be done: run programmes, pair, and count what purchases contribute.

use super::view::{Contribution, ContributionTotal, Contributions, NewPairing, NewProgramme, Pairing, Programme};
use super::{PairingError, store, terms};
use crate::access::policy::{KeepPairing, KeepProgramme, ViewPairing};
use crate::access::{Grant, Scope, SmallestGroup};
use crate::attribution::engine::split_by_weight;
use crate::db::{self, Change, Tx};
use crate::http::{Page, PageQuery};
use crate::problem::Failure;
use crate::settlement::IncomeBooked;
use crate::{document, organisation};
use entity::value::{ContributionId, ContributionKind, Fen, OrganisationId, OrganisationKind, PairingId, ProgrammeId};
use entity::{contribution, pairing, programme};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};

/// Begins a programme.
///
/// # Errors
/// A name or term that makes no sense; a name that is taken.
pub async fn add_programme(
    tx: &Tx,
    grant: &Grant<KeepProgramme>,
    wanted: &NewProgramme,
) -> Result<Programme, PairingError> {
    let NewProgramme { name, starts_on, ends_on } = wanted;
    let faults = terms::faults_of_programme(name, *starts_on, *ends_on);
    if !faults.is_empty() {
        return Err(PairingError::Fields(faults));
    }
    let row = programme::Model {
        id: ProgrammeId::generate(),
        name: name.trim().to_owned(),
        starts_on: *starts_on,
        ends_on: *ends_on,
        created_by: grant.person()?,
        created_at: tx.now(),
        version: 1,
    };
    store::insert_programme(tx, row.clone()).await.map_err(|error| {
        if db::is_duplicate(&error, "programme", &["name"]) { PairingError::ProgrammeExists } else { error.into() }
    })?;
    let after = json!({ "name": row.name, "starts_on": row.starts_on, "ends_on": row.ends_on });
    tx.audit(Change::made("programme.add", "programme", row.id.uuid(), after)).await?;
    Ok(row.into())
}

/// Pairs an enterprise with a village of the officer's county.
///
/// # Errors
/// No such programme, or a term outside it; a party that cannot be paired; they are paired already.
pub async fn pair(tx: &Tx, grant: &Grant<KeepPairing>, wanted: &NewPairing) -> Result<Pairing, PairingError> {
    let programme = store::find_programme(tx, wanted.programme_id).await?.ok_or(PairingError::ProgrammeUnknown)?;
    terms::check_pairing(&programme, wanted.starts_on, wanted.ends_on)?;
    let names = parties(tx, grant.scope(), wanted).await?;
    if let Some(file) = wanted.evidence_file_id {
        document::require_own(tx, grant.organisation()?, &[file]).await?;
    }
    let row = pairing::Model {
        id: PairingId::generate(),
        programme_id: wanted.programme_id,
        enterprise_id: wanted.enterprise_id,
        village_id: wanted.village_id,
        starts_on: wanted.starts_on,
        ends_on: wanted.ends_on,
        evidence_file_id: wanted.evidence_file_id,
        created_by: grant.person()?,
        created_at: tx.now(),
        version: 1,
    };
    store::insert_pairing(tx, row.clone()).await.map_err(|error| {
        let is_duplicate = db::is_duplicate(&error, "pairing", &["programme_id", "enterprise_id", "village_id"]);
        if is_duplicate { PairingError::AlreadyPaired } else { error.into() }
    })?;
    let after = json!({
        "programme_id": row.programme_id, "enterprise_id": row.enterprise_id, "village_id": row.village_id,
        "starts_on": row.starts_on, "ends_on": row.ends_on,
    });
    tx.audit(Change::made("pairing.add", "pairing", row.id.uuid(), after)).await?;
    Ok(Pairing::of(row, &names))
}

/// Both parties are what they should be; their names.
async fn parties(tx: &Tx, scope: &Scope, wanted: &NewPairing) -> Result<HashMap<OrganisationId, String>, PairingError> {
    let found = organisation::find_many(tx, &[wanted.enterprise_id, wanted.village_id]).await?;
    let party = |id: OrganisationId, kind: OrganisationKind| {
        found.iter().find(|party| party.id == id && party.kind == kind && party.is_active)
    };
    party(wanted.enterprise_id, OrganisationKind::Enterprise).ok_or(PairingError::NoEnterprise)?;
    let village = party(wanted.village_id, OrganisationKind::VillageCommittee).ok_or(PairingError::NoVillage)?;
    let is_within = match scope {
        Scope::Everything => true,
        Scope::County(county) => *county == village.division_code,
        Scope::Organisation(_) | Scope::Tree(_) | Scope::AssignedHouseholds(_) => false,
    };
    if !is_within {
        return Err(PairingError::NoVillage);
    }
    Ok(found.into_iter().map(|party| (party.id, party.name)).collect())
}

/// Enters what a purchase contributes so far to the villages with which its buyer is paired: a further instalment or a
/// refund of the same order takes the place of what was entered before. Does nothing the second time.
///
/// # Errors
/// When the database refuses.
pub async fn contribute(tx: &Tx, income: &IncomeBooked) -> Result<(), PairingError> {
    let buyer = organisation::find(tx, income.buyer).await?;
    if buyer.is_none_or(|buyer| buyer.kind != OrganisationKind::Enterprise) {
        return Ok(());
    }
    let reached: Vec<_> = income.villages.iter().filter(|village| !village.accrued_fen.is_zero()).collect();
    let villages: Vec<OrganisationId> = reached.iter().map(|village| village.village).collect();
    let mut pairings: BTreeMap<OrganisationId, PairingId> = BTreeMap::new();
    for pairing in store::holding(tx, income.buyer, &villages, income.business_date).await? {
        // Oldest first: a second pairing of the same two does not count the purchase again.
        pairings.entry(pairing.village_id).or_insert(pairing.id);
    }
    let weights: Vec<_> = reached
        .iter()
        .map(|village| (village.village.uuid().into_bytes(), village.accrued_fen.get().unsigned_abs()))
        .collect();
    let parts = if weights.is_empty() {
        Vec::new()
    } else {
        split_by_weight(income.paid_fen, income.supplier_order, &weights)?
    };
    let mut rows: Vec<contribution::Model> = reached
        .iter()
        .zip(parts)
        .filter_map(|(village, amount_fen)| {
            Some(contribution::Model {
                id: ContributionId::generate(),
                pairing_id: *pairings.get(&village.village)?,
                kind: ContributionKind::Purchase,
                supplier_order_id: income.supplier_order,
                number: income.number,
                amount_fen,
                reached_fen: village.accrued_fen,
                households: village.households,
                occurred_on: income.business_date,
                created_at: tx.now(),
            })
        })
        .collect();
    // Where a refund left nothing, what was counted before no longer holds.
    for before in store::contributions_before(tx, income.supplier_order, income.number).await? {
        if !rows.iter().any(|row| row.pairing_id == before.pairing_id) {
            rows.push(contribution::Model {
                id: ContributionId::generate(),
                number: income.number,
                amount_fen: Fen::ZERO,
                reached_fen: Fen::ZERO,
                households: 0,
                occurred_on: income.business_date,
                created_at: tx.now(),
                ..before
            });
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    Ok(store::insert_contributions(tx, rows).await?)
}

/// One page of programmes, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list_programmes(
    db: &impl ConnectionTrait,
    _grant: &Grant<ViewPairing>,
    page: &PageQuery,
) -> Result<Page<Programme>, Failure> {
    let limit = page.limit()?;
    let rows = store::list_programmes(db, page.after()?, limit + 1).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), Programme::from))
}

/// One page of pairings, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list_pairings(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewPairing>,
    page: &PageQuery,
) -> Result<Page<Pairing>, Failure> {
    let limit = page.limit()?;
    let rows = store::list_pairings(db, grant.scope(), page.after()?, limit + 1).await?;
    let names = names(db, &rows).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), |row| Pairing::of(row, &names)))
}

async fn names(db: &impl ConnectionTrait, rows: &[pairing::Model]) -> Result<HashMap<OrganisationId, String>, DbErr> {
    let mut ids: Vec<OrganisationId> = rows.iter().flat_map(|row| [row.enterprise_id, row.village_id]).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(organisation::find_many(db, &ids).await?.into_iter().map(|party| (party.id, party.name)).collect())
}

/// What a pairing contributed: its totals, and one page of contributions.
///
/// # Errors
/// Not found; 400 for a bad page.
pub(super) async fn contributions(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewPairing>,
    id: PairingId,
    page: &PageQuery,
    least: u32,
) -> Result<Contributions, Failure> {
    let limit = page.limit()?;
    let after = page.after()?;
    let groups = SmallestGroup::seen_by(grant.actor(), least);
    let pairing = store::find_pairing(db, grant.scope(), id).await?.ok_or(PairingError::NotFound)?;
    let rows = store::list_contributions(db, id, after, limit + 1).await?;
    let Page { items, next } = Page::of(rows, limit, |row| row.id.uuid(), |row| Contribution::of(row, groups));
    let totals = store::totals(db, id).await?.into_iter().map(|total| {
        let store::Total { kind, contributions, amount_fen, reached_fen } = total;
        ContributionTotal { kind, contributions, amount_fen, reached_fen }
    });
    let totals = totals.collect();
    let households = groups.shown(store::households_reached(db, &pairing).await?);
    let names = names(db, std::slice::from_ref(&pairing)).await?;
    Ok(Contributions { pairing: Pairing::of(pairing, &names), totals, households, items, next })
}
