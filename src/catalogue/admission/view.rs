//! What comes in and goes out about admissions.

use chrono::{DateTime, NaiveDate, Utc};
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
    /// Who issued it.
    #[schema(max_length = 200, example = "石阡县市场监督管理局")]
    pub issuer: Option<String>,
    /// Its number: for a business licence the credit code, for a food production licence the SC number.
    #[schema(max_length = 100, example = "SC10652062300018")]
    pub number: Option<String>,
    /// The first day it holds.
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub valid_from: Option<NaiveDate>,
    /// The last day; absent when it does not end.
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub valid_to: Option<NaiveDate>,
}

/// What is wrong with one item of an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemReason {
    /// Which item of the checklist.
    pub item: ChecklistItem,
    /// What is wrong with it.
    #[schema(min_length = 1, max_length = 500, example = "机制写得不清楚，请写明收购价。")]
    pub reason: String,
}

/// An item of the checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChecklistItem {
    /// The organisation's unified social credit code (统一社会信用代码).
    CreditCode,
    /// How households share in its income (联农带农机制).
    Mechanism,
    /// Business licence (营业执照).
    BusinessLicence,
    /// Identity of the legal representative (法定代表人证明).
    LegalRepresentative,
    /// Permit of the bank account (开户许可证).
    AccountPermit,
    /// Food licence (食品经营许可证).
    FoodLicence,
    /// Food production licence (食品生产许可证).
    FoodProductionLicence,
    /// Report of a laboratory (检验报告).
    TestReport,
    /// How households benefit (联农带农证明).
    BenefitMechanism,
    /// Anything else (其他).
    Other,
}

impl From<DocumentKind> for ChecklistItem {
    fn from(kind: DocumentKind) -> Self {
        match kind {
            DocumentKind::BusinessLicence => Self::BusinessLicence,
            DocumentKind::LegalRepresentative => Self::LegalRepresentative,
            DocumentKind::AccountPermit => Self::AccountPermit,
            DocumentKind::FoodLicence => Self::FoodLicence,
            DocumentKind::FoodProductionLicence => Self::FoodProductionLicence,
            DocumentKind::TestReport => Self::TestReport,
            DocumentKind::BenefitMechanism => Self::BenefitMechanism,
            DocumentKind::Other => Self::Other,
        }
    }
}

/// How it is with one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemStatus {
    /// In order (已具备).
    Present,
    /// Wanted and not there (缺少).
    Missing,
    /// There and no longer valid (已过期).
    Expired,
    /// A reviewer found fault with it (需修改).
    Returned,
    /// Not there, and only needed for some (按需提供).
    Optional,
}

/// One line of the checklist.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChecklistLine {
    /// Which item.
    pub item: ChecklistItem,
    /// Its name in Chinese.
    #[schema(example = "营业执照")]
    pub name: String,
    /// Whether no application is complete without it.
    pub required: bool,
    /// How it is with it.
    pub status: ItemStatus,
    /// The last day of the paper.
    pub valid_to: Option<NaiveDate>,
    /// What a reviewer found wrong with it last.
    pub reason: Option<String>,
}

/// What is there and what is missing (材料清单).
#[derive(Debug, Serialize, ToSchema)]
pub struct Checklist {
    /// The application.
    pub admission_id: AdmissionId,
    /// Where it is.
    pub state: AdmissionState,
    /// Whether it could be submitted as it is.
    pub is_complete: bool,
    /// Every item.
    pub items: Vec<ChecklistLine>,
    /// The version of the application this is about.
    pub version: i64,
}

/// What the platform does with a supplier that is or was admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StandingVerdict {
    /// Hold it back (暂停).
    Suspend,
    /// Let it sell again (恢复).
    Reinstate,
    /// Strike it off (清退).
    Remove,
    /// Let it apply again after that time (准予重新申请).
    Readmit,
}

/// The platform's decision about a supplier's standing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StandingDecision {
    /// What is done.
    pub decision: StandingVerdict,
    /// Why.
    #[schema(min_length = 1, max_length = 2000, example = "抽检不合格，暂停销售待整改。")]
    pub opinion: String,
    /// For a removal, the last day of it; absent when for good.
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub until_on: Option<NaiveDate>,
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
    /// What is wrong, item by item, when it is sent back.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub items: Vec<ItemReason>,
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
    /// What is wrong, item by item, when it is sent back.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub items: Vec<ItemReason>,
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
    /// Who issued it.
    pub issuer: Option<String>,
    /// Its number.
    pub number: Option<String>,
    /// The first day it holds.
    pub valid_from: Option<NaiveDate>,
    /// The last day; null when it does not end.
    pub valid_to: Option<NaiveDate>,
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
    /// What was wrong, item by item.
    pub items: Vec<ItemReason>,
    /// For a removal, the last day of it.
    pub until_on: Option<NaiveDate>,
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
    /// Until which day it is struck off (清退截止日); null for one that is not, or is for good.
    pub removed_until: Option<NaiveDate>,
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
        DocumentKind::FoodProductionLicence => "食品生产许可证",
        DocumentKind::TestReport => "检验报告",
        DocumentKind::BenefitMechanism => "联农带农证明",
        DocumentKind::Other => "其他材料",
    }
}
