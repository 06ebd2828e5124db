//! Seals (封印): the journal in batches, chained, signed, and open to everybody.
//!
//! What it is for: whoever has noted a seal can tell later whether anything that was posted before it has been
//! changed, removed or put in, without trusting the database or who runs it.
//! Promises: a posting is sealed once, soon after it was committed, off the path of whoever posted it; seals are
//! numbered without gaps and each carries the hash of the one before; two that seal at once do not both succeed.
//! What is unsealed is found by its absence from the leaves, never by "newer than the last": identifiers are not
//! commit order.
//! Does not know: orders, households, what a posting is for. No personal data is in a seal.
//!
//! # Format
//!
//! The leaves of a seal are the digests of its postings (32 bytes each, in the order of the leaves); the root is
//! that of RFC 6962 over them. The hash of a seal is SHA-256 over these fields in this order, each as its length in
//! bytes (64 bits, big-endian) followed by the bytes: the text `liannong.seal.v1`; the hash of the seal before
//! (32 bytes, zeros for the first); its number; the root; the number of its postings; the instant as
//! `YYYY-MM-DDTHH:MM:SS.ffffffZ`; the public key (32 bytes). Numbers are 64 bits, big-endian. The signature is
//! Ed25519 over the 32 bytes of the hash.

mod api;
mod error;
mod key;
mod service;
mod store;
pub mod view;

pub use api::routes;
pub use error::SealError;
pub use key::{SealKey, Unsigned};
pub use service::{BATCH, EVERY_DAY, EVERY_MINUTE, Leaf, Reach, find, leaves_of, seal_all, seal_batch, tree};
pub use store::last_sealed_at;
