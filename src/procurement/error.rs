//! Everything that can go wrong with an order, and the problem each one is.

use super::state::NoSuchStep;
use crate::access::AccessError;
use crate::approval::ApprovalError;
use crate::budget::BudgetError;
use crate::catalogue::{CatalogueError, FreightError};
use crate::document::DocumentError;
use crate::harvest::HarvestError;
use crate::ledger::LedgerError;
use crate::problem::{self, Describe, Kind, Problem, kinds};
use crate::referral::ReferralError;
use entity::value::{Fen, Overflow, Packs, ReturnState};
use sea_orm::DbErr;

kinds! {
    DUPLICATE_PRODUCT = 422 "duplicate_product", "同一商品出现多次", "A product is ordered twice",
        "同一商品请合并为一行。", "Put all packs of a product on one line.";
    BUDGET_REQUIRED = 422 "budget_required", "缺少预算", "A budget is required",
        "预算单位、工会与食堂承包方下单须指定预算（GET /api/v1/budgets）。",
        "Units, trade unions and canteen contractors name the budget that pays (GET /api/v1/budgets).";
    BUDGET_UNKNOWN = 422 "budget_unknown", "没有这项预算", "There is no such budget",
        "请使用本单位预算的编号（GET /api/v1/budgets）；企业采购不填预算。",
        "Use the identifier of a budget of yours (GET /api/v1/budgets); enterprises name none.";
    SUPPLIER_WITHOUT_PLAN = 422 "supplier_without_plan", "供应商没有生效的收益分配方案", "The supplier has no attribution plan in force",
        "请选择其他供应商，或请供应商先提交收益分配方案并经县级审批。",
        "Choose another supplier, or ask this one to have its attribution plan approved first.";
    SHIPMENT_INCOMPLETE = 422 "shipment_incomplete", "发货批次与订单数量不符", "The lots do not make up the order",
        "每一行各批次件数之和应等于待发件数；分批发货请填写 partial。",
        "The packs of each line's lots add up to the packs due; say partial when more is to follow.";
    LOT_WRONG_PRODUCT = 422 "lot_wrong_product", "批次不是该行的商品", "The lot is of another product",
        "请选择该行商品的批次。", "Choose a lot of the product on that line.";
    ACCEPTANCE_INCOMPLETE = 422 "acceptance_incomplete", "验收单与发货不符", "The acceptance does not fit the shipment",
        "请逐行列出验收件数，每行一次，且不多于发货件数。",
        "Name every line once, with no more packs than were shipped.";
    REFUSAL_REASON_REQUIRED = 422 "refusal_reason_required", "缺少拒收原因", "The reason for refusing packs is missing",
        "验收件数少于发货件数时须说明原因。", "Say why, where fewer packs are accepted than were shipped.";
    SHIPMENT_UNCLEAR = 422 "shipment_unclear", "没有说明验收的是哪一批发货", "Which shipment is accepted is not clear",
        "订单有几批待验收的发货，请填写 shipment 序号；已验收的不再验收。",
        "Name the shipment by its number: several are under way, or this one was judged before.";
    QUANTITY_EXCEEDED = 422 "quantity_exceeded", "数量超过可处理的数量", "More packs than there are",
        "请按订单明细中尚可处理的件数填写。", "Take at most what the line still has of it.";
    PAYMENT_EXTENDED = 409 "payment_extended", "付款期限已延长过一次", "The payment was put off before",
        "请在延长后的期限内付款。", "Pay within the time that was added.";
    RETURN_TOO_LATE = 409 "return_too_late", "已过退货期限", "The time for returns is over",
        "请与供应商协商折让。", "Ask the supplier for an allowance instead.";
    CREDIT_EXCEEDED = 422 "credit_exceeded", "退款金额超过可退金额", "More would be credited than was accepted",
        "退款与折让合计不得超过该行已验收的金额。", "Credits of a line add up to at most what was accepted of it.";
    APPROVAL_REQUIRED = 409 "approval_required", "该采购须经审批", "The purchase needs approval",
        "请提交采购申请（POST /api/v1/purchase-requests），审批通过后自动下单；订单没有生成，库存与预算没有占用。",
        "Ask for it with POST /api/v1/purchase-requests: it becomes an order once approved. Nothing was ordered or bound.";
    PRICE_CHANGED = 409 "price_changed", "价格已变动", "A price has changed",
        "请按现价重新提交。", "Ask for it again at the prices of now.";
}

