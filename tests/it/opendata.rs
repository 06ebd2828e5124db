//! What open data promise: a release for what happened, never changed, that merge to what is known; and no person in it.

use crate::harness::*;
use crate::main_job::the_main_job;
use crate::market::{Market, PACK_FEN};
use entity::open_release;
use liannong::opendata::merge::{compile, difference, merge_into};
use liannong::opendata::{follow_orders, follow_seals, json as open_json};
use proptest::prelude::*;
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Map, Value, json};

async fn rows(t: &TestApp) -> Vec<open_release::Model> {
    open_release::Entity::find().order_by_asc(open_release::Column::Number).all(t.direct()).await.unwrap()
}

fn contents(rows: &[open_release::Model]) -> Vec<Value> {
    rows.iter().map(|row| serde_json::from_str(&row.content).unwrap()).collect()
}

fn tags(rows: &[open_release::Model]) -> Vec<&str> {
    rows.iter().map(|row| row.tags.as_str()).collect()
}

/// The text of an answer.
fn text(reply: &Reply) -> String {
    assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
    String::from_utf8(reply.body.clone()).unwrap()
}

/// Everything that is published, as one text.
async fn everything(t: &TestApp) -> String {
    let mut all = String::new();
    for path in [
        "/open-data/releases?limit=100",
        "/open-data/releases.jsonl",
        "/open-data/records?limit=100",
        "/open-data/changes",
        "/open-data/months",
        "/open-data/suppliers",
        "/open-data/products",
        "/open-data/statistics",
    ] {
        all += &text(&t.get(path).await);
    }
    for row in rows(t).await {
        all += &text(&t.get(&format!("/open-data/records/{}", row.ocid)).await);
        all += &text(&t.get(&format!("/open-data/months/{}", row.month)).await);
    }
    all
}

