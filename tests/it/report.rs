//! What reports promise: one journal, each sale once, frozen, and the same again for the same question.

use crate::harness::*;
use crate::market::{Market, PACK_FEN};
use calamine::{Data, Reader, Xlsx};
use entity::value::{AidKind, ClueKind, Fen, OrganisationId, OrganisationKind, ReportKind, ReportState};
use liannong::monitoring::figures::{Answered, Clues, Figures};
use liannong::quota::{Amounts, Standing, UnitProgress};
use liannong::report::fold::{self, Arrear, Sales, age_class, is_within};
use liannong::report::state::{MOST_ATTEMPTS, Step, after_failure, next};
use proptest::prelude::*;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use std::collections::HashMap;

pub(crate) async fn ask(t: &TestApp, by: &Person, kind: &str, more: Value) -> Value {
    let mut wanted = json!({ "kind": kind, "from": "2026-01-01", "until": "2026-12-31" });
    wanted.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let asked = t.post("/reports").by(by).json(wanted).await.created();
    assert_eq!((&asked["state"], &asked["progress"]), (&json!("waiting"), &json!(0)));
    t.drain().await;
    let done = t.get(&path(&asked)).by(by).await.ok();
    assert_eq!((&done["state"], &done["progress"]), (&json!("done"), &json!(100)));
    adds_up(t, by, &done).await;
    done
}

/// The documents behind every line, page by page.
pub(crate) async fn behind(t: &TestApp, by: &Person, report: &Value, line: &str) -> Vec<Value> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = t.get(&format!("{}/sources?line={line}&limit=2{cursor}", path(report))).by(by).await.ok();
        found.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { return found };
        cursor = format!("&cursor={next}");
    }
}

/// Every line is the sum of the documents behind it, in each column that can be added up.
async fn adds_up(t: &TestApp, by: &Person, report: &Value) {
    for line in report["snapshot"]["table"]["lines"].as_array().unwrap() {
        let key = line["key"].as_str().unwrap();
        let documents = behind(t, by, report, key).await;
        let values = line["values"].as_array().unwrap();
        let counts = |place: usize| report["snapshot"]["table"]["columns"][place]["unit"] != "rate";
        let is_something =
            (0..values.len()).any(|place| counts(place) && values[place].as_i64().is_some_and(|sum| sum > 0));
        // A unit may have reserved something and ordered nothing.
        assert!(!is_something || !documents.is_empty() || key.starts_with("unit."), "nothing is behind {key}: {line}");
        for (place, value) in values.iter().enumerate() {
            let parts: Vec<i64> = documents.iter().filter_map(|one| one["values"][place].as_i64()).collect();
            // What is withheld, and what is no sum.
            let (false, Some(value)) = (parts.is_empty(), value.as_i64()) else { continue };
            assert_eq!(parts.iter().sum::<i64>(), value, "{key}, column {place}: {documents:?}");
        }
    }
}

fn path(report: &Value) -> String {
    format!("/reports/{}", report["id"].as_str().unwrap())
}

/// Every cell of the sheet is the number of the table: its head, its lines, its rule and what proves it.
pub(crate) async fn read_back(t: &TestApp, by: &Person, report: &Value) {
    let sheet = t.get(&format!("{}/xlsx", path(report))).by(by).await;
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(sheet.body)).unwrap();
    let cells = book.worksheet_range("报表").unwrap();
    let at = |row: usize, place: usize| {
        cells.get_value((u32::try_from(row).unwrap(), u32::try_from(place).unwrap())).cloned().unwrap_or(Data::Empty)
    };
    let table = &report["snapshot"]["table"];
    let (columns, lines) = (table["columns"].as_array().unwrap(), table["lines"].as_array().unwrap());
    assert!(lines.len() >= 3, "{lines:?}");
    assert_eq!(at(0, 0), Data::String(report["definition"]["title_zh"].as_str().unwrap().to_owned()));
    let span = format!("统计期 {} 至 {}", report["from"].as_str().unwrap(), report["until"].as_str().unwrap());
    assert_eq!(at(1, 0), Data::String(span));
    assert_eq!(at(2, 0), Data::String("项目".to_owned()));
    for (place, column) in (1..).zip(columns) {
        assert_eq!(at(2, place), Data::String(column["zh"].as_str().unwrap().to_owned()));
    }
    for (row, line) in (3..).zip(lines) {
        assert_eq!(at(row, 0), Data::String(line["label"].as_str().unwrap().to_owned()));
        for (place, (column, value)) in (1..).zip(columns.iter().zip(line["values"].as_array().unwrap())) {
            let shown: Option<i64> = match (at(row, place), column["unit"].as_str().unwrap()) {
                // A sheet holds yuan; to the fen they are what was counted.
                (Data::Float(yuan), "fen") => Some(format!("{yuan:.2}").replace('.', "").parse().unwrap()),
                (Data::Float(part), "rate") => Some(format!("{part:.4}").replace('.', "").parse().unwrap()),
                (Data::Float(count), _) => Some(format!("{count:.0}").parse().unwrap()),
                (Data::String(dash), _) if dash == "—" => None,
                (other, _) => panic!("{row}, {place}: {other:?}"),
            };
            assert_eq!(shown, value.as_i64(), "{row}, {place}");
        }
    }
    let last = 3 + lines.len();
    assert!(at(last + 1, 0).to_string().contains(report["definition"]["rule_zh"].as_str().unwrap()));
    assert!(at(last + 2, 0).to_string().contains(report["snapshot"]["sha256"].as_str().unwrap()));
}

