//! Five thousand households share one order: one batch, and nobody else waits for it.

use crate::harness::*;
use crate::market::{Market, csv, row};
use crate::plans::{accrued, planned};
use crate::procurement::{Buyer, Seller, accepting, act, invoice, part, send};
use entity::value::{
    AgreementId, AgreementState, AreaCode, BenefitMode, HouseholdId, HouseholdStatusId, HouseholdStatusKind,
    SupplierOrderId,
};
use entity::{agreement, household, household_status, share_run};
use liannong::access::policy::SettleOrder;
use liannong::access::{Actor, Grant};
use liannong::db::counting_statements;
use liannong::settlement::{self, SettlementError};
use sea_orm::{EntityTrait, IntoActiveModel, PaginatorTrait};
use serde_json::{Value, json};
use std::future::IntoFuture;
use std::time::{Duration, Instant};

const HOUSEHOLDS: usize = 5_000;

/// So many households more, each with shares in the supplier.
pub(crate) async fn crowd(t: &TestApp, market: &Market, count: usize) {
    let (mut households, mut statuses, mut agreements) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..count {
        let id = HouseholdId::generate();
        households.push(household::Model {
            id,
            number: format!("5226250199{number:05}"),
            county_code: AreaCode::parse("522625").unwrap(),
            village_id: market.county.village,
            registered_on: date("2014-04-01"),
            head_name: "杨某".to_owned(),
            people: 3,
            status: HouseholdStatusKind::Registered,
            created_at: start_of_tests(),
            version: 1,
        });
        statuses.push(household_status::Model {
            id: HouseholdStatusId::generate(),
            household_id: id,
            status: HouseholdStatusKind::Registered,
            from_date: date("2014-04-01"),
            source: "建档立卡".to_owned(),
            source_kind: entity::value::EntrySource::Registration,
            adjustment_id: None,
            entered_by: market.county.officer.member.person,
            created_at: start_of_tests(),
        });
        agreements.push(agreement::Model {
            id: AgreementId::generate(),
            supplier_id: market.supplier.id,
            household_id: id,
            member_id: None,
            mode: BenefitMode::Dividend,
            subject: None,
            weight: 1 + i64::try_from(number % 97).unwrap(),
            price_fen_per_kg: None,
            starts_on: date("2026-01-01"),
            ends_on: date("2026-12-31"),
            signed_on: date("2025-12-20"),
            evidence_file_id: None,
            state: AgreementState::Signed,
            created_at: start_of_tests(),
            version: 1,
        });
    }
    macro_rules! insert {
        ($table:ident, $rows:ident) => {
            for part in $rows.chunks(1_000) {
                let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
                $table::Entity::insert_many(part).exec_without_returning(t.direct()).await.unwrap();
            }
        };
    }
    insert!(household, households);
    insert!(household_status, statuses);
    insert!(agreement, agreements);
}

fn id_of(order: &Value) -> SupplierOrderId {
    order["id"].as_str().unwrap().parse().unwrap()
}

async fn settle(t: &TestApp, id: SupplierOrderId) -> u32 {
    let grant = Grant::<SettleOrder>::claim(&Actor::System).unwrap();
    let work = t.app.transact(&Actor::System, async |tx| settlement::settle(tx, &grant, id).await);
    let (done, statements) = Box::pin(counting_statements(work)).await;
    done.unwrap();
    statements
}

/// An order of another supplier, accepted and invoiced.
async fn of_another(t: &TestApp) -> Value {
    let seller = Seller::open(t).await;
    let tea = seller.product(t, 1_280, 50).await;
    let buyer = Buyer::with_budget(t, 1_000_000).await;
    let placed = buyer.order(t, &[(tea, 5)]).await;
    let shipped = send(t, &seller, part(&placed, 0)).await;
    let accepted = act(t, &buyer.officer, &shipped, "/accept", accepting(&shipped, &[5])).await.ok();
    invoice(t, &seller, &accepted).await;
    accepted
}

