//! Monitoring as a report: dated, frozen, and for whoever sees it.

use super::*;
use crate::report::{ask, number, read_back};

both! {
    /// Who was monitored on the last day, what was noticed and done in the span; counted by hand beside it.
    async fn what_monitoring_found_is_reported(t: TestApp) {
        let place = place(t, "522625").await;
        let officer = &place.county.officer;
        let mut made = Vec::new();
        for (number, status) in (1..).zip(["monitored_unstable", "monitored_unstable", "monitored_sudden", "ordinary"]) {
            made.push(place.household(t, number, status).await);
        }
        flagged(t, &made[0]["id"]).await;
        flagged(t, &made[3]["id"]).await;
        let held = clues(t, &place.villager, "").await;
        let asked = act(t, &place.villager, &held[0], "dismissal", json!({ "reason": "已核实，营业执照已注销。" })).await;
        asked.ok();
        let path = format!("/households/{}/measures", made[1]["id"].as_str().unwrap());
        let help = t.post(&path).by(&place.villager).json(measure()).await.created();

        let report = ask(t, officer, "monitoring_overview", json!({})).await;
        let figures = |line: &str| {
            let of = |column: &str| number(&report, line, column);
            (of("households"), [of("clues"), of("taken_up"), of("dismissed"), of("waiting"), of("waiting_late")], of("measures"))
        };
        let some = |numbers: [i64; 5]| numbers.map(Some);
        assert_eq!(figures("0.total"), (Some(3), some([2, 0, 0, 2, 0]), Some(1)), "nothing is late today");
        assert_eq!(figures("county.522625"), figures("0.total"));
        assert_eq!(figures("status.monitored_unstable"), (Some(2), [None; 5], None), "what does not apply is left out");
        assert_eq!(figures("status.monitored_sudden").0, Some(1));
        assert_eq!(figures("clue.flagged_comparison"), (None, some([2, 0, 0, 2, 0]), None));
        assert_eq!(number(&report, "0.total", "measures_done"), Some(0));
        assert_eq!(number(&report, "0.total", "measures_late"), Some(0));
        read_back(t, officer, &report).await;
        let paper = t.get(&format!("/reports/{}/pdf", report["id"].as_str().unwrap())).by(officer).await;
        assert!(paper.status == 200 && paper.body.starts_with(b"%PDF"));

        // Before they were registered nobody was monitored, and in another span nothing happened.
        let before = ask(t, officer, "monitoring_overview", json!({ "from": "2010-01-01", "until": "2010-12-31" })).await;
        assert_eq!((number(&before, "0.total", "households"), number(&before, "0.total", "clues")), (Some(0), Some(0)));

        // What became of a measure is told by the next report, and the two are compared.
        let evidence = file(t, &place.villager).await;
        let done = json!({ "is_done": true, "text": "拖欠款已全部到户。", "evidence_file_id": evidence });
        let path = format!("/measures/{}/finish", help["id"].as_str().unwrap());
        t.post(&path).by(&place.villager).version(&help["version"]).json(done).await.ok();
        let later = ask(t, officer, "monitoring_overview", json!({})).await;
        assert_eq!(number(&later, "0.total", "measures_done"), Some(1));

        // Sixteen days on nobody decided.
        t.clock.advance(Duration::days(16));
        let late = ask(t, officer, "monitoring_overview", json!({})).await;
        assert_eq!((number(&late, "0.total", "waiting_late"), number(&late, "0.total", "measures_late")), (Some(2), Some(0)));

        // Other counties are not in it; whoever may not see monitoring has no such report.
        let stranger = crate::household::county(t, "532324").await.officer;
        let theirs = ask(t, &stranger, "monitoring_overview", json!({ "region_code": "522625" })).await;
        assert_eq!(number(&theirs, "0.total", "households"), Some(0));
        let auditor = t.organisation(OrganisationKind::AuditOffice, "110101").await;
        let auditor = t.member(Role::Auditor, auditor).await;
        let whole = ask(t, &auditor, "monitoring_overview", json!({ "region_code": "520000" })).await;
        assert_eq!(number(&whole, "county.532324", "households"), None, "it lies elsewhere");
        let wanted = json!({ "kind": "monitoring_overview", "from": "2026-01-01", "until": "2026-12-31" });
        let clerk = t.organisation(OrganisationKind::Cooperative, "522625").await;
        let clerk = t.member(Role::CooperativeClerk, clerk).await;
        t.post("/reports").by(&clerk).json(wanted).await.refused(403, "forbidden");
    }
}
