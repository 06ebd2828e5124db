//! Departments' files beside the register: who stands in them is decided by people, and of everybody else nothing is kept.

use crate::harness::*;
use crate::household::{County, county, household};
use entity::value::{HouseholdStatusKind, Role};
use entity::{comparison, comparison_flag, household_status, outbox};
use liannong::comparison::MOST_ROWS;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Statement};
use serde_json::{Value, json};

const COUNTY: &str = "522625";

/// A file of vehicles: the owners of these numbers, with plates.
fn vehicles(owners: &[String]) -> Vec<u8> {
    let mut text = "序号,姓名,身份证号,车牌号,车辆类型".to_owned();
    for (at, owner) in owners.iter().enumerate() {
        text.push_str(&format!("\n{at},某人,{owner},贵JA{at:04},轻型货车"));
    }
    text.into_bytes()
}

async fn send(t: &TestApp, by: &Person, kind: &str, file: Vec<u8>) -> Reply {
    let path = format!("/comparisons?kind={kind}&department=%E4%BA%A4%E8%AD%A6%E5%A4%A7%E9%98%9F&data_on=2026-02-28");
    t.post(&path).by(by).bytes("text/csv", file).await
}

async fn flags(t: &TestApp, by: &Person, query: &str) -> Vec<Value> {
    t.get(&format!("/comparison-flags?{query}")).by(by).await.ok()["items"].as_array().unwrap().clone()
}

async fn decide(t: &TestApp, by: &Person, flag: &Value, outcome: &str) -> Reply {
    let path = format!("/comparison-flags/{}/decide", flag["id"].as_str().unwrap());
    let wanted = json!({ "outcome": outcome, "reason": "入户核对行驶证" });
    t.post(&path).by(by).version(&flag["version"]).json(wanted).await
}

/// One file with one hit, for the world of all operations: in the county of the first household an officer sees.
pub(crate) async fn in_the_world(t: &TestApp, officer: &Person) {
    let households = t.get("/households").by(officer).await.ok();
    let id = households["items"][0]["id"].as_str().expect("a household");
    let reveal = json!({ "purpose": "核对比对数据来源" });
    let whole = t.post(&format!("/households/{id}/reveal")).by(officer).json(reveal).await.ok();
    let number = whole["members"][0]["id_number"].as_str().unwrap().to_owned();
    send(t, officer, "vehicle", vehicles(&[number])).await.created();
}

/// Everything that any table holds, as text.
async fn everything(t: &TestApp) -> String {
    let mut all = String::new();
    for table in ["comparison", "comparison_flag", "audit_event", "outbox", "stored_file", "idempotency_key"] {
        let sql = format!("select * from {table}");
        let rows = t.direct().query_all_raw(Statement::from_string(t.direct().get_database_backend(), sql)).await;
        all.push_str(&format!("{:?}", rows.unwrap()));
    }
    all
}

