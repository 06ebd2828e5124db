//! The tags of a release: what about the process it says, in the closed list of the standard. Pure.

use serde_json::{Map, Value};
use std::collections::BTreeSet;

fn of_id<'a>(list: Option<&'a Value>, id: Option<&Value>) -> Option<&'a Value> {
    let Some(Value::Array(items)) = list else { return None };
    items.iter().find(|item| id.is_some() && item.get("id") == id)
}

fn items<'a>(of: &'a Map<String, Value>, name: &str) -> &'a [Value] {
    of.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Whether a member differs.
fn differs(before: &Value, now: &Value, name: &str) -> bool {
    before.get(name) != now.get(name)
}

/// The tags of what is said about the record before.
#[must_use]
pub fn tags(before: &Map<String, Value>, said: &Map<String, Value>) -> Vec<&'static str> {
    let mut tags = BTreeSet::new();
    if said.contains_key("planning") {
        tags.insert(if before.contains_key("planning") { "planningUpdate" } else { "planning" });
    }
    if let Some(tender) = said.get("tender") {
        tags.insert(match before.get("tender") {
            None => "tender",
            Some(there) if differs(there, tender, "status") => "tenderCancellation",
            Some(_) => "tenderUpdate",
        });
    }
    for award in items(said, "awards") {
        tags.insert(match of_id(before.get("awards"), award.get("id")) {
            None => "award",
            Some(there) if differs(there, award, "status") && award["status"] == "cancelled" => "awardCancellation",
            Some(_) => "awardUpdate",
        });
    }
    for contract in items(said, "contracts") {
        of_contract(of_id(before.get("contracts"), contract.get("id")), contract, &mut tags);
    }
    // Who takes part changed, and nothing else.
    if tags.is_empty() {
        tags.insert("tenderUpdate");
    }
    tags.into_iter().collect()
}

fn of_contract(before: Option<&Value>, now: &Value, tags: &mut BTreeSet<&'static str>) {
    let Some(there) = before else {
        tags.insert("contract");
        if now.get("implementation").is_some() {
            tags.insert("implementation");
        }
        return;
    };
    let has_implementation = there.get("implementation").is_some();
    if differs(there, now, "implementation") || differs(there, now, "relief") {
        tags.insert(if has_implementation { "implementationUpdate" } else { "implementation" });
    }
    if differs(there, now, "status") && now["status"] != "active" {
        tags.insert("contractTermination");
    } else if ["title", "value", "items", "dateSigned", "status"].iter().any(|name| differs(there, now, name)) {
        tags.insert("contractUpdate");
    }
}
