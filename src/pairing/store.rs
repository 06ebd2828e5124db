//! Programmes, pairings and contributions in the database. Every read of pairings for a caller begins at [`visible`].

use crate::access::Scope;
use crate::db::{Tx, dialect::sum_as_integer};
use crate::organisation;
use chrono::NaiveDate;
use entity::value::{ContributionKind, Fen, OrganisationId, PairingId, ProgrammeId, ShareBasis, SupplierOrderId};
use entity::{contribution, household, pairing, programme, share, share_run};
use sea_orm::sea_query::{Expr, OnConflict, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel, JoinType, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

/// What a scope sees: an enterprise its own pairings, a county those of its villages.
fn visible(scope: &Scope) -> Select<pairing::Entity> {
    let rows = pairing::Entity::find();
    match scope {
        Scope::Everything => rows,
        Scope::Organisation(enterprise) => rows.filter(pairing::Column::EnterpriseId.eq(*enterprise)),
        Scope::County(_) | Scope::Tree(_) | Scope::AssignedHouseholds(_) => {
            rows.filter(pairing::Column::VillageId.in_subquery(organisation::ids_within(scope)))
        }
    }
}

pub(super) async fn insert_programme(tx: &Tx, row: programme::Model) -> Result<(), DbErr> {
    programme::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

pub(super) async fn find_programme(
    db: &impl ConnectionTrait,
    id: ProgrammeId,
) -> Result<Option<programme::Model>, DbErr> {
    programme::Entity::find_by_id(id).one(db).await
}

pub(super) async fn list_programmes(
    db: &impl ConnectionTrait,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<programme::Model>, DbErr> {
    let mut rows = programme::Entity::find().order_by_desc(programme::Column::Id).limit(limit);
    if let Some(before) = before {
        rows = rows.filter(programme::Column::Id.lt(before));
    }
    rows.all(db).await
}

pub(super) async fn insert_pairing(tx: &Tx, row: pairing::Model) -> Result<(), DbErr> {
    pairing::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

pub(super) async fn list_pairings(
    db: &impl ConnectionTrait,
    scope: &Scope,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<pairing::Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(pairing::Column::Id).limit(limit);
    if let Some(before) = before {
        rows = rows.filter(pairing::Column::Id.lt(before));
    }
    rows.all(db).await
}

pub(super) async fn find_pairing(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: PairingId,
) -> Result<Option<pairing::Model>, DbErr> {
    visible(scope).filter(pairing::Column::Id.eq(id)).one(db).await
}

/// An enterprise's pairings with these villages that hold on a day, oldest first.
pub(super) async fn holding(
    db: &impl ConnectionTrait,
    enterprise: OrganisationId,
    villages: &[OrganisationId],
    date: NaiveDate,
) -> Result<Vec<pairing::Model>, DbErr> {
    pairing::Entity::find()
        .filter(pairing::Column::EnterpriseId.eq(enterprise))
        .filter(pairing::Column::VillageId.is_in(villages.iter().copied()))
        .filter(pairing::Column::StartsOn.lte(date))
        .filter(pairing::Column::EndsOn.gte(date))
        .order_by_asc(pairing::Column::Id)
        .all(db)
        .await
}

/// Enters contributions; what is there already stays as it is.
pub(super) async fn insert_contributions(tx: &Tx, rows: Vec<contribution::Model>) -> Result<(), DbErr> {
    use contribution::Column;
    let once =
        OnConflict::columns([Column::PairingId, Column::SupplierOrderId, Column::Number]).do_nothing().to_owned();
    let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    match contribution::Entity::insert_many(rows).on_conflict(once).exec_without_returning(tx).await {
        Ok(_) | Err(DbErr::RecordNotInserted) => Ok(()),
        Err(error) => Err(error),
    }
}

/// No later computation of the same order was entered for the same pairing.
pub(super) fn is_last() -> SimpleExpr {
    Expr::cust(
        r#"not exists (select 1 from "contribution" as "later" where "later"."pairing_id" = "contribution"."pairing_id"
           and "later"."supplier_order_id" = "contribution"."supplier_order_id"
           and "later"."number" > "contribution"."number")"#,
    )
}

/// What the computations before this one entered for an order, the last of each pairing.
pub(super) async fn contributions_before(
    db: &impl ConnectionTrait,
    order: SupplierOrderId,
    number: i32,
) -> Result<Vec<contribution::Model>, DbErr> {
    contribution::Entity::find()
        .filter(contribution::Column::SupplierOrderId.eq(order))
        .filter(contribution::Column::Number.lt(number))
        .filter(is_last())
        .order_by_asc(contribution::Column::Id)
        .all(db)
        .await
}

pub(super) async fn list_contributions(
    db: &impl ConnectionTrait,
    pairing: PairingId,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<contribution::Model>, DbErr> {
    let mut rows = contribution::Entity::find()
        .filter(contribution::Column::PairingId.eq(pairing))
        .filter(is_last())
        .order_by_desc(contribution::Column::Id)
        .limit(limit);
    if let Some(before) = before {
        rows = rows.filter(contribution::Column::Id.lt(before));
    }
    rows.all(db).await
}

/// All contributions of one kind, added up.
#[derive(Debug, FromQueryResult)]
pub(super) struct Total {
    pub kind: ContributionKind,
    pub contributions: i64,
    pub amount_fen: Fen,
    pub reached_fen: Fen,
}

pub(super) async fn totals(db: &impl ConnectionTrait, pairing: PairingId) -> Result<Vec<Total>, DbErr> {
    let sum = |column: &str| Expr::cust(sum_as_integer(db.get_database_backend(), column));
    contribution::Entity::find()
        .select_only()
        .column(contribution::Column::Kind)
        .column_as(contribution::Column::Id.count(), "contributions")
        .expr_as(sum(r#""amount_fen""#), "amount_fen")
        .expr_as(sum(r#""reached_fen""#), "reached_fen")
        .filter(contribution::Column::PairingId.eq(pairing))
        .filter(is_last())
        .group_by(contribution::Column::Kind)
        .order_by_asc(contribution::Column::Kind)
        .into_model()
        .all(db)
        .await
}

/// How many households of the village the contributions of a pairing reached, each once.
pub(super) async fn households_reached(db: &impl ConnectionTrait, pairing: &pairing::Model) -> Result<i64, DbErr> {
    let to_run =
        share::Entity::belongs_to(share_run::Entity).from(share::Column::RunId).to(share_run::Column::Id).into();
    let to_household =
        share::Entity::belongs_to(household::Entity).from(share::Column::HouseholdId).to(household::Column::Id).into();
    let orders = contribution::Entity::find()
        .select_only()
        .column(contribution::Column::SupplierOrderId)
        .filter(contribution::Column::PairingId.eq(pairing.id))
        .filter(contribution::Column::Households.gt(0))
        .filter(is_last())
        .into_query();
    let reached = share::Entity::find()
        .select_only()
        .expr_as(Expr::cust(r#"count(distinct "share"."household_id")"#), "households")
        .join(JoinType::InnerJoin, to_run)
        .join(JoinType::InnerJoin, to_household)
        .filter(share_run::Column::Basis.eq(ShareBasis::Accrued))
        .filter(Expr::cust(
            r#"not exists (select 1 from "share_run" as "later" where "later"."basis" = "share_run"."basis"
               and "later"."supplier_order_id" = "share_run"."supplier_order_id"
               and "later"."number" > "share_run"."number")"#,
        ))
        .filter(share_run::Column::SupplierOrderId.in_subquery(orders))
        .filter(household::Column::VillageId.eq(pairing.village_id));
    Ok(reached.into_tuple::<i64>().one(db).await?.unwrap_or(0))
}
