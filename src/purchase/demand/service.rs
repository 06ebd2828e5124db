//! What a buyer can do with demands: publish, open, compare, award, call off, show.

use super::event::{DemandDecided, DemandPublished};
use super::sealed;
use super::state::{Step, next};
use super::view::{
    AwardDemand, Demand, DemandDetail, NewDemandLine, OpenedPrice, OpenedQuotation, PublishDemand, QuotationComparison,
};
use super::{quote, store};
use crate::access::policy::{KeepDemand, PlaceOrder as MayPlace, ViewDemand};
use crate::access::{Grant, Scope};
use crate::db::{Change, Tx};
use crate::http::{IfMatch, Page, PageQuery, Words};
use crate::organisation;
use crate::problem::{Failure, FieldProblem, Text};
use crate::procurement::{Agreed, Buyer, PlaceOrder, WantedLine};
use crate::purchase::PurchaseError;
use crate::purchase::request::{PurchaseRequest, Wish, ask, came_to_nothing};
use crate::secrecy::Secrets;
use entity::value::{
    DemandAudience, DemandId, DemandState, Fen, OrganisationKind, PriceBasis, PurchaseWay, QuotationState, Timestamp,
};
use entity::{demand, demand_line, quotation, quotation_line};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::HashMap;

/// The shortest and the longest time for answers, in minutes.
const TIME_TO_ANSWER: std::ops::RangeInclusive<i64> = 60..=90 * 24 * 60;

/// Publishes a demand to all suppliers, or to those that are named.
///
/// # Errors
/// Fields that make no sense; somebody invited who does not sell.
pub(super) async fn publish(
    tx: &Tx,
    grant: &Grant<KeepDemand>,
    wanted: &PublishDemand,
) -> Result<Demand, PurchaseError> {
    let mut faults = faults_of(wanted, tx.now());
    let found = organisation::find_many(tx, &wanted.invited).await?;
    for (index, supplier) in wanted.invited.iter().enumerate() {
        let sells = found.iter().any(|row| row.id == *supplier && row.is_active && is_supplier(row.kind));
        if !sells || wanted.invited.iter().take(index).any(|earlier| earlier == supplier) {
            let detail = Text::new("应为平台上的供应商，且只列一次。", "A supplier is invited, and once.");
            faults.push(FieldProblem { pointer: format!("/invited/{index}"), detail });
        }
    }
    if !faults.is_empty() {
        return Err(PurchaseError::Fields(faults));
    }
    let audience = if wanted.invited.is_empty() { DemandAudience::All } else { DemandAudience::Invited };
    let row = demand::Model {
        id: DemandId::generate(),
        buyer_id: grant.organisation()?,
        title: wanted.title.as_str().to_owned(),
        deliver_to: wanted.deliver_to.as_str().to_owned(),
        audience,
        min_quotations: wanted.min_quotations,
        deadline: chrono::SubsecRound::trunc_subsecs(wanted.deadline, 6),
        state: DemandState::Published,
        published_by: grant.person()?,
        published_at: tx.now(),
        opened_by: None,
        opened_at: None,
        awarded_id: None,
        reason: None,
        request_id: None,
        closed_at: None,
        version: 1,
    };
    let line = |(line_no, line): (i32, &NewDemandLine)| demand_line::Model {
        demand_id: row.id,
        line_no,
        name: line.name.as_str().to_owned(),
        category_code: line.category_code.clone(),
        specification: line.specification.as_ref().map(|text| text.as_str().to_owned()),
        packs: line.packs,
        ceiling_fen: line.ceiling_fen,
    };
    store::insert(tx, row.clone(), (1..).zip(&wanted.lines).map(line).collect(), &wanted.invited).await?;
    let after = json!({ "audience": row.audience, "deadline": row.deadline, "lines": wanted.lines.len() });
    tx.audit(Change::made("demand.publish", "demand", row.id.uuid(), after)).await?;
    let (demand, buyer, title) = (row.id, row.buyer_id, row.title.clone());
    tx.emit(&DemandPublished { demand, buyer, title, invited: wanted.invited.clone() }).await?;
    Ok(row.into())
}

fn is_supplier(kind: OrganisationKind) -> bool {
    use OrganisationKind::{AgentTrader, Company, Cooperative, FamilyFarm};
    matches!(kind, Cooperative | Company | FamilyFarm | AgentTrader)
}

