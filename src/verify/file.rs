//! An exported journal (导出的账簿), checked with nothing but a public key: no database, no network.
//!
//! The file is text, a record a line, fields apart by tabs. The first line is `liannong.journal.v1`. A seal is
//! `S number postings root previous hash signature key instant audited audit-root voucher`, and its postings follow it in the order of its leaves:
//! `P cause kind day object lines digest salt instant rule inputs`, each followed by its lines `E account d|c fen order`.
//! Identifiers are 32 hexadecimal digits, what is absent is `-`. The last line is `end seals postings entries`.
//!
//! Promises: one pass; memory holds a few blocks of the file, however long it is; every core hashes, while one thread
//! reads and one follows the chain. A fault names the first record in the file that is not as it should be.
//! Does not know what accounts are: their identifiers are hashes, and balances are the database's to show.

use super::chain::Link;
use super::digests::{self, Fields, Growing, Hash, Head, Line, Origin, hex, line_salt};
use super::store::SealRow;
use super::{Fault, Report, Trust};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use uuid::Uuid;

/// The first line.
pub const FORMAT: &str = "liannong.journal.v1";
/// A block of the file ends at the first posting or seal after so many bytes.
const BLOCK: usize = 1 << 20;
/// Postings between two words of progress.
const STEP: u64 = 100_000;

/// Checks an exported journal.
///
/// # Errors
/// When it cannot be read. A fault is not an error: it is in the report.
pub fn verify_file(
    reader: impl Read + Send,
    trust: &Trust,
    mut progress: impl FnMut(String),
) -> std::io::Result<Report> {
    let mut reader = BufReader::with_capacity(1 << 18, reader);
    let mut first = String::new();
    reader.by_ref().take(64).read_line(&mut first)?;
    if first.trim_end() != FORMAT {
        let (zh, en) = ("不是导出的账簿。", "it is not an exported journal.");
        let fault = Some(Fault::new("journal", 1, zh, en));
        return Ok(Report { fault, ..Report::default() });
    }
    let cores = thread::available_parallelism().map_or(2, std::num::NonZero::get);
    // Blocks in hand are bounded by these two channels, and by what the chain has not reached yet.
    let (to_work, work) = sync_channel::<Block>(cores);
    let (to_chain, done) = sync_channel::<(u64, Vec<Part>)>(cores);
    let work = Arc::new(Mutex::new(work));
    thread::scope(|scope| {
        let reading = scope.spawn(move || read_blocks(&mut reader, &to_work));
        for _ in 0..cores {
            let (work, to_chain) = (work.clone(), to_chain.clone());
            scope.spawn(move || work_off(&work, &to_chain));
        }
        drop((to_chain, work));
        let report = follow(&done, trust, &mut progress);
        // Who stops early lets the others run dry.
        drop(done);
        let read = reading.join().unwrap_or_else(|_| Err(std::io::Error::other("the reader stopped")));
        read.map(|()| report)
    })
}

struct Block {
    number: u64,
    bytes: Vec<u8>,
}

/// Cuts the file where a posting or a seal begins.
fn read_blocks(reader: &mut impl BufRead, to_work: &SyncSender<Block>) -> std::io::Result<()> {
    let (mut number, mut bytes) = (0, Vec::with_capacity(BLOCK + (BLOCK >> 2)));
    let mut line = Vec::new();
    loop {
        line.clear();
        let is_end = reader.read_until(b'\n', &mut line)? == 0;
        let begins = !line.starts_with(b"E");
        if is_end || (bytes.len() >= BLOCK && begins) {
            let full = std::mem::replace(&mut bytes, Vec::with_capacity(BLOCK + (BLOCK >> 2)));
            // Nobody listens any more when a fault was found.
            if to_work.send(Block { number, bytes: full }).is_err() {
                return Ok(());
            }
            number += 1;
        }
        if is_end {
            return Ok(());
        }
        bytes.extend_from_slice(&line);
    }
}

fn work_off(work: &Mutex<Receiver<Block>>, to_chain: &SyncSender<(u64, Vec<Part>)>) {
    loop {
        let block = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Block { number, bytes }) = block else { return };
        if to_chain.send((number, read_block(&bytes))).is_err() {
            return;
        }
    }
}

