//! What can be done with the register.

use super::error::{HouseholdError, fault};
use super::history::{self, Origin};
use super::view::{HouseholdBrief, HouseholdQuery, HouseholdSummary, NewHousehold, NewHouseholdStatus, RevealedMember};
use super::{helper, sealed, store, terms};
use crate::access::policy::RegisterHousehold;
use crate::access::{Grant, Scope};
use crate::db::{self, Change, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::organisation;
use crate::problem::Failure;
use crate::secrecy::{SecrecyError, Secrets};
use chrono::NaiveDate;
use entity::value::person::mask_name;
use entity::value::{
    AreaCode, EntrySource, HouseholdId, HouseholdStatusId, HouseholdStatusKind, MemberCause, MemberId, OrganisationId,
    OrganisationKind, PersonId, Relation, ResidentId, Timestamp, business_date,
};
use entity::{household, household_change, household_member, household_status, member_change};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// Registers one household.
///
/// # Errors
/// Field problems; the village is not in the officer's county; its number or one of its people is registered already.
pub async fn register(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<RegisterHousehold>,
    new: &NewHousehold,
) -> Result<HouseholdId, HouseholdError> {
    let at = [String::new()];
    let ids = register_at(tx, secrets, grant, (std::slice::from_ref(new), &at), EntrySource::Registration).await?;
    ids.first().copied().ok_or(HouseholdError::NotFound)
}

/// Registers many households of one county at once, all or none. Pointers in refusals begin with their index.
///
/// # Errors
/// As [`register`].
pub async fn register_many(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<RegisterHousehold>,
    new: &[NewHousehold],
) -> Result<Vec<HouseholdId>, HouseholdError> {
    let at: Vec<String> = (0..new.len()).map(|index| format!("/{index}")).collect();
    register_at(tx, secrets, grant, (new, &at), EntrySource::Registration).await
}

/// The same, from wherever it comes.
pub(super) async fn register_from(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<RegisterHousehold>,
    new: &[NewHousehold],
    source: EntrySource,
) -> Result<Vec<HouseholdId>, HouseholdError> {
    let at: Vec<String> = (0..new.len()).map(|index| format!("/{index}")).collect();
    register_at(tx, secrets, grant, (new, &at), source).await
}

async fn register_at(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<RegisterHousehold>,
    (new, at): (&[NewHousehold], &[String]),
    source: EntrySource,
) -> Result<Vec<HouseholdId>, HouseholdError> {
    let today = business_date(tx.now());
    let faults: Vec<_> = new.iter().zip(at).flat_map(|(new, at)| terms::faults_of_household(new, today, at)).collect();
    if !faults.is_empty() {
        return Err(HouseholdError::Fields(faults));
    }
    let counties = counties_of_villages(tx, grant.scope(), new, at).await?;
    refuse_known(tx, secrets, new, at).await?;
    let entered_by = grant.person()?;
    let mut rows = Rows::default();
    for (new, county) in new.iter().zip(counties) {
        rows.add(secrets, new, (county, source), entered_by, tx.now())?;
    }
    rows.insert(tx).await
}

/// The county of each household's village, which must be within the officer's scope.
async fn counties_of_villages(
    tx: &Tx,
    scope: &Scope,
    new: &[NewHousehold],
    at: &[String],
) -> Result<Vec<AreaCode>, HouseholdError> {
    let mut ids: Vec<OrganisationId> = new.iter().map(|new| new.village_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let villages: HashMap<_, _> = organisation::find_many(tx, &ids).await?.into_iter().map(|o| (o.id, o)).collect();
    let fits = |code: &AreaCode| match scope {
        Scope::County(own) => own == code,
        Scope::Everything => true,
        Scope::Organisation(_) | Scope::Tree(_) | Scope::AssignedHouseholds(_) => false,
    };
    new.iter()
        .zip(at)
        .map(|(new, at)| {
            villages
                .get(&new.village_id)
                .filter(|o| o.kind == OrganisationKind::VillageCommittee && o.is_active && fits(&o.division_code))
                .map(|o| o.division_code.clone())
                .ok_or_else(|| HouseholdError::VillageNotInCounty { pointer: format!("{at}/village_id") })
        })
        .collect()
}

/// Refuses numbers and people that are registered already, in the database or earlier in the list.
async fn refuse_known(tx: &Tx, secrets: &Secrets, new: &[NewHousehold], at: &[String]) -> Result<(), HouseholdError> {
    let numbers: Vec<&str> = new.iter().map(|new| new.number.as_str()).collect();
    let mut taken: HashSet<String> = store::taken_numbers(tx, &numbers).await?.into_iter().collect();
    for (new, at) in new.iter().zip(at) {
        if !taken.insert(new.number.clone()) {
            return Err(HouseholdError::NumberTaken { pointer: format!("{at}/number") });
        }
    }
    let people: Vec<(Vec<String>, String)> = new
        .iter()
        .zip(at)
        .flat_map(|(new, at)| {
            new.members.iter().enumerate().map(move |(index, member)| {
                (sealed::hashes(secrets, &member.id_number), format!("{at}/members/{index}/id_number"))
            })
        })
        .collect();
    let hashes: Vec<&str> = people.iter().flat_map(|(hashes, _)| hashes.iter().map(String::as_str)).collect();
    let mut taken: HashSet<String> = store::taken_hashes(tx, &hashes).await?.into_iter().collect();
    for (hashes, pointer) in people {
        // While the secret is changed, a person may stand under the hash of either.
        if hashes.iter().any(|hash| taken.contains(hash)) {
            return Err(HouseholdError::PersonRegistered { pointer });
        }
        taken.extend(hashes);
    }
    Ok(())
}

/// The rows of several registrations, written together.
#[derive(Default)]
struct Rows {
    households: Vec<household::Model>,
    members: Vec<household_member::Model>,
    statuses: Vec<household_status::Model>,
    /// The first entries of the history.
    villages: Vec<household_change::Model>,
    people: Vec<member_change::Model>,
    /// What the audit says of each household's members: keyed hashes.
    fingerprints: Vec<serde_json::Value>,
}

impl Rows {
    fn add(
        &mut self,
        secrets: &Secrets,
        new: &NewHousehold,
        (county_code, kind): (AreaCode, EntrySource),
        entered_by: PersonId,
        now: Timestamp,
    ) -> Result<(), HouseholdError> {
        let id = HouseholdId::generate();
        let head = new.members.iter().find(|member| member.relation == Relation::Head);
        self.households.push(household::Model {
            id,
            number: new.number.clone(),
            county_code,
            village_id: new.village_id,
            registered_on: new.registered_on,
            head_name: head.map(|head| head.name.trim().to_owned()).unwrap_or_default(),
            people: i32::try_from(new.members.len()).unwrap_or(i32::MAX),
            status: new.status.status,
            created_at: now,
            version: 1,
        });
        self.fingerprints.push(new.members.iter().map(|member| sealed::fingerprints(secrets, member)).collect());
        let origin = Origin {
            kind,
            source: new.status.source.trim(),
            adjustment: None,
            entered_by,
            from_date: new.registered_on,
        };
        self.villages.push(history::settled(id, new.village_id, &origin, now));
        for member in &new.members {
            let row = sealed::seal(secrets, id, member, now)?;
            let joined = (id, MemberCause::Registered);
            self.people.push(history::joined(secrets, (row.id, member), joined, &origin, now)?);
            self.members.push(row);
        }
        self.statuses.push(status_row(id, &new.status, (kind, entered_by), now));
        Ok(())
    }

    async fn insert(self, tx: &Tx) -> Result<Vec<HouseholdId>, HouseholdError> {
        let ids: Vec<HouseholdId> = self.households.iter().map(|row| row.id).collect();
        let changes = self.households.iter().zip(self.fingerprints).map(|(row, members)| {
            let after = json!({
                "number": row.number, "village_id": row.village_id, "people": row.people, "members": members,
            });
            Change::made("household.registered", "household", row.id.uuid(), after)
        });
        let changes: Vec<_> = changes.collect();
        // Somebody may have registered the same between our question and our insert; the keys have the last word.
        store::insert_households(tx, self.households).await.map_err(|error| {
            if db::is_duplicate(&error, "household", &["number"]) {
                HouseholdError::NumberTaken { pointer: "/number".to_owned() }
            } else {
                error.into()
            }
        })?;
        store::insert_members(tx, self.members).await.map_err(|error| {
            if db::is_duplicate(&error, "household_member", &["id_number_hash"]) {
                HouseholdError::PersonRegistered { pointer: "/members".to_owned() }
            } else {
                error.into()
            }
        })?;
        store::insert_statuses(tx, self.statuses).await?;
        history::insert_first(tx, self.villages, self.people).await?;
        tx.audit_all(changes).await?;
        Ok(ids)
    }
}

fn status_row(
    household_id: HouseholdId,
    new: &NewHouseholdStatus,
    (source_kind, entered_by): (EntrySource, PersonId),
    now: Timestamp,
) -> household_status::Model {
    household_status::Model {
        id: HouseholdStatusId::generate(),
        household_id,
        status: new.status,
        from_date: new.from_date,
        source: new.source.trim().to_owned(),
        source_kind,
        adjustment_id: None,
        entered_by,
        created_at: now,
    }
}

/// Appends a status from before the household was entered here; what was before it stays. Later ones need a case.
///
/// # Errors
/// Not found, stale, a date that makes no sense, or one that needs a case.
pub async fn add_status(
    tx: &Tx,
    grant: &Grant<RegisterHousehold>,
    id: HouseholdId,
    version: IfMatch,
    new: &NewHouseholdStatus,
) -> Result<(), HouseholdError> {
    let household = store::hold(tx, grant.scope(), id).await?.ok_or(HouseholdError::NotFound)?;
    version.check(household.version).map_err(|_| HouseholdError::Stale)?;
    let today = business_date(tx.now());
    let faults = terms::faults_of_status(new, household.registered_on, today, "");
    if !faults.is_empty() {
        return Err(HouseholdError::Fields(faults));
    }
    if new.from_date > business_date(household.created_at) {
        return Err(HouseholdError::StatusNeedsCase);
    }
    let before = store::status_on(tx, &[id], new.from_date).await?.get(&id).map_or("none", |status| status.as_str());
    let origin = (EntrySource::Registration, grant.person()?);
    store::enter_status(tx, status_row(id, new, origin, tx.now())).await?;
    store::touch(tx, id).await?;
    let source = new.source.trim();
    let mut change = Change::moved("household.status_added", "household", id.uuid(), before, new.status.as_str());
    change.after = Some(json!({ "state": new.status, "from_date": new.from_date }));
    tx.audit(change.because(source)).await?;
    Ok(())
}

/// One page of households, masked, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &HouseholdQuery,
    today: NaiveDate,
) -> Result<Page<HouseholdSummary>, Failure> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let (limit, after) = (page.limit()?, page.after()?.map(HouseholdId::from_uuid));
    if query.as_of.is_some_and(|day| day > today) {
        let (zh, en) = ("日期不能晚于今天。", "The day is not in the future.");
        return Err(HouseholdError::Fields(vec![fault("?as_of".to_owned(), zh, en)]).into());
    }
    let wanted = (query.village_id, query.as_of);
    let mut rows = store::list(db, scope, wanted, query.number.as_deref(), after, limit).await?;
    let mut then = None;
    if let Some(day) = query.as_of {
        let ids: Vec<HouseholdId> = rows.iter().map(|row| row.id).collect();
        then = Some(store::status_on(db, &ids, day).await?);
        rows = history::on_day(db, rows, day).await?;
    }
    let villages = village_names(db, rows.iter().map(|row| row.village_id)).await?;
    Ok(Page::of(
        rows,
        limit,
        |row| row.id.uuid(),
        |row| {
            let village = villages.get(&row.village_id).cloned().unwrap_or_default();
            let status = then.as_ref().map_or(Some(row.status), |then| then.get(&row.id).copied());
            HouseholdSummary::of(row, village, status)
        },
    ))
}

