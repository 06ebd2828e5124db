//! One imported bank statement (银行流水).

use crate::value::{BankStatementId, OrganisationId, PersonId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// One imported bank statement (银行流水).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "bank_statement")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BankStatementId,
    /// Hash of the file, hex: one file is imported once.
    pub sha256: String,
    /// The file's name.
    pub name: String,
    /// How many rows it has.
    pub rows_total: i32,
    /// How many found their order.
    pub rows_matched: i32,
    /// Who imported it.
    pub imported_by: PersonId,
    /// For which organisation.
    pub organisation_id: OrganisationId,
    /// When.
    pub imported_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
