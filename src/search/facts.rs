//! What other rooms know of products that matters to their ranking: how they sell, who is behind them, when they are
//! in season, how their supplier delivers; and what their counties are called.
//!
//! Promises: as many statements for a page of products as for one; suppliers and counties are asked about once for
//! as long as the facts are kept.

use super::standing::delivery_record;
use crate::catalogue::Listing;
use crate::harvest::{self, Behind};
use crate::procurement::{self, Outcome};
use crate::region::{self, ReliefCounty};
use chrono::Datelike;
use entity::value::{AreaCode, OrganisationId, ProductId};
use sea_orm::{ConnectionTrait, DbErr};
use std::collections::{BTreeSet, HashMap, HashSet};

/// What a county is called.
#[derive(Debug, Clone, Default)]
pub(super) struct Called {
    /// On the list and today, today's name last.
    pub(super) names: Vec<String>,
    /// Its prefecture and its province.
    pub(super) above: Vec<String>,
}

/// What was learnt so far.
#[derive(Default)]
pub(super) struct Facts {
    sold: HashMap<ProductId, Outcome>,
    behind: HashMap<ProductId, Behind>,
    records: HashMap<OrganisationId, u16>,
    counties: HashMap<AreaCode, Called>,
}

impl Facts {
    /// Learns about these products; what was learnt of other products is forgotten.
    pub(super) async fn learn(&mut self, db: &impl ConnectionTrait, listings: &[Listing]) -> Result<(), DbErr> {
        let products: Vec<_> = listings.iter().map(|listing| listing.id).collect();
        self.sold = procurement::outcomes_of_products(db, &products).await?;
        self.behind = harvest::behind(db, &products).await?;
        let suppliers: HashSet<_> = listings.iter().map(|listing| listing.supplier_id).collect();
        let suppliers: Vec<_> = suppliers.into_iter().filter(|id| !self.records.contains_key(id)).collect();
        let outcomes = procurement::outcomes_of_suppliers(db, &suppliers).await?;
        self.records.extend(suppliers.into_iter().map(|supplier| {
            let Outcome { ordered_packs, accepted_packs } = outcomes.get(&supplier).copied().unwrap_or_default();
            (supplier, delivery_record(ordered_packs, accepted_packs))
        }));
        let codes: HashSet<_> = listings.iter().map(|listing| listing.origin_county_code.clone()).collect();
        let codes: Vec<_> = codes.into_iter().filter(|code| !self.counties.contains_key(code)).collect();
        for ReliefCounty { name, current_name, prefecture, province, current_code, .. } in
            region::relief_counties_of(db, &codes).await?
        {
            let called = self.counties.entry(current_code).or_default();
            called.names.retain(|known| *known != name && *known != current_name);
            called.names.extend([name, current_name]);
            called.names.dedup();
            called.above = vec![prefecture, province];
            called.above.dedup();
        }
        Ok(())
    }

    pub(super) fn county(&self, code: &AreaCode) -> Called {
        self.counties.get(code).cloned().unwrap_or_default()
    }

    /// The months that its supplier says, or else those that its lots tell of.
    pub(super) fn season(&self, product: ProductId, said: &[u8]) -> Vec<u8> {
        if said.is_empty() { self.behind.get(&product).map(season).unwrap_or_default() } else { said.to_vec() }
    }

    /// The seasons of products, of those that something is known of.
    pub(super) async fn seasons(
        db: &impl ConnectionTrait,
        products: &[ProductId],
    ) -> Result<HashMap<ProductId, Vec<u8>>, DbErr> {
        let behind = harvest::behind(db, products).await?;
        Ok(behind.into_iter().map(|(product, behind)| (product, season(&behind))).collect())
    }

    pub(super) fn sold_packs(&self, product: ProductId) -> i64 {
        self.sold.get(&product).map_or(0, |outcome| outcome.accepted_packs)
    }

    pub(super) fn households(&self, product: ProductId) -> i64 {
        self.behind.get(&product).map_or(0, |behind| behind.households)
    }

    pub(super) fn delivery_record(&self, supplier: OrganisationId) -> u16 {
        self.records.get(&supplier).copied().unwrap_or_else(|| delivery_record(0, 0))
    }
}

/// The months in which lots were packed: what is known of a season.
fn season(behind: &Behind) -> Vec<u8> {
    let months: BTreeSet<u8> = behind.packed_on.iter().filter_map(|day| u8::try_from(day.month()).ok()).collect();
    months.into_iter().collect()
}
