//! The change feed: everything that concerns an organisation, in the order of commits, once; and the forms of events.

use crate::harness::*;
use crate::main_job::the_main_job;
use crate::market::Market;
use entity::value::{OrganisationId, OrganisationKind, Role};
use liannong::feed::{Audience, EVENTS, parts_of};
use sea_orm::{ConnectionTrait, EntityTrait, TransactionTrait};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::future::IntoFuture;
use std::path::Path;

/// The feed of somebody from a cursor on, to its end.
async fn read(t: &TestApp, by: &Person, cursor: Option<&str>) -> (Vec<Value>, String) {
    let (mut all, mut cursor) = (Vec::new(), cursor.map(str::to_owned));
    loop {
        let at = cursor.as_ref().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let piece = t.get(&format!("/changes?limit=3{at}")).by(by).await.ok();
        all.extend(piece["items"].as_array().unwrap().iter().cloned());
        cursor = piece["cursor"].as_str().map(str::to_owned);
        if piece["more"] == false {
            return (all, cursor.unwrap());
        }
    }
}

fn types(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["type"].as_str().unwrap()).collect()
}

/// Writes down an event as a transaction does, on a connection of its own.
async fn write_down(db: &impl ConnectionTrait, topic: &str, supplier: OrganisationId, number: u32) {
    let id = uuid::Uuid::now_v7();
    let data = json!({ "recall": id, "supplier": supplier, "lots": [], "number": number });
    let row = entity::outbox::ActiveModel {
        id: sea_orm::Set(entity::value::OutboxId::from_uuid(id)),
        topic: sea_orm::Set(topic.to_owned()),
        aggregate_id: sea_orm::Set(id),
        payload: sea_orm::Set(data.to_string()),
        created_at: sea_orm::Set(start_of_tests()),
        delivered_at: sea_orm::Set(None),
    };
    entity::outbox::Entity::insert(row).exec_without_returning(db).await.unwrap();
}

async fn cooperative(t: &TestApp) -> (OrganisationId, Person) {
    let organisation = t.organisation(OrganisationKind::Cooperative, "522625").await;
    (organisation, t.member(Role::CooperativeClerk, organisation).await)
}

