//! The background work on a sheet: looking at its rows, and carrying them out.
//!
//! Promises: what was done of a sheet and the count of it are written in one transaction, so that work that was cut
//! off, or is done by two servers at once, goes on where it was and does nothing twice. A turn takes a bounded number of
//! batches and then lets other work go first.

use super::error::{BulkError, Unreadable};
use super::event::ImportFailed;
use super::kind::{self, Around, SheetFault, Verdict};
use super::read::{self, Line, Survey};
use super::store;
use super::view::Detail;
use crate::access::{AccessError, Actor, Member, Scope};
use crate::app::App;
use crate::db::Tx;
use crate::document::{self, FileStore};
use crate::jobs::{self, JobError, JobKind, Running, progress, read_payload};
use crate::problem::Failure;
use crate::{identity, organisation};
use actix_web::web::Bytes;
use entity::value::{ImportId, ImportKind, ImportState, ProgressUnit, Role, RowOutcome, business_date};
use entity::{sheet_import, sheet_import_row};
use sea_orm::DbErr;
use std::collections::HashMap;
use uuid::Uuid;

/// Batches of one turn.
const BATCHES: usize = 20;

/// Rows that are looked at together.
const fn checked_at_once(kind: ImportKind) -> usize {
    match kind {
        ImportKind::Households => 2000,
        ImportKind::Products | ImportKind::Stock | ImportKind::Deliveries | ImportKind::Payouts => 500,
    }
}

/// Rows that are carried out in one transaction.
const fn done_at_once(kind: ImportKind) -> usize {
    match kind {
        ImportKind::Households => 1000,
        ImportKind::Products | ImportKind::Stock | ImportKind::Deliveries | ImportKind::Payouts => 200,
    }
}

/// Looks at the rows of a sheet.
pub const CHECK: JobKind = JobKind { name: "sheet.check", outward: false, hears: &[], run: check, together: None };
/// Carries out the good rows of a sheet.
pub const COMMIT: JobKind = JobKind { name: "sheet.commit", outward: false, hears: &[], run: commit, together: None };

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

/// An import with its content and the person it is done for.
struct Turn {
    import: sheet_import::Model,
    content: Bytes,
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
    match app.part::<FileStore>()?.read_whole(&file.sha256).await {
        Ok(content) => Ok(Some(Turn { import, content, actor })),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            give_up(app, &actor, &import, &Unreadable::ERASED.into()).await?;
            Ok(None)
        }
        Err(error) => Err(BulkError::from(error).into()),
    }
}

