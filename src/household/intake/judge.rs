//! What rows would do: everything is asked for at once, then each household is looked at by itself.

use super::check::{self, Check};
use super::{HouseholdRows, PersonRow, hundredths_of_mu, square_metres};
use crate::household::error::HouseholdError;
use crate::household::history::{self, MemberOn, member_on};
use crate::household::land::{self, Holding};
use crate::household::view::{MemberFacts, NewHousehold, NewHouseholdMember, NewHouseholdStatus};
use crate::household::{sealed, store, terms};
use crate::organisation;
use crate::secrecy::Secrets;
use chrono::NaiveDate;
use entity::value::{
    AreaCode, Guarantee, Health, HouseholdId, HouseholdStatusKind, LandKind, MemberId, OrganisationId,
    OrganisationKind, PhoneNumber, Relation,
};
use entity::{household, household_member};
use sea_orm::ConnectionTrait;
use std::collections::{HashMap, HashSet};

/// A check that a row does not pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// The row.
    pub person: usize,
    /// The check's name; none for what every registration must satisfy.
    pub code: Option<&'static str>,
    /// The column.
    pub column: &'static str,
    /// What is wrong, in Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Failed {
    fn by(person: usize, check: &'static Check) -> Self {
        Self { person, code: Some(check.code), column: check.column, zh: check.zh.to_owned(), en: check.en.to_owned() }
    }
}

/// What a row would change. Nothing here is personal data in clear: a phone is masked, health is not told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The row.
    pub person: usize,
    /// The column.
    pub column: &'static str,
    /// What stands there now.
    pub before: String,
    /// What the row says.
    pub after: String,
}

/// What comes of the rows of a household.
#[derive(Debug, Default)]
pub struct Judged {
    /// The household, where it is known.
    pub household: Option<HouseholdId>,
    /// What is wrong; nothing is done then.
    pub failed: Vec<Failed>,
    /// What would change.
    pub changed: Vec<Changed>,
    /// What to do; nothing where everything is so already.
    pub plan: Option<Plan>,
}

/// What is done for a household.
#[derive(Debug)]
pub enum Plan {
    /// It is registered.
    Register {
        /// The household.
        new: Box<NewHousehold>,
        /// Its land, in square metres.
        land: Vec<(LandKind, i64)>,
    },
    /// Something of it changes.
    Change {
        /// Which.
        household: HouseholdId,
        /// Another village.
        village: Option<OrganisationId>,
        /// What is said of its people.
        people: Vec<(MemberId, Option<Relation>, MemberFacts)>,
        /// Their phones.
        phones: Vec<(MemberId, PhoneNumber)>,
        /// Its land, in square metres.
        land: Vec<(LandKind, i64)>,
    },
}

/// What the register says of the households and people of some rows.
struct Known {
    households: HashMap<String, household::Model>,
    /// By each hash under which they may stand.
    people: HashMap<String, household_member::Model>,
    members: HashMap<HouseholdId, Vec<MemberId>>,
    on: HashMap<MemberId, MemberOn>,
    statuses: HashMap<HouseholdId, HouseholdStatusKind>,
    holdings: HashMap<HouseholdId, Holding>,
    /// By name and by identifier; nothing for a name that several have.
    villages: HashMap<String, Option<OrganisationId>>,
}

/// Looks at the rows of households for a county.
///
/// # Errors
/// A ciphertext that does not open; the database.
pub async fn judge(
    db: &impl ConnectionTrait,
    secrets: &Secrets,
    county: &AreaCode,
    today: NaiveDate,
    rows: &[HouseholdRows],
) -> Result<Vec<Judged>, HouseholdError> {
    let people: Vec<Vec<Option<Vec<String>>>> = rows.iter().map(|rows| hashes(secrets, rows)).collect();
    let known = known(db, county, today, rows, &people).await?;
    rows.iter().zip(&people).map(|(rows, hashes)| one(secrets, county, today, &known, rows, hashes)).collect()
}

