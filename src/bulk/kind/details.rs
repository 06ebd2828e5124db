//! What a row of products says beside name, weight and price (商品档案): kind, packing, where it is processed, season,
//! limits.
//!
//! Promises: an empty cell says nothing, so that a sheet without these columns changes nothing of them; [`NONE`] takes
//! away what was said before. Pure.

use super::Cells;
use crate::bulk::cells::scaled;
use crate::bulk::columns::{KINDS, STORAGES};
use crate::catalogue::product::details::Details;
use entity::value::{AreaCode, Packs};
use std::collections::HashSet;

/// Takes away what a cell said before.
const NONE: &str = "无";
/// As good as [`NONE`], for a season.
const ALL_YEAR: &str = "全年";

/// The columns of the details, in the order of [`shown`].
pub(super) const COLUMNS: [&str; 11] = [
    "kind",
    "pack_unit",
    "pieces",
    "brand",
    "taste",
    "packaging",
    "processing_county_code",
    "season_months",
    "monthly_capacity_packs",
    "buyer_limit_packs",
    "storage",
];

/// The details as cells.
pub(super) fn shown(details: &Details) -> [String; 11] {
    let word = |choices: &[(&str, &'static str)], value: &str| {
        choices.iter().find(|(known, _)| *known == value).map_or("", |(_, zh)| *zh).to_owned()
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let packs = |packs: Option<Packs>| packs.map(|packs| packs.to_string()).unwrap_or_default();
    let months: Vec<_> = details.season_months.iter().map(ToString::to_string).collect();
    [
        word(KINDS, details.kind.as_str()),
        details.pack_unit.clone(),
        details.pieces.map(|pieces| pieces.to_string()).unwrap_or_default(),
        text(&details.brand),
        text(&details.taste),
        text(&details.packaging),
        details.processing_county_code.as_ref().map(ToString::to_string).unwrap_or_default(),
        months.join("、"),
        packs(details.monthly_capacity_packs),
        packs(details.buyer_limit_packs),
        word(STORAGES, details.storage.as_str()),
    ]
}

/// The details as the row wants them, where they were `before`; `counties` are the codes that are counties of today.
pub(super) fn wanted(cells: &mut Cells<'_>, counties: &HashSet<AreaCode>, before: &Details) -> Details {
    let packs = |text: &str| scaled(text, 0).and_then(|packs| Packs::new(packs).ok());
    let whole = ("应为整数。", "A whole number is expected.");
    let text = |cells: &Cells<'_>, key: &str, before: &Option<String>| match cells.text(key) {
        "" => before.clone(),
        NONE => None,
        text => Some(text.to_owned()),
    };
    let pack_unit = Some(cells.text("pack_unit")).filter(|unit| !unit.is_empty()).unwrap_or(&before.pack_unit);
    Details {
        kind: cells.choice("kind").and_then(|kind| kind.parse().ok()).unwrap_or(before.kind),
        pack_unit: pack_unit.to_owned(),
        pieces: perhaps(cells, "pieces", before.pieces, |text| scaled(text, 0), whole),
        brand: text(cells, "brand", &before.brand),
        taste: text(cells, "taste", &before.taste),
        packaging: text(cells, "packaging", &before.packaging),
        processing_county_code: perhaps(
            cells,
            "processing_county_code",
            before.processing_county_code.clone(),
            |text| text.parse().ok().filter(|code| counties.contains(code)),
            ("没有这个县级区划。", "There is no such county."),
        ),
        buyer_limit_packs: perhaps(cells, "buyer_limit_packs", before.buyer_limit_packs, packs, whole),
        season_months: season(cells, &before.season_months),
        monthly_capacity_packs: perhaps(cells, "monthly_capacity_packs", before.monthly_capacity_packs, packs, whole),
        storage: cells.choice("storage").and_then(|storage| storage.parse().ok()).unwrap_or(before.storage),
        freight_template_id: before.freight_template_id,
        lists_on_approval: before.lists_on_approval,
    }
}

/// The counties that rows name as those of processing.
pub(super) fn county_named(cells: &[String], at: usize) -> Option<AreaCode> {
    cells.get(at).and_then(|cell| cell.parse().ok())
}

/// What a cell says, which may be that there is none; what was before where it says nothing.
fn perhaps<T>(
    cells: &mut Cells<'_>,
    key: &str,
    before: Option<T>,
    parse: impl FnOnce(&str) -> Option<T>,
    (zh, en): (&str, &str),
) -> Option<T> {
    if cells.text(key) == NONE {
        return None;
    }
    cells.read(key, parse, zh, en).or(before)
}

/// Months as people list them: `3、4、5` or `3月,4月`.
fn season(cells: &mut Cells<'_>, before: &[u8]) -> Vec<u8> {
    if [NONE, ALL_YEAR].contains(&cells.text("season_months")) {
        return Vec::new();
    }
    let months = |text: &str| {
        let parts = text.split(['、', ',', '，', ' ', ';', '；']).map(|part| part.trim().trim_end_matches('月'));
        parts.filter(|part| !part.is_empty()).map(|part| part.parse().ok()).collect::<Option<Vec<u8>>>()
    };
    let (zh, en) = ("应为月份，例如 3、4、5。", "Months are expected, such as 3、4、5.");
    cells.read("season_months", months, zh, en).unwrap_or_else(|| before.to_vec())
}
