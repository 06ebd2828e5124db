//! What can be done: split, merge, process. All three are one act: hold, weigh, share out, write.

use super::mass::{self, Parts};
use super::view::{DeliveryPortion, LotPortion, LotStep, MergeLots, NewOutput, ProcessLots, SplitLot};
use super::{family, store};
use crate::access::Grant;
use crate::access::policy::KeepHarvest;
use crate::catalogue;
use crate::db::{Change, Tx};
use crate::harvest::error::{
    Fault, HarvestError, LOT_EXHAUSTED, LOT_RECALLED, LOT_UNKNOWN, LOTS_NOT_ALIKE, fault, invalid,
};
use crate::harvest::lot::{self, NewLotRow};
use crate::harvest::{ceiling, delivery, error};
use chrono::NaiveDate;
use entity::value::{
    DeclaredYieldId, DeliveryId, Grams, LotId, LotStepId, LotStepKind, OrganisationId, ProductId, business_date,
};
use entity::{delivery as delivery_table, lot as lot_table, lot_draw, lot_step, lot_step_input, product};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Lots and outputs of one step.
const MOST_LOTS: usize = 50;
/// Deliveries of one step.
const MOST_DELIVERIES: usize = 200;

/// A step about to be done, whatever its kind.
struct Plan<'a> {
    kind: LotStepKind,
    declared: Option<(DeclaredYieldId, i64)>,
    lots: Vec<(String, LotId, Grams)>,
    deliveries: &'a [DeliveryPortion],
    outputs: Vec<(String, ProductId, Grams)>,
    byproduct: Option<&'a str>,
    byproduct_grams: Grams,
    loss_grams: Grams,
    done_on: NaiveDate,
    note: Option<&'a str>,
}

/// Splits a lot; what is not named stays in it.
///
/// # Errors
/// Every field at fault; the lot is unknown, called back, or has less left.
pub async fn split(tx: &Tx, grant: &Grant<KeepHarvest>, new: &SplitLot) -> Result<LotStep, HarvestError> {
    let nothing = Grams::new(0)?;
    let taken = new.outputs.iter().try_fold(nothing, |sum, output| sum.checked_add(output.grams))?;
    let plan = Plan {
        kind: LotStepKind::Split,
        declared: None,
        lots: vec![("/lot_id".to_owned(), new.lot_id, taken)],
        deliveries: &[],
        outputs: numbered(&new.outputs),
        byproduct: None,
        byproduct_grams: nothing,
        loss_grams: nothing,
        done_on: new.done_on,
        note: new.note.as_deref(),
    };
    family::step_of(tx, carry_out(tx, grant, &plan).await?).await
}

/// Merges lots of one product into one.
///
/// # Errors
/// Every field at fault; a lot is unknown, called back, of another product, or has less left.
pub async fn merge(tx: &Tx, grant: &Grant<KeepHarvest>, new: &MergeLots) -> Result<LotStep, HarvestError> {
    let nothing = Grams::new(0)?;
    let sum = new.inputs.iter().try_fold(nothing, |sum, input| sum.checked_add(input.grams))?;
    if new.inputs.len() < 2 {
        return Err(HarvestError::Faults(vec![invalid(
            "/inputs".to_owned(),
            "至少合并两个批次。",
            "Two lots at least are merged.",
        )]));
    }
    let ids: Vec<LotId> = new.inputs.iter().map(|input| input.lot_id).collect();
    // Of which product it is, is what the first of them says; the others are compared with it below.
    let first = lot::find_lots(tx, &ids[..1]).await?.into_values().next();
    let first = first.ok_or_else(|| HarvestError::Faults(vec![lot_unknown("/inputs/0/lot_id".to_owned())]))?;
    let plan = Plan {
        kind: LotStepKind::Merge,
        declared: None,
        lots: portions("/inputs", &new.inputs),
        deliveries: &[],
        outputs: vec![("/inputs/0".to_owned(), first.product_id, sum)],
        byproduct: None,
        byproduct_grams: nothing,
        loss_grams: nothing,
        done_on: new.done_on,
        note: new.note.as_deref(),
    };
    family::step_of(tx, carry_out(tx, grant, &plan).await?).await
}

