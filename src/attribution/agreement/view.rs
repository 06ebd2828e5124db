//! What comes in and goes out about agreements.

use crate::household::view::HouseholdBrief;
use chrono::{DateTime, NaiveDate, Utc};
use entity::agreement;
use entity::value::{AgreementId, AgreementState, BenefitMode, FenPerKilogram, FileId, HouseholdId, OrganisationId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// An agreement to be entered. The household is named by its number or by its identifier.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignAgreement {
    /// The household's national number (户编号), unless `household_id` is given.
    #[serde(default)]
    #[schema(example = "522625010100017")]
    pub household_number: Option<String>,
    /// The household, unless `household_number` is given.
    #[serde(default)]
    pub household_id: Option<HouseholdId>,
    /// How the household shares.
    pub mode: BenefitMode,
    /// Person-days for wages, share units for dividends, square metres for land rent; not for produce.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1_000_000_000, example = 120)]
    pub weight: Option<i64>,
    /// The agreed floor price (保底收购价); for produce only, and required there.
    #[serde(default)]
    pub price_fen_per_kg: Option<FenPerKilogram>,
    /// When it was signed; not in the future.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub signed_on: NaiveDate,
    /// Its first day.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub starts_on: NaiveDate,
    /// Its last day; at most 30 years after the first.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub ends_on: NaiveDate,
    /// A scan of it, uploaded before.
    #[serde(default)]
    pub evidence_file_id: Option<FileId>,
}

/// The early end of an agreement.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndAgreement {
    /// Its new last day: today or later, and not after the old one.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub ends_on: NaiveDate,
    /// Why, in 2–200 characters.
    #[schema(min_length = 2, max_length = 200, example = "双方协商一致提前终止")]
    pub reason: String,
}

/// What a list of agreements is asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AgreementQuery {
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
    /// Only those of this mode.
    pub mode: Option<BenefitMode>,
    /// Only those with this household.
    pub household_id: Option<HouseholdId>,
}

/// What a weight counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WeightUnit {
    /// Person-days (工日).
    PersonDays,
    /// Share units (股).
    ShareUnits,
    /// Square metres (平方米).
    SquareMetres,
}

impl WeightUnit {
    /// The unit of a mode; produce has none, because its weight is what was delivered.
    #[must_use]
    pub const fn of(mode: BenefitMode) -> Option<Self> {
        match mode {
            BenefitMode::ProducePurchase => None,
            BenefitMode::Wages => Some(Self::PersonDays),
            BenefitMode::Dividend => Some(Self::ShareUnits),
            BenefitMode::LandRent => Some(Self::SquareMetres),
        }
    }
}

/// A benefit agreement.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Agreement {
    /// Its identifier.
    pub id: AgreementId,
    /// The supplier.
    pub supplier_id: OrganisationId,
    /// Its name.
    pub supplier_name: String,
    /// The household, masked.
    pub household: Option<HouseholdBrief>,
    /// How the household shares.
    pub mode: BenefitMode,
    /// Its weight among the others of the mode; zero for produce.
    #[schema(example = 120)]
    pub weight: i64,
    /// What the weight counts.
    pub weight_unit: Option<WeightUnit>,
    /// The agreed floor price, for produce.
    pub price_fen_per_kg: Option<FenPerKilogram>,
    /// When it was signed.
    pub signed_on: NaiveDate,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// Its last day; it holds until then, also when it was ended early.
    pub ends_on: NaiveDate,
    /// A scan of it.
    pub evidence_file_id: Option<FileId>,
    /// Whether it runs to its agreed term or was ended early.
    pub state: AgreementState,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}

impl Agreement {
    pub(super) fn of(row: agreement::Model, supplier_name: String, household: Option<HouseholdBrief>) -> Self {
        let agreement::Model {
            id,
            supplier_id,
            household_id: _,
            mode,
            weight,
            price_fen_per_kg,
            starts_on,
            ends_on,
            signed_on,
            evidence_file_id,
            state,
            created_at,
            version,
        } = row;
        Self {
            id,
            supplier_id,
            supplier_name,
            household,
            mode,
            weight,
            weight_unit: WeightUnit::of(mode),
            price_fen_per_kg,
            signed_on,
            starts_on,
            ends_on,
            evidence_file_id,
            state,
            created_at,
            version,
        }
    }
}
