//! Recording sales outside the platform, and showing them.

use super::view::{
    OffPlatformQuery, OffPlatformSale, OffPlatformSaleWithShares, OffPlatformShare, RecordSale, SoldLot,
};
use super::{OffPlatformError, store};
use crate::access::policy::{RecordOffPlatformSale, ViewOffPlatformSale};
use crate::access::{Grant, Scope};
use crate::attribution::engine::{Outcome, ProduceWeightError, attribute, produce_weight};
use crate::attribution::inputs::{self, Inputs, Member, PlanTerms, Pool};
use crate::db::{Change, Tx};
use crate::http::{Page, PageQuery};
use crate::problem::{Failure, FieldProblem, Text};
use crate::{attribution, document, harvest, household};
use chrono::NaiveDate;
use entity::value::{
    AgreementId, BenefitMode, Grams, HouseholdId, LotId, OffPlatformSaleId, OffPlatformState, OrganisationId, Overflow,
    Packs, PoolSettlement, ProductId, ShareBasis, SupplierOrderId, business_date,
};
use entity::{off_platform_lot, off_platform_sale, off_platform_share, plan};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Records a sale with its evidence, and computes its shares; nothing is booked until somebody outside confirms it.
///
/// # Errors
/// Days, amounts or papers that are not acceptable; lots that are not yours, of several products or hold less; no plan;
/// nobody who shares.
pub async fn record(
    tx: &Tx,
    grant: &Grant<RecordOffPlatformSale>,
    wanted: &RecordSale,
) -> Result<OffPlatformSaleWithShares, OffPlatformError> {
    let supplier = grant.organisation()?;
    let today = business_date(tx.now());
    let faults = faults(wanted, today);
    if !faults.is_empty() {
        return Err(OffPlatformError::Fields(faults));
    }
    document::require_own(tx, supplier, &[wanted.evidence_file_id, wanted.payment_file_id]).await?;
    let product_id = take_lots(tx, supplier, &wanted.lots).await?;
    let plan = governing(tx, supplier, product_id).await?.ok_or(OffPlatformError::NoPlan)?;
    let id = OffPlatformSaleId::generate();
    let inputs = Inputs {
        rule: inputs::Rule::PRESENT,
        // Entries name a sale as they name an order.
        supplier_order_id: SupplierOrderId::from_uuid(id.uuid()),
        // As a promise, every pool reaches households at once: no period here waits for what was sold elsewhere.
        basis: ShareBasis::Promised,
        plan: at_once(attribution::plan_terms(&plan)),
        held_in: Vec::new(),
        attributable_fen: wanted.amount_fen,
        roster: roster(tx, supplier, &wanted.lots, wanted.sold_on).await?,
    };
    let outcome = attribute(&inputs)?;
    if outcome.shares.is_empty() {
        return Err(OffPlatformError::Nobody);
    }
    let text = inputs.canonical();
    let sale = off_platform_sale::Model {
        id,
        supplier_id: supplier,
        number: format!("PW{}-{}", today.format("%Y%m%d"), &id.to_string()[28..].to_ascii_uppercase()),
        product_id,
        buyer_name: wanted.buyer_name.trim().to_owned(),
        sold_on: wanted.sold_on,
        received_on: wanted.received_on,
        amount_fen: wanted.amount_fen,
        retained_fen: outcome.retained_fen,
        evidence_file_id: wanted.evidence_file_id,
        payment_file_id: wanted.payment_file_id,
        plan_id: plan.id,
        inputs_hash: inputs::hash(&text),
        inputs: text,
        state: OffPlatformState::Recorded,
        recorded_by: grant.person()?,
        created_at: tx.now(),
        version: 1,
    };
    let lot = |sold: &SoldLot| off_platform_lot::Model { sale_id: id, lot_id: sold.lot_id, grams: sold.grams };
    store::insert(tx, sale.clone(), wanted.lots.iter().map(lot).collect(), rows(id, &outcome)?).await?;
    let after = json!({ "number": sale.number, "amount_fen": sale.amount_fen, "shares": outcome.shares.len() });
    tx.audit(Change::made("off_platform_sale.record", "off_platform_sale", id.uuid(), after)).await?;
    whole(tx, &Scope::Everything, sale).await
}