/// Processes lots and deliveries into other lots, within the declared yield.
///
/// # Errors
/// Every field at fault; the yield is unknown or exceeded; what came out is not what went in.
pub async fn process(tx: &Tx, grant: &Grant<KeepHarvest>, new: &ProcessLots) -> Result<LotStep, HarvestError> {
    let declared = store::find_yield(tx, grant.organisation()?, new.yield_id).await?;
    let declared = declared.ok_or(HarvestError::YieldUnknown)?;
    let plan = Plan {
        kind: LotStepKind::Processing,
        declared: Some((declared.id, declared.yield_bp.get())),
        lots: portions("/lots", &new.lots),
        deliveries: &new.deliveries,
        outputs: numbered(&new.outputs),
        byproduct: new.byproduct.as_deref(),
        byproduct_grams: new.byproduct_grams,
        loss_grams: new.loss_grams,
        done_on: new.done_on,
        note: new.note.as_deref(),
    };
    family::step_of(tx, carry_out(tx, grant, &plan).await?).await
}

fn numbered(outputs: &[NewOutput]) -> Vec<(String, ProductId, Grams)> {
    let at = |(index, output): (usize, &NewOutput)| (format!("/outputs/{index}"), output.product_id, output.grams);
    outputs.iter().enumerate().map(at).collect()
}

fn portions(list: &str, portions: &[LotPortion]) -> Vec<(String, LotId, Grams)> {
    let at = |(index, part): (usize, &LotPortion)| (format!("{list}/{index}/lot_id"), part.lot_id, part.grams);
    portions.iter().enumerate().map(at).collect()
}

fn lot_unknown(pointer: String) -> Fault {
    fault(&LOT_UNKNOWN, pointer, "本单位没有这个批次。", "You have no such lot.")
}

async fn carry_out(tx: &Tx, grant: &Grant<KeepHarvest>, plan: &Plan<'_>) -> Result<LotStepId, HarvestError> {
    let supplier = grant.organisation()?;
    refuse(faults_by_itself(plan, business_date(tx.now())))?;
    let mass = weigh(plan)?;
    let ids: BTreeSet<ProductId> = plan.outputs.iter().map(|(_, product, _)| *product).collect();
    let products = catalogue::find_products(tx, &ids.into_iter().collect::<Vec<_>>()).await?;
    let products: HashMap<ProductId, product::Model> =
        products.into_iter().filter(|row| row.supplier_id == supplier).map(|row| (row.id, row)).collect();
    let ids: Vec<LotId> = plan.lots.iter().map(|(_, id, _)| *id).collect();
    let held: HashMap<LotId, lot_table::Model> =
        lot::hold_many(tx, &ids).await?.into_iter().map(|r| (r.id, r)).collect();
    refuse(faults_of_lots(plan, supplier, &held, &products))?;
    refuse(alike(tx, plan, &held, &products).await?)?;
    let brought: Vec<DeliveryId> = plan.deliveries.iter().map(|part| part.delivery_id).collect();
    let brought = delivery::hold_own(tx, supplier, &brought).await?;
    let brought: HashMap<_, _> = brought.into_iter().map(|row| (row.id, row)).collect();
    refuse(faults_of_deliveries(tx, plan, &brought).await?)?;
    let step = LotStepId::generate();
    let (pool, draws) = draw(tx, step, plan).await?;
    let outputs: Vec<i64> = plan.outputs.iter().map(|(_, _, grams)| grams.get()).collect();
    let shared = mass::share_out(&pool, &outputs).ok_or(entity::value::Overflow)?;
    write(tx, grant, plan, step, &mass, draws, shared).await?;
    Ok(step)
}

