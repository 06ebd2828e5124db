//! What comes in and goes out.

use crate::http::{Words, text};
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{ApprovalRuleId, CategoryCode, DeputyId, Fen, FundSource, OrganisationId, PersonId, Role};
use entity::{approval_deputy, approval_rule, approval_rule_step};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A rule of who approves purchases, or a new version of one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApprovalRule {
    /// It holds for this organisation and all below it: yours, or one below it.
    pub organisation_id: OrganisationId,
    /// By which name it is known; the same name again is its next version.
    #[schema(value_type = String, min_length = 1, max_length = 50, example = "大额采购")]
    pub code: Words<50>,
    /// It applies from this amount on.
    pub amount_from_fen: Fen,
    /// Only to this category and those below it; the amount is what is bought of it.
    pub category_code: Option<CategoryCode>,
    /// Only to this kind of money.
    pub fund_kind: Option<FundSource>,
    /// Only where the budget does not suffice: instead of being refused, it goes to these.
    #[serde(default)]
    pub over_budget: bool,
    /// Who decides, in their order; none withdraws the rule.
    #[schema(max_items = 10)]
    pub steps: Vec<NewApprovalStep>,
    /// The document it comes from (制度依据).
    #[schema(value_type = String, min_length = 1, max_length = 300, example = "《采购内控管理办法》第八条")]
    pub document: Words<300>,
}

/// One step of a rule: a role or a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApprovalStep {
    /// Whoever has this role: `approver` or `finance_officer`.
    pub role: Option<Role>,
    /// In this organisation: yours, or one below it; the unit that buys when not given.
    pub organisation_id: Option<OrganisationId>,
    /// Instead of a role, this person of that organisation, by the name they sign in with.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    pub username: Option<Words<100>>,
    /// After how many hours they are reminded, again and again.
    #[serde(default = "two_days")]
    #[schema(minimum = 1, maximum = 720, default = 48)]
    pub remind_hours: i32,
}

fn two_days() -> i32 {
    48
}

/// A rule of who approves purchases, in one version (审批规则).
#[derive(Debug, Serialize, ToSchema)]
pub struct ApprovalRule {
    /// Its identifier.
    pub id: ApprovalRuleId,
    /// It holds for this organisation and all below it.
    pub organisation_id: OrganisationId,
    /// By which name it is known.
    #[schema(example = "大额采购")]
    pub code: String,
    /// Counts the versions of the name; the last holds.
    pub number: i32,
    /// It applies from this amount on.
    pub amount_from_fen: Fen,
    /// Only to this category and those below it.
    pub category_code: Option<CategoryCode>,
    /// Only to this kind of money.
    pub fund_kind: Option<FundSource>,
    /// Only where the budget does not suffice.
    pub over_budget: bool,
    /// Whether this version holds anything; the last one without steps withdraws the rule.
    pub is_active: bool,
    /// Who decides, in their order.
    pub steps: Vec<ApprovalStep>,
    /// The document it comes from.
    pub document: String,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

/// One step of a rule.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApprovalStep {
    /// Its place, from 1.
    pub step_no: i32,
    /// Whoever has this role decides; null where a person is named.
    pub role: Option<Role>,
    /// In this organisation; null for the unit that buys.
    pub organisation_id: Option<OrganisationId>,
    /// This person decides.
    pub person_id: Option<PersonId>,
    /// After how many hours they are reminded.
    pub remind_hours: i32,
}

impl ApprovalRule {
    /// A rule with its steps.
    pub(super) fn of(row: approval_rule::Model, steps: Vec<approval_rule_step::Model>) -> Self {
        let approval_rule::Model {
            id,
            organisation_id,
            code,
            number,
            amount_from_fen,
            category_code,
            fund_kind,
            over_budget,
            is_active,
            document,
            created_by: _,
            created_at,
        } = row;
        let steps = steps.into_iter().map(|step| {
            let approval_rule_step::Model { rule_id: _, step_no, role, organisation_id, person_id, remind_hours } =
                step;
            ApprovalStep { step_no, role, organisation_id, person_id, remind_hours }
        });
        Self {
            id,
            organisation_id,
            code,
            number,
            amount_from_fen,
            category_code,
            fund_kind,
            over_budget,
            is_active,
            steps: steps.collect(),
            document,
            created_at,
        }
    }
}

/// Which rules are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RuleFilter {
    /// Only those of this organisation.
    pub organisation: Option<OrganisationId>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// Somebody who decides in your place for some days.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDeputy {
    /// A colleague who may decide in your organisation, by the name they sign in with.
    #[schema(value_type = String, min_length = 1, max_length = 100)]
    pub username: Words<100>,
    /// From which day on.
    #[serde(deserialize_with = "text::day")]
    #[schema(example = "2026-03-02")]
    pub from_date: NaiveDate,
    /// Until which day, that one included; at most a year later.
    #[serde(deserialize_with = "text::day")]
    #[schema(example = "2026-03-13")]
    pub to_date: NaiveDate,
    /// Why.
    #[schema(value_type = String, min_length = 1, max_length = 300, example = "外出培训")]
    pub reason: Words<300>,
}

/// Somebody who decides while somebody else is away (代理审批).
#[derive(Debug, Serialize, ToSchema)]
pub struct Deputy {
    /// Its identifier.
    pub id: DeputyId,
    /// In which organisation.
    pub organisation_id: OrganisationId,
    /// Who is away.
    pub principal_id: PersonId,
    /// In which role.
    pub role: Role,
    /// Who decides for them.
    pub deputy_id: PersonId,
    /// From which day on.
    pub from_date: NaiveDate,
    /// Until which day, that one included.
    pub to_date: NaiveDate,
    /// Why.
    pub reason: String,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it was ended before its time.
    pub ended_at: Option<DateTime<Utc>>,
    /// Grows with every change.
    pub version: i64,
}

impl From<approval_deputy::Model> for Deputy {
    fn from(row: approval_deputy::Model) -> Self {
        let approval_deputy::Model {
            id,
            organisation_id,
            principal_id,
            role,
            deputy_id,
            from_date,
            to_date,
            reason,
            created_at,
            ended_at,
            version,
        } = row;
        Self {
            id,
            organisation_id,
            principal_id,
            role,
            deputy_id,
            from_date,
            to_date,
            reason,
            created_at,
            ended_at,
            version,
        }
    }
}
