//! What can be done with certificates: issue, show, set in type, revoke, check.

use super::content::{CertificateFigures, RULE, RULE_VERSION, Subject, sheet};
use super::store::{self, Asked};
use super::view::{AidCertificate, AidCertificateCheck, AidCertificateFilter, NewAidCertificate, RevokeAidCertificate};
use crate::access::policy::{IssueAidCertificate, ReadPublic, RevokeAidCertificate as MayRevoke, ViewAidCertificate};
use crate::access::{Grant, SmallestGroup, four_eyes};
use crate::db::{Change, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::organisation;
use crate::pairing::PairingError;
use crate::paper::{self, PaperError, Sheet, Typesetter};
use crate::problem::{Failure, FieldProblem, Text};
use crate::secrecy::sha256_hex;
use chrono::Datelike;
use entity::value::{AidCertificateId, OrganisationId, OrganisationKind, business_date};
use entity::{aid_certificate, aid_certificate_revocation, organisation as organisation_row};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::HashMap;

/// The longest span, in days.
const LONGEST_DAYS: i64 = 3_700;

/// What certificates are set with, where they are checked, and from how many households on they are counted.
pub(super) struct Press<'a> {
    /// The type.
    pub typesetter: &'a Typesetter,
    /// Where the public reaches this house.
    pub address: String,
    /// The smallest group of households told to the public.
    pub least: u32,
}

impl Press<'_> {
    fn set(&self, sheet: &Sheet, code: &str) -> Result<(Vec<u8>, String), PaperError> {
        paper::set(sheet, code, &format!("{}/api/v1/aid-certificate-checks/{code}", self.address), self.typesetter)
    }
}

/// The code of a content.
fn code_of(kept: &str) -> String {
    paper::code_for("aid-certificate/1", kept)
}

/// The question, the rule and the answer, in one hash.
fn digest(asked: &Asked, figures: &str) -> String {
    let question = json!([asked.enterprise, asked.county, asked.span.0, asked.span.1, RULE_VERSION]);
    sha256_hex(format!("{question}\n{figures}").as_bytes())
}

/// What counts for a certificate.
async fn counted(tx: &Tx, asked: &Asked, least: u32) -> Result<CertificateFigures, PairingError> {
    let households = SmallestGroup::public(least).shown(store::households(tx, asked).await?);
    let kinds = store::kinds(tx, asked).await?;
    let figures = CertificateFigures::of(kinds, store::villages(tx, asked).await?, households);
    if figures.kinds.is_empty() { Err(PairingError::NothingVerified) } else { Ok(figures) }
}

/// The office that issues and the enterprise it is for; whoever holds the office's row gives out its next number.
async fn sides(
    tx: &Tx,
    office: OrganisationId,
    enterprise: OrganisationId,
) -> Result<(organisation_row::Model, organisation_row::Model), PairingError> {
    let issuer = organisation::hold(tx, office).await?.ok_or(PairingError::NotFound)?;
    let enterprise = organisation::find(tx, enterprise).await?;
    let enterprise = enterprise.filter(|found| found.kind == OrganisationKind::Enterprise);
    Ok((issuer, enterprise.ok_or(PairingError::NoEnterprise)?))
}

