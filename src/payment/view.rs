//! What comes in and goes out.

use crate::secrecy::{Place, SecrecyError, Secrets};
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::person::mask;
use entity::value::{
    BankRowId, BankRowState, BankStatementId, CreditCode, Fen, FileId, InvoiceId, InvoiceNumber, OrderState,
    SupplierOrderId,
};
use entity::{bank_row, bank_statement, invoice, supplier_order};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// An invoice (发票) for what was accepted.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordInvoice {
    /// Its number.
    pub number: InvoiceNumber,
    /// Its amount: exactly what was accepted.
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

/// A recorded invoice, and where its order is now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Invoice {
    /// Its identifier.
    pub id: InvoiceId,
    /// The order it is for.
    pub supplier_order_id: SupplierOrderId,
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
    /// Why it did not: `no_code`, `unknown_code`, `amount_differs`, `not_payable` or `paid_already`.
    #[schema(example = "amount_differs")]
    pub reason: Option<String>,
    /// The order it paid.
    pub supplier_order_id: Option<SupplierOrderId>,
}

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
            supplier_order_id,
        } = row;
        let account = payer_account_cipher.map(|sealed| secrets.open(account_place(id), &sealed)).transpose()?;
        Ok(Self {
            id,
            line_no,
            booked_on,
            payer_name,
            payer_account: account.map(|account| mask(&account, 4, 4)),
            amount_fen,
            memo,
            bank_reference,
            state,
            reason,
            supplier_order_id,
        })
    }
}
