//! What comes in and goes out about land.

use chrono::{DateTime, NaiveDate, Utc};
use entity::household_land;
use entity::value::{HouseholdId, HouseholdLandId, LandKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Land to be registered for a household.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLand {
    /// What kind of land.
    pub kind: LandKind,
    /// All the household has of this kind, in square metres (one mu 亩 is 667 of them); zero when it has none any more.
    #[schema(minimum = 0, maximum = 100_000_000, example = 3335)]
    pub square_metres: i64,
    /// From which day it is so; not in the future.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub from_date: NaiveDate,
    /// The contract or survey it follows from.
    #[schema(min_length = 1, max_length = 200, example = "农村土地承包经营权证 2019")]
    pub source: String,
}

/// Land of a household.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Land {
    /// Its identifier.
    pub id: HouseholdLandId,
    /// The household.
    pub household_id: HouseholdId,
    /// What kind of land.
    pub kind: LandKind,
    /// How much, in square metres.
    #[schema(example = 3335)]
    pub square_metres: i64,
    /// From which day.
    pub from_date: NaiveDate,
    /// What it follows from.
    pub source: String,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

/// Land of a kind that goes from one household to another with a case (承包地分割).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LandShare {
    /// What kind of land.
    pub kind: LandKind,
    /// How much of it, in square metres.
    #[schema(minimum = 1, maximum = 100_000_000, example = 1334)]
    pub square_metres: i64,
}

/// Everything that was entered about a household's land, oldest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LandRecord {
    /// The entries.
    pub items: Vec<Land>,
}

impl From<household_land::Model> for Land {
    fn from(row: household_land::Model) -> Self {
        let household_land::Model {
            id,
            household_id,
            kind,
            square_metres,
            from_date,
            source,
            source_kind: _,
            entered_by: _,
            created_at,
        } = row;
        Self { id, household_id, kind, square_metres, from_date, source, created_at }
    }
}
