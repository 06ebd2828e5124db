//! Whether processed food is made where its licence says (加工地核对): the county in the number of the food production
//! licence (SC) against the county the product names as that of its processing, or, where it names none, its origin.
//!
//! Promises: a county is the same under its code of then and of today; asked for many products it costs the same number
//! of statements as for one of the same licence. Does not decide: what differs is shown to whoever reviews it.

use super::view::Comparison;
use crate::catalogue::{admission, product};
use crate::db::Tx;
use crate::region::{self, Standing};
use entity::product as product_table;
use entity::value::{AreaCode, FoodLicenceNumber, OrganisationId, ProductId, ProductKind};
use sea_orm::DbErr;
use std::collections::{BTreeSet, HashMap};

/// A county of today, by code and name.
type County = (AreaCode, String);

/// What is known of the processed ones among some products.
#[derive(Debug, Default)]
pub(super) struct Licences {
    /// Where each is processed.
    places: HashMap<ProductId, County>,
    /// The licence of each supplier, and the counties of today that its number names: several where one was divided.
    licences: HashMap<OrganisationId, (FoodLicenceNumber, Vec<County>)>,
}

impl Licences {
    /// Asks for those of the products that are processed.
    pub(super) async fn of(tx: &Tx, products: &[product_table::Model]) -> Result<Self, DbErr> {
        let ids: Vec<_> = products.iter().map(|product| product.id).collect();
        let sheets = product::sheets(tx, &ids).await?;
        let is_processed = |id: &ProductId| sheets.get(id).is_some_and(|sheet| sheet.kind == ProductKind::Processed);
        let processed: Vec<_> = products.iter().filter(|product| is_processed(&product.id)).collect();
        if processed.is_empty() {
            return Ok(Self::default());
        }
        let place = |product: &product_table::Model| {
            let named = sheets.get(&product.id).and_then(|sheet| sheet.processing_county_code.clone());
            named.unwrap_or_else(|| product.origin_county_code.clone())
        };
        let codes: BTreeSet<AreaCode> = processed.iter().map(|product| place(product)).collect();
        let found = region::divisions(tx, &codes.into_iter().collect::<Vec<_>>()).await?;
        let names: HashMap<_, _> = found.into_iter().map(|county| (county.code, county.name)).collect();
        let named = |code: AreaCode| {
            let name = names.get(&code).cloned().unwrap_or_default();
            (code, name)
        };
        let places = processed.iter().map(|product| (product.id, named(place(product)))).collect();
        let suppliers: BTreeSet<_> = processed.iter().map(|product| product.supplier_id).collect();
        let held = admission::food_licences(tx, &suppliers.into_iter().collect::<Vec<_>>()).await?;
        Ok(Self { places, licences: with_counties(tx, held).await? })
    }

    /// What differs for a product; nothing where both are one county, or there is no licence to look at.
    pub(super) fn differ(&self, own: &product_table::Model) -> Option<Comparison> {
        let (place, place_name) = self.places.get(&own.id)?;
        let (number, counties) = self.licences.get(&own.supplier_id)?;
        if counties.iter().any(|(code, _)| code == place) {
            return None;
        }
        let names: Vec<_> = counties.iter().map(|(_, name)| name.as_str()).collect();
        Some(Comparison {
            processing_county_code: Some(place.clone()),
            processing_county_name: Some(place_name.clone()),
            licence_number: Some(number.to_string()),
            licence_county_code: Some(number.county_digits().to_owned()),
            licence_county_name: Some(names.join("、")).filter(|names| !names.is_empty()),
            ..Comparison::default()
        })
    }
}

/// The counties of today that the licences name; each county is asked for once.
async fn with_counties(
    tx: &Tx,
    held: HashMap<OrganisationId, FoodLicenceNumber>,
) -> Result<HashMap<OrganisationId, (FoodLicenceNumber, Vec<County>)>, DbErr> {
    let mut known: HashMap<String, Vec<County>> = HashMap::new();
    let mut licences = HashMap::with_capacity(held.len());
    for (supplier, number) in held {
        let digits = number.county_digits().to_owned();
        let counties = match known.get(&digits) {
            Some(counties) => counties.clone(),
            None => {
                let counties = counties_of(tx, &digits).await?;
                known.insert(digits, counties.clone());
                counties
            }
        };
        licences.insert(supplier, (number, counties));
    }
    Ok(licences)
}

async fn counties_of(tx: &Tx, digits: &str) -> Result<Vec<County>, DbErr> {
    let Ok(code) = AreaCode::parse(digits) else { return Ok(Vec::new()) };
    Ok(match region::standing(tx, &code).await? {
        // A place of the list of 832 that never was a division has its county all the same.
        Standing::Unknown => {
            let listed = region::relief_county(tx, &code).await?;
            listed.into_iter().map(|county| (county.current_code, county.current_name)).collect()
        }
        Standing::InForce(county) => vec![(county.code, county.name)],
        Standing::Ended { successors, .. } => successors,
    })
}
