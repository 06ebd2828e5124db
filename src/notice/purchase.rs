//! Tells those who decide that a request waits for them, buyers that it came back, that a delivery is to be confirmed and
//! how a group purchase ended, and suppliers that they are invited to quote and how it was decided.

use super::direct::{Posted, write_to};
use super::letter::Rule;
use crate::app::App;
use crate::db::Event;
use crate::jobs::{JobError, JobKind, read_payload};
use crate::organisation;
use crate::purchase::demand::event::{DemandDecided, DemandPublished};
use crate::purchase::group::event::GroupSettled;
use crate::purchase::request::event::{RequestReturned, RequestWaits};
use crate::purchase::standing::event::CallOffMade;
use entity::value::{MailCategory, OrganisationId, Role};
use serde_json::json;

const BUYERS: &[Role] = &[Role::ProcurementOfficer, Role::EnterpriseOfficer];
const SELLERS: &[Role] = &[Role::CooperativeClerk];

/// A rule about purchases.
const fn rule(
    topic: &'static str,
    roles: &'static [Role],
    zh: (&'static str, &'static str),
    en: (&'static str, &'static str),
) -> Rule {
    Rule { topic, roles, category: MailCategory::Orders, zh, en }
}

/// Mails whoever decides.
pub const REQUEST_WAITS: JobKind = JobKind {
    name: "notice.request_waits",
    outward: true,
    hears: &[RequestWaits::TOPIC],
    run: |app, payload| Box::pin(request_waits(app, payload)),
    together: None,
};

pub(super) static WAITS: Rule = rule(
    RequestWaits::TOPIC,
    &[Role::Approver, Role::FinanceOfficer],
    (
        "{% if data.is_reminder %}催办：{% endif %}采购申请待审批",
        "{{ data.buyer }} 提交的采购申请 {{ data.request }}，金额 {{ data.total_fen | yuan }} 元，正等待贵单位审批。{% if data.is_reminder %}已超过办理时限，请尽快审批{% else %}请登录联农平台审批{% endif %}。",
    ),
    (
        "{% if data.is_reminder %}Reminder: a purchase waits{% else %}A purchase waits for approval{% endif %}",
        "Request {{ data.request }} of {{ data.buyer }}, for {{ data.total_fen | yuan }} yuan, waits for your organisation. {% if data.is_reminder %}It has been waiting for long{% else %}Please sign in to Liannong to decide{% endif %}.",
    ),
);

/// Mails the buyer whose request came back or expired.
pub const REQUEST_RETURNED: JobKind = JobKind {
    name: "notice.request_returned",
    outward: true,
    hears: &[RequestReturned::TOPIC],
    run: |app, payload| Box::pin(request_returned(app, payload)),
    together: None,
};

pub(super) static RETURNED: Rule = rule(
    RequestReturned::TOPIC,
    BUYERS,
    (
        "采购申请{% if data.is_expired %}已过期{% else %}被退回{% endif %}",
        "采购申请 {{ data.request }}（{{ data.total_fen | yuan }} 元）{% if data.is_expired %}逾期无人审批，已自动关闭{% else %}已被退回，请查看原因{% endif %}。",
    ),
    (
        "A purchase request {% if data.is_expired %}expired{% else %}was returned{% endif %}",
        "Request {{ data.request }} for {{ data.total_fen | yuan }} yuan: {% if data.is_expired %}nobody decided in time; it is closed{% else %}was sent back; see the reason{% endif %}.",
    ),
);

/// Mails the buyer who has to confirm a delivery.
pub const CALL_OFF_MADE: JobKind = JobKind {
    name: "notice.call_off_made",
    outward: true,
    hears: &[CallOffMade::TOPIC],
    run: |app, payload| Box::pin(call_off_made(app, payload)),
    together: None,
};

pub(super) static CALL_OFF: Rule = rule(
    CallOffMade::TOPIC,
    BUYERS,
    (
        "请确认要货",
        "定期采购“{{ data.title }}”将于 {{ data.due_on }} 交货，请在当日之前确认或谢绝（要货单 {{ data.call_off }}）；逾期不确认即不交货。",
    ),
    (
        "A delivery to confirm",
        "A delivery of \"{{ data.title }}\" is due on {{ data.due_on }}. Confirm or decline call-off {{ data.call_off }} before that day; what nobody confirms is not delivered.",
    ),
);

/// Mails the suppliers who are invited to quote.
pub const DEMAND_PUBLISHED: JobKind = JobKind {
    name: "notice.demand_published",
    outward: true,
    hears: &[DemandPublished::TOPIC],
    run: |app, payload| Box::pin(demand_published(app, payload)),
    together: None,
};

