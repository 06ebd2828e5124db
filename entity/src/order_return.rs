//! A return of accepted goods (退货单).

use crate::value::{
    OrderReturnId, PersonId, SupplierOrderId, Timestamp,
    state::{RefusalKind, ReturnState},
};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Accepted goods that the buyer wants to give back.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order_return")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrderReturnId,
    /// The order the goods came by.
    pub supplier_order_id: SupplierOrderId,
    /// 1, 2, 3 … within the order.
    pub number: i32,
    /// Where it is.
    pub state: ReturnState,
    /// Why the goods go back.
    pub kind: RefusalKind,
    /// The same in words.
    pub reason: String,
    /// Files that show it: a JSON array of their identifiers.
    pub photos: String,
    /// Who asked.
    pub requested_by: PersonId,
    /// When.
    pub requested_at: Timestamp,
    /// Who took the goods back or declined.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// What they wrote.
    pub opinion: Option<String>,
    /// Whether the supplier bears the carriage of what it took back: for its own reasons always, else where it agreed.
    pub bears_freight: bool,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
