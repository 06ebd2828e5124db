//! Who there is in a world that is measured: a county's office, villages, cooperatives, buyers, and people to act for them.

use super::loader::Loader;
use super::trade::Seller;
use crate::access::Member;
use entity::value::{
    AreaCode, BasisPoints, CategoryCode, Fen, FileId, Grams, Malformed, MembershipId, OrganisationId, OrganisationKind,
    Overflow, Packs, PersonId, PlanEligibility, PlanId, PlanState, PoolSettlement, PriceId, ProductId, ProductState,
    Role, Timestamp,
};
use entity::{membership, organisation, person, plan, product, product_price, stored_file};
use sea_orm::DbErr;

/// Where everybody sits: 雷山县.
pub const COUNTY: &str = "522634";
/// Where buyers sit.
const ELSEWHERE: &str = "330106";

/// Why there is no world.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// The database.
    #[error("the database: {0}")]
    Database(#[from] DbErr),
    /// A number.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// A code that is none.
    #[error("a code that is none: {0:?}")]
    Code(Malformed),
}

impl From<Malformed> for WorldError {
    fn from(malformed: Malformed) -> Self {
        Self::Code(malformed)
    }
}

/// How many of each there are.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Village committees.
    pub villages: usize,
    /// Cooperatives with a plan and a product.
    pub sellers: usize,
    /// Enterprises that buy.
    pub buyers: usize,
}

/// Everybody.
#[derive(Debug, Clone)]
pub struct World {
    /// The county.
    pub county: AreaCode,
    /// An officer of the county's office, and a second one, for what takes two.
    pub officers: [Member; 2],
    /// Who looks at the whole platform.
    pub auditor: Member,
    /// Villages with their names.
    pub villages: Vec<(OrganisationId, String)>,
    /// Cooperatives, without partners yet.
    pub sellers: Vec<Seller>,
    /// Buyers.
    pub buyers: Vec<OrganisationId>,
    /// A paper that shows whatever needs to be shown.
    pub paper: FileId,
}

fn organisation(kind: OrganisationKind, name: String, division: &AreaCode, now: Timestamp) -> organisation::Model {
    organisation::Model {
        id: OrganisationId::generate(),
        kind,
        name,
        credit_code: None,
        division_code: division.clone(),
        parent_id: None,
        contact_name: None,
        contact_phone_cipher: None,
        contact_email: None,
        is_active: true,
        created_at: now,
        version: 1,
    }
}

/// Somebody with a membership.
fn somebody(
    role: Role,
    at: (OrganisationId, &AreaCode),
    number: u8,
    now: Timestamp,
) -> (Member, person::Model, membership::Model) {
    let (person, organisation) = (PersonId::generate(), at.0);
    let row = person::Model {
        id: person,
        username: format!("bench-{number}"),
        display_name: "测量".to_owned(),
        email: None,
        password_hash: "!".to_owned(),
        is_demonstration: false,
        is_active: true,
        created_at: now,
        closed_at: None,
        version: 1,
    };
    let belongs = membership::Model {
        id: MembershipId::generate(),
        person_id: person,
        organisation_id: organisation,
        role,
        is_active: true,
        created_at: now,
        removed_at: None,
        version: 1,
    };
    (Member { person, organisation, role, division: at.1.clone(), session: None }, row, belongs)
}

fn plan_of(supplier_id: OrganisationId, person: PersonId, now: Timestamp) -> Result<plan::Model, Overflow> {
    let (none, all) = (BasisPoints::new(0)?, BasisPoints::new(10_000)?);
    Ok(plan::Model {
        id: PlanId::generate(),
        supplier_id,
        number: 1,
        produce_bp: BasisPoints::new(8_000)?,
        wages_bp: none,
        dividend_bp: none,
        rent_bp: none,
        custody_bp: none,
        floor_bp: none,
        cap_bp: all,
        wages_settle: PoolSettlement::PerOrder,
        dividend_settle: PoolSettlement::PerOrder,
        rent_settle: PoolSettlement::PerOrder,
        custody_settle: PoolSettlement::PerOrder,
        pool_order: String::new(),
        eligible: PlanEligibility::All,
        confirmed_only: false,
        for_products: false,
        state: PlanState::Approved,
        proposed_by: person,
        approved_by: Some(person),
        approved_at: Some(now),
        created_at: now,
        version: 1,
    })
}

