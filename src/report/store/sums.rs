//! What reports add up: the sums by order and by household, under a seal and within a span of days. Every answer is as
//! large as the report, or as the page that is asked for, however long the journal is.

use super::{Question, seated_in};
use crate::access::Scope;
use crate::db::dialect::{business_day, sum_as_integer};
use crate::organisation;
use crate::report::fold::LineKey;
use chrono::NaiveDate;
use entity::value::{
    AidState, BenefitMode, CertificateScheme, ContributionKind, OrganisationId, OrganisationKind, SupplierOrderId,
};
use entity::{
    agreement, aid_claim, contribution, household, order_line, product_certificate, report_sale, report_share,
    supplier_order,
};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement, UnionType};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect,
    QueryTrait,
};

/// A column of a table or of a question within a question.
fn of(table: &'static str, column: &'static str) -> Expr {
    Expr::col((Alias::new(table), Alias::new(column)))
}

/// Asks for expressions by names.
fn shown(rows: &mut SelectStatement, columns: &[(&'static str, &'static str)]) {
    for (expression, name) in columns {
        rows.expr_as(Expr::cust(*expression), *name);
    }
}

/// Asks for sums by names.
fn summed(db: &impl ConnectionTrait, rows: &mut SelectStatement, columns: &[(&'static str, &'static str)]) {
    for (column, name) in columns {
        rows.expr_as(Expr::cust(sum_as_integer(db.get_database_backend(), column)), *name);
    }
}

async fn all<T: FromQueryResult>(db: &impl ConnectionTrait, rows: &SelectStatement) -> Result<Vec<T>, DbErr> {
    let rows = db.query_all_raw(db.get_database_backend().build(rows)).await?;
    rows.iter().map(|row| T::from_query_result(row, "")).collect()
}

/// Orders that a question is about, by their parties: a county by its suppliers; an organisation as either side; a tree as
/// the buyer.
fn within(asked: &Question) -> Condition {
    use supplier_order::Column;
    let ids = || organisation::ids_within(&asked.scope);
    let seen = match &asked.scope {
        Scope::Everything => Condition::all(),
        Scope::Organisation(_) => {
            Condition::any().add(Column::SupplierId.in_subquery(ids())).add(Column::BuyerId.in_subquery(ids()))
        }
        Scope::Tree(_) => Condition::all().add(Column::BuyerId.in_subquery(ids())),
        Scope::County(_) | Scope::AssignedHouseholds(_) => Condition::all().add(Column::SupplierId.in_subquery(ids())),
    };
    match &asked.region {
        Some(region) => Condition::all().add(seen).add(Column::SupplierId.in_subquery(seated_in(region))),
        None => seen,
    }
}

/// Whether a question is about some orders only, by their parties.
fn is_limited(asked: &Question) -> bool {
    !matches!(asked.scope, Scope::Everything) || asked.region.is_some()
}

/// Sums by order that stand under the seal, joined to their orders, which are within reach.
fn of_orders(asked: &Question) -> SelectStatement {
    Query::select()
        .from(report_sale::Entity)
        .inner_join(supplier_order::Entity, of("supplier_order", "id").eq(of("report_sale", "supplier_order_id")))
        .and_where(report_sale::Column::SealNumber.lte(asked.seal))
        .cond_where(within(asked))
        // One group an order: whatever else is asked of it follows from its key.
        .add_group_by([of("supplier_order", "id")])
        .to_owned()
}

