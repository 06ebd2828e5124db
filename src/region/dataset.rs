//! The division and county files: what they must look like, and the editions that travel inside the binary.
//!
//! Promises: pure; a file is taken whole or every bad row of it is named. Knows no database.

use super::rows::{Row, RowError, read_rows};
use super::{Division, DivisionPeriod, ReliefCounty, period};
use crate::problem::Text;
use chrono::NaiveDate;
use entity::value::AreaCode;
use std::collections::{HashMap, HashSet};
use std::io::{self, Read};

/// Divisions (行政区划), as of 2023-06-30.
pub const DIVISIONS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/divisions.csv.gz"));
/// From when to when divisions had their codes and names, as far as they changed from 2014 on.
pub const PERIODS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/division_periods.csv.gz"));
/// The 832 counties of the list of 2014, with what became of each.
pub const COUNTIES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/counties_832.csv.gz"));

/// Unpacks a file that travels inside the binary.
///
/// # Errors
/// When it is not what the build packed.
pub fn unpack(packed: &[u8]) -> io::Result<Vec<u8>> {
    let mut file = Vec::new();
    flate2::read::GzDecoder::new(packed).read_to_end(&mut file)?;
    Ok(file)
}

/// Reads divisions: `code, name, parent_code, level, scope`, in any order of rows.
///
/// # Errors
/// Every bad row: a bad or repeated code, no name, a parent that is not there or not one level above.
pub fn parse_divisions(file: impl Read) -> Result<Vec<Division>, Vec<RowError>> {
    let mut seen = HashSet::new();
    let rows = read_rows(file, &["code", "name", "parent_code", "level", "scope"], |row| {
        let code = row.parse("code", AreaCode::parse)?;
        once(row, &mut seen, &code)?;
        let scope = row.required("scope")?;
        if !matches!(scope, "gb2260" | "gb2260_group" | "stat_only") {
            let accepted = "gb2260, gb2260_group, stat_only";
            let reason = Text::new(format!("应为 {accepted} 之一"), format!("must be one of {accepted}"));
            return Err(row.error("scope", reason));
        }
        let division = Division {
            code,
            name: row.required("name")?.to_owned(),
            parent_code: row.parse_optional("parent_code", AreaCode::parse)?,
            level: row.number("level", 1, 3)?,
            scope: scope.to_owned(),
        };
        Ok((row.line(), division))
    })?;
    let levels: HashMap<&AreaCode, i16> = rows.iter().map(|(_, row)| (&row.code, row.level)).collect();
    let errors: Vec<RowError> = rows.iter().filter_map(|(line, row)| misplaced(*line, row, &levels)).collect();
    if errors.is_empty() { Ok(rows.into_iter().map(|(_, row)| row).collect()) } else { Err(errors) }
}

fn misplaced(line: u64, row: &Division, levels: &HashMap<&AreaCode, i16>) -> Option<RowError> {
    let reason = match &row.parent_code {
        None if row.level == 1 => return None,
        None => Text::new("除省级外必须有上级代码", "only a province has no parent"),
        Some(parent) => match levels.get(parent) {
            Some(level) if level + 1 == row.level => return None,
            Some(_) => Text::new(format!("上级 {parent} 不是上一级区划"), format!("{parent} is not one level above")),
            None => Text::new(format!("上级 {parent} 不存在"), format!("there is no division {parent}")),
        },
    };
    Some(RowError { line, column: "parent_code", reason })
}

/// Reads periods: `code, name, valid_from, valid_until, successors, basis`; `divisions` are those of today.
///
/// # Errors
/// Every bad row: a bad code, no name, a bad day, a repeated code with the same name, days in the wrong order; an end
/// without successors, or with one that is neither a division of today nor a period of the file; an open period of a
/// code that is none today, or that has another name today.
pub fn parse_periods(file: impl Read, divisions: &[Division]) -> Result<Vec<DivisionPeriod>, Vec<RowError>> {
    const COLUMNS: [&str; 6] = ["code", "name", "valid_from", "valid_until", "successors", "basis"];
    let today: HashMap<&AreaCode, &Division> = divisions.iter().map(|row| (&row.code, row)).collect();
    let mut seen = HashSet::new();
    let rows = read_rows(file, &COLUMNS, |row| {
        let code = row.parse("code", AreaCode::parse)?;
        let name = row.required("name")?.to_owned();
        if !seen.insert((code.clone(), name.clone())) {
            return Err(
                row.error("code", Text::new(format!("{code} {name} 重复"), format!("{code} {name} is there twice")))
            );
        }
        let period = DivisionPeriod {
            parent_code: period::parent_of(&code),
            level: if code.as_str().ends_with("00") { 2 } else { 3 },
            name,
            valid_from: day(row, "valid_from")?,
            valid_until: day(row, "valid_until")?,
            successors: row.text("successors").to_owned(),
            basis: row.text("basis").to_owned(),
            code,
        };
        fits_today(row, &period, today.get(&period.code).copied())?;
        Ok((row.line(), period))
    })?;
    let known: HashSet<&AreaCode> =
        rows.iter().map(|(_, row)| &row.code).chain(divisions.iter().map(|division| &division.code)).collect();
    let errors: Vec<RowError> = rows.iter().filter_map(|(line, row)| astray(*line, row, &known)).collect();
    if !errors.is_empty() {
        return Err(errors);
    }
    // What it lay in may be gone: then it is walked to from its province.
    let parents: HashSet<AreaCode> = known.into_iter().cloned().collect();
    let placed = rows.into_iter().map(|(_, row)| {
        let parent_code =
            if parents.contains(&row.parent_code) { row.parent_code } else { super::province_of(&row.code) };
        DivisionPeriod { parent_code, ..row }
    });
    Ok(placed.collect())
}

