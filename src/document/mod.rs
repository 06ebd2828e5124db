//! Documents (附件): licences, certificates, weigh notes, evidence of payouts.
//!
//! Promises: a file is what its first bytes say it is, or it is refused; where the operator wants it, it was looked at
//! by a scan before; its content is kept once, under the hash of
//! it, and never changes; the name it came under is only ever shown, never a path; it is sent as an attachment, never
//! to be opened by the browser in our name.
//! Does not know what a file is for: the domain that refers to it does, and asks [`require_own`] first.

mod api;
mod content;
mod error;
mod files;
mod retention;
mod scan;
mod service;
mod store;
mod view;

pub use api::routes;
pub use error::{DocumentError, KINDS};
pub use files::FileStore;
pub use retention::RETENTION;
pub use service::{Made, enter_made, own_among, require_own};
pub use store::find;
pub use view::StoredFile;
