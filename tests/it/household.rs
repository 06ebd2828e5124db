//! The register: who is in it, who may see what of it, and what it keeps from everybody.

use crate::harness::*;
use entity::value::{HouseholdId, HouseholdStatusKind, OrganisationId, OrganisationKind, Role};
use entity::{household, household_member};
use liannong::access::{Grant, policy};
use liannong::db::counting_statements;
use liannong::household::view::NewHousehold;
use liannong::household::{self as register, HouseholdError};
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait, Statement};
use serde_json::{Value, json};

/// A county with its office, an officer and a village.
pub(crate) struct County {
    pub(crate) officer: Person,
    pub(crate) village: OrganisationId,
}

pub(crate) async fn county(t: &TestApp, code: &str) -> County {
    let office = t.organisation(OrganisationKind::RevitalisationOffice, code).await;
    let village = t.organisation(OrganisationKind::VillageCommittee, code).await;
    County { officer: t.member(Role::RevitalisationOfficer, office).await, village }
}

const PHONE: &str = "13800005678";
const CARD: &str = "6222020100012345672";

/// A household of one couple; `number` tells it from the others.
pub(crate) fn couple(village: OrganisationId, number: u32) -> Value {
    json!({
        "number": format!("5226250101{number:05}"), "village_id": village, "registered_on": "2014-04-01",
        "status": { "status": "registered", "from_date": "2014-04-01", "source": "2014年建档立卡" },
        "members": [
            { "name": "杨秀英", "relation": "head", "id_number": resident_id(2 * number), "phone": PHONE,
              "bank_account": CARD },
            { "name": "龙胜", "relation": "spouse", "id_number": resident_id(2 * number + 1) },
        ],
    })
}

/// Registers a household and gives its identifier.
pub(crate) async fn household(t: &TestApp, county: &County, number: u32) -> HouseholdId {
    let made = t.post("/households").by(&county.officer).json(couple(county.village, number)).await.created();
    made["id"].as_str().unwrap().parse().unwrap()
}

async fn count(t: &TestApp) -> (u64, u64, usize) {
    let households = household::Entity::find().count(t.direct()).await.unwrap();
    let members = household_member::Entity::find().count(t.direct()).await.unwrap();
    let audit = liannong::db::list_audit(t.direct(), None, None, 10_000).await.unwrap();
    (households, members, audit.len())
}

