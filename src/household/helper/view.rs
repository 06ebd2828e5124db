//! Assignments as they come in and go out.

use crate::household::view::HouseholdBrief;
use crate::organisation::OrganisationBrief;
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{HelperAssignmentId, HelperPosition, HouseholdId, OrganisationId, PersonId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A household for a helper cadre.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignHelper {
    /// The household, in your county.
    pub household_id: HouseholdId,
    /// The user name of somebody with the role `helper_cadre`.
    #[schema(min_length = 3, max_length = 32, example = "leishan-helper")]
    pub username: String,
    /// For which organisation they help; needed when they have the role in several.
    pub organisation_id: Option<OrganisationId>,
    /// The first day; not in the future.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub from_date: NaiveDate,
    /// By which position they may help (帮扶人资格).
    pub position: HelperPosition,
    /// Why this cadre takes more than three households, or helps without such a position; needed from the fourth on, and for
    /// `other`.
    #[schema(min_length = 5, max_length = 200)]
    pub exception_reason: Option<String>,
}

/// The end of an assignment.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndAssignment {
    /// The last day; not in the future. The cadre sees the household no more from this moment on.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub until_date: NaiveDate,
    /// Why it ends.
    #[schema(min_length = 1, max_length = 200, example = "干部调离")]
    pub reason: String,
}

/// Which assignments are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AssignmentQuery {
    /// How many at most: 1–100, 20 when not given.
    pub limit: Option<u64>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Only of this household.
    pub household_id: Option<HouseholdId>,
    /// Only those that last (true) or have ended (false).
    pub open: Option<bool>,
}

/// Who helps.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Helper {
    /// Their identifier.
    pub person_id: PersonId,
    /// Their name.
    #[schema(example = "吴秀英")]
    pub display_name: String,
    /// For which organisation they help.
    pub organisation: OrganisationBrief,
}

/// A household assigned to a helper cadre (帮扶责任关系).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Assignment {
    /// Its identifier.
    pub id: HelperAssignmentId,
    /// Who is helped, masked.
    pub household: HouseholdBrief,
    /// Who helps.
    pub helper: Helper,
    /// The first day.
    pub from_date: NaiveDate,
    /// The last day; none while it lasts.
    pub until_date: Option<NaiveDate>,
    /// By which position they help; none where nobody was asked.
    pub position: Option<HelperPosition>,
    /// Why the cadre has more than three, or helps without such a position, where that is so.
    pub exception_reason: Option<String>,
    /// Why it ended.
    pub end_reason: Option<String>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}
