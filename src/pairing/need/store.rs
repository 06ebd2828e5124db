//! Needs in the database, and what is known of who might suit them. Reads for a party begin at [`of_party`]; what is
//! published everybody may read.

use super::view::VillageNeedFilter;
use crate::access::Scope;
use crate::db::Tx;
use crate::organisation;
use chrono::NaiveDate;
use entity::value::{
    AreaCode, CategoryCode, NeedState, OrganisationId, OrganisationKind, ProgrammeId, Timestamp, VillageNeedId,
};
use entity::{order_line, pairing, product, supplier_order, village_need, village_need_step};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, JoinType,
    QueryFilter, QueryOrder, QuerySelect, RelationDef, Select,
};
use uuid::Uuid;

/// Needs that are looked at for one enterprise.
const MOST_NEEDS: u64 = 500;

/// As which party somebody looks at needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// As the village, or whoever looks after it.
    Village,
    /// As who took it on.
    Claimant,
}

fn of_party(scope: &Scope, side: Side) -> Select<village_need::Entity> {
    use village_need::Column;
    let rows = village_need::Entity::find();
    match (scope, side) {
        (Scope::Everything, _) => rows,
        (Scope::Organisation(own), Side::Claimant) => rows.filter(Column::ClaimantId.eq(*own)),
        (Scope::Organisation(own), Side::Village) => rows.filter(Column::VillageId.eq(*own)),
        (scope, Side::Village) => rows.filter(Column::VillageId.in_subquery(organisation::ids_within(scope))),
        (_, Side::Claimant) => rows.filter(Expr::value(false)),
    }
}

