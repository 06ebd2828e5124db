//! What can be done with papers: issue, show, set in type, check.

use super::content::{self, Movement, Sides, Written};
use super::layout::lay_out;
use super::sheet::Sheet;
use super::typeset::Typesetter;
use super::view::{IssuePaper, IssueStatement, Paper, PaperCheck, PaperFilter, PaperOfOrder};
use super::{PaperError, store};
use crate::access::Grant;
use crate::access::policy::{IssuePaper as MayIssue, ReadPublic, ViewOrder};
use crate::db::{Change, Tx};
use crate::http::{Page, PageQuery};
use crate::problem::Failure;
use crate::secrecy::sha256_hex;
use crate::{arrears, organisation, payment, procurement};
use chrono::NaiveDate;
use entity::value::{Fen, OrganisationId, PaperId, PaperKind, SupplierOrderId, business_date};
use entity::{organisation as party, paper, supplier_order};
use qrcode::{Color, EcLevel, QrCode};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::HashMap;

/// The longest statement of account, in days.
const MOST_DAYS: i64 = 366;
/// The longest statement of account, in movements.
const MOST_MOVEMENTS: usize = 2000;
/// Orders between two sides that a statement looks at.
const MOST_ORDERS: u64 = 5000;

/// What papers are set with, and where they are checked.
pub(super) struct Press<'a> {
    /// The type.
    pub typesetter: &'a Typesetter,
    /// Where the public reaches this house.
    pub address: String,
    /// The daily rate of late interest.
    pub daily_ppm: u32,
}

impl Press<'_> {
    /// Sets a sheet: the file and its hash.
    fn set(&self, sheet: &Sheet, code: &str) -> Result<(Vec<u8>, String), PaperError> {
        set(sheet, code, &format!("{}/api/v1/paper-checks/{code}", self.address), self.typesetter)
    }
}

/// Sets a sheet of any room in type, with its code and a square code of where that is checked: the file and its hash. The
/// same sheet in the same font is the same file, byte for byte.
///
/// # Errors
/// No font; an address too long for a square code.
pub fn set(sheet: &Sheet, code: &str, at: &str, typesetter: &Typesetter) -> Result<(Vec<u8>, String), PaperError> {
    typesetter.set(&lay_out(sheet, code, at, &square(at)?), &sheet.title, code)
}

/// The square code of an address, row by row.
fn square(text: &str) -> Result<Vec<Vec<bool>>, PaperError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).map_err(|_| PaperError::Unwritable)?;
    let modules = code.to_colors();
    Ok(modules.chunks(code.width()).map(|row| row.iter().map(|module| *module == Color::Dark).collect()).collect())
}

/// The code of a content of a kind: the first 80 bits of its hash, in letters and digits nobody confuses, in groups of four.
#[must_use]
pub fn code_for(kind: &str, kept: &str) -> String {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let hash = sha256_hex(format!("{kind}\n{kept}").as_bytes());
    let mut code = String::new();
    // Five bits at a time, out of hexadecimal digits of four.
    let bits: Vec<u32> = hash.chars().take(20).filter_map(|digit| digit.to_digit(16)).collect();
    let number = bits.iter().fold(0_u128, |sum, digit| (sum << 4) | u128::from(*digit));
    for place in (0..16_u32).rev() {
        let index = usize::try_from((number >> (5 * place)) & 31).unwrap_or(0);
        code.push(char::from(LETTERS.get(index).copied().unwrap_or(b'0')));
        if place % 4 == 0 && place > 0 {
            code.push('-');
        }
    }
    code
}

/// The code of a paper's content.
fn code_of(kept: &str) -> String {
    code_for("paper/1", kept)
}

