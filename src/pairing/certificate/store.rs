//! Certificates in the database, and what they count. Every read for a caller begins at [`visible`].

use super::content::CertifiedKind;
use crate::access::Scope;
use crate::db::{Tx, dialect::sum_as_integer};
use crate::organisation;
use crate::pairing::aid::store::counted_fen;
use crate::pairing::store::{is_covered, is_last, last_shares};
use chrono::NaiveDate;
use entity::value::{AidCertificateId, AidKind, AidState, AreaCode, ContributionKind, OrganisationId};
use entity::{
    aid_certificate, aid_certificate_revocation, aid_claim, contribution, household, pairing, share, share_run,
};
use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, JoinType, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, RelationDef, Select,
};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// What a scope sees: an enterprise its own certificates, a county those it issued.
fn visible(scope: &Scope) -> Select<aid_certificate::Entity> {
    let rows = aid_certificate::Entity::find();
    match scope {
        Scope::Everything => rows,
        Scope::Organisation(enterprise) => rows.filter(aid_certificate::Column::EnterpriseId.eq(*enterprise)),
        Scope::County(county) => rows.filter(aid_certificate::Column::CountyCode.eq(county.clone())),
        Scope::Tree(_) | Scope::AssignedHouseholds(_) => rows.filter(Expr::value(false)),
    }
}

/// Which rows a certificate is about.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub enterprise: OrganisationId,
    pub county: AreaCode,
    pub span: (NaiveDate, NaiveDate),
}

impl Asked {
    fn villages(&self) -> SelectStatement {
        organisation::ids_within(&Scope::County(self.county.clone()))
    }
}

/// The purchases of an enterprise for paired villages of the county: the last computation of each order, less refunds.
fn purchases(asked: &Asked) -> Select<contribution::Entity> {
    let to_pairing: RelationDef = contribution::Entity::belongs_to(pairing::Entity)
        .from(contribution::Column::PairingId)
        .to(pairing::Column::Id)
        .into();
    contribution::Entity::find()
        .select_only()
        .join(JoinType::InnerJoin, to_pairing)
        .filter(pairing::Column::EnterpriseId.eq(asked.enterprise))
        .filter(pairing::Column::VillageId.in_subquery(asked.villages()))
        .filter(contribution::Column::OccurredOn.between(asked.span.0, asked.span.1))
        .filter(contribution::Column::AmountFen.gt(0))
        .filter(is_last())
}

/// What the county verified of an enterprise's claims.
fn verified(asked: &Asked) -> Select<aid_claim::Entity> {
    aid_claim::Entity::find()
        .select_only()
        .filter(aid_claim::Column::EnterpriseId.eq(asked.enterprise))
        .filter(aid_claim::Column::VillageId.in_subquery(asked.villages()))
        .filter(aid_claim::Column::State.eq(AidState::CountyVerified))
        .filter(aid_claim::Column::OccurredOn.between(asked.span.0, asked.span.1))
}

