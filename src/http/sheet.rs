//! Sheets that people send: a file becomes rows of texts, one after the other.
//!
//! Promises: a workbook is measured before it is unpacked; CSV may be UTF-8, with or without its mark, or GB18030; cells
//! beyond the first sixty of a row are not looked at; what a spreadsheet keeps as a number is read as it is shown.
//! Does not know what columns mean: who reads says what each row is.

mod guard;

use calamine::{DataRef, Reader, Xlsx};
use std::borrow::Cow;
use std::io::Cursor;

/// Columns that are looked at.
const MOST_COLUMNS: u32 = 60;

/// Why a file cannot be read as a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It begins like a workbook and is none.
    NotAWorkbook,
    /// The workbook unpacks to more than anybody writes.
    TooLarge,
    /// It is text in no encoding that we know.
    NotText,
    /// It is text, and no table.
    NotCsv,
}

impl Fault {
    /// In Chinese.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::NotAWorkbook => "不是可以读取的 xlsx 工作簿。",
            Self::TooLarge => "工作簿解压后过大（超过 64 MiB）。",
            Self::NotText => "不是 UTF-8 或 GB18030 编码的文本。",
            Self::NotCsv => "不是有效的 CSV。",
        }
    }

    /// In English.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::NotAWorkbook => "It is no workbook that can be read.",
            Self::TooLarge => "The workbook unpacks to more than 64 MiB.",
            Self::NotText => "It is neither UTF-8 nor GB18030.",
            Self::NotCsv => "It is not valid CSV.",
        }
    }
}

/// Gives each row of a sheet to `take`: its line, as a spreadsheet numbers it, and its cells. The first refusal ends it.
///
/// # Errors
/// Why it is no sheet, or what `take` refused.
pub fn read<E: From<Fault>>(bytes: &[u8], take: impl FnMut(usize, &[Cow<'_, str>]) -> Result<(), E>) -> Result<(), E> {
    if bytes.starts_with(b"PK\x03\x04") { read_workbook(bytes, take) } else { read_text(bytes, take) }
}

fn read_text<E: From<Fault>>(
    bytes: &[u8],
    mut take: impl FnMut(usize, &[Cow<'_, str>]) -> Result<(), E>,
) -> Result<(), E> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text: Cow<'_, str> = match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes).ok_or(Fault::NotText)?
        }
    };
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
    for record in reader.records() {
        let record = record.map_err(|_| Fault::NotCsv)?;
        // A cell may hold several lines: the line is that of the first.
        let number = record.position().map_or(1, csv::Position::record);
        let row: Vec<Cow<'_, str>> = record.iter().map(Cow::Borrowed).collect();
        take(usize::try_from(number).unwrap_or(usize::MAX).saturating_add(1), &row)?;
    }
    Ok(())
}

fn read_workbook<E: From<Fault>>(
    bytes: &[u8],
    mut take: impl FnMut(usize, &[Cow<'_, str>]) -> Result<(), E>,
) -> Result<(), E> {
    guard::check(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| Fault::NotAWorkbook)?;
    let name = book.sheet_names().first().cloned().ok_or(Fault::NotAWorkbook)?;
    let mut reader = book.worksheet_cells_reader(&name).map_err(|_| Fault::NotAWorkbook)?;
    let (mut current, mut row): (u32, Vec<Cow<'_, str>>) = (0, Vec::new());
    while let Some(cell) = reader.next_cell().map_err(|_| Fault::NotAWorkbook)? {
        let (line, column) = cell.get_position();
        if line != current {
            take(usize::try_from(current).unwrap_or(usize::MAX) + 1, &row)?;
            row.clear();
            current = line;
        }
        if column >= MOST_COLUMNS {
            continue;
        }
        let column = usize::try_from(column).unwrap_or_default();
        row.resize(row.len().max(column + 1), Cow::Borrowed(""));
        row[column] = text_of(cell.get_value());
    }
    take(usize::try_from(current).unwrap_or(usize::MAX) + 1, &row)
}

/// What a cell says, as it is shown.
fn text_of(value: &DataRef<'_>) -> Cow<'static, str> {
    match value {
        DataRef::Int(number) => number.to_string().into(),
        DataRef::Float(value) => as_shown(*value).into(),
        DataRef::String(text) => text.clone().into(),
        DataRef::SharedString(text) => (*text).to_owned().into(),
        DataRef::Bool(true) => "是".into(),
        DataRef::Bool(false) => "否".into(),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}").into()
        }
        DataRef::DateTimeIso(text) => text.chars().take(10).collect::<String>().into(),
        DataRef::DurationIso(text) => text.clone().into(),
        DataRef::Error(error) => format!("{error:?}").into(),
        DataRef::Empty => "".into(),
    }
}

/// A number as a spreadsheet keeps it, as it is shown: fifteen digits, without a power of ten.
fn as_shown(value: f64) -> String {
    if !value.is_finite() {
        return String::new();
    }
    // `1.23456789012345e2`: fifteen digits and an exponent.
    let text = format!("{value:.14e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    let Ok(point) = exponent.parse::<i32>().map(|exponent| exponent + 1) else { return text };
    if digits.is_empty() {
        return "0".to_owned();
    }
    let Ok(places) = usize::try_from(point) else {
        let zeros = usize::try_from(-point).unwrap_or_default();
        return format!("{sign}0.{}{digits}", "0".repeat(zeros));
    };
    if places == 0 {
        format!("{sign}0.{digits}")
    } else if digits.len() <= places {
        format!("{sign}{digits}{}", "0".repeat(places - digits.len()))
    } else {
        format!("{sign}{}.{}", &digits[..places], &digits[places..])
    }
}
