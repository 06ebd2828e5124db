//! What a supplier can do with demands: find them, answer them, take an answer back.

use super::sealed::{self, Content, Price};
use super::state::{Step, next};
use super::view::{OpenDemand, OpenDemandFilter, OwnQuotation, SubmitQuotation};
use super::{quote, store};
use crate::access::Grant;
use crate::access::policy::AnswerDemand;
use crate::catalogue;
use crate::db::{Change, Tx};
use crate::http::{Page, PageQuery};
use crate::problem::Failure;
use crate::purchase::PurchaseError;
use crate::secrecy::Secrets;
use entity::value::{DemandId, OrganisationId, QuotationId, QuotationState};
use entity::{demand, quotation};
use sea_orm::ConnectionTrait;
use serde_json::json;

/// What a supplier may answer or did, newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<AnswerDemand>,
    wanted: OpenDemandFilter,
) -> Result<Page<OpenDemand>, Failure> {
    let OpenDemandFilter { state, limit, cursor } = wanted;
    let page = PageQuery { limit, cursor };
    let limit = page.limit()?;
    let supplier = grant.organisation()?;
    let rows = store::list_open_to(db, supplier, state, page.after()?, limit + 1).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let own = store::quotations_by(db, &ids, supplier).await?;
    let view = |row: demand::Model| {
        let own = own.get(&row.id);
        OpenDemand::of(row, Vec::new(), own)
    };
    Ok(Page::of(rows, limit, |row| row.id.uuid(), view))
}

/// A demand that a supplier may answer, with what is wanted.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<AnswerDemand>,
    id: DemandId,
) -> Result<OpenDemand, PurchaseError> {
    let supplier = grant.organisation()?;
    let row = store::find_open_to(db, supplier, id).await?.ok_or(PurchaseError::NotFound)?;
    let own = store::quotation_of(db, id, supplier).await?;
    let lines = store::lines_of(db, id).await?;
    Ok(OpenDemand::of(row, lines, own.as_ref()))
}

/// A demand that can be answered now, locked: whoever hands in and whoever opens take turns.
async fn hold(tx: &Tx, supplier: OrganisationId, id: DemandId) -> Result<demand::Model, PurchaseError> {
    let row = store::hold_open_to(tx, supplier, id).await?.ok_or(PurchaseError::NotFound)?;
    next(row.state, Step::Quote)?;
    if tx.now() >= row.deadline {
        return Err(PurchaseError::DeadlineOver { at: row.deadline });
    }
    Ok(row)
}

/// Hands a quotation in, or replaces the one before. It is shut before it is written.
///
/// # Errors
/// Not open to the supplier; after the deadline; prices that do not answer the demand.
pub(super) async fn submit(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<AnswerDemand>,
    id: DemandId,
    wanted: &SubmitQuotation,
) -> Result<OwnQuotation, PurchaseError> {
    let supplier_id = grant.organisation()?;
    let demand = hold(tx, supplier_id, id).await?;
    let price = |price: &super::view::QuotedPrice| Price {
        line_no: price.line_no,
        product_id: price.product_id,
        unit_price_fen: price.unit_price_fen,
    };
    let note = wanted.note.as_ref().map(|note| note.as_str().to_owned());
    let content = Content { prices: wanted.prices.iter().map(price).collect(), note };
    let lines = store::lines_of(tx, id).await?;
    let ids: Vec<_> = content.prices.iter().map(|price| price.product_id).collect();
    let products = catalogue::find_products(tx, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let faults = quote::faults(&lines, &content.prices, supplier_id, &products);
    if !faults.is_empty() {
        return Err(PurchaseError::Fields(faults));
    }
    // What it comes to must be an amount at all; nothing of it is kept.
    quote::total(&lines, &content.prices)?;
    let before = store::quotation_of(tx, id, supplier_id).await?;
    let quotation_id = before.as_ref().map_or_else(QuotationId::generate, |row| row.id);
    let row = quotation::Model {
        id: quotation_id,
        demand_id: id,
        supplier_id,
        sealed_cipher: sealed::shut(secrets, quotation_id, &content)?,
        state: QuotationState::Sealed,
        total_fen: None,
        note: None,
        submitted_by: grant.person()?,
        submitted_at: tx.now(),
        version: before.as_ref().map_or(1, |row| row.version),
    };
    let row = if before.is_some() {
        store::save_quotation(tx, row).await?
    } else {
        store::insert_quotation(tx, row.clone()).await?;
        row
    };
    let after = json!({ "demand_id": id, "supplier_id": supplier_id, "version": row.version });
    tx.audit(Change::made("quotation.submit", "quotation", row.id.uuid(), after)).await?;
    Ok(OwnQuotation::of(&row, &demand))
}

/// Takes a quotation back before the deadline.
///
/// # Errors
/// Not open to the supplier; nothing handed in; after the deadline.
pub(super) async fn withdraw(
    tx: &Tx,
    grant: &Grant<AnswerDemand>,
    id: DemandId,
) -> Result<OwnQuotation, PurchaseError> {
    let supplier = grant.organisation()?;
    let demand = hold(tx, supplier, id).await?;
    let row = store::quotation_of(tx, id, supplier).await?;
    let row = row.filter(|row| row.state == QuotationState::Sealed).ok_or(PurchaseError::NotFound)?;
    let row = store::save_quotation(tx, quotation::Model { state: QuotationState::Withdrawn, ..row }).await?;
    tx.audit(Change::moved("quotation.withdraw", "quotation", row.id.uuid(), "sealed", "withdrawn")).await?;
    Ok(OwnQuotation::of(&row, &demand))
}
