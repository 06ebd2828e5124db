//! Rows of the register: a row a person, the rows of a household one after the other. What they mean and which checks
//! they pass is said by the register itself; here cells become what they say.

use super::incomes::{self, Incomes};
use super::{Around, CellChange, Cells, HouseholdPlan, Plan, SheetFault, Verdict};
use crate::access::policy::RegisterHousehold;
use crate::access::{Grant, Scope};
use crate::bulk::cells;
use crate::bulk::columns::{EDUCATIONS, HEALTHS, HOUSEHOLD_TYPES, MONITORED, RELATIONS, SKILLS, YES_NO};
use crate::bulk::national::NATIONAL;
use crate::bulk::read::{Line, belong_together};
use crate::db::Tx;
use crate::household;
use crate::household::intake::{self, Exported, ExportedPerson, HouseholdRows, Judged, PersonRow, check};
use crate::household::view::{MemberFacts, WorkAway};
use crate::problem::Failure;
use crate::welfare::sheet::SheetYear;
use entity::value::{
    BankAccount, Guarantee, HouseholdId, HouseholdStatusKind, ImportKind, LandKind, PhoneNumber, RowOutcome,
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

const KIND: ImportKind = ImportKind::Households;

/// What stands before the people of a row and is said of their household, by the columns.
const OF_HOUSEHOLD: [&str; 18] = [
    "village",
    "registered_on",
    "household_type",
    "monitored",
    "cropland",
    "forest",
    "orchard",
    "water",
    "pasture",
    "is_housed_safely",
    "has_safe_water",
    "industry_help",
    "operating_income",
    "income_year",
    "wage_income",
    "property_income",
    "transfer_income",
    "production_cost",
];

/// By what two rows are the same person; nothing where there is no number.
pub(super) fn person(line: &Line) -> String {
    check::person_part(Cells::bare(KIND, line).text("id_number"))
}

pub(super) async fn judge(
    db: &impl ConnectionTrait,
    around: &Around<'_>,
    lines: &[Line],
) -> Result<Vec<Verdict>, Failure> {
    let grant = Grant::<RegisterHousehold>::claim(around.actor)?;
    let Scope::County(county) = grant.scope() else { return Err(household::HouseholdError::NotFound.into()) };
    let groups: Vec<&[Line]> = lines.chunk_by(|one, next| belong_together(KIND, one, next)).collect();
    let (rows, faults): (Vec<HouseholdRows>, Vec<Vec<Vec<SheetFault>>>) =
        groups.iter().map(|group| read_group(group)).unzip();
    let judged = intake::judge(db, around.secrets, county, around.today, &rows).await?;
    let incomes = incomes::judge(db, around, &rows, &judged).await?;
    let verdicts = groups.iter().zip(faults).zip(judged.into_iter().zip(incomes));
    Ok(verdicts.flat_map(|((group, faults), (judged, incomes))| of_group(group, faults, (judged, incomes))).collect())
}

/// The rows of a household, and what is wrong with each in itself.
fn read_group(group: &[Line]) -> (HouseholdRows, Vec<Vec<SheetFault>>) {
    let (mut rows, mut faults) = (HouseholdRows::default(), Vec::with_capacity(group.len()));
    let said = |line: &Line, key: &str| Cells::bare(KIND, line).text(key).to_owned();
    for (at, line) in group.iter().enumerate() {
        // What a row says of the household is what the first row that says it says.
        let differs = OF_HOUSEHOLD.iter().any(|key| {
            let own = said(line, key);
            let first = group[..at].iter().map(|line| said(line, key)).find(|text| !text.is_empty());
            !own.is_empty() && first.is_some_and(|first| first != own)
        });
        if differs {
            rows.differing.push(at);
        }
        let mut cells = Cells::of(KIND, line);
        household(&mut rows, &mut cells);
        rows.people.push(read_person(&mut cells));
        faults.push(cells.faults);
    }
    (rows, faults)
}

/// A word from the list of a column, ours or the national system's.
fn word<T: std::str::FromStr>(cells: &mut Cells<'_>, key: &str) -> Option<T> {
    match NATIONAL.value(key, cells.text(key)) {
        Some(value) => value.parse().ok(),
        None => cells.choice(key).and_then(|value| value.parse().ok()),
    }
}

fn yes(cells: &mut Cells<'_>, key: &str) -> Option<bool> {
    cells.choice(key).map(|value| value == "yes")
}

/// What a row adds to what is known of its household.
fn household(rows: &mut HouseholdRows, cells: &mut Cells<'_>) {
    if rows.number.is_empty() {
        rows.number = cells.text("household_number").to_owned();
        if !rows.number.is_empty() && !household::is_number(&rows.number) {
            let (zh, en) = (
                "户编号应为 6 至 30 位字母、数字或连字符。",
                "A household number has 6 to 30 letters, digits or hyphens.",
            );
            cells.fault("household_number", zh, en);
        }
    }
    if rows.village.is_empty() {
        rows.village = cells.text("village").to_owned();
    }
    let day = cells.day("registered_on");
    rows.registered_on = rows.registered_on.or(day);
    let of = word(cells, "household_type");
    rows.household_type = rows.household_type.or(of);
    let monitored = match NATIONAL.value("monitored", cells.text("monitored")) {
        Some(value) => Some(value.to_owned()),
        None => cells.choice("monitored").map(str::to_owned),
    };
    rows.monitored = rows.monitored.or(monitored.map(|word| word.parse::<HouseholdStatusKind>().ok()));
    for kind in LandKind::ALL {
        let read = cells.read(
            kind.as_str(),
            |text| cells::scaled(text, 2).filter(|area| *area <= 10_000_000),
            "应为亩，最多两位小数，例如 3.50。",
            "Mu with at most two decimals are expected, such as 3.50.",
        );
        if let Some(area) = read
            && rows.land.iter().all(|(known, _)| known != kind)
        {
            rows.land.push((*kind, area));
        }
    }
    let (housed, water, help) =
        (yes(cells, "is_housed_safely"), yes(cells, "has_safe_water"), yes(cells, "industry_help"));
    rows.is_housed_safely = rows.is_housed_safely.or(housed);
    rows.has_safe_water = rows.has_safe_water.or(water);
    rows.industry_help = rows.industry_help.or(help);
    let year = cells.read(
        "income_year",
        |text| text.parse::<i32>().ok(),
        "应为四位年份，例如 2025。",
        "A year of four digits is expected, such as 2025.",
    );
    rows.income_year = rows.income_year.or(year);
    for (item, column) in incomes::COLUMNS {
        if let Some(amount) = cells.fen(column)
            && rows.income(item).is_none()
        {
            rows.incomes.push((item, amount));
        }
    }
}

fn read_person(cells: &mut Cells<'_>) -> PersonRow {
    let months = cells.read(
        "work_months",
        |text| text.parse::<u8>().ok(),
        "应为 0 至 12 的整数。",
        "A whole number from 0 to 12 is expected.",
    );
    let place = cells.text("work_place");
    let work = match (place, months) {
        ("", None) => None,
        (place, months) => Some(WorkAway { place: place.to_owned(), months: months.unwrap_or(0) }),
    };
    PersonRow {
        name: cells.text("name").to_owned(),
        relation: word(cells, "relation"),
        id_number: cells.text("id_number").to_owned(),
        phone: cells.read(
            "phone",
            |text| PhoneNumber::parse(text).ok(),
            "应为 11 位手机号，或带区号的固定电话。",
            "A mobile number of 11 digits or a fixed line with its area code is expected.",
        ),
        bank_account: cells.read(
            "bank_account",
            |text| BankAccount::parse(text).ok(),
            "应为 16 至 19 位数字且校验位正确。",
            "16 to 19 digits with a valid check digit are expected.",
        ),
        facts: MemberFacts {
            education: word(cells, "education"),
            health: word(cells, "health"),
            skill: word(cells, "skill"),
            work,
            guarantee: None,
        },
        is_insured: yes(cells, "is_insured"),
        is_out_of_school: yes(cells, "is_out_of_school"),
        has_subsistence: yes(cells, "has_subsistence"),
        has_extreme_support: yes(cells, "has_extreme_support"),
    }
}

/// What comes of each row of a household. What is done stands with the first row that something comes of.
fn of_group(group: &[Line], faults: Vec<Vec<SheetFault>>, (judged, incomes): (Judged, Incomes)) -> Vec<Verdict> {
    let Judged { household, failed, changed, plan } = judged;
    let is_new = household.is_none();
    let mut verdicts: Vec<Verdict> = group
        .iter()
        .zip(faults)
        .map(|(line, faults)| {
            let label = line.cells.first().cloned().unwrap_or_default();
            Verdict { object: household.map(|id| id.uuid()), ..Verdict::bad(label, faults) }
        })
        .collect();
    for fault in failed {
        if let Some(verdict) = verdicts.get_mut(fault.person) {
            let code = fault.code.map(str::to_owned);
            // What a cell says wrongly was said by the cell.
            if verdict.faults.iter().any(|known| known.column == fault.column) {
                continue;
            }
            verdict.faults.push(SheetFault { code, column: fault.column.to_owned(), zh: fault.zh, en: fault.en });
        }
    }
    for change in changed {
        if let Some(verdict) = verdicts.get_mut(change.person) {
            let (column, before, after) = (change.column.to_owned(), change.before, change.after);
            verdict.changes.push(CellChange { column, before, after });
        }
    }
    let Incomes { faults, changes, rows: incomes } = incomes;
    if let Some(first) = verdicts.first_mut() {
        first.faults.extend(faults);
        first.changes.extend(changes);
    }
    let is_bad = verdicts.iter().any(|verdict| !verdict.faults.is_empty());
    for verdict in &mut verdicts {
        verdict.outcome = match (verdict.faults.is_empty(), is_new, verdict.changes.is_empty()) {
            (false, ..) => RowOutcome::Bad,
            (true, true, _) => RowOutcome::New,
            (true, false, false) => RowOutcome::Changed,
            (true, false, true) => RowOutcome::Same,
        };
        if verdict.outcome == RowOutcome::Bad {
            verdict.changes.clear();
        }
    }
    let first = verdicts.iter_mut().find(|verdict| verdict.outcome != RowOutcome::Same);
    if let (Some(first), false) = (first, is_bad)
        && (plan.is_some() || !incomes.is_empty())
    {
        first.plan = Plan::Household(Box::new(HouseholdPlan { register: plan, incomes }));
    }
    verdicts
}

pub(super) async fn carry_out(
    tx: &Tx,
    around: &Around<'_>,
    verdicts: Vec<Verdict>,
) -> Result<Vec<Option<Uuid>>, Failure> {
    let grant = Grant::<RegisterHousehold>::claim(around.actor)?;
    let mut made: Vec<Option<Uuid>> = verdicts.iter().map(|verdict| verdict.object).collect();
    let labels: Vec<String> = verdicts.iter().map(|verdict| verdict.label.clone()).collect();
    let (mut plans, mut places, mut amounts) = (Vec::new(), Vec::new(), Vec::new());
    for (place, verdict) in verdicts.into_iter().enumerate() {
        if let Plan::Household(plan) = verdict.plan {
            let HouseholdPlan { register, incomes } = *plan;
            amounts.push((place, incomes));
            if let Some(register) = register {
                plans.push(register);
                places.push(place);
            }
        }
    }
    let source = format!("户籍底册导入 {}", around.import);
    let ids = intake::record(tx, around.secrets, &grant, plans, &source).await?;
    for (place, id) in places.into_iter().zip(ids) {
        // All rows of a household made it, or changed it.
        let group = labels.iter().zip(&mut made).skip(place).take_while(|(label, _)| **label == labels[place]);
        for (_, made) in group {
            *made = Some(id.uuid());
        }
    }
    let of = |place: usize| made.get(place).copied().flatten().map(HouseholdId::from_uuid);
    let rows = amounts.into_iter().filter_map(|(place, rows)| Some((of(place)?, rows)));
    let rows: Vec<_> = rows.flat_map(|(id, rows)| rows.into_iter().map(move |row| (id, row))).collect();
    incomes::carry_out(tx, around, &rows, &source).await?;
    Ok(made)
}

/// A household as rows: what is said of it stands on each.
pub(in crate::bulk) fn shown(exported: &Exported, year: Option<&SheetYear>) -> Vec<Vec<String>> {
    exported.people.iter().map(|person| shown_person(exported, person, year)).collect()
}

fn shown_person(of: &Exported, person: &ExportedPerson, year: Option<&SheetYear>) -> Vec<String> {
    let word = |choices: &[(&'static str, &'static str)], value: Option<&str>| {
        choices.iter().find(|(known, _)| Some(*known) == value).map_or("", |(_, zh)| *zh).to_owned()
    };
    let monitored = of.status.map(|status| match status {
        HouseholdStatusKind::Registered | HouseholdStatusKind::Ordinary => "no",
        monitored => monitored.as_str(),
    });
    let land = |kind: LandKind| of.land.get(&kind).map(|area| cells::decimal(*area, 2, 2)).unwrap_or_default();
    let mut row = vec![
        of.row.number.clone(),
        of.village.clone(),
        of.row.registered_on.to_string(),
        word(HOUSEHOLD_TYPES, of.household_type.map(|of| of.as_str())),
        word(MONITORED, monitored),
        person.name.clone(),
        word(RELATIONS, Some(person.relation.as_str())),
        person.id_number.clone(),
        person.phone.clone().unwrap_or_default(),
        person.bank_account.clone().unwrap_or_default(),
        word(EDUCATIONS, person.education.map(|education| education.as_str())),
        word(HEALTHS, person.health.map(|health| health.as_str())),
        word(SKILLS, person.skill.map(|skill| skill.as_str())),
        person.work.as_ref().map(|work| work.place.clone()).unwrap_or_default(),
        person.work.as_ref().map(|work| work.months.to_string()).unwrap_or_default(),
    ];
    row.extend([LandKind::Cropland, LandKind::Forest, LandKind::Orchard, LandKind::Water, LandKind::Pasture].map(land));
    // What is only looked at is not kept.
    row.extend(std::iter::repeat_n(String::new(), 5));
    let [wage, operating, property, transfer, cost] = incomes::cells_of(year);
    let has = |guarantee: Guarantee| {
        let held = person.guarantee.map(|held| if held == guarantee { "yes" } else { "no" });
        word(YES_NO, held)
    };
    row.extend([operating, year.map(|year| year.year.to_string()).unwrap_or_default(), wage, property, transfer, cost]);
    row.extend([has(Guarantee::SubsistenceAllowance), has(Guarantee::ExtremePoverty)]);
    row
}
