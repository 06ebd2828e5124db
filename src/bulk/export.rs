//! Sheets that go out: templates, copies with what came of each row, and everything one has.
//!
//! Promises: a CSV is written as it is read, a page at a time, however much there is; a workbook, which must be built
//! as a whole, has at most as many rows as one that may come in.

use super::cells;
use super::columns::{METHODS, MODES, columns};
use super::error::BulkError;
use super::kind::product_cells;
use super::read::{self, Line, MOST_ROWS};
use super::store;
use super::view::{Detail, SheetFormat};
use super::write::{Book, OutLine, csv_line, csv_row, headings};
use crate::access::Scope;
use crate::app::App;
use crate::document::{self, FileStore};
use crate::problem::Failure;
use crate::{attribution, catalogue, harvest, household, settlement};
use actix_web::web::Bytes;
use entity::value::{
    AgreementId, DeliveryId, HouseholdId, ImportKind, OrganisationId, PayoutId, ProductId, RowOutcome,
};
use entity::{sheet_import, sheet_import_row};
use sea_orm::DatabaseConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// Rows asked for at once.
const PAGE: u64 = 500;

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

/// A copy of a sheet with what came of each row, and what is wrong with it.
pub(super) async fn copy(app: &App, import: &sheet_import::Model, format: SheetFormat) -> Result<Vec<u8>, Failure> {
    let file = document::find(app.reader(), &Scope::Everything, import.file_id).await?.ok_or(BulkError::NotFound)?;
    let bytes = app.part::<FileStore>()?.read_whole(&file.sha256).await.map_err(BulkError::from)?;
    // A sheet that cannot be read has a copy without rows; the import says why.
    let lines = read::read(import.kind, &bytes).unwrap_or_default();
    let limit = u64::try_from(MOST_ROWS).unwrap_or(u64::MAX);
    let rows = store::rows(app.reader(), import.id, &[], 0, limit).await?;
    let rows: HashMap<i32, sheet_import_row::Model> = rows.into_iter().map(|row| (row.line_no, row)).collect();
    let out = lines.into_iter().map(|line| copied(import.kind, line, &rows));
    Ok(written(import.kind, true, out, format)?)
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

fn written(
    kind: ImportKind,
    with_result: bool,
    lines: impl Iterator<Item = OutLine>,
    format: SheetFormat,
) -> Result<Vec<u8>, BulkError> {
    match format {
        SheetFormat::Xlsx => {
            let mut book = Book::begin(kind, with_result)?;
            for line in lines {
                book.add(&line)?;
            }
            book.end()
        }
        SheetFormat::Csv => {
            let mut text = "\u{feff}".as_bytes().to_vec();
            text.extend(csv_line(&headings(kind, with_result))?);
            for line in lines {
                text.extend(csv_row(&line)?);
            }
            Ok(text)
        }
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
    let failed = |error: BulkError| {
        tracing::error!(%error, "an export was cut off");
        std::io::Error::other(error)
    };
    futures_util::stream::try_unfold(Next::Headings, move |next| {
        let db = db.clone();
        async move {
            match next {
                Next::End => Ok(None),
                Next::Headings => {
                    let mut text = "\u{feff}".as_bytes().to_vec();
                    text.extend(csv_line(&headings(kind, false)).map_err(failed)?);
                    Ok(Some((Bytes::from(text), Next::Page(None))))
                }
                Next::Page(after) => {
                    let (lines, next) = page(&db, supplier, kind, after).await.map_err(failed)?;
                    let mut text = Vec::new();
                    for line in &lines {
                        text.extend(csv_row(line).map_err(failed)?);
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
    };
    let is_full = u64::try_from(cells.len()) == Ok(PAGE);
    let lines = cells.into_iter().map(|cells| OutLine { cells, ..OutLine::default() }).collect();
    Ok((lines, last.filter(|_| is_full)))
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
