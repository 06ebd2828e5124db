//! A benefit agreement between a household and a supplier (利益联结协议).

use crate::value::{
    AgreementId, FenPerKilogram, FileId, HouseholdId, MemberId, OrganisationId, Timestamp,
    state::{AgreementState, BenefitMode},
};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A benefit agreement between a household and a supplier (利益联结协议).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agreement")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AgreementId,
    /// The supplier.
    pub supplier_id: OrganisationId,
    /// The household.
    pub household_id: HouseholdId,
    /// The member it was signed with, where it is not the household as a whole.
    pub member_id: Option<MemberId>,
    /// How the household shares.
    pub mode: BenefitMode,
    /// What tells it from others of the mode (地块、品种、股权证号), where there are several.
    pub subject: Option<String>,
    /// Person-days, share units, square metres or entrusted units, as they are now; zero for produce, whose weight is
    /// what was delivered.
    pub weight: i64,
    /// The agreed floor price (保底收购价) as it is now, for produce only.
    pub price_fen_per_kg: Option<FenPerKilogram>,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
    /// When it was signed.
    pub signed_on: NaiveDate,
    /// A scan of it.
    pub evidence_file_id: Option<FileId>,
    /// Whether it holds.
    pub state: AgreementState,
    /// When it was entered.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
