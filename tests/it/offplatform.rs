//! What sales outside the platform promise: evidence twice, a word from outside, the same shares, a mark wherever they
//! are shown, and a way back.

use crate::agreement::supplier;
use crate::harness::*;
use crate::market::Market;
use crate::verify::{report, unlock};
use entity::lot;
use entity::value::{OffPlatformState as State, OffPlatformStep as Step, OrganisationKind, Role};
use liannong::offplatform::next;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

fn key() -> String {
    uuid::Uuid::now_v7().to_string()
}

fn fen(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is no amount"))
}

async fn paper(t: &TestApp, clerk: &Person) -> Value {
    let upload = t.post("/files?name=paper.pdf").by(clerk);
    upload.bytes("application/pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n".to_vec()).await.created()["id"].clone()
}

pub(crate) async fn wanted(t: &TestApp, clerk: &Person, lots: Value) -> Value {
    let today = entity::value::business_date(entity::value::Clock::now(&*t.clock));
    json!({
        "buyer_name": "某市农产品批发市场", "sold_on": today, "received_on": today, "amount_fen": 100_000,
        "evidence_file_id": paper(t, clerk).await, "payment_file_id": paper(t, clerk).await, "lots": lots,
    })
}

/// A sale of 100 kg of the market's lot, as it is recorded.
pub(crate) async fn recorded(t: &TestApp, market: &Market) -> Value {
    let clerk = &market.supplier.clerk;
    let body = wanted(t, clerk, json!([{ "lot_id": market.lot, "grams": 100_000 }])).await;
    t.post("/off-platform-sales").by(clerk).key(&key()).json(body).await.created()
}

pub(crate) async fn act(t: &TestApp, by: &Person, sale: &Value, step: &str, body: Value) -> Reply {
    let path = format!("/off-platform-sales/{}/{step}", sale["id"].as_str().unwrap());
    t.post(&path).by(by).key(&key()).version(&sale["version"]).json(body).await
}

pub(crate) async fn confirmed(t: &TestApp, market: &Market, sale: &Value) -> Value {
    act(t, &market.county.officer, sale, "confirm", json!({})).await.ok()
}

pub(crate) fn because() -> Value {
    json!({ "reason": "发票与银行回单的买方不一致" })
}

async fn left(t: &TestApp) -> i64 {
    let lot = lot::Entity::find().one(t.direct()).await.unwrap().unwrap();
    lot.total_grams.get() - lot.shipped_grams.get()
}

async fn totals(t: &TestApp, market: &Market, household: usize) -> [i64; 3] {
    let path = format!("/households/{}/statement?year=2026", market.households[household]);
    let shown = t.get(&path).by(&market.county.officer).await.ok();
    ["promised_fen", "accrued_fen", "paid_fen"].map(|name| fen(&shown["totals"][name]))
}

/// A cadre who helps the first household, and one who helps nobody.
async fn helpers(t: &TestApp, market: &Market) -> (Person, Person) {
    let unit = t.organisation(OrganisationKind::BudgetUnit, "330106").await;
    let (near, far) = (t.member(Role::HelperCadre, unit).await, t.member(Role::HelperCadre, unit).await);
    let assignment = json!({
        "household_id": market.households[0], "username": t.username(&near).await, "from_date": "2026-01-05",
        "position": "established_cadre",
    });
    t.post("/helper-assignments").by(&market.county.officer).json(assignment).await.created();
    (near, far)
}

/// A sale in a world of others, for whoever tries every door.
pub(crate) async fn in_the_world(t: &TestApp, people: &[Person]) {
    for clerk in people.iter().filter(|person| person.member.role == Role::CooperativeClerk) {
        let sale = wanted(t, clerk, json!([])).await;
        if t.post("/off-platform-sales").by(clerk).key(&key()).json(sale).await.status == 201 {
            return;
        }
    }
    panic!("nobody can share anything");
}

