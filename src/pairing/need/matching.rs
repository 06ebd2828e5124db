//! Who might take on a need, and which needs suit an enterprise: what is known of both, and the reasons it gives.

use super::service::names;
use super::store::{self, Bought, Tie};
use super::suggest::{self, Facts, Reason};
use super::view::{NeedMatch, NeedMatches, NeedSuggestion, NeedSuggestions, VillageNeed};
use crate::access::Grant;
use crate::access::policy::{MatchNeed, SuggestNeeds};
use crate::organisation;
use crate::pairing::view::Party;
use crate::pairing::{PairingError, store as pairings};
use chrono::Duration;
use entity::value::{OrganisationId, PairingTarget, ProgrammeId, Timestamp, VillageNeedId, business_date};
use entity::village_need;
use sea_orm::{ConnectionTrait, DbErr};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How far back a purchase is a reason for a suggestion, in days.
const BOUGHT_WITHIN: i64 = 730;
/// Suggestions in an answer.
const MOST_SUGGESTED: usize = 50;

/// What ties an enterprise to a need.
fn facts(
    need: &village_need::Model,
    ties: &[&Tie],
    covering: &BTreeSet<OrganisationId>,
    programmes: &BTreeSet<ProgrammeId>,
    bought: &[&Bought],
) -> Facts {
    let is_kind = |one: &&Bought| {
        need.category_code.as_ref().is_some_and(|code| one.category.as_str().starts_with(code.as_str()))
    };
    let covers = |tie: &&Tie| match tie.row.target {
        PairingTarget::Village | PairingTarget::HouseholdGroup => tie.row.village_id == need.village_id,
        PairingTarget::VillageGroup => covering.contains(&tie.row.enterprise_id),
        PairingTarget::County => tie.county == need.county_code,
    };
    Facts {
        is_paired_with_village: ties.iter().copied().any(|tie| covers(&tie)),
        is_paired_in_county: ties.iter().any(|tie| tie.county == need.county_code),
        shares_programme: ties.iter().any(|tie| programmes.contains(&tie.row.programme_id)),
        bought_category: bought.iter().copied().any(|one| is_kind(&one)),
        bought_in_county: bought.iter().any(|one| one.county == need.county_code),
    }
}

/// Of these pairings with groups of villages, the enterprises whose group has the village in it.
async fn covering(
    db: &impl ConnectionTrait,
    ties: &[Tie],
    village: OrganisationId,
) -> Result<BTreeSet<OrganisationId>, DbErr> {
    let rows: Vec<_> = ties.iter().map(|tie| tie.row.clone()).collect();
    let members = pairings::members(db, &rows).await?;
    let has = |row: &&entity::pairing::Model| {
        members.villages.get(&row.id).is_some_and(|villages| villages.contains(&village))
    };
    Ok(rows.iter().filter(has).map(|row| row.enterprise_id).collect())
}

fn weight(reasons: &[Reason]) -> i32 {
    reasons.iter().map(|reason| reason.weight()).sum()
}

/// Who might take on a need of one's village or county, and why.
///
/// # Errors
/// Not found.
pub(super) async fn matches(
    db: &impl ConnectionTrait,
    grant: &Grant<MatchNeed>,
    id: VillageNeedId,
    now: Timestamp,
) -> Result<NeedMatches, PairingError> {
    let need = store::find_in(db, grant.scope(), id).await?.ok_or(PairingError::NotFound)?;
    let today = business_date(now);
    let here = store::ties_in(db, &need.county_code, today).await?;
    let programmes: BTreeSet<ProgrammeId> = here.iter().map(|tie| tie.row.programme_id).collect();
    let ties = store::ties_within(db, programmes.iter().copied().collect(), today).await?;
    let covering = covering(db, &here, need.village_id).await?;
    let bought = store::bought(db, None, Some(&need.county_code), now - Duration::days(BOUGHT_WITHIN)).await?;
    let mut known: BTreeMap<OrganisationId, (Vec<&Tie>, Vec<&Bought>)> = BTreeMap::new();
    for tie in &ties {
        known.entry(tie.row.enterprise_id).or_default().0.push(tie);
    }
    for one in &bought {
        known.entry(one.enterprise).or_default().1.push(one);
    }
    let ids: Vec<OrganisationId> = known.keys().copied().collect();
    let names: HashMap<_, _> =
        organisation::find_many(db, &ids).await?.into_iter().map(|row| (row.id, row.name)).collect();
    let all = known.into_iter().map(|(id, (ties, bought))| {
        let facts = facts(&need, &ties, &covering, &programmes, &bought);
        let enterprise = Party { id, name: names.get(&id).cloned().unwrap_or_default() };
        (enterprise, suggest::reasons(need.kind, facts))
    });
    let ranked = suggest::ranked(all.collect(), |party: &Party| (party.name.clone(), party.id));
    let shown = ranked.into_iter().take(MOST_SUGGESTED);
    let of = |(enterprise, reasons): (Party, Vec<Reason>)| NeedMatch { enterprise, weight: weight(&reasons), reasons };
    Ok(NeedMatches { items: shown.map(of).collect() })
}

/// Which needs suit the caller's enterprise, and why.
///
/// # Errors
/// When the database cannot be asked.
pub(super) async fn suggestions(
    db: &impl ConnectionTrait,
    grant: &Grant<SuggestNeeds>,
    now: Timestamp,
) -> Result<NeedSuggestions, PairingError> {
    let (own, today) = (grant.organisation()?, business_date(now));
    let open = store::open(db, today).await?;
    let ties = store::ties_of(db, own, today).await?;
    let bought = store::bought(db, Some(own), None, now - Duration::days(BOUGHT_WITHIN)).await?;
    let mine: Vec<ProgrammeId> = ties.iter().map(|tie| tie.row.programme_id).collect();
    let partners = store::ties_within(db, mine, today).await?;
    let rows: Vec<_> = ties.iter().map(|tie| tie.row.clone()).collect();
    let members = pairings::members(db, &rows).await?;
    let (ties, bought): (Vec<&Tie>, Vec<&Bought>) = (ties.iter().collect(), bought.iter().collect());
    let mut all = Vec::new();
    for need in open {
        let in_group = members.villages.values().any(|villages| villages.contains(&need.village_id));
        let covering = in_group.then_some(own).into_iter().collect();
        let programmes = partners.iter().filter(|tie| tie.county == need.county_code);
        let programmes = programmes.map(|tie| tie.row.programme_id).collect();
        let reasons = suggest::reasons(need.kind, facts(&need, &ties, &covering, &programmes, &bought));
        all.push((need, reasons));
    }
    let newest = |need: &village_need::Model| std::cmp::Reverse(need.id);
    let mut ranked = suggest::ranked(all, newest);
    ranked.truncate(MOST_SUGGESTED);
    let rows: Vec<_> = ranked.iter().map(|(need, _)| need.clone()).collect();
    let names = names(db, &rows).await?;
    let of = |(need, reasons): (village_need::Model, Vec<Reason>)| NeedSuggestion {
        need: VillageNeed::of(need, &names),
        weight: weight(&reasons),
        reasons,
    };
    Ok(NeedSuggestions { items: ranked.into_iter().map(of).collect() })
}
