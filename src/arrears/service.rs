//! What is owed: order by order, and by how long it is late.

use super::ArrearsError;
use super::rule::{self, Bucket, Moved, Owed};
use super::view::{Ageing, AgeingBy, AgeingRow, AgeingSums, Arrear, ArrearFilter, ArrearPart};
use crate::access::Grant;
use crate::access::policy::ViewOrder;
use crate::http::{Page, PageQuery};
use crate::problem::Failure;
use crate::{organisation, payment, procurement};
use chrono::NaiveDate;
use entity::supplier_order;
use entity::value::{Fen, OrganisationId, Overflow, SupplierOrderId, business_date};
use sea_orm::ConnectionTrait;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Orders looked at together for an ageing list.
const AT_ONCE: u64 = 1000;

/// What is owed in reach, newest order first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewOrder>,
    wanted: ArrearFilter,
    (daily_ppm, today): (u32, NaiveDate),
) -> Result<Page<Arrear>, Failure> {
    let ArrearFilter { buyer, supplier, limit, cursor } = wanted;
    let page = PageQuery { limit, cursor };
    let limit = page.limit()?;
    let found = procurement::owing(db, grant.scope(), (buyer, supplier), page.after()?, limit + 1).await;
    let arrears = describe(db, &found.map_err(ArrearsError::from)?, daily_ppm, today).await?;
    Ok(Page::of(arrears, limit, |arrear| arrear.id.uuid(), |arrear| arrear))
}

/// What is owed of one order in reach.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewOrder>,
    id: SupplierOrderId,
    (daily_ppm, today): (u32, NaiveDate),
) -> Result<Arrear, ArrearsError> {
    let order = procurement::find_order(db, grant.scope(), id).await?.ok_or(ArrearsError::NotFound)?;
    describe(db, &[order], daily_ppm, today).await?.pop().ok_or(ArrearsError::NotFound)
}

/// What is owed of these orders, whoever asks.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_orders(
    db: &impl ConnectionTrait,
    orders: &[supplier_order::Model],
    daily_ppm: u32,
    today: NaiveDate,
) -> Result<Vec<Arrear>, ArrearsError> {
    describe(db, orders, daily_ppm, today).await
}

/// The same by buyer or by supplier, with the sums of each and of all.
///
/// # Errors
/// When the database cannot be asked.
pub(super) async fn ageing(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewOrder>,
    by: AgeingBy,
    (daily_ppm, today): (u32, NaiveDate),
) -> Result<Ageing, ArrearsError> {
    let mut rows: BTreeMap<OrganisationId, AgeingRow> = BTreeMap::new();
    let mut total = AgeingSums::default();
    let mut after: Option<Uuid> = None;
    loop {
        let orders = procurement::owing(db, grant.scope(), (None, None), after, AT_ONCE).await?;
        let Some(last) = orders.last() else { break };
        after = Some(last.id.uuid());
        for arrear in describe(db, &orders, daily_ppm, today).await? {
            let (id, name) = match by {
                AgeingBy::Buyer => (arrear.buyer_id, &arrear.buyer_name),
                AgeingBy::Supplier => (arrear.supplier_id, &arrear.supplier_name),
            };
            let row = rows.entry(id).or_insert_with(|| AgeingRow {
                organisation_id: id,
                name: name.clone(),
                sums: AgeingSums::default(),
            });
            add(&mut row.sums, &arrear)?;
            add(&mut total, &arrear)?;
        }
    }
    let mut rows: Vec<AgeingRow> = rows.into_values().collect();
    let late = |row: &AgeingRow| row.sums.open_fen.get() - row.sums.not_due_fen.get();
    rows.sort_by_key(|row| (std::cmp::Reverse(late(row)), std::cmp::Reverse(row.sums.open_fen)));
    Ok(Ageing { on: today, daily_ppm, rows, total })
}

fn add(sums: &mut AgeingSums, arrear: &Arrear) -> Result<(), ArrearsError> {
    sums.orders += 1;
    sums.open_fen = sums.open_fen.checked_add(arrear.open_fen)?;
    sums.interest_fen = sums.interest_fen.checked_add(arrear.interest_fen)?;
    for part in &arrear.parts {
        let sum = match part.bucket {
            Bucket::NotDue => &mut sums.not_due_fen,
            Bucket::UpTo30 => &mut sums.up_to_30_fen,
            Bucket::UpTo60 => &mut sums.up_to_60_fen,
            Bucket::Over60 => &mut sums.over_60_fen,
        };
        *sum = sum.checked_add(part.open_fen)?;
    }
    Ok(())
}

