//! The fault battery's rest: a server that ends at each place where that could hurt, a PostgreSQL that falls and comes
//! back, a mail server that does, a disk that is full for a while, a clock that jumps. After each, what was acknowledged is there once,
//! everything is caught up, the journal is sound; the time it took is printed.

use crate::harness::*;
use crate::market::Market;
use crate::post::Post;
use crate::servers::{Outside, Server, all_is_well, caught_up, each_once, load, number, order, pause, proxy};
use liannong::config::Config;
use liannong::jobs;
use liannong::listeners::CLOCK;
use serde_json::json;
use std::time::{Duration, Instant};

/// Each place of `src/outage.rs`, and at which time of coming there the process ends. A server that begins commits some
/// transactions of its own, which are not what this is about.
const PLACES: [&str; 6] =
    ["before_commit:20", "after_commit:20", "events_handed_on:2", "jobs_claimed:2", "job_done:3", "seal_written:1"];

/// Whatever of its work a dead server left undone, the other does; whatever it did, stays done, once.
#[actix_web::test]
async fn a_server_that_ends_at_a_named_place_loses_nothing() {
    let t = TestApp::on_postgres().await;
    let market = Market::with_unit(&t).await;
    t.drain().await;
    let (mut acknowledged, mut asked) = (Vec::new(), 0_u32);
    for place in PLACES {
        // Something to seal, and that in the first turn of its clock.
        t.sql("delete from schedule where name = 'seal.recent'").await.unwrap();
        crate::seal::post(&t, 1000 + asked..1001 + asked).await;
        let mut victim = Server::start_with(&t, &[("LIANNONG_ENDS_AT", place)]).await;
        let steady = Server::start(&t).await;
        let (address, _) = proxy(vec![victim.address, steady.address]).await;
        let outside = Outside::of(&t, address);
        let began = Instant::now();
        let ended = loop {
            let mark = format!("{place}-{asked}");
            acknowledged.extend(load(&outside, &market, 4, &mark).await);
            asked += 4;
            if let Some(ended) = victim.process.try_wait().unwrap() {
                break ended;
            }
            assert!(began.elapsed() < Duration::from_secs(60), "it never came to {place}: {}", victim.log());
        };
        assert!(ended.code().is_none(), "{place}: it ended by itself, {ended}");
        let took = caught_up(&t).await;
        println!("{place}: {} orders acknowledged so far, caught up after {took:?}", acknowledged.len());
    }
    each_once(&t, &acknowledged, usize::try_from(asked).unwrap()).await;
    all_is_well(&t).await;
}

/// The database falls under load and recovers: servers wait for it, nobody starts them anew.
#[actix_web::test]
async fn a_postgresql_that_falls_and_comes_back_loses_nothing() {
    let mut cluster = postgres::Cluster::begin().unwrap();
    let url = cluster.create("liannong").await;
    liannong::start::prepare(&url, start_of_tests()).await.unwrap();
    let beside = TestApp::on_postgres().await;
    let config = Config { database_url: Some(url), ..beside.app.config.clone() };
    let t = TestApp::configured(&beside, config.clone()).await;
    // Clusters of tests do not wait for their journal to be written; this one is about what was acknowledged.
    t.sql("alter role postgres set synchronous_commit = on").await.unwrap();
    let market = Market::with_unit(&t).await;
    t.drain().await;
    let servers = [Server::start(&t).await, Server::start(&t).await];
    let (address, _) = proxy(servers.iter().map(|server| server.address).collect()).await;
    let outside = Outside::of(&t, address);
    let (acknowledged, ()) = futures_util::future::join(load(&outside, &market, 16, "fall"), async {
        for _ in 0..2 {
            pause(400).await;
            cluster.restart().unwrap();
        }
    })
    .await;
    // The connections of this house fell with it; another one looks.
    let t = TestApp::configured(&beside, config).await;
    let took = caught_up(&t).await;
    println!("PostgreSQL fell twice, {} orders acknowledged, caught up after {took:?}", acknowledged.len());
    each_once(&t, &acknowledged, 16).await;
    all_is_well(&t).await;
}

