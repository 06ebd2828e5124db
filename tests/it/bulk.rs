//! Sheets: looked at row by row, told what they would do, carried out only when told to, and the same when sent again.

use crate::harness::*;
use crate::market::Market;
use calamine::{Data, Reader, Xlsx};
use entity::value::{AdmissionId, AdmissionState, AreaCode, ImportKind, OrganisationKind, Role};
use entity::{admission, product, product_certificate, sheet_import_row};
use liannong::bulk::{columns, guarded, read};
use liannong::db::counting_statements;
use rust_xlsxwriter::Workbook;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use std::io::Cursor;

/// 雷山县.
pub(crate) const COUNTY: &str = "522634";
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(crate) fn key() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// An admitted cooperative's clerk.
pub(crate) async fn clerk(t: &TestApp) -> Person {
    let cooperative = t.organisation(OrganisationKind::Cooperative, COUNTY).await;
    let clerk = t.member(Role::CooperativeClerk, cooperative).await;
    let row = admission::Model {
        id: AdmissionId::generate(),
        organisation_id: cooperative,
        state: AdmissionState::Active,
        county_code: AreaCode::parse(COUNTY).unwrap(),
        mechanism: "保底收购".to_owned(),
        return_reason: None,
        stopped_at: None,
        created_at: start_of_tests(),
        updated_at: start_of_tests(),
        version: 1,
    };
    admission::Entity::insert(row.into_active_model()).exec_without_returning(t.direct()).await.unwrap();
    clerk
}

pub(crate) fn headings(kind: ImportKind) -> String {
    columns(kind).iter().map(|column| column.zh).collect::<Vec<_>>().join(",")
}

/// A sheet of so many products, the rows of which `spoil` may change.
fn products(many: usize, spoil: impl Fn(usize, &mut Vec<String>)) -> String {
    // Without what may be said beside: it stays as it is.
    let mut text = columns(ImportKind::Products)[..11].iter().map(|column| column.zh).collect::<Vec<_>>().join(",");
    for n in 0..many {
        let name = format!("雷山香米 {n}号");
        let fen = format!("{}.50", 10 + n % 90);
        let mut row: Vec<String> =
            ["", &name, "0101", COUNTY, "5000", &fen, "1", "100", "365", "当年新米，颗粒饱满。", ""]
                .map(str::to_owned)
                .to_vec();
        spoil(n, &mut row);
        text.push('\n');
        text.push_str(&row.join(","));
    }
    text
}

async fn upload(t: &TestApp, by: &Person, kind: &str, bytes: Vec<u8>) -> Value {
    t.post("/files?name=sheet").by(by).bytes(kind, bytes).await.created()["id"].clone()
}

/// Sends a sheet and lets its rows be looked at.
pub(crate) async fn sent(t: &TestApp, by: &Person, kind: &str, media_type: &str, bytes: Vec<u8>) -> Value {
    let file = upload(t, by, media_type, bytes).await;
    let import = t.post("/imports").by(by).key(&key()).json(json!({ "kind": kind, "file_id": file })).await;
    assert_eq!(import.status, 202, "{}", String::from_utf8_lossy(&import.body));
    let import = import.json();
    assert_eq!(import["state"], "checking");
    t.drain().await;
    shown(t, by, &import).await
}

/// Sends the first sheet of a cooperative, for scenarios that need one to be there.
pub(crate) async fn first_sheet(t: &TestApp, by: &Person) {
    let sheet = products(1, |_, _| {});
    sent(t, by, "products", "text/csv", sheet.into_bytes()).await;
}

pub(crate) async fn shown(t: &TestApp, by: &Person, import: &Value) -> Value {
    t.get(&path(import)).by(by).await.ok()
}

pub(crate) fn path(import: &Value) -> String {
    format!("/imports/{}", import["id"].as_str().unwrap())
}

pub(crate) async fn committed(t: &TestApp, by: &Person, import: &Value, skip: bool) -> Value {
    let commit = t.post(&format!("{}/commit", path(import))).by(by).version(&import["version"]);
    let under_way = commit.json(json!({ "skip_bad_rows": skip })).await;
    assert_eq!(under_way.status, 202, "{}", String::from_utf8_lossy(&under_way.body));
    t.drain().await;
    shown(t, by, import).await
}

pub(crate) fn counts(import: &Value) -> [i64; 6] {
    ["new_rows", "changed_rows", "same_rows", "bad_rows", "done_rows", "failed_rows"]
        .map(|name| import[name].as_i64().unwrap())
}

