//! Stock: what orders reserve, give back and take out.
//!
//! Promises: products are locked in the order of their ids; the stock of all lines moves in one statement; what
//! cannot be had is refused for every line at once, before anything is written. The database checks again that no
//! more is promised than there is.

use super::error::{CatalogueError, Shortfall, Want};
use super::event::AvailabilityChanged;
use super::store::{self, Movement};
use crate::db::{self, Tx};
use entity::product;
use entity::value::{Packs, ProductId, ProductState};
use std::collections::{BTreeMap, HashMap};

/// By these the database refuses stock that cannot be.
const RULES: &[&str] = &["ck_product_stock", "ck_product_on_hand_packs", "ck_product_reserved_packs"];

/// Packs of a product that are now promised to whoever asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reserved {
    /// The product once it is reserved: its price is the one that holds.
    pub product: product::Model,
    /// How many packs.
    pub packs: Packs,
}

/// How many packs of a product can be ordered now.
pub(super) fn available(product: &product::Model) -> Packs {
    // Invariant: reserved ≤ on hand, by the check of the table.
    product.on_hand_packs.checked_sub(product.reserved_packs).unwrap_or(product.on_hand_packs)
}

/// Promises packs to whoever asks, a line each; the answer has the same lines in the same order.
///
/// # Errors
/// [`CatalogueError::Short`] with every line that cannot be had as wanted; nothing is reserved then.
pub async fn reserve(tx: &Tx, lines: &[(ProductId, Packs)]) -> Result<Vec<Reserved>, CatalogueError> {
    let mut wanted: BTreeMap<ProductId, Packs> = BTreeMap::new();
    for (product, packs) in lines {
        let sum = wanted.get(product).copied().map_or(Ok(*packs), |so_far| so_far.checked_add(*packs))?;
        wanted.insert(*product, sum);
    }
    let mut held: HashMap<_, _> = by_id(store::reserve(tx, &wanted).await?);
    if held.len() < wanted.len() {
        match reserve_rest(tx, lines, &wanted, &held).await {
            Ok(rest) => held.extend(rest),
            Err(short @ CatalogueError::Short(_)) => {
                give_back(tx, &wanted, &held).await?;
                return Err(short);
            }
            Err(error) => return Err(error),
        }
    }
    let is_gone = |product: &&product::Model| available(product).is_zero();
    let products: Vec<_> = held.values().filter(is_gone).map(|product| product.id).collect();
    if !products.is_empty() {
        tx.emit_along(&AvailabilityChanged { products })?;
    }
    lines
        .iter()
        .map(|(id, packs)| {
            let product = held.get(id).cloned().ok_or(CatalogueError::StockMismatch)?;
            Ok(Reserved { product, packs: *packs })
        })
        .collect()
}

/// Takes back what was reserved of an order that cannot be had whole.
async fn give_back(
    tx: &Tx,
    wanted: &BTreeMap<ProductId, Packs>,
    reserved: &HashMap<ProductId, product::Model>,
) -> Result<(), CatalogueError> {
    let mine = wanted.iter().filter(|(id, _)| reserved.contains_key(id));
    let movements: Vec<_> =
        mine.map(|(id, packs)| Movement { product: *id, on_hand: 0, reserved: -packs.get() }).collect();
    if !movements.is_empty() {
        store::move_stock(tx, &movements).await?;
    }
    Ok(())
}

fn by_id(rows: Vec<product::Model>) -> HashMap<ProductId, product::Model> {
    rows.into_iter().map(|row| (row.id, row)).collect()
}

/// Says of the products that are not reserved yet what is wanting; reserves them after all when, meanwhile, nothing is.
async fn reserve_rest(
    tx: &Tx,
    lines: &[(ProductId, Packs)],
    wanted: &BTreeMap<ProductId, Packs>,
    reserved: &HashMap<ProductId, product::Model>,
) -> Result<HashMap<ProductId, product::Model>, CatalogueError> {
    let rest: BTreeMap<_, _> =
        wanted.iter().filter(|(id, _)| !reserved.contains_key(id)).map(|(id, packs)| (*id, *packs)).collect();
    let held = store::lock_sold(tx, &rest.keys().copied().collect::<Vec<_>>()).await?;
    let short: Vec<_> = lines
        .iter()
        .enumerate()
        .filter_map(|(line, (product, _))| {
            let packs = rest.get(product).copied()?;
            judge(held.get(product), packs).map(|want| Shortfall { line, product: *product, want })
        })
        .collect();
    if short.is_empty() { Ok(by_id(store::reserve(tx, &rest).await?)) } else { Err(CatalogueError::Short(short)) }
}

