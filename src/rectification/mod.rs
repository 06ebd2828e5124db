//! Rectification (整改): what audits, inspections and rules find, the tasks that follow, and how many are late; and how well
//! households are identified, computed from decided cases.
//!
//! The words: a *finding* (问题) stands in a paper and is about a household or an organisation of a county; a *task*
//! (整改任务) has an owner and a day; its owner shows that it is done, and somebody else closes it, item by item (销号).
//! A county may have things looked at by itself (规则筛查): what is seen is entered once for each thing and period, with its
//! figures, as a finding of source `rule`; the setting changes by another version, never overwritten.
//! Promises: whoever says that a task is done does not close it; every step is kept; a finding is closed when its last
//! task is; the rates of omission and of wrong exit are quotients of counted cases and never typed in.
//! Does not decide about households: that is a case's.

mod api;
mod error;
mod rate;
mod rules;
mod service;
mod store;
mod view;

pub use api::routes;
pub use error::{KINDS, RectificationError};
pub use rate::rate_bp;
pub use rules::{Seen, enter_by_rule, faults_of_rule, rules_on};
