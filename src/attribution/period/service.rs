//! Opening periods, recording what is due in them, showing them.

use super::due::{due_for, most_half_days};
use super::view::{
    OpenPeriod, Period, PeriodPool, PeriodQuery, PeriodRecord, PeriodShare, PeriodShares, RecordDue, RecordedDue,
    WantedRecord,
};
use super::{PeriodError, store};
use crate::access::policy::KeepPeriod;
use crate::access::{Grant, Scope};
use crate::attribution::agreement;
use crate::attribution::engine::{Held, Outcome, attribute_order};
use crate::attribution::error::fault;
use crate::attribution::inputs::{HeldIn, MODES, OrderInputs, PlanTerms};
use crate::db::{Change, Tx};
use crate::http::{Page, PageQuery};
use crate::problem::Failure;
use crate::{document, household};
use chrono::{Datelike, NaiveDate};
use entity::value::{
    AgreementId, BenefitMode, Fen, HouseholdId, OrganisationId, Overflow, PeriodId, PeriodKind, PeriodPoolId,
    PeriodRecordId, PeriodState, PersonId, PoolSettlement, last_of_month,
};
use entity::{agreement as agreement_table, agreement_terms, period, period_pool, period_record};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::HashMap;

/// The longest season, in days.
const LONGEST_SEASON: i64 = 366;
/// The most records in one request.
const MOST: usize = 500;
/// The largest quantity of one record.
const LARGEST_QUANTITY: i64 = 1_000_000_000;

/// Opens a period.
///
/// # Errors
/// Days that make no sense; another period on one of them.
pub(super) async fn open(tx: &Tx, grant: &Grant<KeepPeriod>, wanted: &OpenPeriod) -> Result<PeriodId, PeriodError> {
    let supplier = grant.organisation()?;
    let term = term_of(wanted).map_err(|fault| PeriodError::Fields(vec![fault]))?;
    if store::overlaps(tx, supplier, term).await? {
        return Err(PeriodError::Overlaps);
    }
    match make(tx, supplier, (wanted.kind, term), Some(grant.person()?)).await? {
        Some(id) => Ok(id),
        None => Err(PeriodError::Overlaps),
    }
}

fn term_of(wanted: &OpenPeriod) -> Result<(NaiveDate, NaiveDate), crate::problem::FieldProblem> {
    let first = wanted.starts_on;
    match wanted.kind {
        PeriodKind::Month => {
            let last = last_of_month(first);
            match wanted.ends_on {
                None if first.day() == 1 => Ok((first, last)),
                Some(wanted) if first.day() == 1 && wanted == last => Ok((first, last)),
                _ => Err(fault(
                    "/starts_on",
                    "月份从一日开始，到月末结束。",
                    "A month begins on its first day and ends by itself.",
                )),
            }
        }
        PeriodKind::Season => match wanted.ends_on {
            Some(last) if (0..LONGEST_SEASON).contains(&(last - first).num_days()) => Ok((first, last)),
            _ => Err(fault(
                "/ends_on",
                "一季最多 366 天，须写明最后一天。",
                "A season names its last day and has at most 366 days.",
            )),
        },
    }
}

/// Makes a period with its pools, unless one begins on the same day.
async fn make(
    tx: &Tx,
    supplier: OrganisationId,
    (kind, (starts_on, ends_on)): (PeriodKind, (NaiveDate, NaiveDate)),
    by: Option<PersonId>,
) -> Result<Option<PeriodId>, DbErr> {
    let id = PeriodId::generate();
    let row = period::Model {
        id,
        supplier_id: supplier,
        kind,
        starts_on,
        ends_on,
        state: PeriodState::Open,
        opened_by: by,
        closed_by: None,
        closed_at: None,
        created_at: tx.now(),
        version: 1,
    };
    let waiting = MODES.into_iter().filter(|mode| *mode != BenefitMode::ProducePurchase);
    let pools = waiting.map(|mode| period_pool::Model { id: PeriodPoolId::generate(), period_id: id, mode }).collect();
    if !store::insert(tx, row, pools).await? {
        return Ok(None);
    }
    let after = json!({ "supplier_id": supplier, "kind": kind, "starts_on": starts_on, "ends_on": ends_on });
    tx.audit(Change::made("period.opened", "period", id.uuid(), after)).await?;
    Ok(Some(id))
}

