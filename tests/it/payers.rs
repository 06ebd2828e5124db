//! Money in another name than the buyer's, bank statements as ISO 20022 messages, and how an order is paid.

use crate::harness::*;
use crate::instalments::Trade;
use crate::market::{Market, PACK_FEN, csv};
use crate::procurement::fresh_key;
use entity::value::{OrganisationKind, Role};
use entity::{bank_row, declared_payer};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

/// A declaration of a buyer, for who looks at everything there is.
pub(crate) async fn declared(t: &TestApp, officer: &Person) -> Value {
    let wanted = json!({ "payer_name": "某县国库支付中心", "account": "6222020100012345672",
        "bank_name": "中国农业银行雷山县支行", "reason": "货款由国库集中支付" });
    t.post("/declared-payers").by(officer).json(wanted).await.created()
}

fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

/// A message of one of the two versions, with these entries.
fn message(version: &str, entries: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">
 <BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId></GrpHdr><Stmt><Id>S1</Id>{entries}</Stmt></BkToCstmrStmt>
</Document>"#
    )
}

/// An entry of version 02.
fn entry(fen: i64, memo: &str, reference: &str) -> String {
    format!(
        "<Ntry><Amt Ccy=\"CNY\">{}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt>\
         <NtryDtls><TxDtls><Refs><AcctSvcrRef>{reference}</AcctSvcrRef></Refs><RltdPties><Dbtr><Nm>某县教育局 &amp; 财务</Nm></Dbtr>\
         <DbtrAcct><Id><Othr><Id>6222020100012345672</Id></Othr></Id></DbtrAcct></RltdPties>\
         <RmtInf><Ustrd>货款 {memo}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>",
        yuan(fen)
    )
}

async fn send(t: &TestApp, market: &Market, text: &str) -> Reply {
    let call = t.post("/bank-statements?name=camt").by(&market.operator).key(&fresh_key());
    call.bytes("application/xml", text.as_bytes().to_vec()).await
}

