//! Every computation of shares, repeated from its recorded inputs, and compared with the journal.

use super::journal::account_id;
use super::shares::{self, Share};
use super::store::{self, EntryRow, RunRow, ShareRow};
use super::{Fault, Halt, Report};
use ring::digest::{SHA256, digest};
use sea_orm::ConnectionTrait;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Orders in one page; few at a time, for their inputs are long.
const PAGE: u32 = 20;

/// How often an order that looks wrong is read again: it may have moved on between two questions.
const LOOKS: u32 = 3;

/// Checks every run: its inputs against their hash, its shares against its inputs; and of every order what its runs
/// booked: each the difference to the one before, less what households had been handed already.
pub(super) async fn runs(
    db: &impl ConnectionTrait,
    report: &mut Report,
    progress: &mut dyn FnMut(String),
) -> Result<(), Halt> {
    let mut after = Uuid::nil();
    loop {
        let page = Page::read(db, after, PAGE).await?;
        let Some(last) = page.runs.last() else { break };
        after = last.supplier_order_id;
        for runs in page.runs.chunk_by(|one, next| one.supplier_order_id == next.supplier_order_id) {
            if page.check(runs).is_err() {
                look_again(db, runs).await?;
            }
            report.runs += u64::try_from(runs.len()).unwrap_or(u64::MAX);
            let shares = runs.iter().map(|run| page.shares_of(run).len()).sum::<usize>();
            report.shares += u64::try_from(shares).unwrap_or(u64::MAX);
        }
    }
    progress(format!("{} runs 测算, {} shares 份额", report.runs, report.shares));
    Ok(())
}

/// Runs and entries are several questions. What is wrong stays wrong; what moved on in between does not.
async fn look_again(db: &impl ConnectionTrait, runs: &[RunRow]) -> Result<(), Halt> {
    let Some(first) = runs.first() else { return Ok(()) };
    let before = Uuid::from_u128(first.supplier_order_id.as_u128().saturating_sub(1));
    let mut outcome = Ok(());
    for _ in 0..LOOKS {
        let page = Page::read(db, before, 1).await?;
        outcome = page.check(&page.runs);
        if outcome.is_ok() {
            break;
        }
        // What an order is paid or credited reaches its shares a moment later.
        if page.check_records(&page.runs).is_ok() && store::has_work(db, first.supplier_order_id).await? {
            return Ok(());
        }
    }
    Ok(outcome?)
}

/// The runs of some orders with all that is compared with them.
struct Page {
    runs: Vec<RunRow>,
    shares: BTreeMap<Uuid, Vec<ShareRow>>,
    entries: BTreeMap<Uuid, Vec<EntryRow>>,
    /// What was handed over, by order and account.
    paid_out: BTreeMap<(Uuid, Uuid), i128>,
    /// What suppliers bore of money given back, by order.
    borne: BTreeMap<Uuid, i128>,
    /// What is accepted and not credited of the lines under each plan, by order.
    goods: BTreeMap<Uuid, BTreeMap<Uuid, i64>>,
}

impl Page {
    async fn read(db: &impl ConnectionTrait, after: Uuid, limit: u32) -> Result<Self, Halt> {
        let runs = store::runs(db, after, limit).await?;
        let last = runs.last().map_or(after, |run| run.supplier_order_id);
        let shares = group(store::shares_of(db, after, last).await?, |share| share.run_id);
        let entries = group(store::entries_of_runs(db, after, last).await?, |entry| entry.posting_id);
        let paid_out = store::paid_out(db, after, last).await?.into_iter();
        let borne = store::borne(db, after, last).await?.into_iter();
        let mut goods: BTreeMap<Uuid, BTreeMap<Uuid, i64>> = BTreeMap::new();
        for row in store::goods_by_plan(db, after, last).await? {
            let plan = row.line_plan_id.unwrap_or(row.plan_id);
            *goods.entry(row.order_id).or_default().entry(plan).or_default() += row.goods_fen;
        }
        Ok(Self {
            goods,
            runs,
            shares,
            entries,
            paid_out: paid_out.map(|row| ((row.order_id, row.account_id), i128::from(row.amount_fen))).collect(),
            borne: borne.map(|row| (row.order_id, i128::from(row.amount_fen))).collect(),
        })
    }

