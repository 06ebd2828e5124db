//! A registered household (户).

use crate::value::{AreaCode, HouseholdId, HouseholdStatusKind, OrganisationId, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A registered household (户).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "household")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HouseholdId,
    /// Its number in the national register (户编号).
    pub number: String,
    /// The county it lives in.
    pub county_code: AreaCode,
    /// The village committee it belongs to.
    pub village_id: OrganisationId,
    /// When it was registered (建档立卡日期).
    pub registered_on: NaiveDate,
    /// The name of its head (户主).
    pub head_name: String,
    /// How many people live in it.
    pub people: i32,
    /// What it is today: the last entry about its status, none of which lies in the future.
    pub status: HouseholdStatusKind,
    /// When it was entered.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
