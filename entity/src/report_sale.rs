//! What was posted of an order on a day under a seal (订单日汇总).

use crate::value::SupplierOrderId;
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What was posted of an order on a day under a seal (订单日汇总).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_sale")]
pub struct Model {
    /// The order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub supplier_order_id: SupplierOrderId,
    /// The seal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seal_number: i64,
    /// The business day (记账日期).
    #[sea_orm(primary_key, auto_increment = false)]
    pub business_date: NaiveDate,
    /// Accepted less credited, in fen; may be below zero.
    pub sold_fen: i64,
    /// Paid less given back, in fen.
    pub paid_fen: i64,
    /// Attributed to households, in fen.
    pub attributed_fen: i64,
    /// Paid out to households, in fen.
    pub paid_out_fen: i64,
    /// By how much what the buyer owes grew, in fen; none where nothing was posted of it.
    pub receivable_fen: Option<i64>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
