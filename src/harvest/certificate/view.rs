//! What comes in and goes out about certificates.

use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{CategoryCode, CertificateBasis, CertificateRuleId, FileId, Grams, LotCertificateId};
use entity::{certificate_rule, lot_certificate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A certificate to be issued.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueCertificate {
    /// Its number.
    #[schema(min_length = 1, max_length = 50, example = "HGZ-522625-20260301-07")]
    pub number: String,
    /// When it was issued: not in the future, and not before the lot was packed.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub issued_on: NaiveDate,
    /// What the promise rests on (承诺依据).
    pub basis: CertificateBasis,
    /// The test report: an uploaded file of yours, needed when the promise rests on a test.
    #[serde(default)]
    pub report_file_id: Option<FileId>,
}

/// Why a certificate is revoked.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeCertificate {
    /// Why.
    #[schema(min_length = 1, max_length = 200, example = "抽检农残超标")]
    pub reason: String,
}

/// Whether the certificate of a lot holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CertificateState {
    /// There is none (未开具).
    Missing,
    /// The lot has changed since it was issued: a new one is needed (须重新开具).
    ReissueNeeded,
    /// It was revoked (已撤销).
    Revoked,
    /// It holds (有效).
    Valid,
}

/// A conformity certificate of a lot.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LotCertificate {
    /// Its identifier.
    pub id: LotCertificateId,
    /// Its number.
    pub number: String,
    /// When it was issued.
    pub issued_on: NaiveDate,
    /// What the promise rests on.
    pub basis: CertificateBasis,
    /// What the lot held when it was issued.
    pub covers_grams: Grams,
    /// The test report.
    pub report_file_id: Option<FileId>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it was revoked; null when it was not.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Why.
    pub revoke_reason: Option<String>,
}

/// Whether a category needs certificates, from a day on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCertificateRule {
    /// The category, with those below it.
    pub category_code: CategoryCode,
    /// From which day.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub from_date: NaiveDate,
    /// Whether its lots cannot be shipped without a valid certificate.
    pub is_required: bool,
}

/// A rule as it was set.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CertificateRule {
    /// Its identifier.
    pub id: CertificateRuleId,
    /// The category, with those below it.
    pub category_code: CategoryCode,
    /// From which day.
    pub from_date: NaiveDate,
    /// Whether certificates are needed from then on.
    pub is_required: bool,
    /// When it was set.
    pub created_at: DateTime<Utc>,
}

/// Every rule that was set, by category.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CertificateRules {
    /// The rules.
    pub items: Vec<CertificateRule>,
}

impl From<lot_certificate::Model> for LotCertificate {
    fn from(row: lot_certificate::Model) -> Self {
        let lot_certificate::Model {
            id,
            lot_id: _,
            number,
            issued_on,
            basis,
            covers_grams,
            report_file_id,
            issued_by: _,
            created_at,
            revoked_at,
            revoke_reason,
        } = row;
        Self { id, number, issued_on, basis, covers_grams, report_file_id, created_at, revoked_at, revoke_reason }
    }
}

impl From<certificate_rule::Model> for CertificateRule {
    fn from(row: certificate_rule::Model) -> Self {
        let certificate_rule::Model { id, category_code, from_date, is_required, set_by: _, created_at } = row;
        Self { id, category_code, from_date, is_required, created_at }
    }
}
