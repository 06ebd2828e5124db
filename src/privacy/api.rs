//! Privacy over HTTP.

use super::retention::Schedule;
use super::service;
use super::view::{
    AccessQuery, AccessRecord, ConsentQuery, ConsentRecord, NewConsent, NewNotice, PrivacyNotice, RetentionRules,
    RevealPurpose, RevealedHousehold, Withdrawal,
};
use crate::access::Grant;
use crate::access::policy::{
    PublishNotice, ReadPublic, RecordConsent, RevealHousehold, ViewAccessRecords, ViewConsents,
};
use crate::app::App;
use crate::http::{Body, Page, PageQuery, Query};
use crate::problem::Failure;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{HttpResponse, get, post, web};
use entity::value::{ConsentId, HouseholdId, business_date};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers every operation of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(publish_privacy_notice)
        .service(list_privacy_notices)
        .service(reveal_household)
        .service(give_consent)
        .service(list_consents)
        .service(withdraw_consent)
        .service(list_household_access_records)
        .service(list_access_records)
        .service(list_retention_rules);
}

/// Publish the next version of a purpose's notice (公布告知书). It is never changed.
#[utoipa::path(
    tag = "privacy",
    request_body = NewNotice,
    responses((status = 201, description = "Published", body = PrivacyNotice))
)]
#[post("/privacy-notices")]
async fn publish_privacy_notice(
    grant: Grant<PublishNotice>,
    app: web::Data<App>,
    wanted: Body<NewNotice>,
) -> Result<HttpResponse, Failure> {
    let notice = app.transact(grant.actor(), async |tx| service::publish(tx, &grant, &wanted.0).await).await?;
    Ok(HttpResponse::Created().json(notice))
}

/// List what people are told before their data is used, newest first (告知书).
#[utoipa::path(
    tags = ["privacy", "public"],
    params(PageQuery),
    responses((status = 200, description = "A page of notices", body = Page<PrivacyNotice>))
)]
#[get("/privacy-notices")]
async fn list_privacy_notices(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list_notices(app.reader(), &page.0).await?))
}

/// Show a household's personal data in full, for a purpose that is recorded (查看完整信息).
#[utoipa::path(
    tag = "households",
    params(("id" = HouseholdId, Path, description = "The household")),
    request_body = RevealPurpose,
    responses((status = 200, description = "The personal data; not to be stored", body = RevealedHousehold))
)]
#[post("/households/{id}/reveal")]
async fn reveal_household(
    grant: Grant<RevealHousehold>,
    app: web::Data<App>,
    id: web::Path<HouseholdId>,
    wanted: Body<RevealPurpose>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let revealed =
        app.transact(grant.actor(), async |tx| service::reveal(tx, &app.secrets, &grant, id, &wanted.0).await).await?;
    let no_store = (CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(HttpResponse::Ok().insert_header(no_store).json(revealed))
}

/// Record that somebody agreed (登记同意).
#[utoipa::path(
    tag = "privacy",
    params(("id" = HouseholdId, Path, description = "The household")),
    request_body = NewConsent,
    responses((status = 201, description = "Recorded", body = ConsentRecord))
)]
#[post("/households/{id}/consents")]
async fn give_consent(
    grant: Grant<RecordConsent>,
    app: web::Data<App>,
    id: web::Path<HouseholdId>,
    wanted: Body<NewConsent>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let given = app.transact(grant.actor(), async |tx| service::give(tx, &grant, id, &wanted.0).await).await?;
    Ok(HttpResponse::Created().json(given))
}

/// List a household's consent records, newest first, each with whether it holds on a day (同意记录).
#[utoipa::path(
    tag = "privacy",
    params(("id" = HouseholdId, Path, description = "The household"), ConsentQuery),
    responses((status = 200, description = "A page of records", body = Page<ConsentRecord>))
)]
#[get("/households/{id}/consents")]
async fn list_consents(
    grant: Grant<ViewConsents>,
    app: web::Data<App>,
    id: web::Path<HouseholdId>,
    query: Query<ConsentQuery>,
) -> Result<HttpResponse, Failure> {
    let today = business_date(app.clock.now());
    let page = service::list_consents(app.reader(), &grant, id.into_inner(), &query.0, today).await?;
    Ok(HttpResponse::Ok().json(page))
}

/// Record that a consent was taken back (登记撤回). The consent stays as it was given.
#[utoipa::path(
    tag = "privacy",
    params(
        ("id" = HouseholdId, Path, description = "The household"),
        ("consent_id" = ConsentId, Path, description = "The consent"),
    ),
    request_body = Withdrawal,
    responses((status = 201, description = "Recorded", body = ConsentRecord))
)]
#[post("/households/{id}/consents/{consent_id}/withdrawal")]
async fn withdraw_consent(
    grant: Grant<RecordConsent>,
    app: web::Data<App>,
    ids: web::Path<(HouseholdId, ConsentId)>,
    wanted: Body<Withdrawal>,
) -> Result<HttpResponse, Failure> {
    let (id, consent) = ids.into_inner();
    let work = async |tx: &crate::db::Tx| service::withdraw(tx, &grant, id, consent, &wanted.0).await;
    let withdrawn = app.transact(grant.actor(), work).await?;
    Ok(HttpResponse::Created().json(withdrawn))
}

/// List who saw a household's personal data in full, newest first (查看留痕).
#[utoipa::path(
    tag = "privacy",
    params(("id" = HouseholdId, Path, description = "The household"), AccessQuery),
    responses((status = 200, description = "A page of access records", body = Page<AccessRecord>))
)]
#[get("/households/{id}/access-records")]
async fn list_household_access_records(
    grant: Grant<ViewAccessRecords>,
    app: web::Data<App>,
    id: web::Path<HouseholdId>,
    query: Query<AccessQuery>,
) -> Result<HttpResponse, Failure> {
    let page = service::list_access(app.reader(), &grant, Some(id.into_inner()), &query.0).await?;
    Ok(HttpResponse::Ok().json(page))
}

/// List who saw personal data of the county's households in full, newest first (全县查看留痕).
#[utoipa::path(
    tag = "privacy",
    params(AccessQuery),
    responses((status = 200, description = "A page of access records", body = Page<AccessRecord>))
)]
#[get("/access-records")]
async fn list_access_records(
    grant: Grant<ViewAccessRecords>,
    app: web::Data<App>,
    query: Query<AccessQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list_access(app.reader(), &grant, None, &query.0).await?))
}

/// List how long what is kept, why, and by which law (保存期限).
#[utoipa::path(
    tags = ["privacy", "public"],
    responses((status = 200, description = "Every rule", body = RetentionRules))
)]
#[get("/retention-rules")]
async fn list_retention_rules(_grant: Grant<ReadPublic>, app: web::Data<App>) -> Result<HttpResponse, Failure> {
    let Schedule(lists) = app.part::<Schedule>()?;
    let items = lists.iter().flat_map(|list| list.iter()).map(Into::into).collect();
    Ok(HttpResponse::Ok().json(RetentionRules { items }))
}
