//! Papers (单据): the contract of an order, the proof by which its money is asked for, an acceptance form, a statement of
//! account between two sides; as PDF with Chinese type, each with a code by which anybody can check it.
//!
//! Promises: a paper is made from the data alone, and once issued says the same for ever: its content is kept, and the
//! same content set in the same type is the same file, byte for byte; its code is a digest of that content, so that what
//! was altered has another; who has the code learns what the paper says in short, and the hash of its file.
//! Only the glyphs a paper uses are in its file. Does not know seals: signing is for whoever prints it.

mod api;
mod capital;
mod content;
mod error;
mod layout;
mod service;
mod sheet;
mod store;
mod typeset;
mod view;

pub use api::routes;
pub use capital::in_capitals;
pub use error::{KINDS, PaperError};
pub use layout::{Mark, lay_out};
pub use service::{code_for, normal, set};
pub use sheet::{Align, Column, EDITION, Sheet, Table};
pub use typeset::Typesetter;