both! {
    /// What everybody may see of a household is masked; the whole costs a purpose, which is recorded.
    async fn a_household_is_shown_masked_and_revealed_for_a_purpose(t: TestApp) {
        let county = county(t, "522625").await;
        let reply = t.post("/households").by(&county.officer).json(couple(county.village, 1)).await;
        assert_eq!(reply.etag(), "\"1\"");
        let made = reply.created();
        let id_number = resident_id(2);
        assert_eq!(made["head_name"], "杨**");
        assert_eq!(made["people"], 2);
        assert_eq!(made["status"], "registered");
        assert_eq!(made["members"][0]["name"], "杨**");
        assert_eq!(made["members"][0]["id_number"], format!("9999**********{}", &id_number[14..]));
        assert_eq!(made["members"][0]["phone"], "138****5678");
        assert_eq!(made["members"][0]["bank_account"], "6222***********5672");
        assert_eq!(made["members"][1]["phone"], Value::Null);
        let path = format!("/households/{}", made["id"].as_str().unwrap());
        assert_eq!(t.get(&path).by(&county.officer).await.ok(), made);

        let listed = t.get("/households?number=522625010100001").by(&county.officer).await.ok();
        assert_eq!(listed["items"][0]["head_name"], "杨**");
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);

        let reveal = format!("{path}/reveal");
        let refused = t.post(&reveal).by(&county.officer).json(json!({ "purpose": "看看" })).await;
        assert_eq!(refused.refused(400, "invalid_fields")["errors"][0]["pointer"], "/purpose");
        let purpose = "核对一卡通账号以发放收益";
        let reply = t.post(&reveal).by(&county.officer).json(json!({ "purpose": purpose })).await;
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        let whole = reply.ok();
        assert_eq!(whole["members"][0]["name"], "杨秀英");
        assert_eq!(whole["members"][0]["id_number"], id_number);
        assert_eq!(whole["members"][0]["phone"], PHONE);
        assert_eq!(whole["members"][0]["bank_account"], CARD);

        let audit = liannong::db::list_audit(t.direct(), None, None, 100).await.unwrap();
        let revealed: Vec<_> = audit.iter().filter(|row| row.operation == "household.revealed").collect();
        assert_eq!(revealed.len(), 1);
        assert_eq!(revealed[0].reason.as_deref(), Some(purpose));
        assert_eq!(revealed[0].person_id, Some(county.officer.member.person));
    }

    /// Whoever reads the tables reads no number of anybody.
    async fn the_tables_hold_no_number_in_clear(t: TestApp) {
        let county = county(t, "522625").await;
        let id = household(t, &county, 7).await;
        let purpose = json!({ "purpose": "年度核查脱贫户信息" });
        t.post(&format!("/households/{id}/reveal")).by(&county.officer).json(purpose).await.ok();
        let backend = t.direct().get_database_backend();
        for (table, columns) in [
            ("household", vec!["number", "head_name"]),
            ("household_member", vec!["name", "id_number_cipher", "id_number_hash", "phone_cipher", "bank_account_cipher"]),
            ("audit_event", vec!["after", "before", "reason"]),
            ("access_record", vec!["reason", "fields"]),
            ("outbox", vec!["payload"]),
            ("idempotency_key", vec!["body"]),
        ] {
            let select = format!("select {} from {table}", columns.join(", "));
            for row in t.direct().query_all_raw(Statement::from_string(backend, select)).await.unwrap() {
                for column in &columns {
                    let text: Option<String> = row.try_get("", column).unwrap();
                    let text = text.unwrap_or_default();
                    for secret in [resident_id(14), resident_id(15), PHONE.to_owned(), CARD.to_owned()] {
                        assert!(!text.contains(&secret), "{table}.{column} holds {text}");
                    }
                }
            }
        }
        let members = household_member::Entity::find().all(t.direct()).await.unwrap();
        assert!(members.iter().all(|member| member.id_number_cipher.len() > 40 && member.id_number_hash.len() == 64));
    }

    /// A number cannot be moved to another person by whoever can write the table.
    async fn a_copied_ciphertext_does_not_open(t: TestApp) {
        let county = county(t, "522625").await;
        let (first, second) = (household(t, &county, 1).await, household(t, &county, 2).await);
        let stolen = household_member::Entity::find().all(t.direct()).await.unwrap();
        let stolen = stolen.into_iter().find(|m| m.household_id == first && m.bank_account_cipher.is_some()).unwrap();
        let cipher = stolen.bank_account_cipher.unwrap();
        t.sql(&format!(
            "update household_member set bank_account_cipher = '{cipher}' where bank_account_cipher is not null"
        )).await.unwrap();
        t.get(&format!("/households/{first}")).by(&county.officer).await.ok();
        t.get(&format!("/households/{second}")).by(&county.officer).await.refused(500, "internal");
    }

    /// A household is its own county's; others do not learn that it exists.
    async fn a_household_is_seen_by_its_county_and_by_auditors(t: TestApp) {
        let own = county(t, "522625").await;
        let other = county(t, "532324").await;
        let id = household(t, &own, 1).await;
        let path = format!("/households/{id}");
        t.get(&path).by(&other.officer).await.refused(404, "not_found");
        let purpose = json!({ "purpose": "核对外县农户信息" });
        t.post(&format!("{path}/reveal")).by(&other.officer).json(purpose.clone()).await.refused(404, "not_found");
        let status = json!({ "status": "ordinary", "from_date": "2020-01-01", "source": "误报" });
        t.post(&format!("{path}/statuses")).by(&other.officer).version(&json!(1)).json(status).await
            .refused(404, "not_found");
        let listed = t.get("/households").by(&other.officer).await.ok();
        assert_eq!(listed["items"], json!([]));

        let cooperative = t.organisation(OrganisationKind::Cooperative, "522625").await;
        let clerk = t.member(Role::CooperativeClerk, cooperative).await;
        t.get(&path).by(&clerk).await.refused(403, "forbidden");
        t.get("/households").by(&clerk).await.refused(403, "forbidden");
        t.get(&path).await.refused(401, "unauthenticated");

        let audit = t.organisation(OrganisationKind::AuditOffice, "520000").await;
        let auditor = t.member(Role::Auditor, audit).await;
        assert_eq!(t.get(&path).by(&auditor).await.ok()["members"][0]["phone"], "138****5678");
        t.post(&format!("{path}/reveal")).by(&auditor).json(purpose).await.refused(403, "forbidden");
        t.get("/households/not-an-id").by(&auditor).await.refused(404, "not_found");
    }

    /// Each refusal names its place and leaves no trace.
    async fn what_is_refused_leaves_no_trace(t: TestApp) {
        let own = county(t, "522625").await;
        let other = county(t, "532324").await;
        household(t, &own, 1).await;
        let before = count(t).await;
        let fresh = |change: &dyn Fn(&mut Value)| {
            let mut wanted = couple(own.village, 2);
            change(&mut wanted);
            wanted
        };
        let wrong_check = {
            let mut text = resident_id(4);
            let last = if text.ends_with('1') { '2' } else { '1' };
            text.replace_range(17.., &last.to_string());
            text
        };
        let cases = [
            (400, "invalid_fields", "/members/0/id_number", fresh(&|w| w["members"][0]["id_number"] = json!(wrong_check))),
            (400, "invalid_fields", "/members/0/bank_account",
             fresh(&|w| w["members"][0]["bank_account"] = json!("6222020100012345671"))),
            (400, "invalid_fields", "/members/0/phone", fresh(&|w| w["members"][0]["phone"] = json!("12"))),
            (400, "invalid_fields", "/members", fresh(&|w| w["members"][1]["relation"] = json!("head"))),
            (400, "invalid_fields", "/members", fresh(&|w| w["members"] = json!([]))),
            (400, "invalid_fields", "/members/1/id_number",
             fresh(&|w| w["members"][1]["id_number"] = w["members"][0]["id_number"].clone())),
            (400, "invalid_fields", "/number", fresh(&|w| w["number"] = json!("123"))),
            (400, "invalid_fields", "/registered_on", fresh(&|w| {
                w["registered_on"] = json!("2026-03-03");
                w["status"]["from_date"] = json!("2026-03-03");
            })),
            (400, "invalid_fields", "/status/from_date", fresh(&|w| w["status"]["from_date"] = json!("2014-03-31"))),
            (400, "invalid_fields", "/status/status", fresh(&|w| w["status"]["status"] = json!("poor"))),
            (400, "invalid_fields", "/nickname", fresh(&|w| w["nickname"] = json!("老杨"))),
            (422, "village_not_in_county", "/village_id", fresh(&|w| w["village_id"] = json!(other.village))),
            (422, "village_not_in_county", "/village_id",
             fresh(&|w| w["village_id"] = json!(own.officer.member.organisation))),
            (409, "household_number_taken", "/number", fresh(&|w| w["number"] = json!("522625010100001"))),
            (409, "person_already_registered", "/members/1/id_number",
             fresh(&|w| w["members"][1]["id_number"] = json!(resident_id(2)))),
        ];
        for (status, code, pointer, wanted) in cases {
            let problem = t.post("/households").by(&own.officer).json(wanted).await.refused(status, code);
            let pointers: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
            assert!(pointers.contains(&json!(pointer)), "{code} at {pointer}: {problem}");
            assert!(!problem.to_string().contains(&resident_id(2)), "a refusal repeats a number: {problem}");
        }
        assert_eq!(count(t).await, before);
    }

    /// The history of a status grows at its end; any past day can be told.
    async fn a_status_is_appended_and_the_past_stays(t: TestApp) {
        let county = county(t, "522625").await;
        let id = household(t, &county, 1).await;
        let path = format!("/households/{id}/statuses");
        let unstable = json!({ "status": "monitored_unstable", "from_date": "2023-06-01", "source": "2023年排查" });
        t.post(&path).by(&county.officer).json(unstable.clone()).await.refused(428, "precondition_required");
        let shown = t.post(&path).by(&county.officer).version(&json!(1)).json(unstable.clone()).await.created();
        assert_eq!(shown["version"], 2);
        assert_eq!(shown["status"], "monitored_unstable");
        assert_eq!(shown["statuses"].as_array().unwrap().len(), 2);
        t.post(&path).by(&county.officer).version(&json!(1)).json(unstable.clone()).await.refused(412, "stale_version");
        for from in ["2026-03-03", "2014-03-31"] {
            let wrong = json!({ "status": "ordinary", "from_date": from, "source": "误报" });
            let problem = t.post(&path).by(&county.officer).version(&json!(2)).json(wrong).await;
            assert_eq!(problem.refused(400, "invalid_fields")["errors"][0]["pointer"], "/from_date");
        }
        let on = async |day: &str| register::status_on(t.app.reader(), &[id], date(day)).await.unwrap().get(&id).copied();
        assert_eq!(on("2014-03-31").await, None);
        assert_eq!(on("2023-05-31").await, Some(HouseholdStatusKind::Registered));
        assert_eq!(on("2023-06-01").await, Some(HouseholdStatusKind::MonitoredUnstable));
        let rewrite = t.sql("update household_status set status = 'ordinary'").await;
        assert!(rewrite.is_err(), "the history of a status was rewritten");
    }

    /// Lists are read page by page, newest first, each household once.
    async fn a_list_is_read_page_by_page(t: TestApp) {
        let county = county(t, "522625").await;
        let mut made = Vec::new();
        for number in 1..=5 {
            made.push(household(t, &county, number).await.to_string());
        }
        made.reverse();
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = t.get(&format!("/households?limit=2{cursor}")).by(&county.officer).await.ok();
            seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, made);
        t.get("/households?limit=0").by(&county.officer).await.refused(400, "invalid_fields");
        t.get("/households?cursor=x").by(&county.officer).await.refused(400, "invalid_fields");
    }

    /// Many households cost as many statements as one.
    async fn many_are_registered_at_once(t: TestApp) {
        let county = county(t, "522625").await;
        let actor = liannong::access::Actor::Member(county.officer.member.clone());
        let grant = Grant::<policy::RegisterHousehold>::claim(&actor).unwrap();
        let batch = |from: u32, to: u32| -> Vec<NewHousehold> {
            (from..to).map(|number| serde_json::from_value(couple(county.village, number)).unwrap()).collect()
        };
        let register = async |batch: Vec<NewHousehold>| {
            counting_statements(Box::pin(t.app.transact(&actor, async |tx| {
                register::register_many(tx, &t.app.secrets, &grant, &batch).await
            }))).await
        };
        let (one, few) = register(batch(0, 1)).await;
        assert_eq!(one.unwrap().len(), 1);
        let (many, statements) = register(batch(1, 301)).await;
        assert_eq!(many.unwrap().len(), 300);
        assert_eq!(statements, few);
        let before = count(t).await;
        let mut twice = batch(400, 402);
        let number = twice[0].number.clone();
        twice[1].number = number;
        let (refused, _) = register(twice).await;
        let refused = refused.unwrap_err();
        assert_eq!(refused.problem().errors[0].pointer, "/1/number");
        assert_eq!(count(t).await, before);
    }

    /// Of two who register the same person at the same moment, one does.
    async fn a_person_is_registered_once_by_two_at_once(t: TestApp) {
        let county = county(t, "522625").await;
        let mut second = couple(county.village, 1);
        second["number"] = json!("522625019900001");
        let (one, two) = futures_util::join!(
            t.post("/households").by(&county.officer).json(couple(county.village, 1)).into_future(),
            t.post("/households").by(&county.officer).json(second).into_future(),
        );
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409]);
        assert_eq!(count(t).await.0, 1);
    }
}

/// The error of the register keeps the words of the database out of its answer.
#[test]
fn an_inner_error_says_nothing_of_its_cause() {
    use liannong::problem::Describe;
    let error = HouseholdError::Database(sea_orm::DbErr::Custom("secret table".to_owned()));
    assert_eq!(error.problem().kind.code, "internal");
}
