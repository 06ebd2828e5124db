//! What no caller can do, whatever is sent where: every text, number and day of every operation's example is spoilt
//! in turn, every parameter too. An operation is covered by having an example.

use crate::harness::*;
use entity::value::role::Role;
use entity::value::state::OrganisationKind;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use std::path::Path;

/// One operation that takes a body, as it was once called.
struct Operation {
    id: String,
    method: String,
    path: String,
    body: Value,
}

fn operations() -> Vec<Operation> {
    let api = liannong::openapi::generated();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/examples");
    let mut all = Vec::new();
    for (path, methods) in api["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            let Ok(example) = std::fs::read(folder.join(format!("{id}.json"))) else { continue };
            let mut example: Value = serde_json::from_slice(&example).unwrap();
            let body = example["request"].take();
            if method != "get" && body.is_object() {
                all.push(Operation { id, method: method.to_uppercase(), path: filled(&api, path, operation), body });
            }
        }
    }
    assert!(all.len() > 20, "only {} operations have an example with a body", all.len());
    all
}

/// A path with something of the right shape in every placeholder, as the description tells it: a word it knows, a
/// number, or the identifier of nothing that is there.
fn filled(api: &Value, path: &str, operation: &Value) -> String {
    let fill = |part: &str| {
        let Some(name) = part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else { return part.to_owned() };
        let mut parameters = operation["parameters"].as_array().into_iter().flatten();
        let mut schema = &parameters.find(|p| p["in"] == "path" && p["name"] == name).unwrap()["schema"];
        if let Some(named) = schema["$ref"].as_str() {
            schema = api.pointer(&named[1..]).unwrap();
        }
        match ["enum", "examples"].iter().find_map(|known| schema[known][0].as_str()) {
            Some(word) => word.to_owned(),
            None if schema["type"] == "integer" => "1".to_owned(),
            None => uuid::Uuid::now_v7().to_string(),
        }
    };
    let path = path.strip_prefix("/api/v1").unwrap_or(path);
    path.split('/').map(fill).collect::<Vec<_>>().join("/")
}

/// Every place in a body that holds no other, as a pointer.
fn leaves(value: &Value, at: String, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, field)| leaves(field, format!("{at}/{name}"), found)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| leaves(item, format!("{at}/{index}"), found));
        }
        leaf => found.push((at, leaf.clone())),
    }
}

/// One person for each role, all of one organisation.
async fn people(t: &TestApp) -> Vec<Person> {
    let here = t.organisation(OrganisationKind::Cooperative, "522625").await;
    let mut people = Vec::new();
    for role in Role::ALL {
        people.push(t.member(*role, here).await);
    }
    people
}

fn send<'t>(t: &'t TestApp, operation: &Operation, body: Value, key: &str) -> Call<'t> {
    let call = match operation.method.as_str() {
        "POST" => t.post(&operation.path),
        "PUT" => t.put(&operation.path),
        _ => t.patch(&operation.path),
    };
    call.key(key).if_match("\"1\"").json(body)
}

/// Somebody whose role may use the operation; the public ones are open to the first.
async fn somebody<'p>(t: &TestApp, people: &'p [Person], operation: &Operation) -> &'p Person {
    for person in people {
        if send(t, operation, json!([]), "who").by(person).await.status != 403 {
            return person;
        }
    }
    panic!("nobody may {}", operation.id)
}

async fn count(t: &TestApp, table: &str) -> i64 {
    let statement =
        Statement::from_string(t.direct().get_database_backend(), format!("select count(*) as n from {table}"));
    t.direct().query_one_raw(statement).await.unwrap().unwrap().try_get("", "n").unwrap()
}

