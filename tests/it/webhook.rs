//! Webhooks against a real receiver, started here: what arrives, what is signed, what is tried again, what is given up.

use crate::harness::*;
use actix_web::{HttpRequest, HttpResponse, HttpServer, web};
use chrono::Duration;
use entity::value::{OrganisationId, OrganisationKind, Role, Timestamp};
use liannong::config::Config;
use liannong::webhook::{ATTEMPTS, Secret, next_attempt, sign};
use proptest::prelude::*;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

/// One request as it arrived.
#[derive(Debug, Clone)]
struct Arrived {
    id: String,
    timestamp: String,
    signature: String,
    body: String,
}

impl Arrived {
    fn number(&self) -> u64 {
        serde_json::from_str::<Value>(&self.body).unwrap()["data"]["number"].as_u64().unwrap()
    }
}

/// How the receiver answers next; 204 when nothing is said. A status of 0 means: take very long.
#[derive(Default)]
struct Mood {
    answers: VecDeque<u16>,
    arrived: Vec<Arrived>,
}

/// A receiver on a port of its own.
struct Receiver {
    address: SocketAddr,
    mood: Arc<Mutex<Mood>>,
    handle: actix_web::dev::ServerHandle,
}

async fn receive(request: HttpRequest, body: web::Bytes, mood: web::Data<Arc<Mutex<Mood>>>) -> HttpResponse {
    let header = |name: &str| request.headers().get(name).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
    let status = {
        let mut mood = mood.lock().unwrap();
        mood.arrived.push(Arrived {
            id: header("webhook-id"),
            timestamp: header("webhook-timestamp"),
            signature: header("webhook-signature"),
            body: String::from_utf8(body.to_vec()).unwrap(),
        });
        mood.answers.pop_front().unwrap_or(204)
    };
    if status == 0 {
        actix_web::rt::time::sleep(std::time::Duration::from_secs(30)).await;
    }
    let mut answer = HttpResponse::build(actix_web::http::StatusCode::from_u16(status.max(200)).unwrap());
    if status == 302 {
        answer.insert_header(("location", "http://127.0.0.1:1/elsewhere"));
    }
    answer.finish()
}

impl Receiver {
    fn start() -> Self {
        let mood = Arc::<Mutex<Mood>>::default();
        let shared = web::Data::new(mood.clone());
        let server = HttpServer::new(move || {
            actix_web::App::new().app_data(shared.clone()).route("/hook", web::post().to(receive))
        });
        let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
        let address = server.addrs()[0];
        let running = server.run();
        let handle = running.handle();
        actix_web::rt::spawn(running);
        Self { address, mood, handle }
    }

    fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    fn answers(&self, statuses: &[u16]) {
        self.mood.lock().unwrap().answers.extend(statuses);
    }

    fn arrived(&self) -> Vec<Arrived> {
        self.mood.lock().unwrap().arrived.clone()
    }
}

/// A cooperative with its administrator, in a house that may reach this machine.
struct Place {
    house: TestApp,
    organisation: OrganisationId,
    administrator: Person,
}

impl Place {
    async fn of(t: &TestApp) -> Self {
        let config = Config { reachable_networks: vec!["127.0.0.0/8".parse().unwrap()], ..t.app.config.clone() };
        let house = TestApp::configured(t, config).await;
        let organisation = t.organisation(OrganisationKind::Cooperative, "522625").await;
        let administrator = t.member(Role::Administrator, organisation).await;
        Self { house, organisation, administrator }
    }

    async fn endpoint(&self, url: &str, types: &[&str]) -> Value {
        let wanted = json!({ "name": "财务系统", "url": url, "types": types });
        self.house.post("/webhook-endpoints").by(&self.administrator).json(wanted).await.created()
    }

    async fn show(&self, endpoint: &Value) -> Value {
        let path = format!("/webhook-endpoints/{}", endpoint["id"].as_str().unwrap());
        self.house.get(&path).by(&self.administrator).await.ok()
    }

