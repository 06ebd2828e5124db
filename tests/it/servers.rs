//! Real servers, started as processes on one PostgreSQL: two behind a plain proxy without sticky sessions, one killed in
//! the middle of its work, one told to stop with requests in hand. Afterwards nothing that was acknowledged is lost,
//! nothing is done twice, and the journal is sound.

use crate::harness::*;
use crate::market::Market;
use entity::value::{Clock, SystemClock, business_date};
use sea_orm::{ConnectionTrait, EntityTrait, Statement};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// A server of its own, on a database that is there.
pub struct Server {
    pub process: Child,
    pub address: SocketAddr,
    folder: tempfile::TempDir,
}

impl Server {
    pub async fn start(t: &TestApp) -> Self {
        let mut server = Self::start_with(t, &[]).await;
        assert!(server.process.try_wait().unwrap().is_none(), "{}", server.log());
        server
    }

    /// The same with more in its surroundings; it may have ended by itself.
    pub async fn start_with(t: &TestApp, surroundings: &[(&str, &str)]) -> Self {
        Self::start_as(t, Command::new(env!("CARGO_BIN_EXE_liannong")), surroundings).await
    }

    /// The same, and a write beyond what its files may hold fails instead of ending it, as on a disk that is full.
    pub async fn start_on_a_small_disk(t: &TestApp) -> Self {
        let mut shell = Command::new("sh");
        shell.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_liannong")]);
        Self::start_as(t, shell, &[]).await
    }

    async fn start_as(t: &TestApp, program: Command, surroundings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // A port that was free a moment ago.
        let address = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
        let log = std::fs::File::create(folder.path().join("server.log")).unwrap();
        let process = Self::at_home(program, t, folder.path())
            .args(["--listen", &address.to_string(), "serve"])
            .envs(surroundings.iter().copied())
            .stderr(Stdio::from(log))
            .spawn()
            .unwrap();
        let mut server = Self { process, address, folder };
        let began = Instant::now();
        while reqwest::get(format!("http://{address}/readyz")).await.is_err() {
            if server.process.try_wait().unwrap().is_some() {
                break;
            }
            assert!(began.elapsed() < Duration::from_secs(60), "{}", server.log());
            pause(100).await;
        }
        server
    }

    fn command(t: &TestApp, folder: &Path) -> Command {
        Self::at_home(Command::new(env!("CARGO_BIN_EXE_liannong")), t, folder)
    }

    fn at_home(mut command: Command, t: &TestApp, folder: &Path) -> Command {
        command
            .env_clear()
            .env("DATABASE_URL", t.app.config.database())
            .env("LIANNONG_SECRET", t.app.config.secret.as_deref().unwrap())
            .env("LIANNONG_DATA", folder)
            .env("LIANNONG_REQUESTS_PER_MINUTE", "100000")
            .env("RUST_LOG", "info")
            .env("LIANNONG_POOL", "8")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("server.log")).unwrap_or_default()
    }

    /// As a power cut does it.
    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// How many bytes each of its files may hold from now on; what is longer already takes no more.
    pub fn files_hold(&self, bytes: &str) {
        let (process, limit) = (self.process.id().to_string(), format!("--fsize={bytes}:unlimited"));
        assert!(Command::new("prlimit").args(["--pid", &process, &limit]).status().unwrap().success());
    }

    /// As an operator does it: the signal that says stop.
    pub fn tell_to_stop(&self) {
        let told = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().unwrap();
        assert!(told.success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone_already = self.process.kill();
        let _gone_already = self.process.wait();
    }
}

pub async fn pause(milliseconds: u64) {
    actix_web::rt::time::sleep(Duration::from_millis(milliseconds)).await;
}

/// A proxy that knows nothing: each connection goes to the next server.
pub async fn proxy(servers: Vec<SocketAddr>) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let (address, turn) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
    let counted = turn.clone();
    actix_web::rt::spawn(async move {
        while let Ok((mut from, _)) = listener.accept().await {
            let to = servers[counted.fetch_add(1, Ordering::Relaxed) % servers.len()];
            actix_web::rt::spawn(async move {
                if let Ok(mut to) = tokio::net::TcpStream::connect(to).await {
                    let _ended = tokio::io::copy_bidirectional(&mut from, &mut to).await;
                }
            });
        }
    });
    (address, turn)
}

