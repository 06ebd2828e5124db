//! What can be done with certificates: issue, revoke, demand.

use super::store;
use super::view::{
    CertificateRule, CertificateRules, CertificateState, IssueCertificate, LotCertificate, NewCertificateRule,
    RevokeCertificate,
};
use crate::access::Grant;
use crate::access::policy::{KeepHarvest, SetCertificateRule};
use crate::db::{self, Change, Tx};
use crate::harvest::error::{HarvestError, invalid};
use crate::harvest::lot::{self};
use crate::{catalogue, document};
use chrono::NaiveDate;
use entity::value::{
    CategoryCode, CertificateBasis, CertificateRuleId, Grams, LotCertificateId, LotId, ProductId, business_date,
};
use entity::{certificate_rule, lot as lot_table, lot_certificate};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};

/// Issues a certificate for what a lot holds now.
///
/// # Errors
/// Not found; called back; a field is not acceptable; the number was used for the lot.
pub(super) async fn issue(
    tx: &Tx,
    grant: &Grant<KeepHarvest>,
    id: LotId,
    new: &IssueCertificate,
) -> Result<(), HarvestError> {
    let held = lot::hold_visible(tx, grant.scope(), id).await?.ok_or(HarvestError::NotFound)?;
    let mut faults = Vec::new();
    if !(1..=50).contains(&new.number.trim().chars().count()) {
        faults.push(invalid("/number".to_owned(), "编号应为 1 至 50 个字。", "A number has 1 to 50 characters."));
    }
    if new.issued_on > business_date(tx.now()) || new.issued_on < held.packed_on {
        faults.push(invalid(
            "/issued_on".to_owned(),
            "开具日期应在装批日期与今天之间。",
            "It is issued between the day of packing and today.",
        ));
    }
    let needs_report = matches!(new.basis, CertificateBasis::OwnTest | CertificateBasis::CommissionedTest);
    if needs_report && new.report_file_id.is_none() {
        faults.push(invalid(
            "/report_file_id".to_owned(),
            "以检测为依据时应附检测报告。",
            "A promise that rests on a test comes with its report.",
        ));
    }
    if !faults.is_empty() {
        return Err(HarvestError::Faults(faults));
    }
    if held.recalled_at.is_some() {
        return Err(HarvestError::LotRecalled { lot: id });
    }
    if let Some(file) = new.report_file_id {
        document::require_own(tx, held.supplier_id, &[file]).await?;
    }
    let row = lot_certificate::Model {
        id: LotCertificateId::generate(),
        lot_id: id,
        number: new.number.trim().to_owned(),
        issued_on: new.issued_on,
        basis: new.basis,
        covers_grams: covered(&held)?,
        report_file_id: new.report_file_id,
        issued_by: grant.person()?,
        created_at: tx.now(),
        revoked_at: None,
        revoke_reason: None,
    };
    let after = json!({ "lot_id": id, "number": row.number, "basis": row.basis, "covers_grams": row.covers_grams });
    let made = Change::made("certificate.issued", "lot_certificate", row.id.uuid(), after);
    store::insert(tx, row).await.map_err(|error| {
        let is_there = db::is_duplicate(&error, "lot_certificate", &["lot_id", "number"]);
        if is_there { HarvestError::CertificateExists } else { error.into() }
    })?;
    tx.audit(made).await?;
    Ok(())
}

/// What a certificate covers: all of the lot but what went into other lots. Shipping changes nothing about it.
fn covered(lot: &lot_table::Model) -> Result<Grams, HarvestError> {
    Ok(lot.total_grams.checked_sub(lot.withdrawn_grams)?)
}

/// Revokes a certificate.
///
/// # Errors
/// Not found; a reason is missing.
pub(super) async fn revoke(
    tx: &Tx,
    grant: &Grant<KeepHarvest>,
    (lot, id): (LotId, LotCertificateId),
    wanted: &RevokeCertificate,
) -> Result<(), HarvestError> {
    lot::hold_visible(tx, grant.scope(), lot).await?.ok_or(HarvestError::NotFound)?;
    let known = store::of_lots(tx, &[lot]).await?.into_iter().find(|row| row.id == id && row.revoked_at.is_none());
    known.ok_or(HarvestError::NotFound)?;
    let reason = wanted.reason.trim();
    if !(1..=200).contains(&reason.chars().count()) {
        let (zh, en) = ("原因应为 1 至 200 个字。", "The reason has 1 to 200 characters.");
        return Err(HarvestError::Faults(vec![invalid("/reason".to_owned(), zh, en)]));
    }
    store::revoke(tx, id, reason).await?;
    let moved = Change::moved("certificate.revoked", "lot_certificate", id.uuid(), "issued", "revoked");
    tx.audit(moved.because(reason)).await?;
    Ok(())
}

