//! The API description: generated from the registered routes, completed with what holds for all of them.
//!
//! Promises: every operation names its security, its errors, its headers and an example that was really obtained.
//! The examples are recorded by the tests in `openapi/examples/`, one file an operation.

pub mod rights;

use crate::access::policy;
use crate::feed;
use crate::problem::Kind;
use crate::routes;
use serde_json::{Map, Value, json};
use std::fmt::Write;
use utoipa_actix_web::AppExt;

/// What the examples say, by operation id.
pub type Examples = std::collections::BTreeMap<String, Value>;

/// Path templates with their methods, for answering 405 where another method is offered.
pub type Offered = Vec<(String, Vec<String>)>;

/// The description as the routes give it.
#[must_use]
pub fn generated() -> Value {
    let (_, api) = actix_web::App::new()
        .into_utoipa_app()
        .service(utoipa_actix_web::scope::scope(routes::BASE).configure(routes::all))
        .split_for_parts();
    serde_json::to_value(api).unwrap_or_default()
}

/// The whole document, with examples.
#[must_use]
pub fn document(examples: &Examples) -> Value {
    let mut api = generated();
    api["openapi"] = json!("3.1.0");
    api["info"] = json!({
        "title": "Liannong 联农",
        "version": env!("CARGO_PKG_VERSION"),
        "description": description(),
        "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
    });
    api["servers"] = json!([{ "url": "/" }]);
    api["components"]["securitySchemes"] =
        json!({ "token": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" } });
    api["components"]["schemas"]["Problem"] = problem_schema();
    api["webhooks"] = feed::webhooks();
    let demanded = rights::demanded(&api);
    for (path, operations) in api["paths"].as_object_mut().into_iter().flatten() {
        for (method, operation) in operations.as_object_mut().into_iter().flatten() {
            let rights = demanded.get(&(method.clone(), path.clone())).map_or(&[][..], Vec::as_slice);
            guard(operation, rights);
            complete(method, path, operation, examples);
        }
    }
    api
}

/// Every operation of a description: method, path template, operation.
pub fn operations(api: &Value) -> impl Iterator<Item = (&String, &String, &Value)> {
    let paths = api["paths"].as_object().into_iter().flat_map(Map::iter);
    paths.flat_map(|(path, methods)| {
        methods.as_object().into_iter().flat_map(Map::iter).map(move |(method, operation)| (method, path, operation))
    })
}

/// Says which right an operation demands, and who has it.
fn guard(operation: &mut Value, demanded: &[&'static str]) {
    let right = demanded.join(" + ");
    let public = !demanded.is_empty() && demanded.iter().all(|right| rights::is_public(right));
    // Who brings a token to an open door is known by it, and may see more.
    operation["security"] = if public { json!([{}, { "token": [] }]) } else { json!([{ "token": [] }]) };
    let who = rights::in_words(rights::rows(&right));
    let said = operation["description"].as_str().map(|said| format!("{said}\n\n")).unwrap_or_default();
    operation["description"] = format!("{said}权限 Right: `{right}` – {who}.").into();
    operation["x-roles"] = rights::rows(&right).iter().map(|(caller, _)| rights::who(*caller)).collect();
    operation["x-action"] = right.into();
}

/// The access table, for people.
fn description() -> String {
    let mut text = String::from(
        "消费帮扶采购与收益到户平台。金额为整数分，重量为整数克，时间为 UTC。\n\n\
         A marketplace whose every fen can be followed from a buyer's payment to a household. Money is whole fen, \
         weight whole grams, time UTC.\n\n\
         Requests that move money or stock need an `Idempotency-Key`; changes need the `ETag` you read as `If-Match`. \
         Refusals are `application/problem+json` in Chinese or English by `Accept-Language`; each `type` has a page.\n\n\
         ## 权限表 Who may do what\n\n| right | who (how far) |\n|---|---|\n",
    );
    for (action, rows) in policy::TABLE {
        // Writing to a string cannot fail.
        let _written = writeln!(text, "| `{action}` | {} |", rights::in_words(rows));
    }
    text
}

fn problem_schema() -> Value {
    json!({
        "type": "object",
        "description": "A refusal (RFC 9457).",
        "required": ["type", "code", "title", "status", "detail", "instance"],
        "properties": {
            "type": { "type": "string", "format": "uri-reference", "examples": ["/problems/insufficient_stock"] },
            "code": { "type": "string", "examples": ["insufficient_stock"] },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string" },
            "instance": { "type": "string", "description": "The request's identifier; quote it when you write to us." },
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["pointer", "detail"],
                    "properties": { "pointer": { "type": "string" }, "detail": { "type": "string" } },
                },
            },
        },
    })
}

fn problem_content() -> Value {
    json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } })
}

