//! Sheets and their rows in the database. Every read for a caller begins at [`visible`].

use crate::access::Scope;
use crate::db::Tx;
use crate::organisation;
use entity::sheet_import::{Column, Entity, Model};
use entity::sheet_import_row as row;
use entity::stored_file;
use entity::value::{ImportId, ImportKind, ImportState, RowOutcome, Timestamp};
use sea_orm::sea_query::{CaseStatement, Expr, LockType, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Select,
};

/// Rows in one insert.
const CHUNK: usize = 1000;
/// Rows in one update, which names each of them several times.
const CONCLUDED_AT_ONCE: usize = 200;

fn visible(scope: &Scope) -> Select<Entity> {
    match scope {
        Scope::Everything => Entity::find(),
        Scope::Organisation(own) => Entity::find().filter(Column::OrganisationId.eq(*own)),
        other => Entity::find().filter(Column::OrganisationId.in_subquery(organisation::ids_within(other))),
    }
}

pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    after: Option<ImportId>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(Column::Id).limit(limit + 1);
    if let Some(after) = after {
        rows = rows.filter(Column::Id.lt(after));
    }
    rows.all(db).await
}

pub(super) async fn find(db: &impl ConnectionTrait, scope: &Scope, id: ImportId) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).one(db).await
}

pub(super) async fn hold(tx: &Tx, scope: &Scope, id: ImportId) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate).one(tx).await
}

pub(super) async fn insert(tx: &Tx, row: Model) -> Result<(), DbErr> {
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// Writes a held import as it now is, a version later.
pub(super) async fn save(tx: &Tx, row: Model) -> Result<Model, DbErr> {
    let row = Model { updated_at: tx.now(), version: row.version + 1, ..row };
    let all = ActiveModelTrait::reset_all(row.clone().into_active_model());
    Entity::update(all).exec(tx).await?;
    Ok(row)
}

pub(super) async fn insert_rows(tx: &Tx, rows: Vec<row::Model>) -> Result<(), DbErr> {
    for part in rows.chunks(CHUNK) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        row::Entity::insert_many(part).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Rows after a line, by line.
pub(super) async fn rows(
    db: &impl ConnectionTrait,
    import: ImportId,
    outcomes: &[RowOutcome],
    after: i32,
    limit: u64,
) -> Result<Vec<row::Model>, DbErr> {
    let mut rows = row::Entity::find()
        .filter(row::Column::ImportId.eq(import))
        .filter(row::Column::LineNo.gt(after))
        .order_by_asc(row::Column::LineNo)
        .limit(limit);
    if !outcomes.is_empty() {
        rows = rows.filter(row::Column::Outcome.is_in(outcomes.iter().copied()));
    }
    rows.all(db).await
}

/// Rows of some lines, by line.
pub(super) async fn rows_between(
    db: &impl ConnectionTrait,
    import: ImportId,
    outcomes: &[RowOutcome],
    (first, last): (i32, i32),
) -> Result<Vec<row::Model>, DbErr> {
    let mut rows = row::Entity::find()
        .filter(row::Column::ImportId.eq(import))
        .filter(row::Column::LineNo.between(first, last))
        .order_by_asc(row::Column::LineNo);
    if !outcomes.is_empty() {
        rows = rows.filter(row::Column::Outcome.is_in(outcomes.iter().copied()));
    }
    rows.all(db).await
}

/// The last line that was looked at.
pub(super) async fn last_line(db: &impl ConnectionTrait, import: ImportId) -> Result<Option<i32>, DbErr> {
    let last = row::Entity::find().filter(row::Column::ImportId.eq(import)).order_by_desc(row::Column::LineNo);
    Ok(last.one(db).await?.map(|row| row.line_no))
}

/// Imports of registers that were dealt with before an instant and whose content is kept still.
pub(super) async fn to_erase(db: &impl ConnectionTrait, before: Timestamp, limit: u64) -> Result<Vec<Model>, DbErr> {
    let under_way = [ImportState::Checking, ImportState::Committing];
    Entity::find()
        .filter(Column::Kind.eq(ImportKind::Households))
        .filter(Column::State.is_not_in(under_way))
        .filter(Column::UpdatedAt.lt(before))
        .filter(Column::ErasedAt.is_null())
        .order_by_asc(Column::UpdatedAt)
        .limit(limit)
        .all(db)
        .await
}

/// Whether a content is that of a register that is not dealt with yet, or was not long ago.
pub(super) async fn is_needed(db: &impl ConnectionTrait, sha256: &str, before: Timestamp) -> Result<bool, DbErr> {
    let under_way = [ImportState::Checking, ImportState::Committing];
    let same = Query::select()
        .column(stored_file::Column::Id)
        .from(stored_file::Entity)
        .and_where(stored_file::Column::Sha256.eq(sha256))
        .to_owned();
    let needed = Entity::find()
        .filter(Column::FileId.in_subquery(same))
        .filter(Condition::any().add(Column::State.is_in(under_way)).add(Column::UpdatedAt.gte(before)));
    Ok(needed.one(db).await?.is_some())
}

/// Notes that the content of an import is gone.
pub(super) async fn erased(tx: &Tx, id: ImportId) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::ErasedAt, Expr::value(tx.now()))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await
        .map(drop)
}

/// Writes what became of rows, a statement for each few hundred.
pub(super) async fn conclude(tx: &Tx, import: ImportId, rows: &[row::Model]) -> Result<(), DbErr> {
    for some in rows.chunks(CONCLUDED_AT_ONCE) {
        conclude_some(tx, import, some).await?;
    }
    Ok(())
}

async fn conclude_some(tx: &Tx, import: ImportId, rows: &[row::Model]) -> Result<(), DbErr> {
    let case = |value: &dyn Fn(&row::Model) -> Expr| {
        rows.iter().fold(CaseStatement::new(), |case, row| case.case(row::Column::LineNo.eq(row.line_no), value(row)))
    };
    row::Entity::update_many()
        .col_expr(
            row::Column::Outcome,
            case(&|row| Expr::value(row.outcome)).finally(Expr::col(row::Column::Outcome)).into(),
        )
        .col_expr(
            row::Column::Detail,
            case(&|row| Expr::value(row.detail.clone())).finally(Expr::col(row::Column::Detail)).into(),
        )
        .col_expr(
            row::Column::ObjectId,
            case(&|row| Expr::value(row.object_id)).finally(Expr::col(row::Column::ObjectId)).into(),
        )
        .filter(row::Column::ImportId.eq(import))
        .filter(row::Column::LineNo.is_in(rows.iter().map(|row| row.line_no)))
        .exec(tx)
        .await?;
    Ok(())
}
