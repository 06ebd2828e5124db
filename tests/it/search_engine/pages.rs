//! Page after page in every order, while products come and go.

use entity::value::id::ProductId;
use liannong::search::{Change, Query, SearchEngine, SearchError, Sort};

use super::{PRODUCE_NAMES, assorted, product, shop, upserts};

#[test]
fn pages_neither_repeat_nor_skip_in_any_order() {
    let mut products: Vec<_> = PRODUCE_NAMES
        .iter()
        .filter(|(name, _)| name.contains('茶'))
        .map(|(name, place)| product(name, &[place]))
        .collect();
    for (at, product) in products.iter_mut().enumerate() {
        product.fen_per_kilogram = [300, 100, 200][at % 3];
        product.sold_packs = [7, 0, 9, 7][at % 4];
        product.households = [40, 2][at % 2];
    }
    let engine = shop(&products);
    // More commits make more segments, between which ties have to be broken alike.
    engine.apply(&upserts(&products[..40])).unwrap();
    for (sort, text) in [
        (Sort::Relevance, Some("茶")),
        (Sort::Newest, Some("茶")),
        (Sort::PricePerKilogram, Some("茶")),
        (Sort::Relevance, None),
        (Sort::PricePerKilogram, None),
        (Sort::Sales, Some("茶")),
        (Sort::Households, None),
    ] {
        let mut query = Query { sort, text: text.map(str::to_owned), limit: 7, ..Query::default() };
        let mut seen: Vec<ProductId> = Vec::new();
        loop {
            let hits = engine.search(&query).unwrap();
            assert!(hits.next.is_none() || hits.ids.len() == 7);
            seen.extend(hits.ids);
            query.after = hits.next;
            if query.after.is_none() {
                break;
            }
        }
        let mut once = seen.clone();
        once.sort();
        once.dedup();
        assert_eq!((seen.len(), once.len()), (products.len(), products.len()), "{sort:?} {text:?}");
        let shown: Vec<_> = seen.iter().map(|id| products.iter().find(|p| p.id == *id).unwrap()).collect();
        match sort {
            Sort::Relevance if text.is_some() => {}
            Sort::Relevance | Sort::Newest => assert!(seen.is_sorted_by(|a, b| a > b)),
            Sort::PricePerKilogram => {
                assert!(shown.is_sorted_by_key(|product| product.fen_per_kilogram));
            }
            Sort::Sales => assert!(shown.is_sorted_by_key(|product| -product.sold_packs)),
            Sort::Households => assert!(shown.is_sorted_by_key(|product| -product.households)),
        }
    }
}

#[test]
fn what_arrives_between_two_pages_moves_nothing_by_price_or_age() {
    let products = assorted();
    let engine = shop(&products);
    for sort in [Sort::Newest, Sort::PricePerKilogram] {
        let mut query = Query { sort, limit: 2, ..Query::default() };
        let all = engine.search(&Query { limit: 4, ..query.clone() }).unwrap().ids;
        let first = engine.search(&query).unwrap();
        let mut newcomer = product("早春茶", &["丹寨县"]);
        newcomer.fen_per_kilogram = 1;
        engine.apply(&upserts(&[newcomer.clone()])).unwrap();
        query.after = first.next;
        let second = engine.search(&query).unwrap();
        assert_eq!([first.ids, second.ids].concat(), all);
        assert_eq!(second.next, None);
        engine.apply(&[Change::Remove(newcomer.id)]).unwrap();
    }
}

#[test]
fn a_cursor_of_another_order_or_made_up_is_refused() {
    let products = assorted();
    let engine = shop(&products);
    let newest = Query { limit: 1, sort: Sort::Newest, ..Query::default() };
    let after = engine.search(&newest).unwrap().next;
    let by_price = Query { sort: Sort::PricePerKilogram, after, ..newest.clone() };
    assert!(matches!(engine.search(&by_price), Err(SearchError::Cursor)));
    for made_up in ["", "x", "cn4wfjk5OTk5OTk5", "🌰"] {
        let query = Query { after: Some(made_up.to_owned()), ..newest.clone() };
        assert!(matches!(engine.search(&query), Err(SearchError::Cursor)), "{made_up}");
    }
}
