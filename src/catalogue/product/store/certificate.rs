//! The only SQL about certificates.

use super::by_product;
use crate::db::{self, Tx};
use chrono::NaiveDate;
use entity::value::{CertificateId, CertificateScheme, OrganisationId, ProductId, ProductState};
use entity::{product, product_certificate};
use sea_orm::QueryTrait;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;

/// The certificates of some products, also those that are no longer shown, oldest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn certificates(
    db: &impl ConnectionTrait,
    ids: &[ProductId],
) -> Result<HashMap<ProductId, Vec<product_certificate::Model>>, DbErr> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = product_certificate::Entity::find()
        .filter(product_certificate::Column::ProductId.is_in(ids.iter().copied()))
        .order_by_asc(product_certificate::Column::Id)
        .all(db)
        .await?;
    Ok(by_product(rows, |row| row.product_id))
}

pub(in crate::catalogue::product) async fn certificate_for_change(
    tx: &Tx,
    product: ProductId,
    id: CertificateId,
) -> Result<Option<product_certificate::Model>, DbErr> {
    product_certificate::Entity::find_by_id(id)
        .filter(product_certificate::Column::ProductId.eq(product))
        .lock_exclusive()
        .one(tx)
        .await
}

/// Rows of one statement, far below the bound values that either database takes.
const ROWS: usize = 1000;

/// Writes what changes in certificates that are there, in one statement. Not when a product has another of this number
/// and beginning.
pub(in crate::catalogue::product) async fn update_certificates(
    tx: &Tx,
    rows: &[product_certificate::Model],
) -> Result<bool, DbErr> {
    use product_certificate::Column;
    let changed = [
        Column::Issuer,
        Column::Number,
        Column::ValidFrom,
        Column::ValidTo,
        Column::FileId,
        Column::RevokedOn,
        Column::RevokedBecause,
        Column::WithdrawnOn,
        Column::WarnedDays,
    ];
    for part in rows.chunks(ROWS) {
        // Each is there, so what is proposed is never inserted.
        let there = OnConflict::column(Column::Id).update_columns(changed).to_owned();
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        let done = product_certificate::Entity::insert_many(part).on_conflict(there).exec_without_returning(tx).await;
        if !unless_twice(done.map(drop))? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Writes new certificates. Not when a product has one of this number and beginning.
pub(in crate::catalogue::product) async fn put_certificates(
    tx: &Tx,
    new: Vec<product_certificate::Model>,
) -> Result<bool, DbErr> {
    for part in new.chunks(ROWS) {
        let rows = part.iter().cloned().map(IntoActiveModel::into_active_model);
        let done = product_certificate::Entity::insert_many(rows).exec_without_returning(tx).await;
        if !unless_twice(done.map(drop))? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn unless_twice(done: Result<(), DbErr>) -> Result<bool, DbErr> {
    match done {
        Ok(()) => Ok(true),
        Err(error)
            if db::is_duplicate(&error, "product_certificate", &["scheme", "number", "product_id", "valid_from"]) =>
        {
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// A certificate that ends soon, with whose it is.
pub(in crate::catalogue::product) struct Ending {
    pub(in crate::catalogue::product) certificate: product_certificate::Model,
    pub(in crate::catalogue::product) supplier: OrganisationId,
    pub(in crate::catalogue::product) product_name: String,
}

/// Certificates of products on offer that are shown and end between two days, and whose suppliers were not warned as
/// often as can be.
pub(in crate::catalogue::product) async fn ending_certificates(
    tx: &Tx,
    from: NaiveDate,
    to: NaiveDate,
    last_warning: i32,
) -> Result<Vec<Ending>, DbErr> {
    let rows = product_certificate::Entity::find()
        .filter(product_certificate::Column::ValidTo.between(from, to))
        .filter(product_certificate::Column::WithdrawnOn.is_null())
        .filter(product_certificate::Column::RevokedOn.is_null())
        .filter(
            Condition::any()
                .add(product_certificate::Column::WarnedDays.is_null())
                .add(product_certificate::Column::WarnedDays.gt(last_warning)),
        )
        .order_by_asc(product_certificate::Column::Id)
        .all(tx)
        .await?;
    let ids: Vec<_> = rows.iter().map(|row| row.product_id).collect();
    let products = product::Entity::find()
        .filter(product::Column::Id.is_in(ids))
        .filter(product::Column::State.ne(ProductState::Delisted));
    let products: HashMap<_, _> = products.all(tx).await?.into_iter().map(|found| (found.id, found)).collect();
    let ending = rows.into_iter().filter_map(|certificate| {
        let product = products.get(&certificate.product_id)?;
        Some(Ending { supplier: product.supplier_id, product_name: product.name.clone(), certificate })
    });
    Ok(ending.collect())
}

/// Writes down that their suppliers were warned.
pub(in crate::catalogue::product) async fn warned(tx: &Tx, ids: &[CertificateId], days: i32) -> Result<(), DbErr> {
    for some in ids.chunks(1000) {
        product_certificate::Entity::update_many()
            .col_expr(product_certificate::Column::WarnedDays, Expr::value(days))
            .filter(product_certificate::Column::Id.is_in(some.iter().copied()))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Products on the shelf with a certificate of these schemes that ended before a day or was revoked by then.
pub(in crate::catalogue::product) async fn over_certificates(
    db: &impl ConnectionTrait,
    schemes: &[CertificateScheme],
    day: NaiveDate,
) -> Result<Vec<ProductId>, DbErr> {
    let on_shelf = product::Entity::find()
        .select_only()
        .column(product::Column::Id)
        .filter(product::Column::State.eq(ProductState::OnShelf))
        .into_query();
    let rows = product_certificate::Entity::find()
        .filter(product_certificate::Column::Scheme.is_in(schemes.iter().copied()))
        .filter(product_certificate::Column::WithdrawnOn.is_null())
        .filter(
            Condition::any()
                .add(product_certificate::Column::ValidTo.lt(day))
                .add(product_certificate::Column::RevokedOn.lte(day)),
        )
        .filter(product_certificate::Column::ProductId.in_subquery(on_shelf))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| row.product_id).collect())
}
