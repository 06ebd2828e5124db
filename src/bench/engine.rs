//! The pure engine: shares a second.

use super::per_second;
use crate::attribution::engine::{AttributionError, attribute};
use crate::attribution::inputs::{Inputs, MODES, Member, PlanTerms, Rule};
use entity::value::{
    AgreementId, BasisPoints, Fen, HouseholdId, HouseholdStatusKind, Overflow, PlanId, ShareBasis, SupplierOrderId,
};
use std::time::{Duration, Instant};

/// Computes the shares of orders with so many households, again and again for a while.
///
/// # Errors
/// When the engine refuses, which would be ours.
pub fn shares_per_second(households: i64, during: Duration) -> Result<u64, AttributionError> {
    let member = |number: i64| Member {
        mode: MODES[usize::try_from(number).unwrap_or_default() % MODES.len()],
        agreement_id: AgreementId::generate(),
        household_id: HouseholdId::generate(),
        household_status: HouseholdStatusKind::Registered,
        confirmed: true,
        weight: 1 + number * 37 % 1009,
        costs_fen: Fen::ZERO,
        cost_cap_bp: BasisPoints::ZERO,
    };
    let part = |points| BasisPoints::new(points).map_err(|_| Overflow);
    let parts = [part(5000)?, part(1500)?, part(1000)?, part(500)?, part(250)?];
    let mut inputs = Inputs {
        rule: Rule::PRESENT,
        supplier_order_id: SupplierOrderId::generate(),
        basis: ShareBasis::Accrued,
        plan: PlanTerms::plain(PlanId::generate(), parts),
        held_in: Vec::new(),
        attributable_fen: Fen::new(123_456_789)?,
        roster: (0..households).map(member).collect(),
    };
    let begin = Instant::now();
    let mut shares = 0_u64;
    while begin.elapsed() < during {
        inputs.supplier_order_id = SupplierOrderId::generate();
        shares += u64::try_from(attribute(&inputs)?.shares.len()).unwrap_or_default();
    }
    Ok(per_second(shares, begin.elapsed()))
}
