//! What an enterprise says it gave (帮扶贡献申报).

use crate::value::{
    AidClaimId, Fen, FileId, OrganisationId, PairingId, PersonId, SupplierOrderId, Timestamp,
    state::{AidKind, AidState},
};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What an enterprise says it gave (帮扶贡献申报).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aid_claim")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AidClaimId,
    /// The pairing.
    pub pairing_id: PairingId,
    /// The enterprise.
    pub enterprise_id: OrganisationId,
    /// The village committee.
    pub village_id: OrganisationId,
    /// What was given.
    pub kind: AidKind,
    /// How much money.
    pub amount_fen: Fen,
    /// How many people it reached.
    pub people: i32,
    /// When.
    pub occurred_on: NaiveDate,
    /// What it was, in words.
    pub content: String,
    /// How a gift in kind was valued.
    pub basis: Option<String>,
    /// The order that the enterprise brought about, of an assisted sale.
    pub supplier_order_id: Option<SupplierOrderId>,
    /// The evidence.
    pub evidence_file_id: FileId,
    /// How far its review has come.
    pub state: AidState,
    /// Who entered it.
    pub entered_by: PersonId,
    /// When.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