both! {
    /// A buyer and whoever stands above it see an order whole, each supplier its own part, others nothing of it.
    async fn everybody_reads_what_concerns_them(t: TestApp) {
        let market = Market::with_unit(t).await;
        market.placed(t, 2).await;
        t.drain().await;
        let (bought, at) = read(t, &market.buyer, None).await;
        assert_eq!(types(&bought), ["order.placed"]);
        let (sold, _) = read(t, &market.supplier.clerk, None).await;
        let placed = sold.iter().find(|event| event["type"] == "order.placed").expect("the order");
        assert_eq!(placed["id"], bought[0]["id"], "the same event");
        assert_eq!(placed["data"]["supplier_orders"][0]["supplier"], json!(market.supplier.id));
        assert_eq!((&placed["version"], &placed["aggregate_id"]), (&json!(1), &bought[0]["data"]["group"]));

        let unit = entity::organisation::Entity::find_by_id(market.buyer.member.organisation).one(t.direct()).await;
        let above = unit.unwrap().unwrap().parent_id.unwrap();
        let finance = t.member(Role::FinanceOfficer, above).await;
        assert_eq!(types(&read(t, &finance, None).await.0), ["order.placed"]);
        let (_, stranger) = cooperative(t).await;
        assert!(read(t, &stranger, None).await.0.is_empty());

        assert!(read(t, &market.buyer, Some(&at)).await.0.is_empty(), "nothing comes twice");
        let now = t.get("/changes?from=now").by(&market.buyer).await.ok();
        assert_eq!(now["items"], json!([]));
        t.get(&format!("/changes?cursor={at}")).by(&stranger).await.refused(400, "invalid_fields");
        for wrong in ["cursor=zz", "types=no.such", "types=member.invited", "limit=101", "wait_seconds=51"] {
            t.get(&format!("/changes?{wrong}")).by(&market.buyer).await.refused(400, "invalid_fields");
        }
        let only = t.get("/changes?types=order.paid").by(&market.buyer).await.ok();
        assert_eq!(only["items"], json!([]));
    }

    /// An event is published once, however often it is heard; what was missed while nobody published comes in order.
    async fn an_event_heard_twice_is_published_once(t: TestApp) {
        let (supplier, clerk) = cooperative(t).await;
        for number in 0..7 {
            write_down(t.direct(), "lot.recalled", supplier, number).await;
        }
        t.drain().await;
        let (events, _) = read(t, &clerk, None).await;
        let numbers: Vec<_> = events.iter().map(|event| event["data"]["number"].as_u64().unwrap()).collect();
        assert_eq!(numbers, [0, 1, 2, 3, 4, 5, 6]);
        t.sql("update job set done_at = null, locked_until = null where name = 'feed.publish'").await.unwrap();
        t.drain().await;
        assert_eq!(read(t, &clerk, None).await.0.len(), 7);
    }

    /// An event that cannot be read is parked with its error; those behind it pass; mended, it is replayed.
    async fn a_poisoned_event_is_parked_and_replayed(t: TestApp) {
        let (supplier, clerk) = cooperative(t).await;
        let operator = t.organisation(OrganisationKind::PlatformOperator, "110101").await;
        let operator = t.member(Role::PlatformOperator, operator).await;
        write_down(t.direct(), "lot.recalled", supplier, 1).await;
        t.sql("update outbox set payload = '{\"supplier\":\"nobody\"}'").await.unwrap();
        write_down(t.direct(), "lot.recalled", supplier, 2).await;
        t.drain().await;
        let (events, at) = read(t, &clerk, None).await;
        assert_eq!(events.len(), 1, "what stands behind it passes");

        let parked = t.get("/parked-jobs?name=feed.publish").by(&operator).await.ok();
        let job = &parked["items"][0];
        assert_eq!((&job["topic"], &job["attempts"]), (&json!("lot.recalled"), &json!(1)));
        assert_eq!(job["error"], "internal <- the event has not the form of lot.recalled");
        let path = format!("/parked-jobs/{}", job["id"].as_str().unwrap());
        assert_eq!(&t.get(&path).by(&operator).await.ok(), job);
        let work = t.get("/jobs").by(&operator).await.ok();
        let publish = work["workers"].as_array().unwrap().iter().find(|w| w["name"] == "feed.publish").unwrap().clone();
        assert_eq!((&publish["given_up"], &publish["waiting"], &publish["cursor"]), (&json!(1), &json!(0), &work["head"]));

        t.post(&format!("{path}/replay")).by(&operator).await.ok();
        t.drain().await;
        let again = t.get("/parked-jobs").by(&operator).await.ok();
        assert_eq!(again["items"][0]["id"], job["id"], "what is not mended is parked again");
        let sound = job["payload"].as_str().unwrap().replace("nobody", &supplier.to_string());
        t.sql(&format!("update job set payload = '{sound}' where failed_at is not null")).await.unwrap();
        let replayed = t.post("/parked-jobs/replay").by(&operator).json(json!({ "name": "feed.publish" })).await.ok();
        assert_eq!(replayed["jobs"], 1);
        t.drain().await;
        assert_eq!(read(t, &clerk, Some(&at)).await.0.len(), 1, "behind what was read meanwhile, not lost");
        t.post("/parked-jobs/replay").by(&operator).json(json!({ "name": "no.such" })).await.refused(400, "invalid_fields");
        t.get(&path).by(&operator).await.refused(404, "not_found");
        t.get("/jobs").by(&clerk).await.refused(403, "forbidden");
    }

    /// What will never be mended is set aside, with a reason that stands in the audit.
    async fn what_cannot_be_mended_is_set_aside(t: TestApp) {
        let operator = t.organisation(OrganisationKind::PlatformOperator, "110101").await;
        let operator = t.member(Role::PlatformOperator, operator).await;
        write_down(t.direct(), "lot.recalled", operator.member.organisation, 1).await;
        t.sql("update outbox set payload = '{}'").await.unwrap();
        t.drain().await;
        let parked = t.get("/parked-jobs").by(&operator).await.ok();
        let path = format!("/parked-jobs/{}/set-aside", parked["items"][0]["id"].as_str().unwrap());
        t.post(&path).by(&operator).json(json!({ "reason": "" })).await.refused(400, "invalid_fields");
        t.post(&path).by(&operator).json(json!({ "reason": "测试写坏的事件" })).await.ok();
        t.post(&path).by(&operator).json(json!({ "reason": "再次" })).await.refused(404, "not_found");
        assert_eq!(t.get("/parked-jobs").by(&operator).await.ok()["items"], json!([]));
        let audit = t.get("/audit-events?operation=job.set_aside").by(&operator).await;
        assert!(audit.status == 200 || audit.status == 403);
        let rows = entity::audit_event::Entity::find().all(t.direct()).await.unwrap();
        assert!(rows.iter().any(|row| row.operation == "job.set_aside" && row.reason.as_deref() == Some("测试写坏的事件")));
    }

    /// Whoever waits is answered when something comes, and with nothing when nothing does.
    async fn whoever_waits_is_answered_when_something_comes(t: TestApp) {
        let (supplier, clerk) = cooperative(t).await;
        let nothing = t.get("/changes?wait_seconds=1").by(&clerk).await.ok();
        assert_eq!(nothing["items"], json!([]));
        let path = format!("/changes?wait_seconds=30&cursor={}", nothing["cursor"].as_str().unwrap());
        let (answer, ()) = futures_util::future::join(t.get(&path).by(&clerk).into_future(), async {
            write_down(t.direct(), "lot.recalled", supplier, 1).await;
            t.drain().await;
        })
        .await;
        assert_eq!(types(answer.ok()["items"].as_array().unwrap()), ["lot.recalled"]);
    }

    /// A stream tells the same as the feed, and goes on behind the last message a client has seen.
    async fn a_stream_goes_on_where_it_was_left(t: TestApp) {
        let (supplier, clerk) = cooperative(t).await;
        write_down(t.direct(), "lot.recalled", supplier, 1).await;
        write_down(t.direct(), "lot.recalled", supplier, 2).await;
        t.drain().await;
        let stream = t.get("/changes/stream").by(&clerk).await;
        assert_eq!(stream.header("content-type"), Some("text/event-stream"));
        let text = String::from_utf8(stream.body).unwrap();
        assert_eq!(text.matches("event: lot.recalled\n").count(), 2, "{text}");
        let first = text.lines().find_map(|line| line.strip_prefix("id: ")).unwrap();
        let rest = t.get("/changes/stream").by(&clerk).header("Last-Event-ID", first).await;
        let rest = String::from_utf8(rest.body).unwrap();
        assert_eq!(rest.matches("event: ").count(), 1);
        assert!(rest.contains("\"number\":2"), "{rest}");
        let silent = t.get("/changes/stream?from=now").by(&clerk).await;
        assert!(!String::from_utf8(silent.body).unwrap().contains("event:"));
        t.get("/changes/stream").by(&clerk).header("Last-Event-ID", "?").await.refused(400, "invalid_fields");
    }

    /// Every event of the main job has the form that the catalogue publishes, and the catalogue is listed.
    async fn every_event_of_the_main_job_has_the_form_of_its_kind(t: TestApp) {
        the_main_job(t).await;
        let rows = entity::outbox::Entity::find().all(t.direct()).await.unwrap();
        assert!(rows.len() > 10);
        for row in rows {
            let kind = EVENTS.iter().find(|kind| kind.topic == row.topic).unwrap_or_else(|| panic!("{}", row.topic));
            let data: Value = serde_json::from_str(&row.payload).unwrap();
            let faults = faults(&(kind.schema)(), &data, String::new());
            assert!(faults.is_empty(), "{}: {faults:?} in {data}", row.topic);
        }
        let listed = t.get("/event-types").await.ok();
        let told = EVENTS.iter().filter(|kind| kind.audience != Audience::House).count();
        assert_eq!(listed["items"].as_array().unwrap().len(), told);
    }
}

