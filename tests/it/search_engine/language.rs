//! What people write: traditional characters, other words, other names of places; and what is marked of it.

use std::collections::HashMap;

use liannong::search::{
    ProductDocument, Query, SearchEngine,
    marks::{self, Sought, Span},
    script, words,
};

use super::{REGISTER, asking, found, names, product, shop};

/// Every registered name and every name of a county, prefecture and province of the 832, as OpenCC writes them in
/// traditional characters: the general way, Taiwan's and Hong Kong's.
const TRADITIONAL: &str = include_str!("../data/traditional_names.csv");

/// The counties of the list.
const COUNTIES: &str = include_str!("../../../src/region/data/counties_832.csv");

fn traditional() -> impl Iterator<Item = (&'static str, &'static str)> {
    TRADITIONAL.lines().skip(1).filter_map(|line| line.split_once(','))
}

#[test]
fn every_traditional_name_is_the_simplified_one() {
    assert!(traditional().count() > 2_500);
    let wrong: Vec<_> = traditional().filter(|(name, written)| words::plain(name) != words::plain(written)).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    // Simplified text is left alone.
    let touched: Vec<_> = traditional()
        .map(|(name, _)| name)
        .filter(|name| script::simplified(name) != *name && !name.contains('薹'))
        .collect();
    assert!(touched.is_empty(), "{touched:?}");
    for (written, simplified) in [
        ("乾縣蘋果", "乾县苹果"),
        ("乾安小米", "乾安小米"),
        ("豆乾", "豆干"),
        ("臺灣鳳梨酥", "台湾凤梨酥"),
        ("裡脊肉", "里脊肉"),
        ("麵條", "面条"),
        ("Ａ２ 牛奶", "Ａ２ 牛奶"),
    ] {
        assert_eq!(script::simplified(written), simplified);
    }
}

#[test]
fn registered_names_are_found_in_traditional_characters() {
    let (engine, products) = &*REGISTER;
    let known: HashMap<&str, ()> = products.iter().map(|product| (product.name.as_str(), ())).collect();
    let (mut asked, mut hit) = (0, 0);
    for (name, written) in traditional().filter(|(name, _)| known.contains_key(name)) {
        asked += 1;
        hit += usize::from(names(engine, products, &asking(written)).first().is_some_and(|first| first == name));
    }
    println!("traditional characters: {hit} of {asked} first");
    assert!(asked > 1_800 && hit == asked);
}

#[test]
fn the_list_of_synonyms_is_in_order() {
    let groups: Vec<_> = words::synonyms().collect();
    assert!(groups.iter().filter(|group| group.len() > 1).count() >= 120);
    let mut all: Vec<&str> = groups.concat();
    all.sort_unstable();
    assert!(all.windows(2).all(|two| two[0] != two[1]), "a word stands in one group");
    for word in all {
        assert_eq!(words::bare(word), word, "simplified, without blanks");
        assert!((1..=8).contains(&word.chars().count()), "{word}");
    }
}

/// Each word of each group finds what is called by another, and what is called by itself comes before it.
#[test]
fn every_synonym_finds_the_others_and_its_own_first() {
    for group in words::synonyms().filter(|group| group.len() > 1) {
        let products: Vec<_> = group.iter().map(|word| product(&format!("丹寨{word}"), &["丹寨县"])).collect();
        let engine = shop(&products);
        for word in &group {
            for text in [(*word).to_owned(), format!("丹寨{word}")] {
                let found = names(&engine, &products, &asking(&text));
                // 怀山药 is a 山药 by its name too; what is only called so otherwise comes after both.
                assert!(found[0].contains(word), "{text} finds {found:?}");
                assert!(text == *word || found[0] == text, "{text} finds {found:?}");
                assert_eq!(found.len(), group.len(), "{text} finds {found:?}");
            }
        }
    }
}

#[test]
fn a_protected_word_is_not_taken_apart() {
    let products = [product("陇川树番茄", &["陇川县"]), product("丘北小米辣", &["丘北县"])];
    assert!(found(&products, "西红柿").is_empty());
    assert!(found(&products, "粟米").is_empty());
}

