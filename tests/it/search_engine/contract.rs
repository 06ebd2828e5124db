//! What every engine owes: the same tests on the embedded one always, on Meilisearch when `MEILISEARCH_URL` is set
//! (`MEILISEARCH_KEY` when its server wants one).

use entity::value::{
    code::CategoryCode,
    id::{OrganisationId, ProductId},
    state::CertificateScheme,
};
use liannong::search::{
    Change, Counted, Dimension, Embedded, Fixed, Meilisearch, PriceBand, ProductDocument, Query, SearchEngine, Sort,
    SuggestionKind,
};

use super::{area, asking, product, upserts};

/// Runs a test on every engine there is, each holding these products.
fn on_every_engine(products: &[ProductDocument], test: impl Fn(&dyn SearchEngine)) {
    let mut engines: Vec<Box<dyn SearchEngine>> = vec![Box::new(Embedded::in_memory().unwrap())];
    if let Ok(url) = std::env::var("MEILISEARCH_URL") {
        let key = std::env::var("MEILISEARCH_KEY").ok();
        let index = format!("contract-{}", ProductId::generate());
        engines.push(Box::new(Meilisearch::new(&url, key.as_deref(), &index).unwrap()));
    }
    for engine in engines {
        let count = engine.rebuild(&mut Fixed(products.iter().cloned().map(Ok))).unwrap();
        assert_eq!(count, products.len() as u64, "{}", engine.name());
        test(&*engine);
    }
}

fn names(engine: &dyn SearchEngine, products: &[ProductDocument], query: &Query) -> Vec<String> {
    let ids = engine.search(query).unwrap().ids;
    ids.iter().map(|id| products.iter().find(|product| product.id == *id).unwrap().name.clone()).collect()
}

/// Produce of two provinces that differs in everything that is counted.
fn market() -> Vec<ProductDocument> {
    let of = |name: &str, county: (&str, &str), province: (&str, &str), category: [&str; 2], fen: i64| {
        let mut product = product(name, &[county.1]);
        product.origin_county_code = area(county.0);
        product.province_code = area(province.0);
        product.area_names = vec![province.1.to_owned()];
        product.category_codes = vec![category[0][..2].to_owned(), category[0].to_owned()];
        product.category_names = vec!["食品".to_owned(), "Food".to_owned(), category[1].to_owned(), "Kind".to_owned()];
        product.fen_per_kilogram = fen;
        product.supplier_name = format!("{}众兴合作社", county.1);
        product
    };
    let (shiqian, guizhou) = (("520623", "石阡县"), ("520000", "贵州省"));
    let (enshi, hubei) = (("422801", "恩施市"), ("420000", "湖北省"));
    let mut products = vec![
        of("石阡苔茶 一级 250克", shiqian, guizhou, ["0803", "绿茶"], 51_200),
        of("石阡红薯 5千克", shiqian, guizhou, ["0310", "薯类"], 800),
        of("恩施玉露 特级 100克", enshi, hubei, ["0803", "绿茶"], 90_000),
        of("恩施马铃薯 5千克", enshi, hubei, ["0310", "薯类"], 900),
        of("恩施土豆 10千克", enshi, hubei, ["0310", "薯类"], 700),
    ];
    products[0].schemes = vec![CertificateScheme::GreenFood, CertificateScheme::Conformity];
    products[0].season_months = vec![3, 4];
    products[1].season_months = vec![10];
    products[2].schemes = vec![CertificateScheme::GreenFood];
    products[2].season_months = vec![4];
    for (at, product) in products.iter_mut().enumerate() {
        product.sold_packs = [40, 10, 40, 90, 0][at];
        product.households = [7, 30, 2, 2, 11][at];
    }
    products
}

#[test]
fn a_name_is_found_first_however_it_is_typed() {
    let products = market();
    on_every_engine(&products, |engine| {
        for (text, first) in [
            ("恩施土豆", "恩施土豆 10千克"),
            ("恩施马铃薯", "恩施马铃薯 5千克"),
            ("恩施馬鈴薯", "恩施马铃薯 5千克"),
            ("石阡苔茶", "石阡苔茶 一级 250克"),
            ("石阡薹茶", "石阡苔茶 一级 250克"),
            ("shiqiantaicha", "石阡苔茶 一级 250克"),
            ("taicha", "石阡苔茶 一级 250克"),
            ("石阡地瓜", "石阡红薯 5千克"),
            ("玉路", "恩施玉露 特级 100克"),
        ] {
            let found = names(engine, &products, &asking(text));
            assert_eq!(found.first().map(String::as_str), Some(first), "{}: {text}", engine.name());
        }
        let both = names(engine, &products, &asking("洋芋"));
        assert_eq!(both.len(), 2, "{}: {both:?}", engine.name());
        assert!(engine.search(&asking("钢铁")).unwrap().ids.is_empty());
    });
}

