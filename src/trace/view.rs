//! What goes out about a pack.

use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{
    CertificateBasis, CertificateScheme, Grams, LotId, LotStepKind, OrderState, OrganisationId, Packs, SupplierOrderId,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Where a pack comes from, for everybody.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Trace {
    /// The code on the pack, in groups.
    #[schema(example = "7K3M-9Q2A-7K3M-9Q2A-X")]
    pub code: String,
    /// The lot, as it is printed.
    #[schema(example = "L20260302-7K3M9Q")]
    pub lot_code: String,
    /// The product.
    #[schema(example = "修文猕猴桃")]
    pub product: String,
    /// Its category.
    pub category: TracedCategory,
    /// Where it grew.
    pub origin: TracedOrigin,
    /// Who packed it.
    #[schema(example = "修文县猕猴桃专业合作社")]
    pub supplier: String,
    /// When it was packed.
    pub packed_on: NaiveDate,
    /// When what is in it was brought in by those who grew it.
    pub harvest: Option<HarvestDates>,
    /// How many households grew it; null when they are fewer than five, so that none can be told from it.
    #[schema(example = 12)]
    pub households: Option<usize>,
    /// Conformity certificates of the lot (承诺达标合格证).
    pub conformity: Vec<TracedConformity>,
    /// Certificates of the product that hold today.
    pub certificates: Vec<TracedCertificate>,
    /// How it was split, merged or processed, oldest first.
    pub steps: Vec<TracedStep>,
    /// Set when the lot was called back: do not eat or sell it.
    pub recall: Option<TracedRecall>,
}

/// A category in both languages.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TracedCategory {
    /// In Chinese.
    pub name_zh: String,
    /// In English.
    pub name_en: String,
}

/// Where something grew.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TracedOrigin {
    /// The county, as it is called today.
    #[schema(example = "修文县")]
    pub county: String,
    /// Its prefecture.
    pub prefecture: String,
    /// Its province.
    pub province: String,
}

/// From when to when a harvest came in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HarvestDates {
    /// The first day.
    pub first: NaiveDate,
    /// The last.
    pub last: NaiveDate,
}

/// A conformity certificate of the lot.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TracedConformity {
    /// Its number.
    pub number: String,
    /// When it was issued.
    pub issued_on: NaiveDate,
    /// What the promise rests on.
    pub basis: CertificateBasis,
}

/// A certificate of the product.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TracedCertificate {
    /// Under which scheme.
    pub scheme: CertificateScheme,
    /// Who issued it.
    pub issuer: String,
    /// Its number.
    pub number: String,
    /// The last day; null when it does not end.
    pub valid_to: Option<NaiveDate>,
}

/// A step on the way.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TracedStep {
    /// What was done.
    pub kind: LotStepKind,
    /// When.
    pub done_on: NaiveDate,
}

/// A recall, as the public is told.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TracedRecall {
    /// When.
    pub at: DateTime<Utc>,
    /// Why; null where it was made of a lot that was called back.
    pub reason: Option<String>,
}

/// In which form a label is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LabelFormat {
    /// To be printed in any size.
    Svg,
    /// Dots.
    Png,
}

/// Which label is wanted.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LabelQuery {
    /// The form; `svg` when not given.
    #[param(inline)]
    pub format: Option<LabelFormat>,
}

/// What a recall of a lot reaches, or would reach.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RecallReach {
    /// The recalls of this very lot, oldest first.
    pub recalls: Vec<crate::harvest::Recall>,
    /// The lot, and every lot that was made of it.
    pub lots: Vec<ReachedLot>,
    /// The orders that got any of them.
    pub orders: Vec<ReachedOrder>,
}

/// A lot that a recall reaches.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReachedLot {
    /// The lot.
    pub id: LotId,
    /// As it is printed.
    pub code: String,
    /// How much of it has left.
    pub shipped_grams: Grams,
    /// What is left of it.
    pub left_grams: Grams,
    /// When it was called back.
    pub recalled_at: Option<DateTime<Utc>>,
}

/// An order that got something of a lot.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReachedOrder {
    /// The supplier order.
    pub supplier_order_id: SupplierOrderId,
    /// Its number.
    pub number: String,
    /// Where it is.
    pub state: OrderState,
    /// Who ordered.
    pub buyer_id: OrganisationId,
    /// Their name.
    pub buyer: String,
    /// Of which lot.
    pub lot_id: LotId,
    /// How many packs.
    pub packs: Packs,
    /// What they weigh.
    pub grams: Grams,
    /// When they were sent.
    pub shipped_at: DateTime<Utc>,
}
