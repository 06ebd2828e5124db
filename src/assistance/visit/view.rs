//! Visits as they come in and go out.

use crate::household::view::HouseholdBrief;
use crate::http::Words;
use chrono::{DateTime, Utc};
use entity::value::{FileId, HouseholdId, OrganisationId, PersonId, Role, VisitId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A point on the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MapPoint {
    /// Degrees north, in millionths.
    #[schema(minimum = -90_000_000, maximum = 90_000_000, example = 26_380_000)]
    pub latitude_e6: i64,
    /// Degrees east, in millionths.
    #[schema(minimum = -180_000_000, maximum = 180_000_000, example = 107_520_000)]
    pub longitude_e6: i64,
}

/// A visit.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVisit {
    /// When you were there; not in the future, and not more than a month ago.
    pub visited_at: DateTime<Utc>,
    /// Where, in words.
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "上寨村三组家中")]
    pub place: Words<100>,
    /// Where, on the map.
    #[serde(default)]
    pub point: Option<MapPoint>,
    /// What you saw.
    #[schema(value_type = String, min_length = 1, max_length = 2000, example = "新圈舍已完工，存栏两头；老人需复诊。")]
    pub seen: Words<2000>,
    /// Photos of it: uploaded pictures of yours.
    #[schema(min_items = 1, max_items = 9)]
    pub photo_file_ids: Vec<FileId>,
}

/// Which visits are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VisitQuery {
    /// How many at most: 1–100, 20 when not given.
    pub limit: Option<u64>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Only of this household.
    pub household_id: Option<HouseholdId>,
    /// Only by this person.
    pub person_id: Option<PersonId>,
    /// Only of this calendar year.
    #[param(minimum = 2000, maximum = 2199, example = 2026)]
    pub year: Option<i32>,
    /// Only those that show a picture which an earlier visit shows.
    pub reused_photo: Option<bool>,
}

/// A photo of a visit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VisitPhoto {
    /// Its number, by which its content is asked for.
    pub number: i32,
    /// The file.
    pub file_id: FileId,
    /// The earlier visit that shows the same picture, where one does.
    pub same_as: Option<VisitId>,
}

/// A visit at a household's home (走访记录).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Visit {
    /// Its identifier.
    pub id: VisitId,
    /// Who was visited, masked.
    pub household: HouseholdBrief,
    /// When.
    pub visited_at: DateTime<Utc>,
    /// Where, in words.
    pub place: String,
    /// Where, on the map.
    pub point: Option<MapPoint>,
    /// What was seen.
    pub seen: String,
    /// Photos of it.
    pub photos: Vec<VisitPhoto>,
    /// Who was there.
    pub person_id: PersonId,
    /// Their name.
    #[schema(example = "吴秀英")]
    pub display_name: String,
    /// For which organisation.
    pub organisation_id: OrganisationId,
    /// As what.
    pub role: Role,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}
