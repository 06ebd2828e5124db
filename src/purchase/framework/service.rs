//! What can be done with framework agreements: propose, answer, call off, end, show.

use super::state::{Step, next};
use super::store;
use super::view::{
    AnswerFramework, CallOff, Framework, FrameworkDetail, FrameworkLine, NewFrameworkLine, ProposeFramework,
};
use crate::access::policy::{
    AnswerFramework as MayAnswer, EndFramework as MayEnd, KeepFramework, PlaceOrder, ViewFramework,
};
use crate::access::{Grant, Scope};
use crate::db::{Change, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::problem::{Failure, FieldProblem, Text};
use crate::procurement::{self, Agreed, Buyer, PlaceOrder as Order, WantedLine};
use crate::purchase::PurchaseError;
use crate::purchase::request::{PurchaseRequest, Wish, ask};
use crate::{catalogue, document};
use entity::value::{
    Fen, FrameworkId, FrameworkLineId, FrameworkState, PriceBasis, ProductId, PurchaseWay, business_date,
};
use entity::{framework, framework_line};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// How many products an agreement may have.
const MOST_LINES: usize = 200;
/// How long an agreement may run, in days.
const LONGEST_TERM: i64 = 3 * 366;

/// Proposes an agreement to a supplier.
///
/// # Errors
/// Fields that make no sense; products that are not the supplier's; another's document.
pub(super) async fn propose(
    tx: &Tx,
    grant: &Grant<KeepFramework>,
    wanted: &ProposeFramework,
) -> Result<Framework, PurchaseError> {
    let mut faults = faults_of(wanted);
    let ids: Vec<_> = wanted.lines.iter().map(|line| line.product_id).collect();
    let products = catalogue::find_products(tx, &ids).await?;
    let own: HashSet<_> =
        products.iter().filter(|row| row.supplier_id == wanted.supplier_id).map(|row| row.id).collect();
    for (index, _) in ids.iter().enumerate().filter(|(_, id)| !own.contains(id)) {
        faults.push(FieldProblem {
            pointer: format!("/lines/{index}/product_id"),
            detail: Text::new("该供应商没有这件商品。", "The supplier has no such product."),
        });
    }
    if !faults.is_empty() {
        return Err(PurchaseError::Fields(faults));
    }
    document::require_own(tx, grant.organisation()?, wanted.document_id.as_slice()).await?;
    let row = framework::Model {
        id: FrameworkId::generate(),
        buyer_id: grant.organisation()?,
        supplier_id: wanted.supplier_id,
        title: wanted.title.as_str().to_owned(),
        state: FrameworkState::Proposed,
        valid_from: wanted.valid_from,
        valid_to: wanted.valid_to,
        ceiling_fen: wanted.ceiling_fen,
        document_id: wanted.document_id,
        proposed_by: grant.person()?,
        answered_by: None,
        answered_at: None,
        closed_reason: None,
        created_at: tx.now(),
        version: 1,
    };
    let line = |(line_no, line): (i32, &NewFrameworkLine)| framework_line::Model {
        id: FrameworkLineId::generate(),
        framework_id: row.id,
        line_no,
        product_id: line.product_id,
        unit_price_fen: line.unit_price_fen,
        ceiling_packs: line.ceiling_packs,
    };
    store::insert(tx, row.clone(), (1..).zip(&wanted.lines).map(line).collect()).await?;
    let after = json!({
        "supplier_id": row.supplier_id, "ceiling_fen": row.ceiling_fen, "valid_from": row.valid_from,
        "valid_to": row.valid_to, "lines": wanted.lines.len(),
    });
    tx.audit(Change::made("framework.propose", "framework", row.id.uuid(), after)).await?;
    Ok(row.into())
}

fn faults_of(wanted: &ProposeFramework) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    let mut fault = |is_wrong: bool, pointer: String, zh: &'static str, en: &'static str| {
        if is_wrong {
            faults.push(FieldProblem { pointer, detail: Text::new(zh, en) });
        }
    };
    let days = (wanted.valid_to - wanted.valid_from).num_days();
    let (zh, en) = ("期限应自起始日起，不超过三年。", "It ends after it begins, within three years.");
    fault(!(0..=LONGEST_TERM).contains(&days), "/valid_to".to_owned(), zh, en);
    let (zh, en) = ("金额上限应大于零。", "The amount is more than zero.");
    fault(wanted.ceiling_fen.is_zero(), "/ceiling_fen".to_owned(), zh, en);
    let (zh, en) = ("协议应有 1 至 200 种商品。", "An agreement has 1 to 200 products.");
    fault(!(1..=MOST_LINES).contains(&wanted.lines.len()), "/lines".to_owned(), zh, en);
    let mut seen = HashSet::new();
    for (index, line) in wanted.lines.iter().enumerate() {
        let at = |field: &str| format!("/lines/{index}/{field}");
        let (zh, en) = ("件数应大于零。", "The number of packs is more than zero.");
        fault(line.ceiling_packs.is_zero(), at("ceiling_packs"), zh, en);
        let (zh, en) = ("单价应大于零。", "The price is more than zero.");
        fault(line.unit_price_fen.is_zero(), at("unit_price_fen"), zh, en);
        let (zh, en) = ("同一商品只列一次。", "A product stands there once.");
        fault(!seen.insert(line.product_id), at("product_id"), zh, en);
    }
    faults
}

