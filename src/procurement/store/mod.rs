//! Orders in the database.

mod clocks;
mod month;
mod outcomes;
mod owing;
mod papers;

pub(super) use clocks::{clocks_of, due_answers, due_payments, due_shipments, due_shippings, insert_clock};
pub(super) use month::{Sold, sold_asked};
pub use outcomes::{Outcome, outcomes_of_products, outcomes_of_suppliers, products_of};
pub use owing::{accepted_of, between, credited_by, credited_of, owing};
pub(super) use papers::{
    Papers, find_return, insert_acceptance, insert_amendment, insert_credit, insert_return, insert_shipment, papers_of,
    save_return, shipments_of,
};

use super::error::OrderError;
use super::number;
use crate::access::Scope;
use crate::db::{Tx, dialect::sum_as_integer};
use crate::organisation;
use chrono::NaiveDate;
use entity::value::{
    BudgetId, Fen, Grams, LotId, OrderGroupId, OrderState, OrganisationId, Packs, ShipmentId, SupplierOrderId,
    Timestamp,
};
use entity::{order_group, order_line, rating, shipment, shipment_lot, supplier_order};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Select,
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// As whom a supplier order is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// As who sells.
    Supplier,
    /// As who buys.
    Buyer,
    /// As one of the two.
    Either,
}

/// How often a number is drawn before giving up.
const DRAWS: u8 = 5;
/// SQLite takes 32,766 bound values a statement.
const LINES_AT_ONCE: usize = 30_000 / 19;
const ORDERS_AT_ONCE: usize = 30_000 / 40;

/// Where every query for supplier orders begins.
fn visible(scope: &Scope, side: Side) -> Select<supplier_order::Entity> {
    use supplier_order::Column;
    let all = supplier_order::Entity::find();
    match (scope, side) {
        (Scope::Everything, _) => all,
        (Scope::Organisation(own), Side::Supplier) => all.filter(Column::SupplierId.eq(*own)),
        (Scope::Organisation(own), Side::Buyer) => all.filter(Column::BuyerId.eq(*own)),
        (Scope::Organisation(own), Side::Either) => {
            all.filter(Condition::any().add(Column::SupplierId.eq(*own)).add(Column::BuyerId.eq(*own)))
        }
        (Scope::Tree(_), _) => all.filter(Column::BuyerId.in_subquery(organisation::ids_within(scope))),
        (Scope::AssignedHouseholds(_), _) => all.filter(Expr::value(false)),
        (Scope::County(_), _) => all.filter(Column::SupplierId.in_subquery(organisation::ids_within(scope))),
    }
}

/// Where every query for orders begins: they are the buyer's.
fn visible_groups(scope: &Scope) -> Select<order_group::Entity> {
    use order_group::Column;
    match scope {
        Scope::Everything => order_group::Entity::find(),
        Scope::Organisation(own) => order_group::Entity::find().filter(Column::BuyerId.eq(*own)),
        Scope::Tree(_) | Scope::County(_) | Scope::AssignedHouseholds(_) => {
            order_group::Entity::find().filter(Column::BuyerId.in_subquery(organisation::ids_within(scope)))
        }
    }
}

/// Nothing inserted is no error here: the number was taken.
fn inserted(outcome: Result<u64, DbErr>) -> Result<u64, DbErr> {
    match outcome {
        Err(DbErr::RecordNotInserted) => Ok(0),
        other => other,
    }
}

/// Inserts an order under a number that nobody has.
pub(super) async fn insert_group(tx: &Tx, row: &mut order_group::Model, day: NaiveDate) -> Result<(), OrderError> {
    let unless_taken = OnConflict::column(order_group::Column::Number).do_nothing().to_owned();
    for draw in 0..DRAWS {
        row.number = number::quoted('D', day, row.id.uuid(), draw);
        let insert = order_group::Entity::insert(row.clone().into_active_model()).on_conflict(unless_taken.clone());
        if inserted(insert.exec_without_returning(tx).await)? == 1 {
            return Ok(());
        }
    }
    Err(OrderError::NumbersTaken)
}

