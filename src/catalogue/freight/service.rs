//! What can be done with freight: keep templates, and say what carrying costs.

use super::error::FreightError;
use super::rate::{Rate, rate_for};
use super::{store, view};
use crate::access::Grant;
use crate::access::policy::KeepProduct;
use crate::catalogue::check::Check;
use crate::catalogue::product;
use crate::db::{Change, Tx};
use entity::freight_template;
use entity::value::{AreaCode, Fen, FreightTemplateId, Grams, OrganisationId, Packs, ProductId, ProductState};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Goods of one supplier that travel together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carriage {
    /// Who sends them.
    pub supplier: OrganisationId,
    /// By which template; none where carriage is in the price.
    pub template: Option<FreightTemplateId>,
    /// What they weigh, net.
    pub weight: Grams,
    /// What they cost.
    pub goods: Fen,
    /// What carrying them costs.
    pub freight: Fen,
}

/// What carrying these packs of products on the shelf to a place costs, for each supplier and template.
/// In three statements, however many lines there are.
///
/// # Errors
/// When a product is not on the shelf, or no rate of its template covers the place.
pub async fn freight_of(
    db: &impl ConnectionTrait,
    lines: &[(ProductId, Packs)],
    place: &AreaCode,
) -> Result<Vec<Carriage>, FreightError> {
    let ids: BTreeSet<_> = lines.iter().map(|(product, _)| *product).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let found = product::find_products(db, &ids).await?;
    let products: HashMap<_, _> =
        found.iter().filter(|found| found.state == ProductState::OnShelf).map(|found| (found.id, found)).collect();
    let absent: Vec<_> =
        lines.iter().enumerate().filter(|(_, (id, _))| !products.contains_key(id)).map(|(at, _)| at).collect();
    if !absent.is_empty() {
        return Err(FreightError::NotOnShelf(absent));
    }
    let sheets = product::sheets(db, &ids).await?;
    let template_of = |id: &ProductId| sheets.get(id).and_then(|sheet| sheet.freight_template_id);
    let mut loads = Vec::with_capacity(lines.len());
    for (id, packs) in lines {
        let Some(product) = products.get(id) else { continue };
        loads.push(Load {
            supplier: product.supplier_id,
            template: template_of(id),
            weight: product.pack_grams.checked_times(*packs)?,
            goods: product.unit_price_fen.checked_mul(packs.get())?,
        });
    }
    let templates: BTreeSet<_> = loads.iter().filter_map(|load| load.template).collect();
    let rates = store::rates(db, &templates.into_iter().collect::<Vec<_>>()).await?;
    carriages(&loads, &rates, place)
}

/// One line of goods to be carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Who sends it.
    pub supplier: OrganisationId,
    /// By which template; none where carriage is in the price.
    pub template: Option<FreightTemplateId>,
    /// What it weighs, net.
    pub weight: Grams,
    /// What it costs.
    pub goods: Fen,
}

/// What carrying loads to a place costs: those of one supplier and template together. Pure.
///
/// # Errors
/// [`FreightError::NotDelivered`] with every load that no rate covers; amounts out of range.
pub fn carriages(
    loads: &[Load],
    rates: &HashMap<FreightTemplateId, Vec<Rate>>,
    place: &AreaCode,
) -> Result<Vec<Carriage>, FreightError> {
    let mut sums: BTreeMap<(OrganisationId, Option<FreightTemplateId>), (Grams, Fen)> = BTreeMap::new();
    for load in loads {
        let Load { supplier, template, weight, goods } = *load;
        let key = (supplier, template);
        let sum = match sums.get(&key) {
            Some((grams, fen)) => (grams.checked_add(weight)?, fen.checked_add(goods)?),
            None => (weight, goods),
        };
        sums.insert(key, sum);
    }
    let mut uncovered = HashSet::new();
    let mut carriages = Vec::with_capacity(sums.len());
    for ((supplier, template), (weight, goods)) in sums {
        let own = template.and_then(|template| rates.get(&template)).map(Vec::as_slice).unwrap_or_default();
        let freight = match (template, rate_for(own, place)) {
            (None, _) => Fen::ZERO,
            (Some(_), Some(rate)) => rate.charge(weight, goods)?,
            (Some(template), None) => {
                uncovered.insert(template);
                Fen::ZERO
            }
        };
        carriages.push(Carriage { supplier, template, weight, goods, freight });
    }
    if uncovered.is_empty() {
        return Ok(carriages);
    }
    let is_uncovered = |load: &Load| load.template.is_some_and(|template| uncovered.contains(&template));
    let lines = loads.iter().enumerate().filter(|(_, load)| is_uncovered(load)).map(|(at, _)| at).collect();
    Err(FreightError::NotDelivered { lines, place: place.clone() })
}

