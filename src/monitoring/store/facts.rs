//! What befell households, read from other rooms' tables: a constant number of statements a thousand households.

use super::CHUNK;
use crate::db::dialect::sum_as_integer;
use crate::monitoring::look::{Lost, Moved, Upheld};
use chrono::NaiveDate;
use entity::value::{
    AccountKind, AdmissionId, AdmissionState, AgreementState, ComplaintOutcome, DisputeState, Fen, HouseholdId,
    OrderState, OrganisationId, SupplierOrderId, Timestamp, business_date,
};
use entity::{
    account, admission, agreement, complaint, delivery, dispute, entry, lot, lot_delivery, order_line, organisation,
    posting, shipment, shipment_lot, supplier_order,
};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, RelationDef,
    Select,
};
use std::collections::HashSet;
use uuid::Uuid;

/// Disputes of these households that were upheld since a moment.
pub(in crate::monitoring) async fn upheld_of(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
    since: Timestamp,
) -> Result<Vec<(HouseholdId, Upheld)>, DbErr> {
    use dispute::Column;
    let mut found = Vec::new();
    for part in ids.chunks(CHUNK) {
        let rows = dispute::Entity::find()
            .filter(Column::HouseholdId.is_in(part.iter().copied()))
            .filter(Column::State.eq(DisputeState::Upheld))
            .filter(Column::DecidedAt.gte(since));
        found.extend(rows.all(db).await?.into_iter().filter_map(|row| {
            let upheld = Upheld { dispute: row.id, number: row.number, at: row.decided_at? };
            Some((row.household_id, upheld))
        }));
    }
    Ok(found)
}

/// What an order moved on a household's account with a supplier on a day.
#[derive(Debug, FromQueryResult)]
struct MovedRow {
    household_id: HouseholdId,
    supplier_id: OrganisationId,
    supplier_order_id: Option<SupplierOrderId>,
    business_date: NaiveDate,
    net_fen: i64,
}

/// What suppliers owed these households and paid, up to a day; with `only_open`, only of accounts on which something is owed
/// now.
pub(in crate::monitoring) async fn moved_of(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
    until: NaiveDate,
    only_open: bool,
) -> Result<Vec<(HouseholdId, Moved)>, DbErr> {
    let amount = r#"case when "entry"."side" = 'credit' then "entry"."amount_fen" else -"entry"."amount_fen" end"#;
    let to_entry = account::Entity::belongs_to(entry::Entity).from(account::Column::Id).to(entry::Column::AccountId);
    let to_posting = entry::Entity::belongs_to(posting::Entity).from(entry::Column::PostingId).to(posting::Column::Id);
    let to_agreement =
        account::Entity::belongs_to(agreement::Entity).from(account::Column::PartId).to(agreement::Column::Id);
    let (to_entry, to_posting, to_agreement): (RelationDef, RelationDef, RelationDef) =
        (to_entry.into(), to_posting.into(), to_agreement.into());
    let mut found = Vec::new();
    for part in ids.chunks(CHUNK) {
        let net = Expr::cust(sum_as_integer(db.get_database_backend(), amount));
        let mut rows = account::Entity::find()
            .select_only()
            .column_as(account::Column::OwnerId, "household_id")
            .column_as(agreement::Column::SupplierId, "supplier_id")
            .column_as(entry::Column::SupplierOrderId, "supplier_order_id")
            .column_as(posting::Column::BusinessDate, "business_date")
            .expr_as(net, "net_fen")
            .join(JoinType::InnerJoin, RelationDef::clone(&to_agreement))
            .join(JoinType::InnerJoin, RelationDef::clone(&to_entry))
            .join(JoinType::InnerJoin, RelationDef::clone(&to_posting))
            .filter(account::Column::Kind.eq(AccountKind::HouseholdPayable))
            .filter(account::Column::OwnerId.is_in(part.iter().map(|id| id.uuid())))
            .filter(posting::Column::BusinessDate.lte(until))
            .group_by(account::Column::OwnerId)
            .group_by(agreement::Column::SupplierId)
            .group_by(entry::Column::SupplierOrderId)
            .group_by(posting::Column::BusinessDate);
        if only_open {
            let (credit, debit) = (account::Column::CreditFen, account::Column::DebitFen);
            rows = rows.filter(Expr::col((account::Entity, credit)).gt(Expr::col((account::Entity, debit))));
        }
        found.extend(rows.into_model::<MovedRow>().all(db).await?.into_iter().map(|row| {
            let MovedRow { household_id, supplier_id, supplier_order_id, business_date, net_fen } = row;
            (household_id, Moved { supplier: supplier_id, order: supplier_order_id, on: business_date, fen: net_fen })
        }));
    }
    Ok(found)
}

