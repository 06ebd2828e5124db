//! What can be done: rules, pledges, entering, reviewing, ranking.

use super::state::{self, Step};
use super::store::{self, Given};
use super::view::{
    AidClaim, AidClaimDetail, AidFilter, AidSum, KindProgress, NewAidClaim, NewPledge, NewProgrammeRule, Pledge,
    PledgeFilter, PledgeOverview, PledgeProgress, ProgrammeRule, ProgrammeRules, Ranked, Ranking, RankingQuery,
};
use crate::access::policy::{EnterAid, KeepPairing, KeepProgramme, ViewAid, ViewPairing};
use crate::access::{Action, Grant, Scope, four_eyes};
use crate::db::{self, Change, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::pairing::{PairingError, store as held};
use crate::problem::{Failure, FieldProblem, Text};
use crate::{document, organisation, referral};
use entity::value::{
    AidClaimId, AidKind, AidState, ContributionKind, OrganisationId, PairingId, PairingTarget, PledgeId, ProgrammeId,
    ProgrammeRuleId,
};
use entity::{aid_claim, aid_claim_step, pairing, pledge, programme_rule};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};

/// The most people that anything reaches.
const MOST_PEOPLE: i32 = 1_000_000;

fn fault(pointer: &str, zh: &'static str, en: &'static str) -> FieldProblem {
    FieldProblem { pointer: pointer.to_owned(), detail: Text::new(zh, en) }
}

fn is_text(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.trim().chars().count())
}

/// Enters a version of a programme's rules.
///
/// # Errors
/// No such programme; words that make no sense.
pub async fn add_rule(
    tx: &Tx,
    grant: &Grant<KeepProgramme>,
    wanted: &NewProgrammeRule,
) -> Result<ProgrammeRule, PairingError> {
    held::find_programme(tx, wanted.programme_id).await?.ok_or(PairingError::ProgrammeUnknown)?;
    let mut faults = Vec::new();
    if !is_text(&wanted.rule, 2000) {
        faults.push(fault("/rule", "规则应为 1 至 2000 个字符。", "The rule has 1 to 2000 characters."));
    }
    if !is_text(&wanted.document, 200) {
        faults.push(fault("/document", "文号应为 1 至 200 个字符。", "The document has 1 to 200 characters."));
    }
    if wanted.counted.is_empty() {
        faults.push(fault("/counted", "至少应有一类计入。", "At least one kind counts."));
    }
    if !faults.is_empty() {
        return Err(PairingError::Fields(faults));
    }
    let mut counted: Vec<&str> = wanted.counted.iter().map(|kind| kind.as_str()).collect();
    counted.sort_unstable();
    counted.dedup();
    let before = store::rules(tx, wanted.programme_id).await?;
    let row = programme_rule::Model {
        id: ProgrammeRuleId::generate(),
        programme_id: wanted.programme_id,
        number: before.last().map_or(0, |last| last.number) + 1,
        kind: wanted.kind,
        counted: counted.join(","),
        rule: wanted.rule.trim().to_owned(),
        document: wanted.document.trim().to_owned(),
        created_by: grant.person()?,
        created_at: tx.now(),
    };
    store::insert_rule(tx, row.clone()).await?;
    let after = json!({ "programme_id": row.programme_id, "number": row.number, "counted": row.counted });
    tx.audit(Change::made("programme.rule", "programme_rule", row.id.uuid(), after)).await?;
    Ok(row.into())
}

/// All versions of a programme's rules.
///
/// # Errors
/// No such programme.
pub async fn rules(
    db: &impl ConnectionTrait,
    _grant: &Grant<ViewPairing>,
    programme: ProgrammeId,
) -> Result<ProgrammeRules, PairingError> {
    held::find_programme(db, programme).await?.ok_or(PairingError::NotFound)?;
    let items = store::rules(db, programme).await?.into_iter().map(ProgrammeRule::from).collect();
    Ok(ProgrammeRules { items })
}

