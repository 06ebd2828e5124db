//! The history of the register: any day can be told, and is what a naive replay of the changes says.

use crate::harness::*;
use crate::household::{county, couple};
use chrono::{Days, NaiveDate};
use entity::member_change;
use entity::value::{
    Education, EntrySource, Guarantee, HouseholdId, LabourSkill, MemberCause, MemberChangeId, MemberId, PersonId,
    Relation,
};
use liannong::household::history::{self, MemberOn, Move, Origin, Presence, member_on};
use liannong::household::{self as register, HouseholdError};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn begin() -> NaiveDate {
    date("2026-01-01")
}

/// What one entry of a random history says.
#[derive(Debug, Clone)]
struct Said {
    day: u64,
    presence: Option<Option<HouseholdId>>,
    relation: Option<Relation>,
    education: Option<Education>,
    skill: Option<LabourSkill>,
    work: Option<(String, i64)>,
    guarantee: Option<Guarantee>,
}

fn row(said: &Said) -> member_change::Model {
    member_change::Model {
        id: MemberChangeId::generate(),
        member_id: MemberId::from_uuid(uuid::Uuid::nil()),
        from_date: begin() + Days::new(said.day),
        household_id: said.presence.flatten(),
        has_left: said.presence == Some(None),
        cause: said.presence.map(|_| MemberCause::MoveIn),
        relation: said.relation,
        education: said.education,
        health_cipher: None,
        skill: said.skill,
        work_place: said.work.clone().map(|(place, _)| place),
        work_months: said.work.clone().map(|(_, months)| months),
        guarantee: said.guarantee,
        source_kind: EntrySource::Survey,
        source: "走访".to_owned(),
        adjustment_id: None,
        entered_by: PersonId::from_uuid(uuid::Uuid::nil()),
        created_at: start_of_tests(),
    }
}

/// Day after day, entry after entry in the order in which they were entered: what the last one said.
fn replayed(history: &[Said], day: u64) -> MemberOn {
    let mut on = MemberOn::default();
    for today in 0..=day {
        for said in history.iter().filter(|said| said.day == today) {
            if let Some(household) = said.presence {
                (on.household, on.since) = (household, Some(begin() + Days::new(today)));
            }
            if said.relation.is_some() {
                on.relation = said.relation;
            }
            if said.education.is_some() {
                on.education = said.education;
            }
            if said.skill.is_some() {
                on.skill = said.skill;
            }
            if said.work.is_some() {
                on.work = said.work.clone();
            }
            if said.guarantee.is_some() {
                on.guarantee = said.guarantee;
            }
        }
    }
    on
}

fn said() -> impl Strategy<Value = Said> {
    let households = [uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2)].map(HouseholdId::from_uuid);
    let presence = proptest::option::of(proptest::option::of(proptest::sample::select(households.to_vec())));
    let relation = proptest::option::of(proptest::sample::select(Relation::ALL));
    let education = proptest::option::of(proptest::sample::select(Education::ALL));
    let skill = proptest::option::of(proptest::sample::select(LabourSkill::ALL));
    let work = proptest::option::of((1_i64..=12).prop_map(|months| (format!("外地{months}"), months)));
    let guarantee = proptest::option::of(proptest::sample::select(Guarantee::ALL));
    (0_u64..12, presence, relation, education, skill, work, guarantee).prop_map(
        |(day, presence, relation, education, skill, work, guarantee)| Said {
            day,
            presence,
            relation,
            education,
            skill,
            work,
            guarantee,
        },
    )
}

proptest! {
    /// Whatever the order in which rows are read, a day is what the replay says.
    #[test]
    fn a_day_is_what_the_replay_says(history in proptest::collection::vec(said(), 0..14), turn in 0_usize..14) {
        let mut rows: Vec<_> = history.iter().map(row).collect();
        let turn = turn % rows.len().max(1);
        rows.rotate_left(turn);
        for day in 0..13 {
            prop_assert_eq!(member_on(&rows, begin() + Days::new(day)), replayed(&history, day), "day {}", day);
        }
    }
}

