//! Payouts in the database, and the sums of the journal that settlement decides by and shows.
//!
//! Payouts are its own. Accounts, entries and postings are the ledger's and are only read here, joined to agreements
//! and households, so that each answer is one statement.

use super::payouts::{PAYOUT, PAYOUT_CORRECTION};
use super::view::PayoutQuery;
use crate::access::Scope;
use crate::attribution::cumulative::Held;
use crate::db::{Tx, dialect::sum_as_integer};
use crate::household;
use chrono::NaiveDate;
use entity::value::{
    AccountId, AccountKind, AgreementId, BenefitMode, Fen, HouseholdId, OrganisationId, PayoutId, PayoutLineState,
    SupplierOrderId,
};
use entity::{account, agreement, entry, payout, payout_batch, payout_batch_line, payout_batch_part, posting};
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel, JoinType, Order, QueryFilter,
    QueryOrder, QuerySelect, Select,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Payouts in one insert: twelve columns each.
const CHUNK: usize = 1000;

/// The states of what is in a batch and has no outcome yet.
const PENDING: [PayoutLineState; 3] =
    [PayoutLineState::Waiting, PayoutLineState::InTransit, PayoutLineState::HandedOver];

/// What a scope sees: a supplier its own payouts, a county those to its households.
fn visible(scope: &Scope) -> Select<payout::Entity> {
    household::seen_by(scope, payout::Entity::find(), payout::Column::SupplierId, payout::Column::HouseholdId)
}

pub(super) async fn list_payouts(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &PayoutQuery,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<payout::Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(payout::Column::Id).limit(limit);
    if let Some(agreement) = query.agreement_id {
        rows = rows.filter(payout::Column::AgreementId.eq(agreement));
    }
    if let Some(household) = query.household_id {
        rows = rows.filter(payout::Column::HouseholdId.eq(household));
    }
    if let Some(before) = before {
        rows = rows.filter(payout::Column::Id.lt(before));
    }
    rows.all(db).await
}

