//! What reminders promise: each round is told once, by whatever server; it says what is so, and only to whom it concerns.

use crate::harness::*;
use crate::instalments::Trade;
use crate::market::{Market, PACK_FEN};
use crate::quota::{Tree, content, policy, step, tree};
use chrono::{Datelike, Duration, NaiveDate};
use entity::feed_entry;
use entity::value::OrganisationId;
use liannong::reminder::rule::{DAYS_TO_RATE, Subject, rounds};
use proptest::prelude::*;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

/// A turn of the clock at ten in the morning of a day, and what came of it.
async fn on(t: &TestApp, day: &str) -> usize {
    t.clock.set(format!("{day}T02:00:00Z").parse().unwrap());
    let told = liannong::reminder::run(&t.app).await.unwrap();
    t.drain().await;
    told
}

/// What an organisation was told of a topic, oldest first.
pub async fn told(t: &TestApp, to: OrganisationId, topic: &str) -> Vec<Value> {
    let entries = feed_entry::Entity::find()
        .filter(feed_entry::Column::OrganisationId.eq(to))
        .filter(feed_entry::Column::Topic.eq(topic))
        .order_by_asc(feed_entry::Column::Position);
    let entries = entries.all(t.direct()).await.unwrap();
    entries.iter().map(|entry| serde_json::from_str(&entry.payload).unwrap()).collect()
}

both! {
    /// What is accepted and not paid: a week before it is due, and every week from then on.
    async fn a_buyer_is_reminded_of_what_is_due_and_late(t: TestApp) {
        let market = Market::with_unit(t).await;
        let trade = Trade::confirmed(t, &market, 10).await;
        trade.ship(t, 10, false).await.ok();
        trade.accept(t, 10, false, None).await.ok();
        let buyer = market.buyer.member.organisation;
        // Accepted on Monday 2 March, due on Wednesday 1 April.
        assert_eq!(on(t, "2026-03-20").await, 0);
        assert_eq!(on(t, "2026-03-27").await, 1);
        assert_eq!(on(t, "2026-03-28").await, 0, "once a week");
        assert_eq!(liannong::reminder::run(&t.app).await.unwrap(), 0, "once, however many servers");
        assert_eq!(on(t, "2026-04-06").await, 1);
        let all = i64::from(10) * PACK_FEN;
        let expected = |late: i64, soon: i64| json!({ "buyer": buyer, "orders": 1, "late_fen": late, "soon_fen": soon,
            "first_due_on": "2026-04-01" });
        assert_eq!(told(t, buyer, "payments.due").await, [expected(0, all), expected(all, 0)]);
        assert!(told(t, market.supplier.id, "payments.due").await.is_empty());
    }

    /// Paid orders without a rating, on the last days of the month; and the households whom their supplier does not pay.
    async fn who_has_not_rated_and_who_has_not_paid_households_is_reminded(t: TestApp) {
        let market = Market::with_unit(t).await;
        let trade = Trade::confirmed(t, &market, 10).await;
        trade.ship(t, 10, false).await.ok();
        trade.accept(t, 10, false, None).await.ok();
        trade.invoice(t, 10 * PACK_FEN).await.created();
        assert_eq!(trade.pay(t, 10 * PACK_FEN).await, 1);
        t.drain().await;
        let (buyer, supplier) = (market.buyer.member.organisation, market.supplier.id);
        on(t, "2026-03-26").await;
        assert!(told(t, buyer, "ratings.due").await.is_empty());
        on(t, "2026-03-27").await;
        on(t, "2026-03-31").await;
        assert_eq!(told(t, buyer, "ratings.due").await, [json!({
            "buyer": buyer, "orders": 1, "paid_fen": 10 * PACK_FEN, "until": "2026-03-31",
        })]);
        assert!(told(t, supplier, "payouts.due").await.is_empty(), "not for 30 days yet");
        on(t, "2026-04-06").await;
        on(t, "2026-04-12").await;
        let late = told(t, supplier, "payouts.due").await;
        assert_eq!(late.len(), 1, "once a week");
        assert_eq!(late[0]["oldest_on"], "2026-03-02");
        assert!(late[0]["late_fen"].as_i64().unwrap() > 0 && late[0]["households"].as_i64().unwrap() > 0, "{late:?}");
        assert!(told(t, buyer, "payouts.due").await.is_empty());
    }

    /// A unit that declared and did not buy, at the end of each month.
    async fn a_unit_behind_its_plan_is_reminded(t: TestApp) {
        let Tree { operator, finance, superior, officer } = tree(t).await;
        t.post("/quota-policies").by(&operator).json(policy(2026, None, 1_000)).await.created();
        let wanted = json!({ "year": 2026, "content": content(1_000_000, 365_000) });
        let filing = t.post("/quota-filings").by(&officer).json(wanted).await.created();
        let filing = step(t, &officer, &filing, "submit", None).await.ok();
        assert_eq!(on(t, "2026-03-06").await, 0, "nothing is confirmed");
        let filing = step(t, &superior, &filing, "confirm", None).await.ok();
        step(t, &finance, &filing, "confirm", None).await.ok();
        on(t, "2026-03-09").await;
        let unit = officer.member.organisation;
        assert!(told(t, unit, "quota.behind").await.is_empty(), "that of February was told");
        on(t, "2026-04-01").await;
        on(t, "2026-04-02").await;
        // 90 of 365 days.
        assert_eq!(told(t, unit, "quota.behind").await, [json!({
            "unit": unit, "as_of": "2026-03-31", "declared_fen": 365_000, "counted_fen": 0, "done_bp": 0, "time_bp": 2465,
        })]);
    }
}

