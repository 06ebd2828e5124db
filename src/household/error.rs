//! Everything that can go wrong in the register, and the problem each one is.

use crate::access::AccessError;
use crate::problem::{self, Describe, FieldProblem, Kind, Problem, Text};
use crate::secrecy::SecrecyError;
use entity::value::LandKind;
use sea_orm::DbErr;

problem::kinds! {
    HOUSEHOLD_NUMBER_TAKEN = 409 "household_number_taken", "户编号已登记", "The household number is registered already",
        "请核对户编号；若该户已登记，请直接使用已有记录。",
        "Check the number; if the household is registered, use its record.";
    PERSON_ALREADY_REGISTERED = 409 "person_already_registered", "该人员已登记", "The person is registered already",
        "一人只能属于一户；请核对公民身份号码，或先在原户办理变更。",
        "A person belongs to one household; check the identity number, or change the other household first.";
    VILLAGE_NOT_IN_COUNTY = 422 "village_not_in_county", "不是本县的村委会", "It is not a village committee of your county",
        "请使用本县村委会的编号（GET /api/v1/organisations）。",
        "Use the identifier of a village committee of your county (GET /api/v1/organisations).";
    HOUSEHOLD_HEAD_MISSING = 422 "household_head_missing", "每户应有且只有一名户主", "A household has exactly one head",
        "户主去世、迁出或变更时，请同时说明由谁担任户主；一户不得有两名户主。",
        "When the head dies, leaves or changes, say who is the head then; there are never two.";
    STATUS_NEEDS_CASE = 409 "status_needs_case", "户类型变更须经动态调整程序", "The status changes by a case only",
        "此处只补录该户录入本系统之前的历史；此后的变更请登记线索（POST /api/v1/adjustments），经核实、评议、公示和审定后生效。",
        "Here only what was before the household was entered is written down; later changes begin as a clue (POST /api/v1/adjustments).";
    LAND_SHORT = 409 "land_short", "承包地不足", "The household has less land than that",
        "请核对该户登记的承包地（GET /api/v1/households/{id}/land）。",
        "Look at the land that is registered for it (GET /api/v1/households/{id}/land).";
    HELPER_UNKNOWN = 422 "helper_unknown", "没有这位帮扶干部", "There is no such helper cadre",
        "请核对用户名；其须在所在单位担任帮扶干部岗位，在多个单位任此岗位的请填写 organisation_id。",
        "Check the user name; they need the role helper_cadre, and with several organisations name one by organisation_id.";
    HELPER_UNFIT = 422 "helper_unfit", "不符合帮扶人资格", "Such a position does not make a helper cadre",
        "帮扶人应为乡镇级及以上在编干部或企业中层及以上管理人员，岗位与其单位相符；其他情形请选 other 并说明理由。",
        "A helper holds an established post of the township's level or above or manages an enterprise, in an organisation that has such; for anybody else choose other and say why.";
    HELPER_FULL = 409 "helper_full", "该帮扶干部已有三户", "The helper cadre has three households",
        "每位帮扶干部最多联系三户；确需增加的，请在 exception_reason 中说明理由，理由将留存备查。",
        "A cadre helps three households at most; where more are needed say why in exception_reason, which is kept.";
}

