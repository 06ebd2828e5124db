//! The only SQL about proofs of prices, wholesale prices and flags.

use super::import::DailyPrice;
use crate::db::{self, Tx};
use chrono::NaiveDate;
use entity::value::{AreaCode, FlagId, PriceImportId, ProductFlagState, ProductId};
use entity::{price_evidence, price_import, product_flag, reference_price};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

/// Rows of one insert, far below the bound values that either database takes.
const CHUNK: usize = 1000;

pub(super) async fn insert_evidence(tx: &Tx, row: price_evidence::Model) -> Result<(), DbErr> {
    price_evidence::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// The proofs of a product's prices, newest first.
pub(super) async fn evidence(
    db: &impl ConnectionTrait,
    product: ProductId,
) -> Result<Vec<price_evidence::Model>, DbErr> {
    price_evidence::Entity::find()
        .filter(price_evidence::Column::ProductId.eq(product))
        .order_by_desc(price_evidence::Column::Id)
        .limit(100)
        .all(db)
        .await
}

/// Whether it went in; not when this file of this market was taken before.
pub(super) async fn insert_import(tx: &Tx, row: price_import::Model) -> Result<bool, DbErr> {
    match price_import::Entity::insert(row.into_active_model()).exec_without_returning(tx).await {
        Ok(_) => Ok(true),
        Err(error) if db::is_duplicate(&error, "price_import", &["sha256", "market"]) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Writes the daily table; a later file is right about the days it covers.
pub(super) async fn put_prices(
    tx: &Tx,
    market: &str,
    region: &AreaCode,
    import: PriceImportId,
    prices: &[DailyPrice],
) -> Result<(), DbErr> {
    use reference_price::Column;
    for some in prices.chunks(CHUNK) {
        let rows = some.iter().map(|price| reference_price::ActiveModel {
            market: Set(market.to_owned()),
            variety: Set(price.variety.clone()),
            spec: Set(price.spec.clone()),
            day: Set(price.day),
            region_code: Set(region.clone()),
            low_fen_per_kg: Set(price.low),
            average_fen_per_kg: Set(price.average),
            high_fen_per_kg: Set(price.high),
            rows: Set(price.rows),
            import_id: Set(import),
        });
        let replace = OnConflict::columns([Column::Market, Column::Variety, Column::Spec, Column::Day])
            .update_columns([
                Column::RegionCode,
                Column::LowFenPerKg,
                Column::AverageFenPerKg,
                Column::HighFenPerKg,
                Column::Rows,
                Column::ImportId,
            ])
            .to_owned();
        reference_price::Entity::insert_many(rows).on_conflict(replace).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Which wholesale prices are looked for.
pub(super) struct Asked<'a> {
    pub(super) variety: &'a str,
    pub(super) market: Option<&'a str>,
    pub(super) region: Option<&'a AreaCode>,
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
}

/// Wholesale prices of a variety between two days, the newest first.
pub(super) async fn prices(
    db: &impl ConnectionTrait,
    asked: &Asked<'_>,
    most: u64,
) -> Result<Vec<reference_price::Model>, DbErr> {
    use reference_price::Column;
    let mut rows = reference_price::Entity::find()
        .filter(Column::Variety.eq(asked.variety))
        .filter(Column::Day.between(asked.from, asked.to))
        .order_by_desc(Column::Day)
        .order_by_asc(Column::Market)
        .order_by_asc(Column::Spec)
        .limit(most);
    if let Some(market) = asked.market {
        rows = rows.filter(Column::Market.eq(market));
    }
    if let Some(region) = asked.region {
        rows = rows.filter(Column::RegionCode.eq(region.clone()));
    }
    rows.all(db).await
}

/// The varieties that were quoted between two days.
pub(super) async fn varieties(db: &impl ConnectionTrait, from: NaiveDate, to: NaiveDate) -> Result<Vec<String>, DbErr> {
    reference_price::Entity::find()
        .select_only()
        .column(reference_price::Column::Variety)
        .filter(reference_price::Column::Day.between(from, to))
        .distinct()
        .into_tuple()
        .all(db)
        .await
}

/// The flags of a product, newest first.
pub(super) async fn flags(db: &impl ConnectionTrait, product: ProductId) -> Result<Vec<product_flag::Model>, DbErr> {
    product_flag::Entity::find()
        .filter(product_flag::Column::ProductId.eq(product))
        .order_by_desc(product_flag::Column::Id)
        .limit(100)
        .all(db)
        .await
}

/// The flags of products, newest first.
pub(super) async fn flags_of(
    db: &impl ConnectionTrait,
    products: &[ProductId],
) -> Result<Vec<product_flag::Model>, DbErr> {
    product_flag::Entity::find()
        .filter(product_flag::Column::ProductId.is_in(products.iter().copied()))
        .order_by_desc(product_flag::Column::Id)
        .all(db)
        .await
}

/// The flags in a state, newest first, one more than asked for.
pub(super) async fn list_flags(
    db: &impl ConnectionTrait,
    state: Option<ProductFlagState>,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<product_flag::Model>, DbErr> {
    let mut rows = product_flag::Entity::find().order_by_desc(product_flag::Column::Id).limit(limit + 1);
    if let Some(state) = state {
        rows = rows.filter(product_flag::Column::State.eq(state));
    }
    if let Some(after) = after {
        rows = rows.filter(product_flag::Column::Id.lt(after));
    }
    rows.all(db).await
}

pub(super) async fn flag_for_change(
    tx: &Tx,
    product: ProductId,
    id: FlagId,
) -> Result<Option<product_flag::Model>, DbErr> {
    product_flag::Entity::find_by_id(id)
        .filter(product_flag::Column::ProductId.eq(product))
        .lock_exclusive()
        .one(tx)
        .await
}

/// The open flags of a product, locked.
pub(super) async fn open_flags(tx: &Tx, product: ProductId) -> Result<Vec<product_flag::Model>, DbErr> {
    product_flag::Entity::find()
        .filter(product_flag::Column::ProductId.eq(product))
        .filter(product_flag::Column::State.eq(ProductFlagState::Open))
        .lock_exclusive()
        .all(tx)
        .await
}

pub(super) async fn insert_flag(tx: &Tx, row: product_flag::Model) -> Result<(), DbErr> {
    product_flag::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// Writes what changes in a flag.
pub(super) async fn update_flag(tx: &Tx, row: &product_flag::Model) -> Result<(), DbErr> {
    use product_flag::Column;
    product_flag::Entity::update_many()
        .col_expr(Column::State, Expr::value(row.state))
        .col_expr(Column::PriceId, Expr::value(row.price_id))
        .col_expr(Column::FenPerKg, Expr::value(row.fen_per_kg))
        .col_expr(Column::ComparedFenPerKg, Expr::value(row.compared_fen_per_kg))
        .col_expr(Column::Comparison, Expr::value(row.comparison.clone()))
        .col_expr(Column::LikeProductId, Expr::value(row.like_product_id))
        .col_expr(Column::DecidedBy, Expr::value(row.decided_by))
        .col_expr(Column::DecidedAt, Expr::value(row.decided_at))
        .col_expr(Column::Opinion, Expr::value(row.opinion.clone()))
        .col_expr(Column::Version, Expr::value(row.version))
        .filter(Column::Id.eq(row.id))
        .exec(tx)
        .await
        .map(drop)
}
