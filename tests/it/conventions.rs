//! What holds everywhere: problems, languages, methods, identifiers of requests.

use crate::harness::*;

both! {
    /// Nothing is there, and the answer says so in the caller's language.
    async fn what_is_not_there_is_a_problem_in_two_languages(t: TestApp) {
        let chinese = t.get("/nothing-here").await.refused(404, "not_found");
        assert_eq!(chinese["title"], "没有找到");
        let english = t.get("/nothing-here").in_english().await.refused(404, "not_found");
        assert_eq!(english["title"], "Nothing is there, or it is not yours to see");
        let reply = t.get("/nothing-here").header("Accept-Language", "zh;q=0.5, en-GB;q=0.8").await;
        assert_eq!(reply.header("content-language"), Some("en"));
        assert_eq!(reply.header("x-request-id"), Some(reply.json()["instance"].as_str().unwrap()));
    }

    async fn the_process_and_the_database_are_asked_for_their_health(t: TestApp) {
        assert_eq!(t.get("//healthz").await.ok()["status"], "alive");
        assert_eq!(t.get("//readyz").await.ok()["status"], "ready");
    }

    async fn every_problem_has_a_page(t: TestApp) {
        let page = t.get("//problems/stale_version").await;
        assert_eq!(page.status, 200);
        assert!(String::from_utf8(page.body).unwrap().contains("`stale_version`"));
    }
}
