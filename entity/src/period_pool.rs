//! What of a period waits for the households of one mode (期间池). Its account bears its identifier.

use crate::value::{PeriodId, PeriodPoolId, state::BenefitMode};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What of a period waits for the households of one mode (期间池). Its account bears its identifier.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "period_pool")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PeriodPoolId,
    /// The period.
    pub period_id: PeriodId,
    /// The mode; produce has none.
    pub mode: BenefitMode,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
