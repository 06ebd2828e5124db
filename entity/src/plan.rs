//! A supplier's attribution plan (收益分配方案): which part of its income goes to households, and how.

use crate::value::{BasisPoints, OrganisationId, PersonId, PlanId, Timestamp, state::PlanState};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A supplier's attribution plan (收益分配方案): which part of its income goes to households, and how.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plan")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PlanId,
    /// The supplier.
    pub supplier_id: OrganisationId,
    /// 1 for the first plan, 2 for the next …
    pub number: i32,
    /// Part that pays for produce (订单收购).
    pub produce_bp: BasisPoints,
    /// Part that pays wages (务工就业).
    pub wages_bp: BasisPoints,
    /// Part paid as dividend (入股分红).
    pub dividend_bp: BasisPoints,
    /// Part that pays rent for land (土地流转).
    pub rent_bp: BasisPoints,
    /// Whether it holds.
    pub state: PlanState,
    /// Who proposed it.
    pub proposed_by: PersonId,
    /// Who approved it.
    pub approved_by: Option<PersonId>,
    /// When it was approved.
    pub approved_at: Option<Timestamp>,
    /// When it was proposed.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
