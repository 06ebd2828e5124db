//! Where a lot comes from, and what became of it: a walk over steps, a generation at a time.

use super::store;
use super::view::{LotFamily, LotStep};
use crate::access::Scope;
use crate::harvest::error::HarvestError;
use crate::harvest::lot::view::LotSummary;
use crate::harvest::lot::{self};
use entity::value::{LotId, LotStepId};
use entity::{lot as lot_table, lot_step};
use sea_orm::{ConnectionTrait, DbErr};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Every lot that was made of these, directly or through others, nearest first. What comes out of a step is new, so
/// the walk ends.
///
/// # Errors
/// When the database cannot be asked.
pub async fn descendants(db: &impl ConnectionTrait, lots: &[LotId]) -> Result<Vec<lot_table::Model>, DbErr> {
    let mut seen: BTreeSet<LotId> = lots.iter().copied().collect();
    let mut generation = lots.to_vec();
    let mut found = Vec::new();
    while !generation.is_empty() {
        let steps = store::steps_taking(db, &generation).await?;
        let children = lot::made_by(db, &steps).await?;
        generation = Vec::new();
        for child in children {
            if seen.insert(child.id) {
                generation.push(child.id);
                found.push(child);
            }
        }
    }
    Ok(found)
}

/// Every lot that these were made of, nearest first.
async fn ancestors(db: &impl ConnectionTrait, lot: &lot_table::Model) -> Result<Vec<lot_table::Model>, DbErr> {
    let mut seen = BTreeSet::from([lot.id]);
    let mut steps: BTreeSet<LotStepId> = lot.step_id.into_iter().collect();
    let mut found = Vec::new();
    while !steps.is_empty() {
        let inputs = store::inputs_of(db, &steps.into_iter().collect::<Vec<_>>()).await?;
        let parents: BTreeSet<LotId> = inputs.into_iter().filter_map(|input| input.lot_id).collect();
        let parents: Vec<LotId> = parents.into_iter().filter(|id| seen.insert(*id)).collect();
        let mut rows: Vec<_> = lot::find_lots(db, &parents).await?.into_values().collect();
        rows.sort_by_key(|row| row.id);
        steps = rows.iter().filter_map(|row| row.step_id).collect();
        found.extend(rows);
    }
    Ok(found)
}

/// The steps that led to a lot, oldest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn steps_before(db: &impl ConnectionTrait, lot: &lot_table::Model) -> Result<Vec<lot_step::Model>, DbErr> {
    let ancestors = ancestors(db, lot).await?;
    let ids: BTreeSet<LotStepId> = ancestors.iter().chain([lot]).filter_map(|row| row.step_id).collect();
    store::find_many(db, &ids.into_iter().collect::<Vec<_>>()).await
}

/// Steps with what went in and what came out.
async fn steps(db: &impl ConnectionTrait, ids: &[LotStepId]) -> Result<Vec<LotStep>, DbErr> {
    let mut inputs: HashMap<LotStepId, Vec<_>> = HashMap::new();
    for input in store::inputs_of(db, ids).await? {
        inputs.entry(input.step_id).or_default().push(input);
    }
    let mut outputs: BTreeMap<LotStepId, Vec<LotSummary>> = BTreeMap::new();
    for row in lot::made_by(db, ids).await? {
        let Some(step) = row.step_id else { continue };
        outputs.entry(step).or_default().push(row.into());
    }
    let rows = store::find_many(db, ids).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let (inputs, outputs) = (inputs.remove(&row.id), outputs.remove(&row.id));
            LotStep::of(row, inputs.unwrap_or_default(), outputs.unwrap_or_default())
        })
        .collect())
}

/// One step.
///
/// # Errors
/// When it is not there.
pub(super) async fn step_of(db: &impl ConnectionTrait, id: LotStepId) -> Result<LotStep, HarvestError> {
    steps(db, &[id]).await?.pop().ok_or(HarvestError::NotFound)
}

/// A lot with everything around it.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn family(db: &impl ConnectionTrait, scope: &Scope, id: LotId) -> Result<LotFamily, HarvestError> {
    let row = lot::find_visible(db, scope, id).await?.ok_or(HarvestError::NotFound)?;
    let ancestors = ancestors(db, &row).await?;
    let descendants = descendants(db, &[id]).await?;
    let related = ancestors.iter().chain(&descendants).chain([&row]);
    let ids: BTreeSet<LotStepId> = related.filter_map(|lot| lot.step_id).collect();
    let steps = steps(db, &ids.into_iter().collect::<Vec<_>>()).await?;
    let summaries = |rows: Vec<lot_table::Model>| rows.into_iter().map(LotSummary::from).collect();
    Ok(LotFamily { lot: row.into(), ancestors: summaries(ancestors), descendants: summaries(descendants), steps })
}
