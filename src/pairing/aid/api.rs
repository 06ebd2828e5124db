//! Rules, pledges and what was given, over HTTP.

use super::service;
use super::state::Step;
use super::view::{
    AidClaim, AidClaimDetail, AidFilter, NewAidClaim, NewPledge, NewProgrammeRule, Pledge, PledgeFilter,
    PledgeOverview, PledgeProgress, ProgrammeRule, ProgrammeRules, Ranking, RankingQuery, RejectAid, RuleQuery,
};
use crate::access::Grant;
use crate::access::policy::{
    ConfirmAid, EnterAid, KeepPairing, KeepProgramme, RejectAid as MayReject, VerifyAid, ViewAid, ViewPairing,
};
use crate::app::App;
use crate::http::{Body, IfMatch, IfMatchHeader, Page, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::{AidClaimId, PairingId};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(add_programme_rule)
        .service(list_programme_rules)
        .service(add_pledge)
        .service(get_pledge_progress)
        .service(get_pledge_overview)
        .service(enter_aid)
        .service(list_aid)
        .service(get_aid)
        .service(confirm_aid)
        .service(verify_aid)
        .service(reject_aid)
        .service(get_pairing_ranking);
}

/// Enter a programme's rules from their document, or a new version of them (录入行动规则).
#[utoipa::path(tag = "pairings", request_body = NewProgrammeRule,
    responses((status = 201, description = "It holds from now on", body = ProgrammeRule)))]
#[post("/programme-rules")]
async fn add_programme_rule(
    grant: Grant<KeepProgramme>,
    app: web::Data<App>,
    wanted: Body<NewProgrammeRule>,
) -> Result<HttpResponse, Failure> {
    let made = app.transact(grant.actor(), async |tx| service::add_rule(tx, &grant, &wanted.0).await).await?;
    Ok(HttpResponse::Created().json(made))
}

/// List all versions of a programme's rules, oldest first.
#[utoipa::path(tag = "pairings", params(RuleQuery),
    responses((status = 200, description = "The versions; the last one holds", body = ProgrammeRules)))]
#[get("/programme-rules")]
async fn list_programme_rules(
    grant: Grant<ViewPairing>,
    app: web::Data<App>,
    wanted: Query<RuleQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::rules(app.reader(), &grant, wanted.0.programme_id).await?))
}

/// Enter what a paired enterprise promised the village (录入帮扶承诺).
#[utoipa::path(tag = "pairings", request_body = NewPledge,
    params(("id" = PairingId, Path, description = "The pairing")),
    responses((status = 201, description = "Entered", body = Pledge)))]
#[post("/pairings/{id}/pledges")]
async fn add_pledge(
    grant: Grant<KeepPairing>,
    app: web::Data<App>,
    id: web::Path<PairingId>,
    wanted: Body<NewPledge>,
) -> Result<HttpResponse, Failure> {
    let made = app.transact(grant.actor(), async |tx| service::pledge(tx, &grant, *id, &wanted.0).await).await?;
    Ok(HttpResponse::Created().json(made))
}

/// Show how far the pledges of a pairing are kept, kind by kind (承诺兑现进度).
#[utoipa::path(tag = "pairings", params(("id" = PairingId, Path, description = "The pairing")),
    responses((status = 200, description = "Pledged, under review, verified, rejected", body = PledgeProgress)))]
#[get("/pairings/{id}/pledges")]
async fn get_pledge_progress(
    grant: Grant<ViewPairing>,
    app: web::Data<App>,
    id: web::Path<PairingId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::progress(app.reader(), &grant, *id).await?))
}

/// Show how far the pledges of all pairings in reach are kept, kind by kind (承诺兑现总览).
#[utoipa::path(tag = "pairings", params(PledgeFilter),
    responses((status = 200, description = "Pledged, under review, verified, rejected", body = PledgeOverview)))]
#[get("/pledge-overview")]
async fn get_pledge_overview(
    grant: Grant<ViewPairing>,
    app: web::Data<App>,
    wanted: Query<PledgeFilter>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::overview(app.reader(), &grant, wanted.0).await?))
}

/// Enter what your enterprise gave to a village it is paired with, with evidence (帮扶贡献申报).
#[utoipa::path(tag = "pairings", request_body = NewAidClaim,
    responses((status = 201, description = "It waits for the village committee", body = AidClaim)))]
