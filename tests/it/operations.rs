//! What keeps the house running: the doctor names what is wrong, a backup is whole, and what is restored from it verifies.

use crate::harness::*;
use crate::household;
use crate::main_job::the_main_job;
use liannong::cli::doctor::{Finding, Health, examine};
use liannong::config::Config;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::path::Path;
use std::process::{Command, Output};

/// The program on the data of a house, which goes on serving.
fn program(config: &Config, data: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_liannong"));
    command.args(arguments).env("LIANNONG_DATA", data).env("LIANNONG_SECRET", config.secret.as_deref().unwrap());
    match &config.database_url {
        Some(url) => command.env("DATABASE_URL", url),
        None => command.env_remove("DATABASE_URL"),
    };
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The one finding about a thing.
fn about<'f>(findings: &'f [Finding], thing: &str) -> &'f Finding {
    findings
        .iter()
        .find(|finding| finding.about.starts_with(thing))
        .unwrap_or_else(|| panic!("nothing about {thing}: {findings:?}"))
}

both! {
    /// Each thing that is wrong is named, with what to do about it; nothing is made while looking.
    async fn the_doctor_names_what_is_wrong(t: TestApp) {
        let county = household::county(t, "522634").await;
        household::household(t, &county, 1).await;
        crate::seal::post(t, 0..1).await;
        crate::seal::seal_all(t).await;
        let healthy = t.app.config.clone();
        let findings = examine(&healthy).await;
        assert!(findings.iter().all(|finding| finding.health == Health::Well), "{findings:#?}");
        assert!(findings.len() >= 10, "{findings:#?}");
        let ill = async |config: Config, thing: &str, zh: &str, en: &str| {
            let findings = examine(&config).await;
            let found = about(&findings, thing);
            assert_eq!(found.health, Health::Ill, "{findings:#?}");
            assert!(found.zh.contains(zh) && found.en.contains(en), "{found}");
        };
        ill(Config { secret: Some("5e".to_owned()), ..healthy.clone() }, "secret", "64 位", "64 hexadecimal").await;
        ill(Config { secret: None, production: true, ..healthy.clone() }, "secret", "生产模式", "LIANNONG_SECRET").await;
        let loose = t.folder().join("loose.key");
        std::fs::write(&loose, "5e".repeat(32)).unwrap();
        std::fs::set_permissions(&loose, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
        ill(Config { secret: None, secret_file: Some(loose.clone()), ..healthy.clone() }, "secret", "chmod 600", "chmod 600").await;
        // A folder that is a file can be written by nobody, not even by root.
        ill(Config { data: loose, ..healthy.clone() }, "data folder", "不可写", "cannot be written").await;
        ill(Config { database_url: Some("postgres://127.0.0.1:1/nobody".to_owned()), ..healthy.clone() }, "database", "DATABASE_URL", "DATABASE_URL").await;
        ill(Config { secret: Some("ab".repeat(32)), ..healthy.clone() }, "personal data", "解不开", "does not open").await;
        ill(Config { secret: Some("ab".repeat(32)), ..healthy.clone() }, "seal key", "背书", "LIANNONG_PREVIOUS_SECRET").await;
        ill(Config { smtp_url: Some("smtp://127.0.0.1:1".to_owned()), ..healthy.clone() }, "mail", "防火墙", "cannot be reached").await;
        if t.is_postgres() {
            ill(Config { pool: 500, ..healthy.clone() }, "pool", "请调小", "make it smaller").await;
        }
        let rotating = Config { secret: Some("ab".repeat(32)), previous_secret: healthy.secret.clone(), ..healthy.clone() };
        let findings = examine(&rotating).await;
        assert_eq!(about(&findings, "previous secret").health, Health::Doubtful);
        assert_eq!(about(&findings, "seal key").health, Health::Well, "the key before vouches");
        assert_eq!(about(&findings, "personal data").health, Health::Well);
        let away = Config { meilisearch_url: Some("http://127.0.0.1:1".to_owned()), ..healthy.clone() };
        assert_eq!(about(&examine(&away).await, "search").health, Health::Doubtful);
        let telling = |place: &str, protocol: Option<&str>| {
            let place = liannong::config::OpenTelemetry {
                otlp_endpoint: Some(place.to_owned()),
                otlp_protocol: protocol.map(str::to_owned),
                ..Default::default()
            };
            Config { open_telemetry: place, ..healthy.clone() }
        };
        let found = examine(&telling("http://127.0.0.1:1", None)).await;
        assert_eq!(about(&found, "telemetry").health, Health::Doubtful);
        ill(telling("collector", None), "telemetry", "http://127.0.0.1:4318", "not the address of a collector").await;
        ill(telling("http://127.0.0.1:4317", Some("grpc")), "telemetry", "http/protobuf", "grpc is not spoken here").await;
        let facing = Config { production: true, ..healthy.clone() };
        let findings = examine(&Config { public_address: None, ..facing.clone() }).await;
        assert_eq!(about(&findings, "address").health, Health::Doubtful);
        t.sql("update person set is_demonstration = true").await.unwrap();
        ill(facing, "accounts", "演示账号", "demonstration").await;

        let told = program(&healthy, t.folder(), &["doctor"]);
        assert!(told.status.success() && said(&told).contains("0 ill 故障"), "{}", said(&told));
        let told = program(&Config { secret: Some("ab".repeat(32)), ..healthy.clone() }, t.folder(), &["doctor"]);
        assert!(!told.status.success() && said(&told).contains("ILL  故障  personal data"), "{}", said(&told));
    }
}

/// A large table is looked at within the hour, and a connection that is open knows it when it is next used.
#[tokio::test]
async fn a_table_that_grew_is_looked_at() {
    let beside = TestApp::on_sqlite().await;
    let t = TestApp::configured(&beside, Config { pool: 1, ..beside.app.config.clone() }).await;
    let county = household::county(&t, "522634").await;
    household::household(&t, &county, 1).await;
    let reader = t.app.reader();
    let number = async |sql: &str, column: &str| -> Option<i64> {
        let asked = Statement::from_string(DbBackend::Sqlite, sql.to_owned());
        reader.query_one_raw(asked).await.unwrap().map(|row| row.try_get("", column).unwrap())
    };
    let known = "select count(*) as n from sqlite_schema where name = 'sqlite_stat1'";
    assert_eq!(number(known, "n").await, Some(0), "nobody looked");
    reader.execute_unprepared("pragma cache_size = -123").await.unwrap();
    assert_eq!(number("pragma cache_size", "cache_size").await, Some(-123), "the same connection each time");
    liannong::jobs::tick(&t.app, liannong::listeners::CLOCK).await.unwrap();
    let households = "select cast(stat as integer) as n from sqlite_stat1 where tbl = 'household' limit 1";
    assert_eq!(number(households, "n").await, Some(1));
    assert_eq!(
        number("pragma cache_size", "cache_size").await,
        Some(-16000),
        "a new one, which has read what was found"
    );
}

/// Before the first start nothing is wrong, and looking makes nothing.
#[tokio::test]
async fn the_doctor_makes_nothing() {
    let t = TestApp::on_sqlite().await;
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    let config = Config { data: data.clone(), database_url: None, secret: None, ..t.app.config.clone() };
    let findings = examine(&config).await;
    assert!(findings.iter().all(|finding| finding.health == Health::Well), "{findings:#?}");
    assert!(!data.exists(), "something was made");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("liannong.db"), b"").unwrap();
    assert_eq!(about(&examine(&config).await, "schema").health, Health::Doubtful);
}

