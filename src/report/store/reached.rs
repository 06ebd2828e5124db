//! The households that counted orders reached (惠及农户): by the rule by which orders count for pairings, also those with
//! some households by name.

use super::{Question, pairings};
use entity::value::{ContributionKind, OrganisationId, ShareBasis};
use entity::{contribution, household, pairing, share, share_run};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationDef, Select,
};

/// Whom a pairing covers: all households of its villages or county, or those it is with by name.
const COVERED: &str = r#"("pairing"."target" = 'village' and "pairing"."village_id" = "household"."village_id")
    or ("pairing"."target" = 'village_group' and exists (select 1 from "pairing_village" as "in" where
        "in"."pairing_id" = "pairing"."id" and "in"."village_id" = "household"."village_id"))
    or ("pairing"."target" = 'county' and exists (select 1 from "organisation" as "in" where
        "in"."id" = "pairing"."village_id" and "in"."division_code" = "household"."county_code"))
    or ("pairing"."target" = 'household_group' and exists (select 1 from "pairing_household" as "in" where
        "in"."pairing_id" = "pairing"."id" and "in"."household_id" = "household"."id"))"#;

/// The shares of covered households in the last computation of each counted order.
fn shares(asked: &Question) -> Select<contribution::Entity> {
    let to_pairing: RelationDef = contribution::Entity::belongs_to(pairing::Entity)
        .from(contribution::Column::PairingId)
        .to(pairing::Column::Id)
        .into();
    let to_run: RelationDef = contribution::Entity::belongs_to(share_run::Entity)
        .from(contribution::Column::SupplierOrderId)
        .to(share_run::Column::SupplierOrderId)
        .into();
    let to_share: RelationDef =
        share_run::Entity::belongs_to(share::Entity).from(share_run::Column::Id).to(share::Column::RunId).into();
    let to_household: RelationDef =
        share::Entity::belongs_to(household::Entity).from(share::Column::HouseholdId).to(household::Column::Id).into();
    contribution::Entity::find()
        .select_only()
        .column_as(pairing::Column::EnterpriseId, "enterprise_id")
        .join(JoinType::InnerJoin, to_pairing)
        .join(JoinType::InnerJoin, to_run)
        .join(JoinType::InnerJoin, to_share)
        .join(JoinType::InnerJoin, to_household)
        .filter(contribution::Column::OccurredOn.between(asked.span.0, asked.span.1))
        .filter(contribution::Column::AmountFen.gt(0))
        .filter(pairings(asked))
        .filter(share_run::Column::Basis.eq(ShareBasis::Accrued))
        .filter(share::Column::AmountFen.gt(0))
        .filter(Expr::cust(
            r#"not exists (select 1 from "contribution" as "later" where "later"."pairing_id" = "contribution"."pairing_id"
               and "later"."supplier_order_id" = "contribution"."supplier_order_id"
               and "later"."number" > "contribution"."number")"#,
        ))
        .filter(Expr::cust(
            r#"not exists (select 1 from "share_run" as "later" where "later"."basis" = "share_run"."basis"
               and "later"."supplier_order_id" = "share_run"."supplier_order_id"
               and "later"."number" > "share_run"."number")"#,
        ))
        .filter(Expr::cust(COVERED))
        .group_by(pairing::Column::EnterpriseId)
}

/// How many households an enterprise's orders of each kind reached, each once.
pub(in crate::report) async fn by_kind(
    db: &impl ConnectionTrait,
    asked: &Question,
) -> Result<Vec<(OrganisationId, ContributionKind, i64)>, DbErr> {
    let rows = shares(asked)
        .column(contribution::Column::Kind)
        .expr_as(Expr::cust(r#"count(distinct "share"."household_id")"#), "households")
        .group_by(contribution::Column::Kind);
    rows.into_tuple().all(db).await
}

/// How many households an enterprise's orders reached over all kinds, each once.
pub(in crate::report) async fn by_enterprise(
    db: &impl ConnectionTrait,
    asked: &Question,
) -> Result<Vec<(OrganisationId, i64)>, DbErr> {
    let count = Expr::cust(r#"count(distinct "share"."household_id")"#);
    shares(asked).expr_as(count, "households").into_tuple().all(db).await
}
