//! Papers: made from the data alone, the same bytes each time, checked by anybody who has the code.

use crate::harness::*;
use crate::instalments::Trade;
use crate::market::{Market, PACK_FEN};
use crate::procurement::fresh_key;
use chrono::Duration;
use entity::value::{Fen, OrganisationKind, Role};
use liannong::config::Config;
use liannong::paper::{Column, EDITION, Mark, Sheet, Table, Typesetter, in_capitals, lay_out};
use liannong::secrecy::sha256_hex;
use proptest::prelude::*;
use serde_json::{Value, json};

/// The contract of an order of this buyer, for who looks at everything there is.
pub(crate) async fn issued(t: &TestApp, officer: &Person) -> Value {
    let orders = t.get("/supplier-orders").by(officer).await.ok();
    let order = orders["items"].as_array().unwrap().iter().find(|order| order["confirmed_at"] != json!(null)).unwrap();
    let path = format!("/supplier-orders/{}/papers", order["id"].as_str().unwrap());
    t.post(&path).by(officer).key(&fresh_key()).json(json!({ "kind": "contract" })).await.created()
}

async fn issue(t: &TestApp, trade: &Trade<'_>, by: &Person, wanted: Value) -> Reply {
    t.post(&trade.path("/papers")).by(by).key(&fresh_key()).json(wanted).await
}

async fn file(t: &TestApp, by: &Person, paper: &Value) -> Vec<u8> {
    let reply = t.get(&format!("/papers/{}/file", paper["id"].as_str().unwrap())).by(by).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/pdf")));
    reply.body
}

