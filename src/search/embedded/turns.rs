//! No more searches at a time than there are cores: more would only take turns on them, and each would last as long as
//! all together. Who waits here waits asleep.

use std::{
    sync::{Condvar, Mutex, PoisonError},
    thread::available_parallelism,
};

/// The turns there are.
pub struct Turns {
    free: Mutex<usize>,
    freed: Condvar,
}

/// A turn, until it is dropped.
pub struct Turn<'a>(&'a Turns);

impl Default for Turns {
    fn default() -> Self {
        let cores = available_parallelism().map_or(2, usize::from);
        Self { free: Mutex::new(cores), freed: Condvar::new() }
    }
}

impl Turns {
    /// Waits for a turn.
    pub fn take(&self) -> Turn<'_> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self.freed.wait_while(free, |free| *free == 0).unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
        Turn(self)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.freed.notify_one();
    }
}