fn head_first(mut members: Vec<household_member::Model>) -> Vec<household_member::Model> {
    members.sort_by_key(|member| (member.relation != Relation::Head, member.id));
    members
}

async fn village_names(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = OrganisationId>,
) -> Result<HashMap<OrganisationId, String>, DbErr> {
    let mut ids: Vec<OrganisationId> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(organisation::find_many(db, &ids).await?.into_iter().map(|o| (o.id, o.name)).collect())
}

/// Whether these keys open what the register holds; an empty one opens with any.
///
/// # Errors
/// When the register cannot be read.
pub async fn opens_with(db: &impl ConnectionTrait, secrets: &Secrets) -> Result<bool, DbErr> {
    let newest = store::newest_member(db).await?;
    Ok(newest.is_none_or(|member| sealed::open(secrets, member).is_ok()))
}

/// A household within a scope. For other domains.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_in(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: HouseholdId,
) -> Result<Option<household::Model>, DbErr> {
    store::find_visible(db, scope, id).await
}

/// Households, wherever they are. For other domains, which answer for who sees them.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_many(db: &impl ConnectionTrait, ids: &[HouseholdId]) -> Result<Vec<household::Model>, DbErr> {
    store::find_many(db, ids).await
}

/// The members of a household as they are kept, the head first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn members(db: &impl ConnectionTrait, id: HouseholdId) -> Result<Vec<household_member::Model>, DbErr> {
    Ok(head_first(store::members_of(db, id).await?))
}

