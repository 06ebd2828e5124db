//! From a row of a report down to the documents behind it.
//!
//! Promises: over all pages the documents add up to the row, column by column, wherever any of them has a value. Of each it
//! tells what the report counts and nothing else; the document itself is shown where its kind is, to whoever may see it.
//! Households, clues and measures are told to those who see clues, as far as they do. What was posted is told as it stood
//! under the seal, today and later. Help and registers are told as they stand when somebody asks, as of the report's last
//! day: what was entered since of days before, an order computed again, a filing confirmed, is among the documents and not
//! in the frozen row.

use super::ReportError;
use super::fold::{self, LineKey};
use super::service::{counted, last_day, question, table_of};
use super::store::{self, Question, help, sums};
use super::table::{Line, Table};
use super::view::{ReportSource, ReportSourceKind, SourceQuery};
use crate::access::policy::{ViewMonitoring, ViewReport};
use crate::access::{Grant, Scope};
use crate::app::App;
use crate::http::{Page, PageQuery};
use crate::monitoring::figures::{self, Of, Row};
use crate::problem::Failure;
use crate::quota;
use entity::report_run;
use entity::value::{AidKind, ContributionKind, OrganisationId, ReportKind, ReportRunId, SupplierOrderId};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// After which document a page begins, and how many it has at most.
type Wanted = (Option<Uuid>, u64);

/// A page of the documents behind a row, by their identifiers.
///
/// # Errors
/// Not found; not done; documents that one may not see; 400 for a bad page.
pub(super) async fn sources(
    app: &App,
    grant: &Grant<ViewReport>,
    id: ReportRunId,
    wanted: &SourceQuery,
) -> Result<Page<ReportSource>, Failure> {
    let page = PageQuery { limit: wanted.limit, cursor: wanted.cursor.clone() };
    let (limit, after) = (page.limit()?, page.after()?);
    let (row, snapshot, table) = table_of(app, grant, id).await?;
    // Who is counted is personal, however large the group is.
    let seen = match row.kind {
        ReportKind::MonitoringOverview => {
            Some(Grant::<ViewMonitoring>::claim(grant.actor()).map_err(ReportError::from)?)
        }
        _ => None,
    };
    let asked = question(&row, snapshot.seal_number)?;
    let report = Report { row: &row, asked: &asked, table: &table, seen: seen.as_ref().map(Grant::scope) };
    let rows = match LineKey::read(row.kind, &wanted.line, row.partner_code.as_ref()) {
        Some(line) => report.behind(app.reader(), (&wanted.line, &line), (after, limit + 1)).await?,
        None => Vec::new(),
    };
    Ok(Page::of(rows, limit, |source| source.id, |source| source))
}

/// A report that is done.
struct Report<'a> {
    row: &'a report_run::Model,
    asked: &'a Question,
    table: &'a Table,
    /// How far whoever asks sees clues and measures.
    seen: Option<&'a Scope>,
}