/// What of a value is not as its form says: of JSON Schema what our forms use. Fields the form does not name are faults.
fn faults(schema: &Value, value: &Value, at: String) -> Vec<String> {
    if schema.get("$ref").is_some() {
        return vec![format!("{at} refers to something outside")];
    }
    let types = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let own = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let mut found = Vec::new();
    if !types.is_empty() && !types.contains(&own) {
        return vec![format!("{at} is {own}, not one of {types:?}")];
    }
    if let Some(choices) = schema["enum"].as_array()
        && !choices.contains(value)
    {
        found.push(format!("{at} is none of {choices:?}"));
    }
    if let (Some(number), Some(least)) = (value.as_i64(), schema["minimum"].as_i64())
        && number < least
    {
        found.push(format!("{at} is less than {least}"));
    }
    if let (Some(text), Some("uuid")) = (value.as_str(), schema["format"].as_str())
        && uuid::Uuid::parse_str(text).is_err()
    {
        found.push(format!("{at} is no uuid"));
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        found.extend(faults(&schema["items"], item, format!("{at}/{index}")));
    }
    if let Some(fields) = value.as_object() {
        for required in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !fields.contains_key(required) {
                found.push(format!("{at}/{required} is missing"));
            }
        }
        for (name, field) in fields {
            match schema["properties"].get(name) {
                Some(form) => found.extend(faults(form, field, format!("{at}/{name}"))),
                None => found.push(format!("{at}/{name} is not in the form")),
            }
        }
    }
    found
}

