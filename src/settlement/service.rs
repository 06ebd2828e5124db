//! The act of settling: an order's roster, its shares, its posting and its record, in one transaction.

use super::{IncomeBooked, SettlementError, VillageIncome, governed, roster, store};
use crate::access::Grant;
use crate::access::policy::SettleOrder;
use crate::attribution::cumulative::{self, Booking, Held};
use crate::attribution::engine::{Outcome, Share, attribute, attribute_order, divide_among_plans};
use crate::attribution::inputs::{self, HeldIn, Inputs, Member, OrderInputs, PlanTerms, Rule};
use crate::attribution::{self, PoolMoves, RunToRecord};
use crate::db::Tx;
use crate::household;
use crate::ledger::{self, Account, Posting};
use crate::procurement;
use chrono::NaiveDate;
use entity::value::{
    AccountId, AgreementId, Fen, HouseholdId, OrganisationId, Overflow, PlanId, PoolSettlement, PostingId, ShareBasis,
    Side, SupplierOrderId, business_date,
};
use entity::{share, share_run, supplier_order};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// An order with its computed shares, and the computation before.
struct Computed {
    order: supplier_order::Model,
    last: Option<share_run::Model>,
    before: Vec<Share>,
    inputs: OrderInputs,
    attributable_fen: Fen,
    outcome: Outcome,
}

impl Computed {
    /// The number of this computation.
    fn number(&self) -> Result<i32, Overflow> {
        self.last.as_ref().map_or(Ok(1), |run| run.number.checked_add(1).ok_or(Overflow))
    }

    /// The cause of its posting.
    fn cause(&self, what: &str) -> Result<String, Overflow> {
        let (id, number) = (self.order.id, self.number()?);
        Ok(if number == 1 {
            format!("supplier_order:{id}:{what}")
        } else {
            format!("supplier_order:{id}:{what}:{number}")
        })
    }

    /// Whether shares and amounts are what they were.
    fn is_unchanged(&self, gross_fen: Option<Fen>) -> bool {
        match &self.last {
            None => self.attributable_fen.is_zero(),
            Some(run) => {
                run.attributable_fen == self.attributable_fen
                    && (gross_fen.is_none() || run.gross_fen.or(Some(run.attributable_fen)) == gross_fen)
                    && self.before == self.outcome.shares
            }
        }
    }

    /// By how much the shared amount differs from before.
    fn moved_fen(&self) -> Result<Fen, Overflow> {
        let before = self.last.as_ref().map_or(Fen::ZERO, |run| run.attributable_fen);
        let now = self.attributable_fen;
        now.max(before).checked_sub(now.min(before))
    }
}

/// What is to be booked of an order: its posting, and what is recorded with it.
pub(super) struct Prepared {
    computed: Computed,
    /// Not posted yet.
    pub posting: Posting,
    /// Of an accrual, all that was ever paid.
    gross_fen: Option<Fen>,
    day: NaiveDate,
}

impl Prepared {
    /// Whether it repays advanced costs, which others may repay as well.
    pub fn repays(&self) -> bool {
        !self.computed.outcome.deductions.is_empty()
    }

    /// How many shares it has.
    pub fn shares(&self) -> usize {
        self.computed.outcome.shares.len()
    }
}

/// Promises households their shares of what is accepted and not credited, or takes back what they are promised too
/// much. Does nothing when nothing changed.
///
/// An order in which nobody ever shared makes no promise, so there is nothing to record.
///
/// # Errors
/// The order is not accepted; its shares cannot be computed.
pub async fn promise(tx: &Tx, grant: &Grant<SettleOrder>, id: SupplierOrderId) -> Result<(), SettlementError> {
    book_alone(tx, grant, ShareBasis::Promised, id).await
}

