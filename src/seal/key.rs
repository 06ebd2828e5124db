//! What a seal says, as bytes, and the key that signs them.

use super::SealError;
use crate::ledger::merkle::{Hash, sha256};
use crate::secrecy::Secrets;
use entity::seal;
use entity::value::Timestamp;
use ring::signature::{Ed25519KeyPair, KeyPair};

/// The key that signs seals (Ed25519), derived from the master secret.
pub struct SealKey {
    pair: Ed25519KeyPair,
    public: [u8; 32],
}

impl SealKey {
    /// The key of this house.
    ///
    /// # Errors
    /// [`SealError::Key`] when the seed is not accepted.
    pub fn of(secrets: &Secrets) -> Result<Self, SealError> {
        Self::from_seed(secrets.seal_seed())
    }

    /// The key of a seed.
    ///
    /// # Errors
    /// [`SealError::Key`] when the seed is not accepted.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, SealError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| SealError::Key)?;
        let public = pair.public_key().as_ref().try_into().map_err(|_| SealError::Key)?;
        Ok(Self { pair, public })
    }

    /// What others check signatures with.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.public
    }
}

/// A seal before it is signed.
#[derive(Debug, Clone, Copy)]
pub struct Unsigned {
    /// Its place in the chain.
    pub number: i64,
    /// The hash of the one before.
    pub previous: Hash,
    /// Root over its postings.
    pub root: Hash,
    /// How many they are.
    pub posting_count: i64,
    /// When it is made.
    pub sealed_at: Timestamp,
}

impl Unsigned {
    /// Its hash: see the format in the module's head.
    fn hash(&self, key: &SealKey) -> Hash {
        let mut bytes = Vec::with_capacity(256);
        let mut field = |content: &[u8]| {
            bytes.extend_from_slice(&u64::try_from(content.len()).unwrap_or(u64::MAX).to_be_bytes());
            bytes.extend_from_slice(content);
        };
        field(b"liannong.seal.v1");
        field(&self.previous);
        field(&self.number.to_be_bytes());
        field(&self.root);
        field(&self.posting_count.to_be_bytes());
        field(self.sealed_at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string().as_bytes());
        field(&key.public);
        sha256(&[&bytes])
    }

    /// The seal.
    #[must_use]
    pub fn sign(self, key: &SealKey) -> seal::Model {
        let hash = self.hash(key);
        seal::Model {
            number: self.number,
            posting_count: self.posting_count,
            merkle_root: hex::encode(self.root),
            previous_hash: hex::encode(self.previous),
            hash: hex::encode(hash),
            signature: hex::encode(key.pair.sign(&hash)),
            public_key: hex::encode(key.public),
            sealed_at: self.sealed_at,
        }
    }
}