#[test]
fn facets_count_what_another_choice_would_give() {
    let products = market();
    let told = |counts: &[Counted]| -> Vec<(String, u64)> {
        let mut told: Vec<_> = counts.iter().map(|counted| (counted.value.clone(), counted.count)).collect();
        told.sort();
        told
    };
    let pairs = |pairs: &[(&str, u64)]| -> Vec<(String, u64)> {
        pairs.iter().map(|(value, count)| ((*value).to_owned(), *count)).collect()
    };
    on_every_engine(&products, |engine| {
        let all = engine.search(&Query { facets: true, limit: 2, ..Query::default() }).unwrap();
        assert_eq!((all.total, all.ids.len()), (5, 2));
        let facets = all.facets.unwrap();
        assert_eq!(told(&facets[&Dimension::Province]), pairs(&[("420000", 3), ("520000", 2)]));
        assert_eq!(told(&facets[&Dimension::Category]), pairs(&[("03", 3), ("0310", 3), ("08", 2), ("0803", 2)]));
        assert_eq!(told(&facets[&Dimension::Certification]), pairs(&[("conformity", 1), ("green_food", 2)]));
        assert_eq!(told(&facets[&Dimension::PriceBand]), pairs(&[("from200", 2), ("under10", 3)]));
        assert_eq!(told(&facets[&Dimension::Month]), pairs(&[("10", 1), ("3", 1), ("4", 2)]));
        assert_eq!(facets[&Dimension::Supplier].len(), 5);

        // With a province chosen the others still say what they would give; everything else counts the chosen.
        let query = Query { facets: true, province: Some(area("520000")), limit: 10, ..Query::default() };
        let chosen = engine.search(&query).unwrap();
        let facets = chosen.facets.unwrap();
        assert_eq!(chosen.total, 2);
        assert_eq!(told(&facets[&Dimension::Province]), pairs(&[("420000", 3), ("520000", 2)]));
        assert_eq!(told(&facets[&Dimension::County]), pairs(&[("520623", 2)]));

        // Two choices: each is left out of its own counts only.
        let query = Query { category: Some(CategoryCode::parse("0803").unwrap()), ..query };
        let facets = engine.search(&query).unwrap().facets.unwrap();
        assert_eq!(told(&facets[&Dimension::Province]), pairs(&[("420000", 1), ("520000", 1)]));
        assert_eq!(told(&facets[&Dimension::Category]), pairs(&[("03", 1), ("0310", 1), ("08", 1), ("0803", 1)]));
        assert_eq!(told(&facets[&Dimension::Month]), pairs(&[("3", 1), ("4", 1)]));
        assert_eq!(engine.search(&Query { limit: 5, ..Query::default() }).unwrap().facets, None);
    });
}

#[test]
fn every_dimension_can_be_asked_for() {
    let products = market();
    on_every_engine(&products, |engine| {
        let found = |query: Query| {
            let mut found = names(engine, &products, &Query { limit: 10, ..query });
            found.sort();
            found.join("|")
        };
        let all = Query::default;
        let tea = "恩施玉露 特级 100克|石阡苔茶 一级 250克";
        assert_eq!(found(Query { certification: Some(CertificateScheme::GreenFood), ..all() }), tea);
        assert_eq!(found(Query { certification: Some(CertificateScheme::Conformity), ..all() }), "石阡苔茶 一级 250克");
        assert_eq!(found(Query { price_band: Some(PriceBand::From200), ..all() }), tea);
        assert_eq!(found(Query { month: Some(10), ..all() }), "石阡红薯 5千克");
        assert_eq!(found(Query { month: Some(7), ..all() }), "");
        assert_eq!(
            found(Query { county: Some(area("422801")), category: Some(CategoryCode::parse("08").unwrap()), ..all() }),
            "恩施玉露 特级 100克"
        );
        assert_eq!(found(Query { supplier: Some(OrganisationId::generate()), ..all() }), "");
    });
}

#[test]
fn every_order_holds_over_pages() {
    let products = market();
    on_every_engine(&products, |engine| {
        for (sort, expected) in [
            (Sort::PricePerKilogram, [4, 1, 3, 0, 2]),
            (Sort::Newest, [4, 3, 2, 1, 0]),
            (Sort::Sales, [3, 2, 0, 1, 4]),
            (Sort::Households, [1, 4, 0, 3, 2]),
        ] {
            let mut query = Query { sort, limit: 2, ..Query::default() };
            let mut seen = Vec::new();
            loop {
                let hits = engine.search(&query).unwrap();
                assert_eq!(hits.total, 5);
                seen.extend(hits.ids);
                query.after = hits.next;
                if query.after.is_none() {
                    break;
                }
            }
            let at = |id| products.iter().position(|product| product.id == id).unwrap();
            let seen: Vec<_> = seen.into_iter().map(at).collect();
            assert_eq!(seen, expected, "{}: {sort:?}", engine.name());
        }
    });
}

