//! Whether names and terms make sense: pure.

use super::PairingError;
use super::view::NewPairing;
use crate::problem::{FieldProblem, Text};
use chrono::NaiveDate;
use entity::programme;
use entity::value::PairingTarget;
use std::collections::BTreeSet;

fn fault(pointer: &str, zh: &'static str, en: &'static str) -> FieldProblem {
    FieldProblem { pointer: pointer.to_owned(), detail: Text::new(zh, en) }
}

fn fault_of_term(starts_on: NaiveDate, ends_on: NaiveDate) -> Option<FieldProblem> {
    (ends_on < starts_on).then(|| fault("/ends_on", "止期早于起期。", "The last day lies before the first."))
}

/// What is wrong with a programme.
pub(super) fn faults_of_programme(name: &str, starts_on: NaiveDate, ends_on: NaiveDate) -> Vec<FieldProblem> {
    let name = name.trim();
    let is_name = (1..=100).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    let of_name = (!is_name).then(|| fault("/name", "名称应为 1 至 100 个字符。", "The name has 1 to 100 characters."));
    of_name.into_iter().chain(fault_of_term(starts_on, ends_on)).collect()
}

/// Refuses a pairing whose term makes no sense or lies outside its programme.
pub(super) fn check_pairing(
    programme: &programme::Model,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
) -> Result<(), PairingError> {
    if let Some(fault) = fault_of_term(starts_on, ends_on) {
        return Err(PairingError::Fields(vec![fault]));
    }
    if starts_on < programme.starts_on || ends_on > programme.ends_on {
        let programme::Model { starts_on, ends_on, .. } = *programme;
        return Err(PairingError::OutsideProgramme { starts_on, ends_on });
    }
    Ok(())
}

/// Villages in a group.
const MOST_VILLAGES: usize = 100;
/// Households in a group.
const MOST_HOUSEHOLDS: usize = 500;

/// What is wrong with whom an enterprise is to be paired with: each kind of party is named in its own field, and only
/// there.
pub(super) fn faults_of_target(wanted: &NewPairing) -> Vec<FieldProblem> {
    let NewPairing { target, village_id, village_ids, household_ids, .. } = wanted;
    let (villages, households) = (village_ids.len(), household_ids.len());
    let is_once = village_ids.iter().collect::<BTreeSet<_>>().len() == villages
        && household_ids.iter().collect::<BTreeSet<_>>().len() == households;
    let (needs_village, of_villages, of_households) = match target {
        PairingTarget::Village => (true, 0..=0, 0..=0),
        PairingTarget::VillageGroup => (false, 2..=MOST_VILLAGES, 0..=0),
        PairingTarget::County => (false, 0..=0, 0..=0),
        PairingTarget::HouseholdGroup => (true, 0..=0, 1..=MOST_HOUSEHOLDS),
    };
    let mut faults = Vec::new();
    if village_id.is_some() != needs_village {
        let zh = "结对对象为村或农户组时应填写所在村，为村组或县时不填。";
        faults.push(fault(
            "/village_id",
            zh,
            "It names the village of a village or a group of households, and of them only.",
        ));
    }
    if !of_villages.contains(&villages) {
        let zh = "结对对象为村组时应列出 2 至 100 个村，其他对象不填。";
        faults.push(fault("/village_ids", zh, "It lists the 2 to 100 villages of a group, and of a group only."));
    }
    if !of_households.contains(&households) {
        let zh = "结对对象为农户组时应列出 1 至 500 户，其他对象不填。";
        faults.push(fault("/household_ids", zh, "It lists the 1 to 500 households of a group, and of a group only."));
    }
    if !is_once {
        let pointer = if villages > 0 { "/village_ids" } else { "/household_ids" };
        faults.push(fault(pointer, "不能重复列出。", "Each is listed once."));
    }
    faults
}
