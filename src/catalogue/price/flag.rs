//! What is flagged: products dearer than their like or than a wholesale market, products that are alike, and processed
//! ones under a licence of another county.
//!
//! Promises: at most one open flag of a kind for a product; one that no longer holds is closed by itself; what somebody
//! has cleared is not raised again while it rests on the same: the price, or, for a licence, the two counties.

use super::error::PriceError;
use super::licence::Licences;
use super::rules::{FEWEST_PEERS, is_above, median};
use super::store::{self, Asked};
use super::view::{self, Comparison};
use crate::access::Grant;
use crate::access::policy::{ReviewProduct, ViewProductDraft};
use crate::catalogue::check::Check;
use crate::catalogue::product::{self, alike};
use crate::config::Config;
use crate::db::{Change, Tx};
use crate::http::{IfMatch, Page};
use chrono::NaiveDate;
use entity::value::{
    CategoryCode, FenPerKilogram, FlagId, FlagKind, OffReason, OrganisationId, PersonId, ProductFlagState, ProductId,
    business_date,
};
use entity::{product as product_table, product_flag, reference_price};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// So many of its like are looked at.
const MOST_PEERS: u64 = 500;
/// A wholesale price older than this says nothing about today.
const RECENT_DAYS: i64 = 30;

/// One thing that was found.
struct Finding {
    compared: Option<FenPerKilogram>,
    comparison: Comparison,
    like: Option<ProductId>,
}

fn per_kilogram(product: &product_table::Model) -> FenPerKilogram {
    // It was checked when pack and price were set.
    product::price::per_kilogram(product.unit_price_fen, product.pack_grams).unwrap_or(FenPerKilogram::MAX)
}

/// Compares products with their like, with wholesale prices, with their supplier's others and with its licence; raises and
/// closes flags. What is asked grows with their categories, varieties and licences, not with them.
pub(in crate::catalogue) async fn look_at(
    tx: &Tx,
    products: &[product_table::Model],
    config: &Config,
) -> Result<(), DbErr> {
    if products.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = products.iter().map(|product| product.id).collect();
    let mut known: HashMap<ProductId, Vec<product_flag::Model>> = HashMap::new();
    for row in store::flags_of(tx, &ids).await? {
        known.entry(row.product_id).or_default().push(row);
    }
    let mut around = Around::at(tx, products).await?;
    for product in products {
        let found = around.compare(tx, product, config).await?;
        settle(tx, product, known.remove(&product.id).unwrap_or_default(), found).await?;
    }
    Ok(())
}

/// Closes what no longer holds, and raises what does.
async fn settle(
    tx: &Tx,
    product: &product_table::Model,
    known: Vec<product_flag::Model>,
    mut found: BTreeMap<FlagKind, Finding>,
) -> Result<(), DbErr> {
    found.retain(|kind, finding| !known.iter().any(|row| row.kind == *kind && was_cleared(row, product, finding)));
    for open in known.into_iter().filter(|row| row.state == ProductFlagState::Open) {
        let row = match found.remove(&open.kind) {
            Some(finding) => raised(tx, product, open.clone(), finding),
            None => product_flag::Model {
                state: ProductFlagState::Cleared,
                decided_at: Some(tx.now()),
                opinion: Some("情况已变化，不再成立。".to_owned()),
                ..open.clone()
            },
        };
        store::update_flag(tx, &product_flag::Model { version: open.version + 1, ..row }).await?;
    }
    for (kind, finding) in found {
        let blank = product_flag::Model {
            id: FlagId::generate(),
            product_id: product.id,
            kind,
            state: ProductFlagState::Open,
            price_id: product.price_id,
            fen_per_kg: per_kilogram(product),
            compared_fen_per_kg: None,
            comparison: String::new(),
            like_product_id: None,
            raised_at: tx.now(),
            decided_by: None,
            decided_at: None,
            opinion: None,
            version: 1,
        };
        let row = raised(tx, product, blank, finding);
        let after = json!({ "flag": row.id, "kind": kind });
        store::insert_flag(tx, row).await?;
        tx.audit(Change::made("product.flag", "product", product.id.uuid(), after)).await?;
    }
    Ok(())
}

/// Whether somebody looked at just this and found it in order.
fn was_cleared(row: &product_flag::Model, product: &product_table::Model, finding: &Finding) -> bool {
    let compared = json!(finding.comparison).to_string();
    let rests_on_the_same = match row.kind {
        FlagKind::LicenceElsewhere => row.comparison == compared,
        FlagKind::PriceAbovePeers | FlagKind::PriceAboveReference | FlagKind::Alike => row.price_id == product.price_id,
    };
    row.state == ProductFlagState::Cleared && row.decided_by.is_some() && rests_on_the_same
}

