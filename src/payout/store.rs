//! Batches, lines and results in the database. Every read for a caller begins at [`visible`].

use crate::access::Scope;
use crate::db::{Tx, dialect::sum_as_integer};
use crate::{household, organisation};
use chrono::NaiveDate;
use entity::value::{
    AgreementId, Fen, HouseholdId, OrganisationId, PayoutBatchId, PayoutBatchLineId, PayoutBatchState, SupplierOrderId,
};
use entity::{payout_batch, payout_batch_line, payout_batch_part, payout_result};
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Select, Statement, Value,
};
use uuid::Uuid;

/// Rows in one insert: seventeen columns each, and SQLite takes 32,766 bound values.
const CHUNK: usize = 1_000;

/// What a scope sees: a supplier its own batches, a village those that pay its households, a county those that pay
/// households in it.
fn visible(scope: &Scope) -> Select<payout_batch::Entity> {
    let rows = payout_batch::Entity::find();
    match scope {
        Scope::Everything => rows,
        Scope::Organisation(own) => rows.filter(
            Condition::any()
                .add(payout_batch::Column::SupplierId.eq(*own))
                .add(payout_batch::Column::Id.in_subquery(paying(household::ids_in_village(*own)))),
        ),
        Scope::County(code) => {
            rows.filter(payout_batch::Column::Id.in_subquery(paying(household::ids_in_county(code))))
        }
        Scope::AssignedHouseholds(person) => {
            rows.filter(payout_batch::Column::Id.in_subquery(paying(household::ids_assigned_to(*person))))
        }
        Scope::Tree(_) => rows.filter(payout_batch::Column::SupplierId.in_subquery(organisation::ids_within(scope))),
    }
}

fn paying(households: sea_orm::sea_query::SelectStatement) -> sea_orm::sea_query::SelectStatement {
    Query::select()
        .column(payout_batch_line::Column::BatchId)
        .from(payout_batch_line::Entity)
        .and_where(payout_batch_line::Column::HouseholdId.in_subquery(households))
        .to_owned()
}

pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    state: Option<PayoutBatchState>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<payout_batch::Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(payout_batch::Column::Id).limit(limit);
    if let Some(state) = state {
        rows = rows.filter(payout_batch::Column::State.eq(state));
    }
    if let Some(before) = before {
        rows = rows.filter(payout_batch::Column::Id.lt(before));
    }
    rows.all(db).await
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: PayoutBatchId,
) -> Result<Option<payout_batch::Model>, DbErr> {
    visible(scope).filter(payout_batch::Column::Id.eq(id)).one(db).await
}

/// A batch, held until the transaction ends.
pub(super) async fn hold(tx: &Tx, scope: &Scope, id: PayoutBatchId) -> Result<Option<payout_batch::Model>, DbErr> {
    visible(scope).filter(payout_batch::Column::Id.eq(id)).lock_exclusive().one(tx).await
}

/// The lines of a batch; of a county or a village only those of its own households.
pub(super) async fn lines(
    db: &impl ConnectionTrait,
    batch: &payout_batch::Model,
    scope: &Scope,
) -> Result<Vec<payout_batch_line::Model>, DbErr> {
    let mut rows = payout_batch_line::Entity::find()
        .filter(payout_batch_line::Column::BatchId.eq(batch.id))
        .order_by_asc(payout_batch_line::Column::LineNo);
    let own = match scope {
        Scope::Organisation(own) if *own != batch.supplier_id => Some(household::ids_in_village(*own)),
        Scope::County(code) => Some(household::ids_in_county(code)),
        Scope::AssignedHouseholds(person) => Some(household::ids_assigned_to(*person)),
        Scope::Everything | Scope::Organisation(_) | Scope::Tree(_) => None,
    };
    if let Some(own) = own {
        rows = rows.filter(payout_batch_line::Column::HouseholdId.in_subquery(own));
    }
    rows.all(db).await
}