/// What an enterprise contributed, kind by kind.
pub(super) async fn kinds(db: &impl ConnectionTrait, asked: &Asked) -> Result<Vec<CertifiedKind>, DbErr> {
    let sum = |column: &str| Expr::cust(sum_as_integer(db.get_database_backend(), column));
    let bought: Vec<(ContributionKind, i64, i64)> = purchases(asked)
        .column(contribution::Column::Kind)
        .column_as(contribution::Column::Id.count(), "rows")
        .expr_as(sum(r#""contribution"."amount_fen""#), "amount_fen")
        .group_by(contribution::Column::Kind)
        .into_tuple()
        .all(db)
        .await?;
    let given: Vec<(AidKind, i64, i64, i64)> = verified(asked)
        .column(aid_claim::Column::Kind)
        .column_as(aid_claim::Column::Id.count(), "rows")
        .expr_as(sum(counted_fen()), "amount_fen")
        .expr_as(sum(r#""aid_claim"."people""#), "people")
        .group_by(aid_claim::Column::Kind)
        .into_tuple()
        .all(db)
        .await?;
    let mut kinds: HashMap<AidKind, CertifiedKind> = HashMap::new();
    let bought = bought.into_iter().map(|(kind, rows, amount_fen)| (AidKind::from(kind), rows, amount_fen, 0));
    for (kind, rows, amount_fen, people) in bought.chain(given) {
        let of = kinds.entry(kind).or_insert(CertifiedKind { kind, rows: 0, amount_fen: 0, people: 0 });
        of.rows += rows;
        of.amount_fen += amount_fen;
        of.people += people;
    }
    Ok(kinds.into_values().collect())
}

/// How many villages something came to: those whose households were reached, and those for which something was verified.
pub(super) async fn villages(db: &impl ConnectionTrait, asked: &Asked) -> Result<i64, DbErr> {
    let given: Vec<OrganisationId> =
        verified(asked).column(aid_claim::Column::VillageId).distinct().into_tuple().all(db).await?;
    let reached: Vec<OrganisationId> =
        reached(asked).column(household::Column::VillageId).distinct().into_tuple().all(db).await?;
    let all: BTreeSet<OrganisationId> = given.into_iter().chain(reached).collect();
    Ok(i64::try_from(all.len()).unwrap_or(i64::MAX))
}

/// The shares of households of the county that an enterprise's counted orders reached.
fn reached(asked: &Asked) -> Select<share::Entity> {
    let to_run: RelationDef =
        share::Entity::belongs_to(share_run::Entity).from(share::Column::RunId).to(share_run::Column::Id).into();
    let to_household: RelationDef =
        share::Entity::belongs_to(household::Entity).from(share::Column::HouseholdId).to(household::Column::Id).into();
    let orders = purchases(asked).column(contribution::Column::SupplierOrderId).into_query();
    last_shares(share::Entity::find().select_only().join(JoinType::InnerJoin, to_run))
        .join(JoinType::InnerJoin, to_household)
        .filter(share_run::Column::SupplierOrderId.in_subquery(orders))
        .filter(is_covered())
        .filter(household::Column::VillageId.in_subquery(asked.villages()))
        .filter(share::Column::AmountFen.gt(0))
}

/// How many households the orders reached, each once over all villages and orders.
pub(super) async fn households(db: &impl ConnectionTrait, asked: &Asked) -> Result<i64, DbErr> {
    let count = Expr::cust(r#"count(distinct "share"."household_id")"#);
    let counted = reached(asked).expr_as(count, "households").into_tuple::<i64>().one(db).await?;
    Ok(counted.unwrap_or(0))
}

pub(super) async fn insert(tx: &Tx, row: aid_certificate::Model) -> Result<(), DbErr> {
    aid_certificate::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn revoke(tx: &Tx, row: aid_certificate_revocation::Model) -> Result<(), DbErr> {
    aid_certificate_revocation::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// The last serial of a county and year; zero before the first.
pub(super) async fn last_serial(db: &impl ConnectionTrait, county: &AreaCode, year: i32) -> Result<i32, DbErr> {
    let last = aid_certificate::Entity::find()
        .filter(aid_certificate::Column::CountyCode.eq(county.clone()))
        .filter(aid_certificate::Column::Year.eq(year))
        .order_by_desc(aid_certificate::Column::Serial)
        .one(db)
        .await?;
    Ok(last.map_or(0, |row| row.serial))
}

/// Whether a certificate of the same enterprise, county and days holds.
pub(super) async fn holds(db: &impl ConnectionTrait, asked: &Asked) -> Result<bool, DbErr> {
    let rows = aid_certificate::Entity::find()
        .filter(aid_certificate::Column::EnterpriseId.eq(asked.enterprise))
        .filter(aid_certificate::Column::CountyCode.eq(asked.county.clone()))
        .filter(aid_certificate::Column::FromDate.eq(asked.span.0))
        .filter(aid_certificate::Column::UntilDate.eq(asked.span.1))
        .all(db)
        .await?;
    let revoked = revocations(db, &rows.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    Ok(rows.iter().any(|row| !revoked.contains_key(&row.id)))
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: AidCertificateId,
) -> Result<Option<aid_certificate::Model>, DbErr> {
    visible(scope).filter(aid_certificate::Column::Id.eq(id)).one(db).await
}

pub(super) async fn by_code(db: &impl ConnectionTrait, code: &str) -> Result<Option<aid_certificate::Model>, DbErr> {
    aid_certificate::Entity::find().filter(aid_certificate::Column::Code.eq(code)).one(db).await
}

/// Newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    enterprise: Option<OrganisationId>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<aid_certificate::Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(aid_certificate::Column::Id).limit(limit);
    if let Some(enterprise) = enterprise {
        rows = rows.filter(aid_certificate::Column::EnterpriseId.eq(enterprise));
    }
    if let Some(before) = before {
        rows = rows.filter(aid_certificate::Column::Id.lt(before));
    }
    rows.all(db).await
}

/// The revocations of these certificates.
pub(in crate::pairing) async fn revocations(
    db: &impl ConnectionTrait,
    ids: &[AidCertificateId],
) -> Result<HashMap<AidCertificateId, aid_certificate_revocation::Model>, DbErr> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = aid_certificate_revocation::Entity::find()
        .filter(aid_certificate_revocation::Column::CertificateId.is_in(ids.iter().copied()))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.certificate_id, row)).collect())
}
