//! Attachments: to which unit an order belongs, and the figures that follow it.

use super::filing::top_of;
use crate::access::policy::{AttachOrder as MayAttach, CorrectAttachment, ViewQuota};
use crate::access::{Grant, Scope};
use crate::db::{Change, Tx};
use crate::http::IfMatch;
use crate::quota::figures::{self, OrderTruth};
use crate::quota::view::{AttachOrder, Attachment, Attachments};
use crate::quota::{QuotaError, store};
use crate::{document, organisation, procurement};
use chrono::Datelike;
use chrono::NaiveDate;
use entity::value::{
    AttachmentBasis, OrderState, OrganisationId, OrganisationKind, PersonId, PurchaseChannel, QuotaAttachmentId,
    QuotaFigure, SupplierOrderId, business_date,
};
use entity::{organisation as party, quota_attachment, quota_entry, supplier_order};
use sea_orm::ConnectionTrait;
use serde_json::json;

/// To which unit an order of this buyer belongs when nobody says otherwise, and out of which purse it comes. A buyer
/// without a quota has none.
fn default_of(buyer: &party::Model) -> Option<(OrganisationId, PurchaseChannel)> {
    match buyer.kind {
        OrganisationKind::BudgetUnit | OrganisationKind::SupervisingUnit => Some((buyer.id, PurchaseChannel::Canteen)),
        OrganisationKind::TradeUnion => buyer.parent_id.map(|unit| (unit, PurchaseChannel::Union)),
        OrganisationKind::CanteenContractor => buyer.parent_id.map(|unit| (unit, PurchaseChannel::Contractor)),
        _ => None,
    }
}

/// Lets the figures follow orders: what each stands at now, less what is entered already. Safe to run again.
///
/// # Errors
/// When the database refuses; a job that is run at the same moment for the same order meets the key of its entries.
pub async fn follow(tx: &Tx, orders: &[SupplierOrderId]) -> Result<(), QuotaError> {
    for order in procurement::orders(tx, orders).await? {
        let attached = store::attachments_of(tx, order.id).await?.pop();
        let attached = match attached {
            Some(attached) => attached,
            None => match attach_by_default(tx, &order).await? {
                Some(attached) => attached,
                None => continue,
            },
        };
        enter(tx, &order, &attached, None).await?;
    }
    Ok(())
}

async fn attach_by_default(
    tx: &Tx,
    order: &supplier_order::Model,
) -> Result<Option<quota_attachment::Model>, QuotaError> {
    let buyer = organisation::find(tx, order.buyer_id).await?;
    let Some((unit_id, channel)) = buyer.as_ref().and_then(default_of) else { return Ok(None) };
    let row = quota_attachment::Model {
        id: QuotaAttachmentId::generate(),
        supplier_order_id: order.id,
        attachment_no: 1,
        unit_id,
        channel,
        basis: AttachmentBasis::Default,
        reason: None,
        document_id: None,
        attached_by: None,
        created_at: tx.now(),
    };
    store::insert_attachment(tx, row.clone()).await?;
    Ok(Some(row))
}

