//! Budgets: who may grant them, who sees them, and what is available, bound and spent.

use crate::harness::*;
use entity::value::role::Role;
use entity::value::state::OrganisationKind;
use entity::value::{BudgetId, Fen, OrderGroupId, OrganisationId, SupplierOrderId};
use liannong::access::Actor;
use liannong::ledger::{self, Account, Posting};
use liannong::problem::Failure;
use liannong::{budget, db};
use serde_json::{Value, json};

/// A finance department in Guiyang, a unit two levels below it, and a unit of somebody else.
struct Tree {
    finance: Person,
    buyer: Person,
    unit: OrganisationId,
    stranger: OrganisationId,
}

async fn tree(t: &TestApp) -> Tree {
    let department = t.organisation(OrganisationKind::FinanceDepartment, "520100").await;
    let above = t.organisation_below(OrganisationKind::SupervisingUnit, "520100", Some(department)).await;
    let unit = t.organisation_below(OrganisationKind::BudgetUnit, "520100", Some(above)).await;
    let stranger = t.organisation(OrganisationKind::BudgetUnit, "520100").await;
    let finance = t.member(Role::FinanceOfficer, department).await;
    Tree { finance, buyer: t.member(Role::ProcurementOfficer, unit).await, unit, stranger }
}

fn wanted(unit: OrganisationId, fund: &str) -> Value {
    json!({ "unit_id": unit, "year": 2026, "fund_source": fund, "amount_fen": 500_000 })
}

fn id_of(budget: &Value) -> BudgetId {
    budget["id"].as_str().unwrap().parse().unwrap()
}

fn fen(amount: i64) -> Fen {
    Fen::new(amount).unwrap()
}

async fn bind(t: &TestApp, budget: BudgetId, unit: OrganisationId, parts: &[i64]) -> Result<(), Failure> {
    let parts: Vec<_> = parts.iter().map(|amount| (SupplierOrderId::generate(), fen(*amount))).collect();
    let group = OrderGroupId::generate();
    t.app
        .transact(&Actor::System, async |tx| {
            let found = budget::find_for_unit(tx, budget, unit).await?.ok_or(budget::BudgetError::NotFound)?;
            budget::encumber(tx, &found, group, &parts).await
        })
        .await
}