both! {
    /// Every paper of an order: when it may be issued, the same bytes for both sides, the same paper again, and what its
    /// code says to the public.
    async fn papers_are_the_same_each_time_and_can_be_checked(t: TestApp) {
        t.tells_the_examples();
        let market = Market::with_unit(t).await;
        let placed = market.placed(t, 10).await;
        let trade = Trade { market: &market, id: placed["id"].as_str().unwrap().to_owned() };
        let (buyer, seller) = (&market.buyer, &market.supplier.clerk);
        for kind in ["contract", "payment_request", "acceptance_form"] {
            issue(t, &trade, buyer, json!({ "kind": kind })).await.refused(409, "paper_not_ready");
        }
        t.post(&trade.path("/confirm")).by(seller).version(&placed["version"]).await.ok();
        let contract = issue(t, &trade, buyer, json!({ "kind": "contract" })).await.created();
        assert_eq!(contract["amount_fen"], json!(10 * PACK_FEN));
        let again = issue(t, &trade, seller, json!({ "kind": "contract" })).await.created();
        assert_eq!(again, contract, "the same content is the same paper");
        let pdf = file(t, buyer, &contract).await;
        assert!(pdf.starts_with(b"%PDF-"));
        assert_eq!(pdf, file(t, seller, &contract).await, "byte for byte");
        assert_eq!(sha256_hex(&pdf), contract["sha256"].as_str().unwrap());
        assert!(pdf.len() < 200_000, "only the glyphs it uses are in it: {}", pdf.len());

        trade.ship(t, 10, false).await.ok();
        trade.accept(t, 9, false, None).await.ok();
        let form = issue(t, &trade, buyer, json!({ "kind": "acceptance_form", "acceptance": 1 })).await.created();
        assert_eq!(form["amount_fen"], json!(9 * PACK_FEN));
        issue(t, &trade, buyer, json!({ "kind": "acceptance_form", "acceptance": 2 })).await
            .refused(409, "paper_not_ready");
        let request = issue(t, &trade, buyer, json!({ "kind": "payment_request" })).await.created();
        assert_eq!(request["amount_fen"], json!(9 * PACK_FEN));
        // What came of the order since does not change what was issued.
        assert_eq!(file(t, buyer, &contract).await, pdf);

        let code = contract["code"].as_str().unwrap();
        let check = t.get(&format!("/paper-checks/{}", code.replace('-', "").to_lowercase())).await.ok();
        assert_eq!((&check["is_genuine"], &check["sha256"]), (&json!(true), &json!([contract["sha256"]])));
        assert_eq!((&check["title"], &check["amount_fen"]), (&json!("农副产品采购合同"), &contract["amount_fen"]));
        t.get("/paper-checks/0000-0000-0000-0000").await.refused(404, "not_found");
        assert!(t.sql("update paper set content = '{}'").await.is_err(), "what was issued is never changed");

        let stranger = crate::agreement::supplier(t, "532324").await;
        issue(t, &trade, &stranger.clerk, json!({ "kind": "contract" })).await.refused(404, "not_found");
        t.get(&format!("/papers/{}/file", contract["id"].as_str().unwrap())).by(&stranger.clerk).await
            .refused(404, "not_found");
        assert_eq!(t.get("/papers").by(&stranger.clerk).await.ok()["items"], json!([]));
        assert_eq!(t.get("/papers?kind=contract").by(seller).await.ok()["items"], json!([contract]));
        if let Ok(folder) = std::env::var("LIANNONG_PAPERS") {
            for paper in [&contract, &form, &request] {
                let name = format!("{folder}/{}.pdf", paper["kind"].as_str().unwrap());
                std::fs::write(name, file(t, buyer, paper).await).unwrap();
            }
        }
    }

    /// A statement of account says what stood before, every movement and what stands after.
    async fn a_statement_of_account_adds_up(t: TestApp) {
        let market = Market::with_unit(t).await;
        market.settled(t, 4, 4).await;
        let trade = Trade::confirmed(t, &market, 6).await;
        trade.ship(t, 6, false).await.ok();
        trade.accept(t, 5, false, None).await.ok();
        trade.credit(t, 1_000).await.ok();
        t.clock.advance(Duration::days(1));
        let (buyer, seller) = (&market.buyer, &market.supplier.clerk);
        let wanted = json!({ "with": market.supplier.id, "from": "2026-03-01", "to": "2026-03-02" });
        let ask = |by: &Person, wanted: &Value| {
            t.post("/account-statements").by(by).key(&fresh_key()).json(wanted.clone())
        };
        let statement = ask(buyer, &wanted).await.created();
        assert_eq!(statement["amount_fen"], json!(5 * PACK_FEN - 1_000));
        let theirs = json!({ "with": buyer.member.organisation, "from": "2026-03-01", "to": "2026-03-02" });
        assert_eq!(ask(seller, &theirs).await.created(), statement, "both sides have the same");
        let mut today = wanted.clone();
        today["to"] = json!("2026-03-03");
        let refused = ask(buyer, &today).await.refused(400, "invalid_fields");
        assert_eq!(refused["errors"][0]["pointer"], "/to");
        let nobody = t.organisation(OrganisationKind::Cooperative, "532324").await;
        let refused = ask(buyer, &json!({ "with": nobody, "from": "2026-03-01", "to": "2026-03-02" })).await
            .refused(400, "invalid_fields");
        assert_eq!(refused["errors"][0]["pointer"], "/with");
        let auditor = t.organisation(OrganisationKind::AuditOffice, "110101").await;
        let auditor = t.member(Role::Auditor, auditor).await;
        let path = format!("/papers/{}", statement["id"].as_str().unwrap());
        assert_eq!(t.get(&path).by(&auditor).await.ok(), statement);
        if let Ok(folder) = std::env::var("LIANNONG_PAPERS") {
            std::fs::write(format!("{folder}/statement.pdf"), file(t, buyer, &statement).await).unwrap();
        }
    }

    /// Without a font the refusal says what to do.
    async fn without_a_font_the_refusal_says_what_to_do(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let trade = Trade::confirmed(t, &market, 1).await;
        let config = Config { font: "/nonexistent/font.ttc".into(), ..t.app.config.clone() };
        let bare = TestApp::configured(t, config).await;
        let refused = issue(&bare, &trade, &market.buyer, json!({ "kind": "contract" })).await.refused(503, "font_missing");
        assert!(refused["action"].to_string().contains("fonts-wqy-microhei") || refused.to_string().contains("fonts-wqy-microhei"));
    }
}

#[test]
fn amounts_in_capitals() {
    for (fen, text) in [
        (0, "人民币零元整"),
        (5, "人民币伍分"),
        (50, "人民币伍角整"),
        (100, "人民币壹元整"),
        (1_001, "人民币壹拾元零壹分"),
        (10_050, "人民币壹佰元伍角整"),
        (123_456, "人民币壹仟贰佰叁拾肆元伍角陆分"),
        (1_000_000, "人民币壹万元整"),
        (1_000_500, "人民币壹万零伍元整"),
        (10_010_000, "人民币壹拾万零壹佰元整"),
        (100_000_000_000, "人民币壹拾亿元整"),
        (10_000_000_100, "人民币壹亿零壹元整"),
    ] {
        assert_eq!(in_capitals(Fen::new(fen).unwrap()), text);
    }
}

/// How wide a text is in the type of papers, in points.
fn wide(text: &str, size: i32) -> i32 {
    let tenths: i32 = text.chars().map(|c| if c.is_ascii() { 6 } else { 10 }).sum();
    (tenths * size + 9) / 10
}