/// The hashes under which each person may stand; none for a number that is none.
fn hashes(secrets: &Secrets, rows: &HouseholdRows) -> Vec<Option<Vec<String>>> {
    let of = |person: &PersonRow| {
        let read = check::certificate(&person.id_number).ok()?;
        Some(sealed::hashes(secrets, &read.id))
    };
    rows.people.iter().map(of).collect()
}

async fn known(
    db: &impl ConnectionTrait,
    county: &AreaCode,
    today: NaiveDate,
    rows: &[HouseholdRows],
    people: &[Vec<Option<Vec<String>>>],
) -> Result<Known, HouseholdError> {
    let numbers: Vec<&str> = rows.iter().map(|rows| rows.number.as_str()).collect();
    let households = store::find_by_numbers(db, &numbers).await?;
    let ids: Vec<HouseholdId> = households.iter().map(|row| row.id).collect();
    let hashes: Vec<String> = people.iter().flatten().flatten().flatten().cloned().collect();
    let found = history::by_hashes(db, &hashes).await?;
    let mut members: HashMap<HouseholdId, Vec<MemberId>> = HashMap::new();
    for row in store::members_of_many(db, &ids).await? {
        members.entry(row.household_id).or_default().push(row.id);
    }
    let asked: Vec<MemberId> = members.values().flatten().copied().collect();
    let on = fold_on(history::of_members(db, &asked).await?, today);
    Ok(Known {
        statuses: store::status_on(db, &ids, today).await?,
        holdings: land::holdings(db, &ids, today).await?,
        households: households.into_iter().map(|row| (row.number.clone(), row)).collect(),
        people: found.into_iter().map(|row| (row.id_number_hash.clone(), row)).collect(),
        members,
        on,
        villages: villages(db, county, rows).await?,
    })
}

async fn villages(
    db: &impl ConnectionTrait,
    county: &AreaCode,
    rows: &[HouseholdRows],
) -> Result<HashMap<String, Option<OrganisationId>>, HouseholdError> {
    let named: HashSet<&str> = rows.iter().map(|rows| rows.village.trim()).collect();
    let ids: Vec<OrganisationId> = named.iter().filter_map(|name| name.parse().ok()).collect();
    let names: Vec<String> = named.iter().map(|name| (*name).to_owned()).collect();
    let mut found = organisation::find_many(db, &ids).await?;
    found.extend(organisation::find_named(db, &names).await?);
    let fits = |row: &entity::organisation::Model| {
        row.kind == OrganisationKind::VillageCommittee && row.is_active && row.division_code == *county
    };
    let mut villages: HashMap<String, Option<OrganisationId>> = HashMap::new();
    for row in found.into_iter().filter(fits) {
        villages.insert(row.id.to_string(), Some(row.id));
        let by_name = villages.entry(row.name).or_insert(Some(row.id));
        if *by_name != Some(row.id) {
            *by_name = None;
        }
    }
    Ok(villages)
}

fn one(
    secrets: &Secrets,
    county: &AreaCode,
    today: NaiveDate,
    known: &Known,
    rows: &HouseholdRows,
    hashes: &[Option<Vec<String>>],
) -> Result<Judged, HouseholdError> {
    let mut failed: Vec<Failed> =
        check::failed(rows, today).into_iter().map(|(person, check)| Failed::by(person, check)).collect();
    let village = known.villages.get(rows.village.trim()).copied().flatten();
    if village.is_none() {
        failed.push(Failed::by(0, &check::VILLAGE_UNKNOWN));
    }
    let row = known.households.get(&rows.number);
    match row {
        Some(row) if row.county_code != *county => failed.push(Failed::by(0, &check::HOUSEHOLD_ELSEWHERE)),
        Some(row) if row.people == 0 => failed.push(Failed::by(0, &check::HOUSEHOLD_GONE)),
        Some(row) => return known_one(secrets, known, (row, rows), (village, hashes), failed),
        None => {}
    }
    for (at, hashes) in hashes.iter().enumerate() {
        if hashes.iter().flatten().any(|hash| known.people.contains_key(hash)) {
            failed.push(Failed::by(at, &check::PERSON_ELSEWHERE));
        }
    }
    if row.is_none() && rows.registered_on.is_none() {
        failed.push(Failed::by(0, &check::REGISTERED_ON_MISSING));
    }
    if row.is_none() && rows.household_type.is_none() {
        failed.push(Failed::by(0, &check::TYPE_MISSING));
    }
    let plan = match village {
        Some(village) if failed.is_empty() => new_household(rows, village, today, &mut failed),
        _ => None,
    };
    Ok(Judged { household: None, plan: plan.filter(|_| failed.is_empty()), failed, changed: Vec::new() })
}

