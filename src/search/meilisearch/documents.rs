//! What Meilisearch is given: a document for each product, and how it is to look at them.
//!
//! Meilisearch cuts Chinese with the same library as the embedded engine, has prefixes, typos and synonyms of its own,
//! but knows neither pinyin nor traditional characters nor places: these go into attributes of their own.

use std::collections::{BTreeMap, HashMap};

use meilisearch_sdk::settings::{
    FacetSortValue, FacetingSettings, FilterableAttribute, LocalizedAttributes, MinWordSizeForTypos, PaginationSetting,
    Settings, TypoToleranceSettings,
};
use serde::Serialize;

use crate::search::{
    engine::{Dimension, MAX_FACET_VALUES, ProductDocument},
    standing,
    typed::{self, Leads},
    words::{self, Spelling},
};
use entity::value::id::ProductId;

/// To be raised when the documents or the settings change.
pub const LAYOUT: u32 = 2;

/// How far into a list a client may go.
pub const DEEPEST: usize = 10_200;

/// Parts of a label, see [`Document::product_label`].
pub const PART: char = '\u{1}';

/// The labels of suggestions, one attribute for each kind.
pub const LABELS: [&str; 4] = ["product_label", "category_label", "county_label", "supplier_label"];

/// Where words are looked for, the most important first. A county's own name comes first of all, so that its name
/// alone brings its products.
pub const SEARCHED: [&str; 14] = [
    "county_names",
    "name",
    "aliases",
    "called",
    "categories",
    "area_names",
    "supplier_name",
    "certificates",
    "whole_pinyin",
    "pinyin",
    "initials",
    "called_pinyin",
    "place_pinyin",
    "grams",
];

/// A product as Meilisearch keeps it.
#[derive(Debug, Serialize)]
pub struct Document {
    id: String,
    /// The id as two numbers that grow with it and that a filter can compare: milliseconds, and the 53
    /// bits after them, as many as a number in JSON keeps.
    id_millis: u64,
    id_random: u64,
    name: String,
    aliases: Vec<String>,
    called: Vec<String>,
    called_pinyin: Vec<String>,
    categories: Vec<String>,
    county_names: Vec<String>,
    area_names: Vec<String>,
    supplier_name: String,
    certificates: Vec<String>,
    whole_pinyin: Vec<String>,
    pinyin: Vec<String>,
    initials: Vec<String>,
    place_pinyin: Vec<String>,
    grams: String,
    category: Vec<String>,
    province: Vec<String>,
    county: Vec<String>,
    certification: Vec<String>,
    price_band: Vec<String>,
    supplier: Vec<String>,
    month: Vec<String>,
    unit_price: i64,
    fen_per_kilogram: i64,
    available_packs: i64,
    sold_packs: i64,
    households: i64,
    /// The standing of each month, `standing_1` to `standing_12`, and `standing_0` when no month is asked about.
    #[serde(flatten)]
    standings: BTreeMap<String, u64>,
    /// What is suggested: kind's code, text, and everything it is called, parted by [`PART`].
    product_label: Vec<String>,
    category_label: Vec<String>,
    county_label: Vec<String>,
    supplier_label: Vec<String>,
}

/// The attribute of a dimension, by which it is filtered and counted.
pub const fn attribute(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Category => "category",
        Dimension::Province => "province",
        Dimension::County => "county",
        Dimension::Certification => "certification",
        Dimension::PriceBand => "price_band",
        Dimension::Supplier => "supplier",
        Dimension::Month => "month",
    }
}

/// The attribute of the standing in a month.
pub fn standing_attribute(month: Option<u8>) -> String {
    format!("standing_{}", month.filter(|month| (1..=12).contains(month)).unwrap_or_default())
}

/// The two numbers of an id: a UUID of version 7 begins with milliseconds, random bits follow.
pub fn numbers_of(id: ProductId) -> (u64, u64) {
    let bits = id.uuid().as_u128();
    let millis = u64::try_from(bits >> 80).unwrap_or_default();
    let random = u64::try_from((bits >> 27) & ((1 << 53) - 1)).unwrap_or_default();
    (millis, random)
}

