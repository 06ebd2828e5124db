//! What comes in and goes out.

use super::steps::{PriceStep, reached};
use super::store::Joined;
use crate::http::Words;
use chrono::{DateTime, Utc};
use entity::value::{
    BudgetId, Fen, GroupJoinId, GroupPurchaseId, GroupState, JoinState, OrganisationId, Packs, ProductId,
    PurchaseRequestId,
};
use entity::{group_join, group_purchase, group_step};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A product that costs less the more units buy it together.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferGroup {
    /// A product of yours that is on the shelf.
    pub product_id: ProductId,
    /// What it is about.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "新米团购，满 100 件每件减 5 元")]
    pub title: Words<200>,
    /// Until when units join; between an hour and ninety days from now.
    pub closes_at: DateTime<Utc>,
    /// No more packs than these in all.
    pub max_packs: Packs,
    /// The prices: each step with more packs and less money than the one before. Below the first nothing is sold.
    #[schema(min_items = 1, max_items = 10)]
    pub steps: Vec<GroupPriceStep>,
}

/// A price from so many packs on.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupPriceStep {
    /// From so many packs on, of all units together.
    pub from_packs: Packs,
    /// A pack costs this.
    pub unit_price_fen: Fen,
}

impl From<&GroupPriceStep> for PriceStep {
    fn from(step: &GroupPriceStep) -> Self {
        Self { from: step.from_packs, price: step.unit_price_fen }
    }
}

impl From<&group_step::Model> for PriceStep {
    fn from(step: &group_step::Model) -> Self {
        Self { from: step.from_packs, price: step.unit_price_fen }
    }
}

/// A unit's part.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinGroupPurchase {
    /// How many packs; more than zero.
    pub packs: Packs,
    /// The budget that pays; left out by enterprises only.
    pub budget_id: Option<BudgetId>,
    /// Where the goods go.
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "贵阳市观山湖区林城东路 1 号 机关食堂")]
    pub deliver_to: Words<500>,
}

/// Leaving a group purchase.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaveGroup {
    /// Why, if there is something to say.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    pub reason: Option<Words<500>>,
}

/// Why a group purchase is called off.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelGroup {
    /// The reason.
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "受灾减产，无法供货")]
    pub reason: Words<500>,
}

/// Which group purchases are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct GroupFilter {
    /// Only those in this state.
    pub state: Option<GroupState>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// One's own part in a group purchase (参团).
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupJoin {
    /// Its identifier.
    pub id: GroupJoinId,
    /// How many packs.
    pub packs: Packs,
    /// The budget that pays.
    pub budget_id: Option<BudgetId>,
    /// What is kept of it: the highest price it can come to.
    pub held_fen: Fen,
    /// Where the goods go.
    pub deliver_to: String,
    /// Where it is.
    pub state: JoinState,
    /// What was asked for when it closed.
    pub request_id: Option<PurchaseRequestId>,
    /// Why it was released.
    pub reason: Option<String>,
    /// When the unit joined.
    pub joined_at: DateTime<Utc>,
}

impl From<&group_join::Model> for GroupJoin {
    fn from(row: &group_join::Model) -> Self {
        Self {
            id: row.id,
            packs: row.packs,
            budget_id: row.budget_id,
            held_fen: row.held_fen,
            deliver_to: row.deliver_to.clone(),
            state: row.state,
            request_id: row.request_id,
            reason: row.reason.clone(),
            joined_at: row.joined_at,
        }
    }
}

/// A group purchase (团购). Who else is in is not told.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupPurchase {
    /// Its identifier.
    pub id: GroupPurchaseId,
    /// Who sells.
    pub supplier_id: OrganisationId,
    /// The product.
    pub product_id: ProductId,
    /// What it is about.
    pub title: String,
    /// Where it is.
    pub state: GroupState,
    /// Until when units join.
    pub closes_at: DateTime<Utc>,
    /// No more packs than these in all.
    pub max_packs: Packs,
    /// The prices.
    pub steps: Vec<GroupPriceStep>,
    /// How many units are in.
    pub joined_units: i64,
    /// How many packs they want together.
    pub joined_packs: i64,
    /// The price that reaches; null below the first step.
    pub present_price_fen: Option<Fen>,
    /// The price it came to.
    pub reached_fen: Option<Fen>,
    /// Why it was called off.
    pub closed_reason: Option<String>,
    /// One's own part.
    pub own: Option<GroupJoin>,
    /// Grows with every change.
    pub version: i64,
}

impl GroupPurchase {
    /// A group purchase with its steps, what is joined, and one's own part.
    pub(super) fn of(
        row: group_purchase::Model,
        steps: &[group_step::Model],
        joined: Joined,
        own: Option<&group_join::Model>,
    ) -> Self {
        let prices: Vec<PriceStep> = steps.iter().map(Into::into).collect();
        let present = Packs::new(joined.packs).ok().and_then(|packs| reached(&prices, packs));
        let group_purchase::Model {
            id,
            supplier_id,
            product_id,
            title,
            state,
            closes_at,
            max_packs,
            reached_fen,
            closed_reason,
            offered_by: _,
            created_at: _,
            closed_at: _,
            version,
        } = row;
        let step = |step: &group_step::Model| GroupPriceStep {
            from_packs: step.from_packs,
            unit_price_fen: step.unit_price_fen,
        };
        Self {
            id,
            supplier_id,
            product_id,
            title,
            state,
            closes_at,
            max_packs,
            steps: steps.iter().map(step).collect(),
            joined_units: joined.units,
            joined_packs: joined.packs,
            present_price_fen: present,
            reached_fen,
            closed_reason,
            own: own.map(Into::into),
            version,
        }
    }
}
