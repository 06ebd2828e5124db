//! Everything that can go wrong with an application, and the problem each one is.

use super::state::NoSuchStep;
use crate::access::AccessError;
use crate::catalogue::check::BadFields;
use crate::document::DocumentError;
use crate::problem::{self, Describe, Kind, Problem};
use entity::value::{AreaCode, DocumentKind};
use sea_orm::DbErr;

problem::kinds! {
    NOT_IN_RELIEF_COUNTY = 422 "not_in_relief_county", "不在 832 个脱贫县内登记", "Not registered in one of the 832 counties",
        "只有在所填脱贫县内登记的单位可以申请；请核对单位的登记地与所填县代码（GET /api/v1/relief-counties）。",
        "Only an organisation registered in the county it names can apply; compare its registered division with the list of counties.";
    NOT_A_SUPPLIER = 422 "not_a_supplier", "该单位类型不能入驻", "This kind of organisation cannot be a supplier",
        "合作社、企业、家庭农场和代理商可以申请入驻。", "Cooperatives, companies, family farms and agent traders can apply.";
    ADMISSION_INCOMPLETE = 422 "admission_incomplete", "申请材料不全", "The application is not complete",
        "请补齐 errors 中逐项列出的内容后再提交。", "Add what errors lists, then submit again.";
    LICENCE_COUNTY_MISMATCH = 422 "licence_county_mismatch", "许可证所在县与申报的生产县不符", "The licence was given by another county than claimed",
        "食品生产许可证编号第 6 至 11 位是发证地的县代码，应与申报的县一致。",
        "Digits 4 to 9 after SC name the county of production; they must be those of the county of the application.";
    REMOVED_UNTIL = 409 "removed_until", "清退期未满", "The supplier is struck off until a later day",
        "请在清退期满之后办理。", "Try again after that day.";
}

/// What can go wrong with an application.
#[derive(Debug, thiserror::Error)]
pub enum AdmissionError {
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
    /// No right to it.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A file of the application.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// What the request says.
    #[error(transparent)]
    Fields(#[from] BadFields),
    /// Not there, or not theirs to see.
    #[error("no such application in reach")]
    NotFound,
    /// The organisation applied before.
    #[error("the organisation has an application")]
    Exists,
    /// The organisation is of another kind.
    #[error("the organisation is no supplier")]
    NotASupplier,
    /// The county is none of the 832, or not the one the organisation is registered in.
    #[error("not registered in the relief county {0}")]
    NotInReliefCounty(AreaCode),
    /// Something is missing.
    #[error("the application is not complete")]
    Incomplete {
        /// Documents that are missing.
        documents: Vec<DocumentKind>,
        /// Whether the organisation has no credit code.
        credit_code: bool,
    },
    /// The food production licence is of another county.
    #[error("the licence was given in {licence}, the application claims {claimed}")]
    LicenceCounty {
        /// By the licence.
        licence: String,
        /// By the application.
        claimed: AreaCode,
    },
    /// Struck off until a later day, or for good.
    #[error("struck off until {0:?}")]
    RemovedUntil(Option<chrono::NaiveDate>),
    /// Its state knows no such step.
    #[error(transparent)]
    WrongState(#[from] NoSuchStep),
    /// Somebody changed it meanwhile.
    #[error("the application changed meanwhile")]
    Stale,
}

impl Describe for AdmissionError {
    fn problem(&self) -> Problem {
        match self {
            Self::Database(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Document(error) => error.problem(),
            Self::Fields(error) => error.problem(),
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Exists => Problem::new(
                &problem::ALREADY_EXISTS,
                "每个单位只有一份入驻申请；被退回的可以修改后再次提交。",
                "An organisation has one application; one that was returned can be changed and submitted again.",
            ),
            Self::NotASupplier => Problem::plain(&NOT_A_SUPPLIER),
            Self::NotInReliefCounty(_) => Problem::plain(&NOT_IN_RELIEF_COUNTY).at(
                "/county_code",
                "应为本单位登记地所在的脱贫县代码。",
                "The code of the relief county in which the organisation is registered is expected.",
            ),
            Self::Incomplete { documents, credit_code } => incomplete(documents, *credit_code),
            Self::LicenceCounty { licence, claimed } => Problem::plain(&LICENCE_COUNTY_MISMATCH).at(
                "/number",
                format!("编号中的县代码是 {licence}，申报的县是 {claimed}。"),
                format!("The number names county {licence}, the application county {claimed}."),
            ),
            Self::RemovedUntil(Some(day)) => {
                Problem::new(&REMOVED_UNTIL, format!("清退期至 {day}。"), format!("It is struck off until {day}."))
            }
            Self::RemovedUntil(None) => Problem::new(&REMOVED_UNTIL, "已永久清退。", "It is struck off for good."),
            Self::WrongState(NoSuchStep { from, step }) => Problem::new(
                &problem::WRONG_STATE,
                format!("申请处于“{from}”，不能进行“{step}”。"),
                format!("The application is \"{from}\" and does not allow \"{step}\"."),
            ),
            Self::Stale => Problem::plain(&problem::STALE),
        }
    }
}

fn incomplete(documents: &[DocumentKind], credit_code: bool) -> Problem {
    let mut refused = Problem::plain(&ADMISSION_INCOMPLETE);
    for kind in documents {
        refused = refused.at(
            format!("/documents/{kind}"),
            format!("缺少{}。", super::view::document_name(*kind)),
            format!("The document {kind} is missing."),
        );
    }
    if credit_code {
        refused = refused.at(
            "/organisation/credit_code",
            "单位没有登记统一社会信用代码。",
            "The organisation has no unified social credit code.",
        );
    }
    refused
}
