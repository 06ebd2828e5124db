//! What can be done with an application: begin, change, hand in a document, submit, decide.

use super::error::AdmissionError;
use super::event::AdmissionDecided;
use super::state::{self, Reviewer, Step};
use super::{checklist, credential, store, view};
use crate::access::policy::{
    ApplyForAdmission, ReviewAdmissionAsAgriculture, ReviewAdmissionAsPlatform, ReviewAdmissionAsRevitalisation,
    ViewAdmission,
};
use crate::access::{Action, Grant, four_eyes};
use crate::catalogue::check::Check;
use crate::catalogue::product;
use crate::db::{Change, Tx};
use crate::http::{IfMatch, Page};
use crate::{document, organisation, region};
use chrono::NaiveDate;
use entity::value::{
    AdmissionId, AdmissionState, DecisionId, DocumentKind, FileId, OrganisationId, OrganisationKind, business_date,
};
use entity::{admission, admission_decision, admission_document, stored_file};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Without these nobody can judge an application.
pub(super) const REQUIRED: &[DocumentKind] =
    &[DocumentKind::BusinessLicence, DocumentKind::LegalRepresentative, DocumentKind::BenefitMechanism];

const LONGEST_MECHANISM: usize = 4000;
const LONGEST_OPINION: usize = 2000;
const LONGEST_REASON: usize = 500;

/// Whether the organisation is admitted as a supplier.
///
/// # Errors
/// When the database cannot be asked.
pub async fn is_admitted(db: &impl ConnectionTrait, supplier: OrganisationId) -> Result<bool, DbErr> {
    store::is_admitted(db, supplier).await
}

/// Begins the application of the organisation acted for.
///
/// # Errors
/// When its kind cannot be a supplier, the county is not its own or none of the 832, or it has applied before.
pub async fn begin(
    tx: &Tx,
    grant: &Grant<ApplyForAdmission>,
    wanted: &view::BeginAdmission,
) -> Result<view::Admission, AdmissionError> {
    Check::new().text("/mechanism", &wanted.mechanism, LONGEST_MECHANISM).done()?;
    let applicant = organisation::find(tx, grant.organisation()?).await?.ok_or(AdmissionError::NotFound)?;
    if !is_supplier_kind(applicant.kind) {
        return Err(AdmissionError::NotASupplier);
    }
    let elsewhere = || AdmissionError::NotInReliefCounty(wanted.county_code.clone());
    let county = region::relief_county(tx, &wanted.county_code).await?.ok_or_else(elsewhere)?;
    let home = region::relief_county(tx, &applicant.division_code).await?.ok_or_else(elsewhere)?;
    if county.current_code != home.current_code {
        return Err(elsewhere());
    }
    let row = admission::Model {
        id: AdmissionId::generate(),
        organisation_id: applicant.id,
        state: AdmissionState::Draft,
        county_code: county.current_code,
        mechanism: wanted.mechanism.clone(),
        return_reason: None,
        stopped_at: None,
        created_at: tx.now(),
        updated_at: tx.now(),
        version: 1,
    };
    if !store::insert(tx, row.clone()).await? {
        return Err(AdmissionError::Exists);
    }
    let after = json!({ "state": row.state, "county_code": row.county_code });
    tx.audit(Change::made("admission.begin", "admission", row.id.uuid(), after)).await?;
    show(tx, row).await
}

/// Changes what the application says.
///
/// # Errors
/// When it is not the applicant's turn.
pub async fn change(
    tx: &Tx,
    grant: &Grant<ApplyForAdmission>,
    id: AdmissionId,
    seen: IfMatch,
    wanted: &view::ChangeAdmission,
) -> Result<view::Admission, AdmissionError> {
    Check::new().text("/mechanism", &wanted.mechanism, LONGEST_MECHANISM).done()?;
    let held = hold(tx, grant, id, seen).await?;
    state::next(held.state, Step::Change)?;
    let after = json!({ "mechanism": wanted.mechanism });
    let row = admission::Model { mechanism: wanted.mechanism.clone(), ..held };
    let row = write(tx, row).await?;
    tx.audit(Change::made("admission.change", "admission", id.uuid(), after)).await?;
    show(tx, row).await
}

/// Hands in a file as one of the documents, instead of the one before.
///
/// # Errors
/// When it is not the applicant's turn, or the file is not theirs.
pub async fn put_document(
    tx: &Tx,
    grant: &Grant<ApplyForAdmission>,
    id: AdmissionId,
    kind: DocumentKind,
    seen: IfMatch,
    wanted: &view::PutDocument,
) -> Result<view::Admission, AdmissionError> {
    let held = hold(tx, grant, id, seen).await?;
    state::next(held.state, Step::Change)?;
    credential::put(tx, &held, kind, wanted, "admission.put_document").await?;
    let row = write(tx, held).await?;
    show(tx, row).await
}

