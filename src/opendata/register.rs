//! The public register of suppliers and products, and public figures: what may be known, listed field by field.
//!
//! Promises: nothing is shown that is not named in [`super::view`]; small numbers of households are withheld.

use super::store::{self, County};
use super::view::{
    RegisteredCertificate, RegisteredProduct, RegisteredSupplier, Statistics, StatisticsQuery, StatisticsRow,
};
use crate::access::SmallestGroup;
use crate::http::{Page, PageQuery};
use crate::problem::{Failure, Problem};
use chrono::{Datelike, NaiveDate};
use entity::value::{AreaCode, ProductId, business_day_begins};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;

/// One page of admitted suppliers.
///
/// # Errors
/// 400 for a bad page; the database.
pub async fn suppliers(db: &impl ConnectionTrait, page: &PageQuery) -> Result<Page<RegisteredSupplier>, Failure> {
    let limit = page.limit()?;
    let rows = store::suppliers(db, page.after()?, limit + 1).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let counts = store::products_of(db, &ids).await?;
    Ok(Page::of(
        rows,
        limit,
        |row| row.id.uuid(),
        |row| RegisteredSupplier {
            products: counts.get(&row.id).copied().unwrap_or_default(),
            id: row.id,
            name: row.name,
            kind: row.kind,
            credit_code: row.credit_code,
            county_code: row.division_code,
        },
    ))
}

/// One page of products on the shelf.
///
/// # Errors
/// 400 for a bad page; the database.
pub async fn products(db: &impl ConnectionTrait, page: &PageQuery) -> Result<Page<RegisteredProduct>, Failure> {
    let limit = page.limit()?;
    let rows = store::products(db, page.after()?, limit + 1).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut certificates: HashMap<ProductId, Vec<RegisteredCertificate>> = HashMap::new();
    for row in store::certificates(db, &ids).await? {
        certificates.entry(row.product_id).or_default().push(RegisteredCertificate {
            scheme: row.scheme,
            issuer: row.issuer,
            number: row.number,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
        });
    }
    Ok(Page::of(
        rows,
        limit,
        |row| row.id.uuid(),
        |row| RegisteredProduct {
            certificates: certificates.remove(&row.id).unwrap_or_default(),
            id: row.id,
            name: row.name,
            category_code: row.category_code,
            origin_county_code: row.origin_county_code,
            pack_grams: row.pack_grams,
            unit_price_fen: row.unit_price_fen,
            supplier_id: row.supplier_id,
        },
    ))
}

/// The public figures of a span of days: a fixed number of questions.
///
/// # Errors
/// 400 for a span that ends before it begins; the database.
pub async fn statistics(
    db: &impl ConnectionTrait,
    wanted: &StatisticsQuery,
    today: NaiveDate,
    groups: SmallestGroup,
) -> Result<Statistics, Failure> {
    let until = wanted.until.unwrap_or(today);
    let from = wanted.from.or_else(|| NaiveDate::from_ymd_opt(until.year(), 1, 1)).unwrap_or(until);
    if until < from {
        return Err(Problem::invalid("?until", "止日早于起日。", "The last day lies before the first.").into());
    }
    let after = until.succ_opt().unwrap_or(until);
    let span = (business_day_begins(from), business_day_begins(after));
    let orders = store::ordered(db, span).await?;
    let mut households = store::benefited(db, span).await?;
    let mut income = store::income_of(db, span).await?;
    let everybody = store::benefited_in_all(db, span).await?;
    let codes: Vec<AreaCode> = orders.iter().map(|row| row.county_code.clone()).collect();
    let names = store::divisions(db, &codes).await?;
    let mut total = StatisticsRow::default();
    let mut counties = Vec::with_capacity(orders.len());
    for County { county_code, orders, suppliers, ordered_fen, accepted_fen, paid_fen } in orders {
        let (attributed, paid_out) = income.remove(&county_code).unwrap_or_default();
        total.orders += orders;
        total.suppliers += suppliers;
        total.ordered_fen += ordered_fen;
        total.accepted_fen += accepted_fen;
        total.paid_fen += paid_fen;
        total.attributed_fen += attributed;
        total.paid_to_households_fen += paid_out;
        counties.push(StatisticsRow {
            county_name: names.get(&county_code).cloned(),
            orders,
            suppliers,
            ordered_fen,
            accepted_fen,
            paid_fen,
            attributed_fen: attributed,
            paid_to_households_fen: paid_out,
            households: groups.shown(households.remove(&county_code).unwrap_or_default()),
            county_code: Some(county_code),
        });
    }
    total.households = groups.shown(everybody);
    // One county's withheld number must not follow from the whole less the others.
    if counties.iter().filter(|row| row.households.is_none()).count() == 1 {
        total.households = None;
    }
    counties.sort_by(|a, b| b.accepted_fen.cmp(&a.accepted_fen).then_with(|| a.county_code.cmp(&b.county_code)));
    Ok(Statistics { from, until, total, counties })
}
