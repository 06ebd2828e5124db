//! What goes out.

use super::key::Key;
use chrono::{DateTime, Utc};
use entity::value::{AidKind, AidState, NeedState};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimelineKind {
    /// The pairing was signed (签约结对).
    Agreement,
    /// Something was promised (承诺).
    Pledge,
    /// An order counted for the first time (采购计入).
    Order,
    /// It counted anew: a further instalment, or a refund (重新核算).
    OrderRecounted,
    /// The enterprise entered what it gave (申报).
    Aid,
    /// That was confirmed, verified or rejected (审核).
    AidReviewed,
    /// A certificate was issued (颁发证书).
    Certificate,
    /// A certificate was revoked (撤销证书).
    CertificateRevoked,
    /// A need of the village moved on (村需求进展).
    Need,
}

/// An entry of a timeline.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TimelineEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// What happened.
    pub kind: TimelineKind,
    /// What it happened to: the pairing, the pledge, the order, the claim, the certificate, the need.
    pub object_id: Uuid,
    /// Which kind of aid it is about.
    pub aid_kind: Option<AidKind>,
    /// The amount that stands after it, in fen.
    pub amount_fen: Option<i64>,
    /// By how much it changed what counts of an order, in fen; below zero for a refund.
    pub change_fen: Option<i64>,
    /// How many people it is about.
    pub people: Option<i64>,
    /// Where the review of a claim went.
    pub aid_state: Option<AidState>,
    /// Where a need went.
    pub need_state: Option<NeedState>,
    /// A number, a content or a reason that goes with it.
    pub words: Option<String>,
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) key: Key,
}

impl TimelineEntry {
    /// An entry of which nothing more is known.
    pub(super) fn of(kind: TimelineKind, object_id: Uuid, key: Key) -> Self {
        Self {
            at: key.at,
            kind,
            object_id,
            aid_kind: None,
            amount_fen: None,
            change_fen: None,
            people: None,
            aid_state: None,
            need_state: None,
            words: None,
            key,
        }
    }
}
