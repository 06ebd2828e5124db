//! Four eyes: whoever decides or records is not whoever asked, also when one person holds both roles.

use crate::agreement::supplier;
use crate::harness::*;
use crate::household::county;
use crate::instalments::Trade;
use crate::market::{Market, PACK_FEN, csv, row};
use crate::verify::report;
use entity::value::{OrganisationKind, PersonId, Role};
use liannong::access::{AccessError, four_eyes};
use liannong::db::counting_statements;
use proptest::prelude::*;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

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

    /// A payout that one person recorded moves nothing, and is nobody's income, until somebody else of the cooperative
    /// approves it: not the same person in another role, and nobody of another cooperative.
    async fn nobody_pays_a_household_alone(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        market.settled(t, 6, 6).await;
        let clerk = &market.supplier.clerk;
        let statement = format!("/households/{}/statement?year=2026", market.households[0]);
        let paid = async || t.get(&statement).by(&market.county.officer).await.ok()["totals"]["paid_fen"].clone();
        let evidence = market.evidence(t).await;
        let body = |reference: &str| json!({
            "paid_on": "2026-03-02", "method": "bank_transfer", "evidence_file_id": evidence,
            "payouts": [{ "agreement_id": market.agreements[0], "amount_fen": 500, "reference": reference }],
        });
        let recorded = t.post("/payouts").by(clerk).key("r1").json(body("F1")).await.created();
        assert_eq!((&recorded["state"], &recorded["drafted_by"]), (&json!("draft"), &json!(clerk.member.person)));
        assert_eq!((&recorded["paid_on"], &recorded["evidence_file_id"]), (&json!("2026-03-02"), &json!(evidence)));
        assert_eq!((paid().await, &t.get("/payouts").by(clerk).await.ok()["items"]), (json!(0), &json!([])));
        let payables = t.get("/payables").by(clerk).await.ok();
        let waiting: Vec<_> = payables["items"].as_array().unwrap().iter().filter(|one| one["pending_fen"] != 0).collect();
        assert_eq!((waiting.len(), &waiting[0]["pending_fen"], &waiting[0]["paid_fen"]), (1, &json!(500), &json!(0)));
        // Its number is taken while it waits, and free again when it is given up.
        let twice = t.post("/payouts").by(clerk).key("r2").json(body("F1")).await.refused(409, "payout_reference_used");
        assert_eq!(twice["errors"][0]["pointer"], "/payouts/0/reference");
        let path = format!("/payout-batches/{}", recorded["id"].as_str().unwrap());
        let given_up = t.post(&format!("{path}/cancel")).by(clerk).version(&recorded["version"]);
        given_up.json(json!({ "reason": "凭证有误" })).await.ok();
        let recorded = t.post("/payouts").by(clerk).key("r3").json(body("F1")).await.created();
        let path = format!("/payout-batches/{}", recorded["id"].as_str().unwrap());
        let approve = |by: &Person, key: &str, version: &Value| {
            t.post(&format!("{path}/approve")).by(by).key(key).version(version)
        };

        let refused = approve(clerk, "own", &recorded["version"]).await.refused(409, "payout_four_eyes");
        assert_eq!(refused["title"], "须由另一人办理");
        let both = t.also(clerk, Role::Approver, market.supplier.id).await;
        let refused = approve(&both, "both", &recorded["version"]).in_english().await.refused(409, "payout_four_eyes");
        assert_eq!(refused["title"], "Somebody else has to do this");
        let rival = supplier(t, "522625").await;
        approve(&rival.clerk, "rival", &recorded["version"]).await.refused(404, "not_found");
        assert_eq!(t.get("/payout-batches").by(&rival.clerk).await.ok()["items"], json!([]));
        for alone in ["approved_by = drafted_by", "state = 'closed'", "state = 'approved'", "paid_on = null"] {
            let change = format!("update payout_batch set {alone} where state = 'draft'");
            assert!(t.sql(&change).await.is_err(), "the database took {alone}");
        }
        assert_eq!(paid().await, 0);
        assert!(report(t).await.is_sound(), "{}", report(t).await);

        let second = t.member(Role::Approver, market.supplier.id).await;
        let booked = approve(&second, "a1", &recorded["version"]).await.ok();
        assert_eq!((&booked["state"], &booked["approved_by"]), (&json!("closed"), &json!(second.member.person)));
        assert_eq!((&booked["lines"][0]["state"], paid().await), (&json!("paid"), json!(500)));
        let again = approve(&second, "a1", &recorded["version"]).await;
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!(again.ok(), booked);
        approve(&second, "a2", &recorded["version"]).await.refused(412, "stale_version");
        approve(&second, "a3", &booked["version"]).await.refused(409, "payout_batch_state");
        let listed = t.get("/payouts").by(clerk).await.ok();
        assert_eq!((listed["items"].as_array().unwrap().len(), &listed["items"][0]["id"]), (1, &booked["lines"][0]["payout_id"]));
        assert_eq!(paid().await, 500);
        assert!(report(t).await.is_sound(), "{}", report(t).await);
        if t.is_postgres() {
            // Whoever owns the database can take the check away; that one person did it all is found then.
            t.sql("alter table payout_batch drop constraint ck_payout_batch_four_eyes").await.unwrap();
            t.sql("update payout_batch set approved_by = drafted_by where state = 'closed'").await.unwrap();
            assert_eq!(report(t).await.fault.unwrap().table, "payout");
        }
    }

    /// What was taken back between the recording and the approval is not paid out; nor is it sent. Many payouts cost as
    /// many statements as one.
    async fn what_was_taken_back_meanwhile_is_not_paid_out(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let trade = Trade::confirmed(t, &market, 10).await;
        trade.ship(t, 10, false).await.ok();
        trade.accept(t, 10, false, None).await.ok();
        trade.invoice(t, 10 * PACK_FEN).await.created();
        trade.pay(t, 10 * PACK_FEN).await;
        market.settled(t, 10, 10).await;
        let clerk = &market.supplier.clerk;
        let second = t.member(Role::CooperativeClerk, market.supplier.id).await;
        let evidence = market.evidence(t).await;
        let open = async || t.get("/payables?open=true").by(clerk).await.ok()["items"].as_array().unwrap().clone();
        let record = async |key: &str, of: &[Value]| {
            let payouts: Vec<Value> = of.iter().map(|one| json!({
                "agreement_id": one["agreement_id"], "amount_fen": one["open_fen"],
                "reference": format!("{key}-{}", one["agreement_id"]),
            })).collect();
            let body = json!({
                "paid_on": "2026-03-02", "method": "bank_transfer", "evidence_file_id": evidence, "payouts": payouts,
            });
            let call = t.post("/payouts").by(clerk).key(key).json(body);
            let (reply, statements) = counting_statements(async { call.await }).await;
            (reply.created(), statements)
        };
        let approve = async |batch: &Value| {
            let path = format!("/payout-batches/{}/approve", batch["id"].as_str().unwrap());
            let call = t.post(&path).by(&second).key(&uuid::Uuid::now_v7().to_string()).version(&batch["version"]);
            counting_statements(async { call.await }).await
        };
        let cancel = async |batch: &Value, version: &Value| {
            let path = format!("/payout-batches/{}/cancel", batch["id"].as_str().unwrap());
            t.post(&path).by(clerk).version(version).json(json!({ "reason": "有退货" })).await.ok()
        };
        let all = open().await;
        assert_eq!(all.len(), 4);
        let (recorded, of_four) = record("all", &all[..3]).await;
        let sent = json!({ "method": "cash" });
        let sent = t.post("/payout-batches").by(clerk).key("sent").json(sent).await.created();
        assert_eq!(sent["line_count"], 1);
        let (reply, _) = approve(&sent).await;
        let sent = reply.ok();
        trade.give_back(t, 4, "written_off").await;
        t.drain().await;
        // Whoever granted what goes back to the buyer does not say as well that it was paid.
        let refund = json!({ "amount_fen": PACK_FEN, "paid_on": "2026-03-02", "reference": "R1", "evidence_file_id": evidence });
        trade.act(t, clerk, "/refund-payments", refund).await.refused(403, "four_eyes");
        trade.repay(t, PACK_FEN).await.created();
        let (reply, _) = approve(&recorded).await;
        reply.refused(422, "payout_exceeds_accrued");
        let send = t.post(&format!("/payout-batches/{}/send", sent["id"].as_str().unwrap())).by(clerk).key("send");
        send.version(&sent["version"]).json(json!({})).await.refused(422, "payout_exceeds_accrued");
        assert_eq!(t.get("/payouts").by(clerk).await.ok()["items"], json!([]));
        assert!(report(t).await.is_sound(), "{}", report(t).await);
        // Given up, what is left is recorded anew; nobody else was in their way.
        cancel(&recorded, &recorded["version"]).await;
        cancel(&sent, &sent["version"]).await;
        let left = open().await;
        let owed = |of: &[Value]| of.iter().map(|one| one["open_fen"].as_i64().unwrap()).sum::<i64>();
        assert!(owed(&left) < owed(&all), "{left:?}");
        let (one, of_one) = record("one", &left[..1]).await;
        assert_eq!(of_one, of_four, "statements to record one payout, and three");
        let (rest, _) = record("rest", &left[1..]).await;
        let (reply, for_one) = approve(&one).await;
        reply.ok();
        let (reply, for_rest) = approve(&rest).await;
        reply.ok();
        assert_eq!(for_one, for_rest, "statements to approve one payout, and three");
        assert_eq!(open().await, Vec::<Value>::new());
        assert!(report(t).await.is_sound(), "{}", report(t).await);
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
