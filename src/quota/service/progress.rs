//! How far everybody has come.

use super::policy::path_of;
use crate::access::policy::ViewQuota;
use crate::access::{Grant, Scope};
use crate::organisation;
use crate::problem::{FieldProblem, Text};
use crate::quota::QuotaError;
use crate::quota::rule::{Rule, WHOLE_BP, ratio_bp};
use crate::quota::store::{self, Sum};
use crate::quota::view::{Amounts, BulletinQuery, Progress, ProgressQuery, Standing, UnitProgress};
use chrono::{Datelike, Days, Months, NaiveDate};
use entity::value::{AreaCode, Fen, FilingState, OrganisationId, OrganisationKind, QuotaFigure, SupplierOrderId};
use entity::{organisation as party, quota_filing, quota_policy};
use sea_orm::ConnectionTrait;
use std::collections::{BTreeSet, HashMap};

/// The kinds of organisations that have quotas.
const WITH_QUOTA: [OrganisationKind; 2] = [OrganisationKind::BudgetUnit, OrganisationKind::SupervisingUnit];
/// Units looked at together.
const AT_ONCE: u64 = 500;

/// Progress of a unit and all that stood below it on a day, until that day of its year.
///
/// # Errors
/// A unit outside one's reach; nobody said whose progress.
pub async fn progress(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewQuota>,
    wanted: &ProgressQuery,
    today: NaiveDate,
) -> Result<Progress, QuotaError> {
    let on = wanted.on.unwrap_or(today);
    let root = match (wanted.unit, grant.scope()) {
        (Some(unit), Scope::Everything) => unit,
        (Some(unit), Scope::Organisation(own)) if unit == *own => unit,
        (Some(unit), Scope::Tree(root)) if organisation::was_below(db, *root, unit, on).await? => unit,
        (Some(_), _) => return Err(QuotaError::NotFound),
        (None, Scope::Everything) => {
            return Err(field("?unit", "请指明单位。", "Say whose progress is wanted."));
        }
        (None, _) => grant.organisation()?,
    };
    let units = units_below(db, root, on).await?.ok_or(QuotaError::NotFound)?;
    of_units(db, &units, on).await
}

/// The units that stood below an organisation on a day, by their names; none where there is no such organisation.
async fn units_below(
    db: &impl ConnectionTrait,
    root: OrganisationId,
    on: NaiveDate,
) -> Result<Option<Vec<party::Model>>, QuotaError> {
    let ids = organisation::tree_ids_on(db, root, on).await?;
    let mut units = organisation::find_many(db, &ids).await?;
    if units.is_empty() {
        return Ok(None);
    }
    units.retain(|unit| WITH_QUOTA.contains(&unit.kind));
    units.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(Some(units))
}

/// The units within a reach that sit where `sits` says, each with its progress on a day; for rooms that tell of many.
///
/// # Errors
/// When the database cannot be asked; amounts out of range.
pub async fn progress_within(
    db: &impl ConnectionTrait,
    scope: &Scope,
    sits: impl Fn(&AreaCode) -> bool,
    on: NaiveDate,
) -> Result<Vec<UnitProgress>, QuotaError> {
    let root = match scope {
        Scope::Everything => None,
        Scope::Organisation(own) | Scope::Tree(own) => Some(*own),
        Scope::County(_) | Scope::AssignedHouseholds(_) => return Ok(Vec::new()),
    };
    if let Some(root) = root {
        let mut units = units_below(db, root, on).await?.unwrap_or_default();
        units.retain(|unit| sits(&unit.division_code) && (unit.id == root || matches!(scope, Scope::Tree(_))));
        return Ok(of_units(db, &units, on).await?.units);
    }
    everywhere(db, on, sits, |_| true).await
}

