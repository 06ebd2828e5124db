//! Something that happened to a purchase request (办理记录).

use crate::value::{PersonId, PurchaseRequestId, RequestEvent, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Something that happened to a purchase request (办理记录).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "purchase_event")]
pub struct Model {
    /// The request.
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_id: PurchaseRequestId,
    /// Its place, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_no: i32,
    /// What happened.
    pub kind: RequestEvent,
    /// Which time it was asked for.
    pub round: i32,
    /// At which step; 0 at none.
    pub step_no: i32,
    /// Who did it; nobody where the clock did.
    pub person_id: Option<PersonId>,
    /// For whom, or to whom it was handed.
    pub other_id: Option<PersonId>,
    /// Why, when somebody said.
    pub reason: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
