//! Monitoring over HTTP.

use super::{overview, service, view};
use crate::access::Grant;
use crate::access::policy::{
    AnswerClue, DecideClue, KeepMeasure, KeepMonitoringRule, ViewMonitoring, ViewMonitoringRule,
};
use crate::app::App;
use crate::http::{Body, IfMatch, IfMatchHeader, Page, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use chrono::NaiveDate;
use entity::value::{AreaCode, ClueId, HouseholdId, MeasureId, MonitoringRuleId, business_date};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers every operation of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(draft_monitoring_rule)
        .service(list_monitoring_rules)
        .service(get_monitoring_rule)
        .service(try_monitoring_rule)
        .service(switch_on_monitoring_rule)
        .service(switch_off_monitoring_rule)
        .service(list_clues)
        .service(get_clue)
        .service(take_up_clue)
        .service(ask_clue_dismissal)
        .service(decide_clue_dismissal)
        .service(enter_measure)
        .service(list_measures)
        .service(get_measure)
        .service(report_measure_progress)
        .service(finish_measure)
        .service(get_county_monitoring);
}

fn today(app: &App) -> NaiveDate {
    business_date(app.clock.now())
}

/// Write down a rule that is to watch over the county's households, or the next version of one (草拟监测规则).
///
/// It watches when it was tried over the past and somebody else switched it on. Its numbers never change.
#[utoipa::path(tag = "monitoring", request_body = view::DraftRule,
    responses((status = 201, description = "Written down; it does not watch yet", body = view::MonitoringRuleWithTrials)))]
#[post("/monitoring-rules")]
async fn draft_monitoring_rule(
    grant: Grant<KeepMonitoringRule>,
    app: web::Data<App>,
    wanted: Body<view::DraftRule>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::draft(tx, &grant, &wanted.0).await;
    let made = app.transact(grant.actor(), act).await?;
    Ok(tagged(StatusCode::CREATED, made.rule.version, &made))
}

/// List rules of the county, newest first.
#[utoipa::path(tag = "monitoring", params(view::RuleQuery),
    responses((status = 200, description = "A page of rules", body = Page<view::MonitoringRule>)))]
#[get("/monitoring-rules")]
async fn list_monitoring_rules(
    grant: Grant<ViewMonitoringRule>,
    app: web::Data<App>,
    wanted: Query<view::RuleQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list_rules(app.reader(), &grant, &wanted.0).await?))
}

/// Show a rule with its trials.
#[utoipa::path(tag = "monitoring", params(("id" = MonitoringRuleId, Path, description = "The rule")),
    responses((status = 200, description = "The rule", body = view::MonitoringRuleWithTrials)))]
#[get("/monitoring-rules/{id}")]
async fn get_monitoring_rule(
    grant: Grant<ViewMonitoringRule>,
    app: web::Data<App>,
    id: web::Path<MonitoringRuleId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::show_rule(app.reader(), &grant, *id).await?;
    Ok(tagged(StatusCode::OK, shown.rule.version, &shown))
}

/// Try a rule over the past: how many clues it would have given, which known cases it would have caught (规则试算).
///
/// It sees what was known then, and changes nothing.
#[utoipa::path(tag = "monitoring", request_body = view::TryRule,
    params(("id" = MonitoringRuleId, Path, description = "The rule")),
    responses((status = 201, description = "What it would have found", body = view::MonitoringTrial)))]
#[post("/monitoring-rules/{id}/trials")]
async fn try_monitoring_rule(
    grant: Grant<KeepMonitoringRule>,
    app: web::Data<App>,
    id: web::Path<MonitoringRuleId>,
    wanted: Body<view::TryRule>,
) -> Result<HttpResponse, Failure> {
    let at = (today(&app), app.config.income_windows);
    let outcome = service::try_over(app.reader(), &grant, *id, &wanted.0, at).await?;
    let act = async |tx: &_| service::keep_trial(tx, &grant, &outcome).await;
    Ok(HttpResponse::Created().json(app.transact(grant.actor(), act).await?))
}

/// Switch a rule on that somebody else wrote down; the version before is switched off with it (启用监测规则).
#[utoipa::path(tag = "monitoring",
    params(("id" = MonitoringRuleId, Path, description = "The rule"), IfMatchHeader),
    responses((status = 200, description = "It watches from tonight on", body = view::MonitoringRuleWithTrials)))]
