//! What a household handed over at harvest (交售).

use crate::value::{
    AgreementId, CategoryCode, DeliveryId, Fen, FenPerKilogram, Grams, HouseholdId, OrganisationId, PersonId, Timestamp,
};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What a household handed over at harvest (交售).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delivery")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeliveryId,
    /// Who took it.
    pub supplier_id: OrganisationId,
    /// Who brought it.
    pub household_id: HouseholdId,
    /// Under which agreement.
    pub agreement_id: AgreementId,
    /// What it is.
    pub variety: String,
    /// What it weighed.
    pub grams: Grams,
    /// The price paid.
    pub price_fen_per_kg: FenPerKilogram,
    /// Weight times price.
    pub value_fen: Fen,
    /// When it was brought.
    pub delivered_on: NaiveDate,
    /// Number of the weigh note (磅单).
    pub weigh_note: Option<String>,
    /// How much of it is in lots already.
    pub packed_grams: Grams,
    /// Where it stands in the category tree.
    pub category_code: Option<CategoryCode>,
    /// Its grade (等级).
    pub grade: Option<String>,
    /// The number of its receipt (收购凭据).
    pub receipt_number: Option<String>,
    /// When it was taken back by a correction.
    pub reversed_at: Option<Timestamp>,
    /// Who recorded it.
    pub recorded_by: PersonId,
    /// When.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
