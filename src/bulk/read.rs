//! A file becomes lines of cells, or one sentence that says why it does not.
//!
//! Promises: no more rows than [`most_rows`] and cells of at most [`MOST_CHARACTERS`]; columns are found by their
//! headings, in any order, the register's also by the codes of the national system; CSV may be UTF-8, with or without its
//! mark, or GB18030. Work in the background takes lines a piece at a time, so that it holds a piece of a sheet and never
//! the whole; rows that belong together are in one piece.

use super::columns::{ADDED, Column, columns};
use super::error::Unreadable;
use super::national::{Meaning, NATIONAL};
use crate::http::sheet;
use actix_web::web::Bytes;
use entity::value::ImportKind;
use std::borrow::Cow;
use std::collections::HashMap;
use tokio::sync::mpsc;

/// Rows of one sheet, and of a workbook that goes out.
pub const MOST_ROWS: usize = 20_000;
/// Rows of a register: more than the people of any county that is registered.
const MOST_PEOPLE: usize = 500_000;
/// Characters of one cell.
const MOST_CHARACTERS: usize = 5000;
/// Rows that can belong together; what is more is at fault anyhow.
const MOST_TOGETHER: usize = 50;

/// One row: its line in the file, and its cells in the order of the kind's columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// As a spreadsheet numbers it: the headings are line 1.
    pub number: i32,
    /// Trimmed texts; empty where nothing stood.
    pub cells: Vec<String>,
}

/// How many rows a sheet of a kind has at most.
pub(super) const fn most_rows(kind: ImportKind) -> usize {
    match kind {
        ImportKind::Households => MOST_PEOPLE,
        ImportKind::Products | ImportKind::Stock | ImportKind::Deliveries | ImportKind::Payouts => MOST_ROWS,
    }
}

/// Whether two rows that follow each other belong together: the people of a household do.
pub(super) fn belong_together(kind: ImportKind, one: &Line, next: &Line) -> bool {
    kind == ImportKind::Households && !one.cells[0].is_empty() && one.cells[0] == next.cells[0]
}

/// Reads a sheet.
///
/// # Errors
/// Why it is not one of this kind.
pub fn read(kind: ImportKind, bytes: &[u8]) -> Result<Vec<Line>, Unreadable> {
    let mut lines = Vec::new();
    each(kind, bytes, |line| {
        lines.push(line);
        Ok(())
    })?;
    Ok(lines)
}

/// Gives each line of a sheet to `take`; the first refusal ends it.
fn each(kind: ImportKind, bytes: &[u8], take: impl FnMut(Line) -> Result<(), Unreadable>) -> Result<(), Unreadable> {
    let mut table = Table { kind, columns: columns(kind), places: None, count: 0, sink: take };
    sheet::read(bytes, |number, row| table.take(number, row))?;
    if table.count == 0 { Err(Unreadable::EMPTY.into()) } else { Ok(()) }
}

/// What is known of a sheet before its rows are looked at.
#[derive(Debug)]
pub(super) struct Survey {
    /// How many rows it has.
    pub rows: usize,
    /// For each line that repeats another: which, and in which column.
    pub repeated: HashMap<i32, Repeat>,
}

/// A line that repeats another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Repeat {
    /// The first of the two.
    pub first: i32,
    /// The column in which they are the same.
    pub column: &'static str,
    /// The name of the check, where it has one.
    pub code: Option<&'static str>,
}

/// Reads a whole sheet once, and keeps of each row no more than what tells it from others.
///
/// # Errors
/// Why it is not one of this kind.
pub(super) fn survey(kind: ImportKind, bytes: &[u8]) -> Result<Survey, Unreadable> {
    let mut survey = Survey { rows: 0, repeated: HashMap::new() };
    let (mut first, mut groups): (HashMap<String, i32>, HashMap<String, i32>) = (HashMap::new(), HashMap::new());
    let mut group = String::new();
    each(kind, bytes, |line| {
        survey.rows += 1;
        let note = |map: &mut HashMap<String, i32>, key: String| match map.get(&key) {
            Some(number) => Some(*number),
            None => {
                map.insert(key, line.number);
                None
            }
        };
        if let Some(key) = super::kind::key(kind, &line)
            && let Some(number) = note(&mut first, key)
        {
            survey.repeated.insert(line.number, super::kind::repeat_of(kind, number));
        }
        // Rows of a household stand one after the other.
        if kind == ImportKind::Households && line.cells[0] != group {
            group.clone_from(&line.cells[0]);
            let repeat = note(&mut groups, group.clone()).filter(|_| !group.is_empty());
            if let Some(number) = repeat {
                let apart = Repeat { first: number, column: "household_number", code: Some("household_apart") };
                survey.repeated.insert(line.number, apart);
            }
        }
        Ok(())
    })?;
    Ok(survey)
}