/// Turns what is accepted and paid into income of households, or takes back what was credited since: what they were
/// handed stays with them, and is the supplier's to bear. Does nothing when nothing changed.
///
/// # Errors
/// The order was never paid; its shares cannot be computed.
pub async fn settle(tx: &Tx, grant: &Grant<SettleOrder>, id: SupplierOrderId) -> Result<(), SettlementError> {
    book_alone(tx, grant, ShareBasis::Accrued, id).await
}

/// [`promise`] or [`settle`].
pub(super) async fn book_alone(
    tx: &Tx,
    _grant: &Grant<SettleOrder>,
    basis: ShareBasis,
    id: SupplierOrderId,
) -> Result<(), SettlementError> {
    let order = procurement::hold_by_ids(tx, &[id]).await?.pop().ok_or(SettlementError::NotSettleable(id))?;
    let Some(prepared) = prepare(tx, order, basis).await? else { return Ok(()) };
    let posting_id = ledger::post(tx, prepared.posting.clone()).await?;
    keep(tx, &prepared, posting_id).await
}

/// What is to be booked of an order, which is locked; none when nothing changed.
pub(super) async fn prepare(
    tx: &Tx,
    order: supplier_order::Model,
    basis: ShareBasis,
) -> Result<Option<Prepared>, SettlementError> {
    match basis {
        ShareBasis::Promised => prepare_promise(tx, order).await,
        ShareBasis::Accrued => prepare_accrual(tx, order).await,
    }
}

/// Records what was computed, now that it is posted; and tells of an accrual.
pub(super) async fn keep(tx: &Tx, prepared: &Prepared, posting_id: PostingId) -> Result<(), SettlementError> {
    let Prepared { computed, posting: _, gross_fen, day } = prepared;
    let Computed { order, inputs, outcome, .. } = computed;
    let number = computed.number()?;
    let run = RunToRecord { inputs, outcome, number, gross_fen: *gross_fen, posting_id };
    attribution::record_run(tx, run).await?;
    if gross_fen.is_some() {
        let booked = booked(tx, order, outcome, number, *day).await?;
        tx.emit(&booked).await?;
    }
    Ok(())
}

async fn prepare_promise(tx: &Tx, order: supplier_order::Model) -> Result<Option<Prepared>, SettlementError> {
    let id = order.id;
    let computed = compute(tx, order, ShareBasis::Promised).await?;
    let nobody = computed.outcome.shares.is_empty() && computed.before.is_empty();
    if nobody || computed.is_unchanged(None) {
        return Ok(None);
    }
    let Computed { order, inputs, outcome, .. } = &computed;
    let accepted_at = order.accepted_at.ok_or(SettlementError::NotSettleable(id))?;
    let day = if computed.last.is_none() { business_date(accepted_at) } else { business_date(tx.now()) };
    let booking = cumulative::book(&computed.before, &outcome.shares, &BTreeMap::new())?;
    if booking.lines.is_empty() && computed.moved_fen()?.is_zero() {
        // Other goods for the same money, and every share as it was: there is nothing to book.
        return Ok(None);
    }
    let given = Account::promise_given(order.supplier_id);
    let mut posting = Posting::new(computed.cause("promised")?, "promised", day, id.uuid());
    let (up, down) = (booking.up()?, booking.down()?);
    if booking.lines.is_empty() {
        // Only what stays with the supplier changed; it is no promise, but the computation has its posting.
        posting = posting.debit(given, computed.moved_fen()?, Some(id)).credit(given, computed.moved_fen()?, Some(id));
    } else {
        posting = posting.debit(given, up.checked_sub(down.min(up))?, Some(id));
        posting = posting.credit(given, down.checked_sub(up.min(down))?, Some(id));
    }
    let posting = booking.lines.iter().fold(posting, |posting, line| {
        let account = Account::household_promised(line.household_id, line.agreement_id);
        posting.credit(account, line.up, Some(id)).debit(account, line.down, Some(id))
    });
    let posting = posting.computed(inputs.rule_name(), inputs::hash(&inputs.canonical()));
    Ok(Some(Prepared { computed, posting, gross_fen: None, day }))
}