/// What a piece of the file says.
enum Part {
    Seal(Box<SealRow>),
    Posting { leaf: Hash, entries: u64 },
    End { seals: u64, postings: u64, entries: u64 },
    Fault(Box<Fault>),
}

/// Reads a block; ends with the first fault in it.
fn read_block(bytes: &[u8]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut reading = Reading::default();
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let read = if let Some(entry) = line.strip_prefix(b"E\t") {
            reading.entry(entry)
        } else {
            reading.close(&mut parts).and_then(|()| reading.begin(line, &mut parts))
        };
        if let Err(fault) = read {
            parts.push(Part::Fault(Box::new(fault)));
            return parts;
        }
    }
    if let Err(fault) = reading.close(&mut parts) {
        parts.push(Part::Fault(Box::new(fault)));
    }
    parts
}

/// The head of a posting, as it stands in the file.
struct Posting {
    cause: String,
    kind: String,
    day: String,
    object: Uuid,
    lines: u64,
    digest: Hash,
    salt: Option<Hash>,
    origin: Option<[String; 3]>,
}

impl Posting {
    fn read(fields: &[&str]) -> Option<Self> {
        let [cause, kind, day, object, lines, digest, salt, instant, rule, inputs] = *fields else { return None };
        let salt = if salt == "-" { None } else { Some(digests::unhex(salt)?) };
        let origin = [instant, rule, inputs];
        let origin = match origin.iter().filter(|text| **text == "-").count() {
            0 => Some(origin.map(str::to_owned)),
            3 => None,
            _ => return None,
        };
        Some(Self {
            cause: cause.to_owned(),
            kind: kind.to_owned(),
            day: day.to_owned(),
            object: Uuid::parse_str(object).ok()?,
            lines: lines.parse().ok()?,
            digest: digests::unhex(digest)?,
            salt,
            origin,
        })
    }

    fn head(&self) -> Head<'_> {
        Head {
            cause: &self.cause,
            kind: &self.kind,
            business_date: &self.day,
            object_id: self.object,
            line_count: self.lines,
        }
    }

    fn fault(&self, zh: &str, en: &str) -> Fault {
        Fault::new("posting", &self.cause, zh, en)
    }
}

/// The posting being read: what its lines have come to so far.
#[derive(Default)]
struct Reading {
    posting: Option<Posting>,
    lines: u64,
    balance: i128,
    tree: Growing,
    first: Option<Fields>,
    room: Option<Fields>,
}

impl Reading {
    fn begin(&mut self, line: &[u8], parts: &mut Vec<Part>) -> Result<(), Fault> {
        let text = std::str::from_utf8(line).map_err(|_| unreadable(line))?;
        let mut fields = text.split('\t');
        match (fields.next(), fields.collect::<Vec<_>>()) {
            (Some("P"), fields) => {
                let posting = Posting::read(&fields).ok_or_else(|| unreadable(line))?;
                self.first = posting.salt.is_none().then(|| posting.head().first_fields());
                (self.lines, self.balance, self.tree) = (0, 0, Growing::default());
                self.posting = Some(posting);
            }
            (Some("S"), fields) => {
                parts.push(Part::Seal(Box::new(read_seal(&fields).ok_or_else(|| unreadable(line))?)));
            }
            (Some("end"), fields) => {
                let counts: Vec<u64> = fields.iter().filter_map(|count| count.parse().ok()).collect();
                let [seals, postings, entries] = *counts.as_slice() else { return Err(unreadable(line)) };
                parts.push(Part::End { seals, postings, entries });
            }
            _ => return Err(unreadable(line)),
        }
        Ok(())
    }

    fn entry(&mut self, fields: &[u8]) -> Result<(), Fault> {
        let Some(posting) = &self.posting else { return Err(unreadable(fields)) };
        let read = read_line(fields).ok_or_else(|| unreadable(fields))?;
        self.lines += 1;
        let amount = i128::from(read.amount_fen);
        self.balance += if read.side == "debit" { amount } else { -amount };
        match (&posting.salt, &mut self.first) {
            (Some(salt), _) => {
                let room = self.room.get_or_insert_with(Fields::new);
                let salt = line_salt(salt, self.lines, room);
                self.tree.push(read.leaf(&salt, room));
            }
            (None, Some(first)) => read.put(first),
            (None, None) => {}
        }
        Ok(())
    }

