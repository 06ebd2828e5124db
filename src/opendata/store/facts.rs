//! What procurements are made of: others' tables, only read.

use super::leaf_to_entry;
use crate::db::dialect::sum_as_integer;
use crate::opendata::facts::{Goods, Income, Sealed};
use crate::opendata::method::{Asked, Way};
use crate::settlement::{PAYOUT, PAYOUT_CORRECTION};
use entity::value::{
    AccountKind, AreaCode, BankRowId, BudgetId, CategoryCode, FilingState, HouseholdId, OrderGroupId, OrganisationId,
    ProductId, PurchaseRequestId, PurchaseWay, QuotationState, ShareBasis, SupplierOrderId,
};
use entity::{
    acceptance, account, bank_row, budget, demand, division, entry, invoice, order_group, order_line, payment, posting,
    product, purchase_request, quota_attachment, quota_filing, quotation, refund_payment, seal, seal_leaf, share,
    share_run, shipment, standing_call_off, standing_order, supplier_order,
};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;

pub(in crate::opendata) async fn group(
    db: &impl ConnectionTrait,
    id: OrderGroupId,
) -> Result<Option<order_group::Model>, DbErr> {
    order_group::Entity::find_by_id(id).one(db).await
}

pub(in crate::opendata) async fn orders(
    db: &impl ConnectionTrait,
    id: OrderGroupId,
) -> Result<Vec<supplier_order::Model>, DbErr> {
    supplier_order::Entity::find()
        .filter(supplier_order::Column::GroupId.eq(id))
        .order_by_asc(supplier_order::Column::Id)
        .all(db)
        .await
}

pub(in crate::opendata) async fn budget(
    db: &impl ConnectionTrait,
    id: Option<BudgetId>,
) -> Result<Option<budget::Model>, DbErr> {
    match id {
        Some(id) => budget::Entity::find_by_id(id).one(db).await,
        None => Ok(None),
    }
}

/// How an order came about: by the request it was placed for, and what that was made for.
pub(in crate::opendata) async fn way(db: &impl ConnectionTrait, id: OrderGroupId) -> Result<Way, DbErr> {
    let request = purchase_request::Entity::find()
        .select_only()
        .columns([purchase_request::Column::Id, purchase_request::Column::Way])
        .filter(purchase_request::Column::OrderGroupId.eq(id))
        .into_tuple::<(PurchaseRequestId, PurchaseWay)>();
    let Some((request, way)) = request.one(db).await? else { return Ok(Way::DIRECT) };
    let (mut asked, mut is_agreed) = (None, false);
    if way == PurchaseWay::Quotation {
        asked = demand_of(db, request).await?;
    }
    if way == PurchaseWay::Standing {
        let to_standing = standing_call_off::Entity::belongs_to(standing_order::Entity)
            .from(standing_call_off::Column::StandingId)
            .to(standing_order::Column::Id)
            .into();
        let agreed = standing_call_off::Entity::find()
            .join(JoinType::InnerJoin, to_standing)
            .filter(standing_call_off::Column::RequestId.eq(request))
            .filter(standing_order::Column::FrameworkId.is_not_null());
        is_agreed = agreed.count(db).await? > 0;
    }
    Ok(Way { way, asked, is_agreed })
}

/// The demand that a request was awarded from, and how many answered it.
async fn demand_of(db: &impl ConnectionTrait, request: PurchaseRequestId) -> Result<Option<Asked>, DbErr> {
    let Some(row) = demand::Entity::find().filter(demand::Column::RequestId.eq(request)).one(db).await? else {
        return Ok(None);
    };
    let answers = quotation::Entity::find()
        .filter(quotation::Column::DemandId.eq(row.id))
        .filter(quotation::Column::State.ne(QuotationState::Withdrawn))
        .count(db)
        .await?;
    let quotations = i64::try_from(answers).unwrap_or(i64::MAX);
    Ok(Some(Asked { audience: row.audience, from: row.published_at, until: row.deadline, quotations }))
}

