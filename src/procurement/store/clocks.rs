//! Clocks of orders that ran out, in the database: found by when they began, kept once they were acted on.

use crate::db::Tx;
use entity::value::{ClockKind, OrderState, OrderTerms, SupplierOrderId, Timestamp};
use entity::{acceptance, order_clock, shipment, supplier_order};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select,
};

/// Orders that one turn looks at, for each clock.
const AT_ONCE: u64 = 200;

async fn ids(db: &impl ConnectionTrait, orders: Select<supplier_order::Entity>) -> Result<Vec<SupplierOrderId>, DbErr> {
    let orders = orders.select_only().column(supplier_order::Column::Id);
    orders.order_by_asc(supplier_order::Column::Id).limit(AT_ONCE).into_tuple().all(db).await
}

/// Orders placed by then that nobody answered.
pub async fn due_answers(db: &impl ConnectionTrait, placed_by: Timestamp) -> Result<Vec<SupplierOrderId>, DbErr> {
    use supplier_order::Column;
    let orders = supplier_order::Entity::find().filter(Column::State.eq(OrderState::Placed));
    ids(db, orders.filter(Column::PlacedAt.lte(placed_by))).await
}

/// Orders that should have been paid by now.
pub async fn due_payments(db: &impl ConnectionTrait, now: Timestamp) -> Result<Vec<SupplierOrderId>, DbErr> {
    use supplier_order::Column;
    let orders = supplier_order::Entity::find().filter(Column::State.eq(OrderState::AwaitingPayment));
    ids(db, orders.filter(Column::PayBy.lte(now))).await
}

/// Orders whose goods should have left by now, and of which that was not said yet.
pub async fn due_shippings(db: &impl ConnectionTrait, now: Timestamp) -> Result<Vec<SupplierOrderId>, DbErr> {
    use supplier_order::Column;
    let said = Query::select()
        .column(order_clock::Column::SupplierOrderId)
        .from(order_clock::Entity)
        .and_where(order_clock::Column::Kind.eq(ClockKind::Shipping))
        .to_owned();
    let orders = supplier_order::Entity::find()
        .filter(Column::State.is_in([OrderState::Confirmed, OrderState::PartlyShipped]))
        .filter(Column::ShipBy.lte(now))
        .filter(Column::Id.not_in_subquery(said));
    ids(db, orders).await
}

/// Shipments that left by then, are not judged, and of which this clock has not spoken: their orders and numbers.
/// Silent acceptance is for orders that were paid first only.
pub async fn due_shipments(
    db: &impl ConnectionTrait,
    kind: ClockKind,
    shipped_by: Timestamp,
) -> Result<Vec<(SupplierOrderId, i32)>, DbErr> {
    let judged = Query::select()
        .column(acceptance::Column::ShipmentId)
        .from(acceptance::Entity)
        .and_where(acceptance::Column::ShipmentId.is_not_null())
        .to_owned();
    let said = Query::select()
        .column(order_clock::Column::ShipmentId)
        .from(order_clock::Entity)
        .and_where(order_clock::Column::Kind.eq(kind))
        .and_where(order_clock::Column::ShipmentId.is_not_null())
        .to_owned();
    shipment::Entity::find()
        .select_only()
        .column(shipment::Column::SupplierOrderId)
        .column(shipment::Column::Number)
        .filter(shipment::Column::ShippedAt.lte(shipped_by))
        .filter(shipment::Column::Id.not_in_subquery(judged))
        .filter(shipment::Column::Id.not_in_subquery(said))
        .filter(shipment::Column::SupplierOrderId.in_subquery(open_orders(kind)))
        .order_by_asc(shipment::Column::Id)
        .limit(AT_ONCE)
        .into_tuple()
        .all(db)
        .await
}

/// Orders with goods on their way.
fn open_orders(kind: ClockKind) -> SelectStatement {
    use supplier_order::Column;
    let mut open = Query::select();
    open.column(Column::Id)
        .from(supplier_order::Entity)
        .and_where(Column::State.is_in([OrderState::Shipped, OrderState::PartlyShipped]));
    if kind == ClockKind::SilentAcceptance {
        open.and_where(Column::Terms.eq(OrderTerms::PayFirst));
    }
    open
}

/// The clocks of an order that ran out and were acted on.
pub async fn clocks_of(db: &impl ConnectionTrait, order: SupplierOrderId) -> Result<Vec<order_clock::Model>, DbErr> {
    let rows = order_clock::Entity::find().filter(order_clock::Column::SupplierOrderId.eq(order));
    rows.order_by_asc(order_clock::Column::Id).all(db).await
}

/// Says that a clock ran out and was acted on; a second time is refused by its key.
pub async fn insert_clock(tx: &Tx, row: order_clock::Model) -> Result<(), DbErr> {
    order_clock::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}
