//! What a computation of shares is made from, and the text in which it is recorded.
//!
//! Promises: equal inputs have one canonical text, whatever the order of the roster, and that text gives the
//! inputs back; so its SHA-256 names them. Only integers, identifiers and fixed words stand in it. A text recorded
//! under an earlier rule is read, computed and written as that rule had it.
//! Knows no database and no clock.

mod order;
mod text;

use entity::value::{
    AgreementId, BasisPoints, BenefitMode, Fen, HouseholdId, HouseholdStatusKind, PeriodPoolId, PlanEligibility,
    PlanId, PoolSettlement, ShareBasis, SupplierOrderId,
};
use ring::digest;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

pub use order::OrderInputs;
pub use text::InputsError;

/// By which rule shares are computed. Its name stands in the recorded text; a change of the arithmetic, or of what is
/// done with its result, is a new rule, and the old ones stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// `shares/1`: four pools in a fixed order, no floor, no cap, no periods; each agreement for itself; once for an
    /// order and a basis.
    First,
    /// `shares/2`: the same arithmetic, over all of the order so far; what is booked is what changed.
    Second,
    /// `shares/3`: as the second, with pools in the plan's order, floor, cap, periods, advanced costs; a household's
    /// agreements together.
    Third,
}

impl Rule {
    /// By which new computations are made.
    pub const PRESENT: Self = Self::Third;

    /// Its name in the recorded text.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::First => "shares/1",
            Self::Second => "shares/2",
            Self::Third => "shares/3",
        }
    }
}

/// The modes in the order in which a plan feeds its pools unless it says otherwise, and in which shares are listed.
/// It is part of the rule, so it is written out here and does not follow the order of the enum.
pub const MODES: [BenefitMode; 5] = [
    BenefitMode::ProducePurchase,
    BenefitMode::Wages,
    BenefitMode::Dividend,
    BenefitMode::LandRent,
    BenefitMode::CustodialFarming,
];

/// Everything that decides the shares of one supplier order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inputs {
    /// The arithmetic.
    pub rule: Rule,
    /// The order whose money is shared; also what decides between equal remainders.
    pub supplier_order_id: SupplierOrderId,
    /// Whether it promises, on what was accepted, or accrues, on what was accepted and paid.
    pub basis: ShareBasis,
    /// The plan in force when the order was placed.
    pub plan: PlanTerms,
    /// Where the pools that wait for the close of a period are kept; empty when nothing is booked into them.
    pub held_in: Vec<HeldIn>,
    /// The amount to share out.
    pub attributable_fen: Fen,
    /// The agreements that may share in it, in any order.
    pub roster: Vec<Member>,
}

/// Where a pool waits for the close of its period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeldIn {
    /// The pool.
    pub mode: BenefitMode,
    /// The period's pool of that mode.
    pub pool_id: PeriodPoolId,
}

/// The parts of an attribution plan that decide amounts. What its pools leave of the whole is retained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanTerms {
    /// The plan.
    pub id: PlanId,
    /// Its pools, in the order in which they are fed: of equal remainders the earlier pool gets the odd fen, and what
    /// a floor demands goes to the earlier pool.
    pub pools: Vec<Pool>,
    /// What reaches households at least (农户保底比例), in ten-thousandths of the amount.
    pub floor_bp: BasisPoints,
    /// What one household gets at most (单户封顶比例), in ten-thousandths of the amount; the whole is no cap.
    pub cap_bp: BasisPoints,
    /// Whose status lets it share.
    pub eligible: PlanEligibility,
    /// Whether only agreements that the county confirmed share.
    pub confirmed_only: bool,
}

/// One pool of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// Who shares in it.
    pub mode: BenefitMode,
    /// Its part, in ten-thousandths.
    pub bp: BasisPoints,
    /// When it reaches households.
    pub settle: PoolSettlement,
}

impl PlanTerms {
    /// A plan with a part for each of [`MODES`], in that order, at once, without floor, cap or condition.
    #[must_use]
    pub fn plain(id: PlanId, parts: [BasisPoints; 5]) -> Self {
        let pool = |(mode, bp)| Pool { mode, bp, settle: PoolSettlement::PerOrder };
        Self {
            id,
            pools: MODES.into_iter().zip(parts).map(pool).collect(),
            floor_bp: BasisPoints::ZERO,
            cap_bp: BasisPoints::WHOLE,
            eligible: PlanEligibility::All,
            confirmed_only: false,
        }
    }

    /// The part of the pool of `mode`.
    #[must_use]
    pub fn basis_points(&self, mode: BenefitMode) -> BasisPoints {
        self.pools.iter().find(|pool| pool.mode == mode).map_or(BasisPoints::ZERO, |pool| pool.bp)
    }
}

/// One agreement on the roster, as it stood on the day of the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Whether the county had confirmed its terms by that day.
    pub confirmed: bool,
    /// Its weight in the pool, not negative; zero receives nothing.
    pub weight: i64,
    /// Advanced costs that this order may repay (垫付成本).
    pub costs_fen: Fen,
    /// The largest part of its share that may repay them, in ten-thousandths.
    pub cost_cap_bp: BasisPoints,
}

impl Member {
    /// Pools in the order of [`MODES`], agreements by identifier; the rest only makes it a total order.
    pub(super) fn canonical_order(&self, other: &Self) -> Ordering {
        let key = |m: &Self| (rank(m.mode), m.agreement_id, m.household_id, m.household_status, m.weight, m.confirmed);
        key(self).cmp(&key(other))
    }

    /// Whether a plan lets it share.
    #[must_use]
    pub fn may_share(&self, plan: &PlanTerms) -> bool {
        let status = match plan.eligible {
            PlanEligibility::All => true,
            PlanEligibility::ReliefOnly => self.household_status != HouseholdStatusKind::Ordinary,
        };
        status && (self.confirmed || !plan.confirmed_only)
    }
}

impl Inputs {
    /// Where a pool waits for the close of its period.
    #[must_use]
    pub fn pool_of(&self, mode: BenefitMode) -> Option<PeriodPoolId> {
        self.held_in.iter().find(|held| held.mode == mode).map(|held| held.pool_id)
    }

    /// Reads a canonical text of any rule.
    ///
    /// # Errors
    /// [`InputsError`] unless `text` is exactly what [`Inputs::canonical`] writes under the rule it names.
    pub fn from_canonical(text: &str) -> Result<Self, InputsError> {
        let inputs = text::read(text)?;
        if inputs.canonical() == text { Ok(inputs) } else { Err(InputsError::NotCanonical) }
    }

    /// The canonical text: JSON without spaces, the keys in one order, the roster by mode and agreement.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut roster = self.roster.clone();
        roster.sort_unstable_by(Member::canonical_order);
        text::write(self, &roster)
    }
}

/// The SHA-256 of a text in UTF-8, as 64 hexadecimal digits.
#[must_use]
pub fn hash(text: &str) -> String {
    digest::digest(&digest::SHA256, text.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The place of a mode in [`MODES`].
pub(super) const fn rank(mode: BenefitMode) -> u8 {
    match mode {
        BenefitMode::ProducePurchase => 0,
        BenefitMode::Wages => 1,
        BenefitMode::Dividend => 2,
        BenefitMode::LandRent => 3,
        BenefitMode::CustodialFarming => 4,
    }
}
