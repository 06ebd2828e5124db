//! What can be done with quotas: enter policies, file and review, attach orders, show how far everybody has come.

mod attachment;
mod filing;
mod policy;
mod progress;

pub use attachment::follow;
pub(super) use attachment::{attach, attachments, correct};
pub(super) use filing::{amend, begin, change, confirm, list, send_back, show, submit};
pub(super) use policy::{add, list as list_policies, rule_of};
pub use progress::{behind, orders_behind, progress_within};
pub(super) use progress::{bulletin, progress};
