//! What reached households and villages: payouts equal their postings, contributions follow from what accrued.

use super::journal::account_id;
use super::store::{self, ContributionRow, PayoutLine};
use super::{Fault, Halt, shares};
use ring::digest::{SHA256, digest};
use sea_orm::ConnectionTrait;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Every payout has a posting of its own that moves just its amount from the supplier to the household.
pub(super) async fn payouts(db: &impl ConnectionTrait) -> Result<(), Halt> {
    let mut after = Uuid::nil();
    loop {
        let lines = store::payout_lines(db, after).await?;
        let Some(last) = lines.last() else { return transit(db).await };
        after = last.id;
        for payout in lines.chunk_by(|one, next| one.id == next.id) {
            check_payout(payout)?;
        }
    }
}

/// Corrections are booked as they say; what stands on the account of a batch is what of it has no outcome yet.
async fn transit(db: &impl ConnectionTrait) -> Result<(), Halt> {
    if let Some(correction) = store::wrong_correction(db).await? {
        return Err(Fault::new(
            "correction",
            correction.id,
            format!("更正 {} 分，凭证记入 {} 分。", correction.kept, correction.summed),
            format!("{} fen are corrected, its posting gives {}.", correction.kept, correction.summed),
        )
        .into());
    }
    match store::wrong_transit(db).await? {
        None => Ok(()),
        Some(batch) => Err(Fault::new(
            "payout_batch",
            batch.id,
            format!("在途明细合计 {} 分，在途账户余额 {} 分。", batch.kept, batch.summed),
            format!("its lines on their way add up to {} fen, on its account stand {}.", batch.kept, batch.summed),
        )
        .into()),
    }
}

fn check_payout(lines: &[PayoutLine]) -> Result<(), Fault> {
    let Some(payout) = lines.first() else { return Ok(()) };
    let fault = |zh: String, en: String| Err(Fault::new("payout", payout.id, zh, en));
    if payout.cause.as_deref() != Some(format!("payout:{}", payout.id).as_str()) {
        return fault("没有其凭证。".to_owned(), "it has no posting of its own.".to_owned());
    }
    let payable = account_id("household_payable", payout.household_id, Some(payout.agreement_id));
    if payout.by_two == Some(0) {
        return fault(
            "所在批次没有第二人复核。".to_owned(),
            "nobody but who drafted its batch approved it.".to_owned(),
        );
    }
    // What was sent in a batch was on its way before; what was recorded afterwards left the cooperative by it.
    let cash = match payout.batch_id.filter(|_| payout.is_recorded == 0) {
        Some(batch) => account_id("payout_in_transit", payout.supplier_id, Some(batch)),
        None => account_id("supplier_cash", payout.supplier_id, None),
    };
    let moved = |account: Uuid, side: &str| {
        let of_account = lines.iter().filter(|l| l.account_id == Some(account) && l.side.as_deref() == Some(side));
        of_account.map(|line| i128::from(line.amount.unwrap_or_default())).sum::<i128>()
    };
    for (account, side) in [(payable, "debit"), (cash, "credit")] {
        let is = moved(account, side);
        if is != i128::from(payout.amount_fen) {
            return fault(
                format!("发放 {} 分，凭证在账户 {account} 记入 {is} 分。", payout.amount_fen),
                format!("{} fen were paid out, its posting moves account {account} by {is}.", payout.amount_fen),
            );
        }
    }
    Ok(())
}

/// Every contribution is its village's part of a purchase, in proportion to what accrued to its households.
///
/// The village of a household is read from the register as it is now: no operation moves a household.
pub(super) async fn contributions(db: &impl ConnectionTrait) -> Result<(), Halt> {
    let mut after = Uuid::nil();
    loop {
        let page = store::contributions(db, after).await?;
        let Some(last) = page.last() else { return Ok(()) };
        let mut reached: BTreeMap<(Uuid, i32), BTreeMap<Uuid, Village>> = BTreeMap::new();
        let nobody = BTreeMap::new();
        for share in store::shares_of_contributions(db, after, last.id).await? {
            let of_run = reached.entry((share.supplier_order_id, share.number)).or_default();
            let village = of_run.entry(share.village_id).or_default();
            village.accrued_fen += share.amount_fen;
            village.households.insert(share.household_id);
        }
        after = last.id;
        for contribution in &page {
            let of_run = reached.get(&(contribution.supplier_order_id, contribution.number)).unwrap_or(&nobody);
            check_contribution(contribution, of_run)?;
        }
    }
}

/// What an order brought to a village.
#[derive(Default)]
struct Village {
    accrued_fen: i64,
    households: BTreeSet<Uuid>,
}

fn check_contribution(row: &ContributionRow, villages: &BTreeMap<Uuid, Village>) -> Result<(), Fault> {
    let fault = |zh: String, en: String| Err(Fault::new("contribution", row.id, zh, en));
    let Some(paid_fen) = row.paid_fen else {
        return fault(
            format!("订单 {} 没有已计提的分配。", row.supplier_order_id),
            format!("nothing has accrued from order {}.", row.supplier_order_id),
        );
    };
    let weights: Vec<u64> = villages.values().map(|village| village.accrued_fen.unsigned_abs()).collect();
    let tie = |village: &Uuid| {
        digest(&SHA256, &[row.supplier_order_id.into_bytes(), village.into_bytes()].concat()).as_ref().to_vec()
    };
    let ties: Vec<Vec<u8>> = villages.keys().map(tie).collect();
    let parts = match shares::divide(paid_fen, &weights, &ties) {
        Ok(parts) => parts.unwrap_or_default(),
        Err(refusal) => return fault(refusal.zh(), refusal.to_string()),
    };
    let mine = villages.iter().zip(parts).find(|((village, _), _)| **village == row.village_id);
    let (amount, accrued, households) =
        mine.map_or((0, 0, 0), |((_, v), part)| (part, v.accrued_fen, v.households.len()));
    for (column, kept, computed) in [
        ("amount_fen", i128::from(row.amount_fen), i128::from(amount)),
        ("reached_fen", i128::from(row.reached_fen), i128::from(accrued)),
        ("households", i128::from(row.households), i128::try_from(households).unwrap_or(i128::MAX)),
    ] {
        if kept != computed {
            return fault(
                format!("{column} 记为 {kept}，按已计提的分配应为 {computed}。"),
                format!("{column} is {kept}, what accrued gives {computed}."),
            );
        }
    }
    Ok(())
}
