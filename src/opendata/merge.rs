//! Merging releases into a record, after the rules of the standard.
//!
//! <https://standard.open-contracting.org/1.1/en/schema/merging/>: what a later release says replaces what an earlier one
//! said; objects are merged member by member; lists of objects are merged by their `id`, objects without one are added;
//! lists of anything else, and the lists the schema marks with `wholeListMerge`, are replaced whole; a null removes; `tag`,
//! `id` and `date` of a release are no part of the contracting process.
//!
//! Promises: pure; the same releases give the same record whatever else there is; `.ci/opendata` compares it with the
//! standard's own tool on every release of a world.
//! The way back is [`difference`]: what a release has to say so that the record becomes what is known now.

use serde_json::{Map, Value, json};

/// Lists of objects that the schema of 1.1.5 marks with `wholeListMerge`, by the last members of their paths. Lists of
/// plain values are replaced whole anyway.
const WHOLE_LISTS: [&[&str]; 4] = [
    &["amendment", "changes"],
    &["amendments", "changes"],
    &["items", "additionalClassifications"],
    &["additionalIdentifiers"],
];

/// What belongs to a release and not to the process.
const OF_THE_RELEASE: [&str; 3] = ["tag", "id", "date"];

fn is_whole(path: &[&str]) -> bool {
    WHOLE_LISTS.iter().any(|rule| path.ends_with(rule))
}

fn is_list_of_objects(items: &[Value]) -> bool {
    items.iter().all(Value::is_object)
}

/// Merges one release into the record so far.
pub fn merge_into(record: &mut Map<String, Value>, release: &Map<String, Value>) {
    for (name, value) in release {
        if !OF_THE_RELEASE.contains(&name.as_str()) {
            merge_member(record, name, value, &[name.as_str()]);
        }
    }
}

fn merge_object<'a>(into: &mut Map<String, Value>, from: &'a Map<String, Value>, path: &[&'a str]) {
    for (name, value) in from {
        let mut path = path.to_vec();
        path.push(name);
        merge_member(into, name, value, &path);
    }
}

fn merge_member<'a>(into: &mut Map<String, Value>, name: &str, value: &'a Value, path: &[&'a str]) {
    match value {
        Value::Null => {
            into.remove(name);
        }
        // An empty object or list says nothing.
        Value::Object(members) if members.is_empty() => {}
        Value::Object(members) => {
            let place = into.entry(name).or_insert_with(|| Value::Object(Map::new()));
            if !place.is_object() {
                *place = Value::Object(Map::new());
            }
            if let Value::Object(place) = place {
                merge_object(place, members, path);
            }
        }
        Value::Array(items) if !is_whole(path) && is_list_of_objects(items) => {
            if items.is_empty() {
                return;
            }
            let place = into.entry(name).or_insert_with(|| Value::Array(Vec::new()));
            if !place.is_array() {
                *place = Value::Array(Vec::new());
            }
            if let Value::Array(place) = place {
                merge_list(place, items, path);
            }
        }
        plain => {
            into.insert(name.to_owned(), plain.clone());
        }
    }
}

fn merge_list<'a>(into: &mut Vec<Value>, items: &'a [Value], path: &[&'a str]) {
    for item in items {
        let Value::Object(members) = item else { continue };
        let known = members
            .get("id")
            .filter(|id| !id.is_null())
            .and_then(|id| into.iter().position(|there| there.get("id") == Some(id)));
        let index = known.unwrap_or_else(|| {
            into.push(Value::Object(Map::new()));
            into.len() - 1
        });
        if let Some(Value::Object(place)) = into.get_mut(index) {
            merge_object(place, members, path);
        }
    }
}

/// The compiled release of a process, from its releases in the order of their dates.
#[must_use]
pub fn compile<'a>(releases: impl IntoIterator<Item = &'a Value>) -> Value {
    let mut record = Map::new();
    let mut last = None;
    for release in releases {
        if let Value::Object(members) = release {
            merge_into(&mut record, members);
            last = Some(members);
        }
    }
    if let Some(last) = last {
        let said = |name: &str| last.get(name).and_then(Value::as_str).unwrap_or_default();
        record.insert("id".to_owned(), json!(format!("{}-{}", said("ocid"), said("date"))));
        record.insert("date".to_owned(), json!(said("date")));
    }
    record.insert("tag".to_owned(), json!(["compiled"]));
    Value::Object(record)
}

/// What a release has to say so that the record `before` becomes `now`: sections that changed, of lists at the top only the
/// objects that changed, and a null for each member that is gone.
#[must_use]
pub fn difference(before: &Map<String, Value>, now: &Map<String, Value>) -> Map<String, Value> {
    let mut said = Map::new();
    for (name, value) in now {
        match (before.get(name), value) {
            (Some(there), value) if there == value => {}
            (Some(Value::Array(there)), Value::Array(items)) if is_list_of_objects(items) => {
                let of = |id: Option<&Value>| there.iter().find(|one| id.is_some() && one.get("id") == id);
                let changed = items.iter().filter_map(|item| match of(item.get("id")) {
                    Some(there) if there == item => None,
                    there => Some(with_nulls(there, item)),
                });
                let changed: Vec<Value> = changed.collect();
                if !changed.is_empty() {
                    said.insert(name.clone(), Value::Array(changed));
                }
            }
            (there, value) => {
                said.insert(name.clone(), with_nulls(there, value));
            }
        }
    }
    said
}

/// A section said again as it is now, whole: objects of a list each beside what they were.
#[must_use]
pub fn restated(before: Option<&Value>, now: &Value) -> Value {
    match (before, now) {
        (Some(Value::Array(there)), Value::Array(items)) if is_list_of_objects(items) => {
            let of = |id: Option<&Value>| there.iter().find(|one| id.is_some() && one.get("id") == id);
            items.iter().map(|item| with_nulls(of(item.get("id")), item)).collect()
        }
        (before, now) => with_nulls(before, now),
    }
}

/// The object as it is now, with a null for each member it had before.
fn with_nulls(before: Option<&Value>, now: &Value) -> Value {
    match (before, now) {
        (Some(Value::Object(before)), Value::Object(now)) => {
            let mut all = Map::new();
            for name in before.keys().filter(|name| !now.contains_key(*name)) {
                all.insert(name.clone(), Value::Null);
            }
            for (name, value) in now {
                all.insert(name.clone(), with_nulls(before.get(name), value));
            }
            Value::Object(all)
        }
        (_, now) => now.clone(),
    }
}
