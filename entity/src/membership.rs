//! A person's role in an organisation (岗位).

use crate::value::{MembershipId, OrganisationId, PersonId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A person's role in an organisation (岗位).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "membership")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MembershipId,
    /// Who holds it.
    pub person_id: PersonId,
    /// In which organisation.
    pub organisation_id: OrganisationId,
    /// What they may do there.
    pub role: crate::value::role::Role,
    /// Whether they hold it now.
    pub is_active: bool,
    /// When it was given.
    pub created_at: Timestamp,
    /// When it was taken away; it can be given back.
    pub removed_at: Option<Timestamp>,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
