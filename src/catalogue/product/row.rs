//! The rows that a product begins and goes on with, one at a time or by the hundred. Nothing is asked here.

use super::error::CatalogueError;
use super::view;
use crate::db::{Change, Tx};
use entity::value::{AreaCode, OrganisationId, Packs, PersonId, PriceId, ProductId, ProductState};
use entity::{product, product_price};
use sea_orm::ActiveValue::Set;
use serde_json::json;

/// A new product of a supplier, whose county of origin is one of today.
pub(super) fn draft(
    tx: &Tx,
    supplier_id: OrganisationId,
    origin_county_code: AreaCode,
    new: &view::AddProduct,
) -> Result<product::Model, CatalogueError> {
    Ok(product::Model {
        id: ProductId::generate(),
        supplier_id,
        name: new.name.trim().to_owned(),
        category_code: new.category_code.clone(),
        origin_county_code,
        pack_grams: new.pack_grams,
        description: new.description.clone(),
        min_packs: new.min_packs,
        on_hand_packs: new.on_hand_packs,
        reserved_packs: Packs::new(0)?,
        shelf_life_days: new.shelf_life_days,
        unit_price_fen: new.unit_price_fen,
        price_id: PriceId::generate(),
        state: ProductState::Draft,
        review_opinion: None,
        created_at: tx.now(),
        updated_at: tx.now(),
        version: 1,
    })
}

/// What the audit says of a new product.
pub(super) fn added(row: &product::Model) -> Change<'static> {
    let after = json!({
        "name": row.name, "origin_county_code": row.origin_county_code, "pack_grams": row.pack_grams,
        "unit_price_fen": row.unit_price_fen, "on_hand_packs": row.on_hand_packs,
    });
    Change::made("product.add", "product", row.id.uuid(), after)
}

/// A held product with other content, in the state that leads to.
pub(super) fn changed(held: product::Model, wanted: &view::ChangeProduct, state: ProductState) -> product::Model {
    product::Model {
        name: wanted.name.as_ref().map_or(held.name, |name| name.trim().to_owned()),
        category_code: wanted.category_code.clone().unwrap_or(held.category_code),
        description: wanted.description.clone().unwrap_or(held.description),
        min_packs: wanted.min_packs.unwrap_or(held.min_packs),
        shelf_life_days: wanted.shelf_life_days.unwrap_or(held.shelf_life_days),
        state,
        ..held
    }
}

/// The price that a product has now, its `number`-th.
pub(super) fn price(tx: &Tx, product: &product::Model, number: i32, by: PersonId) -> product_price::ActiveModel {
    product_price::ActiveModel {
        id: Set(product.price_id),
        product_id: Set(product.id),
        number: Set(number),
        unit_price_fen: Set(product.unit_price_fen),
        created_by: Set(by),
        created_at: Set(tx.now()),
    }
}
