//! Checks of what a request says: all of them at once, each named by its JSON pointer.
//!
//! Promises: a text that passed can be stored on both databases. Knows no request.

use crate::problem::{self, Describe, FieldProblem, Problem, Text};

/// The fields at fault, in the order they were looked at.
#[derive(Debug, thiserror::Error)]
#[error("some fields are not acceptable")]
pub struct BadFields(Vec<FieldProblem>);

impl Describe for BadFields {
    fn problem(&self) -> Problem {
        let mut refused = Problem::plain(&problem::INVALID_FIELDS);
        refused.errors.clone_from(&self.0);
        refused
    }
}

/// Collects what is wrong.
#[derive(Debug, Default)]
pub(super) struct Check(Vec<FieldProblem>);

impl Check {
    /// Nothing looked at yet.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// A statement that must hold.
    pub(super) fn that(mut self, holds: bool, pointer: impl Into<String>, zh: &'static str, en: &'static str) -> Self {
        if !holds {
            self.0.push(FieldProblem { pointer: pointer.into(), detail: Text::new(zh, en) });
        }
        self
    }

    /// A text that says something and is not longer than `longest` characters.
    pub(super) fn text(mut self, pointer: impl Into<String>, text: &str, longest: usize) -> Self {
        // PostgreSQL keeps no NUL, and other control characters only confuse whoever reads the text.
        let is_printable = text.chars().all(|c| !c.is_control() || c == '\n' || c == '\r' || c == '\t');
        if text.trim().is_empty() || text.chars().count() > longest || !is_printable {
            let detail = Text::new(
                format!("应为 1 至 {longest} 个字符，且不含控制字符。"),
                format!("1 to {longest} characters are expected, none of them a control character."),
            );
            self.0.push(FieldProblem { pointer: pointer.into(), detail });
        }
        self
    }

    /// The same for a text that may be absent.
    pub(super) fn text_if_any(self, pointer: impl Into<String>, text: Option<&str>, longest: usize) -> Self {
        match text {
            Some(text) => self.text(pointer, text, longest),
            None => self,
        }
    }

    /// Everything was acceptable, or this is what was not.
    pub(super) fn done(self) -> Result<(), BadFields> {
        if self.0.is_empty() { Ok(()) } else { Err(BadFields(self.0)) }
    }
}
