//! Whether names and terms make sense: pure.

use super::PairingError;
use crate::problem::{FieldProblem, Text};
use chrono::NaiveDate;
use entity::programme;

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
