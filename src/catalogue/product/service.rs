//! What can be done with a product: offer, change, price, stock, review, take down and put back.

use super::certificate::Wanted;
use super::details::Details;
use super::error::CatalogueError;
use super::event::ProductChanged;
use super::state::{self, Step};
use super::store::{self, Movement};
use super::{certificate, hold, row, rules, shown, stock, view};
use crate::access::policy::{KeepProduct, ReadPublic, ReviewProduct, ViewProductDraft};
use crate::access::{Action, Grant, four_eyes};
use crate::catalogue::admission::is_admitted;
use crate::catalogue::{find_category, freight, price};
use crate::config::{Config, ReviewPart};
use crate::db::{Change, Tx};
use crate::http::{IfMatch, Page};
use crate::region;
use entity::product;
use entity::value::{
    CategoryCode, OffReason, OrganisationId, Packs, PriceId, ProductFlagState, ProductId, ProductState, business_date,
};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Offers a product; a draft until it is submitted.
///
/// # Errors
/// When the supplier is not admitted, the origin is none of the 832 counties, or a field is not acceptable.
pub async fn add(
    tx: &Tx,
    grant: &Grant<KeepProduct>,
    wanted: &view::AddProduct,
) -> Result<view::Product, CatalogueError> {
    rules::check_new(wanted)?;
    wanted.details.check()?;
    let supplier_id = grant.organisation()?;
    require_admitted(tx, supplier_id).await?;
    require_category(tx, &wanted.category_code).await?;
    let county = region::relief_county(tx, &wanted.origin_county_code)
        .await?
        .ok_or_else(|| CatalogueError::OriginNotReliefCounty(wanted.origin_county_code.clone()))?;
    let row = row::draft(tx, supplier_id, county.current_code, wanted)?;
    store::insert(tx, &row, row::price(tx, &row, 1, grant.person()?)).await?;
    put_details(tx, supplier_id, &[Detailed { product: &row, details: &wanted.details, off_reason: None }]).await?;
    let certificates = Wanted { product: row.id, certificates: &wanted.certificates };
    certificate::replace(tx, supplier_id, &[certificates]).await?;
    tx.audit(row::added(&row)).await?;
    show(tx, row).await
}

/// Changes a product's content. On the shelf it goes into review again; taken down it becomes a draft.
///
/// # Errors
/// When a field is not acceptable.
pub async fn change(
    tx: &Tx,
    grant: &Grant<KeepProduct>,
    id: ProductId,
    seen: IfMatch,
    wanted: &view::ChangeProduct,
    config: &Config,
) -> Result<view::Product, CatalogueError> {
    rules::check_change(wanted)?;
    if let Some(details) = &wanted.details {
        details.check()?;
    }
    if let Some(category) = &wanted.category_code {
        require_category(tx, category).await?;
    }
    let held = hold(tx, grant, id, seen).await?;
    let from = held.state;
    let sheet = store::sheets(tx, &[id]).await?.remove(&id);
    let details = sheet.as_ref().map(Details::from).unwrap_or_default();
    let to = after_change(from, &rules::changed_parts(&held, &details, wanted), &config.review_changes)?;
    let before = json!({ "state": from, "name": held.name, "min_packs": held.min_packs });
    let row = write(tx, row::changed(held, wanted, to)).await?;
    // What the house held back stays so only while it is merely off the shelf.
    let off_reason = sheet.and_then(|sheet| sheet.off_reason).filter(|_| to == ProductState::OffShelf);
    let details = wanted.details.as_ref().unwrap_or(&details);
    put_details(tx, row.supplier_id, &[Detailed { product: &row, details, off_reason }]).await?;
    if let Some(certificates) = &wanted.certificates {
        certificate::replace(tx, row.supplier_id, &[Wanted { product: id, certificates }]).await?;
    }
    if to == ProductState::OnShelf {
        hold::hold(tx, Some(&[id])).await?;
    }
    if matches!(to, ProductState::OnShelf | ProductState::InReview) {
        price::look_at(tx, std::slice::from_ref(&row), config).await?;
    }
    let after = json!({ "state": to, "name": row.name, "min_packs": row.min_packs });
    let audited = Change { before: Some(before), ..Change::made("product.change", "product", id.uuid(), after) };
    tx.audit(audited).await?;
    tell(tx, id, from, to).await?;
    show(tx, row).await
}

/// Hands a product in for review.
///
/// # Errors
/// When it is not the supplier's turn, or the supplier is not admitted.
pub async fn submit(
    tx: &Tx,
    grant: &Grant<KeepProduct>,
    id: ProductId,
    seen: IfMatch,
    config: &Config,
) -> Result<view::Product, CatalogueError> {
    let shown = take_step(tx, grant, id, seen, Step::Submit, None).await?;
    let row = store::find(tx, id).await?.ok_or(CatalogueError::NotFound)?;
    price::look_at(tx, std::slice::from_ref(&row), config).await?;
    Ok(shown)
}

