//! Succession: units are renamed, merged, split and abolished by a document; who acted for them goes on or stops.

use crate::harness::*;
use crate::market::Market;
use entity::value::{OrganisationChangeKind as Change, OrganisationId, OrganisationKind, Role};
use liannong::succession::terms::{self, Fault};
use proptest::prelude::*;
use serde_json::{Value, json};

/// The operator with the document of a change.
struct Desk {
    operator: Person,
    document: Value,
}

async fn desk(t: &TestApp) -> Desk {
    let platform = t.organisation(OrganisationKind::PlatformOperator, "110000").await;
    let operator = t.member(Role::PlatformOperator, platform).await;
    let pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n".to_vec();
    let file = t.post("/files?name=decision.pdf").by(&operator).bytes("application/pdf", pdf).await.created();
    Desk { operator, document: file["id"].clone() }
}

impl Desk {
    fn wanted(&self, kind: &str, successors: &[OrganisationId]) -> Value {
        json!({
            "kind": kind, "on_date": "2026-03-02", "document_number": "黔编办〔2026〕3号", "document_id": self.document,
            "successor_ids": successors,
        })
    }

    async fn record(&self, t: &TestApp, id: OrganisationId, wanted: Value) -> Reply {
        let shown = t.get(&format!("/organisations/{id}")).by(&self.operator).await.ok();
        let call = t.post(&format!("/organisations/{id}/changes")).by(&self.operator).version(&shown["version"]);
        call.json(wanted).await
    }
}

