//! Puts a timeline together.

use super::key::Key;
use super::store::{self, source};
use super::view::{TimelineEntry, TimelineKind};
use crate::access::Grant;
use crate::access::policy::ViewPairing;
use crate::http::{Page, PageQuery};
use crate::pairing::{PairingError, store as pairings};
use crate::problem::{Failure, Problem};
use entity::pairing;
use entity::value::{PairingId, Timestamp};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

fn key(at: Timestamp, source: u8, id: Uuid, step: i32) -> Key {
    Key { at, source, id, step }
}

/// One page of a pairing's timeline, oldest first.
///
/// # Errors
/// Not found; 400 for a bad page.
pub(super) async fn page(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewPairing>,
    id: PairingId,
    page: &PageQuery,
) -> Result<Page<TimelineEntry>, Failure> {
    let limit = page.limit()?;
    let after = match &page.cursor {
        None => None,
        Some(cursor) => Some(Key::read(cursor, id.uuid()).ok_or_else(|| {
            Problem::invalid("?cursor", "cursor 不是本列表给出的。", "The cursor was not given by this list.")
        })?),
    };
    let row = pairings::find_pairing(db, grant.scope(), id).await.map_err(PairingError::from)?;
    let row = row.ok_or(PairingError::NotFound)?;
    let mut entries = entries(db, &row, after, limit + 1).await.map_err(PairingError::from)?;
    entries.retain(|entry| after.is_none_or(|after| entry.key > after));
    entries.sort_by_key(|entry| entry.key);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = entries.len() > limit;
    entries.truncate(limit);
    let next = has_more.then(|| entries.last().map(|entry| entry.key.write(id.uuid()))).flatten();
    Ok(Page { items: entries, next })
}

/// The next entries of every table, each at most so many.
async fn entries(
    db: &impl ConnectionTrait,
    of: &pairing::Model,
    after: Option<Key>,
    limit: u64,
) -> Result<Vec<TimelineEntry>, DbErr> {
    let signed = key(of.created_at, source::AGREEMENT, of.id.uuid(), 0);
    let mut entries = vec![TimelineEntry::of(TimelineKind::Agreement, of.id.uuid(), signed)];
    for row in store::pledges(db, of.id, after, limit).await? {
        let place = key(row.created_at, source::PLEDGE, row.id.uuid(), 0);
        entries.push(TimelineEntry {
            aid_kind: Some(row.kind),
            amount_fen: Some(row.amount_fen.get()),
            people: Some(row.people.into()),
            ..TimelineEntry::of(TimelineKind::Pledge, row.id.uuid(), place)
        });
    }
    for (row, before) in store::contributions(db, of.id, after, limit).await? {
        let kind = if before.is_some() { TimelineKind::OrderRecounted } else { TimelineKind::Order };
        let (amount, place) = (row.amount_fen.get(), key(row.created_at, source::ORDER, row.id.uuid(), 0));
        entries.push(TimelineEntry {
            aid_kind: Some(row.kind.into()),
            amount_fen: Some(amount),
            change_fen: Some(amount - before.unwrap_or(0)),
            ..TimelineEntry::of(kind, row.supplier_order_id.uuid(), place)
        });
    }
    aid(db, of, after, limit, &mut entries).await?;
    for (step, need) in store::need_steps(db, of.id, after, limit).await? {
        let place = key(step.created_at, source::NEED, step.need_id.uuid(), step.step_no);
        entries.push(TimelineEntry {
            need_state: Some(step.to_state),
            words: step.reason.or(need.map(|need| need.title)),
            ..TimelineEntry::of(TimelineKind::Need, step.need_id.uuid(), place)
        });
    }
    for (row, revocation) in store::certificates(db, of).await? {
        let place = key(row.issued_at, source::CERTIFICATE, row.id.uuid(), 0);
        let issued = TimelineEntry::of(TimelineKind::Certificate, row.id.uuid(), place);
        entries.push(TimelineEntry { words: Some(row.number), ..issued });
        if let Some(gone) = revocation {
            let place = key(gone.revoked_at, source::REVOCATION, row.id.uuid(), 0);
            let revoked = TimelineEntry::of(TimelineKind::CertificateRevoked, row.id.uuid(), place);
            entries.push(TimelineEntry { words: Some(gone.reason), ..revoked });
        }
    }
    Ok(entries)
}

/// What was entered, and its reviews.
async fn aid(
    db: &impl ConnectionTrait,
    of: &pairing::Model,
    after: Option<Key>,
    limit: u64,
    entries: &mut Vec<TimelineEntry>,
) -> Result<(), DbErr> {
    for row in store::claims(db, of.id, after, limit).await? {
        let place = key(row.created_at, source::AID, row.id.uuid(), 0);
        entries.push(TimelineEntry {
            aid_kind: Some(row.kind),
            amount_fen: Some(row.amount_fen.get()),
            people: Some(row.people.into()),
            words: Some(row.content),
            ..TimelineEntry::of(TimelineKind::Aid, row.id.uuid(), place)
        });
    }
    for (step, claim) in store::claim_steps(db, of.id, after, limit).await? {
        let place = key(step.created_at, source::AID_STEP, step.claim_id.uuid(), step.step_no);
        entries.push(TimelineEntry {
            aid_kind: claim.as_ref().map(|claim| claim.kind),
            amount_fen: claim.as_ref().map(|claim| claim.amount_fen.get()),
            aid_state: Some(step.to_state),
            words: step.reason,
            ..TimelineEntry::of(TimelineKind::AidReviewed, step.claim_id.uuid(), place)
        });
    }
    Ok(())
}
