//! The household's voice (农户的声音): its own statement, in plain words, and what it says to it.
//!
//! What it is for: a household sees what it was promised, what accrued and what it was paid, agreement by agreement and
//! order by order, on one page it can keep; it says that an entry is right, or that it is not.
//! How it comes in: with the number of a card that the county gave it, and a code sent to its phone; or through its
//! helper, who is signed in. Neither is an account: what it sees is its own, and only for half an hour.
//! Promises: codes and sessions are kept as hashes only, card numbers as a hash and sealed, so that a card outlives the
//! keys; a code is good for ten minutes and five tries,
//! and whether a card exists is told to nobody; a dispute has an owner, a day by which the next step is due, and an
//! outcome, and the county sees all of them; an upheld dispute makes a correcting document with a posting of its own,
//! and no entry is ever changed.
//! Owns cards, codes, sessions, confirmations, disputes and corrections. Its figures are settlement's.

mod api;
mod card;
mod dispute;
mod error;
pub mod event;
mod page;
mod session;
mod sms;
mod state;
mod store;
pub mod view;

pub use api::routes;
pub use card::SEALED;
pub use error::{KINDS, VoiceError};
pub use sms::{Sms, SmsError, SmsGateway};
pub use state::{Step, next};
