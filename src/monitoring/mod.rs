//! Watching over households, and what is done for those at risk (防返贫监测与帮扶).
//!
//! The words: a *rule* (监测规则) says what is looked at in a county, with its numbers; a *clue* (预警线索) says that a
//! household may be at risk, with the figures that made it; a *measure* (帮扶措施) is what is done for a household that is
//! monitored; a *trial* (试算) says what a rule would have found in the past.
//! Every night the rules that are on look at every household of their county, a thousand at a time. Those just above the line
//! are watched by the same rules as all others.
//! Whoever answers for the household – its village and the county's office – is told of each clue when it is opened, with the
//! day until which it is to be decided. What nobody does in time is entered as a finding, where the county has it so
//! ([`supervise`]).
//! Promises: a rule is tried over the past before it watches, and whoever wrote it down does not switch it on; its numbers
//! never change, another version takes its place; a household has one open clue of a rule at the most, and after a clue the rule
//! is quiet about it for a while, or until something new happens; a clue becomes a case, or a measure where the household is
//! monitored, or two people hold that it is nothing; nothing changes what a household is but a case; a risk counts as gone only
//! when the figures say so ([`Conditions`]). An income that nobody entered is not a low one: without a row in the window the
//! rules about income say nothing.
//! Does not know how a case is decided: that is for `adjustment`. Figures of income are those of `welfare`.

mod api;
mod error;
pub mod event;
pub mod figures;
mod look;
mod overview;
mod removal;
mod service;
mod store;
mod terms;
pub mod view;

pub use api::routes;
pub use error::{KINDS, MonitoringError};
pub use look::{At, Events, Lost, Moved, Upheld, gives};
pub use removal::Conditions;
pub use service::{DueInVillage, EVERY_NIGHT, NewClue, SUPERVISION, due_by_village, night, open_clue, supervise};
pub use terms::{Numbers, due_on, faults};
