//! What goes out.

use chrono::{DateTime, Utc};
use entity::seal;
use serde::Serialize;
use utoipa::ToSchema;

/// A seal (封印): note its number and hash, and nothing before it can be changed unnoticed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Seal {
    /// Its place in the chain, from 1, without gaps.
    #[schema(example = 12)]
    pub number: i64,
    /// How many postings it covers.
    pub posting_count: i64,
    /// Root of the Merkle tree (RFC 6962) over their digests, hexadecimal.
    pub merkle_root: String,
    /// The hash of the seal before, hexadecimal; zeros for the first.
    pub previous_hash: String,
    /// Its own hash, hexadecimal.
    pub hash: String,
    /// Signature of the hash (Ed25519), hexadecimal.
    pub signature: String,
    /// The key it is signed with, hexadecimal. Note it once; it stays the same.
    pub public_key: String,
    /// When it was made.
    pub sealed_at: DateTime<Utc>,
    /// How many rows of the audit it covers; null in seals of the first format.
    #[schema(example = 31)]
    pub audit_count: Option<i64>,
    /// Root of the Merkle tree over their digests, hexadecimal; null in seals of the first format.
    pub audit_root: Option<String>,
    /// Signature of the hash by the key of the seal before, hexadecimal; only where the key changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vouched_by: Option<String>,
}

impl From<seal::Model> for Seal {
    fn from(row: seal::Model) -> Self {
        let seal::Model {
            number,
            posting_count,
            merkle_root,
            previous_hash,
            hash,
            signature,
            public_key,
            sealed_at,
            audit_count,
            audit_root,
            vouched_by,
        } = row;
        Self {
            number,
            posting_count,
            merkle_root,
            previous_hash,
            hash,
            signature,
            public_key,
            sealed_at,
            audit_count,
            audit_root,
            vouched_by,
        }
    }
}