/// While orders are placed, a backup is made; from it another house is set up, in which everything verifies.
#[actix_web::test]
async fn an_embedded_house_is_backed_up_and_restored() {
    let t = TestApp::on_sqlite().await;
    let _story = the_main_job(&t).await;
    crate::seal::seal_all(&t).await;
    let place = tempfile::tempdir().unwrap();
    let backup = place.path().join("backup");
    let config = t.app.config.clone();
    let (to, config_there) = (backup.clone(), config.clone());
    let data = t.folder().to_owned();
    let making = std::thread::spawn(move || program(&config_there, &data, &["backup", to.to_str().unwrap()]));
    let mut placed = 0;
    while !making.is_finished() {
        t.organisation(entity::value::OrganisationKind::Township, "522634").await;
        crate::seal::post(&t, 1000 + placed..1001 + placed).await;
        placed += 1;
    }
    let made = making.join().unwrap();
    assert!(made.status.success() && said(&made).contains("backed up"), "{}", said(&made));
    assert!(placed > 0, "nobody wrote meanwhile");
    assert!(!backup.join("secret.key").exists());
    let uploads = std::fs::read_to_string(backup.join("backup.json")).unwrap().matches("\"sha256\"").count();
    assert!(uploads >= 3, "{uploads} files with the database");
    let again = program(&config, t.folder(), &["backup", backup.to_str().unwrap()]);
    assert!(!again.status.success() && said(&again).contains("非空"), "{}", said(&again));

    let there = Config { database_url: None, data: place.path().join("there"), ..config.clone() };
    let restored = program(&there, &there.data, &["restore", backup.to_str().unwrap()]);
    assert!(restored.status.success(), "{}", said(&restored));
    assert!(said(&restored).contains("sound 一致"), "{}", said(&restored));
    let verified = program(&there, &there.data, &["verify"]);
    assert!(verified.status.success() && said(&verified).contains("sound 一致"), "{}", said(&verified));
    let over = program(&there, &there.data, &["restore", backup.to_str().unwrap()]);
    assert!(!over.status.success() && said(&over).contains("不会覆盖"), "{}", said(&over));

    // What was changed or cut off is noticed before anything is put in place.
    let elsewhere = Config { data: place.path().join("elsewhere"), ..there.clone() };
    let database = backup.join("liannong.db");
    let whole = std::fs::read(&database).unwrap();
    let mut changed = whole.clone();
    changed[40_000] ^= 1;
    for broken in [&changed[..], &whole[..whole.len() / 2]] {
        std::fs::write(&database, broken).unwrap();
        let refused = program(&elsewhere, &elsewhere.data, &["restore", backup.to_str().unwrap()]);
        assert!(!refused.status.success() && said(&refused).contains("不是完整的备份"), "{}", said(&refused));
    }
    std::fs::write(&database, &whole).unwrap();
    std::fs::remove_file(backup.join("backup.json")).unwrap();
    let refused = program(&elsewhere, &elsewhere.data, &["restore", backup.to_str().unwrap()]);
    assert!(!refused.status.success() && said(&refused).contains("backup.json"), "{}", said(&refused));
    assert!(!elsewhere.data.join("liannong.db").exists());
    t.finish().await;
}

