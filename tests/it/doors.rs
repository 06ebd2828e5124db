//! Every operation of the API description, tried by nobody, with a forged token and with an expired one.
//!
//! An operation is covered by being in the description.

use crate::harness::*;
use entity::value::state::OrganisationKind;
use entity::value::{Clock, role::Role};

/// Method, path with a foreign identifier in every placeholder, and whether anybody may call it.
fn doors() -> Vec<(String, String, bool)> {
    let api = liannong::openapi::document(&Default::default());
    let mut doors = Vec::new();
    for (path, methods) in api["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let foreign = uuid::Uuid::now_v7().to_string();
            let filled: Vec<_> =
                path.split('/').map(|part| if part.starts_with('{') { foreign.as_str() } else { part }).collect();
            let open = operation["security"][0].as_object().is_some_and(|needs| needs.is_empty());
            doors.push((method.to_uppercase(), format!("/{}", filled.join("/")), open));
        }
    }
    doors
}

fn knock<'t>(t: &'t TestApp, method: &str, path: &str) -> Call<'t> {
    match method {
        "GET" => t.get(path),
        "POST" => t.post(path).json(serde_json::json!({})),
        "PUT" => t.put(path).json(serde_json::json!({})),
        "PATCH" => t.patch(path).json(serde_json::json!({})),
        "DELETE" => t.delete(path),
        other => panic!("an operation with {other}"),
    }
}

both! {
    async fn without_a_valid_token_every_door_but_the_public_ones_is_shut(t: TestApp) {
        let operator = t.organisation(OrganisationKind::PlatformOperator, "110101").await;
        let person = t.member(Role::PlatformOperator, operator).await;
        let (token, expires) = t.app.tokens.issue(&person.member, t.clock.now()).unwrap();
        let (head, signature) = token.rsplit_once('.').unwrap();
        let forged = format!("Bearer {head}.{}", signature.chars().rev().collect::<String>());
        let unsigned = format!("Bearer eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.{}.", head.split_once('.').unwrap().1);
        let token = format!("Bearer {token}");
        let mut tried = 0;
        for (method, path, open) in doors() {
            if !open {
                knock(t, &method, &path).await.refused(401, "unauthenticated");
                knock(t, &method, &path).header("Authorization", &forged).await.refused(401, "token_invalid");
                knock(t, &method, &path).header("Authorization", &unsigned).await.refused(401, "token_invalid");
                tried += 3;
            }
        }
        t.clock.set(expires);
        for (method, path, _) in doors().into_iter().filter(|(.., open)| !open) {
            knock(t, &method, &path).header("Authorization", &token).await.refused(401, "token_invalid");
            tried += 1;
        }
        println!("{tried} doors tried");
    }
}