/// Ends an import that is no such sheet, and says why.
async fn give_up(app: &App, actor: &Actor, seen: &sheet_import::Model, why: &Unreadable) -> Result<(), Failure> {
    app.transact(actor, async |tx| -> Result<(), DbErr> {
        let Some(held) = store::hold(tx, &Scope::Everything, seen.id).await? else { return Ok(()) };
        if held.state != seen.state {
            return Ok(());
        }
        let (problem_zh, problem_en) = (Some(why.zh.clone()), Some(why.en.clone()));
        let held = sheet_import::Model { state: ImportState::Unreadable, problem_zh, problem_en, ..held };
        tx.emit(&failed(&held)).await?;
        store::save(tx, held).await.map(drop)
    })
    .await
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

async fn surveyed(kind: ImportKind, content: Bytes) -> Result<Result<Survey, Unreadable>, Failure> {
    let read = tokio::task::spawn_blocking(move || read::survey(kind, &content)).await;
    Ok(read.map_err(|error| BulkError::File(std::io::Error::other(error)))?)
}

async fn check_some(app: &App, id: ImportId) -> Result<(), Failure> {
    let Some(turn) = begin(app, id, ImportState::Checking).await? else { return Ok(()) };
    let Turn { mut import, content, actor } = turn;
    let kind = import.kind;
    let survey = match surveyed(kind, content.clone()).await? {
        Ok(survey) => survey,
        Err(why) => return give_up(app, &actor, &import, &why).await,
    };
    let total = i32::try_from(survey.rows).unwrap_or(i32::MAX);
    let from = store::last_line(app.reader(), id).await?.map_or(0, |line| line.saturating_add(1));
    let mut pieces = read::pieces(kind, content, from, checked_at_once(kind));
    for batch in 1..=BATCHES {
        let some = match pieces.recv().await {
            Some(Ok(lines)) => lines,
            Some(Err(why)) => return give_up(app, &actor, &import, &why).await,
            None => Vec::new(),
        };
        let today = business_date(app.clock.now());
        let around = around(app, &import, &actor, today);
        let mut verdicts = kind::judge(kind, app.reader(), &around, &some).await?;
        for (line, verdict) in some.iter().zip(&mut verdicts) {
            if let Some(repeat) = survey.repeated.get(&line.number) {
                kind::refuse_repetition(verdict, *repeat);
            }
        }
        kind::settle(kind, &some, &mut verdicts);
        let is_last_of_turn = batch == BATCHES;
        let noted = app
            .transact(&actor, async |tx| note(tx, &import, (&some, &verdicts), total, is_last_of_turn).await)
            .await?;
        match noted {
            Some(next) if next.state == ImportState::Checking => import = next,
            _ => return Ok(()),
        }
        progress(app, count(import.checked_rows), count(total), ProgressUnit::Rows).await;
    }
    Ok(())
}

fn around<'a>(app: &'a App, import: &sheet_import::Model, actor: &'a Actor, today: chrono::NaiveDate) -> Around<'a> {
    Around {
        actor,
        organisation: import.organisation_id,
        committed_by: import.committed_by,
        today,
        config: &app.config,
        secrets: &app.secrets,
        import: import.id,
    }
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
    let Turn { import, content, actor } = turn;
    let wanted = [RowOutcome::New, RowOutcome::Changed];
    let Some(first) = store::rows(app.reader(), id, &wanted, 0, 1).await?.pop() else {
        app.transact(&actor, async |tx| end(tx, id).await).await?;
        return Ok(());
    };
    let mut pieces = read::pieces(import.kind, content, first.line_no, done_at_once(import.kind));
    // What earlier turns did is done.
    let good = count(import.new_rows.saturating_add(import.changed_rows));
    let mut done = count(import.done_rows.saturating_add(import.failed_rows));
    let mut batch = 0;
    while let Some(piece) = pieces.recv().await {
        let lines = match piece {
            Ok(lines) => lines,
            Err(why) => return give_up(app, &actor, &import, &why).await,
        };
        let some = store::rows_between(app.reader(), id, &wanted, reach(&lines)).await?;
        if some.is_empty() {
            continue;
        }
        batch += 1;
        let is_last_of_turn = batch == BATCHES;
        let work = Work { app, import: &import, actor: &actor, lines: &lines };
        let together = app.transact(&actor, async |tx| work.carry_out(tx, &some, is_last_of_turn).await).await;
        match together {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(failure) if failure.problem().kind.status >= 500 => return Err(failure),
            // One of them no longer fits: each by itself, and the one is told apart.
            Err(_) => {
                work.apart(&some).await?;
                if is_last_of_turn {
                    app.transact(&actor, async |tx| enqueue(tx, COMMIT.name, id).await).await?;
                }
            }
        }
        if is_last_of_turn {
            return Ok(());
        }
        done += u64::try_from(some.len()).unwrap_or(0);
        progress(app, done, good, ProgressUnit::Rows).await;
    }
    app.transact(&actor, async |tx| end(tx, id).await).await?;
    Ok(())
}

/// A number of rows.
fn count(rows: i32) -> u64 {
    u64::try_from(rows).unwrap_or(0)
}

/// The first and the last line of some.
fn reach(lines: &[Line]) -> (i32, i32) {
    (lines.first().map_or(0, |line| line.number), lines.last().map_or(0, |line| line.number))
}

/// A piece of a sheet that is carried out.
struct Work<'a> {
    app: &'a App,
    import: &'a sheet_import::Model,
    actor: &'a Actor,
    lines: &'a [Line],
}

