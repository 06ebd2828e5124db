//! What a supplier declares that a kind of processing yields (出成率).

use crate::value::{BasisPoints, DeclaredYieldId, OrganisationId, PersonId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What a supplier declares that a kind of processing yields (出成率).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "declared_yield")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeclaredYieldId,
    /// Whose.
    pub supplier_id: OrganisationId,
    /// Which kind of processing.
    pub process: String,
    /// The most that comes out of what goes in.
    pub yield_bp: BasisPoints,
    /// The trial or standard it follows from.
    pub basis: String,
    /// Who declared it.
    pub declared_by: PersonId,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
