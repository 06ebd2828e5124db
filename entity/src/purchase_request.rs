//! What a buyer asks to order (采购申请).

use crate::value::{
    Fen, OrderGroupId, OrganisationId, PersonId, PurchaseRequestId, PurchaseWay, RequestState, Timestamp,
};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What a buyer asks to order (采购申请).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "purchase_request")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PurchaseRequestId,
    /// Who buys.
    pub buyer_id: OrganisationId,
    /// Who asked.
    pub asked_by: PersonId,
    /// By which way.
    pub way: PurchaseWay,
    /// Where it is.
    pub state: RequestState,
    /// The order as it is asked for, as JSON.
    pub wanted: String,
    /// The prices it was asked at and what they rest on, as JSON.
    pub prices: String,
    /// What it costs.
    pub total_fen: Fen,
    /// Whether the budget did not suffice when it was asked for.
    pub over_budget: bool,
    /// What whoever asked says.
    pub note: Option<String>,
    /// Counts how often it was asked for, from 1.
    pub round: i32,
    /// The step that waits; 0 when none does.
    pub step_no: i32,
    /// When whoever decides is reminded next.
    pub remind_at: Option<Timestamp>,
    /// When it expires.
    pub expires_at: Timestamp,
    /// The order it became.
    pub order_group_id: Option<OrderGroupId>,
    /// When it was first asked for.
    pub asked_at: Timestamp,
    /// When it was over.
    pub closed_at: Option<Timestamp>,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