/// Promises packs once more, for goods that are sent again: whatever the least quantity and the shelf say.
///
/// # Errors
/// [`CatalogueError::Short`] with every line of which there is not enough.
pub async fn reserve_more(tx: &Tx, lines: &[(ProductId, Packs)]) -> Result<(), CatalogueError> {
    let ids: Vec<_> = lines.iter().map(|(product, _)| *product).collect();
    let held = store::lock(tx, &ids).await?;
    let short = |(line, (product, packs)): (usize, &(ProductId, Packs))| {
        let available = available(held.get(product)?);
        (*packs > available).then_some(Shortfall { line, product: *product, want: Want::Insufficient { available } })
    };
    let short: Vec<_> = lines.iter().enumerate().filter_map(short).collect();
    if !short.is_empty() {
        return Err(CatalogueError::Short(short));
    }
    let moved =
        |(product, packs): &(ProductId, Packs)| Movement { product: *product, on_hand: 0, reserved: packs.get() };
    apply(tx, &held, &lines.iter().map(moved).collect::<Vec<_>>()).await
}

/// Puts packs back into the store that had left it; each product once.
///
/// # Errors
/// When the database refuses.
pub async fn put_back(tx: &Tx, lines: &[(ProductId, Packs)]) -> Result<(), CatalogueError> {
    let ids: Vec<_> = lines.iter().map(|(product, _)| *product).collect();
    let held = store::lock(tx, &ids).await?;
    let moved =
        |(product, packs): &(ProductId, Packs)| Movement { product: *product, on_hand: packs.get(), reserved: 0 };
    apply(tx, &held, &lines.iter().map(moved).collect::<Vec<_>>()).await
}

/// What is wanting, if anything.
fn judge(product: Option<&product::Model>, packs: Packs) -> Option<Want> {
    let Some(product) = product.filter(|product| product.state == ProductState::OnShelf) else {
        return Some(Want::NotOnShelf);
    };
    let available = available(product);
    if packs.is_zero() || packs < product.min_packs {
        Some(Want::BelowMinimum { minimum: product.min_packs })
    } else if packs > available {
        Some(Want::Insufficient { available })
    } else {
        None
    }
}

/// Gives reserved packs back to be sold.
///
/// # Errors
/// [`CatalogueError::StockMismatch`] when more is given back than was reserved.
pub async fn release(tx: &Tx, lines: &[(ProductId, Packs)]) -> Result<(), CatalogueError> {
    let nothing = Packs::new(0)?;
    let lines: Vec<_> = lines.iter().map(|(product, packs)| (*product, *packs, nothing)).collect();
    take_out(tx, &lines).await
}

/// Ends reservations: of each product, `reserved` packs are no longer promised and `shipped` packs have left.
///
/// # Errors
/// [`CatalogueError::StockMismatch`] when the product does not hold so many.
pub async fn take_out(tx: &Tx, lines: &[(ProductId, Packs, Packs)]) -> Result<(), CatalogueError> {
    let mut sums: BTreeMap<ProductId, (Packs, Packs)> = BTreeMap::new();
    for (product, reserved, shipped) in lines {
        let sum = match sums.get(product) {
            Some((r, s)) => (r.checked_add(*reserved)?, s.checked_add(*shipped)?),
            None => (*reserved, *shipped),
        };
        sums.insert(*product, sum);
    }
    let ids: Vec<_> = sums.keys().copied().collect();
    let held = store::lock(tx, &ids).await?;
    let movements: Vec<_> = sums
        .iter()
        .map(|(product, (reserved, shipped))| Movement {
            product: *product,
            on_hand: -shipped.get(),
            reserved: -reserved.get(),
        })
        .collect();
    apply(tx, &held, &movements).await
}

/// Moves the stock of products that are held, and tells of those that ran out or can be had again.
pub(super) async fn apply(
    tx: &Tx,
    held: &HashMap<ProductId, product::Model>,
    movements: &[Movement],
) -> Result<(), CatalogueError> {
    if movements.is_empty() {
        return Ok(());
    }
    let moved = store::move_stock(tx, movements).await.map_err(|error| {
        let is_refused = RULES.iter().any(|rule| db::is_refused_by(&error, rule));
        if is_refused { CatalogueError::StockMismatch } else { error.into() }
    })?;
    if usize::try_from(moved) != Ok(movements.len()) {
        return Err(CatalogueError::StockMismatch);
    }
    let products: Vec<_> = movements
        .iter()
        .filter(|movement| held.get(&movement.product).is_some_and(|product| crosses_zero(product, movement)))
        .map(|movement| movement.product)
        .collect();
    if !products.is_empty() {
        tx.emit(&AvailabilityChanged { products }).await?;
    }
    Ok(())
}

/// Whether buyers see a difference between something and nothing.
fn crosses_zero(product: &product::Model, movement: &Movement) -> bool {
    let before = available(product).get();
    let after = before + movement.on_hand - movement.reserved;
    product.state == ProductState::OnShelf && (before == 0) != (after == 0)
}
