//! Reports over a long journal: a million orders of a year, and every report that there is.
//!
//! Promises: the journal is written past the house, but not past the schema, and stands under real seals; what is measured
//! is the house's own work: summing up what was sealed, and the job of each report as it was asked for over HTTP.

use super::loader::Loader;
use super::trade::{Trade, Written};
use super::world::{COUNTY, Size, World};
use super::{Took, timed};
use crate::access::Member;
use crate::app::App;
use crate::demo::client::{Carrying, Client, DemoError, text};
use crate::seal::SealKey;
use crate::{jobs, report};
use actix_web::web;
use chrono::{Days, NaiveDate};
use entity::value::{
    AgreementId, AgreementState, AreaCode, BenefitMode, HouseholdId, HouseholdStatusKind, OrganisationId, ReportKind,
    business_date, business_day_begins,
};
use entity::{agreement, household};
use serde_json::json;

/// Orders for each household with an agreement, for each supplier and for each buyer.
const ORDERS_OF: [u64; 3] = [20, 2_000, 1_000];
/// Days of the year that reports are about.
const YEAR: u64 = 365;
/// Days before today on which that year ended: everything of it is paid by now.
const AGO: u64 = 60;

/// A house with a year of trade in it.
pub struct Books {
    client: Client,
    loader: Loader,
    world: World,
    today: NaiveDate,
}

fn told<E: std::fmt::Display>(what: &'static str) -> impl Fn(E) -> DemoError {
    move |error| DemoError::new(what, error)
}

fn many(orders: u64, each: u64) -> usize {
    usize::try_from(orders / each).unwrap_or(1).max(2)
}

impl Books {
    /// Makes suppliers, buyers and households for so many orders, in a database that has nothing but the schema.
    ///
    /// # Errors
    /// When the database refuses, or there is a world in it already.
    pub async fn open(app: web::Data<App>, url: &str, orders: u64) -> Result<Self, DemoError> {
        let mut loader = Loader::open(url).await.map_err(told("the database"))?;
        let size = Size { villages: 20, sellers: many(orders, ORDERS_OF[1]), buyers: many(orders, ORDERS_OF[2]) };
        let now = app.clock.now();
        let mut world = World::make(&mut loader, size, now).await.map_err(told("the world"))?;
        let today = business_date(now);
        settle(&mut loader, &mut world, many(orders, ORDERS_OF[0]), today).await?;
        Ok(Self { client: Client::of(app).await, loader, world, today })
    }

    /// Writes so many orders of a year with their whole journal, under seals.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn fill(&mut self, orders: u64) -> Result<Written, DemoError> {
        let trade = Trade {
            sellers: self.world.sellers.clone(),
            buyers: self.world.buyers.clone(),
            person: self.world.officers[0].person,
            evidence: None,
            deliver_to: self.world.county.clone(),
            orders,
            sharing: 1,
            from: self.today - Days::new(YEAR + AGO),
            days: YEAR,
            until: self.today,
        };
        let key = SealKey::of(&self.client.app.secrets).map_err(told("the key"))?;
        let now = self.client.app.clock.now();
        let written = trade.write(&mut self.loader, &key, now).await.map_err(told("the trade"))?;
        self.loader.analyse(&self.client.app.db).await.map_err(told("the database"))?;
        Ok(written)
    }

    /// Sums up everything that was sealed, which a serving house does every minute. How many seals.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn gather(&mut self) -> Result<(u64, Took), DemoError> {
        let app = &self.client.app;
        let gathered = timed(async { report::gather_up_to(app, i64::MAX).await.map_err(told("summing up")) }).await?;
        self.loader.analyse(&self.client.app.db).await.map_err(told("the database"))?;
        Ok(gathered)
    }

    /// Asks for a report over the whole time and has it done: by whoever sees everything, or by the county. Gives its table.
    ///
    /// # Errors
    /// When it fails.
    pub async fn report(&self, kind: ReportKind, by_county: bool) -> Result<(serde_json::Value, Took), DemoError> {
        let by: &Member = if by_county { &self.world.officers[0] } else { &self.world.auditor };
        let wanted = json!({
            "kind": kind, "from": self.today - Days::new(YEAR + AGO), "until": self.today, "partner_code": "330000",
        });
        let asked = self.client.post(by, "/reports", Carrying::json(&wanted)).await?;
        let work = async { jobs::drain(&self.client.app).await.map_err(told("the work")) };
        let (_, took) = timed(work).await?;
        let done = self.client.get(by, &format!("/reports/{}", text(&asked, "id")?)).await?;
        if done["state"] == "done" { Ok((done, took)) } else { Err(DemoError::new("the report", done)) }
    }

    /// Asks for the first page of the documents behind a line of a report.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn behind(&self, report: &serde_json::Value, line: &str) -> Result<(usize, Took), DemoError> {
        let path = format!("/reports/{}/sources?line={line}&limit=50", text(report, "id")?);
        let (page, took) = timed(self.client.get(&self.world.auditor, &path)).await?;
        Ok((page["items"].as_array().map_or(0, Vec::len), took))
    }
}

/// Registers households, each with an agreement with one of the sellers.
async fn settle(to: &mut Loader, world: &mut World, households: usize, today: NaiveDate) -> Result<(), DemoError> {
    let starts_on = today - Days::new(YEAR + 2 * AGO);
    let created_at = business_day_begins(starts_on);
    let county = AreaCode::parse(COUNTY).map_err(|_| DemoError::new("the county", COUNTY))?;
    let villages: Vec<OrganisationId> = world.villages.iter().map(|(id, _)| *id).collect();
    let (mut rows, mut agreements) = (Vec::with_capacity(households), Vec::with_capacity(households));
    let sellers = world.sellers.len().max(1);
    for (number, village_id) in villages.into_iter().cycle().take(households).enumerate() {
        let id = HouseholdId::generate();
        rows.push(household::Model {
            id,
            number: format!("{COUNTY}{number:012}"),
            county_code: county.clone(),
            village_id,
            registered_on: starts_on,
            head_name: "测量".to_owned(),
            people: 3,
            status: HouseholdStatusKind::Registered,
            created_at,
            version: 1,
        });
        let Some(seller) = world.sellers.get_mut(number % sellers) else { continue };
        let mode = if (number / sellers).is_multiple_of(2) { BenefitMode::ProducePurchase } else { BenefitMode::Wages };
        let row = agreement::Model {
            id: AgreementId::generate(),
            supplier_id: seller.id,
            household_id: id,
            member_id: None,
            mode,
            subject: None,
            weight: 1,
            price_fen_per_kg: None,
            starts_on,
            ends_on: today,
            signed_on: starts_on,
            evidence_file_id: None,
            state: AgreementState::Signed,
            created_at,
            version: 1,
        };
        seller.partners.push((id, row.id));
        agreements.push(row);
    }
    to.put::<household::Entity>(rows).await.map_err(told("the households"))?;
    to.put::<agreement::Entity>(agreements).await.map_err(told("the agreements"))?;
    to.commit().await.map_err(told("the households"))
}
