//! What enterprises gave: orders that count for their pairings, and what the county verified; added up, and one by one.

use super::{Question, pairings};
use crate::db::dialect::sum_as_integer;
use crate::pairing::counted_fen;
use entity::value::{AidClaimId, AidKind, AidState, ContributionId, ContributionKind, OrganisationId, SupplierOrderId};
use entity::{aid_claim, contribution, pairing};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationDef, Select,
};
use uuid::Uuid;

/// What an enterprise gave of one kind.
#[derive(Debug, FromQueryResult)]
pub(in crate::report) struct Given {
    pub enterprise_id: OrganisationId,
    pub kind: AidKind,
    pub rows: i64,
    pub amount: i64,
    pub people: i64,
}

/// What the county verified.
fn claims(asked: &Question) -> Select<aid_claim::Entity> {
    let to_pairing: RelationDef = aid_claim::Entity::belongs_to(pairing::Entity)
        .from(aid_claim::Column::PairingId)
        .to(pairing::Column::Id)
        .into();
    aid_claim::Entity::find()
        .select_only()
        .join(JoinType::InnerJoin, to_pairing)
        .filter(aid_claim::Column::State.eq(AidState::CountyVerified))
        .filter(aid_claim::Column::OccurredOn.between(asked.span.0, asked.span.1))
        .filter(pairings(asked))
}

/// What the county verified, by enterprise and kind.
pub(in crate::report) async fn verified(db: &impl ConnectionTrait, asked: &Question) -> Result<Vec<Given>, DbErr> {
    let sum = |column: &str| Expr::cust(sum_as_integer(db.get_database_backend(), column));
    claims(asked)
        .column(aid_claim::Column::EnterpriseId)
        .column(aid_claim::Column::Kind)
        .column_as(aid_claim::Column::Id.count(), "rows")
        .expr_as(sum(counted_fen()), "amount")
        .expr_as(sum(r#""aid_claim"."people""#), "people")
        .group_by(aid_claim::Column::EnterpriseId)
        .group_by(aid_claim::Column::Kind)
        .into_model()
        .all(db)
        .await
}

/// A verified claim.
#[derive(Debug)]
pub(in crate::report) struct Claimed {
    pub id: AidClaimId,
    pub order: Option<SupplierOrderId>,
    pub amount: i64,
    pub people: i64,
}

/// A page of an enterprise's claims of a kind that [`verified`] adds up, by their identifiers.
pub(in crate::report) async fn claimed(
    db: &impl ConnectionTrait,
    asked: &Question,
    (enterprise, kind): (OrganisationId, AidKind),
    (after, limit): (Option<Uuid>, u64),
) -> Result<Vec<Claimed>, DbErr> {
    use aid_claim::Column;
    let mut rows = claims(asked)
        .column(Column::Id)
        .column(Column::SupplierOrderId)
        .expr_as(Expr::cust(counted_fen()), "amount")
        .column(Column::People)
        .filter(Column::EnterpriseId.eq(enterprise))
        .filter(Column::Kind.eq(kind))
        .order_by_asc(Column::Id)
        .limit(limit);
    if let Some(after) = after {
        rows = rows.filter(Column::Id.gt(AidClaimId::from_uuid(after)));
    }
    let rows = rows.into_tuple::<(AidClaimId, Option<SupplierOrderId>, i64, i32)>().all(db).await?;
    let claimed = |(id, order, amount, people)| Claimed { id, order, amount, people: i64::from(people) };
    Ok(rows.into_iter().map(claimed).collect())
}

/// What enterprises bought from paired villages, or brought about: the last computation of each order.
fn contributions(asked: &Question) -> Select<contribution::Entity> {
    let to_pairing: RelationDef = contribution::Entity::belongs_to(pairing::Entity)
        .from(contribution::Column::PairingId)
        .to(pairing::Column::Id)
        .into();
    contribution::Entity::find()
        .select_only()
        .join(JoinType::InnerJoin, to_pairing)
        .filter(contribution::Column::OccurredOn.between(asked.span.0, asked.span.1))
        .filter(pairings(asked))
        .filter(Expr::cust(
            r#"not exists (select 1 from "contribution" as "later" where "later"."pairing_id" = "contribution"."pairing_id"
               and "later"."supplier_order_id" = "contribution"."supplier_order_id"
               and "later"."number" > "contribution"."number")"#,
        ))
}

/// What enterprises bought from paired villages, or brought about, by enterprise and kind: how many, and how much.
pub(in crate::report) async fn bought(
    db: &impl ConnectionTrait,
    asked: &Question,
) -> Result<Vec<(OrganisationId, ContributionKind, i64, i64)>, DbErr> {
    let amount = sum_as_integer(db.get_database_backend(), r#""contribution"."amount_fen""#);
    contributions(asked)
        .column_as(pairing::Column::EnterpriseId, "enterprise_id")
        .column(contribution::Column::Kind)
        .column_as(contribution::Column::Id.count(), "rows")
        .expr_as(Expr::cust(amount), "amount")
        .group_by(pairing::Column::EnterpriseId)
        .group_by(contribution::Column::Kind)
        .into_tuple()
        .all(db)
        .await
}

/// The part of an order that counts for a pairing.
#[derive(Debug)]
pub(in crate::report) struct Counted {
    pub id: ContributionId,
    pub order: SupplierOrderId,
    pub amount: i64,
}

/// A page of what [`bought`] adds up for an enterprise, of one kind or of all, by their identifiers.
pub(in crate::report) async fn counted(
    db: &impl ConnectionTrait,
    asked: &Question,
    (enterprise, kind): (OrganisationId, Option<ContributionKind>),
    (after, limit): (Option<Uuid>, u64),
) -> Result<Vec<Counted>, DbErr> {
    use contribution::Column;
    let mut rows = contributions(asked)
        .columns([Column::Id, Column::SupplierOrderId, Column::AmountFen])
        .filter(pairing::Column::EnterpriseId.eq(enterprise))
        .order_by_asc(Column::Id)
        .limit(limit);
    if let Some(kind) = kind {
        rows = rows.filter(Column::Kind.eq(kind));
    }
    if let Some(after) = after {
        rows = rows.filter(Column::Id.gt(ContributionId::from_uuid(after)));
    }
    let rows = rows.into_tuple::<(ContributionId, SupplierOrderId, i64)>().all(db).await?;
    Ok(rows.into_iter().map(|(id, order, amount)| Counted { id, order, amount }).collect())
}
