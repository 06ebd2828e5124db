//! Batches of payouts and arrears over HTTP.

use super::format::Formats;
use super::{arrears, cash, record, send, service, view};
use crate::access::Grant;
use crate::access::policy::{
    ApprovePayoutBatch, KeepPayoutBatch, RecordPayout, ViewPayout, ViewPayoutBatch, WitnessPayout,
};
use crate::app::App;
use crate::http::{
    Body, IdempotencyHeader, IdempotencyKey, IfMatch, IfMatchHeader, Once, Page, PageQuery, Query, tagged,
};
use crate::problem::{self, Failure, Problem};
use crate::settlement::view::RecordPayouts;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use entity::value::{PayoutBatchId, business_date};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers every operation of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(record_payouts)
        .service(draft_payout_batch)
        .service(list_payout_batches)
        .service(get_payout_batch)
        .service(approve_payout_batch)
        .service(send_payout_batch)
        .service(cancel_payout_batch)
        .service(write_bank_file)
        .service(import_payout_result)
        .service(hand_cash_over)
        .service(witness_cash)
        .service(list_payout_formats)
        .service(get_arrears);
}

/// Record payouts that households had, with their evidence (登记发放); somebody else approves them.
///
/// Each payout pays the oldest settled orders of its agreement first. All are recorded or none. They stand as a batch
/// that is a draft: their amounts cannot be paid out otherwise, and nothing is booked until another person of your
/// organisation approves the batch (`POST /payout-batches/{id}/approve`).
#[utoipa::path(
    tag = "payouts",
    params(IdempotencyHeader),
    request_body = RecordPayouts,
    responses((status = 201, description = "Recorded, and waiting for somebody else", body = view::PayoutBatchWithLines))
)]
#[post("/payouts")]
async fn record_payouts(
    grant: Grant<RecordPayout>,
    app: web::Data<App>,
    wanted: Once<RecordPayouts>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 201, async |tx| record::record(tx, &grant, &wanted.body).await)
        .await?;
    Ok(answer.into_response())
}

/// Put payouts together in a batch over what is open (发放制单).
///
/// What is in a batch cannot be paid out otherwise until the batch is called off or a line of it fails.
#[utoipa::path(
    tag = "payouts",
    params(IdempotencyHeader),
    request_body = view::DraftBatch,
    responses((status = 201, description = "Put together", body = view::PayoutBatchWithLines))
)]
#[post("/payout-batches")]
async fn draft_payout_batch(
    grant: Grant<KeepPayoutBatch>,
    app: web::Data<App>,
    wanted: Once<view::DraftBatch>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 201, async |tx| service::draft(tx, &grant, &wanted.body).await)
        .await?;
    Ok(answer.into_response())
}

/// List batches of payouts, newest first.
#[utoipa::path(
    tag = "payouts",
    params(view::BatchQuery),
    responses((status = 200, description = "A page of batches", body = Page<view::PayoutBatch>))
)]
#[get("/payout-batches")]
async fn list_payout_batches(
    grant: Grant<ViewPayoutBatch>,
    app: web::Data<App>,
    query: Query<view::BatchQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, &query.0).await?))
}

/// Show a batch with its lines; a village and a county see the lines of their own households.
#[utoipa::path(
    tag = "payouts",
    params(("id" = PayoutBatchId, Path, description = "The batch")),
    responses((status = 200, description = "The batch", body = view::PayoutBatchWithLines))
)]
#[get("/payout-batches/{id}")]
async fn get_payout_batch(
    grant: Grant<ViewPayoutBatch>,
    app: web::Data<App>,
    id: web::Path<PayoutBatchId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::show(app.reader(), &grant, id.into_inner()).await?;
    Ok(tagged(StatusCode::OK, shown.batch.version, &shown))
}

/// Approve a batch that somebody else put together (复核).
///
/// One that is to be sent may be sent then. One that was recorded after households had the money is booked by it: each
/// line is a payout, and income.
#[utoipa::path(
    tag = "payouts",
    params(("id" = PayoutBatchId, Path, description = "The batch"), IdempotencyHeader, IfMatchHeader),
    responses((status = 200, description = "Approved", body = view::PayoutBatchWithLines))
)]
#[post("/payout-batches/{id}/approve")]
async fn approve_payout_batch(
    grant: Grant<ApprovePayoutBatch>,
    app: web::Data<App>,
    id: web::Path<PayoutBatchId>,
    version: IfMatch,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let at = (id.into_inner(), version);
    // It has no content: what was seen is said by the version.
    let key = IdempotencyKey::read(&request, &[])?;
    let answer = app.transact_once(grant.actor(), &key, 200, async |tx| service::approve(tx, &grant, at).await).await?;
    Ok(answer.into_response())
}

/// Send an approved batch: to the bank in a format, or to the cashier (送出).
///
/// From here on the money is on its way: it left the cooperative and is still owed to the households.
#[utoipa::path(
    tag = "payouts",
    params(("id" = PayoutBatchId, Path, description = "The batch"), IdempotencyHeader, IfMatchHeader),
    request_body = view::SendBatch,
    responses((status = 200, description = "Sent", body = view::PayoutBatch))
)]
#[post("/payout-batches/{id}/send")]
async fn send_payout_batch(
    grant: Grant<KeepPayoutBatch>,
    app: web::Data<App>,
    id: web::Path<PayoutBatchId>,
    version: IfMatch,
    wanted: Once<view::SendBatch>,
) -> Result<HttpResponse, Failure> {
    let at = (id.into_inner(), version);
    let formats = Formats::of(&app.config.data)?;
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 200, async |tx| {
            send::send(tx, &app.secrets, &formats, &grant, at, wanted.body.format.as_deref()).await
        })
        .await?;
    Ok(answer.into_response())
}