/// What registers a household, held to what every registration is.
fn new_household(
    rows: &HouseholdRows,
    village_id: OrganisationId,
    today: NaiveDate,
    failed: &mut Vec<Failed>,
) -> Option<Plan> {
    let status = check::status_of(rows.household_type?, rows.monitored.flatten())?;
    let registered_on = rows.registered_on?;
    let source = "户籍底册导入".to_owned();
    let new = NewHousehold {
        number: rows.number.clone(),
        village_id,
        registered_on,
        status: NewHouseholdStatus { status, from_date: registered_on, source },
        members: rows.people.iter().map(new_member).collect::<Option<Vec<_>>>()?,
    };
    for fault in terms::faults_of_household(&new, today, "") {
        let (person, column) = place_of(&fault.pointer);
        let (zh, en) = (fault.detail.zh.into_owned(), fault.detail.en.into_owned());
        failed.push(Failed { person, code: None, column, zh, en });
    }
    let land = rows.land.iter().filter(|(_, area)| *area > 0).map(|(kind, area)| (*kind, square_metres(*area)));
    Some(Plan::Register { new: Box::new(new), land: land.collect() })
}

fn new_member(person: &PersonRow) -> Option<NewHouseholdMember> {
    let read = check::certificate(&person.id_number).ok()?;
    Some(NewHouseholdMember {
        name: person.name.clone(),
        relation: person.relation?,
        phone: person.phone.clone(),
        bank_account: person.bank_account.clone(),
        facts: MemberFacts {
            health: health_of(person, &read),
            guarantee: guarantee_of(person.has_subsistence, person.has_extreme_support, None),
            ..person.facts.clone()
        },
        id_number: read.id,
    })
}

/// Whoever holds a disability card is disabled, where the row says nothing else.
fn health_of(person: &PersonRow, read: &check::Certificate) -> Option<Health> {
    person.facts.health.or(read.disability.map(|_| Health::Disabled))
}

/// The guarantee that two answers make of the one that is on record. Whoever has one has not the other; an answer that says
/// no to the one that somebody does not have says nothing.
#[must_use]
pub fn guarantee_of(subsistence: Option<bool>, extreme: Option<bool>, was: Option<Guarantee>) -> Option<Guarantee> {
    match (subsistence, extreme) {
        (_, Some(true)) => Some(Guarantee::ExtremePoverty),
        (Some(true), _) => Some(Guarantee::SubsistenceAllowance),
        (Some(false), Some(false)) => Some(Guarantee::None),
        (Some(false), None) => match was {
            Some(Guarantee::ExtremePoverty) => was,
            _ => Some(Guarantee::None),
        },
        (None, Some(false)) => match was {
            Some(Guarantee::ExtremePoverty) => Some(Guarantee::None),
            _ => was,
        },
        (None, None) => was,
    }
}

/// The row and the column that a pointer into a registration is about.
fn place_of(pointer: &str) -> (usize, &'static str) {
    let mut parts = pointer.split('/').skip(1);
    match (parts.next(), parts.next().and_then(|at| at.parse().ok()), parts.next()) {
        (Some("members"), Some(at), Some("name")) => (at, "name"),
        (Some("members"), Some(at), Some("facts")) => (at, "work_months"),
        (Some("members"), Some(at), _) => (at, "id_number"),
        (Some("members"), None, _) => (0, "relation"),
        (Some("registered_on"), ..) => (0, "registered_on"),
        (Some("status"), ..) => (0, "registered_on"),
        _ => (0, "household_number"),
    }
}

