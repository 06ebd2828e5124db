//! What banks read and write (银行文件格式): named, by configuration. Pure: rows to bytes and bytes to rows.
//!
//! Two formats are built in. A file `bank-formats.json` in the data folder, a list of formats like the built-in ones,
//! adds others or replaces one by its name; it is read again at every use, so that no restart is needed.
//! Promises: what cannot be said in a format's encoding is refused, never replaced; amounts never pass through a
//! floating point; the same rows give the same bytes.

use super::PayoutError;
use crate::problem::{FieldProblem, Text};
use entity::value::Fen;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::path::Path;
use utoipa::ToSchema;

/// Rows in one result, more than a batch has lines.
const MOST_ROWS: usize = 5_000;
/// Faults that are told at once.
const MOST_FAULTS: usize = 100;

const BUILT_IN: &str = r#"[
  { "name": "generic", "title": "通用 UTF-8 / generic", "encoding": "utf8", "unit": "yuan", "heading": true,
    "columns": [
      { "field": "reference", "heading": "付款编号" }, { "field": "payee_name", "heading": "收款户名" },
      { "field": "payee_account", "heading": "收款账号" }, { "field": "amount", "heading": "金额(元)" },
      { "field": "purpose", "heading": "用途" } ],
    "result": { "reference": "付款编号", "amount": "金额(元)", "status": "状态", "bank_reference": "银行流水号",
                "reason": "失败原因", "paid": ["成功"], "failed": ["失败"] } },
  { "name": "rural_credit", "title": "农信社一卡通代发 / rural credit union, one-card payment", "encoding": "gb18030",
    "unit": "fen", "heading": true,
    "columns": [
      { "field": "number", "heading": "序号" }, { "field": "payee_account", "heading": "账号" },
      { "field": "payee_name", "heading": "姓名" }, { "field": "amount", "heading": "金额(分)" },
      { "field": "purpose", "heading": "摘要" }, { "field": "reference", "heading": "企业流水号" } ],
    "result": { "reference": "企业流水号", "amount": "金额(分)", "status": "处理结果", "bank_reference": "核心流水号",
                "reason": "原因", "paid": ["0000", "成功"], "failed": ["失败", "退回"] } }
]"#;

/// How a file's characters are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// GB18030, which GBK is a part of.
    Gb18030,
}

/// How an amount is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Yuan with two decimals.
    Yuan,
    /// Whole fen.
    Fen,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The number of the row, from 1.
    Number,
    /// The line's own number, by which the result finds it.
    Reference,
    /// The name of whoever has the account.
    PayeeName,
    /// The account.
    PayeeAccount,
    /// How much.
    Amount,
    /// What for.
    Purpose,
    /// The batch's number.
    Batch,
}

/// A column of a file for the bank.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// What it holds.
    pub field: Field,
    /// What stands over it.
    pub heading: String,
}

/// Which columns of a bank's answer say what; its file always has a heading.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResultColumns {
    /// The line's own number.
    pub reference: String,
    /// How much.
    pub amount: String,
    /// Whether it was paid.
    pub status: String,
    /// The bank's own number.
    pub bank_reference: String,
    /// Why it was not.
    pub reason: String,
    /// The words of `status` that mean paid.
    pub paid: Vec<String>,
    /// The words of `status` that mean returned; any other word is refused.
    pub failed: Vec<String>,
}

/// A bank's format.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BankFormat {
    /// Its name.
    #[schema(example = "generic")]
    pub name: String,
    /// What people call it.
    pub title: String,
    /// How characters are written, both ways.
    pub encoding: Encoding,
    /// How amounts are written, both ways.
    pub unit: Unit,
    /// Whether the first line of the file for the bank names its columns.
    pub heading: bool,
    /// The columns, in their order.
    pub columns: Vec<Column>,
    /// The bank's answer.
    pub result: ResultColumns,
}

/// The formats there are.
#[derive(Debug, Clone)]
pub struct Formats(Vec<BankFormat>);

