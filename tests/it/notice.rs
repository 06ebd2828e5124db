//! What notices promise: a supplier has mail when somebody orders, and a repeated mail is recognised.

use crate::harness::*;
use crate::market::Market;
use crate::post::{Door, Mood, Post};
use entity::value::{OrganisationKind, Role};
use liannong::config::Config;
use proptest::prelude::*;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

fn mails(t: &TestApp) -> Vec<String> {
    let files = std::fs::read_dir(t.folder().join("mail")).unwrap();
    files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect()
}

both! {
    async fn a_supplier_has_mail_when_somebody_orders(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        assert_eq!(mails(t).len(), 0);
        let order = market.placed(t, 2).await;
        t.drain().await;
        let mails = mails(t);
        assert_eq!(mails.len(), 1);
        let id = order["id"].as_str().unwrap();
        assert!(mails[0].contains(&format!("Message-ID: <order-placed.{id}.{}@liannong.example>", market.supplier.id)), "{}", mails[0]);
        let suffix = &market.supplier.id.to_string()[24..];
        assert!(mails[0].contains(&format!("To: clerk@{suffix}.example")), "{}", mails[0]);
    }
}

/// From now on mail reaches somebody there.
async fn reachable(t: &TestApp, person: &Person, address: &str) {
    let mut row = entity::person::ActiveModel { id: sea_orm::Set(person.member.person), ..Default::default() };
    row.email = sea_orm::Set(Some(address.to_owned()));
    entity::person::Entity::update(row).exec(t.direct()).await.unwrap();
}

async fn wishes(t: &TestApp, person: &Person, wish: Value) -> Value {
    let now = t.get("/mail-preferences").by(person).await.ok();
    t.put("/mail-preferences").by(person).version(&now["version"]).json(wish).await.ok()
}

