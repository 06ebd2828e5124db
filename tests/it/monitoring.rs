//! Watching over households: rules and their trials, the night, clues, measures, and a risk that is gone.

mod events;
mod figures;
mod rules;

use crate::adjustment::{Place, carried, file, place, said, step};
use crate::harness::*;
use crate::household::{County, couple};
use crate::market::Market;
use crate::reminder::told;
use crate::welfare::{entered, row, threshold};
use chrono::Duration;
use entity::value::{
    ClueKind, DisputeId, EvidenceGrade, Fen, HouseholdId, HouseholdStatusKind, IncomeItem, MonitoringRuleId,
    MonitoringRuleState, OrganisationId, OrganisationKind, PersonId, Role, SupplierOrderId,
};
use entity::{monitoring_clue, monitoring_rule, organisation};
use liannong::access::Actor;
use liannong::db::counting_statements;
use liannong::monitoring::{self, At, Events, MonitoringError, Moved, NewClue, Numbers, Upheld, gives};
use liannong::welfare::{Facts, Surveyed, Window};
use proptest::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Makes the risk of a household of this county go away, as far as figures say.
pub(crate) async fn above_the_line(t: &TestApp, officer: &Person, household: &Value) {
    threshold(t, officer, officer.member.division.as_str(), 700_000).await;
    entered(t, officer, household, row("wage", 9_000_000)).await;
}

fn rule(kind: &str, numbers: Value) -> Value {
    let mut wanted = json!({ "kind": kind, "reason": "按省级监测要求设定。" });
    wanted.as_object_mut().unwrap().extend(numbers.as_object().unwrap().clone());
    wanted
}

async fn drafted(t: &TestApp, by: &Person, kind: &str, numbers: Value) -> Value {
    t.post("/monitoring-rules").by(by).json(rule(kind, numbers)).await.created()
}

fn path(rule: &Value, step: &str) -> String {
    format!("/monitoring-rules/{}{step}", rule["id"].as_str().unwrap())
}

async fn tried(t: &TestApp, by: &Person, rule: &Value, from: &str, to: &str) -> Value {
    t.post(&path(rule, "/trials")).by(by).json(json!({ "from_on": from, "to_on": to })).await.created()
}

/// Written down by one, tried, switched on by another.
async fn watching(t: &TestApp, place: &Place, kind: &str, numbers: Value) -> Value {
    let rule = drafted(t, &place.county.officer, kind, numbers).await;
    tried(t, &place.county.officer, &rule, "2026-01-01", "2026-03-01").await;
    t.post(&path(&rule, "/switch-on")).by(&place.decider).version(&rule["version"]).await.ok()
}

async fn clues(t: &TestApp, by: &Person, query: &str) -> Vec<Value> {
    t.get(&format!("/clues{query}")).by(by).await.ok()["items"].as_array().unwrap().clone()
}

async fn act(t: &TestApp, by: &Person, clue: &Value, step: &str, body: Value) -> Reply {
    let path = format!("/clues/{}/{step}", clue["id"].as_str().unwrap());
    t.post(&path).by(by).version(&clue["version"]).json(body).await
}

pub(crate) async fn flagged(t: &TestApp, household: &Value) -> String {
    let household: HouseholdId = household.as_str().unwrap().parse().unwrap();
    let open = async |tx: &_| -> Result<_, MonitoringError> {
        let figures = json!({ "source": "市场监管部门", "what": "名下登记有个体工商户" });
        monitoring::open_clue(tx, NewClue { household, figures }).await
    };
    t.app.transact(&Actor::System, open).await.unwrap().to_string()
}

fn measure() -> Value {
    json!({
        "risk": "industry", "kind": "industry", "content": "协调合作社兑付拖欠的收购款。", "begun_on": "2026-03-01",
        "due_on": "2026-12-31", "responsible": "驻村第一书记", "amount_fen": 50_000,
    })
}