    /// Something happens to an object of this organisation.
    async fn happens(&self, about: uuid::Uuid, number: u32) {
        let data = json!({ "recall": about, "supplier": self.organisation, "lots": [], "number": number });
        let row = entity::outbox::ActiveModel {
            id: sea_orm::Set(entity::value::OutboxId::generate()),
            topic: sea_orm::Set("lot.recalled".to_owned()),
            aggregate_id: sea_orm::Set(about),
            payload: sea_orm::Set(data.to_string()),
            created_at: sea_orm::Set(self.house.clock_now()),
            delivered_at: sea_orm::Set(None),
        };
        entity::outbox::Entity::insert(row).exec_without_returning(self.house.direct()).await.unwrap();
        self.house.drain().await;
    }

    async fn deliveries(&self) -> Vec<Value> {
        let listed = self.house.get("/webhook-deliveries?limit=100").by(&self.administrator).await.ok();
        listed["items"].as_array().unwrap().clone()
    }

    async fn log(&self, delivery: &Value) -> Vec<String> {
        let path = format!("/webhook-deliveries/{}", delivery["id"].as_str().unwrap());
        let shown = self.house.get(&path).by(&self.administrator).await.ok();
        shown["log"].as_array().unwrap().iter().map(|one| one["outcome"].as_str().unwrap().to_owned()).collect()
    }
}

fn fresh() -> uuid::Uuid {
    uuid::Uuid::now_v7()
}

fn signed_by(secret: &Value, arrived: &Arrived) -> bool {
    let secret = Secret::parse(secret.as_str().unwrap()).unwrap();
    let one = sign(&[secret], &arrived.id, arrived.timestamp.parse().unwrap(), &arrived.body);
    arrived.signature.split(' ').any(|signature| signature == one)
}

/// An endpoint and a delivery for the test of all rights: nothing is really sent.
pub async fn in_the_world(t: &TestApp, administrator: &Person) {
    let wanted = json!({ "name": "财务系统", "url": "https://finance.example.com/liannong", "types": ["order.paid"] });
    let made = t.post("/webhook-endpoints").by(administrator).json(wanted).await.created();
    let row = entity::webhook_delivery::Model {
        id: entity::value::WebhookDeliveryId::generate(),
        endpoint_id: made["id"].as_str().unwrap().parse().unwrap(),
        event_id: entity::value::OutboxId::generate(),
        position: 1,
        topic: "order.paid".to_owned(),
        aggregate_id: fresh(),
        body: "{}".to_owned(),
        state: entity::value::DeliveryState::Delivered,
        attempts: 1,
        next_at: None,
        delivered_at: Some(t.clock_now()),
        created_at: t.clock_now(),
    };
    let row = sea_orm::IntoActiveModel::into_active_model(row);
    entity::webhook_delivery::Entity::insert(row).exec_without_returning(t.direct()).await.unwrap();
}

