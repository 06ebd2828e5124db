//! What can be done with visits: enter one, read them.

use super::super::error::{AssistanceError, fault};
use super::store;
use super::view::{MapPoint, NewVisit, Visit, VisitPhoto, VisitQuery};
use crate::access::policy::{RecordVisit, ViewVisit};
use crate::access::{Caller, Grant};
use crate::db::{Change, Tx};
use crate::http::{Page, PageQuery};
use crate::problem::Failure;
use crate::{document, household, identity};
use chrono::{Datelike, Duration};
use entity::help_visit::Model;
use entity::value::{FileId, HouseholdId, Role, VisitId, business_date};
use entity::{help_visit_photo, stored_file};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::HashMap;

/// How long after a visit it may be entered.
const ENTERED_WITHIN: Duration = Duration::days(31);

/// Enters a visit.
///
/// # Errors
/// The household is out of reach; a field is not acceptable; a photo is not yours or no picture.
pub(super) async fn record(
    tx: &Tx,
    grant: &Grant<RecordVisit>,
    household_id: HouseholdId,
    new: &NewVisit,
) -> Result<Visit, AssistanceError> {
    household::find_in(tx, grant.scope(), household_id).await?.ok_or(AssistanceError::NotFound)?;
    let organisation_id = grant.organisation()?;
    let files = document::require_own(tx, organisation_id, &new.photo_file_ids).await?;
    let mut faults = Vec::new();
    if new.visited_at > tx.now() || new.visited_at < tx.now() - ENTERED_WITHIN {
        let (zh, en) =
            ("走访时间不能晚于现在，也不能早于一个月前。", "It was not in the future, and not more than a month ago.");
        faults.push(fault("/visited_at", zh, en));
    }
    let is_on_earth = |point: MapPoint| {
        (-90_000_000..=90_000_000).contains(&point.latitude_e6)
            && (-180_000_000..=180_000_000).contains(&point.longitude_e6)
    };
    if new.point.is_some_and(|point| !is_on_earth(point)) {
        faults.push(fault("/point", "坐标超出范围。", "There is no such point."));
    }
    if !(1..=9).contains(&files.len()) {
        faults.push(fault("/photo_file_ids", "应有 1 至 9 张照片。", "There are 1 to 9 photos."));
    }
    for (at, file) in files.iter().enumerate() {
        let is_twice = files[..at].iter().any(|other| other.sha256 == file.sha256);
        if !file.media_type.starts_with("image/") || is_twice {
            let (zh, en) = ("应为不同的图片文件（PNG 或 JPEG）。", "Each is a picture, PNG or JPEG, and another one.");
            faults.push(fault(format!("/photo_file_ids/{at}"), zh, en));
        }
    }
    if !faults.is_empty() {
        return Err(AssistanceError::Fields(faults));
    }
    let row = Model {
        id: VisitId::generate(),
        household_id,
        visited_at: new.visited_at,
        year: business_date(new.visited_at).year(),
        place: new.place.as_str().to_owned(),
        latitude_e6: new.point.map(|point| point.latitude_e6),
        longitude_e6: new.point.map(|point| point.longitude_e6),
        seen: new.seen.as_str().to_owned(),
        person_id: grant.person()?,
        organisation_id,
        role: role(tx),
        created_at: tx.now(),
    };
    let photos = photos(tx, row.id, &files).await?;
    let reused = photos.iter().filter(|photo| photo.same_as.is_some()).count();
    store::insert(tx, row.clone(), photos).await?;
    let after = json!({
        "household_id": household_id, "visited_at": row.visited_at, "photos": files.len(), "reused_photos": reused,
    });
    tx.audit(Change::made("visit.recorded", "help_visit", row.id.uuid(), after)).await?;
    shown(tx, vec![row]).await?.pop().ok_or(AssistanceError::NotFound)
}

fn role(tx: &Tx) -> Role {
    match tx.actor().caller() {
        Caller::Role(role) => role,
        Caller::Public | Caller::System => Role::VillageOfficer,
    }
}

/// The photos, each with the first visit that showed the same picture.
async fn photos(
    tx: &Tx,
    visit_id: VisitId,
    files: &[stored_file::Model],
) -> Result<Vec<help_visit_photo::Model>, AssistanceError> {
    let contents: Vec<String> = files.iter().map(|file| file.sha256.clone()).collect();
    let mut first: HashMap<String, VisitId> = HashMap::new();
    for photo in store::shown_before(tx, &contents).await? {
        first.entry(photo.sha256).or_insert(photo.visit_id);
    }
    let row = |(file, number): (&stored_file::Model, i32)| help_visit_photo::Model {
        visit_id,
        number,
        file_id: file.id,
        sha256: file.sha256.clone(),
        same_as: first.get(&file.sha256).copied(),
    };
    Ok(files.iter().zip(1..).map(row).collect())
}

/// One page of visits in reach, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewVisit>,
    wanted: &VisitQuery,
) -> Result<Page<Visit>, Failure> {
    let page = PageQuery { limit: wanted.limit, cursor: wanted.cursor.clone() };
    let (limit, before) = (page.limit()?, page.after()?.map(VisitId::from_uuid));
    let rows = store::list(db, grant.scope(), wanted, (before, limit + 1)).await?;
    Ok(Page::of(shown(db, rows).await?, limit, |row| row.id.uuid(), |row| row))
}

/// One visit in reach.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewVisit>,
    id: VisitId,
) -> Result<Visit, AssistanceError> {
    let row = store::find(db, grant.scope(), id).await?.ok_or(AssistanceError::NotFound)?;
    shown(db, vec![row]).await?.pop().ok_or(AssistanceError::NotFound)
}

/// The file of a photo of a visit in reach: whoever sees the visit sees its photos.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn photo(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewVisit>,
    (id, number): (VisitId, i32),
) -> Result<FileId, AssistanceError> {
    store::find(db, grant.scope(), id).await?.ok_or(AssistanceError::NotFound)?;
    let photos = store::photos_of(db, &[id]).await?;
    photos.into_iter().find(|photo| photo.number == number).map(|photo| photo.file_id).ok_or(AssistanceError::NotFound)
}

/// With everybody's names and the photos, in one question a kind.
async fn shown(db: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Visit>, AssistanceError> {
    let households: Vec<_> = rows.iter().map(|row| row.household_id).collect();
    let households = household::briefs(db, &households).await?;
    let people: Vec<_> = rows.iter().map(|row| row.person_id).collect();
    let names = identity::names_of(db, &people).await?;
    let ids: Vec<VisitId> = rows.iter().map(|row| row.id).collect();
    let mut photos: HashMap<VisitId, Vec<VisitPhoto>> = HashMap::new();
    for photo in store::photos_of(db, &ids).await? {
        let help_visit_photo::Model { visit_id, number, file_id, sha256: _, same_as } = photo;
        photos.entry(visit_id).or_default().push(VisitPhoto { number, file_id, same_as });
    }
    let show = |row: Model| {
        let point = row.latitude_e6.zip(row.longitude_e6);
        Some(Visit {
            id: row.id,
            household: households.get(&row.household_id)?.clone(),
            visited_at: row.visited_at,
            place: row.place,
            point: point.map(|(latitude_e6, longitude_e6)| MapPoint { latitude_e6, longitude_e6 }),
            seen: row.seen,
            photos: photos.remove(&row.id).unwrap_or_default(),
            person_id: row.person_id,
            display_name: names.get(&row.person_id).cloned().unwrap_or_default(),
            organisation_id: row.organisation_id,
            role: row.role,
            created_at: row.created_at,
        })
    };
    Ok(rows.into_iter().filter_map(show).collect())
}