both! {
    /// An order's way from the budget to the households is told release by release, and they merge to what is known.
    async fn an_order_is_released_as_it_goes(t: TestApp) {
        let market = Market::with_unit(t).await;
        let placed = market.placed(t, 3).await;
        t.drain().await;
        assert_eq!(tags(&rows(t).await), ["award,planning,tender"]);
        let first = contents(&rows(t).await).remove(0);
        assert_eq!(first["awards"][0]["status"], "pending");
        assert_eq!(first["contracts"], Value::Null);
        assert_eq!(first["planning"]["budget"]["amount"], json!({ "amount": 10_000_000, "currency": "CNY" }));
        assert_eq!(first["tender"]["value"]["amount"], 3 * PACK_FEN);

        let order = market.settled(t, 10, 9).await;
        t.drain().await;
        let all = rows(t).await;
        let of_order: Vec<_> = all.iter().filter(|row| row.place > 1 || row.number > 1).cloned().collect();
        // What happens between two turns of the work is told at once.
        assert!(of_order.len() >= 2, "{:?}", tags(&of_order));
        let said: std::collections::BTreeSet<&str> = of_order.iter().flat_map(|row| row.tags.split(',')).collect();
        for tag in ["planning", "tender", "award", "contract", "implementation", "implementationUpdate"] {
            assert!(said.contains(tag), "{tag} is not among {said:?}");
        }
        // Numbers have no gaps, dates of a process grow.
        assert!(all.iter().zip(1..).all(|(row, number)| row.number == number));
        assert!(of_order.windows(2).all(|two| two[0].released_at < two[1].released_at));

        let merged = compile(&contents(&of_order));
        let contract = &merged["contracts"][0];
        assert_eq!(contract["id"], order["id"]);
        assert_eq!(contract["implementation"]["transactions"][0]["value"]["amount"], 9 * PACK_FEN);
        assert_eq!(contract["implementation"]["milestones"].as_array().unwrap().len(), 2);
        assert_eq!(contract["implementation"]["invoices"][0]["value"]["amount"], 9 * PACK_FEN);
        assert_eq!(contract["relief"]["acceptedValue"]["amount"], 9 * PACK_FEN);
        assert!(contract["relief"]["attributedValue"]["amount"].as_i64().unwrap() > 0);
        assert_eq!(contract["relief"]["householdsSuppressed"], true, "three households are too few to be told");
        assert_eq!(contract["relief"]["households"], Value::Null);

        // The record that is served is that merge, amounts in yuan to the fen.
        let ocid = &of_order[0].ocid;
        assert!(ocid.starts_with("ocds-000000-D2026"), "{ocid}");
        let record = text(&t.get(&format!("/open-data/records/{ocid}")).await);
        assert!(record.contains(&open_json::text(&merged)), "{record}");
        let yuan = format!("\"amount\":{}.{:02}", 9 * PACK_FEN / 100, 9 * PACK_FEN % 100);
        assert!(record.contains(&yuan), "{yuan} is not in {record}");

        // Hearing the same again says nothing new.
        let id = order["id"].as_str().unwrap().parse().unwrap();
        let other = placed["id"].as_str().unwrap().parse().unwrap();
        follow_orders(&t.app, &[id, other]).await.unwrap();
        assert_eq!(rows(t).await.len(), all.len());
        // And nothing can be taken back.
        for statement in ["update open_release set content = '{}'", "delete from open_release"] {
            assert!(t.sql(statement).await.unwrap_err().to_string().contains("append_only"), "{statement}");
        }
    }

    /// What was sealed since is released: payouts and the root of the seal's tree.
    async fn a_seal_and_a_payout_are_released(t: TestApp) {
        let market = Market::with_unit(t).await;
        market.settled(t, 10, 10).await;
        t.drain().await;
        let before = rows(t).await.len();
        follow_seals(&t.app).await.unwrap();
        assert_eq!(rows(t).await.len(), before, "nothing is sealed yet");
        let seals = crate::seal::seal_all(t).await;
        follow_seals(&t.app).await.unwrap();
        let sealed = compile(&contents(&rows(t).await));
        assert_eq!(sealed["contracts"][0]["relief"]["seal"]["merkleRoot"], seals.last().unwrap().merkle_root.as_str());
        assert_eq!(sealed["contracts"][0]["relief"]["paidToHouseholdsValue"]["amount"], 0);

        let statement = format!("/households/{}/statement?year=2026", market.households[1]);
        let income = t.get(&statement).by(&market.county.officer).await.ok();
        let open = income["agreements"][0]["accrued_fen"].as_i64().unwrap();
        let payout = json!({
            "paid_on": "2026-03-02", "method": "bank_transfer", "evidence_file_id": market.evidence(t).await,
            "payouts": [{ "agreement_id": market.agreements[2], "amount_fen": open, "reference": "P-1" }],
        });
        crate::payout::handed_out(t, &market.supplier.clerk, payout).await;
        crate::seal::seal_all(t).await;
        follow_seals(&t.app).await.unwrap();
        let after = compile(&contents(&rows(t).await));
        assert_eq!(after["contracts"][0]["relief"]["paidToHouseholdsValue"]["amount"], open);
        let known = rows(t).await.len();
        follow_seals(&t.app).await.unwrap();
        assert_eq!(rows(t).await.len(), known);
    }

    /// Lists go on by cursors, months come whole, and who holds an answer is not sent it again.
    async fn everything_can_be_had_and_gone_on_with(t: TestApp) {
        let empty = t.get("/open-data/changes").await.ok();
        assert_eq!(empty, json!({ "items": [], "next": null }));
        t.get("/open-data/months/2026-03").await.refused(404, "not_found");
        t.get("/open-data/records/ocds-000000-none").await.refused(404, "not_found");
        t.get("/open-data/releases/ocds-000000-none-001").await.refused(404, "not_found");
        t.get("/open-data/releases.jsonl?month=March").await.refused(400, "invalid_fields");
        let market = Market::with_unit(t).await;
        market.settled(t, 4, 4).await;
        t.drain().await;
        let all = rows(t).await;
        let page = t.get("/open-data/releases?limit=1").await.ok();
        assert_eq!((&page["version"], &page["releases"][0]["id"]), (&json!("1.1"), &json!(all[0].release_id)));
        assert_eq!(page["extensions"][0], "https://liannong.example/api/v1/open-data/extension/extension.json");
        let next = page["links"]["next"].as_str().unwrap().strip_prefix("https://liannong.example/api/v1").unwrap().to_owned();
        assert_eq!(t.get(&next).await.ok()["releases"][0]["id"], json!(all[1].release_id));
        let one = t.get(&format!("/open-data/releases/{}", all[1].release_id)).await;
        assert_eq!(one.json()["releases"][0]["id"], json!(all[1].release_id));
        // What is served is what was hashed when it was made.
        let lines = text(&t.get("/open-data/releases.jsonl?month=2026-03").await);
        for (line, row) in lines.lines().zip(&all) {
            assert_eq!(liannong::secrecy::sha256_hex(line.as_bytes()), row.sha256);
        }
        assert_eq!(lines.lines().count(), all.len());
        let month = t.get("/open-data/months/2026-03").await;
        assert_eq!(month.json()["releases"].as_array().unwrap().len(), all.len());
        assert_eq!(month.header("cache-control"), Some("public, max-age=60"));
        let modified = month.header("last-modified").unwrap().to_owned();
        let tag = month.etag();
        let held = t.get("/open-data/months/2026-03").header("If-None-Match", &tag).await;
        assert_eq!((held.status, held.body.len()), (304, 0));
        assert_eq!(t.get("/open-data/months/2026-03").header("If-Modified-Since", &modified).await.status, 304);
        let months = t.get("/open-data/months").await.ok();
        assert_eq!(months["items"][0]["releases"], all.len());

        // A reader goes on where it was, now and later.
        let changes = t.get("/open-data/changes?limit=100").await.ok();
        assert_eq!(changes["items"].as_array().unwrap().len(), all.len());
        let on = format!("/open-data/changes?cursor={}", changes["next"].as_str().unwrap());
        assert_eq!(t.get(&on).await.ok(), json!({ "items": [], "next": changes["next"] }));
        market.placed(t, 1).await;
        t.drain().await;
        assert_eq!(t.get(&on).await.ok()["items"].as_array().unwrap().len(), 1);
        assert_ne!(t.get("/open-data/months/2026-03").await.etag(), tag);
        t.clock.advance(chrono::Duration::days(40));
        assert_eq!(t.get("/open-data/months/2026-03").await.header("cache-control"), Some("public, max-age=86400"));
        let extension = t.get("/open-data/extension/extension.json").await.ok();
        assert_eq!(extension["schemas"], json!(["release-schema.json"]));
        t.get("/open-data/extension/release-schema.json").await.ok();
    }

    /// Nothing that was published anywhere tells of a person, a household, an address or a bank account.
    async fn nobody_is_in_open_data(t: TestApp) {
        the_main_job(t).await;
        crate::seal::seal_all(t).await;
        follow_seals(&t.app).await.unwrap();
        let all = everything(t).await;
        assert!(all.contains("雷山香米"), "something is published");
        let people = entity::person::Entity::find().all(t.direct()).await.unwrap();
        let mut secrets: Vec<String> = people.iter().flat_map(|one| [one.display_name.clone(), one.id.to_string()]).collect();
        for one in entity::household::Entity::find().all(t.direct()).await.unwrap() {
            secrets.extend([one.head_name, one.number, one.id.to_string()]);
        }
        for one in entity::household_member::Entity::find().all(t.direct()).await.unwrap() {
            secrets.extend([one.name, one.id.to_string()]);
        }
        for one in entity::agreement::Entity::find().all(t.direct()).await.unwrap() {
            secrets.push(one.id.to_string());
        }
        for one in entity::order_group::Entity::find().all(t.direct()).await.unwrap() {
            secrets.push(one.deliver_to);
        }
        secrets.extend((0..8).map(resident_id));
        secrets.extend(["13812345678", "6222020100012345672", "学校路", "演示第一中学", "受潮"].map(str::to_owned));
        let found: Vec<_> = secrets.iter().filter(|secret| !secret.is_empty() && all.contains(*secret)).collect();
        assert!(found.is_empty(), "{found:?}");
    }

    /// The register names what is on sale and who sells it; the figures are those of the orders, each counted once.
    async fn the_register_and_the_figures_are_public(t: TestApp) {
        the_main_job(t).await;
        let suppliers = t.get("/open-data/suppliers").await;
        assert_eq!(suppliers.header("cache-control"), Some("public, max-age=3600"));
        let suppliers = suppliers.ok();
        assert_eq!(suppliers["items"].as_array().unwrap().len(), 2);
        assert!(suppliers["items"][0]["products"].as_i64().unwrap() >= 1);
        let products = t.get("/open-data/products").await.ok();
        assert!(products["items"].as_array().unwrap().iter().any(|one| one["name"] == "雷山香米"));
        let figures = t.get("/open-data/statistics?from=2026-01-01&until=2026-12-31").await.ok();
        let orders = entity::supplier_order::Entity::find().all(t.direct()).await.unwrap();
        let sum = |of: fn(&entity::supplier_order::Model) -> i64| orders.iter().map(of).sum::<i64>();
        assert_eq!(figures["total"]["orders"], orders.len());
        assert_eq!(figures["total"]["ordered_fen"], sum(|order| order.total_fen.get()));
        assert_eq!(figures["total"]["accepted_fen"], sum(|order| order.accepted_fen.get() - order.credited_fen.get()));
        assert_eq!(figures["total"]["paid_fen"], sum(|order| order.paid_fen.get() - order.repaid_fen.get()));
        assert_eq!(figures["total"]["households"], Value::Null, "three are too few to be told");
        assert_eq!(figures["counties"].as_array().unwrap().len(), 2);
        let by_county = figures["counties"].as_array().unwrap().iter().map(|row| row["ordered_fen"].as_i64().unwrap());
        assert_eq!(by_county.sum::<i64>(), figures["total"]["ordered_fen"].as_i64().unwrap());
        t.get("/open-data/statistics?from=2026-02-01&until=2026-01-31").await.refused(400, "invalid_fields");
        let none = t.get("/open-data/statistics?from=2020-01-01&until=2020-12-31").await.ok();
        assert_eq!((&none["total"]["orders"], &none["total"]["households"]), (&json!(0), &json!(0)));
    }
}