    fn shares_of(&self, run: &RunRow) -> &[ShareRow] {
        self.shares.get(&run.id).map_or(&[], Vec::as_slice)
    }

    fn entries_of(&self, run: &RunRow) -> &[EntryRow] {
        self.entries.get(&run.posting_id).map_or(&[], Vec::as_slice)
    }

    fn check(&self, runs: &[RunRow]) -> Result<(), Fault> {
        self.check_records(runs)?;
        for of_basis in runs.chunk_by(|one, next| one.basis == next.basis) {
            if let Some(last) = of_basis.last() {
                check_basis(last)?;
                check_plans(last, self.goods.get(&last.supplier_order_id).unwrap_or(&BTreeMap::new()))?;
            }
        }
        Ok(())
    }

    /// What is recorded of an order agrees with itself: inputs, shares, numbers, entries.
    fn check_records(&self, runs: &[RunRow]) -> Result<(), Fault> {
        for of_basis in runs.chunk_by(|one, next| one.basis == next.basis) {
            let mut before: Option<&RunRow> = None;
            let mut pools = BTreeSet::new();
            let moved_clawback = of_basis.iter().any(|run| {
                let clawback = account_id("supplier_clawback", run.supplier_id, None);
                self.entries_of(run).iter().any(|entry| entry.account_id == clawback)
            });
            for (number, run) in (1_i32..).zip(of_basis) {
                let held = check_run(run, self.shares_of(run))?;
                pools.extend(held.iter().filter_map(|held| pool_account(run, held)));
                if run.number != number {
                    return Err(Fault::new(
                        "share_run",
                        run.id,
                        format!("序号为 {}，应为 {number}。", run.number),
                        format!("its number is {} instead of {number}.", run.number),
                    ));
                }
                check_posting(run, self.entries_of(run))?;
                if !moved_clawback {
                    let was = before.map_or(&[][..], |before| self.shares_of(before));
                    check_entries(run, (before, was), (&held, &pools), self.shares_of(run), self.entries_of(run))?;
                }
                before = Some(run);
            }
            if moved_clawback {
                self.check_held(of_basis)?;
            }
        }
        Ok(())
    }

    /// Where households had been handed more than was left of their shares: they hold what they were handed, and the
    /// supplier bears the difference.
    fn check_held(&self, runs: &[RunRow]) -> Result<(), Fault> {
        let Some(last) = runs.last() else { return Ok(()) };
        let fault = |zh: String, en: String| Err(Fault::new("share_run", last.id, zh, en));
        let mut held: BTreeMap<Uuid, i128> = BTreeMap::new();
        for entry in runs.iter().flat_map(|run| self.entries_of(run)) {
            let amount = i128::from(entry.amount_fen);
            *held.entry(entry.account_id).or_default() += if entry.side == "credit" { amount } else { -amount };
        }
        let mut target: BTreeMap<Uuid, i128> = BTreeMap::new();
        for share in runs.iter().flat_map(|run| self.shares_of(run)) {
            target.entry(account_id("household_payable", share.household_id, Some(share.agreement_id))).or_default();
        }
        for share in self.shares_of(last) {
            let account = account_id("household_payable", share.household_id, Some(share.agreement_id));
            *target.entry(account).or_default() += i128::from(share.amount_fen);
        }
        let mut beyond = 0;
        for (account, due) in &target {
            let holds = held.get(account).copied().unwrap_or(0);
            let paid_out = self.paid_out.get(&(last.supplier_order_id, *account)).copied().unwrap_or(0);
            if holds != *due && (holds < *due || holds > paid_out) {
                return fault(
                    format!("账户 {account} 计提 {holds} 分，应得份额 {due} 分，已发放 {paid_out} 分。"),
                    format!("account {account} holds {holds} fen, its share is {due}, handed over were {paid_out}."),
                );
            }
            beyond += holds - due;
        }
        let clawback = -held.get(&account_id("supplier_clawback", last.supplier_id, None)).copied().unwrap_or(0);
        let borne = self.borne.get(&last.supplier_order_id).copied().unwrap_or(0);
        if clawback < beyond || (borne == 0 && clawback != beyond) {
            return fault(
                format!("供应商应补款记入 {clawback} 分，应为 {beyond} 分。"),
                format!("{clawback} fen are the supplier's to bear, it should be {beyond}."),
            );
        }
        let revenue = -held.get(&account_id("supplier_revenue", last.supplier_id, None)).copied().unwrap_or(0);
        if revenue != i128::from(last.gross()) {
            return fault(
                format!("结转收入 {revenue} 分，应为 {} 分。", last.gross()),
                format!("{revenue} fen of revenue were shared out instead of {}.", last.gross()),
            );
        }
        Ok(())
    }
}

