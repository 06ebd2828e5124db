//! What a sheet of products says beside name and price, and what a template offers.

use crate::bulk::{COUNTY, XLSX, clerk, committed, counts, headings, path, sent};
use crate::harness::*;
use entity::value::ImportKind;
use liannong::bulk::columns;
use serde_json::{Value, json};
use std::io::Read;

/// A product with everything it needs; what is beside is to be added.
fn product(name: &str, beside: &str) -> String {
    format!(",{name},0803,{COUNTY},250,128.00,1,100,540,高山春茶,,{beside}")
}

async fn details_of(t: &TestApp, by: &Person, name: &str) -> Value {
    let listed = t.get("/supplier/products").by(by).await.ok();
    listed["items"].as_array().unwrap().iter().find(|item| item["name"] == name).unwrap()["details"].clone()
}

/// The one text of this name in a workbook.
fn part_of(book: &[u8], name: &str) -> String {
    let number = |at: usize, bytes: usize| {
        book[at..at + bytes].iter().rev().fold(0_usize, |number, byte| (number << 8) | usize::from(*byte))
    };
    let end = book.windows(4).rposition(|window| window == b"PK\x05\x06").unwrap();
    let mut at = number(end + 16, 4);
    loop {
        assert_eq!(&book[at..at + 4], b"PK\x01\x02", "the workbook has no {name}");
        let (packed, length, extra, comment) =
            (number(at + 20, 4), number(at + 28, 2), number(at + 30, 2), number(at + 32, 2));
        if &book[at + 46..at + 46 + length] == name.as_bytes() {
            let local = number(at + 42, 4);
            let from = local + 30 + number(local + 26, 2) + number(local + 28, 2);
            let mut text = String::new();
            flate2::read::DeflateDecoder::new(&book[from..from + packed]).read_to_string(&mut text).unwrap();
            return text;
        }
        at += 46 + length + extra + comment;
    }
}

both! {
    /// A certificate that goes on in a sheet keeps the scan that was shown of it.
    async fn a_sheet_keeps_the_scans_of_certificates(t: TestApp) {
        let clerk = clerk(t).await;
        let line = |until: &str| format!("检验报告|JY-1|省检测中心|2026-01-01|{until}");
        let sheet = |until: &str| {
            let certificates = format!("{}\n帮扶产品认定|BF-1|协会|2026-01-01|", line(until));
            let row = format!(",雷山绿茶,0803,{COUNTY},250,128.00,1,100,540,高山春茶,\"{certificates}\"");
            [columns(ImportKind::Products)[..11].iter().map(|column| column.zh).collect::<Vec<_>>().join(","), row].join("\n")
        };
        let import = sent(t, &clerk, "products", "text/csv", sheet("2026-12-31").into_bytes()).await;
        assert_eq!(counts(&import), [1, 0, 0, 0, 0, 0], "{import}");
        committed(t, &clerk, &import, false).await;
        let scan = crate::admission::file(t, &clerk).await;
        let shown = "update product_certificate set file_id = (select id from stored_file where name = '营业执照.pdf')";
        t.sql(shown).await.unwrap();
        let again = sent(t, &clerk, "products", "text/csv", sheet("2026-12-31").into_bytes()).await;
        assert_eq!(counts(&again), [0, 0, 1, 0, 0, 0], "{again}");
        let longer = sent(t, &clerk, "products", "text/csv", sheet("2027-12-31").into_bytes()).await;
        committed(t, &clerk, &longer, false).await;
        let listed = t.get("/supplier/products").by(&clerk).await.ok();
        let held = listed["items"][0]["certificates"].as_array().unwrap().clone();
        assert_eq!(held.len(), 2);
        assert!(held.iter().all(|held| held["file_id"] == json!(scan)), "{held:?}");
        assert!(held.iter().any(|held| held["valid_to"] == "2027-12-31"));
    }

    /// Kind, packing, place of processing, season and limits come by the sheet, go out as they came, stay where a cell is
    /// empty, and go where it says so.
    async fn details_come_by_the_sheet(t: TestApp) {
        let clerk = clerk(t).await;
        let sheet = [
            headings(ImportKind::Products),
            product("雷山红茶", "加工食品,盒,2,佛顶山,一级,铁罐,522623,3、4月,2000,50,冷藏"),
            product("雷山白茶", "饮料,,,,,,110000,,,,"),
            product("雷山黑茶", ",,0,,,,,13,,0,"),
            product("雷山绿茶", ",,,,,,,,,,"),
        ];
        let import = sent(t, &clerk, "products", "text/csv", sheet.join("\n").into_bytes()).await;
        assert_eq!(counts(&import), [2, 0, 0, 2, 0, 0], "{import}");
        let bad = t.get(&format!("{}/rows?outcome=bad", path(&import))).by(&clerk).await.ok();
        let named = |row: usize| -> Vec<&str> {
            bad["items"][row]["faults"].as_array().unwrap().iter().map(|fault| fault["column"].as_str().unwrap()).collect()
        };
        assert_eq!((named(0), named(1)), (vec!["kind", "processing_county_code"],
            vec!["pieces", "buyer_limit_packs", "season_months"]));
        committed(t, &clerk, &import, true).await;
        let red = details_of(t, &clerk, "雷山红茶").await;
        assert_eq!(red, json!({
            "kind": "processed", "pack_unit": "盒", "pieces": 2, "brand": "佛顶山", "taste": "一级", "packaging": "铁罐",
            "processing_county_code": "522623", "season_months": [3, 4], "monthly_capacity_packs": 2000,
            "buyer_limit_packs": 50, "storage": "chilled", "freight_template_id": null, "lists_on_approval": true,
        }));
        let green = details_of(t, &clerk, "雷山绿茶").await;
        assert_eq!((&green["kind"], &green["pack_unit"], &green["brand"]), (&json!("primary"), &json!("件"), &Value::Null));
        for (format, media_type) in [("csv", "text/csv"), ("xlsx", XLSX)] {
            let export = t.get(&format!("/sheets/products/export?format={format}&purpose=%E5%AF%B9%E8%B4%A6")).by(&clerk).await;
            let again = sent(t, &clerk, "products", media_type, export.body).await;
            assert_eq!(counts(&again), [0, 0, 2, 0, 0, 0], "{format}: {again}");
        }
        let fewer = [headings(ImportKind::Products), product("雷山红茶", ",,无,,特级,,无,全年,,无,")].join("\n");
        let import = sent(t, &clerk, "products", "text/csv", fewer.into_bytes()).await;
        let changed = t.get(&format!("{}/rows?outcome=changed", path(&import))).by(&clerk).await.ok();
        assert_eq!(changed["items"][0]["changes"], json!([
            { "column": "pieces", "before": "2", "after": "" }, { "column": "taste", "before": "一级", "after": "特级" },
            { "column": "processing_county_code", "before": "522623", "after": "" },
            { "column": "season_months", "before": "3、4", "after": "" },
            { "column": "buyer_limit_packs", "before": "50", "after": "" },
        ]));
        committed(t, &clerk, &import, false).await;
        let now = details_of(t, &clerk, "雷山红茶").await;
        let expected = json!({ "pieces": null, "taste": "特级", "processing_county_code": null, "season_months": [],
            "buyer_limit_packs": null });
        let mut all = red;
        for (field, value) in expected.as_object().unwrap() {
            all[field] = value.clone();
        }
        assert_eq!(now, all);
    }
}

