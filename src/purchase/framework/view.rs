//! What comes in and goes out.

use crate::http::{Words, text};
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{
    BudgetId, Fen, FileId, FrameworkId, FrameworkLineId, FrameworkState, OrganisationId, Packs, PersonId, ProductId,
};
use entity::{framework, framework_line};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A framework agreement to be proposed to a supplier.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeFramework {
    /// Who sells.
    pub supplier_id: OrganisationId,
    /// What it is about.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "2026 年春季学期大米供应")]
    pub title: Words<200>,
    /// Its first day.
    #[serde(deserialize_with = "text::day")]
    #[schema(example = "2026-03-01")]
    pub valid_from: NaiveDate,
    /// Its last day, that one included; at most three years after the first.
    #[serde(deserialize_with = "text::day")]
    #[schema(example = "2026-07-31")]
    pub valid_to: NaiveDate,
    /// How much may be called off in all; more than zero.
    pub ceiling_fen: Fen,
    /// The signed paper, a file of your organisation.
    pub document_id: Option<FileId>,
    /// What may be called off, each product of the supplier once.
    #[schema(min_items = 1, max_items = 200)]
    pub lines: Vec<NewFrameworkLine>,
}

/// A product with its price and its most.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFrameworkLine {
    /// The product.
    pub product_id: ProductId,
    /// The price of one pack.
    pub unit_price_fen: Fen,
    /// How many packs may be called off in all; more than zero.
    pub ceiling_packs: Packs,
}

/// What a supplier says to a proposal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerFramework {
    /// Whether it agrees.
    pub agree: bool,
    /// Why not; needed when it does not.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    pub reason: Option<Words<500>>,
}

/// Why an agreement is ended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndFramework {
    /// The reason (终止原因).
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "学期结束")]
    pub reason: Words<500>,
}

/// What is called off.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallOff {
    /// The budget that pays; left out by enterprises only.
    pub budget_id: Option<BudgetId>,
    /// Where the goods go.
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "贵阳市观山湖区林城东路 1 号 机关食堂")]
    pub deliver_to: Words<500>,
    /// Products of the agreement, each once.
    #[schema(min_items = 1, max_items = 200)]
    pub lines: Vec<crate::procurement::WantedLine>,
    /// What those who decide should know.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1000)]
    pub note: Option<Words<1000>>,
}

/// A product of an agreement, and how far it is called off.
#[derive(Debug, Serialize, ToSchema)]
pub struct FrameworkLine {
    /// Its identifier: what the price of an order's line rests on.
    pub id: FrameworkLineId,
    /// Its place, from 1.
    pub line_no: i32,
    /// The product.
    pub product_id: ProductId,
    /// The price of one pack.
    pub unit_price_fen: Fen,
    /// How many packs may be called off in all.
    pub ceiling_packs: Packs,
    /// How many packs are ordered and not taken off since.
    pub ordered_packs: i64,
}

/// A framework agreement (框架协议).
#[derive(Debug, Serialize, ToSchema)]
pub struct Framework {
    /// Its identifier.
    pub id: FrameworkId,
    /// Who buys.
    pub buyer_id: OrganisationId,
    /// Who sells.
    pub supplier_id: OrganisationId,
    /// What it is about.
    pub title: String,
    /// Where it is.
    pub state: FrameworkState,
    /// Its first day.
    pub valid_from: NaiveDate,
    /// Its last day, that one included.
    pub valid_to: NaiveDate,
    /// How much may be called off in all.
    pub ceiling_fen: Fen,
    /// The signed paper.
    pub document_id: Option<FileId>,
    /// Who proposed it.
    pub proposed_by: PersonId,
    /// Who answered for the supplier.
    pub answered_by: Option<PersonId>,
    /// When.
    pub answered_at: Option<DateTime<Utc>>,
    /// Why it was declined or ended.
    pub closed_reason: Option<String>,
    /// When it was proposed.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}

impl From<framework::Model> for Framework {
    fn from(row: framework::Model) -> Self {
        let framework::Model {
            id,
            buyer_id,
            supplier_id,
            title,
            state,
            valid_from,
            valid_to,
            ceiling_fen,
            document_id,
            proposed_by,
            answered_by,
            answered_at,
            closed_reason,
            created_at,
            version,
        } = row;
        Self {
            id,
            buyer_id,
            supplier_id,
            title,
            state,
            valid_from,
            valid_to,
            ceiling_fen,
            document_id,
            proposed_by,
            answered_by,
            answered_at,
            closed_reason,
            created_at,
            version,
        }
    }
}

/// A framework agreement with its lines and how far it is called off.
#[derive(Debug, Serialize, ToSchema)]
pub struct FrameworkDetail {
    /// The agreement itself.
    #[serde(flatten)]
    pub framework: Framework,
    /// Its lines.
    pub lines: Vec<FrameworkLine>,
    /// What is ordered and not taken off since.
    pub ordered_fen: i64,
}

impl FrameworkLine {
    /// A line with what is ordered of it.
    pub(super) fn of(row: framework_line::Model, ordered_packs: i64) -> Self {
        let framework_line::Model { id, framework_id: _, line_no, product_id, unit_price_fen, ceiling_packs } = row;
        Self { id, line_no, product_id, unit_price_fen, ceiling_packs, ordered_packs }
    }
}
