//! An error becomes an answer here and nowhere else (RFC 9457, `application/problem+json`).
//!
//! Promises: every refusal has a stable `code` with a page of its own, says in Chinese and English what is wrong,
//! where, and what to do; an inner error says nothing of its cause to the caller and everything to the log.
//! Knows no domain: each domain describes its own errors with [`Describe`].

mod kinds;
mod render;

pub use kinds::*;
pub use render::{find_kind, render};

use sea_orm::DbErr;
use std::borrow::Cow;
use std::error::Error;
use std::fmt;

/// One sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Chinese.
    pub zh: Cow<'static, str>,
    /// English.
    pub en: Cow<'static, str>,
}

impl Text {
    /// A sentence in both languages.
    pub fn new(zh: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

impl From<entity::value::Malformed> for Text {
    fn from(malformed: entity::value::Malformed) -> Self {
        Self::new(malformed.zh, malformed.en)
    }
}

/// A kind of problem: what its page says. The `code` never changes once published.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// Stable name, snake case; also the last part of the `type` address.
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
    /// Title in Chinese.
    pub zh: &'static str,
    /// Title in English.
    pub en: &'static str,
    /// What the caller can do about it, in Chinese and English.
    pub remedy: (&'static str, &'static str),
}

/// What is wrong with one field of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// JSON pointer into the body, or the name of a header or query parameter.
    pub pointer: String,
    /// Why it is refused.
    pub detail: Text,
}

/// A refusal ready to be rendered in the caller's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Which kind.
    pub kind: &'static Kind,
    /// This occurrence.
    pub detail: Text,
    /// The fields at fault, if any.
    pub errors: Vec<FieldProblem>,
    /// After how many seconds it may be tried again, where that is known; becomes `Retry-After`.
    pub retry_after_seconds: Option<u32>,
}

impl Problem {
    /// An occurrence of a kind.
    #[must_use]
    pub fn new(kind: &'static Kind, zh: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, detail: Text::new(zh, en), errors: Vec::new(), retry_after_seconds: None }
    }

    /// An occurrence that says no more than its kind does.
    #[must_use]
    pub fn plain(kind: &'static Kind) -> Self {
        Self::new(kind, kind.remedy.0, kind.remedy.1)
    }

    /// Says after how many seconds it may be tried again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }

    /// Names a field at fault.
    #[must_use]
    pub fn at(
        mut self,
        pointer: impl Into<String>,
        zh: impl Into<Cow<'static, str>>,
        en: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.errors.push(FieldProblem { pointer: pointer.into(), detail: Text::new(zh, en) });
        self
    }

    /// One field is unacceptable though readable.
    #[must_use]
    pub fn invalid(
        pointer: impl Into<String>,
        zh: impl Into<Cow<'static, str>>,
        en: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::plain(&INVALID_FIELDS).at(pointer, zh, en)
    }

    /// Something of ours went wrong; the caller learns only that.
    #[must_use]
    pub fn internal() -> Self {
        Self::plain(&INTERNAL)
    }
}

/// An error that knows what to tell the caller.
pub trait Describe: Error + Send + Sync + 'static {
    /// The answer to the caller. Implementations match every variant, so a new one does not compile unanswered.
    fn problem(&self) -> Problem;
}

impl Describe for DbErr {
    fn problem(&self) -> Problem {
        if crate::db::is_transient(self) {
            Problem::plain(&BUSY)
        } else if crate::db::is_full(self) {
            Problem::plain(&STORAGE_FULL)
        } else {
            Problem::internal()
        }
    }
}

impl Describe for entity::value::Overflow {
    fn problem(&self) -> Problem {
        Problem::plain(&AMOUNT_OUT_OF_RANGE)
    }
}

/// What a handler returns when it refuses: the problem, and its cause for the log.
#[derive(Debug)]
pub struct Failure {
    problem: Problem,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl Failure {
    /// The answer to the caller.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// Whether the database asks to try the whole transaction again.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        let mut cause: Option<&(dyn Error + 'static)> = self.cause.as_deref().map(|e| e as _);
        while let Some(error) = cause {
            if error.downcast_ref::<DbErr>().is_some_and(crate::db::is_transient) {
                return true;
            }
            cause = error.source();
        }
        false
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Where, not what: a refused value may be an identity number or a name.
        write!(f, "{}", self.problem.kind.code)?;
        for field in &self.problem.errors {
            // Names of unknown fields are the caller's words, too.
            let is_plain = field.pointer.len() <= 80 && field.pointer.bytes().all(|byte| byte.is_ascii_graphic());
            write!(f, " {}", if is_plain { &field.pointer } else { "…" })?;
        }
        let mut cause: Option<&(dyn Error + 'static)> = self.cause.as_deref().map(|e| e as _);
        while let Some(error) = cause {
            write!(f, " <- {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl<E: Describe> From<E> for Failure {
    fn from(error: E) -> Self {
        Self { problem: error.problem(), cause: Some(Box::new(error)) }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self { problem, cause: None }
    }
}

impl actix_web::ResponseError for Failure {
    fn status_code(&self) -> actix_web::http::StatusCode {
        actix_web::http::StatusCode::from_u16(self.problem.kind.status)
            .unwrap_or(actix_web::http::StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The problem rides along; [`render`] writes it in the caller's language on the way out.
    fn error_response(&self) -> actix_web::HttpResponse {
        let status = self.status_code();
        if status.is_server_error() {
            tracing::error!(code = self.problem.kind.code, error = %self, "request failed");
        } else {
            tracing::debug!(code = self.problem.kind.code, error = %self, "request refused");
        }
        let mut response = actix_web::HttpResponse::new(status);
        response.extensions_mut().insert(self.problem.clone());
        response
    }
}