/// Where an order settled on a day keeps what its plans leave for a period: held open until the transaction ends.
///
/// The earliest open period that ends on or after the day. Without one, the month of the day is opened, from the day
/// after the last period where that has eaten into it. Nothing is asked for a plan that settles all with the order.
///
/// # Errors
/// When the database cannot be asked.
pub async fn hold_pools(
    tx: &Tx,
    supplier: OrganisationId,
    date: NaiveDate,
    plans: &[PlanTerms],
) -> Result<Vec<HeldIn>, DbErr> {
    let waits =
        |pool: &&crate::attribution::inputs::Pool| pool.settle == PoolSettlement::PerPeriod && !pool.bp.is_zero();
    let pools = plans.iter().flat_map(|plan| plan.pools.iter().filter(waits));
    let mut modes: Vec<BenefitMode> = Vec::new();
    for pool in pools {
        if !modes.contains(&pool.mode) {
            modes.push(pool.mode);
        }
    }
    if modes.is_empty() {
        return Ok(Vec::new());
    }
    let period = loop {
        match store::open_from(tx, supplier, date).await? {
            // Closed between the two questions, it is not there, and the next one is looked for.
            Some(candidate) => {
                if let Some(held) = store::hold_open(tx, candidate.id).await? {
                    break held.id;
                }
            }
            None => {
                let term = next_term(store::last_day(tx, supplier).await?, date)
                    .ok_or_else(|| DbErr::Custom("the calendar ends".to_owned()))?;
                make(tx, supplier, term, None).await?;
            }
        }
    };
    let pools = store::pools_of(tx, &[period]).await?;
    let held_in = |mode: &BenefitMode| {
        let pool = pools.iter().find(|pool| pool.mode == *mode)?;
        Some(HeldIn { mode: *mode, pool_id: pool.id })
    };
    Ok(modes.iter().filter_map(held_in).collect())
}

/// What a computation moves into the pools of periods, or takes out of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PoolMoves {
    /// What is put in, pool by pool.
    pub up: Vec<(PeriodPoolId, Fen)>,
    /// What is taken out, pool by pool.
    pub down: Vec<(PeriodPoolId, Fen)>,
}

impl PoolMoves {
    /// Of one direction all together.
    ///
    /// # Errors
    /// [`Overflow`] beyond [`Fen::MAX`].
    pub fn sum(moves: &[(PeriodPoolId, Fen)]) -> Result<Fen, Overflow> {
        Fen::checked_sum(moves.iter().map(|(_, amount)| *amount))
    }
}

/// What changed of what waits, since the computation before, whose recorded inputs these are.
///
/// More goes into the pool the inputs name. Less is taken out of the pools where the order's money still waits; what a
/// period shared out at its close is not taken back from households: that part is the supplier's to bear.
///
/// # Errors
/// When the record before cannot be read, or the database cannot be asked.
pub async fn pool_moves(
    tx: &Tx,
    inputs: &OrderInputs,
    outcome: &Outcome,
    before: Option<&str>,
) -> Result<PoolMoves, PeriodError> {
    let was = match before {
        Some(text) => attribute_order(&OrderInputs::from_canonical(text)?)?.held,
        None => Vec::new(),
    };
    let of = |held: &[Held], mode: BenefitMode| {
        held.iter().find(|held| held.mode == mode).map_or(Fen::ZERO, |held| held.amount_fen)
    };
    let (mut moves, mut less) = (PoolMoves::default(), Vec::new());
    for mode in MODES {
        let (was, is) = (of(&was, mode), of(&outcome.held, mode));
        if is > was {
            let pool = inputs.pool_of(mode).ok_or(PeriodError::NotFound)?;
            moves.up.push((pool, is.checked_sub(was)?));
        } else if was > is {
            less.push((mode, was.checked_sub(is)?));
        }
    }
    if less.is_empty() {
        return Ok(moves);
    }
    let waiting = store::waiting_of(tx, inputs.supplier_order_id()).await?;
    for (mode, mut left) in less {
        for row in waiting.iter().filter(|row| row.mode == mode && row.amount_fen > 0) {
            let part = left.min(Fen::new(row.amount_fen)?);
            if !part.is_zero() {
                moves.down.push((row.pool_id, part));
                left = left.checked_sub(part)?;
            }
        }
    }
    Ok(moves)
}

