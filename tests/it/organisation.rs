//! What organisations, divisions and the audit promise.

use crate::harness::*;
use entity::value::OrganisationId;
use entity::value::role::Role;
use entity::value::state::OrganisationKind;
use liannong::access::Scope;
use liannong::organisation as org;
use serde_json::{Value, json};

async fn operator(t: &TestApp) -> Person {
    let platform = t.organisation(OrganisationKind::PlatformOperator, "110000").await;
    t.member(Role::PlatformOperator, platform).await
}

fn id_of(value: &Value) -> OrganisationId {
    value["id"].as_str().unwrap().parse().unwrap()
}

fn ids(page: &Value) -> Vec<OrganisationId> {
    page["items"].as_array().unwrap().iter().map(id_of).collect()
}

/// Adds an organisation over HTTP.
async fn add(t: &TestApp, by: &Person, kind: &str, division: &str, parent: Option<OrganisationId>) -> OrganisationId {
    let wanted = json!({ "kind": kind, "name": kind, "division_code": division, "parent_id": parent });
    id_of(&t.post("/organisations").by(by).json(wanted).await.created())
}

both! {
    /// A finance department, units on two levels, and what hangs under a unit.
    async fn a_tree_of_units(t: TestApp) {
        let operator = operator(t).await;
        let finance = add(t, &operator, "finance_department", "520000", None).await;
        let bureau = add(t, &operator, "supervising_unit", "520000", Some(finance)).await;
        let school = add(t, &operator, "budget_unit", "520102", Some(bureau)).await;
        let direct = add(t, &operator, "budget_unit", "520102", Some(finance)).await;
        let union = add(t, &operator, "trade_union", "520102", Some(school)).await;
        let canteen = add(t, &operator, "canteen_contractor", "520102", Some(school)).await;
        let stranger = add(t, &operator, "finance_department", "530000", None).await;

        let mut tree = org::tree_ids(t.app.reader(), finance).await.unwrap();
        tree.sort();
        assert_eq!(tree, [finance, bureau, school, direct, union, canteen]);
        assert!(org::is_below(t.app.reader(), finance, canteen).await.unwrap());
        assert!(org::is_below(t.app.reader(), finance, finance).await.unwrap());
        assert!(!org::is_below(t.app.reader(), school, direct).await.unwrap());
        assert!(!org::is_below(t.app.reader(), school, finance).await.unwrap());
        assert!(!org::is_below(t.app.reader(), finance, stranger).await.unwrap());

        // Who keeps the money sees the tree; the bureau's own sees its branch.
        let treasurer = t.member(Role::FinanceOfficer, finance).await;
        let seen = ids(&t.get("/organisations").by(&treasurer).await.ok());
        assert_eq!(seen, [finance, bureau, school, direct, union, canteen]);
        let branch = t.member(Role::FinanceOfficer, bureau).await;
        assert_eq!(ids(&t.get("/organisations").by(&branch).await.ok()), [bureau, school, union, canteen]);
        t.get(&format!("/organisations/{school}")).by(&branch).await.ok();
        t.get(&format!("/organisations/{direct}")).by(&branch).await.refused(404, "not_found");
        let units = t.get("/organisations?kind=budget_unit").by(&treasurer).await.ok();
        assert_eq!(ids(&units), [school, direct]);
    }

    /// Nothing stands where its kind does not belong.
    async fn parents_are_of_the_right_kind(t: TestApp) {
        let operator = operator(t).await;
        let finance = add(t, &operator, "finance_department", "520000", None).await;
        let cooperative = t.organisation(OrganisationKind::Cooperative, "522634").await;
        let try_add = |kind: &str, parent: Option<OrganisationId>| {
            let wanted = json!({ "kind": kind, "name": kind, "division_code": "522634", "parent_id": parent });
            t.post("/organisations").by(&operator).json(wanted)
        };
        for (kind, parent) in [
            ("budget_unit", None),
            ("budget_unit", Some(cooperative)),
            ("budget_unit", Some(OrganisationId::generate())),
            ("supervising_unit", None),
            ("trade_union", Some(finance)),
            ("canteen_contractor", None),
            ("finance_department", Some(finance)),
            ("village_committee", Some(finance)),
        ] {
            let refused = try_add(kind, parent).await.refused(422, "organisation_parent_wrong");
            assert_eq!(refused["errors"][0]["pointer"], "/parent_id", "{kind}");
        }
        try_add("cooperative", None).await.refused(422, "organisation_kind_wrong");
        try_add("platform_operator", None).await.refused(422, "organisation_kind_wrong");
        try_add("enterprise", None).await.refused(422, "credit_code_missing");
        try_add("castle", None).await.refused(400, "invalid_fields");
    }

    /// A village lies in a county, and county officers see their county only.
    async fn county_officers_see_their_county(t: TestApp) {
        let operator = operator(t).await;
        let village = add(t, &operator, "village_committee", "522634", None).await;
        let office = add(t, &operator, "revitalisation_office", "522634", None).await;
        let elsewhere = add(t, &operator, "village_committee", "522633", None).await;
        let province = json!({ "kind": "village_committee", "name": "x", "division_code": "520000" });
        t.post("/organisations").by(&operator).json(province).await.refused(422, "division_not_county");
        let officer = t.member(Role::RevitalisationOfficer, office).await;
        assert_eq!(ids(&t.get("/organisations").by(&officer).await.ok()), [village, office]);
        t.get(&format!("/organisations/{elsewhere}")).by(&officer).await.refused(404, "not_found");
        let found = t.get("/organisations?division=522633").by(&operator).await.ok();
        assert_eq!(ids(&found), [elsewhere]);
        t.post("/organisations").by(&officer).json(json!({})).await.refused(403, "forbidden");
        t.get("/organisations").await.refused(401, "unauthenticated");
        t.get("/organisations/not-an-id").by(&operator).await.refused(404, "not_found");
    }

    /// The ids that each scope reaches are what other rooms filter by.
    async fn scopes_reach_what_they_say(t: TestApp) {
        let finance = t.organisation(OrganisationKind::FinanceDepartment, "520000").await;
        let unit = t.organisation_below(OrganisationKind::BudgetUnit, "522634", Some(finance)).await;
        let cooperative = t.organisation(OrganisationKind::Cooperative, "522634").await;
        let reach = async |scope: Scope| {
            use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
            let column = entity::organisation::Column::Id;
            let within = entity::organisation::Entity::find().filter(column.in_subquery(org::ids_within(&scope)));
            let rows = within.order_by_asc(column).all(t.direct()).await.unwrap();
            rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
        };
        assert_eq!(reach(Scope::Organisation(unit)).await, [unit]);
        assert_eq!(reach(Scope::Tree(finance)).await, [finance, unit]);
        assert_eq!(reach(Scope::County("522634".parse().unwrap())).await, [unit, cooperative]);
        assert_eq!(reach(Scope::Everything).await, [finance, unit, cooperative]);
        let found = org::find_many(t.app.reader(), &[unit, cooperative, OrganisationId::generate()]).await.unwrap();
        assert_eq!(found.len(), 2);
    }

    /// A contact's phone number is nowhere in clear, and nowhere in full.
    async fn a_phone_number_is_kept_secret(t: TestApp) {
        let operator = operator(t).await;
        let wanted = json!({
            "kind": "federation", "name": "县工商联", "division_code": "522634",
            "contact": { "name": "罗文", "phone": "138-0000-5678" },
        });
        let made = t.post("/organisations").by(&operator).json(wanted).await;
        assert_eq!(made.etag(), "\"1\"");
        let made = made.created();
        assert_eq!(made["contact_phone"], "138****5678");
        use sea_orm::EntityTrait;
        let row = entity::organisation::Entity::find_by_id(id_of(&made)).one(t.direct()).await.unwrap().unwrap();
        assert!(!format!("{row:?}").contains("13800005678"));
        let audit = entity::audit_event::Entity::find().all(t.direct()).await.unwrap();
        assert!(audit.iter().all(|row| !format!("{row:?}").contains("5678")));
    }

    /// Pages follow each other without a gap, and a cursor is ours or refused.
    async fn lists_come_in_pages(t: TestApp) {
        let operator = operator(t).await;
        for _ in 0..5 {
            t.organisation(OrganisationKind::VillageCommittee, "522634").await;
        }
        let all = ids(&t.get("/organisations").by(&operator).await.ok());
        let mut seen = Vec::new();
        let mut path = "/organisations?limit=2".to_owned();
        loop {
            let page = t.get(&path).by(&operator).await.ok();
            seen.extend(ids(&page));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/organisations?limit=2&cursor={next}");
        }
        assert_eq!(seen, all);
        assert_eq!(all.len(), 6);
        t.get("/organisations?limit=0").by(&operator).await.refused(400, "invalid_fields");
        t.get("/organisations?cursor=ours").by(&operator).await.refused(400, "invalid_fields");
        t.get("/organisations?kind=castle").by(&operator).await.refused(400, "invalid_fields");
    }

    /// The audit says who did what, newest first; suppliers do not read it.
    async fn the_audit_is_read_newest_first(t: TestApp) {
        let operator = operator(t).await;
        let first = add(t, &operator, "township", "522634", None).await;
        let second = add(t, &operator, "village_committee", "522634", None).await;
        let office = t.organisation(OrganisationKind::AuditOffice, "520000").await;
        let auditor = t.member(Role::Auditor, office).await;
        let all = t.get("/audit-events").by(&auditor).await.ok();
        assert_eq!(all["items"][0]["object_id"], json!(second));
        assert_eq!(all["items"][1]["object_id"], json!(first));
        assert_eq!(all["items"][0]["operation"], "organisation.add");
        assert_eq!(all["items"][0]["role"], "platform_operator");
        assert_eq!(all["items"][0]["after"]["kind"], "village_committee");
        let one = t.get(&format!("/audit-events?object_id={first}")).by(&auditor).await.ok();
        assert_eq!(one["items"].as_array().unwrap().len(), 1);
        let page = t.get("/audit-events?limit=1").by(&auditor).await.ok();
        let next = format!("/audit-events?limit=1&cursor={}", page["next"].as_str().unwrap());
        let next = t.get(&next).by(&auditor).await.ok();
        assert_eq!(next["items"][0]["object_id"], json!(first));
        let cooperative = t.organisation(OrganisationKind::Cooperative, "522634").await;
        let clerk = t.member(Role::CooperativeClerk, cooperative).await;
        t.get("/audit-events").by(&clerk).await.refused(403, "forbidden");
    }

    /// A code that ended names what it became; nothing new is registered under it, and what stands stays.
    async fn a_division_code_has_its_time(t: TestApp) {
        let county = t.get("/divisions/130721").await.ok();
        assert_eq!((&county["name"], &county["valid_until"]), (&json!("宣化县"), &json!("2016-12-31")));
        assert_eq!(county["basis"], "国函〔2016〕5号");
        let now: Vec<_> = county["successors"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
        assert_eq!(now, ["130705", "130702", "130703"]);
        assert_eq!(t.get("/divisions/130721?on=2015-06-30").await.ok()["name"], "宣化县");
        t.get("/divisions/130721?on=2017-01-01").await.refused(404, "not_found");
        t.get("/divisions/130708?on=2015-12-31").await.refused(404, "not_found");
        let began = t.get("/divisions/130708").await.ok();
        assert_eq!((&began["valid_from"], &began["valid_until"]), (&json!("2016-01-01"), &json!(null)));
        // Replaced twice; renamed under its own code; always what it is.
        assert_eq!(t.get("/divisions/542623").await.ok()["successors"], json!([{ "code": "540481", "name": "米林市" }]));
        assert_eq!(t.get("/divisions/130502?on=2019-06-30").await.ok()["name"], "桥东区");
        assert_eq!(t.get("/divisions/130502").await.ok()["name"], "襄都区");
        assert_eq!(t.get("/divisions/522634?on=2015-06-30").await.ok()["valid_from"], json!(null));
        let codes = async |query: &str| -> Vec<String> {
            let listed = t.get(&format!("/divisions?parent=130700{query}")).await.ok();
            listed["items"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect()
        };
        let (then, today) = (codes("&on=2015-06-30").await, codes("").await);
        assert!(then.contains(&"130721".to_owned()) && !then.contains(&"130708".to_owned()) && then.is_sorted());
        assert!(!today.contains(&"130721".to_owned()) && today.contains(&"130708".to_owned()));
        assert!(then.contains(&"130705".to_owned()) && today.contains(&"130705".to_owned()));
        let tibet = t.get("/divisions?parent=540000&on=2014-01-01").await.ok();
        assert!(tibet["items"].as_array().unwrap().iter().any(|one| one["name"] == "林芝地区"), "{tibet}");
        t.get("/divisions?on=2015").await.refused(400, "invalid_fields");

        let operator = operator(t).await;
        let wanted = json!({ "kind": "township", "name": "某乡", "division_code": "130721" });
        let refused = t.post("/organisations").by(&operator).json(wanted).await.refused(422, "division_ended");
        let told = refused["errors"][0]["detail"].as_str().unwrap();
        assert!(told.contains("2016-12-31") && told.contains("130705 宣化区"), "{told}");

        // A later edition ends a code under which something stands.
        let township = add(t, &operator, "township", "522634", None).await;
        let edition = "code,name,valid_from,valid_until,successors,basis\n522634,雷山县,,2026-02-28,522601,演示\n";
        let load = async |tx: &liannong::db::Tx| liannong::region::load_periods(tx, edition.as_bytes()).await;
        t.app.transact(&liannong::access::Actor::System, load).await.unwrap();
        let shown = t.get(&format!("/organisations/{township}")).by(&operator).await.ok();
        assert_eq!(shown["division_code"], "522634");
        let wanted = json!({ "kind": "township", "name": "某乡", "division_code": "522634" });
        t.post("/organisations").by(&operator).json(wanted).await.refused(422, "division_ended");
        assert_eq!(t.get("/divisions/522634").await.ok()["successors"][0]["code"], "522601");
    }

    /// Divisions and the 832 counties are for everybody, found by today's code and by the one on the list.
    async fn regions_are_public(t: TestApp) {
        let provinces = t.get("/divisions").await.ok();
        let is_guizhou = |p: &Value| p["name"] == "贵州省" && p["level"] == 1;
        assert!(provinces["items"].as_array().unwrap().iter().any(is_guizhou));
        let counties = t.get("/divisions?parent=522600").await.ok();
        let is_leishan = |c: &Value| c["code"] == "522634" && c["name"] == "雷山县";
        assert!(counties["items"].as_array().unwrap().iter().any(is_leishan));
        assert_eq!(t.get("/divisions/522634").await.ok()["parent_code"], "522600");
        t.get("/divisions/522699").await.refused(404, "not_found");
        t.get("/divisions/guizhou").await.refused(404, "not_found");
        t.get("/divisions?parent=52").await.refused(400, "invalid_fields");

        let found = t.get("/relief-counties?name=%E9%9B%B7%E5%B1%B1").await.ok();
        assert_eq!(found["items"][0]["code"], "522634");
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
        let mut seen = 0;
        let mut path = "/relief-counties?limit=100".to_owned();
        loop {
            let page = t.get(&path).await.ok();
            seen += page["items"].as_array().unwrap().len();
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/relief-counties?limit=100&cursor={next}");
        }
        assert_eq!(seen, 832);
        let page = t.get("/relief-counties?province=520000&limit=100").await.ok();
        assert_eq!(page["items"].as_array().unwrap().len(), 66);

        use sea_orm::{EntityTrait, QueryFilter, sea_query::Expr, sea_query::ExprTrait};
        use entity::relief_county::{Column, Entity};
        let moved = Expr::col(Column::Code).not_equals(Column::CurrentCode);
        let moved = Entity::find().filter(moved).one(t.direct()).await.unwrap().unwrap();
        let by_old = t.get(&format!("/relief-counties/{}", moved.code)).await.ok();
        assert_eq!(by_old["current_code"], json!(moved.current_code));
        let by_new = t.get(&format!("/relief-counties/{}", moved.current_code)).await.ok();
        assert_eq!(by_new["current_code"], json!(moved.current_code));
        t.get("/relief-counties/110101").await.refused(404, "not_found");
    }
}