/// Somebody outside, who opens a connection for every request.
pub struct Outside {
    client: reqwest::Client,
    base: String,
    tokens: liannong::access::token::Tokens,
}

impl Outside {
    pub fn of(t: &TestApp, address: SocketAddr) -> Self {
        let client = reqwest::Client::builder().pool_max_idle_per_host(0).no_proxy().build().unwrap();
        let secrets = liannong::secrecy::Secrets::from_hex(t.app.config.secret.as_deref().unwrap()).unwrap();
        let tokens = liannong::access::token::Tokens::new(&secrets, 15).unwrap();
        Self { client, base: format!("http://{address}/api/v1"), tokens }
    }

    pub fn asks(&self, method: &str, path: &str, by: &Person) -> reqwest::RequestBuilder {
        let (token, _) = self.tokens.issue(&by.member, SystemClock.now()).unwrap();
        self.client.request(method.parse().unwrap(), format!("{}{path}", self.base)).bearer_auth(token)
    }

    /// Does something; what comes back, or that nothing did.
    pub async fn does(
        &self,
        path: &str,
        by: &Person,
        key: &str,
        version: Option<&Value>,
        body: &Value,
    ) -> Result<(u16, Value), reqwest::Error> {
        let mut request = self.asks("POST", path, by).header("Idempotency-Key", key);
        if let Some(version) = version {
            request = request.header("If-Match", format!("\"{version}\""));
        }
        let answer = request.header("content-type", "application/json").body(body.to_string()).send().await?;
        let status = answer.status().as_u16();
        let text = answer.text().await?;
        Ok((status, serde_json::from_str(&text).unwrap_or_default()))
    }

    /// Does something that must succeed.
    pub async fn did(&self, path: &str, by: &Person, version: Option<&Value>, body: &Value) -> Value {
        let key = uuid::Uuid::now_v7().to_string();
        let (status, answer) = self.does(path, by, &key, version, body).await.unwrap();
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
        answer
    }

    pub async fn sees(&self, path: &str, by: &Person) -> Value {
        let answer = self.asks("GET", path, by).send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }
}

pub fn order(market: &Market, packs: u32) -> Value {
    json!({
        "budget_id": market.budget, "deliver_to": "贵阳市学校路 1 号",
        "lines": [{ "product_id": market.product, "packs": packs }],
    })
}

/// Somebody waits for a lock, on PostgreSQL.
pub async fn somebody_waits(t: &TestApp) {
    let waiting =
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    while number(t, waiting).await == 0 {
        pause(20).await;
    }
}

/// Everything that was to be done is done.
pub async fn caught_up(t: &TestApp) -> Duration {
    let began = Instant::now();
    let mut leases_end = began + Duration::from_secs(5);
    loop {
        let open = "select (select count(*) from job where done_at is null and failed_at is null) \
                    + (select count(*) from outbox where delivered_at is null) as open";
        if number(t, open).await == 0 {
            return began.elapsed();
        }
        if Instant::now() > leases_end {
            // The minute for which a dead server holds its work, without waiting for it.
            let ended = "update job set locked_until = began_at where locked_until is not null and done_at is null";
            t.sql(ended).await.unwrap();
            leases_end = Instant::now() + Duration::from_secs(5);
        }
        if began.elapsed() > Duration::from_secs(60) {
            let jobs = entity::job::Entity::find().all(t.direct()).await.unwrap();
            let open: Vec<_> = jobs.into_iter().filter(|job| job.done_at.is_none()).collect();
            panic!("never done: {open:?}");
        }
        pause(200).await;
    }
}

pub async fn number(t: &TestApp, sql: &str) -> i64 {
    let row = t.direct().query_one_raw(Statement::from_string(t.direct().get_database_backend(), sql)).await;
    row.unwrap().unwrap().try_get_by_index(0).unwrap()
}

