//! Sheets that go out: templates, copies with what came of each row, and exports.
//!
//! Promises: no text becomes a formula; numbers are numbers; a column with a list of words offers it.

use super::columns::{ADDED, Column, columns, title};
use super::error::BulkError;
use entity::value::ImportKind;
use rust_xlsxwriter::{Color, DataValidation, Format, Workbook, Worksheet};

/// Rows for which lists are offered.
const OFFERED_ROWS: u32 = 20_000;

/// One row that goes out.
#[derive(Debug, Clone, Default)]
pub(super) struct OutLine {
    /// Its cells, in the order of the columns.
    pub cells: Vec<String>,
    /// What came of it and what is wrong, in a copy.
    pub result: Option<(String, String)>,
    /// The columns at fault.
    pub faulty: Vec<usize>,
}

/// A text as a cell of a CSV: a spreadsheet would take these first characters for a formula.
#[must_use]
pub fn guarded(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

/// The headings of a kind.
pub(super) fn headings(kind: ImportKind, with_result: bool) -> Vec<String> {
    let added = ADDED.iter().filter(|_| with_result).map(|heading| (*heading).to_owned());
    columns(kind).iter().map(|column| column.zh.to_owned()).chain(added).collect()
}

/// One line of a CSV.
pub(super) fn csv_line(cells: &[String]) -> Result<Vec<u8>, BulkError> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(cells.iter().map(|cell| guarded(cell)))?;
    writer.into_inner().map_err(|error| BulkError::File(error.into_error()))
}

/// A row as a line of a CSV.
pub(super) fn csv_row(line: &OutLine) -> Result<Vec<u8>, BulkError> {
    let mut cells = line.cells.clone();
    cells.extend(line.result.iter().flat_map(|(outcome, errors)| [outcome.clone(), errors.clone()]));
    csv_line(&cells)
}

/// A workbook under way.
pub(super) struct Book {
    book: Workbook,
    sheet: Worksheet,
    columns: &'static [Column],
    kind: ImportKind,
    next: u32,
    bad: Format,
}

impl Book {
    /// Begins a workbook with its headings, its lists and its widths.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(kind: ImportKind, with_result: bool) -> Result<Self, BulkError> {
        let columns = columns(kind);
        let mut sheet = Worksheet::new();
        sheet.set_name(title(kind))?;
        let bold = Format::new().set_bold().set_background_color(Color::RGB(0x00E2_EFDA));
        let required = bold.clone().set_font_color(Color::RGB(0x00C0_0000));
        for (heading, at) in headings(kind, with_result).iter().zip(0_u16..) {
            let column = columns.get(usize::from(at));
            let format = if column.is_some_and(|column| column.is_required) { &required } else { &bold };
            sheet.write_string_with_format(0, at, heading.as_str(), format)?;
            sheet.set_column_width(at, if column.is_some_and(|column| column.is_number) { 14 } else { 24 })?;
            let choices = column.map(|column| column.choices).unwrap_or_default();
            if !choices.is_empty() {
                let words: Vec<&str> = choices.iter().map(|(_, zh)| *zh).collect();
                sheet.add_data_validation(
                    1,
                    at,
                    OFFERED_ROWS,
                    at,
                    &DataValidation::new().allow_list_strings(&words)?,
                )?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        let bad = Format::new().set_background_color(Color::RGB(0x00FF_C7CE)).set_font_color(Color::RGB(0x009C_0006));
        Ok(Self { book: Workbook::new(), sheet, columns, kind, next: 1, bad })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add(&mut self, line: &OutLine) -> Result<(), BulkError> {
        let plain = Format::new();
        for ((at, cell), place) in line.cells.iter().enumerate().zip(0_u16..) {
            let format = if line.faulty.contains(&at) { &self.bad } else { &plain };
            let is_number = self.columns.get(at).is_some_and(|column| column.is_number);
            match cell.parse::<f64>() {
                Ok(number) if is_number && number.is_finite() => {
                    self.sheet.write_number_with_format(self.next, place, number, format)?
                }
                _ => self.sheet.write_string_with_format(self.next, place, cell.as_str(), format)?,
            };
        }
        if let Some((outcome, errors)) = &line.result {
            let place = u16::try_from(self.columns.len()).unwrap_or(u16::MAX);
            self.sheet.write_string(self.next, place, outcome.as_str())?;
            self.sheet.write_string(self.next, place + 1, errors.as_str())?;
        }
        self.next += 1;
        Ok(())
    }

    /// Ends it, with a second sheet that explains the columns.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end(mut self) -> Result<Vec<u8>, BulkError> {
        let mut help = Worksheet::new();
        help.set_name("说明 Help")?;
        let bold = Format::new().set_bold();
        for (heading, at) in ["列 Column", "必填 Required", "填写说明", "English", "示例 Example"].iter().zip(0_u16..)
        {
            help.write_string_with_format(0, at, *heading, &bold)?;
            help.set_column_width(at, [18, 12, 48, 28, 48][usize::from(at)])?;
        }
        for (column, row) in self.columns.iter().zip(1_u32..) {
            let needed = if column.is_required { "是 yes" } else { "" };
            let texts = [column.zh, needed, column.help, column.en, column.example];
            for (text, at) in texts.iter().zip(0_u16..) {
                help.write_string(row, at, *text)?;
            }
            if !column.choices.is_empty() {
                let words: Vec<&str> = column.choices.iter().map(|(_, zh)| *zh).collect();
                help.write_string(row, 4, words.join("、"))?;
            }
        }
        let last = u32::try_from(self.columns.len()).unwrap_or(u32::MAX).saturating_add(2);
        help.write_string(last, 0, format!("{}：红字列必填；请勿改动列名。", title(self.kind)))?;
        self.book.push_worksheet(self.sheet);
        self.book.push_worksheet(help);
        Ok(self.book.save_to_buffer()?)
    }
}
