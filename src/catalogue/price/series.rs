//! The series of wholesale prices: brought in, and shown as a daily table.

use super::error::PriceError;
use super::{import, store, view};
use crate::catalogue::check::Check;
use crate::db::{Change, Tx};
use crate::region;
use crate::secrecy::sha256_hex;
use chrono::NaiveDate;
use entity::price_import;
use entity::value::{AreaCode, PriceImportId};
use sea_orm::ConnectionTrait;
use serde_json::json;

/// A market whose prices a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Market {
    /// Its name.
    pub name: String,
    /// The province, city or county it stands in.
    pub region: AreaCode,
}

/// Brings in a market's file of prices; rows at fault are left out and told.
///
/// # Errors
/// When the region does not exist, the file has not the columns, or was brought in before.
pub async fn import(tx: &Tx, market: &Market, file: &[u8]) -> Result<view::PriceReport, PriceError> {
    Check::new().text("?market", &market.name, 100).done()?;
    if region::division(tx, &market.region).await?.is_none() {
        return Err(PriceError::RegionUnknown(market.region.clone()));
    }
    let import::Read { prices, rows_total, faults, refused } = import::read(file)?;
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let stored = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let report = view::PriceReport {
        id: PriceImportId::generate(),
        market: market.name.trim().to_owned(),
        region_code: market.region.clone(),
        sha256: sha256_hex(file),
        rows_total,
        rows_refused: faults.iter().map(|fault| fault.rows).sum(),
        prices: count(prices.len()),
        faults,
        refused,
    };
    let row = price_import::Model {
        id: report.id,
        market: report.market.clone(),
        region_code: report.region_code.clone(),
        sha256: report.sha256.clone(),
        rows_total: stored(report.rows_total),
        rows_refused: stored(report.rows_refused),
        prices: stored(report.prices),
        imported_by: tx.actor().person(),
        imported_at: tx.now(),
    };
    if !store::insert_import(tx, row).await? {
        return Err(PriceError::Known);
    }
    store::put_prices(tx, &report.market, &report.region_code, report.id, &prices).await?;
    let after = json!({ "market": report.market, "sha256": report.sha256, "prices": report.prices });
    tx.audit(Change::made("price.import", "price_import", report.id.uuid(), after)).await?;
    Ok(report)
}

/// The daily table of a variety.
///
/// # Errors
/// When a text is not acceptable.
pub(super) async fn table(
    db: &impl ConnectionTrait,
    wanted: &view::AskPrices,
    today: NaiveDate,
) -> Result<view::DailyPrices, PriceError> {
    Check::new().text("?variety", &wanted.variety, 100).text_if_any("?market", wanted.market.as_deref(), 100).done()?;
    let to = wanted.to.unwrap_or(today);
    let asked = store::Asked {
        variety: wanted.variety.trim(),
        market: wanted.market.as_deref(),
        region: wanted.region.as_ref(),
        from: wanted.from.unwrap_or(to - chrono::Duration::days(365)),
        to,
    };
    let rows = store::prices(db, &asked, 1000).await?;
    Ok(view::DailyPrices { items: rows.into_iter().map(view::DailyPrice::from).collect() })
}
