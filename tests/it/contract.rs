//! What the outside may rely on is committed and current.

use liannong::{cli, openapi, routes};
use std::collections::BTreeSet;
use std::path::Path;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi")
}

fn operations() -> Vec<(String, String, serde_json::Value)> {
    let text = std::fs::read_to_string(folder().join("openapi.json")).unwrap();
    let api: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut all = Vec::new();
    for (path, methods) in api["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            all.push((path.clone(), method.clone(), operation.clone()));
        }
    }
    all
}

#[test]
fn the_committed_description_and_problem_pages_are_current() {
    let mut expected = BTreeSet::new();
    for (name, content) in cli::openapi::files(&folder()).unwrap() {
        let committed = std::fs::read_to_string(folder().join(&name)).unwrap_or_default();
        assert!(committed == content, "openapi/{name} is not current; run `cargo run -- openapi`");
        expected.insert(name);
    }
    for page in std::fs::read_dir(folder().join("problems")).unwrap() {
        let name = format!("problems/{}", page.unwrap().file_name().to_string_lossy());
        assert!(expected.contains(&name), "openapi/{name} belongs to no problem kind; run `cargo run -- openapi`");
    }
}

#[test]
fn no_two_problem_kinds_share_a_code() {
    let codes: Vec<_> = routes::KINDS.iter().flat_map(|list| list.iter()).map(|kind| kind.code).collect();
    let distinct: BTreeSet<_> = codes.iter().collect();
    assert_eq!(codes.len(), distinct.len());
}

#[test]
fn every_operation_says_all_that_a_client_needs() {
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations() {
        let place = format!("{method} {path}");
        let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{place} has no operation id"));
        assert!(ids.insert(id.to_owned()), "two operations are called {id}");
        assert!(operation["summary"].is_string(), "{place} has no summary");
        assert!(operation["security"].is_array(), "{place} says nothing of its security");
        assert!(operation["responses"]["500"].is_object(), "{place} says nothing of its refusals");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{place} never succeeds");
        for (status, response) in responses {
            assert!(
                response["description"].as_str().is_some_and(|d| !d.is_empty()),
                "{place} does not describe {status}"
            );
        }
    }
}

/// Every `$ref` below a value.
fn references(value: &serde_json::Value) -> BTreeSet<String> {
    match value {
        serde_json::Value::Object(fields) => {
            let own = fields.get("$ref").and_then(serde_json::Value::as_str).map(str::to_owned);
            fields.values().flat_map(references).chain(own).collect()
        }
        serde_json::Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => BTreeSet::new(),
    }
}

#[test]
fn every_reference_leads_to_a_schema() {
    let api = openapi::generated();
    let dangling: Vec<_> = references(&openapi::document(&Default::default()))
        .into_iter()
        .filter(|to| to != "#/components/schemas/Problem")
        .filter(|to| api.pointer(to.trim_start_matches('#')).is_none())
        .collect();
    // A type that only a query names is described by nobody: it wants `#[param(inline)]`.
    assert!(dangling.is_empty(), "referred to and not described: {dangling:?}");
}

#[test]
fn every_operation_has_an_example_that_was_really_obtained() {
    for (path, method, operation) in operations() {
        let responses = operation["responses"].as_object().unwrap();
        for (status, response) in responses.iter().filter(|(status, _)| status.starts_with('2')) {
            if let Some(json) = response["content"].get("application/json") {
                assert!(json.get("example").is_some(), "{method} {path} has no example for {status}");
            }
        }
        if let Some(json) = operation["requestBody"]["content"].get("application/json") {
            assert!(json.get("example").is_some(), "{method} {path} has no example of its body");
        }
    }
}

#[test]
fn the_paths_offered_are_those_described() {
    let described: BTreeSet<_> = operations().into_iter().map(|(path, _, _)| path).collect();
    let offered: BTreeSet<_> = openapi::offered().into_iter().map(|(path, _)| path).collect();
    assert_eq!(described, offered);
}