both! {
    /// Bad rows are named with what is wrong, nothing is written before it is told, and then the rest is.
    async fn a_sheet_is_looked_at_and_then_carried_out(t: TestApp) {
        let clerk = clerk(t).await;
        let spoiled = |n: usize, row: &mut Vec<String>| match n {
            3 => row[5] = "12.345".to_owned(),
            7 => row[2] = "9999".to_owned(),
            9 => row[3] = "110105".to_owned(),
            11 => row[1] = String::new(),
            13 => row[6] = "0".to_owned(),
            15 => row[1] = "雷山香米 14号".to_owned(),
            _ => {}
        };
        let import = sent(t, &clerk, "products", "text/csv", products(20, spoiled).into_bytes()).await;
        assert_eq!((&import["state"], &import["total_rows"]), (&json!("checked"), &json!(20)));
        assert_eq!(counts(&import), [14, 0, 0, 6, 0, 0]);
        let bad = t.get(&format!("{}/rows?outcome=bad", path(&import))).by(&clerk).await.ok();
        let named: Vec<(i64, &str)> = bad["items"].as_array().unwrap().iter()
            .map(|row| (row["line"].as_i64().unwrap(), row["faults"][0]["column"].as_str().unwrap()))
            .collect();
        assert_eq!(named, [(5, "unit_price"), (9, "category_code"), (11, "origin_county_code"), (13, "name"),
            (15, "min_packs"), (17, "id")]);
        assert_eq!(product::Entity::find().count(t.direct()).await.unwrap(), 0);
        let commit = format!("{}/commit", path(&import));
        t.post(&commit).by(&clerk).version(&import["version"]).json(json!({})).await.refused(409, "sheet_has_bad_rows");
        let done = committed(t, &clerk, &import, true).await;
        assert_eq!((&done["state"], counts(&done)), (&json!("committed"), [14, 0, 0, 6, 14, 0]));
        assert_eq!(product::Entity::find().count(t.direct()).await.unwrap(), 14);
        t.post(&commit).by(&clerk).version(&done["version"]).json(json!({})).await.refused(409, "wrong_state");
        let listed = t.get("/supplier/products?limit=1").by(&clerk).await.ok();
        assert_eq!(listed["items"][0]["state"], "draft");

        // A copy says it row by row, in both forms.
        let copy = t.get(&format!("{}/copy?format=csv", path(&done))).by(&clerk).await;
        let text = String::from_utf8(copy.body).unwrap();
        assert!(text.starts_with('\u{feff}') && text.contains("结果/Outcome,错误/Errors"));
        assert!(text.lines().nth(4).unwrap().contains("单价（元）"), "{}", text.lines().nth(4).unwrap());
        let copy = t.get(&format!("{}/copy", path(&done))).by(&clerk).await;
        assert_eq!(copy.header("content-type"), Some(XLSX));
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(copy.body)).unwrap();
        let sheet = book.worksheet_range("商品").unwrap();
        let result = u32::try_from(columns(ImportKind::Products).len()).unwrap();
        assert_eq!(sheet.get_value((4, result)), Some(&Data::String("有误 bad".to_owned())));
        assert_eq!(sheet.get_value((1, result)), Some(&Data::String("已导入 done".to_owned())));

        // Another cooperative sees nothing of it.
        let stranger = self::clerk(t).await;
        t.get(&path(&done)).by(&stranger).await.refused(404, "not_found");
        t.get(&format!("{}/copy", path(&done))).by(&stranger).await.refused(404, "not_found");
    }

    /// What is exported and sent again changes nothing; what is changed in it is told and changes just that.
    async fn what_is_exported_and_sent_again_changes_nothing(t: TestApp) {
        let clerk = clerk(t).await;
        let with_certificates = |n: usize, row: &mut Vec<String>| {
            if n == 1 {
                row[10] = "\"绿色食品|LB-1|中国绿色食品发展中心|2025-01-01|2027-12-31\n有机产品|OG-2|某认证公司|2025-06-01|\"".to_owned();
            }
        };
        let import = sent(t, &clerk, "products", "text/csv", products(5, with_certificates).into_bytes()).await;
        committed(t, &clerk, &import, false).await;
        for format in ["csv", "xlsx"] {
            for kind in ["products", "stock"] {
                let export = t.get(&format!("/sheets/{kind}/export?format={format}&purpose=%E5%AF%B9%E8%B4%A6")).by(&clerk).await;
                assert_eq!(export.status, 200);
                let media_type = if format == "csv" { "text/csv" } else { XLSX };
                let again = sent(t, &clerk, kind, media_type, export.body).await;
                assert_eq!((&again["problem_zh"], counts(&again)), (&Value::Null, [0, 0, 5, 0, 0, 0]), "{kind} {format}");
                let commit = t.post(&format!("{}/commit", path(&again))).by(&clerk).version(&again["version"]);
                commit.json(json!({})).await.refused(409, "sheet_nothing_to_do");
            }
        }
        // The same sheet without identifiers finds the same products.
        let again = sent(t, &clerk, "products", "text/csv", products(5, with_certificates).into_bytes()).await;
        assert_eq!(counts(&again), [0, 0, 5, 0, 0, 0]);
        let dearer = products(6, |n, row| {
            with_certificates(n, row);
            match n {
                0 => row[5] = "99.90".to_owned(),
                2 => row[9] = "换了说明".to_owned(),
                3 => row[3] = "520623".to_owned(),
                _ => {}
            }
        });
        let import = sent(t, &clerk, "products", "text/csv", dearer.into_bytes()).await;
        assert_eq!(counts(&import), [1, 2, 2, 1, 0, 0]);
        let changed = t.get(&format!("{}/rows?outcome=changed", path(&import))).by(&clerk).await.ok();
        let first = &changed["items"][0];
        assert_eq!(first["changes"], json!([{ "column": "unit_price", "before": "10.50", "after": "99.90" }]));
        let done = committed(t, &clerk, &import, true).await;
        assert_eq!(counts(&done), [1, 2, 2, 1, 3, 0]);
        let id = first["object_id"].as_str().unwrap();
        let now = t.get(&format!("/products/{id}")).by(&clerk).await.ok();
        assert_eq!((&now["unit_price_fen"], &now["version"]), (&json!(9990), &json!(2)));

        // Counted stock moves by what it differs.
        let stock = format!("商品编号,库存（件）,原因\n{id},80,盘点\n");
        let import = sent(t, &clerk, "stock", "text/csv", stock.into_bytes()).await;
        assert_eq!(counts(&import), [0, 1, 0, 0, 0, 0]);
        t.sql("update product set on_hand_packs = on_hand_packs - 5 where name = '雷山香米 0号'").await.unwrap();
        committed(t, &clerk, &import, false).await;
        let now = t.get(&format!("/products/{id}")).by(&clerk).await.ok();
        assert_eq!(now["inside"]["on_hand_packs"], 75);
    }

    /// A sheet is held to what single products are: a certificate once shown is kept, the same product is offered once,
    /// and what was said of a product beside the sheet stays.
    async fn a_sheet_keeps_what_was_shown_and_offers_nothing_twice(t: TestApp) {
        let clerk = clerk(t).await;
        let green = "\"绿色食品|LB-1|中国绿色食品发展中心|2025-01-01|2027-12-31\"";
        let with = |lines: &'static str| move |n: usize, row: &mut Vec<String>| {
            if n == 1 {
                row[10] = lines.to_owned();
            }
        };
        let import = sent(t, &clerk, "products", "text/csv", products(2, with(green)).into_bytes()).await;
        committed(t, &clerk, &import, false).await;
        let listed = t.get("/supplier/products").by(&clerk).await.ok();
        let of = |name: &str| {
            listed["items"].as_array().unwrap().iter().find(|item| item["name"] == name).unwrap()["id"].clone()
        };
        let path = format!("/products/{}", of("雷山香米 1号").as_str().unwrap());
        let shown = t.get(&path).by(&clerk).await.ok();
        let details = json!({ "details": { "brand": "雷公山", "season_months": [9, 10] } });
        t.patch(&path).by(&clerk).version(&shown["version"]).json(details).await.ok();

        let import = sent(t, &clerk, "products", "text/csv", products(2, with("")).into_bytes()).await;
        assert_eq!(counts(&import), [0, 1, 1, 0, 0, 0]);
        committed(t, &clerk, &import, false).await;
        let shown = t.get(&path).by(&clerk).await.ok();
        assert_eq!((&shown["certificates"], &shown["details"]["brand"]), (&json!([]), &json!("雷公山")));
        let kept = product_certificate::Entity::find().all(t.direct()).await.unwrap();
        assert_eq!((kept.len(), kept[0].number.as_str(), kept[0].withdrawn_on.is_some()), (1, "LB-1", true));
        // Shown again, it goes on as the one it was.
        let import = sent(t, &clerk, "products", "text/csv", products(2, with(green)).into_bytes()).await;
        committed(t, &clerk, &import, false).await;
        let again = product_certificate::Entity::find().all(t.direct()).await.unwrap();
        assert_eq!((again.len(), again[0].id, again[0].withdrawn_on), (1, kept[0].id, None));

        let renamed = products(1, |_, row| row[1] = "雷山香米（0号）".to_owned());
        let import = sent(t, &clerk, "products", "text/csv", renamed.into_bytes()).await;
        let done = committed(t, &clerk, &import, false).await;
        assert_eq!(counts(&done), [1, 0, 0, 0, 0, 1]);
        assert_eq!(product::Entity::find().count(t.direct()).await.unwrap(), 2);
    }

    /// Deliveries and payouts come by the sheet, under the household's agreement, and once.
    async fn deliveries_and_payouts_come_by_the_sheet(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let clerk = &market.supplier.clerk;
        let head = headings(ImportKind::Deliveries);
        let number = |n: u32| format!("5226250101{n:05}");
        let sheet = format!(
            "{head}\n{a},2026-02-20,红阳猕猴桃,,一级,123.456,5.20,GB-1,\n{a},2026/2/21,红阳猕猴桃,,,10,4.00,GB-2,\n\
             {b},2026-02-20,红阳猕猴桃,,,10,5.20,GB-3,\n999999999999999,2026-02-20,红阳猕猴桃,,,10,5.20,GB-4,\n\
             {a},2026-02-20,红阳猕猴桃,,,十,5.20,GB-5,\n{a},2026-02-22,=1+1,,,1,5.20,GB-6,\n",
            a = number(1), b = number(2),
        );
        // As spreadsheets in China write it.
        let (gb, ..) = encoding_rs::GB18030.encode(&sheet);
        let import = sent(t, clerk, "deliveries", "text/csv", gb.into_owned()).await;
        assert_eq!(counts(&import), [2, 0, 0, 4, 0, 0], "{import}");
        let bad = t.get(&format!("{}/rows?outcome=bad", path(&import))).by(clerk).await.ok();
        let columns: Vec<_> = bad["items"].as_array().unwrap().iter().map(|row| &row["faults"][0]["column"]).collect();
        assert_eq!(columns, ["price", "household_number", "household_number", "weight"]);
        let done = committed(t, clerk, &import, true).await;
        assert_eq!(counts(&done), [2, 0, 0, 4, 2, 0]);
        let listed = t.get("/deliveries?limit=2").by(clerk).await.ok();
        let grams: Vec<_> = listed["items"].as_array().unwrap().iter().map(|item| &item["grams"]).collect();
        assert_eq!(grams, [&json!(1000), &json!(123_456)]);
        let export = t.get("/sheets/deliveries/export?format=csv&purpose=%E5%AF%B9%E8%B4%A6").by(clerk).await;
        let text = String::from_utf8(export.body.clone()).unwrap();
        assert!(text.contains(",'=1+1,"), "a formula went out: {text}");
        let again = sent(t, clerk, "deliveries", "text/csv", sheet.replace("123.456", "123.457").into_bytes()).await;
        assert_eq!(counts(&again), [0, 0, 1, 5, 0, 0]);

        market.settled(t, 10, 10).await;
        let slip = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n".to_vec();
        let evidence = upload(t, clerk, "application/pdf", slip).await;
        let evidence = evidence.as_str().unwrap();
        let head = headings(ImportKind::Payouts);
        let sheet = format!(
            "{head}\n{a},订单收购,1.00,2026-03-02,银行转账,P-1,{evidence},\n{a},订单收购,1,2026-03-02,现金,P-2,{evidence},\n\
             {a},订单收购,999999.00,2026-03-02,银行转账,P-3,{evidence},\n{b},务工就业,2.50,2026-03-02,bank_transfer,P-4,{evidence},\n",
            a = number(1), b = number(2),
        );
        let import = sent(t, clerk, "payouts", "text/csv", sheet.clone().into_bytes()).await;
        assert_eq!(counts(&import), [3, 0, 0, 1, 0, 0], "{import}");
        // As with batches: who asks for money does not let it go.
        let own = t.post(&format!("{}/commit", path(&import))).by(clerk).version(&import["version"]).json(json!({ "skip_bad_rows": true }));
        own.await.refused(403, "four_eyes");
        assert_eq!(t.get("/payouts").by(clerk).await.ok()["items"], json!([]));
        let second = t.member(Role::CooperativeClerk, market.supplier.id).await;
        // More than is owed is found when it is carried out, and stops no other row.
        let done = committed(t, &second, &import, true).await;
        assert_eq!(counts(&done), [3, 0, 0, 1, 2, 1]);
        let failed = t.get(&format!("{}/rows?outcome=failed", path(&import))).by(clerk).await.ok();
        assert_eq!(failed["items"][0]["line"], 4);
        let refused = t.get("/sheets/payouts/export").by(clerk).await.refused(400, "invalid_fields");
        assert_eq!(refused["errors"][0]["pointer"], "?purpose");
        let export = t.get("/sheets/payouts/export?purpose=%E5%AF%B9%E8%B4%A6").by(clerk).await;
        // Who took it, when and why is kept under the identifier in its name.
        if t.is_postgres() {
            let (_, name) = export.header("content-disposition").unwrap().split_once("UTF-8''").unwrap();
            let bytes = name.split('%').skip(1).map(|hex| u8::from_str_radix(hex, 16).unwrap()).collect();
            let name = String::from_utf8(bytes).unwrap();
            let taken = format!(
                "select cast(count(*) as text) from audit_event where operation = 'sheet.exported' and reason = '对账' \
                 and '{name}' like '%' || cast(object_id as text) || '%'"
            );
            assert_eq!(crate::verify::text(t, &taken).await, "1");
        }
        let again = sent(t, clerk, "payouts", XLSX, export.body).await;
        assert_eq!(counts(&again), [0, 0, 2, 0, 0, 0], "{again}");
    }

    /// Work that was cut off goes on where it was; many rows cost hardly more statements than few.
    async fn a_sheet_goes_on_where_it_was(t: TestApp) {
        let clerk = clerk(t).await;
        let few = products(2, |_, _| {});
        let few = sent(t, &clerk, "products", "text/csv", few.into_bytes()).await;
        t.post(&format!("{}/commit", path(&few))).by(&clerk).version(&few["version"]).json(json!({})).await;
        let (_, few) = counting_statements(t.drain()).await;
        let many = products(200, |n, row| row[1] = format!("大米 {n}号"));
        let import = sent(t, &clerk, "products", "text/csv", many.into_bytes()).await;
        assert_eq!(import["total_rows"], 200);
        t.post(&format!("{}/commit", path(&import))).by(&clerk).version(&import["version"]).json(json!({})).await;
        let (_, many) = counting_statements(t.drain()).await;
        assert!(few > 5 && many == few, "{few} statements for 2 rows, {many} for 200");

        // As if the server had stopped after some rows: those that are done stay done and are not done again.
        let more = products(450, |n, row| row[1] = format!("小米 {n}号"));
        let import = sent(t, &clerk, "products", "text/csv", more.into_bytes()).await;
        t.post(&format!("{}/commit", path(&import))).by(&clerk).version(&import["version"]).json(json!({})).await;
        t.drain().await;
        let id: entity::value::ImportId = import["id"].as_str().unwrap().parse().unwrap();
        let of_import = sheet_import_row::Column::ImportId.eq(id);
        let undone = "update sheet_import_row set outcome = 'new' where outcome = 'done' and line_no > 300";
        let undone = t.sql(undone).await.unwrap();
        assert_eq!(undone, 151);
        t.sql("update sheet_import set state = 'committing', done_rows = done_rows - 151 where total_rows = 450").await.unwrap();
        t.sql("update job set done_at = null, locked_until = null, attempts = 0 where name = 'sheet.commit'").await.unwrap();
        t.drain().await;
        let now = shown(t, &clerk, &import).await;
        // They are there already, so they are the same and nothing is made twice.
        assert_eq!((&now["state"], &now["done_rows"]), (&json!("committed"), &json!(450)));
        let rows = sheet_import_row::Entity::find().filter(of_import);
        assert_eq!(rows.filter(sheet_import_row::Column::Outcome.eq("done")).count(t.direct()).await.unwrap(), 450);
        assert_eq!(product::Entity::find().count(t.direct()).await.unwrap(), 652);
    }

    /// What is no such sheet says why; a sheet can be given up; templates come in again as they went out.
    async fn what_is_no_sheet_says_why(t: TestApp) {
        let clerk = clerk(t).await;
        let reason = async |kind: &str, media_type: &str, bytes: Vec<u8>| {
            let import = sent(t, &clerk, kind, media_type, bytes).await;
            assert_eq!(import["state"], "unreadable", "{import}");
            import["problem_zh"].as_str().unwrap().to_owned()
        };
        let missing = reason("stock", "text/csv", "商品编号,数量\n1,2\n".into()).await;
        assert!(missing.contains("库存（件）") && missing.contains("数量"), "{missing}");
        assert!(reason("stock", "text/csv", headings(ImportKind::Stock).into_bytes()).await.contains("没有数据行"));
        let template = t.get("/sheets/payouts/template").by(&clerk).await;
        assert!(template.header("content-disposition").unwrap().contains("payouts.xlsx"));
        assert!(reason("payouts", XLSX, template.body).await.contains("没有数据行"));
        t.drain().await;
        let told = crate::reminder::told(t, clerk.member.organisation, "import.failed").await;
        assert_eq!(told.iter().filter(|told| told["is_unreadable"] == true).count(), 3, "{told:?}");
        let pdf = upload(t, &clerk, "application/pdf", b"%PDF-1.4\n%%EOF\n".to_vec()).await;
        let wanted = json!({ "kind": "stock", "file_id": pdf });
        t.post("/imports").by(&clerk).key(&key()).json(wanted).await.refused(422, "sheet_type");

        let import = sent(t, &clerk, "products", "text/csv", products(2, |_, _| {}).into_bytes()).await;
        let cancel = format!("{}/cancel", path(&import));
        t.post(&cancel).by(&clerk).version(&json!(99)).await.refused(412, "stale_version");
        let given_up = t.post(&cancel).by(&clerk).version(&import["version"]).await.ok();
        assert_eq!(given_up["state"], "cancelled");
        assert_eq!(t.get("/imports").by(&clerk).await.ok()["items"].as_array().unwrap().len(), 4);

        // Whoever lost the role meanwhile has nothing done for them.
        let import = sent(t, &clerk, "products", "text/csv", products(2, |_, _| {}).into_bytes()).await;
        let commit = t.post(&format!("{}/commit", path(&import))).by(&clerk).version(&import["version"]);
        assert_eq!(commit.json(json!({})).await.status, 202);
        t.sql("update membership set is_active = false").await.unwrap();
        t.drain().await;
        assert_eq!(product::Entity::find().count(t.direct()).await.unwrap(), 0);
        t.sql("update job set failed_at = null, done_at = created_at where failed_at is not null").await.unwrap();
    }
}

