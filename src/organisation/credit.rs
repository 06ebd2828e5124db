//! Which unified social credit code (统一社会信用代码) an organisation of a kind can have: pure rules beyond the check
//! character, by GB 32100-2015 with its amendment of 2016.
//!
//! The first character is the authority that registers (1 机构编制, 5 民政, 8 工会, 9 市场监管, A 军队, N 农业农村 …), the
//! second the class it registers as. Village committees have 54 since the Ministry of Civil Affairs gives them codes
//! (基层群众性自治组织特别法人, 2018); what a village owns together is registered by the agriculture authority under N.
//!
//! Promises: a code that could be real is let through, because a code is for life and registers are older than rules:
//! - the division part names the registering office *then*, so it is asked for a province that exists (or 100000, the
//!   nation) and nothing else: offices of development zones have codes that GB/T 2260 does not know, divisions end, and
//!   an organisation may sit elsewhere;
//! - the check digit within the subject part (GB 11714) is not asked for: older registers did not keep to it.
//!
//! What could not be real is refused: a class that does not exist, no such province, a placeholder.
//! The check character itself is judged where the code is read, in `entity::value::CreditCode`.

use entity::value::{CreditCode, OrganisationKind as Kind};

/// What is wrong with a code for a kind of organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misfit {
    /// No authority registers such a class.
    NoSuchClass,
    /// Organisations of the kind are registered otherwise.
    OtherKind,
    /// No registering office lies in such a province.
    NoSuchProvince,
    /// The subject part is a filler.
    Placeholder,
}

/// The classes of GB 32100-2015, table 2, with their Chinese names.
pub const CLASSES: &[(&str, &str)] = &[
    ("11", "机关"),
    ("12", "事业单位"),
    ("13", "编办直接管理机构编制的群众团体"),
    ("19", "其他机构编制登记"),
    ("21", "外国常驻新闻机构"),
    ("29", "其他外交登记"),
    ("31", "律师执业机构"),
    ("32", "公证处"),
    ("33", "基层法律服务所"),
    ("34", "司法鉴定机构"),
    ("35", "仲裁委员会"),
    ("39", "其他司法行政登记"),
    ("41", "外国在华文化中心"),
    ("49", "其他文化登记"),
    ("51", "社会团体"),
    ("52", "民办非企业单位"),
    ("53", "基金会"),
    ("54", "村（居）民委员会"),
    ("59", "其他民政登记"),
    ("61", "外国旅游部门常驻代表机构"),
    ("62", "港澳台地区旅游部门常驻内地代表机构"),
    ("69", "其他旅游登记"),
    ("71", "宗教活动场所"),
    ("72", "宗教院校"),
    ("79", "其他宗教登记"),
    ("81", "基层工会"),
    ("89", "其他工会"),
    ("91", "企业"),
    ("92", "个体工商户"),
    ("93", "农民专业合作社"),
    ("A1", "军队事业单位"),
    ("A9", "其他军队单位"),
    ("N1", "组级集体经济组织"),
    ("N2", "村级集体经济组织"),
    ("N3", "乡镇级集体经济组织"),
    ("N9", "其他集体经济组织"),
    ("Y1", "其他"),
];

/// The first two digits of the provinces of GB/T 2260.
const PROVINCES: &[&str] = &[
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
];
/// The division part of what the nation registers.
const NATION: &str = "100000";
/// Fillers that people type until they have the code; besides nine equal characters.
const FILLERS: [&str; 2] = ["123456789", "987654321"];

/// The classes in which organisations of a kind are registered.
#[must_use]
pub fn classes_of(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::PlatformOperator => &["11", "12", "13", "19", "91"],
        Kind::FinanceDepartment | Kind::Township | Kind::AuditOffice => &["11"],
        Kind::SupervisingUnit | Kind::BudgetUnit => &["11", "12", "13", "19", "51", "A1", "A9"],
        Kind::TradeUnion => &["81", "89"],
        Kind::CanteenContractor => &["91", "92"],
        Kind::Cooperative => &["93", "N1", "N2", "N3", "N9"],
        Kind::Company | Kind::Enterprise => &["91"],
        Kind::FamilyFarm => &["92", "91"],
        Kind::AgentTrader => &["91", "92", "93"],
        Kind::AgricultureOffice | Kind::RevitalisationOffice => &["11", "12"],
        Kind::VillageCommittee => &["54", "59"],
        Kind::Federation => &["13", "11", "19", "51"],
    }
}

/// The kinds of organisation that can have a code of this class.
#[must_use]
pub fn kinds_of(class: &str) -> Vec<Kind> {
    Kind::ALL.iter().copied().filter(|kind| classes_of(*kind).contains(&class)).collect()
}

/// What a class is called.
#[must_use]
pub fn name_of(class: &str) -> Option<&'static str> {
    CLASSES.iter().find(|(code, _)| *code == class).map(|(_, name)| *name)
}

/// Whether an organisation of a kind can have a code.
///
/// # Errors
/// The first [`Misfit`], from the front of the code.
pub fn fits(kind: Kind, code: &CreditCode) -> Result<(), Misfit> {
    if name_of(code.category()).is_none() {
        return Err(Misfit::NoSuchClass);
    }
    let division = code.registering_division();
    let is_somewhere = division.get(..2).is_some_and(|province| PROVINCES.contains(&province));
    let is_digits = division.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits || !(is_somewhere || division == NATION) {
        return Err(Misfit::NoSuchProvince);
    }
    let subject = code.subject();
    let first = subject.chars().next();
    if subject.chars().all(|character| Some(character) == first) || FILLERS.contains(&subject) {
        return Err(Misfit::Placeholder);
    }
    if classes_of(kind).contains(&code.category()) { Ok(()) } else { Err(Misfit::OtherKind) }
}
