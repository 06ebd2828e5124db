//! The life of a supplier and of its products: papers, standing, mandates, the shelf.

use crate::admission::{self, Parties, REQUIRED, SHIQIAN, begin, file, hand_in};
use crate::catalogue::{Shop, act, tea};
use crate::harness::*;
use entity::value::{Clock, MandateId, MandateState, OrganisationKind, ProductId, Role};
use entity::{mandate, organisation};
use liannong::jobs::{self, Scheduled};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::{Value, json};

static PAPERS: &[Scheduled] = &[liannong::catalogue::EVERY_HOUR];

/// What the clock does about papers on this day.
pub async fn on_the_day(t: &TestApp, day: &str) {
    t.clock.set(format!("{day}T01:00:00Z").parse().unwrap());
    let both = futures_util::future::join_all((0..3).map(|_| jobs::tick(&t.app, PAPERS))).await;
    let taken: usize = both.into_iter().map(|ticked| ticked.unwrap().0.len()).sum();
    assert_eq!(taken, 1, "one server of three takes the turn");
    t.drain().await;
}

fn mails(t: &TestApp) -> Vec<String> {
    let folder = std::fs::read_dir(t.folder().join("mail")).unwrap();
    let texts = folder.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap());
    texts.filter(|text| text.contains("credential.")).collect()
}

async fn product(t: &TestApp, by: &Person, id: &Value) -> Value {
    t.get(&format!("/products/{}", id.as_str().unwrap())).by(by).await.ok()
}

pub async fn admission_of(t: &TestApp, clerk: &Person) -> Value {
    let own = t.get("/admissions").by(clerk).await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
    t.get(&format!("/admissions/{own}")).by(clerk).await.ok()
}

/// An agent's mandate for a product of its own, as it stands in the database. For tests of who sees what.
pub async fn a_mandate(t: &TestApp) {
    let agent = t.organisation(OrganisationKind::AgentTrader, SHIQIAN).await;
    let clerk = t.member(Role::CooperativeClerk, agent).await;
    let offered = entity::product::Entity::find().one(t.direct()).await.unwrap().unwrap();
    let row = mandate::Model {
        id: MandateId::generate(),
        agent_id: agent,
        principal_id: Some(offered.supplier_id),
        principal_name: "委托方".to_owned(),
        product_id: offered.id,
        valid_from: date("2026-01-01"),
        valid_to: date("2026-12-31"),
        evidence_file_id: None,
        state: MandateState::Proposed,
        decided_by: None,
        decided_at: None,
        created_by: clerk.member.person,
        created_at: t.clock.now(),
        version: 1,
    };
    mandate::Entity::insert(row.into_active_model()).exec_without_returning(t.direct()).await.unwrap();
}

