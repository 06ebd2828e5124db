//! What comes in and goes out.

use super::rule::{Finding, Rule};
use crate::http::Words;
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{
    AreaCode, AttachmentBasis, Fen, FileId, FilingKind, FilingState, OrganisationId, PurchaseChannel,
    QuotaAttachmentId, QuotaFigure, QuotaFilingId, QuotaPolicyId, SupplierOrderId,
};
use entity::{quota_attachment, quota_filing, quota_filing_step, quota_policy};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A policy to be entered, from its document.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPolicy {
    /// The division it holds in, with all below it; none for the whole country.
    pub region_code: Option<AreaCode>,
    /// The year.
    #[schema(minimum = 2000, maximum = 2100, example = 2026)]
    pub year: i32,
    /// The least part of canteen purchases, in ten-thousandths.
    #[schema(minimum = 0, maximum = 10000, example = 1000)]
    pub canteen_bp: i64,
    /// The least part of union purchases, in ten-thousandths.
    #[schema(minimum = 0, maximum = 10000, example = 2000)]
    pub union_bp: i64,
    /// Whether the reserved amount may not fall below that of the year before.
    pub not_below_last_year: bool,
    /// Which figure counts as done: `ordered`, `accepted`, `paid` or `completed`.
    pub counts: QuotaFigure,
    /// Whether purchases of the union count.
    pub counts_union: bool,
    /// Whether purchases of the contractor count.
    pub counts_contractor: bool,
    /// Whether purchases of the staff count.
    pub counts_individual: bool,
    /// The document: number and title (文号与标题).
    #[schema(value_type = String, min_length = 1, max_length = 300, example = "财库〔2021〕19号")]
    pub document: Words<300>,
}

/// A policy of reserved quotas, in one version (预留份额政策).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Policy {
    /// Its identifier.
    pub id: QuotaPolicyId,
    /// The division it holds in, with all below it; none for the whole country.
    pub region_code: Option<AreaCode>,
    /// The year.
    #[schema(example = 2026)]
    pub year: i32,
    /// Counts the versions for this region and year; the last holds.
    #[schema(example = 1)]
    pub number: i32,
    /// What it demands.
    #[serde(flatten)]
    pub rule: RuleView,
    /// The document it comes from.
    #[schema(example = "财库〔2021〕19号")]
    pub document: String,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

/// What a policy, or several together, demand.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RuleView {
    /// The least part of canteen purchases, in ten-thousandths.
    #[schema(example = 1000)]
    pub canteen_bp: i64,
    /// The least part of union purchases, in ten-thousandths.
    #[schema(example = 2000)]
    pub union_bp: i64,
    /// Whether the reserved amount may not fall below that of the year before.
    pub not_below_last_year: bool,
    /// Which figure counts as done.
    pub counts: QuotaFigure,
    /// Whether purchases of the union count.
    pub counts_union: bool,
    /// Whether purchases of the contractor count.
    pub counts_contractor: bool,
    /// Whether purchases of the staff count.
    pub counts_individual: bool,
}

impl From<Rule> for RuleView {
    fn from(rule: Rule) -> Self {
        let Rule {
            canteen_bp,
            union_bp,
            not_below_last_year,
            counts,
            counts_union,
            counts_contractor,
            counts_individual,
        } = rule;
        Self { canteen_bp, union_bp, not_below_last_year, counts, counts_union, counts_contractor, counts_individual }
    }
}

impl From<quota_policy::Model> for Policy {
    fn from(row: quota_policy::Model) -> Self {
        Self {
            id: row.id,
            region_code: row.region_code,
            year: row.year,
            number: row.number,
            rule: RuleView {
                canteen_bp: row.canteen_bp,
                union_bp: row.union_bp,
                not_below_last_year: row.not_below_last_year,
                counts: row.counts,
                counts_union: row.counts_union,
                counts_contractor: row.counts_contractor,
                counts_individual: row.counts_individual,
            },
            document: row.document,
            created_at: row.created_at,
        }
    }
}

/// What a list of policies is narrowed to.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PolicyFilter {
    /// Only this year's.
    #[param(minimum = 2000, maximum = 2100, example = 2026)]
    pub year: Option<i32>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// What a unit files, or changes.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteFiling {
    /// How the unit stands to the quota.
    pub kind: FilingKind,
    /// What the canteen buys in the year (年度食堂食材采购总额).
    pub canteen_total_fen: Fen,
    /// Of that, reserved (预留份额).
    pub canteen_reserved_fen: Fen,
    /// What the union buys in the year (工会采购总额).
    pub union_total_fen: Fen,
    /// Of that, reserved.
    pub union_reserved_fen: Fen,
    /// How many eat there (就餐人数).
    #[schema(minimum = 0, maximum = 1000000, example = 120)]
    pub diners: i32,
    /// The unit that files for a shared canteen; only for `shared_represented`.
    pub representative_id: Option<OrganisationId>,
    /// Who buys for an outsourced canteen (实际采购执行主体).
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    pub executing_body: Option<Words<100>>,
    /// What the unit says to findings that ask for a word.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1000)]
    pub note: Option<Words<1000>>,
}

