//! The embedded search on all 2,242 geographical indications registered up to 2017, and on a handful of products.

mod away;
mod contract;
mod folder;
mod language;
mod pages;
mod rebuilding;

use std::sync::LazyLock;

use entity::value::{
    code::{AreaCode, CategoryCode},
    id::{OrganisationId, ProductId},
    money::Fen,
};
use liannong::search::{Change, Embedded, Fixed, Hits, ProductDocument, Query, SearchEngine, words};

/// Names of produce and where they come from, as registered.
const PRODUCE: &str = include_str!("data/produce_names.csv");

static PRODUCE_NAMES: LazyLock<Vec<(&str, &str)>> =
    LazyLock::new(|| PRODUCE.lines().skip(1).filter_map(|line| line.split_once(',')).collect());

/// All registered produce, indexed once; nothing is ever changed in it.
static REGISTER: LazyLock<(Embedded, Vec<ProductDocument>)> = LazyLock::new(|| {
    let engine = Embedded::in_memory().unwrap();
    let products: Vec<_> = PRODUCE_NAMES.iter().map(|(name, place)| product(name, &[place])).collect();
    engine.rebuild(&mut Fixed(products.iter().cloned().map(Ok))).unwrap();
    (engine, products)
});

fn area(code: &str) -> AreaCode {
    AreaCode::parse(code).unwrap()
}

fn product(name: &str, places: &[&str]) -> ProductDocument {
    ProductDocument {
        id: ProductId::generate(),
        name: name.to_owned(),
        called: Vec::new(),
        supplier_name: "众兴种植专业合作社".to_owned(),
        category_codes: vec!["01".to_owned()],
        category_names: Vec::new(),
        origin_county_code: area("522625"),
        county_names: places.iter().map(|place| (*place).to_owned()).collect(),
        area_names: Vec::new(),
        province_code: area("520000"),
        supplier_id: OrganisationId::generate(),
        unit_price_fen: 2_000,
        fen_per_kilogram: 800,
        pack_grams: 2_500,
        available_packs: 10,
        certificates: Vec::new(),
        schemes: Vec::new(),
        season_months: Vec::new(),
        sold_packs: 0,
        households: 0,
        delivery_record: 9_000,
    }
}

fn upserts(products: &[ProductDocument]) -> Vec<Change> {
    products.iter().cloned().map(Box::new).map(Change::Upsert).collect()
}

fn shop(products: &[ProductDocument]) -> Embedded {
    let engine = Embedded::in_memory().unwrap();
    engine.apply(&upserts(products)).unwrap();
    engine
}

fn asking(text: &str) -> Query {
    Query { text: Some(text.to_owned()), limit: 10, ..Query::default() }
}

/// The names found for a query, in order.
fn names(engine: &Embedded, products: &[ProductDocument], query: &Query) -> Vec<String> {
    let Hits { ids, .. } = engine.search(query).unwrap();
    ids.iter().map(|id| products.iter().find(|product| product.id == *id).unwrap().name.clone()).collect()
}

fn found(products: &[ProductDocument], text: &str) -> Vec<String> {
    names(&shop(products), products, &asking(text))
}