/// Of all units that sit where `sits` says, those that `keeps` wants; no more than these are kept in hand.
async fn everywhere(
    db: &impl ConnectionTrait,
    on: NaiveDate,
    sits: impl Fn(&AreaCode) -> bool,
    keeps: impl Fn(&UnitProgress) -> bool,
) -> Result<Vec<UnitProgress>, QuotaError> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let mut units = organisation::active_of_kinds(db, &WITH_QUOTA, after, AT_ONCE).await?;
        let Some(last) = units.last() else { return Ok(found) };
        after = Some(last.id);
        units.retain(|unit| sits(&unit.division_code));
        found.extend(of_units(db, &units, on).await?.units.into_iter().filter(&keeps));
    }
}

/// A page of the orders behind the figures of a unit on a day, by their identifiers, with what each moved.
///
/// # Errors
/// When the database cannot be asked.
pub async fn orders_behind(
    db: &impl ConnectionTrait,
    unit: OrganisationId,
    on: NaiveDate,
    page: (Option<SupplierOrderId>, u64),
) -> Result<Vec<(SupplierOrderId, Amounts)>, QuotaError> {
    let year = on.year();
    let Some(unit) = organisation::find(db, unit).await? else { return Ok(Vec::new()) };
    let policies = store::policies(db, year, &path_of(&unit.division_code)).await?;
    let rule = rule_for(&policies, &unit.division_code);
    let mut orders: Vec<(SupplierOrderId, Vec<Sum>)> = Vec::new();
    for store::OfOrder { supplier_order_id, figure, channel, amount_fen } in
        store::sums_of_orders(db, unit.id, (year, on), page).await?
    {
        let sum = Sum { unit_id: unit.id, figure, channel, amount_fen };
        match orders.last_mut() {
            Some((id, sums)) if *id == supplier_order_id => sums.push(sum),
            _ => orders.push((supplier_order_id, vec![sum])),
        }
    }
    Ok(orders.into_iter().map(|(id, sums)| (id, Amounts::of(&sums, rule.as_ref()))).collect())
}

/// Units behind the plan of their quota on a day, of all there are.
///
/// # Errors
/// When the database cannot be asked; amounts out of range.
pub async fn behind(db: &impl ConnectionTrait, on: NaiveDate) -> Result<Vec<UnitProgress>, QuotaError> {
    everywhere(db, on, |_| true, |unit| unit.standing == Standing::Behind).await
}

fn field(pointer: &str, zh: &'static str, en: &'static str) -> QuotaError {
    QuotaError::Fields(vec![FieldProblem { pointer: pointer.to_owned(), detail: Text::new(zh, en) }])
}

/// Four statements, however many units there are.
async fn of_units(db: &impl ConnectionTrait, units: &[party::Model], on: NaiveDate) -> Result<Progress, QuotaError> {
    let year = on.year();
    let ids: Vec<OrganisationId> = units.iter().map(|unit| unit.id).collect();
    let regions: BTreeSet<AreaCode> = units.iter().flat_map(|unit| path_of(&unit.division_code)).collect();
    let policies = store::policies(db, year, &regions.into_iter().collect::<Vec<_>>()).await?;
    let filings = store::filings_of(db, year, &ids).await?;
    let filings: HashMap<OrganisationId, quota_filing::Model> =
        filings.into_iter().map(|filing| (filing.unit_id, filing)).collect();
    let mut sums: HashMap<OrganisationId, Vec<Sum>> = HashMap::new();
    for sum in store::sums(db, &ids, year, on).await? {
        sums.entry(sum.unit_id).or_default().push(sum);
    }
    let mut shown = Vec::with_capacity(units.len());
    let (mut declared, mut total) = (Fen::ZERO, Amounts::default());
    for unit in units {
        let rule = rule_for(&policies, &unit.division_code);
        let sums = sums.get(&unit.id).map_or(&[][..], Vec::as_slice);
        let one = one(unit, filings.get(&unit.id), rule.as_ref(), sums, on)?;
        declared = declared.checked_add(one.declared_fen)?;
        total = total.plus(&one.amounts);
        shown.push(one);
    }
    Ok(Progress { year, on, declared_fen: declared, total, units: shown })
}

