//! What a unit must reserve, and what about its filing is worth a question: pure functions.
//!
//! Promises: of several policies the strictest holds in each of its parts; an amount is the total times the ratio,
//! rounded to the nearest fen, halves up; a finding says the figures it rests on. Knows no database and no clock.
//! Source: 财库〔2021〕19号 (10 % of canteen purchases since 2021) and the provinces' own, stricter ones.

use entity::quota_policy;
use entity::value::{Fen, FilingKind, Overflow, PurchaseChannel, QuotaFigure};

/// The whole in ten-thousandths.
pub const WHOLE_BP: i64 = 10_000;

/// A fall against the year before that is worth a question, in ten-thousandths.
const REMARKABLE_FALL_BP: i64 = 2_000;

/// How many times the usual amount for each diner is worth a question, either way.
const REMARKABLE_TIMES: i64 = 3;

/// What the policies that apply demand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The least part of canteen purchases, in ten-thousandths.
    pub canteen_bp: i64,
    /// The least part of union purchases, in ten-thousandths.
    pub union_bp: i64,
    /// Whether the reserved amount may not fall below that of the year before.
    pub not_below_last_year: bool,
    /// Which figure counts as done.
    pub counts: QuotaFigure,
    /// Whether purchases of the union count.
    pub counts_union: bool,
    /// Whether purchases of the contractor count.
    pub counts_contractor: bool,
    /// Whether purchases of the staff count.
    pub counts_individual: bool,
}

impl Rule {
    /// The strictest of all policies that apply (从严适用); none where none applies.
    ///
    /// Each part for itself: the highest ratios, the figure that is reached last, and a channel counts only where
    /// all policies let it count.
    #[must_use]
    pub fn strictest(policies: &[quota_policy::Model]) -> Option<Self> {
        let first = policies.first()?;
        let start = Self {
            canteen_bp: first.canteen_bp,
            union_bp: first.union_bp,
            not_below_last_year: first.not_below_last_year,
            counts: first.counts,
            counts_union: first.counts_union,
            counts_contractor: first.counts_contractor,
            counts_individual: first.counts_individual,
        };
        Some(policies.iter().fold(start, |rule, policy| Self {
            canteen_bp: rule.canteen_bp.max(policy.canteen_bp),
            union_bp: rule.union_bp.max(policy.union_bp),
            not_below_last_year: rule.not_below_last_year || policy.not_below_last_year,
            counts: if lateness(policy.counts) > lateness(rule.counts) { policy.counts } else { rule.counts },
            counts_union: rule.counts_union && policy.counts_union,
            counts_contractor: rule.counts_contractor && policy.counts_contractor,
            counts_individual: rule.counts_individual && policy.counts_individual,
        }))
    }

    /// Whether purchases through this channel count.
    #[must_use]
    pub const fn admits(&self, channel: PurchaseChannel) -> bool {
        match channel {
            PurchaseChannel::Canteen => true,
            PurchaseChannel::Union => self.counts_union,
            PurchaseChannel::Contractor => self.counts_contractor,
            PurchaseChannel::Individual => self.counts_individual,
        }
    }
}

/// How late in an order's life a figure is reached.
const fn lateness(figure: QuotaFigure) -> u8 {
    match figure {
        QuotaFigure::Ordered | QuotaFigure::Released | QuotaFigure::Refunded => 0,
        QuotaFigure::Accepted => 1,
        QuotaFigure::Paid => 2,
        QuotaFigure::Completed => 3,
    }
}

/// A part of a total, rounded to the nearest fen, halves up.
///
/// # Errors
/// [`Overflow`] when the result is no amount.
pub fn part(total: Fen, basis_points: i64) -> Result<Fen, Overflow> {
    let product = i128::from(total.get()) * i128::from(basis_points) + i128::from(WHOLE_BP / 2);
    i64::try_from(product / i128::from(WHOLE_BP)).map_err(|_| Overflow).and_then(Fen::new)
}

