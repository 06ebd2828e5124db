//! The arithmetic of shares: pure functions over integers.
//!
//! Promises: parts add up exactly to what was split; each part is within one fen of its exact share; a zero
//! weight never receives; the order in which things are listed changes nothing; a floor holds and a cap yields to
//! nothing but a floor; whatever cannot be split so is refused and nothing is returned. Knows no database, no clock
//! and no other module but its inputs.

mod order;
mod produce;
mod refusal;
mod split;

use super::inputs::{Inputs, Member, PlanTerms, Pool, Rule, rank};
use entity::value::{
    AgreementId, BasisPoints, BenefitMode, Fen, HouseholdId, HouseholdStatusKind, Overflow, PoolSettlement,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

pub use order::{attribute_order, divide_among_plans};
pub use produce::{ProduceWeightError, produce_weight};
pub use refusal::AttributionError;
pub(super) use split::{Claim, split_below};
pub use split::{SplitError, split_by_weight};

/// The whole of an amount in basis points.
const WHOLE_BP: u64 = 10_000;

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

/// What waits for the close of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The pool.
    pub mode: BenefitMode,
    /// The amount.
    pub amount_fen: Fen,
}

/// What an agreement's share repays of advanced costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deduction {
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The amount, which stays with the supplier who advanced it.
    pub amount_fen: Fen,
}

/// Who gets what. Shares, what is held and what is retained add up to the attributable amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// By mode in the order of [`MODES`](super::inputs::MODES), then by agreement; line numbers count along it. Shares
    /// of zero fen are left out: a share is money with an entry in the journal, and who came away empty stands in the
    /// inputs.
    pub shares: Vec<Share>,
    /// What stays with the supplier: its part by the plan, what nobody may share in, and repaid costs.
    pub retained_fen: Fen,
    /// What waits for the close of a period, in the order of the plan's pools; nothing under a plan that settles every
    /// pool with every order.
    pub held: Vec<Held>,
    /// Repaid costs, in the order of the agreements; they are in the retained amount.
    pub deductions: Vec<Deduction>,
}

/// Computes the shares of one supplier order.
///
/// 1. The amount is split by the plan into its pools and the part retained, by largest remainder; equal remainders go
///    in the order of the pools, the retained part last.
/// 2. A pool that is settled by period is held whole. Each other pool, in the plan's order, is split among the
///    households that may share in it ([`Member::may_share`]), each by the sum of its weights, none above the cap over
///    all its pools; what a full household cannot take goes to the others of the pool. Equal remainders are decided by
///    SHA-256 over the order's 16 bytes and those of the household's first agreement in the pool. A household's part is
///    split in the same way among its agreements. What nobody in a pool can take is retained; it moves to another pool
///    only for a floor.
/// 3. When less than the floor (rounded down to the fen) has reached households, what is missing is taken from what is
///    retained and given to the pools in the plan's order, below the cap; and if all are full, above it, for the floor
///    goes before the cap.
/// 4. Of what an agreement gets, at most its costs and at most the agreed part of it repays what was advanced.
///
/// Under the rules `shares/1` and `shares/2` each agreement counts for itself, and steps 3 and 4 have nothing to do.
///
/// # Errors
/// [`AttributionError`] when the plan or the roster contradicts itself, or nobody could receive what the floor demands.
/// All of both is checked, also what would receive nothing.
pub fn attribute(inputs: &Inputs) -> Result<Outcome, AttributionError> {
    check_plan(&inputs.plan)?;
    let mut roster = inputs.roster.clone();
    roster.sort_unstable_by(Member::canonical_order);
    check_roster(&roster)?;
    let (pools, mut retained_fen) = split_by_plan(inputs.attributable_fen, &inputs.plan)?;
    let mut sharing = Sharing::of(inputs, &roster);
    let mut held = Vec::new();
    for (pool, amount_fen) in inputs.plan.pools.iter().zip(pools) {
        if pool.settle == PoolSettlement::PerPeriod {
            held.push(Held { mode: pool.mode, amount_fen });
        } else {
            let rest = sharing.give(pool.mode, amount_fen, Cap::Holds)?;
            retained_fen = retained_fen.checked_add(rest)?;
        }
    }
    retained_fen = sharing.raise_to_floor(inputs, retained_fen)?;
    held.retain(|held| !held.amount_fen.is_zero());
    let (shares, deductions) = sharing.shares()?;
    let repaid = Fen::checked_sum(deductions.iter().map(|deduction| deduction.amount_fen))?;
    Ok(Outcome { shares, retained_fen: retained_fen.checked_add(repaid)?, held, deductions })
}

