//! Who lives in the demonstration: organisations, the people who act for them, and the households.

use super::client::{Carrying, Client, DemoError, number, text};
use super::people;
use super::produce::County;
use super::progress::Progress;
use crate::access::{Actor, Member};
use crate::organisation::NewOrganisation;
use crate::problem::Failure;
use crate::{identity, organisation};
use chrono::NaiveDate;
use entity::value::role::Role;
use entity::value::state::OrganisationKind as Kind;
use entity::value::{AreaCode, CreditCode, FileId, OrganisationId};
use fastrand::Rng;
use serde_json::json;

/// The password of every demonstration account.
pub const PASSWORD: &str = "liannong-demo";

/// A county of the demonstration, with its people.
pub struct CountyWorld {
    /// Its code and produce.
    pub county: County,
    /// Its short name.
    pub name: String,
    /// The cooperative's clerk.
    pub clerk: Member,
    /// The cooperative's accountant, who lets go the payouts that the clerk records.
    pub accountant: Member,
    /// The agriculture office's reviewer.
    pub agriculture: Member,
    /// The rural-revitalisation office's officer, who also keeps the household register.
    pub revitalisation: Member,
    /// The village that sells through the cooperative.
    pub village: OrganisationId,
    /// Papers the cooperative uploaded, also the evidence of its payouts.
    pub paper: Option<FileId>,
}

/// Everybody.
pub struct World {
    /// Runs the platform.
    pub operator: Member,
    /// Gives budgets.
    pub finance: Member,
    /// Reviews for the supervising unit what its units file.
    pub superior: Member,
    /// Buy with a budget: two units, a trade union, a canteen contractor.
    pub officers: Vec<Member>,
    /// Buy for paired enterprises.
    pub enterprises: Vec<Member>,
    /// The counties.
    pub counties: Vec<CountyWorld>,
}

/// Makes organisations and people, whose sign-in a demonstration does not need to wait for one by one.
struct Registrar<'c> {
    client: &'c Client,
    password_hash: String,
    made: u32,
}

/// An invented credit code: valid in form and of a class that its kind has; no organisation begins with DEM.
fn credit_code(kind: Kind, division: &AreaCode, serial: u32) -> Option<CreditCode> {
    let head = match kind {
        Kind::Cooperative => "93",
        Kind::Enterprise | Kind::CanteenContractor => "91",
        _ => return None,
    };
    let body = format!("{head}{division}DEM{serial:06}");
    CreditCode::parse(&format!("{body}{}", CreditCode::check_character(&body)?)).ok()
}

impl Registrar<'_> {
    async fn enter(
        &mut self,
        kind: Kind,
        name: &str,
        division: &AreaCode,
        parent: Option<OrganisationId>,
    ) -> Result<OrganisationId, DemoError> {
        self.made += 1;
        let new = NewOrganisation {
            kind,
            name: name.to_owned(),
            credit_code: credit_code(kind, division, self.made),
            division_code: division.clone(),
            parent_id: parent,
            contact: None,
        };
        let app = &self.client.app;
        app.transact(&Actor::System, async |tx| organisation::add(tx, &app.secrets, &new).await)
            .await
            .map(|entered| entered.id)
            .map_err(|failure: Failure| DemoError::new(name, failure))
    }

    async fn person(
        &mut self,
        username: &str,
        name: String,
        role: Role,
        organisation: OrganisationId,
        division: &AreaCode,
    ) -> Result<Member, DemoError> {
        let new = identity::NewPerson {
            username: username.to_owned(),
            display_name: name,
            email: None,
            password_hash: self.password_hash.clone(),
            is_demonstration: true,
        };
        let app = &self.client.app;
        let person = app
            .transact(&Actor::System, async |tx| -> Result<_, Failure> {
                let person = identity::add_person(tx, &new).await?;
                identity::add_membership(tx, person, organisation, role).await?;
                Ok(person)
            })
            .await
            .map_err(|failure| DemoError::new(username, failure))?;
        Ok(Member { person, organisation, role, division: division.clone(), session: None })
    }
}

