//! What comes in and goes out.

use super::definition::Definition;
use super::table::{Difference, Table};
use chrono::{DateTime, NaiveDate, Utc};
use entity::report_run;
use entity::value::{AreaCode, OrganisationId, ReportKind, ReportRunId, ReportState, SupplierOrderId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A report that there is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReportDefinition {
    /// Which report.
    pub kind: ReportKind,
    /// The version of its rule.
    #[schema(example = 1)]
    pub version: i32,
    /// Its title in Chinese.
    pub title_zh: String,
    /// Its title in English.
    pub title_en: String,
    /// What it counts, in Chinese.
    pub rule_zh: String,
    /// What it counts, in English.
    pub rule_en: String,
}

impl From<&Definition> for ReportDefinition {
    fn from(of: &Definition) -> Self {
        Self {
            kind: of.kind,
            version: of.version,
            title_zh: of.title.0.to_owned(),
            title_en: of.title.1.to_owned(),
            rule_zh: of.rule.0.to_owned(),
            rule_en: of.rule.1.to_owned(),
        }
    }
}

/// The reports that there are.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReportDefinitions {
    /// The definitions.
    pub items: Vec<ReportDefinition>,
}

/// A report that is asked for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskReport {
    /// Which report.
    pub kind: ReportKind,
    /// The first day; reporting years differ, so any will do.
    #[schema(example = "2026-01-01")]
    #[serde(deserialize_with = "crate::http::text::day")]
    pub from: NaiveDate,
    /// The last day.
    #[schema(example = "2026-12-31")]
    #[serde(deserialize_with = "crate::http::text::day")]
    pub until: NaiveDate,
    /// Only suppliers (villages, in the enterprises' statement) of this division and those below it.
    pub region_code: Option<AreaCode>,
    /// The partner region of the county (协作地区): what it bought is shown apart.
    pub partner_code: Option<AreaCode>,
}

/// A report that was asked for (报表任务).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReportRun {
    /// Its identifier.
    pub id: ReportRunId,
    /// For whom it was asked.
    pub organisation_id: OrganisationId,
    /// Which report.
    pub kind: ReportKind,
    /// The version of its rule.
    #[schema(example = 1)]
    pub rule_version: i32,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
    /// Only suppliers of this division.
    pub region_code: Option<AreaCode>,
    /// The partner region.
    pub partner_code: Option<AreaCode>,
    /// How it stands.
    pub state: ReportState,
    /// How far it has come, in per cent.
    #[schema(example = 100)]
    pub progress: i32,
    /// How often it was tried; after five attempts it is failed.
    #[schema(example = 1)]
    pub attempts: i32,
    /// The code of the problem on which its last attempt failed, as `internal`; null when none failed. There is a page for
    /// each code.
    pub last_error: Option<String>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    #[schema(example = 3)]
    pub version: i64,
}

impl From<report_run::Model> for ReportRun {
    fn from(row: report_run::Model) -> Self {
        Self {
            id: row.id,
            organisation_id: row.organisation_id,
            kind: row.kind,
            rule_version: row.rule_version,
            from: row.from_date,
            until: row.until_date,
            region_code: row.region_code,
            partner_code: row.partner_code,
            state: row.state,
            progress: row.progress,
            attempts: row.attempts,
            last_error: row.last_error,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

/// What a report came to, frozen (报表快照).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReportSnapshot {
    /// Its table; small groups are withheld from those who may not see them.
    pub table: Table,
    /// SHA-256 of the whole table with the question and the rule's version: the same question with the same seal has it
    /// again.
    pub sha256: String,
    /// Nothing but what stands under this seal or an earlier one went in.
    #[schema(example = 17)]
    pub seal_number: i64,
    /// The hash of that seal.
    pub seal_hash: Option<String>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
}

/// A report with what it came to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReportDetail {
    /// The run.
    #[serde(flatten)]
    pub run: ReportRun,
    /// What it counts.
    pub definition: ReportDefinition,
    /// The snapshot; null until it is done.
    pub snapshot: Option<ReportSnapshot>,
}

/// With which other report one is compared.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CompareQuery {
    /// The later one.
    pub with: ReportRunId,
}

/// Two snapshots beside each other.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReportComparison {
    /// The first.
    pub before: ReportRunId,
    /// The second.
    pub after: ReportRunId,
    /// Whether they are the same to the last number.
    pub same: bool,
    /// Line by line.
    pub lines: Vec<Difference>,
}

/// What a document behind a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportSourceKind {
    /// An order of one supplier.
    SupplierOrder,
    /// A sale outside the platform.
    OffPlatformSale,
    /// The part of an order that counts for a pairing; of its order the number is told.
    Contribution,
    /// Help that an enterprise entered and the county verified.
    AidClaim,
    /// A unit that has a quota.
    Organisation,
    /// A household that was monitored.
    Household,
    /// A clue.
    Clue,
    /// A measure.
    Measure,
}

/// A document behind a row of a report (数据来源).
///
/// Over all pages of a row the values of its documents add up to the row's own, in every column in which any of them has
/// one. What was posted is told as it stood under the seal; help, clues, measures and households as they stand now, as of
/// the report's last day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReportSource {
    /// What it is.
    pub kind: ReportSourceKind,
    /// Its identifier: whoever may see it finds it by that where its kind is.
    pub id: Uuid,
    /// The order it is or is about.
    pub supplier_order_id: Option<SupplierOrderId>,
    /// The number people quote; the name of a unit; null for a household and for what has no number.
    pub number: Option<String>,
    /// Who sold; null where nothing was sold.
    pub supplier_name: Option<String>,
    /// Who bought; null where nobody of the platform did.
    pub buyer_name: Option<String>,
    /// What it adds to each column of the report, in their order; null where it adds nothing that could be added up, as to
    /// households that count once, and to rates.
    pub values: Vec<Option<i64>>,
}

impl ReportSource {
    /// A document without numbers or parties.
    pub(super) fn new(kind: ReportSourceKind, id: Uuid, values: Vec<Option<i64>>) -> Self {
        Self { kind, id, supplier_order_id: None, number: None, supplier_name: None, buyer_name: None, values }
    }
}

/// Which rows are wanted.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SourceQuery {
    /// The key of the row.
    #[param(example = "0.total")]
    pub line: String,
    /// How many at most.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on.
    pub cursor: Option<String>,
}
