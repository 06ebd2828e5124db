//! Tables that leave the house as files: who took them, when and why stands at their head and in their name.
//!
//! Promises: a cell cannot become a formula in a spreadsheet; Excel reads the Chinese; rows go out page by page, so
//! memory stays bounded; nothing between keeps a copy. Whoever exports writes the audit row first: what is not
//! recorded does not leave.
//! Knows no domain.

use crate::problem::Failure;
use actix_web::HttpResponse;
use actix_web::http::header::{self, ContentDisposition, DispositionParam, DispositionType};
use actix_web::web::Bytes;
use entity::value::Timestamp;
use futures_util::{Stream, StreamExt, stream};
use std::borrow::Cow;
use uuid::Uuid;

/// An export about to leave.
#[derive(Debug, Clone)]
pub struct Export {
    /// What it is, in ASCII letters: begins the file's name.
    pub what: &'static str,
    /// Its identifier: that of its row in the audit's object.
    pub id: Uuid,
    /// Who takes it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What for.
    pub why: String,
}

/// A cell that no spreadsheet takes for a formula.
#[must_use]
pub fn harmless(cell: &str) -> Cow<'_, str> {
    // Full-width signs are taken for their narrow siblings by some programs.
    let is_formula =
        cell.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if is_formula { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// One line of comma-separated values.
#[must_use]
pub fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut line = String::new();
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            line.push(',');
        }
        let cell = harmless(cell);
        if cell.contains([',', '"', '\n', '\r']) {
            line.push('"');
            line.push_str(&cell.replace('"', "\"\""));
            line.push('"');
        } else {
            line.push_str(&cell);
        }
    }
    line.push_str("\r\n");
    line
}

impl Export {
    /// The file's name: what, when (UTC) and the identifier under which the audit knows it.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}-{}-{}.csv", self.what, self.at.format("%Y%m%dT%H%M%SZ"), self.id)
    }

    /// The mark by which Excel knows UTF-8, and who, when and why; then an empty line.
    #[must_use]
    pub fn head(&self) -> String {
        let at = self.at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let id = self.id.to_string();
        let lines = [
            line(["导出编号 export", &id]),
            line(["导出人 by", &self.by]),
            line(["导出时间 at", &at]),
            line(["用途 why", &self.why]),
        ];
        format!("\u{FEFF}{}\r\n", lines.concat())
    }

    /// The answer: the head, the titles, then the rows as they come.
    pub fn respond(self, titles: &[&str], rows: impl Stream<Item = Result<String, Failure>> + 'static) -> HttpResponse {
        let name = DispositionParam::Filename(self.file_name());
        let disposition = ContentDisposition { disposition: DispositionType::Attachment, parameters: vec![name] };
        let head = format!("{}{}", self.head(), line(titles.iter().copied()));
        let body =
            stream::iter([Ok(head)]).chain(rows).map(|part| part.map(Bytes::from).map_err(actix_web::Error::from));
        HttpResponse::Ok()
            .content_type("text/csv; charset=utf-8")
            .insert_header(disposition)
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .streaming(Box::pin(body))
    }
}
