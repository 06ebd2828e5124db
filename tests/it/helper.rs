//! Helper cadres: the few households assigned to each, what they see of them, and who keeps that.

use crate::harness::*;
use crate::household::{County, county, couple};
use entity::value::{HelperPosition, HouseholdId, OrganisationId, OrganisationKind, Role};
use liannong::household::helper::{MOST_HOUSEHOLDS, fits, may_take};
use proptest::prelude::*;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

async fn household(t: &TestApp, county: &County, number: u32) -> HouseholdId {
    let made = t.post("/households").by(&county.officer).json(couple(county.village, number)).await.created();
    made["id"].as_str().unwrap().parse().unwrap()
}

/// A cadre of a unit elsewhere.
async fn cadre(t: &TestApp) -> Person {
    let unit = t.organisation(OrganisationKind::BudgetUnit, "330106").await;
    t.member(Role::HelperCadre, unit).await
}

async fn wanted(t: &TestApp, household: HouseholdId, cadre: &Person) -> Value {
    json!({
        "household_id": household, "username": t.username(cadre).await, "from_date": "2026-01-05",
        "position": "established_cadre",
    })
}

async fn ids(t: &TestApp, path: &str, by: &Person) -> Vec<String> {
    let page = t.get(path).by(by).await.ok();
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

both! {
    /// What is assigned is seen, what is not is not there; and when it ends, nothing is.
    async fn a_cadre_sees_the_households_assigned_to_them_and_no_others(t: TestApp) {
        let county = county(t, "522625").await;
        let (own, other) = (household(t, &county, 1).await, household(t, &county, 2).await);
        let (cadre, colleague) = (cadre(t).await, cadre(t).await);
        assert!(ids(t, "/households", &cadre).await.is_empty());
        let made = t.post("/helper-assignments").by(&county.officer).json(wanted(t, own, &cadre).await).await.created();
        assert_eq!(made["helper"]["person_id"], json!(cadre.member.person));
        assert_eq!(made["exception_reason"], Value::Null);

        assert_eq!(ids(t, "/households", &cadre).await, [own.to_string()]);
        assert_eq!(t.get(&format!("/households/{own}")).by(&cadre).await.ok()["id"], json!(own));
        t.get(&format!("/households/{own}/statement?year=2026")).by(&cadre).await.ok();
        t.get(&format!("/households/{own}/receipt?year=2026")).by(&cadre).await.ok();
        for path in [String::new(), "/statement?year=2026".to_owned(), "/receipt?year=2026".to_owned()] {
            t.get(&format!("/households/{other}{path}")).by(&cadre).await.refused(404, "not_found");
            t.get(&format!("/households/{own}{path}")).by(&colleague).await.refused(404, "not_found");
        }
        let reveal = json!({ "purpose": "走访核对信息" });
        t.post(&format!("/households/{own}/reveal")).by(&cadre).json(reveal).await.refused(403, "forbidden");
        let assignment = format!("/helper-assignments/{}", made["id"].as_str().unwrap());
        assert_eq!(ids(t, "/helper-assignments?open=true", &cadre).await.len(), 1);
        t.get(&assignment).by(&colleague).await.refused(404, "not_found");

        let end = json!({ "until_date": "2026-03-01", "reason": "干部调离" });
        let path = format!("{assignment}/end");
        t.post(&path).by(&county.officer).json(end.clone()).await.refused(428, "precondition_required");
        let ended = t.post(&path).by(&county.officer).version(&json!(1)).json(end.clone()).await.ok();
        assert_eq!((&ended["until_date"], &ended["version"]), (&json!("2026-03-01"), &json!(2)));
        t.post(&path).by(&county.officer).version(&json!(1)).json(end.clone()).await.refused(412, "stale_version");
        t.post(&path).by(&county.officer).version(&json!(2)).json(end).await.refused(409, "wrong_state");
        assert!(ids(t, "/households", &cadre).await.is_empty());
        t.get(&format!("/households/{own}")).by(&cadre).await.refused(404, "not_found");
        t.get(&format!("/households/{own}/statement?year=2026")).by(&cadre).await.refused(404, "not_found");
        assert_eq!(t.get(&assignment).by(&cadre).await.ok()["end_reason"], "干部调离");
        // Ended once, it can begin again.
        t.post("/helper-assignments").by(&county.officer).json(wanted(t, own, &cadre).await).await.created();
        assert_eq!(ids(t, "/helper-assignments?open=false", &county.officer).await.len(), 1);
    }

    /// Three households are enough, unless somebody says why not; the reason stays.
    async fn a_fourth_household_needs_a_reason(t: TestApp) {
        let county = county(t, "522625").await;
        let cadre = cadre(t).await;
        for number in 1..=3 {
            let household = household(t, &county, number).await;
            let mut assignment = wanted(t, household, &cadre).await;
            // A reason that is not needed is not kept.
            assignment["exception_reason"] = json!("也许用得上");
            let made = t.post("/helper-assignments").by(&county.officer).json(assignment).await.created();
            assert_eq!(made["exception_reason"], Value::Null);
        }
        let mut fourth = wanted(t, household(t, &county, 4).await, &cadre).await;
        t.post("/helper-assignments").by(&county.officer).json(fourth.clone()).await.refused(409, "helper_full");
        fourth["exception_reason"] = json!("短");
        let refused = t.post("/helper-assignments").by(&county.officer).json(fourth.clone()).await;
        assert_eq!(refused.refused(400, "invalid_fields")["errors"][0]["pointer"], "/exception_reason");
        fourth["exception_reason"] = json!("同村邻户，便于一并走访");
        let made = t.post("/helper-assignments").by(&county.officer).json(fourth).await.created();
        assert_eq!(made["exception_reason"], "同村邻户，便于一并走访");
        let audit = entity::audit_event::Entity::find().all(t.direct()).await.unwrap();
        let last = audit.iter().rfind(|event| event.operation == "helper.assigned").unwrap();
        assert_eq!(last.reason.as_deref(), Some("同村邻户，便于一并走访"));
    }

    /// Only of the own county, only to who has the role, not twice, and not to oneself.
    async fn an_assignment_is_of_the_county_to_a_cadre(t: TestApp) {
        let (own, foreign) = (county(t, "522625").await, county(t, "532324").await);
        let (mine, theirs) = (household(t, &own, 1).await, household(t, &foreign, 2).await);
        let cadre = cadre(t).await;
        let send = async |body: Value| t.post("/helper-assignments").by(&own.officer).json(body).await;
        let refused = send(wanted(t, theirs, &cadre).await).await.refused(400, "invalid_fields");
        assert_eq!(refused["errors"][0]["pointer"], "/household_id");
        let mut late = wanted(t, mine, &cadre).await;
        late["from_date"] = json!("2026-03-03");
        assert_eq!(send(late).await.refused(400, "invalid_fields")["errors"][0]["pointer"], "/from_date");
        send(wanted(t, mine, &own.officer).await).await.refused(422, "helper_unknown");
        send(wanted(t, mine, &cadre).await).await.created();
        send(wanted(t, mine, &cadre).await).await.refused(409, "already_exists");
        let mut retired = wanted(t, household(t, &own, 4).await, &self::cadre(t).await).await;
        retired["position"] = json!("other");
        retired["exception_reason"] = json!("退休教师，自愿结对");
        let made = send(retired).await.created();
        assert_eq!((&made["position"], &made["exception_reason"]), (&json!("other"), &json!("退休教师，自愿结对")));
        assert!(ids(t, "/helper-assignments", &foreign.officer).await.is_empty());

        // With the role in two organisations it must be said for which.
        let second = t.organisation(OrganisationKind::Enterprise, "330106").await;
        t.also(&cadre, Role::HelperCadre, second).await;
        let other = household(t, &own, 3).await;
        send(wanted(t, other, &cadre).await).await.refused(422, "helper_unknown");
        let mut named = wanted(t, other, &cadre).await;
        named["organisation_id"] = json!(second);
        // An enterprise has managers and no established posts; whoever is neither helps for a reason.
        send(named.clone()).await.refused(422, "helper_unfit");
        named["position"] = json!("other");
        send(named.clone()).await.refused(422, "helper_unfit");
        named["position"] = json!("enterprise_manager");
        assert_eq!(send(named).await.created()["helper"]["organisation"]["id"], json!(second));

        let officer_too = t.also(&own.officer, Role::HelperCadre, own.officer.member.organisation).await;
        send(wanted(t, mine, &officer_too).await).await.refused(403, "four_eyes");
        let colleague = t.member(Role::RevitalisationOfficer, own.officer.member.organisation).await;
        let by_colleague = wanted(t, mine, &officer_too).await;
        t.post("/helper-assignments").by(&colleague).json(by_colleague).await.created();
    }

    /// Of two assignments at once, both of a cadre who has two households, one is the fourth and is refused.
    async fn two_at_once_do_not_make_four(t: TestApp) {
        let county = county(t, "522625").await;
        let cadre = cadre(t).await;
        for number in 1..=2 {
            let household = household(t, &county, number).await;
            t.post("/helper-assignments").by(&county.officer).json(wanted(t, household, &cadre).await).await.created();
        }
        let (one, two) = (household(t, &county, 3).await, household(t, &county, 4).await);
        let (one, two) = (wanted(t, one, &cadre).await, wanted(t, two, &cadre).await);
        let (one, two) = futures_util::join!(
            t.post("/helper-assignments").by(&county.officer).json(one).into_future(),
            t.post("/helper-assignments").by(&county.officer).json(two).into_future(),
        );
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409]);
    }

    /// A registrar keeps the register; a village and its township see their own, masked; none of them sees others'.
    async fn village_and_township_see_their_own_households(t: TestApp) {
        let county = county(t, "522625").await;
        let township = t.organisation(OrganisationKind::Township, "522625").await;
        let village = t.organisation_below(OrganisationKind::VillageCommittee, "522625", Some(township)).await;
        let registrar = t.member(Role::HouseholdRegistrar, county.officer.member.organisation).await;
        let register = async |village: OrganisationId, number: u32| {
            let made = t.post("/households").by(&registrar).json(couple(village, number)).await.created();
            made["id"].as_str().unwrap().to_owned()
        };
        let here = register(village, 1).await;
        let there = register(county.village, 2).await;
        let village_officer = t.member(Role::VillageOfficer, village).await;
        let township_officer = t.member(Role::TownshipOfficer, township).await;
        for officer in [&village_officer, &township_officer] {
            assert_eq!(ids(t, "/households", officer).await, std::slice::from_ref(&here));
            t.get(&format!("/households/{there}")).by(officer).await.refused(404, "not_found");
            t.post("/households").by(officer).json(couple(village, 3)).await.refused(403, "forbidden");
        }
        assert_eq!(ids(t, "/households", &registrar).await.len(), 2);
        assert_eq!(ids(t, "/organisations", &township_officer).await.len(), 2);
        let reveal = json!({ "purpose": "核对身份信息" });
        t.post(&format!("/households/{here}/reveal")).by(&registrar).json(reveal).await.ok();
    }
}

proptest! {
    /// Below the limit nothing is asked; from it on, a reason that says something.
    #[test]
    fn the_limit_gives_way_to_a_reason_only(has in 0_usize..20, reason in proptest::option::of(".{0,10}")) {
        let says_something = reason.as_ref().is_some_and(|reason| !reason.trim().is_empty());
        prop_assert_eq!(may_take(has, reason.as_deref()), has < MOST_HOUSEHOLDS || says_something);
    }
}

#[test]
fn nobody_holds_a_post_that_their_organisation_does_not_have() {
    for kind in OrganisationKind::ALL {
        assert!(fits(HelperPosition::Other, *kind));
        assert!(!(fits(HelperPosition::EstablishedCadre, *kind) && fits(HelperPosition::EnterpriseManager, *kind)));
    }
    assert!(!fits(HelperPosition::EstablishedCadre, OrganisationKind::VillageCommittee), "below the township");
    assert!(!fits(HelperPosition::EnterpriseManager, OrganisationKind::Cooperative));
}
