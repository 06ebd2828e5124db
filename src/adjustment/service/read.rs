//! Cases as they are shown, and the notice board.

use super::super::publicity::Run;
use super::super::view::{
    Adjustment, AdjustmentFilter, AdjustmentPerson, AdjustmentStepTaken, AdjustmentWithSteps, PublicNotice, is_overdue,
    run_of,
};
use super::super::{AdjustmentError, sealed, store};
use crate::access::Grant;
use crate::access::policy::ViewAdjustment;
use crate::household::view::HouseholdBrief;
use crate::http::{Page, PageQuery};
use crate::organisation::OrganisationBrief;
use crate::problem::Failure;
use crate::secrecy::Secrets;
use crate::{household, organisation};
use chrono::NaiveDate;
use entity::value::person::PersonalField;
use entity::value::{AdjustmentId, AdjustmentState, HouseholdId, OrganisationId, OrganisationKind};
use entity::{adjustment, adjustment_person, adjustment_step};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;

/// One case in reach.
///
/// # Errors
/// Not found, or out of reach.
pub(in crate::adjustment) async fn show(
    db: &impl ConnectionTrait,
    secrets: &Secrets,
    grant: &Grant<ViewAdjustment>,
    id: AdjustmentId,
    today: NaiveDate,
) -> Result<AdjustmentWithSteps, AdjustmentError> {
    let row = store::find(db, grant.scope(), id).await?.ok_or(AdjustmentError::NotFound)?;
    show_row(db, secrets, row, today).await
}

/// Cases in reach, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(in crate::adjustment) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewAdjustment>,
    wanted: &AdjustmentFilter,
    today: NaiveDate,
) -> Result<Page<Adjustment>, Failure> {
    let page = PageQuery { limit: wanted.limit, cursor: wanted.cursor.clone() };
    let (limit, before) = (page.limit()?, page.after()?);
    let rows = store::list(db, grant.scope(), wanted, today, (before, limit + 1)).await;
    let shown = views(db, rows.map_err(AdjustmentError::from)?, today).await?;
    Ok(Page::of(shown, limit, |one| one.id.uuid(), |one| one))
}

/// Cases with the names of their villages and households: one question a kind.
async fn views(
    db: &impl ConnectionTrait,
    rows: Vec<adjustment::Model>,
    today: NaiveDate,
) -> Result<Vec<Adjustment>, AdjustmentError> {
    let ids = |row: &adjustment::Model| [row.household_id, row.other_household_id, row.result_household_id];
    let households: Vec<HouseholdId> = rows.iter().flat_map(ids).flatten().collect();
    let households = household::briefs(db, &households).await?;
    let mut villages: Vec<OrganisationId> = rows.iter().map(|row| row.village_id).collect();
    villages.sort_unstable();
    villages.dedup();
    let villages = organisation::find_many(db, &villages).await?;
    let villages: HashMap<_, _> = villages.iter().map(|row| (row.id, OrganisationBrief::from(row))).collect();
    let view = |row: adjustment::Model| {
        let village = villages.get(&row.village_id).cloned()?;
        Some(of(row, village, &households, today))
    };
    Ok(rows.into_iter().filter_map(view).collect())
}

fn of(
    row: adjustment::Model,
    village: OrganisationBrief,
    households: &HashMap<HouseholdId, HouseholdBrief>,
    today: NaiveDate,
) -> Adjustment {
    let brief = |id: Option<HouseholdId>| id.and_then(|id| households.get(&id).cloned());
    Adjustment {
        village,
        household: brief(row.household_id),
        other_household: brief(row.other_household_id),
        result_household: brief(row.result_household_id),
        is_overdue: is_overdue(&row, today),
        publicity_ends_on: run_of(&row).ends_on(),
        id: row.id,
        number: row.number,
        kind: row.kind,
        origin: row.origin,
        text: row.text,
        state: row.state,
        new_number: row.new_number,
        status: row.status,
        cause: row.cause,
        happened_on: row.happened_on,
        opened_on: row.opened_on,
        due_on: row.due_on,
        stopped_on: row.stopped_on,
        effective_on: row.effective_on,
        opened_by: row.opened_by,
        created_at: row.created_at,
        closed_at: row.closed_at,
        version: row.version,
    }
}

/// A case with everything that happened in it.
pub(super) async fn show_row(
    db: &impl ConnectionTrait,
    secrets: &Secrets,
    row: adjustment::Model,
    today: NaiveDate,
) -> Result<AdjustmentWithSteps, AdjustmentError> {
    let (id, run) = (row.id, run_of(&row));
    let adjustment = views(db, vec![row], today).await?.pop().ok_or(AdjustmentError::NotFound)?;
    let notice = store::publicity_of(db, id).await?.pop();
    let publicity = notice.map(|notice| PublicNotice::of(notice, adjustment.village.name.clone(), run.ends_on()));
    let people = store::people_of(db, id).await?.into_iter().map(|person| masked(secrets, person));
    Ok(AdjustmentWithSteps {
        people: people.collect::<Result<_, _>>()?,
        land: store::land_of(db, id).await?,
        checks: store::checks_of(db, id).await?.into_iter().map(Into::into).collect(),
        reviews: store::reviews_of(db, id).await?.into_iter().map(Into::into).collect(),
        publicity,
        objections: store::objections_of(db, id).await?.into_iter().map(Into::into).collect(),
        steps: store::steps_of(db, id).await?.into_iter().map(step).collect(),
        adjustment,
    })
}

fn masked(secrets: &Secrets, row: adjustment_person::Model) -> Result<AdjustmentPerson, AdjustmentError> {
    let adjustment_person::Model { id, adjustment_id: _, number: _, cause, member_id, relation, person_cipher } = row;
    let new = person_cipher.map(|cipher| sealed::open(secrets, id, &cipher)).transpose()?;
    Ok(AdjustmentPerson {
        cause,
        member_id,
        relation,
        name: new.as_ref().map(|new| PersonalField::Name.masked(new.name.trim())),
        id_number: new.as_ref().map(|new| new.id_number.masked()),
    })
}

fn step(row: adjustment_step::Model) -> AdjustmentStepTaken {
    let adjustment_step::Model { adjustment_id: _, number, step, to_state, text, organisation_id, taken_by, taken_at } =
        row;
    AdjustmentStepTaken { number, step, to_state, text, organisation_id, taken_by, taken_at }
}

/// What hangs on a village's notice board, newest first. For everybody.
///
/// # Errors
/// No such village; 400 for a bad page.
pub(in crate::adjustment) async fn notice_board(
    db: &impl ConnectionTrait,
    village: OrganisationId,
    page: &PageQuery,
) -> Result<Page<PublicNotice>, Failure> {
    let (limit, before) = (page.limit()?, page.after()?);
    let found = organisation::find(db, village).await.map_err(AdjustmentError::from)?;
    let found = found.filter(|found| found.kind == OrganisationKind::VillageCommittee);
    let found = found.ok_or(AdjustmentError::NotFound)?;
    let rows = store::hanging(db, village, (before, limit + 1)).await.map_err(AdjustmentError::from)?;
    Ok(Page::of(
        rows,
        limit,
        |(notice, _)| notice.adjustment_id.uuid(),
        |(notice, case)| {
            let is_running = case.state == AdjustmentState::Publicised;
            let run = Run { ran_days: case.ran_days, running_since: case.running_since.filter(|_| is_running) };
            PublicNotice::of(notice, found.name.clone(), run.ends_on())
        },
    ))
}
