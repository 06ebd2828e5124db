//! Everything that can go wrong with a sheet, and the problem each one is.

use crate::access::AccessError;
use crate::document::DocumentError;
use crate::http::sheet;
use crate::problem::{self, Describe, Kind, Problem};
use sea_orm::DbErr;

problem::kinds! {
    SHEET_TYPE = 422 "sheet_type", "文件不是表格", "The file is no sheet",
        "请上传 .xlsx 或 .csv 文件（POST /api/v1/files）后再导入。",
        "Upload an .xlsx or .csv file (POST /api/v1/files), then import it.";
    SHEET_HAS_BAD_ROWS = 409 "sheet_has_bad_rows", "表格中有错误的行", "Some rows of the sheet are at fault",
        "请更正后重新导入；如只导入正确的行，请设 skip_bad_rows 为 true。",
        "Correct them and import again; to carry out the good rows only, send skip_bad_rows as true.";
    SHEET_NOTHING_TO_DO = 409 "sheet_nothing_to_do", "没有可导入的行", "There is no row to carry out",
        "请查看各行的结果。", "See what each row would do.";
    SHEET_KIND_FOREIGN = 403 "sheet_kind_foreign", "该类表格不由此岗位办理", "This kind of sheet is not for this role",
        "户籍底册由乡村振兴部门导入导出；商品、库存、交售与发放表由合作社办理。",
        "Registers are for the revitalisation office; products, stock, deliveries and payouts for the cooperative.";
    SHEET_ERASED = 410 "sheet_erased", "表格内容已到期清除", "The content of the sheet was erased",
        "户籍底册含个人信息，办结一个月后清除；各行结果仍可查询（GET /api/v1/imports/{id}/rows）。",
        "A register holds personal data and is erased a month after it was dealt with; see what came of its rows.";
    SHEET_TOO_MANY_ROWS = 422 "sheet_too_many_rows", "行数过多，无法生成 xlsx", "There are too many rows for a workbook",
        "请改用 CSV 导出（format=csv），行数不限。", "Export as CSV (format=csv), which has no limit.";
}

/// Why a file cannot be read as the sheet it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{en}")]
pub struct Unreadable {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Unreadable {
    pub(super) fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

/// Sentences that need no detail.
macro_rules! sentences {
    ($($name:ident = $zh:literal, $en:literal;)+) => {
        impl Unreadable {$(
            pub(super) const $name: UnreadableText = UnreadableText { zh: $zh, en: $en };
        )+}
    };
}

/// A sentence known beforehand.
#[derive(Debug, Clone, Copy)]
pub(super) struct UnreadableText {
    zh: &'static str,
    en: &'static str,
}

impl From<UnreadableText> for Unreadable {
    fn from(text: UnreadableText) -> Self {
        Self::new(text.zh, text.en)
    }
}

sentences! {
    EMPTY = "表格中没有数据行。", "There is no row in it.";
    ERASED = "表格内容已到期清除，请重新上传。", "Its content was erased; upload it again.";
}

impl From<sheet::Fault> for Unreadable {
    fn from(fault: sheet::Fault) -> Self {
        Self::new(fault.zh(), fault.en())
    }
}

/// What can go wrong with a sheet.
#[derive(Debug, thiserror::Error)]
pub enum BulkError {
    /// Not there, or not theirs.
    #[error("no such import in reach")]
    NotFound,
    /// The file is neither workbook nor CSV.
    #[error("the file is no sheet")]
    NotASheet,
    /// It is in another state.
    #[error("the import is {0}")]
    WrongState(entity::value::ImportState),
    /// Some rows are at fault, and nobody said to skip them.
    #[error("{0} rows are at fault")]
    BadRows(i32),
    /// Another role sends and takes out this kind.
    #[error("the role does not work with sheets of {0}")]
    KindForeign(entity::value::ImportKind),
    /// Its content is gone.
    #[error("the content of the sheet was erased")]
    Erased,
    /// Nothing would change.
    #[error("there is nothing to carry out")]
    NothingToDo,
    /// More rows than a workbook is made for.
    #[error("too many rows for a workbook")]
    TooManyRows,
    /// Somebody changed it meanwhile.
    #[error("the import changed meanwhile")]
    Stale,
    /// The file.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The role may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The workbook cannot be written.
    #[error("writing a workbook")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The text cannot be written.
    #[error("writing a CSV")]
    Csv(#[from] csv::Error),
    /// A file cannot be read.
    #[error("reading a kept file")]
    File(#[from] std::io::Error),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for BulkError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::NotASheet => Problem::plain(&SHEET_TYPE).at("/file_id", "不是表格文件。", "It is no sheet."),
            Self::WrongState(state) => Problem::new(
                &problem::WRONG_STATE,
                format!("导入处于“{state}”。"),
                format!("The import is \"{state}\"."),
            ),
            Self::BadRows(rows) => {
                Problem::new(&SHEET_HAS_BAD_ROWS, format!("有 {rows} 行错误。"), format!("{rows} rows are at fault."))
            }
            Self::KindForeign(_) => Problem::plain(&SHEET_KIND_FOREIGN),
            Self::Erased => Problem::plain(&SHEET_ERASED),
            Self::NothingToDo => Problem::plain(&SHEET_NOTHING_TO_DO),
            Self::TooManyRows => Problem::plain(&SHEET_TOO_MANY_ROWS),
            Self::Stale => Problem::plain(&problem::STALE),
            Self::Document(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Workbook(_) | Self::Csv(_) | Self::File(_) => Problem::internal(),
            Self::Database(error) => error.problem(),
        }
    }
}
