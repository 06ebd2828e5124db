//! What comes in and goes out.

use super::content::CertificateFigures;
use crate::http::Words;
use crate::pairing::view::Party;
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{AidCertificateId, AreaCode, OrganisationId};
use entity::{aid_certificate, aid_certificate_revocation};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};

/// A certificate to be issued.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAidCertificate {
    /// The enterprise.
    pub enterprise_id: OrganisationId,
    /// The first day; reporting years differ, so any will do.
    #[schema(example = "2026-01-01")]
    #[serde(deserialize_with = "crate::http::text::day")]
    pub from: NaiveDate,
    /// The last day, not after today.
    #[schema(example = "2026-03-02")]
    #[serde(deserialize_with = "crate::http::text::day")]
    pub until: NaiveDate,
}

/// Why a certificate is revoked.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeAidCertificate {
    /// The reason, which everybody sees who checks it.
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "一笔捐款的票据经查为重复报送。")]
    pub reason: Words<500>,
}

/// Which certificates are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AidCertificateFilter {
    /// Only those of an enterprise.
    pub enterprise_id: Option<OrganisationId>,
    /// How many at most.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on.
    pub cursor: Option<String>,
}

/// That a certificate no longer holds (撤销).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AidCertificateRevocation {
    /// Why.
    #[schema(example = "一笔捐款的票据经查为重复报送。")]
    pub reason: String,
    /// When.
    pub revoked_at: DateTime<Utc>,
}

impl From<aid_certificate_revocation::Model> for AidCertificateRevocation {
    fn from(row: aid_certificate_revocation::Model) -> Self {
        Self { reason: row.reason, revoked_at: row.revoked_at }
    }
}

/// A certificate of what an enterprise contributed (帮扶证书).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AidCertificate {
    /// Its identifier.
    pub id: AidCertificateId,
    /// The number people quote.
    #[schema(example = "BF-522625-2026-0001")]
    pub number: String,
    /// The county.
    pub county_code: AreaCode,
    /// The office that issued it.
    pub issuer: Party,
    /// The enterprise.
    pub enterprise: Party,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
    /// By which version of the rule it counts.
    #[schema(example = 1)]
    pub rule_version: i32,
    /// What it counts.
    pub figures: CertificateFigures,
    /// The SHA-256 of the question, the rule's version and the figures, hexadecimal.
    pub digest: String,
    /// The code by which anybody can check it (查验码).
    #[schema(example = "7K3Q-9XAB-0H5M-2TZC")]
    pub code: String,
    /// The hash of its file, hexadecimal.
    pub sha256: String,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// That it no longer holds; null while it does.
    pub revocation: Option<AidCertificateRevocation>,
    /// 1 while it holds, 2 once it is revoked.
    #[schema(example = 1)]
    pub version: i64,
}

impl AidCertificate {
    /// A certificate with what it counts, the names of its sides, and its revocation if there is one.
    #[must_use]
    pub fn of(
        row: aid_certificate::Model,
        figures: CertificateFigures,
        names: &HashMap<OrganisationId, String>,
        revocation: Option<aid_certificate_revocation::Model>,
    ) -> Self {
        let party = |id: OrganisationId| Party { id, name: names.get(&id).cloned().unwrap_or_default() };
        Self {
            issuer: party(row.issuer_id),
            enterprise: party(row.enterprise_id),
            id: row.id,
            number: row.number,
            county_code: row.county_code,
            from: row.from_date,
            until: row.until_date,
            rule_version: row.rule_version,
            figures,
            digest: row.digest,
            code: row.code,
            sha256: row.sha256,
            issued_at: row.issued_at,
            version: if revocation.is_some() { 2 } else { 1 },
            revocation: revocation.map(Into::into),
        }
    }
}

/// What a code stands for (证书查验).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AidCertificateCheck {
    /// The code.
    #[schema(example = "7K3Q-9XAB-0H5M-2TZC")]
    pub code: String,
    /// Whether it holds: the kept content has this code, and nobody revoked it.
    pub is_valid: bool,
    /// Whether the kept content still has this code.
    pub is_genuine: bool,
    /// That it no longer holds; null while it does.
    pub revocation: Option<AidCertificateRevocation>,
    /// The number people quote.
    pub number: String,
    /// The enterprise's name.
    pub enterprise_name: String,
    /// The office's name.
    pub issuer_name: String,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
    /// What it counts.
    pub figures: CertificateFigures,
    /// The rule by which it counts, in words.
    pub rule: String,
    /// The version of that rule.
    #[schema(example = 1)]
    pub rule_version: i32,
    /// The SHA-256 of the question, the rule's version and the figures, hexadecimal.
    pub digest: String,
    /// The hash of its file, hexadecimal.
    pub sha256: String,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
}