/// The confirmed filings of these units for a year.
pub(in crate::opendata) async fn filings(
    db: &impl ConnectionTrait,
    units: &[OrganisationId],
    year: i32,
) -> Result<Vec<quota_filing::Model>, DbErr> {
    quota_filing::Entity::find()
        .filter(quota_filing::Column::Year.eq(year))
        .filter(quota_filing::Column::UnitId.is_in(units.iter().copied()))
        .filter(quota_filing::Column::State.eq(FilingState::FinanceConfirmed))
        .order_by_asc(quota_filing::Column::Id)
        .all(db)
        .await
}

macro_rules! of_orders {
    ($($name:ident, $table:ident, $order:ident;)+) => {$(
        pub(in crate::opendata) async fn $name(
            db: &impl ConnectionTrait,
            ids: &[SupplierOrderId],
        ) -> Result<Vec<$table::Model>, DbErr> {
            $table::Entity::find()
                .filter($table::Column::SupplierOrderId.is_in(ids.iter().copied()))
                .order_by_asc($table::Column::$order)
                .all(db)
                .await
        }
    )+};
}

of_orders! {
    lines, order_line, LineNo;
    shipments, shipment, Number;
    acceptances, acceptance, Number;
    invoices, invoice, RecordedAt;
    payments, payment, Number;
    refunds, refund_payment, RecordedAt;
    attachments, quota_attachment, AttachmentNo;
}

/// The bank's rows of these payments.
pub(in crate::opendata) async fn booked(
    db: &impl ConnectionTrait,
    payments: &[payment::Model],
) -> Result<HashMap<BankRowId, chrono::NaiveDate>, DbErr> {
    let rows = bank_row::Entity::find()
        .select_only()
        .columns([bank_row::Column::Id, bank_row::Column::BookedOn])
        .filter(bank_row::Column::Id.is_in(payments.iter().map(|row| row.bank_row_id)));
    Ok(rows.into_tuple::<(BankRowId, chrono::NaiveDate)>().all(db).await?.into_iter().collect())
}

