//! What can be done with needs: publish, take on, deliver, confirm, suggest.

use super::event::{NeedClaimed, NeedDelivered, NeedFulfilled, NeedPublished};
use super::state::{self, Step, counts_as};
use super::store::{self, Side};
use super::view::{
    ClaimVillageNeed, DeliverVillageNeed, NewVillageNeed, VillageNeed, VillageNeedDetail, VillageNeedFilter,
};
use crate::access::policy::{ClaimNeed, ConfirmAid, DeliverNeed, EnterAid, KeepNeed, ReadPublic, RejectAid};
use crate::access::{Action, Grant, four_eyes};
use crate::db::{Change, Event, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::pairing::PairingError;
use crate::pairing::aid::service as aid;
use crate::pairing::aid::state::Step as AidStep;
use crate::pairing::aid::view::{AidClaim, NewAidClaim};
use crate::problem::{Failure, FieldProblem, Text};
use crate::{catalogue, document, organisation};
use chrono::NaiveDate;
use entity::value::{AidState, NeedKind, NeedState, OrganisationId, PersonId, VillageNeedId, business_date};
use entity::{village_need, village_need_step};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};

/// The most people that anything reaches.
const MOST_PEOPLE: i32 = 1_000_000;

fn fault(pointer: &str, zh: &'static str, en: &'static str) -> FieldProblem {
    FieldProblem { pointer: pointer.to_owned(), detail: Text::new(zh, en) }
}

/// Publishes what the caller's village needs.
///
/// # Errors
/// Fields that make no sense; no such category.
pub(super) async fn publish(
    tx: &Tx,
    grant: &Grant<KeepNeed>,
    wanted: NewVillageNeed,
) -> Result<VillageNeedDetail, PairingError> {
    let village = organisation::find(tx, grant.organisation()?).await?.ok_or(PairingError::NotFound)?;
    let mut faults = Vec::new();
    if !(0..=MOST_PEOPLE).contains(&wanted.people) {
        faults.push(fault("/people", "人数应在 0 至 1000000 之间。", "The number lies between 0 and 1000000."));
    }
    if wanted.amount_fen.is_zero() && wanted.people == 0 {
        faults.push(fault("/amount_fen", "应填写金额或人数。", "An amount or a number of people is needed."));
    }
    if wanted.wanted_until < business_date(tx.now()) {
        faults.push(fault("/wanted_until", "期限应在今天之后。", "It is wanted from today on."));
    }
    if let Some(code) = &wanted.category_code {
        if wanted.kind != NeedKind::GoodsToSell {
            faults.push(fault("/category_code", "只有产品销售才填品类。", "Only goods to sell have a category."));
        } else if catalogue::find_category(tx, code).await?.is_none() {
            faults.push(fault("/category_code", "没有这个品类。", "There is no such category."));
        }
    }
    if !faults.is_empty() {
        return Err(PairingError::Fields(faults));
    }
    let row = village_need::Model {
        id: VillageNeedId::generate(),
        village_id: village.id,
        county_code: village.division_code.clone(),
        kind: wanted.kind,
        title: wanted.title.as_str().to_owned(),
        content: wanted.content.as_str().to_owned(),
        category_code: wanted.category_code,
        amount_fen: wanted.amount_fen,
        people: wanted.people,
        wanted_until: wanted.wanted_until,
        state: NeedState::Published,
        claimant_id: None,
        claimed_by: None,
        is_in_person: false,
        claimed_at: None,
        pairing_id: None,
        aid_claim_id: None,
        delivered_on: None,
        delivered_fen: None,
        delivered_people: None,
        outcome: None,
        evidence_file_id: None,
        created_by: grant.person()?,
        created_at: tx.now(),
        version: 1,
    };
    store::insert(tx, row.clone()).await?;
    let after = json!({ "kind": row.kind, "village_id": row.village_id, "wanted_until": row.wanted_until });
    tx.audit(Change::made("need.publish", "village_need", row.id.uuid(), after)).await?;
    let event = NeedPublished {
        need: row.id,
        village: row.village_id,
        county: row.county_code.clone(),
        kind: row.kind,
        title: row.title.clone(),
    };
    tx.emit(&event).await?;
    let names = HashMap::from([(village.id, village.name)]);
    Ok(VillageNeedDetail { need: VillageNeed::of(row, &names), steps: Vec::new() })
}

