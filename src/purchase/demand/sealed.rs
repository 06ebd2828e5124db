//! The envelope of a quotation: what is in it, how it is shut, and the one place where it is opened.
//!
//! Promises: what is shut says nothing by its length, up to a step; it opens only after the deadline, by the clock of the
//! house; it opens only in the row it was shut for.

use crate::purchase::PurchaseError;
use crate::secrecy::{Place, SealedColumn, Secrets};
use entity::value::{Fen, ProductId, QuotationId, Timestamp};
use entity::{demand, quotation};
use serde::{Deserialize, Serialize};

/// Contents are padded to a multiple of so many bytes before they are shut.
const STEP_BYTES: usize = 4096;

/// The column that holds the envelopes.
pub const SEALED: &[SealedColumn] = &[SealedColumn::new("quotation", "sealed_cipher")];

/// What a supplier asks for one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Price {
    /// The line of the demand.
    pub line_no: i32,
    /// The product that is offered for it.
    pub product_id: ProductId,
    /// The price of one pack.
    pub unit_price_fen: Fen,
}

/// What is in an envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Content {
    /// A price for each line.
    pub prices: Vec<Price>,
    /// What the supplier says.
    pub note: Option<String>,
}

fn place(row: QuotationId) -> Place {
    Place { table: "quotation", row: row.uuid(), column: "sealed_cipher" }
}

/// Shuts a quotation.
pub(super) fn shut(secrets: &Secrets, id: QuotationId, content: &Content) -> Result<String, PurchaseError> {
    let mut text = serde_json::to_string(content)?;
    // Blanks behind the JSON are no part of it.
    let padded = text.len().div_ceil(STEP_BYTES) * STEP_BYTES;
    text.extend(std::iter::repeat_n(' ', padded - text.len()));
    Ok(secrets.seal(place(id), &text)?)
}

/// Opens a quotation, when it is time.
///
/// # Errors
/// [`PurchaseError::StillSealed`] before the deadline of its demand.
pub(super) fn open(
    secrets: &Secrets,
    demand: &demand::Model,
    row: &quotation::Model,
    now: Timestamp,
) -> Result<Content, PurchaseError> {
    if now < demand.deadline || row.demand_id != demand.id {
        return Err(PurchaseError::StillSealed { until: demand.deadline });
    }
    let text = secrets.open(place(row.id), &row.sealed_cipher)?;
    Ok(serde_json::from_str(&text)?)
}
