//! In whose name else a buyer's money may come (约定付款人).

use crate::value::{DeclaredPayerId, OrganisationId, PersonId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// In whose name else a buyer's money may come.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "declared_payer")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeclaredPayerId,
    /// The buyer.
    pub buyer_id: OrganisationId,
    /// The name on the bank's statement.
    pub payer_name: String,
    /// Their account, encrypted: a payer may be a person (付款账号).
    pub account_cipher: Option<String>,
    /// The bank that keeps it (开户行).
    pub bank_name: Option<String>,
    /// Why they pay.
    pub reason: String,
    /// Who declared it.
    pub declared_by: PersonId,
    /// When.
    pub declared_at: Timestamp,
    /// When that was ended.
    pub ended_at: Option<Timestamp>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
