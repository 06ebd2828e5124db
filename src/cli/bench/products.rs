//! As many products as one likes, with real names: every registered produce, in several grades and packs, of its real
//! county, from suppliers of that county. What is not in the register is drawn from the seed.

use crate::search::ProductDocument;
use entity::value::{AreaCode, CertificateScheme, OrganisationId, ProductId};
use fastrand::Rng;
use std::collections::HashMap;

/// A name and the place it comes from.
#[derive(Debug, Clone)]
pub struct Named {
    /// Registered name.
    pub name: String,
    /// Code of its county.
    pub county: AreaCode,
}

/// Everything products are made of.
pub struct Stock {
    /// Registered names with a county.
    pub named: Vec<Named>,
    divisions: HashMap<String, String>,
    categories: Vec<(String, String, String)>,
    suppliers: HashMap<AreaCode, Vec<(OrganisationId, String)>>,
}

const GRADES: [&str; 5] = ["特级", "一级", "二级", "精选", "礼盒"];
const PACKS: [(&str, i64); 6] =
    [("250克", 250), ("500克", 500), ("1千克", 1_000), ("2.5千克", 2_500), ("5千克", 5_000), ("10千克", 10_000)];
const HOUSES: [&str; 12] =
    ["众兴", "丰源", "金穗", "绿源", "康农", "惠民", "高原红", "山里人", "禾下", "春晖", "SANNONG", "Yunling"];
const KINDS: [&str; 3] = ["种植专业合作社", "农业发展有限公司", "家庭农场"];
const SCHEMES: [CertificateScheme; 4] = [
    CertificateScheme::GreenFood,
    CertificateScheme::Organic,
    CertificateScheme::GeographicalIndication,
    CertificateScheme::Conformity,
];

impl Stock {
    /// From the files that travel in the program: the register, the divisions, the categories.
    #[must_use]
    pub fn read(register: &[u8], divisions: &[u8], categories: &[u8]) -> Self {
        let rows = |file: &[u8]| -> Vec<Vec<String>> {
            let mut reader = csv::Reader::from_reader(file);
            reader.records().flatten().map(|row| row.iter().map(str::to_owned).collect()).collect()
        };
        let column = |row: &[String], at: usize| row.get(at).cloned().unwrap_or_default();
        let divisions: HashMap<String, String> =
            rows(divisions).iter().map(|row| (column(row, 0), column(row, 1))).collect();
        let categories = rows(categories).iter().map(|row| (column(row, 0), column(row, 2), column(row, 3))).collect();
        let named = rows(register).into_iter().filter_map(|row| {
            let county = AreaCode::parse(&column(&row, 2)).ok()?;
            Some(Named { name: column(&row, 0), county })
        });
        Self { named: named.collect(), divisions, categories, suppliers: HashMap::new() }
    }

    fn called(&self, code: &str) -> String {
        self.divisions.get(code).cloned().unwrap_or_default()
    }

    /// The deepest category whose name stands in the product's name, with those above it.
    fn category(&self, name: &str, random: &mut Rng) -> (Vec<String>, Vec<String>) {
        let fitting = self.categories.iter().filter(|(_, zh, _)| zh.chars().count() > 1 && name.contains(zh.as_str()));
        let code = match fitting.max_by_key(|(code, ..)| code.len()) {
            Some((code, ..)) => code.clone(),
            None => self.categories[random.usize(..self.categories.len())].0.clone(),
        };
        let codes: Vec<String> =
            [2, 4, 6].into_iter().filter_map(|length| code.get(..length)).map(str::to_owned).collect();
        let known = codes.iter().filter_map(|code| self.categories.iter().find(|(known, ..)| known == code));
        (codes.clone(), known.flat_map(|(_, zh, en)| [zh.clone(), en.clone()]).collect())
    }

    fn supplier(&mut self, county: &AreaCode, random: &mut Rng) -> (OrganisationId, String) {
        let place = self.called(county.as_str());
        let suppliers = self.suppliers.entry(county.clone()).or_insert_with(|| {
            let mut draw = |_| {
                let (house, kind) = (random.choice(HOUSES).unwrap_or(""), random.choice(KINDS).unwrap_or(""));
                (OrganisationId::generate(), format!("{place}{house}{kind}"))
            };
            (0..4).map(&mut draw).collect()
        });
        suppliers[random.usize(..suppliers.len())].clone()
    }

    /// One product.
    pub fn product(&mut self, random: &mut Rng) -> ProductDocument {
        let Named { name, county } = self.named[random.usize(..self.named.len())].clone();
        let (pack, pack_grams) = PACKS[random.usize(..PACKS.len())];
        let fen_per_kilogram = random.i64(300..30_000) / 10 * 10;
        let (supplier_id, supplier_name) = self.supplier(&county, random);
        let (category_codes, category_names) = self.category(&name, random);
        let code = county.as_str().to_owned();
        let province = format!("{}0000", code.get(..2).unwrap_or_default());
        let first = random.u8(0..12);
        ProductDocument {
            id: ProductId::generate(),
            name: format!("{name} {} {pack}", random.choice(GRADES).unwrap_or("")),
            called: Vec::new(),
            supplier_name,
            category_codes,
            category_names,
            county_names: vec![self.called(&code)],
            area_names: vec![self.called(&format!("{}00", code.get(..4).unwrap_or_default())), self.called(&province)],
            province_code: AreaCode::parse(&province).unwrap_or_else(|_| county.clone()),
            origin_county_code: county,
            supplier_id,
            unit_price_fen: fen_per_kilogram * pack_grams / 1000,
            fen_per_kilogram,
            pack_grams,
            available_packs: random.i64(0..500),
            certificates: Vec::new(),
            schemes: SCHEMES.into_iter().filter(|_| random.u8(..4) == 0).collect(),
            season_months: (first..first + random.u8(0..5)).map(|month| month % 12 + 1).collect(),
            sold_packs: random.i64(0..10_000),
            households: random.i64(0..400),
            delivery_record: random.u16(7_000..10_000),
        }
    }
}