/// Enters what moves. With `left`, the order is taken from that attachment first; all of it moves today then.
async fn enter(
    tx: &Tx,
    order: &supplier_order::Model,
    attached: &quota_attachment::Model,
    left: Option<&quota_attachment::Model>,
) -> Result<(), QuotaError> {
    let entered = store::entries_of(tx, order.id).await?;
    let standing_by = |id: QuotaAttachmentId| -> Vec<(QuotaFigure, i64)> {
        let of = |figure: QuotaFigure| {
            entered.iter().filter(|row| row.attachment_id == id && row.figure == figure).map(|row| row.amount_fen).sum()
        };
        QuotaFigure::ALL.iter().map(|figure| (*figure, of(*figure))).collect()
    };
    let mut rows = Vec::new();
    let mut entry_no = i32::try_from(entered.len()).unwrap_or(i32::MAX);
    let today = business_date(tx.now());
    let mut add =
        |by: &quota_attachment::Model, moves: Vec<(QuotaFigure, i64)>, day: &dyn Fn(QuotaFigure) -> NaiveDate| {
            for (figure, amount_fen) in moves {
                entry_no += 1;
                let occurred_on = day(figure);
                rows.push(quota_entry::Model {
                    supplier_order_id: order.id,
                    entry_no,
                    attachment_id: by.id,
                    unit_id: by.unit_id,
                    channel: by.channel,
                    figure,
                    amount_fen,
                    occurred_on,
                    year: occurred_on.year(),
                    created_at: tx.now(),
                });
            }
        };
    let mut before = standing_by(attached.id);
    if let Some(left) = left {
        let stands = standing_by(left.id);
        add(left, figures::moves(&[], &stands), &|_| today);
        before = stands.into_iter().map(|(figure, amount)| (figure, keeps(figure, amount))).collect();
    }
    let at = |wanted: QuotaFigure| before.iter().find(|(figure, _)| *figure == wanted).map_or(0, |(_, fen)| *fen);
    let accepted = order.accepted_fen.checked_sub(order.credited_fen)?;
    let truth = OrderTruth { state: order.state, ordered: order.total_fen, accepted, paid: order.paid_fen };
    let should = figures::of(&truth, at(QuotaFigure::Accepted), at(QuotaFigure::Refunded))?;
    if left.is_some() {
        add(attached, figures::moves(&should, &[]), &|_| today);
    } else {
        let first = |figure| at(figure) == 0;
        add(attached, figures::moves(&should, &before), &|figure| {
            if first(figure) { day_of(order, figure).unwrap_or(today) } else { today }
        });
    }
    Ok(store::insert_entries(tx, rows).await?)
}

/// What the figures of an order are compared with when it changes units: what was accepted and given back stays known.
fn keeps(figure: QuotaFigure, amount: i64) -> i64 {
    if matches!(figure, QuotaFigure::Accepted | QuotaFigure::Refunded) { amount } else { 0 }
}

/// On which day a figure of an order first moved.
fn day_of(order: &supplier_order::Model, figure: QuotaFigure) -> Option<NaiveDate> {
    let at = match figure {
        QuotaFigure::Ordered => Some(order.placed_at),
        QuotaFigure::Accepted | QuotaFigure::Released => order.accepted_at,
        QuotaFigure::Paid => order.paid_at,
        QuotaFigure::Completed => order.completed_at,
        QuotaFigure::Refunded => None,
    };
    at.map(business_date)
}

/// Attaches one's own order to another unit's quota, or to another purse, before its goods leave (采购人选择).
///
/// # Errors
/// Not the buyer's order; another version; shipped already; a unit of another finance department.
pub async fn attach(
    tx: &Tx,
    grant: &Grant<MayAttach>,
    id: SupplierOrderId,
    seen: IfMatch,
    wanted: &AttachOrder,
) -> Result<Attachment, QuotaError> {
    let order = procurement::orders(tx, &[id]).await?.pop().ok_or(QuotaError::NotFound)?;
    let buyer = grant.organisation()?;
    if order.buyer_id != buyer {
        return Err(QuotaError::NotFound);
    }
    seen.check(order.version).map_err(QuotaError::Stale)?;
    if !matches!(order.state, OrderState::Placed | OrderState::Confirmed) {
        return Err(QuotaError::OrderUnfit {
            zh: "订单已发货或已结束，归属只能由财政部门凭文件更正。",
            en: "The order has left or is over; only the finance department corrects it now, with a document.",
        });
    }
    let top = top_of(tx, buyer).await?;
    if !organisation::is_below(tx, top, wanted.unit_id).await? {
        return Err(QuotaError::OrderUnfit {
            zh: "该单位与采购人不属于同一财政部门。",
            en: "The unit and the buyer do not belong to the same finance department.",
        });
    }
    if let Some(document) = wanted.document_id {
        document::require_own(tx, buyer, &[document]).await?;
    }
    attach_anew(tx, &order, wanted, (AttachmentBasis::BuyerChoice, grant.person()?)).await
}