/// Why an order was not placed or not changed.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// There is no such order, or it is out of reach.
    #[error("no such order in reach")]
    NotFound,
    /// Somebody changed it meanwhile.
    #[error("the order changed meanwhile")]
    Stale,
    /// Its state knows no such step.
    #[error(transparent)]
    WrongState(#[from] NoSuchStep),
    /// A field that is not acceptable by itself.
    #[error("{pointer} is not acceptable: {en}")]
    Field {
        /// JSON pointer.
        pointer: String,
        /// Why, in Chinese.
        zh: &'static str,
        /// Why, in English.
        en: &'static str,
    },
    /// A product on two lines.
    #[error("line {line} repeats a product")]
    DuplicateProduct {
        /// The second line, from 0.
        line: usize,
    },
    /// A buyer that needs a budget named none.
    #[error("the buyer needs a budget")]
    BudgetRequired,
    /// The budget is not the buyer's.
    #[error("the buyer has no such budget")]
    BudgetUnknown,
    /// Suppliers without a plan in force.
    #[error("lines {lines:?} are of suppliers without a plan")]
    SupplierWithoutPlan {
        /// Their lines, from 0.
        lines: Vec<usize>,
    },
    /// Lots that do not make up the order.
    #[error("{} lines are not shipped as ordered", .0.len())]
    ShipmentIncomplete(Vec<ShortLine>),
    /// Lots of other products.
    #[error("lots {lots:?} are of other products")]
    LotWrongProduct {
        /// Their places in the request, from 0.
        lots: Vec<usize>,
    },
    /// Lines that are missing, repeated, unknown, or accepted beyond what was shipped.
    #[error("the acceptance does not fit the shipment at {pointer}")]
    AcceptanceIncomplete {
        /// Where.
        pointer: String,
        /// Why, in Chinese.
        zh: &'static str,
        /// Why, in English.
        en: &'static str,
    },
    /// Packs refused without a reason.
    #[error("lines {lines:?} lack a reason")]
    ReasonMissing {
        /// Their places in the request, from 0.
        lines: Vec<usize>,
    },
    /// Which shipment is meant is not clear, or it was judged before.
    #[error("it is not clear which shipment is judged")]
    ShipmentUnclear,
    /// More packs than the line has for it.
    #[error("{pointer}: at most {most} packs")]
    QuantityExceeded {
        /// Where.
        pointer: String,
        /// How many there are.
        most: i64,
    },
    /// The payment was put off before.
    #[error("the payment was put off before")]
    AlreadyExtended,
    /// Goods are given back too late.
    #[error("the goods were accepted {days} days ago, {most} are allowed")]
    ReturnTooLate {
        /// How long ago.
        days: i64,
        /// How long it may be.
        most: u32,
    },
    /// More is credited than was accepted.
    #[error("{pointer}: at most {most} fen")]
    CreditExceeded {
        /// Where.
        pointer: String,
        /// How much is left.
        most: Fen,
    },
    /// Somebody has to agree first.
    #[error("{steps} people have to agree first")]
    ApprovalRequired {
        /// How many.
        steps: usize,
    },
    /// Products that cost something else than what was agreed to.
    #[error("products on lines {lines:?} cost something else now")]
    PriceChanged {
        /// Their lines, from 0.
        lines: Vec<usize>,
    },
    /// The goods cost what was agreed to, and carrying them does not.
    #[error("{agreed} was agreed to, it is {now} now")]
    TotalChanged {
        /// What was agreed to, carriage and all.
        agreed: Fen,
        /// What it costs now.
        now: Fen,
    },
    /// Who has to agree.
    #[error(transparent)]
    Approval(#[from] ApprovalError),
    /// The code of who brought it.
    #[error(transparent)]
    Referral(#[from] ReferralError),
    /// The papers of another room.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// A return that was decided before.
    #[error("the return is {0}")]
    ReturnDecided(ReturnState),
    /// No free number was drawn in several attempts.
    #[error("no free number was drawn")]
    NumbersTaken,
    /// Access.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Stock.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// What carrying costs.
    #[error(transparent)]
    Freight(#[from] FreightError),
    /// Lots.
    #[error(transparent)]
    Harvest(#[from] HarvestError),
    /// The budget.
    #[error(transparent)]
    Budget(#[from] BudgetError),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A sum.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

/// A line whose lots do not make up what was ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShortLine {
    /// Its number in the order.
    pub line_no: i32,
    /// Packs still due.
    pub due: i64,
    /// Packs in the lots.
    pub packed: Packs,
}

impl Describe for OrderError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Stale => Problem::plain(&problem::STALE),
            Self::WrongState(NoSuchStep { from, step }) => {
                let (zh, en) = step.name();
                Problem::new(
                    &problem::WRONG_STATE,
                    format!("订单处于“{from}”，不能{zh}。"),
                    format!("The order is \"{from}\" and cannot be {en}."),
                )
            }
            Self::Field { pointer, zh, en } => Problem::invalid(pointer.clone(), *zh, *en),
            Self::DuplicateProduct { line } => Problem::plain(&DUPLICATE_PRODUCT).at(
                format!("/lines/{line}/product_id"),
                "该商品已在前面的行中。",
                "The product is on a line before.",
            ),
            Self::BudgetRequired => Problem::plain(&BUDGET_REQUIRED).at("/budget_id", "请指定预算。", "Name a budget."),
            Self::BudgetUnknown => {
                Problem::plain(&BUDGET_UNKNOWN).at("/budget_id", "本单位没有这项预算。", "You have no such budget.")
            }
            Self::SupplierWithoutPlan { lines } => {
                lines.iter().fold(Problem::plain(&SUPPLIER_WITHOUT_PLAN), |problem, line| {
                    problem.at(
                        format!("/lines/{line}/product_id"),
                        "该商品的供应商没有生效的收益分配方案。",
                        "The supplier of this product has no plan in force.",
                    )
                })
            }
            Self::ShipmentIncomplete(lines) => lines.iter().fold(Problem::plain(&SHIPMENT_INCOMPLETE), short_line),
            Self::LotWrongProduct { lots } => lots.iter().fold(Problem::plain(&LOT_WRONG_PRODUCT), |problem, lot| {
                problem.at(format!("/lots/{lot}/lot_id"), "该批次是另一商品。", "The lot is of another product.")
            }),
            Self::AcceptanceIncomplete { pointer, zh, en } => {
                Problem::plain(&ACCEPTANCE_INCOMPLETE).at(pointer.clone(), *zh, *en)
            }
            Self::ReasonMissing { lines } => {
                lines.iter().fold(Problem::plain(&REFUSAL_REASON_REQUIRED), |problem, line| {
                    problem.at(format!("/lines/{line}/refusal_reason"), "请说明原因。", "Say why.")
                })
            }
            Self::ShipmentUnclear => Problem::plain(&SHIPMENT_UNCLEAR).at(
                "/shipment",
                "请填写一批待验收发货的序号。",
                "Name a shipment that is under way.",
            ),
            Self::QuantityExceeded { pointer, most } => Problem::plain(&QUANTITY_EXCEEDED).at(
                pointer.clone(),
                format!("至多 {most} 件。"),
                format!("At most {most} packs."),
            ),
            Self::AlreadyExtended => Problem::plain(&PAYMENT_EXTENDED),
            Self::ReturnTooLate { days, most } => Problem::new(
                &RETURN_TOO_LATE,
                format!("验收已过 {days} 天，退货期限为 {most} 天。"),
                format!("The goods were accepted {days} days ago; they can be given back within {most} days."),
            ),
            Self::CreditExceeded { pointer, most } => Problem::plain(&CREDIT_EXCEEDED).at(
                pointer.clone(),
                format!("至多 {} 分。", most.get()),
                format!("At most {} fen.", most.get()),
            ),
            Self::ReturnDecided(state) => Problem::new(
                &problem::WRONG_STATE,
                format!("退货单处于“{state}”，不能再处理。"),
                format!("The return is \"{state}\" and was decided before."),
            ),
            Self::Document(error) => error.problem(),
            Self::NumbersTaken => Problem::plain(&problem::BUSY),
            Self::ApprovalRequired { steps } => Problem::new(
                &APPROVAL_REQUIRED,
                format!("该采购须经 {steps} 个审批环节。"),
                format!("The purchase needs {steps} steps of approval."),
            ),
            Self::PriceChanged { lines } => lines.iter().fold(Problem::plain(&PRICE_CHANGED), |all, line| {
                let pointer = format!("/lines/{line}/product_id");
                all.at(
                    pointer,
                    "该商品的价格与申请时不同。",
                    "The product costs something else than when it was asked for.",
                )
            }),
            Self::TotalChanged { agreed, now } => Problem::new(
                &PRICE_CHANGED,
                format!("含运费合计由 {agreed} 元变为 {now} 元，须重新申请。"),
                format!("With its carriage it costs {now} yuan instead of {agreed}; ask again."),
            ),
            Self::Approval(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Catalogue(error) => error.problem(),
            Self::Freight(error) => error.problem(),
            Self::Harvest(error) => error.problem(),
            Self::Budget(error) => error.problem(),
            Self::Referral(error) => error.problem(),
            Self::Ledger(error) => error.problem(),
            Self::Overflow(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}

fn short_line(problem: Problem, line: &ShortLine) -> Problem {
    let ShortLine { line_no, due, packed } = line;
    problem.at(
        "/lots",
        format!("第 {line_no} 行待发 {due} 件，批次合计 {packed} 件。"),
        format!("Line {line_no}: {due} packs are due, {packed} are in the lots."),
    )
}
