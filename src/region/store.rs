//! The tables of this domain.

use super::dataset::{parse_counties, parse_divisions, parse_periods};
use super::{DatasetError, Division, DivisionPeriod, ReliefCounty};
use crate::db::Tx;
use crate::db::facts::{self, Fact, Question};
use crate::secrecy::sha256_hex;
use entity::value::AreaCode;
use entity::{dataset_version, division, division_period, relief_county};
use sea_orm::sea_query::{Expr, LikeExpr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, Iterable,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

/// Rows of one insert: one size, so one prepared statement, and below SQLite's 32,766 bound values for twelve columns.
const CHUNK: usize = 1000;

/// What loading a data set did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loaded {
    /// This edition was there already; nothing was written.
    Unchanged,
    /// So many rows were written.
    Rows(usize),
}

/// Loads a division file into the table, unless this very file is there already.
///
/// # Errors
/// Every bad row; then nothing was written.
pub async fn load_divisions(tx: &Tx, file: &[u8]) -> Result<Loaded, DatasetError> {
    load_edition(tx, "divisions", file, async || {
        let rows = parse_divisions(file)?;
        for chunk in rows.chunks(CHUNK) {
            division::Entity::insert_many(chunk.iter().cloned().map(IntoActiveModel::into_active_model))
                .on_conflict(
                    OnConflict::column(division::Column::Code).update_columns(division::Column::iter()).to_owned(),
                )
                .exec_without_returning(tx)
                .await?;
        }
        Ok(rows.len())
    })
    .await
}

/// Loads a file of the periods of divisions into the table, unless this very file is there already.
///
/// # Errors
/// Every bad row; then nothing was written.
pub async fn load_periods(tx: &Tx, file: &[u8]) -> Result<Loaded, DatasetError> {
    load_edition(tx, "division_periods", file, async || {
        let divisions = division::Entity::find().all(tx).await?;
        let rows = parse_periods(file, &divisions)?;
        for chunk in rows.chunks(CHUNK) {
            division_period::Entity::insert_many(chunk.iter().cloned().map(IntoActiveModel::into_active_model))
                .on_conflict(
                    OnConflict::columns([division_period::Column::Code, division_period::Column::Name])
                        .update_columns(division_period::Column::iter())
                        .to_owned(),
                )
                .exec_without_returning(tx)
                .await?;
        }
        Ok(rows.len())
    })
    .await
}

/// Loads a file of the counties on the list into the table, unless this very file is there already.
///
/// # Errors
/// Every bad row; then nothing was written.
pub async fn load_counties(tx: &Tx, file: &[u8]) -> Result<Loaded, DatasetError> {
    load_edition(tx, "counties_832", file, async || {
        let divisions = division::Entity::find().all(tx).await?;
        let rows = parse_counties(file, &divisions)?;
        for chunk in rows.chunks(CHUNK) {
            relief_county::Entity::insert_many(chunk.iter().cloned().map(IntoActiveModel::into_active_model))
                .on_conflict(
                    OnConflict::column(relief_county::Column::Code)
                        .update_columns(relief_county::Column::iter())
                        .to_owned(),
                )
                .exec_without_returning(tx)
                .await?;
        }
        Ok(rows.len())
    })
    .await
}

