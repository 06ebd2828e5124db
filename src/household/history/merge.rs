//! Which households were merged into others, and from which day each counts with the one that took it in (并户承继), for many
//! households at once.
//!
//! A household is merged at most once. One that took others in may itself be merged later: then those before it come along,
//! from the day of the later merge.

use super::store;
use chrono::NaiveDate;
use entity::household_change;
use entity::value::HouseholdId;
use sea_orm::{ConnectionTrait, DbErr};
use std::collections::{HashMap, HashSet};

/// Over how many merges one after the other a household is followed.
pub(super) const FURTHEST: i32 = 8;

/// The merges that some households are part of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merges {
    into: HashMap<HouseholdId, (HouseholdId, NaiveDate)>,
    from: HashMap<HouseholdId, Vec<(HouseholdId, NaiveDate)>>,
}

impl Merges {
    /// Puts them together from entries of the register: a household, the one it was merged into, the day.
    #[must_use]
    pub fn of(merged: impl IntoIterator<Item = (HouseholdId, HouseholdId, NaiveDate)>) -> Self {
        let mut merges = Self::default();
        for (household, into, on) in merged {
            if merges.into.insert(household, (into, on)).is_none() {
                merges.from.entry(into).or_default().push((household, on));
            }
        }
        merges
    }

    /// Into which household this one was merged, and from which day.
    #[must_use]
    pub fn successor(&self, household: HouseholdId) -> Option<(HouseholdId, NaiveDate)> {
        self.into.get(&household).copied()
    }

    /// The households that this one took in, by whatever way, each with the day from which it counts here.
    #[must_use]
    pub fn taken_in(&self, household: HouseholdId) -> Vec<(HouseholdId, NaiveDate)> {
        let (mut found, mut seen) = (Vec::new(), HashSet::from([household]));
        let mut next = vec![(household, NaiveDate::MIN)];
        for _ in 0..FURTHEST {
            let mut further = Vec::new();
            for (place, since) in next {
                for (before, on) in self.from.get(&place).into_iter().flatten() {
                    if seen.insert(*before) {
                        further.push((*before, since.max(*on)));
                    }
                }
            }
            found.extend_from_slice(&further);
            next = further;
        }
        found
    }
}

impl Extend<household_change::Model> for Merges {
    fn extend<T: IntoIterator<Item = household_change::Model>>(&mut self, rows: T) {
        let merged = rows.into_iter().filter_map(|row| Some((row.household_id, row.merged_into?, row.from_date)));
        let known = self.into.iter().map(|(household, (into, on))| (*household, *into, *on));
        *self = Self::of(known.collect::<Vec<_>>().into_iter().chain(merged));
    }
}

/// The merges that these households are part of, on either side: one statement a thousand of them.
///
/// # Errors
/// When the database cannot be asked.
pub async fn merges_of(db: &impl ConnectionTrait, ids: &[HouseholdId]) -> Result<Merges, DbErr> {
    let mut merges = Merges::default();
    merges.extend(store::merges_about(db, ids).await?);
    Ok(merges)
}
