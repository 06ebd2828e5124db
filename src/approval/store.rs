//! Rules and deputies in the database.

use super::chain::{Rule, RuleStep};
use crate::access::Scope;
use crate::db::Tx;
use crate::organisation;
use chrono::NaiveDate;
use entity::value::{ApprovalRuleId, DeputyId, OrganisationId};
use entity::{approval_deputy, approval_rule, approval_rule_step};
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Where every query for rules begins: they are their organisation's.
fn visible_rules(scope: &Scope) -> Select<approval_rule::Entity> {
    use approval_rule::Column;
    match scope {
        Scope::Everything => approval_rule::Entity::find(),
        Scope::Organisation(own) => approval_rule::Entity::find().filter(Column::OrganisationId.eq(*own)),
        _ => approval_rule::Entity::find().filter(Column::OrganisationId.in_subquery(organisation::ids_within(scope))),
    }
}

/// Where every query for deputies begins.
fn visible_deputies(scope: &Scope) -> Select<approval_deputy::Entity> {
    use approval_deputy::Column;
    match scope {
        Scope::Everything => approval_deputy::Entity::find(),
        Scope::Organisation(own) => approval_deputy::Entity::find().filter(Column::OrganisationId.eq(*own)),
        _ => {
            approval_deputy::Entity::find().filter(Column::OrganisationId.in_subquery(organisation::ids_within(scope)))
        }
    }
}

/// How many versions of rules a unit and those above it ever had, as an expression for a query over another table:
/// where there are none, nobody has to be asked.
#[must_use]
pub fn rules_over(unit: OrganisationId) -> SimpleExpr {
    let count = approval_rule::Entity::find()
        .select_only()
        .expr(approval_rule::Column::Id.count())
        .filter(approval_rule::Column::OrganisationId.in_subquery(organisation::ids_above(unit)))
        .into_query();
    SimpleExpr::SubQuery(None, Box::new(count.into()))
}

/// The last version of each rule of these organisations that holds anything, with its steps. The organisations are
/// the unit and those above it, the nearest first.
pub(super) async fn rules_in_force(db: &impl ConnectionTrait, line: &[OrganisationId]) -> Result<Vec<Rule>, DbErr> {
    let rows = approval_rule::Entity::find()
        .filter(approval_rule::Column::OrganisationId.is_in(line.iter().copied()))
        .order_by_asc(approval_rule::Column::Number)
        .all(db)
        .await?;
    // Versions come in order: the last one of a name replaces those before it.
    let mut last: HashMap<(OrganisationId, String), approval_rule::Model> = HashMap::new();
    for row in rows {
        last.insert((row.organisation_id, row.code.clone()), row);
    }
    let rows: Vec<_> = last.into_values().filter(|row| row.is_active).collect();
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut steps = steps_of(db, &ids).await?;
    let rule = |row: approval_rule::Model| {
        let steps = steps.remove(&row.id).unwrap_or_default().into_iter().map(|step| RuleStep {
            role: step.role,
            organisation: step.organisation_id,
            person: step.person_id,
            remind_hours: step.remind_hours,
        });
        Rule {
            id: row.id,
            distance: line.iter().position(|id| *id == row.organisation_id).unwrap_or(line.len()),
            organisation: row.organisation_id,
            code: row.code,
            amount_from: row.amount_from_fen,
            category: row.category_code,
            fund_kind: row.fund_kind,
            over_budget: row.over_budget,
            steps: steps.collect(),
        }
    };
    Ok(rows.into_iter().map(rule).collect())
}

/// The steps of rules, in their order.
pub(super) async fn steps_of(
    db: &impl ConnectionTrait,
    rules: &[ApprovalRuleId],
) -> Result<HashMap<ApprovalRuleId, Vec<approval_rule_step::Model>>, DbErr> {
    let mut steps: HashMap<ApprovalRuleId, Vec<approval_rule_step::Model>> = HashMap::new();
    if rules.is_empty() {
        return Ok(steps);
    }
    let rows = approval_rule_step::Entity::find()
        .filter(approval_rule_step::Column::RuleId.is_in(rules.iter().copied()))
        .order_by_asc(approval_rule_step::Column::StepNo);
    for row in rows.all(db).await? {
        steps.entry(row.rule_id).or_default().push(row);
    }
    Ok(steps)
}

/// The number of the last version of a rule.
pub(super) async fn versions_of(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    code: &str,
) -> Result<i32, DbErr> {
    let last = approval_rule::Entity::find()
        .filter(approval_rule::Column::OrganisationId.eq(organisation))
        .filter(approval_rule::Column::Code.eq(code))
        .order_by_desc(approval_rule::Column::Number);
    Ok(last.one(db).await?.map_or(0, |row| row.number))
}

pub(super) async fn insert_rule(
    tx: &Tx,
    row: approval_rule::Model,
    steps: Vec<approval_rule_step::Model>,
) -> Result<(), DbErr> {
    approval_rule::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    if !steps.is_empty() {
        let steps = steps.into_iter().map(IntoActiveModel::into_active_model);
        approval_rule_step::Entity::insert_many(steps).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Rules in reach, newest first.
pub(super) async fn list_rules(
    db: &impl ConnectionTrait,
    scope: &Scope,
    organisation: Option<OrganisationId>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<approval_rule::Model>, DbErr> {
    let mut rows = visible_rules(scope).order_by_desc(approval_rule::Column::Id).limit(limit);
    if let Some(organisation) = organisation {
        rows = rows.filter(approval_rule::Column::OrganisationId.eq(organisation));
    }
    if let Some(before) = before {
        rows = rows.filter(approval_rule::Column::Id.lt(before));
    }
    rows.all(db).await
}

pub(super) async fn insert_deputy(tx: &Tx, row: approval_deputy::Model) -> Result<(), DbErr> {
    approval_deputy::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// A deputy in reach, locked until the transaction ends.
pub(super) async fn hold_deputy(tx: &Tx, scope: &Scope, id: DeputyId) -> Result<Option<approval_deputy::Model>, DbErr> {
    visible_deputies(scope).filter(approval_deputy::Column::Id.eq(id)).lock_exclusive().one(tx).await
}

pub(super) async fn save_deputy(tx: &Tx, row: approval_deputy::Model) -> Result<approval_deputy::Model, DbErr> {
    let row = approval_deputy::Model { version: row.version + 1, ..row };
    approval_deputy::Entity::update(row.into_active_model().reset_all()).exec(tx).await
}

/// Deputies in reach, newest first.
pub(super) async fn list_deputies(
    db: &impl ConnectionTrait,
    scope: &Scope,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<approval_deputy::Model>, DbErr> {
    let mut rows = visible_deputies(scope).order_by_desc(approval_deputy::Column::Id).limit(limit);
    if let Some(before) = before {
        rows = rows.filter(approval_deputy::Column::Id.lt(before));
    }
    rows.all(db).await
}

/// Whoever stands in for somebody in an organisation on a day.
pub(super) async fn deputies_on(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    today: NaiveDate,
) -> Result<Vec<approval_deputy::Model>, DbErr> {
    use approval_deputy::Column;
    let in_force = Condition::all()
        .add(Column::OrganisationId.eq(organisation))
        .add(Column::EndedAt.is_null())
        .add(Column::FromDate.lte(today))
        .add(Column::ToDate.gte(today));
    approval_deputy::Entity::find().filter(in_force).order_by_asc(Column::Id).all(db).await
}
