//! What comes in and goes out.

use super::terms;
use crate::household::view::RevealedMember;
use crate::http::Words;
use crate::jobs::{Kept, RetentionRule};
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::role::Role;
use entity::value::{
    AccessRecordId, ConsentEvent, ConsentId, ConsentMethod, FileId, HouseholdId, LegalBasis, MemberId, NoticeId,
    OrganisationId, PersonId, ProcessingPurpose,
};
use entity::{access_record, consent_record, privacy_notice};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Why personal data must be seen in full.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealPurpose {
    /// The purpose in your own words, 5–200 characters; it is recorded with your name.
    #[schema(min_length = 5, max_length = 200, example = "核对一卡通账号以发放收益")]
    pub purpose: String,
    /// Which purpose of the list it is; keeping the register when not given. For a purpose that needs consent only the
    /// members are shown whose consent holds today.
    #[serde(default = "register_keeping")]
    #[schema(default = "register_keeping")]
    pub purpose_kind: ProcessingPurpose,
}

fn register_keeping() -> ProcessingPurpose {
    ProcessingPurpose::RegisterKeeping
}

/// A household's personal data in full.
#[derive(Clone, Serialize, ToSchema)]
pub struct RevealedHousehold {
    /// Its identifier.
    pub id: HouseholdId,
    /// Its national number.
    pub number: String,
    /// Who lives in it, the head first; under a purpose that needs consent, those whose consent holds.
    pub members: Vec<RevealedMember>,
    /// The record of this access, which the county can list.
    pub access_record_id: AccessRecordId,
}

/// A notice to be published. What people are told never changes: a correction is the next version.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNotice {
    /// What the data is used for.
    pub purpose: ProcessingPurpose,
    /// What it is called.
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "向结对企业提供联系方式告知书")]
    pub title: Words<100>,
    /// What people are told.
    #[schema(value_type = String, min_length = 1, max_length = 5000, example = "为便于结对企业联系，我们将向其提供您的姓名和电话。")]
    pub body: Words<5000>,
    /// Who receives the data.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 20, example = json!(["结对帮扶企业"]))]
    pub recipients: Vec<Words<100>>,
    /// Which data.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 20, example = json!(["姓名", "电话"]))]
    pub data_categories: Vec<Words<100>>,
    /// How long it is kept.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "结对期满后三年")]
    pub kept: Words<200>,
    /// From which day on it is used.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub effective_from: NaiveDate,
}

/// What people are told before their data is used (告知书).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PrivacyNotice {
    /// Its identifier.
    pub id: NoticeId,
    /// What the data is used for.
    pub purpose: ProcessingPurpose,
    /// Counts the notices of a purpose, from 1.
    pub version: i32,
    /// By which right (个人信息保护法第十三条).
    pub legal_basis: LegalBasis,
    /// What it is called.
    pub title: String,
    /// What people are told.
    pub body: String,
    /// Who receives the data.
    pub recipients: Vec<String>,
    /// Which data.
    pub data_categories: Vec<String>,
    /// How long it is kept.
    pub kept: String,
    /// From which day on it is used.
    pub effective_from: NaiveDate,
    /// When it was published.
    pub published_at: DateTime<Utc>,
}

impl From<privacy_notice::Model> for PrivacyNotice {
    fn from(row: privacy_notice::Model) -> Self {
        // Who published it is for the audit; the list is everybody's.
        let privacy_notice::Model {
            id,
            purpose,
            version,
            legal_basis,
            title,
            body,
            recipients,
            data_categories,
            kept,
            effective_from,
            published_by: _,
            published_at,
        } = row;
        let (recipients, data_categories) = (list(&recipients), list(&data_categories));
        Self {
            id,
            purpose,
            version,
            legal_basis,
            title,
            body,
            recipients,
            data_categories,
            kept,
            effective_from,
            published_at,
        }
    }
}

/// A list that we wrote; should it not be one any more, the text as it stands.
fn list(json: &str) -> Vec<String> {
    serde_json::from_str(json).unwrap_or_else(|_| vec![json.to_owned()])
}

/// A consent that somebody gave.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConsent {
    /// What they were told.
    pub notice_id: NoticeId,
    /// Whose data it is about; the whole household's when absent.
    #[serde(default)]
    pub member_id: Option<MemberId>,
    /// Who gave it: the member, or who may speak for them; the head for the whole household.
    pub given_by: MemberId,
    /// How.
    pub method: ConsentMethod,
    /// The signed paper or the recording; required unless it was given electronically.
    #[serde(default)]
    pub evidence_file_id: Option<FileId>,
    /// The first day; not in the future.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub effective_from: NaiveDate,
    /// The last day; until it is withdrawn when absent.
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub valid_until: Option<NaiveDate>,
}

/// A consent that somebody takes back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// Who takes it back.
    pub given_by: MemberId,
    /// How.
    pub method: ConsentMethod,
    /// The paper or the recording, if there is one: taking back is as easy as giving.
    #[serde(default)]
    pub evidence_file_id: Option<FileId>,
    /// From which day on it no longer holds; not in the future.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub effective_from: NaiveDate,
}