/// What the register should say of a household, kept beside it by the simplest means.
#[derive(Default)]
struct Naive {
    /// Each change with its first day, in the order in which they were entered.
    entries: Vec<(NaiveDate, String, Option<Value>)>,
}

impl Naive {
    fn enter(&mut self, day: NaiveDate, what: impl Into<String>, value: Option<Value>) {
        self.entries.push((day, what.into(), value));
    }

    fn on(&self, day: NaiveDate) -> BTreeMap<String, Value> {
        let mut on = BTreeMap::new();
        for today in begin().iter_days().take_while(|today| *today <= day) {
            for (_, what, value) in self.entries.iter().filter(|(from, ..)| *from == today) {
                match value {
                    Some(value) => on.insert(what.clone(), value.clone()),
                    None => on.remove(what),
                };
            }
        }
        // Nothing of those who are not there is shown.
        let here: Vec<String> = on.keys().filter_map(|what| what.strip_prefix("here ")).map(str::to_owned).collect();
        on.retain(|what, _| {
            !what.starts_with("of ") || here.iter().any(|member| what.starts_with(&format!("of {member} ")))
        });
        on
    }
}

/// The same of an answer.
fn told(shown: &Value) -> BTreeMap<String, Value> {
    let mut on = BTreeMap::from([("status".to_owned(), shown["status"].clone())]);
    for land in shown["land"].as_array().unwrap() {
        on.insert(format!("land {}", land["kind"].as_str().unwrap()), land["square_metres"].clone());
    }
    for member in shown["members"].as_array().unwrap() {
        let id = member["id"].as_str().unwrap();
        on.insert(format!("here {id}"), json!(true));
        for what in ["relation", "education", "skill", "work"] {
            if !member[what].is_null() {
                on.insert(format!("of {id} {what}"), member[what].clone());
            }
        }
    }
    on
}

fn four(village: entity::value::OrganisationId, number: u32) -> Value {
    let mut wanted = couple(village, number);
    wanted["registered_on"] = json!("2026-01-01");
    wanted["status"]["from_date"] = json!("2026-01-01");
    for (index, relation) in [(0_u32, "child"), (1, "parent")] {
        let new = json!({
            "name": "杨某", "relation": relation, "id_number": resident_id(5000 + 10 * number + index),
            "facts": { "education": "primary", "health": "chronic_illness" },
        });
        wanted["members"].as_array_mut().unwrap().push(new);
    }
    wanted
}

