//! Approvals: who has to agree, in which order, for whom; and that nothing is ordered before the last of them did.

use crate::budget_changes::file;
use crate::harness::*;
use crate::procurement::{Buyer, Seller, assert_sound, fresh_key, stock};
use entity::approval_deputy;
use entity::value::{
    ApprovalRuleId, CategoryCode, DeputyId, Fen, FundSource, OrganisationId, PersonId, ProductId, Role,
};
use futures_util::future::join_all;
use liannong::approval::chain::{Rule, RuleStep, chain};
use liannong::approval::{Asked, Line, Seat, Standing, Who, standing_of};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A unit that buys, the approver it has, and a finance officer above it.
pub(crate) struct Unit {
    pub(crate) buyer: Buyer,
    pub(crate) approver: Person,
    pub(crate) seller: Seller,
    pub(crate) tea: ProductId,
}

impl Unit {
    pub(crate) async fn open(t: &TestApp, budget: i64) -> Self {
        let (seller, buyer) = (Seller::open(t).await, Buyer::with_budget(t, budget).await);
        let approver = t.member(Role::Approver, buyer.officer.member.organisation).await;
        let tea = seller.product(t, 1_000, 50).await;
        Self { buyer, approver, seller, tea }
    }

    /// A rule of the unit's: from 20 yuan on its approver, from 50 yuan on finance as well.
    pub(crate) async fn rules(&self, t: &TestApp) {
        let department = self.buyer.finance.member.organisation;
        self.rule(t, "科室审批", 2_000, json!([{ "role": "approver" }])).await;
        let finance = json!([{ "role": "finance_officer", "organisation_id": department, "remind_hours": 24 }]);
        self.rule(t, "财务审批", 5_000, finance).await;
    }

    pub(crate) async fn rule(&self, t: &TestApp, code: &str, from: i64, steps: Value) -> Value {
        let unit = self.buyer.officer.member.organisation;
        let rule = json!({ "organisation_id": unit, "code": code, "amount_from_fen": from, "steps": steps,
            "document": "《采购内控管理办法》第八条" });
        t.post("/approval-rules").by(&self.buyer.finance).json(rule).await.created()
    }

    pub(crate) async fn ask(&self, t: &TestApp, packs: i64) -> Reply {
        let body = json!({ "order": self.buyer.wanted(&[(self.tea, packs)]), "note": "三月第二周食堂用茶" });
        t.post("/purchase-requests").by(&self.buyer.officer).key(&fresh_key()).json(body).await
    }
}

pub(crate) async fn decide(t: &TestApp, by: &Person, request: &Value, act: &str, body: Value) -> Reply {
    let path = format!("/purchase-requests/{}/{act}", request["id"].as_str().unwrap());
    t.post(&path).by(by).key(&fresh_key()).version(&request["version"]).json(body).await
}

async fn detail(t: &TestApp, by: &Person, request: &Value) -> Value {
    t.get(&format!("/purchase-requests/{}", request["id"].as_str().unwrap())).by(by).await.ok()
}

async fn to_decide(t: &TestApp, by: &Person) -> usize {
    let page = t.get("/purchase-requests?to_decide=true&state=waiting").by(by).await.ok();
    page["items"].as_array().unwrap().len()
}

/// What somebody could order again: a line of their last order, paid out of their budget.
pub(crate) async fn orderable(t: &TestApp, officer: &Person) -> Value {
    let orders = t.get("/orders").by(officer).await.ok();
    let part = &orders["items"][0]["supplier_orders"][0];
    let part = t.get(&format!("/supplier-orders/{}", part["id"].as_str().unwrap())).by(officer).await.ok();
    let budget = &t.get("/budgets").by(officer).await.ok()["items"][0]["id"];
    let line = json!({ "product_id": part["lines"][0]["product_id"], "packs": 1 });
    json!({ "budget_id": budget, "deliver_to": part["deliver_to"], "lines": [line] })
}

