//! Every close of a period, repeated from its recorded inputs, and compared with its records, its shares and the journal.

use super::closes::{self, Closing, DueText, InputsText, Spread};
use super::journal::account_id;
use super::store::ask;
use super::{Fault, Halt};
use ring::digest::{SHA256, digest};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::BTreeMap;
use uuid::Uuid;

#[derive(Debug, FromQueryResult)]
struct RunRow {
    period_id: Uuid,
    supplier_id: Uuid,
    state: String,
    pool_fen: i64,
    due_fen: i64,
    shared_fen: i64,
    retained_fen: i64,
    inputs: String,
    inputs_hash: String,
    posting_id: Option<Uuid>,
    cause: Option<String>,
}

#[derive(Debug, FromQueryResult)]
struct ShareRow {
    mode: String,
    agreement_id: Uuid,
    household_id: Uuid,
    household_status: String,
    due_fen: i64,
    amount_fen: i64,
}

#[derive(Debug, FromQueryResult)]
struct RecordedRow {
    mode: String,
    agreement_id: Option<Uuid>,
    due_fen: i64,
}

#[derive(Debug, FromQueryResult)]
struct EntryRow {
    account_id: Uuid,
    side: String,
    amount_fen: i64,
    supplier_order_id: Option<Uuid>,
}

#[derive(Debug, FromQueryResult)]
struct Found {
    id: Uuid,
}

/// Checks every close of a period, and that nothing is left in the pools of a closed one.
pub(super) async fn periods(db: &impl ConnectionTrait) -> Result<(), Halt> {
    let mut after = Uuid::nil();
    loop {
        let sql = "select r.period_id, p.supplier_id, p.state, r.pool_fen, r.due_fen, r.shared_fen, r.retained_fen,
                     r.inputs, r.inputs_hash, r.posting_id, g.cause
                   from period_run r join period p on p.id = r.period_id
                   left join posting g on g.id = r.posting_id
                   where r.period_id > $1 order by r.period_id limit 10";
        let page: Vec<RunRow> = ask(db, sql, vec![after.into()]).await?;
        let Some(last) = page.last() else { break };
        after = last.period_id;
        for run in &page {
            check_run(db, run).await?;
        }
    }
    for (sql, zh, en) in [
        (
            "select p.id from period p left join period_run r on r.period_id = p.id
             where (p.state = 'closed') <> (r.period_id is not null) limit 1",
            "关账状态与分配测算不符。",
            "its state and its computation do not agree.",
        ),
        (
            "select q.period_id as id from period_pool q join period p on p.id = q.period_id
             join account a on a.part_id = q.id and a.kind = 'period_pool' join entry e on e.account_id = a.id
             where p.state = 'closed' group by q.period_id, a.id, e.supplier_order_id
             having sum(case when e.side = 'credit' then e.amount_fen else -e.amount_fen end) <> 0 limit 1",
            "已关账，池中仍有余额。",
            "it is closed, and something is left in its pools.",
        ),
    ] {
        if let Some(found) = ask::<Found>(db, sql, Vec::new()).await?.pop() {
            return Err(Fault::new("period", found.id, zh, en).into());
        }
    }
    Ok(())
}

/// Orders repay no more of advanced costs than was advanced.
pub(super) async fn costs(db: &impl ConnectionTrait) -> Result<(), Halt> {
    let sql = "select d.agreement_id as id from cost_deduction d group by d.agreement_id
               having sum(d.deducted_fen + d.waived_fen) >
                 (select coalesce(sum(c.amount_fen), 0) from declared_cost c where c.agreement_id = d.agreement_id)
               limit 1";
    match ask::<Found>(db, sql, Vec::new()).await?.pop() {
        None => Ok(()),
        Some(found) => Err(Fault::new(
            "agreement",
            found.id,
            "扣回的垫付成本多于所垫付的。",
            "orders repay more of its advanced costs than was advanced.",
        )
        .into()),
    }
}

