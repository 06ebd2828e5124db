//! One step of the approval of a purchase request (审批环节).

use crate::value::{ApprovalRuleId, OrganisationId, PersonId, PurchaseRequestId, Role, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// One step of the approval of a purchase request (审批环节).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "purchase_step")]
pub struct Model {
    /// The request.
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_id: PurchaseRequestId,
    /// Which time it was asked for.
    #[sea_orm(primary_key, auto_increment = false)]
    pub round: i32,
    /// Its place, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub step_no: i32,
    /// The rule that demands it.
    pub rule_id: ApprovalRuleId,
    /// Whoever has this role decides; none where a person is named.
    pub role: Option<Role>,
    /// In which organisation.
    pub organisation_id: OrganisationId,
    /// This person decides.
    pub person_id: Option<PersonId>,
    /// To whom it was handed on (转办).
    pub delegate_id: Option<PersonId>,
    /// After how many hours they are reminded.
    pub remind_hours: i32,
    /// Who approved.
    pub decided_by: Option<PersonId>,
    /// For whom, when not for themselves.
    pub decided_for: Option<PersonId>,
    /// When.
    pub decided_at: Option<Timestamp>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
