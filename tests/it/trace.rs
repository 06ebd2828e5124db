//! A lot's life, from the delivery to the page that a telephone opens; and what a recall reaches.

use crate::agreement::{signed, terms};
use crate::harness::*;
use crate::harvest::brought;
use crate::household::household;
use crate::market::Market;
use chrono::NaiveDate;
use entity::product_certificate;
use entity::value::{AgreementId, AreaCode, CertificateId, CertificateScheme, OrganisationKind, Role};
use liannong::trace::{FEWEST, png, svg};
use qrcode::{Color, EcLevel, QrCode};
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn id(value: &Value) -> &str {
    value["id"].as_str().unwrap()
}

fn key() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// The dark modules of a PNG that has ten dots a module and four white modules around.
fn dark_in_png(file: &[u8]) -> (u32, BTreeSet<(u32, u32)>) {
    let picture = image::load_from_memory(file).unwrap().to_luma8();
    assert_eq!(picture.width(), picture.height());
    let modules = picture.width() / 10;
    let mut dark = BTreeSet::new();
    for (x, y, dot) in picture.enumerate_pixels() {
        // Every dot of a module has its colour.
        assert!(matches!(dot.0[0], 0 | 255));
        if dot.0[0] == 0 {
            dark.insert((x / 10, y / 10));
        }
    }
    let dots = picture.pixels().filter(|dot| dot.0[0] == 0).count();
    assert_eq!(dots, dark.len() * 100);
    (modules, dark)
}

/// The dark modules of an SVG whose path is made of rectangles.
fn dark_in_svg(file: &str) -> BTreeSet<(u32, u32)> {
    let path = file.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
    let mut dark = BTreeSet::new();
    for rectangle in path.split('M').skip(1) {
        let numbers: Vec<u32> = rectangle
            .split(|c: char| !c.is_ascii_digit())
            .filter(|number| !number.is_empty())
            .map(|number| number.parse().unwrap())
            .collect();
        let (left, top, width, height) = (numbers[0], numbers[1], numbers[2], numbers[3]);
        for y in (top..top + height).step_by(10) {
            for x in (left..left + width).step_by(10) {
                dark.insert((x / 10, y / 10));
            }
        }
    }
    dark
}

/// The modules of the code for this content, four white ones around.
fn wanted(content: &str) -> (u32, BTreeSet<(u32, u32)>) {
    let code = QrCode::with_error_correction_level(content, EcLevel::M).unwrap();
    let width = u32::try_from(code.width()).unwrap();
    let colours = code.to_colors();
    let places = (0..width).flat_map(|y| (0..width).map(move |x| (x, y)));
    let dark = places.zip(colours).filter(|(_, colour)| *colour == Color::Dark).map(|((x, y), _)| (x + 4, y + 4));
    (width + 8, dark.collect())
}

#[test]
fn pictures_show_the_code_of_the_address() {
    let address = "https://liannong.example/t/7K3M9Q2A7K3M9Q2AX";
    let (modules, dark) = wanted(address);
    assert_eq!(dark_in_png(&png(address).unwrap()), (modules, dark.clone()));
    assert_eq!(dark_in_svg(&svg(address).unwrap()), dark);
    assert!(png(&"x".repeat(4000)).is_err());
}

/// A lot of these agreements' deliveries, packed.
async fn lot_of(t: &TestApp, market: &Market, agreements: &[AgreementId]) -> Value {
    let mut parts = Vec::new();
    for (agreement, day) in agreements.iter().zip(20..) {
        let mut new = brought(*agreement, 50_000);
        new["delivered_on"] = json!(format!("2026-02-{day}"));
        let made = t.post("/deliveries").by(&market.supplier.clerk).key(&key()).json(new).await.created();
        parts.push(json!({ "delivery_id": made["id"], "grams": 50_000 }));
    }
    let body = json!({ "product_id": market.product, "packed_on": "2026-02-28", "deliveries": parts });
    t.post("/lots").by(&market.supplier.clerk).key(&key()).json(body).await.created()
}