both! {
    async fn a_finance_officer_grants_a_unit_below_a_budget(t: TestApp) {
        let Tree { finance, buyer, unit, .. } = tree(t).await;
        let made = t.post("/budgets").by(&finance).key("g-1").json(wanted(unit, "公用经费")).await.created();
        assert_eq!(made["available_fen"], 500_000);
        assert_eq!((&made["encumbered_fen"], &made["spent_fen"]), (&json!(0), &json!(0)));
        let path = format!("/budgets/{}", id_of(&made));
        assert_eq!(t.get(&path).by(&finance).await.ok(), made);
        assert_eq!(t.get(&path).by(&buyer).await.ok(), made);
        let available = Account::budget_available(id_of(&made));
        assert_eq!(ledger::balance(t.direct(), &available).await.unwrap().debit, fen(500_000));
    }

    async fn the_same_grant_sent_again_gives_no_second_budget(t: TestApp) {
        let Tree { finance, unit, .. } = tree(t).await;
        let first = t.post("/budgets").by(&finance).key("g-1").json(wanted(unit, "公用经费")).await;
        let again = t.post("/budgets").by(&finance).key("g-1").json(wanted(unit, "公用经费")).await;
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!(first.created(), again.created());
        t.post("/budgets").by(&finance).key("g-2").json(wanted(unit, "公用经费")).await.refused(409, "already_exists");
        let listed = t.get("/budgets").by(&finance).await.ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    }

    async fn only_a_unit_below_can_be_granted_a_budget(t: TestApp) {
        let Tree { finance, buyer, stranger, unit } = tree(t).await;
        let grant = |unit| t.post("/budgets").by(&finance).json(wanted(unit, "公用经费"));
        grant(stranger).key("a").await.refused(404, "not_found");
        grant(finance.member.organisation).key("b").await.refused(404, "not_found");
        grant(OrganisationId::generate()).key("c").await.refused(404, "not_found");
        grant(unit).await.refused(400, "idempotency_key_missing");
        t.post("/budgets").by(&buyer).key("d").json(wanted(unit, "x")).await.refused(403, "forbidden");
        assert_eq!(t.get("/budgets").by(&finance).await.ok()["items"], json!([]));
    }

    async fn what_makes_no_sense_is_named(t: TestApp) {
        let Tree { finance, unit, .. } = tree(t).await;
        let cases = [
            ("/year", json!({ "year": 1999 })),
            ("/year", json!({ "year": 2101 })),
            ("/amount_fen", json!({ "amount_fen": 0 })),
            ("/amount_fen", json!({ "amount_fen": -1 })),
            ("/amount_fen", json!({ "amount_fen": 9_007_199_254_740_992_i64 })),
            ("/amount_fen", json!({ "amount_fen": 1.5 })),
            ("/fund_source", json!({ "fund_source": "  " })),
            ("/fund_source", json!({ "fund_source": "a\u{0}b" })),
            ("/fund_source", json!({ "fund_source": "长".repeat(101) })),
            ("/colour", json!({ "colour": "red" })),
        ];
        for (number, (pointer, change)) in cases.into_iter().enumerate() {
            let mut body = wanted(unit, "公用经费");
            body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            let key = format!("bad-{number}");
            let problem = t.post("/budgets").by(&finance).key(&key).json(body).await.refused(400, "invalid_fields");
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        }
        assert_eq!(t.get("/budgets").by(&finance).await.ok()["items"], json!([]));
    }

    async fn a_budget_is_seen_by_its_unit_and_by_those_above(t: TestApp) {
        let Tree { finance, buyer, unit, stranger } = tree(t).await;
        let made = t.post("/budgets").by(&finance).key("g").json(wanted(unit, "公用经费")).await.created();
        let path = format!("/budgets/{}", id_of(&made));
        let audit = t.organisation(OrganisationKind::AuditOffice, "520100").await;
        let auditor = t.member(Role::Auditor, audit).await;
        t.get(&path).by(&auditor).await.ok();
        let outsider = t.member(Role::ProcurementOfficer, stranger).await;
        t.get(&path).by(&outsider).await.refused(404, "not_found");
        assert_eq!(t.get("/budgets").by(&outsider).await.ok()["items"], json!([]));
        t.get(&path).await.refused(401, "unauthenticated");
        let clerk = t.member(Role::CooperativeClerk, stranger).await;
        t.get(&path).by(&clerk).await.refused(403, "forbidden");
        t.get("/budgets/nonsense").by(&buyer).await.refused(404, "not_found");
    }

    async fn budgets_are_listed_newest_first_by_unit_and_year(t: TestApp) {
        let Tree { finance, unit, .. } = tree(t).await;
        for number in 0..3 {
            let fund = format!("来源{number}");
            t.post("/budgets").by(&finance).key(&fund_key(number)).json(wanted(unit, &fund)).await.created();
        }
        let first = t.get("/budgets?limit=2").by(&finance).await.ok();
        let funds = |page: &Value| {
            let items = page["items"].as_array().unwrap().iter();
            items.map(|item| item["fund_source"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(funds(&first), ["来源2", "来源1"]);
        let next = format!("/budgets?limit=2&cursor={}", first["next"].as_str().unwrap());
        let second = t.get(&next).by(&finance).await.ok();
        assert_eq!((funds(&second), &second["next"]), (vec!["来源0".to_owned()], &Value::Null));
        assert_eq!(funds(&t.get("/budgets?year=2025").by(&finance).await.ok()), [""; 0]);
        assert_eq!(funds(&t.get(&format!("/budgets?unit={unit}&year=2026")).by(&finance).await.ok()).len(), 3);
        t.get("/budgets?limit=101").by(&finance).await.refused(400, "invalid_fields");
    }

    async fn orders_bind_what_is_available_and_no_more(t: TestApp) {
        let Tree { finance, unit, .. } = tree(t).await;
        let made = t.post("/budgets").by(&finance).key("g").json(wanted(unit, "公用经费")).await.created();
        let id = id_of(&made);
        bind(t, id, unit, &[200_000, 100_000]).await.unwrap();
        let refusal = bind(t, id, unit, &[200_001]).await.unwrap_err();
        assert_eq!(refusal.problem().kind.code, "budget_insufficient");
        assert_eq!(refusal.problem().detail.zh, "可用预算 2000.00 元，本次需要 2000.01 元。");
        assert_eq!(refusal.problem().detail.en, "2000.00 yuan are available, 2000.01 yuan are needed.");
        bind(t, id, unit, &[200_000]).await.unwrap();
        let shown = t.get(&format!("/budgets/{id}")).by(&finance).await.ok();
        assert_eq!((&shown["available_fen"], &shown["encumbered_fen"]), (&json!(0), &json!(500_000)));
    }

    /// Ten at once want the last fen: one has it, nine are told so.
    async fn the_last_fen_is_bound_once(t: TestApp) {
        let Tree { finance, unit, .. } = tree(t).await;
        let made = t.post("/budgets").by(&finance).key("g").json(wanted(unit, "公用经费")).await.created();
        let id = id_of(&made);
        bind(t, id, unit, &[499_999]).await.unwrap();
        let outcomes = futures_util::future::join_all((0..10).map(|_| bind(t, id, unit, &[1]))).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        for refusal in outcomes.into_iter().filter_map(Result::err) {
            assert_eq!(refusal.problem().kind.code, "budget_insufficient", "{refusal}");
        }
        let shown = t.get(&format!("/budgets/{id}")).by(&finance).await.ok();
        assert_eq!((&shown["available_fen"], &shown["encumbered_fen"]), (&json!(0), &json!(500_000)));
    }

    async fn what_was_bound_is_spent_or_given_back(t: TestApp) {
        let Tree { finance, unit, .. } = tree(t).await;
        let made = t.post("/budgets").by(&finance).key("g").json(wanted(unit, "公用经费")).await.created();
        let id = id_of(&made);
        bind(t, id, unit, &[300_000]).await.unwrap();
        let order = SupplierOrderId::generate();
        let supplier = OrganisationId::generate();
        let day = date("2026-03-02");
        let paid = Posting::new(format!("supplier_order:{order}:paid"), "paid", day, order.uuid());
        let paid = budget::spend(paid, id, order, fen(120_000));
        let receivable = Account::buyer_receivable(supplier, unit);
        let owed = Posting::new(format!("supplier_order:{order}:accepted"), "accepted", day, order.uuid())
            .debit(receivable, fen(120_000), Some(order))
            .credit(Account::supplier_revenue(supplier), fen(120_000), Some(order));
        let postings = vec![owed, paid, budget::release(id, order, fen(180_000), day)];
        let post = async |tx: &db::Tx| ledger::post_all(tx, postings.clone()).await;
        t.app.transact(&Actor::System, post).await.unwrap();
        let shown = t.get(&format!("/budgets/{id}")).by(&finance).await.ok();
        assert_eq!(shown["available_fen"], 380_000);
        assert_eq!((&shown["encumbered_fen"], &shown["spent_fen"]), (&json!(0), &json!(120_000)));
    }
}

fn fund_key(number: i32) -> String {
    format!("fund-{number}")
}
