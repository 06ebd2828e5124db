//! Help for households (帮扶): who was there and what they saw, what is planned and how it came along, which unit stands
//! by which village, and the households for which nothing of it is done.
//!
//! The words: a *visit* (走访) is where and when somebody was at a household's home, with a photo; a *plan* (一户一策) is
//! for a household and a year, its items say a need, the measure that answers it, who does it, and the target until a
//! day – the four lists (需求、措施、责任、目标时限清单) are its columns; a *unit assignment* (单位包村) is a unit that stands by
//! a village; a *gap* is a household without helper, plan or visit.
//! Promises: only the assigned cadre and the village write visits, and nobody changes one; a photo that was shown before
//! is said to be; what became of a measure is added, never overwritten; everything is seen by whoever sees the household.
//! Does not know what a household earns.

mod error;
pub mod gap;
pub mod plan;
pub mod unit;
pub mod visit;

pub use error::{AssistanceError, KINDS};

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers every operation of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    visit::routes(cfg);
    plan::routes(cfg);
    unit::routes(cfg);
    gap::routes(cfg);
}
