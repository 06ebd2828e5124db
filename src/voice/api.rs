//! The household's voice over HTTP.

use super::view::{self, Lang};
use super::{VoiceError, card, dispute, page, session};
use crate::access::policy::{
    AnswerDispute, DecideDispute, IssueCard, SpeakAsHousehold, SpeakForHousehold, ViewDispute, ViewIncome,
};
use crate::access::{Actor, Grant};
use crate::app::App;
use crate::http::{Body, Door, IdempotencyHeader, IfMatch, IfMatchHeader, Once, Page, Query, tagged};
use crate::problem::{Failure, Problem};
use crate::receipt;
use crate::seal::SealKey;
use crate::settlement::statement;
use crate::settlement::view::IncomeStatement;
use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpRequest, HttpResponse, delete, get, post, web};
use chrono::{Datelike, NaiveDate};
use entity::value::{DisputeId, DisputeState, HouseholdId, business_date};
use entity::voice_session;
use std::pin::Pin;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers every operation of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(issue_card)
        .service(ask_for_code)
        .service(open_voice_session)
        .service(help_household)
        .service(end_voice_session)
        .service(get_own_statement)
        .service(get_own_page)
        .service(get_own_receipt)
        .service(confirm_entry)
        .service(raise_dispute)
        .service(list_own_disputes)
        .service(withdraw_dispute)
        .service(list_disputes)
        .service(get_dispute)
        .service(answer_dispute)
        .service(decide_dispute)
        .service(get_statement_page);
}

/// The session that a request shows: whoever takes it is reached by a household, or through its helper. It stands last
/// among the arguments: what cannot be read is said before it is asked who speaks.
struct Household(voice_session::Model);

impl FromRequest for Household {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let app = request.app_data::<web::Data<App>>().ok_or_else(Problem::internal)?;
            let token = request.headers().get("X-Household-Session").and_then(|token| token.to_str().ok());
            Ok(Self(session::of(app.reader(), token, app.clock.now()).await?))
        })
    }
}

fn today(app: &App) -> NaiveDate {
    business_date(app.clock.now())
}

fn year_of(app: &App, year: Option<i32>) -> Result<i32, Failure> {
    let year = year.unwrap_or_else(|| today(app).year());
    if (2000..=2100).contains(&year) {
        return Ok(year);
    }
    Err(Problem::invalid("?year", "年份应在 2000 至 2100 之间。", "The year lies between 2000 and 2100.").into())
}

/// Issue a household a card (发放收益卡): its number is shown this once, to be printed on it.
#[utoipa::path(
    tag = "voice",
    request_body = view::IssueCard,
    responses((status = 201, description = "Issued", body = view::IssuedCard))
)]
#[post("/household-cards")]
async fn issue_card(
    grant: Grant<IssueCard>,
    app: web::Data<App>,
    wanted: Body<view::IssueCard>,
) -> Result<HttpResponse, Failure> {
    let issued = app.transact(grant.actor(), async |tx| card::issue(tx, &app.secrets, &grant, &wanted.0).await).await?;
    Ok(HttpResponse::Created().insert_header((header::CACHE_CONTROL, "no-store")).json(issued))
}

/// Ask for a code to be sent to the household's phone (获取验证码).
///
/// The answer is the same whether there is such a card or not. A household gets at most one a minute, five an hour and
/// ten a day.
#[utoipa::path(
    tags = ["voice", "public"],
    request_body = view::AskForCode,
    responses((status = 202, description = "Sent, if there is such a card", body = view::CodeAsked))
)]
#[post("/voice/codes")]
async fn ask_for_code(
    _grant: Grant<SpeakAsHousehold>,
    _door: Door,
    app: web::Data<App>,
    wanted: Body<view::AskForCode>,
) -> Result<HttpResponse, Failure> {
    session::send_code(&app, &wanted.0.card_number).await?;
    Ok(HttpResponse::Accepted().json(view::CodeAsked { good_for_minutes: 10 }))
}

