//! What a sheet's rows must satisfy before they become the register (数据清洗规则): each check has a name that stays.
//!
//! Pure. A row that fails is not taken, and says by which check; whether it is the sheet or the household's help that
//! must be mended is for people to find out.

use super::{HouseholdRows, PersonRow};
use chrono::{Datelike, NaiveDate};
use entity::value::{Health, HouseholdStatusKind, HouseholdType, IncomeItem, Relation, ResidentId};

/// A check.
#[derive(Debug, PartialEq, Eq)]
pub struct Check {
    /// Its name.
    pub code: &'static str,
    /// The column it is about.
    pub column: &'static str,
    /// What is wrong, in Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
}

macro_rules! checks {
    ($($(#[$doc:meta])* $name:ident = $code:literal at $column:literal, $zh:literal, $en:literal;)+) => {
        $(
            $(#[$doc])*
            pub static $name: Check = Check { code: $code, column: $column, zh: $zh, en: $en };
        )+
        /// Every check.
        pub static CHECKS: &[&Check] = &[$(&$name),+];
    };
}

checks! {
    /// An identity number has 18 characters; a disability card has 20 or 22, the first 18 of which are that number.
    ID_LENGTH = "id_length" at "id_number", "证件号码应为 18 位身份证号，或 20、22 位残疾证号。",
        "An identity number has 18 characters, a disability card 20 or 22.";
    /// But for the last, they are digits.
    ID_DIGITS = "id_digits" at "id_number", "证件号码中有不应出现的字符。", "The number holds what is no digit.";
    /// The day of birth in it is one.
    ID_BIRTH = "id_birth_date" at "id_number", "证件号码中的出生日期不存在，或晚于今天。",
        "The birth date in the number does not exist, or is to come.";
    /// GB 11643.
    ID_CHECKSUM = "id_checksum" at "id_number", "证件号码校验码不正确（GB 11643）。",
        "The check character is wrong (GB 11643).";
    /// The nineteenth character of a disability card: seven kinds.
    DISABILITY_KIND = "disability_kind" at "id_number", "残疾证第 19 位（残疾类别）应为 1 至 7。",
        "The 19th character of a disability card, the kind, is 1 to 7.";
    /// The twentieth: four grades.
    DISABILITY_GRADE = "disability_grade" at "id_number", "残疾证第 20 位（残疾等级）应为 1 至 4。",
        "The 20th character of a disability card, the grade, is 1 to 4.";
    /// A card, and a person who is healthy.
    DISABILITY_HEALTH = "disability_health" at "health", "持残疾证者健康状况不应为“健康”。",
        "Whoever holds a disability card is not \"healthy\".";
    /// Nobody is the head.
    HEAD_MISSING = "head_missing" at "relation", "该户没有户主。", "The household has no head.";
    /// Two are.
    HEAD_REPEATED = "head_repeated" at "relation", "该户有多名户主。", "The household has more than one head.";
    /// The rows of a household say different things of it.
    FIELDS_DIFFER = "household_fields_differ" at "household_number", "同户各行的户信息不一致。",
        "The rows of a household say different things of it.";
    /// Two villages of a name, or none.
    VILLAGE_UNKNOWN = "village_unknown" at "village", "本县没有这个村委会，或有多个同名的；请填写编号。",
        "There is no such village in the county, or more than one by that name; give its identifier.";
    /// The number belongs to a household of another county.
    HOUSEHOLD_ELSEWHERE = "household_elsewhere" at "household_number", "该户编号已在其他县登记。",
        "The number is registered in another county.";
    /// The household was merged into another, or nobody is left of it.
    HOUSEHOLD_GONE = "household_gone" at "household_number", "该户已并入他户或已无人口。",
        "The household was merged into another, or nobody is left of it.";
    /// A person of another household, or one who left theirs.
    PERSON_ELSEWHERE = "person_elsewhere" at "id_number", "该人员已登记在其他户，或已离户；请先办理动态调整。",
        "The person is registered in another household, or left theirs; that changes by a case.";
    /// Somebody whom the register does not have in this household.
    MEMBER_NEEDS_CASE = "member_needs_case" at "id_number", "该户登记中没有此人；人口增减须经动态调整。",
        "The register has no such person in this household; who comes and leaves goes by a case.";
    /// Somebody whom the sheet does not have.
    PEOPLE_MISSING = "people_missing" at "household_number", "表中人口少于该户登记人口；人口增减须经动态调整。",
        "The sheet has fewer people than the register; who comes and leaves goes by a case.";
    /// Another name under the same number.
    NAME_DIFFERS = "name_differs" at "name", "姓名与该证件号码的登记不符。", "The register has another name for this number.";
    /// Another head than the register's.
    HEAD_NEEDS_CASE = "head_needs_case" at "relation", "户主与登记不符；户主变更请在走访登记或动态调整中办理。",
        "The register has another head; that changes by a survey or a case.";
    /// Another account than the register's.
    BANK_DIFFERS = "bank_account_differs" at "bank_account", "银行卡号与登记不符；账户变更不经表格办理。",
        "The register has another account; that does not change by a sheet.";
    /// Another status than the register's.
    STATUS_NEEDS_CASE = "status_needs_case" at "household_type", "户类型或监测对象类型与登记不符；变更须经动态调整。",
        "The register has another type or status; that changes by a case.";
    /// Another day than the register's.
    REGISTERED_ON_DIFFERS = "registered_on_differs" at "registered_on", "登记日期与登记不符。",
        "The register has another day of registration.";
    /// A new household needs a day.
    REGISTERED_ON_MISSING = "registered_on_missing" at "registered_on", "新登记的户必填登记日期。",
        "A new household needs the day of registration.";
    /// And a type.
    TYPE_MISSING = "household_type_missing" at "household_type", "新登记的户必填户类型。", "A new household needs its type.";
    /// Unstable are those who were poor, borderline those who were not.
    TYPE_CONTRADICTS = "type_contradicts" at "monitored", "脱贫不稳定户须为脱贫户，边缘易致贫户须为一般农户。",
        "Unstable are only those who came out of poverty, borderline only those who were not registered.";
    /// Out of poverty, in an unsafe house, and not monitored.
    HOUSING_UNMONITORED = "housing_unmonitored" at "is_housed_safely", "脱贫户住房不安全而未纳入监测；请核实。",
        "Out of poverty and in an unsafe house, but not monitored; find out.";
    /// Out of poverty, without safe water, and not monitored.
    WATER_UNMONITORED = "water_unmonitored" at "has_safe_water", "脱贫户饮水不安全而未纳入监测；请核实。",
        "Out of poverty and without safe water, but not monitored; find out.";
    /// Out of poverty, a child out of school, and not monitored.
    SCHOOL_UNMONITORED = "school_unmonitored" at "is_out_of_school", "脱贫户有义务教育阶段失学辍学而未纳入监测；请核实。",
        "Out of poverty and a child out of school, but not monitored; find out.";
    /// Out of poverty, ill and without insurance, and not monitored.
    UNINSURED_UNMONITORED = "uninsured_unmonitored" at "is_insured", "脱贫户有患病人员未参加医保而未纳入监测；请核实。",
        "Out of poverty and somebody ill without insurance, but not monitored; find out.";
    /// Nobody below six or above sixteen drops out of compulsory school.
    SCHOOL_AGE = "school_age" at "is_out_of_school", "不在义务教育年龄段（6 至 16 周岁）而填写失学辍学。",
        "Out of compulsory school, but not between 6 and 16 years old.";
    /// Help for an industry that earned nothing.
    INDUSTRY_WITHOUT_INCOME = "industry_without_income" at "operating_income", "享受产业帮扶而生产经营性收入为零。",
        "Industry help is recorded, but no operating income.";
    /// One who is supported as extremely poor has no subsistence allowance beside.
    GUARANTEE_TWICE = "guarantee_twice" at "has_extreme_support", "特困供养人员不同时享受低保。",
        "Somebody supported as extremely poor has no subsistence allowance beside.";
    /// Amounts are of a year.
    INCOME_YEAR_MISSING = "income_year_missing" at "income_year", "填写收入或支出的，必填收入年度。",
        "Amounts are for a year, which is missing.";
    /// A year of income that is over.
    INCOME_YEAR_OPEN = "income_year_open" at "income_year", "收入年度不存在或尚未结束。",
        "There is no such year of income, or it is not over.";
    /// Somebody corrected what an earlier sheet said, and this one says something else again.
    INCOME_CORRECTED = "income_corrected" at "income_year", "该年度此项收支已人工更正；请在收支记录中更正。",
        "Somebody corrected the row of that year; correct it again by hand.";
    /// Months without a place, or a place without months.
    WORK_INCOMPLETE = "work_incomplete" at "work_months", "务工地与务工月数应一并填写，月数为 0 至 12。",
        "A place and 0 to 12 months are given together.";
}

/// A disability card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disability {
    /// Its kind, 1–7: sight, hearing, speech, limbs, mind, psyche, several.
    pub kind: u8,
    /// Its grade, 1–4, the gravest first.
    pub grade: u8,
}

/// What a certificate's number says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Who.
    pub id: ResidentId,
    /// Their card, where it is the number of one.
    pub disability: Option<Disability>,
}

/// The part of a certificate's number that names a person, as it stands.
#[must_use]
pub fn person_part(text: &str) -> String {
    text.trim().chars().take(18).collect::<String>().to_ascii_uppercase()
}

/// Reads the number of an identity card or of a disability card.
///
/// # Errors
/// The check that it does not pass.
pub fn certificate(text: &str) -> Result<Certificate, &'static Check> {
    let text = text.trim().to_ascii_uppercase();
    if !matches!(text.chars().count(), 18 | 20 | 22) {
        return Err(&ID_LENGTH);
    }
    let (Some(number), Some(rest)) = (text.get(..18), text.get(18..)) else { return Err(&ID_DIGITS) };
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (body, last) = number.split_at_checked(17).ok_or(&ID_DIGITS)?;
    if !is_digits(body) || !(is_digits(last) || last == "X") {
        return Err(&ID_DIGITS);
    }
    let born = body.get(6..14).and_then(|day| NaiveDate::parse_from_str(day, "%Y%m%d").ok());
    if born.is_none() {
        return Err(&ID_BIRTH);
    }
    let id = ResidentId::parse(number).map_err(|_| &ID_CHECKSUM)?;
    let mut digits = rest.chars().map(|digit| digit.to_digit(10).and_then(|digit| u8::try_from(digit).ok()));
    let disability = match (digits.next(), digits.next()) {
        (None, _) => None,
        (Some(kind), grade) => {
            let kind = kind.filter(|kind| (1..=7).contains(kind)).ok_or(&DISABILITY_KIND)?;
            let grade = grade.flatten().filter(|grade| (1..=4).contains(grade)).ok_or(&DISABILITY_GRADE)?;
            Some(Disability { kind, grade })
        }
    };
    if digits.any(|digit| digit.is_none()) {
        return Err(&ID_DIGITS);
    }
    Ok(Certificate { id, disability })
}

