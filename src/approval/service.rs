//! What can be done with rules and deputies: enter them, show them, ask them.

use super::chain::{self, Asked, Needed};
use super::view::{ApprovalRule, Deputy, NewApprovalRule, NewApprovalStep, NewDeputy, RuleFilter};
use super::{ApprovalError, store};
use crate::access::Grant;
use crate::access::policy::{DecideRequest, KeepApprovalRule, ViewApprovalRule};
use crate::db::{self, Change, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::problem::{Failure, FieldProblem, Text};
use crate::{identity, organisation};
use chrono::NaiveDate;
use entity::value::{ApprovalRuleId, DeputyId, OrganisationId, PersonId, Role, business_date};
use entity::{approval_deputy, approval_rule, approval_rule_step};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;

/// The roles that decide.
const DECIDERS: [Role; 2] = [Role::Approver, Role::FinanceOfficer];
/// How many steps a rule may have.
const MOST_STEPS: usize = 10;
/// How long somebody may be away, in days.
const LONGEST_ABSENCE: i64 = 366;

/// Enters a rule, or a new version of one.
///
/// # Errors
/// An organisation out of reach; fields that make no sense; nobody who could decide.
pub(super) async fn add_rule(
    tx: &Tx,
    grant: &Grant<KeepApprovalRule>,
    wanted: &NewApprovalRule,
) -> Result<ApprovalRule, ApprovalError> {
    let faults = faults_of(wanted);
    if !faults.is_empty() {
        return Err(ApprovalError::Fields(faults));
    }
    if !organisation::is_within(tx, grant.scope(), wanted.organisation_id).await? {
        return Err(ApprovalError::NotFound);
    }
    let id = ApprovalRuleId::generate();
    let mut steps = Vec::with_capacity(wanted.steps.len());
    for (index, step) in wanted.steps.iter().enumerate() {
        steps.push(step_of(tx, grant, wanted.organisation_id, (id, index), step).await?);
    }
    let code = wanted.code.as_str();
    let row = approval_rule::Model {
        id,
        organisation_id: wanted.organisation_id,
        code: code.to_owned(),
        number: store::versions_of(tx, wanted.organisation_id, code).await? + 1,
        amount_from_fen: wanted.amount_from_fen,
        category_code: wanted.category_code.clone(),
        fund_kind: wanted.fund_kind,
        over_budget: wanted.over_budget,
        is_active: !steps.is_empty(),
        document: wanted.document.as_str().to_owned(),
        created_by: grant.person()?,
        created_at: tx.now(),
    };
    store::insert_rule(tx, row.clone(), steps.clone()).await.map_err(|error| {
        let exists = db::is_duplicate(&error, "approval_rule", &["organisation_id", "code", "number"]);
        if exists { ApprovalError::Exists } else { error.into() }
    })?;
    let after = json!({
        "organisation_id": row.organisation_id, "code": row.code, "number": row.number, "steps": steps.len(),
        "amount_from_fen": row.amount_from_fen, "document": row.document,
    });
    tx.audit(Change::made("approval_rule.add", "approval_rule", id.uuid(), after)).await?;
    Ok(ApprovalRule::of(row, steps))
}

fn faults_of(wanted: &NewApprovalRule) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    let mut fault = |is_wrong: bool, pointer: String, zh: &'static str, en: &'static str| {
        if is_wrong {
            faults.push(FieldProblem { pointer, detail: Text::new(zh, en) });
        }
    };
    let too_many = wanted.steps.len() > MOST_STEPS;
    fault(too_many, "/steps".to_owned(), "审批环节最多 10 个。", "A rule has at most 10 steps.");
    for (index, step) in wanted.steps.iter().enumerate() {
        let at = |field: &str| format!("/steps/{index}/{field}");
        let hours = !(1..=720).contains(&step.remind_hours);
        fault(hours, at("remind_hours"), "催办间隔应为 1 至 720 小时。", "The hours lie between 1 and 720.");
        let both = step.role.is_some() == step.username.is_some();
        fault(both, at("role"), "岗位与人员二选一。", "Either a role or a person is named.");
        let foreign = step.role.is_some_and(|role| !DECIDERS.contains(&role));
        let (zh, en) = ("审批岗位应为审批人或财务人员。", "An approver or a finance officer decides.");
        fault(foreign, at("role"), zh, en);
    }
    faults
}

/// A step with the person it names, who may decide there now.
async fn step_of(
    tx: &Tx,
    grant: &Grant<KeepApprovalRule>,
    of_rule: OrganisationId,
    (rule_id, index): (ApprovalRuleId, usize),
    wanted: &NewApprovalStep,
) -> Result<approval_rule_step::Model, ApprovalError> {
    let at = |field: &str| format!("/steps/{index}/{field}");
    if let Some(organisation) = wanted.organisation_id
        && !organisation::is_within(tx, grant.scope(), organisation).await?
    {
        return Err(ApprovalError::DeciderUnknown(at("organisation_id")));
    }
    let person_id = match &wanted.username {
        Some(username) => {
            let organisation = wanted.organisation_id.unwrap_or(of_rule);
            let found = find_decider(tx, username.as_str(), organisation).await?;
            Some(found.ok_or_else(|| ApprovalError::DeciderUnknown(at("username")))?)
        }
        None => None,
    };
    Ok(approval_rule_step::Model {
        rule_id,
        step_no: i32::try_from(index + 1).unwrap_or(i32::MAX),
        role: wanted.role,
        // A person sits somewhere; a role without an organisation is that of the unit that buys.
        organisation_id: wanted.organisation_id.or(person_id.map(|_| of_rule)),
        person_id,
        remind_hours: wanted.remind_hours,
    })
}

