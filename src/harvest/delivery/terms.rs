//! What a delivery must satisfy. Pure: it knows the day, the agreement and the request, nothing else.

use super::view::NewDelivery;
use crate::harvest::error::{AGREEMENT_NOT_IN_FORCE, AGREEMENT_UNKNOWN, Fault, PRICE_BELOW_AGREEMENT, fault, invalid};
use crate::problem;
use chrono::NaiveDate;
use entity::agreement;
use entity::value::{BenefitMode, OrganisationId};

/// Everything wrong with one delivery; `at` is the pointer to it.
pub(super) fn faults_of(
    new: &NewDelivery,
    supplier: OrganisationId,
    agreement: Option<&agreement::Model>,
    today: NaiveDate,
    at: &str,
) -> Vec<Fault> {
    let mut faults = faults_by_itself(new, today, at);
    let own = agreement
        .filter(|agreement| agreement.supplier_id == supplier && agreement.mode == BenefitMode::ProducePurchase);
    let Some(agreement) = own else {
        faults.push(fault(
            &AGREEMENT_UNKNOWN,
            format!("{at}/agreement_id"),
            "本单位没有这份订单收购协议。",
            "You have no such produce agreement.",
        ));
        return faults;
    };
    if new.delivered_on < agreement.starts_on || new.delivered_on > agreement.ends_on {
        let (first, last) = (agreement.starts_on, agreement.ends_on);
        faults.push(fault(
            &AGREEMENT_NOT_IN_FORCE,
            format!("{at}/delivered_on"),
            format!("协议期限为 {first} 至 {last}。"),
            format!("The agreement holds from {first} to {last}."),
        ));
    }
    if let Some(floor) = agreement.price_fen_per_kg.filter(|floor| new.price_fen_per_kg < *floor) {
        faults.push(fault(
            &PRICE_BELOW_AGREEMENT,
            format!("{at}/price_fen_per_kg"),
            format!("协议保底价为每公斤 {floor} 分。"),
            format!("The agreed floor price is {floor} fen a kilogram."),
        ));
    }
    faults
}

fn faults_by_itself(new: &NewDelivery, today: NaiveDate, at: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !(1..=50).contains(&new.variety.trim().chars().count()) {
        faults.push(invalid(format!("{at}/variety"), "品种应为 1 至 50 个字。", "The variety has 1 to 50 characters."));
    }
    if new.grams.is_zero() {
        faults.push(invalid(format!("{at}/grams"), "重量必须大于零。", "The weight is above zero."));
    }
    if new.delivered_on > today {
        faults.push(invalid(
            format!("{at}/delivered_on"),
            "交售日期不能晚于今天。",
            "The day of delivery is not in the future.",
        ));
    }
    if new.grade.as_ref().is_some_and(|grade| !(1..=20).contains(&grade.trim().chars().count())) {
        faults.push(invalid(format!("{at}/grade"), "等级应为 1 至 20 个字。", "A grade has 1 to 20 characters."));
    }
    if new.weigh_note.as_ref().is_some_and(|note| !(1..=50).contains(&note.trim().chars().count())) {
        faults.push(invalid(
            format!("{at}/weigh_note"),
            "磅单号应为 1 至 50 个字。",
            "The number of a weigh note has 1 to 50 characters.",
        ));
    }
    if new.grams.value_at(new.price_fen_per_kg).is_err() {
        faults.push(fault(
            &problem::AMOUNT_OUT_OF_RANGE,
            format!("{at}/grams"),
            "重量与单价之积超出范围。",
            "Weight times price is out of range.",
        ));
    }
    faults
}