/// The plan that governs a sale: that of its product, or else its supplier's.
async fn governing(
    tx: &Tx,
    supplier: OrganisationId,
    product: Option<ProductId>,
) -> Result<Option<plan::Model>, OffPlatformError> {
    match product {
        None => Ok(attribution::plan_in_force(tx, supplier).await?),
        Some(product) => Ok(attribution::governing_plans(tx, &[(supplier, product)]).await?.remove(&product)),
    }
}

/// A plan whose pools all reach households with the sale.
fn at_once(terms: PlanTerms) -> PlanTerms {
    let pools = terms.pools.into_iter().map(|pool| Pool { settle: PoolSettlement::PerOrder, ..pool });
    PlanTerms { pools: pools.collect(), ..terms }
}

fn faults(wanted: &RecordSale, today: NaiveDate) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    let mut fault = |pointer: String, zh: &'static str, en: &'static str| {
        faults.push(FieldProblem { pointer, detail: Text::new(zh, en) });
    };
    if !(1..=100).contains(&wanted.buyer_name.trim().chars().count()) {
        fault("/buyer_name".to_owned(), "买方名称应为 1 至 100 个字。", "The buyer's name has 1 to 100 characters.");
    }
    if wanted.received_on > today {
        fault("/received_on".to_owned(), "收款日期在将来。", "The money does not come in the future.");
    }
    if wanted.received_on < wanted.sold_on {
        fault("/received_on".to_owned(), "收款日期早于销售日期。", "The money does not come before the sale.");
    }
    if wanted.amount_fen.is_zero() {
        fault("/amount_fen".to_owned(), "金额应大于零。", "The amount is more than zero.");
    }
    if wanted.evidence_file_id == wanted.payment_file_id {
        fault("/payment_file_id".to_owned(), "收款凭据应与销售凭据不同。", "The two papers are not one.");
    }
    if wanted.lots.len() > 100 {
        fault("/lots".to_owned(), "至多 100 个批次。", "At most 100 lots.");
    }
    let mut seen = HashSet::new();
    for (index, sold) in wanted.lots.iter().enumerate() {
        if !seen.insert(sold.lot_id) || sold.grams.is_zero() {
            let (zh, en) = ("同一批次只写一次，重量大于零。", "Each lot stands once, with more than no weight.");
            fault(format!("/lots/{index}"), zh, en);
        }
    }
    faults
}

/// Takes the grams out of the lots, which are the supplier's own and of one product; tells which.
async fn take_lots(tx: &Tx, supplier: OrganisationId, sold: &[SoldLot]) -> Result<Option<ProductId>, OffPlatformError> {
    let ids: Vec<LotId> = sold.iter().map(|sold| sold.lot_id).collect();
    // Whose they are is asked before how much is left: of others' lots nothing is told.
    let lots = harvest::find_lots(tx, &ids).await?;
    let mut product = None;
    for (index, sold) in sold.iter().enumerate() {
        let lot = lots.get(&sold.lot_id).filter(|lot| lot.supplier_id == supplier);
        let detail = match lot {
            None => Text::new("本单位没有这个批次。", "Your organisation has no such lot."),
            Some(lot) if *product.get_or_insert(lot.product_id) != lot.product_id => Text::new(
                "一笔平台外销售只登记一种产品，请分开登记。",
                "A sale outside the platform is of one product; record the other by itself.",
            ),
            Some(_) => continue,
        };
        return Err(OffPlatformError::Fields(vec![FieldProblem { pointer: format!("/lots/{index}/lot_id"), detail }]));
    }
    let wanted: Vec<(LotId, Grams)> = sold.iter().map(|sold| (sold.lot_id, sold.grams)).collect();
    harvest::hold_lots(tx, &wanted).await?;
    Ok(product)
}

