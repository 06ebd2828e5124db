//! Certificates of a product: shown, renewed, revoked, and asked about for a day.
//!
//! Promises: a certificate that was once shown is never deleted, so that what counted on a past day can be said; a
//! renewal changes no content and needs no review; a revocation takes effect on the shelf at once.

use super::error::CatalogueError;
use super::event::ProductChanged;
use super::{hold, shown, store, view};
use crate::access::Grant;
use crate::access::policy::{KeepProduct, ReadPublic, ReviewProduct, ViewProductDraft};
use crate::catalogue::admission::CredentialEnding;
use crate::catalogue::check::Check;
use crate::catalogue::scheme::{self, WARNINGS, warning_due};
use crate::db::{Change, Tx};
use crate::document;
use crate::http::IfMatch;
use chrono::NaiveDate;
use entity::value::{CertificateId, CertificateScheme, OrganisationId, ProductId, ProductState, business_date};
use entity::{product, product_certificate};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Under which schemes each of the products counted as certified on a day, such as an order's.
///
/// # Errors
/// When the database cannot be asked.
pub async fn certified_on(
    db: &impl ConnectionTrait,
    products: &[ProductId],
    day: NaiveDate,
) -> Result<HashMap<ProductId, Vec<CertificateScheme>>, DbErr> {
    let held = store::certificates(db, products).await?;
    Ok(products.iter().map(|id| (*id, shown::schemes_on(held.get(id), day))).collect())
}

/// What a product is to be shown with.
pub(super) struct Wanted<'a> {
    /// The product.
    pub(super) product: ProductId,
    /// All its certificates.
    pub(super) certificates: &'a [view::NewCertificate],
}

/// What becomes of the certificates of products.
#[derive(Default)]
struct Outcome {
    changed: Vec<product_certificate::Model>,
    new: Vec<product_certificate::Model>,
}