fn group<T>(rows: Vec<T>, key: impl Fn(&T) -> Uuid) -> BTreeMap<Uuid, Vec<T>> {
    let mut groups: BTreeMap<Uuid, Vec<T>> = BTreeMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}

/// What waits for the close of a period: the mode, the period's pool, the amount.
type HeldRow = (String, Option<String>, i64);

fn pool_account(run: &RunRow, (_, pool, _): &HeldRow) -> Option<Uuid> {
    let pool: Uuid = pool.as_deref()?.parse().ok()?;
    Some(account_id("period_pool", run.supplier_id, Some(pool)))
}

/// A run follows from its inputs; gives what by them waits for a period.
fn check_run(run: &RunRow, rows: &[ShareRow]) -> Result<Vec<HeldRow>, Fault> {
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
    Ok(inputs.held)
}

/// What a run puts into the pools of periods is what waits more by it than by the one before; what it takes out is at
/// most what waits less, for what a period shared out stays with households. Adds it to what is due; gives the net.
fn check_pools(
    run: &RunRow,
    before: Option<&RunRow>,
    (held, pools): (&[HeldRow], &BTreeSet<Uuid>),
    entries: &[EntryRow],
    due: &mut Due,
) -> Result<i128, Fault> {
    let was = match before {
        Some(before) => shares::recompute(&before.inputs).map(|inputs| inputs.held).unwrap_or_default(),
        None => Vec::new(),
    };
    let of = |held: &[HeldRow], mode: &str| {
        held.iter().find(|(of, ..)| of == mode).map_or(0, |(.., amount)| i128::from(*amount))
    };
    let (mut net, mut less) = (0, 0);
    for row in held {
        let more = i128::from(row.2) - of(&was, &row.0);
        if let (true, Some(account)) = (more > 0, pool_account(run, row)) {
            *due.entry((account, "credit")).or_default() += more;
            net += more;
        }
    }
    for (mode, _, amount) in &was {
        less += (i128::from(*amount) - of(held, mode)).max(0);
    }
    let mut taken = 0;
    for entry in entries.iter().filter(|entry| entry.side == "debit" && pools.contains(&entry.account_id)) {
        *due.entry((entry.account_id, "debit")).or_default() += i128::from(entry.amount_fen);
        taken += i128::from(entry.amount_fen);
    }
    if taken > less {
        return Err(Fault::new(
            "posting",
            run.posting_id,
            format!("从期间池取出 {taken} 分，按测算 {} 最多 {less} 分。", run.id),
            format!("{taken} fen are taken out of periods, by run {} it is {less} at most.", run.id),
        ));
    }
    Ok(net - taken)
}

