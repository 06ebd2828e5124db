//! Everything that can go wrong at harvest, and the problem each one is.

use crate::access::AccessError;
use crate::document::DocumentError;
use crate::problem::{self, Describe, FieldProblem, Kind, Problem, Text};
use crate::secrecy::SecrecyError;
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
    LOT_RECALLED = 409 "lot_recalled", "批次已召回", "The lot was called back",
        "已召回的批次不能再发货、拆分、合并或加工；请改用其他批次。",
        "A lot that was called back is neither shipped nor split, merged or processed; use another.";
    LOT_NOT_CERTIFIED = 409 "lot_not_certified", "批次没有有效的承诺达标合格证", "The lot has no valid conformity certificate",
        "请为该批次开具（拆分、合并后须重新开具）合格证（POST /api/v1/lots/{id}/certificates）后再发货。",
        "Issue a certificate for the lot, again after splitting or merging (POST /api/v1/lots/{id}/certificates), then ship.";
    LOT_RETURN_TOO_MUCH = 409 "lot_return_too_much", "退回超过该批次发出的重量", "More is returned than the lot sent out",
        "请按该批次实际发出的重量办理退回。", "Return no more than has left the lot.";
    MASS_NOT_CONSERVED = 422 "mass_not_conserved", "投入与产出的重量不相等", "What went in is not what came out",
        "产出、副产品与损耗之和应等于投入。", "Outputs, by-products and losses add up to what went in.";
    YIELD_EXCEEDED = 422 "yield_exceeded", "产出超过申报的出成率", "More came out than the declared yield allows",
        "请核对重量；确有更高出成率的，请先申报（POST /api/v1/declared-yields）。",
        "Check the weights; where more does come out, declare it first (POST /api/v1/declared-yields).";
    YIELD_UNKNOWN = 422 "yield_unknown", "没有这项出成率申报", "There is no such declared yield",
        "请使用本单位申报的编号（GET /api/v1/declared-yields）。",
        "Use the identifier of a yield you declared (GET /api/v1/declared-yields).";
    LOTS_NOT_ALIKE = 422 "lots_not_alike", "批次与商品不一致", "Lots and products do not match",
        "只能合并同一商品的批次；拆分、合并后的商品应与原批次同品类、同产地。",
        "Merge lots of one product; what a lot is split or merged into has its category and its origin.";
    DELIVERY_FLAGGED = 409 "delivery_flagged", "该笔交售超出农户土地的产能，尚未核实", "The delivery is more than the household's land can yield",
        "请等待县级部门核实（属实后方可入批）。", "It may be packed once the county has accepted it.";
    DELIVERY_REVERSED = 409 "delivery_reversed", "该笔交售已更正", "The delivery was taken back",
        "请使用更正后的交售记录。", "Use the delivery that stands in its place.";
    DELIVERY_PACKED = 409 "delivery_packed", "该笔交售已入批", "The delivery is in a lot already",
        "已入批的交售不能更正；请对批次作召回或如实记录差异。",
        "What is in a lot is no longer corrected; call the lot back, or record the difference as what it is.";
    FLAG_NOT_OPEN = 409 "flag_not_open", "没有待核实的超产预警", "There is no open flag on it",
        "请用 GET /api/v1/deliveries?flag=open 查看待核实的交售。", "See GET /api/v1/deliveries?flag=open for those that wait.";
    CERTIFICATE_EXISTS = 409 "certificate_exists", "该批次已有此编号的合格证", "The lot has a certificate of this number",
        "请使用新的编号。", "Use another number.";
}