fn product_of(supplier_id: OrganisationId, county: &AreaCode, now: Timestamp) -> Result<product::Model, WorldError> {
    Ok(product::Model {
        id: ProductId::generate(),
        supplier_id,
        name: "测量茶".to_owned(),
        category_code: CategoryCode::parse("0803")?,
        origin_county_code: county.clone(),
        pack_grams: Grams::new(1_000)?,
        description: "测量".to_owned(),
        min_packs: Packs::new(1)?,
        on_hand_packs: Packs::new(1_000_000)?,
        reserved_packs: Packs::new(0)?,
        shelf_life_days: 540,
        unit_price_fen: Fen::new(10_000)?,
        price_id: PriceId::generate(),
        state: ProductState::OnShelf,
        review_opinion: None,
        created_at: now,
        updated_at: now,
        version: 1,
    })
}

impl World {
    /// Makes everybody, in a database that has nothing but the schema.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn make(to: &mut Loader, size: Size, now: Timestamp) -> Result<Self, WorldError> {
        let (county, elsewhere) = (AreaCode::parse(COUNTY)?, AreaCode::parse(ELSEWHERE)?);
        let office = organisation(OrganisationKind::RevitalisationOffice, "测量振兴局".to_owned(), &county, now);
        let audit = organisation(OrganisationKind::AuditOffice, "测量审计".to_owned(), &county, now);
        let many = |count: usize, kind, word: &str, at: &AreaCode| -> Vec<organisation::Model> {
            (1..=count).map(|number| organisation(kind, format!("测{number}{word}"), at, now)).collect()
        };
        let villages = many(size.villages, OrganisationKind::VillageCommittee, "村", &county);
        let cooperatives = many(size.sellers, OrganisationKind::Cooperative, "社", &county);
        let buyers = many(size.buyers, OrganisationKind::Enterprise, "厂", &elsewhere);
        let officer = Role::RevitalisationOfficer;
        let people = [
            somebody(officer, (office.id, &county), 1, now),
            somebody(officer, (office.id, &county), 2, now),
            somebody(Role::Auditor, (audit.id, &county), 3, now),
        ];
        let paper = paper_of(office.id, people[0].0.person, now);
        let mut world = Self {
            county: county.clone(),
            officers: [people[0].0.clone(), people[1].0.clone()],
            auditor: people[2].0.clone(),
            villages: villages.iter().map(|row| (row.id, row.name.clone())).collect(),
            sellers: Vec::new(),
            buyers: buyers.iter().map(|row| row.id).collect(),
            paper: paper.id,
        };
        let suppliers: Vec<OrganisationId> = cooperatives.iter().map(|row| row.id).collect();
        to.put::<organisation::Entity>([vec![office, audit], villages, cooperatives, buyers].concat()).await?;
        let (rows, memberships): (Vec<_>, Vec<_>) = people.into_iter().map(|(_, row, belongs)| (row, belongs)).unzip();
        to.put::<person::Entity>(rows).await?;
        to.put::<membership::Entity>(memberships).await?;
        to.put::<stored_file::Entity>(vec![paper]).await?;
        world.settle(to, suppliers, now).await?;
        to.commit().await?;
        Ok(world)
    }

    /// Gives each cooperative a plan and a product.
    async fn settle(
        &mut self,
        to: &mut Loader,
        suppliers: Vec<OrganisationId>,
        now: Timestamp,
    ) -> Result<(), WorldError> {
        let person = self.officers[0].person;
        let (mut plans, mut products, mut prices) = (Vec::new(), Vec::new(), Vec::new());
        for supplier in suppliers {
            let (plan, product) = (plan_of(supplier, person, now)?, product_of(supplier, &self.county, now)?);
            prices.push(product_price::Model {
                id: product.price_id,
                product_id: product.id,
                number: 1,
                unit_price_fen: product.unit_price_fen,
                created_by: person,
                created_at: now,
            });
            let (plan_id, product_id, price) = (plan.id, product.id, product.price_id);
            self.sellers.push(Seller { id: supplier, plan: plan_id, product: product_id, price, partners: Vec::new() });
            plans.push(plan);
            products.push(product);
        }
        to.put::<plan::Entity>(plans).await?;
        to.put::<product::Entity>(products).await?;
        to.put::<product_price::Entity>(prices).await?;
        Ok(())
    }
}

fn paper_of(organisation_id: OrganisationId, created_by: PersonId, created_at: Timestamp) -> stored_file::Model {
    stored_file::Model {
        id: FileId::generate(),
        organisation_id,
        sha256: "5e".repeat(32),
        name: "bench.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        bytes: 1,
        created_by,
        created_at,
    }
}
