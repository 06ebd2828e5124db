//! What a paper says, before it is set in type: its content, kept as it was issued.

use serde::{Deserialize, Serialize};

/// The content of a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// What it is called.
    pub title: String,
    /// The number people quote.
    pub number: String,
    /// Named values, in their order.
    pub fields: Vec<(String, String)>,
    /// Tables, in their order.
    pub tables: Vec<Table>,
    /// What it says besides.
    pub paragraphs: Vec<String>,
    /// Who signs.
    pub signatures: Vec<String>,
    /// By which rules it is laid out: those of when it was issued, so that its file stays the same.
    #[serde(default = "first")]
    pub edition: u32,
}

/// The rules by which papers are laid out now.
pub const EDITION: u32 = 3;

/// What was issued before editions were counted.
fn first() -> u32 {
    1
}

/// A table of a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, each with a cell a column.
    pub rows: Vec<Vec<String>>,
    /// The sums below.
    pub total: Option<Vec<String>>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its heading.
    pub title: String,
    /// Its part of the width, out of all columns' parts.
    pub part: i32,
    /// Where its text stands.
    pub align: Align,
}

/// Where text stands in its cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

impl Column {
    /// A column of words.
    #[must_use]
    pub fn words(title: &str, part: i32) -> Self {
        Self { title: title.to_owned(), part, align: Align::Left }
    }

    /// A column of numbers.
    #[must_use]
    pub fn numbers(title: &str, part: i32) -> Self {
        Self { title: title.to_owned(), part, align: Align::Right }
    }
}
