//! Packed produce of known origin (批次).

use crate::value::{Grams, LotId, LotStepId, OrganisationId, ProductId, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Packed produce of known origin (批次).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lot")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LotId,
    /// Who packed it.
    pub supplier_id: OrganisationId,
    /// Which product it is.
    pub product_id: ProductId,
    /// What is printed on the pack.
    pub code: String,
    /// When it was packed.
    pub packed_on: NaiveDate,
    /// What it weighs.
    pub total_grams: Grams,
    /// How much of it has left.
    pub shipped_grams: Grams,
    /// How much of it went into other lots.
    pub withdrawn_grams: Grams,
    /// The step it came out of; empty when it was packed from deliveries.
    pub step_id: Option<LotStepId>,
    /// What a buyer looks it up by; nobody can guess it.
    pub trace_code: Option<String>,
    /// When it was called back.
    pub recalled_at: Option<Timestamp>,
    /// When it was entered.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
