//! The arithmetic of a period's close, written down a second time, from its recorded inputs. Pure.
//!
//! Where the engine fills up to ceilings, here is asked first whether all is covered: then everybody has what is due, and
//! otherwise what there is is divided by it.

use super::shares::{ShareFault, divide};
use chrono::NaiveDate;
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The order in which shares are listed.
const LISTED: [&str; 5] = ["produce_purchase", "wages", "dividend", "land_rent", "custodial_farming"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InputsText {
    rule: String,
    pub period_id: Uuid,
    pub supplier_id: Uuid,
    #[serde(rename = "starts_on")]
    _starts_on: NaiveDate,
    #[serde(rename = "ends_on")]
    _ends_on: NaiveDate,
    pub waiting: Vec<WaitingText>,
    pub due: Vec<DueText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WaitingText {
    pub mode: String,
    pub pool_id: Uuid,
    pub supplier_order_id: Uuid,
    pub amount_fen: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DueText {
    pub mode: String,
    pub agreement_id: Uuid,
    pub household_id: Uuid,
    pub household_status: String,
    pub due_fen: i64,
}

/// What follows from recorded inputs.
pub(super) struct Closing<'a> {
    /// By mode and agreement, with what each gets.
    pub shares: Vec<(&'a DueText, i64)>,
    /// By mode and order.
    pub orders: Vec<Spread<'a>>,
    pub retained: i64,
}

/// What becomes of what one order brought.
pub(super) struct Spread<'a> {
    pub waiting: &'a WaitingText,
    /// What is shared of it.
    pub shared: i64,
    /// With whom; also nothing.
    pub parts: Vec<(&'a DueText, i64)>,
}

/// Computes a close from its recorded inputs: what each agreement gets, by mode and agreement, and what is retained.
///
/// # Errors
/// [`ShareFault::Inputs`] when the text cannot be read or contradicts itself.
pub fn repeat(inputs_json: &str) -> Result<(Vec<i64>, i64), ShareFault> {
    let inputs = read(inputs_json)?;
    let closing = recompute(&inputs)?;
    Ok((closing.shares.into_iter().map(|(_, amount)| amount).collect(), closing.retained))
}

pub(super) fn read(inputs_json: &str) -> Result<InputsText, ShareFault> {
    let inputs: InputsText =
        serde_json::from_str(inputs_json).map_err(|error| ShareFault::Inputs(error.to_string()))?;
    if inputs.rule == "periods/1" {
        Ok(inputs)
    } else {
        Err(ShareFault::Inputs(format!("the rule {:?} is not known", inputs.rule)))
    }
}

pub(super) fn recompute(inputs: &InputsText) -> Result<Closing<'_>, ShareFault> {
    let mut closing = Closing { shares: Vec::new(), orders: Vec::new(), retained: 0 };
    let mut seen = BTreeSet::new();
    for mode in LISTED {
        let mut due: Vec<&DueText> = inputs.due.iter().filter(|due| due.mode == mode).collect();
        let mut waiting: Vec<&WaitingText> = inputs.waiting.iter().filter(|waiting| waiting.mode == mode).collect();
        due.sort_by_key(|due| due.agreement_id);
        waiting.sort_by_key(|waiting| waiting.supplier_order_id);
        let agreements = due.iter().map(|due| ("agreement", due.agreement_id));
        for (what, id) in agreements.chain(waiting.iter().map(|waiting| ("order", waiting.supplier_order_id))) {
            if !seen.insert((mode, what, id)) {
                return Err(ShareFault::Inputs(format!("{id} stands twice in {mode}")));
            }
        }
        close_mode(inputs.period_id, &due, &waiting, &mut closing)?;
    }
    if closing.shares.len() != inputs.due.len() || closing.orders.len() != inputs.waiting.len() {
        return Err(ShareFault::Inputs("a mode is not known".to_owned()));
    }
    Ok(closing)
}

fn close_mode<'a>(
    period: Uuid,
    due: &[&'a DueText],
    waiting: &[&'a WaitingText],
    closing: &mut Closing<'a>,
) -> Result<(), ShareFault> {
    let dues: Vec<i64> = due.iter().map(|due| due.due_fen).collect();
    let agreements: Vec<Uuid> = due.iter().map(|due| due.agreement_id).collect();
    let brought: Vec<i64> = waiting.iter().map(|waiting| waiting.amount_fen).collect();
    let orders: Vec<Uuid> = waiting.iter().map(|waiting| waiting.supplier_order_id).collect();
    let amounts = up_to(brought.iter().sum(), &dues, period, &agreements)?;
    let spread = up_to(amounts.iter().sum(), &brought, period, &orders)?;
    let mut left = amounts.clone();
    for (waiting, amount) in waiting.iter().zip(spread) {
        let parts = up_to(amount, &left, waiting.supplier_order_id, &agreements)?;
        for (left, part) in left.iter_mut().zip(&parts) {
            *left -= part;
        }
        closing.retained += waiting.amount_fen - amount;
        closing.orders.push(Spread { waiting, shared: amount, parts: due.iter().copied().zip(parts).collect() });
    }
    closing.shares.extend(due.iter().copied().zip(amounts));
    Ok(())
}

/// As much of `total` as is claimed, by claim: everything where it suffices, otherwise in proportion.
fn up_to(total: i64, claims: &[i64], seed: Uuid, keys: &[Uuid]) -> Result<Vec<i64>, ShareFault> {
    if claims.iter().any(|claim| *claim < 0) {
        return Err(ShareFault::Inputs("an amount is below zero".to_owned()));
    }
    if total >= claims.iter().sum() {
        return Ok(claims.to_vec());
    }
    let weights: Vec<u64> = claims.iter().map(|claim| claim.unsigned_abs()).collect();
    let tie = |key: &Uuid| digest(&SHA256, &[seed.into_bytes(), key.into_bytes()].concat()).as_ref().to_vec();
    let ties: Vec<Vec<u8>> = keys.iter().map(tie).collect();
    Ok(divide(total, &weights, &ties)?.unwrap_or_else(|| vec![0; claims.len()]))
}
