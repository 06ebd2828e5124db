//! What goes out, and comes back to be checked.

use crate::seal::view::Seal;
use chrono::NaiveDate;
use entity::value::{AccountKind, AgreementId, Fen, HouseholdId, Side, SupplierOrderId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which year.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReceiptQuery {
    /// The calendar year of the business days; this year when not given.
    #[param(minimum = 2000, maximum = 2100, example = 2026)]
    pub year: Option<i32>,
}

/// What the sealed journal holds of a household in a year (收益凭据).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Receipt {
    /// Always `liannong.receipt.v1`.
    #[schema(example = "liannong.receipt.v1")]
    pub format: &'static str,
    /// The household.
    pub household_id: HouseholdId,
    /// The year.
    pub year: i32,
    /// The postings that move something of the household, each with the household's own lines only.
    pub postings: Vec<ReceiptPosting>,
    /// The seals they are under.
    pub seals: Vec<Seal>,
    /// Postings of the year that are left out: not sealed yet (a minute at most), or from before lines were blinded.
    pub omitted_postings: u64,
}

/// A posting, as far as it is the household's.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReceiptPosting {
    /// What made it happen.
    pub cause: String,
    /// Which kind of event it records.
    pub kind: String,
    /// The business day.
    pub business_date: NaiveDate,
    /// The object that caused it.
    pub object_id: Uuid,
    /// When it was written, by which rule, from which inputs; absent in postings of the older format.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<ReceiptOrigin>,
    /// How many lines it has in all.
    pub line_count: u64,
    /// The household's own lines.
    pub lines: Vec<ReceiptLine>,
    /// The seal it is under.
    pub seal_number: i64,
    /// Its place in the tree of the seal.
    pub leaf_index: u64,
    /// The path from its digest to the root of the seal, hexadecimal.
    pub path: Vec<String>,
}

/// How a posting came about.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReceiptOrigin {
    /// When it was written.
    #[schema(example = "2026-03-02T02:00:00.000000Z")]
    pub posted_at: String,
    /// By which rule its amounts came about.
    #[schema(example = "shares/1")]
    pub rule_version: String,
    /// Hash of what went into that rule, hexadecimal.
    pub inputs_hash: String,
}

/// A line of the household.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReceiptLine {
    /// Its number in the posting, from 1.
    pub line_no: u64,
    /// Promised, or payable.
    pub account_kind: AccountKind,
    /// Under which agreement.
    pub agreement_id: AgreementId,
    /// Debit or credit.
    pub side: Side,
    /// How much.
    pub amount_fen: Fen,
    /// The order it comes from.
    pub supplier_order_id: Option<SupplierOrderId>,
    /// What blinds this line, hexadecimal.
    pub salt: String,
    /// The path from the line to the root over the posting's lines, hexadecimal.
    pub path: Vec<String>,
}

/// Whether a receipt holds.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CheckedReceipt {
    /// Whether everything in it is in the sealed journal of this house.
    pub is_valid: bool,
    /// Why not, in Chinese and English; null when it is valid.
    #[schema(nullable)]
    pub fault: Option<ReceiptFault>,
    /// What it proves; null when it is not valid.
    #[schema(nullable)]
    pub proves: Option<ProvenIncome>,
}

/// The first thing that does not hold.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReceiptFault {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// The sums of a valid receipt.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProvenIncome {
    /// The household.
    pub household_id: Uuid,
    /// The year.
    pub year: i32,
    /// How many lines.
    pub lines: u64,
    /// Promised (应得).
    pub promised_fen: i64,
    /// Accrued (计提).
    pub accrued_fen: i64,
    /// Paid out (发放).
    pub paid_fen: i64,
}

/// The text of a square code, to be checked.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenCode {
    /// What stands in the square.
    #[schema(min_length = 1, max_length = 1000)]
    pub text: String,
}
