//! Four eyes: whoever decides or records is not whoever asked, also when one person holds both roles.

use crate::agreement::supplier;
use crate::harness::*;
use crate::household::county;
use crate::market::{Market, csv, row};
use entity::value::{OrganisationKind, PersonId, Role};
use liannong::access::{AccessError, four_eyes};
use proptest::prelude::*;
use sea_orm::EntityTrait;
use serde_json::json;

both! {
    /// A clerk who is an officer of the county as well does not approve the plan they proposed; a colleague does.
    async fn nobody_approves_their_own_plan(t: TestApp) {
        let (county, supplier) = (county(t, "522625").await, supplier(t, "522625").await);
        let wanted = json!({ "produce_bp": 6000, "wages_bp": 1500, "dividend_bp": 1000, "rent_bp": 500 });
        let plan = t.post("/plans").by(&supplier.clerk).json(wanted).await.created();
        let path = format!("/plans/{}/approve", plan["id"].as_str().unwrap());
        let office = county.officer.member.organisation;
        let both = t.also(&supplier.clerk, Role::RevitalisationOfficer, office).await;
        t.post(&path).by(&both).version(&plan["version"]).await.refused(403, "four_eyes");
        t.post(&path).by(&county.officer).version(&plan["version"]).await.ok();
    }

    /// Whoever placed an order does not import the statement that pays it; and nothing of that statement stays.
    async fn nobody_imports_the_payment_of_their_own_order(t: TestApp) {
        let mut market = Market::with_unit(t).await;
        let order = market.invoiced(t, 2, 2).await;
        let platform = market.operator.member.organisation;
        let honest = market.operator.clone();
        market.operator = t.also(&market.buyer, Role::PlatformOperator, platform).await;
        let file = csv(&[row(&order, "R1")]);
        market.import(t, "own", "流水", &file).await.refused(403, "four_eyes");
        assert!(entity::bank_statement::Entity::find().all(t.direct()).await.unwrap().is_empty());
        market.operator = honest;
        assert_eq!(market.import(t, "other", "流水", &file).await.created()["rows_matched"], 1);
    }

    /// The three opinions on an application are of three people.
    async fn nobody_decides_twice_on_an_application(t: TestApp) {
        let cooperative = t.organisation(OrganisationKind::Cooperative, "522634").await;
        let clerk = t.member(Role::CooperativeClerk, cooperative).await;
        let agriculture = t.organisation(OrganisationKind::AgricultureOffice, "522634").await;
        let agriculture = t.member(Role::AgricultureOfficer, agriculture).await;
        let office = t.organisation(OrganisationKind::RevitalisationOffice, "522634").await;
        let both = t.also(&agriculture, Role::RevitalisationOfficer, office).await;
        let pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n".to_vec();
        let file = t.post("/files?name=a.pdf").by(&clerk).bytes("application/pdf", pdf).await.created()["id"].clone();
        let case = json!({ "county_code": "522634", "mechanism": "保底收购，务工优先。" });
        let mut case = t.post("/admissions").by(&clerk).json(case).await.created();
        let path = format!("/admissions/{}", case["id"].as_str().unwrap());
        for kind in ["business_licence", "legal_representative", "benefit_mechanism"] {
            let put = t.put(&format!("{path}/documents/{kind}")).by(&clerk).version(&case["version"]);
            case = put.json(json!({ "file_id": file })).await.ok();
        }
        case = t.post(&format!("{path}/submit")).by(&clerk).version(&case["version"]).await.ok();
        let yes = json!({ "decision": "recommend", "opinion": "属实，同意。" });
        let decided = t.post(&format!("{path}/agriculture-decision")).by(&agriculture).version(&case["version"]);
        case = decided.json(yes.clone()).await.ok();
        let again = format!("{path}/revitalisation-decision");
        t.post(&again).by(&both).version(&case["version"]).json(yes.clone()).await.refused(403, "four_eyes");
        let colleague = t.member(Role::RevitalisationOfficer, office).await;
        t.post(&again).by(&colleague).version(&case["version"]).json(yes).await.ok();
    }
}

proptest! {
    /// The rule looks at people and at nothing else.
    #[test]
    fn the_rule_is_about_people(others in 0_usize..5, is_among in any::<bool>()) {
        let decides = PersonId::generate();
        let mut asked: Vec<_> = (0..others).map(|_| PersonId::generate()).collect();
        if is_among {
            asked.push(decides);
        }
        let expected = if is_among { Err(AccessError::SamePerson) } else { Ok(()) };
        prop_assert_eq!(four_eyes::apart(asked, decides), expected);
    }
}