/// Nothing was given up, nothing was done twice, and everything can be recomputed.
pub async fn all_is_well(t: &TestApp) {
    assert_eq!(number(t, "select count(*) from job where failed_at is not null").await, 0, "given up");
    let twice = "select count(*) from (select event_id, organisation_id from feed_entry \
                 group by event_id, organisation_id having count(*) > 1) twice";
    assert_eq!(number(t, twice).await, 0, "published twice");
    let missed = "select count(*) from outbox o where o.topic like 'order.%' \
                  and not exists (select 1 from feed_entry e where e.event_id = o.id)";
    assert_eq!(number(t, missed).await, 0, "never published");
    let folder = tempfile::tempdir().unwrap();
    let verified = Server::command(t, folder.path()).arg("verify").output().unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}

/// The acknowledged orders are there, each once, and nothing that was not asked for.
pub async fn each_once(t: &TestApp, acknowledged: &[String], asked: usize) {
    let groups = entity::order_group::Entity::find().all(t.direct()).await.unwrap();
    let there: std::collections::BTreeSet<_> = groups.iter().map(|group| group.id.to_string()).collect();
    assert!(there.len() <= asked, "{} orders of {asked} that were asked for", there.len());
    for id in acknowledged {
        assert!(there.contains(id), "an acknowledged order is lost: {id}");
    }
    let distinct: std::collections::BTreeSet<_> = acknowledged.iter().collect();
    assert_eq!(distinct.len(), acknowledged.len(), "two requests, one order");
}

/// Places orders until told to stop; each request is repeated with its key until somebody answers it.
pub async fn load(outside: &Outside, market: &Market, orders: usize, mark: &str) -> Vec<String> {
    let mut acknowledged = Vec::new();
    for index in 0..orders {
        let (key, body) = (format!("{mark}-{index}"), order(market, 1));
        let began = Instant::now();
        loop {
            match outside.does("/orders", &market.buyer, &key, None, &body).await {
                Ok((201, answer)) => {
                    acknowledged.push(answer["id"].as_str().unwrap().to_owned());
                    break;
                }
                // Nobody there, busy, or the same request is still being done: the same again.
                Ok((409 | 429 | 500..=599, _)) | Err(_) => pause(50).await,
                Ok((status, answer)) => panic!("{status} {answer}"),
            }
            assert!(began.elapsed() < Duration::from_secs(90), "nobody answers");
        }
    }
    acknowledged
}

/// The main job through two servers by turns: no request needs the server of the one before.
#[actix_web::test]
async fn two_servers_behind_a_plain_proxy_do_the_main_job() {
    let t = TestApp::on_postgres().await;
    let market = Market::with_unit(&t).await;
    t.drain().await;
    let servers = [Server::start(&t).await, Server::start(&t).await];
    let (address, turns) = proxy(servers.iter().map(|server| server.address).collect()).await;
    let outside = Outside::of(&t, address);
    let (clerk, buyer) = (&market.supplier.clerk, &market.buyer);
    let today = business_date(SystemClock.now());

    let delivery = json!({ "agreement_id": market.agreements[0], "variety": "红阳", "grams": 200_000,
        "price_fen_per_kg": 520, "delivered_on": today, "weigh_note": "BD-9" });
    let delivery = outside.did("/deliveries", clerk, None, &delivery).await;
    let lot = json!({ "product_id": market.product, "packed_on": today,
        "deliveries": [{ "delivery_id": delivery["id"], "grams": 200_000 }] });
    let lot = outside.did("/lots", clerk, None, &lot).await;
    for _ in 0..3 {
        let placed = outside.did("/orders", buyer, None, &order(&market, 2)).await;
        let path = format!("/supplier-orders/{}", placed["supplier_orders"][0]["id"].as_str().unwrap());
        let seen = outside.sees(&path, clerk).await;
        let line = seen["lines"][0]["id"].clone();
        let done = outside.did(&format!("{path}/confirm"), clerk, Some(&seen["version"]), &Value::Null).await;
        let shipment = json!({ "carrier": "中国邮政", "tracking_number": "EA1",
            "lots": [{ "line_id": line, "lot_id": lot["id"], "packs": 2 }] });
        let done = outside.did(&format!("{path}/ship"), clerk, Some(&done["version"]), &shipment).await;
        let accept = json!({ "lines": [{ "line_id": line, "accepted_packs": 2 }] });
        outside.did(&format!("{path}/accept"), buyer, Some(&done["version"]), &accept).await;
        caught_up(&t).await;
        let shares = outside.sees(&format!("{path}/shares"), clerk).await;
        assert_eq!(shares["runs"].as_array().unwrap().len(), 1, "promised once: {shares}");
    }
    assert!(turns.load(Ordering::Relaxed) > 15);
    let busy = servers.iter().filter(|server| server.log().contains("answered")).count();
    assert_eq!(busy, 2, "both have answered");
    let log = servers[0].log();
    let mut answered = log.lines().filter(|line| line.contains("answered"));
    assert!(answered.all(|line| line.contains("request")), "every line of a request names it: {log}");

    // Each job ran once, whichever server took it; so did each turn of the clock.
    assert_eq!(number(&t, "select count(*) from job where attempts > 1").await, 0);
    assert_eq!(number(&t, "select count(*) from job where done_at is null").await, 0);
    let turns = number(&t, "select count(*) from schedule where began_at is not null and last_error is null").await;
    assert!(turns > 0);
    all_is_well(&t).await;
}

