//! What comes in and goes out.

use crate::http::Words;
use chrono::{DateTime, Utc};
use entity::value::{
    ComplaintId, ComplaintKind, ComplaintOutcome, ComplaintState, FileId, OrganisationId, PersonId, SupplierOrderId,
};
use entity::{complaint, complaint_step};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What is wrong with an order.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FileComplaint {
    /// The order, of which your organisation is a side.
    pub supplier_order_id: SupplierOrderId,
    /// What it is about.
    pub kind: ComplaintKind,
    /// What happened, and what is wanted.
    #[schema(value_type = String, min_length = 1, max_length = 2000, example = "三次到货均晚于约定，影响食堂供餐。")]
    pub text: Words<2000>,
    /// Files of your organisation that show it.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub files: Vec<FileId>,
}

/// What there is to say to a complaint.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SayToComplaint {
    /// In words.
    #[schema(value_type = String, min_length = 1, max_length = 2000, example = "已更换承运商，并给予折让。")]
    pub text: Words<2000>,
    /// Files of your organisation that show it.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub files: Vec<FileId>,
}

/// What the platform decides.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideComplaint {
    /// Who is right.
    pub outcome: ComplaintOutcome,
    /// Why.
    #[schema(value_type = String, min_length = 1, max_length = 2000, example = "物流记录显示三次迟到，投诉成立。")]
    pub text: Words<2000>,
}

/// Which complaints are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ComplaintFilter {
    /// Only those in this state.
    pub state: Option<ComplaintState>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// A complaint (投诉).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Complaint {
    /// Its identifier.
    pub id: ComplaintId,
    /// The order.
    pub supplier_order_id: SupplierOrderId,
    /// Who complains.
    pub filed_by: OrganisationId,
    /// Of whom.
    pub against: OrganisationId,
    /// What it is about.
    pub kind: ComplaintKind,
    /// What happened.
    pub text: String,
    /// Files that show it.
    pub files: Vec<FileId>,
    /// Where it is.
    pub state: ComplaintState,
    /// Until when the other side answers.
    pub answer_by: DateTime<Utc>,
    /// Until when the platform decides, once it is before it.
    pub decide_by: Option<DateTime<Utc>>,
    /// Whether whoever is to act now is late.
    pub is_late: bool,
    /// Who was right.
    pub outcome: Option<ComplaintOutcome>,
    /// When it was filed.
    pub created_at: DateTime<Utc>,
    /// When it was over.
    pub closed_at: Option<DateTime<Utc>>,
    /// Grows with every step.
    pub version: i64,
}

/// A complaint with its steps.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ComplaintWithSteps {
    /// The complaint.
    #[serde(flatten)]
    pub complaint: Complaint,
    /// What became of it, first to last.
    pub steps: Vec<ComplaintStep>,
}

/// A step of a complaint.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ComplaintStep {
    /// 1, 2, 3 …
    pub number: i32,
    /// Which step; `unanswered` when the time for the answer ran out.
    #[schema(example = "answer")]
    pub step: String,
    /// What was said.
    pub text: Option<String>,
    /// Files that show it.
    pub files: Vec<FileId>,
    /// For whom they acted; nobody when it was the clock.
    pub organisation_id: Option<OrganisationId>,
    /// Who took it; nobody when it was the clock.
    pub taken_by: Option<PersonId>,
    /// When.
    pub taken_at: DateTime<Utc>,
}

/// Files as they are kept: their identifiers, one a line.
pub(super) fn write_files(files: &[FileId]) -> String {
    files.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn read_files(kept: &str) -> Vec<FileId> {
    kept.lines().filter_map(|line| line.parse().ok()).collect()
}

impl Complaint {
    /// A complaint as it looks at an instant.
    pub(super) fn at(row: complaint::Model, now: DateTime<Utc>) -> Self {
        let complaint::Model {
            id,
            supplier_order_id,
            filed_by,
            against,
            kind,
            text,
            files,
            state,
            answer_by,
            decide_by,
            outcome,
            created_by: _,
            created_at,
            closed_at,
            version,
        } = row;
        let is_late = match state {
            ComplaintState::Open => answer_by <= now,
            ComplaintState::Escalated => decide_by.is_some_and(|by| by <= now),
            _ => false,
        };
        Self {
            id,
            supplier_order_id,
            filed_by,
            against,
            kind,
            text,
            files: read_files(&files),
            state,
            answer_by,
            decide_by,
            is_late,
            outcome,
            created_at,
            closed_at,
            version,
        }
    }
}

impl From<complaint_step::Model> for ComplaintStep {
    fn from(row: complaint_step::Model) -> Self {
        let complaint_step::Model { complaint_id: _, number, step, text, files, organisation_id, taken_by, taken_at } =
            row;
        Self { number, step, text, files: read_files(&files), organisation_id, taken_by, taken_at }
    }
}