fn raised(tx: &Tx, product: &product_table::Model, row: product_flag::Model, finding: Finding) -> product_flag::Model {
    product_flag::Model {
        price_id: product.price_id,
        fen_per_kg: per_kilogram(product),
        compared_fen_per_kg: finding.compared,
        comparison: json!(finding.comparison).to_string(),
        like_product_id: finding.like,
        raised_at: tx.now(),
        ..row
    }
}

/// What products are compared with, asked once each.
struct Around {
    from: NaiveDate,
    today: NaiveDate,
    varieties: Vec<String>,
    /// How many of its like a category has of other suppliers, and their usual price.
    usual: HashMap<(OrganisationId, CategoryCode), (usize, Option<FenPerKilogram>)>,
    siblings: HashMap<(OrganisationId, CategoryCode), Vec<product_table::Model>>,
    dearest: HashMap<String, Option<reference_price::Model>>,
    licences: Licences,
}

impl Around {
    async fn at(tx: &Tx, products: &[product_table::Model]) -> Result<Self, DbErr> {
        let today = business_date(tx.now());
        let from = today - chrono::Duration::days(RECENT_DAYS);
        let varieties = store::varieties(tx, from, today).await?;
        let (usual, siblings, dearest) = (HashMap::new(), HashMap::new(), HashMap::new());
        let licences = Licences::of(tx, products).await?;
        Ok(Self { from, today, varieties, usual, siblings, dearest, licences })
    }

    async fn compare(
        &mut self,
        tx: &Tx,
        product: &product_table::Model,
        config: &Config,
    ) -> Result<BTreeMap<FlagKind, Finding>, DbErr> {
        let mut found = BTreeMap::new();
        if let Some(finding) = self.above_peers(tx, product, config.price_above_peers_percent).await? {
            found.insert(FlagKind::PriceAbovePeers, finding);
        }
        if let Some(finding) = self.above_reference(tx, product, config.price_above_reference_percent).await? {
            found.insert(FlagKind::PriceAboveReference, finding);
        }
        if let Some(finding) = self.like_another(tx, product).await? {
            found.insert(FlagKind::Alike, finding);
        }
        if let Some(comparison) = self.licences.differ(product) {
            found.insert(FlagKind::LicenceElsewhere, Finding { compared: None, comparison, like: None });
        }
        Ok(found)
    }

    async fn above_peers(
        &mut self,
        tx: &Tx,
        own: &product_table::Model,
        percent: u32,
    ) -> Result<Option<Finding>, DbErr> {
        let group = (own.supplier_id, own.category_code.clone());
        let (peers, usual) = match self.usual.get(&group) {
            Some(known) => *known,
            None => {
                let peers = product::peers(tx, &own.category_code, own.supplier_id, MOST_PEERS).await?;
                let usual = (peers.len(), median(peers.iter().map(per_kilogram).collect()));
                self.usual.insert(group, usual);
                usual
            }
        };
        let Some(usual) = usual.filter(|_| peers >= FEWEST_PEERS) else { return Ok(None) };
        Ok(is_above(per_kilogram(own), usual, percent).then(|| Finding {
            compared: Some(usual),
            comparison: Comparison {
                peers: u32::try_from(peers).ok(),
                above_percent: Some(percent),
                ..Comparison::default()
            },
            like: None,
        }))
    }

    /// With the longest variety that the product's name holds, on the last day it was quoted, where it was dearest.
    async fn above_reference(
        &mut self,
        tx: &Tx,
        own: &product_table::Model,
        percent: u32,
    ) -> Result<Option<Finding>, DbErr> {
        let name = alike::core_name(&own.name);
        let fits = |variety: &&String| variety.chars().count() >= 2 && name.contains(&alike::normalised(variety));
        let Some(variety) = self.varieties.iter().filter(fits).max_by_key(|variety| variety.chars().count()).cloned()
        else {
            return Ok(None);
        };
        let dearest = match self.dearest.get(&variety) {
            Some(known) => known.clone(),
            None => {
                let asked = Asked { variety: &variety, market: None, region: None, from: self.from, to: self.today };
                let quoted = store::prices(tx, &asked, 100).await?;
                let last = quoted.first().map(|row| row.day);
                let of_last = quoted.into_iter().filter(|row| Some(row.day) == last);
                let dearest = of_last.max_by_key(|row| row.average_fen_per_kg);
                self.dearest.insert(variety, dearest.clone());
                dearest
            }
        };
        Ok(dearest.filter(|row| is_above(per_kilogram(own), row.average_fen_per_kg, percent)).map(|row| Finding {
            compared: Some(row.average_fen_per_kg),
            comparison: Comparison {
                market: Some(row.market),
                variety: Some(row.variety),
                day: Some(row.day),
                above_percent: Some(percent),
                ..Comparison::default()
            },
            like: None,
        }))
    }

