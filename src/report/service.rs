//! Asking for reports, doing them, showing them.

use super::definition::{self, ALL};
use super::fold::{self, Arrear, Benefit, Gift, Reach, Sales};
use super::gather;
use super::reach;
use super::state::{self, Step};
use super::store::{self, Question, help, sums};
use super::table::{Line, Table};
use super::view::{
    AskReport, CompareQuery, ReportComparison, ReportDefinitions, ReportDetail, ReportRun, ReportSnapshot,
};
use super::{ReportError, jobs};
use crate::access::policy::{RunReport, ViewMonitoringRule, ViewQuota, ViewReport};
use crate::access::{Actor, Grant, Scope, SmallestGroup};
use crate::app::App;
use crate::db::{Change, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::jobs::{self as work, JobError};
use crate::monitoring::figures::{self, Counted};
use crate::problem::{self, Failure, FieldProblem, Problem, Text};
use crate::quota;
use crate::seal;
use crate::secrecy::sha256_hex;
use chrono::NaiveDate;
use entity::value::{AreaCode, ProgressUnit, ReportKind, ReportRunId, ReportState, business_date};
use entity::{report_run, report_snapshot};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::HashMap;

/// The longest span, in days.
const LONGEST_DAYS: i64 = 3_700;

fn fault(pointer: &str, zh: &'static str, en: &'static str) -> FieldProblem {
    FieldProblem { pointer: pointer.to_owned(), detail: Text::new(zh, en) }
}

/// The reports that there are.
#[must_use]
pub fn definitions() -> ReportDefinitions {
    ReportDefinitions { items: ALL.iter().map(Into::into).collect() }
}

/// Asks for a report; it is done in the background.
///
/// # Errors
/// A span that makes no sense; a division that does not exist; a report of what one may not see.
pub async fn ask(tx: &Tx, grant: &Grant<RunReport>, wanted: &AskReport) -> Result<ReportRun, ReportError> {
    let mut faults = Vec::new();
    if wanted.until < wanted.from {
        faults.push(fault("/until", "止日早于起日。", "The last day lies before the first."));
    } else if (wanted.until - wanted.from).num_days() > LONGEST_DAYS {
        faults.push(fault("/until", "统计期不超过十年。", "The span has at most ten years."));
    }
    for (pointer, code) in [("/region_code", &wanted.region_code), ("/partner_code", &wanted.partner_code)] {
        if let Some(code) = code
            && !store::is_division(tx, code).await?
        {
            faults.push(fault(pointer, "没有这个行政区划。", "There is no such division."));
        }
    }
    if !faults.is_empty() {
        return Err(ReportError::Fields(faults));
    }
    let scope = reach_of(grant, wanted.kind)?;
    let row = report_run::Model {
        id: ReportRunId::generate(),
        organisation_id: grant.organisation()?,
        requested_by: grant.person()?,
        kind: wanted.kind,
        rule_version: definition::of(wanted.kind).version,
        from_date: wanted.from,
        until_date: wanted.until,
        region_code: wanted.region_code.clone(),
        partner_code: wanted.partner_code.clone(),
        reach: reach::write(&scope),
        state: ReportState::Waiting,
        progress: 0,
        attempts: 0,
        last_error: None,
        created_at: tx.now(),
        version: 1,
    };
    store::insert_run(tx, row.clone()).await?;
    work::enqueue(tx, jobs::RUN.name, format!("\"{}\"", row.id), tx.now()).await?;
    let after = json!({ "kind": row.kind, "from": row.from_date, "until": row.until_date, "reach": row.reach });
    tx.audit(Change::made("report.run", "report_run", row.id.uuid(), after)).await?;
    Ok(row.into())
}

/// How far a report sees: as far as whoever asks for it; one of quotas or of households as far as they see those.
fn reach_of(grant: &Grant<RunReport>, kind: ReportKind) -> Result<Scope, ReportError> {
    Ok(match kind {
        ReportKind::QuotaBulletin => Grant::<ViewQuota>::claim(grant.actor())?.scope().clone(),
        ReportKind::MonitoringOverview => Grant::<ViewMonitoringRule>::claim(grant.actor())?.scope().clone(),
        ReportKind::CountyConsumption
        | ReportKind::CooperativeBenefit
        | ReportKind::EnterpriseStatement
        | ReportKind::Arrears => grant.scope().clone(),
    })
}

/// Has a report that failed done again.
///
/// # Errors
/// Not found; changed meanwhile; it has not failed.
pub async fn retry(tx: &Tx, grant: &Grant<RunReport>, id: ReportRunId, seen: IfMatch) -> Result<ReportRun, Failure> {
    let own = Scope::Organisation(grant.organisation().map_err(ReportError::from)?);
    let row = store::hold_run(tx, &own, id).await.map_err(ReportError::from)?.ok_or(ReportError::NotFound)?;
    seen.check(row.version)?;
    let from = row.state;
    let to = state::next(from, Step::AskAgain).ok_or(ReportError::NotFailed(from))?;
    let row = report_run::Model { state: to, attempts: 0, progress: 0, last_error: None, ..row };
    let row = store::save_run(tx, row).await?;
    work::enqueue(tx, jobs::RUN.name, format!("\"{}\"", row.id), tx.now()).await?;
    tx.audit(Change::moved("report.retry", "report_run", id.uuid(), from.as_str(), to.as_str())).await?;
    Ok(row.into())
}

/// Does a report that waits. Does nothing for one that is done. What fails is tried again later, and given up after
/// [`state::MOST_ATTEMPTS`] attempts, which the report then says.
///
/// # Errors
/// What failed, for the queue to put it off or to keep it for an operator.
pub async fn run(app: &App, id: ReportRunId) -> Result<(), JobError> {
    let row = match begin(app, id).await? {
        Turn::Over => return Ok(()),
        Turn::GivenUp => return Err(JobError::GiveUp(Problem::internal().into())),
        Turn::Begun(row) => row,
    };
    match make(app, row).await {
        Ok(()) => Ok(()),
        Err(failure) => failed(app, id, failure).await,
    }
}

/// What a worker finds when it takes a report.
enum Turn {
    /// There is nothing to be done.
    Over,
    /// As many workers as may died over it.
    GivenUp,
    /// It is its turn.
    Begun(report_run::Model),
}

/// Takes a report in hand and counts the attempt before it is made, so that those that kill their worker count too.
async fn begin(app: &App, id: ReportRunId) -> Result<Turn, Failure> {
    app.transact(&Actor::System, async |tx| -> Result<Turn, ReportError> {
        let Some(row) = store::hold_run(tx, &Scope::Everything, id).await? else { return Ok(Turn::Over) };
        let Some(state) = state::next(row.state, Step::Begin) else { return Ok(Turn::Over) };
        if row.state == ReportState::Running && row.attempts >= state::MOST_ATTEMPTS {
            let code = Some(problem::INTERNAL.code.to_owned());
            store::save_run(tx, report_run::Model { state: ReportState::Failed, last_error: code, ..row }).await?;
            return Ok(Turn::GivenUp);
        }
        // An operator who has a failed one done again gives it its attempts back.
        let before = if row.state == ReportState::Failed { 0 } else { row.attempts };
        let row = report_run::Model { state, attempts: before + 1, progress: 10, ..row };
        Ok(Turn::Begun(store::save_run(tx, row).await?))
    })
    .await
}

/// Seals what was posted, reads, and freezes what it came to.
async fn make(app: &App, row: report_run::Model) -> Result<(), Failure> {
    // Whatever was posted until now goes in: seal it first.
    seal::seal_all(app, seal::Reach::Recent).await?;
    let head = store::head(app.reader()).await?;
    come_to(app, row.id, 40).await?;
    let asked = question(&row, head.as_ref().map_or(0, |seal| seal.number))?;
    gather::up_to(app, asked.seal).await?;
    come_to(app, row.id, 60).await?;
    let table = draw_up(app.reader(), &row, &asked).await?;
    let content = serde_json::to_string(&table).map_err(|_| ReportError::Unreadable)?;
    come_to(app, row.id, 90).await?;
    app.transact(&Actor::System, async |tx| -> Result<(), ReportError> {
        let held = store::hold_run(tx, &Scope::Everything, row.id).await?;
        // Whoever took it over meanwhile came to the same.
        let Some((held, state)) = held.and_then(|held| state::next(held.state, Step::Finish).map(|to| (held, to)))
        else {
            return Ok(());
        };
        let snapshot = report_snapshot::Model {
            run_id: row.id,
            sha256: hash(&row, asked.seal, &content),
            content: content.clone(),
            seal_number: asked.seal,
            seal_hash: head.as_ref().map(|seal| seal.hash.clone()),
            made_at: tx.now(),
        };
        store::insert_snapshot(tx, snapshot).await?;
        let done = report_run::Model { state, progress: 100, last_error: None, ..held };
        store::save_run(tx, done).await.map(drop).map_err(Into::into)
    })
    .await
}

/// Says how far a report has come.
async fn come_to(app: &App, id: ReportRunId, progress: i32) -> Result<(), Failure> {
    app.transact(&Actor::System, async |tx| -> Result<(), ReportError> {
        let held = store::hold_run(tx, &Scope::Everything, id).await?;
        if let Some(row) = held.filter(|row| row.state == ReportState::Running && row.progress < progress) {
            store::save_run(tx, report_run::Model { progress, ..row }).await?;
        }
        Ok(())
    })
    .await?;
    work::progress(app, u64::try_from(progress).unwrap_or(0), 100, ProgressUnit::Percent).await;
    Ok(())
}

/// Writes down that an attempt failed; says whether the queue is to try again.
async fn failed(app: &App, id: ReportRunId, failure: Failure) -> Result<(), JobError> {
    let kind = failure.problem().kind;
    let written = app
        .transact(&Actor::System, async |tx| -> Result<Option<ReportState>, ReportError> {
            let Some(row) = store::hold_run(tx, &Scope::Everything, id).await? else { return Ok(None) };
            let step = state::after_failure(row.attempts, kind.status >= 500);
            let Some(state) = state::next(row.state, step) else { return Ok(None) };
            let last_error = Some(kind.code.to_owned());
            store::save_run(tx, report_run::Model { state, last_error, progress: 0, ..row }).await?;
            Ok(Some(state))
        })
        .await?;
    match written {
        None => Ok(()),
        Some(ReportState::Failed) => Err(JobError::GiveUp(failure)),
        Some(_) => Err(JobError::Retry(failure)),
    }
}

pub(super) fn question(row: &report_run::Model, seal: i64) -> Result<Question, ReportError> {
    let scope = reach::read(&row.reach).ok_or(ReportError::Unreadable)?;
    Ok(Question { scope, region: row.region_code.clone(), span: (row.from_date, row.until_date), seal })
}

/// The question, the rule, the seal and the answer, in one hash.
fn hash(row: &report_run::Model, seal: i64, content: &str) -> String {
    let asked = json!([
        row.kind,
        row.rule_version,
        row.from_date,
        row.until_date,
        row.region_code,
        row.partner_code,
        row.reach,
        seal
    ]);
    sha256_hex(format!("{asked}\n{content}").as_bytes())
}

async fn draw_up(db: &impl ConnectionTrait, row: &report_run::Model, asked: &Question) -> Result<Table, ReportError> {
    let lines = match row.kind {
        ReportKind::CountyConsumption => {
            let sales = sales(db, asked).await?;
            let mut lines = fold::county(&sales, row.partner_code.as_ref(), sums::benefited(db, asked).await?);
            let elsewhere = store::elsewhere(db, asked).await?;
            if elsewhere.sales > 0 {
                lines.push(fold::off_platform((elsewhere.sales, elsewhere.sold, elsewhere.attributed)));
            }
            lines
        }
        ReportKind::CooperativeBenefit => cooperatives(db, asked).await?,
        ReportKind::EnterpriseStatement => enterprises(db, asked).await?,
        ReportKind::Arrears => fold::arrears(&arrears(db, asked).await?, asked.span.1),
        ReportKind::QuotaBulletin => {
            let sits = |code: &AreaCode| asked.region.as_ref().is_none_or(|region| fold::is_within(code, region));
            fold::quotas(&quota::progress_within(db, &asked.scope, sits, last_day(row)).await?)
        }
        ReportKind::MonitoringOverview => monitored(db, asked, (row.from_date, last_day(row))).await?,
    };
    Ok(Table { columns: definition::of(row.kind).columns(), lines })
}

/// The last day of a report of what is: what is to come is not late yet.
pub(super) fn last_day(row: &report_run::Model) -> NaiveDate {
    row.until_date.min(business_date(row.created_at))
}

/// Which counties a report of monitoring counts.
pub(super) fn counted(asked: &Question) -> Counted<'_> {
    let region = asked.region.as_ref().and_then(|region| region.as_str().get(..fold::digits_of(region)));
    Counted { scope: &asked.scope, region }
}

