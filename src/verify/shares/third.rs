//! The rule `shares/3`, written down a second time: pools in the plan's order, caps, a floor, periods, advanced costs.
//!
//! Who is full is found by another way than the engine's: households are sorted by how much room they have for each
//! unit of weight, and filled from the tightest up, once, without rounds.

use super::{LARGEST_FEN, Recomputed, Share, ShareFault, divide, fault, uuid_bytes};
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The order in which shares are listed.
const LISTED: [&str; 5] = ["produce_purchase", "wages", "dividend", "land_rent", "custodial_farming"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InputsText {
    rule: String,
    supplier_order_id: String,
    basis: String,
    plan: PlanText,
    held_in: Vec<HeldText>,
    attributable_fen: i64,
    roster: Vec<MemberText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanText {
    id: String,
    pools: Vec<PoolText>,
    floor_bp: i64,
    cap_bp: i64,
    eligible: String,
    confirmed_only: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PoolText {
    mode: String,
    bp: i64,
    settle: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeldText {
    mode: String,
    pool_id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MemberText {
    mode: String,
    agreement_id: String,
    household_id: String,
    household_status: String,
    confirmed: bool,
    weight: i64,
    costs_fen: i64,
    cost_cap_bp: i64,
}

/// A member in its place.
struct Line {
    mode: usize,
    agreement: [u8; 16],
    household: [u8; 16],
    member: MemberText,
    /// Nothing when the plan does not let it share.
    weight: u64,
    amount: i64,
}

struct Book {
    seed: [u8; 16],
    lines: Vec<Line>,
    /// What each household has.
    has: BTreeMap<[u8; 16], i64>,
}

/// Several texts of this rule, as they stand in one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartsText {
    #[serde(rename = "rule")]
    _rule: String,
    #[serde(rename = "supplier_order_id")]
    _supplier_order_id: String,
    #[serde(rename = "basis")]
    _basis: String,
    parts: Vec<InputsText>,
}

/// Computes what follows from each part of a text of the rule `shares/4`.
pub(super) fn recompute_parts(text: &str) -> Result<Vec<Recomputed>, ShareFault> {
    let PartsText { parts, .. } = serde_json::from_str(text).map_err(|error| fault(error.to_string()))?;
    parts.into_iter().map(compute).collect()
}

/// Computes what follows from a text of this rule.
pub(super) fn recompute(text: &str) -> Result<Recomputed, ShareFault> {
    compute(serde_json::from_str(text).map_err(|error| fault(error.to_string()))?)
}

fn compute(inputs: InputsText) -> Result<Recomputed, ShareFault> {
    if inputs.rule != "shares/3" || !matches!(inputs.basis.as_str(), "promised" | "accrued") {
        return Err(fault(format!("a part of the rule {:?} on the basis {:?}", inputs.rule, inputs.basis)));
    }
    let total = inputs.attributable_fen;
    if !(0..=LARGEST_FEN).contains(&total) {
        return Err(fault(format!("{total} fen is no amount")));
    }
    let pools = pools(total, &inputs.plan)?;
    let seed = uuid_bytes(&inputs.supplier_order_id)?;
    let mut book = Book { seed, lines: lines(inputs.roster, &inputs.plan)?, has: BTreeMap::new() };
    let cap = (inputs.plan.cap_bp != 10_000).then(|| part_of(total, inputs.plan.cap_bp));
    let (mut retained, mut held) = (pools.left, Vec::new());
    for (pool, amount) in inputs.plan.pools.iter().zip(&pools.parts) {
        if pool.settle == "per_period" {
            let place = inputs.held_in.iter().find(|place| place.mode == pool.mode);
            if *amount > 0 {
                held.push((pool.mode.clone(), place.map(|place| place.pool_id.clone()), *amount));
            }
        } else {
            retained += book.give(place_of(&pool.mode)?, *amount, cap)?;
        }
    }
    let floor = part_of(total, inputs.plan.floor_bp);
    let reached: i64 = book.lines.iter().map(|line| line.amount).sum();
    if reached < floor {
        let mut missing = floor - reached;
        retained -= missing;
        let open = || inputs.plan.pools.iter().filter(|pool| pool.settle == "per_order" && pool.bp > 0);
        for limit in [cap, None] {
            for pool in open() {
                missing = book.give(place_of(&pool.mode)?, missing, limit)?;
            }
        }
        if missing > 0 {
            return Err(fault(format!("the floor of {floor} fen reaches nobody")));
        }
    }
    let (shares, deducted) = book.close();
    retained += deducted.iter().map(|(_, amount)| amount).sum::<i64>();
    let InputsText { supplier_order_id, basis, plan: PlanText { id: plan_id, .. }, .. } = inputs;
    Ok(Recomputed {
        supplier_order_id,
        basis,
        parts: vec![(plan_id.clone(), total)],
        plan_id,
        attributable_fen: total,
        shares,
        retained_fen: retained,
        held,
        deducted,
    })
}

struct Pools {
    parts: Vec<i64>,
    left: i64,
}

/// What each pool gets, and what the plan leaves; refuses a plan that cannot hold.
fn pools(total: i64, plan: &PlanText) -> Result<Pools, ShareFault> {
    let given: i128 = plan.pools.iter().map(|pool| i128::from(pool.bp)).sum();
    if plan.pools.iter().any(|pool| pool.bp < 0) || given > 10_000 {
        return Err(fault(format!("the plan gives away {given} of 10000 basis points")));
    }
    let mut seen = BTreeSet::new();
    let mut at_once = 0;
    for pool in &plan.pools {
        if !seen.insert(place_of(&pool.mode)?) {
            return Err(fault(format!("the plan has two pools for {}", pool.mode)));
        }
        match pool.settle.as_str() {
            "per_order" => at_once += pool.bp,
            "per_period" => {}
            other => return Err(fault(format!("a pool that is settled {other:?} is not known"))),
        }
    }
    if !(0..=10_000).contains(&plan.cap_bp) || plan.floor_bp < 0 || plan.floor_bp > at_once {
        return Err(fault(format!("a floor of {} and a cap of {} cannot hold", plan.floor_bp, plan.cap_bp)));
    }
    if !matches!(plan.eligible.as_str(), "all" | "relief_only") {
        return Err(fault(format!("{:?} may share: not known", plan.eligible)));
    }
    let left = u64::try_from(10_000 - given).map_err(|_| fault("the plan is out of bounds".to_owned()))?;
    let mut weights: Vec<u64> = plan.pools.iter().map(|pool| pool.bp.unsigned_abs()).collect();
    weights.push(left);
    let ties: Vec<usize> = (0..weights.len()).collect();
    let mut parts = divide(total, &weights, &ties)?.unwrap_or_default();
    let left = parts.pop().unwrap_or_default();
    Ok(Pools { parts, left })
}

/// The members by mode and agreement, each with the weight by which it may share.
fn lines(roster: Vec<MemberText>, plan: &PlanText) -> Result<Vec<Line>, ShareFault> {
    let mut lines = Vec::with_capacity(roster.len());
    let mut sums = [0_u128; LISTED.len()];
    for member in roster {
        let mode = place_of(&member.mode)?;
        let weight =
            u64::try_from(member.weight).map_err(|_| fault(format!("{} weighs below zero", member.agreement_id)))?;
        if !(0..=LARGEST_FEN).contains(&member.costs_fen) || !(0..=10_000).contains(&member.cost_cap_bp) {
            return Err(fault(format!("the costs of {} are out of bounds", member.agreement_id)));
        }
        sums[mode] += u128::from(weight);
        let stands_outside = plan.eligible == "relief_only" && member.household_status == "ordinary"
            || plan.confirmed_only && !member.confirmed;
        let (agreement, household) = (uuid_bytes(&member.agreement_id)?, uuid_bytes(&member.household_id)?);
        let weight = if stands_outside { 0 } else { weight };
        lines.push(Line { mode, agreement, household, member, weight, amount: 0 });
    }
    if sums.iter().any(|sum| *sum > u128::from(u64::MAX)) {
        return Err(fault("the weights of a pool add up to 2^64 or more".to_owned()));
    }
    lines.sort_by_key(|line| (line.mode, line.agreement));
    match lines.windows(2).find(|pair| (pair[0].mode, pair[0].agreement) == (pair[1].mode, pair[1].agreement)) {
        Some(pair) => {
            Err(fault(format!("the agreement {} stands twice in {}", pair[0].member.agreement_id, pair[0].member.mode)))
        }
        None => Ok(lines),
    }
}

/// A household in a pool.
struct Claimant {
    household: [u8; 16],
    lines: Vec<usize>,
    weight: u64,
    room: i64,
}

impl Book {
    /// Gives an amount to those who share in a mode, each household at most `limit` over all; what is left comes back.
    fn give(&mut self, mode: usize, amount: i64, limit: Option<i64>) -> Result<i64, ShareFault> {
        let mut claimants = self.claimants(mode, limit);
        claimants.sort_by(|one, other| {
            (u128::from(one.room.unsigned_abs()) * u128::from(other.weight))
                .cmp(&(u128::from(other.room.unsigned_abs()) * u128::from(one.weight)))
        });
        let mut left = amount;
        let mut weight: u128 = claimants.iter().map(|claimant| u128::from(claimant.weight)).sum();
        let mut full = 0;
        for claimant in &claimants {
            let wants = u128::from(left.unsigned_abs()) * u128::from(claimant.weight);
            if wants <= u128::from(claimant.room.unsigned_abs()) * weight {
                break;
            }
            left -= claimant.room;
            weight -= u128::from(claimant.weight);
            full += 1;
        }
        let open = claimants.split_off(full);
        for claimant in &claimants {
            self.hand(claimant, claimant.room)?;
        }
        let weights: Vec<u64> = open.iter().map(|claimant| claimant.weight).collect();
        let ties: Vec<Vec<u8>> = open.iter().map(|claimant| self.tie(claimant.lines[0])).collect();
        let Some(parts) = divide(left, &weights, &ties)? else { return Ok(left) };
        for (claimant, part) in open.iter().zip(parts) {
            self.hand(claimant, part)?;
        }
        Ok(0)
    }

    fn claimants(&self, mode: usize, limit: Option<i64>) -> Vec<Claimant> {
        let mut by_household: BTreeMap<[u8; 16], Vec<usize>> = BTreeMap::new();
        for (index, line) in self.lines.iter().enumerate().filter(|(_, line)| line.mode == mode && line.weight > 0) {
            by_household.entry(line.household).or_default().push(index);
        }
        let claimant = |(household, lines): ([u8; 16], Vec<usize>)| {
            let has = self.has.get(&household).copied().unwrap_or_default();
            let room = limit.map_or(LARGEST_FEN, |limit| (limit - has).max(0));
            Claimant { household, weight: lines.iter().map(|line| self.lines[*line].weight).sum(), lines, room }
        };
        by_household.into_iter().map(claimant).collect()
    }

    /// Hands a household its part, and splits it among its lines.
    fn hand(&mut self, claimant: &Claimant, part: i64) -> Result<(), ShareFault> {
        *self.has.entry(claimant.household).or_default() += part;
        let weights: Vec<u64> = claimant.lines.iter().map(|line| self.lines[*line].weight).collect();
        let ties: Vec<Vec<u8>> = claimant.lines.iter().map(|line| self.tie(*line)).collect();
        for (line, part) in claimant.lines.iter().zip(divide(part, &weights, &ties)?.unwrap_or_default()) {
            self.lines[*line].amount += part;
        }
        Ok(())
    }

    fn tie(&self, line: usize) -> Vec<u8> {
        digest(&SHA256, &[self.seed, self.lines[line].agreement].concat()).as_ref().to_vec()
    }

    /// The shares above zero after repaid costs, and those.
    fn close(self) -> (Vec<Share>, Vec<(String, i64)>) {
        let (mut shares, mut deducted) = (Vec::new(), Vec::new());
        for Line { member, amount, .. } in self.lines {
            let repaid = part_of(amount, member.cost_cap_bp).min(member.costs_fen);
            if repaid > 0 {
                deducted.push((member.agreement_id.clone(), repaid));
            }
            if amount > repaid {
                shares.push(Share {
                    mode: member.mode,
                    agreement_id: member.agreement_id,
                    household_id: member.household_id,
                    household_status: member.household_status,
                    weight: member.weight,
                    amount_fen: amount - repaid,
                });
            }
        }
        (shares, deducted)
    }
}

fn place_of(mode: &str) -> Result<usize, ShareFault> {
    LISTED.iter().position(|known| *known == mode).ok_or_else(|| fault(format!("the mode {mode:?} is not known")))
}

/// So many ten-thousandths of an amount, rounded down.
fn part_of(amount: i64, points: i64) -> i64 {
    let (tens, rest) = (amount / 10_000, amount % 10_000);
    tens * points + rest * points / 10_000
}
