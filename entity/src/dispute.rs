//! A household's word that an entry is wrong (异议).

use crate::value::{
    AgreementId, AreaCode, DisputeId, FileId, HouseholdId, OrganisationId, PersonId, SupplierOrderId, Timestamp,
    state::{DisputeState, VoiceChannel, VoiceSubject},
};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A household's word that an entry is wrong (异议).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dispute")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DisputeId,
    /// The number people quote.
    pub number: String,
    /// Whose word.
    pub household_id: HouseholdId,
    /// The county that decides.
    pub county_code: AreaCode,
    /// The cooperative that answers.
    pub supplier_id: OrganisationId,
    /// Under which agreement.
    pub agreement_id: AgreementId,
    /// The order, or the sale outside the platform.
    pub supplier_order_id: SupplierOrderId,
    /// Which of the three amounts.
    pub subject: VoiceSubject,
    /// Of which year.
    pub year: i32,
    /// What it was shown.
    pub shown_fen: i64,
    /// What it says is right.
    pub claimed_fen: i64,
    /// In its own words.
    pub words: String,
    /// By itself, or through its helper.
    pub channel: VoiceChannel,
    /// The helper.
    pub helper_id: Option<PersonId>,
    /// Where it is.
    pub state: DisputeState,
    /// By when the next step is due.
    pub due_on: NaiveDate,
    /// What the cooperative says.
    pub answer: Option<String>,
    /// Its evidence.
    pub answer_file_id: Option<FileId>,
    /// Who answered.
    pub answered_by: Option<PersonId>,
    /// When.
    pub answered_at: Option<Timestamp>,
    /// What the county says.
    pub outcome: Option<String>,
    /// Who decided.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// When it was raised.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
