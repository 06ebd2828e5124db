//! Makes receipts, and checks those that come back.

use super::ReceiptError;
use super::view::{CheckedReceipt, ProvenIncome, Receipt, ReceiptFault, ReceiptLine, ReceiptOrigin, ReceiptPosting};
use crate::access::policy::ViewIncome;
use crate::access::{Grant, Scope};
use crate::ledger::{self, HouseholdAccount, Line, LineTree};
use crate::seal::view::Seal;
use crate::seal::{self, Leaf};
use crate::verify::receipt::{self as checking, Unproven};
use crate::{attribution, household};
use chrono::NaiveDate;
use entity::value::{AccountId, AgreementId, HouseholdId, Overflow, PostingId};
use entity::{entry, posting};
use sea_orm::ConnectionTrait;
use std::collections::{BTreeMap, HashMap};

/// Postings read at once: an order may have thousands of lines.
const AT_ONCE: usize = 20;

/// The receipt of a household for a calendar year of business days.
///
/// A cooperative's receipt holds what comes from its own agreements, like its statement.
///
/// # Errors
/// The household is not there or out of reach.
pub(super) async fn issue(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewIncome>,
    id: HouseholdId,
    year: i32,
) -> Result<Receipt, ReceiptError> {
    issue_in(db, grant.scope(), id, year).await
}

/// The whole receipt of a household, for the household itself: whoever calls knows that it is asking.
///
/// # Errors
/// There is no such household.
pub async fn for_itself(db: &impl ConnectionTrait, id: HouseholdId, year: i32) -> Result<Receipt, ReceiptError> {
    issue_in(db, &Scope::Everything, id, year).await
}

async fn issue_in(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: HouseholdId,
    year: i32,
) -> Result<Receipt, ReceiptError> {
    let accounts = accounts_in_reach(db, scope, id).await?;
    let days = NaiveDate::from_ymd_opt(year, 1, 1).zip(NaiveDate::from_ymd_opt(year, 12, 31)).ok_or(Overflow)?;
    let ids: Vec<AccountId> = accounts.keys().copied().collect();
    let all = ledger::postings_on(db, &ids, days).await?;
    let leaves = seal::leaves_of(db, &all).await?;
    let mut by_seal: BTreeMap<i64, Vec<PostingId>> = BTreeMap::new();
    for posting in &all {
        if let Some(leaf) = leaves.get(posting) {
            by_seal.entry(leaf.seal_number).or_default().push(*posting);
        }
    }
    let (mut postings, mut seals) = (Vec::new(), Vec::new());
    for (number, under) in by_seal {
        let tree = seal::tree(db, number).await?;
        let shown_before = postings.len();
        for some in under.chunks(AT_ONCE) {
            for (row, lines) in ledger::whole_postings(db, some).await? {
                let Some(leaf) = leaves.get(&row.id) else { continue };
                let Some(path) = tree.path(leaf.index) else { continue };
                postings.extend(show(row, &lines, &accounts, *leaf, &path)?);
            }
        }
        if postings.len() > shown_before {
            // What vouches for a key is a matter between seals; nothing of a receipt stands on it.
            let shown = seal::find(db, number).await?.map(Seal::from);
            seals.extend(shown.map(|seal| Seal { vouched_by: None, ..seal }));
        }
    }
    let omitted_postings = count(all.len().saturating_sub(postings.len()))?;
    Ok(Receipt { format: "liannong.receipt.v1", household_id: id, year, postings, seals, omitted_postings })
}

async fn accounts_in_reach(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: HouseholdId,
) -> Result<HashMap<AccountId, HouseholdAccount>, ReceiptError> {
    let household = household::find(db, id).await?.ok_or(ReceiptError::NotFound)?;
    let accounts = ledger::household_accounts(db, id).await?.into_iter().map(|account| (account.id, account));
    let mut accounts: HashMap<AccountId, HouseholdAccount> = accounts.collect();
    match scope {
        Scope::Everything => Ok(accounts),
        Scope::County(county) if *county == household.county_code => Ok(accounts),
        Scope::Organisation(supplier) => {
            let mut agreements: Vec<AgreementId> = accounts.values().map(|account| account.part_id).collect();
            agreements.sort_unstable();
            agreements.dedup();
            let agreements = attribution::find_agreements(db, &agreements).await?;
            accounts.retain(|_, account| {
                agreements.get(&account.part_id).is_some_and(|agreement| agreement.supplier_id == *supplier)
            });
            if accounts.is_empty() { Err(ReceiptError::NotFound) } else { Ok(accounts) }
        }
        Scope::AssignedHouseholds(person) if household::is_assigned(db, *person, id).await? => Ok(accounts),
        Scope::County(_) | Scope::Tree(_) | Scope::AssignedHouseholds(_) => Err(ReceiptError::NotFound),
    }
}

