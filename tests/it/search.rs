//! What is on the shelf is found, what is not is not, and a broken index only makes it worse, not impossible.

use crate::admission::SHIQIAN;
use crate::catalogue::{Shop, act};
use crate::harness::*;
use actix_web::{test, web};
use entity::value::{OrganisationKind, Packs, ProductId, Role};
use liannong::access::{Actor, token::Tokens};
use liannong::app::App;
use liannong::search::{self, Change, Engine, Hits, Query, SearchEngine, SearchError, Source, Suggestion};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// As a browser writes it.
fn encoded(query: &str) -> String {
    let bytes =
        query.bytes().map(|b| if b.is_ascii() && b != b'"' { char::from(b).to_string() } else { format!("%{b:02X}") });
    bytes.collect()
}

async fn names(t: &TestApp, query: &str) -> Vec<String> {
    let found = t.get(&format!("/products?{}", encoded(query))).await.ok();
    assert_eq!(found["degraded"], false);
    found["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

/// Three products of two counties.
async fn shelf(t: &TestApp) -> (Shop, [Value; 3]) {
    let here = Shop::open(t, SHIQIAN).await;
    let there = Shop::open(t, "522623").await;
    let tea = here.sell(t, json!({})).await;
    let rice = json!({
        "name": "石阡贡米 5千克", "category_code": "010101", "pack_grams": 5000, "unit_price_fen": 6_000,
        "on_hand_packs": 0,
    });
    let rice = here.sell(t, rice).await;
    let ginger = json!({
        "name": "施秉太子参 500克", "origin_county_code": "522623", "pack_grams": 500, "unit_price_fen": 9_900,
    });
    let ginger = there.sell(t, ginger).await;
    t.drain().await;
    (here, [tea, rice, ginger])
}

/// Fails whenever it is asked.
struct Broken;

impl SearchEngine for Broken {
    fn apply(&self, _: &[Change]) -> Result<(), SearchError> {
        Err(SearchError::Store("no disk".into()))
    }
    fn name(&self) -> &'static str {
        "broken"
    }
    fn rebuild(&self, _: &mut dyn Source) -> Result<u64, SearchError> {
        Err(SearchError::Store("no disk".into()))
    }
    fn suggest(&self, _: &str, _: usize) -> Result<Vec<Suggestion>, SearchError> {
        Err(SearchError::Store("no disk".into()))
    }
    fn generation(&self) -> u64 {
        0
    }
    fn search(&self, _: &Query) -> Result<Hits, SearchError> {
        Err(SearchError::Store("no disk".into()))
    }
    fn count(&self) -> Result<u64, SearchError> {
        Err(SearchError::Store("no disk".into()))
    }
    fn needs_rebuild(&self) -> Result<bool, SearchError> {
        Err(SearchError::Store("no disk".into()))
    }
}

/// An engine whose flushes are counted.
struct Counting(search::Embedded, Arc<AtomicU32>);

impl SearchEngine for Counting {
    fn apply(&self, changes: &[Change]) -> Result<(), SearchError> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.apply(changes)
    }
    fn name(&self) -> &'static str {
        self.0.name()
    }
    fn rebuild(&self, source: &mut dyn Source) -> Result<u64, SearchError> {
        self.0.rebuild(source)
    }
    fn suggest(&self, text: &str, limit: usize) -> Result<Vec<Suggestion>, SearchError> {
        self.0.suggest(text, limit)
    }
    fn generation(&self) -> u64 {
        self.0.generation()
    }
    fn search(&self, query: &Query) -> Result<Hits, SearchError> {
        self.0.search(query)
    }
    fn count(&self) -> Result<u64, SearchError> {
        self.0.count()
    }
    fn needs_rebuild(&self) -> Result<bool, SearchError> {
        self.0.needs_rebuild()
    }
}

/// Works, and is away for as long as it is told to be.
struct Sometimes(search::Embedded, Arc<AtomicBool>);

