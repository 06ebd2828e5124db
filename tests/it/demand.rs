//! Demands: answered sealed, opened after the deadline by the clock of the house, compared and awarded with reasons.

use crate::approval::orderable;
use crate::harness::*;
use crate::procurement::{Buyer, Seller, assert_sound, fresh_key};
use crate::ways::{complete, method, tender};
use entity::value::{Clock, OrganisationKind, ProductId, Role};
use entity::{audit_event, quotation};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

fn wanted(min: i32, invited: &[&Seller]) -> Value {
    let invited: Vec<_> = invited.iter().map(|seller| seller.id).collect();
    json!({
        "title": "四月食堂用茶", "deliver_to": "贵阳市林城东路 1 号食堂", "deadline": "2026-03-04T02:00:00Z",
        "min_quotations": min, "invited": invited,
        "lines": [{ "name": "绿茶，每袋 1 千克", "category_code": "0803", "packs": 10, "ceiling_fen": 2_000 }],
    })
}

async fn publish(t: &TestApp, buyer: &Buyer, body: Value) -> Value {
    t.post("/demands").by(&buyer.officer).json(body).await.created()
}

async fn quote(t: &TestApp, seller: &Seller, demand: &Value, product: ProductId, price: i64) -> Reply {
    let path = format!("/open-demands/{}/quotation", demand["id"].as_str().unwrap());
    let body =
        json!({ "prices": [{ "line_no": 1, "product_id": product, "unit_price_fen": price }], "note": "当季新茶" });
    t.put(&path).by(&seller.clerk).json(body).await
}

async fn shown(t: &TestApp, buyer: &Buyer, demand: &Value) -> Value {
    t.get(&format!("/demands/{}", demand["id"].as_str().unwrap())).by(&buyer.officer).await.ok()
}

async fn step(t: &TestApp, by: &Person, demand: &Value, what: &str, body: Value) -> Reply {
    let path = format!("/demands/{}", demand["id"].as_str().unwrap());
    let version = t.get(&path).by(by).await.json()["version"].clone();
    let version = if version.is_null() { json!(1) } else { version };
    t.post(&format!("{path}/{what}")).by(by).key(&fresh_key()).version(&version).json(body).await
}

async fn compared(t: &TestApp, buyer: &Buyer, demand: &Value) -> Value {
    t.get(&format!("/demands/{}/quotations", demand["id"].as_str().unwrap())).by(&buyer.officer).await.ok()
}

/// A demand that is answered, for the tests that try every door.
pub(crate) async fn in_the_world(t: &TestApp, officer: &Person, clerks: &[&Person]) {
    let order = orderable(t, officer).await;
    let body = json!({ "title": "求购", "deliver_to": "食堂", "deadline": t.clock.now() + chrono::Duration::days(3),
        "lines": [{ "name": "大米", "packs": 3 }] });
    let demand = t.post("/demands").by(officer).json(body).await.created();
    let path = format!("/open-demands/{}/quotation", demand["id"].as_str().unwrap());
    let price = json!({ "line_no": 1, "product_id": order["lines"][0]["product_id"], "unit_price_fen": 100 });
    let mut answered = 0;
    for clerk in clerks {
        answered += i32::from(t.put(&path).by(clerk).json(json!({ "prices": [price] })).await.status == 200);
    }
    assert!(answered > 0, "whoever sells it answers");
}

