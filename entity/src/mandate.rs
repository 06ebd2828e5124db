//! An agent's right to sell a principal's product for a time (代理授权).

use crate::value::{FileId, MandateId, OrganisationId, PersonId, ProductId, Timestamp, state::MandateState};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// An agent's right to sell a principal's product for a time (代理授权).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mandate")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MandateId,
    /// Who sells.
    pub agent_id: OrganisationId,
    /// For whom, when the principal is known here.
    pub principal_id: Option<OrganisationId>,
    /// The principal's name.
    pub principal_name: String,
    /// What.
    pub product_id: ProductId,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The last day.
    pub valid_to: NaiveDate,
    /// The paper that shows it, when the principal is not known here.
    pub evidence_file_id: Option<FileId>,
    /// Where it is.
    pub state: MandateState,
    /// Who confirmed or ended it.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Who proposed it.
    pub created_by: PersonId,
    /// When.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