/// Call a batch off before it is sent; what was in it is open again.
#[utoipa::path(
    tag = "payouts",
    params(("id" = PayoutBatchId, Path, description = "The batch"), IfMatchHeader),
    request_body = view::CancelBatch,
    responses((status = 200, description = "Called off", body = view::PayoutBatch))
)]
#[post("/payout-batches/{id}/cancel")]
async fn cancel_payout_batch(
    grant: Grant<KeepPayoutBatch>,
    app: web::Data<App>,
    id: web::Path<PayoutBatchId>,
    version: IfMatch,
    wanted: Body<view::CancelBatch>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let shown = app
        .transact(grant.actor(), async |tx| service::cancel(tx, &grant, id, version, &wanted.0.reason).await)
        .await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}

/// Write the file for the bank of a batch that was sent (银行代发文件).
///
/// Names and accounts are in clear; who took the file is in the audit.
#[utoipa::path(
    tag = "payouts",
    params(("id" = PayoutBatchId, Path, description = "The batch")),
    responses((status = 200, description = "The file", body = String, content_type = "text/csv"))
)]
#[post("/payout-batches/{id}/bank-file")]
async fn write_bank_file(
    grant: Grant<KeepPayoutBatch>,
    app: web::Data<App>,
    id: web::Path<PayoutBatchId>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let formats = Formats::of(&app.config.data)?;
    let (name, bytes) =
        app.transact(grant.actor(), async |tx| send::bank_file(tx, &app.secrets, &formats, &grant, id).await).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/csv"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(bytes))
}

/// Import what the bank reports of a batch (代发结果导入).
///
/// CSV in the batch's format, at most 2 MiB. A paid row is a payout with its evidence, and income; a failed row's amount
/// is owed as before. All rows are imported or none; the same file again changes nothing.
#[utoipa::path(
    tag = "payouts",
    params(("id" = PayoutBatchId, Path, description = "The batch"), view::ResultQuery, IdempotencyHeader),
    request_body(content = String, content_type = "text/csv", description = "The bank's result"),
    responses((status = 201, description = "Imported", body = view::PayoutResult))
)]
#[post("/payout-batches/{id}/results")]
async fn import_payout_result(
    grant: Grant<KeepPayoutBatch>,
    app: web::Data<App>,
    id: web::Path<PayoutBatchId>,
    query: Query<view::ResultQuery>,
    request: HttpRequest,
    body: web::Bytes,
) -> Result<HttpResponse, Failure> {
    let declared =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !declared.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("text/csv") {
        return Err(Problem::plain(&problem::UNSUPPORTED_MEDIA_TYPE).into());
    }
    let id = id.into_inner();
    let key = IdempotencyKey::read(&request, &body)?;
    let formats = Formats::of(&app.config.data)?;
    let answer = app
        .transact_once(grant.actor(), &key, 201, async |tx| {
            send::import(tx, &formats, &grant, id, &query.0, &body).await
        })
        .await?;
    Ok(answer.into_response())
}

/// Record who had their cash, with the receipt each household signed, and who had not (现金发放，出纳签字).
///
/// It is income once a witness from the village has signed too.
#[utoipa::path(
    tag = "payouts",
    params(("id" = PayoutBatchId, Path, description = "The batch"), IdempotencyHeader),
    request_body = view::HandOver,
    responses((status = 200, description = "Recorded", body = view::PayoutBatchWithLines))
)]
#[post("/payout-batches/{id}/hand-over")]
async fn hand_cash_over(
    grant: Grant<KeepPayoutBatch>,
    app: web::Data<App>,
    id: web::Path<PayoutBatchId>,
    wanted: Once<view::HandOver>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 200, async |tx| cash::hand_over(tx, &grant, id, &wanted.body).await)
        .await?;
    Ok(answer.into_response())
}

/// Sign as the village's witness that households had their cash (村级见证).
#[utoipa::path(
    tag = "payouts",
    params(("id" = PayoutBatchId, Path, description = "The batch"), IdempotencyHeader),
    request_body = view::WitnessLines,
    responses((status = 200, description = "Signed; it is income", body = view::PayoutBatchWithLines))
)]
#[post("/payout-batches/{id}/witness")]
async fn witness_cash(
    grant: Grant<WitnessPayout>,
    app: web::Data<App>,
    id: web::Path<PayoutBatchId>,
    wanted: Once<view::WitnessLines>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 200, async |tx| cash::witness(tx, &grant, id, &wanted.body).await)
        .await?;
    Ok(answer.into_response())
}

/// List the formats that banks read and write (银行文件格式).
#[utoipa::path(
    tag = "payouts",
    responses((status = 200, description = "The formats", body = view::BankFormats))
)]
#[get("/payout-formats")]
async fn list_payout_formats(_grant: Grant<ViewPayoutBatch>, app: web::Data<App>) -> Result<HttpResponse, Failure> {
    let formats = Formats::of(&app.config.data)?;
    Ok(HttpResponse::Ok().json(view::BankFormats { items: formats.all().to_vec() }))
}

/// Show what cooperatives owe their households, by how long they have owed it (拖欠账龄).
#[utoipa::path(
    tag = "payouts",
    params(PageQuery),
    responses((status = 200, description = "A page of cooperatives, and the totals", body = view::Arrears))
)]
#[get("/arrears")]
async fn get_arrears(
    grant: Grant<ViewPayout>,
    app: web::Data<App>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    let today = business_date(app.clock.now());
    Ok(HttpResponse::Ok().json(arrears::show(app.reader(), &grant, &page.0, today).await?))
}