/// How it stands with a lot's certificate.
pub(in crate::harvest) struct Standing {
    pub(in crate::harvest) state: CertificateState,
    pub(in crate::harvest) is_required: bool,
    pub(in crate::harvest) certificates: Vec<LotCertificate>,
}

/// How it stands with a lot's certificate.
pub(in crate::harvest) async fn standing_of(
    db: &impl ConnectionTrait,
    row: &lot_table::Model,
) -> Result<Standing, DbErr> {
    let certificates = store::of_lots(db, &[row.id]).await?;
    let state = state_of(row, &certificates);
    let rules = store::rules(db).await?;
    let is_required = match catalogue::find_product(db, row.product_id).await? {
        Some(product) if !rules.is_empty() => is_required(&rules, &product.category_code, row.packed_on),
        _ => false,
    };
    Ok(Standing { state, is_required, certificates: certificates.into_iter().map(LotCertificate::from).collect() })
}

fn state_of(lot: &lot_table::Model, certificates: &[lot_certificate::Model]) -> CertificateState {
    let covered = covered(lot).ok();
    let own = || certificates.iter().filter(|row| row.lot_id == lot.id);
    if own().any(|row| row.revoked_at.is_none() && Some(row.covers_grams) == covered) {
        CertificateState::Valid
    } else if own().any(|row| row.revoked_at.is_none()) {
        CertificateState::ReissueNeeded
    } else if own().next().is_some() {
        CertificateState::Revoked
    } else {
        CertificateState::Missing
    }
}

/// The rule for a category on a day: of the nearest category, the one that began last.
fn is_required(rules: &[certificate_rule::Model], category: &CategoryCode, on: NaiveDate) -> bool {
    rules
        .iter()
        .filter(|rule| rule.from_date <= on && category.as_str().starts_with(rule.category_code.as_str()))
        .max_by_key(|rule| (rule.category_code.as_str().len(), rule.from_date, rule.id))
        .is_some_and(|rule| rule.is_required)
}

/// Refuses held lots that need a valid certificate and have none. One question when no rule was ever set.
pub(in crate::harvest) async fn require(tx: &Tx, held: &[lot_table::Model]) -> Result<(), HarvestError> {
    let rules = store::rules(tx).await?;
    if rules.is_empty() {
        return Ok(());
    }
    let products: BTreeSet<ProductId> = held.iter().map(|row| row.product_id).collect();
    let products = catalogue::find_products(tx, &products.into_iter().collect::<Vec<_>>()).await?;
    let categories: HashMap<ProductId, CategoryCode> =
        products.into_iter().map(|row| (row.id, row.category_code)).collect();
    let ids: Vec<LotId> = held.iter().map(|row| row.id).collect();
    let certificates = store::of_lots(tx, &ids).await?;
    for row in held {
        let needs = categories.get(&row.product_id).is_some_and(|code| is_required(&rules, code, row.packed_on));
        if needs && state_of(row, &certificates) != CertificateState::Valid {
            return Err(HarvestError::LotNotCertified { lot: row.id });
        }
    }
    Ok(())
}

/// The certificates of lots that were not revoked, oldest first: for whoever shows lots to the public.
///
/// # Errors
/// When the database cannot be asked.
pub async fn certificates_of(db: &impl ConnectionTrait, lots: &[LotId]) -> Result<Vec<LotCertificate>, DbErr> {
    let rows = store::of_lots(db, lots).await?;
    Ok(rows.into_iter().filter(|row| row.revoked_at.is_none()).map(LotCertificate::from).collect())
}

/// Says whether a category needs certificates, from a day on.
///
/// # Errors
/// The category is unknown.
pub(super) async fn set_rule(
    tx: &Tx,
    grant: &Grant<SetCertificateRule>,
    new: &NewCertificateRule,
) -> Result<CertificateRule, HarvestError> {
    if catalogue::find_category(tx, &new.category_code).await?.is_none() {
        let (zh, en) = ("没有这个品类。", "There is no such category.");
        return Err(HarvestError::Faults(vec![invalid("/category_code".to_owned(), zh, en)]));
    }
    let row = certificate_rule::Model {
        id: CertificateRuleId::generate(),
        category_code: new.category_code.clone(),
        from_date: new.from_date,
        is_required: new.is_required,
        set_by: grant.person()?,
        created_at: tx.now(),
    };
    store::insert_rule(tx, row.clone()).await?;
    let after = json!({
        "category_code": row.category_code, "from_date": row.from_date, "is_required": row.is_required,
    });
    tx.audit(Change::made("certificate.rule_set", "certificate_rule", row.id.uuid(), after)).await?;
    Ok(row.into())
}

/// Every rule.
///
/// # Errors
/// When the database cannot be asked.
pub(super) async fn rules(db: &impl ConnectionTrait) -> Result<CertificateRules, DbErr> {
    Ok(CertificateRules { items: store::rules(db).await?.into_iter().map(CertificateRule::from).collect() })
}
