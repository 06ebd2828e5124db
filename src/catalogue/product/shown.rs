//! Products as they are shown, together with what surrounds them: supplier, category, county, certificates.
//!
//! Promises: showing many products asks the database as often as showing one.

use super::details::Details;
use super::{price, stock, store, view};
use crate::catalogue::{find_categories, scheme};
use crate::{organisation, region};
use chrono::NaiveDate;
use entity::value::{
    AreaCode, CategoryCode, CertificateScheme, Fen, FenPerKilogram, Grams, OrganisationId, Packs, ProductId,
    ProductKind, Timestamp,
};
use entity::{product, product_certificate, product_photo, product_sheet};
use sea_orm::{ConnectionTrait, DbErr};
use std::collections::{HashMap, HashSet};

/// Everything around some products.
struct Surroundings {
    suppliers: HashMap<OrganisationId, String>,
    categories: HashMap<CategoryCode, (String, String)>,
    counties: HashMap<AreaCode, Vec<region::ReliefCounty>>,
    certificates: HashMap<ProductId, Vec<product_certificate::Model>>,
    sheets: HashMap<ProductId, product_sheet::Model>,
    photos: HashMap<ProductId, Vec<product_photo::Model>>,
    seats: HashMap<OrganisationId, AreaCode>,
    divisions: HashMap<AreaCode, String>,
}

impl Surroundings {
    async fn of(db: &impl ConnectionTrait, products: &[product::Model]) -> Result<Self, DbErr> {
        let suppliers: HashSet<_> = products.iter().map(|product| product.supplier_id).collect();
        let suppliers = organisation::find_many(db, &suppliers.into_iter().collect::<Vec<_>>()).await?;
        let categories: HashSet<_> =
            products.iter().flat_map(|product| category_and_above(&product.category_code)).collect();
        let categories = find_categories(db, &categories.into_iter().collect::<Vec<_>>()).await?;
        let codes: HashSet<_> = products.iter().map(|product| product.origin_county_code.clone()).collect();
        let mut counties: HashMap<_, Vec<_>> = HashMap::new();
        for county in region::relief_counties_of(db, &codes.into_iter().collect::<Vec<_>>()).await? {
            counties.entry(county.current_code.clone()).or_default().push(county);
        }
        let ids: Vec<_> = products.iter().map(|product| product.id).collect();
        let sheets = store::sheets(db, &ids).await?;
        let seats: HashMap<_, _> = suppliers.iter().map(|found| (found.id, found.division_code.clone())).collect();
        let places = sheets.values().filter_map(|sheet| sheet.processing_county_code.clone());
        let places: HashSet<_> = seats.values().cloned().chain(places).collect();
        let divisions = region::divisions(db, &places.into_iter().collect::<Vec<_>>()).await?;
        Ok(Self {
            photos: HashMap::new(),
            sheets,
            seats,
            divisions: divisions.into_iter().map(|found| (found.code, found.name)).collect(),
            suppliers: suppliers.into_iter().map(|found| (found.id, found.name)).collect(),
            categories: categories.into_iter().map(|found| (found.code, (found.name_zh, found.name_en))).collect(),
            counties,
            certificates: store::certificates(db, &ids).await?,
        })
    }

    fn supplier(&self, id: OrganisationId) -> String {
        self.suppliers.get(&id).cloned().unwrap_or_default()
    }

    fn place(&self, code: AreaCode) -> view::Place {
        view::Place { name: self.divisions.get(&code).cloned().unwrap_or_default(), code }
    }

    fn details(&self, id: ProductId) -> Details {
        self.sheets.get(&id).map(Details::from).unwrap_or_default()
    }

    fn origin(&self, code: AreaCode) -> view::Origin {
        let counties = self.counties.get(&code).map(Vec::as_slice).unwrap_or_default();
        let say = |part: fn(&region::ReliefCounty) -> &String| counties.first().map(part).cloned().unwrap_or_default();
        view::Origin {
            county_code: code,
            county_name: say(|county| &county.current_name),
            listed_names: counties.iter().map(|county| county.name.clone()).collect(),
            prefecture: say(|county| &county.prefecture),
            province: say(|county| &county.province),
        }
    }
}

/// The code and the codes above it, which it begins with.
fn category_and_above(code: &CategoryCode) -> Vec<CategoryCode> {
    let digits = code.as_str();
    [2, 4, 6].iter().filter_map(|length| digits.get(..*length)).filter_map(|c| CategoryCode::parse(c).ok()).collect()
}