/// Come in with card and code (本户进入), for half an hour.
#[utoipa::path(
    tags = ["voice", "public"],
    request_body = view::OpenVoiceSession,
    responses((status = 201, description = "Come in", body = view::VoiceSession))
)]
#[post("/voice/sessions")]
async fn open_voice_session(
    _grant: Grant<SpeakAsHousehold>,
    _door: Door,
    app: web::Data<App>,
    wanted: Body<view::OpenVoiceSession>,
) -> Result<HttpResponse, Failure> {
    let opened = session::open(&app, &wanted.0).await?;
    Ok(HttpResponse::Created().insert_header((header::CACHE_CONTROL, "no-store")).json(opened))
}

/// Come in for a household as its helper, who is with it (帮扶干部代办).
///
/// What is said then says that it came through the helper.
#[utoipa::path(
    tag = "voice",
    request_body = view::HelpHousehold,
    responses((status = 201, description = "Come in", body = view::VoiceSession))
)]
#[post("/voice/helper-sessions")]
async fn help_household(
    grant: Grant<SpeakForHousehold>,
    app: web::Data<App>,
    wanted: Body<view::HelpHousehold>,
) -> Result<HttpResponse, Failure> {
    let opened = app.transact(grant.actor(), async |tx| session::help(tx, &grant, &wanted.0).await).await?;
    Ok(HttpResponse::Created().insert_header((header::CACHE_CONTROL, "no-store")).json(opened))
}

/// Leave.
#[utoipa::path(
    tags = ["voice", "public"],
    params(view::SessionHeader),
    responses((status = 204, description = "The session is over"))
)]
#[delete("/voice/session")]
async fn end_voice_session(
    _grant: Grant<SpeakAsHousehold>,
    app: web::Data<App>,
    household: Household,
) -> Result<HttpResponse, Failure> {
    app.transact(&Actor::Public, async |tx| session::end(tx, &household.0).await).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Show the household its own statement, with what it said to it (本户收益单).
#[utoipa::path(
    tags = ["voice", "public"],
    params(view::SessionHeader, view::YearQuery),
    responses((status = 200, description = "The statement", body = view::WholeStatement))
)]
#[get("/voice/statement")]
async fn get_own_statement(
    _grant: Grant<SpeakAsHousehold>,
    app: web::Data<App>,
    query: Query<view::YearQuery>,
    household: Household,
) -> Result<HttpResponse, Failure> {
    let year = year_of(&app, query.0.year)?;
    let whole = dispute::whole(app.reader(), household.0.household_id, year, today(&app)).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "private, no-store")).json(whole))
}

/// Show the household its statement as one page to be printed, with the square code of its receipt.
#[utoipa::path(
    tags = ["voice", "public"],
    params(view::SessionHeader, view::PageYear),
    responses((status = 200, description = "The page", body = String, content_type = "text/html"))
)]
#[get("/voice/statement/page")]
async fn get_own_page(
    _grant: Grant<SpeakAsHousehold>,
    app: web::Data<App>,
    query: Query<view::PageYear>,
    household: Household,
) -> Result<HttpResponse, Failure> {
    let year = year_of(&app, query.0.year)?;
    let statement =
        statement::for_itself(app.reader(), household.0.household_id, year).await.map_err(VoiceError::from)?;
    sheet(&app, &statement, household.0.household_id, true, query.0.lang.unwrap_or_default()).await
}

