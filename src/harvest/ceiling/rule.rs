//! Which ceiling applies, and what exceeds it. Pure.

use chrono::NaiveDate;
use entity::value::{AreaCode, CategoryCode};
use entity::yield_ceiling::Model as Ceiling;

/// How near a ceiling's region is to a county: 3 the county itself, 2 its prefecture, 1 its province, 0 everywhere;
/// nothing when it is elsewhere.
fn nearness(division: Option<&AreaCode>, county: &AreaCode) -> Option<u8> {
    let Some(division) = division else { return Some(0) };
    let (division, county) = (division.as_str(), county.as_str());
    match (division.get(..2)?, division.get(2..4)?, division.get(4..)?) {
        (province, "00", "00") => county.starts_with(province).then_some(1),
        (_, _, "00") => (county.get(..4) == division.get(..4)).then_some(2),
        _ => (division == county).then_some(3),
    }
}

/// The ceilings that hold in a county on a day.
pub fn in_county<'a>(
    ceilings: &'a [Ceiling],
    county: &'a AreaCode,
    on: NaiveDate,
) -> impl Iterator<Item = &'a Ceiling> {
    ceilings
        .iter()
        .filter(move |ceiling| ceiling.from_date <= on && nearness(ceiling.division_code.as_ref(), county).is_some())
}

/// The ceiling for a category in a county on a day: of the nearest category, then of the nearest region, then the
/// newest.
#[must_use]
pub fn applying<'a>(
    ceilings: &'a [Ceiling],
    category: &CategoryCode,
    county: &'a AreaCode,
    on: NaiveDate,
) -> Option<&'a Ceiling> {
    in_county(ceilings, county, on)
        .filter(|ceiling| category.as_str().starts_with(ceiling.category_code.as_str()))
        .max_by_key(|ceiling| {
            let near = nearness(ceiling.division_code.as_ref(), county);
            (ceiling.category_code.as_str().len(), near, ceiling.from_date, ceiling.id)
        })
}

/// What land of this size can yield, in grams, when what was delivered is more than that.
#[must_use]
pub fn judge(square_metres: i64, grams_per_square_metre: i64, delivered_grams: i64) -> Option<i64> {
    let ceiling = square_metres.saturating_mul(grams_per_square_metre);
    (delivered_grams > ceiling).then_some(ceiling)
}
