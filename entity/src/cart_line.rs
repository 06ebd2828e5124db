//! A product in somebody's cart (购物车).

use crate::value::{OrganisationId, Packs, PersonId, ProductId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A product in somebody's cart (购物车).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cart_line")]
pub struct Model {
    /// For which buyer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub buyer_id: OrganisationId,
    /// Whose cart.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: PersonId,
    /// The product.
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_id: ProductId,
    /// How many packs.
    pub packs: Packs,
    /// When it was put in, or changed.
    pub put_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