pub(super) static INVITED: Rule = rule(
    DemandPublished::TOPIC,
    SELLERS,
    (
        "邀请报价",
        "{{ data.buyer }} 邀请贵单位就“{{ data.title }}”报价（求购 {{ data.demand }}）。报价密封至截止时间，请登录联农平台办理。",
    ),
    (
        "Invitation to quote",
        "{{ data.buyer }} invites you to quote for \"{{ data.title }}\" (demand {{ data.demand }}). Quotations are sealed until the deadline; please sign in to Liannong.",
    ),
);

/// Mails the suppliers who quoted.
pub const DEMAND_DECIDED: JobKind = JobKind {
    name: "notice.demand_decided",
    outward: true,
    hears: &[DemandDecided::TOPIC],
    run: |app, payload| Box::pin(demand_decided(app, payload)),
    together: None,
};

pub(super) static DECIDED: Rule = rule(
    DemandDecided::TOPIC,
    SELLERS,
    ("求购结果", "求购“{{ data.title }}”（{{ data.demand }}）{{ data.zh }}。"),
    ("Outcome of a demand", "Demand \"{{ data.title }}\" ({{ data.demand }}): {{ data.en }}."),
);

/// Mails the buyer whose part in a group purchase was settled.
pub const GROUP_SETTLED: JobKind = JobKind {
    name: "notice.group_settled",
    outward: true,
    hears: &[GroupSettled::TOPIC],
    run: |app, payload| Box::pin(group_settled(app, payload)),
    together: None,
};

pub(super) static SETTLED: Rule = rule(
    GroupSettled::TOPIC,
    BUYERS,
    (
        "团购结果",
        "团购“{{ data.title }}”{% if data.reached_fen is none %}未成团或无法下单，占用已释放{% else %}已成团，每件 {{ data.reached_fen | yuan }} 元{% endif %}。",
    ),
    (
        "Outcome of a group purchase",
        "Group purchase \"{{ data.title }}\": {% if data.reached_fen is none %}it was not ordered; what was held is free{% else %}it came to {{ data.reached_fen | yuan }} yuan a pack{% endif %}.",
    ),
);

async fn name_of(app: &App, id: OrganisationId) -> Result<String, JobError> {
    Ok(organisation::find(app.reader(), id).await?.map(|row| row.name).unwrap_or_default())
}

async fn request_waits(app: &App, payload: &str) -> Result<(), JobError> {
    let RequestWaits { request, buyer, organisation, total_fen, event_no, is_reminder } = read_payload(payload)?;
    let buyer = name_of(app, buyer).await?;
    let data = json!({ "request": request, "buyer": buyer, "total_fen": total_fen, "is_reminder": is_reminder });
    write_to(app, organisation, &WAITS, &format!("request-waits.{request}.{event_no}"), &data).await
}

async fn request_returned(app: &App, payload: &str) -> Result<(), JobError> {
    let RequestReturned { request, buyer, total_fen, event_no, is_expired } = read_payload(payload)?;
    let data = json!({ "request": request, "total_fen": total_fen, "is_expired": is_expired });
    write_to(app, buyer, &RETURNED, &format!("request-returned.{request}.{event_no}"), &data).await
}

async fn call_off_made(app: &App, payload: &str) -> Result<(), JobError> {
    let CallOffMade { call_off, buyer, title, due_on } = read_payload(payload)?;
    let data = json!({ "call_off": call_off, "title": title, "due_on": due_on });
    write_to(app, buyer, &CALL_OFF, &format!("call-off.{call_off}"), &data).await
}

async fn demand_published(app: &App, payload: &str) -> Result<(), JobError> {
    let DemandPublished { demand, buyer, title, invited } = read_payload(payload)?;
    let data = json!({ "demand": demand, "buyer": name_of(app, buyer).await?, "title": title });
    let mut posted = Posted::default();
    for supplier in invited {
        let key = format!("demand-published.{demand}.{supplier}");
        posted.add(write_to(app, supplier, &INVITED, &key, &data).await);
    }
    posted.end()
}

async fn demand_decided(app: &App, payload: &str) -> Result<(), JobError> {
    let DemandDecided { demand, title, winner, suppliers, version } = read_payload(payload)?;
    let mut posted = Posted::default();
    for supplier in suppliers {
        let (zh, en) = match winner {
            Some(winner) if winner == supplier => ("贵单位的报价已成交", "your quotation was awarded"),
            Some(_) => ("已与其他供应商成交", "another quotation was awarded"),
            None => ("未成交", "nothing was awarded"),
        };
        let data = json!({ "demand": demand, "title": title, "zh": zh, "en": en });
        let key = format!("demand-decided.{demand}.{version}.{supplier}");
        posted.add(write_to(app, supplier, &DECIDED, &key, &data).await);
    }
    posted.end()
}

async fn group_settled(app: &App, payload: &str) -> Result<(), JobError> {
    let GroupSettled { group: _, join, buyer, title, reached_fen } = read_payload(payload)?;
    let data = json!({ "title": title, "reached_fen": reached_fen });
    write_to(app, buyer, &SETTLED, &format!("group-settled.{join}"), &data).await
}