/// The last run shares out what is accepted and not credited, or paid and not credited, and counts all that was paid.
fn check_basis(run: &RunRow) -> Result<(), Fault> {
    let is_accrued = run.basis == "accrued";
    // What carrying costs is owed with the first goods that are accepted until it is credited, and nobody shares in it.
    let carried = if run.accepted_fen == 0 { 0 } else { run.freight_fen - run.freight_credited_fen };
    let net = run.accepted_fen - carried - run.credited_fen;
    let (due, gross) =
        if is_accrued { (run.paid_fen.min(net), run.paid_fen + run.refunded_fen) } else { (net, run.gross()) };
    if run.attributable_fen != due {
        return Err(Fault::new(
            "share_run",
            run.id,
            format!("分配了 {} 分，而订单 {} 应分配 {due} 分。", run.attributable_fen, run.supplier_order_id),
            format!("{} fen are shared out, order {} has {due}.", run.attributable_fen, run.supplier_order_id),
        ));
    }
    if run.gross() != gross {
        return Err(Fault::new(
            "share_run",
            run.id,
            format!("累计收款记为 {} 分，应为 {gross} 分。", run.gross()),
            format!("{} fen are said to have been paid in all, it was {gross}.", run.gross()),
        ));
    }
    Ok(())
}

/// The last run shares by the plans of the order's lines, and by each what its lines bring.
fn check_plans(run: &RunRow, goods: &BTreeMap<Uuid, i64>) -> Result<(), Fault> {
    let wrong = |zh: String, en: String| Fault::new("share_run", run.id, format!("{zh}。"), format!("{en}."));
    let inputs = shares::recompute(&run.inputs).map_err(|fault| wrong(fault.zh(), fault.to_string()))?;
    let plans: Vec<Uuid> = goods.keys().copied().collect();
    let weights: Vec<u64> = goods.values().map(|goods| u64::try_from(*goods).unwrap_or(0)).collect();
    let tie = |plan: &Uuid| {
        digest(&SHA256, &[run.supplier_order_id.into_bytes(), plan.into_bytes()].concat()).as_ref().to_vec()
    };
    let ties: Vec<Vec<u8>> = plans.iter().map(tie).collect();
    let divided =
        shares::divide(run.attributable_fen, &weights, &ties).map_err(|fault| wrong(fault.zh(), fault.to_string()))?;
    let Some(divided) = divided.filter(|_| plans.len() > 1) else {
        // One plan has all; and where nothing is left of any line, there is nothing to divide.
        let same = inputs.parts.iter().all(|(plan, _)| plan.parse().is_ok_and(|plan| goods.contains_key(&plan)));
        return if same {
            Ok(())
        } else {
            Err(wrong("按别的方案分配".to_owned(), "it follows another plan".to_owned()))
        };
    };
    for (plan, wanted) in plans.iter().zip(divided) {
        let part = inputs.parts.iter().find(|(of, _)| *of == plan.to_string());
        let is = part.map_or(0, |(_, amount)| *amount);
        if part.is_none() || is != wanted || inputs.parts.len() != plans.len() {
            return Err(wrong(
                format!("按方案 {plan} 分配 {is} 分，其明细应为 {wanted} 分"),
                format!("{is} fen are shared by plan {plan}, its lines bring {wanted}"),
            ));
        }
    }
    Ok(())
}

/// The posting of a run has its cause, and every entry belongs to its order.
fn check_posting(run: &RunRow, entries: &[EntryRow]) -> Result<(), Fault> {
    let suffix = if run.basis == "accrued" { "settled" } else { "promised" };
    let mut cause = format!("supplier_order:{}:{suffix}", run.supplier_order_id);
    if run.number > 1 {
        cause.push_str(&format!(":{}", run.number));
    }
    let fault = |zh: String, en: String| Err(Fault::new("posting", run.posting_id, zh, en));
    if run.cause.as_deref() != Some(cause.as_str()) {
        return fault(
            format!("不是测算 {} 应有的凭证。", run.id),
            format!("it is not the posting that run {} has to have.", run.id),
        );
    }
    if run.posting_inputs_hash.as_ref().is_some_and(|posted| *posted != run.inputs_hash) {
        return fault(
            format!("凭证所记的计算依据与测算 {} 的不同。", run.id),
            format!("the inputs it names are not those of run {}.", run.id),
        );
    }
    match entries.iter().find(|entry| entry.supplier_order_id != Some(run.supplier_order_id)) {
        None => Ok(()),
        Some(entry) => fault(
            format!("第 {} 行分录不属于订单 {}。", entry.line_no, run.supplier_order_id),
            format!("entry {} does not belong to order {}.", entry.line_no, run.supplier_order_id),
        ),
    }
}

