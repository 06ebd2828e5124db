//! Agreements, plans and recorded shares: who signs what with whom, what the county approves, what is kept.

use crate::harness::*;
use crate::household::{County, county, household};
use entity::value::{
    AdmissionId, AdmissionState, AgreementId, AreaCode, Fen, HouseholdId, HouseholdStatusKind, OrderGroupId,
    OrderState, OrganisationId, OrganisationKind, PlanId, ProductId, Role, ShareBasis, SupplierOrderId,
};
use entity::{admission, agreement, order_group, plan, supplier_order};
use liannong::access::Actor;
use liannong::attribution::engine::attribute;
use liannong::attribution::inputs::{Inputs, Rule, hash};
use liannong::attribution::{self, RunToRecord};
use liannong::db::{counting_statements, facts};
use liannong::ledger::{self, Account, Posting};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

/// A supplier that was admitted, with its clerk.
pub(crate) struct Supplier {
    pub(crate) id: OrganisationId,
    pub(crate) clerk: Person,
}

pub(crate) async fn supplier(t: &TestApp, county: &str) -> Supplier {
    let id = t.organisation(OrganisationKind::Cooperative, county).await;
    let row = admission::ActiveModel {
        id: Set(AdmissionId::generate()),
        organisation_id: Set(id),
        state: Set(AdmissionState::Active),
        county_code: Set(AreaCode::parse(county).unwrap()),
        mechanism: Set("订单收购与入股分红".to_owned()),
        return_reason: Set(None),
        stopped_at: Set(None),
        created_at: Set(start_of_tests()),
        updated_at: Set(start_of_tests()),
        version: Set(1),
    };
    admission::Entity::insert(row).exec_without_returning(t.direct()).await.unwrap();
    Supplier { id, clerk: t.member(Role::CooperativeClerk, id).await }
}

/// An agreement of a mode over the year 2026.
pub(crate) fn terms(household: HouseholdId, mode: &str) -> Value {
    let mut wanted = json!({
        "household_id": household, "mode": mode, "signed_on": "2025-12-20", "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
    });
    if mode == "produce_purchase" {
        wanted["price_fen_per_kg"] = json!(480);
    } else {
        wanted["weight"] = json!(120);
    }
    wanted
}

/// Signs it and gives its identifier.
pub(crate) async fn signed(t: &TestApp, supplier: &Supplier, wanted: Value) -> AgreementId {
    let made = t.post("/agreements").by(&supplier.clerk).json(wanted).await.created();
    made["id"].as_str().unwrap().parse().unwrap()
}

pub(crate) async fn proposed(t: &TestApp, supplier: &Supplier, parts: [i64; 4]) -> Value {
    let [produce, wages, dividend, rent] = parts;
    let wanted = json!({ "produce_bp": produce, "wages_bp": wages, "dividend_bp": dividend, "rent_bp": rent });
    t.post("/plans").by(&supplier.clerk).json(wanted).await.created()
}

pub(crate) async fn approved(t: &TestApp, county: &County, plan: &Value) -> Value {
    let path = format!("/plans/{}/approve", plan["id"].as_str().unwrap());
    t.post(&path).by(&county.officer).version(&plan["version"]).await.ok()
}

