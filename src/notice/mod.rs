//! Notices (通知): mail to people about what happens to their organisation (orders, papers, requests, demands, money,
//! connected systems), and about their accounts.
//!
//! Promises: a notice says in Chinese and English what happened; one that is sent again after a failure carries the
//! same Message-ID, by which it is recognised. By default mails are files in the data folder, so that nothing leaves
//! the machine until a mail server is configured.
//! There is one way out (`post`), and on it everybody is told as they wish: language, quiet hours, one mail a day, kinds
//! that are not wanted. An organisation whose people mail does not reach is written to at the address it gave. What a
//! server refuses for good is a bounce and stands in the list of mails; what it does not take now is tried again, later
//! and later, and at last parked, where an operator finds it (`upkeep`).
//! A listener: it hears events, nobody calls it. Beside the event it asks `organisation` and `identity` for the address, through a
//! public question; addresses are kept out of events, which others may read.

mod account;
mod api;
mod credential;
mod direct;
pub mod letter;
mod mailer;
mod orders;
mod post;
mod purchase;
mod retention;
mod store;
mod tell;
mod view;
pub mod wish;

pub use account::{INVITATION, PASSWORD_RESET, SIGN_IN};
pub use api::routes;
pub use credential::WARN;
pub use mailer::{MailError, Mailer, Outgoing};
pub use orders::{MAIL, REMINDED};
pub use purchase::{CALL_OFF_MADE, DEMAND_DECIDED, DEMAND_PUBLISHED, GROUP_SETTLED, REQUEST_RETURNED, REQUEST_WAITS};
pub use retention::RETENTION;
pub use tell::{DIGEST, TELL};
