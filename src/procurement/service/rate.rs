//! Ratings (评价): one order or many at once, and which are still to be rated.
//!
//! An order counts as completed for a quota when it is accepted, paid *and* rated; what is forgotten does not count.

use super::read::show;
use super::{hold, moved};
use crate::access::Grant;
use crate::access::policy::{ReceiveOrder, ViewOrder};
use crate::db::Tx;
use crate::http::{IfMatch, Page, PageQuery};
use crate::problem::Failure;
use crate::procurement::error::OrderError;
use crate::procurement::event::OrderCompleted;
use crate::procurement::state::{Step, allow};
use crate::procurement::store::{self, Side};
use crate::procurement::view::{
    RateMany, RateOrder, RatedOrder, RatedOrders, SupplierOrderDetail, SupplierOrderHead, ToRate,
};
use entity::value::{Fen, OrderState, OrganisationId, PersonId, SupplierOrderId, Timestamp};
use entity::{rating, supplier_order};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;

/// How many orders are rated at once.
const MOST_AT_ONCE: usize = 100;

/// Rates a paid order, which completes it.
///
/// # Errors
/// Not the buyer's, another version, another state than paid, or a score outside 1 to 5.
pub async fn rate(
    tx: &Tx,
    grant: &Grant<ReceiveOrder>,
    id: SupplierOrderId,
    seen: IfMatch,
    wanted: &RateOrder,
) -> Result<SupplierOrderDetail, OrderError> {
    check("", wanted)?;
    let order = hold(tx, (grant.scope(), Side::Buyer), id, seen).await?;
    allow(order.state, Step::Rate)?;
    store::insert_ratings(tx, vec![row(id, wanted, (grant.person()?, tx.now()))]).await?;
    let rated = supplier_order::Model { state: OrderState::Completed, completed_at: Some(tx.now()), ..order.clone() };
    let rated = store::save(tx, &order, rated).await?;
    tx.audit(moved(Step::Rate, id, order.state, rated.state)).await?;
    tx.emit(&OrderCompleted { supplier_order: id, supplier: order.supplier_id, buyer: order.buyer_id }).await?;
    show(tx, rated).await
}

/// Rates several paid orders, all of them or none: a constant number of statements.
///
/// # Errors
/// One of them is not the buyer's, is named twice, has another version or another state than paid, or a score is not
/// between 1 and 5.
pub async fn rate_many(tx: &Tx, grant: &Grant<ReceiveOrder>, wanted: &RateMany) -> Result<RatedOrders, OrderError> {
    let refuse = |pointer: String, zh, en| Err(OrderError::Field { pointer, zh, en });
    if !(1..=MOST_AT_ONCE).contains(&wanted.ratings.len()) {
        return refuse("/ratings".to_owned(), "一次评价 1 至 100 个订单。", "Rate 1 to 100 orders at once.");
    }
    let ids: Vec<SupplierOrderId> = wanted.ratings.iter().map(|one| one.supplier_order_id).collect();
    let held = store::hold_by_ids(tx, &ids).await?;
    let own: OrganisationId = grant.organisation()?;
    let mut held: HashMap<_, _> =
        held.into_iter().filter(|order| order.buyer_id == own).map(|order| (order.id, order)).collect();
    let (mut rows, mut orders, mut changes, mut events) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (index, one) in wanted.ratings.iter().enumerate() {
        check(&format!("/ratings/{index}"), &one.rating)?;
        // Taken out, so that a second mention is not found.
        let Some(order) = held.remove(&one.supplier_order_id) else {
            let pointer = format!("/ratings/{index}/supplier_order_id");
            return refuse(
                pointer,
                "本单位没有这个订单，或已在前面列出。",
                "You have no such order, or it was named before.",
            );
        };
        if order.version != one.version {
            return Err(OrderError::Stale);
        }
        allow(order.state, Step::Rate)?;
        rows.push(row(order.id, &one.rating, (grant.person()?, tx.now())));
        let rated = supplier_order::Model {
            state: OrderState::Completed,
            completed_at: Some(tx.now()),
            version: order.version + 1,
            ..order.clone()
        };
        changes.push(moved(Step::Rate, order.id, order.state, rated.state));
        events.push(OrderCompleted { supplier_order: order.id, supplier: order.supplier_id, buyer: order.buyer_id });
        orders.push(rated);
    }
    store::insert_ratings(tx, rows).await?;
    store::save_completed(tx, &orders).await?;
    tx.audit_all(changes).await?;
    tx.emit_all(&events).await?;
    let rated =
        |order: supplier_order::Model| RatedOrder { id: order.id, number: order.number, version: order.version };
    Ok(RatedOrders { items: orders.into_iter().map(rated).collect() })
}

/// A score lies between 1 and 5.
fn check(place: &str, wanted: &RateOrder) -> Result<(), OrderError> {
    let RateOrder { quality, delivery, service, comment: _ } = *wanted;
    for (name, score) in [("quality", quality), ("delivery", delivery), ("service", service)] {
        if !(1..=5).contains(&score) {
            let pointer = format!("{place}/{name}");
            return Err(OrderError::Field { pointer, zh: "评分为 1 至 5。", en: "A score lies between 1 and 5." });
        }
    }
    Ok(())
}

fn row(id: SupplierOrderId, wanted: &RateOrder, (by, at): (PersonId, Timestamp)) -> rating::Model {
    let RateOrder { quality, delivery, service, ref comment } = *wanted;
    rating::Model {
        supplier_order_id: id,
        quality,
        delivery,
        service,
        comment: comment.as_ref().map(|comment| comment.as_str().to_owned()),
        rated_by: by,
        rated_at: at,
    }
}

/// Orders in reach that are accepted and paid and count for no quota until they are rated; with how many there are and
/// what they are worth.
///
/// # Errors
/// 400 for a bad page; the database.
pub async fn to_rate(db: &impl ConnectionTrait, grant: &Grant<ViewOrder>, page: &PageQuery) -> Result<ToRate, Failure> {
    let limit = page.limit()?;
    let (count, sum) = store::count_to_rate(db, grant.scope()).await.map_err(OrderError::from)?;
    let paid_fen = Fen::new(sum).map_err(OrderError::from)?;
    let rows = store::list_to_rate(db, grant.scope(), page.after()?, limit + 1).await.map_err(OrderError::from)?;
    let Page { items, next } = Page::of(rows, limit, |row| row.id.uuid(), SupplierOrderHead::from);
    Ok(ToRate { count, paid_fen, items, next })
}
