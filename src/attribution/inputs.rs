//! What a computation of shares is made from, and the text in which it is recorded.
//!
//! Promises: equal inputs have one canonical text, whatever the order of the roster, and that text gives the
//! inputs back; so its SHA-256 names them. Only integers, identifiers and fixed words stand in it.
//! Knows no database and no clock.

use std::cmp::Ordering;

use entity::value::{
    AgreementId, BasisPoints, BenefitMode, Fen, HouseholdId, HouseholdStatusKind, PlanId, ShareBasis, SupplierOrderId,
};
use ring::digest;
use serde::Deserialize;

/// The rule by which shares are computed, named in the recorded text. It changes when the arithmetic does, or what is
/// done with its result: by `shares/2` the amount is all that was accepted or paid of the order so far, the shares are
/// those of that whole, and what is booked is what they changed by; see [`super::cumulative`].
pub const RULE: &str = "shares/2";

/// The rule before: the same arithmetic, once for an order and a basis, booked as it is.
pub const RULE_BEFORE: &str = "shares/1";

/// The modes in the order in which pools are fed and shares are listed. It is part of the rule, so it is written
/// out here and does not follow the order of the enum.
pub const MODES: [BenefitMode; 4] =
    [BenefitMode::ProducePurchase, BenefitMode::Wages, BenefitMode::Dividend, BenefitMode::LandRent];

/// Everything that decides the shares of one supplier order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inputs {
    /// The order whose money is shared; also what decides between equal remainders.
    pub supplier_order_id: SupplierOrderId,
    /// Whether it promises, on what was ordered, or accrues, on what was accepted and paid.
    pub basis: ShareBasis,
    /// The plan in force when the order was placed.
    pub plan: PlanTerms,
    /// The amount to share out.
    pub attributable_fen: Fen,
    /// The agreements that may share in it, in any order.
    pub roster: Vec<Member>,
}

/// The parts of an attribution plan that decide amounts. What they leave of the whole is retained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanTerms {
    /// The plan.
    pub id: PlanId,
    /// For produce bought from households (订单收购).
    pub produce_bp: BasisPoints,
    /// For wages (务工就业).
    pub wages_bp: BasisPoints,
    /// For dividends (入股分红).
    pub dividend_bp: BasisPoints,
    /// For land rent (土地流转).
    pub rent_bp: BasisPoints,
}

impl PlanTerms {
    /// The part of the pool of `mode`.
    #[must_use]
    pub const fn basis_points(&self, mode: BenefitMode) -> BasisPoints {
        match mode {
            BenefitMode::ProducePurchase => self.produce_bp,
            BenefitMode::Wages => self.wages_bp,
            BenefitMode::Dividend => self.dividend_bp,
            BenefitMode::LandRent => self.rent_bp,
        }
    }
}

/// One agreement on the roster, as it stood on the day of the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The pool in which it shares.
    pub mode: BenefitMode,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// Its household.
    pub household_id: HouseholdId,
    /// The household's status on that day; later changes do not reach it.
    pub household_status: HouseholdStatusKind,
    /// Its weight in the pool, not negative; zero receives nothing.
    pub weight: i64,
}

impl Member {
    /// Pools in the order of [`MODES`], agreements by identifier; the rest only makes it a total order.
    pub(super) fn canonical_order(&self, other: &Self) -> Ordering {
        let key = |m: &Self| (rank(m.mode), m.agreement_id, m.household_id, m.household_status, m.weight);
        key(self).cmp(&key(other))
    }
}

/// A recorded text that is not the canonical text of any inputs.
#[derive(Debug, thiserror::Error)]
pub enum InputsError {
    /// It is not JSON of the expected shape, or a value is out of its bounds.
    #[error("the recorded inputs cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// It was recorded under a rule that this program does not know.
    #[error("the recorded inputs follow the rule {0:?}, known is \"{RULE}\"")]
    UnknownRule(String),
    /// The same inputs are written differently.
    #[error("the recorded inputs are not in their canonical form")]
    NotCanonical,
}

impl InputsError {
    /// The same message in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::Unreadable(error) => format!("无法读取所记录的计算依据：{error}"),
            Self::UnknownRule(rule) => format!("所记录的计算依据采用规则 {rule:?}，本程序只认得“{RULE}”"),
            Self::NotCanonical => "所记录的计算依据不是规范文本".to_owned(),
        }
    }
}

/// The canonical text as serde reads it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recorded {
    rule: String,
    supplier_order_id: SupplierOrderId,
    basis: ShareBasis,
    plan: PlanTerms,
    attributable_fen: Fen,
    roster: Vec<Member>,
}

impl Inputs {
    /// The canonical text: JSON without spaces, keys in the order below, the roster by mode and agreement.
    ///
    /// It is written out by hand because this order of keys is the format. No value in it needs escaping.
    #[must_use]
    pub fn canonical(&self) -> String {
        self.canonical_by(RULE)
    }

    fn canonical_by(&self, rule: &str) -> String {
        let mut roster = self.roster.clone();
        roster.sort_unstable_by(Member::canonical_order);
        let roster: Vec<String> = roster.iter().map(canonical_member).collect();
        let PlanTerms { id, produce_bp, wages_bp, dividend_bp, rent_bp } = self.plan;
        let plan = format!(
            r#"{{"id":"{id}","produce_bp":{produce_bp},"wages_bp":{wages_bp},"dividend_bp":{dividend_bp},"rent_bp":{rent_bp}}}"#
        );
        format!(
            r#"{{"rule":"{rule}","supplier_order_id":"{}","basis":"{}","plan":{plan},"attributable_fen":{},"roster":[{}]}}"#,
            self.supplier_order_id,
            self.basis,
            self.attributable_fen.get(),
            roster.join(",")
        )
    }

    /// Reads a canonical text.
    ///
    /// # Errors
    /// [`InputsError`] unless `text` is exactly what [`Inputs::canonical`] writes, under this rule or the one before.
    pub fn from_canonical(text: &str) -> Result<Self, InputsError> {
        let Recorded { rule, supplier_order_id, basis, plan, attributable_fen, roster } = serde_json::from_str(text)?;
        if rule != RULE && rule != RULE_BEFORE {
            return Err(InputsError::UnknownRule(rule));
        }
        let inputs = Self { supplier_order_id, basis, plan, attributable_fen, roster };
        if inputs.canonical_by(&rule) == text { Ok(inputs) } else { Err(InputsError::NotCanonical) }
    }
}

/// The SHA-256 of a text in UTF-8, as 64 hexadecimal digits.
#[must_use]
pub fn hash(text: &str) -> String {
    digest::digest(&digest::SHA256, text.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn canonical_member(member: &Member) -> String {
    let Member { mode, agreement_id, household_id, household_status, weight } = member;
    format!(
        r#"{{"mode":"{mode}","agreement_id":"{agreement_id}","household_id":"{household_id}","household_status":"{household_status}","weight":{weight}}}"#
    )
}

/// The place of a mode in [`MODES`].
const fn rank(mode: BenefitMode) -> u8 {
    match mode {
        BenefitMode::ProducePurchase => 0,
        BenefitMode::Wages => 1,
        BenefitMode::Dividend => 2,
        BenefitMode::LandRent => 3,
    }
}