/// One request that waits, a rule and a deputy, for the tests that try every door.
pub(crate) async fn in_the_world(t: &TestApp, finance: &Person, officer: &Person) -> Value {
    let (unit, order) = (officer.member.organisation, orderable(t, officer).await);
    let rule = json!({ "organisation_id": unit, "code": "全部采购", "amount_from_fen": 1,
        "steps": [{ "role": "approver" }], "document": "内控办法" });
    t.post("/approval-rules").by(finance).json(rule).await.created();
    let (one, other) = (t.member(Role::Approver, unit).await, t.member(Role::Approver, unit).await);
    let body = json!({ "username": t.username(&other).await, "from_date": "2026-03-02", "to_date": "2027-03-01",
        "reason": "外出培训" });
    t.post("/approval-deputies").by(&one).json(body).await.created();
    let body = json!({ "order": order });
    t.post("/purchase-requests").by(officer).key(&fresh_key()).json(body).await.created()
}

both! {
    async fn what_is_small_is_ordered_at_once_and_what_is_large_after_the_last_approval(t: TestApp) {
        let unit = Unit::open(t, 100_000).await;
        unit.rules(t).await;
        let small = unit.ask(t, 1).await.created();
        assert_eq!((&small["state"], &small["step_no"]), (&json!("placed"), &json!(0)));
        let wanted = unit.buyer.wanted(&[(unit.tea, 6)]);
        let refused = t.post("/orders").by(&unit.buyer.officer).key("direct").json(wanted).await;
        assert_eq!(refused.refused(409, "approval_required")["detail"], "该采购须经 2 个审批环节。");
        let asked = unit.ask(t, 6).await.created();
        assert_eq!((&asked["state"], &asked["total_fen"]), (&json!("waiting"), &json!(6_000)));
        // A wish holds nothing.
        assert_eq!((stock(t, unit.tea).await, unit.buyer.budget(t).await), ((50, 1), (99_000, 1_000, 0)));
        assert_eq!((to_decide(t, &unit.approver).await, to_decide(t, &unit.buyer.finance).await), (1, 0));
        decide(t, &unit.buyer.finance, &asked, "approve", json!({})).await.refused(403, "not_your_step");
        decide(t, &unit.buyer.officer, &asked, "approve", json!({})).await.refused(403, "forbidden");
        let first = decide(t, &unit.approver, &asked, "approve", json!({ "opinion": "同意" })).await.ok();
        assert_eq!((&first["state"], &first["step_no"]), (&json!("waiting"), &json!(2)));
        assert_eq!(to_decide(t, &unit.buyer.finance).await, 1);
        let last = decide(t, &unit.buyer.finance, &first, "approve", json!({})).await.ok();
        assert_eq!(last["state"], "placed");
        assert_eq!((stock(t, unit.tea).await, unit.buyer.budget(t).await), ((50, 7), (93_000, 7_000, 0)));
        let order = t.get(&format!("/orders/{}", last["order_id"].as_str().unwrap())).by(&unit.buyer.officer).await.ok();
        assert_eq!((&order["total_fen"], &order["placed_by"]), (&json!(6_000), &json!(unit.buyer.officer.member.person)));
        let path = format!("/orders/{}/approval", last["order_id"].as_str().unwrap());
        let told = t.get(&path).by(&unit.buyer.officer).await.ok();
        let kinds: Vec<_> = told["request"]["history"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
        assert_eq!(kinds, ["asked", "approved", "approved", "placed"]);
        assert_eq!(told["request"]["history"][1]["reason"], "同意");
        let stranger = Buyer::with_budget(t, 1).await;
        t.get(&path).by(&stranger.officer).await.refused(404, "not_found");
        decide(t, &unit.approver, &last, "approve", json!({})).await.refused(409, "wrong_state");
        assert_sound(t).await;
    }

    async fn what_is_sent_back_is_asked_for_again(t: TestApp) {
        let unit = Unit::open(t, 100_000).await;
        unit.rules(t).await;
        let asked = unit.ask(t, 6).await.created();
        let reason = json!({ "reason": "数量超出本周用餐人数，请核减" });
        let back = decide(t, &unit.approver, &asked, "return", reason).await.ok();
        assert_eq!(back["state"], "returned");
        decide(t, &unit.approver, &back, "approve", json!({})).await.refused(409, "wrong_state");
        let order = unit.buyer.wanted(&[(unit.tea, 3)]);
        let again = decide(t, &unit.buyer.officer, &back, "resubmit", json!({ "order": order, "note": "已核减" })).await.ok();
        assert_eq!((&again["round"], &again["total_fen"], &again["state"]), (&json!(2), &json!(3_000), &json!("waiting")));
        let placed = decide(t, &unit.approver, &again, "approve", json!({})).await.ok();
        assert_eq!(placed["state"], "placed");
        let told = detail(t, &unit.buyer.officer, &placed).await;
        let kinds: Vec<_> = told["history"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
        assert_eq!(kinds, ["asked", "returned", "asked", "approved", "placed"]);
        t.drain().await;
        let mails = t.mails();
        assert_eq!(mails.iter().filter(|mail| mail.contains("Message-ID: <request-returned.")).count(), 1);
        let withdrawn = unit.ask(t, 6).await.created();
        let withdrawn = decide(t, &unit.buyer.officer, &withdrawn, "withdraw", json!({ "reason": "计划取消" })).await.ok();
        assert_eq!(withdrawn["state"], "withdrawn");
        decide(t, &unit.approver, &withdrawn, "approve", json!({})).await.refused(409, "wrong_state");
    }

    /// Somebody who buys and approves as well does not approve what they asked for, nor does their deputy for them; and
    /// nobody agrees twice.
    async fn nobody_approves_what_they_asked_for(t: TestApp) {
        let unit = Unit::open(t, 100_000).await;
        unit.rules(t).await;
        let own = unit.buyer.officer.member.organisation;
        let both = t.also(&unit.buyer.officer, Role::Approver, own).await;
        let asked = unit.ask(t, 6).await.created();
        decide(t, &both, &asked, "approve", json!({})).await.refused(403, "four_eyes");
        decide(t, &both, &asked, "return", json!({ "reason": "x" })).await.refused(403, "four_eyes");
        assert_eq!(to_decide(t, &both).await, 0);
        let deputy = json!({ "username": t.username(&unit.approver).await, "from_date": "2026-03-01",
            "to_date": "2026-03-31", "reason": "休假" });
        t.post("/approval-deputies").by(&both).json(deputy).await.created();
        let first = decide(t, &unit.approver, &asked, "approve", json!({})).await.ok();
        let department = unit.buyer.finance.member.organisation;
        let twice = t.also(&unit.approver, Role::FinanceOfficer, department).await;
        decide(t, &twice, &first, "approve", json!({})).await.refused(403, "four_eyes");
    }

    async fn deputies_decide_between_their_days_and_steps_are_handed_on(t: TestApp) {
        let unit = Unit::open(t, 100_000).await;
        let chief = t.member(Role::Approver, unit.buyer.officer.member.organisation).await;
        let name = t.username(&chief).await;
        unit.rule(t, "主要负责人", 1, json!([{ "username": name }])).await;
        let asked = unit.ask(t, 2).await.created();
        decide(t, &unit.approver, &asked, "approve", json!({})).await.refused(403, "not_your_step");
        let deputy = json!({ "username": t.username(&unit.approver).await, "from_date": "2026-03-03",
            "to_date": "2026-03-04", "reason": "出差" });
        let deputy = t.post("/approval-deputies").by(&chief).json(deputy).await.created();
        decide(t, &unit.approver, &asked, "approve", json!({})).await.refused(403, "not_your_step");
        t.clock.advance(chrono::Duration::days(1));
        assert_eq!(to_decide(t, &unit.approver).await, 1);
        let placed = decide(t, &unit.approver, &asked, "approve", json!({})).await.ok();
        let told = detail(t, &unit.buyer.officer, &placed).await;
        assert_eq!(told["steps"][0]["decided_for"], json!(chief.member.person));
        // Ended before its time, and not by somebody else.
        let end = format!("/approval-deputies/{}/end", deputy["id"].as_str().unwrap());
        t.post(&end).by(&unit.approver).if_match("\"1\"").await.refused(404, "not_found");
        t.post(&end).by(&chief).if_match("\"1\"").await.ok();
        t.post(&end).by(&chief).if_match("\"2\"").await.refused(409, "wrong_state");
        let asked = unit.ask(t, 2).await.created();
        decide(t, &unit.approver, &asked, "approve", json!({})).await.refused(403, "not_your_step");
        // Handed on by whoever it waits for, to a colleague who did not ask.
        let hand = |to: String| json!({ "username": to, "reason": "请分管同志审批" });
        let officer = t.username(&unit.buyer.officer).await;
        decide(t, &chief, &asked, "delegate", hand(officer)).await.refused(422, "decider_unknown");
        let handed = decide(t, &chief, &asked, "delegate", hand(t.username(&unit.approver).await)).await.ok();
        let placed = decide(t, &unit.approver, &handed, "approve", json!({})).await.ok();
        assert_eq!(placed["state"], "placed");
        let told = detail(t, &unit.approver, &placed).await;
        assert_eq!(told["history"][1]["kind"], "delegated");
        assert_eq!(told["history"][1]["reason"], "请分管同志审批");
    }

    /// The rule names finance for what the budget does not cover: it waits there, and is placed once there is money.
    async fn what_would_overdraw_is_refused_or_goes_to_whom_the_rules_name(t: TestApp) {
        let unit = Unit::open(t, 3_000).await;
        let refused = unit.ask(t, 4).await.refused(409, "budget_insufficient");
        assert_eq!(refused["detail"], "可用预算 30.00 元，本次需要 40.00 元。");
        unit.rule(t, "科室审批", 1, json!([{ "role": "approver" }])).await;
        unit.ask(t, 4).await.refused(409, "budget_insufficient");
        let (finance, own) = (&unit.buyer.finance, unit.buyer.officer.member.organisation);
        let rule = json!({ "organisation_id": own, "code": "超预算", "amount_from_fen": 0, "over_budget": true,
            "steps": [{ "role": "finance_officer", "organisation_id": finance.member.organisation }],
            "document": "预算管理办法" });
        t.post("/approval-rules").by(finance).json(rule).await.created();
        let asked = unit.ask(t, 4).await.created();
        assert_eq!((&asked["state"], &asked["over_budget"]), (&json!("waiting"), &json!(true)));
        // The rule for everything comes second here: it is from a larger amount.
        let first = decide(t, finance, &asked, "approve", json!({})).await.ok();
        let short = decide(t, &unit.approver, &first, "approve", json!({})).await;
        short.refused(409, "budget_insufficient");
        assert_eq!(detail(t, &unit.approver, &first).await["state"], "waiting");
        let path = format!("/budgets/{}/changes", unit.buyer.budget);
        let more = json!({ "kind": "supplement", "amount_fen": 1_000, "document_id": file(t, finance).await,
            "reason": "追加" });
        t.post(&path).by(finance).key("more").if_match("\"1\"").json(more).await.ok();
        let placed = decide(t, &unit.approver, &first, "approve", json!({})).await.ok();
        assert_eq!((&placed["state"], unit.buyer.budget(t).await), (&json!("placed"), (0, 4_000, 0)));
    }

    async fn a_price_that_changed_is_approved_anew(t: TestApp) {
        let unit = Unit::open(t, 100_000).await;
        unit.rule(t, "科室审批", 1, json!([{ "role": "approver" }])).await;
        let asked = unit.ask(t, 2).await.created();
        t.sql("update product set unit_price_fen = 1100").await.unwrap();
        let refused = decide(t, &unit.approver, &asked, "approve", json!({})).await.refused(409, "price_changed");
        assert_eq!(refused["errors"][0]["pointer"], "/lines/0/product_id");
        let back = decide(t, &unit.approver, &asked, "return", json!({ "reason": "价格已变" })).await.ok();
        let again = decide(t, &unit.buyer.officer, &back, "resubmit", json!({})).await.ok();
        assert_eq!(again["total_fen"], 2_200);
        decide(t, &unit.approver, &again, "approve", json!({})).await.ok();
    }

    /// Two who could decide do it at once: one does, the other is told; there is one order.
    async fn of_two_who_approve_at_once_one_does(t: TestApp) {
        let unit = Unit::open(t, 100_000).await;
        unit.rule(t, "科室审批", 1, json!([{ "role": "approver" }])).await;
        let mut people = vec![unit.approver.clone()];
        for _ in 0..7 {
            people.push(t.member(Role::Approver, unit.buyer.officer.member.organisation).await);
        }
        for _ in 0..3 {
            let asked = unit.ask(t, 2).await.created();
            let replies = join_all(people.iter().map(|by| decide(t, by, &asked, "approve", json!({})))).await;
            let mut statuses: Vec<_> = replies.iter().map(|reply| reply.status).collect();
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 412, 412, 412, 412, 412, 412, 412]);
        }
        assert_eq!((stock(t, unit.tea).await, unit.buyer.budget(t).await), ((50, 6), (94_000, 6_000, 0)));
        assert_sound(t).await;
    }

    /// Reminders and the end of what nobody decides: once each, also with two servers.
    async fn the_clock_reminds_and_ends(t: TestApp) {
        let unit = Unit::open(t, 100_000).await;
        unit.rule(t, "科室审批", 1, json!([{ "role": "approver", "remind_hours": 24 }])).await;
        let asked = unit.ask(t, 2).await.created();
        let other = TestApp::configured(t, liannong::config::Config { data: t.folder().into(), ..t.app.config.clone() }).await;
        t.clock.advance(chrono::Duration::hours(25));
        let plan = liannong::listeners::CLOCK;
        let (one, two) = futures_util::join!(liannong::jobs::tick(&t.app, plan), liannong::jobs::tick(&other.app, plan));
        let (one, two) = (one.unwrap(), two.unwrap());
        let turns = one.0.iter().chain(&two.0).filter(|name| **name == "purchase.minute").count();
        assert_eq!(turns, 1);
        t.drain().await;
        let told = detail(t, &unit.approver, &asked).await;
        let kinds: Vec<_> = told["history"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
        assert_eq!(kinds, ["asked", "reminded"]);
        assert_eq!(told["version"], asked["version"], "who has it open may still decide it");
        let id = asked["id"].as_str().unwrap();
        let is_reminder = |mail: &&String| mail.contains(&format!("Message-ID: <request-waits.{id}.2."));
        let reminders = t.mails().iter().filter(is_reminder).count();
        assert_eq!(reminders, 1);
        t.clock.advance(chrono::Duration::days(31));
        liannong::jobs::tick(&t.app, plan).await.unwrap();
        let told = detail(t, &unit.approver, &asked).await;
        assert_eq!(told["state"], "expired");
        decide(t, &unit.approver, &told, "approve", json!({})).await.refused(409, "wrong_state");
    }

    async fn rules_are_versions_that_reach_down_and_no_further(t: TestApp) {
        let unit = Unit::open(t, 100_000).await;
        let (finance, officer) = (&unit.buyer.finance, &unit.buyer.officer);
        // The department's rule holds for the unit below it.
        let rule = |code: &str, steps: Value| json!({ "organisation_id": finance.member.organisation, "code": code,
            "amount_from_fen": 1, "category_code": "08", "steps": steps, "document": "通知" });
        let made = t.post("/approval-rules").by(finance).json(rule("茶叶", json!([{ "role": "approver" }]))).await.created();
        assert_eq!((&made["number"], &made["is_active"]), (&json!(1), &json!(true)));
        assert_eq!(unit.ask(t, 1).await.created()["state"], "waiting");
        let gone = t.post("/approval-rules").by(finance).json(rule("茶叶", json!([]))).await.created();
        assert_eq!((&gone["number"], &gone["is_active"]), (&json!(2), &json!(false)));
        assert_eq!(unit.ask(t, 1).await.created()["state"], "placed");
        let other = json!({ "organisation_id": unit.seller.id, "code": "x", "amount_from_fen": 1,
            "steps": [{ "role": "approver" }], "document": "通知" });
        t.post("/approval-rules").by(finance).json(other).await.refused(404, "not_found");
        t.post("/approval-rules").by(officer).json(rule("x", json!([]))).await.refused(403, "forbidden");
        for steps in [json!([{}]), json!([{ "role": "auditor" }]), json!([{ "role": "approver", "remind_hours": 0 }])] {
            t.post("/approval-rules").by(finance).json(rule("x", steps)).await.refused(400, "invalid_fields");
        }
        let nobody = json!([{ "username": "nobody" }]);
        t.post("/approval-rules").by(finance).json(rule("x", nobody)).await.refused(422, "decider_unknown");
        let listed = t.get("/approval-rules").by(finance).await.ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    }
}

/// A rule without limits.
fn rule(distance: usize, from: i64, roles: &[Role], organisation: OrganisationId) -> Rule {
    let step = |role: &Role| RuleStep { role: Some(*role), organisation: None, person: None, remind_hours: 48 };
    Rule {
        id: ApprovalRuleId::generate(),
        distance,
        organisation,
        code: format!("{distance}-{from}"),
        amount_from: Fen::new(from).unwrap(),
        category: None,
        fund_kind: None,
        over_budget: false,
        steps: roles.iter().map(step).collect(),
    }
}

fn asked(amount: i64) -> Asked {
    let line = Line { category: CategoryCode::parse("0803").unwrap(), amount: Fen::new(amount).unwrap() };
    Asked { lines: vec![line], fund_kind: FundSource::Fiscal, over_budget: false }
}

proptest! {
    /// More money never needs fewer people, whatever the rules are, and nobody stands in a chain twice.
    #[test]
    fn a_larger_amount_never_needs_fewer_steps(
        rules in proptest::collection::vec((0_usize..3, 0_i64..10_000, 0_usize..4), 0..8),
        small in 1_i64..10_000,
        more in 0_i64..10_000,
    ) {
        let unit = OrganisationId::generate();
        let roles = [[Role::Approver].as_slice(), &[Role::FinanceOfficer], &[Role::Approver, Role::FinanceOfficer], &[]];
        let rules: Vec<_> = rules.into_iter().map(|(far, from, who)| rule(far, from, roles[who], unit)).collect();
        let less = chain(unit, &rules, &asked(small)).unwrap();
        let greater = chain(unit, &rules, &asked(small + more)).unwrap();
        let names = |steps: &[liannong::approval::Needed]| steps.iter().map(|step| step.role).collect::<Vec<_>>();
        for role in names(&less) {
            prop_assert!(names(&greater).contains(&role));
        }
        let mut seen = names(&greater);
        seen.sort_unstable();
        seen.dedup();
        prop_assert_eq!(seen.len(), greater.len());
    }
}

#[test]
fn a_rule_for_a_category_looks_at_that_category_alone() {
    let unit = OrganisationId::generate();
    let mut tea = rule(0, 1_000, &[Role::Approver], unit);
    tea.category = Some(CategoryCode::parse("08").unwrap());
    let line =
        |code: &str, amount| Line { category: CategoryCode::parse(code).unwrap(), amount: Fen::new(amount).unwrap() };
    let mut asked =
        Asked { lines: vec![line("0803", 999), line("0101", 5_000)], fund_kind: FundSource::Union, over_budget: true };
    assert!(!tea.applies(&asked).unwrap());
    asked.lines.push(line("0801", 1));
    assert!(tea.applies(&asked).unwrap());
    tea.fund_kind = Some(FundSource::Fiscal);
    assert!(!tea.applies(&asked).unwrap());
}

#[test]
fn a_seat_is_taken_by_its_holder_a_delegate_or_a_deputy_and_by_nobody_else() {
    let (organisation, elsewhere) = (OrganisationId::generate(), OrganisationId::generate());
    let [chief, deputy, other] = [PersonId::generate(), PersonId::generate(), PersonId::generate()];
    let seat = Seat { role: None, organisation, person: Some(chief), delegate: None };
    let who = |person, organisation| Who { person, organisation, role: Role::Approver };
    let row = approval_deputy::Model {
        id: DeputyId::generate(),
        organisation_id: organisation,
        principal_id: chief,
        role: Role::Approver,
        deputy_id: deputy,
        from_date: date("2026-03-02"),
        to_date: date("2026-03-04"),
        reason: "出差".to_owned(),
        created_at: start_of_tests(),
        ended_at: None,
        version: 1,
    };
    let stands = |seat: &Seat, who, day: &str| standing_of(seat, &who, std::slice::from_ref(&row), date(day));
    assert_eq!(stands(&seat, who(chief, organisation), "2026-03-09"), Some(Standing::Own));
    assert_eq!(stands(&seat, who(chief, elsewhere), "2026-03-09"), None);
    for (day, standing) in [("2026-03-01", None), ("2026-03-02", Some(Standing::For(chief))), ("2026-03-05", None)] {
        assert_eq!(stands(&seat, who(deputy, organisation), day), standing, "{day}");
    }
    assert_eq!(stands(&seat, who(other, organisation), "2026-03-02"), None);
    let handed = Seat { delegate: Some(other), ..seat };
    assert_eq!(stands(&handed, who(other, organisation), "2026-03-09"), Some(Standing::For(chief)));
    let by_role = Seat { role: Some(Role::FinanceOfficer), person: None, ..seat };
    assert_eq!(stands(&by_role, who(chief, organisation), "2026-03-02"), None);
}
