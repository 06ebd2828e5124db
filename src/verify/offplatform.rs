//! Sales outside the platform: their shares repeated from the recorded inputs, and compared with the journal.

use super::journal::account_id;
use super::shares::{self, Share};
use super::store::{self, OffPlatformEntry, OffPlatformRow};
use super::{Fault, Halt};
use sea_orm::ConnectionTrait;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Every sale: its inputs against their hash, its shares against its inputs, its posting against its shares.
pub(super) async fn sales(db: &impl ConnectionTrait) -> Result<(), Halt> {
    let mut after = Uuid::nil();
    loop {
        let page = store::off_platform_sales(db, after).await?;
        let Some(last) = page.last() else { return Ok(()) };
        let (mut rows, mut entries): (BTreeMap<Uuid, Vec<_>>, BTreeMap<Uuid, Vec<_>>) = Default::default();
        for share in store::off_platform_shares(db, after, last.id).await? {
            rows.entry(share.run_id).or_default().push(share);
        }
        for entry in store::off_platform_entries(db, after, last.id).await? {
            entries.entry(entry.sale_id).or_default().push(entry);
        }
        after = last.id;
        for sale in &page {
            let rows = rows.remove(&sale.id).unwrap_or_default();
            let recorded: Vec<Share> = rows.iter().map(store::ShareRow::share).collect();
            check(sale, &recorded, &entries.remove(&sale.id).unwrap_or_default())?;
        }
    }
}

fn check(sale: &OffPlatformRow, recorded: &[Share], entries: &[OffPlatformEntry]) -> Result<(), Fault> {
    let wrong = |zh: String, en: String| Fault::new("off_platform_sale", sale.id, format!("{zh}。"), format!("{en}."));
    shares::check(&sale.inputs, &sale.inputs_hash, recorded, sale.retained_fen)
        .map_err(|fault| wrong(fault.zh(), fault.to_string()))?;
    let inputs = shares::recompute(&sale.inputs).map_err(|fault| wrong(fault.zh(), fault.to_string()))?;
    let same = [
        ("id", sale.id.to_string(), inputs.supplier_order_id),
        ("plan_id", sale.plan_id.to_string(), inputs.plan_id),
        ("amount_fen", sale.amount_fen.to_string(), inputs.attributable_fen.to_string()),
        ("inputs_hash", sale.inputs_hash.clone(), sale.posting_inputs_hash.clone().unwrap_or_default()),
        ("cause", format!("off_platform:{}", sale.id), sale.cause.clone().unwrap_or_default()),
    ];
    for (column, kept, given) in same {
        if kept != given {
            return Err(wrong(
                format!("{column} 记录为 {kept}，依据或凭证为 {given}"),
                format!("{column} is {kept}, its inputs or its posting say {given}"),
            ));
        }
    }
    let mut due: BTreeMap<(Uuid, &str), i128> = BTreeMap::new();
    let mut expect = |kind: &str, owner: Uuid, part: Option<Uuid>, side: &'static str, amount: i64| {
        if amount != 0 {
            *due.entry((account_id(kind, owner, part), side)).or_default() += i128::from(amount);
        }
    };
    let mut shared = 0;
    for share in recorded {
        let (Ok(household), Ok(agreement)) = (share.household_id.parse(), share.agreement_id.parse()) else { continue };
        shared += share.amount_fen;
        expect("household_payable", household, Some(agreement), "credit", share.amount_fen);
        expect("household_promised", household, Some(agreement), "credit", share.amount_fen);
    }
    expect("supplier_cash", sale.supplier_id, None, "debit", sale.amount_fen);
    expect("off_platform_sales", sale.supplier_id, None, "credit", sale.amount_fen);
    expect("off_platform_sales", sale.supplier_id, None, "debit", sale.amount_fen);
    expect("supplier_retained", sale.supplier_id, None, "credit", sale.retained_fen);
    expect("promise_given", sale.supplier_id, None, "debit", shared);
    let mut found: BTreeMap<(Uuid, &str), i128> = BTreeMap::new();
    for entry in entries {
        *found.entry((entry.account_id, entry.side.as_str())).or_default() += i128::from(entry.amount_fen);
    }
    for key in due.keys().chain(found.keys()) {
        let (wanted, is) = (due.get(key).copied().unwrap_or(0), found.get(key).copied().unwrap_or(0));
        if wanted != is {
            return Err(wrong(
                format!("账户 {} 记入 {is} 分，应为 {wanted} 分", key.0),
                format!("account {} is moved by {is} fen instead of {wanted}", key.0),
            ));
        }
    }
    Ok(())
}
