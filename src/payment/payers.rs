//! Declared payers (约定付款人): in whose name else a buyer's money may come, such as its finance department or a parent.
//!
//! Money that comes in the name of one buyer does not pay another's orders, unless the other declared it.

use super::view::{DeclarePayer, DeclaredPayer};
use super::{PaymentError, store};
use crate::access::Grant;
use crate::access::policy::{DeclarePayer as MayDeclare, ViewDeclaredPayer};
use crate::db::{self, Change, Tx};
use crate::http::{Page, PageQuery};
use crate::problem::Failure;
use entity::declared_payer;
use entity::value::DeclaredPayerId;
use sea_orm::ConnectionTrait;
use serde_json::json;

/// Declares in whose name else one's own money may come.
///
/// # Errors
/// It was declared before.
pub(super) async fn declare(
    tx: &Tx,
    grant: &Grant<MayDeclare>,
    wanted: &DeclarePayer,
) -> Result<DeclaredPayer, PaymentError> {
    let row = declared_payer::Model {
        id: DeclaredPayerId::generate(),
        buyer_id: grant.organisation()?,
        payer_name: wanted.payer_name.as_str().to_owned(),
        reason: wanted.reason.as_str().to_owned(),
        declared_by: grant.person()?,
        declared_at: tx.now(),
        ended_at: None,
    };
    store::insert_payer(tx, row.clone()).await.map_err(|error| {
        let is_there = db::is_duplicate(&error, "declared_payer", &["buyer_id", "payer_name"]);
        if is_there { PaymentError::PayerDeclared } else { error.into() }
    })?;
    let after = json!({ "buyer_id": row.buyer_id });
    tx.audit(Change::made("payer.declare", "declared_payer", row.id.uuid(), after)).await?;
    Ok(row.into())
}

/// Ends a declaration; what was paid under it stays paid.
///
/// # Errors
/// Not found, out of reach, or ended before.
pub(super) async fn end(
    tx: &Tx,
    grant: &Grant<MayDeclare>,
    id: DeclaredPayerId,
) -> Result<DeclaredPayer, PaymentError> {
    let row = store::hold_payer(tx, grant.scope(), id).await?.ok_or(PaymentError::NotFound)?;
    if row.ended_at.is_some() {
        return Err(PaymentError::NotFound);
    }
    let ended = declared_payer::Model { ended_at: Some(tx.now()), ..row };
    store::end_payer(tx, &ended).await?;
    tx.audit(Change::moved("payer.end", "declared_payer", id.uuid(), "declared", "ended")).await?;
    Ok(ended.into())
}

/// Declarations in reach, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewDeclaredPayer>,
    page: &PageQuery,
) -> Result<Page<DeclaredPayer>, Failure> {
    let limit = page.limit()?;
    let rows = store::list_payers(db, grant.scope(), page.after()?, limit + 1).await.map_err(PaymentError::from)?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), DeclaredPayer::from))
}