/// The code as it is kept: capitals in groups of four, whatever blanks and dashes it was typed with.
#[must_use]
pub fn normal(code: &str) -> String {
    let plain: Vec<char> = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    plain.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

async fn sides_of(
    db: &impl ConnectionTrait,
    buyer: OrganisationId,
    supplier: OrganisationId,
) -> Result<(party::Model, party::Model), PaperError> {
    let buyer = organisation::find(db, buyer).await?.ok_or(PaperError::NotFound)?;
    let supplier = organisation::find(db, supplier).await?.ok_or(PaperError::NotFound)?;
    Ok((buyer, supplier))
}

/// Issues a paper of an order of which one is a side. The same again is the same paper.
///
/// # Errors
/// Not found, or out of reach; the order is not ready for it; no font.
pub(super) async fn issue(
    tx: &Tx,
    grant: &Grant<MayIssue>,
    id: SupplierOrderId,
    wanted: IssuePaper,
    press: &Press<'_>,
) -> Result<Paper, PaperError> {
    let row = procurement::find_order(tx, grant.scope(), id).await?.ok_or(PaperError::NotFound)?;
    let order = procurement::describe(tx, &Grant::<ViewOrder>::claim(grant.actor())?, id).await?;
    let (buyer, supplier) = sides_of(tx, row.buyer_id, row.supplier_id).await?;
    let sides = Sides { buyer: &buyer, supplier: &supplier };
    let (kind, written) = match wanted.kind {
        PaperOfOrder::Contract => (PaperKind::Contract, content::contract(&order, &sides)?),
        PaperOfOrder::PaymentRequest => {
            let today = business_date(tx.now());
            let owed = arrears::of_orders(tx, std::slice::from_ref(&row), press.daily_ppm, today).await?;
            let owed = owed.first().ok_or(PaperError::NotReady)?;
            (PaperKind::PaymentRequest, content::payment_request(&order, &sides, owed)?)
        }
        PaperOfOrder::AcceptanceForm => {
            (PaperKind::AcceptanceForm, content::acceptance_form(&order, &sides, wanted.acceptance)?)
        }
    };
    keep(tx, grant, (kind, Some(id)), (&buyer, &supplier), written, press).await
}

/// Issues a statement of account between one's own organisation and another.
///
/// # Errors
/// Days that are no period of the past; nothing between the two; no font.
pub(super) async fn issue_statement(
    tx: &Tx,
    grant: &Grant<MayIssue>,
    wanted: IssueStatement,
    press: &Press<'_>,
) -> Result<Paper, PaperError> {
    let IssueStatement { with, from, to } = wanted;
    let days = (to - from).num_days();
    if !(0..MOST_DAYS).contains(&days) || to >= business_date(tx.now()) {
        return Err(PaperError::Field {
            pointer: "/to",
            zh: "期间应早于今天，且不超过 366 天。",
            en: "The days lie before today, and are at most 366.",
        });
    }
    let own = grant.organisation()?;
    let mut orders = procurement::between(tx, own, with, MOST_ORDERS).await?;
    let Some(first) = orders.first() else {
        return Err(PaperError::Field {
            pointer: "/with",
            zh: "与该单位没有往来订单。",
            en: "There is no order between the two of you.",
        });
    };
    let (buyer_id, supplier_id) = (first.buyer_id, first.supplier_id);
    // Should both have sold to each other, it is the account of who bought first.
    orders.retain(|order| order.buyer_id == buyer_id);
    let movements = movements(tx, &orders).await?;
    if movements.len() > MOST_MOVEMENTS {
        return Err(PaperError::Field {
            pointer: "/from",
            zh: "往来笔数过多，请缩短期间。",
            en: "There are too many movements; choose fewer days.",
        });
    }
    let (buyer, supplier) = sides_of(tx, buyer_id, supplier_id).await?;
    let sides = Sides { buyer: &buyer, supplier: &supplier };
    let written = content::statement(&sides, (from, to), &movements)?;
    keep(tx, grant, (PaperKind::Statement, None), (&buyer, &supplier), written, press).await
}

/// Every movement of orders between two sides, by day: what was accepted, credited and paid.
async fn movements(tx: &Tx, orders: &[supplier_order::Model]) -> Result<Vec<Movement>, PaperError> {
    let ids: Vec<SupplierOrderId> = orders.iter().map(|order| order.id).collect();
    let numbers: HashMap<SupplierOrderId, &str> =
        orders.iter().map(|order| (order.id, order.number.as_str())).collect();
    let mut all: Vec<(NaiveDate, u8, Movement)> = Vec::new();
    let mut add = |rows: Vec<(SupplierOrderId, NaiveDate, Fen)>, rank: u8, what: &'static str, is_up: bool| {
        for (order, on, amount) in rows.into_iter().filter(|(.., amount)| !amount.is_zero()) {
            let (up, down) = if is_up { (amount, Fen::ZERO) } else { (Fen::ZERO, amount) };
            let order = numbers.get(&order).copied().unwrap_or_default().to_owned();
            all.push((on, rank, Movement { on, order, what, up, down }));
        }
    };
    add(procurement::accepted_of(tx, &ids).await?, 0, "验收", true);
    let freight = |order: &supplier_order::Model| {
        let on = order.accepted_at.filter(|_| !order.accepted_fen.is_zero()).map(business_date)?;
        Some((order.id, on, order.freight_fen))
    };
    add(orders.iter().filter_map(freight).collect(), 0, "运费", true);
    add(procurement::credited_of(tx, &ids).await?, 1, "退货折让", false);
    add(payment::booked_of(tx, &ids).await?, 2, "付款", false);
    all.sort_by(|one, other| (one.0, &one.2.order, one.1).cmp(&(other.0, &other.2.order, other.1)));
    Ok(all.into_iter().map(|(.., movement)| movement).collect())
}

