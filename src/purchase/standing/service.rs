//! What can be done with standing orders: set up, end, show; confirm and decline their call-offs.

use super::store;
use super::view::{CallOffFilter, ConfirmCallOff, SetUpStanding, StandingCallOff, StandingDetail, StandingOrder};
use crate::access::policy::{PlaceOrder as MayPlace, ViewRequest};
use crate::access::{Grant, Scope};
use crate::budget;
use crate::catalogue;
use crate::db::{Change, Tx};
use crate::http::{IfMatch, Page, PageQuery, Words};
use crate::problem::{Failure, FieldProblem, Text};
use crate::procurement::{Buyer, OrderError, PlaceOrder, WantedLine};
use crate::purchase::request::{PurchaseRequest, Wish, ask};
use crate::purchase::{PurchaseError, framework};
use chrono::{Days, NaiveDate};
use entity::value::{
    CallOffId, CallOffState, ProductState, PurchaseWay, StandingOrderId, StandingState, business_date,
};
use entity::{standing_call_off, standing_line, standing_order};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::HashSet;

/// How long a standing order may run, in days.
const LONGEST_TERM: i64 = 3 * 366;

/// Sets up deliveries that return.
///
/// # Errors
/// Fields that make no sense; a budget or an agreement that is not the buyer's; products that are not sold.
pub(super) async fn set_up(
    tx: &Tx,
    grant: &Grant<MayPlace>,
    wanted: &SetUpStanding,
) -> Result<StandingOrder, PurchaseError> {
    let mut faults = faults_of(wanted, business_date(tx.now()));
    let ids: Vec<_> = wanted.lines.iter().map(|line| line.product_id).collect();
    let found = catalogue::find_products(tx, &ids).await?;
    for (index, id) in ids.iter().enumerate() {
        if !found.iter().any(|row| row.id == *id && row.state == ProductState::OnShelf) {
            let detail = Text::new("商品不在架。", "The product is not on the shelf.");
            faults.push(FieldProblem { pointer: format!("/lines/{index}/product_id"), detail });
        }
    }
    if !faults.is_empty() {
        return Err(PurchaseError::Fields(faults));
    }
    let buyer_id = grant.organisation()?;
    if let Some(id) = wanted.budget_id {
        budget::find_for_unit(tx, id, buyer_id).await?.ok_or(OrderError::BudgetUnknown)?;
    }
    if let Some(id) = wanted.framework_id {
        framework::require_active(tx, grant.scope(), id).await?;
        framework::prices_of(tx, id, &wanted.lines).await?;
    }
    let row = standing_order::Model {
        id: StandingOrderId::generate(),
        buyer_id,
        title: wanted.title.as_str().to_owned(),
        budget_id: wanted.budget_id,
        framework_id: wanted.framework_id,
        deliver_to: wanted.deliver_to.as_str().to_owned(),
        first_on: wanted.first_on,
        last_on: wanted.last_on,
        every_weeks: wanted.every_weeks,
        lead_days: wanted.lead_days,
        next_on: Some(wanted.first_on),
        state: StandingState::Active,
        created_by: grant.person()?,
        created_at: tx.now(),
        ended_reason: None,
        version: 1,
    };
    let line = |(line_no, line): (i32, &WantedLine)| standing_line::Model {
        standing_id: row.id,
        line_no,
        product_id: line.product_id,
        packs: line.packs,
    };
    store::insert(tx, row.clone(), (1..).zip(&wanted.lines).map(line).collect()).await?;
    let after = json!({
        "first_on": row.first_on, "last_on": row.last_on, "every_weeks": row.every_weeks, "lines": ids.len(),
    });
    tx.audit(Change::made("standing_order.set_up", "standing_order", row.id.uuid(), after)).await?;
    Ok(row.into())
}

