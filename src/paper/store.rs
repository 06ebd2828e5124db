//! Papers in the database. Every read for a caller begins at [`visible`].

use crate::access::Scope;
use crate::db::Tx;
use crate::organisation;
use entity::paper;
use entity::value::{PaperId, PaperKind};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    Select,
};
use uuid::Uuid;

/// What a scope sees: the papers of either side, and of buyers below.
fn visible(scope: &Scope) -> Select<paper::Entity> {
    use paper::Column;
    let rows = paper::Entity::find();
    match scope {
        Scope::Everything => rows,
        Scope::Organisation(own) => {
            rows.filter(Condition::any().add(Column::SupplierId.eq(*own)).add(Column::BuyerId.eq(*own)))
        }
        Scope::Tree(_) => rows.filter(Column::BuyerId.in_subquery(organisation::ids_within(scope))),
        Scope::County(_) | Scope::AssignedHouseholds(_) => rows.filter(Expr::value(false)),
    }
}

pub(super) async fn insert(tx: &Tx, row: paper::Model) -> Result<(), DbErr> {
    paper::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn find(db: &impl ConnectionTrait, scope: &Scope, id: PaperId) -> Result<Option<paper::Model>, DbErr> {
    visible(scope).filter(paper::Column::Id.eq(id)).one(db).await
}

/// Papers with this code, oldest first: more than one when it was set in several fonts.
pub(super) async fn by_code(db: &impl ConnectionTrait, code: &str) -> Result<Vec<paper::Model>, DbErr> {
    paper::Entity::find().filter(paper::Column::Code.eq(code)).order_by_asc(paper::Column::Id).all(db).await
}

/// Newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    kind: Option<PaperKind>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<paper::Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(paper::Column::Id).limit(limit);
    if let Some(kind) = kind {
        rows = rows.filter(paper::Column::Kind.eq(kind));
    }
    if let Some(before) = before {
        rows = rows.filter(paper::Column::Id.lt(before));
    }
    rows.all(db).await
}
