//! Complaints: filed by one side of an order, answered by the other, settled between them or decided by the platform.

use crate::harness::*;
use crate::market::Market;
use chrono::Duration;
use entity::value::{ComplaintState, OrganisationKind, Role};
use entity::{complaint_step, organisation};
use liannong::complaint::{self, Step, next};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

/// A complaint of a buyer about the first of its orders, for who looks at everything there is.
pub(crate) async fn filed(t: &TestApp, officer: &Person) -> Value {
    let orders = t.get("/supplier-orders").by(officer).await.ok();
    let wanted =
        json!({ "supplier_order_id": orders["items"][0]["id"], "kind": "delivery", "text": "到货晚于约定三天。" });
    t.post("/complaints").by(officer).json(wanted).await.created()
}

async fn step(t: &TestApp, by: &Person, complaint: &Value, step: &str, body: Value) -> Reply {
    let path = format!("/complaints/{}/{step}", complaint["id"].as_str().unwrap());
    t.post(&path).by(by).version(&complaint["version"]).json(body).await
}

/// A complaint of the buyer about an order, answered, not accepted, and decided for it.
pub(crate) async fn upheld(t: &TestApp, market: &Market, order: &Value) -> Value {
    let wanted = json!({ "supplier_order_id": order["id"], "kind": "quality", "text": "果品有腐烂。" });
    let open = t.post("/complaints").by(&market.buyer).json(wanted).await.created();
    let answered = step(t, &market.supplier.clerk, &open, "answer", said("运输所致。")).await.ok();
    let escalated = step(t, &market.buyer, &answered, "escalate", said("不能接受。")).await.ok();
    let ruling = json!({ "outcome": "upheld", "text": "验收照片属实。" });
    step(t, &market.operator, &escalated, "decide", ruling).await.ok()
}

fn said(text: &str) -> Value {
    json!({ "text": text })
}

