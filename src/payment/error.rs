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
    INVOICE_AMOUNT_DIFFERS = 422 "invoice_amount_differs", "发票金额超过可开票金额",
        "The invoice is of more than there is to invoice",
        "蓝字发票合计不超过已验收未退的金额，红字发票不超过已退的金额；金额以分计。",
        "Blue invoices add up to at most what was accepted and not credited, red ones to what was credited; in fen.";
    INVOICE_CORRECTS_NOTHING = 422 "invoice_corrects_nothing", "红字发票没有对应的蓝字发票", "The red invoice corrects none",
        "红字发票须填写本订单一张蓝字发票的号码；蓝字发票不填。",
        "A red invoice names a blue one of this order; a blue one names none.";
    BANK_ROW_MATCHED = 409 "bank_row_matched", "该笔流水已匹配", "The row was matched before",
        "请查看该笔流水所付的订单。", "Look up which orders it paid.";
    ASSIGNMENT_DIFFERS = 422 "assignment_differs", "分配金额与流水金额不符", "The parts do not make up the row",
        "各订单金额合计应等于该笔流水的金额，每个订单一次。", "The parts add up to the amount of the row, each order once.";
    PAYER_DECLARED = 409 "payer_declared", "该付款人已经约定", "The payer was declared before",
        "请查看已有的约定付款人。", "Look it up in the list of declared payers.";
    REFUND_EXCEEDS_OWED = 422 "refund_exceeds_owed", "退款金额超过应退金额", "More would be given back than is owed",
        "请按订单的 refund_owed_fen 退款。", "Give back at most refund_owed_fen of the order.";
    REFUND_REFERENCE_USED = 409 "refund_reference_used", "退款凭证号已被使用", "The reference of the refund was used before",
        "每笔退款使用自己的凭证号；若是重试请沿用原 Idempotency-Key。",
        "Give each refund a reference of its own; to retry, repeat the first Idempotency-Key.";
    INVOICE_SELLER_DIFFERS = 422 "invoice_seller_differs", "销售方与供应商不一致", "The seller is not the supplier",
        "请使用供应商自身的统一社会信用代码开票。", "Invoice under the supplier's own unified social credit code.";
    INVOICE_NUMBER_USED = 409 "invoice_number_used", "发票号码已被使用", "The invoice number was used before",
        "一张发票只能对应一个订单；请核对号码。", "An invoice belongs to one order; check the number.";
    STATEMENT_UNREADABLE = 400 "statement_unreadable", "无法读取银行流水", "The bank statement cannot be read",
        "请上传 UTF-8 编码的 CSV，首行为：交易日期,对方户名,对方账号,金额,附言,流水号；或 camt.053 报文。",
        "Send a CSV in UTF-8 whose first line is: booked_on,payer_name,payer_account,amount_yuan,memo,bank_reference; or camt.053.";
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
    /// The invoice is of more than there is to invoice, or of nothing.
    #[error("invoiced {invoiced}, to be invoiced are {accepted}")]
    AmountDiffers {
        /// On the invoice.
        invoiced: Fen,
        /// What there is to invoice.
        accepted: Fen,
    },
    /// A red invoice without the blue one, or the other way round.
    #[error("the invoice corrects nothing of this order")]
    CorrectsNothing,
    /// No such row.
    #[error("no such bank row")]
    NoRow,
    /// The row paid something already.
    #[error("the row was matched before")]
    RowMatched,
    /// The parts are not the row.
    #[error("the row is of {row}, its parts add up to {parts}")]
    AssignmentDiffers {
        /// What came.
        row: Fen,
        /// What was assigned.
        parts: Fen,
    },
    /// An order of an assignment that is not there, or stands twice.
    #[error("order {index} of the assignment is unknown or repeated")]
    AssignedOrder {
        /// Which, from 0.
        index: usize,
    },
    /// The payer was declared before.
    #[error("the payer was declared before")]
    PayerDeclared,
    /// More is given back than is owed.
    #[error("refund of {wanted}, owed are {owed}")]
    RefundExceeds {
        /// What was to be given back.
        wanted: Fen,
        /// What is owed.
        owed: Fen,
    },
    /// A reference was used.
    #[error("the reference of the refund was used before")]
    RefundReferenceUsed,
    /// A field of a refund.
    #[error("{pointer} is not acceptable")]
    Field {
        /// Which.
        pointer: &'static str,
        /// Why.
        detail: Text,
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
            Self::NoRow => Problem::plain(&problem::NOT_FOUND),
            Self::CorrectsNothing => Problem::plain(&INVOICE_CORRECTS_NOTHING).at(
                "/corrects_number",
                "本订单没有这张蓝字发票。",
                "The order has no such blue invoice.",
            ),
            Self::RowMatched => Problem::plain(&BANK_ROW_MATCHED),
            Self::AssignmentDiffers { row, parts } => Problem::new(
                &ASSIGNMENT_DIFFERS,
                format!("流水 {} 分，分配合计 {} 分。", row.get(), parts.get()),
                format!("The row is of {} fen, its parts add up to {}.", row.get(), parts.get()),
            ),
            Self::AssignedOrder { index } => Problem::plain(&ASSIGNMENT_DIFFERS).at(
                format!("/payments/{index}/supplier_order_id"),
                "没有这个订单，或该订单已在前面列出。",
                "There is no such order, or it was named before.",
            ),
            Self::PayerDeclared => Problem::plain(&PAYER_DECLARED),
            Self::RefundExceeds { wanted, owed } => Problem::plain(&REFUND_EXCEEDS_OWED).at(
                "/amount_fen",
                format!("欲退 {} 分，应退 {} 分。", wanted.get(), owed.get()),
                format!("{} fen wanted, {} fen owed.", wanted.get(), owed.get()),
            ),
            Self::RefundReferenceUsed => Problem::plain(&REFUND_REFERENCE_USED).at(
                "/reference",
                "此凭证号已登记过退款。",
                "A refund with this reference is on record.",
            ),
            Self::Field { pointer, detail } => Problem::invalid(*pointer, detail.zh.clone(), detail.en.clone()),
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
        format!("发票金额 {} 分，可开票金额 {} 分。", invoiced.get(), accepted.get()),
        format!("The invoice is of {} fen, {} fen can be invoiced.", invoiced.get(), accepted.get()),
    )
    .at("/amount_fen", format!("至多 {}。", accepted.get()), format!("At most {}.", accepted.get()))
}

fn seller_differs(given: &CreditCode, expected: Option<&CreditCode>) -> Problem {
    let expected = expected.map_or("–", CreditCode::as_str);
    Problem::plain(&INVOICE_SELLER_DIFFERS).at(
        "/seller_credit_code",
        format!("发票上为 {given}，供应商为 {expected}。"),
        format!("The invoice says {given}, the supplier is {expected}."),
    )
}