/// Inserts the parts of an order under numbers and transfer codes that nobody has: one statement, but for the rare
/// draw that was taken.
pub(super) async fn insert_supplier_orders(
    tx: &Tx,
    rows: &mut [supplier_order::Model],
    day: NaiveDate,
) -> Result<(), OrderError> {
    let unless_taken = OnConflict::new().do_nothing().to_owned();
    let mut there: HashSet<SupplierOrderId> = HashSet::new();
    for draw in 0..DRAWS {
        let mut drawn = Vec::with_capacity(rows.len());
        for row in rows.iter_mut().filter(|row| !there.contains(&row.id)) {
            row.number = number::quoted('S', day, row.id.uuid(), draw);
            row.transfer_code = number::transfer_code(row.id.uuid(), draw);
            drawn.push(row.clone().into_active_model());
        }
        let wanted = u64::try_from(drawn.len()).unwrap_or(u64::MAX);
        let insert = supplier_order::Entity::insert_many(drawn).on_conflict(unless_taken.clone());
        if inserted(insert.exec_without_returning(tx).await)? == wanted {
            return Ok(());
        }
        let ids = rows.iter().map(|row| row.id);
        let found = supplier_order::Entity::find().filter(supplier_order::Column::Id.is_in(ids)).all(tx).await?;
        there = found.into_iter().map(|row| row.id).collect();
    }
    Err(OrderError::NumbersTaken)
}

pub(super) async fn insert_lines(tx: &Tx, rows: &[order_line::Model]) -> Result<(), DbErr> {
    for some in rows.chunks(LINES_AT_ONCE) {
        let some = some.iter().cloned().map(IntoActiveModel::into_active_model);
        order_line::Entity::insert_many(some).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// A supplier order in reach, locked until the transaction ends.
pub(super) async fn hold(
    tx: &Tx,
    scope: &Scope,
    side: Side,
    id: SupplierOrderId,
) -> Result<Option<supplier_order::Model>, DbErr> {
    visible(scope, side).filter(supplier_order::Column::Id.eq(id)).lock_exclusive().one(tx).await
}

/// The supplier orders with these transfer codes, locked in the order of their ids. Codes nobody has are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn hold_by_transfer_codes(tx: &Tx, codes: &[String]) -> Result<Vec<supplier_order::Model>, DbErr> {
    let mut held = Vec::with_capacity(codes.len());
    for some in codes.chunks(30_000) {
        let rows = supplier_order::Entity::find()
            .filter(supplier_order::Column::TransferCode.is_in(some.iter().cloned()))
            .order_by_asc(supplier_order::Column::Id)
            .lock_exclusive();
        held.extend(rows.all(tx).await?);
    }
    Ok(held)
}

/// The supplier orders with these transfer codes. Codes nobody has are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_by_transfer_codes(
    db: &impl ConnectionTrait,
    codes: &[String],
) -> Result<Vec<supplier_order::Model>, DbErr> {
    let codes = supplier_order::Column::TransferCode.is_in(codes.iter().cloned());
    supplier_order::Entity::find().filter(codes).order_by_asc(supplier_order::Column::Id).all(db).await
}

/// Supplier orders by their identifiers, locked in the order of these.
///
/// # Errors
/// When the database cannot be asked.
pub async fn hold_by_ids(tx: &Tx, ids: &[SupplierOrderId]) -> Result<Vec<supplier_order::Model>, DbErr> {
    let rows = supplier_order::Entity::find()
        .filter(supplier_order::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(supplier_order::Column::Id)
        .lock_exclusive();
    rows.all(tx).await
}

/// A supplier order that a scope sees, as either side.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_order(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: SupplierOrderId,
) -> Result<Option<supplier_order::Model>, DbErr> {
    find(db, scope, id).await
}

