//! The whole life of a supplier and of a product, over HTTP.

use crate::admission::{self, Parties, REQUIRED, SHIQIAN, begin, file, hand_in};
use crate::catalogue::{Shop, act};
use crate::harness::*;
use crate::supply::on_the_day;
use serde_json::{Value, json};

fn said(decision: &str) -> Option<Value> {
    Some(json!({ "decision": decision, "opinion": "情况属实。" }))
}

both! {
    /// Applied, sent back with reasons, recommended twice, admitted, warned, suspended by a paper, renewed, suspended by
    /// hand, struck off until a day, let in again and admitted anew: every decision is kept in its order.
    async fn the_whole_life_of_a_supplier(t: TestApp) {
        let parties = Parties::of(t, SHIQIAN).await;
        let Parties { clerk, agriculture, revitalisation, platform } = &parties;
        let shown = begin(t, clerk, SHIQIAN).await;
        let path = format!("/admissions/{}", shown["id"].as_str().unwrap());
        admission::act(t, clerk, &shown, "submit", None).await.refused(422, "admission_incomplete");
        let shown = hand_in(t, clerk, shown, &REQUIRED).await;
        let licence = async |shown: &Value, valid_to: &str, act: &str| {
            let body = json!({ "file_id": file(t, clerk).await, "valid_from": "2026-01-01", "valid_to": valid_to });
            let path = format!("{path}/documents/business_licence{act}");
            let call = if act.is_empty() { t.put(&path) } else { t.post(&path) };
            call.by(clerk).version(&shown["version"]).json(body).await.ok()
        };
        let shown = licence(&shown, "2026-06-30", "").await;
        let shown = admission::act(t, clerk, &shown, "submit", None).await.ok();
        let wanting = json!({
            "decision": "return", "opinion": "请补充。",
            "items": [{ "item": "mechanism", "reason": "请写明分红比例。" }],
        });
        let shown = admission::act(t, agriculture, &shown, "agriculture-decision", Some(wanting)).await.ok();
        assert_eq!(shown["state"], "returned");
        let better = json!({ "mechanism": "保底收购，盈余的六成二次分红。" });
        let shown = t.patch(&path).by(clerk).version(&shown["version"]).json(better).await.ok();
        let shown = admission::act(t, clerk, &shown, "submit", None).await.ok();
        let all_three = async |shown: Value| {
            let shown = admission::act(t, agriculture, &shown, "agriculture-decision", said("recommend")).await.ok();
            admission::act(t, platform, &shown, "platform-decision", said("approve")).await.refused(409, "wrong_state");
            let shown =
                admission::act(t, revitalisation, &shown, "revitalisation-decision", said("recommend")).await.ok();
            admission::act(t, platform, &shown, "platform-decision", said("approve")).await.ok()
        };
        assert_eq!(all_three(shown).await["state"], "active");
        let now = async || t.get(&path).by(clerk).await.ok();
        on_the_day(t, "2026-06-23").await;
        assert_eq!(now().await["state"], "active");
        on_the_day(t, "2026-07-01").await;
        assert_eq!(now().await["state"], "suspended");
        let shown = licence(&now().await, "2036-06-30", "/renewal").await;
        assert_eq!(shown["state"], "active");
        let standing = async |decision: &str, until: Value| {
            let body = json!({ "decision": decision, "opinion": "抽检不合格。", "until_on": until });
            admission::act(t, platform, &now().await, "standing", Some(body)).await
        };
        standing("suspend", json!(null)).await.ok();
        let struck = standing("remove", json!("2026-12-31")).await.ok();
        assert_eq!((&struck["state"], &struck["removed_until"]), (&json!("removed"), &json!("2026-12-31")));
        standing("readmit", json!(null)).await.refused(409, "removed_until");
        t.clock.set("2027-01-01T02:00:00Z".parse().unwrap());
        let again = standing("readmit", json!(null)).await.ok();
        assert_eq!((&again["state"], &again["removed_until"]), (&json!("returned"), &json!(null)));
        let shown = admission::act(t, clerk, &again, "submit", None).await.ok();
        let shown = all_three(shown).await;
        let steps: Vec<_> = shown["decisions"].as_array().unwrap().iter().map(|d| d["to_state"].clone()).collect();
        assert_eq!(steps, [
            "returned", "agriculture_recommended", "revitalisation_recommended", "active", "suspended", "removed", "returned",
            "agriculture_recommended", "revitalisation_recommended", "active",
        ]);
        let whole = |d: &Value| d["document_hashes"].as_array().unwrap().len() == REQUIRED.len();
        assert!(shown["decisions"].as_array().unwrap().iter().all(whole), "each with what was seen");
    }

    /// Drafted, rejected, made ready, on the shelf, taken down and put back, dearer, held back by a certificate and back,
    /// changed and reviewed again, delisted with a reason, and offered anew.
    async fn the_whole_life_of_a_product(t: TestApp) {
        let shop = Shop::open(t, SHIQIAN).await;
        let certificate = json!({
            "scheme": "organic", "issuer": "中绿华夏", "number": "CN-1", "valid_from": "2026-01-01", "valid_to": "2026-08-31",
        });
        let details = json!({ "brand": "佛顶山", "lists_on_approval": false, "season_months": [3, 4] });
        let draft = shop.offer(t, json!({ "certificates": [certificate], "details": details })).await;
        let path = format!("/products/{}", draft["id"].as_str().unwrap());
        act(t, &shop.clerk, &draft, "put-on", None).await.refused(409, "wrong_state");
        let submitted = act(t, &shop.clerk, &draft, "submit", None).await.ok();
        let rejected = shop.review(t, &submitted, "reject").await.ok();
        let better = json!({ "description": "明前采摘，手工炒制。" });
        let better = t.patch(&path).by(&shop.clerk).version(&rejected["version"]).json(better).await.ok();
        let submitted = act(t, &shop.clerk, &better, "submit", None).await.ok();
        let ready = shop.review(t, &submitted, "approve").await.ok();
        assert_eq!(ready["state"], "ready");
        t.get(&path).await.refused(404, "not_found");
        let sold = act(t, &shop.clerk, &ready, "put-on", None).await.ok();
        t.get(&path).await.ok();
        let down = act(t, &shop.clerk, &sold, "take-off", None).await.ok();
        let sold = act(t, &shop.clerk, &down, "put-on", None).await.ok();
        let price = json!({ "unit_price_fen": 13_800 });
        let call = t.post(&format!("{path}/price")).by(&shop.clerk).key("dearer").version(&sold["version"]).json(price);
        assert_eq!(call.await.ok()["state"], "on_shelf");
        on_the_day(t, "2026-09-01").await;
        let held = t.get(&path).by(&shop.clerk).await.ok();
        assert_eq!((&held["state"], &held["off_reason"]), (&json!("off_shelf"), &json!("certificate_expired")));
        let renewal = json!({ "valid_from": "2026-09-01", "valid_to": "2027-08-31", "file_id": file(t, &shop.clerk).await });
        let address = format!("{path}/certificates/{}/renewal", held["certificates"][0]["id"].as_str().unwrap());
        let back = t.post(&address).by(&shop.clerk).version(&held["version"]).json(renewal).await.ok();
        assert_eq!(back["state"], "on_shelf");
        let name = json!({ "name": "石阡苔茶 明前特级 250克" });
        let changed = t.patch(&path).by(&shop.clerk).version(&back["version"]).json(name).await.ok();
        assert_eq!(changed["state"], "in_review");
        let ready = shop.review(t, &changed, "approve").await.ok();
        let sold = act(t, &shop.clerk, &ready, "put-on", None).await.ok();
        let why = json!({ "reason": "产地存疑", "code": "origin_doubt" });
        let gone = act(t, &shop.platform, &sold, "delist", Some(why)).await.ok();
        assert_eq!((&gone["state"], &gone["off_reason"]), (&json!("delisted"), &json!("origin_doubt")));
        t.get(&path).await.refused(404, "not_found");
        let submitted = act(t, &shop.clerk, &gone, "submit", None).await.ok();
        shop.review(t, &submitted, "approve").await.ok();
        let prices = t.get(&format!("{path}/prices")).by(&shop.clerk).await.ok();
        let numbers: Vec<_> = prices["items"].as_array().unwrap().iter().map(|price| price["number"].clone()).collect();
        assert_eq!(numbers, [2, 1], "every price is kept");
        t.drain().await;
    }
}
