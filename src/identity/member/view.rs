//! Members as they go out, and what is decided about them.

use crate::http::Words;
use crate::identity::view::Person;
use crate::organisation::OrganisationBrief;
use chrono::{DateTime, Utc};
use entity::membership;
use entity::value::{MembershipId, MembershipState, OrganisationId, Role};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which members are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MemberQuery {
    /// How many at most: 1–100, 20 when not given.
    pub limit: Option<u64>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Only of this organisation.
    pub organisation_id: Option<OrganisationId>,
    /// Only with this role.
    pub role: Option<Role>,
    /// Only in this state.
    pub state: Option<MembershipState>,
}

/// Somebody who holds a role in an organisation (成员).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrganisationMember {
    /// The membership's identifier.
    pub id: MembershipId,
    /// Who.
    pub person: Person,
    /// Where.
    pub organisation: OrganisationBrief,
    /// As what.
    pub role: Role,
    /// Whether they hold it now.
    pub state: MembershipState,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}

/// Whether a membership holds.
pub fn state_of(row: &membership::Model) -> MembershipState {
    match (row.is_active, row.removed_at) {
        (true, _) => MembershipState::Active,
        (false, None) => MembershipState::Suspended,
        (false, Some(_)) => MembershipState::Removed,
    }
}

/// Another role for a member.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeMember {
    /// The role they have from now on; of those the kind of organisation has.
    pub role: Role,
}

/// Why something is decided about somebody.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberReason {
    /// The reason, which stays on record.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "借调期满")]
    pub reason: Words<200>,
}