/// One row of the list of 832, by the columns' names.
fn counties() -> Vec<HashMap<&'static str, &'static str>> {
    let mut lines = COUNTIES.lines();
    let columns: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines.map(|line| columns.iter().copied().zip(line.split(',')).collect()).collect()
}

#[test]
fn the_name_of_a_county_alone_brings_its_products_first() {
    let counties = counties();
    assert_eq!(counties.len(), 832);
    let mut products: Vec<ProductDocument> = Vec::new();
    for county in &counties {
        let mut of = product("苹果 5千克", &[county["name"], county["current_name"]]);
        of.area_names = vec![county["prefecture"].to_owned(), county["province"].to_owned()];
        products.push(of);
        // From elsewhere, with the county's name in its own.
        let mut elsewhere = product(&format!("{}风味酱", county["current_name"]), &["丹寨县"]);
        elsewhere.area_names = vec!["贵州省".to_owned()];
        products.push(elsewhere);
    }
    let engine = shop(&products);
    let (mut asked, mut missed) = (0, Vec::new());
    for county in &counties {
        let mut called = words::place_names(county["name"]);
        called.extend(words::place_names(county["current_name"]));
        called.sort();
        called.dedup();
        for name in called {
            asked += 1;
            let first = engine.search(&Query { limit: 1, ..asking(&name) }).unwrap().ids[0];
            let first = products.iter().find(|product| product.id == first).unwrap();
            let right =
                first.county_names.iter().flat_map(|name| words::place_names(name)).any(|called| called == name);
            if !right {
                missed.push(name);
            }
        }
    }
    println!("counties by every name: {} of {asked} first, missed {missed:?}", asked - missed.len());
    assert!(missed.is_empty() && asked > 1_700);
    for (text, name) in [
        ("思茅", "普洱市"),
        ("打箭炉", "康定县"),
        ("中甸", "香格里拉县"),
        ("大凉山", "凉山彝族自治州"),
        ("酉阳县", "酉阳土家族苗族自治县"),
    ] {
        assert!(
            words::place_names(name).iter().any(|called| called == text) || !found(&products, text).is_empty(),
            "{text}"
        );
    }
}

#[test]
fn single_characters_and_latin_brands_are_found() {
    let mut brand = product("Yunling 云岭高山茶", &["丹寨县"]);
    brand.supplier_name = "SANNONG Foods 三农食品".to_owned();
    let products = [brand, product("乌海葡萄", &["乌海市"])];
    for text in ["茶", "岭", "yunling", "YUNLING", "Yunlin", "yunlinh", "sannong", "SanNong", "foods", "三"] {
        assert_eq!(found(&products, text), ["Yunling 云岭高山茶"], "{text}");
    }
    assert_eq!(found(&products, "葡"), ["乌海葡萄"]);
}

/// Brand and grade find what does not bear them in its name, after what does.
#[test]
fn brand_and_grade_are_found() {
    let mut branded = product("云雾绿茶 250克", &["石阡县"]);
    branded.called = vec!["佛顶山 FODING".to_owned(), "明前特级".to_owned()];
    let products = [branded, product("乌海葡萄", &["乌海市"]), product("佛顶山红茶", &["石阡县"])];
    for text in ["佛顶山", "fodingshan", "佛頂山"] {
        assert_eq!(found(&products, text), ["佛顶山红茶", "云雾绿茶 250克"], "{text}");
    }
    for text in ["FODING 绿茶", "foding", "fodign", "特级", "明前特级", "mingqian", "mqtj", "佛顶山 云雾"]
    {
        assert_eq!(found(&products, text).first().map(String::as_str), Some("云雾绿茶 250克"), "{text}");
    }
}

#[test]
fn what_comes_near_is_said_to_be_near() {
    let products = [product("黎城核桃", &["黎城县"])];
    let engine = shop(&products);
    let nearest = |text: &str| {
        let hits = engine.search(&asking(text)).unwrap();
        assert_eq!(hits.total, 1, "{text}");
        hits.nearest
    };
    assert!(!nearest("黎城核桃") && !nearest("hetao") && !nearest("胡桃"));
    assert!(nearest("合桃") && nearest("黎城核桃 有机认证"));
}

