//! One delivery of a standing order (要货单).

use crate::value::{CallOffId, CallOffState, OrganisationId, PersonId, PurchaseRequestId, StandingOrderId, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// One delivery of a standing order (要货单).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "standing_call_off")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CallOffId,
    /// The standing order.
    pub standing_id: StandingOrderId,
    /// Who buys.
    pub buyer_id: OrganisationId,
    /// The day of its delivery.
    pub due_on: NaiveDate,
    /// Where it is.
    pub state: CallOffState,
    /// What was asked for with it.
    pub request_id: Option<PurchaseRequestId>,
    /// Who confirmed or declined it.
    pub decided_by: Option<PersonId>,
    /// Why it was declined.
    pub reason: Option<String>,
    /// When the clock made it.
    pub made_at: Timestamp,
    /// When it was decided, or lapsed.
    pub decided_at: Option<Timestamp>,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
