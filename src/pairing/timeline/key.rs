//! Where an entry stands in a timeline: pure.
//!
//! Entries come from several tables, so the place is the instant, then the table, then the row, then its step.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The place of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Of which table it is.
    pub source: u8,
    /// The row.
    pub id: Uuid,
    /// Which of its steps.
    pub step: i32,
}

impl Key {
    /// The place as a cursor of one pairing's timeline.
    #[must_use]
    pub fn write(&self, pairing: Uuid) -> String {
        let Self { at, source, id, step } = self;
        URL_SAFE_NO_PAD.encode(format!(
            "{}.{source}.{}.{step}.{}",
            at.timestamp_micros(),
            id.simple(),
            pairing.simple()
        ))
    }

    /// The place that a cursor says; nothing for one of another timeline, or of no timeline.
    #[must_use]
    pub fn read(cursor: &str, pairing: Uuid) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        let mut parts = text.split('.');
        let at = DateTime::from_timestamp_micros(parts.next()?.parse().ok()?)?;
        let source = parts.next()?.parse().ok()?;
        let id = parts.next()?.parse().ok()?;
        let step = parts.next()?.parse().ok()?;
        let of: Uuid = parts.next()?.parse().ok()?;
        (of == pairing && parts.next().is_none()).then_some(Self { at, source, id, step })
    }
}