#[test]
fn a_wrong_event_is_found() {
    let kind = EVENTS.iter().find(|kind| kind.topic == "order.paid").unwrap();
    let id = uuid::Uuid::now_v7();
    let right = json!({ "supplier_order": id, "supplier": id, "buyer": id, "amount_fen": 5, "paid_on": "2026-03-02" });
    assert_eq!(faults(&(kind.schema)(), &right, String::new()), Vec::<String>::new());
    for (field, wrong) in
        [("supplier", json!("x")), ("amount_fen", json!("5")), ("buyer", Value::Null), ("more", json!(1))]
    {
        let mut event = right.clone();
        event[field] = wrong;
        assert_eq!(faults(&(kind.schema)(), &event, String::new()).len(), 1, "{field}");
    }
    let mut short = right;
    short.as_object_mut().unwrap().remove("paid_on");
    assert_eq!(faults(&(kind.schema)(), &short, String::new()).len(), 1);
}

/// The topics that stand in the sources.
fn topics_of_the_sources(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            topics_of_the_sources(&path, found);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let plain =
            text.lines().filter_map(|line| line.split_once("const TOPIC: &'static str = \"").map(|(_, rest)| rest));
        let by_macro = text.lines().filter(|line| line.ends_with(" {")).filter_map(|line| {
            let (name, rest) = line.trim().split_once(" = \"")?;
            (name.chars().all(char::is_alphanumeric) && rest.contains("\", ") && path.ends_with("event.rs"))
                .then_some(rest)
        });
        found.extend(plain.chain(by_macro).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
    }
}

#[test]
fn the_catalogue_lists_every_event_there_is() {
    let mut found = BTreeSet::new();
    topics_of_the_sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let listed: BTreeSet<String> = EVENTS.iter().map(|kind| kind.topic.to_owned()).collect();
    assert_eq!(listed.len(), EVENTS.len(), "none is listed twice");
    assert_eq!(found, listed, "every event has its line in src/feed/catalogue.rs");
}

