//! The chain of seals: each follows from the one before, is signed, and covers just what it says, unchanged.
//!
//! Seals are read one after the other; what is under several of them is fetched at the same time, and rows are read
//! and hashed off the thread that fetches them, so that every core has work. Memory holds a page a seal in hand.

use super::audit;
use super::digests::{self, Growing, Hash, SealSays, hex, is_signed, unhex};
use super::journal::{PageSize, STEP, check_posting};
use super::store::{self, PostingLine, SealRow};
use super::{Fault, Halt, Report, Trust};
use futures_util::{StreamExt, stream};
use sea_orm::{DatabaseConnection, DbErr, QueryResult};

/// How many seals are read at the same time.
const AT_ONCE: usize = 3;

/// Every seal from the first one that is asked for, with all that is under it.
pub(super) async fn chain(
    db: &DatabaseConnection,
    trust: &Trust,
    report: &mut Report,
    progress: &mut dyn FnMut(String),
) -> Result<(), Halt> {
    if let Some(id) = store::posting_sealed_twice(db).await? {
        return Err(Fault::new("seal_leaf", id, "凭证被封印两次。", "the posting is sealed twice.").into());
    }
    let first = trust.since.unwrap_or(1).max(1);
    let mut link = Link::from(first);
    loop {
        let page = store::seals(db, link.next).await?;
        if page.is_empty() {
            break;
        }
        let (mut links, mut audits) = (Vec::with_capacity(page.len()), Vec::with_capacity(page.len()));
        for row in &page {
            let says = link.follow(row, trust)?;
            audits.extend(says.audit.map(|(root, count)| (row.number, count, root)));
            links.push((row.number, row.posting_count, says.root));
        }
        // Pages of seals are short, so the work under them is started for a whole page at once, a few at a time.
        let under = links.into_iter().map(|(number, count, root)| under_seal(db, number, count, root));
        let mut under = stream::iter(under).buffered(AT_ONCE);
        while let Some(read) = under.next().await {
            let Under { postings, entries } = read?;
            let steps_before = report.sealed / STEP;
            report.seals += 1;
            report.sealed += postings;
            report.postings += postings;
            report.entries += entries;
            if report.sealed / STEP != steps_before {
                progress(format!("{} sealed postings 已封印凭证, {} seals 封印", report.sealed, report.seals));
            }
        }
        let under = audits.into_iter().map(|(number, count, root)| audit::under_seal(db, number, count, root));
        let mut under = stream::iter(under).buffered(AT_ONCE);
        while let Some(read) = under.next().await {
            report.sealed_audit += read?;
        }
    }
    progress(format!("{} sealed postings 已封印凭证, {} seals 封印", report.sealed, report.seals));
    finish(db, trust, &link, report).await
}

/// Nothing is beyond the end, and the end is not before what was published.
async fn finish(db: &DatabaseConnection, trust: &Trust, link: &Link, report: &mut Report) -> Result<(), Halt> {
    let last = link.next - 1;
    audit::leaves(db, last).await?;
    if let Some(id) = store::leaf_without_seal(db, last).await? {
        let (zh, en) = ("凭证所属的封印不存在。", "the posting is under a seal that is not there.");
        return Err(Fault::new("seal_leaf", id, zh, en).into());
    }
    if let Some((number, hash)) = trust.head {
        let kept = store::seals(db, number).await?.into_iter().next().filter(|row| row.number == number);
        let Some(kept) = kept else {
            let (zh, en) = (
                format!("已公布的第 {number} 号封印不存在，链尾被截断。"),
                format!("seal {number} was published and is not there: the end of the chain was cut off."),
            );
            return Err(Fault::new("seal", number, zh, en).into());
        };
        if kept.hash != hex(&hash) {
            let (zh, en) = (
                format!("第 {number} 号封印与已公布的不同。"),
                format!("seal {number} is not the one that was published."),
            );
            return Err(Fault::new("seal", number, zh, en).into());
        }
    }
    if report.seals > 0 {
        report.head = link.head();
    }
    if trust.keys.is_empty() {
        report.unconfirmed_key = link.key();
    }
    Ok(())
}

