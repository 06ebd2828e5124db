//! What can be done with comparisons: send a file, read what was found, decide it.

use super::error::ComparisonError;
use super::event::ComparisonConfirmed;
use super::view::{
    ComparisonFlag, ComparisonFlagQuery, DecideComparisonFlag, DepartmentComparison, FlagOutcome, NewComparison,
};
use super::{read, sealed, store};
use crate::access::policy::{DecideComparison, UploadComparison, ViewComparison};
use crate::access::{Grant, Scope, four_eyes};
use crate::app::App;
use crate::db::{Change, Tx};
use crate::household;
use crate::http::{IfMatch, Page, PageQuery};
use crate::monitoring::{self, NewClue};
use crate::problem::Failure;
use crate::secrecy::Secrets;
use actix_web::web::Bytes;
use entity::value::{
    AreaCode, ComparisonFlagId, ComparisonFlagState, ComparisonId, HouseholdId, MemberId, business_date,
};
use entity::{comparison, comparison_flag};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::{BTreeMap, HashSet};

/// A person of the register who stands in a file, with their household and what the file says beside.
type Found = BTreeMap<MemberId, (HouseholdId, Option<String>)>;

/// What a file came to.
#[derive(Debug, Default)]
struct Compared {
    total: usize,
    bad: usize,
    found: Found,
}

/// Compares a file with the register of the caller's county. The file is not kept.
///
/// # Errors
/// It is no such file; a day in the future.
pub(super) async fn compare(
    app: &App,
    grant: &Grant<UploadComparison>,
    new: &NewComparison,
    content: Bytes,
) -> Result<DepartmentComparison, Failure> {
    if new.data_on > business_date(app.clock.now()) {
        return Err(ComparisonError::Future.into());
    }
    let Scope::County(county) = grant.scope() else { return Err(ComparisonError::NotFound.into()) };
    let compared = matched(app, county, content).await?;
    app.transact(grant.actor(), async |tx| record(tx, &app.secrets, grant, (new, county), &compared).await).await
}

/// Looks for the people of a file in the register, a thousand rows at a time, and keeps those who are in it.
async fn matched(app: &App, county: &AreaCode, content: Bytes) -> Result<Compared, ComparisonError> {
    let mut compared = Compared::default();
    let mut pieces = read::pieces(content);
    while let Some(piece) = pieces.recv().await {
        let read::Piece { hits, bad } = piece?;
        compared.total += hits.len() + bad;
        compared.bad += bad;
        let numbers: Vec<_> = hits.iter().map(|hit| hit.number.clone()).collect();
        let known = household::members_with_numbers(app.reader(), &app.secrets, county, &numbers).await?;
        for (at, member) in known {
            let detail = hits.get(at).and_then(|hit| hit.detail.clone());
            compared.found.entry(member.id).or_insert((member.household_id, detail));
        }
    }
    Ok(compared)
}

async fn record(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<UploadComparison>,
    (new, county): (&NewComparison, &AreaCode),
    compared: &Compared,
) -> Result<DepartmentComparison, ComparisonError> {
    let people: Vec<MemberId> = compared.found.keys().copied().collect();
    let open: HashSet<MemberId> = store::flagged(tx, new.kind, &people).await?.into_iter().collect();
    let id = ComparisonId::generate();
    let mut flags = Vec::new();
    for (member, (household, detail)) in compared.found.iter().filter(|(member, _)| !open.contains(member)) {
        let flag = ComparisonFlagId::generate();
        let detail = detail.as_deref().map(|detail| sealed::seal(secrets, flag, detail)).transpose()?;
        flags.push(comparison_flag::Model {
            id: flag,
            comparison_id: id,
            kind: new.kind,
            county_code: county.clone(),
            household_id: *household,
            member_id: *member,
            detail_cipher: detail,
            state: ComparisonFlagState::Open,
            decided_by: None,
            decided_at: None,
            reason: None,
            created_at: tx.now(),
            version: 1,
        });
    }
    let count = |rows: usize| i32::try_from(rows).unwrap_or(i32::MAX);
    let row = comparison::Model {
        id,
        kind: new.kind,
        department: new.department.as_str().to_owned(),
        data_on: new.data_on,
        county_code: county.clone(),
        organisation_id: grant.organisation()?,
        uploaded_by: grant.person()?,
        total_rows: count(compared.total),
        bad_rows: count(compared.bad),
        matched_people: count(people.len()),
        flagged_people: count(flags.len()),
        created_at: tx.now(),
    };
    store::insert(tx, row.clone(), flags).await?;
    let after = json!({
        "kind": row.kind, "department": row.department, "data_on": row.data_on, "rows": row.total_rows,
        "matched": row.matched_people, "flagged": row.flagged_people,
    });
    tx.audit(Change::made("comparison.made", "comparison", id.uuid(), after)).await?;
    Ok(row.into())
}

/// One page of files in reach, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewComparison>,
    page: &PageQuery,
) -> Result<Page<DepartmentComparison>, Failure> {
    let (limit, before) = (page.limit()?, page.after()?.map(ComparisonId::from_uuid));
    let rows = store::list(db, grant.scope(), (before, limit + 1)).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), DepartmentComparison::from))
}

