//! What a timeline is put together from; the pairing was found in reach before.

use super::key::Key;
use crate::organisation;
use crate::pairing::certificate;
use entity::value::PairingId;
use entity::{
    aid_certificate, aid_certificate_revocation, aid_claim, aid_claim_step, contribution, pairing, pledge,
    village_need, village_need_step,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationDef,
};
use std::collections::HashMap;

/// The tables, in the order in which what happened at one instant is told.
pub(super) mod source {
    pub const AGREEMENT: u8 = 0;
    pub const PLEDGE: u8 = 1;
    pub const NEED: u8 = 2;
    pub const AID: u8 = 3;
    pub const AID_STEP: u8 = 4;
    pub const ORDER: u8 = 5;
    pub const CERTIFICATE: u8 = 6;
    pub const REVOCATION: u8 = 7;
}

/// Rows of a table that stand behind a place: by instant and identifier.
fn behind<C: ColumnTrait + Copy>((at, id): (C, C), source: u8, after: Option<Key>) -> Condition {
    let Some(key) = after else { return Condition::all() };
    let later = Condition::any().add(at.gt(key.at));
    match source.cmp(&key.source) {
        std::cmp::Ordering::Less => later,
        std::cmp::Ordering::Equal => later.add(Condition::all().add(at.eq(key.at)).add(id.gt(key.id))),
        std::cmp::Ordering::Greater => later.add(at.eq(key.at)),
    }
}

/// Steps that stand behind a place: by instant, row and number.
fn behind_step<C: ColumnTrait + Copy>((at, id, step): (C, C, C), source: u8, after: Option<Key>) -> Condition {
    let rows = behind((at, id), source, after);
    match after.filter(|key| key.source == source) {
        Some(key) => rows.add(Condition::all().add(at.eq(key.at)).add(id.eq(key.id)).add(step.gt(key.step))),
        None => rows,
    }
}

pub(super) async fn pledges(
    db: &impl ConnectionTrait,
    of: PairingId,
    after: Option<Key>,
    limit: u64,
) -> Result<Vec<pledge::Model>, DbErr> {
    use pledge::Column;
    pledge::Entity::find()
        .filter(Column::PairingId.eq(of))
        .filter(behind((Column::CreatedAt, Column::Id), source::PLEDGE, after))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db)
        .await
}

/// Computations of orders, each with what the one before it counted.
pub(super) async fn contributions(
    db: &impl ConnectionTrait,
    of: PairingId,
    after: Option<Key>,
    limit: u64,
) -> Result<Vec<(contribution::Model, Option<i64>)>, DbErr> {
    use contribution::Column;
    let rows = contribution::Entity::find()
        .filter(Column::PairingId.eq(of))
        .filter(behind((Column::CreatedAt, Column::Id), source::ORDER, after))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    let orders: Vec<_> = rows.iter().map(|row| row.supplier_order_id).collect();
    let all = contribution::Entity::find()
        .filter(Column::PairingId.eq(of))
        .filter(Column::SupplierOrderId.is_in(orders))
        .order_by_asc(Column::Number)
        .all(db)
        .await?;
    let before = |row: &contribution::Model| {
        let earlier = |other: &&contribution::Model| {
            other.supplier_order_id == row.supplier_order_id && other.number < row.number
        };
        all.iter().rfind(earlier).map(|other| other.amount_fen.get())
    };
    Ok(rows.into_iter().map(|row| (before(&row), row)).map(|(before, row)| (row, before)).collect())
}

pub(super) async fn claims(
    db: &impl ConnectionTrait,
    of: PairingId,
    after: Option<Key>,
    limit: u64,
) -> Result<Vec<aid_claim::Model>, DbErr> {
    use aid_claim::Column;
    aid_claim::Entity::find()
        .filter(Column::PairingId.eq(of))
        .filter(behind((Column::CreatedAt, Column::Id), source::AID, after))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db)
        .await
}

/// Steps of reviews, each with its claim.
pub(super) async fn claim_steps(
    db: &impl ConnectionTrait,
    of: PairingId,
    after: Option<Key>,
    limit: u64,
) -> Result<Vec<(aid_claim_step::Model, Option<aid_claim::Model>)>, DbErr> {
    use aid_claim_step::Column;
    let to_claim: RelationDef =
        aid_claim_step::Entity::belongs_to(aid_claim::Entity).from(Column::ClaimId).to(aid_claim::Column::Id).into();
    let steps = aid_claim_step::Entity::find()
        .join(JoinType::InnerJoin, to_claim)
        .filter(aid_claim::Column::PairingId.eq(of))
        .filter(behind_step((Column::CreatedAt, Column::ClaimId, Column::StepNo), source::AID_STEP, after))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::ClaimId)
        .order_by_asc(Column::StepNo)
        .limit(limit)
        .all(db)
        .await?;
    let ids: Vec<_> = steps.iter().map(|step| step.claim_id).collect();
    let claims = aid_claim::Entity::find().filter(aid_claim::Column::Id.is_in(ids)).all(db).await?;
    let claims: HashMap<_, _> = claims.into_iter().map(|claim| (claim.id, claim)).collect();
    Ok(steps.into_iter().map(|step| (claims.get(&step.claim_id).cloned(), step)).map(|(of, step)| (step, of)).collect())
}

/// Steps of needs that were delivered within the pairing, each with its need.
pub(super) async fn need_steps(
    db: &impl ConnectionTrait,
    of: PairingId,
    after: Option<Key>,
    limit: u64,
) -> Result<Vec<(village_need_step::Model, Option<village_need::Model>)>, DbErr> {
    use village_need_step::Column;
    let to_need: RelationDef = village_need_step::Entity::belongs_to(village_need::Entity)
        .from(Column::NeedId)
        .to(village_need::Column::Id)
        .into();
    let steps = village_need_step::Entity::find()
        .join(JoinType::InnerJoin, to_need)
        .filter(village_need::Column::PairingId.eq(of))
        .filter(behind_step((Column::CreatedAt, Column::NeedId, Column::StepNo), source::NEED, after))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::NeedId)
        .order_by_asc(Column::StepNo)
        .limit(limit)
        .all(db)
        .await?;
    let ids: Vec<_> = steps.iter().map(|step| step.need_id).collect();
    let needs = village_need::Entity::find().filter(village_need::Column::Id.is_in(ids)).all(db).await?;
    let needs: HashMap<_, _> = needs.into_iter().map(|need| (need.id, need)).collect();
    Ok(steps.into_iter().map(|step| (needs.get(&step.need_id).cloned(), step)).map(|(of, step)| (step, of)).collect())
}

/// Certificates of the enterprise by the pairing's county whose days meet its term.
pub(super) async fn certificates(
    db: &impl ConnectionTrait,
    of: &pairing::Model,
) -> Result<Vec<(aid_certificate::Model, Option<aid_certificate_revocation::Model>)>, DbErr> {
    use aid_certificate::Column;
    let Some(signer) = organisation::find(db, of.village_id).await? else { return Ok(Vec::new()) };
    let rows = aid_certificate::Entity::find()
        .filter(Column::EnterpriseId.eq(of.enterprise_id))
        .filter(Column::CountyCode.eq(signer.division_code))
        .filter(Column::FromDate.lte(of.ends_on))
        .filter(Column::UntilDate.gte(of.starts_on))
        .order_by_asc(Column::Id)
        .all(db)
        .await?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut revoked = certificate::store::revocations(db, &ids).await?;
    Ok(rows.into_iter().map(|row| (revoked.remove(&row.id), row)).map(|(gone, row)| (row, gone)).collect())
}