/// Who shares on the day of the sale, and by which weight: as for an order that was accepted whole.
async fn roster(
    tx: &Tx,
    supplier: OrganisationId,
    sold: &[SoldLot],
    day: NaiveDate,
) -> Result<Vec<Member>, OffPlatformError> {
    let lots: HashMap<LotId, Grams> = sold.iter().map(|sold| (sold.lot_id, sold.grams)).collect();
    let ids: Vec<LotId> = sold.iter().map(|sold| sold.lot_id).collect();
    let all = Packs::new(1)?;
    let mut weights: BTreeMap<AgreementId, u64> = BTreeMap::new();
    for part in harvest::composition(tx, &ids).await? {
        let Some(grams) = lots.get(&part.lot) else { continue };
        let weight = produce_weight(*grams, part.lot_total_grams, part.grams, part.price_fen_per_kg, all, all)?;
        let sum = weights.entry(part.agreement).or_default();
        *sum = sum.checked_add(weight).ok_or(ProduceWeightError::Overflow)?;
    }
    let mut roster = attribution::roster(tx, supplier, day).await?;
    roster.retain(|member| member.mode != BenefitMode::ProducePurchase);
    let growers: Vec<AgreementId> = weights.keys().copied().collect();
    for mut member in attribution::roster_of(tx, &growers, day).await? {
        let weight = weights.get(&member.agreement_id).copied().unwrap_or(0);
        member.weight = i64::try_from(weight).map_err(|_| ProduceWeightError::Overflow)?;
        member.mode = BenefitMode::ProducePurchase;
        roster.push(member);
    }
    Ok(roster)
}

fn rows(sale_id: OffPlatformSaleId, outcome: &Outcome) -> Result<Vec<off_platform_share::Model>, Overflow> {
    let row = |(line_no, share): (i32, &attribution::engine::Share)| off_platform_share::Model {
        sale_id,
        line_no,
        mode: share.mode,
        agreement_id: share.agreement_id,
        household_id: share.household_id,
        household_status: share.household_status,
        weight: share.weight,
        amount_fen: share.amount_fen,
    };
    i32::try_from(outcome.shares.len()).map_err(|_| Overflow)?;
    Ok((1..).zip(&outcome.shares).map(row).collect())
}

/// One page of sales, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewOffPlatformSale>,
    query: &OffPlatformQuery,
) -> Result<Page<OffPlatformSale>, Failure> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let limit = page.limit()?;
    let rows = store::list(db, grant.scope(), query.state, page.after()?, limit + 1).await?;
    let views = rows.into_iter().map(OffPlatformSale::of).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::of(views, limit, |view| view.id.uuid(), |view| view))
}

/// A sale with what of it is in reach.
///
/// # Errors
/// Not there, or out of reach.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewOffPlatformSale>,
    id: OffPlatformSaleId,
) -> Result<OffPlatformSaleWithShares, OffPlatformError> {
    let sale = store::find(db, grant.scope(), id).await?.ok_or(OffPlatformError::NotFound)?;
    whole(db, grant.scope(), sale).await
}

/// A sale with what of its shares a scope sees.
pub(super) async fn whole(
    db: &impl ConnectionTrait,
    scope: &Scope,
    sale: off_platform_sale::Model,
) -> Result<OffPlatformSaleWithShares, OffPlatformError> {
    let shares = store::shares(db, scope, sale.id).await?;
    let lots = store::lots(db, sale.id).await?;
    let lots = lots.into_iter().map(|row| SoldLot { lot_id: row.lot_id, grams: row.grams }).collect();
    let decisions = store::decisions(db, sale.id).await?.into_iter().map(Into::into).collect();
    let households: Vec<HouseholdId> = shares.iter().map(|row| row.household_id).collect();
    let households = household::briefs(db, &households).await?;
    let share = |row: &off_platform_share::Model| OffPlatformShare::of(row, households.get(&row.household_id).cloned());
    let shares = shares.iter().map(share).collect();
    Ok(OffPlatformSaleWithShares { sale: OffPlatformSale::of(sale)?, lots, shares, decisions })
}
