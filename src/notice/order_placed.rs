//! Tells each supplier of an order what was ordered of them.

use super::{MailError, Mailer};
use crate::app::App;
use crate::db::Event;
use crate::jobs::{JobError, JobKind, read_payload};
use crate::organisation;
use crate::problem::Problem;
use crate::procurement::event::{OrderPlaced, PlacedPart};
use entity::value::OrganisationId;
use std::collections::HashMap;

/// Mails the suppliers of an order that was placed.
pub const MAIL: JobKind = JobKind {
    name: "notice.mail",
    outward: true,
    hears: &[OrderPlaced::TOPIC],
    run: |app, payload| Box::pin(mail(app, payload)),
};

async fn mail(app: &App, payload: &str) -> Result<(), JobError> {
    let event: OrderPlaced = read_payload(payload)?;
    let mailer = app.part::<Mailer>()?;
    let mut ids: Vec<OrganisationId> = event.supplier_orders.iter().map(|part| part.supplier).collect();
    ids.push(event.buyer);
    let found = organisation::find_many(app.reader(), &ids).await?;
    let known: HashMap<_, _> = found.into_iter().map(|organisation| (organisation.id, organisation)).collect();
    let buyer = known.get(&event.buyer).map(|buyer| buyer.name.clone()).unwrap_or_default();
    for part in &event.supplier_orders {
        let Some(supplier) = known.get(&part.supplier) else { continue };
        let Some(address) = &supplier.contact_email else { continue };
        let subject = format!("新订单 New order {}", part.number);
        let sent = mailer.send(address, &format!("order-placed.{}", part.id), &subject, text(part, &buyer)).await;
        match sent {
            Ok(()) => {}
            // An address that is none will not become one; the other suppliers shall have their mail.
            Err(MailError::Address(..)) => {
                tracing::warn!(supplier = %part.supplier, "the supplier's mail address cannot be used");
            }
            Err(error) => {
                tracing::warn!(%error, supplier_order = %part.id, "a mail was not sent");
                return Err(JobError::Retry(Problem::internal().into()));
            }
        }
    }
    Ok(())
}

fn text(part: &PlacedPart, buyer: &str) -> String {
    let PlacedPart { number, total_fen, .. } = part;
    format!(
        "您好：\n\n{buyer} 向贵单位下达了订单 {number}，金额 {total_fen} 元。请登录联农平台确认并发货。\n\n\
         ----\n\n\
         Hello,\n\n{buyer} has placed order {number} with you, for {total_fen} yuan. \
         Please sign in to Liannong to confirm and ship it.\n"
    )
}
