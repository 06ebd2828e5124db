//! Background work: who wakes the worker, what happens to work that fails, and who holds a job.

use crate::harness::*;
use actix_web::rt::time::timeout;
use entity::value::{JobId, OrganisationKind, ProgressUnit, Role, Timestamp};
use liannong::access::Actor;
use liannong::access::token::Tokens;
use liannong::app::App;
use liannong::db::Database;
use liannong::jobs::{self, JobError, JobKind, Plan, Scheduled};
use liannong::secrecy::Secrets;
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// Whether the worker has been told that there is something to do.
async fn is_woken(t: &TestApp) -> bool {
    timeout(Duration::ZERO, t.app.wake.notified()).await.is_ok()
}

async fn enqueue(t: &TestApp, name: &str) {
    let enqueue = async |tx: &liannong::db::Tx| jobs::enqueue(tx, name, "{}".to_owned(), tx.now()).await;
    t.app.transact(&Actor::System, enqueue).await.unwrap();
}

async fn only_job(t: &TestApp) -> entity::job::Model {
    entity::job::Entity::find().one(t.direct()).await.unwrap().expect("one job")
}

both! {
    /// A worker that woke itself would never sleep.
    async fn only_work_wakes_the_worker(t: TestApp) {
        t.drain().await;
        let _left_from_starting = is_woken(t).await;
        t.drain().await;
        assert!(!is_woken(t).await, "an idle worker woke itself");
        t.app.transact(&Actor::System, async |_| -> Result<(), sea_orm::DbErr> { Ok(()) }).await.unwrap();
        assert!(!is_woken(t).await, "a transaction without work woke it");
        enqueue(t, "nobody.knows").await;
        assert!(is_woken(t).await, "a job did not wake it");
        t.sql("delete from job").await.unwrap();
    }

    /// Work of a newer server waits, later and later, until somebody knows it; nothing else waits for it.
    async fn work_that_fails_is_tried_again_later_and_later(t: TestApp) {
        enqueue(t, "nobody.knows").await;
        let mut delays = Vec::new();
        for attempt in 1..=4 {
            assert_eq!(t.drain().await, 1);
            assert_eq!(t.drain().await, 0, "it is not due again at once");
            let job = only_job(t).await;
            assert_eq!(job.attempts, attempt);
            assert!(job.last_error.is_some() && job.done_at.is_none() && job.failed_at.is_none());
            delays.push((job.run_at - entity::value::Clock::now(&*t.clock)).num_seconds());
            t.clock.set(job.run_at);
        }
        assert_eq!(delays, [2, 4, 8, 16]);
        t.sql("delete from job").await.unwrap();
    }

    /// A worker that died with a job in hand loses it when its lease ends.
    async fn a_dead_workers_job_is_taken_over(t: TestApp) {
        let now = entity::value::Clock::now(&*t.clock);
        let lease: Timestamp = now + chrono::Duration::minutes(10);
        let row = entity::job::ActiveModel {
            id: Set(JobId::generate()),
            name: Set("nobody.knows".to_owned()),
            payload: Set("{}".to_owned()),
            run_at: Set(now),
            attempts: Set(1),
            locked_until: Set(Some(lease)),
            done_at: Set(None),
            failed_at: Set(None),
            last_error: Set(None),
            created_at: Set(now),
            position: Set(None),
            topic: Set(None),
            aggregate_id: Set(None),
            began_at: Set(None),
            took_ms: Set(None),
            ..Default::default()
        };
        entity::job::Entity::insert(row).exec_without_returning(t.direct()).await.unwrap();
        assert_eq!(t.drain().await, 0, "somebody else holds it");
        t.clock.set(lease);
        assert_eq!(t.drain().await, 1);
        t.sql("delete from job").await.unwrap();
    }

    /// What is about one object is done in its order: while the first waits to be tried again, the second waits too, and
    /// work about other things passes. When the first is given up, the second has its turn.
    async fn what_is_about_one_object_is_done_in_its_order(t: TestApp) {
        let (one, other) = (uuid::Uuid::now_v7(), uuid::Uuid::now_v7());
        let enqueue = async |tx: &liannong::db::Tx| {
            let due = |about, position| jobs::Due { payload: "{}".to_owned(), run_at: tx.now(), order: Some((about, position)) };
            jobs::enqueue_all(tx, "nobody.knows", vec![due(one, 2), due(one, 1), due(other, 3)]).await
        };
        t.app.transact(&Actor::System, enqueue).await.unwrap();
        t.drain().await;
        let attempts = async || {
            let mut all = entity::job::Entity::find().all(t.direct()).await.unwrap();
            all.sort_by_key(|job| job.position);
            all.into_iter().map(|job| job.attempts).collect::<Vec<_>>()
        };
        assert_eq!(attempts().await, [1, 0, 1], "the second about the same waits for the first");
        t.sql("update job set failed_at = created_at where position = 1").await.unwrap();
        t.drain().await;
        assert_eq!(attempts().await, [1, 1, 1]);
        t.sql("delete from job").await.unwrap();
    }

    /// A turn whose server died in the middle is taken again when its lease ends, not at its next time.
    async fn a_dead_servers_turn_is_taken_again(t: TestApp) {
        static PLAN: &[Scheduled] =
            &[Scheduled { name: "daily", every_seconds: 86_400, run: |_| Box::pin(async { Ok(()) }) }];
        assert_eq!(jobs::tick(&t.app, PLAN).await.unwrap().0, ["daily"]);
        let row = || async { entity::schedule::Entity::find().one(t.direct()).await.unwrap().unwrap() };
        assert!(row().await.ended_at.is_some() && row().await.held_until.is_none());
        t.clock.advance(chrono::Duration::seconds(1));
        assert!(jobs::tick(&t.app, PLAN).await.unwrap().0.is_empty());
        // As a server leaves it that is killed in the middle of its turn.
        let until = entity::value::Clock::now(&*t.clock) + chrono::Duration::seconds(60);
        let mut cut_off: entity::schedule::ActiveModel = row().await.into();
        (cut_off.held_until, cut_off.ended_at) = (Set(Some(until)), Set(None));
        entity::schedule::Entity::update(cut_off).exec(t.direct()).await.unwrap();
        t.clock.advance(chrono::Duration::seconds(59));
        assert!(jobs::tick(&t.app, PLAN).await.unwrap().0.is_empty(), "somebody may still be at it");
        t.clock.advance(chrono::Duration::seconds(2));
        assert_eq!(jobs::tick(&t.app, PLAN).await.unwrap().0, ["daily"]);
    }

    /// An operator sees when each turn was taken, how it ended and when the next is due.
    async fn an_operator_sees_the_turns_of_the_clock(t: TestApp) {
        let operator = t.organisation(OrganisationKind::PlatformOperator, "110101").await;
        let operator = t.member(Role::PlatformOperator, operator).await;
        let turn = async || {
            let work = t.get("/jobs").by(&operator).await.ok();
            work["turns"].as_array().unwrap().iter().find(|turn| turn["name"] == "seal.recent").unwrap().clone()
        };
        assert_eq!(turn().await["outcome"], "never");
        jobs::tick(&t.app, liannong::listeners::CLOCK).await.unwrap();
        let done = turn().await;
        assert_eq!((&done["outcome"], &done["every_seconds"]), (&serde_json::json!("done"), &serde_json::json!(60)));
        assert!(done["last_took_ms"].is_i64() && done["next_at"].is_string());
        let readings = liannong::readings::readings(&t.app).await.unwrap();
        assert!(readings.contains("clock_turn_failed{work=\"seal.recent\"} 0"), "{readings}");
        assert!(readings.contains("search_lag_events 0"));
    }
}