/// By PostgreSQL's own tools, as the README shows: a base backup of the serving cluster, started elsewhere, verifies.
#[actix_web::test]
async fn a_house_on_postgresql_is_backed_up_and_restored() {
    let cluster = postgres::Cluster::begin().unwrap();
    let url = cluster.create("liannong").await;
    liannong::start::prepare(&url, start_of_tests()).await.unwrap();
    let beside = TestApp::on_postgres().await;
    let t = TestApp::configured(&beside, Config { database_url: Some(url), ..beside.app.config.clone() }).await;
    let _story = the_main_job(&t).await;
    crate::seal::seal_all(&t).await;
    let postings = "select cast(count(*) as text) from posting";
    let before = crate::verify::text(&t, postings).await;
    let copy = cluster.base_backup().unwrap();
    crate::seal::post(&t, 1000..1003).await;
    assert_ne!(crate::verify::text(&t, postings).await, before);

    let restored = Config { database_url: Some(copy.url("liannong")), ..t.app.config.clone() };
    let place = tempfile::tempdir().unwrap();
    let verified = program(&restored, place.path(), &["verify"]);
    assert!(verified.status.success() && said(&verified).contains("sound 一致"), "{}", said(&verified));
    assert!(said(&verified).contains(&format!("{before} postings")), "{}", said(&verified));
    let refused = program(&restored, place.path(), &["backup", place.path().join("b").to_str().unwrap()]);
    assert!(!refused.status.success() && said(&refused).contains("pg_basebackup"), "{}", said(&refused));
    t.finish().await;
}
