//! What comes in and goes out.

use crate::http::Words;
use crate::secrecy::{Place, SealedColumn, SecrecyError, Secrets};
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::person::PersonalField;
use entity::value::{
    BankRowId, BankRowState, BankStatementId, CreditCode, Fen, FileId, InvoiceId, InvoiceKind, InvoiceNumber,
    OrderState, OrganisationId, RefundPaymentId, SupplierOrderId,
};
use entity::{bank_row, bank_statement, invoice, payment, refund_payment, supplier_order};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// An invoice (发票) for what was accepted, or against an earlier one.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordInvoice {
    /// Its number.
    pub number: InvoiceNumber,
    /// Which way it counts: blue for goods sold, red against an earlier one; blue when not given.
    #[serde(default = "blue")]
    pub kind: InvoiceKind,
    /// Of a red invoice, the number of the blue one.
    pub corrects_number: Option<InvoiceNumber>,
    /// Its amount, above zero: at most what was accepted and is not yet invoiced; of a red one, what was credited.
    pub amount_fen: Fen,
    /// The day it was issued, not in the future.
    #[schema(example = "2026-03-02")]
    #[serde(deserialize_with = "crate::http::text::day")]
    pub issued_on: NaiveDate,
    /// The seller's unified social credit code: the supplier's.
    pub seller_credit_code: CreditCode,
    /// A file of your organisation with the invoice in it.
    pub file_id: Option<FileId>,
}

fn blue() -> InvoiceKind {
    InvoiceKind::Blue
}

/// A recorded invoice, and where its order is now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Invoice {
    /// Its identifier.
    pub id: InvoiceId,
    /// The order it is for.
    pub supplier_order_id: SupplierOrderId,
    /// Which way it counts.
    pub kind: InvoiceKind,
    /// Of a red invoice in the list of an order, the number of the blue one.
    pub corrects_number: Option<InvoiceNumber>,
    /// Its number.
    pub number: InvoiceNumber,
    /// Its amount.
    pub amount_fen: Fen,
    /// The day it was issued.
    #[schema(example = "2026-03-02")]
    pub issued_on: NaiveDate,
    /// The seller.
    pub seller_credit_code: CreditCode,
    /// The file.
    pub file_id: Option<FileId>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Where the order is now.
    pub order_state: OrderState,
    /// What the buyer writes on the transfer (转账附言码).
    #[schema(example = "4820137559")]
    pub transfer_code: String,
    /// The order's version now.
    #[schema(example = 5)]
    pub version: i64,
}

impl Invoice {
    pub(super) fn of(row: invoice::Model, order: &supplier_order::Model) -> Self {
        let invoice::Model {
            id,
            supplier_order_id,
            kind,
            corrects_id: _,
            number,
            amount_fen,
            issued_on,
            seller_credit_code,
            file_id,
            recorded_by: _,
            recorded_at,
        } = row;
        Self {
            id,
            supplier_order_id,
            kind,
            corrects_number: None,
            number,
            amount_fen,
            issued_on,
            seller_credit_code,
            file_id,
            recorded_at,
            order_state: order.state,
            transfer_code: order.transfer_code.clone(),
            version: order.version,
        }
    }
}

/// What the statement is called.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StatementName {
    /// What people call it, 1–200 characters.
    #[param(min_length = 1, max_length = 200, example = "2026-03 工行 3 月上旬")]
    pub name: String,
}

/// Which rows of a statement to show.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RowFilter {
    /// Only rows in this state.
    pub state: Option<BankRowState>,
}

/// An imported bank statement (银行流水).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BankStatement {
    /// Its identifier.
    pub id: BankStatementId,
    /// What it is called.
    #[schema(example = "2026-03 工行 3 月上旬")]
    pub name: String,
    /// SHA-256 of the file.
    #[schema(example = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    pub sha256: String,
    /// How many rows it has.
    #[schema(example = 12)]
    pub rows_total: i32,
    /// How many of them paid an order.
    #[schema(example = 11)]
    pub rows_matched: i32,
    /// When it was imported.
    pub imported_at: DateTime<Utc>,
}

