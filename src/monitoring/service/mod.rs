//! What can be done: with rules, in the night, with clues and with measures.

mod batch;
mod clues;
mod measures;
mod night;
mod rules;
mod supervise;
mod trial;

pub use clues::{DueInVillage, NewClue, due_by_village, open_clue};
pub(super) use clues::{ask_dismissal, decide, list as list_clues, show as show_clue, take_up};
pub(super) use measures::{enter, finish, list as list_measures, progress, show as show_measure};
pub use night::{EVERY_NIGHT, night};
pub(super) use rules::{draft, list as list_rules, show as show_rule, switch_off, switch_on};
pub use supervise::{SUPERVISION, supervise};
pub(super) use trial::{keep as keep_trial, try_over};
