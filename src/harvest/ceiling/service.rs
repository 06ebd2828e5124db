//! What can be done with ceilings and flags.

use super::view::{DecideFlag, DeliveryFlag, FlagDecision, NewCeiling, YieldCeiling, YieldCeilings};
use super::{rule, store};
use crate::access::policy::{DecideFlag as MayDecideFlag, SetCeiling};
use crate::access::{Grant, Scope, four_eyes};
use crate::db::{Change, Tx};
use crate::harvest::delivery;
use crate::harvest::error::{HarvestError, invalid};
use crate::http::IfMatch;
use crate::{catalogue, household, region};
use chrono::{Datelike, NaiveDate};
use entity::value::{AreaCode, CategoryCode, DeliveryId, FlagState, Grams, HouseholdId, YieldCeilingId};
use entity::{delivery as delivery_table, delivery_flag, yield_ceiling};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};

/// Sets a ceiling; those before it stay as they were for the days before.
///
/// # Errors
/// A field is not acceptable; the category or the region is unknown, or the region is not the office's county.
pub(super) async fn set(tx: &Tx, grant: &Grant<SetCeiling>, new: &NewCeiling) -> Result<YieldCeiling, HarvestError> {
    let mut faults = Vec::new();
    if !(1..=1_000_000).contains(&new.grams_per_square_metre) {
        faults.push(invalid(
            "/grams_per_square_metre".to_owned(),
            "应为 1 至 1000000 克。",
            "It lies between 1 and 1000000 grams.",
        ));
    }
    if !(1..=200).contains(&new.source.trim().chars().count()) {
        faults.push(invalid("/source".to_owned(), "来源应为 1 至 200 个字。", "The source has 1 to 200 characters."));
    }
    if catalogue::find_category(tx, &new.category_code).await?.is_none() {
        faults.push(invalid("/category_code".to_owned(), "没有这个品类。", "There is no such category."));
    }
    let is_known = match &new.division_code {
        Some(code) => region::division(tx, code).await?.is_some(),
        None => true,
    };
    let is_own = match grant.scope() {
        Scope::County(own) => new.division_code.as_ref() == Some(own),
        Scope::Everything => true,
        Scope::Organisation(_) | Scope::Tree(_) | Scope::AssignedHouseholds(_) => false,
    };
    if !is_known || !is_own {
        faults.push(invalid(
            "/division_code".to_owned(),
            "应为现有的行政区划；县级部门只能设定本县。",
            "A division that exists is expected; a county's office sets ceilings for its own county.",
        ));
    }
    if !faults.is_empty() {
        return Err(HarvestError::Faults(faults));
    }
    let row = yield_ceiling::Model {
        id: YieldCeilingId::generate(),
        category_code: new.category_code.clone(),
        division_code: new.division_code.clone(),
        land_kind: new.land_kind,
        grams_per_square_metre: new.grams_per_square_metre,
        from_date: new.from_date,
        source: new.source.trim().to_owned(),
        entered_by: grant.person()?,
        created_at: tx.now(),
    };
    store::insert(tx, row.clone()).await?;
    let after = json!({
        "category_code": row.category_code, "division_code": row.division_code, "land_kind": row.land_kind,
        "grams_per_square_metre": row.grams_per_square_metre, "from_date": row.from_date,
    });
    tx.audit(Change::made("ceiling.set", "yield_ceiling", row.id.uuid(), after)).await?;
    Ok(row.into())
}

/// Every ceiling.
///
/// # Errors
/// When the database cannot be asked.
pub(super) async fn list(db: &impl ConnectionTrait) -> Result<YieldCeilings, DbErr> {
    Ok(YieldCeilings { items: store::all(db).await?.into_iter().map(YieldCeiling::from).collect() })
}

/// Decides about a flagged delivery.
///
/// # Errors
/// Not found; changed meanwhile; not flagged, or decided already.
pub(super) async fn decide(
    tx: &Tx,
    grant: &Grant<MayDecideFlag>,
    id: DeliveryId,
    seen: IfMatch,
    wanted: &DecideFlag,
) -> Result<(), HarvestError> {
    let held = delivery::hold_visible(tx, grant.scope(), id).await?.ok_or(HarvestError::NotFound)?;
    if seen.0 != held.version {
        return Err(HarvestError::Stale);
    }
    let opinion = wanted.opinion.trim();
    if !(1..=500).contains(&opinion.chars().count()) {
        return Err(HarvestError::Faults(vec![invalid(
            "/opinion".to_owned(),
            "意见应为 1 至 500 个字。",
            "The opinion has 1 to 500 characters.",
        )]));
    }
    let flag = store::flags_of(tx, &[id]).await?.pop();
    if flag.is_none_or(|flag| flag.state != FlagState::Open) {
        return Err(HarvestError::NoOpenFlag);
    }
    four_eyes::apart([held.recorded_by], grant.person()?)?;
    let state = match wanted.decision {
        FlagDecision::Accept => FlagState::Accepted,
        FlagDecision::Reject => FlagState::Rejected,
    };
    store::decide(tx, id, state, grant.person()?, opinion).await?;
    delivery::touch(tx, id).await?;
    let moved = Change::moved("delivery.flag_decided", "delivery", id.uuid(), "open", state.as_str());
    tx.audit(moved.because(opinion)).await?;
    Ok(())
}

