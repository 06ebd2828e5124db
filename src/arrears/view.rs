//! What comes in and goes out.

use super::rule::Bucket;
use chrono::NaiveDate;
use entity::value::{Fen, OrganisationId, SupplierOrderId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Whose arrears are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ArrearFilter {
    /// Only what this buyer owes.
    pub buyer: Option<OrganisationId>,
    /// Only what is owed to this supplier.
    pub supplier: Option<OrganisationId>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// By whom an ageing list is put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgeingBy {
    /// One row a buyer.
    #[default]
    Buyer,
    /// One row a supplier.
    Supplier,
}

/// How an ageing list is put together.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AgeingFilter {
    /// By buyer, when not given, or by supplier.
    #[serde(default)]
    #[param(inline)]
    pub by: AgeingBy,
}

/// What of a supplier order is owed (欠款).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Arrear {
    /// The supplier order.
    pub id: SupplierOrderId,
    /// The number people quote.
    #[schema(example = "S20260302-0H5M2TZC")]
    pub number: String,
    /// Who owes.
    pub buyer_id: OrganisationId,
    /// Their name.
    pub buyer_name: String,
    /// To whom.
    pub supplier_id: OrganisationId,
    /// Their name.
    pub supplier_name: String,
    /// Within how many days after acceptance the money is due.
    pub term_days: i32,
    /// What is owed in all.
    pub open_fen: Fen,
    /// How much of it is late.
    pub late_fen: Fen,
    /// The first day on which something of it was or is due.
    pub due_on: NaiveDate,
    /// How long the oldest part is late.
    pub bucket: Bucket,
    /// The daily rate of late interest it was confirmed with, in millionths; 500 is 0.05 % (逾期日利率).
    #[schema(example = 500)]
    pub daily_ppm: u32,
    /// Interest on what is or was paid late (逾期利息).
    pub interest_fen: Fen,
    /// Acceptance by acceptance, the oldest first.
    pub parts: Vec<ArrearPart>,
}

/// What of one acceptance is owed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ArrearPart {
    /// The day of the acceptance.
    pub accepted_on: NaiveDate,
    /// The last day on which it is paid in time.
    pub due_on: NaiveDate,
    /// How much is open.
    pub open_fen: Fen,
    /// How many days it is late; 0 when it is not.
    pub days_late: i64,
    /// How long it is late.
    pub bucket: Bucket,
}

/// What is owed, by how long it is late (账龄).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Ageing {
    /// The day.
    pub on: NaiveDate,
    /// The daily rate of late interest of what is confirmed today, in millionths; 500 is 0.05 %. Every order bears that
    /// which it was confirmed with.
    #[schema(example = 500)]
    pub daily_ppm: u32,
    /// One row a buyer or a supplier, those with most that is late first.
    pub rows: Vec<AgeingRow>,
    /// All of them together.
    pub total: AgeingSums,
}

/// One row of an ageing list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AgeingRow {
    /// Who owes, or to whom.
    pub organisation_id: OrganisationId,
    /// Their name.
    pub name: String,
    /// What.
    #[serde(flatten)]
    pub sums: AgeingSums,
}

/// Sums by how long they are late.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct AgeingSums {
    /// How many orders.
    pub orders: u64,
    /// Not due yet.
    pub not_due_fen: Fen,
    /// 1 to 30 days late.
    pub up_to_30_fen: Fen,
    /// 31 to 60 days late.
    pub up_to_60_fen: Fen,
    /// More than 60 days late.
    pub over_60_fen: Fen,
    /// All of it.
    pub open_fen: Fen,
    /// Interest on what is or was late.
    pub interest_fen: Fen,
}
