//! What stands in a cell, read exactly: no floating point, whatever a spreadsheet thinks of numbers.

use chrono::{Datelike, NaiveDate};

/// A decimal number with at most so many decimals, in whole units of the last; thousands may be separated by commas.
pub fn scaled(text: &str, decimals: usize) -> Option<i64> {
    let text: String = text.trim().chars().filter(|c| *c != ',').collect();
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let rest = rest.trim_end_matches('0');
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(rest) || rest.len() > decimals || whole.len() > 15 {
        return None;
    }
    format!("{whole}{rest:0<decimals$}").parse().ok()
}

/// Whole units as a decimal number with as many decimals as are needed, and at least `least`.
pub fn decimal(units: i64, decimals: usize, least: usize) -> String {
    let digits = format!("{units:0>width$}", width = decimals + 1);
    let (whole, rest) = digits.split_at(digits.len() - decimals);
    let needed = rest.trim_end_matches('0').len().max(least);
    if needed == 0 { whole.to_owned() } else { format!("{whole}.{}", &rest[..needed]) }
}

/// A day, however it is usually written.
pub fn day(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let forms = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"];
    let found = forms.iter().find_map(|form| NaiveDate::parse_from_str(text, form).ok());
    found.filter(|day| (1900..=2199).contains(&day.year()))
}

/// The value of a word from a list, given as the value or in Chinese.
pub fn choice(text: &str, choices: &[(&'static str, &'static str)]) -> Option<&'static str> {
    choices.iter().find(|(value, zh)| text == *value || text == *zh).map(|(value, _)| *value)
}
