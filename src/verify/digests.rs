//! Fingerprints, trees and signatures, written down a second time from the formats in the heads of the ledger and of
//! the seals. Pure: bytes in, bytes out.

use chrono::{DateTime, Utc};
use ring::digest::{SHA256, digest};
use ring::signature::{ED25519, UnparsedPublicKey};
use uuid::Uuid;

/// A hash.
pub type Hash = [u8; 32];

/// Fields, each behind its length, hashed at once: a call for each field would cost more than the hashing.
pub(super) struct Fields(Vec<u8>);

impl Fields {
    pub fn new() -> Self {
        Self(Vec::with_capacity(256))
    }

    /// A field behind its length.
    pub fn put(&mut self, content: &[u8]) -> &mut Self {
        // A slice is never longer than 64 bits can say.
        self.0.extend_from_slice(&u64::try_from(content.len()).unwrap_or(u64::MAX).to_be_bytes());
        self.0.extend_from_slice(content);
        self
    }

    pub fn hash(&self) -> Hash {
        sha256(&self.0)
    }
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS.get(usize::from(nibble)).copied().unwrap_or(b'?'));
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Reads bytes that were written in hexadecimal.
pub(super) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.len() != 2 * N || !text.is_ascii() {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(bytes)
}

/// What a line says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    pub account: Option<Uuid>,
    pub side: &'a str,
    pub amount_fen: i64,
    pub supplier_order: Option<Uuid>,
}

impl Line<'_> {
    pub fn put(&self, fields: &mut Fields) {
        fields
            .put(self.account.as_ref().map_or(&[], |id| id.as_bytes().as_slice()))
            .put(self.side.as_bytes())
            .put(&self.amount_fen.to_be_bytes())
            .put(self.supplier_order.as_ref().map_or(&[], |id| id.as_bytes().as_slice()));
    }

    /// Its leaf in the tree of its posting, blinded by its own salt. `fields` is room to write in.
    pub fn leaf(&self, salt: &Hash, fields: &mut Fields) -> Hash {
        fields.0.clear();
        // The tree's leaf is over one byte and the fields; so the byte goes in before them.
        fields.0.push(0);
        fields.put(b"liannong.line.v2").put(salt);
        self.put(fields);
        fields.hash()
    }
}

/// The salt of the line with this number, out of the posting's. `fields` is room to write in.
pub(super) fn line_salt(salt: &Hash, number: u64, fields: &mut Fields) -> Hash {
    fields.0.clear();
    fields.put(b"liannong.salt.v2").put(salt).put(&number.to_be_bytes());
    fields.hash()
}

/// What a posting says beside its lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head<'a> {
    pub cause: &'a str,
    pub kind: &'a str,
    /// As `YYYY-MM-DD`.
    pub business_date: &'a str,
    pub object_id: Uuid,
    pub line_count: u64,
}

/// What a posting of the third format says of how it came about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin<'a> {
    /// As `YYYY-MM-DDTHH:MM:SS.ffffffZ`.
    pub posted_at: &'a str,
    pub rule_version: &'a str,
    pub inputs_hash: &'a str,
}

/// The rule of postings that follow from a document alone.
pub(super) const DOCUMENT_RULE: &str = "document/1";

/// An instant as fingerprints write it.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

impl Head<'_> {
    fn fields(&self, format: &str) -> Fields {
        let mut fields = Fields::new();
        fields
            .put(format.as_bytes())
            .put(self.cause.as_bytes())
            .put(self.kind.as_bytes())
            .put(self.business_date.as_bytes())
            .put(self.object_id.as_bytes())
            .put(&self.line_count.to_be_bytes());
        fields
    }

    /// What the fingerprint of the first format begins with; the lines follow.
    pub fn first_fields(&self) -> Fields {
        self.fields("liannong.posting.v1")
    }

    /// The fingerprint of the first format.
    pub fn first<'a>(&self, lines: impl Iterator<Item = Line<'a>>) -> Hash {
        let mut fields = self.first_fields();
        lines.for_each(|line| line.put(&mut fields));
        fields.hash()
    }

    /// The fingerprint of the third format.
    pub fn third(&self, origin: &Origin<'_>, root: &Hash) -> Hash {
        let Origin { posted_at, rule_version, inputs_hash } = *origin;
        let mut fields = self.fields("liannong.posting.v3");
        fields.put(posted_at.as_bytes()).put(rule_version.as_bytes()).put(inputs_hash.as_bytes()).put(root);
        fields.hash()
    }

    /// The inputs of a posting that follows from a document alone.
    pub fn document(&self) -> Hash {
        let mut fields = Fields::new();
        fields
            .put(b"liannong.document.v1")
            .put(self.cause.as_bytes())
            .put(self.kind.as_bytes())
            .put(self.business_date.as_bytes())
            .put(self.object_id.as_bytes());
        fields.hash()
    }

    /// The fingerprint of the second format, from the root over the lines.
    pub fn second(&self, root: &Hash) -> Hash {
        let mut fields = self.fields("liannong.posting.v2");
        fields.put(root);
        fields.hash()
    }
}

