//! No more searches at a time than there are cores: more would only take turns on them, and each would last as long as
//! all together. Who waits here waits asleep.
//!
//! Promises: first come, first served. A turn that ends goes to whoever has waited longest and not to whoever happens to
//! be awake, so that nobody waits longer than those before them take.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, Thread, available_parallelism},
};

/// The turns there are.
pub struct Turns(Mutex<Waiting>);

/// Turns that nobody has, and those who wait for one, the first the longest. When somebody waits, none is free.
struct Waiting {
    free: usize,
    queue: VecDeque<Arc<Waiter>>,
}

/// Somebody who waits.
struct Waiter {
    thread: Thread,
    called: AtomicBool,
}

/// A turn, until it is dropped.
pub struct Turn<'a>(&'a Turns);

impl Default for Turns {
    fn default() -> Self {
        let free = available_parallelism().map_or(2, usize::from);
        Self(Mutex::new(Waiting { free, queue: VecDeque::new() }))
    }
}

impl Turns {
    fn hold(&self) -> MutexGuard<'_, Waiting> {
        // What is guarded is changed in one step each time.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a turn.
    pub fn take(&self) -> Turn<'_> {
        let mut waiting = self.hold();
        if waiting.free > 0 {
            waiting.free -= 1;
            return Turn(self);
        }
        let own = Arc::new(Waiter { thread: thread::current(), called: AtomicBool::new(false) });
        waiting.queue.push_back(Arc::clone(&own));
        drop(waiting);
        // Parking may end for no reason.
        while !own.called.load(Ordering::Acquire) {
            thread::park();
        }
        Turn(self)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut waiting = self.0.hold();
        match waiting.queue.pop_front() {
            None => waiting.free += 1,
            Some(next) => {
                drop(waiting);
                next.called.store(true, Ordering::Release);
                next.thread.unpark();
            }
        }
    }
}
