//! Tells a supplier that one of its papers ends soon, or has ended.

use super::direct::write_to;
use super::letter::Rule;
use crate::app::App;
use crate::catalogue::CredentialEnding;
use crate::db::Event;
use crate::jobs::{JobError, JobKind, read_payload};
use entity::value::{MailCategory, Role};
use serde_json::json;

/// Mails suppliers about papers that end.
pub const WARN: JobKind = JobKind {
    name: "notice.credential",
    outward: true,
    hears: &[CredentialEnding::TOPIC],
    run: |app, payload| Box::pin(mail(app, payload)),
    together: None,
};

/// Before it is over.
pub(super) static ENDING: Rule = Rule {
    topic: CredentialEnding::TOPIC,
    roles: &[Role::CooperativeClerk, Role::Administrator],
    category: MailCategory::Supply,
    zh: (
        "资质将到期：{{ data.paper }}",
        "贵单位的{{ data.paper }}（编号 {{ data.number }}）将于 {{ data.valid_to }} 到期，不足 {{ data.days }} 天。请及时换证并在联农平台更新；到期次日，依赖该资质的商品将自动下架。",
    ),
    en: (
        "Expires within {{ data.days }} days: {{ data.paper }}",
        "Your paper \"{{ data.paper }}\" (number {{ data.number }}) expires on {{ data.valid_to }}, within {{ data.days }} days. Please renew it on Liannong; on the day after, what depends on it leaves the shelf.",
    ),
};

/// Once it is over.
pub(super) static OVER: Rule = Rule {
    topic: CredentialEnding::TOPIC,
    roles: ENDING.roles,
    category: MailCategory::Supply,
    zh: (
        "资质已过期：{{ data.paper }}",
        "贵单位的{{ data.paper }}（编号 {{ data.number }}）已于 {{ data.valid_to }} 到期，依赖该资质的商品已下架。更新资质后，商品将自动恢复上架。",
    ),
    en: (
        "Expired: {{ data.paper }}",
        "Your paper \"{{ data.paper }}\" (number {{ data.number }}) expired on {{ data.valid_to }}; what depends on it has left the shelf and returns by itself once the paper is renewed.",
    ),
};

async fn mail(app: &App, payload: &str) -> Result<(), JobError> {
    let event: CredentialEnding = read_payload(payload)?;
    let stage = event.warning_days.map_or_else(|| "over".to_owned(), |days| days.to_string());
    // The same warning sent again after a failure is the same mail.
    let what = crate::secrecy::sha256_hex(format!("{}/{:?}", event.paper, event.number).as_bytes());
    let what = what.get(..16).unwrap_or_default();
    let key = format!("credential.{}.{what}.{}.{stage}", event.organisation, event.valid_to);
    let rule = if event.warning_days.is_some() { &ENDING } else { &OVER };
    let data = json!({
        "paper": event.paper, "number": event.number.as_deref().unwrap_or("—"), "valid_to": event.valid_to,
        "days": event.warning_days,
    });
    write_to(app, event.organisation, rule, &key, &data).await
}
