//! The square code of a household's year (收益凭据二维码): its sums under a seal, signed, small enough to be printed.
//!
//! The text is fields apart by `;` after the word `liannong.receipt-code.v1`: household, year, promised, accrued and paid
//! in fen, the number of lines, the newest seal of the receipt as `number:hash` (or `-`), the check code of the receipt's
//! file, and last the signature (Ed25519, base64 without padding) over everything before its `;`.
//! The check code is the first 16 hexadecimal digits of the SHA-256 of the file, in groups of four: it ties the paper to
//! the file.

use super::ReceiptError;
use super::view::Receipt;
use crate::seal::SealKey;
use crate::secrecy::sha256_hex;
use crate::verify::receipt::{self as checking, Proven};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use qrcode::render::svg::Color;
use qrcode::{EcLevel, QrCode};

/// A receipt's file, with the text of its code.
#[derive(Debug, Clone)]
pub struct Coded {
    /// The file as it is sent.
    pub file: String,
    /// The text in the square.
    pub text: String,
    /// The check code of the file.
    pub check_code: String,
}

/// Writes the file of a receipt and the text of its code.
///
/// # Errors
/// When it does not prove itself, which is ours.
pub fn code(key: &SealKey, receipt: &Receipt) -> Result<Coded, ReceiptError> {
    let file = serde_json::to_string(receipt).map_err(|error| ReceiptError::Unwritable(error.to_string()))?;
    let proven = checking::check(&file, &[key.public()]);
    let proven = proven.map_err(|unproven| ReceiptError::Unwritable(unproven.en))?;
    let check_code = check_code(&file);
    let Proven { household_id, year, lines, promised_fen, accrued_fen, paid_fen, seals, .. } = proven;
    let seal = seals.last_key_value().map_or_else(|| "-".to_owned(), |(number, hash)| format!("{number}:{hash}"));
    let said = format!(
        "{};{household_id};{year};{promised_fen};{accrued_fen};{paid_fen};{lines};{seal};{check_code}",
        checking::CODE_FORMAT
    );
    let signature = URL_SAFE_NO_PAD.encode(key.sign_text(checking::CODE_PURPOSE, &said));
    Ok(Coded { text: format!("{said};{signature}"), file, check_code })
}

/// The check code of a file.
#[must_use]
pub fn check_code(file: &str) -> String {
    let hash = sha256_hex(file.as_bytes()).to_ascii_uppercase();
    let groups = (0..4).filter_map(|group| hash.get(4 * group..4 * group + 4));
    groups.collect::<Vec<_>>().join("-")
}

/// The square as SVG. Medium error correction: a seventh of it may be dirty.
///
/// # Errors
/// When no code holds so much, which is ours.
pub fn svg(text: &str) -> Result<String, ReceiptError> {
    let unwritable = |error: qrcode::types::QrError| ReceiptError::Unwritable(error.to_string());
    let drawn = QrCode::with_error_correction_level(text, EcLevel::M).map_err(unwritable)?;
    Ok(drawn.render::<Color<'_>>().module_dimensions(4, 4).quiet_zone(true).build())
}
