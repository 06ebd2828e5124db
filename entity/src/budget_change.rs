//! A change of a budget after it was granted, with its document (预算调整).

use crate::value::{BudgetChangeId, BudgetChangeKind, BudgetId, Fen, FileId, PersonId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A change of a budget after it was granted, with its document (预算调整).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "budget_change")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BudgetChangeId,
    /// The budget.
    pub budget_id: BudgetId,
    /// Its place among the changes of the budget, from 1.
    pub number: i32,
    /// What it is.
    pub kind: BudgetChangeKind,
    /// How much.
    pub amount_fen: Fen,
    /// The budget it went to or came from.
    pub other_budget_id: Option<BudgetId>,
    /// The document it comes from (调整文件).
    pub document_id: FileId,
    /// Why.
    pub reason: String,
    /// Who entered it.
    pub made_by: PersonId,
    /// When.
    pub made_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
