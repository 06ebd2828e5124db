//! Changes of organisations as they come in and go out.

use crate::http::Words;
use crate::organisation::{Name, OrganisationBrief};
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{FileId, OrganisationChangeId, OrganisationChangeKind, OrganisationId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What became of an organisation.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeOrganisation {
    /// What became of it.
    pub kind: OrganisationChangeKind,
    /// The first day on which it holds; not in the future, and not before the change before.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub on_date: NaiveDate,
    /// The number of the document that decides it (文号).
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "黔编办〔2026〕3号")]
    pub document_number: Words<100>,
    /// The document: a file of yours.
    pub document_id: FileId,
    /// The new name, when it was renamed.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    pub new_name: Option<Name>,
    /// Under whom it stands from then on, when it was moved.
    pub new_parent_id: Option<OrganisationId>,
    /// Who goes on: one when it was merged, several when it was split.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub successor_ids: Vec<OrganisationId>,
    /// Whether its members go on for the one successor; otherwise they are stopped.
    #[serde(default)]
    pub move_members: bool,
}

/// What became of an organisation on a day (单位变更).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrganisationChange {
    /// Its identifier.
    pub id: OrganisationChangeId,
    /// What became of it.
    pub kind: OrganisationChangeKind,
    /// The first day on which it holds.
    pub on_date: NaiveDate,
    /// The number of the document.
    pub document_number: String,
    /// The document.
    pub document_id: FileId,
    /// What it was called until then.
    pub name_before: String,
    /// What it is called from then on.
    pub name_after: String,
    /// Under whom it stood until then, when it was moved.
    pub parent_before: Option<OrganisationBrief>,
    /// Under whom it stands from then on, when it was moved.
    pub parent_after: Option<OrganisationBrief>,
    /// Who goes on for it.
    pub successors: Vec<OrganisationBrief>,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
}

/// Under whom an organisation stood until a day, and from then on (隶属关系).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrganisationPlacement {
    /// The first day under the new one.
    pub on_date: NaiveDate,
    /// Under whom it stood until then; null when it stood alone.
    pub parent_before: Option<OrganisationBrief>,
    /// Under whom it stands from then on.
    pub parent_after: Option<OrganisationBrief>,
    /// The change that moved it: its own, or the merger of the one above it.
    pub change_id: OrganisationChangeId,
}

/// The history of an organisation (单位沿革).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrganisationHistory {
    /// The organisation as it is today.
    pub organisation: OrganisationBrief,
    /// Whether it may act.
    pub is_active: bool,
    /// Its version, to be sent back as `If-Match`.
    pub version: i64,
    /// What became of it, oldest first.
    pub changes: Vec<OrganisationChange>,
    /// Under whom it stood, oldest first: moves of its own, and mergers of the one above it.
    pub placements: Vec<OrganisationPlacement>,
    /// For whom it goes on: those that were merged into it or split.
    pub predecessors: Vec<OrganisationBrief>,
}
