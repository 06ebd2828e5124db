//! Needs over HTTP.

use super::state::Step;
use super::view::{
    ClaimVillageNeed, DeliverVillageNeed, NeedBecause, NeedMatches, NeedSuggestions, NewVillageNeed, VillageNeed,
    VillageNeedDetail, VillageNeedFilter,
};
use super::{matching, service};
use crate::access::Grant;
use crate::access::policy::{ClaimNeed, DeliverNeed, KeepNeed, MatchNeed, ReadPublic, SuggestNeeds};
use crate::app::App;
use crate::http::{Body, IfMatch, IfMatchHeader, Page, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::VillageNeedId;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(publish_need)
        .service(list_needs)
        .service(get_need)
        .service(claim_need)
        .service(release_need)
        .service(deliver_need)
        .service(confirm_need)
        .service(send_back_need)
        .service(reopen_need)
        .service(withdraw_need)
        .service(list_need_matches)
        .service(list_need_suggestions);
}

fn shown(detail: &VillageNeedDetail) -> HttpResponse {
    tagged(StatusCode::OK, detail.need.version, detail)
}

/// Publish what your village needs: goods to sell, skills, posts, a small project (发布村需求).
#[utoipa::path(tag = "village-needs", request_body = NewVillageNeed,
    responses((status = 201, description = "Everybody can read it", body = VillageNeedDetail)))]
#[post("/village-needs")]
async fn publish_need(
    grant: Grant<KeepNeed>,
    app: web::Data<App>,
    wanted: Body<NewVillageNeed>,
) -> Result<HttpResponse, Failure> {
    let work = async |tx: &_| service::publish(tx, &grant, wanted.0.clone()).await;
    let made = app.transact(grant.actor(), work).await?;
    Ok(tagged(StatusCode::CREATED, made.need.version, &made))
}

/// List what villages need, newest first (村需求).
#[utoipa::path(tags = ["village-needs", "public"], params(VillageNeedFilter),
    responses((status = 200, description = "A page of needs", body = Page<VillageNeed>)))]
#[get("/village-needs")]
async fn list_needs(
    grant: Grant<ReadPublic>,
    app: web::Data<App>,
    wanted: Query<VillageNeedFilter>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, wanted.0).await?))
}

/// Show what a village needs, with what became of it.
#[utoipa::path(tags = ["village-needs", "public"], params(("id" = VillageNeedId, Path, description = "The need")),
    responses((status = 200, description = "The need", body = VillageNeedDetail)))]
#[get("/village-needs/{id}")]
async fn get_need(
    grant: Grant<ReadPublic>,
    app: web::Data<App>,
    id: web::Path<VillageNeedId>,
) -> Result<HttpResponse, Failure> {
    Ok(shown(&service::show(app.reader(), &grant, *id).await?))
}

/// Take on what a village needs, for your organisation or in person (认领).
#[utoipa::path(tag = "village-needs", request_body = ClaimVillageNeed,
    params(("id" = VillageNeedId, Path, description = "The need"), IfMatchHeader),
    responses(
        (status = 200, description = "It is yours to deliver", body = VillageNeedDetail),
        (status = 409, description = "Somebody took it on already, or it is no longer wanted"),
    ))]
#[post("/village-needs/{id}/claim")]
async fn claim_need(
    grant: Grant<ClaimNeed>,
    app: web::Data<App>,
    id: web::Path<VillageNeedId>,
    seen: IfMatch,
    wanted: Body<ClaimVillageNeed>,
) -> Result<HttpResponse, Failure> {
    let work = async |tx: &_| service::claim(tx, &grant, *id, seen, &wanted.0).await;
    Ok(shown(&app.transact(grant.actor(), work).await?))
}

/// Give up what you took on, with a reason; others may take it on again (放弃认领).
#[utoipa::path(tag = "village-needs", request_body = NeedBecause,
    params(("id" = VillageNeedId, Path, description = "The need"), IfMatchHeader),
    responses(
        (status = 200, description = "It is published again", body = VillageNeedDetail),
        (status = 409, description = "It is in another state"),
    ))]
#[post("/village-needs/{id}/release")]
async fn release_need(
    grant: Grant<DeliverNeed>,
    app: web::Data<App>,
    id: web::Path<VillageNeedId>,
    seen: IfMatch,
    wanted: Body<NeedBecause>,
) -> Result<HttpResponse, Failure> {
    let work = async |tx: &_| service::release(tx, &grant, *id, seen, wanted.0.reason.as_str()).await;
    Ok(shown(&app.transact(grant.actor(), work).await?))
}

/// Say with evidence what came of it; within a pairing that enters the claim of aid as well (交付).
#[utoipa::path(tag = "village-needs", request_body = DeliverVillageNeed,
    params(("id" = VillageNeedId, Path, description = "The need"), IfMatchHeader),
    responses(
        (status = 200, description = "It waits for the village", body = VillageNeedDetail),
        (status = 409, description = "It is in another state, or the order is claimed already"),
        (status = 422, description = "What it counts as does not fit the need, or the order is no assisted sale"),
    ))]
