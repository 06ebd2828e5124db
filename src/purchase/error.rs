//! Everything that can go wrong on the way to an order, and the problem each one is.

use crate::access::AccessError;
use crate::approval::ApprovalError;
use crate::budget::BudgetError;
use crate::catalogue::CatalogueError;
use crate::document::DocumentError;
use crate::problem::{self, Describe, FieldProblem, Kind, Problem, Text};
use crate::procurement::OrderError;
use crate::secrecy::SecrecyError;
use entity::value::{DemandState, Fen, Overflow, RequestState, Timestamp};
use sea_orm::DbErr;

problem::kinds! {
    NOT_YOUR_STEP = 403 "not_your_step", "当前环节不由您审批", "This step is not yours to decide",
        "请由申请详情中列出的审批人、其代理人或被转办人办理。",
        "It is decided by whoever the request names, their deputy, or whoever it was handed to.";
    CART_EMPTY = 409 "cart_empty", "购物车是空的", "The cart is empty",
        "请先加入商品（PUT /api/v1/cart/lines/{product_id}）。", "Put products in first (PUT /api/v1/cart/lines/{product_id}).";
    FRAMEWORK_NOT_IN_FORCE = 409 "framework_not_in_force", "框架协议不在有效期", "The framework agreement is not in force today",
        "请在协议期限内要货，或另行采购。", "Call off between its days, or buy otherwise.";
    FRAMEWORK_EXCEEDED = 409 "framework_exceeded", "超过框架协议的上限", "More than the framework agreement has left",
        "请减少要货数量，或签订新的协议。", "Call off less, or conclude another agreement.";
    DEMAND_SEALED = 409 "demand_sealed", "报价尚未到开启时间", "The quotations are sealed until the deadline",
        "报价截止之前任何人都不能开启；本次尝试已记入审计。", "Nobody opens them before the deadline; this attempt is in the audit.";
    DEADLINE_OVER = 409 "deadline_over", "已过截止时间", "The deadline is over",
        "截止之后不能再提交、修改或撤回。", "Nothing is handed in, changed or taken back after it.";
    JOINED_ALREADY = 409 "joined_already", "已经参团", "You are in already",
        "如需更改件数，请先退团再参团。", "To change the number of packs, leave and join again.";
    GROUP_FULL = 409 "group_full", "超过团购剩余件数", "More packs than the group purchase has left",
        "请减少件数。", "Join with fewer packs.";
}

