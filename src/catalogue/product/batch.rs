//! Products by the hundred: what other rooms ask about many at once, and what a sheet does to them.
//!
//! Promises: the same rules as for single products; the number of questions does not grow with that of the products.

use super::error::CatalogueError;
use super::event::ProductChanged;
use super::state::{self, Step};
use super::store::{self, Movement};
use super::{rules, stock, view};
use crate::access::Grant;
use crate::access::policy::KeepProduct;
use crate::catalogue::admission::is_admitted;
use crate::db::{Change, Tx};
use crate::problem::{Describe, FieldProblem};
use entity::value::{CertificateId, Fen, OrganisationId, Packs, PriceId, ProductId, ProductState};
use entity::{product, product_certificate, product_price};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::HashMap;

/// The certificates of products, oldest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn product_certificates(
    db: &impl ConnectionTrait,
    ids: &[ProductId],
) -> Result<Vec<product_certificate::Model>, DbErr> {
    let mut found: Vec<_> = store::certificates(db, ids).await?.into_values().flatten().collect();
    found.sort_by_key(|row| row.id);
    Ok(found)
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
    rules::check_new(wanted).err().map(|bad| bad.problem().errors).unwrap_or_default()
}

/// What is wrong with a change, and with a new price of a product.
#[must_use]
pub fn faults_of_change(now: &product::Model, wanted: &view::ChangeProduct, price: Option<Fen>) -> Vec<FieldProblem> {
    let mut faults = rules::check_change(wanted).err().map(|bad| bad.problem().errors).unwrap_or_default();
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
/// The supplier is not admitted; a certificate stands twice.
pub async fn add_many(
    tx: &Tx,
    grant: &Grant<KeepProduct>,
    wanted: &[view::AddProduct],
) -> Result<Vec<ProductId>, CatalogueError> {
    let (supplier_id, person) = (grant.organisation()?, grant.person()?);
    if !is_admitted(tx, supplier_id).await? {
        return Err(CatalogueError::SupplierNotAdmitted);
    }
    let (mut rows, mut prices, mut certificates, mut changes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for new in wanted {
        rules::check_new(new)?;
        let (id, price_id) = (ProductId::generate(), PriceId::generate());
        rows.push(product::ActiveModel {
            id: Set(id),
            supplier_id: Set(supplier_id),
            name: Set(new.name.trim().to_owned()),
            category_code: Set(new.category_code.clone()),
            origin_county_code: Set(new.origin_county_code.clone()),
            pack_grams: Set(new.pack_grams),
            description: Set(new.description.clone()),
            min_packs: Set(new.min_packs),
            on_hand_packs: Set(new.on_hand_packs),
            reserved_packs: Set(Packs::new(0)?),
            shelf_life_days: Set(new.shelf_life_days),
            unit_price_fen: Set(new.unit_price_fen),
            price_id: Set(price_id),
            state: Set(ProductState::Draft),
            review_opinion: Set(None),
            created_at: Set(tx.now()),
            updated_at: Set(tx.now()),
            version: Set(1),
        });
        prices.push(price_row(tx, (id, price_id), 1, new.unit_price_fen, person));
        certificates.extend(new.certificates.iter().map(|held| certificate_row(id, held)));
        let after = json!({
            "name": new.name.trim(), "origin_county_code": new.origin_county_code, "pack_grams": new.pack_grams,
            "unit_price_fen": new.unit_price_fen, "on_hand_packs": new.on_hand_packs,
        });
        changes.push(Change::made("product.add", "product", id.uuid(), after));
    }
    let ids: Vec<ProductId> = rows.iter().filter_map(|row| row.id.try_as_ref().copied()).collect();
    store::insert_many(tx, rows, prices).await?;
    put_certificates(tx, &[], certificates).await?;
    tx.audit_all(changes).await?;
    Ok(ids)
}

fn price_row(
    tx: &Tx,
    (product, price): (ProductId, PriceId),
    number: i32,
    unit_price_fen: Fen,
    person: entity::value::PersonId,
) -> product_price::ActiveModel {
    product_price::ActiveModel {
        id: Set(price),
        product_id: Set(product),
        number: Set(number),
        unit_price_fen: Set(unit_price_fen),
        created_by: Set(person),
        created_at: Set(tx.now()),
    }
}

fn certificate_row(product: ProductId, held: &view::NewCertificate) -> product_certificate::ActiveModel {
    product_certificate::ActiveModel {
        id: Set(CertificateId::generate()),
        product_id: Set(product),
        scheme: Set(held.scheme),
        issuer: Set(held.issuer.trim().to_owned()),
        number: Set(held.number.trim().to_owned()),
        valid_from: Set(held.valid_from),
        valid_to: Set(held.valid_to),
        file_id: Set(held.file_id),
    }
}

async fn put_certificates(
    tx: &Tx,
    instead_of: &[ProductId],
    rows: Vec<product_certificate::ActiveModel>,
) -> Result<(), CatalogueError> {
    if store::replace_certificates_of(tx, instead_of, rows).await? {
        Ok(())
    } else {
        Err(CatalogueError::CertificateTwice)
    }
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
/// One is not the supplier's, or cannot be changed in its state.
pub async fn change_many(tx: &Tx, grant: &Grant<KeepProduct>, wanted: &[Changing]) -> Result<(), CatalogueError> {
    let (supplier, person) = (grant.organisation()?, grant.person()?);
    let ids: Vec<ProductId> = wanted.iter().map(|wanted| wanted.id).collect();
    let mut held = store::lock(tx, &ids).await?;
    held.retain(|_, row| row.supplier_id == supplier);
    let numbers = store::last_price_numbers(tx, &ids).await?;
    let (mut rows, mut prices, mut certificates, mut replaced) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut changes, mut seen) = (Vec::new(), Vec::new());
    for Changing { id, change, price } in wanted {
        rules::check_change(change)?;
        let held = held.remove(id).ok_or(CatalogueError::NotFound)?;
        let from = held.state;
        let is_content = is_content(change);
        let to = if is_content { state::next(from, Step::Change)? } else { from };
        let before = json!({ "state": from, "name": held.name, "unit_price_fen": held.unit_price_fen });
        let mut row = product::Model {
            name: change.name.as_ref().map_or(held.name, |name| name.trim().to_owned()),
            category_code: change.category_code.clone().unwrap_or(held.category_code),
            description: change.description.clone().unwrap_or(held.description),
            min_packs: change.min_packs.unwrap_or(held.min_packs),
            shelf_life_days: change.shelf_life_days.unwrap_or(held.shelf_life_days),
            state: to,
            updated_at: tx.now(),
            version: held.version + 1,
            ..held
        };
        if let Some(price) = price {
            rules::check_new_price(*price, row.unit_price_fen, row.pack_grams)?;
            (row.unit_price_fen, row.price_id) = (*price, PriceId::generate());
            let number = numbers.get(id).copied().unwrap_or(0) + 1;
            prices.push(price_row(tx, (*id, row.price_id), number, *price, person));
        }
        if let Some(all) = &change.certificates {
            replaced.push(*id);
            certificates.extend(all.iter().map(|held| certificate_row(*id, held)));
        }
        let after = json!({ "state": to, "name": row.name, "unit_price_fen": row.unit_price_fen });
        let made = Change::made("product.change", "product", id.uuid(), after);
        changes.push(Change { before: Some(before), ..made });
        if from == ProductState::OnShelf || to == ProductState::OnShelf {
            seen.push(*id);
        }
        rows.push(row);
    }
    store::insert_prices(tx, prices).await?;
    store::update_many(tx, rows).await?;
    put_certificates(tx, &replaced, certificates).await?;
    tx.audit_all(changes).await?;
    for product in seen {
        tx.emit(&ProductChanged { product }).await?;
    }
    Ok(())
}

fn is_content(change: &view::ChangeProduct) -> bool {
    change.name.is_some()
        || change.category_code.is_some()
        || change.description.is_some()
        || change.min_packs.is_some()
        || change.shelf_life_days.is_some()
        || change.certificates.is_some()
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