/// What a posting has to move: for each account and side an amount.
type Due = BTreeMap<(Uuid, &'static str), i128>;

fn expect(due: &mut Due, account: Uuid, (plus, minus): (&'static str, &'static str), amount: i128) {
    if amount != 0 {
        *due.entry((account, if amount > 0 { plus } else { minus })).or_default() += amount.abs();
    }
}

/// The posting of a run moves exactly what its shares changed by since the one before, agreement by agreement.
fn check_entries(
    run: &RunRow,
    (before, was): (Option<&RunRow>, &[ShareRow]),
    waiting: (&[HeldRow], &BTreeSet<Uuid>),
    rows: &[ShareRow],
    entries: &[EntryRow],
) -> Result<(), Fault> {
    let is_accrued = run.basis == "accrued";
    let household_kind = if is_accrued { "household_payable" } else { "household_promised" };
    let mut shares: BTreeMap<Uuid, i128> = BTreeMap::new();
    for (rows, sign) in [(rows, 1), (was, -1)] {
        for row in rows {
            let account = account_id(household_kind, row.household_id, Some(row.agreement_id));
            *shares.entry(account).or_default() += sign * i128::from(row.amount_fen);
        }
    }
    let mut due = Due::new();
    for (account, amount) in &shares {
        expect(&mut due, *account, ("credit", "debit"), *amount);
    }
    let shared: i128 = shares.values().sum();
    let pooled = if is_accrued { check_pools(run, before, waiting, entries, &mut due)? } else { 0 };
    let nothing_moved = due.is_empty();
    let moved = (run.attributable_fen - before.map_or(0, |before| before.attributable_fen)).abs();
    let gross = i128::from(run.gross() - before.map_or(0, RunRow::gross));
    let rest = if is_accrued {
        expect(&mut due, account_id("supplier_revenue", run.supplier_id, None), ("debit", "credit"), gross);
        let retained = account_id("supplier_retained", run.supplier_id, None);
        expect(&mut due, retained, ("credit", "debit"), gross - shared - pooled);
        retained
    } else {
        let given = account_id("promise_given", run.supplier_id, None);
        expect(&mut due, given, ("debit", "credit"), shared);
        given
    };
    if nothing_moved && (!is_accrued || gross == 0) {
        // Nothing but what stays with the supplier changed: the posting says by how much, on both sides.
        due.insert((rest, "debit"), i128::from(moved));
        due.insert((rest, "credit"), i128::from(moved));
    }
    let mut found: BTreeMap<(Uuid, &str), i128> = BTreeMap::new();
    for entry in entries {
        *found.entry((entry.account_id, entry.side.as_str())).or_default() += i128::from(entry.amount_fen);
    }
    for key in due.keys().map(|(account, side)| (*account, *side)).chain(found.keys().copied()) {
        let (wanted, is) = (due.get(&key).copied().unwrap_or(0), found.get(&key).copied().unwrap_or(0));
        if wanted != is {
            return Err(Fault::new(
                "posting",
                run.posting_id,
                format!("账户 {} 记入 {is} 分，按测算 {} 应为 {wanted} 分。", key.0, run.id),
                format!("account {} is moved by {is} fen, by run {} it should be {wanted}.", key.0, run.id),
            ));
        }
    }
    Ok(())
}