/// Builds everybody; the counties' names are given with their produce.
pub async fn build(
    client: &Client,
    counties: Vec<(County, String)>,
    random: &mut Rng,
    progress: &Progress,
) -> Result<World, DemoError> {
    let hash = identity::hash_password(PASSWORD).await.map_err(|e| DemoError::new("hashing", e))?;
    let mut registrar = Registrar { client, password_hash: hash, made: 0 };
    let r = &mut registrar;
    // 朝阳区 of Beijing, where the demonstration's platform and one buyer's tree sit.
    let beijing = AreaCode::parse("110105").map_err(|e| DemoError::new("110105", e))?;
    let platform = r.enter(Kind::PlatformOperator, "联农平台运营中心（演示）", &beijing, None).await?;
    let operator = r.person("operator", people::name(random), Role::PlatformOperator, platform, &beijing).await?;
    let audit = r.enter(Kind::AuditOffice, "演示审计局", &beijing, None).await?;
    r.person("auditor", people::name(random), Role::Auditor, audit, &beijing).await?;
    let treasury = r.enter(Kind::FinanceDepartment, "演示财政局", &beijing, None).await?;
    let finance = r.person("finance", people::name(random), Role::FinanceOfficer, treasury, &beijing).await?;
    let bureau = r.enter(Kind::SupervisingUnit, "演示教育局", &beijing, Some(treasury)).await?;
    let superior = r.person("bureau", people::name(random), Role::FinanceOfficer, bureau, &beijing).await?;
    let school = r.enter(Kind::BudgetUnit, "演示第一中学", &beijing, Some(bureau)).await?;
    let hospital = r.enter(Kind::BudgetUnit, "演示人民医院", &beijing, Some(treasury)).await?;
    let union = r.enter(Kind::TradeUnion, "演示第一中学工会", &beijing, Some(school)).await?;
    let canteen = r.enter(Kind::CanteenContractor, "演示食堂承包公司", &beijing, Some(hospital)).await?;
    let mut officers = Vec::new();
    for (username, unit) in [("procurement", school), ("hospital", hospital), ("union", union), ("canteen", canteen)] {
        officers.push(r.person(username, people::name(random), Role::ProcurementOfficer, unit, &beijing).await?);
    }
    let mut enterprises = Vec::new();
    for (username, name) in [
        ("enterprise", "演示远山食品有限公司"),
        ("enterprise2", "演示江海集团"),
        ("enterprise3", "演示云起科技有限公司"),
    ] {
        let firm = r.enter(Kind::Enterprise, name, &beijing, None).await?;
        enterprises.push(r.person(username, people::name(random), Role::EnterpriseOfficer, firm, &beijing).await?);
    }
    let total = counties.len();
    let mut built = Vec::with_capacity(total);
    for (place, (county, name)) in counties.into_iter().enumerate() {
        built.push(county_world(r, county, name, place, random).await?);
        progress.step("单位与人员 organisations", place + 1, total);
    }
    Ok(World { operator, finance, superior, officers, enterprises, counties: built })
}

async fn county_world(
    r: &mut Registrar<'_>,
    county: County,
    name: String,
    place: usize,
    random: &mut Rng,
) -> Result<CountyWorld, DemoError> {
    let code = county.code.clone();
    // The first county's people are the ones whose accounts are printed.
    let username = |role: &str| if place == 0 { role.to_owned() } else { format!("{role}-{code}") };
    let agriculture = r.enter(Kind::AgricultureOffice, &format!("{name}农业农村局（演示）"), &code, None).await?;
    let revitalisation = r.enter(Kind::RevitalisationOffice, &format!("{name}乡村振兴局（演示）"), &code, None).await?;
    let village = people::village(random);
    let village = r.enter(Kind::VillageCommittee, &format!("{name}{village}村民委员会（演示）"), &code, None).await?;
    let brand = county.produce.first().map_or("", |produce| produce.name.as_str()).to_owned();
    let cooperative = r.enter(Kind::Cooperative, &format!("{brand}农民专业合作社（演示）"), &code, None).await?;
    // Drawn aside, so that everybody else is called as they would be without.
    let name_of_accountant = people::name(&mut random.clone());
    let accountant = username("accountant");
    let accountant = r.person(&accountant, name_of_accountant, Role::CooperativeClerk, cooperative, &code).await?;
    let mut person = async |role_name: &str, role, organisation| {
        r.person(&username(role_name), people::name(random), role, organisation, &code).await
    };
    Ok(CountyWorld {
        agriculture: person("agriculture", Role::AgricultureOfficer, agriculture).await?,
        revitalisation: person("revitalisation", Role::RevitalisationOfficer, revitalisation).await?,
        clerk: person("cooperative", Role::CooperativeClerk, cooperative).await?,
        accountant,
        village,
        county,
        name,
        paper: None,
    })
}