/// The month of a day, or what the last period leaves of it, or the month after that.
fn next_term(last: Option<NaiveDate>, date: NaiveDate) -> Option<(PeriodKind, (NaiveDate, NaiveDate))> {
    let month = date.with_day(1)?;
    let first = match last {
        Some(last) if last >= month => last.succ_opt()?,
        _ => month,
    };
    let kind = if first.day() == 1 { PeriodKind::Month } else { PeriodKind::Season };
    Some((kind, (first, last_of_month(first))))
}

/// What records are checked against, asked for once.
struct Around {
    agreements: HashMap<AgreementId, agreement_table::Model>,
    terms: HashMap<AgreementId, agreement_terms::Model>,
    people: HashMap<HouseholdId, i32>,
    recorded: HashMap<(BenefitMode, AgreementId), i64>,
    rent: HashMap<AgreementId, Fen>,
    days: i64,
}

/// Records what is due in a period, all or none.
///
/// # Errors
/// Not found; closed; field problems; an agreement without the terms its mode needs, or not of the period; more than it
/// allows; evidence that is not the supplier's.
pub(super) async fn record(
    tx: &Tx,
    grant: &Grant<KeepPeriod>,
    id: PeriodId,
    wanted: &RecordDue,
) -> Result<RecordedDue, PeriodError> {
    let period = store::hold(tx, grant.scope(), id).await?.ok_or(PeriodError::NotFound)?;
    if period.state == PeriodState::Closed {
        return Err(PeriodError::Closed);
    }
    check_form(wanted)?;
    document::require_own(tx, period.supplier_id, &[wanted.evidence_file_id]).await?;
    let mut around = around(tx, &period, wanted).await?;
    let mut rows = Vec::with_capacity(wanted.records.len());
    for record in &wanted.records {
        let due_fen = match record.agreement_id {
            None => record.due_fen.unwrap_or(Fen::ZERO),
            Some(agreement) => around.due(&period, agreement, record)?,
        };
        rows.push(period_record::Model {
            id: PeriodRecordId::generate(),
            period_id: id,
            mode: record.mode,
            agreement_id: record.agreement_id,
            quantity: record.quantity,
            due_fen,
            evidence_file_id: wanted.evidence_file_id,
            note: record.note.as_deref().unwrap_or_default().trim().to_owned(),
            recorded_by: grant.person()?,
            created_at: tx.now(),
        });
    }
    let total_fen = Fen::checked_sum(rows.iter().map(|row| row.due_fen))?;
    store::insert_records(tx, &rows).await?;
    store::touch(tx, id).await?;
    let after = json!({ "records": rows.len(), "due_fen": total_fen });
    tx.audit(Change::made("period.recorded", "period", id.uuid(), after)).await?;
    Ok(RecordedDue { total_fen, items: rows.into_iter().map(PeriodRecord::from).collect() })
}

