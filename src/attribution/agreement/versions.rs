//! The versions of an agreement's terms: signed, amended, confirmed by the county.

use super::store;
use super::terms::{self, Signed};
use super::view::{AmendAgreement, ModeTerms, SignAgreement, TermsVersion, TermsVersions};
use crate::access::policy::{ConfirmAgreement, KeepAgreement};
use crate::access::{Grant, Scope, four_eyes};
use crate::attribution::error::AgreementError;
use crate::db::{Change, Tx};
use crate::document;
use crate::http::IfMatch;
use chrono::NaiveDate;
use entity::agreement_terms::Model;
use entity::value::{
    AgreementId, AgreementState, AgreementTermsId, BasisPoints, CostExcess, FileId, PersonId, business_date,
};
use sea_orm::ConnectionTrait;
use serde_json::json;

/// The terms first signed.
pub(super) fn first_terms(tx: &Tx, by: PersonId, agreement: AgreementId, wanted: &SignAgreement) -> Model {
    let signed = Signed {
        mode: wanted.mode,
        weight: wanted.weight,
        price_fen_per_kg: wanted.price_fen_per_kg,
        terms: wanted.terms.as_ref(),
    };
    let signatures = Signatures {
        supplier: (wanted.signed_on, wanted.evidence_file_id),
        // One scan usually bears both signatures.
        household: (
            wanted.household_signed_on.unwrap_or(wanted.signed_on),
            wanted.household_file_id.or(wanted.evidence_file_id),
        ),
    };
    version(tx, by, agreement, (1, wanted.starts_on), &signed, signatures)
}

/// When both signed, and what shows it.
struct Signatures {
    supplier: (NaiveDate, Option<FileId>),
    household: (NaiveDate, Option<FileId>),
}

fn version(
    tx: &Tx,
    by: PersonId,
    agreement_id: AgreementId,
    (number, from_on): (i32, NaiveDate),
    signed: &Signed<'_>,
    signatures: Signatures,
) -> Model {
    let mut row = Model {
        id: AgreementTermsId::generate(),
        agreement_id,
        number,
        from_on,
        weight: signed.weight(),
        price_fen_per_kg: signed.price_fen_per_kg,
        cost_cap_bp: BasisPoints::ZERO,
        cost_excess: CostExcess::CarryOver,
        daily_wage_fen: None,
        area_hundredth_mu: None,
        rent_fen_per_year: None,
        unit_name: None,
        return_fen_per_unit: None,
        fee_fen_per_unit: None,
        register_file_id: None,
        resolution_file_id: None,
        supplier_signed_on: signatures.supplier.0,
        supplier_file_id: signatures.supplier.1,
        household_signed_on: signatures.household.0,
        household_file_id: signatures.household.1,
        entered_by: by,
        confirmed_on: None,
        confirmed_by: None,
        created_at: tx.now(),
        version: 1,
    };
    match signed.terms {
        None => {}
        Some(ModeTerms::ProducePurchase(produce)) => {
            row.cost_cap_bp = produce.cost_cap_bp;
            row.cost_excess = produce.cost_excess;
        }
        Some(ModeTerms::Wages(wages)) => row.daily_wage_fen = Some(wages.daily_wage_fen),
        Some(ModeTerms::Dividend(dividend)) => {
            row.register_file_id = Some(dividend.register_file_id);
            row.resolution_file_id = Some(dividend.resolution_file_id);
        }
        Some(ModeTerms::LandRent(rent)) => {
            row.area_hundredth_mu = Some(rent.area_hundredth_mu);
            row.rent_fen_per_year = Some(rent.rent_fen_per_year);
        }
        Some(ModeTerms::CustodialFarming(custody)) => {
            row.unit_name = Some(custody.unit_name.trim().to_owned());
            row.return_fen_per_unit = Some(custody.return_fen_per_unit);
            row.fee_fen_per_unit = Some(custody.fee_fen_per_unit);
        }
    }
    row
}

