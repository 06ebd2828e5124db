//! What a code of a division means today or on a day.

use super::view::{Division, DivisionBrief};
use super::{Division as Row, DivisionPeriod, period, store};
use chrono::NaiveDate;
use entity::value::AreaCode;
use sea_orm::{ConnectionTrait, DbErr};
use std::collections::{HashMap, HashSet};

/// How often a code may have been replaced before one stops following; the longest chain of the data is three.
const MOST_STEPS: usize = 8;

/// What a code is good for today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// No division has it, and none had it.
    Unknown,
    /// A division has it.
    InForce(Row),
    /// It ended.
    Ended {
        /// What had it last.
        name: String,
        /// Its last day.
        until: NaiveDate,
        /// The divisions of today that came of it, the main one first: code and name.
        successors: Vec<(AreaCode, String)>,
    },
}

/// What a code is good for today.
///
/// # Errors
/// When the database cannot answer.
pub async fn standing(db: &impl ConnectionTrait, code: &AreaCode) -> Result<Standing, DbErr> {
    let periods = store::periods_of(db, std::slice::from_ref(code)).await?;
    if let Some(last) = period::end_of(&periods) {
        let successors = successors(db, last).await?.into_iter().map(|row| (row.code, row.name)).collect();
        let until = last.valid_until.unwrap_or(NaiveDate::MAX);
        return Ok(Standing::Ended { name: last.name.clone(), until, successors });
    }
    Ok(store::division(db, code).await?.map_or(Standing::Unknown, Standing::InForce))
}

/// The divisions of today that came of a period which ended, the main one first.
async fn successors(db: &impl ConnectionTrait, ended: &DivisionPeriod) -> Result<Vec<Row>, DbErr> {
    let (mut wanted, mut seen, mut found) = (period::successors(ended), HashSet::new(), Vec::new());
    for _ in 0..MOST_STEPS {
        wanted.retain(|code| seen.insert(code.clone()));
        if wanted.is_empty() {
            break;
        }
        let mut periods = by_code(store::periods_of(db, &wanted).await?);
        let mut further = Vec::new();
        for code in wanted.drain(..) {
            let of_code = periods.remove(&code).unwrap_or_default();
            match period::end_of(&of_code) {
                Some(last) => further.extend(period::successors(last)),
                None => found.push(code),
            }
        }
        wanted = further;
    }
    let rows = store::divisions(db, &found).await?;
    Ok(found.iter().filter_map(|code| rows.iter().find(|row| row.code == *code).cloned()).collect())
}

fn by_code(periods: Vec<DivisionPeriod>) -> HashMap<AreaCode, Vec<DivisionPeriod>> {
    let mut grouped: HashMap<AreaCode, Vec<DivisionPeriod>> = HashMap::new();
    for period in periods {
        grouped.entry(period.code.clone()).or_default().push(period);
    }
    grouped
}

/// A division by its code: as it was on a day, or as it is, or as it was last.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    code: &AreaCode,
    on: Option<NaiveDate>,
) -> Result<Option<Division>, DbErr> {
    let row = store::division(db, code).await?;
    let periods = store::periods_of(db, std::slice::from_ref(code)).await?;
    let period = match on {
        Some(day) => period::on(&periods, day),
        None => periods.iter().find(|period| period.valid_until.is_none()).or_else(|| period::end_of(&periods)),
    };
    match (period, row) {
        (Some(period), row) => {
            let came = if period.valid_until.is_some() { successors(db, period).await? } else { Vec::new() };
            Ok(Some(of_period(period, row.as_ref(), &came)))
        }
        (None, Some(row)) if periods.is_empty() => Ok(Some(row.into())),
        (None, _) => Ok(None),
    }
}

fn of_period(period: &DivisionPeriod, row: Option<&Row>, came: &[Row]) -> Division {
    Division {
        code: period.code.clone(),
        name: period.name.clone(),
        parent_code: Some(period.parent_code.clone()),
        level: period.level,
        scope: row.map_or_else(|| "gb2260".to_owned(), |row| row.scope.clone()),
        valid_from: period.valid_from,
        valid_until: period.valid_until,
        successors: came.iter().map(|row| DivisionBrief { code: row.code.clone(), name: row.name.clone() }).collect(),
        basis: Some(period.basis.clone()).filter(|basis| !basis.is_empty()),
    }
}

/// The divisions directly below one, or the provinces, by code: those in force today, or on a day.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    parent: Option<&AreaCode>,
    on: Option<NaiveDate>,
) -> Result<Vec<Division>, DbErr> {
    let rows = store::list_divisions(db, parent).await?;
    let mut periods = match parent {
        Some(parent) => by_code(store::periods_below(db, parent).await?),
        None => HashMap::new(),
    };
    let mut shown = Vec::with_capacity(rows.len());
    for row in rows {
        let of_code = periods.remove(&row.code).unwrap_or_default();
        let period = match on {
            Some(day) => period::on(&of_code, day),
            None => of_code.iter().find(|period| period.valid_until.is_none()),
        };
        match period {
            Some(period) => shown.push(of_period(period, Some(&row), &[])),
            None if of_code.is_empty() => shown.push(row.into()),
            None => {}
        }
    }
    // What is left had its code then, and no division has it today.
    if let Some(day) = on {
        let gone = periods.values().filter_map(|of_code| period::on(of_code, day));
        shown.extend(gone.map(|period| of_period(period, None, &[])));
        shown.sort_by(|a, b| a.code.cmp(&b.code));
    }
    Ok(shown)
}