fn refuse(faults: Vec<Fault>) -> Result<(), HarvestError> {
    if faults.is_empty() { Ok(()) } else { Err(HarvestError::Faults(faults)) }
}

fn faults_by_itself(plan: &Plan<'_>, today: NaiveDate) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut wrong = |pointer: &str, zh, en| faults.push(invalid(pointer.to_owned(), zh, en));
    if plan.done_on > today {
        wrong("/done_on", "日期不能晚于今天。", "The day is not in the future.");
    }
    if plan.lots.len() > MOST_LOTS || plan.lots.is_empty() && plan.deliveries.is_empty() {
        wrong("/lots", "应有 1 至 50 个批次或交售。", "1 to 50 lots, or deliveries, are expected.");
    }
    if plan.deliveries.len() > MOST_DELIVERIES {
        wrong("/deliveries", "最多 200 笔交售。", "There are 200 deliveries at most.");
    }
    if !(1..=MOST_LOTS).contains(&plan.outputs.len()) {
        wrong("/outputs", "应有 1 至 50 个产出批次。", "1 to 50 lots come out.");
    }
    if plan.note.is_some_and(|note| note.trim().chars().count() > 200) {
        wrong("/note", "说明最多 200 个字。", "A note has 200 characters at most.");
    }
    if plan.byproduct.is_some_and(|name| !(1..=100).contains(&name.trim().chars().count())) {
        wrong("/byproduct", "副产品名称应为 1 至 100 个字。", "A by-product's name has 1 to 100 characters.");
    }
    if plan.byproduct.is_none() && !plan.byproduct_grams.is_zero() {
        wrong("/byproduct", "请写明副产品是什么。", "Say what the by-product is.");
    }
    let mut seen = BTreeSet::new();
    for (pointer, id, grams) in &plan.lots {
        if grams.is_zero() {
            wrong(pointer, "重量必须大于零。", "The weight is above zero.");
        }
        if !seen.insert(id.uuid()) {
            wrong(pointer, "同一批次只能出现一次。", "A lot stands here once.");
        }
    }
    for (index, part) in plan.deliveries.iter().enumerate() {
        if part.grams.is_zero() || !seen.insert(part.delivery_id.uuid()) {
            let pointer = format!("/deliveries/{index}");
            wrong(
                &pointer,
                "重量必须大于零，且同一笔交售只能出现一次。",
                "The weight is above zero, and a delivery stands here once.",
            );
        }
    }
    for (pointer, _, grams) in &plan.outputs {
        if grams.is_zero() {
            wrong(&format!("{pointer}/grams"), "重量必须大于零。", "The weight is above zero.");
        }
    }
    faults
}

/// The masses of a step.
struct Mass {
    input: Grams,
    output: Grams,
}

fn weigh(plan: &Plan<'_>) -> Result<Mass, HarvestError> {
    let nothing = Grams::new(0)?;
    let taken = plan.lots.iter().map(|(_, _, grams)| *grams).chain(plan.deliveries.iter().map(|part| part.grams));
    let input = taken.into_iter().try_fold(nothing, Grams::checked_add)?;
    let output = plan.outputs.iter().try_fold(nothing, |sum, (_, _, grams)| sum.checked_add(*grams))?;
    let accounted = output.checked_add(plan.byproduct_grams)?.checked_add(plan.loss_grams)?;
    if accounted != input {
        return Err(HarvestError::MassNotConserved { input, accounted });
    }
    if let Some((_, yield_bp)) = plan.declared {
        let most = Grams::new(mass::most_out_of(input.get(), yield_bp))?;
        if output > most {
            return Err(HarvestError::YieldExceeded { output, most });
        }
    }
    Ok(Mass { input, output })
}

