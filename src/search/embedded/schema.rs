//! The fields of the index and what of a product goes into each.
//!
//! Words are cut here, not by tantivy: a field holds ready pieces parted by blanks.

use tantivy::{
    TantivyDocument,
    schema::{FAST, Field, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions},
};

use super::suggesting;
use crate::search::{
    engine::{Dimension, ProductDocument},
    standing,
    words::{self, Spelling},
};

/// The fields, by what they are for.
#[derive(Debug, Clone, Copy)]
pub struct Fields {
    /// The product's id, also the last resort of every order.
    pub id: Field,
    /// The whole name without blanks and marks.
    pub whole_name: Field,
    /// The same from its last character to its first: what it ends in.
    pub name_backwards: Field,
    /// So for the name said otherwise.
    pub alias_backwards: Field,
    /// The whole name in pinyin and in initials.
    pub whole_pinyin: Field,
    /// The words of the name.
    pub name: Field,
    /// The words of the name and the categories said otherwise.
    pub alias: Field,
    /// The words of its brand and grade, and each whole.
    pub called: Field,
    /// Brand and grade in pinyin and in initials.
    pub called_pinyin: Field,
    /// The words of the categories.
    pub category_words: Field,
    /// Everything the county is called, each name whole.
    pub county_names: Field,
    /// Everything its prefecture and province are called, each name whole.
    pub area_names: Field,
    /// The words of the place's names, and the short forms.
    pub place: Field,
    /// The words of the supplier's name.
    pub supplier_words: Field,
    /// The words of the certificates.
    pub certificate: Field,
    /// The name in pinyin from each character on.
    pub pinyin: Field,
    /// The name's initials from each character on.
    pub initials: Field,
    /// The place's names in pinyin and in initials.
    pub place_pinyin: Field,
    /// Characters and pairs of the name: what finds it when the cutting differs or a character is wrong.
    pub grams: Field,
    /// Characters and pairs of the place's names.
    pub place_grams: Field,
    /// What may be suggested while somebody types: see [`suggesting`].
    pub suggested: Field,
    /// The values of each dimension, in the order of [`Dimension::ALL`].
    pub dimensions: [Field; Dimension::ALL.len()],
    /// Price of a pack.
    pub unit_price: Field,
    /// Price of a kilogram.
    pub fen_per_kilogram: Field,
    /// Packs that can be ordered.
    pub available_packs: Field,
    /// Packs sold.
    pub sold_packs: Field,
    /// Households whose produce is in it.
    pub households: Field,
    /// [`standing::packed`].
    pub standing: Field,
}

/// The name of a dimension's field.
pub const fn dimension_name(dimension: Dimension) -> &'static str {
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

impl Fields {
    /// The schema and its fields.
    pub fn build() -> (Schema, Self) {
        let indexing = TextFieldIndexing::default().set_tokenizer("whitespace");
        // Names are short: how many other words stand beside a word says nothing, only whether it is there.
        let found = indexing.clone().set_index_option(IndexRecordOption::Basic).set_fieldnorms(false);
        let pieces = TextOptions::default().set_indexing_options(found);
        // Only where characters may be wrong, the shorter name is the likelier one.
        let measured = indexing.set_index_option(IndexRecordOption::WithFreqs);
        let measured = TextOptions::default().set_indexing_options(measured);
        let mut schema = Schema::builder();
        let fields = Self {
            id: schema.add_text_field("id", STRING | FAST),
            whole_name: schema.add_text_field("whole_name", STRING),
            name_backwards: schema.add_text_field("name_backwards", STRING),
            alias_backwards: schema.add_text_field("alias_backwards", STRING),
            whole_pinyin: schema.add_text_field("whole_pinyin", STRING),
            name: schema.add_text_field("name", pieces.clone()),
            alias: schema.add_text_field("alias", pieces.clone()),
            called: schema.add_text_field("called", pieces.clone()),
            called_pinyin: schema.add_text_field("called_pinyin", pieces.clone()),
            category_words: schema.add_text_field("category_words", pieces.clone()),
            county_names: schema.add_text_field("county_names", STRING),
            area_names: schema.add_text_field("area_names", STRING),
            place: schema.add_text_field("place", pieces.clone()),
            supplier_words: schema.add_text_field("supplier_words", pieces.clone()),
            certificate: schema.add_text_field("certificate", pieces.clone()),
            pinyin: schema.add_text_field("pinyin", pieces.clone()),
            initials: schema.add_text_field("initials", pieces.clone()),
            place_pinyin: schema.add_text_field("place_pinyin", pieces.clone()),
            grams: schema.add_text_field("grams", measured),
            place_grams: schema.add_text_field("place_grams", pieces),
            suggested: schema.add_text_field("suggested", STRING),
            dimensions: Dimension::ALL.map(|dimension| schema.add_text_field(dimension_name(dimension), STRING | FAST)),
            unit_price: schema.add_i64_field("unit_price", FAST),
            fen_per_kilogram: schema.add_i64_field("fen_per_kilogram", FAST),
            available_packs: schema.add_i64_field("available_packs", FAST),
            sold_packs: schema.add_i64_field("sold_packs", FAST),
            households: schema.add_i64_field("households", FAST),
            standing: schema.add_u64_field("standing", FAST),
        };
        (schema.build(), fields)
    }

