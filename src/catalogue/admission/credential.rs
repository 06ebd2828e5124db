//! Papers of a supplier: what they must say, and what happens when they end.
//!
//! Promises: a licence's number is what its issuer could have given, and for the place claimed; a supplier is warned
//! once at each of 90, 30 and 7 days; on the day after the last, what rests on the paper is held back, and returns when
//! it is renewed. What the platform suspended stays so until the platform says otherwise.

use super::error::AdmissionError;
use super::event::CredentialEnding;
use super::state::{self, Step};
use super::{store, view};
use crate::catalogue::check::Check;
use crate::catalogue::product;
use crate::catalogue::scheme::{WARNINGS, warning_due};
use crate::db::{Change, Tx};
use crate::{document, organisation, region};
use chrono::NaiveDate;
use entity::value::{AdmissionState, AreaCode, DocumentKind, FoodLicenceNumber, OrganisationId, business_date};
use entity::{admission, admission_document};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// Without these the supplier itself cannot sell.
const SUPPLIERS_OWN: &[DocumentKind] = &[
    DocumentKind::BusinessLicence,
    DocumentKind::LegalRepresentative,
    DocumentKind::AccountPermit,
    DocumentKind::BenefitMechanism,
];

/// Those of the suppliers that are admitted.
pub(in crate::catalogue) async fn admitted_among(
    db: &impl ConnectionTrait,
    suppliers: &[OrganisationId],
) -> Result<HashSet<OrganisationId>, DbErr> {
    store::admitted_among(db, suppliers).await
}

/// Those of the suppliers whose food production licence (食品生产许可证) holds on a day.
pub(in crate::catalogue) async fn licensed_among(
    db: &impl ConnectionTrait,
    suppliers: &[OrganisationId],
    day: NaiveDate,
) -> Result<HashSet<OrganisationId>, DbErr> {
    store::with_valid_document(db, suppliers, DocumentKind::FoodProductionLicence, day).await
}

/// The number of each supplier's food production licence, whether it holds or not; those without one are left out.
pub(in crate::catalogue) async fn food_licences(
    db: &impl ConnectionTrait,
    suppliers: &[OrganisationId],
) -> Result<HashMap<OrganisationId, FoodLicenceNumber>, DbErr> {
    let papers = store::papers_among(db, suppliers, DocumentKind::FoodProductionLicence).await?;
    let number = |paper: &admission_document::Model| FoodLicenceNumber::parse(paper.number.as_deref()?).ok();
    Ok(papers.into_iter().filter_map(|(supplier, paper)| Some((supplier, number(&paper)?))).collect())
}

/// Suppliers whose food production licence ended before a day.
pub(in crate::catalogue) async fn unlicensed(
    db: &impl ConnectionTrait,
    day: NaiveDate,
) -> Result<Vec<OrganisationId>, DbErr> {
    store::with_ended_document(db, DocumentKind::FoodProductionLicence, day).await
}

/// Hands in a paper instead of the one before.
pub(super) async fn put(
    tx: &Tx,
    held: &admission::Model,
    kind: DocumentKind,
    wanted: &view::PutDocument,
    operation: &str,
) -> Result<(), AdmissionError> {
    check(tx, held, kind, wanted).await?;
    let files = document::require_own(tx, held.organisation_id, &[wanted.file_id]).await?;
    let trimmed = |text: &Option<String>| text.as_deref().map(|text| text.trim().to_owned());
    let row = admission_document::Model {
        admission_id: held.id,
        kind,
        file_id: wanted.file_id,
        issuer: trimmed(&wanted.issuer),
        number: trimmed(&wanted.number),
        valid_from: wanted.valid_from,
        valid_to: wanted.valid_to,
        warned_days: None,
    };
    store::put_document(tx, row).await?;
    let after = json!({
        "document": kind, "sha256": files.iter().map(|file| &file.sha256).collect::<Vec<_>>(),
        "valid_to": wanted.valid_to,
    });
    Ok(tx.audit(Change::made(operation, "admission", held.id.uuid(), after)).await?)
}

async fn check(
    tx: &Tx,
    held: &admission::Model,
    kind: DocumentKind,
    wanted: &view::PutDocument,
) -> Result<(), AdmissionError> {
    let today = business_date(tx.now());
    let number = wanted.number.as_deref().map(str::trim);
    let licence = match (kind, number) {
        (DocumentKind::FoodProductionLicence, number) => Some(FoodLicenceNumber::parse(number.unwrap_or_default())),
        _ => None,
    };
    let is_own_code = match (kind, number) {
        (DocumentKind::BusinessLicence, Some(number)) => {
            let applicant = organisation::find(tx, held.organisation_id).await?;
            applicant.and_then(|found| found.credit_code).is_some_and(|code| code.as_str() == number)
        }
        _ => true,
    };
    Check::new()
        .text_if_any("/issuer", wanted.issuer.as_deref(), 200)
        .text_if_any("/number", wanted.number.as_deref(), 100)
        .that(
            licence.as_ref().is_none_or(Result::is_ok),
            "/number",
            "应为食品生产许可证编号：SC 加 14 位数字，末位校验码正确。",
            "The number of a food production licence is expected: SC and 14 digits with a valid check digit.",
        )
        .that(
            is_own_code,
            "/number",
            "应为本单位的统一社会信用代码。",
            "The organisation's own unified social credit code is expected.",
        )
        .that(
            wanted.valid_to.is_none_or(|last| today <= last),
            "/valid_to",
            "证件已过期。",
            "The paper is not valid any more.",
        )
        .that(
            wanted.valid_from.is_none_or(|first| wanted.valid_to.is_none_or(|last| first <= last)),
            "/valid_from",
            "应不晚于 valid_to。",
            "It cannot be after valid_to.",
        )
        .done()?;
    if let Some(Ok(licence)) = licence {
        require_county(tx, held, &licence).await?;
    }
    Ok(())
}

