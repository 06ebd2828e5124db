//! A supplier invited to answer a demand (邀请报价).

use crate::value::{DemandId, OrganisationId};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A supplier invited to answer a demand (邀请报价).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "demand_invite")]
pub struct Model {
    /// The demand.
    #[sea_orm(primary_key, auto_increment = false)]
    pub demand_id: DemandId,
    /// The supplier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub supplier_id: OrganisationId,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