/// Runs `load` unless this edition of the data set is there; an edition is known by the hash of its file.
/// For every domain that has reference data of its own.
///
/// # Errors
/// What `load` refused.
pub async fn load_edition(
    tx: &Tx,
    name: &str,
    file: &[u8],
    load: impl AsyncFnOnce() -> Result<usize, DatasetError>,
) -> Result<Loaded, DatasetError> {
    let version = sha256_hex(file);
    let there = dataset_version::Entity::find_by_id(name.to_owned()).one(tx).await?;
    if there.is_some_and(|there| there.version == version) {
        return Ok(Loaded::Unchanged);
    }
    let rows = load().await?;
    let edition = dataset_version::ActiveModel {
        name: Set(name.to_owned()),
        version: Set(version),
        rows: Set(i64::try_from(rows).unwrap_or(i64::MAX)),
        loaded_at: Set(tx.now()),
    };
    dataset_version::Entity::insert(edition)
        .on_conflict(
            OnConflict::column(dataset_version::Column::Name)
                .update_columns(dataset_version::Column::iter())
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    Ok(Loaded::Rows(rows))
}

/// A division by its code.
///
/// # Errors
/// When the database cannot answer.
pub async fn division(db: &impl ConnectionTrait, code: &AreaCode) -> Result<Option<Division>, DbErr> {
    division::Entity::find_by_id(code.clone()).one(db).await
}

const DIVISION: &str = "division";

/// Asks whether there is a division of this code; [`is_division`] reads the answer.
#[must_use]
pub fn division_asked(code: &AreaCode) -> Question {
    let rows = division::Entity::find().select_only().filter(division::Column::Code.eq(code.clone())).into_query();
    Question::about(DIVISION, rows, Expr::value(uuid::Uuid::nil()))
}

/// Whether there is the division that was asked for.
#[must_use]
pub fn is_division(found: &[Fact]) -> bool {
    facts::of(found, DIVISION).next().is_some()
}

/// Several divisions, in no order; those that do not exist are left out.
///
/// # Errors
/// When the database cannot answer.
pub async fn divisions(db: &impl ConnectionTrait, codes: &[AreaCode]) -> Result<Vec<Division>, DbErr> {
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    division::Entity::find().filter(division::Column::Code.is_in(codes.iter().cloned())).all(db).await
}

/// The periods of some codes, in no order.
pub(super) async fn periods_of(db: &impl ConnectionTrait, codes: &[AreaCode]) -> Result<Vec<DivisionPeriod>, DbErr> {
    division_period::Entity::find().filter(division_period::Column::Code.is_in(codes.iter().cloned())).all(db).await
}

/// The periods of whatever lay directly in a division, in no order.
pub(super) async fn periods_below(db: &impl ConnectionTrait, parent: &AreaCode) -> Result<Vec<DivisionPeriod>, DbErr> {
    division_period::Entity::find().filter(division_period::Column::ParentCode.eq(parent.clone())).all(db).await
}

/// The divisions directly below one, or the provinces, by code.
///
/// # Errors
/// When the database cannot answer.
pub async fn list_divisions(db: &impl ConnectionTrait, parent: Option<&AreaCode>) -> Result<Vec<Division>, DbErr> {
    let below = match parent {
        Some(parent) => division::Column::ParentCode.eq(parent.clone()),
        None => division::Column::ParentCode.is_null(),
    };
    division::Entity::find().filter(below).order_by_asc(division::Column::Code).all(db).await
}

/// One of the 832 counties, by its code on the list or by its code today.
///
/// Where several counties of the list were merged into one of today, its code finds the one that kept it, else the first.
///
/// # Errors
/// When the database cannot answer.
pub async fn relief_county(db: &impl ConnectionTrait, code: &AreaCode) -> Result<Option<ReliefCounty>, DbErr> {
    let either = Condition::any()
        .add(relief_county::Column::Code.eq(code.clone()))
        .add(relief_county::Column::CurrentCode.eq(code.clone()));
    let mut found =
        relief_county::Entity::find().filter(either).order_by_asc(relief_county::Column::Code).all(db).await?;
    let kept = found.iter().position(|county| county.code == *code).unwrap_or_default();
    Ok(if found.is_empty() { None } else { Some(found.swap_remove(kept)) })
}

/// The counties of the list that are, or lie in, these counties of today, by their code on the list.
///
/// # Errors
/// When the database cannot answer.
pub async fn relief_counties_of(db: &impl ConnectionTrait, current: &[AreaCode]) -> Result<Vec<ReliefCounty>, DbErr> {
    if current.is_empty() {
        return Ok(Vec::new());
    }
    relief_county::Entity::find()
        .filter(relief_county::Column::CurrentCode.is_in(current.iter().cloned()))
        .order_by_asc(relief_county::Column::Code)
        .all(db)
        .await
}

/// Which of the 832 counties are wanted.
#[derive(Debug, Clone, Copy)]
pub struct CountyFilter<'a> {
    /// In the province of this code.
    pub province: Option<&'a AreaCode>,
    /// With this in the name on the list or of today.
    pub name: Option<&'a str>,
    /// After this code of the list.
    pub after: Option<&'a AreaCode>,
    /// At most so many.
    pub limit: u64,
}

/// The counties that match, by their code on the list.
///
/// # Errors
/// When the database cannot answer.
pub async fn list_relief_counties(
    db: &impl ConnectionTrait,
    filter: CountyFilter<'_>,
) -> Result<Vec<ReliefCounty>, DbErr> {
    let CountyFilter { province, name, after, limit } = filter;
    let mut matching = Condition::all();
    if let Some(digits) = province.and_then(|province| province.as_str().get(..2)) {
        matching = matching.add(relief_county::Column::Code.like(format!("{digits}%")));
    }
    if let Some(name) = name {
        let fragment = || contains(name);
        matching = matching.add(
            Condition::any()
                .add(relief_county::Column::Name.like(fragment()))
                .add(relief_county::Column::CurrentName.like(fragment())),
        );
    }
    if let Some(after) = after {
        matching = matching.add(relief_county::Column::Code.gt(after.clone()));
    }
    relief_county::Entity::find().filter(matching).order_by_asc(relief_county::Column::Code).limit(limit).all(db).await
}

/// A pattern that finds the text itself, whatever signs it holds.
fn contains(text: &str) -> LikeExpr {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    LikeExpr::new(format!("%{escaped}%")).escape('\\')
}
