//! What comes in and goes out about admissions.

use chrono::{DateTime, Utc};
use entity::value::{
    AdmissionId, AdmissionState, AreaCode, DecisionId, DocumentKind, FileId, OrganisationId, PersonId,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A new application (入驻申请).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginAdmission {
    /// The relief county in which the organisation is registered; its code of 2014 or of today.
    pub county_code: AreaCode,
    /// How households share in its income (联农带农机制).
    #[schema(max_length = 4000, example = "按保底价收购脱贫户青茶，年底按交售量二次分红。")]
    pub mechanism: String,
}

/// What the applicant changes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeAdmission {
    /// How households share in its income (联农带农机制).
    #[schema(max_length = 4000, example = "按保底价收购脱贫户青茶，年底按交售量二次分红。")]
    pub mechanism: String,
}

/// A file as a document of the application.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutDocument {
    /// An uploaded file of the same organisation.
    pub file_id: FileId,
}

/// What a county office decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CountyVerdict {
    /// Recommend (推荐).
    Recommend,
    /// Send back (退回).
    Return,
}

/// What the platform decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlatformVerdict {
    /// Admit (通过).
    Approve,
    /// Send back (退回).
    Return,
}

/// A county office's decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountyDecision {
    /// Recommend it or send it back.
    pub decision: CountyVerdict,
    /// Why (审核意见).
    #[schema(min_length = 1, max_length = 2000, example = "经营和质量管理情况属实，同意推荐。")]
    pub opinion: String,
}

/// The platform's decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlatformDecision {
    /// Admit it or send it back.
    pub decision: PlatformVerdict,
    /// Why (审核意见).
    #[schema(min_length = 1, max_length = 2000, example = "材料齐全，同意入驻。")]
    pub opinion: String,
}

/// Which applications a list shows, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListAdmissions {
    /// Only those in this state.
    pub state: Option<AdmissionState>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// The organisation that applies.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Applicant {
    /// Its identifier.
    pub id: OrganisationId,
    /// Its name.
    #[schema(example = "石阡县苔茶专业合作社")]
    pub name: String,
}

/// An application in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct AdmissionSummary {
    /// Its identifier.
    pub id: AdmissionId,
    /// Who applies.
    pub organisation: Applicant,
    /// Where the application is.
    pub state: AdmissionState,
    /// The relief county, by its code of today.
    pub county_code: AreaCode,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}

/// A document of an application.
#[derive(Debug, Serialize, ToSchema)]
pub struct AdmissionDocument {
    /// Which document.
    pub kind: DocumentKind,
    /// The file.
    pub file_id: FileId,
    /// The name it was uploaded under.
    pub name: String,
    /// Hash of its content, hex.
    pub sha256: String,
}

/// A decision on an application (审核记录).
#[derive(Debug, Serialize, ToSchema)]
pub struct Decision {
    /// Its identifier.
    pub id: DecisionId,
    /// Where the application was.
    pub from_state: AdmissionState,
    /// Where it went.
    pub to_state: AdmissionState,
    /// Who decided.
    pub person_id: PersonId,
    /// For which office.
    pub organisation_id: OrganisationId,
    /// What they wrote.
    pub opinion: String,
    /// Hashes of the documents they saw.
    pub document_hashes: Vec<String>,
    /// When.
    pub decided_at: DateTime<Utc>,
}

/// An application with everything that belongs to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Admission {
    /// Its identifier.
    pub id: AdmissionId,
    /// Who applies.
    pub organisation: Applicant,
    /// Where the application is.
    pub state: AdmissionState,
    /// The relief county, by its code of today.
    pub county_code: AreaCode,
    /// How households share in its income.
    pub mechanism: String,
    /// Why it was sent back last.
    pub return_reason: Option<String>,
    /// The documents handed in.
    pub documents: Vec<AdmissionDocument>,
    /// What is still missing before it can be submitted.
    pub missing: Vec<DocumentKind>,
    /// The decisions, oldest first.
    pub decisions: Vec<Decision>,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}

/// What a document is called in Chinese.
pub(super) const fn document_name(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::BusinessLicence => "营业执照",
        DocumentKind::LegalRepresentative => "法定代表人证明",
        DocumentKind::AccountPermit => "开户许可证",
        DocumentKind::FoodLicence => "食品经营许可证",
        DocumentKind::BenefitMechanism => "联农带农证明",
        DocumentKind::Other => "其他材料",
    }
}
