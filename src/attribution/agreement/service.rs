//! What can be done with agreements.

use super::view::{Agreement, AgreementQuery, EndAgreement, ModeTerms, SignAgreement, TermsVersion};
use super::{store, terms, versions};
use crate::access::policy::KeepAgreement;
use crate::access::{Grant, Scope};
use crate::attribution::error::AgreementError;
use crate::db::{Change, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::problem::Failure;
use crate::{catalogue, document, household, organisation};
use chrono::NaiveDate;
use entity::value::{AgreementId, AgreementState, FileId, HouseholdId, OrganisationId, business_date};
use entity::{agreement, agreement_terms, household as household_table};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::HashMap;

/// Enters a signed agreement.
///
/// # Errors
/// Field problems; the supplier is not admitted; the household is unknown or not registered on the first day; another
/// agreement of the mode overlaps.
pub async fn sign(
    tx: &Tx,
    grant: &Grant<KeepAgreement>,
    wanted: &SignAgreement,
) -> Result<AgreementId, AgreementError> {
    let supplier = grant.organisation()?;
    let faults = terms::faults_of_signing(wanted, business_date(tx.now()));
    if !faults.is_empty() {
        return Err(AgreementError::Fields(faults));
    }
    if !catalogue::is_admitted(tx, supplier).await? {
        return Err(AgreementError::SupplierNotAdmitted);
    }
    let household = hold_household(tx, wanted).await?;
    if household.registered_on > wanted.starts_on {
        return Err(AgreementError::HouseholdNotRegisteredYet);
    }
    if let Some(member) = wanted.member_id
        && !household::has_member(tx, household.id, member).await?
    {
        return Err(AgreementError::MemberUnknown);
    }
    let term = (wanted.starts_on, wanted.ends_on);
    let apart = (wanted.member_id, wanted.subject.as_deref().map(str::trim));
    if store::has_overlap(tx, supplier, household.id, wanted.mode, apart, term).await? {
        return Err(AgreementError::Overlaps);
    }
    document::require_own(tx, supplier, &files_of(wanted)).await?;
    let terms = versions::first_terms(tx, grant.person()?, AgreementId::generate(), wanted);
    let row = agreement::Model {
        id: terms.agreement_id,
        supplier_id: supplier,
        household_id: household.id,
        member_id: wanted.member_id,
        mode: wanted.mode,
        subject: apart.1.map(str::to_owned),
        weight: terms.weight,
        price_fen_per_kg: wanted.price_fen_per_kg,
        starts_on: wanted.starts_on,
        ends_on: wanted.ends_on,
        signed_on: wanted.signed_on,
        evidence_file_id: wanted.evidence_file_id,
        state: AgreementState::Signed,
        created_at: tx.now(),
        version: 1,
    };
    let id = row.id;
    let after = json!({
        "household_id": row.household_id, "mode": row.mode, "weight": row.weight,
        "price_fen_per_kg": row.price_fen_per_kg, "starts_on": row.starts_on, "ends_on": row.ends_on,
        "terms": wanted.terms,
    });
    store::insert(tx, row).await?;
    store::insert_terms(tx, terms).await?;
    tx.audit(Change::made("agreement.signed", "agreement", id.uuid(), after)).await?;
    Ok(id)
}

/// Every file an agreement to be entered names.
fn files_of(wanted: &SignAgreement) -> Vec<FileId> {
    let mut files: Vec<FileId> = [wanted.evidence_file_id, wanted.household_file_id].into_iter().flatten().collect();
    if let Some(ModeTerms::Dividend(dividend)) = wanted.terms {
        files.extend([dividend.register_file_id, dividend.resolution_file_id]);
    }
    files
}

/// Two agreements with one household are decided one after the other, so that neither overlooks the other.
async fn hold_household(tx: &Tx, wanted: &SignAgreement) -> Result<household_table::Model, AgreementError> {
    let (id, pointer) = match (&wanted.household_number, wanted.household_id) {
        (Some(number), _) => (household::find_by_number(tx, number).await?.map(|found| found.id), "/household_number"),
        (None, id) => (id, "/household_id"),
    };
    let unknown = AgreementError::HouseholdUnknown { pointer };
    let Some(id) = id else { return Err(unknown) };
    household::hold(tx, id).await?.ok_or(unknown)
}

/// Ends an agreement before its term; it holds until its new last day.
///
/// # Errors
/// Not found; stale; ended already; a day that makes no sense.
pub async fn end(
    tx: &Tx,
    grant: &Grant<KeepAgreement>,
    id: AgreementId,
    version: IfMatch,
    wanted: &EndAgreement,
) -> Result<(), AgreementError> {
    let agreement = store::hold(tx, grant.scope(), id).await?.ok_or(AgreementError::NotFound)?;
    version.check(agreement.version).map_err(|_| AgreementError::Stale)?;
    if agreement.state == AgreementState::Ended {
        return Err(AgreementError::EndedAlready);
    }
    let faults = terms::faults_of_ending(&agreement, wanted, business_date(tx.now()));
    if !faults.is_empty() {
        return Err(AgreementError::Fields(faults));
    }
    store::set_end(tx, id, wanted.ends_on).await?;
    let mut change = Change::moved("agreement.ended", "agreement", id.uuid(), "signed", "ended");
    change.before = Some(json!({ "state": agreement.state, "ends_on": agreement.ends_on }));
    change.after = Some(json!({ "state": AgreementState::Ended, "ends_on": wanted.ends_on }));
    tx.audit(change.because(wanted.reason.trim())).await?;
    Ok(())
}

/// One page of agreements, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &AgreementQuery,
) -> Result<Page<Agreement>, Failure> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let (limit, after) = (page.limit()?, page.after()?.map(AgreementId::from_uuid));
    let rows = store::list(db, scope, query, after, limit).await?;
    let mut around = Around::of(db, &rows).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), |row| around.view(row)))
}

