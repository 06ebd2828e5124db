//! What a registration must satisfy by itself. Pure: it knows the day and the request, nothing else.

use super::error::fault;
use super::view::{MemberFacts, NewHousehold, NewHouseholdMember, NewHouseholdStatus};
use crate::problem::FieldProblem;
use chrono::NaiveDate;
use entity::value::Relation;
use std::collections::HashSet;

/// How many members a household may have.
const MOST_MEMBERS: usize = 20;

/// Whether a text has so many characters, not counting white space at its ends.
fn has_length(text: &str, bounds: std::ops::RangeInclusive<usize>) -> bool {
    bounds.contains(&text.trim().chars().count())
}

/// Everything wrong with a registration; `at` is the pointer to it in the request.
pub(super) fn faults_of_household(new: &NewHousehold, today: NaiveDate, at: &str) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    if !is_number(&new.number) {
        faults.push(fault(
            format!("{at}/number"),
            "户编号应为 6 至 30 位字母、数字或连字符。",
            "A household number has 6 to 30 letters, digits or hyphens.",
        ));
    }
    if new.registered_on > today {
        faults.push(fault(
            format!("{at}/registered_on"),
            "登记日期不能晚于今天。",
            "The day of registration is not in the future.",
        ));
    }
    faults.extend(faults_of_status(&new.status, new.registered_on, today, &format!("{at}/status")));
    faults.extend(faults_of_members(&new.members, today, at));
    faults
}

/// Everything wrong with a status of a household registered on a day.
pub(super) fn faults_of_status(
    new: &NewHouseholdStatus,
    registered_on: NaiveDate,
    today: NaiveDate,
    at: &str,
) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    if new.from_date > today {
        faults.push(fault(
            format!("{at}/from_date"),
            "生效日期不能晚于今天。",
            "A status does not begin in the future.",
        ));
    }
    if new.from_date < registered_on {
        faults.push(fault(
            format!("{at}/from_date"),
            "生效日期不能早于该户的登记日期。",
            "A status does not begin before the household was registered.",
        ));
    }
    if !has_length(&new.source, 1..=200) {
        faults.push(fault(format!("{at}/source"), "来源应为 1 至 200 个字。", "The source has 1 to 200 characters."));
    }
    faults
}

/// Everything wrong with the members of a household that is registered as a whole.
pub fn faults_of_members(members: &[NewHouseholdMember], today: NaiveDate, at: &str) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    if !(1..=MOST_MEMBERS).contains(&members.len()) {
        faults.push(fault(format!("{at}/members"), "每户应有 1 至 20 名成员。", "A household has 1 to 20 members."));
    }
    if members.iter().filter(|member| member.relation == Relation::Head).count() != 1 {
        faults.push(fault(
            format!("{at}/members"),
            "每户应有且只有一名户主（relation 为 head）。",
            "Exactly one member is the head of the household.",
        ));
    }
    faults.extend(faults_of_people(members.iter(), today, &format!("{at}/members")));
    faults
}

/// Everything wrong with people by themselves, and with two of one number.
pub fn faults_of_people<'a>(
    people: impl Iterator<Item = &'a NewHouseholdMember>,
    today: NaiveDate,
    at: &str,
) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    let mut seen = HashSet::new();
    for (index, member) in people.enumerate() {
        let at = format!("{at}/{index}");
        if !has_length(&member.name, 1..=50) {
            faults.push(fault(format!("{at}/name"), "姓名应为 1 至 50 个字。", "A name has 1 to 50 characters."));
        }
        if member.id_number.born_on().is_none_or(|born| born > today) {
            faults.push(fault(
                format!("{at}/id_number"),
                "公民身份号码中的出生日期晚于今天。",
                "The birth date in the identity number is in the future.",
            ));
        }
        if !seen.insert(member.id_number.reveal()) {
            faults.push(fault(
                format!("{at}/id_number"),
                "同一户中有两名成员使用此号码。",
                "Two members have this identity number.",
            ));
        }
        faults.extend(faults_of_facts(&member.facts, &format!("{at}/facts")));
    }
    faults
}

/// Everything wrong with what is known of a person.
pub(super) fn faults_of_facts(facts: &MemberFacts, at: &str) -> Vec<FieldProblem> {
    let Some(work) = &facts.work else { return Vec::new() };
    let mut faults = Vec::new();
    if work.months > 12 {
        faults.push(fault(format!("{at}/work/months"), "一年至多 12 个月。", "A year has 12 months at the most."));
    }
    let place = work.place.trim().chars().count();
    if place > 50 || (place == 0) != (work.months == 0) {
        faults.push(fault(
            format!("{at}/work/place"),
            "务工地应为 1 至 50 个字；未外出务工的，地点为空且月数为 0。",
            "The place has 1 to 50 characters; for no work away from home it is empty and the months are 0.",
        ));
    }
    faults
}

/// Whether a national household number is well-formed.
#[must_use]
pub fn is_number(number: &str) -> bool {
    let well_formed = number.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    well_formed && (6..=30).contains(&number.len())
}
