//! What comes in and goes out.

use crate::http::Words;
use entity::value::{BudgetId, Fen, OrderGroupId, OrganisationId, Packs, ProductId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How many packs of a product are meant to be bought.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutInCart {
    /// How many packs, instead of those before; more than zero.
    pub packs: Packs,
}

/// What is put in again.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RepeatOrder {
    /// An order of your organisation.
    pub order_id: OrderGroupId,
}

/// Asking for everything in the cart.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Checkout {
    /// The budget that pays; left out by enterprises only.
    pub budget_id: Option<BudgetId>,
    /// Where the goods go.
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "贵阳市观山湖区林城东路 1 号 机关食堂")]
    pub deliver_to: Words<500>,
    /// What those who decide should know.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1000)]
    pub note: Option<Words<1000>>,
}

/// A product in a cart, as the shelf has it now.
#[derive(Debug, Serialize, ToSchema)]
pub struct CartLine {
    /// The product.
    pub product_id: ProductId,
    /// Its name.
    #[schema(example = "雷山银球茶 250 克")]
    pub product_name: String,
    /// How many packs.
    pub packs: Packs,
    /// The price of a pack now.
    pub unit_price_fen: Fen,
    /// What they cost now.
    pub amount_fen: Fen,
    /// How many packs can be had now; 0 when it is not on the shelf.
    pub available_packs: Packs,
    /// Fewer packs than this are not sold.
    pub min_packs: Packs,
    /// Whether they could be ordered now.
    pub can_be_ordered: bool,
}

/// What is in a cart of one supplier.
#[derive(Debug, Serialize, ToSchema)]
pub struct CartPart {
    /// Who sells.
    pub supplier_id: OrganisationId,
    /// Their name.
    pub supplier_name: String,
    /// What is meant to be bought of them.
    pub lines: Vec<CartLine>,
    /// What that costs now.
    pub total_fen: Fen,
}

/// A cart (购物车).
#[derive(Debug, Serialize, ToSchema)]
pub struct Cart {
    /// What is in it, by supplier.
    pub suppliers: Vec<CartPart>,
    /// What all of it costs now.
    pub total_fen: Fen,
}
