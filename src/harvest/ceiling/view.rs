//! What comes in and goes out about ceilings and flags.

use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{AreaCode, CategoryCode, FlagState, Grams, LandKind, YieldCeilingId};
use entity::{delivery_flag, yield_ceiling};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A ceiling to be set.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCeiling {
    /// For this category and those below it.
    pub category_code: CategoryCode,
    /// In this county, prefecture or province; everywhere when absent. A county's office sets it for its own county.
    #[serde(default)]
    pub division_code: Option<AreaCode>,
    /// On which kind of land it grows.
    pub land_kind: LandKind,
    /// Grams from a square metre in a year: a thousand jin a mu (每亩千斤) are 750.
    #[schema(minimum = 1, maximum = 1_000_000, example = 900)]
    pub grams_per_square_metre: i64,
    /// From which day it holds.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub from_date: NaiveDate,
    /// The statistic or trial it follows from.
    #[schema(min_length = 1, max_length = 200, example = "2025 年县统计年鉴：水稻亩产 600 公斤")]
    pub source: String,
}

/// What a square metre can yield in a year at the most.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct YieldCeiling {
    /// Its identifier.
    pub id: YieldCeilingId,
    /// For this category and those below it.
    pub category_code: CategoryCode,
    /// In this region; null everywhere.
    pub division_code: Option<AreaCode>,
    /// On which kind of land.
    pub land_kind: LandKind,
    /// Grams from a square metre in a year.
    #[schema(example = 900)]
    pub grams_per_square_metre: i64,
    /// From which day.
    pub from_date: NaiveDate,
    /// What it follows from.
    pub source: String,
    /// When it was set.
    pub created_at: DateTime<Utc>,
}

/// Every ceiling, by category.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct YieldCeilings {
    /// The ceilings.
    pub items: Vec<YieldCeiling>,
}

/// Why a delivery is flagged, and what was decided (超产预警).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeliveryFlag {
    /// What the county decided.
    pub state: FlagState,
    /// By which ceiling.
    pub ceiling_id: YieldCeilingId,
    /// The land that was registered, in square metres.
    #[schema(example = 1000)]
    pub square_metres: i64,
    /// What that land can yield in the year.
    pub ceiling_grams: Grams,
    /// What the household had delivered in the year, this delivery included.
    pub delivered_grams: Grams,
    /// Why it was decided so.
    pub opinion: Option<String>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
}

/// What a county may decide about a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FlagDecision {
    /// It is in order: the delivery may be packed (属实).
    Accept,
    /// It is not: it stays out of every lot (不属实).
    Reject,
}

/// A decision about a flagged delivery.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideFlag {
    /// What is decided.
    pub decision: FlagDecision,
    /// Why.
    #[schema(min_length = 1, max_length = 500, example = "入户核实：另有代种亲属承包地 5 亩。")]
    pub opinion: String,
}

impl From<yield_ceiling::Model> for YieldCeiling {
    fn from(row: yield_ceiling::Model) -> Self {
        let yield_ceiling::Model {
            id,
            category_code,
            division_code,
            land_kind,
            grams_per_square_metre,
            from_date,
            source,
            entered_by: _,
            created_at,
        } = row;
        Self { id, category_code, division_code, land_kind, grams_per_square_metre, from_date, source, created_at }
    }
}

impl From<delivery_flag::Model> for DeliveryFlag {
    fn from(row: delivery_flag::Model) -> Self {
        let delivery_flag::Model {
            delivery_id: _,
            ceiling_id,
            square_metres,
            ceiling_grams,
            delivered_grams,
            state,
            decided_by: _,
            decided_at,
            opinion,
        } = row;
        Self { state, ceiling_id, square_metres, ceiling_grams, delivered_grams, opinion, decided_at }
    }
}
