//! Sheets (批量导入导出): products, stock, deliveries, payouts and the register of households by the thousand, as `.xlsx`
//! or `.csv`.
//!
//! The way of a sheet: it is uploaded, every row of it is looked at and nothing is written; what each row would do is
//! told, in a list and in a copy of the sheet; told to, the good rows are carried out a batch at a time, each batch in
//! one transaction, so that a stopped server goes on where it was. What is exported and imported again changes nothing.
//! Promises: rows go through the same rules as single operations, without a question for each; a sheet is bounded in
//! size, rows and what it unpacks to; no cell that leaves here is a formula; the content of a register, which names
//! everybody by their numbers, is erased a month after it was dealt with.
//! Owns the sheets and their rows, and nothing that they make.

mod api;
mod cells;
mod columns;
mod error;
pub mod event;
mod export;
mod jobs;
mod kind;
pub mod national;
mod read;
mod retention;
mod service;
mod store;
mod view;
mod write;

pub use api::routes;
pub use error::{BulkError, KINDS};
pub use jobs::{CHECK, COMMIT};
pub use read::{Line, read};
pub use retention::RETENTION;
pub use write::guarded;

pub use columns::{Column, SCHEMES, columns};
