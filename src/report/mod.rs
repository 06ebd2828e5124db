//! Reports (报表): one journal, every report from it, and each sale in it at most once.
//!
//! What it is for: a county, a cooperative, an enterprise and a finance department get their figures without typing any.
//! A report is a *definition* ([`definition`]): a version, a rule in words, columns, and a pure function from what the
//! journal says to a table ([`fold`]). A *run* (报表任务) asks it for a span of days within what its asker may see; it is
//! done in the background and leaves a *snapshot* (快照).
//! Promises: of the journal only postings under a seal go in, and the snapshot names the last one, so the same question of
//! the journal with the same seal gives the same table and the same hash again; a snapshot is never changed; in the total
//! and in every division of it a sale is counted once, an assisted one never as a direct one too; from every row one comes
//! to the documents behind it, which add up to it ([`behind`]); two snapshots of a report are compared line by line. A run
//! that fails is tried a few times; then it is failed, says on what, and can be asked for again.
//! What stands under a seal is summed up once, by order and by household ([`gather_up_to`]); a report adds those sums up.
//! Three reports are not of the journal alone: what enterprises gave, what units reserved and reached, and what monitoring
//! found. Their figures are those of their rooms as of the last day, frozen like the others; the latter two see as far as
//! whoever asks sees there.
//! Does not know how sales come about: it reads the journal, and asks those rooms.

mod api;
mod behind;
pub mod definition;
mod error;
pub mod fold;
mod gather;
mod jobs;
mod reach;
mod service;
mod sheet;
pub mod state;
mod store;
pub mod table;
pub mod view;

pub use api::routes;
pub use error::{KINDS, ReportError};
pub use gather::{EVERY_MINUTE, up_to as gather_up_to};
pub use jobs::RUN;