/// Enters what a paired enterprise promised.
///
/// # Errors
/// No such pairing of the officer's county; nothing is promised.
pub async fn pledge(
    tx: &Tx,
    grant: &Grant<KeepPairing>,
    id: PairingId,
    wanted: &NewPledge,
) -> Result<Pledge, PairingError> {
    let pairing = held::find_pairing(tx, grant.scope(), id).await?.ok_or(PairingError::NotFound)?;
    let mut faults = Vec::new();
    if !(0..=MOST_PEOPLE).contains(&wanted.people) {
        faults.push(fault("/people", "人数应在 0 至 1000000 之间。", "The number lies between 0 and 1000000."));
    }
    if wanted.amount_fen.is_zero() && wanted.people == 0 {
        faults.push(fault("/amount_fen", "应填写金额或人数。", "An amount or a number of people is needed."));
    }
    if wanted.due_on < pairing.starts_on || wanted.due_on > pairing.ends_on {
        faults.push(fault("/due_on", "应在结对期限之内。", "It lies within the term of the pairing."));
    }
    if !faults.is_empty() {
        return Err(PairingError::Fields(faults));
    }
    let row = pledge::Model {
        id: PledgeId::generate(),
        pairing_id: id,
        kind: wanted.kind,
        amount_fen: wanted.amount_fen,
        people: wanted.people,
        due_on: wanted.due_on,
        created_by: grant.person()?,
        created_at: tx.now(),
    };
    store::insert_pledge(tx, row.clone()).await?;
    let after = json!({ "pairing_id": id, "kind": row.kind, "amount_fen": row.amount_fen, "people": row.people });
    tx.audit(Change::made("pairing.pledge", "pledge", row.id.uuid(), after)).await?;
    Ok(row.into())
}

/// How far a pairing's pledges are kept.
///
/// # Errors
/// Not found.
pub async fn progress(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewPairing>,
    id: PairingId,
) -> Result<PledgeProgress, PairingError> {
    held::find_pairing(db, grant.scope(), id).await?.ok_or(PairingError::NotFound)?;
    let pledges = store::pledges(db, id).await?;
    let kinds = kinds_of(db, &held::only(id)).await?;
    Ok(PledgeProgress { pairing_id: id, pledges: pledges.into_iter().map(Pledge::from).collect(), kinds })
}

/// How far the pledges of all pairings in reach are kept.
///
/// # Errors
/// When the database cannot be asked.
pub async fn overview(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewPairing>,
    wanted: PledgeFilter,
) -> Result<PledgeOverview, PairingError> {
    let of = held::ids_seen(grant.scope(), wanted.programme_id, wanted.enterprise_id);
    Ok(PledgeOverview { pairings: held::count(db, of.clone()).await?, kinds: kinds_of(db, &of).await? })
}

/// What was pledged and what came of it in these pairings, kind by kind.
async fn kinds_of(db: &impl ConnectionTrait, pairings: &SelectStatement) -> Result<Vec<KindProgress>, DbErr> {
    let mut kinds: BTreeMap<&str, KindProgress> = BTreeMap::new();
    for sum in store::pledged(db, pairings.clone()).await? {
        of_kind(&mut kinds, sum.kind).pledged =
            AidSum { rows: sum.pledges, amount_fen: sum.amount_fen, people: sum.people };
    }
    for sum in store::sums(db, pairings.clone()).await? {
        let progress = of_kind(&mut kinds, sum.kind);
        let of = match sum.state {
            AidState::Entered | AidState::VillageConfirmed => &mut progress.under_review,
            AidState::CountyVerified => &mut progress.verified,
            AidState::Rejected => &mut progress.rejected,
        };
        of.rows += sum.claims;
        of.amount_fen += sum.amount_fen;
        of.people += sum.people;
    }
    for total in held::totals(db, pairings.clone()).await? {
        let of = &mut of_kind(&mut kinds, total.kind.into()).verified;
        of.rows += total.contributions;
        of.amount_fen += total.amount_fen.get();
    }
    let mut kinds: Vec<KindProgress> = kinds.into_values().collect();
    for progress in &mut kinds {
        let (verified, pledged) = (progress.verified.amount_fen, progress.pledged.amount_fen);
        progress.kept_bp = (pledged > 0).then(|| kept_bp(verified, pledged));
    }
    Ok(kinds)
}