    /// Another of its supplier in the same category whose name says nearly the same.
    async fn like_another(&mut self, tx: &Tx, own: &product_table::Model) -> Result<Option<Finding>, DbErr> {
        let group = (own.supplier_id, own.category_code.clone());
        if !self.siblings.contains_key(&group) {
            let all = product::in_category(tx, own.supplier_id, &own.category_code, MOST_PEERS).await?;
            self.siblings.insert(group.clone(), all);
        }
        let others = self.siblings.get(&group).into_iter().flatten().filter(|other| other.id != own.id);
        let like = others.into_iter().find(|other| alike::are_alike(&other.name, &own.name));
        Ok(like.map(|other| Finding {
            compared: None,
            comparison: Comparison { like_name: Some(other.name.clone()), ..Comparison::default() },
            like: Some(other.id),
        }))
    }
}

/// The review of a product decides its open flags too.
pub(in crate::catalogue) async fn conclude(
    tx: &Tx,
    product: ProductId,
    state: ProductFlagState,
    by: PersonId,
    opinion: &str,
) -> Result<(), DbErr> {
    for open in store::open_flags(tx, product).await? {
        store::update_flag(tx, &decided(tx, open, state, by, opinion)).await?;
    }
    Ok(())
}

fn decided(
    tx: &Tx,
    row: product_flag::Model,
    state: ProductFlagState,
    by: PersonId,
    opinion: &str,
) -> product_flag::Model {
    let version = row.version + 1;
    product_flag::Model {
        state,
        decided_by: Some(by),
        decided_at: Some(tx.now()),
        opinion: Some(opinion.to_owned()),
        version,
        ..row
    }
}

/// Decides a flag by itself. Upheld, the product is taken down.
///
/// # Errors
/// When there is none such, or it was decided before.
pub(super) async fn decide(
    tx: &Tx,
    grant: &Grant<ReviewProduct>,
    product: ProductId,
    id: FlagId,
    seen: IfMatch,
    wanted: &view::DecideProductFlag,
) -> Result<view::Flag, PriceError> {
    product::find_visible(tx, grant.scope(), product).await?.ok_or(PriceError::NotFound)?;
    let held = store::flag_for_change(tx, product, id).await?.ok_or(PriceError::NotFound)?;
    Check::new().text("/opinion", &wanted.opinion, 2000).done()?;
    if held.state != ProductFlagState::Open {
        return Err(PriceError::Decided);
    }
    if held.version != seen.0 {
        return Err(PriceError::Stale);
    }
    product::service::require_other(tx, grant, product).await?;
    let state = match wanted.decision {
        view::FlagVerdict::Clear => ProductFlagState::Cleared,
        view::FlagVerdict::Uphold => ProductFlagState::Upheld,
    };
    let row = decided(tx, held, state, grant.person()?, &wanted.opinion);
    store::update_flag(tx, &row).await?;
    let after = json!({ "flag": id, "kind": row.kind, "state": state });
    let made = Change::made("product.decide_flag", "product", product.uuid(), after);
    tx.audit(made.because(&wanted.opinion)).await?;
    if state == ProductFlagState::Upheld {
        let code = match row.kind {
            FlagKind::PriceAbovePeers | FlagKind::PriceAboveReference => OffReason::PriceAbovePeers,
            FlagKind::Alike => OffReason::Duplicate,
            FlagKind::LicenceElsewhere => OffReason::OriginDoubt,
        };
        product::service::delist_for(tx, grant, product, code, &wanted.opinion).await?;
    }
    Ok(row.into())
}

/// The flags of a product.
///
/// # Errors
/// When the product is out of reach.
pub(super) async fn of_product(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewProductDraft>,
    id: ProductId,
) -> Result<view::Flags, PriceError> {
    product::find_visible(db, grant.scope(), id).await?.ok_or(PriceError::NotFound)?;
    Ok(view::Flags { items: store::flags(db, id).await?.into_iter().map(view::Flag::from).collect() })
}

/// A page of all flags, newest first.
///
/// # Errors
/// When the database cannot be asked.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    _grant: &Grant<ReviewProduct>,
    state: Option<ProductFlagState>,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Page<view::Flag>, PriceError> {
    let rows = store::list_flags(db, state, after, limit).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), view::Flag::from))
}