/// Why the register refuses.
#[derive(Debug, thiserror::Error)]
pub enum HouseholdError {
    /// Not there, or out of reach.
    #[error("no such household in reach")]
    NotFound,
    /// Fields that contradict the rules.
    #[error("fields of a household are not acceptable")]
    Fields(Vec<FieldProblem>),
    /// The village is elsewhere or no village.
    #[error("the village is not one of the officer's county")]
    VillageNotInCounty {
        /// JSON pointer to it.
        pointer: String,
    },
    /// Another household has the number.
    #[error("the household number is taken")]
    NumberTaken {
        /// JSON pointer to it.
        pointer: String,
    },
    /// A person is a member of a household already.
    #[error("a person is registered already")]
    PersonRegistered {
        /// JSON pointer to the identity number.
        pointer: String,
    },
    /// It would have no head, or two.
    #[error("a household has exactly one head")]
    HeadMissing,
    /// It has less land of a kind than is to go.
    #[error("the household has {has} square metres of {kind}")]
    LandShort {
        /// Of which kind.
        kind: LandKind,
        /// How much it has, in square metres.
        has: i64,
    },
    /// Only a case changes it from the day on which the household was entered.
    #[error("a status after the household was entered needs a case")]
    StatusNeedsCase,
    /// Nobody has the role by that name.
    #[error("no such helper cadre")]
    NoHelper,
    /// Their position is none by which one helps, and no reason was given.
    #[error("the position does not fit")]
    HelperUnfit,
    /// The cadre has enough households, and no reason was given for more.
    #[error("the cadre has {has} households")]
    HelperFull {
        /// How many.
        has: usize,
    },
    /// The household is assigned to this cadre.
    #[error("it is assigned to this cadre already")]
    AlreadyAssigned,
    /// The assignment has ended before.
    #[error("the assignment has ended")]
    AssignmentEnded,
    /// Somebody changed the household meanwhile.
    #[error("the household has another version")]
    Stale,
    /// The role may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A ciphertext could not be made or opened.
    #[error("sealing or opening personal data")]
    Secrecy(#[from] SecrecyError),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for HouseholdError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Fields(errors) => {
                let mut refused = Problem::plain(&problem::INVALID_FIELDS);
                refused.errors.clone_from(errors);
                refused
            }
            Self::VillageNotInCounty { pointer } => Problem::plain(&VILLAGE_NOT_IN_COUNTY).at(
                pointer.clone(),
                "本县没有这个村委会。",
                "Your county has no such village committee.",
            ),
            Self::NumberTaken { pointer } => Problem::plain(&HOUSEHOLD_NUMBER_TAKEN).at(
                pointer.clone(),
                "此户编号已被使用。",
                "This number is in use.",
            ),
            Self::PersonRegistered { pointer } => Problem::plain(&PERSON_ALREADY_REGISTERED).at(
                pointer.clone(),
                "此公民身份号码已登记在某一户中。",
                "This identity number is registered in a household.",
            ),
            Self::HeadMissing => Problem::plain(&HOUSEHOLD_HEAD_MISSING),
            Self::LandShort { kind, has } => Problem::new(
                &LAND_SHORT,
                format!("该户登记的“{kind}”只有 {has} 平方米。"),
                format!("The household has {has} square metres of {kind}."),
            ),
            Self::StatusNeedsCase => Problem::plain(&STATUS_NEEDS_CASE),
            Self::NoHelper => Problem::plain(&HELPER_UNKNOWN).at(
                "/username",
                "没有以此用户名担任帮扶干部的人员。",
                "Nobody by this user name is a helper cadre.",
            ),
            Self::HelperUnfit => Problem::plain(&HELPER_UNFIT).at(
                "/position",
                "岗位与单位不符，或未说明理由。",
                "It is none that the organisation has, or the reason is missing.",
            ),
            Self::HelperFull { has } => Problem::plain(&HELPER_FULL).at(
                "/exception_reason",
                format!("其已联系 {has} 户，须说明理由。"),
                format!("They have {has} households; say why one more."),
            ),
            Self::AlreadyAssigned => Problem::new(
                &problem::ALREADY_EXISTS,
                "该户已由这位帮扶干部联系。",
                "The household is assigned to this cadre already.",
            ),
            Self::AssignmentEnded => {
                Problem::new(&problem::WRONG_STATE, "该帮扶关系已终止。", "The assignment has ended already.")
            }
            Self::Stale => Problem::plain(&problem::STALE),
            Self::Access(error) => error.problem(),
            Self::Secrecy(_) => Problem::internal(),
            Self::Database(error) => error.problem(),
        }
    }
}

/// A field at fault.
pub(super) fn fault(pointer: String, zh: &'static str, en: &'static str) -> FieldProblem {
    FieldProblem { pointer, detail: Text::new(zh, en) }
}