both! {
    /// A clerk signs, and sees the household only masked; the county sees it too, others do not.
    async fn an_agreement_is_signed_and_seen(t: TestApp) {
        let own = county(t, "522625").await;
        let other = county(t, "532324").await;
        let supplier = supplier(t, "522625").await;
        let household = household(t, &own, 1).await;
        let mut wanted = terms(household, "wages");
        wanted["household_number"] = json!("522625010100001");
        wanted.as_object_mut().unwrap().remove("household_id");
        let reply = t.post("/agreements").by(&supplier.clerk).json(wanted).await;
        assert_eq!(reply.etag(), "\"1\"");
        let made = reply.created();
        assert_eq!(made["household"]["head_name"], "杨**");
        assert_eq!(made["household"]["id"], json!(household));
        assert_eq!(made["weight_unit"], "person_days");
        assert_eq!(made["state"], "signed");
        let path = format!("/agreements/{}", made["id"].as_str().unwrap());
        assert_eq!(t.get(&path).by(&supplier.clerk).await.ok(), made);
        assert_eq!(t.get(&path).by(&own.officer).await.ok(), made);
        t.get(&path).by(&other.officer).await.refused(404, "not_found");
        let stranger = self::supplier(t, "532324").await;
        t.get(&path).by(&stranger.clerk).await.refused(404, "not_found");

        let listed = |query: &str| format!("/agreements?{query}");
        let items = async |person: &Person, query: &str| {
            t.get(&listed(query)).by(person).await.ok()["items"].as_array().unwrap().len()
        };
        assert_eq!(items(&supplier.clerk, "mode=wages").await, 1);
        assert_eq!(items(&supplier.clerk, "mode=dividend").await, 0);
        assert_eq!(items(&own.officer, &format!("household_id={household}")).await, 1);
        assert_eq!(items(&other.officer, "").await, 0);
        assert_eq!(items(&stranger.clerk, "").await, 0);
    }

    /// Terms that make no sense are refused, each at its place, and nothing is entered.
    async fn terms_that_make_no_sense_are_refused(t: TestApp) {
        let own = county(t, "522625").await;
        let supplier = supplier(t, "522625").await;
        let household = household(t, &own, 1).await;
        let with = |mode: &str, change: &dyn Fn(&mut Value)| {
            let mut wanted = terms(household, mode);
            change(&mut wanted);
            wanted
        };
        let cases = [
            (400, "invalid_fields", "/weight", with("wages", &|w| w["weight"] = json!(0))),
            (400, "invalid_fields", "/weight", with("dividend", &|w| w["weight"] = json!(-5))),
            (400, "invalid_fields", "/weight", with("land_rent", &|w| w["weight"] = Value::Null)),
            (400, "invalid_fields", "/weight", with("produce_purchase", &|w| w["weight"] = json!(3))),
            (400, "invalid_fields", "/price_fen_per_kg",
             with("produce_purchase", &|w| w["price_fen_per_kg"] = Value::Null)),
            (400, "invalid_fields", "/price_fen_per_kg", with("wages", &|w| w["price_fen_per_kg"] = json!(100))),
            (400, "invalid_fields", "/price_fen_per_kg",
             with("produce_purchase", &|w| w["price_fen_per_kg"] = json!(-1))),
            (400, "invalid_fields", "/signed_on", with("wages", &|w| w["signed_on"] = json!("2026-03-03"))),
            (400, "invalid_fields", "/ends_on", with("wages", &|w| w["ends_on"] = json!("2025-12-31"))),
            (400, "invalid_fields", "/ends_on", with("wages", &|w| w["ends_on"] = json!("2056-01-02"))),
            (400, "invalid_fields", "/household_number",
             with("wages", &|w| w["household_number"] = json!("522625010100001"))),
            (400, "invalid_fields", "/starts_on", with("wages", &|w| w["starts_on"] = json!("2026-02-30"))),
            (422, "household_unknown", "/household_id",
             with("wages", &|w| w["household_id"] = json!(HouseholdId::generate()))),
            (422, "household_not_registered_yet", "/starts_on",
             with("wages", &|w| w["starts_on"] = json!("2014-03-31"))),
        ];
        for (status, code, pointer, wanted) in cases {
            let problem = t.post("/agreements").by(&supplier.clerk).json(wanted).await.refused(status, code);
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        }
        let foreign_file = json!(entity::value::FileId::generate());
        let wanted = with("wages", &|w| w["evidence_file_id"] = foreign_file.clone());
        t.post("/agreements").by(&supplier.clerk).json(wanted).await.refused(422, "file_unknown");
        let newcomer = t.organisation(OrganisationKind::Cooperative, "522625").await;
        let newcomer = t.member(Role::CooperativeClerk, newcomer).await;
        t.post("/agreements").by(&newcomer).json(terms(household, "wages")).await.refused(422, "supplier_not_admitted");
        assert_eq!(agreement::Entity::find().count(t.direct()).await.unwrap(), 0);
    }

    /// A household has one agreement of each mode with a supplier at a time.
    async fn agreements_of_one_mode_do_not_overlap(t: TestApp) {
        let own = county(t, "522625").await;
        let supplier = supplier(t, "522625").await;
        let household = household(t, &own, 1).await;
        let id = signed(t, &supplier, terms(household, "dividend")).await;
        signed(t, &supplier, terms(household, "wages")).await;
        let rival = self::supplier(t, "522625").await;
        signed(t, &rival, terms(household, "dividend")).await;
        let mut next = terms(household, "dividend");
        next["starts_on"] = json!("2026-12-31");
        next["ends_on"] = json!("2027-12-30");
        t.post("/agreements").by(&supplier.clerk).json(next.clone()).await.refused(409, "agreement_overlaps");

        let end = format!("/agreements/{id}/end");
        let early = json!({ "ends_on": "2026-06-30", "reason": "双方协商一致" });
        t.post(&end).by(&supplier.clerk).json(early.clone()).await.refused(428, "precondition_required");
        t.post(&end).by(&supplier.clerk).version(&json!(9)).json(early.clone()).await.refused(412, "stale_version");
        t.post(&end).by(&rival.clerk).version(&json!(1)).json(early.clone()).await.refused(404, "not_found");
        for ends_on in ["2026-03-01", "2027-01-01"] {
            let wrong = json!({ "ends_on": ends_on, "reason": "双方协商一致" });
            t.post(&end).by(&supplier.clerk).version(&json!(1)).json(wrong).await.refused(400, "invalid_fields");
        }
        let ended = t.post(&end).by(&supplier.clerk).version(&json!(1)).json(early.clone()).await.ok();
        assert_eq!((&ended["state"], &ended["ends_on"]), (&json!("ended"), &json!("2026-06-30")));
        t.post(&end).by(&supplier.clerk).version(&json!(2)).json(early).await.refused(409, "wrong_state");
        // It holds until its new last day, and no longer.
        next["starts_on"] = json!("2026-06-30");
        t.post("/agreements").by(&supplier.clerk).json(next.clone()).await.refused(409, "agreement_overlaps");
        next["starts_on"] = json!("2026-07-01");
        signed(t, &supplier, next).await;
    }

    /// Of two overlapping agreements signed at the same moment, one is entered.
    async fn two_at_once_do_not_overlook_each_other(t: TestApp) {
        let own = county(t, "522625").await;
        let supplier = supplier(t, "522625").await;
        let household = household(t, &own, 1).await;
        let sign = || t.post("/agreements").by(&supplier.clerk).json(terms(household, "land_rent")).into_future();
        let replies = futures_util::future::join_all((0..4).map(|_| sign())).await;
        let entered = replies.iter().filter(|reply| reply.status == 201).count();
        assert_eq!(entered, 1, "{:?}", replies.iter().map(|reply| reply.status).collect::<Vec<_>>());
        assert!(replies.iter().all(|reply| reply.status == 201 || reply.status == 409));
        assert_eq!(agreement::Entity::find().count(t.direct()).await.unwrap(), 1);
    }

    /// A plan takes effect when the county approves it, and the former one steps down in the same moment.
    async fn the_county_approves_one_plan_at_a_time(t: TestApp) {
        let own = county(t, "522625").await;
        let other = county(t, "532324").await;
        let supplier = supplier(t, "522625").await;
        let too_much = json!({ "produce_bp": 6000, "wages_bp": 2000, "dividend_bp": 1500, "rent_bp": 501 });
        t.post("/plans").by(&supplier.clerk).json(too_much).await.refused(400, "invalid_fields");
        let negative = json!({ "produce_bp": -1, "wages_bp": 0, "dividend_bp": 0, "rent_bp": 0 });
        t.post("/plans").by(&supplier.clerk).json(negative).await.refused(400, "invalid_fields");
        let first = proposed(t, &supplier, [6000, 1000, 500, 500]).await;
        assert_eq!((&first["number"], &first["retained_bp"]), (&json!(1), &json!(2000)));
        assert_eq!(first["state"], "proposed");
        let in_force = async || attribution::plan_in_force(t.app.reader(), supplier.id).await.unwrap();
        assert_eq!(in_force().await, None);

        let path = format!("/plans/{}", first["id"].as_str().unwrap());
        let approve = format!("{path}/approve");
        t.get(&path).by(&other.officer).await.refused(404, "not_found");
        t.post(&approve).by(&other.officer).version(&json!(1)).await.refused(404, "not_found");
        t.post(&approve).by(&supplier.clerk).version(&json!(1)).await.refused(403, "forbidden");
        t.post(&approve).by(&own.officer).await.refused(428, "precondition_required");
        t.post(&approve).by(&own.officer).version(&json!(2)).await.refused(412, "stale_version");
        assert_eq!(approved(t, &own, &first).await["state"], "approved");
        t.post(&approve).by(&own.officer).version(&json!(2)).await.refused(409, "wrong_state");

        let second = proposed(t, &supplier, [7000, 0, 0, 0]).await;
        assert_eq!(second["number"], 2);
        assert_eq!(in_force().await.unwrap().number, 1);
        approved(t, &own, &second).await;
        assert_eq!(in_force().await.unwrap().number, 2);
        let former = t.get(&path).by(&supplier.clerk).await.ok();
        assert_eq!((&former["state"], &former["version"]), (&json!("superseded"), &json!(3)));
        let listed = t.get("/plans?state=approved").by(&own.officer).await.ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
        assert_eq!(t.get("/plans").by(&other.officer).await.ok()["items"], json!([]));
        let asked = [(supplier.id, ProductId::generate())];
        let plans = facts::ask(t.app.reader(), attribution::in_force(&asked).into()).await.unwrap();
        let plans = attribution::in_force_among(&plans, &asked);
        assert_eq!(plans[&asked[0].1], in_force().await.unwrap().id);
    }

    /// Two plans approved at the same moment do not both hold.
    async fn two_plans_approved_at_once_leave_one_in_force(t: TestApp) {
        let own = county(t, "522625").await;
        let supplier = supplier(t, "522625").await;
        let plans = [proposed(t, &supplier, [5000, 0, 0, 0]).await, proposed(t, &supplier, [4000, 0, 0, 0]).await];
        let approve = |plan: &Value| {
            let path = format!("/plans/{}/approve", plan["id"].as_str().unwrap());
            t.post(&path).by(&own.officer).version(&json!(1)).into_future()
        };
        let (one, two) = futures_util::join!(approve(&plans[0]), approve(&plans[1]));
        assert_eq!((one.status, two.status), (200, 200));
        let approved = plan::Entity::find().filter(plan::Column::State.eq(entity::value::PlanState::Approved));
        assert_eq!(approved.count(t.direct()).await.unwrap(), 1);
    }

    /// The roster of a day: agreements that hold, households that are registered, with what they were on that day.
    async fn the_roster_is_that_of_the_day(t: TestApp) {
        let own = county(t, "522625").await;
        let supplier = supplier(t, "522625").await;
        let (first, second) = (household(t, &own, 1).await, household(t, &own, 2).await);
        let wages = signed(t, &supplier, terms(first, "wages")).await;
        let produce = signed(t, &supplier, terms(second, "produce_purchase")).await;
        let late = json!({ "status": "monitored_borderline", "from_date": "2026-02-01", "source": "2026年排查" });
        t.post(&format!("/households/{first}/statuses")).by(&own.officer).version(&json!(1)).json(late).await.created();
        let on = async |day: &str| attribution::roster(t.app.reader(), supplier.id, date(day)).await.unwrap();
        assert_eq!(on("2025-12-31").await, []);
        let january = on("2026-01-31").await;
        assert_eq!(january.iter().map(|m| (m.agreement_id, m.weight)).collect::<Vec<_>>(), [(wages, 120), (produce, 0)]);
        assert_eq!(january[0].household_status, HouseholdStatusKind::Registered);
        assert_eq!(on("2026-02-01").await[0].household_status, HouseholdStatusKind::MonitoredBorderline);
        assert_eq!(on("2027-01-01").await, []);
        // Produce delivered under an agreement is sold after it ended.
        let later = attribution::roster_of(t.app.reader(), &[produce], date("2027-05-01")).await.unwrap();
        assert_eq!(later.iter().map(|m| m.household_id).collect::<Vec<_>>(), [second]);
        let roster = async |t: &TestApp| {
            let work = t.app.transact(&Actor::System, async |tx| attribution::roster(tx, supplier.id, date("2026-02-01")).await);
            counting_statements(work).await
        };
        let (_, few) = roster(t).await;
        for number in 3..9 {
            let household = household(t, &own, number).await;
            signed(t, &supplier, terms(household, "dividend")).await;
        }
        let (members, statements) = roster(t).await;
        assert_eq!((members.unwrap().len(), statements), (8, few));
    }

    /// A run is kept with what it saw, once, and shown with every share to those who may see it.
    async fn a_run_is_recorded_once_and_shown(t: TestApp) {
        let own = county(t, "522625").await;
        let other = county(t, "532324").await;
        let supplier = supplier(t, "522625").await;
        let household = household(t, &own, 1).await;
        signed(t, &supplier, terms(household, "wages")).await;
        let plan = approved(t, &own, &proposed(t, &supplier, [0, 2500, 0, 0]).await).await;
        let plan: PlanId = plan["id"].as_str().unwrap().parse().unwrap();
        let order = placed_order(t, &supplier, plan).await;
        let path = format!("/supplier-orders/{order}/shares");
        t.get(&path).by(&supplier.clerk).await.refused(404, "not_found");

        let roster = attribution::roster(t.app.reader(), supplier.id, date("2026-03-02")).await.unwrap();
        let terms = attribution::find_plan(t.app.reader(), plan).await.unwrap().unwrap();
        let inputs = Inputs {
            rule: Rule::PRESENT,
            supplier_order_id: order,
            basis: ShareBasis::Promised,
            plan: attribution::plan_terms(&terms),
            held_in: Vec::new(),
            attributable_fen: Fen::new(10_001).unwrap(),
            roster,
        };
        let outcome = attribute(&inputs).unwrap();
        let record = async || t.app.transact(&Actor::System, async |tx| {
            let share = &outcome.shares[0];
            let (promise, promised) =
                (Account::promise_given(supplier.id), Account::household_promised(share.household_id, share.agreement_id));
            let cause = format!("test:{}", uuid::Uuid::now_v7());
            let posting = Posting::new(cause, "test", date("2026-03-02"), order.uuid())
                .debit(promise, share.amount_fen, Some(order))
                .credit(promised, share.amount_fen, Some(order));
            let posting_id = ledger::post(tx, posting).await?;
            Ok::<_, liannong::problem::Failure>(
                attribution::record_run(tx, RunToRecord {
                    inputs: &inputs.clone().into(), outcome: &outcome, number: 1, gross_fen: None, posting_id,
                }).await?,
            )
        }).await;
        let run = record().await.unwrap();
        assert!(record().await.is_err(), "a run was recorded twice");
        let kept = attribution::find_run(t.app.reader(), order, ShareBasis::Promised).await.unwrap().unwrap();
        assert_eq!((kept.id, &kept.inputs_hash), (run, &hash(&kept.inputs)));
        assert_eq!(Inputs::from_canonical(&kept.inputs).unwrap(), inputs);
        assert_eq!(attribution::find_run(t.app.reader(), order, ShareBasis::Accrued).await.unwrap(), None);

        let shown = t.get(&path).by(&supplier.clerk).await.ok();
        let run = &shown["runs"][0];
        assert_eq!((&run["attributable_fen"], &run["retained_fen"]), (&json!(10_001), &json!(7501)));
        assert_eq!(run["shares"][0]["amount_fen"], 2500);
        assert_eq!(run["shares"][0]["household"]["head_name"], "杨**");
        assert_eq!(run["plan"]["wages_bp"], 2500);
        assert_eq!(t.get(&path).by(&own.officer).await.ok(), shown);
        t.get(&path).by(&other.officer).await.refused(404, "not_found");
        assert_eq!(attribution::shares_of(t.app.reader(), &[kept.id]).await.unwrap().len(), 1);
        assert!(t.sql("update share set amount_fen = 1").await.is_err(), "a share was changed");
    }
}