/// Puts a newer paper in the place of one of an admitted supplier. What was held back because it had ended returns.
///
/// # Errors
/// When the supplier is not admitted, or the paper is not acceptable.
pub async fn renew_document(
    tx: &Tx,
    grant: &Grant<ApplyForAdmission>,
    id: AdmissionId,
    kind: DocumentKind,
    seen: IfMatch,
    wanted: &view::PutDocument,
) -> Result<view::Admission, AdmissionError> {
    let held = hold(tx, grant, id, seen).await?;
    state::next(held.state, Step::Renew)?;
    credential::put(tx, &held, kind, wanted, "admission.renew_document").await?;
    let row = write(tx, credential::after_renewal(tx, held).await?).await?;
    product::hold::resume(tx, Some(row.organisation_id)).await?;
    show(tx, row).await
}

/// Hands the application in.
///
/// # Errors
/// When something is missing: each missing document is named.
pub async fn submit(
    tx: &Tx,
    grant: &Grant<ApplyForAdmission>,
    id: AdmissionId,
    seen: IfMatch,
) -> Result<view::Admission, AdmissionError> {
    let held = hold(tx, grant, id, seen).await?;
    let to = state::next(held.state, Step::Submit)?;
    let applicant = organisation::find(tx, held.organisation_id).await?.ok_or(AdmissionError::NotFound)?;
    let today = business_date(tx.now());
    // A paper that has ended is as good as none.
    let valid = store::documents(tx, id).await?.into_iter().filter(|d| d.valid_to.is_none_or(|last| today <= last));
    let handed_in: Vec<_> = valid.map(|document| document.kind).collect();
    let documents = missing(&handed_in);
    if !documents.is_empty() || applicant.credit_code.is_none() {
        return Err(AdmissionError::Incomplete { documents, credit_code: applicant.credit_code.is_none() });
    }
    let from = held.state;
    let row = write(tx, admission::Model { state: to, ..held }).await?;
    tx.audit(Change::moved("admission.submit", "admission", id.uuid(), from.as_str(), to.as_str())).await?;
    show(tx, row).await
}

/// The agriculture office of the county recommends it or sends it back.
///
/// # Errors
/// When it is not this office's turn.
pub async fn decide_as_agriculture(
    tx: &Tx,
    grant: &Grant<ReviewAdmissionAsAgriculture>,
    id: AdmissionId,
    seen: IfMatch,
    wanted: &view::CountyDecision,
) -> Result<view::Admission, AdmissionError> {
    decide(tx, grant, id, seen, &county_verdict(Reviewer::Agriculture, wanted)).await
}

/// The rural-revitalisation office of the county recommends it or sends it back.
///
/// # Errors
/// When it is not this office's turn.
pub async fn decide_as_revitalisation(
    tx: &Tx,
    grant: &Grant<ReviewAdmissionAsRevitalisation>,
    id: AdmissionId,
    seen: IfMatch,
    wanted: &view::CountyDecision,
) -> Result<view::Admission, AdmissionError> {
    decide(tx, grant, id, seen, &county_verdict(Reviewer::Revitalisation, wanted)).await
}

/// The platform admits it or sends it back.
///
/// # Errors
/// When it is not the platform's turn.
pub async fn decide_as_platform(
    tx: &Tx,
    grant: &Grant<ReviewAdmissionAsPlatform>,
    id: AdmissionId,
    seen: IfMatch,
    wanted: &view::PlatformDecision,
) -> Result<view::Admission, AdmissionError> {
    let step = match wanted.decision {
        view::PlatformVerdict::Approve => Step::Favour(Reviewer::Platform),
        view::PlatformVerdict::Return => Step::Return(Reviewer::Platform),
    };
    let verdict = Verdict { step, opinion: &wanted.opinion, items: &wanted.items, until_on: None };
    decide(tx, grant, id, seen, &verdict).await
}

/// What somebody decided, in whatever office.
pub(super) struct Verdict<'a> {
    pub(super) step: Step,
    pub(super) opinion: &'a str,
    pub(super) items: &'a [view::ItemReason],
    pub(super) until_on: Option<NaiveDate>,
}