#[test]
fn a_supplier_sees_its_own_part_of_an_order() {
    let kind = EVENTS.iter().find(|kind| kind.topic == "order.placed").unwrap();
    let [buyer, one, other] = [(); 3].map(|()| OrganisationId::generate());
    let part =
        |supplier, fen| json!({ "id": uuid::Uuid::now_v7(), "number": "D1", "supplier": supplier, "total_fen": fen });
    let parts = [part(one, 10), part(other, 20), part(one, 5)];
    let event = json!({ "group": uuid::Uuid::now_v7(), "number": "D", "buyer": buyer, "total_fen": 35, "supplier_orders": parts });
    let seen = parts_of(kind, &event).unwrap();
    assert_eq!(seen[&buyer], event);
    assert_eq!((&seen[&one]["total_fen"], seen[&one]["supplier_orders"].as_array().unwrap().len()), (&json!(15), 2));
    assert!(!seen[&other].to_string().contains(&one.to_string()), "nothing of the other supplier");
    assert_eq!(seen.len(), 3);
    assert!(parts_of(kind, &json!({ "buyer": buyer })).is_none());
}

/// A transaction that stays open is not skipped: a reader that has gone past it in time finds it when it commits.
#[actix_web::test]
async fn a_transaction_that_commits_late_is_not_skipped() {
    let t = TestApp::on_postgres().await;
    let (supplier, clerk) = cooperative(&t).await;
    let elsewhere = sea_orm::Database::connect(t.app.config.database()).await.unwrap();
    let late = elsewhere.begin().await.unwrap();
    write_down(&late, "lot.recalled", supplier, 1).await;
    write_down(t.direct(), "lot.recalled", supplier, 2).await;
    t.drain().await;
    let (events, at) = read(&t, &clerk, None).await;
    assert_eq!((events.len(), &events[0]["data"]["number"]), (1, &json!(2)));
    late.commit().await.unwrap();
    t.drain().await;
    let (events, _) = read(&t, &clerk, Some(&at)).await;
    assert_eq!((events.len(), &events[0]["data"]["number"]), (1, &json!(1)), "the late one, behind what was read");
    elsewhere.close().await.unwrap();
    t.finish().await;
}

/// Two that publish at once: the second waits for the first, so a position is never seen before a smaller one.
#[actix_web::test]
async fn a_publisher_that_is_slow_to_commit_holds_the_next_one_up() {
    let t = TestApp::on_postgres().await;
    let (supplier, clerk) = cooperative(&t).await;
    write_down(t.direct(), "lot.recalled", supplier, 2).await;
    let elsewhere = sea_orm::Database::connect(t.app.config.database()).await.unwrap();
    let slow = elsewhere.begin().await.unwrap();
    slow.execute_unprepared("update sequence_head set position = position + 1 where name = 'feed'").await.unwrap();
    let entered = format!(
        "insert into feed_entry select position, '{supplier}', '{0}', 'lot.recalled', 1, '{0}', '{{\"number\":1}}', now(), now() \
         from sequence_head where name = 'feed'",
        uuid::Uuid::now_v7()
    );
    slow.execute_unprepared(&entered).await.unwrap();
    let moment = std::time::Duration::from_millis(700);
    let waiting = actix_web::rt::time::timeout(moment, t.drain()).await;
    assert!(waiting.is_err(), "the next one waits");
    assert!(read(&t, &clerk, None).await.0.is_empty(), "and nobody sees a later position meanwhile");
    slow.commit().await.unwrap();
    // Whoever was cut off in the test lost its lease when it ends.
    t.clock.advance(chrono::Duration::seconds(61));
    t.drain().await;
    let (events, _) = read(&t, &clerk, None).await;
    let numbers: Vec<_> = events.iter().map(|event| event["data"]["number"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [1, 2]);
    elsewhere.close().await.unwrap();
    t.finish().await;
}