fn spans(sought: &str, text: &str) -> Vec<(usize, usize)> {
    Sought::new(sought).spans(text).into_iter().map(|Span { start, end }| (start, end)).collect()
}

#[test]
fn what_was_found_is_marked_where_it_stands() {
    for (sought, text, expected) in [
        ("苔茶", "石阡苔茶 一级 250克", vec![(2, 4)]),
        ("石阡苔茶", "石阡苔茶 一级 250克", vec![(0, 4)]),
        ("石阡 苔茶", "石阡苔茶", vec![(0, 4)]),
        ("馬鈴薯", "恩施马铃薯 5千克", vec![(2, 5)]),
        ("马铃薯", "恩施馬鈴薯", vec![(2, 5)]),
        ("土豆", "恩施马铃薯", vec![(2, 5)]),
        ("taicha", "石阡苔茶", vec![(2, 4)]),
        ("taic", "石阡苔茶", vec![(2, 4)]),
        ("sqtc", "石阡苔茶", vec![(0, 4)]),
        ("tc", "石阡苔茶", vec![(2, 4)]),
        ("YUNLING", "Yunling 云岭茶", vec![(0, 7), (8, 10)]),
        ("ling", "Yunling 茶", vec![]),
        ("ａ２", "黎城 A2 核桃", vec![(3, 5)]),
        ("茶", "茶花茶", vec![(0, 1), (2, 3)]),
        ("鸟海葡萄", "乌海葡萄", vec![(1, 4)]),
        ("黎城何桃", "黎城核桃", vec![(0, 2), (3, 4)]),
        ("苹果", "乌海葡萄", vec![]),
        ("😀茶", "好😀茶", vec![(1, 3)]),
        ("", "乌海葡萄", vec![]),
    ] {
        assert_eq!(spans(sought, text), expected, "{sought} in {text}");
    }
}

#[test]
fn marked_text_is_safe_in_a_page() {
    let text = "<img src=x onerror=\"alert('茶')\"> & 茶";
    let html = marks::html(text, &Sought::new("茶").spans(text));
    assert_eq!(html, "&lt;img src=x onerror=&quot;alert(&#39;<mark>茶</mark>&#39;)&quot;&gt; &amp; <mark>茶</mark>");
    let markup = marks::html("mark<mark>茶", &Sought::new("<mark>茶").spans("mark<mark>茶"));
    assert_eq!(markup.matches('<').count(), markup.matches("<mark>").count() + markup.matches("</mark>").count());
}

proptest::proptest! {
    /// Whatever is sought in whatever: the spans lie in the text, in order and apart, and the marked text without its
    /// marks is the text.
    #[test]
    fn marks_keep_the_text(sought in "[石阡苔茶a-c<>& ]{0,6}", text in "[石阡苔茶薹a-cA-C<>&\"' 😀]{0,16}") {
        let spans = Sought::new(&sought).spans(&text);
        let length = text.chars().count();
        proptest::prop_assert!(spans.iter().all(|span| span.start < span.end && span.end <= length));
        proptest::prop_assert!(spans.windows(2).all(|two| two[0].end < two[1].start));
        let html = marks::html(&text, &spans);
        proptest::prop_assert_eq!(html.matches("<mark>").count(), spans.len());
        let bare = html.replace("<mark>", "").replace("</mark>", "");
        let back = bare.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
        proptest::prop_assert_eq!(back, text);
    }

    /// Folding keeps every character in its place.
    #[test]
    fn folding_keeps_places(text in "\\PC{0,24}") {
        proptest::prop_assert_eq!(script::folded(&text).len(), text.chars().count());
        proptest::prop_assert_eq!(script::simplified(&script::simplified(&text)), script::simplified(&text));
    }
}

#[test]
fn a_name_without_grade_and_pack() {
    for (name, stem) in [
        ("石阡苔茶 一级 250克", "石阡苔茶"),
        ("石阡苔茶250克", "石阡苔茶"),
        ("黎城核桃礼盒", "黎城核桃"),
        ("Yunling 云岭茶 （特级）", "yunling 云岭茶"),
        ("恩施玉露", "恩施玉露"),
        ("8号苹果 5千克", "8号苹果"),
    ] {
        assert_eq!(words::stem(name), stem);
    }
}