/// Orders waiting for money of which so much is still to be paid, or which one of these buyers has still to pay: newest first,
/// for suggestions to whoever looks for what a payment was meant for.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_payable(
    db: &impl ConnectionTrait,
    amounts: &[Fen],
    buyers: &[OrganisationId],
    limit: u64,
) -> Result<Vec<supplier_order::Model>, DbErr> {
    use supplier_order::Column;
    let open = || {
        Expr::cust(
            r#"case when "state" = 'awaiting_payment' then "total_fen" - "dropped_fen" - "accepted_fen" - "prepaid_fen"
               else "accepted_fen" - "credited_fen" - "paid_fen" end"#,
        )
    };
    supplier_order::Entity::find()
        .filter(Condition::any().add(Column::InvoicedFen.gt(0_i64)).add(Column::State.eq(OrderState::AwaitingPayment)))
        .filter(open().gt(0_i64))
        .filter(
            Condition::any()
                .add(open().is_in(amounts.iter().map(|amount| amount.get())))
                .add(Column::BuyerId.is_in(buyers.iter().copied())),
        )
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(db)
        .await
}

/// Writes what changed of a supplier order, whose version grows by one.
///
/// # Errors
/// [`OrderError::Stale`] when it is no longer the version that was read.
pub(super) async fn save(
    tx: &Tx,
    read: &supplier_order::Model,
    now: supplier_order::Model,
) -> Result<supplier_order::Model, OrderError> {
    use supplier_order::Column;
    let is_off = now.state == OrderState::Cancelled;
    let cancelled_at = is_off.then(|| now.cancelled_at.unwrap_or_else(|| tx.now()));
    let now = supplier_order::Model { version: read.version + 1, cancelled_at, ..now };
    let done = supplier_order::Entity::update_many()
        .col_expr(Column::State, Expr::value(now.state))
        .col_expr(Column::AcceptedFen, Expr::value(now.accepted_fen))
        .col_expr(Column::InvoicedFen, Expr::value(now.invoiced_fen))
        .col_expr(Column::CreditedFen, Expr::value(now.credited_fen))
        .col_expr(Column::FreightCreditedFen, Expr::value(now.freight_credited_fen))
        .col_expr(Column::LateInterestPpm, Expr::value(now.late_interest_ppm))
        .col_expr(Column::PaidFen, Expr::value(now.paid_fen))
        .col_expr(Column::RefundedFen, Expr::value(now.refunded_fen))
        .col_expr(Column::DroppedFen, Expr::value(now.dropped_fen))
        .col_expr(Column::PrepaidFen, Expr::value(now.prepaid_fen))
        .col_expr(Column::UnusedFen, Expr::value(now.unused_fen))
        .col_expr(Column::PayBy, Expr::value(now.pay_by))
        .col_expr(Column::PayExtended, Expr::value(now.pay_extended))
        .col_expr(Column::ShipBy, Expr::value(now.ship_by))
        .col_expr(Column::ExpiredBy, Expr::value(now.expired_by))
        .col_expr(Column::PaidAt, Expr::value(now.paid_at))
        .col_expr(Column::CancelledAt, Expr::value(now.cancelled_at))
        .col_expr(Column::ConfirmedAt, Expr::value(now.confirmed_at))
        .col_expr(Column::ShippedAt, Expr::value(now.shipped_at))
        .col_expr(Column::AcceptedAt, Expr::value(now.accepted_at))
        .col_expr(Column::InvoicedAt, Expr::value(now.invoiced_at))
        .col_expr(Column::CompletedAt, Expr::value(now.completed_at))
        .col_expr(Column::ClosedReason, Expr::value(now.closed_reason.clone()))
        .col_expr(Column::Version, Expr::value(now.version))
        .filter(Column::Id.eq(read.id))
        .filter(Column::Version.eq(read.version))
        .exec(tx)
        .await?;
    if done.rows_affected == 1 { Ok(now) } else { Err(OrderError::Stale) }
}

