//! Orders over HTTP.

use super::{papers, service, view};
use crate::access::Grant;
use crate::access::policy::{CancelOrder, PlaceOrder, ReceiveOrder, ServeOrder, ViewOrder};
use crate::app::App;
use crate::http::{Body, IdempotencyHeader, IfMatch, IfMatchHeader, Once, Page, PageQuery, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::{OrderGroupId, SupplierOrderId};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(place_order)
        .service(list_orders)
        .service(get_order)
        .service(list_supplier_orders)
        .service(get_supplier_order)
        .service(confirm_supplier_order)
        .service(extend_payment)
        .service(get_clocks)
        .service(ship_supplier_order)
        .service(accept_supplier_order)
        .service(rate_supplier_order)
        .service(rate_orders)
        .service(list_orders_to_rate)
        .service(cancel_supplier_order)
        .service(amend_supplier_order)
        .service(request_return)
        .service(receive_return)
        .service(decline_return)
        .service(credit_supplier_order);
}

fn answer(shown: &view::SupplierOrderDetail) -> HttpResponse {
    tagged(StatusCode::OK, shown.head.version, shown)
}

/// Place an order over products of one or several suppliers (下单).
///
/// Stock is reserved, prices are frozen, the order is split into one supplier order each, and the budget is bound:
/// all of it, or nothing.
#[utoipa::path(tag = "orders", request_body = view::PlaceOrder, params(IdempotencyHeader),
    responses((status = 201, description = "The order with its parts", body = view::Order)))]
#[post("/orders")]
async fn place_order(
    grant: Grant<PlaceOrder>,
    app: web::Data<App>,
    wanted: Once<view::PlaceOrder>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 201, async |tx| service::place(tx, &grant, &wanted.body).await)
        .await?;
    Ok(answer.into_response())
}

/// List orders of your organisation, or of those below it, newest first.
#[utoipa::path(tag = "orders", params(PageQuery),
    responses((status = 200, description = "A page of orders", body = Page<view::OrderInList>)))]
#[get("/orders")]
async fn list_orders(
    grant: Grant<ViewOrder>,
    app: web::Data<App>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list_groups(app.reader(), &grant, &page.0).await?))
}

/// Show an order with its parts and their lines.
#[utoipa::path(tag = "orders", params(("id" = OrderGroupId, Path, description = "The order")),
    responses((status = 200, description = "The order", body = view::Order)))]
#[get("/orders/{id}")]
async fn get_order(
    grant: Grant<ViewOrder>,
    app: web::Data<App>,
    id: web::Path<OrderGroupId>,
) -> Result<HttpResponse, Failure> {
    let order = service::get_group(app.reader(), &grant, *id).await?;
    Ok(tagged(StatusCode::OK, order.head.version, &order))
}

/// List supplier orders, as the supplier, as the buyer, or above the buyer; newest first.
#[utoipa::path(tag = "orders", params(view::SupplierOrderFilter),
    responses((status = 200, description = "A page of supplier orders", body = Page<view::SupplierOrderHead>)))]
#[get("/supplier-orders")]
async fn list_supplier_orders(
    grant: Grant<ViewOrder>,
    app: web::Data<App>,
    wanted: Query<view::SupplierOrderFilter>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, wanted.0).await?))
}

/// Show a supplier order with all that happened to it.
#[utoipa::path(tag = "orders", params(("id" = SupplierOrderId, Path, description = "The supplier order")),
    responses((status = 200, description = "The supplier order", body = view::SupplierOrderDetail)))]
#[get("/supplier-orders/{id}")]
async fn get_supplier_order(
    grant: Grant<ViewOrder>,
    app: web::Data<App>,
    id: web::Path<SupplierOrderId>,
) -> Result<HttpResponse, Failure> {
    Ok(answer(&service::get(app.reader(), &grant, *id).await?))
}

/// Take an order on as its supplier (确认).
#[utoipa::path(tag = "orders",
    params(("id" = SupplierOrderId, Path, description = "The supplier order"), IfMatchHeader),
    responses((status = 200, description = "The supplier order, confirmed", body = view::SupplierOrderDetail)))]
#[post("/supplier-orders/{id}/confirm")]
async fn confirm_supplier_order(
    grant: Grant<ServeOrder>,
    app: web::Data<App>,
    id: web::Path<SupplierOrderId>,
    seen: IfMatch,
) -> Result<HttpResponse, Failure> {
    let shown = app
        .transact(grant.actor(), async |tx| {
            let terms = (&app.config.order_clocks, &app.config.late_interest);
            service::confirm(tx, &grant, (*id, seen), terms).await
        })
        .await?;
    Ok(answer(&shown))
}

/// Put the payment of an order that is paid first off, once (延期付款).
#[utoipa::path(tag = "orders",
    params(("id" = SupplierOrderId, Path, description = "The supplier order"), IfMatchHeader),
    responses((status = 200, description = "The supplier order, to be paid later", body = view::SupplierOrderDetail)))]