/// A number of a line, by the names of line and column; nothing where there is no such line.
pub(crate) fn number(report: &Value, line: &str, column: &str) -> Option<i64> {
    let table = &report["snapshot"]["table"];
    let place = table["columns"].as_array().unwrap().iter().position(|one| one["name"] == column).unwrap();
    let line = table["lines"].as_array().unwrap().iter().find(|one| one["key"] == line)?;
    line["values"][place].as_i64()
}

/// One run of each kind of report that the main job does not need.
pub(crate) async fn in_the_world(t: &TestApp, by: &Person) {
    ask(t, by, "county_consumption", json!({})).await;
}

both! {
    /// The county's report counts each sale once, by the journal, and freezes what it says.
    async fn a_county_reports_each_sale_once(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let officer = &market.county.officer;
        market.settled(t, 6, 6).await;
        market.accepted(t, 3, 2).await;
        let report = ask(t, officer, "county_consumption", json!({ "partner_code": "330000" })).await;

        // Recomputed from the orders, without the journal.
        let orders = entity::supplier_order::Entity::find().all(t.direct()).await.unwrap();
        let sum = |of: fn(&entity::supplier_order::Model) -> i64| orders.iter().map(of).sum::<i64>();
        assert_eq!(number(&report, "0.total", "sold"), Some(sum(|order| order.accepted_fen.get() - order.credited_fen.get())));
        assert_eq!(number(&report, "0.total", "sold"), Some(8 * PACK_FEN));
        assert_eq!(number(&report, "0.total", "paid"), Some(sum(|order| order.paid_fen.get())));
        assert_eq!(number(&report, "0.total", "orders"), Some(2));
        assert_eq!(number(&report, "channel.enterprise", "sold"), Some(8 * PACK_FEN));
        assert_eq!(number(&report, "help.direct", "sold"), Some(8 * PACK_FEN));
        assert_eq!(number(&report, "help.assisted", "sold"), None);
        assert_eq!(number(&report, "certified.no", "orders"), Some(2));
        assert_eq!(number(&report, "partner.yes", "sold"), Some(8 * PACK_FEN), "the enterprise sits in 330106");
        assert_eq!(number(&report, "0.total", "households"), Some(3));
        assert_eq!(number(&report, "0.total", "people"), Some(6), "couples");
        let shares = entity_shares(t).await;
        assert_eq!(number(&report, "0.total", "attributed"), Some(shares));

        // From a line down to the orders behind it.
        let orders = behind(t, officer, &report, "help.direct").await;
        let shown = |of: &str| orders.iter().map(|one| one[of].clone()).collect::<Vec<_>>();
        assert_eq!(shown("kind"), ["supplier_order", "supplier_order"]);
        assert_eq!(orders.iter().map(|one| one["values"][1].as_i64().unwrap()).sum::<i64>(), 8 * PACK_FEN);
        assert!(shown("number").iter().chain(&shown("buyer_name")).chain(&shown("supplier_name")).all(Value::is_string));
        assert_eq!(t.get(&format!("{}/sources?line=nothing", path(&report))).by(officer).await.ok()["items"], json!([]));

        // Another county sees nothing of it, and not this report.
        let other = crate::household::county(t, "532324").await;
        t.get(&path(&report)).by(&other.officer).await.refused(404, "not_found");
        let theirs = ask(t, &other.officer, "county_consumption", json!({})).await;
        assert_eq!(number(&theirs, "0.total", "sold"), Some(0));
        // The buyer sees its own purchases, and not how few households there are.
        let own = ask(t, &market.buyer, "county_consumption", json!({})).await;
        assert_eq!(number(&own, "0.total", "sold"), Some(8 * PACK_FEN));
        assert_eq!(number(&own, "0.total", "households"), None);
    }

    /// The same question has the same answer and hash; a later one is compared with it line by line.
    async fn a_snapshot_stays_and_is_compared(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let officer = &market.county.officer;
        market.settled(t, 4, 4).await;
        let first = ask(t, officer, "county_consumption", json!({})).await;
        let again = ask(t, officer, "county_consumption", json!({})).await;
        assert_eq!(first["snapshot"]["sha256"], again["snapshot"]["sha256"]);
        assert!(first["snapshot"]["seal_number"].as_i64().unwrap() > 0);
        let same = t.get(&format!("{}/comparison?with={}", path(&first), again["id"].as_str().unwrap())).by(officer).await.ok();
        assert_eq!(same["same"], true);
        market.settled(t, 1, 1).await;
        assert_eq!(t.get(&path(&first)).by(officer).await.ok()["snapshot"], first["snapshot"], "it is frozen");
        let later = ask(t, officer, "county_consumption", json!({})).await;
        assert_ne!(first["snapshot"]["sha256"], later["snapshot"]["sha256"]);
        let moved = t.get(&format!("{}/comparison?with={}", path(&first), later["id"].as_str().unwrap())).by(officer).await.ok();
        let total = moved["lines"].as_array().unwrap().iter().find(|line| line["key"] == "0.total").unwrap();
        assert_eq!((&total["change"][0], &total["change"][1]), (&json!(1), &json!(PACK_FEN)));
        let other = ask(t, officer, "arrears", json!({})).await;
        let unlike = format!("{}/comparison?with={}", path(&first), other["id"].as_str().unwrap());
        t.get(&unlike).by(officer).await.refused(422, "reports_unlike");
        assert!(t.sql("update report_snapshot set content = ''").await.unwrap_err().to_string().contains("append_only"));
        let waiting = json!({ "kind": "arrears", "from": "2026-01-01", "until": "2026-01-31" });
        let waiting = t.post("/reports").by(officer).json(waiting).await.created();
        assert_eq!(t.get(&path(&waiting)).by(officer).await.ok()["snapshot"], Value::Null);
        t.get(&format!("{}/csv", path(&waiting))).by(officer).await.refused(409, "report_not_done");
        for (field, value) in [("until", "2025-12-31"), ("region_code", "999999")] {
            let mut bad = json!({ "kind": "arrears", "from": "2026-01-01", "until": "2026-01-31" });
            bad[field] = json!(value);
            t.post("/reports").by(officer).json(bad).await.refused(400, "invalid_fields");
        }
        assert!(t.get("/reports").by(officer).await.ok()["items"].as_array().unwrap().len() >= 4);
        let defined = t.get("/report-definitions").by(officer).await.ok();
        assert_eq!(defined["items"].as_array().unwrap().len(), ReportKind::ALL.len());
    }

    /// The cooperatives' ledger, the enterprises' statement and the ageing of arrears say what the documents say.
    async fn the_other_reports_agree_with_the_documents(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let officer = &market.county.officer;
        market.settled(t, 6, 6).await;
        let accepted = market.invoiced(t, 3, 3).await;
        let ledger = ask(t, &market.supplier.clerk, "cooperative_benefit", json!({})).await;
        assert_eq!(number(&ledger, "0.total", "attributed"), Some(entity_shares(t).await));
        let lines = ledger["snapshot"]["table"]["lines"].as_array().unwrap();
        assert_eq!(lines.len(), 4, "produce, wages, dividend, and all of them");
        let of_modes: i64 = lines[1..].iter().map(|line| line["values"][0].as_i64().unwrap()).sum();
        assert_eq!(number(&ledger, "0.total", "attributed"), Some(of_modes));
        // Arrears: 3 packs accepted on 2 March.
        for (until, column) in [("2026-03-31", "days_30"), ("2026-04-02", "days_60"), ("2026-05-30", "older")] {
            let aged = ask(t, &market.supplier.clerk, "arrears", json!({ "until": until })).await;
            assert_eq!(number(&aged, "0.total", column), Some(3 * PACK_FEN), "{until}");
            assert_eq!(number(&aged, "0.total", "open"), Some(3 * PACK_FEN));
            let line = format!("buyer.{}", market.buyer.member.organisation);
            let orders = behind(t, &market.supplier.clerk, &aged, &line).await;
            assert_eq!((orders.len(), &orders[0]["id"]), (1, &accepted["id"]));
        }
        let statement = ask(t, officer, "enterprise_statement", json!({})).await;
        assert_eq!(statement["snapshot"]["table"]["lines"], json!([]), "nobody is paired");
    }

    /// What was sold elsewhere and confirmed stands beside the total, and is gone when it is reversed.
    async fn a_sale_elsewhere_is_no_sale_here(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let officer = &market.county.officer;
        market.settled(t, 2, 2).await;
        let sale = crate::offplatform::recorded(t, &market).await;
        let before = ask(t, officer, "county_consumption", json!({})).await;
        assert_eq!(number(&before, "off_platform.all", "sold"), None, "nobody outside has said that it is so");
        let confirmed = crate::offplatform::confirmed(t, &market, &sale).await;
        let report = ask(t, officer, "county_consumption", json!({})).await;
        assert_eq!(number(&report, "off_platform.all", "sold"), Some(100_000));
        assert_eq!(number(&report, "off_platform.all", "orders"), Some(1));
        assert!(number(&report, "off_platform.all", "attributed").unwrap() > 0);
        assert_eq!(number(&report, "0.total", "sold"), Some(2 * PACK_FEN));
        crate::offplatform::act(t, officer, &confirmed, "reverse", crate::offplatform::because()).await.ok();
        let after = ask(t, officer, "county_consumption", json!({})).await;
        assert_eq!(number(&after, "off_platform.all", "sold"), None);
    }

    /// As comma-separated values, as a sheet whose cells are read back, and as a page without outside addresses.
    async fn a_report_leaves_as_a_file(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let officer = &market.county.officer;
        market.settled(t, 6, 6).await;
        let report = ask(t, officer, "county_consumption", json!({})).await;
        let csv = t.get(&format!("{}/csv", path(&report))).by(officer).await;
        let csv = String::from_utf8(csv.body).unwrap();
        let sold = format!("{}.{:02}", 6 * PACK_FEN / 100, 6 * PACK_FEN % 100);
        assert!(csv.starts_with('\u{FEFF}') && csv.contains(&sold), "{csv}");
        assert!(csv.contains(report["snapshot"]["sha256"].as_str().unwrap()));
        let sheet = t.get(&format!("{}/xlsx", path(&report))).by(officer).await;
        let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(sheet.body)).unwrap();
        let cells = book.worksheet_range("报表").unwrap();
        assert_eq!(cells.get_value((2, 2)), Some(&Data::String("销售额（验收，元）".to_owned())));
        assert_eq!(cells.get_value((3, 0)), Some(&Data::String("合计".to_owned())));
        assert_eq!(cells.get_value((3, 2)).unwrap().to_string(), sold.trim_end_matches('0').trim_end_matches('.'));
        let page = t.get(&format!("{}/page", path(&report))).by(officer).await;
        let page = String::from_utf8(page.body).unwrap();
        assert!(page.contains("<svg") && page.contains(&sold), "{page}");
        assert!(!page.contains("http"), "a page asks nobody for anything");
        if let Some(folder) = std::env::var_os("LIANNONG_PAGES") {
            std::fs::write(std::path::Path::new(&folder).join("report.html"), page).unwrap();
        }
    }
}

