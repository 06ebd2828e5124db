//! A human being who signs in.

use crate::value::{PersonId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A human being who signs in.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PersonId,
    /// What they sign in with.
    pub username: String,
    /// The name others see.
    pub display_name: String,
    /// Where mail reaches them.
    pub email: Option<String>,
    /// The hash of their password, in PHC form.
    pub password_hash: String,
    /// Whether they belong to the demonstration world.
    pub is_demonstration: bool,
    /// Whether they may sign in.
    pub is_active: bool,
    /// When they were entered.
    pub created_at: Timestamp,
    /// When the account was closed for good.
    pub closed_at: Option<Timestamp>,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
