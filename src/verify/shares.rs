//! Shares recomputed from their recorded inputs, independently of the engine that wrote them.
//!
//! Promises: nothing of `attribution` is called, not even its types; exact shares are found by long division in
//! binary, which neither multiplies nor divides, and odd fen are handed out one at a time. Where the two
//! computations agree, an error would have to have been made twice, in two ways.
//! Knows the rules `shares/1` to `shares/4` and their recorded texts; knows no database.

mod third;

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use ring::digest::{SHA256, digest};
use serde::Deserialize;

/// The largest amount in fen.
const LARGEST_FEN: i64 = 9_007_199_254_740_991;

/// One share as text and bare integers, as it stands in a row or an exported file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// `produce_purchase`, `wages`, `dividend` or `land_rent`.
    pub mode: String,
    /// The agreement, as a hyphenated lower-case UUID.
    pub agreement_id: String,
    /// The household, likewise.
    pub household_id: String,
    /// The household's status, for example `registered`.
    pub household_status: String,
    /// The weight by which it shared.
    pub weight: i64,
    /// The amount.
    pub amount_fen: i64,
}

/// What recorded inputs say, and what follows from them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recomputed {
    /// The order they are about.
    pub supplier_order_id: String,
    /// `promised` or `accrued`.
    pub basis: String,
    /// The plan they apply; of several parts, that of the first.
    pub plan_id: String,
    /// The plans they apply, each with the amount shared by it.
    pub parts: Vec<(String, i64)>,
    /// The amount they share out.
    pub attributable_fen: i64,
    /// The shares above zero, by mode and agreement: line 1, line 2 …
    pub shares: Vec<Share>,
    /// What stays with the supplier.
    pub retained_fen: i64,
    /// What waits for the close of a period: the mode, the period's pool where the inputs name one, the amount.
    pub held: Vec<(String, Option<String>, i64)>,
    /// What repaid advanced costs: the agreement and the amount. It is in what stays with the supplier.
    pub deducted: Vec<(String, i64)>,
}

/// The first thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShareFault {
    /// The inputs were changed after their hash was taken, or the hash was.
    #[error("the recorded inputs have the hash {computed}, recorded is {recorded}")]
    InputsHash {
        /// The hash of the text as it is now.
        computed: String,
        /// The hash beside it.
        recorded: String,
    },
    /// The inputs are not such as shares can be computed from.
    #[error("no shares follow from the recorded inputs: {0}")]
    Inputs(String),
    /// A share is not what the inputs give.
    #[error("share {line} (agreement {agreement_id}): {field} is {recorded}, the inputs give {computed}")]
    Differs {
        /// Its line, counted from 1.
        line: usize,
        /// The agreement that the inputs give for this line.
        agreement_id: String,
        /// The column.
        field: &'static str,
        /// What is recorded.
        recorded: String,
        /// What follows from the inputs.
        computed: String,
    },
    /// The inputs give a share that is not recorded.
    #[error("share {line} (agreement {agreement_id}) of {amount_fen} fen is missing")]
    Missing {
        /// Its line, counted from 1.
        line: usize,
        /// Its agreement.
        agreement_id: String,
        /// Its amount.
        amount_fen: i64,
    },
    /// A share is recorded that the inputs do not give.
    #[error("share {line} (agreement {agreement_id}) of {amount_fen} fen does not follow from the inputs")]
    Surplus {
        /// Its line, counted from 1.
        line: usize,
        /// Its agreement.
        agreement_id: String,
        /// Its amount.
        amount_fen: i64,
    },
    /// The retained amount is not what the inputs give.
    #[error("the retained amount is {recorded} fen, the inputs give {computed}")]
    Retained {
        /// What is recorded.
        recorded: i64,
        /// What follows from the inputs.
        computed: i64,
    },
}

