//! What comes in and goes out about freight.

use super::rate::Rate;
use chrono::{DateTime, Utc};
use entity::value::{AreaCode, Fen, FreightTemplateId, Grams, OrganisationId, Packs, ProductId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One rate (运费规则).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FreightRate {
    /// The provinces it holds for, by their codes; empty for everywhere else.
    #[serde(default)]
    #[schema(max_items = 34, example = json!(["110000", "120000"]))]
    pub provinces: Vec<AreaCode>,
    /// The weight of the first step (首重).
    pub first_grams: Grams,
    /// What that costs.
    pub first_fen: Fen,
    /// The weight of each further step; one that was begun counts (续重).
    pub next_grams: Grams,
    /// What each costs.
    pub next_fen: Fen,
    /// From this value of goods on it costs nothing (满额包邮).
    pub free_from_fen: Option<Fen>,
}

/// A new freight template (运费模板).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddFreightTemplate {
    /// Its name.
    #[schema(min_length = 1, max_length = 100, example = "常温快递")]
    pub name: String,
    /// Its rates; at most one for everywhere else.
    #[schema(min_items = 1, max_items = 40)]
    pub rates: Vec<FreightRate>,
}

/// A freight template.
#[derive(Debug, Serialize, ToSchema)]
pub struct FreightTemplate {
    /// Its identifier.
    pub id: FreightTemplateId,
    /// Its name.
    #[schema(example = "常温快递")]
    pub name: String,
    /// Its rates.
    pub rates: Vec<FreightRate>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// A supplier's templates.
#[derive(Debug, Serialize, ToSchema)]
pub struct FreightTemplates {
    /// Newest first.
    pub items: Vec<FreightTemplate>,
}

/// One line to be carried.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FreightLine {
    /// The product.
    pub product_id: ProductId,
    /// How many packs.
    pub packs: Packs,
}

/// What is to be carried, and where to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskFreight {
    /// The place: the code of its county, prefecture or province.
    pub deliver_to_code: AreaCode,
    /// What.
    #[schema(min_items = 1, max_items = 100)]
    pub lines: Vec<FreightLine>,
}

/// What is carried together.
#[derive(Debug, Serialize, ToSchema)]
pub struct FreightPart {
    /// Who sends it.
    pub supplier_id: OrganisationId,
    /// By which template; null where carriage is in the price.
    pub template_id: Option<FreightTemplateId>,
    /// What it weighs, net.
    pub weight_grams: Grams,
    /// The value of the goods.
    pub goods_fen: Fen,
    /// What carrying it costs.
    pub freight_fen: Fen,
}

/// What carrying costs.
#[derive(Debug, Serialize, ToSchema)]
pub struct FreightQuote {
    /// What is carried together.
    pub parts: Vec<FreightPart>,
    /// The value of all goods.
    pub goods_fen: Fen,
    /// What carrying them costs.
    pub freight_fen: Fen,
}

impl From<&FreightRate> for Rate {
    fn from(rate: &FreightRate) -> Self {
        let province = |code: &AreaCode| code.as_str().get(..2).unwrap_or_default().to_owned();
        Self {
            provinces: rate.provinces.iter().map(province).collect(),
            first_grams: rate.first_grams,
            first_fen: rate.first_fen,
            next_grams: rate.next_grams,
            next_fen: rate.next_fen,
            free_from_fen: rate.free_from_fen,
        }
    }
}

impl From<&Rate> for FreightRate {
    fn from(rate: &Rate) -> Self {
        Self {
            provinces: rate.provinces.iter().filter_map(|own| AreaCode::parse(&format!("{own}0000")).ok()).collect(),
            first_grams: rate.first_grams,
            first_fen: rate.first_fen,
            next_grams: rate.next_grams,
            next_fen: rate.next_fen,
            free_from_fen: rate.free_from_fen,
        }
    }
}