/// The parts of these lines, or of every line of a batch.
pub(super) async fn parts(
    db: &impl ConnectionTrait,
    batch: PayoutBatchId,
) -> Result<Vec<payout_batch_part::Model>, DbErr> {
    let lines = Query::select()
        .column(payout_batch_line::Column::Id)
        .from(payout_batch_line::Entity)
        .and_where(payout_batch_line::Column::BatchId.eq(batch))
        .to_owned();
    payout_batch_part::Entity::find()
        .filter(payout_batch_part::Column::LineId.in_subquery(lines))
        .order_by_asc(payout_batch_part::Column::LineId)
        .order_by_asc(payout_batch_part::Column::SupplierOrderId)
        .all(db)
        .await
}

pub(super) async fn insert(
    tx: &Tx,
    batch: &payout_batch::Model,
    lines: &[payout_batch_line::Model],
    parts: &[payout_batch_part::Model],
) -> Result<(), DbErr> {
    payout_batch::Entity::insert(batch.clone().into_active_model()).exec_without_returning(tx).await?;
    for some in lines.chunks(CHUNK) {
        let some = some.iter().cloned().map(IntoActiveModel::into_active_model);
        payout_batch_line::Entity::insert_many(some).exec_without_returning(tx).await?;
    }
    for some in parts.chunks(CHUNK * 5) {
        let some = some.iter().cloned().map(IntoActiveModel::into_active_model);
        payout_batch_part::Entity::insert_many(some).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Writes a held batch anew.
pub(super) async fn update(tx: &Tx, batch: &payout_batch::Model) -> Result<(), DbErr> {
    payout_batch::Entity::update(batch.clone().into_active_model().reset_all()).exec(tx).await.map(drop)
}

/// Writes lines of a held batch anew, all in one statement a thousand.
pub(super) async fn update_lines(tx: &Tx, lines: &[payout_batch_line::Model]) -> Result<(), DbErr> {
    use payout_batch_line::Column as C;
    for some in lines.chunks(CHUNK) {
        let changed = OnConflict::column(C::Id)
            .update_columns([
                C::State,
                C::PaidOn,
                C::BankReference,
                C::Failure,
                C::ReceiptFileId,
                C::CashierId,
                C::CashierAt,
                C::WitnessId,
                C::WitnessAt,
                C::PayoutId,
            ])
            .to_owned();
        let some = some.iter().cloned().map(IntoActiveModel::into_active_model);
        payout_batch_line::Entity::insert_many(some).on_conflict(changed).exec_without_returning(tx).await?;
    }
    Ok(())
}

trait ResetAll {
    fn reset_all(self) -> Self;
}

impl ResetAll for payout_batch::ActiveModel {
    /// Every column is written, for the row was read under a lock.
    fn reset_all(mut self) -> Self {
        use sea_orm::ActiveModelTrait;
        for column in <payout_batch::Column as sea_orm::Iterable>::iter() {
            if !matches!(column, payout_batch::Column::Id) {
                self.reset(column);
            }
        }
        self
    }
}

pub(super) async fn result_by_hash(
    db: &impl ConnectionTrait,
    batch: PayoutBatchId,
    sha256: &str,
) -> Result<Option<payout_result::Model>, DbErr> {
    payout_result::Entity::find()
        .filter(payout_result::Column::BatchId.eq(batch))
        .filter(payout_result::Column::Sha256.eq(sha256))
        .one(db)
        .await
}

pub(super) async fn insert_result(tx: &Tx, row: payout_result::Model) -> Result<(), DbErr> {
    payout_result::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// What one supplier owes its households, by how long.
#[derive(Debug, FromQueryResult)]
pub(super) struct ArrearsRow {
    pub supplier_id: OrganisationId,
    pub households: i64,
    pub to_30_fen: Fen,
    pub to_90_fen: Fen,
    pub to_180_fen: Fen,
    pub older_fen: Fen,
    pub oldest_on: NaiveDate,
}

/// What is owed, supplier by supplier in the order of their identifiers. One statement, whatever there is.
pub(super) async fn arrears(
    db: &impl ConnectionTrait,
    scope: &Scope,
    edges: [NaiveDate; 3],
    after: Option<Uuid>,
    limit: Option<u64>,
) -> Result<Vec<ArrearsRow>, DbErr> {
    let backend = db.get_database_backend();
    let mut values: Vec<Value> = edges.map(Into::into).into();
    let mut mark = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    let sum = |condition: &str| sum_as_integer(backend, &format!("case when {condition} then o.open_fen else 0 end"));
    let columns = [
        (sum("o.since > $1"), "to_30_fen"),
        (sum("o.since <= $1 and o.since > $2"), "to_90_fen"),
        (sum("o.since <= $2 and o.since > $3"), "to_180_fen"),
        (sum("o.since <= $3"), "older_fen"),
    ]
    .map(|(sum, name)| format!("{sum} as {name}"))
    .join(", ");
    let reach = match scope {
        Scope::Organisation(own) => format!("and a.supplier_id = {}", mark((*own).into())),
        Scope::County(code) => {
            format!(
                "and a.household_id in (select id from household where county_code = {})",
                mark(code.as_str().into())
            )
        }
        Scope::Everything => String::new(),
        Scope::Tree(_) | Scope::AssignedHouseholds(_) => "and 1 = 0".to_owned(),
    };
    let after = after.map(|after| format!("and a.supplier_id > {}", mark(after.into()))).unwrap_or_default();
    let limit = limit.map(|limit| format!("limit {limit}")).unwrap_or_default();
    let net = sum_as_integer(backend, "case e.side when 'credit' then e.amount_fen else -e.amount_fen end");
    let sql = format!(
        "select a.supplier_id, count(distinct a.household_id) as households, {columns}, min(o.since) as oldest_on
         from (select e.account_id, e.supplier_order_id, {net} as open_fen,
                 min(case when e.side = 'credit' then p.business_date end) as since
               from account c join entry e on e.account_id = c.id join posting p on p.id = e.posting_id
               where c.kind = 'household_payable' and c.credit_fen > c.debit_fen
               group by e.account_id, e.supplier_order_id) o
         join account c on c.id = o.account_id
         join agreement a on a.id = c.part_id
         where o.open_fen > 0 {reach} {after}
         group by a.supplier_id order by a.supplier_id {limit}"
    );
    ArrearsRow::find_by_statement(Statement::from_sql_and_values(backend, sql, values)).all(db).await
}

/// A line with the parts of orders that it pays.
pub(super) struct WholeLine {
    pub line: payout_batch_line::Model,
    pub parts: Vec<(SupplierOrderId, Fen)>,
}

/// The lines of a batch with their parts.
pub(super) async fn whole_lines(
    db: &impl ConnectionTrait,
    batch: &payout_batch::Model,
) -> Result<Vec<WholeLine>, DbErr> {
    let mut by_line: std::collections::HashMap<PayoutBatchLineId, Vec<(SupplierOrderId, Fen)>> = Default::default();
    for part in parts(db, batch.id).await? {
        by_line.entry(part.line_id).or_default().push((part.supplier_order_id, part.amount_fen));
    }
    let lines = lines(db, batch, &Scope::Everything).await?;
    let whole = |line: payout_batch_line::Model| {
        let parts = by_line.remove(&line.id).unwrap_or_default();
        WholeLine { line, parts }
    };
    Ok(lines.into_iter().map(whole).collect())
}

/// The agreements and households of lines, for names.
pub(super) fn households(lines: &[payout_batch_line::Model]) -> (Vec<AgreementId>, Vec<HouseholdId>) {
    (lines.iter().map(|line| line.agreement_id).collect(), lines.iter().map(|line| line.household_id).collect())
}
