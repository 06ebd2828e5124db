//! The receipt a household takes home (收购凭据): its number, and the page that is printed.

use super::view::Delivery;
use crate::harvest::lot::code;
use crate::http::Template;
use chrono::NaiveDate;
use entity::value::{DeliveryId, Fen, Grams, Overflow};
use minijinja::context;

/// The page. It names the household as it is shown everywhere, masked.
static PAGE: Template = Template::new("receipt.html", include_str!("receipt.html"));

/// The number of a receipt: its day, and eight letters that no other has.
#[must_use]
pub fn number(id: DeliveryId, delivered_on: NaiveDate) -> String {
    format!("S{}-{}", delivered_on.format("%Y%m%d"), code::letters::<8>(id.uuid()))
}

/// Grams as kilograms with what decimals they need, exactly.
#[must_use]
pub fn kilograms(grams: Grams) -> String {
    let (whole, rest) = (grams.get() / 1000, grams.get() % 1000);
    if rest == 0 {
        return whole.to_string();
    }
    format!("{whole}.{rest:03}").trim_end_matches('0').to_owned()
}

/// The printed receipt.
///
/// # Errors
/// When the page cannot be written, which is ours.
pub fn page(delivery: &Delivery, supplier: &str) -> Result<String, minijinja::Error> {
    let price = Fen::new(delivery.price_fen_per_kg.get())
        .map_err(|Overflow| minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, "a price out of range"))?;
    let household = delivery.household.as_ref();
    PAGE.render(context! {
        number => &delivery.receipt_number,
        supplier,
        household_number => household.map(|household| household.number.clone()),
        household_name => household.map(|household| household.head_name.clone()),
        village => household.map(|household| household.village_name.clone()),
        variety => &delivery.variety,
        grade => &delivery.grade,
        kilograms => kilograms(delivery.grams),
        price => price.to_string(),
        value => delivery.value_fen.to_string(),
        delivered_on => delivery.delivered_on.to_string(),
        weigh_note => &delivery.weigh_note,
        is_reversed => delivery.reversed_at.is_some(),
    })
}
