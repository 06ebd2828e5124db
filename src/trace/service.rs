//! Puts together what is known of a lot.

use super::view::{
    HarvestDates, ReachedLot, ReachedOrder, RecallReach, Trace, TracedCategory, TracedCertificate, TracedConformity,
    TracedOrigin, TracedRecall, TracedStep,
};
use crate::access::Scope;
use crate::harvest::lot::trace_code;
use crate::problem::{self, Failure, Problem};
use crate::{catalogue, harvest, organisation, procurement, region};
use chrono::NaiveDate;
use entity::lot;
use entity::value::{DeliveryId, Grams, HouseholdId, LotId, OrganisationId};
use sea_orm::ConnectionTrait;
use std::collections::{BTreeSet, HashMap};

/// From how many households on they are counted in public.
pub const FEWEST: usize = 5;

/// What anybody may know of the pack with this code, as it was typed.
///
/// # Errors
/// Nothing has this code.
pub(super) async fn trace(db: &impl ConnectionTrait, typed: &str, today: NaiveDate) -> Result<Trace, Failure> {
    let not_there = || Failure::from(Problem::plain(&problem::NOT_FOUND));
    let code = trace_code::parse(typed).ok_or_else(not_there)?;
    let lot = harvest::find_lot_by_trace_code(db, &code).await?.ok_or_else(not_there)?;
    let product = catalogue::find_product(db, lot.product_id).await?.ok_or_else(not_there)?;
    let category = catalogue::find_category(db, &product.category_code).await?;
    let county = region::relief_county(db, &product.origin_county_code).await?;
    let supplier = organisation::find(db, lot.supplier_id).await?;
    let (harvest, households) = grown(db, lot.id).await?;
    let conformity = harvest::certificates_of(db, &[lot.id]).await?;
    let certificates = catalogue::product_certificates(db, &[product.id]).await?;
    Ok(Trace {
        code: trace_code::grouped(&code),
        lot_code: lot.code.clone(),
        product: product.name,
        category: category.map_or_else(
            || TracedCategory { name_zh: String::new(), name_en: String::new() },
            |found| TracedCategory { name_zh: found.name_zh, name_en: found.name_en },
        ),
        origin: county.map_or_else(
            || TracedOrigin { county: String::new(), prefecture: String::new(), province: String::new() },
            |found| TracedOrigin { county: found.current_name, prefecture: found.prefecture, province: found.province },
        ),
        supplier: supplier.map(|found| found.name).unwrap_or_default(),
        packed_on: lot.packed_on,
        harvest,
        households: (households >= FEWEST).then_some(households),
        conformity: conformity
            .into_iter()
            .map(|held| TracedConformity { number: held.number, issued_on: held.issued_on, basis: held.basis })
            .collect(),
        certificates: certificates
            .into_values()
            .flatten()
            .filter(|held| catalogue::scheme::is_valid_on(held, today))
            .map(|held| TracedCertificate {
                scheme: held.scheme,
                issuer: held.issuer,
                number: held.number,
                valid_to: held.valid_to,
            })
            .collect(),
        steps: steps(db, &lot).await?,
        recall: recall(db, &lot).await?,
    })
}

/// When what is in a lot was brought in, and by how many households.
async fn grown(db: &impl ConnectionTrait, lot: LotId) -> Result<(Option<HarvestDates>, usize), Failure> {
    let parts = harvest::composition(db, &[lot]).await?;
    let households: BTreeSet<HouseholdId> = parts.iter().map(|part| part.household).collect();
    let ids: Vec<DeliveryId> = parts.iter().map(|part| part.delivery).collect();
    let days: Vec<NaiveDate> =
        harvest::find_deliveries(db, &ids).await?.into_values().map(|row| row.delivered_on).collect();
    let dates = days.iter().min().zip(days.iter().max());
    Ok((dates.map(|(first, last)| HarvestDates { first: *first, last: *last }), households.len()))
}

async fn steps(db: &impl ConnectionTrait, lot: &lot::Model) -> Result<Vec<TracedStep>, Failure> {
    let steps = harvest::steps_before(db, lot).await?;
    Ok(steps.into_iter().map(|step| TracedStep { kind: step.kind, done_on: step.done_on }).collect())
}

async fn recall(db: &impl ConnectionTrait, lot: &lot::Model) -> Result<Option<TracedRecall>, Failure> {
    let Some(at) = lot.recalled_at else { return Ok(None) };
    let reason = harvest::recalls_of(db, &[lot.id]).await?.into_iter().next().map(|recall| recall.reason);
    Ok(Some(TracedRecall { at, reason }))
}

/// What a recall of a lot reaches: everything that was made of it, and the orders that got any of that.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn reach(db: &impl ConnectionTrait, scope: &Scope, id: LotId) -> Result<RecallReach, Failure> {
    let own = harvest::find_visible_lot(db, scope, id).await?;
    let own = own.ok_or_else(|| Failure::from(Problem::plain(&problem::NOT_FOUND)))?;
    let mut lots = vec![own];
    lots.extend(harvest::descendants(db, &[id]).await?);
    let ids: Vec<LotId> = lots.iter().map(|row| row.id).collect();
    let got = procurement::shipped_of_lots(db, &ids).await?;
    let buyers: BTreeSet<OrganisationId> = got.iter().map(|sent| sent.order.buyer_id).collect();
    let buyers = organisation::find_many(db, &buyers.into_iter().collect::<Vec<_>>()).await?;
    let names: HashMap<OrganisationId, String> = buyers.into_iter().map(|found| (found.id, found.name)).collect();
    let orders = got.into_iter().map(|sent| ReachedOrder {
        supplier_order_id: sent.order.id,
        number: sent.order.number,
        state: sent.order.state,
        buyer: names.get(&sent.order.buyer_id).cloned().unwrap_or_default(),
        buyer_id: sent.order.buyer_id,
        lot_id: sent.lot,
        packs: sent.packs,
        grams: sent.grams,
        shipped_at: sent.shipped_at,
    });
    let orders = orders.collect();
    let left = |row: &lot::Model| row.total_grams.get() - row.shipped_grams.get() - row.withdrawn_grams.get();
    let lots = lots.into_iter().map(|row| ReachedLot {
        left_grams: Grams::new(left(&row)).unwrap_or(row.total_grams),
        id: row.id,
        code: row.code,
        shipped_grams: row.shipped_grams,
        recalled_at: row.recalled_at,
    });
    Ok(RecallReach { recalls: harvest::recalls_of(db, &[id]).await?, lots: lots.collect(), orders })
}
