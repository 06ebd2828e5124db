//! Help for households: visits with photos, plans and how their measures come along, units that stand by villages, and
//! the households for which nothing is done.

use crate::harness::*;
use crate::household::{County, county, household};
use entity::value::{HouseholdId, OrganisationKind, Role};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

const COUNTY: &str = "522625";

/// A small picture; `seed` tells it from the others.
fn picture(seed: u8) -> Vec<u8> {
    let picture = image::RgbImage::from_pixel(8, 8, image::Rgb([seed, 7, 9]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

async fn photo(t: &TestApp, by: &Person, seed: u8) -> Value {
    t.post("/files?name=photo.png").by(by).bytes("image/png", picture(seed)).await.created()["id"].clone()
}

/// A cadre to whom a household is assigned.
async fn helper(t: &TestApp, officer: &Person, household: HouseholdId) -> Person {
    let unit = t.organisation(OrganisationKind::BudgetUnit, "330106").await;
    let cadre = t.member(Role::HelperCadre, unit).await;
    let wanted = json!({
        "household_id": household, "username": t.username(&cadre).await, "from_date": "2026-01-05",
        "position": "established_cadre",
    });
    t.post("/helper-assignments").by(officer).json(wanted).await.created();
    cadre
}

fn visit(photos: &[Value]) -> Value {
    json!({
        "visited_at": "2026-03-01T02:00:00Z", "place": "上寨村三组家中",
        "point": { "latitude_e6": 26_380_000, "longitude_e6": 107_520_000 },
        "seen": "新圈舍已完工，存栏两头。", "photo_file_ids": photos,
    })
}

fn item(due_on: &str) -> Value {
    json!({
        "need": "缺发展资金", "kind": "industry", "measure": "发放仔猪两头", "amount_fen": 200_000,
        "responsible": "吴秀英（帮扶干部）", "target": "年内出栏两头", "due_on": due_on,
    })
}

fn plan(household: HouseholdId) -> Value {
    json!({
        "household_id": household, "year": 2026, "cause": "illness", "situation": "主要劳动力患慢性病。",
        "items": [item("2026-06-30"), item("2026-12-31")],
    })
}

async fn listed(t: &TestApp, path: &str, by: &Person) -> Vec<String> {
    let page = t.get(path).by(by).await.ok();
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// One visit, one plan and one unit, for the world of all operations: by a cadre who has a household already.
pub(crate) async fn in_the_world(t: &TestApp, people: &[Person]) {
    let mut found = None;
    for cadre in people.iter().filter(|person| person.member.role == Role::HelperCadre) {
        let households = listed(t, "/households", cadre).await;
        found = found.or(households.first().map(|household| (cadre, household.clone())));
    }
    let (cadre, household) = found.expect("a household that is helped");
    let household: HouseholdId = household.parse().unwrap();
    let mut officers = people.iter().filter(|person| person.member.role == Role::RevitalisationOfficer);
    let officer = loop {
        let officer = officers.next().expect("an officer of its county");
        if t.get(&format!("/households/{household}")).by(officer).await.status == 200 {
            break officer;
        }
    };
    let photo = photo(t, cadre, 1).await;
    t.post(&format!("/households/{household}/visits")).by(cadre).json(visit(&[photo])).await.created();
    t.post("/help-plans").by(cadre).json(plan(household)).await.created();
    let village = t.get(&format!("/households/{household}")).by(cadre).await.ok()["village_id"].clone();
    let unit = json!({
        "unit_id": cadre.member.organisation, "village_id": village, "from_date": "2026-01-01", "source": "定点帮扶方案",
    });
    t.post("/unit-assignments").by(officer).json(unit).await.created();
}

both! {
    /// Whoever is assigned, and the village, write visits; a picture shown twice is told; nobody changes one.
    async fn a_visit_is_where_when_and_what_was_seen(t: TestApp) {
        t.tells_the_examples();
        let county = county(t, COUNTY).await;
        let (own, other) = (household(t, &county, 1).await, household(t, &county, 2).await);
        let cadre = helper(t, &county.officer, own).await;
        let village = t.member(Role::VillageOfficer, county.village).await;
        let path = format!("/households/{own}/visits");
        let one = photo(t, &cadre, 1).await;
        let made = t.post(&path).by(&cadre).json(visit(std::slice::from_ref(&one))).await.created();
        assert_eq!((&made["role"], &made["photos"][0]["same_as"]), (&json!("helper_cadre"), &Value::Null));
        assert_eq!(made["household"]["head_name"], "杨**");
        t.post(&format!("/households/{other}/visits")).by(&cadre).json(visit(std::slice::from_ref(&one))).await.refused(404, "not_found");
        t.post(&path).by(&county.officer).json(visit(std::slice::from_ref(&one))).await.refused(403, "forbidden");

        // The village shows the same picture for another household, beside one of its own.
        let (again, new) = (photo(t, &village, 1).await, photo(t, &village, 2).await);
        let shown = t.post(&format!("/households/{other}/visits")).by(&village).json(visit(&[new, again.clone()])).await.created();
        assert_eq!(shown["photos"].as_array().unwrap().iter().map(|p| p["same_as"].clone()).collect::<Vec<_>>(), [Value::Null, made["id"].clone()]);
        assert_eq!(listed(t, "/visits?reused_photo=true", &county.officer).await, [shown["id"].as_str().unwrap()]);
        assert_eq!(listed(t, "/visits?reused_photo=false&year=2026", &county.officer).await, [made["id"].as_str().unwrap()]);
        let photo_path = format!("/visits/{}/photos/2/content", shown["id"].as_str().unwrap());
        assert_eq!(t.get(&photo_path).by(&county.officer).await.body, picture(1));
        t.get(&photo_path).by(&cadre).await.refused(404, "not_found");
        t.get(&photo_path.replace("/2/", "/3/")).by(&county.officer).await.refused(404, "not_found");
        assert_eq!(listed(t, "/visits", &cadre).await, [made["id"].as_str().unwrap()]);

        // Not in the future, not long ago, with pictures of one's own, on this earth.
        let refused = async |change: (&str, Value), by: &Person| {
            let mut wanted = visit(std::slice::from_ref(&one));
            wanted[change.0] = change.1;
            t.post(&path).by(by).json(wanted).await
        };
        for (field, value) in [
            ("visited_at", json!("2026-03-02T03:00:00Z")), ("visited_at", json!("2026-01-01T00:00:00Z")),
            ("photo_file_ids", json!([])), ("photo_file_ids", json!([one, one])),
            ("point", json!({ "latitude_e6": 91_000_000, "longitude_e6": 0 })),
        ] {
            refused((field, value), &cadre).await.refused(400, "invalid_fields");
        }
        refused(("place", json!("家中")), &village).await.refused(422, "file_unknown");
        let sheet = t.post("/files?name=a.csv").by(&cadre).bytes("text/csv", "甲,乙\n".into()).await.created()["id"].clone();
        refused(("photo_file_ids", json!([sheet])), &cadre).await.refused(400, "invalid_fields");
        let changed = t.direct().execute_unprepared("update help_visit set seen = 'x'").await;
        assert!(changed.unwrap_err().to_string().contains("append_only"));
        // When the assignment ends, the cadre sees nothing of it any more.
        let assignment = listed(t, "/helper-assignments", &county.officer).await.remove(0);
        let end = json!({ "until_date": "2026-03-01", "reason": "干部调离" });
        t.post(&format!("/helper-assignments/{assignment}/end")).by(&county.officer).version(&json!(1)).json(end).await.ok();
        assert!(listed(t, "/visits", &cadre).await.is_empty());
    }

    /// A plan has one need, measure, person and target an item; measures end once, with what shows it; late ones are listed.
    async fn a_plan_is_carried_out_measure_by_measure(t: TestApp) {
        t.tells_the_examples();
        let county = county(t, COUNTY).await;
        let (own, other) = (household(t, &county, 1).await, household(t, &county, 2).await);
        let cadre = helper(t, &county.officer, own).await;
        let made = t.post("/help-plans").by(&cadre).json(plan(own)).await.created();
        let path = format!("/help-plans/{}", made["id"].as_str().unwrap());
        assert_eq!(made["lists"]["needs"], json!(["缺发展资金", "缺发展资金"]));
        assert_eq!(made["lists"]["targets"][0], "年内出栏两头（2026-06-30 前）");
        t.post("/help-plans").by(&cadre).json(plan(own)).await.refused(409, "help_plan_exists");
        let refused = t.post("/help-plans").by(&cadre).json(plan(other)).await.refused(400, "invalid_fields");
        assert_eq!(refused["errors"][0]["pointer"], "/household_id");
        let mut late = plan(other);
        (late["year"], late["items"][1]["due_on"]) = (json!(2025), json!("2026-03-01"));
        let refused = t.post("/help-plans").by(&county.officer).json(late).await.refused(400, "invalid_fields");
        let pointers: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|error| error["pointer"].clone()).collect();
        assert_eq!(pointers, [json!("/year"), json!("/items/1/due_on")]);

        let progress = |state: &str, file: Value| json!({ "on_date": "2026-03-02", "text": "仔猪已发放", "state": state, "file_id": file });
        let first = format!("{path}/items/1/progress");
        t.post(&first).by(&cadre).json(progress("open", Value::Null)).await.refused(428, "precondition_required");
        let going = t.post(&first).by(&cadre).version(&json!(1)).json(progress("open", Value::Null)).await.created();
        assert_eq!((&going["version"], &going["items"][0]["state"]), (&json!(2), &json!("open")));
        t.post(&first).by(&cadre).version(&json!(1)).json(progress("open", Value::Null)).await.refused(412, "stale_version");
        let refused = t.post(&first).by(&cadre).version(&json!(2)).json(progress("done", Value::Null)).await;
        assert_eq!(refused.refused(400, "invalid_fields")["errors"][0]["pointer"], "/file_id");
        let shows = photo(t, &cadre, 3).await;
        let done = t.post(&first).by(&cadre).version(&json!(2)).json(progress("done", shows.clone())).await.created();
        assert_eq!((&done["done"], &done["items"][0]["progress"][1]["file_id"]), (&json!(1), &shows));
        t.post(&first).by(&cadre).version(&json!(3)).json(progress("dropped", Value::Null)).await.refused(409, "wrong_state");
        t.post(&format!("{path}/items/9/progress")).by(&cadre).version(&json!(3)).json(progress("open", Value::Null)).await.refused(404, "not_found");
        let refused = t.post(&format!("{path}/items")).by(&cadre).version(&json!(3)).json(item("2026-03-01")).await;
        assert_eq!(refused.refused(400, "invalid_fields")["errors"][0]["pointer"], "/due_on");
        let more = t.post(&format!("{path}/items")).by(&cadre).version(&json!(3)).json(item("2026-03-02")).await.created();
        assert_eq!((&more["measures"], &more["version"]), (&json!(3), &json!(4)));

        // The next day the third is late.
        assert!(listed(t, "/help-plans?overdue=true", &county.officer).await.is_empty());
        t.clock.advance(chrono::Duration::days(1));
        assert_eq!(listed(t, "/help-plans?overdue=true&year=2026", &county.officer).await.len(), 1);
        assert_eq!(t.get(&path).by(&county.officer).await.ok()["items"][2]["is_overdue"], true);
        let stranger = self::county(t, "532324").await;
        t.get(&path).by(&stranger.officer).await.refused(404, "not_found");
        assert!(listed(t, "/help-plans", &stranger.officer).await.is_empty());
    }

    /// A unit stands by a village of the county, once at a time.
    async fn a_unit_stands_by_a_village(t: TestApp) {
        t.tells_the_examples();
        let (own, foreign) = (county(t, COUNTY).await, county(t, "532324").await);
        let unit = t.organisation(OrganisationKind::BudgetUnit, "330106").await;
        let wanted = |unit, village| json!({ "unit_id": unit, "village_id": village, "from_date": "2026-03-01", "source": "定点帮扶方案" });
        let send = async |body: Value| t.post("/unit-assignments").by(&own.officer).json(body).await;
        let made = send(wanted(unit, own.village)).await.created();
        send(wanted(unit, own.village)).await.refused(409, "already_exists");
        send(wanted(unit, foreign.village)).await.refused(400, "invalid_fields");
        let cooperative = t.organisation(OrganisationKind::Cooperative, COUNTY).await;
        send(wanted(cooperative, own.village)).await.refused(422, "unit_unfit");
        let path = format!("/unit-assignments/{}", made["id"].as_str().unwrap());
        let village = t.member(Role::VillageOfficer, own.village).await;
        assert_eq!(t.get(&path).by(&village).await.ok()["unit"]["id"], json!(unit));
        t.get(&path).by(&foreign.officer).await.refused(404, "not_found");
        let household = household(t, &own, 1).await;
        let cadre = helper(t, &own.officer, household).await;
        assert_eq!(listed(t, "/unit-assignments?open=true", &cadre).await.len(), 1);
        let end = json!({ "until_date": "2026-03-02", "reason": "关系调整" });
        let ended = t.post(&format!("{path}/end")).by(&own.officer).version(&json!(1)).json(end.clone()).await.ok();
        assert_eq!((&ended["end_reason"], &ended["version"]), (&json!("关系调整"), &json!(2)));
        t.post(&format!("{path}/end")).by(&own.officer).version(&json!(2)).json(end).await.refused(409, "wrong_state");
        send(wanted(unit, own.village)).await.created();
    }

    /// Whoever is to be helped and is not is listed, for whoever sees the household, whatever its history.
    async fn households_for_which_nothing_is_done_are_listed(t: TestApp) {
        t.tells_the_examples();
        let county = county(t, COUNTY).await;
        let (helped, bare) = (household(t, &county, 1).await, household(t, &county, 2).await);
        let ordinary = household(t, &county, 3).await;
        // It was registered once, and is ordinary since.
        let since = json!({ "status": "ordinary", "from_date": "2025-01-01", "source": "历史补录" });
        t.post(&format!("/households/{ordinary}/statuses")).by(&county.officer).version(&json!(1)).json(since).await.created();
        let cadre = helper(t, &county.officer, helped).await;
        let photo = photo(t, &cadre, 1).await;
        t.post(&format!("/households/{helped}/visits")).by(&cadre).json(visit(&[photo])).await.created();
        t.post("/help-plans").by(&cadre).json(plan(helped)).await.created();
        let village = t.member(Role::VillageOfficer, county.village).await;
        for kind in ["no_helper", "no_plan", "no_visit"] {
            for by in [&county.officer, &village] {
                let path = format!("/help-gaps?kind={kind}&village_id={}", county.village);
                assert_eq!(listed(t, &path, by).await, [bare.to_string()], "{kind}");
            }
        }
        assert_eq!(listed(t, "/help-gaps?kind=no_visit&year=2025", &county.officer).await.len(), 2);
        assert!(listed(t, "/help-gaps?monitored=true", &county.officer).await.is_empty());
        assert_eq!(listed(t, "/help-gaps?monitored=false", &county.officer).await, [bare.to_string()]);
        let stranger: County = self::county(t, "532324").await;
        assert!(listed(t, "/help-gaps", &stranger.officer).await.is_empty());
        t.get("/help-gaps?year=1").by(&stranger.officer).await.refused(400, "invalid_fields");
        // A measure that was given up is none.
        let plan = listed(t, "/help-plans", &cadre).await.remove(0);
        for (number, version) in [(1, 1), (2, 2)] {
            let dropped = json!({ "on_date": "2026-03-02", "text": "改为务工", "state": "dropped" });
            let path = format!("/help-plans/{plan}/items/{number}/progress");
            t.post(&path).by(&cadre).version(&json!(version)).json(dropped).await.created();
        }
        assert_eq!(listed(t, "/help-gaps?kind=no_plan", &county.officer).await.len(), 2);
        // Page by page.
        let first = t.get("/help-gaps?kind=no_plan&limit=1").by(&county.officer).await.ok();
        let rest = format!("/help-gaps?kind=no_plan&limit=1&cursor={}", first["next"].as_str().unwrap());
        assert_eq!(listed(t, &rest, &county.officer).await, [helped.to_string()]);
    }
}
