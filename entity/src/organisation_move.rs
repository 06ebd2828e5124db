//! Under whom an organisation stood until a day, and from then on (隶属关系变更).

use crate::value::{OrganisationChangeId, OrganisationId, OrganisationMoveId, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Under whom an organisation stood until a day, and from then on (隶属关系变更).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisation_move")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganisationMoveId,
    /// The change by which it moved: its own, or the merger of the one above it.
    pub change_id: OrganisationChangeId,
    /// Which organisation.
    pub organisation_id: OrganisationId,
    /// The first day under the new one.
    pub on_date: NaiveDate,
    /// Under whom it stood until then; nobody when it stood alone.
    pub parent_before: Option<OrganisationId>,
    /// Under whom it stands from then on.
    pub parent_after: OrganisationId,
    /// When it was recorded.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
