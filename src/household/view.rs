//! What comes in and goes out of the register.

use chrono::{DateTime, NaiveDate, Utc};
use entity::value::person::mask_name;
use entity::value::{
    AdjustmentId, AreaCode, BankAccount, Education, EntrySource, Guarantee, Health, HouseholdId, HouseholdStatusId,
    HouseholdStatusKind, HouseholdType, LabourSkill, LandKind, MemberId, OrganisationId, PhoneNumber, Relation,
    ResidentId,
};
use entity::{household, household_status};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A household to be registered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHousehold {
    /// Its number in the national register (户编号): 6–30 letters, digits or hyphens.
    #[schema(min_length = 6, max_length = 30, example = "522625010100017")]
    pub number: String,
    /// The village committee it belongs to, in your county.
    pub village_id: OrganisationId,
    /// When it was registered (建档立卡日期); not in the future.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub registered_on: NaiveDate,
    /// What it is, from that day on.
    pub status: NewHouseholdStatus,
    /// Who lives in it; exactly one is the head.
    #[schema(min_items = 1, max_items = 20)]
    pub members: Vec<NewHouseholdMember>,
}

/// A status of a household from a date on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHouseholdStatus {
    /// What it is.
    pub status: HouseholdStatusKind,
    /// The first day; not in the future and not before the household was registered.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub from_date: NaiveDate,
    /// The decision or list it follows from.
    #[schema(min_length = 1, max_length = 200, example = "2025年动态调整")]
    pub source: String,
}

/// A member of a household, with personal data in clear.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHouseholdMember {
    /// Their name.
    #[schema(min_length = 1, max_length = 50, example = "杨秀英")]
    pub name: String,
    /// Their relation to the head.
    pub relation: Relation,
    /// Resident identity number (公民身份号码).
    pub id_number: ResidentId,
    /// Phone number.
    #[serde(default)]
    pub phone: Option<PhoneNumber>,
    /// Bank card (一卡通).
    #[serde(default)]
    pub bank_account: Option<BankAccount>,
    /// What else is known of them.
    #[serde(default)]
    pub facts: MemberFacts,
}

/// What is known of a person beside who they are; what is absent is not said, and stays as it was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberFacts {
    /// Their schooling (文化程度).
    #[serde(default)]
    pub education: Option<Education>,
    /// Their health (健康状况), kept sealed.
    #[serde(default)]
    pub health: Option<Health>,
    /// What work they can do (劳动技能).
    #[serde(default)]
    pub skill: Option<LabourSkill>,
    /// Where they work away from home (务工); with an empty place and no months when they do not.
    #[serde(default)]
    pub work: Option<WorkAway>,
    /// Which guarantee of the state they live on (低保、特困).
    #[serde(default)]
    pub guarantee: Option<Guarantee>,
}

/// Work away from home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkAway {
    /// Where (务工地).
    #[schema(max_length = 50, example = "广东省东莞市")]
    pub place: String,
    /// How many months a year (务工月数).
    #[schema(minimum = 0, maximum = 12, example = 10)]
    pub months: u8,
}

/// What a list of households is asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HouseholdQuery {
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
    /// The day whose state is shown; today when not given. Not in the future.
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    #[param(example = "2026-01-31")]
    pub as_of: Option<NaiveDate>,
    /// Only those of this village, on that day.
    pub village_id: Option<OrganisationId>,
    /// Only the one with this number.
    pub number: Option<String>,
}

/// A household in a few words, masked: what others show beside their own.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HouseholdBrief {
    /// Its identifier.
    pub id: HouseholdId,
    /// Its national number.
    pub number: String,
    /// The name of its head, masked.
    #[schema(example = "杨**")]
    pub head_name: String,
    /// The village committee.
    pub village_id: OrganisationId,
    /// Its name.
    pub village_name: String,
}

/// A household in a list, masked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HouseholdSummary {
    /// Its identifier.
    pub id: HouseholdId,
    /// Its national number.
    pub number: String,
    /// The county.
    pub county_code: AreaCode,
    /// The village committee.
    pub village_id: OrganisationId,
    /// Its name.
    pub village_name: String,
    /// When it was registered.
    pub registered_on: NaiveDate,
    /// The name of its head, masked.
    #[schema(example = "杨**")]
    pub head_name: String,
    /// How many people live in it.
    pub people: i32,
    /// What it is today.
    pub status: Option<HouseholdStatusKind>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}