fn has_parameter(operation: &Value, name: &str) -> bool {
    operation["parameters"].as_array().is_some_and(|all| all.iter().any(|p| p["name"] == name))
}

/// Whether a parameter behind the question mark names something that may not be there.
fn is_asked_by_identifier(operation: &Value) -> bool {
    let mut asked = operation["parameters"].as_array().into_iter().flatten().filter(|p| p["in"] == "query");
    asked.any(|parameter| {
        let schema = parameter["schema"].to_string();
        schema.contains("Id\"") || schema.contains("\"uuid\"")
    })
}

/// Operations that anybody may call.
fn is_public(operation: &Value) -> bool {
    operation["security"][0].as_object().is_some_and(Map::is_empty)
}

/// Adds to one operation what follows from what it takes.
fn complete(method: &str, path: &str, operation: &mut Value, examples: &Examples) {
    let public = is_public(operation);
    let (has_body, has_version) = (operation.get("requestBody").is_some(), has_parameter(operation, "If-Match"));
    let mut refusals = vec![
        // Whatever is not described is refused, at every operation.
        (400, "Not readable, a field is not acceptable, or a parameter is not known"),
        (429, "Too many requests in a minute; see Retry-After"),
        (500, "Ours, and recorded"),
        (503, "Busy; try again"),
    ];
    if public {
        refusals.push((401, "The token sent along is not valid"));
    } else {
        refusals.extend([(401, "Not signed in"), (403, "The role may not")]);
    }
    if path.contains('{') || has_body || is_asked_by_identifier(operation) {
        refusals.push((404, "Not there, or not yours to see"));
    }
    if has_body {
        refusals.extend([(413, "Too large"), (415, "This type of content is not accepted")]);
    }
    // Whatever does something may find that it cannot be done now.
    if method != "get" {
        refusals.extend([(409, "Its present state does not allow this"), (422, "Readable but refused")]);
    }
    if has_version {
        refusals.extend([(412, "Changed meanwhile"), (428, "If-Match is missing")]);
    }
    for (status, description) in refusals {
        let key = status.to_string();
        if operation["responses"].get(&key).is_none() {
            operation["responses"][key] = json!({ "description": description });
        }
    }
    // Refusals that only some operations know are named where they are registered; their form is everybody's.
    for (status, response) in operation["responses"].as_object_mut().into_iter().flatten() {
        if status.starts_with(['4', '5']) {
            response["content"] = problem_content();
        }
    }
    let Some(example) = operation["operationId"].as_str().and_then(|id| examples.get(id)) else { return };
    let status = &example["status"];
    for (part, place) in [
        ("request", "/requestBody/content/application~1json".to_owned()),
        ("response", format!("/responses/{status}/content/application~1json")),
    ] {
        // Asked for by pointer, because an index would put a null where nothing is.
        if let (Some(said), Some(content)) = (example.get(part), operation.pointer_mut(&place)) {
            content["example"] = said.clone();
        }
    }
}

/// Every path with the methods offered at it.
#[must_use]
pub fn offered() -> Offered {
    let api = generated();
    let paths = api["paths"].as_object().cloned().unwrap_or_default();
    paths
        .into_iter()
        .map(|(path, operations)| {
            let methods = operations.as_object().map(|o| o.keys().map(|m| m.to_ascii_uppercase()).collect());
            (path, methods.unwrap_or_default())
        })
        .collect()
}

/// The names of the parameters of each operation that are written behind the question mark, by method and path.
pub type Parameters = std::collections::HashMap<(String, String), Vec<String>>;

/// What every operation understands behind the question mark.
#[must_use]
pub fn query_parameters() -> Parameters {
    let api = generated();
    let named = |operation: &Value| {
        let all = operation["parameters"].as_array().into_iter().flatten().filter(|p| p["in"] == "query");
        all.filter_map(|p| p["name"].as_str().map(str::to_owned)).collect()
    };
    operations(&api)
        .map(|(method, path, operation)| ((method.to_ascii_uppercase(), path.clone()), named(operation)))
        .collect()
}

/// The page of a problem kind, as Markdown.
#[must_use]
pub fn problem_page(kind: &Kind) -> String {
    format!(
        "# {zh}\n\n{en}\n\n| | |\n|---|---|\n| code | `{code}` |\n| status | {status} |\n| type | `/problems/{code}` |\n\n\
         ## 怎么办 What to do\n\n{remedy_zh}\n\n{remedy_en}\n",
        zh = kind.zh,
        en = kind.en,
        code = kind.code,
        status = kind.status,
        remedy_zh = kind.remedy.0,
        remedy_en = kind.remedy.1,
    )
}
