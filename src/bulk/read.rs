//! A file becomes lines of cells, or one sentence that says why it does not.
//!
//! Promises: at most [`MOST_ROWS`] rows and cells of at most [`MOST_CHARACTERS`]; columns are found by their headings,
//! in any order; CSV may be UTF-8, with or without its mark, or GB18030.

use super::columns::{ADDED, Column, columns};
use super::error::Unreadable;
use crate::http::sheet;
use entity::value::ImportKind;
use std::borrow::Cow;

/// Rows of one sheet.
pub const MOST_ROWS: usize = 20_000;
/// Characters of one cell.
const MOST_CHARACTERS: usize = 5000;

/// One row: its line in the file, and its cells in the order of the kind's columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// As a spreadsheet numbers it: the headings are line 1.
    pub number: i32,
    /// Trimmed texts; empty where nothing stood.
    pub cells: Vec<String>,
}

/// Reads a sheet.
///
/// # Errors
/// Why it is not one of this kind.
pub fn read(kind: ImportKind, bytes: &[u8]) -> Result<Vec<Line>, Unreadable> {
    let mut table = Table { columns: columns(kind), places: None, lines: Vec::new() };
    sheet::read(bytes, |number, row| table.take(number, row))?;
    if table.lines.is_empty() { Err(Unreadable::EMPTY.into()) } else { Ok(table.lines) }
}

/// The table as it grows.
struct Table {
    columns: &'static [Column],
    /// For each place in the file, the column that stands there.
    places: Option<Vec<Option<usize>>>,
    lines: Vec<Line>,
}

impl Table {
    /// Takes the next row of the file, headings first. Rows in which nothing stands are passed over.
    fn take(&mut self, number: usize, row: &[Cow<'_, str>]) -> Result<(), Unreadable> {
        if row.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(());
        }
        let Some(places) = &self.places else {
            self.places = Some(self.headings(row)?);
            return Ok(());
        };
        if self.lines.len() == MOST_ROWS {
            return Err(Unreadable::new(
                format!("超过 {MOST_ROWS} 行，请分开导入。"),
                format!("It has more than {MOST_ROWS} rows; split it."),
            ));
        }
        let mut cells = vec![String::new(); self.columns.len()];
        for (cell, column) in row.iter().zip(places) {
            let Some(column) = column else { continue };
            if cell.chars().count() > MOST_CHARACTERS {
                return Err(Unreadable::new(
                    format!("第 {number} 行有超过 {MOST_CHARACTERS} 个字的单元格。"),
                    format!("Line {number} has a cell of more than {MOST_CHARACTERS} characters."),
                ));
            }
            cells[*column] = unguarded(cell.trim()).to_owned();
        }
        self.lines.push(Line { number: i32::try_from(number).unwrap_or(i32::MAX), cells });
        Ok(())
    }

    fn headings(&self, row: &[Cow<'_, str>]) -> Result<Vec<Option<usize>>, Unreadable> {
        let mut places: Vec<Option<usize>> = Vec::with_capacity(row.len());
        let mut unknown = Vec::new();
        for heading in row {
            let heading = heading.trim().trim_start_matches('\u{feff}').trim_end_matches('*').trim();
            let found = self.columns.iter().position(|c| heading == c.zh || heading == c.key || heading == c.en);
            let is_known = found.is_some() || heading.is_empty() || ADDED.contains(&heading);
            if !is_known || found.is_some_and(|found| places.contains(&Some(found))) {
                unknown.push(heading.chars().take(30).collect::<String>());
            }
            places.push(found);
        }
        let missing = self.columns.iter().enumerate().filter(|(at, c)| c.is_required && !places.contains(&Some(*at)));
        let missing: Vec<&str> = missing.map(|(_, column)| column.zh).collect();
        if !unknown.is_empty() || !missing.is_empty() {
            let (missing, unknown) = (missing.join("、"), unknown.join("、"));
            return Err(Unreadable::new(
                format!("首行列名不符。缺少：{missing}；不认识或重复：{unknown}。请下载模板对照。"),
                format!("The headings do not fit. Missing: {missing}; unknown or twice: {unknown}. See the template."),
            ));
        }
        Ok(places)
    }
}

/// Without the mark that keeps spreadsheets from taking a text for a formula.
fn unguarded(cell: &str) -> &str {
    let bare = cell.strip_prefix('\'').unwrap_or(cell);
    if bare.starts_with(['=', '+', '-', '@']) { bare } else { cell }
}
