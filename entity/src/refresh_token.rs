//! A refresh token, known by its hash only (刷新令牌).

use crate::value::{SessionId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A refresh token, known by its hash only (刷新令牌).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_token")]
pub struct Model {
    /// SHA-256 of the token, hex. The token has 256 random bits, so nothing slower is needed.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    /// Which session it renews.
    pub session_id: SessionId,
    /// When it was given out.
    pub issued_at: Timestamp,
    /// Until when it can be used.
    pub expires_at: Timestamp,
    /// When it was used, which is once.
    pub used_at: Option<Timestamp>,
    /// Hash of the token that took its place.
    pub replaced_by: Option<String>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