/// Ten-thousandths, rounded down, without leaving whole numbers.
fn kept_bp(verified: i64, pledged: i64) -> i64 {
    let parts = i128::from(verified) * 10_000 / i128::from(pledged.max(1));
    i64::try_from(parts).unwrap_or(i64::MAX)
}

fn of_kind<'a>(kinds: &'a mut BTreeMap<&'static str, KindProgress>, kind: AidKind) -> &'a mut KindProgress {
    kinds.entry(kind.as_str()).or_insert_with(|| KindProgress {
        kind,
        pledged: AidSum::default(),
        under_review: AidSum::default(),
        verified: AidSum::default(),
        rejected: AidSum::default(),
        kept_bp: None,
    })
}

/// Enters what the enterprise gave, with evidence.
///
/// # Errors
/// No such pairing of the enterprise; fields that make no sense; an order that is not what is claimed, or was claimed.
pub async fn enter(tx: &Tx, grant: &Grant<EnterAid>, wanted: &NewAidClaim) -> Result<AidClaim, PairingError> {
    let pairing = held::find_pairing(tx, grant.scope(), wanted.pairing_id).await?;
    let pairing = pairing.ok_or(PairingError::PairingUnknown)?;
    let village_id = village_of(tx, &pairing, wanted.village_id).await?;
    let mut faults = faults_of(wanted);
    if wanted.occurred_on < pairing.starts_on || wanted.occurred_on > pairing.ends_on {
        faults.push(fault("/occurred_on", "应在结对期限之内。", "It lies within the term of the pairing."));
    }
    if !faults.is_empty() {
        return Err(PairingError::Fields(faults));
    }
    document::require_own(tx, grant.organisation()?, &[wanted.evidence_file_id]).await?;
    if let Some(id) = wanted.supplier_order_id {
        // What a code brought counts by itself.
        if referral::brought_by(tx, id).await?.is_some() {
            return Err(PairingError::OrderClaimed);
        }
        // It helped to sell what somebody else bought, and was accepted and paid for.
        let order = store::order(tx, id).await?.filter(|order| order.buyer_id != pairing.enterprise_id);
        let order = order.filter(|order| order.paid_at.is_some()).ok_or(PairingError::OrderUnfit)?;
        let stands = order.accepted_fen.checked_sub(order.credited_fen)?;
        if stands != wanted.amount_fen {
            return Err(PairingError::OrderDiffers { accepted: stands });
        }
    }
    let row = aid_claim::Model {
        id: AidClaimId::generate(),
        pairing_id: pairing.id,
        enterprise_id: pairing.enterprise_id,
        village_id,
        kind: wanted.kind,
        amount_fen: wanted.amount_fen,
        people: wanted.people,
        occurred_on: wanted.occurred_on,
        content: wanted.content.trim().to_owned(),
        basis: wanted.basis.as_deref().map(|basis| basis.trim().to_owned()).filter(|basis| !basis.is_empty()),
        supplier_order_id: wanted.supplier_order_id,
        evidence_file_id: wanted.evidence_file_id,
        state: AidState::Entered,
        entered_by: grant.person()?,
        created_at: tx.now(),
        version: 1,
    };
    store::insert_claim(tx, row.clone()).await.map_err(|error| {
        let is_claimed = db::is_duplicate(&error, "aid_claim", &["supplier_order_id"]);
        if is_claimed { PairingError::OrderClaimed } else { error.into() }
    })?;
    let after = json!({
        "pairing_id": row.pairing_id, "kind": row.kind, "amount_fen": row.amount_fen, "people": row.people,
        "supplier_order_id": row.supplier_order_id,
    });
    tx.audit(Change::made("aid.enter", "aid_claim", row.id.uuid(), after)).await?;
    Ok(row.into())
}

/// Which village got it: the one that is named and covered, or the one that the pairing is with.
async fn village_of(
    tx: &Tx,
    pairing: &pairing::Model,
    named: Option<OrganisationId>,
) -> Result<OrganisationId, PairingError> {
    let is_with_one = matches!(pairing.target, PairingTarget::Village | PairingTarget::HouseholdGroup);
    let village = named.or(is_with_one.then_some(pairing.village_id)).ok_or(PairingError::NotCovered)?;
    if held::covers_village(tx, pairing, village).await? { Ok(village) } else { Err(PairingError::NotCovered) }
}