/// Refuses a plan that cannot hold, whatever the order: for [`attribute`], and for who proposes one.
///
/// # Errors
/// More is given away than there is, a pool stands twice, or the floor is more than what reaches households with every
/// order: what waits for a period may, at its close, be more than what is due there, and cannot carry a floor.
pub fn check_plan(plan: &PlanTerms) -> Result<(), AttributionError> {
    let mut seen = BTreeSet::new();
    if let Some(twice) = plan.pools.iter().find(|pool| !seen.insert(rank(pool.mode))) {
        return Err(AttributionError::DuplicatePool { mode: twice.mode });
    }
    let sum = |pools: &mut dyn Iterator<Item = &Pool>| pools.map(|pool| pool.bp.get()).sum::<i64>();
    let sum_bp = sum(&mut plan.pools.iter()).unsigned_abs();
    if sum_bp > WHOLE_BP {
        return Err(AttributionError::PlanAboveWhole { sum_bp });
    }
    let given_bp = sum(&mut plan.pools.iter().filter(|pool| pool.settle == PoolSettlement::PerOrder));
    let floor_bp = plan.floor_bp.get();
    if floor_bp > given_bp { Err(AttributionError::FloorAbovePools { floor_bp, given_bp }) } else { Ok(()) }
}

/// The pools in the plan's order, and the part it leaves to the supplier.
fn split_by_plan(total: Fen, plan: &PlanTerms) -> Result<(Vec<Fen>, Fen), AttributionError> {
    let mut points: Vec<u64> = plan.pools.iter().map(|pool| pool.bp.get().unsigned_abs()).collect();
    let sum_bp = points.iter().sum();
    points.push(WHOLE_BP.checked_sub(sum_bp).ok_or(AttributionError::PlanAboveWhole { sum_bp })?);
    let mut parts =
        split::largest_remainder(total, &points, |index| index).map_err(|_| AttributionError::Amount(Overflow))?;
    let retained = parts.pop().unwrap_or(Fen::ZERO);
    Ok((parts, retained))
}

/// Refuses what contradicts itself on a roster in canonical order.
fn check_roster(roster: &[Member]) -> Result<(), AttributionError> {
    if let Some(member) = roster.iter().find(|member| member.weight < 0) {
        return Err(AttributionError::NegativeWeight { agreement_id: member.agreement_id, weight: member.weight });
    }
    let same = |pair: &&[Member]| pair[0].mode == pair[1].mode && pair[0].agreement_id == pair[1].agreement_id;
    if let Some(pair) = roster.windows(2).find(same) {
        return Err(AttributionError::DuplicateMember { mode: pair[0].mode, agreement_id: pair[0].agreement_id });
    }
    for pool in roster.chunk_by(|one, next| one.mode == next.mode) {
        let weights = pool.iter().map(|member| member.weight.unsigned_abs());
        split::sum_of(weights).map_err(|_| AttributionError::WeightsOverflow { mode: pool[0].mode })?;
    }
    Ok(())
}

/// Whether the cap is asked about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cap {
    Holds,
    Yields,
}

/// Those who share a pool as one: a household's agreements, or, under the first two rules, one agreement.
struct Group {
    /// The first of its agreements: decides between equals.
    key: [u8; 16],
    household_id: HouseholdId,
    weight: u64,
    /// Places on the roster.
    lines: Vec<usize>,
}

/// A distribution on its way.
struct Sharing<'a> {
    seed: Uuid,
    roster: &'a [Member],
    /// What each line of the roster has.
    amounts: Vec<Fen>,
    /// What each household has, over all pools.
    by_household: HashMap<HouseholdId, Fen>,
    cap_fen: Option<Fen>,
    groups: BTreeMap<u8, Vec<Group>>,
}

