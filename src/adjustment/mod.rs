//! Changes of the register as cases (动态调整): a household newly at risk, a return to poverty, births, deaths, marriages
//! and moves, households split or merged, an exit, a risk that is gone.
//!
//! A case begins as a clue – the household's own report, a visit, a department's warning. Somebody goes to the home and
//! has the household's consent; the villagers' representatives vote; it hangs on the village's notice board for five
//! days at least, once; the township looks at it, the county decides. Then the register says so, from a day on.
//! Promises: no step is skipped, and each is kept with who took it and when; an objection stops the clocks until it is
//! answered by somebody above the village; from the clue to the decision it is fifteen days, and whatever is late is in
//! a list; whoever entered, visited, voted or endorsed does not decide; the register changes in the transaction of the
//! decision, or not at all; the notice board shows a few fixed fields and tells nothing of anybody's health.
//! Does not know incomes nor thresholds: whether a case is true is for those who look and vote. Only that a risk is gone
//! has conditions that somebody else answers for ([`Removal`]): they are asked when such a case is opened and again when it
//! is decided.

mod api;
mod error;
pub mod event;
mod publicity;
mod removal;
mod sealed;
mod service;
mod state;
mod store;
mod terms;
mod view;

pub use api::routes;
pub use error::{AdjustmentError, KINDS};
pub use publicity::{PUBLICITY_DAYS, Run, reason_of};
pub use removal::{Removal, RemovalConditions, Unmet};
pub use sealed::SEALED;
pub use service::{Warning, known_cases, open_case_of, open_cases_among, open_warning, split_of};
pub use state::{is_closed, next};
pub use store::{Identified, identified};
pub use terms::{DECISION_DAYS, Vote, fits, has_quorum, is_passed};
