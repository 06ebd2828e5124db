//! Sales outside the platform in the database. Every read for a caller begins at [`visible`].

use super::{INCOME, REVERSED};
use crate::access::Scope;
use crate::db::{Tx, dialect::sum_as_integer};
use crate::household;
use entity::value::{AccountId, Fen, OffPlatformSaleId, OffPlatformState, PayoutLineState, SupplierOrderId};
use entity::{
    entry, off_platform_decision, off_platform_lot, off_platform_sale, off_platform_share, payout_batch_line,
    payout_batch_part, posting,
};
use sea_orm::sea_query::{Expr, LockType, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, JoinType, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, RelationDef, Select,
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
        Scope::AssignedHouseholds(person) => {
            rows.filter(off_platform_sale::Column::Id.in_subquery(shared_by(household::ids_assigned_to(*person))))
        }
        Scope::Tree(_) => rows.filter(Expr::value(false)),
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
    state: Option<OffPlatformState>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<off_platform_sale::Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(off_platform_sale::Column::Id).limit(limit);
    if let Some(state) = state {
        rows = rows.filter(off_platform_sale::Column::State.eq(state));
    }
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

/// A sale in reach, held until the transaction ends.
pub(super) async fn hold(
    tx: &Tx,
    scope: &Scope,
    id: OffPlatformSaleId,
) -> Result<Option<off_platform_sale::Model>, DbErr> {
    visible(scope).filter(off_platform_sale::Column::Id.eq(id)).lock(LockType::NoKeyUpdate).one(tx).await
}

/// Moves a held sale on.
pub(super) async fn set_state(tx: &Tx, id: OffPlatformSaleId, to: OffPlatformState) -> Result<(), DbErr> {
    off_platform_sale::Entity::update_many()
        .col_expr(off_platform_sale::Column::State, Expr::value(to.as_str()))
        .col_expr(off_platform_sale::Column::Version, Expr::col(off_platform_sale::Column::Version).add(1))
        .filter(off_platform_sale::Column::Id.eq(id))
        .exec(tx)
        .await
        .map(drop)
}

pub(super) async fn insert_decision(tx: &Tx, row: off_platform_decision::Model) -> Result<(), DbErr> {
    off_platform_decision::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// What was decided about a sale, in the order of time.
pub(super) async fn decisions(
    db: &impl ConnectionTrait,
    id: OffPlatformSaleId,
) -> Result<Vec<off_platform_decision::Model>, DbErr> {
    off_platform_decision::Entity::find()
        .filter(off_platform_decision::Column::SaleId.eq(id))
        .order_by_asc(off_platform_decision::Column::DecidedAt)
        .all(db)
        .await
}

/// Whether a payout of a sale is in a batch and has no outcome yet.
pub(super) async fn is_on_its_way(db: &impl ConnectionTrait, order: SupplierOrderId) -> Result<bool, DbErr> {
    let to_line = payout_batch_part::Entity::belongs_to(payout_batch_line::Entity)
        .from(payout_batch_part::Column::LineId)
        .to(payout_batch_line::Column::Id);
    let pending = [PayoutLineState::Waiting, PayoutLineState::InTransit, PayoutLineState::HandedOver];
    let found = payout_batch_part::Entity::find()
        .join(JoinType::InnerJoin, to_line.into())
        .filter(payout_batch_part::Column::SupplierOrderId.eq(order))
        .filter(payout_batch_line::Column::State.is_in(pending))
        .count(db)
        .await?;
    Ok(found > 0)
}

/// What households were handed from a sale, by account: payouts less what came back of them or was added since.
pub(super) async fn handed_over(
    db: &impl ConnectionTrait,
    accounts: &[AccountId],
    order: SupplierOrderId,
) -> Result<HashMap<AccountId, Fen>, DbErr> {
    let to_posting = || -> RelationDef {
        entry::Entity::belongs_to(posting::Entity).from(entry::Column::PostingId).to(posting::Column::Id).into()
    };
    let net = r#"case "entry"."side" when 'debit' then "entry"."amount_fen" else -"entry"."amount_fen" end"#;
    let net = sum_as_integer(db.get_database_backend(), net);
    let mut handed = HashMap::new();
    for some in accounts.chunks(CHUNK) {
        let rows = entry::Entity::find()
            .select_only()
            .column(entry::Column::AccountId)
            .expr_as(Expr::cust(net.clone()), "net_fen")
            .join(JoinType::InnerJoin, to_posting())
            .filter(entry::Column::AccountId.is_in(some.iter().copied()))
            .filter(entry::Column::SupplierOrderId.eq(order))
            .filter(posting::Column::Kind.is_not_in([INCOME, REVERSED]))
            .group_by(entry::Column::AccountId);
        for (account, net) in rows.into_tuple::<(AccountId, i64)>().all(db).await? {
            // Less than nothing where more was added to what is owed than was paid out.
            handed.insert(account, Fen::new(Ord::max(net, 0)).map_err(|error| DbErr::Custom(error.to_string()))?);
        }
    }
    Ok(handed)
}

/// The shares of a sale; of a county or a helper only those of their own households.
pub(super) async fn shares(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: OffPlatformSaleId,
) -> Result<Vec<off_platform_share::Model>, DbErr> {
    let mut rows = off_platform_share::Entity::find()
        .filter(off_platform_share::Column::SaleId.eq(id))
        .order_by_asc(off_platform_share::Column::LineNo);
    let own = match scope {
        Scope::County(code) => Some(household::ids_in_county(code)),
        Scope::AssignedHouseholds(person) => Some(household::ids_assigned_to(*person)),
        Scope::Everything | Scope::Organisation(_) | Scope::Tree(_) => None,
    };
    if let Some(own) = own {
        rows = rows.filter(off_platform_share::Column::HouseholdId.in_subquery(own));
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