/// Writes a step down, and the need as it is after it.
async fn advance<A: Action>(
    tx: &Tx,
    grant: &Grant<A>,
    row: village_need::Model,
    (step, to): (Step, NeedState),
    reason: Option<&str>,
) -> Result<village_need::Model, PairingError> {
    let (id, from) = (row.id, row.state);
    let row = store::save(tx, village_need::Model { state: to, ..row }).await?;
    let before = store::steps(tx, id).await?;
    let taken = village_need_step::Model {
        need_id: id,
        step_no: before.last().map_or(0, |last| last.step_no) + 1,
        from_state: from,
        to_state: to,
        organisation_id: grant.organisation()?,
        person_id: grant.person()?,
        reason: reason.map(str::to_owned),
        created_at: tx.now(),
    };
    store::insert_step(tx, taken).await?;
    tx.audit(Change::moved(step.as_str(), "village_need", id.uuid(), from.as_str(), to.as_str())).await?;
    Ok(row)
}

fn to_be(row: &village_need::Model, seen: IfMatch, step: Step) -> Result<NeedState, Failure> {
    seen.check(row.version)?;
    Ok(state::next(row.state, step).ok_or(PairingError::NoSuchNeedStep(row.state))?)
}

/// Takes on what a village needs, for one's organisation or in person.
///
/// # Errors
/// Not found; changed meanwhile; it is taken on already, or no longer wanted.
pub(super) async fn claim(
    tx: &Tx,
    grant: &Grant<ClaimNeed>,
    id: VillageNeedId,
    seen: IfMatch,
    wanted: &ClaimVillageNeed,
) -> Result<VillageNeedDetail, Failure> {
    let row = store::hold(tx, grant.scope(), Side::Village, id).await.map_err(PairingError::from)?;
    let row = row.ok_or(PairingError::NotFound)?;
    let to = to_be(&row, seen, Step::Claim)?;
    if row.wanted_until < business_date(tx.now()) {
        return Err(PairingError::NoSuchNeedStep(row.state).into());
    }
    let claimant = grant.organisation()?;
    let row = village_need::Model {
        claimant_id: Some(claimant),
        claimed_by: Some(grant.person()?),
        is_in_person: wanted.is_in_person,
        claimed_at: Some(tx.now()),
        ..row
    };
    let row = advance(tx, grant, row, (Step::Claim, to), None).await?;
    let (need, village, is_in_person) = (row.id, row.village_id, row.is_in_person);
    tell(tx, &NeedClaimed { need, village, claimant, is_in_person }).await?;
    Ok(detail(tx, row).await?)
}

async fn tell<E: Event>(tx: &Tx, event: &E) -> Result<(), PairingError> {
    Ok(tx.emit(event).await?)
}

/// A need that the caller took on: for their organisation, or in person.
async fn taken_on(tx: &Tx, grant: &Grant<DeliverNeed>, id: VillageNeedId) -> Result<village_need::Model, PairingError> {
    let row = store::hold(tx, grant.scope(), Side::Claimant, id).await?.ok_or(PairingError::NotFound)?;
    let is_theirs = !row.is_in_person || row.claimed_by == Some(grant.person()?);
    if is_theirs { Ok(row) } else { Err(PairingError::NotFound) }
}

/// Gives up what one took on.
///
/// # Errors
/// Not found; changed meanwhile; a step that does not exist.
pub(super) async fn release(
    tx: &Tx,
    grant: &Grant<DeliverNeed>,
    id: VillageNeedId,
    seen: IfMatch,
    reason: &str,
) -> Result<VillageNeedDetail, Failure> {
    let row = taken_on(tx, grant, id).await?;
    let to = to_be(&row, seen, Step::Release)?;
    let row = advance(tx, grant, set_free(row), (Step::Release, to), Some(reason)).await?;
    Ok(detail(tx, row).await?)
}

fn set_free(row: village_need::Model) -> village_need::Model {
    village_need::Model { claimant_id: None, claimed_by: None, is_in_person: false, claimed_at: None, ..row }
}

