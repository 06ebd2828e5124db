//! What a rule sees in one household on one day: pure, so that the night and a trial over the past see the same.

use crate::household::history::is_monitored;
use crate::welfare::{Facts, Figures, Window, fold, per_head};
use chrono::{Days, NaiveDate};
use entity::value::{
    ClueKind, DisputeId, Fen, HouseholdStatusKind, MeasureState, OrganisationId, Overflow, SupplierOrderId, Timestamp,
    business_date,
};
use entity::{income_threshold, measure, monitoring_rule};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A dispute that the county upheld.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upheld {
    /// The dispute.
    pub dispute: DisputeId,
    /// The number people quote.
    pub number: String,
    /// When it was decided.
    pub at: Timestamp,
}

/// What moved on a household's account with a supplier for an order on a day: above zero is owed, below is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// Who owes.
    pub supplier: OrganisationId,
    /// The order, or the sale outside the platform; none for what belongs to no order.
    pub order: Option<SupplierOrderId>,
    /// The day.
    pub on: NaiveDate,
    /// How much, in fen.
    pub fen: i64,
}

/// What befell goods with a household's produce in them, an order for such goods, or a supplier it has an agreement with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// Which: `lot_recalled`, `order_refused`, `complaint_upheld`, `order_cancelled`, `supplier_suspended`,
    /// `supplier_removed`.
    pub what: &'static str,
    /// The lot, the supplier order, the complaint, the supplier's admission.
    pub id: Uuid,
    /// The number people quote; of a supplier its name.
    pub number: String,
    /// When.
    pub at: Timestamp,
    /// The supplier.
    pub supplier: OrganisationId,
    /// What the order was worth; none for what is no order.
    pub worth: Option<Fen>,
}

/// What befell a household.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Events {
    /// Disputes that were upheld.
    pub upheld: Vec<Upheld>,
    /// What suppliers owed it and paid.
    pub moved: Vec<Moved>,
    /// What befell goods with its produce in them.
    pub lost: Vec<Lost>,
    /// What is done for it, or was.
    pub measures: Vec<measure::Model>,
}

/// Everything that a rule may look at, about one household on one day.
#[derive(Debug, Clone)]
pub struct At<'a> {
    /// The day.
    pub day: NaiveDate,
    /// How many months count for monitoring.
    pub months: u32,
    /// Income and spending.
    pub facts: &'a Facts,
    /// How many people belonged to it on that day.
    pub people: u32,
    /// How many on the last day of the window before.
    pub people_before: u32,
    /// The threshold that holds there.
    pub threshold: Option<&'a income_threshold::Model>,
    /// What it is in the register.
    pub status: Option<HouseholdStatusKind>,
    /// Since when it is monitored without a break.
    pub monitored_since: Option<NaiveDate>,
    /// What befell it.
    pub events: &'a Events,
    /// When the rule gave its last clue about it.
    pub last: Option<Timestamp>,
}

impl At<'_> {
    fn is_monitored(&self) -> bool {
        self.status.is_some_and(is_monitored)
    }

    /// Whether something happened up to that day, in so many days, and after the rule's last clue.
    fn is_news(&self, at: Timestamp, days: i64) -> bool {
        let on = business_date(at);
        let is_recent = on <= self.day && (self.day - on).num_days() <= days;
        is_recent && self.last.is_none_or(|last| at > last)
    }
}

/// A window's figures as a clue shows them.
fn shown(window: Window, figures: &Figures, people: u32) -> Result<Value, Overflow> {
    Ok(json!({
        "from_on": window.from_on, "to_on": window.to_on, "people": people, "figures": figures,
        "net_fen": figures.net()?, "compliance_fen": figures.compliance()?, "reference_fen": figures.reference()?,
        "reference_per_head_fen": per_head(figures.reference()?, people),
    }))
}

/// The figures that make a clue of this rule about the household, or none where it gives none.
///
/// # Errors
/// [`Overflow`] when amounts are out of range.
pub fn gives(rule: &monitoring_rule::Model, at: &At<'_>) -> Result<Option<Value>, Overflow> {
    if at.status.is_none() || at.people == 0 {
        return Ok(None);
    }
    let found = match rule.kind {
        ClueKind::IncomeUnderThreshold => under_threshold(rule, at)?,
        ClueKind::IncomeFall => fall(rule, at)?,
        ClueKind::SpendingShock => shock(rule, at)?,
        ClueKind::DisputeUpheld => disputes(rule, at),
        ClueKind::Arrears => arrears(rule, at)?,
        ClueKind::LostLots => lost(rule, at),
        ClueKind::NoMeasure => no_measure(rule, at),
        ClueKind::MeasureWithoutEffect => without_effect(rule, at)?,
        ClueKind::FlaggedComparison => None,
    };
    Ok(found.map(|mut figures| {
        figures["day"] = json!(at.day);
        let taken_in = at.facts.taken_in.iter().filter(|other| other.since <= at.day);
        let taken_in: Vec<Value> = taken_in
            .map(|other| json!({ "household_id": other.household, "number": other.number, "since": other.since }))
            .collect();
        // Its income is made of theirs too.
        if counts_income(rule.kind) && !taken_in.is_empty() {
            figures["taken_in"] = json!(taken_in);
        }
        figures
    }))
}

