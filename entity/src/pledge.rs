//! What an enterprise promised a village (帮扶承诺).

use crate::value::{Fen, PairingId, PersonId, PledgeId, Timestamp, state::AidKind};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What an enterprise promised a village (帮扶承诺).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pledge")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PledgeId,
    /// The pairing.
    pub pairing_id: PairingId,
    /// What is promised.
    pub kind: AidKind,
    /// How much money; zero where people are counted.
    pub amount_fen: Fen,
    /// How many people.
    pub people: i32,
    /// Until when.
    pub due_on: NaiveDate,
    /// Who entered it.
    pub created_by: PersonId,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