/// The same as an answer.
///
/// # Errors
/// As [`freight_of`].
pub async fn quote(db: &impl ConnectionTrait, wanted: &view::AskFreight) -> Result<view::FreightQuote, FreightError> {
    Check::new()
        .that(
            (1..=100).contains(&wanted.lines.len()),
            "/lines",
            "应有 1 至 100 行。",
            "Between 1 and 100 lines are expected.",
        )
        .done()?;
    let lines: Vec<_> = wanted.lines.iter().map(|line| (line.product_id, line.packs)).collect();
    let parts = freight_of(db, &lines, &wanted.deliver_to_code).await?;
    Ok(view::FreightQuote {
        goods_fen: Fen::checked_sum(parts.iter().map(|part| part.goods))?,
        freight_fen: Fen::checked_sum(parts.iter().map(|part| part.freight))?,
        parts: parts
            .into_iter()
            .map(|part| view::FreightPart {
                supplier_id: part.supplier,
                template_id: part.template,
                weight_grams: part.weight,
                goods_fen: part.goods,
                freight_fen: part.freight,
            })
            .collect(),
    })
}

/// Keeps a new template.
///
/// # Errors
/// When a rate is not acceptable, a province is named twice, or the name is taken.
pub async fn add(
    tx: &Tx,
    grant: &Grant<KeepProduct>,
    wanted: &view::AddFreightTemplate,
) -> Result<view::FreightTemplate, FreightError> {
    let rates: Vec<Rate> = wanted.rates.iter().map(Rate::from).collect();
    let mut named = HashSet::new();
    let is_once = rates.iter().flat_map(|rate| &rate.provinces).all(|province| named.insert(province));
    let elsewhere = rates.iter().filter(|rate| rate.provinces.is_empty()).count();
    let check = Check::new()
        .text("/name", &wanted.name, 100)
        .that((1..=40).contains(&rates.len()), "/rates", "应有 1 至 40 条。", "Between 1 and 40 rates are expected.")
        .that(
            is_once && elsewhere <= 1,
            "/rates",
            "每个省只能出现一次，且至多一条用于其他地区。",
            "Each province is named once, and at most one rate is for everywhere else.",
        );
    rates
        .iter()
        .enumerate()
        .fold(check, |check, (at, rate)| {
            check.that(
                !rate.next_grams.is_zero(),
                format!("/rates/{at}/next_grams"),
                "续重应大于零。",
                "A further step weighs something.",
            )
        })
        .done()?;
    let row = freight_template::Model {
        id: FreightTemplateId::generate(),
        supplier_id: grant.organisation()?,
        name: wanted.name.trim().to_owned(),
        created_by: grant.person()?,
        created_at: tx.now(),
    };
    if !store::insert(tx, row.clone(), &rates).await? {
        return Err(FreightError::NameTaken);
    }
    let after = json!({ "name": row.name, "rates": wanted.rates.len() });
    tx.audit(Change::made("freight_template.add", "freight_template", row.id.uuid(), after)).await?;
    Ok(show(row, &rates))
}

/// The supplier's own templates, newest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<KeepProduct>,
) -> Result<view::FreightTemplates, FreightError> {
    let rows = store::list(db, grant.organisation()?).await?;
    let mut rates = store::rates(db, &rows.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    let items = rows.into_iter().map(|row| {
        let own = rates.remove(&row.id).unwrap_or_default();
        show(row, &own)
    });
    Ok(view::FreightTemplates { items: items.collect() })
}

fn show(row: freight_template::Model, rates: &[Rate]) -> view::FreightTemplate {
    let freight_template::Model { id, supplier_id: _, name, created_by: _, created_at } = row;
    view::FreightTemplate { id, name, rates: rates.iter().map(view::FreightRate::from).collect(), created_at }
}
