//! Who shares in an order, and by which weight: from the lots that were shipped and the agreements of the day.
//!
//! Produce is weighed by what each delivery contributed to the packs that were accepted and kept, at its own price;
//! every other mode by the weight its agreement states, if it was in force on the day of the first acceptance. Statuses are those of that day, so
//! that what is promised and what accrues are shared alike, however much time lies between.

use super::SettlementError;
use super::governed::Governed;
use crate::attribution::engine::{ProduceWeightError, produce_weight};
use crate::attribution::inputs::Member;
use crate::db::Tx;
use crate::procurement::Settling;
use crate::{attribution, harvest};
use chrono::NaiveDate;
use entity::value::{AgreementId, BenefitMode, LotId};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The rosters of an order, one for each plan that governs lines of it, for the day on which goods of it were first
/// accepted. Produce shares under the plan of the line it came in, every other mode under each. However many plans
/// there are, the questions are the same. Of advanced costs each roster says all that the order may repay.
pub(super) async fn build(
    tx: &Tx,
    settling: &Settling,
    accepted_on: NaiveDate,
    governed: &[Governed],
) -> Result<Vec<Vec<Member>>, SettlementError> {
    let weights = produce_weights(tx, settling, governed).await?;
    let growers: BTreeSet<AgreementId> = weights.iter().flat_map(|weights| weights.keys().copied()).collect();
    let growers: Vec<AgreementId> = growers.into_iter().collect();
    let mut others = attribution::roster(tx, settling.order.supplier_id, accepted_on).await?;
    others.retain(|member| member.mode != BenefitMode::ProducePurchase);
    // Produce was delivered while its agreement held, which may have ended since: it is found by what was shipped.
    let growers = attribution::roster_of(tx, &growers, accepted_on).await?;
    let growers = growers.into_iter().map(|member| Member { mode: BenefitMode::ProducePurchase, ..member }).collect();
    let growers = attribution::with_costs(tx, settling.order.id, growers).await?;
    let mut rosters = Vec::with_capacity(weights.len());
    for weights in weights {
        let mut roster = others.clone();
        for member in &growers {
            let Some(weight) = weights.get(&member.agreement_id) else { continue };
            let weight = i64::try_from(*weight).map_err(|_| ProduceWeightError::Overflow)?;
            roster.push(Member { weight, ..*member });
        }
        rosters.push(roster);
    }
    Ok(rosters)
}

/// What each agreement's deliveries are worth in the accepted packs, in thousandths of a fen; plan by plan.
async fn produce_weights(
    tx: &Tx,
    settling: &Settling,
    governed: &[Governed],
) -> Result<Vec<BTreeMap<AgreementId, u64>>, SettlementError> {
    let mut ids: Vec<LotId> = settling.lots.iter().map(|shipped| shipped.lot_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut parts: HashMap<LotId, Vec<harvest::LotPart>> = HashMap::new();
    for part in harvest::composition(tx, &ids).await? {
        parts.entry(part.lot).or_default().push(part);
    }
    let mut weights: Vec<BTreeMap<AgreementId, u64>> = vec![BTreeMap::new(); governed.len()];
    for shipped in &settling.lots {
        let of_plan = governed.iter().zip(&mut weights).find(|(governed, _)| governed.lines.contains(&shipped.line_id));
        let Some((_, weights)) = of_plan else { continue };
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
