//! What can go wrong with programmes and pairings.

use crate::access::AccessError;
use crate::attribution::engine::SplitError;
use crate::document::DocumentError;
use crate::problem::{self, Describe, FieldProblem, Kind, Problem};
use chrono::NaiveDate;
use entity::value::Overflow;
use sea_orm::DbErr;

problem::kinds! {
    PROGRAMME_EXISTS = 409 "programme_exists", "已有同名的结对帮扶行动", "There is a programme of this name",
        "请使用已有的行动，或另取名称。", "Use the one that exists, or choose another name.";
    ALREADY_PAIRED = 409 "already_paired", "该企业与该村已结对", "The enterprise and the village are paired already",
        "同一行动中企业与村只结对一次；请查看已有的结对。", "They are paired once in a programme; see the pairing that exists.";
    PAIRING_PARTY_UNFIT = 422 "pairing_party_unfit", "结对的一方不符合要求", "A party cannot be paired",
        "企业应为在用的企业单位；村应为本县在用的村委会。",
        "The enterprise is an active enterprise; the village is an active village committee of your county.";
    PAIRING_OUTSIDE_PROGRAMME = 422 "pairing_outside_programme", "结对期限超出行动期限",
        "The term lies outside the programme",
        "请在行动的起止日期之内填写结对期限。", "Choose a term within that of the programme.";
}

/// What can go wrong with programmes and pairings.
#[derive(Debug, thiserror::Error)]
pub enum PairingError {
    /// Nothing there, or not yours to see.
    #[error("no such pairing")]
    NotFound,
    /// Fields that are not acceptable.
    #[error("{} fields are not acceptable", .0.len())]
    Fields(Vec<FieldProblem>),
    /// The name is taken.
    #[error("the programme exists")]
    ProgrammeExists,
    /// There is no such programme.
    #[error("no such programme")]
    ProgrammeUnknown,
    /// The term lies outside.
    #[error("the programme runs from {starts_on} to {ends_on}")]
    OutsideProgramme {
        /// The programme's first day.
        starts_on: NaiveDate,
        /// Its last.
        ends_on: NaiveDate,
    },
    /// It is no enterprise.
    #[error("the enterprise cannot be paired")]
    NoEnterprise,
    /// It is no village of the county.
    #[error("the village cannot be paired")]
    NoVillage,
    /// They are paired already.
    #[error("they are paired already")]
    AlreadyPaired,
    /// The evidence.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The right.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Dividing a purchase.
    #[error("dividing a purchase over villages")]
    Split(#[from] SplitError),
    /// An amount.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for PairingError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Fields(errors) => Problem { errors: errors.clone(), ..Problem::plain(&problem::INVALID_FIELDS) },
            Self::ProgrammeExists => {
                Problem::plain(&PROGRAMME_EXISTS).at("/name", "此名称已使用。", "The name is taken.")
            }
            Self::ProgrammeUnknown => {
                Problem::invalid("/programme_id", "没有这个结对帮扶行动。", "There is no such programme.")
            }
            Self::OutsideProgramme { starts_on, ends_on } => Problem::plain(&PAIRING_OUTSIDE_PROGRAMME).at(
                "/starts_on",
                format!("行动期限为 {starts_on} 至 {ends_on}。"),
                format!("The programme runs from {starts_on} to {ends_on}."),
            ),
            Self::NoEnterprise => Problem::plain(&PAIRING_PARTY_UNFIT).at(
                "/enterprise_id",
                "不是在用的企业单位。",
                "It is not an active enterprise.",
            ),
            Self::NoVillage => Problem::plain(&PAIRING_PARTY_UNFIT).at(
                "/village_id",
                "不是本县在用的村委会。",
                "It is not an active village committee of your county.",
            ),
            Self::AlreadyPaired => Problem::plain(&ALREADY_PAIRED),
            Self::Document(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Split(_) => Problem::internal(),
            Self::Overflow(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}
