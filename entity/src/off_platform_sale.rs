//! A sale outside the platform, with evidence (平台外销售).

use crate::value::{
    Fen, FileId, OffPlatformSaleId, OrganisationId, PersonId, PlanId, ProductId, Timestamp, state::OffPlatformState,
};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A sale outside the platform, with evidence (平台外销售).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "off_platform_sale")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OffPlatformSaleId,
    /// Who sold.
    pub supplier_id: OrganisationId,
    /// The number people quote.
    pub number: String,
    /// What was sold, where it came out of lots.
    pub product_id: Option<ProductId>,
    /// To whom.
    pub buyer_name: String,
    /// When.
    pub sold_on: NaiveDate,
    /// When the money came.
    pub received_on: NaiveDate,
    /// How much.
    pub amount_fen: Fen,
    /// What of it the supplier keeps.
    pub retained_fen: Fen,
    /// What was sold.
    pub evidence_file_id: FileId,
    /// That it was paid.
    pub payment_file_id: FileId,
    /// By which plan it is shared.
    pub plan_id: PlanId,
    /// Everything the shares were computed from, as canonical JSON.
    pub inputs: String,
    /// Hash of that, hex.
    pub inputs_hash: String,
    /// Where it is: follows from its decisions.
    pub state: OffPlatformState,
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
