//! What batches of payouts promise: two people, nothing twice, and no income before somebody else says so.

use crate::harness::*;
use crate::market::Market;
use crate::verify::report;
use entity::value::{Fen, PayoutBatchState, Role};
use liannong::payout::{BankFormat, Formats, Step, next};
use serde_json::{Value, json};

fn key() -> String {
    uuid::Uuid::now_v7().to_string()
}

fn fen(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is no amount"))
}

/// A batch in a world that has something open, for whoever tries every door.
pub(crate) async fn in_the_world(t: &TestApp, people: &[Person]) {
    for clerk in people.iter().filter(|person| person.member.role == Role::CooperativeClerk) {
        let drafted = t.post("/payout-batches").by(clerk).key(&key()).json(json!({ "method": "cash" })).await;
        if drafted.status == 201 {
            return;
        }
    }
    panic!("nobody has anything to pay out");
}

/// Records payouts as one person and has another of the same cooperative approve them; gives the batch they stand in.
pub(crate) async fn handed_out(t: &TestApp, clerk: &Person, payouts: Value) -> Value {
    let recorded = t.post("/payouts").by(clerk).key(&key()).json(payouts).await.created();
    let second = t.member(Role::CooperativeClerk, clerk.member.organisation).await;
    approved(t, &second, &recorded).await
}

/// A market with one settled order, and a second person in its cooperative.
async fn opened(t: &TestApp) -> (Market, Person) {
    let market = Market::with_enterprise(t).await;
    market.settled(t, 6, 6).await;
    let second = t.member(Role::CooperativeClerk, market.supplier.id).await;
    (market, second)
}

async fn drafted(t: &TestApp, clerk: &Person, body: Value) -> Value {
    t.post("/payout-batches").by(clerk).key(&key()).json(body).await.created()
}

fn path(batch: &Value) -> String {
    format!("/payout-batches/{}", batch["id"].as_str().unwrap())
}

pub(crate) async fn approved(t: &TestApp, second: &Person, batch: &Value) -> Value {
    t.post(&format!("{}/approve", path(batch))).by(second).key(&key()).version(&batch["version"]).await.ok()
}

async fn sent(t: &TestApp, market: &Market, second: &Person, batch: &Value, body: Value) -> Value {
    let batch = approved(t, second, batch).await;
    let send = t.post(&format!("{}/send", path(&batch))).by(&market.supplier.clerk).key(&key());
    send.version(&batch["version"]).json(body).await.ok()
}

async fn paid(t: &TestApp, market: &Market) -> i64 {
    let mut paid = 0;
    for household in market.households {
        let shown =
            t.get(&format!("/households/{household}/statement?year=2026")).by(&market.county.officer).await.ok();
        paid += fen(&shown["totals"]["paid_fen"]);
    }
    paid
}

/// The bank's answer to a batch: the lines at these places failed.
fn answer(batch: &Value, failed: &[usize]) -> String {
    let mut text = "付款编号,金额(元),状态,银行流水号,失败原因\n".to_owned();
    for (index, line) in batch["lines"].as_array().unwrap().iter().enumerate() {
        let (reference, amount) = (line["reference"].as_str().unwrap(), Fen::new(fen(&line["amount_fen"])).unwrap());
        let outcome =
            if failed.contains(&index) { "失败,,账户已销户".to_owned() } else { format!("成功,B{index:06},") };
        text += &format!("{reference},{amount},{outcome}\n");
    }
    text
}

async fn import(t: &TestApp, market: &Market, batch: &Value, evidence: &str, file: &str) -> Reply {
    let path = format!("{}/results?evidence_file_id={evidence}", path(batch));
    t.post(&path).by(&market.supplier.clerk).key(&key()).bytes("text/csv", file.as_bytes().to_vec()).await
}

