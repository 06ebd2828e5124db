//! Products by the hundred: what other rooms ask about many at once, and what a sheet does to them.
//!
//! Promises: the same rules as for single products; the number of questions does not grow with that of the products.

use super::certificate::{self, Wanted};
use super::details::Details;
use super::error::CatalogueError;
use super::event::ProductChanged;
use super::service::{self, Detailed};
use super::state::{self, Step};
use super::store::{self, Movement};
use super::{hold, row, rules, stock, view};
use crate::access::Grant;
use crate::access::policy::KeepProduct;
use crate::catalogue::admission::is_admitted;
use crate::catalogue::price as price_flags;
use crate::config::{Config, ReviewPart};
use crate::db::{Change, Tx};
use crate::problem::{Describe, FieldProblem};
use entity::value::{Fen, OffReason, OrganisationId, PriceId, ProductId, ProductState};
use entity::{product, product_certificate, product_sheet};
use sea_orm::{ConnectionTrait, DbErr, IntoActiveModel};
use serde_json::json;
use std::collections::HashMap;

/// The certificates that products are shown with, each product's oldest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn product_certificates(
    db: &impl ConnectionTrait,
    ids: &[ProductId],
) -> Result<HashMap<ProductId, Vec<product_certificate::Model>>, DbErr> {
    let mut found = store::certificates(db, ids).await?;
    found.values_mut().for_each(|held| held.retain(|row| row.withdrawn_on.is_none()));
    Ok(found)
}

/// What is known of products beside their rows; those without a sheet, which have the defaults, are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn product_details(
    db: &impl ConnectionTrait,
    ids: &[ProductId],
) -> Result<HashMap<ProductId, Details>, DbErr> {
    Ok(store::sheets(db, ids).await?.iter().map(|(id, sheet)| (*id, Details::from(sheet))).collect())
}

/// A supplier's own products with one of these names.
///
/// # Errors
/// When the database cannot be asked.
pub async fn products_named(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    names: &[&str],
) -> Result<Vec<product::Model>, DbErr> {
    store::named(db, supplier, names).await
}

/// A supplier's own products, oldest first, after one of them: for a copy of all of them.
///
/// # Errors
/// When the database cannot be asked.
pub async fn own_products_after(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    after: Option<ProductId>,
    limit: u64,
) -> Result<Vec<product::Model>, DbErr> {
    store::own_after(db, supplier, after, limit).await
}

/// What is wrong with a new product by itself. Category, county and admission are for the caller to see, for all
/// of them at once.
#[must_use]
pub fn faults_of_new(wanted: &view::AddProduct) -> Vec<FieldProblem> {
    let mut faults = rules::check_new(wanted).err().map(|bad| bad.problem().errors).unwrap_or_default();
    faults.extend(faults_of_details(&wanted.details));
    faults
}

fn faults_of_details(details: &Details) -> Vec<FieldProblem> {
    details.check().err().map(|bad| bad.problem().errors).unwrap_or_default()
}

/// What is wrong with a change, and with a new price of a product.
#[must_use]
pub fn faults_of_change(now: &product::Model, wanted: &view::ChangeProduct, price: Option<Fen>) -> Vec<FieldProblem> {
    let mut faults = rules::check_change(wanted).err().map(|bad| bad.problem().errors).unwrap_or_default();
    faults.extend(wanted.details.iter().flat_map(faults_of_details));
    if let Some(price) = price {
        let bad = rules::check_new_price(price, now.unit_price_fen, now.pack_grams).err();
        faults.extend(bad.map(|bad| bad.problem().errors).unwrap_or_default());
    }
    if state::next(now.state, Step::Change).is_err() {
        faults.push(FieldProblem {
            pointer: "/name".to_owned(),
            detail: crate::problem::Text::new(
                "商品当前状态不允许更改。",
                "The product cannot be changed in its state.",
            ),
        });
    }
    faults
}

