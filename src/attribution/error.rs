//! Everything that can go wrong with agreements and plans, and the problem each one is.

use super::engine::AttributionError;
use crate::access::AccessError;
use crate::catalogue::CatalogueError;
use crate::document::DocumentError;
use crate::problem::{self, Describe, FieldProblem, Kind, Problem, Text};
use entity::value::{Overflow, PlanState};
use sea_orm::DbErr;

problem::kinds! {
    HOUSEHOLD_UNKNOWN = 422 "household_unknown", "没有这一户", "There is no such household",
        "请核对户编号；农户由县乡村振兴部门登记。",
        "Check the number; households are registered by the county's rural-revitalisation office.";
    HOUSEHOLD_NOT_REGISTERED_YET = 422 "household_not_registered_yet", "协议开始时该户尚未登记",
        "The household was not registered when the agreement begins",
        "协议的开始日期不得早于该户的登记日期。", "An agreement begins no earlier than its household's registration.";
    AGREEMENT_OVERLAPS = 409 "agreement_overlaps", "与已有协议期限重叠", "It overlaps another agreement",
        "同一户同一方式在同一时间只能有一份协议；请先终止原协议或调整期限，或以 member_id、subject 区分。",
        "A household has one agreement of each mode with a supplier at a time; end the other, change the term, or tell them apart by member_id or subject.";
    MEMBER_UNKNOWN = 422 "household_member_unknown", "该户没有这名成员", "The household has no such member",
        "请使用该户登记成员的编号。", "Use the identifier of a registered member of this household.";
    SIGNATURE_WITHOUT_EVIDENCE = 422 "signature_without_evidence", "签字没有凭证", "A signature has no evidence",
        "请由供应商上传双方签字的扫描件，并重新签订或变更条款后再确认。",
        "Have the supplier upload scans of both signatures and enter the terms with them; then confirm.";
    COST_NEEDS_PRODUCE = 422 "cost_needs_produce", "只有订单收购协议可以垫付成本", "Only produce agreements have advanced costs",
        "请使用该户的订单收购协议。", "Use the household's agreement on produce.";
    PLAN_CANNOT_HOLD = 422 "plan_cannot_hold", "方案的保底无法兑现", "The plan's floor cannot hold",
        "请降低保底比例、提高按单分配的比例或单户封顶比例，或先与更多农户签订协议。",
        "Lower the floor, raise what is shared with every order or the cap, or sign agreements with more households first.";
}

