//! A receipt, checked without any database: what it says of a household is in the sealed journal, or it is not.
//!
//! Promises: every amount, day, order, agreement and household of a receipt is bound, line by line, to a posting, the
//! posting to a seal, and the seal to a signature; whatever is changed breaks one of them. A field that is not known
//! here is refused, for nothing would bind it.
//! Does not know: whether a receipt is complete. It shows what is in the journal, not that nothing else is.

use super::digests::{self, Fields, Head, Line, Origin, SealSays, hex, is_signed, root_by_path, unhex};
use super::journal::account_id;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Receipt {
    format: String,
    household_id: Uuid,
    year: i32,
    postings: Vec<Posting>,
    seals: Vec<Seal>,
    // Said to the reader; nothing can prove what is absent.
    #[serde(rename = "omitted_postings")]
    _omitted_postings: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Posting {
    cause: String,
    kind: String,
    business_date: NaiveDate,
    object_id: Uuid,
    #[serde(default)]
    origin: Option<OriginText>,
    line_count: u64,
    lines: Vec<OwnLine>,
    seal_number: i64,
    leaf_index: u64,
    path: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OriginText {
    posted_at: String,
    rule_version: String,
    inputs_hash: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnLine {
    line_no: u64,
    account_kind: String,
    agreement_id: Uuid,
    side: String,
    amount_fen: i64,
    supplier_order_id: Option<Uuid>,
    salt: String,
    path: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seal {
    number: i64,
    posting_count: i64,
    merkle_root: String,
    previous_hash: String,
    hash: String,
    signature: String,
    public_key: String,
    sealed_at: DateTime<Utc>,
    // Absent in receipts from before the audit was sealed.
    #[serde(default)]
    audit_count: Option<i64>,
    #[serde(default)]
    audit_root: Option<String>,
}

/// What a receipt proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// The household.
    pub household_id: Uuid,
    /// The year of all business days.
    pub year: i32,
    /// How many lines.
    pub lines: u64,
    /// What they promise.
    pub promised_fen: i64,
    /// What accrued by them.
    pub accrued_fen: i64,
    /// What was paid out by them.
    pub paid_fen: i64,
    /// The seals, by number, with their hashes in hexadecimal.
    pub seals: BTreeMap<i64, String>,
    /// The keys that signed them, in hexadecimal.
    pub keys: BTreeSet<String>,
}

/// Why a receipt proves nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unproven {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

fn no<T>(zh: impl Into<String>, en: impl Into<String>) -> Result<T, Unproven> {
    // What a stranger wrote is not sent back at length.
    let short = |text: String| text.chars().take(300).collect();
    Err(Unproven { zh: short(zh.into()), en: short(en.into()) })
}

/// Checks a receipt against the keys that may have signed seals; without any, against the one it names itself, which
/// the reader must then compare with the published one.
///
/// # Errors
/// [`Unproven`] with the first thing that does not hold.
pub fn check(json: &str, keys: &[[u8; 32]]) -> Result<Proven, Unproven> {
    let receipt: Receipt = match serde_json::from_str(json) {
        Ok(receipt) => receipt,
        // Where it goes wrong is enough: what stands there may be anything, at any length.
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            return no("这不是一份收益凭据。", format!("this is not a receipt, from line {line}, column {column} on."));
        }
    };
    if receipt.format != "liannong.receipt.v1" {
        return no("不认识的凭据格式。", "the format of the receipt is not known.");
    }
    let mut proven = Proven {
        household_id: receipt.household_id,
        year: receipt.year,
        lines: 0,
        promised_fen: 0,
        accrued_fen: 0,
        paid_fen: 0,
        seals: BTreeMap::new(),
        keys: BTreeSet::new(),
    };
    let mut roots = BTreeMap::new();
    for seal in &receipt.seals {
        let says = check_seal(seal, keys)?;
        proven.keys.insert(hex(&says.public_key));
        proven.seals.insert(seal.number, seal.hash.clone());
        if roots.insert(seal.number, says).is_some() {
            return no("同一封印出现两次。", "a seal is in it twice.");
        }
    }
    let mut seen = BTreeSet::new();
    for posting in &receipt.postings {
        let Some(seal) = roots.get(&posting.seal_number) else {
            return no("缺少凭证所属的封印。", "the seal of a posting is not in it.");
        };
        if !seen.insert((posting.seal_number, posting.leaf_index)) {
            return no("同一凭证出现两次。", "a posting is in it twice.");
        }
        check_posting(posting, seal, &mut proven)?;
    }
    Ok(proven)
}

fn check_seal(seal: &Seal, keys: &[[u8; 32]]) -> Result<SealSays, Unproven> {
    let number = seal.number;
    let (Some(previous), Some(root), Some(public_key), Some(signature)) =
        (unhex(&seal.previous_hash), unhex(&seal.merkle_root), unhex(&seal.public_key), unhex(&seal.signature))
    else {
        return no(format!("第 {number} 号封印无法读取。"), format!("seal {number} cannot be read."));
    };
    let (posting_count, sealed_at) = (seal.posting_count, seal.sealed_at);
    let audit = match (&seal.audit_root, seal.audit_count) {
        (None, None) => None,
        (Some(root), Some(count)) if unhex::<32>(root).is_some() => unhex(root).map(|root| (root, count)),
        _ => return no(format!("第 {number} 号封印无法读取。"), format!("seal {number} cannot be read.")),
    };
    let says = SealSays { previous, number, root, posting_count, audit, sealed_at, public_key };
    let hash = says.hash();
    if hex(&hash) != seal.hash {
        return no(format!("第 {number} 号封印与其哈希不符。"), format!("seal {number} differs from its hash."));
    }
    if !keys.is_empty() && !keys.contains(&public_key) {
        return no(
            format!("第 {number} 号封印由另一把密钥签名。"),
            format!("seal {number} is signed with another key."),
        );
    }
    if !is_signed(&public_key, &hash, &signature) {
        return no(format!("第 {number} 号封印的签名无效。"), format!("the signature of seal {number} is not valid."));
    }
    Ok(says)
}

fn path_of(path: &[String]) -> Option<Vec<digests::Hash>> {
    path.iter().map(|hash| unhex(hash)).collect()
}

/// Its lines lead to one root, with that root its digest leads to the root of the seal.
fn check_posting(posting: &Posting, seal: &SealSays, proven: &mut Proven) -> Result<(), Unproven> {
    let cause = &posting.cause;
    if posting.business_date.year() != proven.year {
        return no(format!("（{cause}）日期不在凭据年度内。"), format!("({cause}) its day is not in the year."));
    }
    let mut root = None;
    let mut seen = BTreeSet::new();
    for line in &posting.lines {
        if !seen.insert(line.line_no) {
            return no(format!("（{cause}）同一分录出现两次。"), format!("({cause}) a line is in it twice."));
        }
        let reached = root_of_line(line, posting.line_count, proven.household_id);
        if reached.is_none() || root.is_some_and(|root| Some(root) != reached) {
            return no(
                format!("（{cause}）第 {} 行分录不属于该凭证。", line.line_no),
                format!("({cause}) line {} does not belong to the posting.", line.line_no),
            );
        }
        root = reached;
        count(&posting.kind, line, proven)?;
    }
    let Some(root) = root else {
        return no(format!("（{cause}）没有分录。"), format!("({cause}) it shows no line."));
    };
    let business_date = posting.business_date.to_string();
    let head = Head {
        cause,
        kind: &posting.kind,
        business_date: &business_date,
        object_id: posting.object_id,
        line_count: posting.line_count,
    };
    let digest = match &posting.origin {
        None => head.second(&root),
        Some(OriginText { posted_at, rule_version, inputs_hash }) => {
            head.third(&Origin { posted_at, rule_version, inputs_hash }, &root)
        }
    };
    let leaf = digests::leaf(&digest);
    let size = u64::try_from(seal.posting_count).unwrap_or(0);
    let reached = path_of(&posting.path).and_then(|path| root_by_path(leaf, posting.leaf_index, size, &path));
    if reached != Some(seal.root) {
        return no(
            format!("（{cause}）凭证或分录与第 {} 号封印不符。", seal.number),
            format!("({cause}) the posting or a line of it is not what seal {} covers.", seal.number),
        );
    }
    Ok(())
}

/// The root to which a line leads, if its account is the household's.
fn root_of_line(line: &OwnLine, line_count: u64, household: Uuid) -> Option<digests::Hash> {
    let own = matches!(line.account_kind.as_str(), "household_promised" | "household_payable");
    let account = own.then(|| account_id(&line.account_kind, household, Some(line.agreement_id)));
    let said = Line {
        account: Some(account?),
        side: &line.side,
        amount_fen: line.amount_fen,
        supplier_order: line.supplier_order_id,
    };
    let leaf = said.leaf(&unhex(&line.salt)?, &mut Fields::new());
    root_by_path(leaf, line.line_no.checked_sub(1)?, line_count, &path_of(&line.path)?)
}

/// `kind` is that of the posting: what a computation takes back is no payout.
fn count(kind: &str, line: &OwnLine, proven: &mut Proven) -> Result<(), Unproven> {
    let sum = match (line.account_kind.as_str(), line.side.as_str()) {
        ("household_promised", "credit") => Some((&mut proven.promised_fen, line.amount_fen)),
        ("household_promised", "debit") => Some((&mut proven.promised_fen, -line.amount_fen)),
        // Only payouts and their corrections move what was paid; the rest moves what accrued.
        ("household_payable", "debit") if kind == "payout" => Some((&mut proven.paid_fen, line.amount_fen)),
        ("household_payable", "credit") if kind == "payout_correction" => {
            Some((&mut proven.paid_fen, -line.amount_fen))
        }
        ("household_payable", "credit") => Some((&mut proven.accrued_fen, line.amount_fen)),
        ("household_payable", "debit") => Some((&mut proven.accrued_fen, -line.amount_fen)),
        _ => None,
    };
    let Some((sum, amount)) = sum else { return no("分录无法读取。", "a line cannot be read.") };
    let Some(added) = sum.checked_add(amount) else {
        return no("金额超出范围。", "the amounts are beyond what is countable.");
    };
    *sum = added;
    proven.lines += 1;
    Ok(())
}

/// The first field of a square code's text.
pub const CODE_FORMAT: &str = "liannong.receipt-code.v1";
/// What its signature is for.
pub const CODE_PURPOSE: &str = "receipt-code";

/// Checks the text of a square code against the keys that may have signed it: what it says of a household's year, and
/// the check code of the file it belongs to. Without keys nothing is proven, for it names none.
///
/// # Errors
/// [`Unproven`] with the first thing that does not hold.
pub fn check_code(text: &str, keys: &[[u8; 32]]) -> Result<(Proven, String), Unproven> {
    let text = text.trim();
    let Some((said, signature)) = text.rsplit_once(';') else {
        return no("这不是收益凭据二维码。", "this is not the code of a receipt.");
    };
    let signature: Option<[u8; 64]> =
        URL_SAFE_NO_PAD.decode(signature).ok().and_then(|signature| signature.try_into().ok());
    let message = format!("liannong.signed-text.{CODE_PURPOSE}\n{said}");
    let signed = |key: &&[u8; 32]| signature.is_some_and(|signature| is_signed(key, message.as_bytes(), &signature));
    let Some(key) = keys.iter().find(signed) else {
        return no("签名无效，或由另一把密钥签名。", "it is not signed with any of the keys given.");
    };
    let fields: Vec<&str> = said.split(';').collect();
    let [format, household, year, promised, accrued, paid, lines, seal, check] = *fields.as_slice() else {
        return no("这不是收益凭据二维码。", "this is not the code of a receipt.");
    };
    let read = || -> Option<Proven> {
        let mut seals = BTreeMap::new();
        if seal != "-" {
            let (number, hash) = seal.split_once(':')?;
            seals.insert(number.parse().ok()?, hash.to_owned());
        }
        Some(Proven {
            household_id: Uuid::parse_str(household).ok()?,
            year: year.parse().ok()?,
            lines: lines.parse().ok()?,
            promised_fen: promised.parse().ok()?,
            accrued_fen: accrued.parse().ok()?,
            paid_fen: paid.parse().ok()?,
            seals,
            keys: BTreeSet::from([hex(key)]),
        })
    };
    match read() {
        Some(proven) if format == CODE_FORMAT => Ok((proven, check.to_owned())),
        _ => no("二维码内容无法读取。", "what it says cannot be read."),
    }
}
