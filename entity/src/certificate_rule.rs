//! Whether lots of a category must have a conformity certificate, from a date on.

use crate::value::{CategoryCode, CertificateRuleId, PersonId, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Whether lots of a category must have a conformity certificate, from a date on.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "certificate_rule")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CertificateRuleId,
    /// The category, with those below it.
    pub category_code: CategoryCode,
    /// From which day.
    pub from_date: NaiveDate,
    /// Whether they must.
    pub is_required: bool,
    /// Who said so.
    pub set_by: PersonId,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
