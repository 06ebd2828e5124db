//! Prices that are looked at: proofs, the wholesale series, what is flagged; and pictures and scans of what is uploaded.

use crate::admission::{SHIQIAN, file};
use crate::catalogue::{Shop, act};
use crate::harness::*;
use crate::supply::admission_of;
use entity::value::{FenPerKilogram, OrganisationKind, Role};
use liannong::catalogue::price::import::{Fault, read};
use liannong::catalogue::price::rules::{fen_per_kilogram, is_above, median};
use liannong::config::{Config, ReviewPart};
use liannong::document::FileStore;
use proptest::prelude::*;
use sea_orm::EntityTrait;
use serde_json::json;

const SERIES: &str = "date,name,spec,low_yuan_per_jin,avg_yuan_per_jin,high_yuan_per_jin\n\
    2026-03-01,苔茶,普通,10,12.5,15\n2026-03-01,苔茶,普通,11,13.55,16\n2026-03-01,丝瓜,普通,1.6,2.05,2.5\n\
    2026-03-01,丝瓜,特菜,0,2,3\n2026-03-01,丝瓜,水菜,,2,3\n2026-03-01,冬瓜,普通,3,2,4\n2026-13-01,冬瓜,普通,1,2,3\n\
    2026-03-01,,普通,1,2,3\n2026-03-01,冬瓜,普通,一,2,3\n2026-03-01,冬瓜\n";

fn per_kg(fen: i64) -> FenPerKilogram {
    FenPerKilogram::new(fen).unwrap()
}

