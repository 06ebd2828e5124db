//! Tells each supplier of an order what was ordered of them, and both sides that one of its clocks ran out.

use super::direct::{Posted, write_to};
use super::letter::Rule;
use crate::app::App;
use crate::db::Event;
use crate::jobs::{JobError, JobKind, read_payload};
use crate::organisation;
use crate::procurement::event::{OrderPlaced, OrderReminded};
use entity::value::{ClockKind, MailCategory, Role};
use serde_json::json;

/// Mails the suppliers of an order that was placed.
pub const MAIL: JobKind = JobKind {
    name: "notice.mail",
    outward: true,
    hears: &[OrderPlaced::TOPIC],
    run: |app, payload| Box::pin(placed(app, payload)),
    together: None,
};

/// Mails whom a clock that ran out concerns.
pub const REMINDED: JobKind = JobKind {
    name: "notice.order_reminded",
    outward: true,
    hears: &[OrderReminded::TOPIC],
    run: |app, payload| Box::pin(reminded(app, payload)),
    together: None,
};

/// To the supplier of an order.
pub(super) static PLACED: Rule = Rule {
    topic: OrderPlaced::TOPIC,
    roles: &[Role::CooperativeClerk],
    category: MailCategory::Orders,
    zh: (
        "新订单 {{ data.number }}",
        "{{ data.buyer }} 向贵单位下达了订单 {{ data.number }}，金额 {{ data.total_fen | yuan }} 元。请登录联农平台确认并发货。",
    ),
    en: (
        "New order {{ data.number }}",
        "{{ data.buyer }} has placed order {{ data.number }} with you, for {{ data.total_fen | yuan }} yuan. Please sign in to Liannong to confirm and ship it.",
    ),
};

/// To both sides of an order.
pub(super) static PAST: Rule = Rule {
    topic: OrderReminded::TOPIC,
    roles: &[Role::ProcurementOfficer, Role::EnterpriseOfficer, Role::CooperativeClerk],
    category: MailCategory::Orders,
    zh: ("订单 {{ data.number }} 提醒", "订单 {{ data.number }} {{ data.zh }}"),
    en: ("Order {{ data.number }}", "Order {{ data.number }} {{ data.en }}"),
};

async fn placed(app: &App, payload: &str) -> Result<(), JobError> {
    let event: OrderPlaced = read_payload(payload)?;
    let buyer = organisation::find(app.reader(), event.buyer).await?.map(|row| row.name).unwrap_or_default();
    let mut posted = Posted::default();
    for part in &event.supplier_orders {
        let data = json!({ "buyer": buyer, "number": part.number, "total_fen": part.total_fen });
        let key = format!("order-placed.{}", part.id);
        posted.add(write_to(app, part.supplier, &PLACED, &key, &data).await);
    }
    posted.end()
}

async fn reminded(app: &App, payload: &str) -> Result<(), JobError> {
    let event: OrderReminded = read_payload(payload)?;
    let (zh, en) = in_words(event.clock);
    let data = json!({ "number": event.number, "zh": zh, "en": en });
    let key = format!("order-reminded.{}.{}", event.supplier_order, event.clock);
    let mut posted = Posted::default();
    for party in [event.supplier, event.buyer] {
        posted.add(write_to(app, party, &PAST, &key, &data).await);
    }
    posted.end()
}

/// What became of an order whose clock ran out.
fn in_words(clock: ClockKind) -> (&'static str, &'static str) {
    match clock {
        ClockKind::Answer => (
            "供应商在期限内没有确认，订单已自动取消，库存和预算已释放。",
            "was not confirmed in time and is called off; its stock and budget are free again.",
        ),
        ClockKind::Payment => (
            "在期限内没有付款，订单已自动取消，库存和预算已释放；已付的部分应退还采购人。",
            "was not paid in time and is called off; its stock and budget are free again, and what was paid is owed back.",
        ),
        ClockKind::Shipping => (
            "已到最迟发货时间，尚有商品没有发货。请供应商尽快发货；采购人可以取消未发的部分。",
            "should have left by now. The supplier is asked to ship it; the buyer may call off what has not left.",
        ),
        ClockKind::Acceptance => (
            "有商品已发出多日，尚未验收。请采购人验收：付款期限和份额完成数都以验收为准。",
            "has goods on their way for days. The buyer is asked to accept them: payment and the quota wait for it.",
        ),
        ClockKind::SilentAcceptance => (
            "逾期未验收，按约定视为验收；如有问题请在退货期限内申请退货。",
            "counts as accepted, as agreed, for nobody accepted it in time; goods can still be given back.",
        ),
    }
}