/// A workbook with numbers, days and words as people enter them.
#[test]
fn cells_are_read_as_they_are_shown() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (place, column) in (0..).zip(columns(ImportKind::Deliveries)) {
        sheet.write_string(0, place, column.zh).unwrap();
    }
    sheet.write_number(1, 0, 522_625_010_100_017.0).unwrap();
    let day = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    sheet.write_number_with_format(1, 1, 46_082.0, &day).unwrap();
    sheet.write_string(1, 2, " 红阳猕猴桃 ").unwrap();
    sheet.write_number(1, 5, 0.1 + 0.2).unwrap();
    sheet.write_number(1, 6, 5.2).unwrap();
    sheet.write_string(1, 7, "BD-1").unwrap();
    sheet.write_number(3, 5, 1e-7).unwrap();
    let lines = read(ImportKind::Deliveries, &book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0].cells[..8], ["522625010100017", "2026-03-01", "红阳猕猴桃", "", "", "0.3", "5.2", "BD-1"]);
    assert_eq!((lines[1].number, lines[1].cells[5].as_str()), (4, "0.0000001"));
}

/// A small file that unpacks to a very large one is not unpacked; what only pretends to be a workbook is none.
#[test]
fn a_bomb_is_not_unpacked() {
    use std::io::Write;
    let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0_u8; 1024 * 1024];
    for _ in 0..80 {
        packed.write_all(&zeros).unwrap();
    }
    let packed = packed.finish().unwrap();
    let size = u32::try_from(packed.len()).unwrap().to_le_bytes();
    let name = b"xl/sharedStrings.xml";
    // It says that it unpacks to ten bytes.
    let mut common = vec![20, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    common.extend(size);
    common.extend(10_u32.to_le_bytes());
    common.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
    let mut file = b"PK\x03\x04".to_vec();
    file.extend(&common);
    file.extend([0, 0]);
    file.extend(name);
    file.extend(&packed);
    let directory = u32::try_from(file.len()).unwrap();
    file.extend(b"PK\x01\x02\x14\x00");
    file.extend(&common);
    file.extend([0; 16]);
    file.extend(name);
    let length = u32::try_from(file.len()).unwrap() - directory;
    file.extend(b"PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00");
    file.extend(length.to_le_bytes());
    file.extend(directory.to_le_bytes());
    file.extend([0, 0]);
    assert!(file.len() < 200_000);
    assert!(read(ImportKind::Stock, &file).unwrap_err().zh.contains("64 MiB"));
    assert!(read(ImportKind::Stock, b"PK\x03\x04 nothing").unwrap_err().zh.contains("xlsx"));
}

