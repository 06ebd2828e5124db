//! A sheet of accounts: `.xlsx` or `.csv` in, rows with everything that is wrong with each out. Pure.
//!
//! The first line names the columns in Chinese or English, in any order; empty lines are left out.

use super::view::{CellFault, SheetRow};
use crate::identity::IdentityError;
use crate::identity::roles;
use crate::organisation::{Email, Name};
use crate::problem::Text;
use calamine::{Data, Reader, Xlsx};
use entity::value::{Malformed, OrganisationKind, Role};
use std::collections::HashSet;
use std::io::Cursor;

/// Accounts in one sheet.
const MOST_ROWS: usize = 500;
/// A larger file is no list of accounts.
pub const MOST_BYTES: usize = 256 * 1024;

const COLUMNS: [(&str, &str); 3] = [("display_name", "姓名"), ("email", "电子邮箱"), ("role", "岗位")];

fn unreadable(zh: &'static str, en: &'static str) -> IdentityError {
    IdentityError::SheetUnreadable(Text::new(zh, en))
}

/// The cells of a sheet as texts, line by line.
///
/// # Errors
/// [`IdentityError::SheetUnreadable`] when it is neither a workbook nor UTF-8.
pub fn cells(bytes: &[u8]) -> Result<Vec<Vec<String>>, IdentityError> {
    if bytes.len() > MOST_BYTES {
        return Err(unreadable("文件超过 256 KiB。", "The file is larger than 256 KiB."));
    }
    if bytes.starts_with(b"PK\x03\x04") { workbook(bytes) } else { table(bytes) }
}

fn workbook(bytes: &[u8]) -> Result<Vec<Vec<String>>, IdentityError> {
    let broken = || unreadable("工作簿已损坏或不是 .xlsx。", "The workbook is broken or no .xlsx.");
    let mut book = Xlsx::new(Cursor::new(bytes.to_vec())).map_err(|_| broken())?;
    let range = book.worksheet_range_at(0).ok_or_else(broken)?.map_err(|_| broken())?;
    let text = |cell: &Data| match cell {
        Data::String(text) => text.trim().to_owned(),
        Data::Empty => String::new(),
        other => other.to_string().trim().to_owned(),
    };
    // Beyond what is allowed one more is read, so that too many are noticed.
    Ok(range.rows().take(MOST_ROWS + 2).map(|row| row.iter().take(20).map(text).collect()).collect())
}

fn table(bytes: &[u8]) -> Result<Vec<Vec<String>>, IdentityError> {
    let text = std::str::from_utf8(bytes).map_err(|_| {
        unreadable(
            "文件不是 UTF-8 编码（可能是 GBK）；请另存为“CSV UTF-8”或 .xlsx。",
            "The file is not in UTF-8, perhaps in GBK; save it as \"CSV UTF-8\" or .xlsx.",
        )
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut lines = Vec::new();
    for record in reader.records().take(MOST_ROWS + 2) {
        let record = record.map_err(|_| unreadable("不是有效的 CSV。", "It is not valid CSV."))?;
        lines.push(record.iter().map(|cell| cell.trim().to_owned()).collect());
    }
    Ok(lines)
}

/// Where each column stands.
fn places(heading: &[String]) -> Result<[usize; 3], IdentityError> {
    let mut places = [usize::MAX; 3];
    for (place, name) in heading.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        let column = COLUMNS.iter().position(|(en, zh)| name == en || name == zh);
        match column {
            Some(column) if places[column] == usize::MAX => places[column] = place,
            _ => return Err(heading_fault()),
        }
    }
    if places.contains(&usize::MAX) { Err(heading_fault()) } else { Ok(places) }
}

fn heading_fault() -> IdentityError {
    unreadable(
        "首行应为：姓名、电子邮箱、岗位，各一列。",
        "The first line names three columns: display_name, email, role.",
    )
}

/// The rows of a sheet, each with what is wrong with it by itself or beside the others.
///
/// # Errors
/// [`IdentityError::SheetUnreadable`] for a wrong heading, no rows, or too many.
pub fn rows(lines: &[Vec<String>], kind: OrganisationKind) -> Result<Vec<SheetRow>, IdentityError> {
    let (heading, lines) = lines.split_first().ok_or_else(heading_fault)?;
    let places = places(heading)?;
    let mut seen = HashSet::new();
    let mut rows = Vec::new();
    for (line, cells) in (2..).zip(lines) {
        if cells.iter().all(String::is_empty) {
            continue;
        }
        let [name, email, role] = places.map(|place| cells.get(place).cloned().unwrap_or_default());
        let mut row = SheetRow { line, display_name: name, email, role: roles::named(&role), faults: Vec::new() };
        check(&mut row, kind);
        if let Some(role) = row.role
            && !seen.insert((row.email.to_lowercase(), role))
        {
            fault(&mut row, "email", "表中重复的邮箱与岗位", "the address stands twice with this role");
        }
        rows.push(row);
    }
    if rows.is_empty() {
        return Err(unreadable("表格中没有数据行。", "There is no row in it."));
    }
    if rows.len() > MOST_ROWS {
        return Err(unreadable("超过 500 行，请分开导入。", "It has more than 500 rows; split it."));
    }
    Ok(rows)
}

/// Notes a fault of a row.
pub fn fault(row: &mut SheetRow, column: &'static str, zh: &str, en: &str) {
    row.faults.push(CellFault { column, zh: zh.to_owned(), en: en.to_owned() });
}

fn check(row: &mut SheetRow, kind: OrganisationKind) {
    let malformed = |row: &mut SheetRow, column, why: Malformed| fault(row, column, why.zh, why.en);
    if let Err(why) = Name::parse(&row.display_name) {
        malformed(row, "display_name", why);
    }
    if let Err(why) = Email::parse(&row.email) {
        malformed(row, "email", why);
    }
    match row.role {
        None => fault(row, "role", "没有这一岗位", "there is no such role"),
        Some(role) if role == Role::Integrator || !roles::fits(role, kind) => {
            fault(row, "role", "该类单位没有这一岗位", "such an organisation has no such role");
        }
        Some(_) => {}
    }
}
