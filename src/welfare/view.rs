//! What comes in and goes out of income and spending.

use super::fold::{Figures, Verdict, Window, per_head};
use crate::household::view::HouseholdBrief;
use crate::http::Words;
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{
    AreaCode, EvidenceGrade, Fen, FileId, HouseholdId, IncomeEntryId, IncomeItem, IncomeSource, IncomeThresholdId,
    OrganisationId, Overflow, PersonId,
};
use entity::{income_entry, income_threshold};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Where whoever enters a row says it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimedIncomeSource {
    /// Somebody went to the household and asked (入户采集).
    Visit,
    /// A department's data (部门数据).
    Department,
    /// The household said so (农户自报).
    OwnReport,
    /// This platform: refused, for the journal says it (本平台，不得填报).
    Platform,
}

impl ClaimedIncomeSource {
    /// The source of a row; none for what no row may say.
    #[must_use]
    pub fn of_a_row(self) -> Option<IncomeSource> {
        match self {
            Self::Visit => Some(IncomeSource::Visit),
            Self::Department => Some(IncomeSource::Department),
            Self::OwnReport => Some(IncomeSource::OwnReport),
            Self::Platform => None,
        }
    }
}

/// A row of a household's income and spending. What the household was paid here is left out: the journal says it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordIncomeEntry {
    /// What it is about.
    pub item: IncomeItem,
    /// The first day it is for.
    #[serde(deserialize_with = "crate::http::text::day")]
    #[schema(example = "2025-10-01")]
    pub from_on: NaiveDate,
    /// The last day it is for, not in the future; a year of days at the most. The amount counts evenly for each of them.
    #[serde(deserialize_with = "crate::http::text::day")]
    #[schema(example = "2025-12-31")]
    pub to_on: NaiveDate,
    /// How much; nothing only where it replaces a row that should not be.
    pub amount_fen: Fen,
    /// Where it comes from.
    pub source: ClaimedIncomeSource,
    /// How well it is shown.
    pub grade: EvidenceGrade,
    /// What there is to say to it.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500, example = "户主在县城建筑工地务工三个月。")]
    pub note: Option<Words<500>>,
    /// What shows it, a file of your organisation.
    #[serde(default)]
    pub evidence_file_id: Option<FileId>,
    /// The row of this household that it corrects.
    #[serde(default)]
    pub replaces_id: Option<IncomeEntryId>,
}

/// A row of a household's income and spending (收支记录).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IncomeEntry {
    /// Its identifier.
    pub id: IncomeEntryId,
    /// The household.
    pub household_id: HouseholdId,
    /// What it is about.
    pub item: IncomeItem,
    /// The first day it is for.
    pub from_on: NaiveDate,
    /// The last day it is for.
    pub to_on: NaiveDate,
    /// How much.
    pub amount_fen: Fen,
    /// Where it comes from.
    pub source: IncomeSource,
    /// How well it is shown.
    pub grade: EvidenceGrade,
    /// What there is to say to it.
    pub note: Option<String>,
    /// What shows it.
    pub evidence_file_id: Option<FileId>,
    /// The row that it corrects.
    pub replaces_id: Option<IncomeEntryId>,
    /// The row that took its place; it counts no more.
    pub replaced_by: Option<IncomeEntryId>,
    /// For whom it was entered.
    pub organisation_id: OrganisationId,
    /// Who entered it.
    pub entered_by: PersonId,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl IncomeEntry {
    /// A row, with the one that took its place.
    pub(super) fn of(row: income_entry::Model, replaced_by: Option<IncomeEntryId>) -> Self {
        let income_entry::Model {
            id,
            household_id,
            item,
            from_on,
            to_on,
            amount_fen,
            source,
            grade,
            note,
            evidence_file_id,
            replaces_id,
            organisation_id,
            entered_by,
            created_at,
        } = row;
        Self {
            id,
            household_id,
            item,
            from_on,
            to_on,
            amount_fen,
            source,
            grade,
            note,
            evidence_file_id,
            replaces_id,
            replaced_by,
            organisation_id,
            entered_by,
            created_at,
        }
    }
}

/// For which day figures are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct IncomeQuery {
    /// The day, not in the future; today when not given.
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub as_of: Option<NaiveDate>,
}

/// The figures of a window with what follows from them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IncomeWindow {
    /// The first day.
    pub from_on: NaiveDate,
    /// The last day.
    pub to_on: NaiveDate,
    /// Item by item.
    pub figures: Figures,
    /// The four classes together (家庭总收入).
    pub gross_fen: i64,
    /// Less what producing it cost (家庭纯收入); may be below zero.
    pub net_fen: i64,
    /// Per head (人均纯收入), rounded down; none where nobody belongs to the household.
    pub net_per_head_fen: Option<i64>,
    /// Paid out of pocket within the rules (合规自付支出).
    pub compliance_fen: i64,
    /// Net income and claims less what was paid out of pocket (纳入监测对象的收入参考范围).
    pub reference_fen: i64,
    /// Per head (人均), rounded down.
    pub reference_per_head_fen: Option<i64>,
}

