//! Asking for an order, and showing what was asked for.

use super::event::RequestWaits;
use super::store::{self, Turn};
use super::view::{AskAgain, OrderApproval, PurchaseRequest, RequestDetail, RequestFilter, RequestHistory};
use crate::access::policy::{PlaceOrder as MayPlace, ViewOrder, ViewRequest};
use crate::access::{Grant, Scope};
use crate::approval::{self, Asked, Line, Needed};
use crate::budget::{self, BudgetError, Spendable};
use crate::catalogue::{self, Reserved};
use crate::db::{Change, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::identity;
use crate::problem::Failure;
use crate::procurement::{self, Agreed, Buyer, PlaceOrder, Terms};
use crate::purchase::{PurchaseError, framework};
use entity::value::{
    Fen, FundSource, OrderGroupId, OrganisationId, PersonId, PriceBasis, ProductId, PurchaseRequestId, PurchaseWay,
    RequestEvent, RequestState, Timestamp, business_date,
};
use entity::{product, purchase_event, purchase_request, purchase_step};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::HashMap;

/// After so many days without a decision a request expires.
const EXPIRES_DAYS: i64 = 30;

/// What somebody wants to buy, by whatever way.
#[derive(Debug, Clone)]
pub struct Wish {
    /// By which way.
    pub way: PurchaseWay,
    /// The order.
    pub order: PlaceOrder,
    /// The prices that were agreed to; for other products the shelf's of now.
    pub agreed: Vec<Agreed>,
    /// What those who decide should know.
    pub note: Option<String>,
}

/// What a wish costs, and who has to agree.
struct Weighed {
    prices: Vec<Agreed>,
    total: Fen,
    over_budget: bool,
    needed: Vec<Needed>,
}

/// Asks for an order: it is placed at once where nobody has to agree, and waits where somebody has.
///
/// # Errors
/// Whatever an order is refused for; a budget that does not suffice and that no rule sends to anybody.
pub async fn ask(tx: &Tx, who: &Buyer, wish: &Wish) -> Result<PurchaseRequest, PurchaseError> {
    let weighed = weigh(tx, who.organisation(), wish).await?;
    let mut row = purchase_request::Model {
        id: PurchaseRequestId::generate(),
        buyer_id: who.organisation(),
        asked_by: who.person(),
        way: wish.way,
        state: RequestState::Waiting,
        wanted: serde_json::to_string(&wish.order)?,
        prices: serde_json::to_string(&weighed.prices)?,
        total_fen: weighed.total,
        over_budget: weighed.over_budget,
        note: wish.note.clone(),
        round: 1,
        step_no: 1,
        remind_at: remind_at(tx.now(), weighed.needed.first().map(|step| step.remind_hours)),
        expires_at: tx.now() + chrono::Duration::days(EXPIRES_DAYS),
        order_group_id: None,
        asked_at: tx.now(),
        closed_at: None,
        version: 1,
    };
    let mut history = History::begin(&row);
    history.add(RequestEvent::Asked, Some(who.person()), None, wish.note.as_deref(), tx.now());
    if weighed.needed.is_empty() {
        let order = place(tx, who, &row).await?;
        row = placed(row, order, tx.now());
        history.add(RequestEvent::Placed, Some(who.person()), None, None, tx.now());
    } else {
        require_available(tx, &wish.order).await?;
    }
    store::insert(tx, row.clone()).await?;
    store::insert_steps(tx, steps(&row, &weighed.needed)).await?;
    store::insert_events(tx, history.entries).await?;
    let after =
        json!({ "way": row.way, "total_fen": row.total_fen, "state": row.state, "steps": weighed.needed.len() });
    tx.audit(Change::made("purchase_request.ask", "purchase_request", row.id.uuid(), after)).await?;
    if let Some(step) = weighed.needed.first() {
        tell_waits(tx, &row, step.organisation, 1, false).await?;
    }
    PurchaseRequest::of(row)
}

/// Asks for it again after it was sent back: another round, with the rules of now.
///
/// # Errors
/// Not one's own; not returned; another order where the prices were agreed to; as [`ask`].
pub(super) async fn ask_again(
    tx: &Tx,
    grant: &Grant<MayPlace>,
    id: PurchaseRequestId,
    seen: IfMatch,
    wanted: &AskAgain,
) -> Result<PurchaseRequest, PurchaseError> {
    let row = hold_own(tx, grant, id, seen).await?;
    if row.state != RequestState::Returned {
        return Err(PurchaseError::WrongRequestState(row.state));
    }
    let held: Vec<Agreed> = serde_json::from_str(&row.prices)?;
    let order = match &wanted.order {
        None => serde_json::from_str(&row.wanted)?,
        Some(_) if row.way != PurchaseWay::Direct => {
            let (zh, en) = ("按约定价格采购的申请不能改换内容。", "What was agreed to cannot be asked for otherwise.");
            return Err(PurchaseError::field("/order", zh, en));
        }
        Some(order) => order.clone(),
    };
    let agreed = held.into_iter().filter(|price| price.basis != PriceBasis::Shelf).collect();
    let note = wanted.note.as_ref().map(|note| note.as_str().to_owned()).or_else(|| row.note.clone());
    let wish = Wish { way: row.way, order, agreed, note };
    let who = Buyer::of(grant)?;
    let weighed = weigh(tx, row.buyer_id, &wish).await?;
    let mut again = purchase_request::Model {
        state: RequestState::Waiting,
        wanted: serde_json::to_string(&wish.order)?,
        prices: serde_json::to_string(&weighed.prices)?,
        total_fen: weighed.total,
        over_budget: weighed.over_budget,
        note: wish.note.clone(),
        round: row.round + 1,
        step_no: 1,
        remind_at: remind_at(tx.now(), weighed.needed.first().map(|step| step.remind_hours)),
        expires_at: tx.now() + chrono::Duration::days(EXPIRES_DAYS),
        ..row
    };
    let mut history = History::after(tx, &again).await?;
    let asked_no = history.add(RequestEvent::Asked, Some(who.person()), None, wish.note.as_deref(), tx.now());
    if weighed.needed.is_empty() {
        let order = place(tx, &who, &again).await?;
        again = placed(again, order, tx.now());
        history.add(RequestEvent::Placed, Some(who.person()), None, None, tx.now());
    } else {
        require_available(tx, &wish.order).await?;
    }
    store::insert_steps(tx, steps(&again, &weighed.needed)).await?;
    let again = store::save(tx, again).await?;
    store::insert_events(tx, history.entries).await?;
    let (from, to) = (RequestState::Returned.as_str(), again.state.as_str());
    tx.audit(Change::moved("purchase_request.ask_again", "purchase_request", id.uuid(), from, to)).await?;
    if let Some(step) = weighed.needed.first() {
        tell_waits(tx, &again, step.organisation, asked_no, false).await?;
    }
    PurchaseRequest::of(again)
}

/// Takes back what one asked for oneself, or a colleague did.
///
/// # Errors
/// Out of reach; another version; it is over.
pub(super) async fn withdraw(
    tx: &Tx,
    grant: &Grant<MayPlace>,
    id: PurchaseRequestId,
    seen: IfMatch,
    reason: &str,
) -> Result<PurchaseRequest, PurchaseError> {
    let row = hold_own(tx, grant, id, seen).await?;
    if !matches!(row.state, RequestState::Waiting | RequestState::Returned) {
        return Err(PurchaseError::WrongRequestState(row.state));
    }
    let mut history = History::after(tx, &row).await?;
    history.add(RequestEvent::Withdrawn, Some(grant.person()?), None, Some(reason), tx.now());
    store::insert_events(tx, history.entries).await?;
    let from = row.state;
    let closed = store::save(tx, closed(row, RequestState::Withdrawn, tx.now())).await?;
    let moved =
        Change::moved("purchase_request.withdraw", "purchase_request", id.uuid(), from.as_str(), closed.state.as_str());
    tx.audit(moved.because(reason)).await?;
    PurchaseRequest::of(closed)
}

/// A request of one's own organisation, locked, in the version that was read.
async fn hold_own(
    tx: &Tx,
    grant: &Grant<MayPlace>,
    id: PurchaseRequestId,
    seen: IfMatch,
) -> Result<purchase_request::Model, PurchaseError> {
    let row = store::hold(tx, grant.scope(), id).await?.ok_or(PurchaseError::NotFound)?;
    seen.check(row.version).map_err(|_| PurchaseError::Stale)?;
    Ok(row)
}

/// What a wish costs at the prices agreed to or those of the shelf, and who has to agree.
async fn weigh(tx: &Tx, buyer: OrganisationId, wish: &Wish) -> Result<Weighed, PurchaseError> {
    let ids: Vec<ProductId> = wish.order.lines.iter().map(|line| line.product_id).collect();
    let found = catalogue::find_products(tx, &ids).await?;
    let found: HashMap<_, product::Model> = found.into_iter().map(|row| (row.id, row)).collect();
    let (mut prices, mut lines) = (Vec::with_capacity(ids.len()), Vec::with_capacity(ids.len()));
    let mut carried = Vec::with_capacity(ids.len());
    for line in &wish.order.lines {
        // What is not there is refused by the shelf itself, for every line at once.
        let Some(product) = found.get(&line.product_id) else { continue };
        let agreed = wish.agreed.iter().find(|agreed| agreed.product_id == product.id).copied();
        let price = agreed.unwrap_or(Agreed {
            product_id: product.id,
            unit_price_fen: product.unit_price_fen,
            basis: PriceBasis::Shelf,
            basis_id: None,
        });
        let amount = price.unit_price_fen.checked_mul(line.packs.get())?;
        lines.push(Line { category: product.category_code.clone(), amount });
        prices.push(price);
        let product = product::Model { unit_price_fen: price.unit_price_fen, ..product.clone() };
        carried.push(Reserved { product, packs: line.packs });
    }
    // What is approved is what will be paid: the goods with their freight.
    let freight = procurement::freight_of(tx, buyer, &wish.order, &carried).await?;
    let total = Fen::checked_sum(lines.iter().map(|line| line.amount).chain([freight]))?;
    let Some(budget) = wish.order.budget_id else {
        return Ok(Weighed { prices, total, over_budget: false, needed: Vec::new() });
    };
    let budget = budget::find_for_unit(tx, budget, buyer).await?;
    let budget = budget.ok_or(procurement::OrderError::BudgetUnknown)?;
    let over_budget = total > budget.available;
    let needed = if budget.has_rules { agreeing(tx, buyer, &budget, lines, total).await? } else { Vec::new() };
    Ok(Weighed { prices, total, over_budget, needed })
}

/// Who has to agree. A budget that does not suffice is a refusal, unless a rule names somebody for just that.
async fn agreeing(
    tx: &Tx,
    buyer: OrganisationId,
    budget: &Spendable,
    lines: Vec<Line>,
    total: Fen,
) -> Result<Vec<Needed>, PurchaseError> {
    budget::require_open(budget, tx)?;
    let fund_kind: FundSource = budget.fund_kind;
    let mut asked = Asked { lines, fund_kind, over_budget: false };
    let plain = approval::needed(tx, buyer, &asked).await?;
    if total <= budget.available {
        return Ok(plain);
    }
    asked.over_budget = true;
    let needed = approval::needed(tx, buyer, &asked).await?;
    if needed == plain {
        return Err(BudgetError::Insufficient { available: budget.available, wanted: total }.into());
    }
    Ok(needed)
}

/// Refuses what could not be had now: reserves it, and gives it back at once.
async fn require_available(tx: &Tx, order: &PlaceOrder) -> Result<(), PurchaseError> {
    let lines: Vec<_> = order.lines.iter().map(|line| (line.product_id, line.packs)).collect();
    if lines.is_empty() {
        return Err(PurchaseError::field("/order/lines", "请列出要采购的商品。", "Name what is to be bought."));
    }
    catalogue::reserve(tx, &lines).await?;
    Ok(catalogue::release(tx, &lines).await?)
}

/// Places what was asked for, at the prices it was asked at.
pub(super) async fn place(tx: &Tx, who: &Buyer, row: &purchase_request::Model) -> Result<OrderGroupId, PurchaseError> {
    let order: PlaceOrder = serde_json::from_str(&row.wanted)?;
    let terms = Terms { approved: true, prices: serde_json::from_str(&row.prices)? };
    framework::draw(tx, &order, &terms.prices).await?;
    let head = procurement::place_on(tx, who, &order, &terms).await?.head;
    if head.total_fen == row.total_fen {
        Ok(head.id)
    } else {
        // The rates by which goods travel may have changed since; nobody agreed to what they are now.
        Err(procurement::OrderError::TotalChanged { agreed: row.total_fen, now: head.total_fen }.into())
    }
}

pub(super) fn placed(row: purchase_request::Model, order: OrderGroupId, now: Timestamp) -> purchase_request::Model {
    purchase_request::Model { order_group_id: Some(order), ..closed(row, RequestState::Placed, now) }
}

pub(super) fn closed(row: purchase_request::Model, state: RequestState, now: Timestamp) -> purchase_request::Model {
    purchase_request::Model { state, step_no: 0, remind_at: None, closed_at: Some(now), ..row }
}

/// When whoever decides is reminded.
pub(super) fn remind_at(now: Timestamp, hours: Option<i32>) -> Option<Timestamp> {
    hours.map(|hours| now + chrono::Duration::hours(hours.into()))
}

fn steps(row: &purchase_request::Model, needed: &[Needed]) -> Vec<purchase_step::Model> {
    let step = |(no, needed): (i32, &Needed)| purchase_step::Model {
        request_id: row.id,
        round: row.round,
        step_no: no,
        rule_id: needed.rule,
        role: needed.role,
        organisation_id: needed.organisation,
        person_id: needed.person,
        delegate_id: None,
        remind_hours: needed.remind_hours,
        decided_by: None,
        decided_for: None,
        decided_at: None,
    };
    (1..).zip(needed).map(step).collect()
}

/// Tells those who decide.
pub(super) async fn tell_waits(
    tx: &Tx,
    row: &purchase_request::Model,
    organisation: OrganisationId,
    event_no: i32,
    is_reminder: bool,
) -> Result<(), DbErr> {
    let (request, buyer, total_fen) = (row.id, row.buyer_id, row.total_fen);
    tx.emit(&RequestWaits { request, buyer, organisation, total_fen, event_no, is_reminder }).await
}

/// Entries of a request's history about to be written.
pub(super) struct History {
    request: PurchaseRequestId,
    round: i32,
    step_no: i32,
    last: i32,
    pub entries: Vec<purchase_event::Model>,
}

impl History {
    fn begin(row: &purchase_request::Model) -> Self {
        Self { request: row.id, round: row.round, step_no: 0, last: 0, entries: Vec::new() }
    }

    /// After what is written already, at the step the request is at.
    pub(super) async fn after(tx: &Tx, row: &purchase_request::Model) -> Result<Self, DbErr> {
        let last = store::last_event(tx, row.id).await?;
        Ok(Self { request: row.id, round: row.round, step_no: row.step_no, last, entries: Vec::new() })
    }

    /// Adds an entry; its number.
    pub(super) fn add(
        &mut self,
        kind: RequestEvent,
        person_id: Option<PersonId>,
        other_id: Option<PersonId>,
        reason: Option<&str>,
        at: Timestamp,
    ) -> i32 {
        self.last += 1;
        let step_no = if matches!(kind, RequestEvent::Asked | RequestEvent::Placed) { 0 } else { self.step_no };
        self.entries.push(purchase_event::Model {
            request_id: self.request,
            event_no: self.last,
            kind,
            round: self.round,
            step_no,
            person_id,
            other_id,
            reason: reason.map(str::to_owned),
            at,
        });
        self.last
    }
}

/// A request in reach with its steps and its history.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewRequest>,
    id: PurchaseRequestId,
) -> Result<RequestDetail, PurchaseError> {
    let row = store::find(db, grant.scope(), id).await?.ok_or(PurchaseError::NotFound)?;
    detail(db, row).await
}

