//! Which change asks for what: pure.

use entity::value::OrganisationChangeKind as Kind;

/// What is wrong with a change by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A new name is missing, the same as before, or given where nothing is renamed.
    Name,
    /// Not as many successors as the kind of change has.
    Successors,
    /// A new parent is missing, the same as before, or given where nothing is moved.
    Parent,
}

/// Whether the organisation acts no more after such a change.
#[must_use]
pub fn ends(kind: Kind) -> bool {
    !matches!(kind, Kind::Renamed | Kind::Moved)
}

/// How many others go on for it, at least and at most.
#[must_use]
pub fn successors(kind: Kind) -> (usize, usize) {
    match kind {
        Kind::Renamed | Kind::Moved | Kind::Abolished => (0, 0),
        Kind::Merged => (1, 1),
        Kind::Split => (2, 20),
    }
}

/// What is given goes with the kind of change, and is another than what is.
fn goes_with<T: PartialEq>(is_asked: bool, present: Option<T>, new: Option<T>) -> bool {
    match new {
        Some(new) => is_asked && Some(new) != present,
        None => !is_asked,
    }
}

/// Everything wrong with a change of an organisation that is called `name` and stands under `parent` today.
#[must_use]
pub fn faults<P: PartialEq>(
    kind: Kind,
    (name, new_name): (&str, Option<&str>),
    (parent, new_parent): (Option<P>, Option<P>),
    others: usize,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !goes_with(kind == Kind::Renamed, Some(name), new_name) {
        faults.push(Fault::Name);
    }
    if !goes_with(kind == Kind::Moved, parent, new_parent) {
        faults.push(Fault::Parent);
    }
    let (least, most) = successors(kind);
    if !(least..=most).contains(&others) {
        faults.push(Fault::Successors);
    }
    faults
}