/// What a part is of a whole, in ten-thousandths, rounded down: nobody is shown as done by rounding. Nothing of a whole
/// of nothing.
#[must_use]
pub fn ratio_bp(part: Fen, whole: Fen) -> Option<i64> {
    if whole.is_zero() {
        return None;
    }
    i64::try_from(i128::from(part.get()) * i128::from(WHOLE_BP) / i128::from(whole.get())).ok()
}

/// What a unit filed, as far as it is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filed {
    /// How it stands to the quota.
    pub kind: FilingKind,
    /// What its canteen buys in the year.
    pub canteen_total: Fen,
    /// Of that, reserved.
    pub canteen_reserved: Fen,
    /// What its union buys in the year.
    pub union_total: Fen,
    /// Of that, reserved.
    pub union_reserved: Fen,
    /// How many eat there.
    pub diners: i32,
    /// Whether it names who buys for an outsourced canteen.
    pub names_executing_body: bool,
}

/// What is known besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Surroundings {
    /// What was reserved last year for canteen and union together, when that was confirmed.
    pub reserved_last_year: Option<Fen>,
    /// What is usual for each diner among the units of the same finance department.
    pub usual_per_diner: Option<Fen>,
    /// What is said of the unit that files for it.
    pub representative: Option<Representative>,
    /// What the unit's canteen bought over the platform in the year so far.
    pub bought_by_canteen: Fen,
}

/// What is said of the unit that is named as filing for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Representative {
    /// It files for others (共用食堂代表单位).
    Represents,
    /// It has not filed yet.
    NotFiled,
    /// It is represented itself.
    IsRepresented,
    /// It files, but not for others.
    FilesForItself,
}

/// Something about a filing that keeps it from being handed in, or asks for a word of explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Stable name.
    pub code: &'static str,
    /// Whether it keeps the filing from being handed in; otherwise a note is asked for.
    pub is_error: bool,
    /// The field it is about, as a JSON pointer.
    pub pointer: &'static str,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// Everything about a filing that is worth a word.
///
/// # Errors
/// [`Overflow`] when amounts are out of range.
pub fn findings(rule: &Rule, filed: &Filed, around: &Surroundings) -> Result<Vec<Finding>, Overflow> {
    let mut found = Vec::new();
    ratios(rule, filed, &mut found)?;
    last_year(rule, filed, around, &mut found)?;
    canteen(filed, around, &mut found)?;
    if filed.kind == FilingKind::SharedRepresented {
        representative(around.representative, &mut found);
    }
    Ok(found)
}

fn error(code: &'static str, pointer: &'static str, zh: String, en: String) -> Finding {
    Finding { code, is_error: true, pointer, zh, en }
}

fn question(code: &'static str, pointer: &'static str, zh: String, en: String) -> Finding {
    Finding { code, is_error: false, pointer, zh, en }
}

const fn runs_a_canteen(kind: FilingKind) -> bool {
    matches!(kind, FilingKind::HasCanteen | FilingKind::Outsourced | FilingKind::SharedRepresentative)
}

fn ratios(rule: &Rule, filed: &Filed, found: &mut Vec<Finding>) -> Result<(), Overflow> {
    let parts = [
        (
            "canteen_reserve_too_low",
            "/canteen_reserved_fen",
            "食堂",
            "canteen",
            filed.canteen_total,
            filed.canteen_reserved,
            rule.canteen_bp,
        ),
        (
            "union_reserve_too_low",
            "/union_reserved_fen",
            "工会",
            "union",
            filed.union_total,
            filed.union_reserved,
            rule.union_bp,
        ),
    ];
    for (code, pointer, zh, en, total, reserved, bp) in parts {
        let least = part(total, bp)?;
        if reserved < least {
            let percent = format!("{}.{:02}", bp / 100, bp % 100);
            found.push(error(
                code,
                pointer,
                format!("{zh}采购总额 {total} 元按 {percent}% 至少预留 {least} 元，填报 {reserved} 元。"),
                format!("{percent} % of the {en}'s {total} yuan is at least {least} yuan; {reserved} yuan are filed."),
            ));
        }
    }
    Ok(())
}