#[post("/aid-claims")]
async fn enter_aid(
    grant: Grant<EnterAid>,
    app: web::Data<App>,
    wanted: Body<NewAidClaim>,
) -> Result<HttpResponse, Failure> {
    let made = app.transact(grant.actor(), async |tx| service::enter(tx, &grant, &wanted.0).await).await?;
    Ok(tagged(StatusCode::CREATED, made.version, &made))
}

/// List what enterprises entered, newest first; rejected ones too.
#[utoipa::path(tag = "pairings", params(AidFilter),
    responses((status = 200, description = "A page of claims", body = Page<AidClaim>)))]
#[get("/aid-claims")]
async fn list_aid(
    grant: Grant<ViewAid>,
    app: web::Data<App>,
    wanted: Query<AidFilter>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, wanted.0).await?))
}

/// Show what an enterprise entered, with its review.
#[utoipa::path(tag = "pairings", params(("id" = AidClaimId, Path, description = "The claim")),
    responses((status = 200, description = "The claim", body = AidClaimDetail)))]
#[get("/aid-claims/{id}")]
async fn get_aid(
    grant: Grant<ViewAid>,
    app: web::Data<App>,
    id: web::Path<AidClaimId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::show(app.reader(), &grant, *id).await?;
    Ok(tagged(StatusCode::OK, shown.claim.version, &shown))
}

/// Confirm as the village committee that it came (村委会确认).
#[utoipa::path(tag = "pairings", params(("id" = AidClaimId, Path, description = "The claim"), IfMatchHeader),
    responses((status = 200, description = "It waits for the county", body = AidClaimDetail)))]
#[post("/aid-claims/{id}/confirm")]
async fn confirm_aid(
    grant: Grant<ConfirmAid>,
    app: web::Data<App>,
    id: web::Path<AidClaimId>,
    seen: IfMatch,
) -> Result<HttpResponse, Failure> {
    let work = async |tx: &_| service::step(tx, &grant, *id, Some(seen), (Step::Confirm, None)).await;
    let row = app.transact(grant.actor(), work).await?;
    Ok(tagged(StatusCode::OK, row.claim.version, &row))
}

/// Verify as the county what the village confirmed (县级核实).
#[utoipa::path(tag = "pairings", params(("id" = AidClaimId, Path, description = "The claim"), IfMatchHeader),
    responses((status = 200, description = "It counts", body = AidClaimDetail)))]
#[post("/aid-claims/{id}/verify")]
async fn verify_aid(
    grant: Grant<VerifyAid>,
    app: web::Data<App>,
    id: web::Path<AidClaimId>,
    seen: IfMatch,
) -> Result<HttpResponse, Failure> {
    let work = async |tx: &_| service::step(tx, &grant, *id, Some(seen), (Step::Verify, None)).await;
    let row = app.transact(grant.actor(), work).await?;
    Ok(tagged(StatusCode::OK, row.claim.version, &row))
}

/// Reject it as the village committee or the county, with a reason; its author goes on seeing it (驳回).
#[utoipa::path(tag = "pairings", request_body = RejectAid,
    params(("id" = AidClaimId, Path, description = "The claim"), IfMatchHeader),
    responses((status = 200, description = "Rejected", body = AidClaimDetail)))]
#[post("/aid-claims/{id}/reject")]
async fn reject_aid(
    grant: Grant<MayReject>,
    app: web::Data<App>,
    id: web::Path<AidClaimId>,
    seen: IfMatch,
    wanted: Body<RejectAid>,
) -> Result<HttpResponse, Failure> {
    let reason = Some(wanted.0.reason.as_str());
    let work = async |tx: &_| service::step(tx, &grant, *id, Some(seen), (Step::Reject, reason)).await;
    let row = app.transact(grant.actor(), work).await?;
    Ok(tagged(StatusCode::OK, row.claim.version, &row))
}

/// Rank the enterprises of a programme by one kind of aid: verified rows only, with the rule (帮扶排名).
#[utoipa::path(tag = "pairings", params(RankingQuery),
    responses(
        (status = 200, description = "Most first", body = Ranking),
        (status = 409, description = "The programme has no rule yet"),
        (status = 422, description = "The kind does not count by its rule"),
    ))]
#[get("/pairing-ranking")]
async fn get_pairing_ranking(
    grant: Grant<ViewPairing>,
    app: web::Data<App>,
    wanted: Query<RankingQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::ranking(app.reader(), &grant, &wanted.0).await?))
}