/// Says with evidence what came of a need; within a pairing it enters the claim of aid as well.
///
/// # Errors
/// Not found; changed meanwhile; fields that make no sense; what it counts as does not fit the need.
pub(super) async fn deliver(
    tx: &Tx,
    grant: &Grant<DeliverNeed>,
    id: VillageNeedId,
    seen: IfMatch,
    wanted: &DeliverVillageNeed,
) -> Result<VillageNeedDetail, Failure> {
    let row = taken_on(tx, grant, id).await?;
    let to = to_be(&row, seen, Step::Deliver)?;
    let faults = faults_of(wanted, &row, business_date(tx.now()));
    if !faults.is_empty() {
        return Err(PairingError::Fields(faults).into());
    }
    let own = grant.organisation()?;
    document::require_own(tx, own, &[wanted.evidence_file_id]).await.map_err(PairingError::from)?;
    let entered = enter_aid(tx, grant, &row, wanted).await?;
    let row = village_need::Model {
        pairing_id: wanted.pairing_id,
        aid_claim_id: entered.map(|claim| claim.id),
        delivered_on: Some(wanted.delivered_on),
        delivered_fen: Some(wanted.amount_fen),
        delivered_people: Some(wanted.people.into()),
        outcome: Some(wanted.outcome.as_str().to_owned()),
        evidence_file_id: Some(wanted.evidence_file_id),
        ..row
    };
    let row = advance(tx, grant, row, (Step::Deliver, to), None).await?;
    tell(tx, &NeedDelivered { need: row.id, village: row.village_id, claimant: own }).await?;
    Ok(detail(tx, row).await?)
}

fn faults_of(wanted: &DeliverVillageNeed, row: &village_need::Model, today: NaiveDate) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    if !(0..=MOST_PEOPLE).contains(&wanted.people) {
        faults.push(fault("/people", "人数应在 0 至 1000000 之间。", "The number lies between 0 and 1000000."));
    }
    if wanted.amount_fen.is_zero() && wanted.people == 0 {
        faults.push(fault("/amount_fen", "应填写金额或人数。", "An amount or a number of people is needed."));
    }
    if wanted.delivered_on > today {
        faults.push(fault("/delivered_on", "交付日期不能晚于今天。", "It was delivered today at the latest."));
    }
    let is_alone = wanted.pairing_id.is_none() || row.is_in_person;
    if is_alone && (wanted.counts_as.is_some() || wanted.supplier_order_id.is_some() || wanted.pairing_id.is_some()) {
        let zh = "只有结对企业的交付才计入帮扶贡献。";
        faults.push(fault("/pairing_id", zh, "Only what a paired enterprise delivered counts as aid."));
    }
    faults
}

/// Enters the claim of aid that a delivery within a pairing is, with the same figures and evidence.
async fn enter_aid(
    tx: &Tx,
    grant: &Grant<DeliverNeed>,
    row: &village_need::Model,
    wanted: &DeliverVillageNeed,
) -> Result<Option<AidClaim>, PairingError> {
    let Some(pairing_id) = wanted.pairing_id else { return Ok(None) };
    let fitting = counts_as(row.kind);
    let kind = wanted.counts_as.or(fitting.first().copied()).filter(|kind| fitting.contains(kind));
    let kind = kind.ok_or(PairingError::OutcomeUnfit)?;
    if row.kind == NeedKind::GoodsToSell && wanted.supplier_order_id.is_none() {
        return Err(PairingError::OutcomeUnfit);
    }
    let claim = NewAidClaim {
        pairing_id,
        village_id: Some(row.village_id),
        kind,
        amount_fen: wanted.amount_fen,
        people: wanted.people,
        occurred_on: wanted.delivered_on,
        content: format!("{}：{}", row.title, wanted.outcome.as_str()),
        basis: wanted.basis.as_ref().map(|basis| basis.as_str().to_owned()),
        supplier_order_id: wanted.supplier_order_id,
        evidence_file_id: wanted.evidence_file_id,
    };
    aid::enter(tx, &Grant::<EnterAid>::claim(grant.actor())?, &claim).await.map(Some)
}

