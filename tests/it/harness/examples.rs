//! Records real requests and answers as the examples of the API description: one file an operation.
//!
//! Only when `LIANNONG_RECORD` is set: `LIANNONG_RECORD=1 cargo test --workspace`, then `cargo run -- openapi`.

use actix_web::http::Method;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::LazyLock;

/// Method, path template and operation id of every operation.
static OPERATIONS: LazyLock<Vec<(String, String, String)>> = LazyLock::new(|| {
    let api = liannong::openapi::generated();
    let paths = api["paths"].as_object().unwrap();
    let mut all = Vec::new();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().unwrap() {
            all.push((method.clone(), path.clone(), operation["operationId"].as_str().unwrap().to_owned()));
        }
    }
    // Fixed words come before placeholders: `/products/mine` is not a product's id.
    all.sort_by_key(|(_, path, _)| path.matches('{').count());
    all
});

pub fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len() && template.iter().zip(path).all(|(t, p)| *t == p || t.starts_with('{'))
}

/// Lists are shortened: an example shows the form, not the quantity.
fn shorten(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().take(2).map(shorten).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, field)| (name, shorten(field))).collect(),
        other => other,
    }
}

/// When an answer becomes an example.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Where no test gave one before.
    IfNone,
    /// Instead of those before.
    Always,
}

/// Keeps a success as the example of its operation.
pub fn record(keep: Keep, method: &Method, path: &str, request: &[u8], status: u16, response: &[u8]) {
    if std::env::var_os("LIANNONG_RECORD").is_none() {
        return;
    }
    let path = path.split('?').next().unwrap_or_default();
    let method = method.as_str().to_ascii_lowercase();
    let found = OPERATIONS.iter().find(|(m, template, _)| *m == method && fits(template, path));
    let (Some((_, _, operation)), true) = (found, (200..300).contains(&status)) else { return };
    let mut example = json!({ "status": status });
    if let Ok(response) = serde_json::from_slice::<Value>(response) {
        example["response"] = shorten(response);
    }
    if let Ok(request) = serde_json::from_slice::<Value>(request) {
        example["request"] = shorten(request);
    }
    // A file that is asked for without a body has nothing to show.
    if example.get("response").is_none() && example.get("request").is_none() {
        return;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/examples");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join(format!("{operation}.json"));
    if keep == Keep::Always || !file.exists() {
        std::fs::write(file, serde_json::to_string_pretty(&example).unwrap() + "\n").unwrap();
    }
}
