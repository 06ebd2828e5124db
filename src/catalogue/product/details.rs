//! What is known of a product beside the row that orders lock (商品档案): kind, packing, season, limits, carriage.
//!
//! Promises: a product without a sheet is shown with the defaults. Pure.

use super::alike::{Marks, same_key};
use crate::catalogue::check::{BadFields, Check};
use crate::config::ReviewPart as Part;
use entity::value::{AreaCode, FreightTemplateId, OffReason, Packs, ProductKind, StorageKind};
use entity::{product, product_sheet};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a supplier says of a product beside name, weight and price. What is absent has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Details {
    /// What it is made of, roughly; `primary` when not said.
    pub kind: ProductKind,
    /// The unit a pack is sold in (计量单位).
    #[schema(max_length = 10, example = "盒")]
    pub pack_unit: String,
    /// Pieces in a pack, where they are counted.
    #[schema(minimum = 1, maximum = 1_000_000, example = 10)]
    pub pieces: Option<i64>,
    /// Its brand (品牌).
    #[schema(max_length = 100, example = "佛顶山")]
    pub brand: Option<String>,
    /// Its taste, grade or variety (口味、等级).
    #[schema(max_length = 100, example = "一级")]
    pub taste: Option<String>,
    /// How it is packed (包装).
    #[schema(max_length = 100, example = "铁罐")]
    pub packaging: Option<String>,
    /// The county in which it is processed (加工地), where that is another than the origin.
    pub processing_county_code: Option<AreaCode>,
    /// The most packs one buyer gets in a calendar month (限购).
    pub buyer_limit_packs: Option<Packs>,
    /// The months in which it can be had, 1–12; empty for all year (供应季).
    #[schema(max_items = 12, example = json!([3, 4, 5]))]
    pub season_months: Vec<u8>,
    /// How many packs can be had in a calendar month (月供应能力). What all buyers order in one goes no further; what is
    /// left in store when the season is over is sold within it too.
    pub monthly_capacity_packs: Option<Packs>,
    /// How it wants to be kept (贮存条件); `ambient` when not said.
    pub storage: StorageKind,
    /// What carrying it costs; without one, carriage is in the price (包邮).
    pub freight_template_id: Option<FreightTemplateId>,
    /// Whether approval puts it on the shelf at once; otherwise it is `ready` until its supplier does. True when not
    /// said.
    pub lists_on_approval: bool,
}

impl Default for Details {
    fn default() -> Self {
        Self {
            kind: ProductKind::Primary,
            pack_unit: "件".to_owned(),
            pieces: None,
            brand: None,
            taste: None,
            packaging: None,
            processing_county_code: None,
            buyer_limit_packs: None,
            season_months: Vec::new(),
            monthly_capacity_packs: None,
            storage: StorageKind::Ambient,
            freight_template_id: None,
            lists_on_approval: true,
        }
    }
}

/// The months of a calendar as bits, January the lowest; nothing for all year.
fn bits_of(months: &[u8]) -> i32 {
    months.iter().filter(|month| (1..=12).contains(*month)).fold(0, |bits, month| bits | (1 << (month - 1)))
}

/// The months that these bits say, in order.
pub(super) fn months_of(bits: i32) -> Vec<u8> {
    (1..=12_u8).filter(|month| bits & (1 << (month - 1)) != 0).collect()
}

fn trimmed(text: &Option<String>) -> Option<String> {
    text.as_deref().map(|text| text.trim().to_owned())
}