/// Where the chain has been followed to.
pub(super) struct Link {
    /// The number that must come next.
    next: i64,
    /// The hash that it must name; none when the chain is entered in the middle.
    previous: Option<Hash>,
    /// The key of the seals so far.
    key: Option<[u8; 32]>,
}

impl Link {
    /// Before the first seal that is looked at.
    pub fn from(first: i64) -> Self {
        Self { next: first, previous: (first == 1).then_some([0; 32]), key: None }
    }

    /// The newest seal, as `<number>:<hash>`.
    pub fn head(&self) -> Option<String> {
        self.previous.map(|hash| format!("{}:{}", self.next - 1, hex(&hash)))
    }

    /// The key of the seals so far, in hexadecimal.
    pub fn key(&self) -> Option<String> {
        self.key.map(|key| hex(&key))
    }

    /// Follows the chain to this seal; answers what it says.
    pub fn follow(&mut self, row: &SealRow, trust: &Trust) -> Result<SealSays, Fault> {
        let number = row.number;
        let fault = |zh: &str, en: &str| {
            Fault::new("seal", number, format!("第 {number} 号封印{zh}"), format!("seal {number} {en}"))
        };
        if number != self.next {
            let missing = self.next;
            return Err(Fault::new(
                "seal",
                missing,
                format!("第 {missing} 号封印不存在。"),
                format!("seal {missing} is not there."),
            ));
        }
        let unreadable = || fault("的内容无法读取。", "cannot be read.");
        let says = SealSays {
            previous: unhex(&row.previous_hash).ok_or_else(unreadable)?,
            number,
            root: unhex(&row.merkle_root).ok_or_else(unreadable)?,
            posting_count: row.posting_count,
            audit: match (&row.audit_root, row.audit_count) {
                (None, None) => None,
                (Some(root), Some(count)) => Some((unhex(root).ok_or_else(unreadable)?, count)),
                _ => return Err(unreadable()),
            },
            sealed_at: row.sealed_at,
            public_key: unhex(&row.public_key).ok_or_else(unreadable)?,
        };
        let signature = unhex(&row.signature).ok_or_else(unreadable)?;
        if self.previous.is_some_and(|previous| previous != says.previous) {
            return Err(fault("没有接上前一个封印。", "does not follow from the one before."));
        }
        let hash = says.hash();
        if hex(&hash) != row.hash {
            return Err(fault("的内容被改动，与其哈希不符。", "was changed: its hash differs."));
        }
        if !is_signed(&says.public_key, &hash, &signature) {
            return Err(fault("的签名无效。", "is not signed by its key."));
        }
        let known = match self.key {
            Some(key) if key == says.public_key => true,
            None if trust.keys.is_empty() => true,
            _ => trust.keys.contains(&says.public_key),
        };
        // A change of keys is in order when the key before signed the first seal of the new one too.
        let is_vouched_for = || {
            let before = self.key.as_ref().zip(row.vouched_by.as_deref().and_then(unhex));
            before.is_some_and(|(key, vouch)| is_signed(key, &hash, &vouch))
        };
        if !known && !is_vouched_for() {
            return Err(fault("由另一把密钥签名。", "is signed with another key."));
        }
        *self = Self { next: number + 1, previous: Some(hash), key: Some(says.public_key) };
        Ok(says)
    }
}

/// What was read under a seal.
struct Under {
    postings: u64,
    entries: u64,
}