/// Every scheme of certificates has its word.
#[test]
fn every_scheme_of_certificates_has_its_word() {
    let words = liannong::bulk::SCHEMES;
    for scheme in entity::value::CertificateScheme::ALL {
        assert_eq!(words.iter().filter(|(value, _)| *value == scheme.as_str()).count(), 1, "{scheme}");
    }
    let distinct: std::collections::BTreeSet<_> = words.iter().map(|(_, zh)| zh).collect();
    assert_eq!(distinct.len(), words.len());
}

/// Every template has its headings in Chinese, and offers the words of every column that has a list.
#[actix_web::test]
async fn templates_offer_their_words() {
    let t = TestApp::on_sqlite().await;
    let clerk = clerk(&t).await;
    for (kind, name, lists) in [
        (ImportKind::Products, "products", 2),
        (ImportKind::Stock, "stock", 0),
        (ImportKind::Deliveries, "deliveries", 0),
        (ImportKind::Payouts, "payouts", 2),
    ] {
        let template = t.get(&format!("/sheets/{name}/template")).by(&clerk).await;
        assert_eq!(template.status, 200);
        let (words, sheet) =
            (part_of(&template.body, "xl/sharedStrings.xml"), part_of(&template.body, "xl/worksheets/sheet1.xml"));
        for column in columns(kind) {
            assert!(words.contains(&format!(">{}<", column.zh)), "{name} has no {}", column.zh);
            let offered: Vec<&str> = column.choices.iter().map(|(_, zh)| *zh).collect();
            let list = format!("<formula1>\"{}\"</formula1>", offered.join(","));
            assert!(offered.is_empty() || sheet.contains(&list), "{name} offers no {}", column.zh);
        }
        assert_eq!(sheet.matches("type=\"list\"").count(), lists, "{name}");
        let text = t.get(&format!("/sheets/{name}/template?format=csv")).by(&clerk).await;
        assert_eq!(String::from_utf8(text.body).unwrap().trim(), format!("\u{feff}{}", headings(kind)));
    }
}
