//! A product on offer (商品).

use crate::value::{
    AreaCode, CategoryCode, Fen, Grams, OrganisationId, Packs, PriceId, ProductId, Timestamp, state::ProductState,
};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A product on offer (商品).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "product")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProductId,
    /// Who offers it.
    pub supplier_id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Where it stands in the category tree.
    pub category_code: CategoryCode,
    /// The county it comes from (产地).
    pub origin_county_code: AreaCode,
    /// What one pack weighs, net (净含量).
    pub pack_grams: Grams,
    /// What the supplier says about it.
    pub description: String,
    /// The smallest order (起订量).
    pub min_packs: Packs,
    /// Packs in store (库存).
    pub on_hand_packs: Packs,
    /// Packs promised to orders.
    pub reserved_packs: Packs,
    /// How long it keeps (保质期).
    pub shelf_life_days: i32,
    /// The price of one pack now.
    pub unit_price_fen: Fen,
    /// The row of `product_price` that holds now. No foreign key: the two point at each other.
    pub price_id: PriceId,
    /// Whether it is on the shelf.
    pub state: ProductState,
    /// What the review said last.
    pub review_opinion: Option<String>,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
