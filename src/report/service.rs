//! Asking for reports, doing them, showing them.

use super::definition::{self, ALL};
use super::fold::{self, Arrear, Benefit, Gift, Sale};
use super::reach;
use super::store::{self, Question};
use super::table::{Line, Table};
use super::view::{
    AskReport, CompareQuery, ReportComparison, ReportDefinitions, ReportDetail, ReportRun, ReportSnapshot,
    ReportSource, SourceQuery,
};
use super::{ReportError, jobs};
use crate::access::policy::{RunReport, ViewReport};
use crate::access::{Actor, Grant, SmallestGroup};
use crate::app::App;
use crate::db::{Change, Tx};
use crate::http::{Page, PageQuery};
use crate::jobs as work;
use crate::problem::{Failure, FieldProblem, Text};
use crate::seal;
use crate::secrecy::sha256_hex;
use entity::value::{AidKind, OrganisationKind, ReportKind, ReportRunId, ReportState, SupplierOrderId, business_date};
use entity::{report_run, report_snapshot};
use sea_orm::ConnectionTrait;
use serde_json::json;

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
/// A span that makes no sense; a division that does not exist.
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
        reach: reach::write(grant.scope()),
        state: ReportState::Waiting,
        progress: 0,
        created_at: tx.now(),
        version: 1,
    };
    store::insert_run(tx, row.clone()).await?;
    work::enqueue(tx, jobs::RUN.name, format!("\"{}\"", row.id), tx.now()).await?;
    let after = json!({ "kind": row.kind, "from": row.from_date, "until": row.until_date, "reach": row.reach });
    tx.audit(Change::made("report.run", "report_run", row.id.uuid(), after)).await?;
    Ok(row.into())
}

/// Does a report that waits. Does nothing for one that is done.
///
/// # Errors
/// When the database refuses.
pub async fn run(app: &App, id: ReportRunId) -> Result<(), Failure> {
    let everywhere = crate::access::Scope::Everything;
    let Some(row) = store::find_run(app.reader(), &everywhere, id).await? else { return Ok(()) };
    if store::snapshot(app.reader(), id).await?.is_some() {
        return Ok(());
    }
    let row = moved(app, row, ReportState::Running, 10).await?;
    // Whatever was posted until now goes in: seal it first.
    seal::seal_all(app, seal::Reach::Recent).await?;
    let head = store::head(app.reader()).await?;
    let row = moved(app, row, ReportState::Running, 30).await?;
    let asked = question(&row, head.as_ref().map_or(0, |seal| seal.number))?;
    let table = draw_up(app.reader(), &row, &asked).await?;
    let content = serde_json::to_string(&table).map_err(|_| ReportError::Unreadable)?;
    app.transact(&Actor::System, async |tx| -> Result<(), ReportError> {
        let snapshot = report_snapshot::Model {
            run_id: id,
            sha256: hash(&row, asked.seal, &content),
            content: content.clone(),
            seal_number: asked.seal,
            seal_hash: head.as_ref().map(|seal| seal.hash.clone()),
            made_at: tx.now(),
        };
        store::insert_snapshot(tx, snapshot).await?;
        let done = report_run::Model { state: ReportState::Done, progress: 100, ..row.clone() };
        store::save_run(tx, done).await.map(drop).map_err(Into::into)
    })
    .await
}

async fn moved(
    app: &App,
    row: report_run::Model,
    state: ReportState,
    progress: i32,
) -> Result<report_run::Model, Failure> {
    let row = report_run::Model { state, progress, ..row };
    app.transact(&Actor::System, async |tx| store::save_run(tx, row.clone()).await).await
}

fn question(row: &report_run::Model, seal: i64) -> Result<Question, ReportError> {
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
            let mut lines = fold::county(&sales, row.partner_code.as_ref(), store::benefited(db, asked).await?);
            let elsewhere = store::elsewhere(db, asked).await?;
            if elsewhere.sales > 0 {
                lines.push(fold::off_platform((elsewhere.sales, elsewhere.sold, elsewhere.attributed)));
            }
            lines
        }
        ReportKind::CooperativeBenefit => cooperatives(db, asked).await?,
        ReportKind::EnterpriseStatement => enterprises(db, asked).await?,
        ReportKind::Arrears => fold::arrears(&arrears(db, asked).await?, asked.span.1),
    };
    Ok(Table { columns: definition::of(row.kind).columns(), lines })
}

async fn sales(db: &impl ConnectionTrait, asked: &Question) -> Result<Vec<Sale>, ReportError> {
    let posted = store::posted(db, asked).await?;
    let ids: Vec<SupplierOrderId> = posted.iter().map(|row| row.id).collect();
    let assisted = store::assisted(db, &ids).await?;
    let days: Vec<_> = posted.iter().map(|row| (row.id, business_date(row.placed_at))).collect();
    let uncertified = store::uncertified(db, &days).await?;
    let parties = posted.iter().flat_map(|row| [row.supplier_id, row.buyer_id]);
    let parties = store::organisations(db, parties).await?;
    let mut sales = Vec::with_capacity(posted.len());
    for row in posted {
        let (Some(supplier), Some(buyer)) = (parties.get(&row.supplier_id), parties.get(&row.buyer_id)) else {
            continue;
        };
        sales.push(Sale {
            order: row.id,
            number: row.number,
            supplier: row.supplier_id,
            supplier_name: supplier.name.clone(),
            buyer: row.buyer_id,
            buyer_name: buyer.name.clone(),
            buyer_kind: buyer.kind,
            buyer_division: buyer.division_code.clone(),
            is_assisted: assisted.contains(&row.id),
            is_certified: !uncertified.contains(&row.id),
            sold: row.sold,
            paid: row.paid,
            attributed: row.attributed,
            paid_out: row.paid_out,
        });
    }
    Ok(sales)
}

