//! What comes in and goes out of cases.

use super::publicity::Run;
use super::state;
use crate::household::LandShare;
use crate::household::view::{HouseholdBrief, NewHouseholdMember};
use crate::http::Words;
use crate::organisation::OrganisationBrief;
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{
    AdjustmentId, AdjustmentKind, AdjustmentObjectionId, AdjustmentOrigin, AdjustmentState, AdjustmentStep, FileId,
    HouseholdId, HouseholdStatusKind, MemberCause, MemberId, ObjectionOutcome, OrganisationId, PersonId,
    PublicisedReason, Relation, RiskCause,
};
use entity::{adjustment, adjustment_check, adjustment_objection, adjustment_publicity, adjustment_review};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A clue that begins a case (线索). Which parts it has follows from its kind.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenAdjustment {
    /// What kind of change.
    pub kind: AdjustmentKind,
    /// How it became known.
    pub origin: AdjustmentOrigin,
    /// What was reported.
    #[schema(value_type = String, min_length = 1, max_length = 2000, example = "户主住院，自付医药费超出家庭收入。")]
    pub text: Words<2000>,
    /// The household; absent only for one that is not in the register yet.
    #[serde(default)]
    pub household_id: Option<HouseholdId>,
    /// The household that is merged into it (并户).
    #[serde(default)]
    pub other_household_id: Option<HouseholdId>,
    /// The village committee of a household that is not in the register yet.
    #[serde(default)]
    pub village_id: Option<OrganisationId>,
    /// The national number of the household that is to be made.
    #[serde(default)]
    #[schema(min_length = 6, max_length = 30, example = "522625010100399")]
    pub number: Option<String>,
    /// What the household is to be.
    #[serde(default)]
    pub status: Option<HouseholdStatusKind>,
    /// What brought it there.
    #[serde(default)]
    pub cause: Option<RiskCause>,
    /// The day of the birth, death, marriage, move, split or merge.
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub happened_on: Option<NaiveDate>,
    /// Who comes into the household, or is it.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub joining: Vec<Joining>,
    /// Who leaves it.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub leaving: Vec<Leaving>,
    /// Who goes to the household that is split off, or comes from the one that is merged, with their relation there.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub placed: Vec<Placed>,
    /// Whose relation to the head changes among those who stay.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub relations: Vec<Placed>,
    /// What of its land goes to the household that is split off; the rest stays. When households are merged, all of it goes along.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub land: Vec<LandShare>,
}

/// Somebody who comes into a household.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Joining {
    /// Why.
    pub cause: MemberCause,
    /// Who; kept sealed.
    pub person: NewHouseholdMember,
}

/// Somebody who leaves a household.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Leaving {
    /// Who.
    pub member_id: MemberId,
    /// Why.
    pub cause: MemberCause,
}

/// Somebody's relation to the head.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Placed {
    /// Who.
    pub member_id: MemberId,
    /// Their relation to the head afterwards.
    pub relation: Relation,
}

/// A visit at the household's home (入户核实).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckAdjustment {
    /// The day of the visit; not in the future.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub visited_on: NaiveDate,
    /// Who went there.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "驻村第一书记、包户干部")]
    pub visitors: Words<200>,
    /// The day the household signed that its data may be compared (授权承诺); not in the future.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub consented_on: NaiveDate,
    /// What it signed, a file of your organisation.
    pub consent_file_id: FileId,
    /// What was seen.
    #[schema(value_type = String, min_length = 1, max_length = 2000, example = "住院清单属实，家中无其他收入。")]
    pub findings: Words<2000>,
}

/// A vote of the villagers' representatives (民主评议).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewAdjustment {
    /// The day of the meeting; not in the future.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub held_on: NaiveDate,
    /// How many may vote (应到).
    #[schema(minimum = 1, maximum = 10000, example = 30)]
    pub eligible: i32,
    /// How many came (实到); two thirds at least.
    #[schema(minimum = 1, maximum = 10000, example = 24)]
    pub present: i32,
    /// How many were for it; more than half of those who came carry it.
    #[schema(minimum = 0, maximum = 10000, example = 20)]
    pub in_favour: i32,
    /// How many were against it.
    #[schema(minimum = 0, maximum = 10000, example = 3)]
    pub against: i32,
    /// How many abstained.
    #[schema(minimum = 0, maximum = 10000, example = 1)]
    pub abstained: i32,
    /// The minutes, a file of your organisation.
    pub minutes_file_id: FileId,
}

/// A case on the notice board.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PubliciseAdjustment {
    /// Where it hangs.
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "村务公开栏")]
    pub place: Words<100>,
}

