//! Answers that anybody may keep for a while: how long, by which mark, and "you hold it already" (RFC 9110, RFC 9111).
//!
//! Promises: who sends back the mark it was given is not sent the same again; without a mark the date is believed, to the
//! second. Knows no domain.

use actix_web::http::header::{self, HttpDate};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use entity::value::Timestamp;
use std::time::{Duration, SystemTime};

/// What is said about an answer.
#[derive(Debug, Clone)]
pub struct Fresh {
    /// Changes whenever the answer does.
    pub mark: String,
    /// When what is in it changed last, where that is known.
    pub modified: Option<Timestamp>,
    /// For how many seconds it may be shown again without asking.
    pub seconds: u32,
}

impl Fresh {
    fn tag(&self) -> String {
        format!("\"{}\"", self.mark)
    }

    fn date(&self) -> Option<HttpDate> {
        let seconds = u64::try_from(self.modified?.timestamp()).ok()?;
        Some(HttpDate::from(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)))
    }

    /// Whether the caller holds exactly this already.
    #[must_use]
    pub fn is_held(&self, request: &HttpRequest) -> bool {
        let said = |name| request.headers().get(name).and_then(|said| said.to_str().ok());
        if let Some(held) = said(header::IF_NONE_MATCH) {
            let tag = self.tag();
            return held.split(',').map(str::trim).any(|held| held == "*" || held.trim_start_matches("W/") == tag);
        }
        match (said(header::IF_MODIFIED_SINCE).and_then(|said| said.parse::<HttpDate>().ok()), self.date()) {
            (Some(held), Some(date)) => SystemTime::from(date) <= SystemTime::from(held),
            _ => false,
        }
    }

    fn head(&self, answer: &mut HttpResponseBuilder) {
        answer
            .insert_header((header::ETAG, self.tag()))
            .insert_header((header::CACHE_CONTROL, format!("public, max-age={}", self.seconds)));
        if let Some(date) = self.date() {
            answer.insert_header((header::LAST_MODIFIED, date.to_string()));
        }
    }

    /// The answer: what `whole` makes of it, or that the caller holds it.
    #[must_use]
    pub fn respond(
        &self,
        request: &HttpRequest,
        whole: impl FnOnce(&mut HttpResponseBuilder) -> HttpResponse,
    ) -> HttpResponse {
        if self.is_held(request) {
            let mut answer = HttpResponse::NotModified();
            self.head(&mut answer);
            return answer.finish();
        }
        let mut answer = HttpResponse::Ok();
        self.head(&mut answer);
        whole(&mut answer)
    }
}
