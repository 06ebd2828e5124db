//! Where in a text stands what was looked for.
//!
//! Promises: places are counted in characters (Unicode scalar values) of the text as it was written; the marked text
//! is safe to put into a page whatever the text holds: `<mark>` and `</mark>` are the only tags in it.
//! It finds what any engine finds: words, other words for them, traditional characters, pinyin and initials.

use super::script::folded;
use super::words::{self, Word};

/// From where to where, in characters; the end is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first character.
    pub start: usize,
    /// The character after the last.
    pub end: usize,
}

/// What was looked for, cut once for many texts.
pub struct Sought {
    words: Vec<Word>,
    /// The whole of it and its words, and everything said for them otherwise.
    phrases: Vec<Vec<char>>,
    /// The single characters of its Chinese words, for texts that hold nothing better.
    characters: Vec<char>,
}

impl Sought {
    /// Cuts a text that is looked for.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let words = words::cut(text);
        let mut phrases: Vec<String> = vec![words::bare(text)];
        for word in &words {
            phrases.push(word.written.clone());
            phrases.extend(words::variants(&word.written));
        }
        phrases.extend(words::variants(&words::bare(text)));
        let phrases = phrases.into_iter().map(|phrase| phrase.chars().collect::<Vec<_>>());
        let characters = words.iter().flat_map(|word| word.written.chars()).filter(|c| words::is_han(*c)).collect();
        Self { words, phrases: phrases.filter(|phrase| !phrase.is_empty()).collect(), characters }
    }

    /// Where it stands in a text: as it was written or is said otherwise; else spelled; else what there is of its
    /// characters, if that is more than one or all.
    #[must_use]
    pub fn spans(&self, text: &str) -> Vec<Span> {
        let text = folded(text);
        let mut spans: Vec<Span> = self.phrases.iter().flat_map(|phrase| places(&text, phrase)).collect();
        for word in self.words.iter().filter(|word| word.is_latin()) {
            spans.extend(spelled(&text, &word.written));
        }
        if spans.is_empty() {
            spans = self.lone_characters(&text);
        }
        joined(spans)
    }

    fn lone_characters(&self, text: &[char]) -> Vec<Span> {
        let there = text.iter().enumerate().filter(|(_, c)| self.characters.contains(c));
        let spans: Vec<Span> = there.map(|(at, _)| Span { start: at, end: at + 1 }).collect();
        if spans.len() > 1 || self.characters.len() == 1 { spans } else { Vec::new() }
    }
}

/// Where a phrase stands in a text. A Latin one begins where no letter or digit stands before it.
fn places(text: &[char], phrase: &[char]) -> Vec<Span> {
    let latin = phrase.iter().all(char::is_ascii);
    let begins = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        !latin || before.is_none_or(|before| !before.is_ascii_alphanumeric())
    };
    let windows = text.windows(phrase.len()).enumerate();
    let found = windows.filter(|(at, window)| *window == phrase && begins(*at));
    found.map(|(at, _)| Span { start: at, end: at + phrase.len() }).collect()
}

/// The first run of characters that a Latin word spells, in full (the last syllable may be unfinished) or by initials.
fn spelled(text: &[char], word: &str) -> Option<Span> {
    let syllables: Vec<Option<String>> =
        text.iter().map(|c| words::is_han(*c).then(|| words::syllables(&c.to_string()).concat())).collect();
    let runs = |part: fn(&str) -> &str, least: usize| {
        (0..text.len()).find_map(|start| {
            let mut left = word;
            let mut end = start;
            while let Some(Some(syllable)) = syllables.get(end).filter(|_| !left.is_empty()) {
                let part = part(syllable);
                end += 1;
                match left.strip_prefix(part) {
                    Some(rest) => left = rest,
                    None if part.starts_with(left) => left = "",
                    None => return None,
                }
            }
            (left.is_empty() && end - start >= least).then_some(Span { start, end })
        })
    };
    let initial: fn(&str) -> &str = |syllable| syllable.get(..1).unwrap_or(syllable);
    runs(|syllable| syllable, 1).or_else(|| runs(initial, 2))
}

/// Spans in their order, those that touch made one.
fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => joined.push(span),
        }
    }
    joined
}

/// The text as HTML with `<mark>` around the spans.
#[must_use]
pub fn html(text: &str, spans: &[Span]) -> String {
    let mut html = String::with_capacity(text.len() + spans.len() * 13);
    for (at, c) in text.chars().enumerate() {
        if spans.iter().any(|span| span.start == at) {
            html.push_str("<mark>");
        }
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(c),
        }
        if spans.iter().any(|span| span.end == at + 1) {
            html.push_str("</mark>");
        }
    }
    html
}
