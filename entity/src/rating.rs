//! The buyer's rating of a supplier order (评价).

use crate::value::{PersonId, SupplierOrderId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// The buyer's rating of a supplier order (评价).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rating")]
pub struct Model {
    /// What was rated.
    #[sea_orm(primary_key, auto_increment = false)]
    pub supplier_order_id: SupplierOrderId,
    /// The goods, 1 to 5.
    pub quality: i16,
    /// The delivery, 1 to 5.
    pub delivery: i16,
    /// The service, 1 to 5.
    pub service: i16,
    /// What they wrote.
    pub comment: Option<String>,
    /// Who rated it.
    pub rated_by: PersonId,
    /// When.
    pub rated_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