/// One of two servers is killed under load, again and again: what was acknowledged is there once, and the other does
/// what the dead one left.
async fn killed_under_load(t: &TestApp, kills: usize, orders: usize) {
    let market = Market::with_unit(t).await;
    t.drain().await;
    let steady = Server::start(t).await;
    let mut acknowledged = Vec::new();
    for round in 0..kills {
        let mut victim = Server::start(t).await;
        let (address, _) = proxy(vec![victim.address, steady.address]).await;
        let outside = Outside::of(t, address);
        let mark = format!("kill-{round}");
        let (placed, ()) = futures_util::future::join(load(&outside, &market, orders, &mark), async {
            pause(150 + u64::try_from(round).unwrap() * 170).await;
            victim.kill();
        })
        .await;
        acknowledged.extend(placed);
    }
    let took = caught_up(t).await;
    each_once(t, &acknowledged, kills * orders).await;
    all_is_well(t).await;
    println!("{kills} kills, {} orders acknowledged, caught up after {took:?}", acknowledged.len());
}

#[actix_web::test]
async fn a_server_killed_under_load_loses_nothing() {
    let t = TestApp::on_postgres().await;
    killed_under_load(&t, 2, 12).await;
}

/// Told to stop, a server answers what it has in hand, sends home whoever waits for news, and ends well.
#[actix_web::test]
async fn a_server_that_is_told_to_stop_answers_what_it_has_in_hand() {
    let t = TestApp::on_postgres().await;
    let market = Market::with_unit(&t).await;
    t.drain().await;
    let mut server = Server::start(&t).await;
    let outside = Outside::of(&t, server.address);
    // An order that has to wait: somebody holds the product.
    let elsewhere = sea_orm::Database::connect(t.app.config.database()).await.unwrap();
    let holding = sea_orm::TransactionTrait::begin(&elsewhere).await.unwrap();
    holding.execute_unprepared("select id from product for update").await.unwrap();
    let slow = order(&market, 1);
    let waits = outside.asks("GET", "/changes?from=now&wait_seconds=50", &market.buyer);
    let began = Instant::now();
    let (placed, news, ()) = futures_util::future::join3(
        outside.does("/orders", &market.buyer, "slow-1", None, &slow),
        waits.send(),
        async {
            somebody_waits(&t).await;
            pause(700).await;
            server.tell_to_stop();
            pause(1500).await;
            holding.commit().await.unwrap();
        },
    )
    .await;
    let (status, answer) = placed.unwrap();
    assert_eq!(status, 201, "{answer}");
    assert_eq!(news.unwrap().status().as_u16(), 200, "whoever waited was answered");
    let ended = loop {
        if let Some(ended) = server.process.try_wait().unwrap() {
            break ended;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "it does not end: {}", server.log());
        pause(100).await;
    };
    assert!(ended.success(), "{ended}");
    each_once(&t, &[answer["id"].as_str().unwrap().to_owned()], 1).await;
    elsewhere.close().await.unwrap();
    t.drain().await;
}

/// The battery: the same with many kills and a longer load. `.ci/faults` runs it; `LIANNONG_KILLS` says how many.
#[actix_web::test]
#[ignore = "takes minutes; .ci/faults runs it"]
async fn the_battery_of_kills() {
    let kills = std::env::var("LIANNONG_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(10);
    let t = TestApp::on_postgres().await;
    killed_under_load(&t, kills, 40).await;
}