/// The price of a kilogram. It was checked when pack and price were set.
fn per_kilogram(product: &product::Model) -> FenPerKilogram {
    price::per_kilogram(product.unit_price_fen, product.pack_grams).unwrap_or(FenPerKilogram::MAX)
}

/// Shows products in the order given; with what is inside only to whoever may see it.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    products: Vec<product::Model>,
    with_inside: bool,
) -> Result<Vec<view::Product>, DbErr> {
    let mut around = Surroundings::of(db, &products).await?;
    around.photos = store::photos(db, &products.iter().map(|product| product.id).collect::<Vec<_>>()).await?;
    Ok(products.into_iter().map(|product| show_one(&mut around, product, with_inside)).collect())
}

fn show_one(around: &mut Surroundings, product: product::Model, with_inside: bool) -> view::Product {
    let available_packs = stock::available(&product);
    let fen_per_kilogram = per_kilogram(&product);
    let product::Model {
        id,
        supplier_id,
        name,
        category_code,
        origin_county_code,
        pack_grams,
        description,
        min_packs,
        on_hand_packs,
        reserved_packs,
        shelf_life_days,
        unit_price_fen,
        price_id,
        state,
        review_opinion,
        created_at,
        updated_at,
        version,
    } = product;
    let (name_zh, name_en) = around.categories.get(&category_code).cloned().unwrap_or_default();
    let certificates = around.certificates.remove(&id).unwrap_or_default();
    let details = around.details(id);
    let seat = around.seats.get(&supplier_id).cloned().unwrap_or_else(|| origin_county_code.clone());
    view::Product {
        processing: details.processing_county_code.clone().map(|code| around.place(code)),
        seller: around.place(seat),
        photos: around.photos.get(&id).into_iter().flatten().map(view::Photo::from).collect(),
        off_reason: around.sheets.get(&id).and_then(|sheet| sheet.off_reason),
        details,
        id,
        supplier: view::Supplier { id: supplier_id, name: around.supplier(supplier_id) },
        name,
        category: view::ProductCategory { code: category_code, name_zh, name_en },
        origin: around.origin(origin_county_code),
        pack_grams,
        description,
        min_packs,
        available_packs,
        shelf_life_days,
        unit_price_fen,
        price_id,
        fen_per_kilogram,
        certificates: certificates
            .into_iter()
            .filter(|held| held.withdrawn_on.is_none())
            .map(show_certificate)
            .collect(),
        state,
        inside: with_inside.then_some(view::Inside { on_hand_packs, reserved_packs, review_opinion }),
        created_at,
        updated_at,
        version,
    }
}

pub(super) fn show_certificate(row: product_certificate::Model) -> view::Certificate {
    let product_certificate::Model {
        id,
        product_id: _,
        scheme,
        issuer,
        number,
        valid_from,
        valid_to,
        file_id,
        revoked_on,
        revoked_because: _,
        withdrawn_on: _,
        warned_days: _,
    } = row;
    view::Certificate { id, scheme, issuer, number, valid_from, valid_to, file_id, revoked_on }
}

/// Those of the products that are on the shelf now, as everybody sees them, in the order of `ids`.
///
/// # Errors
/// When the database cannot be asked.
pub async fn on_shelf(db: &impl ConnectionTrait, ids: &[ProductId]) -> Result<Vec<view::Product>, DbErr> {
    let mut found: HashMap<_, _> =
        store::on_shelf_among(db, ids).await?.into_iter().map(|product| (product.id, product)).collect();
    show(db, ids.iter().filter_map(|id| found.remove(id)).collect(), false).await
}

/// Products on the shelf found without a search index: by a part of the name, newest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn on_shelf_matching(
    db: &impl ConnectionTrait,
    wanted: &store::Plain<'_>,
) -> Result<Vec<view::Product>, DbErr> {
    show(db, store::on_shelf_matching(db, wanted).await?, false).await
}

