//! Privacy (个人信息保护): what people were told and agreed to, who saw their data in full and why, how long what is kept,
//! and the change of keys.
//!
//! The words: a *notice* (告知书) says what data is used for, for whom and by which right; a *consent* (同意) is given
//! under one version of a notice and taken back by a record of its own (after ISO/IEC TS 27560); an *access record*
//! (查看留痕) is written whenever personal data leaves the mask.
//! Promises: nothing recorded here is ever changed; whether a consent holds on a day is computed from the records; data
//! is revealed for a purpose that needs consent only where one holds; the household's county can list every reveal.
//! What is kept by law is never erased here, and says so; what may be erased is erased on schedule, in bounded batches.
//! Does not know what a household earns or sells.

mod api;
mod error;
pub mod retention;
pub mod rotation;
mod service;
mod store;
pub mod terms;
pub mod view;

pub use api::routes;
pub use error::{KINDS, PrivacyError};
pub use retention::{EVERY_HOUR, Schedule};
pub use service::{Seen, consents_on, record_access, require_consent};