/// Takes a product down.
///
/// # Errors
/// When it is not on the shelf.
pub async fn take_off(
    tx: &Tx,
    grant: &Grant<KeepProduct>,
    id: ProductId,
    seen: IfMatch,
) -> Result<view::Product, CatalogueError> {
    take_step(tx, grant, id, seen, Step::TakeOff, None).await
}

/// Puts a product back on the shelf as it was.
///
/// # Errors
/// When it was not taken down, or the supplier is not admitted.
pub async fn put_on(
    tx: &Tx,
    grant: &Grant<KeepProduct>,
    id: ProductId,
    seen: IfMatch,
) -> Result<view::Product, CatalogueError> {
    take_step(tx, grant, id, seen, Step::PutOn, None).await
}

/// Lets a product on the shelf, or refuses it.
///
/// # Errors
/// When it is not in review, or was changed since the reviewer read it.
pub async fn review(
    tx: &Tx,
    grant: &Grant<ReviewProduct>,
    id: ProductId,
    seen: IfMatch,
    wanted: &view::ReviewProduct,
) -> Result<view::Product, CatalogueError> {
    rules::check_opinion("/opinion", &wanted.opinion)?;
    require_other(tx, grant, id).await?;
    let step = match wanted.decision {
        view::Verdict::Reject => Step::Reject,
        view::Verdict::Approve => {
            let sheet = store::sheets(tx, &[id]).await?.remove(&id);
            if sheet.is_none_or(|sheet| sheet.lists_on_approval) { Step::Approve } else { Step::MakeReady }
        }
    };
    let shown = take_step(tx, grant, id, seen, step, Some(&wanted.opinion)).await?;
    // Whoever reviewed it had the comparisons before them.
    let flags = if step == Step::Reject { ProductFlagState::Upheld } else { ProductFlagState::Cleared };
    price::conclude(tx, id, flags, grant.person()?, &wanted.opinion).await?;
    Ok(shown)
}

/// Whoever set a price of a product does not judge it.
pub(in crate::catalogue) async fn require_other(
    tx: &Tx,
    grant: &Grant<ReviewProduct>,
    id: ProductId,
) -> Result<(), CatalogueError> {
    Ok(four_eyes::apart(store::priced_by(tx, id).await?, grant.person()?)?)
}

/// Takes a product down for something it was flagged for; one that cannot be bought anyway stays as it is.
pub(in crate::catalogue) async fn delist_for(
    tx: &Tx,
    grant: &Grant<ReviewProduct>,
    id: ProductId,
    code: OffReason,
    opinion: &str,
) -> Result<(), CatalogueError> {
    let held = store::find_for_change(tx, grant.scope(), id).await?.ok_or(CatalogueError::NotFound)?;
    if state::next(held.state, Step::Delist).is_err() {
        return Ok(());
    }
    take_step(tx, grant, id, IfMatch(held.version), Step::Delist, Some(opinion)).await?;
    Ok(store::set_off_reason(tx, &[id], Some(code)).await?)
}

/// Writes a changed product, tells when buyers see a difference, and shows it.
pub(super) async fn write_and_tell(
    tx: &Tx,
    row: product::Model,
    from: ProductState,
) -> Result<view::Product, CatalogueError> {
    let row = write(tx, row).await?;
    tell(tx, row.id, from, row.state).await?;
    show(tx, row).await
}

/// Takes a product down for the platform.
///
/// # Errors
/// When it cannot be bought anyway.
pub async fn delist(
    tx: &Tx,
    grant: &Grant<ReviewProduct>,
    id: ProductId,
    seen: IfMatch,
    wanted: &view::DelistProduct,
) -> Result<view::Product, CatalogueError> {
    rules::check_opinion("/reason", &wanted.reason)?;
    let shown = take_step(tx, grant, id, seen, Step::Delist, Some(&wanted.reason)).await?;
    store::set_off_reason(tx, &[id], Some(wanted.code)).await?;
    Ok(view::Product { off_reason: Some(wanted.code), ..shown })
}

/// Every price a product ever had, the newest first.
///
/// # Errors
/// When the product is out of reach.
pub async fn prices(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewProductDraft>,
    id: ProductId,
) -> Result<view::Prices, CatalogueError> {
    let product = store::find_visible(db, grant.scope(), id).await?.ok_or(CatalogueError::NotFound)?;
    let items = store::prices(db, id).await?;
    Ok(view::Prices { items: items.into_iter().map(|row| view::PriceVersion::of(row, product.pack_grams)).collect() })
}

