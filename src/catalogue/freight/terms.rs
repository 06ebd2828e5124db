//! What is agreed on beside the price when products are ordered: by which rates they travel, and how many one buyer
//! gets, or all of them together (销售条件). Asked together with what other rooms want to know, in one statement.

use super::rate::Rate;
use super::store;
use crate::catalogue::product;
use crate::db::facts::{self, Fact, Question};
use entity::value::{Fen, FreightTemplateId, Grams, Overflow, Packs, ProductId};
use std::collections::HashMap;

/// The terms of products that are ordered together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SaleTerms {
    /// By which template each travels; those that are not named travel in the price (包邮).
    pub templates: HashMap<ProductId, FreightTemplateId>,
    /// The most packs one buyer gets of each in a calendar month (限购).
    pub limits: HashMap<ProductId, Packs>,
    /// The most packs all buyers get of each in a calendar month (月供应能力).
    pub capacities: HashMap<ProductId, Packs>,
    /// The rates of those templates.
    pub rates: HashMap<FreightTemplateId, Vec<Rate>>,
}

impl SaleTerms {
    /// Asks for the terms of products; [`SaleTerms::among`] reads the answers.
    #[must_use]
    pub fn questions(products: &[ProductId]) -> [Question; 2] {
        [product::sale_terms(products), store::rates_of_products(products)]
    }

    /// The terms that were asked for.
    ///
    /// # Errors
    /// [`Overflow`] for a number out of range.
    pub fn among(found: &[Fact]) -> Result<Self, Overflow> {
        let mut terms = Self::default();
        for fact in facts::of(found, product::SALE_TERMS) {
            let product = ProductId::from_uuid(fact.subject);
            if fact.other != fact.subject {
                terms.templates.insert(product, FreightTemplateId::from_uuid(fact.other));
            }
            if let Some(limit) = fact.n1 {
                terms.limits.insert(product, Packs::new(limit)?);
            }
            if let Some(capacity) = fact.n2 {
                terms.capacities.insert(product, Packs::new(capacity)?);
            }
        }
        for fact in facts::of(found, store::RATES) {
            let rate = Rate {
                provinces: store::read_provinces(fact.t1.as_deref().unwrap_or_default()),
                first_grams: Grams::new(fact.n1.unwrap_or_default())?,
                first_fen: Fen::new(fact.n2.unwrap_or_default())?,
                next_grams: Grams::new(fact.n3.unwrap_or_default())?,
                next_fen: Fen::new(fact.n4.unwrap_or_default())?,
                free_from_fen: fact.n5.map(Fen::new).transpose()?,
            };
            terms.rates.entry(FreightTemplateId::from_uuid(fact.subject)).or_default().push(rate);
        }
        Ok(terms)
    }
}
