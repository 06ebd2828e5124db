//! Tells a supplier that one of its papers ends soon, or has ended.

use super::{MailError, Mailer};
use crate::app::App;
use crate::catalogue::CredentialEnding;
use crate::db::Event;
use crate::jobs::{JobError, JobKind, read_payload};
use crate::organisation;
use crate::problem::Problem;

/// Mails suppliers about papers that end.
pub const WARN: JobKind = JobKind {
    name: "notice.credential",
    outward: true,
    hears: &[CredentialEnding::TOPIC],
    run: |app, payload| Box::pin(mail(app, payload)),
};

async fn mail(app: &App, payload: &str) -> Result<(), JobError> {
    let event: CredentialEnding = read_payload(payload)?;
    let found = organisation::find(app.reader(), event.organisation).await?;
    let Some(address) = found.and_then(|found| found.contact_email) else { return Ok(()) };
    let stage = event.warning_days.map_or_else(|| "over".to_owned(), |days| days.to_string());
    // The same warning sent again after a failure is the same mail.
    let what = crate::secrecy::sha256_hex(format!("{}/{:?}", event.paper, event.number).as_bytes());
    let what = what.get(..16).unwrap_or_default();
    let id = format!("credential.{}.{what}.{}.{stage}", event.organisation, event.valid_to);
    let (subject, text) = text(&event);
    match app.part::<Mailer>()?.send(&address, &id, &subject, text).await {
        Ok(()) => Ok(()),
        Err(MailError::Address(..)) => {
            tracing::warn!(supplier = %event.organisation, "the supplier's mail address cannot be used");
            Ok(())
        }
        Err(error) => {
            tracing::warn!(%error, supplier = %event.organisation, "a mail was not sent");
            Err(JobError::Retry(Problem::internal().into()))
        }
    }
}

fn text(event: &CredentialEnding) -> (String, String) {
    let CredentialEnding { organisation: _, paper, number, valid_to, warning_days } = event;
    let number = number.as_deref().unwrap_or("—");
    match warning_days {
        Some(days) => (
            format!("资质将到期 Expires within {days} days: {paper}"),
            format!(
                "您好：\n\n贵单位的{paper}（编号 {number}）将于 {valid_to} 到期，不足 {days} 天。\
                 请及时换证并在联农平台更新；到期次日，依赖该资质的商品将自动下架。\n\n----\n\n\
                 Hello,\n\nYour paper \"{paper}\" (number {number}) expires on {valid_to}, within {days} days. \
                 Please renew it on Liannong; on the day after, what depends on it leaves the shelf.\n"
            ),
        ),
        None => (
            format!("资质已过期 Expired: {paper}"),
            format!(
                "您好：\n\n贵单位的{paper}（编号 {number}）已于 {valid_to} 到期，依赖该资质的商品已下架。\
                 更新资质后，商品将自动恢复上架。\n\n----\n\n\
                 Hello,\n\nYour paper \"{paper}\" (number {number}) expired on {valid_to}; what depends on it has left \
                 the shelf and returns by itself once the paper is renewed.\n"
            ),
        ),
    }
}