both! {
    /// At any moment the applicant sees what is missing, what has ended, and what a reviewer found wrong.
    async fn the_checklist_says_what_is_missing(t: TestApp) {
        let parties = Parties::of(t, SHIQIAN).await;
        let Parties { clerk, agriculture, .. } = &parties;
        let shown = begin(t, clerk, SHIQIAN).await;
        let path = format!("/admissions/{}/checklist", shown["id"].as_str().unwrap());
        let status = |list: &Value, item: &str| {
            list["items"].as_array().unwrap().iter().find(|line| line["item"] == item).unwrap()["status"].clone()
        };
        let list = t.get(&path).by(clerk).await.ok();
        assert_eq!(list["is_complete"], false);
        assert_eq!(status(&list, "credit_code"), "present");
        assert_eq!(status(&list, "business_licence"), "missing");
        assert_eq!(status(&list, "food_production_licence"), "optional");
        let shown = hand_in(t, clerk, shown, &REQUIRED).await;
        let document = format!("/admissions/{}/documents/business_licence", shown["id"].as_str().unwrap());
        let paper = json!({ "file_id": file(t, clerk).await, "issuer": "石阡县市场监督管理局", "valid_to": "2026-03-10" });
        let shown = t.put(&document).by(clerk).version(&shown["version"]).json(paper).await.ok();
        assert_eq!(t.get(&path).by(clerk).await.ok()["is_complete"], true);
        // A month later that licence has ended, and cannot be handed in as it is.
        t.clock.set("2026-04-01T02:00:00Z".parse().unwrap());
        let list = t.get(&path).by(clerk).await.ok();
        assert_eq!((&list["is_complete"], status(&list, "business_licence")), (&json!(false), json!("expired")));
        let refused = admission::act(t, clerk, &shown, "submit", None).await.refused(422, "admission_incomplete");
        assert_eq!(refused["errors"][0]["pointer"], "/documents/business_licence");
        let shown = hand_in(t, clerk, shown, &["business_licence"]).await;
        let shown = admission::act(t, clerk, &shown, "submit", None).await.ok();
        let body = json!({
            "decision": "return", "opinion": "两处需修改。",
            "items": [{ "item": "mechanism", "reason": "请写明收购价。" }, { "item": "benefit_mechanism", "reason": "缺签字页。" }],
        });
        let shown = admission::act(t, agriculture, &shown, "agriculture-decision", Some(body)).await.ok();
        assert_eq!(shown["decisions"][0]["items"][1]["reason"], "缺签字页。");
        let list = t.get(&path).by(clerk).await.ok();
        assert_eq!(status(&list, "mechanism"), "returned");
        assert_eq!(status(&list, "legal_representative"), "present");
        let stray = json!({ "decision": "recommend", "opinion": "好", "items": [{ "item": "other", "reason": "无" }] });
        let shown = admission::act(t, clerk, &shown, "submit", None).await.ok();
        let refused = admission::act(t, agriculture, &shown, "agriculture-decision", Some(stray)).await;
        assert_eq!(refused.refused(400, "invalid_fields")["errors"][0]["pointer"], "/items");
    }

    /// A food production licence has a number that could have been given, in the county that is claimed.
    async fn a_licence_is_of_the_county_that_is_claimed(t: TestApp) {
        let parties = Parties::of(t, SHIQIAN).await;
        let shown = begin(t, &parties.clerk, SHIQIAN).await;
        let scan = file(t, &parties.clerk).await;
        let path = format!("/admissions/{}/documents/food_production_licence", shown["id"].as_str().unwrap());
        let put = async |number: Value| {
            let body = json!({ "file_id": scan, "number": number });
            t.put(&path).by(&parties.clerk).version(&shown["version"]).json(body).await
        };
        for wrong in [json!(null), json!("SC10652062300010"), json!("SC1065206230001"), json!("QS10652062300016")] {
            assert_eq!(put(wrong).await.refused(400, "invalid_fields")["errors"][0]["pointer"], "/number");
        }
        let body = "1065226230001";
        let elsewhere = format!("SC{body}{}", entity::value::FoodLicenceNumber::check_digit(body).unwrap());
        put(json!(elsewhere)).await.refused(422, "licence_county_mismatch");
        let shown = put(json!("SC10652062300016")).await.ok();
        assert_eq!(shown["documents"][0]["number"], "SC10652062300016");
        let other = credit_code(entity::value::OrganisationId::generate());
        let body = json!({ "file_id": scan, "number": other.to_string() });
        let path = format!("/admissions/{}/documents/business_licence", shown["id"].as_str().unwrap());
        let refused = t.put(&path).by(&parties.clerk).version(&shown["version"]).json(body).await;
        refused.refused(400, "invalid_fields");
    }

    /// Suspended, its products are off the shelf; reinstated, they are back; struck off, it starts again after the day.
    async fn a_supplier_is_suspended_struck_off_and_let_in_again(t: TestApp) {
        let shop = Shop::open(t, SHIQIAN).await;
        let (one, other) = (shop.sell(t, json!({})).await, shop.sell(t, json!({})).await);
        let down = act(t, &shop.clerk, &other, "take-off", None).await.ok();
        let standing = async |decision: &str, until: Value| {
            let shown = admission_of(t, &shop.clerk).await;
            let body = json!({ "decision": decision, "opinion": "抽检不合格。", "until_on": until });
            admission::act(t, &shop.platform, &shown, "standing", Some(body)).await
        };
        standing("reinstate", json!(null)).await.refused(409, "wrong_state");
        standing("suspend", json!("2026-05-01")).await.refused(400, "invalid_fields");
        assert_eq!(standing("suspend", json!(null)).await.ok()["state"], "suspended");
        let held = product(t, &shop.clerk, &one["id"]).await;
        assert_eq!((&held["state"], &held["off_reason"]), (&json!("off_shelf"), &json!("supplier_suspended")));
        act(t, &shop.clerk, &held, "put-on", None).await.refused(422, "supplier_not_admitted");
        t.get(&format!("/products/{}", one["id"].as_str().unwrap())).await.refused(404, "not_found");
        assert_eq!(standing("reinstate", json!(null)).await.ok()["state"], "active");
        let back = product(t, &shop.clerk, &one["id"]).await;
        assert_eq!((&back["state"], &back["off_reason"]), (&json!("on_shelf"), &json!(null)));
        let own = product(t, &shop.clerk, &down["id"]).await;
        assert_eq!(own["state"], "off_shelf", "what its supplier took down stays down");

        let removed = standing("remove", json!("2026-04-30")).await.ok();
        assert_eq!((&removed["state"], &removed["decisions"].as_array().unwrap().last().unwrap()["until_on"]),
            (&json!("removed"), &json!("2026-04-30")));
        standing("readmit", json!(null)).await.refused(409, "removed_until");
        t.clock.set("2026-05-01T02:00:00Z".parse().unwrap());
        let shown = standing("readmit", json!(null)).await.ok();
        assert_eq!(shown["state"], "returned");
        assert_eq!(product(t, &shop.clerk, &one["id"]).await["state"], "off_shelf");
        admission::act(t, &shop.clerk, &shown, "standing", Some(json!({ "decision": "suspend", "opinion": "x" })))
            .await
            .refused(403, "forbidden");
    }

    /// Warned at 90, 30 and 7 days, once each; on the day after the last it is suspended, and returns when renewed.
    async fn a_paper_that_ends_is_told_in_time_and_holds_back_what_rests_on_it(t: TestApp) {
        let shop = Shop::open(t, SHIQIAN).await;
        let sold = shop.sell(t, json!({})).await;
        let renew = async |valid_to: &str| {
            let shown = admission_of(t, &shop.clerk).await;
            let path = format!("/admissions/{}/documents/business_licence/renewal", shown["id"].as_str().unwrap());
            let body = json!({ "file_id": file(t, &shop.clerk).await, "valid_from": "2026-01-01", "valid_to": valid_to });
            t.post(&path).by(&shop.clerk).version(&shown["version"]).json(body).await
        };
        renew("2026-03-01").await.refused(400, "invalid_fields");
        renew("2026-06-30").await.ok();
        on_the_day(t, "2026-03-20").await;
        assert_eq!(mails(t).len(), 0);
        on_the_day(t, "2026-04-01").await;
        on_the_day(t, "2026-04-02").await;
        assert_eq!(mails(t).len(), 1, "90 days, once");
        on_the_day(t, "2026-05-31").await;
        on_the_day(t, "2026-06-23").await;
        on_the_day(t, "2026-06-30").await;
        assert_eq!(mails(t).len(), 3);
        assert_eq!(product(t, &shop.clerk, &sold["id"]).await["state"], "on_shelf", "the last day is a day");
        on_the_day(t, "2026-07-01").await;
        assert_eq!(mails(t).len(), 4);
        assert_eq!(admission_of(t, &shop.clerk).await["state"], "suspended");
        assert_eq!(product(t, &shop.clerk, &sold["id"]).await["off_reason"], "supplier_suspended");
        assert_eq!(renew("2027-06-30").await.ok()["state"], "active");
        assert_eq!(product(t, &shop.clerk, &sold["id"]).await["state"], "on_shelf");
        // What the platform suspended is not reinstated by a new paper.
        let shown = admission_of(t, &shop.clerk).await;
        let body = json!({ "decision": "suspend", "opinion": "调查中。" });
        admission::act(t, &shop.platform, &shown, "standing", Some(body)).await.ok();
        assert_eq!(renew("2028-06-30").await.ok()["state"], "suspended");
    }

    /// The mark on the pack ends: off the shelf that day. Renewed: back. Revoked: off at once. And what counted on a past
    /// day counts for that day still.
    async fn a_certificate_that_ends_takes_its_product_down(t: TestApp) {
        let shop = Shop::open(t, SHIQIAN).await;
        let certificates = json!([
            { "scheme": "green_food", "issuer": "中国绿色食品发展中心", "number": "LB-1", "valid_from": "2025-01-01", "valid_to": "2026-04-30" },
            { "scheme": "relief_product", "issuer": "省扶贫办", "number": "FP-1", "valid_from": "2021-01-01", "valid_to": "2022-12-31" },
        ]);
        let sold = shop.sell(t, json!({ "certificates": certificates })).await;
        let path = format!("/products/{}", sold["id"].as_str().unwrap());
        let certified = async |on: &str| t.get(&format!("{path}/certifications?on={on}")).by(&shop.clerk).await.ok();
        assert_eq!(certified("2021-06-01").await["schemes"], json!(["relief_product"]));
        let after_the_end = certified("2022-06-01").await;
        assert_eq!(after_the_end["schemes"], json!([]), "the scheme has ended, though the paper holds");
        assert_eq!(after_the_end["items"][1]["is_valid"], true);
        on_the_day(t, "2026-04-25").await;
        assert_eq!(mails(t).len(), 1);
        on_the_day(t, "2026-05-01").await;
        let held = product(t, &shop.clerk, &sold["id"]).await;
        assert_eq!((&held["state"], &held["off_reason"]), (&json!("off_shelf"), &json!("certificate_expired")));
        act(t, &shop.clerk, &held, "put-on", None).await.refused(422, "product_held_back");
        let certificate = held["certificates"][0]["id"].as_str().unwrap().to_owned();
        let renewal = json!({ "valid_from": "2026-05-01", "valid_to": "2027-04-30", "file_id": file(t, &shop.clerk).await });
        let renew = async |certificate: &str, version: &Value| {
            let address = format!("{path}/certificates/{certificate}/renewal");
            t.post(&address).by(&shop.clerk).version(version).json(renewal.clone()).await
        };
        renew(&ProductId::generate().to_string(), &held["version"]).await.refused(404, "not_found");
        let back = renew(&certificate, &held["version"]).await.ok();
        assert_eq!((&back["state"], &back["off_reason"]), (&json!("on_shelf"), &json!(null)));
        let revocation = json!({ "revoked_on": "2026-05-01", "reason": "认证机构公告撤销。" });
        let address = format!("{path}/certificates/{certificate}/revocation");
        t.post(&address).by(&shop.clerk).version(&back["version"]).json(revocation.clone()).await.refused(403, "forbidden");
        let down = t.post(&address).by(&shop.platform).version(&back["version"]).json(revocation).await.ok();
        assert_eq!(down["off_reason"], "certificate_expired");
        renew(&certificate, &down["version"]).await.refused(400, "invalid_fields");
        // Without the certificate it is another content: a draft, reviewed again.
        let changed = json!({ "certificates": [] });
        let draft = t.patch(&path).by(&shop.clerk).version(&down["version"]).json(changed).await.ok();
        assert_eq!((&draft["state"], &draft["certificates"]), (&json!("draft"), &json!([])));
        assert_eq!(certified("2026-04-30").await["schemes"], json!(["green_food"]), "what counted then counts for then");
    }

    /// Processed food is sold on a production licence.
    async fn processed_food_needs_a_licence(t: TestApp) {
        let shop = Shop::open(t, SHIQIAN).await;
        let draft = shop.offer(t, json!({ "details": { "kind": "processed", "brand": "佛顶山" } })).await;
        act(t, &shop.clerk, &draft, "submit", None).await.refused(422, "product_held_back");
        let shown = admission_of(t, &shop.clerk).await;
        let path = format!("/admissions/{}/documents/food_production_licence/renewal", shown["id"].as_str().unwrap());
        let licence = json!({ "file_id": file(t, &shop.clerk).await, "number": "SC10652062300016", "valid_to": "2026-12-31" });
        t.post(&path).by(&shop.clerk).version(&shown["version"]).json(licence).await.ok();
        let submitted = act(t, &shop.clerk, &draft, "submit", None).await.ok();
        let sold = shop.review(t, &submitted, "approve").await.ok();
        assert_eq!(sold["state"], "on_shelf");
        on_the_day(t, "2027-01-01").await;
        assert_eq!(product(t, &shop.clerk, &sold["id"]).await["off_reason"], "certificate_expired");
        assert_eq!(admission_of(t, &shop.clerk).await["state"], "active", "the supplier itself may sell other things");
    }

    /// An agent sells what a principal lets it sell, while it does.
    async fn an_agent_sells_only_under_a_mandate(t: TestApp) {
        let shop = Shop::open(t, SHIQIAN).await;
        let agents = Parties::of(t, SHIQIAN).await;
        organisation::Entity::update_many()
            .col_expr(organisation::Column::Kind, Expr::value(OrganisationKind::AgentTrader))
            .filter(organisation::Column::Id.eq(agents.clerk.member.organisation))
            .exec(t.direct())
            .await
            .unwrap();
        agents.admit(t).await;
        let agent = Shop { clerk: agents.clerk, platform: agents.platform };
        let draft = agent.offer(t, json!({})).await;
        act(t, &agent.clerk, &draft, "submit", None).await.refused(422, "product_held_back");
        let path = format!("/products/{}/mandates", draft["id"].as_str().unwrap());
        let principal = shop.clerk.member.organisation;
        let term = |from: &str, to: &str| json!({ "principal_id": principal, "valid_from": from, "valid_to": to });
        let propose = async |by: &Person, body: Value| t.post(&path).by(by).json(body).await;
        propose(&shop.clerk, term("2026-03-01", "2026-05-31")).await.refused(404, "not_found");
        propose(&agent.clerk, term("2026-03-02", "2026-03-01")).await.refused(400, "invalid_fields");
        let unnamed = json!({ "principal_name": "某合作社", "valid_from": "2026-03-01", "valid_to": "2026-05-31" });
        propose(&agent.clerk, unnamed).await.refused(400, "invalid_fields");
        let own = shop.offer(t, json!({})).await;
        let needless = format!("/products/{}/mandates", own["id"].as_str().unwrap());
        t.post(&needless).by(&shop.clerk).json(term("2026-03-01", "2026-05-31")).await.refused(422, "not_an_agent");
        let mandate = propose(&agent.clerk, term("2026-03-01", "2026-05-31")).await.created();
        let step = async |by: &Person, mandate: &Value, step: &str| {
            let path = format!("/mandates/{}/{step}", mandate["id"].as_str().unwrap());
            t.post(&path).by(by).version(&mandate["version"]).await
        };
        step(&agent.clerk, &mandate, "confirm").await.refused(422, "principal_confirms");
        step(&shop.platform, &mandate, "confirm").await.refused(422, "principal_confirms");
        let mandate = step(&shop.clerk, &mandate, "confirm").await.ok();
        assert_eq!(mandate["state"], "confirmed");
        step(&shop.clerk, &mandate, "confirm").await.refused(409, "wrong_state");
        let submitted = act(t, &agent.clerk, &draft, "submit", None).await.ok();
        let sold = agent.review(t, &submitted, "approve").await.ok();
        assert_eq!(sold["state"], "on_shelf");
        on_the_day(t, "2026-06-01").await;
        assert_eq!(product(t, &agent.clerk, &sold["id"]).await["off_reason"], "mandate_ended");
        // The next one is shown by a paper, and confirmed by the platform.
        let paper = json!({
            "principal_name": "某合作社", "evidence_file_id": file(t, &agent.clerk).await,
            "valid_from": "2026-06-01", "valid_to": "2026-12-31",
        });
        let by_paper = propose(&agent.clerk, paper).await.created();
        step(&agent.clerk, &by_paper, "confirm").await.refused(422, "principal_confirms");
        step(&shop.clerk, &by_paper, "confirm").await.refused(404, "not_found");
        let both = t.also(&agent.clerk, Role::PlatformOperator, shop.platform.member.organisation).await;
        step(&both, &by_paper, "confirm").await.refused(403, "four_eyes");
        let by_paper = step(&shop.platform, &by_paper, "confirm").await.ok();
        assert_eq!(product(t, &agent.clerk, &sold["id"]).await["state"], "on_shelf", "it returns by itself");
        let ended = step(&agent.clerk, &by_paper, "end").await.ok();
        assert_eq!(ended["state"], "ended");
        assert_eq!(product(t, &agent.clerk, &sold["id"]).await["off_reason"], "mandate_ended");
        let listed = t.get("/mandates?state=confirmed").by(&shop.clerk).await.ok();
        assert_eq!(listed["items"][0]["id"], mandate["id"]);
        assert_eq!(t.get(&format!("/mandates/{}", mandate["id"].as_str().unwrap())).by(&shop.clerk).await.etag(), "\"2\"");
    }

    /// Kinds, packs, seasons, three counties; approved and waiting; the same product is refused.
    async fn a_product_says_what_it_is_and_is_listed_once(t: TestApp) {
        let shop = Shop::open(t, SHIQIAN).await;
        let details = json!({
            "kind": "primary", "pack_unit": "盒", "pieces": 2, "brand": "佛顶山", "taste": "一级", "packaging": "铁罐",
            "processing_county_code": "522623", "season_months": [3, 4, 5], "monthly_capacity_packs": 2000,
            "buyer_limit_packs": 50, "storage": "ambient", "lists_on_approval": false,
        });
        let draft = shop.offer(t, json!({ "details": details })).await;
        assert_eq!(draft["details"]["season_months"], json!([3, 4, 5]));
        assert_eq!(draft["processing"], json!({ "code": "522623", "name": "施秉县" }));
        assert_eq!(draft["seller"]["name"], "石阡县");
        assert_eq!(draft["fen_per_kilogram"], 51_200);
        // Another price, minimum, packing, spelling or weight in the name makes no other product.
        let mut again = tea();
        again["name"] = json!("石阡苔茶　一级（２５０Ｇ）");
        again["unit_price_fen"] = json!(9_900);
        again["details"] = json!({ "pieces": 2, "brand": "佛顶山", "taste": "一级", "packaging": "纸盒" });
        let offer = async |key: &str, body: &Value| t.post("/products").by(&shop.clerk).key(key).json(body.clone()).await;
        offer("again", &again).await.refused(409, "product_duplicate");
        again["details"]["taste"] = json!("特级");
        offer("finer", &again).await.created();
        for (field, value) in [
            ("season_months", json!([13])), ("season_months", json!([3, 3])), ("buyer_limit_packs", json!(0)),
            ("pieces", json!(0)), ("pack_unit", json!("")), ("processing_county_code", json!("990099")),
            ("freight_template_id", json!(ProductId::generate())),
        ] {
            let mut body = tea();
            body["details"] = json!({ "brand": "其他", field: value });
            let refused = offer(&ProductId::generate().to_string(), &body).await.refused(400, "invalid_fields");
            assert_eq!(refused["errors"][0]["pointer"], format!("/details/{field}"));
        }
        let submitted = act(t, &shop.clerk, &draft, "submit", None).await.ok();
        let ready = shop.review(t, &submitted, "approve").await.ok();
        assert_eq!(ready["state"], "ready");
        let path = format!("/products/{}", draft["id"].as_str().unwrap());
        t.get(&path).await.refused(404, "not_found");
        let sold = act(t, &shop.clerk, &ready, "put-on", None).await.ok();
        assert_eq!(sold["state"], "on_shelf");
        // A new price keeps it there; what buyers would see differently does not.
        let price = json!({ "unit_price_fen": 13_000 });
        let dearer = t.post(&format!("{path}/price")).by(&shop.clerk).key("p").version(&sold["version"]).json(price).await.ok();
        assert_eq!(dearer["state"], "on_shelf");
        let prices = t.get(&format!("{path}/prices")).by(&shop.clerk).await.ok();
        assert_eq!(prices["items"].as_array().unwrap().len(), 2);
        assert_eq!((&prices["items"][0]["unit_price_fen"], &prices["items"][0]["number"]), (&json!(13_000), &json!(2)));
        let same = json!({ "details": dearer["details"] });
        let same = t.patch(&path).by(&shop.clerk).version(&dearer["version"]).json(same).await.ok();
        assert_eq!(same["state"], "on_shelf", "nothing changed that anybody must look at");
        let mut other = same["details"].clone();
        other["packaging"] = json!("纸盒");
        let changed = t.patch(&path).by(&shop.clerk).version(&same["version"]).json(json!({ "details": other })).await.ok();
        assert_eq!(changed["state"], "in_review");
        let ready = shop.review(t, &changed, "approve").await.ok();
        let body = json!({ "reason": "无价格凭证", "code": "price_proof_missing" });
        let gone = act(t, &shop.platform, &ready, "delist", Some(body)).await.ok();
        assert_eq!((&gone["state"], &gone["off_reason"]), (&json!("delisted"), &json!("price_proof_missing")));
        let submitted = act(t, &shop.clerk, &gone, "submit", None).await.ok();
        assert_eq!(submitted["off_reason"], json!(null));
    }

    /// What carrying costs, by place and weight, goods of one template together.
    async fn carrying_is_quoted_by_place_and_weight(t: TestApp) {
        let shop = Shop::open(t, SHIQIAN).await;
        let rates = json!([
            { "provinces": ["520000", "500000"], "first_grams": 1000, "first_fen": 600, "next_grams": 1000, "next_fen": 100 },
            { "provinces": ["110000"], "first_grams": 1000, "first_fen": 1200, "next_grams": 500, "next_fen": 300, "free_from_fen": 1_000_000 },
        ]);
        let body = json!({ "name": "常温快递", "rates": rates });
        let template = t.post("/supplier/freight-templates").by(&shop.clerk).json(body.clone()).await.created();
        t.post("/supplier/freight-templates").by(&shop.clerk).json(body).await.refused(409, "already_exists");
        let twice = json!({ "name": "错", "rates": [rates[0], rates[0]] });
        t.post("/supplier/freight-templates").by(&shop.clerk).json(twice).await.refused(400, "invalid_fields");
        let listed = t.get("/supplier/freight-templates").by(&shop.clerk).await.ok();
        assert_eq!(listed["items"][0], template);
        let with = |brand: &str| json!({ "details": { "brand": brand, "freight_template_id": template["id"] } });
        let (one, other) = (shop.sell(t, with("甲")).await, shop.sell(t, with("乙")).await);
        let free = shop.sell(t, json!({})).await;
        let ask = async |place: &str, lines: &[(&Value, i64)]| {
            let lines: Vec<_> =
                lines.iter().map(|(product, packs)| json!({ "product_id": product["id"], "packs": packs })).collect();
            t.post("/freight-quotes").json(json!({ "deliver_to_code": place, "lines": lines })).await
        };
        // 3 × 250 g and 3 × 250 g are 1,500 g: the first kilogram and one half.
        let quote = ask("110105", &[(&one, 3), (&other, 3), (&free, 2)]).await.ok();
        assert_eq!((&quote["freight_fen"], &quote["goods_fen"]), (&json!(1_500), &json!(8 * 12_800)));
        assert_eq!(ask("522623", &[(&one, 9)]).await.ok()["freight_fen"], 800);
        assert_eq!(ask("110105", &[(&one, 80)]).await.ok()["freight_fen"], 0, "over ten thousand yuan");
        let refused = ask("540102", &[(&free, 2), (&one, 3)]).await.refused(422, "not_delivered_there");
        assert_eq!(refused["errors"][0]["pointer"], "/lines/1/product_id");
        let draft = shop.offer(t, json!({})).await;
        ask("110105", &[(&draft, 3)]).await.refused(422, "product_not_on_shelf");
    }
}
