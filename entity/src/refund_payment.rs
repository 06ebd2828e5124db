//! Money that a supplier gave back to a buyer, with evidence (退款付款).

use crate::value::{Fen, FileId, OrganisationId, PersonId, PostingId, RefundPaymentId, SupplierOrderId, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Money that a supplier gave back to a buyer.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refund_payment")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RefundPaymentId,
    /// The order.
    pub supplier_order_id: SupplierOrderId,
    /// Who paid.
    pub supplier_id: OrganisationId,
    /// How much.
    pub amount_fen: Fen,
    /// How much of that goes back to the budget it was spent from.
    pub budget_fen: Fen,
    /// How much of that the supplier bears itself, because households keep what they were paid.
    pub clawback_fen: Fen,
    /// When the buyer had it.
    pub paid_on: NaiveDate,
    /// The supplier's number of it.
    pub reference: String,
    /// The evidence.
    pub evidence_file_id: FileId,
    /// The posting that books it.
    pub posting_id: PostingId,
    /// Who recorded it.
    pub recorded_by: PersonId,
    /// When.
    pub recorded_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
