//! What can go wrong with quotas.

use super::rule::Finding;
use super::state::NoSuchStep;
use crate::access::AccessError;
use crate::document::DocumentError;
use crate::problem::{self, Describe, FieldProblem, Kind, Problem};
use entity::value::Overflow;
use sea_orm::DbErr;

problem::kinds! {
    QUOTA_POLICY_MISSING = 409 "quota_policy_missing", "没有适用的预留份额政策", "No quota policy applies",
        "该单位所在地区及上级该年度均无政策，系统不作计算；请平台运营方按文件录入政策。",
        "Neither the unit's region nor one above it has a policy for the year, so nothing is computed; ask the platform to enter one from its document.";
    QUOTA_FILING_EXISTS = 409 "quota_filing_exists", "该年度已有填报", "There is a filing for the year",
        "请修改已有的填报；已审核的，先申请调整。", "Change the filing that exists; when it is confirmed, ask for an amendment.";
    QUOTA_FILING_FAULTY = 422 "quota_filing_faulty", "填报未通过校验", "The filing has faults",
        "请按所列各项修改；只需说明的，请填写备注。", "Mend what is listed; where a word is asked for, write a note.";
    QUOTA_STEP_REFUSED = 409 "quota_step_refused", "当前状态不能这样办理", "The filing is not in a state for this",
        "请先查看填报的状态和办理记录。", "See the filing's state and history first.";
    QUOTA_ORDER_UNFIT = 422 "quota_order_unfit", "订单不能归属该单位", "The order cannot be attached to the unit",
        "发货前由采购人选择归属；发货后由财政部门凭文件更正。",
        "Before shipment the buyer chooses; afterwards the finance department corrects with a document.";
}

/// Why something was not done with a quota.
#[derive(Debug, thiserror::Error)]
pub enum QuotaError {
    /// Nothing there, or not yours to see.
    #[error("no such thing")]
    NotFound,
    /// No policy applies.
    #[error("no policy applies")]
    NoPolicy,
    /// Fields that are not acceptable.
    #[error("{} fields are not acceptable", .0.len())]
    Fields(Vec<FieldProblem>),
    /// The unit filed for the year already.
    #[error("the unit filed for the year already")]
    FilingExists,
    /// The filing cannot be handed in.
    #[error("{} findings", .0.len())]
    Faulty(Vec<Finding>),
    /// It was changed by somebody else.
    #[error("another version")]
    Stale(Problem),
    /// The state knows no such step.
    #[error(transparent)]
    Step(#[from] NoSuchStep),
    /// The order cannot be attached so.
    #[error("the order cannot be attached: {en}")]
    OrderUnfit {
        /// Why, in Chinese.
        zh: &'static str,
        /// Why, in English.
        en: &'static str,
    },
    /// A document.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The right.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// An amount.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// Writing a sheet or a page.
    #[error("writing the bulletin: {0}")]
    Writing(String),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for QuotaError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::NoPolicy => Problem::plain(&QUOTA_POLICY_MISSING),
            Self::Fields(errors) => Problem { errors: errors.clone(), ..Problem::plain(&problem::INVALID_FIELDS) },
            Self::FilingExists => Problem::plain(&QUOTA_FILING_EXISTS),
            Self::Faulty(findings) => findings.iter().fold(Problem::plain(&QUOTA_FILING_FAULTY), |all, one| {
                all.at(one.pointer, one.zh.clone(), one.en.clone())
            }),
            Self::Stale(problem) => problem.clone(),
            Self::Step(NoSuchStep { from, step }) => Problem::new(
                &QUOTA_STEP_REFUSED,
                format!("填报处于 {from}，不能办理 {step}。"),
                format!("The filing is {from}; it knows no {step}."),
            ),
            Self::OrderUnfit { zh, en } => Problem::new(&QUOTA_ORDER_UNFIT, *zh, *en),
            Self::Document(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Overflow(error) => error.problem(),
            Self::Writing(_) => Problem::internal(),
            Self::Database(error) => error.problem(),
        }
    }
}