#[post("/village-needs/{id}/deliver")]
async fn deliver_need(
    grant: Grant<DeliverNeed>,
    app: web::Data<App>,
    id: web::Path<VillageNeedId>,
    seen: IfMatch,
    wanted: Body<DeliverVillageNeed>,
) -> Result<HttpResponse, Failure> {
    let work = async |tx: &_| service::deliver(tx, &grant, *id, seen, &wanted.0).await;
    Ok(shown(&app.transact(grant.actor(), work).await?))
}

/// Confirm as the village that it came; that confirms the claim of aid as well (确认).
#[utoipa::path(tag = "village-needs", params(("id" = VillageNeedId, Path, description = "The need"), IfMatchHeader),
    responses(
        (status = 200, description = "It is fulfilled", body = VillageNeedDetail),
        (status = 409, description = "It is in another state"),
    ))]
#[post("/village-needs/{id}/confirm")]
async fn confirm_need(
    grant: Grant<KeepNeed>,
    app: web::Data<App>,
    id: web::Path<VillageNeedId>,
    seen: IfMatch,
) -> Result<HttpResponse, Failure> {
    let work = async |tx: &_| service::keep(tx, &grant, *id, seen, (Step::Confirm, None)).await;
    Ok(shown(&app.transact(grant.actor(), work).await?))
}

/// A step of the village that needs a reason.
async fn because(
    grant: &Grant<KeepNeed>,
    app: &App,
    id: VillageNeedId,
    seen: IfMatch,
    (step, wanted): (Step, &NeedBecause),
) -> Result<HttpResponse, Failure> {
    let reason = Some(wanted.reason.as_str());
    let work = async |tx: &_| service::keep(tx, grant, id, seen, (step, reason)).await;
    Ok(shown(&app.transact(grant.actor(), work).await?))
}

/// Say as the village that it did not come so; whoever took it on delivers again (退回).
#[utoipa::path(tag = "village-needs", request_body = NeedBecause,
    params(("id" = VillageNeedId, Path, description = "The need"), IfMatchHeader),
    responses(
        (status = 200, description = "It waits for its claimant", body = VillageNeedDetail),
        (status = 409, description = "It is in another state"),
    ))]
#[post("/village-needs/{id}/send-back")]
async fn send_back_need(
    grant: Grant<KeepNeed>,
    app: web::Data<App>,
    id: web::Path<VillageNeedId>,
    seen: IfMatch,
    wanted: Body<NeedBecause>,
) -> Result<HttpResponse, Failure> {
    because(&grant, &app, *id, seen, (Step::SendBack, &wanted.0)).await
}

/// Take it back as the village from somebody who does not move; others may take it on (收回).
#[utoipa::path(tag = "village-needs", request_body = NeedBecause,
    params(("id" = VillageNeedId, Path, description = "The need"), IfMatchHeader),
    responses(
        (status = 200, description = "It is published again", body = VillageNeedDetail),
        (status = 409, description = "It is in another state"),
    ))]
#[post("/village-needs/{id}/reopen")]
async fn reopen_need(
    grant: Grant<KeepNeed>,
    app: web::Data<App>,
    id: web::Path<VillageNeedId>,
    seen: IfMatch,
    wanted: Body<NeedBecause>,
) -> Result<HttpResponse, Failure> {
    because(&grant, &app, *id, seen, (Step::Reopen, &wanted.0)).await
}

/// Withdraw as the village what is no longer needed (撤回).
#[utoipa::path(tag = "village-needs", request_body = NeedBecause,
    params(("id" = VillageNeedId, Path, description = "The need"), IfMatchHeader),
    responses(
        (status = 200, description = "It is withdrawn", body = VillageNeedDetail),
        (status = 409, description = "It is in another state"),
    ))]
#[post("/village-needs/{id}/withdraw")]
async fn withdraw_need(
    grant: Grant<KeepNeed>,
    app: web::Data<App>,
    id: web::Path<VillageNeedId>,
    seen: IfMatch,
    wanted: Body<NeedBecause>,
) -> Result<HttpResponse, Failure> {
    because(&grant, &app, *id, seen, (Step::Withdraw, &wanted.0)).await
}

/// List enterprises that might take on what your village needs, each with the reasons (匹配推荐).
#[utoipa::path(tag = "village-needs", params(("id" = VillageNeedId, Path, description = "The need")),
    responses((status = 200, description = "The most fitting first", body = NeedMatches)))]
#[get("/village-needs/{id}/matches")]
async fn list_need_matches(
    grant: Grant<MatchNeed>,
    app: web::Data<App>,
    id: web::Path<VillageNeedId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(matching::matches(app.reader(), &grant, *id, app.clock.now()).await?))
}

/// List needs that suit your enterprise, each with the reasons (需求推荐).
#[utoipa::path(tag = "village-needs",
    responses((status = 200, description = "The most fitting first", body = NeedSuggestions)))]
#[get("/need-suggestions")]
async fn list_need_suggestions(grant: Grant<SuggestNeeds>, app: web::Data<App>) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(matching::suggestions(app.reader(), &grant, app.clock.now()).await?))
}