async fn prepare_accrual(tx: &Tx, order: supplier_order::Model) -> Result<Option<Prepared>, SettlementError> {
    // Most acceptances come before any money.
    if order.paid_fen.is_zero() && order.refunded_fen.is_zero() {
        return Ok(None);
    }
    let id = order.id;
    let computed = compute(tx, order, ShareBasis::Accrued).await?;
    let Computed { order, inputs, outcome, .. } = &computed;
    let gross = order.paid_fen.checked_add(order.refunded_fen)?;
    if computed.is_unchanged(Some(gross)) && (computed.last.is_some() || gross.is_zero()) {
        return Ok(None);
    }
    let paid_at = order.paid_at.ok_or(SettlementError::NotSettleable(id))?;
    let day = if computed.last.is_none() { business_date(paid_at) } else { business_date(tx.now()) };
    let (booking, borne) = book(tx, &computed).await?;
    let before = computed.last.as_ref().map(|run| run.inputs.as_str());
    let pools = attribution::pool_moves(tx, inputs, outcome, before).await?;
    let Some(posting) = settled(&computed, (&booking, &pools), gross, borne, day)? else { return Ok(None) };
    let posting = posting.computed(inputs.rule_name(), inputs::hash(&inputs.canonical()));
    Ok(Some(Prepared { computed, posting, gross_fen: Some(gross), day }))
}

/// How the shares are booked, and what the supplier still bears of what households keep. The accounts are locked, so
/// that nothing is handed over meanwhile.
async fn book(tx: &Tx, computed: &Computed) -> Result<(Booking, Fen), SettlementError> {
    let Computed { order, before, outcome, .. } = computed;
    if computed.last.is_none() {
        return Ok((cumulative::book(before, &outcome.shares, &BTreeMap::new())?, Fen::ZERO));
    }
    let clawback = Account::supplier_clawback(order.supplier_id);
    let mut of_agreement: BTreeMap<AgreementId, Account> = BTreeMap::new();
    for share in before.iter().chain(&outcome.shares) {
        of_agreement.insert(share.agreement_id, Account::household_payable(share.household_id, share.agreement_id));
    }
    let mut accounts: Vec<Account> = of_agreement.values().copied().collect();
    let payable: Vec<AccountId> = accounts.iter().map(Account::id).collect();
    accounts.extend([
        clawback,
        Account::supplier_revenue(order.supplier_id),
        Account::supplier_retained(order.supplier_id),
    ]);
    ledger::hold(tx, &accounts).await?;
    let found: HashMap<AccountId, Held> = store::held(tx, &payable, order.id).await?;
    let held = of_agreement
        .iter()
        .map(|(agreement, account)| (*agreement, found.get(&account.id()).copied().unwrap_or_default()));
    let booking = cumulative::book(before, &outcome.shares, &held.collect())?;
    let borne = ledger::balance_of_order(tx, &clawback, order.id).await?.on(Side::Debit)?;
    Ok((booking, borne))
}

