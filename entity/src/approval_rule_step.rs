//! One step of a rule of who approves purchases (审批环节).

use crate::value::{ApprovalRuleId, OrganisationId, PersonId, Role};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// One step of a rule of who approves purchases (审批环节).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "approval_rule_step")]
pub struct Model {
    /// The rule.
    #[sea_orm(primary_key, auto_increment = false)]
    pub rule_id: ApprovalRuleId,
    /// Its place, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub step_no: i32,
    /// Whoever has this role decides; none where a person is named.
    pub role: Option<Role>,
    /// In this organisation; none for the unit that buys.
    pub organisation_id: Option<OrganisationId>,
    /// This person decides.
    pub person_id: Option<PersonId>,
    /// After how many hours they are reminded, again and again.
    pub remind_hours: i32,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
