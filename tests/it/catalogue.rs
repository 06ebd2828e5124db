//! Products: reviewed before they are sold, priced for good, and never promised twice.

use crate::admission::{Parties, SHIQIAN, file};
use crate::harness::*;
use entity::value::{OrganisationKind, Packs, ProductId, Role};
use entity::{product, product_price};
use liannong::access::Actor;
use liannong::catalogue::product::{price, state};
use liannong::catalogue::{self, CatalogueError, Want};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

/// A supplier that is admitted, and the platform that reviews its products.
pub struct Shop {
    pub clerk: Person,
    pub platform: Person,
}

impl Shop {
    pub async fn open(t: &TestApp, county: &str) -> Self {
        let parties = Parties::of(t, county).await;
        parties.admit(t).await;
        let Parties { clerk, platform, .. } = parties;
        Self { clerk, platform }
    }

    /// Offers a product; a draft.
    pub async fn offer(&self, t: &TestApp, wanted: Value) -> Value {
        let mut body = tea();
        // Each its own brand: a supplier lists the same product once.
        body["details"] = json!({ "brand": ProductId::generate().to_string() });
        for (field, value) in wanted.as_object().unwrap() {
            body[field] = value.clone();
        }
        let key = ProductId::generate().to_string();
        t.post("/products").by(&self.clerk).key(&key).json(body).await.created()
    }

    /// Offers a product and brings it onto the shelf.
    pub async fn sell(&self, t: &TestApp, wanted: Value) -> Value {
        let draft = self.offer(t, wanted).await;
        let submitted = act(t, &self.clerk, &draft, "submit", None).await.ok();
        self.review(t, &submitted, "approve").await.ok()
    }

    pub async fn review(&self, t: &TestApp, shown: &Value, decision: &str) -> Reply {
        let body = json!({ "decision": decision, "opinion": "资质有效，价格合理。" });
        act(t, &self.platform, shown, "review", Some(body)).await
    }
}

pub fn tea() -> Value {
    json!({
        "name": "石阡苔茶 一级 250克", "category_code": "0803", "origin_county_code": SHIQIAN, "pack_grams": 250,
        "unit_price_fen": 12_800, "min_packs": 2, "on_hand_packs": 100, "shelf_life_days": 540,
        "description": "春茶，手工采摘。",
    })
}

pub async fn act(t: &TestApp, person: &Person, shown: &Value, action: &str, body: Option<Value>) -> Reply {
    let path = format!("/products/{}/{action}", shown["id"].as_str().unwrap());
    let call = t.post(&path).by(person).version(&shown["version"]);
    match body {
        Some(body) => call.json(body).await,
        None => call.await,
    }
}

fn id_of(shown: &Value) -> ProductId {
    shown["id"].as_str().unwrap().parse().unwrap()
}

fn packs(packs: i64) -> Packs {
    Packs::new(packs).unwrap()
}

async fn stored(t: &TestApp, id: ProductId) -> product::Model {
    product::Entity::find_by_id(id).one(t.direct()).await.unwrap().unwrap()
}

