//! Tells those who decide that a request waits for them, buyers that it came back, that a delivery is to be confirmed and
//! how a group purchase ended, and suppliers that they are invited to quote and how it was decided.

use super::account::send;
use crate::app::App;
use crate::db::Event;
use crate::jobs::{JobError, JobKind, read_payload};
use crate::organisation;
use crate::purchase::demand::event::{DemandDecided, DemandPublished};
use crate::purchase::group::event::GroupSettled;
use crate::purchase::request::event::{RequestReturned, RequestWaits};
use crate::purchase::standing::event::CallOffMade;
use entity::value::OrganisationId;

/// Mails whoever decides.
pub const REQUEST_WAITS: JobKind = JobKind {
    name: "notice.request_waits",
    outward: true,
    hears: &[RequestWaits::TOPIC],
    run: |app, payload| Box::pin(request_waits(app, payload)),
};

/// Mails the buyer whose request came back or expired.
pub const REQUEST_RETURNED: JobKind = JobKind {
    name: "notice.request_returned",
    outward: true,
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

/// Mails the buyer who has to confirm a delivery.
pub const CALL_OFF_MADE: JobKind = JobKind {
    name: "notice.call_off_made",
    outward: true,
    hears: &[CallOffMade::TOPIC],
    run: |app, payload| Box::pin(call_off_made(app, payload)),
};

/// Mails the suppliers who are invited to quote.
pub const DEMAND_PUBLISHED: JobKind = JobKind {
    name: "notice.demand_published",
    outward: true,
    hears: &[DemandPublished::TOPIC],
    run: |app, payload| Box::pin(demand_published(app, payload)),
};

/// Mails the suppliers who quoted.
pub const DEMAND_DECIDED: JobKind = JobKind {
    name: "notice.demand_decided",
    outward: true,
    hears: &[DemandDecided::TOPIC],
    run: |app, payload| Box::pin(demand_decided(app, payload)),
};

/// Mails the buyer whose part in a group purchase was settled.
pub const GROUP_SETTLED: JobKind = JobKind {
    name: "notice.group_settled",
    outward: true,
    hears: &[GroupSettled::TOPIC],
    run: |app, payload| Box::pin(group_settled(app, payload)),
};

async fn call_off_made(app: &App, payload: &str) -> Result<(), JobError> {
    let CallOffMade { call_off, buyer, title, due_on } = read_payload(payload)?;
    let Some((address, _)) = addressee(app, buyer).await? else { return Ok(()) };
    let text = format!(
        "您好：\n\n定期采购“{title}”将于 {due_on} 交货，请在当日之前确认或谢绝（要货单 {call_off}）；逾期不确认即不交货。\n\n\
         ----\n\nHello,\n\na delivery of \"{title}\" is due on {due_on}. Confirm or decline call-off {call_off} before that \
         day; what nobody confirms is not delivered.\n"
    );
    send(app, &address, &format!("call-off.{call_off}"), "请确认要货 A delivery to confirm", text).await
}

async fn demand_published(app: &App, payload: &str) -> Result<(), JobError> {
    let DemandPublished { demand, buyer, title, invited } = read_payload(payload)?;
    let buyer = organisation::find(app.reader(), buyer).await?.map(|row| row.name).unwrap_or_default();
    for supplier in invited {
        let Some((address, _)) = addressee(app, supplier).await? else { continue };
        let text = format!(
            "您好：\n\n{buyer} 邀请贵单位就“{title}”报价（求购 {demand}）。报价密封至截止时间，请登录联农平台办理。\n\n\
             ----\n\nHello,\n\n{buyer} invites you to quote for \"{title}\" (demand {demand}). Quotations are sealed until \
             the deadline; please sign in to Liannong.\n"
        );
        let id = format!("demand-published.{demand}.{supplier}");
        send(app, &address, &id, "邀请报价 Invitation to quote", text).await?;
    }
    Ok(())
}

async fn demand_decided(app: &App, payload: &str) -> Result<(), JobError> {
    let DemandDecided { demand, title, winner, suppliers, version } = read_payload(payload)?;
    for supplier in suppliers {
        let Some((address, _)) = addressee(app, supplier).await? else { continue };
        let (zh, en) = match winner {
            Some(winner) if winner == supplier => ("贵单位的报价已成交", "your quotation was awarded"),
            Some(_) => ("已与其他供应商成交", "another quotation was awarded"),
            None => ("未成交", "nothing was awarded"),
        };
        let text = format!(
            "您好：\n\n求购“{title}”（{demand}）{zh}。\n\n----\n\nHello,\n\ndemand \"{title}\" ({demand}): {en}.\n"
        );
        let id = format!("demand-decided.{demand}.{version}.{supplier}");
        send(app, &address, &id, "求购结果 Outcome of a demand", text).await?;
    }
    Ok(())
}

async fn group_settled(app: &App, payload: &str) -> Result<(), JobError> {
    let GroupSettled { group: _, join, buyer, title, reached_fen } = read_payload(payload)?;
    let Some((address, _)) = addressee(app, buyer).await? else { return Ok(()) };
    let (zh, en) = match reached_fen {
        Some(price) => (format!("已成团，每件 {price} 元"), format!("it came to {price} yuan a pack")),
        None => ("未成团或无法下单，占用已释放".to_owned(), "it was not ordered; what was held is free".to_owned()),
    };
    let text = format!("您好：\n\n团购“{title}”{zh}。\n\n----\n\nHello,\n\ngroup purchase \"{title}\": {en}.\n");
    send(app, &address, &format!("group-settled.{join}"), "团购结果 Outcome of a group purchase", text).await
}