impl<'a> Sharing<'a> {
    fn of(inputs: &Inputs, roster: &'a [Member]) -> Self {
        let plan = &inputs.plan;
        let mut groups: BTreeMap<u8, Vec<Group>> = BTreeMap::new();
        let mut places: HashMap<(u8, Uuid), usize> = HashMap::new();
        for (line, member) in roster.iter().enumerate() {
            if member.weight == 0 || !member.may_share(plan) {
                continue;
            }
            let mode = rank(member.mode);
            let whose = match inputs.rule {
                Rule::First | Rule::Second => member.agreement_id.uuid(),
                Rule::Third => member.household_id.uuid(),
            };
            let of_mode = groups.entry(mode).or_default();
            let place = *places.entry((mode, whose)).or_insert_with(|| {
                let key = member.agreement_id.uuid().into_bytes();
                of_mode.push(Group { key, household_id: member.household_id, weight: 0, lines: Vec::new() });
                of_mode.len() - 1
            });
            // The weights of a mode add up below 2⁶⁴: the roster was checked.
            of_mode[place].weight = of_mode[place].weight.saturating_add(member.weight.unsigned_abs());
            of_mode[place].lines.push(line);
        }
        let has_cap = plan.cap_bp != BasisPoints::WHOLE;
        Self {
            seed: inputs.supplier_order_id.uuid(),
            roster,
            amounts: vec![Fen::ZERO; roster.len()],
            by_household: HashMap::new(),
            cap_fen: has_cap.then(|| plan.cap_bp.of(inputs.attributable_fen)),
            groups,
        }
    }

    /// Splits an amount among those who share in a pool; gives back what nobody can take.
    fn give(&mut self, mode: BenefitMode, amount: Fen, cap: Cap) -> Result<Fen, AttributionError> {
        let Some(groups) = self.groups.get(&rank(mode)) else { return Ok(amount) };
        let overflow = |_| AttributionError::WeightsOverflow { mode };
        let room = |group: &Group| {
            let cap_fen = self.cap_fen.filter(|_| cap == Cap::Holds)?;
            let has = self.by_household.get(&group.household_id).copied().unwrap_or(Fen::ZERO);
            Some(cap_fen.get().saturating_sub(has.get()).max(0))
        };
        let claims: Vec<Claim> =
            groups.iter().map(|group| Claim { key: group.key, weight: group.weight, room: room(group) }).collect();
        let (parts, rest) = split_below(amount, self.seed, &claims).map_err(overflow)?;
        for (group, part) in groups.iter().zip(parts) {
            let has = self.by_household.entry(group.household_id).or_default();
            *has = has.checked_add(part)?;
            let within: Vec<Claim> = group.lines.iter().map(|line| line_claim(&self.roster[*line])).collect();
            let (of_lines, _) = split_below(part, self.seed, &within).map_err(overflow)?;
            for (line, part) in group.lines.iter().zip(of_lines) {
                self.amounts[*line] = self.amounts[*line].checked_add(part)?;
            }
        }
        Ok(rest)
    }

    /// Gives households what is missing to the floor, out of what is retained; gives back what then is retained.
    fn raise_to_floor(&mut self, inputs: &Inputs, retained_fen: Fen) -> Result<Fen, AttributionError> {
        let plan = &inputs.plan;
        let floor_fen = plan.floor_bp.of(inputs.attributable_fen);
        let shared = Fen::checked_sum(self.amounts.iter().copied())?;
        let Ok(missing) = floor_fen.checked_sub(shared) else { return Ok(retained_fen) };
        let mut left = missing;
        let pools = || plan.pools.iter().filter(|pool| pool.settle == PoolSettlement::PerOrder && !pool.bp.is_zero());
        for cap in [Cap::Holds, Cap::Yields] {
            for pool in pools() {
                left = self.give(pool.mode, left, cap)?;
            }
        }
        if !left.is_zero() {
            return Err(AttributionError::FloorCannotHold { floor_fen });
        }
        // Never more than there is: the floor is at most what the plan gives with every order, both rounded down.
        Ok(retained_fen.checked_sub(missing)?)
    }

    /// The lines with money, after repaid costs; and those.
    fn shares(&self) -> Result<(Vec<Share>, Vec<Deduction>), Overflow> {
        let (mut shares, mut deductions) = (Vec::with_capacity(self.roster.len()), Vec::new());
        for (member, amount) in self.roster.iter().zip(&self.amounts) {
            let repaid = member.costs_fen.min(member.cost_cap_bp.of(*amount));
            let amount_fen = amount.checked_sub(repaid)?;
            let Member { mode, agreement_id, household_id, household_status, weight, .. } = *member;
            if !repaid.is_zero() {
                deductions.push(Deduction { agreement_id, amount_fen: repaid });
            }
            if !amount_fen.is_zero() {
                shares.push(Share { mode, agreement_id, household_id, household_status, weight, amount_fen });
            }
        }
        Ok((shares, deductions))
    }
}

fn line_claim(member: &Member) -> Claim {
    Claim { key: member.agreement_id.uuid().into_bytes(), weight: member.weight.unsigned_abs(), room: None }
}
