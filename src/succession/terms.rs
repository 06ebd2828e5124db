//! Which change asks for what: pure.

use entity::value::OrganisationChangeKind as Kind;

/// What is wrong with a change by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A new name is missing, the same as before, or given where nothing is renamed.
    Name,
    /// Not as many successors as the kind of change has.
    Successors,
}

/// Whether the organisation acts no more after such a change.
#[must_use]
pub fn ends(kind: Kind) -> bool {
    kind != Kind::Renamed
}

/// How many others go on for it, at least and at most.
#[must_use]
pub fn successors(kind: Kind) -> (usize, usize) {
    match kind {
        Kind::Renamed | Kind::Abolished => (0, 0),
        Kind::Merged => (1, 1),
        Kind::Split => (2, 20),
    }
}

/// Everything wrong with a change of an organisation that is called `present` today.
#[must_use]
pub fn faults(kind: Kind, present: &str, new_name: Option<&str>, others: usize) -> Vec<Fault> {
    let mut faults = Vec::new();
    let name_fits = match (kind, new_name) {
        (Kind::Renamed, Some(name)) => name != present,
        (Kind::Renamed, None) => false,
        (_, name) => name.is_none(),
    };
    if !name_fits {
        faults.push(Fault::Name);
    }
    let (least, most) = successors(kind);
    if !(least..=most).contains(&others) {
        faults.push(Fault::Successors);
    }
    faults
}
