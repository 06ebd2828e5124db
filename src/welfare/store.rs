//! Rows and thresholds in the database, and what the journal says that households were paid.
//!
//! Rows and thresholds are its own. Accounts, entries, postings and agreements are others' and only read here, joined so that
//! one statement answers for a thousand households.

use super::WelfareError;
use super::fold::{Facts, Paid, Surveyed, TakenIn, Window, class_of};
use crate::db::{self, Tx, dialect::sum_as_integer};
use crate::household;
use crate::household::history::merges_of;
use crate::settlement::{PAYOUT, PAYOUT_CORRECTION};
use chrono::NaiveDate;
use entity::value::{
    AccountKind, AreaCode, BenefitMode, EvidenceGrade, Fen, HouseholdId, IncomeEntryId, IncomeItem, IncomeSource,
    IncomeThresholdId, Timestamp, business_date,
};
use entity::{account, agreement, entry, income_entry, income_threshold, posting};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel, JoinType,
    QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Values in one `in`.
const CHUNK: usize = 1000;

pub(super) async fn insert(tx: &Tx, row: income_entry::Model) -> Result<(), DbErr> {
    income_entry::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// Rows of several households.
pub(super) async fn insert_many(tx: &Tx, rows: &[income_entry::Model]) -> Result<(), DbErr> {
    for part in rows.chunks(CHUNK) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        income_entry::Entity::insert_many(part).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// A row that was replaced between the question and the insert, said as it is.
pub(super) fn replaced_meanwhile(error: DbErr) -> WelfareError {
    let twice = db::is_duplicate(&error, "income_entry", &["replaces_id"]);
    if twice { WelfareError::Replaced } else { error.into() }
}

/// The rows of these households that sheets brought, and all that took another's place.
pub(super) async fn sheet_rows(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
) -> Result<HashMap<HouseholdId, Vec<income_entry::Model>>, DbErr> {
    use income_entry::Column;
    let mut found: HashMap<HouseholdId, Vec<income_entry::Model>> = HashMap::new();
    for part in ids.chunks(CHUNK) {
        let either =
            Condition::any().add(Column::Source.eq(IncomeSource::Import)).add(Column::ReplacesId.is_not_null());
        let rows = income_entry::Entity::find().filter(Column::HouseholdId.is_in(part.iter().copied())).filter(either);
        for row in rows.all(db).await? {
            found.entry(row.household_id).or_default().push(row);
        }
    }
    Ok(found)
}

pub(super) async fn find(db: &impl ConnectionTrait, id: IncomeEntryId) -> Result<Option<income_entry::Model>, DbErr> {
    income_entry::Entity::find_by_id(id).one(db).await
}

/// The rows of a household, newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    household: HouseholdId,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<income_entry::Model>, DbErr> {
    let mut rows = income_entry::Entity::find()
        .filter(income_entry::Column::HouseholdId.eq(household))
        .order_by_desc(income_entry::Column::Id)
        .limit(limit);
    if let Some(before) = before {
        rows = rows.filter(income_entry::Column::Id.lt(before));
    }
    rows.all(db).await
}

/// By which rows these were replaced.
pub(super) async fn replacing(
    db: &impl ConnectionTrait,
    ids: &[IncomeEntryId],
) -> Result<HashMap<IncomeEntryId, IncomeEntryId>, DbErr> {
    let rows = income_entry::Entity::find()
        .select_only()
        .columns([income_entry::Column::ReplacesId, income_entry::Column::Id])
        .filter(income_entry::Column::ReplacesId.is_in(ids.iter().copied()));
    Ok(rows.into_tuple::<(IncomeEntryId, IncomeEntryId)>().all(db).await?.into_iter().collect())
}

/// A row as it is counted.
#[derive(Debug, FromQueryResult)]
struct Row {
    id: IncomeEntryId,
    household_id: HouseholdId,
    item: IncomeItem,
    from_on: NaiveDate,
    to_on: NaiveDate,
    amount_fen: Fen,
    grade: EvidenceGrade,
    created_at: Timestamp,
}

/// What a posting paid a household under an agreement.
#[derive(Debug, FromQueryResult)]
struct PaidRow {
    household_id: HouseholdId,
    mode: BenefitMode,
    business_date: NaiveDate,
    posted_at: Timestamp,
    paid_fen: i64,
}

/// Everything that touches a span of days, for each of these households and those that were merged into them: four
/// statements a thousand of them, and one more where some were merged.
pub(super) async fn facts(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
    days: Window,
) -> Result<HashMap<HouseholdId, Facts>, DbErr> {
    let merges = merges_of(db, ids).await?;
    let taken_in: HashMap<HouseholdId, Vec<(HouseholdId, NaiveDate)>> =
        ids.iter().map(|id| (*id, merges.taken_in(*id))).filter(|(_, before)| !before.is_empty()).collect();
    if taken_in.is_empty() {
        let mut all = own_facts(db, ids, days).await?;
        for (id, facts) in &mut all {
            facts.gone = merges.successor(*id);
        }
        return Ok(all);
    }
    let mut asked: Vec<HouseholdId> = ids.to_vec();
    asked.extend(taken_in.values().flatten().map(|(before, _)| *before));
    asked.sort_unstable();
    asked.dedup();
    let mut own = own_facts(db, &asked, days).await?;
    let before: Vec<HouseholdId> = taken_in.values().flatten().map(|(before, _)| *before).collect();
    let rows = household::find_many(db, &before).await?;
    let numbers: HashMap<HouseholdId, String> = rows.into_iter().map(|row| (row.id, row.number)).collect();
    let brought = |(before, since): &(HouseholdId, NaiveDate)| {
        let theirs = own.get(before).cloned().unwrap_or_default();
        let (household, number) = (*before, numbers.get(before).cloned().unwrap_or_default());
        TakenIn { household, number, since: *since, rows: theirs.rows, payments: theirs.payments }
    };
    let mut brought: HashMap<HouseholdId, Vec<TakenIn>> =
        taken_in.iter().map(|(id, before)| (*id, before.iter().map(brought).collect())).collect();
    let mut all = HashMap::with_capacity(ids.len());
    for id in ids {
        let mut facts = own.remove(id).unwrap_or_default();
        facts.taken_in = brought.remove(id).unwrap_or_default();
        facts.gone = merges.successor(*id);
        all.insert(*id, facts);
    }
    Ok(all)
}

/// What touches a span of days, of each of these households by itself.
async fn own_facts(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
    days: Window,
) -> Result<HashMap<HouseholdId, Facts>, DbErr> {
    let mut all: HashMap<HouseholdId, Facts> = ids.iter().map(|id| (*id, Facts::default())).collect();
    for part in ids.chunks(CHUNK) {
        let replaced = replaced_in(db, part).await?;
        for row in rows_in(db, part, days).await? {
            all.entry(row.household_id).or_default().rows.push(Surveyed {
                item: row.item,
                days: Window { from_on: row.from_on, to_on: row.to_on },
                amount: row.amount_fen,
                grade: row.grade,
                known_on: business_date(row.created_at),
                replaced_on: replaced.get(&row.id).copied(),
            });
        }
        for row in paid_in(db, part, days).await? {
            all.entry(row.household_id).or_default().payments.push(Paid {
                class: class_of(row.mode),
                on: row.business_date,
                fen: row.paid_fen,
                known_on: business_date(row.posted_at),
            });
        }
    }
    Ok(all)
}

async fn rows_in(db: &impl ConnectionTrait, ids: &[HouseholdId], days: Window) -> Result<Vec<Row>, DbErr> {
    use income_entry::Column;
    income_entry::Entity::find()
        .select_only()
        .columns([Column::Id, Column::HouseholdId, Column::Item, Column::FromOn, Column::ToOn])
        .columns([Column::AmountFen, Column::Grade, Column::CreatedAt])
        .filter(Column::HouseholdId.is_in(ids.iter().copied()))
        .filter(Column::ToOn.gte(days.from_on))
        .filter(Column::FromOn.lte(days.to_on))
        .into_model()
        .all(db)
        .await
}

/// When rows of these households were replaced, whatever days the others are for.
async fn replaced_in(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
) -> Result<HashMap<IncomeEntryId, NaiveDate>, DbErr> {
    use income_entry::Column;
    let rows = income_entry::Entity::find()
        .select_only()
        .columns([Column::ReplacesId, Column::CreatedAt])
        .filter(Column::HouseholdId.is_in(ids.iter().copied()))
        .filter(Column::ReplacesId.is_not_null());
    let rows = rows.into_tuple::<(IncomeEntryId, Timestamp)>().all(db).await?;
    Ok(rows.into_iter().map(|(id, at)| (id, business_date(at))).collect())
}

/// What households were paid, posting by posting, less what was taken back as not received.
async fn paid_in(db: &impl ConnectionTrait, ids: &[HouseholdId], days: Window) -> Result<Vec<PaidRow>, DbErr> {
    let amount = r#"case when "entry"."side" = 'debit' then "entry"."amount_fen" else -"entry"."amount_fen" end"#;
    let net = Expr::cust(sum_as_integer(db.get_database_backend(), amount));
    let to_entry = account::Entity::belongs_to(entry::Entity).from(account::Column::Id).to(entry::Column::AccountId);
    let to_posting = entry::Entity::belongs_to(posting::Entity).from(entry::Column::PostingId).to(posting::Column::Id);
    let to_agreement =
        account::Entity::belongs_to(agreement::Entity).from(account::Column::PartId).to(agreement::Column::Id);
    account::Entity::find()
        .select_only()
        .column_as(account::Column::OwnerId, "household_id")
        .column_as(agreement::Column::Mode, "mode")
        .column_as(posting::Column::BusinessDate, "business_date")
        .column_as(posting::Column::PostedAt, "posted_at")
        .expr_as(net, "paid_fen")
        .join(JoinType::InnerJoin, to_agreement.into())
        .join(JoinType::InnerJoin, to_entry.into())
        .join(JoinType::InnerJoin, to_posting.into())
        .filter(account::Column::Kind.eq(AccountKind::HouseholdPayable))
        .filter(account::Column::OwnerId.is_in(ids.iter().map(|id| id.uuid())))
        .filter(posting::Column::Kind.is_in([PAYOUT, PAYOUT_CORRECTION]))
        .filter(posting::Column::BusinessDate.between(days.from_on, days.to_on))
        .group_by(account::Column::OwnerId)
        .group_by(agreement::Column::Id)
        .group_by(agreement::Column::Mode)
        .group_by(posting::Column::Id)
        .group_by(posting::Column::BusinessDate)
        .group_by(posting::Column::PostedAt)
        .into_model()
        .all(db)
        .await
}

pub(super) async fn insert_threshold(tx: &Tx, row: income_threshold::Model) -> Result<(), DbErr> {
    income_threshold::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn find_threshold(
    db: &impl ConnectionTrait,
    id: IncomeThresholdId,
) -> Result<Option<income_threshold::Model>, DbErr> {
    income_threshold::Entity::find_by_id(id).one(db).await
}

/// Newest first.
pub(super) async fn list_thresholds(
    db: &impl ConnectionTrait,
    (division, year): (Option<&AreaCode>, Option<i32>),
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<income_threshold::Model>, DbErr> {
    use income_threshold::Column;
    let conditions = Condition::all()
        .add_option(division.map(|code| Column::DivisionCode.eq(code.clone())))
        .add_option(year.map(|year| Column::Year.eq(year)))
        .add_option(before.map(|before| Column::Id.lt(IncomeThresholdId::from_uuid(before))));
    let rows = income_threshold::Entity::find().filter(conditions).order_by_desc(Column::Id).limit(limit);
    rows.all(db).await
}

/// The thresholds of some places.
#[derive(Debug, Clone, Default)]
pub struct Threshold(HashMap<(AreaCode, i32), income_threshold::Model>);

impl Threshold {
    /// What holds in a county in a year: its own, or else its province's; of several the last one.
    #[must_use]
    pub fn of(&self, county: &AreaCode, year: i32) -> Option<&income_threshold::Model> {
        let province = crate::region::province_of(county);
        self.own(county, year).or_else(|| self.own(&province, year))
    }

    /// What a place has of its own for a year; of several the last one.
    #[must_use]
    pub fn own(&self, place: &AreaCode, year: i32) -> Option<&income_threshold::Model> {
        self.0.get(&(place.clone(), year))
    }
}

/// Every threshold that was ever entered for these places.
pub(super) async fn thresholds(db: &impl ConnectionTrait, codes: &[AreaCode]) -> Result<Threshold, DbErr> {
    let rows = income_threshold::Entity::find()
        .filter(income_threshold::Column::DivisionCode.is_in(codes.iter().cloned()))
        .order_by_asc(income_threshold::Column::Number);
    let rows = rows.all(db).await?.into_iter().map(|row| ((row.division_code.clone(), row.year), row));
    Ok(Threshold(rows.collect()))
}
