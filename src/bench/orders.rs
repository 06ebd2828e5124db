//! Placing orders over HTTP, everything on, and beside it the same rows by hand with `pgbench`.
//!
//! The world is made by SQL in a PostgreSQL that is nobody's: suppliers with plans and products, and a budget unit for
//! each client, so that clients meet at products and not at budgets, as buyers do. Each order has three lines of two
//! suppliers. The clients live in one process and on one thread with the house.

use crate::access::Member;
use crate::app::App;
use crate::db::counting_statements;
use crate::demo::client::{Carrying, Client, DemoError, text};
use actix_web::web;
use chrono::Datelike;
use entity::value::{AreaCode, OrganisationId, PersonId, Role, business_date};
use futures_util::future::join_all;
use sea_orm::sqlx::{self, Connection, Row};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// The same rows by hand.
const SCRIPT: &str = include_str!("orders.pgbench.sql");
/// The world.
const WORLD: &str = include_str!("orders.world.sql");
/// What `pgbench` finds the budgets by.
const CLIENTS: &str = include_str!("orders.clients.sql");
/// Suppliers of the world; each has ten products.
const SUPPLIERS: u64 = 20;
/// Clients the world has units for.
pub const MOST_CLIENTS: u64 = 64;
/// The second from which runs of `pgbench` are told apart.
const BEGINNING: i64 = 1_760_000_000;
/// Where everybody sits.
const COUNTY: &str = "522634";

/// What so many clients did.
#[derive(Debug, Clone, Copy)]
pub struct Placed {
    /// Orders placed.
    pub orders: u64,
    /// Orders a second.
    pub per_second: u64,
    /// Half of the orders took at most so long.
    pub p50: Duration,
    /// Ninety-nine of a hundred took at most so long.
    pub p99: Duration,
    /// Bytes of the write-ahead log an order.
    pub wal_bytes: u64,
}

/// Identifiers of the world: its kind and its number.
fn id(kind: u16, number: u64) -> Uuid {
    Uuid::from_u128((u128::from(kind) << 48) | u128::from(number))
}

fn told(what: &str) -> impl Fn(sqlx::Error) -> DemoError {
    let what = what.to_owned();
    move |error| DemoError::new(what.clone(), error)
}

fn member(role: Role, organisation: Uuid, person: Uuid) -> Result<Member, DemoError> {
    Ok(Member {
        person: PersonId::from_uuid(person),
        organisation: OrganisationId::from_uuid(organisation),
        role,
        division: AreaCode::parse(COUNTY).map_err(|error| DemoError::new("the county", error))?,
        session: None,
    })
}

/// A house with a world to order in.
pub struct Market {
    client: Client,
    url: String,
    officers: Vec<(Member, String)>,
}

impl Market {
    /// Makes the world, in a database that has nothing but the schema.
    ///
    /// # Errors
    /// When the database refuses, or there is a world in it already.
    pub async fn open(app: App, url: &str) -> Result<Self, DemoError> {
        let mut connection = sqlx::PgConnection::connect(url).await.map_err(told("the database"))?;
        sqlx::raw_sql(WORLD).execute(&mut connection).await.map_err(told("the world"))?;
        let client = Client::of(web::Data::new(app)).await;
        let year = business_date(client.app.clock.now()).year();
        let finance = member(Role::FinanceOfficer, id(1, 1), id(4, 1))?;
        let mut officers = Vec::new();
        for number in 1..=MOST_CLIENTS {
            let unit = id(2, number);
            let wanted =
                json!({ "unit_id": unit, "year": year, "fund_source": "测量", "amount_fen": 900_000_000_000_000_i64 });
            let carrying = Carrying::json(&wanted).once(format!("budget-{number}"));
            let budget = client.post(&finance, "/budgets", carrying).await?;
            officers.push((member(Role::ProcurementOfficer, unit, id(4, 100 + number))?, text(&budget, "id")?));
        }
        Ok(Self { client, url: url.to_owned(), officers })
    }

    /// An order of three lines of two suppliers.
    fn wanted(budget: &str) -> Value {
        let one = fastrand::u64(1..=SUPPLIERS);
        let other = one % SUPPLIERS + 1;
        let (first, second) = (fastrand::u64(1..=10), fastrand::u64(1..=10));
        let line = |supplier: u64, product: u64| json!({ "product_id": id(7, supplier * 100 + product), "packs": 1 });
        let lines = [line(one, first), line(one, first % 10 + 1), line(other, second)];
        json!({ "budget_id": budget, "deliver_to": "雷山县食堂", "lines": lines })
    }

