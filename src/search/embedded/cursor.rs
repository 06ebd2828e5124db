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
    /// By age: after this one, the newest first.
    After(ProductId),
    /// By price: above this price, or at it and after this one.
    Above(i64, ProductId),
}

impl Place {
    /// Whether it was made in this order.
    pub const fn fits(&self, sort: Sort) -> bool {
        matches!(
            (self, sort),
            (Self::Offset(_), Sort::Relevance)
                | (Self::After(_), Sort::Newest)
                | (Self::Above(..), Sort::PricePerKilogram)
        )
    }
}

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
            ["n", step, id] => (step, Place::After(id.parse().ok()?)),
            ["p", step, price, id] => (step, Place::Above(price.parse().ok()?, id.parse().ok()?)),
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
            Place::After(id) => format!("n~{step}~{id}"),
            Place::Above(price, id) => format!("p~{step}~{price}~{id}"),
        };
        f.write_str(&URL_SAFE_NO_PAD.encode(text))
    }
}
