//! The category file: what it must look like, and the edition that travels inside the binary.
//!
//! Promises: pure; a file is taken whole or every bad row of it is named. Knows no database.

use super::Category;
use crate::problem::Text;
use crate::region::rows::{RowError, read_rows};
use entity::value::CategoryCode;
use std::collections::HashSet;
use std::io::Read;

/// The category tree of the platform.
pub const CATEGORIES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/categories.csv.gz"));

/// Reads categories: `code, parent_code, name_zh, name_en, level`, in any order of rows.
///
/// # Errors
/// Every bad row: a bad or repeated code, a name missing in either language, a level that does not fit the code's
/// length, a parent that is not there or not the code without its last two digits.
pub fn parse_categories(file: impl Read) -> Result<Vec<Category>, Vec<RowError>> {
    let mut seen = HashSet::new();
    let rows = read_rows(file, &["code", "parent_code", "name_zh", "name_en", "level"], |row| {
        let code = row.parse("code", CategoryCode::parse)?;
        if !seen.insert(code.clone()) {
            let reason = Text::new(format!("代码 {code} 重复"), format!("{code} is there twice"));
            return Err(row.error("code", reason));
        }
        let category = Category {
            parent_code: row.parse_optional("parent_code", CategoryCode::parse)?,
            name_zh: row.required("name_zh")?.to_owned(),
            name_en: row.required("name_en")?.to_owned(),
            level: row.number("level", 1, 3)?,
            code,
        };
        if usize::try_from(category.level).is_ok_and(|level| level * 2 != category.code.as_str().len()) {
            let reason = Text::new("级别应为代码位数的一半", "must be half the number of digits of the code");
            return Err(row.error("level", reason));
        }
        Ok((row.line(), category))
    })?;
    let codes: HashSet<&str> = rows.iter().map(|(_, row)| row.code.as_str()).collect();
    let errors: Vec<RowError> = rows.iter().filter_map(|(line, row)| misplaced(*line, row, &codes)).collect();
    if errors.is_empty() { Ok(rows.into_iter().map(|(_, row)| row).collect()) } else { Err(errors) }
}

fn misplaced(line: u64, row: &Category, codes: &HashSet<&str>) -> Option<RowError> {
    let code = row.code.as_str();
    let above = code.get(..code.len().saturating_sub(2)).unwrap_or_default();
    let parent = row.parent_code.as_ref().map(CategoryCode::as_str).unwrap_or_default();
    let reason = if parent != above {
        let zh = format!("上级应为代码去掉末两位，即 {above:?}");
        Text::new(zh, format!("must be the code without its last two digits, {above:?}"))
    } else if !parent.is_empty() && !codes.contains(parent) {
        Text::new(format!("上级 {parent} 不存在"), format!("there is no category {parent}"))
    } else {
        return None;
    };
    Some(RowError { line, column: "parent_code", reason })
}