/// Take the household's own receipt of a year (本户收益凭据): the file that the square code belongs to.
#[utoipa::path(
    tags = ["voice", "public"],
    params(view::SessionHeader, view::YearQuery),
    responses((status = 200, description = "The receipt", body = receipt::view::Receipt))
)]
#[get("/voice/receipt")]
async fn get_own_receipt(
    _grant: Grant<SpeakAsHousehold>,
    app: web::Data<App>,
    query: Query<view::YearQuery>,
    household: Household,
) -> Result<HttpResponse, Failure> {
    let year = year_of(&app, query.0.year)?;
    let receipt = receipt::for_itself(app.reader(), household.0.household_id, year).await?;
    let name = format!("attachment; filename=\"liannong-receipt-{}-{year}.json\"", household.0.household_id);
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .json(receipt))
}

/// Say that an entry is right (确认).
#[utoipa::path(
    tags = ["voice", "public"],
    params(view::SessionHeader),
    request_body = view::Confirm,
    responses((status = 201, description = "Kept", body = view::Confirmation))
)]
#[post("/voice/confirmations")]
async fn confirm_entry(
    _grant: Grant<SpeakAsHousehold>,
    app: web::Data<App>,
    wanted: Body<view::Confirm>,
    household: Household,
) -> Result<HttpResponse, Failure> {
    let kept = app.transact(&Actor::Public, async |tx| dispute::confirm(tx, &household.0, &wanted.0).await).await?;
    Ok(HttpResponse::Created().json(kept))
}

/// Say that an entry is wrong (提出异议): the cooperative has 15 days to answer, and the county sees it.
#[utoipa::path(
    tags = ["voice", "public"],
    params(view::SessionHeader),
    request_body = view::RaiseDispute,
    responses((status = 201, description = "Raised", body = view::Dispute))
)]
#[post("/voice/disputes")]
async fn raise_dispute(
    _grant: Grant<SpeakAsHousehold>,
    app: web::Data<App>,
    wanted: Body<view::RaiseDispute>,
    household: Household,
) -> Result<HttpResponse, Failure> {
    let raised = app.transact(&Actor::Public, async |tx| dispute::raise(tx, &household.0, &wanted.0).await).await?;
    Ok(HttpResponse::Created().json(raised))
}

/// List the household's own disputes, newest first.
#[utoipa::path(
    tags = ["voice", "public"],
    params(view::SessionHeader),
    responses((status = 200, description = "Its disputes", body = view::Disputes))
)]
#[get("/voice/disputes")]
async fn list_own_disputes(
    _grant: Grant<SpeakAsHousehold>,
    app: web::Data<App>,
    household: Household,
) -> Result<HttpResponse, Failure> {
    let items = dispute::of_household(app.reader(), household.0.household_id, today(&app)).await?;
    Ok(HttpResponse::Ok().json(view::Disputes { items }))
}

/// Take a dispute back (撤回异议).
#[utoipa::path(
    tags = ["voice", "public"],
    params(view::SessionHeader),
    request_body = view::WithdrawDispute,
    responses((status = 200, description = "Taken back", body = view::Dispute))
)]
#[post("/voice/disputes/withdraw")]
async fn withdraw_dispute(
    _grant: Grant<SpeakAsHousehold>,
    app: web::Data<App>,
    wanted: Body<view::WithdrawDispute>,
    household: Household,
) -> Result<HttpResponse, Failure> {
    let id = wanted.0.dispute_id;
    let withdrawn = app.transact(&Actor::Public, async |tx| dispute::withdraw(tx, &household.0, id).await).await?;
    Ok(HttpResponse::Ok().json(withdrawn))
}

/// List disputes, newest first: a cooperative those it is to answer, a county all of its households'.
#[utoipa::path(
    tag = "disputes",
    params(view::DisputeQuery),
    responses((status = 200, description = "A page of disputes", body = Page<view::Dispute>))
)]
#[get("/disputes")]
async fn list_disputes(
    grant: Grant<ViewDispute>,
    app: web::Data<App>,
    query: Query<view::DisputeQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(dispute::list(app.reader(), &grant, &query.0, today(&app)).await?))
}

