//! Every operation of the API description, tried by nobody, with a forged token and with an expired one.
//!
//! An operation is covered by being in the description.

use crate::harness::*;
use entity::value::state::OrganisationKind;
use entity::value::{Clock, role::Role};
use liannong::config::Config;

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

/// What a browser asks before it sends.
fn asks<'t>(house: &'t TestApp, origin: &str) -> Call<'t> {
    let call = house.options("/orders").header("Origin", origin).header("Access-Control-Request-Method", "POST");
    call.header("Access-Control-Request-Headers", "authorization,idempotency-key,content-type")
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

    /// Each account has its own measure, whatever address it comes from; who has none is counted by address.
    async fn an_account_and_an_address_pass_so_often_a_minute(t: TestApp) {
        let here = t.organisation(OrganisationKind::PlatformOperator, "110101").await;
        let (one, other) = (t.member(Role::PlatformOperator, here).await, t.member(Role::PlatformOperator, here).await);
        for number in 0..600 {
            let from = format!("198.51.100.{}", number % 200);
            assert_ne!(t.get("/nothing/of/this").by(&one).from(&from).await.status, 429, "what is not offered costs nothing");
            assert_eq!(t.get("/me").by(&one).from(&from).await.status, 200, "{number}");
        }
        let refused = t.get("/me").by(&one).from("203.0.113.9").await;
        assert_eq!(refused.header("retry-after"), Some("1"));
        refused.refused(429, "too_many_requests");
        t.get("/me").by(&other).from("203.0.113.9").await.ok();
        t.get("/me").by(&one).await.ok();
        for _ in 0..600 {
            t.get("/seals").from("203.0.113.7").await.ok();
        }
        t.get("/seals").from("203.0.113.7").await.refused(429, "too_many_requests");
        t.get("/seals").from("203.0.113.7").header("Authorization", "Bearer x").await.refused(429, "too_many_requests");
        t.get("/seals").from("203.0.113.8").await.ok();
        t.clock.advance(chrono::Duration::seconds(1));
        t.get("/me").by(&one).from("203.0.113.9").await.ok();
        t.get("/seals").from("203.0.113.7").await.ok();
    }

    async fn every_answer_brings_the_headers_that_protect_it(t: TestApp) {
        for path in ["/seals", "/nothing-here", "//healthz", "//openapi.json", "//docs/"] {
            let reply = t.get(path).await;
            assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{path}");
            assert_eq!(reply.header("x-frame-options"), Some("DENY"), "{path}");
            assert_eq!(reply.header("referrer-policy"), Some("no-referrer"), "{path}");
            assert_eq!(reply.header("cross-origin-opener-policy"), Some("same-origin"), "{path}");
            assert!(reply.header("permissions-policy").unwrap().contains("camera=()"), "{path}");
            let policy = reply.header("content-security-policy").unwrap();
            assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
            assert_eq!(policy.starts_with("default-src 'none'"), path != "//docs/", "{path}: {policy}");
            assert_eq!(reply.header("strict-transport-security"), None, "not without TLS in front");
            assert_eq!(reply.header("access-control-allow-origin"), None);
        }
        assert_eq!(t.get("/seals").await.header("cache-control"), Some("no-store"));
        assert_eq!(t.get("//.well-known/jwks.json").await.header("cache-control"), Some("public, max-age=300"));
        let strict = Config { production: true, ..t.app.config.clone() };
        let reply = TestApp::configured(t, strict).await.get("/seals").await;
        assert_eq!(reply.header("strict-transport-security"), Some("max-age=31536000; includeSubDomains"));
    }

    /// Closed by default; open to the origins that are listed, and to no other.
    async fn a_page_of_another_origin_is_let_in_when_it_is_listed(t: TestApp) {
        let closed = asks(t, "https://shop.example").await;
        assert_eq!(closed.header("access-control-allow-origin"), None);
        let open = Config { origins: vec!["https://shop.example".to_owned()], ..t.app.config.clone() };
        let open = TestApp::configured(t, open).await;
        let reply = asks(&open, "https://shop.example").await;
        assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, Some("https://shop.example")));
        assert_eq!(reply.header("access-control-allow-credentials"), None);
        for stranger in ["https://shop.example.evil.example", "http://shop.example", "https://evil.example", "null"] {
            assert_eq!(asks(&open, stranger).await.header("access-control-allow-origin"), None, "{stranger}");
            let reply = open.get("/seals").header("Origin", stranger).await;
            assert_eq!(reply.header("access-control-allow-origin"), None, "{stranger}");
        }
        let reply = open.get("/seals").header("Origin", "https://shop.example").await;
        assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, Some("https://shop.example")));
        assert!(reply.header("access-control-expose-headers").unwrap().to_lowercase().contains("etag"));
        assert!(reply.header("vary").unwrap().to_lowercase().contains("origin"));
    }
}

#[test]
fn an_origin_is_configured_whole_or_not_at_all() {
    use clap::Parser;
    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        config: Config,
    }
    let parse = |origin: &str| Only::try_parse_from(["x", "--origins", origin]).map(|only| only.config.origins);
    assert_eq!(
        parse("https://a.example,http://localhost:5173").unwrap(),
        ["https://a.example", "http://localhost:5173"]
    );
    for wrong in [
        "*",
        "https://*",
        "a.example",
        "https://a.example/",
        "https://a.example/path",
        "ftp://a.example",
        "https://u@a.example",
        "",
    ] {
        assert!(parse(wrong).is_err(), "{wrong}");
    }
    assert!(Only::try_parse_from(["x", "--reachable-networks", "10.0.0.0/40"]).is_err());
    assert!(Only::try_parse_from(["x", "--smallest-group", "0"]).is_err());
}
