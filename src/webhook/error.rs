//! What can be wrong with webhooks.

use crate::access::AccessError;
use crate::feed::FeedError;
use crate::http::outward::Unreachable;
use crate::problem::{self, Describe, Kind, Problem};
use crate::secrecy::SecrecyError;
use sea_orm::DbErr;

problem::kinds! {
    TOO_MANY_ENDPOINTS = 409 "too_many_webhook_endpoints", "推送地址过多", "There are too many webhook endpoints",
        "每个单位最多二十个推送地址；请停用并沿用已有的地址。", "An organisation has at most twenty; change one that is there.";
}

/// What can be wrong with webhooks.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// There is none, or it is somebody else's.
    #[error("no such endpoint or delivery")]
    NotFound,
    /// Somebody changed it meanwhile.
    #[error("changed meanwhile")]
    Stale,
    /// It is so already.
    #[error("its state does not allow this")]
    WrongState,
    /// The organisation has enough.
    #[error("too many endpoints")]
    TooMany,
    /// The address leads nowhere it may.
    #[error("the address: {0}")]
    Address(Unreachable),
    /// A kind of event that there is not.
    #[error("type {0} is not told")]
    Topic(usize),
    /// The feed.
    #[error(transparent)]
    Feed(#[from] FeedError),
    /// Access.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A secret.
    #[error("a secret")]
    Secret(#[from] SecrecyError),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for WebhookError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Stale => Problem::plain(&problem::STALE),
            Self::WrongState => Problem::plain(&problem::WRONG_STATE),
            Self::TooMany => Problem::plain(&TOO_MANY_ENDPOINTS),
            Self::Address(why) => {
                let mut refused = Problem::plain(&problem::INVALID_FIELDS);
                refused.errors.push(why.fault("/url"));
                refused
            }
            Self::Topic(index) => Problem::invalid(
                format!("/types/{index}"),
                "没有这种事件；见 GET /api/v1/event-types。",
                "There is no such event; see GET /api/v1/event-types.",
            ),
            Self::Feed(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Secret(_) => Problem::internal(),
            Self::Database(error) => error.problem(),
        }
    }
}