/// An order as procurement would place it.
async fn placed_order(t: &TestApp, supplier: &Supplier, plan_id: PlanId) -> SupplierOrderId {
    let buyer_id = t.organisation(OrganisationKind::Enterprise, "440106").await;
    let buyer = t.member(Role::EnterpriseOfficer, buyer_id).await;
    let (group_id, total_fen) = (OrderGroupId::generate(), Fen::new(10_001).unwrap());
    let group = order_group::Model {
        id: group_id,
        number: "LN0001".to_owned(),
        buyer_id,
        budget_id: None,
        placed_by: buyer.member.person,
        total_fen,
        deliver_to: "广州市天河区".to_owned(),
        deliver_to_code: None,
        referral_id: None,
        placed_at: start_of_tests(),
        version: 1,
    };
    order_group::Entity::insert(group.into_active_model()).exec_without_returning(t.direct()).await.unwrap();
    let id = SupplierOrderId::generate();
    let order = supplier_order::Model {
        id,
        group_id,
        number: "LN0001-1".to_owned(),
        supplier_id: supplier.id,
        buyer_id,
        plan_id,
        state: OrderState::Placed,
        transfer_code: "LN0001".to_owned(),
        total_fen,
        accepted_fen: Fen::ZERO,
        paid_fen: Fen::ZERO,
        invoiced_fen: Fen::ZERO,
        credited_fen: Fen::ZERO,
        refunded_fen: Fen::ZERO,
        overpaid_fen: Fen::ZERO,
        repaid_fen: Fen::ZERO,
        terms: entity::value::OrderTerms::GoodsFirst,
        ship_days: 7,
        term_days: 30,
        dropped_fen: Fen::ZERO,
        prepaid_fen: Fen::ZERO,
        unused_fen: Fen::ZERO,
        pay_by: None,
        pay_extended: false,
        ship_by: None,
        expired_by: None,
        freight_fen: Fen::ZERO,
        freight_credited_fen: Fen::ZERO,
        late_interest_ppm: None,
        placed_at: start_of_tests(),
        confirmed_at: None,
        shipped_at: None,
        accepted_at: None,
        invoiced_at: None,
        paid_at: None,
        completed_at: None,
        cancelled_at: None,
        closed_reason: None,
        version: 1,
    };
    supplier_order::Entity::insert(order.into_active_model()).exec_without_returning(t.direct()).await.unwrap();
    id
}

/// Every state of a plan and every step: what is not listed is forbidden.
#[test]
fn the_life_of_a_plan() {
    use entity::value::PlanState::{Approved, Proposed, Superseded};
    use liannong::attribution::plan::state::{Step, next};
    let lives = [
        (Proposed, Step::Approve, Some(Approved)),
        (Proposed, Step::Supersede, None),
        (Approved, Step::Approve, None),
        (Approved, Step::Supersede, Some(Superseded)),
        (Superseded, Step::Approve, None),
        (Superseded, Step::Supersede, None),
    ];
    for (from, step, to) in lives {
        assert_eq!(next(from, step).ok(), to, "{from} {step:?}");
    }
}