/// A consent record, after ISO/IEC TS 27560 (同意记录).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConsentRecord {
    /// Its identifier.
    pub id: ConsentId,
    /// Which form of record this is.
    #[schema(example = "ISO/IEC TS 27560:2023")]
    pub schema: &'static str,
    /// Whose household.
    pub household_id: HouseholdId,
    /// Whose data; the whole household's when null.
    pub member_id: Option<MemberId>,
    /// Given or withdrawn.
    pub event: ConsentEvent,
    /// Which consent a withdrawal takes back.
    pub withdraws: Option<ConsentId>,
    /// What they were told.
    pub notice: PrivacyNotice,
    /// Who gave it.
    pub given_by: MemberId,
    /// How.
    pub method: ConsentMethod,
    /// The signed paper, or a recording of it.
    pub evidence_file_id: Option<FileId>,
    /// The first day.
    pub effective_from: NaiveDate,
    /// The last day.
    pub valid_until: Option<NaiveDate>,
    /// To whom it was given.
    pub received_by: PersonId,
    /// For which organisation.
    pub organisation_id: OrganisationId,
    /// When it was entered.
    pub recorded_at: DateTime<Utc>,
    /// Whether it is a consent that holds on the day asked for.
    pub is_effective: bool,
}

impl ConsentRecord {
    pub(super) fn of(
        row: consent_record::Model,
        notice: privacy_notice::Model,
        withdrawals: &[consent_record::Model],
        day: NaiveDate,
    ) -> Self {
        let is_effective = terms::holds_on(&row, withdrawals, day);
        let consent_record::Model {
            id,
            household_id,
            member_id,
            notice_id: _,
            event,
            withdraws,
            given_by,
            method,
            evidence_file_id,
            effective_from,
            valid_until,
            received_by,
            organisation_id,
            recorded_at,
        } = row;
        Self {
            id,
            schema: "ISO/IEC TS 27560:2023",
            household_id,
            member_id,
            event,
            withdraws,
            notice: notice.into(),
            given_by,
            method,
            evidence_file_id,
            effective_from,
            valid_until,
            received_by,
            organisation_id,
            recorded_at,
            is_effective,
        }
    }
}

/// Which consents are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ConsentQuery {
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
    /// Only for this purpose.
    pub purpose: Option<ProcessingPurpose>,
    /// The day for which `is_effective` is said; today when not given.
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub on: Option<NaiveDate>,
}

/// Which access records are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AccessQuery {
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
    /// Only what this person saw.
    pub person_id: Option<PersonId>,
    /// Only for this purpose.
    pub purpose: Option<ProcessingPurpose>,
    /// From this business day on.
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub from: Option<NaiveDate>,
    /// Up to this business day, which is included.
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub to: Option<NaiveDate>,
}

/// Somebody saw a household's personal data in full (查看留痕).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccessRecord {
    /// Its identifier.
    pub id: AccessRecordId,
    /// Whose data.
    pub household_id: HouseholdId,
    /// Who saw it.
    pub person_id: PersonId,
    /// For which organisation.
    pub organisation_id: OrganisationId,
    /// As what.
    pub role: Role,
    /// What for, as one of the list.
    pub purpose: ProcessingPurpose,
    /// By which right.
    pub legal_basis: LegalBasis,
    /// What for, in their own words.
    #[schema(example = "核对一卡通账号以发放收益")]
    pub reason: String,
    /// Which fields were shown.
    #[schema(example = json!(["name", "id_number", "phone", "bank_account"]))]
    pub fields: Vec<String>,
    /// Of how many members.
    pub members: i32,
    /// The request.
    pub request_id: String,
    /// The address it came from.
    pub address: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

impl From<access_record::Model> for AccessRecord {
    fn from(row: access_record::Model) -> Self {
        let access_record::Model {
            id,
            household_id,
            county_code: _,
            person_id,
            organisation_id,
            role,
            purpose,
            reason,
            fields,
            members,
            request_id,
            address,
            at,
        } = row;
        Self {
            id,
            household_id,
            person_id,
            organisation_id,
            role,
            purpose,
            legal_basis: terms::basis(purpose),
            reason,
            fields: list(&fields),
            members,
            request_id,
            address,
            at,
        }
    }
}

/// A rule of how long something is kept (保存期限).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RetentionView {
    /// Its name.
    #[schema(example = "idempotency_key")]
    pub name: &'static str,
    /// What is kept, in Chinese.
    pub what_zh: &'static str,
    /// What is kept, in English.
    pub what_en: &'static str,
    /// After how many days it is erased; null for what is never erased by the program.
    pub erased_after_days: Option<u32>,
    /// How long it is kept, in Chinese.
    pub kept_zh: &'static str,
    /// Why, and by which law, in Chinese.
    pub why_zh: &'static str,
    /// Why, and by which law, in English.
    pub why_en: &'static str,
}

impl From<&RetentionRule> for RetentionView {
    fn from(rule: &RetentionRule) -> Self {
        let (erased_after_days, kept_zh) = match rule.kept {
            Kept::Days { days, zh, .. } => (Some(days), zh),
            Kept::ByLaw { zh } => (None, zh),
        };
        let (what_zh, what_en) = rule.what;
        let (why_zh, why_en) = rule.why;
        Self { name: rule.name, what_zh, what_en, erased_after_days, kept_zh, why_zh, why_en }
    }
}

/// Every rule of how long something is kept.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RetentionRules {
    /// The rules.
    pub items: Vec<RetentionView>,
}