#[post("/supplier-orders/{id}/extend-payment")]
async fn extend_payment(
    grant: Grant<ReceiveOrder>,
    app: web::Data<App>,
    id: web::Path<SupplierOrderId>,
    seen: IfMatch,
) -> Result<HttpResponse, Failure> {
    let clocks = &app.config.order_clocks;
    let act = async |tx: &_| service::extend_payment(tx, &grant, (*id, seen), clocks).await;
    Ok(answer(&app.transact(grant.actor(), act).await?))
}

/// Show which clocks of a supplier order run, until when, and which ran out (时限).
#[utoipa::path(tag = "orders", params(("id" = SupplierOrderId, Path, description = "The supplier order")),
    responses((status = 200, description = "Its clocks", body = view::ClocksOfOrder)))]
#[get("/supplier-orders/{id}/clocks")]
async fn get_clocks(
    grant: Grant<ViewOrder>,
    app: web::Data<App>,
    id: web::Path<SupplierOrderId>,
) -> Result<HttpResponse, Failure> {
    let clocks = service::clocks(app.reader(), &grant, *id, &app.config.order_clocks).await?;
    Ok(HttpResponse::Ok().json(clocks))
}

/// Send the goods on their way, naming the lots they come from (发货).
#[utoipa::path(tag = "orders", request_body = view::ShipOrder,
    params(("id" = SupplierOrderId, Path, description = "The supplier order"), IdempotencyHeader, IfMatchHeader),
    responses((status = 200, description = "The supplier order, shipped", body = view::SupplierOrderDetail)))]
#[post("/supplier-orders/{id}/ship")]
async fn ship_supplier_order(
    grant: Grant<ServeOrder>,
    app: web::Data<App>,
    id: web::Path<SupplierOrderId>,
    seen: IfMatch,
    wanted: Once<view::ShipOrder>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 200, async |tx| {
            service::ship(tx, &grant, *id, seen, &wanted.body).await
        })
        .await?;
    Ok(answer.into_response())
}

/// Accept what came, all or some of it, line by line (验收). Nothing at all is a refusal.
#[utoipa::path(tag = "orders", request_body = view::AcceptOrder,
    params(("id" = SupplierOrderId, Path, description = "The supplier order"), IdempotencyHeader, IfMatchHeader),
    responses((status = 200, description = "The supplier order, accepted or refused", body = view::SupplierOrderDetail)))]
#[post("/supplier-orders/{id}/accept")]
async fn accept_supplier_order(
    grant: Grant<ReceiveOrder>,
    app: web::Data<App>,
    id: web::Path<SupplierOrderId>,
    seen: IfMatch,
    wanted: Once<view::AcceptOrder>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 200, async |tx| {
            service::accept(tx, &grant, *id, seen, &wanted.body).await
        })
        .await?;
    Ok(answer.into_response())
}

/// Rate a paid order, which completes it (评价).
#[utoipa::path(tag = "orders", request_body = view::RateOrder,
    params(("id" = SupplierOrderId, Path, description = "The supplier order"), IfMatchHeader),
    responses((status = 200, description = "The supplier order, completed", body = view::SupplierOrderDetail)))]
#[post("/supplier-orders/{id}/rate")]
async fn rate_supplier_order(
    grant: Grant<ReceiveOrder>,
    app: web::Data<App>,
    id: web::Path<SupplierOrderId>,
    seen: IfMatch,
    wanted: Body<view::RateOrder>,
) -> Result<HttpResponse, Failure> {
    let shown = app.transact(grant.actor(), async |tx| service::rate(tx, &grant, *id, seen, &wanted.0).await).await?;
    Ok(answer(&shown))
}

/// Rate several paid orders at once, all of them or none (批量评价).
#[utoipa::path(tag = "orders", request_body = view::RateMany, params(IdempotencyHeader),
    responses((status = 200, description = "They are completed", body = view::RatedOrders)))]
#[post("/ratings")]
async fn rate_orders(
    grant: Grant<ReceiveOrder>,
    app: web::Data<App>,
    wanted: Once<view::RateMany>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::rate_many(tx, &grant, &wanted.body).await;
    Ok(app.transact_once(grant.actor(), &wanted.key, 200, act).await?.into_response())
}

/// List orders that are accepted and paid, and count for no quota until they are rated (待评价订单).
#[utoipa::path(tag = "orders", params(PageQuery),
    responses((status = 200, description = "A page of them, with how many there are in all", body = view::ToRate)))]
#[get("/orders-to-rate")]
async fn list_orders_to_rate(
    grant: Grant<ViewOrder>,
    app: web::Data<App>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::to_rate(app.reader(), &grant, &page.0).await?))
}