fn faults_of(wanted: &NewAidClaim) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    if wanted.kind == AidKind::Purchase {
        faults.push(fault("/kind", "采购由订单自动计入，不填报。", "Purchases come from orders and are not entered."));
    }
    if !(0..=MOST_PEOPLE).contains(&wanted.people) {
        faults.push(fault("/people", "人数应在 0 至 1000000 之间。", "The number lies between 0 and 1000000."));
    }
    if wanted.amount_fen.is_zero() && wanted.people == 0 {
        faults.push(fault("/amount_fen", "应填写金额或人数。", "An amount or a number of people is needed."));
    }
    if !is_text(&wanted.content, 500) {
        faults.push(fault("/content", "内容应为 1 至 500 个字符。", "The content has 1 to 500 characters."));
    }
    let basis = wanted.basis.as_deref().unwrap_or_default().trim();
    if basis.chars().count() > 500 {
        faults.push(fault("/basis", "作价依据不超过 500 个字符。", "The basis has at most 500 characters."));
    }
    if wanted.kind == AidKind::DonationKind && basis.is_empty() {
        faults.push(fault("/basis", "实物捐赠应说明作价依据。", "A gift in kind needs the basis of its value."));
    }
    if wanted.supplier_order_id.is_some() && wanted.kind != AidKind::AssistedSale {
        faults.push(fault("/supplier_order_id", "只有帮助销售才对应订单。", "Only an assisted sale has an order."));
    }
    faults
}

/// Takes a step of the review; of the version that was seen, where somebody looked at it.
///
/// # Errors
/// Not found; changed meanwhile; a step that does not exist.
pub async fn step<A: Action>(
    tx: &Tx,
    grant: &Grant<A>,
    id: AidClaimId,
    seen: Option<IfMatch>,
    (step, reason): (Step, Option<&str>),
) -> Result<AidClaimDetail, Failure> {
    let row = store::hold_claim(tx, grant.scope(), id).await?.ok_or(PairingError::NotFound)?;
    if let Some(seen) = seen {
        seen.check(row.version)?;
    }
    let to = state::next(row.state, step).ok_or(PairingError::NoSuchStep(row.state))?;
    let reason = reason.map(str::trim);
    if reason.is_some_and(|reason| !is_text(reason, 500)) {
        let faults = vec![fault("/reason", "理由应为 1 至 500 个字符。", "The reason has 1 to 500 characters.")];
        return Err(PairingError::Fields(faults).into());
    }
    let from = row.state;
    let steps = store::steps(tx, id).await?;
    if step != Step::Reject {
        let before = steps.iter().map(|step| step.person_id).chain([row.entered_by]);
        four_eyes::apart(before, grant.person()?)?;
    }
    let row = store::save_claim(tx, aid_claim::Model { state: to, ..row }).await?;
    let taken = aid_claim_step::Model {
        claim_id: id,
        step_no: steps.last().map_or(0, |last| last.step_no) + 1,
        from_state: from,
        to_state: to,
        organisation_id: grant.organisation()?,
        person_id: grant.person()?,
        reason: reason.map(str::to_owned),
        created_at: tx.now(),
    };
    store::insert_step(tx, taken.clone()).await?;
    let change = Change::moved(step.as_str(), "aid_claim", id.uuid(), from.as_str(), to.as_str());
    tx.audit(change).await?;
    let steps = steps.into_iter().chain([taken]).map(Into::into).collect();
    Ok(AidClaimDetail { claim: row.into(), steps })
}

/// How far the review of a claim is, for who answers for who asks.
///
/// # Errors
/// When the database cannot be asked.
pub async fn state_of(db: &impl ConnectionTrait, id: AidClaimId) -> Result<Option<AidState>, DbErr> {
    Ok(store::find_claim(db, &Scope::Everything, id).await?.map(|row| row.state))
}