fn check_form(wanted: &RecordDue) -> Result<(), PeriodError> {
    if !(1..=MOST).contains(&wanted.records.len()) {
        let wrong = fault("/records", "一次登记 1 至 500 行。", "Record 1 to 500 lines at once.");
        return Err(PeriodError::Fields(vec![wrong]));
    }
    let mut faults = Vec::new();
    for (index, record) in wanted.records.iter().enumerate() {
        let mut wrong = |field: &str, zh, en| faults.push(fault(&format!("/records/{index}/{field}"), zh, en));
        let counts = matches!(record.mode, BenefitMode::Wages | BenefitMode::CustodialFarming);
        if record.mode == BenefitMode::ProducePurchase {
            wrong("mode", "订单收购随单分配，不记入期间。", "Produce is shared with its order, not by period.");
        } else if (record.mode == BenefitMode::Dividend) == record.agreement_id.is_some() {
            wrong(
                "agreement_id",
                "分红不填协议，其他方式须填协议。",
                "A dividend names no agreement; everything else names one.",
            );
        } else if counts != record.quantity.is_some()
            || record.quantity.is_some_and(|quantity| !(1..=LARGEST_QUANTITY).contains(&quantity))
        {
            wrong(
                "quantity",
                "务工填半日数，托管填单位数，其他方式不填。",
                "Half days for wages, units for custodial farming, nothing else.",
            );
        } else if counts == record.due_fen.is_some() || record.due_fen.is_some_and(Fen::is_zero) {
            wrong(
                "due_fen",
                "地租和分红填大于零的金额，其他方式按协议计算。",
                "Rent and dividends have an amount above zero; the others follow from the agreement.",
            );
        }
        if record.note.as_ref().is_some_and(|note| note.chars().count() > 200) {
            wrong("note", "备注不超过 200 个字。", "A remark has at most 200 characters.");
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(PeriodError::Fields(faults)) }
}

async fn around(tx: &Tx, period: &period::Model, wanted: &RecordDue) -> Result<Around, PeriodError> {
    let mut ids: Vec<AgreementId> = wanted.records.iter().filter_map(|record| record.agreement_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let agreements = agreement::find_agreements(tx, &ids).await?;
    let households: Vec<HouseholdId> = agreements.values().map(|row| row.household_id).collect();
    let year = period.starts_on.year();
    let year_ends = NaiveDate::from_ymd_opt(year, 1, 1).zip(NaiveDate::from_ymd_opt(year, 12, 31));
    let rent = match year_ends {
        Some(days) if wanted.records.iter().any(|record| record.mode == BenefitMode::LandRent) => {
            store::rent_due(tx, &ids, days).await?
        }
        _ => Vec::new(),
    };
    let recorded = store::recorded(tx, period.id).await?;
    Ok(Around {
        terms: agreement::terms_on(tx, &ids, period.ends_on).await?,
        people: household::people_of(tx, &households).await?,
        agreements,
        recorded: recorded
            .into_iter()
            .filter_map(|row| Some(((row.mode, row.agreement_id?), row.quantity.unwrap_or(0))))
            .collect(),
        rent: rent.into_iter().filter_map(|row| Some((row.agreement_id?, row.due_fen))).collect(),
        days: (period.ends_on - period.starts_on).num_days() + 1,
    })
}

impl Around {
    /// What is due by a record, which is counted to those before it.
    fn due(&mut self, period: &period::Model, id: AgreementId, record: &WantedRecord) -> Result<Fen, PeriodError> {
        let agreement = self.agreements.get(&id).filter(|row| {
            let holds = row.starts_on <= period.ends_on && row.ends_on >= period.starts_on;
            row.supplier_id == period.supplier_id && row.mode == record.mode && holds
        });
        let (agreement, terms) = agreement.zip(self.terms.get(&id)).ok_or(PeriodError::Agreement)?;
        if record.mode == BenefitMode::LandRent {
            let allowed = terms.rent_fen_per_year.ok_or(PeriodError::Agreement)?;
            let due = record.due_fen.unwrap_or(Fen::ZERO);
            let sum = self.rent.entry(id).or_default();
            let wanted = sum.checked_add(due)?;
            if wanted > allowed {
                return Err(PeriodError::TooMuch { wanted: wanted.get(), allowed: allowed.get() });
            }
            *sum = wanted;
            return Ok(due);
        }
        let quantity = record.quantity.unwrap_or(0);
        let due = due_for(record.mode, terms, quantity)?.ok_or(PeriodError::Agreement)?;
        let people =
            if agreement.member_id.is_some() { 1 } else { *self.people.get(&agreement.household_id).unwrap_or(&1) };
        let allowed = match record.mode {
            BenefitMode::Wages => most_half_days(self.days, i64::from(people)),
            _ => terms.weight,
        };
        let sum = self.recorded.entry((record.mode, id)).or_default();
        let wanted = sum.saturating_add(quantity);
        if wanted > allowed {
            return Err(PeriodError::TooMuch { wanted, allowed });
        }
        *sum = wanted;
        Ok(due)
    }
}

/// One page of periods, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &PeriodQuery,
) -> Result<Page<Period>, Failure> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let (limit, after) = (page.limit()?, page.after()?.map(PeriodId::from_uuid));
    let rows = store::list(db, scope, query, after, limit).await?;
    let mut views = views(db, rows.clone()).await?;
    let view = |row: period::Model| views.remove(&row.id).unwrap_or_else(|| Period::of(row, Vec::new(), None));
    Ok(Page::of(rows, limit, |row| row.id.uuid(), view))
}

