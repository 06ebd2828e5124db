//! What payment promises: invoices fit what was accepted, and money pays exactly the order it names.

use crate::harness::*;
use crate::market::{Market, PACK_FEN, csv, row};
use crate::servers::somebody_waits;
use entity::value::{BankRowId, BankRowState, BankStatementId, Clock, Fen, OrderState, SupplierOrderId, business_date};
use entity::{bank_row, bank_statement, invoice, supplier_order};
use liannong::db::counting_statements;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, TransactionTrait};
use serde_json::{Value, json};

async fn state(t: &TestApp, order: &Value) -> OrderState {
    let id: SupplierOrderId = order["id"].as_str().unwrap().parse().unwrap();
    supplier_order::Entity::find_by_id(id).one(t.direct()).await.unwrap().unwrap().state
}

fn invoice_path(order: &Value) -> String {
    format!("/supplier-orders/{}/invoice", order["id"].as_str().unwrap())
}

/// The rows of a statement as (state, reason).
fn outcomes(statement: &Value) -> Vec<(String, String)> {
    let word = |value: &Value| value.as_str().unwrap_or("–").to_owned();
    let rows = statement["rows"].as_array().unwrap();
    rows.iter().map(|row| (word(&row["state"]), word(&row["reason"]))).collect()
}

