//! The arithmetic of shares: pure functions over integers.
//!
//! Promises: parts add up exactly to what was split; each part is within one fen of its exact share; a zero
//! weight never receives; the order in which things are listed changes nothing; whatever cannot be split so
//! is refused and nothing is returned. Knows no database, no clock and no other module but its inputs.

use std::cmp::Reverse;

use entity::value::{
    AgreementId, BenefitMode, Fen, FenPerKilogram, Grams, HouseholdId, HouseholdStatusKind, Overflow, Packs,
    SupplierOrderId,
};
use ring::digest;

use super::inputs::{Inputs, MODES, Member, PlanTerms};

/// The whole of an amount in basis points.
const WHOLE_BP: u64 = 10_000;

/// Why an amount could not be split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SplitError {
    /// Nobody has a positive weight.
    #[error("there is no positive weight to split by")]
    NoWeight,
    /// The weights add up to 2⁶⁴ or more.
    #[error("the weights add up to 2^64 or more")]
    Overflow,
}

impl SplitError {
    /// The same message in Chinese.
    #[must_use]
    pub const fn zh(&self) -> &'static str {
        match self {
            Self::NoWeight => "没有大于零的权重，无法分配",
            Self::Overflow => "权重合计达到或超过 2^64",
        }
    }
}

/// Splits `total` in proportion to weights, by largest remainder (最大余额法).
///
/// Everyone first gets the whole fen of the exact share `total × weight ÷ Σ weights`. The fen that are then
/// left go, one each, to the largest remainders of that division. Where remainders are equal and there are
/// not enough fen for all of them, they go in the order of `SHA-256(seed ‖ key)`: 16 bytes of the supplier
/// order's identifier, then the key, digests compared byte by byte, the smaller first. An order's identifier
/// cannot be foreseen, so over many orders equals receive the odd fen equally often, while for one order
/// anyone can recompute who gets it. The order of the list plays no part, provided keys are distinct.
///
/// Parts are returned in the order of `weights`.
///
/// # Errors
/// [`SplitError::NoWeight`] when all weights are zero or there are none; [`SplitError::Overflow`] when they
/// add up to 2⁶⁴ or more.
pub fn split_by_weight<K: AsRef<[u8]>>(
    total: Fen,
    seed: SupplierOrderId,
    weights: &[(K, u64)],
) -> Result<Vec<Fen>, SplitError> {
    let bare: Vec<u64> = weights.iter().map(|(_, weight)| *weight).collect();
    largest_remainder(total, &bare, |index| {
        let (key, weight) = &weights[index];
        (tie_digest(seed, key.as_ref()), Reverse(*weight))
    })
}

fn tie_digest(seed: SupplierOrderId, key: &[u8]) -> Vec<u8> {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(seed.uuid().as_bytes());
    context.update(key);
    context.finish().as_ref().to_vec()
}

/// Largest remainder, with `precedence` asked only about indices that compete for too few fen.
fn largest_remainder<P: Ord>(
    total: Fen,
    weights: &[u64],
    precedence: impl Fn(usize) -> P,
) -> Result<Vec<Fen>, SplitError> {
    let sum = weights.iter().try_fold(0_u64, |sum, weight| sum.checked_add(*weight)).ok_or(SplitError::Overflow)?;
    if sum == 0 {
        return Err(SplitError::NoWeight);
    }
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    let mut left = total.get();
    for weight in weights {
        // Below 2⁵³ × 2⁶⁴, so 128 bits hold it.
        let product = i128::from(total.get()) * i128::from(*weight);
        let whole = i64::try_from(product / i128::from(sum)).map_err(|_| SplitError::Overflow)?;
        left -= whole;
        parts.push(whole);
        remainders.push(product % i128::from(sum));
    }
    let left = usize::try_from(left).map_err(|_| SplitError::Overflow)?;
    for index in favoured(&remainders, left, precedence) {
        parts[index] += 1;
    }
    parts.into_iter().map(|part| Fen::new(part).map_err(|Overflow| SplitError::Overflow)).collect()
}

/// The `left` indices with the largest remainders, equals by precedence.
///
/// Invariant: the remainders add up to `left` times the divisor and each is below it, so more than `left` of
/// them are positive whenever `left` is.
fn favoured<P: Ord>(remainders: &[i128], left: usize, precedence: impl Fn(usize) -> P) -> Vec<usize> {
    let Some(last) = left.checked_sub(1) else { return Vec::new() };
    let mut ranked: Vec<usize> = (0..remainders.len()).filter(|index| remainders[*index] > 0).collect();
    let (_, pivot, _) = ranked.select_nth_unstable_by_key(last, |index| Reverse(remainders[*index]));
    let threshold = remainders[*pivot];
    let (mut chosen, mut equals) = (Vec::with_capacity(left), Vec::new());
    for index in ranked {
        if remainders[index] > threshold {
            chosen.push(index);
        } else if remainders[index] == threshold {
            equals.push(index);
        }
    }
    let places = left - chosen.len();
    if equals.len() > places {
        equals.sort_by_cached_key(|index| precedence(*index));
        equals.truncate(places);
    }
    chosen.append(&mut equals);
    chosen
}