both! {
    /// The grower of the lot has its part once the county confirms it: owed and paid out like any other, and marked.
    async fn a_sale_elsewhere_is_shared_and_marked(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let clerk = &market.supplier.clerk;
        let body = wanted(t, clerk, json!([{ "lot_id": market.lot, "grams": 100_000 }])).await;
        let made = t.post("/off-platform-sales").by(clerk).key("s1").json(body.clone()).await.created();
        assert_eq!((&made["off_platform"], &made["state"]), (&json!(true), &json!("recorded")));
        assert_eq!(made["product_id"], json!(market.product));
        let shares = made["shares"].as_array().unwrap();
        let shared: i64 = shares.iter().map(|share| fen(&share["amount_fen"])).sum();
        assert_eq!((shared, shared + fen(&made["retained_fen"])), (fen(&made["shared_fen"]), 100_000));
        assert!(shares.iter().any(|share| share["mode"] == "produce_purchase"));
        let again = t.post("/off-platform-sales").by(clerk).key("s1").json(body).await;
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        // Until somebody outside confirms it, it is nobody's income.
        assert_eq!(totals(t, &market, 0).await, [0, 0, 0]);
        assert_eq!(left(t).await, 700_000);
        assert!(report(t).await.is_sound());

        assert_eq!(act(t, clerk, &made, "confirm", json!({})).await.status, 403);
        let done = confirmed(t, &market, &made).await;
        assert_eq!((&done["state"], &done["decisions"][0]["by_helper"]), (&json!("confirmed"), &json!(false)));
        let path = format!("/households/{}/statement?year=2026", market.households[0]);
        let shown = t.get(&path).by(&market.county.officer).await.ok();
        for agreement in shown["agreements"].as_array().unwrap() {
            assert_eq!(agreement["orders"][0]["off_platform"], true);
            assert_eq!(agreement["orders"][0]["number"], made["number"]);
        }
        let [promised, accrued, paid] = totals(t, &market, 0).await;
        assert_eq!((promised, paid), (accrued, 0));
        assert!(accrued > 0);
        // It is owed, and paid out.
        let batch = t.post("/payout-batches").by(clerk).key("b1").json(json!({ "method": "cash" })).await.created();
        assert_eq!(fen(&batch["total_fen"]), shared);
        let listed = t.get("/off-platform-sales?state=confirmed").by(&market.county.officer).await.ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
        let none = t.get("/off-platform-sales?state=recorded").by(&market.county.officer).await.ok();
        assert_eq!(none["items"].as_array().unwrap().len(), 0);
        let one = format!("/off-platform-sales/{}", made["id"].as_str().unwrap());
        assert_eq!(t.get(&one).by(clerk).await.ok()["shares"].as_array().unwrap().len(), shares.len());
        let rival = supplier(t, "522625").await;
        t.get(&one).by(&rival.clerk).await.refused(404, "not_found");
        // The receipt proves it like any other income, and its kind says what it is.
        crate::seal::seal_all(t).await;
        let receipt = t.get(&format!("/households/{}/receipt?year=2026", market.households[0]));
        let receipt = receipt.by(&market.county.officer).await.ok();
        assert!(receipt["postings"].as_array().unwrap().iter().all(|posting| posting["kind"] == "off_platform"));
        let proven = t.post("/receipts/verify").json(receipt).await.ok();
        assert_eq!((&proven["is_valid"], &proven["proves"]["accrued_fen"]), (&json!(true), &json!(accrued)));
        let sound = report(t).await;
        assert!(sound.is_sound() && sound.off_platform == 1, "{sound}");
        assert!(sound.to_string().contains("1 sales off platform 平台外销售"), "{sound}");
    }

    /// A helper of a household that shares can say that it is so; another's cannot even see it.
    async fn a_helper_confirms_what_its_household_shares_in(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let made = recorded(t, &market).await;
        let (near, far) = helpers(t, &market).await;
        let path = format!("/off-platform-sales/{}", made["id"].as_str().unwrap());
        t.get(&path).by(&far).await.refused(404, "not_found");
        act(t, &far, &made, "confirm", json!({})).await.refused(404, "not_found");
        let seen = t.get(&path).by(&near).await.ok();
        let whose = |share: &Value| share["household"]["id"] == json!(market.households[0]);
        assert!(seen["shares"].as_array().unwrap().iter().all(whose), "{}", seen["shares"]);
        let done = act(t, &near, &made, "confirm", json!({})).await.ok();
        assert_eq!((&done["state"], &done["decisions"][0]["by_helper"]), (&json!("confirmed"), &json!(true)));
        act(t, &near, &done, "reverse", because()).await.refused(403, "forbidden");
        assert!(totals(t, &market, 0).await[1] > 0);
        assert!(report(t).await.is_sound());
    }

    /// What is refused or withdrawn never was income, its produce can be sold again, and it is decided once.
    async fn what_is_refused_never_was(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let (clerk, officer) = (&market.supplier.clerk, &market.county.officer);
        let refused = recorded(t, &market).await;
        act(t, officer, &refused, "refuse", json!({ "reason": " " })).await.refused(400, "invalid_fields");
        let refused = act(t, officer, &refused, "refuse", because()).await.ok();
        assert_eq!((&refused["state"], &refused["decisions"][0]["reason"]), (&json!("refused"), &because()["reason"]));
        let withdrawn = recorded(t, &market).await;
        let stale = json!({ "id": withdrawn["id"], "version": 7 });
        act(t, clerk, &stale, "withdraw", because()).await.refused(412, "stale_version");
        let withdrawn = act(t, clerk, &withdrawn, "withdraw", because()).await.ok();
        assert_eq!(withdrawn["state"], "withdrawn");
        assert_eq!(left(t).await, 800_000);
        for sale in [&refused, &withdrawn] {
            act(t, officer, sale, "confirm", json!({})).await.refused(409, "off_platform_state");
            act(t, officer, sale, "reverse", because()).await.refused(409, "off_platform_state");
        }
        assert_eq!(totals(t, &market, 0).await, [0, 0, 0]);
        assert!(report(t).await.is_sound());
    }

    /// Reversed before anything was handed over, all is as it was; afterwards households keep what they have, and the
    /// cooperative bears it. What is on its way is waited for.
    async fn what_turns_out_wrong_is_reversed(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let (clerk, officer) = (&market.supplier.clerk, &market.county.officer);
        let first = recorded(t, &market).await;
        let first = confirmed(t, &market, &first).await;
        let first = act(t, officer, &first, "reverse", because()).await.ok();
        assert_eq!((&first["state"], totals(t, &market, 0).await), (&json!("reversed"), [0, 0, 0]));
        assert_eq!(left(t).await, 800_000);
        assert!(report(t).await.is_sound(), "{}", report(t).await);

        let second = recorded(t, &market).await;
        let second = confirmed(t, &market, &second).await;
        let open = t.get("/payables?open=true").by(clerk).await.ok();
        let one = open["items"].as_array().unwrap().iter()
            .find(|item| item["household"]["id"] == json!(market.households[0]) && item["mode"] == "produce_purchase").unwrap().clone();
        let handed = fen(&one["open_fen"]) / 2;
        let batch = t.post("/payout-batches").by(clerk).key(&key()).json(json!({ "method": "cash" })).await.created();
        act(t, officer, &second, "reverse", because()).await.refused(409, "off_platform_on_its_way");
        let cancel = format!("/payout-batches/{}/cancel", batch["id"].as_str().unwrap());
        t.post(&cancel).by(clerk).version(&batch["version"]).json(json!({ "reason": "重新制单" })).await.ok();
        let payout = json!({
            "paid_on": "2026-03-02", "method": "bank_transfer", "evidence_file_id": paper(t, clerk).await,
            "payouts": [{ "agreement_id": one["agreement_id"], "amount_fen": handed, "reference": "PW-1" }],
        });
        crate::payout::handed_out(t, clerk, payout).await;
        act(t, officer, &second, "reverse", because()).await.ok();
        assert_eq!(totals(t, &market, 0).await, [0, handed, handed]);
        assert_eq!(totals(t, &market, 1).await, [0, 0, 0]);
        let clawback = liannong::ledger::Account::supplier_clawback(market.supplier.id);
        let borne = liannong::ledger::balance(t.app.reader(), &clawback).await.unwrap();
        assert_eq!(borne.debit.get() - borne.credit.get(), handed);
        let open = t.get("/payables?open=true").by(clerk).await.ok();
        assert_eq!(open["items"], json!([]));
        assert!(report(t).await.is_sound(), "{}", report(t).await);
        // Whoever makes the household give it back behind the house's back is found.
        unlock(t, "entry").await;
        let up = "update entry set amount_fen = amount_fen + 1 where posting_id in (select posting_id from off_platform_decision where step = 'reverse') and side = 'debit'
                    and account_id in (select id from account where kind = 'household_payable')";
        t.sql(up).await.unwrap();
        assert!(!report(t).await.is_sound());
    }

    /// No kilo is sold twice, and nothing without two papers of one's own.
    async fn what_makes_no_sense_is_refused(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let clerk = &market.supplier.clerk;
        let whole = wanted(t, clerk, json!([{ "lot_id": market.lot, "grams": 800_000 }])).await;
        t.post("/off-platform-sales").by(clerk).key(&key()).json(whole.clone()).await.created();
        let more = wanted(t, clerk, json!([{ "lot_id": market.lot, "grams": 1 }])).await;
        assert_eq!(t.post("/off-platform-sales").by(clerk).key(&key()).json(more.clone()).await.status, 409);
        let refuse = async |change: &dyn Fn(&mut Value)| {
            let mut body = more.clone();
            body["lots"] = json!([]);
            change(&mut body);
            t.post("/off-platform-sales").by(clerk).key(&key()).json(body).await.refused(400, "invalid_fields")["errors"][0]["pointer"].clone()
        };
        assert_eq!(refuse(&|b| b["amount_fen"] = json!(0)).await, "/amount_fen");
        assert_eq!(refuse(&|b| b["received_on"] = json!("2026-03-03")).await, "/received_on");
        assert_eq!(refuse(&|b| b["payment_file_id"] = b["evidence_file_id"].clone()).await, "/payment_file_id");
        assert_eq!(refuse(&|b| b["buyer_name"] = json!(" ")).await, "/buyer_name");
        let rival = supplier(t, "522625").await;
        let mut foreign = wanted(t, &rival.clerk, json!([{ "lot_id": market.lot, "grams": 900_000 }])).await;
        let reply = t.post("/off-platform-sales").by(&rival.clerk).key(&key()).json(foreign.clone()).await;
        assert_eq!(reply.refused(400, "invalid_fields")["errors"][0]["pointer"], "/lots/0/lot_id");
        foreign["evidence_file_id"] = whole["evidence_file_id"].clone();
        t.post("/off-platform-sales").by(&rival.clerk).key(&key()).json(foreign).await.refused(422, "file_unknown");
        let no_plan = wanted(t, &rival.clerk, json!([])).await;
        t.post("/off-platform-sales").by(&rival.clerk).key(&key()).json(no_plan).await.refused(422, "off_platform_no_plan");
    }

    /// Whatever is changed about a sale behind the house's back is found.
    async fn a_changed_sale_is_found(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let sale = recorded(t, &market).await;
        confirmed(t, &market, &sale).await;
        assert!(report(t).await.is_sound(), "{}", report(t).await);
        for (table, change, back) in [
            ("off_platform_share", "amount_fen = amount_fen + 1 where line_no = 1", "amount_fen = amount_fen - 1 where line_no = 1"),
            ("off_platform_sale", "amount_fen = amount_fen + 1", "amount_fen = amount_fen - 1"),
            ("off_platform_sale", "state = 'recorded'", "state = 'confirmed'"),
            ("off_platform_sale", "inputs = replace(inputs, '100000', '100001')", "inputs = replace(inputs, '100001', '100000')"),
        ] {
            unlock(t, table).await;
            t.sql(&format!("update {table} set {change}")).await.unwrap();
            let fault = report(t).await.fault.unwrap_or_else(|| panic!("{table}: {change} was not found"));
            assert_eq!(fault.table, "off_platform_sale", "{table}: {change}: {}", fault.en);
            t.sql(&format!("update {table} set {back}")).await.unwrap();
        }
        unlock(t, "off_platform_decision").await;
        t.sql("delete from off_platform_decision").await.unwrap();
        assert!(!report(t).await.is_sound());
    }
}

#[test]
fn a_sale_is_decided_once() {
    let mut leads = Vec::new();
    for from in State::ALL {
        for step in Step::ALL {
            if let Ok(to) = next(*from, *step) {
                leads.push(format!("{from} -{step}-> {to}"));
            }
        }
    }
    let expected = [
        "recorded -confirm-> confirmed",
        "recorded -refuse-> refused",
        "recorded -withdraw-> withdrawn",
        "confirmed -reverse-> reversed",
    ];
    assert_eq!(leads, expected);
}