impl IncomeWindow {
    /// The figures of a window for so many people.
    pub(super) fn of(window: Window, figures: Figures, people: u32) -> Result<Self, Overflow> {
        let (net_fen, reference_fen) = (figures.net()?, figures.reference()?);
        Ok(Self {
            from_on: window.from_on,
            to_on: window.to_on,
            gross_fen: figures.gross()?,
            net_fen,
            net_per_head_fen: per_head(net_fen, people),
            compliance_fen: figures.compliance()?,
            reference_fen,
            reference_per_head_fen: per_head(reference_fen, people),
            figures,
        })
    }
}

/// What a household lives on, on a day (家庭收入与支出).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HouseholdIncome {
    /// The household, masked.
    pub household: HouseholdBrief,
    /// The day.
    pub as_of: NaiveDate,
    /// How many people belonged to it on that day.
    pub people: u32,
    /// The year of income up to that day (年度); its first month is configured.
    pub year: IncomeWindow,
    /// The months up to that day that count for monitoring (滚动期); their number is configured.
    pub rolling: IncomeWindow,
    /// The threshold that holds in its place in the calendar year of that day; none where nobody entered one.
    pub threshold: Option<IncomeThreshold>,
    /// How the reference income per head of the rolling window stands to it.
    pub verdict: Verdict,
    /// The households that were merged into it, with what they bring to the rolling window (并户承继).
    pub taken_in: Vec<TakenInIncome>,
    /// The household it was split from in one of the windows: what that had before stays with it, and nothing of it counts here (分户不拆分此前收入).
    pub split_from: Option<Succession>,
    /// The household it was merged into: from that day on what it had counts there, and nothing of it here.
    pub succeeded_by: Option<Succession>,
}

/// Another household that stands before or after one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = IncomeSuccession)]
pub struct Succession {
    /// Which.
    pub household_id: HouseholdId,
    /// Its national number.
    pub number: String,
    /// From which day.
    pub since: NaiveDate,
}

/// What a household that was merged into another brings to its rolling window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TakenInIncome {
    /// Which.
    pub household_id: HouseholdId,
    /// Its national number: the one by which its agreements and payouts go on.
    pub number: String,
    /// From which day it counts here.
    pub since: NaiveDate,
    /// Its four classes together.
    pub gross_fen: i64,
    /// Of that, paid here, by the journal.
    pub platform_fen: i64,
}

/// A threshold of income as a document sets it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterIncomeThreshold {
    /// The province or county it holds in; a county's own goes before its province's.
    #[schema(value_type = String, example = "522625")]
    pub division_code: AreaCode,
    /// The calendar year it holds for.
    #[schema(minimum = 2000, maximum = 2199, example = 2026)]
    pub year: i32,
    /// The amount per head and year.
    #[schema(example = 900_000)]
    pub per_head_fen: Fen,
    /// The document that sets it.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "黔乡振发〔2026〕3号")]
    pub document: Words<200>,
    /// That document, a file of your organisation.
    #[serde(default)]
    pub evidence_file_id: Option<FileId>,
}

/// Another threshold in the place of one that holds.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectIncomeThreshold {
    /// The amount per head and year.
    #[schema(example = 920_000)]
    pub per_head_fen: Fen,
    /// The document that sets it.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "黔乡振发〔2026〕8号")]
    pub document: Words<200>,
    /// That document, a file of your organisation.
    #[serde(default)]
    pub evidence_file_id: Option<FileId>,
    /// Why the one before is not right.
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "省级文件年中调高标准。")]
    pub reason: Words<500>,
}

/// A threshold of income (监测收入标准).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IncomeThreshold {
    /// Its identifier.
    pub id: IncomeThresholdId,
    /// The province or county it holds in.
    pub division_code: AreaCode,
    /// The calendar year it holds for.
    pub year: i32,
    /// Which one it is for that place and year; the last one holds.
    pub number: i32,
    /// Whether it is that one.
    pub is_in_force: bool,
    /// The amount per head and year.
    pub per_head_fen: Fen,
    /// The document that sets it.
    pub document: String,
    /// That document.
    pub evidence_file_id: Option<FileId>,
    /// The one that it corrects.
    pub replaces_id: Option<IncomeThresholdId>,
    /// Why it corrects it.
    pub reason: Option<String>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// What `If-Match` names: its number.
    pub version: i64,
}

impl IncomeThreshold {
    /// A threshold, and whether it holds.
    pub(super) fn of(row: income_threshold::Model, is_in_force: bool) -> Self {
        let income_threshold::Model {
            id,
            division_code,
            year,
            number,
            per_head_fen,
            document,
            evidence_file_id,
            replaces_id,
            reason,
            entered_by: _,
            created_at,
        } = row;
        Self {
            id,
            division_code,
            year,
            number,
            is_in_force,
            per_head_fen,
            document,
            evidence_file_id,
            replaces_id,
            reason,
            created_at,
            version: i64::from(number),
        }
    }
}

/// Which thresholds are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct IncomeThresholdQuery {
    /// Only of this province or county.
    #[param(value_type = Option<String>, example = "522625")]
    pub division_code: Option<AreaCode>,
    /// Only of this year.
    pub year: Option<i32>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}
