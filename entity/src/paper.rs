//! A paper that was issued (单据).

use crate::value::{Fen, OrganisationId, PaperId, PaperKind, PersonId, SupplierOrderId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A paper that was issued.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "paper")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PaperId,
    /// What it is.
    pub kind: PaperKind,
    /// The number people quote.
    pub number: String,
    /// The order it is about.
    pub supplier_order_id: Option<SupplierOrderId>,
    /// Who sells.
    pub supplier_id: OrganisationId,
    /// Who buys.
    pub buyer_id: OrganisationId,
    /// The amount it is about.
    pub amount_fen: Fen,
    /// What it says, as JSON.
    pub content: String,
    /// The code by which anybody can check it: a digest of what it says.
    pub code: String,
    /// The hash of its file in the type it was set in, hexadecimal.
    pub sha256: String,
    /// Who issued it.
    pub issued_by: PersonId,
    /// When.
    pub issued_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