/// What is no order is worth nothing that could be told; as a number, so that both databases read it as one.
fn no_worth() -> Expr {
    Expr::cust("cast(null as bigint)")
}

/// The lots with produce of these households.
fn lots_of(ids: &[HouseholdId]) -> Select<delivery::Entity> {
    let to_part = delivery::Entity::belongs_to(lot_delivery::Entity)
        .from(delivery::Column::Id)
        .to(lot_delivery::Column::DeliveryId);
    delivery::Entity::find()
        .select_only()
        .distinct()
        .column_as(delivery::Column::HouseholdId, "household_id")
        .join(JoinType::InnerJoin, to_part.into())
        .filter(delivery::Column::HouseholdId.is_in(ids.iter().copied()))
}

/// The orders with which such lots were sent.
fn orders_of(ids: &[HouseholdId]) -> Select<delivery::Entity> {
    let to_sent = lot_delivery::Entity::belongs_to(shipment_lot::Entity)
        .from(lot_delivery::Column::LotId)
        .to(shipment_lot::Column::LotId);
    let to_shipment = shipment_lot::Entity::belongs_to(shipment::Entity)
        .from(shipment_lot::Column::ShipmentId)
        .to(shipment::Column::Id);
    let to_order = shipment::Entity::belongs_to(supplier_order::Entity)
        .from(shipment::Column::SupplierOrderId)
        .to(supplier_order::Column::Id);
    lots_of(ids)
        .join(JoinType::InnerJoin, to_sent.into())
        .join(JoinType::InnerJoin, to_shipment.into())
        .join(JoinType::InnerJoin, to_order.into())
}

#[derive(Debug, FromQueryResult)]
struct LostRow {
    household_id: HouseholdId,
    id: Uuid,
    number: String,
    at: Timestamp,
    supplier_id: OrganisationId,
    worth_fen: Option<Fen>,
}

/// The orders that were called off before they left, for goods of which such a lot still lies there.
fn orders_off(ids: &[HouseholdId], since: Timestamp) -> Select<delivery::Entity> {
    let to_lot = lot_delivery::Entity::belongs_to(lot::Entity).from(lot_delivery::Column::LotId).to(lot::Column::Id);
    let to_line =
        lot::Entity::belongs_to(order_line::Entity).from(lot::Column::ProductId).to(order_line::Column::ProductId);
    let to_order = order_line::Entity::belongs_to(supplier_order::Entity)
        .from(order_line::Column::SupplierOrderId)
        .to(supplier_order::Column::Id);
    let left =
        Expr::col((lot::Entity, lot::Column::TotalGrams)).gt(Expr::col((lot::Entity, lot::Column::ShippedGrams))
            .add(Expr::col((lot::Entity, lot::Column::WithdrawnGrams))));
    lots_of(ids)
        .join(JoinType::InnerJoin, to_lot.into())
        .join(JoinType::InnerJoin, to_line.into())
        .join(JoinType::InnerJoin, to_order.into())
        .filter(left)
        .filter(lot::Column::RecalledAt.is_null())
        .filter(
            Expr::col((lot::Entity, lot::Column::CreatedAt))
                .lte(Expr::col((supplier_order::Entity, supplier_order::Column::CancelledAt))),
        )
        .filter(supplier_order::Column::CancelledAt.gte(since))
}

/// A supplier that lost its standing, with an agreement it has with a household.
#[derive(Debug, FromQueryResult)]
struct StoppedRow {
    household_id: HouseholdId,
    id: AdmissionId,
    state: AdmissionState,
    supplier_id: OrganisationId,
    name: String,
    at: Timestamp,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
}

/// The suppliers on whose rosters these households stand and that were suspended or struck off since a moment, and are.
async fn stopped_of(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
    since: Timestamp,
) -> Result<Vec<(HouseholdId, Lost)>, DbErr> {
    let to_admission = agreement::Entity::belongs_to(admission::Entity)
        .from(agreement::Column::SupplierId)
        .to(admission::Column::OrganisationId);
    let to_supplier = agreement::Entity::belongs_to(organisation::Entity)
        .from(agreement::Column::SupplierId)
        .to(organisation::Column::Id);
    let rows = agreement::Entity::find()
        .select_only()
        .distinct()
        .column(agreement::Column::HouseholdId)
        .column_as(admission::Column::Id, "id")
        .column_as(admission::Column::State, "state")
        .column_as(agreement::Column::SupplierId, "supplier_id")
        .column_as(organisation::Column::Name, "name")
        .column_as(admission::Column::StoppedAt, "at")
        .column_as(agreement::Column::StartsOn, "starts_on")
        .column_as(agreement::Column::EndsOn, "ends_on")
        .join(JoinType::InnerJoin, to_admission.into())
        .join(JoinType::InnerJoin, to_supplier.into())
        .filter(agreement::Column::HouseholdId.is_in(ids.iter().copied()))
        .filter(agreement::Column::State.eq(AgreementState::Signed))
        .filter(admission::Column::StoppedAt.gte(since));
    let rows = rows.into_model::<StoppedRow>().all(db).await?;
    let mut told = HashSet::new();
    let lost = rows.into_iter().filter_map(|row| {
        let on = business_date(row.at);
        let holds = row.starts_on <= on && on <= row.ends_on;
        let what = match row.state {
            AdmissionState::Removed => "supplier_removed",
            _ => "supplier_suspended",
        };
        // Several agreements of a household with one supplier are one loss.
        let is_first = holds && told.insert((row.household_id, row.id));
        let (supplier, worth) = (row.supplier_id, None);
        let lost = Lost { what, id: row.id.uuid(), number: row.name, at: row.at, supplier, worth };
        is_first.then_some((row.household_id, lost))
    });
    Ok(lost.collect())
}