/// Everything under a seal: its postings are there, unchanged, in their places, and their root is the seal's.
async fn under_seal(db: &DatabaseConnection, number: i64, count: i64, root: Hash) -> Result<Under, Halt> {
    let (mut tree, mut size) = (Growing::default(), PageSize::default());
    let mut read = Under { postings: 0, entries: 0 };
    loop {
        let next = i64::try_from(read.postings).unwrap_or(i64::MAX);
        let after = i32::try_from(next - 1).unwrap_or(i32::MAX);
        let rows = store::sealed_rows(db, number, after, size.limit()).await?;
        if rows.is_empty() {
            break;
        }
        size.learn(rows.len());
        read.entries += u64::try_from(rows.len()).unwrap_or(u64::MAX);
        let page = tokio::task::spawn_blocking(move || read_page(number, next, &rows)).await;
        let page = page.map_err(|error| DbErr::Custom(error.to_string()))?;
        let page = match page {
            Ok(page) => page,
            Err(PageHalt::Missing(index)) => return Err(missing(db, number, index).await?.into()),
            Err(PageHalt::Other(halt)) => return Err(*halt),
        };
        for digest in page {
            tree.push(digests::leaf(&digest));
            read.postings += 1;
        }
    }
    let found = i64::try_from(read.postings).unwrap_or(i64::MAX);
    if found < count {
        return Err(missing(db, number, found).await?.into());
    }
    if found != count || tree.root() != root {
        let (zh, en) = (
            format!("第 {number} 号封印与其下凭证的默克尔根不符。"),
            format!("the root of seal {number} is not that of the postings under it."),
        );
        return Err(Fault::new("seal", number, zh, en).into());
    }
    Ok(read)
}

/// Says which posting is missing.
async fn missing(db: &DatabaseConnection, seal: i64, index: i64) -> Result<Fault, DbErr> {
    Ok(match store::posting_of_leaf(db, seal, index).await? {
        Some(id) => Fault::new(
            "posting",
            id,
            format!("第 {seal} 号封印下的凭证不存在。"),
            format!("the posting is under seal {seal} and is not there."),
        ),
        None => Fault::new(
            "seal",
            seal,
            format!("第 {seal} 号封印缺第 {index} 片叶。"),
            format!("leaf {index} of seal {seal} is not there."),
        ),
    })
}

enum PageHalt {
    Missing(i64),
    Other(Box<Halt>),
}

impl<E: Into<Halt>> From<E> for PageHalt {
    fn from(error: E) -> Self {
        Self::Other(Box::new(error.into()))
    }
}

/// The fingerprints of a page of postings, recomputed from their entries, in the order of the leaves.
fn read_page(seal: i64, first: i64, rows: &[QueryResult]) -> Result<Vec<Hash>, PageHalt> {
    let mut digests = Vec::new();
    let mut posting: Vec<PostingLine> = Vec::new();
    let mut open: Option<(i32, String)> = None;
    let mut expected = first;
    for row in rows {
        let row = store::sealed_line(row)?;
        if open.as_ref().is_some_and(|(index, _)| *index != row.leaf_index) {
            digests.extend(close(seal, &mut open, &mut posting)?);
        }
        if open.is_none() {
            if i64::from(row.leaf_index) != expected {
                return Err(PageHalt::Missing(expected));
            }
            expected += 1;
            open = Some((row.leaf_index, row.leaf_digest));
        }
        posting.push(row.line);
    }
    digests.extend(close(seal, &mut open, &mut posting)?);
    Ok(digests)
}

fn close(seal: i64, open: &mut Option<(i32, String)>, posting: &mut Vec<PostingLine>) -> Result<Option<Hash>, Fault> {
    let Some((_, sealed_as)) = open.take() else { return Ok(None) };
    let digest = check_posting(posting)?;
    if hex(&digest) != sealed_as {
        let id = posting.first().map(|line| line.id).unwrap_or_default();
        return Err(Fault::new(
            "posting",
            id,
            format!("凭证在第 {seal} 号封印之后被改写。"),
            format!("the posting was rewritten after seal {seal}."),
        ));
    }
    posting.clear();
    Ok(Some(digest))
}