/// Why shares could not be computed. Nothing is attributed then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AttributionError {
    /// One agreement stands twice in one pool.
    #[error("the agreement {agreement_id} is on the roster twice for {mode}")]
    DuplicateMember {
        /// The pool.
        mode: BenefitMode,
        /// The agreement.
        agreement_id: AgreementId,
    },
    /// A weight is below zero.
    #[error("the agreement {agreement_id} has the negative weight {weight}")]
    NegativeWeight {
        /// The agreement.
        agreement_id: AgreementId,
        /// Its weight.
        weight: i64,
    },
    /// The plan gives away more than there is.
    #[error("the plan gives away {sum_bp} of 10000 basis points")]
    PlanAboveWhole {
        /// The sum of its four parts.
        sum_bp: u64,
    },
    /// The weights of one pool add up to 2⁶⁴ or more.
    #[error("the weights for {mode} add up to 2^64 or more")]
    WeightsOverflow {
        /// The pool.
        mode: BenefitMode,
    },
    /// An amount left its bounds, which no part of a whole can.
    #[error("an amount of the shares is out of bounds")]
    Amount(#[from] Overflow),
}

impl AttributionError {
    /// The same message in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::DuplicateMember { mode, agreement_id } => {
                format!("协议 {agreement_id} 在名单的“{}”中出现了两次", mode_word_zh(*mode))
            }
            Self::NegativeWeight { agreement_id, weight } => format!("协议 {agreement_id} 的权重 {weight} 小于零"),
            Self::PlanAboveWhole { sum_bp } => format!("分配方案合计 {sum_bp} 个基点，超过 10000"),
            Self::WeightsOverflow { mode } => format!("“{}”的权重合计达到或超过 2^64", mode_word_zh(*mode)),
            Self::Amount(Overflow) => "份额计算中的金额超出范围".to_owned(),
        }
    }
}

const fn mode_word_zh(mode: BenefitMode) -> &'static str {
    match mode {
        BenefitMode::ProducePurchase => "订单收购",
        BenefitMode::Wages => "务工就业",
        BenefitMode::Dividend => "入股分红",
        BenefitMode::LandRent => "土地流转",
    }
}

/// What one agreement gets of one order, always more than nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// The pool it comes from.
    pub mode: BenefitMode,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// Its household.
    pub household_id: HouseholdId,
    /// The household's status on the day of the event.
    pub household_status: HouseholdStatusKind,
    /// The weight by which it shared.
    pub weight: i64,
    /// The amount.
    pub amount_fen: Fen,
}

/// Who gets what. Shares and the retained amount add up to the attributable amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// By mode in the order of [`MODES`], then by agreement; line numbers count along it. Shares of zero fen are
    /// left out: a share is money with an entry in the journal, and who came away empty stands in the inputs.
    pub shares: Vec<Share>,
    /// What stays with the supplier: its part by the plan, and every pool in which nobody has a weight.
    pub retained_fen: Fen,
}

/// Computes the shares of one supplier order.
///
/// The amount is first split by the plan into the pools for produce, wages, dividends and rent and the part
/// retained, by largest remainder; equal remainders go in just that order. Then each pool is split among its
/// members by [`split_by_weight`] with the order as seed and the agreement's 16 bytes as key. A pool in
/// which nobody has a positive weight is retained whole; it never moves to another pool.
///
/// # Errors
/// [`AttributionError`] when the plan or the roster contradicts itself. All of both is checked, also what
/// would receive nothing.
pub fn attribute(inputs: &Inputs) -> Result<Outcome, AttributionError> {
    let (pools, mut retained_fen) = split_by_plan(inputs.attributable_fen, &inputs.plan)?;
    let mut roster = inputs.roster.clone();
    roster.sort_unstable_by(Member::canonical_order);
    check_roster(&roster)?;
    let mut shares = Vec::with_capacity(roster.len());
    for (mode, pool) in MODES.into_iter().zip(pools) {
        let members: Vec<Member> = roster.iter().copied().filter(|member| member.mode == mode).collect();
        match split_pool(pool, inputs.supplier_order_id, &members) {
            Ok(parts) => shares.extend(members.iter().zip(parts).filter_map(|(member, part)| share(member, part))),
            Err(SplitError::NoWeight) => retained_fen = retained_fen.checked_add(pool)?,
            Err(SplitError::Overflow) => return Err(AttributionError::WeightsOverflow { mode }),
        }
    }
    Ok(Outcome { shares, retained_fen })
}

/// The four pools in the order of [`MODES`], and the part the plan leaves to the supplier.
fn split_by_plan(total: Fen, plan: &PlanTerms) -> Result<(Vec<Fen>, Fen), AttributionError> {
    let mut points = MODES.map(|mode| plan.basis_points(mode).get().unsigned_abs()).to_vec();
    let sum_bp = points.iter().sum();
    points.push(WHOLE_BP.checked_sub(sum_bp).ok_or(AttributionError::PlanAboveWhole { sum_bp })?);
    let mut parts = largest_remainder(total, &points, |index| index).map_err(|_| AttributionError::Amount(Overflow))?;
    let retained = parts.pop().unwrap_or(Fen::ZERO);
    Ok((parts, retained))
}

