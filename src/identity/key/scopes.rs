//! Which actions a key may allow: pure, from the table of rights alone.

use crate::access::{Caller, policy};
use crate::identity::roles;
use entity::value::{OrganisationKind, Role};

/// The actions that a key of such an organisation may allow: those of the integrator that somebody there has too.
/// A right that rests on what an organisation is, as to sell, is so never another's.
#[must_use]
pub fn allowed_in(kind: OrganisationKind) -> Vec<&'static str> {
    let has = |rows: &[(Caller, _)], role: Role| rows.iter().any(|(caller, _)| *caller == Caller::Role(role));
    let people: Vec<Role> =
        Role::ALL.iter().copied().filter(|role| *role != Role::Integrator && roles::fits(*role, kind)).collect();
    policy::TABLE
        .iter()
        .filter(|(_, rows)| has(rows, Role::Integrator) && people.iter().any(|role| has(rows, *role)))
        .map(|(name, _)| *name)
        .collect()
}