async fn monitored(
    db: &impl ConnectionTrait,
    asked: &Question,
    span: (NaiveDate, NaiveDate),
) -> Result<Vec<Line>, ReportError> {
    let figures = figures::figures(db, counted(asked), span).await?;
    let mut codes: Vec<AreaCode> = figures.monitored.iter().map(|one| one.county.clone()).collect();
    codes.extend(figures.clues.iter().map(|one| one.county.clone()));
    codes.extend(figures.measures.iter().map(|one| one.county.clone()));
    codes.sort();
    codes.dedup();
    let names = crate::region::divisions(db, &codes).await?.into_iter().map(|one| (one.code, one.name)).collect();
    Ok(fold::monitoring(&figures, &names))
}

async fn sales(db: &impl ConnectionTrait, asked: &Question) -> Result<Vec<Sales>, ReportError> {
    let bought = sums::by_buyer(db, asked).await?;
    let buyers = store::organisations(db, bought.iter().map(|row| row.buyer_id)).await?;
    let sales = bought.into_iter().filter_map(|row| {
        let buyer = buyers.get(&row.buyer_id)?;
        Some(Sales {
            buyer_kind: buyer.kind,
            buyer_division: buyer.division_code.clone(),
            is_assisted: row.is_assisted,
            is_certified: row.is_certified,
            orders: row.orders,
            sold: row.sold,
            paid: row.paid,
            attributed: row.attributed,
            paid_out: row.paid_out,
        })
    });
    Ok(sales.collect())
}