/// While an order of five thousand households is being settled, and not committed yet, another supplier's order is
/// settled and committed.
#[tokio::test]
async fn five_thousand_households_hold_up_no_other_supplier() {
    let t = TestApp::on_postgres().await;
    let market = Market::with_enterprise(&t).await;
    crowd(&t, &market, HOUSEHOLDS).await;
    planned(&t, &market, json!({ "produce_bp": 1000, "wages_bp": 0, "dividend_bp": 8000, "rent_bp": 0 })).await;
    let big = market.invoiced(&t, 20, 20).await;
    t.drain().await;
    let other = of_another(&t).await;
    t.drain().await;
    let rows = [row(&big, "B1"), row(&other, "B2")];
    assert_eq!(market.import(&t, "both", "流水", &csv(&rows)).await.created()["rows_matched"], 2);

    let (ready, is_ready) = tokio::sync::oneshot::channel();
    let (ready, grant) = (std::cell::Cell::new(Some(ready)), Grant::<SettleOrder>::claim(&Actor::System).unwrap());
    let go = tokio::sync::Notify::new();
    let begun = Instant::now();
    let large = counting_statements(t.app.transact(&Actor::System, async |tx| -> Result<Duration, SettlementError> {
        settlement::settle(tx, &grant, id_of(&big)).await?;
        let took = begun.elapsed();
        if let Some(ready) = ready.take() {
            ready.send(()).unwrap();
            go.notified().await;
        }
        Ok(took)
    }));
    let small = async {
        is_ready.await.unwrap();
        let statements = Box::pin(tokio::time::timeout(Duration::from_secs(20), settle(&t, id_of(&other)))).await;
        let committed = share_run::Entity::find().count(t.direct()).await.unwrap();
        go.notify_one();
        (statements.expect("the other order waited"), committed)
    };
    let ((took, statements), (of_small, committed)) = tokio::join!(large, small);
    // Both promises, and the other order's accrual: the large one was not committed yet.
    let promises = share_run::Entity::find().all(t.direct()).await.unwrap();
    let promises = promises.iter().filter(|run| run.basis == entity::value::ShareBasis::Promised).count();
    assert_eq!(committed, 1 + u64::try_from(promises).unwrap());
    println!("{HOUSEHOLDS} households: {statements} statements, {:?}; the other order: {of_small}", took.unwrap());
    assert!(statements < 80, "{statements} statements for {HOUSEHOLDS} households");

    t.drain().await;
    let run = accrued(&t, &market, &big).await;
    assert!(run["shares"].as_array().unwrap().len() > 4_900);
    let shared: i64 = run["shares"].as_array().unwrap().iter().map(|share| share["amount_fen"].as_i64().unwrap()).sum();
    assert_eq!(shared + run["retained_fen"].as_i64().unwrap(), 20 * 5_801);
    let report = crate::verify::report(&t).await;
    assert!(report.is_sound(), "{report}");
    t.finish().await;
}

/// The close of a period with five thousand shareholders and several orders: one posting, few statements.
#[tokio::test]
async fn a_period_of_five_thousand_households_is_closed_at_once() {
    let t = TestApp::on_postgres().await;
    let market = Market::with_enterprise(&t).await;
    crowd(&t, &market, HOUSEHOLDS).await;
    planned(
        &t,
        &market,
        json!({
            "produce_bp": 1000, "wages_bp": 0, "dividend_bp": 8000, "rent_bp": 0, "per_period": ["dividend"],
        }),
    )
    .await;
    for _ in 0..3 {
        market.settled(&t, 30, 30).await;
    }
    let clerk = &market.supplier.clerk;
    let listed = t.get("/periods").by(clerk).await.ok();
    let period = &listed["items"][0];
    let path = format!("/periods/{}", period["id"].as_str().unwrap());
    let records = json!({
        "evidence_file_id": market.evidence(&t).await, "records": [{ "mode": "dividend", "due_fen": 500_000 }],
    });
    t.post(&format!("{path}/records")).by(clerk).key("dividend").json(records).await.created();
    t.clock.set("2026-04-01T02:00:00Z".parse().unwrap());
    let version = t.get(&path).by(clerk).await.ok()["version"].clone();
    let begun = Instant::now();
    let close = t.post(&format!("{path}/close")).by(clerk).key("close").version(&version).json(json!({}));
    let (closed, statements) = counting_statements(close.into_future()).await;
    let closed = closed.ok();
    println!("{HOUSEHOLDS} households, 3 orders: closed with {statements} statements in {:?}", begun.elapsed());
    assert_eq!(closed["result"]["shared_fen"], closed["result"]["pool_fen"]);
    assert!(statements < 120, "{statements} statements");
    let report = crate::verify::report(&t).await;
    assert!(report.is_sound(), "{report}");
    t.finish().await;
}
