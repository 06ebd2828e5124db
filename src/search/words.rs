//! Text as a search sees it: cut into words, spelled in pinyin, said with other words, taken apart into characters.
//!
//! Promises: the same text gives the same pieces when it is indexed and when it is asked for; anything that could
//! change the pieces changes [`FINGERPRINT`]. It does not know what an index is.

use std::{collections::HashMap, sync::LazyLock};

use charabia::Tokenize;
use pinyin::ToPinyin;

use super::script::{self, TRADITIONAL, folded};

const SYNONYMS: &str = include_str!("synonyms.txt");
const READINGS: &str = include_str!("readings.txt");
const PLACES: &str = include_str!("places.txt");

/// To be raised when a function of this module starts to answer differently.
const RULES: &[u8] = b"2";

/// Stands for the rules and word lists of this module: an index made under another one must be made again.
pub const FINGERPRINT: u32 = {
    let hash = fnv1a(fnv1a(fnv1a(0x811c_9dc5, RULES), SYNONYMS.as_bytes()), READINGS.as_bytes());
    fnv1a(fnv1a(hash, PLACES.as_bytes()), TRADITIONAL.as_bytes())
};

/// FNV-1a, because it can run while compiling.
const fn fnv1a(mut hash: u32, bytes: &[u8]) -> u32 {
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash
}

/// Loads the dictionaries, which takes up to a second the first time any text is cut.
pub fn warm_up() {
    script::warm_up();
    drop(cut("核桃"));
    LazyLock::force(&GROUPS);
    LazyLock::force(&SPELLED);
    LazyLock::force(&ALIASES);
}

/// The text in lower case and simplified characters, full-width letters and digits made narrow, without outer or
/// repeated blanks.
#[must_use]
pub fn plain(text: &str) -> String {
    let folded: String = folded(text).into_iter().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text without anything between letters, digits and characters: two names that differ in blanks are one.
#[must_use]
pub fn bare(text: &str) -> String {
    plain(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// As it was written.
    pub written: String,
    /// As it is compared: variants of a character made one.
    pub lemma: String,
}

impl Word {
    /// Whether it is letters and digits of the Latin alphabet.
    #[must_use]
    pub fn is_latin(&self) -> bool {
        self.written.is_ascii()
    }
}

/// The words of a text in their order, without marks between them.
#[must_use]
pub fn cut(text: &str) -> Vec<Word> {
    let text = plain(text);
    let text = text.as_str();
    text.reconstruct()
        .filter(|(_, token)| token.is_word())
        .map(|(written, token)| Word { written: written.to_owned(), lemma: token.lemma().to_owned() })
        .filter(|word| !word.lemma.trim().is_empty())
        .collect()
}

/// Whether a character is Chinese script.
#[must_use]
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

/// Characters, pairs of neighbours, and pairs with one character between them (`玉_豆`).
///
/// With one wrong character in a name most of the others and some of the pairs are still right.
#[must_use]
pub fn grams(text: &str) -> Vec<String> {
    let chars: Vec<char> = bare(text).chars().collect();
    let singles = chars.iter().map(char::to_string);
    let pairs = chars.windows(2).map(|pair| pair.iter().collect());
    let gapped = chars.windows(3).map(|three| format!("{}_{}", three[0], three[2]));
    singles.chain(pairs).chain(gapped).collect()
}

/// The groups of words that are said for one thing; a group of one only protects its word.
pub fn synonyms() -> impl Iterator<Item = Vec<&'static str>> {
    let lines = SYNONYMS.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(|line| line.split_whitespace().collect())
}

/// Groups of words for one thing, by each of their words; the words of a group of one are protected.
static GROUPS: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    synonyms()
        .flat_map(|group| {
            let others = |word| group.iter().copied().filter(|other| *other != word).collect();
            group.iter().map(|word| (*word, others(*word))).collect::<Vec<_>>()
        })
        .collect()
});

/// The most characters a word of the synonym list has.
const LONGEST_SYNONYM: usize = 8;

/// The same text said with other words, one of its words exchanged at a time: 恩施马铃薯 → 恩施土豆, 恩施洋芋 …
#[must_use]
pub fn variants(text: &str) -> Vec<String> {
    let mut said = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let found = longest_first(rest).find_map(|word| GROUPS.get(word).map(|others| (word, others)));
        let Some((word, others)) = found else {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        };
        let (before, after) = (&text[..at], &rest[word.len()..]);
        said.extend(others.iter().map(|other| format!("{before}{other}{after}")));
        at += word.len();
    }
    said
}

/// The beginnings of a text that could be in a word list.
fn longest_first(text: &str) -> impl Iterator<Item = &str> {
    let ends: Vec<usize> = text.char_indices().take(LONGEST_SYNONYM).map(|(at, c)| at + c.len_utf8()).collect();
    ends.into_iter().rev().map(|end| &text[..end])
}

/// Words with a reading of their own.
static SPELLED: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let lines = READINGS.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut parts = line.split_whitespace();
            Some((parts.next()?, parts.collect()))
        })
        .collect()
});

