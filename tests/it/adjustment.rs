//! Cases over HTTP: each kind on its whole way, its clocks and refusals, who may take which step, and what the notice
//! board shows.

use crate::harness::*;
use crate::household::{County, couple};
use chrono::Duration;
use entity::value::{OrganisationId, OrganisationKind, Role};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use std::future::IntoFuture;

/// A county with a township, a village below it, and somebody for each step.
pub(crate) struct Place {
    pub(crate) county: County,
    pub(crate) villager: Person,
    pub(crate) township: Person,
    pub(crate) decider: Person,
}

pub(crate) async fn place(t: &TestApp, code: &str) -> Place {
    let office = t.organisation(OrganisationKind::RevitalisationOffice, code).await;
    let township = t.organisation(OrganisationKind::Township, code).await;
    let village = t.organisation_below(OrganisationKind::VillageCommittee, code, Some(township)).await;
    let county = County { officer: t.member(Role::RevitalisationOfficer, office).await, village };
    Place {
        county,
        villager: t.member(Role::VillageOfficer, village).await,
        township: t.member(Role::TownshipOfficer, township).await,
        decider: t.member(Role::RevitalisationOfficer, office).await,
    }
}

impl Place {
    pub(crate) async fn household(&self, t: &TestApp, number: u32, status: &str) -> Value {
        let mut wanted = couple(self.county.village, number);
        wanted["status"]["status"] = json!(status);
        t.post("/households").by(&self.county.officer).json(wanted).await.created()
    }
}

pub(crate) async fn file(t: &TestApp, by: &Person) -> String {
    let pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n".to_vec();
    let made = t.post("/files?name=signed.pdf").by(by).bytes("application/pdf", pdf).await.created();
    made["id"].as_str().unwrap().to_owned()
}

fn clue(kind: &str, household: &Value) -> Value {
    json!({ "kind": kind, "origin": "visit", "text": "走访发现情况有变。", "household_id": household["id"] })
}

fn back(household: &Value) -> Value {
    let mut wanted = clue("return_to_poverty", household);
    wanted["status"] = json!("monitored_unstable");
    wanted["cause"] = json!("illness");
    wanted
}

async fn open(t: &TestApp, by: &Person, wanted: Value) -> Value {
    t.post("/adjustments").by(by).json(wanted).await.created()
}

pub(crate) async fn step(t: &TestApp, by: &Person, case: &Value, step: &str, body: Value) -> Reply {
    let path = format!("/adjustments/{}/{step}", case["id"].as_str().unwrap());
    t.post(&path).by(by).version(&case["version"]).json(body).await
}

pub(crate) fn said(text: &str) -> Value {
    json!({ "text": text })
}

fn today(t: &TestApp) -> String {
    entity::value::business_date(t.clock_now()).to_string()
}

async fn visit(t: &TestApp, by: &Person) -> Value {
    json!({
        "visited_on": today(t), "visitors": "驻村第一书记", "consented_on": today(t), "findings": "情况属实。",
        "consent_file_id": file(t, by).await,
    })
}

async fn vote(t: &TestApp, by: &Person, [eligible, present, in_favour, against]: [i32; 4]) -> Value {
    json!({
        "held_on": today(t), "eligible": eligible, "present": present, "in_favour": in_favour, "against": against,
        "abstained": present - in_favour - against, "minutes_file_id": file(t, by).await,
    })
}

/// From the clue to the notice board.
pub(crate) async fn publicised(t: &TestApp, place: &Place, case: Value) -> Value {
    let by = &place.villager;
    let case = step(t, by, &case, "check", visit(t, by).await).await.ok();
    let case = step(t, by, &case, "review", vote(t, by, [30, 20, 15, 3]).await).await.ok();
    step(t, by, &case, "publicise", json!({ "place": "村务公开栏" })).await.ok()
}

/// The whole way, with nobody against it.
async fn through(t: &TestApp, place: &Place, wanted: Value) -> Value {
    let case = open(t, &place.villager, wanted).await;
    carried(t, place, case).await
}

/// From the clue to the decision, with nobody against it.
pub(crate) async fn carried(t: &TestApp, place: &Place, case: Value) -> Value {
    let case = publicised(t, place, case).await;
    t.clock.advance(Duration::days(5));
    let case = step(t, &place.villager, &case, "submit", said("公示期满无异议")).await.ok();
    let case = step(t, &place.township, &case, "endorse", said("同意")).await.ok();
    let case = step(t, &place.decider, &case, "approve", said("审定通过")).await.ok();
    assert_eq!(case["state"], "effective");
    case
}

