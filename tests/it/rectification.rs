//! Findings and their tasks, closed item by item by somebody else; and the rates that decided cases give.

use crate::harness::*;
use crate::household::{county, household};
use entity::value::{
    AdjustmentId, AdjustmentKind, AdjustmentOrigin, AdjustmentState, AreaCode, Clock, HouseholdId, OrganisationId,
    OrganisationKind, PersonId, Role, Timestamp,
};
use entity::{adjustment, adjustment_check};
use liannong::rectification::rate_bp;
use proptest::prelude::*;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};

const COUNTY: &str = "522625";

fn finding(household: HouseholdId) -> Value {
    json!({
        "source": "inspection", "paper": "2026年第一批巡查问题清单第12条", "text": "半年内无走访记录。",
        "household_id": household, "found_on": "2026-03-01",
    })
}

fn task(owner: OrganisationId, due_on: &str) -> Value {
    json!({ "text": "走访并落实帮扶措施。", "owner_id": owner, "responsible": "龙支书", "due_on": due_on })
}

async fn evidence(t: &TestApp, by: &Person) -> Value {
    let file = t.post("/files?name=a.pdf").by(by).bytes("application/pdf", b"%PDF-1.4\n%%EOF\n".to_vec()).await;
    json!({ "text": "已走访。", "file_id": file.created()["id"] })
}

async fn step(t: &TestApp, by: &Person, finding: &Value, place: &str, body: Value) -> Reply {
    let path = format!("/findings/{}{place}", finding["id"].as_str().unwrap());
    t.post(&path).by(by).version(&finding["version"]).json(body).await
}

async fn count(t: &TestApp, by: &Person, query: &str) -> usize {
    t.get(&format!("/findings{query}")).by(by).await.ok()["items"].as_array().unwrap().len()
}

/// One finding with a task of its village, for the world of all operations.
pub(crate) async fn in_the_world(t: &TestApp, officer: &Person) {
    let households = t.get("/households").by(officer).await.ok();
    let household = &households["items"][0];
    let made = t.post("/findings").by(officer).json(finding(household["id"].as_str().unwrap().parse().unwrap())).await;
    let owner = officer.member.organisation;
    step(t, officer, &made.created(), "/tasks", task(owner, "2026-12-31")).await.created();
}

/// A decided case with a visit, put there directly: how cases are decided is another test's.
struct Case {
    household: HouseholdId,
    kind: AdjustmentKind,
    state: AdjustmentState,
    closed_at: Timestamp,
    visited: bool,
}

async fn decided(t: &TestApp, (person, village): (PersonId, OrganisationId), file: entity::value::FileId, case: Case) {
    let id = AdjustmentId::generate();
    let day = entity::value::business_date(case.closed_at);
    let row = adjustment::Model {
        id,
        number: format!("DT{id}"),
        county_code: AreaCode::parse(COUNTY).unwrap(),
        village_id: village,
        kind: case.kind,
        origin: AdjustmentOrigin::Visit,
        household_id: Some(case.household),
        other_household_id: None,
        result_household_id: None,
        new_number: None,
        status: None,
        cause: None,
        happened_on: None,
        text: "走访发现".to_owned(),
        opened_on: day,
        due_on: day,
        stopped_on: None,
        ran_days: 0,
        running_since: None,
        state: case.state,
        opened_by: person,
        created_at: case.closed_at,
        effective_on: (case.state == AdjustmentState::Effective).then_some(day),
        closed_at: Some(case.closed_at),
        version: 1,
    };
    adjustment::Entity::insert(row.into_active_model()).exec_without_returning(t.direct()).await.unwrap();
    if case.visited {
        let visit = adjustment_check::Model {
            adjustment_id: id,
            number: 1,
            visited_on: day,
            visitors: "吴秀英".to_owned(),
            consented_on: day,
            consent_file_id: file,
            findings: "属实".to_owned(),
            created_at: case.closed_at,
        };
        adjustment_check::Entity::insert(visit.into_active_model()).exec_without_returning(t.direct()).await.unwrap();
    }
}

