//! What reports add up: the sums kept under each seal are those of the journal under it.

use super::store::{self, WrongSum};
use super::{Fault, Halt};
use sea_orm::ConnectionTrait;

/// Seals in one question.
const PAGE: i64 = 100;

/// Every seal from one on that was summed up, whose predecessors were too.
pub(super) async fn sums(db: &impl ConnectionTrait, since: Option<i64>) -> Result<(), Halt> {
    if let Some(seal) = store::passed_over(db).await? {
        return Err(Fault::new(
            "report_gathered",
            seal,
            "该封存没有汇总记录，其后的封存或它的合计却在册。",
            "this seal was not summed up, though a later one was or sums of it are there.",
        )
        .into());
    }
    let Some(last) = store::last_gathered(db).await? else { return Ok(()) };
    let mut after = since.unwrap_or(1).max(1) - 1;
    while after < last {
        let seals = (after, last.min(after + PAGE));
        if let Some(wrong) = store::wrong_sale(db, seals).await? {
            return Err(fault("report_sale", &wrong).into());
        }
        if let Some(wrong) = store::wrong_share(db, seals).await? {
            return Err(fault("report_share", &wrong).into());
        }
        after = seals.1;
    }
    Ok(())
}

fn fault(table: &'static str, wrong: &WrongSum) -> Fault {
    let WrongSum { seal_number, supplier_order_id } = wrong;
    Fault::new(
        table,
        supplier_order_id,
        format!("第 {seal_number} 号封存下的合计与账目不符。"),
        format!("its sums under seal {seal_number} are not those of the journal."),
    )
}
