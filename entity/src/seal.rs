//! One link of the chain that seals the journal (封印).

use crate::value::Timestamp;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// One link of the chain that seals the journal (封印).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "seal")]
pub struct Model {
    /// Its place in the chain, from 1, without gaps.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    /// How many postings it covers.
    pub posting_count: i64,
    /// Root of the Merkle tree over their digests, hex.
    pub merkle_root: String,
    /// The hash of the seal before, hex; zeros for the first.
    pub previous_hash: String,
    /// Its own hash, hex.
    pub hash: String,
    /// Signature of the hash (Ed25519), hex.
    pub signature: String,
    /// The key that signed, hex.
    pub public_key: String,
    /// When it was made.
    pub sealed_at: Timestamp,
    /// How many rows of the audit it covers; absent in seals from before the audit was sealed.
    pub audit_count: Option<i64>,
    /// Root of the Merkle tree over their digests, hex.
    pub audit_root: Option<String>,
    /// Signature of the hash by the key of the seal before, hex, where the key changed.
    pub vouched_by: Option<String>,
}

/// No relations: rows are found by their keys.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