/// What differs of a household that is known.
fn known_one(
    secrets: &Secrets,
    known: &Known,
    (row, rows): (&household::Model, &HouseholdRows),
    (village, hashes): (Option<OrganisationId>, &[Option<Vec<String>>]),
    mut failed: Vec<Failed>,
) -> Result<Judged, HouseholdError> {
    let mut changed = Vec::new();
    if rows.registered_on.is_some_and(|day| day != row.registered_on) {
        failed.push(Failed::by(0, &check::REGISTERED_ON_DIFFERS));
    }
    let said = rows.household_type.and_then(|of| check::status_of(of, rows.monitored.flatten()));
    let says_status = rows.household_type.is_some() && rows.monitored.is_some();
    let status = known.statuses.get(&row.id).copied();
    if says_status && said.is_some() && said != status {
        failed.push(Failed::by(0, &check::STATUS_NEEDS_CASE));
    }
    let village = village.filter(|village| *village != row.village_id);
    if let Some(village) = village {
        let (before, after) = (row.village_id.to_string(), village.to_string());
        changed.push(Changed { person: 0, column: "village", before, after });
    }
    let mut land = Vec::new();
    for (kind, area) in &rows.land {
        let held = known.holdings.get(&row.id).and_then(|held| held.square_metres.get(kind)).copied();
        let before = held.map(hundredths_of_mu);
        if before.unwrap_or(0) != *area {
            let shown = |area: i64| format!("{}.{:02}", area / 100, area % 100);
            let before = before.map(shown).unwrap_or_default();
            changed.push(Changed { person: 0, column: kind.as_str(), before, after: shown(*area) });
            land.push((*kind, square_metres(*area)));
        }
    }
    let (mut people, mut phones, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
    for (at, (person, hashes)) in rows.people.iter().zip(hashes).enumerate() {
        let Some(hashes) = hashes else { continue };
        let found = hashes.iter().find_map(|hash| known.people.get(hash));
        match found {
            Some(member) if member.household_id == row.id && member.left_on.is_none() => {
                seen.insert(member.id);
                let on = known.on.get(&member.id).cloned().unwrap_or_default();
                let mut compared = Compared { secrets, at, failed: &mut failed, changed: &mut changed };
                let (relation, facts, phone) = compared.person(person, member, &on)?;
                if relation.is_some() || facts != MemberFacts::default() {
                    people.push((member.id, relation, facts));
                }
                phones.extend(phone.map(|phone| (member.id, phone)));
            }
            Some(_) => failed.push(Failed::by(at, &check::PERSON_ELSEWHERE)),
            None => failed.push(Failed::by(at, &check::MEMBER_NEEDS_CASE)),
        }
    }
    let is_whole = known.members.get(&row.id).is_none_or(|own| own.iter().all(|id| seen.contains(id)));
    // A number that is none hides who it is.
    if !is_whole && hashes.iter().all(Option::is_some) {
        failed.push(Failed::by(0, &check::PEOPLE_MISSING));
    }
    let plan = Plan::Change { household: row.id, village, people, phones, land };
    let plan = Some(plan).filter(|_| failed.is_empty() && !changed.is_empty());
    Ok(Judged { household: Some(row.id), failed, changed, plan })
}

/// A person of the sheet beside the one of the register.
struct Compared<'a> {
    secrets: &'a Secrets,
    at: usize,
    failed: &'a mut Vec<Failed>,
    changed: &'a mut Vec<Changed>,
}

