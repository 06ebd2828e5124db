//! Tells people what happened to their organisation, by the rules of [`super::letter`]; and once a day what was gathered.

use super::direct::{Posted, recipients, unwritten};
use super::letter::{self, Letter};
use super::post::{About, Recipient, hand_over, post};
use super::{store, wish};
use crate::access::Actor;
use crate::app::App;
use crate::db::Tx;
use crate::feed::{self, Published};
use crate::jobs::{JobError, JobKind, Scheduled, read_payload};
use crate::procurement;
use chrono::Duration;
use entity::mail;
use entity::value::{MailCategory, MailId, PersonId, SupplierOrderId};
use std::collections::BTreeMap;

/// Mails whoever is to be told of what the feed published.
pub const TELL: JobKind = JobKind {
    name: feed::TOLD_BY,
    outward: true,
    hears: &[],
    run: |app, payload| Box::pin(tell(app, payload)),
    together: None,
};

/// Gathers the day's mails of those who wish so.
pub const DIGEST: Scheduled = Scheduled { name: "notice.digest", every_seconds: 900, run: |app| Box::pin(digest(app)) };

/// So many mails one turn gathers.
const GATHERED: u64 = 2_000;

async fn tell(app: &App, payload: &str) -> Result<(), JobError> {
    let published: Published = read_payload(payload)?;
    let entries = feed::entries(app.reader(), published).await?;
    let mut posted = Posted::default();
    for entry in &entries {
        let Some(rule) = letter::rule(&entry.topic) else { continue };
        let people = recipients(app, entry.organisation_id, rule.roles).await?;
        if people.is_empty() {
            continue;
        }
        let data = serde_json::from_str(&entry.payload).unwrap_or_default();
        let number = number_of(app, &data).await?;
        let key = format!("{}.{}", entry.topic, entry.event_id);
        let about = About { key: &key, organisation: Some(entry.organisation_id), category: rule.category };
        for to in &people {
            let letter = rule.letter(number.as_deref(), &data, to.wish.language).map_err(unwritten)?;
            posted.add(post(app, to, about, &letter).await);
        }
    }
    posted.end()
}

/// The number of the order that an event is about, when it is about one.
async fn number_of(app: &App, data: &serde_json::Value) -> Result<Option<String>, JobError> {
    let order: Option<SupplierOrderId> = data["supplier_order"].as_str().and_then(|id| id.parse().ok());
    let Some(order) = order else { return Ok(None) };
    Ok(procurement::numbers_of(app.reader(), &[order]).await?.remove(&order))
}

/// Sends each person one mail with what was gathered since the last, from the morning on and once a day.
async fn digest(app: &App) -> Result<(), JobError> {
    let now = app.clock.now();
    if wish::hour(now) < wish::DIGEST_HOUR {
        return Ok(());
    }
    let rows = store::gathered(app.reader(), GATHERED).await?;
    let mut by_person = BTreeMap::<PersonId, Vec<mail::Model>>::new();
    for row in rows {
        if let Some(person) = row.person_id {
            by_person.entry(person).or_default().push(row);
        }
    }
    let people: Vec<PersonId> = by_person.keys().copied().collect();
    let (wishes, addresses) =
        (store::wishes(app.reader(), &people).await?, store::addresses(app.reader(), &people).await?);
    let mut failed = None;
    for (person, rows) in by_person {
        let wish = wishes.get(&person).cloned().unwrap_or_else(|| wish::usual(person));
        // Whoever no longer wishes a digest has what is left at once.
        let is_early = wish.digest && wish.digested_at.is_some_and(|at| now - at < Duration::hours(20));
        if is_early || wish::quiet_until(&wish, now).is_some() {
            continue;
        }
        let ids: Vec<MailId> = rows.iter().map(|row| row.id).collect();
        let outcome = match addresses.get(&person) {
            None => Err("no mail address".to_owned()),
            Some(address) => {
                let to = Recipient { person: Some(person), address: address.clone(), wish };
                let id = format!("digest.{}.{person}", ids.first().copied().unwrap_or_else(MailId::generate));
                match hand_over(app, &to, MailCategory::Account, &id, &together(&rows)).await {
                    Ok(outcome) => outcome,
                    Err(error) => {
                        failed = Some(error);
                        continue;
                    }
                }
            }
        };
        let note = async |tx: &Tx| store::merged(tx, ids.clone(), person, outcome.clone().err()).await;
        app.transact(&Actor::System, note).await?;
    }
    failed.map_or(Ok(()), Err)
}

/// Several letters as one.
fn together(rows: &[mail::Model]) -> Letter {
    let one = |row: &mail::Model| format!("【{}】\n\n{}", row.subject, row.body.as_deref().unwrap_or_default().trim());
    let text = rows.iter().map(one).collect::<Vec<_>>().join("\n\n----\n\n");
    Letter { subject: format!("联农：{} 条通知 {} notices", rows.len(), rows.len()), text: format!("{text}\n") }
}
