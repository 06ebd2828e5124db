//! Whether an invoice is one for what was accepted: pure.

use super::PaymentError;
use super::view::RecordInvoice;
use crate::problem::Text;
use chrono::NaiveDate;
use entity::supplier_order;
use entity::value::{CreditCode, Fen, business_date};

/// Checks an invoice against what there is to invoice, its order, its seller and the day.
///
/// # Errors
/// The first thing that differs.
pub(super) fn check(
    wanted: &RecordInvoice,
    most: Fen,
    order: &supplier_order::Model,
    seller: Option<&CreditCode>,
    today: NaiveDate,
) -> Result<(), PaymentError> {
    if wanted.amount_fen > most || wanted.amount_fen.is_zero() {
        return Err(PaymentError::AmountDiffers { invoiced: wanted.amount_fen, accepted: most });
    }
    if seller != Some(&wanted.seller_credit_code) {
        return Err(PaymentError::SellerDiffers {
            given: wanted.seller_credit_code.clone(),
            expected: seller.cloned(),
        });
    }
    if wanted.issued_on > today {
        let detail = Text::new("开票日期在将来。", "The date lies in the future.");
        return Err(PaymentError::IssuedOn { detail });
    }
    if wanted.issued_on < business_date(order.placed_at) {
        let detail = Text::new("开票日期早于下单日期。", "The date lies before the day of the order.");
        return Err(PaymentError::IssuedOn { detail });
    }
    Ok(())
}
