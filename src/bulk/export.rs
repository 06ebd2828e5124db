//! Sheets that go out: templates, copies with what came of each row, and everything one has.
//!
//! Promises: a CSV is written as it is read, a page at a time, however much there is; a workbook, which must be built
//! as a whole, has at most as many rows as one that may come in.

use super::cells;
use super::columns::{METHODS, MODES, columns};
use super::error::BulkError;
use super::kind::{household_cells, product_cells};
use super::read::{self, Line, MOST_ROWS};
use super::store;
use super::view::{Detail, SheetFormat};
use super::write::{Book, OutLine, csv_line, csv_row, headings};
use crate::access::policy::ViewHousehold;
use crate::access::{Actor, Grant, Scope};
use crate::app::App;
use crate::document::{self, FileStore};
use crate::household::intake;
use crate::privacy::{self, Seen};
use crate::problem::Failure;
use crate::welfare::sheet;
use crate::{attribution, catalogue, harvest, household, settlement};
use actix_web::web::{self, Bytes};
use entity::value::{
    AgreementId, DeliveryId, HouseholdId, ImportKind, OrganisationId, PayoutId, ProcessingPurpose, ProductId,
    RowOutcome, business_date,
};
use entity::{sheet_import, sheet_import_row};
use futures_util::StreamExt;
use sea_orm::DatabaseConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// Rows asked for at once.
const PAGE: u64 = 500;
/// Lines of a copy that are written at once.
const COPIED_AT_ONCE: usize = 1000;
/// Households of a register that are asked for at once.
const HOUSEHOLDS: u64 = 200;

/// An empty sheet with headings, lists and explanations; a CSV has an example in it.
pub(super) fn template(kind: ImportKind, format: SheetFormat) -> Result<Vec<u8>, BulkError> {
    match format {
        SheetFormat::Xlsx => Book::begin(kind, false)?.end(),
        SheetFormat::Csv => {
            let mut text = "\u{feff}".as_bytes().to_vec();
            text.extend(csv_line(&headings(kind, false))?);
            Ok(text)
        }
    }
}

/// The content of a sheet.
///
/// # Errors
/// It was erased; it cannot be read.
pub(super) async fn content(app: &App, import: &sheet_import::Model) -> Result<Bytes, Failure> {
    if import.erased_at.is_some() {
        return Err(BulkError::Erased.into());
    }
    let file = document::find(app.reader(), &Scope::Everything, import.file_id).await?.ok_or(BulkError::NotFound)?;
    Ok(app.part::<FileStore>()?.read_whole(&file.sha256).await.map_err(BulkError::from)?)
}

/// A copy of a sheet with what came of each row, and what is wrong with it, as a workbook.
pub(super) async fn copied_book(
    db: &DatabaseConnection,
    import: &sheet_import::Model,
    content: Bytes,
) -> Result<Vec<u8>, BulkError> {
    if usize::try_from(import.total_rows).is_ok_and(|rows| rows > MOST_ROWS) {
        return Err(BulkError::TooManyRows);
    }
    let mut book = Book::begin(import.kind, true)?;
    let mut pieces = read::pieces(import.kind, content, 0, COPIED_AT_ONCE);
    // A sheet that cannot be read has a copy without rows; the import says why.
    while let Some(Ok(lines)) = pieces.recv().await {
        for line in copied_piece(db, import, lines).await? {
            book.add(&line)?;
        }
    }
    book.end()
}

/// The same as a CSV that is written while it is read.
pub(super) fn copied_text(
    db: DatabaseConnection,
    import: sheet_import::Model,
    content: Bytes,
) -> impl futures_util::Stream<Item = Result<Bytes, std::io::Error>> {
    let kind = import.kind;
    let pieces = read::pieces(kind, content, 0, COPIED_AT_ONCE);
    let begin = futures_util::stream::once(async move { first_line(kind, true) });
    let rest = futures_util::stream::try_unfold(pieces, move |mut pieces| {
        let (db, import) = (db.clone(), import.clone());
        async move {
            let Some(Ok(lines)) = pieces.recv().await else { return Ok(None) };
            let mut text = Vec::new();
            for line in copied_piece(&db, &import, lines).await.map_err(cut_off)? {
                text.extend(csv_row(&line).map_err(cut_off)?);
            }
            Ok(Some((Bytes::from(text), pieces)))
        }
    });
    begin.chain(rest)
}

