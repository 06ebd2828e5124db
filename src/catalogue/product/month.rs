//! How much of a product goes in a calendar month: to one buyer (限购), and to all of them together (月供应能力).
//!
//! Promises: what is declared holds for every month alike; every line that goes beyond it is named with the numbers.
//! Pure: who has ordered how much is for the caller to know.

use super::error::{CatalogueError, Shortfall, Want};
use entity::value::{Packs, ProductId};
use std::collections::HashMap;

/// Packs of products.
type Amounts = HashMap<ProductId, Packs>;

/// Refuses lines of products of which the buyer would get more than it may; `ordered` is what it has of each already.
///
/// # Errors
/// [`CatalogueError::Short`] with every such line.
pub fn within_limits(lines: &[(ProductId, Packs)], limits: &Amounts, ordered: &Amounts) -> Result<(), CatalogueError> {
    within(lines, limits, ordered, |limit, ordered| Want::OverLimit { limit, ordered })
}

/// Refuses lines of products of which more would be sold than its supplier can deliver in a month; `sold` is what all
/// buyers have of each already.
///
/// # Errors
/// [`CatalogueError::Short`] with every such line.
pub fn within_capacity(
    lines: &[(ProductId, Packs)],
    capacities: &Amounts,
    sold: &Amounts,
) -> Result<(), CatalogueError> {
    within(lines, capacities, sold, |capacity, sold| Want::OverCapacity { capacity, sold })
}

fn within(
    lines: &[(ProductId, Packs)],
    most: &Amounts,
    before: &Amounts,
    want: fn(Packs, Packs) -> Want,
) -> Result<(), CatalogueError> {
    let nothing = Packs::new(0)?;
    let mut over = Vec::new();
    for (line, (product, _)) in lines.iter().enumerate() {
        let Some(most) = most.get(product).copied() else { continue };
        let before = before.get(product).copied().unwrap_or(nothing);
        let sum = lines
            .iter()
            .filter(|(other, _)| other == product)
            .try_fold(before, |sum, (_, packs)| sum.checked_add(*packs))?;
        if sum > most {
            over.push(Shortfall { line, product: *product, want: want(most, before) });
        }
    }
    if over.is_empty() { Ok(()) } else { Err(CatalogueError::Short(over)) }
}
