//! Background work: who wakes the worker, what happens to work that fails, and who holds a job.

use crate::harness::*;
use actix_web::rt::time::timeout;
use entity::value::{JobId, Timestamp};
use liannong::access::Actor;
use liannong::jobs;
use sea_orm::{ActiveValue::Set, EntityTrait};
use std::time::Duration;

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
        };
        entity::job::Entity::insert(row).exec_without_returning(t.direct()).await.unwrap();
        assert_eq!(t.drain().await, 0, "somebody else holds it");
        t.clock.set(lease);
        assert_eq!(t.drain().await, 1);
        t.sql("delete from job").await.unwrap();
    }
}