/// Show a dispute.
#[utoipa::path(
    tag = "disputes",
    params(("id" = DisputeId, Path, description = "The dispute")),
    responses((status = 200, description = "The dispute", body = view::Dispute))
)]
#[get("/disputes/{id}")]
async fn get_dispute(
    grant: Grant<ViewDispute>,
    app: web::Data<App>,
    id: web::Path<DisputeId>,
) -> Result<HttpResponse, Failure> {
    let shown = dispute::show(app.reader(), &grant, id.into_inner(), today(&app)).await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}

/// Answer a dispute as the cooperative, with evidence (答复).
#[utoipa::path(
    tag = "disputes",
    params(("id" = DisputeId, Path, description = "The dispute"), IfMatchHeader),
    request_body = view::AnswerDispute,
    responses((status = 200, description = "Answered; the county is to decide", body = view::Dispute))
)]
#[post("/disputes/{id}/answer")]
async fn answer_dispute(
    grant: Grant<AnswerDispute>,
    app: web::Data<App>,
    id: web::Path<DisputeId>,
    version: IfMatch,
    wanted: Body<view::AnswerDispute>,
) -> Result<HttpResponse, Failure> {
    let at = (id.into_inner(), version);
    let shown = app.transact(grant.actor(), async |tx| dispute::answer(tx, &grant, at, &wanted.0).await).await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}

/// Decide a dispute as the county (裁定). With a correction it is upheld: a correcting document is made and booked.
#[utoipa::path(
    tag = "disputes",
    params(("id" = DisputeId, Path, description = "The dispute"), IdempotencyHeader, IfMatchHeader),
    request_body = view::DecideDispute,
    responses((status = 200, description = "Decided", body = view::Dispute))
)]
#[post("/disputes/{id}/decide")]
async fn decide_dispute(
    grant: Grant<DecideDispute>,
    app: web::Data<App>,
    id: web::Path<DisputeId>,
    version: IfMatch,
    wanted: Once<view::DecideDispute>,
) -> Result<HttpResponse, Failure> {
    let at = (id.into_inner(), version);
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 200, async |tx| dispute::decide(tx, &grant, at, &wanted.body).await)
        .await?;
    Ok(answer.into_response())
}

/// Show a household's statement as one page to be printed; for who sees all of it, with the square code of its receipt.
#[utoipa::path(
    tag = "households",
    params(("id" = HouseholdId, Path, description = "The household"), view::PageYear),
    responses((status = 200, description = "The page", body = String, content_type = "text/html"))
)]
#[get("/households/{id}/statement/page")]
async fn get_statement_page(
    grant: Grant<ViewIncome>,
    app: web::Data<App>,
    id: web::Path<HouseholdId>,
    query: Query<view::PageYear>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let year = year_of(&app, query.0.year)?;
    let statement = statement::show(app.reader(), &grant, id, year).await?;
    // A cooperative sees a part of the year: the code, which says the whole, is not for it.
    let is_whole = !matches!(grant.scope(), crate::access::Scope::Organisation(_));
    sheet(&app, &statement, id, is_whole, query.0.lang.unwrap_or_default()).await
}

async fn sheet(
    app: &App,
    statement: &IncomeStatement,
    household: HouseholdId,
    is_whole: bool,
    lang: Lang,
) -> Result<HttpResponse, Failure> {
    let (mut coded, mut open) = (None, 0);
    if is_whole {
        let receipt = receipt::for_itself(app.reader(), household, statement.year).await?;
        coded = Some(receipt::code::code(&SealKey::of(&app.secrets)?, &receipt)?);
        let disputes = dispute::of_household(app.reader(), household, today(app)).await?;
        let waits = |state| matches!(state, DisputeState::Open | DisputeState::Answered);
        open = disputes.iter().filter(|dispute| dispute.year == statement.year && waits(dispute.state)).count();
    }
    let html = page::render(statement, open, coded.as_ref(), lang, today(app))?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CONTENT_SECURITY_POLICY, page::policy()))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(html))
}