/// Work that is held in the middle until it is let go.
#[derive(Default)]
struct Held {
    begun: Notify,
    go_on: Notify,
}

async fn held(app: &App, unit: ProgressUnit) -> Result<(), JobError> {
    let held = app.part::<Held>()?;
    jobs::progress(app, 1_200, 5_000, unit).await;
    // Within the same second it is not written again.
    jobs::progress(app, 4_999, 5_000, unit).await;
    held.begun.notify_one();
    held.go_on.notified().await;
    Ok(())
}

static HELD: &[JobKind] = &[JobKind {
    name: "test.held",
    outward: false,
    hears: &[],
    run: |app, _| Box::pin(held(app, ProgressUnit::Rows)),
    together: None,
}];
static HELD_TURN: &[Scheduled] =
    &[Scheduled { name: "test.turn", every_seconds: 60, run: |app| Box::pin(held(app, ProgressUnit::Households)) }];

both! {
    /// How far work has come is seen while it goes on, in the lists of work and of runs; when it is done it shows what it
    /// came to, and how long it took.
    async fn an_operator_sees_how_far_work_has_come(t: TestApp) {
        let config = liannong::config::Config { data: t.folder().join("beside"), ..t.app.config.clone() };
        let secrets = Arc::new(Secrets::from_hex(config.secret.as_deref().unwrap()).unwrap());
        let tokens = Tokens::new(&secrets, config.token_minutes).unwrap();
        let db = Database::open(&config.database(), 4).await.unwrap();
        let app = App::new(db, t.clock.clone(), secrets, tokens, config, HELD);
        let app = liannong::start::with_parts(app).unwrap().with(Held::default()).with(Plan(HELD_TURN));
        let house = TestApp::served(t, app).await;
        let operator = t.organisation(OrganisationKind::PlatformOperator, "110101").await;
        let operator = t.member(Role::PlatformOperator, operator).await;
        let work = async |of: &str| house.get("/jobs").by(&operator).await.ok()[of][0].clone();
        let run = async || house.get("/job-runs?name=test.held").by(&operator).await.ok()["items"][0].clone();
        let came = |progress: &Value| {
            let field = |name: &str| progress[name].clone();
            (field("done"), field("of"), field("unit"), field("percent"))
        };
        let expected = |unit: &str| (json!(1_200), json!(5_000), json!(unit), json!(24));
        let held = house.app.part::<Held>().unwrap();

        enqueue(&house, "test.held").await;
        assert_eq!(run().await, Value::Null, "nothing was begun yet");
        let watching = async {
            held.begun.notified().await;
            let seen = work("workers").await;
            assert_eq!(came(&seen["in_hand"][0]["progress"]), expected("rows"));
            let seen = run().await;
            assert_eq!((&seen["state"], &seen["attempts"], came(&seen["progress"])), (&json!("running"), &json!(1), expected("rows")));
            held.go_on.notify_one();
        };
        futures_util::join!(house.drain(), watching);
        assert_eq!(work("workers").await["in_hand"], json!([]));
        let seen = run().await;
        assert_eq!((&seen["state"], came(&seen["progress"])), (&json!("done"), expected("rows")));
        assert!(seen["ended_at"].is_string() && seen["took_ms"].is_i64(), "{seen}");
        assert!(seen.get("payload").is_none(), "its input is not shown");

        let watching = async {
            held.begun.notified().await;
            let seen = work("turns").await;
            assert_eq!((&seen["outcome"], came(&seen["progress"])), (&json!("running"), expected("households")));
            held.go_on.notify_one();
        };
        let (ticked, ()) = futures_util::join!(jobs::tick(&house.app, HELD_TURN), watching);
        assert_eq!(ticked.unwrap().0, ["test.turn"]);
        let seen = work("turns").await;
        assert_eq!((&seen["outcome"], &seen["progress"]), (&json!("done"), &Value::Null));

        // Outside of any work there is nobody to tell, and nothing happens.
        jobs::progress(&house.app, 1, 2, ProgressUnit::Percent).await;
        let clerk = t.organisation(OrganisationKind::Cooperative, "522625").await;
        let clerk = t.member(Role::CooperativeClerk, clerk).await;
        house.get("/job-runs").by(&clerk).await.refused(403, "forbidden");
    }
}