fn faults_of(wanted: &PublishDemand, now: Timestamp) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    let mut fault = |is_wrong: bool, pointer: String, zh: &'static str, en: &'static str| {
        if is_wrong {
            faults.push(FieldProblem { pointer, detail: Text::new(zh, en) });
        }
    };
    let minutes = (wanted.deadline - now).num_minutes();
    let (zh, en) = ("截止时间应在一小时之后、九十天之内。", "It lies between an hour and ninety days from now.");
    fault(!TIME_TO_ANSWER.contains(&minutes), "/deadline".to_owned(), zh, en);
    let few = !(1..=20).contains(&wanted.min_quotations);
    fault(few, "/min_quotations".to_owned(), "应为 1 至 20。", "It lies between 1 and 20.");
    fault(wanted.invited.len() > 100, "/invited".to_owned(), "最多邀请 100 家。", "At most 100 are invited.");
    let lines = !(1..=100).contains(&wanted.lines.len());
    fault(lines, "/lines".to_owned(), "求购应有 1 至 100 行。", "A demand has 1 to 100 lines.");
    for (index, line) in wanted.lines.iter().enumerate() {
        let pointer = format!("/lines/{index}/packs");
        fault(line.packs.is_zero(), pointer, "件数应大于零。", "The number of packs is more than zero.");
    }
    faults
}

async fn hold(tx: &Tx, scope: &Scope, id: DemandId, seen: IfMatch) -> Result<demand::Model, PurchaseError> {
    let row = store::hold(tx, scope, id).await?.ok_or(PurchaseError::NotFound)?;
    seen.check(row.version).map_err(|_| PurchaseError::Stale)?;
    Ok(row)
}

/// Opens the quotations of a demand whose deadline is over; with too few of them it fails, and they stay shut.
///
/// # Errors
/// Not the buyer's; another version; opened before; [`PurchaseError::StillSealed`] before the deadline.
pub(super) async fn open(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<KeepDemand>,
    id: DemandId,
    seen: IfMatch,
) -> Result<Demand, PurchaseError> {
    let row = hold(tx, grant.scope(), id, seen).await?;
    let opened = next(row.state, Step::Open)?;
    if tx.now() < row.deadline {
        return Err(PurchaseError::StillSealed { until: row.deadline });
    }
    let all = store::quotations_of(tx, id).await?;
    let shut: Vec<_> = all.into_iter().filter(|quotation| quotation.state == QuotationState::Sealed).collect();
    let suppliers: Vec<_> = shut.iter().map(|quotation| quotation.supplier_id).collect();
    let is_failed = i32::try_from(shut.len()).unwrap_or(i32::MAX) < row.min_quotations;
    let (from, state) = (row.state, if is_failed { next(row.state, Step::Fail)? } else { opened });
    if !is_failed {
        open_all(tx, secrets, &row, shut).await?;
    }
    let row = demand::Model {
        state,
        opened_by: Some(grant.person()?).filter(|_| !is_failed),
        opened_at: Some(tx.now()).filter(|_| !is_failed),
        closed_at: Some(tx.now()).filter(|_| is_failed),
        ..row
    };
    let row = store::save(tx, row).await?;
    tx.audit(Change::moved("demand.open", "demand", id.uuid(), from.as_str(), state.as_str())).await?;
    if is_failed {
        decided(tx, &row, None, suppliers).await?;
    }
    Ok(row.into())
}

/// Opens every envelope; each is in the audit.
async fn open_all(
    tx: &Tx,
    secrets: &Secrets,
    row: &demand::Model,
    shut: Vec<quotation::Model>,
) -> Result<(), PurchaseError> {
    let lines = store::lines_of(tx, row.id).await?;
    let (mut prices, mut changes) = (Vec::new(), Vec::new());
    for quotation in shut {
        let content = sealed::open(secrets, row, &quotation, tx.now())?;
        let id = quotation.id;
        prices.extend(content.prices.iter().map(|price| quotation_line::Model {
            quotation_id: id,
            line_no: price.line_no,
            product_id: price.product_id,
            unit_price_fen: price.unit_price_fen,
        }));
        let total_fen = Some(quote::total(&lines, &content.prices)?);
        let state = QuotationState::Opened;
        let opened = quotation::Model { state, total_fen, note: content.note, ..quotation };
        store::save_quotation(tx, opened).await?;
        changes.push(Change::moved("quotation.open", "quotation", id.uuid(), "sealed", "opened"));
    }
    store::insert_prices(tx, prices).await?;
    Ok(tx.audit_all(changes).await?)
}

