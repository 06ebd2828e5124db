//! Who may help households, and how many each: pure.

use entity::value::{HelperPosition, OrganisationKind};

/// A cadre helps so many households at most, unless there is a reason.
pub const MOST_HOUSEHOLDS: usize = 3;

/// Whether a cadre who has so many may be given one more; a reason must be given from the fourth on.
#[must_use]
pub fn may_take(has: usize, reason: Option<&str>) -> bool {
    has < MOST_HOUSEHOLDS || reason.is_some_and(|reason| !reason.trim().is_empty())
}

/// Whether a position is one that a person in an organisation of this kind can hold: an established post of the township's
/// level or above stands in a public body, and no village committee is one; an enterprise has managers.
#[must_use]
pub fn fits(position: HelperPosition, of: OrganisationKind) -> bool {
    match position {
        HelperPosition::EstablishedCadre => matches!(
            of,
            OrganisationKind::FinanceDepartment
                | OrganisationKind::SupervisingUnit
                | OrganisationKind::BudgetUnit
                | OrganisationKind::AgricultureOffice
                | OrganisationKind::RevitalisationOffice
                | OrganisationKind::Township
                | OrganisationKind::AuditOffice
                | OrganisationKind::Federation
                | OrganisationKind::TradeUnion
        ),
        HelperPosition::EnterpriseManager => matches!(of, OrganisationKind::Enterprise | OrganisationKind::Company),
        HelperPosition::Other => true,
    }
}

/// Whether somebody of this position may help with this reason, or with none: one that is not provided for needs one.
#[must_use]
pub fn is_eligible(position: HelperPosition, reason: Option<&str>) -> bool {
    position != HelperPosition::Other || reason.is_some_and(|reason| !reason.trim().is_empty())
}
