//! Attribution: which household an order's fen belong to, under which agreement, by which plan.
//!
//! Promises: the same recorded inputs give the same shares on every machine and for ever; the shares and
//! what the supplier retains add up to the attributable amount.
//! The words: a *plan* says which part of an amount feeds which *pool*; a *roster* lists the agreements that
//! share a pool, each with its *weight*; a *share* is what one agreement gets.
//! An *agreement* (利益联结协议) holds from its first day to its last, whoever ended it in between; a supplier has one
//! plan in force at most, and one for a product, approved by its county.
//! Help that brings no money (帮扶记录) is recorded beside agreements and can carry none. What a plan leaves for a month
//! or season waits in its *period* (核算期间) and reaches households at its close.
//! Stands above households, organisations and the catalogue and below harvest and orders: a run is recorded for an
//! order whose number it is told. Does not know orders, lots or postings.

pub mod agreement;
pub mod cost;
pub mod cumulative;
pub mod engine;
mod error;
pub mod help;
pub mod inputs;
pub mod period;
pub mod plan;
pub mod run;

pub use agreement::{agreements_on, agreements_with, find_agreements, roster, roster_of};
pub use cost::{advancing, with_costs};
pub use error::{AgreementError, KINDS, PlanError};
pub use period::{PoolMoves, hold_pools, pool_moves};
pub use plan::terms::terms_of as plan_terms;
pub use plan::{find_plan, find_plans, governing_plans, in_force, in_force_among, plan_in_force};
pub use run::{RunToRecord, computed_of, find_run, record_run, shares_of};

/// Registers every operation of this domain.
pub fn routes(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    agreement::routes(cfg);
    cost::routes(cfg);
    help::routes(cfg);
    period::routes(cfg);
    plan::routes(cfg);
    run::routes(cfg);
}