/// What type and monitoring make a status of; nothing where they contradict each other.
#[must_use]
pub fn status_of(of: HouseholdType, monitored: Option<HouseholdStatusKind>) -> Option<HouseholdStatusKind> {
    use HouseholdStatusKind as Status;
    match (of, monitored) {
        (HouseholdType::OutOfPoverty, None) => Some(Status::Registered),
        (HouseholdType::Ordinary, None) => Some(Status::Ordinary),
        (_, Some(Status::MonitoredSudden)) => Some(Status::MonitoredSudden),
        (HouseholdType::OutOfPoverty, Some(Status::MonitoredUnstable)) => Some(Status::MonitoredUnstable),
        (HouseholdType::Ordinary, Some(Status::MonitoredBorderline)) => Some(Status::MonitoredBorderline),
        _ => None,
    }
}

/// How old somebody is on a day.
fn age_on(born: NaiveDate, day: NaiveDate) -> i32 {
    let had_birthday = (day.month(), day.day()) >= (born.month(), born.day());
    day.year() - born.year() - i32::from(!had_birthday)
}

/// The checks that the rows of a household do not pass by themselves, each with the row it is about.
#[must_use]
pub fn failed(rows: &HouseholdRows, today: NaiveDate) -> Vec<(usize, &'static Check)> {
    let mut failed = Vec::new();
    let heads: Vec<usize> =
        (0..rows.people.len()).filter(|at| rows.people[*at].relation == Some(Relation::Head)).collect();
    match heads.as_slice() {
        [] => failed.push((0, &HEAD_MISSING)),
        [_] => {}
        [_, again @ ..] => failed.extend(again.iter().map(|at| (*at, &HEAD_REPEATED))),
    }
    failed.extend(rows.differing.iter().map(|at| (*at, &FIELDS_DIFFER)));
    if rows.industry_help == Some(true) && rows.income(IncomeItem::Operating).is_none_or(|income| income.is_zero()) {
        failed.push((0, &INDUSTRY_WITHOUT_INCOME));
    }
    // Not said is not monitored: whoever is, has it in the sheet.
    let is_unmonitored = rows.monitored.is_none_or(|monitored| monitored.is_none());
    let must_be_monitored = rows.household_type == Some(HouseholdType::OutOfPoverty) && is_unmonitored;
    if must_be_monitored && rows.is_housed_safely == Some(false) {
        failed.push((0, &HOUSING_UNMONITORED));
    }
    if must_be_monitored && rows.has_safe_water == Some(false) {
        failed.push((0, &WATER_UNMONITORED));
    }
    if let (Some(of), Some(monitored)) = (rows.household_type, rows.monitored)
        && status_of(of, monitored).is_none()
    {
        failed.push((0, &TYPE_CONTRADICTS));
    }
    for (at, person) in rows.people.iter().enumerate() {
        failed.extend(failed_by(person, must_be_monitored, today).into_iter().map(|check| (at, check)));
    }
    failed
}

