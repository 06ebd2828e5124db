//! Who may decide a step, for themselves or for somebody who is away: pure.

use chrono::NaiveDate;
use entity::approval_deputy as deputy;
use entity::value::{OrganisationId, PersonId, Role};

/// Whoever wants to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who {
    /// The person.
    pub person: PersonId,
    /// For which organisation they act.
    pub organisation: OrganisationId,
    /// In which role.
    pub role: Role,
}

/// What a step asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    /// Whoever has this role decides, unless a person is named.
    pub role: Option<Role>,
    /// In this organisation.
    pub organisation: OrganisationId,
    /// This person decides.
    pub person: Option<PersonId>,
    /// To whom it was handed on.
    pub delegate: Option<PersonId>,
}

/// As what somebody decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// For themselves.
    Own,
    /// For somebody who is away, or who handed it on.
    For(PersonId),
}

/// Whether a deputy stands in on a day.
#[must_use]
pub fn is_in_force(row: &deputy::Model, today: NaiveDate) -> bool {
    row.ended_at.is_none() && row.from_date <= today && today <= row.to_date
}

/// As what somebody may decide a step; none when it is not theirs. Of several ways the plainest counts.
#[must_use]
pub fn standing_of(seat: &Seat, who: &Who, deputies: &[deputy::Model], today: NaiveDate) -> Option<Standing> {
    // The organisation is a seat's: who has the role elsewhere has nothing to say here.
    let is_here = who.organisation == seat.organisation;
    let holds = |person: PersonId, role: Role| match (seat.person, seat.role) {
        (Some(named), _) => person == named,
        (None, wanted) => wanted == Some(role),
    };
    if is_here && holds(who.person, who.role) {
        return Some(Standing::Own);
    }
    if seat.delegate == Some(who.person) {
        return Some(seat.person.map_or(Standing::Own, Standing::For));
    }
    let stands_in = |row: &&deputy::Model| {
        row.deputy_id == who.person
            && row.organisation_id == who.organisation
            && row.organisation_id == seat.organisation
            && is_in_force(row, today)
            && holds(row.principal_id, row.role)
    };
    deputies.iter().find(stands_in).map(|row| Standing::For(row.principal_id))
}
