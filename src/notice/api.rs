//! Mail over HTTP: what one wishes, taking a kind off with one request, and what became of mails.

use super::view::{KeepMailWish, Mail, MailFilter, MailWish, UnsubscribeQuery, Unsubscribed};
use super::{store, wish};
use crate::access::Grant;
use crate::access::policy::{KeepMailWish as MayKeepMailWish, Unsubscribe, ViewMail};
use crate::app::App;
use crate::db::{Change, Tx};
use crate::http::{Body, Door, IfMatch, IfMatchHeader, Page, PageQuery, Query, tagged};
use crate::problem::{self, Failure, Problem};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, put, web};
use entity::mail_preference;
use entity::value::{MailCategory, MailId, PersonId};
use serde_json::json;
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get_mail_preferences).service(change_mail_preferences).service(unsubscribe_mail).service(list_mails);
}

/// Show how you wish to be told by mail.
#[utoipa::path(tag = "mail", responses((status = 200, description = "What you wish", body = MailWish)))]
#[get("/mail-preferences")]
async fn get_mail_preferences(grant: Grant<MayKeepMailWish>, app: web::Data<App>) -> Result<HttpResponse, Failure> {
    let person = grant.person()?;
    let row = store::wish(app.reader(), person).await?.unwrap_or_else(|| wish::usual(person));
    Ok(tagged(StatusCode::OK, row.version, &MailWish::from(row)))
}

/// Say how you wish to be told by mail: language, quiet hours, one mail a day, kinds you do not want.
#[utoipa::path(tag = "mail", request_body = KeepMailWish, params(IfMatchHeader), responses(
    (status = 200, description = "What you wish now", body = MailWish),
))]
#[put("/mail-preferences")]
async fn change_mail_preferences(
    grant: Grant<MayKeepMailWish>,
    app: web::Data<App>,
    seen: IfMatch,
    wanted: Body<KeepMailWish>,
) -> Result<HttpResponse, Failure> {
    let person = grant.person()?;
    let row = wished(person, seen.0, &wanted.0)?;
    let keep = async |tx: &Tx| -> Result<(), Failure> {
        if !store::keep_wish(tx, row.clone(), seen.0).await? {
            return Err(Problem::plain(&problem::STALE).into());
        }
        let after = json!({ "language": row.language, "digest": row.digest, "muted": row.muted });
        tx.audit(Change::made("mail.prefer", "mail_preference", person.uuid(), after)).await?;
        Ok(())
    };
    app.transact(grant.actor(), keep).await?;
    Ok(tagged(StatusCode::OK, row.version, &MailWish::from(row)))
}

fn wished(person_id: PersonId, seen: i64, wanted: &KeepMailWish) -> Result<mail_preference::Model, Failure> {
    for (name, hour) in [("/quiet_from", wanted.quiet_from), ("/quiet_until", wanted.quiet_until)] {
        if !(0..=23).contains(&hour) {
            return Err(Problem::invalid(name, "小时应在 0 至 23 之间。", "An hour lies between 0 and 23.").into());
        }
    }
    Ok(mail_preference::Model {
        person_id,
        language: wanted.language,
        digest: wanted.digest,
        quiet_from: wanted.quiet_from,
        quiet_until: wanted.quiet_until,
        muted: names(&wanted.muted),
        digested_at: None,
        version: seen + 1,
    })
}

fn names(categories: &[MailCategory]) -> String {
    let mut names: Vec<_> = categories.iter().map(|category| category.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.join(" ")
}

/// Take a kind of mail off, with the address in the mail (退订). One request and no sign-in, as RFC 8058 wants.
#[utoipa::path(tag = "mail", params(UnsubscribeQuery), responses(
    (status = 200, description = "It does not come any more", body = Unsubscribed),
    (status = 404, description = "No mail has this address in it"),
))]
#[post("/mail-unsubscriptions")]
async fn unsubscribe_mail(
    _door: Door,
    grant: Grant<Unsubscribe>,
    app: web::Data<App>,
    wanted: Query<UnsubscribeQuery>,
) -> Result<HttpResponse, Failure> {
    let (person, category) =
        wish::read_token(&app.secrets, &wanted.0.token).ok_or_else(|| Problem::plain(&problem::NOT_FOUND))?;
    let take_off = async |tx: &Tx| -> Result<(), Failure> {
        let row = store::wish(tx, person).await?.unwrap_or_else(|| wish::usual(person));
        if wish::is_muted(&row, category) {
            return Ok(());
        }
        let mut muted = wish::muted(&row);
        muted.push(category);
        let seen = row.version;
        let row = mail_preference::Model { muted: names(&muted), version: seen + 1, ..row };
        if !store::keep_wish(tx, row, seen).await? {
            return Err(Problem::plain(&problem::BUSY).into());
        }
        let after = json!({ "category": category });
        tx.audit(Change::made("mail.unsubscribe", "mail_preference", person.uuid(), after)).await?;
        Ok(())
    };
    app.transact(grant.actor(), take_off).await?;
    Ok(HttpResponse::Ok().json(Unsubscribed { category }))
}

/// List mails and what became of them, newest first: `state=bounced` are those that came back. What the server did not
/// take in many attempts is among the parked jobs.
#[utoipa::path(tag = "mail", params(MailFilter), responses(
    (status = 200, description = "A page of mails, without their addresses and texts", body = Page<Mail>),
))]
#[get("/mails")]
async fn list_mails(
    _grant: Grant<ViewMail>,
    app: web::Data<App>,
    wanted: Query<MailFilter>,
) -> Result<HttpResponse, Failure> {
    let MailFilter { state, limit, cursor } = wanted.0;
    let page = PageQuery { limit, cursor };
    let (limit, before) = (page.limit()?, page.after()?.map(MailId::from_uuid));
    let rows = store::list(app.reader(), state, before, limit + 1).await?;
    Ok(HttpResponse::Ok().json(Page::of(rows, limit, |row| row.id.uuid(), Mail::from)))
}
