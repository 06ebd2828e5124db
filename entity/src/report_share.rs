//! What was posted for a household of an order on a day under a seal (农户日汇总).

use crate::value::{AccountId, AgreementId, HouseholdId, SupplierOrderId};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What was posted for a household of an order on a day under a seal (农户日汇总).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_share")]
pub struct Model {
    /// The order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub supplier_order_id: SupplierOrderId,
    /// The household's account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// The seal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seal_number: i64,
    /// The business day (记账日期).
    #[sea_orm(primary_key, auto_increment = false)]
    pub business_date: NaiveDate,
    /// Whose account it is.
    pub household_id: HouseholdId,
    /// Under which agreement.
    pub agreement_id: AgreementId,
    /// Attributed, in fen; may be below zero.
    pub attributed_fen: i64,
    /// Paid out, in fen.
    pub paid_out_fen: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
