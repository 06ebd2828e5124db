//! What can go wrong with invoices and bank statements.

use crate::access::AccessError;
use crate::document::DocumentError;
use crate::ledger::LedgerError;
use crate::problem::{self, Describe, FieldProblem, Kind, Problem, Text};
use crate::procurement::OrderError;
use crate::secrecy::SecrecyError;
use entity::value::{CreditCode, Fen, Overflow};
use sea_orm::DbErr;

problem::kinds! {
    INVOICE_AMOUNT_DIFFERS = 422 "invoice_amount_differs", "发票金额与验收金额不一致",
        "The invoice is not of the accepted amount",
        "请按验收金额开具发票；金额以分计。", "Invoice the accepted amount; amounts are in fen.";
    INVOICE_SELLER_DIFFERS = 422 "invoice_seller_differs", "销售方与供应商不一致", "The seller is not the supplier",
        "请使用供应商自身的统一社会信用代码开票。", "Invoice under the supplier's own unified social credit code.";
    INVOICE_NUMBER_USED = 409 "invoice_number_used", "发票号码已被使用", "The invoice number was used before",
        "一张发票只能对应一个订单；请核对号码。", "An invoice belongs to one order; check the number.";
    STATEMENT_UNREADABLE = 400 "statement_unreadable", "无法读取银行流水", "The bank statement cannot be read",
        "请上传 UTF-8 编码的 CSV，首行为：交易日期,对方户名,对方账号,金额,附言,流水号。",
        "Send a CSV in UTF-8 whose first line is: booked_on,payer_name,payer_account,amount_yuan,memo,bank_reference.";
    STATEMENT_ROWS_REFUSED = 422 "statement_rows_refused", "银行流水中有不可接受的行", "Some rows are not acceptable",
        "请按 errors 更正所列各行后重新上传整个文件；没有任何一行被导入。",
        "Correct the rows named in errors and send the whole file again; no row was imported.";
    STATEMENT_ALREADY_IMPORTED = 409 "statement_already_imported", "该银行流水已导入", "This statement was imported before",
        "请在银行流水列表中查看已有的记录。", "Look it up in the list of bank statements.";
}

/// What can go wrong with invoices and bank statements.
#[derive(Debug, thiserror::Error)]
pub enum PaymentError {
    /// Nothing there, or not yours.
    #[error("no such bank statement")]
    NotFound,
    /// The invoice is of another amount.
    #[error("invoiced {invoiced}, accepted {accepted}")]
    AmountDiffers {
        /// On the invoice.
        invoiced: Fen,
        /// What was accepted.
        accepted: Fen,
    },
    /// The invoice is by somebody else.
    #[error("the seller is {given}, the supplier has {expected:?}")]
    SellerDiffers {
        /// On the invoice.
        given: CreditCode,
        /// The supplier's.
        expected: Option<CreditCode>,
    },
    /// The number was used.
    #[error("the invoice number was used before")]
    NumberUsed,
    /// A date that makes no sense.
    #[error("the invoice's date makes no sense")]
    IssuedOn {
        /// Why.
        detail: Text,
    },
    /// The name of the statement.
    #[error("the name of the statement is not acceptable")]
    Name,
    /// The file is no statement.
    #[error("the statement cannot be read: {}", .0.en)]
    Unreadable(Text),
    /// Rows are not acceptable.
    #[error("{} faults in the rows of the statement", .0.len())]
    Rows(Vec<FieldProblem>),
    /// The same file, again.
    #[error("the statement was imported before")]
    AlreadyImported,
    /// The books.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The order.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// The file.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The right.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Sealing an account number.
    #[error("sealing an account number")]
    Secrecy(#[from] SecrecyError),
    /// An amount.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for PaymentError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::AmountDiffers { invoiced, accepted } => amount_differs(*invoiced, *accepted),
            Self::SellerDiffers { given, expected } => seller_differs(given, expected.as_ref()),
            Self::NumberUsed => Problem::plain(&INVOICE_NUMBER_USED).at(
                "/number",
                "此号码的发票已登记。",
                "An invoice of this number is on record.",
            ),
            Self::IssuedOn { detail } => Problem::invalid("/issued_on", detail.zh.clone(), detail.en.clone()),
            Self::Name => Problem::invalid("?name", "name 应为 1 至 200 个字符。", "name has 1 to 200 characters."),
            Self::Unreadable(detail) => Problem::new(&STATEMENT_UNREADABLE, detail.zh.clone(), detail.en.clone()),
            Self::Rows(errors) => Problem { errors: errors.clone(), ..Problem::plain(&STATEMENT_ROWS_REFUSED) },
            Self::AlreadyImported => Problem::plain(&STATEMENT_ALREADY_IMPORTED),
            Self::Ledger(error) => error.problem(),
            Self::Order(error) => error.problem(),
            Self::Document(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Secrecy(_) => Problem::internal(),
            Self::Overflow(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}

fn amount_differs(invoiced: Fen, accepted: Fen) -> Problem {
    Problem::new(
        &INVOICE_AMOUNT_DIFFERS,
        format!("发票金额 {} 分，验收金额 {} 分。", invoiced.get(), accepted.get()),
        format!("The invoice is of {} fen, {} fen were accepted.", invoiced.get(), accepted.get()),
    )
    .at("/amount_fen", format!("应为 {}。", accepted.get()), format!("It should be {}.", accepted.get()))
}

fn seller_differs(given: &CreditCode, expected: Option<&CreditCode>) -> Problem {
    let expected = expected.map_or("–", CreditCode::as_str);
    Problem::plain(&INVOICE_SELLER_DIFFERS).at(
        "/seller_credit_code",
        format!("发票上为 {given}，供应商为 {expected}。"),
        format!("The invoice says {given}, the supplier is {expected}."),
    )
}