impl Verdict<'_> {
    fn check(&self) -> Result<(), AdmissionError> {
        let is_return = matches!(self.step, Step::Return(_));
        let check = Check::new().text("/opinion", self.opinion, LONGEST_OPINION).that(
            self.items.is_empty() || (is_return && self.items.len() <= 20),
            "/items",
            "只有退回时可以逐项说明，且不超过 20 项。",
            "Items are named only when it is sent back, 20 at most.",
        );
        let check =
            self.items.iter().enumerate().fold(check, |check, (at, item)| {
                check.text(format!("/items/{at}/reason"), &item.reason, LONGEST_REASON)
            });
        Ok(check.done()?)
    }
}

fn county_verdict(reviewer: Reviewer, wanted: &view::CountyDecision) -> Verdict<'_> {
    let step = match wanted.decision {
        view::CountyVerdict::Recommend => Step::Favour(reviewer),
        view::CountyVerdict::Return => Step::Return(reviewer),
    };
    Verdict { step, opinion: &wanted.opinion, items: &wanted.items, until_on: None }
}

/// Writes a decision: the application moves, and what was seen, said and by whom is kept.
pub(super) async fn decide<A: Action>(
    tx: &Tx,
    grant: &Grant<A>,
    id: AdmissionId,
    seen: IfMatch,
    verdict: &Verdict<'_>,
) -> Result<view::Admission, AdmissionError> {
    verdict.check()?;
    let Verdict { step, opinion, items, until_on } = *verdict;
    let held = hold(tx, grant, id, seen).await?;
    let from = held.state;
    let to = state::next(from, step)?;
    let own = grant.organisation()?;
    let others = store::decisions(tx, id).await?.into_iter().filter(|decision| decision.organisation_id != own);
    four_eyes::apart(others.map(|decision| decision.person_id), grant.person()?)?;
    let tells_why = matches!(step, Step::Return(_) | Step::Suspend | Step::Remove);
    let return_reason = tells_why.then(|| opinion.to_owned());
    let stopped_at = if from == to { held.stopped_at } else { Some(tx.now()) };
    let row = write(tx, admission::Model { state: to, return_reason, stopped_at, ..held }).await?;
    let (documents, files) = handed_in(tx, &row).await?;
    let hashes: Vec<_> =
        documents.iter().filter_map(|document| files.get(&document.file_id)).map(|file| file.sha256.as_str()).collect();
    let decision = admission_decision::ActiveModel {
        id: Set(DecisionId::generate()),
        admission_id: Set(id),
        from_state: Set(from),
        to_state: Set(to),
        person_id: Set(grant.person()?),
        organisation_id: Set(own),
        opinion: Set(opinion.to_owned()),
        document_hashes: Set(json!(hashes).to_string()),
        item_reasons: Set(json!(items).to_string()),
        until_on: Set(until_on),
        decided_at: Set(tx.now()),
    };
    store::insert_decision(tx, decision).await?;
    let operation = format!("admission.{step}");
    let moved = Change::moved(&operation, "admission", id.uuid(), from.as_str(), to.as_str()).because(opinion);
    tx.audit(moved).await?;
    tx.emit(&AdmissionDecided { admission: id, organisation: row.organisation_id, from, to }).await?;
    show(tx, row).await
}

/// An application in reach.
///
/// # Errors
/// When it is not.
pub async fn get(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewAdmission>,
    id: AdmissionId,
) -> Result<view::Admission, AdmissionError> {
    let row = store::find(db, grant.scope(), id).await?.ok_or(AdmissionError::NotFound)?;
    show(db, row).await
}

/// What is there and what is missing.
///
/// # Errors
/// When the application is out of reach.
pub async fn checklist(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewAdmission>,
    id: AdmissionId,
    today: NaiveDate,
) -> Result<view::Checklist, AdmissionError> {
    let row = store::find(db, grant.scope(), id).await?.ok_or(AdmissionError::NotFound)?;
    let applicant = organisation::find(db, row.organisation_id).await?.ok_or(AdmissionError::NotFound)?;
    let documents = store::documents(db, id).await?;
    // Only while it is back with the applicant do the reviewers' reasons ask for something.
    let returned = match row.state {
        AdmissionState::Returned => store::decisions(db, id).await?.pop().map(|decision| decision.item_reasons),
        _ => None,
    };
    let reasons: Vec<view::ItemReason> =
        returned.and_then(|items| serde_json::from_str(&items).ok()).unwrap_or_default();
    Ok(checklist::of(&row, applicant.credit_code.is_some(), &documents, &reasons, today))
}

