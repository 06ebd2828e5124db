//! Invoices and bank statements over HTTP.

use super::error::PaymentError;
use super::gateway::PaidThrough;
use super::{look, payers, refunds, service, view};
use crate::access::Grant;
use crate::access::policy::{DeclarePayer, ImportStatement, ServeOrder, ViewDeclaredPayer, ViewOrder, ViewStatement};
use crate::app::App;
use crate::http::{Body, IdempotencyHeader, IdempotencyKey, IfMatch, IfMatchHeader, Once, Page, PageQuery, Query};
use crate::problem::{self, Failure, Problem};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use entity::value::{BankRowId, BankStatementId, DeclaredPayerId, SupplierOrderId};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers every operation of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(invoice_order)
        .service(import_statement)
        .service(list_statements)
        .service(get_statement)
        .service(list_rows)
        .service(assign_row)
        .service(record_refund)
        .service(get_order_payments)
        .service(get_payment_instruction)
        .service(declare_payer)
        .service(list_declared_payers)
        .service(end_declared_payer);
}

/// Record an invoice for what was accepted, or a red one for what was given back (登记发票).
#[utoipa::path(
    tag = "payments",
    params(("id" = SupplierOrderId, Path, description = "The supplier order"), IdempotencyHeader, IfMatchHeader),
    request_body = view::RecordInvoice,
    responses((status = 201, description = "Recorded; the order now waits for the money", body = view::Invoice))
)]
#[post("/supplier-orders/{id}/invoice")]
async fn invoice_order(
    grant: Grant<ServeOrder>,
    app: web::Data<App>,
    id: web::Path<SupplierOrderId>,
    version: IfMatch,
    wanted: Once<view::RecordInvoice>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 201, async |tx| {
            service::record_invoice(tx, &grant, id, version, &wanted.body).await
        })
        .await?;
    Ok(answer.into_response())
}

/// Import a bank statement and match its rows with orders (导入银行流水).
///
/// A camt.053 message of version 02 or 08, of which booked credits in yuan count; or a CSV in UTF-8. At most 2 MiB and 5,000 rows; a CSV under the heading
/// `booked_on,payer_name,payer_account,amount_yuan,memo,bank_reference` or 交易日期,对方户名,对方账号,金额,附言,流水号.
/// All rows are imported or none. A row pays the orders whose ten-digit transfer codes are in its memo, in the order in
/// which they stand there, once they are invoiced: too little leaves the rest open, too much is owed back to the buyer.
/// Every other row waits in the list with the reason; one that came before its invoice is matched when that comes.
#[utoipa::path(
    tag = "payments",
    params(view::StatementName, IdempotencyHeader),
    request_body(content((String = "text/csv"), (String = "application/xml")), description = "The statement"),
    responses((status = 201, description = "Imported; every matched order is paid", body = view::BankStatement))
)]
#[post("/bank-statements")]
async fn import_statement(
    grant: Grant<ImportStatement>,
    app: web::Data<App>,
    name: Query<view::StatementName>,
    request: HttpRequest,
    body: web::Bytes,
) -> Result<HttpResponse, Failure> {
    let declared =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let declared = declared.split(';').next().unwrap_or_default().trim();
    if !["text/csv", "application/xml", "text/xml"].iter().any(|kind| declared.eq_ignore_ascii_case(kind)) {
        return Err(Problem::plain(&problem::UNSUPPORTED_MEDIA_TYPE).into());
    }
    let key = IdempotencyKey::read(&request, &body)?;
    let gateway = app.part::<PaidThrough>()?;
    let answer = app
        .transact_once(grant.actor(), &key, 201, async |tx| -> Result<_, PaymentError> {
            service::import(tx, (&app.secrets, gateway.0.as_ref()), &grant, &name.0.name, &body).await
        })
        .await?;
    Ok(answer.into_response())
}

/// List imported bank statements, newest first.
#[utoipa::path(
    tag = "payments",
    params(PageQuery),
    responses((status = 200, description = "A page of statements", body = Page<view::BankStatement>))
)]
#[get("/bank-statements")]
async fn list_statements(
    grant: Grant<ViewStatement>,
    app: web::Data<App>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, &page.0).await?))
}

/// Show a bank statement with its rows; account numbers are masked.
#[utoipa::path(
    tag = "payments",
    params(("id" = BankStatementId, Path, description = "The statement"), view::RowFilter),
    responses((status = 200, description = "The statement", body = view::BankStatementWithRows))
)]
#[get("/bank-statements/{id}")]
async fn get_statement(
    grant: Grant<ViewStatement>,
    app: web::Data<App>,
    id: web::Path<BankStatementId>,
    filter: Query<view::RowFilter>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::show(app.reader(), &app.secrets, &grant, id.into_inner(), filter.0).await?))
}