/// The mark and the headings of a CSV.
fn first_line(kind: ImportKind, with_result: bool) -> Result<Bytes, std::io::Error> {
    let mut text = "\u{feff}".as_bytes().to_vec();
    text.extend(csv_line(&headings(kind, with_result)).map_err(cut_off)?);
    Ok(Bytes::from(text))
}

/// Whoever takes a file out sees it end; why, is in the log.
fn cut_off(error: impl std::error::Error + Send + Sync + 'static) -> std::io::Error {
    tracing::error!(%error, "an export was cut off");
    std::io::Error::other(error)
}

async fn copied_piece(
    db: &DatabaseConnection,
    import: &sheet_import::Model,
    lines: Vec<Line>,
) -> Result<Vec<OutLine>, BulkError> {
    let reach = (lines.first().map_or(0, |line| line.number), lines.last().map_or(0, |line| line.number));
    let rows = store::rows_between(db, import.id, &[], reach).await?;
    let rows: HashMap<i32, sheet_import_row::Model> = rows.into_iter().map(|row| (row.line_no, row)).collect();
    Ok(lines.into_iter().map(|line| copied(import.kind, line, &rows)).collect())
}

fn copied(kind: ImportKind, line: Line, rows: &HashMap<i32, sheet_import_row::Model>) -> OutLine {
    let Some(row) = rows.get(&line.number) else {
        return OutLine { cells: line.cells, result: Some((String::new(), String::new())), faulty: Vec::new() };
    };
    let detail: Detail = serde_json::from_str(&row.detail).unwrap_or_default();
    let columns = columns(kind);
    let place = |key: &str| columns.iter().position(|column| column.key == key);
    let said = detail.faults.iter().map(|fault| {
        let heading = place(&fault.column).and_then(|at| columns.get(at)).map_or("", |column| column.zh);
        format!("{heading}：{} {}", fault.zh, fault.en)
    });
    let said = said.collect::<Vec<_>>().join("\n");
    let faulty = detail.faults.iter().filter_map(|fault| place(&fault.column)).collect();
    OutLine { cells: line.cells, result: Some((outcome(row.outcome).to_owned(), said)), faulty }
}

const fn outcome(outcome: RowOutcome) -> &'static str {
    match outcome {
        RowOutcome::New => "新增 new",
        RowOutcome::Changed => "变更 changed",
        RowOutcome::Same => "无变化 same",
        RowOutcome::Bad => "有误 bad",
        RowOutcome::Done => "已导入 done",
        RowOutcome::Failed => "未能导入 failed",
    }
}

/// Everything a supplier has, as a workbook.
pub(super) async fn workbook(
    db: &DatabaseConnection,
    supplier: OrganisationId,
    kind: ImportKind,
) -> Result<Vec<u8>, BulkError> {
    let mut book = Book::begin(kind, false)?;
    let (mut after, mut count) = (None, 0);
    loop {
        let (lines, next) = page(db, supplier, kind, after).await?;
        count += lines.len();
        if count > MOST_ROWS {
            return Err(BulkError::TooManyRows);
        }
        for line in &lines {
            book.add(line)?;
        }
        match next {
            Some(next) => after = Some(next),
            None => return book.end(),
        }
    }
}

/// Everything a supplier has, as a CSV that is written while it is read.
pub(super) fn text(
    db: DatabaseConnection,
    supplier: OrganisationId,
    kind: ImportKind,
) -> impl futures_util::Stream<Item = Result<Bytes, std::io::Error>> {
    /// What comes next: the headings, a page, or nothing.
    enum Next {
        Headings,
        Page(Option<Uuid>),
        End,
    }
    futures_util::stream::try_unfold(Next::Headings, move |next| {
        let db = db.clone();
        async move {
            match next {
                Next::End => Ok(None),
                Next::Headings => Ok(Some((first_line(kind, false)?, Next::Page(None)))),
                Next::Page(after) => {
                    let (lines, next) = page(&db, supplier, kind, after).await.map_err(cut_off)?;
                    let mut text = Vec::new();
                    for line in &lines {
                        text.extend(csv_row(line).map_err(cut_off)?);
                    }
                    let next = next.map_or(Next::End, |next| Next::Page(Some(next)));
                    Ok(Some((Bytes::from(text), next)))
                }
            }
        }
    })
}