/// One period.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn show(db: &impl ConnectionTrait, scope: &Scope, id: PeriodId) -> Result<Period, PeriodError> {
    let row = store::find_visible(db, scope, id).await?.ok_or(PeriodError::NotFound)?;
    views(db, vec![row]).await?.remove(&id).ok_or(PeriodError::NotFound)
}

async fn views(db: &impl ConnectionTrait, rows: Vec<period::Model>) -> Result<HashMap<PeriodId, Period>, DbErr> {
    let ids: Vec<PeriodId> = rows.iter().map(|row| row.id).collect();
    let pools = store::pools_of(db, &ids).await?;
    let pool_ids: Vec<PeriodPoolId> = pools.iter().map(|pool| pool.id).collect();
    let waiting: HashMap<PeriodPoolId, i64> = store::balances_of(db, &pool_ids)
        .await?
        .into_iter()
        .map(|row| (row.part_id, row.credit_fen.saturating_sub(row.debit_fen)))
        .collect();
    let mut runs: HashMap<PeriodId, _> =
        store::runs_of(db, &ids).await?.into_iter().map(|run| (run.period_id, run)).collect();
    let mut of_period: HashMap<PeriodId, Vec<PeriodPool>> = HashMap::new();
    for pool in pools {
        let waiting = waiting.get(&pool.id).copied().unwrap_or(0);
        let waiting_fen = Fen::new(waiting).map_err(|error| DbErr::Custom(error.to_string()))?;
        of_period.entry(pool.period_id).or_default().push(PeriodPool { mode: pool.mode, waiting_fen });
    }
    let view = |row: period::Model| {
        let (pools, run) = (of_period.remove(&row.id).unwrap_or_default(), runs.remove(&row.id));
        (row.id, Period::of(row, pools, run))
    };
    Ok(rows.into_iter().map(view).collect())
}

/// One page of what is recorded in a period, oldest first.
///
/// # Errors
/// Not found; 400 for a bad page; the database.
pub(super) async fn list_records(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: PeriodId,
    page: &PageQuery,
) -> Result<Page<PeriodRecord>, Failure> {
    store::find_visible(db, scope, id).await?.ok_or(PeriodError::NotFound)?;
    let (limit, after) = (page.limit()?, page.after()?.map(PeriodRecordId::from_uuid));
    let rows = store::list_records(db, id, after, limit).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), PeriodRecord::from))
}

/// What households got at a period's close; nothing before.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn shares(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: PeriodId,
) -> Result<PeriodShares, PeriodError> {
    store::find_visible(db, scope, id).await?.ok_or(PeriodError::NotFound)?;
    let rows = store::shares_of(db, id).await?;
    let households: Vec<HouseholdId> = rows.iter().map(|row| row.household_id).collect();
    let households = household::briefs(db, &households).await?;
    let items = rows.into_iter().map(|row| {
        let household = households.get(&row.household_id).cloned();
        PeriodShare::of(row, household)
    });
    Ok(PeriodShares { period_id: id, items: items.collect() })
}
