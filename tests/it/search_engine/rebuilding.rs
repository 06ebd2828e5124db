//! A new index beside the old one: whoever searches meanwhile notices nothing, in this process and in others.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use liannong::search::{
    Change, Embedded, Fixed, ProductDocument, SearchEngine, SearchError, Source,
    standing::{delivery_record, in_month, packed},
};

use super::{asking, names, product, upserts};

/// A source whose first pass takes a while, and that does something in the middle of it.
struct Slow<'a> {
    products: Vec<ProductDocument>,
    meanwhile: Option<Box<dyn FnOnce() + 'a>>,
    late: Vec<Change>,
}

impl Source for Slow<'_> {
    fn next(&mut self) -> Option<Result<ProductDocument, SearchError>> {
        if self.products.len() == 1
            && let Some(meanwhile) = self.meanwhile.take()
        {
            meanwhile();
        }
        self.products.pop().map(Ok)
    }

    fn late(&mut self) -> Result<Vec<Change>, SearchError> {
        Ok(std::mem::take(&mut self.late))
    }
}

fn walnuts(count: usize) -> Vec<ProductDocument> {
    (0..count).map(|at| product(&format!("黎城核桃{at}"), &["黎城县"])).collect()
}

/// Both processes that share a folder: their engines know nothing of each other but what is in it.
#[test]
fn searches_never_fail_and_never_miss_while_another_process_rebuilds() {
    let folder = tempfile::tempdir().unwrap();
    let products = walnuts(120);
    let server = Embedded::open(folder.path()).unwrap();
    server.rebuild(&mut Fixed(products.iter().cloned().map(Ok))).unwrap();
    let first = server.generation();
    let (done, asked, short) = (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let hits = server.search(&asking("黎城核桃")).expect("a search fails");
                    asked.fetch_add(1, Ordering::Relaxed);
                    if hits.total != 120 {
                        short.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
        let other = Embedded::open(folder.path()).unwrap();
        for _ in 0..4 {
            other.rebuild(&mut Fixed(products.iter().cloned().map(Ok))).unwrap();
            let until = Instant::now() + Duration::from_secs(20);
            while server.generation() != other.generation() && Instant::now() < until {
                std::thread::sleep(Duration::from_millis(20));
            }
            assert_eq!(server.generation(), other.generation(), "the server notices the new index");
        }
        done.store(true, Ordering::Relaxed);
    });
    assert!(server.generation() >= first + 4);
    assert!(asked.load(Ordering::Relaxed) > 10);
    assert_eq!(short.load(Ordering::Relaxed), 0, "some searches missed products");
}

#[test]
fn what_changes_during_a_rebuild_is_in_both_the_old_index_and_the_new() {
    let folder = tempfile::tempdir().unwrap();
    let mut products = walnuts(5);
    let server = Embedded::open(folder.path()).unwrap();
    server.rebuild(&mut Fixed(products.iter().cloned().map(Ok))).unwrap();
    let before = server.generation();
    let read = products.clone();
    products[4].name = "黎城香菇".to_owned();
    let changes = [upserts(&products[4..]), vec![Change::Remove(products[0].id)]].concat();
    let other = Embedded::open(folder.path()).unwrap();
    let (server, changed) = (&server, changes.clone());
    let meanwhile = move || {
        // The old index is searched and changed while the new one is filled with what was read before.
        server.apply(&changed).unwrap();
        assert_eq!(server.generation(), before);
        assert_eq!(server.count().unwrap(), 4);
        assert_eq!(server.search(&asking("黎城香菇")).unwrap().total, 1);
    };
    let mut source = Slow { products: read, meanwhile: Some(Box::new(meanwhile)), late: changes };
    assert_eq!(other.rebuild(&mut source).unwrap(), 4);
    drop(source);
    assert_eq!(names(&other, &products, &asking("黎城香菇")), ["黎城香菇"]);
    std::thread::sleep(liannong::search::embedded::NOTICE);
    assert_eq!(names(server, &products, &asking("黎城香菇")), ["黎城香菇"]);
    assert_eq!(server.count().unwrap(), 4);
    // Changes go on, into the new index, from the process that did not make it.
    drop(other);
    server.apply(&[Change::Remove(products[1].id)]).unwrap();
    assert_eq!(Embedded::open(folder.path()).unwrap().count().unwrap(), 3);
}

#[test]
fn one_rebuild_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Embedded::open(folder.path()).unwrap();
    let other = Embedded::open(folder.path()).unwrap();
    let busy = || {
        for engine in [&engine, &other] {
            let second = engine.rebuild(&mut Fixed(std::iter::empty()));
            assert!(matches!(second, Err(SearchError::Busy { .. })));
        }
    };
    let mut source = Slow { products: walnuts(3), meanwhile: Some(Box::new(busy)), late: Vec::new() };
    assert_eq!(engine.rebuild(&mut source).unwrap(), 3);
    let memory = Embedded::in_memory().unwrap();
    let busy = || assert!(matches!(memory.rebuild(&mut Fixed(std::iter::empty())), Err(SearchError::Busy { .. })));
    let mut source = Slow { products: walnuts(3), meanwhile: Some(Box::new(busy)), late: Vec::new() };
    assert_eq!(memory.rebuild(&mut source).unwrap(), 3);
}

#[test]
fn old_generations_are_removed_but_for_the_last() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Embedded::open(folder.path()).unwrap();
    for _ in 0..4 {
        engine.rebuild(&mut Fixed(walnuts(2).into_iter().map(Ok))).unwrap();
    }
    let broken = [Ok(product("核桃", &[])), Err(SearchError::Source("the database went away".into()))];
    engine.rebuild(&mut Fixed(broken.into_iter())).unwrap_err();
    let home = super::folder::only_folder(folder.path());
    let mut kept: Vec<String> =
        std::fs::read_dir(home).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    kept.sort();
    assert_eq!(kept, ["current", "g4", "g5", "rebuild.lock", "write.lock"]);
    assert_eq!(engine.count().unwrap(), 2);
}

#[test]
fn a_delivery_record_grows_with_what_is_accepted() {
    assert_eq!(delivery_record(0, 0), 9_000, "everybody begins alike");
    assert_eq!(delivery_record(1, 0), 8_910, "one mishap is no bad record");
    assert_eq!(delivery_record(10_000, 10_000), 9_990);
    assert_eq!(delivery_record(i64::MAX, 0), 0);
    assert_eq!(delivery_record(-5, i64::MAX), 10_000);
}

proptest::proptest! {
    #[test]
    fn standing_is_decided_in_this_order(
        certified in proptest::array::uniform2(proptest::bool::ANY), seasonal in proptest::array::uniform2(proptest::bool::ANY),
        stocked in proptest::array::uniform2(proptest::bool::ANY), record in proptest::array::uniform2(0_u16..=10_000), month in 1_u8..=12,
    ) {
        let of = |at: usize| {
            let mut product = product("核桃", &[]);
            product.schemes = if certified[at] { vec![entity::value::state::CertificateScheme::Organic] } else { Vec::new() };
            product.season_months = if seasonal[at] { vec![month] } else { vec![month % 12 + 1] };
            product.available_packs = i64::from(stocked[at]);
            product.delivery_record = record[at];
            in_month(packed(&product), Some(month))
        };
        let reasons = |at: usize| (certified[at], seasonal[at], stocked[at], record[at]);
        proptest::prop_assert_eq!(of(0).cmp(&of(1)), reasons(0).cmp(&reasons(1)));
    }
}