    async fn place(&self, officer: usize) -> Result<Duration, DemoError> {
        let (member, budget) = self.officers.get(officer).ok_or_else(|| DemoError::new("a client", officer))?;
        let carrying = Carrying::json(&Self::wanted(budget)).once(Uuid::now_v7().to_string());
        let began = Instant::now();
        self.client.post(member, "/orders", carrying).await?;
        Ok(began.elapsed())
    }

    /// How many statements one order's transaction sends, without its beginning and its end.
    ///
    /// # Errors
    /// When the order is refused.
    pub async fn statements(&self) -> Result<u32, DemoError> {
        let (placed, statements) = counting_statements(self.place(0)).await;
        placed.map(|_| statements)
    }

    async fn wal(&self) -> Result<i64, DemoError> {
        let failed = told("the write-ahead log");
        let mut connection = sqlx::PgConnection::connect(&self.url).await.map_err(&failed)?;
        let sql = "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint";
        let row = sqlx::query(sql).fetch_one(&mut connection).await.map_err(&failed)?;
        row.try_get(0).map_err(&failed)
    }

    /// Lets so many clients order for a time, each one order after the other.
    ///
    /// # Errors
    /// When an order is refused.
    pub async fn order_for(&self, clients: usize, during: Duration) -> Result<Placed, DemoError> {
        let before = self.wal().await?;
        let (begin, end) = (Instant::now(), Instant::now() + during);
        let work = (0..clients).map(|client| async move {
            let mut took = Vec::new();
            while Instant::now() < end {
                took.push(self.place(client).await?);
            }
            Ok::<_, DemoError>(took)
        });
        let mut took = Vec::new();
        for done in join_all(work).await {
            took.extend(done?);
        }
        let all = begin.elapsed();
        let wal = u64::try_from(self.wal().await? - before).unwrap_or(0);
        took.sort_unstable();
        let orders = u64::try_from(took.len()).unwrap_or(u64::MAX);
        let at = |hundredth: usize| took.get((took.len().max(1) - 1) * hundredth / 100).copied().unwrap_or_default();
        Ok(Placed {
            orders,
            per_second: super::per_second(orders, all),
            p50: at(50),
            p99: at(99),
            wal_bytes: wal / orders.max(1),
        })
    }

    /// The same rows by hand: `pgbench` with as many clients for as long. Transactions a second, and bytes of the
    /// write-ahead log a transaction.
    ///
    /// # Errors
    /// `pgbench` is not there, or fails.
    pub async fn by_hand(&self, pgbench: &str, clients: usize, seconds: u64) -> Result<(u64, u64), DemoError> {
        let mut connection = sqlx::PgConnection::connect(&self.url).await.map_err(told("the database"))?;
        sqlx::raw_sql(CLIENTS).execute(&mut connection).await.map_err(told("the clients"))?;
        let script = tempfile_of(SCRIPT)?;
        // Numbers nobody has used: a client of pgbench takes fewer than ten thousand in a second.
        let number = (self.client.app.clock.now().timestamp() - BEGINNING).max(0) * 10_000;
        let before = self.wal().await?;
        let output = std::process::Command::new(pgbench)
            .args(["--no-vacuum", "--protocol=prepared", "--jobs=2"])
            .arg(format!("--define=n={number}"))
            .arg(format!("--client={clients}"))
            .arg(format!("--time={seconds}"))
            .arg(format!("--file={}", script.display()))
            .arg(&self.url)
            .output();
        std::fs::remove_file(&script).map_err(|error| DemoError::new(script.display().to_string(), error))?;
        let output = output.map_err(|error| DemoError::new(pgbench, error))?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        if !output.status.success() {
            return Err(DemoError::new(pgbench, String::from_utf8_lossy(&output.stderr)));
        }
        let wal = u64::try_from(self.wal().await? - before).unwrap_or(0);
        let number = |begin: &str| {
            let line = said.lines().find_map(|line| line.strip_prefix(begin));
            let digits: String = line.unwrap_or("0").trim().chars().take_while(char::is_ascii_digit).collect();
            digits.parse::<u64>().unwrap_or(0)
        };
        let done = number("number of transactions actually processed:");
        Ok((number("tps = "), wal / done.max(1)))
    }
}

fn tempfile_of(script: &str) -> Result<std::path::PathBuf, DemoError> {
    let path = std::env::temp_dir().join(format!("liannong-{}.sql", Uuid::now_v7()));
    std::fs::write(&path, script).map_err(|error| DemoError::new(path.display().to_string(), error))?;
    Ok(path)
}
