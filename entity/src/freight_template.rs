//! A supplier's rates of carriage (运费模板).

use crate::value::{FreightTemplateId, OrganisationId, PersonId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A supplier's rates of carriage (运费模板).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "freight_template")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FreightTemplateId,
    /// Whose it is.
    pub supplier_id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Who made it.
    pub created_by: PersonId,
    /// When. It is never changed: a new one takes its place.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