both! {
    /// Drafted by one, approved by another, sent, paid but for one account that was closed: that amount is owed again.
    async fn a_batch_is_income_when_the_bank_says_so(t: TestApp) {
        let (market, second) = opened(t).await;
        let clerk = &market.supplier.clerk;
        let batch = drafted(t, clerk, json!({ "method": "bank_transfer" })).await;
        let lines = batch["lines"].as_array().unwrap().clone();
        assert_eq!(lines.len(), 4);
        assert_eq!(fen(&batch["total_fen"]), lines.iter().map(|line| fen(&line["amount_fen"])).sum::<i64>());
        let payables = t.get("/payables").by(clerk).await.ok();
        assert!(payables["items"].as_array().unwrap().iter().all(|p| p["pending_fen"] == p["open_fen"]), "{payables}");
        // What is in a batch is not paid out beside it, in one step or in another batch.
        t.post("/payout-batches").by(clerk).key(&key()).json(json!({ "method": "cash" })).await
            .refused(422, "payout_nothing_open");
        let beside = json!({
            "paid_on": "2026-03-02", "method": "bank_transfer", "evidence_file_id": market.evidence(t).await,
            "payouts": [{ "agreement_id": lines[0]["agreement_id"], "amount_fen": 1, "reference": "X" }],
        });
        t.post("/payouts").by(clerk).key(&key()).json(beside).await.refused(422, "payout_exceeds_accrued");

        let approve = format!("{}/approve", path(&batch));
        t.post(&approve).by(clerk).key(&key()).version(&batch["version"]).await.refused(409, "payout_four_eyes");
        let early = t.post(&format!("{}/send", path(&batch))).by(clerk).key(&key()).version(&batch["version"]);
        early.json(json!({ "format": "generic" })).await.refused(409, "payout_batch_state");
        let batch_sent = sent(t, &market, &second, &batch, json!({ "format": "generic" })).await;
        assert_eq!(batch_sent["state"], "sent");
        assert_eq!(paid(t, &market).await, 0, "what is on its way is nobody's income");
        assert!(report(t).await.is_sound(), "{}", report(t).await);

        let file = t.post(&format!("{}/bank-file", path(&batch))).by(clerk).await;
        assert_eq!(file.header("cache-control"), Some("no-store"));
        let text = String::from_utf8(file.body.clone()).unwrap();
        assert!(text.starts_with("付款编号,收款户名,收款账号,金额(元),用途\r\n"), "{text}");
        assert!(text.contains(",杨秀英,6222020100012345672,"), "{text}");
        let seen = t.get("/access-records").by(&market.county.officer).await.ok();
        let seen = seen["items"].as_array().unwrap();
        assert!(!seen.is_empty() && seen.iter().all(|row| row["fields"] == json!(["name", "bank_account"])), "{seen:?}");
        assert!(seen.iter().all(|row| row["reason"] == batch["number"] && row["person_id"] == json!(clerk.member.person)));

        let evidence = market.evidence(t).await;
        let result = answer(&batch, &[1]);
        let first = import(t, &market, &batch, &evidence, &result).await.created();
        assert_eq!((&first["rows_paid"], &first["rows_failed"]), (&json!(3), &json!(1)));
        assert_eq!((&first["batch_state"], &first["known_before"]), (&json!("closed"), &json!(false)));
        let failed = fen(&lines[1]["amount_fen"]);
        assert_eq!(paid(t, &market).await, fen(&batch["total_fen"]) - failed);
        let again = import(t, &market, &batch, &evidence, &result).await.created();
        assert_eq!(again["known_before"], true);
        assert_eq!(paid(t, &market).await, fen(&batch["total_fen"]) - failed);
        assert_eq!(t.get("/payouts").by(clerk).await.ok()["items"].as_array().unwrap().len(), 3);

        let shown = t.get(&path(&batch)).by(&market.county.officer).await.ok();
        assert_eq!(shown["lines"][1]["state"], "failed");
        assert_eq!(shown["lines"][1]["failure"], "账户已销户");
        assert_eq!(shown["lines"][0]["bank_reference"], "B000000");
        let open = t.get("/payables?open=true").by(clerk).await.ok();
        assert_eq!(open["items"].as_array().unwrap().len(), 1);
        assert_eq!((fen(&open["items"][0]["open_fen"]), fen(&open["items"][0]["pending_fen"])), (failed, 0));
        let next = drafted(t, clerk, json!({ "method": "cash" })).await;
        assert_eq!(fen(&next["total_fen"]), failed);
        let report = report(t).await;
        assert!(report.is_sound(), "{report}");
    }

    /// Cash is income by two signatures: the cashier's with the household's receipt, and the village's.
    async fn cash_needs_two_signatures(t: TestApp) {
        let (market, second) = opened(t).await;
        let clerk = &market.supplier.clerk;
        let batch = drafted(t, clerk, json!({ "method": "cash" })).await;
        sent(t, &market, &second, &batch, json!({})).await;
        let lines = batch["lines"].as_array().unwrap();
        let receipt = market.evidence(t).await;
        let village = t.member(Role::VillageOfficer, market.county.village).await;
        let beyond = t.member(Role::VillageOfficer, market.neighbour).await;
        let witness = |by: &Person, lines: Value| {
            t.post(&format!("{}/witness", path(&batch))).by(by).key(&key()).json(json!({ "lines": lines }))
        };
        witness(&village, json!([lines[0]["id"]])).await.refused(400, "invalid_fields");
        let mut said: Vec<Value> = lines.iter().map(|l| json!({ "line_id": l["id"], "receipt_file_id": receipt })).collect();
        said[3] = json!({ "line_id": lines[3]["id"], "failure": "外出务工，未到场" });
        let body = json!({ "paid_on": "2026-03-02", "lines": said });
        let hand_over = format!("{}/hand-over", path(&batch));
        let handed = t.post(&hand_over).by(clerk).key(&key()).json(body).await.ok();
        assert_eq!(handed["lines"][0]["state"], "handed_over");
        assert_eq!(handed["lines"][3]["state"], "failed");
        assert_eq!(paid(t, &market).await, 0, "one signature is not enough");
        assert!(report(t).await.is_sound(), "{}", report(t).await);

        // Each village sees and signs for its own households only.
        let households = handed["lines"].as_array().unwrap().iter();
        let own: Vec<&Value> = households
            .filter(|l| l["state"] == "handed_over" && l["household"]["village_id"] == json!(market.county.village))
            .map(|line| &line["id"])
            .collect();
        let of_beyond: Vec<&Value> = handed["lines"].as_array().unwrap().iter()
            .filter(|l| l["state"] == "handed_over" && l["household"]["village_id"] == json!(market.neighbour))
            .map(|line| &line["id"])
            .collect();
        assert_eq!((own.len() + of_beyond.len(), of_beyond.is_empty()), (3, false));
        witness(&beyond, json!(own)).await.refused(400, "invalid_fields");
        let seen = t.get(&path(&batch)).by(&beyond).await.ok();
        assert!(seen["lines"].as_array().unwrap().iter().all(|l| l["household"]["village_id"] == json!(market.neighbour)));
        let signed = witness(&village, json!(own)).await.ok();
        assert_eq!(signed["state"], "sent");
        assert!(paid(t, &market).await > 0);
        let signed = witness(&beyond, json!(of_beyond)).await.ok();
        assert_eq!(signed["state"], "closed");
        assert_eq!(paid(t, &market).await, fen(&batch["total_fen"]) - fen(&lines[3]["amount_fen"]));
        let stranger = crate::household::county(t, "532324").await;
        let stranger = t.member(Role::VillageOfficer, stranger.village).await;
        t.get(&path(&batch)).by(&stranger).await.refused(404, "not_found");
        assert!(report(t).await.is_sound(), "{}", report(t).await);

        // In one step it needs two papers.
        let mut single = json!({
            "paid_on": "2026-03-02", "method": "cash", "evidence_file_id": receipt,
            "payouts": [{ "agreement_id": lines[3]["agreement_id"], "amount_fen": 1, "reference": "C1" }],
        });
        let refused = t.post("/payouts").by(clerk).key(&key()).json(single.clone()).await.refused(400, "invalid_fields");
        assert_eq!(refused["errors"][0]["pointer"], "/witness_file_id");
        single["witness_file_id"] = json!(market.evidence(t).await);
        let booked = handed_out(t, clerk, single).await;
        assert_eq!((&booked["state"], &booked["lines"][0]["state"]), (&json!("closed"), &json!("paid")));
    }

    /// A result that says another amount, another number, or the contrary of an earlier one is refused whole.
    async fn a_result_that_contradicts_the_batch_is_refused(t: TestApp) {
        let (market, second) = opened(t).await;
        let batch = drafted(t, &market.supplier.clerk, json!({ "method": "bank_transfer" })).await;
        sent(t, &market, &second, &batch, json!({ "format": "generic" })).await;
        let evidence = market.evidence(t).await;
        let good = answer(&batch, &[0]);
        let amount = Fen::new(fen(&batch["lines"][2]["amount_fen"])).unwrap().to_string();
        let code = "payout_result_conflict";
        let wrong = good.replace(&amount, "0.01");
        assert_eq!(import(t, &market, &batch, &evidence, &wrong).await.refused(409, code)["errors"][0]["pointer"], "/rows/2");
        import(t, &market, &batch, &evidence, &good.replace("-0003", "-0009")).await.refused(409, code);
        import(t, &market, &batch, &evidence, &good.replace("成功", "处理中")).await.refused(400, "invalid_fields");
        import(t, &market, &batch, &evidence, "a,b\n1,2\n").await.refused(422, "payout_result_unreadable");
        let no_paper = t.post(&format!("{}/results", path(&batch))).by(&market.supplier.clerk).key(&key());
        no_paper.bytes("text/csv", good.clone().into_bytes()).await.refused(400, "invalid_fields");
        assert_eq!(paid(t, &market).await, 0);
        // The first half today, the rest tomorrow; what is said again is known.
        let half: String = good.lines().take(3).map(|line| format!("{line}\n")).collect();
        let made = import(t, &market, &batch, &evidence, &half).await.created();
        assert_eq!(made["batch_state"], "sent");
        assert_eq!(import(t, &market, &batch, &evidence, &good).await.created()["batch_state"], "closed");
        import(t, &market, &batch, &evidence, &answer(&batch, &[])).await.refused(409, "payout_batch_state");
        assert!(report(t).await.is_sound(), "{}", report(t).await);
    }

    /// A batch that is called off leaves everything open; a household without an account stops the sending.
    async fn what_is_not_sent_is_open_again(t: TestApp) {
        let (market, second) = opened(t).await;
        let clerk = &market.supplier.clerk;
        let agreement = market.agreements[0];
        let one = json!({ "method": "bank_transfer", "lines": [{ "agreement_id": agreement, "amount_fen": 100 }] });
        let batch = drafted(t, clerk, one.clone()).await;
        let too_much = json!({ "method": "cash", "lines": [{ "agreement_id": agreement, "amount_fen": 9_000_000 }] });
        t.post("/payout-batches").by(clerk).key(&key()).json(too_much).await.refused(422, "payout_nothing_open");
        let rival = crate::agreement::supplier(t, "522625").await;
        let stolen = t.post("/payout-batches").by(&rival.clerk).key(&key()).json(one.clone()).await;
        stolen.refused(400, "invalid_fields");
        t.get(&path(&batch)).by(&rival.clerk).await.refused(404, "not_found");
        let cancel = t.post(&format!("{}/cancel", path(&batch))).by(clerk).version(&batch["version"]);
        let cancelled = cancel.json(json!({ "reason": "名单有误" })).await.ok();
        assert_eq!(cancelled["state"], "cancelled");
        let batch = drafted(t, clerk, json!({ "method": "bank_transfer" })).await;
        t.sql("update household_member set bank_account_cipher = null").await.unwrap();
        let batch = approved(t, &second, &batch).await;
        let send = |format: &str| {
            let send = t.post(&format!("{}/send", path(&batch))).by(clerk).key(&key()).version(&batch["version"]);
            send.json(json!({ "format": format }))
        };
        let refused = send("generic").await.refused(422, "payout_account_missing");
        assert_eq!(refused["errors"].as_array().unwrap().len(), 4);
        send("nonsense").await.refused(422, "payout_format_unknown");
        let listed = t.get("/payout-batches?state=approved").by(&second).await.ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
        assert!(report(t).await.is_sound(), "{}", report(t).await);
    }

    /// Money that is on its way and changed behind the house's back is found.
    async fn a_changed_line_is_found(t: TestApp) {
        let (market, second) = opened(t).await;
        let batch = drafted(t, &market.supplier.clerk, json!({ "method": "bank_transfer" })).await;
        sent(t, &market, &second, &batch, json!({ "format": "generic" })).await;
        t.sql("update payout_batch_line set amount_fen = amount_fen + 1 where line_no = 1").await.unwrap();
        assert_eq!(report(t).await.fault.unwrap().table, "payout_batch");
    }

    /// Who owes what, and since when; the county's and the cooperative's view.
    async fn arrears_are_shown_by_age(t: TestApp) {
        let (market, _) = opened(t).await;
        let clerk = &market.supplier.clerk;
        let owed = |shown: &Value| -> Vec<i64> {
            ["to_30_days_fen", "to_90_days_fen", "to_180_days_fen", "older_fen"].iter().map(|age| fen(&shown["totals"][*age])).collect()
        };
        let shown = t.get("/arrears").by(&market.county.officer).await.ok();
        let total = fen(&shown["totals"]["total_fen"]);
        assert!(total > 0);
        assert_eq!(owed(&shown), [total, 0, 0, 0]);
        assert_eq!(shown["items"][0]["households"], 3);
        assert_eq!(shown["items"][0]["oldest_on"], "2026-03-02");
        for (days, place) in [(30, 0), (1, 1), (60, 2), (100, 3)] {
            t.clock.advance(chrono::Duration::days(days));
            let shown = t.get("/arrears").by(clerk).await.ok();
            assert_eq!(owed(&shown)[place], total, "after {days} more days: {shown}");
        }
        let rival = crate::agreement::supplier(t, "522625").await;
        assert_eq!(t.get("/arrears").by(&rival.clerk).await.ok()["items"], json!([]));
        let elsewhere = crate::household::county(t, "532324").await;
        let none = t.get("/arrears?limit=1").by(&elsewhere.officer).await.ok();
        assert_eq!((&none["items"], fen(&none["totals"]["total_fen"])), (&json!([]), 0));
    }

    /// Banks differ: the built-in formats, and one of the house's own.
    async fn formats_are_by_configuration(t: TestApp) {
        let (market, second) = opened(t).await;
        let own = json!([{
            "name": "own", "title": "本地银行", "encoding": "utf8", "unit": "fen", "heading": false,
            "columns": [{ "field": "amount", "heading": "" }, { "field": "payee_account", "heading": "" },
                        { "field": "batch", "heading": "" }],
            "result": { "reference": "r", "amount": "a", "status": "s", "bank_reference": "b", "reason": "w",
                        "paid": ["OK"], "failed": ["NO"] },
        }]);
        std::fs::write(t.folder().join("bank-formats.json"), own.to_string()).unwrap();
        let listed = t.get("/payout-formats").by(&second).await.ok();
        let names: Vec<&str> = listed["items"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["generic", "rural_credit", "own"]);
        let batch = drafted(t, &market.supplier.clerk, json!({ "method": "bank_transfer" })).await;
        sent(t, &market, &second, &batch, json!({ "format": "own" })).await;
        let file = t.post(&format!("{}/bank-file", path(&batch))).by(&market.supplier.clerk).await;
        let line = String::from_utf8(file.body).unwrap();
        let first = format!("{},6222020100012345672,{}\r\n", batch["lines"][0]["amount_fen"], batch["number"].as_str().unwrap());
        assert!(line.starts_with(&first), "{line}");
    }
}

