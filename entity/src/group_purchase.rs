//! A product that costs less the more units buy it together (团购).

use crate::value::{Fen, GroupPurchaseId, GroupState, OrganisationId, Packs, PersonId, ProductId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A product that costs less the more units buy it together (团购).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "group_purchase")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: GroupPurchaseId,
    /// Who sells.
    pub supplier_id: OrganisationId,
    /// The product.
    pub product_id: ProductId,
    /// What it is about.
    pub title: String,
    /// Where it is.
    pub state: GroupState,
    /// Until when units join.
    pub closes_at: Timestamp,
    /// No more packs than these in all.
    pub max_packs: Packs,
    /// The price it came to.
    pub reached_fen: Option<Fen>,
    /// Why it was called off.
    pub closed_reason: Option<String>,
    /// Who offered it.
    pub offered_by: PersonId,
    /// When.
    pub created_at: Timestamp,
    /// When it closed.
    pub closed_at: Option<Timestamp>,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