/// Issues a certificate over what is verified of an enterprise in the office's county.
///
/// # Errors
/// Days that are no span of the past; no such enterprise; one of the same days holds; nothing is verified; no font.
pub(super) async fn issue(
    tx: &Tx,
    grant: &Grant<IssueAidCertificate>,
    wanted: &NewAidCertificate,
    press: &Press<'_>,
) -> Result<AidCertificate, PairingError> {
    let today = business_date(tx.now());
    let days = (wanted.until - wanted.from).num_days();
    if !(0..LONGEST_DAYS).contains(&days) || wanted.until > today {
        let detail = Text::new(
            "统计期应在今天之前且不超过十年。",
            "The span ends today at the latest and has at most ten years.",
        );
        return Err(PairingError::Fields(vec![FieldProblem { pointer: "/until".to_owned(), detail }]));
    }
    let (issuer, enterprise) = sides(tx, grant.organisation()?, wanted.enterprise_id).await?;
    let county = issuer.division_code.clone();
    let asked = Asked { enterprise: enterprise.id, county: county.clone(), span: (wanted.from, wanted.until) };
    if store::holds(tx, &asked).await? {
        return Err(PairingError::CertificateExists);
    }
    let figures = counted(tx, &asked, press.least).await?;
    let kept = serde_json::to_string(&figures).map_err(|_| PairingError::Unreadable)?;
    let digest = digest(&asked, &kept);
    let year = today.year();
    let serial = store::last_serial(tx, &county, year).await? + 1;
    let number = format!("BF-{county}-{year}-{serial:04}");
    let subject = Subject {
        number: &number,
        enterprise: (&enterprise.name, enterprise.credit_code.as_ref().map(ToString::to_string)),
        issuer: &issuer.name,
        span: asked.span,
        issued_on: today,
        digest: &digest,
    };
    let written = sheet(&subject, &figures);
    let content = serde_json::to_string(&written).map_err(|_| PairingError::Unreadable)?;
    let code = code_of(&content);
    let (_, sha256) = press.set(&written, &code)?;
    let row = aid_certificate::Model {
        id: AidCertificateId::generate(),
        county_code: county,
        year,
        serial,
        number,
        issuer_id: issuer.id,
        enterprise_id: enterprise.id,
        from_date: wanted.from,
        until_date: wanted.until,
        rule_version: RULE_VERSION,
        figures: kept,
        digest,
        content,
        code,
        sha256,
        issued_by: grant.person()?,
        issued_at: tx.now(),
    };
    store::insert(tx, row.clone()).await?;
    let after = json!({ "number": row.number, "enterprise_id": row.enterprise_id, "digest": row.digest });
    tx.audit(Change::made("aid_certificate.issue", "aid_certificate", row.id.uuid(), after)).await?;
    let names = HashMap::from([(issuer.id, issuer.name), (enterprise.id, enterprise.name)]);
    Ok(AidCertificate::of(row, figures, &names, None))
}

/// Revokes a certificate, with a reason that whoever checks it sees.
///
/// # Errors
/// Not found; revoked already; the same person issued it.
pub(super) async fn revoke(
    tx: &Tx,
    grant: &Grant<MayRevoke>,
    id: AidCertificateId,
    seen: IfMatch,
    wanted: &RevokeAidCertificate,
) -> Result<AidCertificate, Failure> {
    let row = store::find(tx, grant.scope(), id).await.map_err(PairingError::from)?.ok_or(PairingError::NotFound)?;
    let before = store::revocations(tx, &[id]).await.map_err(PairingError::from)?;
    if before.contains_key(&id) {
        return Err(PairingError::CertificateRevoked.into());
    }
    seen.check(1)?;
    let person = grant.person()?;
    four_eyes::apart([row.issued_by], person)?;
    let revocation = aid_certificate_revocation::Model {
        certificate_id: id,
        reason: wanted.reason.as_str().to_owned(),
        organisation_id: grant.organisation()?,
        revoked_by: person,
        revoked_at: tx.now(),
    };
    store::revoke(tx, revocation.clone()).await.map_err(PairingError::from)?;
    let change = Change::moved("aid_certificate.revoke", "aid_certificate", id.uuid(), "valid", "revoked");
    tx.audit(change.because(wanted.reason.as_str())).await.map_err(PairingError::from)?;
    let names = names(tx, std::slice::from_ref(&row)).await.map_err(PairingError::from)?;
    Ok(AidCertificate::of(row.clone(), figures_of(&row)?, &names, Some(revocation)))
}

fn figures_of(row: &aid_certificate::Model) -> Result<CertificateFigures, PairingError> {
    serde_json::from_str(&row.figures).map_err(|_| PairingError::Unreadable)
}

