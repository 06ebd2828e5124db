//! The counts of an engine, with the names that people know.

use super::engine::{Counted, Dimension, Facets, PriceBand};
use super::view::{CertificationCount, FacetCounts, MonthCount, NamedCount, PriceBandCount};
use crate::app::App;
use crate::problem::Failure;
use crate::{catalogue, organisation, region};
use entity::value::{AreaCode, CategoryCode, CertificateScheme, OrganisationId};
use std::collections::HashMap;

/// Names every count; one statement for each kind of name.
pub(super) async fn named(app: &App, mut facets: Facets) -> Result<FacetCounts, Failure> {
    let mut of = |dimension| facets.remove(&dimension).unwrap_or_default();
    let categories = of(Dimension::Category);
    let counties = of(Dimension::County);
    let suppliers = of(Dimension::Supplier);
    let db = app.reader();

    let codes = parsed(&categories, |text| CategoryCode::parse(text).ok());
    let named = catalogue::find_categories(db, &codes).await?;
    let category_names = named.into_iter().map(|row| (row.code.to_string(), row.name_zh)).collect();

    let codes = parsed(&counties, |text| AreaCode::parse(text).ok());
    let named = region::relief_counties_of(db, &codes).await?;
    let county_names = named.into_iter().map(|row| (row.current_code.to_string(), row.current_name)).collect();

    let named = region::list_divisions(db, None).await?;
    let province_names = named.into_iter().map(|row| (row.code.to_string(), row.name)).collect();

    let ids: Vec<OrganisationId> = parsed(&suppliers, |text| text.parse().ok());
    let named = organisation::find_many(db, &ids).await?;
    let supplier_names = named.into_iter().map(|row| (row.id.to_string(), row.name)).collect();

    Ok(FacetCounts {
        categories: with_names(categories, category_names),
        provinces: with_names(of(Dimension::Province), province_names),
        counties: with_names(counties, county_names),
        certifications: certifications(&of(Dimension::Certification)),
        price_bands: price_bands(&of(Dimension::PriceBand)),
        suppliers: with_names(suppliers, supplier_names),
        months: months(&of(Dimension::Month)),
    })
}

fn parsed<T>(counted: &[Counted], parse: impl Fn(&str) -> Option<T>) -> Vec<T> {
    counted.iter().filter_map(|counted| parse(&counted.value)).collect()
}

/// What has no name any more is left out.
fn with_names(counted: Vec<Counted>, mut names: HashMap<String, String>) -> Vec<NamedCount> {
    let named = counted.into_iter().filter_map(|Counted { value, count }| {
        let name = names.remove(&value)?;
        Some(NamedCount { code: value, name, count })
    });
    named.collect()
}

fn certifications(counted: &[Counted]) -> Vec<CertificationCount> {
    let known = |text: &str| CertificateScheme::ALL.iter().copied().find(|scheme| scheme.as_str() == text);
    let counts = counted
        .iter()
        .filter_map(|counted| Some(CertificationCount { scheme: known(&counted.value)?, count: counted.count }));
    counts.collect()
}

fn price_bands(counted: &[Counted]) -> Vec<PriceBandCount> {
    let counts = PriceBand::ALL.into_iter().filter_map(|band| {
        let count = counted.iter().find(|counted| counted.value == band.as_str())?.count;
        Some(PriceBandCount { band, from_fen: band.from_fen(), below_fen: band.below_fen(), count })
    });
    counts.collect()
}

fn months(counted: &[Counted]) -> Vec<MonthCount> {
    let counts = (1..=12_u8).filter_map(|month| {
        let count = counted.iter().find(|counted| counted.value == month.to_string())?.count;
        Some(MonthCount { month, count })
    });
    counts.collect()
}