/// Writes what several held orders were paid and invoiced, and where they are, in one statement: an upsert of rows that
/// are all there. Their versions grow by one.
pub(super) async fn save_money(tx: &Tx, rows: &[supplier_order::Model]) -> Result<(), DbErr> {
    use supplier_order::Column;
    for some in rows.chunks(ORDERS_AT_ONCE) {
        let some = some.iter().cloned().map(IntoActiveModel::into_active_model);
        let saved = OnConflict::column(Column::Id)
            .update_columns([Column::State, Column::PaidFen, Column::OverpaidFen, Column::RepaidFen, Column::PaidAt])
            .update_columns([Column::PrepaidFen, Column::ShipBy, Column::Version])
            .to_owned();
        supplier_order::Entity::insert_many(some).on_conflict(saved).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Writes the quantities of lines, in one statement: an upsert of rows that are all there.
pub(super) async fn save_lines(tx: &Tx, lines: &[order_line::Model]) -> Result<(), DbErr> {
    use order_line::Column;
    for some in lines.chunks(LINES_AT_ONCE) {
        let some = some.iter().cloned().map(IntoActiveModel::into_active_model);
        let saved = OnConflict::column(Column::Id)
            .update_columns([
                Column::ReservedPacks,
                Column::ShippedPacks,
                Column::AcceptedPacks,
                Column::RefusedPacks,
                Column::WithdrawnPacks,
                Column::ReturnedPacks,
                Column::CreditedFen,
                Column::RefusalReason,
            ])
            .to_owned();
        order_line::Entity::insert_many(some).on_conflict(saved).exec_without_returning(tx).await?;
    }
    Ok(())
}

pub(super) async fn insert_ratings(tx: &Tx, rows: Vec<rating::Model>) -> Result<(), DbErr> {
    rating::Entity::insert_many(rows.into_iter().map(IntoActiveModel::into_active_model))
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Writes that held orders are completed, in one statement: an upsert of rows that are all there.
pub(super) async fn save_completed(tx: &Tx, rows: &[supplier_order::Model]) -> Result<(), DbErr> {
    use supplier_order::Column;
    let rows = rows.iter().cloned().map(IntoActiveModel::into_active_model);
    let saved =
        OnConflict::column(Column::Id).update_columns([Column::State, Column::CompletedAt, Column::Version]).to_owned();
    supplier_order::Entity::insert_many(rows).on_conflict(saved).exec_without_returning(tx).await?;
    Ok(())
}

/// Where orders that wait for their rating are found: paid, seen from the buyer's side.
fn to_rate(scope: &Scope) -> Select<supplier_order::Entity> {
    visible(scope, Side::Buyer).filter(supplier_order::Column::State.eq(OrderState::Paid))
}

/// How many orders wait for their rating, and what was paid for them.
pub(super) async fn count_to_rate(db: &impl ConnectionTrait, scope: &Scope) -> Result<(i64, i64), DbErr> {
    let sum = sum_as_integer(db.get_database_backend(), "paid_fen");
    let row = to_rate(scope)
        .select_only()
        .expr(Expr::cust("count(*)"))
        .expr(Expr::cust(format!("coalesce({sum}, 0)")))
        .into_tuple::<(i64, i64)>();
    Ok(row.one(db).await?.unwrap_or_default())
}

/// Who has orders that wait for their rating: how many, and what was paid for them.
///
/// # Errors
/// When the database cannot be asked.
pub async fn to_rate_by_buyer(db: &impl ConnectionTrait) -> Result<Vec<(OrganisationId, i64, Fen)>, DbErr> {
    use supplier_order::Column;
    let sum = sum_as_integer(db.get_database_backend(), "paid_fen");
    to_rate(&Scope::Everything)
        .select_only()
        .column(Column::BuyerId)
        .expr(Expr::cust("count(*)"))
        .expr(Expr::cust(sum))
        .group_by(Column::BuyerId)
        .order_by_asc(Column::BuyerId)
        .into_tuple()
        .all(db)
        .await
}

/// Orders that wait for their rating, newest first.
pub(super) async fn list_to_rate(
    db: &impl ConnectionTrait,
    scope: &Scope,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<supplier_order::Model>, DbErr> {
    use supplier_order::Column;
    let mut rows = to_rate(scope).order_by_desc(Column::Id).limit(limit);
    if let Some(before) = before {
        rows = rows.filter(Column::Id.lt(before));
    }
    rows.all(db).await
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: SupplierOrderId,
) -> Result<Option<supplier_order::Model>, DbErr> {
    visible(scope, Side::Either).filter(supplier_order::Column::Id.eq(id)).one(db).await
}

/// An order of a buyer that a scope sees.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_group(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: OrderGroupId,
) -> Result<Option<order_group::Model>, DbErr> {
    visible_groups(scope).filter(order_group::Column::Id.eq(id)).one(db).await
}

/// Newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    state: Option<OrderState>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<supplier_order::Model>, DbErr> {
    use supplier_order::Column;
    let mut rows = visible(scope, Side::Either).order_by_desc(Column::Id).limit(limit);
    if let Some(state) = state {
        rows = rows.filter(Column::State.eq(state));
    }
    if let Some(before) = before {
        rows = rows.filter(Column::Id.lt(before));
    }
    rows.all(db).await
}

/// Newest first.
pub(super) async fn list_groups(
    db: &impl ConnectionTrait,
    scope: &Scope,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<order_group::Model>, DbErr> {
    let mut rows = visible_groups(scope).order_by_desc(order_group::Column::Id).limit(limit);
    if let Some(before) = before {
        rows = rows.filter(order_group::Column::Id.lt(before));
    }
    rows.all(db).await
}

/// The parts of orders, in the order they were placed in.
pub(super) async fn parts_of(
    db: &impl ConnectionTrait,
    groups: &[OrderGroupId],
) -> Result<Vec<supplier_order::Model>, DbErr> {
    supplier_order::Entity::find()
        .filter(supplier_order::Column::GroupId.is_in(groups.iter().copied()))
        .order_by_asc(supplier_order::Column::Id)
        .all(db)
        .await
}

/// The lines of supplier orders, by order and number.
pub(super) async fn lines_of(
    db: &impl ConnectionTrait,
    orders: &[SupplierOrderId],
) -> Result<Vec<order_line::Model>, DbErr> {
    order_line::Entity::find()
        .filter(order_line::Column::SupplierOrderId.is_in(orders.iter().copied()))
        .order_by_asc(order_line::Column::SupplierOrderId)
        .order_by_asc(order_line::Column::LineNo)
        .all(db)
        .await
}

/// The lines of an order, by supplier and number.
///
/// # Errors
/// When the database cannot be asked.
pub async fn lines_of_group(db: &impl ConnectionTrait, id: OrderGroupId) -> Result<Vec<order_line::Model>, DbErr> {
    let parts: Vec<_> = parts_of(db, &[id]).await?.into_iter().map(|part| part.id).collect();
    lines_of(db, &parts).await
}

/// What is ordered at prices that rest on one document, and not taken off since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub struct OrderedOn {
    /// The document's line.
    pub basis_id: Uuid,
    /// How many packs.
    pub packs: i64,
    /// What they cost.
    pub fen: i64,
}

/// What is ordered at prices that rest on these, in one statement; those nobody ordered on are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn ordered_on(db: &impl ConnectionTrait, bases: &[Uuid]) -> Result<HashMap<Uuid, OrderedOn>, DbErr> {
    use order_line::Column;
    let sum = |of: &str| Expr::cust(sum_as_integer(db.get_database_backend(), of));
    let rows: Vec<OrderedOn> = order_line::Entity::find()
        .select_only()
        .column(Column::BasisId)
        .expr_as(sum(r#""packs" - "withdrawn_packs""#), "packs")
        .expr_as(sum(r#"("packs" - "withdrawn_packs") * "unit_price_fen""#), "fen")
        .filter(Column::BasisId.is_in(bases.iter().copied()))
        .group_by(Column::BasisId)
        .into_model()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.basis_id, row)).collect())
}

/// Something of a lot that went to an order.
#[derive(Debug, Clone)]
pub struct SentOfLot {
    /// The order.
    pub order: supplier_order::Model,
    /// The lot.
    pub lot: LotId,
    /// How many packs.
    pub packs: Packs,
    /// What they weigh.
    pub grams: Grams,
    /// When they were sent.
    pub shipped_at: Timestamp,
}

/// What orders got of these lots, in the order it was sent: three questions, however many there are.
///
/// # Errors
/// When the database cannot be asked.
pub async fn shipped_of_lots(db: &impl ConnectionTrait, lots: &[LotId]) -> Result<Vec<SentOfLot>, DbErr> {
    let mut sent = Vec::new();
    for part in lots.chunks(1000) {
        let rows = shipment_lot::Entity::find().filter(shipment_lot::Column::LotId.is_in(part.iter().copied()));
        sent.extend(rows.order_by_asc(shipment_lot::Column::ShipmentId).all(db).await?);
    }
    let mut ids: Vec<ShipmentId> = sent.iter().map(|row| row.shipment_id).collect();
    ids.dedup();
    let mut shipments = HashMap::new();
    for part in ids.chunks(1000) {
        let rows = shipment::Entity::find().filter(shipment::Column::Id.is_in(part.iter().copied()));
        shipments.extend(rows.all(db).await?.into_iter().map(|row| (row.id, row)));
    }
    let mut orders = HashMap::new();
    let ids: Vec<SupplierOrderId> = shipments.values().map(|row| row.supplier_order_id).collect();
    for part in ids.chunks(1000) {
        let rows = supplier_order::Entity::find().filter(supplier_order::Column::Id.is_in(part.iter().copied()));
        orders.extend(rows.all(db).await?.into_iter().map(|row| (row.id, row)));
    }
    let of = |row: shipment_lot::Model| {
        let shipment = shipments.get(&row.shipment_id)?;
        let order = orders.get(&shipment.supplier_order_id)?.clone();
        let shipment_lot::Model { lot_id: lot, packs, grams, .. } = row;
        Some(SentOfLot { order, lot, packs, grams, shipped_at: shipment.shipped_at })
    };
    Ok(sent.into_iter().filter_map(of).collect())
}

pub(super) async fn rating_of(
    db: &impl ConnectionTrait,
    order: SupplierOrderId,
) -> Result<Option<rating::Model>, DbErr> {
    rating::Entity::find_by_id(order).one(db).await
}

/// Which budgets pay for orders; those without one are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn budgets_of(
    db: &impl ConnectionTrait,
    groups: &[OrderGroupId],
) -> Result<HashMap<OrderGroupId, BudgetId>, DbErr> {
    let rows =
        order_group::Entity::find().filter(order_group::Column::Id.is_in(groups.iter().copied())).all(db).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.id, row.budget_id?))).collect())
}

