//! Where a page ended, as text that a client carries to the next request.
//!
//! Promises: what [`Cursor`] writes it reads back, and nothing a client makes up does more than start elsewhere.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use entity::value::id::ProductId;

use crate::search::engine::Sort;

/// How far into a relevance list a client may go: each page computes all pages before it.
const DEEPEST_OFFSET: usize = 10_000;

/// A place in one step of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// How lenient the search was when it found something; a later page must not be stricter.
    pub step: usize,
    /// Where the page ended.
    pub place: Place,
}

/// Where a page ended, in the terms of its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// By relevance: so many before.
    Offset(usize),
    /// In any other order: after this product, whose key in that order is this.
    After(Sort, i64, ProductId),
}

impl Place {
    /// Whether it was made in this order.
    pub fn fits(&self, order: Sort) -> bool {
        match self {
            Self::Offset(_) => order == Sort::Relevance,
            Self::After(made, ..) => *made == order,
        }
    }
}

/// The letter of an order, of those that go on after a product.
const ORDERS: [(&str, Sort); 4] =
    [("n", Sort::Newest), ("p", Sort::PricePerKilogram), ("s", Sort::Sales), ("h", Sort::Households)];

impl Cursor {
    /// Reads what [`Cursor`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let parts: Vec<&str> = text.split('~').collect();
        let (step, place) = match parts[..] {
            ["r", step, offset] => {
                (step, Place::Offset(offset.parse().ok().filter(|offset| *offset <= DEEPEST_OFFSET)?))
            }
            [letter, step, key, id] => {
                let (_, order) = ORDERS.iter().find(|(known, _)| *known == letter)?;
                (step, Place::After(*order, key.parse().ok()?, id.parse().ok()?))
            }
            _ => return None,
        };
        Some(Self { step: step.parse().ok()?, place })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step = self.step;
        let text = match self.place {
            Place::Offset(offset) => format!("r~{step}~{offset}"),
            Place::After(order, key, id) => {
                let letter = ORDERS.iter().find(|(_, known)| *known == order).map_or("n", |(letter, _)| letter);
                format!("{letter}~{step}~{key}~{id}")
            }
        };
        f.write_str(&URL_SAFE_NO_PAD.encode(text))
    }
}
