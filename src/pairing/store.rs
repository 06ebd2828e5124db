//! Programmes, pairings and contributions in the database. Every read of pairings for a caller begins at [`visible`].

use super::count::{Cover, Covered};
use super::view::Members;
use crate::access::Scope;
use crate::db::{Tx, dialect::sum_as_integer};
use crate::organisation;
use chrono::NaiveDate;
use entity::value::{
    AreaCode, ContributionKind, Fen, HouseholdId, OrganisationId, OrganisationKind, PairingId, PairingTarget,
    ProgrammeId, ShareBasis, SupplierOrderId,
};
use entity::{contribution, household, pairing, pairing_household, pairing_village, programme, share, share_run};
use sea_orm::sea_query::{Expr, OnConflict, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel, JoinType,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationDef, Select,
};
use std::collections::{BTreeSet, HashMap};
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

/// Writes down which villages, and which households, a pairing covers.
pub(super) async fn insert_members(
    tx: &Tx,
    pairing_id: PairingId,
    villages: &[OrganisationId],
    households: &[HouseholdId],
) -> Result<(), DbErr> {
    let rows = villages.iter().map(|id| pairing_village::Model { pairing_id, village_id: *id }.into_active_model());
    if !villages.is_empty() {
        pairing_village::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    let rows = households.iter().map(|id| pairing_household::Model { pairing_id, household_id: *id });
    if !households.is_empty() {
        let rows = rows.map(IntoActiveModel::into_active_model);
        pairing_household::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// The villages of groups among these pairings, and how many households groups of them have.
pub(super) async fn members(db: &impl ConnectionTrait, of: &[pairing::Model]) -> Result<Members, DbErr> {
    let ids = |target: PairingTarget| -> Vec<PairingId> {
        of.iter().filter(|row| row.target == target).map(|row| row.id).collect()
    };
    let (groups, by_name) = (ids(PairingTarget::VillageGroup), ids(PairingTarget::HouseholdGroup));
    let mut members = Members::default();
    if !groups.is_empty() {
        let rows = pairing_village::Entity::find().filter(pairing_village::Column::PairingId.is_in(groups));
        for row in rows.order_by_asc(pairing_village::Column::VillageId).all(db).await? {
            members.villages.entry(row.pairing_id).or_default().push(row.village_id);
        }
    }
    if !by_name.is_empty() {
        let counts: Vec<(PairingId, i64)> = pairing_household::Entity::find()
            .select_only()
            .column(pairing_household::Column::PairingId)
            .column_as(pairing_household::Column::HouseholdId.count(), "households")
            .filter(pairing_household::Column::PairingId.is_in(by_name))
            .group_by(pairing_household::Column::PairingId)
            .into_tuple()
            .all(db)
            .await?;
        members.households = counts.into_iter().collect();
    }
    Ok(members)
}

/// Whom an enterprise's pairings that hold on a day cover of these villages, the oldest pairing first.
pub(super) async fn covers(
    db: &impl ConnectionTrait,
    enterprise: OrganisationId,
    villages: &[OrganisationId],
    date: NaiveDate,
) -> Result<Vec<Cover>, DbErr> {
    let holding = pairing::Entity::find()
        .filter(pairing::Column::EnterpriseId.eq(enterprise))
        .filter(pairing::Column::StartsOn.lte(date))
        .filter(pairing::Column::EndsOn.gte(date))
        .order_by_asc(pairing::Column::Id)
        .all(db)
        .await?;
    let groups = members(db, &holding).await?;
    let mut places: HashMap<OrganisationId, AreaCode> = HashMap::new();
    if holding.iter().any(|row| row.target == PairingTarget::County) {
        let asked: Vec<_> = villages.iter().copied().chain(holding.iter().map(|row| row.village_id)).collect();
        let found = organisation::find_many(db, &asked).await?;
        places = found.into_iter().map(|row| (row.id, row.division_code)).collect();
    }
    let mut by_name: HashMap<PairingId, BTreeSet<HouseholdId>> = HashMap::new();
    let named = holding.iter().filter(|row| groups.households.contains_key(&row.id)).map(|row| row.id);
    let named: Vec<PairingId> = named.collect();
    if !named.is_empty() {
        let rows = pairing_household::Entity::find().filter(pairing_household::Column::PairingId.is_in(named));
        for row in rows.all(db).await? {
            by_name.entry(row.pairing_id).or_default().insert(row.household_id);
        }
    }
    let cover = |row: pairing::Model| {
        let all = |of: &dyn Fn(OrganisationId) -> bool| {
            Covered::Villages(villages.iter().copied().filter(|village| of(*village)).collect())
        };
        let covered = match row.target {
            PairingTarget::Village => all(&|village| village == row.village_id),
            PairingTarget::VillageGroup => {
                let group = groups.villages.get(&row.id);
                all(&|village| group.is_some_and(|group| group.contains(&village)))
            }
            PairingTarget::County => {
                let county = places.get(&row.village_id);
                all(&|village| county.is_some() && places.get(&village) == county)
            }
            PairingTarget::HouseholdGroup => Covered::Households(by_name.remove(&row.id).unwrap_or_default()),
        };
        Cover { pairing: row.id, covered }
    };
    Ok(holding.into_iter().map(cover).collect())
}

/// Whether a pairing covers a village, whose households or some of them it is with.
pub(super) async fn covers_village(
    db: &impl ConnectionTrait,
    row: &pairing::Model,
    village: OrganisationId,
) -> Result<bool, DbErr> {
    match row.target {
        PairingTarget::Village | PairingTarget::HouseholdGroup => Ok(row.village_id == village),
        PairingTarget::VillageGroup => {
            let members = members(db, std::slice::from_ref(row)).await?;
            Ok(members.villages.get(&row.id).is_some_and(|villages| villages.contains(&village)))
        }
        PairingTarget::County => {
            let found = organisation::find_many(db, &[row.village_id, village]).await?;
            let place = |id: OrganisationId| found.iter().find(|party| party.id == id);
            let is_there = place(village).filter(|party| party.kind == OrganisationKind::VillageCommittee);
            Ok(is_there.is_some_and(|party| {
                place(row.village_id).is_some_and(|office| office.division_code == party.division_code)
            }))
        }
    }
}

/// What accrued of an order to these households, by the computation of this number.
pub(super) async fn accrued_to(
    db: &impl ConnectionTrait,
    order: SupplierOrderId,
    number: i32,
    households: &[HouseholdId],
) -> Result<Vec<(HouseholdId, OrganisationId, Fen)>, DbErr> {
    let to_run: RelationDef =
        share::Entity::belongs_to(share_run::Entity).from(share::Column::RunId).to(share_run::Column::Id).into();
    let to_household: RelationDef =
        share::Entity::belongs_to(household::Entity).from(share::Column::HouseholdId).to(household::Column::Id).into();
    let amount = Expr::cust(sum_as_integer(db.get_database_backend(), r#""share"."amount_fen""#));
    share::Entity::find()
        .select_only()
        .column(share::Column::HouseholdId)
        .column(household::Column::VillageId)
        .expr_as(amount, "amount_fen")
        .join(JoinType::InnerJoin, to_run)
        .join(JoinType::InnerJoin, to_household)
        .filter(share_run::Column::Basis.eq(ShareBasis::Accrued))
        .filter(share_run::Column::SupplierOrderId.eq(order))
        .filter(share_run::Column::Number.eq(number))
        .filter(share::Column::HouseholdId.is_in(households.iter().copied()))
        .group_by(share::Column::HouseholdId)
        .group_by(household::Column::VillageId)
        .into_tuple()
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

/// The pairings that a scope sees, within a programme and of an enterprise where they are named.
pub(super) fn ids_seen(
    scope: &Scope,
    programme: Option<ProgrammeId>,
    enterprise: Option<OrganisationId>,
) -> SelectStatement {
    let mut rows = visible(scope).select_only().column(pairing::Column::Id);
    if let Some(programme) = programme {
        rows = rows.filter(pairing::Column::ProgrammeId.eq(programme));
    }
    if let Some(enterprise) = enterprise {
        rows = rows.filter(pairing::Column::EnterpriseId.eq(enterprise));
    }
    rows.into_query()
}

/// One pairing, as a list of its own.
pub(super) fn only(id: PairingId) -> SelectStatement {
    pairing::Entity::find().select_only().column(pairing::Column::Id).filter(pairing::Column::Id.eq(id)).into_query()
}

pub(super) async fn count(db: &impl ConnectionTrait, of: SelectStatement) -> Result<i64, DbErr> {
    let rows = pairing::Entity::find().select_only().column_as(pairing::Column::Id.count(), "pairings");
    let counted = rows.filter(pairing::Column::Id.in_subquery(of)).into_tuple::<i64>().one(db).await?;
    Ok(counted.unwrap_or(0))
}

pub(super) async fn totals(db: &impl ConnectionTrait, of: SelectStatement) -> Result<Vec<Total>, DbErr> {
    let sum = |column: &str| Expr::cust(sum_as_integer(db.get_database_backend(), column));
    contribution::Entity::find()
        .select_only()
        .column(contribution::Column::Kind)
        .column_as(contribution::Column::Id.count(), "contributions")
        .expr_as(sum(r#""amount_fen""#), "amount_fen")
        .expr_as(sum(r#""reached_fen""#), "reached_fen")
        .filter(contribution::Column::PairingId.in_subquery(of))
        .filter(is_last())
        .group_by(contribution::Column::Kind)
        .order_by_asc(contribution::Column::Kind)
        .into_model()
        .all(db)
        .await
}

/// Of shares joined to their run those of the last computation of what accrued of each order.
pub(super) fn last_shares(rows: Select<share::Entity>) -> Select<share::Entity> {
    rows.filter(share_run::Column::Basis.eq(ShareBasis::Accrued)).filter(Expr::cust(
        r#"not exists (select 1 from "share_run" as "later" where "later"."basis" = "share_run"."basis"
           and "later"."supplier_order_id" = "share_run"."supplier_order_id"
           and "later"."number" > "share_run"."number")"#,
    ))
}

/// Of households joined to the run of an order those that a pairing covers which the order counts for.
pub(super) fn is_covered() -> SimpleExpr {
    Expr::cust(
        r#"exists (select 1 from "contribution" as "counted" join "pairing" as "of" on "of"."id" = "counted"."pairing_id"
           where "counted"."supplier_order_id" = "share_run"."supplier_order_id" and "counted"."amount_fen" > 0
           and (("of"."target" = 'village' and "of"."village_id" = "household"."village_id")
             or ("of"."target" = 'village_group' and exists (select 1 from "pairing_village" as "in" where
                 "in"."pairing_id" = "of"."id" and "in"."village_id" = "household"."village_id"))
             or ("of"."target" = 'county' and exists (select 1 from "organisation" as "in" where
                 "in"."id" = "of"."village_id" and "in"."division_code" = "household"."county_code"))
             or ("of"."target" = 'household_group' and exists (select 1 from "pairing_household" as "in" where
                 "in"."pairing_id" = "of"."id" and "in"."household_id" = "household"."id"))))"#,
    )
}

/// The households that a pairing covers: those of its villages, or its group, but for those that an older pairing of the
/// same enterprise is with by name.
fn covered_by(row: &pairing::Model) -> Condition {
    let of_group = |pairings: SelectStatement| {
        pairing_household::Entity::find()
            .select_only()
            .column(pairing_household::Column::HouseholdId)
            .filter(pairing_household::Column::PairingId.in_subquery(pairings))
            .into_query()
    };
    let covered = match row.target {
        PairingTarget::Village => Condition::all().add(household::Column::VillageId.eq(row.village_id)),
        PairingTarget::VillageGroup => {
            let villages = pairing_village::Entity::find()
                .select_only()
                .column(pairing_village::Column::VillageId)
                .filter(pairing_village::Column::PairingId.eq(row.id));
            Condition::all().add(household::Column::VillageId.in_subquery(villages.into_query()))
        }
        PairingTarget::County => {
            let office = entity::organisation::Entity::find()
                .select_only()
                .column(entity::organisation::Column::DivisionCode)
                .filter(entity::organisation::Column::Id.eq(row.village_id));
            Condition::all().add(household::Column::CountyCode.in_subquery(office.into_query()))
        }
        PairingTarget::HouseholdGroup => {
            Condition::all().add(household::Column::Id.in_subquery(of_group(only(row.id))))
        }
    };
    let older = pairing::Entity::find()
        .select_only()
        .column(pairing::Column::Id)
        .filter(pairing::Column::EnterpriseId.eq(row.enterprise_id))
        .filter(pairing::Column::Target.eq(PairingTarget::HouseholdGroup))
        .filter(pairing::Column::Id.lt(row.id));
    covered.add(household::Column::Id.not_in_subquery(of_group(older.into_query())))
}

/// How many households that a pairing covers its contributions reached, each once.
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
        .filter(share_run::Column::SupplierOrderId.in_subquery(orders))
        .filter(share::Column::AmountFen.gt(0))
        .filter(covered_by(pairing));
    Ok(last_shares(reached).into_tuple::<i64>().one(db).await?.unwrap_or(0))
}