/// A constant number of questions, whatever the number of orders.
async fn describe(
    db: &impl ConnectionTrait,
    orders: &[supplier_order::Model],
    daily_ppm: u32,
    today: NaiveDate,
) -> Result<Vec<Arrear>, ArrearsError> {
    let ids: Vec<SupplierOrderId> = orders.iter().map(|order| order.id).collect();
    let mut accepted = by_order(procurement::accepted_of(db, &ids).await?);
    let mut settling = procurement::credited_of(db, &ids).await?;
    settling.extend(payment::booked_of(db, &ids).await?);
    let settled = by_order(settling);
    let mut parties: Vec<OrganisationId> =
        orders.iter().flat_map(|order| [order.buyer_id, order.supplier_id]).collect();
    parties.sort_unstable();
    parties.dedup();
    let names: HashMap<OrganisationId, String> =
        organisation::find_many(db, &parties).await?.into_iter().map(|row| (row.id, row.name)).collect();
    let name = |id: &OrganisationId| names.get(id).cloned().unwrap_or_default();
    let mut arrears = Vec::with_capacity(orders.len());
    for order in orders {
        let mut came = accepted.remove(&order.id).unwrap_or_default();
        came.extend(beyond_the_lines(order, &came)?);
        let went = settled.get(&order.id).map_or(&[][..], Vec::as_slice);
        let rate = rate_of(order, daily_ppm)?;
        let owed = rule::owed(&came, went, (order.term_days, rate), today)?;
        arrears.push(arrear(order, &owed, (rate, today), (name(&order.buyer_id), name(&order.supplier_id)))?);
    }
    Ok(arrears)
}

/// The daily rate an order was confirmed with; that of today for what has none, which owes nothing yet.
fn rate_of(order: &supplier_order::Model, daily_ppm: u32) -> Result<u32, ArrearsError> {
    Ok(order.late_interest_ppm.map_or(Ok(daily_ppm), |rate| u32::try_from(rate).map_err(|_| Overflow))?)
}

fn by_order(rows: Vec<(SupplierOrderId, NaiveDate, Fen)>) -> HashMap<SupplierOrderId, Vec<Moved>> {
    let mut all: HashMap<SupplierOrderId, Vec<Moved>> = HashMap::new();
    for (order, on, amount) in rows {
        all.entry(order).or_default().push(Moved { on, amount });
    }
    all
}

/// What is owed beyond the lines of acceptances: carriage, with the first of them; and all of it where they said nothing
/// line by line.
fn beyond_the_lines(order: &supplier_order::Model, said: &[Moved]) -> Result<Option<Moved>, ArrearsError> {
    let sum = Fen::checked_sum(said.iter().map(|moved| moved.amount))?;
    let amount = order.accepted_fen.checked_sub(sum.min(order.accepted_fen))?;
    let on = order.accepted_at.map(business_date);
    Ok(on.filter(|_| !amount.is_zero()).map(|on| Moved { on, amount }))
}

fn arrear(
    order: &supplier_order::Model,
    owed: &Owed,
    (daily_ppm, today): (u32, NaiveDate),
    (buyer_name, supplier_name): (String, String),
) -> Result<Arrear, ArrearsError> {
    let part = |open: &rule::Open| ArrearPart {
        accepted_on: open.accepted_on,
        due_on: open.due_on,
        open_fen: open.amount,
        days_late: open.days_late.max(0),
        bucket: Bucket::of(open.days_late),
    };
    let parts: Vec<ArrearPart> = owed.open.iter().map(part).collect();
    let late = parts.iter().filter(|part| part.bucket != Bucket::NotDue).map(|part| part.open_fen);
    let first = parts.first();
    Ok(Arrear {
        id: order.id,
        number: order.number.clone(),
        buyer_id: order.buyer_id,
        buyer_name,
        supplier_id: order.supplier_id,
        supplier_name,
        term_days: order.term_days,
        open_fen: Fen::checked_sum(parts.iter().map(|part| part.open_fen))?,
        late_fen: Fen::checked_sum(late)?,
        due_on: first.map_or(today, |part| part.due_on),
        bucket: first.map_or(Bucket::NotDue, |part| part.bucket),
        daily_ppm,
        interest_fen: owed.interest,
        parts,
    })
}
