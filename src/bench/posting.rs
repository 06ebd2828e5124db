//! Durable posting, and its ceilings: the same rows by `COPY` from as many connections, all in one transaction each, or,
//! as durable as the house, a transaction a posting.

use super::per_second;
use crate::access::Actor;
use crate::app::App;
use crate::ledger::{self, Account, LedgerError, Posting};
use crate::problem::Failure;
use chrono::NaiveDate;
use entity::value::{AgreementId, Fen, HouseholdId, OrganisationId, PostingId, business_date};
use futures_util::future::join_all;
use sea_orm::DbErr;
use sea_orm::sqlx::{self, Connection};
use std::fmt::Write;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Who posts: a supplier with its households. Each has its own, so that none waits for another's locks.
struct Poster {
    given: Account,
    households: Vec<Account>,
}

impl Poster {
    fn new(households: usize) -> Self {
        let household = |_| Account::household_promised(HouseholdId::generate(), AgreementId::generate());
        Self {
            given: Account::promise_given(OrganisationId::generate()),
            households: (0..households).map(household).collect(),
        }
    }

    /// What one order promises to its households.
    fn order(&self, day: NaiveDate) -> Result<Posting, LedgerError> {
        let order = Uuid::now_v7();
        let one = Fen::new(100)?;
        let all = one.checked_mul(i64::try_from(self.households.len()).unwrap_or(1))?;
        let posting = Posting::new(format!("bench:{order}"), "bench", day, order).debit(self.given, all, None);
        Ok(self.households.iter().fold(posting, |posting, household| posting.credit(*household, one, None)))
    }
}

/// Orders to be posted: how many households share in each, how many are posted in a transaction, and how many post at a
/// time.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Households that share in an order.
    pub households: usize,
    /// Orders in one transaction; a worker settles up to fifty that wait.
    pub together: usize,
    /// How many post at a time.
    pub posters: usize,
}

/// Posts orders for a while; answers entries a second, and postings.
///
/// # Errors
/// When the database refuses.
pub async fn post_for(app: &App, load: Load, during: Duration) -> Result<(u64, u64), Failure> {
    let Load { households, together, posters } = load;
    let day = business_date(app.clock.now());
    let end = Instant::now() + during;
    let begin = Instant::now();
    let work = (0..posters).map(|_| async {
        let poster = Poster::new(households);
        let mut posted = 0_u64;
        while Instant::now() < end {
            if together == 1 {
                let order = poster.order(day)?;
                app.transact(&Actor::System, async |tx| ledger::post_first(tx, order.clone()).await).await?;
                posted += 1;
            } else {
                let orders = (0..together).map(|_| poster.order(day)).collect::<Result<Vec<_>, _>>()?;
                let ids = app.transact(&Actor::System, async |tx| ledger::post_all(tx, orders.clone()).await).await?;
                posted += u64::try_from(ids.len()).unwrap_or_default();
            }
        }
        Ok::<u64, Failure>(posted)
    });
    let mut posted = 0;
    for done in join_all(work).await {
        posted += done?;
    }
    let entries = posted * u64::try_from(households + 1).unwrap_or(1);
    Ok((per_second(entries, begin.elapsed()), posted))
}

/// How much a `COPY` commits at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commits {
    /// Everything a connection has to write, once: nothing is safe before all is. The most the tables take.
    Once,
    /// Each posting, as the house does.
    EachPosting,
}

/// The rows of so many postings by `COPY` into the same tables, with the same constraints and triggers; by so many
/// connections at a time. Entries a second.
///
/// # Errors
/// When the database refuses.
pub async fn copy_ceiling(
    url: &str,
    households: usize,
    writers: usize,
    postings: u64,
    commits: Commits,
) -> Result<u64, DbErr> {
    let each = postings / u64::try_from(writers).unwrap_or(1) + 1;
    let mut ready = Vec::new();
    for _ in 0..writers {
        let mut connection = sqlx::PgConnection::connect(url).await.map_err(told)?;
        let rows = Rows::of(households, each, commits);
        copy(&mut connection, "account (id, kind, owner_id, part_id, debit_fen, credit_fen, guard)", &rows.accounts)
            .await?;
        ready.push((connection, rows));
    }
    let begin = Instant::now();
    let work = ready.into_iter().map(|(mut connection, rows)| async move {
        for part in &rows.parts {
            run(&mut connection, "begin").await?;
            copy(&mut connection, ENTRIES, &part.entries).await?;
            copy(&mut connection, POSTINGS, &part.postings).await?;
            run(&mut connection, "commit").await?;
        }
        Ok::<(), DbErr>(())
    });
    for done in join_all(work).await {
        done?;
    }
    let entries = each * u64::try_from(writers * (households + 1)).unwrap_or(1);
    Ok(per_second(entries, begin.elapsed()))
}

const ENTRIES: &str = "entry (posting_id, line_no, account_id, side, amount_fen)";
const POSTINGS: &str =
    "posting (id, cause, kind, business_date, posted_at, object_id, digest, salt, rule_version, inputs_hash)";

/// Rows in PostgreSQL's own writing for `COPY`.
struct Rows {
    accounts: String,
    parts: Vec<Part>,
}

/// What is committed together.
#[derive(Default)]
struct Part {
    entries: String,
    postings: String,
}

impl Rows {
    fn of(households: usize, postings: u64, commits: Commits) -> Self {
        let mut rows = Self { accounts: String::new(), parts: Vec::new() };
        let accounts: Vec<Uuid> = (0..=households).map(|_| Uuid::now_v7()).collect();
        for account in &accounts {
            put(&mut rows.accounts, format_args!("{account}\tpromise_given\t{account}\t\\N\t0\t0\tnone\n"));
        }
        for _ in 0..postings {
            if commits == Commits::EachPosting || rows.parts.is_empty() {
                rows.parts.push(Part::default());
            }
            if let Some(part) = rows.parts.last_mut() {
                part.add(&accounts);
            }
        }
        rows
    }
}

impl Part {
    /// A posting: the first account is debited with a yuan for each of the others.
    fn add(&mut self, accounts: &[Uuid]) {
        let (id, hash) = (PostingId::generate(), "5e".repeat(32));
        for (index, account) in accounts.iter().enumerate() {
            let (side, amount) = if index == 0 { ("debit", 100 * (accounts.len() - 1)) } else { ("credit", 100) };
            put(&mut self.entries, format_args!("{id}\t{}\t{account}\t{side}\t{amount}\n", index + 1));
        }
        put(
            &mut self.postings,
            format_args!(
                "{id}\tbench:{id}\tbench\t2026-03-02\t2026-03-02T02:00:00Z\t{id}\t{hash}\t{hash}\tdocument/1\t{hash}\n"
            ),
        );
    }
}

fn put(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing into memory does not fail.
    let written = text.write_fmt(line);
    debug_assert!(written.is_ok());
}

async fn run(connection: &mut sqlx::PgConnection, sql: &'static str) -> Result<(), DbErr> {
    sqlx::Executor::execute(connection, sql).await.map(drop).map_err(told)
}

async fn copy(connection: &mut sqlx::PgConnection, table: &str, rows: &str) -> Result<(), DbErr> {
    let sql = format!("copy {table} from stdin");
    let mut copy = connection.copy_in_raw(&sql).await.map_err(told)?;
    for some in rows.as_bytes().chunks(1 << 16) {
        copy.send(some).await.map_err(told)?;
    }
    copy.finish().await.map(drop).map_err(told)
}

fn told(error: sqlx::Error) -> DbErr {
    DbErr::Custom(error.to_string())
}