/// What somebody says against a case.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectToAdjustment {
    /// In words.
    #[schema(value_type = String, min_length = 1, max_length = 2000, example = "该户在县城另有门面出租。")]
    pub text: Words<2000>,
}

/// What became of an objection.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerAdjustmentObjection {
    /// Whether it is so: then the case ends. Otherwise the clocks go on.
    pub outcome: ObjectionOutcome,
    /// What was found.
    #[schema(value_type = String, min_length = 1, max_length = 2000, example = "经查门面系他人所有，异议不成立。")]
    pub text: Words<2000>,
}

/// What there is to say with a step.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SayToAdjustment {
    /// In words.
    #[schema(value_type = String, min_length = 1, max_length = 2000, example = "材料齐全，同意。")]
    pub text: Words<2000>,
}

/// Which cases are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AdjustmentFilter {
    /// Only those in this state.
    pub state: Option<AdjustmentState>,
    /// Only those of this kind.
    pub kind: Option<AdjustmentKind>,
    /// Only those of this village.
    pub village_id: Option<OrganisationId>,
    /// Only those about this household.
    pub household_id: Option<HouseholdId>,
    /// Only those that are late (true), or are not (false).
    pub overdue: Option<bool>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// A change of the register as a case (动态调整).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Adjustment {
    /// Its identifier.
    pub id: AdjustmentId,
    /// The number people quote.
    #[schema(example = "DT20260302-1A2B3C4D")]
    pub number: String,
    /// What kind of change.
    pub kind: AdjustmentKind,
    /// How it became known.
    pub origin: AdjustmentOrigin,
    /// What was reported.
    pub text: String,
    /// Where it is.
    pub state: AdjustmentState,
    /// The village it runs in.
    pub village: OrganisationBrief,
    /// The household, masked; none while it is not in the register yet.
    pub household: Option<HouseholdBrief>,
    /// The household that is merged into it, masked.
    pub other_household: Option<HouseholdBrief>,
    /// The household that the case made, masked.
    pub result_household: Option<HouseholdBrief>,
    /// The number of the household that is to be made.
    pub new_number: Option<String>,
    /// What the household is to be.
    pub status: Option<HouseholdStatusKind>,
    /// What brought it there.
    pub cause: Option<RiskCause>,
    /// The day of the birth, death, marriage, move, split or merge.
    pub happened_on: Option<NaiveDate>,
    /// The day the clue came.
    pub opened_on: NaiveDate,
    /// Until when it is to be decided; moves on by the days on which the clocks stand still.
    pub due_on: NaiveDate,
    /// Whether it is late.
    pub is_overdue: bool,
    /// Since when the clocks stand still.
    pub stopped_on: Option<NaiveDate>,
    /// When it will have hung on the notice board long enough; none while it does not hang there.
    pub publicity_ends_on: Option<NaiveDate>,
    /// From which day the register says so.
    pub effective_on: Option<NaiveDate>,
    /// Who entered it.
    pub opened_by: PersonId,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it was over.
    pub closed_at: Option<DateTime<Utc>>,
    /// Grows with every step.
    pub version: i64,
}

/// How far the publicity of a case has run.
pub(super) fn run_of(row: &adjustment::Model) -> Run {
    Run { ran_days: row.ran_days, running_since: row.running_since }
}

/// Whether a case is late on a day: while its clocks stand still, it is as late as when they stopped.
pub(super) fn is_overdue(row: &adjustment::Model, today: NaiveDate) -> bool {
    !state::is_closed(row.state) && row.stopped_on.unwrap_or(today) > row.due_on
}

/// A case with everything that happened in it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AdjustmentWithSteps {
    /// The case.
    #[serde(flatten)]
    pub adjustment: Adjustment,
    /// Whom it is about, masked.
    pub people: Vec<AdjustmentPerson>,
    /// What land goes to the household that is split off.
    pub land: Vec<LandShare>,
    /// The visits, first to last.
    pub checks: Vec<AdjustmentCheck>,
    /// The votes, first to last.
    pub reviews: Vec<AdjustmentReview>,
    /// What hangs on the notice board, or hung there.
    pub publicity: Option<PublicNotice>,
    /// The objections, first to last.
    pub objections: Vec<AdjustmentObjection>,
    /// The steps, first to last.
    pub steps: Vec<AdjustmentStepTaken>,
}

/// Whom a case is about, masked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AdjustmentPerson {
    /// Why they come or go; none when only their relation changes.
    pub cause: Option<MemberCause>,
    /// Who, when they are in the register.
    pub member_id: Option<MemberId>,
    /// Their relation to the head afterwards.
    pub relation: Option<Relation>,
    /// The name of somebody who is not in the register yet, masked.
    #[schema(example = "杨**")]
    pub name: Option<String>,
    /// Their identity number, masked.
    #[schema(example = "5226**********0012")]
    pub id_number: Option<String>,
}

