//! What every test stands on: a house of its own, spoken to over HTTP, with a clock that is set.
//!
//! Promises: each scenario runs on SQLite and on PostgreSQL, on a database of its own; when it ends no job is left
//! over and none was given up.

pub mod postgres;

mod audited;
mod call;
mod examples;
mod world;

pub use call::{Call, Reply};
pub use world::{Person, api_key, credit_code, credit_code_of, date, resident_id};

use actix_web::{test, web};
use call::Speak;
use entity::value::Timestamp;
use entity::value::time::HeldClock;
use liannong::access::token::Tokens;
use liannong::app::App;
use liannong::config::Config;
use liannong::db::Database;
use liannong::secrecy::Secrets;
use sea_orm::{ConnectionTrait, DatabaseConnection};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

/// Defines scenarios that run on both databases.
macro_rules! both {
    ($($(#[$doc:meta])* async fn $name:ident($t:ident: TestApp) $body:block)+) => {$(
        $(#[$doc])*
        mod $name {
            use super::*;

            async fn scenario($t: &TestApp) $body

            #[actix_web::test]
            async fn sqlite() {
                let t = TestApp::on_sqlite().await;
                scenario(&t).await;
                t.finish().await;
            }

            #[actix_web::test]
            async fn postgres() {
                let t = TestApp::on_postgres().await;
                scenario(&t).await;
                t.finish().await;
            }
        }
    )+};
}
pub(crate) use both;

/// Keeps the database of a test alive.
enum Backing {
    Sqlite,
    Postgres(#[expect(dead_code, reason = "dropping it drops the database")] postgres::TestDatabase),
    /// Another house keeps it.
    Another,
}

/// The text of a mail or of a part of one, by the coding that its head names.
pub fn decode(head: &str, body: &str) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    if head.contains("Content-Transfer-Encoding: base64") {
        return String::from_utf8(STANDARD.decode(body.replace('\n', "")).unwrap()).unwrap();
    }
    if !head.contains("Content-Transfer-Encoding: quoted-printable") {
        return body.to_owned();
    }
    let joined = body.replace("=\n", "");
    let mut parts = joined.split('=');
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        let (coded, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(coded, 16).unwrap());
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).unwrap()
}

/// A house of its own.
pub struct TestApp {
    /// The house itself, where HTTP is not enough.
    pub app: web::Data<App>,
    /// Its clock.
    pub clock: Arc<HeldClock>,
    speak: Speak,
    direct: DatabaseConnection,
    backing: Backing,
    folder: tempfile::TempDir,
    examples: std::cell::Cell<examples::Keep>,
}

/// Ten in the morning of 2 March 2026 in Shanghai.
pub fn start_of_tests() -> Timestamp {
    "2026-03-02T02:00:00Z".parse().unwrap()
}

/// The schema and the reference data a fresh house has.
async fn prepare(url: &str) -> Result<(), sea_orm::DbErr> {
    liannong::start::prepare(url, start_of_tests()).await.map_err(|error| sea_orm::DbErr::Custom(error.to_string()))
}

/// Changes whenever the schema or the reference data do.
fn template_key() -> String {
    let sources = ["migration", "src/region", "src/catalogue/data"].map(postgres::key_of_sources);
    sources.concat()
}

/// A SQLite file made once for all tests of a run, and copied for each.
async fn sqlite_template() -> PathBuf {
    static ONE_TASK: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _task = ONE_TASK.lock().await;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    std::fs::create_dir_all(folder).unwrap();
    let turn = std::fs::File::create(folder.join("sqlite.turn")).unwrap();
    turn.lock().unwrap();
    let whole = folder.join(format!("template-{}.db", template_key()));
    if !whole.exists() {
        let making = folder.join("making.db");
        for leftover in ["making.db", "making.db-wal", "making.db-shm"] {
            let _absent = std::fs::remove_file(folder.join(leftover));
        }
        prepare(&format!("sqlite://{}?mode=rwc", making.display())).await.unwrap();
        std::fs::rename(making, &whole).unwrap();
    }
    whole
}

impl TestApp {
    /// A house on a SQLite file.
    pub async fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("liannong.db");
        std::fs::copy(sqlite_template().await, &file).unwrap();
        let url = format!("sqlite://{}?mode=rwc", file.display());
        Self::open(url, Backing::Sqlite, folder).await
    }

    /// A house on a real PostgreSQL database.
    pub async fn on_postgres() -> Self {
        let template = postgres::template(&template_key(), prepare).await;
        let database = postgres::clone_of(&template).await;
        let url = database.url.clone();
        Self::open(url, Backing::Postgres(database), tempfile::tempdir().unwrap()).await
    }

    /// A house on the same PostgreSQL database, served through another account of it.
    pub async fn through_account(&self, account: &str) -> Self {
        let url = self.app.config.database().replacen("postgres://postgres@", &format!("postgres://{account}@"), 1);
        Self::open(url, Backing::Another, tempfile::tempdir().unwrap()).await
    }

    /// Another house on the database of this one, configured otherwise.
    pub async fn configured(beside: &Self, config: Config) -> Self {
        let config = Config { data: beside.folder().join("beside"), ..config };
        let secrets = Arc::new(Secrets::from_hex(config.secret.as_deref().unwrap()).unwrap());
        let tokens = Tokens::new(&secrets, config.token_minutes).unwrap();
        let db = Database::open(&config.database(), config.pool).await.unwrap();
        let app = App::new(db, beside.clock.clone(), secrets, tokens, config, liannong::listeners::JOBS);
        Self::served(beside, liannong::start::with_parts(app).unwrap()).await
    }

    /// Another house on the database of this one, as somebody put it together.
    pub async fn served(beside: &Self, app: App) -> Self {
        let url = app.config.database();
        let clock = beside.clock.clone();
        let backing = if beside.is_postgres() { Backing::Another } else { Backing::Sqlite };
        Self::around(web::Data::new(app), clock, url, backing, tempfile::tempdir().unwrap()).await
    }

    /// Another house on the database of this one, run in production.
    pub async fn in_production(&self) -> Self {
        Self::configured(self, Config { production: true, ..self.app.config.clone() }).await
    }

    async fn open(url: String, backing: Backing, folder: tempfile::TempDir) -> Self {
        let clock = Arc::new(HeldClock::new(start_of_tests()));
        let config = Config {
            data: folder.path().to_owned(),
            database_url: Some(url.clone()),
            listen: ([127, 0, 0, 1], 0).into(),
            production: false,
            public_address: Some("https://liannong.example/".to_owned()),
            secret: Some("5e".repeat(32)),
            secret_file: None,
            smtp_url: None,
            smtp_root: None,
            smtp_patience_seconds: 20,
            meilisearch_url: None,
            meilisearch_key: None,
            meilisearch_index: "liannong_products".to_owned(),
            mail_from: "联农 <no-reply@liannong.example>".to_owned(),
            previous_secret: None,
            previous_secret_file: None,
            smallest_group: 5,
            requests_per_minute: 600.try_into().unwrap(),
            public_requests_per_minute: 600.try_into().unwrap(),
            origins: Vec::new(),
            reachable_networks: Vec::new(),
            token_minutes: 15,
            refresh_days: 14,
            sign_ins_per_minute: 30.try_into().unwrap(),
            return_days: 7,
            font: liannong::config::DEFAULT_FONT.into(),
            complaint_days: liannong::config::ComplaintDays::default(),
            late_interest: liannong::config::LateInterest::default(),
            order_clocks: liannong::config::OrderClocks::default(),
            income_windows: liannong::config::IncomeWindows::default(),
            ocid_prefix: "ocds-000000".to_owned(),
            trusted_proxies: vec![[192, 0, 2, 1].into()],
            metrics_listen: None,
            open_telemetry: liannong::config::OpenTelemetry::default(),
            pool: 12,
            review_changes: vec![
                liannong::config::ReviewPart::Content,
                liannong::config::ReviewPart::Certificates,
                liannong::config::ReviewPart::Packing,
                liannong::config::ReviewPart::Rules,
                liannong::config::ReviewPart::Photos,
            ],
            price_above_peers_percent: 50,
            price_above_reference_percent: 200,
            scan_command: None,
            files: None,
        };
        let secrets = Arc::new(Secrets::from_hex(config.secret.as_deref().unwrap()).unwrap());
        let tokens = Tokens::new(&secrets, config.token_minutes).unwrap();
        let db = Database::open(&url, config.pool).await.unwrap();
        let app = App::new(db, clock.clone(), secrets, tokens, config, liannong::listeners::JOBS);
        let app = web::Data::new(liannong::start::with_parts(app).unwrap());
        Self::around(app, clock, url, backing, folder).await
    }

    async fn around(
        app: web::Data<App>,
        clock: Arc<HeldClock>,
        url: String,
        backing: Backing,
        folder: tempfile::TempDir,
    ) -> Self {
        let service = Rc::new(test::init_service(liannong::server::service(app.clone())).await);
        let speak: Speak = Rc::new(move |request| {
            let service = service.clone();
            Box::pin(async move { test::call_service(&*service, request.to_request()).await })
        });
        let direct =
            sea_orm::Database::connect(sea_orm::ConnectOptions::new(&url).max_connections(1).to_owned()).await.unwrap();
        Self { app, clock, speak, direct, backing, folder, examples: examples::Keep::IfNone.into() }
    }

    /// What its clock shows.
    pub fn clock_now(&self) -> Timestamp {
        entity::value::Clock::now(&*self.clock)
    }

    /// Its data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Whether it stands on PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        matches!(self.backing, Backing::Postgres(_) | Backing::Another)
    }

    /// From here on, answers are preferred as examples of the API description to those of other tests.
    pub fn tells_the_examples(&self) {
        self.examples.set(examples::Keep::Always);
    }

    /// A connection of its own, behind the house's back.
    pub fn direct(&self) -> &DatabaseConnection {
        &self.direct
    }

    /// Runs raw SQL behind the house's back.
    pub async fn sql(&self, statement: &str) -> Result<u64, sea_orm::DbErr> {
        self.direct.execute_unprepared(statement).await.map(|done| done.rows_affected())
    }

    /// Every mail that went out, with its headers as they stand and its text decoded, in no order.
    pub fn mails(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.folder().join("mail")).unwrap();
        let read = |file: std::io::Result<std::fs::DirEntry>| {
            let mail = std::fs::read_to_string(file.unwrap().path()).unwrap().replace("\r\n", "\n");
            let (head, body) = mail.split_once("\n\n").unwrap();
            // Of a mail in two forms, the text: it comes first.
            let boundary = head.split("boundary=\"").nth(1).and_then(|rest| rest.split('"').next());
            let part = boundary.and_then(|boundary| body.split(&format!("--{boundary}\n")).nth(1));
            let (coding, body) = part.map_or((head, body), |part| part.split_once("\n\n").unwrap());
            let body = body.trim_end();
            let body = decode(coding, body);
            format!("{head}\n\n{body}")
        };
        files.map(read).collect()
    }

    /// The one mail to this address whose text has this, and of it the word that is longest: its token.
    pub fn token_in_mail(&self, to: &str, about: &str) -> String {
        let mails = self.mails();
        let mut found = mails.iter().filter(|mail| mail.contains(&format!("To: {to}")) && mail.contains(about));
        let (Some(mail), None) = (found.next(), found.next()) else { panic!("not one mail to {to}: {mails:?}") };
        let (_, text) = mail.split_once("\n\n").unwrap();
        text.split_whitespace().filter(|word| word.is_ascii()).max_by_key(|word| word.len()).unwrap().to_owned()
    }

    /// Runs every job that is due, and what it causes.
    pub async fn drain(&self) -> usize {
        Box::pin(liannong::jobs::drain(&self.app)).await.unwrap()
    }

    /// Nothing may be left over when a scenario ends.
    pub async fn finish(self) {
        self.drain().await;
        let (_, given_up) = liannong::jobs::pending(self.app.reader()).await.unwrap();
        assert_eq!(given_up, 0, "a job was given up: {:?}", self.given_up().await);
    }

    async fn given_up(&self) -> Vec<String> {
        use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
        let failed = entity::job::Entity::find().filter(entity::job::Column::FailedAt.is_not_null());
        let failed = failed.all(self.app.reader()).await.unwrap();
        failed.into_iter().map(|job| format!("{}: {}", job.name, job.last_error.unwrap_or_default())).collect()
    }
}
