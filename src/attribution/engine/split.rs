//! Whole fen by weight: largest remainder, and the same below ceilings.

use entity::value::{Fen, Overflow, SupplierOrderId};
use ring::digest;
use std::cmp::Reverse;
use uuid::Uuid;

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
        (tie_digest(seed.uuid(), key.as_ref()), Reverse(*weight))
    })
}

/// What decides between equals: SHA-256 over the seed and the key of each.
pub(in crate::attribution) fn tie_digest(seed: Uuid, key: &[u8]) -> Vec<u8> {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(seed.as_bytes());
    context.update(key);
    context.finish().as_ref().to_vec()
}

/// Largest remainder, with `precedence` asked only about indices that compete for too few fen.
pub(in crate::attribution) fn largest_remainder<P: Ord>(
    total: Fen,
    weights: &[u64],
    precedence: impl Fn(usize) -> P,
) -> Result<Vec<Fen>, SplitError> {
    let sum = sum_of(weights.iter().copied())?;
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

/// Who shares below a ceiling of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::attribution) struct Claim {
    /// What decides between equals; each its own.
    pub key: [u8; 16],
    /// By which it shares; zero receives nothing.
    pub weight: u64,
    /// The most it may receive, in fen; nothing for no limit.
    pub room: Option<i64>,
}

/// Splits `total` in proportion to weights, none above its room; what a full one cannot take goes to the others.
///
/// Whoever's exact share `left × weight ÷ Σ weights` is above its room is filled to its room and leaves; what is left
/// is shared by those who stay, until nobody is above. Taking out a full one only raises the shares of the others, so
/// the same ones are full in whichever order they are looked at, and the rounds are at most as many as the claims. The
/// rest is split by largest remainder, equals by SHA-256 of seed and key; a room is a whole number of fen and not below
/// the exact share, so an odd fen never passes it.
///
/// Parts are in the order of `claims`; the amount beside them is what nobody could take.
///
/// # Errors
/// [`SplitError::Overflow`] when the weights add up to 2⁶⁴ or more.
pub(in crate::attribution) fn split_below(
    total: Fen,
    seed: Uuid,
    claims: &[Claim],
) -> Result<(Vec<Fen>, Fen), SplitError> {
    let mut parts = vec![0_i64; claims.len()];
    let mut staying: Vec<usize> = (0..claims.len()).filter(|index| claims[*index].weight > 0).collect();
    let mut left = total.get();
    loop {
        let sum = sum_of(staying.iter().map(|index| claims[*index].weight))?;
        let is_full = |index: &usize| {
            let Claim { weight, room, .. } = &claims[*index];
            room.is_some_and(|room| i128::from(left) * i128::from(*weight) > i128::from(room) * i128::from(sum))
        };
        let (full, rest): (Vec<usize>, Vec<usize>) = staying.iter().copied().partition(is_full);
        if full.is_empty() {
            break;
        }
        for index in full {
            parts[index] = claims[index].room.unwrap_or_default();
            left -= parts[index];
        }
        staying = rest;
    }
    let weights: Vec<u64> = staying.iter().map(|index| claims[*index].weight).collect();
    if !weights.is_empty() {
        let amount = Fen::new(left).map_err(|_| SplitError::Overflow)?;
        let tie = |place: usize| (tie_digest(seed, &claims[staying[place]].key), Reverse(weights[place]));
        for (index, part) in staying.iter().zip(largest_remainder(amount, &weights, tie)?) {
            parts[*index] = part.get();
        }
        left = 0;
    }
    let parts = parts.into_iter().map(Fen::new).collect::<Result<_, _>>().map_err(|_| SplitError::Overflow)?;
    Ok((parts, Fen::new(left).map_err(|_| SplitError::Overflow)?))
}

/// A sum of weights.
pub(in crate::attribution) fn sum_of(weights: impl IntoIterator<Item = u64>) -> Result<u64, SplitError> {
    weights.into_iter().try_fold(0_u64, u64::checked_add).ok_or(SplitError::Overflow)
}