both! {
    /// A hit is a flag with what the file says, decided with a reason by somebody else; nothing else is kept, and nothing
    /// is taken from the household.
    async fn a_hit_is_decided_by_somebody_else(t: TestApp) {
        t.tells_the_examples();
        let county: County = county(t, COUNTY).await;
        let by = &county.officer;
        let (one, two) = (household(t, &county, 1).await, household(t, &county, 2).await);
        let stranger = resident_id(70_001);
        let owners = [resident_id(2), stranger.clone(), resident_id(5), "12345".to_owned(), resident_id(2)];
        let made = send(t, by, "vehicle", vehicles(&owners)).await.created();
        assert_eq!((&made["total_rows"], &made["bad_rows"]), (&json!(5), &json!(1)));
        assert_eq!((&made["matched_people"], &made["flagged_people"]), (&json!(2), &json!(2)));
        let shown = t.get(&format!("/comparisons/{}", made["id"].as_str().unwrap())).by(by).await.ok();
        assert_eq!(shown["flagged_people"], made["flagged_people"]);
        let found = flags(t, by, "kind=vehicle&state=open").await;
        let mut of: Vec<&str> = found.iter().map(|flag| flag["household"]["id"].as_str().unwrap()).collect();
        of.sort_unstable();
        let mut expected = [one.to_string(), two.to_string()];
        expected.sort_unstable();
        assert_eq!(of, expected);
        let first = flags(t, by, &format!("household_id={one}")).await.remove(0);
        assert_eq!(first["detail"], "车牌号：贵JA0000；车辆类型：轻型货车");
        let shown = t.get(&format!("/comparison-flags/{}", first["id"].as_str().unwrap())).by(by).await.ok();
        assert_eq!(shown["household"], first["household"]);
        assert_eq!((&first["member_name"], &first["state"]), (&json!("杨**"), &json!("open")));
        let kept = everything(t).await;
        for number in owners.iter().filter(|number| number.len() == 18) {
            assert!(!kept.contains(number.as_str()), "a number is kept");
        }
        assert!(!kept.contains("贵JA"), "what a file says is sealed");

        // The same file again raises nothing while it is open; another kind does.
        let again = send(t, by, "vehicle", vehicles(&owners)).await.created();
        assert_eq!((&again["matched_people"], &again["flagged_people"]), (&json!(2), &json!(0)));
        assert_eq!(send(t, by, "death", vehicles(&owners[..1])).await.created()["flagged_people"], 1);

        decide(t, by, &first, "confirmed").await.refused(403, "four_eyes");
        let colleague = t.member(Role::RevitalisationOfficer, by.member.organisation).await;
        let decided = decide(t, &colleague, &first, "confirmed").await.ok();
        assert_eq!((&decided["state"], &decided["reason"]), (&json!("confirmed"), &json!("入户核对行驶证")));
        let clues = t.get("/clues").by(&colleague).await.ok();
        let clue = &clues["items"][0];
        assert_eq!((&clue["kind"], &clue["household"]["id"]), (&json!("flagged_comparison"), &decided["household"]["id"]), "{clue}");
        assert_eq!(clues["items"].as_array().unwrap().len(), 1);
        decide(t, &colleague, &first, "dismissed").await.refused(412, "stale_version");
        decide(t, &colleague, &decided, "dismissed").await.refused(409, "wrong_state");
        let second = flags(t, by, &format!("household_id={two}")).await.remove(0);
        decide(t, &colleague, &second, "dismissed").await.ok();
        let told = outbox::Entity::find().filter(outbox::Column::Topic.eq("comparison.confirmed"));
        let told = told.all(t.direct()).await.unwrap();
        assert_eq!(told.len(), 1, "only what is so is told");
        let told: Value = serde_json::from_str(&told[0].payload).unwrap();
        assert_eq!((&told["household"], &told["kind"]), (&json!(one), &json!("vehicle")));
        let statuses = household_status::Entity::find().all(t.direct()).await.unwrap();
        assert!(statuses.len() == 2 && statuses.iter().all(|row| row.status == HouseholdStatusKind::Registered));
        // Decided once, it can be found again.
        assert_eq!(send(t, by, "vehicle", vehicles(&owners[..1])).await.created()["flagged_people"], 1);
        let counted = comparison::Entity::find().count(t.direct()).await.unwrap();
        assert_eq!((counted, comparison_flag::Entity::find().count(t.direct()).await.unwrap()), (4, 4));
    }

    /// A county finds its own people only, and nobody else sees what it found; what is no such file says why.
    async fn another_county_finds_nobody(t: TestApp) {
        let (own, foreign) = (county(t, COUNTY).await, county(t, "532324").await);
        household(t, &own, 1).await;
        let made = send(t, &own.officer, "company", vehicles(&[resident_id(2)])).await.created();
        let path = format!("/comparisons/{}", made["id"].as_str().unwrap());
        t.get(&path).by(&foreign.officer).await.refused(404, "not_found");
        assert!(flags(t, &foreign.officer, "").await.is_empty());
        let flag = flags(t, &own.officer, "").await.remove(0);
        t.get(&format!("/comparison-flags/{}", flag["id"].as_str().unwrap())).by(&foreign.officer).await.refused(404, "not_found");
        decide(t, &foreign.officer, &flag, "confirmed").await.refused(404, "not_found");
        let theirs = send(t, &foreign.officer, "company", vehicles(&[resident_id(2)])).await.created();
        assert_eq!(theirs["matched_people"], 0);
        let by = &own.officer;
        for file in ["姓名,车牌号\n某人,贵J\n", "身份证号\n", "PK\u{3}\u{4}"] {
            send(t, by, "vehicle", file.into()).await.refused(422, "comparison_unreadable");
        }
        let late = "/comparisons?kind=death&department=x&data_on=2026-03-03";
        t.post(late).by(by).bytes("text/csv", vehicles(&[])).await.refused(400, "invalid_fields");
        let auditor = t.organisation(entity::value::OrganisationKind::AuditOffice, COUNTY).await;
        let auditor = t.member(Role::Auditor, auditor).await;
        assert_eq!(flags(t, &auditor, "").await.len(), 1);
        // Several thousand rows are matched a thousand at a time.
        let many: Vec<String> = (0..2500).map(|n| resident_id(30_000 + n)).chain([resident_id(3)]).collect();
        let made = send(t, by, "public_payroll", vehicles(&many)).await.created();
        assert_eq!((&made["total_rows"], &made["matched_people"]), (&json!(2501), &json!(1)));
        assert!(many.len() < MOST_ROWS);
    }
}