both! {
    /// A file is taken row by row; what is left out is counted and named; the same file is taken once.
    async fn a_series_is_imported_and_its_bad_rows_are_told(t: TestApp) {
        let shop = Shop::open(t, SHIQIAN).await;
        let import = async |by: &Person, region: &str| {
            let path = format!("/reference-prices?market=%E6%96%B0%E5%8F%91%E5%9C%B0&region={region}");
            t.post(&path).by(by).bytes("text/csv", SERIES.as_bytes().to_vec()).await
        };
        import(&shop.clerk, "110000").await.refused(403, "forbidden");
        import(&shop.platform, "990000").await.refused(422, "price_region_unknown");
        let report = import(&shop.platform, "110000").await.created();
        assert_eq!((&report["rows_total"], &report["rows_refused"], &report["prices"]), (&json!(10), &json!(7), &json!(2)));
        assert_eq!(report["refused"][2], json!({ "line": 7, "fault": "misordered" }));
        let counts: Vec<_> = report["faults"].as_array().unwrap().iter().map(|f| (f["fault"].clone(), f["rows"].clone())).collect();
        assert_eq!(counts.len(), 6);
        assert!(counts.contains(&(json!("missing"), json!(2))));
        import(&shop.platform, "110000").await.refused(409, "already_exists");
        let table = t.get("/reference-prices?variety=%E8%8B%94%E8%8C%B6").await.ok();
        assert_eq!(table["items"][0], json!({
            "day": "2026-03-01", "market": "新发地", "region_code": "110000", "variety": "苔茶", "spec": "普通",
            "low_fen_per_kilogram": 2000, "average_fen_per_kilogram": 2605, "high_fen_per_kilogram": 3200,
        }));
        let none = t.get("/reference-prices?variety=%E8%8B%94%E8%8C%B6&to=2026-02-01").await.ok();
        assert_eq!(none["items"], json!([]));
        let path = "/reference-prices?market=x&region=110000";
        let wrong = t.post(path).by(&shop.platform).bytes("text/csv", b"a,b\n1,2\n".to_vec()).await;
        assert_eq!(wrong.refused(422, "price_file_unreadable")["errors"].as_array().unwrap().len(), 6);
    }

    /// Dearer than its like and than the market: flagged with the comparison; the review decides; upheld, it is gone.
    async fn a_product_dearer_than_its_like_is_flagged(t: TestApp) {
        let shop = Shop::open(t, SHIQIAN).await;
        let others = Shop::open(t, "522623").await;
        for fen in [2_000, 2_200, 2_400] {
            others.sell(t, json!({ "name": format!("毛尖 {fen}"), "unit_price_fen": fen })).await;
        }
        let path = "/reference-prices?market=%E6%96%B0%E5%8F%91%E5%9C%B0&region=110000";
        t.post(path).by(&shop.platform).bytes("text/csv", SERIES.as_bytes().to_vec()).await.created();
        // Half as dear again as the median (8,800 fen a kilogram) is not yet more than half.
        let usual = shop.offer(t, json!({ "name": "云雾茶", "unit_price_fen": 3_300 })).await;
        act(t, &shop.clerk, &usual, "submit", None).await.ok();
        let flags_of = async |product: &serde_json::Value| {
            t.get(&format!("/products/{}/flags", product["id"].as_str().unwrap())).by(&shop.clerk).await.ok()
        };
        assert_eq!(flags_of(&usual).await["items"], json!([]));
        let dear = shop.offer(t, json!({ "unit_price_fen": 3_302 })).await;
        let submitted = act(t, &shop.clerk, &dear, "submit", None).await.ok();
        let flags = flags_of(&dear).await["items"].as_array().unwrap().clone();
        let of = |kind: &str| flags.iter().find(|flag| flag["kind"] == kind).unwrap().clone();
        let peers = of("price_above_peers");
        assert_eq!((&peers["compared_fen_per_kilogram"], &peers["comparison"]["peers"]), (&json!(8_800), &json!(3)));
        let market = of("price_above_reference");
        assert_eq!((&market["compared_fen_per_kilogram"], &market["comparison"]["variety"]), (&json!(2_605), &json!("苔茶")));
        assert_eq!(t.get("/product-flags?state=open").by(&shop.platform).await.ok()["items"].as_array().unwrap().len(), 2);
        // The review decides them, and at this price they are not raised again.
        let sold = shop.review(t, &submitted, "approve").await.ok();
        assert!(flags_of(&dear).await["items"].as_array().unwrap().iter().all(|flag| flag["state"] == "cleared"));
        let down = act(t, &shop.clerk, &sold, "take-off", None).await.ok();
        let sold = act(t, &shop.clerk, &down, "put-on", None).await.ok();
        let address = format!("/products/{}", sold["id"].as_str().unwrap());
        let price = json!({ "unit_price_fen": 9_900 });
        t.post(&format!("{address}/price")).by(&shop.clerk).key("x").version(&sold["version"]).json(price).await.ok();
        let open = t.get("/product-flags?state=open").by(&shop.platform).await.ok()["items"].as_array().unwrap().clone();
        let flag = open.iter().find(|flag| flag["kind"] == "price_above_peers").unwrap();
        let decide = async |by: &Person, decision: &str| {
            let path = format!("{address}/flags/{}/decision", flag["id"].as_str().unwrap());
            t.post(&path).by(by).version(&flag["version"]).json(json!({ "decision": decision, "opinion": "价格凭证不符。" })).await
        };
        decide(&shop.clerk, "clear").await.refused(403, "forbidden");
        assert_eq!(decide(&shop.platform, "uphold").await.ok()["state"], "upheld");
        decide(&shop.platform, "clear").await.refused(409, "wrong_state");
        let gone = t.get(&address).by(&shop.clerk).await.ok();
        assert_eq!((&gone["state"], &gone["off_reason"]), (&json!("delisted"), &json!("price_above_peers")));
    }

    /// Processed elsewhere than the licence says: flagged with both counties; cleared, not raised again while they are the
    /// same, whatever it costs; upheld, it is gone. A county is the same under its old code.
    async fn what_is_processed_elsewhere_than_its_licence_says_is_flagged(t: TestApp) {
        let shop = Shop::open(t, SHIQIAN).await;
        let shown = admission_of(t, &shop.clerk).await;
        let renewal = format!("/admissions/{}/documents/food_production_licence/renewal", shown["id"].as_str().unwrap());
        let licence = json!({ "file_id": file(t, &shop.clerk).await, "number": "SC10652062300016", "valid_to": "2027-12-31" });
        t.post(&renewal).by(&shop.clerk).version(&shown["version"]).json(licence).await.ok();
        let flags_of = async |product: &serde_json::Value| {
            let path = format!("/products/{}/flags", product["id"].as_str().unwrap());
            t.get(&path).by(&shop.clerk).await.ok()["items"].as_array().unwrap().clone()
        };
        let offered = async |name: &str, kind: &str, county: Option<&str>| {
            let details = json!({ "kind": kind, "brand": name, "processing_county_code": county });
            let draft = shop.offer(t, json!({ "name": name, "details": details })).await;
            act(t, &shop.clerk, &draft, "submit", None).await.ok()
        };
        for at_home in [
            offered("苔茶饼", "processed", None).await,
            offered("苔茶糕", "processed", Some(SHIQIAN)).await,
            offered("苔茶青叶", "primary", Some("522623")).await,
        ] {
            assert_eq!(flags_of(&at_home).await, Vec::<serde_json::Value>::new(), "{}", at_home["name"]);
        }
        let away = offered("抹茶粉", "processed", Some("522623")).await;
        let flags = flags_of(&away).await;
        assert_eq!((flags.len(), &flags[0]["kind"], &flags[0]["state"]), (1, &json!("licence_elsewhere"), &json!("open")));
        let compared = &flags[0]["comparison"];
        let said = ["processing_county_code", "processing_county_name", "licence_number", "licence_county_code", "licence_county_name"];
        assert_eq!(said.map(|field| compared[field].as_str().unwrap()),
            ["522623", "施秉县", "SC10652062300016", "520623", "石阡县"]);
        let listed = t.get("/product-flags?state=open").by(&shop.platform).await.ok();
        assert_eq!(listed["items"][0]["id"], flags[0]["id"]);
        let sold = shop.review(t, &away, "approve").await.ok();
        let path = format!("/products/{}", away["id"].as_str().unwrap());
        let price = json!({ "unit_price_fen": 9_900 });
        let call = t.post(&format!("{path}/price")).by(&shop.clerk).key("p").version(&sold["version"]);
        let dearer = call.json(price).await.ok();
        assert_eq!(flags_of(&away).await.len(), 1, "both counties are what somebody found in order");
        let mut details = dearer["details"].clone();
        details["processing_county_code"] = json!("522634");
        let call = t.patch(&path).by(&shop.clerk).version(&dearer["version"]);
        assert_eq!(call.json(json!({ "details": details })).await.ok()["state"], "in_review");
        let flag = flags_of(&away).await[0].clone();
        assert_eq!((&flag["state"], &flag["comparison"]["processing_county_name"]), (&json!("open"), &json!("雷山县")));
        // As if what is packed needed no review: the flag is decided by itself.
        t.sql("update product set state = 'on_shelf' where state = 'in_review' and name = '抹茶粉'").await.unwrap();
        let decision = json!({ "decision": "uphold", "opinion": "加工地与许可证不符。" });
        let call = t.post(&format!("{path}/flags/{}/decision", flag["id"].as_str().unwrap())).by(&shop.platform);
        assert_eq!(call.version(&flag["version"]).json(decision).await.ok()["state"], "upheld");
        let gone = t.get(&path).by(&shop.clerk).await.ok();
        assert_eq!((&gone["state"], &gone["off_reason"]), (&json!("delisted"), &json!("origin_doubt")));

        // 冷湖, whose licences bear its own code, lies in 茫崖 today.
        let far = Shop::open(t, "632803").await;
        let shown = admission_of(t, &far.clerk).await;
        let renewal = format!("/admissions/{}/documents/food_production_licence/renewal", shown["id"].as_str().unwrap());
        let body = "1066328580001";
        let number = format!("SC{body}{}", entity::value::FoodLicenceNumber::check_digit(body).unwrap());
        let licence = json!({ "file_id": file(t, &far.clerk).await, "number": number, "valid_to": "2027-12-31" });
        t.post(&renewal).by(&far.clerk).version(&shown["version"]).json(licence).await.ok();
        let details = json!({ "kind": "processed", "brand": "冷湖" });
        let draft = far.offer(t, json!({ "origin_county_code": "632803", "details": details })).await;
        let submitted = act(t, &far.clerk, &draft, "submit", None).await.ok();
        let flags = t.get(&format!("/products/{}/flags", submitted["id"].as_str().unwrap())).by(&far.clerk).await.ok();
        assert_eq!(flags["items"], json!([]));
    }

    async fn what_is_nearly_the_same_is_flagged(t: TestApp) {
        let shop = Shop::open(t, SHIQIAN).await;
        shop.sell(t, json!({ "name": "石阡苔茶一级春茶礼盒" })).await;
        let other = shop.offer(t, json!({ "name": "石阡苔茶一级春茶新礼盒" })).await;
        act(t, &shop.clerk, &other, "submit", None).await.ok();
        let flags = t.get(&format!("/products/{}/flags", other["id"].as_str().unwrap())).by(&shop.clerk).await.ok();
        assert_eq!((&flags["items"][0]["kind"], &flags["items"][0]["comparison"]["like_name"]),
            (&json!("alike"), &json!("石阡苔茶一级春茶礼盒")));
    }

    /// A link or a paper, for the price it has now; seen by its supplier and the platform only.
    async fn a_price_is_proven(t: TestApp) {
        let shop = Shop::open(t, SHIQIAN).await;
        let sold = shop.sell(t, json!({})).await;
        let path = format!("/products/{}/price-evidence", sold["id"].as_str().unwrap());
        let link = json!({ "link": "https://shop.example/tea/1", "seen_price_fen": 13_800, "seen_pack_grams": 250 });
        let shown = t.post(&path).by(&shop.clerk).json(link.clone()).await.created();
        assert_eq!((&shown["kind"], &shown["seen_fen_per_kilogram"]), (&json!("link"), &json!(55_200)));
        let paper = json!({ "file_id": file(t, &shop.clerk).await, "seen_price_fen": 13_800, "seen_pack_grams": 250 });
        assert_eq!(t.post(&path).by(&shop.clerk).json(paper).await.created()["kind"], "document");
        for wrong in [json!("javascript:alert(1)"), json!("https://"), json!(null)] {
            let mut body = link.clone();
            body["link"] = wrong;
            t.post(&path).by(&shop.clerk).json(body).await.refused(400, "invalid_fields");
        }
        assert_eq!(t.get(&path).by(&shop.platform).await.ok()["items"].as_array().unwrap().len(), 2);
        t.get(&path).await.refused(401, "unauthenticated");
        let elsewhere = Shop::open(t, "522623").await;
        t.get(&path).by(&elsewhere.clerk).await.refused(404, "not_found");
        t.post(&path).by(&elsewhere.clerk).json(link).await.refused(404, "not_found");
    }

    /// A picture is drawn anew in two sizes, without what the camera wrote; kept by whoever has seen it.
    async fn a_product_has_pictures(t: TestApp) {
        let shop = Shop::open(t, SHIQIAN).await;
        let draft = shop.offer(t, json!({})).await;
        let path = format!("/products/{}/photos", draft["id"].as_str().unwrap());
        let upload = async |media_type: &str, content: Vec<u8>| {
            t.post("/files?name=p.jpg").by(&shop.clerk).bytes(media_type, content).await.created()["id"].clone()
        };
        let mut content = Vec::new();
        let picture = image::RgbImage::from_pixel(2000, 1000, image::Rgb([10, 120, 30]));
        picture.write_to(&mut std::io::Cursor::new(&mut content), image::ImageFormat::Jpeg).unwrap();
        // An EXIF block behind the first marker, as cameras write it.
        let exif = b"Exif\0\0II*\0\x08\0\0\0\0\0 secret place";
        let mut marked = content[..2].to_vec();
        marked.extend([0xff, 0xe1]);
        marked.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
        marked.extend(exif);
        marked.extend(&content[2..]);
        let photo = upload("image/jpeg", marked).await;
        let put = async |file: &serde_json::Value, version: &serde_json::Value| {
            t.post(&path).by(&shop.clerk).version(version).json(json!({ "file_id": file })).await
        };
        let shown = put(&photo, &draft["version"]).await.created();
        assert_eq!((&shown["photos"][0]["width"], &shown["photos"][0]["height"]), (&json!(1600), &json!(800)));
        let address = |shown: &serde_json::Value, size: &str| {
            shown["photos"][0][size].as_str().unwrap().strip_prefix("/api/v1").unwrap().to_owned()
        };
        t.get(&address(&shown, "small")).await.refused(404, "not_found");
        assert_eq!(t.get(&address(&shown, "small")).by(&shop.clerk).await.header("cache-control"), Some("private, no-store"));
        let submitted = act(t, &shop.clerk, &shown, "submit", None).await.ok();
        let sold = shop.review(t, &submitted, "approve").await.ok();
        let small = t.get(&address(&sold, "small")).await;
        assert_eq!((small.status, small.header("content-type")), (200, Some("image/jpeg")));
        assert_eq!(small.header("cache-control"), Some("public, max-age=31536000, immutable"));
        let thumbnail = image::load_from_memory(&small.body).unwrap();
        assert_eq!((thumbnail.width(), thumbnail.height()), (320, 160));
        let large = t.get(&address(&sold, "large")).await;
        assert!(!large.body.windows(6).any(|bytes| bytes == b"secret"), "the camera's words are gone");
        let again = t.get(&address(&sold, "large")).header("If-None-Match", large.header("etag").unwrap()).await;
        assert_eq!((again.status, again.body.len()), (304, 0));
        let paper = upload("application/pdf", b"%PDF-1.4\n%%EOF\n".to_vec()).await;
        put(&paper, &sold["version"]).await.refused(422, "not_a_picture");
        let one = format!("{path}/{}", sold["photos"][0]["id"].as_str().unwrap());
        t.delete(&one).by(&shop.clerk).version(&draft["version"]).await.refused(412, "stale_version");
        let changed = t.delete(&one).by(&shop.clerk).version(&sold["version"]).await.ok();
        assert_eq!((&changed["photos"], &changed["state"]), (&json!([]), &json!("in_review")));
        t.delete(&one).by(&shop.clerk).version(&changed["version"]).await.refused(404, "not_found");
    }
}

