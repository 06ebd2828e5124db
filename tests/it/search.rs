//! What is on the shelf is found, what is not is not, and a broken index only makes it worse, not impossible.

use crate::admission::SHIQIAN;
use crate::catalogue::{Shop, act};
use crate::harness::*;
use actix_web::{test, web};
use entity::value::{Packs, ProductId};
use liannong::access::{Actor, token::Tokens};
use liannong::app::App;
use liannong::search::{self, Change, Engine, Hits, ProductDocument, Query, SearchEngine, SearchError};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

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
    fn rebuild(&self, _: &mut dyn Iterator<Item = Result<ProductDocument, SearchError>>) -> Result<u64, SearchError> {
        Err(SearchError::Store("no disk".into()))
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
    fn rebuild(
        &self,
        products: &mut dyn Iterator<Item = Result<ProductDocument, SearchError>>,
    ) -> Result<u64, SearchError> {
        self.0.rebuild(products)
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

/// The same house with another engine.
fn house_with(t: &TestApp, engine: Engine) -> web::Data<App> {
    let tokens = Tokens::new(&t.app.secrets, 60).unwrap();
    let app = App::new(
        t.app.db.clone(),
        t.clock.clone(),
        t.app.secrets.clone(),
        tokens,
        t.app.config.clone(),
        liannong::listeners::JOBS,
    );
    web::Data::new(app.with(engine))
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
        assert_eq!((jobs, flushes.load(Ordering::Relaxed)), (9, 1));
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
    }
}