/// Shows these certificates of a supplier's products instead of those before. One of the same scheme and number goes
/// on, with what is known of it; one that is no longer shown is kept, for the days before.
pub(super) async fn replace(tx: &Tx, supplier: OrganisationId, wanted: &[Wanted<'_>]) -> Result<(), CatalogueError> {
    // One scan may show several certificates.
    let shown = wanted.iter().flat_map(|wanted| wanted.certificates);
    let files: BTreeSet<_> = shown.filter_map(|certificate| certificate.file_id).collect();
    document::require_own(tx, supplier, &files.into_iter().collect::<Vec<_>>()).await?;
    let ids: Vec<_> = wanted.iter().map(|wanted| wanted.product).collect();
    let mut known = store::certificates(tx, &ids).await?;
    let today = business_date(tx.now());
    let mut outcome = Outcome::default();
    for wanted in wanted {
        replace_one(&mut outcome, wanted, known.remove(&wanted.product).unwrap_or_default(), today)?;
    }
    let Outcome { changed, new } = outcome;
    let is_written = store::update_certificates(tx, &changed).await? && store::put_certificates(tx, new).await?;
    if is_written { Ok(()) } else { Err(CatalogueError::CertificateTwice) }
}

fn replace_one(
    outcome: &mut Outcome,
    wanted: &Wanted<'_>,
    known: Vec<product_certificate::Model>,
    today: NaiveDate,
) -> Result<(), CatalogueError> {
    let mut by_number: HashMap<_, _> = known.into_iter().map(|row| ((row.scheme, row.number.clone()), row)).collect();
    let mut seen = BTreeSet::new();
    for certificate in wanted.certificates {
        let number = certificate.number.trim().to_owned();
        if !seen.insert((certificate.scheme, number.clone())) {
            return Err(CatalogueError::CertificateTwice);
        }
        let before = by_number.remove(&(certificate.scheme, number.clone()));
        let row = product_certificate::Model {
            id: CertificateId::generate(),
            product_id: wanted.product,
            scheme: certificate.scheme,
            issuer: certificate.issuer.trim().to_owned(),
            number,
            valid_from: certificate.valid_from,
            valid_to: certificate.valid_to,
            file_id: certificate.file_id,
            revoked_on: None,
            revoked_because: None,
            withdrawn_on: None,
            warned_days: None,
        };
        let Some(before) = before else {
            outcome.new.push(row);
            continue;
        };
        match scheme::goes_on(&before, row.valid_from) {
            Some(valid_from) => {
                let same_end = before.valid_to == row.valid_to;
                outcome.changed.push(product_certificate::Model {
                    id: before.id,
                    valid_from,
                    revoked_on: before.revoked_on,
                    revoked_because: before.revoked_because,
                    warned_days: before.warned_days.filter(|_| same_end),
                    ..row
                });
            }
            None => {
                outcome.changed.extend(ended(before, today));
                outcome.new.push(row);
            }
        }
    }
    outcome.changed.extend(by_number.into_values().filter_map(|left| ended(left, today)));
    Ok(())
}

/// A certificate that is no longer shown from this day on; nothing when it was not shown before.
fn ended(row: product_certificate::Model, today: NaiveDate) -> Option<product_certificate::Model> {
    let is_shown = row.withdrawn_on.is_none();
    is_shown.then_some(product_certificate::Model { withdrawn_on: Some(today), ..row })
}

async fn update(tx: &Tx, row: product_certificate::Model) -> Result<(), CatalogueError> {
    if store::update_certificates(tx, &[row]).await? { Ok(()) } else { Err(CatalogueError::CertificateTwice) }
}

/// Puts a later paper in the place of a certificate. What was held back because it had ended returns to the shelf.
///
/// # Errors
/// When there is no such certificate in reach, it was revoked, or the paper has ended too.
pub async fn renew(
    tx: &Tx,
    grant: &Grant<KeepProduct>,
    id: ProductId,
    certificate: CertificateId,
    seen: IfMatch,
    wanted: &view::RenewCertificate,
) -> Result<view::Product, CatalogueError> {
    let (product, held) = hold_both(tx, grant.scope(), id, certificate, seen).await?;
    let today = business_date(tx.now());
    Check::new()
        .text_if_any("/number", wanted.number.as_deref(), 100)
        .that(
            wanted.valid_to.is_none_or(|last| today <= last && wanted.valid_from <= last),
            "/valid_to",
            "应不早于今天和 valid_from。",
            "It cannot be before today or before valid_from.",
        )
        .done()?;
    document::require_own(tx, product.supplier_id, &[wanted.file_id]).await?;
    let number = wanted.number.as_deref().map_or_else(|| held.number.clone(), |number| number.trim().to_owned());
    if held.revoked_on.is_some() && number == held.number {
        return Err(CatalogueError::Revoked);
    }
    let row = product_certificate::Model {
        number,
        valid_from: wanted.valid_from,
        valid_to: wanted.valid_to,
        file_id: Some(wanted.file_id),
        revoked_on: None,
        revoked_because: None,
        warned_days: None,
        ..held.clone()
    };
    match scheme::goes_on(&held, wanted.valid_from).filter(|_| row.number == held.number) {
        Some(valid_from) => {
            update(tx, product_certificate::Model { valid_from, ..row }).await?;
        }
        // Another number, or a term after a gap: the paper before is kept for its days.
        None => {
            if let Some(held) = ended(held, today) {
                update(tx, held).await?;
            }
            let row = product_certificate::Model { id: CertificateId::generate(), ..row };
            if !store::put_certificates(tx, vec![row]).await? {
                return Err(CatalogueError::CertificateTwice);
            }
        }
    }
    let after = json!({ "certificate": certificate, "valid_to": wanted.valid_to });
    tx.audit(Change::made("product.renew_certificate", "product", id.uuid(), after)).await?;
    hold::resume(tx, Some(product.supplier_id)).await?;
    changed(tx, id).await
}

/// Writes down that an issuer no longer stands by a certificate. Where a product may not be sold without it, it leaves
/// the shelf.
///
/// # Errors
/// When there is no such certificate, or the day is not one of its own.
pub async fn revoke(
    tx: &Tx,
    grant: &Grant<ReviewProduct>,
    id: ProductId,
    certificate: CertificateId,
    seen: IfMatch,
    wanted: &view::RevokeProductCertificate,
) -> Result<view::Product, CatalogueError> {
    let (_, held) = hold_both(tx, grant.scope(), id, certificate, seen).await?;
    let today = business_date(tx.now());
    Check::new()
        .text("/reason", &wanted.reason, 500)
        .that(
            held.valid_from <= wanted.revoked_on && wanted.revoked_on <= today,
            "/revoked_on",
            "应在证书生效之后、今天或之前。",
            "It lies within the certificate's term and not after today.",
        )
        .done()?;
    let row = product_certificate::Model {
        revoked_on: Some(wanted.revoked_on),
        revoked_because: Some(wanted.reason.clone()),
        ..held
    };
    update(tx, row).await?;
    let after = json!({ "certificate": certificate, "revoked_on": wanted.revoked_on });
    let made = Change::made("product.revoke_certificate", "product", id.uuid(), after);
    tx.audit(made.because(&wanted.reason)).await?;
    hold::hold(tx, Some(&[id])).await?;
    changed(tx, id).await
}

async fn hold_both(
    tx: &Tx,
    scope: &crate::access::Scope,
    id: ProductId,
    certificate: CertificateId,
    seen: IfMatch,
) -> Result<(product::Model, product_certificate::Model), CatalogueError> {
    let product = store::find_for_change(tx, scope, id).await?.ok_or(CatalogueError::NotFound)?;
    let held = store::certificate_for_change(tx, id, certificate).await?.ok_or(CatalogueError::NotFound)?;
    if seen.0 == product.version { Ok((product, held)) } else { Err(CatalogueError::Stale) }
}

/// Counts the product's version up, tells, and shows it.
async fn changed(tx: &Tx, id: ProductId) -> Result<view::Product, CatalogueError> {
    let row = store::find(tx, id).await?.ok_or(CatalogueError::NotFound)?;
    let row = product::Model { updated_at: tx.now(), version: row.version + 1, ..row };
    store::update(tx, &row).await?;
    if row.state == ProductState::OnShelf {
        tx.emit(&ProductChanged { product: id }).await?;
    }
    shown::show(tx, vec![row], true).await?.pop().ok_or(CatalogueError::NotFound)
}

/// What a product's certificates were good for on a day.
///
/// # Errors
/// When the product is not there for this caller.
pub async fn certifications(
    db: &impl ConnectionTrait,
    grant: &Grant<ReadPublic>,
    id: ProductId,
    on: NaiveDate,
) -> Result<view::Certifications, CatalogueError> {
    let inside = match Grant::<ViewProductDraft>::claim(grant.actor()) {
        Ok(inside) => store::find_visible(db, inside.scope(), id).await?,
        Err(_) => None,
    };
    if inside.is_none() && store::on_shelf_among(db, &[id]).await?.is_empty() {
        return Err(CatalogueError::NotFound);
    }
    let held = store::certificates(db, &[id]).await?;
    let schemes = shown::schemes_on(held.get(&id), on);
    let items = held.into_values().flatten().map(|row| view::Certification {
        is_valid: scheme::is_valid_on(&row, on),
        counts: scheme::counts_on(&row, on),
        certificate: shown::show_certificate(row),
    });
    Ok(view::Certifications { on, items: items.collect(), schemes })
}

/// Tells suppliers of certificates that end in 90, 30 or 7 days, once for each.
pub(in crate::catalogue) async fn warn(tx: &Tx) -> Result<(), DbErr> {
    let today = business_date(tx.now());
    let last_warning = WARNINGS.last().and_then(|days| i32::try_from(*days).ok()).unwrap_or_default();
    let far = today + chrono::Duration::days(WARNINGS.first().copied().unwrap_or_default());
    let mut by_days: BTreeMap<i32, Vec<CertificateId>> = BTreeMap::new();
    let mut told = Vec::new();
    for ending in store::ending_certificates(tx, today, far, last_warning).await? {
        let held = ending.certificate;
        let Some(valid_to) = held.valid_to else { continue };
        let Some(days) = warning_due(today, valid_to, held.warned_days) else { continue };
        by_days.entry(days).or_default().push(held.id);
        let name = scheme::terms_of(held.scheme).names.first().copied().unwrap_or("证书");
        told.push(CredentialEnding {
            organisation: ending.supplier,
            paper: format!("{name}（{}）", ending.product_name),
            number: Some(held.number),
            valid_to,
            warning_days: Some(days),
        });
    }
    for (days, ids) in by_days {
        store::warned(tx, &ids, days).await?;
    }
    tx.emit_all(&told).await
}

/// Takes down what may not be on the shelf today, and puts back what may again.
pub(in crate::catalogue) async fn hold_back(tx: &Tx) -> Result<(), DbErr> {
    hold::hold(tx, None).await?;
    hold::resume(tx, None).await
}
