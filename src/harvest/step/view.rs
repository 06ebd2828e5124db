//! What comes in and goes out about steps.

use crate::harvest::lot::view::LotSummary;
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{BasisPoints, DeclaredYieldId, DeliveryId, Grams, LotId, LotStepId, LotStepKind, ProductId};
use entity::{declared_yield, lot_step, lot_step_input};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is taken of a lot.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LotPortion {
    /// The lot.
    pub lot_id: LotId,
    /// How much of it, above zero.
    pub grams: Grams,
}

/// What is taken of a delivery.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliveryPortion {
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// How much of it, above zero.
    pub grams: Grams,
}

/// A lot that comes out of a step.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOutput {
    /// Your product that it is.
    pub product_id: ProductId,
    /// What it weighs, above zero.
    pub grams: Grams,
}

/// A lot to be split; what is not named stays in it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitLot {
    /// The lot.
    pub lot_id: LotId,
    /// What it is split into: products of the same category and origin, such as other packs.
    #[schema(min_items = 1, max_items = 50)]
    pub outputs: Vec<NewOutput>,
    /// When; not in the future.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub done_on: NaiveDate,
    /// What there is to say about it.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub note: Option<String>,
}

/// Lots of one product to be merged into one.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeLots {
    /// What is taken of which lot.
    #[schema(min_items = 2, max_items = 50)]
    pub inputs: Vec<LotPortion>,
    /// When; not in the future.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub done_on: NaiveDate,
    /// What there is to say about it.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub note: Option<String>,
}

/// Lots and deliveries to be processed into other lots.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProcessLots {
    /// The yield you declared for this kind of processing.
    pub yield_id: DeclaredYieldId,
    /// What is taken of which lot.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub lots: Vec<LotPortion>,
    /// What is taken of which delivery.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub deliveries: Vec<DeliveryPortion>,
    /// What comes out; no more than the declared yield of what went in.
    #[schema(min_items = 1, max_items = 50)]
    pub outputs: Vec<NewOutput>,
    /// What comes out besides, such as bran or pomace.
    #[serde(default)]
    #[schema(max_length = 100, example = "米糠")]
    pub byproduct: Option<String>,
    /// What that weighs.
    pub byproduct_grams: Grams,
    /// What was lost: water, dust, spoilt.
    pub loss_grams: Grams,
    /// When; not in the future.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub done_on: NaiveDate,
    /// What there is to say about it.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub note: Option<String>,
}

/// What went into a step: part of a lot, or of a delivery.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StepInput {
    /// The lot.
    pub lot_id: Option<LotId>,
    /// Or the delivery.
    pub delivery_id: Option<DeliveryId>,
    /// How much of it.
    pub grams: Grams,
}

/// A step: lots that became other lots.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LotStep {
    /// Its identifier.
    pub id: LotStepId,
    /// What was done.
    pub kind: LotStepKind,
    /// The declared yield, for processing.
    pub yield_id: Option<DeclaredYieldId>,
    /// What went in.
    pub input_grams: Grams,
    /// What came out as lots.
    pub output_grams: Grams,
    /// What came out besides.
    pub byproduct_grams: Grams,
    /// What was lost.
    pub loss_grams: Grams,
    /// What the by-product is.
    pub byproduct: Option<String>,
    /// What was said about it.
    pub note: Option<String>,
    /// When it was done.
    pub done_on: NaiveDate,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
    /// What went in, part by part.
    pub inputs: Vec<StepInput>,
    /// The lots that came out.
    pub outputs: Vec<LotSummary>,
}

/// Where a lot comes from and what became of it, as far as there is something (批次谱系).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LotFamily {
    /// The lot.
    pub lot: LotSummary,
    /// The lots it was made of, nearest first.
    pub ancestors: Vec<LotSummary>,
    /// The lots that were made of it, nearest first.
    pub descendants: Vec<LotSummary>,
    /// The steps between them.
    pub steps: Vec<LotStep>,
}

/// A yield to be declared.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclareYield {
    /// Which kind of processing.
    #[schema(min_length = 1, max_length = 100, example = "鲜叶制绿茶")]
    pub process: String,
    /// The most that comes out of what goes in, in ten-thousandths.
    pub yield_bp: BasisPoints,
    /// The trial or standard it follows from.
    #[schema(min_length = 1, max_length = 200, example = "2026 年 3 月 10 批实测，4.2 至 4.6 公斤鲜叶制 1 公斤")]
    pub basis: String,
}

/// A declared yield (出成率申报).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeclaredYield {
    /// Its identifier.
    pub id: DeclaredYieldId,
    /// Which kind of processing.
    #[schema(example = "鲜叶制绿茶")]
    pub process: String,
    /// The most that comes out of what goes in, in ten-thousandths.
    pub yield_bp: BasisPoints,
    /// What it follows from.
    pub basis: String,
    /// When it was declared.
    pub created_at: DateTime<Utc>,
}

impl From<declared_yield::Model> for DeclaredYield {
    fn from(row: declared_yield::Model) -> Self {
        let declared_yield::Model { id, supplier_id: _, process, yield_bp, basis, declared_by: _, created_at } = row;
        Self { id, process, yield_bp, basis, created_at }
    }
}

impl LotStep {
    pub(super) fn of(row: lot_step::Model, inputs: Vec<lot_step_input::Model>, outputs: Vec<LotSummary>) -> Self {
        let lot_step::Model {
            id,
            supplier_id: _,
            kind,
            yield_id,
            input_grams,
            output_grams,
            byproduct_grams,
            loss_grams,
            byproduct,
            note,
            done_on,
            recorded_by: _,
            created_at,
        } = row;
        let inputs = inputs.into_iter().map(|input| StepInput {
            lot_id: input.lot_id,
            delivery_id: input.delivery_id,
            grams: input.grams,
        });
        Self {
            id,
            kind,
            yield_id,
            input_grams,
            output_grams,
            byproduct_grams,
            loss_grams,
            byproduct,
            note,
            done_on,
            created_at,
            inputs: inputs.collect(),
            outputs,
        }
    }
}