/// Members in clear. Only whoever records why may call this: `privacy`.
///
/// # Errors
/// [`SecrecyError::DoesNotOpen`] when a ciphertext was made for another row or column.
pub fn open_members(
    secrets: &Secrets,
    members: Vec<household_member::Model>,
) -> Result<Vec<RevealedMember>, SecrecyError> {
    members.into_iter().map(|member| sealed::open(secrets, member)).collect()
}

/// A household, wherever it is. For other domains, which answer for who sees it.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(db: &impl ConnectionTrait, id: HouseholdId) -> Result<Option<household::Model>, DbErr> {
    store::find_visible(db, &Scope::Everything, id).await
}

/// A household by its national number.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_by_number(db: &impl ConnectionTrait, number: &str) -> Result<Option<household::Model>, DbErr> {
    store::find_by_number(db, number).await
}

/// Holds a household until the transaction ends, so that what is decided about it is decided one at a time.
///
/// # Errors
/// When the database cannot be asked.
pub async fn hold(tx: &Tx, id: HouseholdId) -> Result<Option<household::Model>, DbErr> {
    store::hold(tx, &Scope::Everything, id).await
}

/// What each household was on a day. One that had no status yet, because it was not registered, is left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn status_on(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
    date: NaiveDate,
) -> Result<HashMap<HouseholdId, HouseholdStatusKind>, DbErr> {
    store::status_on(db, ids, date).await
}

