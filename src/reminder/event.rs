//! What reminders say.

use crate::db::Event;
use chrono::NaiveDate;
use entity::value::{Fen, OrganisationId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Paid orders wait for their rating, and count in this month only if they have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RatingsDue {
    /// Who bought.
    pub buyer: OrganisationId,
    /// How many orders.
    pub orders: i64,
    /// What was paid for them.
    pub paid_fen: Fen,
    /// The last day of the month.
    pub until: NaiveDate,
}

impl Event for RatingsDue {
    const TOPIC: &'static str = "ratings.due";

    fn aggregate(&self) -> Uuid {
        self.buyer.uuid()
    }
}

/// A buyer owes suppliers: some is late, or is due within a week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PaymentsDue {
    /// Who owes.
    pub buyer: OrganisationId,
    /// Of how many orders.
    pub orders: i64,
    /// What is late.
    pub late_fen: Fen,
    /// What is due within a week.
    pub soon_fen: Fen,
    /// The first day on which something was or is due.
    pub first_due_on: NaiveDate,
}

impl Event for PaymentsDue {
    const TOPIC: &'static str = "payments.due";

    fn aggregate(&self) -> Uuid {
        self.buyer.uuid()
    }
}

/// A supplier has owed households their income for more than 30 days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PayoutsDue {
    /// Who owes.
    pub supplier: OrganisationId,
    /// To how many households it owes something.
    pub households: i64,
    /// What has been owed for more than 30 days.
    pub late_fen: Fen,
    /// Since when the oldest of it is owed.
    pub oldest_on: NaiveDate,
}

impl Event for PayoutsDue {
    const TOPIC: &'static str = "payouts.due";

    fn aggregate(&self) -> Uuid {
        self.supplier.uuid()
    }
}

/// At the end of a month, less of a unit's quota was done than of the year was over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct QuotaBehind {
    /// Whose quota.
    pub unit: OrganisationId,
    /// The end of the month.
    pub as_of: NaiveDate,
    /// What it declared for the year.
    pub declared_fen: Fen,
    /// What counts of it so far.
    pub counted_fen: i64,
    /// How much that is, in ten-thousandths.
    pub done_bp: i64,
    /// How much of the year was over, in ten-thousandths.
    pub time_bp: i64,
}

impl Event for QuotaBehind {
    const TOPIC: &'static str = "quota.behind";

    fn aggregate(&self) -> Uuid {
        self.unit.uuid()
    }
}

/// Clues about households of a village or county wait, and their day is near or has passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CluesDue {
    /// Who is to look into them: a village, or the county's office for all of its villages.
    pub organisation: OrganisationId,
    /// How many are due within a week or late.
    pub clues: i64,
    /// Of these, how many are late.
    pub late: i64,
    /// The first day on which one was or is due.
    pub first_due_on: NaiveDate,
}

impl Event for CluesDue {
    const TOPIC: &'static str = "clues.due";

    fn aggregate(&self) -> Uuid {
        self.organisation.uuid()
    }
}
