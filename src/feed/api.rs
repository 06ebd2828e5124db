//! The feed over HTTP: asked for, waited for, or streamed.

use super::catalogue::EVENTS;
use super::service::Reader;
use super::view::{EventKinds, FeedEvent, FeedPiece, FeedQuery, StreamMessage, StreamQuery};
use crate::access::Grant;
use crate::access::policy::{ReadFeed, ReadPublic};
use crate::app::App;
use crate::http::Query;
use crate::problem::{Failure, Problem};
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, get, web};
use futures_util::stream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use utoipa_actix_web::service_config::ServiceConfig;

/// How often somebody who waits looks again: other servers publish too, so nothing in this process wakes them.
const LOOK: Duration = Duration::from_millis(400);
/// How often a silent stream says that it is still there.
const STILL_HERE: Duration = Duration::from_secs(15);
/// How long a stream lasts: then the client connects again, and shows that it still may.
const STREAM: Duration = Duration::from_secs(600);
/// So many entries go into one piece of a stream.
const PIECE: u64 = 100;

/// Whether the server is about to stop: whoever waits or streams is sent home. A part of the house.
#[derive(Debug, Default)]
pub struct Closing(AtomicBool);

impl Closing {
    /// The server is about to stop.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn has_begun(app: &App) -> bool {
        app.part::<Self>().is_ok_and(|closing| closing.0.load(Ordering::Relaxed))
    }
}

/// The routes of the feed.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_event_types).service(read_changes).service(stream_changes);
}

/// List the kinds of events (事件目录), each with the form of its data as JSON Schema.
#[utoipa::path(tag = "events", responses((status = 200, description = "Every kind there is", body = EventKinds)))]
#[get("/event-types")]
async fn list_event_types(_grant: Grant<ReadPublic>) -> HttpResponse {
    HttpResponse::Ok().json(EventKinds::all(EVENTS))
}

/// Read what happened to your organisation and those below it, in order (变更流).
///
/// Keep the `cursor` of the answer with what you made of it, and ask with it again: nothing is missed and nothing is
/// out of order, whatever dies. An event may come again after an interruption; its `id` tells. Entries are kept 90 days.
#[utoipa::path(tag = "events", params(FeedQuery), responses(
    (status = 200, description = "The next events, and where to go on", body = FeedPiece),
))]
#[get("/changes")]
async fn read_changes(
    grant: Grant<ReadFeed>,
    app: web::Data<App>,
    wanted: Query<FeedQuery>,
) -> Result<HttpResponse, Failure> {
    let FeedQuery { cursor, from, types, limit, wait_seconds } = wanted.0;
    let limit = match limit.unwrap_or(PIECE) {
        limit @ 1..=PIECE => limit,
        _ => {
            return Err(
                Problem::invalid("?limit", "limit 应在 1 至 100 之间。", "limit lies between 1 and 100.").into()
            );
        }
    };
    let wait = match wait_seconds.unwrap_or(0) {
        wait @ 0..=50 => Duration::from_secs(u64::from(wait)),
        _ => {
            let (zh, en) = ("wait_seconds 应在 0 至 50 之间。", "wait_seconds lies between 0 and 50.");
            return Err(Problem::invalid("?wait_seconds", zh, en).into());
        }
    };
    let owner = grant.organisation()?;
    let mut reader = Reader::open(app.reader(), owner, cursor.as_deref(), from, types.as_deref()).await?;
    let until = Instant::now() + wait;
    loop {
        let piece = reader.piece(app.reader(), limit).await?;
        if !piece.items.is_empty() || Instant::now() >= until || Closing::has_begun(&app) {
            return Ok(HttpResponse::Ok().json(piece));
        }
        tokio::time::sleep(LOOK.min(until.saturating_duration_since(Instant::now()))).await;
    }
}

/// Follow what happens as server-sent events (`text/event-stream`).
///
/// Each message has the kind of event as `event`, a cursor as `id` and the same JSON as the feed as `data`. The stream
/// ends after ten minutes; connect again with the last `id`.
#[utoipa::path(tag = "events",
    params(StreamQuery, ("Last-Event-ID" = Option<String>, Header, description = "The `id` of the last message")),
    responses((status = 200, description = "The stream, message by message", content(
        (StreamMessage = "text/event-stream"),
    ))),
)]
#[get("/changes/stream")]
async fn stream_changes(
    grant: Grant<ReadFeed>,
    app: web::Data<App>,
    wanted: Query<StreamQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let StreamQuery { cursor, from, types } = wanted.0;
    let last = request.headers().get("Last-Event-ID").and_then(|id| id.to_str().ok()).map(str::to_owned);
    let at = last.or(cursor);
    let reader = Reader::open(app.reader(), grant.organisation()?, at.as_deref(), from, types.as_deref()).await?;
    let follower = Follower { app, reader, until: Instant::now() + STREAM, spoke: Instant::now(), begun: false };
    let messages = stream::unfold(follower, |mut follower| async move {
        let text = follower.next().await?;
        Some((Ok::<_, actix_web::Error>(Bytes::from(text)), follower))
    });
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        // Compressed, a message would wait for the next one.
        .insert_header((header::CONTENT_ENCODING, HeaderValue::from_static("identity")))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(messages))
}

/// Somebody who follows the feed.
struct Follower {
    app: web::Data<App>,
    reader: Reader,
    until: Instant,
    spoke: Instant,
    begun: bool,
}

impl Follower {
    /// The next text of the stream; none when it ends.
    async fn next(&mut self) -> Option<String> {
        if !std::mem::replace(&mut self.begun, true) {
            return Some("retry: 2000\n\n".to_owned());
        }
        while Instant::now() < self.until && !Closing::has_begun(&self.app) {
            match self.reader.next(self.app.reader(), PIECE).await {
                Ok(rows) if rows.is_empty() => {}
                Ok(rows) => {
                    self.spoke = Instant::now();
                    return Some(rows.iter().map(FeedEvent::message).collect());
                }
                Err(error) => {
                    tracing::warn!(%error, "a stream ends: the database did not answer");
                    return None;
                }
            }
            if self.spoke.elapsed() >= STILL_HERE {
                self.spoke = Instant::now();
                return Some(": still here\n\n".to_owned());
            }
            tokio::time::sleep(LOOK).await;
        }
        None
    }
}