/// Some rows, and after which to go on.
async fn page(
    db: &DatabaseConnection,
    supplier: OrganisationId,
    kind: ImportKind,
    after: Option<Uuid>,
) -> Result<(Vec<OutLine>, Option<Uuid>), BulkError> {
    let (cells, last) = match kind {
        ImportKind::Products | ImportKind::Stock => products(db, supplier, kind, after).await?,
        ImportKind::Deliveries => deliveries(db, supplier, after).await?,
        ImportKind::Payouts => payouts(db, supplier, after).await?,
        // A register is a county's, and goes its own way.
        ImportKind::Households => (Vec::new(), None),
    };
    let is_full = u64::try_from(cells.len()) == Ok(PAGE);
    let lines = cells.into_iter().map(|cells| OutLine { cells, ..OutLine::default() }).collect();
    Ok((lines, last.filter(|_| is_full)))
}

/// A register on its way out.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    /// Who takes it.
    pub actor: Actor,
    /// Whether in full, which is recorded of each household.
    pub in_full: bool,
    /// What for.
    pub purpose: String,
}

impl Taken {
    /// The next households as rows, and after which to go on. What is shown in full is recorded in one transaction with
    /// having been read: what is not recorded does not leave.
    async fn page(
        &self,
        app: &App,
        after: Option<HouseholdId>,
    ) -> Result<(Vec<OutLine>, Option<HouseholdId>), Failure> {
        let today = business_date(app.clock.now());
        let scope = Grant::<ViewHousehold>::claim(&self.actor)?.scope().clone();
        let asked = (after, HOUSEHOLDS);
        let (exported, years) = if self.in_full {
            app.transact(&self.actor, async |tx| -> Result<_, Failure> {
                let rows = intake::export_after(tx, &app.secrets, &scope, asked, (today, true)).await?;
                let seen: Vec<Seen<'_>> =
                    rows.iter().map(|row| Seen { household: &row.row, members: row.people.len() }).collect();
                let fields = ["name", "id_number", "phone", "bank_account", "health", "guarantee", "income"];
                privacy::record_access(tx, &seen, ProcessingPurpose::RegisterKeeping, &self.purpose, &fields).await?;
                let ids: Vec<HouseholdId> = rows.iter().map(|row| row.row.id).collect();
                let starts = app.config.income_windows.income_year_starts;
                let years = sheet::last_years(tx, &ids, (today, starts)).await?;
                Ok((rows, years))
            })
            .await?
        } else {
            // What a household lives on is told in full only.
            let rows = intake::export_after(app.reader(), &app.secrets, &scope, asked, (today, false)).await?;
            (rows, HashMap::new())
        };
        let is_full = u64::try_from(exported.len()) == Ok(HOUSEHOLDS);
        let last = exported.last().map(|row| row.row.id).filter(|_| is_full);
        let lines = exported.iter().flat_map(|one| household_cells(one, years.get(&one.row.id)));
        Ok((lines.map(|cells| OutLine { cells, ..OutLine::default() }).collect(), last))
    }

    /// The register as a workbook.
    pub(super) async fn workbook(&self, app: &App) -> Result<Vec<u8>, Failure> {
        let mut book = Book::begin(ImportKind::Households, false).map_err(Failure::from)?;
        let (mut after, mut count) = (None, 0);
        loop {
            let (lines, next) = self.page(app, after).await?;
            count += lines.len();
            if count > MOST_ROWS {
                return Err(BulkError::TooManyRows.into());
            }
            for line in &lines {
                book.add(line)?;
            }
            match next {
                Some(next) => after = Some(next),
                None => return Ok(book.end()?),
            }
        }
    }

    /// The register as a CSV that is written while it is read.
    pub(super) fn text(self, app: web::Data<App>) -> impl futures_util::Stream<Item = Result<Bytes, std::io::Error>> {
        let begin = futures_util::stream::once(async { first_line(ImportKind::Households, false) });
        let rest = futures_util::stream::try_unfold(Some(None), move |next: Option<Option<HouseholdId>>| {
            let (taken, app) = (self.clone(), app.clone());
            async move {
                let Some(after) = next else { return Ok(None) };
                let (lines, next) = taken.page(&app, after).await.map_err(|failure| {
                    tracing::error!(%failure, "an export was cut off");
                    std::io::Error::other(failure.to_string())
                })?;
                let mut text = Vec::new();
                for line in &lines {
                    text.extend(csv_row(line).map_err(cut_off)?);
                }
                Ok(Some((Bytes::from(text), next.map(Some))))
            }
        });
        begin.chain(rest)
    }
}

