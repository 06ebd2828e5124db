//! The organisations in the database, and which of them a scope reaches.

use super::view::OrganisationFilter;
use crate::access::Scope;
use crate::db::Tx;
use crate::db::facts::{self, Fact, Question};
use chrono::NaiveDate;
use entity::organisation::{ActiveModel, Column, Entity, Model};
use entity::value::{AreaCode, OrganisationId, OrganisationKind};
use entity::{organisation_change, organisation_move};
use sea_orm::sea_query::{Alias, CommonTableExpression, Expr, ExprTrait, LockType, Query, SelectStatement, UnionType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// An organisation and all below it, as a query for their ids. `union` leaves out what was seen, so it always ends.
fn below(root: OrganisationId) -> SelectStatement {
    let tree = Alias::new("tree");
    let children = Query::select()
        .column((Entity, Column::Id))
        .from(Entity)
        .inner_join(tree.clone(), Expr::col((Entity, Column::ParentId)).equals((tree.clone(), Column::Id)))
        .to_owned();
    walk(root, children)
}

/// An organisation and all above it, as a query for their ids.
fn above(leaf: OrganisationId) -> SelectStatement {
    let tree = Alias::new("tree");
    let (child, parent) = (Alias::new("child"), Alias::new("parent"));
    let parents = Query::select()
        .column((parent.clone(), Column::Id))
        .from_as(Entity, parent.clone())
        .join_as(
            sea_orm::JoinType::InnerJoin,
            Entity,
            child.clone(),
            Expr::col((child.clone(), Column::ParentId)).equals((parent, Column::Id)),
        )
        .inner_join(tree.clone(), Expr::col((child, Column::Id)).equals((tree, Column::Id)))
        .to_owned();
    walk(leaf, parents)
}

/// The ids of an organisation and of all above it, as a query to put inside another room's own.
#[must_use]
pub fn ids_above(leaf: OrganisationId) -> SelectStatement {
    above(leaf)
}

/// An organisation and those above it, the nearest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn line_of(db: &impl ConnectionTrait, leaf: OrganisationId) -> Result<Vec<Model>, DbErr> {
    let mut known = Entity::find().filter(Column::Id.in_subquery(above(leaf))).all(db).await?;
    let (mut line, mut next) = (Vec::with_capacity(known.len()), Some(leaf));
    while let Some(place) = next.and_then(|id| known.iter().position(|row| row.id == id)) {
        let row = known.swap_remove(place);
        next = row.parent_id;
        line.push(row);
    }
    Ok(line)
}

fn walk(from: OrganisationId, step: SelectStatement) -> SelectStatement {
    let tree = Alias::new("tree");
    let mut walk = Query::select();
    walk.column(Column::Id).from(Entity).and_where(Column::Id.eq(from)).union(UnionType::Distinct, step);
    let table = CommonTableExpression::new().table_name(tree.clone()).column(Column::Id).query(walk).to_owned();
    let clause = Query::with().recursive(true).cte(table).to_owned();
    Query::select().column(Column::Id).from(tree).with_cte(clause).to_owned()
}

/// The ids of all organisations that a scope reaches, as a query to put inside another room's own:
/// `.filter(Column::SupplierId.in_subquery(organisation::ids_within(grant.scope())))`.
///
/// A county reaches the organisations that sit in it.
#[must_use]
pub fn ids_within(scope: &Scope) -> SelectStatement {
    let all = || Query::select().column(Column::Id).from(Entity).to_owned();
    match scope {
        Scope::Organisation(id) => all().and_where(Column::Id.eq(*id)).to_owned(),
        Scope::Tree(root) => below(*root),
        Scope::County(county) => all().and_where(Column::DivisionCode.eq(county.clone())).to_owned(),
        Scope::AssignedHouseholds(_) => all().and_where(Expr::value(false)).to_owned(),
        Scope::Everything => all(),
    }
}

/// Where every query begins.
fn visible(scope: &Scope) -> Select<Entity> {
    match scope {
        Scope::Everything => Entity::find(),
        Scope::Organisation(id) => Entity::find().filter(Column::Id.eq(*id)),
        Scope::County(county) => Entity::find().filter(Column::DivisionCode.eq(county.clone())),
        Scope::Tree(_) => Entity::find().filter(Column::Id.in_subquery(ids_within(scope))),
        Scope::AssignedHouseholds(_) => Entity::find().filter(Expr::value(false)),
    }
}

/// An organisation, whoever asks: for other rooms, which have their own scopes.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(db: &impl ConnectionTrait, id: OrganisationId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(db).await
}

const BUYER: &str = "organisation";

