//! An account of the journal with its running sums (账户).

use crate::value::{
    AccountId,
    state::{AccountKind, Guard},
};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};
use uuid::Uuid;

/// An account of the journal with its running sums (账户).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    /// Derived from kind, owner and part, never generated.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountId,
    /// What it counts.
    pub kind: AccountKind,
    /// Whose it is: an organisation or a household.
    pub owner_id: Uuid,
    /// What part of the owner's: a budget, a supplier …
    pub part_id: Option<Uuid>,
    /// Sum of all debits (借方).
    pub debit_fen: i64,
    /// Sum of all credits (贷方).
    pub credit_fen: i64,
    /// Which side may not fall below the other.
    pub guard: Guard,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