/// Call an order off before its goods leave, as either side (取消).
#[utoipa::path(tag = "orders", request_body = view::CancelOrder,
    params(("id" = SupplierOrderId, Path, description = "The supplier order"), IdempotencyHeader, IfMatchHeader),
    responses((status = 200, description = "The supplier order, cancelled", body = view::SupplierOrderDetail)))]
#[post("/supplier-orders/{id}/cancel")]
async fn cancel_supplier_order(
    grant: Grant<CancelOrder>,
    app: web::Data<App>,
    id: web::Path<SupplierOrderId>,
    seen: IfMatch,
    wanted: Once<view::CancelOrder>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 200, async |tx| {
            service::cancel(tx, &grant, *id, seen, &wanted.body).await
        })
        .await?;
    Ok(answer.into_response())
}

/// Take packs off before they leave, as either side (变更).
#[utoipa::path(tag = "orders", request_body = papers::AmendOrder,
    params(("id" = SupplierOrderId, Path, description = "The supplier order"), IdempotencyHeader, IfMatchHeader),
    responses((status = 200, description = "The supplier order without them", body = view::SupplierOrderDetail)))]
#[post("/supplier-orders/{id}/amend")]
async fn amend_supplier_order(
    grant: Grant<CancelOrder>,
    app: web::Data<App>,
    id: web::Path<SupplierOrderId>,
    seen: IfMatch,
    wanted: Once<papers::AmendOrder>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 200, async |tx| {
            service::amend(tx, &grant, *id, seen, &wanted.body).await
        })
        .await?;
    Ok(answer.into_response())
}

/// Ask the supplier to take accepted goods back, within the days allowed (申请退货).
#[utoipa::path(tag = "orders", request_body = papers::RequestReturn,
    params(("id" = SupplierOrderId, Path, description = "The supplier order"), IdempotencyHeader, IfMatchHeader),
    responses((status = 200, description = "The supplier order with the return", body = view::SupplierOrderDetail)))]
#[post("/supplier-orders/{id}/returns")]
async fn request_return(
    grant: Grant<ReceiveOrder>,
    app: web::Data<App>,
    id: web::Path<SupplierOrderId>,
    seen: IfMatch,
    wanted: Once<papers::RequestReturn>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 200, async |tx| {
            service::request_return(tx, &grant, (*id, seen), app.config.return_days, &wanted.body).await
        })
        .await?;
    Ok(answer.into_response())
}

/// Take returned goods back into the store, or write them off; either way they are credited (收回退货).
#[utoipa::path(tag = "orders", request_body = papers::ReceiveReturn,
    params(("id" = SupplierOrderId, Path, description = "The supplier order"), ("number" = i32, Path, description = "The number of the return"),
        IdempotencyHeader, IfMatchHeader),
    responses((status = 200, description = "The supplier order, credited", body = view::SupplierOrderDetail)))]
#[post("/supplier-orders/{id}/returns/{number}/receive")]
async fn receive_return(
    grant: Grant<ServeOrder>,
    app: web::Data<App>,
    id: web::Path<(SupplierOrderId, i32)>,
    seen: IfMatch,
    wanted: Once<papers::ReceiveReturn>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 200, async |tx| {
            service::receive_return(tx, &grant, *id, seen, &wanted.body).await
        })
        .await?;
    Ok(answer.into_response())
}

/// Decline to take goods back (驳回退货).
#[utoipa::path(tag = "orders", request_body = papers::DeclineReturn,
    params(("id" = SupplierOrderId, Path, description = "The supplier order"), ("number" = i32, Path, description = "The number of the return"),
        IdempotencyHeader, IfMatchHeader),
    responses((status = 200, description = "The supplier order with the decision", body = view::SupplierOrderDetail)))]
#[post("/supplier-orders/{id}/returns/{number}/decline")]
async fn decline_return(
    grant: Grant<ServeOrder>,
    app: web::Data<App>,
    id: web::Path<(SupplierOrderId, i32)>,
    seen: IfMatch,
    wanted: Once<papers::DeclineReturn>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 200, async |tx| {
            service::decline_return(tx, &grant, *id, seen, &wanted.body).await
        })
        .await?;
    Ok(answer.into_response())
}

/// Take part of the price off goods that are kept (折让).
#[utoipa::path(tag = "orders", request_body = papers::CreditOrder,
    params(("id" = SupplierOrderId, Path, description = "The supplier order"), IdempotencyHeader, IfMatchHeader),
    responses((status = 200, description = "The supplier order, credited", body = view::SupplierOrderDetail)))]
#[post("/supplier-orders/{id}/credits")]
async fn credit_supplier_order(
    grant: Grant<ServeOrder>,
    app: web::Data<App>,
    id: web::Path<SupplierOrderId>,
    seen: IfMatch,
    wanted: Once<papers::CreditOrder>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 200, async |tx| {
            service::credit_order(tx, &grant, *id, seen, &wanted.body).await
        })
        .await?;
    Ok(answer.into_response())
}
