//! A report as a file: comma-separated, as a sheet, and as a page to be printed, with charts drawn without any help from
//! outside. The same numbers everywhere.

use super::ReportError;
use super::table::{Line, Unit};
use super::view::{ReportDetail, ReportSnapshot};
use crate::http::export::line as csv_line;
use crate::paper::{Column, EDITION, Sheet, Table, Typesetter, set};
use crate::problem::Failure;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, UndefinedBehavior, context};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};
use serde::Serialize;
use std::sync::LazyLock;

/// The media type of a sheet.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Bars of a chart.
const BARS: usize = 12;
/// How wide the longest bar is.
const WIDEST: i64 = 360;

static PAGES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut pages = Environment::new();
    pages.set_undefined_behavior(UndefinedBehavior::Strict);
    if let Err(error) = pages.add_template("report.html", include_str!("report.html")) {
        tracing::error!(%error, "the page of reports cannot be read");
    }
    pages
});

impl From<XlsxError> for ReportError {
    fn from(error: XlsxError) -> Self {
        Self::Writing(error.to_string())
    }
}

impl From<minijinja::Error> for ReportError {
    fn from(error: minijinja::Error) -> Self {
        Self::Writing(error.to_string())
    }
}

fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

fn written(unit: Unit, value: Option<i64>) -> String {
    match (unit, value) {
        (Unit::Fen, Some(fen)) => yuan(fen),
        (Unit::Count | Unit::Group, Some(count)) => count.to_string(),
        (Unit::Rate, Some(parts)) => format!("{}%", yuan(parts)),
        (_, None) => String::new(),
    }
}

fn snapshot(report: &ReportDetail) -> Result<&ReportSnapshot, ReportError> {
    report.snapshot.as_ref().ok_or(ReportError::NotDone(report.run.state))
}

/// Comma-separated, with what it is at its head.
///
/// # Errors
/// It is not done.
pub fn csv(report: &ReportDetail) -> Result<String, ReportError> {
    let made = snapshot(report)?;
    let mut text = String::from('\u{FEFF}');
    let span = format!("{} – {}", report.run.from, report.run.until);
    let seal = made.seal_number.to_string();
    let version = report.run.rule_version.to_string();
    for cells in [
        ["报表 report", &report.definition.title_zh],
        ["统计期 span", &span],
        ["规则版本 rule version", &version],
        ["封印 seal", &seal],
        ["摘要 SHA-256", &made.sha256],
    ] {
        text += &csv_line(cells);
    }
    text += "\r\n";
    let heads = made.table.columns.iter().map(|column| column.zh.as_str());
    text += &csv_line(["项目"].into_iter().chain(heads));
    for line in &made.table.lines {
        let cells: Vec<String> = cells(made, line).collect();
        text += &csv_line([line.label.as_str()].into_iter().chain(cells.iter().map(String::as_str)));
    }
    Ok(text)
}

fn cells<'a>(made: &'a ReportSnapshot, line: &'a Line) -> impl Iterator<Item = String> + 'a {
    made.table.columns.iter().zip(&line.values).map(|(column, value)| written(column.unit, *value))
}

/// As a sheet: amounts are numbers of yuan with two decimals, counts whole numbers.
///
/// # Errors
/// It is not done; it cannot be written.
pub fn sheet(report: &ReportDetail) -> Result<Vec<u8>, ReportError> {
    let made = snapshot(report)?;
    let mut book = Workbook::new();
    let title = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
    let head = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Center);
    let money = Format::new().set_num_format("#,##0.00");
    let count = Format::new().set_num_format("#,##0");
    let rate = Format::new().set_num_format("0.00%");
    let sheet = book.add_worksheet().set_name("报表")?;
    let last = u16::try_from(made.table.columns.len()).unwrap_or(u16::MAX);
    sheet.merge_range(0, 0, 0, last, &report.definition.title_zh, &title)?;
    sheet.write(1, 0, format!("统计期 {} 至 {}", report.run.from, report.run.until))?;
    sheet.write_with_format(2, 0, "项目", &head)?.set_column_width(0, 34)?;
    for (place, column) in (1_u16..).zip(&made.table.columns) {
        sheet.write_with_format(2, place, &column.zh, &head)?.set_column_width(place, 18)?;
    }
    let mut row = 3;
    for line in &made.table.lines {
        sheet.write(row, 0, &line.label)?;
        for (place, (column, value)) in (1_u16..).zip(made.table.columns.iter().zip(&line.values)) {
            match (column.unit, value) {
                (_, None) => sheet.write(row, place, "—")?,
                (Unit::Fen, Some(fen)) => sheet.write_with_format(row, place, in_units(*fen, 100), &money)?,
                (Unit::Rate, Some(parts)) => sheet.write_with_format(row, place, in_units(*parts, 10_000), &rate)?,
                (Unit::Count | Unit::Group, Some(number)) => {
                    sheet.write_with_format(row, place, in_units(*number, 1), &count)?
                }
            };
        }
        row += 1;
    }
    let rule = format!("规则（第 {} 版）：{}", report.run.rule_version, report.definition.rule_zh);
    sheet.write(row + 1, 0, rule)?;
    let proof = format!("封印 {}；SHA-256 {}", made.seal_number, made.sha256);
    sheet.write(row + 2, 0, proof)?;
    sheet.set_freeze_panes(3, 1)?.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 2)?;
    Ok(book.save_to_buffer()?)
}

