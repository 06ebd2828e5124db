//! Which delivery the grams belong to when lots become other lots. Pure, whole grams, nothing lost.
//!
//! Promises: what is taken from a lot is taken from its deliveries in proportion to what each still has in it, by
//! largest remainder; never more of a delivery than there is; the parts add up to what was taken. Of what was taken
//! entirely, everything is accounted for, gram for gram.

use entity::value::DeliveryId;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Grams of each delivery.
pub type Parts = BTreeMap<DeliveryId, i64>;

/// `grams` out of `parts`, in proportion. Equal remainders go to the larger part, then to the older delivery.
/// Nothing when there is less in them, or a part is below zero.
#[must_use]
pub fn apportion(grams: i64, parts: &Parts) -> Option<Parts> {
    if parts.values().any(|part| *part < 0) {
        return None;
    }
    let whole: i128 = parts.values().map(|part| i128::from(*part)).sum();
    if grams < 0 || i128::from(grams) > whole {
        return None;
    }
    if grams == 0 {
        return Some(Parts::new());
    }
    let mut taken = Parts::new();
    let mut remainders = Vec::with_capacity(parts.len());
    let mut left = grams;
    for (delivery, part) in parts {
        let product = i128::from(grams) * i128::from(*part);
        let floor = i64::try_from(product / whole).ok()?;
        left -= floor;
        taken.insert(*delivery, floor);
        remainders.push((Reverse(product % whole), Reverse(*part), *delivery));
    }
    remainders.sort_unstable();
    for (_, _, delivery) in remainders.into_iter().take(usize::try_from(left).ok()?) {
        *taken.entry(delivery).or_default() += 1;
    }
    taken.retain(|_, part| *part > 0);
    Some(taken)
}

/// Puts more grams into parts.
pub fn add(parts: &mut Parts, more: &Parts) {
    for (delivery, grams) in more {
        let part = parts.entry(*delivery).or_default();
        *part = part.saturating_add(*grams);
    }
}

/// Takes grams that are in them out of parts.
pub fn remove(parts: &mut Parts, less: &Parts) {
    for (delivery, grams) in less {
        let part = parts.entry(*delivery).or_default();
        *part = part.saturating_sub(*grams);
    }
    parts.retain(|_, part| *part != 0);
}

/// What several outputs are made of, when so much of `pool` came out: each in the order given. Outputs that take all
/// of the pool share it out entirely.
///
/// Nothing when more came out than is in the pool.
#[must_use]
pub fn share_out(pool: &Parts, outputs: &[i64]) -> Option<Vec<Parts>> {
    let sum = outputs.iter().try_fold(0_i64, |sum, grams| sum.checked_add(*grams))?;
    let mut left = apportion(sum, pool)?;
    outputs
        .iter()
        .map(|grams| {
            let taken = apportion(*grams, &left)?;
            remove(&mut left, &taken);
            Some(taken)
        })
        .collect()
}

/// The most that may come out of so much, at a yield in ten-thousandths.
#[must_use]
pub fn most_out_of(input_grams: i64, yield_bp: i64) -> i64 {
    let most = i128::from(input_grams) * i128::from(yield_bp) / 10_000;
    i64::try_from(most).unwrap_or(i64::MAX)
}
