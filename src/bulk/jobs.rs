//! The background work on a sheet: looking at its rows, and carrying them out.
//!
//! Promises: what was done of a sheet and the count of it are written in one transaction, so that work that was cut
//! off, or is done by two servers at once, goes on where it was and does nothing twice. A turn takes a bounded number of
//! batches and then lets other work go first.

use super::error::BulkError;
use super::event::ImportFailed;
use super::kind::{self, Around, SheetFault, Verdict};
use super::read::{self, Line};
use super::store;
use super::view::Detail;
use crate::access::{AccessError, Actor, Member, Scope};
use crate::app::App;
use crate::config::Config;
use crate::db::Tx;
use crate::document::{self, FileStore};
use crate::jobs::{self, JobError, JobKind, Running, read_payload};
use crate::problem::Failure;
use crate::{identity, organisation};
use entity::value::{ImportId, ImportState, Role, RowOutcome, business_date};
use entity::{sheet_import, sheet_import_row};
use sea_orm::DbErr;
use std::collections::HashMap;
use uuid::Uuid;

/// Rows that are looked at together.
const CHECKED_AT_ONCE: usize = 500;
/// Rows that are carried out in one transaction.
const DONE_AT_ONCE: usize = 200;
/// Batches of one turn.
const BATCHES: usize = 20;

/// Looks at the rows of a sheet.
pub const CHECK: JobKind = JobKind { name: "sheet.check", outward: false, hears: &[], run: check };
/// Carries out the good rows of a sheet.
pub const COMMIT: JobKind = JobKind { name: "sheet.commit", outward: false, hears: &[], run: commit };

/// Enqueues a turn.
pub(super) async fn enqueue(tx: &Tx, name: &str, id: ImportId) -> Result<(), DbErr> {
    jobs::enqueue(tx, name, format!("\"{id}\""), tx.now()).await
}

fn check<'a>(app: &'a App, payload: &'a str) -> Running<'a> {
    Box::pin(async move { Ok(check_some(app, read_payload(payload)?).await?) })
}

fn commit<'a>(app: &'a App, payload: &'a str) -> Running<'a> {
    Box::pin(async move {
        commit_some(app, read_payload(payload)?).await?;
        Ok::<_, JobError>(())
    })
}

/// An import with its lines and the person it is done for.
struct Turn {
    import: sheet_import::Model,
    lines: Vec<Line>,
    actor: Actor,
}

/// What is needed for a turn; nothing when there is none to take.
async fn begin(app: &App, id: ImportId, state: ImportState) -> Result<Option<Turn>, Failure> {
    let Some(import) = store::find(app.reader(), &Scope::Everything, id).await? else { return Ok(None) };
    if import.state != state {
        return Ok(None);
    }
    let actor = actor_of(app, &import).await?;
    let file = document::find(app.reader(), &Scope::Everything, import.file_id).await?;
    let file = file.ok_or(BulkError::NotFound)?;
    let bytes = app.part::<FileStore>()?.read_whole(&file.sha256).await.map_err(BulkError::from)?;
    let kind = import.kind;
    let read = tokio::task::spawn_blocking(move || read::read(kind, &bytes)).await;
    let read = read.map_err(|error| BulkError::File(std::io::Error::other(error)))?;
    match read {
        Ok(lines) => Ok(Some(Turn { import, lines, actor })),
        Err(why) => {
            app.transact(&actor, async |tx| -> Result<(), DbErr> {
                let Some(held) = store::hold(tx, &Scope::Everything, id).await? else { return Ok(()) };
                if held.state != state {
                    return Ok(());
                }
                let (problem_zh, problem_en) = (Some(why.zh.clone()), Some(why.en.clone()));
                let held = sheet_import::Model { state: ImportState::Unreadable, problem_zh, problem_en, ..held };
                tx.emit(&failed(&held)).await?;
                store::save(tx, held).await.map(drop)
            })
            .await?;
            Ok(None)
        }
    }
}

/// Whoever sent it, if they may still act: work done later is done with the rights of then.
async fn actor_of(app: &App, import: &sheet_import::Model) -> Result<Actor, Failure> {
    let gone = || Failure::from(AccessError::Forbidden { action: "sheet.use" });
    let role: Role = import.role.parse().map_err(|_| gone())?;
    let (person, organisation) = (import.person_id, import.organisation_id);
    let found = organisation::find(app.reader(), organisation).await?.ok_or_else(gone)?;
    if !identity::may_act(app.reader(), person, organisation, role).await? || !found.is_active {
        return Err(gone());
    }
    Ok(Actor::Member(Member { person, organisation, role, division: found.division_code, session: None }))
}

fn detail_of(verdict: &Verdict) -> String {
    let detail = Detail { faults: verdict.faults.clone(), changes: verdict.changes.clone() };
    // Strings and lists: always JSON.
    serde_json::to_string(&detail).unwrap_or_default()
}