/// Writes down that somebody tried to open the quotations too early.
///
/// # Errors
/// When the database refuses.
pub(super) async fn note_early(tx: &Tx, id: DemandId) -> Result<(), DbErr> {
    tx.audit(Change::made("demand.open_refused", "demand", id.uuid(), json!({ "why": "before the deadline" }))).await
}

/// Awards a demand to a quotation, and asks for the order at its prices.
///
/// # Errors
/// Not the buyer's; another version; not opened; no quotation of it; as any request.
pub(super) async fn award(
    tx: &Tx,
    (grant, may): (&Grant<KeepDemand>, &Grant<MayPlace>),
    id: DemandId,
    seen: IfMatch,
    wanted: &AwardDemand,
) -> Result<PurchaseRequest, PurchaseError> {
    let row = hold(tx, grant.scope(), id, seen).await?;
    let (from, state) = (row.state, next(row.state, Step::Award)?);
    if let Some(request) = row.request_id
        && !came_to_nothing(tx, request).await?
    {
        return Err(PurchaseError::WrongDemandState(row.state));
    }
    let all = store::quotations_of(tx, id).await?;
    let is_chosen = |quotation: &&quotation::Model| {
        quotation.id == wanted.quotation_id && quotation.state == QuotationState::Opened
    };
    let chosen = all.iter().find(is_chosen).ok_or_else(|| {
        PurchaseError::field("/quotation_id", "求购没有这份报价。", "The demand has no such quotation.")
    })?;
    let wish = wish_of(tx, &row, chosen, wanted).await?;
    let asked = ask(tx, &Buyer::of(may)?, &wish).await?;
    let reason = wanted.reason.as_str();
    let (winner, awarded_id) = (chosen.supplier_id, Some(chosen.id));
    let row = demand::Model {
        state,
        awarded_id,
        reason: Some(reason.to_owned()),
        request_id: Some(asked.id),
        closed_at: Some(tx.now()),
        ..row
    };
    let row = store::save(tx, row).await?;
    let moved = Change::moved("demand.award", "demand", id.uuid(), from.as_str(), state.as_str());
    tx.audit(moved.because(reason)).await?;
    let opened = all.iter().filter(|quotation| quotation.state == QuotationState::Opened);
    decided(tx, &row, Some(winner), opened.map(|quotation| quotation.supplier_id).collect()).await?;
    Ok(asked)
}

/// The order that a quotation asks for, at its prices.
async fn wish_of(
    tx: &Tx,
    row: &demand::Model,
    chosen: &quotation::Model,
    wanted: &AwardDemand,
) -> Result<Wish, PurchaseError> {
    let lines = store::lines_of(tx, row.id).await?;
    let prices = store::prices_of(tx, &[chosen.id]).await?;
    let (mut order, mut agreed) = (Vec::with_capacity(prices.len()), Vec::with_capacity(prices.len()));
    for price in prices {
        let Some(line) = lines.iter().find(|line| line.line_no == price.line_no) else { continue };
        order.push(WantedLine { product_id: price.product_id, packs: line.packs });
        agreed.push(Agreed {
            product_id: price.product_id,
            unit_price_fen: price.unit_price_fen,
            basis: PriceBasis::Quotation,
            basis_id: Some(chosen.id.uuid()),
        });
    }
    // What came in as words of this length goes on as such.
    let deliver_to: Words<500> = row.deliver_to.clone().try_into().map_err(|_| PurchaseError::NotFound)?;
    Ok(Wish {
        way: PurchaseWay::Quotation,
        order: PlaceOrder::plain(wanted.budget_id, deliver_to, order),
        agreed,
        note: Some(format!("{}：{}", row.title, wanted.reason.as_str())),
    })
}

