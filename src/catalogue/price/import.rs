//! A wholesale market's file of prices (批发市场行情): what it must look like, and the daily table it becomes. Pure.
//!
//! The file has the columns `date, name, spec, low_yuan_per_jin, avg_yuan_per_jin, high_yuan_per_jin`, a row for each
//! quotation. Several quotations of a variety, a specification and a day become one row of the table: the lowest of the
//! lows, the highest of the highs, the mean of the averages.

use super::rules::fen_per_kilogram;
use chrono::NaiveDate;
use entity::value::FenPerKilogram;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

const COLUMNS: [&str; 6] = ["date", "name", "spec", "low_yuan_per_jin", "avg_yuan_per_jin", "high_yuan_per_jin"];
/// So many of the rows left out are named one by one; all are counted.
const MOST_NAMED: usize = 200;

/// Why a row is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// It has another number of fields, or is not UTF-8 (无法读取).
    Unreadable,
    /// Its day is none (日期有误).
    Date,
    /// Its name is missing (缺少品名).
    Name,
    /// A price is missing or zero (缺少价格).
    Missing,
    /// A price is no amount (价格有误).
    Price,
    /// The lowest, the average and the highest are not in this order (高低价颠倒).
    Misordered,
}

/// A row that is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RefusedRow {
    /// The line of the file; the header is line 1.
    pub line: u64,
    /// Why.
    pub fault: Fault,
}

/// How many rows are left out for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FaultCount {
    /// Why.
    pub fault: Fault,
    /// How many.
    pub rows: u64,
}

/// A row of the daily table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DailyPrice {
    /// The variety.
    pub variety: String,
    /// The specification.
    pub spec: String,
    /// The day.
    pub day: NaiveDate,
    /// The lowest.
    pub low: FenPerKilogram,
    /// The average.
    pub average: FenPerKilogram,
    /// The highest.
    pub high: FenPerKilogram,
    /// Of how many quotations.
    pub rows: i32,
}

/// What a file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    /// The daily table, by variety, specification and day.
    pub prices: Vec<DailyPrice>,
    /// Rows in the file.
    pub rows_total: u64,
    /// Rows left out, by reason.
    pub faults: Vec<FaultCount>,
    /// The first of them, one by one.
    pub refused: Vec<RefusedRow>,
}

/// The file has no header that names every column: the missing ones.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the file lacks the columns {0:?}")]
pub struct NoSuchColumns(pub Vec<&'static str>);

/// One quotation.
struct Quotation {
    key: (String, String, NaiveDate),
    low: FenPerKilogram,
    average: FenPerKilogram,
    high: FenPerKilogram,
}

/// Sums of the quotations of one key.
struct Sum {
    low: FenPerKilogram,
    high: FenPerKilogram,
    averages: i64,
    rows: i32,
}

/// Reads a file.
///
/// # Errors
/// When a column is missing; a row at fault is left out and told.
pub fn read(file: &[u8]) -> Result<Read, NoSuchColumns> {
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(file);
    let header = reader.byte_headers().cloned().unwrap_or_default();
    let name = |field: &[u8]| String::from_utf8_lossy(field).trim_start_matches('\u{feff}').trim().to_owned();
    let header: Vec<String> = header.iter().map(name).collect();
    let places = COLUMNS.map(|column| header.iter().position(|name| name == column));
    let missing: Vec<_> =
        COLUMNS.iter().zip(places).filter(|(_, place)| place.is_none()).map(|(column, _)| *column).collect();
    if !missing.is_empty() {
        return Err(NoSuchColumns(missing));
    }
    let places = places.map(Option::unwrap_or_default);
    let mut found = Read::default();
    let mut sums: BTreeMap<(String, String, NaiveDate), Sum> = BTreeMap::new();
    let mut faults: BTreeMap<Fault, u64> = BTreeMap::new();
    for record in reader.records() {
        found.rows_total += 1;
        let line = match &record {
            Ok(record) => record.position().map_or(0, csv::Position::line),
            Err(error) => error.position().map_or(0, csv::Position::line),
        };
        match record.map_err(|_| Fault::Unreadable).and_then(|record| quotation(&record, &places)) {
            Ok(quotation) => add(&mut sums, quotation),
            Err(fault) => {
                *faults.entry(fault).or_default() += 1;
                if found.refused.len() < MOST_NAMED {
                    found.refused.push(RefusedRow { line, fault });
                }
            }
        }
    }
    found.faults = faults.into_iter().map(|(fault, rows)| FaultCount { fault, rows }).collect();
    found.prices = sums.into_iter().filter_map(daily).collect();
    Ok(found)
}

fn quotation(record: &csv::StringRecord, places: &[usize; 6]) -> Result<Quotation, Fault> {
    let text = |at: usize| places.get(at).and_then(|place| record.get(*place)).unwrap_or_default().trim();
    let day = NaiveDate::parse_from_str(text(0), "%Y-%m-%d").map_err(|_| Fault::Date)?;
    let is_name = |text: &str| text.chars().count() <= 100 && !crate::http::text::hides(text);
    if text(1).is_empty() || !is_name(text(1)) || !is_name(text(2)) {
        return Err(Fault::Name);
    }
    let price = |at: usize| match text(at) {
        "" => Err(Fault::Missing),
        text => match fen_per_kilogram(text) {
            None => Err(Fault::Price),
            Some(price) if price.is_zero() => Err(Fault::Missing),
            Some(price) => Ok(price),
        },
    };
    let (low, average, high) = (price(3)?, price(4)?, price(5)?);
    if low > average || average > high {
        return Err(Fault::Misordered);
    }
    Ok(Quotation { key: (text(1).to_owned(), text(2).to_owned(), day), low, average, high })
}

fn add(sums: &mut BTreeMap<(String, String, NaiveDate), Sum>, quotation: Quotation) {
    let Quotation { key, low, average, high } = quotation;
    let sum = sums.entry(key).or_insert(Sum { low, high, averages: 0, rows: 0 });
    sum.low = sum.low.min(low);
    sum.high = sum.high.max(high);
    sum.averages = sum.averages.saturating_add(average.get());
    sum.rows = sum.rows.saturating_add(1);
}

fn daily((key, sum): ((String, String, NaiveDate), Sum)) -> Option<DailyPrice> {
    let (variety, spec, day) = key;
    let Sum { low, high, averages, rows } = sum;
    // Half up without halves. A mean lies between the least and the most.
    let rounded = (2 * averages + i64::from(rows)).checked_div(2 * i64::from(rows))?;
    Some(DailyPrice { variety, spec, day, low, average: FenPerKilogram::new(rounded).ok()?, high, rows })
}