async fn shown(t: &TestApp, place: &Place, id: &Value) -> Value {
    t.get(&format!("/households/{}", id.as_str().unwrap())).by(&place.county.officer).await.ok()
}

async fn board(t: &TestApp, village: OrganisationId) -> Value {
    t.get(&format!("/villages/{village}/publicities")).await.ok()
}

/// A case about the first household of a county, for who looks at everything there is.
pub(crate) async fn in_the_world(t: &TestApp, officer: &Person) {
    let households = t.get("/households").by(officer).await.ok();
    let wanted = json!({
        "kind": "exit", "origin": "own_report", "text": "自愿退出帮扶。", "household_id": households["items"][0]["id"],
    });
    open(t, officer, wanted).await;
}

fn person(number: u32, name: &str, relation: &str) -> Value {
    json!({ "name": name, "relation": relation, "id_number": resident_id(number), "phone": "13800001234" })
}

both! {
    /// From the clue to the register: every step with its clock, an objection that stops it, four eyes at the county.
    async fn a_household_at_risk_again_goes_the_whole_way(t: TestApp) {
        t.tells_the_examples();
        let place = place(t, "522625").await;
        let household = place.household(t, 1, "registered").await;
        let case = open(t, &place.villager, back(&household)).await;
        assert_eq!((&case["state"], &case["due_on"]), (&json!("clue"), &json!("2026-03-17")));
        assert_eq!(case["household"]["head_name"], "杨**");
        t.post("/adjustments").by(&place.township).json(back(&household)).await.refused(409, "adjustment_open");
        step(t, &place.villager, &case, "publicise", json!({ "place": "公开栏" })).await.refused(409, "wrong_state");
        let visited = visit(t, &place.villager).await;
        step(t, &place.township, &case, "check", visited.clone()).await.refused(422, "file_unknown");
        let case = step(t, &place.villager, &case, "check", visited).await.ok();
        assert_eq!(case["checks"][0]["visitors"], "驻村第一书记");
        let few = vote(t, &place.villager, [30, 19, 19, 0]).await;
        step(t, &place.villager, &case, "review", few).await.refused(422, "quorum_missing");
        let mut odd = vote(t, &place.villager, [30, 20, 15, 3]).await;
        odd["abstained"] = json!(3);
        step(t, &place.villager, &case, "review", odd).await.refused(400, "invalid_fields");
        let voted = vote(t, &place.villager, [30, 20, 11, 6]).await;
        let case = step(t, &place.villager, &case, "review", voted).await.ok();
        assert_eq!((&case["reviews"][0]["is_passed"], &case["reviews"][0]["abstained"]), (&json!(true), &json!(3)));
        let case = step(t, &place.villager, &case, "publicise", json!({ "place": "村务公开栏" })).await.ok();
        assert_eq!(case["publicity_ends_on"], "2026-03-07");

        t.clock.advance(Duration::days(3));
        let refused = step(t, &place.villager, &case, "submit", said("上报")).await.refused(409, "publicity_running");
        assert!(refused["detail"].as_str().unwrap().contains("2026-03-07"));
        let case = step(t, &place.county.officer, &case, "objections", said("该户在县城另有门面。")).await.ok();
        assert_eq!((&case["state"], &case["stopped_on"]), (&json!("objected"), &json!("2026-03-05")));
        assert_eq!(board(t, place.county.village).await["items"][0]["ends_on"], Value::Null);
        step(t, &place.villager, &case, "submit", said("上报")).await.refused(409, "wrong_state");
        let objection = format!("objections/{}/answer", case["objections"][0]["id"].as_str().unwrap());
        let answer = json!({ "outcome": "not_upheld", "text": "门面系他人所有。" });
        step(t, &place.villager, &case, &objection, answer.clone()).await.refused(403, "forbidden");
        t.clock.advance(Duration::days(4));
        let case = step(t, &place.township, &case, &objection, answer.clone()).await.ok();
        assert_eq!((&case["due_on"], &case["publicity_ends_on"]), (&json!("2026-03-21"), &json!("2026-03-11")));
        step(t, &place.township, &case, &objection, answer).await.refused(409, "wrong_state");

        t.clock.advance(Duration::days(2));
        let case = step(t, &place.villager, &case, "submit", said("公示期满")).await.ok();
        let case = step(t, &place.township, &case, "endorse", said("同意")).await.ok();
        step(t, &place.county.officer, &case, "approve", said("通过")).await.refused(403, "four_eyes");
        assert_eq!(shown(t, &place, &household["id"]).await["status"], "registered");
        let case = step(t, &place.decider, &case, "approve", said("审定通过")).await.ok();
        assert_eq!((&case["state"], &case["effective_on"]), (&json!("effective"), &json!("2026-03-11")));
        let now = shown(t, &place, &household["id"]).await;
        assert_eq!((&now["status"], &now["household_type"]), (&json!("monitored_unstable"), &json!("out_of_poverty")));
        assert_eq!(now["statuses"][1]["adjustment_id"], case["id"]);
        let steps: Vec<_> = case["steps"].as_array().unwrap().iter().map(|step| step["step"].as_str().unwrap()).collect();
        let all = ["open", "check", "review", "publicise", "object", "answer", "submit", "endorse", "approve"];
        assert_eq!(steps, all);
        assert_eq!(board(t, place.county.village).await["items"], json!([]), "it is taken down");

        t.drain().await;
        let heard = t.get("/changes?types=adjustment.objected").by(&place.county.officer).await.ok();
        assert_eq!(heard["items"][0]["data"]["adjustment"], case["id"]);
        assert!(t.sql("update adjustment_step set text = 'x'").await.is_err(), "a step was rewritten");
    }

    /// The notice board shows these fields and no others, and in none of them anything personal.
    async fn the_notice_board_tells_nothing_personal(t: TestApp) {
        let place = place(t, "522625").await;
        let household = place.household(t, 7, "registered").await;
        let case = open(t, &place.villager, back(&household)).await;
        publicised(t, &place, case.clone()).await;
        let mut newcomer = json!({
            "kind": "identification", "origin": "own_report", "text": "潘老三因残无法务工。", "cause": "disability",
            "status": "monitored_borderline", "village_id": place.county.village, "number": "522625010199001",
        });
        newcomer["joining"] = json!([{ "cause": "registered", "person": person(900, "潘老三", "head") }]);
        let second = open(t, &place.villager, newcomer).await;
        assert_eq!(second["people"][0]["name"], "潘**");
        publicised(t, &place, second.clone()).await;

        let page = board(t, place.county.village).await;
        let items = page["items"].as_array().unwrap();
        assert_eq!(items.len(), 2);
        let village = entity::organisation::Entity::find_by_id(place.county.village).one(t.direct()).await.unwrap().unwrap();
        assert_eq!(items[0], json!({
            "village_name": village.name, "kind": "identification", "status": "monitored_borderline",
            "reason": "essential_spending", "masked_head": "潘**", "people": 1, "posted_on": "2026-03-02",
            "ends_on": "2026-03-07", "place": "村务公开栏",
        }));
        assert_eq!(items[1], json!({
            "village_name": village.name, "kind": "return_to_poverty", "status": "monitored_unstable",
            "reason": "essential_spending", "masked_head": "杨**", "people": 2, "posted_on": "2026-03-02",
            "ends_on": "2026-03-07", "place": "村务公开栏",
        }));
        let text = page.to_string();
        let secrets = [
            resident_id(14), resident_id(15), resident_id(900), "13800005678".to_owned(), "13800001234".to_owned(),
            "6222020100012345672".to_owned(), "杨秀英".to_owned(), "潘老三".to_owned(), "龙胜".to_owned(),
            "illness".to_owned(), "disab".to_owned(), "住院".to_owned(), "因残".to_owned(),
            household["id"].as_str().unwrap().to_owned(), household["number"].as_str().unwrap().to_owned(),
            "522625010199001".to_owned(), case["id"].as_str().unwrap().to_owned(),
        ];
        for secret in secrets {
            assert!(!text.contains(&secret), "the notice board shows {secret}");
        }
        let sealed = entity::adjustment_person::Entity::find().all(t.direct()).await.unwrap();
        let cipher = sealed[0].person_cipher.as_ref().unwrap();
        assert!(!cipher.contains(&resident_id(900)) && cipher.len() > 100);
        let office = place.county.officer.member.organisation;
        t.get(&format!("/villages/{office}/publicities")).await.refused(404, "not_found");
    }

    /// Births, deaths, marriages, moves; a household split and merged; one newly registered, one that leaves: each kind
    /// changes the register as it says, from the day it says.
    async fn each_kind_changes_the_register_as_it_says(t: TestApp) {
        let place = place(t, "522625").await;
        let household = place.household(t, 1, "monitored_sudden").await;
        let (head, spouse) = (household["members"][0]["id"].clone(), household["members"][1]["id"].clone());

        let mut wanted = clue("natural_change", &household);
        wanted["happened_on"] = json!("2026-02-20");
        wanted["leaving"] = json!([{ "member_id": head, "cause": "death" }]);
        wanted["joining"] = json!([{ "cause": "birth", "person": person(700, "杨小宝", "child") }]);
        let refused = t.post("/adjustments").by(&place.villager).json(wanted.clone()).await.refused(400, "invalid_fields");
        assert_eq!(refused["errors"][0]["pointer"], "/relations", "somebody must be the head");
        wanted["relations"] = json!([{ "member_id": spouse, "relation": "head" }]);
        through(t, &place, wanted).await;
        let now = shown(t, &place, &household["id"]).await;
        assert_eq!((&now["people"], &now["head_name"]), (&json!(2), &json!("龙*")));
        let before = t.get(&format!("/households/{}?as_of=2026-02-19", household["id"].as_str().unwrap()));
        let before = before.by(&place.county.officer).await.ok();
        assert_eq!((&before["people"], &before["head_name"]), (&json!(2), &json!("杨**")));
        assert_eq!(before["members"][0]["id"], head);
        let child = now["members"][1]["id"].clone();

        let mut wanted = clue("split", &household);
        wanted["happened_on"] = json!(today(t));
        wanted["number"] = json!("522625010188001");
        wanted["placed"] = json!([{ "member_id": child, "relation": "child" }]);
        t.post("/adjustments").by(&place.villager).json(wanted.clone()).await.refused(400, "invalid_fields");
        wanted["placed"][0]["relation"] = json!("head");
        let land = |kind: &str, area: i64| json!({ "kind": kind, "square_metres": area, "from_date": "2019-05-01", "source": "承包经营权证" });
        let plots = format!("/households/{}/land", household["id"].as_str().unwrap());
        for (kind, area) in [("cropland", 3000), ("forest", 500)] {
            t.post(&plots).by(&place.county.officer).json(land(kind, area)).await.created();
        }
        wanted["land"] = json!([{ "kind": "cropland", "square_metres": 3001 }]);
        t.post("/adjustments").by(&place.villager).json(wanted.clone()).await.refused(409, "land_short");
        wanted["land"] = json!([{ "kind": "cropland", "square_metres": 0 }]);
        t.post("/adjustments").by(&place.villager).json(wanted.clone()).await.refused(400, "invalid_fields");
        wanted["land"] = json!([{ "kind": "cropland", "square_metres": 1000 }]);
        let case = through(t, &place, wanted).await;
        assert_eq!(case["land"], json!([{ "kind": "cropland", "square_metres": 1000 }]));
        let made = shown(t, &place, &case["result_household"]["id"]).await;
        assert_eq!((&made["number"], &made["people"], &made["status"]),
            (&json!("522625010188001"), &json!(1), &json!("monitored_sudden")));
        assert_eq!(made["land"], json!([{ "kind": "cropland", "square_metres": 1000 }]));
        let rest = shown(t, &place, &household["id"]).await;
        assert_eq!(rest["people"], 1);
        assert_eq!(rest["land"], json!([{ "kind": "cropland", "square_metres": 2000 }, { "kind": "forest", "square_metres": 500 }]));

        let mut wanted = clue("merge", &household);
        wanted["happened_on"] = json!(today(t));
        wanted["other_household_id"] = made["id"].clone();
        wanted["placed"] = json!([{ "member_id": child, "relation": "child" }]);
        through(t, &place, wanted).await;
        let gone = shown(t, &place, &made["id"]).await;
        assert_eq!((&gone["people"], &gone["merged_into"]), (&json!(0), &household["id"]));
        let whole = shown(t, &place, &household["id"]).await;
        assert_eq!((&whole["people"], &gone["land"]), (&json!(2), &json!([])));
        assert_eq!(whole["land"], json!([{ "kind": "cropland", "square_metres": 3000 }, { "kind": "forest", "square_metres": 500 }]));
        t.post("/adjustments").by(&place.villager).json(clue("risk_removal", &made)).await.refused(400, "invalid_fields");

        crate::monitoring::above_the_line(t, &place.county.officer, &household["id"]).await;
        through(t, &place, clue("risk_removal", &household)).await;
        let now = shown(t, &place, &household["id"]).await;
        assert_eq!((&now["status"], &now["is_monitored"]), (&json!("ordinary"), &json!(false)));
        t.post("/adjustments").by(&place.villager).json(clue("exit", &household)).await.refused(409, "adjustment_unfit");

        let mut wanted = clue("identification", &household);
        wanted["status"] = json!("monitored_borderline");
        wanted["cause"] = json!("disaster");
        through(t, &place, wanted).await;
        assert_eq!(shown(t, &place, &household["id"]).await["status"], "monitored_borderline");

        let mut wanted = json!({
            "kind": "identification", "origin": "own_report", "text": "新迁入户。", "cause": "employment",
            "status": "monitored_sudden", "village_id": place.county.village, "number": "522625010199001",
        });
        // Whoever died here was one person; whoever left may come into another household.
        wanted["joining"] = json!([
            { "cause": "registered", "person": person(800, "潘老三", "head") },
            { "cause": "registered", "person": person(801, "吴玉兰", "spouse") },
        ]);
        let case = through(t, &place, wanted.clone()).await;
        let new = shown(t, &place, &case["result_household"]["id"]).await;
        assert_eq!((&new["people"], &new["head_name"]), (&json!(2), &json!("潘**")));
        assert_eq!(new["registered_on"], case["effective_on"]);
        wanted["number"] = json!("522625010199002");
        let twice = open(t, &place.villager, wanted).await;
        let twice = publicised(t, &place, twice).await;
        t.clock.advance(Duration::days(5));
        let twice = step(t, &place.villager, &twice, "submit", said("上报")).await.ok();
        let twice = step(t, &place.township, &twice, "endorse", said("同意")).await.ok();
        step(t, &place.decider, &twice, "approve", said("通过")).await.refused(409, "person_already_registered");

        let registered = place.household(t, 5, "registered").await;
        through(t, &place, clue("exit", &registered)).await;
        assert_eq!(shown(t, &place, &registered["id"]).await["status"], "ordinary");
    }

    /// A case ends where it is not borne out, not carried, objected to rightly, refused or taken back; it is mended where
    /// it is returned; and whatever is late is in the list.
    async fn a_case_may_end_early_or_be_mended(t: TestApp) {
        let place = place(t, "522625").await;
        let household = place.household(t, 1, "registered").await;
        let by = &place.villager;
        let case = open(t, by, back(&household)).await;
        let case = step(t, by, &case, "dismiss", said("收入稳定")).await.ok();
        assert_eq!(case["state"], "dismissed");
        step(t, by, &case, "check", visit(t, by).await).await.refused(409, "wrong_state");

        let case = open(t, by, back(&household)).await;
        let case = step(t, by, &case, "check", visit(t, by).await).await.ok();
        let case = step(t, by, &case, "review", vote(t, by, [30, 20, 10, 10]).await).await.ok();
        assert_eq!(case["state"], "rejected", "half is not more than half");

        let case = open(t, by, back(&household)).await;
        let case = publicised(t, &place, case).await;
        let case = step(t, by, &case, "objections", said("另有收入")).await.ok();
        let case = step(t, by, &case, "objections", said("另有房产")).await.ok();
        let answer = |index: usize| format!("objections/{}/answer", case["objections"][index]["id"].as_str().unwrap());
        let (no, yes) = (json!({ "outcome": "not_upheld", "text": "不实" }), json!({ "outcome": "upheld", "text": "属实" }));
        let (first, second) = (answer(0), answer(1));
        let case = step(t, &place.county.officer, &case, &first, no).await.ok();
        assert_eq!(case["state"], "objected", "another is open");
        let case = step(t, &place.county.officer, &case, &second, yes).await.ok();
        assert_eq!((&case["state"], &case["stopped_on"]), (&json!("rejected"), &Value::Null));

        let case = open(t, by, back(&household)).await;
        let case = step(t, by, &case, "check", visit(t, by).await).await.ok();
        let case = step(t, &place.township, &case, "return", said("缺住院清单")).await.ok();
        assert_eq!(case["state"], "clue");
        let case = publicised(t, &place, case).await;
        t.clock.advance(Duration::days(5));
        let case = step(t, by, &case, "submit", said("上报")).await.ok();
        let case = step(t, &place.township, &case, "endorse", said("同意")).await.ok();
        let case = step(t, &place.decider, &case, "send-back", said("评议记录不全")).await.ok();
        assert_eq!((&case["state"], &case["steps"].as_array().unwrap().last().unwrap()["text"]),
            (&json!("returned"), &json!("评议记录不全")));
        step(t, by, &case, "publicise", json!({ "place": "公开栏" })).await.refused(409, "wrong_state");
        let case = step(t, by, &case, "review", vote(t, by, [30, 28, 27, 1]).await).await.ok();
        let case = step(t, by, &case, "submit", said("已补记录")).await.ok();
        let case = step(t, &place.township, &case, "endorse", said("同意")).await.ok();

        // Day 5 of 15: on day 15 it is in time, on day 16 it is late, for those in whose reach it lies.
        let late = async |by: &Person| {
            let page = t.get("/adjustments?overdue=true").by(by).await.ok();
            page["items"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect::<Vec<_>>()
        };
        t.clock.advance(Duration::days(10));
        assert!(late(&place.decider).await.is_empty());
        t.clock.advance(Duration::days(1));
        for somebody in [&place.decider, &place.township, &place.villager] {
            assert_eq!(late(somebody).await, [case["id"].clone()]);
        }
        let beyond = self::place(t, "532324").await;
        assert!(late(&beyond.decider).await.is_empty());
        let in_time = t.get("/adjustments?overdue=false").by(&place.decider).await.ok();
        assert_eq!(in_time["items"].as_array().unwrap().len(), 3, "what is over is not late");
        let case = step(t, &place.decider, &case, "refuse", said("不符合条件")).await.ok();
        assert_eq!((&case["state"], &case["is_overdue"]), (&json!("rejected"), &json!(false)));
        assert_eq!(shown(t, &place, &household["id"]).await["status"], "registered");

        let case = open(t, by, back(&household)).await;
        let case = step(t, by, &case, "withdraw", said("农户撤回申报")).await.ok();
        assert_eq!(case["state"], "withdrawn");
    }

    /// Others do not learn that it exists; of two clues at once one becomes a case; a status is no shortcut.
    async fn who_is_elsewhere_finds_nothing(t: TestApp) {
        let (own, beyond) = (place(t, "522625").await, place(t, "532324").await);
        let household = own.household(t, 1, "registered").await;
        let case = open(t, &own.villager, back(&household)).await;
        let path = format!("/adjustments/{}", case["id"].as_str().unwrap());
        for stranger in [&beyond.villager, &beyond.township, &beyond.decider] {
            t.get(&path).by(stranger).await.refused(404, "not_found");
            assert_eq!(t.get("/adjustments").by(stranger).await.ok()["items"], json!([]));
            let refused = t.post("/adjustments").by(stranger).json(back(&household)).await.refused(400, "invalid_fields");
            assert_eq!(refused["errors"][0]["pointer"], "/household_id");
        }
        let neighbour = t.organisation(OrganisationKind::VillageCommittee, "522625").await;
        let neighbour = t.member(Role::VillageOfficer, neighbour).await;
        t.get(&path).by(&neighbour).await.refused(404, "not_found");
        let cooperative = t.organisation(OrganisationKind::Cooperative, "522625").await;
        let clerk = t.member(Role::CooperativeClerk, cooperative).await;
        t.get(&path).by(&clerk).await.refused(403, "forbidden");

        let unit = t.organisation(OrganisationKind::BudgetUnit, "330106").await;
        let cadre = t.member(Role::HelperCadre, unit).await;
        t.get(&path).by(&cadre).await.refused(404, "not_found");
        let assigned = json!({
            "household_id": household["id"], "username": t.username(&cadre).await, "from_date": "2026-01-05",
            "position": "established_cadre",
        });
        t.post("/helper-assignments").by(&own.county.officer).json(assigned).await.created();
        assert_eq!(t.get(&path).by(&cadre).await.ok()["id"], case["id"]);
        step(t, &cadre, &case, "check", visit(t, &cadre).await).await.ok();

        let other = own.household(t, 2, "registered").await;
        let (one, two) = futures_util::join!(
            t.post("/adjustments").by(&own.villager).json(back(&other)).into_future(),
            t.post("/adjustments").by(&own.township).json(back(&other)).into_future(),
        );
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409]);
        assert_eq!(entity::adjustment::Entity::find().count(t.direct()).await.unwrap(), 2);

        t.clock.advance(Duration::days(2));
        let short = json!({ "status": "monitored_sudden", "from_date": "2026-03-03", "source": "直接调整" });
        let statuses = format!("/households/{}/statuses", other["id"].as_str().unwrap());
        t.post(&statuses).by(&own.county.officer).version(&other["version"]).json(short).await
            .refused(409, "status_needs_case");
    }
}
