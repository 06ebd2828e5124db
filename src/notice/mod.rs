//! Notices (通知): mail to suppliers when somebody orders from them or a paper of theirs ends, and to people about their
//! accounts.
//!
//! Promises: a notice says in Chinese and English what happened; one that is sent again after a failure carries the
//! same Message-ID, by which it is recognised. By default mails are files in the data folder, so that nothing leaves
//! the machine until a mail server is configured.
//! People say how they wish to be told: language, quiet hours, one mail a day, kinds that are not wanted. What a server
//! refuses for good is a bounce and stands in the list of mails; what it does not take now is tried again, later and
//! later, and at last parked, where an operator finds it (`upkeep`).
//! A listener: it hears events, nobody calls it. Beside the event it asks `organisation` and `identity` for the address, through a
//! public question; addresses are kept out of events, which others may read.

mod account;
mod api;
mod credential_ending;
pub mod letter;
mod mailer;
mod order_placed;
mod order_reminded;
mod post;
mod purchase;
mod retention;
mod store;
mod tell;
mod view;
pub mod wish;

pub use account::{INVITATION, PASSWORD_RESET, SIGN_IN};
pub use api::routes;
pub use credential_ending::WARN;
pub use mailer::{MailError, Mailer, Outgoing};
pub use order_placed::MAIL;
pub use order_reminded::REMINDED;
pub use purchase::{CALL_OFF_MADE, DEMAND_DECIDED, DEMAND_PUBLISHED, GROUP_SETTLED, REQUEST_RETURNED, REQUEST_WAITS};
pub use retention::RETENTION;
pub use tell::{DIGEST, TELL};