both! {
    /// A new name holds from now on; the order of before keeps the name of before.
    async fn an_old_order_shows_the_name_of_then(t: TestApp) {
        let desk = desk(t).await;
        let market = Market::with_unit(t).await;
        let order = market.placed(t, 2).await;
        let path = format!("/supplier-orders/{}", order["id"].as_str().unwrap());
        let before = t.get(&path).by(&market.buyer).await.ok()["supplier_name"].clone();
        t.clock.advance(chrono::Duration::days(10));
        let mut wanted = desk.wanted("renamed", &[]);
        wanted["on_date"] = json!("2026-03-10");
        wanted["new_name"] = json!("雷山县银球茶业农民专业合作社联合社");
        let told = desk.record(t, market.supplier.id, wanted.clone()).await.created();
        assert_eq!(told["changes"][0]["name_before"], before);
        assert_eq!(told["organisation"]["name"], wanted["new_name"]);
        assert_eq!(told["is_active"], true);
        assert_eq!(t.get(&path).by(&market.buyer).await.ok()["supplier_name"], before);
        let later = market.placed(t, 2).await;
        let later = t.get(&format!("/supplier-orders/{}", later["id"].as_str().unwrap())).by(&market.buyer).await.ok();
        assert_eq!(later["supplier_name"], wanted["new_name"]);
        assert!(t.sql("update organisation_change set name_before = 'x'").await.is_err(), "history was rewritten");
        assert!(t.sql("delete from organisation_change").await.is_err(), "history was deleted");
        let own = t.get(&format!("/organisations/{}/history", market.supplier.id)).by(&market.supplier.clerk).await.ok();
        assert_eq!(own["changes"][0]["document_number"], "黔编办〔2026〕3号");
        let foreign = t.get(&format!("/organisations/{}/history", market.supplier.id)).by(&market.buyer).await;
        foreign.refused(404, "not_found");
    }

    /// A supplier that ended sells nothing from that moment on; what was ordered before goes on being told.
    async fn nothing_is_ordered_of_who_ended(t: TestApp) {
        let desk = desk(t).await;
        let market = Market::with_unit(t).await;
        let order = market.placed(t, 1).await;
        desk.record(t, market.supplier.id, desk.wanted("abolished", &[])).await.created();
        let wanted = json!({ "budget_id": market.budget, "deliver_to": "贵阳市林城东路 1 号",
            "lines": [{ "product_id": market.product, "packs": 1 }] });
        t.post("/orders").by(&market.buyer).key("after").json(wanted).await.refused(422, "product_not_on_shelf");
        let path = format!("/supplier-orders/{}", order["id"].as_str().unwrap());
        assert!(t.get(&path).by(&market.buyer).await.ok()["supplier_name"].as_str().is_some_and(|name| !name.is_empty()));
        let again = desk.record(t, market.supplier.id, desk.wanted("abolished", &[])).await;
        again.refused(409, "organisation_ended");
    }

    /// Who acted for a unit that was merged goes on for its successor, signed in anew; what stood below follows.
    async fn members_and_units_go_on_for_the_successor(t: TestApp) {
        let desk = desk(t).await;
        let treasury = t.organisation(OrganisationKind::FinanceDepartment, "520000").await;
        let old = t.organisation_below(OrganisationKind::SupervisingUnit, "520000", Some(treasury)).await;
        let new = t.organisation_below(OrganisationKind::SupervisingUnit, "520000", Some(treasury)).await;
        let school = t.organisation_below(OrganisationKind::BudgetUnit, "520000", Some(old)).await;
        let member = json!({ "organisation_id": old, "role": "finance_officer", "username": "keeper",
            "display_name": "吴秀英", "password": "correct horse battery" });
        t.post("/members").by(&desk.operator).json(member).await.created();
        let sign_in = || t.post("/sessions").json(json!({ "username": "keeper", "password": "correct horse battery" }));
        let session = sign_in().await.created();
        let mut wanted = desk.wanted("merged", &[new]);
        wanted["move_members"] = json!(true);
        let told = desk.record(t, old, wanted).await.created();
        assert_eq!((&told["is_active"], &told["changes"][0]["successors"][0]["id"]), (&json!(false), &json!(new)));
        let bearer = format!("Bearer {}", session["token"].as_str().unwrap());
        t.get("/me").header("Authorization", &bearer).await.refused(401, "token_invalid");
        let refresh = json!({ "refresh_token": session["refresh_token"] });
        t.post("/sessions/refresh").json(refresh).await.refused(401, "session_ended");
        let session = sign_in().await.created();
        assert_eq!(session["acting_for"]["organisation"]["id"], json!(new));
        assert_eq!(session["memberships"].as_array().unwrap().len(), 1);
        let shown = t.get(&format!("/organisations/{school}")).by(&desk.operator).await.ok();
        assert_eq!(shown["parent_id"], json!(new));
        let history = t.get(&format!("/organisations/{new}/history")).by(&desk.operator).await.ok();
        assert_eq!(history["predecessors"][0]["id"], json!(old));
    }

    /// Whoever ended without a successor for its people stops them; a key of it opens nothing.
    async fn who_is_not_moved_stops(t: TestApp) {
        let desk = desk(t).await;
        let unit = t.organisation(OrganisationKind::BudgetUnit, "520000").await;
        let software = t.member(Role::Integrator, unit).await;
        let administrator = t.member(Role::Administrator, unit).await;
        t.get("/me").by(&software).await.ok();
        let halves =
            [t.organisation(OrganisationKind::BudgetUnit, "520000").await, t.organisation(OrganisationKind::BudgetUnit, "520000").await];
        let told = desk.record(t, unit, desk.wanted("split", &halves)).await.created();
        assert_eq!(told["changes"][0]["successors"].as_array().unwrap().len(), 2);
        t.get("/me").by(&software).await.refused(401, "token_invalid");
        t.get("/me").by(&administrator).await.refused(401, "token_invalid");
        let members = t.get(&format!("/members?organisation_id={unit}&state=active")).by(&desk.operator).await.ok();
        assert!(members["items"].as_array().unwrap().is_empty());
    }

    /// Who stands above sees it from the day on; what is told as of a day before is told to those above it then.
    async fn a_unit_stands_under_another_from_a_day_on(t: TestApp) {
        let desk = desk(t).await;
        let treasury = t.organisation(OrganisationKind::FinanceDepartment, "520000").await;
        let old = t.organisation_below(OrganisationKind::SupervisingUnit, "520000", Some(treasury)).await;
        let new = t.organisation_below(OrganisationKind::SupervisingUnit, "520000", Some(treasury)).await;
        let school = t.organisation_below(OrganisationKind::BudgetUnit, "520000", Some(old)).await;
        let (before, after) = (t.member(Role::FinanceOfficer, old).await, t.member(Role::FinanceOfficer, new).await);
        t.clock.advance(chrono::Duration::days(20));
        let mut wanted = desk.wanted("moved", &[]);
        wanted["on_date"] = json!("2026-03-10");
        wanted["new_parent_id"] = json!(new);
        let told = desk.record(t, school, wanted.clone()).await.created();
        assert_eq!(told["is_active"], true);
        let change = &told["changes"][0];
        assert_eq!((&change["parent_before"]["id"], &change["parent_after"]["id"]), (&json!(old), &json!(new)));
        assert_eq!(told["placements"][0]["on_date"], "2026-03-10");
        // The scopes of today.
        t.get(&format!("/organisations/{school}")).by(&before).await.refused(404, "not_found");
        assert_eq!(t.get(&format!("/organisations/{school}")).by(&after).await.ok()["parent_id"], json!(new));
        // The trees of a day.
        let units = async |by: &Person, on: &str| -> Vec<Value> {
            let told = t.get(&format!("/quota-progress?on={on}")).by(by).await.ok();
            told["units"].as_array().unwrap().iter().map(|unit| unit["unit_id"].clone()).collect()
        };
        for (by, day, sees) in [(&before, "2026-03-09", true), (&before, "2026-03-10", false), (&after, "2026-03-09", false), (&after, "2026-03-10", true)] {
            assert_eq!(units(by, day).await.contains(&json!(school)), sees, "{day}");
        }
        assert!(t.sql("update organisation_move set on_date = '2026-01-01'").await.is_err(), "history was rewritten");
        assert!(t.sql("delete from organisation_move").await.is_err(), "history was deleted");
        // What was above it is merged into a third: it follows, and the days before stay as they were.
        let third = t.organisation_below(OrganisationKind::SupervisingUnit, "520000", Some(treasury)).await;
        let mut merged = desk.wanted("merged", &[third]);
        merged["on_date"] = json!("2026-03-05");
        desk.record(t, new, merged).await.created();
        let placed = t.get(&format!("/organisations/{school}/history")).by(&desk.operator).await.ok();
        assert_eq!(placed["placements"][1]["parent_after"]["id"], json!(third));
        assert_eq!(placed["placements"][1]["on_date"], "2026-03-10", "moves follow each other");
        assert!(units(&before, "2026-03-09").await.contains(&json!(school)));
        let third = t.member(Role::FinanceOfficer, third).await;
        assert!(units(&third, "2026-03-21").await.contains(&json!(school)));
        assert!(!units(&third, "2026-03-09").await.contains(&json!(school)));
        // Not before what came before.
        wanted["new_parent_id"] = json!(old);
        wanted["on_date"] = json!("2026-03-09");
        let refused = desk.record(t, school, wanted).await.refused(400, "invalid_fields");
        assert_eq!(refused["errors"][0]["pointer"], "/on_date");
    }

    /// A unit stands only under one that acts, under which its kind stands, and never under itself.
    async fn a_move_that_does_not_fit_is_refused(t: TestApp) {
        let desk = desk(t).await;
        let treasury = t.organisation(OrganisationKind::FinanceDepartment, "520000").await;
        let bureau = t.organisation_below(OrganisationKind::SupervisingUnit, "520000", Some(treasury)).await;
        let gone = t.organisation_below(OrganisationKind::SupervisingUnit, "520000", Some(treasury)).await;
        let school = t.organisation_below(OrganisationKind::BudgetUnit, "520000", Some(bureau)).await;
        let canteen = t.organisation_below(OrganisationKind::CanteenContractor, "520000", Some(school)).await;
        desk.record(t, gone, desk.wanted("abolished", &[])).await.created();
        let under = async |id, parent: Value| {
            let mut wanted = desk.wanted("moved", &[]);
            wanted["new_parent_id"] = parent;
            desk.record(t, id, wanted).await
        };
        for parent in [canteen, gone, school, OrganisationId::generate()] {
            under(school, json!(parent)).await.refused(422, "new_parent_unfit");
        }
        under(treasury, json!(bureau)).await.refused(422, "new_parent_unfit");
        for parent in [json!(bureau), json!(null)] {
            let refused = under(school, parent).await.refused(400, "invalid_fields");
            assert_eq!(refused["errors"][0]["pointer"], "/new_parent_id");
        }
        let mut renamed = desk.wanted("renamed", &[]);
        renamed["new_name"] = json!("第二小学");
        renamed["new_parent_id"] = json!(treasury);
        let refused = desk.record(t, school, renamed).await.refused(400, "invalid_fields");
        assert_eq!(refused["errors"][0]["pointer"], "/new_parent_id");
        under(school, json!(treasury)).await.created();
    }

    /// A change fits its kind, its day, its document and the tree.
    async fn a_change_that_does_not_fit_is_refused(t: TestApp) {
        let desk = desk(t).await;
        let treasury = t.organisation(OrganisationKind::FinanceDepartment, "520000").await;
        let unit = t.organisation_below(OrganisationKind::SupervisingUnit, "520000", Some(treasury)).await;
        let other = t.organisation_below(OrganisationKind::SupervisingUnit, "520000", Some(treasury)).await;
        let pointers = async |wanted: Value| -> Vec<String> {
            let refused = desk.record(t, unit, wanted).await.refused(400, "invalid_fields");
            let errors = refused["errors"].as_array().unwrap();
            errors.iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(pointers(desk.wanted("renamed", &[])).await, ["/new_name"]);
        assert_eq!(pointers(desk.wanted("merged", &[])).await, ["/successor_ids"]);
        assert_eq!(pointers(desk.wanted("split", &[other])).await, ["/successor_ids"]);
        let mut late = desk.wanted("abolished", &[other]);
        late["on_date"] = json!("2026-03-03");
        assert_eq!(pointers(late).await, ["/successor_ids", "/on_date"]);
        desk.record(t, unit, desk.wanted("merged", &[unit])).await.refused(422, "successor_unfit");
        desk.record(t, unit, desk.wanted("merged", &[treasury])).await.refused(422, "successor_unfit");
        desk.record(t, treasury, desk.wanted("abolished", &[])).await.refused(409, "organisation_has_units");
        let mut without = desk.wanted("merged", &[other]);
        without["document_id"] = json!(entity::value::FileId::generate());
        desk.record(t, unit, without).await.refused(422, "file_unknown");
        let path = format!("/organisations/{unit}/changes");
        let wanted = desk.wanted("merged", &[other]);
        t.post(&path).by(&desk.operator).json(wanted.clone()).await.refused(428, "precondition_required");
        t.post(&path).by(&desk.operator).version(&json!(9)).json(wanted.clone()).await.refused(412, "stale_version");
        desk.record(t, unit, wanted).await.created();
        // One that ended goes on for nobody.
        desk.record(t, other, desk.wanted("merged", &[unit])).await.refused(422, "successor_unfit");
    }
}

proptest! {
    /// Each kind of change asks for its own and for nothing else.
    #[test]
    fn a_change_asks_for_what_its_kind_has(
        kind in 0_usize..Change::ALL.len(), name in proptest::option::of("[ab]"),
        parents in (proptest::option::of(0_u8..2), proptest::option::of(0_u8..2)), others in 0_usize..4,
    ) {
        let kind = Change::ALL[kind];
        let faults = terms::faults(kind, ("a", name.as_deref()), parents, others);
        let name_fits = if kind == Change::Renamed { name.as_deref() == Some("b") } else { name.is_none() };
        let (present, new) = parents;
        let parent_fits = if kind == Change::Moved { new.is_some() && new != present } else { new.is_none() };
        let (least, most) = terms::successors(kind);
        prop_assert_eq!(faults.contains(&Fault::Name), !name_fits);
        prop_assert_eq!(faults.contains(&Fault::Parent), !parent_fits);
        prop_assert_eq!(faults.contains(&Fault::Successors), others < least || others > most);
        prop_assert_eq!(terms::ends(kind), !matches!(kind, Change::Renamed | Change::Moved));
    }
}
