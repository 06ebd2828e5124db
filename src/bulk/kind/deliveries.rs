//! Rows of deliveries: each stands under the household's produce agreement of its day. A weigh note that is there
//! already says the same, or is at fault: what was recorded is corrected by a document of its own.

use super::{Around, Cells, Plan, Verdict};
use crate::access::Grant;
use crate::access::policy::KeepHarvest;
use crate::bulk::cells;
use crate::bulk::read::Line;
use crate::db::Tx;
use crate::harvest::delivery::view::NewDelivery;
use crate::harvest::{self, HarvestError};
use crate::problem::Failure;
use crate::{attribution, household};
use entity::value::{AgreementId, BenefitMode, CategoryCode, FenPerKilogram, Grams, HouseholdId, ImportKind};
use entity::{agreement, delivery};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;
use uuid::Uuid;

/// The supplier's agreements with the households of the rows.
pub(super) async fn agreements(
    db: &impl ConnectionTrait,
    around: &Around<'_>,
    lines: &[Line],
) -> Result<HashMap<String, Vec<agreement::Model>>, Failure> {
    let numbers: Vec<&str> = lines.iter().map(|line| line.cells[0].as_str()).collect();
    let ids = household::ids_by_number(db, &numbers).await?;
    let households: Vec<HouseholdId> = ids.values().copied().collect();
    let mut of: HashMap<HouseholdId, Vec<_>> = HashMap::new();
    for row in attribution::agreements_with(db, around.organisation, &households).await? {
        of.entry(row.household_id).or_default().push(row);
    }
    Ok(ids.into_iter().filter_map(|(number, id)| Some((number, of.remove(&id)?))).collect())
}

pub(super) async fn judge(
    db: &impl ConnectionTrait,
    around: &Around<'_>,
    lines: &[Line],
) -> Result<Vec<Verdict>, Failure> {
    let agreements = agreements(db, around, lines).await?;
    let read: Vec<(String, Result<NewDelivery, Vec<_>>)> =
        lines.iter().map(|line| read_one(&agreements, line)).collect();
    let good: Vec<NewDelivery> = read.iter().filter_map(|(_, read)| read.as_ref().ok()).cloned().collect();
    let at = vec![String::new(); good.len()];
    let judged = harvest::delivery::judge_many(db, around.organisation, &good, &at, around.today).await?;
    let mut judged = judged.into_iter();
    let keys: Vec<(AgreementId, String)> =
        good.iter().filter_map(|new| Some((new.agreement_id, new.weigh_note.clone()?))).collect();
    let there = harvest::find_delivery_by_note(db, &keys).await?;
    let mut verdicts = Vec::with_capacity(lines.len());
    for ((label, read), line) in read.into_iter().zip(lines) {
        let new = match read {
            Ok(new) => new,
            Err(faults) => {
                verdicts.push(Verdict::bad(label, faults));
                continue;
            }
        };
        let mut cells = Cells::of(ImportKind::Deliveries, line);
        if let Some(Err(faults)) = judged.next() {
            cells.adopt(faults.into_iter().map(|fault| fault.field), column_of);
        }
        let note = new.weigh_note.clone().unwrap_or_default();
        let known = there.get(&(new.agreement_id, note)).and_then(|rows| rows.first());
        verdicts.push(match known {
            Some(row) if is_same(row, &new) => Verdict::same(label, row.id.uuid()),
            Some(_) => {
                let zh = "该磅单已登记且内容不同；请用更正单更正。";
                cells.fault("weigh_note", zh, "This weigh note is recorded otherwise; correct that delivery instead.");
                Verdict::bad(label, cells.faults)
            }
            None if cells.faults.is_empty() => Verdict::new(label, Plan::Delivery(Box::new(new))),
            None => Verdict::bad(label, cells.faults),
        });
    }
    Ok(verdicts)
}