both! {
    /// Of an order its supplier's people are told as each of them wishes: not at all, later, in one mail, in one
    /// language. What concerns the account always comes, and at once.
    async fn suppliers_are_told_of_orders_as_their_people_wish(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let clerk = &market.supplier.clerk;
        reachable(t, clerk, "clerk@example.com").await;
        let mut expected = 0;
        let order = async |told: usize, why: &str| {
            let order = market.placed(t, 1).await;
            t.drain().await;
            assert_eq!(t.mails().len(), told, "{why}");
            order["number"].as_str().unwrap().to_owned()
        };
        let newest = |number: &str| t.mails().into_iter().find(|mail| mail.contains(number)).unwrap();
        let mut wish = usual();
        wish["muted"] = json!(["orders"]);
        wishes(t, clerk, wish.clone()).await;
        order(expected, "orders are not wanted").await;

        wish = usual();
        wish["language"] = json!("en");
        wishes(t, clerk, wish.clone()).await;
        expected += 1;
        let number = order(expected, "wanted, in English").await;
        let mail = newest(&number);
        assert!(mail.contains("To: clerk@example.com") && mail.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{mail}");
        assert!(mail.contains(&format!("has placed order {number} with you, for ")) && !mail.contains("您好"), "{mail}");
        assert!(!mail.contains(".example>, "), "the contact address is for when nobody is reached: {mail}");

        // It is ten in the morning.
        (wish["quiet_from"], wish["quiet_until"]) = (json!(9), json!(11));
        wishes(t, clerk, wish.clone()).await;
        let number = order(expected, "it is quiet").await;
        let username = t.username(clerk).await;
        assert_eq!(t.post("/password-resets").json(json!({ "username": username })).await.status, 202);
        t.drain().await;
        expected += 1;
        assert_eq!(t.mails().len(), expected, "a new password does not wait");
        let reset = newest("New password");
        assert!(reset.contains("This code is good once") && !reset.contains("重置") && !reset.contains("List-Unsubscribe"), "{reset}");
        t.clock.advance(chrono::Duration::hours(1));
        t.drain().await;
        expected += 1;
        assert_eq!(t.mails().len(), expected);
        newest(&number);

        wish = usual();
        (wish["digest"], wish["language"]) = (json!(true), json!("zh"));
        wishes(t, clerk, wish).await;
        let gathered = [order(expected, "gathered").await, order(expected, "gathered").await];
        static PLAN: &[liannong::jobs::Scheduled] = &[liannong::notice::DIGEST];
        liannong::jobs::tick(&t.app, PLAN).await.unwrap();
        assert_eq!(t.mails().len(), expected + 1, "both in one");
        let mail = newest(&gathered[0]);
        assert!(mail.contains(&gathered[1]) && mail.contains("请登录联农平台确认并发货") && !mail.contains("Hello"), "{mail}");
    }

    /// Every older kind of letter goes the same way: whoever does not want a kind has none of it, and it is written down.
    async fn every_kind_of_letter_can_be_taken_off(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let (seller, buyer) = (&market.supplier.clerk, &market.buyer);
        reachable(t, seller, "seller@example.com").await;
        reachable(t, buyer, "buyer@example.com").await;
        for person in [seller, buyer] {
            let mut wish = usual();
            wish["muted"] = json!(["orders", "supply"]);
            wishes(t, person, wish).await;
        }
        let (supplier, unit) = (market.supplier.id, buyer.member.organisation);
        let id = uuid::Uuid::now_v7();
        for (topic, data) in [
            ("order.reminded", json!({ "supplier_order": id, "number": "D1", "supplier": supplier, "buyer": unit, "clock": "shipping" })),
            ("credential.ending", json!({ "organisation": supplier, "paper": "营业执照", "number": "1", "valid_to": "2026-04-01", "warning_days": 30 })),
            ("purchase_request.returned", json!({ "request": id, "buyer": unit, "total_fen": 100, "event_no": 2, "is_expired": false })),
            ("standing_call_off.made", json!({ "call_off": id, "buyer": unit, "title": "大米", "due_on": "2026-03-09" })),
            ("demand.published", json!({ "demand": id, "buyer": unit, "title": "茶", "invited": [supplier] })),
            ("demand.decided", json!({ "demand": id, "title": "茶", "winner": null, "suppliers": [supplier], "version": 1 })),
            ("group_purchase.settled", json!({ "group": id, "join": id, "buyer": unit, "title": "团", "reached_fen": 800 })),
        ] {
            happened(t, topic, &data).await;
        }
        t.drain().await;
        assert!(t.mails().is_empty(), "{:?}", t.mails());
        let letters = entity::mail::Entity::find().all(t.direct()).await.unwrap();
        let subjects: std::collections::BTreeSet<_> = letters.iter().map(|row| row.subject.as_str()).collect();
        assert_eq!(letters.len(), 8, "both sides of the order, one each of the others: {subjects:?}");
        assert!(letters.iter().all(|row| row.state == entity::value::MailState::Unwanted), "{letters:?}");
    }
}

/// Something happened, as the outbox has it.
async fn happened(t: &TestApp, topic: &str, data: &Value) {
    let row = entity::outbox::ActiveModel {
        id: sea_orm::Set(entity::value::OutboxId::generate()),
        topic: sea_orm::Set(topic.to_owned()),
        aggregate_id: sea_orm::Set(uuid::Uuid::now_v7()),
        payload: sea_orm::Set(data.to_string()),
        created_at: sea_orm::Set(t.clock_now()),
        delivered_at: sea_orm::Set(None),
    };
    entity::outbox::Entity::insert(row).exec_without_returning(t.direct()).await.unwrap();
}

/// A cooperative's clerk whom mail reaches, in a house with that mail server; and the cooperative's own event.
struct Reached {
    house: TestApp,
    clerk: Person,
    operator: Person,
}

impl Reached {
    async fn by(t: &TestApp, post: &Post) -> Self {
        Self::with(t, Config { smtp_url: Some(post.url.clone()), ..t.app.config.clone() }).await
    }

    async fn with(t: &TestApp, config: Config) -> Self {
        let house = TestApp::configured(t, config).await;
        let cooperative = t.organisation(OrganisationKind::Cooperative, "522625").await;
        let clerk = t.member(Role::CooperativeClerk, cooperative).await;
        reachable(t, &clerk, "long@example.com").await;
        let operator = t.organisation(OrganisationKind::PlatformOperator, "110101").await;
        let operator = t.member(Role::PlatformOperator, operator).await;
        Self { house, clerk, operator }
    }

    /// Lots of the cooperative are called back.
    async fn recalled(&self, lots: usize) {
        let id = uuid::Uuid::now_v7();
        let lots: Vec<_> = (0..lots).map(|_| uuid::Uuid::now_v7()).collect();
        let data = json!({ "recall": id, "supplier": self.clerk.member.organisation, "lots": lots });
        happened(&self.house, "lot.recalled", &data).await;
        self.house.drain().await;
    }

    async fn wishes(&self, wish: Value) -> Value {
        wishes(&self.house, &self.clerk, wish).await
    }

    async fn states(&self) -> Vec<(String, Value)> {
        let listed = self.house.get("/mails?limit=100").by(&self.operator).await.ok();
        let one = |mail: &Value| (mail["state"].as_str().unwrap().to_owned(), mail["error"].clone());
        listed["items"].as_array().unwrap().iter().map(one).collect()
    }

    async fn gather(&self) {
        static PLAN: &[liannong::jobs::Scheduled] = &[liannong::notice::DIGEST];
        liannong::jobs::tick(&self.house.app, PLAN).await.unwrap();
    }
}

fn usual() -> Value {
    json!({ "language": "both", "digest": false, "quiet_from": 0, "quiet_until": 0, "muted": [] })
}

/// What a part of a mail says, decoded.
fn decoded(mail: &str, kind: &str) -> String {
    let part = mail.split("Content-Type: ").find(|part| part.starts_with(kind)).unwrap_or_default();
    let (head, body) = part.split_once("\n\n").unwrap();
    decode(head, body.split("\n--").next().unwrap().trim_end())
}

both! {
    /// A letter arrives once, in two languages and two forms, and can be taken off with one request.
    async fn a_letter_arrives_and_can_be_taken_off(t: TestApp) {
        let post = Post::open();
        let reached = Reached::by(t, &post).await;
        reached.recalled(2).await;
        let taken = post.taken();
        assert_eq!(taken.len(), 1);
        assert!(taken[0].contains("To: long@example.com") && taken[0].contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"));
        let (text, page) = (decoded(&taken[0], "text/plain"), decoded(&taken[0], "text/html"));
        assert!(text.contains("2 个批次被召回") && text.contains("2 of your lots were called back"), "{text}");
        assert!(page.contains("<p>") && page.contains("2 个批次被召回"), "{page}");
        t.sql("update job set done_at = null, locked_until = null where name = 'notice.tell'").await.unwrap();
        reached.house.drain().await;
        assert_eq!(post.taken().len(), 1, "heard twice, told once");
        assert_eq!(reached.states().await, [("sent".to_owned(), Value::Null)]);

        // Long headers are folded.
        let unfolded = taken[0].replace("\n ", "").replace("\n\t", "");
        let address = unfolded.split("List-Unsubscribe: <").nth(1).unwrap().split('>').next().unwrap().replace(' ', "");
        let path = address.split("/api/v1").nth(1).unwrap();
        assert_eq!(reached.house.post(path).await.ok()["category"], "supply");
        reached.house.post(path).await.ok();
        reached.house.post("/mail-unsubscriptions?token=abc").await.refused(404, "not_found");
        reached.recalled(1).await;
        assert_eq!(post.taken().len(), 1);
        assert_eq!(reached.states().await[0].0, "unwanted");
        let wish = reached.house.get("/mail-preferences").by(&reached.clerk).await.ok();
        assert_eq!(wish["muted"], json!(["supply"]));
    }

    /// A mailbox that is not there is a bounce, recorded once; a server that is full, breaks off or does not
    /// answer is asked again.
    async fn what_a_server_refuses_comes_back_and_what_it_puts_off_comes_again(t: TestApp) {
        let post = Post::open();
        let hasty = Config { smtp_patience_seconds: 3, smtp_url: Some(post.url.clone()), ..t.app.config.clone() };
        let reached = Reached::with(t, hasty).await;
        post.is(Mood::RefusesTheRecipient);
        reached.recalled(1).await;
        assert_eq!(reached.states().await, [("bounced".to_owned(), json!("550"))]);
        let bounced = reached.house.get("/mails?state=bounced").by(&reached.operator).await.ok();
        assert_eq!(bounced["items"][0]["person_id"], json!(reached.clerk.member.person));
        assert!(!bounced.to_string().contains("long@example.com"), "the address is not shown");

        for mood in [Mood::IsFull, Mood::BreaksOff, Mood::IsSlow] {
            let before = post.taken().len();
            post.is(mood);
            reached.recalled(1).await;
            assert_eq!(post.taken().len(), before);
            post.is(Mood::Takes);
            t.clock.advance(chrono::Duration::seconds(3));
            reached.house.drain().await;
            assert_eq!(post.taken().len(), before + 1, "{mood:?}");
        }
        reached.house.get("/mails").by(&reached.clerk).await.refused(403, "forbidden");
    }

    /// Encrypted and with a password, by a server whose certificate is known; nothing is said to one whose is not.
    async fn mail_goes_encrypted_to_whom_we_know(t: TestApp) {
        for door in [Door::StartTls, Door::Tls] {
            let post = Post::behind(door);
            let unknown = Config { smtp_url: Some(post.url.clone()), ..t.app.config.clone() };
            let reached = Reached::with(t, unknown.clone()).await;
            reached.recalled(1).await;
            assert!(post.taken().is_empty(), "{door:?}: its certificate is not known");
            let known = Config { smtp_root: Some(post.certificate()), ..unknown.clone() };
            let house = TestApp::configured(t, known.clone()).await;
            t.clock.advance(chrono::Duration::seconds(3));
            house.drain().await;
            assert_eq!(post.taken().len(), 1, "{door:?}");

            let wrong = Config { smtp_url: Some(post.url.replace("secret", "wrong")), ..known };
            let reached = Reached::with(t, wrong).await;
            reached.recalled(2).await;
            assert_eq!(post.taken().len(), 1, "{door:?}: our password is wrong");
            assert!(!reached.states().await.iter().any(|(state, _)| state == "bounced"), "that is no fault of the recipient's");
            t.clock.advance(chrono::Duration::seconds(3));
            house.drain().await;
            assert_eq!(post.taken().len(), 2, "{door:?}: nothing is lost");
        }
    }

    /// A server that stays away: tried later and later, then parked, where an operator finds it and sends it again.
    async fn what_is_never_taken_is_parked(t: TestApp) {
        let post = Post::open();
        let reached = Reached::by(t, &post).await;
        post.is(Mood::IsFull);
        reached.recalled(1).await;
        for _ in 0..12 {
            t.clock.advance(chrono::Duration::hours(1));
            reached.house.drain().await;
        }
        let parked = reached.house.get("/parked-jobs?name=notice.tell").by(&reached.operator).await.ok();
        assert_eq!(parked["items"].as_array().unwrap().len(), 1);
        post.is(Mood::Takes);
        let wanted = json!({ "name": "notice.tell" });
        reached.house.post("/parked-jobs/replay").by(&reached.operator).json(wanted).await.ok();
        reached.house.drain().await;
        assert_eq!(post.taken().len(), 1);
    }

    /// In quiet hours nothing is sent and nothing is lost; a digest is one mail in the morning.
    async fn people_are_told_as_they_wish(t: TestApp) {
        let post = Post::open();
        let reached = Reached::by(t, &post).await;
        // It is ten in the morning.
        reached.wishes(json!({ "language": "en", "digest": false, "quiet_from": 9, "quiet_until": 11, "muted": [] })).await;
        reached.recalled(1).await;
        assert!(post.taken().is_empty());
        t.clock.advance(chrono::Duration::minutes(59));
        reached.house.drain().await;
        assert!(post.taken().is_empty());
        t.clock.advance(chrono::Duration::minutes(1));
        reached.house.drain().await;
        let text = decoded(&post.taken()[0], "text/plain");
        assert!(text.contains("1 of your lots") && !text.contains("您好"), "{text}");

        let wish = reached.wishes(json!({ "language": "zh", "digest": true, "quiet_from": 0, "quiet_until": 0, "muted": [] })).await;
        assert_eq!(wish["version"], 2);
        reached.house.put("/mail-preferences").by(&reached.clerk).if_match("\"1\"").json(usual()).await.refused(412, "stale_version");
        reached.recalled(3).await;
        reached.recalled(4).await;
        assert_eq!(post.taken().len(), 1);
        reached.gather().await;
        let together = decoded(&post.taken()[1], "text/plain");
        assert!(together.contains("3 个批次") && together.contains("4 个批次"), "{together}");
        reached.recalled(5).await;
        t.clock.advance(chrono::Duration::hours(4));
        reached.gather().await;
        assert_eq!(post.taken().len(), 2, "once a day");
        t.clock.advance(chrono::Duration::hours(18));
        reached.gather().await;
        assert_eq!(post.taken().len(), 3);
        let mut wrong = usual();
        wrong["quiet_from"] = json!(24);
        reached.house.put("/mail-preferences").by(&reached.clerk).version(&wish["version"]).json(wrong).await.refused(400, "invalid_fields");
    }
}

/// Something that has this form.
fn example(form: &Value) -> Value {
    match form["type"].as_str() {
        Some("array") => json!([1]),
        Some("integer") => json!(105),
        Some("boolean") => json!(true),
        _ => json!("x<y"),
    }
}

/// Every letter is written of an event as its form has it, in every language, and says no more than there is.
#[test]
fn every_letter_can_be_written() {
    use entity::value::MailLanguage;
    use liannong::notice::letter::{RULES, page, rule};
    for rule in RULES {
        let kind = liannong::feed::EVENTS.iter().find(|kind| kind.topic == rule.topic).expect("a known event");
        let schema = (kind.schema)();
        let fields = schema["properties"].as_object().unwrap();
        let data: serde_json::Map<_, _> = fields.iter().map(|(name, form)| (name.clone(), example(form))).collect();
        for language in MailLanguage::ALL {
            let letter = rule.letter(Some("D1"), &Value::Object(data.clone()), *language).unwrap();
            assert!(!letter.subject.is_empty() && !letter.text.contains("{{"), "{letter:?}");
            assert!(!page(&letter.subject, &letter.text).unwrap().contains("x<y"), "escaped");
        }
        assert!(
            rule.letter(None, &json!({}), MailLanguage::Zh).is_err()
                || !format!("{:?}", rule.topic).contains("admission")
        );
    }
    assert!(rule("no.such").is_none());
}

proptest! {
    /// Quiet hours end within a day, and when they end it is not quiet.
    #[test]
    fn quiet_hours_end(from in 0..24_i32, until in 0..24_i32, minutes in 0..10_000_i64) {
        let now = start_of_tests() + chrono::Duration::minutes(minutes);
        let wish = entity::mail_preference::Model {
            quiet_from: from, quiet_until: until, ..liannong::notice::wish::usual(entity::value::PersonId::generate())
        };
        if let Some(end) = liannong::notice::wish::quiet_until(&wish, now) {
            prop_assert!(from != until && end > now && end - now <= chrono::Duration::hours(24));
            prop_assert_eq!(liannong::notice::wish::quiet_until(&wish, end), None);
        }
    }
}