impl Report<'_> {
    async fn behind(
        &self,
        db: &impl ConnectionTrait,
        (key, line): (&str, &LineKey),
        page: Wanted,
    ) -> Result<Vec<ReportSource>, ReportError> {
        match (self.row.kind, line) {
            (ReportKind::CountyConsumption, LineKey::OffPlatform) => elsewhere(db, self.asked, page).await,
            (ReportKind::CountyConsumption, line) => sold(db, self.asked, line, page).await,
            (ReportKind::CooperativeBenefit, line) => shared(db, self.asked, line, page).await,
            (ReportKind::Arrears, line) => unpaid(db, self.asked, line, page).await,
            (ReportKind::EnterpriseStatement, LineKey::Help(enterprise, kind)) => {
                helped(db, self.asked, (*enterprise, *kind), page).await
            }
            (ReportKind::EnterpriseStatement, LineKey::Reached(enterprise)) => {
                reached(db, self.asked, *enterprise, page).await
            }
            (ReportKind::QuotaBulletin, LineKey::Unit(unit)) => self.of_unit(db, (key, *unit), page).await,
            (ReportKind::QuotaBulletin, _) => Ok(units(self.table, key, page)),
            (ReportKind::MonitoringOverview, line) => self.monitored(db, line, page).await,
            (ReportKind::EnterpriseStatement, _) => Ok(Vec::new()),
        }
    }

    /// The orders of a unit that stands in the report.
    async fn of_unit(
        &self,
        db: &impl ConnectionTrait,
        (key, unit): (&str, OrganisationId),
        page: Wanted,
    ) -> Result<Vec<ReportSource>, ReportError> {
        if !self.table.lines.iter().any(|line| line.key == key) {
            return Ok(Vec::new());
        }
        let orders = quota::orders_behind(db, unit, last_day(self.row), of_orders(page)).await?;
        let documents = orders.iter().map(|(id, amounts)| {
            let source = ReportSource::new(ReportSourceKind::SupplierOrder, id.uuid(), fold::of_unit(amounts));
            (Some(*id), source)
        });
        with_parties(db, documents.collect()).await
    }

    async fn monitored(
        &self,
        db: &impl ConnectionTrait,
        line: &LineKey,
        page: Wanted,
    ) -> Result<Vec<ReportSource>, ReportError> {
        let Some(seen) = self.seen else { return Ok(Vec::new()) };
        let of = match line {
            LineKey::County(county) => Of::County(county),
            LineKey::Status(status) => Of::Status(*status),
            LineKey::Clue(kind) => Of::Clue(*kind),
            _ => Of::All,
        };
        let span = (self.row.from_date, last_day(self.row));
        let rows = figures::rows(db, (counted(self.asked), seen), span, of, page).await?;
        let source = |row: Row| {
            let (kind, values) = match row {
                Row::Household(_) => {
                    (ReportSourceKind::Household, fold::HOUSEHOLD_COLUMNS.of(fold::household_values(1)))
                }
                Row::Clue(_, answered) => (ReportSourceKind::Clue, fold::CLUE_COLUMNS.of(fold::clue_values(answered))),
                Row::Measure(_, carried) => {
                    (ReportSourceKind::Measure, fold::MEASURE_COLUMNS.of(fold::measure_values(carried)))
                }
            };
            ReportSource::new(kind, row.id(), values)
        };
        Ok(rows.into_iter().map(source).collect())
    }
}

fn of_orders((after, limit): Wanted) -> (Option<SupplierOrderId>, u64) {
    (after.map(SupplierOrderId::from_uuid), limit)
}

/// Documents with the numbers and parties of the orders that they are about: two questions.
async fn with_parties(
    db: &impl ConnectionTrait,
    documents: Vec<(Option<SupplierOrderId>, ReportSource)>,
) -> Result<Vec<ReportSource>, ReportError> {
    let ids: Vec<SupplierOrderId> = documents.iter().filter_map(|(order, _)| *order).collect();
    let orders = store::parties(db, &ids).await?;
    let names = store::organisations(db, orders.values().flat_map(|order| [order.supplier_id, order.buyer_id])).await?;
    let name = |id: OrganisationId| names.get(&id).map(|one| one.name.clone());
    let source = |(id, source): (Option<SupplierOrderId>, ReportSource)| match id.and_then(|id| orders.get(&id)) {
        Some(order) => ReportSource {
            supplier_order_id: id,
            number: Some(order.number.clone()),
            supplier_name: name(order.supplier_id),
            buyer_name: name(order.buyer_id),
            ..source
        },
        None => source,
    };
    Ok(documents.into_iter().map(source).collect())
}

fn order(id: SupplierOrderId, values: Vec<Option<i64>>) -> (Option<SupplierOrderId>, ReportSource) {
    (Some(id), ReportSource::new(ReportSourceKind::SupplierOrder, id.uuid(), values))
}

/// Orders with what was posted of each in the span.
async fn sold(
    db: &impl ConnectionTrait,
    asked: &Question,
    line: &LineKey,
    page: Wanted,
) -> Result<Vec<ReportSource>, ReportError> {
    let posted = sums::behind(db, asked, line, of_orders(page)).await?;
    let documents = posted.iter().map(|one| {
        let sums = [1, one.sold, one.paid, one.attributed, one.paid_out].map(Some);
        order(one.id, sums.into_iter().chain([None, None]).collect())
    });
    with_parties(db, documents.collect()).await
}

/// Orders with what households had of each, in one way or in all.
async fn shared(
    db: &impl ConnectionTrait,
    asked: &Question,
    line: &LineKey,
    page: Wanted,
) -> Result<Vec<ReportSource>, ReportError> {
    let line = if let LineKey::Supplier(supplier, mode) = line { Some((*supplier, *mode)) } else { None };
    let shared = sums::shared_behind(db, asked, line, of_orders(page)).await?;
    let documents = shared.iter().map(|one| order(one.id, vec![Some(one.attributed), Some(one.paid_out), None]));
    with_parties(db, documents.collect()).await
}

