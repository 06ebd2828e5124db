//! A sheet of accounts: `.xlsx` or `.csv` in, rows with everything that is wrong with each out. Pure.
//!
//! The first line names the columns in Chinese or English, in any order; empty lines are left out.

use super::view::{CellFault, SheetRow};
use crate::http::sheet;
use crate::identity::IdentityError;
use crate::identity::roles;
use crate::organisation::{Email, Name};
use crate::problem::Text;
use entity::value::{Malformed, OrganisationKind, Role};
use std::collections::HashSet;

/// Accounts in one sheet.
const MOST_ROWS: usize = 500;
/// A larger file is no list of accounts.
pub const MOST_BYTES: usize = 256 * 1024;

const COLUMNS: [(&str, &str); 3] = [("display_name", "姓名"), ("email", "电子邮箱"), ("role", "岗位")];

fn unreadable(zh: &'static str, en: &'static str) -> IdentityError {
    IdentityError::SheetUnreadable(Text::new(zh, en))
}

impl From<sheet::Fault> for IdentityError {
    fn from(fault: sheet::Fault) -> Self {
        unreadable(fault.zh(), fault.en())
    }
}

/// The cells of a sheet as texts, line by line.
///
/// # Errors
/// [`IdentityError::SheetUnreadable`] when it is neither a workbook nor text.
pub fn cells(bytes: &[u8]) -> Result<Vec<Vec<String>>, IdentityError> {
    if bytes.len() > MOST_BYTES {
        return Err(unreadable("文件超过 256 KiB。", "The file is larger than 256 KiB."));
    }
    let (mut lines, mut first): (Vec<Vec<String>>, usize) = (Vec::new(), 0);
    sheet::read(bytes, |number, row| {
        if lines.is_empty() {
            if row.iter().all(|cell| cell.trim().is_empty()) {
                return Ok(());
            }
            first = number;
        }
        // Beyond what is allowed one more is read, so that too many are noticed.
        let place = number - first;
        if place < MOST_ROWS + 2 {
            // A workbook names no empty rows.
            lines.resize(lines.len().max(place), Vec::new());
            lines.push(row.iter().map(|cell| cell.trim().to_owned()).collect());
        }
        Ok::<_, IdentityError>(())
    })?;
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
