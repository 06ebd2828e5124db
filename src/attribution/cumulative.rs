//! Instalments: how shares that grow and shrink with an order are booked. Pure functions over integers.
//!
//! The rule (since `shares/2`): whatever happens to an order, its shares are those of all that is accepted (promised) or
//! accepted and paid (accrued) so far, computed by [`attribute`](super::engine::attribute) as if it had come at once.
//! An instalment books the difference to what was booked before. Therefore any sequence of acceptances, payments and
//! refunds that ends with the same goods and the same amount ends with the same shares, to the fen, and on the way
//! every share is within one fen of its exact part of its pool.
//!
//! The method is largest remainder, of which it is known that it is not monotone in the amount: with one fen more, a
//! share may fall by one, because that fen moved two others ahead of it (the Alabama paradox). No method keeps every
//! share within a fen, is monotone, and depends on nothing but the amount without counting every fen from the first;
//! and a share that depends on the path would break the promise above. So the rule takes the fall: it is at most a fen
//! in a pool that grows, it is booked as an entry of its own that names its computation, and it is never taken from
//! what a household was handed. A share also falls where it must: when goods of others join the order, when goods go
//! back, when a price is reduced.
//!
//! What was handed to a household stays with it. Where its share falls below that, the difference is the supplier's to
//! bear (供应商应补款), and is taken off again when the share rises.

use super::engine::Share;
use entity::value::{AgreementId, Fen, HouseholdId, Overflow};
use std::collections::BTreeMap;

/// What stands on an agreement's account from one order, before a computation is booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Held {
    /// What computations credited, less what they took back.
    pub held: Fen,
    /// What of it was handed to the household: never more than is held.
    pub paid_out: Fen,
}

/// What one agreement's account is moved by: one of the two is nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The household.
    pub household_id: HouseholdId,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// What is added.
    pub up: Fen,
    /// What is taken back.
    pub down: Fen,
}

/// How a computation is booked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Booking {
    /// What moves, by agreement; what stays as it is is left out.
    pub lines: Vec<Line>,
    /// What the supplier bore before, because households had been handed more than their shares.
    pub clawback_before: Fen,
    /// What it bears after.
    pub clawback_after: Fen,
}

impl Booking {
    /// All that is added.
    ///
    /// # Errors
    /// [`Overflow`] beyond [`Fen::MAX`].
    pub fn up(&self) -> Result<Fen, Overflow> {
        Fen::checked_sum(self.lines.iter().map(|line| line.up))
    }

    /// All that is taken back.
    ///
    /// # Errors
    /// [`Overflow`] beyond [`Fen::MAX`].
    pub fn down(&self) -> Result<Fen, Overflow> {
        Fen::checked_sum(self.lines.iter().map(|line| line.down))
    }
}

/// What each agreement gets in all by these shares.
///
/// # Errors
/// [`Overflow`] beyond [`Fen::MAX`].
pub fn totals(shares: &[Share]) -> Result<BTreeMap<AgreementId, (HouseholdId, Fen)>, Overflow> {
    let mut totals: BTreeMap<AgreementId, (HouseholdId, Fen)> = BTreeMap::new();
    for share in shares {
        let (_, sum) = totals.entry(share.agreement_id).or_insert((share.household_id, Fen::ZERO));
        *sum = sum.checked_add(share.amount_fen)?;
    }
    Ok(totals)
}

/// Books a computation after the one before it; `held` says what of the order was handed over so far. Agreements that are
/// not in it were handed nothing, and hold just their share of before.
///
/// # Errors
/// [`Overflow`] when less is held than the shares of before: then the books are not what the computations say.
pub fn book(before: &[Share], now: &[Share], held: &BTreeMap<AgreementId, Held>) -> Result<Booking, Overflow> {
    let (before, now) = (totals(before)?, totals(now)?);
    let mut booking = Booking::default();
    let mut agreements: BTreeMap<AgreementId, HouseholdId> = BTreeMap::new();
    agreements.extend(before.iter().chain(&now).map(|(agreement, (household, _))| (*agreement, *household)));
    // Who has no share in either, but was handed something, keeps it: the supplier bore it and goes on bearing it.
    for (_, kept) in held.iter().filter(|(agreement, _)| !agreements.contains_key(agreement)) {
        booking.clawback_before = booking.clawback_before.checked_add(kept.held)?;
        booking.clawback_after = booking.clawback_after.checked_add(kept.held)?;
    }
    for (agreement_id, household_id) in agreements {
        let of = |shares: &BTreeMap<AgreementId, (HouseholdId, Fen)>| {
            shares.get(&agreement_id).map_or(Fen::ZERO, |(_, amount)| *amount)
        };
        let (was, is) = (of(&before), of(&now));
        let Held { held, paid_out } =
            held.get(&agreement_id).copied().unwrap_or(Held { held: was, paid_out: Fen::ZERO });
        let holds = is.max(paid_out);
        booking.clawback_before = booking.clawback_before.checked_add(held.checked_sub(was)?)?;
        booking.clawback_after = booking.clawback_after.checked_add(holds.checked_sub(is)?)?;
        if holds != held {
            let up = holds.checked_sub(held.min(holds))?;
            let down = held.checked_sub(holds.min(held))?;
            booking.lines.push(Line { household_id, agreement_id, up, down });
        }
    }
    Ok(booking)
}