/// What befell goods with produce of these households since a moment: lots that were called back, orders that were refused as
/// a whole or called off before they left, complaints about the supplier that were found right; and suppliers they have an
/// agreement with that may not sell any more.
pub(in crate::monitoring) async fn lost_of(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
    since: Timestamp,
) -> Result<Vec<(HouseholdId, Lost)>, DbErr> {
    let to_lot = lot_delivery::Entity::belongs_to(lot::Entity).from(lot_delivery::Column::LotId).to(lot::Column::Id);
    let to_complaint = supplier_order::Entity::belongs_to(complaint::Entity)
        .from(supplier_order::Column::Id)
        .to(complaint::Column::SupplierOrderId);
    let (to_lot, to_complaint): (RelationDef, RelationDef) = (to_lot.into(), to_complaint.into());
    let mut found = Vec::new();
    for part in ids.chunks(CHUNK) {
        let recalled = lots_of(part)
            .join(JoinType::InnerJoin, RelationDef::clone(&to_lot))
            .column_as(lot::Column::Id, "id")
            .column_as(lot::Column::Code, "number")
            .column_as(lot::Column::RecalledAt, "at")
            .column_as(lot::Column::SupplierId, "supplier_id")
            .expr_as(no_worth(), "worth_fen")
            .filter(lot::Column::RecalledAt.gte(since));
        let refused = orders_of(part)
            .column_as(supplier_order::Column::Id, "id")
            .column_as(supplier_order::Column::Number, "number")
            .column_as(supplier_order::Column::AcceptedAt, "at")
            .column_as(supplier_order::Column::SupplierId, "supplier_id")
            .column_as(supplier_order::Column::TotalFen, "worth_fen")
            .filter(supplier_order::Column::State.eq(OrderState::Refused))
            .filter(supplier_order::Column::AcceptedAt.gte(since));
        let upheld = orders_of(part)
            .join(JoinType::InnerJoin, RelationDef::clone(&to_complaint))
            .column_as(complaint::Column::Id, "id")
            .column_as(supplier_order::Column::Number, "number")
            .column_as(complaint::Column::ClosedAt, "at")
            .column_as(supplier_order::Column::SupplierId, "supplier_id")
            .column_as(supplier_order::Column::TotalFen, "worth_fen")
            .filter(complaint::Column::Outcome.is_in([ComplaintOutcome::Upheld, ComplaintOutcome::PartlyUpheld]))
            .filter(
                Expr::col((complaint::Entity, complaint::Column::Against))
                    .eq(Expr::col((supplier_order::Entity, supplier_order::Column::SupplierId))),
            )
            .filter(complaint::Column::ClosedAt.gte(since));
        let off = orders_off(part, since)
            .column_as(supplier_order::Column::Id, "id")
            .column_as(supplier_order::Column::Number, "number")
            .column_as(supplier_order::Column::CancelledAt, "at")
            .column_as(supplier_order::Column::SupplierId, "supplier_id")
            .column_as(supplier_order::Column::TotalFen, "worth_fen");
        let kinds = [
            ("lot_recalled", recalled),
            ("order_refused", refused),
            ("complaint_upheld", upheld),
            ("order_cancelled", off),
        ];
        for (what, rows) in kinds {
            let rows = rows.into_model::<LostRow>().all(db).await?;
            found.extend(rows.into_iter().map(|row| {
                let LostRow { household_id, id, number, at, supplier_id, worth_fen } = row;
                (household_id, Lost { what, id, number, at, supplier: supplier_id, worth: worth_fen })
            }));
        }
        found.extend(stopped_of(db, part, since).await?);
    }
    Ok(found)
}
