//! A county of a hundred thousand households: its register comes by the sheet, three years pass, and then it is watched and
//! looked at.
//!
//! Promises: the register is imported by the house's own importer, sheet, dry run and all; what is measured afterwards is
//! the night's own function and pages over HTTP in this process. The years in between are written past the house, but not
//! past the schema.

mod pages;
mod past;
mod sheet;

pub use super::world::COUNTY;
pub use pages::{Page, Timed};
pub use past::Lived;

use super::loader::Loader;
use super::store::{self, Registered};
use super::trade::{Trade, Written};
use super::world::{Size, World};
use super::{Took, timed};
use crate::app::App;
use crate::demo::client::{Carrying, Client, DemoError, number, text};
use crate::seal::SealKey;
use crate::{jobs, monitoring};
use actix_web::web;
use chrono::{Datelike, Days, NaiveDate};
use entity::value::business_date;
use serde_json::{Value, json};
use std::pin::pin;
use std::time::Duration;

/// Households of a village, and with an agreement with one cooperative.
const OF_A_VILLAGE: u32 = 400;
const OF_A_SELLER: u32 = 1_000;
/// Households that share in one order.
const SHARING: usize = 20;
/// Entries of the journal for each household.
const ENTRIES: u64 = 20;
/// Entries of an order in which so many share: see `trade`.
const ENTRIES_OF_AN_ORDER: u64 = 8 + 3 * 20;
/// How often it is told how far an import is.
const TOLD_EVERY: Duration = Duration::from_secs(5);
/// The line below which a household may be monitored, in fen a head and year.
const THRESHOLD: i64 = 850_000;

/// The rules that are on, with their numbers.
const RULES: [(&str, &str, i64); 8] = [
    ("income_under_threshold", "percent", 10),
    ("income_fall", "percent", 30),
    ("spending_shock", "percent", 50),
    ("dispute_upheld", "days", 90),
    ("arrears", "days", 30),
    ("lost_lots", "days", 90),
    ("no_measure", "days", 30),
    ("measure_without_effect", "months", 6),
];

/// How the register came in.
#[derive(Debug, Clone, Copy)]
pub struct Imported {
    /// Rows of the sheet: people.
    pub rows: u64,
    /// Bytes of it.
    pub bytes: usize,
    /// Every row looked at.
    pub checked: Took,
    /// Every row carried out.
    pub carried_out: Took,
}

/// A house with a county in it.
pub struct County {
    client: Client,
    loader: Loader,
    world: World,
    households: Vec<Registered>,
    today: NaiveDate,
}

fn told<E: std::fmt::Display>(what: &'static str) -> impl Fn(E) -> DemoError {
    move |error| DemoError::new(what, error)
}

impl County {
    /// Makes the county's office, villages and cooperatives, and switches its rules on; there are no households yet.
    ///
    /// # Errors
    /// When the database refuses, or there is a world in it already.
    pub async fn open(app: web::Data<App>, url: &str, households: u32) -> Result<Self, DemoError> {
        let mut loader = Loader::open(url).await.map_err(told("the database"))?;
        let many = |each: u32| usize::try_from(households.div_ceil(each)).unwrap_or(1).max(1);
        let size = Size { villages: many(OF_A_VILLAGE), sellers: many(OF_A_SELLER), buyers: 20 };
        let now = app.clock.now();
        let world = World::make(&mut loader, size, now).await.map_err(told("the world"))?;
        let client = Client::of(app).await;
        let county = Self { client, loader, world, households: Vec::new(), today: business_date(now) };
        county.watch().await?;
        Ok(county)
    }

    /// Thresholds of three years, and every rule that there is.
    async fn watch(&self) -> Result<(), DemoError> {
        let [one, other] = &self.world.officers;
        for year in self.today.year() - 2..=self.today.year() {
            let wanted = json!({
                "division_code": COUNTY, "year": year, "per_head_fen": THRESHOLD, "document": format!("测量〔{year}〕1号"),
            });
            self.client.post(one, "/income-thresholds", Carrying::json(&wanted)).await?;
        }
        let day = self.today - Days::new(1);
        for (kind, name, value) in RULES {
            let mut wanted = json!({ "kind": kind, "quiet_days": 90, "reason": "测量" });
            wanted[name] = json!(value);
            let rule = self.client.post(one, "/monitoring-rules", Carrying::json(&wanted)).await?;
            let path = format!("/monitoring-rules/{}", text(&rule, "id")?);
            let span = json!({ "from_on": day, "to_on": day });
            self.client.post(one, &format!("{path}/trials"), Carrying::json(&span)).await?;
            let version = Carrying::default().version(number(&rule, "version")?);
            self.client.post(other, &format!("{path}/switch-on"), version).await?;
        }
        Ok(())
    }

