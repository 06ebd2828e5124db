//! Something about a product that somebody must look at.

use crate::value::{
    FenPerKilogram, FlagId, PersonId, PriceId, ProductId, Timestamp,
    state::{FlagKind, ProductFlagState},
};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Something about a product that somebody must look at.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "product_flag")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FlagId,
    /// The product.
    pub product_id: ProductId,
    /// What for.
    pub kind: FlagKind,
    /// Where it is.
    pub state: ProductFlagState,
    /// The price it is about.
    pub price_id: PriceId,
    /// What a kilogram of it cost then.
    pub fen_per_kg: FenPerKilogram,
    /// What it was compared with.
    pub compared_fen_per_kg: Option<FenPerKilogram>,
    /// How that was found, as JSON: how many, which market, which day, which ratio.
    pub comparison: String,
    /// The product it is like.
    pub like_product_id: Option<ProductId>,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// Who decided.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// What they wrote.
    pub opinion: Option<String>,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