/// A request with its steps and its history.
pub(super) async fn detail(
    db: &impl ConnectionTrait,
    row: purchase_request::Model,
) -> Result<RequestDetail, PurchaseError> {
    let steps = store::steps_of(db, &row).await?;
    let events = store::events_of(db, row.id).await?;
    let people: Vec<_> = events.iter().filter_map(|event| event.person_id).collect();
    let names = identity::names_of(db, &people).await?;
    Ok(RequestDetail {
        request: PurchaseRequest::of(row)?,
        steps: steps.into_iter().map(Into::into).collect(),
        history: events.into_iter().map(|event| RequestHistory::of(event, &names)).collect(),
    })
}

/// Requests in reach, newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewRequest>,
    wanted: RequestFilter,
    now: Timestamp,
) -> Result<Page<PurchaseRequest>, Failure> {
    let RequestFilter { state, to_decide, limit, cursor } = wanted;
    let page = PageQuery { limit, cursor };
    let limit = page.limit()?;
    let turn = match grant.actor().member().filter(|_| to_decide) {
        None => None,
        Some(member) => {
            let deputies = approval::deputies_on(db, member.organisation, business_date(now)).await?;
            let for_whom: Vec<_> = deputies.into_iter().filter(|row| row.deputy_id == member.person).collect();
            Some(Turn {
                person: member.person,
                role: member.role,
                organisation: member.organisation,
                named: for_whom.iter().map(|row| row.principal_id).collect(),
                roles: for_whom.iter().map(|row| row.role).collect(),
            })
        }
    };
    // The auditor and others who decide nothing have no turn.
    let wanted = store::Wanted { state, turn, before: page.after()?, limit: limit + 1 };
    let rows = store::list(db, grant.scope(), &wanted).await?;
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        views.push(PurchaseRequest::of(row)?);
    }
    Ok(Page::of(views, limit, |view| view.id.uuid(), |view| view))
}

/// How an order in reach came to be approved.
pub(super) async fn of_order(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewOrder>,
    id: OrderGroupId,
) -> Result<OrderApproval, PurchaseError> {
    let order = procurement::find_group(db, grant.scope(), id).await?.ok_or(PurchaseError::NotFound)?;
    let request = match store::find_of_order(db, order.id).await? {
        Some(row) => Some(detail(db, row).await?),
        None => None,
    };
    Ok(OrderApproval { order_id: order.id, request })
}

/// Whether a request is over and became no order.
///
/// # Errors
/// When the database cannot be asked.
pub async fn came_to_nothing(tx: &Tx, id: PurchaseRequestId) -> Result<bool, DbErr> {
    let row = store::find(tx, &Scope::Everything, id).await?;
    Ok(row.is_none_or(|row| matches!(row.state, RequestState::Withdrawn | RequestState::Expired)))
}

/// A request, whoever asks: for the house itself.
pub(super) async fn hold_any(tx: &Tx, id: PurchaseRequestId) -> Result<Option<purchase_request::Model>, DbErr> {
    store::hold(tx, &Scope::Everything, id).await
}
