//! Suggestions that were told since the index last changed. What is typed first is typed by everybody, and a letter or two
//! begin most of the terms there are, so the dearest suggestions are those that are asked for most.
//!
//! Promises: what is told was found in the index as it is; nothing is told of an index that was changed since.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::search::engine::Suggestion;

/// Longer beginnings are cheap to look up.
const LONGEST_CHARS: usize = 4;

/// So many answers are kept; with one more, all are forgotten.
const MOST: usize = 4096;

/// Which state of which index: its number, and what tantivy counts up with every change it shows.
pub type Shown = (u64, u64);

/// Answers of one state of the index.
#[derive(Default)]
pub struct Recent(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    shown: Shown,
    told: HashMap<(String, usize), Vec<Suggestion>>,
}

impl Recent {
    fn hold(&self) -> MutexGuard<'_, Kept> {
        // What is guarded is changed in one step each time.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was told for a text.
    pub fn find(&self, shown: Shown, text: &str, limit: usize) -> Option<Vec<Suggestion>> {
        let kept = self.hold();
        if kept.shown == shown { kept.told.get(&(text.to_owned(), limit)).cloned() } else { None }
    }

    /// Keeps what is told for a text.
    pub fn keep(&self, shown: Shown, text: &str, limit: usize, told: &[Suggestion]) {
        if text.chars().nth(LONGEST_CHARS).is_some() {
            return;
        }
        let mut kept = self.hold();
        if kept.shown != shown || kept.told.len() >= MOST {
            *kept = Kept { shown, told: HashMap::new() };
        }
        kept.told.insert((text.to_owned(), limit), told.to_vec());
    }
}