/// The flags on deliveries.
pub(in crate::harvest) async fn flags_of(
    db: &impl ConnectionTrait,
    ids: &[DeliveryId],
) -> Result<HashMap<DeliveryId, DeliveryFlag>, DbErr> {
    let rows = store::flags_of(db, ids).await?;
    Ok(rows.into_iter().map(|row| (row.delivery_id, row.into())).collect())
}

/// Those of the deliveries that no lot may take: flagged, and not accepted.
pub(in crate::harvest) async fn unpackable(
    db: &impl ConnectionTrait,
    ids: &[DeliveryId],
) -> Result<BTreeSet<DeliveryId>, DbErr> {
    let rows = store::flags_of(db, ids).await?;
    Ok(rows.into_iter().filter(|row| row.state != FlagState::Accepted).map(|row| row.delivery_id).collect())
}

/// Everything needed to judge several deliveries by the ceilings.
pub(in crate::harvest) struct Ceilings {
    ceilings: Vec<yield_ceiling::Model>,
    holdings: HashMap<HouseholdId, household::Holding>,
    /// Household, category, year: grams.
    delivered: HashMap<(HouseholdId, i32), Vec<(CategoryCode, i64)>>,
}

impl Ceilings {
    /// Asks for what is needed; one question when there is no ceiling at all, and never more for more households.
    pub(in crate::harvest) async fn around(
        db: &impl ConnectionTrait,
        new: &[(HouseholdId, NaiveDate)],
        today: NaiveDate,
    ) -> Result<Self, DbErr> {
        let ceilings = store::all(db).await?;
        let nothing = Self { ceilings, holdings: HashMap::new(), delivered: HashMap::new() };
        if nothing.ceilings.is_empty() || new.is_empty() {
            return Ok(nothing);
        }
        let households: BTreeSet<HouseholdId> = new.iter().map(|(household, _)| *household).collect();
        let households: Vec<HouseholdId> = households.into_iter().collect();
        let holdings = household::holdings(db, &households, today).await?;
        let mut delivered: HashMap<_, Vec<_>> = HashMap::new();
        let years: BTreeSet<i32> = new.iter().map(|(_, on)| on.year()).collect();
        for year in years {
            let (first, last) = (NaiveDate::from_ymd_opt(year, 1, 1), NaiveDate::from_ymd_opt(year, 12, 31));
            let (Some(first), Some(last)) = (first, last) else { continue };
            for (household, category, grams) in store::delivered(db, &households, (first, last)).await? {
                delivered.entry((household, year)).or_default().push((category, grams));
            }
        }
        Ok(Self { holdings, delivered, ..nothing })
    }

    /// Whether any ceiling could be asked about a household's deliveries; then each must name its category.
    pub(in crate::harvest) fn asks_for_category(&self, household: HouseholdId, on: NaiveDate) -> bool {
        self.county(household).is_some_and(|county| rule::in_county(&self.ceilings, county, on).next().is_some())
    }

    /// Whether there is anything to judge by.
    pub(in crate::harvest) fn is_empty(&self) -> bool {
        self.ceilings.is_empty()
    }

    fn county(&self, household: HouseholdId) -> Option<&AreaCode> {
        self.holdings.get(&household).map(|holding| &holding.county_code)
    }

    /// Counts a delivery, and gives the flag it must carry when it exceeds what the land can yield.
    pub(in crate::harvest) fn count(&mut self, row: &delivery_table::Model) -> Option<delivery_flag::Model> {
        let category = row.category_code.clone()?;
        let year = row.delivered_on.year();
        let so_far = self.delivered.entry((row.household_id, year)).or_default();
        so_far.push((category.clone(), row.grams.get()));
        let holding = self.holdings.get(&row.household_id)?;
        let ceiling = rule::applying(&self.ceilings, &category, &holding.county_code, row.delivered_on)?;
        let delivered: i64 = so_far
            .iter()
            .filter(|(known, _)| known.as_str().starts_with(ceiling.category_code.as_str()))
            .fold(0, |sum, (_, grams)| sum.saturating_add(*grams));
        let square_metres = holding.square_metres.get(&ceiling.land_kind).copied().unwrap_or(0);
        let most = rule::judge(square_metres, ceiling.grams_per_square_metre, delivered)?;
        let grams = |grams: i64| Grams::new(grams).unwrap_or(Grams::MAX);
        Some(delivery_flag::Model {
            delivery_id: row.id,
            ceiling_id: ceiling.id,
            square_metres,
            ceiling_grams: grams(most),
            delivered_grams: grams(delivered),
            state: FlagState::Open,
            decided_by: None,
            decided_at: None,
            opinion: None,
        })
    }

    /// Writes flags.
    pub(in crate::harvest) async fn flag(tx: &Tx, flags: Vec<delivery_flag::Model>) -> Result<(), DbErr> {
        store::insert_flags(tx, flags).await
    }
}
