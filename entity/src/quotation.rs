//! A supplier's answer to a demand, sealed until the deadline (报价).

use crate::value::{DemandId, Fen, OrganisationId, PersonId, QuotationId, QuotationState, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A supplier's answer to a demand, sealed until the deadline (报价).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quotation")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuotationId,
    /// The demand.
    pub demand_id: DemandId,
    /// Who answers.
    pub supplier_id: OrganisationId,
    /// Its content under a key of the house: nobody reads it here.
    pub sealed_cipher: String,
    /// Where it is.
    pub state: QuotationState,
    /// What it comes to, once it was opened.
    pub total_fen: Option<Fen>,
    /// What the supplier says, once it was opened.
    pub note: Option<String>,
    /// Who handed it in.
    pub submitted_by: PersonId,
    /// When, the last time.
    pub submitted_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
