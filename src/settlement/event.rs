//! What others may hear of income.

use crate::db::Event;
use chrono::NaiveDate;
use entity::value::{Fen, OrganisationId, SupplierOrderId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A paid order has become income of households (收益入账).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct IncomeBooked {
    /// The supplier order.
    pub supplier_order: SupplierOrderId,
    /// Who sold.
    pub supplier: OrganisationId,
    /// Who bought.
    pub buyer: OrganisationId,
    /// Which computation of the order it is: each counts all that came before it, the last one holds.
    #[serde(default = "first")]
    pub number: i32,
    /// What is paid of the order so far: what accrued to all households, and what is retained.
    pub paid_fen: Fen,
    /// What stays with the supplier.
    pub retained_fen: Fen,
    /// The business day.
    pub business_date: NaiveDate,
    /// What accrued to the households of each village, in the order of the villages' identifiers.
    pub villages: Vec<VillageIncome>,
}

fn first() -> i32 {
    1
}

/// What one order brought to a village so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct VillageIncome {
    /// The village committee.
    pub village: OrganisationId,
    /// What accrued to its households.
    pub accrued_fen: Fen,
    /// How many households that is.
    pub households: i32,
}

impl Event for IncomeBooked {
    const TOPIC: &'static str = "income.booked";
    fn aggregate(&self) -> Uuid {
        self.supplier_order.uuid()
    }
}