impl Formats {
    /// The built-in formats, and those of the data folder.
    ///
    /// # Errors
    /// [`PayoutError::Formats`] when the file of the data folder cannot be read.
    pub fn of(data: &Path) -> Result<Self, PayoutError> {
        let unreadable = |error: serde_json::Error| PayoutError::Formats(error.to_string());
        let mut formats: Vec<BankFormat> = serde_json::from_str(BUILT_IN).map_err(unreadable)?;
        let own = match std::fs::read_to_string(data.join("bank-formats.json")) {
            Ok(text) => serde_json::from_str::<Vec<BankFormat>>(&text).map_err(unreadable)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(PayoutError::Formats(error.to_string())),
        };
        for format in own {
            formats.retain(|known| known.name != format.name);
            formats.push(format);
        }
        Ok(Self(formats))
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[BankFormat] {
        &self.0
    }

    /// The one of this name.
    ///
    /// # Errors
    /// [`PayoutError::FormatUnknown`] with those there are.
    pub fn named(&self, name: &str) -> Result<&BankFormat, PayoutError> {
        self.0.iter().find(|format| format.name == name).ok_or_else(|| {
            PayoutError::FormatUnknown(self.0.iter().map(|format| format.name.as_str()).collect::<Vec<_>>().join(", "))
        })
    }
}

/// A row for the bank.
#[derive(Debug, Clone)]
pub struct PayRow {
    /// The line's number.
    pub reference: String,
    /// Who has the account.
    pub payee_name: String,
    /// The account.
    pub payee_account: String,
    /// How much.
    pub amount: Fen,
}

/// A row of the bank's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultRow {
    /// The line's number.
    pub reference: String,
    /// How much.
    pub amount: Fen,
    /// The bank's number, or why it came back.
    pub outcome: Result<String, String>,
}