async fn cooperatives(db: &impl ConnectionTrait, asked: &Question) -> Result<Vec<Line>, ReportError> {
    let modes = sums::modes(db, asked).await?;
    let names = store::organisations(db, modes.iter().map(|row| row.supplier_id)).await?;
    let benefits: Vec<Benefit> = modes
        .into_iter()
        .map(|row| Benefit {
            supplier_name: names.get(&row.supplier_id).map(|one| one.name.clone()).unwrap_or_default(),
            supplier: row.supplier_id,
            mode: row.mode,
            attributed: row.attributed,
            paid_out: row.paid_out,
            households: row.households,
        })
        .collect();
    Ok(fold::cooperatives(&benefits, sums::benefited(db, asked).await?.0))
}

async fn enterprises(db: &impl ConnectionTrait, asked: &Question) -> Result<Vec<Line>, ReportError> {
    let verified = help::verified(db, asked).await?;
    let bought = help::bought(db, asked).await?;
    let households = store::reached::by_kind(db, asked).await?;
    let households: HashMap<_, _> = households.into_iter().map(|(id, kind, count)| ((id, kind), count)).collect();
    let reached = store::reached::by_enterprise(db, asked).await?;
    let ids = verified.iter().map(|row| row.enterprise_id).chain(bought.iter().map(|(id, ..)| *id));
    let names = store::organisations(db, ids).await?;
    let name = |id| names.get(&id).map(|one| one.name.clone()).unwrap_or_default();
    let mut gifts: Vec<Gift> = bought
        .into_iter()
        .map(|(id, kind, rows, amount)| Gift {
            enterprise: id,
            name: name(id),
            kind: kind.into(),
            rows,
            amount,
            people: 0,
            households: households.get(&(id, kind)).copied(),
        })
        .collect();
    gifts.extend(verified.into_iter().map(|row| Gift {
        enterprise: row.enterprise_id,
        name: name(row.enterprise_id),
        kind: row.kind,
        rows: row.rows,
        amount: row.amount,
        people: row.people,
        households: None,
    }));
    let reached = reached.into_iter().map(|(id, households)| Reach { enterprise: id, name: name(id), households });
    Ok(fold::enterprises(&fold::one_of_each_kind(gifts), &reached.collect::<Vec<_>>()))
}

