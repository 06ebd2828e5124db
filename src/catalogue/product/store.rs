//! The only SQL about products; reads on somebody's behalf begin at [`visible`].

mod certificate;
mod photo;
mod sheet;

pub use certificate::certificates;
pub(super) use certificate::{
    certificate_for_change, ending_certificates, over_certificates, put_certificates, update_certificates, warned,
};
pub(super) use photo::{delete_photo, insert_photo, photos};
pub use sheet::of_limited_sale;
pub(in crate::catalogue) use sheet::{SALE_TERMS, in_category, peers, sale_terms, sheets, templates_of};
pub(super) use sheet::{held_for, lock_on_shelf_of, move_all, prices, processed_of, put_sheets, set_off_reason};

use crate::access::Scope;
use crate::db::Tx;
use crate::organisation;
use entity::value::{AreaCode, CategoryCode, Fen, OrganisationId, Packs, PersonId, ProductId, ProductState};
use entity::{product, product_price};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, LikeExpr, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// A change of one product's stock: packs in store, packs promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Movement {
    pub(super) product: ProductId,
    pub(super) on_hand: i64,
    pub(super) reserved: i64,
}

/// What a plain look-up asks for; everything holds together.
#[derive(Debug, Clone, Default)]
pub struct Plain<'a> {
    /// In the name.
    pub text: Option<&'a str>,
    /// A category or one above it.
    pub category: Option<&'a CategoryCode>,
    /// The county of origin, by its code of today.
    pub county: Option<&'a AreaCode>,
    /// The province of origin.
    pub province: Option<&'a AreaCode>,
    /// One supplier's products only.
    pub supplier: Option<OrganisationId>,
    /// The lowest price of a pack.
    pub price_from_fen: Option<Fen>,
    /// The highest price of a pack.
    pub price_to_fen: Option<Fen>,
    /// Whether at least one pack can be ordered now.
    pub in_stock: bool,
    /// Older than this product.
    pub after: Option<Uuid>,
    /// At most so many.
    pub limit: u64,
}

/// Rows sorted by the product they belong to, each product's in their order.
fn by_product<T>(rows: Vec<T>, product: fn(&T) -> ProductId) -> HashMap<ProductId, Vec<T>> {
    let mut sorted: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        sorted.entry(product(&row)).or_default().push(row);
    }
    sorted
}

fn visible(scope: &Scope) -> Select<product::Entity> {
    product::Entity::find().filter(within(scope))
}

fn within(scope: &Scope) -> Condition {
    match scope {
        Scope::Everything => Condition::all(),
        Scope::County(county) => Condition::all().add(product::Column::OriginCountyCode.eq(county.clone())),
        Scope::AssignedHouseholds(_) => Condition::all().add(Expr::value(false)),
        // Suppliers have none below them, so a tree is its root.
        Scope::Organisation(own) | Scope::Tree(own) => Condition::all().add(product::Column::SupplierId.eq(*own)),
    }
}

/// A product, whoever asks: for other rooms, which have their own scopes.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(db: &impl ConnectionTrait, id: ProductId) -> Result<Option<product::Model>, DbErr> {
    product::Entity::find_by_id(id).one(db).await
}

/// Several products, whoever asks, in no order; those that do not exist are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_many(db: &impl ConnectionTrait, ids: &[ProductId]) -> Result<Vec<product::Model>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    product::Entity::find().filter(product::Column::Id.is_in(ids.iter().copied())).all(db).await
}

/// A product in reach.
pub(in crate::catalogue) async fn find_visible(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: ProductId,
) -> Result<Option<product::Model>, DbErr> {
    visible(scope).filter(product::Column::Id.eq(id)).one(db).await
}

pub(super) async fn find_for_change(tx: &Tx, scope: &Scope, id: ProductId) -> Result<Option<product::Model>, DbErr> {
    visible(scope).filter(product::Column::Id.eq(id)).lock_exclusive().one(tx).await
}

