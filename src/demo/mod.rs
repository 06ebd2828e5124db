//! The demonstration world: real counties and real produce, invented people, built through the interface like any
//! user would, from a fixed seed, at past dates.
//!
//! Promises: built whole or not at all: it grows in a folder of its own that gets its name when it is finished.
//! Its people's identity numbers are valid in form and belong to nobody; its accounts are marked, and a production
//! server refuses to start on a database that holds them.

pub mod client;
mod people;
mod produce;
mod progress;
mod quota;
mod supply;
mod trade;
mod world;

pub use client::DemoError;

use crate::app::App;
use crate::config::Config;
use crate::paper::Typesetter;
use crate::start::{self, StartError};
use crate::{region, search};
use actix_web::web;
use chrono::{Datelike, Duration, NaiveDate};
use client::{Carrying, Client, text};
use entity::value::time::HeldClock;
use entity::value::{AreaCode, Clock, SystemClock, Timestamp, business_date};
use fastrand::Rng;
use produce::{County, RegisterRow};
use progress::Progress;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use world::World;

/// The same world every time, but for the dates.
const SEED: u64 = 832;
const PRODUCTS: usize = 300;
const HOUSEHOLDS: u32 = 2000;
const ORDERS: usize = 300;
/// How long ago the demonstration began.
const DAYS: i64 = 300;

/// The register of agricultural geographical indications, as far as its places are known.
static REGISTER: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/gi_products.csv.gz"));

impl From<DemoError> for StartError {
    fn from(error: DemoError) -> Self {
        Self::Demonstration(error.to_string())
    }
}

/// Builds the world unless it is there.
///
/// # Errors
/// When something in the house refuses, which would be a fault of this file.
pub async fn build_if_absent(config: &Config) -> Result<(), StartError> {
    if let Some(url) = &config.database_url {
        return build_elsewhere(config, url).await;
    }
    if config.data.join("liannong.db").exists() {
        return Ok(());
    }
    // It grows beside its place and is moved there when it is whole.
    let growing = config.data.with_file_name(format!(
        "{}.growing",
        config.data.file_name().map_or_else(|| "data".into(), |name| name.to_string_lossy())
    ));
    let failed = |path: &Path| {
        let path = path.display().to_string();
        move |error| StartError::Folder(path.clone(), error)
    };
    if std::fs::read_dir(&config.data).is_ok_and(|mut entries| entries.next().is_some()) {
        let full = std::io::Error::other("it holds something else; choose an empty one with --data");
        return Err(StartError::Folder(config.data.display().to_string(), full));
    }
    if growing.exists() {
        std::fs::remove_dir_all(&growing).map_err(failed(&growing))?;
    }
    let inside = Config { data: growing.clone(), ..config.clone() };
    build(inside).await?;
    if config.data.exists() {
        // An empty folder may stand there, a filled one not.
        std::fs::remove_dir(&config.data).map_err(failed(&config.data))?;
    }
    std::fs::rename(&growing, &config.data).map_err(failed(&config.data))
}

/// On a database that is given, the world is built in place, once.
async fn build_elsewhere(config: &Config, url: &str) -> Result<(), StartError> {
    start::prepare(url, SystemClock.now()).await?;
    let db = crate::db::Database::open(url, 2).await?;
    let present = crate::identity::has_demonstration_accounts(db.reader()).await?;
    db.close().await?;
    if present { Ok(()) } else { build(config.clone()).await }
}

/// What is printed when the demonstration is served.
#[must_use]
pub fn greeting(config: &Config) -> String {
    let address = format!("http://{}", config.listen);
    format!(
        "\n联农 Liannong 演示世界 demonstration\n\n  地址 address         {address}/api/v1\n  接口文档 documentation {address}/docs/\n\n\
         \x20 账号 accounts (密码 password: {password})\n\
         \x20   operator        平台运营 platform operator\n\
         \x20   agriculture     县农业农村局 county agriculture office\n\
         \x20   revitalisation  县乡村振兴局 county rural-revitalisation office, household register\n\
         \x20   cooperative     合作社经办 cooperative clerk\n\
         \x20   accountant      合作社会计 cooperative accountant, approves the clerk's payouts\n\
         \x20   procurement     预算单位采购 procurement officer\n\
         \x20   finance         财政部门 finance department\n\
         \x20   enterprise      结对帮扶企业 paired enterprise\n\
         \x20   auditor         审计 auditor\n",
        password = world::PASSWORD,
    )
}

fn read_register() -> Result<Vec<RegisterRow>, StartError> {
    let bytes = region::dataset::unpack(REGISTER).map_err(|e| DemoError::new("unpacking the register", e))?;
    csv::Reader::from_reader(bytes.as_slice())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|e| DemoError::new("reading the register", e).into())
}

async fn choose_counties(app: &App, random: &mut Rng) -> Result<Vec<(County, String)>, StartError> {
    let register = read_register()?;
    let mut names = BTreeMap::new();
    for row in &register {
        let Ok(code) = AreaCode::parse(&row.place_code) else { continue };
        if !names.contains_key(&code)
            && let Some(found) = region::relief_county(app.reader(), &code).await?
        {
            names.insert(code, found.current_name);
        }
    }
    let relief: BTreeSet<AreaCode> = names.keys().cloned().collect();
    let chosen = produce::choose(&register, &relief, PRODUCTS, random);
    Ok(chosen.into_iter().filter_map(|county| names.remove(&county.code).map(|name| (county, name))).collect())
}

