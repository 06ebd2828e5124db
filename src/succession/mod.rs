//! Succession (单位变更): units are renamed, moved under others, merged, split and abolished, by a document and from a day on.
//!
//! Promises: what became of an organisation is written once and stays; an order of before shows the name of before; a tree
//! as of a day is the one of that day;
//! an organisation that ended trades no more from that moment: its people are moved to the one successor or stopped,
//! their sessions end, its keys open nothing and its products cannot be ordered. The tree of units stays a tree.
//! Stands above `document`, whose files prove the change, and `identity`, whose members it moves.

mod api;
mod error;
mod service;
mod store;
pub mod terms;
mod view;

pub use api::routes;
pub use error::{KINDS, SuccessionError};