/// The posting: revenue becomes payables, what waits for a period, and what is retained; what is retained balances it,
/// for it also bore credits until now. None when nothing moves at all.
fn settled(
    computed: &Computed,
    (booking, pools): (&Booking, &PoolMoves),
    gross: Fen,
    borne: Fen,
    day: NaiveDate,
) -> Result<Option<Posting>, SettlementError> {
    let Computed { order, last, .. } = computed;
    let of = Some(order.id);
    let before = last.as_ref().map_or(Fen::ZERO, |run| run.gross_fen.unwrap_or(run.attributable_fen));
    let revenue = gross.checked_sub(before)?;
    let (up, down) = (booking.up()?, booking.down()?);
    let (was, is) = (booking.clawback_before, booking.clawback_after);
    let more = is.checked_sub(was.min(is))?;
    // What the supplier gave the buyer out of its own pocket is borne already.
    let less = was.checked_sub(is.min(was))?.min(borne);
    let debit = Fen::checked_sum([revenue, more, down, PoolMoves::sum(&pools.down)?])?;
    let credit = Fen::checked_sum([up, less, PoolMoves::sum(&pools.up)?])?;
    let retained = Account::supplier_retained(order.supplier_id);
    let clawback = Account::supplier_clawback(order.supplier_id);
    let mut posting = Posting::new(computed.cause("settled")?, "settled", day, order.id.uuid())
        .debit(Account::supplier_revenue(order.supplier_id), revenue, of)
        .debit(clawback, more, of)
        .credit(clawback, less, of);
    for line in &booking.lines {
        let account = Account::household_payable(line.household_id, line.agreement_id);
        posting = posting.credit(account, line.up, of).debit(account, line.down, of);
    }
    for (pool, amount) in &pools.up {
        posting = posting.credit(Account::period_pool(order.supplier_id, pool.uuid()), *amount, of);
    }
    for (pool, amount) in &pools.down {
        posting = posting.debit(Account::period_pool(order.supplier_id, pool.uuid()), *amount, of);
    }
    if debit.is_zero() && credit.is_zero() {
        // No share changed by a whole fen; the computation has its posting all the same.
        let moved = computed.moved_fen()?;
        let posting = posting.debit(retained, moved, of).credit(retained, moved, of);
        return Ok((!moved.is_zero()).then_some(posting));
    }
    posting = posting.credit(retained, debit.checked_sub(credit.min(debit))?, of);
    Ok(Some(posting.debit(retained, credit.checked_sub(debit.min(credit))?, of)))
}

async fn compute(tx: &Tx, order: supplier_order::Model, basis: ShareBasis) -> Result<Computed, SettlementError> {
    let id = order.id;
    let settling = procurement::settling(tx, order.clone()).await?;
    let accepted_at = order.accepted_at.ok_or(SettlementError::NotSettleable(id))?;
    let last = attribution::find_run(tx, id, basis).await?;
    let before = match &last {
        None => Vec::new(),
        Some(run) => attribution::shares_of(tx, &[run.id]).await?.into_iter().map(share_of).collect(),
    };
    // Carriage is nobody's produce: what is paid goes to the goods first, what is beyond them is retained.
    let goods_fen = procurement::goods_net_fen(&order)?;
    let attributable_fen = match basis {
        ShareBasis::Promised => goods_fen,
        ShareBasis::Accrued => order.paid_fen.min(goods_fen),
    };
    let governed = governed::by_plan(&settling)?;
    let terms = terms_of(tx, id, &governed).await?;
    let held_in = match (basis, order.paid_at) {
        (ShareBasis::Accrued, Some(paid_at)) => {
            let day = if last.is_none() { business_date(paid_at) } else { business_date(tx.now()) };
            attribution::hold_pools(tx, order.supplier_id, day, &terms).await?
        }
        _ => Vec::new(),
    };
    let goods: Vec<(PlanId, Fen)> = governed.iter().map(|part| (part.plan, part.goods_fen)).collect();
    let amounts = divide_among_plans(attributable_fen, id, &goods).map_err(|_| Overflow)?;
    let rosters = roster::build(tx, &settling, business_date(accepted_at), &governed).await?;
    let parts = terms.into_iter().zip(amounts).zip(rosters).map(|((plan, attributable_fen), roster)| Inputs {
        rule: Rule::PRESENT,
        supplier_order_id: id,
        basis,
        held_in: pools_of(&plan, &held_in),
        plan,
        attributable_fen,
        roster,
    });
    let inputs = together(parts.collect())?.ok_or(SettlementError::NotSettleable(id))?;
    let outcome = attribute_order(&inputs)?;
    Ok(Computed { order, last, before, inputs, attributable_fen, outcome })
}