/// The scan is asked by its exit code, and nothing of a refused file stays.
#[actix_web::test]
async fn a_scan_refuses_what_it_does_not_like() {
    use std::os::unix::fs::PermissionsExt;
    let t = TestApp::on_sqlite().await;
    let script = t.folder().join("scan.sh");
    let text = "#!/bin/sh\ngrep -q EICAR \"$2\" && exit 1\ngrep -q BROKEN \"$2\" && exit 2\nexit 0\n";
    std::fs::write(&script, text).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let clerk = t.member(Role::CooperativeClerk, t.organisation(OrganisationKind::Cooperative, SHIQIAN).await).await;
    let scan_command = Some(format!("{} --quiet", script.display()));
    let house = TestApp::configured(&t, Config { scan_command, ..t.app.config.clone() }).await;
    let send = async |house: &TestApp, content: &str| {
        let content = format!("%PDF-1.4\n{content}\n%%EOF\n").into_bytes();
        house.post("/files?name=a.pdf").by(&clerk).bytes("application/pdf", content).await
    };
    send(&house, "harmless").await.created();
    send(&house, "EICAR").await.refused(422, "file_infected");
    send(&house, "BROKEN").await.refused(503, "scan_unavailable");
    drop(house);
    let absent = Some("/no/such/scanner".to_owned());
    let blind = TestApp::configured(&t, Config { scan_command: absent, ..t.app.config.clone() }).await;
    send(&blind, "harmless too").await.refused(503, "scan_unavailable");
    let kept = entity::stored_file::Entity::find().all(t.direct()).await.unwrap();
    assert_eq!(kept.len(), 1);
}