/// A posting with its own lines opened; none when it is of the first format, whose lines cannot be shown one by one.
fn show(
    row: posting::Model,
    lines: &[entry::Model],
    own: &HashMap<AccountId, HouseholdAccount>,
    leaf: Leaf,
    path: &[ledger::merkle::Hash],
) -> Result<Option<ReceiptPosting>, ReceiptError> {
    let Some(salt) = row.salt.as_deref().and_then(ledger::read_salt) else { return Ok(None) };
    let said = |line: &entry::Model| Line {
        account: line.account_id,
        side: line.side,
        amount: line.amount_fen,
        supplier_order: line.supplier_order_id,
    };
    let tree = LineTree::new(&salt, &lines.iter().map(said).collect::<Vec<_>>());
    let mut shown = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(account) = own.get(&line.account_id) else { continue };
        let Some((salt, path)) = tree.opening(index) else { continue };
        shown.push(ReceiptLine {
            line_no: count(index + 1)?,
            account_kind: account.kind,
            agreement_id: account.part_id,
            side: line.side,
            amount_fen: line.amount_fen,
            supplier_order_id: line.supplier_order_id,
            salt: hex::encode(salt),
            path: path.iter().map(hex::encode).collect(),
        });
    }
    let posted_at = row.posted_at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string();
    let origin = row.rule_version.zip(row.inputs_hash);
    let origin = origin.map(|(rule_version, inputs_hash)| ReceiptOrigin { posted_at, rule_version, inputs_hash });
    Ok(Some(ReceiptPosting {
        origin,
        cause: row.cause,
        kind: row.kind,
        business_date: row.business_date,
        object_id: row.object_id,
        line_count: count(lines.len())?,
        lines: shown,
        seal_number: leaf.seal_number,
        leaf_index: count(leaf.index)?,
        path: path.iter().map(hex::encode).collect(),
    }))
}

fn count(length: usize) -> Result<u64, Overflow> {
    u64::try_from(length).map_err(|_| Overflow)
}

/// Whether a receipt holds: by itself, under the key of this house, and under seals that are still in the chain.
pub(super) async fn check(
    db: &impl ConnectionTrait,
    key: [u8; 32],
    json: &str,
) -> Result<CheckedReceipt, ReceiptError> {
    judge(db, checking::check(json, &[key])).await
}

/// Whether the text of a square code holds: signed with the key of this house, under a seal that is still in the chain.
pub(super) async fn check_code(
    db: &impl ConnectionTrait,
    key: [u8; 32],
    text: &str,
) -> Result<CheckedReceipt, ReceiptError> {
    judge(db, checking::check_code(text, &[key]).map(|(proven, _)| proven)).await
}

async fn judge(
    db: &impl ConnectionTrait,
    checked: Result<checking::Proven, Unproven>,
) -> Result<CheckedReceipt, ReceiptError> {
    let proven = match checked {
        Ok(proven) => proven,
        Err(Unproven { zh, en }) => return Ok(refused(zh, en)),
    };
    for (number, hash) in &proven.seals {
        if seal::find(db, *number).await?.is_none_or(|seal| seal.hash != *hash) {
            return Ok(refused(
                format!("第 {number} 号封印不在本账簿的封印链中。"),
                format!("seal {number} is not in the chain of this journal."),
            ));
        }
    }
    let checking::Proven { household_id, year, lines, promised_fen, accrued_fen, paid_fen, .. } = proven;
    let proves = ProvenIncome { household_id, year, lines, promised_fen, accrued_fen, paid_fen };
    Ok(CheckedReceipt { is_valid: true, fault: None, proves: Some(proves) })
}

fn refused(zh: String, en: String) -> CheckedReceipt {
    CheckedReceipt { is_valid: false, fault: Some(ReceiptFault { zh, en }), proves: None }
}
