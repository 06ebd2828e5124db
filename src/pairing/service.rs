//! What can be done: run programmes, pair, and count what purchases contribute.

use super::count::{self, Cover, Covered, Reached};
use super::view::{
    Contribution, ContributionTotal, Contributions, Members, NewPairing, NewProgramme, Pairing, Programme,
};
use super::{PairingError, store, terms};
use crate::access::policy::{KeepPairing, KeepProgramme, ViewPairing};
use crate::access::{Grant, Scope, SmallestGroup};
use crate::db::{self, Change, Tx};
use crate::http::{Page, PageQuery};
use crate::problem::Failure;
use crate::settlement::{IncomeBooked, VillageIncome};
use crate::{document, household, organisation, referral};
use entity::value::{
    ContributionId, ContributionKind, Fen, HouseholdId, OrganisationId, OrganisationKind, PairingId, PairingTarget,
    ProgrammeId,
};
use entity::{contribution, pairing, programme};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::HashMap;

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

/// Pairs an enterprise with a village of the officer's county, a group of them, the county, or some households.
///
/// # Errors
/// No such programme, or a term outside it; a party that cannot be paired; they are paired already.
pub async fn pair(
    tx: &Tx,
    grant: &Grant<KeepPairing>,
    wanted: &NewPairing,
    least: u32,
) -> Result<Pairing, PairingError> {
    let programme = store::find_programme(tx, wanted.programme_id).await?.ok_or(PairingError::ProgrammeUnknown)?;
    terms::check_pairing(&programme, wanted.starts_on, wanted.ends_on)?;
    let faults = terms::faults_of_target(wanted);
    if !faults.is_empty() {
        return Err(PairingError::Fields(faults));
    }
    let signs = match wanted.target {
        PairingTarget::Village | PairingTarget::HouseholdGroup => wanted.village_id,
        PairingTarget::VillageGroup => wanted.village_ids.first().copied(),
        PairingTarget::County => Some(grant.organisation()?),
    };
    let village_id = signs.ok_or(PairingError::NoVillage)?;
    let names = parties(tx, grant.scope(), wanted, village_id).await?;
    if let Some(file) = wanted.evidence_file_id {
        document::require_own(tx, grant.organisation()?, &[file]).await?;
    }
    let row = pairing::Model {
        id: PairingId::generate(),
        programme_id: wanted.programme_id,
        enterprise_id: wanted.enterprise_id,
        target: wanted.target,
        village_id,
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
    store::insert_members(tx, row.id, &wanted.village_ids, &wanted.household_ids).await?;
    let after = json!({
        "programme_id": row.programme_id, "enterprise_id": row.enterprise_id, "target": row.target,
        "village_id": row.village_id, "villages": wanted.village_ids, "households": wanted.household_ids.len(),
        "starts_on": row.starts_on, "ends_on": row.ends_on,
    });
    tx.audit(Change::made("pairing.add", "pairing", row.id.uuid(), after)).await?;
    let members = store::members(tx, std::slice::from_ref(&row)).await?;
    Ok(Pairing::of(row, &members, &names, SmallestGroup::seen_by(grant.actor(), least)))
}

/// All parties are what they should be; their names.
async fn parties(
    tx: &Tx,
    scope: &Scope,
    wanted: &NewPairing,
    signs: OrganisationId,
) -> Result<HashMap<OrganisationId, String>, PairingError> {
    let asked: Vec<OrganisationId> =
        [wanted.enterprise_id, signs].into_iter().chain(wanted.village_ids.iter().copied()).collect();
    let found = organisation::find_many(tx, &asked).await?;
    let party = |id: OrganisationId, kind: OrganisationKind| {
        found.iter().find(|party| party.id == id && party.kind == kind && party.is_active)
    };
    party(wanted.enterprise_id, OrganisationKind::Enterprise).ok_or(PairingError::NoEnterprise)?;
    let villages = match wanted.target {
        // The office signs for its county.
        PairingTarget::County => Vec::new(),
        PairingTarget::VillageGroup => wanted.village_ids.clone(),
        PairingTarget::Village | PairingTarget::HouseholdGroup => vec![signs],
    };
    for id in villages {
        let village = party(id, OrganisationKind::VillageCommittee).ok_or(PairingError::NoVillage)?;
        let is_within = match scope {
            Scope::Everything => true,
            Scope::County(county) => *county == village.division_code,
            Scope::Organisation(_) | Scope::Tree(_) | Scope::AssignedHouseholds(_) => false,
        };
        if !is_within {
            return Err(PairingError::NoVillage);
        }
    }
    if !wanted.household_ids.is_empty() {
        let homes = household::village_of(tx, &wanted.household_ids).await?;
        if !wanted.household_ids.iter().all(|id| homes.get(id) == Some(&signs)) {
            return Err(PairingError::NoHouseholds);
        }
    }
    Ok(found.into_iter().map(|party| (party.id, party.name)).collect())
}

/// Enters what an order contributes so far to the villages with which the enterprise is paired that brought it by its code,
/// as an assisted sale, or else with which its buyer is paired, as a purchase; never as both. A further instalment or a
/// refund of the same order takes the place of what was entered before. Does nothing the second time.
///
/// # Errors
/// When the database refuses.
pub async fn contribute(tx: &Tx, income: &IncomeBooked) -> Result<(), PairingError> {
    if let Some(enterprise) = referral::brought_by(tx, income.supplier_order).await?
        && enter_parts(tx, income, enterprise, ContributionKind::AssistedSale).await?
    {
        return Ok(());
    }
    let buyer = organisation::find(tx, income.buyer).await?;
    if buyer.is_none_or(|buyer| buyer.kind != OrganisationKind::Enterprise) {
        return Ok(());
    }
    enter_parts(tx, income, income.buyer, ContributionKind::Purchase).await.map(drop)
}

/// Divides an order over an enterprise's pairings and enters the parts; says whether it counts, or counted, for any.
async fn enter_parts(
    tx: &Tx,
    income: &IncomeBooked,
    enterprise: OrganisationId,
    kind: ContributionKind,
) -> Result<bool, PairingError> {
    let villages: Vec<OrganisationId> = income.villages.iter().map(|village| village.village).collect();
    let covers = store::covers(tx, enterprise, &villages, income.business_date).await?;
    let reached = reached(tx, income, &covers).await?;
    let parts = count::apportion(income.paid_fen, income.supplier_order, &reached, &covers)?;
    let mut rows: Vec<contribution::Model> = parts
        .into_iter()
        .filter_map(|part| {
            Some(contribution::Model {
                id: ContributionId::generate(),
                pairing_id: part.pairing?,
                kind,
                supplier_order_id: income.supplier_order,
                number: income.number,
                amount_fen: part.amount,
                reached_fen: part.reached,
                households: part.households,
                occurred_on: income.business_date,
                created_at: tx.now(),
            })
        })
        .collect();
    let before = store::contributions_before(tx, income.supplier_order, income.number).await?;
    if rows.is_empty() && !before.iter().any(|row| row.kind == kind) {
        return Ok(false);
    }
    // Where a refund left nothing, or another enterprise has it now, what was counted before no longer holds.
    for before in before {
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
    store::insert_contributions(tx, rows).await?;
    Ok(true)
}

/// The villages that an order reached, with what accrued to those households with which the enterprise is paired by name.
async fn reached(tx: &Tx, income: &IncomeBooked, covers: &[Cover]) -> Result<Vec<Reached>, PairingError> {
    let named = |cover: &Cover| match &cover.covered {
        Covered::Households(households) => households.iter().copied().collect(),
        Covered::Villages(_) => Vec::new(),
    };
    let households: Vec<HouseholdId> = covers.iter().flat_map(named).collect();
    let mut accrued: HashMap<OrganisationId, Vec<(HouseholdId, Fen)>> = HashMap::new();
    if !households.is_empty() {
        let rows = store::accrued_to(tx, income.supplier_order, income.number, &households).await?;
        for (household, village, amount) in rows {
            accrued.entry(village).or_default().push((household, amount));
        }
    }
    let village = |of: &VillageIncome| Reached {
        village: of.village,
        accrued: of.accrued_fen,
        households: of.households,
        named: accrued.remove(&of.village).unwrap_or_default(),
    };
    Ok(income.villages.iter().map(village).collect())
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
    least: u32,
) -> Result<Page<Pairing>, Failure> {
    let limit = page.limit()?;
    let groups = SmallestGroup::seen_by(grant.actor(), least);
    let rows = store::list_pairings(db, grant.scope(), page.after()?, limit + 1).await?;
    let members = store::members(db, &rows).await?;
    let names = names(db, &rows, &members).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), |row| Pairing::of(row, &members, &names, groups)))
}

async fn names(
    db: &impl ConnectionTrait,
    rows: &[pairing::Model],
    members: &Members,
) -> Result<HashMap<OrganisationId, String>, DbErr> {
    let parties = rows.iter().flat_map(|row| [row.enterprise_id, row.village_id]);
    let mut ids: Vec<OrganisationId> = parties.chain(members.villages.values().flatten().copied()).collect();
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
    let totals = store::totals(db, store::only(id)).await?.into_iter().map(|total| {
        let store::Total { kind, contributions, amount_fen, reached_fen } = total;
        ContributionTotal { kind, contributions, amount_fen, reached_fen }
    });
    let totals = totals.collect();
    let households = groups.shown(store::households_reached(db, &pairing).await?);
    let members = store::members(db, std::slice::from_ref(&pairing)).await?;
    let names = names(db, std::slice::from_ref(&pairing), &members).await?;
    Ok(Contributions { pairing: Pairing::of(pairing, &members, &names, groups), totals, households, items, next })
}
