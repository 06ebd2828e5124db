//! Everything that can go wrong at harvest, and the problem each one is.

use crate::access::AccessError;
use crate::problem::{self, Describe, FieldProblem, Kind, Problem, Text};
use entity::value::{Grams, LotId, Overflow};
use sea_orm::DbErr;

problem::kinds! {
    AGREEMENT_UNKNOWN = 422 "agreement_unknown", "没有这份收购协议", "There is no such purchase agreement",
        "请使用本单位订单收购协议的编号（GET /api/v1/agreements?mode=produce_purchase）。",
        "Use the identifier of a produce agreement of yours (GET /api/v1/agreements?mode=produce_purchase).";
    AGREEMENT_NOT_IN_FORCE = 422 "agreement_not_in_force", "协议在当日不生效", "The agreement does not hold on that day",
        "交售日期应在协议期限之内。", "The day of delivery lies within the term of the agreement.";
    PRICE_BELOW_AGREEMENT = 422 "price_below_agreement", "收购价低于协议保底价", "The price is below the agreed floor price",
        "请按不低于协议约定的保底收购价记录。", "Record a price that is not below the floor price of the agreement.";
    DELIVERY_UNKNOWN = 422 "delivery_unknown", "没有这笔交售", "There is no such delivery",
        "请使用本单位交售记录的编号（GET /api/v1/deliveries）。",
        "Use the identifier of a delivery of yours (GET /api/v1/deliveries).";
    DELIVERY_OVERPACKED = 409 "delivery_overpacked", "超过该笔交售的剩余重量", "It is more than is left of the delivery",
        "请按交售记录中尚未入批的重量装批。", "Pack no more than what is not yet in lots.";
    LOT_PRODUCT_UNKNOWN = 422 "lot_product_unknown", "没有这个商品", "There is no such product",
        "请使用本单位商品的编号（GET /api/v1/products）。", "Use the identifier of a product of yours (GET /api/v1/products).";
    LOT_UNKNOWN = 422 "lot_unknown", "没有这个批次", "There is no such lot",
        "请使用本单位批次的编号（GET /api/v1/lots）。", "Use the identifier of a lot of yours (GET /api/v1/lots).";
    LOT_EXHAUSTED = 409 "lot_exhausted", "批次剩余重量不足", "Not enough is left of the lot",
        "请减少重量或改用其他批次。", "Take less, or another lot.";
}

/// One row at fault: what kind of fault it is, and where.
#[derive(Debug, Clone)]
pub struct Fault {
    pub(super) kind: &'static Kind,
    pub(super) field: FieldProblem,
}

/// Why the harvest refuses.
#[derive(Debug, thiserror::Error)]
pub enum HarvestError {
    /// Not there, or out of reach.
    #[error("nothing of the harvest in reach")]
    NotFound,
    /// Rows at fault.
    #[error("{} rows are not acceptable", .0.len())]
    Faults(Vec<Fault>),
    /// The product is not the supplier's.
    #[error("no such product of the supplier")]
    ProductUnknown,
    /// A lot that does not exist.
    #[error("no lot {lot}")]
    LotUnknown {
        /// Which.
        lot: LotId,
    },
    /// More is wanted of a lot than is left.
    #[error("{wanted} g wanted of lot {lot}, {left} g left")]
    LotExhausted {
        /// Which.
        lot: LotId,
        /// What is left of it.
        left: Grams,
        /// What is wanted.
        wanted: Grams,
    },
    /// Two lots got the same printed code.
    #[error("a lot code was given twice")]
    CodeTaken,
    /// An amount or quantity out of range.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// The role may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for HarvestError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Faults(faults) => {
                // One kind for the whole answer: the first's. Each row says for itself what is wrong.
                let kind = faults.first().map_or(&problem::INVALID_FIELDS, |fault| fault.kind);
                let mut refused = Problem::plain(kind);
                refused.errors = faults.iter().map(|fault| fault.field.clone()).collect();
                refused
            }
            Self::ProductUnknown => Problem::plain(&LOT_PRODUCT_UNKNOWN).at(
                "/product_id",
                "本单位没有这个商品。",
                "You have no such product.",
            ),
            Self::LotUnknown { lot } => {
                Problem::new(&LOT_UNKNOWN, format!("没有批次 {lot}。"), format!("There is no lot {lot}."))
            }
            Self::LotExhausted { lot, left, wanted } => Problem::new(
                &LOT_EXHAUSTED,
                format!("批次 {lot} 剩余 {left} 克，需要 {wanted} 克。"),
                format!("Lot {lot} has {left} g left; {wanted} g are wanted."),
            ),
            Self::CodeTaken => Problem::plain(&problem::BUSY),
            Self::Overflow(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}

/// A row at fault.
pub(super) fn fault(
    kind: &'static Kind,
    pointer: String,
    zh: impl Into<std::borrow::Cow<'static, str>>,
    en: impl Into<std::borrow::Cow<'static, str>>,
) -> Fault {
    Fault { kind, field: FieldProblem { pointer, detail: Text::new(zh, en) } }
}

/// A field that contradicts the rules by itself.
pub(super) fn invalid(pointer: String, zh: &'static str, en: &'static str) -> Fault {
    fault(&problem::INVALID_FIELDS, pointer, zh, en)
}
