//! What can be done with referral codes: make, end, show, take.

use super::view::{NewReferralCode, Referral, ReferralCode};
use super::{ReferralError, code, store};
use crate::access::Grant;
use crate::access::policy::{KeepReferral, ReadPublic, ViewReferral};
use crate::db::{Change, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::organisation;
use crate::problem::Failure;
use entity::referral_code;
use entity::value::{OrganisationId, ReferralCodeId};
use sea_orm::ConnectionTrait;
use serde_json::json;

/// Makes a code for the caller's enterprise.
///
/// # Errors
/// When the database refuses.
pub(super) async fn make(
    tx: &Tx,
    grant: &Grant<KeepReferral>,
    wanted: &NewReferralCode,
) -> Result<referral_code::Model, ReferralError> {
    let id = ReferralCodeId::generate();
    let row = referral_code::Model {
        id,
        enterprise_id: grant.organisation()?,
        code: code::of(id.uuid()),
        label: wanted.label.as_str().to_owned(),
        created_by: grant.person()?,
        created_at: tx.now(),
        ended_at: None,
        version: 1,
    };
    store::insert(tx, row.clone()).await?;
    let after = json!({ "code": row.code, "label": row.label });
    tx.audit(Change::made("referral.make", "referral_code", id.uuid(), after)).await?;
    Ok(row)
}

/// Ends a code: orders by it stay what they are, and there are no more.
///
/// # Errors
/// Not found; changed meanwhile; ended already.
pub(super) async fn end(
    tx: &Tx,
    grant: &Grant<KeepReferral>,
    id: ReferralCodeId,
    seen: IfMatch,
) -> Result<referral_code::Model, Failure> {
    let row = store::hold(tx, grant.scope(), id).await.map_err(ReferralError::from)?.ok_or(ReferralError::NotFound)?;
    seen.check(row.version)?;
    if row.ended_at.is_some() {
        return Err(ReferralError::Ended.into());
    }
    let row = referral_code::Model { ended_at: Some(tx.now()), ..row };
    let row = store::save(tx, row).await.map_err(ReferralError::from)?;
    let change = Change::moved("referral.end", "referral_code", id.uuid(), "active", "ended");
    tx.audit(change).await.map_err(ReferralError::from)?;
    Ok(row)
}

/// Codes in reach, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewReferral>,
    page: &PageQuery,
    address: &str,
) -> Result<Page<ReferralCode>, Failure> {
    let limit = page.limit()?;
    let rows = store::list(db, grant.scope(), page.after()?, limit + 1).await.map_err(ReferralError::from)?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), |row| ReferralCode::of(row, address)))
}

/// Whose code it is, whoever asks.
///
/// # Errors
/// Nobody has it.
pub(super) async fn look_up(
    db: &impl ConnectionTrait,
    _grant: &Grant<ReadPublic>,
    typed: &str,
) -> Result<Referral, ReferralError> {
    let code = code::parse(typed).ok_or(ReferralError::NotFound)?;
    let row = store::by_code(db, &code).await?.ok_or(ReferralError::NotFound)?;
    let enterprise = organisation::find(db, row.enterprise_id).await?.ok_or(ReferralError::NotFound)?;
    Ok(Referral {
        code: code::grouped(&row.code),
        enterprise_name: enterprise.name,
        is_active: row.ended_at.is_none() && enterprise.is_active,
    })
}

/// The code that a buyer orders by.
///
/// # Errors
/// It is no code, an ended one, or the buyer's own.
pub async fn taken(
    db: &impl ConnectionTrait,
    typed: &str,
    buyer: OrganisationId,
) -> Result<ReferralCodeId, ReferralError> {
    let code = code::parse(typed).ok_or(ReferralError::Unfit)?;
    let row = store::by_code(db, &code).await?.ok_or(ReferralError::Unfit)?;
    if row.ended_at.is_some() || row.enterprise_id == buyer {
        return Err(ReferralError::Unfit);
    }
    Ok(row.id)
}
