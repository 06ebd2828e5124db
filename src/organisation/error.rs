//! What can be wrong with an organisation.

use super::credit::{self, Misfit};
use super::tree;
use crate::problem::{self, Describe, Kind, Problem};
use crate::secrecy::SecrecyError;
use chrono::NaiveDate;
use entity::value::{AreaCode, OrganisationKind};
use sea_orm::DbErr;

problem::kinds! {
    DIVISION_UNKNOWN = 422 "division_unknown", "行政区划代码不存在", "There is no division with this code",
        "请用 GET /api/v1/divisions 查询现行的行政区划代码。", "Look up the present code with GET /api/v1/divisions.";
    DIVISION_ENDED = 422 "division_ended", "行政区划代码已停用", "The code of this division is no longer in force",
        "该区划已撤销或更改代码，新登记请使用其后继区划的代码；已有登记不变。",
        "The division was abolished or has another code; what is registered anew uses its successor's. What stands stays.";
    DIVISION_NOT_COUNTY = 422 "division_not_county", "行政区划不是县级", "The division is not a county",
        "请填写县、县级市、区或旗的代码。", "Give the code of a county, county-level city, district or banner.";
    CREDIT_CODE_MISSING = 422 "credit_code_missing", "缺少统一社会信用代码", "The unified social credit code is missing",
        "供应商与企业必须填写统一社会信用代码。", "Suppliers and enterprises must give their unified social credit code.";
    CREDIT_CODE_UNFIT = 422 "credit_code_unfit", "统一社会信用代码与单位类型不符", "The credit code is not one of this kind of organisation",
        "代码首两位表示登记部门与类别（GB 32100）：企业 91、个体工商户 92、农民专业合作社 93、机关 11、事业单位 12、工会 81、村委会 54。请核对代码与单位类型。",
        "Its first two characters say who registered it and as what (GB 32100): 91 companies, 92 sole traders, 93 farmers' cooperatives, 11 organs, 12 institutions, 81 unions, 54 villages. Check the code and the kind.";
    CREDIT_CODE_TAKEN = 409 "credit_code_taken", "统一社会信用代码已被登记", "The credit code is already registered",
        "该单位已登记，请联系其管理人员开通账号。", "The organisation is registered; ask its people to give you an account.";
    ORGANISATION_KIND_WRONG = 422 "organisation_kind_wrong", "此处不能登记该类单位", "This kind of organisation is not entered here",
        "供应商请使用 POST /api/v1/registrations 自行注册。", "Suppliers register themselves with POST /api/v1/registrations.";
    ORGANISATION_PARENT_WRONG = 422 "organisation_parent_wrong", "上级单位不符合要求", "The organisation cannot stand under this parent",
        "主管单位隶属财政部门，预算单位隶属主管单位或财政部门，工会与食堂承包方隶属预算单位，村委会可隶属乡镇，其他单位没有上级。",
        "Supervising units stand under a finance department, budget units under either, unions and canteens under a budget unit, villages may under a township, others alone.";
}