/// Keeps a paper under its code, unless it is there already in the same type.
async fn keep(
    tx: &Tx,
    grant: &Grant<MayIssue>,
    (kind, order): (PaperKind, Option<SupplierOrderId>),
    (buyer, supplier): (&party::Model, &party::Model),
    (sheet, amount_fen): Written,
    press: &Press<'_>,
) -> Result<Paper, PaperError> {
    let kept = serde_json::to_string(&sheet).map_err(|_| PaperError::Unwritable)?;
    let code = code_of(&kept);
    let (_, sha256) = press.set(&sheet, &code)?;
    let there = store::by_code(tx, &code).await?;
    if let Some(same) = there.into_iter().find(|row| row.sha256 == sha256) {
        return Ok(same.into());
    }
    let row = paper::Model {
        id: PaperId::generate(),
        kind,
        number: sheet.number,
        supplier_order_id: order,
        supplier_id: supplier.id,
        buyer_id: buyer.id,
        amount_fen,
        content: kept,
        code,
        sha256,
        issued_by: grant.person()?,
        issued_at: tx.now(),
    };
    store::insert(tx, row.clone()).await?;
    let after = json!({ "kind": kind, "number": row.number, "code": row.code, "sha256": row.sha256 });
    tx.audit(Change::made("paper.issue", "paper", row.id.uuid(), after)).await?;
    Ok(row.into())
}

/// Papers in reach, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewOrder>,
    wanted: PaperFilter,
) -> Result<Page<Paper>, Failure> {
    let PaperFilter { kind, limit, cursor } = wanted;
    let page = PageQuery { limit, cursor };
    let limit = page.limit()?;
    let rows = store::list(db, grant.scope(), kind, page.after()?, limit + 1).await.map_err(PaperError::from)?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), Paper::from))
}

/// A paper in reach.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewOrder>,
    id: PaperId,
) -> Result<Paper, PaperError> {
    Ok(store::find(db, grant.scope(), id).await?.ok_or(PaperError::NotFound)?.into())
}

/// The file of a paper in reach: its content set in type again, the same bytes as when it was issued.
///
/// # Errors
/// Not found, or out of reach; another font.
pub(super) async fn file(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewOrder>,
    id: PaperId,
    press: &Press<'_>,
) -> Result<(String, Vec<u8>), PaperError> {
    let row = store::find(db, grant.scope(), id).await?.ok_or(PaperError::NotFound)?;
    let sheet: Sheet = serde_json::from_str(&row.content).map_err(|_| PaperError::Unwritable)?;
    let (pdf, sha256) = press.set(&sheet, &row.code)?;
    if sha256 == row.sha256 { Ok((row.number, pdf)) } else { Err(PaperError::FontChanged) }
}

/// What a code stands for, whoever asks.
///
/// # Errors
/// No paper has it.
pub(super) async fn check(
    db: &impl ConnectionTrait,
    _grant: &Grant<ReadPublic>,
    code: &str,
) -> Result<PaperCheck, PaperError> {
    let rows = store::by_code(db, &normal(code)).await?;
    let first = rows.first().ok_or(PaperError::NotFound)?;
    let sheet: Sheet = serde_json::from_str(&first.content).map_err(|_| PaperError::Unwritable)?;
    let (buyer, supplier) = sides_of(db, first.buyer_id, first.supplier_id).await?;
    Ok(PaperCheck {
        code: first.code.clone(),
        is_genuine: rows.iter().all(|row| code_of(&row.content) == row.code),
        kind: first.kind,
        title: sheet.title,
        number: first.number.clone(),
        supplier_name: supplier.name,
        buyer_name: buyer.name,
        amount_fen: first.amount_fen,
        issued_at: first.issued_at,
        sha256: rows.iter().map(|row| row.sha256.clone()).collect(),
    })
}
