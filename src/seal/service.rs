//! Sealing, and what is asked of seals.

use super::key::{SealKey, Unsigned};
use super::{SealError, audit, store};
use crate::access::Actor;
use crate::app::App;
use crate::db::Tx;
use crate::jobs::Scheduled;
use crate::ledger::merkle::{self, Hash, Tree};
use crate::outage::{self, Place};
use crate::problem::Failure;
use entity::seal;
use entity::value::{Overflow, PostingId};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;

/// At most so many postings, and so many rows of the audit, under one seal.
pub const BATCH: u64 = 10_000;

/// Seals what was posted and audited lately.
pub const EVERY_MINUTE: Scheduled = Scheduled {
    name: "seal.recent",
    every_seconds: 60,
    run: |app| Box::pin(async move { seal_all(app, Reach::Recent).await.map(drop).map_err(Into::into) }),
};

/// Seals whatever the minutes left out: what a transaction wrote that stayed open for more than an hour.
pub const EVERY_DAY: Scheduled = Scheduled {
    name: "seal.whole",
    every_seconds: 86_400,
    run: |app| Box::pin(async move { seal_all(app, Reach::Whole).await.map(drop).map_err(Into::into) }),
};

/// How far back what is unsealed is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// From an hour before the newest sealed one: cheap, however long the journal is.
    Recent,
    /// The whole journal, and the whole audit.
    Whole,
}

/// Seals everything that is unsealed, batch after batch, each in a transaction of its own.
///
/// # Errors
/// When the database refuses, or the key cannot be used.
pub async fn seal_all(app: &App, reach: Reach) -> Result<Vec<seal::Model>, Failure> {
    let key = SealKey::of(&app.secrets)?;
    let mut made = Vec::new();
    let one_more = async || {
        app.transact(&Actor::System, async |tx| {
            let seal = seal_batch(tx, &key, reach).await?;
            if seal.is_some() {
                outage::here(Place::SealWritten);
            }
            Ok::<_, SealError>(seal)
        })
        .await
    };
    while let Some(seal) = one_more().await? {
        tracing::info!(number = seal.number, postings = seal.posting_count, audited = seal.audit_count, "sealed");
        made.push(seal);
    }
    Ok(made)
}

/// Seals up to [`BATCH`] postings and as many rows of the audit; nothing when there are none.
///
/// # Errors
/// [`SealError::Racing`] when another server does the same at this moment.
pub async fn seal_batch(tx: &Tx, key: &SealKey, reach: Reach) -> Result<Option<seal::Model>, SealError> {
    let head = store::head(tx).await?;
    let whole = reach == Reach::Whole;
    let since = if whole { None } else { store::newest_sealed(tx).await? };
    let postings = store::unsealed(tx, since, BATCH).await?;
    let since = if whole { None } else { store::newest_sealed_audit(tx).await? };
    let audited = store::unsealed_audit(tx, since, BATCH).await?;
    if postings.is_empty() && audited.is_empty() {
        return Ok(None);
    }
    let leaves = postings.iter().map(|(_, digest)| leaf_hash(digest)).collect::<Result<Vec<_>, _>>()?;
    let audited: Vec<_> = audited.iter().map(|row| (row.id, audit::digest(row))).collect();
    let audit_leaves = audited.iter().map(|(_, digest)| merkle::leaf(digest)).collect();
    let (number, previous) = match &head {
        Some(head) => (head.number.checked_add(1).ok_or(Overflow)?, hash_of("hash", &head.hash)?),
        None => (1, [0; 32]),
    };
    let mut seal = Unsigned {
        number,
        previous,
        root: Tree::new(leaves).root(),
        posting_count: i64::try_from(postings.len()).map_err(|_| Overflow)?,
        audit: Some((Tree::new(audit_leaves).root(), i64::try_from(audited.len()).map_err(|_| Overflow)?)),
        sealed_at: tx.now(),
    }
    .sign(key);
    seal.vouched_by = head.and_then(|head| key.vouch(&head.public_key, &seal.hash));
    store::insert(tx, &seal, &postings).await?;
    store::insert_audit(tx, seal.number, &audited).await?;
    Ok(Some(seal))
}

fn hash_of(name: &'static str, text: &str) -> Result<Hash, SealError> {
    hex::decode(text).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(SealError::Malformed(name))
}

fn leaf_hash(digest: &str) -> Result<Hash, SealError> {
    Ok(merkle::leaf(&hash_of("digest", digest)?))
}

/// A seal by its number.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(db: &impl ConnectionTrait, number: i64) -> Result<Option<seal::Model>, SealError> {
    Ok(store::find(db, number).await?)
}

/// Where a posting is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf {
    /// The seal.
    pub seal_number: i64,
    /// Its place in the tree, from 0.
    pub index: usize,
}

/// Where these postings are sealed; one that is not yet is left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn leaves_of(
    db: &impl ConnectionTrait,
    postings: &[PostingId],
) -> Result<HashMap<PostingId, Leaf>, SealError> {
    let mut found = HashMap::with_capacity(postings.len());
    for row in store::leaves_of(db, postings).await? {
        let index = usize::try_from(row.leaf_index).map_err(|_| Overflow)?;
        found.insert(row.posting_id, Leaf { seal_number: row.seal_number, index });
    }
    Ok(found)
}

/// The tree of a seal.
///
/// # Errors
/// When the database cannot be asked.
pub async fn tree(db: &impl ConnectionTrait, number: i64) -> Result<Tree, SealError> {
    let digests = store::digests(db, number).await?;
    Ok(Tree::new(digests.iter().map(|digest| leaf_hash(digest)).collect::<Result<_, _>>()?))
}
