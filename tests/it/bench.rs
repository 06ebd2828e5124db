//! The measurements themselves: each of them runs, small, on both databases.

use crate::harness::*;
use entity::value::ReportKind;
use liannong::bench::county::{County, Page};
use liannong::bench::report::Books;
use liannong::{access::Actor, ledger};
use sea_orm::EntityTrait;
use serde_json::json;
use std::time::Duration;

both! {
    /// A county is imported, lives, is watched and looked at.
    async fn a_small_county_is_measured(t: TestApp) {
        let url = t.app.config.database();
        let mut county = Box::pin(County::open(t.app.clone(), &url, 60)).await.unwrap();
        let imported = Box::pin(county.import(60)).await.unwrap();
        assert_eq!(imported.rows, 210);
        let (lived, written) = Box::pin(county.live()).await.unwrap();
        assert_eq!(lived.agreements, 60);
        assert!(lived.history > 180 && lived.income > 700);
        assert_eq!(written.orders, 60 * 20 / 68 + 1);
        let (clues, _) = Box::pin(county.night()).await.unwrap();
        assert!(clues > 0);
        let (again, _) = Box::pin(county.night()).await.unwrap();
        assert_eq!(again, 0, "the rules are quiet about what they told");
        for page in Page::ALL {
            let timed = county.ask_for(page, 1, Duration::ZERO).await.unwrap();
            assert_eq!(timed.pages, 1);
        }
        let wrong = t.app.transact(&Actor::System, async |tx| ledger::rebuild(tx).await).await.unwrap();
        assert_eq!(wrong, 0, "accounts have the sums of their entries");
    }

    /// A year of trade is written, summed up and reported on, and every report says the same as the books.
    async fn a_small_year_of_trade_is_reported_on(t: TestApp) {
        let url = t.app.config.database();
        let mut books = Box::pin(Books::open(t.app.clone(), &url, 200)).await.unwrap();
        let written = Box::pin(books.fill(200)).await.unwrap();
        assert_eq!((written.orders, written.seals), (200, 1));
        assert_eq!(written.entries, 198 * 11 + 2 * 4, "two of two hundred were never paid");
        assert_eq!(books.gather().await.unwrap().0, 1);
        assert_eq!(books.gather().await.unwrap().0, 0, "a seal is summed up once");
        let orders = entity::supplier_order::Entity::find().all(t.direct()).await.unwrap();
        let sum = |of: fn(&entity::supplier_order::Model) -> i64| orders.iter().map(of).sum::<i64>();
        for by_county in [false, true] {
            let (report, _) = Box::pin(books.report(ReportKind::CountyConsumption, by_county)).await.unwrap();
            let total = &report["snapshot"]["table"]["lines"][0]["values"];
            let paid = sum(|order| order.paid_fen.get());
            assert_eq!((&total[0], &total[1], &total[2]), (&json!(200), &json!(sum(|order| order.accepted_fen.get())), &json!(paid)));
            assert_eq!((&total[3], &total[5], &total[6]), (&total[4], &json!(10), &json!(30)), "{report}");
            let (ageing, _) = Box::pin(books.report(ReportKind::Arrears, by_county)).await.unwrap();
            let total = &ageing["snapshot"]["table"]["lines"][0]["values"];
            assert_eq!((&total[0], &total[4]), (&json!(2), &json!(sum(|order| order.accepted_fen.get()) - paid)));
            let (ledger, _) = Box::pin(books.report(ReportKind::CooperativeBenefit, by_county)).await.unwrap();
            assert_eq!(ledger["snapshot"]["table"]["lines"].as_array().unwrap().len(), 1 + 4, "two sellers, two modes");
        }
        let (report, _) = Box::pin(books.report(ReportKind::CountyConsumption, false)).await.unwrap();
        for (line, orders) in [("0.total", 50), ("help.assisted", 0), ("help.direct", 50), ("certified.yes", 0), ("partner.yes", 50)] {
            assert_eq!(books.behind(&report, line).await.unwrap().0, orders, "{line}");
        }
    }
}
