//! Sheets over HTTP.

use super::error::BulkError;
use super::view::{self, SheetFormat};
use super::{columns, export, service};
use crate::access::Grant;
use crate::access::policy::UseSheets;
use crate::app::App;
use crate::http::{Body, IdempotencyHeader, IfMatch, IfMatchHeader, Once, Page, PageQuery, Query, Words, tagged};
use crate::problem::Failure;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder, get, post, web};
use entity::value::{ImportId, ImportKind};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers every operation of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get_sheet_template)
        .service(export_sheet)
        .service(send_import)
        .service(list_imports)
        .service(get_import)
        .service(list_import_rows)
        .service(get_import_copy)
        .service(commit_import)
        .service(cancel_import);
}

/// The head of an answer that is a file.
fn file(kind: ImportKind, what: &str, format: SheetFormat) -> HttpResponseBuilder {
    let (media_type, ending) = match format {
        SheetFormat::Xlsx => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
        SheetFormat::Csv => ("text/csv; charset=utf-8", "csv"),
    };
    let title = format!("{}{what}.{ending}", columns::title(kind));
    let encoded: String = title.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let mut answer = HttpResponse::Ok();
    answer.content_type(media_type).insert_header((header::CACHE_CONTROL, "private, no-store")).insert_header((
        header::CONTENT_DISPOSITION,
        format!("attachment; filename=\"{kind}.{ending}\"; filename*=UTF-8''{encoded}"),
    ));
    answer
}

/// Download an empty sheet with its headings, lists to choose from, and a page that explains the columns (下载模板).
#[utoipa::path(
    tag = "sheets",
    params(("kind" = ImportKind, Path, description = "What its rows are"), view::SheetQuery),
    responses((status = 200, description = "The sheet", content(
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "text/csv"),
    )))
)]
#[get("/sheets/{kind}/template")]
async fn get_sheet_template(
    _grant: Grant<UseSheets>,
    kind: web::Path<ImportKind>,
    query: Query<view::SheetQuery>,
) -> Result<HttpResponse, Failure> {
    let format = query.0.format.unwrap_or(SheetFormat::Xlsx);
    Ok(file(*kind, "模板", format).body(export::template(*kind, format)?))
}

/// Download everything you have of a kind, in the form in which it can be imported again (导出).
///
/// The register is your county's, masked unless `full` is asked for by whoever may reveal households.
///
/// A CSV has no limit and is written while it is read; a workbook holds 20,000 rows at most. Who took it, when and why is
/// in the audit under the identifier in the file's name.
#[utoipa::path(
    tag = "sheets",
    params(("kind" = ImportKind, Path, description = "What its rows are"), view::ExportQuery),
    responses((status = 200, description = "The sheet", content(
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "text/csv"),
    )))
)]
#[get("/sheets/{kind}/export")]
async fn export_sheet(
    grant: Grant<UseSheets>,
    app: web::Data<App>,
    kind: web::Path<ImportKind>,
    query: Query<view::ExportQuery>,
) -> Result<HttpResponse, Failure> {
    let (kind, supplier) = (*kind, grant.organisation()?);
    let format = query.0.format.unwrap_or(SheetFormat::Xlsx);
    let purpose = query.0.purpose.as_ref().map(Words::as_str);
    let in_full = query.0.full == Some(true) && kind == ImportKind::Households;
    // What is not recorded does not leave.
    let id = app.transact(grant.actor(), async |tx| service::exported(tx, kind, (purpose, in_full)).await).await?;
    let mut answer = file(kind, &format!("导出-{id}"), format);
    if kind == ImportKind::Households {
        let purpose = purpose.unwrap_or_default().to_owned();
        let taken = export::Taken { actor: grant.actor().clone(), in_full, purpose };
        return Ok(match format {
            SheetFormat::Xlsx => answer.body(taken.workbook(&app).await?),
            SheetFormat::Csv => answer.streaming(Box::pin(taken.text(app))),
        });
    }
    Ok(match format {
        SheetFormat::Xlsx => answer.body(export::workbook(app.reader(), supplier, kind).await?),
        SheetFormat::Csv => answer.streaming(Box::pin(export::text(app.reader().clone(), supplier, kind))),
    })
}

/// Import a sheet: every row is looked at in the background, and nothing is written before you say so (导入).
#[utoipa::path(
    tag = "sheets",
    params(IdempotencyHeader),
    request_body = view::NewImport,
    responses((status = 202, description = "Taken in; ask for it again to see how far it is", body = view::Import))
)]
#[post("/imports")]
async fn send_import(
    grant: Grant<UseSheets>,
    app: web::Data<App>,
    wanted: Once<view::NewImport>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 202, async |tx| service::send(tx, &grant, &wanted.body).await)
        .await?;
    Ok(answer.into_response())
}

