//! What can go wrong with programmes and pairings.

use crate::access::AccessError;
use crate::attribution::engine::SplitError;
use crate::document::DocumentError;
use crate::paper::PaperError;
use crate::problem::{self, Describe, FieldProblem, Kind, Problem};
use chrono::NaiveDate;
use entity::value::{AidState, Fen, NeedState, Overflow};
use sea_orm::DbErr;

problem::kinds! {
    PROGRAMME_EXISTS = 409 "programme_exists", "已有同名的结对帮扶行动", "There is a programme of this name",
        "请使用已有的行动，或另取名称。", "Use the one that exists, or choose another name.";
    ALREADY_PAIRED = 409 "already_paired", "该企业与该村已结对", "The enterprise and the village are paired already",
        "同一行动中企业与村只结对一次；请查看已有的结对。", "They are paired once in a programme; see the pairing that exists.";
    PAIRING_PARTY_UNFIT = 422 "pairing_party_unfit", "结对的一方不符合要求", "A party cannot be paired",
        "企业应为在用的企业单位；村应为本县在用的村委会；农户应属该村。",
        "The enterprise is an active enterprise; a village is an active village committee of your county; households live in it.";
    PAIRING_OUTSIDE_PROGRAMME = 422 "pairing_outside_programme", "结对期限超出行动期限",
        "The term lies outside the programme",
        "请在行动的起止日期之内填写结对期限。", "Choose a term within that of the programme.";
    AID_STEP_IMPOSSIBLE = 409 "aid_step_impossible", "申报当前状态不能这样处理", "The claim is in another state",
        "村委会确认之后县级才能核实；已核实或已驳回的不再变动。",
        "The village confirms before the county verifies; what was verified or rejected does not change.";
    AID_ORDER_UNFIT = 422 "aid_order_unfit", "订单不能作为帮助销售申报", "The order is no assisted sale",
        "订单应由其他采购人下单，且已付款；金额应等于该订单验收额减退货。",
        "Somebody else bought and paid for it; the amount is what was accepted of it less credits.";
    AID_ORDER_CLAIMED = 409 "aid_order_claimed", "该订单已被申报为帮助销售", "The order is claimed already",
        "一笔订单只能申报一次帮助销售。", "An order is claimed as an assisted sale once.";
    PROGRAMME_RULE_MISSING = 409 "programme_rule_missing", "该行动尚未录入规则", "The programme has no rule yet",
        "请平台先录入行动规则，再查看排名。", "The platform enters the rule first.";
    CERTIFICATE_EXISTS = 409 "aid_certificate_exists", "该企业已有同一统计期的有效证书", "A certificate of the same days holds",
        "请使用已颁发的证书；确有错误的，先撤销再重新颁发。", "Use the one that was issued; when it is wrong, revoke it first.";
    CERTIFICATE_REVOKED = 409 "aid_certificate_revoked", "证书已被撤销", "The certificate is revoked already",
        "撤销后不能恢复；如需要请重新颁发。", "It does not come back; issue another one if need be.";
    NOTHING_VERIFIED = 422 "nothing_verified", "统计期内没有可计入的记录", "Nothing of these days counts",
        "只有已核实的记录才能计入证书。", "Only verified rows stand in a certificate.";
    NEED_STEP_IMPOSSIBLE = 409 "need_step_impossible", "需求当前状态不能这样处理", "The need is in another state",
        "请刷新后查看需求的当前状态。", "Reload it and see what can be done in its present state.";
    NEED_OUTCOME_UNFIT = 422 "need_outcome_unfit", "交付情况与需求不符", "The outcome does not fit the need",
        "计入帮扶贡献的类别应与需求相符；产品销售应对应由他人下单并已付款的订单。",
        "What counts as aid fits the need; goods that were sold name an order that somebody else placed and paid for.";
    AID_NOT_COUNTED = 422 "aid_not_counted", "该类别不计入本行动", "The kind does not count in this programme",
        "请选择行动规则中计入的类别。", "Choose a kind that counts by its rule.";
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
    /// It is no village of the pairing.
    #[error("the pairing does not cover the village")]
    NotCovered,
    /// They are no households of the village.
    #[error("they are no households of the village")]
    NoHouseholds,
    /// A certificate of the same days holds.
    #[error("a certificate of the same days holds")]
    CertificateExists,
    /// It is revoked already.
    #[error("the certificate is revoked already")]
    CertificateRevoked,
    /// Nothing counts.
    #[error("nothing of these days counts")]
    NothingVerified,
    /// The step does not exist there.
    #[error("a need that is {0} knows no such step")]
    NoSuchNeedStep(NeedState),
    /// What counts as aid is another.
    #[error("the outcome does not fit the need")]
    OutcomeUnfit,
    /// What was kept cannot be read.
    #[error("what was kept cannot be read")]
    Unreadable,
    /// A paper.
    #[error(transparent)]
    Paper(#[from] PaperError),
    /// There is no such pairing of the enterprise.
    #[error("no such pairing of the enterprise")]
    PairingUnknown,
    /// The step does not exist there.
    #[error("a claim that is {0} knows no such step")]
    NoSuchStep(AidState),
    /// The order is not what is claimed.
    #[error("the order is no assisted sale")]
    OrderUnfit,
    /// The amount is another.
    #[error("{accepted} yuan were accepted of the order")]
    OrderDiffers {
        /// What was accepted of it, less credits.
        accepted: Fen,
    },
    /// The order is claimed already.
    #[error("the order is claimed already")]
    OrderClaimed,
    /// The programme has no rule.
    #[error("the programme has no rule")]
    NoRule,
    /// The kind does not count.
    #[error("the kind does not count")]
    NotCounted,
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
            Self::NotCovered => {
                Problem::invalid("/village_id", "该村不在此结对之内。", "The pairing does not cover this village.")
            }
            Self::NoHouseholds => Problem::plain(&PAIRING_PARTY_UNFIT).at(
                "/household_ids",
                "应为该村在册的农户。",
                "They are registered households of the village.",
            ),
            Self::CertificateExists => Problem::plain(&CERTIFICATE_EXISTS),
            Self::CertificateRevoked => Problem::plain(&CERTIFICATE_REVOKED),
            Self::NothingVerified => Problem::plain(&NOTHING_VERIFIED),
            Self::NoSuchNeedStep(_) => Problem::plain(&NEED_STEP_IMPOSSIBLE),
            Self::OutcomeUnfit => Problem::plain(&NEED_OUTCOME_UNFIT),
            Self::Unreadable => Problem::internal(),
            Self::Paper(error) => error.problem(),
            Self::PairingUnknown => {
                Problem::invalid("/pairing_id", "贵单位没有这个结对。", "Your enterprise has no such pairing.")
            }
            Self::NoSuchStep(_) => Problem::plain(&AID_STEP_IMPOSSIBLE),
            Self::OrderUnfit => Problem::plain(&AID_ORDER_UNFIT).at(
                "/supplier_order_id",
                "没有这样的已付款订单。",
                "There is no such paid order.",
            ),
            Self::OrderDiffers { accepted } => Problem::plain(&AID_ORDER_UNFIT).at(
                "/amount_fen",
                format!("该订单验收额减退货为 {accepted} 元。"),
                format!("{accepted} yuan were accepted of the order, less credits."),
            ),
            Self::OrderClaimed => Problem::plain(&AID_ORDER_CLAIMED),
            Self::NoRule => Problem::plain(&PROGRAMME_RULE_MISSING),
            Self::NotCounted => Problem::plain(&AID_NOT_COUNTED),
            Self::Document(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Split(_) => Problem::internal(),
            Self::Overflow(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}
