//! Which unit's quota an order belongs to, and why (订单归属); the last of an order holds.

use crate::value::{
    FileId, OrganisationId, PersonId, QuotaAttachmentId, SupplierOrderId, Timestamp,
    state::{AttachmentBasis, PurchaseChannel},
};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Which unit's quota an order belongs to, and why (订单归属); the last of an order holds.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quota_attachment")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuotaAttachmentId,
    /// The order.
    pub supplier_order_id: SupplierOrderId,
    /// Counts the attachments of an order, from 1.
    pub attachment_no: i32,
    /// The unit.
    pub unit_id: OrganisationId,
    /// Out of which purse.
    pub channel: PurchaseChannel,
    /// Why.
    pub basis: AttachmentBasis,
    /// What was said.
    pub reason: Option<String>,
    /// The document it rests on.
    pub document_id: Option<FileId>,
    /// Who attached it; nobody when it is the default.
    pub attached_by: Option<PersonId>,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