/// Which changes need a new review is configuration.
#[actix_web::test]
async fn what_needs_a_review_is_configured() {
    let t = TestApp::on_sqlite().await;
    let shop = Shop::open(&t, SHIQIAN).await;
    let sold = shop.sell(&t, json!({})).await;
    let review_changes = vec![ReviewPart::Price];
    let house = TestApp::configured(&t, Config { review_changes, ..t.app.config.clone() }).await;
    let path = format!("/products/{}", sold["id"].as_str().unwrap());
    let name = json!({ "name": "石阡苔茶 特级" });
    let renamed = house.patch(&path).by(&shop.clerk).version(&sold["version"]).json(name).await.ok();
    assert_eq!(renamed["state"], "on_shelf");
    let price = json!({ "unit_price_fen": 13_000 });
    let price = house.post(&format!("{path}/price")).by(&shop.clerk).key("p").version(&renamed["version"]).json(price);
    assert_eq!(price.await.ok()["state"], "in_review");
}

/// A folder that is a store: one content once, under its hash.
#[actix_web::test]
async fn what_the_house_makes_is_kept_under_its_hash() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::open(folder.path(), None, None).unwrap();
    let kept = store.keep_made(b"a picture".to_vec()).await.unwrap();
    assert_eq!(kept, liannong::secrecy::sha256_hex(b"a picture"));
    assert_eq!(&store.read_whole(&kept).await.unwrap()[..], b"a picture");
    assert_eq!(store.keep_made(b"a picture".to_vec()).await.unwrap(), kept);
    assert!(store.read_whole(&"0".repeat(64)).await.is_err());
    assert!(FileStore::open(folder.path(), Some("ftp://x"), None).is_err(), "no store this program was built for");
}