/// Why something was not bought, asked for or decided.
#[derive(Debug, thiserror::Error)]
pub enum PurchaseError {
    /// Nothing there, or out of reach.
    #[error("no such thing in reach")]
    NotFound,
    /// It was changed by somebody else.
    #[error("another version")]
    Stale,
    /// Its state knows no such step.
    #[error("not in state {0}")]
    WrongRequestState(RequestState),
    /// The step is not theirs.
    #[error("the step is not theirs")]
    NotYourStep,
    /// Fields that are not acceptable.
    #[error("{} fields are not acceptable", .0.len())]
    Fields(Vec<FieldProblem>),
    /// Nothing to check out.
    #[error("the cart is empty")]
    CartEmpty,
    /// An agreement before or after its days.
    #[error("the agreement is not in force")]
    FrameworkNotInForce,
    /// More packs than a line of an agreement has left.
    #[error("{pointer}: {left} packs are left")]
    FrameworkExceeded {
        /// Where.
        pointer: String,
        /// How many are left.
        left: i64,
    },
    /// More money than an agreement has left.
    #[error("{over} yuan too much")]
    FrameworkOverdrawn {
        /// How much too much.
        over: Fen,
    },
    /// An agreement's state knows no such step.
    #[error(transparent)]
    FrameworkStep(#[from] super::framework::state::NoSuchStep),
    /// Quotations before their deadline.
    #[error("sealed until {until}")]
    StillSealed {
        /// When they can be opened.
        until: Timestamp,
    },
    /// After the deadline.
    #[error("the deadline was {at}")]
    DeadlineOver {
        /// When it was.
        at: Timestamp,
    },
    /// A demand whose award stands.
    #[error("the demand is {0}")]
    WrongDemandState(DemandState),
    /// A demand's state knows no such step.
    #[error(transparent)]
    DemandStep(#[from] super::demand::state::NoSuchStep),
    /// Something that is over.
    #[error("it is {0}")]
    Over(&'static str),
    /// In a group purchase already.
    #[error("in already")]
    JoinedAlready,
    /// More packs than a group purchase has left.
    #[error("{left} packs are left")]
    GroupFull {
        /// How many are left.
        left: i64,
    },
    /// An envelope that cannot be shut or opened.
    #[error(transparent)]
    Secrecy(#[from] SecrecyError),
    /// A stored text that cannot be read.
    #[error("a stored text cannot be read")]
    Unreadable(#[from] serde_json::Error),
    /// Who approves.
    #[error(transparent)]
    Approval(#[from] ApprovalError),
    /// The order.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// The budget.
    #[error(transparent)]
    Budget(#[from] BudgetError),
    /// The shelf.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// A document.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The right.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A sum.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl PurchaseError {
    /// One field that is not acceptable.
    pub(super) fn field(pointer: impl Into<String>, zh: &'static str, en: &'static str) -> Self {
        Self::Fields(vec![FieldProblem { pointer: pointer.into(), detail: Text::new(zh, en) }])
    }
}

/// Something that is not in a state for this.
fn over(state: &str) -> Problem {
    Problem::new(
        &problem::WRONG_STATE,
        format!("当前状态为“{state}”，不能这样办理。"),
        format!("It is \"{state}\"; this cannot be done with it."),
    )
}

impl Describe for PurchaseError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Stale => Problem::plain(&problem::STALE),
            Self::WrongRequestState(state) => Problem::new(
                &problem::WRONG_STATE,
                format!("采购申请处于“{state}”，不能这样办理。"),
                format!("The request is \"{state}\"; this cannot be done with it."),
            ),
            Self::NotYourStep => Problem::plain(&NOT_YOUR_STEP),
            Self::Fields(errors) => Problem { errors: errors.clone(), ..Problem::plain(&problem::INVALID_FIELDS) },
            Self::CartEmpty => Problem::plain(&CART_EMPTY),
            Self::FrameworkNotInForce => Problem::plain(&FRAMEWORK_NOT_IN_FORCE),
            Self::FrameworkExceeded { pointer, left } => Problem::plain(&FRAMEWORK_EXCEEDED).at(
                pointer.clone(),
                format!("协议还剩 {left} 件。"),
                format!("{left} packs are left in the agreement."),
            ),
            Self::FrameworkOverdrawn { over } => Problem::new(
                &FRAMEWORK_EXCEEDED,
                format!("超过协议金额上限 {over} 元。"),
                format!("The agreement's amount would be exceeded by {over} yuan."),
            ),
            Self::FrameworkStep(super::framework::state::NoSuchStep { from, .. }) => over(from.as_str()),
            Self::DemandStep(super::demand::state::NoSuchStep { from, .. }) | Self::WrongDemandState(from) => {
                over(from.as_str())
            }
            Self::Over(state) => over(state),
            Self::StillSealed { until } => Problem::new(
                &DEMAND_SEALED,
                format!("报价密封至 {until}。"),
                format!("The quotations are sealed until {until}."),
            ),
            Self::DeadlineOver { at } => {
                Problem::new(&DEADLINE_OVER, format!("截止时间为 {at}。"), format!("The deadline was {at}."))
            }
            Self::JoinedAlready => Problem::plain(&JOINED_ALREADY),
            Self::GroupFull { left } => Problem::plain(&GROUP_FULL).at(
                "/packs",
                format!("件数应为 1 至 {left}。"),
                format!("The packs lie between 1 and {left}."),
            ),
            Self::Secrecy(_) | Self::Unreadable(_) => Problem::internal(),
            Self::Approval(error) => error.problem(),
            Self::Order(error) => error.problem(),
            Self::Budget(error) => error.problem(),
            Self::Catalogue(error) => error.problem(),
            Self::Document(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Overflow(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}
