//! What holds on a day: pure.
//!
//! One rule for every attribute: of the entries for days not after it, the latest day wins; of two for one day, the one
//! entered later, whose identifier is larger.

use chrono::NaiveDate;
use entity::value::{
    Education, Guarantee, HouseholdId, HouseholdStatusKind, HouseholdType, LabourSkill, MemberChangeId, OrganisationId,
    Relation,
};
use entity::{household_change, household_status, member_change};

/// What a person was on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemberOn {
    /// The household they belonged to.
    pub household: Option<HouseholdId>,
    /// Since when they belonged to it, or to none.
    pub since: Option<NaiveDate>,
    /// Their relation to its head.
    pub relation: Option<Relation>,
    /// Their schooling.
    pub education: Option<Education>,
    /// Their health, sealed, with the entry it was sealed for.
    pub health: Option<(MemberChangeId, String)>,
    /// What work they could do.
    pub skill: Option<LabourSkill>,
    /// Where they worked away from home, and how many months a year.
    pub work: Option<(String, i64)>,
    /// Which guarantee of the state they lived on.
    pub guarantee: Option<Guarantee>,
}

/// What a household was on a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HouseholdOn {
    /// The village committee it belonged to.
    pub village: Option<OrganisationId>,
    /// The household it was merged into.
    pub merged_into: Option<HouseholdId>,
}

/// The entries for days not after this one, in the order in which they hold.
fn until<'a, R, K: Ord>(
    rows: &'a [R],
    day: NaiveDate,
    place: impl Fn(&'a R) -> (NaiveDate, K),
) -> impl Iterator<Item = &'a R> {
    let mut holding: Vec<_> = rows.iter().filter(|row| place(row).0 <= day).collect();
    holding.sort_by_key(|row| place(row));
    holding.into_iter()
}

/// What a person was on a day, by the entries about them.
#[must_use]
pub fn member_on(rows: &[member_change::Model], day: NaiveDate) -> MemberOn {
    let mut on = MemberOn::default();
    for row in until(rows, day, |row| (row.from_date, row.id)) {
        if row.household_id.is_some() || row.has_left {
            on.household = row.household_id;
            on.since = Some(row.from_date);
        }
        on.relation = row.relation.or(on.relation);
        on.education = row.education.or(on.education);
        on.health = row.health_cipher.clone().map(|cipher| (row.id, cipher)).or(on.health);
        on.skill = row.skill.or(on.skill);
        on.work = row.work_place.clone().zip(row.work_months).or(on.work);
        on.guarantee = row.guarantee.or(on.guarantee);
    }
    on
}

/// What a household was on a day, by the entries about it.
#[must_use]
pub fn household_on(rows: &[household_change::Model], day: NaiveDate) -> HouseholdOn {
    until(rows, day, |row| (row.from_date, row.id)).fold(HouseholdOn::default(), |on, row| HouseholdOn {
        village: row.village_id.or(on.village),
        merged_into: row.merged_into.or(on.merged_into),
    })
}

/// The status on a day.
#[must_use]
pub fn status_on(rows: &[household_status::Model], day: NaiveDate) -> Option<HouseholdStatusKind> {
    until(rows, day, |row| (row.from_date, row.id)).last().map(|row| row.status)
}

/// What a household is while it is monitored (监测对象).
pub const MONITORED: [HouseholdStatusKind; 3] = [
    HouseholdStatusKind::MonitoredUnstable,
    HouseholdStatusKind::MonitoredBorderline,
    HouseholdStatusKind::MonitoredSudden,
];

/// Whether a household of this status is monitored (监测对象).
#[must_use]
pub fn is_monitored(status: HouseholdStatusKind) -> bool {
    MONITORED.contains(&status)
}

/// The type on a day (户类型). Sudden hardship befalls either type and says nothing of it: what was before it does.
#[must_use]
pub fn type_on(rows: &[household_status::Model], day: NaiveDate) -> Option<HouseholdType> {
    let mut on = None;
    for row in until(rows, day, |row| (row.from_date, row.id)) {
        on = match row.status {
            HouseholdStatusKind::Registered | HouseholdStatusKind::MonitoredUnstable => {
                Some(HouseholdType::OutOfPoverty)
            }
            HouseholdStatusKind::MonitoredBorderline | HouseholdStatusKind::Ordinary => Some(HouseholdType::Ordinary),
            HouseholdStatusKind::MonitoredSudden => on.or(Some(HouseholdType::Ordinary)),
        };
    }
    on
}

/// What a household is when it is monitored no more: what its type says.
#[must_use]
pub fn status_after_risk(of: HouseholdType) -> HouseholdStatusKind {
    match of {
        HouseholdType::OutOfPoverty => HouseholdStatusKind::Registered,
        HouseholdType::Ordinary => HouseholdStatusKind::Ordinary,
    }
}
