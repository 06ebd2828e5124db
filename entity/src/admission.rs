//! A supplier's application for admission (入驻申请).

use crate::value::{AdmissionId, AreaCode, OrganisationId, Timestamp, state::AdmissionState};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A supplier's application for admission (入驻申请).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "admission")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AdmissionId,
    /// Who applies.
    pub organisation_id: OrganisationId,
    /// Where the application is.
    pub state: AdmissionState,
    /// The relief county it produces in, by its code of today.
    pub county_code: AreaCode,
    /// How it lets households share in its income (联农带农机制).
    pub mechanism: String,
    /// Why it was sent back last (退回原因).
    pub return_reason: Option<String>,
    /// Since when it may not sell, while it is suspended or struck off.
    pub stopped_at: Option<Timestamp>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
