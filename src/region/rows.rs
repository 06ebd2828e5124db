//! Rows of a CSV file, each with the line it stands on.
//!
//! Promises: a file is taken whole or not at all; every row at fault is named with its line, its column and a
//! reason in Chinese and English, all of them at once. Knows no table and no data set.

use crate::problem::Text;
use entity::value::Malformed;
use std::fmt;
use std::io::Read;

/// Why one row is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// The line of the file the row begins on; the header is line 1.
    pub line: u64,
    /// The column at fault; empty when it is the row as a whole.
    pub column: &'static str,
    /// Why.
    pub reason: Text,
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, reason } = self;
        if column.is_empty() {
            write!(f, "line {line}: {}", reason.en)
        } else {
            write!(f, "line {line}, column {column}: {}", reason.en)
        }
    }
}

/// One row, its fields by name.
pub struct Row<'a> {
    line: u64,
    columns: &'a [(&'static str, usize)],
    record: &'a csv::StringRecord,
}

impl Row<'_> {
    /// The line it begins on.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// A field without the blanks around it; empty when the file has no such column.
    #[must_use]
    pub fn text(&self, column: &'static str) -> &str {
        let position = self.columns.iter().find(|(name, _)| *name == column).map(|(_, position)| *position);
        position.and_then(|position| self.record.get(position)).unwrap_or_default().trim()
    }

    /// A field that must not be empty.
    ///
    /// # Errors
    /// When it is.
    pub fn required(&self, column: &'static str) -> Result<&str, RowError> {
        match self.text(column) {
            "" => Err(self.error(column, Text::new("此项必填", "must not be empty"))),
            text => Ok(text),
        }
    }

    /// A field that is a value of its own kind.
    ///
    /// # Errors
    /// What the kind says about the text.
    pub fn parse<T>(
        &self,
        column: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Malformed>,
    ) -> Result<T, RowError> {
        parse(self.required(column)?).map_err(|malformed| self.error(column, malformed.into()))
    }

    /// A field that may be empty.
    ///
    /// # Errors
    /// What the kind says about the text.
    pub fn parse_optional<T>(
        &self,
        column: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Malformed>,
    ) -> Result<Option<T>, RowError> {
        if self.text(column).is_empty() { Ok(None) } else { self.parse(column, parse).map(Some) }
    }

    /// A whole number between two bounds.
    ///
    /// # Errors
    /// When it is none, or outside.
    pub fn number(&self, column: &'static str, from: i16, to: i16) -> Result<i16, RowError> {
        let number = self.required(column)?.parse().ok().filter(|number| (from..=to).contains(number));
        number.ok_or_else(|| {
            let zh = format!("应为 {from} 至 {to} 之间的整数");
            self.error(column, Text::new(zh, format!("must be a whole number between {from} and {to}")))
        })
    }

    /// `yes`, `no`, or nothing for unknown.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn known_flag(&self, column: &'static str) -> Result<Option<bool>, RowError> {
        match self.text(column) {
            "yes" => Ok(Some(true)),
            "no" => Ok(Some(false)),
            "" => Ok(None),
            _ => Err(self.error(column, Text::new("应为 yes 或 no", "must be yes or no"))),
        }
    }

    /// A refusal of this row.
    #[must_use]
    pub fn error(&self, column: &'static str, reason: Text) -> RowError {
        RowError { line: self.line, column, reason }
    }
}

/// Reads every row of a CSV file with a header. Columns that are not asked for are passed over.
///
/// # Errors
/// Every row at fault, in the order of the file.
pub fn read_rows<T>(
    file: impl Read,
    columns: &[&'static str],
    mut parse: impl FnMut(&Row<'_>) -> Result<T, RowError>,
) -> Result<Vec<T>, Vec<RowError>> {
    let mut reader = csv::Reader::from_reader(file);
    let columns = header(&mut reader, columns)?;
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {
                let line = record.position().map_or(0, csv::Position::line);
                match parse(&Row { line, columns: &columns, record: &record }) {
                    Ok(row) => rows.push(row),
                    Err(error) => errors.push(error),
                }
            }
            Err(error) => {
                errors.push(unreadable(&error));
                // After a failed read there may be nothing sensible to go on with.
                if matches!(error.kind(), csv::ErrorKind::Io(_)) {
                    break;
                }
            }
        }
    }
    if errors.is_empty() { Ok(rows) } else { Err(errors) }
}

/// Where each wanted column stands.
fn header<R: Read>(
    reader: &mut csv::Reader<R>,
    columns: &[&'static str],
) -> Result<Vec<(&'static str, usize)>, Vec<RowError>> {
    let header = reader.headers().map_err(|error| vec![unreadable(&error)])?;
    // Spreadsheets write a byte order mark before the first name.
    let position = |name: &str| header.iter().position(|column| column.trim_start_matches('\u{feff}').trim() == name);
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for name in columns {
        match position(name) {
            Some(position) => found.push((*name, position)),
            None => missing.push(RowError {
                line: 1,
                column: name,
                reason: Text::new("文件缺少此列", "the file has no such column"),
            }),
        }
    }
    if missing.is_empty() { Ok(found) } else { Err(missing) }
}

fn unreadable(error: &csv::Error) -> RowError {
    let line = error.position().map_or(1, csv::Position::line);
    let reason = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => Text::new("不是 UTF-8 编码", "is not UTF-8"),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => Text::new(
            format!("应有 {expected_len} 列，实有 {len} 列"),
            format!("has {len} columns where the header has {expected_len}"),
        ),
        _ => Text::new("无法读取", "cannot be read"),
    };
    RowError { line, column: "", reason }
}