impl BankFormat {
    /// The file for the bank.
    ///
    /// # Errors
    /// [`PayoutError::NotEncodable`] names the first line that the encoding cannot say.
    pub fn write(&self, batch: &str, purpose: &str, rows: &[PayRow]) -> Result<Vec<u8>, PayoutError> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        let failed = |error: csv::Error| PayoutError::Formats(error.to_string());
        if self.heading {
            writer.write_record(self.columns.iter().map(|column| &column.heading)).map_err(failed)?;
        }
        for (index, row) in rows.iter().enumerate() {
            let cell = |column: &Column| match column.field {
                Field::Number => (index + 1).to_string(),
                Field::Reference => row.reference.clone(),
                Field::PayeeName => row.payee_name.clone(),
                Field::PayeeAccount => row.payee_account.clone(),
                Field::Amount => match self.unit {
                    Unit::Yuan => row.amount.to_string(),
                    Unit::Fen => row.amount.get().to_string(),
                },
                Field::Purpose => purpose.to_owned(),
                Field::Batch => batch.to_owned(),
            };
            let cells: Vec<String> = self.columns.iter().map(cell).collect();
            if self.encoding == Encoding::Gb18030 && cells.iter().any(|cell| encoding_rs::GB18030.encode(cell).2) {
                return Err(PayoutError::NotEncodable(row.reference.clone()));
            }
            writer.write_record(&cells).map_err(failed)?;
        }
        let text = writer.into_inner().map_err(|error| PayoutError::Formats(error.to_string()))?;
        match self.encoding {
            Encoding::Utf8 => Ok(text),
            Encoding::Gb18030 => Ok(encoding_rs::GB18030.encode(&String::from_utf8_lossy(&text)).0.into_owned()),
        }
    }

    /// Reads the bank's answer.
    ///
    /// # Errors
    /// [`PayoutError::Unreadable`] when it is no such file, [`PayoutError::Fields`] with every row at fault.
    pub fn read(&self, bytes: &[u8]) -> Result<Vec<ResultRow>, PayoutError> {
        let (text, is_broken) = match self.encoding {
            Encoding::Utf8 => {
                let (text, broken) = encoding_rs::UTF_8.decode_with_bom_removal(bytes);
                (text, broken)
            }
            Encoding::Gb18030 => encoding_rs::GB18030.decode_without_bom_handling(bytes),
        };
        if is_broken {
            return Err(self.unreadable(
                "文件的字符编码与所选格式不符。",
                "Its characters are not in the encoding of the format.",
            ));
        }
        let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let heading = reader.headers().cloned().unwrap_or_default();
        let wanted = [
            &self.result.reference,
            &self.result.amount,
            &self.result.status,
            &self.result.bank_reference,
            &self.result.reason,
        ];
        let mut places = [0_usize; 5];
        for (place, name) in places.iter_mut().zip(wanted) {
            *place = heading.iter().position(|heading| heading == name).ok_or_else(|| {
                let names = wanted.map(String::as_str).join(",");
                PayoutError::Unreadable(Text::new(
                    format!("首行应含以下各列：{names}。"),
                    format!("The first line is expected to name the columns {names}."),
                ))
            })?;
        }
        let (mut rows, mut faults, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
        for (index, record) in reader.records().enumerate() {
            let Ok(record) = record else {
                return Err(self.unreadable("不是有效的 CSV。", "It is not valid CSV."));
            };
            if index >= MOST_ROWS {
                return Err(self.unreadable("行数过多。", "It has too many rows."));
            }
            let cell = |place: usize| record.get(places.get(place).copied().unwrap_or(usize::MAX)).unwrap_or_default();
            match self.read_row([cell(0), cell(1), cell(2), cell(3), cell(4)]) {
                Ok(row) if seen.insert(row.reference.clone()) => rows.push(row),
                Ok(_) => faults.push(fault(index, "同一文件中重复的编号", "the reference stands twice in this file")),
                Err((zh, en)) => faults.push(fault(index, zh, en)),
            }
            if faults.len() >= MOST_FAULTS {
                break;
            }
        }
        if !faults.is_empty() {
            return Err(PayoutError::Fields(faults));
        }
        if rows.is_empty() {
            return Err(self.unreadable("文件中没有数据行。", "There is no row in it."));
        }
        Ok(rows)
    }

    fn unreadable(&self, zh: &str, en: &str) -> PayoutError {
        PayoutError::Unreadable(Text::new(
            format!("{zh}（格式 {}）", self.name),
            format!("{en} (format {})", self.name),
        ))
    }

    fn read_row(&self, cells: [&str; 5]) -> Result<ResultRow, (&'static str, &'static str)> {
        let [reference, amount, status, bank_reference, reason] = cells;
        if reference.is_empty() || reference.chars().count() > 100 {
            return Err(("缺少编号", "its reference is missing"));
        }
        let amount = match self.unit {
            Unit::Yuan => fen_of_yuan(amount),
            Unit::Fen => amount.parse().ok().and_then(|fen| Fen::new(fen).ok()),
        };
        let amount = amount.ok_or(("金额无法读取", "its amount cannot be read"))?;
        let plain = |text: &str| !text.chars().any(char::is_control) && text.chars().count() <= 200;
        if !plain(bank_reference) || !plain(reason) {
            return Err(("文本过长或含控制字符", "a text is too long or holds control characters"));
        }
        let outcome = if self.result.paid.iter().any(|word| word == status) {
            if bank_reference.is_empty() {
                return Err(("成功的行缺少银行流水号", "a paid row has no number of the bank"));
            }
            Ok(bank_reference.to_owned())
        } else if self.result.failed.iter().any(|word| word == status) {
            Err(if reason.is_empty() { status.to_owned() } else { reason.to_owned() })
        } else {
            return Err(("状态不是该格式约定的成功或失败", "its status is neither paid nor failed in this format"));
        };
        Ok(ResultRow { reference: reference.to_owned(), amount, outcome })
    }
}

fn fault(index: usize, zh: &str, en: &str) -> FieldProblem {
    let line = index + 2;
    FieldProblem {
        pointer: format!("/rows/{index}"),
        detail: Text::new(format!("文件第 {line} 行：{zh}。"), format!("Line {line} of the file: {en}.")),
    }
}

/// Yuan as written, with at most two decimals, in whole fen.
fn fen_of_yuan(text: &str) -> Option<Fen> {
    let text = text.replace(',', "");
    let (yuan, decimals) = text.split_once('.').unwrap_or((&text, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(yuan) || !is_number(decimals) || decimals.len() > 2 {
        return None;
    }
    let hundredths = if decimals.len() == 1 { decimals.parse::<i64>().ok()? * 10 } else { decimals.parse().ok()? };
    let fen = yuan.parse::<i64>().ok()?.checked_mul(100)?.checked_add(hundredths)?;
    Fen::new(fen).ok()
}
