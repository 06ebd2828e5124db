//! The sealed journal as a file, in the format of [`super::file`]: for whoever wants to check it elsewhere.
//!
//! Promises: it is read in pages and written as it is read; what stands in the database is written as it stands, for
//! the checking is done by whoever reads the file. No name and no number of anybody is in it: accounts are hashes.

use super::digests::instant;
use super::file::FORMAT;
use super::journal::PageSize;
use super::store::{self, SealRow, SealedLine};
use sea_orm::{DatabaseConnection, DbErr};
use std::io::Write;

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Exported {
    /// Seals.
    pub seals: u64,
    /// Postings under them.
    pub postings: u64,
    /// Their entries.
    pub entries: u64,
}

/// Why nothing, or not everything, was written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The database.
    #[error("the database cannot be read: {0}")]
    Database(#[from] DbErr),
    /// The file.
    #[error("the file cannot be written: {0}")]
    File(#[from] std::io::Error),
    /// A record that the format cannot say.
    #[error("posting {0} has a tab or a line break in its text")]
    Text(uuid::Uuid),
}

/// Writes every seal from `since` on with all that is under it. `progress` is told what is being done.
///
/// # Errors
/// When the database cannot be read or the file not written.
pub async fn export(
    db: &DatabaseConnection,
    since: i64,
    mut file: impl Write,
    mut progress: impl FnMut(String),
) -> Result<Exported, ExportError> {
    let mut done = Exported::default();
    writeln!(file, "{FORMAT}")?;
    let mut next = since.max(1);
    loop {
        let page = store::seals(db, next).await?;
        let Some(last) = page.last() else { break };
        next = last.number + 1;
        for seal in &page {
            write_seal(&mut file, seal)?;
            done.seals += 1;
            under(db, seal.number, &mut file, &mut done).await?;
            progress(format!("{} seals 封印, {} postings 凭证", done.seals, done.postings));
        }
    }
    writeln!(file, "end\t{}\t{}\t{}", done.seals, done.postings, done.entries)?;
    file.flush()?;
    Ok(done)
}

fn write_seal(file: &mut impl Write, seal: &SealRow) -> std::io::Result<()> {
    let SealRow { number, posting_count, merkle_root, previous_hash, hash, signature, public_key, .. } = seal;
    let at = instant(seal.sealed_at);
    let audited = seal.audit_count.map_or_else(|| "-".to_owned(), |count| count.to_string());
    let [root, voucher] = [&seal.audit_root, &seal.vouched_by].map(|text| text.as_deref().unwrap_or("-"));
    writeln!(
        file,
        "S\t{number}\t{posting_count}\t{merkle_root}\t{previous_hash}\t{hash}\t{signature}\t{public_key}\t{at}\t{audited}\t{root}\t\
         {voucher}"
    )
}

async fn under(
    db: &DatabaseConnection,
    seal: i64,
    file: &mut impl Write,
    done: &mut Exported,
) -> Result<(), ExportError> {
    let (mut after, mut size) = (-1, PageSize::default());
    loop {
        let rows = store::sealed_rows(db, seal, after, size.limit()).await?;
        if rows.is_empty() {
            return Ok(());
        }
        size.learn(rows.len());
        let lines = rows.iter().map(store::sealed_line).collect::<Result<Vec<_>, _>>()?;
        for posting in lines.chunk_by(|one, next| one.leaf_index == next.leaf_index) {
            after = posting.first().map_or(after, |line| line.leaf_index);
            write_posting(file, posting)?;
            done.postings += 1;
            done.entries += u64::try_from(posting.len()).unwrap_or(u64::MAX);
        }
    }
}

fn write_posting(file: &mut impl Write, lines: &[SealedLine]) -> Result<(), ExportError> {
    let Some(SealedLine { leaf_digest, line: head, .. }) = lines.first() else { return Ok(()) };
    let texts = [&head.cause, &head.kind];
    if texts.iter().any(|text| text.contains(['\t', '\n', '\r'])) {
        return Err(ExportError::Text(head.id));
    }
    let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    // Fingerprints of the older formats do not cover the instant.
    let posted_at = head.rule_version.as_ref().map(|_| instant(head.posted_at));
    // The digest is the sealed one: a posting that was rewritten since does not fit it.
    writeln!(
        file,
        "P\t{}\t{}\t{}\t{}\t{}\t{leaf_digest}\t{}\t{}\t{}\t{}",
        head.cause,
        head.kind,
        head.business_date,
        head.object_id.simple(),
        lines.iter().filter(|line| line.line.line_no.is_some()).count(),
        or_dash(&head.salt),
        or_dash(&posted_at),
        or_dash(&head.rule_version),
        or_dash(&head.inputs_hash),
    )?;
    for SealedLine { line, .. } in lines {
        let (Some(account), Some(side), Some(amount)) = (line.account_id, &line.side, line.amount_fen) else {
            continue;
        };
        let side = if side == "debit" { "d" } else { "c" };
        match line.supplier_order_id {
            Some(order) => writeln!(file, "E\t{}\t{side}\t{amount}\t{}", account.simple(), order.simple())?,
            None => writeln!(file, "E\t{}\t{side}\t{amount}\t-", account.simple())?,
        }
    }
    Ok(())
}