    /// Sends the register of so many households as one sheet, has it looked at and carried out.
    ///
    /// # Errors
    /// When a row is refused.
    pub async fn import(&mut self, households: u32) -> Result<Imported, DemoError> {
        let officer = &self.world.officers[0];
        let names: Vec<String> = self.world.villages.iter().map(|(_, name)| name.clone()).collect();
        let sheet = sheet::sheet(households, &names);
        let (bytes, rows) = (sheet.len(), (0..households).map(|one| u64::from(sheet::people_of(one))).sum());
        let (import, checked) = timed(async {
            let file =
                self.client.post(officer, "/files?name=register.csv", Carrying::bytes("text/csv", sheet)).await?;
            let wanted = json!({ "kind": "households", "file_id": text(&file, "id")? });
            let sent = self.client.post(officer, "/imports", Carrying::json(&wanted).once("bench-register")).await?;
            self.worked(&text(&sent, "id")?, "checked_rows").await
        })
        .await?;
        if number(&import, "new_rows")? != i64::try_from(rows).unwrap_or(i64::MAX) {
            return Err(DemoError::new("the sheet is not good", import));
        }
        let id = text(&import, "id")?;
        let (done, carried_out) = timed(async {
            let carrying = Carrying::json(&json!({ "skip_bad_rows": false })).version(number(&import, "version")?);
            self.client.post(officer, &format!("/imports/{id}/commit"), carrying).await?;
            self.worked(&id, "done_rows").await
        })
        .await?;
        if done["state"] != "committed" || number(&done, "failed_rows")? != 0 {
            return Err(DemoError::new("the sheet was not carried out", done));
        }
        let read = store::households(self.client.app.reader()).await;
        self.households = read.map_err(told("the households"))?;
        Ok(Imported { rows, bytes, checked, carried_out })
    }

    /// Lets the house work until nothing is left, and tells meanwhile how far the import is; answers the import.
    async fn worked(&self, id: &str, so_far: &str) -> Result<Value, DemoError> {
        let (officer, path) = (&self.world.officers[0], format!("/imports/{id}"));
        let mut work = pin!(jobs::drain(&self.client.app));
        loop {
            tokio::select! {
                done = &mut work => {
                    done.map_err(|error| DemoError::new("the work", error))?;
                    return self.client.get(officer, &path).await;
                }
                () = tokio::time::sleep(TOLD_EVERY) => {
                    let import = self.client.get(officer, &path).await?;
                    eprintln!("  {so_far}: {} of {}", number(&import, so_far)?, number(&import, "total_rows")?);
                }
            }
        }
    }

    /// Lets three years pass: history, income, agreements, orders and the journal of what households were promised and
    /// paid, twenty entries a household.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn live(&mut self) -> Result<(Lived, Written), DemoError> {
        let (db, register) = (self.client.app.reader().clone(), (self.households.as_slice(), self.today));
        let lived = past::live(&db, &mut self.loader, &mut self.world, register).await?;
        let households = u64::try_from(self.households.len()).unwrap_or(0);
        let trade = Trade {
            sellers: self.world.sellers.clone(),
            buyers: self.world.buyers.clone(),
            person: self.world.officers[0].person,
            evidence: Some(self.world.paper),
            deliver_to: self.world.county.clone(),
            orders: households * ENTRIES / ENTRIES_OF_AN_ORDER + 1,
            sharing: SHARING,
            from: self.today - Days::new(3 * 365),
            days: 3 * 365,
            until: self.today,
        };
        let key = SealKey::of(&self.client.app.secrets).map_err(told("the key"))?;
        let now = self.client.app.clock.now();
        let written = trade.write(&mut self.loader, &key, now).await.map_err(told("the trade"))?;
        self.loader.analyse(&self.client.app.db).await.map_err(told("the database"))?;
        Ok((lived, written))
    }

    /// The night: every rule looks at every household. How many clues it opened.
    ///
    /// # Errors
    /// When it fails.
    pub async fn night(&mut self) -> Result<(u64, Took), DemoError> {
        let night = async { monitoring::night(&self.client.app).await.map_err(told("the night")) };
        let done = timed(night).await?;
        self.loader.analyse(&self.client.app.db).await.map_err(told("the database"))?;
        Ok(done)
    }
}