both! {
    /// Both versions say the same; debits, what is only expected and reversals are no rows; one entry of several
    /// transactions is as many rows; the same file is imported once.
    async fn a_message_of_the_bank_pays_orders(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let orders = [market.invoiced(t, 1, 1).await, market.invoiced(t, 2, 2).await, market.invoiced(t, 3, 3).await];
        let code = |index: usize| orders[index]["transfer_code"].as_str().unwrap();
        for (payer, account) in [("某县教育局财务中心", Some("6222 0201-0001 2345 672")), ("甲", None), ("乙", None)] {
            let wanted = json!({ "payer_name": payer, "account": account, "reason": "集中支付" });
            t.post("/declared-payers").by(&market.buyer).json(wanted).await.created();
        }
        let debit = entry(100, "退回", "D1").replace("CRDT", "DBIT");
        let pending = entry(100, "未入账", "P1").replace("BOOK", "PDNG");
        let reversed = entry(100, "冲正", "R1").replace("<Sts>", "<RvslInd>true</RvslInd><Sts>");
        let two = message("02", &format!("{}{debit}{pending}{reversed}", entry(PACK_FEN, code(0), "C1")));
        let made = send(t, &market, &two).await.created();
        assert_eq!((&made["rows_total"], &made["rows_matched"]), (&json!(1), &json!(1)));
        send(t, &market, &two).await.refused(409, "statement_already_imported");
        let part = |fen: i64, memo: &str, name: &str| format!(
            "<TxDtls><Amt Ccy=\"CNY\">{}</Amt><RltdPties><Dbtr><Pty><Nm>{name}</Nm></Pty></Dbtr></RltdPties>\
             <RmtInf><Ustrd>{memo}</Ustrd></RmtInf></TxDtls>", yuan(fen));
        let batch = |sum: i64| format!(
            "<Ntry><Amt Ccy=\"CNY\">{}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
             <BookgDt><DtTm>2026-03-02T09:30:00+08:00</DtTm></BookgDt><AcctSvcrRef>B1</AcctSvcrRef><NtryDtls>{}{}</NtryDtls></Ntry>",
            yuan(sum), part(2 * PACK_FEN, code(1), "甲"), part(3 * PACK_FEN, code(2), "乙"));
        let refused = send(t, &market, &message("08", &batch(4 * PACK_FEN))).await.refused(422, "statement_rows_refused");
        assert_eq!(refused["errors"][0]["pointer"], "/rows/0/amount_yuan");
        let made = send(t, &market, &message("08", &batch(5 * PACK_FEN))).await.created();
        assert_eq!((&made["rows_total"], &made["rows_matched"]), (&json!(2), &json!(2)));
        t.drain().await;
        let rows = bank_row::Entity::find().all(t.direct()).await.unwrap();
        let first = rows.iter().find(|row| row.bank_reference == "C1").unwrap();
        assert_eq!((first.payer_name.as_str(), first.memo.as_str()), ("某县教育局 & 财务", format!("货款 {}", code(0)).as_str()));
        let mut references: Vec<_> = rows.iter().map(|row| row.bank_reference.as_str()).collect();
        references.sort_unstable();
        assert_eq!(references, ["B1-1", "B1-2", "C1"]);
        for (index, order) in orders.iter().enumerate() {
            let path = format!("/supplier-orders/{}", order["id"].as_str().unwrap());
            assert_eq!(t.get(&path).by(&market.buyer).await.ok()["state"], "paid", "order {index}");
        }
        for faulty in [
            message("07", &entry(1, "旧版", "V1")),
            message("02", ""),
            message("02", "<Ntry>"),
            "<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>".to_owned(),
            "<a>&unknown;</a>".to_owned(),
        ] {
            send(t, &market, &faulty).await.refused(400, "statement_unreadable");
        }
        for (wrong, pointer) in [
            (entry(1, "外币", "F1").replace("CNY", "USD"), "/rows/0/amount_yuan"),
            (entry(1, "明天", "F2").replace("2026-03-02", "2026-03-03"), "/rows/0/booked_on"),
            (format!("{}{}", entry(1, "一", "F3"), entry(1, "二", "F3")), "/rows/1/bank_reference"),
        ] {
            let refused = send(t, &market, &message("02", &wrong)).await.refused(422, "statement_rows_refused");
            assert_eq!(refused["errors"][0]["pointer"], pointer);
        }
    }

    /// Money in the name of one buyer does not pay another's order, unless that one declared it; and no longer once it
    /// took that back.
    async fn another_buyers_name_must_be_declared(t: TestApp) {
        t.tells_the_examples();
        let market = Market::with_unit(t).await;
        let parent = t.organisation(OrganisationKind::BudgetUnit, "520100").await;
        let name = entity::organisation::Entity::find_by_id(parent).one(t.direct()).await.unwrap().unwrap().name;
        let pay = async |order: &Value| {
            let row = format!("2026-03-02,{name},,{},货款 {},{}", yuan(PACK_FEN), order["transfer_code"].as_str().unwrap(), fresh_key());
            market.import(t, &fresh_key(), "流水", &csv(&[row])).await.created()["rows_matched"].as_i64().unwrap()
        };
        let orders = [market.invoiced(t, 1, 1).await, market.invoiced(t, 1, 1).await, market.invoiced(t, 1, 1).await];
        assert_eq!(pay(&orders[0]).await, 0);
        let wanted = json!({ "payer_name": name, "reason": "由上级单位统一付款" });
        let made = t.post("/declared-payers").by(&market.buyer).json(wanted.clone()).await.created();
        t.post("/declared-payers").by(&market.buyer).json(wanted).await.refused(409, "payer_declared");
        // What came before it was declared is found under it.
        let waiting = t.get("/bank-rows?state=unmatched").by(&market.operator).await.ok();
        let because = &waiting["items"][0]["suggestions"][0]["because"];
        assert_eq!(because, &json!(["code", "amount", "payer"]));
        assert_eq!(pay(&orders[1]).await, 1);
        let path = format!("/declared-payers/{}/end", made["id"].as_str().unwrap());
        let stranger = t.organisation(OrganisationKind::Enterprise, "330106").await;
        let stranger = t.member(Role::EnterpriseOfficer, stranger).await;
        t.post(&path).by(&stranger).await.refused(404, "not_found");
        assert!(t.post(&path).by(&market.buyer).await.ok()["ended_at"].is_string());
        t.post(&path).by(&market.buyer).await.refused(404, "not_found");
        assert_eq!(pay(&orders[2]).await, 0);
        assert_eq!(t.get("/declared-payers").by(&market.operator).await.ok()["items"].as_array().unwrap().len(), 1);
        assert_eq!(t.get("/declared-payers").by(&stranger).await.ok()["items"], json!([]));
    }

    /// A code can be mistyped: money from whom the buyer never named waits for somebody to look at it. Who was named with
    /// an account pays from that account, whatever the bank makes of the name, and from no other.
    async fn whoever_is_not_declared_waits(t: TestApp) {
        let market = Market::with_unit(t).await;
        let treasury = "某县国库支付中心";
        let pay = async |payer: &str, account: &str, order: &Value| {
            let code = order["transfer_code"].as_str().unwrap();
            let row = format!("2026-03-02,{payer},{account},{},货款 {code},{}", yuan(PACK_FEN), fresh_key());
            let made = market.import(t, &fresh_key(), "流水", &csv(&[row])).await.created();
            let path = format!("/bank-statements/{}", made["id"].as_str().unwrap());
            let shown = t.get(&path).by(&market.operator).await.ok();
            shown["rows"][0]["reason"].as_str().unwrap_or("matched").to_owned()
        };
        let orders = [
            market.invoiced(t, 1, 1).await, market.invoiced(t, 1, 1).await, market.invoiced(t, 1, 1).await,
            market.invoiced(t, 1, 1).await,
        ];
        let own = orders[0]["buyer_name"].as_str().unwrap();
        assert_eq!(pay(treasury, "", &orders[0]).await, "wrong_payer");
        let declare = async |account: &str| {
            let wanted = json!({ "payer_name": treasury, "account": account, "bank_name": "中国农业银行雷山县支行",
                "reason": "货款由国库集中支付" });
            t.post("/declared-payers").by(&market.buyer).json(wanted).await
        };
        for wrong in ["12345", "6222x2010001", &"1".repeat(33)] {
            assert_eq!(declare(wrong).await.refused(400, "invalid_fields")["errors"][0]["pointer"], "/account");
        }
        let made = declare("6222 0201-0001 2345 672").await.created();
        assert_eq!((&made["account"], &made["bank_name"]), (&json!("6222***********5672"), &json!("中国农业银行雷山县支行")));
        let kept = declared_payer::Entity::find().one(t.direct()).await.unwrap().unwrap();
        assert!(!kept.account_cipher.unwrap().contains("6222"));
        assert_eq!(pay(treasury, "9558820200001323775", &orders[0]).await, "wrong_payer");
        assert_eq!(pay("国库支付中心", "6222020100012345672", &orders[0]).await, "matched");
        assert_eq!(pay(&format!(" {treasury} "), "", &orders[1]).await, "matched");
        assert_eq!(pay("无关单位", "", &orders[2]).await, "wrong_payer");
        assert_eq!(pay(own, "9558820200001323775", &orders[2]).await, "matched", "its own name from any account");
        t.post(&format!("/declared-payers/{}/end", made["id"].as_str().unwrap())).by(&market.buyer).await.ok();
        assert_eq!(pay(treasury, "6222020100012345672", &orders[3]).await, "wrong_payer");
        // Somebody looks at it, and finds that it is for this order all the same.
        let waiting = t.get("/bank-rows?state=unmatched").by(&market.operator).await.ok();
        let path = format!("/bank-rows/{}/assign", waiting["items"][0]["id"].as_str().unwrap());
        let parts = json!({ "payments": [{ "supplier_order_id": orders[3]["id"], "amount_fen": PACK_FEN }] });
        t.post(&path).by(&market.operator).key(&fresh_key()).json(parts).await.ok();
        let path = format!("/supplier-orders/{}", orders[3]["id"].as_str().unwrap());
        assert_eq!(t.get(&path).by(&market.buyer).await.ok()["state"], "paid");
    }

    /// How an order is paid now: nothing before there is something to pay.
    async fn an_order_says_how_it_is_paid(t: TestApp) {
        let market = Market::with_unit(t).await;
        let trade = Trade::confirmed(t, &market, 3).await;
        let path = trade.path("/payment-instruction");
        assert_eq!(t.get(&path).by(&market.buyer).await.ok()["amount_fen"], 0);
        trade.ship(t, 3, false).await.ok();
        trade.accept(t, 2, false, None).await.ok();
        let said = t.get(&path).by(&market.buyer).await.ok();
        assert_eq!((&said["gateway"], &said["amount_fen"]), (&json!("bank_transfer"), &json!(2 * PACK_FEN)));
        assert_eq!(said["memo"], trade.read(t).await["transfer_code"]);
        let stranger = crate::agreement::supplier(t, "532324").await;
        t.get(&path).by(&stranger.clerk).await.refused(404, "not_found");
    }
}