/// Refuses what contradicts itself on a roster in canonical order.
fn check_roster(roster: &[Member]) -> Result<(), AttributionError> {
    if let Some(member) = roster.iter().find(|member| member.weight < 0) {
        return Err(AttributionError::NegativeWeight { agreement_id: member.agreement_id, weight: member.weight });
    }
    let same = |pair: &&[Member]| pair[0].mode == pair[1].mode && pair[0].agreement_id == pair[1].agreement_id;
    match roster.windows(2).find(same) {
        Some(pair) => Err(AttributionError::DuplicateMember { mode: pair[0].mode, agreement_id: pair[0].agreement_id }),
        None => Ok(()),
    }
}

fn split_pool(pool: Fen, seed: SupplierOrderId, members: &[Member]) -> Result<Vec<Fen>, SplitError> {
    let weights: Vec<([u8; 16], u64)> =
        members.iter().map(|member| (member.agreement_id.uuid().into_bytes(), member.weight.unsigned_abs())).collect();
    split_by_weight(pool, seed, &weights)
}

fn share(member: &Member, amount_fen: Fen) -> Option<Share> {
    let Member { mode, agreement_id, household_id, household_status, weight } = *member;
    (!amount_fen.is_zero()).then_some(Share { mode, agreement_id, household_id, household_status, weight, amount_fen })
}

/// Why a delivery has no weight in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProduceWeightError {
    /// The lot weighs nothing.
    #[error("a lot of zero grams has been shipped")]
    EmptyLot,
    /// No pack was shipped.
    #[error("no pack has been shipped")]
    NothingShipped,
    /// More was shipped of the lot, or came from the delivery, than the lot holds.
    #[error("{grams} g of a lot of {lot_total_grams} g")]
    MoreThanTheLot {
        /// What was claimed.
        grams: Grams,
        /// What the lot holds.
        lot_total_grams: Grams,
    },
    /// More packs were accepted than shipped.
    #[error("{accepted} packs accepted of {shipped} shipped")]
    MoreThanShipped {
        /// Packs accepted.
        accepted: Packs,
        /// Packs shipped.
        shipped: Packs,
    },
    /// The weight is beyond what a column holds.
    #[error("the weight is above 9223372036854775807")]
    Overflow,
}

impl ProduceWeightError {
    /// The same message in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::EmptyLot => "发货批次的重量为零".to_owned(),
            Self::NothingShipped => "没有发货件数".to_owned(),
            Self::MoreThanTheLot { grams, lot_total_grams } => {
                format!("{grams} 克超过批次总重 {lot_total_grams} 克")
            }
            Self::MoreThanShipped { accepted, shipped } => format!("验收 {accepted} 件超过发货 {shipped} 件"),
            Self::Overflow => "权重超过 9223372036854775807".to_owned(),
        }
    }
}

/// The weight that one delivery has in one order line: what its part of the accepted goods is worth at the
/// price agreed with the household, in thousandths of a fen.
///
/// `shipped × delivery × price × accepted ÷ (lot × shipped packs)`, rounded down once, at the end: of the lot
/// `shipped_grams_of_lot` went to this line, the delivery is `delivery_grams` of the lot's `lot_total_grams`,
/// and of the line's `shipped_packs` so many were accepted. Grams times fen per kilogram are thousandths of a
/// fen. Weights of several lots and lines of one agreement are added.
///
/// # Errors
/// [`ProduceWeightError`] when a part is more than its whole, a divisor is zero, or the result or a product on
/// the way to it cannot be held; the result never passes `i64::MAX`.
pub fn produce_weight(
    shipped_grams_of_lot: Grams,
    lot_total_grams: Grams,
    delivery_grams: Grams,
    price: FenPerKilogram,
    accepted_packs: Packs,
    shipped_packs: Packs,
) -> Result<u64, ProduceWeightError> {
    if lot_total_grams.is_zero() {
        return Err(ProduceWeightError::EmptyLot);
    }
    if shipped_packs.is_zero() {
        return Err(ProduceWeightError::NothingShipped);
    }
    let grams = shipped_grams_of_lot.max(delivery_grams);
    if grams > lot_total_grams {
        return Err(ProduceWeightError::MoreThanTheLot { grams, lot_total_grams });
    }
    if accepted_packs > shipped_packs {
        return Err(ProduceWeightError::MoreThanShipped { accepted: accepted_packs, shipped: shipped_packs });
    }
    let product = |factors: [i64; 4]| {
        factors.iter().try_fold(1_u128, |product, factor| product.checked_mul(u128::from(factor.unsigned_abs())))
    };
    let numerator = product([shipped_grams_of_lot.get(), delivery_grams.get(), price.get(), accepted_packs.get()]);
    let divisor = u128::from(lot_total_grams.get().unsigned_abs()) * u128::from(shipped_packs.get().unsigned_abs());
    let weight = numerator.and_then(|numerator| i64::try_from(numerator / divisor).ok());
    weight.map(i64::unsigned_abs).ok_or(ProduceWeightError::Overflow)
}
