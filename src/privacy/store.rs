//! Notices, consents and access records in the database; and the columns whose keys change, as bare SQL.

use crate::access::Scope;
use crate::db::Tx;
use crate::secrecy::SealedColumn;
use chrono::NaiveDate;
use entity::value::{
    AccessRecordId, ConsentEvent, ConsentId, HouseholdId, NoticeId, PersonId, ProcessingPurpose, Timestamp,
};
use entity::{access_record, consent_record, privacy_notice};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    Statement, Value,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Values in one `in`.
const CHUNK: usize = 1000;

pub(super) async fn insert_notice(tx: &Tx, row: privacy_notice::Model) -> Result<(), DbErr> {
    privacy_notice::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// The newest version of a purpose's notice; none before the first.
pub(super) async fn newest_version(tx: &Tx, purpose: ProcessingPurpose) -> Result<Option<i32>, DbErr> {
    let newest = privacy_notice::Entity::find()
        .filter(privacy_notice::Column::Purpose.eq(purpose))
        .order_by_desc(privacy_notice::Column::Version)
        .one(tx)
        .await?;
    Ok(newest.map(|notice| notice.version))
}

pub(super) async fn list_notices(
    db: &impl ConnectionTrait,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<privacy_notice::Model>, DbErr> {
    let mut rows = privacy_notice::Entity::find().order_by_desc(privacy_notice::Column::Id).limit(limit);
    if let Some(after) = after {
        rows = rows.filter(privacy_notice::Column::Id.lt(after));
    }
    rows.all(db).await
}

pub(super) async fn find_notices(
    db: &impl ConnectionTrait,
    ids: &[NoticeId],
) -> Result<HashMap<NoticeId, privacy_notice::Model>, DbErr> {
    let rows = privacy_notice::Entity::find().filter(privacy_notice::Column::Id.is_in(ids.iter().copied()));
    Ok(rows.all(db).await?.into_iter().map(|row| (row.id, row)).collect())
}

pub(super) async fn insert_consent(tx: &Tx, row: consent_record::Model) -> Result<(), DbErr> {
    consent_record::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn find_consent(
    db: &impl ConnectionTrait,
    household: HouseholdId,
    id: ConsentId,
) -> Result<Option<consent_record::Model>, DbErr> {
    consent_record::Entity::find()
        .filter(consent_record::Column::Id.eq(id))
        .filter(consent_record::Column::HouseholdId.eq(household))
        .one(db)
        .await
}

/// What is under notices of a purpose.
fn under(purpose: ProcessingPurpose) -> sea_orm::sea_query::SelectStatement {
    Query::select()
        .column(privacy_notice::Column::Id)
        .from(privacy_notice::Entity)
        .and_where(privacy_notice::Column::Purpose.eq(purpose))
        .to_owned()
}

pub(super) async fn list_consents(
    db: &impl ConnectionTrait,
    household: HouseholdId,
    purpose: Option<ProcessingPurpose>,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<consent_record::Model>, DbErr> {
    let conditions = Condition::all()
        .add(consent_record::Column::HouseholdId.eq(household))
        .add_option(purpose.map(|purpose| consent_record::Column::NoticeId.in_subquery(under(purpose))))
        .add_option(after.map(|after| consent_record::Column::Id.lt(after)));
    let rows = consent_record::Entity::find().filter(conditions).order_by_desc(consent_record::Column::Id);
    rows.limit(limit).all(db).await
}

/// The records that take these back.
pub(super) async fn withdrawals_of(
    db: &impl ConnectionTrait,
    ids: &[ConsentId],
) -> Result<Vec<consent_record::Model>, DbErr> {
    let mut found = Vec::new();
    for part in ids.chunks(CHUNK) {
        let rows = consent_record::Entity::find().filter(consent_record::Column::Withdraws.is_in(part.iter().copied()));
        found.extend(rows.all(db).await?);
    }
    Ok(found)
}

/// The consents of these households for a purpose that had begun and not run out on a day; withdrawn ones among them.
pub(super) async fn given_on(
    db: &impl ConnectionTrait,
    households: &[HouseholdId],
    purpose: ProcessingPurpose,
    day: NaiveDate,
) -> Result<Vec<consent_record::Model>, DbErr> {
    let mut found = Vec::new();
    for part in households.chunks(CHUNK) {
        let still = Condition::any()
            .add(consent_record::Column::ValidUntil.is_null())
            .add(consent_record::Column::ValidUntil.gte(day));
        let rows = consent_record::Entity::find()
            .filter(consent_record::Column::HouseholdId.is_in(part.iter().copied()))
            .filter(consent_record::Column::NoticeId.in_subquery(under(purpose)))
            .filter(consent_record::Column::Event.eq(ConsentEvent::Given))
            .filter(consent_record::Column::EffectiveFrom.lte(day))
            .filter(still);
        found.extend(rows.all(db).await?);
    }
    Ok(found)
}

pub(super) async fn insert_access(tx: &Tx, rows: Vec<access_record::Model>) -> Result<(), DbErr> {
    for part in rows.chunks(CHUNK) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        access_record::Entity::insert_many(part).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// What narrows a list of access records.
#[derive(Debug, Clone, Default)]
pub(super) struct AccessFilter {
    pub household: Option<HouseholdId>,
    pub person: Option<PersonId>,
    pub purpose: Option<ProcessingPurpose>,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

/// The records a scope sees: a county those of its households.
pub(super) async fn list_access(
    db: &impl ConnectionTrait,
    scope: &Scope,
    wanted: &AccessFilter,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<access_record::Model>, DbErr> {
    let AccessFilter { household, person, purpose, from, until } = wanted;
    let visible = match scope {
        Scope::Everything => Condition::all(),
        Scope::County(code) => Condition::all().add(access_record::Column::CountyCode.eq(code.clone())),
        _ => Condition::all().add(Expr::value(false)),
    };
    let conditions = visible
        .add_option(household.map(|id| access_record::Column::HouseholdId.eq(id)))
        .add_option(person.map(|id| access_record::Column::PersonId.eq(id)))
        .add_option(purpose.map(|purpose| access_record::Column::Purpose.eq(purpose)))
        .add_option(from.map(|from| access_record::Column::At.gte(from)))
        .add_option(until.map(|until| access_record::Column::At.lt(until)))
        .add_option(after.map(|after| access_record::Column::Id.lt(AccessRecordId::from_uuid(after))));
    let rows = access_record::Entity::find().filter(conditions).order_by_desc(access_record::Column::Id);
    rows.limit(limit).all(db).await
}

/// The next ciphertexts of a column that another key made, by identifier.
pub(super) async fn sealed_otherwise(
    db: &impl ConnectionTrait,
    SealedColumn { table, column, .. }: &SealedColumn,
    mark: &str,
    after: Uuid,
    limit: i64,
) -> Result<Vec<(Uuid, String)>, DbErr> {
    let sql = format!(
        "select id, {column} as sealed from {table} where id > $1 and {column} is not null
           and substr({column}, 1, $2) <> $3 order by id limit $4"
    );
    let length = i32::try_from(mark.len()).unwrap_or(i32::MAX);
    let values = vec![after.into(), length.into(), mark.into(), limit.into()];
    let rows = db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    rows.iter().map(|row| Ok((row.try_get("", "id")?, row.try_get("", "sealed")?))).collect()
}

/// How many ciphertexts of a column another key made.
pub(super) async fn count_sealed_otherwise(
    db: &impl ConnectionTrait,
    SealedColumn { table, column, .. }: &SealedColumn,
    mark: &str,
) -> Result<i64, DbErr> {
    let sql = format!("select count(*) as n from {table} where {column} is not null and substr({column}, 1, $1) <> $2");
    let values = vec![i32::try_from(mark.len()).unwrap_or(i32::MAX).into(), mark.into()];
    let row = db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    row.map_or(Ok(0), |row| row.try_get("", "n"))
}

/// A ciphertext sealed anew.
pub(super) struct Resealed {
    pub row: Uuid,
    pub old: String,
    pub new: String,
    /// The keyed hash of the same value, where the column has one.
    pub hash: Option<String>,
}

/// Puts what was sealed anew in its place, all in one statement; a row that somebody changed meanwhile is left alone.
pub(super) async fn replace(
    tx: &Tx,
    SealedColumn { table, column, lookup }: &SealedColumn,
    resealed: Vec<Resealed>,
) -> Result<u64, DbErr> {
    let row = |row: usize| format!("(${}, ${}, ${}, ${})", row * 4 + 1, row * 4 + 2, row * 4 + 3, row * 4 + 4);
    let marks = (0..resealed.len()).map(row).collect::<Vec<_>>().join(", ");
    let hash = lookup.map(|lookup| format!(", {} = v.hash", lookup.column)).unwrap_or_default();
    let sql = format!(
        "with v (id, old, new, hash) as (values {marks})
         update {table} set {column} = v.new{hash} from v where {table}.id = v.id and {table}.{column} = v.old"
    );
    let mut values: Vec<Value> = Vec::with_capacity(resealed.len() * 4);
    for Resealed { row, old, new, hash } in resealed {
        values.extend([row.into(), old.into(), new.into(), hash.into()]);
    }
    let done = tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    Ok(done.rows_affected())
}