pub(super) async fn insert_payouts(tx: &Tx, rows: &[payout::Model]) -> Result<(), DbErr> {
    for part in rows.chunks(CHUNK) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        payout::Entity::insert_many(part).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Which of these references a supplier has used: for payouts, and for what is in batches and has no outcome yet.
pub(super) async fn used_references(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    references: &[&str],
) -> Result<Vec<String>, DbErr> {
    let mut used: Vec<String> = payout::Entity::find()
        .select_only()
        .column(payout::Column::Reference)
        .filter(payout::Column::SupplierId.eq(supplier))
        .filter(payout::Column::Reference.is_in(references.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    let to_batch = payout_batch_line::Entity::belongs_to(payout_batch::Entity)
        .from(payout_batch_line::Column::BatchId)
        .to(payout_batch::Column::Id);
    let waiting = payout_batch_line::Entity::find()
        .select_only()
        .column(payout_batch_line::Column::Reference)
        .join(JoinType::InnerJoin, to_batch.into())
        .filter(payout_batch::Column::SupplierId.eq(supplier))
        .filter(payout_batch_line::Column::Reference.is_in(references.iter().copied()))
        .filter(payout_batch_line::Column::State.is_in(PENDING));
    used.extend(waiting.into_tuple::<String>().all(db).await?);
    Ok(used)
}

/// A supplier's payouts by their references.
pub(super) async fn by_references(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    references: &[&str],
) -> Result<Vec<payout::Model>, DbErr> {
    let mut found = Vec::new();
    for part in references.chunks(CHUNK) {
        let rows = payout::Entity::find()
            .filter(payout::Column::SupplierId.eq(supplier))
            .filter(payout::Column::Reference.is_in(part.iter().copied()));
        found.extend(rows.all(db).await?);
    }
    Ok(found)
}

/// A supplier's payouts after one of them, oldest first.
pub(super) async fn after(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    after: Option<PayoutId>,
    limit: u64,
) -> Result<Vec<payout::Model>, DbErr> {
    let mut rows = payout::Entity::find().filter(payout::Column::SupplierId.eq(supplier));
    if let Some(after) = after {
        rows = rows.filter(payout::Column::Id.gt(after));
    }
    rows.order_by_asc(payout::Column::Id).limit(limit).all(db).await
}

/// What accrued from an order to an account, and what of it was paid out.
#[derive(Debug, FromQueryResult)]
pub(super) struct OpenAccrual {
    pub account_id: AccountId,
    pub supplier_order_id: SupplierOrderId,
    pub accrued_fen: Fen,
    pub paid_fen: Fen,
}

/// A sum of the entries that fit, as an integer on both databases.
fn sum_where(db: &impl ConnectionTrait, condition: &str) -> SimpleExpr {
    let amount = format!(r#"case when {condition} then "entry"."amount_fen" else 0 end"#);
    Expr::cust(sum_as_integer(db.get_database_backend(), &amount))
}

/// Every order from which something accrued to these accounts, oldest settlement first.
pub(super) async fn open_accruals(
    db: &impl ConnectionTrait,
    accounts: &[AccountId],
) -> Result<Vec<OpenAccrual>, DbErr> {
    let settled_at = Expr::cust(r#"min(case when "entry"."side" = 'credit' then "posting"."posted_at" end)"#);
    entry::Entity::find()
        .select_only()
        .column(entry::Column::AccountId)
        .column(entry::Column::SupplierOrderId)
        .expr_as(sum_where(db, r#""entry"."side" = 'credit'"#), "accrued_fen")
        .expr_as(sum_where(db, r#""entry"."side" = 'debit'"#), "paid_fen")
        .join(JoinType::InnerJoin, to_posting())
        .filter(entry::Column::AccountId.is_in(accounts.iter().copied()))
        .filter(entry::Column::SupplierOrderId.is_not_null())
        .group_by(entry::Column::AccountId)
        .group_by(entry::Column::SupplierOrderId)
        .order_by(entry::Column::AccountId, Order::Asc)
        .order_by(settled_at, Order::Asc)
        .order_by(entry::Column::SupplierOrderId, Order::Asc)
        .into_model()
        .all(db)
        .await
}

/// What computations hold on these accounts from an order, and what of that was handed over: whatever other postings
/// moved, less what came back.
pub(super) async fn held(
    db: &impl ConnectionTrait,
    accounts: &[AccountId],
    order: SupplierOrderId,
) -> Result<HashMap<AccountId, Held>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        account_id: AccountId,
        held: Fen,
        paid_out: Fen,
    }
    let is = |side: &str, sign: &str| format!(r#""entry"."side" = '{side}' and "posting"."kind" {sign} 'settled'"#);
    let mut held = HashMap::with_capacity(accounts.len());
    for some in accounts.chunks(CHUNK) {
        let rows = entry::Entity::find()
            .select_only()
            .column(entry::Column::AccountId)
            .expr_as(net(db, &is("credit", "="), &is("debit", "=")), "held")
            .expr_as(net(db, &is("debit", "<>"), &is("credit", "<>")), "paid_out")
            .join(JoinType::InnerJoin, to_posting())
            .filter(entry::Column::AccountId.is_in(some.iter().copied()))
            .filter(entry::Column::SupplierOrderId.eq(order))
            .group_by(entry::Column::AccountId);
        let rows = rows.into_model::<Row>().all(db).await?;
        held.extend(rows.into_iter().map(|row| (row.account_id, Held { held: row.held, paid_out: row.paid_out })));
    }
    Ok(held)
}

fn to_posting() -> sea_orm::RelationDef {
    entry::Entity::belongs_to(posting::Entity).from(entry::Column::PostingId).to(posting::Column::Id).into()
}

fn to_account() -> sea_orm::RelationDef {
    entry::Entity::belongs_to(account::Entity).from(entry::Column::AccountId).to(account::Column::Id).into()
}

fn to_agreement() -> sea_orm::RelationDef {
    account::Entity::belongs_to(agreement::Entity).from(account::Column::PartId).to(agreement::Column::Id).into()
}

/// What an agreement has brought so far.
#[derive(Debug, FromQueryResult)]
pub(super) struct PayableRow {
    pub agreement_id: AgreementId,
    pub household_id: HouseholdId,
    pub mode: BenefitMode,
    pub credit_fen: Fen,
    pub debit_fen: Fen,
}

/// The agreements under which something accrued, in the order of their identifiers. An account is one agreement's,
/// so its running sums are the answer.
pub(super) async fn payables(
    db: &impl ConnectionTrait,
    scope: &Scope,
    only_open: bool,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<PayableRow>, DbErr> {
    let mut rows = account::Entity::find()
        .select_only()
        .column_as(agreement::Column::Id, "agreement_id")
        .column_as(agreement::Column::HouseholdId, "household_id")
        .column_as(agreement::Column::Mode, "mode")
        .column_as(account::Column::CreditFen, "credit_fen")
        .column_as(account::Column::DebitFen, "debit_fen")
        .join(JoinType::InnerJoin, to_agreement())
        .filter(account::Column::Kind.eq(AccountKind::HouseholdPayable))
        .order_by_asc(agreement::Column::Id)
        .limit(limit);
    rows = household::seen_by(scope, rows, agreement::Column::SupplierId, agreement::Column::HouseholdId);
    if only_open {
        rows = rows.filter(Expr::col(account::Column::CreditFen).gt(Expr::col(account::Column::DebitFen)));
    }
    if let Some(after) = after {
        rows = rows.filter(agreement::Column::Id.gt(after));
    }
    rows.into_model().all(db).await
}

/// What households were paid on these accounts, less what was taken back as not received.
pub(super) async fn paid_on(
    db: &impl ConnectionTrait,
    accounts: &[AccountId],
) -> Result<HashMap<AccountId, Fen>, DbErr> {
    let rows = entry::Entity::find()
        .select_only()
        .column(entry::Column::AccountId)
        .expr_as(paid(db), "paid_fen")
        .join(JoinType::InnerJoin, to_posting())
        .filter(entry::Column::AccountId.is_in(accounts.iter().copied()))
        .filter(posting::Column::Kind.is_in([PAYOUT, PAYOUT_CORRECTION]))
        .group_by(entry::Column::AccountId);
    Ok(rows.into_tuple::<(AccountId, Fen)>().all(db).await?.into_iter().collect())
}

/// A part of a payout that is on its way.
#[derive(Debug, FromQueryResult)]
pub(super) struct PendingPart {
    pub agreement_id: AgreementId,
    pub supplier_order_id: SupplierOrderId,
    pub amount_fen: Fen,
}

/// What is in batches under these agreements and has no outcome yet.
pub(super) async fn pending_parts(
    db: &impl ConnectionTrait,
    agreements: &[AgreementId],
) -> Result<Vec<PendingPart>, DbErr> {
    let to_line = payout_batch_part::Entity::belongs_to(payout_batch_line::Entity)
        .from(payout_batch_part::Column::LineId)
        .to(payout_batch_line::Column::Id);
    payout_batch_part::Entity::find()
        .select_only()
        .column(payout_batch_line::Column::AgreementId)
        .column(payout_batch_part::Column::SupplierOrderId)
        .column(payout_batch_part::Column::AmountFen)
        .join(JoinType::InnerJoin, to_line.into())
        .filter(payout_batch_line::Column::AgreementId.is_in(agreements.iter().copied()))
        .filter(payout_batch_line::Column::State.is_in(PENDING))
        .into_model()
        .all(db)
        .await
}

/// Whether a supplier has, or had, an agreement with a household.
pub(super) async fn has_agreement(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    household: HouseholdId,
) -> Result<bool, DbErr> {
    let found = agreement::Entity::find()
        .filter(agreement::Column::HouseholdId.eq(household))
        .filter(agreement::Column::SupplierId.eq(supplier))
        .one(db)
        .await?;
    Ok(found.is_some())
}

/// What an order brought under an agreement in a span of days. Below zero when more was taken back than given.
#[derive(Debug, FromQueryResult)]
pub(super) struct Moved {
    pub agreement_id: AgreementId,
    pub supplier_order_id: SupplierOrderId,
    pub promised_fen: i64,
    pub accrued_fen: i64,
    pub paid_fen: i64,
}

/// The sum of the entries that fit one condition, less those that fit another.
fn net(db: &impl ConnectionTrait, plus: &str, minus: &str) -> SimpleExpr {
    let amount =
        format!(r#"case when {plus} then "entry"."amount_fen" when {minus} then -"entry"."amount_fen" else 0 end"#);
    Expr::cust(sum_as_integer(db.get_database_backend(), &amount))
}

/// What a household was paid: its payouts, less those that were corrected as not received.
fn paid(db: &impl ConnectionTrait) -> SimpleExpr {
    net(
        db,
        &format!(r#""entry"."side" = 'debit' and "posting"."kind" = '{PAYOUT}'"#),
        &format!(r#""entry"."side" = 'credit' and "posting"."kind" = '{PAYOUT_CORRECTION}'"#),
    )
}

/// All that was promised, accrued and paid to a household between two days, by agreement and order.
///
/// Only payouts and their corrections move what was paid; whatever else moves what is owed to a household moves what
/// accrued, to and fro.
pub(super) async fn moved(
    db: &impl ConnectionTrait,
    household: HouseholdId,
    supplier: Option<OrganisationId>,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<Moved>, DbErr> {
    let is_promised = format!(r#""account"."kind" = '{}'"#, AccountKind::HouseholdPromised);
    let is_owed = format!(
        r#""account"."kind" = '{}' and "posting"."kind" not in ('{PAYOUT}', '{PAYOUT_CORRECTION}')"#,
        AccountKind::HouseholdPayable
    );
    let sides = |what: &str| {
        net(db, &format!(r#"{what} and "entry"."side" = 'credit'"#), &format!(r#"{what} and "entry"."side" = 'debit'"#))
    };
    let kinds = [AccountKind::HouseholdPromised, AccountKind::HouseholdPayable];
    let mut rows = entry::Entity::find()
        .select_only()
        .column_as(account::Column::PartId, "agreement_id")
        .column(entry::Column::SupplierOrderId)
        .expr_as(sides(&is_promised), "promised_fen")
        .expr_as(sides(&is_owed), "accrued_fen")
        .expr_as(paid(db), "paid_fen")
        .join(JoinType::InnerJoin, to_account())
        .join(JoinType::InnerJoin, to_posting())
        .filter(account::Column::OwnerId.eq(household.uuid()))
        .filter(account::Column::Kind.is_in(kinds))
        .filter(entry::Column::SupplierOrderId.is_not_null())
        .filter(posting::Column::BusinessDate.between(first, last))
        .group_by(account::Column::PartId)
        .group_by(entry::Column::SupplierOrderId)
        .order_by_asc(account::Column::PartId)
        .order_by_asc(entry::Column::SupplierOrderId);
    if let Some(supplier) = supplier {
        rows = rows.join(JoinType::InnerJoin, to_agreement()).filter(agreement::Column::SupplierId.eq(supplier));
    }
    rows.into_model().all(db).await
}