/// Every status that these households ever had, for those who look at many days; [`super::history::status_on`] reads them.
///
/// # Errors
/// When the database cannot be asked.
pub async fn statuses_of_many(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
) -> Result<HashMap<HouseholdId, Vec<household_status::Model>>, DbErr> {
    let mut by_household: HashMap<HouseholdId, Vec<household_status::Model>> = HashMap::new();
    for row in store::statuses_of_many(db, ids).await? {
        by_household.entry(row.household_id).or_default().push(row);
    }
    Ok(by_household)
}

/// Whether a person is a member of a household.
///
/// # Errors
/// When the database cannot be asked.
pub async fn has_member(db: &impl ConnectionTrait, household: HouseholdId, member: MemberId) -> Result<bool, DbErr> {
    store::has_member(db, household, member).await
}

/// How many people live in each household.
///
/// # Errors
/// When the database cannot be asked.
pub async fn people_of(db: &impl ConnectionTrait, ids: &[HouseholdId]) -> Result<HashMap<HouseholdId, i32>, DbErr> {
    Ok(store::find_many(db, ids).await?.into_iter().map(|row| (row.id, row.people)).collect())
}

/// The village of each household.
///
/// # Errors
/// When the database cannot be asked.
pub async fn village_of(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
) -> Result<HashMap<HouseholdId, OrganisationId>, DbErr> {
    Ok(store::find_many(db, ids).await?.into_iter().map(|row| (row.id, row.village_id)).collect())
}

/// Households in a few words, masked.
///
/// # Errors
/// When the database cannot be asked.
pub async fn briefs(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
) -> Result<HashMap<HouseholdId, HouseholdBrief>, DbErr> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let rows = store::find_many(db, &ids).await?;
    let villages = village_names(db, rows.iter().map(|row| row.village_id)).await?;
    let brief = |row: household::Model| HouseholdBrief {
        id: row.id,
        number: row.number,
        head_name: mask_name(&row.head_name),
        village_id: row.village_id,
        village_name: villages.get(&row.village_id).cloned().unwrap_or_default(),
    };
    Ok(rows.into_iter().map(|row| (row.id, brief(row))).collect())
}

/// The identifiers of the households assigned to a helper cadre now, for use inside another domain's query.
#[must_use]
pub fn ids_assigned_to(person: PersonId) -> SelectStatement {
    helper::ids_assigned_to(person)
}

/// Whether a household is assigned to a helper cadre now.
///
/// # Errors
/// When the database cannot be asked.
pub async fn is_assigned(db: &impl ConnectionTrait, person: PersonId, id: HouseholdId) -> Result<bool, DbErr> {
    Ok(store::find_visible(db, &Scope::AssignedHouseholds(person), id).await?.is_some())
}

/// Who of a household has an account, and which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payee {
    /// The name the account is in.
    pub name: String,
    /// The account.
    pub bank_account: String,
}