impl Sometimes {
    fn there(&self) -> Result<&search::Embedded, SearchError> {
        if self.1.load(Ordering::Relaxed) { Err(SearchError::Away("nobody answers".into())) } else { Ok(&self.0) }
    }
}

impl SearchEngine for Sometimes {
    fn apply(&self, changes: &[Change]) -> Result<(), SearchError> {
        self.there()?.apply(changes)
    }
    fn name(&self) -> &'static str {
        self.0.name()
    }
    fn rebuild(&self, source: &mut dyn Source) -> Result<u64, SearchError> {
        self.there()?.rebuild(source)
    }
    fn suggest(&self, text: &str, limit: usize) -> Result<Vec<Suggestion>, SearchError> {
        self.there()?.suggest(text, limit)
    }
    fn generation(&self) -> u64 {
        self.0.generation()
    }
    fn search(&self, query: &Query) -> Result<Hits, SearchError> {
        self.there()?.search(query)
    }
    fn count(&self) -> Result<u64, SearchError> {
        self.there()?.count()
    }
    fn needs_rebuild(&self) -> Result<bool, SearchError> {
        self.there()?.needs_rebuild()
    }
}

/// The same house with another engine.
fn house_with(t: &TestApp, engine: Engine) -> web::Data<App> {
    web::Data::new(app_with(t, engine))
}

fn app_with(t: &TestApp, engine: Engine) -> App {
    let tokens = Tokens::new(&t.app.secrets, 60).unwrap();
    let app = App::new(
        t.app.db.clone(),
        t.clock.clone(),
        t.app.secrets.clone(),
        tokens,
        t.app.config.clone(),
        liannong::listeners::JOBS,
    );
    app.with(engine)
}