both! {
    /// A report that fails is tried again, then failed and says on what; asked for again it is done.
    async fn a_report_that_fails_says_so_and_is_done_again(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let officer = &market.county.officer;
        market.settled(t, 2, 2).await;
        let wanted = json!({ "kind": "county_consumption", "from": "2026-01-01", "until": "2026-12-31" });
        let asked = t.post("/reports").by(officer).json(wanted).await.created();
        let reach = entity::report_run::Entity::find().one(t.direct()).await.unwrap().unwrap().reach;
        t.sql("update report_run set reach = 'nowhere'").await.unwrap();
        t.drain().await;
        let waiting = t.get(&path(&asked)).by(officer).await.ok();
        assert_eq!((&waiting["state"], &waiting["attempts"], &waiting["last_error"]), (&json!("waiting"), &json!(1), &json!("internal")));
        t.post(&format!("{}/retry", path(&asked))).by(officer).version(&waiting["version"]).await.refused(409, "report_not_failed");
        for _ in 1..MOST_ATTEMPTS {
            t.clock.advance(chrono::Duration::hours(1));
            t.drain().await;
        }
        let failed = t.get(&path(&asked)).by(officer).await.ok();
        assert_eq!((&failed["state"], &failed["attempts"]), (&json!("failed"), &json!(MOST_ATTEMPTS)));
        t.get(&format!("{}/csv", path(&asked))).by(officer).await.refused(409, "report_not_done");
        // What was given up stays with the operator, until it is set aside or done again.
        let parked = t.get("/parked-jobs?name=report.run").by(&market.operator).await.ok();
        assert_eq!(parked["items"].as_array().unwrap().len(), 1);

        t.sql(&format!("update report_run set reach = '{reach}'")).await.unwrap();
        let stranger = crate::household::county(t, "532324").await;
        let retry = format!("{}/retry", path(&asked));
        t.post(&retry).by(&stranger.officer).version(&failed["version"]).await.refused(404, "not_found");
        let again = t.post(&retry).by(officer).version(&failed["version"]).await.ok();
        assert_eq!((&again["state"], &again["attempts"], &again["last_error"]), (&json!("waiting"), &json!(0), &Value::Null));
        t.drain().await;
        let done = t.get(&path(&asked)).by(officer).await.ok();
        assert_eq!((&done["state"], &done["progress"], &done["attempts"]), (&json!("done"), &json!(100), &json!(1)));
        assert_eq!(number(&done, "0.total", "sold"), Some(2 * PACK_FEN));
        // Done again by the operator it stays what it is.
        t.post("/parked-jobs/replay").by(&market.operator).json(json!({ "name": "report.run" })).await.ok();
        t.drain().await;
        assert_eq!(t.get(&path(&asked)).by(officer).await.ok()["snapshot"], done["snapshot"]);
    }

    /// A report whose workers die over it is failed in the end, and not for ever running.
    async fn a_report_that_kills_its_workers_is_failed(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let officer = &market.county.officer;
        let wanted = json!({ "kind": "arrears", "from": "2026-01-01", "until": "2026-12-31" });
        let asked = t.post("/reports").by(officer).json(wanted).await.created();
        t.sql(&format!("update report_run set state = 'running', attempts = {MOST_ATTEMPTS}")).await.unwrap();
        t.drain().await;
        let failed = t.get(&path(&asked)).by(officer).await.ok();
        assert_eq!((&failed["state"], &failed["last_error"]), (&json!("failed"), &json!("internal")));
        // An operator who has it done again gives it its attempts back.
        t.post("/parked-jobs/replay").by(&market.operator).json(json!({ "name": "report.run" })).await.ok();
        t.drain().await;
        assert_eq!(t.get(&path(&asked)).by(officer).await.ok()["state"], "done");
    }

    /// What a pairing with households by name brought stands in the enterprise's statement by the rules of all others: the
    /// amounts that count for it, and its households, each once; and in the sheet every cell is the number of the table.
    async fn an_enterprise_is_told_what_came_of_its_help(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let (officer, enterprise) = (&market.county.officer, market.buyer.member.organisation);
        let own = crate::pairing::programme(t, &market.operator, "结对到户").await;
        let mut wanted = crate::pairing::wanted(&own, enterprise, market.county.village);
        (wanted["target"], wanted["household_ids"]) = (json!("household_group"), json!([market.households[0]]));
        let by_name = t.post("/pairings").by(officer).json(wanted).await.created();
        market.settled(t, 6, 6).await;
        market.settled(t, 2, 2).await;
        let village = t.member(entity::value::Role::VillageOfficer, market.county.village).await;
        let proof = crate::pairing::evidence(t, &market.buyer).await;
        let mut gift = crate::pairing::claim(&by_name, &proof, "donation_cash", 12_345);
        gift["people"] = json!(3);
        crate::pairing::verified(t, (&market.buyer, &village, officer), gift).await;

        let counted = crate::pairing::contributions(t, officer, &by_name).await["totals"][0].clone();
        let purchase = format!("enterprise.{enterprise}.purchase");
        let report = ask(t, officer, "enterprise_statement", json!({})).await;
        assert_eq!(number(&report, &purchase, "rows"), Some(2));
        assert_eq!(number(&report, &purchase, "amount"), counted["amount_fen"].as_i64());
        assert!(counted["amount_fen"].as_i64().unwrap() < 8 * PACK_FEN, "the others of the village do not count");
        assert_eq!(number(&report, &purchase, "households"), Some(1), "one household, two orders");
        let gift = format!("enterprise.{enterprise}.donation_cash");
        assert_eq!((number(&report, &gift, "amount"), number(&report, &gift, "people")), (Some(12_345), Some(3)));
        assert_eq!(number(&report, &gift, "households"), None, "a gift says how many people it reached");
        let all = format!("enterprise.{enterprise}.0.reached");
        assert_eq!(number(&report, &all, "households"), Some(1));
        assert_eq!(number(&report, &all, "amount"), None, "kinds are never added up");

        // The whole village in another programme: the younger pairing counts what is left, the household still once.
        let programme = crate::pairing::programme(t, &market.operator, "结对到村").await;
        let wanted = crate::pairing::wanted(&programme, enterprise, market.county.village);
        t.post("/pairings").by(officer).json(wanted).await.created();
        market.settled(t, 3, 3).await;
        let report = ask(t, officer, "enterprise_statement", json!({})).await;
        assert_eq!(number(&report, &purchase, "rows"), Some(4));
        assert_eq!(number(&report, &all, "households"), Some(2), "two households of the village have produce and wages");
        let theirs = ask(t, &market.buyer, "enterprise_statement", json!({})).await;
        assert_eq!(number(&theirs, &purchase, "amount"), number(&report, &purchase, "amount"));
        assert_eq!(number(&theirs, &all, "households"), None, "the enterprise is not told of so few");

        read_back(t, officer, &report).await;
    }

    /// A report as a paper: the same bytes each time.
    async fn a_report_is_a_paper_too(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let officer = &market.county.officer;
        let (_, pairing, village) = crate::pairing::paired(t, &market, market.buyer.member.organisation).await;
        market.settled(t, 6, 6).await;
        let proof = crate::pairing::evidence(t, &market.buyer).await;
        let gift = crate::pairing::claim(&pairing, &proof, "donation_cash", 10_000);
        crate::pairing::verified(t, (&market.buyer, &village, officer), gift).await;
        for kind in ["county_consumption", "enterprise_statement"] {
            let report = ask(t, officer, kind, json!({ "partner_code": "330000" })).await;
            let pdf = t.get(&format!("{}/pdf", path(&report))).by(officer).await;
            assert_eq!((pdf.status, pdf.header("content-type")), (200, Some("application/pdf")));
            assert!(pdf.body.starts_with(b"%PDF-"));
            let again = t.get(&format!("{}/pdf", path(&report))).by(officer).await;
            assert_eq!(pdf.body, again.body);
            if let Some(folder) = std::env::var_os("LIANNONG_PAPERS") {
                let folder = std::path::Path::new(&folder);
                std::fs::write(folder.join(format!("{kind}.pdf")), pdf.body).unwrap();
                let sheet = t.get(&format!("{}/xlsx", path(&report))).by(officer).await;
                std::fs::write(folder.join(format!("{kind}.xlsx")), sheet.body).unwrap();
            }
        }
    }
}