fn failed_by(person: &PersonRow, must_be_monitored: bool, today: NaiveDate) -> Vec<&'static Check> {
    let mut failed: Vec<&'static Check> = Vec::new();
    let read = match certificate(&person.id_number) {
        Ok(read) if read.id.born_on().is_some_and(|born| born <= today) => Some(read),
        Ok(_) => {
            failed.push(&ID_BIRTH);
            None
        }
        Err(check) => {
            failed.push(check);
            None
        }
    };
    let has_card = read.as_ref().is_some_and(|read| read.disability.is_some());
    if has_card && person.facts.health == Some(Health::Healthy) {
        failed.push(&DISABILITY_HEALTH);
    }
    if person
        .facts
        .work
        .as_ref()
        .is_some_and(|work| work.months > 12 || work.place.trim().is_empty() != (work.months == 0))
    {
        failed.push(&WORK_INCOMPLETE);
    }
    if person.is_out_of_school == Some(true) {
        let age = read.as_ref().and_then(|read| read.id.born_on()).map(|born| age_on(born, today));
        if age.is_some_and(|age| !(6..=16).contains(&age)) {
            failed.push(&SCHOOL_AGE);
        } else if must_be_monitored {
            failed.push(&SCHOOL_UNMONITORED);
        }
    }
    if person.has_subsistence == Some(true) && person.has_extreme_support == Some(true) {
        failed.push(&GUARANTEE_TWICE);
    }
    let is_ill = matches!(person.facts.health, Some(Health::ChronicIllness | Health::SeriousIllness));
    if must_be_monitored && is_ill && person.is_insured == Some(false) {
        failed.push(&UNINSURED_UNMONITORED);
    }
    failed
}
