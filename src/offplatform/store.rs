//! Sales outside the platform in the database. Every read for a caller begins at [`visible`].

use crate::access::Scope;
use crate::db::Tx;
use crate::household;
use entity::value::{OffPlatformSaleId, SupplierOrderId};
use entity::{off_platform_lot, off_platform_sale, off_platform_share};
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Rows in one insert.
const CHUNK: usize = 2_000;

/// What a scope sees: a supplier its own sales, a county those in which its households share.
fn visible(scope: &Scope) -> Select<off_platform_sale::Entity> {
    let rows = off_platform_sale::Entity::find();
    match scope {
        Scope::Everything => rows,
        Scope::Organisation(supplier) => rows.filter(off_platform_sale::Column::SupplierId.eq(*supplier)),
        Scope::County(code) => {
            rows.filter(off_platform_sale::Column::Id.in_subquery(shared_by(household::ids_in_county(code))))
        }
        _ => rows.filter(Expr::value(false)),
    }
}

fn shared_by(households: SelectStatement) -> SelectStatement {
    Query::select()
        .column(off_platform_share::Column::SaleId)
        .from(off_platform_share::Entity)
        .and_where(off_platform_share::Column::HouseholdId.in_subquery(households))
        .to_owned()
}

pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<off_platform_sale::Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(off_platform_sale::Column::Id).limit(limit);
    if let Some(before) = before {
        rows = rows.filter(off_platform_sale::Column::Id.lt(before));
    }
    rows.all(db).await
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: OffPlatformSaleId,
) -> Result<Option<off_platform_sale::Model>, DbErr> {
    visible(scope).filter(off_platform_sale::Column::Id.eq(id)).one(db).await
}

/// The shares of a sale; of a county only those of its own households.
pub(super) async fn shares(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: OffPlatformSaleId,
) -> Result<Vec<off_platform_share::Model>, DbErr> {
    let mut rows = off_platform_share::Entity::find()
        .filter(off_platform_share::Column::SaleId.eq(id))
        .order_by_asc(off_platform_share::Column::LineNo);
    if let Scope::County(code) = scope {
        rows = rows.filter(off_platform_share::Column::HouseholdId.in_subquery(household::ids_in_county(code)));
    }
    rows.all(db).await
}

pub(super) async fn lots(
    db: &impl ConnectionTrait,
    id: OffPlatformSaleId,
) -> Result<Vec<off_platform_lot::Model>, DbErr> {
    off_platform_lot::Entity::find()
        .filter(off_platform_lot::Column::SaleId.eq(id))
        .order_by_asc(off_platform_lot::Column::LotId)
        .all(db)
        .await
}

pub(super) async fn insert(
    tx: &Tx,
    sale: off_platform_sale::Model,
    lots: Vec<off_platform_lot::Model>,
    shares: Vec<off_platform_share::Model>,
) -> Result<(), DbErr> {
    off_platform_sale::Entity::insert(sale.into_active_model()).exec_without_returning(tx).await?;
    for some in lots.chunks(CHUNK) {
        let some = some.iter().cloned().map(IntoActiveModel::into_active_model);
        off_platform_lot::Entity::insert_many(some).exec_without_returning(tx).await?;
    }
    for some in shares.chunks(CHUNK) {
        let some = some.iter().cloned().map(IntoActiveModel::into_active_model);
        off_platform_share::Entity::insert_many(some).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// The numbers of those of these that are sales outside the platform: entries name them as they name orders.
///
/// # Errors
/// When the database cannot be asked.
pub async fn numbers_of(
    db: &impl ConnectionTrait,
    ids: &[SupplierOrderId],
) -> Result<HashMap<SupplierOrderId, String>, DbErr> {
    let mut numbers = HashMap::new();
    for some in ids.chunks(CHUNK) {
        let sales = some.iter().map(|id| OffPlatformSaleId::from_uuid(id.uuid()));
        let rows = off_platform_sale::Entity::find()
            .select_only()
            .column(off_platform_sale::Column::Id)
            .column(off_platform_sale::Column::Number)
            .filter(off_platform_sale::Column::Id.is_in(sales));
        for (id, number) in rows.into_tuple::<(OffPlatformSaleId, String)>().all(db).await? {
            numbers.insert(SupplierOrderId::from_uuid(id.uuid()), number);
        }
    }
    Ok(numbers)
}