/// While the mail server is down nobody who orders waits for it, and when it is back it has every letter, each once.
#[actix_web::test]
async fn a_mail_server_that_falls_and_comes_back_has_every_letter_once() {
    let t = TestApp::on_postgres().await;
    let market = Market::with_unit(&t).await;
    t.drain().await;
    let mut post = Post::open();
    let mail = [("LIANNONG_SMTP_URL", post.url.as_str()), ("LIANNONG_SMTP_PATIENCE_SECONDS", "2")];
    let server = Server::start_with(&t, &mail).await;
    let outside = Outside::of(&t, server.address);
    let mut acknowledged = load(&outside, &market, 3, "before").await;
    caught_up(&t).await;
    assert_eq!(post.taken().len(), 3);
    post.falls();
    acknowledged.extend(load(&outside, &market, 6, "during").await);
    let tried = "select count(*) from job where done_at is null and last_error is not null";
    while number(&t, tried).await == 0 {
        pause(100).await;
    }
    post.comes_back();
    acknowledged.extend(load(&outside, &market, 3, "after").await);
    let took = caught_up(&t).await;
    println!("the mail server was down, {} orders acknowledged, caught up after {took:?}", acknowledged.len());
    let id_of = |mail: &String| mail.lines().find(|line| line.starts_with("Message-ID:")).unwrap().to_owned();
    let letters: std::collections::BTreeSet<String> = post.taken().iter().map(id_of).collect();
    assert_eq!((letters.len(), post.taken().len()), (12, 12));
    each_once(&t, &acknowledged, 12).await;
    all_is_well(&t).await;
}

/// Whoever orders while the disk is full is told so and can come again; when there is room, the same server goes on.
#[actix_web::test]
async fn a_disk_that_is_full_and_has_room_again_loses_nothing() {
    let t = TestApp::on_sqlite().await;
    let market = Market::with_unit(&t).await;
    t.drain().await;
    let server = Server::start_on_a_small_disk(&t).await;
    let outside = Outside::of(&t, server.address);
    let mut acknowledged = load(&outside, &market, 4, "before").await;
    server.files_hold("1");
    let (status, refusal) = outside.does("/orders", &market.buyer, "full", None, &order(&market, 1)).await.unwrap();
    assert_eq!((status, &refusal["code"]), (503, &json!("storage_full")), "{refusal}");
    let (during, ()) = futures_util::future::join(load(&outside, &market, 8, "during"), async {
        pause(600).await;
        server.files_hold("unlimited");
    })
    .await;
    acknowledged.extend(during);
    let took = caught_up(&t).await;
    println!("the disk was full, {} orders acknowledged, caught up after {took:?}", acknowledged.len());
    each_once(&t, &acknowledged, 13).await;
    all_is_well(&t).await;
}

both! {
    /// Three weeks ahead and back again: what was done by the wrong clock stays done, nothing waits for that day to come.
    async fn a_clock_that_jumps_ahead_and_back_stops_nothing(t: TestApp) {
        let market = Market::with_unit(t).await;
        t.drain().await;
        let place = async |key: &str| {
            let call = t.post("/orders").by(&market.buyer).key(key).json(order(&market, 1));
            call.await.created()["id"].clone()
        };
        let first = place("right").await;
        jobs::tick(&t.app, CLOCK).await.unwrap();
        t.drain().await;
        let ahead = chrono::Duration::days(21);
        t.clock.advance(ahead);
        jobs::tick(&t.app, CLOCK).await.unwrap();
        let second = place("ahead").await;
        t.drain().await;
        // As a server leaves them that died while its clock was wrong.
        let held = "update job set done_at = null, locked_until = began_at where name = 'feed.publish'";
        let held = held.to_owned() + " and position = (select max(position) from job where name = 'feed.publish')";
        assert_eq!(t.sql(&held).await.unwrap(), 1);
        let again = "update schedule set held_until = next_at where name = 'seal.recent'";
        assert_eq!(t.sql(again).await.unwrap(), 1);

        t.clock.advance(-ahead + chrono::Duration::minutes(2));
        assert_ne!(first, second);
        assert_eq!(place("right").await, first, "the same request has the same answer");
        let taken = jobs::tick(&t.app, CLOCK).await.unwrap().0;
        assert!(taken.contains(&"seal.recent") && taken.contains(&"deadline.orders"), "{taken:?}");
        assert!(jobs::tick(&t.app, CLOCK).await.unwrap().0.is_empty(), "each turn is taken once");
        place("back").await;
        t.drain().await;
        let open = "select cast(count(*) as text) from job where done_at is null";
        assert_eq!(crate::verify::text(t, open).await, "0");
        crate::procurement::assert_sound(t).await;
    }
}