/// Newest first, one more than asked for.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    state: Option<ProductState>,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<product::Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(product::Column::Id).limit(limit + 1);
    if let Some(state) = state {
        rows = rows.filter(product::Column::State.eq(state));
    }
    if let Some(after) = after {
        rows = rows.filter(product::Column::Id.lt(after));
    }
    rows.all(db).await
}

fn on_shelf() -> Select<product::Entity> {
    product::Entity::find().filter(product::Column::State.eq(ProductState::OnShelf))
}

pub(super) async fn on_shelf_among(db: &impl ConnectionTrait, ids: &[ProductId]) -> Result<Vec<product::Model>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    on_shelf().filter(product::Column::Id.is_in(ids.iter().copied())).all(db).await
}

pub(super) async fn on_shelf_after(
    db: &impl ConnectionTrait,
    after: Option<ProductId>,
    limit: u64,
) -> Result<Vec<product::Model>, DbErr> {
    let mut rows = on_shelf().order_by_asc(product::Column::Id).limit(limit);
    if let Some(after) = after {
        rows = rows.filter(product::Column::Id.gt(after));
    }
    rows.all(db).await
}

/// How many products are on the shelf.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count_on_shelf(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    on_shelf().count(db).await
}

/// Products on the shelf that meet the conditions, newest first: for when the search index is out of order.
pub(super) async fn on_shelf_matching(
    db: &impl ConnectionTrait,
    wanted: &Plain<'_>,
) -> Result<Vec<product::Model>, DbErr> {
    let Plain { text, category, county, province, supplier, price_from_fen, price_to_fen, in_stock, after, limit } =
        wanted;
    let mut holds = Condition::all();
    if let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) {
        holds = holds.add(product::Column::Name.like(containing(text)));
    }
    if let Some(category) = category {
        // A category's code begins with the codes above it.
        holds = holds.add(product::Column::CategoryCode.like(beginning_with(category.as_str())));
    }
    if let Some(county) = county {
        holds = holds.add(product::Column::OriginCountyCode.eq((*county).clone()));
    }
    if let Some(digits) = province.and_then(|province| province.as_str().get(..2)) {
        holds = holds.add(product::Column::OriginCountyCode.like(beginning_with(digits)));
    }
    if let Some(supplier) = supplier {
        holds = holds.add(product::Column::SupplierId.eq(*supplier));
    }
    if let Some(from) = price_from_fen {
        holds = holds.add(product::Column::UnitPriceFen.gte(*from));
    }
    if let Some(to) = price_to_fen {
        holds = holds.add(product::Column::UnitPriceFen.lte(*to));
    }
    if *in_stock {
        holds = holds.add(Expr::col(product::Column::OnHandPacks).gt(Expr::col(product::Column::ReservedPacks)));
    }
    if let Some(after) = after {
        holds = holds.add(product::Column::Id.lt(*after));
    }
    on_shelf().filter(holds).order_by_desc(product::Column::Id).limit(*limit).all(db).await
}

/// A pattern for texts that begin with this one, whatever signs it holds.
fn beginning_with(text: &str) -> LikeExpr {
    LikeExpr::new(format!("{}%", literal(text))).escape('\\')
}

/// A pattern for texts that hold this one, whatever signs it holds.
fn containing(text: &str) -> LikeExpr {
    LikeExpr::new(format!("%{}%", literal(text))).escape('\\')
}