/// A small record: objects, lists by id, plain lists, amounts.
fn section() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![(0..9_i64).prop_map(Value::from), "[a-c]{1,3}".prop_map(Value::from)];
    let fields = proptest::collection::btree_map("[p-s]", leaf.clone(), 1..4);
    let object = fields.prop_map(|fields| Value::Object(fields.into_iter().collect()));
    let listed = proptest::collection::btree_map(0..5_u8, object.clone(), 1..4).prop_map(|items| {
        let with_id = |(id, item): (u8, Value)| {
            let mut item = item;
            item["id"] = json!(format!("i{id}"));
            item
        };
        Value::Array(items.into_iter().map(with_id).collect())
    });
    let plain = proptest::collection::vec(leaf.clone(), 1..4).prop_map(Value::from);
    prop_oneof![leaf, object, listed, plain]
}

fn record() -> impl Strategy<Value = Map<String, Value>> {
    let nested = proptest::collection::btree_map("[x-z]", section(), 1..3)
        .prop_map(|fields| Value::Object(fields.into_iter().collect()));
    // Each name keeps its form, as in the standard.
    (proptest::option::of(nested), proptest::option::of(section())).prop_map(|(nested, flat)| {
        let mut record = Map::new();
        record.extend(nested.map(|value| ("nested".to_owned(), value)));
        record.extend(
            flat.filter(|value| !value.is_array() && !value.is_object()).map(|value| ("flat".to_owned(), value)),
        );
        record
    })
}