fn day(row: &Row<'_>, column: &'static str) -> Result<Option<NaiveDate>, RowError> {
    let text = row.text(column);
    if text.is_empty() {
        return Ok(None);
    }
    let expected = || row.error(column, Text::new("应为日期，例如 2015-12-31", "must be a day such as 2015-12-31"));
    text.parse().map(Some).map_err(|_| expected())
}

/// A period ends with successors; one that is open is what the divisions of today say.
fn fits_today(row: &Row<'_>, period: &DivisionPeriod, today: Option<&Division>) -> Result<(), RowError> {
    match (period.valid_until, today) {
        (Some(until), _) if period.valid_from.is_some_and(|from| from > until) => {
            Err(row.error("valid_until", Text::new("早于起始日", "lies before the first day")))
        }
        (Some(_), _) if period::successors(period).is_empty() => {
            Err(row.error("successors", Text::new("已终止的代码须有后继代码", "a code that ended has successors")))
        }
        (None, Some(division)) if division.name == period.name && period.successors.is_empty() => Ok(()),
        (None, _) => {
            Err(row.error("valid_until", Text::new("不是现行的区划与名称", "this is no division of this name today")))
        }
        (Some(_), _) => Ok(()),
    }
}

fn astray(line: u64, row: &DivisionPeriod, known: &HashSet<&AreaCode>) -> Option<RowError> {
    let named = row.successors.split_whitespace().count();
    let codes = period::successors(row);
    let stranger = codes.iter().find(|code| !known.contains(code));
    let reason = match stranger {
        Some(code) => Text::new(format!("后继 {code} 不存在"), format!("there is no division {code}")),
        None if codes.len() < named => Text::new("后继应为六位代码", "successors are codes of six digits"),
        None => return None,
    };
    Some(RowError { line, column: "successors", reason })
}

/// Reads the counties of the list; `divisions` is what their current codes point at.
///
/// # Errors
/// Every bad row: a bad or repeated code, no name, a current code that is no county today, a current name or a
/// province that is not the one of its code.
pub fn parse_counties(file: impl Read, divisions: &[Division]) -> Result<Vec<ReliefCounty>, Vec<RowError>> {
    const COLUMNS: [&str; 11] = [
        "code",
        "province",
        "prefecture",
        "name",
        "current_code",
        "current_name",
        "exit_year",
        "supervised_2020",
        "key_county_2021",
        "region",
        "note",
    ];
    let divisions: HashMap<&AreaCode, &Division> = divisions.iter().map(|row| (&row.code, row)).collect();
    let mut seen = HashSet::new();
    read_rows(file, &COLUMNS, |row| {
        let code = row.parse("code", AreaCode::parse)?;
        once(row, &mut seen, &code)?;
        let supervised_2020 = row.known_flag("supervised_2020")?;
        let county = ReliefCounty {
            code,
            province: row.required("province")?.to_owned(),
            prefecture: row.required("prefecture")?.to_owned(),
            name: row.required("name")?.to_owned(),
            current_code: row.parse("current_code", AreaCode::parse)?,
            current_name: row.required("current_name")?.to_owned(),
            exit_year: row.number("exit_year", 2016, 2020)?,
            supervised_2020: supervised_2020
                .ok_or_else(|| row.error("supervised_2020", Text::new("此项必填", "must not be empty")))?,
            key_county_2021: row.known_flag("key_county_2021")?,
            region: row.required("region")?.to_owned(),
            note: row.text("note").to_owned(),
        };
        agrees(row, &county, &divisions)?;
        Ok(county)
    })
}

/// What the row says of the county today must be what the divisions say.
fn agrees(row: &Row<'_>, county: &ReliefCounty, divisions: &HashMap<&AreaCode, &Division>) -> Result<(), RowError> {
    let current = &county.current_code;
    let Some(today) = divisions.get(current).filter(|division| division.level == 3) else {
        let reason = Text::new(format!("{current} 不是现有的县级区划"), format!("{current} is no county today"));
        return Err(row.error("current_code", reason));
    };
    if today.name != county.current_name {
        let reason =
            Text::new(format!("{current} 现名为 {}", today.name), format!("{current} is called {} today", today.name));
        return Err(row.error("current_name", reason));
    }
    match divisions.get(&super::province_of(current)) {
        Some(province) if province.name == county.province => Ok(()),
        _ => {
            let reason = Text::new(
                format!("{current} 不在 {}", county.province),
                format!("{current} is not in {}", county.province),
            );
            Err(row.error("province", reason))
        }
    }
}

fn once(row: &Row<'_>, seen: &mut HashSet<AreaCode>, code: &AreaCode) -> Result<(), RowError> {
    if seen.insert(code.clone()) {
        return Ok(());
    }
    Err(row.error("code", Text::new(format!("代码 {code} 重复"), format!("{code} is there twice"))))
}
