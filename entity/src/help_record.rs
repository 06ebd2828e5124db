//! Help that carried no money (帮扶记录). No column of it is an amount.

use crate::value::{FileId, HelpRecordId, HouseholdId, OrganisationId, PersonId, Timestamp, state::HelpKind};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Help that carried no money (帮扶记录). No column of it is an amount.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "help_record")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HelpRecordId,
    /// Who gave it.
    pub supplier_id: OrganisationId,
    /// Who received it.
    pub household_id: HouseholdId,
    /// What it was.
    pub kind: HelpKind,
    /// When.
    pub given_on: NaiveDate,
    /// What was taught or given, in words.
    pub content: String,
    /// How many people of the household took part.
    pub people: i32,
    /// A list with signatures, a photograph.
    pub evidence_file_id: Option<FileId>,
    /// Who recorded it.
    pub recorded_by: PersonId,
    /// When it was recorded.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
