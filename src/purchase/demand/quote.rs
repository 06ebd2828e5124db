//! Whether a quotation answers its demand, what it comes to, and how several compare: pure.

use super::sealed::Price;
use crate::problem::{FieldProblem, Text};
use entity::value::{Fen, OrganisationId, Overflow, ProductId, ProductState};
use entity::{demand_line, product};
use std::collections::{HashMap, HashSet};

/// What is wrong with a quotation, if anything: every line is priced once, within its ceiling, with a product of the
/// supplier's that is on the shelf.
pub(super) fn faults(
    lines: &[demand_line::Model],
    prices: &[Price],
    supplier: OrganisationId,
    products: &HashMap<ProductId, product::Model>,
) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    let mut fault = |pointer: String, zh: &'static str, en: &'static str| {
        faults.push(FieldProblem { pointer, detail: Text::new(zh, en) });
    };
    let (mut priced, mut offered) = (HashSet::new(), HashSet::new());
    for (index, price) in prices.iter().enumerate() {
        let at = |field: &str| format!("/prices/{index}/{field}");
        let line = lines.iter().find(|line| line.line_no == price.line_no);
        if line.is_none() || !priced.insert(price.line_no) {
            fault(at("line_no"), "求购没有这一行，或已报价。", "There is no such line, or it has a price already.");
        }
        if price.unit_price_fen.is_zero() {
            fault(at("unit_price_fen"), "单价应大于零。", "The price is more than zero.");
        }
        if line.and_then(|line| line.ceiling_fen).is_some_and(|most| price.unit_price_fen > most) {
            fault(at("unit_price_fen"), "单价超过最高限价。", "The price is above the ceiling.");
        }
        let is_own = products
            .get(&price.product_id)
            .is_some_and(|row| row.supplier_id == supplier && row.state == ProductState::OnShelf);
        if !is_own || !offered.insert(price.product_id) {
            let (zh, en) = (
                "请选择本单位在架的商品，每件商品只报一行。",
                "Offer a product of yours that is on the shelf, each for one line.",
            );
            fault(at("product_id"), zh, en);
        }
    }
    if lines.iter().any(|line| !priced.contains(&line.line_no)) {
        fault("/prices".to_owned(), "每一行都应报价。", "Every line has a price.");
    }
    faults
}

/// What a quotation comes to.
pub(super) fn total(lines: &[demand_line::Model], prices: &[Price]) -> Result<Fen, Overflow> {
    let mut amounts = Vec::with_capacity(prices.len());
    for price in prices {
        let packs = lines.iter().find(|line| line.line_no == price.line_no).map_or(0, |line| line.packs.get());
        amounts.push(price.unit_price_fen.checked_mul(packs)?);
    }
    Fen::checked_sum(amounts)
}

/// The place of a total among all, from 1; equal totals have equal places.
pub(super) fn rank(total: Fen, all: &[Fen]) -> usize {
    1 + all.iter().filter(|other| **other < total).count()
}