impl From<bank_statement::Model> for BankStatement {
    fn from(row: bank_statement::Model) -> Self {
        let bank_statement::Model {
            id,
            sha256,
            name,
            rows_total,
            rows_matched,
            imported_by: _,
            organisation_id: _,
            imported_at,
        } = row;
        Self { id, name, sha256, rows_total, rows_matched, imported_at }
    }
}

/// A bank statement with its rows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BankStatementWithRows {
    /// The statement.
    #[serde(flatten)]
    pub statement: BankStatement,
    /// Its rows in the order of the file.
    pub rows: Vec<BankRow>,
}

/// One row of a bank statement.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BankRow {
    /// Its identifier.
    pub id: BankRowId,
    /// Its place in the file, counted from 1 without the heading.
    #[schema(example = 1)]
    pub line_no: i32,
    /// The day it was booked.
    #[schema(example = "2026-03-02")]
    pub booked_on: NaiveDate,
    /// Who paid.
    #[schema(example = "某县教育局")]
    pub payer_name: String,
    /// From which account, masked.
    #[schema(example = "6222***********5672")]
    pub payer_account: Option<String>,
    /// How much.
    pub amount_fen: Fen,
    /// What the payer wrote.
    #[schema(example = "货款 4820137559")]
    pub memo: String,
    /// The bank's own number of the transaction.
    #[schema(example = "ICBC2026030200017")]
    pub bank_reference: String,
    /// Whether it paid an order.
    pub state: BankRowState,
    /// Why it did not: `no_code`, `unknown_code`, `wrong_payer`, `not_payable` or `paid_already`.
    #[schema(example = "not_payable")]
    pub reason: Option<String>,
    /// The order it paid, the first of them where it paid several.
    pub supplier_order_id: Option<SupplierOrderId>,
    /// The order whose invoice it waits for.
    pub awaits_order_id: Option<SupplierOrderId>,
}

/// Which rows of all statements are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RowQuery {
    /// Only rows in this state.
    pub state: Option<BankRowState>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// One row, with what it may be for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RowOfAll {
    /// The row.
    #[serde(flatten)]
    pub row: BankRow,
    /// Orders it may be for, the likeliest first; none of a row that matched.
    pub suggestions: Vec<Suggestion>,
}

/// An order that a row may be for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Suggestion {
    /// The order.
    pub supplier_order_id: SupplierOrderId,
    /// The number people quote.
    #[schema(example = "S20260302-7K3Q9XAB")]
    pub number: String,
    /// Who ordered.
    pub buyer_id: OrganisationId,
    /// What is still to be paid.
    pub open_fen: Fen,
    /// What speaks for it.
    pub because: Vec<Because>,
}

/// What speaks for an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// Its transfer code is in the memo.
    Code,
    /// Just so much of it is open.
    Amount,
    /// Its buyer has the name of the payer.
    Payer,
}

/// The orders that a row is for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignRow {
    /// Each order once; together the amount of the row. More than an order has open is owed back to its buyer.
    #[schema(min_items = 1, max_items = 100)]
    pub payments: Vec<AssignedPart>,
}

/// What of a row is for one order.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignedPart {
    /// The order.
    pub supplier_order_id: SupplierOrderId,
    /// How much; more than zero.
    pub amount_fen: Fen,
}

/// Money given back to a buyer.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordRefund {
    /// How much: more than zero, and at most what is owed.
    pub amount_fen: Fen,
    /// The day the buyer had it, not in the future.
    #[schema(example = "2026-03-02")]
    #[serde(deserialize_with = "crate::http::text::day")]
    pub paid_on: NaiveDate,
    /// Your number of it; never used twice.
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "TK-2026-0301")]
    pub reference: Words<100>,
    /// A file of your organisation that shows it.
    pub evidence_file_id: FileId,
}

/// Money given back to a buyer (退款付款).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RefundPayment {
    /// Its identifier.
    pub id: RefundPaymentId,
    /// The order.
    pub supplier_order_id: SupplierOrderId,
    /// How much.
    pub amount_fen: Fen,
    /// How much of that can be spent again from the budget.
    pub budget_fen: Fen,
    /// How much of that the supplier bears itself, because households keep what they were handed.
    pub clawback_fen: Fen,
    /// When the buyer had it.
    #[schema(example = "2026-03-02")]
    pub paid_on: NaiveDate,
    /// The supplier's number of it.
    #[schema(example = "TK-2026-0301")]
    pub reference: String,
    /// The evidence.
    pub evidence_file_id: FileId,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

