//! What the clock does with group purchases: closes them, and settles each part.

use super::event::GroupSettled;
use super::service::let_go;
use super::steps::{PriceStep, reached};
use super::store;
use crate::access::policy::RunPurchases;
use crate::access::{Actor, Grant, Scope};
use crate::app::App;
use crate::db::{Change, Tx};
use crate::http::Words;
use crate::problem::Failure;
use crate::procurement::{Agreed, Buyer, PlaceOrder, WantedLine};
use crate::purchase::PurchaseError;
use crate::purchase::request::{Wish, ask};
use entity::value::{Fen, GroupJoinId, GroupPurchaseId, GroupState, JoinState, Packs, PriceBasis, PurchaseWay};
use entity::{group_join, group_purchase};

/// So many a turn; the next turn takes the others.
const BATCH: u64 = 200;

/// Closes what is due, and settles the parts of what is closed, each in a transaction of its own.
///
/// # Errors
/// When the database cannot be asked.
pub async fn run(app: &App) -> Result<(), Failure> {
    let grant = Grant::<RunPurchases>::claim(&Actor::System)?;
    for id in store::due(app.reader(), app.clock.now(), BATCH).await? {
        app.transact(&Actor::System, async |tx| close(tx, id).await).await?;
    }
    for id in store::unsettled(app.reader(), BATCH).await? {
        let settled = app.transact(&Actor::System, async |tx| settle(tx, &grant, id, None).await).await;
        match settled {
            Ok(()) => {}
            // It cannot be ordered any more: this part is released with the reason, and nobody else's.
            Err(failure) if failure.problem().kind.status < 500 => {
                let reason = failure.problem().detail.zh.to_string();
                app.transact(&Actor::System, async |tx| settle(tx, &grant, id, Some(&reason)).await).await?;
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(())
}

/// Closes a group purchase at the price that is reached, now that nobody can join or leave.
async fn close(tx: &Tx, id: GroupPurchaseId) -> Result<(), PurchaseError> {
    let Some(row) = store::hold(tx, &Scope::Everything, id).await? else { return Ok(()) };
    if row.state != GroupState::Open || tx.now() < row.closes_at {
        return Ok(());
    }
    let steps = store::steps_of(tx, &[id]).await?.remove(&id).unwrap_or_default();
    let steps: Vec<PriceStep> = steps.iter().map(Into::into).collect();
    let joined = store::joined(tx, &[id]).await?.remove(&id).unwrap_or_default();
    let reached_fen = reached(&steps, Packs::new(joined.packs)?);
    let state = if reached_fen.is_some() { GroupState::Succeeded } else { GroupState::Failed };
    store::save(tx, group_purchase::Model { state, reached_fen, closed_at: Some(tx.now()), ..row }).await?;
    let moved = Change::moved("group_purchase.close", "group_purchase", id.uuid(), "open", state.as_str());
    tx.audit(moved).await?;
    Ok(())
}

/// Settles a part of a group purchase that has closed: what was held is given back, and where the price was reached the
/// same is asked for at that price; unless there is a reason why it cannot be.
async fn settle(
    tx: &Tx,
    grant: &Grant<RunPurchases>,
    id: GroupJoinId,
    why_not: Option<&str>,
) -> Result<(), PurchaseError> {
    let Some(part) = store::hold_join(tx, id).await? else { return Ok(()) };
    let Some(group) = store::find(tx, &Scope::Everything, part.group_id).await? else { return Ok(()) };
    if part.state != JoinState::Joined || group.state == GroupState::Open {
        return Ok(());
    }
    let_go(tx, &part).await?;
    let price = group.reached_fen.filter(|_| why_not.is_none());
    let settled = match price {
        Some(price) => {
            let who = Buyer::who_agreed(grant, part.buyer_id, part.joined_by);
            let asked = ask(tx, &who, &wish(&group, &part, price)?).await?;
            group_join::Model { state: JoinState::Ordered, request_id: Some(asked.id), ..part }
        }
        None => {
            let reason = why_not.or(group.closed_reason.as_deref()).unwrap_or("未达到起团件数").to_owned();
            group_join::Model { state: JoinState::Released, reason: Some(reason), ..part }
        }
    };
    let settled = store::save_join(tx, group_join::Model { closed_at: Some(tx.now()), ..settled }).await?;
    let to = settled.state.as_str();
    tx.audit(Change::moved("group_purchase.settle", "group_join", id.uuid(), "joined", to)).await?;
    let reached_fen = price;
    tx.emit(&GroupSettled { group: group.id, join: id, buyer: settled.buyer_id, title: group.title, reached_fen })
        .await?;
    Ok(())
}

/// What a part asks for, at the price that was reached.
fn wish(group: &group_purchase::Model, part: &group_join::Model, price: Fen) -> Result<Wish, PurchaseError> {
    let line = WantedLine { product_id: part.product_id, packs: part.packs };
    let agreed = Agreed {
        product_id: part.product_id,
        unit_price_fen: price,
        basis: PriceBasis::Group,
        basis_id: Some(group.id.uuid()),
    };
    let deliver_to: Words<500> = part.deliver_to.clone().try_into().map_err(|_| PurchaseError::NotFound)?;
    Ok(Wish {
        way: PurchaseWay::Group,
        order: PlaceOrder::plain(part.budget_id, deliver_to, vec![line]),
        agreed: vec![agreed],
        note: Some(group.title.clone()),
    })
}