/// Where a change leads: on the shelf it stays there when none of what changed needs a review.
pub(super) fn after_change(
    from: ProductState,
    changed: &[ReviewPart],
    reviewed: &[ReviewPart],
) -> Result<ProductState, CatalogueError> {
    let to = state::next(from, Step::Change)?;
    let is_listed = matches!(from, ProductState::OnShelf | ProductState::OffShelf | ProductState::Ready);
    let needs_review = changed.iter().any(|part| reviewed.contains(part));
    Ok(if is_listed && !needs_review { from } else { to })
}

/// The details of a product, to be written.
pub(super) struct Detailed<'a> {
    /// The product as it will be.
    pub(super) product: &'a product::Model,
    /// Its details.
    pub(super) details: &'a Details,
    /// Why the house keeps it off the shelf, if it does.
    pub(super) off_reason: Option<OffReason>,
}

/// Writes the sheets of a supplier's products, with as many questions for one as for many.
pub(super) async fn put_details(
    tx: &Tx,
    supplier: OrganisationId,
    wanted: &[Detailed<'_>],
) -> Result<(), CatalogueError> {
    let codes: BTreeSet<_> = wanted.iter().filter_map(|one| one.details.processing_county_code.clone()).collect();
    let counties = region::divisions(tx, &codes.iter().cloned().collect::<Vec<_>>()).await?;
    let counties: BTreeSet<_> = counties.into_iter().filter(|found| found.level == 3).map(|found| found.code).collect();
    if let Some(unknown) = codes.difference(&counties).next() {
        return Err(CatalogueError::CountyUnknown(unknown.clone()));
    }
    let templates: BTreeSet<_> = wanted.iter().filter_map(|one| one.details.freight_template_id).collect();
    if !freight::are_own(tx, supplier, &templates.into_iter().collect::<Vec<_>>()).await? {
        return Err(CatalogueError::FreightUnknown);
    }
    let row =
        |one: &Detailed<'_>| one.details.row(one.product, one.details.processing_county_code.clone(), one.off_reason);
    if store::put_sheets(tx, wanted.iter().map(row).collect()).await? { Ok(()) } else { Err(CatalogueError::Duplicate) }
}

async fn take_step<A: Action>(
    tx: &Tx,
    grant: &Grant<A>,
    id: ProductId,
    seen: IfMatch,
    step: Step,
    opinion: Option<&str>,
) -> Result<view::Product, CatalogueError> {
    let held = hold(tx, grant, id, seen).await?;
    if matches!(step, Step::Submit | Step::PutOn) {
        require_admitted(tx, held.supplier_id).await?;
    }
    if matches!(step, Step::Submit | Step::PutOn | Step::Approve) {
        let today = business_date(tx.now());
        if let Some(reason) = hold::obstacles(tx, std::slice::from_ref(&held), today).await?.remove(&id) {
            state::next(held.state, step)?;
            return Err(CatalogueError::HeldBack(reason));
        }
    }
    let from = held.state;
    let to = state::next(from, step)?;
    let review_opinion = opinion.map(str::to_owned).or(held.review_opinion);
    let row = write(tx, product::Model { state: to, review_opinion, ..held }).await?;
    let operation = format!("product.{step}");
    let moved = Change::moved(&operation, "product", id.uuid(), from.as_str(), to.as_str());
    tx.audit(Change { reason: opinion, ..moved }).await?;
    if matches!(to, ProductState::OnShelf | ProductState::InReview | ProductState::Ready) {
        store::set_off_reason(tx, &[id], None).await?;
    }
    tell(tx, id, from, to).await?;
    show(tx, row).await
}

/// Gives a product a new price; the old one stays in the records, and orders placed at it keep it. A product on the
/// shelf stays there.
///
/// # Errors
/// When the price is nothing, the one it has, or out of range.
pub async fn set_price(
    tx: &Tx,
    grant: &Grant<KeepProduct>,
    id: ProductId,
    seen: IfMatch,
    wanted: &view::SetPrice,
    config: &Config,
) -> Result<view::Product, CatalogueError> {
    let held = hold(tx, grant, id, seen).await?;
    rules::check_new_price(wanted.unit_price_fen, held.unit_price_fen, held.pack_grams)?;
    let number = store::last_price_number(tx, id).await? + 1;
    let before = held.unit_price_fen;
    let from = held.state;
    let needs_review = from == ProductState::OnShelf && config.review_changes.contains(&ReviewPart::Price);
    let state = if needs_review { state::next(from, Step::Change)? } else { from };
    let row = product::Model { state, unit_price_fen: wanted.unit_price_fen, price_id: PriceId::generate(), ..held };
    store::insert_price(tx, row::price(tx, &row, number, grant.person()?)).await?;
    let row = write(tx, row).await?;
    let audited = Change {
        before: Some(json!({ "unit_price_fen": before })),
        ..Change::made("product.set_price", "product", id.uuid(), json!({ "unit_price_fen": row.unit_price_fen }))
    };
    tx.audit(audited).await?;
    if matches!(row.state, ProductState::OnShelf | ProductState::InReview) {
        price::look_at(tx, std::slice::from_ref(&row), config).await?;
    }
    tell(tx, id, from, row.state).await?;
    show(tx, row).await
}

/// Adds to the stock, or takes from it.
///
/// # Errors
/// When less would be left than is promised to orders.
pub async fn change_stock(
    tx: &Tx,
    grant: &Grant<KeepProduct>,
    id: ProductId,
    wanted: &view::ChangeStock,
) -> Result<view::Product, CatalogueError> {
    rules::check_stock(wanted)?;
    let held = store::find_for_change(tx, grant.scope(), id).await?.ok_or(CatalogueError::NotFound)?;
    let left = held.on_hand_packs.get() + wanted.change_packs;
    if left < held.reserved_packs.get() {
        return Err(CatalogueError::StockBelowReserved { reserved: held.reserved_packs });
    }
    let left = Packs::new(left)?;
    let movement = Movement { product: id, on_hand: wanted.change_packs, reserved: 0 };
    let before = json!({ "on_hand_packs": held.on_hand_packs });
    let mut row = held.clone();
    stock::apply(tx, &HashMap::from([(id, held)]), &[movement]).await?;
    row.on_hand_packs = left;
    let made = Change::made("product.change_stock", "product", id.uuid(), json!({ "on_hand_packs": left }));
    tx.audit(Change { before: Some(before), ..made }.because(&wanted.reason)).await?;
    show(tx, row).await
}

/// A product: on the shelf for everybody, otherwise for whoever may see drafts of it.
///
/// # Errors
/// When it is not there for this caller.
pub async fn get(
    db: &impl ConnectionTrait,
    grant: &Grant<ReadPublic>,
    id: ProductId,
) -> Result<view::Product, CatalogueError> {
    if let Ok(inside) = Grant::<ViewProductDraft>::claim(grant.actor())
        && let Some(row) = store::find_visible(db, inside.scope(), id).await?
    {
        return show(db, row).await;
    }
    shown::on_shelf(db, &[id]).await?.pop().ok_or(CatalogueError::NotFound)
}

/// Refuses a product that is not the supplier's own, before anything dear is done.
pub(super) async fn require_visible(
    db: &impl ConnectionTrait,
    grant: &Grant<KeepProduct>,
    id: ProductId,
) -> Result<(), CatalogueError> {
    store::find_visible(db, grant.scope(), id).await?.map(drop).ok_or(CatalogueError::NotFound)
}

/// A page of the supplier's own products, newest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<KeepProduct>,
    state: Option<ProductState>,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Page<view::Product>, CatalogueError> {
    let rows = store::list(db, grant.scope(), state, after, limit).await?;
    let page = Page::of(rows, limit, |row| row.id.uuid(), |row| row);
    Ok(Page { items: shown::show(db, page.items, true).await?, next: page.next })
}

/// Locks the product and refuses when the caller has read an older version.
pub(super) async fn hold<A: Action>(
    tx: &Tx,
    grant: &Grant<A>,
    id: ProductId,
    seen: IfMatch,
) -> Result<product::Model, CatalogueError> {
    let held = store::find_for_change(tx, grant.scope(), id).await?.ok_or(CatalogueError::NotFound)?;
    if seen.0 == held.version { Ok(held) } else { Err(CatalogueError::Stale) }
}

async fn write(tx: &Tx, row: product::Model) -> Result<product::Model, DbErr> {
    let row = product::Model { updated_at: tx.now(), version: row.version + 1, ..row };
    store::update(tx, &row).await?;
    Ok(row)
}

/// Tells when buyers see a difference.
async fn tell(tx: &Tx, id: ProductId, from: ProductState, to: ProductState) -> Result<(), DbErr> {
    if from == ProductState::OnShelf || to == ProductState::OnShelf {
        tx.emit(&ProductChanged { product: id }).await?;
    }
    Ok(())
}

async fn show(db: &impl ConnectionTrait, row: product::Model) -> Result<view::Product, CatalogueError> {
    shown::show(db, vec![row], true).await?.pop().ok_or(CatalogueError::NotFound)
}

async fn require_admitted(tx: &Tx, supplier: OrganisationId) -> Result<(), CatalogueError> {
    if is_admitted(tx, supplier).await? { Ok(()) } else { Err(CatalogueError::SupplierNotAdmitted) }
}

async fn require_category(tx: &Tx, code: &CategoryCode) -> Result<(), CatalogueError> {
    match find_category(tx, code).await? {
        Some(_) => Ok(()),
        None => Err(CatalogueError::CategoryUnknown(code.clone())),
    }
}
