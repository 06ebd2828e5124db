//! Everything that can go wrong with notices, consents and reveals.

use crate::access::AccessError;
use crate::document::DocumentError;
use crate::household::HouseholdError;
use crate::problem::{self, Describe, FieldProblem, Kind, Problem};
use crate::secrecy::SecrecyError;
use sea_orm::DbErr;

problem::kinds! {
    CONSENT_MISSING = 409 "consent_missing", "没有有效的同意", "There is no consent that holds",
        "此用途须先取得本人同意并登记（POST /api/v1/households/{id}/consents）。",
        "Data is used for this purpose only with consent: obtain and record it (POST /api/v1/households/{id}/consents).";
    CONSENT_WITHDRAWN = 409 "consent_withdrawn", "该同意已撤回", "The consent was withdrawn already",
        "撤回只登记一次；如再次取得同意，请登记新的同意记录。",
        "A consent is withdrawn once; record a new consent if it is given again.";
    NOTICE_UNFIT = 422 "notice_unfit", "告知书不适用", "The notice does not fit",
        "请引用已公布、在同意生效日已启用的告知书。",
        "Refer to a published notice that is in use on the day the consent begins.";
    NOTICE_EXISTS = 409 "notice_exists", "该版本的告知书已存在", "This version of the notice exists",
        "告知书公布后不可修改；请稍候重试以公布下一版本。",
        "A published notice is never changed; try again to publish the next version.";
}

/// Why something about privacy is refused.
#[derive(Debug, thiserror::Error)]
pub enum PrivacyError {
    /// Not there, or out of reach.
    #[error("no such household or consent in reach")]
    NotFound,
    /// Fields that are not acceptable.
    #[error("{} fields are not acceptable", .0.len())]
    Fields(Vec<FieldProblem>),
    /// Nobody agreed.
    #[error("no consent holds for this purpose")]
    ConsentMissing,
    /// It was withdrawn before.
    #[error("the consent was withdrawn already")]
    Withdrawn,
    /// The notice is unknown or not in use yet.
    #[error("the notice does not fit")]
    NoticeUnfit,
    /// Another notice of this purpose was published at this moment.
    #[error("this version of the notice exists")]
    NoticeExists,
    /// A list could not be written down.
    #[error("writing a list as JSON")]
    Json(#[from] serde_json::Error),
    /// The register.
    #[error(transparent)]
    Household(#[from] HouseholdError),
    /// Evidence.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The role may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A ciphertext could not be opened.
    #[error("opening personal data")]
    Secrecy(#[from] SecrecyError),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for PrivacyError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Fields(errors) => {
                let mut refused = Problem::plain(&problem::INVALID_FIELDS);
                refused.errors.clone_from(errors);
                refused
            }
            Self::ConsentMissing => Problem::plain(&CONSENT_MISSING),
            Self::Withdrawn => Problem::plain(&CONSENT_WITHDRAWN),
            Self::NoticeUnfit => Problem::plain(&NOTICE_UNFIT).at(
                "/notice_id",
                "没有这份告知书，或其启用日期晚于同意生效日。",
                "There is no such notice, or it is not in use on that day.",
            ),
            Self::NoticeExists => Problem::plain(&NOTICE_EXISTS),
            Self::Json(_) | Self::Secrecy(_) => Problem::internal(),
            Self::Household(error) => error.problem(),
            Self::Document(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}