/// One with its history.
///
/// # Errors
/// Not found.
pub async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewAid>,
    id: AidClaimId,
) -> Result<AidClaimDetail, PairingError> {
    let row = store::find_claim(db, grant.scope(), id).await?.ok_or(PairingError::NotFound)?;
    let steps = store::steps(db, id).await?.into_iter().map(Into::into).collect();
    Ok(AidClaimDetail { claim: row.into(), steps })
}

/// One page of them, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewAid>,
    wanted: AidFilter,
) -> Result<Page<AidClaim>, Failure> {
    let AidFilter { pairing_id, state, limit, cursor } = wanted;
    let page = PageQuery { limit, cursor };
    let limit = page.limit()?;
    let rows = store::list_claims(db, grant.scope(), (pairing_id, state), page.after()?, limit + 1).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), AidClaim::from))
}

/// The ranking of a programme by one kind: verified rows only, by the rule that holds.
///
/// # Errors
/// No such programme; it has no rule yet, or one by which the kind does not count.
pub async fn ranking(
    db: &impl ConnectionTrait,
    _grant: &Grant<ViewPairing>,
    wanted: &RankingQuery,
) -> Result<Ranking, PairingError> {
    let programme = held::find_programme(db, wanted.programme_id).await?.ok_or(PairingError::NotFound)?;
    let rule = store::rules(db, programme.id).await?.pop().ok_or(PairingError::NoRule)?;
    let rule = ProgrammeRule::from(rule);
    if !rule.counted.contains(&wanted.kind) {
        return Err(PairingError::NotCounted);
    }
    let span = (wanted.from.unwrap_or(programme.starts_on), wanted.until.unwrap_or(programme.ends_on));
    let mut given = match wanted.kind {
        AidKind::Purchase => Vec::new(),
        kind => store::verified(db, programme.id, kind, span).await?,
    };
    if let Some(kind) = ContributionKind::ALL.iter().find(|kind| AidKind::from(**kind) == wanted.kind) {
        given.extend(store::counted(db, programme.id, *kind, span).await?);
    }
    let given = together(given);
    let names = names(db, &given).await?;
    Ok(Ranking {
        programme_id: programme.id,
        kind: wanted.kind,
        from: span.0,
        until: span.1,
        rule,
        items: ranked(given, &names),
    })
}

async fn names(db: &impl ConnectionTrait, given: &[Given]) -> Result<HashMap<OrganisationId, String>, DbErr> {
    let ids: Vec<OrganisationId> = given.iter().map(|one| one.enterprise_id).collect();
    Ok(organisation::find_many(db, &ids).await?.into_iter().map(|row| (row.id, row.name)).collect())
}

/// What each enterprise gave, as one.
fn together(given: Vec<Given>) -> Vec<Given> {
    let mut sums: BTreeMap<OrganisationId, Given> = BTreeMap::new();
    for one in given {
        match sums.entry(one.enterprise_id) {
            Entry::Vacant(free) => {
                free.insert(one);
            }
            Entry::Occupied(mut taken) => {
                let sum = taken.get_mut();
                sum.amount_fen += one.amount_fen;
                sum.people += one.people;
                sum.rows += one.rows;
            }
        }
    }
    sums.into_values().collect()
}

/// Most money first, then most people, then by name; equal amounts share a rank.
fn ranked(mut given: Vec<Given>, names: &HashMap<OrganisationId, String>) -> Vec<Ranked> {
    given.retain(|one| one.amount_fen > 0 || one.people > 0);
    let name = |one: &Given| names.get(&one.enterprise_id).cloned().unwrap_or_default();
    given.sort_by_key(|one| (-one.amount_fen, -one.people, name(one), one.enterprise_id));
    let mut shown: Vec<Ranked> = Vec::with_capacity(given.len());
    for (one, place) in given.iter().zip(1..) {
        let verified = AidSum { rows: one.rows, amount_fen: one.amount_fen, people: one.people };
        let equal = shown
            .last()
            .filter(|last| (last.verified.amount_fen, last.verified.people) == (verified.amount_fen, verified.people));
        let rank = equal.map_or(place, |last| last.rank);
        shown.push(Ranked { rank, enterprise_id: one.enterprise_id, name: name(one), verified });
    }
    shown
}