fn rule_for(policies: &[quota_policy::Model], division: &AreaCode) -> Option<Rule> {
    let path = path_of(division);
    let applies = |policy: &&quota_policy::Model| policy.region_code.as_ref().is_none_or(|code| path.contains(code));
    Rule::strictest(&policies.iter().filter(applies).cloned().collect::<Vec<_>>())
}

fn one(
    unit: &party::Model,
    filing: Option<&quota_filing::Model>,
    rule: Option<&Rule>,
    sums: &[Sum],
    on: NaiveDate,
) -> Result<UnitProgress, QuotaError> {
    let confirmed = filing.filter(|filing| filing.state == FilingState::FinanceConfirmed);
    let declared_fen = match confirmed {
        Some(filing) => filing.canteen_reserved_fen.checked_add(filing.union_reserved_fen)?,
        None => Fen::ZERO,
    };
    let amounts = Amounts::of(sums, rule);
    let counted = Fen::new(amounts.counted_fen.max(0))?;
    let done_bp = ratio_bp(counted, declared_fen);
    let time_bp = time_bp(on);
    let standing = match (confirmed, done_bp) {
        (None, _) => Standing::NotFiled,
        (Some(_), None) => Standing::NothingReserved,
        (Some(_), Some(done)) if done >= time_bp => Standing::OnTime,
        (Some(_), Some(_)) => Standing::Behind,
    };
    Ok(UnitProgress {
        unit_id: unit.id,
        name: unit.name.clone(),
        declared_fen,
        amounts,
        counts: rule.map(|rule| rule.counts),
        done_bp,
        time_bp,
        standing,
    })
}

/// How much of its year has passed at the end of a day, in ten-thousandths, rounded down.
fn time_bp(on: NaiveDate) -> i64 {
    let days = if on.leap_year() { 366 } else { 365 };
    i64::from(on.ordinal()) * WHOLE_BP / days
}

impl Amounts {
    fn of(sums: &[Sum], rule: Option<&Rule>) -> Self {
        let mut amounts = Self::default();
        for Sum { figure, channel, amount_fen, .. } in sums {
            let at = match figure {
                QuotaFigure::Ordered => &mut amounts.ordered_fen,
                QuotaFigure::Released => &mut amounts.released_fen,
                QuotaFigure::Accepted => &mut amounts.accepted_fen,
                QuotaFigure::Paid => &mut amounts.paid_fen,
                QuotaFigure::Completed => &mut amounts.completed_fen,
                QuotaFigure::Refunded => &mut amounts.refunded_fen,
            };
            *at += amount_fen;
            if rule.is_some_and(|rule| rule.counts == *figure && rule.admits(*channel)) {
                amounts.counted_fen += amount_fen;
            }
        }
        amounts
    }

    fn plus(&self, other: &Self) -> Self {
        Self {
            ordered_fen: self.ordered_fen + other.ordered_fen,
            released_fen: self.released_fen + other.released_fen,
            accepted_fen: self.accepted_fen + other.accepted_fen,
            paid_fen: self.paid_fen + other.paid_fen,
            completed_fen: self.completed_fen + other.completed_fen,
            refunded_fen: self.refunded_fen + other.refunded_fen,
            counted_fen: self.counted_fen + other.counted_fen,
        }
    }
}

/// The bulletin of a month: progress at its end, or today while it lasts.
///
/// # Errors
/// A month that has not begun; as [`progress`].
pub async fn bulletin(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewQuota>,
    wanted: &BulletinQuery,
    today: NaiveDate,
) -> Result<Progress, QuotaError> {
    let first = NaiveDate::from_ymd_opt(wanted.year, wanted.month, 1)
        .filter(|_| (2000..=2100).contains(&wanted.year))
        .ok_or_else(|| field("?month", "月份应在 1 至 12 之间。", "The month lies between 1 and 12."))?;
    if first > today {
        return Err(field("?month", "该月尚未开始。", "The month has not begun."));
    }
    let last = first + Months::new(1) - Days::new(1);
    let query = ProgressQuery { unit: wanted.unit, on: Some(last.min(today)) };
    progress(db, grant, &query, today).await
}