async fn build(config: Config) -> Result<(), StartError> {
    let now = SystemClock.now();
    let began: Timestamp = now - Duration::days(DAYS);
    let clock = Arc::new(HeldClock::new(began));
    eprintln!("正在生成演示世界 building the demonstration world in {}", config.data.display());
    let app = web::Data::new(start::open(config, clock.clone()).await?);
    let client = Client::of(app.clone()).await;
    let (mut random, progress) = (Rng::with_seed(SEED), Progress::new());
    let counties = choose_counties(&app, &mut random).await?;
    let mut world = world::build(&client, counties, &mut random, &progress).await?;
    let shelves = supply_side(&client, &clock, &mut world, &mut random, &progress).await?;
    let budgets = grant_budgets(&client, &world, began, now).await?;
    quota::file(&client, &world, business_date(began).year()..=business_date(now).year()).await?;
    pair(&client, &world, business_date(began)).await?;
    let from = began + Duration::days(20);
    let mut market = trade::Market::new(&client, &clock, &world, budgets, shelves, random);
    market.run(ORDERS, from, now, &progress).await?;
    crate::jobs::drain(&app).await?;
    clock.set(now);
    certify(&client, &world, (business_date(began), business_date(now))).await?;
    search::rebuild(&app).await?;
    close(app, client).await
}

/// The pools are closed before the folder moves.
async fn close(app: web::Data<App>, client: Client) -> Result<(), StartError> {
    drop(client);
    Ok(app.db.clone().close().await?)
}

async fn supply_side(
    client: &Client,
    clock: &HeldClock,
    world: &mut World,
    random: &mut Rng,
    progress: &Progress,
) -> Result<Vec<Vec<supply::Listed>>, StartError> {
    let began = business_date(clock.now());
    let total = world.counties.len();
    let operator = world.operator.clone();
    let (mut shelves, mut first) = (Vec::with_capacity(total), 0);
    let start = clock.now();
    for (place, county) in world.counties.iter_mut().enumerate() {
        clock.set(start);
        supply::admit(client, county, &operator).await?;
        let households = share_of(HOUSEHOLDS, place, total);
        let agreements = world::settle_village(client, county, households, first, began, random).await?;
        first += households;
        clock.set(start + Duration::days(10));
        let day: NaiveDate = business_date(clock.now());
        let mut shelf = Vec::new();
        for produce in &county.county.produce {
            let product = supply::list(client, county, &operator, produce, day).await?;
            shelf.push(supply::harvest(client, county, &agreements, produce, &product, day, random).await?);
        }
        shelves.push(shelf);
        progress.step("合作社、农户、产品与收成 cooperatives, households, produce", place + 1, total);
    }
    crate::jobs::drain(&client.app).await?;
    Ok(shelves)
}

/// How many of `all` fall to the `place`th of `total`, evenly.
fn share_of(all: u32, place: usize, total: usize) -> u32 {
    let (place, total) = (u32::try_from(place).unwrap_or(0), u32::try_from(total.max(1)).unwrap_or(1));
    all / total + u32::from(place < all % total)
}

async fn grant_budgets(
    client: &Client,
    world: &World,
    began: Timestamp,
    now: Timestamp,
) -> Result<BTreeMap<(entity::value::OrganisationId, i32), String>, DemoError> {
    let mut budgets = BTreeMap::new();
    for officer in &world.officers {
        for year in business_date(began).year()..=business_date(now).year() {
            let budget = world::grant_budget(client, &world.finance, officer.organisation, year).await?;
            budgets.insert((officer.organisation, year), budget);
        }
    }
    Ok(budgets)
}

/// Each enterprise is paired with the village of one of the first counties.
async fn pair(client: &Client, world: &World, since: NaiveDate) -> Result<(), DemoError> {
    let until = since + chrono::Months::new(36);
    let body = json!({ "name": "万企兴万村（演示）", "starts_on": since, "ends_on": until });
    let programme = client.post(&world.operator, "/programmes", Carrying::json(&body)).await?;
    let programme = text(&programme, "id")?;
    for (firm, county) in world.enterprises.iter().zip(&world.counties) {
        let body = json!({
            "programme_id": programme, "enterprise_id": firm.organisation, "village_id": county.village,
            "starts_on": since, "ends_on": until,
        });
        client.post(&county.revitalisation, "/pairings", Carrying::json(&body)).await?;
    }
    Ok(())
}

/// Each paired enterprise that something counts for has its certificate, where certificates can be set in type.
async fn certify(client: &Client, world: &World, (from, until): (NaiveDate, NaiveDate)) -> Result<(), DemoError> {
    let can_be_set = client.app.part::<Typesetter>().is_ok_and(|typesetter| typesetter.check().is_ok());
    if !can_be_set {
        return Ok(());
    }
    for (firm, county) in world.enterprises.iter().zip(&world.counties) {
        let pairings = client.get(&county.revitalisation, "/pairings").await?;
        let Some(pairing) = pairings["items"][0]["id"].as_str() else { continue };
        let shown = client.get(&county.revitalisation, &format!("/pairings/{pairing}/contributions")).await?;
        if shown["totals"][0]["amount_fen"].as_i64().unwrap_or(0) == 0 {
            continue;
        }
        let body = json!({ "enterprise_id": firm.organisation, "from": from, "until": until });
        let carrying = Carrying::json(&body).once(format!("certificate-{}", firm.organisation));
        client.post(&county.revitalisation, "/aid-certificates", carrying).await?;
    }
    Ok(())
}
