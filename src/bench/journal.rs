//! Verification of the chain: a journal of any length, made up, sealed and signed, then checked as a file.

use super::memory::peak_kib;
use super::per_second;
use crate::ledger::merkle::{self, Hash, Tree};
use crate::ledger::{DOCUMENT_RULE, Head, Line, digest_v3};
use crate::seal::{SealError, SealKey, Unsigned};
use crate::secrecy::sha256_hex;
use crate::verify::file::{FORMAT, verify_file};
use crate::verify::{Report, Trust};
use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use entity::value::{AccountId, Fen, Overflow, Side, SupplierOrderId};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Postings under a seal, as in the house.
const UNDER_A_SEAL: u64 = 10_000;
/// Entries of a posting: one debit and twenty credits.
const LINES: u64 = 21;

/// Why it could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The file.
    #[error("the file: {0}")]
    File(#[from] std::io::Error),
    /// The key.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A number.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// The journal that was made up is not sound, which would be ours.
    #[error("{0}")]
    NotSound(String),
}

/// What was verified.
#[derive(Debug, Clone)]
pub struct Verified {
    /// Entries in it.
    pub entries: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// How long the checking took.
    pub took: Duration,
    /// Entries a second.
    pub per_second: u64,
    /// The most memory the process ever had, in KiB, where the system tells.
    pub peak_kib: Option<u64>,
}

/// Makes a journal of at least so many entries at `path`, checks it with the public key alone, and removes it.
///
/// # Errors
/// When the file cannot be written or read, or is not sound.
pub fn verify_synthetic(path: &Path, entries: u64) -> Result<Verified, BenchError> {
    let key = SealKey::from_seed(&[7; 32])?;
    write(path, &key, entries)?;
    let bytes = std::fs::metadata(path)?.len();
    let trust = Trust { keys: vec![key.public()], head: None, since: None };
    let begin = Instant::now();
    let report: Report = verify_file(File::open(path)?, &trust, |_| {})?;
    let took = begin.elapsed();
    std::fs::remove_file(path)?;
    if !report.is_sound() {
        return Err(BenchError::NotSound(report.to_string()));
    }
    let per_second = per_second(report.entries, took);
    Ok(Verified { entries: report.entries, bytes, took, per_second, peak_kib: peak_kib() })
}

struct Made {
    text: String,
    leaf: Hash,
}

fn write(path: &Path, key: &SealKey, entries: u64) -> Result<(), BenchError> {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    writeln!(file, "{FORMAT}")?;
    let (mut postings, mut previous, mut number) = (0_u64, [0; 32], 0_i64);
    let wanted = entries.div_ceil(LINES);
    let sealed_at: DateTime<Utc> = DateTime::UNIX_EPOCH.trunc_subsecs(6);
    while postings < wanted {
        number += 1;
        let under = UNDER_A_SEAL.min(wanted - postings);
        let made = (0..under).map(|_| made_up(sealed_at)).collect::<Result<Vec<_>, _>>()?;
        postings += under;
        let root = Tree::new(made.iter().map(|made| made.leaf).collect()).root();
        let posting_count = i64::try_from(under).map_err(|_| Overflow)?;
        let seal = Unsigned { number, previous, root, posting_count, audit: None, sealed_at }.sign(key);
        previous = hex::decode(&seal.hash).ok().and_then(|hash| hash.try_into().ok()).unwrap_or_default();
        let (root, before, hash) = (&seal.merkle_root, &seal.previous_hash, &seal.hash);
        let (signature, public) = (&seal.signature, &seal.public_key);
        let at = sealed_at.format("%Y-%m-%dT%H:%M:%S%.6fZ");
        writeln!(file, "S\t{number}\t{under}\t{root}\t{before}\t{hash}\t{signature}\t{public}\t{at}\t-\t-\t-")?;
        for made in &made {
            file.write_all(made.text.as_bytes())?;
        }
    }
    writeln!(file, "end\t{number}\t{postings}\t{}", postings * LINES)?;
    Ok(file.flush()?)
}

/// A posting as the house writes them.
fn made_up(posted_at: DateTime<Utc>) -> Result<Made, BenchError> {
    let (object, order) = (Uuid::now_v7(), SupplierOrderId::generate());
    let mut lines = Vec::with_capacity(21);
    for number in 0..LINES {
        let (side, fen) = if number == 0 { (Side::Debit, 2_000) } else { (Side::Credit, 100) };
        let account = AccountId::from_uuid(Uuid::from_u128(object.as_u128() ^ (u128::from(number) << 64)));
        lines.push(Line { account, side, amount: Fen::new(fen)?, supplier_order: Some(order) });
    }
    let cause = format!("supplier_order:{order}:promised");
    let day = NaiveDate::from_ymd_opt(2026, 3, 2).ok_or(Overflow)?;
    let inputs_hash = document(&cause, object);
    let salt = *b"0123456789abcdef0123456789abcdef";
    let head = Head {
        cause: &cause,
        kind: "promised",
        business_date: day,
        object,
        posted_at,
        rule_version: DOCUMENT_RULE,
        inputs_hash: &inputs_hash,
    };
    let digest = digest_v3(&salt, &head, &lines);
    let leaf = merkle::leaf(&hex::decode(&digest).unwrap_or_default());
    let at = posted_at.format("%Y-%m-%dT%H:%M:%S%.6fZ");
    let mut text = format!(
        "P\t{cause}\tpromised\t{day}\t{}\t{LINES}\t{digest}\t{}\t{at}\t{DOCUMENT_RULE}\t{inputs_hash}\n",
        object.simple(),
        hex::encode(salt)
    );
    for line in &lines {
        let side = if line.side == Side::Debit { 'd' } else { 'c' };
        text +=
            &format!("E\t{}\t{side}\t{}\t{}\n", line.account.uuid().simple(), line.amount.get(), order.uuid().simple());
    }
    Ok(Made { text, leaf })
}

/// The inputs of a posting that follows from a document alone, as the ledger says them.
fn document(cause: &str, object: Uuid) -> String {
    let mut bytes = Vec::with_capacity(256);
    for field in [b"liannong.document.v1".as_slice(), cause.as_bytes(), b"promised", b"2026-03-02", object.as_bytes()] {
        bytes.extend_from_slice(&u64::try_from(field.len()).unwrap_or_default().to_be_bytes());
        bytes.extend_from_slice(field);
    }
    sha256_hex(&bytes)
}
