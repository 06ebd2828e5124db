//! Says how far the demonstration is, on one line of the terminal.

use std::io::{IsTerminal, Write};

/// Prints progress when somebody watches, and only whole tenths otherwise.
pub struct Progress {
    watched: bool,
}

impl Progress {
    /// Progress on standard error.
    pub fn new() -> Self {
        Self { watched: std::io::stderr().is_terminal() }
    }

    /// One more step of `total`.
    pub fn step(&self, what: &str, done: usize, total: usize) {
        let mut out = std::io::stderr();
        let written = if self.watched {
            let end = if done == total { "\n" } else { "" };
            write!(out, "\r\x1b[K  {what} {done}/{total}{end}").and_then(|()| out.flush())
        } else if done == total || (total >= 10 && done.is_multiple_of(total / 10)) {
            writeln!(out, "  {what} {done}/{total}")
        } else {
            Ok(())
        };
        // Progress that cannot be shown is not worth stopping for.
        drop(written);
    }
}
