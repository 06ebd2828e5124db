//! The tables of this domain.

use super::Category;
use super::dataset::parse_categories;
use crate::db::Tx;
use crate::region::{DatasetError, Loaded, load_edition};
use entity::category;
use entity::value::CategoryCode;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, Iterable, QueryFilter, QueryOrder};

/// Rows of one insert, far below the bound values that either database takes.
const CHUNK: usize = 1000;

/// Loads a category file into the table, unless this very file is there already.
///
/// # Errors
/// Every bad row; then nothing was written.
pub async fn load_categories(tx: &Tx, file: &[u8]) -> Result<Loaded, DatasetError> {
    load_edition(tx, "categories", file, async || {
        let rows = parse_categories(file)?;
        for chunk in rows.chunks(CHUNK) {
            category::Entity::insert_many(chunk.iter().cloned().map(IntoActiveModel::into_active_model))
                .on_conflict(
                    OnConflict::column(category::Column::Code).update_columns(category::Column::iter()).to_owned(),
                )
                .exec_without_returning(tx)
                .await?;
        }
        Ok(rows.len())
    })
    .await
}

/// A category by its code.
///
/// # Errors
/// When the database cannot answer.
pub async fn find_category(db: &impl ConnectionTrait, code: &CategoryCode) -> Result<Option<Category>, DbErr> {
    category::Entity::find_by_id(code.clone()).one(db).await
}

/// The categories directly below one, or the topmost, by code.
///
/// # Errors
/// When the database cannot answer.
pub async fn list_categories(db: &impl ConnectionTrait, parent: Option<&CategoryCode>) -> Result<Vec<Category>, DbErr> {
    let below = match parent {
        Some(parent) => category::Column::ParentCode.eq(parent.clone()),
        None => category::Column::ParentCode.is_null(),
    };
    category::Entity::find().filter(below).order_by_asc(category::Column::Code).all(db).await
}

/// Several categories, in no order; those that do not exist are left out.
///
/// # Errors
/// When the database cannot answer.
pub async fn find_categories(db: &impl ConnectionTrait, codes: &[CategoryCode]) -> Result<Vec<Category>, DbErr> {
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    category::Entity::find().filter(category::Column::Code.is_in(codes.iter().cloned())).all(db).await
}

/// The whole tree, by code, so that a category comes before those below it.
///
/// # Errors
/// When the database cannot answer.
pub async fn all_categories(db: &impl ConnectionTrait) -> Result<Vec<Category>, DbErr> {
    category::Entity::find().order_by_asc(category::Column::Code).all(db).await
}
