//! Who a purchase counts for: pure.
//!
//! What was paid is divided over the villages that the order reached, in proportion to what accrued to the households of
//! each; within a village in which an enterprise is paired with some households only, over those and the others. Every
//! part belongs to the oldest pairing that covers it, or to none; all parts add up to what was paid.

use crate::attribution::engine::{SplitError, split_by_weight};
use entity::value::{Fen, HouseholdId, OrganisationId, PairingId, SupplierOrderId};
use std::collections::{BTreeMap, BTreeSet};

/// Whom a pairing covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Covered {
    /// All households of these villages.
    Villages(BTreeSet<OrganisationId>),
    /// These households.
    Households(BTreeSet<HouseholdId>),
}

/// A pairing that holds on the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    /// The pairing.
    pub pairing: PairingId,
    /// Whom it covers.
    pub covered: Covered,
}

/// A village that an order reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// The village committee.
    pub village: OrganisationId,
    /// What accrued to its households, in fen.
    pub accrued: Fen,
    /// How many households that is.
    pub households: i32,
    /// What accrued to those of its households with which somebody is paired by name.
    pub named: Vec<(HouseholdId, Fen)>,
}

/// What an order comes to for a pairing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The pairing; none for what no pairing covers.
    pub pairing: Option<PairingId>,
    /// Its part of what was paid.
    pub amount: Fen,
    /// What accrued to its households.
    pub reached: Fen,
    /// How many households that is.
    pub households: i32,
}

/// Divides what was paid for an order over the pairings that hold, the oldest first.
///
/// # Errors
/// Weights beyond what can be added.
pub fn apportion(
    paid: Fen,
    order: SupplierOrderId,
    reached: &[Reached],
    covers: &[Cover],
) -> Result<Vec<Part>, SplitError> {
    let reached: Vec<&Reached> = reached.iter().filter(|village| !village.accrued.is_zero()).collect();
    if reached.is_empty() {
        return Ok(Vec::new());
    }
    let weights: Vec<_> = reached
        .iter()
        .map(|village| (village.village.uuid().into_bytes(), village.accrued.get().unsigned_abs()))
        .collect();
    let mut parts: BTreeMap<Option<PairingId>, Part> = BTreeMap::new();
    for (village, amount) in reached.into_iter().zip(split_by_weight(paid, order, &weights)?) {
        for part in within(village, amount, order, covers)? {
            let of = parts.entry(part.pairing).or_insert(Part {
                pairing: part.pairing,
                amount: Fen::ZERO,
                reached: Fen::ZERO,
                households: 0,
            });
            of.amount = of.amount.checked_add(part.amount).map_err(|_| SplitError::Overflow)?;
            of.reached = of.reached.checked_add(part.reached).map_err(|_| SplitError::Overflow)?;
            of.households += part.households;
        }
    }
    Ok(parts.into_values().collect())
}

/// Divides a village's part over the pairings that cover its households.
fn within(village: &Reached, amount: Fen, order: SupplierOrderId, covers: &[Cover]) -> Result<Vec<Part>, SplitError> {
    let mut left = Part { pairing: None, amount, reached: village.accrued, households: village.households };
    let mut named: BTreeMap<HouseholdId, Fen> = village.named.iter().copied().collect();
    let mut parts = Vec::new();
    for cover in covers {
        match &cover.covered {
            Covered::Villages(villages) if villages.contains(&village.village) => {
                left.pairing = Some(cover.pairing);
                break;
            }
            Covered::Villages(_) => {}
            Covered::Households(households) => {
                let own: Vec<Fen> = households.iter().filter_map(|household| named.remove(household)).collect();
                let reached = Fen::checked_sum(own.iter().copied()).map_err(|_| SplitError::Overflow)?;
                if reached.is_zero() {
                    continue;
                }
                let count = i32::try_from(own.iter().filter(|fen| !fen.is_zero()).count()).unwrap_or(i32::MAX);
                left.reached = left.reached.checked_sub(reached).map_err(|_| SplitError::Overflow)?;
                left.households -= count;
                parts.push(Part { pairing: Some(cover.pairing), amount: Fen::ZERO, reached, households: count });
            }
        }
    }
    if !left.reached.is_zero() {
        parts.push(left);
    }
    let key = |part: &Part| part.pairing.map_or([0; 16], |pairing| pairing.uuid().into_bytes());
    let weights: Vec<_> = parts.iter().map(|part| (key(part), part.reached.get().unsigned_abs())).collect();
    for (part, amount) in parts.iter_mut().zip(split_by_weight(amount, order, &weights)?) {
        part.amount = amount;
    }
    Ok(parts)
}
