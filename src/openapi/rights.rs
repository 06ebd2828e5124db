//! Which right each operation demands, found out rather than written down.
//!
//! Promises: what the description, the page of rights and the tests say is what the handlers ask for: every
//! operation is called once, by nobody, and the grants its signature demands are noted. Nothing else happens,
//! because there is no house behind these calls.

use crate::access::policy;
use crate::access::{Caller, Reach};
use crate::http::Asked;
use crate::routes;
use actix_web::test::TestRequest;
use actix_web::{HttpMessage, dev::Service, test};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use utoipa_actix_web::AppExt;

/// The names of the rights demanded, by method (small letters) and path template.
pub type Rights = BTreeMap<(String, String), Vec<&'static str>>;

/// Asks every operation of this description.
#[must_use]
pub fn demanded(api: &Value) -> Rights {
    let operations: Vec<_> = super::operations(api).map(|(method, path, _)| (method.clone(), path.clone())).collect();
    // A runtime of its own, on a thread of its own: this is also called from inside one.
    let asking = std::thread::spawn(move || actix_web::rt::System::new().block_on(ask(operations)));
    asking.join().unwrap_or_default()
}

async fn ask(operations: Vec<(String, String)>) -> Rights {
    let (routes, _) = actix_web::App::new()
        .into_utoipa_app()
        .service(utoipa_actix_web::scope::scope(routes::BASE).configure(routes::all))
        .split_for_parts();
    let service = test::init_service(routes).await;
    let mut rights = Rights::new();
    for (method, path) in operations {
        let Ok(verb) = method.to_ascii_uppercase().parse() else { continue };
        let address: Vec<_> = path.split('/').map(|part| if part.starts_with('{') { "0" } else { part }).collect();
        let request = TestRequest::with_uri(&address.join("/")).method(verb).to_request();
        let asked = match service.call(request).await {
            Ok(answer) => answer.request().extensions().get::<Asked>().cloned(),
            Err(_) => None,
        };
        rights.insert((method, path), asked.unwrap_or_default().0);
    }
    rights
}

/// The rows of a right; none when the table does not know it.
#[must_use]
pub fn rows(right: &str) -> &'static [(Caller, Reach)] {
    policy::TABLE.iter().find(|(name, _)| *name == right).map_or(&[], |(_, rows)| rows)
}

/// Whether a right is everybody's, also without a token.
#[must_use]
pub fn is_public(right: &str) -> bool {
    rows(right).iter().any(|(caller, _)| *caller == Caller::Public)
}

/// How the documentation calls a caller.
#[must_use]
pub fn who(caller: Caller) -> &'static str {
    match caller {
        Caller::Public => "public",
        Caller::System => "system",
        Caller::Role(role) => role.as_str(),
    }
}

fn how_far(reach: Reach) -> &'static str {
    match reach {
        Reach::OwnOrganisation => "own organisation",
        Reach::OwnTree => "own organisation and those below",
        Reach::OwnCounty => "own county",
        Reach::AssignedHouseholds => "assigned households",
        Reach::Everything => "everything",
    }
}

/// The rows of a right in words: who, and how far.
#[must_use]
pub fn in_words(rows: &[(Caller, Reach)]) -> String {
    let rows: Vec<_> = rows.iter().map(|(caller, reach)| format!("{} ({})", who(*caller), how_far(*reach))).collect();
    rows.join(", ")
}

/// The page of rights: every operation with the right it demands, and who has it.
#[must_use]
pub fn page(api: &Value) -> String {
    let mut text = String::from(
        "# 权限表 Who may do what\n\n\
         Written by `liannong openapi` from the handlers and from [src/access/policy.rs](../src/access/policy.rs); the \
         access test tries every line. Whoever is not named gets 403; what is out of reach is not there (404).\n\n\
         | operation | right | who (how far) |\n|---|---|---|\n",
    );
    for (method, path, operation) in super::operations(api) {
        let right = operation["x-action"].as_str().unwrap_or_default();
        // Writing to a string cannot fail.
        let _written =
            writeln!(text, "| `{} {path}` | `{right}` | {} |", method.to_ascii_uppercase(), in_words(rows(right)));
    }
    text
}