/// List your imports, newest first.
#[utoipa::path(
    tag = "sheets",
    params(PageQuery),
    responses((status = 200, description = "A page of imports", body = Page<view::Import>))
)]
#[get("/imports")]
async fn list_imports(
    grant: Grant<UseSheets>,
    app: web::Data<App>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), grant.scope(), &page.0).await?))
}

/// Show how far an import is.
#[utoipa::path(
    tag = "sheets",
    params(("id" = ImportId, Path, description = "The import")),
    responses((status = 200, description = "The import", body = view::Import))
)]
#[get("/imports/{id}")]
async fn get_import(
    grant: Grant<UseSheets>,
    app: web::Data<App>,
    id: web::Path<ImportId>,
) -> Result<HttpResponse, Failure> {
    let import = view::Import::from(service::show(app.reader(), grant.scope(), *id).await?);
    Ok(tagged(StatusCode::OK, import.version, &import))
}

/// List what each row of an import does, or what is wrong with it.
#[utoipa::path(
    tag = "sheets",
    params(("id" = ImportId, Path, description = "The import"), view::ImportRowQuery),
    responses((status = 200, description = "Rows, by line", body = view::ImportRows))
)]
#[get("/imports/{id}/rows")]
async fn list_import_rows(
    grant: Grant<UseSheets>,
    app: web::Data<App>,
    id: web::Path<ImportId>,
    query: Query<view::ImportRowQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::rows(app.reader(), grant.scope(), *id, &query.0).await?))
}

/// Download a copy of the sheet in which each row says what comes of it, and bad cells are marked.
#[utoipa::path(
    tag = "sheets",
    params(("id" = ImportId, Path, description = "The import"), view::SheetQuery),
    responses((status = 200, description = "The sheet", content(
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "text/csv"),
    )))
)]
#[get("/imports/{id}/copy")]
async fn get_import_copy(
    grant: Grant<UseSheets>,
    app: web::Data<App>,
    id: web::Path<ImportId>,
    query: Query<view::SheetQuery>,
) -> Result<HttpResponse, Failure> {
    let import = service::show(app.reader(), grant.scope(), *id).await?;
    let format = query.0.format.unwrap_or(SheetFormat::Xlsx);
    let content = export::content(&app, &import).await?;
    let mut answer = file(import.kind, "结果", format);
    let db = app.reader().clone();
    Ok(match format {
        SheetFormat::Xlsx => answer.body(export::copied_book(&db, &import, content).await?),
        SheetFormat::Csv => answer.streaming(Box::pin(export::copied_text(db, import, content))),
    })
}

/// Have the good rows of an import carried out (确认导入).
///
/// A sheet of payouts is carried out by somebody else than who sent it, as a batch of payouts is approved.
#[utoipa::path(
    tag = "sheets",
    params(("id" = ImportId, Path, description = "The import"), IfMatchHeader),
    request_body = view::CommitImport,
    responses((status = 202, description = "Under way", body = view::Import))
)]
#[post("/imports/{id}/commit")]
async fn commit_import(
    grant: Grant<UseSheets>,
    app: web::Data<App>,
    id: web::Path<ImportId>,
    seen: IfMatch,
    wanted: Body<view::CommitImport>,
) -> Result<HttpResponse, Failure> {
    let import = app
        .transact(grant.actor(), async |tx| -> Result<_, BulkError> {
            service::commit(tx, &grant, *id, seen, &wanted.0).await
        })
        .await?;
    Ok(tagged(StatusCode::ACCEPTED, import.version, &import))
}

/// Give an import up; what was carried out of it stays.
#[utoipa::path(
    tag = "sheets",
    params(("id" = ImportId, Path, description = "The import"), IfMatchHeader),
    responses((status = 200, description = "Given up", body = view::Import))
)]
#[post("/imports/{id}/cancel")]
async fn cancel_import(
    grant: Grant<UseSheets>,
    app: web::Data<App>,
    id: web::Path<ImportId>,
    seen: IfMatch,
) -> Result<HttpResponse, Failure> {
    let import = app.transact(grant.actor(), async |tx| service::cancel(tx, &grant, *id, seen).await).await?;
    Ok(tagged(StatusCode::OK, import.version, &import))
}