/// Gives a sheet a piece at a time, from a line on: about so many lines each, never half of what belongs together.
/// Reading goes on while a piece is worked on, and ends when nobody takes the next one.
pub(super) fn pieces(
    kind: ImportKind,
    bytes: Bytes,
    from: i32,
    size: usize,
) -> mpsc::Receiver<Result<Vec<Line>, Unreadable>> {
    let (give, taken) = mpsc::channel(1);
    tokio::task::spawn_blocking(move || {
        let mut cutter = Cutter { kind, from, size, piece: Vec::new(), together: Vec::new() };
        let gone = || Unreadable::EMPTY.into();
        let read = each(kind, &bytes, |line| match cutter.take(line) {
            Some(piece) => give.blocking_send(Ok(piece)).map_err(|_| gone()),
            None => Ok(()),
        });
        // When nobody listens any more, nobody hears this either.
        let last = match read {
            Ok(()) => Ok(cutter.rest()),
            Err(why) => Err(why),
        };
        match last {
            Ok(piece) if piece.is_empty() => {}
            last => drop(give.blocking_send(last)),
        }
    });
    taken
}

/// Cuts lines into pieces.
struct Cutter {
    kind: ImportKind,
    from: i32,
    size: usize,
    piece: Vec<Line>,
    together: Vec<Line>,
}

impl Cutter {
    /// Takes the next line; gives a piece that is full.
    fn take(&mut self, line: Line) -> Option<Vec<Line>> {
        let goes_on = self.together.first().is_some_and(|first| belong_together(self.kind, first, &line));
        let mut full = None;
        if !goes_on || self.together.len() == MOST_TOGETHER {
            self.close();
            if self.piece.len() >= self.size {
                full = Some(std::mem::take(&mut self.piece));
            }
        }
        self.together.push(line);
        full
    }

    /// What belongs together is complete; it is passed over when all of it was done before.
    fn close(&mut self) {
        if self.together.last().is_some_and(|last| last.number >= self.from) {
            self.piece.append(&mut self.together);
        }
        self.together.clear();
    }

    fn rest(mut self) -> Vec<Line> {
        self.close();
        self.piece
    }
}

/// The table as it is read.
struct Table<F> {
    kind: ImportKind,
    columns: &'static [Column],
    /// For each place in the file, the column that stands there.
    places: Option<Vec<Option<usize>>>,
    count: usize,
    sink: F,
}

impl<F: FnMut(Line) -> Result<(), Unreadable>> Table<F> {
    /// Takes the next row of the file, headings first. Rows in which nothing stands are passed over.
    fn take(&mut self, number: usize, row: &[Cow<'_, str>]) -> Result<(), Unreadable> {
        if row.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(());
        }
        let Some(places) = &self.places else {
            self.places = Some(self.headings(row)?);
            return Ok(());
        };
        let most = most_rows(self.kind);
        if self.count == most {
            return Err(Unreadable::new(
                format!("超过 {most} 行，请分开导入。"),
                format!("It has more than {most} rows; split it."),
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
        self.count += 1;
        (self.sink)(Line { number: i32::try_from(number).unwrap_or(i32::MAX), cells })
    }

    /// The column of a heading; nothing for one that is known and passed over.
    fn place_of(&self, heading: &str) -> Result<Option<usize>, Stranger> {
        let by_name = self.columns.iter().position(|c| heading == c.zh || heading == c.key || heading == c.en);
        if by_name.is_some() {
            return Ok(by_name);
        }
        if heading.is_empty() || ADDED.contains(&heading) {
            return Ok(None);
        }
        match NATIONAL.meaning(heading).filter(|_| self.kind == ImportKind::Households) {
            Some(Meaning::Column(key)) => Ok(self.columns.iter().position(|column| column.key == key)),
            Some(Meaning::PassedOver) => Ok(None),
            Some(Meaning::Ambiguous(why)) => Err(Stranger::Ambiguous(why.clone())),
            None => Err(Stranger::Unknown),
        }
    }

    fn headings(&self, row: &[Cow<'_, str>]) -> Result<Vec<Option<usize>>, Unreadable> {
        let mut places: Vec<Option<usize>> = Vec::with_capacity(row.len());
        let mut unknown = Vec::new();
        for heading in row {
            let heading = heading.trim().trim_start_matches('\u{feff}').trim_end_matches('*').trim();
            let found = match self.place_of(heading) {
                Ok(found) => found,
                Err(Stranger::Ambiguous(why)) => {
                    return Err(Unreadable::new(
                        format!("代码 {heading} 含义不唯一（{why}）。请改用中文列名，或删去该列。"),
                        format!(
                            "The code {heading} means different things in different systems; name the column in words."
                        ),
                    ));
                }
                Err(Stranger::Unknown) => {
                    unknown.push(heading.chars().take(30).collect::<String>());
                    None
                }
            };
            if found.is_some_and(|found| places.contains(&Some(found))) {
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

/// A heading that is no column.
enum Stranger {
    /// Nobody knows it.
    Unknown,
    /// Systems differ in what it is.
    Ambiguous(String),
}

/// Without the mark that keeps spreadsheets from taking a text for a formula.
fn unguarded(cell: &str) -> &str {
    let bare = cell.strip_prefix('\'').unwrap_or(cell);
    if bare.starts_with(['=', '+', '-', '@']) { bare } else { cell }
}