/// Takes one of the village's steps: takes back, sends back, confirms or withdraws.
///
/// # Errors
/// Not found; changed meanwhile; a step that does not exist; whoever delivered it confirms it.
pub(super) async fn keep(
    tx: &Tx,
    grant: &Grant<KeepNeed>,
    id: VillageNeedId,
    seen: IfMatch,
    (step, reason): (Step, Option<&str>),
) -> Result<VillageNeedDetail, Failure> {
    let row = store::hold(tx, grant.scope(), Side::Village, id).await.map_err(PairingError::from)?;
    let row = row.ok_or(PairingError::NotFound)?;
    let to = to_be(&row, seen, step)?;
    let row = match step {
        Step::Confirm => {
            let steps = store::steps(tx, id).await.map_err(PairingError::from)?;
            let delivered = |step: &&village_need_step::Model| step.to_state == NeedState::Delivered;
            let by: Vec<PersonId> = steps.iter().rfind(delivered).map(|step| step.person_id).into_iter().collect();
            four_eyes::apart(by, grant.person()?)?;
            confirm_aid(tx, grant, &row).await?;
            row
        }
        Step::SendBack => {
            reject_aid(tx, grant, &row, reason).await?;
            village_need::Model { aid_claim_id: None, ..row }
        }
        Step::Reopen => set_free(row),
        Step::Claim | Step::Release | Step::Deliver | Step::Withdraw => row,
    };
    let row = advance(tx, grant, row, (step, to), reason).await?;
    if let (Step::Confirm, Some(claimant)) = (step, row.claimant_id) {
        tell(tx, &NeedFulfilled { need: row.id, village: row.village_id, claimant }).await?;
    }
    Ok(detail(tx, row).await?)
}

/// How far the review of the claim that came with a delivery is.
async fn review(tx: &Tx, row: &village_need::Model) -> Result<Option<AidState>, PairingError> {
    let Some(claim) = row.aid_claim_id else { return Ok(None) };
    Ok(aid::state_of(tx, claim).await?)
}

async fn confirm_aid(tx: &Tx, grant: &Grant<KeepNeed>, row: &village_need::Model) -> Result<(), Failure> {
    if let (Some(claim), Some(AidState::Entered)) = (row.aid_claim_id, review(tx, row).await?) {
        let grant = Grant::<ConfirmAid>::claim(grant.actor())?;
        aid::step(tx, &grant, claim, None, (AidStep::Confirm, None)).await?;
    }
    Ok(())
}

async fn reject_aid(
    tx: &Tx,
    grant: &Grant<KeepNeed>,
    row: &village_need::Model,
    reason: Option<&str>,
) -> Result<(), Failure> {
    match (row.aid_claim_id, review(tx, row).await?) {
        (Some(claim), Some(AidState::Entered | AidState::VillageConfirmed)) => {
            let grant = Grant::<RejectAid>::claim(grant.actor())?;
            aid::step(tx, &grant, claim, None, (AidStep::Reject, reason)).await.map(drop)
        }
        // What the county verified is not undone by the village.
        (_, Some(AidState::CountyVerified)) => Err(PairingError::NoSuchNeedStep(row.state).into()),
        _ => Ok(()),
    }
}

pub(super) async fn names(
    db: &impl ConnectionTrait,
    rows: &[village_need::Model],
) -> Result<HashMap<OrganisationId, String>, DbErr> {
    let parties = rows.iter().flat_map(|row| [Some(row.village_id), row.claimant_id]);
    let ids: Vec<OrganisationId> = parties.flatten().collect::<BTreeSet<_>>().into_iter().collect();
    Ok(organisation::find_many(db, &ids).await?.into_iter().map(|party| (party.id, party.name)).collect())
}

async fn detail(db: &impl ConnectionTrait, row: village_need::Model) -> Result<VillageNeedDetail, PairingError> {
    let names = names(db, std::slice::from_ref(&row)).await?;
    let steps = store::steps(db, row.id).await?.into_iter().map(Into::into).collect();
    Ok(VillageNeedDetail { need: VillageNeed::of(row, &names), steps })
}

/// A need with its history.
///
/// # Errors
/// Not found.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    _grant: &Grant<ReadPublic>,
    id: VillageNeedId,
) -> Result<VillageNeedDetail, PairingError> {
    let row = store::find(db, id).await?.ok_or(PairingError::NotFound)?;
    detail(db, row).await
}

/// One page of needs, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    _grant: &Grant<ReadPublic>,
    wanted: VillageNeedFilter,
) -> Result<Page<VillageNeed>, Failure> {
    let page = PageQuery { limit: wanted.limit, cursor: wanted.cursor.clone() };
    let limit = page.limit()?;
    let rows = store::list(db, &wanted, page.after()?, limit + 1).await.map_err(PairingError::from)?;
    let names = names(db, &rows).await.map_err(PairingError::from)?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), |row| VillageNeed::of(row, &names)))
}