impl Work<'_> {
    /// The line of a row.
    fn line_of(&self, row: &sheet_import_row::Model) -> Option<&Line> {
        let at = self.lines.binary_search_by_key(&row.line_no, |line| line.number).ok()?;
        self.lines.get(at)
    }

    /// Each by itself, or each with what belongs to it.
    async fn apart(&self, rows: &[sheet_import_row::Model]) -> Result<(), Failure> {
        for unit in kind::units(self.import.kind, rows, |row| self.line_of(row)) {
            let done = self.app.transact(self.actor, async |tx| self.carry_out(tx, unit, false).await).await;
            let failure = match done {
                Ok(true) => continue,
                Ok(false) => return Ok(()),
                Err(failure) if failure.problem().kind.status >= 500 => return Err(failure),
                Err(failure) => failure,
            };
            let faults = faults_of(&failure);
            self.app.transact(self.actor, async |tx| fail(tx, self.import.id, unit, &faults).await).await?;
        }
        Ok(())
    }

    /// Carries out some rows and notes it, in one transaction. Says whether there is more to do here: not when the
    /// import was given up, or is done elsewhere.
    async fn carry_out(
        &self,
        tx: &Tx,
        rows: &[sheet_import_row::Model],
        is_last_of_turn: bool,
    ) -> Result<bool, Failure> {
        let Some(held) = store::hold(tx, &Scope::Everything, self.import.id).await? else { return Ok(false) };
        if held.state != ImportState::Committing {
            return Ok(false);
        }
        // What another server did since is passed over.
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(true) };
        let wanted = [RowOutcome::New, RowOutcome::Changed];
        let rows = store::rows_between(tx, self.import.id, &wanted, (first.line_no, last.line_no)).await?;
        let by_line: HashMap<i32, &sheet_import_row::Model> = rows.iter().map(|row| (row.line_no, row)).collect();
        // With the lines that belong to them, which may say what is so already.
        let groups = self.lines.chunk_by(|one, next| read::belong_together(held.kind, one, next));
        let lines = groups.filter(|group| group.iter().any(|line| by_line.contains_key(&line.number)));
        let lines: Vec<Line> = lines.flatten().cloned().collect();
        let around = around(self.app, &held, self.actor, business_date(tx.now()));
        let mut verdicts = kind::judge(held.kind, tx, &around, &lines).await?;
        kind::settle(held.kind, &lines, &mut verdicts);
        for (line, verdict) in lines.iter().zip(&mut verdicts) {
            if let Some(row) = by_line.get(&line.number) {
                kind::as_it_was_seen(row, verdict);
            }
        }
        let found: Vec<(RowOutcome, String)> =
            verdicts.iter().map(|verdict| (verdict.outcome, detail_of(verdict))).collect();
        let made: Vec<Option<Uuid>> = kind::carry_out(held.kind, tx, &around, verdicts).await?;
        let concluded = lines.iter().zip(found).zip(made).filter_map(|((line, (outcome, detail)), object_id)| {
            let row = (*by_line.get(&line.number)?).clone();
            Some(match outcome {
                RowOutcome::Bad => sheet_import_row::Model { outcome: RowOutcome::Failed, detail, ..row },
                _ => sheet_import_row::Model { outcome: RowOutcome::Done, object_id, ..row },
            })
        });
        let concluded: Vec<sheet_import_row::Model> = concluded.collect();
        let failed = concluded.iter().filter(|row| row.outcome == RowOutcome::Failed).count();
        let done = concluded.len() - failed;
        store::conclude(tx, self.import.id, &concluded).await?;
        let count = |rows: usize| i32::try_from(rows).unwrap_or(i32::MAX);
        let (done_rows, failed_rows) = (held.done_rows + count(done), held.failed_rows + count(failed));
        store::save(tx, sheet_import::Model { done_rows, failed_rows, ..held }).await?;
        if is_last_of_turn {
            enqueue(tx, COMMIT.name, self.import.id).await?;
        }
        Ok(true)
    }
}

/// What a refusal says, as faults of a row.
fn faults_of(failure: &Failure) -> Vec<SheetFault> {
    let problem = failure.problem();
    let fault = |text: &crate::problem::Text| SheetFault {
        code: None,
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

async fn fail(tx: &Tx, id: ImportId, rows: &[sheet_import_row::Model], faults: &[SheetFault]) -> Result<(), Failure> {
    let Some(held) = store::hold(tx, &Scope::Everything, id).await? else { return Ok(()) };
    let detail = Detail { faults: faults.to_vec(), changes: Vec::new() };
    let detail = serde_json::to_string(&detail).unwrap_or_default();
    let failed = |row: &sheet_import_row::Model| sheet_import_row::Model {
        outcome: RowOutcome::Failed,
        detail: detail.clone(),
        ..row.clone()
    };
    store::conclude(tx, id, &rows.iter().map(failed).collect::<Vec<_>>()).await?;
    let failed_rows = held.failed_rows.saturating_add(i32::try_from(rows.len()).unwrap_or(i32::MAX));
    store::save(tx, sheet_import::Model { failed_rows, ..held }).await?;
    Ok(())
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
