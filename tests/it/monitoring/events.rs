//! What opens clues: what befalls orders, suppliers and people, and whoever took a household in.

use super::*;

both! {
    /// A lot called back and a dispute upheld are news once.
    async fn what_happened_is_told_once(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let place = people_of(t, &market).await;
        watching(t, &place, "lost_lots", json!({ "days": 30 })).await;
        assert_eq!(monitoring::night(&t.app).await.unwrap(), 0);
        t.clock.advance(Duration::days(1));
        let recall = json!({ "reason": "抽检发现农药残留超标" });
        t.post(&format!("/lots/{}/recall", market.lot)).by(&market.supplier.clerk).json(recall).await.created();
        assert_eq!(monitoring::night(&t.app).await.unwrap(), 2, "two households grew what is in it");
        let own = clues(t, &place.villager, "").await;
        assert_eq!(own[0]["figures"]["goods"][0]["what"], "lot_recalled");
        let asked = act(t, &place.villager, &own[0], "dismissal", json!({ "reason": "已全额赔付。" })).await.ok();
        let yes = json!({ "is_agreed": true, "text": "属实。" });
        act(t, &place.township, &asked, "dismissal-decision", yes).await.ok();
        t.clock.advance(Duration::days(2));
        assert_eq!(monitoring::night(&t.app).await.unwrap(), 0, "it was told");
    }

    /// The village and the county are told of a clue with the day it is due, by the feed and by a letter; the township above the
    /// village reads it too, nobody else; and nothing of it tells who lives there. The same of an objection.
    async fn who_answers_for_a_household_is_told_of_its_clue(t: TestApp) {
        let place = place(t, "522625").await;
        let (officer, villager) = (&place.county.officer, &place.villager);
        for (at, person) in [officer, villager].into_iter().enumerate() {
            let sql = format!("update person set email = 'p{at}@example.com' where username = '{}'", t.username(person).await);
            assert_eq!(t.sql(&sql).await.unwrap(), 1);
        }
        let household = place.household(t, 1, "registered").await;
        let id = flagged(t, &household["id"]).await;
        t.drain().await;
        let clue = t.get(&format!("/clues/{id}")).by(villager).await.ok();
        assert_eq!(clue["due_on"], "2026-03-17");
        let expected = json!({
            "clue": id, "number": clue["number"], "household": household["id"], "village": place.county.village,
            "office": officer.member.organisation, "kind": "flagged_comparison", "due_on": "2026-03-17",
        });
        for person in [officer, villager, &place.township] {
            assert_eq!(told(t, person.member.organisation, "clue.opened").await, std::slice::from_ref(&expected));
        }
        let neighbour = t.organisation(OrganisationKind::VillageCommittee, "522625").await;
        assert!(told(t, neighbour, "clue.opened").await.is_empty());
        let number = clue["number"].as_str().unwrap();
        let letters = |about: &str| {
            let mails = t.mails();
            let mut to: Vec<_> = ["p0@example.com", "p1@example.com"].into_iter().filter(|to| {
                mails.iter().any(|mail| mail.contains(&format!("To: {to}")) && mail.contains(about))
            }).collect();
            to.sort_unstable();
            to
        };
        assert_eq!(letters(number), ["p0@example.com", "p1@example.com"]);
        assert!(t.mails().iter().any(|mail| mail.contains("2026-03-17") && !mail.contains("杨") && !mail.contains(household["number"].as_str().unwrap())));
        assert_eq!(flagged(t, &household["id"]).await, id, "it waits already");
        t.drain().await;
        assert_eq!(told(t, place.county.village, "clue.opened").await.len(), 1);

        // What a rule opens in the night is told as well, once, whatever the night finds again.
        threshold(t, officer, "522625", 700_000).await;
        entered(t, villager, &household["id"], row("wage", 100)).await;
        watching(t, &place, "income_under_threshold", json!({ "percent": 0 })).await;
        assert_eq!(monitoring::night(&t.app).await.unwrap(), 1);
        assert_eq!(monitoring::night(&t.app).await.unwrap(), 0);
        t.drain().await;
        let heard = told(t, place.county.village, "clue.opened").await;
        let kinds: Vec<_> = heard.iter().map(|one| one["kind"].clone()).collect();
        assert_eq!(kinds, ["flagged_comparison", "income_under_threshold"]);

        assert_eq!(clues(t, villager, "?overdue=true").await.len(), 0);
        t.clock.advance(Duration::days(15));
        assert_eq!(clues(t, villager, "?overdue=true").await.len(), 0, "its day is not over");
        t.clock.advance(Duration::days(1));
        assert_eq!((clues(t, villager, "?overdue=true").await.len(), clues(t, villager, "?overdue=false").await.len()), (2, 0));

        let case = json!({
            "kind": "exit", "origin": "own_report", "text": "自愿退出。", "household_id": household["id"],
        });
        let case = t.post("/adjustments").by(villager).json(case).await.created();
        let case = crate::adjustment::publicised(t, &place, case).await;
        step(t, &place.township, &case, "objections", said("仍有困难。")).await.ok();
        t.drain().await;
        assert_eq!(letters(case["number"].as_str().unwrap()), ["p0@example.com", "p1@example.com"]);
    }

    /// An order refused, one called off before it left, a complaint found right, a supplier suspended and then struck off: each is a clue about the
    /// households whose produce it was, or who stand on the supplier's roster, with its figures.
    async fn what_befalls_orders_and_suppliers_opens_clues(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let place = people_of(t, &market).await;
        watching(t, &place, "lost_lots", json!({ "days": 30 })).await;
        assert_eq!(monitoring::night(&t.app).await.unwrap(), 0);
        // Two people hold that it is nothing, so that the next is news.
        let answered = async || {
            let sql = "update monitoring_clue set state = 'dismissed', decision = '已核实', asked_reason = '已核实', \
                asked_by = (select drafted_by from monitoring_rule), decided_by = (select switched_on_by from monitoring_rule) \
                where state = 'open'";
            t.sql(sql).await.unwrap();
            t.clock.advance(Duration::hours(1));
        };
        let goods = async || {
            let own = clues(t, &place.villager, "?state=open").await;
            own.iter().map(|clue| clue["figures"]["goods"][0].clone()).collect::<Vec<_>>()
        };

        let refused = market.accepted(t, 2, 0).await;
        assert_eq!(refused["state"], "refused");
        assert_eq!(monitoring::night(&t.app).await.unwrap(), 2, "two households grew what was in it");
        let told = goods().await;
        assert_eq!((&told[0]["what"], &told[0]["number"]), (&json!("order_refused"), &refused["number"]));
        assert_eq!((&told[0]["worth_fen"], &told[0]["supplier_id"]), (&refused["total_fen"], &json!(market.supplier.id)));
        answered().await;
        assert_eq!(monitoring::night(&t.app).await.unwrap(), 0, "it was told");

        let placed = market.placed(t, 3).await;
        assert_eq!(monitoring::night(&t.app).await.unwrap(), 0);
        let path = format!("/supplier-orders/{}/cancel", placed["id"].as_str().unwrap());
        let off = t.post(&path).by(&market.buyer).key("off").version(&placed["version"]).json(json!({ "reason": "计划调整" }));
        assert_eq!(off.await.ok()["state"], "cancelled");
        assert_eq!(monitoring::night(&t.app).await.unwrap(), 2);
        let told = goods().await;
        assert_eq!((&told[0]["what"], &told[0]["id"]), (&json!("order_cancelled"), &placed["id"]));
        assert_eq!((&told[0]["number"], &told[0]["worth_fen"]), (&placed["number"], &placed["total_fen"]));
        answered().await;

        let accepted = market.accepted(t, 2, 2).await;
        assert_eq!(monitoring::night(&t.app).await.unwrap(), 0);
        crate::complaints::upheld(t, &market, &accepted).await;
        assert_eq!(monitoring::night(&t.app).await.unwrap(), 2);
        assert_eq!(goods().await[0]["what"], "complaint_upheld");
        answered().await;

        let admission = t.get("/admissions").by(&market.operator).await.ok()["items"][0].clone();
        let suspend = json!({ "decision": "suspend", "opinion": "抽检不合格，暂停供应。" });
        let path = format!("/admissions/{}/standing", admission["id"].as_str().unwrap());
        t.post(&path).by(&market.operator).version(&admission["version"]).json(suspend).await.ok();
        assert_eq!(monitoring::night(&t.app).await.unwrap(), 3, "everybody on its roster");
        let told = goods().await;
        assert_eq!((&told[0]["what"], &told[0]["id"]), (&json!("supplier_suspended"), &admission["id"]));
        answered().await;
        assert_eq!(monitoring::night(&t.app).await.unwrap(), 0);
        let held = t.get("/admissions").by(&market.operator).await.ok()["items"][0]["version"].clone();
        let remove = json!({ "decision": "remove", "opinion": "整改未通过，予以清退。" });
        t.post(&path).by(&market.operator).version(&held).json(remove).await.ok();
        assert_eq!(monitoring::night(&t.app).await.unwrap(), 3);
        let told = goods().await;
        assert_eq!((&told[0]["what"], &told[0]["id"]), (&json!("supplier_removed"), &admission["id"]));
        answered().await;
        assert_eq!(monitoring::night(&t.app).await.unwrap(), 0);
    }

    /// A dispute that the county found right is a clue about the household that raised it.
    async fn a_dispute_found_right_opens_a_clue(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        market.settled(t, 6, 6).await;
        let place = people_of(t, &market).await;
        watching(t, &place, "dispute_upheld", json!({ "days": 30 })).await;
        let dispute = crate::voice::upheld(t, &market).await;
        assert_eq!(monitoring::night(&t.app).await.unwrap(), 1);
        let own = clues(t, &place.villager, "").await;
        assert_eq!(own[0]["household"]["id"], json!(market.households[0]));
        assert_eq!(own[0]["figures"]["disputes"][0]["number"], dispute["number"]);
    }

    /// What a household was paid before it was merged into another counts there from then on, and never in both; what is owed to
    /// it opens a clue about the one that took it in; a split divides nothing, and says so.
    async fn a_merged_household_is_succeeded_whole(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        market.settled(t, 6, 6).await;
        let place = people_of(t, &market).await;
        let (old, into) = (market.households[0], market.households[1]);
        paid_what_is_owed(t, &market, old).await;
        entered(t, &place.villager, &json!(old), row("transfer", 90_000)).await;
        let income = async |id: HouseholdId, query: &str| {
            t.get(&format!("/households/{id}/income{query}")).by(&place.county.officer).await.ok()
        };
        let before = income(old, "").await;
        let (gross, paid) = (before["rolling"]["gross_fen"].as_i64().unwrap(), |shown: &Value| {
            ["operating", "property", "wage"].map(|class| shown["rolling"]["figures"][class]["platform_fen"].as_i64().unwrap()).iter().sum::<i64>()
        });
        let platform = paid(&before);
        assert!(platform > 0 && gross == platform + 90_000, "{before}");
        assert_eq!(income(into, "").await["rolling"]["gross_fen"], 0);

        let people = merged(t, &place, (old, into)).await;

        let after = income(into, "").await;
        assert_eq!((&after["rolling"]["gross_fen"], &after["people"]), (&json!(gross), &json!(4)));
        assert_eq!(paid(&after), platform);
        assert_eq!(after["taken_in"], json!([{
            "household_id": old, "number": people["number"], "since": "2026-03-02", "gross_fen": gross,
            "platform_fen": platform,
        }]));
        let gone = income(old, "").await;
        assert_eq!((&gone["rolling"]["gross_fen"], &gone["verdict"]), (&json!(0), &json!("no_people")));
        assert_eq!(gone["succeeded_by"]["household_id"], json!(into));
        // The day before the merge each had its own.
        let then = (income(old, "?as_of=2026-03-01").await, income(into, "?as_of=2026-03-01").await);
        assert_eq!((&then.0["rolling"]["gross_fen"], &then.0["succeeded_by"]), (&json!(90_000), &Value::Null));
        assert_eq!((&then.1["rolling"]["gross_fen"], &then.1["taken_in"]), (&json!(0), &json!([])));

        // A clue about low income names the household whose income is in it.
        threshold(t, &place.county.officer, "522625", 700_000).await;
        watching(t, &place, "income_under_threshold", json!({ "percent": 0 })).await;
        assert_eq!(monitoring::night(&t.app).await.unwrap(), 1, "only here an income was entered by hand");
        let own = clues(t, &place.villager, &format!("?household_id={into}")).await;
        assert_eq!(own[0]["figures"]["taken_in"][0]["number"], people["number"]);
        assert_eq!(own[0]["figures"]["reference_per_head_fen"], json!(gross / 4));
    }

    /// What is owed to a household that was merged into another is owed to that one, to the fen; and a split divides nothing of
    /// what was paid before it, and says so.
    async fn a_merged_household_is_owed_on_and_a_split_divides_nothing(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        market.settled(t, 6, 6).await;
        let place = people_of(t, &market).await;
        let (old, into) = (market.households[0], market.households[1]);
        merged(t, &place, (old, into)).await;
        entered(t, &place.villager, &json!(into), row("transfer", 90_000)).await;
        let income = async |id: HouseholdId| {
            t.get(&format!("/households/{id}/income")).by(&place.county.officer).await.ok()
        };
        let gross = income(into).await["rolling"]["gross_fen"].as_i64().unwrap();

        // What is owed under the agreements of the old one is owed to the new one, to the fen.
        watching(t, &place, "arrears", json!({ "days": 30 })).await;
        t.clock.advance(Duration::days(40));
        monitoring::night(&t.app).await.unwrap();
        let late = clues(t, &place.villager, &format!("?household_id={into}&kind=arrears")).await;
        let fen = |rows: &[Value]| rows.iter().map(|one| one["open_fen"].as_i64().unwrap()).sum::<i64>();
        let payables = t.get("/payables?open=true&limit=100").by(&market.supplier.clerk).await.ok();
        let of = |id: HouseholdId| {
            let all = payables["items"].as_array().unwrap().iter();
            let own = all.filter(|one| one["household"]["id"] == json!(id) || one["household_id"] == json!(id));
            own.cloned().collect::<Vec<_>>()
        };
        let (theirs, own) = (fen(&of(old)), fen(&of(into)));
        assert!(theirs > 0 && own > 0);
        assert_eq!(fen(late[0]["figures"]["owed"].as_array().unwrap()), theirs + own);
        assert!(clues(t, &place.villager, &format!("?household_id={old}")).await.is_empty());

        // Two of the four leave it again: what was paid stays.
        let members = t.get(&format!("/households/{into}")).by(&place.county.officer).await.ok();
        let leaving: Vec<&Value> = members["members"].as_array().unwrap().iter().filter(|one| one["relation"] == "other").collect();
        let today = entity::value::business_date(t.clock_now());
        let split = json!({
            "kind": "split", "origin": "own_report", "text": "分户居住。", "household_id": into, "happened_on": today,
            "number": "522625010188009", "placed": [
                { "member_id": leaving[0]["id"], "relation": "head" }, { "member_id": leaving[1]["id"], "relation": "spouse" },
            ],
        });
        let case = t.post("/adjustments").by(&place.villager).json(split).await.created();
        let case = carried(t, &place, case).await;
        let made: HouseholdId = case["result_household"]["id"].as_str().unwrap().parse().unwrap();
        let split = income(made).await;
        assert_eq!((&split["rolling"]["gross_fen"], &split["split_from"]["household_id"]), (&json!(0), &json!(into)));
        assert_eq!(income(into).await["rolling"]["gross_fen"], json!(gross));
    }
}
