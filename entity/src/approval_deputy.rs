//! Somebody who decides while somebody else is away (代理审批).

use crate::value::{DeputyId, OrganisationId, PersonId, Role, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Somebody who decides while somebody else is away (代理审批).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "approval_deputy")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeputyId,
    /// In which organisation.
    pub organisation_id: OrganisationId,
    /// Who is away.
    pub principal_id: PersonId,
    /// In which role.
    pub role: Role,
    /// Who decides for them.
    pub deputy_id: PersonId,
    /// From which day on.
    pub from_date: NaiveDate,
    /// Until which day, that one included.
    pub to_date: NaiveDate,
    /// Why.
    pub reason: String,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it was ended before its time.
    pub ended_at: Option<Timestamp>,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