#[post("/monitoring-rules/{id}/switch-on")]
async fn switch_on_monitoring_rule(
    grant: Grant<KeepMonitoringRule>,
    app: web::Data<App>,
    id: web::Path<MonitoringRuleId>,
    seen: IfMatch,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::switch_on(tx, &grant, (*id, seen)).await;
    let now = app.transact(grant.actor(), act).await?;
    Ok(tagged(StatusCode::OK, now.rule.version, &now))
}

/// Switch a rule off; the clues it gave stay (停用监测规则).
#[utoipa::path(tag = "monitoring",
    params(("id" = MonitoringRuleId, Path, description = "The rule"), IfMatchHeader),
    responses((status = 200, description = "It watches no more", body = view::MonitoringRuleWithTrials)))]
#[post("/monitoring-rules/{id}/switch-off")]
async fn switch_off_monitoring_rule(
    grant: Grant<KeepMonitoringRule>,
    app: web::Data<App>,
    id: web::Path<MonitoringRuleId>,
    seen: IfMatch,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::switch_off(tx, &grant, (*id, seen)).await;
    let now = app.transact(grant.actor(), act).await?;
    Ok(tagged(StatusCode::OK, now.rule.version, &now))
}

/// List clues in reach, newest first.
#[utoipa::path(tag = "monitoring", params(view::ClueQuery),
    responses((status = 200, description = "A page of clues", body = Page<view::Clue>)))]
#[get("/clues")]
async fn list_clues(
    grant: Grant<ViewMonitoring>,
    app: web::Data<App>,
    wanted: Query<view::ClueQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list_clues(app.reader(), &grant, &wanted.0, today(&app)).await?))
}

/// Show a clue with the figures that made it.
#[utoipa::path(tag = "monitoring", params(("id" = ClueId, Path, description = "The clue")),
    responses((status = 200, description = "The clue", body = view::Clue)))]
#[get("/clues/{id}")]
async fn get_clue(
    grant: Grant<ViewMonitoring>,
    app: web::Data<App>,
    id: web::Path<ClueId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::show_clue(app.reader(), &grant, *id).await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}

/// Take a clue up: as a case, or by a measure where the household is monitored (线索处置).
#[utoipa::path(tag = "monitoring", request_body = view::TakeUpClue,
    params(("id" = ClueId, Path, description = "The clue"), IfMatchHeader),
    responses((status = 200, description = "A case or a measure answers it", body = view::Clue)))]
#[post("/clues/{id}/take-up")]
async fn take_up_clue(
    grant: Grant<AnswerClue>,
    app: web::Data<App>,
    id: web::Path<ClueId>,
    seen: IfMatch,
    wanted: Body<view::TakeUpClue>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::take_up(tx, &app.secrets, &grant, (*id, seen), &wanted.0).await;
    let now = app.transact(grant.actor(), act).await?;
    Ok(tagged(StatusCode::OK, now.version, &now))
}

/// Say that a clue is nothing; somebody else has to agree (申请排除线索).
#[utoipa::path(tag = "monitoring", request_body = view::AskDismissal,
    params(("id" = ClueId, Path, description = "The clue"), IfMatchHeader),
    responses((status = 200, description = "It waits for somebody else", body = view::Clue)))]
#[post("/clues/{id}/dismissal")]
async fn ask_clue_dismissal(
    grant: Grant<AnswerClue>,
    app: web::Data<App>,
    id: web::Path<ClueId>,
    seen: IfMatch,
    wanted: Body<view::AskDismissal>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::ask_dismissal(tx, &grant, (*id, seen), &wanted.0).await;
    let now = app.transact(grant.actor(), act).await?;
    Ok(tagged(StatusCode::OK, now.version, &now))
}

/// Agree that a clue is nothing, or open it again; not by whoever said so (排除复核).
#[utoipa::path(tag = "monitoring", request_body = view::DecideDismissal,
    params(("id" = ClueId, Path, description = "The clue"), IfMatchHeader),
    responses((status = 200, description = "Dismissed, or open again", body = view::Clue)))]
#[post("/clues/{id}/dismissal-decision")]
async fn decide_clue_dismissal(
    grant: Grant<DecideClue>,
    app: web::Data<App>,
    id: web::Path<ClueId>,
    seen: IfMatch,
    wanted: Body<view::DecideDismissal>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::decide(tx, &grant, (*id, seen), &wanted.0).await;
    let now = app.transact(grant.actor(), act).await?;
    Ok(tagged(StatusCode::OK, now.version, &now))
}