/// Why an agreement is refused.
#[derive(Debug, thiserror::Error)]
pub enum AgreementError {
    /// Not there, or out of reach.
    #[error("no such agreement in reach")]
    NotFound,
    /// Fields that contradict the rules.
    #[error("fields of an agreement are not acceptable")]
    Fields(Vec<FieldProblem>),
    /// The supplier may not sign yet.
    #[error("the supplier is not admitted")]
    SupplierNotAdmitted,
    /// No such household.
    #[error("no such household")]
    HouseholdUnknown {
        /// JSON pointer to it.
        pointer: &'static str,
    },
    /// It was registered only after the agreement's first day.
    #[error("the household was not registered on the first day")]
    HouseholdNotRegisteredYet,
    /// Another agreement of the same mode holds at the same time.
    #[error("another agreement of this mode overlaps")]
    Overlaps,
    /// It was ended already.
    #[error("the agreement was ended already")]
    EndedAlready,
    /// The person is not of the household.
    #[error("no such member of the household")]
    MemberUnknown,
    /// The county confirmed the newest terms before.
    #[error("the newest terms are confirmed already")]
    ConfirmedAlready,
    /// There is no scan of one of the signatures.
    #[error("a signature has no evidence")]
    SignatureWithoutEvidence,
    /// Costs are advanced for produce only.
    #[error("the agreement is not about produce")]
    CostNeedsProduce,
    /// An amount.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// Somebody changed it meanwhile.
    #[error("the agreement has another version")]
    Stale,
    /// The evidence.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The role may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for AgreementError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Fields(errors) => fields(errors),
            Self::SupplierNotAdmitted => CatalogueError::SupplierNotAdmitted.problem(),
            Self::HouseholdUnknown { pointer } => {
                Problem::plain(&HOUSEHOLD_UNKNOWN).at(*pointer, "没有这一户。", "There is no such household.")
            }
            Self::HouseholdNotRegisteredYet => Problem::plain(&HOUSEHOLD_NOT_REGISTERED_YET).at(
                "/starts_on",
                "此日该户尚未登记。",
                "The household was not registered on this day.",
            ),
            Self::Overlaps => Problem::plain(&AGREEMENT_OVERLAPS).at(
                "/starts_on",
                "此期限内已有同一方式的协议。",
                "An agreement of this mode holds during this term.",
            ),
            Self::EndedAlready => {
                Problem::new(&problem::WRONG_STATE, "协议已终止。", "The agreement was ended already.")
            }
            Self::MemberUnknown => Problem::plain(&MEMBER_UNKNOWN).at(
                "/member_id",
                "该户没有这名成员。",
                "The household has no such member.",
            ),
            Self::ConfirmedAlready => {
                Problem::new(&problem::WRONG_STATE, "最新条款已确认。", "The newest terms are confirmed already.")
            }
            Self::SignatureWithoutEvidence => Problem::plain(&SIGNATURE_WITHOUT_EVIDENCE),
            Self::CostNeedsProduce => Problem::plain(&COST_NEEDS_PRODUCE),
            Self::Overflow(error) => error.problem(),
            Self::Stale => Problem::plain(&problem::STALE),
            Self::Document(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}

/// Why a plan is refused.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// Not there, or out of reach.
    #[error("no such plan in reach")]
    NotFound,
    /// The parts are more than the whole.
    #[error("the parts of a plan are more than the whole")]
    MoreThanTheWhole {
        /// Their sum in basis points.
        sum_bp: i64,
    },
    /// Fields that contradict each other.
    #[error("fields of a plan are not acceptable")]
    Fields(Vec<FieldProblem>),
    /// Its floor is above what it shares.
    #[error("a plan that cannot hold")]
    CannotHold(#[source] AttributionError),
    /// Below its cap its floor needs more households than have agreements.
    #[error("the floor needs {needed} households, there are {found}")]
    TooFewHouseholds {
        /// How many it needs.
        needed: i64,
        /// How many could share today.
        found: i64,
    },
    /// Two plans were proposed at the same moment.
    #[error("another plan was proposed at the same moment")]
    ProposedMeanwhile,
    /// Its state has no such step.
    #[error("a plan that is {from} cannot be approved")]
    NoSuchStep {
        /// Where it is.
        from: PlanState,
    },
    /// Somebody changed it meanwhile.
    #[error("the plan has another version")]
    Stale,
    /// The role may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for PlanError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::MoreThanTheWhole { sum_bp } => Problem::invalid(
                "/rent_bp",
                format!("各项之和为 {sum_bp} 个基点，不得超过 10000。"),
                format!("The parts add up to {sum_bp} basis points; 10000 is the whole."),
            ),
            Self::Fields(errors) => fields(errors),
            Self::CannotHold(error) => {
                Problem::plain(&PLAN_CANNOT_HOLD).at("/floor_bp", format!("{}。", error.zh()), format!("{error}."))
            }
            Self::TooFewHouseholds { needed, found } => Problem::new(
                &PLAN_CANNOT_HOLD,
                format!("在单户封顶下，保底至少需要 {needed} 户参与，现有 {found} 户。"),
                format!("Below the cap the floor needs {needed} households; {found} could share today."),
            ),
            Self::ProposedMeanwhile => Problem::plain(&problem::BUSY),
            Self::NoSuchStep { from } => Problem::new(
                &problem::WRONG_STATE,
                format!("方案当前为“{from}”，不能审批。"),
                format!("The plan is {from} and cannot be approved."),
            ),
            Self::Stale => Problem::plain(&problem::STALE),
            Self::Access(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}

/// All of a request that is not acceptable.
pub(super) fn fields(errors: &[FieldProblem]) -> Problem {
    let mut refused = Problem::plain(&problem::INVALID_FIELDS);
    refused.errors = errors.to_vec();
    refused
}

/// A field at fault.
pub(super) fn fault(pointer: &str, zh: &'static str, en: &'static str) -> FieldProblem {
    FieldProblem { pointer: pointer.to_owned(), detail: Text::new(zh, en) }
}
