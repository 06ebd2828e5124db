//! A unit's part in a group purchase (参团).

use crate::value::{
    BudgetId, Fen, GroupJoinId, GroupPurchaseId, JoinState, OrganisationId, Packs, PersonId, ProductId,
    PurchaseRequestId, Timestamp,
};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A unit's part in a group purchase (参团).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "group_join")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: GroupJoinId,
    /// The group purchase.
    pub group_id: GroupPurchaseId,
    /// The product; held in store while the unit is in.
    pub product_id: ProductId,
    /// Who buys.
    pub buyer_id: OrganisationId,
    /// How many packs.
    pub packs: Packs,
    /// The budget that pays; none for an enterprise.
    pub budget_id: Option<BudgetId>,
    /// What is kept of the budget: the highest price it can come to.
    pub held_fen: Fen,
    /// Where the goods go.
    pub deliver_to: String,
    /// Where it is.
    pub state: JoinState,
    /// What was asked for when it closed.
    pub request_id: Option<PurchaseRequestId>,
    /// Why it was released.
    pub reason: Option<String>,
    /// Who joined.
    pub joined_by: PersonId,
    /// When.
    pub joined_at: Timestamp,
    /// When it was over.
    pub closed_at: Option<Timestamp>,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