fn faults_of_lots(
    plan: &Plan<'_>,
    supplier: OrganisationId,
    held: &HashMap<LotId, lot_table::Model>,
    products: &HashMap<ProductId, product::Model>,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (pointer, id, grams) in &plan.lots {
        let Some(row) = held.get(id).filter(|row| row.supplier_id == supplier) else {
            faults.push(lot_unknown(pointer.clone()));
            continue;
        };
        if row.recalled_at.is_some() {
            faults.push(fault(&LOT_RECALLED, pointer.clone(), "该批次已召回。", "The lot was called back."));
        }
        let left = lot::left_of(row);
        if grams.get() > left {
            let zh = format!("该批次尚余 {left} 克。");
            faults.push(fault(&LOT_EXHAUSTED, pointer.clone(), zh, format!("{left} g of the lot are left.")));
        }
        if plan.done_on < row.packed_on {
            let (zh, en) = ("不能早于批次的装批日期。", "It is not before the lot was packed.");
            faults.push(invalid("/done_on".to_owned(), zh, en));
        }
    }
    for (pointer, id, _) in &plan.outputs {
        if !products.contains_key(id) && plan.kind != LotStepKind::Merge {
            let pointer = format!("{pointer}/product_id");
            faults.push(fault(
                &error::LOT_PRODUCT_UNKNOWN,
                pointer,
                "本单位没有这个商品。",
                "You have no such product.",
            ));
        }
    }
    faults
}

/// What is only divided or mixed stays what it is: the same product when merged, the same category and origin when
/// split. Processing may make anything of it.
async fn alike(
    tx: &Tx,
    plan: &Plan<'_>,
    held: &HashMap<LotId, lot_table::Model>,
    products: &HashMap<ProductId, product::Model>,
) -> Result<Vec<Fault>, HarvestError> {
    let mut faults = Vec::new();
    match plan.kind {
        LotStepKind::Processing => {}
        LotStepKind::Merge => {
            let first = plan.outputs.first().map(|(_, product, _)| *product);
            for (pointer, id, _) in &plan.lots {
                if held.get(id).map(|row| row.product_id) != first {
                    let (zh, en) = ("与第一个批次不是同一商品。", "It is not of the first lot's product.");
                    faults.push(fault(&LOTS_NOT_ALIKE, pointer.clone(), zh, en));
                }
            }
        }
        LotStepKind::Split => {
            let of: Vec<ProductId> = held.values().map(|row| row.product_id).collect();
            let Some(whole) = catalogue::find_products(tx, &of).await?.pop() else { return Ok(faults) };
            for (pointer, id, _) in &plan.outputs {
                let is_alike = products.get(id).is_some_and(|part| {
                    part.category_code == whole.category_code && part.origin_county_code == whole.origin_county_code
                });
                if !is_alike {
                    let (zh, en) = ("与原批次的品类或产地不同。", "Its category or origin is not that of the lot.");
                    faults.push(fault(&LOTS_NOT_ALIKE, format!("{pointer}/product_id"), zh, en));
                }
            }
        }
    }
    Ok(faults)
}

async fn faults_of_deliveries(
    tx: &Tx,
    plan: &Plan<'_>,
    held: &HashMap<DeliveryId, delivery_table::Model>,
) -> Result<Vec<Fault>, HarvestError> {
    let ids: Vec<DeliveryId> = held.keys().copied().collect();
    let flagged = ceiling::unpackable(tx, &ids).await?;
    let mut faults = Vec::new();
    for (index, part) in plan.deliveries.iter().enumerate() {
        let at = format!("/deliveries/{index}");
        faults.extend(lot::faults_of_delivery(&at, part.grams, held.get(&part.delivery_id), &flagged));
        if held.get(&part.delivery_id).is_some_and(|row| plan.done_on < row.delivered_on) {
            let (zh, en) = ("不能早于交售日期。", "It is not before its deliveries were brought.");
            faults.push(invalid("/done_on".to_owned(), zh, en));
        }
    }
    Ok(faults)
}

