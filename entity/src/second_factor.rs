//! The second factor of a person (动态口令).

use crate::value::{PersonId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// The second factor of a person (动态口令).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "second_factor")]
pub struct Model {
    /// Whose: the identifier of the person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PersonId,
    /// The secret in use, encrypted.
    pub secret_cipher: Option<String>,
    /// The secret that is being set up, encrypted.
    pub pending_cipher: Option<String>,
    /// The last step whose code was used; none before counts again.
    pub last_step: i64,
    /// When the secret in use was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// When it was first set up.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
