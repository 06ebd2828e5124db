//! What an agreement gets of a sale outside the platform.

use crate::value::{
    AgreementId, Fen, HouseholdId, OffPlatformSaleId,
    state::{BenefitMode, HouseholdStatusKind},
};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What an agreement gets of a sale outside the platform.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "off_platform_share")]
pub struct Model {
    /// The sale.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sale_id: OffPlatformSaleId,
    /// Its place, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_no: i32,
    /// How the household shares.
    pub mode: BenefitMode,
    /// Under which agreement.
    pub agreement_id: AgreementId,
    /// Which household.
    pub household_id: HouseholdId,
    /// What the household was on the day of the sale.
    pub household_status: HouseholdStatusKind,
    /// By which weight.
    pub weight: i64,
    /// How much.
    pub amount_fen: Fen,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
