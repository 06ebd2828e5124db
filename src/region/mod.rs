//! Region: where things are. Divisions (行政区划), and the 832 counties lifted out of poverty (脱贫县).
//!
//! The list of the 832 was made in 2014 and keeps its names and codes for ever; counties since became districts or
//! cities, were recoded or merged. So a county is found by its code or name on the list *or* of today, and both are
//! always told. Everything else in the house keeps today's code.
//!
//! Codes of divisions end: a county becomes a district and gets another. A code is in force from a day to a day, and
//! names what it became; it can be asked for as of a day, what was registered under it stays true, and nothing new is
//! registered under it.
//!
//! Promises: reference data is loaded whole or not at all, in the caller's transaction; loading the same edition
//! again changes nothing; a division that a later edition leaves out stays, because other tables point at it.
//! Knows nothing of organisations, products or who is asking: this is public knowledge.

mod api;
pub mod dataset;
mod error;
pub mod period;
pub mod rows;
mod service;
mod store;
mod view;

pub use api::routes;
pub use entity::division::Model as Division;
pub use entity::division_period::Model as DivisionPeriod;
pub use entity::relief_county::Model as ReliefCounty;
pub use error::DatasetError;
pub use rows::RowError;
pub use service::{Standing, standing};
pub use store::{
    CountyFilter, Loaded, division, division_asked, divisions, is_division, list_divisions, list_relief_counties,
    load_counties, load_divisions, load_edition, load_periods, relief_counties_of, relief_county,
};

use crate::db::Tx;
use entity::value::AreaCode;

/// Loads the divisions, their periods and the counties that travel inside the binary, each only when this edition is not there yet.
///
/// # Errors
/// When the database refuses.
pub async fn load(tx: &Tx) -> Result<[Loaded; 3], DatasetError> {
    let divisions = load_divisions(tx, &dataset::unpack(dataset::DIVISIONS)?).await?;
    let periods = load_periods(tx, &dataset::unpack(dataset::PERIODS)?).await?;
    let counties = load_counties(tx, &dataset::unpack(dataset::COUNTIES)?).await?;
    Ok([divisions, periods, counties])
}

/// The province that a code lies in: its first two digits.
#[must_use]
pub fn province_of(code: &AreaCode) -> AreaCode {
    let province = code.as_str().get(..2).map(|digits| format!("{digits}0000"));
    // Six digits of which the first is not zero stay so with zeros at the end: the fallback is never taken.
    province.and_then(|text| AreaCode::parse(&text).ok()).unwrap_or_else(|| code.clone())
}