async fn cooperatives(db: &impl ConnectionTrait, asked: &Question) -> Result<Vec<Line>, ReportError> {
    let modes = store::modes(db, asked).await?;
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
    Ok(fold::cooperatives(&benefits, store::benefited(db, asked).await?.0))
}

async fn enterprises(db: &impl ConnectionTrait, asked: &Question) -> Result<Vec<Line>, ReportError> {
    let verified = store::verified(db, asked).await?;
    let bought = store::bought(db, asked).await?;
    let ids = verified.iter().map(|row| row.enterprise_id).chain(bought.iter().map(|(id, ..)| *id));
    let names = store::organisations(db, ids).await?;
    let name = |id| names.get(&id).map(|one| one.name.clone()).unwrap_or_default();
    let mut gifts: Vec<Gift> = bought
        .into_iter()
        .map(|(id, rows, amount)| Gift {
            enterprise: id,
            name: name(id),
            kind: AidKind::Purchase,
            rows,
            amount,
            people: 0,
        })
        .collect();
    gifts.extend(verified.into_iter().map(|row| Gift {
        enterprise: row.enterprise_id,
        name: name(row.enterprise_id),
        kind: row.kind,
        rows: row.rows,
        amount: row.amount,
        people: row.people,
    }));
    Ok(fold::enterprises(&gifts))
}

async fn arrears(db: &impl ConnectionTrait, asked: &Question) -> Result<Vec<Arrear>, ReportError> {
    let unpaid = store::unpaid(db, asked).await?;
    let names = store::organisations(db, unpaid.iter().map(|row| row.buyer_id)).await?;
    let arrears = unpaid.into_iter().map(|row| Arrear {
        buyer_name: names.get(&row.buyer_id).map(|one| one.name.clone()).unwrap_or_default(),
        order: row.id,
        number: row.number,
        buyer: row.buyer_id,
        since: row.since,
        open: row.open,
    });
    Ok(arrears.collect())
}

fn groups(app: &App, actor: &Actor) -> SmallestGroup {
    SmallestGroup::seen_by(actor, app.config.smallest_group)
}

async fn table_of(
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

/// The orders behind a row, as they stood under the snapshot's seal.
///
/// # Errors
/// Not found; not done; 400 for a bad page.
pub async fn sources(
    app: &App,
    grant: &Grant<ViewReport>,
    id: ReportRunId,
    wanted: &SourceQuery,
) -> Result<Page<ReportSource>, Failure> {
    let page = PageQuery { limit: wanted.limit, cursor: wanted.cursor.clone() };
    let (limit, after) = (page.limit()?, page.after()?);
    let (row, snapshot, _) = table_of(app, grant, id).await?;
    let asked = question(&row, snapshot.seal_number)?;
    let mut rows = behind(app.reader(), &row, &asked, &wanted.line).await?;
    if let Some(after) = after {
        rows.retain(|source| source.supplier_order_id.uuid() > after);
    }
    let most = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1);
    rows.truncate(most);
    Ok(Page::of(rows, limit, |source| source.supplier_order_id.uuid(), |source| source))
}

async fn behind(
    db: &impl ConnectionTrait,
    row: &report_run::Model,
    asked: &Question,
    key: &str,
) -> Result<Vec<ReportSource>, ReportError> {
    if row.kind == ReportKind::Arrears {
        let is_in = |one: &Arrear| key == "0.total" || key == format!("buyer.{}", one.buyer);
        let source = |one: Arrear| ReportSource {
            supplier_order_id: one.order,
            number: one.number,
            supplier_name: String::new(),
            buyer_name: one.buyer_name,
            amount_fen: one.open,
            attributed_fen: 0,
        };
        return Ok(arrears(db, asked).await?.into_iter().filter(is_in).map(source).collect());
    }
    let partner = row.partner_code.as_ref();
    let is_in = |sale: &Sale| match row.kind {
        ReportKind::CooperativeBenefit => key == "0.total" || key.starts_with(&format!("supplier.{}.", sale.supplier)),
        ReportKind::EnterpriseStatement => {
            sale.buyer_kind == OrganisationKind::Enterprise
                && key == format!("enterprise.{}.{}", sale.buyer, AidKind::Purchase)
        }
        ReportKind::CountyConsumption | ReportKind::Arrears => {
            fold::lines_of(sale, partner).iter().any(|(line, _)| line == key)
        }
    };
    let source = |sale: Sale| ReportSource {
        supplier_order_id: sale.order,
        number: sale.number,
        supplier_name: sale.supplier_name,
        buyer_name: sale.buyer_name,
        amount_fen: sale.sold,
        attributed_fen: sale.attributed,
    };
    Ok(sales(db, asked).await?.into_iter().filter(is_in).map(source).collect())
}