async fn check_run(db: &impl ConnectionTrait, run: &RunRow) -> Result<(), Halt> {
    let fault = |zh: String, en: String| Fault::new("period_run", run.period_id, zh, en);
    let hash: String =
        digest(&SHA256, run.inputs.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    if hash != run.inputs_hash {
        let (zh, en) = ("计算依据被改动，与散列值不符。", "its recorded inputs were changed: the hash differs.");
        return Err(fault(zh.to_owned(), en.to_owned()).into());
    }
    let inputs = closes::read(&run.inputs).map_err(|error| {
        fault(format!("无法读取计算依据：{}。", error.zh()), format!("its inputs cannot be read: {error}."))
    })?;
    if inputs.period_id != run.period_id || inputs.supplier_id != run.supplier_id {
        let (zh, en) = ("计算依据属于别的期间。", "its inputs are about something else.");
        return Err(fault(zh.to_owned(), en.to_owned()).into());
    }
    let closing = closes::recompute(&inputs).map_err(|error| {
        fault(format!("无法由依据得出结果：{}。", error.zh()), format!("nothing follows: {error}."))
    })?;
    check_totals(run, &inputs, &closing)?;
    check_records(db, run, &inputs).await?;
    check_shares(db, run, &closing).await?;
    check_entries(db, run, &closing).await
}

fn check_totals(run: &RunRow, inputs: &InputsText, closing: &Closing<'_>) -> Result<(), Fault> {
    let pool: i64 = inputs.waiting.iter().map(|waiting| waiting.amount_fen).sum();
    let due: i64 = inputs.due.iter().map(|due| due.due_fen).sum();
    let shared: i64 = closing.shares.iter().map(|(_, amount)| amount).sum();
    for (column, kept, computed) in [
        ("pool_fen", run.pool_fen, pool),
        ("due_fen", run.due_fen, due),
        ("shared_fen", run.shared_fen, shared),
        ("retained_fen", run.retained_fen, closing.retained),
    ] {
        if kept != computed {
            return Err(Fault::new(
                "period_run",
                run.period_id,
                format!("{column} 记录为 {kept}，按依据应为 {computed}。"),
                format!("{column} is {kept}, its inputs give {computed}."),
            ));
        }
    }
    let is_closed = run.state == "closed";
    let cause = (pool > 0).then(|| format!("period:{}:closed", run.period_id));
    if is_closed && run.cause == cause && run.posting_id.is_some() == cause.is_some() {
        return Ok(());
    }
    let (zh, en) = ("没有其关账凭证。", "it has not the posting of its close.");
    Err(Fault::new("period_run", run.period_id, zh, en))
}

/// What is due is what was recorded: under each agreement, and of the dividends in sum.
async fn check_records(db: &impl ConnectionTrait, run: &RunRow, inputs: &InputsText) -> Result<(), Halt> {
    let sql = "select mode, agreement_id, cast(sum(due_fen) as bigint) as due_fen from period_record
               where period_id = $1 group by mode, agreement_id";
    let recorded: Vec<RecordedRow> = ask(db, sql, vec![run.period_id.into()]).await?;
    let of = |mode: &str, agreement: Option<Uuid>| {
        let row = recorded.iter().find(|row| row.mode == mode && row.agreement_id == agreement);
        row.map_or(0, |row| row.due_fen)
    };
    let wrong = |what: String, is: i64, recorded: i64| {
        Fault::new(
            "period_run",
            run.period_id,
            format!("{what} 应付 {is} 分，登记为 {recorded} 分。"),
            format!("{is} fen are due to {what}, recorded are {recorded}."),
        )
    };
    for due in inputs.due.iter().filter(|due| due.mode != "dividend") {
        let recorded = of(&due.mode, Some(due.agreement_id));
        if due.due_fen != recorded {
            return Err(wrong(due.agreement_id.to_string(), due.due_fen, recorded).into());
        }
    }
    let dividends: i64 = inputs.due.iter().filter(|due| due.mode == "dividend").map(|due| due.due_fen).sum();
    let resolved = of("dividend", None);
    if dividends != 0 && dividends != resolved {
        return Err(wrong("dividends".to_owned(), dividends, resolved).into());
    }
    Ok(())
}

async fn check_shares(db: &impl ConnectionTrait, run: &RunRow, closing: &Closing<'_>) -> Result<(), Halt> {
    let sql = "select mode, agreement_id, household_id, household_status, due_fen, amount_fen from period_share
               where period_id = $1 order by line_no";
    let rows: Vec<ShareRow> = ask(db, sql, vec![run.period_id.into()]).await?;
    let same = |(row, (due, amount)): (&ShareRow, &(&DueText, i64))| {
        (row.mode.as_str(), row.agreement_id, row.household_id)
            == (due.mode.as_str(), due.agreement_id, due.household_id)
            && row.household_status == due.household_status
            && (row.due_fen, row.amount_fen) == (due.due_fen, *amount)
    };
    let differs = rows.iter().zip(&closing.shares).position(|pair| !same(pair));
    let line = differs.or_else(|| (rows.len() != closing.shares.len()).then(|| rows.len().min(closing.shares.len())));
    match line {
        None => Ok(()),
        Some(line) => Err(Fault::new(
            "period_share",
            run.period_id,
            format!("第 {} 份与按依据所得不符。", line + 1),
            format!("share {} is not what the inputs give.", line + 1),
        )
        .into()),
    }
}

async fn check_entries(db: &impl ConnectionTrait, run: &RunRow, closing: &Closing<'_>) -> Result<(), Halt> {
    let Some(posting) = run.posting_id else { return Ok(()) };
    let sql = "select account_id, side, amount_fen, supplier_order_id from entry where posting_id = $1";
    let mut found: BTreeMap<(Uuid, String, Uuid), i128> = BTreeMap::new();
    for entry in ask::<EntryRow>(db, sql, vec![posting.into()]).await? {
        let order = entry.supplier_order_id.unwrap_or(Uuid::nil());
        *found.entry((entry.account_id, entry.side, order)).or_default() += i128::from(entry.amount_fen);
    }
    let wanted = moved(run.supplier_id, closing);
    let differs = wanted.iter().chain(&found).find(|(key, _)| wanted.get(*key) != found.get(*key));
    match differs {
        None => Ok(()),
        Some((key, _)) => Err(Fault::new(
            "posting",
            posting,
            format!(
                "账户 {} 记入 {} 分，按期间 {} 应为 {} 分。",
                key.0,
                found.get(key).unwrap_or(&0),
                run.period_id,
                wanted.get(key).unwrap_or(&0)
            ),
            format!(
                "account {} is moved by {} fen, by period {} it should be {}.",
                key.0,
                found.get(key).unwrap_or(&0),
                run.period_id,
                wanted.get(key).unwrap_or(&0)
            ),
        )
        .into()),
    }
}

/// What the posting of a close moves: by account, side and order.
fn moved(supplier: Uuid, closing: &Closing<'_>) -> BTreeMap<(Uuid, String, Uuid), i128> {
    let mut moved: BTreeMap<(Uuid, String, Uuid), i128> = BTreeMap::new();
    for Spread { waiting, shared, parts } in &closing.orders {
        let mut moves = |kind: &str, owner: Uuid, part: Option<Uuid>, side: &str, fen: i64| {
            if fen != 0 {
                let key = (account_id(kind, owner, part), side.to_owned(), waiting.supplier_order_id);
                *moved.entry(key).or_default() += i128::from(fen);
            }
        };
        moves("period_pool", supplier, Some(waiting.pool_id), "debit", waiting.amount_fen);
        moves("promise_given", supplier, None, "debit", *shared);
        moves("supplier_retained", supplier, None, "credit", waiting.amount_fen - shared);
        for (due, part) in parts {
            moves("household_promised", due.household_id, Some(due.agreement_id), "credit", *part);
            moves("household_payable", due.household_id, Some(due.agreement_id), "credit", *part);
        }
    }
    moved
}
