//! What can go wrong with referral codes.

use crate::access::AccessError;
use crate::problem::{self, Describe, Kind, Problem};
use sea_orm::DbErr;

problem::kinds! {
    REFERRAL_ENDED = 409 "referral_ended", "推荐码已停用", "The code is ended already",
        "停用后不能恢复；如需要请新建推荐码。", "It does not come back; make another one if need be.";
    REFERRAL_UNFIT = 422 "referral_unfit", "推荐码不能用于此订单", "The code does not go with this order",
        "请核对推荐码；已停用的和本单位自己的推荐码不能使用。",
        "Check it; one that was ended, or is your own, is not taken.";
}

/// What can go wrong with referral codes.
#[derive(Debug, thiserror::Error)]
pub enum ReferralError {
    /// Nothing there, or not yours to see.
    #[error("no such code")]
    NotFound,
    /// It is ended.
    #[error("the code is ended already")]
    Ended,
    /// It is no code, an ended one, or the buyer's own.
    #[error("the code does not go with the order")]
    Unfit,
    /// The right.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for ReferralError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Ended => Problem::plain(&REFERRAL_ENDED),
            Self::Unfit => Problem::plain(&REFERRAL_UNFIT).at(
                "/referral_code",
                "推荐码无效、已停用或属于本单位。",
                "It is no code, an ended one, or your own.",
            ),
            Self::Access(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}
