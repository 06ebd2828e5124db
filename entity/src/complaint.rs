//! A complaint of one side of an order about the other (投诉).

use crate::value::{
    ComplaintId, ComplaintKind, ComplaintOutcome, ComplaintState, OrganisationId, PersonId, SupplierOrderId, Timestamp,
};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A complaint of one side of an order about the other.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "complaint")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ComplaintId,
    /// The order.
    pub supplier_order_id: SupplierOrderId,
    /// Who complains.
    pub filed_by: OrganisationId,
    /// Of whom.
    pub against: OrganisationId,
    /// What it is about.
    pub kind: ComplaintKind,
    /// What happened.
    pub text: String,
    /// Files that show it, one identifier a line.
    pub files: String,
    /// Where it is.
    pub state: ComplaintState,
    /// Until when the other side answers.
    pub answer_by: Timestamp,
    /// Until when the platform decides.
    pub decide_by: Option<Timestamp>,
    /// Who was right.
    pub outcome: Option<ComplaintOutcome>,
    /// Who filed it.
    pub created_by: PersonId,
    /// When.
    pub created_at: Timestamp,
    /// When it was over.
    pub closed_at: Option<Timestamp>,
    /// Grows with every step.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