both! {
    /// From what households brought to the page on a telephone: split, certified, shipped, looked up, called back.
    async fn a_lot_is_followed_to_those_who_buy_it(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let clerk = &market.supplier.clerk;
        // The market's county is on no list; this one is.
        let county = AreaCode::parse("522634").unwrap();
        t.sql(&format!("update product set origin_county_code = '{county}'")).await.unwrap();
        let mut agreements = Vec::new();
        for number in 10..15 {
            let grower = household(t, &market.county, number).await;
            agreements.push(signed(t, &market.supplier, terms(grower, "produce_purchase")).await);
        }
        let whole = lot_of(t, &market, &agreements).await;
        let split = json!({ "lot_id": whole["id"], "done_on": "2026-03-01",
            "outputs": [{ "product_id": market.product, "grams": 100_000 }] });
        let step = t.post("/lots/split").by(clerk).key(&key()).json(split).await.created();
        let lot = &step["outputs"][0];
        let certificate = json!({ "number": "HGZ-1", "issued_on": "2026-03-01", "basis": "internal_control" });
        t.post(&format!("/lots/{}/certificates", id(lot))).by(clerk).json(certificate).await.created();

        let code = lot["trace_code"].as_str().unwrap();
        let reply = t.get(&format!("/trace/{}", code.to_lowercase())).await;
        assert_eq!(reply.header("cache-control"), Some("public, max-age=300"));
        let tag = reply.etag();
        let trace = reply.ok();
        assert_eq!(trace["code"].as_str().unwrap().replace('-', ""), code);
        assert_eq!((&trace["product"], &trace["households"]), (&json!("修文猕猴桃"), &json!(5)));
        assert_eq!(trace["origin"]["county"], "雷山县");
        assert_eq!(trace["harvest"], json!({ "first": "2026-02-20", "last": "2026-02-24" }));
        assert_eq!(trace["conformity"][0]["number"], "HGZ-1");
        assert_eq!(trace["steps"], json!([{ "kind": "split", "done_on": "2026-03-01" }]));
        assert!(trace["recall"].is_null());
        let unchanged = t.get(&format!("/trace/{code}")).header("If-None-Match", &tag).await;
        assert_eq!((unchanged.status, unchanged.body.len()), (304, 0));

        // Nothing in it tells of anybody.
        let text = trace.to_string();
        let page = t.get(&format!("//t/{code}")).await;
        let html = String::from_utf8(page.body.clone()).unwrap();
        for told in ["杨", "5226250101", "agreement", "household_id"] {
            assert!(!text.contains(told) && !html.contains(told), "{told} is told");
        }
        assert_eq!(page.status, 200);
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"));
        assert!(!html.contains("<script") && !html.contains("http://") && !html.contains("https://"));
        for said in ["雷山县", "5 户", "2026-02-20 至 2026-02-24", "HGZ-1", "内部质量控制", "分装"] {
            assert!(html.contains(said), "{said} is missing");
        }
        let english = t.get(&format!("//t/{code}")).in_english().await;
        let english = String::from_utf8(english.body).unwrap();
        assert!(english.contains("internal control") && english.contains("lang=\"en\""));
        if let Some(folder) = std::env::var_os("LIANNONG_PICTURES") {
            std::fs::write(std::path::Path::new(&folder).join("trace.html"), &html).unwrap();
            std::fs::write(std::path::Path::new(&folder).join("trace-en.html"), &english).unwrap();
        }

        let label = format!("/lots/{}/label", id(lot));
        let address = format!("https://liannong.example/t/{code}");
        let drawn = t.get(&format!("{label}?format=png")).by(clerk).await;
        assert_eq!(drawn.header("content-type"), Some("image/png"));
        assert_eq!(dark_in_png(&drawn.body), wanted(&address));
        let drawn = t.get(&label).by(clerk).await;
        assert_eq!(drawn.header("content-type"), Some("image/svg+xml"));
        assert_eq!(dark_in_svg(&String::from_utf8(drawn.body).unwrap()), wanted(&address).1);
        t.get(&label).await.refused(401, "unauthenticated");

        // It is sold, and then called back with what it was split from.
        let order = json!({ "deliver_to": "杭州市", "lines": [{ "product_id": market.product, "packs": 4 }] });
        t.post("/orders").by(&market.buyer).key(&key()).json(order).await.created();
        let order = t.get("/supplier-orders").by(clerk).await.ok()["items"][0].clone();
        let path = format!("/supplier-orders/{}", id(&order));
        let confirmed = t.post(&format!("{path}/confirm")).by(clerk).version(&order["version"]).await.ok();
        let ship = json!({ "carrier": "顺丰", "tracking_number": "SF1",
            "lots": [{ "line_id": confirmed["lines"][0]["id"], "lot_id": lot["id"], "packs": 4 }] });
        let shipped = t.post(&format!("{path}/ship")).by(clerk).key(&key()).version(&confirmed["version"]).json(ship);
        shipped.await.ok();
        let reach = format!("/lots/{}/recall", id(&whole));
        let would = t.get(&reach).by(clerk).await.ok();
        assert_eq!((&would["recalls"], would["lots"].as_array().unwrap().len()), (&json!([]), 2));
        let office = t.organisation(OrganisationKind::AgricultureOffice, "522625").await;
        let agriculture = t.member(Role::AgricultureOfficer, office).await;
        let why = json!({ "reason": "抽检农药残留超标" });
        t.post(&reach).by(&agriculture).json(why).await.created();
        let reached = t.get(&reach).by(&agriculture).await.ok();
        assert_eq!(reached["orders"].as_array().unwrap().len(), 1);
        let got = &reached["orders"][0];
        assert_eq!((&got["number"], &got["packs"], &got["grams"]), (&order["number"], &json!(4), &json!(10_000)));
        assert!(reached["lots"][1]["recalled_at"].is_string());
        let elsewhere = t.organisation(OrganisationKind::AgricultureOffice, "532324").await;
        let elsewhere = t.member(Role::AgricultureOfficer, elsewhere).await;
        t.get(&reach).by(&elsewhere).await.refused(404, "not_found");

        let after = t.get(&format!("/trace/{code}")).header("If-None-Match", &tag).await.ok();
        assert!(after["recall"]["at"].is_string());
        let page = t.get(&format!("//t/{code}")).await;
        assert!(String::from_utf8(page.body).unwrap().contains("该批次已召回"));
    }

    /// A pack says which certificates hold today, and no other.
    async fn a_certificate_that_does_not_hold_is_not_told(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let lot = lot_of(t, &market, &market.agreements[..2]).await;
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        for (number, valid_to, revoked_on) in [
            ("LB-1", Some("2027-12-31"), None), ("LB-2", Some("2026-03-01"), None), ("LB-3", None, Some("2026-03-02")),
            ("LB-4", None, Some("2026-03-03")),
        ] {
            let row = product_certificate::Model {
                id: CertificateId::generate(),
                product_id: market.product,
                scheme: CertificateScheme::GreenFood,
                issuer: "中国绿色食品发展中心".to_owned(),
                number: number.to_owned(),
                valid_from: day("2025-01-01"),
                valid_to: valid_to.map(day),
                file_id: None,
                revoked_on: revoked_on.map(day),
                revoked_because: revoked_on.map(|_| "认证机构公告撤销。".to_owned()),
                withdrawn_on: None,
                warned_days: None,
            };
            let row = row.into_active_model();
            product_certificate::Entity::insert(row).exec_without_returning(t.direct()).await.unwrap();
        }
        let code = lot["trace_code"].as_str().unwrap();
        let trace = t.get(&format!("/trace/{code}")).await.ok();
        let told: Vec<_> = trace["certificates"].as_array().unwrap().iter().map(|held| &held["number"]).collect();
        assert_eq!(told, ["LB-1", "LB-4"], "today is 2 March, and the last one is revoked tomorrow");
        let page = String::from_utf8(t.get(&format!("//t/{code}")).await.body).unwrap();
        assert!(page.contains("LB-1") && !page.contains("LB-2") && !page.contains("LB-3"));
    }

    /// Fewer than five households are not counted in public; what has no such code is not there.
    async fn few_households_are_not_counted(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let lot = lot_of(t, &market, &market.agreements[..2]).await;
        let code = lot["trace_code"].as_str().unwrap();
        let trace = t.get(&format!("/trace/{code}")).await.ok();
        assert_eq!((FEWEST, &trace["households"]), (5, &Value::Null));
        let page = String::from_utf8(t.get(&format!("//t/{code}")).await.body).unwrap();
        assert!(page.contains("不足 5 户"));
        let other = liannong::harvest::lot::trace_code::generate().unwrap();
        for nothing in ["x", "7K3M9Q2A7K3M9Q2A0", other.as_str()] {
            t.get(&format!("/trace/{nothing}")).await.refused(404, "not_found");
            t.get(&format!("//t/{nothing}")).await.refused(404, "not_found");
        }
    }
}