both! {
    /// An invoice is of what was accepted, by who sold it, on a day that makes sense; then the order waits for money.
    async fn an_invoice_fits_what_was_accepted(t: TestApp) {
        let market = Market::with_unit(t).await;
        let order = market.accepted(t, 10, 8).await;
        assert_eq!(order["accepted_fen"], 8 * PACK_FEN);
        let clerk = &market.supplier.clerk;
        let good = market.invoice_for(t, &order).await;
        let send = |key: &str, body: &Value| {
            t.post(&invoice_path(&order)).by(clerk).key(key).version(&order["version"]).json(body.clone())
        };
        let with = |field: &str, value: Value| {
            let mut changed = good.clone();
            changed[field] = value;
            changed
        };
        let refused = send("i1", &with("amount_fen", json!(10 * PACK_FEN))).await.refused(422, "invoice_amount_differs");
        assert_eq!(refused["errors"][0]["pointer"], "/amount_fen");
        assert!(refused["detail"].as_str().unwrap().contains(&(8 * PACK_FEN).to_string()), "{refused}");
        let other = credit_code(entity::value::OrganisationId::generate());
        send("i2", &with("seller_credit_code", json!(other))).await.refused(422, "invoice_seller_differs");
        for (key, day) in [("i3", "2026-03-03"), ("i4", "2026-03-01")] {
            let refused = send(key, &with("issued_on", json!(day))).await.refused(400, "invalid_fields");
            assert_eq!(refused["errors"][0]["pointer"], "/issued_on");
        }
        send("i5", &with("number", json!("123"))).await.refused(400, "invalid_fields");
        let file = entity::value::FileId::generate();
        send("i6", &with("file_id", json!(file))).await.refused(422, "file_unknown");
        assert_eq!(invoice::Entity::find().count(t.direct()).await.unwrap(), 0);
        assert_eq!(state(t, &order).await, OrderState::Accepted);

        t.post(&invoice_path(&order)).by(clerk).version(&order["version"]).json(good.clone()).await
            .refused(400, "idempotency_key_missing");
        t.post(&invoice_path(&order)).by(clerk).key("i7").json(good.clone()).await.refused(428, "precondition_required");
        t.post(&invoice_path(&order)).by(clerk).key("i8").if_match("\"1\"").json(good.clone()).await
            .refused(412, "stale_version");
        t.post(&invoice_path(&order)).by(&market.buyer).key("i9").version(&order["version"]).json(good.clone()).await
            .refused(403, "forbidden");
        let stranger = crate::agreement::supplier(t, "532324").await;
        t.post(&invoice_path(&order)).by(&stranger.clerk).key("i9").version(&order["version"]).json(good.clone()).await
            .refused(404, "not_found");

        let made = send("i10", &good).await.created();
        assert_eq!((&made["order_state"], &made["amount_fen"]), (&json!("invoiced"), &json!(8 * PACK_FEN)));
        let again = send("i10", &good).await;
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!(again.created(), made);
        let twice = t.post(&invoice_path(&order)).by(clerk).key("i11").version(&made["version"]).json(good).await;
        assert_eq!(twice.status, 409);
    }

    /// The number of an invoice is used once, on whatever order.
    async fn an_invoice_number_is_used_once(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let first = market.invoiced(t, 2, 2).await;
        let second = market.accepted(t, 2, 2).await;
        let number = market.invoice_for(t, &first).await["number"].clone();
        let mut wanted = market.invoice_for(t, &second).await;
        wanted["number"] = number;
        let clerk = &market.supplier.clerk;
        let refused = t.post(&invoice_path(&second)).by(clerk).key("n").version(&second["version"]).json(wanted).await
            .refused(409, "invoice_number_used");
        assert_eq!(refused["errors"][0]["pointer"], "/number");
        assert_eq!(state(t, &second).await, OrderState::Accepted);
    }

    /// A row pays the order whose code it carries, to the fen; every other row is listed with its reason.
    async fn rows_pay_the_orders_they_name(t: TestApp) {
        let market = Market::with_unit(t).await;
        let [one, two, three] =
            [market.invoiced(t, 3, 3).await, market.invoiced(t, 4, 4).await, market.accepted(t, 5, 5).await];
        let code = |order: &Value| order["transfer_code"].as_str().unwrap().to_owned();
        let wide: String = code(&two)
            .chars()
            .map(|digit| char::from_u32(u32::from(digit) - u32::from('0') + u32::from('０')).unwrap())
            .collect();
        let rows = [
            row(&one, "R1"),
            format!(
                "2026/03/01,{},,{}.{:02},附言 {wide},R2",
                two["buyer_name"].as_str().unwrap(),
                4 * PACK_FEN / 100,
                4 * PACK_FEN % 100
            ),
            row(&three, "R3"),
            row(&one, "R4"),
            "20260302,某公司,,5,没有码 12345678901 123456789,R5".to_owned(),
            "2026-03-02,某公司,,5.5,1000000000,R6".to_owned(),
        ];
        let file = format!("\u{feff}{}", csv(&rows));
        let made = market.import(t, "s1", "三月 上旬", &file).await.created();
        assert_eq!((&made["rows_total"], &made["rows_matched"], &made["name"]), (&json!(6), &json!(2), &json!("三月 上旬")));
        let path = format!("/bank-statements/{}", made["id"].as_str().unwrap());
        let shown = t.get(&path).by(&market.operator).await.ok();
        let expected = [
            ("matched", "–"), ("matched", "–"), ("unmatched", "not_payable"), ("unmatched", "paid_already"),
            ("unmatched", "no_code"), ("unmatched", "unknown_code"),
        ];
        assert_eq!(outcomes(&shown), expected.map(|(state, reason)| (state.to_owned(), reason.to_owned())));
        assert_eq!(shown["rows"][0]["payer_account"], "6222***********5672");
        assert_eq!(shown["rows"][0]["supplier_order_id"], one["id"]);
        let stored = bank_row::Entity::find().all(t.direct()).await.unwrap();
        assert!(stored.iter().all(|row| !row.payer_account_cipher.as_deref().unwrap_or_default().contains("6222")));
        assert_eq!(state(t, &one).await, OrderState::Paid);
        assert_eq!(state(t, &three).await, OrderState::Accepted);
        let unmatched = t.get(&format!("{path}?state=unmatched")).by(&market.operator).await.ok();
        assert_eq!(unmatched["rows"].as_array().unwrap().len(), 4);
        let budget = format!("/budgets/{}", market.budget.as_deref().unwrap());
        let budget = t.get(&budget).by(&market.buyer).await.ok();
        assert_eq!(budget["spent_fen"], 7 * PACK_FEN);
        assert_eq!(budget["encumbered_fen"], 5 * PACK_FEN);

        let again = market.import(t, "s1", "三月 上旬", &file).await;
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!(again.created(), made);
        market.import(t, "s2", "三月 上旬", &file).await.refused(409, "statement_already_imported");
        let late = market.import(t, "s3", "再来", &csv(&[row(&one, "R9")])).await.created();
        let path = format!("/bank-statements/{}", late["id"].as_str().unwrap());
        let shown = t.get(&path).by(&market.operator).await.ok();
        assert_eq!(outcomes(&shown), [("unmatched".to_owned(), "paid_already".to_owned())]);
        let wrong = market.invoiced(t, 1, 1).await;
        let short = row(&wrong, "R10").replace(".01,", ".00,");
        let short = market.import(t, "s4", "少一分", &csv(&[short])).await.created();
        assert_eq!(short["rows_matched"], 1);
        assert_eq!(state(t, &wrong).await, OrderState::Invoiced);
        let listed = t.get("/bank-statements?limit=2").by(&market.operator).await.ok();
        assert_eq!(listed["items"][0]["id"], short["id"]);
        assert_eq!(listed["items"].as_array().unwrap().len(), 2);
        assert!(listed["next"].is_string());
    }

    /// A file with a bad row changes nothing, and every bad row is named.
    async fn a_bad_row_keeps_the_whole_file_out(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let order = market.invoiced(t, 2, 2).await;
        let rows = [
            row(&order, "R1"),
            "2026-03-02,某局,,12.345,x,R2".to_owned(),
            "2026-03-02,某局,,-5,x,R3".to_owned(),
            "2026-03-02,某局,,1e3,x,R4".to_owned(),
            "2026-13-02,某局,,5,x,R5".to_owned(),
            "2026-03-03,某局,,5,x,R6".to_owned(),
            "2026-03-02,,,5,x,R7".to_owned(),
            "2026-03-02,某局,,5,x,".to_owned(),
            "2026-03-02,某局,,5,x,R1".to_owned(),
            "2026-03-02,某局,,90071992547409.92,x,R8".to_owned(),
            "2026-03-02,某局".to_owned(),
        ];
        let refused = market.import(t, "b1", "坏", &csv(&rows)).await.refused(422, "statement_rows_refused");
        let pointers: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
        assert_eq!(pointers, [
            "/rows/1/amount_yuan", "/rows/2/amount_yuan", "/rows/3/amount_yuan", "/rows/4/booked_on",
            "/rows/5/booked_on", "/rows/6/payer_name", "/rows/7/bank_reference", "/rows/8/bank_reference",
            "/rows/9/amount_yuan", "/rows/10/booked_on",
        ]);
        assert_eq!(bank_statement::Entity::find().count(t.direct()).await.unwrap(), 0);
        assert_eq!(state(t, &order).await, OrderState::Invoiced);

        let chinese = csv(&["2026-03-02,某局,,5,x,R1".to_owned()])
            .replace("booked_on,payer_name,payer_account,amount_yuan,memo,bank_reference", "交易日期,对方户名,对方账号,金额,附言,流水号");
        market.import(t, "b2", "中文", &chinese).await.created();
        let refused = market.import(t, "b3", "又", &csv(&[row(&order, "R1")])).await.refused(422, "statement_rows_refused");
        assert_eq!(refused["errors"][0]["pointer"], "/rows/0/bank_reference");
        market.import(t, "b4", "头", "a,b,c\n1,2,3\n").await.refused(400, "statement_unreadable");
        market.import(t, "b5", "空", &csv(&[])).await.refused(400, "statement_unreadable");
        market.import(t, "b6", "\u{1}", &csv(&[row(&order, "R2")])).await.refused(400, "invalid_fields");
        let path = "/bank-statements?name=x";
        let file = csv(&[row(&order, "R2")]).into_bytes();
        t.post(path).by(&market.operator).bytes("text/csv", file.clone()).await.refused(400, "idempotency_key_missing");
        t.post(path).by(&market.operator).key("b7").bytes("application/json", file.clone()).await
            .refused(415, "unsupported_media_type");
        t.post(path).by(&market.buyer).key("b8").bytes("text/csv", file.clone()).await.refused(403, "forbidden");
        let mut large = file.clone();
        large.resize(2 * 1024 * 1024 + 1, b' ');
        t.post(path).by(&market.operator).key("b9").bytes("text/csv", large).await.refused(413, "payload_too_large");
        let latin = vec![0xd6, 0xd0];
        t.post(path).by(&market.operator).key("b10").bytes("text/csv", latin).await.refused(400, "statement_unreadable");
    }

    /// A statement costs the same number of statements of SQL for one row as for many.
    async fn an_import_asks_the_same_for_one_row_as_for_many(t: TestApp) {
        let market = Market::with_unit(t).await;
        let orders = [
            market.invoiced(t, 1, 1).await, market.invoiced(t, 1, 1).await, market.invoiced(t, 1, 1).await,
            market.invoiced(t, 1, 1).await,
        ];
        let one = csv(&[row(&orders[0], "Q1")]);
        let many = csv(&[row(&orders[1], "Q2"), row(&orders[2], "Q3"), row(&orders[3], "Q4")]);
        let (reply, first) = counting_statements(market.import(t, "q1", "一", &one)).await;
        reply.created();
        let (reply, second) = counting_statements(market.import(t, "q2", "多", &many)).await;
        assert_eq!(reply.created()["rows_matched"], 3);
        assert_eq!(first, second);
    }

    /// Two imports of the same money at once pay once.
    async fn the_same_money_sent_twice_at_once_pays_once(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let order = market.invoiced(t, 2, 2).await;
        let file = csv(&[row(&order, "T1")]);
        let other = csv(&[row(&order, "T2")]);
        let (one, two, three) = tokio::join!(
            market.import(t, "t1", "甲", &file), market.import(t, "t2", "乙", &file), market.import(t, "t3", "丙", &other)
        );
        let mut seen = [one.status, two.status, three.status];
        seen.sort_unstable();
        assert_eq!(seen, [201, 201, 409]);
        let rows = bank_row::Entity::find().all(t.direct()).await.unwrap();
        assert_eq!(rows.iter().filter(|row| row.supplier_order_id.is_some()).count(), 1);
        assert_eq!(state(t, &order).await, OrderState::Paid);
    }
}

