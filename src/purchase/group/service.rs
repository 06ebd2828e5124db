//! What can be done with group purchases: offer, join, leave, call off, show.

use super::steps::{PriceStep, fault, highest};
use super::store;
use super::view::{GroupFilter, GroupPurchase, JoinGroupPurchase, OfferGroup};
use crate::access::policy::{JoinGroup, OfferGroup as MayOffer, ViewGroup};
use crate::access::{Grant, Scope};
use crate::budget;
use crate::catalogue;
use crate::db::{Change, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::organisation;
use crate::problem::{Failure, FieldProblem, Text};
use crate::procurement::{self, OrderError};
use crate::purchase::PurchaseError;
use entity::value::{
    Fen, GroupJoinId, GroupPurchaseId, GroupState, JoinState, OrganisationId, OrganisationKind, Packs, ProductState,
    Timestamp,
};
use entity::{group_join, group_purchase, group_step};
use sea_orm::ConnectionTrait;
use serde_json::json;

/// The shortest and the longest time to join, in minutes.
const TIME_TO_JOIN: std::ops::RangeInclusive<i64> = 60..=90 * 24 * 60;

/// Offers a product with price steps.
///
/// # Errors
/// Fields that make no sense; a product that is not the supplier's or not on the shelf.
pub(super) async fn offer(
    tx: &Tx,
    grant: &Grant<MayOffer>,
    wanted: &OfferGroup,
) -> Result<GroupPurchase, PurchaseError> {
    let supplier_id = grant.organisation()?;
    let mut faults = faults_of(wanted, tx.now());
    let product = catalogue::find_products(tx, &[wanted.product_id]).await?.pop();
    if !product.is_some_and(|row| row.supplier_id == supplier_id && row.state == ProductState::OnShelf) {
        let detail = Text::new("应为本单位在架的商品。", "It is a product of yours on the shelf.");
        faults.push(FieldProblem { pointer: "/product_id".to_owned(), detail });
    }
    if !faults.is_empty() {
        return Err(PurchaseError::Fields(faults));
    }
    let row = group_purchase::Model {
        id: GroupPurchaseId::generate(),
        supplier_id,
        product_id: wanted.product_id,
        title: wanted.title.as_str().to_owned(),
        state: GroupState::Open,
        closes_at: chrono::SubsecRound::trunc_subsecs(wanted.closes_at, 6),
        max_packs: wanted.max_packs,
        reached_fen: None,
        closed_reason: None,
        offered_by: grant.person()?,
        created_at: tx.now(),
        closed_at: None,
        version: 1,
    };
    let step = |(step_no, step): (i32, &super::view::GroupPriceStep)| group_step::Model {
        group_id: row.id,
        step_no,
        from_packs: step.from_packs,
        unit_price_fen: step.unit_price_fen,
    };
    let steps: Vec<_> = (1..).zip(&wanted.steps).map(step).collect();
    store::insert(tx, row.clone(), steps.clone()).await?;
    let after = json!({ "product_id": row.product_id, "closes_at": row.closes_at, "steps": wanted.steps });
    tx.audit(Change::made("group_purchase.offer", "group_purchase", row.id.uuid(), after)).await?;
    Ok(GroupPurchase::of(row, &steps, store::Joined::default(), None))
}

fn faults_of(wanted: &OfferGroup, now: Timestamp) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    let mut fault_if = |is_wrong: bool, pointer: String, zh: &'static str, en: &'static str| {
        if is_wrong {
            faults.push(FieldProblem { pointer, detail: Text::new(zh, en) });
        }
    };
    let minutes = (wanted.closes_at - now).num_minutes();
    let (zh, en) = ("截止时间应在一小时之后、九十天之内。", "It lies between an hour and ninety days from now.");
    fault_if(!TIME_TO_JOIN.contains(&minutes), "/closes_at".to_owned(), zh, en);
    let number = !(1..=10).contains(&wanted.steps.len());
    fault_if(number, "/steps".to_owned(), "价格阶梯应有 1 至 10 级。", "There are 1 to 10 steps.");
    let steps: Vec<PriceStep> = wanted.steps.iter().map(Into::into).collect();
    if let Some(place) = fault(&steps) {
        let (zh, en) = ("每一级应件数更多、单价更低。", "Each step has more packs and a lower price.");
        fault_if(true, format!("/steps/{place}"), zh, en);
    }
    let few = steps.last().is_some_and(|last| wanted.max_packs < last.from);
    let (zh, en) = ("总件数不少于最后一级。", "At least as many packs as the last step needs.");
    fault_if(few, "/max_packs".to_owned(), zh, en);
    faults
}

