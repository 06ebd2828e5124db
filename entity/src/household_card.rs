//! A card by which a household asks for its own statement (收益卡).

use crate::value::{HouseholdCardId, HouseholdId, PersonId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A card by which a household asks for its own statement (收益卡).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "household_card")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HouseholdCardId,
    /// Whose.
    pub household_id: HouseholdId,
    /// Keyed hash of the number printed on it, by which it is found.
    pub number_hash: String,
    /// The number, sealed, so that the hash can be made anew when the keys change; empty for a card issued before numbers
    /// were kept, until it is used.
    pub number_cipher: Option<String>,
    /// The last four digits, to tell cards apart.
    pub number_end: String,
    /// Who issued it.
    pub issued_by: PersonId,
    /// When it stopped being good.
    pub revoked_at: Option<Timestamp>,
    /// When it was issued.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
