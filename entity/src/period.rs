//! A month or season of a supplier (核算期间).

use crate::value::{
    OrganisationId, PeriodId, PersonId, Timestamp,
    state::{PeriodKind, PeriodState},
};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A month or season of a supplier (核算期间).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "period")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PeriodId,
    /// Whose it is.
    pub supplier_id: OrganisationId,
    /// How long it is.
    pub kind: PeriodKind,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// Its last day.
    pub ends_on: NaiveDate,
    /// Whether it takes postings.
    pub state: PeriodState,
    /// Who opened it; nobody when an order did.
    pub opened_by: Option<PersonId>,
    /// Who closed it.
    pub closed_by: Option<PersonId>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