/// A filing to begin.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFiling {
    /// The year.
    #[schema(minimum = 2000, maximum = 2100, example = 2026)]
    pub year: i32,
    /// What is filed; without it the draft is filled in from last year's (沿用上年).
    pub content: Option<WriteFiling>,
}

/// Why something is sent back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnFiling {
    /// Why.
    #[schema(value_type = String, min_length = 1, max_length = 1000, example = "预留比例偏低")]
    pub reason: Words<1000>,
}

/// Why and on what document a confirmed filing is opened again.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmendFiling {
    /// Why.
    #[schema(value_type = String, min_length = 1, max_length = 1000, example = "机构合并，就餐人数增加")]
    pub reason: Words<1000>,
    /// A file of your organisation.
    pub document_id: FileId,
}

/// A unit's filing of its reserved quota for a year (预留份额填报).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Filing {
    /// Its identifier.
    pub id: QuotaFilingId,
    /// The unit.
    pub unit_id: OrganisationId,
    /// The year.
    #[schema(example = 2026)]
    pub year: i32,
    /// How the unit stands to the quota.
    pub kind: FilingKind,
    /// Where it is.
    pub state: FilingState,
    /// What the canteen buys in the year.
    pub canteen_total_fen: Fen,
    /// Of that, reserved.
    pub canteen_reserved_fen: Fen,
    /// What the union buys in the year.
    pub union_total_fen: Fen,
    /// Of that, reserved.
    pub union_reserved_fen: Fen,
    /// How many eat there.
    #[schema(example = 120)]
    pub diners: i32,
    /// The unit that files for the shared canteen.
    pub representative_id: Option<OrganisationId>,
    /// Who buys for an outsourced canteen.
    pub executing_body: Option<String>,
    /// What the unit says to findings.
    pub note: Option<String>,
    /// How often it was opened again after it was confirmed.
    #[schema(example = 0)]
    pub amendments: i32,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    #[schema(example = 1)]
    pub version: i64,
}

impl From<quota_filing::Model> for Filing {
    fn from(row: quota_filing::Model) -> Self {
        Self {
            id: row.id,
            unit_id: row.unit_id,
            year: row.year,
            kind: row.kind,
            state: row.state,
            canteen_total_fen: row.canteen_total_fen,
            canteen_reserved_fen: row.canteen_reserved_fen,
            union_total_fen: row.union_total_fen,
            union_reserved_fen: row.union_reserved_fen,
            diners: row.diners,
            representative_id: row.representative_id,
            executing_body: row.executing_body,
            note: row.note,
            amendments: row.amendments,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

/// A step in the life of a filing.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FilingStep {
    /// What was done.
    #[schema(example = "submit")]
    pub step: String,
    /// Where it was.
    pub from: FilingState,
    /// Where it went.
    pub to: FilingState,
    /// For whom it was done.
    pub organisation_id: OrganisationId,
    /// Why.
    pub reason: Option<String>,
    /// The document it rests on.
    pub document_id: Option<FileId>,
    /// What was reserved of the canteen's purchases at this step.
    pub canteen_reserved_fen: Fen,
    /// What was reserved of the union's purchases at this step.
    pub union_reserved_fen: Fen,
    /// When.
    pub at: DateTime<Utc>,
}

impl From<quota_filing_step::Model> for FilingStep {
    fn from(row: quota_filing_step::Model) -> Self {
        Self {
            step: row.step,
            from: row.from_state,
            to: row.to_state,
            organisation_id: row.organisation_id,
            reason: row.reason,
            document_id: row.document_id,
            canteen_reserved_fen: row.canteen_reserved_fen,
            union_reserved_fen: row.union_reserved_fen,
            at: row.created_at,
        }
    }
}

/// Something about a filing that keeps it from being handed in, or asks for a word.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FindingView {
    /// Stable name.
    #[schema(example = "canteen_reserve_too_low")]
    pub code: &'static str,
    /// Whether it keeps the filing from being handed in; otherwise a note is asked for.
    pub is_error: bool,
    /// The field it is about, as a JSON pointer.
    #[schema(example = "/canteen_reserved_fen")]
    pub pointer: &'static str,
    /// In Chinese, with the figures it rests on.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl From<Finding> for FindingView {
    fn from(finding: Finding) -> Self {
        let Finding { code, is_error, pointer, zh, en } = finding;
        Self { code, is_error, pointer, zh, en }
    }
}

/// A filing with its history, the rule that holds for it and what is worth a word.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FilingDetail {
    /// The filing.
    #[serde(flatten)]
    pub filing: Filing,
    /// The strictest of all policies that apply; none where there is no policy.
    pub rule: Option<RuleView>,
    /// The documents of those policies.
    pub documents: Vec<String>,
    /// What is worth a word.
    pub findings: Vec<FindingView>,
    /// What was done, first to last.
    pub history: Vec<FilingStep>,
}