/// The root over the lines of a posting of the second or third format.
pub(super) fn root_of_lines<'a>(salt: &Hash, lines: impl Iterator<Item = Line<'a>>) -> Hash {
    let (mut growing, mut fields) = (Growing::default(), Fields::new());
    for (number, line) in (1..).zip(lines) {
        let salt = line_salt(salt, number, &mut fields);
        growing.push(line.leaf(&salt, &mut fields));
    }
    growing.root()
}

fn sha256(bytes: &[u8]) -> Hash {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, bytes).as_ref());
    hash
}

/// The hash of a leaf; of a posting in the tree of its seal, with its digest as content.
#[must_use]
pub fn leaf(content: &[u8]) -> Hash {
    let mut bytes = Vec::with_capacity(content.len() + 1);
    bytes.push(0);
    bytes.extend_from_slice(content);
    sha256(&bytes)
}

fn node(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [1; 65];
    bytes[1..33].copy_from_slice(left);
    bytes[33..].copy_from_slice(right);
    sha256(&bytes)
}

/// A Merkle tree (RFC 6962) that grows leaf by leaf and keeps only the roots of its full parts: at most 64.
#[derive(Debug, Default)]
pub struct Growing {
    /// Roots of full parts, the largest first, each with its number of leaves.
    full: Vec<(u64, Hash)>,
}

impl Growing {
    /// Adds the next leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut last = (1, leaf);
        while let Some((_, left)) = self.full.pop_if(|(size, _)| *size == last.0) {
            last = (last.0 * 2, node(&left, &last.1));
        }
        self.full.push(last);
    }

    /// The root over all leaves; of none, the hash of nothing.
    #[must_use]
    pub fn root(mut self) -> Hash {
        let Some((_, mut root)) = self.full.pop() else { return sha256(&[]) };
        while let Some((_, left)) = self.full.pop() {
            root = node(&left, &root);
        }
        root
    }
}

/// The root to which a path leads from a leaf (RFC 9162, 2.1.3.2); none when the path does not fit the tree.
#[must_use]
pub fn root_by_path(leaf: Hash, index: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    if index >= size {
        return None;
    }
    let (mut place, mut last, mut root) = (index, size - 1, leaf);
    for sibling in path {
        if last == 0 {
            return None;
        }
        if place % 2 == 1 || place == last {
            root = node(sibling, &root);
            while place % 2 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            root = node(&root, sibling);
        }
        place >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(root)
}

/// What the hash of a seal is over.
#[derive(Debug, Clone, Copy)]
pub(super) struct SealSays {
    pub previous: Hash,
    pub number: i64,
    pub root: Hash,
    pub posting_count: i64,
    /// Root and number of the rows of the audit; none in the first format.
    pub audit: Option<(Hash, i64)>,
    pub sealed_at: DateTime<Utc>,
    pub public_key: [u8; 32],
}

impl SealSays {
    pub fn hash(&self) -> Hash {
        let mut fields = Fields::new();
        fields
            .put(if self.audit.is_some() { b"liannong.seal.v2" } else { b"liannong.seal.v1" })
            .put(&self.previous)
            .put(&self.number.to_be_bytes())
            .put(&self.root)
            .put(&self.posting_count.to_be_bytes());
        if let Some((root, count)) = &self.audit {
            fields.put(root).put(&count.to_be_bytes());
        }
        fields.put(instant(self.sealed_at).as_bytes()).put(&self.public_key);
        fields.hash()
    }
}

/// A row of the audit.
#[derive(Debug)]
pub(super) struct AuditSays<'a> {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub person_id: Option<Uuid>,
    pub organisation_id: Option<Uuid>,
    /// Role, operation, kind of object.
    pub words: [&'a str; 3],
    pub object_id: Uuid,
    /// Before, after, reason, request, address.
    pub texts: [Option<&'a str>; 5],
}

impl AuditSays<'_> {
    /// Its fingerprint.
    pub fn hash(&self) -> Hash {
        let mut fields = Fields::new();
        fields
            .put(b"liannong.audit.v1")
            .put(self.id.as_bytes())
            .put(instant(self.at).as_bytes())
            .put(self.person_id.as_ref().map_or(&[], |id| id.as_bytes().as_slice()))
            .put(self.organisation_id.as_ref().map_or(&[], |id| id.as_bytes().as_slice()));
        for word in self.words {
            fields.put(word.as_bytes());
        }
        fields.put(self.object_id.as_bytes());
        for text in self.texts {
            let present: Vec<u8> = text.iter().flat_map(|text| std::iter::once(1).chain(text.bytes())).collect();
            fields.put(&present);
        }
        fields.hash()
    }
}

/// Whether a key signed a message: a hash, or a text behind its purpose.
pub(super) fn is_signed(public_key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    UnparsedPublicKey::new(&ED25519, public_key).verify(message, signature).is_ok()
}