/// A group purchase that can still be joined or left, locked.
async fn hold_open(tx: &Tx, id: GroupPurchaseId) -> Result<group_purchase::Model, PurchaseError> {
    let row = store::hold(tx, &Scope::Everything, id).await?.ok_or(PurchaseError::NotFound)?;
    if row.state != GroupState::Open {
        return Err(PurchaseError::Over(row.state.as_str()));
    }
    if tx.now() >= row.closes_at {
        return Err(PurchaseError::DeadlineOver { at: row.closes_at });
    }
    Ok(row)
}

/// Joins: the packs are held in store, and the highest price they can come to is kept of the budget.
///
/// # Errors
/// Not open; in already; more packs than are left, or than go in a month; not in store; a budget that does not suffice.
pub(super) async fn join(
    tx: &Tx,
    grant: &Grant<JoinGroup>,
    id: GroupPurchaseId,
    wanted: &JoinGroupPurchase,
) -> Result<GroupPurchase, PurchaseError> {
    let row = hold_open(tx, id).await?;
    let buyer_id = grant.organisation()?;
    let steps = store::steps_of(tx, &[id]).await?.remove(&id).unwrap_or_default();
    let before = store::parts_of(tx, &[id], buyer_id).await?.remove(&id);
    if before.is_some_and(|part| part.state == JoinState::Joined) {
        return Err(PurchaseError::JoinedAlready);
    }
    let joined = store::joined(tx, &[id]).await?.remove(&id).unwrap_or_default();
    let left = row.max_packs.get() - joined.packs;
    if wanted.packs.is_zero() || wanted.packs.get() > left {
        return Err(PurchaseError::GroupFull { left });
    }
    catalogue::reserve(tx, &[(row.product_id, wanted.packs)]).await?;
    // Nobody is let in for what the supplier cannot deliver in a month.
    let held = Packs::new(store::held_of(tx, row.product_id).await?)?;
    procurement::require_within_month(tx, buyer_id, (row.product_id, wanted.packs), held).await?;
    let prices: Vec<PriceStep> = steps.iter().map(Into::into).collect();
    let most = highest(&prices).unwrap_or(Fen::ZERO).checked_mul(wanted.packs.get())?;
    let part = group_join::Model {
        id: GroupJoinId::generate(),
        group_id: id,
        product_id: row.product_id,
        buyer_id,
        packs: wanted.packs,
        budget_id: wanted.budget_id,
        held_fen: Fen::ZERO,
        deliver_to: wanted.deliver_to.as_str().to_owned(),
        state: JoinState::Joined,
        request_id: None,
        reason: None,
        joined_by: grant.person()?,
        joined_at: tx.now(),
        closed_at: None,
        version: 1,
    };
    let held_fen = keep(tx, &part, most).await?;
    let part = group_join::Model { held_fen, ..part };
    store::insert_join(tx, part.clone()).await?;
    let after = json!({ "group_id": id, "buyer_id": buyer_id, "packs": part.packs, "held_fen": held_fen });
    tx.audit(Change::made("group_purchase.join", "group_join", part.id.uuid(), after)).await?;
    let joined = store::joined(tx, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(GroupPurchase::of(row, &steps, joined, Some(&part)))
}

/// Keeps the money of a part; enterprises pay out of their own pocket.
async fn keep(tx: &Tx, part: &group_join::Model, most: Fen) -> Result<Fen, PurchaseError> {
    let Some(id) = part.budget_id else {
        let buyer = organisation::find(tx, part.buyer_id).await?.ok_or(PurchaseError::NotFound)?;
        let is_enterprise = buyer.kind == OrganisationKind::Enterprise;
        return if is_enterprise { Ok(Fen::ZERO) } else { Err(OrderError::BudgetRequired.into()) };
    };
    let budget = budget::find_for_unit(tx, id, part.buyer_id).await?.ok_or(OrderError::BudgetUnknown)?;
    budget::hold(tx, &budget, (format!("group_join:{}:held", part.id), part.id.uuid()), most).await?;
    Ok(most)
}

/// Gives back what was held for a part: its packs and its money.
pub(super) async fn let_go(tx: &Tx, part: &group_join::Model) -> Result<(), PurchaseError> {
    catalogue::release(tx, &[(part.product_id, part.packs)]).await?;
    if let Some(id) = part.budget_id {
        let cause = (format!("group_join:{}:released", part.id), part.id.uuid());
        budget::let_go(tx, id, cause, part.held_fen).await?;
    }
    Ok(())
}

/// Leaves before it closes.
///
/// # Errors
/// Not open; not in.
pub(super) async fn leave(
    tx: &Tx,
    grant: &Grant<JoinGroup>,
    id: GroupPurchaseId,
    reason: Option<&str>,
) -> Result<GroupPurchase, PurchaseError> {
    let row = hold_open(tx, id).await?;
    let part = store::parts_of(tx, &[id], grant.organisation()?).await?.remove(&id);
    let part = part.filter(|part| part.state == JoinState::Joined).ok_or(PurchaseError::NotFound)?;
    let_go(tx, &part).await?;
    let reason = reason.map(str::to_owned);
    let part = group_join::Model { state: JoinState::Left, closed_at: Some(tx.now()), reason, ..part };
    let part = store::save_join(tx, part).await?;
    tx.audit(Change::moved("group_purchase.leave", "group_join", part.id.uuid(), "joined", "left")).await?;
    shown(tx, row, Some(&part)).await
}

/// Calls a group purchase off as its supplier; everybody is released by the clock.
///
/// # Errors
/// Not the supplier's; another version; it is over.
pub(super) async fn cancel(
    tx: &Tx,
    grant: &Grant<MayOffer>,
    id: GroupPurchaseId,
    seen: IfMatch,
    reason: &str,
) -> Result<GroupPurchase, PurchaseError> {
    let row = store::hold(tx, grant.scope(), id).await?.ok_or(PurchaseError::NotFound)?;
    seen.check(row.version).map_err(|_| PurchaseError::Stale)?;
    if row.state != GroupState::Open {
        return Err(PurchaseError::Over(row.state.as_str()));
    }
    let row = group_purchase::Model {
        state: GroupState::Cancelled,
        closed_reason: Some(reason.to_owned()),
        closed_at: Some(tx.now()),
        ..row
    };
    let row = store::save(tx, row).await?;
    let moved = Change::moved("group_purchase.cancel", "group_purchase", id.uuid(), "open", "cancelled");
    tx.audit(moved.because(reason)).await?;
    shown(tx, row, None).await
}

async fn shown(
    db: &impl ConnectionTrait,
    row: group_purchase::Model,
    own: Option<&group_join::Model>,
) -> Result<GroupPurchase, PurchaseError> {
    let id = row.id;
    let steps = store::steps_of(db, &[id]).await?.remove(&id).unwrap_or_default();
    let joined = store::joined(db, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(GroupPurchase::of(row, &steps, joined, own))
}

/// A group purchase in reach, with one's own part.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewGroup>,
    id: GroupPurchaseId,
) -> Result<GroupPurchase, PurchaseError> {
    let row = store::find(db, grant.scope(), id).await?.ok_or(PurchaseError::NotFound)?;
    let own = match grant.actor().organisation() {
        Some(own) => store::parts_of(db, &[id], own).await?.remove(&id),
        None => None,
    };
    shown(db, row, own.as_ref()).await
}

/// Group purchases in reach, newest first: the same number of questions for one and for many.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewGroup>,
    wanted: GroupFilter,
) -> Result<Page<GroupPurchase>, Failure> {
    let GroupFilter { state, limit, cursor } = wanted;
    let page = PageQuery { limit, cursor };
    let limit = page.limit()?;
    let rows = store::list(db, grant.scope(), state, page.after()?, limit + 1).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut steps = store::steps_of(db, &ids).await?;
    let mut joined = store::joined(db, &ids).await?;
    let own: Option<OrganisationId> = grant.actor().organisation();
    let parts = match own {
        Some(own) => store::parts_of(db, &ids, own).await?,
        None => std::collections::HashMap::new(),
    };
    let view = |row: group_purchase::Model| {
        let (id, steps) = (row.id, steps.remove(&row.id).unwrap_or_default());
        GroupPurchase::of(row, &steps, joined.remove(&id).unwrap_or_default(), parts.get(&id))
    };
    Ok(Page::of(rows, limit, |row| row.id.uuid(), view))
}