proptest! {
    /// What is said about a change leads from the record before to the one after, wherever lists only grow.
    #[test]
    fn a_difference_merged_is_what_is_known(mut before in record(), now in record(), growing in 0..4_usize, more in 0..4_usize) {
        let list = |count: usize, word: &str| -> Value {
            (0..count).map(|id| json!({ "id": id.to_string(), "value": word })).collect()
        };
        let mut now = now;
        if growing > 0 {
            before.insert("contracts".to_owned(), list(growing, "old"));
        }
        if growing + more > 0 {
            now.insert("contracts".to_owned(), list(growing + more, "new"));
        }
        before.retain(|name, _| now.contains_key(name));
        // Inside sections lists and objects may change their form only by growing; take what stays of one form.
        if let (Some(Value::Object(was)), Some(Value::Object(is))) = (before.get_mut("nested"), now.get("nested")) {
            was.retain(|name, value| is.get(name).is_some_and(|other| {
                !other.is_array() && !value.is_array() && other.is_object() == value.is_object()
            }));
        }
        let said = difference(&before, &now);
        let mut after = before.clone();
        merge_into(&mut after, &said);
        prop_assert_eq!(&after, &now);
        prop_assert!(difference(&now, &now).is_empty());
    }

    /// Amounts are written in yuan with two decimals, exactly, whatever their size.
    #[test]
    fn an_amount_is_written_exactly(fen in 0..=9_007_199_254_740_991_i64) {
        let text = open_json::text(&json!({ "amount": fen, "quantity": fen }));
        prop_assert_eq!(text, format!("{{\"amount\":{}.{:02},\"quantity\":{fen}}}", fen / 100, fen % 100));
    }
}

/// The rules of the standard, one by one.
#[test]
fn releases_merge_after_the_standard() {
    let release = |date: &str, said: Value| {
        let mut all = json!({ "ocid": "o", "id": format!("o-{date}"), "date": date, "tag": ["tender"] });
        all.as_object_mut().unwrap().extend(said.as_object().unwrap().clone());
        all
    };
    let first = release(
        "1",
        json!({
            "tender": { "title": "a", "value": { "amount": 1, "currency": "CNY" }, "submissionMethod": ["written"] },
            "awards": [{ "id": "1", "title": "x" }, { "id": "2", "title": "y" }],
            "parties": [{ "id": "p", "roles": ["buyer"] }],
        }),
    );
    let second = release(
        "2",
        json!({
            "tender": { "title": null, "value": { "amount": 2 }, "submissionMethod": [], "documents": [] },
            "awards": [{ "id": "2", "status": "active" }, { "id": "3" }],
            "parties": [{ "id": "p", "roles": ["buyer", "payer"] }],
        }),
    );
    assert_eq!(
        compile([&first, &second]),
        json!({
            "ocid": "o", "id": "o-2", "date": "2", "tag": ["compiled"],
            "tender": { "value": { "amount": 2, "currency": "CNY" }, "submissionMethod": ["written"] },
            "awards": [{ "id": "1", "title": "x" }, { "id": "2", "title": "y", "status": "active" }, { "id": "3" }],
            "parties": [{ "id": "p", "roles": ["buyer", "payer"] }],
        })
    );
}