#[test]
fn no_text_becomes_a_formula() {
    for text in ["=1+1", "+1", "-1", "@x", "\t=1"] {
        assert_eq!(guarded(text), format!("'{text}"));
    }
    assert_eq!(guarded("雷山香米"), "雷山香米");
    let sheet = "商品编号,商品名称,库存（件）\n1,'=1+1,5\n";
    assert_eq!(read(ImportKind::Stock, sheet.as_bytes()).unwrap()[0].cells[1], "=1+1");
}

/// Ten thousand products, a hundred of them bad, in less than thirty seconds on SQLite, looked at and carried out:
/// `cargo test --release --test it -- --ignored ten_thousand --nocapture`.
#[actix_web::test]
#[ignore = "a measurement, not a check of every run"]
async fn ten_thousand_products_in_a_sheet() {
    let t = TestApp::on_sqlite().await;
    let clerk = clerk(&t).await;
    let spoil = |n: usize, row: &mut Vec<String>| {
        if n % 100 == 42 {
            match n / 100 % 4 {
                0 => row[5] = "便宜".to_owned(),
                1 => row[2] = "9999".to_owned(),
                2 => row[3] = "110105".to_owned(),
                _ => row[8] = "0".to_owned(),
            }
        }
    };
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (line, row) in (0..).zip(products(10_000, spoil).lines()) {
        for (place, cell) in (0..).zip(row.split(',')) {
            sheet.write_string(line, place, cell).unwrap();
        }
    }
    let bytes = book.save_to_buffer().unwrap();
    println!("a sheet of {} bytes", bytes.len());
    let began = std::time::Instant::now();
    let import = sent(&t, &clerk, "products", XLSX, bytes).await;
    let checked = began.elapsed();
    assert_eq!(counts(&import), [9900, 0, 0, 100, 0, 0]);
    let bad = t.get(&format!("{}/rows?outcome=bad", path(&import))).by(&clerk).await.ok();
    let lines: Vec<i64> = bad["items"].as_array().unwrap().iter().map(|row| row["line"].as_i64().unwrap()).collect();
    assert_eq!(lines, (0..100).map(|hundred| hundred * 100 + 44).collect::<Vec<_>>());
    let why: Vec<_> = bad["items"].as_array().unwrap().iter().map(|row| row["faults"][0]["column"].clone()).collect();
    let spoiled = ["unit_price", "category_code", "origin_county_code", "shelf_life_days"];
    assert_eq!(why, (0..100).map(|hundred| json!(spoiled[hundred % 4])).collect::<Vec<_>>());
    assert_eq!(product::Entity::find().count(t.direct()).await.unwrap(), 0);
    let unasked = t.post(&format!("{}/commit", path(&import))).by(&clerk).version(&import["version"]);
    unasked.json(json!({})).await.refused(409, "sheet_has_bad_rows");
    let began = std::time::Instant::now();
    let done = committed(&t, &clerk, &import, true).await;
    let carried_out = began.elapsed();
    println!("looked at in {checked:?}, carried out in {carried_out:?}: {:?} together", checked + carried_out);
    assert!(checked + carried_out < std::time::Duration::from_secs(30));
    assert_eq!(counts(&done), [9900, 0, 0, 100, 9900, 0]);
    let began = std::time::Instant::now();
    let copy = t.get(&format!("{}/copy", path(&done))).by(&clerk).await;
    println!("a copy of {} bytes in {:?}", copy.body.len(), began.elapsed());
}