both! {
    /// Clues that are due within a week or late: their village and the county are told every week, until they are dealt with.
    async fn who_has_clues_to_look_into_is_reminded(t: TestApp) {
        let place = crate::adjustment::place(t, "522625").await;
        let household = place.household(t, 1, "monitored_unstable").await;
        crate::monitoring::flagged(t, &household["id"]).await;
        let (village, office) = (place.county.village, place.county.officer.member.organisation);
        assert_eq!(on(t, "2026-03-06").await, 0, "eleven days are left");
        assert_eq!(on(t, "2026-03-13").await, 2);
        assert_eq!(on(t, "2026-03-14").await, 0, "once a week");
        assert_eq!(on(t, "2026-03-18").await, 2);
        let expected = |to: OrganisationId, late: i64| json!({
            "organisation": to, "clues": 1, "late": late, "first_due_on": "2026-03-17",
        });
        for to in [village, office] {
            assert_eq!(told(t, to, "clues.due").await, [expected(to, 0), expected(to, 1)]);
        }
    }
}

proptest! {
    /// The last day of a month is in it, and the day after is the first of the next; it is the same for all its days.
    #[test]
    fn a_month_has_one_last_day(days in 0..80_000_u64) {
        let day = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap() + chrono::Days::new(days);
        let last = entity::value::last_of_month(day);
        prop_assert!(last >= day && (last.year(), last.month()) == (day.year(), day.month()));
        let next = last.succ_opt().unwrap();
        prop_assert_eq!(next.day(), 1);
        prop_assert_eq!(entity::value::last_of_month(last), last);
        prop_assert!((28..=31).contains(&last.day()));
    }

    /// A day belongs to one week and one month, and days of one week or month to the same round.
    #[test]
    fn each_round_has_one_name(days in 0..4_000_u64, later in 0..40_u64) {
        let day = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + chrono::Days::new(days);
        let other = day + chrono::Days::new(later);
        let period = |day, subject| rounds(day).into_iter().find(|round| round.subject == subject).map(|r| r.period);
        for subject in [Subject::Payments, Subject::Payouts, Subject::Clues] {
            let same_week = day.iso_week() == other.iso_week();
            prop_assert_eq!(period(day, subject) == period(other, subject), same_week);
        }
        let next = day + Duration::days(i64::from(DAYS_TO_RATE));
        prop_assert_eq!(period(day, Subject::Ratings).is_some(), next.month() != day.month());
        prop_assert_eq!(period(day, Subject::Quota).is_some(), day.month() != 1);
        for round in rounds(day) {
            prop_assert!(round.as_of <= day);
        }
    }
}