/// A rule, a clue and a measure in the county of an officer, for who looks at everything there is.
pub(crate) async fn in_the_world(t: &TestApp, officer: &Person) {
    drafted(t, officer, "arrears", json!({ "days": 60 })).await;
    let households = t.get("/households").by(officer).await.ok();
    let known = &households["items"][0];
    flagged(t, &known["id"]).await;
    let mut wanted = couple(known["village_id"].as_str().unwrap().parse().unwrap(), 9001);
    wanted["status"]["status"] = json!("monitored_unstable");
    let monitored = t.post("/households").by(officer).json(wanted).await.created();
    let path = format!("/households/{}/measures", monitored["id"].as_str().unwrap());
    t.post(&path).by(officer).json(measure()).await.created();
    threshold(t, officer, officer.member.division.as_str(), 700_000).await;
}

/// The people of a market's county, with its village below a township.
async fn people_of(t: &TestApp, market: &Market) -> Place {
    let village = market.county.village;
    let township = t.organisation(OrganisationKind::Township, "522625").await;
    let moved = organisation::Entity::update_many()
        .col_expr(organisation::Column::ParentId, Expr::value(township))
        .filter(organisation::Column::Id.eq(village));
    assert_eq!(moved.exec(t.direct()).await.unwrap().rows_affected, 1);
    let office = market.county.officer.member.organisation;
    Place {
        county: County { officer: market.county.officer.clone(), village },
        villager: t.member(Role::VillageOfficer, village).await,
        township: t.member(Role::TownshipOfficer, township).await,
        decider: t.member(Role::RevitalisationOfficer, office).await,
    }
}

/// Everything that is owed to a household is paid out by two people, with evidence.
async fn paid_what_is_owed(t: &TestApp, market: &Market, household: HouseholdId) {
    let owed = t.get("/payables?open=true").by(&market.supplier.clerk).await.ok();
    let items = owed["items"].as_array().unwrap().iter().enumerate();
    let payouts: Vec<Value> = items
        .filter(|(_, one)| one["household"]["id"] == json!(household) || one["household_id"] == json!(household))
        .map(|(number, one)| {
            json!({
                "agreement_id": one["agreement_id"], "amount_fen": one["open_fen"], "reference": format!("BF-{number}"),
            })
        })
        .collect();
    assert!(!payouts.is_empty(), "{owed}");
    let today = entity::value::business_date(t.clock_now());
    let batch = json!({
        "paid_on": today, "method": "bank_transfer", "evidence_file_id": market.evidence(t).await, "payouts": payouts,
    });
    crate::payout::handed_out(t, &market.supplier.clerk, batch).await;
}