both! {
    async fn sealed_quotations_are_opened_compared_and_awarded(t: TestApp) {
        let buyer = Buyer::with_budget(t, 100_000).await;
        let (one, two, three) = (Seller::open(t).await, Seller::open(t).await, Seller::open(t).await);
        let (tea, green, black) =
            (one.product(t, 1_900, 50).await, two.product(t, 1_800, 50).await, three.product(t, 1_700, 50).await);
        let demand = publish(t, &buyer, wanted(2, &[])).await;
        let listed = t.get("/open-demands?state=published").by(&one.clerk).await.ok();
        assert_eq!((&listed["items"][0]["id"], &listed["items"][0]["own"]), (&demand["id"], &Value::Null));
        let own = quote(t, &one, &demand, tea, 1_500).await.ok();
        assert_eq!((&own["state"], &own["total_fen"]), (&json!("sealed"), &Value::Null));
        quote(t, &two, &demand, green, 1_400).await.ok();
        // Replaced before the deadline; what was before is gone.
        assert_eq!(quote(t, &two, &demand, green, 1_300).await.ok()["version"], 2);
        quote(t, &three, &demand, black, 1_100).await.ok();
        let path = format!("/open-demands/{}/quotation/withdraw", demand["id"].as_str().unwrap());
        t.post(&path).by(&three.clerk).await.ok();
        assert_eq!(shown(t, &buyer, &demand).await["quotations"], 2);
        let sealed = compared(t, &buyer, &demand).await;
        assert_eq!(sealed, json!({ "is_sealed": true, "count": 2, "quotations": [] }));
        step(t, &buyer.officer, &demand, "open", json!(null)).await.refused(409, "demand_sealed");
        t.clock.set("2026-03-04T02:00:00Z".parse().unwrap());
        quote(t, &one, &demand, tea, 900).await.refused(409, "deadline_over");
        t.post(&path).by(&two.clerk).await.refused(409, "deadline_over");
        let opened = step(t, &buyer.officer, &demand, "open", json!(null)).await.ok();
        assert_eq!(opened["state"], "opened");
        let table = compared(t, &buyer, &demand).await;
        let totals: Vec<_> = table["quotations"].as_array().unwrap().iter().map(|one| &one["total_fen"]).collect();
        assert_eq!(totals, [&json!(13_000), &json!(15_000)]);
        assert_eq!(table["quotations"][0]["prices"][0]["is_lowest"], true);
        assert_eq!((&table["quotations"][1]["rank"], &table["quotations"][1]["note"]), (&json!(2), &json!("当季新茶")));
        let award = |id: &Value| json!({ "quotation_id": id, "reason": "报价最低且质量符合要求", "budget_id": buyer.budget });
        let strange = json!(uuid::Uuid::now_v7());
        step(t, &buyer.officer, &demand, "award", award(&strange)).await.refused(400, "invalid_fields");
        let request = step(t, &buyer.officer, &demand, "award", award(&table["quotations"][0]["id"])).await.created();
        assert_eq!((&request["way"], &request["total_fen"]), (&json!("quotation"), &json!(13_000)));
        step(t, &buyer.officer, &demand, "award", award(&table["quotations"][1]["id"])).await.refused(409, "wrong_state");
        let done = shown(t, &buyer, &demand).await;
        assert_eq!((&done["state"], &done["reason"]), (&json!("awarded"), &json!("报价最低且质量符合要求")));
        let paid = complete(t, &two, &buyer, &request).await;
        assert_eq!((&paid["lines"][0]["price_basis"], &paid["lines"][0]["unit_price_fen"]), (&json!("quotation"), &json!(1_300)));
        // Three answered, one took its answer back; open data say how many, and name only who was awarded.
        assert_eq!(method(t, &request).await, ("open".to_owned(), "公开求购，密封报价".to_owned()));
        let told = tender(t, &request).await;
        assert_eq!((&told["numberOfTenderers"], &told["tenderPeriod"]["endDate"]), (&json!(2), &json!("2026-03-04T02:00:00.000Z")));
        let loser = entity::organisation::Entity::find_by_id(one.id).one(t.direct()).await.unwrap().unwrap().name;
        assert!(!t.get("/open-data/releases?limit=100").await.ok().to_string().contains(&loser));
        let path = format!("/open-demands/{}", demand["id"].as_str().unwrap());
        assert_eq!(t.get(&path).by(&two.clerk).await.ok()["own"]["is_awarded"], true);
        assert_eq!(t.get(&path).by(&one.clerk).await.ok()["own"]["is_awarded"], false);
        let mails = t.mails();
        assert_eq!(mails.iter().filter(|mail| mail.contains("Message-ID: <demand-decided.")).count(), 2);
    }

    /// Neither the database, nor the audit, nor the outbox, nor a log of answers says what somebody asks; a ciphertext is
    /// as long for a fen as for a fortune; and whoever tries too early is written down.
    async fn before_the_deadline_nobody_reads_an_amount(t: TestApp) {
        let buyer = Buyer::with_budget(t, 100_000).await;
        let (one, two) = (Seller::open(t).await, Seller::open(t).await);
        let (tea, green) = (one.product(t, 1_000, 50).await, two.product(t, 1_000, 50).await);
        let mut body = wanted(1, &[]);
        body["lines"][0]["ceiling_fen"] = Value::Null;
        let demand = publish(t, &buyer, body).await;
        quote(t, &one, &demand, tea, 1).await.ok();
        quote(t, &two, &demand, green, 7_654_321).await.ok();
        step(t, &buyer.officer, &demand, "open", json!(null)).await.refused(409, "demand_sealed");
        let rows = quotation::Entity::find().all(t.direct()).await.unwrap();
        assert_eq!(rows[0].sealed_cipher.len(), rows[1].sealed_cipher.len());
        assert!(rows.iter().all(|row| row.total_fen.is_none() && row.note.is_none()));
        let tables = ["quotation", "quotation_line", "audit_event", "outbox", "job", "idempotency_key"];
        for table in tables {
            let columns = if table == "quotation" { "sealed_cipher, note, total_fen" } else { "*" };
            let sql = format!("select {columns} from {table}");
            let statement = sea_orm::Statement::from_string(sea_orm::ConnectionTrait::get_database_backend(t.direct()), sql);
            let found = sea_orm::ConnectionTrait::query_all_raw(t.direct(), statement).await.unwrap();
            let text = format!("{found:?}");
            assert!(!text.contains("7654321") && !text.contains("76543210"), "{table}: {text}");
        }
        let tried = audit_event::Entity::find().filter(audit_event::Column::Operation.eq("demand.open_refused"));
        assert_eq!(tried.all(t.direct()).await.unwrap().len(), 1);
        t.clock.set("2026-03-04T02:00:00Z".parse().unwrap());
        // A row moved to another demand does not open there.
        t.sql("update quotation set sealed_cipher = (select max(sealed_cipher) from quotation)").await.unwrap();
        assert_eq!(step(t, &buyer.officer, &demand, "open", json!(null)).await.status, 500);
        for row in rows {
            let sql = format!("update quotation set sealed_cipher = '{}' where supplier_id = {}", row.sealed_cipher, literal(t, row.supplier_id.uuid()));
            t.sql(&sql).await.unwrap();
        }
        step(t, &buyer.officer, &demand, "open", json!(null)).await.ok();
        let opened = audit_event::Entity::find().filter(audit_event::Column::Operation.eq("quotation.open"));
        assert_eq!(opened.all(t.direct()).await.unwrap().len(), 2);
        assert_eq!(compared(t, &buyer, &demand).await["quotations"][1]["total_fen"], 76_543_210);
    }

    async fn only_those_invited_answer_and_too_few_answers_fail(t: TestApp) {
        let buyer = Buyer::with_budget(t, 100_000).await;
        let (one, two) = (Seller::open(t).await, Seller::open(t).await);
        let (tea, green) = (one.product(t, 1_000, 50).await, two.product(t, 1_000, 50).await);
        let demand = publish(t, &buyer, wanted(2, &[&one])).await;
        t.drain().await;
        let invited = format!("Message-ID: <demand-published.{}.{}.", demand["id"].as_str().unwrap(), one.id);
        assert_eq!(t.mails().iter().filter(|mail| mail.contains(&invited)).count(), 1);
        quote(t, &two, &demand, green, 900).await.refused(404, "not_found");
        assert_eq!(t.get("/open-demands").by(&two.clerk).await.ok()["items"], json!([]));
        for (product, price) in [(tea, 0), (tea, 2_001), (green, 900)] {
            quote(t, &one, &demand, product, price).await.refused(400, "invalid_fields");
        }
        quote(t, &one, &demand, tea, 900).await.ok();
        t.clock.set("2026-03-04T02:00:00Z".parse().unwrap());
        let failed = step(t, &buyer.officer, &demand, "open", json!(null)).await.ok();
        assert_eq!(failed["state"], "failed");
        // It stays shut for good.
        let table = compared(t, &buyer, &demand).await;
        assert_eq!((&table["is_sealed"], &table["quotations"]), (&json!(true), &json!([])));
        let row = quotation::Entity::find().one(t.direct()).await.unwrap().unwrap();
        assert_eq!(row.total_fen, None);
        step(t, &buyer.officer, &demand, "open", json!(null)).await.refused(409, "wrong_state");
    }

    /// What was asked of some only is published as such.
    async fn an_invited_demand_is_told_as_limited(t: TestApp) {
        let buyer = Buyer::with_budget(t, 100_000).await;
        let (one, two) = (Seller::open(t).await, Seller::open(t).await);
        let (tea, green) = (one.product(t, 1_900, 50).await, two.product(t, 1_800, 50).await);
        let demand = publish(t, &buyer, wanted(2, &[&one, &two])).await;
        quote(t, &one, &demand, tea, 1_500).await.ok();
        quote(t, &two, &demand, green, 1_600).await.ok();
        t.clock.set("2026-03-04T02:00:00Z".parse().unwrap());
        step(t, &buyer.officer, &demand, "open", json!(null)).await.ok();
        let best = compared(t, &buyer, &demand).await["quotations"][0]["id"].clone();
        let award = json!({ "quotation_id": best, "reason": "报价最低且质量符合要求", "budget_id": buyer.budget });
        let request = step(t, &buyer.officer, &demand, "award", award).await.created();
        complete(t, &one, &buyer, &request).await;
        assert_eq!(method(t, &request).await, ("limited".to_owned(), "邀请求购，密封报价".to_owned()));
        assert_eq!(tender(t, &request).await["numberOfTenderers"], 2);
    }

    async fn a_demand_is_its_buyers(t: TestApp) {
        let (buyer, stranger) = (Buyer::with_budget(t, 100_000).await, Buyer::with_budget(t, 100_000).await);
        let seller = Seller::open(t).await;
        let demand = publish(t, &buyer, wanted(1, &[])).await;
        for what in ["open", "cancel", "award"] {
            let body = match what {
                "cancel" => json!({ "reason": "x" }),
                "award" => json!({ "quotation_id": uuid::Uuid::now_v7(), "reason": "x" }),
                _ => json!(null),
            };
            step(t, &stranger.officer, &demand, what, body.clone()).await.refused(404, "not_found");
            step(t, &seller.clerk, &demand, what, body).await.refused(403, "forbidden");
        }
        t.post("/demands").by(&seller.clerk).json(wanted(1, &[])).await.refused(403, "forbidden");
        let school = t.organisation(OrganisationKind::BudgetUnit, "520100").await;
        let mut odd = wanted(1, &[]);
        odd["invited"] = json!([school]);
        odd["deadline"] = json!("2026-03-02T02:10:00Z");
        let refused = t.post("/demands").by(&buyer.officer).json(odd).await.refused(400, "invalid_fields");
        let at: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
        assert_eq!(at, ["/deadline", "/invited/0"]);
        let approver = t.member(Role::Approver, buyer.officer.member.organisation).await;
        assert_eq!(t.get("/demands").by(&approver).await.ok()["items"].as_array().unwrap().len(), 1);
        step(t, &buyer.officer, &demand, "cancel", json!({ "reason": "计划调整" })).await.ok();
        step(t, &buyer.officer, &demand, "cancel", json!({ "reason": "计划调整" })).await.refused(409, "wrong_state");
        let tea = seller.product(t, 1_000, 50).await;
        quote(t, &seller, &demand, tea, 900).await.refused(409, "wrong_state");
        assert_sound(t).await;
    }
}

/// An identifier as the database writes it.
fn literal(t: &TestApp, id: uuid::Uuid) -> String {
    if t.is_postgres() { format!("'{id}'") } else { format!("x'{}'", id.simple()) }
}