/// Whether a rule of this kind looks at income.
#[must_use]
pub(super) fn counts_income(kind: ClueKind) -> bool {
    match kind {
        ClueKind::IncomeUnderThreshold
        | ClueKind::IncomeFall
        | ClueKind::SpendingShock
        | ClueKind::MeasureWithoutEffect => true,
        ClueKind::DisputeUpheld
        | ClueKind::Arrears
        | ClueKind::LostLots
        | ClueKind::NoMeasure
        | ClueKind::FlaggedComparison => false,
    }
}

/// The rolling income per head is not above the threshold, or not above it by so many hundredths. Those who are monitored
/// already are left out: that is what it leads to.
fn under_threshold(rule: &monitoring_rule::Model, at: &At<'_>) -> Result<Option<Value>, Overflow> {
    let Some(threshold) = at.threshold.filter(|_| !at.is_monitored()) else { return Ok(None) };
    let window = Window::rolling(at.day, at.months)?;
    let figures = fold(at.facts, window, at.day)?;
    let Some(income) = per_head(figures.reference()?, at.people).filter(|_| figures.rows() > 0) else {
        return Ok(None);
    };
    let margin = i128::from(rule.percent.unwrap_or(0));
    let line = i128::from(threshold.per_head_fen.get()) * (100 + margin) / 100;
    let line = i64::try_from(line).map_err(|_| Overflow)?;
    if income > line {
        return Ok(None);
    }
    Ok(Some(json!({
        "window": shown(window, &figures, at.people)?, "reference_per_head_fen": income, "line_fen": line,
        "threshold": {
            "id": threshold.id, "division_code": threshold.division_code, "year": threshold.year,
            "per_head_fen": threshold.per_head_fen, "document": threshold.document,
        },
        "margin_percent": rule.percent,
    })))
}

/// The rolling income per head is less than that of the window before by more than so many hundredths.
fn fall(rule: &monitoring_rule::Model, at: &At<'_>) -> Result<Option<Value>, Overflow> {
    let window = Window::rolling(at.day, at.months)?;
    let before = window.before(at.months)?;
    let (now, then) = (fold(at.facts, window, at.day)?, fold(at.facts, before, at.day)?);
    if now.rows() == 0 || then.rows() == 0 {
        return Ok(None);
    }
    let (income, earlier) = (per_head(now.reference()?, at.people), per_head(then.reference()?, at.people_before));
    let (Some(income), Some(earlier)) = (income, earlier.filter(|fen| *fen > 0)) else { return Ok(None) };
    let left = i128::from(100_i32.saturating_sub(rule.percent.unwrap_or(100)));
    if i128::from(income) * 100 >= i128::from(earlier) * left {
        return Ok(None);
    }
    Ok(Some(json!({
        "window": shown(window, &now, at.people)?, "before": shown(before, &then, at.people_before)?,
        "reference_per_head_fen": income, "before_per_head_fen": earlier, "percent": rule.percent,
    })))
}

/// What it paid out of pocket, less what insurances gave back, is above an amount, or above a share of its net income.
fn shock(rule: &monitoring_rule::Model, at: &At<'_>) -> Result<Option<Value>, Overflow> {
    let window = Window::rolling(at.day, at.months)?;
    let figures = fold(at.facts, window, at.day)?;
    let spent = figures.compliance()?.checked_sub(figures.claims.fen).ok_or(Overflow)?;
    if spent <= 0 {
        return Ok(None);
    }
    let net = figures.net()?.max(0);
    let over_amount = rule.amount_fen.is_some_and(|amount| spent > amount.get());
    let over_share =
        rule.percent.is_some_and(|percent| i128::from(spent) * 100 > i128::from(net) * i128::from(percent));
    if !over_amount && !over_share {
        return Ok(None);
    }
    Ok(Some(json!({
        "window": shown(window, &figures, at.people)?, "spent_fen": spent, "net_fen": net, "percent": rule.percent,
        "amount_fen": rule.amount_fen,
    })))
}

fn disputes(rule: &monitoring_rule::Model, at: &At<'_>) -> Option<Value> {
    let days = i64::from(rule.days.unwrap_or(0));
    let found = at.events.upheld.iter().filter(|one| at.is_news(one.at, days));
    let found: Vec<Value> = found.map(|one| json!({ "id": one.dispute, "number": one.number, "at": one.at })).collect();
    (!found.is_empty()).then(|| json!({ "disputes": found }))
}

fn shown_loss(one: &Lost) -> Value {
    let mut shown = json!({
        "what": one.what, "id": one.id, "number": one.number, "at": one.at, "supplier_id": one.supplier,
    });
    if let Some(worth) = one.worth {
        shown["worth_fen"] = json!(worth);
    }
    shown
}