impl Compared<'_> {
    fn change(&mut self, column: &'static str, before: impl Into<String>, after: impl Into<String>) {
        let (before, after) = (before.into(), after.into());
        self.changed.push(Changed { person: self.at, column, before, after });
    }

    fn fail(&mut self, check: &'static Check) {
        self.failed.push(Failed::by(self.at, check));
    }

    fn person(
        &mut self,
        person: &PersonRow,
        member: &household_member::Model,
        on: &MemberOn,
    ) -> Result<(Option<Relation>, MemberFacts, Option<PhoneNumber>), HouseholdError> {
        let clear = sealed::open(self.secrets, member.clone())?;
        if !person.name.is_empty() && person.name.trim() != clear.name {
            self.fail(&check::NAME_DIFFERS);
        }
        let card = person.bank_account.as_ref().map(|card| card.reveal());
        if card.is_some() && card != clear.bank_account.as_deref() {
            self.fail(&check::BANK_DIFFERS);
        }
        let is = on.relation.unwrap_or(member.relation);
        let relation = person.relation.filter(|relation| *relation != is);
        match relation {
            Some(relation) if relation == Relation::Head || is == Relation::Head => self.fail(&check::HEAD_NEEDS_CASE),
            Some(relation) => self.change("relation", is.as_str(), relation.as_str()),
            None => {}
        }
        let phone = person.phone.clone().filter(|phone| clear.phone.as_deref() != Some(phone.reveal()));
        if let Some(phone) = &phone {
            let before = clear.phone.as_deref().and_then(|text| PhoneNumber::parse(text).ok());
            self.change("phone", before.map(|before| before.masked()).unwrap_or_default(), phone.masked());
        }
        Ok((relation, self.facts(person, on)?, phone))
    }

    /// Of what is known of a person, what the row says otherwise.
    fn facts(&mut self, person: &PersonRow, on: &MemberOn) -> Result<MemberFacts, HouseholdError> {
        let said = &person.facts;
        let word = |word: Option<&'static str>| word.unwrap_or_default();
        let education = said.education.filter(|education| on.education != Some(*education));
        if let Some(education) = education {
            self.change("education", word(on.education.map(|was| was.as_str())), education.as_str());
        }
        let skill = said.skill.filter(|skill| on.skill != Some(*skill));
        if let Some(skill) = skill {
            self.change("skill", word(on.skill.map(|was| was.as_str())), skill.as_str());
        }
        let sealed_health = on.health.as_ref();
        let was = sealed_health.map(|(entry, cipher)| sealed::open_health(self.secrets, *entry, cipher)).transpose()?;
        let says = match check::certificate(&person.id_number) {
            Ok(read) => health_of(person, &read),
            Err(_) => said.health,
        };
        let health = says.filter(|health| was != Some(*health));
        if health.is_some() {
            // What it is, is told to whoever reveals the household only.
            self.change("health", "***", "***");
        }
        let work = said.work.clone().filter(|work| {
            let was = on.work.as_ref().map_or(("", 0), |(place, months)| (place.as_str(), *months));
            was != (work.place.trim(), i64::from(work.months))
        });
        if let Some(work) = &work {
            let before = on.work.as_ref().map(|(place, months)| format!("{place} {months}")).unwrap_or_default();
            self.change("work_place", before, format!("{} {}", work.place.trim(), work.months));
        }
        let guarantee = guarantee_of(person.has_subsistence, person.has_extreme_support, on.guarantee);
        let guarantee = guarantee.filter(|guarantee| on.guarantee != Some(*guarantee));
        if let Some(guarantee) = guarantee {
            self.change("has_subsistence", word(on.guarantee.map(|was| was.as_str())), guarantee.as_str());
        }
        Ok(MemberFacts { education, health, skill, work, guarantee })
    }
}

/// What everybody of these was on a day, by the entries about them.
pub(super) fn fold_on(rows: Vec<entity::member_change::Model>, day: NaiveDate) -> HashMap<MemberId, MemberOn> {
    let mut by_member: HashMap<MemberId, Vec<entity::member_change::Model>> = HashMap::new();
    for row in rows {
        by_member.entry(row.member_id).or_default().push(row);
    }
    by_member.into_iter().map(|(id, rows)| (id, member_on(&rows, day))).collect()
}
