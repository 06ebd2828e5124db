//! The monthly bulletin as a sheet and as a page: the same figures as the JSON, with the arithmetic beside them.

use super::QuotaError;
use super::view::{Progress, Standing, UnitProgress};
use crate::http::Template;
use crate::http::text::{self, Digits};
use entity::value::Fen;
use minijinja::context;
use minijinja::value::{Serde, Value};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};
use serde::Serialize;

/// The media type of a sheet.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

const TITLE: &str = "预留份额采购进度通报";

const HEADINGS: [(&str, u32); 12] = [
    ("单位", 30),
    ("预留份额（元）", 16),
    ("下单（元）", 14),
    ("释放（元）", 14),
    ("验收（元）", 14),
    ("付款（元）", 14),
    ("完成（元）", 14),
    ("退款（元）", 14),
    ("计入完成（元）", 16),
    ("完成率", 10),
    ("序时进度", 10),
    ("结论", 12),
];

impl From<XlsxError> for QuotaError {
    fn from(error: XlsxError) -> Self {
        Self::Writing(error.to_string())
    }
}

impl From<minijinja::Error> for QuotaError {
    fn from(error: minijinja::Error) -> Self {
        Self::Writing(error.to_string())
    }
}

/// A row, every figure as people read it.
#[derive(Serialize)]
struct Row {
    name: String,
    figures: Vec<String>,
    done: String,
    time: String,
    standing: &'static str,
    is_behind: bool,
    arithmetic: String,
}

/// As a sheet reads it.
fn yuan(fen: i64) -> String {
    text::yuan(fen, Digits::Plain)
}

fn percent(bp: i64) -> String {
    format!("{}.{:02}%", bp / 100, bp % 100)
}

const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::NotFiled => "未填报",
        Standing::NothingReserved => "无预留任务",
        Standing::OnTime => "达到序时进度",
        Standing::Behind => "低于序时进度",
    }
}

fn row(unit: &UnitProgress) -> Row {
    let declared = yuan(unit.declared_fen.get());
    let counted = yuan(unit.amounts.counted_fen);
    let arithmetic = match unit.done_bp {
        Some(bp) => format!("{counted} ÷ {declared} = {}", percent(bp)),
        None => "—".to_owned(),
    };
    Row {
        name: unit.name.clone(),
        figures: figures(unit.declared_fen, unit).map(yuan).to_vec(),
        done: unit.done_bp.map_or_else(|| "—".to_owned(), percent),
        time: percent(unit.time_bp),
        standing: standing(unit.standing),
        is_behind: matches!(unit.standing, Standing::Behind | Standing::NotFiled),
        arithmetic,
    }
}

fn figures(declared: Fen, unit: &UnitProgress) -> [i64; 8] {
    let of = &unit.amounts;
    [
        declared.get(),
        of.ordered_fen,
        of.released_fen,
        of.accepted_fen,
        of.paid_fen,
        of.completed_fen,
        of.refunded_fen,
        of.counted_fen,
    ]
}

/// The bulletin as a sheet. Amounts are numbers of yuan with two decimals.
///
/// # Errors
/// When the sheet cannot be written.
pub fn sheet(bulletin: &Progress) -> Result<Vec<u8>, QuotaError> {
    let mut book = Workbook::new();
    let head = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Center);
    let title = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
    let money = Format::new().set_num_format("#,##0.00");
    let part = Format::new().set_num_format("0.00%");
    let sheet = book.add_worksheet().set_name("通报")?;
    let last = u16::try_from(HEADINGS.len() - 1).unwrap_or(u16::MAX);
    sheet.merge_range(0, 0, 0, last, &format!("{}年{TITLE}（截至 {}）", bulletin.year, bulletin.on), &title)?;
    for (column, (heading, width)) in (0_u16..).zip(HEADINGS) {
        sheet.write_with_format(1, column, heading, &head)?.set_column_width(column, width)?;
    }
    for (line, unit) in (2_u32..).zip(&bulletin.units) {
        sheet.write(line, 0, &unit.name)?;
        for (column, fen) in (1_u16..).zip(figures(unit.declared_fen, unit)) {
            sheet.write_with_format(line, column, in_units(fen, 100), &money)?;
        }
        match unit.done_bp {
            Some(bp) => sheet.write_with_format(line, 9, in_units(bp, 10_000), &part)?,
            None => sheet.write(line, 9, "—")?,
        };
        sheet.write_with_format(line, 10, in_units(unit.time_bp, 10_000), &part)?;
        sheet.write(line, 11, standing(unit.standing))?;
    }
    sheet.set_freeze_panes(2, 1)?.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 1)?;
    Ok(book.save_to_buffer()?)
}

/// A whole number of parts as the sheet's number. Sheets know no other kind of number; up to 2⁵³ the cell shows exactly
/// what was counted, and nothing is computed with it here.
#[expect(clippy::cast_precision_loss, clippy::float_arithmetic, reason = "cells of a sheet hold doubles")]
fn in_units(amount: i64, parts: u32) -> f64 {
    amount as f64 / f64::from(parts)
}

/// The page.
static PAGE: Template = Template::new("bulletin.html", include_str!("bulletin.html"));

/// The bulletin as a page to be printed.
///
/// # Errors
/// When the page cannot be written.
pub fn page(bulletin: &Progress) -> Result<String, QuotaError> {
    let rows: Vec<Row> = bulletin.units.iter().map(row).collect();
    let behind = rows.iter().filter(|row| row.is_behind).count();
    let total = &bulletin.total;
    let totals = [
        bulletin.declared_fen.get(),
        total.ordered_fen,
        total.released_fen,
        total.accepted_fen,
        total.paid_fen,
        total.completed_fen,
        total.refunded_fen,
        total.counted_fen,
    ]
    .map(yuan);
    let headings = HEADINGS.map(|(heading, _)| heading);
    Ok(PAGE.render(context! {
        title => TITLE, year => bulletin.year, on => bulletin.on.to_string(), headings => headings.to_vec(),
        rows => Value::from(Serde(&rows)), totals => totals.to_vec(), behind,
    })?)
}
