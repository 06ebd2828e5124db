//! What comes in and goes out.

use super::code;
use crate::http::Words;
use chrono::{DateTime, Utc};
use entity::referral_code;
use entity::value::{OrganisationId, ReferralCodeId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A referral code to be made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReferralCode {
    /// What it is for.
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "员工福利商城首页")]
    pub label: Words<100>,
}

/// A code by which an enterprise brings buyers (推荐码).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReferralCode {
    /// Its identifier.
    pub id: ReferralCodeId,
    /// The enterprise.
    pub enterprise_id: OrganisationId,
    /// The code, which a buyer gives with an order.
    #[schema(example = "7K3Q-9XAB")]
    pub code: String,
    /// The link that says whose it is.
    #[schema(example = "https://liannong.example/api/v1/referrals/7K3Q9XAB")]
    pub link: String,
    /// What it is for.
    #[schema(example = "员工福利商城首页")]
    pub label: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Since when it is no longer taken.
    pub ended_at: Option<DateTime<Utc>>,
    /// Grows with every change.
    #[schema(example = 1)]
    pub version: i64,
}

impl ReferralCode {
    /// A code, with its link below the house's public address.
    #[must_use]
    pub fn of(row: referral_code::Model, address: &str) -> Self {
        Self {
            id: row.id,
            enterprise_id: row.enterprise_id,
            link: format!("{address}/api/v1/referrals/{}", row.code),
            code: code::grouped(&row.code),
            label: row.label,
            created_at: row.created_at,
            ended_at: row.ended_at,
            version: row.version,
        }
    }
}

/// Whose code it is (推荐码查询).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Referral {
    /// The code.
    #[schema(example = "7K3Q-9XAB")]
    pub code: String,
    /// The enterprise's name.
    #[schema(example = "某某集团有限公司")]
    pub enterprise_name: String,
    /// Whether orders may still be placed by it.
    pub is_active: bool,
}