/// Enter a measure for a monitored household: against which risk, until when, who answers for it (登记帮扶措施).
#[utoipa::path(tag = "monitoring", request_body = view::EnterMeasure,
    params(("id" = HouseholdId, Path, description = "The household")),
    responses((status = 201, description = "Under way", body = view::MeasureWithSteps)))]
#[post("/households/{id}/measures")]
async fn enter_measure(
    grant: Grant<KeepMeasure>,
    app: web::Data<App>,
    id: web::Path<HouseholdId>,
    wanted: Body<view::EnterMeasure>,
) -> Result<HttpResponse, Failure> {
    let windows = app.config.income_windows;
    let act = async |tx: &_| service::enter(tx, &grant, *id, &wanted.0, windows).await;
    let made = app.transact(grant.actor(), act).await?;
    Ok(tagged(StatusCode::CREATED, made.measure.version, &made))
}

/// List measures in reach, newest first; `overdue=true` for those that are late.
#[utoipa::path(tag = "monitoring", params(view::MeasureQuery),
    responses((status = 200, description = "A page of measures", body = Page<view::Measure>)))]
#[get("/measures")]
async fn list_measures(
    grant: Grant<ViewMonitoring>,
    app: web::Data<App>,
    wanted: Query<view::MeasureQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list_measures(app.reader(), &grant, &wanted.0, today(&app)).await?))
}

/// Show a measure with how it went on.
#[utoipa::path(tag = "monitoring", params(("id" = MeasureId, Path, description = "The measure")),
    responses((status = 200, description = "The measure", body = view::MeasureWithSteps)))]
#[get("/measures/{id}")]
async fn get_measure(
    grant: Grant<ViewMonitoring>,
    app: web::Data<App>,
    id: web::Path<MeasureId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::show_measure(app.reader(), &grant, *id, today(&app)).await?;
    Ok(tagged(StatusCode::OK, shown.measure.version, &shown))
}

/// Enter how a measure goes on (措施进展).
#[utoipa::path(tag = "monitoring", request_body = view::MeasureProgress,
    params(("id" = MeasureId, Path, description = "The measure"), IfMatchHeader),
    responses((status = 200, description = "Entered", body = view::MeasureWithSteps)))]
#[post("/measures/{id}/progress")]
async fn report_measure_progress(
    grant: Grant<KeepMeasure>,
    app: web::Data<App>,
    id: web::Path<MeasureId>,
    seen: IfMatch,
    wanted: Body<view::MeasureProgress>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::progress(tx, &grant, (*id, seen), &wanted.0).await;
    let now = app.transact(grant.actor(), act).await?;
    Ok(tagged(StatusCode::OK, now.measure.version, &now))
}

/// Enter that a measure is done, with what shows it, or was given up (措施办结).
#[utoipa::path(tag = "monitoring", request_body = view::FinishMeasure,
    params(("id" = MeasureId, Path, description = "The measure"), IfMatchHeader),
    responses((status = 200, description = "It is over", body = view::MeasureWithSteps)))]
#[post("/measures/{id}/finish")]
async fn finish_measure(
    grant: Grant<KeepMeasure>,
    app: web::Data<App>,
    id: web::Path<MeasureId>,
    seen: IfMatch,
    wanted: Body<view::FinishMeasure>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::finish(tx, &grant, (*id, seen), &wanted.0).await;
    let now = app.transact(grant.actor(), act).await?;
    Ok(tagged(StatusCode::OK, now.measure.version, &now))
}

/// Show how a county stands: clues that wait, measures that are late, monitored households without any (监测总览).
#[utoipa::path(tag = "monitoring", params(("code" = AreaCode, Path, description = "The county")),
    responses((status = 200, description = "The overview of today", body = view::MonitoringOverview)))]
#[get("/counties/{code}/monitoring")]
async fn get_county_monitoring(
    grant: Grant<ViewMonitoringRule>,
    app: web::Data<App>,
    code: web::Path<AreaCode>,
) -> Result<HttpResponse, Failure> {
    let at = (today(&app), app.config.smallest_group);
    Ok(HttpResponse::Ok().json(overview::show(app.reader(), &grant, &code, at).await?))
}