/// Asks what an organisation is and where; [`kind_and_place`] reads the answer.
#[must_use]
pub fn asked(id: OrganisationId) -> Question {
    let rows = Entity::find().select_only().filter(Column::Id.eq(id)).into_query();
    let column = |column: Column| Expr::col((Entity, column));
    Question::about(BUYER, rows, column(Column::Id)).text(column(Column::Kind)).text(column(Column::DivisionCode))
}

/// What the organisation that was asked for is, and its division.
#[must_use]
pub fn kind_and_place(found: &[Fact]) -> Option<(OrganisationKind, AreaCode)> {
    let fact = facts::of(found, BUYER).next()?;
    let kind = OrganisationKind::ALL.iter().copied().find(|kind| Some(kind.as_str()) == fact.t1.as_deref())?;
    Some((kind, AreaCode::parse(fact.t2.as_deref()?).ok()?))
}

/// Several organisations, whoever asks, in no order; those that do not exist are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_many(db: &impl ConnectionTrait, ids: &[OrganisationId]) -> Result<Vec<Model>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db).await
}

/// The organisations with these names, in no order.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_named(db: &impl ConnectionTrait, names: &[String]) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::Name.is_in(names.iter().cloned())).all(db).await
}

/// An organisation and all those below it.
///
/// # Errors
/// When the database cannot be asked.
pub async fn tree_ids(db: &impl ConnectionTrait, root: OrganisationId) -> Result<Vec<OrganisationId>, DbErr> {
    let rows = db.query_all(&below(root)).await?;
    rows.iter().map(|row| row.try_get("", "id")).collect()
}

/// An organisation and all those that stood below it on a day, in no order.
///
/// # Errors
/// When the database cannot be asked.
pub async fn tree_ids_on(
    db: &impl ConnectionTrait,
    root: OrganisationId,
    date: NaiveDate,
) -> Result<Vec<OrganisationId>, DbErr> {
    let stood = stood_on(db, date).await?;
    if stood.is_empty() {
        return tree_ids(db, root).await;
    }
    let (mut found, mut level) = (HashSet::from([root]), vec![root]);
    while !level.is_empty() {
        let here: HashSet<OrganisationId> = level.iter().copied().collect();
        let rows = Entity::find().filter(Column::ParentId.is_in(level)).all(db).await?;
        let stayed = rows.into_iter().map(|row| row.id).filter(|id| !stood.contains_key(id));
        let since_left = stood.iter().filter(|(_, parent)| parent.is_some_and(|parent| here.contains(&parent)));
        let next: Vec<OrganisationId> = stayed.chain(since_left.map(|(id, _)| *id)).collect();
        // Whatever was seen is left out, so it always ends.
        level = next.into_iter().filter(|id| found.insert(*id)).collect();
    }
    Ok(found.into_iter().collect())
}

/// Under whom those stood on a day that have moved since: of each the first move after it says so.
async fn stood_on(
    db: &impl ConnectionTrait,
    date: NaiveDate,
) -> Result<HashMap<OrganisationId, Option<OrganisationId>>, DbErr> {
    let later = organisation_move::Entity::find()
        .filter(organisation_move::Column::OnDate.gt(date))
        .order_by_asc(organisation_move::Column::OnDate)
        .order_by_asc(organisation_move::Column::Id)
        .all(db)
        .await?;
    let mut stood = HashMap::new();
    for one in later {
        stood.entry(one.organisation_id).or_insert(one.parent_before);
    }
    Ok(stood)
}

/// Whether `descendant` stood below `ancestor` on a day, or is it.
///
/// # Errors
/// When the database cannot be asked.
pub async fn was_below(
    db: &impl ConnectionTrait,
    ancestor: OrganisationId,
    descendant: OrganisationId,
    date: NaiveDate,
) -> Result<bool, DbErr> {
    Ok(tree_ids_on(db, ancestor, date).await?.contains(&descendant))
}

/// Whether `descendant` stands below `ancestor`, or is it.
///
/// # Errors
/// When the database cannot be asked.
pub async fn is_below(
    db: &impl ConnectionTrait,
    ancestor: OrganisationId,
    descendant: OrganisationId,
) -> Result<bool, DbErr> {
    let chain = above(descendant);
    let found = Entity::find_by_id(ancestor).filter(Column::Id.in_subquery(chain)).one(db).await?;
    Ok(found.is_some())
}

pub(super) async fn find_visible(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: OrganisationId,
) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).one(db).await
}

pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: &OrganisationFilter,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut rows = visible(scope).order_by_asc(Column::Id).limit(limit);
    if let Some(kind) = filter.kind {
        rows = rows.filter(Column::Kind.eq(kind));
    }
    if let Some(division) = &filter.division {
        rows = rows.filter(Column::DivisionCode.eq(division.clone()));
    }
    if let Some(after) = after {
        rows = rows.filter(Column::Id.gt(after));
    }
    rows.all(db).await
}