/// Corrects to which unit an order belongs, with a document and a reason (更正).
///
/// # Errors
/// An order or a unit outside one's tree; no reason or no document.
pub async fn correct(
    tx: &Tx,
    grant: &Grant<CorrectAttachment>,
    id: SupplierOrderId,
    seen: IfMatch,
    wanted: &AttachOrder,
) -> Result<Attachment, QuotaError> {
    let order = procurement::orders(tx, &[id]).await?.pop().ok_or(QuotaError::NotFound)?;
    if !reaches(tx, grant.scope(), order.buyer_id).await? {
        return Err(QuotaError::NotFound);
    }
    seen.check(order.version).map_err(QuotaError::Stale)?;
    if !reaches(tx, grant.scope(), wanted.unit_id).await? {
        return Err(QuotaError::OrderUnfit {
            zh: "该单位不在您所在部门之下。",
            en: "The unit does not stand below your organisation.",
        });
    }
    let (Some(_), Some(document)) = (&wanted.reason, wanted.document_id) else {
        return Err(QuotaError::OrderUnfit {
            zh: "更正归属应写明原因并附文件。",
            en: "A correction needs a reason and a document.",
        });
    };
    document::require_own(tx, grant.organisation()?, &[document]).await?;
    attach_anew(tx, &order, wanted, (AttachmentBasis::Correction, grant.person()?)).await
}

async fn reaches(db: &impl ConnectionTrait, scope: &Scope, unit: OrganisationId) -> Result<bool, QuotaError> {
    Ok(match scope {
        Scope::Everything => true,
        Scope::Organisation(own) => *own == unit,
        Scope::Tree(root) => organisation::is_below(db, *root, unit).await?,
        _ => false,
    })
}

async fn attach_anew(
    tx: &Tx,
    order: &supplier_order::Model,
    wanted: &AttachOrder,
    (basis, by): (AttachmentBasis, PersonId),
) -> Result<Attachment, QuotaError> {
    let unit = organisation::find(tx, wanted.unit_id).await?.map(|unit| unit.kind);
    if !matches!(unit, Some(OrganisationKind::BudgetUnit | OrganisationKind::SupervisingUnit)) {
        return Err(QuotaError::OrderUnfit {
            zh: "只能归属预算单位或主管预算单位。",
            en: "Only a budget unit or a supervising unit has a quota.",
        });
    }
    let before = store::attachments_of(tx, order.id).await?;
    let left = before.last();
    let row = quota_attachment::Model {
        id: QuotaAttachmentId::generate(),
        supplier_order_id: order.id,
        attachment_no: left.map_or(0, |last| last.attachment_no) + 1,
        unit_id: wanted.unit_id,
        channel: wanted.channel,
        basis,
        reason: wanted.reason.as_ref().map(|text| text.as_str().to_owned()),
        document_id: wanted.document_id,
        attached_by: Some(by),
        created_at: tx.now(),
    };
    store::insert_attachment(tx, row.clone()).await?;
    enter(tx, order, &row, left).await?;
    let after =
        json!({ "supplier_order_id": order.id, "unit_id": row.unit_id, "channel": row.channel, "basis": basis });
    let change = Change::made("quota.attach", "quota_attachment", row.id.uuid(), after);
    tx.audit(match &row.reason {
        Some(reason) => change.because(reason),
        None => change,
    })
    .await?;
    Ok(row.into())
}

/// How an order was attached, first to last.
///
/// # Errors
/// An order outside one's reach.
pub async fn attachments(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewQuota>,
    id: SupplierOrderId,
) -> Result<Attachments, QuotaError> {
    let order = procurement::orders(db, &[id]).await?.pop().ok_or(QuotaError::NotFound)?;
    if !reaches(db, grant.scope(), order.buyer_id).await? {
        return Err(QuotaError::NotFound);
    }
    Ok(Attachments { items: store::attachments_of(db, id).await?.into_iter().map(Into::into).collect() })
}
