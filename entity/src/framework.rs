//! A framework agreement between a buyer and a supplier (框架协议).

use crate::value::{Fen, FileId, FrameworkId, FrameworkState, OrganisationId, PersonId, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A framework agreement between a buyer and a supplier (框架协议).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "framework")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FrameworkId,
    /// Who buys.
    pub buyer_id: OrganisationId,
    /// Who sells.
    pub supplier_id: OrganisationId,
    /// What it is about.
    pub title: String,
    /// Where it is.
    pub state: FrameworkState,
    /// Its first day.
    pub valid_from: NaiveDate,
    /// Its last day, that one included.
    pub valid_to: NaiveDate,
    /// How much may be called off in all.
    pub ceiling_fen: Fen,
    /// The signed paper, a file of the buyer.
    pub document_id: Option<FileId>,
    /// Who proposed it.
    pub proposed_by: PersonId,
    /// Who answered for the supplier.
    pub answered_by: Option<PersonId>,
    /// When.
    pub answered_at: Option<Timestamp>,
    /// Why it was declined or ended.
    pub closed_reason: Option<String>,
    /// When it was proposed.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
