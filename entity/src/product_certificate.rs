//! A certificate of a product (资质证书).

use crate::value::{CertificateId, FileId, ProductId, state::CertificateScheme};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A certificate of a product (资质证书).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "product_certificate")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CertificateId,
    /// The product.
    pub product_id: ProductId,
    /// Under which scheme.
    pub scheme: CertificateScheme,
    /// Who issued it.
    pub issuer: String,
    /// Its number.
    pub number: String,
    /// The first day it holds.
    pub valid_from: NaiveDate,
    /// The last day; empty when it does not end.
    pub valid_to: Option<NaiveDate>,
    /// A scan of it.
    pub file_id: Option<FileId>,
    /// The day from which its issuer no longer stands by it (撤销).
    pub revoked_on: Option<NaiveDate>,
    /// Why.
    pub revoked_because: Option<String>,
    /// The day from which its supplier no longer shows it.
    pub withdrawn_on: Option<NaiveDate>,
    /// The fewest days before its end at which its supplier was warned.
    pub warned_days: Option<i32>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
