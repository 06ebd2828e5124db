//! Who shares in an order, and by which weight: from the lots that were shipped and the agreements of the day.
//!
//! Produce is weighed by what each delivery contributed to the packs that were accepted and kept, at its own price;
//! every other mode by the weight its agreement states, if it was in force on the day of the first acceptance. Statuses are those of that day, so
//! that what is promised and what accrues are shared alike, however much time lies between.

use super::SettlementError;
use crate::attribution::engine::{ProduceWeightError, produce_weight};
use crate::attribution::inputs::Member;
use crate::db::Tx;
use crate::procurement::Settling;
use crate::{attribution, harvest};
use chrono::NaiveDate;
use entity::value::{AgreementId, BenefitMode, LotId};
use std::collections::{BTreeMap, HashMap};

/// The roster of an order, for the day on which goods of it were first accepted.
pub(super) async fn build(
    tx: &Tx,
    settling: &Settling,
    accepted_on: NaiveDate,
) -> Result<Vec<Member>, SettlementError> {
    let weights = produce_weights(tx, settling).await?;
    let growers: Vec<AgreementId> = weights.keys().copied().collect();
    let mut roster = attribution::roster(tx, settling.order.supplier_id, accepted_on).await?;
    roster.retain(|member| member.mode != BenefitMode::ProducePurchase);
    // Produce was delivered while its agreement held, which may have ended since: it is found by what was shipped.
    for mut member in attribution::roster_of(tx, &growers, accepted_on).await? {
        let weight = weights.get(&member.agreement_id).copied().unwrap_or(0);
        member.weight = i64::try_from(weight).map_err(|_| ProduceWeightError::Overflow)?;
        member.mode = BenefitMode::ProducePurchase;
        roster.push(member);
    }
    Ok(attribution::with_costs(tx, settling.order.id, roster).await?)
}

/// What each agreement's deliveries are worth in the accepted packs, in thousandths of a fen.
async fn produce_weights(tx: &Tx, settling: &Settling) -> Result<BTreeMap<AgreementId, u64>, SettlementError> {
    let mut ids: Vec<LotId> = settling.lots.iter().map(|shipped| shipped.lot_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut parts: HashMap<LotId, Vec<harvest::LotPart>> = HashMap::new();
    for part in harvest::composition(tx, &ids).await? {
        parts.entry(part.lot).or_default().push(part);
    }
    let mut weights: BTreeMap<AgreementId, u64> = BTreeMap::new();
    for shipped in &settling.lots {
        for part in parts.get(&shipped.lot_id).into_iter().flatten() {
            let weight = produce_weight(
                shipped.grams,
                part.lot_total_grams,
                part.grams,
                part.price_fen_per_kg,
                shipped.kept_packs,
                shipped.shipped_packs,
            )?;
            let sum = weights.entry(part.agreement).or_default();
            *sum = sum.checked_add(weight).ok_or(ProduceWeightError::Overflow)?;
        }
    }
    Ok(weights)
}
