//! How many people belonged to households on a day, for many households at once.

use super::store;
use chrono::NaiveDate;
use entity::value::{HouseholdId, MemberChangeId, MemberId};
use sea_orm::{ConnectionTrait, DbErr};
use std::collections::{HashMap, HashSet};

/// An entry by which somebody came to a household or left: the day, the entry, where they belong from then on.
pub(super) type Stay = (NaiveDate, MemberChangeId, Option<HouseholdId>);

/// Where everybody who ever belonged to some households belonged, day by day.
#[derive(Debug, Clone, Default)]
pub struct People {
    /// Each person's entries, in the order in which they hold.
    stays: Vec<Vec<Stay>>,
    /// Who ever belonged to a household, by their place in `stays`.
    of: HashMap<HouseholdId, Vec<usize>>,
}

impl People {
    /// Puts them together from the entries of whoever ever belonged to the households.
    pub(super) fn of(entries: Vec<(MemberId, Stay)>) -> Self {
        let mut by_member: HashMap<MemberId, Vec<Stay>> = HashMap::new();
        for (member, stay) in entries {
            by_member.entry(member).or_default().push(stay);
        }
        let mut people = Self::default();
        for (place, (_, mut stays)) in by_member.into_iter().enumerate() {
            stays.sort_unstable();
            let homes: HashSet<HouseholdId> = stays.iter().filter_map(|(.., household)| *household).collect();
            for household in homes {
                people.of.entry(household).or_default().push(place);
            }
            people.stays.push(stays);
        }
        people
    }

    /// How many people belonged to a household on a day.
    #[must_use]
    pub fn count_on(&self, household: HouseholdId, day: NaiveDate) -> u32 {
        let is_there = |place: &&usize| {
            let stays = self.stays.get(**place).map_or(&[][..], Vec::as_slice);
            let last = stays.iter().take_while(|(from, ..)| *from <= day).last();
            last.is_some_and(|(.., at)| *at == Some(household))
        };
        let count = self.of.get(&household).map_or(0, |places| places.iter().filter(is_there).count());
        u32::try_from(count).unwrap_or(u32::MAX)
    }
}

/// Who belonged to these households, on any day.
///
/// # Errors
/// When the database cannot be asked.
pub async fn people_of(db: &impl ConnectionTrait, ids: &[HouseholdId]) -> Result<People, DbErr> {
    Ok(People::of(store::stays(db, ids).await?))
}
