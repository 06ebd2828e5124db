//! Several households as they were on a day: what a list shows of them, by the same rule as one of them by itself.

use super::{fold, store};
use crate::household::store as register;
use chrono::NaiveDate;
use entity::value::{HouseholdId, MemberId, Relation};
use entity::{household, household_change, member_change};
use sea_orm::{ConnectionTrait, DbErr};
use std::collections::HashMap;

/// These households with the village, the head and the number of people of a day: three questions, however many they are.
///
/// # Errors
/// When the database cannot be asked.
pub(in crate::household) async fn on_day(
    db: &impl ConnectionTrait,
    rows: Vec<household::Model>,
    day: NaiveDate,
) -> Result<Vec<household::Model>, DbErr> {
    let ids: Vec<HouseholdId> = rows.iter().map(|row| row.id).collect();
    let mut changes: HashMap<HouseholdId, Vec<household_change::Model>> = HashMap::new();
    for row in store::of_households(db, &ids).await? {
        changes.entry(row.household_id).or_default().push(row);
    }
    let mut entries: HashMap<MemberId, Vec<member_change::Model>> = HashMap::new();
    for row in store::of_people_of(db, &ids).await? {
        entries.entry(row.member_id).or_default().push(row);
    }
    let (mut people, mut heads): (HashMap<HouseholdId, i32>, HashMap<HouseholdId, MemberId>) = Default::default();
    for (member, rows) in &entries {
        let on = fold::member_on(rows, day);
        let Some(household) = on.household else { continue };
        let count = people.entry(household).or_default();
        *count = count.saturating_add(1);
        if on.relation == Some(Relation::Head) {
            heads.insert(household, *member);
        }
    }
    let named: Vec<MemberId> = heads.values().copied().collect();
    let names = register::members_by_ids(db, &named).await?.into_iter().map(|row| (row.id, row.name));
    let names: HashMap<MemberId, String> = names.collect();
    let then = |row: household::Model| {
        let on = fold::household_on(changes.get(&row.id).map_or(&[], Vec::as_slice), day);
        let head = heads.get(&row.id).and_then(|head| names.get(head));
        household::Model {
            village_id: on.village.unwrap_or(row.village_id),
            people: people.get(&row.id).copied().unwrap_or(0),
            head_name: head.cloned().unwrap_or_else(|| row.head_name.clone()),
            ..row
        }
    };
    Ok(rows.into_iter().map(then).collect())
}