both! {
    async fn products_are_found_by_words_category_place_and_price(t: TestApp) {
        let (_, _) = shelf(t).await;
        assert_eq!(names(t, "q=苔茶").await, ["石阡苔茶 一级 250克"]);
        assert_eq!(names(t, "q=taicha").await, ["石阡苔茶 一级 250克"]);
        assert_eq!(names(t, "q=贵州&sort=price_per_kilogram").await.first().unwrap(), "石阡贡米 5千克");
        assert_eq!(names(t, "category=01").await, ["石阡贡米 5千克"]);
        assert_eq!(names(t, "county=522623").await, ["施秉太子参 500克"]);
        assert_eq!(names(t, "province=520000").await.len(), 3);
        assert_eq!(names(t, "province=530000").await.len(), 0);
        assert_eq!(names(t, "price_from_fen=6000&price_to_fen=9900&in_stock=true").await, ["施秉太子参 500克"]);
        let order = names(t, "sort=price_per_kilogram").await;
        assert_eq!(order, ["石阡贡米 5千克", "施秉太子参 500克", "石阡苔茶 一级 250克"]);

        let first = t.get("/products?sort=newest&limit=2").await.ok();
        let next = first["next"].as_str().unwrap();
        let second = t.get(&format!("/products?sort=newest&limit=2&cursor={next}")).await.ok();
        assert_eq!((first["items"].as_array().unwrap().len(), second["items"].as_array().unwrap().len()), (2, 1));
        assert_eq!(second["next"], Value::Null);
    }

    async fn a_condition_that_names_nothing_is_refused(t: TestApp) {
        for (query, pointer) in [
            ("county=110101", "?county"), ("category=99", "?category"), ("province=520100", "?province"),
            ("province=990000", "?province"), ("price_from_fen=2&price_to_fen=1", "?price_from_fen"),
            ("limit=0", "?limit"), ("limit=101", "?limit"), ("cursor=nonsense", "?cursor"),
            ("cursor=plain.nonsense", "?cursor"), ("county=52", "?county"),
            ("price_from_fen=-1", "?price_from_fen"), ("sort=random", "?sort"), ("colour=red", "?colour"), ("q=%00", "?q"), (&format!("q={}", "a".repeat(201)), "?q"),
        ] {
            let problem = t.get(&format!("/products?{}", encoded(query))).await.refused(400, "invalid_fields");
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{query}");
        }
        assert!(names(t, "county=632858").await.is_empty(), "a code of 2014 is understood");
        assert!(names(t, "q=%25_\"AND(").await.is_empty());
    }

    /// The index follows: content, price, stock, and what is taken down.
    async fn what_changes_is_found_as_it_is_now(t: TestApp) {
        let (shop, [tea, ..]) = shelf(t).await;
        let id: ProductId = tea["id"].as_str().unwrap().parse().unwrap();
        let path = format!("/products/{id}/price");
        let price = json!({ "unit_price_fen": 20_000 });
        let dearer = t.post(&path).by(&shop.clerk).key("p").version(&tea["version"]).json(price).await.ok();
        // Before the index hears of it, what is shown is nevertheless what is true.
        assert!(names(t, "q=苔茶&county=520623&price_to_fen=12800").await.is_empty());
        t.drain().await;
        assert_eq!(names(t, "price_from_fen=20000").await, ["石阡苔茶 一级 250克"]);

        let all = [(id, Packs::new(100).unwrap())];
        let reserved = t.app.transact(&Actor::System, async |tx| liannong::catalogue::reserve(tx, &all).await);
        reserved.await.unwrap();
        t.drain().await;
        assert_eq!(names(t, "q=苔茶&county=520623").await.len(), 1);
        assert!(names(t, "q=苔茶&county=520623&in_stock=true").await.is_empty());
        t.app.transact(&Actor::System, async |tx| liannong::catalogue::release(tx, &all).await).await.unwrap();
        t.drain().await;
        assert_eq!(names(t, "q=苔茶&county=520623&in_stock=true").await.len(), 1);

        let down = act(t, &shop.clerk, &dearer, "take-off", None).await.ok();
        assert!(names(t, "q=苔茶&county=520623").await.is_empty());
        t.drain().await;
        assert!(names(t, "q=苔茶&county=520623").await.is_empty());
        act(t, &shop.clerk, &down, "put-on", None).await.ok();
        t.drain().await;
        assert_eq!(names(t, "q=苔茶&county=520623").await.len(), 1);
    }

    /// What was found is counted, each choice without its own condition, and everything has its name.
    async fn what_was_found_is_counted_and_named(t: TestApp) {
        let (here, [tea, ..]) = shelf(t).await;
        let certificate = json!([{ "scheme": "green_food", "issuer": "中国绿色食品发展中心", "number": "LB-44",
            "valid_from": "2025-01-01", "valid_to": "2027-12-31" }]);
        let green = json!({ "name": "石阡绿茶 500克", "pack_grams": 500, "unit_price_fen": 9_800, "certificates": certificate });
        here.sell(t, green).await;
        t.drain().await;
        let found = t.get("/products?province=520000&facets=true&limit=1").await.ok();
        assert_eq!((&found["total"], found["items"].as_array().unwrap().len()), (&json!(4), 1));
        let facets = &found["facets"];
        assert_eq!(facets["provinces"], json!([{ "code": "520000", "name": "贵州省", "count": 4 }]));
        assert_eq!(facets["counties"][0], json!({ "code": "520623", "name": "石阡县", "count": 3 }));
        assert_eq!(facets["counties"][1], json!({ "code": "522623", "name": "施秉县", "count": 1 }));
        assert_eq!(facets["certifications"], json!([{ "scheme": "green_food", "count": 1 }]));
        let bands = facets["price_bands"].as_array().unwrap();
        assert_eq!(bands[0], json!({ "band": "from10", "from_fen": 1_000, "below_fen": 2_000, "count": 1 }));
        assert_eq!(bands.last().unwrap()["below_fen"], Value::Null);
        let supplier = tea["supplier"]["id"].clone();
        let suppliers = facets["suppliers"].as_array().unwrap();
        assert!(suppliers.iter().any(|counted| counted["code"] == supplier && counted["count"] == 3));
        let tea = facets["categories"].as_array().unwrap().iter().find(|counted| counted["code"] == "08").unwrap();
        assert!(tea["count"].as_u64().unwrap() >= 2 && !tea["name"].as_str().unwrap().is_empty());
        assert_eq!(facets["months"], json!([]));
        assert_eq!(t.get("/products?limit=1").await.ok()["facets"], Value::Null);

        assert_eq!(names(t, "certification=green_food").await, ["石阡绿茶 500克"]);
        assert_eq!(names(t, "price_band=from10").await, ["石阡贡米 5千克"]);
        assert!(names(t, "month=3").await.is_empty());
        // The certified comes first among equal matches, though it is neither cheaper nor alone in stock.
        assert_eq!(names(t, "q=石阡县").await[0], "石阡绿茶 500克");
        for (query, pointer) in [("month=0", "?month"), ("month=13", "?month"), ("price_band=from30", "?price_band"),
            ("certification=best", "?certification"), ("facets=1", "?facets")] {
            let problem = t.get(&format!("/products?{query}")).await.refused(400, "invalid_fields");
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{query}");
        }
    }

    async fn what_was_found_is_marked_and_said_to_be_near(t: TestApp) {
        let (here, _) = shelf(t).await;
        here.sell(t, json!({ "name": "云雾绿茶", "details": { "brand": "梵净山" } })).await;
        t.drain().await;
        let found = t.get(&format!("/products?{}", encoded("q=梵净山"))).await.ok();
        let highlights = &found["items"][0]["highlights"];
        assert_eq!((&highlights["brand"]["html"], &highlights["name"]), (&json!("<mark>梵净山</mark>"), &Value::Null));
        let found = t.get(&format!("/products?{}", encoded("q=苔茶"))).await.ok();
        assert_eq!((&found["nearest"], &found["total"], &found["instead"]), (&json!(false), &json!(1), &json!([])));
        let highlights = &found["items"][0]["highlights"];
        assert_eq!(highlights["name"]["html"], "石阡<mark>苔茶</mark> 一级 250克");
        assert_eq!(highlights["name"]["marks"], json!([{ "start": 2, "end": 4 }]));
        assert_eq!(highlights["county"], Value::Null);
        let found = t.get(&format!("/products?{}", encoded("q=施秉縣"))).await.ok();
        assert_eq!(found["items"][0]["highlights"]["county"]["html"], "<mark>施秉县</mark>");
        let found = t.get(&format!("/products?{}", encoded("q=太紫参"))).await.ok();
        assert_eq!((&found["nearest"], &found["items"][0]["name"]), (&json!(true), &json!("施秉太子参 500克")));
        // Nothing under this condition: what the words are nearest to elsewhere is offered.
        let found = t.get(&format!("/products?{}", encoded("q=苔茶&county=522623"))).await.ok();
        assert_eq!((&found["items"], &found["total"]), (&json!([]), &json!(0)));
        assert_eq!(found["instead"][0]["text"], "石阡苔茶");
        assert_eq!(t.get("/products").await.ok()["items"][0]["highlights"], Value::Null);
    }

    async fn what_is_typed_is_suggested(t: TestApp) {
        shelf(t).await;
        let said = async |query: &str| -> Vec<Value> {
            let said = t.get(&format!("/search/suggestions?{}", encoded(query))).await.ok();
            assert_eq!(said["degraded"], false);
            said["items"].as_array().unwrap().clone()
        };
        let tea = json!({ "text": "石阡苔茶", "kind": "product", "code": null, "products": 1 });
        for typed in ["苔", "石阡苔", "taich", "sqt"] {
            assert!(said(&format!("q={typed}")).await.contains(&tea), "{typed}");
        }
        let county = json!({ "text": "石阡县", "kind": "county", "code": "520623", "products": 2 });
        assert_eq!(said("q=石阡县").await[0], county);
        assert_eq!(said("q=石&limit=1").await.len(), 1);
        assert!(said("q=钢铁").await.is_empty());
        for query in ["q=", "q=石&limit=0", "q=石&limit=21", &format!("q={}", "a".repeat(201))] {
            t.get(&format!("/search/suggestions?{}", encoded(query))).await.refused(400, "invalid_fields");
        }
    }

    /// What buyers accepted, who grew it and when it was packed come from the orders and lots themselves.
    async fn what_sells_and_whom_it_benefits_orders_the_list(t: TestApp) {
        let market = crate::market::Market::with_enterprise(t).await;
        let other = Shop::open(t, SHIQIAN).await;
        other.sell(t, json!({})).await;
        market.accepted(t, 10, 8).await;
        t.drain().await;
        for order in ["sales", "households"] {
            assert_eq!(names(t, &format!("sort={order}")).await, ["修文猕猴桃", "石阡苔茶 一级 250克"], "{order}");
        }
        let found = t.get("/products?facets=true").await.ok();
        let months = found["facets"]["months"].as_array().unwrap();
        assert_eq!(months.len(), 1, "the month in which its lot was packed: {months:?}");
        let month = months[0]["month"].as_u64().unwrap();
        assert_eq!(names(t, &format!("month={month}")).await, ["修文猕猴桃"]);
    }

    /// How far the index is behind is known, in events and in seconds, to whoever watches.
    async fn the_lag_of_the_index_is_told(t: TestApp) {
        let healthy = search::health(&t.app).await.unwrap();
        assert_eq!((healthy.engine, healthy.degraded, healthy.events_behind, healthy.seconds_behind), ("embedded", false, 0, 0));
        let shop = Shop::open(t, SHIQIAN).await;
        t.drain().await;
        shop.sell(t, json!({})).await;
        t.clock.advance(chrono::Duration::seconds(90));
        let behind = search::health(&t.app).await.unwrap();
        assert!(behind.events_behind > 0 && behind.seconds_behind == 90, "{behind:?}");
        assert_eq!(t.get("//readyz").await.ok()["search"]["seconds_behind"], 90);
        t.drain().await;
        assert_eq!(t.get("//readyz").await.ok()["search"], json!({
            "engine": "embedded", "degraded": false, "events_behind": 0, "seconds_behind": 0,
        }));
    }

    /// What changes without an event, like the end of a certificate, is taken in by a walk through all products.
    async fn what_changes_by_itself_is_noticed(t: TestApp) {
        let shop = Shop::open(t, SHIQIAN).await;
        let certificate = json!([{ "scheme": "organic", "issuer": "中国农业科学院", "number": "1",
            "valid_from": "2025-01-01", "valid_to": "2026-03-10" }]);
        shop.sell(t, json!({ "certificates": certificate })).await;
        t.drain().await;
        assert_eq!(names(t, "certification=organic").await.len(), 1);
        t.clock.advance(chrono::Duration::days(30));
        assert_eq!(names(t, "certification=organic").await.len(), 1);
        for _ in 0..2 {
            (search::EVERY_MINUTE.run)(&t.app).await.unwrap();
        }
        assert!(names(t, "certification=organic").await.is_empty());
        assert_eq!(names(t, "").await.len(), 1);
    }

    /// An operator has the index made anew, once however often it is asked for, and sees how far that has come.
    async fn an_operator_has_the_index_made_anew(t: TestApp) {
        let (_, _) = shelf(t).await;
        t.drain().await;
        let operator = t.organisation(OrganisationKind::PlatformOperator, "110101").await;
        let operator = t.member(Role::PlatformOperator, operator).await;
        for is_new in [true, false] {
            let asked = t.post("/search-index/rebuild").by(&operator).await;
            assert_eq!((asked.status, &asked.json()["is_new"]), (202, &json!(is_new)));
        }
        t.drain().await;
        let runs = t.get("/job-runs?name=search.rebuild").by(&operator).await.ok()["items"].clone();
        assert_eq!(runs.as_array().unwrap().len(), 1);
        let progress = &runs[0]["progress"];
        assert_eq!((&runs[0]["state"], &progress["unit"]), (&json!("done"), &json!("products")));
        assert_eq!((&progress["done"], &progress["percent"]), (&progress["of"], &json!(100)));
        assert_eq!(names(t, "q=苔茶").await, ["石阡苔茶 一级 250克"]);
    }

    /// A rebuild by another process of the same house, while this one serves and takes in changes.
    async fn another_process_rebuilds_while_this_one_serves(t: TestApp) {
        let (shop, [tea, ..]) = shelf(t).await;
        let other = house_with(t, Engine::open(&t.app.config.data.join("search")).unwrap());
        let told = std::cell::RefCell::new(Vec::new());
        let counted = search::rebuild_telling(&other, |read| told.borrow_mut().push(read)).await.unwrap();
        assert_eq!((counted, told.into_inner()), (3, vec![3]));
        drop(other);
        assert_eq!(names(t, "q=石阡&province=520000").await.len(), 2);
        let down = act(t, &shop.clerk, &tea, "take-off", None).await.ok();
        t.drain().await;
        assert_eq!(names(t, "q=苔茶&county=520623").await, Vec::<String>::new());
        act(t, &shop.clerk, &down, "put-on", None).await.ok();
        t.drain().await;
        assert_eq!(names(t, "q=苔茶&county=520623").await, ["石阡苔茶 一级 250克"]);
    }

    async fn an_index_is_made_anew_from_the_database(t: TestApp) {
        let (_, _) = shelf(t).await;
        let engine = Engine::new(search::Embedded::in_memory().unwrap());
        let house = house_with(t, engine);
        let server = test::init_service(liannong::server::service(house.clone())).await;
        let find = async || -> Value {
            let request = test::TestRequest::get().uri(&encoded("/api/v1/products?q=石阡")).to_request();
            test::read_body_json(test::call_service(&server, request).await).await
        };
        assert_eq!(find().await["items"], json!([]));
        search::make_ready(&house).await;
        assert_eq!(find().await["items"].as_array().unwrap().len(), 2);
        assert_eq!(search::rebuild(&house).await.unwrap(), 3);
    }

    /// A flush is dear: what waits is taken in by one.
    async fn many_changes_are_one_flush(t: TestApp) {
        let shop = Shop::open(t, SHIQIAN).await;
        for _ in 0..3 {
            let shown = shop.sell(t, json!({})).await;
            let down = act(t, &shop.clerk, &shown, "take-off", None).await.ok();
            act(t, &shop.clerk, &down, "put-on", None).await.ok();
        }
        let flushes = Arc::new(AtomicU32::new(0));
        let house = house_with(t, Engine::new(Counting(search::Embedded::in_memory().unwrap(), flushes.clone())));
        let jobs = liannong::jobs::drain(&house).await.unwrap();
        assert!(jobs >= 9, "one for each change, besides those of others: {jobs}");
        assert_eq!(flushes.load(Ordering::Relaxed), 1);
    }

    /// Without the index names are still found, newest first, page by page, and the answer says so.
    async fn a_broken_index_is_worse_but_not_the_end(t: TestApp) {
        let (_, [tea, rice, _]) = shelf(t).await;
        let server = test::init_service(liannong::server::service(house_with(t, Engine::new(Broken)))).await;
        let find = async |query: &str| -> Value {
            let request = test::TestRequest::get().uri(&format!("/api/v1/products?{}", encoded(query))).to_request();
            test::read_body_json(test::call_service(&server, request).await).await
        };
        let found = find("q=石阡&province=520000&limit=1").await;
        assert_eq!((&found["degraded"], &found["items"][0]["id"]), (&json!(true), &rice["id"]));
        let next = found["next"].as_str().unwrap();
        let found = find(&format!("q=石阡&province=520000&limit=1&cursor={next}")).await;
        assert_eq!((&found["items"][0]["id"], &found["next"]), (&tea["id"], &Value::Null));
        assert_eq!(find("category=08&in_stock=true&q=茶").await["items"][0]["id"], tea["id"]);
        assert_eq!(find("q=%25").await["items"], json!([]), "a sign of the pattern is only a sign");
        let supplier = format!("supplier={}&price_to_fen=6000", rice["supplier"]["id"].as_str().unwrap());
        assert_eq!(find(&supplier).await["items"].as_array().unwrap().len(), 1);
        assert_eq!(find("q=貢米&price_band=from10").await["items"][0]["id"], rice["id"]);
        assert_eq!(find("certification=organic&facets=true").await["items"], json!([]));
        assert_eq!(find("month=3").await["items"], json!([]));
        let found = find("q=苔茶").await;
        assert_eq!((&found["total"], &found["facets"], &found["nearest"]), (&Value::Null, &Value::Null, &json!(false)));
        assert_eq!(found["items"][0]["highlights"]["name"]["html"], "石阡<mark>苔茶</mark> 一级 250克");
        let request = test::TestRequest::get().uri(&encoded("/api/v1/search/suggestions?q=苔")).to_request();
        let said: Value = test::read_body_json(test::call_service(&server, request).await).await;
        let tea = json!({ "text": "石阡苔茶", "kind": "product", "code": null, "products": null });
        assert_eq!(said, json!({ "items": [tea], "degraded": true }));
        let request = test::TestRequest::get().uri("/readyz").to_request();
        let ready: Value = test::read_body_json(test::call_service(&server, request).await).await;
        assert_eq!((&ready["status"], &ready["search"]["degraded"]), (&json!("ready"), &json!(true)));
    }

    /// Nothing waits for an engine that is away; when it is back it takes in what it missed.
    async fn an_engine_that_was_away_takes_in_what_it_missed(t: TestApp) {
        let (shop, [tea, ..]) = shelf(t).await;
        let away = Arc::new(AtomicBool::new(false));
        let engine = Engine::new(Sometimes(search::Embedded::in_memory().unwrap(), away.clone()));
        let house = TestApp::served(t, app_with(t, engine)).await;
        assert_eq!(search::rebuild(&house.app).await.unwrap(), 3);
        away.store(true, Ordering::Relaxed);
        let price = json!({ "unit_price_fen": 20_000 });
        let path = format!("/products/{}/price", tea["id"].as_str().unwrap());
        house.post(&path).by(&shop.clerk).key("p").version(&tea["version"]).json(price).await.ok();
        house.drain().await;
        let found = house.get(&format!("/products?{}", encoded("q=苔茶"))).await.ok();
        assert_eq!((&found["degraded"], &found["items"][0]["unit_price_fen"]), (&json!(true), &json!(20_000)));
        assert!(search::health(&house.app).await.unwrap().events_behind > 0);

        away.store(false, Ordering::Relaxed);
        house.clock.advance(chrono::Duration::minutes(1));
        let began = std::time::Instant::now();
        house.drain().await;
        println!("the search engine was away, caught up after {:?}", began.elapsed());
        assert_eq!(names(&house, "price_from_fen=20000").await, ["石阡苔茶 一级 250克"]);
        assert_eq!(search::health(&house.app).await.unwrap().events_behind, 0);
    }

    /// A Meilisearch server that nobody can reach is the same: worse, not the end.
    async fn a_server_that_is_away_is_worse_but_not_the_end(t: TestApp) {
        let (_, [tea, ..]) = shelf(t).await;
        let away = search::Meilisearch::new("http://127.0.0.1:9", None, "products").unwrap();
        let house = house_with(t, Engine::new(away));
        search::make_ready(&house).await;
        let server = test::init_service(liannong::server::service(house)).await;
        let request = test::TestRequest::get().uri(&encoded("/api/v1/products?q=苔茶")).to_request();
        let found: Value = test::read_body_json(test::call_service(&server, request).await).await;
        assert_eq!((&found["degraded"], &found["items"][0]["id"]), (&json!(true), &tea["id"]));
    }
}
