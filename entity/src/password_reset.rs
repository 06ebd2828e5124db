//! Somebody asked for a new password (重置密码).

use crate::value::{PasswordResetId, PersonId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Somebody asked for a new password (重置密码).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "password_reset")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PasswordResetId,
    /// The keyed hash of the name that was typed, so that nobody is sent mail too often.
    pub asked_hash: String,
    /// Whom the name belongs to, if anybody.
    pub person_id: Option<PersonId>,
    /// The hash of the token in the mail.
    pub token_hash: String,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Until when it can be used.
    pub expires_at: Timestamp,
    /// When it was.
    pub used_at: Option<Timestamp>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
