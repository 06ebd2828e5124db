//! What the national system calls the columns and words of its sheets (全国系统字段代码), and what they are here.
//!
//! The mapping is data that stands beside this file, so that a county reads in a review what is read as what. Promises:
//! a code is one column, a column has one code; a code that different systems use for different things is none, and a
//! sheet that has it is refused with the reason: a wage that is read as an ecology payment is noticed by nobody.
//! Pure: knows columns and words, no rows.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// What a code stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// This column.
    Column(String),
    /// Something that is not kept here.
    PassedOver,
    /// Different things in different systems; which, in Chinese.
    Ambiguous(String),
}

/// Why a mapping is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingFault {
    /// A line has other parts than it should.
    #[error("line {0} of the mapping has not three parts")]
    Malformed(usize),
    /// A code stands for two things.
    #[error("the code {0} stands for two things")]
    CodeTwice(String),
    /// Two codes are one column.
    #[error("two codes are the column {0}")]
    ColumnTwice(String),
    /// A word of a column stands for two values.
    #[error("the word {0} stands for two values")]
    WordTwice(String),
}

/// Codes and words, and what they are here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    codes: HashMap<String, Meaning>,
    /// By column and word.
    words: HashMap<(String, String), String>,
}

/// The mapping that is in force.
pub(super) static NATIONAL: LazyLock<Mapping> = LazyLock::new(|| {
    let (codes, words) = (include_str!("data/national_codes.csv"), include_str!("data/national_words.csv"));
    // The files stand in the program, and a test reads them.
    Mapping::parse(codes, words).unwrap_or_default()
});

/// The lines that say something, each in its three parts.
fn lines(text: &str) -> impl Iterator<Item = Result<[&str; 3], MappingFault>> {
    let numbered = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    numbered.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')).map(|(number, line)| {
        let mut parts = line.splitn(3, ',').map(str::trim);
        match (parts.next(), parts.next(), parts.next()) {
            (Some(one), Some(two), Some(three)) if !one.is_empty() && !two.is_empty() => Ok([one, two, three]),
            _ => Err(MappingFault::Malformed(number)),
        }
    })
}

impl Mapping {
    /// Reads a mapping: lines of `code,column,meaning`, and lines of `column,word,value`.
    ///
    /// # Errors
    /// A line that is none; a code, a column or a word that stands twice.
    pub fn parse(codes: &str, words: &str) -> Result<Self, MappingFault> {
        let (mut mapping, mut columns) = (Self::default(), HashSet::new());
        for line in lines(codes) {
            let [code, column, meaning] = line?;
            let code = code.to_ascii_uppercase();
            let means = match column {
                "-" => Meaning::PassedOver,
                "?" => Meaning::Ambiguous(meaning.to_owned()),
                column if columns.insert(column) => Meaning::Column(column.to_owned()),
                column => return Err(MappingFault::ColumnTwice(column.to_owned())),
            };
            if mapping.codes.insert(code.clone(), means).is_some() {
                return Err(MappingFault::CodeTwice(code));
            }
        }
        for line in lines(words) {
            let [column, word, value] = line?;
            let key = (column.to_owned(), word.to_owned());
            if mapping.words.insert(key, value.to_owned()).is_some() {
                return Err(MappingFault::WordTwice(word.to_owned()));
            }
        }
        Ok(mapping)
    }

    /// What a heading stands for, where it is a code.
    #[must_use]
    pub fn meaning(&self, heading: &str) -> Option<&Meaning> {
        self.codes.get(&heading.to_ascii_uppercase())
    }

    /// The value that a word of a column stands for.
    #[must_use]
    pub fn value(&self, column: &str, word: &str) -> Option<&str> {
        self.words.get(&(column.to_owned(), word.to_owned())).map(String::as_str)
    }

    /// The columns that codes stand for, and those whose words are known.
    #[must_use]
    pub fn columns(&self) -> HashSet<&str> {
        let coded = self.codes.values().filter_map(|meaning| match meaning {
            Meaning::Column(column) => Some(column.as_str()),
            Meaning::PassedOver | Meaning::Ambiguous(_) => None,
        });
        coded.chain(self.words.keys().map(|(column, _)| column.as_str())).collect()
    }

    /// The mapping that is in force, for whoever checks it.
    #[must_use]
    pub fn in_force() -> &'static Self {
        &NATIONAL
    }
}
