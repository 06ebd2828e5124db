//! What was published about a procurement at one moment (采购信息发布).

use crate::value::{OrderGroupId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What was published about a procurement at one moment (采购信息发布); never changed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "open_release")]
pub struct Model {
    /// Its place among all releases, in the order in which they became visible.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    /// The order.
    pub group_id: OrderGroupId,
    /// Its place among those of the order, from 1.
    pub place: i32,
    /// The open contracting identifier of the order.
    pub ocid: String,
    /// Its own identifier.
    pub release_id: String,
    /// What it says, in words of the standard, separated by commas.
    pub tags: String,
    /// When; each later than the one before of the same order.
    pub released_at: Timestamp,
    /// The month in Shanghai, `2026-03`.
    pub month: String,
    /// What it says, as JSON; amounts are whole fen here and become yuan when they are shown.
    pub content: String,
    /// SHA-256 of the text that is shown.
    pub sha256: String,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
