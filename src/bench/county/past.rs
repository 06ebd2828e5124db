//! Three years of a county's life that nobody lived: what surveys found, what households earned and spent.

use crate::bench::loader::Loader;
use crate::bench::store::{self, Registered};
use crate::bench::world::World;
use crate::demo::client::DemoError;
use chrono::{Datelike, Days, NaiveDate};
use entity::value::{
    AgreementId, AgreementState, BenefitMode, EntrySource, EvidenceGrade, Fen, HouseholdId, HouseholdLandId,
    HouseholdStatusId, HouseholdStatusKind, IncomeEntryId, IncomeItem, IncomeSource, LabourSkill, LandKind,
    MemberChangeId, MemberId, Overflow, business_day_begins,
};
use entity::{agreement, household_land, household_status, income_entry, member_change};
use fastrand::Rng;
use sea_orm::DatabaseConnection;
use std::collections::HashMap;

/// Households whose past is written together.
const AT_ONCE: usize = 2_000;
/// How many years are lived.
const YEARS: i32 = 3;
/// What a household is today, where more than its first status was written.
const STATUS_TODAY: &str = "update household set status = (select s.status from household_status s
  where s.household_id = household.id order by s.from_date desc, s.id desc limit 1)
where id in (select household_id from household_status group by household_id having count(*) > 1)";
/// Where an entry says it comes from.
const SOURCE: &str = "入户走访";

/// How many rows were written of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lived {
    /// Dated entries of the history: statuses, people, land.
    pub history: usize,
    /// Rows of income and spending.
    pub income: usize,
    /// Agreements.
    pub agreements: usize,
}

/// The past of some households.
struct Past<'a> {
    world: &'a World,
    today: NaiveDate,
    random: Rng,
    statuses: Vec<household_status::Model>,
    people: Vec<member_change::Model>,
    land: Vec<household_land::Model>,
    income: Vec<income_entry::Model>,
}

impl Past<'_> {
    /// A day between so many days ago and so many.
    fn ago(&mut self, first: u64, last: u64) -> Result<NaiveDate, Overflow> {
        self.today.checked_sub_days(Days::new(self.random.u64(last..=first))).ok_or(Overflow)
    }

    /// One household in forty was monitored for a time; half of them still are.
    fn monitored(&mut self, household_id: HouseholdId) -> Result<(), Overflow> {
        if self.random.u8(..40) > 0 {
            return Ok(());
        }
        let mut spans = vec![(HouseholdStatusKind::MonitoredSudden, self.ago(1_000, 500)?)];
        if self.random.bool() {
            spans.push((HouseholdStatusKind::Registered, self.ago(400, 30)?));
        }
        let entered_by = self.world.officers[0].person;
        self.statuses.extend(spans.into_iter().map(|(status, from_date)| household_status::Model {
            id: HouseholdStatusId::generate(),
            household_id,
            status,
            from_date,
            source: SOURCE.to_owned(),
            source_kind: EntrySource::Survey,
            adjustment_id: None,
            entered_by,
            created_at: business_day_begins(from_date),
        }));
        Ok(())
    }

    /// Every year somebody went there and found something out about one of the people; sometimes about the land.
    fn surveyed(&mut self, household_id: HouseholdId, members: &[MemberId]) -> Result<(), Overflow> {
        let entered_by = self.world.officers[0].person;
        for year in 0..YEARS {
            let first = u64::try_from(365 * (year + 1)).map_err(|_| Overflow)?;
            let from_date = self.ago(first, first - 364)?;
            let created_at = business_day_begins(from_date);
            if let Some(member) = self.random.choice(members) {
                self.people.push(member_change::Model {
                    id: MemberChangeId::generate(),
                    member_id: *member,
                    from_date,
                    household_id: None,
                    has_left: false,
                    cause: None,
                    relation: None,
                    education: None,
                    health_cipher: None,
                    skill: Some(LabourSkill::Ordinary),
                    work_place: Some("浙江省杭州市".to_owned()),
                    work_months: Some(self.random.i64(1..=12)),
                    guarantee: None,
                    source_kind: EntrySource::Survey,
                    source: SOURCE.to_owned(),
                    adjustment_id: None,
                    entered_by,
                    created_at,
                });
            }
            if self.random.u8(..3) == 0 {
                self.land.push(household_land::Model {
                    id: HouseholdLandId::generate(),
                    household_id,
                    kind: LandKind::Cropland,
                    square_metres: self.random.i64(500..5_000),
                    from_date,
                    source: SOURCE.to_owned(),
                    source_kind: EntrySource::Survey,
                    entered_by,
                    created_at,
                });
            }
        }
        Ok(())
    }

    /// What it earned and spent, year by year: most live well above the line, few below it, some had a bad year.
    fn earned(&mut self, household_id: HouseholdId, people: i32) -> Result<(), Overflow> {
        let per_head = self.random.i64(1_000_000..3_000_000).checked_mul(i64::from(people)).ok_or(Overflow)?;
        for back in 0..YEARS {
            let year = self.today.year() - back;
            let first = NaiveDate::from_ymd_opt(year, 1, 1).ok_or(Overflow)?;
            let last = NaiveDate::from_ymd_opt(year, 12, 31).ok_or(Overflow)?.min(self.today);
            let whole = per_head / 100 * self.random.i64(80..=110) / 365 * i64::from(last.ordinal());
            let spoiled = if self.random.u8(..40) == 0 { 2 } else { 1 };
            self.enter(household_id, IncomeItem::Wage, (first, last), whole / spoiled * 6 / 10)?;
            self.enter(household_id, IncomeItem::Operating, (first, last), whole / spoiled * 3 / 10)?;
            self.enter(household_id, IncomeItem::Transfer, (first, last), whole / 10)?;
            self.enter(household_id, IncomeItem::ProductionCost, (first, last), whole / 12)?;
            if self.random.u8(..8) == 0 {
                let spent = self.random.i64(50_000..1_500_000);
                self.enter(household_id, IncomeItem::Illness, (first, last), spent)?;
            }
        }
        Ok(())
    }

    fn enter(
        &mut self,
        household_id: HouseholdId,
        item: IncomeItem,
        (from_on, to_on): (NaiveDate, NaiveDate),
        fen: i64,
    ) -> Result<(), Overflow> {
        self.income.push(income_entry::Model {
            id: IncomeEntryId::generate(),
            household_id,
            item,
            from_on,
            to_on,
            amount_fen: Fen::new(fen.max(1))?,
            source: IncomeSource::Visit,
            grade: EvidenceGrade::Statement,
            note: None,
            evidence_file_id: None,
            replaces_id: None,
            organisation_id: self.world.officers[0].organisation,
            entered_by: self.world.officers[0].person,
            created_at: business_day_begins(to_on),
        });
        Ok(())
    }
}

