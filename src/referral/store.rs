//! Referral codes in the database. Every read for a caller begins at [`visible`].

use crate::access::Scope;
use crate::db::Tx;
use entity::value::{OrganisationId, ReferralCodeId, SupplierOrderId};
use entity::{order_group, referral_code, supplier_order};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, JoinType, QueryFilter,
    QueryOrder, QuerySelect, RelationDef, Select,
};
use uuid::Uuid;

fn visible(scope: &Scope) -> Select<referral_code::Entity> {
    let rows = referral_code::Entity::find();
    match scope {
        Scope::Everything => rows,
        Scope::Organisation(own) => rows.filter(referral_code::Column::EnterpriseId.eq(*own)),
        Scope::County(_) | Scope::Tree(_) | Scope::AssignedHouseholds(_) => rows.filter(Expr::value(false)),
    }
}

pub(super) async fn insert(tx: &Tx, row: referral_code::Model) -> Result<(), DbErr> {
    referral_code::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn hold(tx: &Tx, scope: &Scope, id: ReferralCodeId) -> Result<Option<referral_code::Model>, DbErr> {
    visible(scope).filter(referral_code::Column::Id.eq(id)).lock_exclusive().one(tx).await
}

pub(super) async fn save(tx: &Tx, row: referral_code::Model) -> Result<referral_code::Model, DbErr> {
    let row = referral_code::Model { version: row.version + 1, ..row };
    let all = row.clone().into_active_model().reset_all();
    referral_code::Entity::update(all).exec(tx).await
}

/// Newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<referral_code::Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(referral_code::Column::Id).limit(limit);
    if let Some(before) = before {
        rows = rows.filter(referral_code::Column::Id.lt(before));
    }
    rows.all(db).await
}

pub(super) async fn by_code(db: &impl ConnectionTrait, code: &str) -> Result<Option<referral_code::Model>, DbErr> {
    referral_code::Entity::find().filter(referral_code::Column::Code.eq(code)).one(db).await
}

/// The enterprise whose code an order was placed by.
///
/// # Errors
/// When the database cannot be asked.
pub async fn brought_by(db: &impl ConnectionTrait, order: SupplierOrderId) -> Result<Option<OrganisationId>, DbErr> {
    let to_group: RelationDef = referral_code::Entity::belongs_to(order_group::Entity)
        .from(referral_code::Column::Id)
        .to(order_group::Column::ReferralId)
        .into();
    let to_order: RelationDef = order_group::Entity::belongs_to(supplier_order::Entity)
        .from(order_group::Column::Id)
        .to(supplier_order::Column::GroupId)
        .into();
    referral_code::Entity::find()
        .select_only()
        .column(referral_code::Column::EnterpriseId)
        .join(JoinType::InnerJoin, to_group)
        .join(JoinType::InnerJoin, to_order)
        .filter(supplier_order::Column::Id.eq(order))
        .into_tuple()
        .one(db)
        .await
}