impl HouseholdSummary {
    pub(super) fn of(row: household::Model, village_name: String, status: Option<HouseholdStatusKind>) -> Self {
        let household::Model {
            id,
            number,
            county_code,
            village_id,
            registered_on,
            head_name,
            people,
            status: _,
            created_at,
            version,
        } = row;
        Self {
            id,
            number,
            county_code,
            village_id,
            village_name,
            registered_on,
            head_name: mask_name(&head_name),
            people,
            status,
            created_at,
            version,
        }
    }
}

/// On which day a household is looked at.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AsOf {
    /// The day whose state is shown; today when not given. Not in the future.
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    #[param(example = "2026-01-31")]
    pub as_of: Option<NaiveDate>,
}

/// A household with its members as it was on a day, masked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Household {
    /// What the list shows of it.
    #[serde(flatten)]
    pub summary: HouseholdSummary,
    /// The day whose state this is.
    pub as_of: NaiveDate,
    /// Its type on that day (户类型).
    pub household_type: Option<HouseholdType>,
    /// Whether it was monitored on that day (监测对象).
    pub is_monitored: bool,
    /// The household it had been merged into by that day.
    pub merged_into: Option<HouseholdId>,
    /// Who lived in it, the head first.
    pub members: Vec<HouseholdMember>,
    /// What land it had, by kind.
    pub land: Vec<LandOnDay>,
    /// Every status it had by that day, oldest first.
    pub statuses: Vec<HouseholdStatus>,
}

/// Land of a kind on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct LandOnDay {
    /// What kind.
    pub kind: LandKind,
    /// How much, in square metres.
    #[schema(example = 3335)]
    pub square_metres: i64,
}

/// A member of a household, masked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HouseholdMember {
    /// Their identifier.
    pub id: MemberId,
    /// Their name, masked.
    #[schema(example = "杨**")]
    pub name: String,
    /// Their relation to the head.
    pub relation: Relation,
    /// Identity number, masked.
    #[schema(example = "5226**********0012")]
    pub id_number: String,
    /// Phone number, masked.
    #[schema(example = "138****5678")]
    pub phone: Option<String>,
    /// Bank card, masked.
    #[schema(example = "6222***********2345")]
    pub bank_account: Option<String>,
    /// Since when they belong to the household.
    pub since: Option<NaiveDate>,
    /// Their schooling (文化程度).
    pub education: Option<Education>,
    /// Whether their health is on record; it is shown in full only for a purpose.
    pub health_recorded: bool,
    /// What work they can do (劳动技能).
    pub skill: Option<LabourSkill>,
    /// Where they work away from home (务工).
    pub work: Option<WorkAway>,
    /// Which guarantee of the state they live on (低保、特困).
    pub guarantee: Option<Guarantee>,
}

/// A status of a household.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HouseholdStatus {
    /// Its identifier.
    pub id: HouseholdStatusId,
    /// What the household is.
    pub status: HouseholdStatusKind,
    /// From which day on.
    pub from_date: NaiveDate,
    /// The decision or list it follows from.
    pub source: String,
    /// Where the entry comes from.
    pub source_kind: EntrySource,
    /// The case that made it, where one did.
    pub adjustment_id: Option<AdjustmentId>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

impl From<household_status::Model> for HouseholdStatus {
    fn from(row: household_status::Model) -> Self {
        let household_status::Model {
            id,
            household_id: _,
            status,
            from_date,
            source,
            source_kind,
            adjustment_id,
            entered_by: _,
            created_at,
        } = row;
        Self { id, status, from_date, source, source_kind, adjustment_id, created_at }
    }
}

/// A member's personal data in full. Has no `Debug`, so that no log line can show it.
#[derive(Clone, Serialize, ToSchema)]
pub struct RevealedMember {
    /// Their identifier.
    pub id: MemberId,
    /// Their name.
    #[schema(example = "杨秀英")]
    pub name: String,
    /// Their relation to the head.
    pub relation: Relation,
    /// Identity number.
    #[schema(example = "999999199001010014")]
    pub id_number: String,
    /// Phone number.
    #[schema(example = "13800005678")]
    pub phone: Option<String>,
    /// Bank card.
    #[schema(example = "6222020100012345672")]
    pub bank_account: Option<String>,
    /// Health (健康状况) as of today, where it is on record.
    pub health: Option<Health>,
}