impl ShareFault {
    /// The same message in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::InputsHash { computed, recorded } => {
                format!("计算依据的散列值现为 {computed}，记录为 {recorded}")
            }
            Self::Inputs(reason) => format!("所记录的计算依据无法得出份额：{reason}"),
            Self::Differs { line, agreement_id, field, recorded, computed } => {
                format!("第 {line} 份（协议 {agreement_id}）：{field} 记录为 {recorded}，按依据应为 {computed}")
            }
            Self::Missing { line, agreement_id, amount_fen } => {
                format!("缺第 {line} 份（协议 {agreement_id}），金额 {amount_fen} 分")
            }
            Self::Surplus { line, agreement_id, amount_fen } => {
                format!("第 {line} 份（协议 {agreement_id}）{amount_fen} 分，按依据不应存在")
            }
            Self::Retained { recorded, computed } => format!("留存金额记录为 {recorded} 分，按依据应为 {computed} 分"),
        }
    }
}

/// Checks the record of one computation: its inputs against their hash, then every share, then what is retained.
///
/// `recorded_shares` are in the order of their line numbers.
///
/// # Errors
/// The first [`ShareFault`].
pub fn check(
    inputs_json: &str,
    inputs_hash: &str,
    recorded_shares: &[Share],
    recorded_retained_fen: i64,
) -> Result<(), ShareFault> {
    let computed: String =
        digest(&SHA256, inputs_json.as_bytes()).as_ref().iter().map(|b| format!("{b:02x}")).collect();
    if computed != inputs_hash {
        return Err(ShareFault::InputsHash { computed, recorded: inputs_hash.to_owned() });
    }
    let Recomputed { shares, retained_fen, .. } = recompute(inputs_json)?;
    for index in 0..shares.len().max(recorded_shares.len()) {
        compare(index + 1, shares.get(index), recorded_shares.get(index))?;
    }
    if retained_fen != recorded_retained_fen {
        return Err(ShareFault::Retained { recorded: recorded_retained_fen, computed: retained_fen });
    }
    Ok(())
}

fn compare(line: usize, computed: Option<&Share>, recorded: Option<&Share>) -> Result<(), ShareFault> {
    let (due, found) = match (computed, recorded) {
        (Some(due), Some(found)) => (due, found),
        (Some(Share { agreement_id, amount_fen, .. }), None) => {
            return Err(ShareFault::Missing { line, agreement_id: agreement_id.clone(), amount_fen: *amount_fen });
        }
        (None, Some(Share { agreement_id, amount_fen, .. })) => {
            return Err(ShareFault::Surplus { line, agreement_id: agreement_id.clone(), amount_fen: *amount_fen });
        }
        (None, None) => return Ok(()),
    };
    if due == found {
        return Ok(());
    }
    for ((field, computed), (_, recorded)) in fields(due).into_iter().zip(fields(found)) {
        if computed != recorded {
            return Err(ShareFault::Differs {
                line,
                agreement_id: due.agreement_id.clone(),
                field,
                recorded,
                computed,
            });
        }
    }
    Ok(())
}