/// Calls a demand off; quotations that are shut stay shut.
///
/// # Errors
/// Not the buyer's; another version; it is over.
pub(super) async fn cancel(
    tx: &Tx,
    grant: &Grant<KeepDemand>,
    id: DemandId,
    seen: IfMatch,
    reason: &str,
) -> Result<Demand, PurchaseError> {
    let row = hold(tx, grant.scope(), id, seen).await?;
    let (from, state) = (row.state, next(row.state, Step::Cancel)?);
    let row = demand::Model { state, reason: Some(reason.to_owned()), closed_at: Some(tx.now()), ..row };
    let row = store::save(tx, row).await?;
    let moved = Change::moved("demand.cancel", "demand", id.uuid(), from.as_str(), state.as_str());
    tx.audit(moved.because(reason)).await?;
    let all = store::quotations_of(tx, id).await?;
    let in_it = all.iter().filter(|quotation| quotation.state != QuotationState::Withdrawn);
    decided(tx, &row, None, in_it.map(|quotation| quotation.supplier_id).collect()).await?;
    Ok(row.into())
}

async fn decided(
    tx: &Tx,
    row: &demand::Model,
    winner: Option<entity::value::OrganisationId>,
    suppliers: Vec<entity::value::OrganisationId>,
) -> Result<(), DbErr> {
    let (demand, title, version) = (row.id, row.title.clone(), row.version);
    tx.emit(&DemandDecided { demand, title, winner, suppliers, version }).await
}

/// A demand in reach, with what is wanted and how many answered.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewDemand>,
    id: DemandId,
) -> Result<DemandDetail, PurchaseError> {
    let row = store::find(db, grant.scope(), id).await?.ok_or(PurchaseError::NotFound)?;
    let lines = store::lines_of(db, id).await?;
    let all = store::quotations_of(db, id).await?;
    Ok(DemandDetail {
        demand: row.into(),
        lines: lines.into_iter().map(Into::into).collect(),
        invited: store::invited_to(db, id).await?,
        quotations: all.iter().filter(|quotation| quotation.state != QuotationState::Withdrawn).count(),
    })
}

/// Demands in reach, newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewDemand>,
    page: &PageQuery,
) -> Result<Page<Demand>, Failure> {
    let limit = page.limit()?;
    let rows = store::list(db, grant.scope(), page.after()?, limit + 1).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), Demand::from))
}

/// The quotations of a demand in reach beside each other; nothing but their number while they are shut.
pub(super) async fn compare(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewDemand>,
    id: DemandId,
) -> Result<QuotationComparison, PurchaseError> {
    store::find(db, grant.scope(), id).await?.ok_or(PurchaseError::NotFound)?;
    let all = store::quotations_of(db, id).await?;
    let in_it: Vec<_> = all.into_iter().filter(|row| row.state != QuotationState::Withdrawn).collect();
    let count = in_it.len();
    let opened: Vec<_> = in_it.into_iter().filter(|row| row.state == QuotationState::Opened).collect();
    if opened.is_empty() {
        return Ok(QuotationComparison { is_sealed: count > 0, count, quotations: Vec::new() });
    }
    let ids: Vec<_> = opened.iter().map(|row| row.id).collect();
    let prices = store::prices_of(db, &ids).await?;
    let mut lowest: HashMap<i32, Fen> = HashMap::new();
    for price in &prices {
        let least = lowest.entry(price.line_no).or_insert(price.unit_price_fen);
        *least = (*least).min(price.unit_price_fen);
    }
    let suppliers: Vec<_> = opened.iter().map(|row| row.supplier_id).collect();
    let names = organisation::find_many(db, &suppliers).await?;
    let names: HashMap<_, _> = names.into_iter().map(|row| (row.id, row.name)).collect();
    let totals: Vec<Fen> = opened.iter().filter_map(|row| row.total_fen).collect();
    let show = |row: quotation::Model| {
        let of_row = prices.iter().filter(|price| price.quotation_id == row.id).map(|price| OpenedPrice {
            line_no: price.line_no,
            product_id: price.product_id,
            unit_price_fen: price.unit_price_fen,
            is_lowest: lowest.get(&price.line_no) == Some(&price.unit_price_fen),
        });
        let total_fen = row.total_fen.unwrap_or(Fen::ZERO);
        OpenedQuotation {
            id: row.id,
            supplier_id: row.supplier_id,
            supplier_name: names.get(&row.supplier_id).cloned().unwrap_or_default(),
            total_fen,
            rank: quote::rank(total_fen, &totals),
            note: row.note,
            prices: of_row.collect(),
            submitted_at: row.submitted_at,
        }
    };
    let mut quotations: Vec<_> = opened.into_iter().map(show).collect();
    quotations.sort_by_key(|quotation| (quotation.total_fen, quotation.submitted_at, quotation.id));
    Ok(QuotationComparison { is_sealed: false, count, quotations })
}