/// A household of a place is merged into another; gives it as it was before.
async fn merged(t: &TestApp, place: &Place, (old, into): (HouseholdId, HouseholdId)) -> Value {
    let people = t.get(&format!("/households/{old}")).by(&place.county.officer).await.ok();
    let placed: Vec<Value> = people["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| json!({ "member_id": member["id"], "relation": "other" }))
        .collect();
    let merge = json!({
        "kind": "merge", "origin": "own_report", "text": "两户合并居住。", "household_id": into, "other_household_id": old,
        "happened_on": "2026-03-02", "placed": placed,
    });
    let case = t.post("/adjustments").by(&place.villager).json(merge).await.created();
    carried(t, place, case).await;
    people
}

both! {
    /// A cooperative owes a household for long: a clue, a case, a measure, the payment, and the risk is gone.
    async fn what_a_cooperative_owes_leads_to_help_and_its_payment_out_of_it(t: TestApp) {
        t.tells_the_examples();
        let market = Market::with_enterprise(t).await;
        market.settled(t, 6, 6).await;
        let place = people_of(t, &market).await;
        let (officer, villager) = (&place.county.officer, &place.villager);
        let household = json!(market.households[0]);

        let rule = drafted(t, officer, "arrears", json!({ "days": 30 })).await;
        t.post(&path(&rule, "/switch-on")).by(&place.decider).version(&rule["version"]).await.refused(409, "rule_untried");
        assert_eq!(tried(t, officer, &rule, "2026-01-01", "2026-03-01").await["clues"], 0);
        t.post(&path(&rule, "/switch-on")).by(officer).version(&rule["version"]).await.refused(403, "four_eyes");
        t.post(&path(&rule, "/switch-on")).by(&place.decider).version(&rule["version"]).await.ok();
        t.clock.advance(Duration::days(30));
        assert_eq!(monitoring::night(&t.app).await.unwrap(), 0, "thirty days are not more than thirty");
        t.clock.advance(Duration::days(1));
        assert_eq!(monitoring::night(&t.app).await.unwrap(), 3);
        assert_eq!(monitoring::night(&t.app).await.unwrap(), 0, "one open clue a household and rule");

        let own = clues(t, villager, &format!("?household_id={}", market.households[0])).await;
        assert_eq!((own.len(), &own[0]["kind"], &own[0]["rule_id"]), (1, &json!("arrears"), &rule["id"]));
        let owed = &own[0]["figures"]["owed"][0];
        assert_eq!((&owed["supplier_id"], &owed["since"]), (&json!(market.supplier.id), &json!("2026-03-02")));
        assert!(owed["open_fen"].as_i64().unwrap() > 0);
        assert_eq!(clues(t, villager, "").await.len(), 2, "the third lives in another village");
        let why = json!({ "text": "合作社拖欠收购款已逾一月。" });
        act(t, villager, &own[0], "take-up", why.clone()).await.refused(422, "clue_needs_case");
        let mut taking = why;
        taking["status"] = json!("monitored_unstable");
        taking["cause"] = json!("industry");
        let taken = act(t, villager, &own[0], "take-up", taking.clone()).await.ok();
        assert_eq!(taken["state"], "taken_up");
        let case = t.get(&format!("/adjustments/{}", taken["adjustment_id"].as_str().unwrap())).by(villager).await.ok();
        assert_eq!((&case["kind"], &case["origin"]), (&json!("return_to_poverty"), &json!("department_warning")));
        act(t, villager, &taken, "take-up", taking).await.refused(409, "wrong_state");
        carried(t, &place, case).await;

        let measures = format!("/households/{}/measures", household.as_str().unwrap());
        let help = t.post(&measures).by(villager).json(measure()).await.created();
        let line = threshold(t, officer, "522625", 750_000).await;
        let mut wage = row("wage", 1_500_000);
        wage["from_on"] = json!("2025-06-01");
        wage["to_on"] = json!("2026-02-28");
        entered(t, villager, &household, wage).await;
        let gone = json!({
            "kind": "risk_removal", "origin": "visit", "text": "拖欠款已兑付。", "household_id": household,
        });
        let refused = t.post("/adjustments").by(villager).json(gone.clone()).await.refused(409, "risk_remains");
        let unmet = refused["errors"].as_array().unwrap();
        assert_eq!(unmet.len(), 2, "{refused}");
        let income = unmet[0]["detail"].as_str().unwrap();
        assert_eq!(income.matches("7500.00").count(), 2, "{income}");

        paid_what_is_owed(t, &market, market.households[0]).await;
        let shown = t.get(&format!("/households/{}/income", household.as_str().unwrap())).by(villager).await.ok();
        assert_eq!((&shown["verdict"], &shown["threshold"]["id"]), (&json!("above_range"), &line["id"]));
        assert!(shown["rolling"]["figures"]["operating"]["platform_fen"].as_i64().unwrap() > 0);
        assert!(shown["rolling"]["figures"]["property"]["platform_fen"].as_i64().unwrap() > 0);
        let running = t.post("/adjustments").by(villager).json(gone.clone()).await.refused(409, "risk_remains");
        assert_eq!(running["errors"].as_array().unwrap().len(), 1, "the measure is under way: {running}");

        let of = |step: &str| format!("/measures/{}/{step}", help["id"].as_str().unwrap());
        let on = json!({ "text": "已约定兑付日期。" });
        let help = t.post(&of("progress")).by(villager).version(&help["version"]).json(on).await.ok();
        let mut done = json!({ "is_done": true, "text": "拖欠款已全部到户。" });
        t.post(&of("finish")).by(villager).version(&help["version"]).json(done.clone()).await.refused(400, "invalid_fields");
        done["evidence_file_id"] = json!(file(t, villager).await);
        let help = t.post(&of("finish")).by(villager).version(&help["version"]).json(done.clone()).await.ok();
        assert_eq!((&help["state"], help["steps"].as_array().unwrap().len()), (&json!("done"), 2));
        t.post(&of("finish")).by(villager).version(&help["version"]).json(done).await.refused(409, "wrong_state");

        let case = t.post("/adjustments").by(villager).json(gone).await.created();
        let case = carried(t, &place, case).await;
        let now = t.get(&format!("/households/{}", household.as_str().unwrap())).by(villager).await.ok();
        assert_eq!((&case["state"], &now["status"]), (&json!("effective"), &json!("registered")));
        let shown = t.get("/counties/522625/monitoring").by(officer).await.ok();
        assert_eq!((&shown["monitored"], &shown["clues"][0]["waiting"]), (&json!(0), &json!(2)));
        assert_eq!(shown["last_run"]["households"], 3);
    }

    /// The figures are asked again when the county decides: an income that fell meanwhile stops the case.
    async fn a_risk_that_came_back_meanwhile_is_not_gone(t: TestApp) {
        let place = place(t, "522625").await;
        let household = place.household(t, 1, "monitored_unstable").await;
        above_the_line(t, &place.county.officer, &household["id"]).await;
        let gone = json!({
            "kind": "risk_removal", "origin": "visit", "text": "收入稳定。", "household_id": household["id"],
        });
        let case = t.post("/adjustments").by(&place.villager).json(gone).await.created();
        let visit = json!({
            "visited_on": "2026-03-02", "visitors": "驻村第一书记", "consented_on": "2026-03-02", "findings": "情况属实。",
            "consent_file_id": file(t, &place.villager).await,
        });
        let case = step(t, &place.villager, &case, "check", visit).await.ok();
        let vote = json!({
            "held_on": "2026-03-02", "eligible": 30, "present": 20, "in_favour": 20, "against": 0, "abstained": 0,
            "minutes_file_id": file(t, &place.villager).await,
        });
        let case = step(t, &place.villager, &case, "review", vote).await.ok();
        let case = step(t, &place.villager, &case, "publicise", json!({ "place": "公开栏" })).await.ok();
        t.clock.advance(Duration::days(5));
        let case = step(t, &place.villager, &case, "submit", said("期满")).await.ok();
        let case = step(t, &place.township, &case, "endorse", said("同意")).await.ok();
        entered(t, &place.villager, &household["id"], row("illness", 8_000_000)).await;
        flagged(t, &household["id"]).await;
        let refused = step(t, &place.decider, &case, "approve", said("通过")).await.refused(409, "risk_remains");
        assert_eq!(refused["errors"].as_array().unwrap().len(), 2, "{refused}");
        let now = t.get(&format!("/households/{}", household["id"].as_str().unwrap())).by(&place.villager).await.ok();
        assert_eq!(now["status"], "monitored_unstable");
    }

    /// Low, fallen and overspent incomes give clues with their figures; an income nobody entered gives none; two people hold
    /// that a clue is nothing, and then the rule is quiet for a while.
    async fn rules_about_income_see_rows_and_not_their_absence(t: TestApp) {
        t.tells_the_examples();
        let place = place(t, "522625").await;
        let (officer, villager) = (&place.county.officer, &place.villager);
        let low = place.household(t, 1, "registered").await;
        let high = place.household(t, 2, "ordinary").await;
        place.household(t, 3, "registered").await;
        let helped = place.household(t, 4, "monitored_sudden").await;
        threshold(t, officer, "522625", 700_000).await;
        entered(t, villager, &low["id"], row("wage", 1_470_000)).await;
        entered(t, villager, &high["id"], row("wage", 1_480_001)).await;
        entered(t, villager, &helped["id"], row("wage", 100)).await;
        let under = watching(t, &place, "income_under_threshold", json!({ "percent": 5, "quiet_days": 30 })).await;
        watching(t, &place, "income_fall", json!({ "percent": 50 })).await;
        watching(t, &place, "spending_shock", json!({ "amount_fen": 500_000, "percent": 40 })).await;
        watching(t, &place, "no_measure", json!({ "days": 30 })).await;
        assert_eq!(monitoring::night(&t.app).await.unwrap(), 2);
        let found = clues(t, villager, &format!("?household_id={}", low["id"].as_str().unwrap())).await;
        assert_eq!((found.len(), &found[0]["kind"]), (1, &json!("income_under_threshold")));
        let figures = &found[0]["figures"];
        assert_eq!((&figures["reference_per_head_fen"], &figures["line_fen"]), (&json!(735_000), &json!(735_000)));
        assert_eq!(figures["threshold"]["document"], "黔乡振发〔2026〕3号");
        let unhelped = clues(t, villager, "?kind=no_measure").await;
        assert_eq!(unhelped[0]["household"]["id"], helped["id"], "monitored for years, and nothing is done");

        let mut earlier = row("wage", 3_200_000);
        (earlier["from_on"], earlier["to_on"]) = (json!("2024-10-01"), json!("2024-12-31"));
        entered(t, villager, &high["id"], earlier).await;
        entered(t, villager, &high["id"], row("schooling", 600_000)).await;
        assert_eq!(monitoring::night(&t.app).await.unwrap(), 3, "fallen, overspent, and now under the line");
        let of_high = clues(t, villager, &format!("?household_id={}", high["id"].as_str().unwrap())).await;
        let fallen = of_high.iter().find(|one| one["kind"] == "income_fall").unwrap();
        assert_eq!(fallen["figures"]["before_per_head_fen"], 1_600_000);
        let spent = of_high.iter().find(|one| one["kind"] == "spending_shock").unwrap();
        assert_eq!(spent["figures"]["spent_fen"], 600_000);

        let nothing = json!({ "reason": "户主年底分红尚未登记。" });
        let asked = act(t, villager, &found[0], "dismissal", nothing.clone()).await.ok();
        let no = json!({ "is_agreed": false, "text": "请先登记分红。" });
        let open = act(t, &place.township, &asked, "dismissal-decision", no).await.ok();
        assert_eq!((&open["state"], &open["asked_by"]), (&json!("open"), &Value::Null));
        let asked = act(t, &place.township, &open, "dismissal", nothing).await.ok();
        let yes = json!({ "is_agreed": true, "text": "属实。" });
        act(t, &place.township, &asked, "dismissal-decision", yes.clone()).await.refused(403, "four_eyes");
        let done = act(t, &place.decider, &asked, "dismissal-decision", yes).await.ok();
        assert_eq!(done["state"], "dismissed");
        t.clock.advance(Duration::days(29));
        let again = clues(t, villager, "?kind=income_under_threshold&state=open").await.len();
        monitoring::night(&t.app).await.unwrap();
        assert_eq!(clues(t, villager, "?kind=income_under_threshold&state=open").await.len(), again);
        t.clock.advance(Duration::days(1));
        monitoring::night(&t.app).await.unwrap();
        assert_eq!(clues(t, villager, "?kind=income_under_threshold&state=open").await.len(), again + 1);

        // Another version takes its place.
        let mut next = rule("income_under_threshold", json!({ "percent": 0 }));
        next["replaces_id"] = under["id"].clone();
        let next = t.post("/monitoring-rules").by(officer).json(next).await.created();
        tried(t, officer, &next, "2026-01-01", "2026-03-01").await;
        let on = t.post(&path(&next, "/switch-on")).by(&place.decider).version(&next["version"]).await.ok();
        assert_eq!((&on["edition"], &on["state"]), (&json!(2), &json!("on")));
        let before = t.get(&path(&under, "")).by(officer).await.ok();
        assert_eq!(before["state"], "off");
        let off = t.post(&path(&on, "/switch-off")).by(officer).version(&on["version"]).await.ok();
        assert_eq!(off["state"], "off");
        assert_eq!(t.get("/monitoring-rules?state=on").by(officer).await.ok()["items"].as_array().unwrap().len(), 3);
        t.post("/monitoring-rules").by(officer).json(rule("arrears", json!({}))).await.refused(400, "invalid_fields");
    }

    /// A trial says which known cases the rule would have caught before they were entered, with what was known then.
    async fn a_trial_says_what_would_have_been_caught(t: TestApp) {
        let place = place(t, "522625").await;
        let officer = &place.county.officer;
        let seen = place.household(t, 1, "registered").await;
        let unseen = place.household(t, 2, "registered").await;
        threshold(t, officer, "522625", 700_000).await;
        entered(t, officer, &seen["id"], row("wage", 100_000)).await;
        t.clock.advance(Duration::days(10));
        for household in [&seen, &unseen] {
            let case = json!({
                "kind": "return_to_poverty", "origin": "visit", "text": "走访发现。", "household_id": household["id"],
                "status": "monitored_unstable", "cause": "illness",
            });
            let case = t.post("/adjustments").by(&place.villager).json(case).await.created();
            carried(t, &place, case).await;
        }
        // Entered too late to have been seen.
        entered(t, officer, &unseen["id"], row("wage", 100_000)).await;
        let rule = drafted(t, officer, "income_under_threshold", json!({ "percent": 0 })).await;
        let trial = tried(t, officer, &rule, "2026-03-01", "2026-03-22").await;
        assert_eq!((&trial["caught"], &trial["missed"], &trial["clues"]), (&json!(1), &json!(1), &json!(1)), "{trial}");
        assert_eq!((&trial["cases"][0]["caught_on"], &trial["cases"][1]["caught_on"]), (&json!("2026-03-12"), &Value::Null));
        assert_eq!(t.get(&path(&rule, "")).by(officer).await.ok()["trials"][0]["id"], trial["id"]);
        assert_eq!(clues(t, officer, "").await.len(), 0, "a trial opens nothing");
        let future = json!({ "from_on": "2026-03-01", "to_on": "2027-03-01" });
        t.post(&path(&rule, "/trials")).by(officer).json(future).await.refused(400, "invalid_fields");
    }

    /// What a comparison flagged is one clue; a monitored household's is answered by a measure.
    async fn a_flagged_comparison_is_one_clue_and_a_monitored_household_gets_a_measure(t: TestApp) {
        let place = place(t, "522625").await;
        let household = place.household(t, 1, "monitored_unstable").await;
        let ordinary = place.household(t, 2, "ordinary").await;
        let id = flagged(t, &household["id"]).await;
        assert_eq!(flagged(t, &household["id"]).await, id, "one waits already");
        let clue = t.get(&format!("/clues/{id}")).by(&place.villager).await.ok();
        assert_eq!((&clue["kind"], &clue["rule_id"]), (&json!("flagged_comparison"), &Value::Null));
        let text = json!({ "text": "已核实。" });
        act(t, &place.villager, &clue, "take-up", text.clone()).await.refused(422, "clue_needs_measure");
        let no = format!("/households/{}/measures", ordinary["id"].as_str().unwrap());
        t.post(&no).by(&place.villager).json(measure()).await.refused(409, "measure_unfit");
        let own = format!("/households/{}/measures", household["id"].as_str().unwrap());
        let help = t.post(&own).by(&place.villager).json(measure()).await.created();
        let mut with = text;
        with["measure_id"] = help["id"].clone();
        let taken = act(t, &place.villager, &clue, "take-up", with).await.ok();
        assert_eq!((&taken["state"], &taken["measure_id"]), (&json!("taken_up"), &help["id"]));
        t.clock.advance(Duration::days(305));
        let late = t.get("/measures?overdue=true").by(&place.villager).await.ok();
        assert_eq!(late["items"][0]["id"], help["id"]);
        let shown = t.get(&format!("/measures/{}", help["id"].as_str().unwrap())).by(&place.villager).await.ok();
        assert_eq!((&shown["id"], &shown["state"]), (&help["id"], &json!("running")));
        assert_eq!(t.get("/measures?overdue=false").by(&place.villager).await.ok()["items"], json!([]));
        let effect = watching(t, &place, "measure_without_effect", json!({ "months": 6 })).await;
        assert_eq!(monitoring::night(&t.app).await.unwrap(), 1, "its income is not above what it was");
        let raised = clues(t, &place.villager, "?kind=measure_without_effect").await;
        assert_eq!((&raised[0]["rule_id"], &raised[0]["figures"]["measures"][0]["id"]), (&effect["id"], &help["id"]));
        let stranger = t.organisation(OrganisationKind::VillageCommittee, "522625").await;
        let stranger = t.member(Role::VillageOfficer, stranger).await;
        t.get(&format!("/clues/{id}")).by(&stranger).await.refused(404, "not_found");
        assert!(clues(t, &stranger, "").await.is_empty());
    }

    /// What nobody did is entered as a finding with its figures, once a thing and period, where the county has it so.
    async fn what_was_not_done_is_entered_as_a_finding(t: TestApp) {
        t.tells_the_examples();
        let place = place(t, "522625").await;
        let (officer, villager) = (&place.county.officer, &place.villager);
        let household = place.household(t, 1, "monitored_unstable").await;
        place.household(t, 2, "ordinary").await;
        let measures = format!("/households/{}/measures", household["id"].as_str().unwrap());
        let help = t.post(&measures).by(villager).json(measure()).await.created();
        let clue = flagged(t, &household["id"]).await;
        let findings = async || {
            t.get("/findings?limit=100").by(officer).await.ok()["items"].as_array().unwrap().clone()
        };
        let listed = t.get("/counties/522625/finding-rules").by(officer).await.ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 3);
        assert!(listed["items"].as_array().unwrap().iter().all(|one| one["is_on"] == false && one["version"] == 0));
        t.clock.advance(Duration::days(200));
        assert_eq!(monitoring::supervise(&t.app).await.unwrap(), 0, "nothing is looked at");

        let set = async |kind: &str, version: i64, mut wanted: Value| {
            wanted["reason"] = json!("按县督查办法设定。");
            t.put(&format!("/counties/522625/finding-rules/{kind}")).by(officer).version(&json!(version)).json(wanted).await
        };
        set("measure_without_effect", 0, json!({ "is_on": true, "days": 6 })).await.refused(400, "invalid_fields");
        set("no_visit", 0, json!({ "is_on": true, "days": 0 })).await.refused(400, "invalid_fields");
        let one = set("measure_without_effect", 0, json!({ "is_on": true, "months": 6 })).await;
        assert_eq!(one.etag(), "\"1\"");
        set("measure_without_effect", 0, json!({ "is_on": true, "months": 5 })).await.refused(412, "stale_version");
        set("clue_overdue", 0, json!({ "is_on": true, "days": 0 })).await.ok();
        set("no_visit", 0, json!({ "is_on": true, "days": 180 })).await.ok();
        assert_eq!(monitoring::supervise(&t.app).await.unwrap(), 3);
        assert_eq!(monitoring::supervise(&t.app).await.unwrap(), 0, "it was said");
        let found = findings().await;
        assert!(found.iter().all(|one| one["source"] == "rule" && one["household"]["id"] == household["id"]));
        let about = |word: &str| found.iter().find(|one| one["paper"].as_str().unwrap().contains(word)).unwrap();
        let idle = about("帮扶未见成效");
        assert_eq!(idle["figures"]["measures"][0]["id"], help["id"]);
        assert_eq!((&idle["figures"]["reference_per_head_fen"], &idle["figures"]["months"]), (&json!(0), &json!(6)));
        let late = about("线索超期未处置");
        assert_eq!((&late["figures"]["clue_id"], &late["figures"]["days_late"]), (&json!(clue), &json!(185)));
        assert_eq!(late["figures"]["due_on"], "2026-03-17");
        let unseen = about("本年未走访");
        assert_eq!((&unseen["figures"]["year"], &unseen["figures"]["last_visit_on"]), (&json!(2026), &Value::Null));
        assert_eq!(unseen["organisation"]["id"], json!(place.county.village));
        let shown = t.get(&format!("/findings/{}", unseen["id"].as_str().unwrap())).by(officer).await.ok();
        assert_eq!(shown["rule_id"], unseen["rule_id"]);

        // Another year, the same measure and household again; the clue was said.
        t.clock.advance(Duration::days(360));
        set("no_visit", 1, json!({ "is_on": false, "days": 180 })).await.ok();
        assert_eq!(monitoring::supervise(&t.app).await.unwrap(), 1, "the measure of another year");
        let stranger = crate::household::county(t, "532324").await.officer;
        t.get("/counties/522625/finding-rules").by(&stranger).await.refused(404, "not_found");
        let wanted = json!({ "is_on": false, "days": 1, "reason": "无" });
        t.put("/counties/522625/finding-rules/no_visit").by(&stranger).version(&json!(2)).json(wanted).await
            .refused(404, "not_found");
        assert_eq!(t.get("/findings").by(&stranger).await.ok()["items"], json!([]));
        assert!(t.sql("update finding_rule set is_on = true").await.is_err(), "a setting was rewritten");
    }

    /// Whoever may not see small groups is not told how many there are; nobody and five are told.
    async fn the_overview_tells_no_small_groups(t: TestApp) {
        let place = place(t, "522625").await;
        let office = place.county.officer.member.organisation;
        let registrar = t.member(Role::HouseholdRegistrar, office).await;
        for number in 1..=5 {
            place.household(t, number, if number <= 2 { "monitored_unstable" } else { "ordinary" }).await;
        }
        let listed = t.get("/households").by(&place.villager).await.ok();
        flagged(t, &listed["items"][0]["id"]).await;
        let shown = async |by: &Person| t.get("/counties/522625/monitoring").by(by).await.ok();
        let whole = shown(&place.county.officer).await;
        assert_eq!((&whole["households"], &whole["monitored"], &whole["without_measure"]), (&json!(5), &json!(2), &json!(2)));
        assert_eq!((&whole["clues"][0]["waiting"], &whole["measures_late"]), (&json!(1), &json!(0)));
        let told = shown(&registrar).await;
        assert_eq!((&told["households"], &told["measures_late"]), (&json!(5), &json!(0)));
        assert_eq!((&told["monitored"], &told["without_measure"]), (&Value::Null, &Value::Null));
        assert_eq!(told["clues"], json!([{ "kind": "flagged_comparison", "waiting": null }]));
    }

    /// The night asks as often for many households as for few.
    async fn the_night_asks_as_often_for_many_as_for_few(t: TestApp) {
        let place = place(t, "522625").await;
        threshold(t, &place.county.officer, "522625", 700_000).await;
        let numbers = [
            ("income_under_threshold", json!({ "percent": 10 })), ("income_fall", json!({ "percent": 30 })),
            ("spending_shock", json!({ "percent": 50 })), ("dispute_upheld", json!({ "days": 90 })),
            ("arrears", json!({ "days": 30 })), ("lost_lots", json!({ "days": 90 })),
            ("no_measure", json!({ "days": 30 })), ("measure_without_effect", json!({ "months": 6 })),
        ];
        for (kind, numbers) in numbers {
            watching(t, &place, kind, numbers).await;
        }
        let mut asked = Vec::new();
        for number in 1..=4 {
            let household = place.household(t, number, "registered").await;
            entered(t, &place.villager, &household["id"], row("wage", 100_000)).await;
            let (opened, statements) = counting_statements(Box::pin(monitoring::night(&t.app))).await;
            assert_eq!(opened.unwrap(), 1);
            asked.push(statements);
        }
        assert!(asked.iter().skip(1).all(|statements| *statements == asked[1]), "{asked:?}");
    }
}
