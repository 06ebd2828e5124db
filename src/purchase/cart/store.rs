//! Carts in the database.

use crate::db::Tx;
use entity::cart_line::{Column, Entity, Model};
use entity::value::{OrganisationId, PersonId, ProductId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Select};

/// Where every query begins: one person's cart for one organisation.
fn of((buyer, person): (OrganisationId, PersonId)) -> Select<Entity> {
    Entity::find().filter(Column::BuyerId.eq(buyer)).filter(Column::PersonId.eq(person))
}

pub(super) async fn lines(db: &impl ConnectionTrait, whose: (OrganisationId, PersonId)) -> Result<Vec<Model>, DbErr> {
    of(whose).order_by_asc(Column::PutAt).order_by_asc(Column::ProductId).all(db).await
}

/// Puts products in, or changes how many packs there are of them.
pub(super) async fn put(tx: &Tx, rows: Vec<Model>) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    let again = OnConflict::columns([Column::BuyerId, Column::PersonId, Column::ProductId])
        .update_columns([Column::Packs, Column::PutAt])
        .to_owned();
    let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    Entity::insert_many(rows).on_conflict(again).exec_without_returning(tx).await.map(drop)
}

/// Takes a product out; whether it was there.
pub(super) async fn take_out(
    tx: &Tx,
    (buyer, person): (OrganisationId, PersonId),
    product: ProductId,
) -> Result<bool, DbErr> {
    let gone = Entity::delete_by_id((buyer, person, product)).exec(tx).await?;
    Ok(gone.rows_affected == 1)
}

pub(super) async fn empty(tx: &Tx, (buyer, person): (OrganisationId, PersonId)) -> Result<(), DbErr> {
    let all = Entity::delete_many().filter(Column::BuyerId.eq(buyer)).filter(Column::PersonId.eq(person));
    all.exec(tx).await.map(drop)
}