/// The same text everywhere: certified before in season before in stock before the better record before the newer.
#[test]
fn of_equal_matches_the_certified_then_the_seasonal_then_what_is_in_stock_then_the_better_record_come_first() {
    let mut products: Vec<ProductDocument> = (0..6).map(|_| product("黎城核桃", &["黎城县"])).collect();
    for product in &mut products {
        product.delivery_record = 9_900;
        product.season_months = vec![9];
    }
    // From the last to the first, each lacks one reason more than the one before it.
    products[5].schemes = vec![CertificateScheme::Organic];
    products[5].season_months = Vec::new();
    products[5].available_packs = 0;
    products[5].delivery_record = 0;
    products[3].delivery_record = 9_800;
    products[2].available_packs = 0;
    products[1].season_months = vec![1, 2];
    products[0].season_months = vec![2];
    products[0].schemes = vec![CertificateScheme::ReliefProduct, CertificateScheme::Conformity];
    let expected = [5, 4, 3, 2, 1, 0];
    on_every_engine(&products, |engine| {
        for text in [Some("核桃".to_owned()), Some("hetao".to_owned()), None] {
            let query = Query { text, this_month: Some(9), limit: 10, ..Query::default() };
            let rank = || -> Vec<usize> {
                let ids = engine.search(&query).unwrap().ids;
                ids.into_iter().map(|id| products.iter().position(|product| product.id == id).unwrap()).collect()
            };
            // A server turns its rules to the month after it was asked for the first time.
            let turned = (0..100).any(|_| {
                let there = rank() == expected;
                if !there {
                    std::thread::sleep(std::time::Duration::from_millis(if engine.name() == "embedded" {
                        0
                    } else {
                        50
                    }));
                }
                there
            });
            assert!(turned, "{}: {:?}", engine.name(), rank());
        }
        // The text goes first, whoever is certified.
        let mut kernel = product("核桃仁", &["黎城县"]);
        kernel.schemes = vec![CertificateScheme::Organic, CertificateScheme::GreenFood];
        engine.apply(&upserts(std::slice::from_ref(&kernel))).unwrap();
        let whole = Query { text: Some("黎城核桃".to_owned()), this_month: Some(9), limit: 10, ..Query::default() };
        assert_eq!(engine.search(&whole).unwrap().ids.first(), Some(&products[5].id));
        let exact = Query { text: Some("核桃仁".to_owned()), ..whole };
        assert_eq!(engine.search(&exact).unwrap().ids.first(), Some(&kernel.id));
    });
}

#[test]
fn what_is_typed_is_completed() {
    let products = market();
    on_every_engine(&products, |engine| {
        let said = |text: &str| -> Vec<String> {
            let said = engine.suggest(text, 10).unwrap();
            said.into_iter().map(|suggestion| suggestion.text).collect()
        };
        for (typed, text) in [
            ("石", "石阡苔茶"),
            ("石阡t", "石阡苔茶"),
            ("苔", "石阡苔茶"),
            ("shiqiant", "石阡苔茶"),
            ("sqtc", "石阡苔茶"),
            ("taic", "石阡苔茶"),
            ("恩施洋芋", "恩施马铃薯"),
            ("绿", "绿茶"),
            ("lvch", "绿茶"),
            ("ess", "恩施市"),
            ("恩施市", "恩施市"),
            ("石阡县众兴", "石阡县众兴合作社"),
        ] {
            let said = said(typed);
            // A mixture of characters and letters is typed by nobody's method of input for long: it is what comes
            // between two presses, so it only has to lead somewhere near.
            let near = typed == "石阡t" && !said.is_empty();
            assert!(near || said.iter().any(|said| said == text), "{}: {typed}: {said:?}", engine.name());
        }
        let green = engine.suggest("绿茶", 10).unwrap().remove(0);
        assert_eq!((green.kind, green.code.as_deref(), green.products), (SuggestionKind::Category, Some("0803"), 2));
        assert!(engine.suggest("钢铁", 10).unwrap().is_empty());
        assert!(engine.suggest("", 10).unwrap().is_empty());
        assert_eq!(engine.suggest("恩", 1).unwrap().len(), 1);
        // What is no longer there is not suggested.
        engine.apply(&[Change::Remove(products[0].id)]).unwrap();
        assert!(!said("苔茶").contains(&"石阡苔茶".to_owned()), "{}", engine.name());
    });
}

#[test]
fn changes_are_seen_at_once_and_a_rebuild_is_another_generation() {
    let mut products = market();
    on_every_engine(&products.clone(), |engine| {
        let before = engine.generation();
        products_change(engine, &mut products.clone());
        engine.rebuild(&mut Fixed(products.iter().take(2).cloned().map(Ok))).unwrap();
        assert_eq!(engine.count().unwrap(), 2);
        assert!(engine.generation() > before && !engine.needs_rebuild().unwrap());
    });
    products.clear();
}

fn products_change(engine: &dyn SearchEngine, products: &mut [ProductDocument]) {
    products[0].name = "石阡白茶".to_owned();
    engine.apply(&[upserts(&products[..1]), vec![Change::Remove(products[4].id)]].concat()).unwrap();
    assert_eq!(names(engine, products, &asking("石阡白茶")), ["石阡白茶"]);
    assert_eq!(engine.count().unwrap(), 4);
    assert!(names(engine, products, &asking("恩施土豆")).iter().all(|name| name != "恩施土豆 10千克"));
}