async fn arrears(db: &impl ConnectionTrait, asked: &Question) -> Result<Vec<Arrear>, ReportError> {
    let owed = sums::owed(db, asked).await?;
    let names = store::organisations(db, owed.iter().map(|row| row.buyer_id)).await?;
    let arrears = owed.into_iter().map(|row| Arrear {
        buyer_name: names.get(&row.buyer_id).map(|one| one.name.clone()).unwrap_or_default(),
        buyer: row.buyer_id,
        since: row.since,
        orders: row.orders,
        open: row.open,
    });
    Ok(arrears.collect())
}

fn groups(app: &App, actor: &Actor) -> SmallestGroup {
    SmallestGroup::seen_by(actor, app.config.smallest_group)
}

pub(super) async fn table_of(
    app: &App,
    grant: &Grant<ViewReport>,
    id: ReportRunId,
) -> Result<(report_run::Model, report_snapshot::Model, Table), ReportError> {
    let row = store::find_run(app.reader(), grant.scope(), id).await?.ok_or(ReportError::NotFound)?;
    let snapshot = store::snapshot(app.reader(), id).await?.ok_or(ReportError::NotDone(row.state))?;
    let table: Table = serde_json::from_str(&snapshot.content).map_err(|_| ReportError::Unreadable)?;
    let groups = groups(app, grant.actor());
    Ok((row, snapshot, table.withheld(|count| groups.shown(count))))
}