/// A file whose rows come to be on record between two looks of its import is told to be imported, and not that its rows
/// are.
#[actix_web::test]
async fn an_import_that_another_overtakes_is_told_what_happened() {
    let t = TestApp::on_postgres().await;
    let market = Market::with_enterprise(&t).await;
    let order = market.invoiced(&t, 2, 2).await;
    let file = csv(&[row(&order, "T1")]);
    let elsewhere = sea_orm::Database::connect(t.app.config.database()).await.unwrap();
    let other = elsewhere.begin().await.unwrap();
    other.execute_unprepared("lock table bank_row in access exclusive mode").await.unwrap();
    let overtaking = async {
        somebody_waits(&t).await;
        let statement = bank_statement::Model {
            id: BankStatementId::generate(),
            sha256: liannong::secrecy::sha256_hex(file.as_bytes()),
            name: "甲".to_owned(),
            rows_total: 1,
            rows_matched: 0,
            imported_by: market.operator.member.person,
            organisation_id: market.operator.member.organisation,
            imported_at: t.clock.now(),
        };
        let known = bank_row::Model {
            id: BankRowId::generate(),
            statement_id: statement.id,
            line_no: 1,
            booked_on: business_date(t.clock.now()),
            payer_name: "甲".to_owned(),
            payer_account_cipher: None,
            amount_fen: Fen::new(2 * PACK_FEN).unwrap(),
            memo: String::new(),
            bank_reference: "T1".to_owned(),
            state: BankRowState::Unmatched,
            reason: Some("no_code".to_owned()),
            awaits_order_id: None,
            supplier_order_id: None,
        };
        bank_statement::Entity::insert(statement.into_active_model()).exec_without_returning(&other).await.unwrap();
        bank_row::Entity::insert(known.into_active_model()).exec_without_returning(&other).await.unwrap();
        other.commit().await.unwrap();
    };
    let (imported, ()) = tokio::join!(market.import(&t, "t1", "乙", &file), overtaking);
    imported.refused(409, "statement_already_imported");
    elsewhere.close().await.unwrap();
    t.finish().await;
}
