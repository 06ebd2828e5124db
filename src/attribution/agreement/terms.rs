//! What an agreement must satisfy by itself. Pure: it knows the day and the request, nothing else.

use super::view::{AmendAgreement, CustodyTerms, EndAgreement, ModeTerms, SignAgreement};
use crate::attribution::error::fault;
use crate::problem::FieldProblem;
use chrono::{Months, NaiveDate};
use entity::agreement;
use entity::value::{BenefitMode, FenPerKilogram};

/// The longest term, in months: thirty years, as long as rural land is contracted for.
const LONGEST_TERM: Months = Months::new(360);
/// The largest weight: a pool of a billion such members still splits exactly.
const LARGEST_WEIGHT: i64 = 1_000_000_000;
/// The largest area in hundredths of a mu: a million mu.
const LARGEST_AREA: i64 = 100_000_000;

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
    let signed = Signed {
        mode: wanted.mode,
        weight: wanted.weight,
        price_fen_per_kg: wanted.price_fen_per_kg,
        terms: wanted.terms.as_ref(),
    };
    faults.extend(signed.faults());
    if wanted.subject.as_ref().is_some_and(|subject| !(1..=60).contains(&subject.trim().chars().count())) {
        faults.push(fault("/subject", "应为 1 至 60 个字。", "It has 1 to 60 characters."));
    }
    if wanted.household_signed_on.is_some_and(|day| day > today) {
        faults.push(fault(
            "/household_signed_on",
            "签订日期不能晚于今天。",
            "The day of signing is not in the future.",
        ));
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

/// Everything wrong with other terms for an agreement that goes on.
pub(super) fn faults_of_amending(mode: BenefitMode, wanted: &AmendAgreement, today: NaiveDate) -> Vec<FieldProblem> {
    let signed =
        Signed { mode, weight: wanted.weight, price_fen_per_kg: wanted.price_fen_per_kg, terms: wanted.terms.as_ref() };
    let mut faults = signed.faults();
    for (pointer, day) in
        [("/supplier_signed_on", wanted.supplier_signed_on), ("/household_signed_on", wanted.household_signed_on)]
    {
        if day > today {
            faults.push(fault(pointer, "签订日期不能晚于今天。", "The day of signing is not in the future."));
        }
    }
    faults
}

/// What both put their names to, first or again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signed<'a> {
    pub mode: BenefitMode,
    pub weight: Option<i64>,
    pub price_fen_per_kg: Option<FenPerKilogram>,
    pub terms: Option<&'a ModeTerms>,
}

impl Signed<'_> {
    /// The weight by which the household shares. Leased land weighs its square metres.
    pub(super) fn weight(&self) -> i64 {
        match self.terms {
            Some(ModeTerms::LandRent(rent)) => square_metres(rent.area_hundredth_mu),
            _ => self.weight.unwrap_or(0),
        }
    }

    fn faults(&self) -> Vec<FieldProblem> {
        let mut faults = Vec::new();
        if self.terms.is_some_and(|terms| terms.mode() != self.mode) {
            faults.push(fault("/terms", "条款应属于同一方式。", "The terms belong to another mode."));
            return faults;
        }
        faults.extend(self.fault_of_price());
        faults.extend(self.fault_of_weight());
        faults.extend(self.fault_of_terms());
        faults
    }

    fn fault_of_price(&self) -> Option<FieldProblem> {
        if self.mode != BenefitMode::ProducePurchase {
            let is_wrong = self.price_fen_per_kg.is_some();
            return is_wrong
                .then(|| fault("/price_fen_per_kg", "只有订单收购约定收购价。", "Only produce has a price."));
        }
        let is_wrong = self.price_fen_per_kg.is_none_or(FenPerKilogram::is_zero);
        is_wrong.then(|| {
            fault(
                "/price_fen_per_kg",
                "订单收购必须约定大于零的保底收购价。",
                "Produce needs an agreed floor price above zero.",
            )
        })
    }

    fn fault_of_weight(&self) -> Option<FieldProblem> {
        if self.mode == BenefitMode::ProducePurchase {
            return self.weight.is_some_and(|weight| weight != 0).then(|| {
                fault(
                    "/weight",
                    "订单收购不填权重，按实际交售计算。",
                    "Produce has no weight of its own: what is delivered counts.",
                )
            });
        }
        if let Some(ModeTerms::LandRent(rent)) = self.terms {
            let is_wrong = self.weight.is_some_and(|weight| weight != square_metres(rent.area_hundredth_mu));
            return is_wrong.then(|| {
                fault(
                    "/weight",
                    "权重（平方米）与面积（百分之一亩）不一致；可不填权重。",
                    "The weight in square metres is not the area in hundredths of a mu; leave it out.",
                )
            });
        }
        self.weight.is_none_or(|weight| !(1..=LARGEST_WEIGHT).contains(&weight)).then(|| {
            fault(
                "/weight",
                "权重应在 1 至 1000000000 之间（工日、股、平方米或托管单位）。",
                "The weight lies between 1 and 1000000000 (person-days, share units, square metres or entrusted units).",
            )
        })
    }

    fn fault_of_terms(&self) -> Option<FieldProblem> {
        match self.terms {
            None if self.mode == BenefitMode::CustodialFarming => {
                Some(fault("/terms", "托管代养应写明条款和代养费。", "Custodial farming needs its terms and its fee."))
            }
            Some(ModeTerms::Wages(wages)) if wages.daily_wage_fen.is_zero() => {
                Some(fault("/terms/wages/daily_wage_fen", "日工资应大于零。", "The wage of a day is above zero."))
            }
            Some(ModeTerms::LandRent(rent))
                if !(1..=LARGEST_AREA).contains(&rent.area_hundredth_mu) || rent.rent_fen_per_year.is_zero() =>
            {
                Some(fault(
                    "/terms/land_rent",
                    "面积应在 0.01 至 1000000 亩之间，年租金应大于零。",
                    "The area lies between 0.01 and 1000000 mu, and the rent is above zero.",
                ))
            }
            Some(ModeTerms::CustodialFarming(custody)) => fault_of_custody(custody),
            None | Some(_) => None,
        }
    }
}

fn fault_of_custody(custody: &CustodyTerms) -> Option<FieldProblem> {
    if !(1..=20).contains(&custody.unit_name.trim().chars().count()) {
        return Some(fault("/terms/custodial_farming/unit_name", "应为 1 至 20 个字。", "It has 1 to 20 characters."));
    }
    (custody.fee_fen_per_unit >= custody.return_fen_per_unit).then(|| {
        fault(
            "/terms/custodial_farming/fee_fen_per_unit",
            "代养费应低于每单位约定收益。",
            "The fee is less than what a unit returns.",
        )
    })
}

/// Hundredths of a mu as square metres, rounded half up: three hundredths are twenty square metres.
fn square_metres(area_hundredth_mu: i64) -> i64 {
    area_hundredth_mu.saturating_mul(20).saturating_add(1) / 3
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