/// What a list of filings is narrowed to.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FilingFilter {
    /// Only this year's.
    #[param(minimum = 2000, maximum = 2100, example = 2026)]
    pub year: Option<i32>,
    /// Only those in this state.
    pub state: Option<FilingState>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// To which unit's quota an order shall belong.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachOrder {
    /// The unit: yours, or for a correction one below yours.
    pub unit_id: OrganisationId,
    /// Out of which purse.
    pub channel: PurchaseChannel,
    /// Why; needed for a correction.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    pub reason: Option<Words<500>>,
    /// A file of your organisation; needed for a correction.
    pub document_id: Option<FileId>,
}

/// To which unit's quota an order belongs, and why (订单归属).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Attachment {
    /// Its identifier.
    pub id: QuotaAttachmentId,
    /// The order.
    pub supplier_order_id: SupplierOrderId,
    /// The unit.
    pub unit_id: OrganisationId,
    /// Out of which purse.
    pub channel: PurchaseChannel,
    /// Why it belongs there.
    pub basis: AttachmentBasis,
    /// What was said.
    pub reason: Option<String>,
    /// The document it rests on.
    pub document_id: Option<FileId>,
    /// When.
    pub at: DateTime<Utc>,
}

impl From<quota_attachment::Model> for Attachment {
    fn from(row: quota_attachment::Model) -> Self {
        Self {
            id: row.id,
            supplier_order_id: row.supplier_order_id,
            unit_id: row.unit_id,
            channel: row.channel,
            basis: row.basis,
            reason: row.reason,
            document_id: row.document_id,
            at: row.created_at,
        }
    }
}

/// How an order was attached; the last holds.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Attachments {
    /// First to last.
    pub items: Vec<Attachment>,
}

/// Whose progress, and as of when.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ProgressQuery {
    /// The unit; yours when not given. All below it are shown with it.
    pub unit: Option<OrganisationId>,
    /// The day until which the year is looked at; today when not given.
    #[param(example = "2026-06-30")]
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub on: Option<NaiveDate>,
}

/// The figures of a quota, side by side and never mixed. Below zero where more was taken back than came in that year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = QuotaAmounts)]
pub struct Amounts {
    /// Ordered (已下单).
    pub ordered_fen: i64,
    /// Of that, never accepted (已释放).
    pub released_fen: i64,
    /// Accepted, less what was given back (已验收).
    pub accepted_fen: i64,
    /// Accepted and paid (已付款).
    pub paid_fen: i64,
    /// Accepted, paid and rated (已完成).
    pub completed_fen: i64,
    /// Given back after acceptance (已退款).
    pub refunded_fen: i64,
    /// The one that the policy counts, through the channels it counts (计入完成额).
    pub counted_fen: i64,
}

/// How a unit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It has not filed, or nobody confirmed it (未填报).
    NotFiled,
    /// It has nothing to reserve (无预留任务).
    NothingReserved,
    /// It is where the year is, or further (达到序时进度).
    OnTime,
    /// It is behind the year (低于序时进度).
    Behind,
}

/// How far a unit has come with its quota.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitProgress {
    /// The unit.
    pub unit_id: OrganisationId,
    /// Its name.
    #[schema(example = "演示第一中学")]
    pub name: String,
    /// What it reserved and the finance department confirmed, canteen and union together (预留份额).
    pub declared_fen: Fen,
    /// Its figures.
    #[serde(flatten)]
    pub amounts: Amounts,
    /// Which figure counts; none where no policy applies.
    pub counts: Option<QuotaFigure>,
    /// The counted figure in ten-thousandths of what is declared, rounded down; none where nothing is declared.
    #[schema(example = 4210)]
    pub done_bp: Option<i64>,
    /// How much of the year has passed, in ten-thousandths (序时进度).
    #[schema(example = 4972)]
    pub time_bp: i64,
    /// How it stands.
    pub standing: Standing,
}

/// Progress of a unit and all below it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Progress {
    /// The year.
    #[schema(example = 2026)]
    pub year: i32,
    /// The day until which it is looked at.
    #[schema(example = "2026-06-30")]
    pub on: NaiveDate,
    /// What all declared.
    pub declared_fen: Fen,
    /// The figures of all, added up.
    pub total: Amounts,
    /// The units, by name.
    pub units: Vec<UnitProgress>,
}

/// Which bulletin.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct BulletinQuery {
    /// Whose; yours when not given. All below it are in the bulletin.
    pub unit: Option<OrganisationId>,
    /// The year.
    #[param(minimum = 2000, maximum = 2100, example = 2026)]
    pub year: i32,
    /// The month, at whose end it stands; the present month is looked at until today.
    #[param(minimum = 1, maximum = 12, example = 6)]
    pub month: u32,
}