/// Agrees to a proposal as its supplier, or declines it.
///
/// # Errors
/// Not the supplier's; another version; answered before; declined without a reason.
pub(super) async fn answer(
    tx: &Tx,
    grant: &Grant<MayAnswer>,
    id: FrameworkId,
    seen: IfMatch,
    wanted: &AnswerFramework,
) -> Result<Framework, PurchaseError> {
    let row = hold(tx, grant.scope(), id, seen).await?;
    let state = next(row.state, if wanted.agree { Step::Agree } else { Step::Decline })?;
    let reason = wanted.reason.as_ref().map(|reason| reason.as_str().to_owned());
    if !wanted.agree && reason.is_none() {
        return Err(PurchaseError::field("/reason", "谢绝时请说明原因。", "Say why, when you decline."));
    }
    let from = row.state;
    let row = framework::Model {
        state,
        answered_by: Some(grant.person()?),
        answered_at: Some(tx.now()),
        closed_reason: reason.clone().filter(|_| !wanted.agree),
        ..row
    };
    let row = store::save(tx, row).await?;
    let moved = Change::moved("framework.answer", "framework", id.uuid(), from.as_str(), state.as_str());
    tx.audit(moved.because(reason.as_deref().unwrap_or("agreed"))).await?;
    Ok(row.into())
}

async fn hold(tx: &Tx, scope: &Scope, id: FrameworkId, seen: IfMatch) -> Result<framework::Model, PurchaseError> {
    let row = store::hold(tx, scope, id).await?.ok_or(PurchaseError::NotFound)?;
    seen.check(row.version).map_err(|_| PurchaseError::Stale)?;
    Ok(row)
}

/// Ends an agreement, or takes a proposal back, as either side. Orders that were called off go on.
///
/// # Errors
/// Neither side's; another version; it is over.
pub(super) async fn end(
    tx: &Tx,
    grant: &Grant<MayEnd>,
    id: FrameworkId,
    seen: IfMatch,
    reason: &str,
) -> Result<Framework, PurchaseError> {
    let row = hold(tx, grant.scope(), id, seen).await?;
    let (from, state) = (row.state, next(row.state, Step::End)?);
    let row = framework::Model { state, closed_reason: Some(reason.to_owned()), ..row };
    let row = store::save(tx, row).await?;
    let moved = Change::moved("framework.end", "framework", id.uuid(), from.as_str(), state.as_str());
    tx.audit(moved.because(reason)).await?;
    Ok(row.into())
}

/// Calls something off as the buyer: a request at the prices of the agreement.
///
/// # Errors
/// Not the buyer's; not active; products it does not have; more than is left; as any request.
pub(super) async fn call_off(
    tx: &Tx,
    grant: &Grant<PlaceOrder>,
    id: FrameworkId,
    wanted: &CallOff,
) -> Result<PurchaseRequest, PurchaseError> {
    let row = store::hold(tx, grant.scope(), id).await?.ok_or(PurchaseError::NotFound)?;
    next(row.state, Step::CallOff)?;
    let agreed = prices_of(tx, id, &wanted.lines).await?;
    let order = Order::plain(wanted.budget_id, wanted.deliver_to.clone(), wanted.lines.clone());
    draw(tx, &order, &agreed).await?;
    let note = wanted.note.as_ref().map(|note| note.as_str().to_owned());
    ask(tx, &Buyer::of(grant)?, &Wish { way: PurchaseWay::Framework, order, agreed, note }).await
}

/// Refuses an agreement that is not in reach or not active.
///
/// # Errors
/// Out of reach; proposed only, declined or ended.
pub async fn require_active(db: &impl ConnectionTrait, scope: &Scope, id: FrameworkId) -> Result<(), PurchaseError> {
    let row = store::find(db, scope, id)
        .await?
        .ok_or_else(|| PurchaseError::field("/framework_id", "没有这份协议。", "There is no such agreement."))?;
    next(row.state, Step::CallOff)?;
    Ok(())
}

