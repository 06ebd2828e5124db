//! `liannong verify-receipt`: does a receipt hold? No database, no network.

use crate::receipt::code;
use crate::verify::receipt::{self, Proven, Unproven};
use std::path::Path;
use std::process::ExitCode;

/// Prints what the receipt proves, and the text of its square code; fails when either proves nothing, or when they do
/// not belong together.
#[must_use]
pub fn verify_receipt(file: Option<&Path>, code: Option<&str>, keys: &[[u8; 32]]) -> ExitCode {
    let mut check_code = None;
    if let Some(file) = file {
        let json = match std::fs::read_to_string(file) {
            Ok(json) => json,
            Err(error) => {
                eprintln!("liannong: {} cannot be read: {error}", file.display());
                return ExitCode::from(2);
            }
        };
        match receipt::check(&json, keys) {
            Ok(proven) => tell(&proven, keys),
            Err(unproven) => return refuse(&unproven),
        }
        // A file saved with a line break at its end is the same file.
        let own = code::check_code(json.trim_end());
        println!("check code 校验码: {own}");
        check_code = Some(own);
    }
    if let Some(text) = code {
        match receipt::check_code(text, keys) {
            Ok((_, named)) if check_code.as_ref().is_some_and(|own| *own != named) => {
                println!("NOT VALID 无效: 二维码与文件不是同一份凭据。 the code and the file are not of one receipt.");
                return ExitCode::FAILURE;
            }
            Ok((proven, named)) => {
                tell(&proven, keys);
                println!("check code of its file 凭据文件校验码: {named}");
            }
            Err(unproven) => return refuse(&unproven),
        }
    }
    ExitCode::SUCCESS
}

fn tell(proven: &Proven, keys: &[[u8; 32]]) {
    let Proven { household_id, year, lines, promised_fen, accrued_fen, paid_fen, seals, keys: signers } = proven;
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
}

fn refuse(unproven: &Unproven) -> ExitCode {
    let Unproven { zh, en } = unproven;
    println!("NOT VALID 无效: {zh} {en}");
    ExitCode::FAILURE
}