pub(in crate::opendata) fn net(db: &impl ConnectionTrait, plus: &str, minus: &str) -> SimpleExpr {
    let amount =
        format!(r#"case when {plus} then "entry"."amount_fen" when {minus} then -"entry"."amount_fen" else 0 end"#);
    Expr::cust(sum_as_integer(db.get_database_backend(), &amount))
}

/// What households were promised, were owed and were paid of these orders, by the journal.
pub(in crate::opendata) async fn income(
    db: &impl ConnectionTrait,
    ids: &[SupplierOrderId],
) -> Result<HashMap<SupplierOrderId, Income>, DbErr> {
    let to_account =
        entry::Entity::belongs_to(account::Entity).from(entry::Column::AccountId).to(account::Column::Id).into();
    let to_posting =
        entry::Entity::belongs_to(posting::Entity).from(entry::Column::PostingId).to(posting::Column::Id).into();
    let promised = format!(r#""account"."kind" = '{}'"#, AccountKind::HouseholdPromised);
    let owed = format!(
        r#""account"."kind" = '{}' and "posting"."kind" not in ('{PAYOUT}', '{PAYOUT_CORRECTION}')"#,
        AccountKind::HouseholdPayable
    );
    let sides = |what: &str| {
        net(db, &format!(r#"{what} and "entry"."side" = 'credit'"#), &format!(r#"{what} and "entry"."side" = 'debit'"#))
    };
    let paid = net(
        db,
        &format!(
            r#""account"."kind" = 'household_payable' and "entry"."side" = 'debit' and "posting"."kind" = '{PAYOUT}'"#
        ),
        &format!(
            r#""account"."kind" = 'household_payable' and "entry"."side" = 'credit' and "posting"."kind" = '{PAYOUT_CORRECTION}'"#
        ),
    );
    let rows = entry::Entity::find()
        .select_only()
        .column(entry::Column::SupplierOrderId)
        .expr_as(sides(&promised), "promised_fen")
        .expr_as(sides(&owed), "accrued_fen")
        .expr_as(paid, "paid_fen")
        .join(JoinType::InnerJoin, to_account)
        .join(JoinType::InnerJoin, to_posting)
        .filter(entry::Column::SupplierOrderId.is_in(ids.iter().copied()))
        .filter(account::Column::Kind.is_in([AccountKind::HouseholdPromised, AccountKind::HouseholdPayable]))
        .group_by(entry::Column::SupplierOrderId);
    let rows: Vec<(SupplierOrderId, i64, i64, i64)> = rows.into_tuple().all(db).await?;
    Ok(rows.into_iter().map(|(id, promised, accrued, paid)| (id, Income { promised, accrued, paid })).collect())
}

/// No later computation of the same order was made on the same basis.
pub(in crate::opendata) fn is_last_run() -> SimpleExpr {
    Expr::cust(
        r#"not exists (select 1 from "share_run" as "later" where "later"."basis" = "share_run"."basis"
           and "later"."supplier_order_id" = "share_run"."supplier_order_id"
           and "later"."number" > "share_run"."number")"#,
    )
}

/// The households to whom the last computation of each order gave anything, each once an order.
pub(in crate::opendata) async fn households(
    db: &impl ConnectionTrait,
    ids: &[SupplierOrderId],
) -> Result<HashMap<SupplierOrderId, i64>, DbErr> {
    let to_run =
        share::Entity::belongs_to(share_run::Entity).from(share::Column::RunId).to(share_run::Column::Id).into();
    let rows = share::Entity::find()
        .select_only()
        .column_as(share_run::Column::SupplierOrderId, "supplier_order_id")
        .column_as(share::Column::HouseholdId, "household_id")
        .distinct()
        .join(JoinType::InnerJoin, to_run)
        .filter(share_run::Column::Basis.eq(ShareBasis::Accrued))
        .filter(share_run::Column::SupplierOrderId.is_in(ids.iter().copied()))
        .filter(share::Column::AmountFen.gt(0))
        .filter(is_last_run());
    let mut counts = HashMap::new();
    for (order, _) in rows.into_tuple::<(SupplierOrderId, HouseholdId)>().all(db).await? {
        *counts.entry(order).or_insert(0) += 1;
    }
    Ok(counts)
}

/// The newest seal under which anything of these orders stands.
pub(in crate::opendata) async fn seals(
    db: &impl ConnectionTrait,
    ids: &[SupplierOrderId],
) -> Result<HashMap<SupplierOrderId, Sealed>, DbErr> {
    let rows = seal_leaf::Entity::find()
        .select_only()
        .column_as(entry::Column::SupplierOrderId, "supplier_order_id")
        .column_as(seal_leaf::Column::SealNumber.max(), "number")
        .join(JoinType::InnerJoin, leaf_to_entry())
        .filter(entry::Column::SupplierOrderId.is_in(ids.iter().copied()))
        .group_by(entry::Column::SupplierOrderId);
    let newest: Vec<(SupplierOrderId, i64)> = rows.into_tuple().all(db).await?;
    let found = seal::Entity::find()
        .filter(seal::Column::Number.is_in(newest.iter().map(|(_, number)| *number)))
        .all(db)
        .await?;
    let found: HashMap<i64, seal::Model> = found.into_iter().map(|seal| (seal.number, seal)).collect();
    let of = |(order, number): (SupplierOrderId, i64)| {
        let seal = found.get(&number)?;
        Some((order, Sealed { number, root: seal.merkle_root.clone(), hash: seal.hash.clone() }))
    };
    Ok(newest.into_iter().filter_map(of).collect())
}

/// Category and origin of these products.
pub(in crate::opendata) async fn goods(
    db: &impl ConnectionTrait,
    ids: &[ProductId],
) -> Result<HashMap<ProductId, Goods>, DbErr> {
    let rows = product::Entity::find()
        .select_only()
        .columns([product::Column::Id, product::Column::CategoryCode, product::Column::OriginCountyCode])
        .filter(product::Column::Id.is_in(ids.iter().copied()));
    let rows: Vec<(ProductId, CategoryCode, AreaCode)> = rows.into_tuple().all(db).await?;
    Ok(rows.into_iter().map(|(id, category, origin)| (id, Goods { category, origin })).collect())
}

/// The names of these divisions.
pub(in crate::opendata) async fn divisions(
    db: &impl ConnectionTrait,
    codes: &[AreaCode],
) -> Result<HashMap<AreaCode, String>, DbErr> {
    let rows = division::Entity::find().filter(division::Column::Code.is_in(codes.iter().cloned())).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.code, row.name)).collect())
}