/// Offers products, all or none, as drafts. Their fields, categories and counties were looked at before; the county is
/// that of today.
///
/// # Errors
/// The supplier is not admitted; two are the same; a certificate stands twice.
pub async fn add_many(
    tx: &Tx,
    grant: &Grant<KeepProduct>,
    wanted: &[view::AddProduct],
) -> Result<Vec<ProductId>, CatalogueError> {
    let (supplier_id, person) = (grant.organisation()?, grant.person()?);
    if !is_admitted(tx, supplier_id).await? {
        return Err(CatalogueError::SupplierNotAdmitted);
    }
    let mut rows = Vec::with_capacity(wanted.len());
    for new in wanted {
        rules::check_new(new)?;
        new.details.check()?;
        rows.push(row::draft(tx, supplier_id, new.origin_county_code.clone(), new)?);
    }
    let prices = rows.iter().map(|row| row::price(tx, row, 1, person)).collect();
    store::insert_many(tx, rows.iter().cloned().map(IntoActiveModel::into_active_model).collect(), prices).await?;
    let both = || rows.iter().zip(wanted);
    let detailed = both().map(|(product, new)| Detailed { product, details: &new.details, off_reason: None });
    service::put_details(tx, supplier_id, &detailed.collect::<Vec<_>>()).await?;
    let shown = both().map(|(row, new)| Wanted { product: row.id, certificates: &new.certificates });
    certificate::replace(tx, supplier_id, &shown.collect::<Vec<_>>()).await?;
    tx.audit_all(rows.iter().map(row::added).collect()).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// A change of one product, with the price it has from now on.
#[derive(Debug)]
pub struct Changing {
    /// The product.
    pub id: ProductId,
    /// Its content.
    pub change: view::ChangeProduct,
    /// Its new price.
    pub price: Option<Fen>,
}

/// Changes products, all or none, each as [`super::service::change`] and [`super::service::set_price`] do.
///
/// # Errors
/// One is not the supplier's, or cannot be changed in its state; two are the same; a certificate stands twice.
pub async fn change_many(
    tx: &Tx,
    grant: &Grant<KeepProduct>,
    wanted: &[Changing],
    config: &Config,
) -> Result<(), CatalogueError> {
    let (supplier, person) = (grant.organisation()?, grant.person()?);
    let ids: Vec<ProductId> = wanted.iter().map(|wanted| wanted.id).collect();
    let mut held = store::lock(tx, &ids).await?;
    held.retain(|_, row| row.supplier_id == supplier);
    let numbers = store::last_price_numbers(tx, &ids).await?;
    let sheets = store::sheets(tx, &ids).await?;
    let (mut changed, mut prices, mut changes) = (Vec::new(), Vec::new(), Vec::new());
    for one in wanted {
        let held = held.remove(&one.id).ok_or(CatalogueError::NotFound)?;
        let before = json!({ "state": held.state, "name": held.name, "unit_price_fen": held.unit_price_fen });
        let next = changed_one(tx, held, sheets.get(&one.id), one, config)?;
        let row = &next.row;
        if one.price.is_some() {
            let number = numbers.get(&one.id).copied().unwrap_or(0) + 1;
            prices.push(row::price(tx, row, number, person));
        }
        let after = json!({ "state": row.state, "name": row.name, "unit_price_fen": row.unit_price_fen });
        let made = Change::made("product.change", "product", one.id.uuid(), after);
        changes.push(Change { before: Some(before), ..made });
        changed.push(next);
    }
    store::insert_prices(tx, prices).await?;
    store::update_many(tx, changed.iter().map(|next| next.row.clone()).collect()).await?;
    let detailed =
        changed.iter().map(|next| Detailed { product: &next.row, details: &next.details, off_reason: next.off_reason });
    service::put_details(tx, supplier, &detailed.collect::<Vec<_>>()).await?;
    let shown = wanted.iter().filter_map(|one| {
        one.change.certificates.as_ref().map(|certificates| Wanted { product: one.id, certificates })
    });
    certificate::replace(tx, supplier, &shown.collect::<Vec<_>>()).await?;
    tx.audit_all(changes).await?;
    follow(tx, wanted, &changed, config).await
}

/// A product as it will be.
struct Changed {
    from: ProductState,
    row: product::Model,
    details: Details,
    off_reason: Option<OffReason>,
}

fn changed_one(
    tx: &Tx,
    held: product::Model,
    sheet: Option<&product_sheet::Model>,
    Changing { change, price, .. }: &Changing,
    config: &Config,
) -> Result<Changed, CatalogueError> {
    rules::check_change(change)?;
    if let Some(details) = &change.details {
        details.check()?;
    }
    let before = sheet.map(Details::from).unwrap_or_default();
    let from = held.state;
    let mut to = from;
    if is_content(change) {
        let parts = rules::changed_parts(&held, &before, change);
        to = service::after_change(from, &parts, &config.review_changes)?;
    }
    if price.is_some() && to == ProductState::OnShelf && config.review_changes.contains(&ReviewPart::Price) {
        to = state::next(to, Step::Change)?;
    }
    let version = held.version + 1;
    let mut row = product::Model { updated_at: tx.now(), version, ..row::changed(held, change, to) };
    if let Some(price) = price {
        rules::check_new_price(*price, row.unit_price_fen, row.pack_grams)?;
        (row.unit_price_fen, row.price_id) = (*price, PriceId::generate());
    }
    // What the house held back stays so only while it is merely off the shelf.
    let off_reason = sheet.and_then(|sheet| sheet.off_reason).filter(|_| to == ProductState::OffShelf);
    Ok(Changed { from, row, details: change.details.clone().unwrap_or(before), off_reason })
}

/// What follows from changes that are written: prices are looked at, what may not be on the shelf leaves it, and buyers'
/// sight of it is renewed.
async fn follow(tx: &Tx, wanted: &[Changing], changed: &[Changed], config: &Config) -> Result<(), CatalogueError> {
    let is_looked_at = |state| matches!(state, ProductState::OnShelf | ProductState::InReview);
    let weighs = |one: &Changing| one.price.is_some() || is_content(&one.change);
    let seen = wanted.iter().zip(changed).filter(|(one, next)| weighs(one) && is_looked_at(next.row.state));
    price_flags::look_at(tx, &seen.map(|(_, next)| next.row.clone()).collect::<Vec<_>>(), config).await?;
    let listed = changed.iter().filter(|next| next.row.state == ProductState::OnShelf).map(|next| next.row.id);
    let listed: Vec<ProductId> = listed.collect();
    if !listed.is_empty() {
        hold::hold(tx, Some(&listed)).await?;
    }
    let seen = changed.iter().filter(|next| [next.from, next.row.state].contains(&ProductState::OnShelf));
    Ok(tx.emit_all(&seen.map(|next| ProductChanged { product: next.row.id }).collect::<Vec<_>>()).await?)
}

fn is_content(change: &view::ChangeProduct) -> bool {
    change.name.is_some()
        || change.category_code.is_some()
        || change.description.is_some()
        || change.min_packs.is_some()
        || change.shelf_life_days.is_some()
        || change.certificates.is_some()
        || change.details.is_some()
}

/// Moves the stock of products by so many packs each, all or none, each for a reason.
///
/// # Errors
/// One is not the supplier's; less would be left than is promised to orders.
pub async fn move_stock(
    tx: &Tx,
    grant: &Grant<KeepProduct>,
    wanted: &[(ProductId, i64, String)],
) -> Result<(), CatalogueError> {
    let supplier = grant.organisation()?;
    let ids: Vec<ProductId> = wanted.iter().map(|(id, ..)| *id).collect();
    let mut held: HashMap<ProductId, product::Model> = store::lock(tx, &ids).await?;
    held.retain(|_, row| row.supplier_id == supplier);
    let (mut movements, mut changes) = (Vec::new(), Vec::new());
    for (id, packs, reason) in wanted {
        rules::check_stock(&view::ChangeStock { change_packs: *packs, reason: reason.clone() })?;
        let row = held.get(id).ok_or(CatalogueError::NotFound)?;
        let left = row.on_hand_packs.get() + packs;
        if left < row.reserved_packs.get() {
            return Err(CatalogueError::StockBelowReserved { reserved: row.reserved_packs });
        }
        movements.push(Movement { product: *id, on_hand: *packs, reserved: 0 });
        let made = Change::made("product.change_stock", "product", id.uuid(), json!({ "on_hand_packs": left }));
        let before = Some(json!({ "on_hand_packs": row.on_hand_packs }));
        changes.push(Change { before, ..made }.because(reason));
    }
    stock::apply(tx, &held, &movements).await?;
    Ok(tx.audit_all(changes).await?)
}
