//! Summing up what stands under a seal: one statement for orders, one for households, whatever the seal holds.

use super::{OWED, attributed, net, paid_out, to_account};
use crate::db::Tx;
use entity::value::AccountKind;
use entity::{account, entry, posting, report_gathered, report_sale, report_share, seal, seal_leaf, supplier_order};
use sea_orm::sea_query::{Expr, OnConflict, Query, SelectStatement};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, RelationDef, Select,
};

/// The seals up to one that hold postings and are not summed up yet, in their order. They are summed up in that order, so
/// none is left out before the last that was.
pub(in crate::report) async fn ungathered(
    db: &impl ConnectionTrait,
    until: i64,
    limit: u64,
) -> Result<Vec<i64>, DbErr> {
    let last = report_gathered::Entity::find().order_by_desc(report_gathered::Column::SealNumber).one(db).await?;
    seal::Entity::find()
        .select_only()
        .column(seal::Column::Number)
        .filter(seal::Column::PostingCount.gt(0))
        .filter(seal::Column::Number.gt(last.map_or(0, |row| row.seal_number)))
        .filter(seal::Column::Number.lte(until))
        .order_by_asc(seal::Column::Number)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await
}

/// Notes that this transaction sums a seal up; says no where somebody else did it.
pub(in crate::report) async fn take(tx: &Tx, seal_number: i64) -> Result<bool, DbErr> {
    let row = report_gathered::ActiveModel { seal_number: Set(seal_number), gathered_at: Set(tx.now()) };
    let nothing = OnConflict::new().do_nothing().to_owned();
    match report_gathered::Entity::insert(row).on_conflict(nothing).exec_without_returning(tx).await {
        Ok(rows) => Ok(rows > 0),
        Err(DbErr::RecordNotInserted) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The entries of orders under a seal on accounts of these kinds, joined to leaf, posting, account and order.
fn under(seal_number: i64, kinds: &[AccountKind]) -> Select<seal_leaf::Entity> {
    let to_posting: RelationDef = seal_leaf::Entity::belongs_to(posting::Entity)
        .from(seal_leaf::Column::PostingId)
        .to(posting::Column::Id)
        .into();
    let to_entry: RelationDef =
        posting::Entity::belongs_to(entry::Entity).from(posting::Column::Id).to(entry::Column::PostingId).into();
    // What was sold outside the platform has another kind of object in the same column, and is no sale here.
    let to_order: RelationDef = entry::Entity::belongs_to(supplier_order::Entity)
        .from(entry::Column::SupplierOrderId)
        .to(supplier_order::Column::Id)
        .into();
    seal_leaf::Entity::find()
        .select_only()
        .join(JoinType::InnerJoin, to_posting)
        .join(JoinType::InnerJoin, to_entry)
        .join(JoinType::InnerJoin, to_account())
        .join(JoinType::InnerJoin, to_order)
        .filter(seal_leaf::Column::SealNumber.eq(seal_number))
        .filter(account::Column::Kind.is_in(kinds.iter().copied()))
        .group_by(seal_leaf::Column::SealNumber)
        .group_by(posting::Column::BusinessDate)
}

/// Sums up what stands under a seal, by order and day.
pub(in crate::report) async fn gather_sales(tx: &Tx, seal_number: i64) -> Result<(), DbErr> {
    use report_sale::Column;
    let buyer = r#""account"."kind" in ('buyer_receivable', 'buyer_refund')"#;
    let sold = net(
        tx,
        r#""account"."kind" = 'buyer_receivable' and "posting"."kind" = 'accepted' and "entry"."side" = 'debit'"#,
        &format!(r#"{buyer} and "posting"."kind" = 'credited' and "entry"."side" = 'credit'"#),
    );
    let paid = net(
        tx,
        &format!(
            r#"({buyer} or "account"."kind" = 'buyer_advance') and "posting"."kind" in ('paid', 'prepaid') and "entry"."side" = 'credit'"#
        ),
        r#""account"."kind" = 'buyer_refund' and "posting"."kind" = 'repaid' and "entry"."side" = 'debit'"#,
    );
    // None where nothing was posted on such an account: the first day on which something was is the day of acceptance.
    let receivable = Expr::cust(
        r#"cast(sum(case when "account"."kind" = 'buyer_receivable'
             then case "entry"."side" when 'debit' then "entry"."amount_fen" else -"entry"."amount_fen" end end) as bigint)"#,
    );
    let kinds = [
        AccountKind::BuyerReceivable,
        AccountKind::BuyerRefund,
        AccountKind::BuyerAdvance,
        AccountKind::HouseholdPayable,
    ];
    let rows = under(seal_number, &kinds)
        .column(entry::Column::SupplierOrderId)
        .column(seal_leaf::Column::SealNumber)
        .column(posting::Column::BusinessDate)
        .expr_as(sold, "sold")
        .expr_as(paid, "paid")
        .expr_as(attributed(tx), "attributed")
        .expr_as(paid_out(tx), "paid_out")
        .expr_as(receivable, "receivable")
        .group_by(entry::Column::SupplierOrderId)
        .into_query();
    let columns = [Column::SupplierOrderId, Column::SealNumber, Column::BusinessDate, Column::SoldFen, Column::PaidFen];
    let more = [Column::AttributedFen, Column::PaidOutFen, Column::ReceivableFen];
    insert(tx, report_sale::Entity, columns.into_iter().chain(more), rows).await
}

/// Sums up what stands under a seal, by order, household's account and day.
pub(in crate::report) async fn gather_shares(tx: &Tx, seal_number: i64) -> Result<(), DbErr> {
    use report_share::Column;
    let rows = under(seal_number, &[AccountKind::HouseholdPayable])
        .column(entry::Column::SupplierOrderId)
        .column(account::Column::Id)
        .column(seal_leaf::Column::SealNumber)
        .column(posting::Column::BusinessDate)
        .column(account::Column::OwnerId)
        .column(account::Column::PartId)
        .expr_as(attributed(tx), "attributed")
        .expr_as(paid_out(tx), "paid_out")
        .filter(Expr::cust(OWED))
        .group_by(entry::Column::SupplierOrderId)
        .group_by(account::Column::Id)
        .group_by(account::Column::OwnerId)
        .group_by(account::Column::PartId)
        .into_query();
    let columns = [Column::SupplierOrderId, Column::AccountId, Column::SealNumber, Column::BusinessDate];
    let more = [Column::HouseholdId, Column::AgreementId, Column::AttributedFen, Column::PaidOutFen];
    insert(tx, report_share::Entity, columns.into_iter().chain(more), rows).await
}

/// Inserts what a question answers.
async fn insert<E: EntityTrait>(
    tx: &Tx,
    table: E,
    columns: impl IntoIterator<Item = E::Column>,
    rows: SelectStatement,
) -> Result<(), DbErr> {
    let mut insert = Query::insert();
    let insert = insert.into_table(table).columns(columns).select_from(rows);
    let insert = insert.map_err(|error| DbErr::Custom(error.to_string()))?;
    tx.execute_raw(tx.get_database_backend().build(&*insert)).await.map(drop)
}