/// What the plans decide that govern lines of an order, in their order.
async fn terms_of(
    tx: &Tx,
    id: SupplierOrderId,
    governed: &[governed::Governed],
) -> Result<Vec<PlanTerms>, SettlementError> {
    let ids: Vec<PlanId> = governed.iter().map(|part| part.plan).collect();
    let plans = attribution::find_plans(tx, &ids).await?;
    let terms = ids.iter().map(|id| plans.get(id).map(attribution::plan_terms));
    terms.collect::<Option<Vec<_>>>().ok_or(SettlementError::NotSettleable(id))
}

/// Those of the pools that a plan leaves something to.
fn pools_of(plan: &PlanTerms, held_in: &[HeldIn]) -> Vec<HeldIn> {
    let waits = |mode| {
        let pool = plan.pools.iter().find(|pool| pool.mode == mode);
        pool.is_some_and(|pool| pool.settle == PoolSettlement::PerPeriod && !pool.bp.is_zero())
    };
    held_in.iter().copied().filter(|held| waits(held.mode)).collect()
}

/// Parts as the inputs of one order: what one of them repays of advanced costs, the others no longer do.
fn together(parts: Vec<Inputs>) -> Result<Option<OrderInputs>, SettlementError> {
    let mut repaid: BTreeMap<AgreementId, Fen> = BTreeMap::new();
    let (last, mut done) = (parts.len().saturating_sub(1), Vec::with_capacity(parts.len()));
    for (index, mut part) in parts.into_iter().enumerate() {
        for Member { agreement_id, costs_fen, .. } in &mut part.roster {
            let gone = repaid.get(agreement_id).copied().unwrap_or_default();
            *costs_fen = costs_fen.checked_sub(gone.min(*costs_fen))?;
        }
        let deductions = if index < last { attribute(&part)?.deductions } else { Vec::new() };
        for deduction in deductions {
            let sum = repaid.entry(deduction.agreement_id).or_default();
            *sum = sum.checked_add(deduction.amount_fen)?;
        }
        done.push(part);
    }
    let mut parts = done.into_iter();
    Ok(parts.next().map(|first| OrderInputs::new(first, parts.collect())))
}

/// A recorded share, as the engine gave it.
fn share_of(row: share::Model) -> Share {
    let share::Model { run_id: _, line_no: _, mode, agreement_id, household_id, household_status, weight, amount_fen } =
        row;
    Share { mode, agreement_id, household_id, household_status, weight, amount_fen }
}

/// What others hear: what accrued in each village, no household by name.
async fn booked(
    tx: &Tx,
    order: &supplier_order::Model,
    outcome: &Outcome,
    number: i32,
    business_date: NaiveDate,
) -> Result<IncomeBooked, SettlementError> {
    let households: BTreeSet<HouseholdId> = outcome.shares.iter().map(|share| share.household_id).collect();
    let village_of = household::village_of(tx, &households.into_iter().collect::<Vec<_>>()).await?;
    let mut villages: BTreeMap<OrganisationId, (Fen, BTreeSet<HouseholdId>)> = BTreeMap::new();
    for share in &outcome.shares {
        let Some(village) = village_of.get(&share.household_id) else { continue };
        let (accrued, households) = villages.entry(*village).or_default();
        *accrued = accrued.checked_add(share.amount_fen)?;
        households.insert(share.household_id);
    }
    let villages = villages
        .into_iter()
        .map(|(village, (accrued_fen, households))| {
            let households = i32::try_from(households.len()).map_err(|_| Overflow)?;
            Ok(VillageIncome { village, accrued_fen, households })
        })
        .collect::<Result<_, Overflow>>()?;
    Ok(IncomeBooked {
        supplier_order: order.id,
        supplier: order.supplier_id,
        buyer: order.buyer_id,
        number,
        paid_fen: order.paid_fen,
        retained_fen: outcome.retained_fen,
        business_date,
        villages,
    })
}