/// What there is to find about a product on the shelf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The product.
    pub id: ProductId,
    /// Its name.
    pub name: String,
    /// Its brand, and its taste, grade or variety, where they are said beside the name.
    pub called: Vec<String>,
    /// Who offers it.
    pub supplier_id: OrganisationId,
    /// The supplier's name.
    pub supplier_name: String,
    /// Its category's code and the codes above it, topmost first.
    pub category_codes: Vec<CategoryCode>,
    /// The names of these categories, Chinese and English.
    pub category_names: Vec<String>,
    /// The county it comes from, by its code of today.
    pub origin_county_code: AreaCode,
    /// The county's names on the list and today, its prefecture and its province.
    pub county_names: Vec<String>,
    /// The price of one pack.
    pub unit_price_fen: Fen,
    /// The price of a kilogram.
    pub fen_per_kilogram: FenPerKilogram,
    /// What one pack weighs.
    pub pack_grams: Grams,
    /// How many packs can be ordered now.
    pub available_packs: Packs,
    /// What its certificates that hold on the day are called, in Chinese and English.
    pub certificates: Vec<String>,
    /// The schemes under which it counts as certified on the day, each once.
    pub schemes: Vec<CertificateScheme>,
    /// The months in which it can be had, 1–12; empty for all year.
    pub season_months: Vec<u8>,
    /// What it is made of, roughly.
    pub kind: ProductKind,
    /// When it was entered.
    pub created_at: Timestamp,
}

/// What there is to find about those of the products that are on the shelf now, in no order.
///
/// # Errors
/// When the database cannot be asked.
pub async fn listings(db: &impl ConnectionTrait, ids: &[ProductId], day: NaiveDate) -> Result<Vec<Listing>, DbErr> {
    let products = store::on_shelf_among(db, ids).await?;
    list(db, products, day).await
}

/// The same for all products on the shelf, a page at a time, by id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn listings_after(
    db: &impl ConnectionTrait,
    after: Option<ProductId>,
    limit: u64,
    day: NaiveDate,
) -> Result<Vec<Listing>, DbErr> {
    let products = store::on_shelf_after(db, after, limit).await?;
    list(db, products, day).await
}

async fn list(db: &impl ConnectionTrait, products: Vec<product::Model>, day: NaiveDate) -> Result<Vec<Listing>, DbErr> {
    let around = Surroundings::of(db, &products).await?;
    Ok(products.into_iter().map(|product| list_one(&around, product, day)).collect())
}

fn list_one(around: &Surroundings, product: product::Model, day: NaiveDate) -> Listing {
    let available_packs = stock::available(&product);
    let fen_per_kilogram = per_kilogram(&product);
    let category_codes = category_and_above(&product.category_code);
    let names = category_codes.iter().filter_map(|code| around.categories.get(code));
    let category_names = names.flat_map(|(zh, en)| [zh.clone(), en.clone()]).collect();
    let origin = around.origin(product.origin_county_code.clone());
    let mut county_names = origin.listed_names;
    county_names.extend([origin.county_name, origin.prefecture, origin.province]);
    county_names.dedup();
    let certificates = around.certificates.get(&product.id).map(Vec::as_slice).unwrap_or_default();
    let certificates: HashSet<_> = certificates
        .iter()
        .filter(|held| scheme::is_valid_on(held, day))
        .flat_map(|held| scheme::terms_of(held.scheme).names.iter().copied())
        .collect();
    let mut certificates: Vec<_> = certificates.into_iter().map(str::to_owned).collect();
    certificates.sort();
    let details = around.details(product.id);
    Listing {
        schemes: schemes_on(around.certificates.get(&product.id), day),
        season_months: details.season_months,
        kind: details.kind,
        called: details.brand.into_iter().chain(details.taste).collect(),
        created_at: product.created_at,
        id: product.id,
        supplier_name: around.supplier(product.supplier_id),
        supplier_id: product.supplier_id,
        name: product.name,
        category_codes,
        category_names,
        origin_county_code: product.origin_county_code,
        county_names,
        unit_price_fen: product.unit_price_fen,
        fen_per_kilogram,
        pack_grams: product.pack_grams,
        available_packs,
        certificates,
    }
}

/// The schemes under which these certificates count on a day, each once.
pub(super) fn schemes_on(
    certificates: Option<&Vec<product_certificate::Model>>,
    day: NaiveDate,
) -> Vec<CertificateScheme> {
    let counting = certificates.into_iter().flatten().filter(|held| scheme::counts_on(held, day));
    let mut schemes: Vec<_> = counting.map(|held| held.scheme).collect();
    schemes.sort_unstable();
    schemes.dedup();
    schemes
}