both! {
    /// Answered, not accepted, decided; every step with who took it; neither side acts for the other.
    async fn a_complaint_is_answered_and_decided(t: TestApp) {
        t.tells_the_examples();
        let market = Market::with_unit(t).await;
        market.accepted(t, 3, 2).await;
        let (buyer, seller) = (&market.buyer, &market.supplier.clerk);
        let open = filed(t, buyer).await;
        assert_eq!((&open["state"], &open["answer_by"]), (&json!("open"), &json!("2026-03-05T02:00:00Z")));
        let orders = t.get("/supplier-orders").by(buyer).await.ok();
        let again = json!({ "supplier_order_id": orders["items"][0]["id"], "kind": "delivery", "text": "又迟到了" });
        t.post("/complaints").by(buyer).json(again).await.refused(409, "complaint_open");
        let stranger = crate::agreement::supplier(t, "532324").await;
        let theirs = json!({ "supplier_order_id": orders["items"][0]["id"], "kind": "price", "text": "价格" });
        t.post("/complaints").by(&stranger.clerk).json(theirs).await.refused(400, "invalid_fields");
        let path = format!("/complaints/{}", open["id"].as_str().unwrap());
        t.get(&path).by(&stranger.clerk).await.refused(404, "not_found");
        step(t, &stranger.clerk, &open, "answer", said("不是我们")).await.refused(404, "not_found");
        step(t, buyer, &open, "answer", said("自己答复")).await.refused(409, "wrong_state");
        step(t, seller, &open, "withdraw", said("替对方撤回")).await.refused(409, "wrong_state");
        step(t, &market.operator, &open, "decide", json!({ "outcome": "upheld", "text": "尚早" })).await
            .refused(409, "wrong_state");

        let answered = step(t, seller, &open, "answer", said("已更换承运商，并给予折让。")).await.ok();
        assert_eq!(answered["state"], "answered");
        step(t, seller, &open, "answer", said("再答")).await.refused(412, "stale_version");
        let escalated = step(t, buyer, &answered, "escalate", said("仍然迟到")).await.ok();
        assert_eq!((&escalated["state"], &escalated["decide_by"]), (&json!("escalated"), &json!("2026-03-09T02:00:00Z")));
        t.clock.advance(Duration::days(8));
        assert_eq!(t.get(&path).by(seller).await.ok()["is_late"], true);
        let ruling = json!({ "outcome": "partly_upheld", "text": "物流记录显示一次迟到。" });
        for side in [buyer, seller] {
            let both = t.also(side, Role::PlatformOperator, market.operator.member.organisation).await;
            step(t, &both, &escalated, "decide", ruling.clone()).await.refused(403, "four_eyes");
        }
        let decided = step(t, &market.operator, &escalated, "decide", ruling).await.ok();
        assert_eq!((&decided["state"], &decided["outcome"]), (&json!("decided"), &json!("partly_upheld")));
        let steps: Vec<_> =
            decided["steps"].as_array().unwrap().iter().map(|one| one["step"].as_str().unwrap()).collect();
        assert_eq!(steps, ["answer", "escalate", "decide"]);
        for person in [buyer, seller, &market.operator] {
            assert_eq!(t.get("/complaints?state=decided").by(person).await.ok()["items"][0]["id"], decided["id"]);
        }
        assert_eq!(t.get("/complaints").by(&stranger.clerk).await.ok()["items"], json!([]));
        step(t, buyer, &decided, "withdraw", said("算了")).await.refused(409, "wrong_state");
        assert!(t.sql("update complaint_step set text = 'x'").await.is_err(), "steps are never changed");
        // Once it is over, another of the kind may be filed, by the supplier too.
        let third = filed(t, buyer).await;
        let withdrawn = step(t, buyer, &third, "withdraw", said("已当面说清。")).await.ok();
        assert_eq!(withdrawn["state"], "withdrawn");
        let about_money = json!({ "supplier_order_id": orders["items"][0]["id"], "kind": "payment", "text": "逾期未付" });
        let second = t.post("/complaints").by(seller).json(about_money).await.created();
        step(t, seller, &second, "settle", said("已付清")).await.ok();
    }

    /// Whoever pays for a unit, or supervises it, sees its complaints and says nothing to them; others of their kind see none.
    async fn those_above_a_unit_see_its_complaints(t: TestApp) {
        let market = Market::with_unit(t).await;
        market.accepted(t, 3, 2).await;
        let open = filed(t, &market.buyer).await;
        let unit = market.buyer.member.organisation;
        let department = organisation::Entity::find_by_id(unit).one(t.direct()).await.unwrap().unwrap().parent_id.unwrap();
        let above = t.organisation_below(OrganisationKind::SupervisingUnit, "520100", Some(department)).await;
        organisation::Entity::update_many()
            .col_expr(organisation::Column::ParentId, Expr::value(above))
            .filter(organisation::Column::Id.eq(unit))
            .exec(t.direct())
            .await
            .unwrap();
        let stranger = t.organisation(OrganisationKind::FinanceDepartment, "520100").await;
        let path = format!("/complaints/{}", open["id"].as_str().unwrap());
        for (organisation, role, sees) in [
            (department, Role::FinanceOfficer, true),
            (above, Role::Approver, true),
            (unit, Role::Approver, true),
            (stranger, Role::FinanceOfficer, false),
            (stranger, Role::Approver, false),
        ] {
            let person = t.member(role, organisation).await;
            let listed = t.get("/complaints").by(&person).await.ok();
            assert_eq!(listed["items"].as_array().unwrap().len(), usize::from(sees), "{role:?}");
            let shown = t.get(&path).by(&person).await;
            if sees {
                assert_eq!(shown.ok()["id"], open["id"]);
            } else {
                shown.refused(404, "not_found");
            }
            step(t, &person, &open, "answer", said("代为答复")).await.refused(403, "forbidden");
        }
    }

    /// No answer in time takes it to the platform, once; what was answered in time stays.
    async fn silence_takes_a_complaint_to_the_platform(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        market.accepted(t, 3, 2).await;
        let open = filed(t, &market.buyer).await;
        let path = format!("/complaints/{}", open["id"].as_str().unwrap());
        let plan: &'static [liannong::jobs::Scheduled] = &[complaint::EVERY_HOUR];
        t.clock.advance(Duration::days(3) - Duration::hours(1));
        liannong::jobs::tick(&t.app, plan).await.unwrap();
        assert_eq!(t.get(&path).by(&market.buyer).await.ok()["state"], "open");
        for _ in 0..2 {
            t.clock.advance(Duration::hours(1));
            liannong::jobs::tick(&t.app, plan).await.unwrap();
        }
        let shown = t.get(&path).by(&market.buyer).await.ok();
        assert_eq!((&shown["state"], &shown["steps"][0]["step"]), (&json!("escalated"), &json!("unanswered")));
        assert_eq!(complaint_step::Entity::find().count(t.direct()).await.unwrap(), 1);
        let auditor = t.organisation(OrganisationKind::AuditOffice, "110101").await;
        let auditor = t.member(Role::Auditor, auditor).await;
        assert_eq!(t.get(&path).by(&auditor).await.ok()["id"], open["id"]);
    }
}

/// The whole life of a complaint: what is not listed is refused.
#[test]
fn the_life_of_a_complaint() {
    use ComplaintState::{Answered, Decided, Escalated, Open, Settled, Withdrawn};
    let lives = [
        (Open, Step::Answer, Answered),
        (Open, Step::Settle, Settled),
        (Open, Step::Withdraw, Withdrawn),
        (Answered, Step::Settle, Settled),
        (Answered, Step::Escalate, Escalated),
        (Answered, Step::Withdraw, Withdrawn),
        (Escalated, Step::Decide, Decided),
        (Escalated, Step::Withdraw, Withdrawn),
    ];
    for from in ComplaintState::ALL {
        for step in Step::ALL {
            let to = lives.iter().find(|(state, one, _)| state == from && one == step).map(|(.., to)| *to);
            assert_eq!(next(*from, *step), to, "{from} {step:?}");
        }
    }
}