/// Somebody who may decide in an organisation, by the name they sign in with.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_decider(tx: &Tx, username: &str, organisation: OrganisationId) -> Result<Option<PersonId>, DbErr> {
    for role in DECIDERS {
        if let Some(held) = identity::hold_role(tx, username, role, Some(organisation)).await? {
            return Ok(Some(held.person_id));
        }
    }
    Ok(None)
}

/// Rules in reach in all versions, newest first.
pub(super) async fn list_rules(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewApprovalRule>,
    wanted: RuleFilter,
) -> Result<Page<ApprovalRule>, Failure> {
    let RuleFilter { organisation, limit, cursor } = wanted;
    let page = PageQuery { limit, cursor };
    let limit = page.limit()?;
    let rows = store::list_rules(db, grant.scope(), organisation, page.after()?, limit + 1).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut steps = store::steps_of(db, &ids).await?;
    let view = |row: approval_rule::Model| {
        let steps = steps.remove(&row.id).unwrap_or_default();
        ApprovalRule::of(row, steps)
    };
    Ok(Page::of(rows, limit, |row| row.id.uuid(), view))
}

/// The steps that a purchase of a unit needs now; none when nobody has to agree.
///
/// # Errors
/// When the database cannot be asked.
pub async fn needed(
    db: &impl ConnectionTrait,
    unit: OrganisationId,
    asked: &Asked,
) -> Result<Vec<Needed>, ApprovalError> {
    let line: Vec<_> = organisation::line_of(db, unit).await?.into_iter().map(|row| row.id).collect();
    let rules = store::rules_in_force(db, &line).await?;
    Ok(chain::chain(unit, &rules, asked)?)
}

/// Names somebody who decides in one's own place for some days.
///
/// # Errors
/// Days that make no sense; nobody of that name who could decide; oneself.
pub(super) async fn add_deputy(
    tx: &Tx,
    grant: &Grant<DecideRequest>,
    wanted: &NewDeputy,
) -> Result<Deputy, ApprovalError> {
    let (principal_id, organisation_id) = (grant.person()?, grant.organisation()?);
    let days = (wanted.to_date - wanted.from_date).num_days();
    if !(0..=LONGEST_ABSENCE).contains(&days) || wanted.to_date < business_date(tx.now()) {
        return Err(ApprovalError::Fields(vec![FieldProblem {
            pointer: "/to_date".to_owned(),
            detail: Text::new(
                "结束日期不早于今天和开始日期，且期间不超过一年。",
                "The last day is not before today nor the first day, and at most a year after it.",
            ),
        }]));
    }
    let unknown = || ApprovalError::DeciderUnknown("/username".to_owned());
    let deputy_id = find_decider(tx, wanted.username.as_str(), organisation_id).await?.ok_or_else(unknown)?;
    if deputy_id == principal_id {
        return Err(unknown());
    }
    let role = grant.actor().member().map_or(Role::Approver, |member| member.role);
    let row = approval_deputy::Model {
        id: DeputyId::generate(),
        organisation_id,
        principal_id,
        role,
        deputy_id,
        from_date: wanted.from_date,
        to_date: wanted.to_date,
        reason: wanted.reason.as_str().to_owned(),
        created_at: tx.now(),
        ended_at: None,
        version: 1,
    };
    store::insert_deputy(tx, row.clone()).await?;
    let after = json!({
        "principal_id": principal_id, "deputy_id": deputy_id, "from_date": row.from_date, "to_date": row.to_date,
    });
    tx.audit(Change::made("approval_deputy.add", "approval_deputy", row.id.uuid(), after)).await?;
    Ok(row.into())
}

/// Ends a deputy of one's own before their time.
///
/// # Errors
/// Somebody else's; another version; it ended before.
pub(super) async fn end_deputy(
    tx: &Tx,
    grant: &Grant<DecideRequest>,
    id: DeputyId,
    seen: IfMatch,
) -> Result<Deputy, ApprovalError> {
    let row = store::hold_deputy(tx, grant.scope(), id).await?.ok_or(ApprovalError::NotFound)?;
    if row.principal_id != grant.person()? {
        return Err(ApprovalError::NotFound);
    }
    seen.check(row.version).map_err(|_| ApprovalError::Stale)?;
    if row.ended_at.is_some() {
        return Err(ApprovalError::Ended);
    }
    let ended = store::save_deputy(tx, approval_deputy::Model { ended_at: Some(tx.now()), ..row }).await?;
    tx.audit(Change::moved("approval_deputy.end", "approval_deputy", id.uuid(), "in_force", "ended")).await?;
    Ok(ended.into())
}

/// Deputies in reach, newest first.
pub(super) async fn list_deputies(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewApprovalRule>,
    page: &PageQuery,
) -> Result<Page<Deputy>, Failure> {
    let limit = page.limit()?;
    let rows = store::list_deputies(db, grant.scope(), page.after()?, limit + 1).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), Deputy::from))
}

/// Whoever stands in for somebody in an organisation on a day.
///
/// # Errors
/// When the database cannot be asked.
pub async fn deputies_on(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    today: NaiveDate,
) -> Result<Vec<approval_deputy::Model>, DbErr> {
    store::deputies_on(db, organisation, today).await
}