/// The text's syllables in pinyin without tones, ü as `v`; letters and digits stay, each for itself.
#[must_use]
pub fn syllables(text: &str) -> Vec<String> {
    let text = bare(text);
    let mut spelled = Vec::new();
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = &text[at..];
        if let Some((word, reading)) = longest_first(rest).find_map(|word| SPELLED.get(word).map(|r| (word, r))) {
            spelled.extend(reading.iter().map(|syllable| (*syllable).to_owned()));
            at += word.len();
            continue;
        }
        spelled.push(c.to_pinyin().map_or_else(|| c.to_string(), |pinyin| pinyin.plain().replace('ü', "v")));
        at += c.len_utf8();
    }
    spelled
}

/// A text in pinyin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelling {
    /// All of it, and all from each later character on: `wuhaiputao`, `haiputao`, `putao`, `tao`.
    pub full: Vec<String>,
    /// The same in initials, without the last alone: `whpt`, `hpt`, `pt`.
    pub initials: Vec<String>,
}

impl Spelling {
    /// Spells a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let syllables = syllables(text);
        let initials: Vec<&str> = syllables.iter().map(|s| s.get(..1).unwrap_or(s)).collect();
        let full = (0..syllables.len()).map(|from| syllables[from..].concat()).collect();
        let initials = (0..initials.len().saturating_sub(1)).map(|from| initials[from..].concat()).collect();
        Self { full, initials }
    }
}

/// What ends the name of a division, the longer before the shorter it ends in.
const DIVISION_ENDS: [&str; 12] =
    ["自治州", "自治县", "自治旗", "自治区", "林区", "地区", "矿区", "县", "市", "区", "旗", "省"];

/// Peoples named in autonomous divisions, as they stand there.
const PEOPLES: [&str; 48] = [
    "土家族",
    "苗族",
    "侗族",
    "藏族",
    "羌族",
    "彝族",
    "回族",
    "壮族",
    "满族",
    "蒙古族",
    "蒙古",
    "瑶族",
    "白族",
    "傣族",
    "哈尼族",
    "拉祜族",
    "佤族",
    "布朗族",
    "傈僳族",
    "纳西族",
    "景颇族",
    "普米族",
    "怒族",
    "独龙族",
    "布依族",
    "仡佬族",
    "水族",
    "仫佬族",
    "毛南族",
    "各族",
    "黎族",
    "畲族",
    "土族",
    "撒拉族",
    "东乡族",
    "保安族",
    "裕固族",
    "哈萨克族",
    "哈萨克",
    "维吾尔族",
    "维吾尔",
    "柯尔克孜族",
    "柯尔克孜",
    "塔吉克",
    "锡伯",
    "朝鲜族",
    "达斡尔族",
    "鄂伦春",
];

/// A place by its name and by the short form people use: 恩施土家族苗族自治州 and 恩施.
#[must_use]
pub fn place_forms(name: &str) -> Vec<String> {
    let mut short = name;
    for end in DIVISION_ENDS {
        if let Some(rest) = name.strip_suffix(end).filter(|rest| rest.chars().count() >= 2) {
            short = rest;
            break;
        }
    }
    if short.len() < name.len() && name.contains("自治") {
        let without_people = |short: &str| {
            let rests = PEOPLES.iter().filter_map(|people| short.strip_suffix(people));
            rests.filter(|rest| rest.chars().count() >= 2).min_by_key(|rest| rest.len()).map(str::len)
        };
        while let Some(len) = without_people(short) {
            short = &short[..len];
        }
        // 东乡族自治县 is named by its people alone.
        short = short.strip_suffix('族').filter(|rest| rest.chars().count() >= 2).unwrap_or(short);
    }
    if short == name { vec![name.to_owned()] } else { vec![name.to_owned(), short.to_owned()] }
}

/// What else people call a place, by its name in the register.
static ALIASES: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let lines = PLACES.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut names = line.split_whitespace();
            Some((names.next()?, names.collect()))
        })
        .collect()
});

/// Everything a place is called: as [`place_forms`], with the short form as 恩施州 or 酉阳县, and by its other names.
#[must_use]
pub fn place_names(name: &str) -> Vec<String> {
    let mut names = place_forms(name);
    let end = if name.ends_with("自治州") {
        Some('州')
    } else if name.ends_with("自治县") {
        Some('县')
    } else {
        None
    };
    if let (Some(end), Some(short)) = (end, names.get(1)) {
        names.push(format!("{short}{end}"));
    }
    names.extend(ALIASES.get(name).into_iter().flatten().map(|alias| (*alias).to_owned()));
    names
}

/// What ends the part of a product's name that says what it is: grades and ways of packing.
const PACKING: [&str; 16] = [
    "特级", "一级", "二级", "三级", "精品", "精选", "优选", "礼盒", "散装", "袋装", "盒装", "罐装", "瓶装", "桶装",
    "箱装", "新货",
];

/// What a product's name says that the product is, without grade, weight and pack: 石阡苔茶 of `石阡苔茶 一级 250克`.
#[must_use]
pub fn stem(name: &str) -> String {
    let plain = plain(name);
    let mut kept = Vec::new();
    for part in plain.split(' ') {
        let end = part
            .find(|c: char| c.is_ascii_digit() || matches!(c, '(' | '（' | '[' | '【' | '/' | '*'))
            .unwrap_or(part.len());
        let end = PACKING.iter().filter_map(|word| part.find(word)).fold(end, usize::min);
        let said = &part[..end];
        // A name that begins with a number keeps it.
        if said.is_empty() && kept.is_empty() {
            kept.push(part);
            continue;
        }
        if !said.is_empty() {
            kept.push(said);
        }
        if end < part.len() {
            break;
        }
    }
    kept.join(" ")
}
