//! Tells both sides of an order that one of its clocks ran out.

use super::{MailError, Mailer};
use crate::app::App;
use crate::db::Event;
use crate::jobs::{JobError, JobKind, read_payload};
use crate::organisation;
use crate::problem::Problem;
use crate::procurement::event::OrderReminded;
use entity::value::ClockKind;

/// Mails whom a clock that ran out concerns.
pub const REMINDED: JobKind = JobKind {
    name: "notice.order_reminded",
    outward: true,
    hears: &[OrderReminded::TOPIC],
    run: |app, payload| Box::pin(mail(app, payload)),
};

async fn mail(app: &App, payload: &str) -> Result<(), JobError> {
    let event: OrderReminded = read_payload(payload)?;
    let mailer = app.part::<Mailer>()?;
    for party in organisation::find_many(app.reader(), &[event.supplier, event.buyer]).await? {
        let Some(address) = &party.contact_email else { continue };
        let subject = format!("订单提醒 Order {}", event.number);
        let id = format!("order-reminded.{}.{}.{}", event.supplier_order, event.clock, party.id);
        match mailer.send(address, &id, &subject, text(&event)).await {
            Ok(()) => {}
            // An address that is none will not become one; the other side shall have its mail.
            Err(MailError::Address(..)) => {
                tracing::warn!(party = %party.id, "the mail address cannot be used");
            }
            Err(error) => {
                tracing::warn!(%error, supplier_order = %event.supplier_order, "a mail was not sent");
                return Err(JobError::Retry(Problem::internal().into()));
            }
        }
    }
    Ok(())
}

fn text(event: &OrderReminded) -> String {
    let number = &event.number;
    let (zh, en) = match event.clock {
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
    };
    format!("您好：\n\n订单 {number} {zh}\n\n----\n\nHello,\n\nOrder {number} {en}\n")
}