both! {
    /// What happens arrives signed, with the identifier it has in the feed; only the kinds that are wanted.
    async fn what_happens_arrives_signed(t: TestApp) {
        let (place, receiver) = (Place::of(t).await, Receiver::start());
        let made = place.endpoint(&receiver.url(), &[]).await;
        assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
        let other = Receiver::start();
        place.endpoint(&other.url(), &["order.paid"]).await;
        place.happens(fresh(), 1).await;
        let arrived = receiver.arrived();
        assert_eq!(arrived.len(), 1);
        assert!(signed_by(&made["secret"], &arrived[0]));
        assert_eq!(arrived[0].timestamp, t.clock_now().timestamp().to_string());
        let feed = place.house.get("/changes").by(&place.administrator).await.ok();
        assert_eq!(feed["items"][0]["id"], arrived[0].id.as_str());
        assert_eq!(serde_json::from_str::<Value>(&arrived[0].body).unwrap(), feed["items"][0], "the same, word for word");
        assert!(other.arrived().is_empty());
        let delivery = &place.deliveries().await[0];
        assert_eq!((&delivery["state"], &delivery["attempts"]), (&json!("delivered"), &json!(1)));
        assert_eq!(place.log(delivery).await, ["status 204"]);
        let shown = place.show(&made).await.to_string();
        assert!(!shown.contains("whsec_") && !shown.contains("secret_cipher"), "{shown}");
        let rows = entity::webhook_endpoint::Entity::find().all(t.direct()).await.unwrap();
        assert!(rows.iter().all(|row| !row.secret_cipher.contains("whsec_")));
    }

    /// What fails is tried again, later and later, with the same identifier; what is about the same object waits
    /// behind it, what is about others passes.
    async fn what_fails_is_tried_again_in_order(t: TestApp) {
        let (place, receiver) = (Place::of(t).await, Receiver::start());
        place.endpoint(&receiver.url(), &[]).await;
        receiver.answers(&[500, 302]);
        let (one, other) = (fresh(), fresh());
        place.happens(one, 1).await;
        place.happens(one, 2).await;
        place.happens(other, 3).await;
        let numbers = || receiver.arrived().iter().map(Arrived::number).collect::<Vec<_>>();
        assert_eq!(numbers(), [1, 3], "the second about the same waits; 302 was for the third and is not followed");
        t.clock.advance(Duration::seconds(6));
        place.house.drain().await;
        let arrived = receiver.arrived();
        assert_eq!(arrived[0].id, arrived.iter().rev().find(|a| a.number() == 1).unwrap().id, "the same identifier");
        assert_eq!(numbers().iter().filter(|n| **n == 2).count(), 1);
        let places: Vec<_> = numbers().into_iter().filter(|n| *n != 3).collect();
        assert_eq!(places, [1, 1, 2], "in their order");
        let deliveries = place.deliveries().await;
        assert!(deliveries.iter().all(|delivery| delivery["state"] == "delivered"), "{deliveries:?}");
        assert_eq!(place.log(&deliveries[0]).await, ["status 302", "status 204"]);
        assert_eq!(place.show(&json!({ "id": deliveries[0]["endpoint_id"] })).await["failing_since"], Value::Null);
    }

    /// An endpoint that nothing reaches is switched off after days, its owner told; what failed is sent again when it
    /// is back.
    async fn an_endpoint_that_stays_away_is_switched_off(t: TestApp) {
        let (place, receiver) = (Place::of(t).await, Receiver::start());
        let made = place.endpoint(&receiver.url(), &[]).await;
        receiver.answers(&[503; 40]);
        place.happens(fresh(), 1).await;
        for _ in 0..ATTEMPTS {
            t.clock.advance(Duration::hours(27));
            place.house.drain().await;
        }
        let shown = place.show(&made).await;
        assert_eq!((&shown["state"], &shown["disabled_because"]), (&json!("disabled"), &json!("failing")));
        let feed = place.house.get("/changes?types=webhook.disabled").by(&place.administrator).await.ok();
        assert_eq!(feed["items"][0]["data"]["endpoint"], made["id"]);
        let calls = receiver.arrived().len();
        assert!(calls > 3);
        place.happens(fresh(), 2).await;
        assert_eq!(receiver.arrived().len(), calls, "it is not called any more");
        assert!(place.deliveries().await.iter().all(|delivery| delivery["state"] == "failed"));

        receiver.mood.lock().unwrap().answers.clear();
        let path = format!("/webhook-endpoints/{}", made["id"].as_str().unwrap());
        let enable = async |version: &Value| {
            place.house.post(&format!("{path}/enable")).by(&place.administrator).version(version).await
        };
        enable(&json!(1)).await.refused(412, "stale_version");
        let enabled = enable(&shown["version"]).await.ok();
        assert_eq!(enabled["state"], "active");
        enable(&enabled["version"]).await.refused(409, "wrong_state");
        let again = place.house.post(&format!("{path}/replay")).by(&place.administrator).await.ok();
        assert_eq!(again["deliveries"], place.deliveries().await.len());
        place.house.drain().await;
        assert!(place.deliveries().await.iter().all(|delivery| delivery["state"] == "delivered"));
    }

    /// 410 says it is gone: no further attempt.
    async fn an_endpoint_that_is_gone_is_switched_off_at_once(t: TestApp) {
        let (place, receiver) = (Place::of(t).await, Receiver::start());
        let made = place.endpoint(&receiver.url(), &[]).await;
        receiver.answers(&[410]);
        place.happens(fresh(), 1).await;
        t.clock.advance(Duration::hours(30));
        place.house.drain().await;
        assert_eq!(place.show(&made).await["disabled_because"], "gone");
        assert_eq!(receiver.arrived().len(), 1);
    }

    /// Nobody there, and somebody who never answers: both are tried again; nothing else waits for them.
    async fn who_does_not_answer_holds_nothing_up(t: TestApp) {
        let (place, receiver) = (Place::of(t).await, Receiver::start());
        let away = Receiver::start();
        away.handle.stop(false).await;
        place.endpoint(&away.url(), &[]).await;
        place.endpoint(&receiver.url(), &[]).await;
        place.happens(fresh(), 1).await;
        assert_eq!(receiver.arrived().len(), 1);
        let waiting = place.house.get("/webhook-deliveries?state=waiting").by(&place.administrator).await.ok();
        assert_eq!(waiting["items"].as_array().unwrap().len(), 1);
        assert_eq!(place.log(&waiting["items"][0]).await, ["no connection"]);
        t.sql("update webhook_delivery set state = 'failed' where state = 'waiting'").await.unwrap();
    }

    /// While a secret is changed both sign, so a receiver changes without a gap; afterwards only the new one.
    async fn a_secret_is_changed_without_a_gap(t: TestApp) {
        let (place, receiver) = (Place::of(t).await, Receiver::start());
        let made = place.endpoint(&receiver.url(), &[]).await;
        let path = format!("/webhook-endpoints/{}/rotate-secret", made["id"].as_str().unwrap());
        let rotated = place.house.post(&path).by(&place.administrator).version(&made["version"]).await.ok();
        assert_ne!(rotated["secret"], made["secret"]);
        place.happens(fresh(), 1).await;
        t.clock.advance(Duration::hours(24));
        place.happens(fresh(), 2).await;
        let [both, one] = &receiver.arrived()[..] else { panic!("two") };
        assert!(signed_by(&made["secret"], both) && signed_by(&rotated["secret"], both));
        assert!(!signed_by(&made["secret"], one) && signed_by(&rotated["secret"], one));
    }

    /// An address leads to the public, is encrypted, and cannot be turned inside by a later change.
    async fn an_address_never_leads_inside(t: TestApp) {
        let organisation = t.organisation(OrganisationKind::Cooperative, "522625").await;
        let administrator = t.member(Role::Administrator, organisation).await;
        let keep = |url: &str| json!({ "name": "财务系统", "url": url, "types": [] });
        for url in ["http://example.com/", "https://127.0.0.1/", "https://169.254.169.254/", "https://[::1]/", "ftp://x/", "x"] {
            t.post("/webhook-endpoints").by(&administrator).json(keep(url)).await.refused(400, "invalid_fields");
        }
        let strange = json!({ "name": "财务系统", "url": "https://example.com/", "types": ["member.invited"] });
        let refused = t.post("/webhook-endpoints").by(&administrator).json(strange).await.refused(400, "invalid_fields");
        assert_eq!(refused["errors"][0]["pointer"], "/types/0");
        let made = t.post("/webhook-endpoints").by(&administrator).json(keep("https://example.com/")).await.created();
        let path = format!("/webhook-endpoints/{}", made["id"].as_str().unwrap());
        t.put(&path).by(&administrator).version(&made["version"]).json(keep("https://10.0.0.1/")).await.refused(400, "invalid_fields");
        let changed = t.put(&path).by(&administrator).version(&made["version"]).json(keep("https://example.com/b")).await.ok();
        assert_eq!(changed["url"], "https://example.com/b");
        let off = t.post(&format!("{path}/disable")).by(&administrator).version(&changed["version"]).await.ok();
        assert_eq!(off["disabled_because"], "by_owner");

        // A name that resolves inside is found out when it is called, however it was entered.
        t.sql("update webhook_endpoint set url = 'https://localhost:9/', state = 'active', disabled_because = null").await.unwrap();
        let place = Place { house: TestApp::configured(t, t.app.config.clone()).await, organisation, administrator };
        place.happens(fresh(), 1).await;
        assert_eq!(place.log(&place.deliveries().await[0]).await, ["private address"]);
        t.sql("update webhook_delivery set state = 'failed'").await.unwrap();
        for _ in 1..20 {
            t.post("/webhook-endpoints").by(&place.administrator).json(keep("https://example.com/")).await.created();
        }
        t.post("/webhook-endpoints").by(&place.administrator).json(keep("https://example.com/")).await.refused(409, "too_many_webhook_endpoints");
    }

    /// One delivery can be sent again, also when it arrived; strangers see nothing of it.
    async fn one_delivery_is_sent_again(t: TestApp) {
        let (place, receiver) = (Place::of(t).await, Receiver::start());
        place.endpoint(&receiver.url(), &[]).await;
        place.happens(fresh(), 1).await;
        let delivery = place.deliveries().await[0].clone();
        let path = format!("/webhook-deliveries/{}", delivery["id"].as_str().unwrap());
        place.house.post(&format!("{path}/replay")).by(&place.administrator).await.ok();
        place.house.drain().await;
        let arrived = receiver.arrived();
        assert_eq!((arrived.len(), &arrived[0].id), (2, &arrived[1].id));
        assert_eq!(place.log(&delivery).await.len(), 2);
        let other = t.organisation(OrganisationKind::Cooperative, "522625").await;
        let stranger = t.member(Role::Administrator, other).await;
        t.get(&path).by(&stranger).await.refused(404, "not_found");
        t.post(&format!("{path}/replay")).by(&stranger).await.refused(404, "not_found");
    }
}