/// One file in reach.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewComparison>,
    id: ComparisonId,
) -> Result<DepartmentComparison, ComparisonError> {
    Ok(store::find(db, grant.scope(), id).await?.ok_or(ComparisonError::NotFound)?.into())
}

/// One page of flags in reach, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list_flags(
    db: &impl ConnectionTrait,
    secrets: &Secrets,
    grant: &Grant<ViewComparison>,
    wanted: &ComparisonFlagQuery,
) -> Result<Page<ComparisonFlag>, Failure> {
    let page = PageQuery { limit: wanted.limit, cursor: wanted.cursor.clone() };
    let (limit, before) = (page.limit()?, page.after()?.map(ComparisonFlagId::from_uuid));
    let rows = store::list_flags(db, grant.scope(), wanted, (before, limit + 1)).await?;
    Ok(Page::of(shown(db, secrets, rows).await?, limit, |row| row.id.uuid(), |row| row))
}

/// One flag in reach.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn show_flag(
    db: &impl ConnectionTrait,
    secrets: &Secrets,
    grant: &Grant<ViewComparison>,
    id: ComparisonFlagId,
) -> Result<ComparisonFlag, ComparisonError> {
    let row = store::find_flag(db, grant.scope(), id).await?.ok_or(ComparisonError::NotFound)?;
    one(db, secrets, row).await
}

/// Decides about a flag. Nothing in the register changes by itself: a confirmed one opens a clue, and is told.
///
/// # Errors
/// Not found; stale; decided before; by whoever sent the file.
pub(super) async fn decide(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<DecideComparison>,
    (id, seen): (ComparisonFlagId, IfMatch),
    wanted: &DecideComparisonFlag,
) -> Result<ComparisonFlag, ComparisonError> {
    let row = store::hold_flag(tx, grant.scope(), id).await?.ok_or(ComparisonError::NotFound)?;
    seen.check(row.version).map_err(|_| ComparisonError::Stale)?;
    if row.state != ComparisonFlagState::Open {
        return Err(ComparisonError::Decided);
    }
    let file = store::find(tx, grant.scope(), row.comparison_id).await?.ok_or(ComparisonError::NotFound)?;
    let by = grant.person()?;
    four_eyes::apart([file.uploaded_by], by)?;
    let state = match wanted.outcome {
        FlagOutcome::Confirmed => ComparisonFlagState::Confirmed,
        FlagOutcome::Dismissed => ComparisonFlagState::Dismissed,
    };
    let reason = wanted.reason.as_str();
    let row = comparison_flag::Model {
        state,
        decided_by: Some(by),
        decided_at: Some(tx.now()),
        reason: Some(reason.to_owned()),
        version: row.version + 1,
        ..row
    };
    store::decide(tx, &row).await?;
    let from = ComparisonFlagState::Open.as_str();
    tx.audit(Change::moved("comparison.decided", "comparison_flag", id.uuid(), from, state.as_str()).because(reason))
        .await?;
    if state == ComparisonFlagState::Confirmed {
        let village = household::village_of(tx, &[row.household_id]).await?.remove(&row.household_id);
        let village = village.ok_or(ComparisonError::NotFound)?;
        let (comparison, kind, household) = (row.comparison_id, row.kind, row.household_id);
        let office = file.organisation_id;
        let figures = json!({ "comparison_id": comparison, "flag_id": id, "kind": kind });
        monitoring::open_clue(tx, NewClue { household, figures }).await?;
        tx.emit(&ComparisonConfirmed { flag: id, comparison, kind, household, village, office }).await?;
    }
    one(tx, secrets, row).await
}

async fn one(
    db: &impl ConnectionTrait,
    secrets: &Secrets,
    row: comparison_flag::Model,
) -> Result<ComparisonFlag, ComparisonError> {
    shown(db, secrets, vec![row]).await?.pop().ok_or(ComparisonError::NotFound)
}

async fn shown(
    db: &impl ConnectionTrait,
    secrets: &Secrets,
    rows: Vec<comparison_flag::Model>,
) -> Result<Vec<ComparisonFlag>, ComparisonError> {
    let households: Vec<HouseholdId> = rows.iter().map(|row| row.household_id).collect();
    let households = household::briefs(db, &households).await?;
    let members: Vec<MemberId> = rows.iter().map(|row| row.member_id).collect();
    let names = household::masked_names(db, &members).await?;
    let mut shown = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(household) = households.get(&row.household_id).cloned() else { continue };
        let detail = row.detail_cipher.as_deref().map(|cipher| sealed::open(secrets, row.id, cipher)).transpose()?;
        shown.push(ComparisonFlag {
            id: row.id,
            comparison_id: row.comparison_id,
            kind: row.kind,
            household,
            member_id: row.member_id,
            member_name: names.get(&row.member_id).cloned().unwrap_or_default(),
            detail,
            state: row.state,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            reason: row.reason,
            created_at: row.created_at,
            version: row.version,
        });
    }
    Ok(shown)
}