pub(super) async fn insert(tx: &Tx, row: ActiveModel) -> Result<Model, DbErr> {
    Entity::insert(row).exec_with_returning(tx).await
}

/// Several organisations as they were called on a day, in the order of the ids; nobody's name is an empty text.
///
/// # Errors
/// When the database cannot be asked.
pub async fn names_on(
    db: &impl ConnectionTrait,
    ids: &[OrganisationId],
    date: NaiveDate,
) -> Result<Vec<String>, DbErr> {
    let known = find_many(db, ids).await?;
    let later = organisation_change::Entity::find()
        .filter(organisation_change::Column::OrganisationId.is_in(ids.iter().copied()))
        .filter(organisation_change::Column::OnDate.gt(date))
        .order_by_asc(organisation_change::Column::OnDate)
        .order_by_asc(organisation_change::Column::Id)
        .all(db)
        .await?;
    let name = |id: &OrganisationId| {
        let then = later.iter().find(|change| change.organisation_id == *id).map(|change| change.name_before.clone());
        then.or_else(|| known.iter().find(|row| row.id == *id).map(|row| row.name.clone())).unwrap_or_default()
    };
    Ok(ids.iter().map(name).collect())
}

/// The ids of the organisations that may act, as a query to put inside another room's own.
#[must_use]
pub fn ids_active() -> SelectStatement {
    Query::select().column(Column::Id).from(Entity).and_where(Column::IsActive.eq(true)).to_owned()
}

/// Whether a scope reaches an organisation.
///
/// # Errors
/// When the database cannot be asked.
pub async fn is_within(db: &impl ConnectionTrait, scope: &Scope, id: OrganisationId) -> Result<bool, DbErr> {
    Ok(find_visible(db, scope, id).await?.is_some())
}

/// An organisation, held until the transaction ends, so that what becomes of it is decided one at a time.
///
/// # Errors
/// When the database cannot be asked.
pub async fn hold(tx: &Tx, id: OrganisationId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(tx).await
}

/// From now on it has this name, and acts or does not. What decides that is said by `succession`.
///
/// # Errors
/// When the database refuses.
pub async fn become_known_as(tx: &Tx, id: OrganisationId, name: &str, is_active: bool) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Name, Expr::value(name))
        .col_expr(Column::IsActive, Expr::value(is_active))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await
        .map(drop)
}

/// Whether an organisation that may act stands directly below this one.
///
/// # Errors
/// When the database cannot be asked.
pub async fn has_active_below(tx: &Tx, id: OrganisationId) -> Result<bool, DbErr> {
    let below = Entity::find().filter(Column::ParentId.eq(id)).filter(Column::IsActive.eq(true));
    Ok(below.one(tx).await?.is_some())
}

/// What stands directly below an organisation.
///
/// # Errors
/// When the database cannot be asked.
pub async fn ids_directly_below(tx: &Tx, id: OrganisationId) -> Result<Vec<OrganisationId>, DbErr> {
    let rows = Entity::find().filter(Column::ParentId.eq(id)).order_by_asc(Column::Id).all(tx).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// It stands under another. Whether it can is said by whoever calls.
///
/// # Errors
/// When the database refuses.
pub async fn place_under(tx: &Tx, id: OrganisationId, parent: OrganisationId) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::ParentId, Expr::value(parent))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await
        .map(drop)
}

/// What stood directly below one stands below another of the same kind, which does not stand below the first.
///
/// # Errors
/// When the database refuses.
pub async fn hand_over(tx: &Tx, from: OrganisationId, to: OrganisationId) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::ParentId, Expr::value(to))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::ParentId.eq(from))
        .exec(tx)
        .await
        .map(drop)
}

/// The next active organisations of some kinds after one, in the order of their identifiers.
///
/// # Errors
/// When the database cannot be asked.
pub async fn active_of_kinds(
    db: &impl ConnectionTrait,
    kinds: &[OrganisationKind],
    after: Option<OrganisationId>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut rows = Entity::find()
        .filter(Column::Kind.is_in(kinds.iter().copied()))
        .filter(Column::IsActive.eq(true))
        .order_by_asc(Column::Id)
        .limit(limit);
    if let Some(after) = after {
        rows = rows.filter(Column::Id.gt(after));
    }
    rows.all(db).await
}

/// The active organisation of a kind that sits in a division, the first entered of several.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_seated(
    db: &impl ConnectionTrait,
    kind: OrganisationKind,
    division: &AreaCode,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::Kind.eq(kind))
        .filter(Column::DivisionCode.eq(division.clone()))
        .filter(Column::IsActive.eq(true))
        .order_by_asc(Column::Id)
        .one(db)
        .await
}