    fn close(&mut self, parts: &mut Vec<Part>) -> Result<(), Fault> {
        let Some(posting) = self.posting.take() else { return Ok(()) };
        if self.lines != posting.lines || self.lines == 0 {
            return Err(posting.fault("分录数不符。", "it has another number of entries."));
        }
        if self.balance != 0 {
            return Err(posting.fault("借贷不平衡。", "its debits differ from its credits."));
        }
        let head = posting.head();
        let digest = match (&posting.origin, self.first.take()) {
            (None, Some(first)) => first.hash(),
            (None, None) => head.second(&std::mem::take(&mut self.tree).root()),
            (Some([posted_at, rule_version, inputs_hash]), _) => {
                let is_document = rule_version == digests::DOCUMENT_RULE;
                if is_document && hex(&head.document()) != *inputs_hash {
                    return Err(posting.fault("所记依据与其单据不符。", "the inputs it names are not its document."));
                }
                head.third(&Origin { posted_at, rule_version, inputs_hash }, &std::mem::take(&mut self.tree).root())
            }
        };
        if digest != posting.digest {
            return Err(posting.fault(
                "凭证或其分录被改动，与指纹不符。",
                "the posting or one of its entries was changed: the fingerprint differs.",
            ));
        }
        parts.push(Part::Posting { leaf: digests::leaf(&digest), entries: self.lines });
        Ok(())
    }
}

fn unreadable(line: &[u8]) -> Fault {
    let shown: String = String::from_utf8_lossy(line).chars().take(40).collect();
    Fault::new("journal", shown, "这一行无法读取。", "the line cannot be read.")
}

fn read_seal(fields: &[&str]) -> Option<SealRow> {
    let [number, count, root, previous, hash, signature, key, instant, audited, audit_root, vouched] = *fields else {
        return None;
    };
    let present = |text: &str| (text != "-").then(|| text.to_owned());
    Some(SealRow {
        number: number.parse().ok()?,
        posting_count: count.parse().ok()?,
        merkle_root: root.to_owned(),
        previous_hash: previous.to_owned(),
        hash: hash.to_owned(),
        signature: signature.to_owned(),
        public_key: key.to_owned(),
        sealed_at: DateTime::parse_from_rfc3339(instant).ok()?.with_timezone(&Utc),
        audit_count: match present(audited) {
            Some(count) => Some(count.parse().ok()?),
            None => None,
        },
        audit_root: present(audit_root),
        vouched_by: present(vouched),
    })
}

fn read_line(fields: &[u8]) -> Option<Line<'static>> {
    let mut fields = fields.split(|byte| *byte == b'\t');
    let (account, side, amount, order) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    if fields.next().is_some() {
        return None;
    }
    let amount_fen = amount.iter().try_fold(0_i64, |sum, byte| {
        let digit = i64::from(byte.checked_sub(b'0').filter(|digit| *digit < 10)?);
        sum.checked_mul(10)?.checked_add(digit)
    });
    Some(Line {
        account: Some(read_uuid(account)?),
        side: match side {
            b"d" => "debit",
            b"c" => "credit",
            _ => return None,
        },
        amount_fen: amount_fen.filter(|_| !amount.is_empty())?,
        supplier_order: if order == b"-" { None } else { Some(read_uuid(order)?) },
    })
}

fn read_uuid(digits: &[u8]) -> Option<Uuid> {
    let digits: &[u8; 32] = digits.try_into().ok()?;
    let mut number = 0_u128;
    for digit in digits {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        number = (number << 4) | u128::from(value);
    }
    Some(Uuid::from_u128(number))
}

/// The seal whose postings are being read.
struct Open {
    number: i64,
    count: i64,
    root: Hash,
    tree: Growing,
    read: i64,
}

/// Follows the chain through what the others have read, in the order of the file.
fn follow(done: &Receiver<(u64, Vec<Part>)>, trust: &Trust, progress: &mut dyn FnMut(String)) -> Report {
    let mut report = Report::default();
    let mut chain = Chain { link: None, open: None, head: None, is_ended: false };
    let (mut next, mut early) = (0_u64, BTreeMap::new());
    'blocks: while let Ok((number, parts)) = done.recv() {
        early.insert(number, parts);
        while let Some(parts) = early.remove(&next) {
            next += 1;
            for part in parts {
                let steps = report.postings / STEP;
                if let Err(fault) = chain.take(part, trust, &mut report) {
                    report.fault = Some(fault);
                    break 'blocks;
                }
                if report.postings / STEP != steps {
                    progress(format!("{} postings 凭证, {} entries 分录", report.postings, report.entries));
                }
            }
        }
    }
    if report.fault.is_none()
        && let Err(fault) = chain.finish(trust, &mut report)
    {
        report.fault = Some(fault);
    }
    report
}