/// The scripts that the README shows, run on a request that really arrived: it is taken, and nothing else is.
#[actix_web::test]
async fn receivers_in_three_languages_check_what_arrives() {
    let t = TestApp::on_sqlite().await;
    let (place, receiver) = (Place::of(&t).await, Receiver::start());
    let made = place.endpoint(&receiver.url(), &[]).await;
    place.happens(fresh(), 1).await;
    let arrived = receiver.arrived()[0].clone();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/receivers");
    let (other, sent) = (Secret::generate().unwrap(), arrived.timestamp.parse::<i64>().unwrap());
    for (program, script) in [("python3", "verify.py"), ("node", "verify.mjs"), ("sh", "verify.sh")] {
        let run = |secret: &str, arrived: &Arrived, now: i64| {
            let mut child = Command::new(program)
                .arg(folder.join(script))
                .env("WEBHOOK_SECRET", secret)
                .env("WEBHOOK_ID", &arrived.id)
                .env("WEBHOOK_TIMESTAMP", &arrived.timestamp)
                .env("WEBHOOK_SIGNATURE", &arrived.signature)
                .env("WEBHOOK_NOW", now.to_string())
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap_or_else(|error| panic!("please install {program}: {error}"));
            // One that refuses by the time alone does not read the body.
            let _unread = child.stdin.take().unwrap().write_all(arrived.body.as_bytes());
            child.wait().unwrap().success()
        };
        let secret = made["secret"].as_str().unwrap();
        assert!(run(secret, &arrived, sent + 10), "{script} takes what arrived");
        let two = Arrived { signature: format!("v1,AAAA {}", arrived.signature), ..arrived.clone() };
        assert!(run(secret, &two, sent), "{script} takes one of two signatures");
        assert!(!run(other.text(), &arrived, sent), "{script} refuses another secret");
        assert!(!run(secret, &arrived, sent + 301), "{script} refuses what is old");
        let changed = Arrived { body: arrived.body.replace("\"number\":1", "\"number\":2"), ..arrived.clone() };
        assert!(!run(secret, &changed, sent), "{script} refuses what was changed");
        let renamed = Arrived { id: fresh().to_string(), ..arrived.clone() };
        assert!(!run(secret, &renamed, sent), "{script} refuses another identifier");
    }
    t.finish().await;
}

/// The example of the specification.
#[test]
fn a_signature_is_the_one_of_the_specification() {
    let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    let signature = sign(&[secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
    assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    assert!(Secret::parse("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").is_none() && Secret::parse("whsec_?").is_none());
}

proptest! {
    /// Later and later, never at the same instant for all, and an end to it.
    #[test]
    fn attempts_come_later_and_later(attempts in 1..20_i32, spread in 0..=1_000_i64) {
        let now: Timestamp = start_of_tests();
        match next_attempt(attempts, now, spread) {
            Some(next) => {
                prop_assert!(attempts < ATTEMPTS);
                prop_assert!(next > now && next - now <= Duration::hours(27));
                if let Some(after) = next_attempt(attempts + 1, now, spread) {
                    prop_assert!(after > next);
                }
            }
            None => prop_assert!(attempts >= ATTEMPTS),
        }
    }
}