/// Registers a village's households and signs their agreements with the county's cooperative; gives their produce
/// agreements.
pub async fn settle_village(
    client: &Client,
    county: &CountyWorld,
    households: u32,
    first: u32,
    since: NaiveDate,
    random: &mut Rng,
) -> Result<Vec<String>, DemoError> {
    let mut produce_agreements = Vec::new();
    for offset in 0..households {
        let serial = first + offset;
        let number = format!("{}{serial:09}", county.county.code);
        register(client, county, &number, serial, random).await?;
        produce_agreements.push(sign_agreements(client, county, &number, offset, since, random).await?);
    }
    Ok(produce_agreements)
}

async fn register(
    client: &Client,
    county: &CountyWorld,
    number: &str,
    serial: u32,
    random: &mut Rng,
) -> Result<(), DemoError> {
    let id_number = |place: u32| {
        // Three people a household; numbers never meet.
        people::resident_id(serial * 3 + place).map(|id| id.reveal().to_owned())
    };
    let mut members = vec![json!({
        "name": people::name(random), "relation": "head", "id_number": id_number(0),
        "phone": format!("199{serial:08}"),
        "bank_account": people::bank_account(serial).map(|account| account.reveal().to_owned()),
    })];
    for (place, relation) in (1..).zip(["spouse", "child"]).take(random.usize(0..=2)) {
        members.push(json!({ "name": people::name(random), "relation": relation, "id_number": id_number(place) }));
    }
    let status = match random.u8(..100) {
        0..70 => "registered",
        70..80 => "monitored_unstable",
        80..92 => "monitored_borderline",
        92..95 => "monitored_sudden",
        _ => "ordinary",
    };
    let body = json!({
        "number": number, "village_id": county.village, "registered_on": "2019-06-01",
        "status": { "status": status, "from_date": "2021-01-01", "source": "演示数据" },
        "members": members,
    });
    client.post(&county.revitalisation, "/households", Carrying::json(&body)).await.map(drop)
}

/// Every household sells produce; every third works, every fourth holds shares, every fifth leases land.
async fn sign_agreements(
    client: &Client,
    county: &CountyWorld,
    number: &str,
    offset: u32,
    since: NaiveDate,
    random: &mut Rng,
) -> Result<String, DemoError> {
    let until = since + chrono::Months::new(36);
    let sign = async |mode: &str, weight: Option<i64>, price: Option<i64>| {
        let mut body = json!({
            "household_number": number, "mode": mode, "signed_on": since, "starts_on": since, "ends_on": until,
        });
        if let Some(weight) = weight {
            body["weight"] = weight.into();
        }
        if let Some(price) = price {
            body["price_fen_per_kg"] = price.into();
        }
        client.post(&county.clerk, "/agreements", Carrying::json(&body)).await.and_then(|answer| text(&answer, "id"))
    };
    let lowest = county.county.produce.iter().map(|produce| produce.household_price.get()).min().unwrap_or(100);
    let produce = sign("produce_purchase", None, Some(lowest)).await?;
    if offset.is_multiple_of(3) {
        sign("wages", Some(random.i64(20..=220)), None).await?;
    }
    if offset.is_multiple_of(4) {
        sign("dividend", Some(random.i64(1..=50)), None).await?;
    }
    if offset.is_multiple_of(5) {
        sign("land_rent", Some(random.i64(400..=6000)), None).await?;
    }
    Ok(produce)
}

/// Gives a unit its budget for a year.
pub async fn grant_budget(
    client: &Client,
    finance: &Member,
    unit: OrganisationId,
    year: i32,
) -> Result<String, DemoError> {
    let body = json!({ "unit_id": unit, "year": year, "fund_source": "食堂采购", "amount_fen": 500_000_000 });
    let granted = client.post(finance, "/budgets", Carrying::json(&body).once(format!("demo-{unit}-{year}"))).await?;
    text(&granted, "id")
}

/// The version in an answer.
pub fn version(answer: &serde_json::Value) -> Result<i64, DemoError> {
    number(answer, "version")
}