fn is_same(row: &delivery::Model, new: &NewDelivery) -> bool {
    row.grams == new.grams
        && row.price_fen_per_kg == new.price_fen_per_kg
        && row.delivered_on == new.delivered_on
        && row.variety == new.variety
        && row.grade == new.grade
        && row.category_code == new.category_code
}

fn read_one(
    agreements: &HashMap<String, Vec<agreement::Model>>,
    line: &Line,
) -> (String, Result<NewDelivery, Vec<super::SheetFault>>) {
    let mut cells = Cells::of(ImportKind::Deliveries, line);
    let label = cells.text("weigh_note").to_owned();
    let day = cells.day("delivered_on");
    let weight = |text: &str| cells::scaled(text, 3).and_then(|grams| Grams::new(grams).ok());
    let grams = cells.read(
        "weight",
        weight,
        "应为公斤，最多三位小数，例如 123.5。",
        "Kilograms with at most three decimals are expected.",
    );
    let price = |text: &str| cells::scaled(text, 2).and_then(|fen| FenPerKilogram::new(fen).ok());
    let price =
        cells.read("price", price, "应为元，最多两位小数，例如 5.20。", "Yuan with at most two decimals are expected.");
    let category_code: Option<CategoryCode> =
        cells.parsed("category_code", "品类代码应为二、四或六位数字。", "A category code has two, four or six digits.");
    let number = cells.text("household_number");
    let agreement = day.and_then(|day| {
        let own = agreements.get(number)?.iter();
        let mut own = own.filter(|row| row.mode == BenefitMode::ProducePurchase);
        own.find(|row| row.starts_on <= day && day <= row.ends_on).map(|row| row.id)
    });
    if agreement.is_none() && day.is_some() && !number.is_empty() {
        let zh = "与该户没有在当日有效的订单收购协议。";
        cells.fault("household_number", zh, "There is no produce agreement with this household on that day.");
    }
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let read = match (agreement, grams, price, day) {
        (Some(agreement_id), Some(grams), Some(price_fen_per_kg), Some(delivered_on)) if cells.faults.is_empty() => {
            Ok(NewDelivery {
                agreement_id,
                variety: cells.text("variety").to_owned(),
                grams,
                price_fen_per_kg,
                delivered_on,
                weigh_note: filled(cells.text("weigh_note")),
                category_code,
                grade: filled(cells.text("grade")),
            })
        }
        _ => Err(cells.faults),
    };
    (label, read)
}

fn column_of(pointer: &str) -> &'static str {
    match pointer {
        "/agreement_id" => "household_number",
        "/variety" => "variety",
        "/grams" => "weight",
        "/price_fen_per_kg" => "price",
        "/delivered_on" => "delivered_on",
        "/category_code" => "category_code",
        "/grade" => "grade",
        _ => "weigh_note",
    }
}

pub(super) async fn carry_out(
    tx: &Tx,
    around: &Around<'_>,
    verdicts: Vec<Verdict>,
) -> Result<Vec<Option<Uuid>>, Failure> {
    let grant = Grant::<KeepHarvest>::claim(around.actor)?;
    let mut made: Vec<Option<Uuid>> = verdicts.iter().map(|verdict| verdict.object).collect();
    let (mut new, mut places) = (Vec::new(), Vec::new());
    for (place, verdict) in verdicts.into_iter().enumerate() {
        if let Plan::Delivery(delivery) = verdict.plan {
            new.push(*delivery);
            places.push(place);
        }
    }
    let at = vec![String::new(); new.len()];
    let judged = harvest::delivery::judge_many(tx, around.organisation, &new, &at, around.today).await?;
    let judged: Vec<_> = judged.into_iter().collect::<Result<_, _>>().map_err(HarvestError::Faults)?;
    let rows = harvest::delivery::record_judged(tx, grant.organisation()?, grant.person()?, judged).await?;
    for (place, row) in places.into_iter().zip(rows) {
        made[place] = Some(row.id.uuid());
    }
    Ok(made)
}
