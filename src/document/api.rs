//! Files over HTTP: bytes in, bytes out.

use super::error::DocumentError;
use super::files::{FileStore, Incoming, Received};
use super::service;
use super::view::{FileContent, StoredFile, Upload};
use crate::access::Grant;
use crate::access::policy::{ReadFile, UploadFile};
use crate::app::App;
use crate::http::Query;
use crate::problem::Failure;
use actix_web::http::header::{self, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use entity::value::FileId;
use futures_util::StreamExt;
use utoipa_actix_web::service_config::ServiceConfig;

/// The largest file that is kept, but for sheets.
const LARGEST: u64 = 10 * 1024 * 1024;
/// The largest sheet: the register of a county with 350,000 people is one.
const LARGEST_SHEET: u64 = 64 * 1024 * 1024;

/// How large a file may be that says it is of this type.
fn largest(declared: &str) -> u64 {
    let is_sheet = declared == "text/csv" || declared.ends_with("spreadsheetml.sheet");
    if is_sheet { LARGEST_SHEET } else { LARGEST }
}

/// The routes of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(upload_file).service(show_file).service(read_file);
}

/// Upload a file: its bytes are the body.
///
/// PDF, PNG, JPEG, CSV or XLSX of at most 10 MiB, sheets of at most 64 MiB. The content decides what it is and must agree with `Content-Type`.
#[utoipa::path(
    tag = "files", params(Upload),
    request_body(description = "The file.", content(
        (FileContent = "application/pdf"), (FileContent = "image/png"), (FileContent = "image/jpeg"), (FileContent = "text/csv"),
        (FileContent = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    )),
    responses((status = 201, description = "It is kept.", body = StoredFile)),
)]
#[post("/files")]
async fn upload_file(
    grant: Grant<UploadFile>,
    app: web::Data<App>,
    wanted: Query<Upload>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, Failure> {
    let name = service::check_name(&wanted.0.name)?;
    let files = app.part::<FileStore>()?;
    let received = receive(files, &request, body).await?;
    let media_type = service::check_content(&received, &declared_type(&request))?;
    files.look_at(&received).await?;
    // The content is in its place before a row says so.
    files.keep(&received).await.map_err(DocumentError::from)?;
    let work = async |tx: &crate::db::Tx| service::enter(tx, &grant, &name, media_type, &received).await;
    let kept = app.transact(grant.actor(), work).await?;
    Ok(HttpResponse::Created().json(StoredFile::from(kept)))
}

/// The `Content-Type` without its parameters.
fn declared_type(request: &HttpRequest) -> String {
    let declared = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

async fn receive(files: &FileStore, request: &HttpRequest, body: web::Payload) -> Result<Received, DocumentError> {
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    let most = largest(&declared_type(request));
    if announced.is_some_and(|bytes| bytes > most) {
        return Err(DocumentError::TooLarge);
    }
    let mut incoming = files.receive().await?;
    match take(&mut incoming, body, most).await {
        Ok(()) => Ok(incoming.finish().await?),
        Err(error) => {
            incoming.give_up();
            Err(error)
        }
    }
}

async fn take(incoming: &mut Incoming, mut body: web::Payload, most: u64) -> Result<(), DocumentError> {
    while let Some(chunk) = body.next().await {
        incoming.write(&chunk.map_err(|_| DocumentError::Interrupted)?).await?;
        if incoming.bytes() > most {
            return Err(DocumentError::TooLarge);
        }
    }
    Ok(())
}

/// Show what is known about a file.
#[utoipa::path(tag = "files", params(("id" = FileId, Path, description = "Which file")), responses(
    (status = 200, description = "About the file.", body = StoredFile),
))]
#[get("/files/{id}")]
async fn show_file(
    grant: Grant<ReadFile>,
    app: web::Data<App>,
    id: web::Path<FileId>,
) -> Result<HttpResponse, Failure> {
    let found = service::show(app.reader(), &grant, *id).await?;
    Ok(HttpResponse::Ok().json(StoredFile::from(found)))
}

/// Read a file.
#[utoipa::path(tag = "files", params(("id" = FileId, Path, description = "Which file")), responses(
    (status = 200, description = "Its content, as an attachment.", content(
        (FileContent = "application/pdf"), (FileContent = "image/png"), (FileContent = "image/jpeg"), (FileContent = "text/csv"),
        (FileContent = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    )),
))]
#[get("/files/{id}/content")]
async fn read_file(
    grant: Grant<ReadFile>,
    app: web::Data<App>,
    id: web::Path<FileId>,
) -> Result<HttpResponse, Failure> {
    let found = service::show(app.reader(), &grant, *id).await?;
    let chunks = app.part::<FileStore>()?.read(&found.sha256).await.map_err(DocumentError::from)?;
    let name =
        ExtendedValue { charset: Charset::Ext("UTF-8".to_owned()), language_tag: None, value: found.name.into_bytes() };
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::FilenameExt(name)],
    };
    Ok(HttpResponse::Ok()
        .content_type(found.media_type)
        .insert_header(disposition)
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .no_chunking(u64::try_from(found.bytes).unwrap_or_default())
        .streaming(chunks))
}
