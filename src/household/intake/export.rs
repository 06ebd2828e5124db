//! The register as rows again: as it is on a day, a page of households at a time.

use super::hundredths_of_mu;
use super::judge::fold_on;
use crate::access::Scope;
use crate::household::error::HouseholdError;
use crate::household::history::{self, MemberOn};
use crate::household::view::WorkAway;
use crate::household::{land, sealed, store};
use crate::organisation;
use crate::secrecy::Secrets;
use chrono::NaiveDate;
use entity::household;
use entity::value::person::PersonalField;
use entity::value::{
    Education, Guarantee, Health, HouseholdId, HouseholdStatusKind, HouseholdType, LabourSkill, LandKind, MemberId,
    Relation,
};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;

/// A household as it is exported.
#[derive(Debug, Clone)]
pub struct Exported {
    /// Its row.
    pub row: household::Model,
    /// Its village's name.
    pub village: String,
    /// What it was.
    pub household_type: Option<HouseholdType>,
    /// What it is.
    pub status: Option<HouseholdStatusKind>,
    /// Its land, in hundredths of a mu.
    pub land: HashMap<LandKind, i64>,
    /// Its people, the head first.
    pub people: Vec<ExportedPerson>,
}

/// A person as they are exported; masked unless everything was asked for.
#[derive(Debug, Clone)]
pub struct ExportedPerson {
    /// Their name.
    pub name: String,
    /// Their relation to the head.
    pub relation: Relation,
    /// Their number.
    pub id_number: String,
    /// Their phone.
    pub phone: Option<String>,
    /// Their account.
    pub bank_account: Option<String>,
    /// Their schooling.
    pub education: Option<Education>,
    /// Their health; never where it is masked.
    pub health: Option<Health>,
    /// What work they can do.
    pub skill: Option<LabourSkill>,
    /// Where they work away from home.
    pub work: Option<WorkAway>,
    /// Which guarantee of the state they live on; never where it is masked.
    pub guarantee: Option<Guarantee>,
}

/// Households of a scope after one, in the order in which they were registered, with their people; masked, or in full for
/// whoever records why: `bulk`.
///
/// # Errors
/// A ciphertext that does not open; the database.
pub async fn export_after(
    db: &impl ConnectionTrait,
    secrets: &Secrets,
    scope: &Scope,
    (after, limit): (Option<HouseholdId>, u64),
    (today, in_full): (NaiveDate, bool),
) -> Result<Vec<Exported>, HouseholdError> {
    let rows = store::list_after(db, scope, after, limit).await?;
    let ids: Vec<HouseholdId> = rows.iter().map(|row| row.id).collect();
    let members = store::members_of_many(db, &ids).await?;
    let member_ids: Vec<MemberId> = members.iter().map(|row| row.id).collect();
    let on = fold_on(history::of_members(db, &member_ids).await?, today);
    let mut people: HashMap<HouseholdId, Vec<ExportedPerson>> = HashMap::new();
    for member in members {
        let on = on.get(&member.id).cloned().unwrap_or_default();
        people.entry(member.household_id).or_default().push(person(secrets, member, &on, in_full)?);
    }
    let mut statuses: HashMap<HouseholdId, Vec<_>> = HashMap::new();
    for row in store::statuses_of_many(db, &ids).await? {
        statuses.entry(row.household_id).or_default().push(row);
    }
    let holdings = land::holdings(db, &ids, today).await?;
    let mut villages: Vec<_> = rows.iter().map(|row| row.village_id).collect();
    villages.sort_unstable();
    villages.dedup();
    let names: HashMap<_, _> =
        organisation::find_many(db, &villages).await?.into_iter().map(|row| (row.id, row.name)).collect();
    let exported = rows.into_iter().map(|row| {
        let statuses = statuses.get(&row.id).map_or(&[][..], Vec::as_slice);
        let mut people = people.remove(&row.id).unwrap_or_default();
        people.sort_by_key(|person| person.relation != Relation::Head);
        let land = holdings.get(&row.id).map(|held| &held.square_metres);
        let land = land.into_iter().flatten().map(|(kind, area)| (*kind, hundredths_of_mu(*area)));
        Exported {
            village: names.get(&row.village_id).cloned().unwrap_or_default(),
            household_type: history::type_on(statuses, today),
            status: history::status_on(statuses, today),
            land: land.collect(),
            people,
            row,
        }
    });
    Ok(exported.collect())
}

fn person(
    secrets: &Secrets,
    member: entity::household_member::Model,
    on: &MemberOn,
    in_full: bool,
) -> Result<ExportedPerson, HouseholdError> {
    let relation = on.relation.unwrap_or(member.relation);
    let clear = sealed::open(secrets, member)?;
    let shown = |field: PersonalField, text: String| if in_full { text } else { field.masked(&text) };
    let health = match &on.health {
        Some((entry, cipher)) if in_full => Some(sealed::open_health(secrets, *entry, cipher)?),
        _ => None,
    };
    let work = on.work.clone();
    Ok(ExportedPerson {
        name: shown(PersonalField::Name, clear.name),
        relation,
        id_number: shown(PersonalField::IdNumber, clear.id_number),
        phone: clear.phone.map(|phone| shown(PersonalField::Phone, phone)),
        bank_account: clear.bank_account.map(|card| shown(PersonalField::BankAccount, card)),
        education: on.education,
        health,
        skill: on.skill,
        work: work.map(|(place, months)| WorkAway { place, months: u8::try_from(months).unwrap_or(u8::MAX) }),
        guarantee: on.guarantee.filter(|_| in_full),
    })
}