fn last_year(rule: &Rule, filed: &Filed, around: &Surroundings, found: &mut Vec<Finding>) -> Result<(), Overflow> {
    let Some(before) = around.reserved_last_year else { return Ok(()) };
    let now = filed.canteen_reserved.checked_add(filed.union_reserved)?;
    if now >= before {
        return Ok(());
    }
    let zh = format!("上年预留 {before} 元，本年填报 {now} 元。");
    let en = format!("{before} yuan were reserved last year, {now} yuan are filed now.");
    if rule.not_below_last_year {
        found.push(error("below_last_year", "/canteen_reserved_fen", format!("不得低于上年：{zh}"), en));
    } else if now < part(before, WHOLE_BP - REMARKABLE_FALL_BP)? {
        found.push(question("far_below_last_year", "/canteen_reserved_fen", format!("较上年下降较多：{zh}"), en));
    }
    Ok(())
}

fn canteen(filed: &Filed, around: &Surroundings, found: &mut Vec<Finding>) -> Result<(), Overflow> {
    if !runs_a_canteen(filed.kind) {
        if !filed.canteen_total.is_zero() {
            found.push(error(
                "no_canteen_with_amount",
                "/canteen_total_fen",
                "该类型不填报食堂采购总额。".to_owned(),
                "This kind of filing has no canteen purchases.".to_owned(),
            ));
        }
        let bought = around.bought_by_canteen;
        if filed.kind == FilingKind::NoCanteen && !bought.is_zero() {
            found.push(question(
                "no_canteen_but_bought",
                "/kind",
                format!("填报无食堂，但本年已在平台采购食材 {bought} 元，请说明。"),
                format!("No canteen is filed, but {bought} yuan of ingredients were bought this year; please explain."),
            ));
        }
        return Ok(());
    }
    if filed.canteen_total.is_zero() {
        found.push(error(
            "canteen_without_amount",
            "/canteen_total_fen",
            "有食堂的单位应填报年度食堂食材采购总额。".to_owned(),
            "A unit with a canteen files what it buys in the year.".to_owned(),
        ));
    }
    if filed.kind == FilingKind::Outsourced && !filed.names_executing_body {
        found.push(error(
            "executing_body_missing",
            "/executing_body",
            "食堂外包的，应填写实际采购执行主体。".to_owned(),
            "For an outsourced canteen, name who buys.".to_owned(),
        ));
    }
    per_diner(filed, around.usual_per_diner, found)
}

fn per_diner(filed: &Filed, usual: Option<Fen>, found: &mut Vec<Finding>) -> Result<(), Overflow> {
    if filed.diners == 0 {
        found.push(question(
            "diners_missing",
            "/diners",
            "就餐人数为零，请核对。".to_owned(),
            "Nobody eats there; please check.".to_owned(),
        ));
        return Ok(());
    }
    let Some(usual) = usual else { return Ok(()) };
    let each = Fen::new(filed.canteen_total.get() / i64::from(filed.diners))?;
    if each > usual.checked_mul(REMARKABLE_TIMES)? || each.checked_mul(REMARKABLE_TIMES)? < usual {
        found.push(question(
            "per_diner_unusual",
            "/canteen_total_fen",
            format!("人均 {each} 元，同级单位通常为 {usual} 元，请核对采购总额和就餐人数。"),
            format!("{each} yuan for each diner, where {usual} yuan are usual; please check the total and the diners."),
        ));
    }
    Ok(())
}

fn representative(known: Option<Representative>, found: &mut Vec<Finding>) {
    let (code, zh, en) = match known {
        Some(Representative::Represents) => return,
        None => ("representative_missing", "请填写代为填报的单位。", "Name the unit that files for it."),
        Some(Representative::NotFiled) => {
            ("representative_not_filed", "代为填报的单位尚未填报。", "The unit that files for it has not filed yet.")
        }
        Some(Representative::IsRepresented) => (
            "representative_is_represented",
            "代为填报的单位本身由他单位填报，不能再代表。",
            "The unit named is itself represented by another.",
        ),
        Some(Representative::FilesForItself) => (
            "representative_files_for_itself",
            "该单位未按“共用食堂代表单位”填报。",
            "The unit named does not file as the representative of a shared canteen.",
        ),
    };
    found.push(error(code, "/representative_id", zh.to_owned(), en.to_owned()));
}