/// List rows of all statements, newest first; those that match nothing with what they may be for.
#[utoipa::path(
    tag = "payments",
    params(view::RowQuery),
    responses((status = 200, description = "A page of rows", body = Page<view::RowOfAll>))
)]
#[get("/bank-rows")]
async fn list_rows(
    grant: Grant<ViewStatement>,
    app: web::Data<App>,
    query: Query<view::RowQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(look::rows(app.reader(), &app.secrets, &grant, query.0).await?))
}

/// Give a row that matched nothing to the orders it is for (认领流水).
#[utoipa::path(
    tag = "payments",
    params(("id" = BankRowId, Path, description = "The row"), IdempotencyHeader),
    request_body = view::AssignRow,
    responses((status = 200, description = "The row, matched", body = view::BankRow))
)]
#[post("/bank-rows/{id}/assign")]
async fn assign_row(
    grant: Grant<ImportStatement>,
    app: web::Data<App>,
    id: web::Path<BankRowId>,
    wanted: Once<view::AssignRow>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 200, async |tx| {
            service::assign(tx, &app.secrets, &grant, *id, &wanted.body).await
        })
        .await?;
    Ok(answer.into_response())
}

/// Record money given back to the buyer, with its evidence (登记退款).
#[utoipa::path(
    tag = "payments",
    params(("id" = SupplierOrderId, Path, description = "The supplier order"), IdempotencyHeader, IfMatchHeader),
    request_body = view::RecordRefund,
    responses((status = 201, description = "Recorded", body = view::RefundPayment))
)]
#[post("/supplier-orders/{id}/refund-payments")]
async fn record_refund(
    grant: Grant<ServeOrder>,
    app: web::Data<App>,
    id: web::Path<SupplierOrderId>,
    version: IfMatch,
    wanted: Once<view::RecordRefund>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 201, async |tx| {
            refunds::record_refund(tx, &grant, *id, version, &wanted.body).await
        })
        .await?;
    Ok(answer.into_response())
}

/// Show the invoices of an order, what was paid and what was given back.
#[utoipa::path(
    tag = "payments",
    params(("id" = SupplierOrderId, Path, description = "The supplier order")),
    responses((status = 200, description = "The money of the order", body = view::MoneyOfOrder))
)]
#[get("/supplier-orders/{id}/payments")]
async fn get_order_payments(
    grant: Grant<ViewOrder>,
    app: web::Data<App>,
    id: web::Path<SupplierOrderId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(look::money_of(app.reader(), &grant, *id).await?))
}

/// Show how what is payable of an order now is paid, and what to write on it (付款指引).
#[utoipa::path(
    tag = "payments",
    params(("id" = SupplierOrderId, Path, description = "The supplier order")),
    responses((status = 200, description = "How to pay it", body = view::PaymentInstruction))
)]
#[get("/supplier-orders/{id}/payment-instruction")]
async fn get_payment_instruction(
    grant: Grant<ViewOrder>,
    app: web::Data<App>,
    id: web::Path<SupplierOrderId>,
) -> Result<HttpResponse, Failure> {
    let gateway = app.part::<PaidThrough>()?;
    Ok(HttpResponse::Ok().json(look::instruction(app.reader(), &grant, gateway.0.as_ref(), *id).await?))
}

/// Declare in whose name else your organisation's money may come (约定付款人).
#[utoipa::path(
    tag = "payments",
    request_body = payers::DeclarePayer,
    responses((status = 201, description = "Declared", body = payers::DeclaredPayer))
)]
#[post("/declared-payers")]
async fn declare_payer(
    grant: Grant<DeclarePayer>,
    app: web::Data<App>,
    wanted: Body<payers::DeclarePayer>,
) -> Result<HttpResponse, Failure> {
    let made =
        app.transact(grant.actor(), async |tx| payers::declare(tx, &app.secrets, &grant, &wanted.0).await).await?;
    Ok(HttpResponse::Created().json(made))
}

/// List declared payers of your organisation, or of all, newest first.
#[utoipa::path(
    tag = "payments",
    params(PageQuery),
    responses((status = 200, description = "A page of declared payers", body = Page<payers::DeclaredPayer>))
)]
#[get("/declared-payers")]
async fn list_declared_payers(
    grant: Grant<ViewDeclaredPayer>,
    app: web::Data<App>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(payers::list(app.reader(), &app.secrets, &grant, &page.0).await?))
}

/// End a declaration; what was paid under it stays paid.
#[utoipa::path(
    tag = "payments",
    params(("id" = DeclaredPayerId, Path, description = "The declaration")),
    responses((status = 200, description = "Ended", body = payers::DeclaredPayer))
)]
#[post("/declared-payers/{id}/end")]
async fn end_declared_payer(
    grant: Grant<DeclarePayer>,
    app: web::Data<App>,
    id: web::Path<DeclaredPayerId>,
) -> Result<HttpResponse, Failure> {
    let ended = app.transact(grant.actor(), async |tx| payers::end(tx, &app.secrets, &grant, *id).await).await?;
    Ok(HttpResponse::Ok().json(ended))
}
