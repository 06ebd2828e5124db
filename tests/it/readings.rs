//! What an operator's instruments read: requests by pattern, jobs by name, what waits and for how long.

use crate::harness::*;
use chrono::Duration;
use entity::value::OrganisationKind;
use entity::value::role::Role;
use liannong::readings::readings;

both! {
    /// Requests and jobs are counted under names that hold nothing personal; what waits is seen, and when it is done.
    async fn an_operator_sees_what_happens_and_what_waits(t: TestApp) {
        let market = crate::market::Market::with_unit(t).await;
        let order = market.placed(t, 1).await;
        let id = order["id"].as_str().unwrap();
        t.get(&format!("/supplier-orders/{id}")).by(&market.buyer).await.ok();
        t.get("/no/such/place").await;
        let value = |text: &str, series: &str| -> Option<String> {
            text.lines().find_map(|line| line.strip_prefix(series)).map(|rest| rest.trim().to_owned())
        };
        t.clock.advance(Duration::seconds(90));
        let waiting = readings(&t.app).await.unwrap();
        assert_ne!(value(&waiting, "outbox_undelivered ").unwrap(), "0");
        assert_eq!(value(&waiting, "outbox_lag_seconds ").unwrap(), "90");
        let shown = r#"http_requests_total{method="GET",route="/api/v1/supplier-orders/{id}",status="200"}"#;
        assert_eq!(value(&waiting, shown).unwrap(), "1");
        assert_eq!(value(&waiting, r#"http_requests_total{method="GET",route="none",status="404"}"#).unwrap(), "1");
        assert!(!waiting.contains(id), "no identifier is in a label");

        t.drain().await;
        let done = readings(&t.app).await.unwrap();
        assert_eq!(value(&done, "outbox_undelivered ").unwrap(), "0");
        assert_eq!(value(&done, r#"jobs_waiting{job="quota.follow"}"#).unwrap(), "0");
        assert_eq!(value(&done, r#"jobs_run_total{job="quota.follow",outcome="done"}"#).unwrap(), "1");
        assert!(value(&done, r#"database_connections{state="open"}"#).unwrap().parse::<u32>().unwrap() > 0);

        t.sql("insert into job (id, name, payload, run_at, attempts, failed_at, created_at) \
               select id, 'notice.mail', '{}', created_at, 9, created_at, created_at from outbox limit 1")
            .await
            .unwrap();
        let given_up = readings(&t.app).await.unwrap();
        assert_eq!(value(&given_up, r#"jobs_given_up{job="notice.mail"}"#).unwrap(), "1");
        t.sql("delete from job where name = 'notice.mail' and attempts = 9").await.unwrap();
        let auditor = t.organisation(OrganisationKind::AuditOffice, "110101").await;
        let auditor = t.member(Role::Auditor, auditor).await;
        t.get("/metrics").by(&auditor).await.refused(404, "not_found");
    }
}