#[test]
fn a_failed_attempt_is_put_off_until_the_last() {
    assert_eq!(after_failure(1, true), Step::PutOff);
    assert_eq!(after_failure(MOST_ATTEMPTS, true), Step::GiveUp);
    assert_eq!(after_failure(1, false), Step::GiveUp, "what can never work is not tried again");
    for state in ReportState::ALL {
        assert_eq!(next(*state, Step::AskAgain).is_some(), *state == ReportState::Failed);
    }
    assert_eq!(next(ReportState::Done, Step::Begin), None, "what is done stays done");
}

/// What was attributed to households by the last computation of every order.
async fn entity_shares(t: &TestApp) -> i64 {
    let runs = entity::share_run::Entity::find().all(t.direct()).await.unwrap();
    let shares = entity::share::Entity::find().all(t.direct()).await.unwrap();
    let is_last = |run: &&entity::share_run::Model| {
        run.basis == entity::value::ShareBasis::Accrued
            && !runs.iter().any(|other| {
                (other.basis, other.supplier_order_id) == (run.basis, run.supplier_order_id)
                    && other.number > run.number
            })
    };
    let last: Vec<_> = runs.iter().filter(is_last).map(|run| run.id).collect();
    shares.iter().filter(|share| last.contains(&share.run_id)).map(|share| share.amount_fen.get()).sum()
}