fn told(error: impl std::fmt::Display) -> DemoError {
    DemoError::new("three years of life", error)
}

/// Writes the past of a county; gives each seller its partners.
pub(super) async fn live(
    db: &DatabaseConnection,
    to: &mut Loader,
    world: &mut World,
    (households, today): (&[Registered], NaiveDate),
) -> Result<Lived, DemoError> {
    let mut lived = Lived::default();
    let agreements = agree(world, households, today).map_err(told)?;
    lived.agreements = agreements.len();
    to.put::<agreement::Entity>(agreements).await.map_err(told)?;
    to.commit().await.map_err(told)?;
    let random = Rng::with_seed(11);
    let (statuses, people, land, income) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut past = Past { world, today, random, statuses, people, land, income };
    for some in households.chunks(AT_ONCE) {
        let (Some((first, ..)), Some((last, ..))) = (some.first(), some.last()) else { continue };
        let mut members: HashMap<HouseholdId, Vec<MemberId>> = HashMap::new();
        for (member, household) in store::people_between(db, *first, *last).await.map_err(told)? {
            members.entry(household).or_default().push(member);
        }
        for (household, _, people) in some {
            past.monitored(*household).map_err(told)?;
            past.surveyed(*household, members.get(household).map_or(&[], Vec::as_slice)).map_err(told)?;
            past.earned(*household, *people).map_err(told)?;
        }
        lived.history += past.statuses.len() + past.people.len() + past.land.len();
        lived.income += past.income.len();
        to.put::<household_status::Entity>(std::mem::take(&mut past.statuses)).await.map_err(told)?;
        to.put::<member_change::Entity>(std::mem::take(&mut past.people)).await.map_err(told)?;
        to.put::<household_land::Entity>(std::mem::take(&mut past.land)).await.map_err(told)?;
        to.put::<income_entry::Entity>(std::mem::take(&mut past.income)).await.map_err(told)?;
        to.commit().await.map_err(told)?;
    }
    to.run(STATUS_TODAY).await.map_err(told)?;
    Ok(lived)
}

/// An agreement for each household, with one seller after the other.
fn agree(world: &mut World, households: &[Registered], today: NaiveDate) -> Result<Vec<agreement::Model>, Overflow> {
    let starts_on = today.checked_sub_days(Days::new(1_200)).ok_or(Overflow)?;
    let ends_on = today.checked_add_days(Days::new(365)).ok_or(Overflow)?;
    let mut rows = Vec::with_capacity(households.len());
    let sellers = world.sellers.len().max(1);
    for (place, (household, ..)) in households.iter().enumerate() {
        let Some(seller) = world.sellers.get_mut(place % sellers) else { continue };
        let mode = BenefitMode::ALL.get(place % BenefitMode::ALL.len()).copied().unwrap_or(BenefitMode::Wages);
        let row = agreement::Model {
            id: AgreementId::generate(),
            supplier_id: seller.id,
            household_id: *household,
            member_id: None,
            mode,
            subject: None,
            weight: 1,
            price_fen_per_kg: None,
            starts_on,
            ends_on,
            signed_on: starts_on,
            evidence_file_id: None,
            state: AgreementState::Signed,
            created_at: business_day_begins(starts_on),
            version: 1,
        };
        seller.partners.push((*household, row.id));
        rows.push(row);
    }
    Ok(rows)
}
