//! Bank statements as text: a CSV becomes rows, or a list of everything that is wrong with it.
//!
//! Promises: an amount in yuan becomes whole fen without any floating point; every faulty row is named.
//! Knows no database, no order and no clock.

use super::PaymentError;
use super::matching::Said;
use crate::http::text;
use crate::problem::{FieldProblem, Text};
use chrono::NaiveDate;
use entity::value::Fen;
use std::collections::HashSet;

/// Rows in one statement, so that one statement of SQL can ask about all of them.
pub(super) const MOST_ROWS: usize = 5000;
/// Faults that are told at once; more help nobody.
pub(super) const MOST_FAULTS: usize = 100;

/// The columns, in English and Chinese.
const COLUMNS: [(&str, &str); 6] = [
    ("booked_on", "交易日期"),
    ("payer_name", "对方户名"),
    ("payer_account", "对方账号"),
    ("amount_yuan", "金额"),
    ("memo", "附言"),
    ("bank_reference", "流水号"),
];
const BOOKED_ON: usize = 0;
const PAYER_NAME: usize = 1;
const PAYER_ACCOUNT: usize = 2;
const AMOUNT: usize = 3;
const MEMO: usize = 4;
const REFERENCE: usize = 5;

/// One row as the bank reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The day it was booked.
    pub booked_on: NaiveDate,
    /// Who paid.
    pub payer_name: String,
    /// From which account.
    pub payer_account: Option<String>,
    /// How much.
    pub amount: Fen,
    /// What the payer wrote.
    pub memo: String,
    /// The bank's own number of the transaction.
    pub bank_reference: String,
}

impl Parsed {
    /// What decides which orders it pays.
    pub(super) fn said(&self) -> Said {
        Said {
            payer_name: self.payer_name.clone(),
            payer_account: self.payer_account.clone(),
            amount: self.amount,
            memo: self.memo.clone(),
        }
    }
}

/// Where a fault in a row is told.
pub(super) fn pointer(row: usize, column: &str) -> String {
    format!("/rows/{row}/{column}")
}

/// Reads a statement. `today` bounds its dates.
///
/// # Errors
/// [`PaymentError::Unreadable`] when it is not such a CSV, [`PaymentError::Rows`] with every row at fault.
pub fn parse(bytes: &[u8], today: NaiveDate) -> Result<Vec<Parsed>, PaymentError> {
    let text = std::str::from_utf8(bytes).map_err(|_| not_utf8())?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let places = places(reader.headers().map_err(|_| heading())?)?;
    let mut rows = Vec::new();
    let mut faults = Vec::new();
    let mut references = HashSet::new();
    for (index, record) in reader.records().enumerate() {
        if index == MOST_ROWS {
            let (zh, en) =
                (format!("超过 {MOST_ROWS} 行，请分开导入。"), format!("It has more than {MOST_ROWS} rows; split it."));
            return Err(PaymentError::Unreadable(Text::new(zh, en)));
        }
        let record = record.map_err(|_| unreadable("不是有效的 CSV。", "It is not valid CSV."))?;
        let mut row = Row { index, record: &record, places, faults: &mut faults };
        let parsed = row.parse(today);
        if parsed.as_ref().is_some_and(|parsed| !references.insert(parsed.bank_reference.clone())) {
            row.fault(REFERENCE, "同一文件中重复的流水号", "the bank reference stands twice in this file");
        }
        rows.extend(parsed);
        if faults.len() >= MOST_FAULTS {
            break;
        }
    }
    if !faults.is_empty() {
        return Err(PaymentError::Rows(faults));
    }
    if rows.is_empty() {
        return Err(unreadable("文件中没有数据行。", "There is no row in it."));
    }
    Ok(rows)
}

fn unreadable(zh: &'static str, en: &'static str) -> PaymentError {
    PaymentError::Unreadable(Text::new(zh, en))
}

/// Banks and spreadsheets in China like to write GBK.
fn not_utf8() -> PaymentError {
    unreadable(
        "文件不是 UTF-8 编码（可能是 GBK）；请在表格软件中另存为“CSV UTF-8”后再导入。",
        "The file is not in UTF-8, perhaps in GBK; save it as \"CSV UTF-8\" and import it again.",
    )
}

fn heading() -> PaymentError {
    let names = |pick: fn(&(&'static str, &'static str)) -> &'static str| COLUMNS.iter().map(pick).collect::<Vec<_>>();
    PaymentError::Unreadable(Text::new(
        format!("首行应为：{}。", names(|c| c.1).join(",")),
        format!("The first line is expected to be: {}.", names(|c| c.0).join(",")),
    ))
}