both! {
    /// Draft, review, shelf: what the public sees and what only its people see.
    async fn a_product_is_reviewed_before_it_is_sold(t: TestApp) {
        let shop = Shop::open(t, SHIQIAN).await;
        let scan = file(t, &shop.clerk).await;
        let certificates = json!([{
            "scheme": "green_food", "issuer": "中国绿色食品发展中心", "number": "LB-44-21032402345A",
            "valid_from": "2025-01-01", "valid_to": "2027-12-31", "file_id": scan,
        }]);
        let draft = shop.offer(t, json!({ "certificates": certificates })).await;
        assert_eq!((&draft["state"], &draft["fen_per_kilogram"]), (&json!("draft"), &json!(51_200)));
        let path = format!("/products/{}", draft["id"].as_str().unwrap());
        t.get(&path).await.refused(404, "not_found");
        let elsewhere = Shop::open(t, "522623").await;
        t.get(&path).by(&elsewhere.clerk).await.refused(404, "not_found");
        let submitted = act(t, &shop.clerk, &draft, "submit", None).await.ok();
        // Whoever set its price does not review it.
        let both = t.also(&shop.clerk, Role::PlatformOperator, shop.platform.member.organisation).await;
        let own = json!({ "decision": "approve", "opinion": "自己的商品。" });
        act(t, &both, &submitted, "review", Some(own)).await.refused(403, "four_eyes");
        let rejected = shop.review(t, &submitted, "reject").await.ok();
        assert_eq!(rejected["state"], "rejected");
        assert_eq!(rejected["inside"]["review_opinion"], "资质有效，价格合理。");
        let submitted = act(t, &shop.clerk, &rejected, "submit", None).await.ok();
        let shown = shop.review(t, &submitted, "approve").await.ok();
        assert_eq!(shown["state"], "on_shelf");

        let public = t.get(&path).await.ok();
        assert_eq!(public["origin"], json!({
            "county_code": SHIQIAN, "county_name": "石阡县", "listed_names": ["石阡县"], "prefecture": "铜仁市",
            "province": "贵州省",
        }));
        assert_eq!(public["category"]["name_zh"], "绿茶");
        assert_eq!(public["certificates"][0]["number"], "LB-44-21032402345A");
        assert_eq!(public["available_packs"], 100);
        assert!(public.get("inside").is_none());
        assert_eq!(t.get(&path).by(&shop.clerk).await.ok()["inside"]["on_hand_packs"], 100);
        let own = t.get("/supplier/products?state=on_shelf").by(&shop.clerk).await.ok();
        assert_eq!(own["items"][0]["id"], draft["id"]);
        let others = t.get("/supplier/products").by(&elsewhere.clerk).await.ok();
        assert_eq!(others["items"], json!([]));
    }

    async fn what_cannot_be_offered_is_refused_and_leaves_no_trace(t: TestApp) {
        let clerk = t.member(Role::CooperativeClerk, t.organisation(OrganisationKind::Cooperative, SHIQIAN).await).await;
        t.post("/products").by(&clerk).key("a").json(tea()).await.refused(422, "supplier_not_admitted");
        let shop = Shop::open(t, SHIQIAN).await;
        let offer = async |field: &str, value: Value| {
            let mut body = tea();
            body[field] = value;
            t.post("/products").by(&shop.clerk).key(&ProductId::generate().to_string()).json(body).await
        };
        let pointer = |reply: Reply| reply.refused(400, "invalid_fields")["errors"][0]["pointer"].clone();
        offer("origin_county_code", json!("110101")).await.refused(422, "origin_not_relief_county");
        offer("category_code", json!("99")).await.refused(422, "category_unknown");
        for (field, value) in [
            ("pack_grams", json!(0)), ("unit_price_fen", json!(0)), ("unit_price_fen", json!(-1)),
            ("unit_price_fen", json!(12.5)), ("unit_price_fen", json!(9_007_199_254_740_991_i64)),
            ("min_packs", json!(0)), ("on_hand_packs", json!(-5)), ("shelf_life_days", json!(0)),
            ("shelf_life_days", json!(3651)), ("name", json!("")), ("name", json!("\u{0}茶")),
            ("name", json!("茶".repeat(101))), ("category_code", json!("茶")),
        ] {
            assert_eq!(pointer(offer(field, value.clone()).await), json!(format!("/{field}")), "{value}");
        }
        let backwards = json!([{
            "scheme": "organic", "issuer": "认证中心", "number": "1", "valid_from": "2026-01-02", "valid_to": "2026-01-01",
        }]);
        assert_eq!(pointer(offer("certificates", backwards).await), "/certificates/0/valid_to");
        let one = json!({ "scheme": "organic", "issuer": "认证中心", "number": "1", "valid_from": "2026-01-01" });
        assert_eq!(pointer(offer("certificates", json!([one, one])).await), "/certificates");
        t.post("/products").by(&shop.clerk).json(tea()).await.refused(400, "idempotency_key_missing");
        assert!(product::Entity::find().all(t.direct()).await.unwrap().is_empty());
    }

    /// The county's code of 2014 is understood, and today's is kept.
    async fn the_origin_is_kept_by_its_code_of_today(t: TestApp) {
        let shop = Shop::open(t, SHIQIAN).await;
        let shown = shop.offer(t, json!({ "origin_county_code": "632858" })).await;
        assert_eq!(shown["origin"]["county_code"], "632803");
        assert_eq!(shown["origin"]["county_name"], "茫崖市");
    }

    async fn changing_what_is_on_the_shelf_sends_it_back_into_review(t: TestApp) {
        let shop = Shop::open(t, SHIQIAN).await;
        let shown = shop.sell(t, json!({})).await;
        let path = format!("/products/{}", shown["id"].as_str().unwrap());
        let change = json!({ "name": "石阡苔茶 特级 250克", "certificates": [] });
        t.patch(&path).by(&shop.clerk).if_match("\"1\"").json(change.clone()).await.refused(412, "stale_version");
        let changed = t.patch(&path).by(&shop.clerk).version(&shown["version"]).json(change).await.ok();
        assert_eq!((&changed["state"], &changed["name"]), (&json!("in_review"), &json!("石阡苔茶 特级 250克")));
        assert_eq!(changed["category"], shown["category"]);
        t.get(&path).await.refused(404, "not_found");
        shop.review(t, &shown, "approve").await.refused(412, "stale_version");
        let shown = shop.review(t, &changed, "approve").await.ok();
        let down = act(t, &shop.clerk, &shown, "take-off", None).await.ok();
        t.get(&path).await.refused(404, "not_found");
        act(t, &shop.clerk, &down, "take-off", None).await.refused(409, "wrong_state");
        let shown = act(t, &shop.clerk, &down, "put-on", None).await.ok();
        assert_eq!(shown["state"], "on_shelf");
        act(t, &shop.clerk, &shown, "delist", Some(json!({ "reason": "!" }))).await.refused(403, "forbidden");
        let gone = act(t, &shop.platform, &shown, "delist", Some(json!({ "reason": "证书过期" }))).await.ok();
        assert_eq!(gone["state"], "delisted");
        act(t, &shop.clerk, &gone, "put-on", None).await.refused(409, "wrong_state");
    }

    /// A new price has a number and a row of its own; the old one stays.
    async fn a_price_once_given_stays_in_the_records(t: TestApp) {
        let shop = Shop::open(t, SHIQIAN).await;
        let shown = shop.sell(t, json!({})).await;
        let path = format!("/products/{}/price", shown["id"].as_str().unwrap());
        let set = async |key: &str, version: &Value, fen: i64| {
            t.post(&path).by(&shop.clerk).key(key).version(version).json(json!({ "unit_price_fen": fen })).await
        };
        set("same", &shown["version"], 12_800).await.refused(400, "invalid_fields");
        let dearer = set("dearer", &shown["version"], 13_900).await.ok();
        assert_eq!((&dearer["state"], &dearer["unit_price_fen"]), (&json!("on_shelf"), &json!(13_900)));
        assert_ne!(dearer["price_id"], shown["price_id"]);
        let again = set("dearer", &shown["version"], 13_900).await;
        assert_eq!(again.header("Idempotent-Replayed"), Some("true"));
        assert_eq!(again.ok(), dearer);
        set("late", &shown["version"], 14_000).await.refused(412, "stale_version");
        let mut prices = product_price::Entity::find().all(t.direct()).await.unwrap();
        prices.sort_by_key(|price| price.number);
        let prices: Vec<_> = prices.iter().map(|price| (price.number, price.unit_price_fen.get())).collect();
        assert_eq!(prices, [(1, 12_800), (2, 13_900)]);
        assert!(t.sql("update product_price set unit_price_fen = 1").await.is_err());
    }

    async fn stock_goes_in_and_out_but_not_below_what_is_promised(t: TestApp) {
        let shop = Shop::open(t, SHIQIAN).await;
        let shown = shop.sell(t, json!({})).await;
        let id = id_of(&shown);
        let path = format!("/products/{id}/stock");
        let change = async |key: &str, packs: i64| {
            let body = json!({ "change_packs": packs, "reason": "盘点" });
            t.post(&path).by(&shop.clerk).key(key).json(body).await
        };
        t.app.transact(&Actor::System, async |tx| catalogue::reserve(tx, &[(id, packs(60))]).await).await.unwrap();
        let less = change("less", -40).await.ok();
        assert_eq!((&less["available_packs"], &less["inside"]["on_hand_packs"]), (&json!(0), &json!(60)));
        assert_eq!(less["version"], shown["version"]);
        change("too-much", -1).await.refused(422, "stock_below_reserved");
        change("nothing", 0).await.refused(400, "invalid_fields");
        change("all-the-world", 1_000_000_000).await.refused(422, "amount_out_of_range");
        change("unthinkable", i64::MIN).await.refused(400, "invalid_fields");
        assert_eq!(change("more", 15).await.ok()["available_packs"], 15);
        assert_eq!(change("more", 15).await.ok()["available_packs"], 15, "the same request has one effect");
        assert_eq!(stored(t, id).await.on_hand_packs, packs(75));
        let elsewhere = Shop::open(t, "522623").await;
        let body = json!({ "change_packs": 1, "reason": "盘点" });
        t.post(&path).by(&elsewhere.clerk).key("x").json(body).await.refused(404, "not_found");
    }

    /// Every line that cannot be had is named, and then nothing is reserved.
    async fn what_cannot_be_had_is_named_line_by_line(t: TestApp) {
        let shop = Shop::open(t, SHIQIAN).await;
        let plenty = id_of(&shop.sell(t, json!({})).await);
        let scarce = id_of(&shop.sell(t, json!({ "on_hand_packs": 3 })).await);
        let draft = id_of(&shop.offer(t, json!({})).await);
        let lines =
            [(plenty, packs(2)), (scarce, packs(4)), (draft, packs(2)), (plenty, packs(1)), (ProductId::generate(), packs(2))];
        let refused = t.app.transact(&Actor::System, async |tx| -> Result<Vec<_>, liannong::problem::Failure> {
            match catalogue::reserve(tx, &lines).await {
                Err(CatalogueError::Short(short)) => Ok(short),
                other => panic!("{other:?}"),
            }
        });
        let wants: Vec<_> = refused.await.unwrap().into_iter().map(|short| (short.line, short.want)).collect();
        assert_eq!(wants, [
            (1, Want::Insufficient { available: packs(3) }), (2, Want::NotOnShelf), (4, Want::NotOnShelf),
        ]);
        let refused = t.app.transact(&Actor::System, async |tx| catalogue::reserve(tx, &[(plenty, packs(1))]).await);
        let failure = refused.await.unwrap_err();
        assert_eq!(failure.problem().kind.code, "below_minimum");
        assert_eq!(failure.problem().errors[0].pointer, "/lines/0/packs");
        assert_eq!(stored(t, plenty).await.reserved_packs, packs(0));
    }

    /// Reserving, giving back and taking out take the same number of statements for one line and for twenty.
    async fn stock_moves_in_a_constant_number_of_statements(t: TestApp) {
        let shop = Shop::open(t, SHIQIAN).await;
        let first = shop.sell(t, json!({ "on_hand_packs": 40 })).await;
        // Nineteen more like it, put there directly.
        let like = stored(t, id_of(&first)).await;
        let mut ids = vec![like.id];
        for _ in 0..19 {
            let row = product::Model { id: ProductId::generate(), ..like.clone() };
            ids.push(row.id);
            product::Entity::insert(sea_orm::IntoActiveModel::into_active_model(row))
                .exec_without_returning(t.direct())
                .await
                .unwrap();
        }
        let counted = async |lines: Vec<(ProductId, Packs)>| {
            let moved = t.app.transact(&Actor::System, async |tx| -> Result<u32, CatalogueError> {
                let ((), statements) = liannong::db::counting_statements(async {
                    catalogue::reserve(tx, &lines).await.unwrap();
                    let part: Vec<_> = lines.iter().map(|(id, _)| (*id, packs(1))).collect();
                    catalogue::release(tx, &part).await.unwrap();
                    let rest: Vec<_> = lines.iter().map(|(id, wanted)| {
                        (*id, wanted.checked_sub(packs(1)).unwrap(), packs(2))
                    }).collect();
                    catalogue::take_out(tx, &rest).await.unwrap();
                }).await;
                Ok(statements)
            });
            moved.await.unwrap()
        };
        assert_eq!(counted(vec![(ids[0], packs(5))]).await, 5);
        assert_eq!(counted(ids.iter().map(|id| (*id, packs(5))).collect()).await, 5);
        let kept = stored(t, ids[0]).await;
        assert_eq!((kept.on_hand_packs, kept.reserved_packs), (packs(36), packs(0)));
        // What orders do not hold cannot be given back: that is ours, and nothing is written.
        let refused = t.app.transact(&Actor::System, async |tx| catalogue::release(tx, &[(ids[0], packs(1))]).await);
        assert_eq!(refused.await.unwrap_err().problem().kind.code, "internal");
        // What is all promised, and then had again, is told once each.
        let all = t.app.transact(&Actor::System, async |tx| {
            catalogue::reserve(tx, &[(ids[0], packs(36)), (ids[1], packs(2))]).await?;
            catalogue::release(tx, &[(ids[0], packs(36))]).await
        });
        all.await.unwrap();
        let told = entity::outbox::Entity::find().all(t.direct()).await.unwrap();
        assert_eq!(told.iter().filter(|event| event.topic == "product.availability_changed").count(), 2);
    }

    /// Twenty after five packs: five get one, fifteen are told, and the database never broke.
    async fn twenty_at_once_get_the_five_that_there_are(t: TestApp) {
        let shop = Shop::open(t, SHIQIAN).await;
        let id = id_of(&shop.sell(t, json!({ "on_hand_packs": 5, "min_packs": 1 })).await);
        let line = [(id, packs(1))];
        let tries = (0..20).map(|_| t.app.transact(&Actor::System, async |tx| catalogue::reserve(tx, &line).await));
        let outcomes = futures_util::future::join_all(tries).await;
        let refused: Vec<_> = outcomes.iter().filter_map(|o| o.as_ref().err()).map(|f| f.problem().kind.code).collect();
        assert_eq!(refused, ["insufficient_stock"; 15]);
        assert_eq!(stored(t, id).await.reserved_packs, packs(5));
    }

    async fn the_category_tree_is_public(t: TestApp) {
        let tree = t.get("/categories").await.ok();
        let items = tree["items"].as_array().unwrap();
        let tea = items.iter().find(|item| item["code"] == "0803").unwrap();
        assert_eq!((&tea["parent_code"], &tea["name_en"]), (&json!("08"), &json!("Green tea")));
    }
}

/// Every state and every step: what is not in the picture is forbidden.
#[test]
fn the_life_of_a_product() {
    let mut table = String::new();
    for from in entity::value::ProductState::ALL {
        for step in state::Step::ALL {
            if let Ok(to) = state::next(*from, *step) {
                table.push_str(&format!("{from} --{step}--> {to}\n"));
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn the_price_of_a_kilogram_is_rounded_half_up() {
    use entity::value::{Fen, Grams};
    let per =
        |fen, grams| price::per_kilogram(Fen::new(fen).unwrap(), Grams::new(grams).unwrap()).map(|p| p.get()).ok();
    assert_eq!(per(12_800, 250), Some(51_200));
    assert_eq!(per(1, 3), Some(333));
    assert_eq!(per(1, 2000), Some(1), "half a fen is one");
    assert_eq!(per(1, 2001), Some(0));
    assert_eq!(per(100, 0), None);
    assert_eq!(per(9_007_199_254_740_991, 1), None);
}