    /// What is indexed of a product.
    pub fn document(&self, product: &ProductDocument) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_text(self.id, product.id.to_string());
        for (dimension, field) in Dimension::ALL.into_iter().zip(self.dimensions) {
            for value in dimension.of(product) {
                document.add_text(field, value);
            }
        }
        document.add_i64(self.unit_price, product.unit_price_fen);
        document.add_i64(self.fen_per_kilogram, product.fen_per_kilogram);
        document.add_i64(self.available_packs, product.available_packs);
        document.add_i64(self.sold_packs, product.sold_packs);
        document.add_i64(self.households, product.households);
        document.add_u64(self.standing, standing::packed(product));
        document.add_text(self.category_words, pieces(&product.category_names));
        document.add_text(self.supplier_words, pieces([&product.supplier_name]));
        document.add_text(self.certificate, pieces(&product.certificates));
        for term in suggesting::terms(product) {
            document.add_text(self.suggested, term);
        }
        self.add_called(&mut document, &product.called);
        self.add_name(&mut document, &product.name, &product.category_names);
        self.add_place(&mut document, product);
        document
    }

    /// Everything the name is found by.
    fn add_name(&self, document: &mut TantivyDocument, name: &str, category_names: &[String]) {
        let variants = words::variants(&words::plain(name));
        let categories_otherwise = category_names.iter().flat_map(|category| words::variants(category));
        let aliases: Vec<String> = variants.iter().cloned().chain(categories_otherwise).collect();
        document.add_text(self.whole_name, words::bare(name));
        document.add_text(self.name, pieces([name]));
        document.add_text(self.alias, pieces(&aliases));

        let (mut pinyin, mut initials) = (Vec::new(), Vec::new());
        let backwards = |text: &str| words::bare(text).chars().rev().collect::<String>();
        document.add_text(self.name_backwards, backwards(name));
        for spelled in &variants {
            document.add_text(self.alias_backwards, backwards(spelled));
        }
        for spelled in std::iter::once(name).chain(variants.iter().map(String::as_str)) {
            let spelling = Spelling::of(spelled);
            for whole in [spelling.full.first(), spelling.initials.first()].into_iter().flatten() {
                document.add_text(self.whole_pinyin, whole);
            }
            pinyin.extend(spelling.full);
            initials.extend(spelling.initials);
        }
        document.add_text(self.pinyin, distinct(pinyin));
        document.add_text(self.initials, distinct(initials));
        let grams = std::iter::once(name).chain(variants.iter().map(String::as_str)).flat_map(words::grams);
        document.add_text(self.grams, distinct(grams.collect()));
    }

    /// Everything brand and grade are found by.
    fn add_called(&self, document: &mut TantivyDocument, called: &[String]) {
        let whole = called.iter().map(|text| words::bare(text)).filter(|text| !text.is_empty()).collect();
        document.add_text(self.called, format!("{} {}", pieces(called), distinct(whole)));
        document.add_text(self.called_pinyin, distinct(called.iter().flat_map(|text| spelled_whole(text)).collect()));
    }

    /// Everything the place is found by.
    fn add_place(&self, document: &mut TantivyDocument, product: &ProductDocument) {
        let names = |of: &[String]| -> Vec<String> {
            let names = of.iter().flat_map(|name| words::place_names(name)).map(|name| words::bare(&name));
            names.filter(|name| !name.is_empty()).collect()
        };
        let (counties, areas) = (names(&product.county_names), names(&product.area_names));
        for name in &counties {
            document.add_text(self.county_names, name);
        }
        for name in &areas {
            document.add_text(self.area_names, name);
        }
        let forms = [counties, areas].concat();
        document.add_text(self.place, format!("{} {}", pieces(&forms), distinct(forms.clone())));
        document.add_text(self.place_pinyin, distinct(forms.iter().flat_map(|form| spelled_whole(form)).collect()));
        document.add_text(self.place_grams, distinct(forms.iter().flat_map(|form| words::grams(form)).collect()));
    }
}

/// A text from its beginning on, in pinyin and in initials.
fn spelled_whole(text: &str) -> impl Iterator<Item = String> {
    let Spelling { full, initials } = Spelling::of(text);
    [full.into_iter().next(), initials.into_iter().next()].into_iter().flatten()
}

/// The words of texts, each once.
fn pieces<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> String {
    distinct(texts.into_iter().flat_map(|text| words::cut(text.as_ref())).map(|word| word.lemma).collect())
}

/// Pieces that differ, parted by blanks. How often a piece occurs says nothing in texts as short as these.
fn distinct(mut pieces: Vec<String>) -> String {
    pieces.sort_unstable();
    pieces.dedup();
    pieces.join(" ")
}