/// A page of the applications in reach, newest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewAdmission>,
    state: Option<AdmissionState>,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Page<view::AdmissionSummary>, AdmissionError> {
    let rows = store::list(db, grant.scope(), state, after, limit).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.organisation_id).collect();
    let names = organisation::find_many(db, &ids).await?;
    let names: HashMap<_, _> = names.into_iter().map(|found| (found.id, found.name)).collect();
    Ok(Page::of(
        rows,
        limit,
        |row| row.id.uuid(),
        |row| view::AdmissionSummary {
            id: row.id,
            organisation: view::Applicant {
                id: row.organisation_id,
                name: names.get(&row.organisation_id).cloned().unwrap_or_default(),
            },
            state: row.state,
            county_code: row.county_code,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        },
    ))
}

/// Locks the application and refuses when the caller has read an older version.
pub(super) async fn hold<A: Action>(
    tx: &Tx,
    grant: &Grant<A>,
    id: AdmissionId,
    seen: IfMatch,
) -> Result<admission::Model, AdmissionError> {
    let held = store::find_for_change(tx, grant.scope(), id).await?.ok_or(AdmissionError::NotFound)?;
    if seen.0 == held.version { Ok(held) } else { Err(AdmissionError::Stale) }
}

async fn write(tx: &Tx, row: admission::Model) -> Result<admission::Model, DbErr> {
    let row = admission::Model { updated_at: tx.now(), version: row.version + 1, ..row };
    store::update(tx, &row).await?;
    Ok(row)
}

fn is_supplier_kind(kind: OrganisationKind) -> bool {
    matches!(
        kind,
        OrganisationKind::Cooperative
            | OrganisationKind::Company
            | OrganisationKind::FamilyFarm
            | OrganisationKind::AgentTrader
    )
}

pub(super) fn missing(handed_in: &[DocumentKind]) -> Vec<DocumentKind> {
    REQUIRED.iter().copied().filter(|kind| !handed_in.contains(kind)).collect()
}

/// The documents of an application and what is known of their files.
async fn handed_in(
    db: &impl ConnectionTrait,
    row: &admission::Model,
) -> Result<(Vec<admission_document::Model>, HashMap<FileId, stored_file::Model>), AdmissionError> {
    let documents = store::documents(db, row.id).await?;
    // One file may serve as several documents.
    let ids: BTreeSet<_> = documents.iter().map(|document| document.file_id).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let files = document::require_own(db, row.organisation_id, &ids).await?;
    Ok((documents, files.into_iter().map(|file| (file.id, file)).collect()))
}

async fn show(db: &impl ConnectionTrait, row: admission::Model) -> Result<view::Admission, AdmissionError> {
    let applicant = organisation::find(db, row.organisation_id).await?.ok_or(AdmissionError::NotFound)?;
    let (documents, files) = handed_in(db, &row).await?;
    let decisions = store::decisions(db, row.id).await?;
    let kinds: Vec<_> = documents.iter().map(|document| document.kind).collect();
    let admission::Model {
        id,
        organisation_id,
        state,
        county_code,
        mechanism,
        return_reason,
        stopped_at: _,
        created_at,
        updated_at,
        version,
    } = row;
    Ok(view::Admission {
        id,
        organisation: view::Applicant { id: organisation_id, name: applicant.name },
        state,
        county_code,
        mechanism,
        return_reason,
        removed_until: decisions.last().filter(|_| state == AdmissionState::Removed).and_then(|last| last.until_on),
        missing: missing(&kinds),
        documents: documents
            .into_iter()
            .filter_map(|document| files.get(&document.file_id).map(|file| show_document(&document, file)))
            .collect(),
        decisions: decisions.into_iter().map(show_decision).collect(),
        created_at,
        updated_at,
        version,
    })
}

fn show_document(document: &admission_document::Model, file: &stored_file::Model) -> view::AdmissionDocument {
    view::AdmissionDocument {
        kind: document.kind,
        file_id: file.id,
        name: file.name.clone(),
        sha256: file.sha256.clone(),
        issuer: document.issuer.clone(),
        number: document.number.clone(),
        valid_from: document.valid_from,
        valid_to: document.valid_to,
    }
}

fn show_decision(row: admission_decision::Model) -> view::Decision {
    let admission_decision::Model {
        id,
        admission_id: _,
        from_state,
        to_state,
        person_id,
        organisation_id,
        opinion,
        document_hashes,
        item_reasons,
        until_on,
        decided_at,
    } = row;
    view::Decision {
        id,
        from_state,
        to_state,
        person_id,
        organisation_id,
        opinion,
        // These arrays were written by `decide`.
        document_hashes: serde_json::from_str(&document_hashes).unwrap_or_default(),
        items: serde_json::from_str(&item_reasons).unwrap_or_default(),
        until_on,
        decided_at,
    }
}