/// A report that is done.
///
/// # Errors
/// Not found; not done.
pub async fn done(app: &App, grant: &Grant<ViewReport>, id: ReportRunId) -> Result<ReportDetail, ReportError> {
    let (row, snapshot, table) = table_of(app, grant, id).await?;
    Ok(detail(row, Some((snapshot, table))))
}

fn detail(row: report_run::Model, made: Option<(report_snapshot::Model, Table)>) -> ReportDetail {
    let snapshot = made.map(|(snapshot, table)| ReportSnapshot {
        table,
        sha256: snapshot.sha256,
        seal_number: snapshot.seal_number,
        seal_hash: snapshot.seal_hash,
        made_at: snapshot.made_at,
    });
    ReportDetail { definition: definition::of(row.kind).into(), run: row.into(), snapshot }
}

/// A report, done or not.
///
/// # Errors
/// Not found.
pub async fn show(app: &App, grant: &Grant<ViewReport>, id: ReportRunId) -> Result<ReportDetail, ReportError> {
    match table_of(app, grant, id).await {
        Ok((row, snapshot, table)) => Ok(detail(row, Some((snapshot, table)))),
        Err(ReportError::NotDone(_)) => {
            let row = store::find_run(app.reader(), grant.scope(), id).await?.ok_or(ReportError::NotFound)?;
            Ok(detail(row, None))
        }
        Err(error) => Err(error),
    }
}

/// One page of reports, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewReport>,
    page: &PageQuery,
) -> Result<Page<ReportRun>, Failure> {
    let limit = page.limit()?;
    let rows = store::list_runs(db, grant.scope(), page.after()?, limit + 1).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), ReportRun::from))
}

/// Two snapshots of one report, line by line.
///
/// # Errors
/// Not found; not done; not of one kind and rule.
pub async fn compare(
    app: &App,
    grant: &Grant<ViewReport>,
    id: ReportRunId,
    wanted: &CompareQuery,
) -> Result<ReportComparison, ReportError> {
    let (before, _, first) = table_of(app, grant, id).await?;
    let (after, _, second) = table_of(app, grant, wanted.with).await?;
    if (before.kind, before.rule_version) != (after.kind, after.rule_version) {
        return Err(ReportError::Unlike);
    }
    Ok(ReportComparison { before: id, after: wanted.with, same: first == second, lines: first.compare(&second) })
}
