//! Every computation of shares, repeated from its recorded inputs, and compared with the journal.

use super::journal::account_id;
use super::shares::{self, Share};
use super::store::{self, EntryRow, RunRow, ShareRow};
use super::{Fault, Halt, Report};
use sea_orm::ConnectionTrait;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Checks every run: its inputs against their hash, its shares against its inputs, its posting against its shares.
pub(super) async fn runs(
    db: &impl ConnectionTrait,
    report: &mut Report,
    progress: &mut dyn FnMut(String),
) -> Result<(), Halt> {
    let mut after = Uuid::nil();
    loop {
        let page = store::runs(db, after).await?;
        let Some(last) = page.last() else { break };
        let mut shares = group(store::shares_of(db, after, last.id).await?, |share| share.run_id);
        let mut entries = group(store::entries_of_runs(db, after, last.id).await?, |entry| entry.posting_id);
        after = last.id;
        for run in &page {
            let shares = shares.remove(&run.id).unwrap_or_default();
            check_run(run, &shares, &entries.remove(&run.posting_id).unwrap_or_default())?;
            report.runs += 1;
            report.shares += u64::try_from(shares.len()).unwrap_or(u64::MAX);
        }
    }
    progress(format!("{} runs 测算, {} shares 份额", report.runs, report.shares));
    Ok(())
}

fn group<T>(rows: Vec<T>, key: impl Fn(&T) -> Uuid) -> BTreeMap<Uuid, Vec<T>> {
    let mut groups: BTreeMap<Uuid, Vec<T>> = BTreeMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}

fn check_run(run: &RunRow, rows: &[ShareRow], entries: &[EntryRow]) -> Result<(), Fault> {
    let wrong = |zh: String, en: String| Fault::new("share_run", run.id, format!("{zh}。"), format!("{en}."));
    let recorded: Vec<Share> = rows.iter().map(ShareRow::share).collect();
    shares::check(&run.inputs, &run.inputs_hash, &recorded, run.retained_fen)
        .map_err(|fault| wrong(fault.zh(), fault.to_string()))?;
    let inputs = shares::recompute(&run.inputs).map_err(|fault| wrong(fault.zh(), fault.to_string()))?;
    let same = [
        ("supplier_order_id", run.supplier_order_id.to_string(), inputs.supplier_order_id),
        ("basis", run.basis.clone(), inputs.basis),
        ("plan_id", run.plan_id.to_string(), inputs.plan_id),
        ("attributable_fen", run.attributable_fen.to_string(), inputs.attributable_fen.to_string()),
    ];
    for (column, kept, given) in same {
        if kept != given {
            return Err(wrong(
                format!("{column} 记录为 {kept}，计算依据为 {given}"),
                format!("{column} is {kept}, its inputs say {given}"),
            ));
        }
    }
    check_basis(run)?;
    check_entries(run, rows, entries)
}

/// What was shared out is what was accepted; an accrual is of an order that was paid.
fn check_basis(run: &RunRow) -> Result<(), Fault> {
    let due = if run.basis == "accrued" { run.paid_fen } else { run.accepted_fen };
    if run.attributable_fen == due {
        return Ok(());
    }
    Err(Fault::new(
        "share_run",
        run.id,
        format!("分配了 {} 分，而订单 {} 应分配 {due} 分。", run.attributable_fen, run.supplier_order_id),
        format!("{} fen are shared out, order {} has {due}.", run.attributable_fen, run.supplier_order_id),
    ))
}

/// The posting of a run moves exactly its shares, agreement by agreement, and what is retained.
fn check_entries(run: &RunRow, rows: &[ShareRow], entries: &[EntryRow]) -> Result<(), Fault> {
    let is_accrued = run.basis == "accrued";
    let (suffix, household_kind) =
        if is_accrued { ("settled", "household_payable") } else { ("promised", "household_promised") };
    let fault = |zh: String, en: String| Err(Fault::new("posting", run.posting_id, zh, en));
    if run.cause.as_deref() != Some(format!("supplier_order:{}:{suffix}", run.supplier_order_id).as_str()) {
        return fault(
            format!("不是测算 {} 应有的凭证。", run.id),
            format!("it is not the posting that run {} has to have.", run.id),
        );
    }
    let mut due: BTreeMap<(Uuid, &str), i128> = BTreeMap::new();
    let mut expect = |kind: &str, owner: Uuid, part: Option<Uuid>, side: &'static str, amount: i128| {
        if amount != 0 {
            *due.entry((account_id(kind, owner, part), side)).or_default() += amount;
        }
    };
    let mut shared = 0_i128;
    for row in rows {
        shared += i128::from(row.amount_fen);
        expect(household_kind, row.household_id, Some(row.agreement_id), "credit", i128::from(row.amount_fen));
    }
    if is_accrued {
        expect("supplier_revenue", run.supplier_id, None, "debit", i128::from(run.attributable_fen));
        expect("supplier_retained", run.supplier_id, None, "credit", i128::from(run.retained_fen));
    } else {
        expect("promise_given", run.supplier_id, None, "debit", shared);
    }
    let mut found: BTreeMap<(Uuid, &str), i128> = BTreeMap::new();
    for entry in entries {
        if entry.supplier_order_id != Some(run.supplier_order_id) {
            return fault(
                format!("第 {} 行分录不属于订单 {}。", entry.line_no, run.supplier_order_id),
                format!("entry {} does not belong to order {}.", entry.line_no, run.supplier_order_id),
            );
        }
        *found.entry((entry.account_id, entry.side.as_str())).or_default() += i128::from(entry.amount_fen);
    }
    let accounts = due.keys().chain(found.keys());
    for key in accounts {
        let (wanted, is) = (due.get(key).copied().unwrap_or(0), found.get(key).copied().unwrap_or(0));
        if wanted != is {
            return fault(
                format!("账户 {} 记入 {is} 分，按测算 {} 应为 {wanted} 分。", key.0, run.id),
                format!("account {} is moved by {is} fen, by run {} it should be {wanted}.", key.0, run.id),
            );
        }
    }
    Ok(())
}
