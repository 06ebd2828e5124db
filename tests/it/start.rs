//! What the program refuses to start with, and how soon it says so.

use crate::harness::*;
use crate::household;
use entity::value::Clock;
use liannong::config::Config;
use liannong::start::{self, StartError};

/// Why the house does not open with this configuration.
async fn refused(t: &TestApp, config: Config) -> StartError {
    let clock: std::sync::Arc<dyn Clock> = t.clock.clone();
    match start::open(config, clock).await {
        Ok(_) => panic!("it opened"),
        Err(refusal) => refusal,
    }
}

both! {
    /// Otherwise the old data could not be read and new data would be added that the old secret cannot read.
    async fn a_secret_that_does_not_open_the_database_is_refused(t: TestApp) {
        let folder = tempfile::tempdir().unwrap();
        let mine = Config { data: folder.path().to_owned(), ..t.app.config.clone() };
        let other = Config { secret: Some("ab".repeat(32)), ..mine.clone() };
        start::refuse_wrong_secret(&t.app.db, &start::secrets(&other).unwrap()).await.unwrap();
        let county = household::county(t, "522625").await;
        household::household(t, &county, 1).await;
        let refusal = refused(t, other).await;
        assert!(matches!(refusal, StartError::WrongSecret), "{refusal}");
        start::refuse_wrong_secret(&t.app.db, &start::secrets(&mine).unwrap()).await.unwrap();
    }

    /// A slip in the file's name must not become a new secret.
    async fn in_production_the_secret_file_must_be_there(t: TestApp) {
        let file = t.folder().join("none.key");
        let config = Config { secret: None, secret_file: Some(file.clone()), ..t.app.config.clone() };
        let refusal = start::secrets(&Config { production: true, ..config.clone() }).unwrap_err().to_string();
        assert!(refusal.contains("none.key cannot be read"), "{refusal}");
        assert!(!file.exists());
        start::secrets(&config).unwrap();
        assert!(file.exists());
        start::secrets(&Config { production: true, ..config }).unwrap();
    }
}

/// Whoever mistypes the address learns it in seconds, and what to check.
#[actix_web::test]
async fn a_database_that_does_not_answer_is_told_soon() {
    let began = std::time::Instant::now();
    let nobody = "postgres://127.0.0.1:1/nobody";
    let refusal = start::prepare(nobody, start_of_tests()).await.unwrap_err().to_string();
    assert!(refusal.contains("DATABASE_URL"), "{refusal}");
    assert!(began.elapsed().as_secs() < 30);
}
