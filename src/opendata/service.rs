//! Making releases: after events of an order, and after each seal.

use super::facts;
use super::merge::{difference, merge_into, restated};
use super::{OpenDataError, json, picture, store, tags};
use crate::access::{Actor, SmallestGroup};
use crate::app::App;
use crate::db::Tx;
use crate::problem::Failure;
use crate::secrecy::sha256_hex;
use entity::value::{OrderGroupId, SupplierOrderId, Timestamp, business_date};
use entity::{open_process, open_release};
use serde_json::{Map, Value, json};

/// At most so many seals in one turn: the next turn goes on.
const SEALS_AT_ONCE: i64 = 200;

/// Releases what is new about the processes of these supplier orders. Does nothing where nothing is.
///
/// # Errors
/// When the database refuses.
pub async fn follow_orders(app: &App, orders: &[SupplierOrderId]) -> Result<(), Failure> {
    for group in store::groups_of(app.reader(), orders).await? {
        follow_group(app, group).await?;
    }
    Ok(())
}

/// Releases what is new about everything that was sealed since the last turn: payouts to households and the seals
/// themselves are no events of an order, but every posting comes under a seal once.
///
/// # Errors
/// When the database refuses.
pub async fn follow_seals(app: &App) -> Result<(), Failure> {
    let newest = store::newest_seal(app.reader()).await?;
    let mut at = store::mark(app.reader(), store::SEALS).await?;
    let last = newest.min(at.saturating_add(SEALS_AT_ONCE));
    while at < last {
        at += 1;
        for group in store::groups_under(app.reader(), at).await? {
            follow_group(app, group).await?;
        }
        app.transact(&Actor::System, async |tx| store::advance(tx, store::SEALS, at).await).await?;
    }
    Ok(())
}

async fn follow_group(app: &App, group: OrderGroupId) -> Result<(), Failure> {
    let groups = SmallestGroup::public(app.config.smallest_group);
    let prefix = app.config.ocid_prefix.as_str();
    let work = async |tx: &Tx| release(tx, group, prefix, groups).await;
    app.transact(&Actor::System, work).await.map(drop)
}

/// Releases what is new about an order; says whether there was anything.
///
/// # Errors
/// When the database refuses; when what was kept cannot be read.
pub async fn release(tx: &Tx, group: OrderGroupId, prefix: &str, groups: SmallestGroup) -> Result<bool, OpenDataError> {
    let Some(order) = store::group(tx, group).await? else { return Ok(false) };
    let process = store::hold_process(tx, group, &format!("{prefix}-{}", order.number)).await?;
    let Some(facts) = facts::read(tx, group, |count| groups.shown(count)).await? else { return Ok(false) };
    let now = picture::draw(&facts, &process.ocid);
    let Value::Object(before) = read(&process.compiled)? else { return Err(OpenDataError::Unreadable) };
    let said = difference(&before, &now);
    let mut after = before.clone();
    merge_into(&mut after, &said);
    if after == before {
        return Ok(false);
    }
    let number = store::next(tx, store::RELEASES).await?;
    let release = compose(&process, &before, said, &now, number, tx.now())?;
    let process = open_process::Model {
        releases: release.place,
        compiled: Value::Object(after).to_string(),
        released_at: Some(release.released_at),
        last_number: number,
        ..process
    };
    store::keep(tx, release, process).await?;
    Ok(true)
}

pub(super) fn read(text: &str) -> Result<Value, OpenDataError> {
    serde_json::from_str(text).map_err(|_| OpenDataError::Unreadable)
}

/// The release with what belongs to it: identifier, date, tags, and the parties that it names.
fn compose(
    process: &open_process::Model,
    before: &Map<String, Value>,
    mut said: Map<String, Value>,
    now: &Map<String, Value>,
    number: i64,
    at: Timestamp,
) -> Result<open_release::Model, OpenDataError> {
    let place = process.releases.checked_add(1).ok_or(entity::value::Overflow)?;
    // Dates order the releases of a process: two of one instant stand a millisecond apart.
    let earliest = process.released_at.map(|last| last + chrono::Duration::milliseconds(1));
    let released_at = earliest.map_or(at, |earliest| at.max(earliest));
    let tags = tags::tags(before, &said);
    let release_id = format!("{}-{place:03}", process.ocid);
    for name in ["ocid", "initiationType", "language", "parties", "buyer"] {
        if let Some(value) = now.get(name) {
            said.insert(name.to_owned(), restated(before.get(name), value));
        }
    }
    said.insert("id".to_owned(), json!(release_id));
    said.insert("date".to_owned(), json!(json::instant(released_at)));
    said.insert("tag".to_owned(), json!(tags));
    let content = Value::Object(said);
    Ok(open_release::Model {
        number,
        group_id: process.group_id,
        place,
        ocid: process.ocid.clone(),
        release_id,
        tags: tags.join(","),
        released_at,
        month: business_date(released_at).format("%Y-%m").to_string(),
        sha256: sha256_hex(json::text(&content).as_bytes()),
        content: content.to_string(),
    })
}