/// What can be wrong with an organisation.
#[derive(Debug, thiserror::Error)]
pub enum OrganisationError {
    /// Nothing there, or out of reach.
    #[error("no such organisation in reach")]
    NotFound,
    /// No division has the code.
    #[error("no division {0}")]
    DivisionUnknown(AreaCode),
    /// The division is a province or a prefecture.
    #[error("division {0} is not a county")]
    DivisionNotCounty(AreaCode),
    /// The code ended.
    #[error("the code {code} of {name} was in force until {until}")]
    DivisionEnded {
        /// The code.
        code: AreaCode,
        /// What had it last.
        name: String,
        /// Its last day.
        until: NaiveDate,
        /// The divisions of today that came of it.
        successors: Vec<(AreaCode, String)>,
    },
    /// A code that an organisation of the kind cannot have.
    #[error("a {kind} cannot have a credit code of class {class}: {misfit:?}")]
    CreditCodeUnfit {
        /// What it is.
        kind: OrganisationKind,
        /// The first two characters of the code.
        class: String,
        /// Why not.
        misfit: Misfit,
    },
    /// A supplier or enterprise without a code.
    #[error("the credit code is missing")]
    CreditCodeMissing,
    /// The code belongs to another.
    #[error("the credit code is taken")]
    CreditCodeTaken,
    /// Not entered this way.
    #[error("a {0} is not entered by the platform")]
    KindWrong(OrganisationKind),
    /// A missing, unknown or unfit parent.
    #[error("a {0} cannot stand under this parent")]
    ParentWrong(OrganisationKind),
    /// Encryption.
    #[error("sealing or opening a contact")]
    Secrecy(#[from] SecrecyError),
    /// Database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for OrganisationError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::DivisionUnknown(code) => Problem::plain(&DIVISION_UNKNOWN).at(
                "/division_code",
                format!("没有代码为 {code} 的行政区划。"),
                format!("There is no division {code}."),
            ),
            Self::DivisionNotCounty(code) => Problem::plain(&DIVISION_NOT_COUNTY).at(
                "/division_code",
                format!("{code} 不是县级行政区划。"),
                format!("{code} is not a county."),
            ),
            Self::DivisionEnded { code, name, until, successors } => ended_problem(code, name, *until, successors),
            Self::CreditCodeUnfit { kind, class, misfit } => unfit_problem(*kind, class, *misfit),
            Self::CreditCodeMissing => {
                Problem::plain(&CREDIT_CODE_MISSING).at("/credit_code", "不能为空。", "It cannot be empty.")
            }
            Self::CreditCodeTaken => Problem::plain(&CREDIT_CODE_TAKEN).at(
                "/credit_code",
                "另一单位已使用此代码。",
                "Another organisation has this code.",
            ),
            Self::KindWrong(kind) => Problem::plain(&ORGANISATION_KIND_WRONG).at(
                "/kind",
                format!("{kind} 不能由平台录入。"),
                format!("{kind} is not entered by the platform."),
            ),
            Self::ParentWrong(kind) => parent_problem(*kind),
            Self::Secrecy(_) => Problem::internal(),
            Self::Database(error) => error.problem(),
        }
    }
}

fn ended_problem(code: &AreaCode, name: &str, until: NaiveDate, successors: &[(AreaCode, String)]) -> Problem {
    let now = successors.iter().map(|(code, name)| format!("{code} {name}")).collect::<Vec<_>>();
    Problem::plain(&DIVISION_ENDED).at(
        "/division_code",
        format!("{code}（{name}）已于 {until} 停用，现为：{}。", now.join("、")),
        format!("{code} ({name}) was in force until {until}; today it is {}.", now.join(", ")),
    )
}

fn unfit_problem(kind: OrganisationKind, class: &str, misfit: Misfit) -> Problem {
    let problem = Problem::plain(&CREDIT_CODE_UNFIT);
    let wanted = credit::classes_of(kind).join(", ");
    match misfit {
        Misfit::NoSuchClass => problem.at(
            "/credit_code",
            format!("没有以 {class} 开头的统一社会信用代码；{kind} 的代码应以 {wanted} 开头。"),
            format!("No credit code begins with {class}; that of a {kind} begins with one of {wanted}."),
        ),
        Misfit::OtherKind => {
            let (kinds, name) = (credit::kinds_of(class), credit::name_of(class).unwrap_or_default());
            let kinds = kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
            let kinds = if kinds.is_empty() { "-".to_owned() } else { kinds };
            problem.at(
                "/credit_code",
                format!("{class} 是{name}的代码，适用的单位类型：{kinds}；{kind} 的代码应以 {wanted} 开头。"),
                format!("{class} is the class of {kinds}; the code of a {kind} begins with one of {wanted}."),
            )
        }
        Misfit::NoSuchProvince => problem.at(
            "/credit_code",
            "第 3 至 8 位应为登记机关的行政区划代码，其省级部分不存在。",
            "Characters 3 to 8 are the division of the registering office, and there is no such province.",
        ),
        Misfit::Placeholder => problem.at(
            "/credit_code",
            "第 9 至 17 位是占位内容，不是真实的主体标识码。",
            "Characters 9 to 17 are a filler, not an organisation.",
        ),
    }
}

fn parent_problem(kind: OrganisationKind) -> Problem {
    let wanted = tree::parents_of(kind).iter().map(|k| k.as_str()).collect::<Vec<_>>().join(", ");
    let problem = Problem::plain(&ORGANISATION_PARENT_WRONG);
    if wanted.is_empty() {
        problem.at("/parent_id", format!("{kind} 没有上级单位。"), format!("A {kind} has no parent."))
    } else {
        problem.at(
            "/parent_id",
            format!("{kind} 的上级单位应为：{wanted}。"),
            format!("The parent of a {kind} is one of: {wanted}."),
        )
    }
}