/// The prices of an agreement for these lines.
///
/// # Errors
/// A product the agreement does not have.
pub async fn prices_of(
    db: &impl ConnectionTrait,
    id: FrameworkId,
    lines: &[WantedLine],
) -> Result<Vec<Agreed>, PurchaseError> {
    let known: HashMap<ProductId, framework_line::Model> =
        store::lines_of(db, id).await?.into_iter().map(|line| (line.product_id, line)).collect();
    let mut prices = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let found = known.get(&line.product_id).ok_or_else(|| {
            let (zh, en) = ("协议中没有这件商品。", "The agreement has no such product.");
            PurchaseError::field(format!("/lines/{index}/product_id"), zh, en)
        })?;
        prices.push(Agreed {
            product_id: line.product_id,
            unit_price_fen: found.unit_price_fen,
            basis: PriceBasis::Framework,
            basis_id: Some(found.id.uuid()),
        });
    }
    Ok(prices)
}

/// Sees whether an order fits into the agreements its prices rest on, and holds them until the transaction ends, so
/// that of two who call off the last packs one has them.
///
/// # Errors
/// An agreement that is not in force today; more packs than a line has left, or more money than the agreement has.
pub async fn draw(tx: &Tx, order: &Order, prices: &[Agreed]) -> Result<(), PurchaseError> {
    let rests = |price: &&Agreed| price.basis == PriceBasis::Framework;
    let ids: Vec<_> = prices.iter().filter(rests).filter_map(|price| price.basis_id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let lines: Vec<_> = ids.iter().map(|id| FrameworkLineId::from_uuid(*id)).collect();
    let today = business_date(tx.now());
    for row in store::hold_of_lines(tx, &lines).await? {
        next(row.state, Step::CallOff)?;
        if !(row.valid_from..=row.valid_to).contains(&today) {
            return Err(PurchaseError::FrameworkNotInForce);
        }
        fits(tx, &row, order, prices).await?;
    }
    Ok(())
}

/// Whether an order fits into what is left of a held agreement.
async fn fits(tx: &Tx, row: &framework::Model, order: &Order, prices: &[Agreed]) -> Result<(), PurchaseError> {
    let lines = store::lines_of(tx, row.id).await?;
    let ids: Vec<Uuid> = lines.iter().map(|line| line.id.uuid()).collect();
    let ordered = procurement::ordered_on(tx, &ids).await?;
    let mut money: i64 = ordered.values().map(|ordered| ordered.fen).sum();
    for line in &lines {
        let is_of = |price: &&Agreed| price.basis_id == Some(line.id.uuid());
        if !prices.iter().any(|price| is_of(&price)) {
            continue;
        }
        let place = order.lines.iter().position(|wanted| wanted.product_id == line.product_id);
        let Some((index, wanted)) = place.and_then(|index| order.lines.get(index).map(|line| (index, line))) else {
            continue;
        };
        let used = ordered.get(&line.id.uuid()).map_or(0, |ordered| ordered.packs);
        let left = line.ceiling_packs.get() - used;
        if wanted.packs.get() > left {
            return Err(PurchaseError::FrameworkExceeded { pointer: format!("/lines/{index}/packs"), left });
        }
        money = money.saturating_add(line.unit_price_fen.checked_mul(wanted.packs.get())?.get());
    }
    let over = money - row.ceiling_fen.get();
    if over > 0 { Err(PurchaseError::FrameworkOverdrawn { over: Fen::new(over)? }) } else { Ok(()) }
}

/// An agreement in reach with what is called off.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewFramework>,
    id: FrameworkId,
) -> Result<FrameworkDetail, PurchaseError> {
    let row = store::find(db, grant.scope(), id).await?.ok_or(PurchaseError::NotFound)?;
    let lines = store::lines_of(db, id).await?;
    let ids: Vec<Uuid> = lines.iter().map(|line| line.id.uuid()).collect();
    let ordered = procurement::ordered_on(db, &ids).await?;
    let packs = |line: &framework_line::Model| ordered.get(&line.id.uuid()).map_or(0, |ordered| ordered.packs);
    Ok(FrameworkDetail {
        framework: row.into(),
        ordered_fen: ordered.values().map(|ordered| ordered.fen).sum(),
        lines: lines
            .into_iter()
            .map(|line| {
                let packs = packs(&line);
                FrameworkLine::of(line, packs)
            })
            .collect(),
    })
}

/// Agreements in reach, newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewFramework>,
    page: &PageQuery,
) -> Result<Page<Framework>, Failure> {
    let limit = page.limit()?;
    let rows = store::list(db, grant.scope(), page.after()?, limit + 1).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), Framework::from))
}