type Rows = (Vec<Vec<String>>, Option<Uuid>);

async fn products(
    db: &DatabaseConnection,
    supplier: OrganisationId,
    kind: ImportKind,
    after: Option<Uuid>,
) -> Result<Rows, BulkError> {
    let after = after.map(ProductId::from_uuid);
    let rows = catalogue::product::own_products_after(db, supplier, after, PAGE).await?;
    let last = rows.last().map(|row| row.id.uuid());
    if kind == ImportKind::Stock {
        let cells = |row: entity::product::Model| {
            vec![row.id.to_string(), row.name, row.on_hand_packs.to_string(), String::new()]
        };
        return Ok((rows.into_iter().map(cells).collect(), last));
    }
    let ids: Vec<ProductId> = rows.iter().map(|row| row.id).collect();
    let certificates = catalogue::product_certificates(db, &ids).await?;
    let details = catalogue::product::product_details(db, &ids).await?;
    let cells = |row: &entity::product::Model| {
        let held = certificates.get(&row.id).map(Vec::as_slice).unwrap_or_default();
        product_cells(row, held, &details.get(&row.id).cloned().unwrap_or_default())
    };
    Ok((rows.iter().map(cells).collect(), last))
}

async fn numbers(
    db: &DatabaseConnection,
    households: &[HouseholdId],
) -> Result<HashMap<HouseholdId, String>, BulkError> {
    Ok(household::briefs(db, households).await?.into_iter().map(|(id, brief)| (id, brief.number)).collect())
}

async fn deliveries(db: &DatabaseConnection, supplier: OrganisationId, after: Option<Uuid>) -> Result<Rows, BulkError> {
    let rows = harvest::delivery::export_after(db, supplier, after.map(DeliveryId::from_uuid), PAGE).await?;
    let last = rows.last().map(|row| row.id.uuid());
    let numbers = numbers(db, &rows.iter().map(|row| row.household_id).collect::<Vec<_>>()).await?;
    let cells = |row: entity::delivery::Model| {
        vec![
            numbers.get(&row.household_id).cloned().unwrap_or_default(),
            row.delivered_on.to_string(),
            row.variety,
            row.category_code.map(String::from).unwrap_or_default(),
            row.grade.unwrap_or_default(),
            cells::decimal(row.grams.get(), 3, 0),
            cells::decimal(row.price_fen_per_kg.get(), 2, 2),
            row.weigh_note.unwrap_or_default(),
            row.receipt_number.unwrap_or_default(),
        ]
    };
    Ok((rows.into_iter().map(cells).collect(), last))
}

async fn payouts(db: &DatabaseConnection, supplier: OrganisationId, after: Option<Uuid>) -> Result<Rows, BulkError> {
    let rows = settlement::payouts_after(db, supplier, after.map(PayoutId::from_uuid), PAGE).await?;
    let last = rows.last().map(|row| row.id.uuid());
    let numbers = numbers(db, &rows.iter().map(|row| row.household_id).collect::<Vec<_>>()).await?;
    let ids: Vec<AgreementId> = rows.iter().map(|row| row.agreement_id).collect();
    let agreements = attribution::find_agreements(db, &ids).await?;
    let word = |choices: &[(&'static str, &'static str)], value: &str| {
        choices.iter().find(|(known, _)| *known == value).map_or("", |(_, zh)| *zh).to_owned()
    };
    let cells = |row: entity::payout::Model| {
        let mode = agreements.get(&row.agreement_id).map_or("", |agreement| agreement.mode.as_str());
        vec![
            numbers.get(&row.household_id).cloned().unwrap_or_default(),
            word(MODES, mode),
            cells::decimal(row.amount_fen.get(), 2, 2),
            row.paid_on.to_string(),
            word(METHODS, row.method.as_str()),
            row.reference,
            row.evidence_file_id.to_string(),
            row.witness_file_id.map(|file| file.to_string()).unwrap_or_default(),
        ]
    };
    Ok((rows.into_iter().map(cells).collect(), last))
}