#[test]
fn a_price_is_read_without_a_float() {
    let read = |text| fen_per_kilogram(text).map(FenPerKilogram::get);
    assert_eq!(read("2.05"), Some(410));
    assert_eq!(read("1.6"), Some(320));
    assert_eq!(read("0.3333"), Some(67));
    assert_eq!(read("12"), Some(2400));
    for wrong in ["", "-1", "1e3", "1.23456", "一", ".5", "1,5", "99999999"] {
        assert_eq!(read(wrong), None, "{wrong}");
    }
    assert_eq!(median(vec![]), None);
    assert_eq!(median(vec![per_kg(5), per_kg(1), per_kg(9)]), Some(per_kg(5)));
    assert_eq!(median(vec![per_kg(5), per_kg(2)]), Some(per_kg(3)));
    assert!(!is_above(per_kg(150), per_kg(100), 50) && is_above(per_kg(151), per_kg(100), 50));
}

proptest! {
    /// Whatever the rows are, each is either in the table or told; and the table is in order.
    #[test]
    fn every_row_is_taken_or_told(rows in proptest::collection::vec((0u8..4, 0u32..500, 0u32..500, 0u32..500), 0..60)) {
        let mut file = "date,name,spec,low_yuan_per_jin,avg_yuan_per_jin,high_yuan_per_jin\n".to_owned();
        let yuan = |cents: u32| format!("{}.{:02}", cents / 100, cents % 100);
        for (day, low, average, high) in &rows {
            file += &format!("2026-03-0{},瓜,普通,{},{},{}\n", day + 1, yuan(*low), yuan(*average), yuan(*high));
        }
        let found = read(file.as_bytes()).unwrap();
        let taken: i64 = found.prices.iter().map(|price| i64::from(price.rows)).sum();
        let told: u64 = found.faults.iter().map(|fault| fault.rows).sum();
        prop_assert_eq!(u64::try_from(taken).unwrap() + told, u64::try_from(rows.len()).unwrap());
        prop_assert!(found.prices.iter().all(|p| p.low <= p.average && p.average <= p.high));
        prop_assert!(found.faults.iter().all(|f| matches!(f.fault, Fault::Missing | Fault::Misordered)));
    }
}
