//! The JSON of the standard from exact amounts.
//!
//! Promises: an amount is never a float, neither in memory nor on its way out. Inside the house the `amount` of a value is
//! a whole number of fen; [`text`] writes it as yuan with two decimals. Everything else is written as it stands, keys in
//! alphabetical order, so that one content has one text.

use entity::value::{Fen, Timestamp};
use serde_json::{Map, Value, json};

/// The member that holds an amount, as the standard names it.
const AMOUNT: &str = "amount";

/// A value in the standard's sense: an amount with its currency.
#[must_use]
pub fn money(fen: Fen) -> Value {
    json!({ AMOUNT: fen.get(), "currency": "CNY" })
}

/// An instant, to the millisecond.
#[must_use]
pub fn instant(at: Timestamp) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// An object of what is there: members that are null are left out.
#[must_use]
pub fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    let there = members.into_iter().filter(|(_, value)| !value.is_null());
    Value::Object(there.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
}

/// The published text.
#[must_use]
pub fn text(value: &Value) -> String {
    let mut out = String::new();
    write(value, false, &mut out);
    out
}

fn write(value: &Value, is_amount: bool, out: &mut String) {
    match value {
        Value::Object(members) => {
            out.push('{');
            for (index, (name, member)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                write(member, name == AMOUNT, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, false, out);
            }
            out.push(']');
        }
        Value::Number(number) if is_amount => match number.as_i64() {
            Some(fen) => out.push_str(&yuan(fen)),
            None => out.push_str(&number.to_string()),
        },
        plain => out.push_str(&plain.to_string()),
    }
}

/// Fen as yuan with two decimals.
#[must_use]
pub fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}
