//! Webhooks (事件推送) after the Standard Webhooks specification: what the feed tells an organisation is also pushed to
//! the addresses it names, signed.
//!
//! Promises: an event is pushed at least once, under the same `webhook-id` every time; what is about one object is
//! pushed in its order to each endpoint; a delivery that fails is tried again for three days, later and later and not
//! all at once, and every attempt is in the log; an endpoint that nothing reaches for five days, or that says it is gone
//! (410), is switched off and its owner told. Secrets are shown once and kept encrypted; while one is changed both
//! sign. An address is judged when it is entered and again at every attempt, by the numbers it resolves to, and only
//! those are connected to; redirects are not followed.
//! Stands above the feed and pushes nothing that the feed does not tell.

mod api;
mod error;
mod service;
mod sign;
mod state;
mod store;
mod transport;
mod view;

pub use api::routes;
pub use error::{KINDS, WebhookError};
pub use service::{FAN, SEND};
pub use sign::{Secret, sign};
pub use state::{ATTEMPTS, next_attempt};
pub use store::{RETENTION, SEALED};
