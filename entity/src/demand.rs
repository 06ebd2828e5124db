//! A published demand (求购).

use crate::value::{
    DemandAudience, DemandId, DemandState, OrganisationId, PersonId, PurchaseRequestId, QuotationId, Timestamp,
};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A published demand (求购).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "demand")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DemandId,
    /// Who wants to buy.
    pub buyer_id: OrganisationId,
    /// What it is about.
    pub title: String,
    /// Where the goods go.
    pub deliver_to: String,
    /// Who may answer.
    pub audience: DemandAudience,
    /// With fewer quotations than these it fails.
    pub min_quotations: i32,
    /// Until when quotations come in, and before which none is opened.
    pub deadline: Timestamp,
    /// Where it is.
    pub state: DemandState,
    /// Who published it.
    pub published_by: PersonId,
    /// When.
    pub published_at: Timestamp,
    /// Who opened the quotations.
    pub opened_by: Option<PersonId>,
    /// When.
    pub opened_at: Option<Timestamp>,
    /// The quotation that was awarded.
    pub awarded_id: Option<QuotationId>,
    /// Why that one (成交理由), or why it was called off.
    pub reason: Option<String>,
    /// What was asked for with the award.
    pub request_id: Option<PurchaseRequestId>,
    /// When it was awarded, failed or was called off.
    pub closed_at: Option<Timestamp>,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
