//! What can go wrong with sales outside the platform.

use super::state::{NoSuchStep, name_of};
use crate::access::AccessError;
use crate::attribution::engine::{AttributionError, ProduceWeightError};
use crate::attribution::inputs::InputsError;
use crate::document::DocumentError;
use crate::harvest::HarvestError;
use crate::ledger::LedgerError;
use crate::problem::{self, Describe, FieldProblem, Kind, Problem};
use entity::value::Overflow;
use sea_orm::DbErr;

problem::kinds! {
    OFF_PLATFORM_NO_PLAN = 422 "off_platform_no_plan", "没有生效的收益分配方案", "There is no attribution plan in force",
        "请先提交收益分配方案并由县里批准。", "Propose an attribution plan and have it approved by the county.";
    OFF_PLATFORM_NOBODY = 422 "off_platform_nobody", "没有农户可以分享这笔销售", "Nobody shares in this sale",
        "请写明所售批次，或先与农户签订协议。", "Name the lots that were sold, or sign agreements with households first.";
    OFF_PLATFORM_STATE = 409 "off_platform_state", "平台外销售当前状态不允许此操作",
        "The sale outside the platform is not in a state for this",
        "请查看其状态：待核实的可以核实、驳回或撤回，已核实的可以冲销。",
        "Look at its state: what is recorded can be confirmed, refused or withdrawn, what is confirmed can be reversed.";
    OFF_PLATFORM_ON_ITS_WAY = 409 "off_platform_on_its_way", "这笔收益正在发放途中", "Money of this sale is on its way",
        "请等发放批次有了结果，或先取消批次，再冲销。",
        "Wait until the batch of payouts has its outcome, or cancel it, and reverse the sale then.";
}

/// What can go wrong with sales outside the platform.
#[derive(Debug, thiserror::Error)]
pub enum OffPlatformError {
    /// Nothing there, or not yours to see.
    #[error("no such sale")]
    NotFound,
    /// Fields that are not acceptable.
    #[error("{} fields are not acceptable", .0.len())]
    Fields(Vec<FieldProblem>),
    /// No plan is in force.
    #[error("no plan in force")]
    NoPlan,
    /// Nobody shares.
    #[error("nobody shares")]
    Nobody,
    /// It is elsewhere in its life.
    #[error(transparent)]
    State(#[from] NoSuchStep),
    /// A payout of it has no outcome yet.
    #[error("a payout of it is on its way")]
    OnItsWay,
    /// It moved on.
    #[error("stale")]
    Stale,
    /// The shares.
    #[error("computing the shares")]
    Attribution(#[from] AttributionError),
    /// The weight of a delivery.
    #[error("weighing what was delivered")]
    Weight(#[from] ProduceWeightError),
    /// The recorded inputs.
    #[error("reading the recorded inputs")]
    Inputs(#[from] InputsError),
    /// The lots.
    #[error(transparent)]
    Harvest(#[from] HarvestError),
    /// The books.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The evidence.
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

impl Describe for OffPlatformError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Fields(errors) => Problem { errors: errors.clone(), ..Problem::plain(&problem::INVALID_FIELDS) },
            Self::NoPlan => Problem::plain(&OFF_PLATFORM_NO_PLAN),
            Self::Nobody => Problem::plain(&OFF_PLATFORM_NOBODY),
            Self::State(NoSuchStep { from, step }) => {
                let (zh, en) = name_of(*step);
                Problem::new(
                    &OFF_PLATFORM_STATE,
                    format!("状态为 {from}，不能{zh}。"),
                    format!("The sale is {from} and cannot be {en}."),
                )
            }
            Self::OnItsWay => Problem::plain(&OFF_PLATFORM_ON_ITS_WAY),
            Self::Stale => Problem::plain(&problem::STALE),
            // The engine is given what the registers hold, and reads what it wrote itself.
            Self::Attribution(_) | Self::Weight(_) | Self::Inputs(_) => Problem::internal(),
            Self::Harvest(error) => error.problem(),
            Self::Ledger(error) => error.problem(),
            Self::Document(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Overflow(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}