/// Orders with what was unpaid of each at the end of the last day.
async fn unpaid(
    db: &impl ConnectionTrait,
    asked: &Question,
    line: &LineKey,
    page: Wanted,
) -> Result<Vec<ReportSource>, ReportError> {
    let unpaid = sums::unpaid_behind(db, asked, line, of_orders(page)).await?;
    let documents = unpaid.iter().map(|one| {
        let values = fold::aged(1, one.since, one.open, asked.span.1);
        order(one.id, values.map(Some).to_vec())
    });
    with_parties(db, documents.collect()).await
}

/// Sales outside the platform.
async fn elsewhere(
    db: &impl ConnectionTrait,
    asked: &Question,
    page: Wanted,
) -> Result<Vec<ReportSource>, ReportError> {
    let sales = store::elsewhere_behind(db, asked, page).await?;
    let names = store::organisations(db, sales.iter().map(|sale| sale.supplier_id)).await?;
    let source = |sale: store::SoldElsewhere| {
        let line = fold::off_platform((sale.of.sales, sale.of.sold, sale.of.attributed));
        ReportSource {
            number: Some(sale.number),
            supplier_name: names.get(&sale.supplier_id).map(|one| one.name.clone()),
            ..ReportSource::new(ReportSourceKind::OffPlatformSale, sale.id.uuid(), line.values)
        }
    };
    Ok(sales.into_iter().map(source).collect())
}

/// Help of a kind: counted orders and verified claims, as they stand in one line.
async fn helped(
    db: &impl ConnectionTrait,
    asked: &Question,
    (enterprise, kind): (OrganisationId, AidKind),
    page: Wanted,
) -> Result<Vec<ReportSource>, ReportError> {
    let counted = ContributionKind::ALL.iter().copied().find(|counted| AidKind::from(*counted) == kind);
    let mut documents = Vec::new();
    if let Some(counted) = counted {
        let rows = help::counted(db, asked, (enterprise, Some(counted)), page).await?;
        documents.extend(rows.iter().map(|row| contribution(row, vec![Some(1), Some(row.amount), None, None])));
    }
    let claims = help::claimed(db, asked, (enterprise, kind), page).await?;
    documents.extend(claims.iter().map(|row| {
        let values = vec![Some(1), Some(row.amount), Some(row.people), None];
        (row.order, ReportSource::new(ReportSourceKind::AidClaim, row.id.uuid(), values))
    }));
    documents.sort_by_key(|(_, source)| source.id);
    documents.truncate(usize::try_from(page.1).unwrap_or(usize::MAX));
    with_parties(db, documents).await
}

/// The counted orders of an enterprise: the households that they reached count once and are told of by nobody.
async fn reached(
    db: &impl ConnectionTrait,
    asked: &Question,
    enterprise: OrganisationId,
    page: Wanted,
) -> Result<Vec<ReportSource>, ReportError> {
    let rows = help::counted(db, asked, (enterprise, None), page).await?;
    with_parties(db, rows.iter().map(|row| contribution(row, vec![None; 4])).collect()).await
}

fn contribution(row: &help::Counted, values: Vec<Option<i64>>) -> (Option<SupplierOrderId>, ReportSource) {
    (Some(row.order), ReportSource::new(ReportSourceKind::Contribution, row.id.uuid(), values))
}

/// The units that a line adds up, as they stand in the table.
fn units(table: &Table, key: &str, (after, limit): Wanted) -> Vec<ReportSource> {
    let rates: Vec<bool> = table.columns.iter().map(|column| column.unit == super::table::Unit::Rate).collect();
    let unit = |line: &Line| {
        let id: OrganisationId = line.key.strip_prefix("unit.")?.parse().ok()?;
        let added = line.values.iter().zip(&rates).map(|(value, is_rate)| value.filter(|_| !is_rate));
        let source = ReportSource::new(ReportSourceKind::Organisation, id.uuid(), added.collect());
        Some(ReportSource { number: Some(line.label.clone()), ..source })
    };
    let inside = table.lines.iter().filter(|line| line.within.iter().any(|sum| sum == key));
    let mut units: Vec<ReportSource> =
        inside.filter_map(unit).filter(|source| after.is_none_or(|after| source.id > after)).collect();
    units.sort_by_key(|source| source.id);
    units.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    units
}