/// How many of the registered names, in hundredths of a percent, are among the first `top` for what is asked of each.
fn hit_rate(what: &str, top: usize, questions: impl Iterator<Item = (&'static str, String)>) -> usize {
    let (engine, products) = &*REGISTER;
    let (mut asked, mut hit, mut missed) = (0, 0, Vec::new());
    for (name, text) in questions {
        asked += 1;
        if names(engine, products, &asking(&text)).iter().take(top).any(|found| found == name) {
            hit += 1;
        } else {
            missed.push(format!("{name} ({text})"));
        }
    }
    let rate = hit * 10_000 / asked;
    missed.truncate(12);
    println!(
        "{what}: {hit} of {asked} in the first {top} = {}.{:02} %, missed {}",
        rate / 100,
        rate % 100,
        missed.join(", ")
    );
    rate
}

fn initials(name: &str) -> String {
    words::syllables(name).iter().map(|syllable| &syllable[..1]).collect()
}

#[test]
fn registered_names_are_found_by_name_pinyin_initials_and_with_a_wrong_character() {
    let all = || PRODUCE_NAMES.iter().copied();
    let spelled = || all().filter(|(name, _)| words::syllables(name).concat().is_ascii());
    let exact = hit_rate("whole name", 1, all().map(|(name, _)| (name, name.to_owned())));
    let pinyin = hit_rate("full pinyin", 10, spelled().map(|(name, _)| (name, words::syllables(name).concat())));
    let short = spelled().map(|(name, place)| (name, format!("{} {place}", initials(name))));
    let short = hit_rate("initials and county", 10, short);
    let reversed = spelled().map(|(name, place)| (name, format!("{place}{}", initials(name))));
    hit_rate("county and initials", 10, reversed.step_by(8));
    hit_rate("initials alone", 10, spelled().map(|(name, _)| (name, initials(name))).step_by(8));

    let mut random = fastrand::Rng::with_seed(2026);
    let characters: Vec<char> = all().flat_map(|(name, _)| name.chars()).collect();
    let long: Vec<&str> = all().map(|(name, _)| name).filter(|name| name.chars().count() >= 4).collect();
    let wrong = long.iter().map(|name| {
        let mut chars: Vec<char> = name.chars().collect();
        let at = random.usize(..chars.len());
        let right = chars[at];
        while chars[at] == right {
            chars[at] = characters[random.usize(..characters.len())];
        }
        (*name, chars.into_iter().collect())
    });
    let wrong = hit_rate("one wrong character", 10, wrong);
    let mut random = fastrand::Rng::with_seed(2027);
    let left_out = long.iter().map(|name| {
        let without = random.usize(..name.chars().count());
        (*name, name.chars().enumerate().filter(|(at, _)| *at != without).map(|(_, c)| c).collect())
    });
    hit_rate("one character left out", 10, left_out.step_by(8));

    assert!(exact == 10_000 && pinyin >= 9_990 && short >= 9_990 && wrong >= 9_950);
}

#[test]
fn the_exact_name_comes_first_however_it_is_written() {
    let products = [
        product("黎城核桃", &["黎城县"]),
        product("黎城核桃露", &["黎城县"]),
        product("薄皮黎城核桃", &["黎城县"]),
        product("黎城 A2 核桃", &["黎城县"]),
    ];
    assert_eq!(found(&products, "黎城核桃")[0], "黎城核桃");
    assert_eq!(found(&products, " 黎城 核桃。")[0], "黎城核桃");
    assert_eq!(found(&products, "黎城核桃露")[0], "黎城核桃露");
    assert_eq!(found(&products, "黎城Ａ２核桃")[0], "黎城 A2 核桃");
}

#[test]
fn a_word_of_two_characters_is_found_wherever_it_stands() {
    let (engine, products) = &*REGISTER;
    for word in ["核桃", "木耳", "苹果", "大米", "辣椒", "蜂蜜"] {
        let mut expected: Vec<&str> =
            PRODUCE_NAMES.iter().map(|(name, _)| *name).filter(|name| name.contains(word)).collect();
        let mut query = Query { limit: 100, ..asking(word) };
        let mut all = Vec::new();
        loop {
            let hits = engine.search(&query).unwrap();
            all.extend(hits.ids);
            query.after = hits.next;
            if query.after.is_none() {
                break;
            }
        }
        let name = |id: &ProductId| products.iter().find(|product| product.id == *id).unwrap().name.as_str();
        let all: Vec<&str> = all.iter().map(name).collect();
        expected.retain(|name| !all.contains(name));
        assert!(expected.is_empty(), "{word} does not find {expected:?}");
    }
}

#[test]
fn other_words_for_the_same_thing_find_it() {
    let products = [
        product("恩施马铃薯", &["恩施市"]),
        product("黎城核桃", &["黎城县"]),
        product("长阳番茄", &["长阳土家族自治县"]),
        product("沁州黄小米", &["沁县"]),
        product("邱北小米辣", &["丘北县"]),
        product("遂溪甘薯", &["遂溪县"]),
        product("修文猕猴桃", &["修文县"]),
    ];
    for (text, name) in [
        ("恩施土豆", "恩施马铃薯"),
        ("洋芋", "恩施马铃薯"),
        ("恩施洋芋", "恩施马铃薯"),
        ("yangyu", "恩施马铃薯"),
        ("胡桃", "黎城核桃"),
        ("西红柿", "长阳番茄"),
        ("粟米", "沁州黄小米"),
        ("红苕", "遂溪甘薯"),
        ("奇异果", "修文猕猴桃"),
    ] {
        assert_eq!(found(&products, text), [name], "{text}");
    }
    assert_eq!(found(&products, "小米")[0], "沁州黄小米");
}

#[test]
fn pinyin_finds_names_and_places() {
    let products = [
        product("乌海葡萄", &["乌海市", "内蒙古自治区"]),
        product("黔江脆红李", &["黔江区", "重庆市"]),
        product("丹寨硒锌米", &["丹寨县", "黔东南苗族侗族自治州", "贵州省"]),
    ];
    for (text, name) in [
        ("wuhaiputao", "乌海葡萄"),
        ("wuhai putao", "乌海葡萄"),
        ("putao", "乌海葡萄"),
        ("WHPT", "乌海葡萄"),
        ("whpt", "乌海葡萄"),
        ("wuhaiputoa", "乌海葡萄"),
        ("whp", "乌海葡萄"),
        ("chongqing", "黔江脆红李"),
        ("chongqing chl", "黔江脆红李"),
        ("danzhaixian", "丹寨硒锌米"),
        ("danzhai mi", "丹寨硒锌米"),
        ("qiandongnan", "丹寨硒锌米"),
    ] {
        assert_eq!(found(&products, text).first().map(String::as_str), Some(name), "{text}");
    }
}

#[test]
fn a_wrong_or_like_sounding_character_does_not_hide_a_name() {
    let products =
        [product("乌海葡萄", &["乌海市"]), product("丹寨硒锌米", &["丹寨县"]), product("黎城核桃", &["黎城县"])];
    assert_eq!(found(&products, "乌海萄萄"), ["乌海葡萄"]);
    assert_eq!(found(&products, "鸟海葡萄"), ["乌海葡萄"]);
    assert_eq!(found(&products, "丹寨西锌米"), ["丹寨硒锌米"]);
    assert_eq!(found(&products, "合桃"), ["黎城核桃"]);
    assert_eq!(found(&products, "黎城核桃 有机认证"), ["黎城核桃"], "the last words are left out when nothing has all");
    assert_eq!(found(&products, "恩施 核桃"), ["黎城核桃"], "then the first ones");
    assert!(found(&products, "钢铁").is_empty());
}

#[test]
fn a_county_is_found_by_its_name_of_today_by_that_on_the_list_and_by_the_short_one() {
    let mut renamed = product("镇沅砂仁", &["开县", "开州区", "恩施土家族苗族自治州", "湖北省"]);
    renamed.supplier_name = "绿源农业有限公司".to_owned();
    renamed.category_names = vec!["香料".to_owned(), "Spices".to_owned()];
    renamed.certificates = vec!["有机产品".to_owned()];
    let products = [renamed, product("乌海葡萄", &["乌海市"])];
    for text in [
        "开县",
        "开州区",
        "开州",
        "恩施",
        "恩施州",
        "湖北砂仁",
        "恩施土家族苗族自治州",
        "绿源",
        "香料",
        "spices",
        "spcies",
        "有机",
    ] {
        assert_eq!(found(&products, text), ["镇沅砂仁"], "{text}");
    }
}

/// Four products that differ in what is filtered by.
fn assorted() -> Vec<ProductDocument> {
    let mut walnut = product("黎城核桃", &["黎城县"]);
    walnut.category_codes = ["02", "0203", "020301"].map(str::to_owned).to_vec();
    walnut.origin_county_code = area("140426");
    walnut.province_code = area("140000");
    walnut.unit_price_fen = 5_000;
    walnut.fen_per_kilogram = 2_000;
    let mut kernel = walnut.clone();
    kernel.id = ProductId::generate();
    kernel.name = "核桃仁".to_owned();
    kernel.category_codes = ["05", "0501"].map(str::to_owned).to_vec();
    kernel.unit_price_fen = 9_000;
    kernel.available_packs = 0;
    let mut jujube = walnut.clone();
    jujube.id = ProductId::generate();
    jujube.name = "交城骏枣".to_owned();
    jujube.origin_county_code = area("141122");
    jujube.supplier_id = OrganisationId::generate();
    let mut rice = product("丹寨硒锌米", &["丹寨县"]);
    rice.unit_price_fen = 5_001;
    vec![walnut, kernel, jujube, rice]
}

#[test]
fn filters_narrow_and_combine() {
    let products = assorted();
    let engine = shop(&products);
    let count = |query: Query| engine.search(&Query { limit: 10, ..query }).unwrap().ids.len();
    let category = |code: &str| Some(CategoryCode::parse(code).unwrap());
    let fen = |fen| Some(Fen::new(fen).unwrap());
    let all = Query::default;
    assert_eq!(count(all()), 4);
    assert_eq!(count(Query { category: category("02"), ..all() }), 2);
    assert_eq!(count(Query { category: category("020301"), ..all() }), 2);
    assert_eq!(count(Query { category: category("0502"), ..all() }), 0);
    assert_eq!(count(Query { county: Some(area("140426")), ..all() }), 2);
    assert_eq!(count(Query { province: Some(area("140000")), ..all() }), 3);
    assert_eq!(count(Query { supplier: Some(products[2].supplier_id), ..all() }), 1);
    assert_eq!(count(Query { price_from_fen: fen(5_001), ..all() }), 2);
    assert_eq!(count(Query { price_to_fen: fen(5_000), ..all() }), 2);
    assert_eq!(count(Query { price_from_fen: fen(5_001), price_to_fen: fen(5_001), ..all() }), 1);
    assert_eq!(count(Query { in_stock: true, ..all() }), 3);
    assert_eq!(count(asking("核桃")), 2);
    assert_eq!(count(Query { in_stock: true, ..asking("核桃") }), 1);
    assert_eq!(count(Query { province: Some(area("520000")), ..asking("核桃") }), 0);
    // What fits the words elsewhere is no reason to take them less strictly here.
    let elsewhere = engine.search(&Query { county: Some(area("522625")), ..asking("黎城核桃") }).unwrap();
    assert_eq!((elsewhere.total, elsewhere.nearest), (0, false));
    let narrow = Query {
        category: category("0203"),
        county: Some(area("140426")),
        province: Some(area("140000")),
        price_from_fen: fen(4_000),
        price_to_fen: fen(6_000),
        in_stock: true,
        ..asking("hetao")
    };
    assert_eq!(names(&engine, &products, &narrow), ["黎城核桃"]);
}

#[test]
fn a_product_changes_and_goes() {
    let mut products = assorted();
    let engine = shop(&products);
    products[0].name = "黎城香菇".to_owned();
    let twice = [upserts(&products[..1]), upserts(&products[..1])].concat();
    engine.apply(&twice).unwrap();
    assert_eq!(engine.count().unwrap(), 4);
    assert_eq!(names(&engine, &products, &asking("香菇")), ["黎城香菇"]);
    assert_eq!(names(&engine, &products, &asking("核桃")), ["核桃仁"]);

    let gone = [Change::Remove(products[0].id), Change::Remove(ProductId::generate())];
    engine.apply(&gone).unwrap();
    assert_eq!(engine.count().unwrap(), 3);
    assert!(names(&engine, &products, &asking("香菇")).is_empty());
    let returned = [Change::Remove(products[0].id), upserts(&products[..1]).remove(0)];
    engine.apply(&returned).unwrap();
    assert_eq!(names(&engine, &products, &asking("香菇")), ["黎城香菇"]);
}

#[test]
fn any_text_is_answered() {
    let (engine, _) = &*REGISTER;
    let long = "核桃".repeat(5_000);
    for text in
        ["", " ", "。", "！？", "a", "茶", "AND OR NOT", "name:\"*\"", "\u{0}", "😀", "㐂𠮷", "ñandú", "1", &long]
    {
        engine.search(&asking(text)).unwrap();
    }
    let unlimited = Query { limit: usize::MAX, ..Query::default() };
    assert_eq!(engine.search(&unlimited).unwrap().ids.len(), 100);
    assert_eq!(engine.search(&Query::default()).unwrap().ids.len(), 1);
}

#[test]
fn places_are_shortened_as_people_do() {
    for (name, short) in [
        ("恩施土家族苗族自治州", "恩施"),
        ("内蒙古自治区", "内蒙古"),
        ("新疆维吾尔自治区", "新疆"),
        ("巴音郭楞蒙古自治州", "巴音郭楞"),
        ("双江拉祜族佤族布朗族傣族自治县", "双江"),
        ("丹寨县", "丹寨"),
        ("神农架林区", "神农架"),
        ("东乡族自治县", "东乡"),
    ] {
        assert_eq!(words::place_forms(name), [name, short]);
    }
    assert_eq!(words::place_forms("开县"), ["开县"]);
}

#[test]
fn readings_of_places_are_those_spoken_there() {
    for (text, spelled) in [
        ("重庆", "chongqing"),
        ("六安瓜片", "luanguapian"),
        ("长子党参", "zhangzidangshen"),
        ("长阳", "changyang"),
        ("迪庆藏猪", "diqingzangzhu"),
        ("绿茶", "lvcha"),
        ("凉城123苹果", "liangcheng123pingguo"),
    ] {
        assert_eq!(words::syllables(text).concat(), spelled);
    }
}
