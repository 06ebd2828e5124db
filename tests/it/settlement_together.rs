//! Several orders that wait are settled in one transaction: each as it would have been alone, and one that cannot be
//! settled holds up no other.

use crate::harness::*;
use crate::market::Market;
use crate::plans::{accrued, file, planned};
use crate::plans_scale::crowd;
use crate::verify::{report, text};
use entity::value::{AgreementId, ShareBasis, SupplierOrderId};
use entity::{outbox, posting, share_run};
use liannong::access::Actor;
use liannong::attribution::engine::attribute_order;
use liannong::attribution::inputs::OrderInputs;
use liannong::db::{Tx, counting_statements};
use liannong::jobs;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

/// Orders whose goods were accepted and invoiced, with nothing of what follows from it done yet.
async fn waiting(t: &TestApp, market: &Market, packs: &[i64]) -> Vec<Value> {
    let mut orders = Vec::new();
    for packs in packs {
        orders.push(market.invoiced(t, *packs, *packs - 1).await);
    }
    orders
}

async fn accruals(t: &TestApp) -> Vec<share_run::Model> {
    let accrued = share_run::Column::Basis.eq(ShareBasis::Accrued);
    share_run::Entity::find().filter(accrued).all(t.direct()).await.unwrap()
}

fn share_of(run: &Value, agreement: AgreementId) -> i64 {
    let shares = run["shares"].as_array().unwrap();
    let share = shares.iter().find(|share| share["agreement_id"] == json!(agreement));
    share.map_or(0, |share| share["amount_fen"].as_i64().unwrap())
}

both! {
    /// Every order has its posting, its recorded computation and its event, and the journal is sound; for less than half
    /// of the statements of posting.
    async fn what_waits_is_settled_as_each_alone(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let alone = waiting(t, &market, &[3]).await;
        let (_, for_one) = counting_statements(t.drain()).await;
        let orders = waiting(t, &market, &[2, 3, 4, 5, 6]).await;
        let (_, for_five) = counting_statements(t.drain()).await;
        // Four statements of posting and three of concluding are asked once instead of five times, promise by promise.
        assert!(for_five + 4 * 7 <= for_one * 5, "{for_five} for five, {for_one} for one");

        market.pay(t, &alone.iter().chain(&orders).collect::<Vec<_>>()).await;
        let runs = accruals(t).await;
        assert_eq!(runs.len(), 6);
        for run in &runs {
            let inputs = OrderInputs::from_canonical(&run.inputs).unwrap();
            let shares = attribute_order(&inputs).unwrap().shares;
            let kept = liannong::attribution::shares_of(t.direct(), &[run.id]).await.unwrap();
            assert_eq!(
                kept.iter().map(|row| (row.agreement_id, row.amount_fen)).collect::<Vec<_>>(),
                shares.iter().map(|share| (share.agreement_id, share.amount_fen)).collect::<Vec<_>>()
            );
            let booked = posting::Entity::find_by_id(run.posting_id).one(t.direct()).await.unwrap().unwrap();
            assert_eq!(booked.cause, format!("supplier_order:{}:settled", run.supplier_order_id));
        }
        let told = outbox::Column::Topic.eq("income.booked");
        assert_eq!(outbox::Entity::find().filter(told).count(t.direct()).await.unwrap(), 6);
        let report = report(t).await;
        assert!(report.is_sound(), "{report}");
    }

    /// A job about an order that cannot be settled waits for its next try; those beside it are done.
    async fn one_that_cannot_be_settled_holds_up_no_other(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let orders = waiting(t, &market, &[3, 4]).await;
        t.drain().await;
        let payload = json!({ "supplier_order": SupplierOrderId::generate() }).to_string();
        let enqueue =
            async |tx: &Tx| jobs::enqueue(tx, "settlement.settle", payload.clone(), tx.now()).await;
        t.app.transact(&Actor::System, enqueue).await.unwrap();
        market.pay(t, &orders.iter().collect::<Vec<_>>()).await;
        assert_eq!(accruals(t).await.len(), 2);
        let queues = jobs::queues(t.direct()).await.unwrap();
        let of_settling = queues.iter().find(|queue| queue.name == "settlement.settle").unwrap();
        assert_eq!((of_settling.waiting, of_settling.given_up), (1, 0));
        t.sql("delete from job where done_at is null").await.unwrap();
    }

    /// Orders with very many shares go into transactions of some thousands.
    async fn large_orders_are_booked_some_at_a_time(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        crowd(t, &market, 2_800).await;
        planned(t, &market, json!({ "produce_bp": 1000, "wages_bp": 0, "dividend_bp": 8000, "rent_bp": 0 })).await;
        waiting(t, &market, &[20, 20, 20]).await;
        t.drain().await;
        let promised = posting::Column::Kind.eq("promised");
        assert_eq!(posting::Entity::find().filter(promised).count(t.direct()).await.unwrap(), 3);
        if t.is_postgres() {
            let sql = "select count(distinct xmin::text)::text from posting where kind = 'promised'";
            assert_eq!(text(t, sql).await, "2");
        }
    }

    /// Costs that a household was advanced are repaid once, though two orders that could repay them are settled at once.
    async fn advanced_costs_are_repaid_once(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let clerk = &market.supplier.clerk;
        let [first, ..] = market.agreements;
        let scan = file(t, clerk).await;
        let amendment = json!({
            "price_fen_per_kg": 480, "supplier_signed_on": "2026-03-01", "supplier_file_id": scan,
            "household_signed_on": "2026-03-01", "household_file_id": scan,
            "terms": { "produce_purchase": { "cost_cap_bp": 10_000, "cost_excess": "carry_over" } },
        });
        t.post(&format!("/agreements/{first}/terms")).by(clerk).version(&json!(1)).json(amendment).await.created();
        let cost = json!({
            "kind": "seed", "amount_fen": 4_000, "advanced_on": "2026-02-10", "description": "猕猴桃苗 50 株",
            "evidence_file_id": scan,
        });
        let costs = format!("/agreements/{first}/costs");
        t.post(&costs).by(clerk).key("seed").json(cost).await.created();
        let orders = waiting(t, &market, &[4, 4]).await;
        market.pay(t, &orders.iter().collect::<Vec<_>>()).await;
        let shown = t.get(&costs).by(clerk).await.ok();
        assert_eq!((&shown["deducted_fen"], &shown["open_fen"]), (&json!(4_000), &json!(0)));
        let mut shares = Vec::new();
        for order in &orders {
            shares.push(share_of(&accrued(t, &market, order).await, first));
        }
        shares.sort_unstable();
        assert_eq!(shares[1] - shares[0], 4_000, "{shares:?}");
        assert!(report(t).await.is_sound());
    }
}