/// A whole number of parts as the sheet's number. Sheets know no other kind; up to 2⁵³ the cell shows exactly what was
/// counted, and nothing is computed with it here.
#[expect(clippy::cast_precision_loss, clippy::float_arithmetic, reason = "cells of a sheet hold doubles")]
fn in_units(amount: i64, parts: u32) -> f64 {
    amount as f64 / f64::from(parts)
}

/// As a paper: one table, its rule, and what proves it; set in type, the same bytes for the same snapshot.
///
/// # Errors
/// It is not done; there is no font; it cannot be written.
pub fn pdf(report: &ReportDetail, typesetter: &Typesetter, address: &str) -> Result<Vec<u8>, Failure> {
    let made = snapshot(report)?;
    let day = |day: chrono::NaiveDate| day.format("%Y年%-m月%-d日").to_string();
    // A hundred million yuan stand on one line also where there are many columns.
    let label = if made.table.columns.len() > 4 { 18 } else { 40 };
    let part = |unit: Unit| match unit {
        Unit::Fen => 20,
        Unit::Count => 10,
        Unit::Rate => 15,
        Unit::Group => 11,
    };
    let mut columns = vec![Column::words("项目", label)];
    columns.extend(made.table.columns.iter().map(|column| Column::numbers(&column.zh, part(column.unit))));
    let rows = made.table.lines.iter().map(|line| {
        let shown = cells(made, line).map(|cell| if cell.is_empty() { "—".to_owned() } else { cell });
        [line.label.clone()].into_iter().chain(shown).collect()
    });
    let code = made.sha256.get(..16).unwrap_or_default();
    let sheet = Sheet {
        title: report.definition.title_zh.clone(),
        number: format!("BB-{code}"),
        fields: vec![
            ("统计期".to_owned(), format!("{}至{}", day(report.run.from), day(report.run.until))),
            ("生成日期".to_owned(), day(entity::value::business_date(made.made_at))),
        ],
        tables: vec![Table { columns, rows: rows.collect(), total: None }],
        paragraphs: vec![
            format!("规则（第 {} 版）：{}", report.run.rule_version, report.definition.rule_zh),
            "户数和人数较少时不列示，以“—”表示。".to_owned(),
            format!("封印 {}；快照 SHA-256 {}", made.seal_number, made.sha256),
        ],
        signatures: Vec::new(),
        edition: EDITION,
    };
    let at = format!("{address}/api/v1/reports/{}", report.run.id);
    Ok(set(&sheet, code, &at, typesetter)?.0)
}

/// A bar of a chart.
#[derive(Serialize)]
struct Bar {
    label: String,
    value: String,
    top: i64,
    width: i64,
}

/// A row of the page.
#[derive(Serialize)]
struct PageRow {
    label: String,
    cells: Vec<String>,
    is_total: bool,
}

/// The bars of the first column of money, longest first.
fn bars(made: &ReportSnapshot) -> (String, Vec<Bar>) {
    let Some((place, column)) = made.table.columns.iter().enumerate().find(|(_, column)| column.unit == Unit::Fen)
    else {
        return (String::new(), Vec::new());
    };
    let of = |line: &Line| line.values.get(place).copied().flatten().unwrap_or_default();
    let mut lines: Vec<&Line> = made.table.lines.iter().filter(|line| line.key != "0.total" && of(line) > 0).collect();
    lines.sort_by_key(|line| (-of(line), line.key.clone()));
    lines.truncate(BARS);
    let most = lines.first().map_or(1, |line| of(line));
    let width = |fen: i64| i64::try_from(i128::from(fen) * i128::from(WIDEST) / i128::from(most)).unwrap_or(WIDEST);
    let bar = |(line, top): (&&Line, i64)| Bar {
        label: line.label.clone(),
        value: yuan(of(line)),
        top,
        width: width(of(line)).max(1),
    };
    (column.zh.clone(), lines.iter().zip((0..).step_by(26)).map(bar).collect())
}

/// As a page to be printed.
///
/// # Errors
/// It is not done; it cannot be written.
pub fn page(report: &ReportDetail) -> Result<String, ReportError> {
    let made = snapshot(report)?;
    let rows: Vec<PageRow> = made
        .table
        .lines
        .iter()
        .map(|line| PageRow {
            label: line.label.clone(),
            cells: cells(made, line).map(|cell| if cell.is_empty() { "—".to_owned() } else { cell }).collect(),
            is_total: line.key == "0.total",
        })
        .collect();
    let heads: Vec<String> = made.table.columns.iter().map(|column| column.zh.clone()).collect();
    let (charted, bars) = bars(made);
    let height = i64::try_from(bars.len()).unwrap_or_default() * 26 + 6;
    Ok(PAGES.get_template("report.html")?.render(context! {
        title => report.definition.title_zh.clone(), rule => report.definition.rule_zh.clone(), version => report.run.rule_version,
        from => report.run.from.to_string(), until => report.run.until.to_string(),
        heads, rows => Value::from(Serde(&rows)), bars => Value::from(Serde(&bars)), charted, height,
        seal => made.seal_number, sha256 => made.sha256.clone(),
    })?)
}
