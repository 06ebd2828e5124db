//! Monitoring as a report: dated, frozen, and for whoever sees it.

use super::*;
use crate::report::{ask, behind, number, read_back};

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

        // From the figures down to whom and what they count.
        let kinds = |rows: &[Value]| rows.iter().map(|row| row["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        let of_kind = |rows: &[Value], kind: &str| kinds(rows).iter().filter(|one| *one == kind).count();
        let all = behind(t, officer, &report, "0.total").await;
        assert_eq!((of_kind(&all, "household"), of_kind(&all, "clue"), of_kind(&all, "measure")), (3, 2, 1));
        assert_eq!(behind(t, officer, &report, "county.522625").await, all);
        assert_eq!(behind(t, officer, &report, "county.522626").await, Vec::<Value>::new());
        let id = |one: &Value| one["id"].as_str().unwrap().to_owned();
        let sudden = behind(t, officer, &report, "status.monitored_sudden").await;
        assert_eq!((sudden.len(), &sudden[0]["id"]), (1, &made[2]["id"]));
        let flags = behind(t, officer, &report, "clue.flagged_comparison").await;
        assert_eq!(flags.iter().map(id).collect::<BTreeSet<_>>(), held.iter().map(id).collect());
        let operator = t.member(Role::PlatformOperator, t.organisation(OrganisationKind::PlatformOperator, "110101").await).await;
        let path = format!("/reports/{}/sources?line=0.total", report["id"].as_str().unwrap());
        t.get(&path).by(&operator).await.refused(403, "forbidden");

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

        // What was decided since stands in a report of today, and not in one of the days before.
        let asked = clues(t, &place.villager, "?state=dismissal_asked").await;
        let agreed = json!({ "is_agreed": true, "text": "情况属实，同意排除。" });
        let decided = act(t, officer, &asked[0], "dismissal-decision", agreed).await.ok();
        assert_eq!(decided["answered_on"], json!("2026-03-18"));
        let answered = |report: &Value| ["dismissed", "waiting", "waiting_late"].map(|of| number(report, "0.total", of));
        let now = ask(t, officer, "monitoring_overview", json!({})).await;
        assert_eq!(answered(&now), [1, 1, 1].map(Some));
        let then = ask(t, officer, "monitoring_overview", json!({ "until": "2026-03-17" })).await;
        assert_eq!(answered(&then), [Some(0), Some(2), Some(0)]);

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

    /// Clues that were answered before their row knew the day get it from their decision or from the audit.
    async fn a_clue_answered_before_knows_its_day(t: TestApp) {
        let place = place(t, "522625").await;
        let mut made = Vec::new();
        for number in 1..=3 {
            made.push(place.household(t, number, "monitored_unstable").await);
            flagged(t, &made.last().unwrap()["id"]).await;
        }
        let of = async |household: &Value| {
            clues(t, &place.villager, &format!("?household_id={}", household["id"].as_str().unwrap())).await.remove(0)
        };
        let nothing = json!({ "reason": "已核实，营业执照已注销。" });
        let asked = act(t, &place.villager, &of(&made[0]).await, "dismissal", nothing).await.ok();
        t.clock.advance(Duration::days(2));
        let agreed = json!({ "is_agreed": true, "text": "情况属实，同意排除。" });
        act(t, &place.county.officer, &asked, "dismissal-decision", agreed).await.ok();
        t.clock.advance(Duration::days(1));
        let path = format!("/households/{}/measures", made[1]["id"].as_str().unwrap());
        let help = t.post(&path).by(&place.villager).json(measure()).await.created();
        let taken = json!({ "text": "已安排公益岗位。", "measure_id": help["id"] });
        act(t, &place.villager, &of(&made[1]).await, "take-up", taken).await.ok();

        let days = async || {
            let rows = monitoring_clue::Entity::find().order_by_asc(monitoring_clue::Column::Id).all(t.direct()).await;
            rows.unwrap().into_iter().map(|row| row.answered_on.map(|day| day.to_string())).collect::<Vec<_>>()
        };
        let known = ["2026-03-04", "2026-03-05"].map(|day| Some(day.to_owned()));
        assert_eq!(days().await, [known[0].clone(), known[1].clone(), None]);
        t.sql("alter table monitoring_clue drop column answered_on").await.unwrap();
        t.sql("delete from seaql_migrations where version = 'm20261122_000132_clue_answers'").await.unwrap();
        migration::migrate(t.direct()).await.unwrap();
        assert_eq!(days().await, [known[0].clone(), known[1].clone(), None]);
    }
}
