//! Amounts in the capitals that contracts need (大写金额). Pure.

use entity::value::Fen;

const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];
const GROUPS: [&str; 4] = ["", "万", "亿", "万亿"];

/// An amount in capitals, as 人民币壹仟贰佰元伍角整.
#[must_use]
pub fn in_capitals(amount: Fen) -> String {
    let fen = amount.get().unsigned_abs();
    let (yuan, jiao, fen) = (fen / 100, fen / 10 % 10, fen % 10);
    let mut text = "人民币".to_owned();
    if yuan > 0 || (jiao == 0 && fen == 0) {
        text.push_str(&whole(yuan));
        text.push('元');
    }
    if jiao == 0 && fen == 0 {
        text.push('整');
        return text;
    }
    if jiao > 0 {
        text.push_str(digit(jiao));
        text.push('角');
    } else if yuan > 0 {
        text.push('零');
    }
    if fen > 0 {
        text.push_str(digit(fen));
        text.push('分');
    } else {
        text.push('整');
    }
    text
}

fn digit(number: u64) -> &'static str {
    usize::try_from(number).ok().and_then(|number| DIGITS.get(number)).copied().unwrap_or_default()
}

/// A whole number: groups of four digits from the highest; one 零 stands for any run of zeros inside.
fn whole(number: u64) -> String {
    if number == 0 {
        return "零".to_owned();
    }
    let mut groups = Vec::new();
    let mut rest = number;
    while rest > 0 {
        groups.push(rest % 10_000);
        rest /= 10_000;
    }
    let (mut text, mut has_gap) = (String::new(), false);
    for (place, group) in groups.iter().enumerate().rev() {
        if *group == 0 {
            has_gap = true;
            continue;
        }
        if !text.is_empty() && (has_gap || *group < 1000) {
            text.push('零');
        }
        has_gap = false;
        text.push_str(&four(*group));
        text.push_str(GROUPS.get(place).copied().unwrap_or_default());
    }
    text
}

/// A number of one to four digits.
fn four(number: u64) -> String {
    let (mut text, mut has_gap) = (String::new(), false);
    for (place, unit) in PLACES.iter().enumerate().rev() {
        let figure = number / 10_u64.pow(u32::try_from(place).unwrap_or(0)) % 10;
        if figure == 0 {
            has_gap = !text.is_empty();
            continue;
        }
        if has_gap {
            text.push('零');
        }
        has_gap = false;
        text.push_str(digit(figure));
        text.push_str(unit);
    }
    text
}