impl Document {
    /// Of a product.
    pub fn of(product: &ProductDocument) -> Self {
        let name = words::plain(&product.name);
        let variants = words::variants(&name);
        let spellings: Vec<Spelling> = std::iter::once(&name).chain(&variants).map(|text| Spelling::of(text)).collect();
        let whole = spellings.iter().flat_map(|spelling| [spelling.full.first(), spelling.initials.first()]);
        let whole_pinyin = whole.flatten().cloned().collect();
        let called =
            |names: &[String]| -> Vec<String> { names.iter().flat_map(|name| words::place_names(name)).collect() };
        let (county_names, area_names) = (called(&product.county_names), called(&product.area_names));
        let spelled = |text: &String| {
            let Spelling { full, initials } = Spelling::of(text);
            [full.into_iter().next(), initials.into_iter().next()].into_iter().flatten()
        };
        let place_pinyin = county_names.iter().chain(&area_names).flat_map(spelled).collect();
        let of = |dimension: Dimension| dimension.of(product);
        let labels = |kind: &str| -> Vec<String> {
            let leads = typed::leads(product).into_iter().filter(|lead| LABELS[label_of(lead)] == kind);
            leads.map(|lead| label(&lead)).collect()
        };
        let packed = standing::packed(product);
        let standings =
            (0..=12).map(|month| (standing_attribute(Some(month)), standing::in_month(packed, Some(month))));
        let (id_millis, id_random) = numbers_of(product.id);
        Self {
            id: product.id.to_string(),
            id_millis,
            id_random,
            aliases: variants.clone(),
            categories: product.category_names.clone(),
            called: product.called.iter().map(|text| words::plain(text)).collect(),
            called_pinyin: product.called.iter().flat_map(spelled).collect(),
            place_pinyin,
            county_names,
            area_names,
            supplier_name: words::plain(&product.supplier_name),
            certificates: product.certificates.clone(),
            whole_pinyin,
            pinyin: spellings.iter().flat_map(|spelling| spelling.full.clone()).collect(),
            initials: spellings.iter().flat_map(|spelling| spelling.initials.clone()).collect(),
            grams: spaced(&name),
            category: of(Dimension::Category),
            province: of(Dimension::Province),
            county: of(Dimension::County),
            certification: of(Dimension::Certification),
            price_band: of(Dimension::PriceBand),
            supplier: of(Dimension::Supplier),
            month: of(Dimension::Month),
            unit_price: product.unit_price_fen,
            fen_per_kilogram: product.fen_per_kilogram,
            available_packs: product.available_packs,
            sold_packs: product.sold_packs,
            households: product.households,
            standings: standings.collect(),
            product_label: labels("product_label"),
            category_label: labels("category_label"),
            county_label: labels("county_label"),
            supplier_label: labels("supplier_label"),
            name,
        }
    }
}

/// Which of [`LABELS`] is for a lead.
fn label_of(lead: &Leads) -> usize {
    use crate::search::engine::SuggestionKind::{Category, County, Product, Supplier};
    match lead.kind {
        Product => 0,
        Category => 1,
        County => 2,
        Supplier => 3,
    }
}

fn label(lead: &Leads) -> String {
    let parts = [lead.code.as_str(), lead.text.as_str()].into_iter().chain(lead.typed.iter().map(String::as_str));
    parts.collect::<Vec<_>>().join(&PART.to_string())
}

/// The characters of a text, each a word of its own: what finds a name of which one character is wrong.
pub fn spaced(text: &str) -> String {
    let chars: Vec<String> = words::bare(text).chars().map(String::from).collect();
    chars.join(" ")
}

/// How Meilisearch is to look at the documents, in a month.
pub fn settings(month: Option<u8>) -> Settings {
    let dimensions = Dimension::ALL.map(attribute);
    let filtered = dimensions.iter().chain(&LABELS).chain(&[
        "unit_price",
        "available_packs",
        "fen_per_kilogram",
        "sold_packs",
        "households",
        "id_millis",
        "id_random",
    ]);
    let sorted = ["fen_per_kilogram", "sold_packs", "households", "id_millis", "id_random"];
    let standing = format!("{}:desc", standing_attribute(month));
    // An order that is asked for goes before everything; without one the text decides, then the standing, then age.
    let rules = ["sort", "words", "typo", "proximity", "attribute", "exactness", &standing, "id_millis:desc"];
    let literal = ["initials", "called_pinyin", "place_pinyin", "grams", "certificates"].map(str::to_owned);
    let mut settings = Settings::new()
        .with_searchable_attributes(SEARCHED)
        .with_displayed_attributes(["id", "fen_per_kilogram", "sold_packs", "households"])
        .with_sortable_attributes(sorted)
        .with_ranking_rules(rules)
        .with_synonyms(synonyms())
        .with_pagination(PaginationSetting { max_total_hits: DEEPEST })
        .with_faceting(FacetingSettings {
            max_values_per_facet: MAX_FACET_VALUES,
            sort_facet_values_by: Some(BTreeMap::from([("*".to_owned(), FacetSortValue::Count)])),
        })
        .with_typo_tolerance(TypoToleranceSettings {
            enabled: Some(true),
            disable_on_attributes: Some(literal.to_vec()),
            disable_on_words: None,
            min_word_size_for_typos: Some(MinWordSizeForTypos { one_typo: Some(5), two_typos: Some(9) }),
            disable_on_numbers: Some(true),
        });
    settings.filterable_attributes =
        Some(filtered.map(|name| FilterableAttribute::Attribute((*name).to_owned())).collect());
    let chinese = [
        "name",
        "aliases",
        "called",
        "categories",
        "county_names",
        "area_names",
        "supplier_name",
        "certificates",
        "grams",
    ];
    settings.localized_attributes = Some(vec![LocalizedAttributes {
        locales: vec!["cmn".to_owned()],
        attribute_patterns: chinese.map(str::to_owned).to_vec(),
    }]);
    settings
}

/// The groups of synonyms as Meilisearch wants them: for each word its others.
fn synonyms() -> HashMap<String, Vec<String>> {
    let groups = words::synonyms().filter(|group| group.len() > 1);
    let each = groups.flat_map(|group| {
        let others =
            |word: &str| group.iter().filter(|other| **other != word).map(|other| (*other).to_owned()).collect();
        group.iter().map(|word| ((*word).to_owned(), others(word))).collect::<Vec<_>>()
    });
    each.collect()
}