both! {
    /// From the finding to its close: a task with an owner and a day, shown, returned, shown again, closed by another.
    async fn a_finding_is_closed_item_by_item_by_somebody_else(t: TestApp) {
        t.tells_the_examples();
        let county = county(t, COUNTY).await;
        let by = &county.officer;
        let household = household(t, &county, 1).await;
        let village = t.member(Role::VillageOfficer, county.village).await;
        let made = t.post("/findings").by(by).json(finding(household)).await.created();
        assert_eq!((&made["household"]["head_name"], &made["tasks"]), (&json!("杨**"), &json!(0)));
        assert_eq!(count(t, &village, "").await, 0, "without a task of it, it is none of theirs");
        let bulletin = t.get("/rectification-bulletin").by(by).await.ok();
        assert_eq!((&bulletin["items"][0]["without_task"], &bulletin["items"][0]["open_tasks"]), (&json!(1), &json!(0)));

        step(t, by, &made, "/tasks", task(county.village, "2026-03-01")).await.refused(400, "invalid_fields");
        let elsewhere = t.organisation(OrganisationKind::VillageCommittee, "532324").await;
        step(t, by, &made, "/tasks", task(elsewhere, "2026-03-10")).await.refused(400, "invalid_fields");
        let one = step(t, by, &made, "/tasks", task(county.village, "2026-03-10")).await.created();
        step(t, by, &made, "/tasks", task(county.village, "2026-03-10")).await.refused(412, "stale_version");
        let both = step(t, by, &one, "/tasks", task(by.member.organisation, "2026-03-20")).await.created();
        assert_eq!((&both["tasks"], &both["version"]), (&json!(2), &json!(3)));

        // The village sees the finding by its task, and nothing of the household; another's task is not there for it.
        let seen = t.get(&format!("/findings/{}", made["id"].as_str().unwrap())).by(&village).await.ok();
        assert_eq!((&seen["household"], seen["items"].as_array().unwrap().len()), (&Value::Null, 2));
        let shows = evidence(t, &village).await;
        step(t, &village, &both, "/tasks/2/submit", shows.clone()).await.refused(404, "not_found");
        step(t, &village, &both, "/tasks/9/submit", shows.clone()).await.refused(404, "not_found");
        let say = json!({ "text": "照片不清晰。" });
        step(t, by, &both, "/tasks/1/close", say.clone()).await.refused(409, "wrong_state");
        let shown = step(t, &village, &both, "/tasks/1/submit", shows.clone()).await.ok();
        step(t, &village, &shown, "/tasks/1/close", say.clone()).await.refused(403, "forbidden");
        let returned = step(t, by, &shown, "/tasks/1/return", say.clone()).await.ok();
        assert_eq!(returned["items"][0]["state"], "open");
        let shown = step(t, &village, &returned, "/tasks/1/submit", shows).await.ok();
        let closed = step(t, by, &shown, "/tasks/1/close", say.clone()).await.ok();
        let steps: Vec<_> = closed["items"][0]["steps"].as_array().unwrap().iter().map(|s| s["step"].clone()).collect();
        assert_eq!(steps, ["assign", "submit", "return", "submit", "close"].map(|word| json!(word)));
        assert_eq!((&closed["closed_tasks"], &closed["closed_at"]), (&json!(1), &Value::Null));

        // The day passes: the other is late, and in the bulletin.
        t.clock.advance(chrono::Duration::days(20));
        assert_eq!((count(t, by, "?overdue=true").await, count(t, by, "?overdue=false").await), (1, 0));
        let bulletin = t.get("/rectification-bulletin").by(by).await.ok();
        let own = &bulletin["items"][0];
        assert_eq!((&own["overdue_tasks"], &own["open_tasks"], &own["closed_tasks"]), (&json!(1), &json!(1), &json!(1)));
        let own_paper = evidence(t, by).await;
        let shown = step(t, by, &closed, "/tasks/2/submit", own_paper).await.ok();
        step(t, by, &shown, "/tasks/2/close", say.clone()).await.refused(403, "four_eyes");
        let colleague = t.member(Role::RevitalisationOfficer, by.member.organisation).await;
        let over = step(t, &colleague, &shown, "/tasks/2/close", say).await.ok();
        assert!(over["closed_at"].is_string());
        assert_eq!((count(t, by, "?open=true").await, count(t, by, "?open=false").await), (0, 1));
        // What turns up later opens it again.
        let again = step(t, by, &over, "/tasks", task(county.village, "2026-04-30")).await.created();
        assert_eq!((&again["closed_at"], &again["tasks"]), (&Value::Null, &json!(3)));
        let changed = t.direct().execute_unprepared("update finding_step set text = 'x'").await;
        assert!(changed.unwrap_err().to_string().contains("append_only"));

        let stranger = self::county(t, "532324").await;
        t.get(&format!("/findings/{}", made["id"].as_str().unwrap())).by(&stranger.officer).await.refused(404, "not_found");
        let foreign = t.post("/findings").by(&stranger.officer).json(finding(household)).await;
        assert_eq!(foreign.refused(400, "invalid_fields")["errors"][0]["pointer"], "/household_id");
        let bulletin = t.get("/rectification-bulletin").by(&stranger.officer).await.ok();
        assert_eq!(bulletin["items"], json!([]));
    }

    /// The rates count households, once each, of cases that were decided in the period after a visit.
    async fn the_rates_are_what_decided_cases_say(t: TestApp) {
        t.tells_the_examples();
        let county = county(t, COUNTY).await;
        let by = &county.officer;
        let mut households = Vec::new();
        for number in 1..=6 {
            households.push(household(t, &county, number).await);
        }
        let file: entity::value::FileId = evidence(t, by).await["file_id"].as_str().unwrap().parse().unwrap();
        let now = t.clock.now();
        let ago = |days: i64| now - chrono::Duration::days(days);
        use AdjustmentKind::{Exit, Identification, ReturnToPoverty, RiskRemoval};
        use AdjustmentState::{Effective, Rejected, Withdrawn};
        let cases = [
            // Three checked, one of them twice and left out once; one not visited, one taken back, one long ago.
            (0, Identification, Rejected, 20, true), (0, Identification, Effective, 10, true),
            (1, Identification, Rejected, 9, true), (2, Identification, Rejected, 8, true),
            (3, Identification, Effective, 7, false), (4, Identification, Withdrawn, 6, true),
            (4, Identification, Effective, 400, true),
            // Two had left help: one needs it again, one does not; of one nobody knows that it left.
            (1, Exit, Effective, 300, true), (2, RiskRemoval, Effective, 300, true), (5, Exit, Rejected, 300, true),
            (1, ReturnToPoverty, Effective, 5, true), (5, ReturnToPoverty, Effective, 4, true),
        ];
        for (household, kind, state, days, visited) in cases {
            let case = Case { household: households[household], kind, state, closed_at: ago(days), visited };
            decided(t, (by.member.person, county.village), file, case).await;
        }
        let quality = t.get("/identification-quality?from=2026-01-01&to=2026-03-02").by(by).await.ok();
        let own = &quality["items"][0];
        let figures = ["checked_households", "omitted_households", "omission_rate_bp", "checked_exits", "wrong_exits", "wrong_exit_rate_bp"];
        assert_eq!(figures.map(|figure| own[figure].as_i64().unwrap()), [3, 1, 3333, 2, 1, 5000]);
        t.get("/identification-quality?from=2026-03-02&to=2026-03-01").by(by).await.refused(400, "invalid_fields");
        let before = t.get("/identification-quality?from=2024-01-01&to=2025-01-31").by(by).await.ok();
        assert_eq!(before["items"][0]["omission_rate_bp"], 10_000);
        assert_eq!(before["items"][0]["wrong_exit_rate_bp"], Value::Null);
        let stranger = self::county(t, "532324").await;
        let theirs = t.get("/identification-quality?from=2026-01-01&to=2026-03-02").by(&stranger.officer).await.ok();
        assert_eq!(theirs["items"], json!([]));
    }
}

proptest! {
    /// A part of a whole lies between nothing and everything, to the nearest; there is no rate of nothing.
    #[test]
    fn a_rate_is_the_nearest_ten_thousandth(part in 0_i64..1_000_000, more in 0_i64..1_000_000) {
        let whole = part + more;
        match rate_bp(part, whole) {
            None => prop_assert_eq!(whole, 0),
            Some(rate) => {
                let off = (i128::from(rate.get()) * i128::from(whole) - i128::from(part) * 10_000).abs();
                prop_assert!(2 * off <= i128::from(whole));
            }
        }
    }
}
