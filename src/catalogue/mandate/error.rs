//! Everything that can go wrong with a mandate, and the problem each one is.

use crate::access::AccessError;
use crate::catalogue::check::BadFields;
use crate::document::DocumentError;
use crate::problem::{self, Describe, Kind, Problem};
use entity::value::MandateState;
use sea_orm::DbErr;

problem::kinds! {
    NOT_AN_AGENT = 422 "not_an_agent", "本单位不是代理经销商", "Your organisation is no agent trader",
        "只有代理经销商需要代理授权；自产自销不需要。", "Only agent traders need mandates; who sells what it produces needs none.";
    PRINCIPAL_CONFIRMS = 422 "principal_confirms", "应由委托方确认", "The principal confirms a mandate",
        "委托方有账号的，由委托方确认；没有账号的，由平台依据证明文件确认。",
        "A principal with an account confirms it; for one without, the platform does, on the paper.";
}

/// What can go wrong with a mandate.
#[derive(Debug, thiserror::Error)]
pub enum MandateError {
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
    /// No right to it.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The paper.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// What the request says.
    #[error(transparent)]
    Fields(#[from] BadFields),
    /// Not there, or not theirs to see.
    #[error("no such mandate in reach")]
    NotFound,
    /// Whoever proposes sells on its own account.
    #[error("the organisation is no agent")]
    NotAnAgent,
    /// Somebody else confirms it.
    #[error("somebody else confirms it")]
    PrincipalConfirms,
    /// Its state does not allow that.
    #[error("the mandate is {0}")]
    WrongState(MandateState),
    /// Somebody changed it meanwhile.
    #[error("the mandate changed meanwhile")]
    Stale,
}

impl Describe for MandateError {
    fn problem(&self) -> Problem {
        match self {
            Self::Database(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Document(error) => error.problem(),
            Self::Fields(error) => error.problem(),
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::NotAnAgent => Problem::plain(&NOT_AN_AGENT),
            Self::PrincipalConfirms => Problem::plain(&PRINCIPAL_CONFIRMS),
            Self::WrongState(state) => Problem::new(
                &problem::WRONG_STATE,
                format!("授权处于“{state}”。"),
                format!("The mandate is \"{state}\"."),
            ),
            Self::Stale => Problem::plain(&problem::STALE),
        }
    }
}