/// A visit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AdjustmentCheck {
    /// The day.
    pub visited_on: NaiveDate,
    /// Who went there.
    pub visitors: String,
    /// The day the household gave its consent.
    pub consented_on: NaiveDate,
    /// What it signed.
    pub consent_file_id: FileId,
    /// What was seen.
    pub findings: String,
}

impl From<adjustment_check::Model> for AdjustmentCheck {
    fn from(row: adjustment_check::Model) -> Self {
        let adjustment_check::Model {
            adjustment_id: _,
            number: _,
            visited_on,
            visitors,
            consented_on,
            consent_file_id,
            findings,
            created_at: _,
        } = row;
        Self { visited_on, visitors, consented_on, consent_file_id, findings }
    }
}

/// A vote.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AdjustmentReview {
    /// The day.
    pub held_on: NaiveDate,
    /// How many may vote.
    pub eligible: i32,
    /// How many came.
    pub present: i32,
    /// How many were for it.
    pub in_favour: i32,
    /// How many were against it.
    pub against: i32,
    /// How many abstained.
    pub abstained: i32,
    /// Whether it was carried.
    pub is_passed: bool,
    /// The minutes.
    pub minutes_file_id: FileId,
}

impl From<adjustment_review::Model> for AdjustmentReview {
    fn from(row: adjustment_review::Model) -> Self {
        let adjustment_review::Model {
            adjustment_id: _,
            number: _,
            held_on,
            eligible,
            present,
            in_favour,
            against,
            abstained,
            is_passed,
            minutes_file_id,
            created_at: _,
        } = row;
        Self { held_on, eligible, present, in_favour, against, abstained, is_passed, minutes_file_id }
    }
}

/// An objection.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AdjustmentObjection {
    /// Its identifier.
    pub id: AdjustmentObjectionId,
    /// The day.
    pub raised_on: NaiveDate,
    /// What was said.
    pub text: String,
    /// Who entered it.
    pub entered_by: PersonId,
    /// Whether it is so; none while it is open.
    pub outcome: Option<ObjectionOutcome>,
    /// What was found.
    pub answer: Option<String>,
    /// Who answered it.
    pub answered_by: Option<PersonId>,
    /// When.
    pub answered_at: Option<DateTime<Utc>>,
}

impl From<adjustment_objection::Model> for AdjustmentObjection {
    fn from(row: adjustment_objection::Model) -> Self {
        let adjustment_objection::Model {
            id,
            adjustment_id: _,
            raised_on,
            text,
            entered_by,
            created_at: _,
            outcome,
            answer,
            answered_by,
            answered_at,
        } = row;
        Self { id, raised_on, text, entered_by, outcome, answer, answered_by, answered_at }
    }
}

/// A step.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AdjustmentStepTaken {
    /// 1, 2, 3 …
    pub number: i32,
    /// Which step.
    pub step: AdjustmentStep,
    /// Where it led.
    pub to_state: AdjustmentState,
    /// What was said.
    pub text: Option<String>,
    /// For whom they acted.
    pub organisation_id: OrganisationId,
    /// Who took it.
    pub taken_by: PersonId,
    /// When.
    pub taken_at: DateTime<Utc>,
}

/// What hangs on a village's notice board about a case (公示): these fields, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicNotice {
    /// The village.
    pub village_name: String,
    /// What kind of change.
    pub kind: AdjustmentKind,
    /// What the household is to be.
    pub status: Option<HouseholdStatusKind>,
    /// Why, in one of a few words that tell nothing of anybody's health.
    pub reason: PublicisedReason,
    /// The name of the head, masked.
    #[schema(example = "杨**")]
    pub masked_head: String,
    /// How many people it is about.
    pub people: i32,
    /// The day it was put up.
    pub posted_on: NaiveDate,
    /// Until when it hangs there at least; none while an objection is looked into, or when it is taken down.
    pub ends_on: Option<NaiveDate>,
    /// Where it hangs.
    pub place: String,
}

impl PublicNotice {
    /// What hangs there, with how far it has run.
    pub(super) fn of(row: adjustment_publicity::Model, village_name: String, ends_on: Option<NaiveDate>) -> Self {
        let adjustment_publicity::Model {
            adjustment_id: _,
            village_id: _,
            kind,
            status,
            reason,
            head_name: masked_head,
            people,
            posted_on,
            place,
            created_at: _,
        } = row;
        Self { village_name, kind, status, reason, masked_head, people, posted_on, ends_on, place }
    }
}