/// The account of each household: the head's, or else the first member's that has one; of a household that was merged
/// into another, the other's. In clear: whoever calls keeps in the audit what for.
///
/// # Errors
/// A ciphertext that does not open; the database.
pub async fn payees(
    db: &impl ConnectionTrait,
    secrets: &Secrets,
    ids: &[HouseholdId],
) -> Result<HashMap<HouseholdId, Payee>, HouseholdError> {
    let now = now_in(db, ids).await?;
    let mut present: Vec<HouseholdId> = now.values().copied().collect();
    present.sort_unstable();
    present.dedup();
    let found = payees_of(db, secrets, &present).await?;
    Ok(now.into_iter().filter_map(|(id, now)| Some((id, found.get(&now)?.clone()))).collect())
}

/// The household in which the people of each are now: itself, unless it was merged into another.
async fn now_in(db: &impl ConnectionTrait, ids: &[HouseholdId]) -> Result<HashMap<HouseholdId, HouseholdId>, DbErr> {
    let mut now: HashMap<HouseholdId, HouseholdId> = ids.iter().map(|id| (*id, *id)).collect();
    // A household is merged at most once, into one that stands, so every turn ends with fewer to ask about.
    let mut asked = ids.to_vec();
    while !asked.is_empty() {
        let merged = history::merged_into(db, &asked).await?;
        for place in now.values_mut() {
            *place = merged.get(place).copied().unwrap_or(*place);
        }
        asked = merged.into_values().collect();
    }
    Ok(now)
}

async fn payees_of(
    db: &impl ConnectionTrait,
    secrets: &Secrets,
    ids: &[HouseholdId],
) -> Result<HashMap<HouseholdId, Payee>, HouseholdError> {
    let mut found = HashMap::with_capacity(ids.len());
    for row in head_first(store::members_of_many(db, ids).await?) {
        if row.bank_account_cipher.is_none() || found.contains_key(&row.household_id) {
            continue;
        }
        let household = row.household_id;
        let clear = sealed::open(secrets, row)?;
        if let Some(bank_account) = clear.bank_account {
            found.insert(household, Payee { name: clear.name, bank_account });
        }
    }
    Ok(found)
}

/// The phone of a household: the head's, or else the first member's that has one. In clear, to send something to it.
///
/// # Errors
/// A ciphertext that does not open; the database.
pub async fn phone_of(
    db: &impl ConnectionTrait,
    secrets: &Secrets,
    id: HouseholdId,
) -> Result<Option<String>, HouseholdError> {
    let id = now_in(db, &[id]).await?.remove(&id).unwrap_or(id);
    for row in head_first(store::members_of(db, id).await?) {
        if row.phone_cipher.is_some() {
            return Ok(sealed::open(secrets, row)?.phone);
        }
    }
    Ok(None)
}

/// The people of a county's households who have these identity numbers, each with the place of the number in the list.
/// Whoever is in no household of the county is left out. For rooms that compare lists of people and keep no number.
///
/// # Errors
/// When the database cannot be asked.
pub async fn members_with_numbers(
    db: &impl ConnectionTrait,
    secrets: &Secrets,
    county: &AreaCode,
    numbers: &[ResidentId],
) -> Result<Vec<(usize, household_member::Model)>, DbErr> {
    let mut places: HashMap<String, usize> = HashMap::new();
    for (at, number) in numbers.iter().enumerate() {
        for hash in sealed::hashes(secrets, number) {
            places.entry(hash).or_insert(at);
        }
    }
    let hashes: Vec<String> = places.keys().cloned().collect();
    let found = history::by_hashes(db, &hashes).await?;
    let ids: Vec<HouseholdId> = found.iter().map(|row| row.household_id).collect();
    let own = store::find_many(db, &ids).await?.into_iter().filter(|row| row.county_code == *county);
    let own: HashSet<HouseholdId> = own.map(|row| row.id).collect();
    let here = found.into_iter().filter(|row| row.left_on.is_none() && own.contains(&row.household_id));
    Ok(here.filter_map(|row| Some((*places.get(&row.id_number_hash)?, row))).collect())
}

/// The names of these people, masked.
///
/// # Errors
/// When the database cannot be asked.
pub async fn masked_names(db: &impl ConnectionTrait, members: &[MemberId]) -> Result<HashMap<MemberId, String>, DbErr> {
    Ok(store::members_by_ids(db, members).await?.into_iter().map(|row| (row.id, mask_name(&row.name))).collect())
}