/// Who placed these orders.
///
/// # Errors
/// When the database cannot be asked.
pub async fn placed_by(
    db: &impl ConnectionTrait,
    groups: &[OrderGroupId],
) -> Result<Vec<entity::value::PersonId>, DbErr> {
    let rows = order_group::Entity::find()
        .select_only()
        .column(order_group::Column::PlacedBy)
        .filter(order_group::Column::Id.is_in(groups.iter().copied()));
    rows.distinct().into_tuple().all(db).await
}

/// What organisations were called on a day; nobody's name is an empty text.
pub(super) async fn names_on(
    db: &impl ConnectionTrait,
    ids: [OrganisationId; 2],
    date: NaiveDate,
) -> Result<[String; 2], DbErr> {
    let mut names = organisation::names_on(db, &ids, date).await?.into_iter();
    Ok(ids.map(|_| names.next().unwrap_or_default()))
}

/// No packs.
pub(super) fn no_packs() -> Result<Packs, entity::value::Overflow> {
    Packs::new(0)
}

/// The numbers people quote, of several supplier orders; those that do not exist are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn numbers_of(
    db: &impl ConnectionTrait,
    orders: &[SupplierOrderId],
) -> Result<HashMap<SupplierOrderId, String>, DbErr> {
    let mut numbers = HashMap::with_capacity(orders.len());
    for some in orders.chunks(30_000) {
        let rows = supplier_order::Entity::find()
            .select_only()
            .column(supplier_order::Column::Id)
            .column(supplier_order::Column::Number)
            .filter(supplier_order::Column::Id.is_in(some.iter().copied()));
        numbers.extend(rows.into_tuple::<(SupplierOrderId, String)>().all(db).await?);
    }
    Ok(numbers)
}

/// Supplier orders, whoever asks, by their ids; those that do not exist are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn orders(db: &impl ConnectionTrait, ids: &[SupplierOrderId]) -> Result<Vec<supplier_order::Model>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    supplier_order::Entity::find()
        .filter(supplier_order::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(supplier_order::Column::Id)
        .all(db)
        .await
}
