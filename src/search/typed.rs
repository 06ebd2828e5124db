//! What somebody may type to get to something: characters, pinyin, initials, from the beginning or from a later word.
//!
//! Promises: the same for every engine; pure.

use std::cmp::Reverse;

use super::engine::{ProductDocument, SuggestionKind};
use super::words::{self, Spelling};

/// From how many words on a name can be begun.
const BEGINNINGS: usize = 3;

/// Something that can be suggested, with all that it is called.
pub struct Leads {
    /// What it is called.
    pub typed: Vec<String>,
    /// What it is.
    pub kind: SuggestionKind,
    /// Its code or id, empty when it has none.
    pub code: String,
    /// What is suggested.
    pub text: String,
}

/// Everything that a product lets be suggested: itself, its categories, its county, its supplier.
pub fn leads(product: &ProductDocument) -> Vec<Leads> {
    let mut leads = Vec::new();
    let mut add = |typed: Vec<String>, kind, code: String, text: &str| {
        if !text.is_empty() {
            leads.push(Leads { typed, kind, code, text: text.to_owned() });
        }
    };
    let stem = words::stem(&product.name);
    let mut called = words::variants(&stem);
    called.push(stem.clone());
    add(called, SuggestionKind::Product, String::new(), &stem);
    for (code, names) in product.category_codes.iter().zip(product.category_names.chunks(2)) {
        if let Some(name) = names.first() {
            add(vec![name.clone()], SuggestionKind::Category, code.clone(), name);
        }
    }
    if let Some(today) = product.county_names.last() {
        let called = product.county_names.iter().flat_map(|name| words::place_names(name)).collect();
        add(called, SuggestionKind::County, product.origin_county_code.to_string(), today);
    }
    let supplier = &product.supplier_name;
    add(vec![supplier.clone()], SuggestionKind::Supplier, product.supplier_id.to_string(), supplier);
    leads
}

/// What may be typed for a text, and whether it is its beginning.
pub fn keys(text: &str) -> Vec<(bool, String)> {
    let words: Vec<String> = words::cut(text).into_iter().map(|word| word.written).collect();
    let mut keys = Vec::new();
    for from in 0..words.len().min(BEGINNINGS) {
        let rest = words::bare(&words[from..].concat());
        // From a later word on, a lone character is not what anybody would type for it.
        if from > 0 && rest.chars().count() < 2 {
            continue;
        }
        let spelling = Spelling::of(&rest);
        let spelled = [spelling.full.into_iter().next(), spelling.initials.into_iter().next()];
        keys.extend(std::iter::once(rest).chain(spelled.into_iter().flatten()).map(|key| (from == 0, key)));
    }
    keys
}

/// What to look for in turn until something is found: the text as it was typed; else as it sounds; else as it was a
/// character or two earlier.
pub fn attempts(text: &str) -> Vec<String> {
    let typed = words::bare(text);
    let chars: Vec<char> = typed.chars().collect();
    let shorter =
        (1..=2).filter(|less| chars.len() >= less + 2).map(|less| chars[..chars.len() - less].iter().collect());
    let mut attempts = vec![typed.clone(), words::syllables(&typed).concat()];
    attempts.extend(shorter);
    attempts.dedup();
    attempts.retain(|attempt| !attempt.is_empty());
    attempts
}

/// By what suggestions are ordered, the least first: what was typed whole, what begins with it, what more products
/// stand behind, what is shorter.
pub fn order(whole: bool, first: bool, products: u64, text: &str, kind: SuggestionKind) -> impl Ord + use<> {
    (!whole, !first, Reverse(products), text.len(), text.to_owned(), kind)
}
