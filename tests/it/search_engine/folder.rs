//! The index in its folder: kept, rebuilt, shared, outdated, damaged.

use std::{
    fs,
    path::{Path, PathBuf},
};

use liannong::search::{Change, Embedded, Fixed, SearchEngine, SearchError};

use super::{asking, assorted, names, upserts};

pub(super) fn only_folder(dir: &Path) -> PathBuf {
    let folders: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(folders.len(), 1);
    folders[0].clone()
}

#[test]
fn a_folder_keeps_its_products_and_knows_whether_it_has_all() {
    let dir = tempfile::tempdir().unwrap();
    let products = assorted();
    {
        let engine = Embedded::open(dir.path()).unwrap();
        assert!(engine.needs_rebuild().unwrap());
        engine.apply(&upserts(&products[..1])).unwrap();
        assert!(engine.needs_rebuild().unwrap(), "one change is not everything");
    }
    {
        let engine = Embedded::open(dir.path()).unwrap();
        assert_eq!(engine.count().unwrap(), 1);
        assert!(engine.needs_rebuild().unwrap());
        assert_eq!(engine.rebuild(&mut Fixed(products[1..].iter().cloned().map(Ok))).unwrap(), 3);
        assert_eq!(engine.count().unwrap(), 3);
        assert!(!engine.needs_rebuild().unwrap());
        engine.apply(&upserts(&products[..1])).unwrap();
    }
    let engine = Embedded::open(dir.path()).unwrap();
    assert_eq!(engine.count().unwrap(), 4);
    assert!(!engine.needs_rebuild().unwrap());
    assert_eq!(names(&engine, &products, &asking("黎城核桃"))[0], "黎城核桃");
}

#[test]
fn a_rebuild_that_fails_leaves_the_old_content() {
    let products = assorted();
    let engine = Embedded::in_memory().unwrap();
    engine.rebuild(&mut Fixed(products.iter().cloned().map(Ok))).unwrap();
    let broken = [Ok(products[0].clone()), Err(SearchError::Source("the database went away".into()))];
    assert!(matches!(engine.rebuild(&mut Fixed(broken.into_iter())), Err(SearchError::Source(_))));
    assert_eq!(engine.count().unwrap(), 4);
    engine.apply(&[Change::Remove(products[0].id)]).unwrap();
    assert_eq!(engine.count().unwrap(), 3);
    assert!(!engine.needs_rebuild().unwrap());
}

#[test]
fn one_process_writes_while_others_search() {
    let dir = tempfile::tempdir().unwrap();
    let products = assorted();
    let writer = Embedded::open(dir.path()).unwrap();
    writer.apply(&upserts(&products)).unwrap();
    let other = Embedded::open(dir.path()).unwrap();
    assert_eq!(other.count().unwrap(), 4);
    assert!(matches!(other.apply(&[Change::Remove(products[0].id)]), Err(SearchError::Busy { .. })));
    drop(writer);
    other.apply(&[Change::Remove(products[0].id)]).unwrap();
    assert_eq!(other.count().unwrap(), 3);
}

#[test]
fn a_folder_of_another_version_is_removed_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("index-0-00000000")).unwrap();
    fs::write(dir.path().join("index-0-00000000/meta.json"), "{}").unwrap();
    let engine = Embedded::open(dir.path()).unwrap();
    assert!(engine.needs_rebuild().unwrap());
    only_folder(dir.path());
    for kept in ["index-mine", "index-0-backup00", "photos"] {
        fs::create_dir(dir.path().join(kept)).unwrap();
    }
    drop(engine);
    Embedded::recreate(dir.path()).unwrap();
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 4);
}

#[test]
fn a_damaged_folder_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let products = assorted();
    Embedded::open(dir.path()).unwrap().apply(&upserts(&products)).unwrap();
    let folder = only_folder(dir.path()).join("g1");
    let meta = fs::read(folder.join("meta.json")).unwrap();
    fs::write(folder.join("meta.json"), &meta[..meta.len() / 2]).unwrap();
    let error = Embedded::open(dir.path()).err().unwrap();
    assert!(matches!(error, SearchError::Damaged { .. }));
    assert!(error.to_string().contains("liannong search rebuild") && error.zh().contains("liannong search rebuild"));

    fs::write(folder.join("meta.json"), &meta).unwrap();
    let segment = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let segment = segment.into_iter().find(|path| path.extension().is_some_and(|end| end == "term")).unwrap();
    fs::write(&segment, b"").unwrap();
    assert!(matches!(Embedded::open(dir.path()), Err(SearchError::Damaged { .. })));

    let engine = Embedded::recreate(dir.path()).unwrap();
    assert!(engine.needs_rebuild().unwrap());
    engine.apply(&upserts(&products)).unwrap();
    assert_eq!(engine.count().unwrap(), 4);
}
