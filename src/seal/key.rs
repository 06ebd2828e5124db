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
    /// The key before, while its secret is accepted: it vouches for this one.
    before: Option<Box<SealKey>>,
}

impl SealKey {
    /// The key of this house.
    ///
    /// # Errors
    /// [`SealError::Key`] when the seed is not accepted.
    pub fn of(secrets: &Secrets) -> Result<Self, SealError> {
        let before = secrets.previous_seal_seed().map(Self::from_seed).transpose()?.map(Box::new);
        Ok(Self { before, ..Self::from_seed(secrets.seal_seed())? })
    }

    /// The key of a seed.
    ///
    /// # Errors
    /// [`SealError::Key`] when the seed is not accepted.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, SealError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| SealError::Key)?;
        let public = pair.public_key().as_ref().try_into().map_err(|_| SealError::Key)?;
        Ok(Self { pair, public, before: None })
    }

    /// What the key of the seal before says of a hash of this one: its signature, where this house has that key.
    pub(super) fn vouch(&self, signer_before: &str, hash: &str) -> Option<String> {
        let before = self.before.as_ref().filter(|before| hex::encode(before.public) == signer_before)?;
        Some(hex::encode(before.pair.sign(&hex::decode(hash).ok()?)))
    }

    /// Signs a text that is no seal. Seals are signed as 32 bytes of hash; a text is signed behind its purpose, which is
    /// longer, so that neither can be taken for the other.
    #[must_use]
    pub fn sign_text(&self, purpose: &str, text: &str) -> Vec<u8> {
        self.pair.sign(format!("liannong.signed-text.{purpose}\n{text}").as_bytes()).as_ref().to_vec()
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
    /// Root over its rows of the audit, and how many they are; none in a seal of the first format.
    pub audit: Option<(Hash, i64)>,
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
        field(if self.audit.is_some() { b"liannong.seal.v2" } else { b"liannong.seal.v1" });
        field(&self.previous);
        field(&self.number.to_be_bytes());
        field(&self.root);
        field(&self.posting_count.to_be_bytes());
        if let Some((root, count)) = self.audit {
            field(&root);
            field(&count.to_be_bytes());
        }
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
            audit_count: self.audit.map(|(_, count)| count),
            audit_root: self.audit.map(|(root, _)| hex::encode(root)),
            vouched_by: None,
        }
    }
}
