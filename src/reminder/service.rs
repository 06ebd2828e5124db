//! One turn: the rounds that are due and were not told.

use super::event::{CluesDue, PaymentsDue, PayoutsDue, QuotaBehind, RatingsDue};
use super::rule::{Round, Subject, rounds};
use super::store;
use crate::access::{Actor, Scope};
use crate::app::App;
use crate::db::{Event, Tx};
use crate::jobs::Scheduled;
use crate::problem::Failure;
use crate::{arrears, monitoring, organisation, payout, procurement, quota};
use chrono::{Days, NaiveDate};
use entity::value::{Fen, OrganisationId, OrganisationKind, business_date, last_of_month};
use sea_orm::{ConnectionTrait, DbErr};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Tells what is due by the calendar.
pub const EVERY_HOUR: Scheduled = Scheduled {
    name: "reminder.rounds",
    every_seconds: 3600,
    run: |app| Box::pin(async move { run(app).await.map(drop).map_err(Into::into) }),
};

/// Orders looked at together.
const AT_ONCE: u64 = 1000;
/// Every county has an office at the most that is told.
const MOST_OFFICES: u64 = 5_000;
/// What is due within so many days is due soon.
const SOON: u64 = 7;

/// Tells every round that is due and was not told; says how many organisations were told something.
///
/// # Errors
/// When the database cannot be asked.
pub async fn run(app: &App) -> Result<usize, Failure> {
    let mut told = 0;
    for round in rounds(business_date(app.clock.now())) {
        if store::was_told(app.reader(), &round).await? {
            continue;
        }
        told += match round.subject {
            Subject::Ratings => tell(app, &round, &ratings(app, round.as_of).await?).await?,
            Subject::Payments => tell(app, &round, &payments(app, round.as_of).await?).await?,
            Subject::Payouts => tell(app, &round, &payouts(app.reader(), round.as_of).await?).await?,
            Subject::Clues => tell(app, &round, &clues(app.reader(), round.as_of).await?).await?,
            Subject::Quota => tell(app, &round, &quotas(app.reader(), round.as_of).await?).await?,
        };
    }
    Ok(told)
}

async fn tell<E: Event>(app: &App, round: &Round, events: &[E]) -> Result<usize, Failure> {
    let once = async |tx: &Tx| -> Result<usize, DbErr> {
        if !store::begin(tx, round, events.len()).await? {
            return Ok(0);
        }
        tx.emit_all(events).await?;
        Ok(events.len())
    };
    app.transact(&Actor::System, once).await
}

async fn ratings(app: &App, as_of: NaiveDate) -> Result<Vec<RatingsDue>, Failure> {
    let waiting = procurement::to_rate_by_buyer(app.reader()).await?;
    let until = last_of_month(as_of);
    let due = |(buyer, orders, paid_fen)| RatingsDue { buyer, orders, paid_fen, until };
    Ok(waiting.into_iter().map(due).collect())
}

async fn payments(app: &App, as_of: NaiveDate) -> Result<Vec<PaymentsDue>, Failure> {
    let soon = as_of.checked_add_days(Days::new(SOON)).unwrap_or(as_of);
    let mut owing: BTreeMap<OrganisationId, PaymentsDue> = BTreeMap::new();
    let mut after: Option<Uuid> = None;
    loop {
        let orders = procurement::owing(app.reader(), &Scope::Everything, (None, None), after, AT_ONCE).await?;
        let Some(last) = orders.last() else { break };
        after = Some(last.id.uuid());
        for arrear in
            arrears::of_orders(app.reader(), &orders, app.config.late_interest.late_interest_ppm, as_of).await?
        {
            let due = arrear.parts.iter().filter(|part| part.due_on <= soon);
            let (mut late, mut near) = (Fen::ZERO, Fen::ZERO);
            for part in due {
                let sum = if part.due_on < as_of { &mut late } else { &mut near };
                *sum = sum.checked_add(part.open_fen)?;
            }
            if late.is_zero() && near.is_zero() {
                continue;
            }
            let sums = owing.entry(arrear.buyer_id).or_insert_with(|| PaymentsDue {
                buyer: arrear.buyer_id,
                orders: 0,
                late_fen: Fen::ZERO,
                soon_fen: Fen::ZERO,
                first_due_on: arrear.due_on,
            });
            sums.orders += 1;
            sums.late_fen = sums.late_fen.checked_add(late)?;
            sums.soon_fen = sums.soon_fen.checked_add(near)?;
            sums.first_due_on = sums.first_due_on.min(arrear.due_on);
        }
    }
    Ok(owing.into_values().collect())
}

async fn payouts(db: &impl ConnectionTrait, as_of: NaiveDate) -> Result<Vec<PayoutsDue>, Failure> {
    let late = payout::late_by_supplier(db, as_of).await?.into_iter();
    let due = |late: payout::Late| PayoutsDue {
        supplier: late.supplier_id,
        households: late.households,
        late_fen: late.late_fen,
        oldest_on: late.oldest_on,
    };
    Ok(late.map(due).collect())
}

/// Villages with clues that are due soon or late, and their counties' offices.
async fn clues(db: &impl ConnectionTrait, as_of: NaiveDate) -> Result<Vec<CluesDue>, Failure> {
    let soon = as_of.checked_add_days(Days::new(SOON)).unwrap_or(as_of);
    let due = monitoring::due_by_village(db, as_of, soon).await?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let offices =
        organisation::active_of_kinds(db, &[OrganisationKind::RevitalisationOffice], None, MOST_OFFICES).await?;
    let mut told: BTreeMap<OrganisationId, CluesDue> = BTreeMap::new();
    for village in due {
        let office = offices.iter().filter(|row| row.division_code == village.county_code).map(|row| row.id).min();
        for organisation in [Some(village.village_id), office].into_iter().flatten() {
            let first_due_on = village.first_due_on;
            let sums = told.entry(organisation);
            let sums = sums.or_insert(CluesDue { organisation, clues: 0, late: 0, first_due_on });
            sums.clues = sums.clues.saturating_add(village.clues);
            sums.late = sums.late.saturating_add(village.late);
            sums.first_due_on = sums.first_due_on.min(first_due_on);
        }
    }
    Ok(told.into_values().collect())
}

async fn quotas(db: &impl ConnectionTrait, as_of: NaiveDate) -> Result<Vec<QuotaBehind>, Failure> {
    let behind = quota::behind(db, as_of).await?.into_iter().map(|unit| QuotaBehind {
        unit: unit.unit_id,
        as_of,
        declared_fen: unit.declared_fen,
        counted_fen: unit.amounts.counted_fen,
        done_bp: unit.done_bp.unwrap_or_default(),
        time_bp: unit.time_bp,
    });
    Ok(behind.collect())
}