fn lost(rule: &monitoring_rule::Model, at: &At<'_>) -> Option<Value> {
    let days = i64::from(rule.days.unwrap_or(0));
    let found = at.events.lost.iter().filter(|one| at.is_news(one.at, days));
    let found: Vec<Value> = found.map(shown_loss).collect();
    (!found.is_empty()).then(|| json!({ "goods": found }))
}

/// What of an order is owed, and since when: what was paid settles what was owed first.
fn open_of(moved: &[(NaiveDate, i64)]) -> Result<Option<(i64, NaiveDate)>, Overflow> {
    let mut paid = 0_i64;
    let mut owed: Vec<(NaiveDate, i64)> = Vec::new();
    for (on, fen) in moved {
        if *fen > 0 {
            owed.push((*on, *fen));
        } else {
            paid = paid.checked_sub(*fen).ok_or(Overflow)?;
        }
    }
    owed.sort_unstable();
    let (mut open, mut since) = (0_i64, None);
    for (on, fen) in owed {
        let settled = fen.min(paid);
        paid -= settled;
        if fen > settled {
            open = open.checked_add(fen - settled).ok_or(Overflow)?;
            since = since.or(Some(on));
        }
    }
    Ok(since.map(|since| (open, since)))
}

/// What suppliers have owed it for more than so many days, order by order.
fn arrears(rule: &monitoring_rule::Model, at: &At<'_>) -> Result<Option<Value>, Overflow> {
    let days = i64::from(rule.days.unwrap_or(0));
    let mut orders: BTreeMap<_, Vec<(NaiveDate, i64)>> = BTreeMap::new();
    for moved in at.events.moved.iter().filter(|moved| moved.on <= at.day) {
        orders.entry((moved.supplier, moved.order)).or_default().push((moved.on, moved.fen));
    }
    let mut late: Vec<Value> = Vec::new();
    for ((supplier, order), moved) in orders {
        let Some((fen, since)) = open_of(&moved)? else { continue };
        if (at.day - since).num_days() > days {
            late.push(json!({
                "supplier_id": supplier, "supplier_order_id": order, "open_fen": fen, "since": since,
            }));
        }
    }
    Ok((!late.is_empty()).then(|| json!({ "owed": late, "days": rule.days })))
}

/// It has been monitored for more than so many days, and nothing has been done for it since.
fn no_measure(rule: &monitoring_rule::Model, at: &At<'_>) -> Option<Value> {
    let since = at.monitored_since.filter(|_| at.is_monitored())?;
    let days = i64::from(rule.days.unwrap_or(30));
    let is_done = |one: &measure::Model| {
        let known = business_date(one.created_at);
        one.state != MeasureState::Ended && known >= since && known <= at.day
    };
    let is_late = (at.day - since).num_days() > days && !at.events.measures.iter().any(is_done);
    is_late.then(|| json!({ "monitored_since": since, "days": rule.days }))
}

/// A measure that began so many months ago, and an income per head that is not above what it was then.
fn without_effect(rule: &monitoring_rule::Model, at: &At<'_>) -> Result<Option<Value>, Overflow> {
    if !at.is_monitored() {
        return Ok(None);
    }
    let months = rule.months.and_then(|months| u32::try_from(months).ok()).unwrap_or(6);
    let edge = at.day.checked_sub_months(chrono::Months::new(months)).ok_or(Overflow)?;
    let window = Window::rolling(at.day, at.months)?;
    let figures = fold(at.facts, window, at.day)?;
    let Some(income) = per_head(figures.reference()?, at.people) else { return Ok(None) };
    let idle = |one: &&measure::Model| {
        let counts = one.state != MeasureState::Ended && at.monitored_since.is_none_or(|since| one.begun_on >= since);
        counts && one.begun_on <= edge && one.reference_fen.is_some_and(|before| income <= before)
    };
    let found: Vec<Value> = at
        .events
        .measures
        .iter()
        .filter(idle)
        .map(|one| json!({ "id": one.id, "begun_on": one.begun_on, "reference_per_head_fen": one.reference_fen }))
        .collect();
    if found.is_empty() {
        return Ok(None);
    }
    let window = shown(window, &figures, at.people)?;
    Ok(Some(json!({ "measures": found, "reference_per_head_fen": income, "months": months, "window": window })))
}

/// Whether a rule is quiet about a household on a day, after a clue of that day.
#[must_use]
pub(super) fn is_quiet(rule: &monitoring_rule::Model, last_on: NaiveDate, day: NaiveDate) -> bool {
    match rule.kind {
        // What happens is told once, and what happens next is something new.
        ClueKind::DisputeUpheld | ClueKind::LostLots => false,
        _ => {
            let days = u64::try_from(rule.quiet_days).unwrap_or(0);
            last_on.checked_add_days(Days::new(days)).is_none_or(|until| day < until)
        }
    }
}