both! {
    /// Random histories through the register: statuses, land, surveys, people who leave and come back, dated as they
    /// come; every day asked for is what the replay says, and the status is the one by which income is shared.
    async fn every_day_of_a_household_can_be_told(t: TestApp) {
        let county = county(t, "522625").await;
        let by = &county.officer;
        let actor = liannong::access::Actor::Member(by.member.clone());
        for seed in 1..=2_u32 {
            let mut random = fastrand::Rng::with_seed(u64::from(seed));
            let made = t.post("/households").by(by).json(four(county.village, seed)).await.created();
            let path = format!("/households/{}", made["id"].as_str().unwrap());
            let id: HouseholdId = made["id"].as_str().unwrap().parse().unwrap();
            let members: Vec<String> =
                made["members"].as_array().unwrap().iter().map(|m| m["id"].as_str().unwrap().to_owned()).collect();
            let mut naive = Naive::default();
            naive.enter(begin(), "status", Some(json!("registered")));
            for member in made["members"].as_array().unwrap() {
                let id = member["id"].as_str().unwrap();
                naive.enter(begin(), format!("here {id}"), Some(json!(true)));
                naive.enter(begin(), format!("of {id} relation"), Some(member["relation"].clone()));
                if !member["education"].is_null() {
                    naive.enter(begin(), format!("of {id} education"), Some(member["education"].clone()));
                }
            }
            let mut version = made["version"].clone();
            for _ in 0..12 {
                let day = begin() + Days::new(random.u64(0..60));
                let member = &members[random.usize(1..4)];
                match random.u8(0..4) {
                    0 => {
                        let status = ["registered", "monitored_sudden", "ordinary"][random.usize(0..3)];
                        let wanted = json!({ "status": status, "from_date": day, "source": "补录" });
                        let reply = t.post(&format!("{path}/statuses")).by(by).version(&version).json(wanted).await;
                        version = reply.created()["version"].clone();
                        naive.enter(day, "status", Some(json!(status)));
                    }
                    1 => {
                        let (kind, area) = (["cropland", "forest"][random.usize(0..2)], random.i64(0..3) * 667);
                        let wanted = json!({ "kind": kind, "square_metres": area, "from_date": day, "source": "确权" });
                        t.post(&format!("{path}/land")).by(by).json(wanted).await.created();
                        naive.enter(day, format!("land {kind}"), (area > 0).then(|| json!(area)));
                    }
                    2 => {
                        let current = t.get(&path).by(by).await.ok();
                        if !told(&current).contains_key(&format!("here {member}")) {
                            continue;
                        }
                        let skill = LabourSkill::ALL[random.usize(0..3)];
                        let work = json!({ "place": "广东省东莞市", "months": random.u8(1..=12) });
                        let facts = json!({ "skill": skill, "work": work, "health": "healthy" });
                        let wanted = json!({
                            "from_date": day, "source": "春季走访",
                            "members": [{ "member_id": member, "relation": "other", "facts": facts }],
                        });
                        let reply = t.post(&format!("{path}/surveys")).by(by).version(&version).json(wanted).await;
                        version = reply.created()["version"].clone();
                        naive.enter(day, format!("of {member} relation"), Some(json!("other")));
                        naive.enter(day, format!("of {member} skill"), Some(json!(skill)));
                        naive.enter(day, format!("of {member} work"), Some(work));
                    }
                    _ => {
                        let leaves = random.bool();
                        let presence = if leaves {
                            Presence::Leaves(MemberCause::MoveOut)
                        } else {
                            Presence::Joins(id, MemberCause::MoveIn)
                        };
                        let (who, person) = (member.parse().unwrap(), by.member.person);
                        t.app.transact(&actor, async |tx| -> Result<(), HouseholdError> {
                            let origin = Origin {
                                kind: EntrySource::Import, source: "数据导入", adjustment: None, entered_by: person,
                                from_date: day,
                            };
                            history::move_members(tx, &[Move { member: who, presence, relation: None }], &origin).await?;
                            history::refresh(tx, &[id], &[who]).await
                        }).await.unwrap();
                        version = t.get(&path).by(by).await.ok()["version"].clone();
                        naive.enter(day, format!("here {member}"), (!leaves).then_some(json!(true)));
                    }
                }
            }
            for day in (0..60).step_by(4).map(|days| begin() + Days::new(days)) {
                let shown = t.get(&format!("{path}?as_of={day}")).by(by).await.ok();
                assert_eq!(told(&shown), naive.on(day), "seed {seed}, {day}");
                assert_eq!(shown["people"], json!(shown["members"].as_array().unwrap().len()));
                let shared = register::status_on(t.app.reader(), &[id], day).await.unwrap();
                assert_eq!(json!(shared[&id]), shown["status"]);
                let number = made["number"].as_str().unwrap();
                let listed = t.get(&format!("/households?number={number}&as_of={day}")).by(by).await.ok();
                for field in ["village_id", "village_name", "head_name", "people", "status", "registered_on"] {
                    assert_eq!(listed["items"][0][field], shown[field], "the list as of {day}: {field}");
                }
            }
            let today = t.get(&path).by(by).await.ok();
            let listed = t.get(&format!("/households?number={}", made["number"].as_str().unwrap())).by(by).await.ok();
            for field in ["people", "status"] {
                assert_eq!(listed["items"][0][field], today[field], "the list says what the history says: {field}");
            }
        }
    }

    /// Each change has its day, its source and who entered it; nothing is rewritten; health is told for a purpose only.
    async fn every_change_says_where_it_comes_from(t: TestApp) {
        let county = county(t, "522625").await;
        let by = &county.officer;
        let made = t.post("/households").by(by).json(four(county.village, 1)).await.created();
        let path = format!("/households/{}", made["id"].as_str().unwrap());
        assert_eq!(made["members"][2]["education"], "primary");
        assert_eq!((&made["members"][2]["health_recorded"], &made["members"][0]["health_recorded"]), (&json!(true), &json!(false)));
        let ids: Vec<Value> = made["members"].as_array().unwrap().iter().map(|m| m["id"].clone()).collect();
        let other = t.organisation(entity::value::OrganisationKind::VillageCommittee, "522625").await;
        let survey = json!({
            "from_date": "2026-02-10", "source": "易地搬迁入住", "village_id": other,
            "members": [
                { "member_id": ids[0], "relation": "spouse" }, { "member_id": ids[1], "relation": "head" },
                { "member_id": ids[2], "facts": { "health": "serious_illness" } },
            ],
        });
        let surveys = format!("{path}/surveys");
        let mut headless = survey.clone();
        headless["members"].as_array_mut().unwrap().remove(1);
        t.post(&surveys).by(by).version(&made["version"]).json(headless).await.refused(422, "household_head_missing");
        let now = t.post(&surveys).by(by).version(&made["version"]).json(survey.clone()).await.created();
        assert_eq!((&now["head_name"], &now["village_id"]), (&json!("龙*"), &json!(other)));
        t.post(&surveys).by(by).version(&made["version"]).json(survey).await.refused(412, "stale_version");
        let before = t.get(&format!("{path}?as_of=2026-02-09")).by(by).await.ok();
        assert_eq!((&before["head_name"], &before["village_id"]), (&json!("杨**"), &json!(county.village)));
        t.get(&format!("{path}?as_of=2025-12-31")).by(by).await.refused(404, "not_found");
        t.get(&format!("{path}?as_of=2026-03-03")).by(by).await.refused(400, "invalid_fields");
        let wrong = json!({ "from_date": "2026-02-10", "source": "x", "members": [{ "member_id": uuid::Uuid::now_v7(),
            "facts": { "work": { "place": "", "months": 13 } } }] });
        let refused = t.post(&surveys).by(by).version(&now["version"]).json(wrong).await.refused(400, "invalid_fields");
        assert_eq!(refused["errors"].as_array().unwrap().len(), 3, "{refused}");

        let history = t.get(&format!("{path}/history")).by(by).await.ok();
        let items = history["items"].as_array().unwrap();
        let last = items.last().unwrap();
        assert_eq!((&last["from_date"], &last["source"], &last["source_kind"], &last["entered_by"]),
            (&json!("2026-02-10"), &json!("易地搬迁入住"), &json!("survey"), &json!(by.member.person)));
        let health: Vec<_> = items.iter().filter(|item| item["attribute"] == "health").collect();
        assert_eq!(health.len(), 3);
        assert!(health.iter().all(|item| item["value"].is_null()) && !history.to_string().contains("illness"));
        let reveal = json!({ "purpose": "核对大病救助对象" });
        let whole = t.post(&format!("{path}/reveal")).by(by).json(reveal).await.ok();
        let ill: Vec<_> = whole["members"].as_array().unwrap().iter().filter(|m| m["health"] == "serious_illness").collect();
        assert_eq!(ill.len(), 1);
        for rewrite in [
            "update member_change set relation = 'other'", "delete from member_change",
            "update household_change set source = 'x'", "delete from household_change",
        ] {
            assert!(t.sql(rewrite).await.is_err(), "{rewrite}");
        }
        let stranger = crate::household::county(t, "532324").await;
        t.get(&format!("{path}/history")).by(&stranger.officer).await.refused(404, "not_found");
    }
}