/// The orders with anything posted in the span, each once, with what was posted of it.
fn sales(db: &impl ConnectionTrait, asked: &Question) -> SelectStatement {
    let mut rows = of_orders(asked);
    rows.and_where(report_sale::Column::BusinessDate.between(asked.span.0, asked.span.1));
    shown(&mut rows, &[(r#""supplier_order"."id""#, "id"), (r#""supplier_order"."buyer_id""#, "buyer_id")]);
    summed(
        db,
        &mut rows,
        &[
            (r#""report_sale"."sold_fen""#, "sold"),
            (r#""report_sale"."paid_fen""#, "paid"),
            (r#""report_sale"."attributed_fen""#, "attributed"),
            (r#""report_sale"."paid_out_fen""#, "paid_out"),
        ],
    );
    rows
}

/// The orders that a verified assisted sale names, or that a code of an enterprise brought about.
fn assisted() -> SelectStatement {
    let brought = contribution::Entity::find()
        .select_only()
        .column(contribution::Column::SupplierOrderId)
        .filter(contribution::Column::Kind.eq(ContributionKind::AssistedSale))
        .into_query();
    aid_claim::Entity::find()
        .select_only()
        .column(aid_claim::Column::SupplierOrderId)
        .filter(aid_claim::Column::State.eq(AidState::CountyVerified))
        .filter(aid_claim::Column::SupplierOrderId.is_not_null())
        .into_query()
        // Each once.
        .union(UnionType::Distinct, brought)
        .to_owned()
}

/// That the product of a line held a relief certification on the day when its order was placed.
fn holds_certificate(db: &impl ConnectionTrait) -> SelectStatement {
    use product_certificate::Column;
    let day = || Expr::cust(business_day(db.get_database_backend(), r#""supplier_order"."placed_at""#));
    let own = |column: &'static str| of("product_certificate", column);
    Query::select()
        .expr(Expr::val(1))
        .from(product_certificate::Entity)
        .and_where(own("product_id").eq(of("order_line", "product_id")))
        .and_where(Column::Scheme.eq(CertificateScheme::ReliefProduct))
        .and_where(own("valid_from").lte(day()))
        .and_where(own("valid_to").is_null().or(own("valid_to").gte(day())))
        .and_where(own("revoked_on").is_null().or(own("revoked_on").gt(day())))
        .and_where(own("withdrawn_on").is_null().or(own("withdrawn_on").gt(day())))
        .to_owned()
}

/// Lines whose product was not certified on the day when their order was placed, joined to it.
fn uncertified(db: &impl ConnectionTrait) -> SelectStatement {
    Query::select().from(order_line::Entity).and_where(Expr::exists(holds_certificate(db)).not()).to_owned()
}

/// What a buyer's orders of one sort came to.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub(in crate::report) struct Bought {
    pub buyer_id: OrganisationId,
    pub is_assisted: bool,
    pub is_certified: bool,
    pub orders: i64,
    pub sold: i64,
    pub paid: i64,
    pub attributed: i64,
    pub paid_out: i64,
}

/// Every order with anything posted in the span, once, added up by its buyer and by what it is.
pub(in crate::report) async fn by_buyer(db: &impl ConnectionTrait, asked: &Question) -> Result<Vec<Bought>, DbErr> {
    let mut bad = uncertified(db);
    bad.expr_as(of("order_line", "supplier_order_id"), "id")
        .distinct()
        .inner_join(supplier_order::Entity, of("supplier_order", "id").eq(of("order_line", "supplier_order_id")))
        .cond_where(within(asked));
    let (help, bad_orders) = (Alias::new("help"), Alias::new("bad"));
    let mut rows = Query::select();
    rows.from_subquery(sales(db, asked), Alias::new("sale"))
        .join_subquery(JoinType::LeftJoin, assisted(), help, of("help", "supplier_order_id").eq(of("sale", "id")))
        .join_subquery(JoinType::LeftJoin, bad, bad_orders, of("bad", "id").eq(of("sale", "id")));
    shown(
        &mut rows,
        &[
            (r#""sale"."buyer_id""#, "buyer_id"),
            (r#""help"."supplier_order_id" is not null"#, "is_assisted"),
            (r#""bad"."id" is null"#, "is_certified"),
            ("count(*)", "orders"),
        ],
    );
    let sums = [("sold", "sold"), ("paid", "paid"), ("attributed", "attributed"), ("paid_out", "paid_out")];
    summed(db, &mut rows, &sums);
    rows.add_group_by([Expr::cust("1"), Expr::cust("2"), Expr::cust("3")]);
    all(db, &rows).await
}

/// An order with what was posted of it.
#[derive(Debug, FromQueryResult)]
pub(in crate::report) struct Posted {
    pub id: SupplierOrderId,
    pub sold: i64,
    pub paid: i64,
    pub attributed: i64,
    pub paid_out: i64,
}

/// What makes an order stand in a line.
fn in_line(db: &impl ConnectionTrait, line: &LineKey) -> Condition {
    let lines = || {
        let mut rows = uncertified(db);
        rows.expr(Expr::val(1)).and_where(of("order_line", "supplier_order_id").eq(of("supplier_order", "id")));
        Expr::exists(rows)
    };
    let buyers = |condition: Condition| {
        let rows = entity::organisation::Entity::find().select_only().column(entity::organisation::Column::Id);
        of("supplier_order", "buyer_id").in_subquery(rows.filter(condition).into_query())
    };
    let of_kind = |kind: &OrganisationKind| buyers(Condition::all().add(entity::organisation::Column::Kind.eq(*kind)));
    let all = Condition::all();
    match line {
        LineKey::Total => all,
        LineKey::Channel(kind) => all.add(of_kind(kind)),
        LineKey::Assisted(true) => all.add(of("supplier_order", "id").in_subquery(assisted())),
        LineKey::Assisted(false) => all.add(of("supplier_order", "id").in_subquery(assisted()).not()),
        LineKey::Certified(true) => all.add(lines().not()),
        LineKey::Certified(false) => all.add(lines()),
        LineKey::Partner(partner, is_there) => {
            let there = of("supplier_order", "buyer_id").in_subquery(seated_in(partner));
            all.add(if *is_there { there } else { there.not() })
        }
        LineKey::Buyer(buyer) => all.add(supplier_order::Column::BuyerId.eq(*buyer)),
        // What stands in these lines is no order, or is asked for otherwise.
        LineKey::OffPlatform
        | LineKey::Supplier(..)
        | LineKey::Help(..)
        | LineKey::Reached(_)
        | LineKey::Unit(_)
        | LineKey::Standing
        | LineKey::County(_)
        | LineKey::Status(_)
        | LineKey::Clue(_) => all.add(Expr::val(false)),
    }
}

/// A page of the orders that stand in a line, by their identifiers.
fn page(mut rows: SelectStatement, after: Option<SupplierOrderId>, limit: u64) -> SelectStatement {
    if let Some(after) = after {
        rows.and_where(supplier_order::Column::Id.gt(after));
    }
    rows.order_by((supplier_order::Entity, supplier_order::Column::Id), Order::Asc).limit(limit).to_owned()
}

/// A page of the orders behind a line, with what was posted of each in the span.
pub(in crate::report) async fn behind(
    db: &impl ConnectionTrait,
    asked: &Question,
    line: &LineKey,
    (after, limit): (Option<SupplierOrderId>, u64),
) -> Result<Vec<Posted>, DbErr> {
    let mut rows = sales(db, asked);
    rows.cond_where(in_line(db, line));
    all(db, &page(rows, after, limit)).await
}

/// How many there are of something, and how many people.
#[derive(Debug, FromQueryResult)]
struct Counted {
    households: i64,
    people: i64,
}

/// Sums by household that stand under the seal and in the span; joined to their orders where `with_orders`, or where only
/// some are within reach.
fn of_households(asked: &Question, with_orders: bool) -> SelectStatement {
    let mut rows = Query::select();
    rows.from(report_share::Entity)
        .and_where(report_share::Column::SealNumber.lte(asked.seal))
        .and_where(report_share::Column::BusinessDate.between(asked.span.0, asked.span.1));
    if with_orders || is_limited(asked) {
        rows.inner_join(supplier_order::Entity, of("supplier_order", "id").eq(of("report_share", "supplier_order_id")))
            .cond_where(within(asked));
    }
    rows
}

/// The households to which anything was attributed in the span, each once, with how many people they are.
pub(in crate::report) async fn benefited(db: &impl ConnectionTrait, asked: &Question) -> Result<(i64, i64), DbErr> {
    let mut own = of_households(asked, false);
    shown(&mut own, &[(r#""report_share"."household_id""#, "household_id")]);
    let attributed = sum_as_integer(db.get_database_backend(), r#""report_share"."attributed_fen""#);
    own.add_group_by([of("report_share", "household_id")]).and_having(Expr::cust(attributed).gt(0));
    let mut rows = Query::select();
    rows.from_subquery(own, Alias::new("own"))
        .inner_join(household::Entity, of("household", "id").eq(of("own", "household_id")));
    shown(&mut rows, &[("count(*)", "households")]);
    summed(db, &mut rows, &[(r#""household"."people""#, "people")]);
    let counted = all::<Counted>(db, &rows).await?.into_iter().next();
    Ok(counted.map_or((0, 0), |counted| (counted.households, counted.people)))
}

/// What households had of a supplier by a mode.
#[derive(Debug, FromQueryResult)]
pub(in crate::report) struct Mode {
    pub supplier_id: OrganisationId,
    pub mode: BenefitMode,
    pub attributed: i64,
    pub paid_out: i64,
    pub households: i64,
}

/// What households had in the span, by supplier and mode.
pub(in crate::report) async fn modes(db: &impl ConnectionTrait, asked: &Question) -> Result<Vec<Mode>, DbErr> {
    // First by household, then by supplier and mode: a household counts once however many orders it had a part in.
    let mut own = of_households(asked, true);
    own.inner_join(agreement::Entity, of("agreement", "id").eq(of("report_share", "agreement_id")));
    shown(&mut own, &[(r#""supplier_order"."supplier_id""#, "supplier_id"), (r#""agreement"."mode""#, "mode")]);
    let sums = [(r#""report_share"."attributed_fen""#, "attributed"), (r#""report_share"."paid_out_fen""#, "paid_out")];
    summed(db, &mut own, &sums);
    own.add_group_by([
        of("supplier_order", "supplier_id"),
        of("agreement", "mode"),
        of("report_share", "household_id"),
    ]);
    let mut rows = Query::select();
    rows.from_subquery(own, Alias::new("own"));
    shown(&mut rows, &[("supplier_id", "supplier_id"), ("mode", "mode"), ("count(*)", "households")]);
    summed(db, &mut rows, &[("attributed", "attributed"), ("paid_out", "paid_out")]);
    rows.add_group_by([of("own", "supplier_id"), of("own", "mode")]);
    all(db, &rows).await
}

/// What households had of an order.
#[derive(Debug, FromQueryResult)]
pub(in crate::report) struct Shared {
    pub id: SupplierOrderId,
    pub attributed: i64,
    pub paid_out: i64,
}

/// A page of the orders of which households had anything in the span: of all, or of a supplier by a mode.
pub(in crate::report) async fn shared_behind(
    db: &impl ConnectionTrait,
    asked: &Question,
    line: Option<(OrganisationId, BenefitMode)>,
    (after, limit): (Option<SupplierOrderId>, u64),
) -> Result<Vec<Shared>, DbErr> {
    let mut rows = of_households(asked, true);
    if let Some((supplier, mode)) = line {
        rows.inner_join(agreement::Entity, of("agreement", "id").eq(of("report_share", "agreement_id")))
            .and_where(supplier_order::Column::SupplierId.eq(supplier))
            .and_where(agreement::Column::Mode.eq(mode));
    }
    shown(&mut rows, &[(r#""supplier_order"."id""#, "id")]);
    let sums = [(r#""report_share"."attributed_fen""#, "attributed"), (r#""report_share"."paid_out_fen""#, "paid_out")];
    summed(db, &mut rows, &sums);
    rows.add_group_by([of("supplier_order", "id")]);
    all(db, &page(rows, after, limit)).await
}

/// What is unpaid of an order at the end of the last day.
#[derive(Debug, FromQueryResult)]
pub(in crate::report) struct Unpaid {
    pub id: SupplierOrderId,
    pub since: NaiveDate,
    pub open: i64,
}

/// Every order of which something was unpaid at the end of the last day, with the day of its first acceptance.
fn unpaid(db: &impl ConnectionTrait, asked: &Question) -> SelectStatement {
    let mut rows = of_orders(asked);
    shown(
        &mut rows,
        &[
            (r#""supplier_order"."id""#, "id"),
            (r#""supplier_order"."buyer_id""#, "buyer_id"),
            (r#"min("report_sale"."business_date")"#, "since"),
        ],
    );
    summed(db, &mut rows, &[(r#""report_sale"."receivable_fen""#, "open")]);
    let open = sum_as_integer(db.get_database_backend(), r#""report_sale"."receivable_fen""#);
    rows.and_where(report_sale::Column::ReceivableFen.is_not_null())
        .and_where(report_sale::Column::BusinessDate.lte(asked.span.1))
        .and_having(Expr::cust(open).gt(0));
    rows
}

/// What is unpaid of orders of a buyer that were first accepted on a day.
#[derive(Debug, FromQueryResult)]
pub(in crate::report) struct Owed {
    pub buyer_id: OrganisationId,
    pub since: NaiveDate,
    pub orders: i64,
    pub open: i64,
}

/// What was unpaid at the end of the last day, by buyer and day of acceptance.
pub(in crate::report) async fn owed(db: &impl ConnectionTrait, asked: &Question) -> Result<Vec<Owed>, DbErr> {
    let mut rows = Query::select();
    rows.from_subquery(unpaid(db, asked), Alias::new("unpaid"));
    shown(&mut rows, &[("buyer_id", "buyer_id"), ("since", "since"), ("count(*)", "orders")]);
    summed(db, &mut rows, &[("open", "open")]);
    rows.add_group_by([of("unpaid", "buyer_id"), of("unpaid", "since")]);
    all(db, &rows).await
}

/// A page of the orders that are behind a line of the arrears.
pub(in crate::report) async fn unpaid_behind(
    db: &impl ConnectionTrait,
    asked: &Question,
    line: &LineKey,
    (after, limit): (Option<SupplierOrderId>, u64),
) -> Result<Vec<Unpaid>, DbErr> {
    let mut rows = unpaid(db, asked);
    rows.cond_where(in_line(db, line));
    all(db, &page(rows, after, limit)).await
}