fn sheets() -> impl Strategy<Value = Sheet> {
    let cell = "[a-z0-9茶叶蜂蜜大米（）]{0,30}";
    let row = proptest::collection::vec(cell, 3);
    (proptest::collection::vec(row, 0..120), "[茶a-z]{1,40}", 0..6_usize).prop_map(|(rows, text, paragraphs)| Sheet {
        title: "验收单".to_owned(),
        number: "YS-1".to_owned(),
        fields: vec![("采购人".to_owned(), text.clone())],
        tables: vec![Table {
            columns: vec![Column::numbers("序号", 10), Column::words("商品", 60), Column::numbers("金额", 30)],
            rows,
            total: None,
        }],
        paragraphs: vec![text; paragraphs],
        signatures: vec!["甲方：".to_owned(), "乙方：".to_owned()],
        edition: EDITION,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    /// Whatever a paper says, nothing of it is lost or stands outside the page.
    #[test]
    fn nothing_is_lost_or_leaves_the_page(sheet in sheets()) {
        let code = "AAAA-BBBB-CCCC-DDDD";
        let check_at = format!("https://liannong.example/api/v1/paper-checks/{code}");
        let pages = lay_out(&sheet, code, &check_at, &[vec![true; 33]]);
        for page in &pages {
            // The type is three fifths as wide as it is high; nothing stands on anything else.
            let mut foot: Vec<_> = page.iter().filter_map(|mark| match mark {
                Mark::Text { x, y: 800, text, .. } => Some((*x, *x + wide(text, 8))),
                _ => None,
            }).collect();
            foot.sort_unstable();
            prop_assert!(foot.windows(2).all(|two| two[0].1 <= two[1].0), "{foot:?}");
        }
        let mut said = String::new();
        for mark in pages.iter().flatten() {
            match mark {
                Mark::Text { x, y, size, text } => {
                    prop_assert!(*x >= 40 && x + wide(text, *size) <= 539 && (20..=830).contains(y), "{mark:?}");
                    said.push_str(text);
                }
                Mark::Rule { from, to } => prop_assert!(from.1 >= 20 && to.1 <= 830 && to.0 <= 560),
                Mark::Module { at, side } => prop_assert!(at.0 > 0 && at.1 + side < 200),
            }
        }
        let count = |text: &str, c: char| text.chars().filter(|other| *other == c).count();
        for table in &sheet.tables {
            for c in ['茶', '蜜', '米'] {
                let wanted: usize = table.rows.iter().flatten().map(|cell| count(cell, c)).sum();
                prop_assert!(count(&said, c) >= wanted);
            }
        }
    }
}

/// By the national standard of punctuation no line begins with a sign that closes, nor ends with one that opens.
#[test]
fn no_line_begins_with_what_closes() {
    let begins_ill = |text: &str| text.starts_with(['，', '。', '、', '）']) || text.ends_with('（');
    let mut ill_before = 0;
    for shift in 0..44 {
        let text = "元".repeat(shift) + &"销售额（验收，元），发放到户（元）、受益户数。".repeat(6);
        for edition in [2, EDITION] {
            let sheet = Sheet {
                title: "表".to_owned(),
                number: "BB-1".to_owned(),
                fields: Vec::new(),
                tables: Vec::new(),
                paragraphs: vec![text.clone()],
                signatures: Vec::new(),
                edition,
            };
            let lines: Vec<String> = lay_out(&sheet, "AAAA", "x", &[])
                .into_iter()
                .flatten()
                .filter_map(|mark| match mark {
                    Mark::Text { text: said, .. } if text.contains(&said) => Some(said),
                    _ => None,
                })
                .collect();
            assert_eq!(lines.concat(), text, "nothing is lost");
            let ill = lines.iter().filter(|line| begins_ill(line)).count();
            if edition == 2 { ill_before += ill } else { assert_eq!(ill, 0, "{lines:?}") }
        }
    }
    assert!(ill_before > 0, "what was issued before is laid out as it was");
}

#[test]
fn a_paper_is_the_same_bytes_in_another_process_too() {
    let sheet = Sheet {
        title: "农副产品采购合同".to_owned(),
        number: "HT-1".to_owned(),
        fields: vec![("甲方".to_owned(), "某县第一中学".to_owned())],
        tables: Vec::new(),
        paragraphs: vec!["一、验收合格之日起 30 日内付清。".to_owned()],
        signatures: Vec::new(),
        edition: EDITION,
    };
    let pages = lay_out(&sheet, "AAAA-BBBB-CCCC-DDDD", "https://liannong.example/x", &[]);
    let set = || Typesetter::new(liannong::config::DEFAULT_FONT.into()).set(&pages, "合同", "AAAA").unwrap();
    assert_eq!(set(), set());
}