fn literal(text: &str) -> String {
    // PostgreSQL takes no NUL, and no product has one in its name.
    text.replace('\0', "").replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

pub(super) async fn insert(tx: &Tx, row: &product::Model, price: product_price::ActiveModel) -> Result<(), DbErr> {
    product::Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    insert_price(tx, price).await
}

/// Who set prices of a product.
pub(super) async fn priced_by(db: &impl ConnectionTrait, id: ProductId) -> Result<Vec<PersonId>, DbErr> {
    let rows = product_price::Entity::find()
        .select_only()
        .column(product_price::Column::CreatedBy)
        .filter(product_price::Column::ProductId.eq(id));
    rows.distinct().into_tuple().all(db).await
}

pub(super) async fn insert_price(tx: &Tx, price: product_price::ActiveModel) -> Result<(), DbErr> {
    product_price::Entity::insert(price).exec_without_returning(tx).await?;
    Ok(())
}

/// The number of the product's last price.
pub(super) async fn last_price_number(tx: &Tx, id: ProductId) -> Result<i32, DbErr> {
    let last = product_price::Entity::find()
        .filter(product_price::Column::ProductId.eq(id))
        .order_by_desc(product_price::Column::Number)
        .one(tx)
        .await?;
    Ok(last.map_or(0, |price| price.number))
}

/// Writes everything but the stock of a product that is held for change.
pub(super) async fn update(tx: &Tx, changed: &product::Model) -> Result<(), DbErr> {
    let product::Model {
        id,
        supplier_id: _,
        name,
        category_code,
        origin_county_code: _,
        pack_grams: _,
        description,
        min_packs,
        on_hand_packs: _,
        reserved_packs: _,
        shelf_life_days,
        unit_price_fen,
        price_id,
        state,
        review_opinion,
        created_at: _,
        updated_at,
        version,
    } = changed;
    product::Entity::update_many()
        .col_expr(product::Column::Name, Expr::value(name.clone()))
        .col_expr(product::Column::CategoryCode, Expr::value(category_code.clone()))
        .col_expr(product::Column::Description, Expr::value(description.clone()))
        .col_expr(product::Column::MinPacks, Expr::value(*min_packs))
        .col_expr(product::Column::ShelfLifeDays, Expr::value(*shelf_life_days))
        .col_expr(product::Column::UnitPriceFen, Expr::value(*unit_price_fen))
        .col_expr(product::Column::PriceId, Expr::value(*price_id))
        .col_expr(product::Column::State, Expr::value(*state))
        .col_expr(product::Column::ReviewOpinion, Expr::value(review_opinion.clone()))
        .col_expr(product::Column::UpdatedAt, Expr::value(*updated_at))
        .col_expr(product::Column::Version, Expr::value(*version))
        .filter(product::Column::Id.eq(*id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Locks products in the order of their ids, the one order in which everybody locks them.
/// On SQLite the transaction is the only writer already, and the query builder leaves the lock out.
pub(super) async fn lock(tx: &Tx, ids: &[ProductId]) -> Result<HashMap<ProductId, product::Model>, DbErr> {
    let rows = product::Entity::find()
        .filter(product::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(product::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// The same, but for products of suppliers that have ended.
pub(super) async fn lock_sold(tx: &Tx, ids: &[ProductId]) -> Result<HashMap<ProductId, product::Model>, DbErr> {
    let rows = product::Entity::find()
        .filter(product::Column::Id.is_in(ids.iter().copied()))
        .filter(product::Column::SupplierId.in_subquery(organisation::ids_active()))
        .order_by_asc(product::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Reserves packs of those of the products that can be had as wanted, in one statement; gives them as they are now.
///
/// Rows are locked in the order of their ids by the query inside, before they are changed.
pub(super) async fn reserve(tx: &Tx, wanted: &BTreeMap<ProductId, Packs>) -> Result<Vec<product::Model>, DbErr> {
    use product::Column;
    let packs = || -> SimpleExpr {
        let start = CaseStatement::new();
        let cases = wanted
            .iter()
            .fold(start, |cases, (product, packs)| cases.case(Column::Id.eq(*product), Expr::value(packs.get())));
        cases.finally(Expr::value(0_i64)).into()
    };
    let sold = product::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Id.is_in(wanted.keys().copied()))
        .filter(Column::State.eq(ProductState::OnShelf))
        .filter(Column::SupplierId.in_subquery(organisation::ids_active()))
        .filter(packs().gt(0_i64))
        .filter(packs().gte(Expr::col(Column::MinPacks)))
        .filter(packs().lte(Expr::col(Column::OnHandPacks).sub(Expr::col(Column::ReservedPacks))))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .into_query();
    product::Entity::update_many()
        .col_expr(Column::ReservedPacks, Expr::col(Column::ReservedPacks).add(packs()))
        .filter(Column::Id.in_subquery(sold))
        .exec_with_returning(tx)
        .await
}

/// Moves the stock of many products in one statement. Says how many there were.
///
/// The version stays: whoever edits a product that sells well would be refused for ever otherwise.
pub(super) async fn move_stock(tx: &Tx, movements: &[Movement]) -> Result<u64, DbErr> {
    let by = |part: fn(&Movement) -> i64| -> SimpleExpr {
        let start = CaseStatement::new();
        let cases = movements.iter().fold(start, |cases, movement| {
            cases.case(product::Column::Id.eq(movement.product), Expr::value(part(movement)))
        });
        cases.finally(Expr::value(0_i64)).into()
    };
    let done = product::Entity::update_many()
        .col_expr(product::Column::OnHandPacks, Expr::col(product::Column::OnHandPacks).add(by(|m| m.on_hand)))
        .col_expr(product::Column::ReservedPacks, Expr::col(product::Column::ReservedPacks).add(by(|m| m.reserved)))
        .filter(product::Column::Id.is_in(movements.iter().map(|movement| movement.product)))
        .exec(tx)
        .await?;
    Ok(done.rows_affected)
}

/// A supplier's products with one of these names.
pub(super) async fn named(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    names: &[&str],
) -> Result<Vec<product::Model>, DbErr> {
    let mut found = Vec::new();
    for part in names.chunks(1000) {
        let rows = visible(&Scope::Organisation(supplier)).filter(product::Column::Name.is_in(part.iter().copied()));
        found.extend(rows.order_by_asc(product::Column::Id).all(db).await?);
    }
    Ok(found)
}

/// A supplier's products after one of them, oldest first.
pub(super) async fn own_after(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    after: Option<ProductId>,
    limit: u64,
) -> Result<Vec<product::Model>, DbErr> {
    let mut rows = visible(&Scope::Organisation(supplier));
    if let Some(after) = after {
        rows = rows.filter(product::Column::Id.gt(after));
    }
    rows.order_by_asc(product::Column::Id).limit(limit).all(db).await
}

/// Rows of one insert: a product has some twenty columns, and a statement some thirty thousand values.
const ROWS: usize = 1000;

pub(super) async fn insert_many(
    tx: &Tx,
    rows: Vec<product::ActiveModel>,
    prices: Vec<product_price::ActiveModel>,
) -> Result<(), DbErr> {
    for part in rows.chunks(ROWS) {
        product::Entity::insert_many(part.to_vec()).exec_without_returning(tx).await?;
    }
    insert_prices(tx, prices).await
}

pub(super) async fn insert_prices(tx: &Tx, prices: Vec<product_price::ActiveModel>) -> Result<(), DbErr> {
    for part in prices.chunks(ROWS) {
        product_price::Entity::insert_many(part.to_vec()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// The number of each product's last price.
pub(super) async fn last_price_numbers(tx: &Tx, ids: &[ProductId]) -> Result<HashMap<ProductId, i32>, DbErr> {
    let rows = product_price::Entity::find()
        .select_only()
        .column(product_price::Column::ProductId)
        .column_as(product_price::Column::Number.max(), "number")
        .filter(product_price::Column::ProductId.is_in(ids.iter().copied()))
        .group_by(product_price::Column::ProductId);
    Ok(rows.into_tuple::<(ProductId, i32)>().all(tx).await?.into_iter().collect())
}

/// Writes everything but the stock of products that are held for change, in one statement: each is there, so what is
/// proposed is never inserted.
pub(super) async fn update_many(tx: &Tx, rows: Vec<product::Model>) -> Result<(), DbErr> {
    use product::Column;
    let changed = [
        Column::Name,
        Column::CategoryCode,
        Column::Description,
        Column::MinPacks,
        Column::ShelfLifeDays,
        Column::UnitPriceFen,
        Column::PriceId,
        Column::State,
        Column::UpdatedAt,
        Column::Version,
    ];
    for part in rows.chunks(ROWS) {
        let there = sea_orm::sea_query::OnConflict::column(Column::Id).update_columns(changed).to_owned();
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        product::Entity::insert_many(part).on_conflict(there).exec_without_returning(tx).await?;
    }
    Ok(())
}