both! {
    /// PostgreSQL keeps no NUL, and what cannot be seen makes one name look like another.
    async fn no_text_of_any_body_holds_what_cannot_be_seen(t: TestApp) {
        let people = people(t).await;
        let before = count(t, "audit_event").await;
        let mut tried = 0;
        for operation in operations() {
            let person = somebody(t, &people, &operation).await;
            let mut places = Vec::new();
            leaves(&operation.body, String::new(), &mut places);
            for (pointer, _) in places.iter().filter(|(_, leaf)| leaf.is_string()) {
                for hidden in ["名\u{0}", "\u{7}名", "名\u{9F}", "\u{202E}名", "\u{200B}", "\u{FEFF}名"] {
                    let mut body = operation.body.clone();
                    *body.pointer_mut(pointer).unwrap() = json!(hidden);
                    let refusal = send(t, &operation, body, &format!("k{tried}")).by(person).await;
                    let refusal = refusal.refused(400, "invalid_fields");
                    assert_eq!(refusal["errors"][0]["pointer"], *pointer, "{}: {refusal}", operation.id);
                    tried += 1;
                }
            }
        }
        assert_eq!(count(t, "audit_event").await, before, "a refusal leaves no trace");
        println!("{tried} bodies tried");
    }

    /// Days and numbers that make no sense are the caller's fault, never ours.
    async fn no_day_and_no_number_of_any_body_can_break_the_house(t: TestApp) {
        let people = people(t).await;
        let mut tried = 0;
        for operation in operations() {
            let person = somebody(t, &people, &operation).await;
            let mut places = Vec::new();
            leaves(&operation.body, String::new(), &mut places);
            for (pointer, leaf) in places {
                let is_day = leaf.as_str().is_some_and(|text| text.parse::<chrono::NaiveDate>().is_ok());
                let spoilt = if is_day {
                    ["0001-01-01", "9999-12-31", "2026-02-30", "+99999-01-01", "-0001-01-01", "2026-1-1", ""].map(Value::from).to_vec()
                } else if leaf.is_number() {
                    ["-1", "1.5", "1e400", "9223372036854775807", "-9223372036854775809", "18446744073709551616", "\"1\"", "null"]
                        .iter()
                        .filter_map(|text| serde_json::from_str(text).ok())
                        .collect()
                } else {
                    continue;
                };
                for value in spoilt {
                    let mut body = operation.body.clone();
                    *body.pointer_mut(&pointer).unwrap() = value.clone();
                    let reply = send(t, &operation, body, &format!("k{tried}")).by(person).await;
                    let words = String::from_utf8_lossy(&reply.body).into_owned();
                    assert!(reply.status < 500, "{} {pointer} {value}: {words}", operation.id);
                    // A receipt is judged, not taken in: whatever it says, the answer is what is wrong with it.
                    let is_refused = reply.status == 400 || operation.id == "verify_receipt";
                    assert!(!is_day || is_refused, "{} {pointer} {value}: {words}", operation.id);
                    tried += 1;
                }
            }
        }
        println!("{tried} bodies tried");
    }

    async fn no_parameter_holds_what_cannot_be_read(t: TestApp) {
        let people = people(t).await;
        let api = liannong::openapi::generated();
        let mut tried = 0;
        for (path, methods) in api["paths"].as_object().unwrap() {
            let Some(parameters) = methods["get"]["parameters"].as_array() else { continue };
            for name in parameters.iter().filter(|p| p["in"] == "query").map(|p| p["name"].as_str().unwrap()) {
                for spoilt in ["%00", "a%07", "%E4%B8", "%E2%80%AEa"] {
                    for person in &people {
                        let reply = t.get(&format!("{}?{name}={spoilt}", filled(&api, path, &methods["get"]))).by(person).await;
                        assert!([400, 403].contains(&reply.status), "{path} {name} {spoilt}: {}", reply.status);
                        tried += 1;
                    }
                }
            }
        }
        println!("{tried} addresses tried");
    }

    /// A slip of the pen must not become a list without its filter.
    async fn no_operation_takes_a_parameter_it_does_not_have(t: TestApp) {
        let people = people(t).await;
        let api = liannong::openapi::generated();
        let mut tried = 0;
        for (path, methods) in api["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let own = operation["parameters"].as_array().into_iter().flatten().find(|p| p["in"] == "query");
                let mut strange = vec!["surely_unknown".to_owned()];
                // A known name in other letters is another name.
                strange.extend(own.map(|p| p["name"].as_str().unwrap().to_uppercase()));
                for name in strange {
                    let operation = Operation {
                        id: String::new(), method: method.to_uppercase(), path: format!("{}?{name}=1", filled(&api, path, operation)), body: Value::Null,
                    };
                    let reply = match operation.method.as_str() {
                        "GET" => t.get(&operation.path).by(&people[0]).await,
                        "DELETE" => t.delete(&operation.path).by(&people[0]).await,
                        _ => send(t, &operation, json!({}), "strange").by(&people[0]).await,
                    };
                    let refused = reply.refused(400, "invalid_fields");
                    assert_eq!(refused["errors"][0]["pointer"], format!("?{name}"), "{method} {path}");
                    tried += 1;
                }
            }
        }
        println!("{tried} parameters tried");
        t.get("/seals?").await.ok();
        t.get("/seals?%00=1").await.refused(400, "invalid_fields");
        t.get("//healthz?anything=1").await.ok();
    }

    /// A cursor goes on in the list that gave it, with whatever filter, and in no other.
    async fn a_cursor_of_one_list_is_refused_by_every_other(t: TestApp) {
        let platform = t.organisation(OrganisationKind::PlatformOperator, "110101").await;
        let operator = t.member(Role::PlatformOperator, platform).await;
        for number in 0..3 {
            let programme = json!({ "name": format!("行动{number}"), "starts_on": "2026-01-01", "ends_on": "2026-12-31" });
            t.post("/programmes").by(&operator).json(programme).await.created();
        }
        let page = t.get("/programmes?limit=1").by(&operator).await.ok();
        let cursor = page["next"].as_str().unwrap().to_owned();
        t.get(&format!("/programmes?limit=2&cursor={cursor}")).by(&operator).await.ok();
        let api = liannong::openapi::generated();
        let people = people(t).await;
        let mut tried = 0;
        for (path, methods) in api["paths"].as_object().unwrap() {
            let takes = methods["get"]["parameters"].as_array().is_some_and(|all| all.iter().any(|p| p["name"] == "cursor"));
            if !takes || path.ends_with("/programmes") {
                continue;
            }
            for person in people.iter().chain([&operator]) {
                let reply = t.get(&format!("{}?cursor={cursor}", filled(&api, path, &methods["get"]))).by(person).await;
                // Behind an identifier that is not there, that is said first or last.
                let expected: &[u16] = if path.contains('{') { &[400, 403, 404] } else { &[400, 403] };
                assert!(expected.contains(&reply.status), "{path}: {}", reply.status);
                tried += 1;
            }
        }
        assert!(tried > 100, "{tried}");
    }

    /// The parameter at fault is named, in the caller's language and not in the parser's.
    async fn a_parameter_at_fault_is_named(t: TestApp) {
        let refusal = t.get("/relief-counties?limit=-1&name=a").in_english().await.refused(400, "invalid_fields");
        assert_eq!(refusal["errors"][0], json!({ "pointer": "?limit", "detail": "a whole number is expected" }));
        let refusal = t.get("/products?in_stock=maybe").await.refused(400, "invalid_fields");
        assert_eq!(refusal["errors"][0], json!({ "pointer": "?in_stock", "detail": "应为 true 或 false" }));
    }

    async fn what_was_sent_is_not_sent_back_at_length(t: TestApp) {
        let people = people(t).await;
        for operation in operations() {
            let person = somebody(t, &people, &operation).await;
            let mut places = Vec::new();
            leaves(&operation.body, String::new(), &mut places);
            for (pointer, _) in places {
                let mut body = operation.body.clone();
                *body.pointer_mut(&pointer).unwrap() = json!("长".repeat(20_000));
                let reply = send(t, &operation, body, "long").by(person).await;
                let bytes = reply.body.len();
                assert!(reply.status < 500 && bytes < 4000, "{} {pointer}: {} with {bytes} bytes", operation.id, reply.status);
            }
        }
    }

    /// A refused value may be an identity number; where it stood is enough for a log.
    async fn a_refusal_in_the_log_says_where_and_not_what(t: TestApp) {
        let _same_on_both = t.is_postgres();
        #[derive(Debug, serde::Deserialize)]
        struct Person { #[expect(dead_code, reason = "only read")] age: i64 }
        let refused = liannong::http::body::parse::<Person>(br#"{"age":"110101199003070011"}"#).unwrap_err();
        assert_eq!(refused.to_string(), "invalid_fields /age");
        assert!(refused.problem().errors[0].detail.en.contains("110101199003070011"), "its sender may read it");
        let refused = liannong::http::body::parse::<Person>("{\"age\":1,\"杨某\":1}".as_bytes());
        assert!(refused.is_ok());
    }

    async fn a_body_that_says_it_is_no_json_is_not_read(t: TestApp) {
        let here = t.organisation(OrganisationKind::PlatformOperator, "110101").await;
        let operator = t.member(Role::PlatformOperator, here).await;
        let programme = json!({ "name": "万企兴万村", "starts_on": "2026-01-01", "ends_on": "2026-12-31" }).to_string();
        let people = people(t).await;
        for operation in operations() {
            let person = somebody(t, &people, &operation).await;
            let call = match operation.method.as_str() {
                "POST" => t.post(&operation.path),
                "PUT" => t.put(&operation.path),
                _ => t.patch(&operation.path),
            };
            let call = call.key("type").if_match("\"1\"").by(person).bytes("text/plain", operation.body.to_string().into_bytes());
            let reply = call.await;
            assert_eq!(reply.status, 415, "{}: {}", operation.id, String::from_utf8_lossy(&reply.body));
        }
        for other in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"] {
            let call = t.post("/programmes").by(&operator).bytes(other, programme.clone().into_bytes());
            call.await.refused(415, "unsupported_media_type");
        }
        let typed = "application/json; charset=utf-8";
        t.post("/programmes").by(&operator).bytes(typed, programme.into_bytes()).await.created();
    }

    async fn languages_are_weighed_as_numbers(t: TestApp) {
        let english = ["en", "EN-us", "en;q=1.0,zh;q=0.9", "en ; q=0.3", "zh;q=0,en;q=0.001", "fr,en;q=0.1"];
        let chinese = ["", "*", "fr", "en;q=0", "en;q=1.0,zh;q=1", "en ; q = 0.3, zh;q=.9,zh;q=0.4", "en;q=abc", "en;q=0.9,zh;q=0.91", "zh-TW,en;q=0.9", "english"];
        for (wanted, headers) in [("en", english.as_slice()), ("zh-CN", chinese.as_slice())] {
            for header in headers {
                let reply = t.get("/nothing-here").header("Accept-Language", header).await;
                assert_eq!(reply.header("content-language"), Some(wanted), "{header}");
            }
        }
    }

    async fn an_address_without_its_identifier_is_not_there(t: TestApp) {
        t.get("/products/").await.refused(404, "not_found");
        let refused = t.delete("/products").await;
        assert_eq!(refused.header("allow"), Some("GET, HEAD, POST"));
        refused.refused(405, "method_not_allowed");
    }

    async fn the_scheme_of_a_token_is_written_in_any_case(t: TestApp) {
        let here = t.organisation(OrganisationKind::PlatformOperator, "110101").await;
        let operator = t.member(Role::PlatformOperator, here).await;
        let (token, _) = t.app.tokens.issue(&operator.member, t.app.clock.now()).unwrap();
        t.get("/me").header("Authorization", &format!("bearer {token}")).await.ok();
        t.get("/me").header("Authorization", &format!("Basic {token}")).await.refused(401, "token_invalid");
    }

    /// Whoever exports from a bank or a spreadsheet in China meets this first.
    async fn a_statement_in_gbk_is_told_how_to_become_readable(t: TestApp) {
        let here = t.organisation(OrganisationKind::PlatformOperator, "110101").await;
        let operator = t.member(Role::PlatformOperator, here).await;
        let gbk = b"\xBD\xBB\xD2\xD7\xC8\xD5\xC6\xDA,\xBD\xF0\xB6\xEE\n".to_vec();
        let call = t.post("/bank-statements?name=gbk").by(&operator).key("gbk").bytes("text/csv", gbk);
        let refusal = call.await.refused(400, "statement_unreadable");
        assert!(refusal["detail"].as_str().unwrap().contains("GBK"), "{refusal}");
    }
}