fn sales() -> impl Strategy<Value = Sales> {
    let kinds = prop_oneof![
        Just(OrganisationKind::BudgetUnit),
        Just(OrganisationKind::Enterprise),
        Just(OrganisationKind::TradeUnion),
        Just(OrganisationKind::Cooperative),
    ];
    let divisions = prop_oneof![Just("330106"), Just("110105"), Just("330200")];
    let amounts = (-500..50_000_i64, 0..50_000_i64, 0..9_000_i64, 0..9_000_i64);
    (kinds, divisions, any::<bool>(), any::<bool>(), 1..9_i64, amounts).prop_map(
        |(buyer_kind, division, is_assisted, is_certified, orders, (sold, paid, attributed, paid_out))| Sales {
            buyer_kind,
            buyer_division: division.parse().unwrap(),
            is_assisted,
            is_certified,
            orders,
            sold,
            paid,
            attributed,
            paid_out,
        },
    )
}

#[test]
fn rules_are_written_without_gaps() {
    for definition in &liannong::report::definition::ALL {
        for text in [definition.rule.0, definition.rule.1] {
            assert!(!text.contains("  ") && !text.contains('\n'), "{text}");
        }
    }
}

/// What units reserved and reached, by the verdict on each.
fn units() -> impl Strategy<Value = Vec<UnitProgress>> {
    let verdicts = [Standing::NotFiled, Standing::NothingReserved, Standing::OnTime, Standing::Behind];
    let one = (0..9_000_000_i64, -500..9_000_000_i64, 0..9_000_000_i64, proptest::sample::select(verdicts.to_vec()));
    proptest::collection::vec(one, 0..30).prop_map(|units| {
        let one = |(declared, counted, ordered, standing)| UnitProgress {
            unit_id: OrganisationId::generate(),
            name: "演示第一中学".to_owned(),
            declared_fen: Fen::new(declared).unwrap(),
            amounts: Amounts { ordered_fen: ordered, counted_fen: counted, ..Amounts::default() },
            counts: None,
            done_bp: None,
            time_bp: 1_671,
            standing,
        };
        units.into_iter().map(one).collect()
    })
}

