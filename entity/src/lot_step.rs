//! Lots that became other lots: split, merged or processed.

use crate::value::{DeclaredYieldId, Grams, LotStepId, OrganisationId, PersonId, Timestamp, state::LotStepKind};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Lots that became other lots: split, merged or processed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lot_step")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LotStepId,
    /// Whose.
    pub supplier_id: OrganisationId,
    /// What was done.
    pub kind: LotStepKind,
    /// The declared yield, for processing.
    pub yield_id: Option<DeclaredYieldId>,
    /// What went in.
    pub input_grams: Grams,
    /// What came out as lots.
    pub output_grams: Grams,
    /// What came out besides.
    pub byproduct_grams: Grams,
    /// What was lost.
    pub loss_grams: Grams,
    /// What the by-product is.
    pub byproduct: Option<String>,
    /// What the supplier says about it.
    pub note: Option<String>,
    /// When it was done.
    pub done_on: NaiveDate,
    /// Who recorded it.
    pub recorded_by: PersonId,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