/// One row at fault: what kind of fault it is, and where.
#[derive(Debug, Clone)]
pub struct Fault {
    pub(super) kind: &'static Kind,
    /// Where, and what is wrong.
    pub field: FieldProblem,
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
    /// A lot was called back.
    #[error("lot {lot} was called back")]
    LotRecalled {
        /// Which.
        lot: LotId,
    },
    /// A lot has no valid certificate.
    #[error("lot {lot} has no valid certificate")]
    LotNotCertified {
        /// Which.
        lot: LotId,
    },
    /// More is returned to a lot than it sent out.
    #[error("{returned} g returned to lot {lot}, {shipped} g had left it")]
    ReturnTooMuch {
        /// Which.
        lot: LotId,
        /// What had left it.
        shipped: Grams,
        /// What is returned.
        returned: Grams,
    },
    /// What came out is not what went in.
    #[error("{input} g went in, {accounted} g are accounted for")]
    MassNotConserved {
        /// What went in.
        input: Grams,
        /// Outputs, by-products and losses.
        accounted: Grams,
    },
    /// More came out than was declared possible.
    #[error("{output} g came out, {most} g are allowed")]
    YieldExceeded {
        /// What came out.
        output: Grams,
        /// What the declared yield allows.
        most: Grams,
    },
    /// No such declared yield.
    #[error("no such declared yield of the supplier")]
    YieldUnknown,
    /// A delivery was taken back.
    #[error("the delivery was taken back")]
    DeliveryReversed,
    /// A delivery is in a lot.
    #[error("{packed} g of the delivery are in lots")]
    DeliveryPacked {
        /// How much of it.
        packed: Grams,
    },
    /// There is nothing to decide.
    #[error("the delivery has no open flag")]
    NoOpenFlag,
    /// The lot has a certificate of this number.
    #[error("the lot has a certificate of this number")]
    CertificateExists,
    /// Somebody changed it meanwhile.
    #[error("it changed meanwhile")]
    Stale,
    /// A file of somebody else.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// No randomness for a code.
    #[error("making a trace code")]
    Secrecy(#[from] SecrecyError),
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
            Self::LotRecalled { lot } => {
                Problem::new(&LOT_RECALLED, format!("批次 {lot} 已召回。"), format!("Lot {lot} was called back."))
            }
            Self::LotNotCertified { lot } => Problem::new(
                &LOT_NOT_CERTIFIED,
                format!("批次 {lot} 没有有效的承诺达标合格证。"),
                format!("Lot {lot} has no valid conformity certificate."),
            ),
            Self::ReturnTooMuch { lot, shipped, returned } => Problem::new(
                &LOT_RETURN_TOO_MUCH,
                format!("批次 {lot} 已发出 {shipped} 克，退回 {returned} 克。"),
                format!("{shipped} g had left lot {lot}; {returned} g are returned."),
            ),
            Self::MassNotConserved { input, accounted } => Problem::new(
                &MASS_NOT_CONSERVED,
                format!("投入 {input} 克，产出、副产品与损耗合计 {accounted} 克。"),
                format!("{input} g went in; outputs, by-products and losses are {accounted} g."),
            ),
            Self::YieldExceeded { output, most } => Problem::new(
                &YIELD_EXCEEDED,
                format!("产出 {output} 克，按申报的出成率最多 {most} 克。"),
                format!("{output} g came out; the declared yield allows {most} g."),
            ),
            Self::YieldUnknown => Problem::plain(&YIELD_UNKNOWN).at(
                "/yield_id",
                "本单位没有这项申报。",
                "You have declared no such yield.",
            ),
            Self::DeliveryReversed => Problem::plain(&DELIVERY_REVERSED),
            Self::DeliveryPacked { packed } => Problem::new(
                &DELIVERY_PACKED,
                format!("该笔交售已有 {packed} 克入批。"),
                format!("{packed} g of the delivery are in lots."),
            ),
            Self::NoOpenFlag => Problem::plain(&FLAG_NOT_OPEN),
            Self::CertificateExists => Problem::plain(&CERTIFICATE_EXISTS),
            Self::Stale => Problem::plain(&problem::STALE),
            Self::Document(error) => error.problem(),
            Self::Secrecy(_) => Problem::internal(),
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
