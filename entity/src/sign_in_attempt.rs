//! Failed attempts to sign in (登录失败计数), counted for every server.

use crate::value::Timestamp;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Failed attempts to sign in (登录失败计数).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_attempt")]
pub struct Model {
    /// A keyed hash of the name that was typed, with the address or without: people type passwords there.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// How many failed in a row.
    pub failures: i32,
    /// The last of them.
    pub last_failed_at: Timestamp,
    /// Nothing is tried before.
    pub blocked_until: Option<Timestamp>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
