//! How far a run sees, kept as a text so that it can be done later.

use crate::access::Scope;

/// A scope as a text.
#[must_use]
pub fn write(scope: &Scope) -> String {
    match scope {
        Scope::Everything => "everything".to_owned(),
        Scope::Organisation(id) => format!("organisation:{id}"),
        Scope::Tree(id) => format!("tree:{id}"),
        Scope::County(code) => format!("county:{code}"),
        Scope::AssignedHouseholds(person) => format!("assigned:{person}"),
    }
}

/// The scope that a text says; nothing for a text that says none.
#[must_use]
pub fn read(text: &str) -> Option<Scope> {
    if text == "everything" {
        return Some(Scope::Everything);
    }
    let (kind, what) = text.split_once(':')?;
    match kind {
        "organisation" => what.parse().ok().map(Scope::Organisation),
        "tree" => what.parse().ok().map(Scope::Tree),
        "county" => what.parse().ok().map(Scope::County),
        "assigned" => what.parse().ok().map(Scope::AssignedHouseholds),
        _ => None,
    }
}
