//! What can go wrong when a sale outside the platform is recorded.

use crate::access::AccessError;
use crate::attribution::engine::{AttributionError, ProduceWeightError};
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
}

/// What can go wrong when a sale outside the platform is recorded.
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
    /// The shares.
    #[error("computing the shares")]
    Attribution(#[from] AttributionError),
    /// The weight of a delivery.
    #[error("weighing what was delivered")]
    Weight(#[from] ProduceWeightError),
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
            // The engine is given what the registers hold.
            Self::Attribution(_) | Self::Weight(_) => Problem::internal(),
            Self::Harvest(error) => error.problem(),
            Self::Ledger(error) => error.problem(),
            Self::Document(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Overflow(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}
