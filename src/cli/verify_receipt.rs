//! `liannong verify-receipt`: does a receipt hold? No database, no network.

use crate::verify::receipt::{self, Proven, Unproven};
use std::path::Path;
use std::process::ExitCode;

/// Prints what the receipt proves; fails when it proves nothing.
#[must_use]
pub fn verify_receipt(file: &Path, keys: &[[u8; 32]]) -> ExitCode {
    let json = match std::fs::read_to_string(file) {
        Ok(json) => json,
        Err(error) => {
            eprintln!("liannong: {} cannot be read: {error}", file.display());
            return ExitCode::from(2);
        }
    };
    match receipt::check(&json, keys) {
        Ok(proven) => {
            let Proven { household_id, year, lines, promised_fen, accrued_fen, paid_fen, seals, keys: signers } =
                proven;
            println!(
                "valid 有效: household {household_id}, {year}: {lines} lines under {} seals; \
                 promised 应得 {promised_fen} fen, accrued 计提 {accrued_fen} fen, paid 发放 {paid_fen} fen",
                seals.len()
            );
            if keys.is_empty() {
                for key in signers {
                    eprintln!("signed with {key}; compare it with the published key, or give it as --key");
                }
            }
            ExitCode::SUCCESS
        }
        Err(Unproven { zh, en }) => {
            println!("NOT VALID 无效: {zh} {en}");
            ExitCode::FAILURE
        }
    }
}
