//! What an application needs, and how it is with each item (材料清单). Pure.

use super::service::REQUIRED;
use super::view::{self, Checklist, ChecklistItem, ChecklistLine, ItemReason, ItemStatus};
use chrono::NaiveDate;
use entity::value::DocumentKind;
use entity::{admission, admission_document};

/// The checklist of an application on a day.
pub(super) fn of(
    row: &admission::Model,
    has_credit_code: bool,
    documents: &[admission_document::Model],
    reasons: &[ItemReason],
    today: NaiveDate,
) -> Checklist {
    let own = [
        (ChecklistItem::CreditCode, "统一社会信用代码", has_credit_code),
        (ChecklistItem::Mechanism, "联农带农机制", !row.mechanism.trim().is_empty()),
    ];
    let own = own.into_iter().map(|(item, name, is_there)| {
        let status = if is_there { ItemStatus::Present } else { ItemStatus::Missing };
        line(item, name, true, status, None, reasons)
    });
    let papers = DocumentKind::ALL.iter().map(|kind| {
        let held = documents.iter().find(|document| document.kind == *kind);
        let required = REQUIRED.contains(kind);
        let valid_to = held.and_then(|held| held.valid_to);
        let status = match (held, required) {
            (Some(_), _) if valid_to.is_some_and(|last| last < today) => ItemStatus::Expired,
            (Some(_), _) => ItemStatus::Present,
            (None, true) => ItemStatus::Missing,
            (None, false) => ItemStatus::Optional,
        };
        line((*kind).into(), view::document_name(*kind), required, status, valid_to, reasons)
    });
    let items: Vec<_> = own.chain(papers).collect();
    let hinders =
        |line: &ChecklistLine| line.required && matches!(line.status, ItemStatus::Missing | ItemStatus::Expired);
    Checklist {
        admission_id: row.id,
        state: row.state,
        is_complete: !items.iter().any(hinders),
        items,
        version: row.version,
    }
}

fn line(
    item: ChecklistItem,
    name: &str,
    required: bool,
    status: ItemStatus,
    valid_to: Option<NaiveDate>,
    reasons: &[ItemReason],
) -> ChecklistLine {
    let reason = reasons.iter().find(|found| found.item == item).map(|found| found.reason.clone());
    let status = if reason.is_some() && status == ItemStatus::Present { ItemStatus::Returned } else { status };
    ChecklistLine { item, name: name.to_owned(), required, status, valid_to, reason }
}
