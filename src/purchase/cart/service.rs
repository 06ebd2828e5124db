//! What can be done with a cart: put in, take out, fill from an earlier order, show, check out.

use super::store;
use super::view::{Cart, CartLine, CartPart, Checkout, PutInCart};
use crate::access::policy::PlaceOrder as MayPlace;
use crate::access::{Grant, Scope};
use crate::catalogue;
use crate::db::Tx;
use crate::organisation;
use crate::procurement::{self, Buyer, PlaceOrder, WantedLine};
use crate::purchase::PurchaseError;
use crate::purchase::request::{PurchaseRequest, Wish, ask};
use entity::value::{Fen, OrderGroupId, OrganisationId, Packs, PersonId, ProductId, ProductState, PurchaseWay};
use entity::{cart_line, product};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;

/// How many products a cart holds: as many as an order has lines.
const MOST_LINES: usize = 200;

fn whose(grant: &Grant<MayPlace>) -> Result<(OrganisationId, PersonId), PurchaseError> {
    Ok((grant.organisation()?, grant.person()?))
}

/// A cart as the shelf has its products now: three questions, however much is in it.
pub(super) async fn show(db: &impl ConnectionTrait, grant: &Grant<MayPlace>) -> Result<Cart, PurchaseError> {
    let lines = store::lines(db, whose(grant)?).await?;
    let ids: Vec<_> = lines.iter().map(|line| line.product_id).collect();
    let products = catalogue::find_products(db, &ids).await?;
    let products: HashMap<ProductId, product::Model> = products.into_iter().map(|row| (row.id, row)).collect();
    let suppliers: Vec<_> = products.values().map(|row| row.supplier_id).collect();
    let names = organisation::find_many(db, &suppliers).await?;
    let names: HashMap<_, _> = names.into_iter().map(|row| (row.id, row.name)).collect();
    let mut parts: Vec<CartPart> = Vec::new();
    for line in lines {
        let Some(product) = products.get(&line.product_id) else { continue };
        let shown = line_of(&line, product)?;
        let place = match parts.iter().position(|part| part.supplier_id == product.supplier_id) {
            Some(place) => place,
            None => {
                let supplier_name = names.get(&product.supplier_id).cloned().unwrap_or_default();
                let (supplier_id, lines) = (product.supplier_id, Vec::new());
                parts.push(CartPart { supplier_id, supplier_name, lines, total_fen: Fen::ZERO });
                parts.len() - 1
            }
        };
        if let Some(part) = parts.get_mut(place) {
            part.total_fen = part.total_fen.checked_add(shown.amount_fen)?;
            part.lines.push(shown);
        }
    }
    let total_fen = Fen::checked_sum(parts.iter().map(|part| part.total_fen))?;
    Ok(Cart { suppliers: parts, total_fen })
}

fn line_of(line: &cart_line::Model, product: &product::Model) -> Result<CartLine, PurchaseError> {
    let is_sold = product.state == ProductState::OnShelf;
    let nothing = Packs::new(0)?;
    // Invariant: reserved ≤ on hand, by the check of the table.
    let free = product.on_hand_packs.checked_sub(product.reserved_packs).unwrap_or(nothing);
    let available_packs = if is_sold { free } else { nothing };
    Ok(CartLine {
        product_id: product.id,
        product_name: product.name.clone(),
        packs: line.packs,
        unit_price_fen: product.unit_price_fen,
        amount_fen: product.unit_price_fen.checked_mul(line.packs.get())?,
        available_packs,
        min_packs: product.min_packs,
        can_be_ordered: is_sold && line.packs >= product.min_packs && line.packs <= available_packs,
    })
}

/// Puts a product in, or changes how many packs there are of it.
///
/// # Errors
/// Nothing on the shelf has this identifier; no packs; a full cart.
pub(super) async fn put(
    tx: &Tx,
    grant: &Grant<MayPlace>,
    id: ProductId,
    wanted: PutInCart,
) -> Result<Cart, PurchaseError> {
    let found = catalogue::find_products(tx, &[id]).await?.pop();
    let found = found.filter(|row| row.state == ProductState::OnShelf).ok_or(PurchaseError::NotFound)?;
    if wanted.packs.is_zero() {
        return Err(PurchaseError::field("/packs", "件数应大于零。", "The number of packs is more than zero."));
    }
    put_all(tx, grant, &[(found.id, wanted.packs)]).await?;
    show(tx, grant).await
}

async fn put_all(tx: &Tx, grant: &Grant<MayPlace>, new: &[(ProductId, Packs)]) -> Result<(), PurchaseError> {
    let (buyer_id, person_id) = whose(grant)?;
    let mut there: Vec<_> =
        store::lines(tx, (buyer_id, person_id)).await?.into_iter().map(|line| line.product_id).collect();
    there.extend(new.iter().map(|(product, _)| *product));
    there.sort_unstable();
    there.dedup();
    if there.len() > MOST_LINES {
        return Err(PurchaseError::field("/packs", "购物车最多 200 种商品。", "A cart holds at most 200 products."));
    }
    let row = |(product_id, packs): &(ProductId, Packs)| cart_line::Model {
        buyer_id,
        person_id,
        product_id: *product_id,
        packs: *packs,
        put_at: tx.now(),
    };
    Ok(store::put(tx, new.iter().map(row).collect()).await?)
}

/// Takes a product out.
///
/// # Errors
/// It is not in.
pub(super) async fn take_out(tx: &Tx, grant: &Grant<MayPlace>, id: ProductId) -> Result<Cart, PurchaseError> {
    if !store::take_out(tx, whose(grant)?, id).await? {
        return Err(PurchaseError::NotFound);
    }
    show(tx, grant).await
}

/// Puts in what an earlier order of one's organisation had, as many packs of each.
///
/// # Errors
/// Nobody's order, or another organisation's.
pub(super) async fn repeat(tx: &Tx, grant: &Grant<MayPlace>, order: OrderGroupId) -> Result<Cart, PurchaseError> {
    let own = Scope::Organisation(grant.organisation()?);
    let group = procurement::find_group(tx, &own, order).await?.ok_or(PurchaseError::NotFound)?;
    let lines = procurement::lines_of_group(tx, group.id).await?;
    let lines: Vec<_> = lines.into_iter().map(|line| (line.product_id, line.packs)).collect();
    put_all(tx, grant, &lines).await?;
    show(tx, grant).await
}

/// Asks for everything in the cart, and empties it.
///
/// # Errors
/// An empty cart; whatever an order is refused for, and then the cart stays as it was.
pub(super) async fn check_out(
    tx: &Tx,
    grant: &Grant<MayPlace>,
    wanted: &Checkout,
) -> Result<PurchaseRequest, PurchaseError> {
    let whose = whose(grant)?;
    let lines = store::lines(tx, whose).await?;
    if lines.is_empty() {
        return Err(PurchaseError::CartEmpty);
    }
    let lines = lines.into_iter().map(|line| WantedLine { product_id: line.product_id, packs: line.packs });
    let order = PlaceOrder::plain(wanted.budget_id, wanted.deliver_to.clone(), lines.collect());
    let note = wanted.note.as_ref().map(|note| note.as_str().to_owned());
    let wish = Wish { way: PurchaseWay::Direct, order, agreed: Vec::new(), note };
    let asked = ask(tx, &Buyer::of(grant)?, &wish).await?;
    store::empty(tx, whose).await?;
    Ok(asked)
}
