//! One balanced posting (记账凭证). Written after its entries: it closes them.

use crate::value::{PostingId, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};
use uuid::Uuid;

/// One balanced posting (记账凭证). Written after its entries: it closes them.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "posting")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PostingId,
    /// What made it happen; the same cause posts once.
    pub cause: String,
    /// Which kind of event it records.
    pub kind: String,
    /// The business day it belongs to (记账日期).
    pub business_date: NaiveDate,
    /// When it was written.
    pub posted_at: Timestamp,
    /// The object that caused it.
    pub object_id: Uuid,
    /// Hash over its entries, hex.
    pub digest: String,
    /// Blinds the hashes of its lines, hex; absent in postings of the first format.
    pub salt: Option<String>,
    /// By which rule its amounts came about; absent in postings of the first two formats.
    pub rule_version: Option<String>,
    /// Hash of what went into that rule, hex; absent as the rule is.
    pub inputs_hash: Option<String>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