fn faults_of(wanted: &SetUpStanding, today: NaiveDate) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    let mut fault = |is_wrong: bool, pointer: String, zh: &'static str, en: &'static str| {
        if is_wrong {
            faults.push(FieldProblem { pointer, detail: Text::new(zh, en) });
        }
    };
    let (zh, en) = ("首次交货应在今天之后。", "The first delivery is after today.");
    fault(wanted.first_on <= today, "/first_on".to_owned(), zh, en);
    let days = (wanted.last_on - wanted.first_on).num_days();
    let (zh, en) = ("期限应自首次交货起，不超过三年。", "It ends after the first delivery, within three years.");
    fault(!(0..=LONGEST_TERM).contains(&days), "/last_on".to_owned(), zh, en);
    let weeks = !(1..=26).contains(&wanted.every_weeks);
    fault(weeks, "/every_weeks".to_owned(), "间隔应为 1 至 26 周。", "It lies between 1 and 26 weeks.");
    let lead = !(1..=60).contains(&wanted.lead_days);
    fault(lead, "/lead_days".to_owned(), "提前天数应为 1 至 60。", "It lies between 1 and 60 days.");
    let lines = !(1..=200).contains(&wanted.lines.len());
    fault(lines, "/lines".to_owned(), "应有 1 至 200 种商品。", "There are 1 to 200 products.");
    let mut seen = HashSet::new();
    for (index, line) in wanted.lines.iter().enumerate() {
        let at = |field: &str| format!("/lines/{index}/{field}");
        let (zh, en) = ("件数应大于零。", "The number of packs is more than zero.");
        fault(line.packs.is_zero(), at("packs"), zh, en);
        let twice = !seen.insert(line.product_id);
        fault(twice, at("product_id"), "同一商品只列一次。", "A product stands there once.");
    }
    faults
}

/// The delivery after this one; none when the term is over.
pub(super) fn following(row: &standing_order::Model, on: NaiveDate) -> Option<NaiveDate> {
    let weeks = u64::try_from(row.every_weeks).unwrap_or(1);
    on.checked_add_days(Days::new(weeks * 7)).filter(|next| *next <= row.last_on)
}

/// Ends a standing order: no more call-offs; those that wait can still be confirmed.
///
/// # Errors
/// Out of reach; another version; it has ended.
pub(super) async fn end(
    tx: &Tx,
    grant: &Grant<MayPlace>,
    id: StandingOrderId,
    seen: IfMatch,
    reason: &str,
) -> Result<StandingOrder, PurchaseError> {
    let row = store::hold(tx, grant.scope(), id).await?.ok_or(PurchaseError::NotFound)?;
    seen.check(row.version).map_err(|_| PurchaseError::Stale)?;
    if row.state == StandingState::Ended {
        return Err(PurchaseError::Over(row.state.as_str()));
    }
    let from = row.state;
    let row = standing_order::Model {
        state: StandingState::Ended,
        next_on: None,
        ended_reason: Some(reason.to_owned()),
        ..row
    };
    let row = store::save(tx, row).await?;
    let moved = Change::moved("standing_order.end", "standing_order", id.uuid(), from.as_str(), row.state.as_str());
    tx.audit(moved.because(reason)).await?;
    Ok(row.into())
}

async fn hold_call_off(
    tx: &Tx,
    scope: &Scope,
    id: CallOffId,
    seen: IfMatch,
) -> Result<standing_call_off::Model, PurchaseError> {
    let row = store::hold_call_off(tx, scope, id).await?.ok_or(PurchaseError::NotFound)?;
    seen.check(row.version).map_err(|_| PurchaseError::Stale)?;
    // A delivery whose day has come is over, also before the clock has said so.
    if row.state != CallOffState::Proposed || row.due_on <= business_date(tx.now()) {
        return Err(PurchaseError::Over(row.state.as_str()));
    }
    Ok(row)
}

