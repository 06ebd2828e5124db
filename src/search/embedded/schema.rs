//! The fields of the index and what of a product goes into each.
//!
//! Words are cut here, not by tantivy: a field holds ready pieces parted by blanks.

use tantivy::{
    TantivyDocument,
    schema::{FAST, Field, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions},
};

use crate::search::{
    engine::ProductDocument,
    words::{self, Spelling},
};

/// The fields, by what they are for.
#[derive(Debug, Clone, Copy)]
pub struct Fields {
    /// The product's id, also the last resort of every order.
    pub id: Field,
    /// The whole name without blanks and marks.
    pub whole_name: Field,
    /// The same from its last character to its first, and so for the name said otherwise: what it ends in.
    pub name_backwards: Field,
    /// The whole name in pinyin and in initials.
    pub whole_pinyin: Field,
    /// The words of the name.
    pub name: Field,
    /// The words of the name and the categories said otherwise.
    pub alias: Field,
    /// The words of the categories.
    pub category_words: Field,
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
    /// Category codes with those above.
    pub category: Field,
    /// The county's code.
    pub county: Field,
    /// The province's code.
    pub province: Field,
    /// The supplier's id.
    pub supplier: Field,
    /// Price of a pack.
    pub unit_price: Field,
    /// Price of a kilogram.
    pub fen_per_kilogram: Field,
    /// Packs that can be ordered.
    pub available_packs: Field,
}

impl Fields {
    /// The schema and its fields.
    pub fn build() -> (Schema, Self) {
        let pieces = TextOptions::default().set_indexing_options(
            TextFieldIndexing::default().set_tokenizer("whitespace").set_index_option(IndexRecordOption::WithFreqs),
        );
        let mut schema = Schema::builder();
        let fields = Self {
            id: schema.add_text_field("id", STRING | FAST),
            whole_name: schema.add_text_field("whole_name", STRING),
            name_backwards: schema.add_text_field("name_backwards", STRING),
            whole_pinyin: schema.add_text_field("whole_pinyin", STRING),
            name: schema.add_text_field("name", pieces.clone()),
            alias: schema.add_text_field("alias", pieces.clone()),
            category_words: schema.add_text_field("category_words", pieces.clone()),
            place: schema.add_text_field("place", pieces.clone()),
            supplier_words: schema.add_text_field("supplier_words", pieces.clone()),
            certificate: schema.add_text_field("certificate", pieces.clone()),
            pinyin: schema.add_text_field("pinyin", pieces.clone()),
            initials: schema.add_text_field("initials", pieces.clone()),
            place_pinyin: schema.add_text_field("place_pinyin", pieces.clone()),
            grams: schema.add_text_field("grams", pieces.clone()),
            place_grams: schema.add_text_field("place_grams", pieces),
            category: schema.add_text_field("category", STRING),
            county: schema.add_text_field("county", STRING),
            province: schema.add_text_field("province", STRING),
            supplier: schema.add_text_field("supplier", STRING),
            unit_price: schema.add_i64_field("unit_price", FAST),
            fen_per_kilogram: schema.add_i64_field("fen_per_kilogram", FAST),
            available_packs: schema.add_i64_field("available_packs", FAST),
        };
        (schema.build(), fields)
    }

    /// What is indexed of a product.
    pub fn document(&self, product: &ProductDocument) -> TantivyDocument {
        let ProductDocument {
            id,
            name,
            supplier_name,
            category_codes,
            category_names,
            origin_county_code,
            county_names,
            province_code,
            supplier_id,
            unit_price_fen,
            fen_per_kilogram,
            pack_grams: _,
            available_packs,
            certificates,
        } = product;
        let mut document = TantivyDocument::default();
        document.add_text(self.id, id.to_string());
        for code in category_codes {
            document.add_text(self.category, code);
        }
        document.add_text(self.county, origin_county_code.as_str());
        document.add_text(self.province, province_code.as_str());
        document.add_text(self.supplier, supplier_id.to_string());
        document.add_i64(self.unit_price, *unit_price_fen);
        document.add_i64(self.fen_per_kilogram, *fen_per_kilogram);
        document.add_i64(self.available_packs, *available_packs);
        document.add_text(self.category_words, pieces(category_names));
        document.add_text(self.supplier_words, pieces([supplier_name]));
        document.add_text(self.certificate, pieces(certificates));
        self.add_name(&mut document, name, category_names);
        self.add_place(&mut document, county_names);
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
        for spelled in std::iter::once(name).chain(variants.iter().map(String::as_str)) {
            document.add_text(self.name_backwards, words::bare(spelled).chars().rev().collect::<String>());
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

    /// Everything the place is found by.
    fn add_place(&self, document: &mut TantivyDocument, county_names: &[String]) {
        let forms: Vec<String> = county_names.iter().flat_map(|name| words::place_forms(name)).collect();
        document.add_text(self.place, format!("{} {}", pieces(&forms), distinct(forms.clone())));
        let spelled = forms.iter().map(|form| Spelling::of(form)).flat_map(|spelling| {
            let Spelling { full, initials } = spelling;
            [full.into_iter().next(), initials.into_iter().next()].into_iter().flatten()
        });
        document.add_text(self.place_pinyin, distinct(spelled.collect()));
        document.add_text(self.place_grams, distinct(forms.iter().flat_map(|form| words::grams(form)).collect()));
    }
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