async fn names(
    db: &impl ConnectionTrait,
    rows: &[aid_certificate::Model],
) -> Result<HashMap<OrganisationId, String>, DbErr> {
    let mut ids: Vec<OrganisationId> = rows.iter().flat_map(|row| [row.issuer_id, row.enterprise_id]).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(organisation::find_many(db, &ids).await?.into_iter().map(|party| (party.id, party.name)).collect())
}

async fn shown(
    db: &impl ConnectionTrait,
    rows: Vec<aid_certificate::Model>,
) -> Result<Vec<AidCertificate>, PairingError> {
    let names = names(db, &rows).await?;
    let ids: Vec<AidCertificateId> = rows.iter().map(|row| row.id).collect();
    let mut revocations = store::revocations(db, &ids).await?;
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let (figures, revocation) = (figures_of(&row)?, revocations.remove(&row.id));
        views.push(AidCertificate::of(row, figures, &names, revocation));
    }
    Ok(views)
}

/// A certificate in reach.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewAidCertificate>,
    id: AidCertificateId,
) -> Result<AidCertificate, PairingError> {
    let row = store::find(db, grant.scope(), id).await?.ok_or(PairingError::NotFound)?;
    shown(db, vec![row]).await?.pop().ok_or(PairingError::NotFound)
}

/// Certificates in reach, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewAidCertificate>,
    wanted: AidCertificateFilter,
) -> Result<Page<AidCertificate>, Failure> {
    let AidCertificateFilter { enterprise_id, limit, cursor } = wanted;
    let page = PageQuery { limit, cursor };
    let limit = page.limit()?;
    let rows = store::list(db, grant.scope(), enterprise_id, page.after()?, limit + 1);
    let rows = rows.await.map_err(PairingError::from)?;
    let views = shown(db, rows).await?;
    Ok(Page::of(views, limit, |view| view.id.uuid(), |view| view))
}

/// The file of a certificate in reach: what it says set in type again, the same bytes as when it was issued.
///
/// # Errors
/// Not found, or out of reach; another font.
pub(super) async fn file(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewAidCertificate>,
    id: AidCertificateId,
    press: &Press<'_>,
) -> Result<(String, Vec<u8>), PairingError> {
    let row = store::find(db, grant.scope(), id).await?.ok_or(PairingError::NotFound)?;
    let sheet: Sheet = serde_json::from_str(&row.content).map_err(|_| PairingError::Unreadable)?;
    let (pdf, sha256) = press.set(&sheet, &row.code)?;
    if sha256 == row.sha256 { Ok((row.number, pdf)) } else { Err(PaperError::FontChanged.into()) }
}

/// What a code stands for, whoever asks.
///
/// # Errors
/// No certificate has it.
pub(super) async fn check(
    db: &impl ConnectionTrait,
    _grant: &Grant<ReadPublic>,
    code: &str,
) -> Result<AidCertificateCheck, PairingError> {
    let row = store::by_code(db, &paper::normal(code)).await?.ok_or(PairingError::NotFound)?;
    let figures = figures_of(&row)?;
    let asked =
        Asked { enterprise: row.enterprise_id, county: row.county_code.clone(), span: (row.from_date, row.until_date) };
    let is_genuine = code_of(&row.content) == row.code && digest(&asked, &row.figures) == row.digest;
    let names = names(db, std::slice::from_ref(&row)).await?;
    let name = |id: OrganisationId| names.get(&id).cloned().unwrap_or_default();
    let revocation = store::revocations(db, &[row.id]).await?.remove(&row.id);
    Ok(AidCertificateCheck {
        is_valid: is_genuine && revocation.is_none(),
        is_genuine,
        revocation: revocation.map(Into::into),
        enterprise_name: name(row.enterprise_id),
        issuer_name: name(row.issuer_id),
        code: row.code,
        number: row.number,
        from: row.from_date,
        until: row.until_date,
        figures,
        rule: RULE.to_owned(),
        rule_version: row.rule_version,
        digest: row.digest,
        sha256: row.sha256,
        issued_at: row.issued_at,
    })
}
