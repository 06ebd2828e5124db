//! Seals (封印): the journal and the audit in batches, chained, signed, and open to everybody.
//!
//! What it is for: whoever has noted a seal can tell later whether anything that was posted or audited before it has
//! been changed, removed or put in, without trusting the database or who runs it.
//! Promises: a posting and a row of the audit are sealed once, soon after they were committed, off the path of whoever
//! wrote them; seals are numbered without gaps and each carries the hash of the one before; two that seal at once do
//! not both succeed.
//! What is unsealed is found by its absence from the leaves, never by "newer than the last": identifiers are not
//! commit order.
//! Does not know: orders, households, what a posting is for. No personal data is in a seal.
//!
//! # Format
//!
//! A seal has two trees, each with the root of RFC 6962 over digests of 32 bytes in the order of the leaves: one over
//! its postings, one over its rows of the audit. Two and not one, so that the paths of receipts run in a tree of
//! postings only, whose size says nothing of how much was audited, and either part can be shown without the other.
//! The hash of a seal is SHA-256 over these fields in this order, each as its length in bytes (64 bits, big-endian)
//! followed by the bytes: the text `liannong.seal.v2`; the hash of the seal before (32 bytes, zeros for the first); its
//! number; the root over its postings; their number; the root over its rows of the audit; their number; the instant as
//! `YYYY-MM-DDTHH:MM:SS.ffffffZ`; the public key (32 bytes). Numbers are 64 bits, big-endian. The signature is
//! Ed25519 over the 32 bytes of the hash. Seals of the first format (`liannong.seal.v1`) lack the two fields of the
//! audit and stay valid.
//!
//! Where the key changes, the first seal of the new key also has the signature of the old one over its hash: the old
//! key vouches for the new one, so a chain that was sound stays so.
//!
//! The digest of a row of the audit is SHA-256 over these fields, written as above: the text `liannong.audit.v1`; its
//! identifier (16 bytes); the instant as above; person and organisation (16 bytes, or nothing); role; operation; kind
//! of object; object (16 bytes); then before, after, reason, request and address, each as nothing where it is absent
//! and otherwise as the byte 1 and the text.

mod api;
mod audit;
mod error;
mod key;
mod service;
mod store;
pub mod view;

pub use api::routes;
pub use audit::digest as audit_digest;
pub use error::SealError;
pub use key::{SealKey, Unsigned};
pub use service::{BATCH, EVERY_DAY, EVERY_MINUTE, Leaf, Reach, find, leaves_of, seal_all, seal_batch, tree};
pub use store::last_sealed_at;
