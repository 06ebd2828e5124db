//! What was decided about a sale outside the platform, and by whom.

use crate::value::{OffPlatformSaleId, OrganisationId, PersonId, PostingId, Timestamp, state::OffPlatformStep};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What was decided about a sale outside the platform, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "off_platform_decision")]
pub struct Model {
    /// The sale.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sale_id: OffPlatformSaleId,
    /// What was decided; each once.
    #[sea_orm(primary_key, auto_increment = false)]
    pub step: OffPlatformStep,
    /// Why, where it took something away.
    pub reason: Option<String>,
    /// The posting that books it, where it moved money.
    pub posting_id: Option<PostingId>,
    /// Whether a helper of a sharing household decided, and not an office.
    pub by_helper: bool,
    /// Who decided.
    pub decided_by: PersonId,
    /// For whom.
    pub organisation_id: OrganisationId,
    /// When.
    pub decided_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