async fn check_some(app: &App, id: ImportId) -> Result<(), Failure> {
    let Some(turn) = begin(app, id, ImportState::Checking).await? else { return Ok(()) };
    let Turn { mut import, lines, actor } = turn;
    let repeated = kind::repeated(import.kind, &lines);
    for batch in 1..=BATCHES {
        let from = usize::try_from(import.checked_rows).unwrap_or_default();
        let some = &lines[from.min(lines.len())..(from + CHECKED_AT_ONCE).min(lines.len())];
        let today = business_date(app.clock.now());
        let (organisation, committed_by) = (import.organisation_id, import.committed_by);
        let around = Around { actor: &actor, organisation, committed_by, today, config: &app.config };
        let mut verdicts = kind::judge(import.kind, app.reader(), &around, some).await?;
        for (line, verdict) in some.iter().zip(&mut verdicts) {
            if let Some(first) = repeated.get(&line.number) {
                kind::refuse_repetition(import.kind, verdict, *first);
            }
        }
        let total = i32::try_from(lines.len()).unwrap_or(i32::MAX);
        let is_last_of_turn = batch == BATCHES;
        let noted =
            app.transact(&actor, async |tx| note(tx, &import, (some, &verdicts), total, is_last_of_turn).await).await?;
        match noted {
            Some(next) if next.state == ImportState::Checking => import = next,
            _ => return Ok(()),
        }
    }
    Ok(())
}

/// Writes what was found about some rows; nothing when somebody else has moved the import.
async fn note(
    tx: &Tx,
    seen: &sheet_import::Model,
    (lines, verdicts): (&[Line], &[Verdict]),
    total_rows: i32,
    is_last_of_turn: bool,
) -> Result<Option<sheet_import::Model>, DbErr> {
    let held = store::hold(tx, &Scope::Everything, seen.id).await?;
    let Some(held) = held.filter(|held| held.version == seen.version) else { return Ok(None) };
    let rows = lines.iter().zip(verdicts).map(|(line, verdict)| sheet_import_row::Model {
        import_id: held.id,
        line_no: line.number,
        outcome: verdict.outcome,
        label: verdict.label.chars().take(200).collect(),
        detail: detail_of(verdict),
        object_id: verdict.object,
    });
    store::insert_rows(tx, rows.collect()).await?;
    let count = |outcome| {
        i32::try_from(verdicts.iter().filter(|verdict| verdict.outcome == outcome).count()).unwrap_or(i32::MAX)
    };
    let checked_rows = held.checked_rows + i32::try_from(lines.len()).unwrap_or(i32::MAX);
    let is_done = checked_rows >= total_rows;
    let next = sheet_import::Model {
        state: if is_done { ImportState::Checked } else { ImportState::Checking },
        total_rows,
        checked_rows,
        new_rows: held.new_rows + count(RowOutcome::New),
        changed_rows: held.changed_rows + count(RowOutcome::Changed),
        same_rows: held.same_rows + count(RowOutcome::Same),
        bad_rows: held.bad_rows + count(RowOutcome::Bad),
        ..held
    };
    if !is_done && is_last_of_turn {
        enqueue(tx, CHECK.name, held.id).await?;
    }
    store::save(tx, next).await.map(Some)
}

async fn commit_some(app: &App, id: ImportId) -> Result<(), Failure> {
    let Some(turn) = begin(app, id, ImportState::Committing).await? else { return Ok(()) };
    let Turn { import, lines, actor } = turn;
    let by_line: HashMap<i32, &Line> = lines.iter().map(|line| (line.number, line)).collect();
    let wanted = [RowOutcome::New, RowOutcome::Changed];
    for batch in 1..=BATCHES {
        let limit = u64::try_from(DONE_AT_ONCE).unwrap_or(u64::MAX);
        let some = store::rows(app.reader(), id, &wanted, 0, limit).await?;
        let is_last_of_turn = batch == BATCHES;
        if some.is_empty() {
            app.transact(&actor, async |tx| end(tx, id).await).await?;
            return Ok(());
        }
        let together = app
            .transact(&actor, async |tx| {
                carry_out(tx, &app.config, &import, &actor, &by_line, some.clone(), is_last_of_turn).await
            })
            .await;
        match together {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(failure) if failure.problem().kind.status >= 500 => return Err(failure),
            // One of them no longer fits: each by itself, and the one is told apart.
            Err(_) => one_by_one(app, &import, &actor, &by_line, some).await?,
        }
    }
    Ok(())
}

async fn one_by_one(
    app: &App,
    import: &sheet_import::Model,
    actor: &Actor,
    by_line: &HashMap<i32, &Line>,
    rows: Vec<sheet_import_row::Model>,
) -> Result<(), Failure> {
    for row in rows {
        let alone = || vec![row.clone()];
        let done = app
            .transact(actor, async |tx| carry_out(tx, &app.config, import, actor, by_line, alone(), false).await)
            .await;
        let failure = match done {
            Ok(true) => continue,
            Ok(false) => return Ok(()),
            Err(failure) if failure.problem().kind.status >= 500 => return Err(failure),
            Err(failure) => failure,
        };
        let faults = faults_of(&failure);
        app.transact(actor, async |tx| fail(tx, import.id, &row, &faults).await).await?;
    }
    Ok(())
}