/// What is drawn from where: all of it together, and lot by lot.
async fn draw(tx: &Tx, step: LotStepId, plan: &Plan<'_>) -> Result<(Parts, Vec<lot_draw::Model>), HarvestError> {
    let ids: Vec<LotId> = plan.lots.iter().map(|(_, id, _)| *id).collect();
    let mut inside: BTreeMap<LotId, Parts> = BTreeMap::new();
    for part in lot::parts_of(tx, &ids).await? {
        inside.entry(part.lot_id).or_default().insert(part.delivery_id, part.grams.get());
    }
    for (lot, delivery, grams) in store::drawn(tx, &ids).await? {
        mass::remove(inside.entry(lot).or_default(), &Parts::from([(delivery, grams)]));
    }
    let (mut pool, mut draws) = (Parts::new(), Vec::new());
    for (_, lot, grams) in &plan.lots {
        let parts = inside.get(lot).and_then(|parts| mass::apportion(grams.get(), parts));
        let parts = parts.ok_or(entity::value::Overflow)?;
        mass::add(&mut pool, &parts);
        for (delivery, grams) in parts {
            let grams = Grams::new(grams)?;
            draws.push(lot_draw::Model { step_id: step, lot_id: *lot, delivery_id: delivery, grams });
        }
    }
    for part in plan.deliveries {
        mass::add(&mut pool, &Parts::from([(part.delivery_id, part.grams.get())]));
    }
    Ok((pool, draws))
}

async fn write(
    tx: &Tx,
    grant: &Grant<KeepHarvest>,
    plan: &Plan<'_>,
    id: LotStepId,
    mass: &Mass,
    draws: Vec<lot_draw::Model>,
    shared: Vec<Parts>,
) -> Result<(), HarvestError> {
    let supplier_id = grant.organisation()?;
    let trimmed = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let row = lot_step::Model {
        id,
        supplier_id,
        kind: plan.kind,
        yield_id: plan.declared.map(|(id, _)| id),
        input_grams: mass.input,
        output_grams: mass.output,
        byproduct_grams: plan.byproduct_grams,
        loss_grams: plan.loss_grams,
        byproduct: trimmed(plan.byproduct),
        note: trimmed(plan.note),
        done_on: plan.done_on,
        recorded_by: grant.person()?,
        created_at: tx.now(),
    };
    let after = json!({
        "kind": row.kind, "input_grams": row.input_grams, "output_grams": row.output_grams,
        "byproduct_grams": row.byproduct_grams, "loss_grams": row.loss_grams,
    });
    let lots = plan.lots.iter().map(|(_, lot, grams)| (Some(*lot), None, *grams));
    let deliveries = plan.deliveries.iter().map(|part| (None, Some(part.delivery_id), part.grams));
    let inputs = lots.chain(deliveries).zip(1..).map(|((lot_id, delivery_id, grams), line_no)| lot_step_input::Model {
        step_id: id,
        line_no,
        lot_id,
        delivery_id,
        grams,
    });
    store::insert(tx, row, inputs.collect()).await?;
    store::insert_draws(tx, draws).await?;
    let taken: Vec<(LotId, Grams)> = plan.lots.iter().map(|(_, lot, grams)| (*lot, *grams)).collect();
    lot::add_withdrawn(tx, &taken).await?;
    let packed: Vec<(DeliveryId, Grams)> = plan.deliveries.iter().map(|part| (part.delivery_id, part.grams)).collect();
    if !packed.is_empty() {
        delivery::add_packed(tx, &packed).await?;
    }
    let new = plan.outputs.iter().zip(shared).map(|((_, product_id, grams), parts)| {
        let parts = parts.into_iter().map(|(delivery, grams)| Ok((delivery, Grams::new(grams)?)));
        let parts = parts.collect::<Result<Vec<_>, HarvestError>>()?;
        Ok(NewLotRow { product_id: *product_id, packed_on: plan.done_on, total_grams: *grams, parts })
    });
    let new = new.collect::<Result<Vec<_>, HarvestError>>()?;
    lot::make(tx, supplier_id, Some(id), new).await?;
    let operation = format!("lot.{}", plan.kind);
    tx.audit(Change::made(&operation, "lot_step", id.uuid(), after)).await?;
    Ok(())
}