struct Chain {
    link: Option<Link>,
    open: Option<Open>,
    /// The hash of the seal that was published.
    head: Option<String>,
    is_ended: bool,
}

impl Chain {
    fn take(&mut self, part: Part, trust: &Trust, report: &mut Report) -> Result<(), Fault> {
        if self.is_ended {
            return Err(Fault::new("journal", "end", "结尾之后还有内容。", "there is something after its end."));
        }
        match part {
            Part::Fault(fault) => Err(*fault),
            Part::Seal(row) => {
                self.close()?;
                let first = trust.since.unwrap_or(1).max(1);
                if row.number < first {
                    // What is under it was verified earlier; its postings are counted and passed over.
                    let (number, count, tree) = (row.number, row.posting_count, Growing::default());
                    self.open = Some(Open { number, count, root: [0; 32], tree, read: 0 });
                    return Ok(());
                }
                let link = self.link.get_or_insert_with(|| Link::from(first));
                let root = link.follow(&row, trust)?.root;
                if trust.head.is_some_and(|(number, _)| number == row.number) {
                    self.head = Some(row.hash.clone());
                }
                report.seals += 1;
                self.open = Some(Open {
                    number: row.number,
                    count: row.posting_count,
                    root,
                    tree: Growing::default(),
                    read: 0,
                });
                Ok(())
            }
            Part::Posting { leaf, entries } => {
                let Some(open) = &mut self.open else {
                    return Err(Fault::new("journal", "P", "凭证不在任何封印之下。", "a posting is under no seal."));
                };
                open.tree.push(leaf);
                open.read += 1;
                report.postings += 1;
                report.sealed += u64::from(open.root != [0; 32]);
                report.entries += entries;
                Ok(())
            }
            Part::End { seals, postings, entries } => {
                self.close()?;
                self.is_ended = true;
                let passed_over = trust.since.is_some_and(|since| since > 1);
                let counted = (report.seals, report.postings, report.entries);
                if counted != (seals, postings, entries) && !(passed_over && counted.1 == postings) {
                    let (zh, en) = ("结尾所记数目与内容不符。", "it holds other numbers of records than its end says.");
                    return Err(Fault::new("journal", "end", zh, en));
                }
                Ok(())
            }
        }
    }

    /// Everything under the last seal was read, and its root is the seal's.
    fn close(&mut self) -> Result<(), Fault> {
        let Some(Open { number, count, root, tree, read }) = self.open.take() else { return Ok(()) };
        if read != count || (root != [0; 32] && tree.root() != root) {
            return Err(Fault::new(
                "seal",
                number,
                format!("第 {number} 号封印与其下凭证的数目或默克尔根不符。"),
                format!("the number or the root of the postings under seal {number} is not the seal's."),
            ));
        }
        Ok(())
    }

    fn finish(&mut self, trust: &Trust, report: &mut Report) -> Result<(), Fault> {
        if !self.is_ended {
            let (zh, en) = ("文件没有结尾，被截断。", "it has no end: the file was cut off.");
            return Err(Fault::new("journal", "end", zh, en));
        }
        if let Some((number, hash)) = trust.head
            && self.head.as_deref() != Some(hex(&hash).as_str())
        {
            let (zh, en) = match self.head {
                None => (
                    format!("已公布的第 {number} 号封印不在其中，链尾被截断。"),
                    format!("seal {number} was published and is not in it: the end of the chain was cut off."),
                ),
                Some(_) => (
                    format!("第 {number} 号封印与已公布的不同。"),
                    format!("seal {number} is not the one that was published."),
                ),
            };
            return Err(Fault::new("seal", number, zh, en));
        }
        if let Some(link) = &self.link {
            report.head = link.head();
            if trust.keys.is_empty() {
                report.unconfirmed_key = link.key();
            }
        }
        Ok(())
    }
}
