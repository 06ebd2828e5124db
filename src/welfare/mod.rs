//! What a household lives on (家庭收入与支出): its income by the four classes, what producing it cost, what it had to pay
//! out of pocket, and how that stands to the threshold under which a household may be monitored.
//!
//! Two sources, never mixed. What the household was paid here comes from the journal alone: paid entries less their
//! corrections, by the class of the agreement's mode (produce and custody are operating income, wages wages, dividends and
//! rent property). Everything else are *rows* (收支记录) that somebody entered, each for a span of days, with its source and
//! a grade of how well it is shown. A row is never changed: one that was wrong is replaced by another.
//! Promises: a row cannot say what the journal says, so nothing counts twice — whoever enters income from this platform is
//! refused, and a row that stands for it is to be replaced; a row's amount is spread evenly over its days, so that two
//! windows side by side always add up to the whole; every figure says how many payments and rows it is made of, and how well
//! those are shown; no threshold, no verdict.
//! A day asked for is a day of the household's life, with what is known of it today; whoever wants what was known then says so
//! ([`fold`]).
//! A household that was merged into another is succeeded by it whole: in every window that ends on the day of the merge or
//! later, what it had, before and after, counts there, and never in both. A split divides nothing: what was paid before it
//! stays with the household that was split, and the answer says so.
//! Knows no rule about what a figure means, nor what is done: that is for those who watch.

mod api;
mod error;
mod fold;
mod service;
pub mod sheet;
mod store;
pub mod view;

pub use api::routes;
pub use error::{KINDS, WelfareError};
pub use fold::{Facts, Figure, Figures, Paid, Surveyed, TakenIn, Verdict, Window, class_of, fold, per_head, verdict};
pub use service::{Standing, facts_of, standing, thresholds};
pub use store::Threshold;
