//! How requests are read and answers written, the same everywhere.
//!
//! Promises: what cannot be read is a problem that names the place; bodies, pages and keys have limits.
//! Knows no domain.

mod actor;
pub mod body;
pub mod door;
pub mod etag;
pub mod export;
pub mod fresh;
pub mod idempotency;
mod origin;
pub mod outward;
pub mod page;
pub mod query;
pub mod sheet;
mod template;
pub mod text;
pub mod trace;
mod words;

pub use actor::{Asked, KeyRing, recognise};
pub use body::Body;
pub use door::Door;
pub use etag::{IfMatch, tagged};
pub use idempotency::{Answer, IdempotencyKey, Once};
pub use origin::Origin;
pub use page::{Page, PageQuery};
pub use query::Query;
pub use template::Template;
pub use words::Words;

/// For the API description: the header of requests that move money or stock.
#[derive(Debug, utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only describes the header")]
pub struct IdempotencyHeader {
    /// Names this request; repeat it when you retry. 1–255 visible characters, kept 30 days.
    #[param(
        rename = "Idempotency-Key",
        min_length = 1,
        max_length = 255,
        pattern = "^[!-~]+$",
        example = "order-2026-0001"
    )]
    idempotency_key: String,
}

/// For the API description: the header of requests that change something.
#[derive(Debug, utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only describes the header")]
pub struct IfMatchHeader {
    /// The ETag you read.
    #[param(rename = "If-Match", pattern = "^\"[0-9]{1,18}\"$", example = "\"1\"")]
    if_match: String,
}
