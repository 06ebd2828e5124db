//! What comes in and goes out.

use chrono::{DateTime, NaiveDate, Utc};
use entity::paper;
use entity::value::{Fen, OrganisationId, PaperId, PaperKind, SupplierOrderId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which paper of an order is wanted.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssuePaper {
    /// Which.
    pub kind: PaperOfOrder,
    /// Of which acceptance, by its number; of an acceptance form only, the last when not given.
    #[schema(example = 1)]
    pub acceptance: Option<i32>,
}

/// The papers an order has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaperOfOrder {
    /// The contract (采购合同).
    Contract,
    /// The proof by which its money is asked for (订单请款证明).
    PaymentRequest,
    /// What was accepted (验收单).
    AcceptanceForm,
}

/// Which statement of account is wanted.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueStatement {
    /// The other side: a supplier of yours, or a buyer.
    pub with: OrganisationId,
    /// The first day.
    #[schema(example = "2026-03-01")]
    #[serde(deserialize_with = "crate::http::text::day")]
    pub from: NaiveDate,
    /// The last day, before today; at most 366 days from the first.
    #[schema(example = "2026-03-31")]
    #[serde(deserialize_with = "crate::http::text::day")]
    pub to: NaiveDate,
}

/// Which papers are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PaperFilter {
    /// Only those of this kind.
    pub kind: Option<PaperKind>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// A paper that was issued (单据).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Paper {
    /// Its identifier.
    pub id: PaperId,
    /// What it is.
    pub kind: PaperKind,
    /// The number people quote.
    #[schema(example = "HT-S20260302-0H5M2TZC")]
    pub number: String,
    /// The order it is about.
    pub supplier_order_id: Option<SupplierOrderId>,
    /// Who sells.
    pub supplier_id: OrganisationId,
    /// Who buys.
    pub buyer_id: OrganisationId,
    /// The amount it is about.
    pub amount_fen: Fen,
    /// The code by which anybody can check it (查验码).
    #[schema(example = "7K3Q-9XAB-0H5M-2TZC")]
    pub code: String,
    /// The hash of its file, hexadecimal.
    pub sha256: String,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
}

/// What a code stands for (单据查验).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PaperCheck {
    /// The code.
    #[schema(example = "7K3Q-9XAB-0H5M-2TZC")]
    pub code: String,
    /// Whether the kept content still has this code.
    pub is_genuine: bool,
    /// What it is.
    pub kind: PaperKind,
    /// Its title.
    #[schema(example = "农副产品采购合同")]
    pub title: String,
    /// The number people quote.
    pub number: String,
    /// Who sells.
    pub supplier_name: String,
    /// Who buys.
    pub buyer_name: String,
    /// The amount it is about.
    pub amount_fen: Fen,
    /// When it was first issued.
    pub issued_at: DateTime<Utc>,
    /// The hashes its file may have, hexadecimal: one for each font it was set in.
    pub sha256: Vec<String>,
}

impl From<paper::Model> for Paper {
    fn from(row: paper::Model) -> Self {
        let paper::Model {
            id,
            kind,
            number,
            supplier_order_id,
            supplier_id,
            buyer_id,
            amount_fen,
            content: _,
            code,
            sha256,
            issued_by: _,
            issued_at,
        } = row;
        Self { id, kind, number, supplier_order_id, supplier_id, buyer_id, amount_fen, code, sha256, issued_at }
    }
}
