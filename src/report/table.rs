//! What a report comes to: columns, and rows of whole numbers.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What the numbers of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReportUnit)]
pub enum Unit {
    /// Whole fen.
    Fen,
    /// How many.
    Count,
    /// How many households or people: withheld where they are few.
    Group,
    /// A part of a whole, in ten-thousandths.
    Rate,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReportColumn)]
pub struct Column {
    /// Its name.
    #[schema(example = "sold")]
    pub name: String,
    /// Its heading in Chinese.
    #[schema(example = "销售额（验收）")]
    pub zh: String,
    /// Its heading in English.
    #[schema(example = "Sold (accepted)")]
    pub en: String,
    /// What its numbers are.
    pub unit: Unit,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReportLine)]
pub struct Line {
    /// Its stable key; the part before the first dot says of which division it is.
    #[schema(example = "channel.budget_unit")]
    pub key: String,
    /// What it is called.
    #[schema(example = "预算单位")]
    pub label: String,
    /// One number a column; null where there is none, or it is withheld.
    pub values: Vec<Option<i64>>,
    /// The keys of the rows that add this one up; none in a report whose rows add up documents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<String>,
}

impl Line {
    /// A row that adds up documents.
    #[must_use]
    pub fn new(key: String, label: String, values: Vec<Option<i64>>) -> Self {
        Self { key, label, values, within: Vec::new() }
    }
}

/// The table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReportTable)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub lines: Vec<Line>,
}

/// A line of two tables beside each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ReportDifference)]
pub struct Difference {
    /// The key.
    pub key: String,
    /// What it is called.
    pub label: String,
    /// The numbers of the first; null where the line is not in it.
    pub before: Option<Vec<Option<i64>>>,
    /// The numbers of the second.
    pub after: Option<Vec<Option<i64>>>,
    /// By how much each number moved; null where one of the two has none.
    pub change: Vec<Option<i64>>,
}

impl Table {
    /// The same with small groups withheld.
    #[must_use]
    pub fn withheld(mut self, shown: impl Fn(i64) -> Option<i64>) -> Self {
        for line in &mut self.lines {
            for (column, value) in self.columns.iter().zip(&mut line.values) {
                if column.unit == Unit::Group {
                    *value = value.and_then(&shown);
                }
            }
        }
        self
    }

    /// This table and another, line by line, by the keys of both.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Vec<Difference> {
        let of = |table: &'_ Self| -> BTreeMap<String, Line> {
            table.lines.iter().map(|line| (line.key.clone(), line.clone())).collect()
        };
        let (before, after) = (of(self), of(other));
        let keys: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let mut lines = Vec::with_capacity(keys.len());
        for key in keys {
            let (was, is) = (before.get(key), after.get(key));
            let at = |line: Option<&Line>, column: usize| {
                line.map_or(Some(0), |line| line.values.get(column).copied().flatten())
            };
            let change = (0..self.columns.len()).map(|column| Some(at(is, column)? - at(was, column)?)).collect();
            lines.push(Difference {
                key: key.clone(),
                label: is.or(was).map(|line| line.label.clone()).unwrap_or_default(),
                before: was.map(|line| line.values.clone()),
                after: is.map(|line| line.values.clone()),
                change,
            });
        }
        lines
    }
}