/// One agreement.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: AgreementId,
) -> Result<Agreement, AgreementError> {
    let row = store::find_visible(db, scope, id).await?.ok_or(AgreementError::NotFound)?;
    let mut around = Around::of(db, std::slice::from_ref(&row)).await?;
    Ok(around.view(row))
}

/// The names around several agreements, asked for once.
struct Around {
    suppliers: HashMap<OrganisationId, String>,
    households: HashMap<HouseholdId, household::view::HouseholdBrief>,
    terms: HashMap<AgreementId, agreement_terms::Model>,
}

impl Around {
    async fn of(db: &impl ConnectionTrait, rows: &[agreement::Model]) -> Result<Self, DbErr> {
        let mut suppliers: Vec<OrganisationId> = rows.iter().map(|row| row.supplier_id).collect();
        suppliers.sort_unstable();
        suppliers.dedup();
        let suppliers = organisation::find_many(db, &suppliers).await?.into_iter().map(|o| (o.id, o.name)).collect();
        let households: Vec<HouseholdId> = rows.iter().map(|row| row.household_id).collect();
        let mut terms = HashMap::new();
        for version in store::terms_of(db, &rows.iter().map(|row| row.id).collect::<Vec<_>>()).await? {
            terms.entry(version.agreement_id).or_insert(version);
        }
        Ok(Self { suppliers, households: household::briefs(db, &households).await?, terms })
    }

    fn view(&mut self, row: agreement::Model) -> Agreement {
        let supplier = self.suppliers.get(&row.supplier_id).cloned().unwrap_or_default();
        let household = self.households.get(&row.household_id).cloned();
        let terms = self.terms.remove(&row.id).map(|terms| TermsVersion::of(row.mode, terms));
        Agreement::of(row, supplier, household, terms)
    }
}

/// A supplier's agreements that hold on a day.
///
/// # Errors
/// When the database cannot be asked.
pub async fn agreements_on(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    date: NaiveDate,
) -> Result<Vec<agreement::Model>, DbErr> {
    store::holding_on(db, supplier, date).await
}

/// A supplier's agreements with these households, whether or not they hold.
///
/// # Errors
/// When the database cannot be asked.
pub async fn agreements_with(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    households: &[HouseholdId],
) -> Result<Vec<agreement::Model>, DbErr> {
    store::with_households(db, supplier, households).await
}

/// Agreements by their identifiers, whoever's they are; those that do not exist are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_agreements(
    db: &impl ConnectionTrait,
    ids: &[AgreementId],
) -> Result<HashMap<AgreementId, agreement::Model>, DbErr> {
    Ok(store::find_many(db, ids).await?.into_iter().map(|row| (row.id, row)).collect())
}

/// An agreement that a scope reaches.
///
/// # Errors
/// When the database cannot be asked.
pub(in crate::attribution) async fn find_in_scope(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: AgreementId,
) -> Result<Option<agreement::Model>, DbErr> {
    store::find_visible(db, scope, id).await
}

/// Holds agreements until the transaction ends, so that what is decided about them is decided one at a time.
///
/// # Errors
/// When the database cannot be asked.
pub(in crate::attribution) async fn hold_many(tx: &Tx, ids: &[AgreementId]) -> Result<(), DbErr> {
    store::hold_many(tx, ids).await
}