fn format(name: &str) -> BankFormat {
    Formats::of(std::path::Path::new("/nowhere")).unwrap().named(name).unwrap().clone()
}

#[test]
fn a_result_is_read_in_the_banks_own_encoding_and_unit() {
    let text = "企业流水号,金额(分),处理结果,核心流水号,原因\nFF1,123456,0000,K1,\nFF2,1,退回,,账号与户名不符\n";
    let bytes = encoding_rs::GB18030.encode(text).0.into_owned();
    let rows = format("rural_credit").read(&bytes).unwrap();
    assert_eq!((rows[0].amount.get(), rows[0].outcome.clone()), (123_456, Ok("K1".to_owned())));
    assert_eq!(rows[1].outcome, Err("账号与户名不符".to_owned()));
    assert!(format("generic").read(&bytes).is_err(), "GB18030 is not UTF-8");
    let yuan = "\u{feff}付款编号,金额(元),状态,银行流水号,失败原因\nFF1,\"1,234.5\",成功,K1,\n";
    assert_eq!(format("generic").read(yuan.as_bytes()).unwrap()[0].amount.get(), 123_450);
    for wrong in ["1.234", "-1", "", "1e3", "１"] {
        assert!(format("generic").read(yuan.replace("\"1,234.5\"", wrong).as_bytes()).is_err(), "{wrong}");
    }
}

#[test]
fn a_batch_lives_forwards_only() {
    for from in PayoutBatchState::ALL {
        for step in Step::ALL {
            if let Ok(to) = next(*from, *step) {
                assert!(*from != PayoutBatchState::Closed && *from != PayoutBatchState::Cancelled, "{from} is an end");
                assert!(to != PayoutBatchState::Draft, "nothing becomes a draft");
            }
        }
    }
}