/// Clues of two counties, by kind, with what became of them.
fn noticed() -> impl Strategy<Value = Vec<Clues>> {
    let counties = proptest::sample::select(vec!["522625", "532324"]);
    let parts = (0..50_i64, 0..50_i64, 0..50_i64, 0..9_i64);
    let one = (counties, proptest::sample::select(ClueKind::ALL), parts);
    proptest::collection::vec(one, 0..30).prop_map(|all| {
        let one = |(county, kind, (taken_up, dismissed, waiting, late)): (&str, _, (i64, i64, i64, i64))| Clues {
            county: county.parse().unwrap(),
            kind,
            answered: Answered { clues: taken_up + dismissed + waiting, taken_up, dismissed, late: late.min(waiting) },
        };
        all.into_iter().map(one).collect()
    })
}

proptest! {
    /// Each unit stands in the total, under one verdict and on a line of its own; what is done is what was counted by what was
    /// reserved.
    #[test]
    fn verdicts_add_up_to_all_units(units in units()) {
        let lines = fold::quotas(&units);
        let whole = &lines[0];
        prop_assert_eq!(whole.key.as_str(), "0.total");
        for division in ["standing", "unit"] {
            for column in 0..6 {
                let of = lines.iter().filter(|line| line.key.split('.').next() == Some(division));
                let sum: i64 = of.map(|line| line.values[column].unwrap()).sum();
                prop_assert_eq!(Some(sum), whole.values[column], "{} {}", division, column);
            }
        }
        prop_assert_eq!(whole.values[0], Some(i64::try_from(units.len()).unwrap()));
        let (declared, counted) = (whole.values[1].unwrap(), whole.values[5].unwrap());
        let done = (declared > 0).then(|| i64::try_from(i128::from(counted.max(0)) * 10_000 / i128::from(declared)).unwrap());
        prop_assert_eq!(whole.values[6], done);
        // A unit says in which sums it stands.
        for sum in lines.iter().filter(|line| !line.key.starts_with("unit.")) {
            let inside: Vec<_> = lines.iter().filter(|line| line.within.contains(&sum.key)).collect();
            for column in 0..6 {
                let added: i64 = inside.iter().map(|line| line.values[column].unwrap()).sum();
                prop_assert_eq!(Some(added), sum.values[column], "{} {}", &sum.key, column);
            }
        }
    }

    /// Counties and kinds of clues add up to the total, and every clue stands in one state.
    #[test]
    fn counties_and_kinds_add_up_to_all_clues(clues in noticed()) {
        let lines = fold::monitoring(&Figures { clues: clues.clone(), ..Figures::default() }, &HashMap::new());
        let whole = &lines[0].values;
        for division in ["county", "clue"] {
            for (column, total) in whole.iter().enumerate().take(6).skip(1) {
                let of = lines.iter().filter(|line| line.key.split('.').next() == Some(division));
                let sum: i64 = of.map(|line| line.values[column].unwrap()).sum();
                prop_assert_eq!(&Some(sum), total, "{} {}", division, column);
            }
        }
        prop_assert_eq!(whole[1], Some(clues.iter().map(|one| one.answered.clues).sum::<i64>()));
        prop_assert_eq!(whole[1], Some(whole[2].unwrap() + whole[3].unwrap() + whole[4].unwrap()), "each in one state");
    }

    /// Whatever was sold, every division of the county's report adds up to its total: no sale is counted twice or not at all.
    #[test]
    fn every_division_adds_up_to_the_total(sales in proptest::collection::vec(sales(), 0..40), has_partner in any::<bool>()) {
        let partner = has_partner.then(|| "330000".parse().unwrap());
        let lines = fold::county(&sales, partner.as_ref(), (0, 0));
        let sums = |division: &str| -> Vec<i64> {
            let of = lines.iter().filter(|line| line.key.split('.').next() == Some(division));
            of.fold(vec![0; 5], |sums, line| sums.iter().zip(&line.values).map(|(sum, value)| sum + value.unwrap()).collect())
        };
        let by_hand = [
            sales.iter().map(|sale| sale.orders).sum::<i64>(),
            sales.iter().map(|sale| sale.sold).sum(),
            sales.iter().map(|sale| sale.paid).sum(),
            sales.iter().map(|sale| sale.attributed).sum(),
            sales.iter().map(|sale| sale.paid_out).sum(),
        ];
        prop_assert_eq!(sums("0"), by_hand.to_vec());
        let divisions: &[&str] = if has_partner { &["channel", "help", "certified", "partner"] } else { &["channel", "help", "certified"] };
        for division in divisions {
            prop_assert_eq!(sums(division), by_hand.to_vec(), "{}", division);
        }
    }

    /// Each order in arrears stands in one class of age, and the classes are the whole.
    #[test]
    fn arrears_stand_in_one_class(ages in proptest::collection::vec((0..200_i64, 1..9_000_i64), 0..30)) {
        let until = date("2026-12-31");
        let arrears: Vec<Arrear> = ages.iter().map(|(days, open)| Arrear {
            buyer: OrganisationId::generate(),
            buyer_name: String::new(),
            since: until - chrono::Duration::days(*days),
            orders: 1,
            open: *open,
        }).collect();
        let lines = fold::arrears(&arrears, until);
        let total = &lines[0].values;
        prop_assert_eq!(total[1].unwrap() + total[2].unwrap() + total[3].unwrap(), total[4].unwrap());
        prop_assert_eq!(total[4].unwrap(), ages.iter().map(|(_, open)| open).sum::<i64>());
    }
}

#[test]
fn the_classes_of_age_and_the_regions_are_as_the_rules_say() {
    assert_eq!([0, 30, 31, 60, 61].map(age_class), [0, 0, 1, 1, 2]);
    let code = |text: &str| text.parse().unwrap();
    assert!(is_within(&code("330106"), &code("330000")) && is_within(&code("330106"), &code("330100")));
    assert!(!is_within(&code("330106"), &code("330200")) && !is_within(&code("110105"), &code("330000")));
    assert_eq!(fold::aid(AidKind::AssistedSale), "帮助销售");
}
