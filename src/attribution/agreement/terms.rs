//! What an agreement must satisfy by itself. Pure: it knows the day and the request, nothing else.

use super::view::{EndAgreement, SignAgreement};
use crate::attribution::error::fault;
use crate::problem::FieldProblem;
use chrono::{Months, NaiveDate};
use entity::agreement;
use entity::value::BenefitMode;

/// The longest term, in months: thirty years, as long as rural land is contracted for.
const LONGEST_TERM: Months = Months::new(360);
/// The largest weight: a pool of a billion such members still splits exactly.
const LARGEST_WEIGHT: i64 = 1_000_000_000;

/// Everything wrong with an agreement to be entered.
pub(super) fn faults_of_signing(wanted: &SignAgreement, today: NaiveDate) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    if wanted.household_id.is_some() == wanted.household_number.is_some() {
        faults.push(fault(
            "/household_number",
            "请用 household_number 或 household_id 之一指明农户。",
            "Name the household by household_number or by household_id, one of them.",
        ));
    }
    if wanted.mode == BenefitMode::ProducePurchase {
        faults.extend(faults_of_produce(wanted));
    } else {
        faults.extend(faults_of_weighted(wanted));
    }
    if wanted.signed_on > today {
        faults.push(fault("/signed_on", "签订日期不能晚于今天。", "The day of signing is not in the future."));
    }
    if wanted.ends_on < wanted.starts_on {
        faults.push(fault("/ends_on", "结束日期不能早于开始日期。", "The last day is not before the first."));
    }
    if wanted.starts_on.checked_add_months(LONGEST_TERM).is_none_or(|latest| wanted.ends_on > latest) {
        faults.push(fault("/ends_on", "期限不得超过三十年。", "A term is at most thirty years."));
    }
    faults
}

fn faults_of_produce(wanted: &SignAgreement) -> Option<FieldProblem> {
    if wanted.weight.is_some_and(|weight| weight != 0) {
        Some(fault(
            "/weight",
            "订单收购不填权重，按实际交售计算。",
            "Produce has no weight of its own: what is delivered counts.",
        ))
    } else if wanted.price_fen_per_kg.is_none_or(entity::value::FenPerKilogram::is_zero) {
        Some(fault(
            "/price_fen_per_kg",
            "订单收购必须约定大于零的保底收购价。",
            "Produce needs an agreed floor price above zero.",
        ))
    } else {
        None
    }
}

fn faults_of_weighted(wanted: &SignAgreement) -> Option<FieldProblem> {
    if wanted.price_fen_per_kg.is_some() {
        Some(fault("/price_fen_per_kg", "只有订单收购约定收购价。", "Only produce has a price."))
    } else if wanted.weight.is_none_or(|weight| !(1..=LARGEST_WEIGHT).contains(&weight)) {
        Some(fault(
            "/weight",
            "权重应在 1 至 1000000000 之间（工日、股或平方米）。",
            "The weight lies between 1 and 1000000000 (person-days, share units or square metres).",
        ))
    } else {
        None
    }
}

/// Everything wrong with ending an agreement early. What lies in the past has been shared out and stays.
pub(super) fn faults_of_ending(
    agreement: &agreement::Model,
    wanted: &EndAgreement,
    today: NaiveDate,
) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    if wanted.ends_on < today || wanted.ends_on < agreement.starts_on || wanted.ends_on > agreement.ends_on {
        faults.push(fault(
            "/ends_on",
            "终止日期应不早于今天和开始日期，且不晚于原结束日期。",
            "The new last day is not before today or the first day, and not after the old last day.",
        ));
    }
    if !(2..=200).contains(&wanted.reason.trim().chars().count()) {
        faults.push(fault("/reason", "请以 2 至 200 个字说明原因。", "Give the reason in 2 to 200 characters."));
    }
    faults
}
