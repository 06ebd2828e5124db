//! A member of a household (家庭成员).

use crate::value::{HouseholdId, MemberId, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A member of a household (家庭成员).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "household_member")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MemberId,
    /// The household they belong to, or belonged to last.
    pub household_id: HouseholdId,
    /// Their name.
    pub name: String,
    /// Their relation to the head (与户主关系).
    pub relation: crate::value::state::Relation,
    /// Resident identity number (公民身份号码), encrypted.
    pub id_number_cipher: String,
    /// Keyed hash of that number, hex: one person is a member once.
    pub id_number_hash: String,
    /// Phone number, encrypted.
    pub phone_cipher: Option<String>,
    /// Bank account (一卡通), encrypted.
    pub bank_account_cipher: Option<String>,
    /// The day they left it; none while they belong to it.
    pub left_on: Option<NaiveDate>,
    /// When they were entered.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
