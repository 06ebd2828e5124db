//! The test PostgreSQL itself: what the tests of everything else rely on.

use sea_orm::{ConnectionTrait, Database, DbErr, Statement};

use crate::harness::postgres;

async fn migrate(url: &str) -> Result<(), DbErr> {
    let db = Database::connect(url).await?;
    db.execute_unprepared("create table harness_probe (word text not null)").await?;
    db.close().await
}

async fn words(db: &sea_orm::DatabaseConnection) -> Vec<String> {
    let all = Statement::from_string(db.get_database_backend(), "select word from harness_probe");
    let rows = db.query_all_raw(all).await.expect("the table comes with the template");
    rows.iter().map(|row| row.try_get("", "word").expect("a word")).collect()
}

#[tokio::test]
async fn two_databases_of_one_template_are_separate() {
    // Both at once, on one thread: making the template must not block whoever else wants it.
    let (template, again) = tokio::join!(postgres::template("probe", migrate), postgres::template("probe", migrate));
    assert_eq!(template, again);
    let (first, second) = tokio::join!(postgres::clone_of(&template), postgres::clone_of(&template));
    let one = Database::connect(&first.url).await.unwrap();
    let other = Database::connect(&second.url).await.unwrap();
    one.execute_unprepared("insert into harness_probe values ('one')").await.unwrap();
    assert_eq!(words(&one).await, ["one"]);
    assert_eq!(words(&other).await, [""; 0]);
}

#[tokio::test]
async fn a_database_is_gone_with_its_test() {
    let template = postgres::template("probe", migrate).await;
    let watcher = postgres::clone_of(&template).await;
    let gone = postgres::clone_of(&template).await.url.clone();
    assert!(Database::connect(&gone).await.is_err(), "{gone} is still there");
    assert!(Database::connect(&watcher.url).await.is_ok());
}

#[test]
fn the_key_follows_the_sources() {
    assert_eq!(postgres::key_of_sources("migration"), postgres::key_of_sources("migration"));
    assert_ne!(postgres::key_of_sources("migration"), postgres::key_of_sources("entity"));
}
