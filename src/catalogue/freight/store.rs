//! The only SQL about freight templates.

use super::rate::Rate;
use crate::catalogue::product;
use crate::db::facts::Question;
use crate::db::{self, Tx};
use entity::value::{FreightTemplateId, OrganisationId, ProductId};
use entity::{freight_rate, freight_template};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use std::collections::HashMap;

/// Whether every one of the templates, each given once, is this supplier's.
pub(in crate::catalogue) async fn are_own(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    ids: &[FreightTemplateId],
) -> Result<bool, DbErr> {
    if ids.is_empty() {
        return Ok(true);
    }
    let found = freight_template::Entity::find()
        .filter(freight_template::Column::Id.is_in(ids.iter().copied()))
        .filter(freight_template::Column::SupplierId.eq(supplier));
    Ok(found.all(db).await?.len() == ids.len())
}

/// Whether it went in; not when the supplier has one of this name.
pub(super) async fn insert(tx: &Tx, row: freight_template::Model, rates: &[Rate]) -> Result<bool, DbErr> {
    let id = row.id;
    match freight_template::Entity::insert(row.into_active_model()).exec_without_returning(tx).await {
        Ok(_) => {}
        Err(error) if db::is_duplicate(&error, "freight_template", &["supplier_id", "name"]) => return Ok(false),
        Err(error) => return Err(error),
    }
    let rows = rates.iter().zip(1..).map(|(rate, line_no)| freight_rate::ActiveModel {
        template_id: Set(id),
        line_no: Set(line_no),
        provinces: Set(serde_json::json!(rate.provinces).to_string()),
        first_grams: Set(rate.first_grams),
        first_fen: Set(rate.first_fen),
        next_grams: Set(rate.next_grams),
        next_fen: Set(rate.next_fen),
        free_from_fen: Set(rate.free_from_fen),
    });
    freight_rate::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(true)
}

/// A supplier's templates, newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
) -> Result<Vec<freight_template::Model>, DbErr> {
    freight_template::Entity::find()
        .filter(freight_template::Column::SupplierId.eq(supplier))
        .order_by_desc(freight_template::Column::Id)
        .all(db)
        .await
}

/// What answers to [`rates_of_products`] are called.
pub(super) const RATES: &str = "freight_rate";

/// Asks for the rates by which products travel: numbers in the order of their columns, and the provinces.
pub(super) fn rates_of_products(products: &[ProductId]) -> Question {
    use freight_rate::Column;
    let rows = freight_rate::Entity::find()
        .select_only()
        .filter(Column::TemplateId.in_subquery(product::templates_of(products)))
        .into_query();
    let column = |column: Column| Expr::col((freight_rate::Entity, column));
    Question::about(RATES, rows, column(Column::TemplateId))
        .number(column(Column::FirstGrams))
        .number(column(Column::FirstFen))
        .number(column(Column::NextGrams))
        .number(column(Column::NextFen))
        .number(column(Column::FreeFromFen))
        .text(column(Column::Provinces))
}

/// The provinces of a rate, as [`insert`] wrote them.
pub(super) fn read_provinces(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_default()
}

/// The rates of some templates, in their order.
pub(super) async fn rates(
    db: &impl ConnectionTrait,
    ids: &[FreightTemplateId],
) -> Result<HashMap<FreightTemplateId, Vec<Rate>>, DbErr> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = freight_rate::Entity::find()
        .filter(freight_rate::Column::TemplateId.is_in(ids.iter().copied()))
        .order_by_asc(freight_rate::Column::TemplateId)
        .order_by_asc(freight_rate::Column::LineNo)
        .all(db)
        .await?;
    let mut sorted: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        sorted.entry(row.template_id).or_default().push(Rate {
            provinces: read_provinces(&row.provinces),
            first_grams: row.first_grams,
            first_fen: row.first_fen,
            next_grams: row.next_grams,
            next_fen: row.next_fen,
            free_from_fen: row.free_from_fen,
        });
    }
    Ok(sorted)
}
