//! The change of keys by the program itself, killed in the middle while another serves.

use crate::harness::*;
use crate::household;
use crate::privacy::{NEW_SECRET, with_new_secret};
use liannong::listeners;
use liannong::secrecy::Secrets;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

/// `liannong keys rotate` on the database of a house, a ciphertext a transaction.
fn rotation(t: &TestApp, folder: &tempfile::TempDir) -> Child {
    Command::new(env!("CARGO_BIN_EXE_liannong"))
        .args(["keys", "rotate", "--batch", "1"])
        .env("DATABASE_URL", t.app.config.database())
        .env("LIANNONG_DATA", folder.path())
        .env("LIANNONG_SECRET", NEW_SECRET)
        .env("LIANNONG_PREVIOUS_SECRET", t.app.config.secret.as_deref().unwrap())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// How many ciphertexts the key of these secrets made, of all that are kept.
async fn sealed_by(t: &TestApp, secrets: &Secrets) -> (i64, i64) {
    let (mark, mut own, mut all) = (secrets.present_mark(), 0, 0);
    for column in listeners::SEALED.iter().flat_map(|list| list.iter()) {
        let (table, name) = (column.table, column.column);
        let many = async |with: &str| -> i64 {
            let sql = format!("select cast(count(*) as text) from {table} where {name} is not null{with}");
            crate::verify::text(t, &sql).await.parse().unwrap()
        };
        all += many("").await;
        own += many(&format!(" and substr({name}, 1, 8) = '{mark}'")).await;
    }
    (own, all)
}

both! {
    /// At a row, without a chance to say goodbye: what is done stays done, each ciphertext opens, the next run goes on.
    async fn a_rotation_that_was_killed_goes_on(t: TestApp) {
        let county = household::county(t, "522634").await;
        let mut ids = Vec::new();
        for number in 1..=20 {
            ids.push(household::household(t, &county, number).await);
        }
        let (old, new) = (t.app.secrets.clone(), Secrets::from_hex(NEW_SECRET).unwrap());
        let (by_old, all) = sealed_by(t, &old).await;
        assert!(by_old == all && all > 60, "{by_old} of {all}");
        let folder = tempfile::tempdir().unwrap();
        let serving = TestApp::served(t, with_new_secret(t, &folder, true).await).await;
        let everybody = async || {
            for id in &ids {
                let shown = serving.get(&format!("/households/{id}")).by(&county.officer).await.ok();
                assert_eq!(shown["members"][0]["phone"], "138****5678");
            }
        };

        let place = tempfile::tempdir().unwrap();
        let mut running = rotation(t, &place);
        let told = BufReader::new(running.stderr.take().unwrap());
        // Killed by who hears the fifth row done: it has no time to finish, however slowly this side reads households.
        let killing = std::thread::spawn(move || {
            let rows = told.lines().map_while(Result::ok).filter(|line| line.contains("left")).take(5).count();
            running.kill().unwrap();
            (rows, running.wait().unwrap())
        });
        while !killing.is_finished() {
            everybody().await;
        }
        let (rows, ended) = killing.join().unwrap();
        assert!(rows == 5 && !ended.success(), "it ended after {rows} rows: {ended}");

        // What it had sent last may be committed by the database only now: it moves from one count to the other.
        let (by_new, by_old) = (sealed_by(t, &new).await.0, sealed_by(t, &old).await.0);
        assert!([all - 1, all].contains(&(by_old + by_new)), "{by_old} and {by_new} of {all}");
        assert!(by_new >= 5 && by_old > 0, "{by_new} of {all}");
        everybody().await;

        let mut again = rotation(t, &place);
        let told = again.stderr.take().unwrap();
        let draining = std::thread::spawn(move || BufReader::new(told).lines().map_while(Result::ok).count());
        while again.try_wait().unwrap().is_none() {
            everybody().await;
        }
        draining.join().unwrap();
        let mut said = String::new();
        again.stdout.take().unwrap().read_to_string(&mut said).unwrap();
        assert!(again.wait().unwrap().success(), "{said}");
        let rest = |left: i64| said.contains(&format!("{left} sealed anew"));
        assert!(rest(by_old) || rest(by_old - 1), "{by_old} were left, and it said {said}");
        assert_eq!((sealed_by(t, &old).await.0, sealed_by(t, &new).await), (0, (all, all)));
        let folder = tempfile::tempdir().unwrap();
        let alone = TestApp::served(t, with_new_secret(t, &folder, false).await).await;
        for id in &ids {
            alone.get(&format!("/households/{id}")).by(&county.officer).await.ok();
        }
    }
}
