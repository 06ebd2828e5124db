//! What comes in and goes out of the history.

use crate::household::view::MemberFacts;
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{AdjustmentId, EntrySource, MemberId, OrganisationId, PersonId, Relation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What was found out about a household and its people (走访排查登记).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordSurvey {
    /// From which day it is so; not in the future and not before the household was registered.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub from_date: NaiveDate,
    /// Whether somebody went there and looked, or another system's sheet says so.
    #[serde(default)]
    pub source_kind: SurveySource,
    /// Which visit or sheet.
    #[schema(min_length = 1, max_length = 200, example = "2026年春季走访")]
    pub source: String,
    /// The village committee it belongs to now, in your county, when it moved.
    #[serde(default)]
    pub village_id: Option<OrganisationId>,
    /// What was found about its people.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub members: Vec<SurveyedMember>,
}

/// Where the entries of a survey come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SurveySource {
    /// Somebody went there and looked (走访排查).
    #[default]
    Survey,
    /// Another system's sheet (数据导入).
    Import,
}

impl From<SurveySource> for EntrySource {
    fn from(source: SurveySource) -> Self {
        match source {
            SurveySource::Survey => Self::Survey,
            SurveySource::Import => Self::Import,
        }
    }
}

/// What was found about somebody.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SurveyedMember {
    /// Who, of this household.
    pub member_id: MemberId,
    /// Their relation to the head, when it is another. A household has one head.
    #[serde(default)]
    pub relation: Option<Relation>,
    /// What else.
    #[serde(default)]
    pub facts: MemberFacts,
}

/// What an entry of the history is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HistoryAttribute {
    /// The status of the household (户类型).
    Status,
    /// Its village.
    Village,
    /// The household it was merged into.
    MergedInto,
    /// Its land of a kind.
    Land,
    /// That somebody came into it or left it, with the cause.
    Presence,
    /// Somebody's relation to the head.
    Relation,
    /// Somebody's schooling.
    Education,
    /// Somebody's health; the value is not shown here.
    Health,
    /// What work somebody can do.
    Skill,
    /// Where somebody works away from home, and how many months a year.
    Work,
    /// Which guarantee of the state somebody lives on.
    Guarantee,
}

/// One change of a household or of somebody in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HistoryEntry {
    /// From which day it is so.
    pub from_date: NaiveDate,
    /// What changed.
    pub attribute: HistoryAttribute,
    /// Of whom; none when it is the household itself.
    pub member_id: Option<MemberId>,
    /// What it is from then on; none where it is not shown.
    pub value: Option<String>,
    /// Where the entry comes from.
    pub source_kind: EntrySource,
    /// The case, survey or list.
    pub source: String,
    /// The case that made it, where one did.
    pub adjustment_id: Option<AdjustmentId>,
    /// Who entered it.
    pub entered_by: PersonId,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Every change of a household and of its people while they belonged to it, oldest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HouseholdHistory {
    /// The changes.
    pub items: Vec<HistoryEntry>,
}
