//! Which counties and which of their real produce the demonstration shows.
//!
//! Names and origins are those of the official register of agricultural geographical indications; weights and
//! prices are plausible inventions, drawn from the seed.

use entity::value::{AreaCode, CategoryCode, Fen, FenPerKilogram, Grams};
use fastrand::Rng;
use std::collections::{BTreeMap, BTreeSet};

/// One product to list.
#[derive(Debug, Clone)]
pub struct Produce {
    /// Registered name.
    pub name: String,
    /// Where it stands in the category tree.
    pub category: CategoryCode,
    /// Net weight of a pack.
    pub pack: Grams,
    /// Price of a pack.
    pub price: Fen,
    /// What a household gets for a kilogram at delivery.
    pub household_price: FenPerKilogram,
}

/// A county with its produce.
#[derive(Debug, Clone)]
pub struct County {
    /// Current code.
    pub code: AreaCode,
    /// Its produce.
    pub produce: Vec<Produce>,
}

/// One row of the register.
#[derive(Debug, serde::Deserialize)]
pub struct RegisterRow {
    /// Name of the produce.
    pub name: String,
    /// Code of its place.
    pub place_code: String,
    /// Class in the register.
    pub category: String,
}

/// Class in the register → category, grams of a pack, lowest and highest price of a kilogram in fen.
fn class(category: &str, name: &str) -> Option<(&'static str, i64, i64, i64)> {
    let has = |marks: &[char]| name.contains(marks);
    Some(match category {
        "果品" => ("0201", 5000, 600, 2400),
        "肉类产品" if has(&['鸡', '鸭', '鹅', '禽']) => ("0402", 2000, 3600, 7600),
        "肉类产品" if !name.contains('皮') => ("0401", 2000, 4800, 9600),
        "粮食" if name.contains('豆') => ("0102", 5000, 900, 1800),
        "粮食" => ("0101", 5000, 600, 1600),
        "蔬菜" if has(&['薯', '萝', '姜', '蒜', '葱', '藕', '芋']) => ("0310", 5000, 300, 900),
        "蔬菜" => ("0302", 5000, 400, 1200),
        "药材" => ("0903", 500, 6000, 24_000),
        "茶叶" if name.contains("红茶") => ("0802", 250, 24_000, 80_000),
        "茶叶" if name.contains("白茶") => ("0801", 250, 30_000, 90_000),
        "茶叶" => ("0803", 250, 24_000, 90_000),
        "食用菌" => ("0303", 500, 6000, 16_000),
        "油料" => ("0103", 2500, 900, 2400),
        "蜂类产品" => ("0703", 1000, 6000, 12_000),
        // Protected fish are not sold.
        "水产动物" if !has(&['鲟', '鳇', '哲']) => ("0502", 2000, 2800, 7000),
        "香料" => ("0109", 250, 8000, 20_000),
        "蛋类产品" => ("0403", 2500, 1600, 2800),
        "水生植物" => ("0307", 2500, 800, 1600),
        _ => return None,
    })
}

fn produce(row: &RegisterRow, random: &mut Rng) -> Option<Produce> {
    let (category, grams, low, high) = class(&row.category, &row.name)?;
    // Prices end in a whole jiao.
    let per_kilogram = random.i64(low..=high) / 10 * 10;
    Some(Produce {
        name: row.name.clone(),
        category: CategoryCode::parse(category).ok()?,
        pack: Grams::new(grams).ok()?,
        price: Fen::new(per_kilogram * grams / 1000).ok()?,
        household_price: FenPerKilogram::new(per_kilogram * 55 / 100).ok()?,
    })
}

/// The counties with most registered produce, until there are `wanted` products.
pub fn choose(rows: &[RegisterRow], relief: &BTreeSet<AreaCode>, wanted: usize, random: &mut Rng) -> Vec<County> {
    let mut by_county: BTreeMap<AreaCode, Vec<Produce>> = BTreeMap::new();
    for row in rows {
        let Ok(code) = AreaCode::parse(&row.place_code) else { continue };
        if relief.contains(&code)
            && let Some(produce) = produce(row, random)
        {
            by_county.entry(code).or_default().push(produce);
        }
    }
    let mut counties: Vec<County> = by_county.into_iter().map(|(code, produce)| County { code, produce }).collect();
    counties.sort_by_key(|county| (std::cmp::Reverse(county.produce.len()), county.code.clone()));
    let mut products = 0;
    counties.retain(|county| {
        let keep = products < wanted;
        products += if keep { county.produce.len() } else { 0 };
        keep
    });
    counties
}