/// What a refusal says, as faults of a row.
fn faults_of(failure: &Failure) -> Vec<SheetFault> {
    let problem = failure.problem();
    let fault = |text: &crate::problem::Text| SheetFault {
        column: String::new(),
        zh: text.zh.clone().into_owned(),
        en: text.en.clone().into_owned(),
    };
    if problem.errors.is_empty() {
        vec![fault(&problem.detail)]
    } else {
        problem.errors.iter().map(|error| fault(&error.detail)).collect()
    }
}

async fn fail(tx: &Tx, id: ImportId, row: &sheet_import_row::Model, faults: &[SheetFault]) -> Result<(), Failure> {
    let Some(held) = store::hold(tx, &Scope::Everything, id).await? else { return Ok(()) };
    let detail = Detail { faults: faults.to_vec(), changes: Vec::new() };
    let detail = serde_json::to_string(&detail).unwrap_or_default();
    let failed = sheet_import_row::Model { outcome: RowOutcome::Failed, detail, ..row.clone() };
    store::conclude(tx, id, &[failed]).await?;
    let failed_rows = held.failed_rows + 1;
    store::save(tx, sheet_import::Model { failed_rows, ..held }).await?;
    Ok(())
}

/// Carries out some rows and notes it, in one transaction. Says whether there is more to do here: not when the import
/// was given up, or is done elsewhere.
async fn carry_out(
    tx: &Tx,
    config: &Config,
    import: &sheet_import::Model,
    actor: &Actor,
    by_line: &HashMap<i32, &Line>,
    rows: Vec<sheet_import_row::Model>,
    is_last_of_turn: bool,
) -> Result<bool, Failure> {
    let Some(held) = store::hold(tx, &Scope::Everything, import.id).await? else { return Ok(false) };
    if held.state != ImportState::Committing {
        return Ok(false);
    }
    // What another server did since is passed over.
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(true) };
    let wanted = [RowOutcome::New, RowOutcome::Changed];
    let limit = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    let still = store::rows(tx, import.id, &wanted, first.line_no - 1, limit).await?;
    let rows: Vec<_> = still.into_iter().filter(|row| row.line_no <= last.line_no).collect();
    let lines: Vec<Line> =
        rows.iter().filter_map(|row| by_line.get(&row.line_no).map(|line| (*line).clone())).collect();
    let today = business_date(tx.now());
    let (organisation, committed_by) = (held.organisation_id, held.committed_by);
    let around = Around { actor, organisation, committed_by, today, config };
    let mut verdicts = kind::judge(import.kind, tx, &around, &lines).await?;
    for (row, verdict) in rows.iter().zip(&mut verdicts) {
        kind::as_it_was_seen(row, verdict);
    }
    let found: Vec<(RowOutcome, String)> =
        verdicts.iter().map(|verdict| (verdict.outcome, detail_of(verdict))).collect();
    let made: Vec<Option<Uuid>> = kind::carry_out(import.kind, tx, &around, verdicts).await?;
    let concluded: Vec<sheet_import_row::Model> = rows
        .into_iter()
        .zip(found)
        .zip(made)
        .map(|((row, (outcome, detail)), object_id)| match outcome {
            RowOutcome::Bad => sheet_import_row::Model { outcome: RowOutcome::Failed, detail, ..row },
            _ => sheet_import_row::Model { outcome: RowOutcome::Done, object_id, ..row },
        })
        .collect();
    let failed = concluded.iter().filter(|row| row.outcome == RowOutcome::Failed).count();
    let done = concluded.len() - failed;
    store::conclude(tx, import.id, &concluded).await?;
    let count = |rows: usize| i32::try_from(rows).unwrap_or(i32::MAX);
    let (done_rows, failed_rows) = (held.done_rows + count(done), held.failed_rows + count(failed));
    store::save(tx, sheet_import::Model { done_rows, failed_rows, ..held }).await?;
    if is_last_of_turn {
        enqueue(tx, COMMIT.name, import.id).await?;
    }
    Ok(true)
}

async fn end(tx: &Tx, id: ImportId) -> Result<(), DbErr> {
    let held = store::hold(tx, &Scope::Everything, id).await?;
    let Some(held) = held.filter(|held| held.state == ImportState::Committing) else { return Ok(()) };
    if held.failed_rows > 0 {
        tx.emit(&failed(&held)).await?;
    }
    store::save(tx, sheet_import::Model { state: ImportState::Committed, ..held }).await.map(drop)
}

fn failed(held: &sheet_import::Model) -> ImportFailed {
    ImportFailed {
        import: held.id,
        organisation: held.organisation_id,
        kind: held.kind,
        is_unreadable: held.state == ImportState::Unreadable,
        failed_rows: held.failed_rows,
    }
}
