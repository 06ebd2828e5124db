//! What sales outside the platform promise: evidence twice, the same shares, and a mark wherever they are shown.

use crate::harness::*;
use crate::market::Market;
use crate::verify::{report, unlock};
use entity::value::Role;
use serde_json::{Value, json};

fn key() -> String {
    uuid::Uuid::now_v7().to_string()
}

fn fen(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is no amount"))
}

async fn paper(t: &TestApp, clerk: &Person) -> Value {
    let upload = t.post("/files?name=paper.pdf").by(clerk);
    upload.bytes("application/pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n".to_vec()).await.created()["id"].clone()
}

async fn wanted(t: &TestApp, clerk: &Person, lots: Value) -> Value {
    let today = entity::value::business_date(entity::value::Clock::now(&*t.clock));
    json!({
        "buyer_name": "某市农产品批发市场", "sold_on": today, "received_on": today, "amount_fen": 100_000,
        "evidence_file_id": paper(t, clerk).await, "payment_file_id": paper(t, clerk).await, "lots": lots,
    })
}

/// A sale in a world of others, for whoever tries every door.
pub(crate) async fn in_the_world(t: &TestApp, people: &[Person]) {
    for clerk in people.iter().filter(|person| person.member.role == Role::CooperativeClerk) {
        let sale = wanted(t, clerk, json!([])).await;
        if t.post("/off-platform-sales").by(clerk).key(&key()).json(sale).await.status == 201 {
            return;
        }
    }
    panic!("nobody can share anything");
}

both! {
    /// The grower of the lot has its part, owed and paid out like any other income, and marked.
    async fn a_sale_elsewhere_is_shared_and_marked(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let clerk = &market.supplier.clerk;
        let body = wanted(t, clerk, json!([{ "lot_id": market.lot, "grams": 100_000 }])).await;
        let made = t.post("/off-platform-sales").by(clerk).key("s1").json(body.clone()).await.created();
        assert_eq!(made["off_platform"], true);
        let shares = made["shares"].as_array().unwrap();
        let shared: i64 = shares.iter().map(|share| fen(&share["amount_fen"])).sum();
        assert_eq!((shared, shared + fen(&made["retained_fen"])), (fen(&made["shared_fen"]), 100_000));
        assert!(shares.iter().any(|share| share["mode"] == "produce_purchase"));
        let again = t.post("/off-platform-sales").by(clerk).key("s1").json(body).await;
        assert_eq!(again.header("idempotent-replayed"), Some("true"));

        let path = format!("/households/{}/statement?year=2026", market.households[0]);
        let shown = t.get(&path).by(&market.county.officer).await.ok();
        for agreement in shown["agreements"].as_array().unwrap() {
            assert_eq!(agreement["orders"][0]["off_platform"], true);
            assert_eq!(agreement["orders"][0]["number"], made["number"]);
        }
        assert_eq!(shown["totals"]["promised_fen"], shown["totals"]["accrued_fen"]);
        assert!(fen(&shown["totals"]["accrued_fen"]) > 0);
        // It is owed, and paid out.
        let batch = t.post("/payout-batches").by(clerk).key("b1").json(json!({ "method": "cash" })).await.created();
        assert_eq!(fen(&batch["total_fen"]), shared);
        let listed = t.get("/off-platform-sales").by(&market.county.officer).await.ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
        let one = format!("/off-platform-sales/{}", made["id"].as_str().unwrap());
        assert_eq!(t.get(&one).by(clerk).await.ok()["shares"].as_array().unwrap().len(), shares.len());
        let rival = crate::agreement::supplier(t, "522625").await;
        t.get(&one).by(&rival.clerk).await.refused(404, "not_found");
        let sound = report(t).await;
        assert!(sound.is_sound(), "{sound}");
    }

    /// No kilo is sold twice, and nothing without two papers of one's own.
    async fn what_makes_no_sense_is_refused(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let clerk = &market.supplier.clerk;
        let whole = wanted(t, clerk, json!([{ "lot_id": market.lot, "grams": 800_000 }])).await;
        t.post("/off-platform-sales").by(clerk).key(&key()).json(whole.clone()).await.created();
        let more = wanted(t, clerk, json!([{ "lot_id": market.lot, "grams": 1 }])).await;
        assert_eq!(t.post("/off-platform-sales").by(clerk).key(&key()).json(more.clone()).await.status, 409);
        let refuse = async |change: &dyn Fn(&mut Value)| {
            let mut body = more.clone();
            body["lots"] = json!([]);
            change(&mut body);
            t.post("/off-platform-sales").by(clerk).key(&key()).json(body).await.refused(400, "invalid_fields")["errors"][0]["pointer"].clone()
        };
        assert_eq!(refuse(&|b| b["amount_fen"] = json!(0)).await, "/amount_fen");
        assert_eq!(refuse(&|b| b["received_on"] = json!("2026-03-03")).await, "/received_on");
        assert_eq!(refuse(&|b| b["payment_file_id"] = b["evidence_file_id"].clone()).await, "/payment_file_id");
        assert_eq!(refuse(&|b| b["buyer_name"] = json!(" ")).await, "/buyer_name");
        let rival = crate::agreement::supplier(t, "522625").await;
        let foreign = t.post("/off-platform-sales").by(&rival.clerk).key(&key()).json(whole).await;
        foreign.refused(422, "file_unknown");
        let no_plan = wanted(t, &rival.clerk, json!([])).await;
        t.post("/off-platform-sales").by(&rival.clerk).key(&key()).json(no_plan).await.refused(422, "off_platform_no_plan");
    }

    async fn a_changed_sale_is_found(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let clerk = &market.supplier.clerk;
        let body = wanted(t, clerk, json!([{ "lot_id": market.lot, "grams": 100_000 }])).await;
        t.post("/off-platform-sales").by(clerk).key("s1").json(body).await.created();
        assert!(report(t).await.is_sound(), "{}", report(t).await);
        unlock(t, "off_platform_share").await;
        t.sql("update off_platform_share set amount_fen = amount_fen + 1 where line_no = 1").await.unwrap();
        assert_eq!(report(t).await.fault.unwrap().table, "off_platform_sale");
    }
}
