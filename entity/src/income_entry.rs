//! A row of a household's income and spending (收支记录).

use crate::value::{
    EvidenceGrade, Fen, FileId, HouseholdId, IncomeEntryId, IncomeItem, IncomeSource, OrganisationId, PersonId,
    Timestamp,
};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A row of a household's income and spending (收支记录).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "income_entry")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IncomeEntryId,
    /// The household.
    pub household_id: HouseholdId,
    /// What it is about.
    pub item: IncomeItem,
    /// The first day it is for.
    pub from_on: NaiveDate,
    /// The last day it is for.
    pub to_on: NaiveDate,
    /// How much.
    pub amount_fen: Fen,
    /// Where it comes from.
    pub source: IncomeSource,
    /// How well it is shown.
    pub grade: EvidenceGrade,
    /// What there is to say to it.
    pub note: Option<String>,
    /// What shows it.
    pub evidence_file_id: Option<FileId>,
    /// The row that it corrects.
    pub replaces_id: Option<IncomeEntryId>,
    /// For whom it was entered.
    pub organisation_id: OrganisationId,
    /// Who entered it.
    pub entered_by: PersonId,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
