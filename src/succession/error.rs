//! What can be wrong with a change of an organisation.

use crate::access::AccessError;
use crate::document::DocumentError;
use crate::identity::IdentityError;
use crate::problem::{self, Describe, FieldProblem, Kind, Problem};
use sea_orm::DbErr;

problem::kinds! {
    ORGANISATION_ENDED = 409 "organisation_ended", "该单位已终止", "The organisation has ended",
        "已合并、分立或撤销的单位不能再变更；请查看其承继单位。", "It was merged, split or abolished; see who goes on for it.";
    ORGANISATION_HAS_UNITS = 409 "organisation_has_units", "该单位尚有下级单位", "Other organisations stand below it",
        "请先处理其下级单位，或将该单位并入可作其上级的单位。",
        "Settle what stands below first, or merge it into one under which they can stand.";
    NEW_PARENT_UNFIT = 422 "new_parent_unfit", "不能隶属该上级单位", "It cannot stand under this organisation",
        "上级单位须为有效的单位、类型相符，且不在该单位之下。",
        "The new parent acts, is of a fitting kind, and does not stand below the organisation.";
    SUCCESSOR_UNFIT = 422 "successor_unfit", "承继单位不符合要求", "This organisation cannot go on for it",
        "承继单位须为同类、有效的另一单位，且不是其下级。",
        "A successor is another organisation of the same kind, which has not ended and does not stand below it.";
}

/// What can be wrong with a change of an organisation.
#[derive(Debug, thiserror::Error)]
pub enum SuccessionError {
    /// Nothing there, or out of reach.
    #[error("no such organisation in reach")]
    NotFound,
    /// Somebody changed it meanwhile.
    #[error("the organisation has another version")]
    Stale,
    /// Fields that contradict the rules.
    #[error("fields of a change are not acceptable")]
    Fields(Vec<FieldProblem>),
    /// It ended before.
    #[error("the organisation has ended")]
    Ended,
    /// Others stand below it.
    #[error("others stand below it")]
    HasUnits,
    /// A successor that cannot go on; where it stands in the list.
    #[error("successor {0} is unfit")]
    SuccessorUnfit(usize),
    /// A new parent under which it cannot stand.
    #[error("it cannot stand under this organisation")]
    ParentUnfit,
    /// Members.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The document.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The role may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for SuccessionError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Stale => Problem::plain(&problem::STALE),
            Self::Fields(errors) => {
                let mut refused = Problem::plain(&problem::INVALID_FIELDS);
                refused.errors.clone_from(errors);
                refused
            }
            Self::Ended => Problem::plain(&ORGANISATION_ENDED),
            Self::HasUnits => Problem::plain(&ORGANISATION_HAS_UNITS),
            Self::ParentUnfit => Problem::plain(&NEW_PARENT_UNFIT).at(
                "/new_parent_id",
                "该单位不能隶属于它。",
                "The organisation cannot stand under it.",
            ),
            Self::SuccessorUnfit(at) => Problem::plain(&SUCCESSOR_UNFIT).at(
                format!("/successor_ids/{at}"),
                "不能承继该单位。",
                "It cannot go on for the organisation.",
            ),
            Self::Identity(error) => error.problem(),
            Self::Document(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}
