//! A household's word that an entry is right (确认).

use crate::value::{
    AgreementId, ConfirmationId, HouseholdId, PersonId, SupplierOrderId, Timestamp,
    state::{VoiceChannel, VoiceSubject},
};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A household's word that an entry is right (确认).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "confirmation")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConfirmationId,
    /// Whose word.
    pub household_id: HouseholdId,
    /// Under which agreement.
    pub agreement_id: AgreementId,
    /// The order, or the sale outside the platform.
    pub supplier_order_id: SupplierOrderId,
    /// Which of the three amounts.
    pub subject: VoiceSubject,
    /// Of which year.
    pub year: i32,
    /// What it was shown.
    pub amount_fen: i64,
    /// By itself, or through its helper.
    pub channel: VoiceChannel,
    /// The helper.
    pub helper_id: Option<PersonId>,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
