//! What can be done with a product: offer, change, price, stock, review, take down and put back.

use super::error::CatalogueError;
use super::event::ProductChanged;
use super::state::{self, Step};
use super::store::{self, Movement};
use super::{rules, shown, stock, view};
use crate::access::policy::{KeepProduct, ReadPublic, ReviewProduct, ViewProductDraft};
use crate::access::{Action, Grant};
use crate::catalogue::admission::is_admitted;
use crate::catalogue::find_category;
use crate::db::{Change, Tx};
use crate::http::{IfMatch, Page};
use crate::{document, region};
use entity::value::{CategoryCode, CertificateId, OrganisationId, Packs, PriceId, ProductId, ProductState};
use entity::{product, product_certificate, product_price};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr};
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
    let supplier_id = grant.organisation()?;
    require_admitted(tx, supplier_id).await?;
    require_category(tx, &wanted.category_code).await?;
    let county = region::relief_county(tx, &wanted.origin_county_code)
        .await?
        .ok_or_else(|| CatalogueError::OriginNotReliefCounty(wanted.origin_county_code.clone()))?;
    let row = product::Model {
        id: ProductId::generate(),
        supplier_id,
        name: wanted.name.trim().to_owned(),
        category_code: wanted.category_code.clone(),
        origin_county_code: county.current_code,
        pack_grams: wanted.pack_grams,
        description: wanted.description.clone(),
        min_packs: wanted.min_packs,
        on_hand_packs: wanted.on_hand_packs,
        reserved_packs: Packs::new(0)?,
        shelf_life_days: wanted.shelf_life_days,
        unit_price_fen: wanted.unit_price_fen,
        price_id: PriceId::generate(),
        state: ProductState::Draft,
        review_opinion: None,
        created_at: tx.now(),
        updated_at: tx.now(),
        version: 1,
    };
    store::insert(tx, &row, price_row(tx, grant, &row, 1)?).await?;
    put_certificates(tx, &row, &wanted.certificates).await?;
    let after = json!({
        "name": row.name, "origin_county_code": row.origin_county_code, "pack_grams": row.pack_grams,
        "unit_price_fen": row.unit_price_fen, "on_hand_packs": row.on_hand_packs,
    });
    tx.audit(Change::made("product.add", "product", row.id.uuid(), after)).await?;
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
) -> Result<view::Product, CatalogueError> {
    rules::check_change(wanted)?;
    if let Some(category) = &wanted.category_code {
        require_category(tx, category).await?;
    }
    let held = hold(tx, grant, id, seen).await?;
    let from = held.state;
    let to = state::next(from, Step::Change)?;
    let before = json!({ "state": from, "name": held.name, "min_packs": held.min_packs });
    let row = product::Model {
        name: wanted.name.as_ref().map_or(held.name, |name| name.trim().to_owned()),
        category_code: wanted.category_code.clone().unwrap_or(held.category_code),
        description: wanted.description.clone().unwrap_or(held.description),
        min_packs: wanted.min_packs.unwrap_or(held.min_packs),
        shelf_life_days: wanted.shelf_life_days.unwrap_or(held.shelf_life_days),
        state: to,
        ..held
    };
    let row = write(tx, row).await?;
    if let Some(certificates) = &wanted.certificates {
        put_certificates(tx, &row, certificates).await?;
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
) -> Result<view::Product, CatalogueError> {
    take_step(tx, grant, id, seen, Step::Submit, None).await
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
    let step = match wanted.decision {
        view::Verdict::Approve => Step::Approve,
        view::Verdict::Reject => Step::Reject,
    };
    take_step(tx, grant, id, seen, step, Some(&wanted.opinion)).await
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
    take_step(tx, grant, id, seen, Step::Delist, Some(&wanted.reason)).await
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
    let from = held.state;
    let to = state::next(from, step)?;
    let review_opinion = opinion.map(str::to_owned).or(held.review_opinion);
    let row = write(tx, product::Model { state: to, review_opinion, ..held }).await?;
    let operation = format!("product.{step}");
    let moved = Change::moved(&operation, "product", id.uuid(), from.as_str(), to.as_str());
    tx.audit(Change { reason: opinion, ..moved }).await?;
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
) -> Result<view::Product, CatalogueError> {
    let held = hold(tx, grant, id, seen).await?;
    rules::check_new_price(wanted.unit_price_fen, held.unit_price_fen, held.pack_grams)?;
    let number = store::last_price_number(tx, id).await? + 1;
    let before = held.unit_price_fen;
    let row = product::Model { unit_price_fen: wanted.unit_price_fen, price_id: PriceId::generate(), ..held };
    store::insert_price(tx, price_row(tx, grant, &row, number)?).await?;
    let row = write(tx, row).await?;
    let audited = Change {
        before: Some(json!({ "unit_price_fen": before })),
        ..Change::made("product.set_price", "product", id.uuid(), json!({ "unit_price_fen": row.unit_price_fen }))
    };
    tx.audit(audited).await?;
    tell(tx, id, row.state, row.state).await?;
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
async fn hold<A: Action>(
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

/// The row of the price that `product` has now.
fn price_row(
    tx: &Tx,
    grant: &Grant<KeepProduct>,
    product: &product::Model,
    number: i32,
) -> Result<product_price::ActiveModel, CatalogueError> {
    Ok(product_price::ActiveModel {
        id: Set(product.price_id),
        product_id: Set(product.id),
        number: Set(number),
        unit_price_fen: Set(product.unit_price_fen),
        created_by: Set(grant.person()?),
        created_at: Set(tx.now()),
    })
}

async fn put_certificates(
    tx: &Tx,
    product: &product::Model,
    certificates: &[view::NewCertificate],
) -> Result<(), CatalogueError> {
    // One scan may show several certificates.
    let files: BTreeSet<_> = certificates.iter().filter_map(|certificate| certificate.file_id).collect();
    document::require_own(tx, product.supplier_id, &files.into_iter().collect::<Vec<_>>()).await?;
    let rows = certificates.iter().map(|certificate| product_certificate::ActiveModel {
        id: Set(CertificateId::generate()),
        product_id: Set(product.id),
        scheme: Set(certificate.scheme),
        issuer: Set(certificate.issuer.trim().to_owned()),
        number: Set(certificate.number.trim().to_owned()),
        valid_from: Set(certificate.valid_from),
        valid_to: Set(certificate.valid_to),
        file_id: Set(certificate.file_id),
    });
    if store::replace_certificates(tx, product.id, rows.collect()).await? {
        Ok(())
    } else {
        Err(CatalogueError::CertificateTwice)
    }
}