/// The licence is of the county that the application claims, by its code on the list or of today.
async fn require_county(tx: &Tx, held: &admission::Model, licence: &FoodLicenceNumber) -> Result<(), AdmissionError> {
    let digits = licence.county_digits();
    let county = match AreaCode::parse(digits) {
        Ok(code) => region::relief_county(tx, &code).await?,
        Err(_) => None,
    };
    if county.is_some_and(|county| county.current_code == held.county_code) {
        return Ok(());
    }
    Err(AdmissionError::LicenceCounty { licence: digits.to_owned(), claimed: held.county_code.clone() })
}

/// The application after a paper of it was renewed: active again when the house had suspended it and nothing of its
/// papers has ended.
pub(super) async fn after_renewal(tx: &Tx, held: admission::Model) -> Result<admission::Model, AdmissionError> {
    if held.state != AdmissionState::Suspended {
        return Ok(held);
    }
    // The house writes no decision: only people do.
    let last = store::decisions(tx, held.id).await?.pop().map(|decision| decision.to_state);
    let today = business_date(tx.now());
    let is_over = |paper: &admission_document::Model| paper.valid_to.is_some_and(|end| end < today);
    let papers = store::documents(tx, held.id).await?;
    let hinders = papers.iter().any(|paper| SUPPLIERS_OWN.contains(&paper.kind) && is_over(paper));
    if last == Some(AdmissionState::Suspended) || hinders {
        return Ok(held);
    }
    let to = state::next(held.state, Step::Reinstate)?;
    let moved = Change::moved("admission.reinstate", "admission", held.id.uuid(), held.state.as_str(), to.as_str());
    tx.audit(moved.because("资质已更新")).await?;
    Ok(admission::Model { state: to, return_reason: None, ..held })
}

/// Tells suppliers of papers that end in 90, 30 or 7 days, once for each.
pub(in crate::catalogue) async fn warn(tx: &Tx) -> Result<(), DbErr> {
    let today = business_date(tx.now());
    let last_warning = WARNINGS.last().and_then(|days| i32::try_from(*days).ok()).unwrap_or_default();
    let far = today + chrono::Duration::days(WARNINGS.first().copied().unwrap_or_default());
    let mut told = Vec::new();
    for (paper, organisation) in store::ending(tx, today, far, last_warning).await? {
        let Some(valid_to) = paper.valid_to else { continue };
        let Some(days) = warning_due(today, valid_to, paper.warned_days) else { continue };
        store::warned(tx, &paper, days).await?;
        told.push(CredentialEnding {
            organisation,
            paper: view::document_name(paper.kind).to_owned(),
            number: paper.number,
            valid_to,
            warning_days: Some(days),
        });
    }
    tx.emit_all(&told).await
}

/// Suspends suppliers one of whose own papers has ended.
pub(in crate::catalogue) async fn lapse(tx: &Tx) -> Result<(), DbErr> {
    let today = business_date(tx.now());
    for held in store::lapsed(tx, AdmissionState::Active, SUPPLIERS_OWN, today).await? {
        let Ok(to) = state::next(held.state, Step::Suspend) else { continue };
        let papers = store::documents(tx, held.id).await?;
        let over = papers
            .into_iter()
            .filter(|paper| SUPPLIERS_OWN.contains(&paper.kind) && paper.valid_to.is_some_and(|end| end < today));
        let told: Vec<_> = over
            .filter_map(|paper| {
                Some(CredentialEnding {
                    organisation: held.organisation_id,
                    paper: view::document_name(paper.kind).to_owned(),
                    number: paper.number,
                    valid_to: paper.valid_to?,
                    warning_days: None,
                })
            })
            .collect();
        let names: Vec<_> = told.iter().map(|told| format!("{}（{} 到期）", told.paper, told.valid_to)).collect();
        let reason = format!("资质过期：{}", names.join("、"));
        let moved = Change::moved("admission.suspend", "admission", held.id.uuid(), held.state.as_str(), to.as_str());
        tx.audit(moved.because(&reason)).await?;
        let (supplier, version) = (held.organisation_id, held.version + 1);
        let stopped_at = Some(tx.now());
        let row = admission::Model {
            state: to,
            return_reason: Some(reason),
            stopped_at,
            updated_at: tx.now(),
            version,
            ..held
        };
        store::update(tx, &row).await?;
        product::hold::hold_supplier(tx, supplier).await?;
        tx.emit_all(&told).await?;
    }
    Ok(())
}