impl Details {
    pub(super) fn check(&self) -> Result<(), BadFields> {
        const LONGEST: usize = 100;
        let at_least_one = |packs: Option<Packs>| packs.is_none_or(|packs| !packs.is_zero());
        let mut months = self.season_months.clone();
        months.sort_unstable();
        months.dedup();
        let are_months = months.len() == self.season_months.len() && months.iter().all(|m| (1..=12).contains(m));
        Check::new()
            .text("/details/pack_unit", &self.pack_unit, 10)
            .text_if_any("/details/brand", self.brand.as_deref(), LONGEST)
            .text_if_any("/details/taste", self.taste.as_deref(), LONGEST)
            .text_if_any("/details/packaging", self.packaging.as_deref(), LONGEST)
            .that(
                self.pieces.is_none_or(|pieces| (1..=1_000_000).contains(&pieces)),
                "/details/pieces",
                "应在 1 至 1000000 之间。",
                "It is between 1 and 1000000.",
            )
            .that(
                at_least_one(self.buyer_limit_packs),
                "/details/buyer_limit_packs",
                "限购至少为 1 件。",
                "A limit is at least 1 pack.",
            )
            .that(
                at_least_one(self.monthly_capacity_packs),
                "/details/monthly_capacity_packs",
                "月供应能力至少为 1 件。",
                "A capacity is at least 1 pack.",
            )
            .that(
                are_months,
                "/details/season_months",
                "应为 1 至 12 的月份，不重复。",
                "Months between 1 and 12 are expected, each once.",
            )
            .done()
    }

    /// The row of these details for a product; `processing` is the county by its code of today.
    pub(super) fn row(
        &self,
        product: &product::Model,
        processing: Option<AreaCode>,
        off_reason: Option<OffReason>,
    ) -> product_sheet::Model {
        let marks = Marks {
            category: &product.category_code,
            name: &product.name,
            brand: self.brand.as_deref(),
            taste: self.taste.as_deref(),
            pack: product.pack_grams,
            pieces: self.pieces,
        };
        product_sheet::Model {
            product_id: product.id,
            supplier_id: product.supplier_id,
            kind: self.kind,
            pack_unit: self.pack_unit.trim().to_owned(),
            pieces: self.pieces,
            brand: trimmed(&self.brand),
            taste: trimmed(&self.taste),
            packaging: trimmed(&self.packaging),
            processing_county_code: processing,
            buyer_limit_packs: self.buyer_limit_packs,
            season_months: bits_of(&self.season_months),
            monthly_capacity_packs: self.monthly_capacity_packs,
            storage: self.storage,
            freight_template_id: self.freight_template_id,
            lists_on_approval: self.lists_on_approval,
            same_key: same_key(&marks),
            off_reason,
        }
    }
}

impl From<&product_sheet::Model> for Details {
    fn from(row: &product_sheet::Model) -> Self {
        let product_sheet::Model {
            product_id: _,
            supplier_id: _,
            kind,
            pack_unit,
            pieces,
            brand,
            taste,
            packaging,
            processing_county_code,
            buyer_limit_packs,
            season_months,
            monthly_capacity_packs,
            storage,
            freight_template_id,
            lists_on_approval,
            same_key: _,
            off_reason: _,
        } = row.clone();
        Self {
            kind,
            pack_unit,
            pieces,
            brand,
            taste,
            packaging,
            processing_county_code,
            buyer_limit_packs,
            season_months: months_of(season_months),
            monthly_capacity_packs,
            storage,
            freight_template_id,
            lists_on_approval,
        }
    }
}

/// Which parts differ between two versions of the details.
pub(super) fn changed_parts(before: &Details, after: &Details) -> Vec<Part> {
    let rules =
        |d: &Details| (d.buyer_limit_packs, d.season_months.clone(), d.monthly_capacity_packs, d.freight_template_id);
    let packing = |d: &Details| {
        let Details { kind, pack_unit, pieces, brand, taste, packaging, processing_county_code, storage, .. } =
            d.clone();
        (kind, pack_unit, pieces, brand, taste, packaging, processing_county_code, storage)
    };
    let mut parts = Vec::new();
    if rules(before) != rules(after) {
        parts.push(Part::Rules);
    }
    if packing(before) != packing(after) {
        parts.push(Part::Packing);
    }
    parts
}