fn fields(share: &Share) -> [(&'static str, String); 6] {
    let Share { mode, agreement_id, household_id, household_status, weight, amount_fen } = share;
    [
        ("mode", mode.clone()),
        ("agreement_id", agreement_id.clone()),
        ("household_id", household_id.clone()),
        ("household_status", household_status.clone()),
        ("weight", weight.to_string()),
        ("amount_fen", amount_fen.to_string()),
    ]
}

/// What every text begins with.
#[derive(Deserialize)]
struct HeadText {
    rule: String,
    supplier_order_id: String,
    basis: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InputsText {
    #[serde(rename = "rule")]
    _rule: String,
    supplier_order_id: String,
    basis: String,
    plan: PlanText,
    attributable_fen: i64,
    roster: Vec<MemberText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanText {
    id: String,
    produce_bp: i64,
    wages_bp: i64,
    dividend_bp: i64,
    rent_bp: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MemberText {
    mode: String,
    agreement_id: String,
    household_id: String,
    household_status: String,
    weight: i64,
}

/// Reads recorded inputs and computes what follows from them.
///
/// # Errors
/// [`ShareFault::Inputs`] when the text cannot be read or contradicts itself.
pub fn recompute(inputs_json: &str) -> Result<Recomputed, ShareFault> {
    let head: HeadText = serde_json::from_str(inputs_json).map_err(|error| fault(error.to_string()))?;
    if !matches!(head.basis.as_str(), "promised" | "accrued") {
        return Err(fault(format!("the basis {:?} is not known", head.basis)));
    }
    match head.rule.as_str() {
        "shares/1" | "shares/2" => recompute_plain(inputs_json),
        "shares/3" => third::recompute(inputs_json),
        "shares/4" => put_together(&head, third::recompute_parts(inputs_json)?),
        other => Err(fault(format!("the rule {other:?} is not known"))),
    }
}

fn recompute_plain(inputs_json: &str) -> Result<Recomputed, ShareFault> {
    let inputs: InputsText = serde_json::from_str(inputs_json).map_err(|error| fault(error.to_string()))?;
    let total = inputs.attributable_fen;
    if !(0..=LARGEST_FEN).contains(&total) {
        return Err(fault(format!("{total} fen is no amount")));
    }
    let seed = uuid_bytes(&inputs.supplier_order_id)?;
    let [produce, wages, dividend, rent, mut retained] = pools(total, &inputs.plan)?;
    let mut shares = Vec::new();
    let mut seen = BTreeSet::new();
    let mut known = 0;
    let pools = [("produce_purchase", produce), ("wages", wages), ("dividend", dividend), ("land_rent", rent)];
    for (mode, pool) in pools {
        let mut claims = Vec::new();
        for member in inputs.roster.iter().filter(|member| member.mode == mode) {
            let key = uuid_bytes(&member.agreement_id)?;
            if !seen.insert((mode, key)) {
                return Err(fault(format!("the agreement {} stands twice in {mode}", member.agreement_id)));
            }
            let weight = u64::try_from(member.weight)
                .map_err(|_| fault(format!("{} weighs below zero", member.agreement_id)))?;
            claims.push((key, member, weight));
        }
        known += claims.len();
        claims.sort_by_key(|(key, ..)| *key);
        let weights: Vec<u64> = claims.iter().map(|(.., weight)| *weight).collect();
        let ties: Vec<Vec<u8>> =
            claims.iter().map(|(key, ..)| digest(&SHA256, &[seed, *key].concat()).as_ref().to_vec()).collect();
        match divide(pool, &weights, &ties)? {
            None => retained += pool,
            Some(parts) => {
                shares.extend(claims.iter().zip(parts).filter_map(|((_, member, _), part)| share(member, part)))
            }
        }
    }
    if known != inputs.roster.len() {
        return Err(fault("a mode on the roster is not known".to_owned()));
    }
    let InputsText { supplier_order_id, basis, plan: PlanText { id: plan_id, .. }, .. } = inputs;
    Ok(Recomputed {
        supplier_order_id,
        basis,
        parts: vec![(plan_id.clone(), total)],
        plan_id,
        attributable_fen: total,
        shares,
        retained_fen: retained,
        held: Vec::new(),
        deducted: Vec::new(),
    })
}

/// Several parts as one order: about one order on one basis, each under a plan of its own, one after the other.
fn put_together(head: &HeadText, parts: Vec<Recomputed>) -> Result<Recomputed, ShareFault> {
    let mut parts = parts.into_iter();
    let (Some(mut whole), true) = (parts.next(), parts.len() > 0) else {
        return Err(fault("fewer than two parts are put together".to_owned()));
    };
    for part in parts {
        if whole.parts.iter().any(|(plan, _)| *plan == part.plan_id) {
            return Err(fault(format!("the plan {} stands twice", part.plan_id)));
        }
        whole.attributable_fen += part.attributable_fen;
        whole.retained_fen += part.retained_fen;
        whole.parts.extend(part.parts);
        if (&part.supplier_order_id, &part.basis) != (&whole.supplier_order_id, &whole.basis) {
            return Err(fault("a part is about another order".to_owned()));
        }
        whole.shares.extend(part.shares);
        for (mode, pool, amount) in part.held {
            match whole.held.iter_mut().find(|(of, known, _)| *of == mode && *known == pool) {
                Some((.., sum)) => *sum += amount,
                None => whole.held.push((mode, pool, amount)),
            }
        }
        for (agreement, amount) in part.deducted {
            match whole.deducted.iter_mut().find(|(of, _)| *of == agreement) {
                Some((_, sum)) => *sum += amount,
                None => whole.deducted.push((agreement, amount)),
            }
        }
    }
    whole.deducted.sort();
    if (&whole.supplier_order_id, &whole.basis) == (&head.supplier_order_id, &head.basis) {
        Ok(whole)
    } else {
        Err(fault("its parts are about another order".to_owned()))
    }
}

/// The pools for produce, wages, dividends and rent, and the part that the plan leaves.
fn pools(total: i64, plan: &PlanText) -> Result<[i64; 5], ShareFault> {
    let points = [plan.produce_bp, plan.wages_bp, plan.dividend_bp, plan.rent_bp];
    let given: i128 = points.iter().copied().map(i128::from).sum();
    if points.iter().any(|point| *point < 0) || given > 10_000 {
        return Err(fault(format!("the plan gives away {given} of 10000 basis points")));
    }
    let left = u64::try_from(10_000 - given).map_err(|_| fault("the plan is out of bounds".to_owned()))?;
    let mut weights: Vec<u64> = points.iter().map(|point| point.unsigned_abs()).collect();
    weights.push(left);
    let order: Vec<u8> = vec![0, 1, 2, 3, 4];
    let parts = divide(total, &weights, &order)?.unwrap_or_default();
    parts.try_into().map_err(|_| fault("the plan divides nothing".to_owned()))
}

/// Whole parts of `total` by weight, odd fen one at a time to the largest rest and, of equals, to the lowest tie.
/// Nothing when there is no weight.
pub(super) fn divide<T: Ord>(total: i64, weights: &[u64], ties: &[T]) -> Result<Option<Vec<i64>>, ShareFault> {
    let sum: u128 = weights.iter().copied().map(u128::from).sum();
    if sum > u128::from(u64::MAX) {
        return Err(fault("the weights of a pool add up to 2^64 or more".to_owned()));
    }
    if sum == 0 {
        return Ok(None);
    }
    let mut parts = Vec::with_capacity(weights.len());
    let mut waiting = BinaryHeap::new();
    let mut odd = total;
    for (index, (weight, tie)) in weights.iter().zip(ties).enumerate() {
        let (whole, rest) = long_division(total, u128::from(*weight), sum);
        odd -= whole;
        parts.push(whole);
        if rest > 0 {
            waiting.push((rest, Reverse(tie), index));
        }
    }
    while odd > 0 {
        let (_, _, index) = waiting.pop().ok_or_else(|| fault("more odd fen than rests".to_owned()))?;
        parts[index] += 1;
        odd -= 1;
    }
    Ok(Some(parts))
}

/// `total × weight ÷ sum` as a whole and a rest, from the highest bit of `total` down.
///
/// Invariant: `weight ≤ sum` and the rest stays below `sum`, so that it fits twice in what follows.
fn long_division(total: i64, weight: u128, sum: u128) -> (i64, u128) {
    let (mut whole, mut rest) = (0_i64, 0_u128);
    for bit in (0..63).rev() {
        whole += whole;
        rest += rest;
        if (total >> bit) & 1 == 1 {
            rest += weight;
        }
        while rest >= sum {
            rest -= sum;
            whole += 1;
        }
    }
    (whole, rest)
}

fn share(member: &MemberText, amount_fen: i64) -> Option<Share> {
    (amount_fen > 0).then(|| Share {
        mode: member.mode.clone(),
        agreement_id: member.agreement_id.clone(),
        household_id: member.household_id.clone(),
        household_status: member.household_status.clone(),
        weight: member.weight,
        amount_fen,
    })
}

fn fault(reason: String) -> ShareFault {
    ShareFault::Inputs(reason)
}

/// The 16 bytes of a UUID in its usual text.
fn uuid_bytes(text: &str) -> Result<[u8; 16], ShareFault> {
    let bad = || fault(format!("{text:?} is no UUID"));
    let digits: String = text.split('-').collect();
    if text.len() != 36 || digits.len() != 32 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(bad());
    }
    u128::from_str_radix(&digits, 16).map(u128::to_be_bytes).map_err(|_| bad())
}