/// Enters other terms for an agreement that goes on. They can hold from today; where earlier ones were confirmed, from
/// the day on which the county confirms them too.
///
/// # Errors
/// Not found; stale; ended; field problems; files that are not the supplier's.
pub async fn amend(
    tx: &Tx,
    grant: &Grant<KeepAgreement>,
    id: AgreementId,
    expected: IfMatch,
    wanted: &AmendAgreement,
) -> Result<(), AgreementError> {
    let agreement = store::hold(tx, grant.scope(), id).await?.ok_or(AgreementError::NotFound)?;
    expected.check(agreement.version).map_err(|_| AgreementError::Stale)?;
    let today = business_date(tx.now());
    if agreement.state == AgreementState::Ended || agreement.ends_on < today {
        return Err(AgreementError::EndedAlready);
    }
    let faults = terms::faults_of_amending(agreement.mode, wanted, today);
    if !faults.is_empty() {
        return Err(AgreementError::Fields(faults));
    }
    let mut files = vec![wanted.supplier_file_id, wanted.household_file_id];
    if let Some(ModeTerms::Dividend(dividend)) = wanted.terms {
        files.extend([dividend.register_file_id, dividend.resolution_file_id]);
    }
    document::require_own(tx, grant.organisation()?, &files).await?;
    let earlier = store::terms_of(tx, &[id]).await?;
    let signed = Signed {
        mode: agreement.mode,
        weight: wanted.weight,
        price_fen_per_kg: wanted.price_fen_per_kg,
        terms: wanted.terms.as_ref(),
    };
    let signatures = Signatures {
        supplier: (wanted.supplier_signed_on, Some(wanted.supplier_file_id)),
        household: (wanted.household_signed_on, Some(wanted.household_file_id)),
    };
    let number = earlier.first().map_or(1, |newest| newest.number) + 1;
    let row = version(tx, grant.person()?, id, (number, today.max(agreement.starts_on)), &signed, signatures);
    let waits = earlier.iter().any(|terms| terms.confirmed_on.is_some());
    store::set_present(tx, id, (!waits).then_some(&row)).await?;
    let after = json!({
        "number": number, "weight": row.weight, "price_fen_per_kg": row.price_fen_per_kg, "terms": wanted.terms,
    });
    store::insert_terms(tx, row).await?;
    tx.audit(Change::made("agreement.amended", "agreement", id.uuid(), after)).await?;
    Ok(())
}

/// Confirms the terms signed last, as the household's county.
///
/// # Errors
/// Not found; stale; confirmed already; a signature without evidence.
pub async fn confirm(
    tx: &Tx,
    grant: &Grant<ConfirmAgreement>,
    id: AgreementId,
    expected: IfMatch,
) -> Result<(), AgreementError> {
    let agreement = store::hold(tx, grant.scope(), id).await?.ok_or(AgreementError::NotFound)?;
    expected.check(agreement.version).map_err(|_| AgreementError::Stale)?;
    let newest = store::terms_of(tx, &[id]).await?.into_iter().next().ok_or(AgreementError::NotFound)?;
    if newest.confirmed_on.is_some() {
        return Err(AgreementError::ConfirmedAlready);
    }
    four_eyes::apart([newest.entered_by], grant.person()?)?;
    if newest.supplier_file_id.is_none() || newest.household_file_id.is_none() {
        return Err(AgreementError::SignatureWithoutEvidence);
    }
    store::set_confirmed(tx, newest.id, business_date(tx.now()), grant.person()?).await?;
    store::set_present(tx, id, Some(&newest)).await?;
    let after = json!({ "number": newest.number });
    tx.audit(Change::made("agreement.confirmed", "agreement", id.uuid(), after)).await?;
    Ok(())
}

/// All versions of an agreement's terms.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn versions(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: AgreementId,
) -> Result<TermsVersions, AgreementError> {
    let agreement = store::find_visible(db, scope, id).await?.ok_or(AgreementError::NotFound)?;
    let rows = store::terms_of(db, &[id]).await?;
    let items = rows.into_iter().map(|row| TermsVersion::of(agreement.mode, row)).collect();
    Ok(TermsVersions { agreement_id: id, items })
}
