//! Files of departments beside the register (部门数据比对): vehicles, companies, the public payroll, deaths.
//!
//! A file lists people by their identity numbers; whoever of the register stands in it is a *flag* (疑点), which somebody
//! else than whoever sent the file decides with a reason. Promises: the file itself is never kept, and of the people who
//! are not in the register nothing is: their numbers are hashed with the key, looked for, and forgotten; the file is read
//! row by row and matched a thousand rows at a time; nothing is taken from a household by a flag – a confirmed one
//! opens a clue for people to look into, and is told.
//! Does not know what a vehicle is worth.

mod api;
mod error;
pub mod event;
mod read;
mod sealed;
mod service;
mod store;
mod view;

pub use api::routes;
pub use error::{ComparisonError, KINDS};
pub use read::{Hit, MOST_ROWS};
pub use sealed::SEALED;