/// Where each column stands, in the order of [`COLUMNS`]. Banks differ in order, so order is free; names are not.
fn places(heading: &csv::StringRecord) -> Result<[usize; 6], PaymentError> {
    let mut places = [usize::MAX; 6];
    for (place, name) in heading.iter().enumerate() {
        let column = COLUMNS.iter().position(|(en, zh)| name == *en || name == *zh).ok_or_else(heading_fault)?;
        if places[column] != usize::MAX {
            return Err(heading_fault());
        }
        places[column] = place;
    }
    if places.contains(&usize::MAX) { Err(heading_fault()) } else { Ok(places) }
}

fn heading_fault() -> PaymentError {
    heading()
}

struct Row<'a> {
    index: usize,
    record: &'a csv::StringRecord,
    places: [usize; 6],
    faults: &'a mut Vec<FieldProblem>,
}

impl Row<'_> {
    fn fault(&mut self, column: usize, zh: &str, en: &str) {
        let line = self.index + 2;
        self.faults.push(FieldProblem {
            pointer: pointer(self.index, COLUMNS[column].0),
            detail: Text::new(format!("文件第 {line} 行：{zh}。"), format!("Line {line} of the file: {en}.")),
        });
    }

    /// A text without control characters, at most so long.
    fn text(&mut self, column: usize, least: usize, most: usize) -> Option<String> {
        let text = self.record.get(self.places[column]).unwrap_or_default().to_owned();
        if (least..=most).contains(&text.chars().count()) && !text::hides(&text) {
            return Some(text);
        }
        let zh = format!("应为 {least} 至 {most} 个字符，不含控制字符");
        let en = format!("{least} to {most} characters without control characters are expected");
        self.fault(column, &zh, &en);
        None
    }

    fn parse(&mut self, today: NaiveDate) -> Option<Parsed> {
        if self.record.len() != COLUMNS.len() {
            self.fault(BOOKED_ON, "列数应为六", "six columns are expected");
            return None;
        }
        let booked_on = self.booked_on(today);
        let payer_name = self.text(PAYER_NAME, 1, 200);
        let payer_account = self.text(PAYER_ACCOUNT, 0, 64);
        let amount = self.amount();
        let memo = self.text(MEMO, 0, 500);
        let bank_reference = self.text(REFERENCE, 1, 100);
        Some(Parsed {
            booked_on: booked_on?,
            payer_name: payer_name?,
            payer_account: Some(payer_account?).filter(|account| !account.is_empty()),
            amount: amount?,
            memo: memo?,
            bank_reference: bank_reference?,
        })
    }

    fn booked_on(&mut self, today: NaiveDate) -> Option<NaiveDate> {
        let text = self.record.get(self.places[BOOKED_ON]).unwrap_or_default();
        let date = ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d"].iter().find_map(|f| NaiveDate::parse_from_str(text, f).ok());
        let oldest = NaiveDate::from_ymd_opt(2000, 1, 1)?;
        match date {
            Some(date) if date > today => {
                self.fault(BOOKED_ON, "日期在将来", "the date lies in the future");
                None
            }
            Some(date) if date >= oldest => Some(date),
            _ => {
                self.fault(BOOKED_ON, "日期应如 2026-03-02", "a date such as 2026-03-02 is expected");
                None
            }
        }
    }

    fn amount(&mut self) -> Option<Fen> {
        let amount = fen_of_yuan(self.record.get(self.places[AMOUNT]).unwrap_or_default());
        if amount.is_none() {
            self.fault(
                AMOUNT,
                "金额应为大于零的元数，至多两位小数，例如 1280.50",
                "an amount in yuan above zero with at most two decimals is expected, for example 1280.50",
            );
        }
        amount
    }
}

/// Yuan as written, with at most two decimals, in whole fen; nothing when it is anything else, or zero.
pub(super) fn fen_of_yuan(text: &str) -> Option<Fen> {
    let (yuan, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(yuan) || !is_number(decimals) || decimals.len() > 2 {
        return None;
    }
    let hundredths = if decimals.len() == 1 { decimals.parse::<i64>().ok()? * 10 } else { decimals.parse().ok()? };
    let fen = yuan.parse::<i64>().ok()?.checked_mul(100)?.checked_add(hundredths)?;
    Fen::new(fen).ok().filter(|fen| !fen.is_zero())
}
