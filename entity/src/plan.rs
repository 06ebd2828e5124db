//! A supplier's attribution plan (收益分配方案): which part of its income goes to households, and how.

use crate::value::{
    BasisPoints, OrganisationId, PersonId, PlanId, Timestamp,
    state::{PlanEligibility, PlanState, PoolSettlement},
};
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
    /// Part that goes to who entrusts animals or land (托管代养).
    pub custody_bp: BasisPoints,
    /// What reaches households at least (农户保底比例).
    pub floor_bp: BasisPoints,
    /// What one household gets at most of an order (单户封顶比例); the whole where there is no cap.
    pub cap_bp: BasisPoints,
    /// When wages reach households.
    pub wages_settle: PoolSettlement,
    /// When dividends do.
    pub dividend_settle: PoolSettlement,
    /// When rent does.
    pub rent_settle: PoolSettlement,
    /// When custodial farming does.
    pub custody_settle: PoolSettlement,
    /// The modes in the order in which pools are fed, with commas.
    pub pool_order: String,
    /// Whose status lets it share.
    pub eligible: PlanEligibility,
    /// Whether only agreements that the county confirmed share.
    pub confirmed_only: bool,
    /// Whether it is for the products it names, and not for all that have no plan of their own.
    pub for_products: bool,
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