pub(super) async fn insert(tx: &Tx, row: village_need::Model) -> Result<(), DbErr> {
    village_need::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// A need that will change.
pub(super) async fn hold(
    tx: &Tx,
    scope: &Scope,
    side: Side,
    id: VillageNeedId,
) -> Result<Option<village_need::Model>, DbErr> {
    of_party(scope, side).filter(village_need::Column::Id.eq(id)).lock_exclusive().one(tx).await
}

/// A need in reach of the village's side.
pub(super) async fn find_in(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: VillageNeedId,
) -> Result<Option<village_need::Model>, DbErr> {
    of_party(scope, Side::Village).filter(village_need::Column::Id.eq(id)).one(db).await
}

/// A need, whoever asks: it is published.
pub(super) async fn find(db: &impl ConnectionTrait, id: VillageNeedId) -> Result<Option<village_need::Model>, DbErr> {
    village_need::Entity::find_by_id(id).one(db).await
}

pub(super) async fn save(tx: &Tx, row: village_need::Model) -> Result<village_need::Model, DbErr> {
    let row = village_need::Model { version: row.version + 1, ..row };
    let all = row.clone().into_active_model().reset_all();
    village_need::Entity::update(all).exec(tx).await
}

pub(super) async fn insert_step(tx: &Tx, row: village_need_step::Model) -> Result<(), DbErr> {
    village_need_step::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn steps(
    db: &impl ConnectionTrait,
    need: VillageNeedId,
) -> Result<Vec<village_need_step::Model>, DbErr> {
    village_need_step::Entity::find()
        .filter(village_need_step::Column::NeedId.eq(need))
        .order_by_asc(village_need_step::Column::StepNo)
        .all(db)
        .await
}

/// Newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    wanted: &VillageNeedFilter,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<village_need::Model>, DbErr> {
    use village_need::Column;
    let mut asked = Condition::all();
    if let Some(county) = &wanted.county_code {
        asked = asked.add(Column::CountyCode.eq(county.clone()));
    }
    if let Some(village) = wanted.village_id {
        asked = asked.add(Column::VillageId.eq(village));
    }
    if let Some(kind) = wanted.kind {
        asked = asked.add(Column::Kind.eq(kind));
    }
    if let Some(state) = wanted.state {
        asked = asked.add(Column::State.eq(state));
    }
    if let Some(before) = before {
        asked = asked.add(Column::Id.lt(before));
    }
    village_need::Entity::find().filter(asked).order_by_desc(Column::Id).limit(limit).all(db).await
}

/// The newest needs that nobody has taken on and that are still wanted on a day.
pub(super) async fn open(db: &impl ConnectionTrait, on: NaiveDate) -> Result<Vec<village_need::Model>, DbErr> {
    village_need::Entity::find()
        .filter(village_need::Column::State.eq(NeedState::Published))
        .filter(village_need::Column::WantedUntil.gte(on))
        .order_by_desc(village_need::Column::Id)
        .limit(MOST_NEEDS)
        .all(db)
        .await
}

/// A pairing that holds, with the county of who signed for its villages.
#[derive(Debug, Clone)]
pub(super) struct Tie {
    pub row: pairing::Model,
    pub county: AreaCode,
}

fn holding(on: NaiveDate) -> Select<pairing::Entity> {
    pairing::Entity::find().filter(pairing::Column::StartsOn.lte(on)).filter(pairing::Column::EndsOn.gte(on))
}

async fn placed(db: &impl ConnectionTrait, rows: Vec<pairing::Model>) -> Result<Vec<Tie>, DbErr> {
    let mut ids: Vec<OrganisationId> = rows.iter().map(|row| row.village_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let signers = organisation::find_many(db, &ids).await?;
    let tie = |row: pairing::Model| {
        let signer = signers.iter().find(|signer| signer.id == row.village_id)?;
        Some(Tie { county: signer.division_code.clone(), row })
    };
    Ok(rows.into_iter().filter_map(tie).collect())
}

/// The pairings of an enterprise that hold on a day.
pub(super) async fn ties_of(
    db: &impl ConnectionTrait,
    enterprise: OrganisationId,
    on: NaiveDate,
) -> Result<Vec<Tie>, DbErr> {
    placed(db, holding(on).filter(pairing::Column::EnterpriseId.eq(enterprise)).all(db).await?).await
}

/// The pairings that hold on a day in a county.
pub(super) async fn ties_in(db: &impl ConnectionTrait, county: &AreaCode, on: NaiveDate) -> Result<Vec<Tie>, DbErr> {
    let within = organisation::ids_within(&Scope::County(county.clone()));
    placed(db, holding(on).filter(pairing::Column::VillageId.in_subquery(within)).all(db).await?).await
}

/// The pairings that hold on a day within these programmes.
pub(super) async fn ties_within(
    db: &impl ConnectionTrait,
    programmes: Vec<ProgrammeId>,
    on: NaiveDate,
) -> Result<Vec<Tie>, DbErr> {
    placed(db, holding(on).filter(pairing::Column::ProgrammeId.is_in(programmes)).all(db).await?).await
}

/// What an enterprise bought: of which category, from which county.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Bought {
    pub enterprise: OrganisationId,
    pub category: CategoryCode,
    pub county: AreaCode,
}

/// What enterprises bought and paid for since a moment: of one of them, or of one county.
pub(super) async fn bought(
    db: &impl ConnectionTrait,
    enterprise: Option<OrganisationId>,
    county: Option<&AreaCode>,
    since: Timestamp,
) -> Result<Vec<Bought>, DbErr> {
    let to_order: RelationDef = order_line::Entity::belongs_to(supplier_order::Entity)
        .from(order_line::Column::SupplierOrderId)
        .to(supplier_order::Column::Id)
        .into();
    let to_product: RelationDef = order_line::Entity::belongs_to(product::Entity)
        .from(order_line::Column::ProductId)
        .to(product::Column::Id)
        .into();
    let to_buyer: RelationDef = supplier_order::Entity::belongs_to(entity::organisation::Entity)
        .from(supplier_order::Column::BuyerId)
        .to(entity::organisation::Column::Id)
        .into();
    let mut rows = order_line::Entity::find()
        .select_only()
        .column(supplier_order::Column::BuyerId)
        .column(product::Column::CategoryCode)
        .column(product::Column::OriginCountyCode)
        .distinct()
        .join(JoinType::InnerJoin, to_order)
        .join(JoinType::InnerJoin, to_product)
        .join(JoinType::InnerJoin, to_buyer)
        .filter(entity::organisation::Column::Kind.eq(OrganisationKind::Enterprise))
        .filter(entity::organisation::Column::IsActive.eq(true))
        .filter(supplier_order::Column::PaidAt.gte(since));
    if let Some(enterprise) = enterprise {
        rows = rows.filter(supplier_order::Column::BuyerId.eq(enterprise));
    }
    if let Some(county) = county {
        rows = rows.filter(product::Column::OriginCountyCode.eq(county.clone()));
    }
    let rows: Vec<(OrganisationId, CategoryCode, AreaCode)> = rows.into_tuple().all(db).await?;
    Ok(rows.into_iter().map(|(enterprise, category, county)| Bought { enterprise, category, county }).collect())
}