impl From<refund_payment::Model> for RefundPayment {
    fn from(row: refund_payment::Model) -> Self {
        let refund_payment::Model {
            id,
            supplier_order_id,
            supplier_id: _,
            amount_fen,
            budget_fen,
            clawback_fen,
            paid_on,
            reference,
            evidence_file_id,
            posting_id: _,
            recorded_by: _,
            recorded_at,
        } = row;
        Self {
            id,
            supplier_order_id,
            amount_fen,
            budget_fen,
            clawback_fen,
            paid_on,
            reference,
            evidence_file_id,
            recorded_at,
        }
    }
}

/// Money that arrived for an order (付款记录).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Payment {
    /// 1, 2, 3 … within the order.
    #[schema(example = 1)]
    pub number: i32,
    /// The bank row that brought it.
    pub bank_row_id: BankRowId,
    /// What it paid.
    pub amount_fen: Fen,
    /// What was too much, and is owed back.
    pub excess_fen: Fen,
    /// Whether somebody assigned it, because the memo did not say.
    pub is_assigned: bool,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

impl From<payment::Model> for Payment {
    fn from(row: payment::Model) -> Self {
        let payment::Model {
            id: _,
            bank_row_id,
            supplier_order_id: _,
            number,
            amount_fen,
            excess_fen,
            posting_id: _,
            assigned_by,
            recorded_at,
        } = row;
        Self { number, bank_row_id, amount_fen, excess_fen, is_assigned: assigned_by.is_some(), recorded_at }
    }
}

/// The money of an order (订单收付).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MoneyOfOrder {
    /// What is to be paid in all: accepted less credited.
    pub net_fen: Fen,
    /// What is still to be paid.
    pub open_fen: Fen,
    /// What the supplier owes back.
    pub refund_owed_fen: Fen,
    /// Every invoice.
    pub invoices: Vec<Invoice>,
    /// Every payment.
    pub payments: Vec<Payment>,
    /// What was given back.
    pub refund_payments: Vec<RefundPayment>,
}

/// How an order is paid now (付款指引).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PaymentInstruction {
    /// Through which gateway.
    #[schema(example = "bank_transfer")]
    pub gateway: String,
    /// Who gets it.
    pub payee_name: String,
    /// How much; nothing when there is nothing to pay now.
    pub amount_fen: Fen,
    /// What is written on the payment, so that it finds its order; codes of several orders may stand in one.
    #[schema(example = "4839201758")]
    pub memo: String,
    /// Until when, of an order that is paid first.
    pub pay_by: Option<DateTime<Utc>>,
}

/// The columns of bank statements and of declared payers that are sealed.
pub const SEALED: &[SealedColumn] =
    &[SealedColumn::new("bank_row", "payer_account_cipher"), SealedColumn::new("declared_payer", "account_cipher")];

/// Where the account number of a row lives.
pub(super) fn account_place(id: BankRowId) -> Place {
    Place { table: "bank_row", row: id.uuid(), column: "payer_account_cipher" }
}

impl BankRow {
    pub(super) fn of(row: bank_row::Model, secrets: &Secrets) -> Result<Self, SecrecyError> {
        let bank_row::Model {
            id,
            statement_id: _,
            line_no,
            booked_on,
            payer_name,
            payer_account_cipher,
            amount_fen,
            memo,
            bank_reference,
            state,
            reason,
            awaits_order_id,
            supplier_order_id,
        } = row;
        let account = payer_account_cipher.map(|sealed| secrets.open(account_place(id), &sealed)).transpose()?;
        Ok(Self {
            id,
            line_no,
            booked_on,
            payer_name,
            payer_account: account.map(|account| PersonalField::BankAccount.masked(&account)),
            amount_fen,
            memo,
            bank_reference,
            state,
            reason,
            supplier_order_id,
            awaits_order_id,
        })
    }
}
