//! Tells those who decide that a request waits for them, and buyers that it came back.

use super::account::send;
use crate::app::App;
use crate::db::Event;
use crate::jobs::{JobError, JobKind, read_payload};
use crate::organisation;
use crate::purchase::request::event::{RequestReturned, RequestWaits};
use entity::value::OrganisationId;

/// Mails whoever decides.
pub const REQUEST_WAITS: JobKind = JobKind {
    name: "notice.request_waits",
    hears: &[RequestWaits::TOPIC],
    run: |app, payload| Box::pin(request_waits(app, payload)),
};

/// Mails the buyer whose request came back or expired.
pub const REQUEST_RETURNED: JobKind = JobKind {
    name: "notice.request_returned",
    hears: &[RequestReturned::TOPIC],
    run: |app, payload| Box::pin(request_returned(app, payload)),
};

/// The address and the name of an organisation, when it can be written to.
async fn addressee(app: &App, id: OrganisationId) -> Result<Option<(String, String)>, JobError> {
    let found = organisation::find(app.reader(), id).await?;
    Ok(found.and_then(|row| row.contact_email.map(|address| (address, row.name))))
}

async fn request_waits(app: &App, payload: &str) -> Result<(), JobError> {
    let event: RequestWaits = read_payload(payload)?;
    let Some((address, _)) = addressee(app, event.organisation).await? else { return Ok(()) };
    let buyer = organisation::find(app.reader(), event.buyer).await?.map(|row| row.name).unwrap_or_default();
    let RequestWaits { request, total_fen, event_no, is_reminder, .. } = event;
    let (subject, zh, en) = if is_reminder {
        (
            "催办：采购申请待审批 Reminder: a purchase waits",
            "已超过办理时限，请尽快审批",
            "It has been waiting for long",
        )
    } else {
        ("采购申请待审批 A purchase waits for approval", "请登录联农平台审批", "Please sign in to Liannong to decide")
    };
    let text = format!(
        "您好：\n\n{buyer} 提交的采购申请 {request}，金额 {total_fen} 元，正等待贵单位审批。{zh}。\n\n----\n\n\
         Hello,\n\nrequest {request} of {buyer}, for {total_fen} yuan, waits for your organisation. {en}.\n"
    );
    send(app, &address, &format!("request-waits.{request}.{event_no}"), subject, text).await
}

async fn request_returned(app: &App, payload: &str) -> Result<(), JobError> {
    let event: RequestReturned = read_payload(payload)?;
    let Some((address, _)) = addressee(app, event.buyer).await? else { return Ok(()) };
    let RequestReturned { request, total_fen, event_no, is_expired, .. } = event;
    let (subject, zh, en) = if is_expired {
        (
            "采购申请已过期 A purchase request expired",
            "逾期无人审批，已自动关闭",
            "nobody decided in time; it is closed",
        )
    } else {
        ("采购申请被退回 A purchase request was returned", "已被退回，请查看原因", "was sent back; see the reason")
    };
    let text = format!(
        "您好：\n\n采购申请 {request}（{total_fen} 元）{zh}。\n\n----\n\n\
         Hello,\n\nrequest {request} for {total_fen} yuan: {en}.\n"
    );
    send(app, &address, &format!("request-returned.{request}.{event_no}"), subject, text).await
}