/// Confirms a call-off: a request for its delivery.
///
/// # Errors
/// Out of reach; another version; decided or lapsed; other products; as any request.
pub(super) async fn confirm(
    tx: &Tx,
    grant: &Grant<MayPlace>,
    id: CallOffId,
    seen: IfMatch,
    wanted: &ConfirmCallOff,
) -> Result<PurchaseRequest, PurchaseError> {
    let row = hold_call_off(tx, grant.scope(), id, seen).await?;
    let standing = store::find(tx, grant.scope(), row.standing_id).await?.ok_or(PurchaseError::NotFound)?;
    let usual = store::lines_of(tx, row.standing_id).await?;
    let lines = match &wanted.lines {
        None => usual.iter().map(|line| WantedLine { product_id: line.product_id, packs: line.packs }).collect(),
        Some(lines) => {
            let is_foreign = |line: &WantedLine| !usual.iter().any(|one| one.product_id == line.product_id);
            if let Some(index) = lines.iter().position(is_foreign) {
                let (zh, en) = ("定期采购中没有这件商品。", "The standing order has no such product.");
                return Err(PurchaseError::field(format!("/lines/{index}/product_id"), zh, en));
            }
            lines.clone()
        }
    };
    let agreed = match standing.framework_id {
        Some(id) => framework::prices_of(tx, id, &lines).await?,
        None => Vec::new(),
    };
    let deliver_to: Words<500> = standing.deliver_to.clone().try_into().map_err(|_| PurchaseError::NotFound)?;
    let order = PlaceOrder::plain(standing.budget_id, deliver_to, lines);
    framework::draw(tx, &order, &agreed).await?;
    let said = wanted.note.as_ref().map(|note| note.as_str().to_owned());
    let note = said.or_else(|| Some(format!("{}，{} 交货", standing.title, row.due_on)));
    let asked = ask(tx, &Buyer::of(grant)?, &Wish { way: PurchaseWay::Standing, order, agreed, note }).await?;
    let from = row.state;
    let row = standing_call_off::Model {
        state: CallOffState::Confirmed,
        request_id: Some(asked.id),
        decided_by: Some(grant.person()?),
        decided_at: Some(tx.now()),
        ..row
    };
    let row = store::save_call_off(tx, row).await?;
    let (from, to) = (from.as_str(), row.state.as_str());
    tx.audit(Change::moved("standing_call_off.confirm", "standing_call_off", id.uuid(), from, to)).await?;
    Ok(asked)
}

/// Declines a call-off: this delivery does not take place.
///
/// # Errors
/// Out of reach; another version; decided or lapsed.
pub(super) async fn decline(
    tx: &Tx,
    grant: &Grant<MayPlace>,
    id: CallOffId,
    seen: IfMatch,
    reason: &str,
) -> Result<StandingCallOff, PurchaseError> {
    let row = hold_call_off(tx, grant.scope(), id, seen).await?;
    let from = row.state;
    let row = standing_call_off::Model {
        state: CallOffState::Declined,
        decided_by: Some(grant.person()?),
        decided_at: Some(tx.now()),
        reason: Some(reason.to_owned()),
        ..row
    };
    let row = store::save_call_off(tx, row).await?;
    let (from, to) = (from.as_str(), row.state.as_str());
    let moved = Change::moved("standing_call_off.decline", "standing_call_off", id.uuid(), from, to);
    tx.audit(moved.because(reason)).await?;
    Ok(row.into())
}

/// A standing order in reach, with what became of its deliveries.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewRequest>,
    id: StandingOrderId,
) -> Result<StandingDetail, PurchaseError> {
    let row = store::find(db, grant.scope(), id).await?.ok_or(PurchaseError::NotFound)?;
    Ok(StandingDetail {
        standing_order: row.into(),
        lines: store::lines_of(db, id).await?.into_iter().map(Into::into).collect(),
        call_offs: store::call_offs_of(db, id).await?.into_iter().map(Into::into).collect(),
    })
}

/// Standing orders in reach, newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewRequest>,
    page: &PageQuery,
) -> Result<Page<StandingOrder>, Failure> {
    let limit = page.limit()?;
    let rows = store::list(db, grant.scope(), page.after()?, limit + 1).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), StandingOrder::from))
}

/// Call-offs in reach, newest first.
pub(super) async fn list_call_offs(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewRequest>,
    wanted: CallOffFilter,
) -> Result<Page<StandingCallOff>, Failure> {
    let CallOffFilter { state, limit, cursor } = wanted;
    let page = PageQuery { limit, cursor };
    let limit = page.limit()?;
    let rows = store::list_call_offs(db, grant.scope(), state, page.after()?, limit + 1).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), StandingCallOff::from))
}
