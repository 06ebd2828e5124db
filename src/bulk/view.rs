//! What comes in and goes out about sheets.

use super::kind::{CellChange, SheetFault};
use crate::http::Words;
use chrono::{DateTime, Utc};
use entity::value::{FileId, ImportId, ImportKind, ImportState, RowOutcome};
use entity::{sheet_import, sheet_import_row};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A sheet to be imported.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewImport {
    /// What its rows are.
    pub kind: ImportKind,
    /// The sheet: an uploaded `.xlsx` or `.csv` of yours (POST /api/v1/files).
    pub file_id: FileId,
}

/// Tells to carry out the good rows.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommitImport {
    /// Whether rows at fault are left out; without it a sheet with such rows is refused.
    #[serde(default)]
    pub skip_bad_rows: bool,
}

/// A sheet on its way in, with how far it is (导入进度).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Import {
    /// Its identifier.
    pub id: ImportId,
    /// What its rows are.
    pub kind: ImportKind,
    /// The sheet.
    pub file_id: FileId,
    /// How far it is.
    pub state: ImportState,
    /// Rows in it; zero until it was read.
    #[schema(example = 10_000)]
    pub total_rows: i32,
    /// Rows that were looked at.
    pub checked_rows: i32,
    /// Of these, how many would make something, or have made it.
    pub new_rows: i32,
    /// How many would change something, or have changed it.
    pub changed_rows: i32,
    /// How many say what is so already.
    pub same_rows: i32,
    /// How many are at fault.
    pub bad_rows: i32,
    /// How many were carried out.
    pub done_rows: i32,
    /// How many were good when looked at, and could not be carried out.
    pub failed_rows: i32,
    /// Why the sheet cannot be read, in Chinese.
    pub problem_zh: Option<String>,
    /// In English.
    pub problem_en: Option<String>,
    /// When it was sent.
    pub created_at: DateTime<Utc>,
    /// When it last moved.
    pub updated_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}

/// Which imports are listed.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportRowQuery {
    /// Only rows of which this comes.
    pub outcome: Option<RowOutcome>,
    /// Only rows below this line.
    #[param(minimum = 0)]
    pub after: Option<i32>,
    /// How many items at most, 1–500; 100 when not given.
    #[param(minimum = 1, maximum = 500, example = 100)]
    pub limit: Option<u64>,
}

/// One row of a sheet and what comes of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportRow {
    /// Its line in the sheet; the headings are line 1.
    #[schema(example = 2)]
    pub line: i32,
    /// What comes of it.
    pub outcome: RowOutcome,
    /// What it is about.
    pub label: String,
    /// What is wrong with it, cell by cell.
    pub faults: Vec<SheetFault>,
    /// What it changes, cell by cell.
    pub changes: Vec<CellChange>,
    /// What it made or changed, or says the same of.
    pub object_id: Option<uuid::Uuid>,
}

/// Some rows of a sheet, by line.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportRows {
    /// The rows.
    pub items: Vec<ImportRow>,
    /// The line after which to go on; null at the end.
    pub next_after: Option<i32>,
}

/// In which form a sheet is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SheetFormat {
    /// A workbook.
    Xlsx,
    /// Text, in UTF-8 with its mark.
    Csv,
}

/// Which form is wanted.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SheetQuery {
    /// The form; `xlsx` when not given.
    #[param(inline)]
    pub format: Option<SheetFormat>,
}

/// Which form is wanted, and what for.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// The form; `xlsx` when not given.
    #[param(inline)]
    pub format: Option<SheetFormat>,
    /// What it is taken for (导出用途), kept in the audit; needed for deliveries, payouts and the register, which tell of households.
    #[param(value_type = Option<String>, min_length = 1, max_length = 200, example = "年终对账")]
    pub purpose: Option<Words<200>>,
    /// Whether a register is taken out in full, as it can be imported again; masked when not given. For those who may
    /// reveal households; of each household it is recorded who saw it.
    pub full: Option<bool>,
}

/// What a row's `detail` holds.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Detail {
    #[serde(default)]
    pub faults: Vec<SheetFault>,
    #[serde(default)]
    pub changes: Vec<CellChange>,
}

impl From<sheet_import::Model> for Import {
    fn from(row: sheet_import::Model) -> Self {
        let sheet_import::Model {
            id,
            kind,
            file_id,
            organisation_id: _,
            person_id: _,
            role: _,
            state,
            total_rows,
            checked_rows,
            new_rows,
            changed_rows,
            same_rows,
            bad_rows,
            done_rows,
            failed_rows,
            problem_zh,
            problem_en,
            created_at,
            updated_at,
            version,
            committed_by: _,
            erased_at: _,
        } = row;
        Self {
            id,
            kind,
            file_id,
            state,
            total_rows,
            checked_rows,
            new_rows,
            changed_rows,
            same_rows,
            bad_rows,
            done_rows,
            failed_rows,
            problem_zh,
            problem_en,
            created_at,
            updated_at,
            version,
        }
    }
}

impl From<sheet_import_row::Model> for ImportRow {
    fn from(row: sheet_import_row::Model) -> Self {
        let sheet_import_row::Model { import_id: _, line_no, outcome, label, detail, object_id } = row;
        // Written by us a moment ago; what cannot be read says nothing.
        let Detail { faults, changes } = serde_json::from_str(&detail).unwrap_or_default();
        Self { line: line_no, outcome, label, faults, changes, object_id }
    }
}
