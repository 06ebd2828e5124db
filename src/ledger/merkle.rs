//! Merkle trees by the construction of RFC 6962: a leaf is SHA-256 over `0x00` and its content, a node over `0x01` and
//! its two children; a left part is always the largest power of two.
//!
//! Promises: the roots and paths of the standard, to the bit. Knows nothing of what the leaves are.

use ring::digest::{Context, SHA256};

/// A hash.
pub type Hash = [u8; 32];

/// SHA-256 over parts, one after the other.
#[must_use]
pub fn sha256(parts: &[&[u8]]) -> Hash {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    let mut hash = [0; 32];
    for (byte, hashed) in hash.iter_mut().zip(context.finish().as_ref()) {
        *byte = *hashed;
    }
    hash
}

/// The hash of a leaf.
#[must_use]
pub fn leaf(content: &[u8]) -> Hash {
    sha256(&[&[0], content])
}

/// A whole tree, level by level, the leaves first.
#[derive(Debug)]
pub struct Tree {
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// The tree over these leaves' hashes.
    ///
    /// Neighbours are joined, a last one without a neighbour goes up as it is: the same tree as by splitting at
    /// the largest power of two.
    #[must_use]
    pub fn new(leaves: Vec<Hash>) -> Self {
        let mut levels = vec![leaves];
        while let Some(level) = levels.last().filter(|level| level.len() > 1) {
            let joined = level
                .chunks(2)
                .map(|pair| match pair {
                    [left, right] => sha256(&[&[1], left, right]),
                    alone => alone.first().copied().unwrap_or_default(),
                })
                .collect();
            levels.push(joined);
        }
        Self { levels }
    }

    /// Its root; of a tree without leaves the hash of nothing.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.levels.last().and_then(|level| level.first()).copied().unwrap_or_else(|| sha256(&[]))
    }

    /// The path that shows the leaf at `index` to be in it: its siblings from the bottom up.
    #[must_use]
    pub fn path(&self, index: usize) -> Option<Vec<Hash>> {
        self.levels.first()?.get(index)?;
        let siblings = self.levels.iter().enumerate().filter_map(|(height, level)| level.get((index >> height) ^ 1));
        Some(siblings.copied().collect())
    }
}
