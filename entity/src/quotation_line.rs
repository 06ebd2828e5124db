//! The price of one thing in a quotation that was opened (报价明细).

use crate::value::{Fen, ProductId, QuotationId};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// The price of one thing in a quotation that was opened (报价明细).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quotation_line")]
pub struct Model {
    /// The quotation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub quotation_id: QuotationId,
    /// The line of the demand.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_no: i32,
    /// The product that is offered for it.
    pub product_id: ProductId,
    /// The price of one pack.
    pub unit_price_fen: Fen,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
